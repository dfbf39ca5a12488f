/* Services beside a procedure: its drug, guidance that is separate, a visit that is. */
#include "audit/anatomy.h"
#include "audit/codes.h"
#include "audit/opportunity_internal.h"

#define DOSE_MAX (INT64_C(10000) * 1000) /* thousandths of a milligram; beyond it is no dose */

/* The procedure that the record speaks of: NULL when it is not of the row's families. */
static const struct audit_line *procedure_of(const struct opportunity_search *search,
                                             const struct opportunity_row *row) {
    const struct audit_session *session = session_only(search->pass);
    return session && row_has_family(row, session->family) ? session_base(search->pass, session)
                                                           : NULL;
}

/* ---- drug_not_billed --------------------------------------------------------------------- */

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static bool same_word(struct view given, struct view name) {
    given = view_trim(given);
    if (given.size != name.size) {
        return false;
    }
    for (ptrdiff_t i = 0; i < name.size; i++) {
        if (lower(given.at[i]) != name.at[i]) {
            return false;
        }
    }
    return true;
}

static const struct opportunity_drug *drug_named(const struct opportunity_table *table,
                                                 struct view name, struct date on) {
    for (int i = 0; i < table->drug_count; i++) {
        const struct opportunity_drug *drug = &table->drugs[i];
        if (same_word(name, drug->name) &&
            (!date_given(drug->since) || drug->since.day <= on.day)) {
            return drug;
        }
    }
    return NULL;
}

/* A drug that may be the documented one; the anesthetic and the contrast are not. */
static bool has_drug_line(const struct audit_pass *pass) {
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (line->has_drug && !line->drug.anesthetic && !line->drug.contrast) {
            return true;
        }
    }
    return false;
}

static int64_t units_of(const struct store_drug *drug, int64_t dose_milli) {
    return (dose_milli + drug->unit_thousandths - 1) / drug->unit_thousandths;
}

/* The line of the drug. A container is copied from the line of the injection, where the chart may
 * tell it, and never guessed: without it JZ and JW stay open [jw-jz]. */
static struct claim_line *drug_line(struct candidate *candidate,
                                    const struct audit_line *procedure, struct code code,
                                    int64_t units, int64_t dose) {
    struct claim_line *line = candidate_add(candidate, procedure->line, code);
    if (line) {
        line->modifier_count = 0;
        line->kind = KIND_UNKNOWN;
        line->units = (struct quantity){units * 1000};
        line->dose_mg = (struct quantity){dose};
        line->container = procedure->line->container;
    }
    return line;
}

static struct view drug_message(struct opportunity_search *search,
                                const struct opportunity_drug *named, int64_t dose,
                                int64_t units) {
    struct text text;
    text_open(&text, search->pass);
    text_add(&text, "the record has ");
    text_quantity(&text, (struct quantity){dose});
    text_add(&text, " mg of ");
    text_view(&text, named->name);
    text_add(&text, ", the claim no drug: ");
    text_int(&text, units);
    text_add(&text, units == 1 ? " unit of " : " units of ");
    text_code(&text, named->code);
    return text_close(&text);
}

/* The documented drug, when it is one of the table and the store knows its unit. */
static const struct opportunity_drug *drug_find(const struct opportunity_search *search,
                                                const struct audit_line *procedure,
                                                struct store_drug *drug) {
    const struct audit_pass *pass = search->pass;
    const struct claim_fact *name = claim_fact(pass->claim, FACT_steroid);
    const struct claim_fact *dose = claim_fact(pass->claim, FACT_steroid_mg);
    if (name->state != FACT_GIVEN || dose->state != FACT_GIVEN || dose->number <= 0 ||
        dose->number > DOSE_MAX) {
        return NULL;
    }
    const struct opportunity_drug *named = drug_named(search->table, name->text, procedure->from);
    uint32_t id = named ? store_code_id(pass->store, named->code) : STORE_NO_CODE;
    bool known = id != STORE_NO_CODE && store_drug(pass->store, id, procedure->when, drug) &&
                 drug->unit_thousandths > 0;
    return known ? named : NULL;
}

void opportunity_drug_not_billed(struct opportunity_search *search,
                                 const struct opportunity_row *row) {
    struct audit_pass *pass = search->pass;
    const struct audit_line *procedure = procedure_of(search, row);
    struct store_drug drug;
    struct store_pos place;
    struct candidate candidate;
    if (!procedure || has_drug_line(pass) || !pass_place(pass, procedure, &place)) {
        return;
    }
    const struct opportunity_drug *named = drug_find(search, procedure, &drug);
    if (!named || !candidate_open(&candidate, search, row, LINE_BIT(procedure->index))) {
        return;
    }
    int64_t dose = claim_fact(pass->claim, FACT_steroid_mg)->number;
    bool counted = !drug.combination && code_equal(drug.unit, code_of("MG"));
    int64_t units = counted ? units_of(&drug, dose) : 1;
    proof_fact(&candidate, FACT_steroid);
    proof_fact(&candidate, FACT_steroid_mg);
    if (!drug_line(&candidate, procedure, named->code, units, dose)) {
        return;
    }
    if (!counted) {
        candidate_block(&candidate, NULL, VIEW("its units do not follow from milligrams"));
    } else if (place.facility && !pass->payer.medicare) {
        /* For Medicare drug_facility says so. */
        candidate_block(&candidate, NULL, VIEW("in a facility the facility bills the drug"));
    } else {
        candidate_judge(&candidate, drug_message(search, named, dose, units));
    }
}

