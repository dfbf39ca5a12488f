/* Sessions: the lines of one family and region, by one provider on one day. Policies and the
 * checks of anatomy speak of sessions and levels, not of codes. */
#include "audit/audit_state.h"

static char side_of(const struct audit_line *line) {
    bool left = (line->flags & LINE_LEFT) != 0;
    bool right = (line->flags & LINE_RIGHT) != 0;
    if ((line->flags & LINE_50) || (left && right)) {
        return 'B';
    }
    return left ? 'L' : right ? 'R' : 0;
}

static char side_join(char a, char b) {
    if (!a || !b) {
        return a ? a : b;
    }
    return a == b ? a : 'B';
}

enum family_class family_class_of(struct view family) {
    struct view tail = view_sub(family, family.size > 4 ? family.size - 4 : 0, 4);
    if (view_equal(tail, VIEW("_rfa"))) {
        return FAMILY_RFA;
    }
    if (view_equal(family, VIEW("drug_test_presumptive"))) {
        return FAMILY_PRESUMPTIVE;
    }
    if (view_equal(family, VIEW("drug_test_definitive"))) {
        return FAMILY_DEFINITIVE;
    }
    bool block = view_equal(family, VIEW("facet_injection")) ||
                 view_equal(family, VIEW("si_joint_injection")) ||
                 view_equal(family, VIEW("si_nerve_block")) ||
                 view_starts(family, VIEW("epidural_"));
    return block ? FAMILY_BLOCK : FAMILY_OTHER;
}

/* Without a stated kind, Medicare reads KX on a facet, SI or epidural block as diagnostic and its
 * absence as therapeutic [a57787]; elsewhere the intent stays unknown. */
static enum claim_kind class_intent(enum family_class class, bool medicare, bool kx) {
    switch (class) {
    case FAMILY_RFA: return KIND_RFA;
    case FAMILY_PRESUMPTIVE: return KIND_PRESUMPTIVE;
    case FAMILY_DEFINITIVE: return KIND_DEFINITIVE;
    case FAMILY_BLOCK: return !medicare ? KIND_UNKNOWN : kx ? KIND_DX : KIND_TX;
    default: return KIND_UNKNOWN;
    }
}

enum claim_kind family_intent(struct view family, bool medicare, bool kx) {
    return class_intent(family_class_of(family), medicare, kx);
}

enum claim_kind intent_of_code(const struct audit_pass *pass, uint32_t id, bool kx) {
    enum family_class class = (enum family_class)pass->audit->policies.family_class[id];
    return class_intent(class, pass->payer_known && pass->payer.medicare, kx);
}

/* Other payers know no KX; there a block that the chart calls a step to ablation is diagnostic. */
static enum claim_kind intent_of(const struct audit_pass *pass, const struct audit_line *line) {
    if (line->line->kind != KIND_UNKNOWN || !line->has_family) {
        return line->line->kind;
    }
    enum claim_kind intent = intent_of_code(pass, line->id, (line->flags & LINE_KX) != 0);
    if (intent == KIND_UNKNOWN && claim_truth(pass->claim, FACT_intent_rfa) == TRUTH_YES &&
        view_equal(line->family.family, VIEW("facet_injection"))) {
        return KIND_DX;
    }
    return intent;
}

static bool session_takes(const struct audit_session *session, const struct audit_line *line) {
    return session->on.day == line->from.day && session->provider == line->provider &&
           session->region == line->family.region &&
           view_equal(session->family, line->family.family);
}

static struct audit_session *session_for(struct audit_pass *pass, const struct audit_line *line) {
    for (int i = 0; i < pass->session_count; i++) {
        if (session_takes(&pass->sessions[i], line)) {
            return &pass->sessions[i];
        }
    }
    struct audit_session *session = &pass->sessions[pass->session_count++];
    *session = (struct audit_session){.family = line->family.family,
                                      .region = line->family.region,
                                      .on = line->from,
                                      .provider = line->provider,
                                      .intent = line->intent};
    return session;
}

/* A level on both sides is one level: RT and LT lines of the same code count once. */
static bool level_counted(const struct audit_pass *pass, const struct audit_session *session,
                          const struct audit_line *line) {
    for (int i = 0; i < line->index; i++) {
        if (session->lines >> i & 1 && pass->lines[i].id == line->id && side_of(&pass->lines[i]) &&
            side_of(line) && side_of(&pass->lines[i]) != side_of(line)) {
            return true;
        }
    }
    return false;
}

/* No session has that many levels; the sum over all lines must fit. */
static int units_capped(int32_t units) { return units > 1000 ? 1000 : units; }

void sessions_build(struct audit_pass *pass) {
    for (int i = 0; i < pass->line_count; i++) {
        struct audit_line *line = &pass->lines[i];
        line->intent = intent_of(pass, line);
        if (!line->has_family || !line->family.procedure || !date_given(line->from)) {
            continue;
        }
        struct audit_session *session = session_for(pass, line);
        if (!level_counted(pass, session, line)) {
            bool several = line->family.addon_level && line->units > 1;
            session->levels += several ? units_capped(line->units) : 1;
        }
        session->lines |= UINT64_C(1) << i;
        session->side = side_join(session->side, side_of(line));
    }
}
