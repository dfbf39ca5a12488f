/* What the readers of the edit tables share; see edit_file.h. */
#include "import/edit_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- names ------------------------------------------------------------------------------- */

static bool name_gap(struct view name, ptrdiff_t at) {
    return at >= 0 && at < name.size && memchr("-_. ", name.at[at], 4) != NULL;
}

/* MM-DD-YYYY behind "eff" or "effective". */
static struct edit_quarter quarter_of_day(struct view name) {
    struct edit_quarter none = {0};
    ptrdiff_t at = name_find(name, "eff");
    if (at < 0) {
        return none;
    }
    at += name_find(view_sub(name, at, 9), "effective") == 0 ? 9 : 3;
    int part[3];
    for (int i = 0; i < 3; i++) {
        at += name_gap(name, at);
        part[i] = name_number(name, &at, i < 2 ? 2 : 4, i < 2 ? 2 : 4);
    }
    bool first = part[1] == 1 && part[0] >= 1 && part[0] <= 12 && part[0] % 3 == 1;
    return first && part[2] >= 1996 ? (struct edit_quarter){part[2], part[0] / 3 + 1, 0} : none;
}

struct edit_quarter edit_name_quarter(struct view name) {
    for (ptrdiff_t at = 5; at + 1 < name.size; at++) {
        if ((name.at[at - 1] | 0x20) != 'q' || name.at[at] < '1' || name.at[at] > '4' ||
            digits_of(name, at + 1, 1) >= 0) {
            continue;
        }
        ptrdiff_t from = at - 5 - name_gap(name, at - 2);
        int year = from >= 0 ? name_number(name, &from, 4, 4) : -1;
        if (year >= 1996) {
            return (struct edit_quarter){year, name.at[at] - '0', 0};
        }
    }
    return quarter_of_day(name);
}

struct view edit_quarter_text(struct edit_quarter quarter, const char *prefix, char text[16]) {
    (void)snprintf(text, 16, "%.1s%dQ%d", prefix, quarter.year, quarter.quarter);
    return view_of(text);
}

bool edit_of_subset(const struct rows *rows) {
    return name_find(rows->file, "subset") >= 0 || name_find(rows->member, "subset") >= 0;
}

bool edit_of_medicare(struct import *import, const struct rows *rows) {
    static const char *const words[] = {"medicaid", "mcd_", "mcd-", "_mcd", "-mcd"};
    for (int i = 0; i < COUNT_OF(words); i++) {
        if (name_find(rows->file, words[i]) >= 0 ||
            name_find(rows->member, words[i]) >= 0) {
            (void)import_wrong(import, rows, "import_release", NULL,
                               "the name says medicaid, whose edits are not those of medicare");
            return false;
        }
    }
    return true;
}

bool edit_quarter_of(struct import *import, const struct rows *rows,
                     struct edit_quarter (*tell)(struct view name), const char *expected,
                     struct edit_quarter *quarter) {
    if (!edit_of_medicare(import, rows)) {
        return false;
    }
    struct edit_quarter file = tell(rows->file), member = tell(rows->member);
    *quarter = member.year ? member : file;
    if (quarter->year == 0) {
        (void)import_wrong(import, rows, "import_release", NULL,
                           "the name does not tell the quarter: name it as published, like %s",
                           expected);
        return false;
    }
    if (file.year && (file.year != quarter->year || file.quarter != quarter->quarter)) {
        (void)import_wrong(import, rows, "import_release", NULL,
                           "file and member are named for different quarters");
        return false;
    }
    return true;
}

/* ---- headers and rows -------------------------------------------------------------------- */

int edit_column_of(struct view header, const struct edit_name *names, int count) {
    for (int i = 0; i < count; i++) {
        if (header_is(header, names[i].name) ||
            (names[i].other && header_is(header, names[i].other))) {
            return i;
        }
    }
    return -1;
}

bool edit_columns_map(struct import *import, const struct rows *rows, const struct view *header,
                      int cells, const struct edit_name *names, int count,
                      struct edit_columns *columns) {
    bool ok = true;
    *columns = (struct edit_columns){.width = 0};
    for (int i = 0; i < count; i++) {
        columns->at[i] = -1;
    }
    for (int i = 0; i < cells; i++) {
        int column = edit_column_of(header[i], names, count);
        if (header[i].size == 0) {
            continue;
        }
        if (column < 0 || columns->at[column] >= 0) {
            (void)import_wrong(import, rows, "import_header",
                               column < 0 ? NULL : names[column].name,
                               "cell %d of the header is %s", i + 1,
                               column < 0 ? "not one of this layout" : "there twice");
            ok = false;
            continue;
        }
        columns->at[column] = i;
        columns->width = i + 1;
    }
    for (int i = 0; i < count; i++) {
        if (columns->at[i] < 0) {
            (void)import_wrong(import, rows, "import_header", names[i].name,
                               "the header lacks this column");
            ok = false;
        }
    }
    return ok;
}

