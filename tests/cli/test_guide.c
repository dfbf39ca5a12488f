/* The reader of guide.tsv and the answers of the starter store: assertions that hold, fail and
 * cannot be evaluated, texts that are refused with their line, and what the shipped table names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cli/guide.h"

#define HEADER "number\tstatement\tverdict\tcorrect\tdecides\tcheck\tcite\n"
#define ROW(check) HEADER "1\tsaid\twrong\tholds\tmpfs\t" check "\trvu26c\n"

extern const struct view guide_embedded_texts[];

static struct arena arena;
static const struct store *store;

static int open_starter(void **state) {
    (void)state;
    struct diag diag = DIAG_NONE;
    return store_open(&store, store_starter(), &arena, &diag);
}

static int close_starter(void **state) {
    (void)state;
    arena_close(&arena);
    return 0;
}

/* ---- answers ----------------------------------------------------------------------------- */

struct answer_case {
    const char *assertion;
    const char *on; /* NULL: the newest edition's first day */
    enum guide_result result;
    const char *found; /* how the answer begins */
};

static void assert_answer(const struct answer_case *expected) {
    char text[400];
    struct guide guide;
    struct diag diag = DIAG_NONE;
    struct out found;
    out_open(&found, NULL, NULL);
    snprintf(text, sizeof text, ROW("%s"), expected->assertion);
    struct view copy = arena_copy(&arena, view_of(text));
    if (guide_read(&guide, copy, &arena, &diag) != STATUS_OK) {
        fail_msg("%s: %s", expected->assertion, diag.text);
    }
    struct date on = expected->on ? date_from_iso(view_of(expected->on)) : DATE_NONE;
    struct guide_answer answer = guide_ask(store, &guide.rows[0].assertions[0], on, &found);
    struct view said = out_bytes(&found);
    if (answer.result != expected->result || !view_starts(said, view_of(expected->found))) {
        fail_msg("%s: result %d, %.*s", expected->assertion, (int)answer.result, (int)said.size,
                 said.at);
    }
    out_clear(&found);
    out_close(&found);
}

