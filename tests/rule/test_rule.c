/* Rule files: the shipped ones against the list of checks and the catalogue, pieces of JSON, and a
 * folder of files that must be refused with their exact message. */
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

static int open_standard(void **state) {
    (void)state;
    struct diag diag = DIAG_NONE;
    int status = rule_set_standard(&standard, &arena, &diag);
    if (status != STATUS_OK) {
        print_error("%s\n%s\n", diag.text, diag.shown);
    }
    return status;
}

static int close_standard(void **state) {
    (void)state;
    arena_close(&arena);
    return 0;
}

static void assert_view(struct view text, const char *expected) {
    if (!view_equal(text, view_of(expected))) {
        fail_msg("got:\n%.*s\nexpected:\n%s", (int)text.size, text.at, expected);
    }
}

static const char *path_of(const char *variable, const char *name) {
    static char path[1024];
    const char *root = getenv(variable);
    snprintf(path, sizeof path, "%s/%s", root ? root : ".", name);
    return path;
}

/* ---- the shipped rules ------------------------------------------------------------------- */

static const char *const checks[] = {
#define RULE(name) #name,
#include "audit/rules.def"
#undef RULE
};

static bool check_is(const char *check, struct view id) {
    ptrdiff_t i = 0;
    for (; i < id.size && check[i]; i++) {
        char lower = (char)(check[i] >= 'A' && check[i] <= 'Z' ? check[i] - 'A' + 'a' : check[i]);
        if (lower != id.at[i]) {
            return false;
        }
    }
    return i == id.size && !check[i];
}

static void every_check_has_its_block(void **state) {
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(checks); i++) {
        int found = 0;
        for (int j = 0; j < rule_count(standard); j++) {
            found += check_is(checks[i], rule_at(standard, j)->id);
        }
        if (found != 1) {
            fail_msg("%s has %d blocks in rules/", checks[i], found);
        }
    }
}

static void every_block_has_its_check(void **state) {
    (void)state;
    for (int j = 0; j < rule_count(standard); j++) {
        struct view id = rule_at(standard, j)->id;
        /* A policy has entries instead; the name for all gaps is never a finding. */
        bool found = rule_at(standard, j)->check_count > 0 ||
                     rule_at(standard, j)->kind_number == RULE_KIND_fact_missing;
        for (ptrdiff_t i = 0; i < COUNT_OF(checks); i++) {
            found = found || check_is(checks[i], id);
        }
        if (!found) {
            fail_msg("%.*s is not in rules.def and has no entries", (int)id.size, id.at);
        }
    }
}

static void rules_are_found(void **state) {
    (void)state;
    for (int i = 0; i < rule_count(standard); i++) {
        const struct rule *rule = rule_at(standard, i);
        assert_ptr_equal(rule_find(standard, rule->id), rule);
        assert_int_equal(rule->index, i);
        assert_true(rule->line > 0 && view_starts(rule->file, VIEW("rules/")));
    }
    assert_null(rule_find(standard, VIEW("no_such_rule")));
    assert_null(rule_at(standard, -1));
    assert_null(rule_at(standard, rule_count(standard)));
}

static void example_check(const struct rule *rule, const struct rule_example *example) {
    if (example->x12.size > 0) {
        assert_true(view_starts(example->x12, VIEW("ISA*")));
        return;
    }
    json_object *claim = json_tokener_parse(example->claim.at ? example->claim.at : "");
    json_object *lines = NULL;
    if (!claim || !json_object_object_get_ex(claim, "lines", &lines) ||
        !json_object_object_get_ex(claim, "claim_id", NULL)) {
        fail_msg("%.*s: example %.*s is no claim", (int)rule->id.size, rule->id.at,
                 (int)example->title.size, example->title.at);
    }
    for (size_t i = 0; i < json_object_array_length(lines); i++) {
        json_object *code = NULL;
        json_object_object_get_ex(json_object_array_get_idx(lines, i), "code", &code);
        assert_true(json_object_is_type(code, json_type_string));
    }
    json_object_put(claim);
}

static void examples_are_claims(void **state) {
    (void)state;
    for (int i = 0; i < rule_count(standard); i++) {
        const struct rule *rule = rule_at(standard, i);
        int fires = 0;
        for (int e = 0; e < rule->example_count; e++) {
            fires += rule->examples[e].fires;
            example_check(rule, &rule->examples[e]);
        }
        assert_in_range(fires, 1, rule->example_count - 1);
    }
}

