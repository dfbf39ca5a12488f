/* Headers and rows of code lists. */
#include "import/list_file.h"

#include <string.h>

static int column_find(const struct view *cells, int count, const char *name) {
    for (int i = 0; i < count; i++) {
        if (header_is(cells[i], name)) {
            return i;
        }
    }
    return -1;
}

static bool is_header(const struct view *cells, int count, const struct list_layout *layout) {
    int found = 0;
    for (int i = 0; i < layout->required; i++) {
        found += column_find(cells, count, layout->names[i]) >= 0;
        if (found + layout->required - 1 - i <= layout->required / 2) {
            return false;
        }
    }
    return true;
}

bool list_knows(const struct rows_head *head, const struct list_layout *layout) {
    for (int i = 0; i < head->count; i++) {
        if (is_header(head->row[i].cells, head->row[i].count, layout)) {
            return true;
        }
    }
    return false;
}

bool list_header(struct import *import, struct rows *rows, const struct list_layout *layout,
                 struct list_columns *columns) {
    *columns = (struct list_columns){.names = layout->names, .width = 0};
    bool found = false, fine = true;
    while (!found && import_next(import, rows)) {
        found = is_header(rows->cells, rows->count, layout);
    }
    if (!found && import_status(import) == STATUS_OK) {
        (void)import_wrong(import, rows, "import_header", layout->names[0],
                           "is in no header where one should follow");
    }
    for (int i = 0; i < rows->count; i++) {
        columns->width = rows->cells[i].size > 0 ? i + 1 : columns->width;
    }
    for (int i = 0; found && i < layout->count; i++) {
        const char *name = layout->names[i];
        int at = column_find(rows->cells, rows->count, name);
        columns->at[i] = at;
        if (at < 0 && i < layout->required) {
            (void)import_wrong(import, rows, "import_header", name, "is missing in the header");
            fine = false;
        } else if (at >= 0 && column_find(rows->cells + at + 1, rows->count - at - 1, name) >= 0) {
            (void)import_wrong(import, rows, "import_header", name, "stands twice in the header");
            fine = false;
        }
    }
    return found && fine;
}

/* Without the no-break spaces (UTF-8 c2 a0) and blanks that tables from the web are padded with. */
static struct view unpadded(struct view cell) {
    ptrdiff_t size;
    do {
        size = cell.size;
        cell = view_trim(cell);
        if (cell.size >= 2 && memcmp(cell.at + cell.size - 2, "\xc2\xa0", 2) == 0) {
            cell.size -= 2;
        }
    } while (cell.size != size);
    return cell;
}

struct view list_cell(const struct rows *rows, const struct list_columns *columns, int column) {
    return unpadded(rows_cell(rows, columns->at[column]));
}

static bool row_longer(const struct rows *rows, int width) {
    for (int i = width; i < rows->count; i++) {
        if (rows->cells[i].size > 0) {
            return true;
        }
    }
    return false;
}

bool list_next(struct import *import, struct rows *rows, const struct list_columns *columns,
               int64_t *counted) {
    while (import_next(import, rows)) {
        if (rows_blank(rows)) {
            continue;
        }
        ++*counted;
        bool whole = rows->count >= columns->width || rows->form == ROWS_XLSX;
        if (whole && !row_longer(rows, columns->width)) {
            return true;
        }
        if (!import_wrong(import, rows, "import_cell", NULL, "has %d cells, the header has %d",
                          rows->count, columns->width)) {
            return false;
        }
    }
    return false;
}

struct view list_given(struct view cell) { return header_is(cell, "N/A") ? VIEW("") : cell; }

struct view list_unmarked(struct view cell) {
    ptrdiff_t mark = view_find(cell, '[');
    return mark > 0 && cell.at[cell.size - 1] == ']' ? view_trim(view_sub(cell, 0, mark)) : cell;
}

char list_character(struct import *import, const struct rows *rows, struct view cell,
                    const char *column, const char *allowed, bool *ok) {
    if (cell.size == 0) {
        return 0;
    }
    if (cell.size != 1 || memchr(allowed, cell.at[0], strlen(allowed)) == NULL) {
        (void)import_wrong(import, rows, "import_cell", column, "is none of %s", allowed);
        *ok = false;
        return 0;
    }
    return cell.at[0];
}

bool list_taxonomy(struct import *import, const struct rows *rows, struct view cell,
                   uint64_t keys[2]) {
    keys[0] = code_from(view_sub(cell, 0, 8)).bits;
    keys[1] = code_from(view_sub(cell, 8, 2)).bits;
    if (cell.size != 10 || keys[0] == 0 || keys[1] == 0 || cell.at[9] != 'X') {
        (void)import_wrong(import, rows, "import_cell", "taxonomy code",
                           "is not ten characters that end with X");
        return false;
    }
    return true;
}

struct view list_stem(struct view name, char *text, ptrdiff_t size) {
    ptrdiff_t end = name.size;
    for (ptrdiff_t i = name.size - 1; i > 0 && end == name.size; i--) {
        end = name.at[i] == '.' ? i : end;
    }
    end = end < size ? end : size;
    memcpy(text, name.at, (size_t)end);
    return (struct view){text, end};
}

/* A day that begins at `at` with its year: CCYYMMDD, CCYY-MM-DD, CCYY-MM. */
static struct date day_at(struct view name, ptrdiff_t at) {
    int year = digits_of(name, at, 4);
    int compact = digits_of(name, at + 4, 4);
    int month = digits_of(name, at + 5, 2);
    int day = digits_of(name, at + 8, 2);
    if (year < 1990 || year > 2099) {
        return DATE_NONE;
    }
    if (compact >= 0) {
        return date_from_ymd(year, compact / 100, compact % 100);
    }
    bool dashed = at + 4 < name.size && (name.at[at + 4] == '-' || name.at[at + 4] == '_');
    return dashed && month >= 0 ? date_from_ymd(year, month, day > 0 ? day : 1) : DATE_NONE;
}

struct date list_name_day(struct view name) {
    struct date found = DATE_NONE;
    int month = month_of(name);
    for (ptrdiff_t i = 0; i < name.size; i++) {
        bool begins = i == 0 || name.at[i - 1] < '0' || name.at[i - 1] > '9';
        struct date day = begins ? day_at(name, i) : DATE_NONE;
        int year = begins ? digits_of(name, i, 4) : -1;
        if (!date_given(day) && month > 0 && year >= 1990 && year <= 2099) {
            day = date_from_ymd(year, month, 1);
        }
        found = date_given(day) ? day : found; /* the last: "20050523-20240107" is a span */
    }
    return found;
}
