/* Reports of results built by hand: a golden for each format, hostile text, limits, totals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "os/os.h"
#include "report/report.h"

/* Quotes, control bytes, an escape sequence, markup, broken UTF-8, text turned around. */
#define HOSTILE "=1+\"<script>alert('x')</script>\x1b[31m\xff\xc3\n\xe2\x80\xae&"

static const char sources_text[] = "key\ttitle\turl\tedition\tcertainty\n"
                                   "ncci-ptp\tpairs\thttps://example.org/pairs?a=1&b=2\t2026\tV\n"
                                   "edits-0\tours\t-\t2026\town\n";

static const char rules_text[] =
    "id: ncci_ptp\nversion: 3\ntitle: Two codes of which one is paid\nseverity: error\n"
    "status: stable\nkind: pair_edit\ncite:\n"
    "  - {key: ncci-ptp, section: \"same day, same provider\"}\n"
    "  - {key: edits-0, section: order}\n"
    "expect: {group: CO, carc: \"236\", rarc: [N20, M15]}\n"
    "why: The national edits pay the first code of this pair and deny the second, on the same day "
    "and for the same patient and provider.\n"
    "fix: Bill the code that is paid.\n"
    "examples: {fires: [{title: a, claim: {claim_id: A}}], "
    "silent: [{title: b, claim: {claim_id: B}}]}\n"
    "---\n"
    "id: charge_balance\nversion: 1\ntitle: The total is not the sum\nseverity: warn\n"
    "status: stable\nkind: amount_balance\ncite: [{key: edits-0, section: sums}]\n"
    "why: The total and the lines differ.\nfix: Let the total be computed again.\n"
    "examples: {fires: [{title: a, claim: {claim_id: A}}], "
    "silent: [{title: b, claim: {claim_id: B}}]}\n";

static struct arena arena;
static const struct rule_set *rules;
static const struct rule *pair_rule, *balance_rule;

static int open_rules(void **state) {
    (void)state;
    struct diag diag = DIAG_NONE;
    struct view text = VIEW_NONE, name = VIEW("sample.yaml");
    text = view_of(rules_text);
    if (rule_set_open(&rules, &text, &name, 1, view_of(sources_text), &arena, &diag)) {
        print_error("%s\n%s\n", diag.text, diag.shown);
        return -1;
    }
    pair_rule = rule_find(rules, VIEW("ncci_ptp"));
    balance_rule = rule_find(rules, VIEW("charge_balance"));
    return 0;
}

static int close_rules(void **state) {
    (void)state;
    arena_close(&arena);
    return 0;
}

/* ---- a run built by hand ------------------------------------------------------------------- */

static struct claim_line sample_lines[2];

static struct claim sample_claim(const char *id, int64_t ordinal) {
    sample_lines[0] = (struct claim_line){.number = 1,
                                          .code = code_of("62323"),
                                          .units = {1000},
                                          .charge = {85000},
                                          .from = date_from_ymd(2026, 8, 10)};
    sample_lines[1] = (struct claim_line){.number = 2,
                                          .code = code_of("64483"),
                                          .modifiers = {code_of("59"), code_of("LT")},
                                          .modifier_count = 2,
                                          .units = {2000},
                                          .charge = {70050},
                                          .from = date_from_ymd(2026, 8, 10)};
    return (struct claim){.format = CLAIM_FORMAT_X12,
                          .id = view_of(id),
                          .ordinal = ordinal,
                          .at = {.segment = 22 * ordinal, .byte = 912},
                          .filing = code_of("MB"),
                          .total_charge = {155050},
                          .lines = sample_lines,
                          .line_count = 2};
}

static struct audit_finding pair_finding(void) {
    return (struct audit_finding){
        .rule = pair_rule,
        .severity = RULE_ERROR,
        .lines = {2},
        .line_count = 1,
        .line_bits = 2,
        .repeat = 1,
        .at = {.segment = 31, .element = 1, .byte = 1184},
        .message = VIEW("64483 is column 2 of 62323 on 2026-08-10: only 62323 is paid"),
        .evidence = {{.table = STORE_NCCI_PTP,
                      .row = VIEW("62323/64483"),
                      .indicator = '1',
                      .proof = {0, DATE_NONE, DATE_NONE}}},
        .evidence_count = 1,
        .fix = VIEW("remove line 2"),
        .patch = VIEW("[{\"op\":\"remove\",\"path\":\"/lines/1\"}]")};
}