/* The words for a biller never tell to change the record. */
static void fixes_leave_the_record_alone(void **state) {
    (void)state;
    static const char *const forbidden[] = {"change the record", "correct the record",
                                            "amend the note", "change the note", "document that"};
    for (int i = 0; i < rule_count(standard); i++) {
        const struct rule *rule = rule_at(standard, i);
        char fix[512];
        snprintf(fix, sizeof fix, "%.*s", (int)rule->fix.size, rule->fix.at);
        for (ptrdiff_t f = 0; f < COUNT_OF(forbidden); f++) {
            if (strstr(fix, forbidden[f])) {
                fail_msg("%.*s says: %s", (int)rule->id.size, rule->id.at, fix);
            }
        }
    }
}

static void pieces_of_json_are_rendered(void **state) {
    (void)state;
    const struct rule *rule = rule_find(standard, VIEW("addon_without_primary"));
    assert_view(rule->json, "\"rule\":\"addon_without_primary\",\"rule_version\":1");
    assert_true(view_starts(rule->json_why, VIEW("\"why\":\"An add-on code")));
    assert_view(rule->json_cite,
                "\"cite\":[{\"key\":\"ncci-aoc\",\"section\":\"types 1, 2 and 3\",\"url\":"
                "\"https://www.cms.gov/ncci-medicare/medicare-ncci-add-code-edits\"},"
                "{\"key\":\"aoc26q2\",\"section\":\"primaries of the code\",\"url\":"
                "\"https://www.cms.gov/ncci-medicare/medicare-ncci-add-code-edits\"}]");
    assert_view(rule->json_expect,
                "\"expect\":{\"group\":\"CO\",\"carc\":\"B15\",\"rarc\":[\"N122\"]}");
    assert_view(rule->group, "CO");
    assert_view(rule->carc, "B15");
    assert_int_equal(rule->rarc_count, 1);
    const struct rule *unknown = rule_find(standard, VIEW("dx_excludes1"));
    assert_int_equal(unknown->carc.size, 0);
    assert_int_equal(unknown->json_expect.size, 0);
    assert_int_equal(rule_find(standard, VIEW("jz_jw_missing"))->since.day,
                     date_from_ymd(2023, 7, 1).day);
}

static void groups_fit_reasons(void **state) {
    (void)state;
    for (int i = 0; i < rule_count(standard); i++) {
        const struct rule *rule = rule_at(standard, i);
        bool duplicate = view_equal(rule->carc, VIEW("18"));
        /* CARC 18 is used with OA only; the patient never pays for a unit limit. */
        if (duplicate != view_equal(rule->group, VIEW("OA")) ||
            (view_equal(rule->carc, VIEW("151")) && !view_equal(rule->group, VIEW("CO")))) {
            fail_msg("%.*s has group %.*s", (int)rule->id.size, rule->id.at, (int)rule->group.size,
                     rule->group.at);
        }
    }
}

/* ---- files that must be refused ------------------------------------------------------------ */

