/* Short codes packed into an integer. */
#include "base/base.h"

struct code code_from(struct view text) {
    if (text.size < 1 || text.size > 8) {
        return CODE_NONE;
    }
    uint64_t bits = 0;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c >= 'a' && c <= 'z') {
            c = (unsigned char)(c - 'a' + 'A');
        }
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) {
            return CODE_NONE;
        }
        bits = bits << 8 | c;
    }
    return (struct code){bits << (8 * (8 - text.size))};
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
