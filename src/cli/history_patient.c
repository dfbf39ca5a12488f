/* Finds the services of a patient by member id or printed key. */
#include <string.h>

#include "cli/history_patient.h"

#define KEY_DIGITS 16

/* A key as we print it; false for any other text. */
static bool key_from(struct view text, uint64_t *key) {
    *key = 0;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        const char *digit = text.at[i] ? strchr("0123456789abcdef", text.at[i]) : NULL;
        if (!digit) {
            return false;
        }
        *key = *key << 4 | (uint64_t)(digit - "0123456789abcdef");
    }
    return text.size == KEY_DIGITS;
}

struct asking {
    struct history *history;
    cli_patient_visit *visit;
    void *to;
    struct diag *diag;
    int found; /* payers */
};

static int payer_ask(struct asking *asking, uint64_t payer, uint64_t patient) {
    struct history_found found;
    int status = history_services(asking->history, payer, patient, &found, asking->diag);
    if (status == STATUS_OK && found.known) {
        asking->found++;
        asking->visit(asking->to, payer, patient, &found);
    }
    return status;
}

static int patient_ask(struct asking *asking, struct view payer_named, uint64_t patient) {
    if (payer_named.at) {
        return payer_ask(asking, claim_text_key(payer_named), patient);
    }
    int64_t cursor = 0;
    uint64_t payer;
    int status = STATUS_OK;
    while (status == STATUS_OK && history_payer_next(asking->history, patient, &cursor, &payer)) {
        status = payer_ask(asking, payer, patient);
    }
    return status;
}

int cli_patient_each(struct history *history, const struct cli_patient *patient,
                     cli_patient_visit *visit, void *to, struct diag *diag) {
    struct asking asking = {history, visit, to, diag, 0};
    uint64_t key;
    int status = STATUS_OK;
    if (key_from(patient->id, &key)) {
        status = patient_ask(&asking, patient->payer, key);
    }
    if (status == STATUS_OK && asking.found == 0) {
        status =
            patient_ask(&asking, patient->payer, claim_patient_key(patient->id, patient->birth));
    }
    return status;
}

int cli_patient_missing(struct cli *cli, const char *payer_option) {
    out_format(&cli->err,
               "claimvet: no such patient in the history: see that --birth-date and %s are as in "
               "the claims\n",
               payer_option);
    return 1;
}
