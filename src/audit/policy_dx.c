/* Kinds about diagnoses: lists that a policy takes, and codes that ask for another one. */
#include "audit/policy.h"
#include "audit/trace.h"

/* What the longest beginning in the list says: NULL when the list names none and no others. */
static const struct rule_covered *covered_find(const struct policy *policy, struct code dx,
                                               struct date on) {
    const struct rule_tables *tables = policy_tables(policy->pass);
    const struct rule_covered *found = NULL;
    for (int i = 0; i < tables->covered_count; i++) {
        const struct rule_covered *row = &tables->covered[i];
        if (policy_list_has(policy, i) && code_starts(dx, row->prefix) &&
            day_inside(row->from, row->to, on) &&
            (!found || row->prefix.bits > found->prefix.bits)) {
            found = row;
        }
    }
    return found;
}

/* What the user's own list of the article says, when it is loaded: it takes the place of ours. */
static bool official_list(const struct policy *policy, const struct rule_lcd *lcd, struct code dx,
                          const struct audit_line *line, bool *covered) {
    if (!lcd || !store_has(policy->pass->store, STORE_COVERED_DX)) {
        return false;
    }
    uint32_t count;
    uint64_t article = code_from(lcd->article).bits;
    const struct store *store = policy->pass->store;
    store_sheet_find(store, STORE_COVERED_DX, article, 0, &count);
    if (count == 0) {
        return false;
    }
    uint32_t row = store_sheet_find(store, STORE_COVERED_DX, article, dx.bits, &count);
    *covered = false;
    for (uint32_t i = 0; i < count; i++) {
        *covered |= store_sheet_holds(store, STORE_COVERED_DX, row + i, line->when);
    }
    return true;
}

static enum rule_cover dx_cover(const struct policy *policy, const struct audit_line *line,
                                struct code dx) {
    bool covered;
    if (official_list(policy, policy->lcd, dx, line, &covered)) {
        return covered ? COVER_ACCEPT : COVER_REJECT;
    }
    const struct rule_covered *row = covered_find(policy, dx, line->from);
    return row ? row->cover : COVER_REJECT;
}

/* The best of the diagnoses that the line points to; of all of them when it points to none. */
static enum rule_cover line_cover(struct policy *policy, const struct audit_line *line) {
    const struct claim *claim = policy->pass->claim;
    enum rule_cover best = COVER_REJECT;
    bool pointed = line->line->pointer_count > 0;
    int count = pointed ? line->line->pointer_count : claim->diagnosis_count;
    for (int i = 0; i < count; i++) {
        int index = pointed ? line_dx(policy->pass, line, i) : i;
        if (index >= 0 && code_given(claim->diagnoses[index])) {
            enum rule_cover cover = dx_cover(policy, line, claim->diagnoses[index]);
            best = cover > best ? cover : best;
            if (policy->pass->trace) {
                trace_cover(policy, line, claim->diagnoses[index], cover);
            }
        }
    }
    return best;
}

static void covered_finding(struct policy *policy, uint64_t lines, bool review) {
    struct text text;
    const struct rule_names *list = &policy->check->names[RULE_covered];
    struct audit_finding *finding = policy_finding(policy, lines, &text);
    const struct audit_line *line = lines_first(policy, lines);
    int dx = line->line->pointer_count > 0 ? line_dx(policy->pass, line, 0) : 0;
    text_code(&text, line->line->code);
    text_add(&text, review ? " rests on a diagnosis that the list does not settle"
                           : " rests on no diagnosis of the list");
    if (dx >= 0 && dx < policy->pass->claim->diagnosis_count) {
        text_add(&text, "; the first is ");
        text_dx(&text, policy->pass->claim->diagnoses[dx]);
    }
    finding->message = text_close(&text);
    finding->severity = review ? RULE_REVIEW : finding->severity;
    finding_source(policy->pass, finding, VIEW("covered_dx"), list->at[0]);
}

void policy_dx_covered(struct policy *policy) {
    uint64_t wrong = 0;
    uint64_t review = 0;
    if (!policy->pass->claim->diagnoses_known || policy->pass->claim->diagnosis_count == 0) {
        if (policy->pass->trace) {
            trace_idle_words(policy, "the claim has no diagnoses");
        }
        return; /* dx_missing says so */
    }
    for (int i = 0; i < policy->pass->line_count; i++) {
        const struct audit_line *line = &policy->pass->lines[i];
        enum rule_cover cover = policy->lines >> i & 1 ? line_cover(policy, line) : COVER_ACCEPT;
        wrong |= cover == COVER_REJECT ? LINE_BIT(i) : 0;
        review |= cover == COVER_REVIEW ? LINE_BIT(i) : 0;
    }
    if (wrong) {
        covered_finding(policy, wrong, false);
    }
    if (review) {
        covered_finding(policy, review, true);
    }
}

/* ---- dx_requires ------------------------------------------------------------------------- */

static int dx_beginning(const struct claim *claim, const struct rule_codes *prefixes) {
    for (int i = 0; i < claim->diagnosis_count; i++) {
        for (int j = 0; j < prefixes->count; j++) {
            if (code_given(claim->diagnoses[i]) &&
                code_starts(claim->diagnoses[i], prefixes->at[j])) {
                return i;
            }
        }
    }
    return -1;
}

SELDOM static void trace_beside(struct policy *policy, int dx) {
    const struct claim *claim = policy->pass->claim;
    struct text text;
    text_open(&text, policy->pass);
    if (dx < 0) {
        text_add(&text, "no diagnosis begins with ");
        text_parameter(&text, policy->check, "if_diagnosis");
        trace_idle(policy->pass->trace, &text, true);
        return;
    }
    int other = dx_beginning(claim, &policy->check->codes[RULE_then_diagnosis]);
    text_dx(&text, claim->diagnoses[dx]);
    text_add(&text, other < 0 ? " stands without " : " stands beside ");
    if (other < 0) {
        text_parameter(&text, policy->check, "then_diagnosis");
    } else {
        text_dx(&text, claim->diagnoses[other]);
    }
    trace_value(policy->pass->trace, &text);
}

void policy_dx_requires(struct policy *policy) {
    const struct claim *claim = policy->pass->claim;
    int dx = dx_beginning(claim, &policy->check->codes[RULE_if_diagnosis]);
    if (policy->pass->trace) {
        trace_beside(policy, dx);
    }
    if (dx < 0 || dx_beginning(claim, &policy->check->codes[RULE_then_diagnosis]) >= 0) {
        return;
    }
    struct text text;
    struct audit_finding *finding = policy_finding(policy, policy->lines, &text);
    text_dx(&text, claim->diagnoses[dx]);
    text_add(&text, " stands without ");
    text_dx(&text, policy->check->codes[RULE_then_diagnosis].at[0]);
    finding->message = text_close(&text);
}
