/* Checks across the claims of one run: repeated claims and lines, replacements, sums, pairs and
 * primaries of earlier claims, global windows, the size of the index, refused memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "edits_bench.h"

#define DAY "2026-08-03"

static struct edits_bench bench;

static int open_bench(void **state) {
    (void)state;
    bench_open(&bench);
    return 0;
}

static int close_bench(void **state) {
    (void)state;
    memory_fail_after(-1);
    bench_close(&bench);
    return 0;
}

static struct claim *patient_claim(uint64_t patient) {
    struct claim *claim = bench_claim(&bench);
    claim->patient_key = patient * UINT64_C(0x9E3779B97F4A7C15);
    claim->frequency = code_of("1");
    return claim;
}

/* One claim of one line through the checks. */
static void one_line(const char *code, const char *modifiers, const char *day, int units) {
    patient_claim(1);
    bench_line(&bench, code, modifiers, day, units);
    bench_run_all(&bench);
}

static const struct audit_evidence *evidence_of(enum audit_rule rule, int line) {
    const struct audit_finding *finding = bench_find(&bench, rule, line);
    return finding ? &finding->evidence[0] : NULL;
}

/* ---- duplicates -------------------------------------------------------------------------- */

static void a_repeated_claim_is_told_once(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        patient_claim(1);
        bench_line(&bench, i ? "J3301" : "64493", "", DAY, 1);
        bench_line(&bench, i ? "64493" : "J3301", "", DAY, 1);
        bench_run_all(&bench);
    }
    const struct audit_finding *finding = bench_find(&bench, RULE_DUPLICATE_CLAIM, 0);
    assert_non_null(finding);
    assert_int_equal(finding->line_count, 0);
    assert_int_equal(finding->evidence[0].claim_ordinal, 1);
    assert_int_equal(bench.pass->finding_count, 1); /* no units, no lines twice */
}

static void what_differs_is_no_repeated_claim(void **state) {
    (void)state;
    static const struct {
        const char *code, *modifiers, *day;
        int units;
        const char *npi;
        int64_t cents;
        uint64_t patient;
        bool duplicate;
    } table[] = {
        {"96372", "", DAY, 1, "1558597798", 1000, 1, true},
        {"96372", "LT", DAY, 1, "1558597798", 1000, 1, false},
        {"96372", "", "2026-08-04", 1, "1558597798", 1000, 1, false},
        {"96372", "", DAY, 2, "1558597798", 1000, 1, false},
        {"96372", "", DAY, 1, "1003000126", 1000, 1, false},
        {"96372", "", DAY, 1, "1558597798", 1001, 1, false},
        {"96372", "", DAY, 1, "1558597798", 1000, 2, false},
        {"20610", "", DAY, 1, "1558597798", 1000, 1, false},
    };
    for (int i = 0; i < COUNT_OF(table); i++) {
        close_bench(state);
        open_bench(state);
        patient_claim(1);
        bench_line(&bench, "96372", "", DAY, 1)->charge.cents = 1000;
        bench_run_all(&bench);
        patient_claim(table[i].patient)->rendering.npi = view_of(table[i].npi);
        bench_line(&bench, table[i].code, table[i].modifiers, table[i].day, table[i].units)
            ->charge.cents = table[i].cents;
        bench_run_all(&bench);
        assert_int_equal(bench_find(&bench, RULE_DUPLICATE_CLAIM, 0) != NULL, table[i].duplicate);
    }
}

static void unknown_patients_are_not_remembered(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        bench_claim(&bench);
        bench_line(&bench, "64493", "", DAY, 1);
        bench_run_all(&bench);
    }
    assert_int_equal(bench.pass->finding_count, 0);
    assert_int_equal(audit_index_lines(bench.audit), 0);
}

static void alone_remembers_nothing(void **state) {
    (void)state;
    bench.audit->options.alone = true;
    one_line("64493", "", DAY, 1);
    one_line("64493", "", DAY, 1);
    assert_int_equal(bench.pass->finding_count, 0);
    assert_int_equal(audit_index_bytes(bench.audit), 0);
}

