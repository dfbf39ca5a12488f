/* The lines of a claim together: both sides of one service on two lines, several procedures, then
 * the lower of fee and charge [edits-5]. */
#include "price/price_internal.h"

bool same_visit(const struct work *a, const struct work *b) {
    return a->on.day == b->on.day && a->provider == b->provider;
}

static struct price_line *shown(struct price_line *lines, int index) {
    return lines ? &lines[index] : NULL;
}

/* Both sides pay this share of one fee: indicator 1 half as much again, 0 and 2 one fee, 3 two. */
static int64_t both_sides(const struct work *work, struct price_line *line) {
    char bilateral = work->in_store ? work->row.bilateral : '1';
    return bilateral == '1'   ? payment_value(work, line, PAYMENT_BILATERAL, WHOLE)
           : bilateral == '3' ? 2 * WHOLE
                              : WHOLE;
}

/* Two in the units of a code with two sides is another way to report both [edits-4]; a line that
 * names its side reports two services there. */
static bool twice_in_units(const struct work *work) {
    return work->in_store && work->row.bilateral == '1' && work->milli == 2000 && !work->left &&
           !work->right;
}

/* Before the lines are put together: what the line pays for the sides it says itself. */
static int64_t own_sides(struct pricer *pricer, int index, struct price_line *lines) {
    const struct work *work = &pricer->work[index];
    struct price_line *line = shown(lines, index);
    if (work->both) {
        int64_t share = both_sides(work, line);
        int64_t cents = price_percent(work->full, share);
        step_add(pricer, line, PRICE_STEP_BOTH_SIDES, share, cents);
        return cents;
    }
    if (twice_in_units(work)) {
        int64_t share = both_sides(work, line);
        int64_t cents = price_percent(work->unit, share);
        step_add(pricer, line, PRICE_STEP_BOTH_SIDES, share, cents);
        return cents;
    }
    return work->full;
}

static bool other_side(const struct work *a, const struct work *b) {
    return a->line->code.bits == b->line->code.bits && same_visit(a, b) && !a->both && !b->both &&
           a->milli == 1000 && b->milli == 1000 && a->professional == b->professional &&
           a->technical == b->technical &&
           ((a->left && !a->right && b->right && !b->left) ||
            (a->right && !a->left && b->left && !b->right));
}

/* The second of two lines gets what both sides pay beyond the first's fee. */
static void pair_sides(struct pricer *pricer, uint64_t paid, int partner[CLAIM_LINES_MAX],
                       int64_t cents[CLAIM_LINES_MAX], struct price_line *lines) {
    for (int i = 0; i < pricer->price.line_count; i++) {
        for (int j = i + 1; j < pricer->price.line_count && partner[i] < 0; j++) {
            const struct work *second = &pricer->work[j];
            if ((paid >> i & paid >> j & 1) == 0 || partner[j] >= 0 ||
                !other_side(&pricer->work[i], second)) {
                continue;
            }
            struct price_line *line = shown(lines, j);
            int64_t share = both_sides(second, line);
            partner[i] = j;
            partner[j] = i;
            cents[j] = price_percent(second->unit, share) - cents[i];
            step_add(pricer, line, PRICE_STEP_SECOND_SIDE, share, cents[j]);
        }
    }
}

/* An injection of status T pays only when nothing else of the schedule is paid that day by the same
 * provider [edits-4]. Found once, with all lines: what else is denied later does not bring it back,
 * so that a denial never raises an amount. */
static bool swallowed(const struct pricer *pricer, uint64_t paid, int index) {
    const struct work *work = &pricer->work[index];
    if (!work->in_store || work->row.status != 'T') {
        return false;
    }
    for (int i = 0; i < pricer->price.line_count; i++) {
        const struct work *other = &pricer->work[i];
        if (i != index && (paid >> i & 1) && other->in_store && other->row.status != 'T' &&
            same_visit(work, other)) {
            return true;
        }
    }
    return false;
}

static void charge_limits(struct pricer *pricer, struct price_line *line,
                          const struct claim_line *given, int64_t *cents) {
    int64_t charge = given->charge.cents;
    if (given->charge_known && money_given(given->charge) && charge > 0 && charge < *cents) {
        *cents = charge;
        step_add(pricer, line, PRICE_STEP_CHARGE, 0, charge);
    }
}

/* Of both sides on two lines the charges count together, but where each side has its own fee
 * (indicator 3). */
static void lower_of_charge(struct pricer *pricer, uint64_t paid,
                            const int partner[CLAIM_LINES_MAX], int64_t cents[CLAIM_LINES_MAX],
                            struct price_line *lines) {
    for (int i = 0; i < pricer->price.line_count; i++) {
        const struct work *work = &pricer->work[i];
        int other = partner[i];
        bool together = other >= 0 && work->in_store && work->row.bilateral != '3';
        if ((paid >> i & 1) == 0) {
            continue;
        }
        if (!together) {
            charge_limits(pricer, shown(lines, i), work->line, &cents[i]);
            continue;
        }
        const struct claim_line *given = pricer->work[other].line;
        if (other < i || !work->line->charge_known || !given->charge_known ||
            work->line->charge.cents <= 0 || given->charge.cents <= 0) {
            continue;
        }
        int64_t over =
            cents[i] + cents[other] - work->line->charge.cents - given->charge.cents;
        if (over > 0) {
            int64_t second = over < cents[other] ? over : cents[other];
            cents[other] -= second;
            cents[i] -= over - second;
            step_add(pricer, shown(lines, other), PRICE_STEP_CHARGE, 0, cents[other]);
        }
    }
}

void amounts_together(struct pricer *pricer, uint64_t denied, int64_t cents[CLAIM_LINES_MAX],
                    struct price_line *lines) {
    int partner[CLAIM_LINES_MAX];
    uint64_t paid = 0;
    for (int i = 0; i < pricer->price.line_count; i++) {
        partner[i] = -1;
        cents[i] = 0;
        if (pricer->price.lines[i].state == PRICE_AMOUNT && (denied >> i & 1) == 0) {
            paid |= UINT64_C(1) << i;
        }
    }
    uint64_t asked = paid;
    for (int i = 0; i < pricer->price.line_count && lines; i++) {
        if ((asked >> i & 1) && swallowed(pricer, asked, i)) {
            paid &= ~(UINT64_C(1) << i);
            line_nothing(&lines[i], VIEW("bundled into the other services of the day"));
        }
    }
    for (int i = 0; i < pricer->price.line_count; i++) {
        cents[i] = paid >> i & 1 ? own_sides(pricer, i, lines) : 0;
    }
    pair_sides(pricer, paid, partner, cents, lines);
    amounts_rank(pricer, paid, partner, cents, lines);
    amounts_components(pricer, paid, cents, lines);
    lower_of_charge(pricer, paid, partner, cents, lines);
}
