/* claimvet rules test: every example of the rules against the checks. */
#include "audit/audit.h"
#include "claim/claim.h"
#include "cli/cli.h"

static bool result_has(const struct audit_result *result, const struct rule *rule) {
    for (int i = 0; i < result->finding_count; i++) {
        if (result->findings[i].rule == rule) {
            return true;
        }
    }
    return false;
}

/* The rule of kind fact_missing is the name for all gaps, see its words. */
static bool result_lacks(const struct audit_result *result, const struct rule *rule) {
    bool any = rule->kind_number == RULE_KIND_fact_missing;
    for (int i = 0; i < result->gap_count; i++) {
        if (any || result->gaps[i].rule == rule) {
            return true;
        }
    }
    return false;
}

struct answer {
    bool fired;
    bool lacks;
};

/* Judges the claim of an example after those that come before it, which only an audit with a
 * memory of its own knows. */
static int example_judge(struct cli *cli, const struct rule *rule,
                         const struct rule_example *example, struct answer *answer,
                         struct diag *diag) {
    struct audit *audit = NULL;
    struct arena arena = {0};
    struct claim claim;
    struct audit_options options = {.as_of = DATE_NONE, .alone = example->earlier_count == 0};
    int status = audit_open(&audit, cli->store, cli->rules, &options, &arena, diag);
    for (int i = 0; i <= example->earlier_count && status == STATUS_OK; i++) {
        bool last = i == example->earlier_count;
        status = claim_from_json(&claim, last ? example->claim : example->earlier[i], &arena, diag);
        if (status == STATUS_OK) {
            claim.ordinal = i + 1;
            const struct audit_result *result = audit_claim(audit, &claim);
            answer->lacks = result_lacks(result, rule);
            answer->fired = rule->kind_number == RULE_KIND_fact_missing ? answer->lacks
                                                                       : result_has(result, rule);
        }
    }
    audit_close(audit);
    arena_close(&arena);
    return status;
}

/* NULL: as it should be. Silent means passed: a policy that lacks a fact has said nothing yet. */
static const char *answer_wrong(const struct rule *rule, const struct rule_example *example,
                                const struct answer *answer) {
    if (answer->fired != example->fires) {
        return example->fires ? "should fire and does not" : "fires and should not";
    }
    if (example->not_evaluated && !answer->lacks) {
        return "should be not evaluated, and passes";
    }
    if (!example->fires && !example->not_evaluated && answer->lacks && rule->check_count > 0) {
        return "should be silent, and lacks a fact: give it, or move it to not_evaluated";
    }
    return NULL;
}

/* Says what is wrong with an example; true when nothing is. */
static bool example_test(struct cli *cli, const struct rule *rule,
                         const struct rule_example *example) {
    struct diag diag = DIAG_NONE;
    struct answer answer = {false, false};
    struct out *out = &cli->out;
    int status = example_judge(cli, rule, example, &answer, &diag);
    const char *wrong =
        status == STATUS_OK ? answer_wrong(rule, example, &answer) : diag.text;
    if (wrong) {
        out_view(out, rule->id);
        OUT_TEXT(out, ": ");
        out_view(out, example->title);
        OUT_TEXT(out, ": ");
        out_view(out, view_of(wrong));
        OUT_TEXT(out, "\n");
    }
    return !wrong;
}

int rules_test(struct cli *cli, bool own) {
    int right = 0, wrong = 0, files = 0;
    for (int i = 0; i < rule_count(cli->rules); i++) {
        const struct rule *rule = rule_at(cli->rules, i);
        for (int e = 0; e < rule->example_count && (rule->own || !own); e++) {
            if (rule->examples[e].claim.size == 0) {
                files++; /* an example file in X12: the tests read those */
            } else if (example_test(cli, rule, &rule->examples[e])) {
                right++;
            } else {
                wrong++;
            }
        }
    }
    out_format(&cli->out, "%d examples right, %d wrong, %d are files and not run here\n", right,
               wrong, files);
    return wrong > 0;
}
