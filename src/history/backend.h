/* Inside of history: what a file or a database has to do. It keeps numbered segments, from 1 on,
 * each the records of many claims (record.h), and one row that says how much there is. */
#ifndef CLAIMVET_HISTORY_BACKEND_H
#define CLAIMVET_HISTORY_BACKEND_H

#include "base/base.h"

#define HISTORY_FORMAT 1 /* of the segments and of the tables that hold them */

struct backend_state {
    int64_t generation; /* grows by one with each commit; 0: there is nothing yet */
    int64_t segments;
    int64_t bytes; /* of all segments */
};

/* Takes a segment; a status other than STATUS_OK ends the reading. */
typedef int segment_sink(void *context, int64_t number, uint64_t hash, struct view bytes,
                         struct diag *diag);

struct backend; /* a connection; what is in it is the backend's own matter */

struct backend_calls {
    int (*open)(struct backend **backend, const char *where, bool write, int wait_ms,
                struct diag *diag);
    /* A transaction. For writing: waits for other writers, makes the tables where they are missing,
     * ends with `commit` or `rollback`. For reading: ends with `rollback`. */
    int (*begin)(struct backend *backend, bool write, struct backend_state *state,
                 struct diag *diag);
    /* All segments from number `first` on, in order. */
    int (*read)(struct backend *backend, int64_t first, segment_sink *sink, void *context,
                struct diag *diag);
    /* Puts a segment, in the place of the one with its number if there is one. */
    int (*put)(struct backend *backend, int64_t number, uint64_t hash, struct view bytes,
               struct diag *diag);
    int (*commit)(struct backend *backend, const struct backend_state *state, struct diag *diag);
    void (*rollback)(struct backend *backend);
    void (*close)(struct backend *backend);
};

extern const struct backend_calls backend_sqlite;
extern const struct backend_calls backend_postgres; /* when built in */

#endif
