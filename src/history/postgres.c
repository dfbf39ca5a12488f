/* The history in a PostgreSQL database: the same segments, in two tables of the first schema of the
 * search path. One writer at a time holds an advisory lock until its commit; readers see a snapshot
 * and wait for nobody. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "history/backend.h"
#include "history/libpq.h"
#include "os/os.h"

#define READ_SEGMENTS "8"              /* fetched at once: at most some 8 MiB */
#define LOCK_KEY "4852167214087259213" /* of the advisory lock, drawn once */
#define CONNECT_SECONDS "10"

struct backend {
    PGconn *connection;
    int wait_ms;
    bool open; /* a transaction */
};

/* ---- errors ------------------------------------------------------------------------------ */

/* The first line of what the server says. */
static SELDOM int fault_text(const char *what, const char *said, struct diag *diag) {
    struct view rest = view_of(said);
    struct view line = view_trim(view_cut(&rest, '\n'));
    diag_set(diag, "history_failed", "%s: %.*s", what, line.size < 110 ? (int)line.size : 110,
             line.size > 0 ? line.at : "");
    return STATUS_SYSTEM;
}

static SELDOM int fault(const struct backend *backend, const PGresult *result, struct diag *diag) {
    const char *state = result ? libpq.PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    if (state && strcmp(state, "55P03") == 0) { /* lock_not_available */
        diag_set(diag, "history_busy",
                 "another program is writing to it: try again when that is done");
        return STATUS_SYSTEM;
    }
    return fault_text("the database says", libpq.PQerrorMessage(backend->connection), diag);
}

static SELDOM int damaged(struct diag *diag, const char *what) {
    diag_set(diag, "history_damaged", "is damaged: %s", what);
    return STATUS_INPUT;
}

/* Takes over `result`. */
static int finish(const struct backend *backend, PGresult *result, ExecStatusType wanted,
                  struct diag *diag) {
    int status = libpq.PQresultStatus(result) == wanted ? STATUS_OK : fault(backend, result, diag);
    libpq.PQclear(result);
    return status;
}

static int run(const struct backend *backend, const char *sql, struct diag *diag) {
    return finish(backend, libpq.PQexec(backend->connection, sql), PGRES_COMMAND_OK, diag);
}

/* ---- open -------------------------------------------------------------------------------- */

