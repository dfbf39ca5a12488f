/* Inside of price: what the steps share. A claim is priced in two stages: each line alone
 * (fee.c, once a claim), then the lines together (together.c, once for each set of denied
 * lines). */
#ifndef CLAIMVET_PRICE_INTERNAL_H
#define CLAIMVET_PRICE_INTERNAL_H

#include "price/price.h"

#define PERCENT INT64_C(10000) /* one per cent in the values of payment rules */
#define WHOLE (100 * PERCENT)  /* all of an amount */
/* No unit costs ten million dollars and no line has a million units: products stay below 2^63. */
#define CENTS_MAX INT64_C(1000000000)
#define MILLI_MAX INT64_C(1000000000)

enum payment_rule {
#define PAYMENT(name) PAYMENT_##name,
#include "price/rules.def"
#undef PAYMENT
    PAYMENT_RULES
};

struct payment_value {
    int64_t value; /* four decimals */
    bool known, trial;
};

/* The payment rules of the days from `from` to `to`. */
struct payment_set {
    bool read;
    struct date from, to;
    struct payment_value at[PAYMENT_RULES];
};

/* A line on its own. */
struct work {
    const struct claim_line *line;
    struct date on;
    uint64_t provider;
    uint32_t id;
    bool facility;
    bool hospital; /* place of service 19, 21, 22, 23 */
    bool in_store; /* `row` holds */
    struct store_mpfs row;     /* of the code and its 26, TC or 53 */
    const struct payment_set *rules;
    struct store_locality locality; /* national: factors of one */
    bool local;                     /* `locality` is one */
    struct code part;          /* modifier whose row `row` is: 26, TC, 53, or none */
    bool professional, technical;   /* modifier 26, TC */
    bool left, right, both;         /* LT, RT, 50 */
    bool waived;                    /* 33, PT: no share of the patient */
    char component;      /* multiple-procedure indicator 4 to 7, as far as it applies, else '0' */
    int64_t unit;        /* cents of one unit after its modifiers */
    int64_t milli;       /* units x 1000 */
    int64_t full;        /* cents of all units, one side unless the line says both */
    int64_t coinsurance; /* percentage with four decimals */
    int64_t part_professional, part_technical, part_expense; /* cents of one unit */
    int64_t base;        /* cents of the base endoscopy, -1: not known */
};

struct pricer {
    const struct store *store;
    struct price_options options;
    struct store_locality given; /* --locality */
    bool has_given;
    struct payment_set sets[4]; /* by the days asked last */
    int set_next;
    char zip[16]; /* asked last, and what it gave on the days from `zip_from` to `zip_to` */
    ptrdiff_t zip_size;
    struct date zip_from, zip_to;
    struct store_locality zip_locality;
    bool zip_found, zip_split;
    struct price_payer payer;
    const struct claim *claim;
    uint64_t provider; /* of the claim */
    struct work work[CLAIM_LINES_MAX];
    struct price price;
    struct price_step steps[CLAIM_LINES_MAX][PRICE_STEPS_MAX];
};

const struct payment_set *payment_rules(struct pricer *pricer, struct date on);
/* The value of a rule, and whether it is trial put into the line; `otherwise` when the store has
 * none for the day. */
int64_t payment_value(const struct work *work, struct price_line *line, enum payment_rule rule,
                      int64_t otherwise);

/* The locality of a line; factors of one, and false, without one. */
bool locality_find(struct pricer *pricer, const struct claim_line *line, struct date on,
                   struct store_locality *locality);

/* Prices the line alone: state, fee, unit, full. */
void line_alone(struct pricer *pricer, int index);
/* Adds a step to a line when steps are kept. */
void step_add(const struct pricer *pricer, struct price_line *line, enum price_step_kind kind,
              int64_t value, int64_t cents);
struct price_step *step_last(struct price_line *line);
void line_unknown(struct price_line *line, struct view need);
void line_nothing(struct price_line *line, struct view reason);
static inline bool line_has_modifier(const struct claim_line *line, struct code modifier) {
    for (int i = 0; i < line->modifier_count; i++) {
        if (code_equal(line->modifiers[i], modifier)) {
            return true;
        }
    }
    return false;
}

/* Imaging pays no more than the outpatient department's amount, where the store has one
 * [rvu26a]. */
int64_t fee_capped(const struct store *store, struct code code, struct code part,
                   const struct store_locality *locality, bool in_facility,
                   struct store_when when, int64_t cents);
/* The amount of the unit after modifiers (modifier.c). */
void unit_modifiers(struct pricer *pricer, struct work *work, struct price_line *line);

/* All lines together, but the denied: writes the amounts into `cents` (0 for lines without). With
 * `lines` also the steps. */
void amounts_together(struct pricer *pricer, uint64_t denied, int64_t cents[CLAIM_LINES_MAX],
                    struct price_line *lines);
/* Several procedures of one provider on one day, after both sides. `partner[i]`: the line of the
 * other side, or -1. */
void amounts_rank(struct pricer *pricer, uint64_t paid, const int partner[CLAIM_LINES_MAX],
                int64_t cents[CLAIM_LINES_MAX], struct price_line *lines);
/* Imaging, heart, eye and therapy services of one provider on one day. */
void amounts_components(struct pricer *pricer, uint64_t paid, int64_t cents[CLAIM_LINES_MAX],
                      struct price_line *lines);
bool same_visit(const struct work *a, const struct work *b);
/* An order of lines by what they say, so that where they stand changes nothing: code, modifiers,
 * units, charge. False for lines that are alike. */
bool work_before(const struct work *a, const struct work *b);

/* What the schedule says of a code; NULL: nothing. */
struct schedule_row {
    struct view payer;
    struct code prefix;   /* CODE_NONE: every code */
    bool whole;           /* the prefix is a whole code */
    struct code modifier; /* CODE_NONE: any */
    bool is_amount;
    int64_t value; /* cents, or a percentage with four decimals */
    struct date from, to;
};
const struct schedule_row *schedule_find(const struct price_schedule *schedule, struct view payer,
                                         const struct claim_line *line, struct date on);
bool schedule_knows(const struct price_schedule *schedule, struct view payer);

#endif
