/* Inside of x12: a bit set of 64 bytes -> positions, for the twins without byte compression. */
#ifndef CLAIMVET_X12_SCAN_BITS_H
#define CLAIMVET_X12_SCAN_BITS_H

#include <stdint.h>

/* Lowest set bit; 63 for an empty set, whose position is written but not counted. */
static inline uint32_t bits_lowest(uint64_t bits) {
    return (uint32_t)__builtin_ctzll(bits | UINT64_C(1) << 63);
}

/* Writes positions by fours without asking how many are left: claims have a separator about every
 * six bytes, and a wrong guess costs more than three writes too many. */
static inline uint32_t bits_write(uint64_t bits, uint32_t base, uint32_t *positions) {
    uint32_t count = (uint32_t)__builtin_popcountll(bits);
    for (uint32_t i = 0; i < count; i += 4) {
        for (uint32_t j = 0; j < 4; j++) {
            positions[i + j] = base + bits_lowest(bits);
            bits &= bits - 1;
        }
    }
    return count;
}

#endif