/* Nothing of the server's own notices is printed. */
static void notice_ignore(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

static void backend_close(struct backend *backend) {
    libpq.PQfinish(backend->connection);
    memory_free(backend);
}

/* What libpq says of a malformed address would show parts of it, and so of a password. */
static int address_check(const char *where, struct diag *diag) {
    char *said = NULL;
    PQconninfoOption *parsed = libpq.PQconninfoParse(where, &said);
    bool fine = parsed != NULL;
    libpq.PQconninfoFree(parsed);
    libpq.PQfreemem(said);
    if (!fine) {
        diag_set(diag, "history_foreign",
                 "is no address of a database: write postgresql://USER@HOST/DATABASE");
        return STATUS_INPUT;
    }
    return STATUS_OK;
}

static int backend_open(struct backend **backend, const char *where, bool write, int wait_ms,
                        struct diag *diag) {
    (void)write;
    const char *const names[] = {"dbname", "connect_timeout", "client_encoding",
                                 "fallback_application_name", NULL};
    const char *const values[] = {where, CONNECT_SECONDS, "UTF8", "claimvet", NULL};
    int status = libpq_load(diag);
    if (status == STATUS_OK) {
        status = address_check(where, diag);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct backend *opened = memory_grow(NULL, 0, (ptrdiff_t)sizeof *opened);
    if (!opened) {
        diag_set(diag, "memory", "memory was refused: close other programs");
        return STATUS_SYSTEM;
    }
    opened->wait_ms = wait_ms;
    opened->connection = libpq.PQconnectdbParams(names, values, 1);
    if (libpq.PQstatus(opened->connection) != CONNECTION_OK) {
        status = fault_text("cannot connect", libpq.PQerrorMessage(opened->connection), diag);
        backend_close(opened);
        return status;
    }
    libpq.PQsetNoticeReceiver(opened->connection, notice_ignore, NULL);
    *backend = opened;
    return STATUS_OK;
}

/* ---- transactions ------------------------------------------------------------------------ */

static void backend_rollback(struct backend *backend) {
    if (backend->open) {
        libpq.PQclear(libpq.PQexec(backend->connection, "ROLLBACK"));
        backend->open = false;
    }
}

/* Is there what we keep? Asked before the tables are made: making them, even if only where they are
 * missing, would wait for readers and make readers wait. The catalogue itself is asked, because
 * to_regclass goes by what the session saw before it waited for the lock. */
static int tables_find(const struct backend *backend, bool *there, struct diag *diag) {
    PGresult *result = libpq.PQexec(backend->connection,
                                    "SELECT relname FROM pg_catalog.pg_class WHERE relname IN "
                                    "('claimvet_history', 'claimvet_segment') AND "
                                    "pg_catalog.pg_table_is_visible(oid)");
    *there = libpq.PQntuples(result) == 2;
    return finish(backend, result, PGRES_TUPLES_OK, diag);
}

static int tables_make(const struct backend *backend, struct diag *diag) {
    return run(backend,
               "CREATE TABLE claimvet_history (version int NOT NULL, generation bigint NOT NULL, "
               "segments bigint NOT NULL, bytes bigint NOT NULL);"
               "CREATE TABLE claimvet_segment (number bigint PRIMARY KEY, hash bigint NOT NULL, "
               "packed bytea NOT NULL);"
               "ALTER TABLE claimvet_segment ALTER packed SET STORAGE EXTERNAL",
               diag);
}

static int transaction_open(struct backend *backend, const char *begin, struct diag *diag) {
    char sql[160];
    snprintf(sql, sizeof sql, "%s; SET LOCAL lock_timeout = %d", begin, backend->wait_ms);
    backend->open = true;
    return run(backend, sql, diag);
}

static int begin_write(struct backend *backend, struct diag *diag) {
    bool there = false;
    int status = transaction_open(backend, "BEGIN", diag);
    if (status == STATUS_OK) {
        status =
            finish(backend,
                   libpq.PQexec(backend->connection, "SELECT pg_advisory_xact_lock(" LOCK_KEY ")"),
                   PGRES_TUPLES_OK, diag);
    }
    status = status ? status : tables_find(backend, &there, diag);
    return status == STATUS_OK && !there ? tables_make(backend, diag) : status;
}

static int begin_read(struct backend *backend, bool *there, struct diag *diag) {
    int status = transaction_open(backend, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", diag);
    return status == STATUS_OK ? tables_find(backend, there, diag) : status;
}

static int64_t number_of(const PGresult *result, int column) {
    int64_t number = 0;
    const char *at = libpq.PQgetvalue(result, 0, column);
    bool minus = *at == '-';
    for (at += minus; *at >= '0' && *at <= '9' && number < INT64_MAX / 20; at++) {
        number = number * 10 + (*at - '0');
    }
    return minus ? -number : number;
}

static int state_check(const PGresult *result, struct backend_state *state, struct diag *diag) {
    if (libpq.PQntuples(result) == 0) {
        *state = (struct backend_state){0};
        return STATUS_OK;
    }
    if (libpq.PQntuples(result) != 1) {
        return damaged(diag, "there is more than one row that counts its segments");
    }
    if (number_of(result, 0) > HISTORY_FORMAT) {
        diag_set(diag, "history_newer",
                 "was written by a newer claimvet: use that one, or make a new history");
        return STATUS_INPUT;
    }
    *state =
        (struct backend_state){number_of(result, 1), number_of(result, 2), number_of(result, 3)};
    return STATUS_OK;
}

static int state_read(const struct backend *backend, struct backend_state *state,
                      struct diag *diag) {
    PGresult *result =
        libpq.PQexec(backend->connection, "SELECT version, generation, segments, bytes "
                                          "FROM claimvet_history LIMIT 2");
    int status = libpq.PQresultStatus(result) == PGRES_TUPLES_OK ? state_check(result, state, diag)
                                                                 : fault(backend, result, diag);
    libpq.PQclear(result);
    return status;
}

static int backend_begin(struct backend *backend, bool write, struct backend_state *state,
                         struct diag *diag) {
    bool there = true;
    *state = (struct backend_state){0};
    int status = write ? begin_write(backend, diag) : begin_read(backend, &there, diag);
    return status == STATUS_OK && there ? state_read(backend, state, diag) : status;
}

static int backend_commit(struct backend *backend, const struct backend_state *state,
                          struct diag *diag) {
    char sql[240];
    snprintf(sql, sizeof sql,
             "DELETE FROM claimvet_history; INSERT INTO claimvet_history VALUES (%d, %" PRId64
             ", %" PRId64 ", %" PRId64 ")",
             HISTORY_FORMAT, state->generation, state->segments, state->bytes);
    int status = run(backend, sql, diag);
    if (status == STATUS_OK) {
        status = run(backend, "COMMIT", diag);
        backend->open = status != STATUS_OK;
    }
    return status;
}

/* ---- segments ---------------------------------------------------------------------------- */

/* A bigint as the server sends it: eight bytes, the highest first. */
static uint64_t network_u64(const char *at) {
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return __builtin_bswap64(value);
}

static int rows_take(const PGresult *result, int64_t *next, segment_sink *sink, void *context,
                     struct diag *diag) {
    for (int row = 0; row < libpq.PQntuples(result); row++) {
        if (libpq.PQgetlength(result, row, 0) != 8 || libpq.PQgetlength(result, row, 1) != 8) {
            return damaged(diag, "its tables are not as they were made");
        }
        int64_t number = (int64_t)network_u64(libpq.PQgetvalue(result, row, 0));
        struct view bytes = {libpq.PQgetvalue(result, row, 2), libpq.PQgetlength(result, row, 2)};
        int status =
            sink(context, number, network_u64(libpq.PQgetvalue(result, row, 1)), bytes, diag);
        if (status != STATUS_OK) {
            return status;
        }
        *next = number + 1;
    }
    return STATUS_OK;
}

static int backend_read(struct backend *backend, int64_t first, segment_sink *sink, void *context,
                        struct diag *diag) {
    for (;;) {
        char number[24];
        const char *const values[] = {number};
        snprintf(number, sizeof number, "%" PRId64, first);
        PGresult *result =
            libpq.PQexecParams(backend->connection,
                               "SELECT number::bigint, hash::bigint, packed FROM claimvet_segment "
                               "WHERE number >= $1::bigint ORDER BY number LIMIT " READ_SEGMENTS,
                               1, NULL, values, NULL, NULL, 1);
        int status = libpq.PQresultStatus(result) == PGRES_TUPLES_OK
                         ? rows_take(result, &first, sink, context, diag)
                         : fault(backend, result, diag);
        int rows = libpq.PQntuples(result);
        libpq.PQclear(result);
        if (status != STATUS_OK || rows == 0) {
            return status;
        }
    }
}

static int backend_put(struct backend *backend, int64_t number, uint64_t hash, struct view bytes,
                       struct diag *diag) {
    char texts[2][24];
    const char *const values[] = {texts[0], texts[1], bytes.at};
    const int lengths[] = {0, 0, (int)bytes.size};
    const int formats[] = {0, 0, 1};
    snprintf(texts[0], sizeof texts[0], "%" PRId64, number);
    snprintf(texts[1], sizeof texts[1], "%" PRId64, (int64_t)hash);
    return finish(backend,
                  libpq.PQexecParams(backend->connection,
                                     "INSERT INTO claimvet_segment VALUES ($1::bigint, $2::bigint, "
                                     "$3::bytea) ON CONFLICT (number) DO UPDATE SET hash = "
                                     "excluded.hash, packed = excluded.packed",
                                     3, NULL, values, lengths, formats, 0),
                  PGRES_COMMAND_OK, diag);
}

const struct backend_calls backend_postgres = {.open = backend_open,
                                               .begin = backend_begin,
                                               .read = backend_read,
                                               .put = backend_put,
                                               .commit = backend_commit,
                                               .rollback = backend_rollback,
                                               .close = backend_close};
