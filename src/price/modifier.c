/* Modifiers and providers that pay a part of the fee [edits-5]. */
#include "price/price_internal.h"

static void part_pay(const struct pricer *pricer, struct work *work, struct price_line *line,
                     struct code modifier, int64_t percent) {
    work->unit = price_percent(work->unit, percent);
    work->part_expense = price_percent(work->part_expense, percent);
    work->part_professional = price_percent(work->part_professional, percent);
    work->part_technical = price_percent(work->part_technical, percent);
    work->base = work->base < 0 ? -1 : price_percent(work->base, percent);
    work->full = price_percent(work->full, percent);
    step_add(pricer, line,
             code_given(modifier) ? PRICE_STEP_MODIFIER : PRICE_STEP_PROVIDER, percent,
             work->full > 0 ? work->full : work->unit);
    struct price_step *step = step_last(line);
    if (step) {
        step->modifier = modifier;
    }
}

/* Assistants and two surgeons. */
static void surgeons(struct pricer *pricer, struct work *work, struct price_line *line) {
    const struct code assistants[] = {code_of("80"), code_of("81"), code_of("82")};
    const struct claim_line *given = work->line;
    if (line_has_modifier(given, code_of("AS"))) {
        part_pay(pricer, work, line, code_of("AS"),
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
    if (line_has_modifier(given, code_of("62"))) {
        part_pay(pricer, work, line, code_of("62"),
                 payment_value(work, line, PAYMENT_COSURGEON, WHOLE));
    }
}

/* Parts of a global package, by the percentages of the code's own row. */
static void package_parts(struct pricer *pricer, struct work *work, struct price_line *line) {
    const struct store_mpfs *row = &work->row;
    int64_t intra = row->intra_percent * PERCENT;
    if (line_has_modifier(work->line, code_of("56"))) {
        line_nothing(line, VIEW("care before surgery alone is not paid"));
    } else if (!work->in_store || intra == 0) {
        return;
    } else if (line_has_modifier(work->line, code_of("78"))) {
        line->trial = true;
        part_pay(pricer, work, line, code_of("78"), intra);
    } else if (line_has_modifier(work->line, code_of("54"))) {
        line->trial = true;
        part_pay(pricer, work, line, code_of("54"), intra + row->pre_percent * PERCENT);
    }
}

static bool by_report(const struct work *work) {
    const struct code reports[] = {code_of("22"), code_of("52"), code_of("55"), code_of("66")};
    for (int i = 0; i < COUNT_OF(reports); i++) {
        if (line_has_modifier(work->line, reports[i])) {
            return true;
        }
    }
    return line_has_modifier(work->line, code_of("53")) &&
           !code_equal(work->part, code_of("53"));
}

static void anesthesia_direction(struct pricer *pricer, struct work *work,
                                 struct price_line *line) {
    const struct code directed[] = {code_of("QK"), code_of("QX"), code_of("QY")};
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
    const struct view kinds[] = {VIEW("363L"), VIEW("363A"), VIEW("364S")};
    struct view taxonomy = work->line->rendering.npi.at ? work->line->rendering.taxonomy
                                                        : pricer->claim->rendering.taxonomy;
    for (int i = 0; i < COUNT_OF(kinds); i++) {
        if (view_starts(taxonomy, kinds[i])) {
            part_pay(pricer, work, line, CODE_NONE,
                     payment_value(work, line, PAYMENT_NONPHYSICIAN, WHOLE));
            return;
        }
    }
}

void unit_modifiers(struct pricer *pricer, struct work *work, struct price_line *line) {
    if (line_has_modifier(work->line, code_of("GY")) ||
        line_has_modifier(work->line, code_of("GZ"))) {
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
    if (line->state == PRICE_AMOUNT && !line_has_modifier(work->line, code_of("AS"))) {
        nonphysician(pricer, work, line);
    }
}
