/* The vector search of a low byte finds what the scalar one finds, on every length up to 1000, with
 * runs across every border, with matches behind the end, and where little can be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/low_vector.h"

#define LENGTH_MAX 1000

static void compare(const unsigned char *low, uint32_t entries, uint64_t readable,
                    unsigned char wanted) {
    struct low_run truth = low_find_scalar(low, entries, wanted);
    struct low_run found = low_find(low, entries, readable, wanted);
    assert_int_equal(found.count, truth.count);
    if (truth.count > 0) {
        assert_int_equal(found.first, truth.first);
    }
}

/* Bytes that ascend by one every `run` entries; the last one goes on behind the end. */
static void every_length(void **state) {
    (void)state;
    static unsigned char low[LENGTH_MAX + 64];
    for (uint32_t entries = 0; entries <= LENGTH_MAX; entries++) {
        uint32_t run = entries / 200 + 1 + entries % 5;
        for (uint32_t i = 0; i < sizeof low; i++) {
            low[i] = (unsigned char)(2 * (i < entries ? i / run : entries / run));
        }
        for (int wanted = 0; wanted < 256; wanted++) {
            compare(low, entries, sizeof low, (unsigned char)wanted);
            compare(low, entries, entries, (unsigned char)wanted);
        }
    }
}

/* One run of any length at any place. */
static void every_run(void **state) {
    (void)state;
    unsigned char low[256];
    for (uint32_t first = 0; first < 140; first++) {
        for (uint32_t count = 1; count < 100; count++) {
            memset(low, 9, sizeof low);
            memset(low, 1, first);
            memset(low + first, 5, count);
            compare(low, first + count, sizeof low, 5);
            compare(low, first + count + 3, sizeof low, 5);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length),
        cmocka_unit_test(every_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