static struct audit_finding bypassed_finding(void) {
    struct audit_finding finding = pair_finding();
    finding.severity = RULE_REVIEW;
    finding.status = AUDIT_BYPASSED;
    finding.repeat = 2;
    finding.message = VIEW("modifier 59 on line 2 passes the edit");
    finding.fix = VIEW("");
    finding.patch = VIEW("");
    finding.evidence[0].proof.from = date_from_ymd(2017, 1, 1);
    finding.evidence[0].proof.to = date_from_ymd(2026, 12, 31);
    finding.evidence[0].line = 2;
    finding.evidence[0].modifier = code_of("59");
    return finding;
}

static struct audit_finding claim_finding(void) {
    return (struct audit_finding){.rule = balance_rule,
                                  .severity = RULE_WARN,
                                  .repeat = 1,
                                  .at = {.segment = 22, .element = 2, .byte = -1},
                                  .message = VIEW("total $1550.50, lines $1550.00"),
                                  .evidence = {{.table = STORE_TABLES,
                                                .proof.release = STORE_NO_RELEASE,
                                                .claim_ordinal = 4,
                                                .claim_line = 1}},
                                  .evidence_count = 1,
                                  .repair = true};
}

static void clean_add(struct report *report, const char *id, int64_t ordinal) {
    struct claim claim = sample_claim(id, ordinal);
    struct audit_result result = {.verdict = AUDIT_CLEAN, .releases = {{3}}};
    report_claim(report, &claim, &result);
}

static void not_clean_add(struct report *report) {
    struct claim claim = sample_claim("C7", 3);
    struct audit_finding findings[] = {claim_finding(), pair_finding(), bypassed_finding()};
    struct audit_gap gaps[] = {{.rule = balance_rule, .need = VIEW("claim:total_charge")},
                               {.rule = pair_rule, .need = VIEW("store:mue:00600")},
                               {.rule = balance_rule, .need = VIEW("history")}};
    struct audit_result result = {.verdict = AUDIT_NOT_CLEAN,
                                  .findings = findings,
                                  .finding_count = COUNT_OF(findings),
                                  .gaps = gaps,
                                  .gap_count = COUNT_OF(gaps),
                                  .releases = {{5}},
                                  .stale_releases = {{1}},
                                  .charge = {70050}};
    report_claim(report, &claim, &result);
}

static void csv_claim_add(struct report *report) {
    struct claim claim = sample_claim("C8", 4);
    struct audit_finding finding = pair_finding();
    claim.format = CLAIM_FORMAT_CSV;
    claim.payer_profile = VIEW("bcbs");
    claim.at = (struct claim_place){.segment = 9, .byte = -1};
    finding.at = (struct claim_place){.segment = 9, .element = 4, .byte = -1};
    finding.lines[0] = 1;
    finding.lines[1] = 2;
    finding.line_count = 2;
    finding.line_bits = 3;
    finding.status = AUDIT_OVERRIDDEN;
    finding.severity = RULE_INFO;
    finding.evidence[0].proof.release = STORE_NO_RELEASE;
    struct audit_result result = {
        .findings = &finding, .finding_count = 1, .truncated = true, .charge = {0}};
    report_claim(report, &claim, &result);
}

static void hostile_add(struct report *report) {
    struct claim claim = sample_claim(HOSTILE, 5);
    struct audit_finding finding = pair_finding();
    claim.payer_profile = VIEW(HOSTILE);
    sample_lines[1].code = CODE_NONE;
    sample_lines[1].code_given = VIEW(HOSTILE);
    finding.message = VIEW(HOSTILE);
    finding.fix = VIEW(HOSTILE);
    finding.evidence[0].row = VIEW(HOSTILE);
    struct audit_gap gap = {.rule = pair_rule, .need = VIEW(HOSTILE)};
    struct audit_result result = {.verdict = AUDIT_NOT_CLEAN,
                                  .findings = &finding,
                                  .finding_count = 1,
                                  .gaps = &gap,
                                  .gap_count = 1,
                                  .releases = {{7}},
                                  .charge = {99999999}};
    report_claim(report, &claim, &result);
}

static void faults_add(struct report *report) {
    struct claim_fault fault = {.diag = DIAG_NONE};
    diag_set(&fault.diag, "x12_cut_off", "the file ends inside segment 7; send it again");
    fault.diag.segment = 7;
    fault.diag.byte = 912;
    report_fault(report, &fault);
    struct claim_fault notice = {"x12_envelope", "error", DIAG_NONE};
    diag_set(&notice.diag, "se01_count", "SE01 says 12 segments, there are 14");
    notice.diag.segment = 15;
    notice.diag.element = 1;
    notice.diag.byte = 2048;
    report_fault(report, &notice);
    notice.severity = "review";
    diag_set(&notice.diag, "bom", "%s", HOSTILE);
    report_fault(report, &notice);
    struct claim_fault json = {.diag = DIAG_NONE};
    diag_set(&json.diag, "json_syntax", "no comma");
    json.diag.line = 3;
    json.diag.column = 14;
    report_fault(report, &json);
}

