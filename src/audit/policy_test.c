/* Conditions on the chart, on diagnoses and on an earlier service, with three answers. */
#include "audit/policy.h"
#include "audit/trace.h"

/* ---- answers ----------------------------------------------------------------------------- */

static enum truth truth_of(bool yes) { return yes ? TRUTH_YES : TRUTH_NO; }

static enum truth number_answer(const struct rule_test *test, int64_t number) {
    switch (test->operator) {
    case TEST_IS: return truth_of(number == test->number);
    case TEST_IS_NOT: return truth_of(number != test->number);
    case TEST_AT_LEAST: return truth_of(number >= test->number);
    case TEST_AT_MOST: return truth_of(number <= test->number);
    case TEST_ABOVE: return truth_of(number > test->number);
    default: return truth_of(number < test->number);
    }
}

static char lower(char c) { return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c); }

/* Words of a chart are compared without capitals, blanks and hyphens: "Intra-articular". */
static bool words_equal(struct view a, struct view b) {
    ptrdiff_t i = 0;
    ptrdiff_t j = 0;
    for (;;) {
        while (i < a.size && (a.at[i] == ' ' || a.at[i] == '-' || a.at[i] == '_')) {
            i++;
        }
        while (j < b.size && (b.at[j] == ' ' || b.at[j] == '-' || b.at[j] == '_')) {
            j++;
        }
        if (i == a.size || j == b.size) {
            return i == a.size && j == b.size;
        }
        if (lower(a.at[i++]) != lower(b.at[j++])) {
            return false;
        }
    }
}

static bool words_among(struct view word, const struct rule_names *names) {
    for (int i = 0; i < names->count; i++) {
        if (words_equal(word, names->at[i])) {
            return true;
        }
    }
    return false;
}

static enum truth given_fact_answer(const struct rule_test *test, const struct claim_fact *fact) {
    bool negated = test->operator== TEST_IS_NOT;
    if (test->operator== TEST_NAMES_LEVEL || test->operator== TEST_NOT_LEVEL) {
        bool names = (fact->levels.joints & test->levels.joints) != 0;
        return truth_of(names == (test->operator== TEST_NAMES_LEVEL));
    }
    switch (claim_fact_row((enum claim_fact_name)test->field)->type) {
    case FACT_WORD: return truth_of((test->words >> fact->number & 1) != negated);
    case FACT_TEXT: return truth_of(words_among(fact->text, &test->texts) != negated);
    default: return number_answer(test, fact->number);
    }
}

/* Known to be absent: nothing can be read from it, but "is not" and "given: false" hold. */
static enum truth fact_answer(struct policy *policy, const struct rule_test *test) {
    const struct claim_fact *fact =
        claim_fact(policy->pass->claim, (enum claim_fact_name)test->field);
    if (fact->state == FACT_UNKNOWN) {
        policy->needs |= NEED(test->field);
        return TRUTH_UNKNOWN;
    }
    if (test->operator== TEST_GIVEN) {
        return truth_of((fact->state == FACT_GIVEN) == (test->number == 1));
    }
    if (fact->state == FACT_ABSENT) {
        bool no_truth = claim_fact_row((enum claim_fact_name)test->field)->type == FACT_TRUTH;
        return truth_of(test->operator== TEST_IS_NOT || test->operator==
                        TEST_NOT_LEVEL ||(no_truth && test->number == 0));
    }
    return given_fact_answer(test, fact);
}

/* Months of relief; weeks are taken when the history has no months (52 weeks are 12 months). */
static struct quantity relief_months(const struct claim_service *service) {
    if (quantity_given(service->relief_months) || !quantity_given(service->relief_weeks)) {
        return service->relief_months;
    }
    return (struct quantity){service->relief_weeks.milli * 12 / 52};
}

static enum truth service_truth(const struct claim_service *service, int field) {
    switch (field) {
    case SERVICE_ADL_IMPROVEMENT: return service->adl_improvement;
    case SERVICE_SAME_APPROACH: return service->same_approach;
    case SERVICE_SAME_LEVEL: return service->same_level;
    default: return service->same_steroid;
    }
}

static struct quantity service_number(const struct claim_service *service, int field) {
    return field == SERVICE_RELIEF_PERCENT ? service->relief_percent
           : field == SERVICE_RELIEF_HOURS ? service->relief_hours
                                           : relief_months(service);
}

/* Interlaminar and transforaminal are two approaches: the codes tell them apart. */
static bool approach_differs(const struct policy *policy, const struct past *past) {
    const struct audit_line *line = lines_first(policy, policy->lines);
    return past->has_family && line->has_family &&
           !view_equal(past->family.family, line->family.family);
}