static void a_replacement_takes_the_place_of_the_first(void **state) {
    (void)state;
    one_line("64493", "", DAY, 1);
    patient_claim(1)->frequency = code_of("7");
    bench_line(&bench, "64493", "LT", DAY, 1);
    bench_run_all(&bench);
    assert_int_equal(bench.pass->finding_count, 0);
    one_line("64493", "LT", DAY, 1); /* repeats the replacement */
    assert_int_equal(evidence_of(RULE_DUPLICATE_CLAIM, 0)->claim_ordinal, 2);
    patient_claim(1)->frequency = code_of("8");
    bench_line(&bench, "64493", "LT", DAY, 1);
    bench_run_all(&bench);
    one_line("64493", "LT", DAY, 1); /* after the void: the first again */
    assert_int_equal(bench.pass->finding_count, 0);
}

static void repeated_lines(void **state) {
    (void)state;
    static const struct {
        const char *on1, *on2;
        int units2;
        int severity; /* -1: no finding */
    } table[] = {
        {"", "", 1, RULE_ERROR}, {"LT", "LT", 1, RULE_ERROR}, {"LT GA", "GA LT", 1, RULE_ERROR},
        {"LT", "RT", 1, -1},     {"", "76", 1, -1},           {"", "59", 1, -1},
        {"59", "59", 1, -1},     {"76", "76", 1, -1},         {"", "", 2, RULE_REVIEW},
        {"F1", "F2", 1, -1},     {"50", "50", 1, RULE_ERROR}, {"91", "91", 1, -1},
    };
    for (int i = 0; i < COUNT_OF(table); i++) {
        for (int across = 0; across < 2; across++) {
            close_bench(state);
            open_bench(state);
            patient_claim(1);
            bench_line(&bench, "J1100", table[i].on1, DAY, 1);
            if (across) {
                bench_run_all(&bench);
                patient_claim(1);
                bench_line(&bench, "J3301", "", DAY, 1);
            }
            bench_line(&bench, "J1100", table[i].on2, DAY, table[i].units2);
            bench_run_all(&bench);
            const struct audit_finding *finding = bench_find(&bench, RULE_DUPLICATE_LINE, 0);
            assert_int_equal(finding ? (int)finding->severity : -1, table[i].severity);
            if (finding) {
                assert_int_equal(finding->line_bits, 2);
                assert_int_equal(finding->evidence[0].claim_ordinal, across);
            }
        }
    }
}

/* ---- edits ------------------------------------------------------------------------------- */

static void pairs_reach_across_claims(void **state) {
    (void)state;
    one_line("20553", "", DAY, 1);
    one_line("64493", "", DAY, 1);
    const struct audit_finding *finding = bench_find(&bench, RULE_NCCI_PTP, 1);
    assert_non_null(finding);
    assert_int_equal(finding->severity, RULE_ERROR);
    assert_int_equal(finding->evidence[0].claim_ordinal, 1);
    assert_int_equal(finding->evidence[0].claim_line, 1);
    one_line("64494", "", DAY, 1); /* that primary is denied */
    assert_non_null(bench_find(&bench, RULE_ADDON_WITHOUT_PRIMARY, 1));
}

static void column_1_after_column_2_is_a_warning(void **state) {
    (void)state;
    one_line("64493", "", DAY, 1);
    one_line("20553", "", DAY, 1);
    const struct audit_finding *finding = bench_find(&bench, RULE_NCCI_PTP, 1);
    assert_non_null(finding);
    assert_int_equal(finding->severity, RULE_WARN);
}

static void modifiers_of_earlier_claims_bypass(void **state) {
    (void)state;
    one_line("20553", "GA XS", DAY, 1);
    one_line("64493", "", DAY, 1);
    const struct audit_finding *finding = bench_find(&bench, RULE_NCCI_PTP, 1);
    assert_non_null(finding);
    assert_int_equal(finding->status, AUDIT_BYPASSED);
    assert_true(code_equal(finding->evidence[0].modifier, code_of("XS")));
    one_line("64450", "", "2026-08-04", 1);
    one_line("20553", "", "2026-08-05", 1);
    assert_null(bench_find(&bench, RULE_NCCI_PTP, 0));
}

static void units_add_up_across_claims(void **state) {
    (void)state;
    one_line("20610", "RT", DAY, 1);
    one_line("20610", "LT", DAY, 1);
    assert_null(bench_find(&bench, RULE_MUE_EXCEEDED, 0)); /* two a day */
    one_line("20610", "76", DAY, 1);
    const struct audit_evidence *evidence = evidence_of(RULE_MUE_EXCEEDED, 1);
    assert_non_null(evidence);
    assert_int_equal(evidence->claim_ordinal, 2);
    patient_claim(1)->rendering.npi = VIEW("1003000126");
    bench_line(&bench, "20610", "", DAY, 1);
    bench_run_all(&bench);
    assert_null(bench_find(&bench, RULE_MUE_EXCEEDED, 0));
}

