/* The history in a file: SQLite, which is asked for whole segments only. The file is recognised by
 * its application id; its tables are compared with ours letter by letter, so that none of what
 * another program may have put there (views, triggers) is ever run. */
#include <sqlite3.h>
#include <string.h>

#include "history/backend.h"
#include "os/os.h"

#define APPLICATION_ID 0x43564849 /* "CVHI" */

#define TABLE_HISTORY                                                                              \
    "CREATE TABLE history (generation INTEGER NOT NULL, segments INTEGER NOT NULL, "               \
    "bytes INTEGER NOT NULL)"
#define TABLE_SEGMENT                                                                              \
    "CREATE TABLE segment (number INTEGER PRIMARY KEY, hash INTEGER NOT NULL, packed BLOB NOT "    \
    "NULL)"

struct backend {
    sqlite3 *db;
    bool open; /* a transaction */
};

static bool is_damage(int code) {
    return code == SQLITE_CORRUPT || code == SQLITE_IOERR || code == SQLITE_ERROR ||
           code == SQLITE_MISMATCH || code == SQLITE_EMPTY;
}

/* What SQLite says, in our words where there are some. */
static SELDOM int fault(sqlite3 *db, bool reading, struct diag *diag) {
    int code = sqlite3_errcode(db) & 0xFF;
    if (code == SQLITE_NOMEM) {
        diag_set(diag, "memory", "memory was refused: close other programs");
        return STATUS_SYSTEM;
    }
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        diag_set(diag, "history_busy",
                 "another program is writing to it: try again when that is done");
        return STATUS_SYSTEM;
    }
    if (code == SQLITE_NOTADB) {
        diag_set(diag, "history_foreign", "is no history of claimvet");
        return STATUS_INPUT;
    }
    if (reading && is_damage(code)) {
        diag_set(diag, "history_damaged", "is damaged: %.100s", sqlite3_errmsg(db));
        return STATUS_INPUT;
    }
    diag_set(diag, "history_failed", "cannot be %s: %.100s", reading ? "read" : "written",
             sqlite3_errmsg(db));
    return STATUS_SYSTEM;
}

static int run(struct backend *backend, const char *sql, bool reading, struct diag *diag) {
    return sqlite3_exec(backend->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? STATUS_OK
               : fault(backend->db, reading, diag);
}

/* The numbers of the one row of a question. */
static int numbers_ask(struct backend *backend, const char *sql, int64_t *numbers, int count,
                       struct diag *diag) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(backend->db, sql, -1, &statement, NULL) != SQLITE_OK) {
        return fault(backend->db, true, diag);
    }
    int status = STATUS_OK;
    int step = sqlite3_step(statement);
    for (int i = 0; i < count && step == SQLITE_ROW; i++) {
        numbers[i] = sqlite3_column_int64(statement, i);
    }
    if (step == SQLITE_DONE) {
        diag_set(diag, "history_damaged",
                 "is damaged: the row that counts its segments is missing");
        status = STATUS_INPUT;
    } else if (step != SQLITE_ROW) {
        status = fault(backend->db, true, diag);
    }
    sqlite3_finalize(statement);
    return status;
}

/* ---- what kind of file it is ------------------------------------------------------------- */

static int refuse(struct diag *diag, const char *code, const char *text) {
    diag_set(diag, code, "%s", text);
    return STATUS_INPUT;
}

/* Within a transaction. `*fresh`: an empty database, which we may make ours. */
static int recognise(struct backend *backend, bool *fresh, struct diag *diag) {
    int64_t id, version, facts[3];
    int status = numbers_ask(backend, "PRAGMA application_id", &id, 1, diag);
    status = status ? status : numbers_ask(backend, "PRAGMA user_version", &version, 1, diag);
    status = status ? status
                    : numbers_ask(backend,
                                  "SELECT count(*), coalesce(sum(name = 'history' AND sql = "
                                  "'" TABLE_HISTORY "'), 0), coalesce(sum(name = 'segment' AND "
                                  "sql = '" TABLE_SEGMENT "'), 0) FROM sqlite_schema",
                                  facts, 3, diag);
    if (status != STATUS_OK) {
        return status;
    }
    *fresh = id == 0 && version == 0 && facts[0] == 0;
    if (*fresh) {
        return STATUS_OK;
    }
    if (id != APPLICATION_ID) {
        return refuse(diag, "history_foreign", "is a database, but no history of claimvet");
    }
    if (version > HISTORY_FORMAT) {
        return refuse(diag, "history_newer",
                      "was written by a newer claimvet: use that one, or make a new history");
    }
    if (version != HISTORY_FORMAT || facts[0] != 2 || facts[1] != 1 || facts[2] != 1) {
        return refuse(diag, "history_damaged", "is damaged: its tables are not as they were made");
    }
    return STATUS_OK;
}

/* ---- open -------------------------------------------------------------------------------- */

/* A path that cannot be opened gets its reason from the system, not from SQLite. */
static int look(const char *path, bool write, struct diag *diag) {
    struct os_reader reader;
    struct diag found = DIAG_NONE;
    int status = os_reader_open(&reader, path, &found);
    if (status != STATUS_OK && write && strcmp(found.code, "file_missing") == 0) {
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        *diag = found;
        return status;
    }
    bool empty = os_reader_size(&reader) == 0;
    os_reader_close(&reader);
    if (empty && !write) {
        return refuse(diag, "history_foreign", "is empty: no history was ever written to it");
    }
    return STATUS_OK;
}