static enum truth service_answer(struct policy *policy, const struct rule_test *test,
                                 const struct past *past) {
    const struct claim_service *service = past->service;
    if (test->field == SERVICE_DAYS_BEFORE) {
        const struct audit_line *line = lines_first(policy, policy->lines);
        return number_answer(test, 1000 * (int64_t)(line->from.day - past->on.day));
    }
    if (service && test->field >= SERVICE_ADL_IMPROVEMENT) {
        enum truth truth = service_truth(service, test->field);
        if (truth == TRUTH_UNKNOWN && test->field == SERVICE_SAME_APPROACH &&
            approach_differs(policy, past)) {
            truth = TRUTH_NO;
        }
        if (truth != TRUTH_UNKNOWN) {
            return number_answer(test, truth == TRUTH_YES);
        }
    } else if (service) {
        struct quantity number = service_number(service, test->field);
        if (quantity_given(number)) {
            return number_answer(test, number.milli);
        }
    }
    policy->needs |= NEED(NEED_HISTORY_RELIEF);
    return TRUTH_UNKNOWN;
}

static enum truth diagnosis_answer(const struct policy *policy, const struct rule_test *test) {
    const struct claim *claim = policy->pass->claim;
    for (int i = 0; i < claim->diagnosis_count; i++) {
        for (int j = 0; j < test->codes.count; j++) {
            if (code_given(claim->diagnoses[i]) &&
                code_starts(claim->diagnoses[i], test->codes.at[j])) {
                return TRUTH_YES;
            }
        }
    }
    return truth_of(false);
}

static enum truth simple_answer(struct policy *policy, const struct rule_test *test,
                                const struct past *past) {
    switch (test->subject) {
    case TEST_FACT: return fact_answer(policy, test);
    case TEST_DIAGNOSIS: return diagnosis_answer(policy, test);
    default: return past ? service_answer(policy, test, past) : TRUTH_NO;
    }
}

enum truth test_answer(struct policy *policy, const struct rule_test *test,
                       const struct past *past) {
    if (test->subject != TEST_ANY) {
        return simple_answer(policy, test, past);
    }
    uint64_t before = policy->needs;
    enum truth answer = TRUTH_NO;
    for (int i = 0; i < test->any_count; i++) {
        enum truth one = simple_answer(policy, &test->any[i], past);
        if (one == TRUTH_YES) {
            policy->needs = before;
            return TRUTH_YES;
        }
        answer = one == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : answer;
    }
    return answer;
}

enum truth tests_answer(struct policy *policy, struct rule_tests tests, const struct past *past) {
    enum truth answer = TRUTH_YES;
    for (int i = 0; i < tests.count; i++) {
        enum truth one = test_answer(policy, &tests.at[i], past);
        if (one == TRUTH_NO) {
            return TRUTH_NO;
        }
        answer = one == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : answer;
    }
    return answer;
}

/* ---- words ------------------------------------------------------------------------------- */

void text_fact_name(struct text *text, struct view name) {
    for (ptrdiff_t i = 0; i < name.size; i++) {
        text_view(text, name.at[i] == '_' ? VIEW(" ") : view_sub(name, i, 1));
    }
}

static void text_milli(struct text *text, int64_t milli) {
    text_quantity(text, (struct quantity){milli});
}

/* n-th of the values of a word. */
static struct view word_at(const struct claim_fact_row *row, int64_t n) {
    struct view rest = view_of(row->values);
    struct view word = VIEW("");
    for (int64_t i = 0; i <= n && rest.at; i++) {
        word = view_cut(&rest, ' ');
    }
    return word;
}

static void text_fact(struct text *text, const struct claim_fact_row *row,
                      const struct claim_fact *fact) {
    if (fact->state == FACT_UNKNOWN) {
        text_add(text, " is not known");
        return;
    }
    if (fact->state == FACT_ABSENT && row->type != FACT_TRUTH) {
        text_add(text, " is not documented");
        return;
    }
    text_add(text, " is ");
    switch (row->type) {
    case FACT_NUMBER: text_milli(text, fact->number); break;
    case FACT_TRUTH: text_add(text, fact->number ? "yes" : "no"); break;
    case FACT_WORD: text_view(text, word_at(row, fact->number)); break;
    case FACT_TEXT: text_given(text, fact->text); break;
    case FACT_DATE: text_date(text, (struct date){(int32_t)fact->number}); break;
    case FACT_LIST: text_int(text, fact->number); break;
    }
}

