/* Conditions: maps such as {fact: probe_temperature_c, at_least: 80}. */
#include "rule/parse.h"

static bool test_read(struct reading *reading, const struct yaml_node *node, bool alternatives,
                      struct rule_test *test);

/* ---- values ------------------------------------------------------------------------------ */

static bool truth_read(struct reading *reading, const struct yaml_node *node, int64_t *truth) {
    static const char *const words[] = {"false", "true"};
    int chosen = word_choose(reading, node, words, COUNT_OF(words), "true, false");
    *truth = chosen;
    return chosen >= 0;
}

static bool number_read(struct reading *reading, const struct yaml_node *node, int64_t *milli) {
    struct quantity quantity =
        node->kind == YAML_SCALAR ? quantity_from(node->text) : QUANTITY_NONE;
    *milli = quantity.milli;
    return quantity_given(quantity) || NODE_REFUSE(reading->file, node, "rule_value",
                                                   "must be a number with at most three decimals");
}

/* The values of a word as bits, so that `is` with a list is one comparison. */
static bool word_values_read(struct reading *reading, const struct yaml_node *node,
                             struct rule_test *test) {
    struct rule_names names;
    if (!names_read(reading, node, &names)) {
        return false;
    }
    const struct yaml_node *place = node->kind == YAML_LIST ? node->child : node;
    for (int i = 0; i < names.count; i++, place = place->next) {
        int word = claim_fact_word((enum claim_fact_name)test->field, names.at[i]);
        if (word < 0) {
            return NODE_REFUSE(reading->file, place, "rule_value", "must be one of %s",
                               claim_fact_row((enum claim_fact_name)test->field)->values);
        }
        test->words |= UINT64_C(1) << word;
    }
    return true;
}

static bool level_read(struct reading *reading, const struct yaml_node *node,
                       struct rule_test *test) {
    if (node->kind == YAML_SCALAR) {
        levels_add(&test->levels, node->text);
    }
    return (test->levels.joints && !test->levels.other) ||
           NODE_REFUSE(reading->file, node, "rule_value", "must be a joint such as T12-L1");
}

static bool is_truth(const struct rule_test *test) {
    if (test->subject == TEST_SERVICE) {
        return rule_service_is_truth((enum rule_service_field)test->field);
    }
    return claim_fact_row((enum claim_fact_name)test->field)->type == FACT_TRUTH;
}

static bool is_number(const struct rule_test *test) {
    if (test->subject == TEST_SERVICE) {
        return !rule_service_is_truth((enum rule_service_field)test->field);
    }
    return claim_fact_row((enum claim_fact_name)test->field)->type == FACT_NUMBER;
}

static bool is_read(struct reading *reading, const struct yaml_node *node, struct rule_test *test) {
    if (is_truth(test)) {
        return truth_read(reading, node, &test->number);
    }
    if (is_number(test)) {
        return number_read(reading, node, &test->number);
    }
    enum fact_type type = claim_fact_row((enum claim_fact_name)test->field)->type;
    if (type == FACT_WORD) {
        return word_values_read(reading, node, test);
    }
    return type == FACT_TEXT ? names_read(reading, node, &test->texts)
                             : NODE_REFUSE(reading->file, node, "rule_value",
                                           "this fact is compared with given or names_level");
}

static bool value_read(struct reading *reading, const struct yaml_node *node,
                       struct rule_test *test) {
    switch (test->operator) {
    case TEST_GIVEN: return truth_read(reading, node, &test->number);
    case TEST_IS:
    case TEST_IS_NOT: return is_read(reading, node, test);
    case TEST_NAMES_LEVEL:
    case TEST_NOT_LEVEL: return level_read(reading, node, test);
    default:
        return is_number(test)
                   ? number_read(reading, node, &test->number)
                   : NODE_REFUSE(reading->file, node, "rule_value", "this fact is no number");
    }
}

/* ---- one condition ----------------------------------------------------------------------- */

