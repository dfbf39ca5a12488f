/* Inside of audit: memory across the claims of one run. */
#ifndef CLAIMVET_AUDIT_ACROSS_H
#define CLAIMVET_AUDIT_ACROSS_H

#include "base/base.h"

/* Service lines of earlier claims, found by patient; see across.c. */
struct memory {
    char *claims;
    char *lines;
    char *heads;
    int64_t claim_count, claim_capacity;
    int64_t line_count, line_capacity;
    int64_t patient_count, head_capacity;
    bool failed; /* memory was refused: checks across claims are not complete */
};

void memory_close(struct memory *memory);

#endif
