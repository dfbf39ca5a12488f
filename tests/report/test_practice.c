/* The practice report of results built by hand: amounts dealt out, limits, order, hostile text,
 * memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../memory_sweep.h"
#include "os/os.h"
#include "report/practice_internal.h"

#define HOSTILE "=1+\"<script>alert('x')</script>\x1b[31m\xff\xc3\n\xe2\x80\xae&"

static const char sources_text[] = "key\ttitle\turl\tedition\tcertainty\n"
                                   "own-a\tours\t-\t2026\town\nown-b\tours\t-\t2026\town\n";

#define RULE_TEXT(id, severity, kind, key)                                                         \
    "id: " id "\nversion: 1\ntitle: What " id " says\nseverity: " severity                         \
    "\nstatus: stable\nkind: " kind "\ncite: [{key: " key ", section: sums}]\nwhy: It is so.\n"    \
    "fix: Make it otherwise.\nexamples: {fires: [{title: a, claim: {claim_id: A}}], "             \
    "silent: [{title: b, claim: {claim_id: B}}]}\n"

static const char rules_text[] =
    RULE_TEXT("ncci_ptp", "error", "pair_edit", "own-b") "---\n" RULE_TEXT(
        "charge_balance", "warn", "amount_balance", "own-a");

static struct arena arena;
static const struct rule *error_rule, *warn_rule;

static int open_rules(void **state) {
    (void)state;
    struct diag diag = DIAG_NONE;
    const struct rule_set *rules;
    struct view text = view_of(rules_text), name = VIEW("sample.yaml");
    if (rule_set_open(&rules, &text, &name, 1, view_of(sources_text), &arena, &diag)) {
        print_error("%s\n%s\n", diag.text, diag.shown);
        return -1;
    }
    error_rule = rule_find(rules, VIEW("ncci_ptp"));
    warn_rule = rule_find(rules, VIEW("charge_balance"));
    return 0;
}

static int close_rules(void **state) {
    (void)state;
    arena_close(&arena);
    return 0;
}

/* ---- claims built by hand ------------------------------------------------------------------ */

#define LINES 3

/* A claim of three lines, and what is found and priced of it. */
struct sample {
    struct claim claim;
    struct claim_line lines[LINES];
    struct audit_finding findings[2];
    struct price price;
    struct audit_result result;
};

static void sample_line(struct sample *sample, int index, const char *code, int64_t allowed) {
    sample->lines[index] = (struct claim_line){.number = index + 1,
                                               .code = code_of(code),
                                               .units = {1000},
                                               .charge = {10000},
                                               .from = date_from_ymd(2026, 8, 10),
                                               .to = date_from_ymd(2026, 8, 10)};
    sample->price.lines[index] = (struct price_line){.state = PRICE_AMOUNT, .allowed = {allowed}};
    sample->price.allowed.cents += allowed;
}

/* An error on lines 1 and 2, whose denial costs ten dollars and a cent less than both amounts. */
static void sample_fill(struct sample *sample, const char *id, const char *payer) {
    *sample = (struct sample){
        .claim = {.format = CLAIM_FORMAT_X12,
                  .id = view_of(id),
                  .payer_name = view_of(payer),
                  .filing = code_of("MB"),
                  .rendering = {.npi = VIEW("1234567893")},
                  .line_count = LINES},
        .price = {.basis = PRICE_BASIS_MEDICARE, .has_locality = true, .line_count = LINES}};
    sample_line(sample, 0, "62323", 33300);
    sample_line(sample, 1, "64483", 66700);
    sample_line(sample, 2, "64484", 5000);
    sample->findings[0] = (struct audit_finding){.rule = error_rule,
                                                 .severity = RULE_ERROR,
                                                 .lines = {1, 2},
                                                 .line_count = 2,
                                                 .line_bits = 3,
                                                 .at_risk = {98999}};
    sample->findings[1] = (struct audit_finding){
        .rule = warn_rule, .severity = RULE_WARN, .at_risk = {105000}};
    sample->claim.lines = sample->lines;
    sample->result = (struct audit_result){.verdict = AUDIT_NOT_CLEAN,
                                           .findings = sample->findings,
                                           .finding_count = 2,
                                           .stale_releases = {{1}},
                                           .charge = {20000},
                                           .price = &sample->price,
                                           .at_risk = {98999}};
}

static struct report_practice *practice_begin(struct arena *memory) {
    struct report_practice *practice = NULL;
    assert_int_equal(report_practice_open(&practice, NULL, NULL, memory), STATUS_OK);
    return practice;
}

