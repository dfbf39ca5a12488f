/* claimvet explain, claimvet rules: the words, the proof and the examples of rules. */
#include <string.h>

#include "audit/audit.h"
#include "claim/claim.h"
#include "cli/cli.h"

static void paragraph(struct out *out, const char *name, struct view text, int indent) {
    if (text.size > 0) {
        out_format(out, "%-*s", indent, name);
        out_wrap(out, text, indent, indent, CLI_WIDTH);
    }
}

static void answer_print(struct out *out, const struct rule *rule) {
    if (rule->carc.size == 0) {
        return;
    }
    OUT_TEXT(out, "payer answers  ");
    out_view(out, rule->group);
    OUT_TEXT(out, "-");
    out_view(out, rule->carc);
    for (int i = 0; i < rule->rarc_count; i++) {
        out_view(out, view_of(i ? " " : ", remark "));
        out_view(out, rule->rarcs[i]);
    }
    OUT_TEXT(out, "\n");
}

static void rule_print(struct out *out, const struct rule *rule) {
    out_view(out, rule->id);
    OUT_TEXT(out, "  ");
    out_view(out, rule_severity_name(rule->severity));
    OUT_TEXT(out, ", version ");
    out_int(out, rule->version);
    OUT_TEXT(out, ", ");
    out_view(out, rule_state_name(rule->state));
    OUT_TEXT(out, "\n");
    paragraph(out, "", rule->title, 0);
    OUT_TEXT(out, "\n");
    paragraph(out, "why", rule->why, 15);
    paragraph(out, "what to do", rule->fix, 15);
    answer_print(out, rule);
    for (int i = 0; i < rule->cite_count; i++) {
        out_view(out, view_of(i ? "               " : "written in     "));
        out_view(out, rule->cites[i].key);
        OUT_TEXT(out, " ");
        out_view(out, rule->cites[i].section);
        OUT_TEXT(out, "\n");
        if (rule->cites[i].url.size > 0) {
            OUT_TEXT(out, "               ");
            out_view(out, rule->cites[i].url);
            OUT_TEXT(out, "\n");
        }
    }
    for (int i = 0; i < rule->example_count; i++) {
        const struct rule_example *example = &rule->examples[i];
        paragraph(out,
                  example->fires           ? "fires"
                  : example->not_evaluated ? "not evaluated"
                                           : "silent",
                  example->title, 15);
    }
}

/* The rule of "C7/ncci_ptp/2": the part before the last slash; claim ids may hold slashes. */
static struct view rule_of_finding(struct view id) {
    for (int cut = 0; cut < 2; cut++) {
        ptrdiff_t slash = id.size - 1;
        while (slash >= 0 && id.at[slash] != '/') {
            slash--;
        }
        if (slash < 0) {
            return id;
        }
        if (cut == 1) {
            return view_sub(id, slash + 1, id.size);
        }
        id = view_sub(id, 0, slash);
    }
    return id;
}

int command_explain(struct cli *cli, const struct cli_arguments *arguments) {
    if (arguments->rest_count != 1) {
        return cli_usage(cli, "explain needs a rule or a finding, such as: claimvet explain "
                              "ncci_ptp");
    }
    int status = cli_open(cli, arguments);
    if (status != STATUS_OK) {
        return status;
    }
    struct view asked = view_of(arguments->rest[0]);
    const struct rule *rule = rule_find(cli->rules, asked);
    if (!rule) {
        rule = rule_find(cli->rules, rule_of_finding(asked));
    }
    if (!rule) {
        return cli_usage(cli, "no rule %.60s; see claimvet rules list", arguments->rest[0]);
    }
    rule_print(&cli->out, rule);
    return STATUS_OK;
}

/* ---- rules ------------------------------------------------------------------------------- */

static int rules_list(struct cli *cli) {
    for (int i = 0; i < rule_count(cli->rules); i++) {
        const struct rule *rule = rule_at(cli->rules, i);
        out_view(&cli->out, rule->id);
        out_pad(&cli->out, rule->id.size < 28 ? 28 - rule->id.size : 1);
        struct view severity = rule_severity_name(rule->severity);
        out_view(&cli->out, severity);
        out_pad(&cli->out, 8 - severity.size);
        out_view(&cli->out, view_sub(rule->title, 0, CLI_WIDTH - 37));
        OUT_TEXT(&cli->out, "\n");
    }
    return STATUS_OK;
}

static bool result_has(const struct audit_result *result, const struct rule *rule) {
    for (int i = 0; i < result->finding_count; i++) {
        if (result->findings[i].rule == rule) {
            return true;
        }
    }
    return false;
}

/* Judges the claim of an example after those that come before it, which only an audit with a
 * memory of its own knows. */
static int example_judge(struct cli *cli, const struct rule *rule,
                         const struct rule_example *example, bool *fired, struct diag *diag) {
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
            *fired = result_has(audit_claim(audit, &claim), rule);
        }
    }
    audit_close(audit);
    arena_close(&arena);
    return status;
}

/* Says what is wrong with an example; true when nothing is. */
static bool example_test(struct cli *cli, const struct rule *rule,
                         const struct rule_example *example) {
    struct diag diag = DIAG_NONE;
    bool fired = false;
    bool right = false;
    struct out *out = &cli->out;
    if (example_judge(cli, rule, example, &fired, &diag) == STATUS_OK) {
        right = fired == example->fires;
        diag_set(&diag, "", example->fires ? "should fire and does not" : "fires and should not");
    }
    if (!right) {
        out_view(out, rule->id);
        OUT_TEXT(out, ": ");
        out_view(out, example->title);
        OUT_TEXT(out, ": ");
        out_view(out, view_of(diag.text));
        OUT_TEXT(out, "\n");
    }
    return right;
}

static int rules_test(struct cli *cli) {
    int right = 0, wrong = 0, files = 0;
    for (int i = 0; i < rule_count(cli->rules); i++) {
        const struct rule *rule = rule_at(cli->rules, i);
        for (int e = 0; e < rule->example_count; e++) {
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

int command_rules(struct cli *cli, const struct cli_arguments *arguments) {
    const char *what = arguments->rest_count == 1 ? arguments->rest[0] : "";
    bool list = strcmp(what, "list") == 0;
    if (!list && strcmp(what, "test") != 0) {
        return cli_usage(cli, "rules what? list or test");
    }
    int status = cli_open(cli, arguments);
    if (status != STATUS_OK) {
        return status;
    }
    return list ? rules_list(cli) : rules_test(cli);
}
