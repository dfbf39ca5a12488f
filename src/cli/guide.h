/* The practice guide judged statement by statement (rules/guide.tsv), and its assertions, which a
 * store can confirm or contradict. */
#ifndef CLAIMVET_GUIDE_H
#define CLAIMVET_GUIDE_H

#include "base/base.h"
#include "claim/claim.h"
#include "price/price.h"
#include "store/store.h"

#define GUIDE_CODES_MAX 4   /* codes in one assertion: a first level and three more */
#define GUIDE_NUMBERS_MAX 4 /* figures and choices in one assertion */

enum guide_word {
#define WORD(kind, word, form, table, ask) GUIDE_##kind,
#include "cli/guide_words.def"
#undef WORD
    GUIDE_WORDS
};

struct guide_assertion {
    struct view text;
    enum guide_word word;
    struct code codes[GUIDE_CODES_MAX];
    struct code modifiers[GUIDE_CODES_MAX];
    int64_t units[GUIDE_CODES_MAX]; /* thousandths */
    int code_count;
    int64_t numbers[GUIDE_NUMBERS_MAX]; /* in the order of the form: cents or hundredths of an RVU,
                                           thousandths of a quantity, the index of a choice */
    int number_count;
    struct view name; /* what stands for <word> */
    struct date on;   /* DATE_NONE: any */
};

struct guide_row {
    struct view number; /* "12", "51a" */
    struct view statement;
    struct view verdict;
    struct view correct;
    struct view decides; /* rules or tables, separated by blanks, or "-" */
    struct view cite;    /* keys of rules/sources.tsv, separated by blanks */
    const struct guide_assertion *assertions;
    int assertion_count; /* 0: no table decides the statement */
};

struct guide {
    const struct guide_row *rows;
    int count;
};

extern const char *const guide_verdicts[]; /* ends with NULL */

/* Reads the text of guide.tsv, which must outlive the rows. STATUS_INPUT with the line in `diag`
 * for what has not its form. */
int guide_read(struct guide *guide, struct view text, struct arena *arena,
               struct diag *diag) MUST_USE;

enum guide_result { GUIDE_HOLDS, GUIDE_FAILS, GUIDE_NOT_EVALUATED };

struct guide_answer {
    enum guide_result result;
    enum store_table table; /* that was asked */
    struct date day;        /* it was asked for; DATE_NONE: the store has no edition */
    bool stale;             /* the row is of an edition older than that day */
};
/* Asks the store on the assertion's own day, on `on`, or on the first day of the newest edition.
 * What the store says, or why it says nothing, goes to `found`. */
struct guide_answer guide_ask(const struct store *store, const struct guide_assertion *assertion,
                              struct date on, struct out *found);

/* An assertion about what a claim pays: its third and fourth number are the guide's figure. */
static inline bool guide_is_dollars(const struct guide_assertion *assertion) {
    return assertion->word == GUIDE_PAYS || assertion->word == GUIDE_SIDES ||
           assertion->word == GUIDE_TIMES;
}
/* What it is on that day, by price_claim: cents, or hundredths of a ratio. MONEY_NONE: not known,
 * and `found` says why. */
struct money guide_dollars(const struct store *store, const struct guide_assertion *assertion,
                           struct date on, struct out *found);
/* "the guide $80.00 to $120.00, ours $95.86 (within)" */
void guide_dollars_write(struct out *out, const struct guide_assertion *assertion,
                         struct money ours);

#endif
