/* The history through its interface, the same for a file and for a database:
 * test_history PREFIX, or --list for the names of the tests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../memory_sweep.h"
#include "history_bench.h"

/* Where a test looks at what it has just added as well as at what was kept and read again. */
static void expect(struct bench *bench, const char *member, const char *services) {
    assert_string_equal(bench_services(bench, member), services);
    bench_reopen(bench);
    assert_string_equal(bench_services(bench, member), services);
}

static int lines_of(const char *text) {
    int lines = 0;
    for (; *text; text++) {
        lines += *text == '\n';
    }
    return lines;
}

/* ---- round trip -------------------------------------------------------------------------- */

static const char full_claim[] =
    "{\"claim_id\":\"F-1\",\"payer\":{\"id\":\"12345\"},\"patient\":{\"id\":\"M1\",\"birth_date\":"
    "\"1950-05-05\"},\"place_of_service\":\"11\",\"rendering_provider\":{\"npi\":\"1234567893\"},"
    "\"billing_provider\":{\"npi\":\"1111111112\"},\"lines\":["
    "{\"code\":\"64493\",\"modifiers\":[\"LT\",\"KX\"],\"units\":1,\"service_date\":\"2026-03-02\","
    "\"kind\":\"dx\"},"
    "{\"code\":\"64494\",\"modifiers\":[\"50\"],\"units\":2.5,\"service_date\":\"2026-03-01\","
    "\"place_of_service\":\"24\",\"kind\":\"rfa\"},"
    "{\"code\":\"J1030\",\"units\":300,\"service_date\":\"2026-03-02\"},"
    "{\"code\":\"99213\",\"modifiers\":[\"25\",\"GC\",\"GT\",\"95\"],\"service_date\":"
    "\"2026-03-02\"}],"
    "\"documentation\":{\"relief_percent\":80.5,\"levels\":[\"L4-5\"],\"joints\":[\"L5-S1\"],"
    "\"level\":\"L3\",\"nerves\":[\"somewhere\"],\"approach\":\"Inter-Laminar\",\"steroid\":"
    "\"triamcinolone\",\"steroid_mg\":40,\"bilateral\":true},"
    "\"history\":[{\"service_date\":\"2025-11-05\",\"code\":\"64493\",\"modifiers\":[\"RT\"],"
    "\"units\":1,\"npi\":\"1234567893\",\"kind\":\"tx\",\"region\":\"LS\",\"side\":\"R\","
    "\"levels\":[\"L4-L5\"],\"relief_percent\":50,\"hours\":12,\"relief_weeks\":12.125,"
    "\"relief_months\":3,\"adl_improvement\":true,\"same_level\":true,\"same_approach\":false,"
    "\"same_steroid\":true},"
    "{\"service_date\":\"1949-12-31\",\"code\":\"80307\",\"kind\":\"presumptive\",\"region\":"
    "\"UDT\",\"side\":\"NA\",\"levels\":[],\"adl_improvement\":false,\"relief_percent\":0}]}";

static const char full_services[] =
    "1949-12-31 80307 place  provider 0 kind 5 region 5 side N levels 0 0 0 percent 0 adl 1 same "
    "000 approach 0 steroid 0 claim %C\n"
    "2025-11-05 64493-RT units 1 place  provider %P kind 2 region 2 side R levels 800000 0 0 "
    "percent 50 hours 12 weeks 12.125 months 3 adl 2 same 000 approach 0 steroid 0 claim %C\n"
    "2026-03-01 64494-50 units 2.5 place 24 provider %P kind 3 region 0 side B levels 1800000 "
    "400000 1 percent 80.5 adl 0 same 000 approach %A steroid %S mg 40 claim %C\n"
    "2026-03-02 64493-LT-KX units 1 place 11 provider %P kind 1 region 0 side L levels 1800000 "
    "400000 1 percent 80.5 adl 0 same 000 approach %A steroid %S mg 40 claim %C\n"
    "2026-03-02 J1030 units 300 place 11 provider %P kind 0 region 0 side - adl 0 same 000 "
    "approach 0 steroid 0 claim %C\n"
    "2026-03-02 99213-25-GC-GT-95 place 11 provider %P kind 0 region 0 side - adl 0 same 000 "
    "approach 0 steroid 0 claim %C\n";

