/* Lines of a claim put together by hand for tests of the edits: facts looked up in the starter
 * store, findings read back by line.
 *
 *     struct edits_bench bench;
 *     bench_open(&bench);
 *     bench_claim(&bench);
 *     bench_line(&bench, "20610", "RT", "2026-08-03", 1);
 *     bench_run(&bench);                  check_edits on the claim
 *     bench_close(&bench); */
#ifndef CLAIMVET_TEST_EDITS_BENCH_H
#define CLAIMVET_TEST_EDITS_BENCH_H

#include "audit/audit_state.h"
#include "audit/edits.h"

struct edits_bench {
    struct arena arena;
    struct audit *audit;
    struct audit_pass *pass;
    const struct store *store;
    struct claim claim;
    struct claim_line lines[CLAIM_LINES_MAX];
};

void bench_open(struct edits_bench *bench);
void bench_open_image(struct edits_bench *bench, struct view image); /* another store */
void bench_close(struct edits_bench *bench);
/* Begins the next claim: no lines, Medicare, professional, one provider, no patient. */
struct claim *bench_claim(struct edits_bench *bench);
/* `modifiers` are separated by blanks. */
struct claim_line *bench_line(struct edits_bench *bench, const char *code, const char *modifiers,
                              const char *day, int units);
void bench_pass(struct edits_bench *bench);    /* looks the facts up */
void bench_run(struct edits_bench *bench);     /* and runs check_edits */
void bench_run_all(struct edits_bench *bench); /* and check_across */
/* First finding of the rule on the line (0: any line), NULL when there is none. */
const struct audit_finding *bench_find(const struct edits_bench *bench, enum audit_rule rule,
                                       int line);
bool bench_gap(const struct edits_bench *bench, enum audit_rule rule, const char *need);

#endif
