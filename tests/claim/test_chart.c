/* claim: a chart joined to claims of every format: what it fills, what it leaves, what it refuses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "claim_dump.h"

static struct claim_chart *chart_of(const char *text) {
    struct bytes_source source = {view_of(text), 7, -1};
    struct claim_chart *chart;
    struct diag diag = DIAG_NONE;
    int status = claim_chart_open(&chart, bytes_read, &source, &diag);
    if (status != STATUS_OK) {
        fail_msg("%s: %s", diag.code, diag.text);
    }
    return chart;
}

static struct claim_reader *claims_of(const char *text, struct claim_chart *chart,
                                      struct bytes_source *source) {
    struct claim_reader *reader;
    struct diag diag = DIAG_NONE;
    *source = (struct bytes_source){view_of(text), 0, -1};
    assert_int_equal(
        claim_open(&reader, bytes_read, source, &(struct claim_options){.chart = chart}, &diag),
        STATUS_OK);
    return reader;
}

static const struct claim *claim_read(struct claim_reader *reader) {
    enum claim_got got = claim_next(reader);
    while (got == CLAIM_NOTICE) {
        got = claim_next(reader);
    }
    assert_int_equal(got, CLAIM_READ);
    return claim_now(reader);
}

#define TEXT_IS(view, text) assert_true(view_equal((view), view_of(text)))

static const char full_chart[] =
    "{\"claim_id\":\"C1\",\"prior_authorization\":\"A1\",\"payer\":{\"state\":\"IL\"},"
    "\"lines\":[{\"line\":2,\"kind\":\"rfa\",\"dose_mg\":40.5,\"container\":\"multi\","
    "\"prior_authorization\":\"A2\",\"minutes\":15},{\"line\":7,\"kind\":\"dx\"}],"
    "\"history\":[{\"service_date\":\"2026-01-05\",\"code\":\"64493\"}],"
    "\"documentation\":{\"radicular\":true,\"conservative_weeks\":6,\"steroid\":null}}\n"
    "{\"claim_id\":\"C3\",\"history\":null,\"documentation\":null}";

static const char x12[] =
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *261102*0830*^*00501*"
    "000000101*0*T*:~GS*HC*A*B*20261102*0830*1*X*005010X222A1~ST*837*0001*005010X222A1~"
    "BHT*0019*00*E*20261102*0830*CH~HL*1**20*1~NM1*85*2*C*****XX*1234567893~"
    "HL*2*1*22*0~SBR*P*18*******MB~NM1*IL*1*D*A****MI*1EG4~"
    "CLM*C1*1***11:B:1~LX*1~SV1*HC:64635*1*UN*1~LX*2~SV1*HC:64635*0*UN*1~"
    "CLM*C2*1***11:B:1~LX*1~SV1*HC:64635*1*UN*1~LX*2~SV1*HC:64635*0*UN*1~"
    "SE*18*0001~GE*1*1~IEA*1*000000101~";

static void full_check(const struct claim *claim) {
    TEXT_IS(claim->id, "C1");
    TEXT_IS(claim->prior_authorization, "A1");
    TEXT_IS(claim->payer_state, "IL");
    assert_true(claim->history_known);
    assert_int_equal(claim->history_count, 1);
    assert_true(claim->documentation_known);
    assert_int_equal(claim_truth(claim, FACT_radicular), TRUTH_YES);
    assert_int_equal(claim_fact(claim, FACT_conservative_weeks)->number, 6000);
    assert_int_equal(claim_fact(claim, FACT_steroid)->state, FACT_ABSENT);
    assert_int_equal(claim_fact(claim, FACT_sedation)->state, FACT_UNKNOWN);
    assert_int_equal(claim->lines[0].kind, KIND_UNKNOWN);
    assert_int_equal(claim->lines[1].kind, KIND_RFA);
    assert_int_equal(claim->lines[1].container, CONTAINER_MULTI);
    assert_int_equal(claim->lines[1].minutes, 15);
    assert_int_equal(claim->lines[1].dose_mg.milli, 40500);
    TEXT_IS(claim->lines[1].prior_authorization, "A2");
}

/* The claim without an entry: nothing of the one before it stays. */
static void bare_check(const struct claim *claim) {
    TEXT_IS(claim->id, "C2");
    assert_int_equal(claim->prior_authorization.size, 0);
    assert_false(claim->history_known);
    assert_int_equal(claim->history_count, 0);
    assert_false(claim->documentation_known);
    assert_null(claim->facts);
    assert_int_equal(claim->lines[1].kind, KIND_UNKNOWN);
    assert_int_equal(claim->lines[1].minutes, -1);
    assert_int_equal(claim->lines[1].prior_authorization.size, 0);
}

