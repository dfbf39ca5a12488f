/* Inside of import: what the readers of code lists share: a header somewhere near the top, columns
 * by name, others beside them allowed. */
#ifndef CLAIMVET_IMPORT_LIST_FILE_H
#define CLAIMVET_IMPORT_LIST_FILE_H

#include "import/edit_file.h"

#define LIST_COLUMNS_MAX 40

struct list_layout {
    const char *const *names;
    int count;
    int required; /* the columns behind these may be absent */
};
struct list_columns {
    const char *const *names;
    int at[LIST_COLUMNS_MAX]; /* -1: absent */
    int width;                /* cells of the header, without empty ones at its end */
};

/* Is one of the rows of the head a header, with more than half of the names? */
bool list_knows(const struct rows_head *head, const struct list_layout *layout);
/* Reads on to that row and finds all columns: one that is missing or stands twice is an error. */
bool list_header(struct import *import, struct rows *rows, const struct list_layout *layout,
                 struct list_columns *columns);
/* Next row that is not empty; one that has not a cell for every cell of the header, or more, is an
 * error. `counted` counts both. */
bool list_next(struct import *import, struct rows *rows, const struct list_columns *columns,
               int64_t *counted);
/* Without no-break spaces at its end either. */
struct view list_cell(const struct rows *rows, const struct list_columns *columns, int column);
/* "" when the cell is empty or says N/A. */
struct view list_given(struct view cell);
/* "A0[7]" without the mark of a footnote. */
struct view list_unmarked(struct view cell);
/* Keeps an error when the cell is none of these characters; a cell may be empty. */
char list_character(struct import *import, const struct rows *rows, struct view cell,
                    const char *column, const char *allowed, bool *ok);
/* A taxonomy code of ten characters as the two keys of a wide cell; the error is kept. */
bool list_taxonomy(struct import *import, const struct rows *rows, struct view cell,
                   uint64_t keys[2]);
struct view list_stem(struct view name, char *text, ptrdiff_t size); /* without its ending */
/* "2026-07", "20260712" or "_july_2026" in a name: the day, the first of the month without one. */
struct date list_name_day(struct view name);

#endif
