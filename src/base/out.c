/* Buffered output and JSON strings. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

#define OUT_CAPACITY_MIN 65536

void out_open(struct out *out, out_sink *sink, void *context) {
    *out = (struct out){.sink = sink, .context = context};
}

void out_flush(struct out *out) {
    if (out->sink && out->size > 0) {
        if (!out->failed && !out->sink(out->context, out_bytes(out))) {
            out->failed = true;
        }
        out->size = 0;
    }
}

bool out_reserve(struct out *out, ptrdiff_t size) {
    if (size <= out->capacity - out->size) {
        return true;
    }
    out_flush(out);
    if (size <= out->capacity - out->size) {
        return true;
    }
    if (out->failed || size > PTRDIFF_MAX / 4 - out->size) {
        out->failed = true;
        return false;
    }
    ptrdiff_t capacity =
        out->capacity * 2 > OUT_CAPACITY_MIN ? out->capacity * 2 : OUT_CAPACITY_MIN;
    if (capacity < out->size + size) {
        capacity = out->size + size;
    }
    char *grown = memory_grow(out->at, out->capacity, capacity);
    if (!grown) {
        out->failed = true;
        return false;
    }
    out->at = grown;
    out->capacity = capacity;
    return true;
}

void out_pad(struct out *out, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        out_char(out, ' ');
    }
}

/* Columns, not bytes: continuation bytes of UTF-8 take none. */
static int columns_of(struct view text) {
    int columns = 0;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        columns += ((unsigned char)text.at[i] & 0xC0) != 0x80;
    }
    return columns;
}

void out_wrap(struct out *out, struct view text, int indent, int column, int width) {
    struct view rest = text;
    bool first = true; /* of its line */
    while (rest.at) {
        struct view word = view_cut(&rest, ' ');
        int columns = columns_of(word);
        if (!first && column + 1 + columns > width) {
            out_char(out, '\n');
            out_pad(out, indent);
            column = indent;
            first = true;
        }
        if (!first) {
            out_char(out, ' ');
            column++;
        }
        out_view(out, word);
        column += columns;
        first = false;
    }
    out_char(out, '\n');
}

void out_int(struct out *out, int64_t value) {
    char text[24];
    char *end = text + sizeof text;
    char *at = end;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0) {
        *--at = '-';
    }
    out_view(out, (struct view){at, end - at});
}

void out_format(struct out *out, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size < 0 || size >= (int)sizeof text) {
        out->failed = true;
        return;
    }
    out_view(out, (struct view){text, size});
}

static void out_json_escape(struct out *out, unsigned char c) {
    static const char hex[] = "0123456789abcdef";
    switch (c) {
    case '"': OUT_TEXT(out, "\\\""); break;
    case '\\': OUT_TEXT(out, "\\\\"); break;
    case '\n': OUT_TEXT(out, "\\n"); break;
    case '\r': OUT_TEXT(out, "\\r"); break;
    case '\t': OUT_TEXT(out, "\\t"); break;
    default:
        OUT_TEXT(out, "\\u00");
        out_char(out, hex[c >> 4]);
        out_char(out, hex[c & 15]);
    }
}

/* Eight bytes at once: true when each can stand in a JSON string as it is. A byte is below 0x20,
 * a quote or a backslash exactly when subtracting borrows in its lane (lanes with the top bit set
 * are refused anyway, so that no borrow of a neighbour can hide one). */
static bool json_plain_8(const char *at) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t tops = ones << 7;
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    uint64_t quote = bytes ^ (ones * '"');
    uint64_t slash = bytes ^ (ones * '\\');
    uint64_t del = bytes ^ (ones * 0x7F);
    uint64_t odd = (bytes - ones * 0x20) | (quote - ones) | (slash - ones) | (del - ones) | bytes;
    return (odd & tops) == 0;
}

static bool json_plain(unsigned char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

/* First byte from `i` on that cannot stand as it is; the size when there is none. */
static ptrdiff_t json_plain_end(struct view text, ptrdiff_t i) {
    while (text.size - i >= 8 && json_plain_8(text.at + i)) {
        i += 8;
    }
    if (text.size >= 8 && text.size - i < 8 && json_plain_8(text.at + text.size - 8)) {
        return text.size; /* the rest is less than eight bytes: those before it once more */
    }
    while (i < text.size && json_plain((unsigned char)text.at[i])) {
        i++;
    }
    return i;
}

/* With bytes that need a change, the first of them at `first`; the quote before is written. */
static SELDOM void out_json_odd(struct out *out, struct view text, ptrdiff_t first) {
    ptrdiff_t plain = 0; /* bytes from here to i need no change */
    for (ptrdiff_t i = first; i < text.size; i = json_plain_end(text, i)) {
        int length = view_utf8_length(view_sub(text, i, text.size));
        if (length > 1) {
            i += length;
            continue;
        }
        out_view(out, view_sub(text, plain, i - plain));
        if (length == 0) {
            OUT_TEXT(out, "\xEF\xBF\xBD");
        } else {
            out_json_escape(out, (unsigned char)text.at[i]);
        }
        plain = ++i;
    }
    out_view(out, view_sub(text, plain, text.size - plain));
    out_char(out, '"');
}

void out_json(struct out *out, struct view text) {
    out_char(out, '"');
    ptrdiff_t odd = json_plain_end(text, 0);
    if (odd < text.size) {
        out_json_odd(out, text, odd);
        return;
    }
    out_view(out, text);
    out_char(out, '"');
}

struct view out_bytes(const struct out *out) {
    return (struct view){out->at, out->size};
}

void out_clear(struct out *out) { out->size = 0; }

void out_close(struct out *out) {
    out_flush(out);
    memory_free(out->at);
    bool failed = out->failed;
    *out = (struct out){.failed = failed};
}