static void sample_add(struct report_practice *practice, struct sample *sample) {
    report_practice_claim(practice, &sample->claim, &sample->result);
}

static const struct practice_about about = {.program = {"claimvet 0.1.0", 14},
                                            .as_of = {INT32_MIN},
                                            .on = {INT32_MIN},
                                            .files = 2,
                                            .faults = 1,
                                            .file_errors = 3};

static bool holds(struct view text, const char *needle) {
    struct view part = view_of(needle);
    for (ptrdiff_t i = 0; i + part.size <= text.size; i++) {
        if (memcmp(text.at + i, part.at, (size_t)part.size) == 0) {
            return true;
        }
    }
    return false;
}

static const struct practice_row *row_named(struct report_practice *practice,
                                            enum practice_name name, const char *key) {
    const struct practice_table *table = &practice->tables[name];
    for (int i = 0; i < table->count; i++) {
        if (view_equal((struct view){table->rows[i].key, table->rows[i].key_size},
                       view_of(key))) {
            return &table->rows[i];
        }
    }
    fail_msg("no row %s", key);
    return NULL;
}

/* ---- amounts ------------------------------------------------------------------------------- */

static void what_is_at_risk_is_dealt_out(void **state) {
    (void)state;
    struct arena memory = {0};
    struct sample sample;
    struct report_practice *practice = practice_begin(&memory);
    sample_fill(&sample, "C1", "A");
    sample_add(practice, &sample);
    assert_int_equal(row_named(practice, PRACTICE_CODES, "62323")->sums.at_risk, 32966);
    assert_int_equal(row_named(practice, PRACTICE_CODES, "64483")->sums.at_risk, 98999 - 32966);
    assert_int_equal(row_named(practice, PRACTICE_CODES, "64484")->sums.at_risk, 0);
    assert_int_equal(row_named(practice, PRACTICE_CODES, "64484")->sums.findings, 1);
    assert_int_equal(row_named(practice, PRACTICE_PROVIDERS, "1234567893")->sums.at_risk, 98999);
    assert_int_equal(row_named(practice, PRACTICE_MONTHS, "2026-08")->sums.at_risk, 98999);
    assert_int_equal(row_named(practice, PRACTICE_RULES, "ncci_ptp")->sums.at_risk, 98999);
    assert_int_equal(row_named(practice, PRACTICE_RULES, "charge_balance")->sums.at_risk, 105000);
    assert_int_equal(row_named(practice, PRACTICE_RULES, "charge_balance")->sums.lines, 0);
    assert_int_equal(practice->total.sums.at_risk, 98999);
    assert_int_equal(practice->total.sums.charge_at_risk, 20000);
    assert_int_equal(practice->total.sums.allowed, 105000);
    report_practice_close(practice);
    arena_close(&memory);
}

/* A rule that names a line twice loses it once; a line without an amount makes the risk unknown. */
static void lines_are_lost_once(void **state) {
    (void)state;
    struct arena memory = {0};
    struct sample sample;
    struct report_practice *practice = practice_begin(&memory);
    sample_fill(&sample, "C1", "A");
    sample.findings[1] = sample.findings[0];
    sample.findings[1].line_bits = 2;
    sample_add(practice, &sample);
    const struct practice_row *row = row_named(practice, PRACTICE_RULES, "ncci_ptp");
    assert_int_equal(row->sums.at_risk, 98999);
    assert_int_equal(row->sums.findings, 2);
    assert_int_equal(row->sums.claims, 1);
    assert_int_equal(row->sums.lines, 2);
    sample.price.lines[0] = (struct price_line){.state = PRICE_UNKNOWN, .allowed = MONEY_NONE};
    sample.findings[0].at_risk = MONEY_NONE;
    sample.result.at_risk = MONEY_NONE;
    sample_add(practice, &sample);
    row = row_named(practice, PRACTICE_RULES, "ncci_ptp");
    assert_int_equal(row->sums.unknown, 1);
    assert_int_equal(row->sums.at_risk, 98999);
    assert_int_equal(practice->total.sums.unknown, 1);
    assert_int_equal(practice->total.sums.no_amount, 1);
    assert_int_equal(row_named(practice, PRACTICE_CODES, "64483")->sums.unknown, 1);
    assert_int_equal(row_named(practice, PRACTICE_CODES, "64484")->sums.unknown, 0);
    assert_int_equal(practice->top_count, 2);
    assert_false(money_given(practice->top[1].at_risk)); /* what is not known comes last */
    report_practice_close(practice);
    arena_close(&memory);
}