/* %X of the text above stands for a key. */
static void keys_put(struct out *out, const char *text) {
    out_open(out, NULL, NULL);
    for (; *text; text++) {
        if (*text != '%') {
            out_char(out, *text);
            continue;
        }
        text++;
        uint64_t key = *text == 'C'   ? claim_text_key(VIEW("F1"))
                       : *text == 'P' ? claim_npi_key(VIEW("1234567893"))
                       : *text == 'A' ? claim_text_key(VIEW("INTERLAMINAR"))
                                      : claim_text_key(VIEW("Triamcinolone"));
        out_format(out, "%llx", (unsigned long long)key);
    }
    out_char(out, 0);
}

static void every_field_comes_back(void **state) {
    struct bench *bench = *state;
    struct out wanted;
    keys_put(&wanted, full_services);
    bench_open(bench, true);
    struct history_added added = bench_add(bench, full_claim);
    assert_int_equal(added.outcome, HISTORY_ADDED);
    assert_int_equal(added.services, 6);
    assert_int_equal(added.left_out, 0);
    expect(bench, "M1", wanted.at);
    out_close(&wanted);
}

static void odd_codes_come_back(void **state) {
    struct bench *bench = *state;
    bench_open(bench, true);
    bench_add(bench, "{\"claim_id\":\"O\",\"payer\":{\"id\":\"12345\"},\"patient\":{\"id\":\"M\","
                     "\"birth_date\":\"1950-05-05\"},\"lines\":[{\"code\":\"ABCDEFGH\","
                     "\"modifiers\":[\"A\",\"LONG\"],\"units\":-2,\"service_date\":\"2026-01-01\","
                     "\"place_of_service\":\"123\"},{\"code\":\"64493\"},"
                     "{\"code\":\"\",\"service_date\":\"2026-01-01\"}]}");
    assert_true(strncmp(bench_services(bench, "M"),
                        "2026-01-01 ABCDEFGH-A-LONG units -2 place 123 provider 0 ", 56) == 0);
    bench_reopen(bench);
    assert_true(strncmp(bench_services(bench, "M"),
                        "2026-01-01 ABCDEFGH-A-LONG units -2 place 123 provider 0 ", 56) == 0);
    assert_int_equal(lines_of(bench_services(bench, "M")), 1);
}

static void lines_without_a_day_are_counted(void **state) {
    struct bench *bench = *state;
    bench_open(bench, true);
    struct history_added added =
        bench_add(bench, claim_json("A", "M", "2026-01-01", ",\"place_of_service\":\"11\""));
    assert_int_equal(added.left_out, 0);
    added = bench_add(bench, claim_json("B", "M", "", ""));
    assert_int_equal(added.outcome, HISTORY_ADDED);
    assert_int_equal(added.services, 0);
    assert_int_equal(added.left_out, 1);
}

/* ---- what adding does -------------------------------------------------------------------- */

static void adding_again_changes_nothing(void **state) {
    struct bench *bench = *state;
    bench_open(bench, true);
    bench_add(bench, full_claim);
    assert_int_equal(bench_add(bench, full_claim).outcome, HISTORY_KNOWN);
    bench_commit(bench);
    assert_int_equal(bench_add(bench, full_claim).outcome, HISTORY_KNOWN);
    bench_commit(bench);
    bench_open(bench, true);
    struct history_added added = bench_add(bench, full_claim);
    assert_int_equal(added.outcome, HISTORY_KNOWN);
    assert_int_equal(added.services, 0);
    bench_reopen(bench);
    assert_int_equal(lines_of(bench_services(bench, "M1")), 6);
    struct history_totals totals;
    struct diag diag;
    assert_int_equal(history_totals(bench->history, &totals, &diag), STATUS_OK);
    assert_int_equal(totals.claims, 1);
    assert_int_equal(totals.patients, 1);
    assert_int_equal(totals.services, 6);
    assert_int_equal(totals.first.day, date_from_iso(VIEW("1949-12-31")).day);
    assert_int_equal(totals.last.day, date_from_iso(VIEW("2026-03-02")).day);
}