static void text_words_wanted(struct text *text, const struct claim_fact_row *row, uint64_t words) {
    bool first = true;
    for (int i = 0; i < 64; i++) {
        if (words >> i & 1) {
            text_add(text, first ? "" : " or ");
            text_view(text, word_at(row, i));
            first = false;
        }
    }
}

/* What a test asks for: of a failure what must be, otherwise what was asked. */
static const char *const words_must[TEST_OPERATORS] = {[TEST_IS] = ", must be ",
                                                       [TEST_IS_NOT] = ", must not be ",
                                                       [TEST_AT_LEAST] = ", must be at least ",
                                                       [TEST_AT_MOST] = ", must be at most ",
                                                       [TEST_ABOVE] = ", must be above ",
                                                       [TEST_BELOW] = ", must be below "};
static const char *const words_asked[TEST_OPERATORS] = {[TEST_GIVEN] = ", asked ",
                                                        [TEST_IS] = ", asked ",
                                                        [TEST_IS_NOT] = ", asked not ",
                                                        [TEST_AT_LEAST] = ", at least ",
                                                        [TEST_AT_MOST] = ", at most ",
                                                        [TEST_ABOVE] = ", above ",
                                                        [TEST_BELOW] = ", below ",
                                                        [TEST_NAMES_LEVEL] = ", asked names ",
                                                        [TEST_NOT_LEVEL] =
                                                            ", asked does not name "};

static void text_joints(struct text *text, uint32_t joints) {
    struct out words;
    out_open(&words, NULL, NULL);
    rule_joints_words(&words, joints);
    text_view(text, out_bytes(&words));
    out_close(&words);
}

static bool names_level(const struct rule_test *test) {
    return test->operator== TEST_NAMES_LEVEL || test->operator== TEST_NOT_LEVEL;
}

static bool test_is_truth(const struct rule_test *test, const struct claim_fact_row *row) {
    return test->operator==
        TEST_GIVEN ||(row ? row->type == FACT_TRUTH : test->field >= SERVICE_ADL_IMPROVEMENT);
}

static void text_truth(struct text *text, const struct rule_test *test) {
    if (test->operator== TEST_GIVEN) {
        text_add(text, test->number ? "documented" : "not documented");
    } else {
        text_add(text, test->number ? "yes" : "no");
    }
}

static void text_wanted(struct text *text, const struct rule_test *test,
                        const char *const words[TEST_OPERATORS]) {
    const struct claim_fact_row *row =
        test->subject == TEST_FACT ? claim_fact_row((enum claim_fact_name)test->field) : NULL;
    bool truth = test_is_truth(test, row);
    if ((truth && words == words_must) || !words[test->operator]) {
        return; /* "no" says it all */
    }
    text_add(text, words[test->operator]);
    if (names_level(test)) {
        text_joints(text, test->levels.joints);
    } else if (truth) {
        text_truth(text, test);
    } else if (row && row->type == FACT_WORD) {
        text_words_wanted(text, row, test->words);
    } else if (row && row->type == FACT_TEXT) {
        text_view(text, test->texts.at[0]);
        text_add(text, words == words_asked && test->texts.count > 1 ? " or the like" : "");
    } else {
        text_milli(text, test->number);
    }
}

static void text_service(struct text *text, const struct rule_test *test, const struct past *past) {
    struct view name = rule_service_name((enum rule_service_field)test->field);
    text_fact_name(text, name);
    if (!past || test->field == SERVICE_DAYS_BEFORE) {
        text_add(text, " does not hold");
    } else if (!past->service) {
        text_add(text, " is not known");
    } else if (test->field >= SERVICE_ADL_IMPROVEMENT) {
        enum truth truth = service_truth(past->service, test->field);
        text_add(text, truth == TRUTH_UNKNOWN ? " is not documented"
                       : truth == TRUTH_YES   ? " is yes"
                                              : " is no");
    } else {
        struct quantity number = service_number(past->service, test->field);
        text_add(text, quantity_given(number) ? " is " : " is not known");
        if (quantity_given(number)) {
            text_quantity(text, number);
        }
    }
}

static void text_test(struct text *text, struct policy *policy, const struct rule_test *test,
                      const struct past *past, const char *const words[TEST_OPERATORS]) {
    if (test->subject == TEST_DIAGNOSIS) {
        text_add(text, "no such diagnosis");
        return;
    }
    if (test->subject == TEST_FACT) {
        const struct claim_fact_row *row = claim_fact_row((enum claim_fact_name)test->field);
        text_fact_name(text, row->name);
        text_fact(text, row, claim_fact(policy->pass->claim, (enum claim_fact_name)test->field));
    } else {
        text_service(text, test, past);
    }
    text_wanted(text, test, words);
}

