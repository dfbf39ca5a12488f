/* Separator scan with SSE2: 64 bytes a round. */
#include <emmintrin.h>

#include "x12/scan.h"
#include "x12/scan_bits.h"

static inline uint64_t found_16(const char *at, __m128i element, __m128i segment) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i found = _mm_or_si128(_mm_cmpeq_epi8(bytes, element), _mm_cmpeq_epi8(bytes, segment));
    return (uint32_t)_mm_movemask_epi8(found);
}

uint32_t scan_sse2(const char *block, uint32_t from, uint32_t to, char element, char segment,
                   uint32_t *positions) {
    __m128i elements = _mm_set1_epi8(element);
    __m128i segments = _mm_set1_epi8(segment);
    uint32_t count = 0;
    for (; to - from >= 64; from += 64) {
        const char *at = block + from;
        uint64_t bits = found_16(at, elements, segments) |
                        found_16(at + 16, elements, segments) << 16 |
                        found_16(at + 32, elements, segments) << 32 |
                        found_16(at + 48, elements, segments) << 48;
        count += bits_write(bits, from, positions + count);
    }
    return count + scan_scalar(block, from, to, element, segment, positions + count);
}
