/* The values that a kind of check looked at: for the trace. */
#include "audit/trace.h"

void trace_tests(struct policy *policy, const char *name, struct rule_tests tests,
                 const struct past *past) {
    uint64_t needs = policy->needs;
    for (int i = 0; i < tests.count; i++) {
        struct text text;
        text_open(&text, policy->pass);
        text_add(&text, name);
        text_add(&text, ": ");
        text_test_found(&text, policy, &tests.at[i], past);
        trace_value(policy->pass->trace, &text);
    }
    policy->needs = needs;
}

/* ---- history ----------------------------------------------------------------------------- */

static bool looks_back(enum rule_kind kind) {
    return kind == RULE_KIND_session_limit || kind == RULE_KIND_min_interval ||
           kind == RULE_KIND_requires_history || kind == RULE_KIND_forbids_history ||
           kind == RULE_KIND_last_service || kind == RULE_KIND_long_course ||
           kind == RULE_KIND_same_day_repeat;
}

void trace_limits(struct policy *policy) {
    struct text text;
    bool any = false;
    text_open(&text, policy->pass);
    text_add(&text, "asked:");
    for (int i = 0; i < rule_key_count(); i++) {
        const struct rule_key *key = rule_key_at(i);
        if (key->type == KEY_NUMBER && rule_key_given(policy->check, key)) {
            text_add(&text, any ? ", " : " ");
            text_fact_name(&text, key->name);
            text_add(&text, " ");
            text_int(&text, policy->check->number[key->at]);
            any = true;
        }
    }
    if (any) {
        trace_value(policy->pass->trace, &text);
    }
    if (looks_back(policy->check->kind)) {
        int count;
        pasts_of(policy->pass, &count);
        text_open(&text, policy->pass);
        text_add(&text, "earlier services of the patient: ");
        text_int(&text, count);
        text_add(&text, pasts_complete(policy->pass) ? " known, the history is complete"
                                                     : " known, a history is not given");
        trace_value(policy->pass->trace, &text);
    }
}

/* What would count but for the conditions on the service: which of them does not hold. */
static void service_value(struct policy *policy, const struct past *past) {
    struct text text;
    text_open(&text, policy->pass);
    text_past(&text, past);
    text_add(&text, " does not count: ");
    text_tests(&text, policy, policy->check->tests[RULE_service], past);
    trace_value(policy->pass->trace, &text);
}

static void service_values(struct policy *policy, const struct audit_line *line,
                           struct date first, bool strict) {
    struct rule_check check = *policy->check;
    check.tests[RULE_service] = (struct rule_tests){NULL, 0};
    struct policy other = {.pass = policy->pass, .check = &check, .lines = policy->lines};
    int count;
    const struct past *pasts = pasts_of(policy->pass, &count);
    for (int i = 0; i < count && policy->check->tests[RULE_service].count > 0; i++) {
        if (pasts[i].on.day >= first.day &&
            past_counts(&other, &pasts[i], line, strict) != TRUTH_NO &&
            past_counts(policy, &pasts[i], line, strict) == TRUTH_NO) {
            service_value(policy, &pasts[i]);
        }
    }
}

/* The services that answer so, the last of them by name. */
static void text_services(struct text *text, struct policy *policy, const struct audit_line *line,
                          struct date first, bool strict, enum truth answer) {
    int count;
    int named = 0;
    const struct past *pasts = pasts_of(policy->pass, &count);
    for (int i = count - 1; i >= 0 && pasts[i].on.day >= first.day; i--) {
        if (past_counts(policy, &pasts[i], line, strict) != answer) {
            continue;
        }
        if (named++ == TRACE_SERVICES_MAX) {
            text_add(text, " and earlier ones");
            return;
        }
        text_add(text, named == 1 ? ": " : ", ");
        text_past(text, &pasts[i]);
    }
}

static void text_days(struct text *text, int days, const char *words) {
    text_int(text, days);
    text_add(text, days == 1 ? " day " : " days ");
    text_add(text, words);
}

static void text_span(struct text *text, const struct audit_line *line, struct date first) {
    if (first.day > INT32_MIN + 1) {
        text_add(text, " from ");
        text_date(text, first);
    }
    text_add(text, " before ");
    text_date(text, line->from);
}

void trace_counted(struct policy *policy, const struct audit_line *line, struct date first,
                   bool strict, int certain, int possible) {
    struct text text;
    uint64_t needs = policy->needs;
    text_open(&text, policy->pass);
    text_line(&text, line);
    text_add(&text, ": ");
    text_days(&text, certain, "of earlier services counted");
    text_span(&text, line, first);
    text_services(&text, policy, line, first, strict, TRUTH_YES);
    trace_value(policy->pass->trace, &text);
    if (possible > certain) {
        text_open(&text, policy->pass);
        text_line(&text, line);
        text_add(&text, ": ");
        text_days(&text, possible - certain, "more may count");
        text_services(&text, policy, line, first, strict, TRUTH_UNKNOWN);
        trace_value(policy->pass->trace, &text);
    }
    service_values(policy, line, first, strict);
    policy->needs = needs;
}

/* ---- levels, lines, diagnoses ------------------------------------------------------------ */

void trace_levels(struct policy *policy, uint64_t group, int levels, int max,
                  struct view source) {
    struct text text;
    text_open(&text, policy->pass);
    for (int i = 0; i < policy->pass->line_count; i++) {
        if (group >> i & 1) {
            text_add(&text, text.size > 0 ? ", " : "");
            text_line(&text, &policy->pass->lines[i]);
        }
    }
    text_add(&text, ": ");
    text_int(&text, levels);
    text_add(&text, levels == 1 ? " level, " : " levels, ");
    text_view(&text, source);
    text_int(&text, max);
    trace_value(policy->pass->trace, &text);
}

void trace_line(struct policy *policy, const struct audit_line *line, const char *words) {
    struct text text;
    text_open(&text, policy->pass);
    text_line(&text, line);
    text_add(&text, words);
    trace_value(policy->pass->trace, &text);
}

void trace_idle_words(struct policy *policy, const char *words) {
    struct text text;
    text_open(&text, policy->pass);
    text_add(&text, words);
    trace_idle(policy->pass->trace, &text, false);
}

void trace_modifiers(struct policy *policy) {
    for (uint64_t lines = policy->lines; lines; lines &= lines - 1) {
        const struct audit_line *line = lines_first(policy, lines);
        struct text text;
        text_open(&text, policy->pass);
        text_line(&text, line);
        text_add(&text, line->line->modifier_count > 0 ? " carries" : " carries no modifier");
        for (int i = 0; i < line->line->modifier_count; i++) {
            text_add(&text, " ");
            text_code(&text, line->line->modifiers[i]);
        }
        text_add(&text, ", the entry speaks of ");
        text_parameter(&text, policy->check, "modifiers");
        trace_value(policy->pass->trace, &text);
    }
}

void trace_cover(struct policy *policy, const struct audit_line *line, struct code dx,
                 enum rule_cover cover) {
    static const char *const words[] = {" is not taken by the list ",
                                        " is not settled by the list ", " is taken by the list "};
    struct text text;
    text_open(&text, policy->pass);
    text_line(&text, line);
    text_add(&text, ": ");
    text_dx(&text, dx);
    text_add(&text, words[cover]);
    text_view(&text, policy->check->names[RULE_covered].at[0]);
    trace_value(policy->pass->trace, &text);
}
