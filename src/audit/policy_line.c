/* Kinds that look at lines: modifiers, neighbours, regions, authorizations. */
#include "audit/policy.h"
#include "audit/trace.h"

/* ---- modifiers --------------------------------------------------------------------------- */

static void text_codes(struct text *text, const struct rule_codes *codes) {
    for (int i = 0; i < codes->count; i++) {
        text_add(text, i ? " or " : "");
        text_code(text, codes->at[i]);
    }
}

static void modifier_check(struct policy *policy, bool wanted) {
    const struct rule_codes *modifiers = &policy->check->codes[RULE_modifiers];
    uint64_t wrong = 0;
    for (int i = 0; i < policy->pass->line_count; i++) {
        bool carries = line_carries(&policy->pass->lines[i], modifiers);
        wrong |= policy->lines >> i & 1 && carries != wanted ? LINE_BIT(i) : 0;
    }
    if (policy->pass->trace) {
        trace_modifiers(policy);
    }
    if (!wrong) {
        return;
    }
    struct text text;
    struct audit_finding *finding = policy_finding(policy, wrong, &text);
    text_code(&text, lines_first(policy, wrong)->line->code);
    text_add(&text, wanted ? " lacks " : " carries ");
    text_codes(&text, modifiers);
    finding->message = text_close(&text);
    if (wanted && modifiers->count == 1 && finding->line_count == 1) {
        finding->patch =
            patch_add_modifier(policy->pass, lines_first(policy, wrong), modifiers->at[0]);
    }
}

void policy_requires_modifier(struct policy *policy) { modifier_check(policy, true); }

void policy_forbids_modifier(struct policy *policy) { modifier_check(policy, false); }

/* ---- not_covered ------------------------------------------------------------------------- */

void policy_not_covered(struct policy *policy) {
    struct text text;
    const struct rule_codes *instead = &policy->check->codes[RULE_use_instead];
    struct audit_finding *finding = policy_finding(policy, policy->lines, &text);
    text_code(&text, lines_first(policy, policy->lines)->line->code);
    if (instead->count > 0) {
        text_add(&text, ", where ");
        text_codes(&text, instead);
        text_add(&text, " is reported");
    }
    finding->message = text_close(&text);
}

/* ---- requires_authorization -------------------------------------------------------------- */

/* The line's own number, or the claim's. */
static struct view authorization_of(const struct policy *policy, const struct audit_line *line) {
    struct view own = line->line->prior_authorization;
    struct view claim = policy->pass->claim->prior_authorization;
    return own.size > 0 || (own.at && claim.size <= 0) ? own : claim;
}

void policy_requires_authorization(struct policy *policy) {
    uint64_t wrong = 0;
    for (int i = 0; i < policy->pass->line_count; i++) {
        struct view number = authorization_of(policy, &policy->pass->lines[i]);
        if (policy->pass->trace && policy->lines >> i & 1) {
            trace_line(policy, &policy->pass->lines[i],
                       number.size > 0 ? " has an authorization number"
                       : number.at     ? " has no authorization number"
                                       : ": whether there is an authorization is not known");
        }
        if (!(policy->lines >> i & 1) || number.size > 0) {
            continue;
        }
        if (!number.at) {
            policy_lacks(policy, NEED(NEED_AUTHORIZATION));
            return;
        }
        wrong |= LINE_BIT(i);
    }
    if (wrong) {
        struct text text;
        struct audit_finding *finding = policy_finding(policy, wrong, &text);
        text_code(&text, lines_first(policy, wrong)->line->code);
        text_add(&text, " has no authorization number");
        finding->message = text_close(&text);
    }
}

/* ---- same_day_repeat --------------------------------------------------------------------- */

static bool repeated(struct policy *policy, const struct audit_line *line) {
    int count;
    const struct past *pasts = pasts_of(policy->pass, &count);
    for (int i = 0; i < count; i++) {
        if (pasts[i].on.day == line->from.day && pasts[i].id == line->id) {
            return true;
        }
    }
    for (int i = 0; i < policy->pass->line_count; i++) {
        const struct audit_line *other = &policy->pass->lines[i];
        if (other != line && other->id == line->id && other->from.day == line->from.day) {
            return true;
        }
    }
    return false;
}

void policy_same_day_repeat(struct policy *policy) {
    uint64_t wrong = 0;
    for (int i = 0; i < policy->pass->line_count; i++) {
        const struct audit_line *line = &policy->pass->lines[i];
        wrong |= policy->lines >> i & 1 && !repeated(policy, line) ? LINE_BIT(i) : 0;
        if (policy->pass->trace && policy->lines >> i & 1) {
            trace_line(policy, line, wrong >> i & 1 ? " stands once that day"
                                                    : " is repeated that day");
        }
    }
    if (wrong && !pasts_complete(policy->pass)) {
        policy_lacks(policy, NEED(NEED_HISTORY));
    } else if (wrong) {
        struct text text;
        struct audit_finding *finding = policy_finding(policy, wrong, &text);
        const struct audit_line *line = lines_first(policy, wrong);
        text_code(&text, line->line->code);
        text_add(&text, " stands once on ");
        text_date(&text, line->from);
        finding->message = text_close(&text);
    }
}

