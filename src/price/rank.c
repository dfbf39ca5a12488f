/* Several procedures of one provider on one day: the highest pays in full, the others a part;
 * endoscopies of one family count as one [edits-5]. */
#include "price/price_internal.h"

#define RANKS 5 /* later ones are by report, and pay no less than the fifth */

/* What takes a place in the ranking: a line, both sides of one, or a family of endoscopies. */
struct ranked {
    uint64_t lines;
    int64_t amount; /* cents, of one unit */
    int units;      /* places it takes: a unit is a procedure */
    int first;      /* index of its first line */
};

static bool is_ranked(const struct work *work) {
    char multiple = work->in_store ? work->row.multiple : '0';
    return multiple == '1' || multiple == '2' || multiple == '3';
}

static struct price_line *shown(struct price_line *lines, int index) {
    return lines ? &lines[index] : NULL;
}

/* Is the line an endoscopy of the base, or the base itself? */
static bool of_family(const struct work *work, struct code base) {
    return is_ranked(work) &&
           (code_equal(work->line->code, base) ||
            (work->row.multiple == '3' && code_equal(work->row.endo_base, base)));
}

static bool pays_more(const struct pricer *pricer, const int64_t cents[CLAIM_LINES_MAX], int a,
                      int b) {
    return cents[a] != cents[b] ? cents[a] > cents[b]
                                : work_before(&pricer->work[a], &pricer->work[b]);
}

/* Endoscopies of one base: the highest in full, of the others what they have beyond the base, and
 * of the base itself nothing. Answers with the lines of the family. */
static uint64_t family_reduce(struct pricer *pricer, uint64_t paid, int first,
                              int64_t cents[CLAIM_LINES_MAX], struct price_line *lines) {
    const struct work *lead = &pricer->work[first];
    struct code base = code_given(lead->row.endo_base) ? lead->row.endo_base : lead->line->code;
    uint64_t family = 0;
    int highest = first;
    for (int i = 0; i < pricer->price.line_count; i++) {
        const struct work *work = &pricer->work[i];
        if ((paid >> i & 1) && of_family(work, base) && same_visit(work, lead)) {
            family |= UINT64_C(1) << i;
            highest = pays_more(pricer, cents, i, highest) ? i : highest;
        }
    }
    for (int i = 0; i < pricer->price.line_count; i++) {
        const struct work *work = &pricer->work[i];
        if ((family >> i & 1) == 0 || i == highest) {
            continue;
        }
        bool whole = code_equal(work->line->code, base) || work->base > cents[i];
        cents[i] -= whole ? cents[i] : work->base < 0 ? 0 : work->base;
        step_add(pricer, shown(lines, i), PRICE_STEP_FAMILY, 0, cents[i]);
    }
    return family;
}

static int64_t rank_percent(const struct work *work, struct price_line *line, int rank) {
    static const enum payment_rule rules[RANKS] = {PAYMENT_MULTIPLE1, PAYMENT_MULTIPLE2,
                                                   PAYMENT_MULTIPLE3, PAYMENT_MULTIPLE4,
                                                   PAYMENT_MULTIPLE5};
    if (line && rank > RANKS) {
        line->reason = VIEW("priced by report after the fifth procedure; at least this");
    }
    return payment_value(work, line, rules[rank <= RANKS ? rank - 1 : RANKS - 1], WHOLE);
}

/* One line, of which each unit is a procedure. */
static void rank_units(struct pricer *pricer, const struct ranked *ranked, int rank,
                       int64_t cents[CLAIM_LINES_MAX], struct price_line *lines) {
    const struct work *work = &pricer->work[ranked->first];
    struct price_line *line = shown(lines, ranked->first);
    int64_t sum = 0;
    for (int unit = 0; unit < ranked->units; unit++) {
        sum += price_percent(ranked->amount, rank_percent(work, line, rank + unit));
    }
    cents[ranked->first] = sum;
    step_add(pricer, line, PRICE_STEP_RANK, rank_percent(work, line, rank), sum);
    if (step_last(line)) {
        step_last(line)->rank = rank;
    }
}

static void rank_line(struct pricer *pricer, int index, int rank, int64_t percent, int64_t amount,
                      int64_t cents[CLAIM_LINES_MAX], struct price_line *lines) {
    cents[index] = amount;
    step_add(pricer, shown(lines, index), PRICE_STEP_RANK, percent, amount);
    if (step_last(shown(lines, index))) {
        step_last(shown(lines, index))->rank = rank;
    }
}

