/* What the record proves: facts of the chart, and which lines they speak of. A fact that is not
 * there proves nothing, and two that contradict each other prove nothing either. */
#include "audit/opportunity_internal.h"

#define TEXT_SHOWN_MAX 80 /* bytes of a text of the chart */
#define JOINTS_CT ((UINT32_C(1) << (LEVEL_T12_L1 + 1)) - 1) /* C0-1 to T12-L1 */

/* ---- lines ------------------------------------------------------------------------------- */

/* A line that is known not to be a procedure of the encounter. */
static bool is_beside(const struct audit_line *line) {
    const struct store_family *family = &line->family;
    return line->has_drug ||
           (line->has_family && !family->procedure &&
            (family->evaluation || family->laboratory || family->sedation ||
             family->imaging == IMAGING_IS));
}

const struct audit_session *session_only(const struct audit_pass *pass) {
    if (pass->session_count != 1) {
        return NULL;
    }
    const struct audit_session *session = &pass->sessions[0];
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (line->from.day != session->on.day || line->to.day != line->from.day ||
            (!(session->lines >> i & 1) && !is_beside(line))) {
            return NULL;
        }
    }
    return session;
}

bool row_has_family(const struct opportunity_row *row, struct view family) {
    for (int i = 0; i < row->families.count; i++) {
        if (view_equal(row->families.at[i], family)) {
            return true;
        }
    }
    return false;
}

const struct audit_line *session_base(const struct audit_pass *pass,
                                      const struct audit_session *session) {
    for (int i = 0; i < pass->line_count; i++) {
        if (session->lines >> i & 1 && !pass->lines[i].family.addon_level) {
            return &pass->lines[i];
        }
    }
    return NULL;
}

bool modifier_on(const struct claim_line *line, const char *modifier) {
    return modifiers_carry(line->modifiers, line->modifier_count, modifier);
}

void modifier_off(struct claim_line *line, const char *modifier) {
    int kept = 0;
    for (int i = 0; i < line->modifier_count; i++) {
        if (!code_equal(line->modifiers[i], code_of(modifier))) {
            line->modifiers[kept++] = line->modifiers[i];
        }
    }
    line->modifier_count = kept;
}

bool modifier_first(struct claim_line *line, const char *modifier) {
    if (line->modifier_count >= CLAIM_MODIFIERS_MAX) {
        return false;
    }
    for (int i = line->modifier_count++; i > 0; i--) {
        line->modifiers[i] = line->modifiers[i - 1];
    }
    line->modifiers[0] = code_of(modifier);
    return true;
}

/* Base codes are written with 50 [se1422], add-on codes as the payer likes. */
enum sides_form sides_form(const struct audit_pass *pass, bool addon) {
    enum store_bilateral_convention convention = pass->payer.bilateral;
    if (convention == BILATERAL_RT_LT) {
        return SIDES_TWO_LINES;
    }
    return addon && convention == BILATERAL_AMA_TWICE ? SIDES_TWICE : SIDES_FIFTY;
}

/* ---- levels ------------------------------------------------------------------------------ */

static int bits_count(uint32_t bits) { return __builtin_popcount(bits); }

/* Medial branches side by side: each pair of neighbours supplies a joint [l38773]. 0: no series. */
static int joints_of_nerves(const struct claim_fact *fact) {
    uint32_t nerves = fact->levels.single;
    uint32_t series = nerves ? nerves >> __builtin_ctz(nerves) : 0;
    bool whole = !fact->levels.other && fact->levels.joints == 0 &&
                 bits_count(nerves) == fact->number && (series & (series + 1)) == 0;
    return whole && fact->number > 1 ? (int)fact->number - 1 : 0;
}

static bool region_fits(const struct claim_fact *fact, enum store_region region) {
    uint32_t joints = fact->levels.joints;
    return region == REGION_CT   ? (joints & ~JOINTS_CT) == 0
           : region == REGION_LS ? (joints & JOINTS_CT) == 0
                                 : true;
}