static void primaries_of_earlier_claims_are_found(void **state) {
    (void)state;
    one_line("64493", "", DAY, 1);
    one_line("64494", "", DAY, 1);
    assert_null(bench_find(&bench, RULE_ADDON_WITHOUT_PRIMARY, 0));
    one_line("64494", "", "2026-08-04", 1);
    assert_non_null(bench_find(&bench, RULE_ADDON_WITHOUT_PRIMARY, 1));
}

/* ---- global windows ---------------------------------------------------------------------- */

static void global_windows(void **state) {
    (void)state;
    static const struct {
        const char *first, *on1, *day1;
        const char *second, *on2, *day2;
        bool across, within; /* a finding when the two stand on two claims, on one */
    } table[] = {
        {"64635", "", DAY, "99213", "", "2026-08-13", true, true}, /* global 010 */
        {"64635", "", DAY, "99213", "", "2026-08-14", false, false},
        {"64635", "", DAY, "99213", "24", "2026-08-13", false, false},
        {"64635", "", DAY, "99213", "25", "2026-08-04", true, true},
        {"64635", "", DAY, "99213", "", "2026-08-02", false, false},
        {"64635", "", DAY, "99213", "", DAY, true, false},
        {"64635", "", DAY, "99213", "57", DAY, true, false}, /* 57 is for 090 */
        {"64635", "", DAY, "99213", "25", DAY, false, false},
        {"20610", "", DAY, "99213", "", DAY, true, false}, /* global 000 */
        {"20610", "", DAY, "99213", "", "2026-08-04", false, false},
        {"64635", "", DAY, "64493", "", "2026-08-10", true, true},
        {"64635", "", DAY, "64493", "79", "2026-08-10", false, false},
        {"64635", "", DAY, "64493", "58", "2026-08-10", false, false},
        {"64635", "", DAY, "64493", "78", "2026-08-10", false, false},
        {"64635", "", DAY, "64493", "59", "2026-08-10", true, true},
        {"64635", "78", DAY, "99213", "", "2026-08-10", false, false}, /* no new window */
        {"64635", "", DAY, "J1100", "", "2026-08-10", false, false},   /* no subject */
        {"62361", "", DAY, "99213", "", "2026-08-02", false, false},
        {"64493", "", DAY, "64635", "", "2026-08-10", false, false}, /* 000 opens none */
    };
    for (int i = 0; i < COUNT_OF(table); i++) {
        for (int across = 0; across < 2; across++) {
            close_bench(state);
            open_bench(state);
            patient_claim(1);
            bench_line(&bench, table[i].first, table[i].on1, table[i].day1, 1);
            if (across) {
                bench_run_all(&bench);
                patient_claim(1);
            }
            bench_line(&bench, table[i].second, table[i].on2, table[i].day2, 1);
            bench_run_all(&bench);
            const struct audit_finding *finding = bench_find(&bench, RULE_GLOBAL_PERIOD, 0);
            if ((finding != NULL) != (across ? table[i].across : table[i].within)) {
                fail_msg("row %d, %s claims", i, across ? "two" : "one");
            }
        }
    }
}

/* ---- the index --------------------------------------------------------------------------- */

