/* claim: the same claim in every format, identifiers, claim_from_json. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "claim_dump.h"
#include "os/os.h"

static struct view file_map(const char *folder, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s/%s", getenv("SOURCE_ROOT"), folder, name);
    struct view bytes = VIEW_NONE;
    struct diag diag;
    if (os_map(path, &bytes, &diag) != STATUS_OK) {
        fail_msg("%s: %s", path, diag.text);
    }
    return bytes;
}

/* `step` bytes at once: readers must not care how the source cuts its bytes. */
static void files_same(const char *a, const char *b, ptrdiff_t step) {
    struct view bytes_a = file_map("tests/claim/same", a);
    struct view bytes_b = file_map("tests/claim/same", b);
    struct out out_a, out_b;
    out_open(&out_a, NULL, NULL);
    out_open(&out_b, NULL, NULL);
    input_dump(&out_a, bytes_a, 0, NULL);
    input_dump(&out_b, bytes_b, step, NULL);
    out_char(&out_a, 0);
    out_char(&out_b, 0);
    assert_string_equal(out_a.at, out_b.at);
    assert_true(out_a.size > 500);
    out_close(&out_a);
    out_close(&out_b);
    os_unmap(bytes_a);
    os_unmap(bytes_b);
}

static void formats_agree(void **state) {
    (void)state;
    files_same("small.837", "small.json", 0);
    files_same("small.837", "small.csv", 0);
    files_same("full.837", "full.json", 0);
}

static void steps_do_not_matter(void **state) {
    (void)state;
    for (ptrdiff_t step = 1; step < 40; step += 7) {
        files_same("full.837", "full.837", step);
        files_same("full.837", "full.json", step);
        files_same("small.837", "small.csv", step);
    }
}

/* The same person under a payer's id with hyphens or without, in every format. */
static void patients_are_the_same(void **state) {
    (void)state;
    const char *names[] = {"small.837", "small.json", "small.csv"};
    uint64_t keys[3];
    for (int i = 0; i < 3; i++) {
        struct view bytes = file_map("tests/claim/same", names[i]);
        struct bytes_source source = {bytes, 0, -1};
        struct claim_reader *reader;
        struct diag diag;
        assert_int_equal(claim_open(&reader, bytes_read, &source, NULL, &diag), STATUS_OK);
        assert_int_equal(claim_next(reader), CLAIM_READ);
        keys[i] = claim_now(reader)->patient_key;
        assert_int_equal(claim_now(reader)->ordinal, 1);
        claim_close(reader);
        os_unmap(bytes);
    }
    assert_true(keys[0] != 0);
    assert_true(keys[0] == keys[1] && keys[0] == keys[2]);
}

static void npi_check_digit(void **state) {
    (void)state;
    static const struct {
        const char *npi;
        bool valid;
    } table[] = {
        {"1234567893", true},   {"1558598797", true},  {"1234567890", false}, {"123456789", false},
        {"12345678931", false}, {"3234567899", false}, {"123456789X", false}, {"", false},
        {"1718510203", true},   {"2234567891", true}};
    for (ptrdiff_t i = 0; i < COUNT_OF(table); i++) {
        bool valid = claim_npi_valid(view_of(table[i].npi));
        if (valid != table[i].valid) {
            fail_msg("npi %s", table[i].npi);
        }
    }
    assert_false(claim_npi_valid(VIEW_NONE));
}

static void taxonomy_and_ndc(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool taxonomy;
        bool ndc;
    } table[] = {{"208VP0014X", true, false},
                 {"208VP00140", false, false},
                 {"208vp0014X", false, false},
                 {"208VP0014XX", false, false},
                 {"97749874430", false, true},
                 {"9774987443", false, false},
                 {"0069-3150-83", false, true},
                 {"50090-447-10", false, true},
                 {"50090-4470-1", false, true},
                 {"50090-4470-01", false, true},
                 {"123456-4470-01", false, true},
                 {"5009-447-10", false, false},
                 {"50090-4470", false, false},
                 {"50090-4470-01-1", false, false},
                 {"5009A-4470-01", false, false},
                 {"", false, false},
                 {"-", false, false}};
    for (ptrdiff_t i = 0; i < COUNT_OF(table); i++) {
        struct view text = view_of(table[i].text);
        if (claim_taxonomy_valid(text) != table[i].taxonomy ||
            claim_ndc_valid(text) != table[i].ndc) {
            fail_msg("identifier %s", table[i].text);
        }
    }
}

static void one_claim_from_json(void **state) {
    (void)state;
    struct arena arena = {0};
    struct claim claim;
    struct diag diag = DIAG_NONE;
    struct view json = VIEW(" {\"claim_id\":\"C\",\"em\":1,\"service_date\":\"2026-08-10\","
                            "\"patient\":{\"age\":68},\"prior_authorization\":null,"
                            "\"history\":[],\"documentation\":{\"em_separate_note\":null},"
                            "\"lines\":[{\"code\":\"99213\",\"units\":null}]} ");
    assert_int_equal(claim_from_json(&claim, json, &arena, &diag), STATUS_OK);
    assert_int_equal(claim.age, 68);
    assert_true(claim.prior_authorization.at && claim.prior_authorization.size == 0);
    assert_null(claim.original_reference.at);
    assert_true(claim.history_known && claim.documentation_known);
    assert_int_equal(claim_truth(&claim, FACT_em_separate_note), TRUTH_NO);
    assert_false(claim.diagnoses_known || claim.total_charge_known || claim.pos_known);
    assert_true(claim.lines[0].units_known && !quantity_given(claim.lines[0].units));
    assert_false(claim.lines[0].charge_known || claim.lines[0].pointers_known);
    assert_null(claim.lines[0].rendering.npi.at);
    assert_int_equal(claim_from_json(&claim, VIEW("{\"claim_id\":\"C\"} x"), &arena, &diag),
                     STATUS_INPUT);
    assert_string_equal(diag.code, "json_syntax");
    assert_int_equal(diag.byte, 17);
    assert_int_equal(claim_from_json(&claim, VIEW("[]"), &arena, &diag), STATUS_INPUT);
    assert_string_equal(diag.text, "a claim must be a JSON object");
    arena_close(&arena);
}

static void options_hold(void **state) {
    (void)state;
    struct view json = VIEW("{\"claim_id\":\"A\",\"payer\":{\"profile\":\"uhc\"},"
                            "\"lines\":[{\"code\":\"1\"}]}");
    struct bytes_source source = {json, 0, -1};
    struct claim_options options = {.payer = VIEW("cigna"), .first_ordinal = 41};
    struct claim_reader *reader;
    struct diag diag;
    assert_int_equal(claim_open(&reader, bytes_read, &source, &options, &diag), STATUS_OK);
    assert_int_equal(claim_format(reader), CLAIM_FORMAT_JSON);
    assert_int_equal(claim_next(reader), CLAIM_READ);
    assert_int_equal(claim_now(reader)->ordinal, 41);
    assert_true(view_equal(claim_now(reader)->payer_profile, VIEW("cigna")));
    assert_int_equal(claim_bytes_read(reader), json.size);
    assert_int_equal(claim_next(reader), CLAIM_END);
    assert_int_equal(claim_next(reader), CLAIM_END);
    claim_close(reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_agree),         cmocka_unit_test(steps_do_not_matter),
        cmocka_unit_test(patients_are_the_same), cmocka_unit_test(npi_check_digit),
        cmocka_unit_test(taxonomy_and_ndc),      cmocka_unit_test(one_claim_from_json),
        cmocka_unit_test(options_hold)};
    return cmocka_run_group_tests_name("claim forms", tests, NULL, NULL);
}