void text_tests(struct text *text, struct policy *policy, struct rule_tests tests,
                const struct past *past) {
    uint64_t needs = policy->needs;
    bool first = true;
    for (int i = 0; i < tests.count; i++) {
        const struct rule_test *test = &tests.at[i];
        if (test_answer(policy, test, past) != TRUTH_NO) {
            continue;
        }
        bool several = test->subject == TEST_ANY;
        for (int j = 0; j < (several ? test->any_count : 1); j++) {
            text_add(text, first ? "" : several && j > 0 ? ", and " : "; ");
            text_test(text, policy, several ? &test->any[j] : test, past, words_must);
            first = false;
        }
    }
    policy->needs = needs;
}

/* "days before is 20, at least 14", which no failure says. */
static void text_days_before(struct text *text, const struct policy *policy,
                             const struct rule_test *test, const struct past *past) {
    const struct audit_line *line = lines_first(policy, policy->lines);
    text_add(text, "days before is ");
    text_int(text, line->from.day - past->on.day);
    text_wanted(text, test, words_asked);
}

static void text_diagnosis(struct text *text, const struct rule_test *test) {
    text_add(text, "a diagnosis that begins with ");
    for (int i = 0; i < test->codes.count; i++) {
        text_add(text, i > 0 ? " or " : "");
        text_code(text, test->codes.at[i]);
    }
}

static void text_simple_found(struct text *text, struct policy *policy,
                              const struct rule_test *test, const struct past *past) {
    const struct claim_fact *fact =
        test->subject == TEST_FACT && names_level(test)
            ? claim_fact(policy->pass->claim, (enum claim_fact_name)test->field)
            : NULL;
    if (test->subject == TEST_DIAGNOSIS) {
        text_diagnosis(text, test);
    } else if (fact && fact->state == FACT_GIVEN && fact->levels.joints) {
        text_fact_name(text, claim_fact_row((enum claim_fact_name)test->field)->name);
        text_add(text, " is ");
        text_joints(text, fact->levels.joints);
        text_wanted(text, test, words_asked);
    } else if (test->subject == TEST_SERVICE && past && test->field == SERVICE_DAYS_BEFORE) {
        text_days_before(text, policy, test, past);
    } else {
        text_test(text, policy, test, past, words_asked);
    }
}

void text_test_found(struct text *text, struct policy *policy, const struct rule_test *test,
                     const struct past *past) {
    uint64_t needs = policy->needs;
    enum truth answer = test_answer(policy, test, past);
    if (test->subject != TEST_ANY) {
        text_simple_found(text, policy, test, past);
    }
    for (int i = 0; test->subject == TEST_ANY && i < test->any_count; i++) {
        text_add(text, i > 0 ? ", or " : "");
        text_simple_found(text, policy, &test->any[i], past);
    }
    text_add(text, answer == TRUTH_YES  ? ": holds"
                   : answer == TRUTH_NO ? ": does not hold"
                                        : ": not known");
    policy->needs = needs;
}

/* ---- requires_chart ---------------------------------------------------------------------- */

/* Evidence: the facts that decided. */
static void finding_facts(struct policy *policy, struct audit_finding *finding) {
    struct rule_tests tests = policy->check->tests[RULE_require];
    for (int i = 0; i < tests.count; i++) {
        if (tests.at[i].subject == TEST_FACT &&
            test_answer(policy, &tests.at[i], NULL) == TRUTH_NO) {
            finding_source(policy->pass, finding, VIEW("chart"),
                           claim_fact_row((enum claim_fact_name)tests.at[i].field)->name);
        }
    }
}

void policy_requires_chart(struct policy *policy) {
    struct rule_tests tests = policy->check->tests[RULE_require];
    enum truth answer = tests_answer(policy, tests, NULL);
    if (policy->pass->trace) {
        trace_tests(policy, "require", tests, NULL);
    }
    if (answer == TRUTH_UNKNOWN) {
        policy_lacks(policy, policy->needs);
    }
    if (answer != TRUTH_NO) {
        return;
    }
    struct text text;
    struct audit_finding *finding = policy_finding(policy, policy->lines, &text);
    text_tests(&text, policy, tests, NULL);
    finding->message = text_close(&text);
    finding_facts(policy, finding);
}
