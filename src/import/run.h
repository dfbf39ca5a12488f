/* Inside of import: one run, shared by the driver and by what it offers to readers of layouts. */
#ifndef CLAIMVET_IMPORT_RUN_H
#define CLAIMVET_IMPORT_RUN_H

#include "import/importer.h"
#include "import/reader.h"

#define IMPORT_ERRORS_MAX 10000 /* a file of another kind would give one a row */
#define IMPORT_LICENSE "ama_cpt"

/* A growing array; `at` holds `count` objects. */
struct import_list {
    void *at;
    int count, capacity;
};

struct import {
    struct store_draft *draft;
    struct import_options options;
    bool licensed;
    bool license_late; /* accepted now, and not when the store that grows was made */
    struct arena arena; /* names, results, errors: lives as long as the run */
    struct import_list results;
    struct import_list errors;
    bool failed; /* no memory to keep an error or a result */

    struct arena scratch; /* of the file in hand */
    struct view path;
    struct view name; /* with the member: what an error names */
    int64_t bytes_before; /* of files read before */
    const struct rows_reader *reader;
    const struct importer *importer;
    int first_error; /* of the member in hand */
    int first_result;
    bool begun;   /* an edition takes rows */
    bool partial; /* it is an extract by its own word */
    bool broken;  /* a row could not be read: nothing follows */
    int64_t rows_read;
    struct diag note; /* text only */
};

/* import_file over bytes at hand: `path` names them. */
int import_bytes(struct import *import, const char *path, struct view bytes) MUST_USE;
/* Keeps an error of the file in hand. */
void import_keep(struct import *import, const struct diag *diag);
/* Has an error been kept that ends the reading? */
bool import_stopped(const struct import *import);
void import_result_add(struct import *import, const struct import_result *result);
struct import_result *import_result_last(struct import *import);
/* Adds to what a result says; import_note does so for the last of the member in hand. */
void import_note_to(struct import *import, struct import_result *result, struct view text);
/* Tells the progress of the member in hand. */
void import_tell(struct import *import, int64_t done);

/* The layout of the member in hand, its rows rewound; NULL after an error, or (with `*known` false
 * and no error) when none knows it. */
const struct importer *import_recognise(struct import *import, struct rows_reader *reader,
                                        bool *known);
extern const struct importer *const importers[];

#endif