/* The same id with other services is another claim: only frequency 7 replaces. */
static void same_id_other_content_is_added(void **state) {
    struct bench *bench = *state;
    bench_open(bench, true);
    bench_add(bench, claim_json("A", "M", "2026-01-01", ""));
    assert_int_equal(bench_add(bench, claim_json("A", "M", "2026-01-02", "")).outcome,
                     HISTORY_ADDED);
    assert_int_equal(lines_of(bench_services(bench, "M")), 2);
}

static void a_claim_without_patient_is_refused(void **state) {
    struct bench *bench = *state;
    bench_open(bench, true);
    assert_int_equal(bench_add(bench, claim_json("A", "", "2026-01-01", "")).outcome,
                     HISTORY_NO_PATIENT);
    bench_add(bench, claim_json("B", "M", "2026-01-01", ""));
    bench_commit(bench);
    struct history_found found;
    struct diag diag;
    assert_int_equal(
        history_services(bench->history, claim_text_key(VIEW(BENCH_PAYER)), 0, &found, &diag),
        STATUS_OK);
    assert_false(found.known);
}

static void patients_and_payers_are_apart(void **state) {
    struct bench *bench = *state;
    uint64_t payer = claim_text_key(VIEW(BENCH_PAYER));
    bench_open(bench, true);
    bench_add(bench, claim_json("A", "M", "2026-01-01", ""));
    bench_add(bench, claim_json("B", "N", "2026-01-02", ""));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(lines_of(bench_services(bench, "M")), 1);
        assert_true(strstr(bench_services(bench, "N"), "2026-01-02 64493") != NULL);
        assert_string_equal(bench_services(bench, "O"), "unknown\n");
        assert_string_equal(bench_keys(bench, payer + 1, bench_patient("M")), "unknown\n");
        bench_reopen(bench);
    }
    int64_t cursor = 0;
    uint64_t found;
    history_fetch_patient(bench->history, payer, bench_patient("M"));
    history_fetch_services(bench->history, payer, bench_patient("M"));
    history_fetch_services(bench->history, payer, bench_patient("O"));
    assert_true(history_payer_next(bench->history, bench_patient("M"), &cursor, &found));
    assert_true(found == payer);
    assert_false(history_payer_next(bench->history, bench_patient("M"), &cursor, &found));
}

/* ---- replacements and voids -------------------------------------------------------------- */

static void a_replacement_takes_the_place(void **state) {
    struct bench *bench = *state;
    bench_open(bench, true);
    bench_add(bench, claim_json("A", "M", "2026-01-01", ""));
    bench_add(bench, claim_json("B", "M", "2026-02-01", ""));
    bench_commit(bench);
    struct history_added added =
        bench_add(bench, claim_json("A", "M", "2026-01-03", ",\"frequency_code\":\"7\""));
    assert_int_equal(added.outcome, HISTORY_REPLACED);
    assert_int_equal(added.removed, 1);
    assert_int_equal(added.services, 1);
    added = bench_add(bench, claim_json("C", "M", "2026-02-03",
                                        ",\"frequency_code\":\"7\",\"original_reference\":\"B\""));
    assert_int_equal(added.outcome, HISTORY_REPLACED);
    for (int i = 0; i < 2; i++) {
        const char *services = bench_services(bench, "M");
        assert_int_equal(lines_of(services), 2);
        assert_true(strstr(services, "2026-01-03") && strstr(services, "2026-02-03"));
        bench_reopen(bench);
    }
    bench_open(bench, true);
    assert_int_equal(bench_add(bench, claim_json("A", "M", "2026-01-01", "")).outcome,
                     HISTORY_KNOWN);
    assert_int_equal(bench_add(bench, claim_json("A", "M", "2026-01-05", "")).outcome,
                     HISTORY_SUPERSEDED);
    added = bench_add(bench, claim_json("D", "M", "2026-02-04",
                                        ",\"frequency_code\":\"7\",\"original_reference\":\"B\""));
    assert_int_equal(added.outcome, HISTORY_REPLACED); /* the first replacement of B */
    assert_int_equal(lines_of(bench_services(bench, "M")), 2);
}