static void shares_are_exact(void **state) {
    (void)state;
    assert_int_equal(practice_share(100, 1, 3), 33);
    assert_int_equal(practice_share(100, 3, 3), 100);
    assert_int_equal(practice_share(7, 0, 0), 7);
    assert_int_equal(practice_share(0, 1, 3), 0);
    assert_int_equal(practice_share(INT64_MAX, 1, 1), INT64_MAX);
    int64_t half = practice_share(INT64_MAX, INT64_MAX / 2, INT64_MAX);
    assert_in_range(half, INT64_MAX / 2 - INT64_MAX / 1000000, INT64_MAX / 2);
    assert_in_range(practice_share(148, INT64_MAX - 1, INT64_MAX), 147, 148);
}

static void amounts_stop_at_the_largest(void **state) {
    (void)state;
    struct arena memory = {0};
    struct sample sample;
    struct report_practice *practice = practice_begin(&memory);
    sample_fill(&sample, "C1", "A");
    for (int i = 0; i < LINES; i++) {
        sample.lines[i].charge.cents = INT64_MAX;
        sample.lines[i].units.milli = INT64_MAX;
        sample.price.lines[i].allowed.cents = INT64_MAX;
    }
    sample.price.allowed.cents = INT64_MAX;
    sample.result.at_risk.cents = INT64_MAX;
    sample.findings[0].at_risk.cents = INT64_MAX;
    sample_add(practice, &sample);
    sample_add(practice, &sample);
    assert_int_equal(practice->total.sums.at_risk, INT64_MAX);
    assert_int_equal(practice->total.sums.charge, INT64_MAX);
    for (enum report_format format = REPORT_TEXT; format <= REPORT_HTML; format++) {
        struct out out;
        out_open(&out, NULL, NULL);
        report_practice_write(&out, format, practice, &about);
        assert_false(out.failed);
        out_close(&out);
    }
    report_practice_close(practice);
    arena_close(&memory);
}

/* ---- limits and order ---------------------------------------------------------------------- */

static void further_names_are_the_others(void **state) {
    (void)state;
    struct arena memory = {0};
    struct sample sample;
    struct out out;
    struct report_practice *practice = practice_begin(&memory);
    for (int i = 0; i < PRACTICE_ROWS_MAX + 7; i++) {
        char npi[16];
        snprintf(npi, sizeof npi, "%010d", i);
        sample_fill(&sample, "C1", "A");
        sample.claim.rendering.npi = view_of(npi);
        sample_add(practice, &sample);
    }
    const struct practice_table *table = &practice->tables[PRACTICE_PROVIDERS];
    assert_int_equal(table->count, PRACTICE_ROWS_MAX);
    assert_int_equal(table->others.sums.claims, 7);
    assert_int_equal(table->others.sums.lines, 7 * LINES);
    assert_int_equal(table->others.sums.at_risk, 7 * 98999);
    assert_int_equal(row_named(practice, PRACTICE_PROVIDERS, "0000000000")->sums.claims, 1);
    out_open(&out, NULL, NULL);
    report_practice_write(&out, REPORT_CSV, practice, &about);
    assert_true(holds(out_bytes(&out), "\nprovider,(others),,,,,,7,"));
    out_close(&out);
    out_open(&out, NULL, NULL);
    report_practice_write(&out, REPORT_HTML, practice, &about);
    assert_true(holds(out_bytes(&out), "<p>These are the first 100 of 20001: "));
    assert_true(out.size < 1 << 20);
    out_close(&out);
    report_practice_close(practice);
    arena_close(&memory);
}

static void run_add(struct report_practice *practice, const char *const *payers, int first) {
    struct sample sample;
    for (int i = 0; i < 30; i++) {
        char id[16];
        int number = (first + i * 7) % 30;
        snprintf(id, sizeof id, "C%02d", number);
        sample_fill(&sample, id, payers[number % 4]);
        sample.claim.payer_id = number % 4 < 2 ? VIEW("00001") : VIEW("");
        sample.lines[0].from = date_from_ymd(2026, 1 + number % 9, 1);
        sample.result.at_risk.cents -= number % 5;
        sample.findings[1].rule = number % 3 ? warn_rule : error_rule;
        sample_add(practice, &sample);
    }
}

static void run_write(enum report_format format, int first, struct out *out) {
    static const char *const payers[] = {"UNITED", "UNITED HEALTH", HOSTILE, "m\xc3\xa4rz"};
    struct arena memory = {0};
    struct report_practice *practice = practice_begin(&memory);
    run_add(practice, payers, first);
    out_open(out, NULL, NULL);
    report_practice_write(out, format, practice, &about);
    assert_false(out->failed);
    report_practice_close(practice);
    arena_close(&memory);
}

