/* The values of an entry, and whole rules, as words for a person and as JSON. */
#include "rule/rule.h"

/* ---- lists ------------------------------------------------------------------------------- */

/* One element after another, in either form. */
struct list {
    struct out *out;
    bool json;
    int count;
};

static void list_add(struct list *list, struct view text) {
    if (list->count++ > 0) {
        out_view(list->out, list->json ? VIEW(",") : VIEW(", "));
    }
    if (list->json) {
        out_json(list->out, text);
    } else {
        out_view(list->out, text);
    }
}

static void codes_write(struct out *out, const struct rule_codes *codes, bool json) {
    struct list list = {out, json, 0};
    char text[9];
    out_view(out, json ? VIEW("[") : VIEW(""));
    for (int i = 0; i < codes->count; i++) {
        list_add(&list, code_text(codes->at[i], text));
    }
    out_view(out, json ? VIEW("]") : VIEW(""));
}

static void names_write(struct out *out, const struct rule_names *names, bool json) {
    struct list list = {out, json, 0};
    out_view(out, json ? VIEW("[") : VIEW(""));
    for (int i = 0; i < names->count; i++) {
        list_add(&list, names->at[i]);
    }
    out_view(out, json ? VIEW("]") : VIEW(""));
}

/* Those of the words whose bits are set, from bit `first` on. */
static void bits_write(struct out *out, const char *values, char separator, uint64_t bits,
                       bool json) {
    struct list list = {out, json, 0};
    struct view rest = view_of(values);
    out_view(out, json ? VIEW("[") : VIEW(""));
    for (int i = 0; rest.at; i++) {
        struct view word = view_trim(view_cut(&rest, separator));
        if (bits >> i & 1) {
            list_add(&list, word);
        }
    }
    out_view(out, json ? VIEW("]") : VIEW(""));
}

static void name_or_json(struct out *out, struct view text, bool json) {
    if (json) {
        out_json(out, text);
    } else {
        out_view(out, text);
    }
}

/* ---- conditions -------------------------------------------------------------------------- */

static void vertebra_write(struct out *out, int number) {
    if (number < 8) {
        out_format(out, "C%d", number);
    } else if (number < 20) {
        out_format(out, "T%d", number - 7);
    } else {
        out_format(out, "%c%d", number < 25 ? 'L' : 'S', number < 25 ? number - 19 : 1);
    }
}

void rule_joints_words(struct out *out, uint32_t joints) {
    bool first = true;
    for (int i = 0; i < 25; i++) {
        if (joints >> i & 1) {
            out_view(out, first ? VIEW("") : VIEW(", "));
            first = false;
            vertebra_write(out, i);
            out_char(out, '-');
            vertebra_write(out, i + 1);
        }
    }
}

static void levels_write(struct out *out, uint32_t joints, bool json) {
    out_view(out, json ? VIEW("\"") : VIEW(""));
    rule_joints_words(out, joints);
    out_view(out, json ? VIEW("\"") : VIEW(""));
}

static void truth_write(struct out *out, int64_t truth) {
    out_view(out, truth ? VIEW("true") : VIEW("false"));
}

static void milli_write(struct out *out, int64_t milli) {
    char text[24];
    out_view(out, quantity_text((struct quantity){milli}, text));
}

static bool test_is_truth(const struct rule_test *test) {
    return test->operator == TEST_GIVEN ||
           (test->subject == TEST_FACT
                ? claim_fact_row((enum claim_fact_name)test->field)->type == FACT_TRUTH
                : rule_service_is_truth((enum rule_service_field)test->field));
}

static void test_value_write(struct out *out, const struct rule_test *test, bool json) {
    const struct claim_fact_row *row =
        test->subject == TEST_FACT ? claim_fact_row((enum claim_fact_name)test->field) : NULL;
    if (test->operator == TEST_NAMES_LEVEL || test->operator == TEST_NOT_LEVEL) {
        levels_write(out, test->levels.joints, json);
    } else if (test_is_truth(test)) {
        truth_write(out, test->number);
    } else if (row && row->type == FACT_WORD) {
        bits_write(out, row->values, ' ', test->words, json);
    } else if (row && row->type == FACT_TEXT) {
        names_write(out, &test->texts, json);
    } else {
        milli_write(out, test->number);
    }
}

static void comparison_write(struct out *out, const struct rule_test *test, bool json) {
    struct view field = test->subject == TEST_FACT
                            ? claim_fact_row((enum claim_fact_name)test->field)->name
                            : rule_service_name((enum rule_service_field)test->field);
    struct view operator = rule_operator_name(test->operator);
    if (json) {
        out_view(out, test->subject == TEST_FACT ? VIEW("{\"fact\":") : VIEW("{\"service\":"));
        out_json(out, field);
        out_char(out, ',');
        out_json(out, operator);
        out_char(out, ':');
        test_value_write(out, test, true);
        out_char(out, '}');
        return;
    }
    out_view(out, test->subject == TEST_FACT ? VIEW("chart ") : VIEW("earlier service "));
    out_view(out, field);
    out_char(out, ' ');
    for (ptrdiff_t i = 0; i < operator.size; i++) {
        out_char(out, operator.at[i] == '_' ? ' ' : operator.at[i]);
    }
    out_char(out, ' ');
    test_value_write(out, test, false);
}

