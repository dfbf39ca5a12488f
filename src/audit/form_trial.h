/* Inside of audit: trying a claim. */
#ifndef CLAIMVET_AUDIT_FORM_TRIAL_H
#define CLAIMVET_AUDIT_FORM_TRIAL_H

#include "audit/audit_internal.h"

/* `arena->failed` tells that memory was refused. */
void trial_run(struct audit *audit, const struct claim *claim, struct arena *arena,
               struct audit_trial *trial);
/* What the payer of the claim tried last pays for it without these lines. */
struct audit_amounts trial_without(struct audit *audit, const struct claim *claim, uint64_t lines,
                                   struct arena *arena);
/* Marks the reasons that decide about these lines; true when there is one. */
bool trial_decide(struct audit_trial *trial, uint64_t lines, const struct audit_trial *billed,
                  uint64_t billed_lines);
/* A modifier bypasses an edit that none bypasses on the claim as billed. */
bool trial_bypasses_more(const struct audit_trial *trial, const struct audit_trial *billed);
/* The claim as billed lacks less. */
bool trial_gap_new(const struct audit_trial *billed, const struct audit_gap *gap);

#endif
