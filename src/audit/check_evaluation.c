/* A visit on the day of a procedure: em_without_25. The global of a procedure includes the visit
 * unless it is significant and separate; a surgery with 90 global days also includes the visit of
 * the day before, unless that decided for it [mln907166]. */
#include "audit/codes.h"

static bool is_minor(const struct audit_line *line) {
    return has_global(line, "000") || has_global(line, "010");
}

/* Add-on codes of visits follow their visit and take no modifier 25 of their own. */
static bool is_visit(const struct audit_line *line) {
    return line->has_family && line->family.evaluation && line->has_mpfs &&
           !has_global(line, "ZZZ") && date_given(line->from);
}

static void visit_proof(struct audit_pass *pass, struct audit_finding *finding,
                        const struct audit_line *visit, const struct audit_line *procedure) {
    struct store_pair pair;
    if (store_pair(pass->store, procedure->id, visit->id, procedure->when, &pair)) {
        struct view row = text_row_pair(pass, procedure->line->code, visit->line->code);
        struct audit_evidence *evidence =
            finding_proof(pass, finding, STORE_NCCI_PTP, row, pair.proof);
        evidence->indicator = pair.indicator;
        evidence->line = procedure->line->number;
        pass_used(pass, pair.proof, procedure->from);
    }
    finding_mpfs(pass, finding, procedure, 0);
}

static struct audit_finding *visit_finding(struct audit_pass *pass, const struct audit_line *visit,
                                           const struct audit_line *procedure) {
    struct audit_finding *finding = finding_add(pass, RULE_EM_WITHOUT_25, visit);
    visit_proof(pass, finding, visit, procedure);
    return finding;
}

static void text_procedure(struct text *text, const struct audit_line *procedure) {
    text_code(text, procedure->line->code);
    text_add(text, " (line ");
    text_int(text, procedure->line->number);
    text_add(text, ", global ");
    text_add(text, procedure->mpfs.global);
    text_add(text, ")");
}

static void missing_25(struct audit_pass *pass, const struct audit_line *visit,
                       const struct audit_line *procedure) {
    struct audit_finding *finding = visit_finding(pass, visit, procedure);
    struct text text;
    text_open(&text, pass);
    text_add(&text, "visit ");
    text_code(&text, visit->line->code);
    text_add(&text, " on the day of ");
    text_procedure(&text, procedure);
    text_add(&text, " has no modifier 25");
    finding->message = text_close(&text);
    finding->fix = claim_truth(pass->claim, FACT_em_separate_note) == TRUTH_NO
                       ? VIEW("remove the visit: the record shows no separate one")
                       : VIEW("append 25 only if the record shows a significant visit separate "
                              "from the procedure; otherwise remove the visit");
}

static void unsupported_25(struct audit_pass *pass, const struct audit_line *visit,
                           const struct audit_line *procedure) {
    struct audit_finding *finding = visit_finding(pass, visit, procedure);
    struct text text;
    text_open(&text, pass);
    text_add(&text, "visit ");
    text_code(&text, visit->line->code);
    text_add(&text, " has modifier 25, but the record shows no visit separate from ");
    text_procedure(&text, procedure);
    finding->message = text_close(&text);
    finding->fix = VIEW("remove the visit: the global of the procedure includes it");
    finding->patch = patch_remove_line(pass, visit);
}

static void minor_check(struct audit_pass *pass, const struct audit_line *visit,
                        const struct audit_line *procedure) {
    const struct claim *claim = pass->claim;
    if (!(visit->flags & LINE_25)) {
        missing_25(pass, visit, procedure);
    } else if (claim_truth(claim, FACT_em_separate_note) == TRUTH_NO) {
        unsupported_25(pass, visit, procedure);
    } else if (claim->documentation_known &&
               claim_truth(claim, FACT_em_separate_note) == TRUTH_UNKNOWN) {
        gap_add(pass, RULE_EM_WITHOUT_25, VIEW("chart:em_separate_note"));
    }
}

static void major_check(struct audit_pass *pass, const struct audit_line *visit,
                        const struct audit_line *procedure) {
    if (visit->flags & LINE_57) {
        return;
    }
    struct audit_finding *finding = visit_finding(pass, visit, procedure);
    struct text text;
    text_open(&text, pass);
    text_add(&text, "visit ");
    text_code(&text, visit->line->code);
    text_add(&text,
             visit->from.day == procedure->from.day ? " on the day of " : " on the day before ");
    text_procedure(&text, procedure);
    text_add(&text, " has no modifier 57");
    finding->message = text_close(&text);
    finding->fix = VIEW("append 57 only if this visit decided for the surgery; otherwise remove "
                        "the visit");
}

/* The procedure on that day whose global includes the visit: one minor and one major suffice. */
static void visit_check(struct audit_pass *pass, const struct audit_line *visit) {
    bool minor = false;
    bool major = false;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *procedure = &pass->lines[i];
        if (!is_procedure(procedure) || procedure->denied ||
            procedure->provider != visit->provider || !date_given(procedure->from)) {
            continue;
        }
        int32_t days = procedure->from.day - visit->from.day;
        if (!minor && is_minor(procedure) && days == 0) {
            minor = true;
            minor_check(pass, visit, procedure);
        } else if (!major && has_global(procedure, "090") && (days == 0 || days == 1)) {
            major = true;
            major_check(pass, visit, procedure);
        }
    }
}

void check_evaluation(struct audit_pass *pass) {
    for (int i = 0; i < pass->line_count; i++) {
        if (is_visit(&pass->lines[i])) {
            visit_check(pass, &pass->lines[i]);
        }
    }
}
