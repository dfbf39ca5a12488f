/* The table of the self-audit: that ours is read, what is refused; and the run when memory is
 * refused. What the queries find is asked in check_selfaudit.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../memory_sweep.h"
#include "audit/audit.h"
#include "history/history.h"

extern const struct view selfaudit_embedded_texts[];

#define HEADER                                                                                     \
    "query\tkind\tseverity\tfamilies\twith\tcodes\tintent\tlimit\tmonths\tlines\tasks\twhy\tcite\n"

/* ---- the table --------------------------------------------------------------------------- */

static void reads_ours(void **state) {
    struct arena arena = {0};
    struct selfaudit_table table;
    struct diag diag = DIAG_NONE;
    (void)state;
    assert_int_equal(selfaudit_table(&table, selfaudit_embedded_texts[0], &arena, &diag),
                     STATUS_OK);
    assert_int_equal(table.count, 10);
    for (int i = 0; i < table.count; i++) {
        const struct selfaudit_query *query = &table.queries[i];
        assert_true(query->asks.size > 0 && query->why.size > 0 && query->cite.size > 0);
        for (int k = 0; k < i; k++) {
            assert_false(view_equal(query->id, table.queries[k].id));
        }
    }
    assert_int_equal(table.queries[0].kind, SELFAUDIT_SESSIONS);
    assert_int_equal(table.queries[0].limit, 4);
    assert_int_equal(table.queries[0].months, 12);
    assert_int_equal(table.queries[0].families.count, 2);
    assert_false(table.queries[0].intent_given);
    arena_close(&arena);
}

/* Every family is one of the store: a misspelt one would find nothing. */
static void families_are_known(void **state) {
    struct arena arena = {0};
    struct selfaudit_table table;
    const struct store *store;
    struct diag diag = DIAG_NONE;
    (void)state;
    assert_int_equal(store_open(&store, store_starter(), &arena, &diag), STATUS_OK);
    assert_int_equal(selfaudit_table(&table, selfaudit_embedded_texts[0], &arena, &diag),
                     STATUS_OK);
    for (int i = 0; i < table.count; i++) {
        const struct selfaudit_names *lists[] = {&table.queries[i].families,
                                                 &table.queries[i].with};
        for (int k = 0; k < lists[0]->count + lists[1]->count; k++) {
            int first = lists[0]->count;
            struct view name = k < first ? lists[0]->at[k] : lists[1]->at[k - first];
            struct store_family row;
            bool known = false;
            for (uint32_t id = 0; id < store_code_count(store) && !known; id++) {
                known = store_family(store, id, &row) && view_equal(row.family, name);
            }
            assert_true(known);
        }
        for (int k = 0; k < table.queries[i].code_count; k++) {
            struct store_family row;
            uint32_t id = store_code_id(store, table.queries[i].codes[k]);
            assert_true(id != STORE_NO_CODE && store_family(store, id, &row) && row.addon_level);
        }
    }
    arena_close(&arena);
}

static const struct {
    const char *text, *said;
} refused[] = {
    {"", "1: the first line must name the columns"},
    {"query\n", "1: the first line must name the columns"},
    {HEADER "a\tsessions\terror\tf\t-\t-\t-\t4\t12\t-\twhat?\twhy\n",
     "2: cell 13 is empty or not there: 13 are needed"},
    {HEADER "a\tsessions\terror\tf\t\t-\t-\t4\t12\t-\twhat?\twhy\tk\n",
     "2: cell 5 is empty or not there: 13 are needed"},
    {HEADER "a\tsessions\terror\tf\t-\t-\t-\t4\t12\t-\twhat?\twhy\tk\tmore\n",
     "2: more than 13 cells"},
    {HEADER "a\tsession\terror\tf\t-\t-\t-\t4\t12\t-\twhat?\twhy\tk\n",
     "2: no such kind or severity"},
    {HEADER "a\tsessions\tbad\tf\t-\t-\t-\t4\t12\t-\twhat?\twhy\tk\n",
     "2: no such kind or severity"},
    {HEADER "a\tcodes\terror\tf\t-\t6449_\t-\t-\t-\t-\twhat?\twhy\tk\n",
     "2: too many families or codes, or what is no code"},
    {HEADER "a\tsessions\terror\ta b c d e f g h i\t-\t-\t-\t4\t12\t-\twhat?\twhy\tk\n",
     "2: too many families or codes, or what is no code"},
    {HEADER "a\tsessions\terror\tf\t-\t-\trfa\t4\t12\t-\twhat?\twhy\tk\n",
     "2: the intent is dx, tx, unknown or -, a number 1 to 9999 or -"},
    {HEADER "a\tsessions\terror\tf\t-\t-\t-\t0\t12\t-\twhat?\twhy\tk\n",
     "2: the intent is dx, tx, unknown or -, a number 1 to 9999 or -"},
    {HEADER "a\tsessions\terror\tf\t-\t-\t-\t12345\t12\t-\twhat?\twhy\tk\n",
     "2: the intent is dx, tx, unknown or -, a number 1 to 9999 or -"},
    {HEADER "a\tsessions\terror\tf\t-\t-\t-\t4\t-\t-\twhat?\twhy\tk\n",
     "2: the kind needs more than is given"},
    {HEADER "a\tsame_day\terror\tf\t-\t-\t-\t-\t-\t-\twhat?\twhy\tk\n",
     "2: the kind needs more than is given"},
    {HEADER "a\tsecond_side\terror\tf\t-\t-\t-\t-\t-\t-\twhat?\twhy\tk\n",
     "2: the kind needs more than is given"}};