/* The part of the whole, and of each line so much that they add up to it: the line that pays least
 * takes what rounding leaves. */
static void rank_lines(struct pricer *pricer, const struct ranked *ranked, int rank,
                       int64_t cents[CLAIM_LINES_MAX], struct price_line *lines) {
    const struct work *work = &pricer->work[ranked->first];
    int64_t percent = rank_percent(work, shown(lines, ranked->first), rank);
    int64_t left = price_percent(ranked->amount, percent);
    int least = ranked->first;
    for (int i = ranked->first; i < pricer->price.line_count; i++) {
        least = (ranked->lines >> i & 1) && pays_more(pricer, cents, least, i) ? i : least;
    }
    for (int i = ranked->first; i < pricer->price.line_count; i++) {
        if ((ranked->lines >> i & 1) && i != least) {
            int64_t part = price_percent(cents[i], percent);
            rank_line(pricer, i, rank, percent, part < left ? part : left, cents, lines);
            left -= cents[i];
        }
    }
    rank_line(pricer, least, rank, percent, left, cents, lines);
}

static int places(const struct work *work, int64_t cents) {
    int64_t whole = work->milli / 1000;
    bool each = !work->both && whole > 1 && whole <= 99 && work->milli % 1000 == 0 &&
                cents == work->unit * whole;
    return each ? (int)whole : 1;
}

/* Highest first. */
static bool ranked_before(const struct pricer *pricer, const struct ranked *a,
                          const struct ranked *b) {
    return a->amount != b->amount ? a->amount > b->amount
                                  : work_before(&pricer->work[a->first], &pricer->work[b->first]);
}

static void ranked_insert(const struct pricer *pricer, struct ranked *all, int count,
                          const struct ranked *one) {
    int at = count;
    while (at > 0 && ranked_before(pricer, one, &all[at - 1])) {
        all[at] = all[at - 1];
        at--;
    }
    all[at] = *one;
}

/* The procedures of the visit that `first` belongs to, highest first: their number. */
static int visit_collect(struct pricer *pricer, uint64_t paid, int first,
                         const int partner[CLAIM_LINES_MAX], int64_t cents[CLAIM_LINES_MAX],
                         struct price_line *lines, struct ranked all[CLAIM_LINES_MAX],
                         uint64_t *done) {
    int count = 0;
    for (int i = first; i < pricer->price.line_count; i++) {
        const struct work *work = &pricer->work[i];
        if ((paid & ~*done) >> i == 0) {
            break;
        }
        if (((paid & ~*done) >> i & 1) == 0 || !is_ranked(work) ||
            !same_visit(work, &pricer->work[first])) {
            continue;
        }
        struct ranked one = {.lines = UINT64_C(1) << i, .units = places(work, cents[i]),
                             .first = i};
        one.amount = one.units > 1 ? work->unit : cents[i];
        if (work->row.multiple == '3') {
            one.lines |= family_reduce(pricer, paid & ~*done, i, cents, lines);
        }
        if (partner[i] >= 0) {
            one.lines |= UINT64_C(1) << partner[i];
        }
        if (one.lines & (one.lines - 1)) {
            one.units = 1;
            one.amount = 0;
            one.first = __builtin_ctzll(one.lines);
            for (int j = 0; j < pricer->price.line_count; j++) {
                one.amount += one.lines >> j & 1 ? cents[j] : 0;
            }
        }
        *done |= one.lines;
        ranked_insert(pricer, all, count++, &one);
    }
    return count;
}

void amounts_rank(struct pricer *pricer, uint64_t paid, const int partner[CLAIM_LINES_MAX],
                int64_t cents[CLAIM_LINES_MAX], struct price_line *lines) {
    struct ranked all[CLAIM_LINES_MAX];
    uint64_t done = 0;
    for (int i = 0; i < pricer->price.line_count; i++) {
        if (((paid & ~done) >> i & 1) == 0 || !is_ranked(&pricer->work[i])) {
            continue;
        }
        int count = visit_collect(pricer, paid, i, partner, cents, lines, all, &done);
        int rank = 1;
        if (count == 1 && all[0].units == 1) {
            continue;
        }
        for (int k = 0; k < count; k++) {
            if (all[k].units > 1) {
                rank_units(pricer, &all[k], rank, cents, lines);
            } else {
                rank_lines(pricer, &all[k], rank, cents, lines);
            }
            rank += all[k].units;
        }
    }
}
