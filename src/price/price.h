/* price: fee schedules and payment rules on money; pure. Medicare's physician fee schedule by
 * locality, drug payment limits, anesthesia, and contract schedules of other payers.
 *
 *     struct pricer *p;
 *     price_open(&p, store, &(struct price_options){…}, &arena, &diag);
 *     const struct price *paid = price_claim(p, claim, &payer);   valid until the next price_claim
 *     struct money less = price_without(p, lines);                the same claim, lines denied
 *
 * All amounts are exact integers; every step rounds once, half up, to cents [edits-5]. A line whose
 * amount cannot be told is PRICE_UNKNOWN and names what is missing; it is never counted as zero
 * without a word. Order of the steps: fee, units, modifiers, both sides, several procedures, lower
 * of the charge, deductible, coinsurance, sequestration. */
#ifndef CLAIMVET_PRICE_H
#define CLAIMVET_PRICE_H

#include "base/base.h"
#include "claim/claim.h"
#include "store/store.h"

#define PRICE_STEPS_MAX 12 /* of a line; the longest way through the rules has ten */

enum price_state {
    PRICE_UNKNOWN, /* see `need` */
    PRICE_NOTHING, /* not paid by this schedule: see `reason` */
    PRICE_AMOUNT
};

enum price_basis {
    PRICE_BASIS_NONE,     /* neither Medicare nor a schedule of the payer */
    PRICE_BASIS_MEDICARE, /* physician fee schedule and drug payment limits */
    PRICE_BASIS_SCHEDULE  /* the payer's contract schedule */
};

/* What happened to the amount of a line. `value` is a percentage with four decimals unless the
 * step says otherwise. */
enum price_step_kind {
    PRICE_STEP_FEE,         /* relative values, see struct price_fee */
    PRICE_STEP_DRUG,        /* payment limit of a unit; value: dollars x 1000 */
    PRICE_STEP_ANESTHESIA,  /* value: units x 10 */
    PRICE_STEP_CONTRACT,    /* amount of the schedule */
    PRICE_STEP_OF_MEDICARE, /* percentage of Medicare's fee that the schedule pays */
    PRICE_STEP_CAP,         /* imaging: the outpatient amount is lower */
    PRICE_STEP_NONPAR,      /* not participating */
    PRICE_STEP_UNITS,       /* value: units x 1000 */
    PRICE_STEP_MODIFIER,    /* `modifier` pays a part */
    PRICE_STEP_PROVIDER,    /* nurse practitioner, physician assistant */
    PRICE_STEP_BOTH_SIDES,  /* modifier 50, or two in the units */
    PRICE_STEP_SECOND_SIDE, /* the other side is another line; value: what both get of one fee */
    PRICE_STEP_FAMILY,      /* less the base endoscopy; amount is what is left */
    PRICE_STEP_RANK,        /* several procedures; `rank` of this one, counted from 1 */
    PRICE_STEP_COMPONENT,   /* several imaging, heart or eye tests, therapy: a part is reduced */
    PRICE_STEP_CHARGE,      /* the charge is lower */
    PRICE_STEP_DEDUCTIBLE,
    PRICE_STEP_COINSURANCE,
    PRICE_STEP_SEQUESTRATION
};

struct price_step {
    enum price_step_kind kind;
    int64_t value;
    int rank;             /* PRICE_STEP_RANK */
    struct code modifier; /* PRICE_STEP_MODIFIER */
    struct money amount;  /* after the step; of the last three: what it takes away */
};

/* The parts of a fee: (work x gpci + …) x conversion. */
struct price_fee {
    int32_t work, expense, malpractice;                /* RVU x 100 */
    int32_t work_gpci, expense_gpci, malpractice_gpci; /* x 1000 */
    int32_t conversion;                                /* dollars x 10000 */
    bool facility;
};

