/* Inside of audit: the state behind the opaque handle, for audit.c, pass.c and across.c only. */
#ifndef CLAIMVET_AUDIT_STATE_H
#define CLAIMVET_AUDIT_STATE_H

#include "audit/audit_internal.h"
#include "audit/across.h"

struct audit {
    const struct store *store;
    const struct rule *rules[AUDIT_RULES];
    struct audit_options options;
    struct arena arena; /* of the claim in hand */
    struct memory memory; /* earlier claims of the run */
    struct audit_pass pass;
    struct audit_result result;
};

void pass_open(struct audit_pass *pass, const struct claim *claim);
int pass_rule_order(const struct audit_pass *pass, const struct rule *rule);

#endif