/* What one fact says: 0 nothing, -1 what cannot be. Where nerves are told apart from levels, a
 * vertebra in a list of levels may be either and is not counted. */
static int levels_of(const struct opportunity_row *row, enum claim_fact_name name,
                     const struct claim_fact *fact, enum store_region region) {
    if (fact->state != FACT_GIVEN) {
        return 0;
    }
    if (claim_fact_row(name)->type == FACT_NUMBER) {
        bool counted = fact->number > 0 && fact->number % 1000 == 0 && fact->number < 100000;
        return counted ? (int)(fact->number / 1000) : -1;
    }
    if (name == FACT_nerves) {
        return joints_of_nerves(fact);
    }
    if (!region_fits(fact, region)) {
        return -1;
    }
    bool nerves = row->facts >> FACT_nerves & 1;
    int levels =
        bits_count(fact->levels.joints) + (nerves ? 0 : bits_count(fact->levels.single));
    bool named = !fact->levels.other && levels == fact->number;
    return named ? (int)fact->number : 0;
}

int levels_documented(const struct opportunity_row *row, const struct claim *claim,
                      enum store_region region) {
    int documented = 0;
    for (int i = 0; i < CLAIM_FACTS; i++) {
        enum claim_fact_name name = (enum claim_fact_name)i;
        int levels =
            row->facts >> i & 1 ? levels_of(row, name, claim_fact(claim, name), region) : 0;
        if (levels < 0 || (levels > 0 && documented > 0 && levels != documented)) {
            return -1;
        }
        documented = levels > 0 ? levels : documented;
    }
    return documented;
}

/* ---- proofs ------------------------------------------------------------------------------ */

struct view joints_words(struct opportunity_search *search, uint32_t joints) {
    out_clear(&search->words);
    rule_joints_words(&search->words, joints);
    return arena_copy(search->pass->arena, out_bytes(&search->words));
}

void proof_text(struct candidate *candidate, const char *fact, struct view value) {
    struct audit_opportunity *opportunity = &candidate->opportunity;
    if (opportunity->proof_count < OPPORTUNITY_PROOFS_MAX) {
        opportunity->proofs[opportunity->proof_count++] =
            (struct opportunity_proof){view_of(fact), value};
    }
}

static void text_word(struct text *text, const char *values, int64_t place) {
    struct view rest = view_of(values);
    for (int64_t i = 0; i < place && rest.at; i++) {
        (void)view_cut(&rest, ' ');
    }
    text_view(text, view_cut(&rest, ' '));
}

void proof_fact(struct candidate *candidate, enum claim_fact_name name) {
    struct opportunity_search *search = candidate->search;
    const struct claim_fact *fact = claim_fact(search->pass->claim, name);
    const struct claim_fact_row *row = claim_fact_row(name);
    struct view joints = fact->levels.joints ? joints_words(search, fact->levels.joints) : VIEW("");
    struct text text;
    text_open(&text, search->pass);
    switch (row->type) {
    case FACT_NUMBER: text_quantity(&text, (struct quantity){fact->number}); break;
    case FACT_TRUTH: text_add(&text, fact->number ? "yes" : "no"); break;
    case FACT_WORD: text_word(&text, row->values, fact->number); break;
    case FACT_TEXT: text_view(&text, view_sub(fact->text, 0, TEXT_SHOWN_MAX)); break;
    case FACT_DATE: text_date(&text, (struct date){(int32_t)fact->number}); break;
    case FACT_LIST:
        if (joints.size > 0) {
            text_view(&text, joints);
        } else {
            text_int(&text, fact->number);
        }
        break;
    }
    proof_text(candidate, row->name.at, text_close(&text));
}

void proof_levels(struct candidate *candidate) {
    const struct opportunity_row *row = candidate->opportunity.row;
    for (int i = 0; i < CLAIM_FACTS; i++) {
        enum claim_fact_name name = (enum claim_fact_name)i;
        if (row->facts >> i & 1 &&
            claim_fact(candidate->search->pass->claim, name)->state == FACT_GIVEN) {
            proof_fact(candidate, name);
        }
    }
}
