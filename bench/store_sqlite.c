/* The SQLite store: opening, statements, releases. One read-only connection, mapped, one read
 * transaction, every statement prepared once; every question has a key that answers it. */
#include <stdio.h>

#include "store_sqlite_room.h"

#define PROOF "SELECT release, since, until"
#define HOLDS " AND until >= ?1 AND since <= ?1 AND effective <= ?2"
#define CHOICE HOLDS " ORDER BY until, effective DESC, since DESC LIMIT 1"
/* Prefixes of the code in ?3, the longest first, all of its first three characters. */
#define PREFIX " WHERE prefix BETWEEN " KEY_HEAD("?3") " AND ?3 AND prefix = " KEY_CUT("?3", "cut")

/* Days are ?1 and ?2, keys ?3 and ?4; without days ?1 and ?2 are what is asked. */
static const char *const questions[QUESTIONS] = {
    [ASK_CODE] = "SELECT id FROM row_code WHERE code = ?1",
    [ASK_FAMILY] = PROOF ", family, region, imaging, flags, prime FROM row_family"
                         " WHERE code = ?1",
    [ASK_SET_MEMBER] = "SELECT code FROM row_code_set WHERE \"set\" = ?1 AND n = ?2",
    [ASK_ENDED] = "SELECT release, -8000000, last, replacement FROM row_code_ended"
                  " WHERE code = ?3 AND gone <= ?1 AND effective <= ?2 ORDER BY n LIMIT 1",
    [ASK_MPFS] = PROOF ", status, pctc, days, multiple, bilateral, assistant, cosurgeon, team,"
                       " work, nonfacility, facility, malpractice, conversion, pre, intra, post,"
                       " base FROM row_mpfs WHERE code = ?3 AND modifier = ?4" CHOICE,
    [ASK_PAIR] = PROOF ", indicator FROM row_ncci_ptp WHERE column1 = ?3 AND column2 = ?4" CHOICE,
    [ASK_MUE] = PROOF ", units, mai FROM row_mue WHERE code = ?3" CHOICE,
    [ASK_ADDON] = PROOF ", prime, type FROM row_aoc WHERE addon = ?3" HOLDS
                        " ORDER BY prime, until, effective DESC, since DESC",
    [ASK_ADDON_PRIMARY] = PROOF ", prime, type FROM row_aoc WHERE addon = ?3 AND prime = ?4" CHOICE,
    [ASK_DRUG] = PROOF ", size, unit, flags FROM row_drug_unit WHERE code = ?3" CHOICE,
    [ASK_DX] = PROOF ", billable FROM row_icd10cm WHERE code = ?3" CHOICE,
    [ASK_DX_BELOW] = "SELECT code, billable FROM row_icd10cm WHERE code BETWEEN ?3 AND ?4" HOLDS
                     " ORDER BY code, until, effective DESC, since DESC",
    [ASK_DX_REGION] =
        PROOF ", value FROM row_dx_region" PREFIX HOLDS " ORDER BY prefix DESC LIMIT 1",
    [ASK_DX_SIDE] = PROOF ", value FROM row_dx_side" PREFIX HOLDS " ORDER BY prefix DESC LIMIT 1",
    [ASK_EXCLUDES] = PROOF ", effective, n FROM row_excludes1"
                           " WHERE one BETWEEN " KEY_HEAD("?3") " AND ?3 AND one = " KEY_CUT(
                               "?3", "one_cut") " AND other = " KEY_CUT("?4", "other_cut") HOLDS
    " ORDER BY one DESC, n",
    [ASK_MODIFIER] = PROOF ", flags FROM row_modifier WHERE modifier = ?3" CHOICE,
    [ASK_POS] = PROOF ", facility, hospital FROM row_pos WHERE pos = ?3" CHOICE,
    [ASK_PAYER] = "SELECT n FROM row_payer WHERE profile = ?1",
    [ASK_GPCI] = PROOF ", work, expense, malpractice, state, name FROM row_gpci"
                       " WHERE carrier = ?3 AND locality = ?4" CHOICE,
    [ASK_ZIP] = PROOF ", carrier, locality, split FROM row_zip WHERE zip = ?3" CHOICE,
    [ASK_ASP] = PROOF ", mills, share FROM row_asp WHERE code = ?3" CHOICE,
    [ASK_PAYMENT_RULE] =
        PROOF ", value, source, trial FROM row_payment_rule WHERE rule = ?3" CHOICE,
    [ASK_PAYER_KEY] = "SELECT payer FROM payer_key WHERE filing = ?1 AND key = ?2",
};

