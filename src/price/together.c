/* The lines of a claim together: both sides of one service on two lines, several procedures, then
 * the lower of fee and charge [edits-5]. */
#include "price/price_internal.h"

bool same_visit(const struct work *a, const struct work *b) {
    return a->on.day == b->on.day && a->provider == b->provider;
}

/* Less, equal or more than zero. */
static int number_compare(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

bool work_before(const struct work *a, const struct work *b) {
    const struct claim_line *one = a->line, *other = b->line;
    int order = number_compare(one->code.bits, other->code.bits);
    for (int i = 0; i < CLAIM_MODIFIERS_MAX && order == 0; i++) {
        order = number_compare(i < one->modifier_count ? one->modifiers[i].bits : 0,
                               i < other->modifier_count ? other->modifiers[i].bits : 0);
    }
    order = order ? order : number_compare((uint64_t)a->milli, (uint64_t)b->milli);
    order = order ? order : number_compare(one->charge_known ? (uint64_t)one->charge.cents : 0,
                                           other->charge_known ? (uint64_t)other->charge.cents : 0);
    return order < 0;
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

/* Two in the units of a code with two sides is another way to report both [rvu26a]; a line that
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

/* Twice the same code without a modifier that says where or that it was apart: with indicator 1
 * another way to report both sides [rvu26a]. */
static bool is_bare(const struct work *work) {
    const struct code apart[] = {code_of("59"), code_of("XE"), code_of("XS"), code_of("XP"),
                                 code_of("XU"), code_of("76"), code_of("77"), code_of("58"),
                                 code_of("78"), code_of("79")};
    for (int i = 0; i < COUNT_OF(apart); i++) {
        if (line_has_modifier(work->line, apart[i])) {
            return false;
        }
    }
    return !work->left && !work->right && !work->both && work->in_store &&
           work->row.bilateral == '1';
}

static bool on_one_side(const struct work *work, bool left) {
    return work->left == left && work->right != left && !work->both;
}

/* The left and the right of one service, each on its own line. */
static bool sides_of_one(const struct work *left, const struct work *right) {
    bool named = on_one_side(left, true) && on_one_side(right, false);
    bool bare = left != right && is_bare(left) && is_bare(right);
    return (named || bare) && left->line->code.bits == right->line->code.bits &&
           same_visit(left, right) && left->unit == right->unit && left->milli == 1000 &&
           right->milli == 1000 && left->professional == right->professional &&
           left->technical == right->technical;
}

/* The next pair that has no partner yet, the first by what the lines say. */
static bool sides_next(const struct pricer *pricer, uint64_t open, int *left, int *right) {
    *left = *right = -1;
    for (int i = 0; i < pricer->price.line_count; i++) {
        const struct work *one = &pricer->work[i];
        for (int j = 0; j < pricer->price.line_count && (open >> i & 1); j++) {
            const struct work *other = &pricer->work[j];
            if ((open >> j & 1) == 0 || !sides_of_one(one, other)) {
                continue;
            }
            bool sooner = *left < 0 || work_before(one, &pricer->work[*left]) ||
                          (i == *left && work_before(other, &pricer->work[*right]));
            *left = sooner ? i : *left;
            *right = sooner ? j : *right;
        }
    }
    return *left >= 0;
}

/* The line of the right gets what both sides pay beyond the fee of the left's, in whatever order
 * they stand. */
static void pair_sides(struct pricer *pricer, uint64_t paid, int partner[CLAIM_LINES_MAX],
                       bool first[CLAIM_LINES_MAX], int64_t cents[CLAIM_LINES_MAX],
                       struct price_line *lines) {
    int left, right;
    for (uint64_t open = paid; sides_next(pricer, open, &left, &right);) {
        const struct work *second = &pricer->work[right];
        struct price_line *line = shown(lines, right);
        int64_t share = both_sides(second, line);
        open &= ~(UINT64_C(1) << left | UINT64_C(1) << right);
        first[left] = true;
        partner[left] = right;
        partner[right] = left;
        cents[right] = price_percent(second->unit, share) - cents[left];
        step_add(pricer, line, PRICE_STEP_SECOND_SIDE, share, cents[right]);
    }
}

/* An injection of status T pays only when nothing else of the schedule is paid that day by the same
 * provider [rvu26a]. Found once, with all lines: what else is denied later does not bring it back,
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

static bool charge_of(const struct claim_line *line, int64_t *charge) {
    *charge = line->charge.cents;
    return line->charge_known && money_given(line->charge) && *charge > 0;
}

/* Of both sides on two lines the charges count together, and no line gets more than its own. */
static void pair_charges(struct pricer *pricer, int left, int right,
                         int64_t cents[CLAIM_LINES_MAX], struct price_line *lines) {
    int64_t charge[2];
    if (!charge_of(pricer->work[left].line, &charge[0]) ||
        !charge_of(pricer->work[right].line, &charge[1])) {
        return;
    }
    int64_t total = cents[left] + cents[right];
    int64_t limited = total < charge[0] + charge[1] ? total : charge[0] + charge[1];
    int64_t first = cents[left] < charge[0] ? cents[left] : charge[0];
    int64_t second = limited - first < charge[1] ? limited - first : charge[1];
    int64_t after[2] = {limited - second, second};
    int at[2] = {left, right};
    for (int i = 0; i < 2; i++) {
        if (after[i] != cents[at[i]]) {
            cents[at[i]] = after[i];
            step_add(pricer, shown(lines, at[i]), PRICE_STEP_CHARGE, 0, after[i]);
        }
    }
}

/* Where each side has its own fee (indicator 3) each has its own charge as well. */
static void lower_of_charge(struct pricer *pricer, uint64_t paid,
                            const int partner[CLAIM_LINES_MAX], const bool first[CLAIM_LINES_MAX],
                            int64_t cents[CLAIM_LINES_MAX], struct price_line *lines) {
    for (int i = 0; i < pricer->price.line_count; i++) {
        const struct work *work = &pricer->work[i];
        bool together = partner[i] >= 0 && work->in_store && work->row.bilateral != '3';
        int64_t charge;
        if ((paid >> i & 1) == 0) {
            continue;
        }
        if (together && first[i]) {
            pair_charges(pricer, i, partner[i], cents, lines);
        } else if (!together && charge_of(work->line, &charge) && charge < cents[i]) {
            cents[i] = charge;
            step_add(pricer, shown(lines, i), PRICE_STEP_CHARGE, 0, charge);
        }
    }
}

void amounts_together(struct pricer *pricer, uint64_t denied, int64_t cents[CLAIM_LINES_MAX],
                    struct price_line *lines) {
    int partner[CLAIM_LINES_MAX];
    bool first[CLAIM_LINES_MAX] = {false}; /* of its pair */
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
    pair_sides(pricer, paid, partner, first, cents, lines);
    amounts_rank(pricer, paid, partner, cents, lines);
    amounts_components(pricer, paid, cents, lines);
    lower_of_charge(pricer, paid, partner, first, cents, lines);
}