static void a_void_takes_away(void **state) {
    struct bench *bench = *state;
    bench_open(bench, true);
    bench_add(bench, claim_json("A", "M", "2026-01-01", ""));
    struct history_added added =
        bench_add(bench, claim_json("A", "M", "2026-01-01", ",\"frequency_code\":\"8\""));
    assert_int_equal(added.outcome, HISTORY_VOIDED);
    assert_int_equal(added.removed, 1);
    assert_int_equal(added.services, 0);
    expect(bench, "M", ""); /* known, with nothing */
    bench_open(bench, true);
    added = bench_add(bench, claim_json("X", "M", "2026-01-01", ",\"frequency_code\":\"8\""));
    assert_int_equal(added.outcome, HISTORY_VOIDED);
    assert_int_equal(added.removed, 0);
    bench_add(bench, claim_json("B", "N", "2026-01-01", ",\"frequency_code\":\"8\""));
    expect(bench, "N", "");
}

/* A claim that is received after the void is a new one, with an id that was used before. */
static void billed_again_after_a_void(void **state) {
    struct bench *bench = *state;
    bench_open(bench, true);
    bench_add(bench, claim_json("A", "M", "2026-01-01", ",\"received_date\":\"2026-01-05\""));
    bench_add(bench, claim_json("A", "M", "2026-01-01",
                                ",\"frequency_code\":\"8\",\"received_date\":\"2026-01-20\""));
    assert_string_equal(bench_services(bench, "M"), "");
    assert_int_equal(
        bench_add(bench, claim_json("A", "M", "2026-01-01", ",\"received_date\":\"2026-01-25\""))
            .outcome,
        HISTORY_ADDED);
    bench_reopen(bench);
    assert_int_equal(lines_of(bench_services(bench, "M")), 1);
}

/* ---- rows of history lists --------------------------------------------------------------- */

static void a_row_that_tells_of_a_line_fills_it(void **state) {
    struct bench *bench = *state;
    bench_open(bench, true);
    bench_add(bench, claim_json("A", "M", "2026-01-01", ""));
    bench_add(bench, claim_json("B", "M", "2026-03-01",
                                ",\"history\":[{\"service_date\":\"2026-01-01\",\"code\":\"64493\","
                                "\"relief_percent\":70,\"kind\":\"dx\",\"side\":\"L\"},"
                                "{\"service_date\":\"2025-01-01\",\"code\":\"64493\"},"
                                "{\"service_date\":\"2025-01-01\",\"code\":\"64493\"}]"));
    bench_add(bench,
              claim_json("C", "M", "2026-04-01",
                         ",\"history\":[{\"service_date\":\"2025-01-01\",\"code\":\"64493\"},"
                         "{\"service_date\":\"2026-03-01\",\"code\":\"64493\","
                         "\"relief_percent\":60}]"));
    for (int i = 0; i < 2; i++) {
        const char *services = bench_services(bench, "M");
        assert_int_equal(lines_of(services), 5); /* three lines, and twice one row */
        assert_true(strstr(services, "2026-01-01 64493 place  provider 0 kind 1 region 0 side L "
                                     "percent 70 ") != NULL);
        assert_true(strstr(services, "2026-03-01 64493 place  provider 0 kind 0 region 0 side - "
                                     "percent 60 ") != NULL);
        bench_reopen(bench);
    }
}

static void a_row_of_the_other_side_counts(void **state) {
    struct bench *bench = *state;
    bench_open(bench, true);
    bench_add(bench, "{\"claim_id\":\"A\",\"payer\":{\"id\":\"12345\"},\"patient\":{\"id\":\"M\","
                     "\"birth_date\":\"1950-05-05\"},\"lines\":[{\"code\":\"64493\",\"modifiers\":"
                     "[\"LT\"],\"service_date\":\"2026-01-01\"}],\"history\":[{\"service_date\":"
                     "\"2026-01-01\",\"code\":\"64493\",\"side\":\"R\"}]}");
    assert_int_equal(lines_of(bench_services(bench, "M")), 2);
}

/* ---- order ------------------------------------------------------------------------------- */

#define MIXED 6

