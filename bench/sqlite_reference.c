/* sqlite_reference DATA OUT [--packed] SQL...: the tables of data/ as an SQLite database, laid out
 * by the SQL files for audit_sqlite or audit_store_sqlite. The only thing taken from the store is
 * its hash, which stands in every report. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/audit/tsv_table.h"
#include "base/base.h"
#include "store/store.h"

static struct view argument_text(sqlite3_value *value) {
    const unsigned char *text = sqlite3_value_text(value);
    return (struct view){(const char *)text, text ? sqlite3_value_bytes(value) : 0};
}

/* code('20610'): the packed code, the integer that audit_sqlite asks with. */
static void sql_code(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    struct code code = code_from(argument_text(values[0]));
    if (code_given(code)) {
        sqlite3_result_int64(context, (int64_t)code.bits);
    }
}

/* key('20610'): the text itself, '' for NULL. key_packed: the packed code, 0 for none. */
static void sql_key(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    struct view text = argument_text(values[0]);
    sqlite3_result_text(context, text.at ? text.at : "", (int)text.size, SQLITE_TRANSIENT);
}

static void sql_key_packed(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    sqlite3_result_int64(context, (int64_t)code_from(argument_text(values[0])).bits);
}

/* cut('M51'): what cuts a key to the length of the prefix; cut_packed: the mask of its bytes. */
static void sql_cut(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    sqlite3_result_int(context, (int)argument_text(values[0]).size);
}

static void sql_cut_packed(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    int size = (int)argument_text(values[0]).size;
    sqlite3_result_int64(context, (int64_t)(UINT64_MAX << (64 - 8 * size)));
}

/* day('2026-10-01'): days since 1970, NULL when it is no date. */
static void sql_day(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    struct date date = date_from_iso(argument_text(values[0]));
    if (date_given(date)) {
        sqlite3_result_int(context, date.day);
    }
}

static void table_drop(sqlite3 *db, const char *table) {
    char *sql = sqlite3_mprintf("DROP TABLE \"%w\"", table);
    sql_run(db, sql);
    sqlite3_free(sql);
}

static void hash_write(sqlite3 *db) {
    const struct store *store;
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    if (store_open(&store, store_starter(), &arena, &diag) != STATUS_OK) {
        fprintf(stderr, "starter store: %s\n", diag.text);
        exit(4);
    }
    char *sql =
        sqlite3_mprintf("CREATE TABLE starter AS SELECT '%q' AS hash", store_hash(store).at);
    sql_run(db, sql);
    sqlite3_free(sql);
    arena_close(&arena);
}

typedef void sql_function(sqlite3_context *context, int count, sqlite3_value **values);

static bool functions_add(sqlite3 *db, bool packed) {
    const struct {
        const char *name;
        sql_function *function;
    } functions[] = {{"code", sql_code},
                     {"day", sql_day},
                     {"key", packed ? sql_key_packed : sql_key},
                     {"cut", packed ? sql_cut_packed : sql_cut}};
    bool added = true;
    for (int i = 0; i < COUNT_OF(functions); i++) {
        added = added && sqlite3_create_function(db, functions[i].name, 1,
                                                 SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                                                 functions[i].function, NULL, NULL) == SQLITE_OK;
    }
    return added;
}

int main(int argc, char **argv) {
    static const char *const tables[] = {
        "codes",   "code_ended", "mpfs",      "ptp",           "mue",      "addon",     "icd10",
        "pos",     "modifiers",  "family",    "drug_unit",     "code_set", "payer_ids", "payers",
        "dx_side", "dx_region",  "excludes1", "icd10_changes", "releases", "gpci", "zip_locality",
        "asp",     "payment_rules"};
    sqlite3 *db = NULL;
    if (argc < 4) {
        fputs("usage: sqlite_reference DATA OUT [--packed] SQL...\n", stderr);
        return 2;
    }
    bool packed = strcmp(argv[3], "--packed") == 0;
    remove(argv[2]);
    if (sqlite3_open(argv[2], &db) != SQLITE_OK || !functions_add(db, packed)) {
        fprintf(stderr, "%s: %s\n", argv[2], sqlite3_errmsg(db));
        return 4;
    }
    sql_run(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    for (int i = 0; i < COUNT_OF(tables); i++) {
        tsv_table_load(db, argv[1], tables[i]);
    }
    for (int i = packed ? 4 : 3; i < argc; i++) {
        sql_run_file(db, ".", argv[i]);
    }
    for (int i = 0; i < COUNT_OF(tables); i++) {
        table_drop(db, tables[i]);
    }
    hash_write(db);
    sql_run(db, "ANALYZE; VACUUM");
    sqlite3_close(db);
    return 0;
}