static void joined(const char *claims) {
    struct claim_chart *chart = chart_of(full_chart);
    struct bytes_source source;
    struct claim_reader *reader = claims_of(claims, chart, &source);
    full_check(claim_read(reader));
    bare_check(claim_read(reader));
    assert_int_equal(claim_next(reader), CLAIM_END);
    claim_close(reader);
    struct claim_chart_rest rest;
    claim_chart_rest(chart, &rest);
    assert_int_equal(rest.entries, 1);
    TEXT_IS(rest.ids[0], "C3");
    assert_int_equal(rest.lines, 1);
    TEXT_IS(rest.line_ids[0], "C1");
    assert_int_equal(rest.line_numbers[0], 7);
    claim_chart_close(chart);
}

static void every_format(void **state) {
    (void)state;
    joined(x12);
    joined("claim_id,service_date,code\nC1,2026-08-10,64635\nC1,2026-08-10,64635\n"
           "C2,2026-08-10,64635\nC2,2026-08-10,64635\n");
    joined("[{\"claim_id\":\"C1\",\"lines\":[{\"code\":\"64635\"},{\"code\":\"64635\"}]},"
           "{\"claim_id\":\"C2\",\"lines\":[{\"code\":\"64635\"},{\"code\":\"64635\"}]}]");
}

/* The claim's own words stand, but for the facts of the documentation. */
static void both_speak(void **state) {
    (void)state;
    struct claim_chart *chart = chart_of(full_chart);
    struct bytes_source source;
    struct claim_reader *reader = claims_of(
        "{\"claim_id\":\"C1\",\"prior_authorization\":\"B1\",\"payer\":{\"state\":\"OH\"},"
        "\"history\":[],\"documentation\":{\"radicular\":false,\"series_planned\":true},\"lines\":["
        "{\"line\":2,\"code\":\"64635\",\"kind\":\"dx\",\"dose_mg\":1,\"container\":\"single\","
        "\"prior_authorization\":\"B2\",\"minutes\":3}]}\n"
        "{\"claim_id\":\"C3\",\"lines\":[{\"code\":\"64635\"}]}",
        chart, &source);
    const struct claim *claim = claim_read(reader);
    TEXT_IS(claim->prior_authorization, "B1");
    TEXT_IS(claim->payer_state, "OH");
    assert_int_equal(claim->history_count, 0);
    assert_int_equal(claim_truth(claim, FACT_radicular), TRUTH_YES);
    assert_int_equal(claim_truth(claim, FACT_series_planned), TRUTH_YES);
    assert_int_equal(claim->lines[0].kind, KIND_DX);
    assert_int_equal(claim->lines[0].container, CONTAINER_SINGLE);
    assert_int_equal(claim->lines[0].minutes, 3);
    assert_int_equal(claim->lines[0].dose_mg.milli, 1000);
    TEXT_IS(claim->lines[0].prior_authorization, "B2");
    claim = claim_read(reader);
    assert_true(claim->history_known); /* null: there is none */
    assert_true(claim->documentation_known);
    assert_null(claim->facts);
    claim_close(reader);
    claim_chart_close(chart);
}

static void refused(const char *text, const char *code, int line, const char *message) {
    struct bytes_source source = {view_of(text), 0, -1};
    struct claim_chart *chart;
    struct diag diag = DIAG_NONE;
    assert_int_equal(claim_chart_open(&chart, bytes_read, &source, &diag), STATUS_INPUT);
    assert_null(chart);
    assert_string_equal(diag.code, code);
    assert_string_equal(diag.text, message);
    assert_int_equal(diag.line, line);
}