static void earlier_lines_come_newest_claim_first(void **state) {
    (void)state;
    one_line("20610", "RT", "2026-08-01", 1);
    patient_claim(2);
    bench_line(&bench, "62323", "", DAY, 1);
    bench_run_all(&bench);
    patient_claim(1);
    bench_line(&bench, "J1100", "JZ KX", "2026-08-02", 120)->to = date_from_iso(VIEW("2026-08-04"));
    bench_line(&bench, "97XXX", "", "2026-08-02", 1);
    bench_run_all(&bench);
    patient_claim(1);
    bench_line(&bench, "99213", "", DAY, 1);
    bench_pass(&bench);
    static const struct {
        int64_t ordinal;
        int line;
        const char *code;
        int units;
        uint32_t flags;
        int days;
    } expected[] = {{3, 1, "J1100", 40, LINE_JZ | LINE_KX, 2},
                    {3, 2, "97XXX", 1, 0, 0},
                    {1, 1, "20610", 1, LINE_RIGHT, 0}};
    for (int round = 0; round < 2; round++) { /* in order, then from the end */
        for (int i = 0; i < COUNT_OF(expected); i++) {
            int n = round ? (int)COUNT_OF(expected) - 1 - i : i;
            struct earlier earlier;
            assert_true(earlier_line(bench.pass, n, &earlier));
            assert_int_equal(earlier.claim_ordinal, expected[n].ordinal);
            assert_int_equal(earlier.line, expected[n].line);
            assert_true(code_equal(earlier.code, code_of(expected[n].code)));
            assert_int_equal(earlier.id, store_code_id(bench.store, earlier.code));
            assert_int_equal(earlier.units, expected[n].units);
            assert_int_equal(earlier.flags, expected[n].flags);
            assert_int_equal(earlier.to.day - earlier.on.day, expected[n].days);
            assert_true(earlier_same_provider(&earlier, &bench.pass->lines[0]));
        }
        struct earlier past;
        assert_false(earlier_line(bench.pass, COUNT_OF(expected), &past));
    }
}

/* Many patients, some with several claims: nobody is taken for another, and the index is small. */
static void the_index_is_small_and_exact(void **state) {
    (void)state;
    enum { PATIENTS = 40000 };
    static const char *const codes[] = {"99213", "20610", "J3301"};
    for (int round = 0; round < 2; round++) {
        for (uint64_t patient = 1; patient <= PATIENTS; patient++) {
            patient_claim(patient);
            for (int i = 0; i < COUNT_OF(codes); i++) {
                bench_line(&bench, codes[i], "", DAY, 1);
            }
            bench.claim.lines[0].from.day -= (int32_t)(patient % 1000) + 1000 * round;
            bench_pass(&bench);
            struct earlier earlier;
            for (int n = 0; n < 3 * round; n++) {
                assert_true(earlier_line(bench.pass, n, &earlier));
                assert_int_equal(earlier.claim_ordinal, patient);
            }
            assert_false(earlier_line(bench.pass, 3 * round, &earlier));
            across_remember(bench.pass);
            int64_t lines = audit_index_lines(bench.audit);
            if (lines > 30000) { /* below, the first blocks weigh in */
                assert_true(audit_index_bytes(bench.audit) <= 24 * lines);
            }
        }
    }
    assert_int_equal(audit_index_lines(bench.audit), 2 * 3 * PATIENTS);
    printf("# %.1f bytes a line\n", (double)audit_index_bytes(bench.audit) / (2.0 * 3 * PATIENTS));
}

static void refused_memory_is_a_gap(void **state) {
    (void)state;
    for (int refused = 0; refused < 4; refused++) {
        close_bench(state);
        open_bench(state);
        patient_claim(1);
        bench_line(&bench, "64493", "", DAY, 1);
        bench_pass(&bench);
        memory_fail_after(refused);
        check_edits(bench.pass);
        check_across(bench.pass);
        memory_fail_after(-1);
        bool failed = bench.audit->memory.failed;
        assert_int_equal(failed, refused < 3);
        assert_int_equal(bench_gap(&bench, RULE_DUPLICATE_CLAIM, "memory:earlier_claims"), failed);
        one_line("64493", "", DAY, 1);
        assert_int_equal(bench_find(&bench, RULE_DUPLICATE_CLAIM, 0) != NULL, !failed);
        assert_int_equal(bench_gap(&bench, RULE_DUPLICATE_CLAIM, "memory:earlier_claims"), failed);
    }
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, open_bench, close_bench)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_repeated_claim_is_told_once),
        CASE(what_differs_is_no_repeated_claim),
        CASE(unknown_patients_are_not_remembered),
        CASE(alone_remembers_nothing),
        CASE(a_replacement_takes_the_place_of_the_first),
        CASE(repeated_lines),
        CASE(pairs_reach_across_claims),
        CASE(column_1_after_column_2_is_a_warning),
        CASE(modifiers_of_earlier_claims_bypass),
        CASE(units_add_up_across_claims),
        CASE(primaries_of_earlier_claims_are_found),
        CASE(global_windows),
        CASE(earlier_lines_come_newest_claim_first),
        CASE(the_index_is_small_and_exact),
        CASE(refused_memory_is_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
