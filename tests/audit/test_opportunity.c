/* The table of opportunities: what is refused, with its line. And that looking for opportunities
 * changes neither verdict nor findings nor questions, whatever the claim. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "audit_case.h"

#define HEADER                                                                                     \
    "opportunity\tkind\tstatus\tfamilies\tcodes\tfacts\tword\tminimum\tdays\ttitle\twhy\tdo\tcite\n"
#define ROW(cells) HEADER cells "\ttitle\twhy\tdo\tl38773\n"
#define DRUGS "drug\tcode\tsince\tcite\n"
#define SITES "taxonomy\tkind\twhat\tcite\n"

extern const struct view opportunity_embedded_texts[];

static struct arena arena;

/* ---- the table --------------------------------------------------------------------------- */

static void what_has_not_the_form_is_refused_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *rows, *drugs, *said;
    } cases[] = {
        {"", DRUGS, "rules/opportunities.tsv:1: the first line must name"},
        {HEADER "a\n", DRUGS, "rules/opportunities.tsv:2: cell 2 is empty"},
        {ROW("a\tlevels\tstable\tx\t-\tjoints\t-\t-\t-"), DRUGS,
         "rules/opportunities.tsv:2: no such kind"},
        {ROW("a\tmissing_level\tready\tx\t-\tjoints\t-\t-\t-"), DRUGS,
         "rules/opportunities.tsv:2: no such kind, or a status"},
        {ROW("a\tmissing_level\tstable\tx\t-\tjoint\t-\t-\t-"), DRUGS,
         "rules/opportunities.tsv:2: no chart fact is called joint"},
        {ROW("a\tmissing_level\tstable\tx\t-\t-\t-\t-\t-"), DRUGS,
         "rules/opportunities.tsv:2: the kind needs more"},
        {ROW("a\timaging_separate\tstable\tx\t77003\tviews_saved\tx-ray\t2\t-"), DRUGS,
         "rules/opportunities.tsv:2: the kind needs more"},
        {ROW("a\timaging_separate\tstable\tx\t77003\tviews_saved\tfluoroscopy\t0\t-"), DRUGS,
         "rules/opportunities.tsv:2: a number is"},
        {ROW("a\tem_25\tstable\t-\t2-5\t-\t-\t-\t-"), DRUGS,
         "rules/opportunities.tsv:2: more than 4 codes, or no code"},
        {ROW("a\tem_25\tstable\t-\t25\t-\t-\t-\t-\tmore"), DRUGS,
         "rules/opportunities.tsv:2: more than 13 cells"},
        {HEADER, "drug\tcode\n", "rules/opportunity_drugs.tsv:1: the first line"},
        {HEADER, DRUGS "x\tJ3301\t2024\tl38773\n", "rules/opportunity_drugs.tsv:2: a drug has"},
        {HEADER, DRUGS "x\tJ-3\t-\tl38773\n", "rules/opportunity_drugs.tsv:2: a drug has"},
        {ROW("a\tsite_of_service\tstable\t-\t11 24\t-\tplace\t-\t-"), DRUGS,
         "rules/opportunities.tsv:2: the kind needs more"},
        {ROW("a\tsite_of_service\tstable\t-\t11\t-\toffice\t-\t-"), DRUGS,
         "rules/opportunities.tsv:2: the kind needs more"},
        {HEADER, DRUGS, "rules/facility_kinds.tsv:2: no kind of place"},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct opportunity_table table;
        struct opportunity_texts texts = {view_of(cases[i].rows), view_of(cases[i].drugs),
                                          VIEW(SITES "20\tschool\ta school\tnucc\n")};
        struct diag diag = DIAG_NONE;
        int status = opportunity_table_read(&table, &texts, &arena, &diag);
        if (status != STATUS_INPUT || !view_starts(view_of(diag.text), view_of(cases[i].said))) {
            fail_msg("case %d: status %d, %s", i, status, diag.text);
        }
    }
}

static void shipped(struct opportunity_table *table) {
    struct diag diag = DIAG_NONE;
    struct opportunity_texts texts = {opportunity_embedded_texts[0],
                                      opportunity_embedded_texts[1],
                                      opportunity_embedded_texts[2]};
    assert_int_equal(opportunity_table_read(table, &texts, &arena, &diag), STATUS_OK);
}

