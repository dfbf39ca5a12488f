/* Inside of audit: the state behind the opaque handle, for audit.c, pass.c and across.c only. */
#ifndef CLAIMVET_AUDIT_STATE_H
#define CLAIMVET_AUDIT_STATE_H

#include "audit/audit_internal.h"
#include "audit/across.h"

struct edition {
    struct date effective;
    uint16_t release;
    bool partial;
};

/* Editions of the store by table and first day, for pass_looked (edition.c). */
struct edition_index {
    bool ready;
    int first[STORE_TABLES + 1]; /* of a table, in `editions` */
    struct edition editions[STORE_RELEASES_MAX];
};

struct audit {
    const struct store *store;
    const struct rule *rules[AUDIT_RULES];
    struct audit_options options;
    struct arena arena; /* of the claim in hand */
    struct memory memory; /* earlier claims of the run */
    struct edition_index editions;
    struct audit_pass pass;
    struct audit_result result;
};

void pass_open(struct audit_pass *pass, const struct claim *claim);
int pass_rule_order(const struct audit_pass *pass, const struct rule *rule);

#endif
