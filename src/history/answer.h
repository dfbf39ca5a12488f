/* Inside of history: from the claims of a patient to the services that count. */
#ifndef CLAIMVET_HISTORY_ANSWER_H
#define CLAIMVET_HISTORY_ANSWER_H

#include "history/index.h"

struct told; /* where a service comes from (answer.c) */

/* Reused from question to question. */
struct answer {
    struct claim_service *services;
    struct claim_service *spare; /* for putting them into order */
    struct told *told;
    int count, capacity, told_capacity;
};

/* The services of a group that is GROUP_PLAIN. false without memory. */
bool answer_plain(struct answer *answer, const char *group);
/* The services of claims that count, of lines and of history lists. A row of a list that tells of
 * a line only fills in what the line does not know; a row that stands in several lists counts once.
 * Changes the order of `gathered`. false without memory. */
bool answer_gathered(struct answer *answer, struct gathered *gathered);
void answer_close(struct answer *answer);

#endif