static void refusals(void **state) {
    (void)state;
    refused("", "input_empty", 0, "the chart is empty: nothing to read");
    refused("[ ]", "no_claims", 0, "the chart was read to its end and speaks of no claim");
    refused("claim_id,code\n", "chart_format", 0,
            "a chart is JSON: an object, an array or an object a line");
    refused("{\"claim_id\":\"A\"}\n{\"claim_id\":\"B\"}\n{\"claim_id\":\"A\"}\n", "chart_duplicate",
            3, "claim_id: the claim of line 1 once more: join the two entries");
    refused("{\"claim_id\":\"A\"}\n{\"history\":[]}\n", "claim_schema", 2,
            "claim_id: is missing: every claim needs its number");
    refused("{\"claim_id\":\"A\",\"lines\":[{\"kind\":\"dx\"}]}", "claim_schema", 1,
            "lines[0].line: is missing: which line of the claim is it?");
    refused("{\"claim_id\":\"A\",\"lines\":[{\"line\":1},{\"line\":1}]}", "claim_schema", 1,
            "lines[1].line: is there twice");
    refused("{\"claim_id\":\"A\",\"lines\":[3]}", "claim_schema", 1, "lines[0]: must be an object");
    refused("{\"claim_id\":\"A\",\"documentation\":{\"sedation\":\"heavy\"}}", "claim_schema", 1,
            "documentation.sedation: must be one of none minimal moderate deep mac general");
    refused("[{\"claim_id\":\"A\"},\n{\"claim_id\":\"B\",\"history\":[{\"code\":\"1\"}]}]",
            "claim_schema", 2, "history[0].service_date: must be a date, YYYY-MM-DD");
    refused("{\"claim_id\":\"A\"}\n{\"claim_id\" \"B\"}\n", "json_syntax", 2,
            "no valid JSON: object property name separator ':' expected");
}

/* Fifty lines at most, and a record of more than 8 MiB is not kept. */
static void bounded(void **state) {
    (void)state;
    struct out text;
    out_open(&text, NULL, NULL);
    OUT_TEXT(&text, "{\"claim_id\":\"A\",\"lines\":[{\"line\":0}");
    for (int i = 1; i <= 50; i++) {
        out_format(&text, ",{\"line\":%d}", i);
    }
    OUT_TEXT(&text, "]}");
    out_char(&text, 0);
    refused(text.at, "claim_schema", 1, "lines: more than 50 service lines");
    out_clear(&text);
    OUT_TEXT(&text, "{\"claim_id\":\"A\"}\n{\"claim_id\":\"B\",\"x\":\"");
    for (int i = 0; i < (8 << 20) / 64 + 1; i++) {
        OUT_TEXT(&text, "0123456789012345678901234567890123456789012345678901234567890123");
    }
    OUT_TEXT(&text, "\"}");
    out_char(&text, 0);
    refused(text.at, "json_too_large", 2, "a claim of more than 8 MiB: split it");
    out_close(&text);
}

/* Past every growth of the index each entry is found, and none that is not there. */
static void many_entries(void **state) {
    (void)state;
    struct out text;
    out_open(&text, NULL, NULL);
    for (int i = 0; i < 5000; i++) {
        out_format(&text, "{\"claim_id\":\"K%d\",\"prior_authorization\":\"A%d\"}\n", i, i);
    }
    out_char(&text, 0);
    struct claim_chart *chart = chart_of(text.at);
    struct arena arena = {0};
    for (int i = 0; i < 6000; i++) {
        char id[16], wanted[16];
        snprintf(id, sizeof id, "K%d", i);
        snprintf(wanted, sizeof wanted, "A%d", i);
        struct claim claim = {.id = view_of(id)};
        claim_chart_apply(chart, &claim, &arena);
        TEXT_IS(claim.prior_authorization, i < 5000 ? wanted : "");
    }
    struct claim_chart_rest rest;
    claim_chart_rest(chart, &rest);
    assert_int_equal(rest.entries, 0);
    claim_chart_close(chart);
    arena_close(&arena);
    out_close(&text);
}

/* Memory refused at the n-th request, for every n: an error, never half a chart. */
static void memory_sweep(void **state) {
    (void)state;
    int status = STATUS_SYSTEM;
    int64_t n = 0;
    for (; status != STATUS_OK; n++) {
        struct bytes_source source = {view_of(full_chart), 0, -1};
        struct claim_chart *chart;
        struct diag diag = DIAG_NONE;
        memory_fail_after(n);
        status = claim_chart_open(&chart, bytes_read, &source, &diag);
        memory_fail_after(-1);
        if (status == STATUS_OK) {
            claim_chart_close(chart);
        } else {
            assert_int_equal(status, STATUS_SYSTEM);
            assert_string_equal(diag.code, "memory");
            assert_null(chart);
        }
    }
    assert_true(n > 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format), cmocka_unit_test(both_speak),
        cmocka_unit_test(refusals),     cmocka_unit_test(bounded),
        cmocka_unit_test(many_entries), cmocka_unit_test(memory_sweep)};
    return cmocka_run_group_tests_name("claim charts", tests, NULL, NULL);
}
