/* base: dates, money, quantities, codes, JSON strings, arenas. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../memory_sweep.h"
#include "base/base.h"

static void dates_round_trip(void **state) {
    (void)state;
    for (int32_t day = -60000; day < 100000; day += 1) {
        char text[11];
        struct date date = {day};
        assert_int_equal(date_from_iso(date_text(date, text)).day, day);
    }
    assert_int_equal(date_from_iso(VIEW("1970-01-01")).day, 0);
    assert_int_equal(date_from_compact(VIEW("20240229")).day, date_from_ymd(2024, 2, 29).day);
}

static void impossible_dates_are_none(void **state) {
    (void)state;
    assert_false(date_given(date_from_iso(VIEW("2025-02-29"))));
    assert_false(date_given(date_from_iso(VIEW("2025-13-01"))));
    assert_false(date_given(date_from_iso(VIEW("2025-1-1"))));
    assert_false(date_given(date_from_compact(VIEW("20251301"))));
    assert_false(date_given(date_from_compact(VIEW("20002316"))));
    assert_false(date_given(date_from_compact(VIEW(""))));
}

static void money_is_exact(void **state) {
    (void)state;
    struct { const char *in; int64_t cents; const char *out; } table[] = {
        {"12", 1200, "12.00"}, {"12.3", 1230, "12.30"}, {"12.34", 1234, "12.34"},
        {"-0.05", -5, "-0.05"}, {".5", 50, "0.50"}, {"100.000", 10000, "100.00"},
        {"0", 0, "0.00"}, {"99999999.99", 9999999999, "99999999.99"}};
    for (int i = 0; i < COUNT_OF(table); i++) {
        char text[24];
        struct money money = money_from(view_of(table[i].in));
        assert_int_equal(money.cents, table[i].cents);
        assert_string_equal(money_text(money, text).at, table[i].out);
    }
    const char *bad[] = {"", "-", ".", "1.001", "1,00", "1e3", " 1", "99999999999999999999"};
    for (int i = 0; i < COUNT_OF(bad); i++) {
        assert_false(money_given(money_from(view_of(bad[i]))));
    }
}

static void quantities_keep_three_decimals(void **state) {
    (void)state;
    char text[24];
    assert_string_equal(quantity_text(quantity_from(VIEW("1.500")), text).at, "1.5");
    assert_string_equal(quantity_text(quantity_from(VIEW("40")), text).at, "40");
    assert_string_equal(quantity_text(quantity_from(VIEW("0.125")), text).at, "0.125");
    assert_false(quantity_given(quantity_from(VIEW("0.0001"))));
}

static void codes_keep_text_order(void **state) {
    (void)state;
    char text[9];
    assert_string_equal(code_text(code_from(VIEW("j1010")), text).at, "J1010");
    assert_true(code_from(VIEW("64483")).bits < code_from(VIEW("64484")).bits);
    assert_true(code_from(VIEW("M51")).bits < code_from(VIEW("M5116")).bits);
    assert_true(code_starts(code_from(VIEW("M5116")), code_from(VIEW("M51"))));
    assert_false(code_starts(code_from(VIEW("M5216")), code_from(VIEW("M51"))));
    assert_true(code_starts(code_from(VIEW("M51")), CODE_NONE));
    assert_true(code_equal(code_of("64483"), code_from(VIEW("64483"))));
    assert_true(code_equal(code_of(""), CODE_NONE));
    assert_int_equal(code_length(code_from(VIEW("M5116"))), 5);
    assert_false(code_given(code_from(VIEW("M51.16"))));
    assert_false(code_given(code_from(VIEW("123456789"))));
}

static void json_strings_are_valid_utf8(void **state) {
    (void)state;
    struct { struct view in; const char *out; } table[] = {
        {VIEW("plain"), "\"plain\""},
        {VIEW("a\"b\\c\n\x01"), "\"a\\\"b\\\\c\\n\\u0001\""},
        {VIEW("\xC3\xA9"), "\"\xC3\xA9\""},
        {VIEW("\xE9x"), "\"\xEF\xBF\xBDx\""},
        {VIEW("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""}};
    for (int i = 0; i < COUNT_OF(table); i++) {
        struct out out;
        out_open(&out, NULL, NULL);
        out_json(&out, table[i].in);
        out_char(&out, 0);
        assert_string_equal(out.at, table[i].out);
        out_close(&out);
    }
}

/* Every byte at every place of a word: the eight-byte way and the plain one must agree. */
static void json_escapes_at_every_place(void **state) {
    (void)state;
    for (int c = 0; c < 256; c++) {
        for (int place = 0; place < 20; place++) {
            char text[20];
            memset(text, 'a', sizeof text);
            text[place] = (char)c;
            struct out out;
            out_open(&out, NULL, NULL);
            out_json(&out, (struct view){text, sizeof text});
            bool plain = c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
            assert_int_equal(out_bytes(&out).size == 22, plain);
            assert_memory_equal(out_bytes(&out).at + 1, text, (size_t)place);
            assert_int_equal(out_bytes(&out).at[out_bytes(&out).size - 1], '"');
            out_close(&out);
        }
    }
}

