/* A TSV file of data/ as a table of an SQLite database, for oracles and opponents that must not
 * share anything with the store. Columns have the names of the header, "-" becomes NULL. */
#ifndef CLAIMVET_TEST_TSV_TABLE_H
#define CLAIMVET_TEST_TSV_TABLE_H

#include <sqlite3.h>

#include "base/base.h"

/* `folder`/`table`.tsv becomes the table of that name; what fails ends the program. */
void tsv_table_load(sqlite3 *db, const char *folder, const char *table);
void sql_run(sqlite3 *db, const char *sql); /* several statements */
void sql_run_file(sqlite3 *db, const char *folder, const char *file);

#endif
