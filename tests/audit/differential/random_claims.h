/* Random claims that ask a lot of the edits, the same ones for the same number. */
#ifndef CLAIMVET_TEST_RANDOM_CLAIMS_H
#define CLAIMVET_TEST_RANDOM_CLAIMS_H

#include <sqlite3.h>

#include "claim/claim.h"

#define RANDOM_LINES_MAX 10

struct code_pool {
    struct code *first;
    struct code *second; /* partner in pair or add-on row */
    struct date *day;    /* a day on which the row holds, DATE_NONE: any */
    int32_t *limit;
    int64_t count;
};

struct claim_random {
    uint64_t state;
    struct code_pool codes, pairs, tests, addons, limits;
    struct claim claim;
    struct claim_line lines[RANDOM_LINES_MAX];
    uint64_t denied; /* line indexes to mark as not valid */
};

/* Draws the pools from the tables codes, ptp, addon and mue. NULL when memory is refused. */
struct claim_random *claim_random_open(sqlite3 *db, struct arena *arena);
void claim_random_make(struct claim_random *made, int64_t number);

#endif
