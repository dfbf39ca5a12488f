/* Inside of bench_lookup: the rows of an edit table, the questions, and the two opponents. */
#ifndef CLAIMVET_BENCH_LOOKUP_H
#define CLAIMVET_BENCH_LOOKUP_H

#include "base/base.h"

#define OPEN_END INT32_MAX
#define CODE_SIZE 5

/* A row as the file has it; days count from 1970-01-01, `to` is the last active one. */
struct edit {
    char column1[CODE_SIZE], column2[CODE_SIZE];
    char indicator;
    int32_t from, to;
};

struct edits {
    struct edit *rows;
    ptrdiff_t count, capacity;
};

/* Which edit holds for these two codes, as they stand on a claim, on that day? */
struct question {
    char column1[CODE_SIZE], column2[CODE_SIZE];
    int32_t day;
};
struct answer {
    int32_t from, to;
    int32_t indicator; /* 0: none holds */
};

/* Exits with a line on standard error unless `good`. */
void require(bool good, const char *what, const char *why);

void edits_read(struct edits *edits, const char *path); /* one of the official text files */
/* So many pairs of codes that do not exist, shaped like the official table; the same every time. */
void edits_invent(struct edits *edits, ptrdiff_t pairs);
void edits_sort(struct edits *edits); /* by codes, last and first day; each once */
void edits_close(struct edits *edits);

/* A deterministic stream of numbers. */
static inline uint32_t chance_next(uint64_t *chance) {
    *chance = *chance * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*chance >> 33);
}

struct lookup_sqlite;
struct lookup_sqlite *lookup_sqlite_open(struct arena *arena, const struct edits *edits,
                                         const char *path);
void lookup_sqlite_ask(struct lookup_sqlite *lookup, const struct question *questions, int count,
                       struct answer *answers);
void lookup_sqlite_close(struct lookup_sqlite *lookup);

struct lookup_lmdb;
struct lookup_lmdb *lookup_lmdb_open(struct arena *arena, const struct edits *edits,
                                     const char *path);
void lookup_lmdb_ask(struct lookup_lmdb *lookup, const struct question *questions, int count,
                     struct answer *answers);
void lookup_lmdb_close(struct lookup_lmdb *lookup);

#endif
