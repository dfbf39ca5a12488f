/* Inside of history: libpq, loaded when it is needed. */
#ifndef CLAIMVET_HISTORY_LIBPQ_H
#define CLAIMVET_HISTORY_LIBPQ_H

#include <libpq-fe.h>

#include "base/base.h"

struct libpq {
    void *library; /* NULL: not loaded yet */
#define PQ(name) __typeof__(name) *name;
#include "history/libpq.def"
#undef PQ
};
/* Filled once and never changed after that. */
extern struct libpq libpq;

/* Loads the library; true at once when that was done. Errors: history_without_postgres. */
int libpq_load(struct diag *diag) MUST_USE;

#endif
