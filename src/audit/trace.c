/* The trace of a claim: gathers what is told of the entry in hand, and what became of it. */
#include "audit/trace.h"

void trace_begin(struct audit_pass *pass) {
    pass->trace = NULL;
    if (!pass->options->trace) {
        return;
    }
    int room = TRACE_MECHANICAL_MAX + 2 * pass->audit->policies.count;
    struct trace *trace = ARENA_NEW(pass->arena, struct trace, 1);
    struct audit_trace *at = ARENA_NEW(pass->arena, struct audit_trace, room);
    if (trace && at) { /* otherwise the arena has failed, and the result says so */
        trace->arena = pass->arena;
        trace->at = at;
        trace->room = room;
        trace->first = TRACE_MECHANICAL_MAX;
        trace->end = TRACE_MECHANICAL_MAX;
        pass->trace = trace;
    }
}

/* ---- the entry in hand ------------------------------------------------------------------- */

void trace_open(struct audit_pass *pass, const struct rule_check *check, uint64_t lines) {
    struct trace *trace = pass->trace;
    trace->check = check;
    trace->lines = lines;
    trace->value_count = 0;
    trace->value_more = 0;
    trace->reason = VIEW("");
    trace->idle = 0;
    trace->fired = 0;
    trace->needs = 0;
    trace->quiet = 0;
}

void trace_fired(struct trace *trace, uint64_t lines) { trace->fired |= lines; }

void trace_lacks(struct trace *trace, uint64_t needs, bool silent) {
    if (silent) {
        trace->quiet |= needs;
    } else {
        trace->needs |= needs;
    }
}

void trace_value(struct trace *trace, struct text *text) {
    if (trace->value_count < TRACE_VALUES_MAX - 1) {
        trace->values[trace->value_count++] = text_close(text);
    } else {
        trace->value_more++;
    }
}

void trace_idle(struct trace *trace, struct text *text, bool whole) {
    trace->reason = text_close(text);
    trace->idle += whole ? CLAIM_LINES_MAX : 1;
}

/* Says how many values did not fit, and copies the rest to the claim's arena. */
static const struct view *values_close(struct audit_pass *pass) {
    struct trace *trace = pass->trace;
    if (trace->value_more > 0) {
        struct text text;
        text_open(&text, pass);
        text_int(&text, trace->value_more);
        text_add(&text, " more values");
        trace->values[trace->value_count++] = text_close(&text);
        trace->value_more = 0;
    }
    struct view *values =
        trace->value_count > 0 ? ARENA_NEW(trace->arena, struct view, trace->value_count) : NULL;
    for (int i = 0; values && i < trace->value_count; i++) {
        values[i] = trace->values[i];
    }
    trace->value_count = values ? trace->value_count : 0;
    return values;
}

static int groups_count(struct audit_pass *pass, const struct rule_check *check, uint64_t lines) {
    struct policy policy = {.pass = pass, .check = check, .lines = lines};
    int count = 0;
    while (lines_next_group(&policy, &lines)) {
        count++;
    }
    return count;
}

static struct audit_trace *outcome_add(struct trace *trace, enum audit_outcome outcome,
                                       uint64_t lines) {
    struct audit_trace *at = &trace->at[trace->end < trace->room ? trace->end++ : trace->room - 1];
    int entry = (int)(trace->check - trace->check->rule->checks) + 1;
    *at = (struct audit_trace){.rule = trace->check->rule,
                               .entry = entry,
                               .outcome = outcome,
                               .lines = lines,
                               .reason = VIEW("")};
    return at;
}

static void quiet_reason(struct audit_pass *pass) {
    struct text text;
    text_open(&text, pass);
    for (uint64_t needs = pass->trace->quiet; needs; needs &= needs - 1) {
        text_add(&text, needs == pass->trace->quiet ? "" : ", ");
        text_view(&text, audit_need_name(__builtin_ctzll(needs)));
    }
    text_add(&text, " not known, where the entry is silent");
    trace_idle(pass->trace, &text, true);
}