/* Lines and rows, a replacement, a void, the same day twice. */
static const char *mixed(int i) {
    static const char rows[] =
        ",\"history\":[{\"service_date\":\"2026-01-03\",\"code\":\"64493\",\"hours\":2},"
        "{\"service_date\":\"2025-07-01\",\"code\":\"64635\"}]";
    static const char *const more[MIXED] = {
        "",
        ",\"frequency_code\":\"7\"",
        ",\"frequency_code\":\"8\",\"original_reference\":\"C\"",
        "",
        rows,
        ",\"history\":[{\"service_date\":\"2025-07-01\",\"code\":\"64635\"}]"};
    static const char *const ids[MIXED] = {"A", "A", "V", "C", "E", "F"};
    static const char *const days[MIXED] = {"2026-01-01", "2026-01-03", "2026-01-01",
                                            "2026-01-01", "2026-01-05", "2026-01-05"};
    return claim_json(ids[i], "M", days[i], more[i]);
}

static void permute(struct bench *bench, int code, bool commits) {
    int left[MIXED] = {0, 1, 2, 3, 4, 5};
    bench_open(bench, true);
    for (int i = 0; i < MIXED; i++) {
        int pick = code % (MIXED - i);
        code /= MIXED - i;
        bench_add(bench, mixed(left[pick]));
        memmove(left + pick, left + pick + 1, sizeof(int) * (size_t)(MIXED - 1 - pick));
        if (commits) {
            bench_commit(bench);
        }
    }
}

static void the_order_does_not_matter(void **state) {
    struct bench *bench = *state;
    struct out first;
    out_open(&first, NULL, NULL);
    permute(bench, 0, false);
    OUT_TEXT(&first, "");
    out_view(&first, view_of(bench_services(bench, "M")));
    out_char(&first, 0);
    assert_int_equal(lines_of(first.at), 4);
    for (int code = 1; code < 720; code += bench_is_file() ? 1 : 7) {
        permute(bench, code, false); /* what is not committed is forgotten */
        assert_string_equal(bench_services(bench, "M"), first.at);
    }
    assert_string_equal(bench_services(bench, "N"), "unknown\n");
    for (int code = 13; code < 720; code += 101) {
        bench_teardown(state);
        bench_setup(state);
        permute(bench, code, true);
        assert_string_equal(bench_services(bench, "M"), first.at);
        bench_open(bench, false);
        assert_string_equal(bench_services(bench, "M"), first.at);
    }
    out_close(&first);
}

/* ---- many -------------------------------------------------------------------------------- */

#define MANY_PATIENTS 700
#define MANY_CLAIMS 14

static int64_t chance(int64_t *seed, int64_t below) {
    *seed = (*seed * 1103515245 + 12345) & 0x7FFFFFFF;
    return (*seed >> 8) % below;
}

static void many_add(struct bench *bench, int from, int to) {
    for (int k = from; k < to; k++) {
        for (int p = 0; p < MANY_PATIENTS; p++) {
            int64_t seed = p * 1000 + k;
            char id[24], member[24], day[11], more[700] = ",\"history\":[]";
            int32_t on = date_from_iso(VIEW("2025-01-01")).day + (int32_t)chance(&seed, 600);
            snprintf(id, sizeof id, "P%d-%d", p, k);
            snprintf(member, sizeof member, "M%d", p);
            date_text((struct date){on}, day);
            if (p % 50 == 0) { /* long ones, to fill segments */
                snprintf(more, sizeof more,
                         ",\"documentation\":{\"relief_percent\":%d,\"levels\":"
                         "[\"L4-5\"]}",
                         k);
            }
            bench_add(bench, claim_json(id, member, day, more));
        }
        bench_commit(bench);
    }
}

static void many_patients_in_many_segments(void **state) {
    struct bench *bench = *state;
    bench_open(bench, true);
    many_add(bench, 0, MANY_CLAIMS / 2);
    bench_open(bench, true);
    many_add(bench, MANY_CLAIMS / 2, MANY_CLAIMS);
    struct history_totals totals;
    struct diag diag;
    bench_reopen(bench);
    assert_int_equal(history_totals(bench->history, &totals, &diag), STATUS_OK);
    assert_int_equal(totals.patients, MANY_PATIENTS);
    assert_int_equal(totals.claims, MANY_PATIENTS * MANY_CLAIMS);
    assert_int_equal(totals.services, MANY_PATIENTS * MANY_CLAIMS);
    for (int p = 0; p < MANY_PATIENTS; p++) {
        char member[24];
        snprintf(member, sizeof member, "M%d", p);
        const char *services = bench_services(bench, member);
        assert_int_equal(lines_of(services), MANY_CLAIMS);
        for (const char *next; (next = strchr(services, '\n')) && next[1]; services = next + 1) {
            assert_true(strncmp(services, next + 1, 10) <= 0);
        }
    }
}