static const char *const bad[] = {"alias",
                                  "alias_of_map",
                                  "ambiguous_word",
                                  "any_in_any",
                                  "any_of_one",
                                  "carc_wrong",
                                  "caret_behind_umlauts",
                                  "claim_and_x12",
                                  "claim_is_list",
                                  "claim_missing",
                                  "claim_type_unknown",
                                  "code_with_dot",
                                  "condition_is_word",
                                  "conditions_are_map",
                                  "control_byte",
                                  "date_impossible",
                                  "dates_reversed",
                                  "duplicate_key",
                                  "duplicate_rule",
                                  "earlier_without_claim",
                                  "empty_examples",
                                  "entry_dates_reversed",
                                  "entry_unknown_key",
                                  "examples_are_words",
                                  "fact_is_a_list",
                                  "fact_is_no_number",
                                  "fact_truth_is_word",
                                  "fact_unknown",
                                  "fact_word_unknown",
                                  "group_wrong",
                                  "id_upper_case",
                                  "if_missing_unknown",
                                  "intent_unknown",
                                  "is_a_list",
                                  "is_a_word",
                                  "key_is_a_map",
                                  "kind_unknown",
                                  "leading_zero",
                                  "level_unknown",
                                  "lines_not_named",
                                  "list_is_empty",
                                  "long_line",
                                  "missing_key",
                                  "missing_key_in_expect",
                                  "months_and_days",
                                  "nested_too_deep",
                                  "no_citation",
                                  "no_not_evaluated_example",
                                  "no_silent_example",
                                  "no_utf8",
                                  "number_is_word",
                                  "number_too_fine",
                                  "operator_unknown",
                                  "overrides_is_zero",
                                  "parameter_missing",
                                  "parameter_of_other_kind",
                                  "program_kind_with_parameters",
                                  "quote_not_closed",
                                  "rarc_is_word",
                                  "rarc_wrong",
                                  "region_unknown",
                                  "same_unknown",
                                  "service_unknown",
                                  "severity_unknown",
                                  "status_is_list",
                                  "tab_indent",
                                  "tag",
                                  "title_too_long",
                                  "too_many_citations",
                                  "two_comparisons",
                                  "unknown_key",
                                  "unknown_key_in_cite",
                                  "unknown_source",
                                  "version_is_word",
                                  "version_zero",
                                  "why_is_empty",
                                  "why_two_paragraphs",
                                  "window_missing",
                                  "x12_without_isa"};

static const char test_sources[] = "key\ttitle\turl\tedition\tcertainty\n"
                                   "ncci-ptp\tpairs\thttps://example.org/\t2026\tV\n"
                                   "own-words\tours\t-\t2026\town\n";

static int text_open(struct view text, struct view name, struct view sources, struct arena *memory,
                     const struct rule_set **set, struct diag *diag) {
    return rule_set_open(set, &text, &name, 1, sources, memory, diag);
}

/* The message stands beside the file, as NAME.txt; BLESS=1 writes it anew. */
static void bad_files_are_refused(void **state) {
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(bad); i++) {
        char name[128], golden[128], said[1024];
        struct view text, expected;
        struct diag diag = DIAG_NONE, own = DIAG_NONE;
        struct arena memory = {0};
        const struct rule_set *set = NULL;
        snprintf(name, sizeof name, "tests/bad/rules/%s.yaml", bad[i]);
        snprintf(golden, sizeof golden, "tests/bad/rules/%s.txt", bad[i]);
        assert_int_equal(os_map(path_of("SOURCE_ROOT", name), &text, &own), STATUS_OK);
        char file[128];
        snprintf(file, sizeof file, "%s.yaml", bad[i]);
        int status = text_open(text, view_of(file), view_of(test_sources), &memory, &set, &diag);
        int size = snprintf(said, sizeof said, "%s\n%s\n%s\n", diag.code, diag.text, diag.shown);
        assert_int_equal(status, STATUS_INPUT);
        assert_null(set);
        assert_true(diag.line > 0 && diag.column > 0);
        os_unmap(text);
        if (getenv("BLESS")) {
            assert_int_equal(
                os_write_atomic(path_of("SOURCE_ROOT", golden), (struct view){said, size}, &own),
                STATUS_OK);
        }
        assert_int_equal(os_map(path_of("SOURCE_ROOT", golden), &expected, &own), STATUS_OK);
        if (!view_equal(expected, (struct view){said, size})) {
            fail_msg("%s: got\n%s\nexpected\n%.*s", bad[i], said, (int)expected.size, expected.at);
        }
        os_unmap(expected);
        arena_close(&memory);
    }
}

