/* Diagnoses: dx_nonbillable and dx_excludes1 here, region and side in dx_anatomy.c. Each diagnosis
 * is looked up once for each day of the claim's lines. */
#include "audit/anatomy.h"

int line_dx(const struct audit_pass *pass, const struct audit_line *line, int n) {
    int dx = line->line->pointers[n] - 1;
    bool listed = dx >= 0 && dx < pass->claim->diagnosis_count;
    return listed && code_given(pass->claim->diagnoses[dx]) ? dx : -1;
}

static bool facts_open(const struct audit_pass *pass, struct dx_facts *facts) {
    facts->when = (struct store_when){DATE_NONE, pass->options->as_of};
    facts->region_known = 0;
    facts->side_known = 0;
    for (int i = 0; i < pass->claim->diagnosis_count; i++) {
        facts->lines[i] = 0;
    }
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (date_given(line->from) &&
            (!date_given(facts->when.on) || line->from.day < facts->when.on.day)) {
            facts->when.on = line->from;
        }
        for (int n = 0; n < line->line->pointer_count; n++) {
            int dx = line->line->pointers[n] - 1;
            if (dx >= 0 && dx < pass->claim->diagnosis_count) {
                facts->lines[dx] |= UINT64_C(1) << i;
            }
        }
    }
    return date_given(facts->when.on);
}

/* ---- dx_excludes1 ------------------------------------------------------------------------ */

static void excludes_finding(struct audit_pass *pass, const struct dx_facts *facts, int a, int b,
                             struct view row, struct store_proof proof) {
    struct audit_finding *finding = finding_add(pass, RULE_DX_EXCLUDES1, NULL);
    uint64_t both = facts->lines[a] & facts->lines[b];
    uint64_t lines = both ? both : facts->lines[a] | facts->lines[b];
    struct text text;
    for (int i = 0; i < pass->line_count; i++) {
        if (lines >> i & 1) {
            finding_line(finding, &pass->lines[i]);
        }
    }
    if (pass->claim->diagnoses_at[b].segment > 0) {
        finding->at = pass->claim->diagnoses_at[b];
    }
    text_open(&text, pass);
    text_dx(&text, pass->claim->diagnoses[a]);
    text_add(&text, " and ");
    text_dx(&text, pass->claim->diagnoses[b]);
    text_add(&text, " exclude each other");
    text_add(&text, both ? " and stand on one line" : " on one claim");
    finding->message = text_close(&text);
    finding_proof(pass, finding, STORE_EXCLUDES1, row, proof);
    finding->fix = VIEW("keep the one that the record describes; keep both only if it shows two "
                        "conditions that are not related");
}

static void excludes_check(struct audit_pass *pass, const struct dx_facts *facts) {
    const struct claim *claim = pass->claim;
    for (int b = 1; b < claim->diagnosis_count; b++) {
        for (int a = 0; a < b && code_given(claim->diagnoses[b]); a++) {
            struct view row;
            struct store_proof proof;
            if (code_given(claim->diagnoses[a]) &&
                store_excludes1(pass->store, claim->diagnoses[a], claim->diagnoses[b], facts->when,
                                &row, &proof)) {
                pass_used(pass, proof, facts->when.on);
                excludes_finding(pass, facts, a, b, row, proof);
            }
        }
    }
}

/* ------------------------------------------------------------------------------------------ */

/* ICD-10-CM replaced ICD-9-CM for services from 2015-10-01 [icd-guidelines]. */
static void icd9_check(struct audit_pass *pass, struct date on) {
    if (on.day < date_from_ymd(2015, 10, 1).day) {
        return;
    }
    struct audit_finding *finding = finding_add(pass, RULE_DX_NONBILLABLE, NULL);
    if (pass->claim->diagnoses_at[0].segment > 0) {
        finding->at = pass->claim->diagnoses_at[0];
    }
    finding->message =
        VIEW("the diagnoses are sent as ICD-9-CM (qualifiers BK and BF), which ended "
             "on 2015-09-30");
    finding->fix = VIEW("send the ICD-10-CM codes that the record supports, with qualifiers ABK "
                        "and ABF");
}

void check_dx(struct audit_pass *pass) {
    struct dx_facts facts;
    if (!facts_open(pass, &facts)) {
        return; /* without a day no edition can be asked */
    }
    if (pass->claim->diagnoses_icd9) {
        icd9_check(pass, facts.when.on);
    } else if (pass->claim->diagnosis_count > 0) {
        check_dx_billable(pass, &facts);
        excludes_check(pass, &facts);
        check_dx_region(pass, &facts);
    }
    check_laterality(pass, &facts);
}
