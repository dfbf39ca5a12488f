/* A level that is documented and not billed, and the second side. */
#include "audit/anatomy.h"
#include "audit/opportunity_internal.h"

#define LEVEL_CODES_MAX 8 /* additional-level codes of one base code; facets have two */
#define LEVELS_MAX 4      /* further levels; a record with more is not believed */

/* ---- additional levels ------------------------------------------------------------------- */

/* Codes of additional levels of the whole store, made once: ids are in the order of the codes. */
static bool levels_make(struct opportunity_search *search) {
    const struct store *store = search->pass->store;
    uint32_t count = store_code_count(store);
    struct store_family family;
    if (search->levels) {
        return true;
    }
    search->levels = ARENA_NEW(search->pass->audit->home, uint32_t, count);
    for (uint32_t id = 0; search->levels && id < count; id++) {
        if (store_family(store, id, &family) && family.procedure && family.addon_level) {
            search->levels[search->level_count++] = id;
        }
    }
    return search->levels != NULL;
}

/* The base code takes this additional level: by the anatomy, or by the add-on table. */
static bool level_follows(const struct audit_pass *pass, const struct audit_line *base,
                          uint32_t id) {
    struct store_family family;
    struct store_addon row;
    bool same = store_family(pass->store, id, &family) &&
                view_equal(family.family, base->family.family) &&
                (family.region == base->family.region || family.region == REGION_ANY);
    return same && (code_equal(family.primary, base->line->code) ||
                    store_addon_primary(pass->store, id, base->id, base->when, &row));
}

static int level_codes(struct opportunity_search *search, const struct audit_line *base,
                       struct code codes[LEVEL_CODES_MAX]) {
    int count = 0;
    for (int i = 0; levels_make(search) && i < search->level_count; i++) {
        if (count < LEVEL_CODES_MAX && level_follows(search->pass, base, search->levels[i])) {
            codes[count++] = store_code(search->pass->store, search->levels[i]);
        }
    }
    return count;
}

/* ---- missing_level ----------------------------------------------------------------------- */

/* The line of the session that has the code on the side of the base line. */
static int line_with(const struct candidate *candidate, const struct audit_session *session,
                     const struct audit_line *base, struct code code) {
    const struct audit_pass *pass = candidate->search->pass;
    for (int i = 0; i < candidate->claim->line_count; i++) {
        bool own = i >= pass->line_count || session->lines >> i & 1;
        const struct claim_line *line = &candidate->claim->lines[i];
        if (own && code_equal(line->code, code) &&
            modifiers_side(line->modifiers, line->modifier_count) == line_side(base)) {
            return i;
        }
    }
    return -1;
}

/* One more level beside the base line; both sides in the payer's form. */
static bool level_add(struct candidate *candidate, const struct audit_session *session,
                      const struct audit_line *base, struct code code) {
    int64_t units = 1000;
    bool twice = modifier_on(base->line, "50") &&
                 sides_form(candidate->search->pass, true) == SIDES_TWICE;
    int at = line_with(candidate, session, base, code);
    if (at >= 0) {
        candidate_change(candidate, at)->units.milli += units;
        return true;
    }
    struct claim_line *line = candidate_add(candidate, base->line, code);
    if (line && twice) {
        modifier_off(line, "50");
        line->units.milli = 2 * units;
    }
    return line != NULL;
}

static struct view level_message(struct opportunity_search *search, int documented, int billed,
                                 const struct code *codes, int code_count, int levels) {
    struct text text;
    text_open(&text, search->pass);
    text_add(&text, "the record has ");
    text_int(&text, documented);
    text_add(&text, documented == 1 ? " level" : " levels");
    text_add(&text, ", the claim ");
    text_int(&text, billed);
    text_add(&text, ": ");
    for (int i = 0; i < levels; i++) {
        int at = billed - 1 + i;
        text_add(&text, i > 0 ? ", " : "");
        text_code(&text, codes[at < code_count ? at : code_count - 1]);
    }
    text_add(&text, levels == 1 ? " for the further level" : " for the further levels");
    return text_close(&text);
}

