/* A store with codes of known fees, and claims put together from a few words. */
#ifndef CLAIMVET_PRICE_BENCH_H
#define CLAIMVET_PRICE_BENCH_H

#include "price/price.h"

/* The starter store, and with it codes A0000 and on of whose conversion factor a dollar is one, so
 * that an amount is its work RVU; see bench_fee. */
struct bench {
    struct arena arena;
    const struct store *starter;
    const struct store *store; /* with the codes of bench_fee */
    struct store_draft *draft;
    struct claim claim;
    struct claim_line lines[CLAIM_LINES_MAX];
    struct pricer *pricer;
};

void bench_open(struct bench *bench); /* ends with bench_close */
void bench_close(struct bench *bench);
/* A code with an amount in cents, the same in every place of service. `multiple`, `bilateral`: its
 * indicators; `base`: of its endoscopies, NULL: none. */
void bench_fee(struct bench *bench, const char *code, int64_t cents, char multiple, char bilateral,
               const char *base);
void bench_store(struct bench *bench); /* after the last bench_fee */

/* A claim of 2026-08-10 in place of service 11 from services as the command line has them, with
 * blanks between: "64483 64484-50 J3301x4 64483-RT=850.00". */
void bench_claim(struct bench *bench, const char *services);
/* Prices it for Medicare, national unless the options say otherwise. */
const struct price *bench_price(struct bench *bench, const struct store *store,
                                const struct price_options *options);
/* Options of national amounts, with steps. */
extern const struct price_options bench_national;

#endif