/* A name that the store does not know would never be looked at. */
static void the_shipped_table_names_what_the_store_has(void **state) {
    (void)state;
    struct opportunity_table table;
    struct audit_case c;
    shipped(&table);
    audit_case_open(&c, &(struct audit_options){.as_of = DATE_NONE, .alone = true});
    for (int i = 0; i < table.count; i++) {
        for (int f = 0; f < table.rows[i].families.count; f++) {
            bool known = false;
            for (uint32_t id = 0; id < store_code_count(c.store) && !known; id++) {
                struct store_family family;
                known = store_family(c.store, id, &family) &&
                        view_equal(family.family, table.rows[i].families.at[f]);
            }
            if (!known) {
                fail_msg("%.*s: no family %.*s", (int)table.rows[i].id.size, table.rows[i].id.at,
                         (int)table.rows[i].families.at[f].size, table.rows[i].families.at[f].at);
            }
        }
    }
    for (int i = 0; i < table.drug_count; i++) {
        struct store_drug drug;
        uint32_t id = store_code_id(c.store, table.drugs[i].code);
        assert_true(id != STORE_NO_CODE);
        assert_true(store_drug(c.store, id, (struct store_when){DATE_NONE, DATE_NONE}, &drug));
    }
    audit_case_close(&c);
}

/* ---- nothing else changes ---------------------------------------------------------------- */

static bool findings_same(const struct audit_finding *a, const struct audit_finding *b) {
    return view_equal(a->rule->id, b->rule->id) && a->severity == b->severity &&
           a->status == b->status && a->line_bits == b->line_bits && a->repeat == b->repeat &&
           view_equal(a->message, b->message) && view_equal(a->fix, b->fix) &&
           view_equal(a->patch, b->patch) && a->evidence_count == b->evidence_count;
}

static void results_same(const struct audit_result *a, const struct audit_result *b) {
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->finding_count, b->finding_count);
    for (int i = 0; i < a->finding_count; i++) {
        assert_true(findings_same(&a->findings[i], &b->findings[i]));
    }
    assert_int_equal(a->gap_count, b->gap_count);
    for (int i = 0; i < a->gap_count; i++) {
        assert_true(view_equal(a->gaps[i].rule->id, b->gaps[i].rule->id));
        assert_int_equal(a->gaps[i].needs, b->gaps[i].needs);
    }
    assert_memory_equal(&a->releases, &b->releases, sizeof a->releases);
    assert_memory_equal(&a->stale_releases, &b->stale_releases, sizeof a->stale_releases);
    assert_int_equal(a->charge.cents, b->charge.cents);
}

static void looking_changes_nothing_else(void **state) {
    (void)state;
    char path[1000];
    struct opportunity_table table;
    struct audit_case with, without;
    const char *folder = getenv("SHARED");
    snprintf(path, sizeof path, "%s/acceptance/cases.json", folder ? folder : "../shared");
    struct json_object *file = json_object_from_file(path), *cases = NULL;
    if (!file) {
        skip();
    }
    shipped(&table);
    audit_case_open(&without, &(struct audit_options){.as_of = DATE_NONE});
    audit_case_open(&with, &(struct audit_options){.as_of = DATE_NONE, .opportunities = &table});
    assert_true(json_object_object_get_ex(file, "cases", &cases));
    int shown = 0;
    for (size_t i = 0; i < json_object_array_length(cases); i++) {
        struct json_object *claim = NULL;
        json_object_object_get_ex(json_object_array_get_idx(cases, i), "claim", &claim);
        struct view json =
            view_of(json_object_to_json_string_ext(claim, JSON_C_TO_STRING_PLAIN));
        const struct audit_result *plain = audit_case_run(&without, json);
        const struct audit_result *looked = audit_case_run(&with, json);
        assert_int_equal(plain->opportunity_count + plain->blocked_count, 0);
        results_same(plain, looked);
        shown += looked->opportunity_count + looked->blocked_count;
    }
    assert_true(shown > 0); /* or the comparison says nothing */
    json_object_put(file);
    audit_case_close(&with);
    audit_case_close(&without);
}

static int arena_end(void **state) {
    (void)state;
    arena_close(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_not_the_form_is_refused_with_its_line),
        cmocka_unit_test(the_shipped_table_names_what_the_store_has),
        cmocka_unit_test(looking_changes_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, arena_end);
}
