/* Inside of import: what a reader of one layout is, and what it may call. */
#ifndef CLAIMVET_IMPORT_IMPORTER_H
#define CLAIMVET_IMPORT_IMPORTER_H

#include "import/import.h"
#include "import/rows.h"

/* One layout. `knows` looks at the head only; exactly one layout of the table may know a file.
 * `read` takes every row, calls store_draft_begin/-end itself through import_begin/import_end, and
 * answers with a status. It is given the rows from the first again. */
struct importer {
    const char *table; /* store_table_name of what it fills first */
    const char *what;  /* for people: "NCCI PTP edits, practitioner" */
    bool proven;       /* an original file was read in the tests */
    bool cpt;          /* holds CPT codes: the AMA licence applies */
    bool (*knows)(const struct rows_head *head);
    int (*read)(struct import *import, struct rows *rows);
};

/* Readers by file; the list is importers.c. */
#define IMPORTER(name) extern const struct importer import_##name;
#include "import/importers.def"
#undef IMPORTER

struct store_draft *import_draft(struct import *import);
/* Scratch memory that ends with the file in hand. */
struct arena *import_arena(struct import *import);
bool import_licensed(const struct import *import); /* descriptors may be kept */

/* Starts the edition's rows for this file. True: add rows, then import_end. False: the result says
 * known or replaced (not an error), or a conflict was kept as one; read no further. */
bool import_begin(struct import *import, const struct rows *rows,
                  const struct store_edition *edition, int slice, int slices);
/* `rows_least`, `rows_most`: what a whole file of this kind has; outside is an error
 * (import_row_count), for a partial edition only `rows_most` counts. */
void import_end(struct import *import, const struct rows *rows, int64_t count, int64_t rows_least,
                int64_t rows_most);
/* A remark for the result, e.g. what a self-test found. */
__attribute__((format(printf, 2, 3))) void import_note(struct import *import, const char *format,
                                                       ...);

/* Keeps an error at the row in hand (`column` may be NULL): true when reading may go on. The codes
 * are import_header, import_cell, import_row_count, import_release, import_conflict,
 * import_unknown, import_archive. Never put a cell's content of a person into the text. */
__attribute__((format(printf, 5, 6))) bool import_wrong(struct import *import,
                                                        const struct rows *rows, const char *code,
                                                        const char *column, const char *format,
                                                        ...);
/* Next row; false at the end and after a failure, which is kept. */
bool import_next(struct import *import, struct rows *rows);
/* What `read` returns: STATUS_OK, or the status of the first error of this file. */
int import_status(const struct import *import);

/* Cells with their checks: on failure the error is kept and `*ok` becomes false. */
struct code cell_code(struct import *import, const struct rows *rows, struct view cell,
                      const char *column, int length_min, int length_max, bool *ok);
/* The number times 10^decimals; "$" and commas between thousands may stand in it. An empty cell is
 * an error. INT64_MIN on failure. */
int64_t cell_number(struct import *import, const struct rows *rows, struct view cell,
                    const char *column, int decimals, int64_t min, int64_t max, bool *ok);
/* Formats tried: CCYYMMDD, MM/DD/CCYY, CCYY-MM-DD, YYYYDDD. Empty: DATE_NONE. */
struct date cell_date(struct import *import, const struct rows *rows, struct view cell,
                      const char *column, bool *ok);

/* ---- names of files and titles (name.c) ---- */

/* Where `word` stands in a text, without case: -1 when it does not. */
ptrdiff_t name_find(struct view name, const char *word);
/* Number of `least` to `most` digits at `*at`, which moves behind it: -1 when there is none, or
 * when more digits follow. */
int name_number(struct view name, ptrdiff_t *at, int least, int most);
/* The number in `size` places from `from`, digits all of them: -1 otherwise. */
int digits_of(struct view text, ptrdiff_t from, ptrdiff_t size);
/* 1…12 by an English name or its first three letters, 0 for another word. */
int month_of_word(struct view word);
int month_of(struct view name); /* of the first word in the name that is one */
struct date quarter_first(int year, int quarter);
struct date quarter_last(int year, int quarter);

#endif
