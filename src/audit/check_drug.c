/* Drugs: drug_units_vs_dose, jz_jw_missing. Units follow from the dose, rounded up to the next
 * unit [cpm-ch17]; a single-dose container needs JZ or JW [jw-jz]. */
#include "audit/anatomy.h"

/* ---- drug_units_vs_dose ------------------------------------------------------------------ */

#define DOSE_MG_MAX 1000000 /* a kilogram: beyond it the number is no dose */

int64_t line_dose_units(const struct audit_line *line) {
    const struct store_drug *drug = &line->drug;
    int64_t dose = line->line->dose_mg.milli;
    int64_t unit = drug->unit_thousandths;
    if (!quantity_given(line->line->dose_mg) || drug->combination || dose <= 0 || unit <= 0 ||
        dose / 1000 > DOSE_MG_MAX) {
        return 0;
    }
    if (code_equal(drug->unit, code_of("MCG"))) {
        dose *= 1000;
    } else if (!code_equal(drug->unit, code_of("MG"))) {
        return 0;
    }
    return (dose + unit - 1) / unit;
}

static void text_unit(struct text *text, const struct store_drug *drug) {
    text_quantity(text, (struct quantity){drug->unit_thousandths});
    text_add(text, code_equal(drug->unit, code_of("MCG")) ? " mcg" : " mg");
}

static void dose_check(struct audit_pass *pass, const struct audit_line *line) {
    int64_t expected = line_dose_units(line);
    struct quantity units = line->line->units;
    pass_used(pass, line->drug.proof, line->from);
    if (expected == 0 || !quantity_given(units) || units.milli == expected * 1000) {
        return;
    }
    struct audit_finding *finding = finding_add(pass, RULE_DRUG_UNITS_VS_DOSE, line);
    struct text text;
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, " has ");
    text_quantity(&text, units);
    text_add(&text, units.milli == 1000 ? " unit; " : " units; ");
    text_quantity(&text, line->line->dose_mg);
    text_add(&text, " mg at ");
    text_unit(&text, &line->drug);
    text_add(&text, expected == 1 ? " a unit is " : " a unit are ");
    text_int(&text, expected);
    finding->message = text_close(&text);
    if (line->line->units_at.segment > 0) {
        finding->at = line->line->units_at;
    }
    finding_proof(pass, finding, STORE_DRUG, text_row(pass, line->line->code), line->drug.proof);
    text_open(&text, pass);
    text_add(&text, "bill ");
    text_int(&text, expected);
    text_add(&text, expected == 1 ? " unit" : " units");
    text_add(&text, " if the record shows that dose");
    finding->fix = text_close(&text);
    finding->patch = patch_units(pass, line, expected);
}

/* ---- jz_jw_missing ----------------------------------------------------------------------- */

static struct audit_finding *waste_finding(struct audit_pass *pass, const struct audit_line *line,
                                           const char *message) {
    struct audit_finding *finding = finding_add(pass, RULE_JZ_JW_MISSING, line);
    struct text text;
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, message);
    finding->message = text_close(&text);
    finding_proof(pass, finding, STORE_DRUG, text_row(pass, line->line->code), line->drug.proof);
    return finding;
}

/* Another line of the drug on that day: with JW (the discarded part) or without. */
static bool has_companion(const struct audit_pass *pass, const struct audit_line *line,
                          bool discarded) {
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *other = &pass->lines[i];
        if (other != line && other->id == line->id && lines_together(other, line) &&
            ((other->flags & LINE_JW) != 0) == discarded) {
            return true;
        }
    }
    return false;
}

static void told_check(struct audit_pass *pass, const struct audit_line *line) {
    struct audit_finding *finding;
    if ((line->flags & LINE_JW) && (line->flags & LINE_JZ)) {
        finding = waste_finding(pass, line, " carries JW and JZ: waste, and none");
        finding->fix = VIEW("JZ alone when the record shows no waste; otherwise the given units on "
                            "one line and the discarded ones with JW on another");
    } else if (line->line->container == CONTAINER_MULTI) {
        finding = waste_finding(pass, line,
                                " comes from a multi-dose container and carries JW or "
                                "JZ, which speak of single-dose containers");
        finding->severity = RULE_REVIEW;
        finding->fix = VIEW("check the container in the record; a multi-dose one takes neither");
    } else if ((line->flags & LINE_JW) && !has_companion(pass, line, false)) {
        finding = waste_finding(pass, line,
                                " is billed with JW, and no line has the units that "
                                "were given");
        finding->severity = RULE_REVIEW;
        finding->fix = VIEW("bill the given units on a line of their own, without JW");
    }
}

static void waste_check(struct audit_pass *pass, const struct audit_line *line) {
    if (line->flags & (LINE_JW | LINE_JZ)) {
        told_check(pass, line);
    } else if (line->line->container == CONTAINER_MULTI || has_companion(pass, line, true)) {
        return;
    } else if (line->line->container == CONTAINER_UNKNOWN) {
        gap_add(pass, RULE_JZ_JW_MISSING, VIEW("chart:container"));
    } else {
        struct audit_finding *finding =
            waste_finding(pass, line,
                          " comes from a single-dose container, and the line has "
                          "neither JZ nor JW");
        finding->fix = VIEW("append JZ if the record shows no waste; otherwise add a line with JW "
                            "and the discarded units");
    }
}

/* Medicare, drugs that are paid for themselves: not the anesthetic and contrast of an injection,
 * and not in a facility, which supplies the drug and bills it itself. */
static bool waste_asked(const struct audit_pass *pass, const struct audit_line *line) {
    struct date since = audit_rule(pass, RULE_JZ_JW_MISSING)->since;
    return pass->payer.medicare && pass->claim->type == CLAIM_PROFESSIONAL && !line->facility &&
           line->drug.payable && !line->drug.anesthetic && !line->drug.contrast &&
           (!date_given(since) || line->from.day >= since.day);
}

void check_drug(struct audit_pass *pass) {
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (!line->has_drug || !line_stands(line)) {
            continue;
        }
        dose_check(pass, line);
        if (waste_asked(pass, line)) {
            waste_check(pass, line);
        }
    }
}