/* ---- not_together ------------------------------------------------------------------------ */

static bool is_other(const struct policy *policy, const struct audit_line *line) {
    const struct rule_check *check = policy->check;
    const struct rule_names *families = &check->names[RULE_with_families];
    return (line->has_family && names_have(families, line->family.family)) ||
           codes_have(&check->codes[RULE_with_codes], line->line->code) ||
           line_of_class(line, &check->names[RULE_with_classes]);
}

static bool sides_meet(const struct audit_line *a, const struct audit_line *b) {
    char side_a = line_side(a);
    char side_b = line_side(b);
    return !side_a || !side_b || side_a == side_b || side_a == 'B' || side_b == 'B';
}

static bool regions_meet(const struct audit_line *a, const struct audit_line *b) {
    return !a->has_family || !b->has_family || a->family.region == b->family.region;
}

static bool lines_same(const struct rule_check *check, const struct audit_line *a,
                       const struct audit_line *b) {
    return a->from.day == b->from.day && (!(check->same & RULE_SAME_SIDE) || sides_meet(a, b)) &&
           (!(check->same & RULE_SAME_REGION) || regions_meet(a, b)) &&
           (!(check->same & RULE_SAME_CODE) || a->id == b->id);
}

static const struct audit_line *neighbour_of(const struct policy *policy,
                                             const struct audit_line *line) {
    for (int i = 0; i < policy->pass->line_count; i++) {
        const struct audit_line *other = &policy->pass->lines[i];
        if (other != line && line_stands(other) && is_other(policy, other) &&
            lines_same(policy->check, line, other)) {
            return other;
        }
    }
    return NULL;
}

SELDOM static void trace_neighbour(struct policy *policy, const struct audit_line *line,
                                   const struct audit_line *neighbour) {
    struct text text;
    text_open(&text, policy->pass);
    text_line(&text, line);
    text_add(&text, neighbour ? " stands beside " : " stands beside no such line");
    if (neighbour) {
        text_line(&text, neighbour);
    }
    trace_value(policy->pass->trace, &text);
}

void policy_not_together(struct policy *policy) {
    uint64_t wrong = 0;
    const struct audit_line *other = NULL;
    for (int i = 0; i < policy->pass->line_count; i++) {
        const struct audit_line *line = &policy->pass->lines[i];
        const struct audit_line *neighbour =
            policy->lines >> i & 1 ? neighbour_of(policy, line) : NULL;
        wrong |= neighbour ? LINE_BIT(i) : 0;
        other = other ? other : neighbour;
        if (policy->pass->trace && policy->lines >> i & 1) {
            trace_neighbour(policy, line, neighbour);
        }
    }
    if (!wrong) {
        return;
    }
    struct text text;
    struct audit_finding *finding = policy_finding(policy, wrong, &text);
    text_code(&text, lines_first(policy, wrong)->line->code);
    text_add(&text, " stands beside ");
    text_line(&text, other);
    finding->message = text_close(&text);
    finding_mention(finding, other);
}

/* ---- one_region -------------------------------------------------------------------------- */

/* Only base codes speak: an additional lumbar level may follow the joint T12-L1 [a57826]. */
static bool names_region(const struct audit_line *line) {
    return line->has_family && !line->family.addon_level &&
           (line->family.region == REGION_CT || line->family.region == REGION_LS);
}

void policy_one_region(struct policy *policy) {
    const struct audit_pass *pass = policy->pass;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (pass->trace && policy->lines >> i & 1) {
            trace_line(policy, line,
                       !names_region(line)                ? " names no region by itself"
                       : line->family.region == REGION_CT ? " is of region ct"
                                                          : " is of region ls");
        }
        for (int j = 0; j < i && (policy->lines >> i & 1) && names_region(line); j++) {
            const struct audit_line *first = &pass->lines[j];
            if (!(policy->lines >> j & 1) || !names_region(first) ||
                first->from.day != line->from.day || first->family.region == line->family.region) {
                continue;
            }
            struct text text;
            struct audit_finding *finding = policy_finding(policy, LINE_BIT(i), &text);
            text_line(&text, first);
            text_add(&text, " and ");
            text_line(&text, line);
            text_add(&text, " are of two regions");
            finding->message = text_close(&text);
            finding_mention(finding, first);
            return;
        }
    }
}
