/* The pair lookup over SQLite at its best: one table without row ids, clustered by what is asked,
 * read through an immutable mapped file, one connection without mutexes, one prepared statement,
 * one read transaction, nothing sorted. */
#include <sqlite3.h>
#include <stdio.h>

#include "lookup.h"

#define KEY "column1, column2, deletion, effective"

struct lookup_sqlite {
    sqlite3 *db;
    sqlite3_stmt *ask;
};

static void sql(sqlite3 *db, const char *statement) {
    require(sqlite3_exec(db, statement, NULL, NULL, NULL) == SQLITE_OK, statement,
            sqlite3_errmsg(db));
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *text) {
    sqlite3_stmt *statement = NULL;
    require(sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) ==
                SQLITE_OK,
            text, sqlite3_errmsg(db));
    return statement;
}

static void write_rows(const struct edits *edits, const char *path) {
    sqlite3 *db = NULL;
    remove(path);
    require(sqlite3_open(path, &db) == SQLITE_OK, path, sqlite3_errmsg(db));
    sql(db, "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE edit (column1 TEXT, column2 TEXT, effective INT, deletion INT,"
            " indicator INT, PRIMARY KEY (" KEY ")) WITHOUT ROWID; BEGIN");
    sqlite3_stmt *insert = prepare(db, "INSERT INTO edit VALUES (?1, ?2, ?3, ?4, ?5)");
    for (ptrdiff_t i = 0; i < edits->count; i++) {
        const struct edit *edit = &edits->rows[i];
        sqlite3_bind_text(insert, 1, edit->column1, CODE_SIZE, SQLITE_STATIC);
        sqlite3_bind_text(insert, 2, edit->column2, CODE_SIZE, SQLITE_STATIC);
        sqlite3_bind_int(insert, 3, edit->from);
        sqlite3_bind_int(insert, 4, edit->to);
        sqlite3_bind_int(insert, 5, edit->indicator - '0');
        bool done = sqlite3_step(insert) == SQLITE_DONE;
        require(done, "insert", sqlite3_errmsg(db));
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    sql(db, "COMMIT; ANALYZE");
    require(sqlite3_close(db) == SQLITE_OK, path, "not closed");
}

struct lookup_sqlite *lookup_sqlite_open(struct arena *arena, const struct edits *edits,
                                         const char *path) {
    struct lookup_sqlite *lookup = ARENA_NEW(arena, struct lookup_sqlite, 1);
    char uri[4096];
    require(lookup != NULL, path, "out of memory");
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    write_rows(edits, path);
    snprintf(uri, sizeof uri, "file:%s?immutable=1", path);
    require(sqlite3_open_v2(uri, &lookup->db,
                            SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                            NULL) == SQLITE_OK,
            path, sqlite3_errmsg(lookup->db));
    sql(lookup->db, "PRAGMA mmap_size = 4294967296; PRAGMA cache_size = -1048576; BEGIN");
    lookup->ask = prepare(lookup->db, "SELECT indicator, effective, deletion FROM edit"
                                      " WHERE column1 = ?1 AND column2 = ?2 AND deletion >= ?3"
                                      " AND effective <= ?3 AND indicator < 9 LIMIT 1");
    return lookup;
}

void lookup_sqlite_ask(struct lookup_sqlite *lookup, const struct question *questions, int count,
                       struct answer *answers) {
    sqlite3_stmt *ask = lookup->ask;
    for (int i = 0; i < count; i++) {
        sqlite3_bind_text(ask, 1, questions[i].column1, CODE_SIZE, SQLITE_STATIC);
        sqlite3_bind_text(ask, 2, questions[i].column2, CODE_SIZE, SQLITE_STATIC);
        sqlite3_bind_int(ask, 3, questions[i].day);
        answers[i] = (struct answer){0};
        if (sqlite3_step(ask) == SQLITE_ROW) {
            answers[i] = (struct answer){sqlite3_column_int(ask, 1), sqlite3_column_int(ask, 2),
                                         '0' + sqlite3_column_int(ask, 0)};
        }
        sqlite3_reset(ask);
    }
}

void lookup_sqlite_close(struct lookup_sqlite *lookup) {
    sqlite3_finalize(lookup->ask);
    sqlite3_close(lookup->db);
}
