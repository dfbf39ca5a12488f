/* history: earlier services of patients, kept in a file (SQLite) or a database (PostgreSQL).
 *
 *     struct history *h;
 *     history_open(&h, "clinic.history", &(struct history_options){.write = true}, &diag);
 *     history_add(h, claim, &added, &diag);          every claim of a run
 *     history_commit(h, &diag);                      all of them are kept, or none
 *     history_services(h, claim_payer_key(claim), claim->patient_key, &found, &diag);
 *     history_close(h);
 *
 * Everything is loaded when it opens: packed, grouped by patient, found through a hash table. A
 * question costs one look into the table and, when the patient is there, the unpacking of what is
 * asked for. docs/HISTORY.md says what is kept of a claim.
 *
 * A handle belongs to one thread at a time. */
#ifndef CLAIMVET_HISTORY_H
#define CLAIMVET_HISTORY_H

#include "base/base.h"
#include "claim/claim.h"

struct history;

struct history_options {
    bool write;  /* to add claims; makes the file or the tables when they are not there */
    int wait_ms; /* for another writer to finish; 0: ten seconds */
};

/* `where` is the path of a file, or postgresql://… or postgres://… Nothing is locked until the
 * first history_add. Ends with history_close.
 * Errors, STATUS_INPUT: file_missing, file_unreadable, file_is_directory, history_foreign (it is
 * something else), history_newer (of a newer claimvet), history_damaged, history_without_postgres
 * (not built in). STATUS_SYSTEM: memory, history_busy, history_failed (what the database says). */
int history_open(struct history **history, const char *where, const struct history_options *options,
                 struct diag *diag) MUST_USE;

/* `where` for messages: of a URL only host and database, neither user nor password. */
#define HISTORY_NAME_MAX 400
const char *history_name(const char *where, char name[HISTORY_NAME_MAX]);

/* What became of a claim. */
enum history_outcome {
    HISTORY_ADDED,
    HISTORY_KNOWN,      /* the same claim is there: nothing was done */
    HISTORY_REPLACED,   /* added, and took away what it replaces (frequency 7) */
    HISTORY_VOIDED,     /* took away what it voids (frequency 8) */
    HISTORY_SUPERSEDED, /* what replaces or voids it is there already: its services do not count */
    HISTORY_NO_PATIENT, /* refused: whose services are these? */
    HISTORY_OUTCOMES
};

struct history_added {
    enum history_outcome outcome;
    int services; /* kept of this claim */
    int left_out; /* its lines and rows that have no day or no code */
    int removed;  /* earlier claims of the patient that this one took the place of */
};

/* Takes the services of a claim, and the rows of its own `history`, for its payer and patient.
 * The answer of the same set of claims is the same whatever their order, but of two replacements of
 * one claim that are not told apart by the day they were received the one added last counts. The
 * first call after history_open or history_commit waits for other writers and reads what they
 * added. On an error the claim is not added and the others stay.
 * Errors, STATUS_SYSTEM: memory, history_busy, history_failed; STATUS_INPUT: history_damaged. */
int history_add(struct history *history, const struct claim *claim, struct history_added *added,
                struct diag *diag) MUST_USE;

/* Keeps what was added since the last commit; after an error, or when the program is killed, none
 * of it is kept. What was added and never committed is forgotten by history_close.
 * Errors, STATUS_SYSTEM: memory, history_failed. */
int history_commit(struct history *history, struct diag *diag) MUST_USE;

struct history_found {
    bool known; /* claims of this patient and payer were added; `count` may still be 0 */
    const struct claim_service *services; /* ascending by day */
    int count;
};

/* The earlier services of a patient with a payer, what was just added included. They live until the
 * next call with this handle. What a claim said of itself ("same_level", …) is not kept: in these
 * services it is unknown. Errors, STATUS_SYSTEM: memory. */
int history_services(struct history *history, uint64_t payer_key, uint64_t patient_key,
                     struct history_found *found, struct diag *diag) MUST_USE;

/* Ask the memory for what history_services will need, and do not wait for it: the first some eight
 * claims ahead, the second some four. They change nothing but how long the question takes. */
void history_fetch_patient(const struct history *history, uint64_t payer_key,
                           uint64_t patient_key);
void history_fetch_services(const struct history *history, uint64_t payer_key,
                            uint64_t patient_key);

/* The payers that have claims of the patient: `*payer_key` of the one behind `*cursor`, which
 * begins at 0; false when there is none left. Looks at all patients: for people, not for the audit.
 * Sees what was there when the history was opened. */
bool history_payer_next(const struct history *history, uint64_t patient_key, int64_t *cursor,
                        uint64_t *payer_key) MUST_USE;

/* One patient with one payer after the other: the keys of the one behind `*cursor`, which begins at
 * 0; false when there is none left. In no order that means anything. Sees what was there when the
 * history was opened. */
bool history_patient_next(const struct history *history, int64_t *cursor, uint64_t *payer_key,
                          uint64_t *patient_key) MUST_USE;

struct history_totals {
    int64_t patients; /* pairs of payer and patient */
    int64_t claims;
    int64_t services;
    struct date first, last; /* DATE_NONE without a service */
    int64_t bytes;           /* of the loaded form */
};

/* Counts what was there when the history was opened. Errors, STATUS_SYSTEM: memory. */
int history_totals(struct history *history, struct history_totals *totals,
                   struct diag *diag) MUST_USE;

void history_close(struct history *history); /* NULL is fine */

#endif
