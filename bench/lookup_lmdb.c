/* The pair lookup over LMDB at its best: keys of 18 bytes (both codes, last day, first day, days
 * big-endian) packed in ascending order, so that one seek of a cursor lands on the row that holds;
 * one read transaction, no locks, no read-ahead, nothing copied. */
#include <lmdb.h>
#include <stdio.h>
#include <string.h>

#include "lookup.h"

#define PAIR_SIZE (2 * CODE_SIZE)
#define KEY_SIZE (PAIR_SIZE + 8)
#define MAP_SIZE ((size_t)4 << 30)

struct lookup_lmdb {
    MDB_env *env;
    MDB_txn *txn;
    MDB_cursor *cursor;
};

static void check(int status, const char *what) {
    require(status == MDB_SUCCESS, what, mdb_strerror(status));
}

/* Days are swapped and compared as bytes; none is before 1970. */
static void key_day(unsigned char *to, int32_t day) {
    uint32_t swapped = __builtin_bswap32((uint32_t)day);
    memcpy(to, &swapped, sizeof swapped);
}

static int32_t day_of(const unsigned char *from) {
    uint32_t swapped;
    memcpy(&swapped, from, sizeof swapped);
    return (int32_t)__builtin_bswap32(swapped);
}

static MDB_env *env_open(const char *path, unsigned flags) {
    MDB_env *env = NULL;
    check(mdb_env_create(&env), path);
    check(mdb_env_set_mapsize(env, MAP_SIZE), path);
    check(mdb_env_open(env, path, MDB_NOSUBDIR | MDB_NOLOCK | flags, 0600), path);
    return env;
}

static void write_rows(const struct edits *edits, const char *path) {
    MDB_txn *txn = NULL;
    MDB_dbi dbi;
    remove(path);
    MDB_env *env = env_open(path, MDB_NOSYNC | MDB_WRITEMAP);
    check(mdb_txn_begin(env, NULL, 0, &txn), path);
    check(mdb_dbi_open(txn, NULL, 0, &dbi), path);
    for (ptrdiff_t i = 0; i < edits->count; i++) {
        const struct edit *edit = &edits->rows[i];
        unsigned char bytes[KEY_SIZE];
        char indicator = edit->indicator;
        memcpy(bytes, edit->column1, CODE_SIZE);
        memcpy(bytes + CODE_SIZE, edit->column2, CODE_SIZE);
        key_day(bytes + PAIR_SIZE, edit->to);
        key_day(bytes + PAIR_SIZE + 4, edit->from);
        MDB_val key = {sizeof bytes, bytes}, value = {1, &indicator};
        check(mdb_put(txn, dbi, &key, &value, MDB_APPEND), path);
    }
    check(mdb_txn_commit(txn), path);
    mdb_env_close(env);
}

struct lookup_lmdb *lookup_lmdb_open(struct arena *arena, const struct edits *edits,
                                     const char *path) {
    struct lookup_lmdb *lookup = ARENA_NEW(arena, struct lookup_lmdb, 1);
    MDB_dbi dbi;
    require(lookup != NULL, path, "out of memory");
    write_rows(edits, path);
    lookup->env = env_open(path, MDB_RDONLY | MDB_NORDAHEAD | MDB_NOTLS);
    check(mdb_txn_begin(lookup->env, NULL, MDB_RDONLY, &lookup->txn), path);
    check(mdb_dbi_open(lookup->txn, NULL, 0, &dbi), path);
    check(mdb_cursor_open(lookup->txn, dbi, &lookup->cursor), path);
    return lookup;
}

static struct answer ask_one(MDB_cursor *cursor, const struct question *question) {
    unsigned char wanted[KEY_SIZE] = {0};
    memcpy(wanted, question->column1, CODE_SIZE);
    memcpy(wanted + CODE_SIZE, question->column2, CODE_SIZE);
    key_day(wanted + PAIR_SIZE, question->day);
    MDB_val key = {sizeof wanted, wanted}, value;
    int status = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    for (; status == MDB_SUCCESS; status = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        const unsigned char *found = key.mv_data;
        if (memcmp(found, wanted, PAIR_SIZE) != 0) {
            break;
        }
        int32_t from = day_of(found + PAIR_SIZE + 4);
        char indicator = *(const char *)value.mv_data;
        if (from <= question->day && indicator != '9') {
            return (struct answer){from, day_of(found + PAIR_SIZE), indicator};
        }
    }
    return (struct answer){0};
}

void lookup_lmdb_ask(struct lookup_lmdb *lookup, const struct question *questions, int count,
                     struct answer *answers) {
    for (int i = 0; i < count; i++) {
        answers[i] = ask_one(lookup->cursor, &questions[i]);
    }
}

void lookup_lmdb_close(struct lookup_lmdb *lookup) {
    mdb_cursor_close(lookup->cursor);
    mdb_txn_abort(lookup->txn);
    mdb_env_close(lookup->env);
}
