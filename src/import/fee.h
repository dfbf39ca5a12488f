/* Inside of import: what the readers of the fee schedule family share. Their files say year, month
 * and revision in a title, in their name, in the name of the archive or of the folder; each keyed
 * row may come once; notes stand below the data. */
#ifndef CLAIMVET_IMPORT_FEE_H
#define CLAIMVET_IMPORT_FEE_H

#include "import/importer.h"

/* What names and titles say of a file's release; 0: nothing. */
struct fee_release {
    int year;
    int quarter;  /* 1…4; of the letters A…D, or of a month */
    int revision; /* 1 after an R behind letter or month: a corrected release */
    char qpp;     /* 'Q' for qualifying participants, 'N' for all others */
    int released; /* day number of "RELEASED 06/30/2026"; of two issues the later is kept */
};

/* Reads one name; what is in `release` already is kept. False when the name says another year or
 * quarter than `release`. */
bool fee_name_read(struct view name, struct fee_release *release);
/* All names of the file, with what its title said (zeros: nothing) going first. Keeps an error and
 * returns false when they disagree, or when the year (or the quarter, if `quarter`) is missing. */
bool fee_release_find(struct import *import, const struct rows *rows, struct fee_release title,
                      bool quarter, struct fee_release *release);
/* What the names of the head say of participation; only they do before the data is read. */
char fee_named_qpp(const struct rows_head *head);

/* The higher is kept; FEE_LOSSY is a csv that lost its leading zeros, FEE_REVISED a file that is
 * named as the revision of another. */
enum fee_form { FEE_XLSX, FEE_LOSSY, FEE_TEXT, FEE_CSV, FEE_REVISED, FEE_FORMS = 8 };
enum fee_form fee_form_of(const struct rows *rows); /* of a file that comes in cells */

/* The edition of a file that counts for its calendar year: window January to December. With
 * `quarterly` it is published for the quarter, else for the year, and then a later quarter's copy
 * ranks higher. `name` is of the caller. */
struct store_edition fee_edition(enum store_table table, struct view name,
                                 const struct fee_release *release, enum fee_form form,
                                 bool quarterly);

/* Begins the edition of a file that is published for a year, named by prefix and year. */
bool fee_yearly_begin(struct import *import, const struct rows *rows, enum store_table table,
                      const char *prefix, const struct fee_release *release, enum fee_form form);
/* The same when its title said the year, or nothing (0). */
bool fee_yearly_open(struct import *import, const struct rows *rows, enum store_table table,
                     const char *prefix, int title_year, enum fee_form form);

/* ---- header and rows --------------------------------------------------------------------- */

/* Finds the columns named in the cells of a header: `at` gets the position of each. A name that
 * ends in '*' is a beginning. A year before the words is cut and kept in `year` (may be NULL).
 * Every name must be there once, and every cell that is not empty must have a name: otherwise the
 * errors are kept and the answer is false. Names that begin with '?' may be missing (-1). */
bool fee_header(struct import *import, const struct rows *rows, const struct view *cells, int count,
                const char *const *names, int name_count, int *at, int *year);

/* Reads on to the header of a table by contractor and locality, below titles that have one cell a
 * row. The year is in the titles, if `title_year` can read them, else in the header. */
bool fee_table_header(struct import *import, struct rows *rows, const char *const *names,
                      int name_count, int (*title_year)(struct view title), int *at, int *year);

/* Has the head columns, of a csv or a workbook? Text with commas in it may look so as well: with
 * `words` that stand in title or header, one of these rows must be more than one cell. */
bool fee_columns(const struct rows_head *head, const char *words, const char *more);
/* The cells of a row below the columns that fee_header found. */
void fee_cells(const struct rows *rows, const int *at, int count, struct view *cells);
/* True at a row that has text in its first cell only, as titles and footnotes do. */
bool fee_remark(const struct rows *rows);
/* Is the cell one of the words of a list "A B C"? "-" in the list allows an empty cell. */
bool fee_among(struct view cell, const char *list);
/* Cell of an indicator: keeps an error when it is not in the list. */
bool fee_indicator(struct import *import, const struct rows *rows, struct view cell,
                   const char *column, const char *list);

/* The five digits of a contractor and the two of a locality. Programs that take them for numbers
 * lose one leading zero: it is put back and counted in `padded`; more missing is an error. */
struct code fee_carrier(struct import *import, const struct rows *rows, struct view cell,
                        int *padded, bool *ok);
struct code fee_locality(struct import *import, const struct rows *rows, struct view cell,
                         int *padded, bool *ok);
struct code fee_place(struct code carrier, struct code locality); /* both in one key */
void fee_padded_note(struct import *import, int padded);
/* Name of a place without the stars that point to footnotes. */
struct view fee_place_name(struct view cell);

/* ---- keys -------------------------------------------------------------------------------- */

/* Keys of a file and the lines they came from, to find a key that comes twice. */
struct fee_keys {
    struct fee_key *slot;
    uint32_t size, used;
};
/* The line of the same key, 0 when it is new (and is kept); -1 when there is no memory. */
int64_t fee_keys_add(struct fee_keys *keys, struct arena *arena, uint64_t key, uint64_t key2,
                     int64_t line);
/* The same, keeping an error when the key came before: then false. */
bool fee_key_new(struct import *import, const struct rows *rows, struct fee_keys *keys,
                 uint64_t key, uint64_t key2);

#endif
