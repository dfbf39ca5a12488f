/* x12: every twin of the separator scan returns what the scalar returns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "x12/scan.h"

#define LENGTH_MAX 1000
#define GUARD 0xDEADBEEF

static uint64_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Fills with separators of a density between none and only. */
static void fill(char *block, uint32_t size, uint64_t *state, char element, char segment) {
    uint64_t density = next_random(state) % 101;
    for (uint32_t i = 0; i < size; i++) {
        uint64_t draw = next_random(state);
        block[i] = (char)(draw >> 8);
        if (draw % 100 < density) {
            block[i] = draw & 128 ? element : segment;
        }
    }
}

static void compare(scan_function *twin, const char *block, uint32_t from, uint32_t to,
                    const char separators[2]) {
    static uint32_t expected[LENGTH_MAX + SCAN_SLACK + 1];
    static uint32_t found[LENGTH_MAX + SCAN_SLACK + 1];
    static uint32_t stops_expected[LENGTH_MAX + SCAN_SLACK + 1];
    static uint32_t stops_found[LENGTH_MAX + SCAN_SLACK + 1];
    uint32_t size = to - from;
    found[size + SCAN_SLACK] = stops_found[size + SCAN_SLACK] = GUARD;
    struct scan_found scalar =
        scan_scalar(block, from, to, separators[0], separators[1], expected, stops_expected);
    struct scan_found other =
        twin(block, from, to, separators[0], separators[1], found, stops_found);
    assert_int_equal(other.separators, scalar.separators);
    assert_int_equal(other.stops, scalar.stops);
    assert_memory_equal(found, expected, scalar.separators * sizeof found[0]);
    assert_memory_equal(stops_found, stops_expected, scalar.stops * sizeof found[0]);
    assert_int_equal(found[size + SCAN_SLACK], GUARD);
    assert_int_equal(stops_found[size + SCAN_SLACK], GUARD);
}

static void twins_return_the_same(void **state) {
    (void)state;
    static const char separators[][2] = {{'*', '~'}, {0x1D, 0x1E}, {0, (char)0xFF}, {'|', '\n'}};
    struct scan_twin twins[SCAN_TWINS_MAX];
    int count = scan_twins(twins);
    static char block[LENGTH_MAX + 64];
    uint64_t seed = 1;
    for (uint32_t length = 0; length <= LENGTH_MAX; length++) {
        for (uint32_t shift = 0; shift < 64; shift += 1 + length % 13) {
            const char *pair = separators[next_random(&seed) % (uint64_t)COUNT_OF(separators)];
            fill(block, sizeof block, &seed, pair[0], pair[1]);
            for (int t = 1; t < count; t++) {
                compare(twins[t].scan, block, shift, shift + length, pair);
            }
        }
    }
}

/* The truth itself, against a case written out. */
static void scalar_finds_both(void **state) {
    (void)state;
    uint32_t found[16 + SCAN_SLACK];
    uint32_t stops[16 + SCAN_SLACK];
    struct scan_found count = scan_scalar("ST*837*1~~SE*", 2, 13, '*', '~', found, stops);
    assert_int_equal(count.separators, 5);
    assert_int_equal(count.stops, 2);
    static const uint32_t expected[] = {2, 6, 8, 9, 12};
    static const uint32_t stops_expected[] = {2, 3};
    assert_memory_equal(found, expected, sizeof expected);
    assert_memory_equal(stops, stops_expected, sizeof stops_expected);
    count = scan_scalar("***", 1, 1, '*', '~', found, stops);
    assert_int_equal(count.separators, 0);
    assert_int_equal(count.stops, 0);
}

static void the_fastest_is_chosen(void **state) {
    (void)state;
    struct scan_twin twins[SCAN_TWINS_MAX];
    int count = scan_twins(twins);
    assert_true(count >= 1);
    assert_true(scan_choose() == twins[count - 1].scan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalar_finds_both),
        cmocka_unit_test(twins_return_the_same),
        cmocka_unit_test(the_fastest_is_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
