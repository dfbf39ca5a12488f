/* Inside of import: one file, or one member of an archive, row by row. Archives (zip), gz and xlsx
 * are opened through libarchive and expat; text is handed out as UTF-8 (bytes that are no UTF-8 are
 * taken as cp1252). Sizes are bounded: a member may unpack to ROWS_BYTES_MAX and to no more than
 * ROWS_RATIO_MAX times its packed size, a row has ROWS_CELLS_MAX cells and ROWS_ROW_MAX bytes. */
#ifndef CLAIMVET_IMPORT_ROWS_H
#define CLAIMVET_IMPORT_ROWS_H

#include "base/base.h"

#define ROWS_CELLS_MAX 512
#define ROWS_ROW_MAX (1 << 20)
#define ROWS_HEAD_MAX 48 /* rows that a recogniser sees */
#define ROWS_BYTES_MAX (INT64_C(40) << 30)
#define ROWS_RATIO_MAX 400

enum rows_form {
    ROWS_COMMA, /* csv: quotes, line breaks inside quotes */
    ROWS_TAB,   /* the same with tabs */
    ROWS_LINES, /* fixed width: `text` is the line, cells has it whole */
    ROWS_XLSX   /* first sheet of a workbook */
};

struct rows {
    struct view file;   /* base name of the file */
    struct view member; /* name inside the archive, else the base name */
    struct view folder; /* base name of the folder of the file, "" when the path has none: a few
                           files of a release say its name nowhere else */
    struct view sha256; /* of the file, hex */
    enum rows_form form;
    int64_t line; /* where the row in hand begins, from 1; in xlsx the row number */
    struct view text; /* the row's own bytes without its line end (text forms) */
    int count;
    struct view cells[ROWS_CELLS_MAX]; /* without quotes, blanks at both ends cut; until the next */
};

/* What a recogniser is given: the first rows, in the form they seem to have. */
struct rows_head {
    struct view file, member;
    enum rows_form form;
    int count;
    struct {
        struct view text;
        int count;
        const struct view *cells;
    } row[ROWS_HEAD_MAX];
};

/* 1 a row, 0 the end, -1 a failure (diag filled: archive damaged, too large, row too long). */
int rows_next(struct rows *rows, struct diag *diag) MUST_USE;
/* A cell, VIEW_NONE (size 0) past the end of the row. */
static inline struct view rows_cell(const struct rows *rows, int column) {
    return column >= 0 && column < rows->count ? rows->cells[column] : VIEW_NONE;
}
/* Has the row no text at all? */
bool rows_blank(const struct rows *rows);
/* Fixed width: columns `from`…`to`, counted from 1, both included, blanks cut. */
struct view rows_field(const struct rows *rows, int from, int to);

/* Header cells compare without case, with any run of blanks and line breaks as one blank. */
bool header_is(struct view cell, const char *name);
/* Column whose header is `name`, else the first whose header begins with it, -1 when none. */
int header_find(const struct view *cells, int count, const char *name);
/* Does the first `rows` of the head hold the words in any cell or line (compared as headers)? */
bool head_has(const struct rows_head *head, const char *words);

#endif
