/* Inside of audit: the state behind the opaque handle, and what is made once for all claims. */
#ifndef CLAIMVET_AUDIT_STATE_H
#define CLAIMVET_AUDIT_STATE_H

#include "audit/across.h"
#include "audit/audit_internal.h"

struct edition {
    struct date effective;
    uint16_t release;
    bool partial;
    bool extract;
    bool dated;
};

#define EDITION_DAYS 16 /* power of two; days asked for last of a table */

struct edition_answer {
    struct date on; /* DATE_NONE: nothing asked yet */
    bool known, stale, extract, partial;
    uint16_t release; /* the edition that speaks, when known */
};

/* Editions of the store by table and first day, for pass_looked (edition.c). */
struct edition_index {
    bool ready;
    int first[STORE_TABLES + 1]; /* of a table, in `editions` */
    struct edition editions[STORE_RELEASES_MAX];
    struct edition_answer last[STORE_TABLES][EDITION_DAYS]; /* by day: a file has those of a week */
};

#define CODE_SET_SLOTS 1024     /* power of two, four times the codes */
#define CODE_SET_CODES_MAX 256  /* codes in the sets that checks name */
#define CODE_SET_SINGLES_MAX 30 /* sets of single codes: bits beside the two others in a word */

struct code_set_slot {
    uint32_t id;
    uint32_t sets; /* bits of anatomy.h, 0: free */
};

/* The code sets of the store by code, for code_sets_of (code_set.c). */
struct code_set_index {
    bool ready;
    bool cut;         /* more codes or sets than fit: checks of sets are not complete */
    uint16_t release; /* that the sets come from */
    int count;
    int single_count;
    struct view single_names[CODE_SET_SINGLES_MAX];
    struct code_set_slot slots[CODE_SET_SLOTS];
};

#define PAYER_SLOTS 64  /* six bits of a hash; a practice bills a few dozen payers */
#define PAYER_ID_MAX 24 /* longer ids are asked anew each time */
#define PLACE_SLOTS 64  /* six bits of a hash */
#define MODIFIER_DIGITS ('Z' - '0' + 1) /* each of the two characters of a modifier */
#define MODIFIER_NUMBERS (MODIFIER_DIGITS * MODIFIER_DIGITS)

/* What the store said last about a payer id and a filing indicator (pass.c). */
struct payer_answer {
    bool made, known;
    int id_size;
    char id[PAYER_ID_MAX];
    struct code filing;
    struct view profile;
    struct store_payer payer;
};

/* What it said last about a place of service on a day. */
struct place_answer {
    struct code pos; /* CODE_NONE: free */
    struct date on;
    bool known;
    struct store_pos row;
};

#define POLICY_CHECKS_MAX 1024 /* entries of all policies */
#define POLICY_FAMILIES_MAX 128 /* of the store, which has about 70 */
#define POLICY_LOOSE_MAX 64 /* entries that name no code */
#define POLICY_PAYS_MAX 8
#define POLICY_PAYERS_MAX 64
#define POLICY_LCDS_MAX 16
#define POLICY_LCD_ROWS_MAX 254 /* of rules/lcd.tsv: their number + 1 is a byte */

struct policy_payer {
    struct view profile;
    uint64_t entries[POLICY_CHECKS_MAX / 64];
};

/* First row of rules/lcd.tsv + 1 by state, for one family of policies. */
struct policy_lcds {
    struct view family;
    int states;
    uint8_t row[26 * 26];
};

/* What of an entry's scope most lines fall out of, in one place. */
struct policy_scope {
    int32_t first, last; /* days on which entry and rule hold */
    uint32_t regions;    /* bits of enum store_region, 0: all */
    uint8_t classes;     /* bits of line_classes, 0: all */
    bool odd;            /* codes left out, places, modifiers, units: ask line_scope */
};

/* The entries of policies by code and payer, and those for the claim in hand (policy.c). */
struct policy_index {
    const struct rule_set *rules;
    const struct rule_check **checks;
    int count;
    uint32_t *first; /* by code id, in `list` */
    uint16_t *list;
    uint16_t loose[POLICY_LOOSE_MAX];
    int loose_count;
    uint16_t pays[POLICY_PAYS_MAX];
    int pays_count;
    struct policy_payer payers[POLICY_PAYERS_MAX];
    int payer_count;
    struct policy_lcds lcds[POLICY_LCDS_MAX];
    int lcd_count;
    struct policy_scope scope[POLICY_CHECKS_MAX];
    uint64_t bare[POLICY_CHECKS_MAX];   /* what it lacks without chart, or history; 0: ask it */
    uint8_t covered[POLICY_CHECKS_MAX]; /* list of diagnoses, by its number in `covered_list` */
    uint8_t *covered_list;              /* of each row of rules/covered_dx.tsv */
    const struct policy_lcds *lcd_of[POLICY_CHECKS_MAX]; /* NULL: asks for no such policy */
    uint8_t *family_class;                               /* enum family_class by code id */
    uint64_t touched[POLICY_CHECKS_MAX / 64]; /* entries that look at a line */
    uint64_t lines[POLICY_CHECKS_MAX];        /* which lines, for those touched */
    bool unsure[POLICY_CHECKS_MAX];           /* a line whose intent is not known */
};

struct audit {
    const struct store *store;
    const struct rule *rules[AUDIT_RULES];
    struct audit_options options;
    struct arena arena;   /* of the claim in hand */
    struct memory memory; /* earlier claims of the run */
    struct edition_index editions;
    struct code_set_index code_sets;
    struct policy_index policies;
    struct payer_answer payers[PAYER_SLOTS];
    struct place_answer places[PLACE_SLOTS];
    uint32_t modifier_flags[MODIFIER_NUMBERS + 1]; /* line_flag by modifier (pass.c) */
    bool limit_known;
    int32_t shortest_limit; /* days of timely filing of any payer, when known (check_dates.c) */
    struct arena *home; /* that it was opened with */
    struct opportunity_search *search; /* opportunity.c; NULL: nothing was looked for so far */
    struct audit_pass pass;
    struct audit_result result;
};

void modifier_flags_open(struct audit *audit);
void pass_open(struct audit_pass *pass, const struct claim *claim);
/* Errors, STATUS_INPUT: rule_unknown_name (the store does not know it), rule_too_many,
 * store_too_many. STATUS_SYSTEM: memory. */
int policy_open(struct audit *audit, const struct rule_set *rules, struct arena *arena,
                struct diag *diag) MUST_USE;
/* Who pays the claim in hand, as the pricer asks. */
struct price_payer pass_price_payer(const struct audit_pass *pass);
int pass_rule_order(const struct audit_pass *pass, const struct rule *rule);

#endif
