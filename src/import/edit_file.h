/* Inside of import: what the readers of the edit tables (pairs, unit limits, add-on codes) share:
 * names of files, headers, the form of codes. */
#ifndef CLAIMVET_IMPORT_EDIT_FILE_H
#define CLAIMVET_IMPORT_EDIT_FILE_H

#include "import/importer.h"

/* ---- names ------------------------------------------------------------------------------- */

/* The quarter that an edition is for, and which revision of it a file is. */
struct edit_quarter {
    int year; /* 0: the name does not tell */
    int quarter;
    int revision;
};
/* "2026Q2", "2026-q2", or "Eff_04-01-2026", which has to be the first day of a quarter. */
struct edit_quarter edit_name_quarter(struct view name);
/* "2026Q2" behind a prefix of one character at most. */
struct view edit_quarter_text(struct edit_quarter quarter, const char *prefix, char text[16]);
/* What member and file say, the error kept when neither tells, they differ, or the file is one of
 * Medicaid's. `expected` shows a name that tells. */
bool edit_quarter_of(struct import *import, const struct rows *rows,
                     struct edit_quarter (*tell)(struct view name), const char *expected,
                     struct edit_quarter *quarter);
/* Does the name call the file a subset: rows that are absent then prove nothing. */
bool edit_of_subset(const struct rows *rows);
/* Keeps the error when the name says Medicaid, whose edits are not Medicare's. */
bool edit_of_medicare(struct import *import, const struct rows *rows);

/* ---- headers and rows -------------------------------------------------------------------- */

#define EDIT_COLUMNS_MAX 8

struct edit_name {
    const char *name;
    const char *other; /* the same column in other releases, or NULL */
};
struct edit_columns {
    int at[EDIT_COLUMNS_MAX];
    int width; /* up to the last column that has a header */
};
/* The column that a header names, -1 when none. */
int edit_column_of(struct view header, const struct edit_name *names, int count);
/* Every column has to be there once, and no other: errors are kept. */
bool edit_columns_map(struct import *import, const struct rows *rows, const struct view *header,
                      int cells, const struct edit_name *names, int count,
                      struct edit_columns *columns);
/* Reads on to the row that names at least two of the columns, and maps it. */
bool edit_header_read(struct import *import, struct rows *rows, const struct edit_name *names,
                      int count, struct edit_columns *columns);

/* Has the row a cell for every column, and none beyond them? The error is kept. */
bool edit_row_whole(struct import *import, const struct rows *rows,
                    const struct edit_columns *columns);
/* Five digits, or four with a letter before or behind them: CODE_NONE otherwise. */
struct code edit_code(struct view cell);

/* ---- rows that stand twice --------------------------------------------------------------- */

struct edit_key {
    uint64_t key, key2;
    int64_t line;
};
struct edit_keys {
    struct edit_key *at; /* in the arena of the file */
    ptrdiff_t count, capacity;
};
/* False when memory is refused, which is kept as an error. */
bool edit_keys_add(struct import *import, const struct rows *rows, struct edit_keys *keys,
                   uint64_t key, uint64_t key2);
/* Keeps the error that memory is refused: false. */
bool edit_no_memory(struct import *import, const struct rows *rows);
/* Keeps an error for every key that stands twice, at its later line. Of a file of which every row
 * was read: what a row that is wrong would have said is not known. */
void edit_keys_check(struct import *import, struct rows *rows, struct edit_keys *keys,
                     const char *what);

#endif