struct price_line {
    enum price_state state;
    struct view reason;   /* why it pays nothing, or what the amount leaves open; may be empty */
    struct view need;     /* PRICE_UNKNOWN: "store:asp:J0702", "claim:place_of_service" */
    struct money fee;     /* of one unit, before modifiers; MONEY_NONE when not known */
    struct money allowed; /* MONEY_NONE unless PRICE_AMOUNT or PRICE_NOTHING */
    struct money patient; /* deductible and coinsurance; MONEY_NONE without Medicare's rules */
    struct money paid;    /* by Medicare, after sequestration; MONEY_NONE likewise */
    struct money limit;   /* limiting charge of one unit, MONEY_NONE when participating */
    bool trial;           /* a step rests on a rule that was not verified on its source */
    bool has_parts;       /* `parts` hold */
    struct price_fee parts;
    enum store_table table; /* of `proof` */
    struct store_proof proof;
    struct price_step *steps; /* room for PRICE_STEPS_MAX */
    int step_count;
};

struct price {
    enum price_basis basis;
    struct view need;      /* PRICE_BASIS_NONE: "schedule:uhc", "claim:payer" */
    bool has_locality;     /* else national amounts */
    bool zip_split;        /* the ZIP lies in several localities and was given with five digits */
    struct store_locality locality; /* of the first line */
    struct price_line lines[CLAIM_LINES_MAX]; /* as the lines of the claim */
    int line_count;
    int unknown;           /* lines without an amount */
    struct money allowed, patient, paid; /* of the lines that have one */
};

struct price_schedule; /* contract schedules of payers (schedule.c) */

struct price_options {
    struct date as_of;
    struct code carrier, locality; /* CODE_NONE: by the ZIP code of the service */
    bool national;                 /* whatever the ZIP code */
    bool qp;               /* qualifying participant: the higher conversion factor of 2026 */
    bool nonparticipating;
    bool steps;            /* keep the steps; without them only amounts */
    int base_units;        /* of anesthesia codes, 0: not known */
    struct money deductible; /* what is left of it; MONEY_NONE: it is met */
    const struct price_schedule *schedule; /* NULL: none; must outlive the pricer */
};

/* Who pays: the profile, and whether it pays by Medicare's fee schedule. */
struct price_payer {
    struct view profile; /* empty: not known */
    bool medicare;
};

struct pricer;

/* Errors: memory; price_locality (no such carrier and locality). */
int price_open(struct pricer **pricer, const struct store *store,
               const struct price_options *options, struct arena *arena,
               struct diag *diag) MUST_USE;
/* What the claim pays when nothing of it is denied. */
const struct price *price_claim(struct pricer *pricer, const struct claim *claim,
                                const struct price_payer *payer);
/* What is allowed for the claim priced last when these lines (bits of their indexes) are denied;
 * never more than with them. */
struct money price_without(struct pricer *pricer, uint64_t denied);

/* Fee of one unit from its parts, before modifiers, in cents [edits-5]. */
int64_t price_fee_cents(const struct price_fee *fee);
/* `percent` with four decimals of an amount, rounded half up to cents. */
int64_t price_percent(int64_t cents, int64_t percent);
/* Anesthesia: base and time units (tenths) at a factor of ten-thousandths of a dollar. */
int64_t price_anesthesia_cents(int64_t unit_tenths, int64_t conversion);

/* Reads a schedule: csv with a header of payer, code, modifier, percent, amount, from, to in any
 * order; `*` as code is every code, `*` behind digits every code that begins so. The row whose code
 * is longest decides, of equal ones the one with the modifier. Views of it live in `arena`.
 * Errors, with line and column: schedule_header, schedule_row, schedule_twice, memory. */
int price_schedule_read(const struct price_schedule **schedule, struct view csv,
                        struct arena *arena, struct diag *diag) MUST_USE;

/* Compares every row of a published amount file in the store with the formula. Calls `differs` for
 * each row that is not equal to the cent; answers with the rows compared. */
struct price_published {
    struct code code, modifier, carrier, locality;
    bool facility;
    struct money published, ours; /* ours: MONEY_NONE when the store has no fee for the row */
};
typedef void price_differs(void *context, const struct price_published *row);
int64_t price_check_published(const struct store *store, struct date as_of,
                              price_differs *differs, void *context);

#endif