/* Far more services than are sorted by insertion. */
static void one_patient_with_many_claims(void **state) {
    struct bench *bench = *state;
    bench_open(bench, true);
    for (int i = 0; i < 500; i++) {
        char id[24], day[11], more[120];
        int32_t on = date_from_iso(VIEW("2025-01-01")).day + i * 37 % 500;
        snprintf(id, sizeof id, "C%d", i);
        date_text((struct date){on}, day);
        snprintf(more, sizeof more,
                 ",\"history\":[{\"service_date\":\"2024-%02d-01\",\"code\":\"62323\"}]",
                 i % 12 + 1);
        bench_add(bench, claim_json(id, "M", day, i % 2 ? more : ""));
    }
    for (int round = 0; round < 2; round++) {
        const char *services = bench_services(bench, "M");
        assert_int_equal(lines_of(services), 500 + 6); /* the rows of odd months */
        for (const char *next; (next = strchr(services, '\n')) && next[1]; services = next + 1) {
            assert_true(strncmp(services, next + 1, 10) <= 0);
        }
        bench_reopen(bench);
    }
}

/* ---- commits and writers ------------------------------------------------------------------ */

static void what_is_not_committed_is_forgotten(void **state) {
    struct bench *bench = *state;
    bench_open(bench, true);
    bench_add(bench, claim_json("A", "M", "2026-01-01", ""));
    bench_commit(bench);
    bench_add(bench, claim_json("B", "M", "2026-02-01", ""));
    assert_int_equal(lines_of(bench_services(bench, "M")), 2);
    bench_open(bench, false);
    assert_int_equal(lines_of(bench_services(bench, "M")), 1);
}

static void two_writers(void **state) {
    struct bench *bench = *state;
    struct history *other = NULL;
    struct diag diag = DIAG_NONE;
    struct history_added added;
    struct history_options options = {.write = true, .wait_ms = 100};
    bench_open(bench, true);
    bench_add(bench, claim_json("A", "M", "2026-01-01", ""));
    bench_commit(bench);
    assert_int_equal(history_open(&other, bench_where(), &options, &diag), STATUS_OK);
    bench_add(bench, claim_json("B", "M", "2026-02-01", ""));
    const struct claim *claim = bench_claim(bench, claim_json("B", "M", "2026-02-01", ""));
    assert_int_equal(history_add(other, claim, &added, &diag), STATUS_SYSTEM);
    assert_string_equal(diag.code, "history_busy");
    bench_commit(bench);
    assert_int_equal(history_add(other, claim, &added, &diag), STATUS_OK);
    assert_int_equal(added.outcome, HISTORY_KNOWN); /* it has read what the first one added */
    claim = bench_claim(bench, claim_json("C", "M", "2026-03-01", ""));
    assert_int_equal(history_add(other, claim, &added, &diag), STATUS_OK);
    assert_int_equal(history_commit(other, &diag), STATUS_OK);
    history_close(other);
    assert_int_equal(bench_add(bench, claim_json("C", "M", "2026-03-01", "")).outcome,
                     HISTORY_KNOWN);
    bench_reopen(bench);
    assert_int_equal(lines_of(bench_services(bench, "M")), 3);
}

