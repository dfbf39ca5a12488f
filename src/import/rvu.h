/* Inside of import: one PPRRVU file while it is read, in columns or in fixed width. */
#ifndef CLAIMVET_IMPORT_RVU_H
#define CLAIMVET_IMPORT_RVU_H

#include "import/fee.h"

enum rvu_column {
#define RVU(id, header, first, last, words) RVU_##id,
#include "import/rvu_columns.def"
#undef RVU
    RVU_COLUMNS
};

/* Headers, positions and allowed words of the columns, in the order of the enum. */
extern const char *const rvu_headers[RVU_COLUMNS];
extern const struct rvu_position { int first, last; } rvu_positions[RVU_COLUMNS];

struct rvu_file {
    struct import *import;
    struct rows *rows;
    enum fee_form form;
    struct fee_release title; /* what the rows above the data say */
    struct fee_release release;
    bool begun;   /* the edition is in the draft */
    bool qpp;     /* goes to the sheet of qualifying participants */
    bool refused; /* nothing of the file can be taken */
    int64_t conversion;
    int64_t count;
    struct fee_keys keys;
};

/* One row, cell by column. False when the rest of the file is of no use. */
bool rvu_row(struct rvu_file *file, const struct view *cells);
/* After the last row. */
int rvu_end(struct rvu_file *file);

#endif
