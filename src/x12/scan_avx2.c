/* Separator scan with AVX2: 64 bytes a round. */
#include <immintrin.h>

#include "x12/scan.h"
#include "x12/scan_bits.h"

static inline uint64_t found_32(const char *at, __m256i element, __m256i segment) {
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)at);
    __m256i found =
        _mm256_or_si256(_mm256_cmpeq_epi8(bytes, element), _mm256_cmpeq_epi8(bytes, segment));
    return (uint32_t)_mm256_movemask_epi8(found);
}

uint32_t scan_avx2(const char *block, uint32_t from, uint32_t to, char element, char segment,
                   uint32_t *positions) {
    __m256i elements = _mm256_set1_epi8(element);
    __m256i segments = _mm256_set1_epi8(segment);
    uint32_t count = 0;
    for (; to - from >= 64; from += 64) {
        const char *at = block + from;
        uint64_t bits = found_32(at, elements, segments) | found_32(at + 32, elements, segments)
                                                               << 32;
        count += bits_write(bits, from, positions + count);
    }
    return count + scan_scalar(block, from, to, element, segment, positions + count);
}