static void a_reader_does_not_wait_for_a_writer(void **state) {
    struct bench *bench = *state;
    struct history *reader = NULL;
    struct diag diag = DIAG_NONE;
    struct history_added added;
    bench_open(bench, true);
    bench_add(bench, claim_json("A", "M", "2026-01-01", ""));
    bench_commit(bench);
    bench_add(bench, claim_json("B", "M", "2026-02-01", ""));
    struct history_options options = {.wait_ms = 100};
    assert_int_equal(history_open(&reader, bench_where(), &options, &diag), STATUS_OK);
    struct history_totals totals;
    assert_int_equal(history_totals(reader, &totals, &diag), STATUS_OK);
    assert_int_equal(totals.claims, 1);
    const struct claim *claim = bench_claim(bench, claim_json("C", "M", "2026-03-01", ""));
    assert_int_equal(history_add(reader, claim, &added, &diag), STATUS_USAGE);
    assert_string_equal(diag.code, "history_read_only");
    history_close(reader);
    bench_commit(bench);
}

/* ---- memory ------------------------------------------------------------------------------ */

/* Adds, commits and asks; a refusal is told as such, and leaves all or nothing. */
static bool works(void *context) {
    struct bench *bench = context;
    struct history *history = NULL;
    struct history_added added;
    struct history_found found = {0};
    struct diag diag = DIAG_NONE;
    static struct claim claims[2]; /* of bench->arena, made before */
    static bool made;
    if (!made) {
        memory_fail_after(-1);
        const char *texts[] = {full_claim, claim_json("S", "M1", "2025-01-01", "")};
        for (int i = 0; i < 2; i++) {
            assert_int_equal(claim_from_json(&claims[i], view_of(texts[i]), &bench->arena, &diag),
                             STATUS_OK);
        }
        made = true;
        memory_fail_after(0);
    }
    int status =
        history_open(&history, bench_where(), &(struct history_options){.write = true}, &diag);
    for (int i = 0; i < 2 && status == STATUS_OK; i++) {
        status = history_add(history, &claims[i], &added, &diag);
    }
    status = status ? status : history_commit(history, &diag);
    status = status ? status
                    : history_services(history, claim_payer_key(&claims[0]),
                                       claims[0].patient_key, &found,
                                       &diag);
    history_close(history);
    if (status != STATUS_OK) {
        assert_int_equal(status, STATUS_SYSTEM);
        assert_string_equal(diag.code, "memory");
        return false;
    }
    assert_int_equal(found.count, 7);
    return true;
}

static void refused_memory_is_told(void **state) {
    struct bench *bench = *state;
    assert_true(memory_sweep(works, bench, 1000) > 5); /* into a fresh one */
    assert_true(memory_sweep(works, bench, 1000) > 5); /* all is known */
    memory_fail_after(-1);
    bench_open(bench, false);
    assert_int_equal(lines_of(bench_services(bench, "M1")), 7);
}

/* ------------------------------------------------------------------------------------------ */

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(int count, char **words) {
    const struct CMUnitTest tests[] = {
        TEST(every_field_comes_back),
        TEST(odd_codes_come_back),
        TEST(lines_without_a_day_are_counted),
        TEST(adding_again_changes_nothing),
        TEST(same_id_other_content_is_added),
        TEST(a_claim_without_patient_is_refused),
        TEST(patients_and_payers_are_apart),
        TEST(a_replacement_takes_the_place),
        TEST(a_void_takes_away),
        TEST(billed_again_after_a_void),
        TEST(a_row_that_tells_of_a_line_fills_it),
        TEST(a_row_of_the_other_side_counts),
        TEST(the_order_does_not_matter),
        TEST(many_patients_in_many_segments),
        TEST(one_patient_with_many_claims),
        TEST(what_is_not_committed_is_forgotten),
        TEST(two_writers),
        TEST(a_reader_does_not_wait_for_a_writer),
        TEST(refused_memory_is_told),
    };
    if (count == 2 && strcmp(words[1], "--list") == 0) {
        for (ptrdiff_t i = 0; i < COUNT_OF(tests); i++) {
            puts(tests[i].name);
        }
        return 0;
    }
    if (count == 2 && strcmp(words[1], "--with") == 0) {
        struct history *history = NULL; /* a port that nobody listens on */
        struct diag diag = DIAG_NONE;
        (void)!history_open(&history, "postgresql://127.0.0.1:1/none", NULL, &diag);
        puts(strcmp(diag.code, "history_without_postgres") == 0 ? "sqlite" : "sqlite postgres");
        return 0;
    }
    bench_prefix = count == 2 ? words[1] : "history.";
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
