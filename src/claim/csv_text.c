/* CSV text: cutting rows and cells, and the ways in which people write amounts and dates. */
#include <string.h>

#include "claim/csv_internal.h"

/* Behind the line end at `i`, -1 when "\r" may still be followed by "\n". */
static ptrdiff_t row_end(struct view text, ptrdiff_t i, bool last) {
    if (text.at[i] == '\n') {
        return i + 1;
    }
    if (i + 1 == text.size) {
        return last ? i + 1 : -1;
    }
    return i + 1 + (text.at[i + 1] == '\n');
}

/* A quote opens at the start of a cell, and again right behind one that closed: a doubled quote. */
static bool quote_opens(struct view text, ptrdiff_t i, bool cell_start, ptrdiff_t quote) {
    return text.at[i] == '"' && (cell_start || (quote >= 0 && text.at[i - 1] == '"'));
}

ptrdiff_t csv_row_size(struct view text, char separator, bool last, ptrdiff_t *quote) {
    bool quoted = false;
    bool cell_start = true;
    *quote = -1;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        if (quoted) {
            quoted = c != '"';
            continue;
        }
        if (c == '\n' || c == '\r') {
            *quote = -1;
            return row_end(text, i, last);
        }
        if (c == separator) {
            *quote = -1;
            cell_start = true;
            continue;
        }
        if (quote_opens(text, i, cell_start, *quote)) {
            quoted = true;
            *quote = cell_start ? i : *quote;
        }
        cell_start = cell_start && c == ' ';
    }
    *quote = quoted ? *quote : -1;
    return last && !quoted && text.size > 0 ? text.size : -1;
}

/* Cuts a quoted cell whose first quote is at the start of `rest`. */
static struct csv_cell cell_quoted(struct view *rest) {
    struct csv_cell cell = {0};
    ptrdiff_t i = 1;
    for (; i < rest->size; i++) {
        if (rest->at[i] != '"') {
            continue;
        }
        if (i + 1 == rest->size || rest->at[i + 1] != '"') {
            break;
        }
        cell.doubled = true;
        i++;
    }
    ptrdiff_t end = i < rest->size ? i : rest->size;
    cell.raw = view_sub(*rest, 1, end - 1);
    *rest = view_sub(*rest, end + 1 < rest->size ? end + 1 : rest->size, rest->size);
    return cell;
}

static struct csv_cell cell_cut(struct view *rest, char separator) {
    struct view start = *rest;
    while (start.size > 0 && start.at[0] == ' ') {
        start = view_sub(start, 1, start.size);
    }
    if (start.size == 0 || start.at[0] != '"') {
        return (struct csv_cell){.raw = view_cut(rest, separator)};
    }
    struct csv_cell cell = cell_quoted(&start);
    (void)view_cut(&start, separator); /* nothing but blanks should stand before it */
    *rest = start;
    return cell;
}

void csv_row_split(struct csv_row *row, struct view text, char separator) {
    while (text.size > 0 && (text.at[text.size - 1] == '\n' || text.at[text.size - 1] == '\r')) {
        text.size--;
    }
    row->count = 0;
    row->crowded = false;
    struct view rest = text;
    while (rest.at && row->count < CSV_COLUMNS_MAX) {
        struct csv_cell cell = cell_cut(&rest, separator);
        cell.offset = cell.raw.at - text.at;
        row->cells[row->count++] = cell;
    }
    row->crowded = rest.at != NULL;
}

static bool is_utf8(struct view text) {
    ptrdiff_t more = 0;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (more > 0) {
            if ((c & 0xC0) != 0x80) {
                return false;
            }
            more--;
        } else if (c >= 0x80) {
            if (c < 0xC2 || c > 0xF4) {
                return false;
            }
            more = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
        }
    }
    return more == 0;
}

