/* What the tests of history share: a fresh history for each test, whatever keeps it, claims from
 * JSON, answers as text. */
#ifndef CLAIMVET_TESTS_HISTORY_BENCH_H
#define CLAIMVET_TESTS_HISTORY_BENCH_H

#include "claim/claim.h"
#include "history/history.h"

struct bench {
    struct arena arena;
    struct history *history;
    struct out said; /* the last answer */
};

/* What stands in front of the number of each history: a path, or a URL that ends in a schema. */
extern const char *bench_prefix;
bool bench_is_file(void);

const char *bench_where(void); /* of this test's history */
int bench_setup(void **state); /* a fresh one */
int bench_teardown(void **state);

void bench_open(struct bench *bench, bool write);
void bench_reopen(struct bench *bench); /* to read, after a commit */
const struct claim *bench_claim(struct bench *bench, const char *json);
struct history_added bench_add(struct bench *bench, const char *json);
void bench_commit(struct bench *bench);
/* The services of the patient of claim_json's claims, a line each, NUL at the end; "unknown\n". */
const char *bench_services(struct bench *bench, const char *member);
const char *bench_keys(struct bench *bench, uint64_t payer, uint64_t patient);
uint64_t bench_patient(const char *member);

/* A claim of member `member` with one 64493 on `day`, or what `more` says in addition. */
const char *claim_json(const char *id, const char *member, const char *day, const char *more);

#define BENCH_PAYER "12345"

#endif
