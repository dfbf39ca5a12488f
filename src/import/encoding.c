/* Encodings of text files: UTF-8, else cp1252, which is what CMS writes. */
#include <string.h>

#include "import/reader.h"

int encoding_flags(struct view text) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = ones << 7;
    uint64_t high = 0;
    uint64_t nul = 0;
    ptrdiff_t i = 0;
    for (; text.size - i >= 8; i += 8) {
        uint64_t bytes;
        memcpy(&bytes, text.at + i, sizeof bytes);
        high |= bytes & tops;
        nul |= (bytes - ones) & ~bytes & tops;
    }
    for (; i < text.size; i++) {
        high |= (unsigned char)text.at[i] & 0x80;
        nul |= text.at[i] == 0;
    }
    return (high ? TEXT_HIGH : 0) | (nul ? TEXT_NUL : 0);
}

static bool is_utf8(struct view text) {
    while (text.size > 0) {
        int length = view_utf8_length(text);
        if (length == 0) {
            return false;
        }
        text = view_sub(text, length, text.size);
    }
    return true;
}

/* 0x80…0x9F of cp1252; the five that it leaves open stay the control characters they are. */
static const uint16_t cp1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

static char *cp1252_put(char *to, unsigned char byte) {
    unsigned point = byte >= 0x80 && byte < 0xA0 ? cp1252[byte - 0x80] : byte;
    if (point < 0x80) {
        *to++ = (char)point;
    } else if (point < 0x800) {
        *to++ = (char)(0xC0 | point >> 6);
        *to++ = (char)(0x80 | (point & 0x3F));
    } else {
        *to++ = (char)(0xE0 | point >> 12);
        *to++ = (char)(0x80 | (point >> 6 & 0x3F));
        *to++ = (char)(0x80 | (point & 0x3F));
    }
    return to;
}

struct view encoding_utf8(struct view text, struct arena *arena) {
    if ((encoding_flags(text) & TEXT_HIGH) == 0 || is_utf8(text)) {
        return text;
    }
    char *copy = ARENA_NEW(arena, char, text.size * 3);
    if (!copy) {
        return VIEW_NONE;
    }
    char *end = copy;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        end = cp1252_put(end, (unsigned char)text.at[i]);
    }
    return (struct view){copy, end - copy};
}

struct view encoding_shown(struct view text, struct arena *arena) {
    char *copy = ARENA_NEW(arena, char, text.size + 1);
    if (!copy) {
        return VIEW("?");
    }
    for (ptrdiff_t i = 0; i < text.size;) {
        int length = view_utf8_length(view_sub(text, i, text.size));
        unsigned char first = (unsigned char)text.at[i];
        /* C1 control characters are C2 80 … C2 9F */
        bool control = first < 0x20 || first == 0x7F ||
                       (first == 0xC2 && length == 2 && (unsigned char)text.at[i + 1] < 0xA0);
        for (int k = 0; k < (length ? length : 1); k++, i++) {
            copy[i] = control || length == 0 ? '?' : text.at[i];
        }
    }
    return (struct view){copy, text.size};
}
