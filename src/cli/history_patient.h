/* The patient that --patient names, for the commands that ask a history. */
#ifndef CLAIMVET_HISTORY_PATIENT_H
#define CLAIMVET_HISTORY_PATIENT_H

#include "cli/cli.h"
#include "history/history.h"

struct cli_patient {
    struct view id;    /* member id, or a key as `history show` prints it */
    struct date birth; /* DATE_NONE: the claims carry none */
    struct view payer; /* id or name as in the claims; not given: every payer of the patient */
};

/* Told of the services with one payer, which live until it returns. */
typedef void cli_patient_visit(void *to, uint64_t payer, uint64_t patient,
                               const struct history_found *found);
/* What may be a key is looked for as one first, and as a member id when there is no such patient.
 * Errors: those of history_services. */
int cli_patient_each(struct history *history, const struct cli_patient *patient,
                     cli_patient_visit *visit, void *to, struct diag *diag) MUST_USE;
/* Says that there is no such patient; returns the exit status, 1. */
int cli_patient_missing(struct cli *cli, const char *payer_option);

#endif