static void run_write(struct report *report) {
    report_file(report, VIEW("clinic.837"));
    clean_add(report, "C1", 1);
    clean_add(report, "C2", 2);
    not_clean_add(report);
    report_file(report, VIEW("clinic.csv"));
    csv_claim_add(report);
    report_file(report, VIEW(HOSTILE ".837"));
    hostile_add(report);
    faults_add(report);
    clean_add(report, "C9", 6);
}

/* The finished report, in `out`, which the caller closes. */
static void run_report(enum report_format format, bool colour, struct out *out,
                       struct report_totals *totals) {
    struct report *report = NULL;
    struct arena memory = {0};
    struct report_options options = {
        .colour = colour, .as_of = DATE_NONE, .program = VIEW("claimvet 0.1.0")};
    out_open(out, NULL, NULL);
    assert_int_equal(report_open(&report, format, out, NULL, NULL, &options, &memory), STATUS_OK);
    run_write(report);
    report_end(report);
    assert_false(out->failed);
    *totals = *report_totals(report);
    arena_close(&memory);
}

/* ---- goldens ------------------------------------------------------------------------------- */

static void golden_check(const char *name, struct view got) {
    char path[1024];
    struct diag diag = DIAG_NONE;
    struct view expected;
    const char *root = getenv("SOURCE_ROOT");
    snprintf(path, sizeof path, "%s/tests/report/golden/%s", root ? root : ".", name);
    if (getenv("BLESS")) {
        assert_int_equal(os_write_atomic(path, got, &diag), STATUS_OK);
    }
    assert_int_equal(os_map(path, &expected, &diag), STATUS_OK);
    bool same = view_equal(expected, got);
    if (!same) {
        print_error("%s differs, BLESS=1 writes it anew; got:\n%.*s\n", name, (int)got.size,
                    got.at);
    }
    os_unmap(expected);
    assert_true(same);
}

static void formats_are_golden(void **state) {
    (void)state;
    static const struct {
        enum report_format format;
        bool colour;
        const char *golden;
    } rows[] = {
        {REPORT_TEXT, false, "run.txt"},  {REPORT_TEXT, true, "run.colour"},
        {REPORT_JSON, false, "run.json"}, {REPORT_CSV, false, "run.csv"},
        {REPORT_HTML, false, "run.html"},
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(rows); i++) {
        struct out out;
        struct report_totals totals;
        run_report(rows[i].format, rows[i].colour, &out, &totals);
        golden_check(rows[i].golden, out_bytes(&out));
        out_close(&out);
    }
}

static void totals_are_counted(void **state) {
    (void)state;
    struct out out;
    struct report_totals totals;
    run_report(REPORT_JSON, false, &out, &totals);
    out_close(&out);
    assert_int_equal(totals.claims, 6);
    assert_int_equal(totals.clean, 4);
    assert_int_equal(totals.incomplete, 0);
    assert_int_equal(totals.not_clean, 2);
    assert_int_equal(totals.findings[RULE_ERROR], 2);
    assert_int_equal(totals.findings[RULE_WARN], 1);
    assert_int_equal(totals.findings[RULE_REVIEW], 0);
    assert_int_equal(totals.findings[RULE_INFO], 0);
    assert_int_equal(totals.bypassed, 1);
    assert_int_equal(totals.faults, 2);
    assert_int_equal(totals.file_errors, 1);
    assert_int_equal(totals.charges.cents, 6 * 155050);
    assert_int_equal(totals.charges_at_risk.cents, 70050 + 99999999);
    assert_int_equal(totals.stale_releases.word[0], 1);
}

/* ---- what hostile text must not do --------------------------------------------------------- */

static bool holds(struct view text, const char *needle) {
    struct view part = view_of(needle);
    for (ptrdiff_t i = 0; i + part.size <= text.size; i++) {
        if (memcmp(text.at + i, part.at, (size_t)part.size) == 0) {
            return true;
        }
    }
    return false;
}

