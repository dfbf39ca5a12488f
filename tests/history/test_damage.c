/* Histories that are not as they were written: every byte of a packed claim, a file cut short, a
 * file changed anywhere. An error each time, or the same answer; never a crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "history/record.h"
#include "history_bench.h"
#include "os/os.h"

static const char more[] =
    ",\"frequency_code\":\"7\",\"original_reference\":\"B\",\"documentation\":{\"relief_percent\":"
    "80,\"levels\":[\"L4-5\"],\"approach\":\"caudal\",\"steroid\":\"dexamethasone\",\"steroid_mg\":"
    "10},\"history\":[{\"service_date\":\"2025-11-05\",\"code\":\"64493\",\"modifiers\":[\"RT\"],"
    "\"units\":0.5,\"npi\":\"1234567893\",\"kind\":\"tx\",\"region\":\"LS\",\"side\":\"R\","
    "\"levels\":[\"L4-L5\"],\"relief_percent\":50,\"hours\":12,\"relief_weeks\":12,"
    "\"relief_months\":3,\"adl_improvement\":true}]";

/* What is no record is refused; what is one can be unpacked (the sanitizers watch). */
static bool unpacks(const char *at, ptrdiff_t size) {
    struct claim_service services[64];
    struct view bytes = {at, size};
    ptrdiff_t whole = record_check(bytes);
    assert_true(whole >= 0 && whole <= size);
    if (whole == 0) {
        return false;
    }
    struct view body = {at + RECORD_HEAD, whole - RECORD_HEAD};
    struct record_summary summary = record_summary(body);
    assert_true(summary.lines + summary.rows <= COUNT_OF(services));
    record_unpack(body, services);
    for (int i = 0; i < summary.lines + summary.rows; i++) {
        assert_true(services[i].modifier_count <= CLAIM_MODIFIERS_MAX);
        assert_true(services[i].kind <= KIND_DEFINITIVE && services[i].region <= SERVICE_UDT);
    }
    (void)record_day(body);
    return true;
}

static void every_byte_of_a_claim(void **state) {
    struct bench *bench = *state;
    struct out packed;
    int services, left_out, refused = 0;
    out_open(&packed, NULL, NULL);
    record_pack(&packed, bench_claim(bench, claim_json("A", "M", "2026-01-01", more)), &services,
                &left_out);
    assert_int_equal(services, 2);
    assert_true(unpacks(packed.at, packed.size));
    for (ptrdiff_t size = 0; size < packed.size; size++) {
        char *exact = memory_grow(NULL, 0, size + 1); /* reading beyond is seen */
        memcpy(exact, packed.at, (size_t)size);
        char *shorter = memory_grow(exact, size + 1, size ? size : 1);
        assert_false(unpacks(shorter, size));
        memory_free(shorter);
    }
    for (ptrdiff_t i = 0; i < packed.size; i++) {
        char was = packed.at[i];
        for (int value = 0; value < 256; value++) {
            packed.at[i] = (char)value;
            refused += !unpacks(packed.at, packed.size);
        }
        packed.at[i] = was;
    }
    assert_true(refused > 256 * 8);
    out_close(&packed);
}

/* ---- files ------------------------------------------------------------------------------- */

static struct view file_read(struct arena *arena) {
    struct view mapped, copy;
    struct diag diag;
    assert_int_equal(os_map(bench_where(), &mapped, &diag), STATUS_OK);
    copy = arena_copy(arena, mapped);
    os_unmap(mapped);
    return copy;
}

static void file_write(struct view bytes) {
    FILE *file = fopen(bench_where(), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, (size_t)bytes.size, file), (size_t)bytes.size);
    assert_int_equal(fclose(file), 0);
}

/* The code of the error, or "" with the answer that was there before. */
static const char *read_again(const char *answer, struct bench *bench, bool write) {
    static struct diag diag;
    diag = DIAG_NONE;
    int status = history_open(&bench->history, bench_where(),
                              &(struct history_options){.write = write, .wait_ms = 1}, &diag);
    if (status != STATUS_OK) {
        assert_null(bench->history);
        assert_true(*diag.text != 0);
        return diag.code;
    }
    assert_string_equal(bench_services(bench, "M"), answer);
    history_close(bench->history);
    bench->history = NULL;
    return "";
}

static void close_history(struct bench *bench) {
    history_close(bench->history);
    bench->history = NULL;
}

static struct view file_made(struct bench *bench, struct arena *arena, struct out *answer) {
    bench_open(bench, true);
    bench_add(bench, claim_json("A", "M", "2026-01-01", more));
    bench_add(bench, claim_json("C", "M", "2026-02-01", ""));
    bench_commit(bench);
    out_open(answer, NULL, NULL);
    out_view(answer, view_of(bench_services(bench, "M")));
    out_char(answer, 0);
    close_history(bench);
    return file_read(arena);
}

static void files_cut_short(void **state) {
    struct bench *bench = *state;
    struct arena arena = {0};
    struct out answer;
    struct view whole = file_made(bench, &arena, &answer);
    assert_true(whole.size > 4096);
    for (ptrdiff_t size = 0; size < whole.size; size += size % 512 ? 211 : 301) {
        file_write(view_sub(whole, 0, size));
        const char *code = read_again(answer.at, bench, false);
        assert_true(strcmp(code, "history_foreign") == 0 || strcmp(code, "history_damaged") == 0);
    }
    file_write(whole);
    assert_string_equal(read_again(answer.at, bench, false), "");
    arena_close(&arena);
    out_close(&answer);
}

static void files_changed(void **state) {
    struct bench *bench = *state;
    struct arena arena = {0};
    struct out answer, changed;
    struct view whole = file_made(bench, &arena, &answer);
    int told = 0;
    out_open(&changed, NULL, NULL);
    for (ptrdiff_t i = 0; i < whole.size; i += i < 100 || whole.at[i] ? 1 : 37) {
        out_clear(&changed);
        out_view(&changed, whole);
        changed.at[i] = (char)(changed.at[i] ^ 0x15);
        file_write(out_bytes(&changed));
        told += *read_again(answer.at, bench, i % 2) != 0;
    }
    print_message("# %d changes were told\n", told);
    assert_true(told > 200);
    out_close(&changed);
    arena_close(&arena);
    out_close(&answer);
}

/* ------------------------------------------------------------------------------------------ */

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(int count, char **words) {
    const struct CMUnitTest tests[] = {TEST(every_byte_of_a_claim), TEST(files_cut_short),
                                       TEST(files_changed)};
    bench_prefix = count == 2 ? words[1] : "history.";
    return cmocka_run_group_tests_name("damage", tests, NULL, NULL);
}
