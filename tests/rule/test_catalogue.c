/* The shipped rules against files that lie beside the project: the catalogue of rules with their
 * severities, and the payers' code lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "os/os.h"
#include "rule/rule.h"

static struct arena arena;
static const struct rule_set *standard;
static json_object *catalogue;
static struct view code_list;

/* Rules of the catalogue have its severity; the structural ones are errors but for three. */
static void severities_are_those_of_the_catalogue(void **state) {
    (void)state;
    static const char *const review[] = {"modifier_conflict", "age_sex",
                                         "multiple_procedure_modifier"};
    for (int i = 0; i < rule_count(standard); i++) {
        const struct rule *rule = rule_at(standard, i);
        char id[64];
        snprintf(id, sizeof id, "%.*s", (int)rule->id.size, rule->id.at);
        const char *expected = "error";
        for (ptrdiff_t r = 0; r < COUNT_OF(review); r++) {
            expected = strcmp(id, review[r]) == 0 ? "review" : expected;
        }
        json_object *entry = NULL, *severity = NULL;
        if (json_object_object_get_ex(catalogue, id, &entry) &&
            json_object_object_get_ex(entry, "severity", &severity)) {
            expected = json_object_get_string(severity);
        }
        if (!view_equal(rule_severity_name(rule->severity), view_of(expected))) {
            fail_msg("%s must have severity %s", id, expected);
        }
    }
}

static void every_id_of_the_catalogue_has_its_rule(void **state) {
    (void)state;
    assert_true(json_object_object_length(catalogue) > 80);
    json_object_object_foreach(catalogue, id, entry) {
        (void)entry;
        if (!rule_find(standard, view_of(id))) {
            fail_msg("no rule %s", id);
        }
    }
}

static bool code_listed(const char *type, struct view code) {
    char row[64];
    int size = snprintf(row, sizeof row, "\n\"%.*s\",\"%s\",", (int)code.size, code.at, type);
    for (ptrdiff_t i = 0; i + size <= code_list.size; i++) {
        if (memcmp(code_list.at + i, row, (size_t)size) == 0) {
            return true;
        }
    }
    return false;
}

static void answers_are_in_the_code_lists(void **state) {
    (void)state;
    for (int i = 0; i < rule_count(standard); i++) {
        const struct rule *rule = rule_at(standard, i);
        if (rule->carc.size > 0 &&
            (!code_listed("CARC", rule->carc) || !code_listed("Group", rule->group))) {
            fail_msg("%.*s: no %.*s-%.*s", (int)rule->id.size, rule->id.at, (int)rule->group.size,
                     rule->group.at, (int)rule->carc.size, rule->carc.at);
        }
        for (int r = 0; r < rule->rarc_count; r++) {
            if (!code_listed("RARC", rule->rarcs[r])) {
                fail_msg("%.*s: no remark %.*s", (int)rule->id.size, rule->id.at,
                         (int)rule->rarcs[r].size, rule->rarcs[r].at);
            }
        }
    }
}

static bool shared_open(void) {
    char path[1024];
    struct diag diag = DIAG_NONE;
    const char *shared = getenv("SHARED");
    snprintf(path, sizeof path, "%s/acceptance/rules.json", shared ? shared : "");
    catalogue = json_object_from_file(path);
    snprintf(path, sizeof path, "%s/data/carc_rarc/adj_codes_group_carc_rarc.csv",
             shared ? shared : "");
    return catalogue && os_map(path, &code_list, &diag) == STATUS_OK;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(severities_are_those_of_the_catalogue),
        cmocka_unit_test(every_id_of_the_catalogue_has_its_rule),
        cmocka_unit_test(answers_are_in_the_code_lists),
    };
    struct diag diag = DIAG_NONE;
    if (!shared_open()) {
        printf("1..%d\n", (int)COUNT_OF(tests));
        for (int i = 0; i < COUNT_OF(tests); i++) {
            printf("ok %d - %s # SKIP shared not present\n", i + 1, tests[i].name);
        }
        json_object_put(catalogue);
        return 0;
    }
    int failed = 1;
    if (rule_set_standard(&standard, &arena, &diag) == STATUS_OK) {
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    }
    arena_close(&arena);
    os_unmap(code_list);
    json_object_put(catalogue);
    return failed;
}
