/* Why an entry of a policy does not look at a line, or not at the claim: for the trace. */
#include "audit/trace.h"

/* ---- words ------------------------------------------------------------------------------- */

static const struct rule_key *key_named(const char *name) {
    for (int i = 0; i < rule_key_count(); i++) {
        if (view_equal(rule_key_at(i)->name, view_of(name))) {
            return rule_key_at(i);
        }
    }
    return NULL;
}

void text_parameter(struct text *text, const struct rule_check *check, const char *name) {
    const struct rule_key *key = key_named(name);
    struct out words;
    out_open(&words, NULL, NULL);
    if (key) {
        rule_value_words(&words, check, key);
    }
    text_view(text, out_bytes(&words));
    out_close(&words);
}

/* The word of a value among those that the parameter may take. */
static void text_choice(struct text *text, const char *name, int value) {
    const struct rule_key *key = key_named(name);
    struct view rest = view_of(key ? key->values : "");
    struct view word = VIEW("not known");
    for (int i = key ? key->at : 0; i <= value && rest.at; i++) {
        word = view_trim(view_cut(&rest, ','));
    }
    text_view(text, word);
}

static void text_window(struct text *text, struct date since, struct date until) {
    text_add(text, date_given(since) ? " from " : "");
    if (date_given(since)) {
        text_date(text, since);
    }
    text_add(text, date_given(until) ? " up to " : "");
    if (date_given(until)) {
        text_date(text, until);
    }
}

static void text_dates(struct text *text, const struct rule_check *check,
                       const struct audit_line *line) {
    bool entry = !day_inside(check->since, check->until, line->from);
    text_add(text, " is of ");
    text_date(text, line->from);
    text_add(text, entry ? ", the entry holds" : ", the rule holds");
    text_window(text, entry ? check->since : check->rule->since,
                entry ? check->until : check->rule->until);
}

/* " has intent tx, the entry is for dx" */
static void text_other(struct text *text, const struct rule_check *check, const char *found,
                       const char *name) {
    text_add(text, found);
    text_add(text, ", the entry is for ");
    text_parameter(text, check, name);
}

static void text_region(struct text *text, const struct rule_check *check,
                        const struct audit_line *line) {
    enum store_region region = line->has_family ? line->family.region : REGION_NONE;
    text_other(text, check,
               region == REGION_CT   ? " is of region ct"
               : region == REGION_LS ? " is of region ls"
                                     : " names no single region",
               "regions");
}

static void text_place(struct text *text, const struct rule_check *check,
                       const struct audit_line *line) {
    text_add(text, " has place of service ");
    text_code(text, line->pos);
    text_other(text, check, "", "places");
}

static void text_units(struct text *text, const struct rule_check *check,
                       const struct audit_line *line) {
    text_add(text, " has units ");
    text_int(text, line->units);
    text_add(text, ", the entry begins at ");
    text_int(text, check->number[RULE_units_min]);
}

static void text_intent(struct text *text, const struct rule_check *check,
                        const struct audit_line *line) {
    text_add(text, " has intent ");
    text_choice(text, "intents", (int)line->intent);
    text_other(text, check, "", "intents");
}

static void text_scope(struct text *text, const struct rule_check *check,
                       const struct audit_line *line, enum line_scope scope) {
    text_line(text, line);
    if (!date_given(line->from)) {
        text_add(text, " has no date of service");
        return;
    }
    switch (scope) {
    case SCOPE_WINDOW: text_dates(text, check, line); break;
    case SCOPE_REGION: text_region(text, check, line); break;
    case SCOPE_CLASS: text_other(text, check, " is of another class", "classes"); break;
    case SCOPE_CODE: text_add(text, " is a code that the entry leaves out"); break;
    case SCOPE_PLACE: text_place(text, check, line); break;
    case SCOPE_CARRYING:
        text_add(text, " carries none of the modifiers ");
        text_parameter(text, check, "carrying");
        break;
    case SCOPE_UNITS: text_units(text, check, line); break;
    case SCOPE_IN: text_intent(text, check, line); break;
    }
}

static bool payer_other(const struct audit_pass *pass, const struct rule_check *check,
                        struct text *text) {
    struct view profile = pass->payer_known ? pass->payer.profile : VIEW("");
    const struct rule_names *payers = &check->names[RULE_payers];
    if (payers->count == 0 || names_have(payers, profile)) {
        return false;
    }
    text_add(text, profile.size > 0 ? "the payer is " : "the payer is not known");
    text_view(text, profile);
    text_other(text, check, "", "payers");
    return true;
}

