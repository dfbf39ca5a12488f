/* claimvet explain: the words, the proof and the examples of a rule. */
#include "cli/cli.h"

void cli_paragraph(struct out *out, const char *name, struct view text, int indent) {
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

void cli_cites_print(struct out *out, const struct rule_cite *cites, int count) {
    for (int i = 0; i < count; i++) {
        out_view(out, view_of(i ? "               " : "written in     "));
        out_view(out, cites[i].key);
        OUT_TEXT(out, " ");
        out_view(out, cites[i].section);
        OUT_TEXT(out, "\n");
        if (cites[i].url.size > 0) {
            OUT_TEXT(out, "               ");
            out_view(out, cites[i].url);
            OUT_TEXT(out, "\n");
        }
    }
}

void cli_rule_print(struct out *out, const struct rule *rule) {
    out_view(out, rule->id);
    OUT_TEXT(out, "  ");
    out_view(out, rule_severity_name(rule->severity));
    OUT_TEXT(out, ", version ");
    out_int(out, rule->version);
    OUT_TEXT(out, ", ");
    out_view(out, rule_state_name(rule->state));
    OUT_TEXT(out, "\n");
    cli_paragraph(out, "", rule->title, 0);
    OUT_TEXT(out, "\n");
    cli_paragraph(out, "why", rule->why, 15);
    cli_paragraph(out, "what to do", rule->fix, 15);
    answer_print(out, rule);
    cli_cites_print(out, rule->cites, rule->cite_count);
    for (int i = 0; i < rule->example_count; i++) {
        const struct rule_example *example = &rule->examples[i];
        const char *what = example->fires           ? "fires"
                           : example->not_evaluated ? "not evaluated"
                                                    : "silent";
        cli_paragraph(out, what, example->title, 15);
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

/* Options about claims say nothing of a rule alone. */
static int claim_options_check(struct cli *cli, const struct cli_arguments *arguments) {
    static const enum cli_option options[] = {OPTION_PAYER, OPTION_HISTORY, OPTION_MAP,
                                              OPTION_AS_OF};
    for (ptrdiff_t i = 0; i < COUNT_OF(options); i++) {
        if (arguments->given[options[i]]) {
            return cli_usage(cli, "--%s needs the files of the claim, such as: claimvet explain "
                                  "C7/ncci_ptp/2 FILE", cli_options[options[i]].word);
        }
    }
    return STATUS_OK;
}

int command_explain(struct cli *cli, const struct cli_arguments *arguments) {
    if (arguments->rest_count < 1) {
        return cli_usage(cli, "explain needs a rule or a finding, such as: claimvet explain "
                              "ncci_ptp");
    }
    int status = cli_format_check(cli, arguments);
    if (status == STATUS_OK && arguments->rest_count > 1) {
        return explain_claim(cli, arguments);
    }
    if (status == STATUS_OK) {
        status = claim_options_check(cli, arguments);
    }
    if (status == STATUS_OK) {
        status = cli_open(cli, arguments);
    }
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
    if (cli_wants_json(arguments)) {
        rule_dump(&cli->out, rule);
        OUT_TEXT(&cli->out, "\n");
    } else {
        cli_rule_print(&cli->out, rule);
    }
    return STATUS_OK;
}