static int connect(struct backend *backend, const char *path, bool write, int wait_ms,
                   struct diag *diag) {
    /* Readers may write as well: what a killed writer left behind has to be taken back. */
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (write ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(path, &backend->db, flags, NULL) != SQLITE_OK) {
        if (!backend->db) {
            diag_set(diag, "memory", "memory was refused: close other programs");
            return STATUS_SYSTEM;
        }
        return fault(backend->db, !write, diag);
    }
    sqlite3_busy_timeout(backend->db, wait_ms);
    sqlite3_db_config(backend->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(backend->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return STATUS_OK;
}

static void backend_close(struct backend *backend) {
    sqlite3_close(backend->db);
    memory_free(backend);
}

static int backend_open(struct backend **backend, const char *where, bool write, int wait_ms,
                        struct diag *diag) {
    if (!*where || *where == ':') { /* SQLite would keep these in memory */
        return refuse(diag, "file_missing", "is no path of a file");
    }
    int status = look(where, write, diag);
    if (status != STATUS_OK) {
        return status;
    }
    struct backend *opened = memory_grow(NULL, 0, (ptrdiff_t)sizeof *opened);
    if (!opened) {
        diag_set(diag, "memory", "memory was refused: close other programs");
        return STATUS_SYSTEM;
    }
    status = connect(opened, where, write, wait_ms, diag);
    if (status != STATUS_OK) {
        backend_close(opened);
        return status;
    }
    *backend = opened;
    return STATUS_OK;
}

/* ---- transactions ------------------------------------------------------------------------ */

static void backend_rollback(struct backend *backend) {
    if (backend->open) {
        sqlite3_exec(backend->db, "ROLLBACK", NULL, NULL, NULL);
        backend->open = false;
    }
}

static int tables_make(struct backend *backend, struct diag *diag) {
    char sql[200];
    sqlite3_snprintf((int)sizeof sql, sql, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                     APPLICATION_ID, HISTORY_FORMAT);
    int status =
        run(backend, TABLE_HISTORY ";" TABLE_SEGMENT "; INSERT INTO history VALUES (0, 0, 0)",
            false, diag);
    return status == STATUS_OK ? run(backend, sql, false, diag) : status;
}

static int backend_begin(struct backend *backend, bool write, struct backend_state *state,
                         struct diag *diag) {
    bool fresh = false;
    int64_t numbers[3] = {0};
    int status = run(backend, write ? "BEGIN IMMEDIATE" : "BEGIN", !write, diag);
    backend->open = status == STATUS_OK;
    status = status ? status : recognise(backend, &fresh, diag);
    if (status == STATUS_OK && fresh && write) {
        status = tables_make(backend, diag);
    }
    if (status == STATUS_OK && !fresh) {
        status = numbers_ask(backend, "SELECT generation, segments, bytes FROM history", numbers, 3,
                             diag);
    }
    *state = (struct backend_state){numbers[0], numbers[1], numbers[2]};
    return status;
}

static int backend_commit(struct backend *backend, const struct backend_state *state,
                          struct diag *diag) {
    char sql[200];
    sqlite3_snprintf((int)sizeof sql, sql,
                     "UPDATE history SET generation = %lld, segments = %lld, bytes = %lld; COMMIT",
                     (long long)state->generation, (long long)state->segments,
                     (long long)state->bytes);
    int status = run(backend, sql, false, diag);
    backend->open = status != STATUS_OK;
    return status;
}

/* ---- segments ---------------------------------------------------------------------------- */

static int backend_read(struct backend *backend, int64_t first, segment_sink *sink, void *context,
                        struct diag *diag) {
    sqlite3_stmt *statement;
    int status = STATUS_OK, step = SQLITE_ROW;
    if (sqlite3_prepare_v2(backend->db,
                           "SELECT number, hash, packed FROM segment WHERE number >= ?1 "
                           "ORDER BY number",
                           -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_bind_int64(statement, 1, first) != SQLITE_OK) {
        return fault(backend->db, true, diag);
    }
    while (status == STATUS_OK && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *bytes = sqlite3_column_blob(statement, 2);
        ptrdiff_t size = sqlite3_column_bytes(statement, 2);
        if (!bytes && sqlite3_errcode(backend->db) == SQLITE_NOMEM) {
            status = fault(backend->db, true, diag);
            break;
        }
        status = sink(context, sqlite3_column_int64(statement, 0),
                      (uint64_t)sqlite3_column_int64(statement, 1),
                      (struct view){bytes ? bytes : "", size}, diag);
    }
    if (status == STATUS_OK && step != SQLITE_DONE) {
        status = fault(backend->db, true, diag);
    }
    sqlite3_finalize(statement);
    return status;
}

static int backend_put(struct backend *backend, int64_t number, uint64_t hash, struct view bytes,
                       struct diag *diag) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(backend->db, "INSERT OR REPLACE INTO segment VALUES (?1, ?2, ?3)", -1,
                           &statement, NULL) != SQLITE_OK) {
        return fault(backend->db, false, diag);
    }
    sqlite3_bind_int64(statement, 1, number);
    sqlite3_bind_int64(statement, 2, (int64_t)hash);
    int bound =
        sqlite3_bind_blob64(statement, 3, bytes.at, (sqlite3_uint64)bytes.size, SQLITE_STATIC);
    int status = bound == SQLITE_OK && sqlite3_step(statement) == SQLITE_DONE
                     ? STATUS_OK
                     : fault(backend->db, false, diag);
    sqlite3_finalize(statement);
    return status;
}

const struct backend_calls backend_sqlite = {.open = backend_open,
                                             .begin = backend_begin,
                                             .read = backend_read,
                                             .put = backend_put,
                                             .commit = backend_commit,
                                             .rollback = backend_rollback,
                                             .close = backend_close};
