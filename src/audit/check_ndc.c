/* National drug codes of the lines: ndc_invalid. */
#include "audit/structure.h"

static void ndc_finding(struct audit_pass *pass, const struct audit_line *line, const char *fault,
                        struct view given, struct view fix) {
    struct audit_finding *finding = finding_add(pass, RULE_NDC_INVALID, line);
    struct text text;
    finding->at = place_or(line->line->ndc.at, line->line->at);
    text_open(&text, pass);
    text_add(&text, fault);
    if (given.size > 0) {
        text_add(&text, ": ");
        text_given(&text, given);
    }
    finding->message = text_close(&text);
    finding->fix = fix;
}

/* Ten digits can be 4-4-2, 5-3-2 or 5-4-1: where the zero belongs cannot be told [ndc-fda]. */
static void code_check(struct audit_pass *pass, const struct audit_line *line) {
    struct view code = line->line->ndc.code;
    if (code.size <= 0) {
        ndc_finding(pass, line, "the line gives an amount of a drug without its NDC", VIEW_NONE,
                    VIEW("give the NDC of the package that was used"));
    } else if (claim_ndc_valid(code)) {
        return;
    } else if (code.size == 10 && view_is_digits(code)) {
        ndc_finding(pass, line, "an NDC of ten digits is ambiguous without its hyphens", code,
                    VIEW("take the NDC with its hyphens from the package and fill each part with "
                         "zeros to 5-4-2 digits"));
    } else {
        ndc_finding(pass, line, "the NDC is neither eleven digits nor three hyphenated parts", code,
                    VIEW("take the NDC from the package that was used"));
    }
}

static void unit_check(struct audit_pass *pass, const struct audit_line *line) {
    static const char units[][3] = {"UN", "ML", "GR", "F2", "ME"};
    struct code unit = line->line->ndc.unit;
    for (int i = 0; i < COUNT_OF(units); i++) {
        if (code_equal(unit, code_of(units[i]))) {
            return;
        }
    }
    if (code_given(unit) || pass->claim->format == CLAIM_FORMAT_X12) {
        char buffer[9];
        ndc_finding(pass, line, "the unit of the NDC amount is none of UN, ML, GR, F2 and ME",
                    code_text(unit, buffer), VIEW("give the unit in which the package is counted"));
    } else {
        gap_add(pass, RULE_NDC_INVALID, VIEW("claim:lines.ndc.unit"));
    }
}

static void quantity_check(struct audit_pass *pass, const struct audit_line *line) {
    struct quantity quantity = line->line->ndc.quantity;
    if (!quantity_given(quantity) && pass->claim->format != CLAIM_FORMAT_X12) {
        gap_add(pass, RULE_NDC_INVALID, VIEW("claim:lines.ndc.quantity"));
    } else if (!quantity_given(quantity) || quantity.milli <= 0) {
        ndc_finding(pass, line, "the NDC has no amount above zero", VIEW_NONE,
                    VIEW("give how much of the package was used, in its unit"));
    }
}

void check_ndc(struct audit_pass *pass) {
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        const struct claim_ndc *ndc = &line->line->ndc;
        if (ndc->code.size > 0 || code_given(ndc->unit) ||
            (quantity_given(ndc->quantity) && ndc->quantity.milli != 0)) {
            code_check(pass, line);
            unit_check(pass, line);
            quantity_check(pass, line);
        }
    }
}
