/* Kinds that count levels: of the lines of a session, and those against the chart. */
#include "audit/policy.h"
#include "audit/trace.h"

/* The other side of a level that is counted already. */
static bool other_side(const struct policy *policy, uint64_t group, const struct audit_line *line) {
    char side = line_side(line);
    for (int i = 0; i < line->index; i++) {
        const struct audit_line *other = &policy->pass->lines[i];
        char before = line_side(other);
        if (group >> i & 1 && other->id == line->id && side && before && before != side) {
            return true;
        }
    }
    return false;
}

static bool group_bilateral(const struct policy *policy, uint64_t group) {
    for (int i = 0; i < policy->pass->line_count; i++) {
        const struct audit_line *line = &policy->pass->lines[i];
        if (group >> i & 1 && !line->family.addon_level && line_side(line) == 'B') {
            return true;
        }
    }
    return false;
}

/* An additional level of both sides is two units for payers that do not take modifier 50. */
static int line_levels(const struct policy *policy, uint64_t group, const struct audit_line *line) {
    int units = line->units < 1 ? 1 : line->units > 100 ? 100 : line->units;
    bool twice = line->has_family && line->family.addon_level && !line_side(line) &&
                 policy->pass->payer.bilateral != BILATERAL_CMS_50 &&
                 group_bilateral(policy, group);
    return twice ? (units + 1) / 2 : units;
}

/* Levels of the lines; `*at` is the line with which they first go beyond `max`. */
static int group_levels(const struct policy *policy, uint64_t group, int max,
                        const struct audit_line **at) {
    int levels = 0;
    for (int i = 0; i < policy->pass->line_count; i++) {
        const struct audit_line *line = &policy->pass->lines[i];
        if (!(group >> i & 1) || other_side(policy, group, line)) {
            continue;
        }
        int before = levels;
        levels += line_levels(policy, group, line);
        *at = before <= max && levels > max ? line : *at;
    }
    return levels;
}

static void level_finding(struct policy *policy, const struct audit_line *line, int levels, int max,
                          struct view source) {
    struct text text;
    struct audit_finding *finding = policy_finding(policy, LINE_BIT(line->index), &text);
    text_int(&text, levels);
    text_add(&text, levels == 1 ? " level on " : " levels on ");
    text_date(&text, line->from);
    text_add(&text, ", ");
    text_view(&text, source);
    text_int(&text, max);
    finding->message = text_close(&text);
}

/* Every session against the number of levels it may have, and who says so. */
static void levels_judge(struct policy *policy, int max, struct view source) {
    uint64_t left = policy->lines;
    for (uint64_t group = lines_next_group(policy, &left); group;
         group = lines_next_group(policy, &left)) {
        const struct audit_line *at = NULL;
        int levels = group_levels(policy, group, max, &at);
        if (policy->pass->trace) {
            trace_levels(policy, group, levels, max, source);
        }
        if (at) {
            level_finding(policy, at, levels, max, source);
        }
    }
}

void policy_level_limit(struct policy *policy) {
    levels_judge(policy, policy->check->number[RULE_levels_max], VIEW("at most "));
}

int64_t chart_joints(const struct claim *claim) {
    const struct claim_fact *joints = claim_fact(claim, FACT_joints);
    const struct claim_fact *nerves = claim_fact(claim, FACT_nerves);
    const struct claim_fact *count = claim_fact(claim, FACT_levels_count);
    if (joints->state == FACT_GIVEN) {
        return joints->number;
    }
    if (nerves->state == FACT_GIVEN) {
        return nerves->number > 1 ? nerves->number - 1 : 1;
    }
    return count->state == FACT_GIVEN ? count->number / 1000 : -1;
}

void policy_level_documented(struct policy *policy) {
    int64_t documented = chart_joints(policy->pass->claim);
    if (documented < 0) {
        policy_lacks(policy, NEED(FACT_joints));
        return;
    }
    levels_judge(policy, (int)documented, VIEW("the chart has "));
}
