/* Text views: comparing, cutting, hashing. */
#include <string.h>
#include <xxhash.h>

#include "base/base.h"

bool view_equal(struct view a, struct view b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, (size_t)a.size) == 0);
}

bool view_starts(struct view text, struct view prefix) {
    return text.size >= prefix.size &&
           (prefix.size == 0 || memcmp(text.at, prefix.at, (size_t)prefix.size) == 0);
}

int view_compare(struct view a, struct view b) {
    ptrdiff_t size = a.size < b.size ? a.size : b.size;
    int order = size > 0 ? memcmp(a.at, b.at, (size_t)size) : 0;
    if (order != 0) {
        return order;
    }
    return (a.size > b.size) - (a.size < b.size);
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

struct view view_trim(struct view text) {
    while (text.size > 0 && is_blank(text.at[0])) {
        text.at++;
        text.size--;
    }
    while (text.size > 0 && is_blank(text.at[text.size - 1])) {
        text.size--;
    }
    return text;
}

struct view view_sub(struct view text, ptrdiff_t from, ptrdiff_t size) {
    if (from < 0 || from > text.size) {
        from = text.size;
    }
    if (size < 0 || size > text.size - from) {
        size = text.size - from;
    }
    return (struct view){text.at ? text.at + from : NULL, size};
}

ptrdiff_t view_find(struct view text, char c) {
    if (text.size <= 0) {
        return -1;
    }
    const char *found = memchr(text.at, c, (size_t)text.size);
    return found ? found - text.at : -1;
}

struct view view_cut(struct view *rest, char separator) {
    struct view whole = *rest;
    ptrdiff_t cut = view_find(whole, separator);
    if (cut < 0) {
        *rest = VIEW_NONE;
        return whole;
    }
    *rest = (struct view){whole.at + cut + 1, whole.size - cut - 1};
    return (struct view){whole.at, cut};
}

bool view_is_digits(struct view text) {
    for (ptrdiff_t i = 0; i < text.size; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            return false;
        }
    }
    return text.size > 0;
}

uint64_t view_hash(struct view text, uint64_t seed) {
    return XXH3_64bits_withSeed(text.size > 0 ? text.at : "", (size_t)text.size, seed);
}

/* Continuation bytes that the lead byte asks for, and the range of the first of them (RFC 3629). */
static int utf8_lead(unsigned char lead, unsigned char *low, unsigned char *high) {
    *low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead < 0xC2 || lead > 0xF4) {
        return -1;
    }
    return lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
}

int view_utf8_length(struct view text) {
    const unsigned char *at = (const unsigned char *)text.at;
    if (text.size < 1) {
        return 0;
    }
    if (at[0] < 0x80) {
        return 1;
    }
    unsigned char low, high;
    int more = utf8_lead(at[0], &low, &high);
    if (more < 0 || more >= text.size || at[1] < low || at[1] > high) {
        return 0;
    }
    for (int i = 2; i <= more; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return more + 1;
}