static void refuses(void **state) {
    (void)state;
    for (ptrdiff_t i = 0; i < COUNT_OF(refused); i++) {
        struct arena arena = {0};
        struct selfaudit_table table;
        struct diag diag = DIAG_NONE;
        char said[200];
        assert_int_equal(selfaudit_table(&table, view_of(refused[i].text), &arena, &diag),
                         STATUS_INPUT);
        snprintf(said, sizeof said, "rules/selfaudit.tsv:%s", refused[i].said);
        assert_string_equal(diag.text, said);
        assert_string_equal(diag.code, "selfaudit_syntax");
        arena_close(&arena);
    }
}

/* ---- memory ------------------------------------------------------------------------------ */

static char folder[] = "selfaudit.XXXXXX"; /* where the test runs */
static char path[64];

static void claim_add(struct history *history, int month) {
    struct arena arena = {0};
    struct claim claim;
    struct history_added added;
    struct diag diag = DIAG_NONE;
    char text[512];
    snprintf(text, sizeof text,
             "{\"claim_id\":\"C%d\",\"payer\":{\"profile\":\"medicare\"},\"patient\":{\"id\":"
             "\"M\"},\"service_date\":\"2026-0%d-05\",\"lines\":[{\"code\":\"64483\",\"modifiers\":"
             "[\"RT\"]},{\"code\":\"64484\",\"modifiers\":[\"LT\",\"59\"]},{\"code\":\"99152\"},"
             "{\"code\":\"64635\"},{\"code\":\"64636\",\"units\":3},{\"code\":\"00600\"}]}",
             month, month);
    assert_int_equal(claim_from_json(&claim, view_of(text), &arena, &diag), STATUS_OK);
    assert_int_equal(history_add(history, &claim, &added, &diag), STATUS_OK);
    arena_close(&arena);
}

static bool runs(void *context) {
    struct history *history = context;
    struct arena arena = {0};
    struct selfaudit_table table;
    struct selfaudit result;
    const struct store *store;
    struct diag diag = DIAG_NONE;
    struct selfaudit_options options = {.from = DATE_NONE, .to = DATE_NONE};
    int status = store_open(&store, store_starter(), &arena, &diag);
    if (status == STATUS_OK) {
        status = selfaudit_table(&table, selfaudit_embedded_texts[0], &arena, &diag);
    }
    if (status == STATUS_OK) {
        status = selfaudit_run(&result, &table, store, history, &options, &arena, &diag);
    }
    if (status == STATUS_OK) {
        assert_int_equal(result.answers[0].row_count, 2);
        assert_int_equal(selfaudit_status(&result), 1);
    } else {
        assert_int_equal(status, STATUS_SYSTEM);
        assert_string_equal(diag.code, "memory");
    }
    arena_close(&arena);
    return status == STATUS_OK;
}

static void survives_refusals(void **state) {
    struct history *history;
    struct diag diag = DIAG_NONE;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/h", folder);
    assert_int_equal(
        history_open(&history, path, &(struct history_options){.write = true}, &diag), STATUS_OK);
    for (int month = 1; month <= 6; month++) {
        claim_add(history, month);
    }
    assert_int_equal(history_commit(history, &diag), STATUS_OK);
    history_close(history);
    assert_int_equal(history_open(&history, path, NULL, &diag), STATUS_OK);
    assert_true(memory_sweep(runs, history, 1000) > 0);
    history_close(history);
    remove(path);
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_ours), cmocka_unit_test(families_are_known),
        cmocka_unit_test(refuses), cmocka_unit_test(survives_refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