/* ---- asking ------------------------------------------------------------------------------ */

/* The text is kept in the store, because a statement reads it when it steps. */
static void key_bind(const struct store *store, enum question question, int at, int key,
                     struct code code) {
#ifdef PACKED_KEYS
    (void)key;
    sqlite3_bind_int64(store->ask[question], at, (int64_t)code.bits);
#else
    struct view text = code_text(code, store->key_texts->at[question][key]);
    sqlite3_bind_text(store->ask[question], at, text.at, (int)text.size, SQLITE_STATIC);
#endif
}

sqlite3_stmt *ask_numbers(const struct store *store, enum question question, int a, int b) {
    sqlite3_stmt *statement = store->ask[question];
    sqlite3_reset(statement);
    sqlite3_bind_int(statement, 1, a);
    sqlite3_bind_int(statement, 2, b);
    return statement;
}

sqlite3_stmt *ask_code(const struct store *store, enum question question, struct code code) {
    sqlite3_reset(store->ask[question]);
    key_bind(store, question, 1, 0, code);
    return store->ask[question];
}

sqlite3_stmt *ask_when(const struct store *store, enum question question, struct store_when when,
                       struct code code) {
    sqlite3_stmt *statement = store->ask[question];
    sqlite3_reset(statement);
    sqlite3_bind_int(statement, 1, date_given(when.on) ? when.on.day : OPEN_DAY);
    sqlite3_bind_int(statement, 2, date_given(when.as_of) ? when.as_of.day : OPEN_DAY);
    key_bind(store, question, 3, 0, code);
    return statement;
}

sqlite3_stmt *ask_two(const struct store *store, enum question question, struct store_when when,
                      struct code a, struct code b) {
    sqlite3_stmt *statement = ask_when(store, question, when, a);
    key_bind(store, question, 4, 1, b);
    return statement;
}

bool row_next(sqlite3_stmt *statement) { return sqlite3_step(statement) == SQLITE_ROW; }

struct date day_out(int64_t day) {
    return day <= -OPEN_DAY || day >= OPEN_DAY ? DATE_NONE : (struct date){(int32_t)day};
}

struct store_proof proof_out(sqlite3_stmt *row) {
    return (struct store_proof){(uint16_t)sqlite3_column_int(row, 0),
                                day_out(sqlite3_column_int(row, 1)),
                                day_out(sqlite3_column_int(row, 2))};
}

struct code code_out(sqlite3_stmt *row, int column) {
#ifdef PACKED_KEYS
    return (struct code){(uint64_t)sqlite3_column_int64(row, column)};
#else
    const char *text = (const char *)sqlite3_column_text(row, column);
    return code_from((struct view){text, sqlite3_column_bytes(row, column)});
#endif
}

struct view name_out(const struct names *names, sqlite3_stmt *row, int column) {
    int n = sqlite3_column_int(row, column);
    return n >= 0 && n < names->count ? names->name[n] : VIEW_NONE;
}

/* ---- opening ----------------------------------------------------------------------------- */

static int failed(const struct store *store, struct diag *diag, const char *what) {
    diag_set(diag, "store_sqlite", "%.60s: %.80s", what,
             store->db ? sqlite3_errmsg(store->db) : "out of memory");
    return STATUS_SYSTEM;
}

