/* Modifiers and providers that pay a part of the fee [edits-5]. */
#include "price/price_internal.h"

static void part_pay(const struct pricer *pricer, struct work *work, struct price_line *line,
                     const char *modifier, int64_t percent) {
    work->unit = price_percent(work->unit, percent);
    work->part_expense = price_percent(work->part_expense, percent);
    work->part_professional = price_percent(work->part_professional, percent);
    work->part_technical = price_percent(work->part_technical, percent);
    work->base = work->base < 0 ? -1 : price_percent(work->base, percent);
    work->full = price_percent(work->full, percent);
    step_add(pricer, line, modifier ? PRICE_STEP_MODIFIER : PRICE_STEP_PROVIDER, percent,
             work->full > 0 ? work->full : work->unit);
    struct price_step *step = step_last(line);
    if (step && modifier) {
        step->modifier = code_of(modifier);
    }
}

/* Assistants and two surgeons. */
static void surgeons(struct pricer *pricer, struct work *work, struct price_line *line) {
    static const char *const assistants[] = {"80", "81", "82"};
    const struct claim_line *given = work->line;
    if (line_has_modifier(given, "AS")) {
        part_pay(pricer, work, line, "AS",
                 payment_value(work, line, PAYMENT_ASSISTANT, WHOLE) *
                     payment_value(work, line, PAYMENT_ASSISTANTNP, WHOLE) / WHOLE);
        return;
    }
    for (int i = 0; i < COUNT_OF(assistants); i++) {
        if (line_has_modifier(given, assistants[i])) {
            part_pay(pricer, work, line, assistants[i],
                     payment_value(work, line, PAYMENT_ASSISTANT, WHOLE));
            return;
        }
    }
    if (line_has_modifier(given, "62")) {
        part_pay(pricer, work, line, "62", payment_value(work, line, PAYMENT_COSURGEON, WHOLE));
    }
}

/* Parts of a global package, by the percentages of the code's own row. */
static void package_parts(struct pricer *pricer, struct work *work, struct price_line *line) {
    const struct store_mpfs *row = &work->row;
    int64_t intra = row->intra_percent * PERCENT;
    if (line_has_modifier(work->line, "56")) {
        line_nothing(line, VIEW("care before surgery alone is not paid"));
    } else if (!work->in_store || intra == 0) {
        return;
    } else if (line_has_modifier(work->line, "78")) {
        line->trial = true;
        part_pay(pricer, work, line, "78", intra);
    } else if (line_has_modifier(work->line, "54")) {
        line->trial = true;
        part_pay(pricer, work, line, "54", intra + row->pre_percent * PERCENT);
    }
}

static bool by_report(const struct work *work) {
    static const char *const reports[] = {"22", "52", "55", "66"};
    for (int i = 0; i < COUNT_OF(reports); i++) {
        if (line_has_modifier(work->line, reports[i])) {
            return true;
        }
    }
    return line_has_modifier(work->line, "53") && !code_equal(work->part, code_of("53"));
}

static void anesthesia_direction(struct pricer *pricer, struct work *work,
                                 struct price_line *line) {
    static const char *const directed[] = {"QK", "QX", "QY"};
    for (int i = 0; i < COUNT_OF(directed); i++) {
        if (line_has_modifier(work->line, directed[i])) {
            part_pay(pricer, work, line, directed[i],
                     payment_value(work, line, PAYMENT_ANESDIRECTED, WHOLE));
            return;
        }
    }
}

/* Nurse practitioners, clinical nurse specialists and physician assistants under their own
 * number. */
static void nonphysician(struct pricer *pricer, struct work *work, struct price_line *line) {
    static const char *const kinds[] = {"363L", "363A", "364S"};
    struct view taxonomy = work->line->rendering.npi.at ? work->line->rendering.taxonomy
                                                        : pricer->claim->rendering.taxonomy;
    for (int i = 0; i < COUNT_OF(kinds); i++) {
        if (view_starts(taxonomy, view_of(kinds[i]))) {
            part_pay(pricer, work, line, NULL,
                     payment_value(work, line, PAYMENT_NONPHYSICIAN, WHOLE));
            return;
        }
    }
}

void unit_modifiers(struct pricer *pricer, struct work *work, struct price_line *line) {
    if (line_has_modifier(work->line, "GY") || line_has_modifier(work->line, "GZ")) {
        line_nothing(line, VIEW("reported as not covered (GY, GZ)"));
        return;
    }
    if (line->table == STORE_ASP) {
        return;
    }
    if (line->table == STORE_ANESTHESIA) {
        anesthesia_direction(pricer, work, line);
        return;
    }
    if (by_report(work)) {
        line_unknown(line, VIEW("payer:by_report"));
        return;
    }
    surgeons(pricer, work, line);
    package_parts(pricer, work, line);
    if (line->state == PRICE_AMOUNT && !line_has_modifier(work->line, "AS")) {
        nonphysician(pricer, work, line);
    }
}
