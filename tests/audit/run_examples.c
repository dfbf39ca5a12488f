/* Runs every example of every rule, a TAP line each: it fires or is silent, as its file says. */
#include <stdio.h>
#include <string.h>

#include "audit_case.h"

static struct audit_case_plan plan;

static bool not_read(const char *why) {
    printf("# not read: %s\n", why);
    return false;
}

static ptrdiff_t text_source(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    (void)diag;
    struct view *rest = context;
    struct view part = view_sub(*rest, 0, size);
    if (part.size > 0) {
        memcpy(to, part.at, (size_t)part.size);
    }
    *rest = view_sub(*rest, part.size, rest->size);
    return part.size;
}

/* Reads an interchange as the program does: findings of its claims and notices about the file.
 * An example about the envelope needs no claim in it. */
static bool interchange_holds(struct audit_case *c, const char *rule,
                              const struct rule_example *example) {
    struct diag diag = DIAG_NONE;
    struct claim_reader *reader = NULL;
    struct view rest = example->x12;
    bool fires = false;
    bool damaged = false;
    if (claim_open(&reader, text_source, &rest, &(struct claim_options){.file = VIEW("example")},
                   &diag) != STATUS_OK) {
        return not_read(diag.text);
    }
    for (enum claim_got got = claim_next(reader); got != CLAIM_END; got = claim_next(reader)) {
        if (got == CLAIM_READ) {
            c->result = audit_claim(c->audit, claim_now(reader));
            fires |= audit_case_count(c, rule) > 0;
        } else if (got == CLAIM_NOTICE) {
            fires |= strcmp(claim_fault(reader)->rule, rule) == 0;
        } else if (strcmp(claim_fault(reader)->diag.code, "no_claims") != 0) {
            damaged = !not_read(claim_fault(reader)->diag.text);
        }
    }
    claim_close(reader);
    return !damaged && fires == example->fires;
}

static bool example_holds(struct audit_case *c, const char *rule,
                          const struct rule_example *example) {
    if (example->x12.size > 0) {
        return interchange_holds(c, rule, example);
    }
    for (int i = 0; i < example->earlier_count; i++) {
        audit_case_run(c, example->earlier[i]);
    }
    audit_case_run(c, example->claim);
    /* The rule that is the name for all gaps. */
    if (audit_case_rule(c, rule)->kind_number == RULE_KIND_fact_missing) {
        return (c->result->gap_count > 0) == example->fires;
    }
    /* Silent means passed: a policy that lacks a fact has said nothing yet. */
    bool lacks = audit_case_lacks(c, rule);
    bool policy = example->not_evaluated || audit_case_rule(c, rule)->check_count > 0;
    return (audit_case_count(c, rule) > 0) == example->fires &&
           (example->fires || !policy || lacks == example->not_evaluated);
}

static void example_run(const struct rule *rule, const struct rule_example *example) {
    char id[64];
    char name[200];
    struct audit_case c;
    snprintf(id, sizeof id, "%.*s", (int)rule->id.size, rule->id.at);
    snprintf(name, sizeof name, "%s %s: %.*s", id, example->fires           ? "fires"
             : example->not_evaluated ? "is not evaluated"
                                      : "is silent",
             (int)example->title.size, example->title.at);
    audit_case_open(&c, &(struct audit_options){.as_of = DATE_NONE});
    audit_case_tap(&plan, &c, example_holds(&c, id, example), name);
    audit_case_close(&c);
}

int main(void) {
    struct audit_case c;
    audit_case_open(&c, &(struct audit_options){.as_of = DATE_NONE});
    int count = 0;
    for (int i = 0; i < rule_count(c.rules); i++) {
        count += rule_at(c.rules, i)->example_count;
    }
    audit_case_plan(&plan, count);
    for (int i = 0; i < rule_count(c.rules); i++) {
        const struct rule *rule = rule_at(c.rules, i);
        for (int j = 0; j < rule->example_count; j++) {
            example_run(rule, &rule->examples[j]);
        }
    }
    audit_case_close(&c);
    return plan.failures > 0;
}