/* Windows-1252 as spreadsheets write it; the five undefined bytes become "?". */
static ptrdiff_t cp1252_put(char *to, unsigned char c) {
    static const uint16_t high[32] = {
        0x20AC, '?',    0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, '?',    0x017D, '?',    '?',    0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, '?',    0x017E, 0x0178};
    unsigned code = c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c;
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xC0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    to[0] = (char)(0xE0 | code >> 12);
    to[1] = (char)(0x80 | (code >> 6 & 0x3F));
    to[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

static struct view utf8_from_cp1252(struct view text, struct arena *arena) {
    char *to = ARENA_NEW(arena, char, text.size * 3);
    if (!to) {
        return VIEW("");
    }
    ptrdiff_t size = 0;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        size += cp1252_put(to + size, (unsigned char)text.at[i]);
    }
    return (struct view){to, size};
}

static struct view quotes_undo(struct view raw, struct arena *arena) {
    char *to = ARENA_NEW(arena, char, raw.size);
    if (!to) {
        return VIEW("");
    }
    ptrdiff_t size = 0;
    for (ptrdiff_t i = 0; i < raw.size; i++) {
        to[size++] = raw.at[i];
        i += raw.at[i] == '"';
    }
    return (struct view){to, size};
}

struct view csv_cell_text(const struct csv_row *row, int column, struct arena *arena) {
    if (column < 0 || column >= row->count) {
        return VIEW("");
    }
    const struct csv_cell *cell = &row->cells[column];
    struct view text = view_sub(view_trim(cell->raw), 0, 4 * CLAIM_TEXT_MAX);
    if (cell->doubled) {
        text = view_trim(quotes_undo(text, arena));
    }
    if (!is_utf8(text)) {
        text = utf8_from_cp1252(text, arena);
    }
    return text.size > 0 ? text : VIEW("");
}

/* The digits of an amount without thousands commas, which must stand before three digits. */
static struct view commas_drop(struct view text, char plain[32]) {
    ptrdiff_t size = 0;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        if (text.at[i] == ',') {
            struct view group = view_sub(text, i + 1, 3);
            struct view behind = view_sub(text, i + 4, 1);
            bool ends = behind.size == 0 || behind.at[0] == ',' || behind.at[0] == '.';
            if (i == 0 || group.size != 3 || !view_is_digits(group) || !ends) {
                return VIEW("?");
            }
            continue;
        }
        if (size == 32) {
            return VIEW("?");
        }
        plain[size++] = text.at[i];
    }
    return (struct view){plain, size};
}

struct money csv_money(struct view text) {
    text = view_trim(text);
    bool credit = text.size > 2 && text.at[0] == '(' && text.at[text.size - 1] == ')';
    if (credit) {
        text = view_sub(text, 1, text.size - 2);
    }
    bool minus = text.size > 0 && text.at[0] == '-';
    text = view_sub(text, minus, text.size);
    if (view_starts(text, VIEW("$"))) {
        text = view_trim(view_sub(text, 1, text.size));
    }
    char plain[32];
    struct money money = money_from(commas_drop(text, plain));
    if (money_given(money) && (credit || minus)) {
        money.cents = -money.cents;
    }
    return money;
}

struct quantity csv_quantity(struct view text) {
    char plain[32];
    return quantity_from(commas_drop(view_trim(text), plain));
}

static int number_small(struct view text) {
    if (!view_is_digits(text) || text.size > 4) {
        return -1;
    }
    int value = 0;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        value = value * 10 + (text.at[i] - '0');
    }
    return value;
}

static int month_named(struct view text) {
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (int month = 0; month < 12 && text.size == 3; month++) {
        bool same = true;
        for (int i = 0; i < 3; i++) {
            same &= (text.at[i] | 0x20) == names[month * 3 + i];
        }
        if (same) {
            return month + 1;
        }
    }
    return -1;
}

struct date csv_date(struct view text) {
    text = view_trim(text);
    struct view day_only = text;
    day_only = view_cut(&day_only, ' ');
    if (day_only.size > 10 && day_only.at[10] == 'T') {
        day_only.size = 10;
    }
    struct date date = date_from_iso(day_only);
    if (date_given(date) || view_is_digits(day_only)) {
        return day_only.size == 8 ? date_from_compact(day_only) : date;
    }
    char mark = view_find(day_only, '/') >= 0 ? '/' : '-';
    struct view parts[3];
    for (int i = 0; i < 3; i++) {
        parts[i] = day_only.at ? view_cut(&day_only, mark) : VIEW("");
    }
    if (day_only.at || parts[2].size != 4) {
        return DATE_NONE;
    }
    if (mark == '/') {
        return date_from_ymd(number_small(parts[2]), number_small(parts[0]),
                             number_small(parts[1]));
    }
    return date_from_ymd(number_small(parts[2]), month_named(parts[1]), number_small(parts[0]));
}
