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

void out_view(struct out *out, struct view text) {
    if (text.size > 0 && out_reserve(out, text.size)) {
        memcpy(out->at + out->size, text.at, (size_t)text.size);
        out->size += text.size;
    }
}

void out_char(struct out *out, char c) {
    if (out_reserve(out, 1)) {
        out->at[out->size++] = c;
    }
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

void out_json(struct out *out, struct view text) {
    out_char(out, '"');
    ptrdiff_t plain = 0; /* bytes from here to i need no change */
    for (ptrdiff_t i = 0; i < text.size;) {
        unsigned char c = (unsigned char)text.at[i];
        if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
            i++;
            continue;
        }
        int length = view_utf8_length(view_sub(text, i, text.size));
        if (length > 1) {
            i += length;
            continue;
        }
        out_view(out, view_sub(text, plain, i - plain));
        if (length == 0) {
            OUT_TEXT(out, "\xEF\xBF\xBD");
        } else {
            out_json_escape(out, c);
        }
        plain = ++i;
    }
    out_view(out, view_sub(text, plain, text.size - plain));
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