static void simple_test_write(struct out *out, const struct rule_test *test, bool json) {
    if (test->subject == TEST_DIAGNOSIS) {
        out_view(out, json ? VIEW("{\"diagnosis\":") : VIEW("a diagnosis that begins with "));
        codes_write(out, &test->codes, json);
        out_view(out, json ? VIEW("}") : VIEW(""));
    } else {
        comparison_write(out, test, json);
    }
}

static void test_write(struct out *out, const struct rule_test *test, bool json) {
    if (test->subject != TEST_ANY) {
        simple_test_write(out, test, json);
        return;
    }
    out_view(out, json ? VIEW("{\"any\":[") : VIEW("any of ("));
    for (int i = 0; i < test->any_count; i++) {
        out_view(out, i == 0 ? VIEW("") : json ? VIEW(",") : VIEW("; "));
        simple_test_write(out, &test->any[i], json);
    }
    out_view(out, json ? VIEW("]}") : VIEW(")"));
}

static void tests_write(struct out *out, const struct rule_tests *tests, bool json) {
    out_view(out, json ? VIEW("[") : VIEW(""));
    for (int i = 0; i < tests->count; i++) {
        out_view(out, i == 0 ? VIEW("") : json ? VIEW(",") : VIEW("; and "));
        test_write(out, &tests->at[i], json);
    }
    out_view(out, json ? VIEW("]") : VIEW(""));
}

/* ---- one value --------------------------------------------------------------------------- */

static void value_write(struct out *out, const struct rule_check *check,
                        const struct rule_key *key, bool json) {
    const void *member = (const char *)check + key->member;
    switch (key->type) {
    case KEY_NUMBER:
        out_int(out, check->number[key->at]);
        out_view(out, json ? VIEW("") : VIEW(" "));
        out_view(out, json ? VIEW("") : view_of(key->unit));
        break;
    case KEY_CODES: codes_write(out, &check->codes[key->at], json); break;
    case KEY_NAMES: names_write(out, &check->names[key->at], json); break;
    case KEY_TESTS: tests_write(out, &check->tests[key->at], json); break;
    case KEY_WORDS:
        bits_write(out, key->values, ',', *(const uint32_t *)member >> key->at, json);
        break;
    case KEY_TEXT: name_or_json(out, *(const struct view *)member, json); break;
    case KEY_CHOICE:
        bits_write(out, key->values, ',', *(const bool *)member ? 2 : 1, json);
        break;
    }
}

void rule_value_words(struct out *out, const struct rule_check *check, const struct rule_key *key) {
    value_write(out, check, key, false);
}

void rule_value_json(struct out *out, const struct rule_check *check, const struct rule_key *key) {
    value_write(out, check, key, true);
}

/* ---- one rule as JSON -------------------------------------------------------------------- */

static void field_text(struct out *out, const char *name, struct view text) {
    out_format(out, ",\"%s\":", name);
    out_json(out, text);
}

static void field_date(struct out *out, const char *name, struct date date) {
    char text[11];
    out_format(out, ",\"%s\":", name);
    if (date_given(date)) {
        out_json(out, date_text(date, text));
    } else {
        OUT_TEXT(out, "null");
    }
}

static void entry_dump(struct out *out, const struct rule_check *check) {
    OUT_TEXT(out, "{\"kind\":");
    out_json(out, rule_kind_name(check->kind));
    field_text(out, "severity", rule_severity_name(check->severity));
    field_text(out, "status", rule_state_name(check->state));
    field_date(out, "since", check->since);
    field_date(out, "until", check->until);
    for (int i = 0; i < rule_key_count(); i++) {
        const struct rule_key *key = rule_key_at(i);
        if (rule_key_given(check, key)) {
            out_char(out, ',');
            out_json(out, key->name);
            out_char(out, ':');
            rule_value_json(out, check, key);
        }
    }
    if (check->message.size > 0) {
        field_text(out, "message", check->message);
    }
    if (check->fix.size > 0) {
        field_text(out, "fix", check->fix);
    }
    out_char(out, ',');
    out_view(out, check->json_cite);
    out_char(out, '}');
}

void rule_dump(struct out *out, const struct rule *rule) {
    OUT_TEXT(out, "{\"id\":");
    out_json(out, rule->id);
    out_format(out, ",\"version\":%d", rule->version);
    if (rule->overrides > 0) {
        out_format(out, ",\"overrides\":%d", rule->overrides);
    }
    field_text(out, "title", rule->title);
    field_text(out, "severity", rule_severity_name(rule->severity));
    field_text(out, "status", rule_state_name(rule->state));
    field_text(out, "kind", rule->kind);
    field_date(out, "since", rule->since);
    field_date(out, "until", rule->until);
    field_text(out, "why", rule->why);
    field_text(out, "fix", rule->fix);
    out_char(out, ',');
    out_view(out, rule->json_cite);
    if (rule->json_expect.size > 0) {
        out_char(out, ',');
        out_view(out, rule->json_expect);
    }
    OUT_TEXT(out, ",\"entries\":[");
    for (int i = 0; i < rule->check_count; i++) {
        out_view(out, i > 0 ? VIEW(",") : VIEW(""));
        entry_dump(out, &rule->checks[i]);
    }
    out_format(out, "],\"examples\":%d}", rule->example_count);
}
