/* Separator scan with AVX-512: 64 bytes a round, offsets squeezed together by byte compression. */
#include <immintrin.h>

#include "x12/scan.h"
#include "x12/scan_bits.h"

static const unsigned char offset[64] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
    44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

static inline void offsets_write(__m128i offsets, __m512i base, uint32_t *positions) {
    __m512i wide = _mm512_add_epi32(base, _mm512_cvtepu8_epi32(offsets));
    _mm512_storeu_si512(positions, wide);
}

struct scan_found scan_avx512(const char *block, uint32_t from, uint32_t to, char element,
                              char segment, uint32_t *positions, uint32_t *stops) {
    __m512i elements = _mm512_set1_epi8(element);
    __m512i segments = _mm512_set1_epi8(segment);
    __m512i offsets = _mm512_loadu_si512(offset);
    struct scan_found all = {0, 0};
    for (; to - from >= 64; from += 64) {
        __m512i bytes = _mm512_loadu_si512(block + from);
        uint64_t terminators = _mm512_cmpeq_epi8_mask(bytes, segments);
        uint64_t bits = _mm512_cmpeq_epi8_mask(bytes, elements) | terminators;
        uint32_t found = (uint32_t)__builtin_popcountll(bits);
        __m512i packed = _mm512_maskz_compress_epi8(bits, offsets);
        __m512i base = _mm512_set1_epi32((int)from);
        uint32_t *to_write = positions + all.separators;
        all.stops += stops_write(bits, terminators, all.separators, stops + all.stops);
        offsets_write(_mm512_castsi512_si128(packed), base, to_write);
        if (found > 16) {
            offsets_write(_mm512_extracti32x4_epi32(packed, 1), base, to_write + 16);
            if (found > 32) {
                offsets_write(_mm512_extracti32x4_epi32(packed, 2), base, to_write + 32);
                offsets_write(_mm512_extracti32x4_epi32(packed, 3), base, to_write + 48);
            }
        }
        all.separators += found;
    }
    return scan_rest(scan_scalar, block, from, to, element, segment, positions, stops, all);
}