static int connection_open(struct store *store, const char *path, struct diag *diag) {
    char uri[1024];
    snprintf(uri, sizeof uri, "file:%s?immutable=1", path);
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_open_v2(uri, &store->db,
                        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK ||
        sqlite3_exec(store->db,
                     "PRAGMA query_only = ON; PRAGMA mmap_size = 268435456;"
                     "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;"
                     "PRAGMA locking_mode = EXCLUSIVE; BEGIN",
                     NULL, NULL, NULL) != SQLITE_OK) {
        return failed(store, diag, path);
    }
    for (int i = 0; i < QUESTIONS; i++) {
        if (sqlite3_prepare_v3(store->db, questions[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->ask[i], NULL) != SQLITE_OK) {
            return failed(store, diag, questions[i]);
        }
    }
    return STATUS_OK;
}

static sqlite3_stmt *once(const struct store *store, const char *sql) {
    sqlite3_stmt *statement = NULL;
    return sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK ? statement : NULL;
}

static int64_t number_read(const struct store *store, const char *sql) {
    sqlite3_stmt *row = once(store, sql);
    int64_t number = row && row_next(row) ? sqlite3_column_int64(row, 0) : 0;
    sqlite3_finalize(row);
    return number;
}

static struct view text_keep(struct arena *arena, sqlite3_stmt *row, int column) {
    const char *text = (const char *)sqlite3_column_text(row, column);
    return arena_copy(arena, (struct view){text, sqlite3_column_bytes(row, column)});
}

/* Texts in the order of their numbers, from 0 without a gap. */
static struct names names_read(const struct store *store, const char *table, struct arena *arena) {
    char sql[80];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    struct names names = {.count = (int)number_read(store, sql)};
    names.name = ARENA_NEW(arena, struct view, names.count + 1);
    snprintf(sql, sizeof sql, "SELECT name FROM %s ORDER BY n", table);
    sqlite3_stmt *row = once(store, sql);
    for (int i = 0; i < names.count && names.name && row_next(row); i++) {
        names.name[i] = text_keep(arena, row, 0);
    }
    sqlite3_finalize(row);
    return names;
}

static void codes_read(struct store *store, struct arena *arena) {
    store->codes = (uint32_t)number_read(store, "SELECT count(*) FROM row_code");
    store->code = ARENA_NEW(arena, struct code, store->codes + 1);
    sqlite3_stmt *row = once(store, "SELECT code FROM row_code ORDER BY id");
    for (uint32_t i = 0; i < store->codes && store->code && row_next(row); i++) {
        store->code[i] = code_out(row, 0);
    }
    sqlite3_finalize(row);
}

static enum store_table table_named(struct view name) {
    enum store_table table = 0;
    while (table < STORE_TABLES && !view_equal(store_table_name(table), name)) {
        table++;
    }
    return table;
}

static void releases_read(struct store *store, struct arena *arena) {
    store->releases = ARENA_NEW(arena, struct store_release, STORE_RELEASES_MAX);
    sqlite3_stmt *row =
        once(store, "SELECT kind, name, effective, through, partial, source, sha256,"
                    " note FROM release ORDER BY n");
    while (store->releases && store->release_count < STORE_RELEASES_MAX && row_next(row)) {
        struct store_release *release = &store->releases[store->release_count++];
        release->table = table_named(text_keep(arena, row, 0));
        release->table_name = store_table_name(release->table);
        release->name = text_keep(arena, row, 1);
        release->effective = day_out(sqlite3_column_int(row, 2));
        release->through = day_out(sqlite3_column_int(row, 3));
        release->partial = sqlite3_column_int(row, 4) != 0;
        release->source = text_keep(arena, row, 5);
        release->sha256 = text_keep(arena, row, 6);
        release->note = text_keep(arena, row, 7);
    }
    sqlite3_finalize(row);
}

static void payers_read(struct store *store, struct arena *arena) {
    int count = (int)number_read(store, "SELECT count(*) FROM row_payer");
    store->payers = ARENA_NEW(arena, struct store_payer, count + 1);
    sqlite3_stmt *row = once(store, PROOF ", profile, medicare, ncci, bilateral,"
                                          " days, trial FROM row_payer ORDER BY n");
    while (store->payers && store->payer_count < count && row_next(row)) {
        store->payers[store->payer_count++] = (struct store_payer){
            .proof = proof_out(row),
            .profile = text_keep(arena, row, 3),
            .medicare = sqlite3_column_int(row, 4) != 0,
            .ncci = sqlite3_column_int(row, 5) != 0,
            .bilateral = (enum store_bilateral_convention)sqlite3_column_int(row, 6),
            .timely_days = sqlite3_column_int(row, 7),
            .trial = sqlite3_column_int(row, 8) != 0,
        };
    }
    sqlite3_finalize(row);
}

static void tables_look(struct store *store) {
    for (enum store_table table = 0; table < STORE_TABLES; table++) {
        char sql[80];
        snprintf(sql, sizeof sql, "SELECT EXISTS (SELECT 1 FROM row_%s)",
                 store_table_name(table).at);
        store->has[table] = number_read(store, sql) != 0;
    }
}

int store_sqlite_open(const struct store **store, const char *path, struct arena *arena,
                      struct diag *diag) {
    struct store *s = ARENA_NEW(arena, struct store, 1);
    struct addon_cursor *cursor = ARENA_NEW(arena, struct addon_cursor, 1);
    struct key_texts *key_texts = ARENA_NEW(arena, struct key_texts, 1);
    if (!s || !cursor || !key_texts) {
        diag_set(diag, "memory", "not enough memory to open the store");
        return STATUS_SYSTEM;
    }
    *store = s;
    cursor->next = -1;
    s->cursor = cursor;
    s->key_texts = key_texts;
    int status = connection_open(s, path, diag);
    if (status != STATUS_OK) {
        return status;
    }
    releases_read(s, arena);
    payers_read(s, arena);
    s->families = names_read(s, "family_name", arena);
    s->sets = names_read(s, "set_name", arena);
    s->excludes = names_read(s, "exclude_name", arena);
    codes_read(s, arena);
    sqlite3_stmt *row = once(s, "SELECT hash FROM starter");
    s->hash = row && row_next(row) ? text_keep(arena, row, 0) : VIEW_NONE;
    sqlite3_finalize(row);
    tables_look(s);
    return arena->failed || s->hash.size == 0 ? failed(s, diag, path) : STATUS_OK;
}

void store_sqlite_close(const struct store *store) {
    if (store) {
        for (int i = 0; i < QUESTIONS; i++) {
            sqlite3_finalize(store->ask[i]);
        }
        sqlite3_close(store->db);
    }
}

/* ---- the store itself -------------------------------------------------------------------- */

struct view store_hash(const struct store *store) {
    return store->hash;
}

bool store_has(const struct store *store, enum store_table table) {
    return (unsigned)table < STORE_TABLES && store->has[table];
}

/* The starter tables have no list of covered diagnoses. */
uint32_t store_sheet_find(const struct store *store, enum store_table table, uint64_t key,
                          uint64_t key2, uint32_t *count) {
    (void)store, (void)table, (void)key, (void)key2;
    *count = 0;
    return 0;
}

bool store_sheet_holds(const struct store *store, enum store_table table, uint32_t row,
                       struct store_when when) {
    (void)store, (void)table, (void)row, (void)when;
    return false;
}

struct store_proof store_sheet_proof(const struct store *store, enum store_table table,
                                     uint32_t row) {
    (void)store, (void)table, (void)row;
    return (struct store_proof){STORE_NO_RELEASE, DATE_NONE, DATE_NONE};
}

struct store_cell store_sheet_cell(const struct store *store, enum store_table table, uint32_t row,
                                   int column) {
    (void)store, (void)table, (void)row, (void)column;
    return (struct store_cell){.number = INT64_MIN, .day = DATE_NONE};
}

int store_release_count(const struct store *store) { return store->release_count; }

struct store_release store_release(const struct store *store, int index) {
    return index >= 0 && index < store->release_count
               ? store->releases[index]
               : (struct store_release){
                     .table = STORE_TABLES, .effective = DATE_NONE, .through = DATE_NONE};
}

bool store_stale(const struct store *store, uint16_t release, struct date on) {
    struct date through = store_release(store, release).through;
    return date_given(on) && date_given(through) && on.day > through.day;
}
