/* Inside of x12: a bit set of 64 bytes -> positions and ranks. */
#ifndef CLAIMVET_X12_SCAN_BITS_H
#define CLAIMVET_X12_SCAN_BITS_H

#include <stdint.h>

/* Lowest set bit; of an empty set 63 or 64, whose position is written but not counted. */
static inline uint32_t bits_lowest(uint64_t bits) {
#ifdef __BMI__
    return (uint32_t)__builtin_ia32_tzcnt_u64(bits);
#else
    return (uint32_t)__builtin_ctzll(bits | UINT64_C(1) << 63);
#endif
}

static inline uint64_t bits_write_four(uint64_t bits, uint32_t base, uint32_t *positions) {
    positions[0] = base + bits_lowest(bits);
    bits &= bits - 1;
    positions[1] = base + bits_lowest(bits);
    bits &= bits - 1;
    positions[2] = base + bits_lowest(bits);
    bits &= bits - 1;
    positions[3] = base + bits_lowest(bits);
    return bits & (bits - 1);
}

/* Writes positions without asking how many there are, first sixteen, then by eights: claims have
 * about fourteen separators in 64 bytes, and a wrong guess costs more than writes too many. */
static inline uint32_t bits_write(uint64_t bits, uint32_t base, uint32_t *positions) {
    uint32_t count = (uint32_t)__builtin_popcountll(bits);
    bits = bits_write_four(bits, base, positions);
    bits = bits_write_four(bits, base, positions + 4);
    bits = bits_write_four(bits, base, positions + 8);
    bits = bits_write_four(bits, base, positions + 12);
    for (uint32_t i = 16; i < count; i += 8) {
        bits = bits_write_four(bits, base, positions + i);
        bits = bits_write_four(bits, base, positions + i + 4);
    }
    return count;
}

/* Ranks of the terminators among the separators, `base` separators before them; their number. Four
 * are written without asking: claims have two or three in 64 bytes. */
static inline uint32_t stops_write(uint64_t bits, uint64_t terminators, uint32_t base,
                                   uint32_t *stops) {
    uint32_t count = (uint32_t)__builtin_popcountll(terminators);
    uint32_t i = 0;
    do {
        for (uint32_t end = i + 4; i < end; i++) {
            uint64_t below = (terminators & -terminators) - 1;
            stops[i] = base + (uint32_t)__builtin_popcountll(bits & below);
            terminators &= terminators - 1;
        }
    } while (i < count);
    return count;
}

#endif
