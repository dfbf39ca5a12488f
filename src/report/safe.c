/* Text that came from outside, made safe for terminals, HTML and spreadsheets. */
#include "report/report_internal.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* Invisible characters and those that turn the direction of writing: U+200B..U+200F,
 * U+2028..U+202E, U+2060..U+206F, U+FEFF. */
static bool is_hidden(const unsigned char *at) {
    if (at[0] == 0xE2 && at[1] == 0x80) {
        return (at[2] >= 0x8B && at[2] <= 0x8F) || (at[2] >= 0xA8 && at[2] <= 0xAE);
    }
    if (at[0] == 0xE2 && at[1] == 0x81) {
        return at[2] >= 0xA0 && at[2] <= 0xAF;
    }
    return at[0] == 0xEF && at[1] == 0xBB && at[2] == 0xBF;
}

/* Cuts the first character off, as it may be written. */
static struct view glyph_cut(struct view *rest) {
    const unsigned char *at = (const unsigned char *)rest->at;
    int length = view_utf8_length(*rest);
    struct view glyph = {rest->at, length};
    *rest = view_sub(*rest, length > 0 ? length : 1, rest->size);
    bool good = length > 1 || (length == 1 && at[0] >= ' ' && at[0] != 0x7F);
    if ((length == 2 && at[0] == 0xC2 && at[1] < 0xA0) || (length == 3 && is_hidden(at))) {
        good = false;
    }
    return good ? glyph : VIEW(REPLACEMENT);
}

static bool is_plain(char c) {
    return c >= ' ' && c < 0x7F && c != '"' && c != '&' && c != '<' && c != '>' && c != '\'';
}

/* Cuts the longest head off that every format may write as it is. */
static struct view plain_cut(struct view *rest) {
    ptrdiff_t size = 0;
    while (size < rest->size && is_plain(rest->at[size])) {
        size++;
    }
    struct view plain = view_sub(*rest, 0, size);
    *rest = view_sub(*rest, size, rest->size);
    return plain;
}

void safe_write(struct out *out, struct view text) {
    while (text.size > 0) {
        out_view(out, plain_cut(&text));
        if (text.size > 0) {
            out_view(out, glyph_cut(&text));
        }
    }
}

void report_safe(struct out *out, struct view text) { safe_write(out, text); }

void path_write(struct out *out, struct view path) {
    if (path.size > PATH_SIZE_MAX) {
        OUT_TEXT(out, "...");
        path = view_sub(path, path.size - PATH_SIZE_MAX, PATH_SIZE_MAX);
        while (path.size > 0 && ((unsigned char)path.at[0] & 0xC0) == 0x80) {
            path = view_sub(path, 1, path.size); /* the rest of a character that was cut */
        }
    }
    safe_write(out, path);
}

static struct view html_escaped(struct view glyph) {
    switch (glyph.at[0]) {
    case '"': return VIEW("&quot;");
    case '&': return VIEW("&amp;");
    case '<': return VIEW("&lt;");
    case '>': return VIEW("&gt;");
    case '\'': return VIEW("&#39;");
    default: return glyph;
    }
}

void html_write(struct out *out, struct view text) {
    while (text.size > 0) {
        out_view(out, plain_cut(&text));
        if (text.size > 0) {
            out_view(out, html_escaped(glyph_cut(&text)));
        }
    }
}

/* Spreadsheets run what begins with one of these as a formula. */
static bool is_formula(struct view text) {
    return text.size > 0 && (text.at[0] == '=' || text.at[0] == '+' || text.at[0] == '-' ||
                             text.at[0] == '@' || text.at[0] == '\t' || text.at[0] == '\r');
}

void csv_write(struct out *out, struct view text) {
    bool formula = is_formula(text);
    bool quoted = formula;
    for (ptrdiff_t i = 0; i < text.size && !quoted; i++) {
        quoted = text.at[i] == '"' || text.at[i] == ',' || text.at[i] == '\n' ||
                 text.at[i] == '\r' || text.at[i] == ';';
    }
    if (!quoted) {
        safe_write(out, text);
        return;
    }
    out_char(out, '"');
    if (formula) {
        out_char(out, '\'');
    }
    while (text.size > 0) {
        out_view(out, plain_cut(&text));
        if (text.size > 0) {
            struct view glyph = glyph_cut(&text);
            out_view(out, glyph.at[0] == '"' ? VIEW("\"\"") : glyph);
        }
    }
    out_char(out, '"');
}
