/* Inside of the SQLite store: its prepared statements and how they are asked. Answers are never
 * kept; only texts (a view must outlive the row) and what is listed from end to end are read once.
 */
#ifndef CLAIMVET_BENCH_STORE_SQLITE_ROOM_H
#define CLAIMVET_BENCH_STORE_SQLITE_ROOM_H

#include <sqlite3.h>

#include "store_sqlite.h"

#define OPEN_DAY 8000000 /* days to an open end; minus that to an open start */

enum question {
    ASK_CODE,
    ASK_FAMILY,
    ASK_SET_MEMBER,
    ASK_ENDED,
    ASK_MPFS,
    ASK_PAIR,
    ASK_MUE,
    ASK_ADDON,
    ASK_ADDON_PRIMARY,
    ASK_DRUG,
    ASK_DX,
    ASK_DX_BELOW,
    ASK_DX_REGION,
    ASK_DX_SIDE,
    ASK_EXCLUDES,
    ASK_MODIFIER,
    ASK_POS,
    ASK_PAYER,
    ASK_PAYER_KEY,
    ASK_GPCI,
    ASK_ZIP,
    ASK_ASP,
    ASK_PAYMENT_RULE,
    QUESTIONS
};

/* Keys are texts, as the files publish them and as claims carry them. PACKED_KEYS builds the same
 * opponent over keys packed into integers, which nobody's files have. KEY_HEAD is the first three
 * characters, KEY_CUT the key cut to the length of a prefix. */
#ifdef PACKED_KEYS
#define KEY_HEAD(key) "(" key " & -1099511627776)"
#define KEY_CUT(key, cut) "(" key " & " cut ")"
#else
#define KEY_HEAD(key) "substr(" key ", 1, 3)"
#define KEY_CUT(key, cut) "substr(" key ", 1, " cut ")"
#endif

/* Texts that are bound. */
struct key_texts {
    char at[QUESTIONS][2][9];
};

struct names {
    struct view *name;
    int count;
};

/* Where ASK_ADDON stands: the primaries of an add-on are asked one by one, in order. */
struct addon_cursor {
    uint32_t addon;
    struct store_when when;
    int next; /* -1: nothing to go on with */
    struct code primary;
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *ask[QUESTIONS];
    struct addon_cursor *cursor;
    struct key_texts *key_texts;
    struct view hash;
    struct store_release *releases;
    int release_count;
    struct store_payer *payers;
    int payer_count;
    struct names families, sets, excludes;
    struct code *code; /* by id */
    uint32_t codes;
    bool has[STORE_TABLES];
};

/* The statement without a row: two numbers or a key bound from parameter 1 on. */
sqlite3_stmt *ask_numbers(const struct store *store, enum question question, int a, int b);
sqlite3_stmt *ask_code(const struct store *store, enum question question, struct code code);
/* The same with the day as parameter 1, the knowledge as parameter 2, keys from 3 on. */
sqlite3_stmt *ask_when(const struct store *store, enum question question, struct store_when when,
                       struct code code);
sqlite3_stmt *ask_two(const struct store *store, enum question question, struct store_when when,
                      struct code a, struct code b);
bool row_next(sqlite3_stmt *statement);

struct date day_out(int64_t day); /* an open one is DATE_NONE */
/* Columns 0 to 2 of every row with a proof: release, since, until. */
struct store_proof proof_out(sqlite3_stmt *row);
struct code code_out(sqlite3_stmt *row, int column);
struct view name_out(const struct names *names, sqlite3_stmt *row, int column);

#endif