static const struct answer_case decided[] = {
    {"rvu 64483 work 1.85 nonfacility 7.93 facility 2.98 global 000", NULL, GUIDE_HOLDS,
     "work 1.85 nonfacility 7.93 facility 2.98 global 000 in RVU26C"},
    {"rvu 64483 work 1.86 nonfacility 7.93 facility 2.98 global 000", NULL, GUIDE_FAILS,
     "work 1.85"},
    {"rvu 64483 work 1.85 nonfacility 7.94 facility 2.98 global 000", NULL, GUIDE_FAILS, ""},
    {"rvu 64483 work 1.85 nonfacility 7.93 facility 2.99 global 000", NULL, GUIDE_FAILS, ""},
    {"rvu 64483 work 1.85 nonfacility 7.93 facility 2.98 global 010", NULL, GUIDE_FAILS, ""},
    {"rvu 77003-26 work 0.59 nonfacility 0.85 facility 0.85 global ZZZ", NULL, GUIDE_HOLDS,
     ""},
    {"rvu 64483-26 work 0.59 nonfacility 0.85 facility 0.85 global ZZZ", NULL, GUIDE_FAILS,
     "no row"},
    {"bilateral 64493 1", NULL, GUIDE_HOLDS, "indicator 1"},
    {"bilateral 62323 1", NULL, GUIDE_FAILS, "indicator 9"},
    {"pctc 77003 1", NULL, GUIDE_HOLDS, "indicator 1"},
    {"pctc 64493 1", NULL, GUIDE_FAILS, "indicator 0"},
    {"amount 64494 nonfacility 95.86", NULL, GUIDE_HOLDS, "95.86"},
    {"amount 64494 nonfacility 95.87", NULL, GUIDE_FAILS, "95.86"},
    {"amount 64494 facility 95.86", NULL, GUIDE_FAILS, "43.76"},
    {"share 50 64493+64494+64495 nonfacility 192.56", NULL, GUIDE_HOLDS, "192.56"},
    {"share 50 64493+64494 nonfacility 192.56", NULL, GUIDE_FAILS, "143.12"},
    {"ratio 64635 64493 nonfacility 2.44", NULL, GUIDE_HOLDS, "2.44"},
    {"ratio 64635 64493 facility 2.44", NULL, GUIDE_FAILS, "2.12"},
    {"ratio 64635 J3301 nonfacility 2.44", NULL, GUIDE_FAILS, "the second code has no"},
    {"pays 64494 nonfacility 95.86 guide 80.00 to 120.00", NULL, GUIDE_HOLDS,
     "the guide $80.00 to $120.00, ours $95.86 (within) in RVU26C"},
    {"pays 64494 nonfacility 95.87 guide 80.00 to 120.00", NULL, GUIDE_FAILS,
     "the guide $80.00 to $120.00, ours $95.86"},
    {"pays 64494 facility 43.76 guide 80.00 to 120.00", NULL, GUIDE_HOLDS,
     "the guide $80.00 to $120.00, ours $43.76 (below)"},
    {"pays 77003-26 facility 28.39 guide 10.00 to 20.00", NULL, GUIDE_HOLDS,
     "the guide $10.00 to $20.00, ours $28.39 (above)"},
    {"pays 20610+J3301x4 nonfacility 71.77 guide 80.00 to 120.00 on 2026-02-01", NULL,
     GUIDE_HOLDS, "the guide $80.00 to $120.00, ours $71.77 (below)"},
    {"sides 64493+64494 nonfacility 143.13 guide 300.00 to 500.00", NULL, GUIDE_HOLDS,
     "the guide $300.00 to $500.00, ours $143.13 (below)"},
    {"times 64635 64493 facility 2.12 guide 3.00 to 4.00", NULL, GUIDE_HOLDS,
     "the guide 3.00 to 4.00, ours 2.12 times (below)"},
    {"limit J3301 units 4 2.96", NULL, GUIDE_HOLDS, "2.96"},
    {"limit J3301 units 4 2.97", NULL, GUIDE_FAILS, "2.96"},
    {"pair 62323 64483 1", NULL, GUIDE_HOLDS, "column 1 62323, indicator 1 in v30.2"},
    {"pair 62323 64483 0", NULL, GUIDE_FAILS, "column 1 62323, indicator 1"},
    {"pair 64483 62323 1", NULL, GUIDE_FAILS, "no edit"},
    {"nopair 62273 77003", NULL, GUIDE_HOLDS, "no edit"},
    {"nopair 64483 62323", NULL, GUIDE_FAILS, "column 1 62323"},
    {"nopair 62323 64483", NULL, GUIDE_FAILS, "column 1 62323"},
    {"addon 77003 62273 yes", NULL, GUIDE_HOLDS, "it is a primary"},
    {"addon 77003 62273 no", NULL, GUIDE_FAILS, "it is a primary"},
    {"addon 77003 62323 no", NULL, GUIDE_HOLDS, "no such primary"},
    {"addon 77003 62323 yes", NULL, GUIDE_FAILS, "no such primary"},
    {"mue 64484 4 3", NULL, GUIDE_HOLDS, "4 a day, MAI 3"},
    {"mue 64484 4 2", NULL, GUIDE_FAILS, "4 a day, MAI 3"},
    {"mue 64484 5 3", NULL, GUIDE_FAILS, "4 a day, MAI 3"},
    {"code J1030 invalid on 2024-04-01", NULL, GUIDE_HOLDS, "not valid, last day 2024-03-31"},
    {"code J1030 valid on 2024-04-01", NULL, GUIDE_FAILS, "not valid"},
    {"code J1030 valid on 2024-03-31", NULL, GUIDE_HOLDS, "valid"},
    {"code J1030 invalid on 2024-03-31", NULL, GUIDE_FAILS, "valid"},
    {"replaced J1030 J1010", NULL, GUIDE_HOLDS, "replaced by J1010"},
    {"replaced J1030 J3301", NULL, GUIDE_FAILS, "replaced by J1010"},
    {"drug J3301 unit 10 MG", NULL, GUIDE_HOLDS, "unit 10 MG"},
    {"drug J3301 unit 1 MG", NULL, GUIDE_FAILS, "unit 10 MG"},
    {"drug J3301 unit 10 ML", NULL, GUIDE_FAILS, "unit 10 MG"},
    {"limit J3301 units 4 2.96", NULL, GUIDE_HOLDS, "2.96 in ASP26Q1"},
    {"limit J3301 units 4 2.95", NULL, GUIDE_FAILS, "2.96"},
    {"dx M54.41 billable", NULL, GUIDE_HOLDS, "billable in FY2026"},
    {"dx M54.4 billable", NULL, GUIDE_FAILS, "header"},
    {"dx M54.4 header", NULL, GUIDE_HOLDS, "header"},
    {"dx M54.41 absent", NULL, GUIDE_FAILS, "billable"},
    {"dx M54.99 absent", NULL, GUIDE_HOLDS, "absent"},
    {"dxcount billable 74719", NULL, GUIDE_HOLDS, "74719 in FY2026"},
    {"dxcount billable 74718", NULL, GUIDE_FAILS, "74719"},
    {"dxcount all 98186", NULL, GUIDE_HOLDS, "98186"},
    {"excludes M54.41 M51.16", NULL, GUIDE_HOLDS, "excluded by"},
};

