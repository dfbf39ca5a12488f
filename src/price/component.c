/* Several imaging, heart or eye tests, or therapy services, of one provider on one day: a part of
 * all but the highest is reduced (multiple-procedure indicators 4 to 7) [rvu26a]. */
#include "price/price_internal.h"

/* The parts of a unit that an indicator may reduce. */
enum part { PART_PROFESSIONAL, PART_TECHNICAL, PART_EXPENSE };

static int64_t part_of(const struct work *work, enum part part) {
    return part == PART_PROFESSIONAL ? work->part_professional
           : part == PART_TECHNICAL  ? work->part_technical
                                     : work->part_expense;
}

static bool part_before(const struct work *a, const struct work *b, enum part part) {
    return part_of(a, part) != part_of(b, part) ? part_of(a, part) > part_of(b, part)
                                                : work_before(a, b);
}

static bool takes_part(const struct work *work, uint64_t paid, int index, char indicator,
                       const struct work *visit, enum part part) {
    return (paid >> index & 1) && work->component == indicator && same_visit(work, visit) &&
           part_of(work, part) > 0;
}

/* Reduces the part of every unit but one of the highest. */
static void part_reduce(struct pricer *pricer, uint64_t paid, const struct work *visit,
                        enum part part, enum payment_rule rule, int64_t cents[CLAIM_LINES_MAX],
                        struct price_line *lines) {
    int highest = -1;
    for (int i = 0; i < pricer->price.line_count; i++) {
        const struct work *work = &pricer->work[i];
        if (takes_part(work, paid, i, visit->component, visit, part) &&
            (highest < 0 || part_before(work, &pricer->work[highest], part))) {
            highest = i;
        }
    }
    for (int i = 0; i < pricer->price.line_count; i++) {
        const struct work *work = &pricer->work[i];
        struct price_line *line = lines ? &lines[i] : NULL;
        if (!takes_part(work, paid, i, visit->component, visit, part)) {
            continue;
        }
        int64_t units = work->milli / 1000 - (i == highest);
        int64_t keeps = payment_value(work, units > 0 ? line : NULL, rule, WHOLE);
        int64_t less = part_of(work, part) - price_percent(part_of(work, part), keeps);
        if (units <= 0 || less <= 0) {
            continue;
        }
        less = less > cents[i] / units ? cents[i] : less * units;
        cents[i] -= less;
        step_add(pricer, line, PRICE_STEP_COMPONENT, keeps, cents[i]);
    }
}

static void visit_reduce(struct pricer *pricer, uint64_t paid, const struct work *visit,
                         int64_t cents[CLAIM_LINES_MAX], struct price_line *lines) {
    switch (visit->component) {
    case '4':
        part_reduce(pricer, paid, visit, PART_PROFESSIONAL, PAYMENT_IMAGINGPC, cents, lines);
        part_reduce(pricer, paid, visit, PART_TECHNICAL, PAYMENT_IMAGINGTC, cents, lines);
        break;
    case '5':
        part_reduce(pricer, paid, visit, PART_EXPENSE, PAYMENT_THERAPYPE, cents, lines);
        break;
    case '6':
        part_reduce(pricer, paid, visit, PART_TECHNICAL, PAYMENT_CARDIOTC, cents, lines);
        break;
    default:
        part_reduce(pricer, paid, visit, PART_TECHNICAL, PAYMENT_OPHTHALMTC, cents, lines);
    }
}

void amounts_components(struct pricer *pricer, uint64_t paid, int64_t cents[CLAIM_LINES_MAX],
                      struct price_line *lines) {
    for (int i = 0; i < pricer->price.line_count; i++) {
        const struct work *work = &pricer->work[i];
        bool first = (paid >> i & 1) && work->component >= '4' && work->component <= '7';
        for (int j = 0; j < i && first; j++) {
            first = !((paid >> j & 1) && pricer->work[j].component == work->component &&
                      same_visit(&pricer->work[j], work));
        }
        if (first) {
            visit_reduce(pricer, paid, work, cents, lines);
        }
    }
}
