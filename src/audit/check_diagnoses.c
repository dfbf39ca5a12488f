/* The list of diagnoses and the pointers into it: dx_missing, dx_duplicate, dx_pointer. Whether a
 * code is billable is the matter of check_dx. */
#include "audit/structure.h"

/* ICD-10-CM is the code set for services from 2015-10-01 on [icd-guidelines]. */
static bool codes_outdated(const struct audit_pass *pass) {
    if (!pass->claim->diagnoses_icd9 || pass->line_count == 0) {
        return false;
    }
    struct date start = date_from_ymd(2015, 10, 1);
    return pass->lines[0].from.day >= start.day; /* an unknown day is before all others */
}

static void missing_check(struct audit_pass *pass) {
    const struct claim *claim = pass->claim;
    if (claim->diagnosis_count > 0 && codes_outdated(pass)) {
        struct audit_finding *finding = finding_add(pass, RULE_DX_MISSING, NULL);
        finding->at = place_or(claim->diagnoses_at[0], claim->at);
        finding->message = VIEW("the diagnoses are given as ICD-9-CM, which ended on 2015-09-30");
        finding->fix = VIEW("give the ICD-10-CM codes of what the record states");
    } else if (!claim->diagnoses_known) {
        gap_add(pass, RULE_DX_MISSING, VIEW("claim:diagnoses"));
    } else if (claim->diagnosis_count == 0) {
        struct audit_finding *finding = finding_add(pass, RULE_DX_MISSING, NULL);
        finding->message = VIEW("the claim has no diagnosis");
        finding->fix = VIEW("give the diagnoses that the record states (HI segment, box 21)");
    }
}

static void text_letter(struct text *text, int position) {
    char letter = (char)('A' + position);
    text_view(text, (struct view){&letter, 1});
}

static void duplicate_check(struct audit_pass *pass) {
    const struct claim *claim = pass->claim;
    for (int i = 1; i < claim->diagnosis_count; i++) {
        int first = 0;
        while (first < i && !code_equal(claim->diagnoses[first], claim->diagnoses[i])) {
            first++;
        }
        if (first == i || !code_given(claim->diagnoses[i])) {
            continue;
        }
        struct audit_finding *finding = finding_add(pass, RULE_DX_DUPLICATE, NULL);
        struct text text;
        finding->at = place_or(claim->diagnoses_at[i], claim->at);
        text_open(&text, pass);
        text_add(&text, "diagnosis ");
        text_letter(&text, i);
        text_add(&text, " repeats diagnosis ");
        text_letter(&text, first);
        text_add(&text, ": ");
        text_code(&text, claim->diagnoses[i]);
        finding->message = text_close(&text);
        finding->fix = VIEW("list each diagnosis once and let the lines point to it");
    }
}

/* ---- pointers ---------------------------------------------------------------------------- */

static struct audit_finding *pointer_finding(struct audit_pass *pass,
                                             const struct audit_line *line, struct view message) {
    struct audit_finding *finding = finding_add(pass, RULE_DX_POINTER, line);
    finding->at = place_or(line->line->pointers_at, line->line->at);
    finding->message = message;
    finding->fix = VIEW("point to the listed diagnoses that the record gives for this service, "
                        "the main one first");
    return finding;
}

/* The list has nothing there: beyond its end, or a letter that was left out. */
static bool points_nowhere(const struct claim *claim, int pointer) {
    return pointer > claim->diagnosis_count || (claim->diagnoses_given[pointer - 1].size <= 0 &&
                                                !code_given(claim->diagnoses[pointer - 1]));
}

static bool points_before(const struct claim_line *line, int index) {
    for (int i = 0; i < index; i++) {
        if (line->pointers[i] == line->pointers[index]) {
            return true;
        }
    }
    return false;
}

static void pointer_check(struct audit_pass *pass, const struct audit_line *line, int index) {
    const struct claim *claim = pass->claim;
    int pointer = line->line->pointers[index];
    struct text text;
    if (pointer < 1 || pointer > CLAIM_DIAGNOSES_MAX) {
        pointer_finding(pass, line,
                        VIEW("a diagnosis pointer of the line is none of 1 to 12 (A "
                             "to L)"));
    } else if (points_before(line->line, index)) {
        text_open(&text, pass);
        text_add(&text, "the line points twice to diagnosis ");
        text_letter(&text, pointer - 1);
        struct audit_finding *finding = pointer_finding(pass, line, text_close(&text));
        finding->fix = VIEW("give the pointer once; claimvet fix does it in an 837P");
        finding->repair = true;
    } else if (claim->diagnoses_known && claim->diagnosis_count > 0 &&
               points_nowhere(claim, pointer)) {
        text_open(&text, pass);
        text_add(&text, "the line points to diagnosis ");
        text_letter(&text, pointer - 1);
        text_add(&text, ", which the claim does not list");
        pointer_finding(pass, line, text_close(&text));
    }
}

static void pointers_check(struct audit_pass *pass, const struct audit_line *line) {
    if (!line->line->pointers_known) {
        gap_add(pass, RULE_DX_POINTER, VIEW("claim:lines.diagnosis_pointers"));
    } else if (line->line->pointer_count == 0) {
        pointer_finding(pass, line, VIEW("the line points to no diagnosis"));
    }
    for (int i = 0; i < line->line->pointer_count; i++) {
        pointer_check(pass, line, i);
    }
}

void check_diagnoses(struct audit_pass *pass) {
    missing_check(pass);
    duplicate_check(pass);
    if (pass->claim->diagnoses_known && pass->claim->diagnosis_count == 0) {
        return; /* without a list every pointer would be wrong: one finding says it */
    }
    for (int i = 0; i < pass->line_count; i++) {
        pointers_check(pass, &pass->lines[i]);
    }
}
