/* A claim as JSON text against the starter store and the standard rules, for tests. */
#include "audit_case.h"

#include <stdio.h>
#include <stdlib.h>

static void require(int status, const char *what, const struct diag *diag) {
    if (status != STATUS_OK) {
        fprintf(stderr, "%s: %s: %s\n", what, diag->code, diag->text);
        exit(99); /* to meson: an error, not a failed case */
    }
}

void audit_case_open(struct audit_case *c, const struct audit_options *options) {
    struct diag diag = DIAG_NONE;
    *c = (struct audit_case){.claims = 0};
    require(store_open(&c->store, store_starter(), &c->arena, &diag), "starter store", &diag);
    require(rule_set_standard(&c->rules, &c->arena, &diag), "standard rules", &diag);
    require(audit_open(&c->audit, c->store, c->rules, options, &c->arena, &diag), "audit", &diag);
}

struct claim *audit_case_read(struct audit_case *c, struct view json) {
    struct diag diag = DIAG_NONE;
    c->claim = ARENA_NEW(&c->claim_arena, struct claim, 1);
    require(c->claim ? STATUS_OK : STATUS_SYSTEM, "memory", &diag);
    require(claim_from_json(c->claim, json, &c->claim_arena, &diag), "claim", &diag);
    c->claim->ordinal = ++c->claims;
    return c->claim;
}

const struct audit_result *audit_case_judge(struct audit_case *c) {
    c->result = audit_claim(c->audit, c->claim);
    return c->result;
}

const struct audit_result *audit_case_run(struct audit_case *c, struct view json) {
    audit_case_read(c, json);
    return audit_case_judge(c);
}

static bool names_line(const struct audit_finding *finding, int line) {
    if (line == AUDIT_CASE_ANY) {
        return true;
    }
    if (line == AUDIT_CASE_CLAIM) {
        return finding->line_count == 0;
    }
    for (int i = 0; i < finding->line_count; i++) {
        if (finding->lines[i] == line) {
            return true;
        }
    }
    return false;
}

const struct audit_finding *audit_case_find(const struct audit_case *c, const char *rule,
                                            int line) {
    for (int i = 0; i < c->result->finding_count; i++) {
        const struct audit_finding *finding = &c->result->findings[i];
        if (view_equal(finding->rule->id, view_of(rule)) && names_line(finding, line)) {
            return finding;
        }
    }
    return NULL;
}

int audit_case_count(const struct audit_case *c, const char *rule) {
    int count = 0;
    for (int i = 0; i < c->result->finding_count; i++) {
        count += view_equal(c->result->findings[i].rule->id, view_of(rule));
    }
    return count;
}

static bool needs_name(const struct audit_gap *gap, const char *need) {
    for (int bit = 0; bit < 64; bit++) {
        if (gap->needs >> bit & 1 && view_equal(audit_need_name(bit), view_of(need))) {
            return true;
        }
    }
    return false;
}

bool audit_case_gap(const struct audit_case *c, const char *rule, const char *need) {
    for (int i = 0; i < c->result->gap_count; i++) {
        const struct audit_gap *gap = &c->result->gaps[i];
        if (view_equal(gap->rule->id, view_of(rule)) &&
            (!need || view_equal(gap->need, view_of(need)) || needs_name(gap, need))) {
            return true;
        }
    }
    return false;
}

bool audit_case_lacks(const struct audit_case *c, const char *rule) {
    return audit_case_gap(c, rule, NULL);
}

const struct rule *audit_case_rule(const struct audit_case *c, const char *rule) {
    return rule_find(c->rules, view_of(rule));
}

void audit_case_print(const struct audit_case *c) {
    for (int i = 0; i < c->result->finding_count; i++) {
        const struct audit_finding *finding = &c->result->findings[i];
        struct view severity = rule_severity_name(finding->severity);
        struct view status = audit_status_name(finding->status);
        printf("#   %.*s %.*s %.*s", (int)finding->rule->id.size, finding->rule->id.at,
               (int)severity.size, severity.at, (int)status.size, status.at);
        for (int j = 0; j < finding->line_count; j++) {
            printf(" %d", finding->lines[j]);
        }
        printf(": %.*s\n", (int)finding->message.size, finding->message.at);
    }
    for (int i = 0; i < c->result->gap_count; i++) {
        const struct audit_gap *gap = &c->result->gaps[i];
        printf("#   %.*s not evaluated: %.*s", (int)gap->rule->id.size, gap->rule->id.at,
               (int)gap->need.size, gap->need.at);
        for (int bit = 0; bit < 64; bit++) {
            printf("%s", gap->needs >> bit & 1 ? audit_need_name(bit).at : "");
            printf("%s", gap->needs >> bit & 1 ? " " : "");
        }
        printf("\n");
    }
}

void audit_case_plan(struct audit_case_plan *plan, int count) {
    *plan = (struct audit_case_plan){0};
    printf("1..%d\n", count);
}

void audit_case_tap(struct audit_case_plan *plan, const struct audit_case *c, bool ok,
                    const char *name) {
    printf("%s %d - %s\n", ok ? "ok" : "not ok", ++plan->number, name);
    if (ok) {
        return;
    }
    plan->failures++;
    if (c->result) {
        audit_case_print(c);
    }
}

void audit_case_close(struct audit_case *c) {
    audit_close(c->audit);
    arena_close(&c->claim_arena);
    arena_close(&c->arena);
}
