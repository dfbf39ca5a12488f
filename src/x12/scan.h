/* Inside of x12: finding separators. A scan writes the offsets (from `block`) of all bytes in
 * [from, to) that equal `element` or `segment`, ascending, and to `stops` which of them (from 0)
 * are `segment`, so that nobody has to walk from element to element to find the end of a segment.
 * It may write up to SCAN_SLACK entries more than it counts to either. All twins return the same;
 * the scalar is the truth. */
#ifndef CLAIMVET_X12_SCAN_H
#define CLAIMVET_X12_SCAN_H

#include "base/base.h"

#define SCAN_SLACK 64
#define SCAN_TWINS_MAX 4

struct scan_found {
    uint32_t separators;
    uint32_t stops;
};

typedef struct scan_found scan_function(const char *block, uint32_t from, uint32_t to, char element,
                                        char segment, uint32_t *positions, uint32_t *stops);

/* The rest of a scan that found `before` in front of `from`. */
static inline struct scan_found scan_rest(scan_function *scan, const char *block, uint32_t from,
                                          uint32_t to, char element, char segment,
                                          uint32_t *positions, uint32_t *stops,
                                          struct scan_found before) {
    uint32_t *behind = stops + before.stops;
    struct scan_found found =
        scan(block, from, to, element, segment, positions + before.separators, behind);
    for (uint32_t i = 0; i < found.stops; i++) {
        behind[i] += before.separators;
    }
    return (struct scan_found){before.separators + found.separators, before.stops + found.stops};
}

scan_function scan_scalar;
scan_function scan_sse2;
scan_function scan_avx2;
scan_function scan_avx512;

struct scan_twin {
    const char *name;
    scan_function *scan;
};

/* The twins this machine can run, slowest first; their number. */
int scan_twins(struct scan_twin twins[SCAN_TWINS_MAX]);
/* The fastest of them. */
scan_function *scan_choose(void);

#endif
