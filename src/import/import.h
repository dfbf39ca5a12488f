/* import: official files, as CMS and others publish them, into a store. Each file is recognised by
 * its content; what is not understood is an error with file and line, and nothing is written. */
#ifndef CLAIMVET_IMPORT_H
#define CLAIMVET_IMPORT_H

#include "base/base.h"
#include "store/store.h"

/* Told while a file is read: bytes done of all bytes of all files (as they lie on the disk). */
typedef void import_progress(void *context, struct view file, int64_t done, int64_t all);

struct import_options {
    bool keep_going;     /* read on after an error, to list them all */
    bool accept_license; /* the user accepts the AMA licence of CPT: recorded, descriptors kept */
    import_progress *progress; /* may be NULL */
    void *context;
    int64_t bytes; /* of all files, for the progress; 0: not known */
};

/* What became of one file (of one member of an archive). */
struct import_result {
    struct view file;   /* path as given */
    struct view member; /* inside an archive, else empty */
    enum store_table table; /* STORE_TABLES: none, it was skipped and the note says why */
    struct view release;
    int64_t rows;
    enum store_begin begin;
    bool cpt;         /* holds CPT codes: the AMA licence applies */
    bool partial;     /* an extract, or (known after import_write) slices of its set are missing */
    struct view note; /* what was checked or noticed, "" when nothing */
};

/* Does the store say that the AMA licence was accepted? NULL says no. */
bool import_license_recorded(const struct store *store);

struct import; /* one run; lives until import_close */

/* Reads the files into a draft that starts from `base`. Every error is kept (import_error); the
 * status is the worst of them. Results are in the order read. */
int import_open(struct import **import, const struct store *base,
                const struct import_options *options, struct diag *diag) MUST_USE;
int import_file(struct import *import, const char *path) MUST_USE;
/* Checks across files (slices that miss, pairs that an older edition has alone) and builds the
 * image; nothing when an error was kept. Image and store live as long as the run. */
int import_build(struct import *import, struct view *image, const struct store **store,
                 struct diag *diag) MUST_USE;
/* The same, and writes it atomically. Nothing is written when an error was kept. */
int import_write(struct import *import, const char *path, struct diag *diag) MUST_USE;
int import_result_count(const struct import *import);
struct import_result import_result_at(const struct import *import, int index);
/* Errors in the order found; `file` is the path and, inside an archive, " (member)". */
struct import_error {
    struct view file;
    struct diag diag; /* line where it applies */
};
int import_error_count(const struct import *import);
struct import_error import_error_at(const struct import *import, int index);
void import_close(struct import *import);

/* The layouts that import knows, for help. NULL past the end. */
struct import_layout {
    const char *table;
    const char *what;
    bool proven; /* read from an original file at least once */
};
const struct import_layout *import_layout_at(int index);

#endif
