/* What claimvet next prints. */
#ifndef CLAIMVET_NEXT_PRINT_H
#define CLAIMVET_NEXT_PRINT_H

#include "audit/audit.h"
#include "cli/cli.h"

struct next_question {
    struct code code;
    struct view payer;
    struct view state; /* empty: not given */
    struct view kind;  /* dx, tx …; empty: not given */
    struct view side;  /* L, R, B; empty: not given */
    struct view level; /* as given */
    struct date on;
    bool history_known;
    int services; /* earlier ones of the patient */
};

void next_text(struct out *out, const struct next_question *question,
               const struct audit_next *next);
void next_json(struct out *out, const struct next_question *question,
               const struct audit_next *next);

#endif
