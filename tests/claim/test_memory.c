/* claim: memory refused at the n-th request, for every n, in every format: an error each time,
 * never a crash, never a claim that was read in part. */
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

/* 0: claims and no fault; 1: a memory fault. Anything else fails. */
static int read_all(struct view bytes, int64_t refuse_after, int *claims) {
    struct bytes_source source = {bytes, 0, -1};
    struct claim_reader *reader;
    struct diag diag = DIAG_NONE;
    int refused = 0;
    *claims = 0;
    memory_fail_after(refuse_after);
    int status = claim_open(&reader, bytes_read, &source, NULL, &diag);
    if (status != STATUS_OK) {
        memory_fail_after(-1);
        assert_int_equal(status, STATUS_SYSTEM);
        assert_string_equal(diag.code, "memory");
        return 1;
    }
    for (enum claim_got got = claim_next(reader); got != CLAIM_END; got = claim_next(reader)) {
        *claims += got == CLAIM_READ;
        if (got == CLAIM_FAULT) {
            assert_string_equal(claim_fault(reader)->diag.code, "memory");
            refused = 1;
        }
    }
    memory_fail_after(-1);
    claim_close(reader);
    return refused;
}

static void sweep(const char *name) {
    char path[512];
    struct view bytes;
    struct diag diag;
    int claims;
    snprintf(path, sizeof path, "%s/tests/claim/same/%s", getenv("SOURCE_ROOT"), name);
    assert_int_equal(os_map(path, &bytes, &diag), STATUS_OK);
    assert_int_equal(read_all(bytes, -1, &claims), 0);
    assert_int_equal(claims, 1);
    int64_t n = 0;
    while (read_all(bytes, n, &claims) == 1) {
        assert_int_equal(claims, 0);
        n++;
    }
    assert_int_equal(claims, 1);
    assert_true(n >= 3); /* reader, head, texts at least */
    os_unmap(bytes);
}

static void x12_sweep(void **state) {
    (void)state;
    sweep("full.837");
    sweep("small.837");
}

static void json_sweep(void **state) {
    (void)state;
    sweep("full.json");
}

static void csv_sweep(void **state) {
    (void)state;
    sweep("small.csv");
}

/* A source that fails in the middle ends in its own error, behind the claims before it. */
static void source_fails(void **state) {
    (void)state;
    static const char *const inputs[][2] = {
        {"{\"claim_id\":\"A\",\"lines\":[{\"code\":\"1\"}]}\n", "{\"claim_id\":\"B\","},
        {"Claim ID,CPT,DOS\nA,1,2026-08-10\nB,1,2026-08-10\n", "C,1,2026-08-10"}};
    for (ptrdiff_t i = 0; i < COUNT_OF(inputs); i++) {
        struct out all;
        out_open(&all, NULL, NULL);
        out_view(&all, view_of(inputs[i][0]));
        while (all.size < 70000) { /* more than is looked at before a reader is chosen */
            OUT_TEXT(&all, "                                                                 \n");
        }
        out_view(&all, view_of(inputs[i][1]));
        struct bytes_source source = {out_bytes(&all), 1000, 10};
        struct claim_reader *reader;
        struct diag diag;
        int claims = 0;
        const char *fault = "";
        assert_int_equal(claim_open(&reader, bytes_read, &source, NULL, &diag), STATUS_OK);
        for (enum claim_got got = claim_next(reader); got != CLAIM_END; got = claim_next(reader)) {
            claims += got == CLAIM_READ;
            fault = got == CLAIM_FAULT ? claim_fault(reader)->diag.code : fault;
        }
        assert_string_equal(fault, "file_unreadable");
        assert_true(claims >= 1);
        claim_close(reader);
        out_close(&all);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(x12_sweep), cmocka_unit_test(json_sweep),
                                       cmocka_unit_test(csv_sweep), cmocka_unit_test(source_fails)};
    return cmocka_run_group_tests_name("claim memory", tests, NULL, NULL);
}