static void bad_sources_are_refused(void **state) {
    (void)state;
#define HEADER "key\ttitle\turl\tedition\tcertainty\n"
    static const struct {
        const char *text, *code, *message;
    } rows[] = {
        {"", "rule_sources",
         "sources.tsv:1:1: the first line must name key, title, url, edition and certainty"},
        {HEADER "a-1\tt\thttps://x\t2026\n", "rule_sources",
         "sources.tsv:2:1: needs a key, a title, an https address or -, an edition and one of V V2 "
         "S T R own, with tabs between"},
        {HEADER "a-1\tt\thttp://x\t2026\tV\n", "rule_sources", NULL},
        {HEADER "a-1\tt\t-\t2026\tV3\n", "rule_sources", NULL},
        {HEADER "A-1\tt\t-\t2026\tV\n", "rule_sources", NULL},
        {HEADER "a-1\tt\t-\t2026\tV\tmore\n", "rule_sources", NULL},
        {HEADER "a-1\tt\t-\t2026\tV\n\nb-2\tt\t-\t2026\tV\n", "rule_sources", NULL},
        {HEADER "a-1\tt\t-\t2026\tV\na-1\tu\t-\t2026\tV\n", "rule_duplicate",
         "sources.tsv:3:1: key a-1 stands here twice"},
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena memory = {0};
        struct diag diag = DIAG_NONE;
        const struct rule_set *set = NULL;
        int status = rule_set_open(&set, NULL, NULL, 0, view_of(rows[i].text), &memory, &diag);
        assert_int_equal(status, STATUS_INPUT);
        assert_string_equal(diag.code, rows[i].code);
        if (rows[i].message) {
            assert_string_equal(diag.text, rows[i].message);
        }
        arena_close(&memory);
    }
}

static void claims_keep_their_types(void **state) {
    (void)state;
    static const char text[] =
        "id: sample_rule\nversion: 12\ntitle: a\nseverity: warn\nstatus: trial\nkind: pair_edit\n"
        "cite: [{key: own-words, section: b}]\nwhy: c\nfix: d\nexamples:\n  fires:\n    - title: "
        "e\n"
        "      claim: {a: 1, b: -2.50, c: \"3\", d: true, e: null, f: [x, {}, []], g: 2026-08-10,\n"
        "              h: 'no', i: 1.2.3, j: '', k: \"\\u00e9\\n\"}\n"
        "      earlier: [{claim_id: A}, {claim_id: B}]\n"
        "  silent:\n    - title: f\n      x12: |\n        ISA*00~\n        GS*HC~\n";
    struct arena memory = {0};
    struct diag diag = DIAG_NONE;
    const struct rule_set *set = NULL;
    int status =
        text_open(view_of(text), VIEW("a.yaml"), view_of(test_sources), &memory, &set, &diag);
    assert_string_equal(diag.text, "");
    assert_int_equal(status, STATUS_OK);
    const struct rule *rule = rule_at(set, 0);
    assert_view(rule->examples[0].claim,
                "{\"a\":1,\"b\":-2.50,\"c\":\"3\",\"d\":true,\"e\":null,\"f\":[\"x\",{},[]],"
                "\"g\":\"2026-08-10\",\"h\":\"no\",\"i\":\"1.2.3\",\"j\":\"\","
                "\"k\":\"\xC3\xA9\\n\"}");
    assert_int_equal(rule->examples[0].earlier_count, 2);
    assert_view(rule->examples[0].earlier[1], "{\"claim_id\":\"B\"}");
    assert_view(rule->examples[1].x12, "ISA*00~\nGS*HC~\n");
    assert_int_equal(rule->version, 12);
    assert_int_equal(rule->severity, RULE_WARN);
    assert_int_equal(rule->state, RULE_TRIAL);
    assert_view(rule->json_cite,
                "\"cite\":[{\"key\":\"own-words\",\"section\":\"b\",\"url\":null}]");
    arena_close(&memory);
}

/* ---- rules of a user ----------------------------------------------------------------------- */

static const char own_text[] =
    "id: own_rule\nversion: 1\ntitle: a\nseverity: warn\nstatus: trial\nkind: session_limit\n"
    "since: 2026-01-01\nfamilies: facet_injection\nsessions_max: 2\nmonths: 12\n"
    "cite: [{key: own-one, section: b}]\nwhy: c\nfix: d\nexamples:\n"
    "  fires: [{title: e, claim: {claim_id: A}}]\n  silent: [{title: f, claim: {claim_id: B}}]\n"
    "---\nid: esi_too_many\n"; /* not complete */
static const char own_sources[] = "key\ttitle\turl\tedition\tcertainty\n"
                                  "own-one\tours\t-\t2026\town\n";
static const char own_covered[] = "list\tdiagnosis\tverdict\tfrom\tto\tcertainty\tsource\n"
                                  "own_list\tM54\taccept\t-\t-\tV\town-one\n";