/* So many further levels, each beside every base line (one a side where both have a line). */
static bool levels_try(struct opportunity_search *search, const struct opportunity_row *row,
                       const struct audit_session *session, int documented, int levels) {
    struct audit_pass *pass = search->pass;
    const struct audit_line *base = session_base(pass, session);
    struct code codes[LEVEL_CODES_MAX];
    struct candidate candidate;
    int code_count = level_codes(search, base, codes);
    if (code_count == 0 || !candidate_open(&candidate, search, row, session->lines)) {
        return false;
    }
    for (int n = 0; n < levels; n++) {
        int at = session->levels - 1 + n;
        for (int i = 0; i < pass->line_count; i++) {
            const struct audit_line *line = &pass->lines[i];
            if (session->lines >> i & 1 && !line->family.addon_level &&
                !level_add(&candidate, session, line,
                           codes[at < code_count ? at : code_count - 1])) {
                return false;
            }
        }
    }
    proof_levels(&candidate);
    if (session->side == 'B') {
        proof_fact(&candidate, FACT_bilateral);
    }
    return candidate_judge(&candidate, level_message(search, documented, session->levels, codes,
                                                     code_count, levels));
}

/* Every base line is one unit of one code, and the sides of the claim are those of the record. */
static bool session_plain(const struct audit_pass *pass, const struct audit_session *session) {
    const struct audit_line *base = session_base(pass, session);
    for (int i = 0; base && i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        bool first = session->lines >> i & 1 && !line->family.addon_level;
        if (first && (line->id != base->id || line->line->units.milli != 1000)) {
            return false;
        }
    }
    return base != NULL;
}

void opportunity_missing_level(struct opportunity_search *search,
                               const struct opportunity_row *row) {
    const struct audit_pass *pass = search->pass;
    const struct audit_session *session = session_only(pass);
    if (!session || !row_has_family(row, session->family) || !session_plain(pass, session)) {
        return;
    }
    bool both = claim_truth(pass->claim, FACT_bilateral) == TRUTH_YES;
    if (both != (session->side == 'B')) {
        return; /* first the sides must agree: opportunity_second_side */
    }
    int documented = levels_documented(row, pass->claim, session->region);
    if (documented - session->levels > LEVELS_MAX) {
        return;
    }
    for (int levels = documented - session->levels; levels > 0; levels--) {
        if (levels_try(search, row, session, documented, levels)) {
            return;
        }
    }
}

/* ---- second_side ------------------------------------------------------------------------- */

static bool side_pays(const struct audit_line *line) {
    return line->has_family && line->family.paired && line->has_mpfs &&
           line->mpfs.bilateral == '1' && (line_side(line) == 'L' || line_side(line) == 'R');
}

/* The line for both sides. */
static bool side_add(struct candidate *candidate, const struct audit_line *line) {
    enum sides_form form = sides_form(candidate->search->pass, line->family.addon_level);
    const char *own = line_side(line) == 'L' ? "LT" : "RT";
    const char *other = line_side(line) == 'L' ? "RT" : "LT";
    if (form == SIDES_TWO_LINES) {
        struct claim_line *added = candidate_add(candidate, line->line, line->line->code);
        if (added) {
            modifier_off(added, own);
            added->units = line->line->units;
        }
        return added && modifier_first(added, other);
    }
    struct claim_line *changed = candidate_change(candidate, line->index);
    candidate->both_sides = true;
    modifier_off(changed, own);
    if (form == SIDES_TWICE) {
        changed->units.milli *= 2;
        return true;
    }
    return modifier_first(changed, "50");
}

static struct view side_message(struct opportunity_search *search, char side) {
    struct text text;
    text_open(&text, search->pass);
    text_add(&text, "the record says both sides, the claim the ");
    text_add(&text, side == 'L' ? "left" : "right");
    text_add(&text, " one alone");
    return text_close(&text);
}

/* Levels that are documented and not billed leave open which of them was done on both sides. */
void opportunity_second_side(struct opportunity_search *search,
                             const struct opportunity_row *row) {
    const struct audit_pass *pass = search->pass;
    const struct audit_session *session = session_only(pass);
    struct candidate candidate;
    if (!session || !row_has_family(row, session->family) || !session_plain(pass, session) ||
        (session->side != 'L' && session->side != 'R') ||
        claim_truth(pass->claim, FACT_bilateral) != TRUTH_YES) {
        return;
    }
    int documented = levels_documented(row, pass->claim, session->region);
    if ((documented != 0 && documented != session->levels) ||
        !candidate_open(&candidate, search, row, session->lines)) {
        return;
    }
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (session->lines >> i & 1 && (!side_pays(line) || !side_add(&candidate, line))) {
            return;
        }
    }
    proof_fact(&candidate, FACT_bilateral);
    proof_levels(&candidate);
    candidate_judge(&candidate, side_message(search, session->side));
}