static bool subject_read(struct reading *reading, const struct yaml_node *node,
                         struct rule_test *test) {
    struct view key = node->key->text;
    if (view_equal(key, VIEW("fact"))) {
        test->subject = TEST_FACT;
        test->field = node->kind == YAML_SCALAR ? (int)claim_fact_find(node->text) : CLAIM_FACTS;
        return test->field != CLAIM_FACTS ||
               NODE_REFUSE(reading->file, node, "rule_value",
                           "no such fact; see claimvet rules show --kinds");
    }
    test->subject = TEST_SERVICE;
    for (int i = 0; node->kind == YAML_SCALAR && i < SERVICE_FIELDS; i++) {
        if (view_equal(node->text, rule_service_name((enum rule_service_field)i))) {
            test->field = i;
            return true;
        }
    }
    return NODE_REFUSE(reading->file, node, "rule_value",
                       "no such field of an earlier service; see claimvet rules show --kinds");
}

static bool any_read(struct reading *reading, const struct yaml_node *node,
                     struct rule_test *test) {
    struct rule_tests tests = {0};
    test->subject = TEST_ANY;
    if (!list_check(reading, node, 0)) {
        return false;
    }
    struct rule_test *at = ARENA_NEW(reading->file->arena, struct rule_test, children_count(node));
    if (!at) {
        return memory_refuse(reading->file);
    }
    for (const struct yaml_node *child = node->child; child; child = child->next) {
        if (!test_read(reading, child, false, &at[tests.count++])) {
            return false;
        }
    }
    test->any = at;
    test->any_count = tests.count;
    return tests.count > 1 ||
           NODE_REFUSE(reading->file, node, "rule_value", "needs two alternatives or more");
}

static const struct yaml_node *entry_other(const struct yaml_node *map,
                                           const struct yaml_node *subject) {
    return map->child == subject ? subject->next : map->child;
}

static const struct yaml_node *subject_of(const struct yaml_node *map) {
    for (const struct yaml_node *entry = map->child; entry; entry = entry->next) {
        if (view_equal(entry->key->text, VIEW("fact")) ||
            view_equal(entry->key->text, VIEW("service"))) {
            return entry;
        }
    }
    return NULL;
}

static bool comparison_read(struct reading *reading, const struct yaml_node *node,
                            struct rule_test *test) {
    const struct yaml_node *subject = subject_of(node);
    if (!subject || children_count(node) != 2) {
        return NODE_REFUSE(reading->file, node, "rule_value",
                           "must be a fact or service with one comparison, a diagnosis or any");
    }
    if (!subject_read(reading, subject, test)) {
        return false;
    }
    const struct yaml_node *value = entry_other(node, subject);
    for (int i = 0; i < TEST_OPERATORS; i++) {
        if (view_equal(value->key->text, rule_operator_name((enum rule_operator)i))) {
            test->operator=(enum rule_operator) i;
            return value_read(reading, value, test);
        }
    }
    return NODE_REFUSE(reading->file, value->key, "rule_unknown_key",
                       "compare with given, is, is_not, at_least, at_most, above, below, "
                       "names_level or not_level");
}

static bool test_read(struct reading *reading, const struct yaml_node *node, bool alternatives,
                      struct rule_test *test) {
    const struct yaml_node *only = node->kind == YAML_MAP ? node->child : NULL;
    if (!only) {
        return NODE_REFUSE(reading->file, node, "rule_value",
                           "must be a condition such as {fact: levels_count, at_most: 2}");
    }
    if (!only->next && view_equal(only->key->text, VIEW("diagnosis"))) {
        test->subject = TEST_DIAGNOSIS;
        return codes_read(reading, only, &test->codes);
    }
    if (alternatives && !only->next && view_equal(only->key->text, VIEW("any"))) {
        return any_read(reading, only, test);
    }
    return comparison_read(reading, node, test);
}

bool tests_read(struct reading *reading, const struct yaml_node *node, struct rule_tests *tests) {
    if (!list_check(reading, node, 0)) {
        return false;
    }
    struct rule_test *at = ARENA_NEW(reading->file->arena, struct rule_test, children_count(node));
    if (!at) {
        return memory_refuse(reading->file);
    }
    *tests = (struct rule_tests){at, 0};
    for (const struct yaml_node *child = node->child; child; child = child->next) {
        if (!test_read(reading, child, true, &at[tests->count++])) {
            return false;
        }
    }
    return true;
}