/* An entry may fire for one group of lines and lack facts for another: that is told twice. */
void trace_close(struct audit_pass *pass) {
    struct trace *trace = pass->trace;
    const struct view *values = values_close(pass);
    int begin = trace->end;
    if (trace->fired) {
        outcome_add(trace, OUTCOME_FIRED, trace->fired);
    }
    if (trace->needs) {
        outcome_add(trace, OUTCOME_NOT_EVALUATED, trace->lines)->needs = trace->needs;
    }
    if (trace->end == begin) {
        if (trace->quiet) {
            quiet_reason(pass);
        }
        bool judged = trace->idle < groups_count(pass, trace->check, trace->lines);
        outcome_add(trace, judged ? OUTCOME_PASSED : OUTCOME_NOT_APPLICABLE, trace->lines)
            ->reason = judged ? VIEW("") : trace->reason;
    }
    for (int i = begin; i < trace->end; i++) {
        trace->at[i].values = values;
        trace->at[i].value_count = trace->value_count;
    }
}

/* ---- mechanical rules -------------------------------------------------------------------- */

static void pair_value(struct audit_pass *pass, const struct audit_line *column1,
                       const struct audit_line *column2) {
    struct store_pair pair;
    struct code modifier = CODE_NONE;
    int number = 0;
    if (column1->from.day != column2->from.day ||
        !store_pair(pass->store, column1->id, column2->id, column1->when, &pair)) {
        return;
    }
    struct text text;
    text_open(&text, pass);
    text_line(&text, column1);
    text_add(&text, " before ");
    text_line(&text, column2);
    text_add(&text, ": indicator ");
    text_view(&text, (struct view){&pair.indicator, 1});
    if (pair_bypass(pass, column1, column2, pair.indicator, &modifier, &number)) {
        text_add(&text, ", bypassed by ");
        text_code(&text, modifier);
        text_add(&text, " on line ");
        text_int(&text, number);
    } else {
        text_add(&text, ", no modifier bypasses it");
    }
    text_add(&text, payer_pays(pass, column1, column2) ? "; the payer pays both" : "");
    trace_value(pass->trace, &text);
    pass->trace->lines |= LINE_BIT(column1->index) | LINE_BIT(column2->index);
}

static void pair_values(struct audit_pass *pass) {
    for (int i = 0; i < pass->line_count; i++) {
        for (int j = 0; j < pass->line_count; j++) {
            if (i != j && line_stands(&pass->lines[i]) && line_stands(&pass->lines[j]) &&
                pass->lines[i].id != pass->lines[j].id) {
                pair_value(pass, &pass->lines[i], &pass->lines[j]);
            }
        }
    }
}

static void mechanical_add(struct audit_pass *pass, const struct rule *rule) {
    struct trace *trace = pass->trace;
    struct audit_trace found = {.rule = rule, .outcome = OUTCOME_PASSED, .reason = VIEW("")};
    bool failed = false;
    for (int i = 0; i < pass->finding_count; i++) {
        if (pass->findings[i].rule == rule) {
            found.outcome = OUTCOME_FIRED;
            found.lines |= pass->findings[i].line_bits;
            failed |= pass->findings[i].status == AUDIT_FAIL;
            found.reason = audit_status_name(pass->findings[i].status);
        }
    }
    for (int i = 0; i < pass->gap_count; i++) {
        if (pass->gaps[i].rule == rule) {
            found.outcome = found.outcome == OUTCOME_FIRED ? found.outcome : OUTCOME_NOT_EVALUATED;
        }
    }
    found.reason = failed ? VIEW("") : found.reason;
    found.values = values_close(pass);
    found.value_count = trace->value_count;
    found.lines |= trace->lines;
    if (found.outcome != OUTCOME_PASSED || found.value_count > 0) {
        trace->at[--trace->first] = found;
    }
}

void trace_mechanical(struct audit_pass *pass) {
    struct trace *trace = pass->trace;
    for (int i = AUDIT_RULES - 1; i >= 0; i--) {
        trace_open(pass, NULL, 0);
        if (i == RULE_NCCI_PTP) {
            pair_values(pass);
        }
        mechanical_add(pass, audit_rule(pass, (enum audit_rule)i));
    }
    trace->check = NULL;
}