static void hostile_text_is_harmless(void **state) {
    (void)state;
    static const enum report_format formats[] = {REPORT_TEXT, REPORT_JSON, REPORT_CSV, REPORT_HTML};
    for (ptrdiff_t i = 0; i < COUNT_OF(formats); i++) {
        struct out out;
        struct report_totals totals;
        run_report(formats[i], false, &out, &totals);
        struct view text = out_bytes(&out);
        assert_false(holds(text, "\x1b"));
        assert_false(holds(text, "\xff"));
        for (struct view rest = text; rest.size > 0;) {
            int length = view_utf8_length(rest);
            assert_true(length > 0);
            rest = view_sub(rest, length, rest.size);
        }
        if (formats[i] == REPORT_HTML) {
            assert_false(holds(text, "<script"));
            assert_false(holds(text, "alert('"));
        }
        if (formats[i] == REPORT_CSV) {
            assert_true(holds(text, "\"'=1+\"\"<script>"));
            assert_false(holds(text, ",=1"));
            assert_false(holds(text, "\n="));
        }
        if (formats[i] != REPORT_JSON) {
            assert_false(holds(text, "\xe2\x80\xae"));
        }
        out_close(&out);
    }
}

/* Text columns: continuation bytes do not count. A word that is longer than a line may pass it. */
static void lines_fit(struct view rest) {
    while (rest.size > 0) {
        struct view line = view_cut(&rest, '\n');
        int columns = 0;
        for (ptrdiff_t i = 0; i < line.size; i++) {
            columns += ((unsigned char)line.at[i] & 0xC0) != 0x80;
        }
        if (columns > 100) {
            fail_msg("%d columns: %.*s", columns, (int)line.size, line.at);
        }
    }
}

/* ---- limits -------------------------------------------------------------------------------- */

static struct report *report_begin(enum report_format format, struct out *out,
                                   struct arena *memory) {
    struct report *report = NULL;
    struct report_options options = {.as_of = date_from_ymd(2026, 10, 1),
                                     .program = VIEW("claimvet 0.1.0")};
    out_open(out, NULL, NULL);
    assert_int_equal(report_open(&report, format, out, NULL, NULL, &options, memory), STATUS_OK);
    report_file(report, VIEW("many.837"));
    return report;
}

static void risk_add(struct report *report, int64_t ordinal, int64_t cents) {
    char id[32];
    snprintf(id, sizeof id, "M%lld", (long long)ordinal);
    struct claim claim = sample_claim(id, ordinal);
    struct audit_finding finding = pair_finding();
    struct audit_result result = {
        .verdict = AUDIT_NOT_CLEAN, .findings = &finding, .finding_count = 1, .charge = {cents}};
    report_claim(report, &claim, &result);
}

static void html_is_bounded(void **state) {
    (void)state;
    struct out out;
    struct arena memory = {0};
    struct report *report = report_begin(REPORT_HTML, &out, &memory);
    for (int64_t i = 1; i <= REPORT_HTML_CLAIMS_MAX + 500; i++) {
        risk_add(report, i, i);
    }
    report_end(report);
    struct view text = out_bytes(&out);
    assert_true(holds(text, "<p>This document shows the first 2000 claims with findings;"));
    assert_true(holds(text, "<section id=\"claim-2000\">"));
    assert_false(holds(text, "<section id=\"claim-2001\">"));
    assert_true(holds(text, "<td>M2500</td>")); /* no link to a claim that is not shown */
    assert_true(holds(text, "<th scope=\"row\" class=\"error\">not clean</th>"
                            "<td class=\"number\">2500</td>"));
    out_close(&out);
    arena_close(&memory);
}

static void largest_charges_come_first(void **state) {
    (void)state;
    struct out out, summary;
    struct arena memory = {0};
    struct report *report = report_begin(REPORT_JSON, &out, &memory);
    for (int64_t i = 1; i <= 12; i++) {
        risk_add(report, i, i % 2 ? i * 100 : 50);
    }
    risk_add(report, 13, INT64_MAX);
    risk_add(report, 14, INT64_MAX);
    report_end(report);
    out_open(&summary, NULL, NULL);
    report_summary(report, &summary);
    golden_check("largest.txt", out_bytes(&summary));
    assert_true(report_totals(report)->charges_at_risk.cents == INT64_MAX);
    out_close(&summary);
    out_close(&out);
    arena_close(&memory);
}

