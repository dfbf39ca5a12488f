/* Inside of the practice report: what is counted, and the tables that its formats share. */
#ifndef CLAIMVET_PRACTICE_INTERNAL_H
#define CLAIMVET_PRACTICE_INTERNAL_H

#include "report/report_internal.h"

#define PRACTICE_KEY_MAX 96   /* bytes of a name that tell rows apart; longer ones are cut */
#define PRACTICE_LABEL_MAX 64 /* bytes of a payer's name that are shown; NM103 has at most 60 */
#define PRACTICE_CLAIMS_MAX 20
#define PRACTICE_CLAIM_RULES_MAX 6 /* of a claim in the list that are named */
#define PRACTICE_NOTES 5

enum practice_name { PRACTICE_BASES, PRACTICE_MONTHS, PRACTICE_RULES, PRACTICE_PAYERS,
                     PRACTICE_PROVIDERS, PRACTICE_CODES, PRACTICE_TABLES };

/* Money in cents. What is at risk counts where it is known; `unknown` counts where it is not: lines
 * of providers and codes, findings of rules, claims of all others. */
struct practice_sums {
    int64_t claims, not_clean, lines, findings, errors;
    int64_t units, minutes; /* thousandths */
    int64_t charge, allowed, at_risk, charge_at_risk;
    int64_t no_amount; /* lines */
    int64_t unknown;
};

struct practice_row {
    char key[PRACTICE_KEY_MAX]; /* of a payer: the profile, a line end, its id or else its name */
    int key_size;
    char label[PRACTICE_LABEL_MAX]; /* of a payer: the first of its names in byte order */
    int label_size;
    const struct rule *rule;
    const struct rule_cite *cite; /* of a rule: the first of its findings' in byte order */
    enum rule_severity severity;  /* the severest of the findings of a rule */
    int64_t claim, finding;       /* the last that were counted here */
    struct practice_sums sums;
};

/* Rows found by their key. */
struct practice_table {
    struct practice_row *rows;
    int count, capacity;
    int32_t *slots; /* index of a row and 1; 0: free */
    int slot_count; /* power of two */
    struct practice_row others; /* of keys that came when the table was full */
};

/* A claim of the list. */
struct practice_claim {
    char id[ID_SIZE_MAX];
    int id_size;
    char payer[PRACTICE_LABEL_MAX];
    int payer_size;
    struct date on;
    const struct rule *rules[PRACTICE_CLAIM_RULES_MAX]; /* with errors, by their ids */
    int rule_count, rules_more;
    struct money at_risk, charge;
};

struct report_practice {
    const struct store *store;
    struct view not_loaded[NOT_LOADED_MAX];
    int not_loaded_count;
    bool failed; /* memory was refused */

    struct practice_row total;
    int64_t verdicts[3];   /* by audit_verdict */
    int64_t severities[4]; /* findings with status fail, by rule_severity */
    int64_t bypassed, findings_seen;
    struct date first, last; /* days of service */
    struct release_set stale;
    struct practice_table tables[PRACTICE_TABLES];
    struct practice_claim top[PRACTICE_CLAIMS_MAX]; /* most at risk first */
    int top_count;
};

/* ---- rows (practice_rows.c) ---------------------------------------------------------------- */

#define PRACTICE_OTHERS (-1)

/* Index of the row with that key, made when it is new; PRACTICE_OTHERS when there is no room. */
int practice_find(struct report_practice *practice, enum practice_name name, struct view key);
struct practice_row *practice_at(struct practice_table *table, int index);
/* By money at risk, then findings, then name; months and bases by their names. No claim may come
 * after it. */
void practice_sort(struct report_practice *practice);
/* A part of `whole` in `total`, rounded down; the whole of it is `total`. */
int64_t practice_share(int64_t total, int64_t part, int64_t whole);
/* So many bytes of the text, or fewer so that no character is cut. */
int practice_copy(char *to, int size_max, struct view text);

/* ---- tables as the formats show them (practice_table.c) ------------------------------------ */

