/* Inside of the self-audit: the services of the patient in hand, and rows in the making. */
#ifndef CLAIMVET_AUDIT_SELFAUDIT_INTERNAL_H
#define CLAIMVET_AUDIT_SELFAUDIT_INTERNAL_H

#include "audit/selfaudit.h"
#include "history/history.h"

struct selfaudit_fact {
    const struct claim_service *service;
    uint32_t id; /* STORE_NO_CODE */
    bool has_family;
    struct store_family family;
    char side; /* L, R, B, 0 */
    enum claim_kind kind;
    bool shown; /* its day is one of those asked for */
};

/* Lines, and those that carry a modifier, of a provider or a code. */
struct selfaudit_rate {
    uint64_t key;
    int64_t lines, carrying;
};
struct selfaudit_rates {
    struct selfaudit_rate *at; /* ascending by key */
    int count, capacity;
};

struct selfaudit_state {
    const struct store *store;
    const struct selfaudit_options *options;
    struct arena *arena;  /* of the result */
    struct arena scratch; /* of the patient in hand */
    struct selfaudit *result;
    struct out words; /* of the row in hand */
    uint64_t patient, payer;
    bool medicare; /* the payer is known to be */
    struct selfaudit_fact *facts; /* ascending by day */
    int fact_count;
    const struct selfaudit_row **ends[SELFAUDIT_QUERIES_MAX]; /* where the next row goes */
    uint64_t looked[SELFAUDIT_QUERIES_MAX];             /* patient counted last */
    uint64_t found[SELFAUDIT_QUERIES_MAX];
    struct selfaudit_rates providers, codes;
    bool failed; /* memory */
};

bool names_include(const struct selfaudit_names *names, const struct selfaudit_fact *fact);
bool codes_include(const struct selfaudit_query *query, const struct selfaudit_fact *fact);
/* Index behind the facts of the same day. */
int day_end(const struct selfaudit_state *state, int begin);

/* ---- counts and rows (selfaudit_row.c) ------------------------------------------------------- */

void looked_add(struct selfaudit_state *state, int query, int64_t sessions, int64_t lines);
/* A row with room for `lines_max` lines, counted as a session; NULL without memory. */
struct selfaudit_row *row_add(struct selfaudit_state *state, int query,
                              const struct selfaudit_fact *fact, int lines_max);
/* A line that exceeds by so many thousandths of a unit, and its amount. */
void row_line(struct selfaudit_state *state, int query, struct selfaudit_row *row,
              const struct selfaudit_fact *fact, int64_t milli);
int64_t fact_milli(const struct selfaudit_fact *fact); /* its units, one when they are unknown */
/* Takes what state->words holds. */
void row_words(struct selfaudit_state *state, struct selfaudit_row *row);
/* Appends a row that is no session. */
struct selfaudit_row *row_append(struct selfaudit_state *state, int query);

/* ---- kinds ----------------------------------------------------------------------------------- */

/* Asks all queries but those for modifiers about the patient (selfaudit_query.c). */
void queries_ask(struct selfaudit_state *state, const struct selfaudit_table *table);
/* Counts the modifiers of the patient's lines; asks when all were counted (selfaudit_rate.c). */
void rates_count(struct selfaudit_state *state, int query);
void rates_ask(struct selfaudit_state *state, int query);

#endif
