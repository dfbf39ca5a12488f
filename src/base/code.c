/* Short codes packed into an integer. */
#include <string.h>

#include "base/base.h"

#define LANES UINT64_C(0x0101010101010101)
#define TOPS (LANES << 7)

static inline uint64_t four_at(const char *at) {
    uint32_t four;
    memcpy(&four, at, sizeof four);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    four = __builtin_bswap32(four);
#endif
    return four;
}

/* One to eight bytes, left-aligned: two loads that overlap instead of a loop. */
static inline uint64_t bytes_left(struct view text) {
    int behind = 8 * (8 - (int)text.size);
    const unsigned char *at = (const unsigned char *)text.at;
    if (text.size >= 4) {
        return four_at(text.at) << 32 | four_at(text.at + text.size - 4) << behind;
    }
    return (uint64_t)at[0] << 56 | (uint64_t)at[text.size / 2] << (56 - 8 * (text.size / 2)) |
           (uint64_t)at[text.size - 1] << behind;
}

/* Top bits of the lanes whose byte (below 0x80) is not less. */
static inline uint64_t lanes_from(uint64_t bytes, unsigned char least) {
    return ((bytes | TOPS) - LANES * least) & TOPS;
}

/* A capital or a digit as it is, a small letter as a capital, 0 for anything else. */
static inline unsigned capital_of(char text) {
    unsigned c = (unsigned char)text;
    unsigned letter = c & ~0x20u;
    return c - '0' < 10 ? c : letter - 'A' < 26 ? letter : 0;
}

struct code code_from(struct view text) {
    if (text.size == 2) { /* modifiers, places, qualifiers */
        uint64_t a = capital_of(text.at[0]);
        uint64_t b = capital_of(text.at[1]);
        return (struct code){a && b ? a << 56 | b << 48 : 0};
    }
    if (text.size < 1 || text.size > 8) {
        return CODE_NONE;
    }
    uint64_t bits = bytes_left(text);
    uint64_t lanes = TOPS << 8 * (8 - text.size); /* those of the text */
    if (bits & TOPS) {
        return CODE_NONE;
    }
    if (lanes_from(bits, 'a')) {
        bits -= (lanes_from(bits, 'a') & ~lanes_from(bits, 'z' + 1)) >> 2; /* 0x80 >> 2: a to A */
    }
    uint64_t digits = lanes_from(bits, '0') & ~lanes_from(bits, '9' + 1);
    uint64_t letters = lanes_from(bits, 'A') & ~lanes_from(bits, 'Z' + 1);
    return (struct code){(digits | letters) == lanes ? bits : 0};
}

int code_length(struct code code) {
    int length = 0;
    for (uint64_t bits = code.bits; bits; bits <<= 8) {
        length++;
    }
    return length;
}

struct view code_text(struct code code, char text[9]) {
    int length = 0;
    for (uint64_t bits = code.bits; bits; bits <<= 8) {
        text[length++] = (char)(bits >> 56);
    }
    text[length] = 0;
    return (struct view){text, length};
}

bool code_starts(struct code code, struct code prefix) {
    int length = code_length(prefix);
    return length == 0 || (code.bits ^ prefix.bits) >> (8 * (8 - length)) == 0;
}