static void text_fits_its_width(void **state) {
    (void)state;
    struct out out;
    struct report_totals totals;
    run_report(REPORT_TEXT, false, &out, &totals);
    lines_fit(out_bytes(&out));
    out_close(&out);
    struct arena memory = {0};
    struct report *report = report_begin(REPORT_TEXT, &out, &memory);
    report_file(report,
                VIEW("/a/long/way/to/the/folder/of/the/practice/and/its/files/of/this/year/"
                     "and/month/\xC3\xA4/with/a/name/that/is/longer/than/a/line/may/be.837"));
    risk_add(report, 1, 50);
    faults_add(report);
    report_end(report);
    lines_fit(out_bytes(&out));
    assert_true(holds(out_bytes(&out), "...") && holds(out_bytes(&out), "may/be.837"));
    out_close(&out);
    arena_close(&memory);
}

static void as_of_is_told(void **state) {
    (void)state;
    struct out out;
    struct arena memory = {0};
    struct report *report = report_begin(REPORT_JSON, &out, &memory);
    clean_add(report, "C1", 1);
    report_end(report);
    assert_true(view_starts(out_bytes(&out),
                            VIEW("{\"claim_id\":\"C1\",\"verdict\":\"clean\","
                                 "\"as_of\":\"2026-10-01\",\"store\":\"xxh3:0123456789abcdef\"")));
    out_close(&out);
    arena_close(&memory);
}

static void empty_runs_are_complete_documents(void **state) {
    (void)state;
    static const struct {
        enum report_format format;
        const char *begins;
    } rows[] = {
        {REPORT_TEXT, "summary\n  claims     0 claims read: "},
        {REPORT_JSON, ""},
        {REPORT_CSV, "file,claim_id,verdict,"},
        {REPORT_HTML, "<!DOCTYPE html>\n"},
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(rows); i++) {
        struct out out;
        struct arena memory = {0};
        struct report *report = report_begin(rows[i].format, &out, &memory);
        report_end(report);
        assert_true(view_starts(out_bytes(&out), view_of(rows[i].begins)));
        assert_int_equal(out.size == 0, rows[i].format == REPORT_JSON);
        out_close(&out);
        arena_close(&memory);
    }
}

static void long_runs_of_clean_claims_are_one_line(void **state) {
    (void)state;
    struct out out;
    struct arena memory = {0};
    struct report *report = report_begin(REPORT_TEXT, &out, &memory);
    for (int64_t i = 1; i <= 1000; i++) {
        char id[32];
        snprintf(id, sizeof id, "CLAIM%04lld", (long long)i);
        clean_add(report, id, i);
    }
    report_end(report);
    assert_true(view_starts(out_bytes(&out),
                            VIEW("clean  CLAIM0001, CLAIM0002, CLAIM0003, CLAIM0004, CLAIM0005, "
                                 "CLAIM0006 and 994 more\n\nsummary\n")));
    out_close(&out);
    arena_close(&memory);
}

static void formats_have_names(void **state) {
    (void)state;
    enum report_format format = REPORT_TEXT;
    assert_true(report_format_from(VIEW("html"), &format));
    assert_int_equal(format, REPORT_HTML);
    assert_false(report_format_from(VIEW("xml"), &format));
    assert_int_equal(format, REPORT_HTML);
}

/* Whatever allocation is refused, it is told: report_open fails or the output says so. */
static void memory_may_be_refused(void **state) {
    (void)state;
    int told = 0;
    for (int64_t n = 0; n < 12; n++) {
        struct report *report = NULL;
        struct arena memory = {0};
        struct out out;
        struct report_options options = {.as_of = DATE_NONE};
        out_open(&out, NULL, NULL);
        memory_fail_after(n);
        int status = report_open(&report, REPORT_HTML, &out, NULL, NULL, &options, &memory);
        if (status == STATUS_OK) {
            run_write(report);
            report_end(report);
        }
        memory_fail_after(-1);
        told += status != STATUS_OK || out.failed;
        out_close(&out);
        arena_close(&memory);
    }
    assert_in_range(told, 3, 11);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_golden),
        cmocka_unit_test(totals_are_counted),
        cmocka_unit_test(hostile_text_is_harmless),
        cmocka_unit_test(text_fits_its_width),
        cmocka_unit_test(html_is_bounded),
        cmocka_unit_test(largest_charges_come_first),
        cmocka_unit_test(as_of_is_told),
        cmocka_unit_test(empty_runs_are_complete_documents),
        cmocka_unit_test(long_runs_of_clean_claims_are_one_line),
        cmocka_unit_test(formats_have_names),
        cmocka_unit_test(memory_may_be_refused),
    };
    return cmocka_run_group_tests(tests, open_rules, close_rules);
}
