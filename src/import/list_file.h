/* Inside of import: what the readers of code lists share: a header somewhere near the top, columns
 * by name, others beside them allowed. */
#ifndef CLAIMVET_IMPORT_LIST_FILE_H
#define CLAIMVET_IMPORT_LIST_FILE_H

#include "import/importer.h"

#define LIST_COLUMNS_MAX 40

struct list_columns {
    const char *const *names;
    int at[LIST_COLUMNS_MAX];
    int count;
    int width; /* cells a row needs to have all of them */
};

/* Is one of the rows of the head a header with the first two names? */
bool list_knows(const struct rows_head *head, const char *const *names);
/* Reads on to that row and finds all columns: a missing one is an error. */
bool list_header(struct import *import, struct rows *rows, const char *const *names, int count,
                 struct list_columns *columns);
/* Next row that is not empty and has all columns; a shorter one is an error. */
bool list_next(struct import *import, struct rows *rows, const struct list_columns *columns,
               int64_t *counted);
static inline struct view list_cell(const struct rows *rows, const struct list_columns *columns,
                                    int column) {
    return rows_cell(rows, columns->at[column]);
}
/* "" when the cell is empty or says N/A. */
struct view list_given(struct view cell);
/* A taxonomy code of ten characters as the two keys of a wide cell; the error is kept. */
bool list_taxonomy(struct import *import, const struct rows *rows, struct view cell,
                   uint64_t keys[2]);
struct view list_stem(struct view name, char *text, ptrdiff_t size); /* without its ending */
/* "2026-07", "20260712" or "_july_2026" in a name: the day, the first of the month without one. */
struct date list_name_day(struct view name);

#endif