static void refused_memory_is_sticky(void **state) {
    (void)state;
    struct arena arena = {0};
    assert_non_null(ARENA_NEW(&arena, int, 10));
    memory_fail_after(0);
    assert_null(arena_take(&arena, 1, 1, 1 << 20));
    memory_fail_after(-1);
    assert_true(arena.failed);
    assert_null(ARENA_NEW(&arena, int, 1));
    arena_reset(&arena);
    assert_non_null(ARENA_NEW(&arena, int, 1));
    assert_null(arena_take(&arena, PTRDIFF_MAX / 2, 8, 4));
    arena_close(&arena);
}

/* An arena, a copy in it and an output that grows: what most rooms are made of. */
static bool uses_memory(void *context) {
    struct arena arena = {0};
    struct out out;
    out_open(&out, NULL, NULL);
    struct view copy = arena_copy(&arena, *(const struct view *)context);
    char *more = ARENA_NEW(&arena, char, 1 << 20);
    for (int i = 0; more && i < 100000; i++) {
        out_view(&out, copy);
    }
    bool fine = more && !arena.failed && !out.failed && out.size == 100000 * copy.size;
    out_close(&out);
    arena_close(&arena);
    return fine;
}

static void every_refusal_is_survived(void **state) {
    (void)state;
    struct view text = VIEW("twelve bytes");
    assert_in_range(memory_sweep(uses_memory, &text, 100), 3, 50);
    assert_int_equal(memory_sweep(uses_memory, &text, 1), -1);
    assert_true(uses_memory(&text));
}

static bool sink_refuses(void *context, struct view bytes) {
    *(int *)context += 1;
    return bytes.size == 0;
}

static void output_that_is_refused_is_sticky(void **state) {
    (void)state;
    int calls = 0;
    struct out out;
    out_open(&out, sink_refuses, &calls);
    OUT_TEXT(&out, "text");
    assert_false(out.failed);
    out_flush(&out);
    assert_true(out.failed);
    OUT_TEXT(&out, "more");
    out_close(&out);
    assert_true(out.failed);
    assert_int_equal(calls, 1);
}

static void views_cut(void **state) {
    (void)state;
    struct view rest = VIEW("a::b");
    assert_true(view_equal(view_cut(&rest, ':'), VIEW("a")));
    assert_true(view_equal(view_cut(&rest, ':'), VIEW("")));
    assert_true(view_equal(view_cut(&rest, ':'), VIEW("b")));
    assert_null(rest.at);
    assert_true(view_equal(view_trim(VIEW(" x \r\n")), VIEW("x")));
    assert_true(view_equal(view_sub(VIEW("abc"), 1, 9), VIEW("bc")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_round_trip),
        cmocka_unit_test(impossible_dates_are_none),
        cmocka_unit_test(money_is_exact),
        cmocka_unit_test(quantities_keep_three_decimals),
        cmocka_unit_test(codes_keep_text_order),
        cmocka_unit_test(json_strings_are_valid_utf8),
        cmocka_unit_test(json_escapes_at_every_place),
        cmocka_unit_test(refused_memory_is_sticky),
        cmocka_unit_test(every_refusal_is_survived),
        cmocka_unit_test(output_that_is_refused_is_sticky),
        cmocka_unit_test(views_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