static void assertions_are_answered(void **state) {
    (void)state;
    for (int i = 0; i < COUNT_OF(decided); i++) {
        assert_answer(&decided[i]);
    }
}

/* What the tables do not reach is neither right nor wrong. */
static void what_is_not_known_is_not_evaluated(void **state) {
    (void)state;
    static const struct answer_case cases[] = {
        {"limit J3301 units 4 2.96", "2025-12-31", GUIDE_NOT_EVALUATED, "no edition of asp"},
        {"bilateral 99999 1", NULL, GUIDE_NOT_EVALUATED, "the store does not hold 99999"},
        {"nopair 64493 00001", NULL, GUIDE_NOT_EVALUATED, "the store does not hold 00001"},
        {"bilateral 64493 1", "2020-01-01", GUIDE_NOT_EVALUATED, "no edition of mpfs"},
        {"bilateral 64493 1 on 2020-01-01", "2026-08-01", GUIDE_NOT_EVALUATED,
         "no edition of mpfs here speaks of that on 2020-01-01"},
        {"bilateral 64493 1 on 2026-08-01", "2020-01-01", GUIDE_HOLDS, "indicator 1"},
        {"mue 64484 4 3", "2026-03-31", GUIDE_NOT_EVALUATED, "no edition of mue"},
        {"dx M54.41 billable", "2024-09-30", GUIDE_NOT_EVALUATED, "no edition of icd10cm"},
        {"dxcount billable 74719", "2024-09-30", GUIDE_NOT_EVALUATED, "no edition of icd10cm"},
        {"code J1010 valid", "2020-01-01", GUIDE_NOT_EVALUATED, "no table here says"},
        {"code J1030 invalid", "2020-01-01", GUIDE_NOT_EVALUATED, "no table here says"},
        {"replaced J1030 J1010", "2024-03-31", GUIDE_NOT_EVALUATED, "no edition of code_ended"},
        {"excludes M54.41 M47.816", NULL, GUIDE_NOT_EVALUATED, "no edition of excludes1"},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        assert_answer(&cases[i]);
    }
}

static void an_old_edition_is_named_stale(void **state) {
    (void)state;
    struct guide guide;
    struct diag diag = DIAG_NONE;
    struct out found;
    out_open(&found, NULL, NULL);
    assert_int_equal(guide_read(&guide, VIEW(ROW("pair 62323 64483 1")), &arena, &diag), 0);
    const struct guide_assertion *pair = &guide.rows[0].assertions[0];
    assert_false(guide_ask(store, pair, DATE_NONE, &found).stale);
    assert_true(guide_ask(store, pair, date_from_ymd(2026, 8, 1), &found).stale);
    out_clear(&found);
    out_close(&found);
}

/* ---- form -------------------------------------------------------------------------------- */