bool edit_header_read(struct import *import, struct rows *rows, const struct edit_name *names,
                      int count, struct edit_columns *columns) {
    for (int read = 0; read < ROWS_HEAD_MAX && import_next(import, rows); read++) {
        int known = 0;
        for (int i = 0; i < rows->count; i++) {
            known += edit_column_of(rows->cells[i], names, count) >= 0;
        }
        if (known >= 2) {
            return edit_columns_map(import, rows, rows->cells, rows->count, names, count, columns);
        }
    }
    if (import_status(import) == STATUS_OK) {
        (void)import_wrong(import, rows, "import_header", names[0].name,
                           "no header with this and the other columns in the first %d rows",
                           ROWS_HEAD_MAX);
    }
    return false;
}

bool edit_row_whole(struct import *import, const struct rows *rows,
                    const struct edit_columns *columns) {
    if (rows->count < columns->width && rows->form != ROWS_XLSX) {
        (void)import_wrong(import, rows, "import_cell", NULL,
                           "the row has %d cells, the header %d: cut off?", rows->count,
                           columns->width);
        return false;
    }
    for (int i = columns->width; i < rows->count; i++) {
        if (rows->cells[i].size > 0) {
            (void)import_wrong(import, rows, "import_cell", NULL, "cell %d has no header above it",
                               i + 1);
            return false;
        }
    }
    return true;
}

struct code edit_code(struct view cell) {
    struct code code = CODE_NONE;
    int letters = 0;
    if (cell.size != 5) {
        return CODE_NONE;
    }
    for (int i = 0; i < 5; i++) {
        unsigned char c = (unsigned char)cell.at[i];
        bool letter = c >= 'A' && c <= 'Z';
        letters += letter;
        if (!(c >= '0' && c <= '9') && !(letter && (i == 0 || i == 4) && letters == 1)) {
            return CODE_NONE;
        }
        code.bits |= (uint64_t)c << (56 - 8 * i);
    }
    return code;
}

/* ---- rows that stand twice --------------------------------------------------------------- */

bool edit_no_memory(struct import *import, const struct rows *rows) {
    (void)import_wrong(import, rows, "memory", NULL, "out of memory for the rows of a file");
    return false;
}

bool edit_keys_add(struct import *import, const struct rows *rows, struct edit_keys *keys,
                   uint64_t key, uint64_t key2) {
    if (keys->count == keys->capacity) {
        ptrdiff_t capacity = keys->capacity ? 2 * keys->capacity : 4096;
        struct edit_key *grown = ARENA_NEW(import_arena(import), struct edit_key, capacity);
        if (!grown) {
            return edit_no_memory(import, rows);
        }
        if (keys->count > 0) {
            memcpy(grown, keys->at, (size_t)keys->count * sizeof *grown);
        }
        keys->at = grown;
        keys->capacity = capacity;
    }
    keys->at[keys->count++] = (struct edit_key){key, key2, rows->line};
    return true;
}

static int key_compare(const void *left, const void *right) {
    const struct edit_key *a = left, *b = right;
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    if (a->key2 != b->key2) {
        return a->key2 < b->key2 ? -1 : 1;
    }
    return a->line < b->line ? -1 : a->line > b->line;
}

void edit_keys_check(struct import *import, struct rows *rows, struct edit_keys *keys,
                     const char *what) {
    int64_t line = rows->line;
    if (keys->count == 0 || import_status(import) != STATUS_OK) {
        return;
    }
    qsort(keys->at, (size_t)keys->count, sizeof *keys->at, key_compare);
    for (ptrdiff_t i = 1; i < keys->count; i++) {
        const struct edit_key *a = &keys->at[i - 1], *b = &keys->at[i];
        if (a->key != b->key || a->key2 != b->key2) {
            continue;
        }
        rows->line = b->line;
        if (!import_wrong(import, rows, "import_cell", NULL, "%s stands twice, first in line %lld",
                          what, (long long)a->line)) {
            break;
        }
    }
    rows->line = line;
}