enum practice_cell {
    CELL_NAME,
    CELL_ABOUT,
    CELL_ID,
    CELL_PROFILE,
    CELL_SEVERITY,
    CELL_CITE,
    CELL_CLAIMS,
    CELL_NOT_CLEAN,
    CELL_LINES,
    CELL_UNITS,
    CELL_MINUTES,
    CELL_FINDINGS,
    CELL_ERRORS,
    CELL_CHARGE,
    CELL_ALLOWED,
    CELL_NO_AMOUNT,
    CELL_AT_RISK,
    CELL_UNKNOWN,
    CELL_CHARGE_AT_RISK,
    PRACTICE_CELLS
};

struct practice_shape {
    const char *id;      /* word of the csv, anchor of the html */
    const char *heading;
    const char *caption; /* of the table in html */
    const char *first;   /* title of the first column */
    enum practice_cell cells[PRACTICE_CELLS];
    int cell_count;
};
extern const struct practice_shape practice_shapes[PRACTICE_TABLES];
const char *practice_cell_title(const struct practice_shape *shape, enum practice_cell cell);
/* The same for narrow columns. */
const char *practice_cell_brief(const struct practice_shape *shape, enum practice_cell cell);
const char *practice_cell_word(enum practice_cell cell); /* for the header of the csv */
bool practice_cell_is_text(enum practice_cell cell);
bool practice_cell_is_money(enum practice_cell cell);
int64_t practice_cell_value(const struct practice_row *row, enum practice_cell cell);
/* An amount of which nothing is known: it is not shown as zero. */
bool practice_cell_unknown(const struct practice_row *row, enum practice_cell cell);
/* The cell as it came, not yet safe. */
void practice_cell_write(struct out *out, enum practice_name name, const struct practice_row *row,
                         enum practice_cell cell);
/* Rows with the one of the others, if there are any. */
int practice_row_count(const struct practice_table *table);
const struct practice_row *practice_row(const struct practice_table *table, int index);
bool practice_is_others(const struct practice_table *table, const struct practice_row *row);

/* ---- sentences of text and html (practice_table.c) ----------------------------------------- */

enum practice_saying { SAYS_PERIOD, SAYS_INPUT, SAYS_CLAIMS, SAYS_FINDINGS, SAYS_CHARGES,
                     SAYS_ALLOWED, SAYS_AT_RISK, SAYS_CHARGE_AT_RISK, SAYS_STALE, SAYS_NOT_LOADED,
                     PRACTICE_SAYINGS };
const char *practice_saying_label(enum practice_saying saying);
/* Nothing when there is nothing to say. */
void practice_saying_write(struct out *out, const struct report_practice *practice,
                           const struct practice_about *about, enum practice_saying saying);
/* "claimvet 0.1.0, store xxh3:…, as of …, made on …" */
void practice_origin_write(struct out *out, const struct report_practice *practice,
                           const struct practice_about *about);
/* The rules of a claim in the list, with ", " between. */
void practice_claim_rules_write(struct out *out, const struct practice_claim *claim);
void practice_at_risk_write(struct out *out, struct money at_risk); /* or "not known" */
extern const char *const practice_notes[PRACTICE_NOTES];

/* ---- formats ------------------------------------------------------------------------------- */

void practice_text(struct out *out, const struct report_practice *practice,
                   const struct practice_about *about);
void practice_csv(struct out *out, const struct report_practice *practice);
void practice_html(struct out *out, const struct report_practice *practice,
                   const struct practice_about *about);

#define CHART_MONTHS_MAX 12 /* bars that stay readable side by side */
#define CHART_RULES_MAX 10
/* A bar for each of the newest months, with the value of the cell; `id` is its anchor. */
void practice_chart_months(struct out *out, const struct report_practice *practice,
                           enum practice_cell cell, const char *id, const char *title);
/* A bar for each of the first rules: money at risk, or findings where no money is known. */
void practice_chart_rules(struct out *out, const struct report_practice *practice);

#endif
