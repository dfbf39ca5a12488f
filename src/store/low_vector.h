/* Inside of store: finding a byte among the ascending low bytes of a block of pairs. One scalar
 * truth, and a twin of SSE2, which every x86-64 has: 64 bytes at a time and no branch that depends
 * on them, because a wrong guess of the processor costs more than the search. */
#ifndef CLAIMVET_STORE_LOW_VECTOR_H
#define CLAIMVET_STORE_LOW_VECTOR_H

#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct low_run {
    uint32_t first; /* entry, meaningless without a count */
    uint32_t count; /* entries with this low byte, they stand side by side */
};

static inline struct low_run low_find_scalar(const unsigned char *low, uint32_t entries,
                                             unsigned char wanted) {
    uint32_t first = 0;
    while (first < entries && low[first] != wanted) {
        first++;
    }
    uint32_t last = first;
    while (last < entries && low[last] == wanted) {
        last++;
    }
    return (struct low_run){first, last - first};
}

#ifdef __SSE2__
static inline uint64_t low_equal_16(const unsigned char *low, __m128i wanted) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)low);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted));
}

static inline uint64_t low_equal_64(const unsigned char *low, __m128i wanted) {
    return low_equal_16(low, wanted) | low_equal_16(low + 16, wanted) << 16 |
           low_equal_16(low + 32, wanted) << 32 | low_equal_16(low + 48, wanted) << 48;
}
#endif

/* The same; `readable` bytes from `low` may be touched, those behind the entries do not count. */
static inline struct low_run low_find(const unsigned char *low, uint32_t entries, uint64_t readable,
                                      unsigned char wanted) {
#ifdef __SSE2__
    __m128i all = _mm_set1_epi8((char)wanted);
    for (uint32_t at = 0; at < entries && readable >= (uint64_t)at + 64; at += 64) {
        uint64_t equal = low_equal_64(low + at, all);
        uint32_t left = entries - at;
        equal = left < 64 ? equal & (((uint64_t)1 << left) - 1) : equal;
        if (equal) {
            uint32_t first = (uint32_t)__builtin_ctzll(equal);
            if (equal >> 63) { /* may go on in the next 64 */
                struct low_run rest = low_find_scalar(low + at + first, left - first, wanted);
                return (struct low_run){at + first, rest.count};
            }
            return (struct low_run){at + first, (uint32_t)__builtin_popcountll(equal)};
        }
        if (left <= 64) {
            return (struct low_run){0, 0};
        }
    }
#endif
    (void)readable;
    return low_find_scalar(low, entries, wanted);
}

#endif
