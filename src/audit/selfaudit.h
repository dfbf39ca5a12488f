/* The queries of the inspector general over the history of a practice. They, their limits and
 * families stand in rules/selfaudit.tsv.
 *
 *     selfaudit_table(&table, text, &arena, &diag);
 *     selfaudit_run(&result, &table, store, history, &(struct selfaudit_options){…}, &arena,
 *                   &diag);
 *
 * A session is a day of a patient with a payer, of a region of the spine where there is one. */
#ifndef CLAIMVET_AUDIT_SELFAUDIT_H
#define CLAIMVET_AUDIT_SELFAUDIT_H

#include "base/base.h"
#include "claim/claim.h"
#include "rule/rule.h"
#include "store/store.h"

struct history;

#define SELFAUDIT_NAMES_MAX 8    /* families in one cell; the longest list has four */
#define SELFAUDIT_CODES_MAX 16   /* codes in one cell */
#define SELFAUDIT_QUERIES_MAX 32 /* rows of the table */
#define SELFAUDIT_LEVELS_MAX 5   /* sessions of so many levels and more are one number */
#define SELFAUDIT_BARE_MAX 64    /* codes without an amount; the families of a query have fewer */

enum selfaudit_kind {
    SELFAUDIT_SESSIONS,    /* more than `limit` in a window of `months` */
    SELFAUDIT_LEVELS,      /* more than `limit` in a session, a level on both sides once */
    SELFAUDIT_SAME_DAY,    /* `families` on a day with one of `with` */
    SELFAUDIT_SECOND_SIDE, /* `codes` on a side on which their first level is not */
    SELFAUDIT_CODES,       /* `codes` at all, beside the levels of all sessions */
    SELFAUDIT_MODIFIERS,   /* a rate above `limit` times that of all lines */
    SELFAUDIT_KINDS
};

struct selfaudit_names {
    struct view at[SELFAUDIT_NAMES_MAX];
    int count;
};

struct selfaudit_query {
    struct view id;
    enum selfaudit_kind kind;
    enum rule_severity severity;
    struct selfaudit_names families, with;
    struct code codes[SELFAUDIT_CODES_MAX];
    int code_count;
    bool intent_given; /* else every intent counts */
    enum claim_kind intent;
    int limit, months, lines_min; /* 0: the query has none */
    struct view asks, why;
    struct view cite; /* keys of rules/sources.tsv with blanks between */
};

struct selfaudit_table {
    const struct selfaudit_query *queries;
    int count;
};

/* Reads the text of selfaudit.tsv, which must outlive the queries.
 * Errors: STATUS_INPUT, selfaudit_syntax with the line; STATUS_SYSTEM, memory. */
int selfaudit_table(struct selfaudit_table *table, struct view text, struct arena *arena,
                    struct diag *diag) MUST_USE;

struct selfaudit_line {
    struct code code;
    struct code modifiers[CLAIM_MODIFIERS_MAX];
    int modifier_count;
    struct quantity units; /* those that exceed; one where the history has none */
    struct money amount;   /* national, before locality and modifiers; MONEY_NONE: no amount */
};

/* What exceeds: a session, or, of SELFAUDIT_MODIFIERS, a provider or a code. */
struct selfaudit_row {
    const struct selfaudit_row *next;
    uint64_t patient, payer;
    enum store_region region; /* REGION_NONE: of no region */
    struct date on;
    const struct date *days; /* SELFAUDIT_SESSIONS: the sessions that count, `on` the last */
    int day_count;
    int levels;          /* SELFAUDIT_LEVELS */
    bool side_unknown;   /* … and some units carry no side, so that there may be fewer */
    struct selfaudit_line *lines;
    int line_count;
    struct money amount; /* of the lines that have one */
    struct view words;   /* what exceeds, as a sentence without an end */
    uint64_t provider;   /* SELFAUDIT_MODIFIERS: of this NPI hash, or */
    struct code code;    /* of this code */
    int64_t lines_seen, lines_carrying;
};

struct selfaudit_counts {
    int64_t patients, sessions, lines;
};

struct selfaudit_answer {
    const struct selfaudit_query *query;
    struct selfaudit_counts looked; /* what the query speaks of; SAME_DAY: the `with` families */
    struct selfaudit_counts found;  /* what exceeds; MODIFIERS: what carries one */
    const struct selfaudit_row *rows; /* by patient, payer and day */
    int64_t row_count;
    struct money amount;
    int64_t lines_bare; /* found, and without an amount */
    struct code bare[SELFAUDIT_BARE_MAX];
    int bare_count;
    int64_t lines_other_year; /* found, with the amount of a schedule of another year */
    int64_t levels[SELFAUDIT_LEVELS_MAX]; /* sessions of 1, 2, … levels: LEVELS and CODES */
};

struct selfaudit_options {
    struct date from, to; /* days of service that are shown, both included; DATE_NONE: open */
    struct view payer;    /* as in the claims, its id or name; VIEW_NONE: all */
};

struct selfaudit {
    struct selfaudit_answer answers[SELFAUDIT_QUERIES_MAX];
    int count;
    int64_t patients, services; /* looked at; a patient with two payers is one */
    struct date first, last;    /* day of a service; DATE_NONE without one */
};

/* The same history gives the same answers, in the same order. The history must not be added to.
 * Errors, STATUS_SYSTEM: memory. */
int selfaudit_run(struct selfaudit *result, const struct selfaudit_table *table,
                  const struct store *store, struct history *history,
                  const struct selfaudit_options *options, struct arena *arena,
                  struct diag *diag) MUST_USE;
/* 1 when a query of severity error found something, otherwise STATUS_OK. */
int selfaudit_status(const struct selfaudit *result);

#endif
