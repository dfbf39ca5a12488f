/* Inside of claim: elements of the file behind a draft, as they stand now. */
#ifndef CLAIMVET_CLAIM_DRAFT_INTERNAL_H
#define CLAIMVET_CLAIM_DRAFT_INTERNAL_H

#include "claim/claim_internal.h"

#define DRAFT_PARTS_MAX 16 /* components of SV101: eight in 5010 */

/* An element of the file. */
struct draft_element {
    const char *name; /* "SV101" */
    const char *rule; /* as of struct claim_change */
    enum claim_change_kind kind;
    int line; /* number */
    int64_t byte;
    int64_t size;    /* without line ends behind it */
    struct view now; /* as the draft has it */
};

/* False when there is none at that place. */
bool draft_element(const struct claim_draft *draft, const struct claim_place *at,
                   struct draft_element *element);
/* Records the change; the text must live as long as the arena. No change when it is the same. */
void draft_set(struct claim_draft *draft, const struct draft_element *element, struct view text);
/* False for a value that holds a separator of the interchange, which would end it. */
bool draft_fits(const struct claim_draft *draft, struct view value);

/* Components of an element. */
struct draft_parts {
    struct view at[DRAFT_PARTS_MAX];
    int count;
};
/* False when there are more, or nothing. */
bool draft_cut(const struct claim_draft *draft, struct view text, struct draft_parts *parts);
/* Put together again, without empty ones at the end. */
struct view draft_join(struct claim_draft *draft, const struct draft_parts *parts);

/* SV101 of a line; false when it is not what the reader took from it. */
bool draft_procedure(const struct claim_draft *draft, const struct claim_line *line,
                     struct draft_element *element, struct draft_parts *parts);

/* The sum of the charges; MONEY_NONE when one is missing, or lines were left out. */
struct money draft_charges(const struct claim *claim);

#endif