static void what_has_not_the_form_is_refused_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"", "1: the first line must name"},
        {"number\tstatement\n", "1: the first line must name"},
        {HEADER "1\tsaid\twrong\tholds\t-\t-\n", "2: column 7 is empty"},
        {HEADER "1\tsaid\twrong\t\t-\t-\trvu26c\n", "2: column 4 is empty"},
        {HEADER "\n", "2: column 1 is empty"},
        {HEADER "1\tsaid\twrong\tholds\t-\t-\trvu26c\tmore\n", "2: has more than 7 columns"},
        {HEADER "x\tsaid\twrong\tholds\t-\t-\trvu26c\n", "2: a number is digits"},
        {HEADER "1\tsaid\tfalse\tholds\t-\t-\trvu26c\n", "2: no such verdict as \"false\""},
        {ROW("-") "2\tsaid\twrong\tholds\t-\t-\trvu26c\n1\tsaid\twrong\tholds\t-\t-\trvu26c\n",
         "4: statement 1 stands here twice"},
        {ROW("price 64483 7.93"), "2: no assertion begins with \"price\""},
        {ROW("bilateral 64493 1;"), "2: no assertion begins with \"\""},
        {ROW("bilateral 64493"), "2: write bilateral <code> <number>"},
        {ROW("bilateral 64493 1 1"), "2: write bilateral"},
        {ROW("bilateral 64493  1"), "2: write bilateral"},
        {ROW("bilateral 64493 one"), "2: write bilateral"},
        {ROW("bilateral 6449364493 1"), "2: write bilateral"},
        {ROW("bilateral 64493-1 1"), "2: write bilateral"},
        {ROW("bilateral 64493 1 on"), "2: write bilateral"},
        {ROW("bilateral 64493 1 on 2026-02-30"), "2: write bilateral"},
        {ROW("bilateral 64493 1 on 2026-02-01 x"), "2: write bilateral"},
        {ROW("mue 64484 4294967296 3"), "2: write mue"},
        {ROW("pair 62323 64483 9"), "2: write pair <code> <code> 0|1"},
        {ROW("pair 62323 64483 0|1"), "2: write pair"},
        {ROW("addon 77003 62273 maybe"), "2: write addon"},
        {ROW("rvu 64483 work 1.855 nonfacility 7.93 facility 2.98 global 000"), "2: write rvu"},
        {ROW("rvu 64483 total 1.85 nonfacility 7.93 facility 2.98 global 000"), "2: write rvu"},
        {ROW("amount 64493+64494+64495+64490+64491 facility 1.00"), "2: write amount"},
        {ROW("amount 64493+ facility 1.00"), "2: write amount"},
        {ROW("amount 64493 facility -1.00"), "2: write amount"},
        {ROW("pays J3301x0 facility 1.00 guide 1.00 to 2.00"), "2: write pays <services>"},
        {ROW("pays J3301x facility 1.00 guide 1.00 to 2.00"), "2: write pays"},
        {ROW("pair 62323 64483 1; dx M54.41 coded"), "2: write dx"},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct guide guide;
        struct diag diag = DIAG_NONE;
        char expected[100];
        snprintf(expected, sizeof expected, "rules/guide.tsv:%s", cases[i].said);
        int status = guide_read(&guide, view_of(cases[i].text), &arena, &diag);
        if (status != STATUS_INPUT || !view_starts(view_of(diag.text), view_of(expected))) {
            fail_msg("case %d: status %d, %s", i, status, diag.text);
        }
        assert_int_equal(diag.line, cases[i].said[0] - '0');
    }
}

/* ---- the shipped table ------------------------------------------------------------------- */

static void shipped(struct guide *guide) {
    struct diag diag = DIAG_NONE;
    assert_int_equal(guide_read(guide, guide_embedded_texts[0], &arena, &diag), STATUS_OK);
}

/* 1 to 59 in order; 51 and 52 have four parts each. */
static void every_statement_stands_once(void **state) {
    (void)state;
    struct guide guide;
    shipped(&guide);
    int at = 0;
    for (int number = 1; number <= 59; number++) {
        int parts = number == 51 || number == 52 ? 4 : 1;
        for (int part = 0; part < parts; part++, at++) {
            char expected[8];
            snprintf(expected, sizeof expected, parts > 1 ? "%d%c" : "%d", number, 'a' + part);
            assert_true(at < guide.count);
            assert_true(view_equal(guide.rows[at].number, view_of(expected)));
        }
    }
    assert_int_equal(at, guide.count);
}

/* Every assertion of a statement is answered by a table, and holds in the starter store. */
static void the_starter_store_agrees(void **state) {
    (void)state;
    struct guide guide;
    struct out found;
    int counts[GUIDE_NOT_EVALUATED + 1] = {0};
    out_open(&found, NULL, NULL);
    shipped(&guide);
    for (int i = 0; i < guide.count; i++) {
        for (int a = 0; a < guide.rows[i].assertion_count; a++) {
            const struct guide_assertion *assertion = &guide.rows[i].assertions[a];
            struct guide_answer answer = guide_ask(store, assertion, DATE_NONE, &found);
            counts[answer.result]++;
            if (answer.result != GUIDE_HOLDS) {
                fail_msg("%.*s", (int)assertion->text.size, assertion->text.at);
            }
        }
    }
    out_clear(&found);
    out_close(&found);
    assert_true(counts[GUIDE_HOLDS] > 250);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(assertions_are_answered),
        cmocka_unit_test(what_is_not_known_is_not_evaluated),
        cmocka_unit_test(an_old_edition_is_named_stale),
        cmocka_unit_test(what_has_not_the_form_is_refused_with_its_line),
        cmocka_unit_test(every_statement_stands_once),
        cmocka_unit_test(the_starter_store_agrees),
    };
    return cmocka_run_group_tests(tests, open_starter, close_starter);
}
