/* The store of src/store/store.h answered by SQLite, for comparison only: an audit linked with this
 * instead of the store library makes every check and asks SQLite for every row. What audit and
 * report do not ask is missing: labels, pair rows for display, verification; of the fee schedule,
 * what neither a check nor the pricer reads is left empty. */
#ifndef CLAIMVET_BENCH_STORE_SQLITE_H
#define CLAIMVET_BENCH_STORE_SQLITE_H

#include "store/store.h"

/* Opens the database that sqlite_reference made. */
int store_sqlite_open(const struct store **store, const char *path, struct arena *arena,
                      struct diag *diag) MUST_USE;
void store_sqlite_close(const struct store *store); /* NULL is allowed */

#endif
