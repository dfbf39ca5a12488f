/* A claim as JSON text against the starter store and the standard rules, for tests of the audit.
 *
 *     struct audit_case c;
 *     audit_case_open(&c, &(struct audit_options){.as_of = DATE_NONE, .alone = true});
 *     audit_case_run(&c, "{\"claim_id\":\"C1\", …}");
 *     assert_non_null(audit_case_find(&c, "ncci_ptp", 2));
 *     audit_case_close(&c);
 *
 * What cannot be opened or read ends the program with a line on stderr: a test must not go on. */
#ifndef CLAIMVET_AUDIT_CASE_H
#define CLAIMVET_AUDIT_CASE_H

#include "audit/audit.h"

#define AUDIT_CASE_CLAIM 0 /* a finding about the whole claim */
#define AUDIT_CASE_ANY (-1)

struct audit_case {
    struct arena arena;       /* store, rules, audit */
    struct arena claim_arena; /* the claims; kept until the case is closed */
    const struct store *store;
    const struct rule_set *rules;
    struct audit *audit;
    struct claim *claim; /* the last one */
    int64_t claims;
    const struct audit_result *result; /* of the last claim */
};

void audit_case_open(struct audit_case *c, const struct audit_options *options);
/* Audits one claim after another; without `alone` the earlier ones are remembered. */
const struct audit_result *audit_case_run(struct audit_case *c, struct view json);
/* The same in two steps, for facts that JSON does not carry: read, change the claim, judge. */
struct claim *audit_case_read(struct audit_case *c, struct view json);
const struct audit_result *audit_case_judge(struct audit_case *c);
/* The first finding of the rule that names the line; NULL when there is none. */
const struct audit_finding *audit_case_find(const struct audit_case *c, const char *rule, int line);
int audit_case_count(const struct audit_case *c, const char *rule);
/* True when the rule could not be evaluated; `need` NULL: for whatever want. */
bool audit_case_gap(const struct audit_case *c, const char *rule, const char *need);
/* All findings and gaps as TAP comments, for a test that failed. */
/* The rule lacks some fact. */
bool audit_case_lacks(const struct audit_case *c, const char *rule);
const struct rule *audit_case_rule(const struct audit_case *c, const char *rule);
void audit_case_print(const struct audit_case *c);
/* TAP for runners of many cases: the plan first, then a line each. */
struct audit_case_plan {
    int number;
    int failures;
};
void audit_case_plan(struct audit_case_plan *plan, int count);
void audit_case_tap(struct audit_case_plan *plan, const struct audit_case *c, bool ok,
                    const char *name);
void audit_case_close(struct audit_case *c);

#endif
