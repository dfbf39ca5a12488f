/* Separator scan with AVX2: 64 bytes a round. */
#include <immintrin.h>

#include "x12/scan.h"
#include "x12/scan_bits.h"

static inline uint64_t equal_64(__m256i low, __m256i high, __m256i separator) {
    uint64_t below = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, separator));
    uint64_t above = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, separator));
    return below | above << 32;
}

struct scan_found scan_avx2(const char *block, uint32_t from, uint32_t to, char element,
                            char segment, uint32_t *positions, uint32_t *stops) {
    __m256i elements = _mm256_set1_epi8(element);
    __m256i segments = _mm256_set1_epi8(segment);
    struct scan_found found = {0, 0};
    for (; to - from >= 64; from += 64) {
        __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)(block + from));
        __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(block + from + 32));
        uint64_t terminators = equal_64(low, high, segments);
        uint64_t bits = equal_64(low, high, elements) | terminators;
        found.stops += stops_write(bits, terminators, found.separators, stops + found.stops);
        found.separators += bits_write(bits, from, positions + found.separators);
    }
    return scan_rest(scan_scalar, block, from, to, element, segment, positions, stops, found);
}