static void order_does_not_matter(void **state) {
    (void)state;
    for (enum report_format format = REPORT_TEXT; format <= REPORT_HTML; format++) {
        struct out expected, got;
        run_write(format, 0, &expected);
        for (int first = 1; first < 30; first += 11) {
            run_write(format, first, &got);
            assert_true(view_equal(out_bytes(&expected), out_bytes(&got)));
            out_close(&got);
        }
        out_close(&expected);
    }
}

static void hostile_text_is_harmless(void **state) {
    (void)state;
    for (enum report_format format = REPORT_TEXT; format <= REPORT_HTML; format++) {
        struct out out;
        run_write(format, 0, &out);
        struct view text = out_bytes(&out);
        assert_false(holds(text, "\x1b"));
        assert_false(holds(text, "\xff"));
        assert_false(holds(text, "\xe2\x80\xae"));
        assert_true(holds(text, "m\xc3\xa4rz"));
        assert_false(format == REPORT_HTML && holds(text, "<script"));
        assert_false(format == REPORT_CSV && (holds(text, ",=1") || holds(text, "\n=")));
        out_close(&out);
    }
}

static void formats_are_golden(void **state) {
    (void)state;
    static const char *const names[] = {
        [REPORT_TEXT] = "practice.txt", [REPORT_CSV] = "practice.csv",
        [REPORT_HTML] = "practice.html"};
    const char *root = getenv("SOURCE_ROOT");
    for (enum report_format format = REPORT_TEXT; format <= REPORT_HTML; format++) {
        char path[1024];
        struct diag diag = DIAG_NONE;
        struct view expected;
        struct out got;
        if (!names[format]) {
            continue;
        }
        run_write(format, 0, &got);
        snprintf(path, sizeof path, "%s/tests/report/golden/%s", root ? root : ".",
                 names[format]);
        if (getenv("BLESS")) {
            assert_int_equal(os_write_atomic(path, out_bytes(&got), &diag), STATUS_OK);
        }
        assert_int_equal(os_map(path, &expected, &diag), STATUS_OK);
        bool same = view_equal(expected, out_bytes(&got));
        os_unmap(expected);
        out_close(&got);
        if (!same) {
            fail_msg("%s differs, BLESS=1 writes it anew", names[format]);
        }
    }
}

static void no_claims_is_a_complete_document(void **state) {
    (void)state;
    struct arena memory = {0};
    struct out out;
    struct report_practice *practice = practice_begin(&memory);
    out_open(&out, NULL, NULL);
    report_practice_write(&out, REPORT_HTML, practice, &about);
    assert_true(holds(out_bytes(&out), "no day of service"));
    assert_true(holds(out_bytes(&out), "</body></html>\n"));
    assert_false(holds(out_bytes(&out), "<svg"));
    out_close(&out);
    report_practice_close(practice);
    arena_close(&memory);
}

/* ---- memory -------------------------------------------------------------------------------- */

static bool works(void *context) {
    (void)context;
    struct arena memory = {0};
    struct report_practice *practice = NULL;
    struct out out;
    struct sample sample;
    bool fine = report_practice_open(&practice, NULL, NULL, &memory) == STATUS_OK;
    for (int i = 0; fine && i < 200; i++) {
        char npi[16];
        snprintf(npi, sizeof npi, "%010d", i);
        sample_fill(&sample, "C1", npi);
        sample.claim.rendering.npi = view_of(npi);
        sample_add(practice, &sample);
    }
    out_open(&out, NULL, NULL);
    for (enum report_format format = REPORT_TEXT; fine && format <= REPORT_HTML; format++) {
        report_practice_write(&out, format, practice, &about);
        fine = !out.failed;
    }
    out_close(&out);
    report_practice_close(practice);
    arena_close(&memory);
    return fine;
}

static void refused_memory_is_told(void **state) {
    (void)state;
    assert_true(memory_sweep(works, NULL, 1000) > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_at_risk_is_dealt_out),
        cmocka_unit_test(lines_are_lost_once),
        cmocka_unit_test(shares_are_exact),
        cmocka_unit_test(amounts_stop_at_the_largest),
        cmocka_unit_test(further_names_are_the_others),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(hostile_text_is_harmless),
        cmocka_unit_test(formats_are_golden),
        cmocka_unit_test(no_claims_is_a_complete_document),
        cmocka_unit_test(refused_memory_is_told),
    };
    return cmocka_run_group_tests(tests, open_rules, close_rules);
}
