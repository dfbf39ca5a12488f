/* Inside of x12: finding separators. A scan writes the offsets (from `block`) of all bytes in
 * [from, to) that equal `element` or `segment`, ascending, and returns their number. It may write
 * up to SCAN_SLACK entries more than it counts. All twins return the same; the scalar is the truth.
 */
#ifndef CLAIMVET_X12_SCAN_H
#define CLAIMVET_X12_SCAN_H

#include "base/base.h"

#define SCAN_SLACK 64
#define SCAN_TWINS_MAX 4

typedef uint32_t scan_function(const char *block, uint32_t from, uint32_t to, char element,
                               char segment, uint32_t *positions);

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