/* Every line of its codes is left out: why, each reason once. */
static void entry_passed_over(struct audit_pass *pass, const struct rule_check *check,
                              uint64_t lines) {
    struct text text;
    text_open(&text, pass);
    uint64_t told = 0;
    if (!payer_other(pass, check, &text)) {
        for (int i = 0; i < pass->line_count; i++) {
            enum line_scope scope = line_scope(check, &pass->lines[i]);
            if (lines >> i & 1 && !(told >> scope & 1)) {
                text_add(&text, told ? "; " : "");
                text_scope(&text, check, &pass->lines[i], scope);
                told |= UINT64_C(1) << scope;
            }
        }
    }
    trace_idle(pass->trace, &text, true);
}

/* ---- the entries of a claim -------------------------------------------------------------- */

static void lines_consider(struct audit_pass *pass) {
    struct policy_index *index = &pass->audit->policies;
    uint64_t *considered = pass->trace->considered;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (line->id == STORE_NO_CODE) {
            continue;
        }
        for (uint32_t at = index->first[line->id]; at < index->first[line->id + 1]; at++) {
            considered[index->list[at]] |= LINE_BIT(i);
        }
        for (int at = 0; at < index->loose_count; at++) {
            int entry = index->loose[at];
            const struct rule_names *classes = &index->checks[entry]->names[RULE_classes];
            if (classes->count == 0 || line_of_class(line, classes)) {
                considered[entry] |= LINE_BIT(i);
            }
        }
    }
}

void trace_policies(struct audit_pass *pass, trace_judge *judge) {
    struct policy_index *index = &pass->audit->policies;
    lines_consider(pass);
    for (int i = 0; i < index->count; i++) {
        uint64_t considered = pass->trace->considered[i];
        bool touched = index->touched[i / 64] >> i % 64 & 1;
        uint64_t lines = touched ? index->lines[i] : 0;
        if (!touched && !considered) {
            continue;
        }
        trace_open(pass, index->checks[i], lines ? lines : considered);
        if (lines || (touched && index->unsure[i])) {
            judge(pass, i);
        } else {
            entry_passed_over(pass, index->checks[i], considered);
        }
        trace_close(pass);
    }
}

/* ---- reasons of the whole claim ---------------------------------------------------------- */

void trace_scope(struct policy *policy) {
    const struct claim *claim = policy->pass->claim;
    const struct rule_check *check = policy->check;
    struct view state = claim->payer_state;
    struct text text;
    text_open(&text, policy->pass);
    if (check->claim_types && !(check->claim_types >> claim->type & 1)) {
        text_add(&text, "the claim is of type ");
        text_choice(&text, "claim_types", (int)claim->type);
        text_other(&text, check, "", "claim_types");
    } else if (check->names[RULE_states].count > 0 &&
               !names_have(&check->names[RULE_states], state)) {
        text_add(&text, "the payer's state is ");
        text_view(&text, state.size > 0 ? state : VIEW("not known"));
        text_other(&text, check, "", "states");
    } else {
        text_add(&text, "the contractor of the state ");
        text_view(&text, state);
        text_add(&text, " has no policy ");
        text_view(&text, check->lcd);
        text_add(&text, " for ");
        text_date(&text, lines_first(policy, policy->lines)->from);
    }
    trace_idle(policy->pass->trace, &text, true);
}

void trace_excused(struct policy *policy, const struct past *past) {
    struct rule_tests tests = policy->check->tests[RULE_unless];
    struct text text;
    text_open(&text, policy->pass);
    text_add(&text, "an exception is documented: ");
    uint64_t needs = policy->needs;
    for (int i = 0; i < tests.count; i++) {
        if (test_answer(policy, &tests.at[i], past) == TRUTH_YES) {
            text_test_found(&text, policy, &tests.at[i], past);
            break;
        }
    }
    policy->needs = needs;
    trace_idle(policy->pass->trace, &text, !past);
}

void trace_conditions(struct policy *policy, enum truth applies) {
    struct rule_tests when = policy->check->tests[RULE_when];
    struct text text;
    trace_tests(policy, "when", when, NULL);
    if (policy->check->kind != RULE_KIND_last_service) {
        trace_tests(policy, "unless", policy->check->tests[RULE_unless], NULL);
    }
    if (applies == TRUTH_YES) {
        trace_limits(policy);
        return;
    }
    if (applies == TRUTH_UNKNOWN && !policy->check->silent_when_missing) {
        return; /* becomes a gap */
    }
    uint64_t needs = policy->needs;
    text_open(&text, policy->pass);
    text_add(&text, applies == TRUTH_NO ? "a condition does not hold: "
                                        : "a condition is not known, where the entry is silent: ");
    for (int i = 0; i < when.count; i++) {
        if (test_answer(policy, &when.at[i], NULL) == applies) {
            text_test_found(&text, policy, &when.at[i], NULL);
            break;
        }
    }
    policy->needs = needs;
    trace_idle(policy->pass->trace, &text, true);
}
