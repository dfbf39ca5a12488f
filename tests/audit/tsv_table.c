/* TSV files into SQLite. */
#include "tsv_table.h"

#include <stdio.h>
#include <stdlib.h>

#include "os/os.h"

static void require(bool good, const char *what, const char *why) {
    if (!good) {
        fprintf(stderr, "%s: %s\n", what, why);
        exit(99); /* to meson: an error, not a failed case */
    }
}

static struct view file_map(const char *folder, const char *name, const char *suffix) {
    char path[1024];
    struct diag diag = DIAG_NONE;
    struct view bytes;
    snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
    require(os_map(path, &bytes, &diag) == STATUS_OK, path, diag.text);
    return bytes;
}

void sql_run(sqlite3 *db, const char *sql) {
    require(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, sql, sqlite3_errmsg(db));
}

void sql_run_file(sqlite3 *db, const char *folder, const char *file) {
    struct view bytes = file_map(folder, file, "");
    char *text = sqlite3_mprintf("%.*s", (int)bytes.size, bytes.at);
    require(text != NULL, file, "out of memory");
    sql_run(db, text);
    sqlite3_free(text);
    os_unmap(bytes);
}

/* Creates the table from its header line: the statement that inserts a row. */
static sqlite3_stmt *table_create(sqlite3 *db, const char *table, struct view header,
                                  int *columns) {
    sqlite3_str *create = sqlite3_str_new(db);
    sqlite3_str *insert = sqlite3_str_new(db);
    sqlite3_str_appendf(create, "CREATE TABLE \"%w\"(", table);
    sqlite3_str_appendf(insert, "INSERT INTO \"%w\" VALUES(", table);
    for (*columns = 0; header.at; ++*columns) {
        struct view name = view_cut(&header, '\t');
        sqlite3_str_appendf(create, "%s\"%.*s\" TEXT", *columns ? "," : "", (int)name.size,
                            name.at);
        sqlite3_str_appendall(insert, *columns ? ",?" : "?");
    }
    sqlite3_str_appendall(create, ")");
    sqlite3_str_appendall(insert, ")");
    char *sql = sqlite3_str_finish(create);
    sql_run(db, sql);
    sqlite3_free(sql);
    sqlite3_stmt *statement = NULL;
    sql = sqlite3_str_finish(insert);
    require(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK, table,
            sqlite3_errmsg(db));
    sqlite3_free(sql);
    return statement;
}

static void row_insert(sqlite3 *db, const char *table, sqlite3_stmt *insert, struct view row,
                       int columns) {
    for (int i = 1; i <= columns; i++) {
        struct view cell = row.at ? view_cut(&row, '\t') : VIEW("-");
        if (view_equal(cell, VIEW("-"))) {
            sqlite3_bind_null(insert, i);
        } else {
            sqlite3_bind_text(insert, i, cell.at, (int)cell.size, SQLITE_STATIC);
        }
    }
    require(sqlite3_step(insert) == SQLITE_DONE, table, sqlite3_errmsg(db));
    sqlite3_reset(insert);
}

void tsv_table_load(sqlite3 *db, const char *folder, const char *table) {
    struct view bytes = file_map(folder, table, ".tsv");
    struct view rest = bytes;
    sqlite3_stmt *insert = NULL;
    int columns = 0;
    sql_run(db, "BEGIN");
    while (rest.at && rest.size > 0) {
        struct view row = view_cut(&rest, '\n');
        if (row.size == 0 || row.at[0] == '#') {
            continue;
        }
        if (!insert) {
            insert = table_create(db, table, row, &columns);
        } else {
            row_insert(db, table, insert, row, columns);
        }
    }
    sqlite3_finalize(insert);
    sql_run(db, "COMMIT");
    os_unmap(bytes);
}