static struct rule_options own_options(struct rule_file *files) {
    files[0] = (struct rule_file){VIEW("own/a.yaml"), view_of(own_text)};
    files[1] = (struct rule_file){VIEW("own/covered_dx.tsv"), view_of(own_covered)};
    files[2] = (struct rule_file){VIEW("own/sources.tsv"), view_of(own_sources)};
    return (struct rule_options){.own = files, .own_count = 3};
}

static void count_told(void *to, const struct diag *diag) {
    (void)diag;
    ++*(int *)to;
}

static void own_rules_are_added(void **state) {
    (void)state;
    struct arena memory = {0};
    struct diag diag = DIAG_NONE;
    struct rule_file files[3];
    const struct rule_set *set = NULL;
    int told = 0;
    struct rule_options options = own_options(files);
    assert_int_equal(rule_set_make(&set, &options, &memory, &diag), STATUS_INPUT);
    assert_string_equal(diag.code, "rule_missing_key");
    options.tell = count_told;
    options.tell_to = &told;
    assert_int_equal(rule_set_make(&set, &options, &memory, &diag), STATUS_OK);
    assert_int_equal(told, 1);
    assert_int_equal(rule_count(set), rule_count(standard) + 1);
    const struct rule *own = rule_find(set, VIEW("own_rule"));
    assert_true(own && own->own && own->index == rule_count(standard));
    assert_int_equal(rule_check_count(set), rule_check_count(standard) + 1);
    assert_int_equal(rule_tables_of(set)->covered_count,
                     rule_tables_of(standard)->covered_count + 1);
    assert_true(!rule_find(set, VIEW("ncci_ptp"))->own);
    assert_true(view_starts(rule_block(set, own), VIEW("id: own_rule\nversion: 1\n")));
    arena_close(&memory);
}

/* Every kind that takes parameters has a text to begin with, every key is taken by some kind. */
static void language_is_whole(void **state) {
    (void)state;
    for (int kind = 0; kind < RULE_KINDS; kind++) {
        bool policy = kind >= RULE_KIND_FIRST_POLICY;
        assert_int_equal(rule_template((enum rule_kind)kind).at != NULL, policy);
    }
    for (int i = 0; i < rule_key_count(); i++) {
        const struct rule_key *key = rule_key_at(i);
        bool taken = false;
        for (int kind = RULE_KIND_FIRST_POLICY; kind < RULE_KINDS; kind++) {
            taken |= rule_kind_takes((enum rule_kind)kind, key) != TAKEN_NOT;
        }
        if (!taken) {
            fail_msg("no kind takes %s", key->name.at);
        }
    }
}

/* Whatever allocation is refused, the answer is an error and nothing is lost. */
static void memory_may_be_refused(void **state) {
    (void)state;
    int refused = 0;
    for (int64_t n = 0; n < 4096; n = n < 24 ? n + 1 : n * 2) {
        struct arena memory = {0};
        struct diag diag = DIAG_NONE;
        const struct rule_set *set = NULL;
        memory_fail_after(n);
        struct rule_file files[3];
        int told = 0;
        struct rule_options options = own_options(files);
        options.tell = count_told;
        options.tell_to = &told;
        int status = rule_set_make(&set, &options, &memory, &diag);
        memory_fail_after(-1);
        assert_true(status == STATUS_OK || status == STATUS_SYSTEM);
        if (status == STATUS_SYSTEM) {
            refused++;
            assert_string_equal(diag.code, "memory");
        }
        arena_close(&memory);
    }
    assert_in_range(refused, 4, 24);
}

int main(void) {
    const struct CMUnitTest own[] = {
        cmocka_unit_test(every_check_has_its_block),
        cmocka_unit_test(every_block_has_its_check),
        cmocka_unit_test(rules_are_found),
        cmocka_unit_test(examples_are_claims),
        cmocka_unit_test(fixes_leave_the_record_alone),
        cmocka_unit_test(pieces_of_json_are_rendered),
        cmocka_unit_test(groups_fit_reasons),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(bad_sources_are_refused),
        cmocka_unit_test(claims_keep_their_types),
        cmocka_unit_test(own_rules_are_added),
        cmocka_unit_test(language_is_whole),
        cmocka_unit_test(memory_may_be_refused),
    };
    return cmocka_run_group_tests(own, open_standard, close_standard);
}
