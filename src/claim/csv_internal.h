/* Inside of claim: rows and cells of a CSV file, and which column means what. */
#ifndef CLAIMVET_CSV_INTERNAL_H
#define CLAIMVET_CSV_INTERNAL_H

#include "claim/claim_internal.h"

#define CSV_COLUMNS_MAX 512    /* cells of a row; claim extracts with 300 columns exist */
#define CSV_HEADER_ROWS_MAX 20 /* titles and notices that may stand before the header */
#define CSV_MAP_MAX 64         /* lines of a --map file */

/* ---- csv_text.c: rows, cells, forms of values ------------------------------------------------ */

struct csv_cell {
    struct view raw;  /* without the enclosing quotes */
    bool doubled;     /* holds "" for a quote */
    ptrdiff_t offset; /* from the start of the row */
};

struct csv_row {
    struct csv_cell cells[CSV_COLUMNS_MAX];
    int count;
    bool crowded; /* more cells than CSV_COLUMNS_MAX */
    int64_t line; /* of the file */
    int64_t byte; /* of the file */
};

/* Bytes of the first row of `text` with its line end; -1 when it is not complete. A row that the
 * end of the text closes counts when `last`. `*quote` becomes the offset of a quote left open. */
ptrdiff_t csv_row_size(struct view text, char separator, bool last, ptrdiff_t *quote);
void csv_row_split(struct csv_row *row, struct view text, char separator);
/* A cell's text, trimmed, quotes undone, as UTF-8; in the row or the arena. Empty past the end. */
struct view csv_cell_text(const struct csv_row *row, int column, struct arena *arena);

struct money csv_money(struct view text);       /* "$1,234.50", "(12.00)" */
struct quantity csv_quantity(struct view text); /* "1,000", "0.5" */
/* YYYY-MM-DD, MM/DD/YYYY, CCYYMMDD, DD-Mon-YYYY, each with or without a time of day behind it. */
struct date csv_date(struct view text);

/* ---- csv_columns.c ----------------------------------------------------------------------- */

#define CSV_FIELD(name) CSV_##name,
enum csv_field {
#include "claim/csv_fields.def"
    CSV_FIELDS
};
#undef CSV_FIELD

/* A column of a field that may come several times; number 0: take the next free place. */
struct csv_slot {
    int column;
    int number;
};

struct csv_columns {
    int of[CSV_FIELDS]; /* -1: the file has no such column */
    struct csv_slot diagnoses[2 * CLAIM_DIAGNOSES_MAX];
    int diagnosis_count;
    struct csv_slot modifiers[2 * CLAIM_MODIFIERS_MAX];
    int modifier_count;
    int known; /* columns that mean something to us */
};

/* The --map file: lines `our_field = Their Header`. */
struct csv_map {
    struct {
        enum csv_field field;
        int number;
        struct view header;
        bool found;
    } lines[CSV_MAP_MAX];
    int count;
};

const char *csv_field_name(enum csv_field field);
int csv_map_read(struct csv_map *map, struct view text, struct diag *diag);
void csv_columns_read(struct csv_columns *columns, const struct csv_row *row, struct csv_map *map);
/* The row of `head` that names the most columns: its offset, with the separator; -1 for none. */
ptrdiff_t csv_header_find(struct view head, struct csv_map *map, char *separator, int *known);

#endif
