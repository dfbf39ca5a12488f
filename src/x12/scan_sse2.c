/* Separator scan with SSE2: 64 bytes a round. */
#include <emmintrin.h>

#include "x12/scan.h"
#include "x12/scan_bits.h"

static inline uint64_t equal_16(const char *at, __m128i separator) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, separator));
}

static inline uint64_t equal_64(const char *at, __m128i separator) {
    return equal_16(at, separator) | equal_16(at + 16, separator) << 16 |
           equal_16(at + 32, separator) << 32 | equal_16(at + 48, separator) << 48;
}

struct scan_found scan_sse2(const char *block, uint32_t from, uint32_t to, char element,
                            char segment, uint32_t *positions, uint32_t *stops) {
    __m128i elements = _mm_set1_epi8(element);
    __m128i segments = _mm_set1_epi8(segment);
    struct scan_found found = {0, 0};
    for (; to - from >= 64; from += 64) {
        uint64_t terminators = equal_64(block + from, segments);
        uint64_t bits = equal_64(block + from, elements) | terminators;
        found.stops += stops_write(bits, terminators, found.separators, stops + found.stops);
        found.separators += bits_write(bits, from, positions + found.separators);
    }
    return scan_rest(scan_scalar, block, from, to, element, segment, positions, stops, found);
}