/* ---- imaging_separate -------------------------------------------------------------------- */

static bool has_imaging_line(const struct audit_pass *pass) {
    for (int i = 0; i < pass->line_count; i++) {
        if (pass->lines[i].has_family && pass->lines[i].family.imaging == IMAGING_IS) {
            return true;
        }
    }
    return false;
}

/* The one fact of the row reaches its minimum: views, or that an image is kept. */
static bool images_kept(const struct opportunity_row *row, const struct claim *claim,
                        enum claim_fact_name *name) {
    for (int i = 0; i < CLAIM_FACTS; i++) {
        if (row->facts >> i & 1) {
            *name = (enum claim_fact_name)i;
            const struct claim_fact *fact = claim_fact(claim, *name);
            int64_t scale = claim_fact_row(*name)->type == FACT_NUMBER ? 1000 : 1;
            return fact->state == FACT_GIVEN && fact->number >= row->minimum * scale;
        }
    }
    return false;
}

static struct view imaging_message(struct opportunity_search *search,
                                   const struct opportunity_row *row,
                                   const struct audit_line *procedure) {
    struct text text;
    text_open(&text, search->pass);
    text_add(&text, "the record has ");
    text_view(&text, row->word);
    text_add(&text, " with images kept: ");
    text_code(&text, row->codes[0]);
    text_add(&text, " is paid beside ");
    text_line(&text, procedure);
    return text_close(&text);
}

void opportunity_imaging_separate(struct opportunity_search *search,
                                  const struct opportunity_row *row) {
    const struct audit_pass *pass = search->pass;
    const struct audit_line *procedure = procedure_of(search, row);
    const struct claim_fact *guidance = claim_fact(pass->claim, FACT_image_guidance);
    enum claim_fact_name kept;
    struct candidate candidate;
    if (!procedure || guidance->state != FACT_GIVEN ||
        guidance->number != claim_fact_word(FACT_image_guidance, row->word) ||
        !images_kept(row, pass->claim, &kept) || has_imaging_line(pass) ||
        !code_given(procedure->pos) ||
        !candidate_open(&candidate, search, row, LINE_BIT(procedure->index))) {
        return;
    }
    struct claim_line *line = candidate_add(&candidate, procedure->line, row->codes[0]);
    if (!line) {
        return;
    }
    line->modifier_count = 0;
    line->kind = KIND_UNKNOWN;
    if (procedure->facility && pass->claim->type == CLAIM_PROFESSIONAL) {
        line->modifiers[line->modifier_count++] = code_of("26");
    }
    proof_fact(&candidate, FACT_image_guidance);
    proof_fact(&candidate, kept);
    candidate_judge(&candidate, imaging_message(search, row, procedure));
}

/* ---- em_25 ------------------------------------------------------------------------------- */

static bool lacks_25(const struct audit_pass *pass, const struct audit_line *visit) {
    for (int i = 0; i < pass->finding_count; i++) {
        const struct audit_finding *finding = &pass->findings[i];
        if (finding->rule == audit_rule(pass, RULE_EM_WITHOUT_25) &&
            finding->status == AUDIT_FAIL && (finding->line_bits & LINE_BIT(visit->index))) {
            return !(visit->flags & LINE_25);
        }
    }
    return false;
}

static struct view visit_message(struct opportunity_search *search,
                                 const struct audit_line *visit) {
    struct text text;
    text_open(&text, search->pass);
    text_add(&text, "the record has a visit that is separate from the procedure, and ");
    text_line(&text, visit);
    text_add(&text, " lacks modifier 25");
    return text_close(&text);
}

/* The record speaks of one visit: with two it is not known which. */
void opportunity_em_25(struct opportunity_search *search, const struct opportunity_row *row) {
    const struct audit_pass *pass = search->pass;
    const struct audit_line *visit = NULL;
    struct candidate candidate;
    char modifier[9];
    int visits = 0;
    for (int i = 0; i < pass->line_count; i++) {
        if (pass->lines[i].has_family && pass->lines[i].family.evaluation) {
            visit = &pass->lines[i];
            visits++;
        }
    }
    if (visits != 1 || !lacks_25(pass, visit) ||
        claim_truth(pass->claim, FACT_em_separate_note) != TRUTH_YES ||
        !candidate_open(&candidate, search, row, LINE_BIT(visit->index))) {
        return;
    }
    if (modifier_first(candidate_change(&candidate, visit->index),
                       code_text(row->codes[0], modifier).at)) {
        proof_fact(&candidate, FACT_em_separate_note);
        candidate_judge(&candidate, visit_message(search, visit));
    }
}
