/* claimvet rules diff: two sets of rules, and what they find in the same claims. */
#include <string.h>

#include "audit/audit.h"
#include "claim/claim.h"
#include "cli/cli.h"
#include "os/os.h"

struct sides {
    struct cli *cli;
    const struct rule_set *before;
    const struct rule_set *after;
    bool told; /* the head of the rule in hand stands there */
    const struct rule *rule;
    int changed, added, removed;
};

/* ---- rules ------------------------------------------------------------------------------- */

static void head_print(struct out *out, const char *mark, const struct rule *rule) {
    out_format(out, "%s ", mark);
    out_view(out, rule->id);
    out_format(out, " (version %d): ", rule->version);
    out_view(out, rule->title);
    OUT_TEXT(out, "\n");
}

static void change_print(void *to, struct view what, struct view before, struct view after) {
    struct sides *sides = to;
    struct out *out = &sides->cli->out;
    if (!sides->told) {
        head_print(out, "~", sides->rule);
        sides->told = true;
    }
    OUT_TEXT(out, "    ");
    out_view(out, what);
    OUT_TEXT(out, "\n");
    if (before.size > 0) {
        OUT_TEXT(out, "      - ");
        out_wrap(out, before, 8, 8, CLI_WIDTH);
    }
    if (after.size > 0) {
        OUT_TEXT(out, "      + ");
        out_wrap(out, after, 8, 8, CLI_WIDTH);
    }
}

static int rules_compare(struct sides *sides) {
    struct out *out = &sides->cli->out;
    for (int i = 0; i < rule_count(sides->before); i++) {
        const struct rule *rule = rule_at(sides->before, i);
        const struct rule *other = rule_find(sides->after, rule->id);
        if (!other) {
            head_print(out, "-", rule);
            sides->removed++;
            continue;
        }
        sides->told = false;
        sides->rule = other;
        if (!rule_compare(rule, other, &sides->cli->arena, change_print, sides)) {
            return STATUS_SYSTEM;
        }
        sides->changed += sides->told;
    }
    for (int i = 0; i < rule_count(sides->after); i++) {
        const struct rule *rule = rule_at(sides->after, i);
        if (!rule_find(sides->before, rule->id)) {
            head_print(out, "+", rule);
            sides->added++;
        }
    }
    out_format(out, "%d rules added, %d removed, %d changed\n", sides->added, sides->removed,
               sides->changed);
    return STATUS_OK;
}

/* ---- claims ------------------------------------------------------------------------------ */

struct comparison {
    struct cli *cli;
    struct audit *before;
    struct audit *after;
    int64_t claims, changed, more, fewer;
    int64_t cents_before, cents_after;
};

/* Names and places are compared, not addresses: the sets have their own copies of a rule. */
static bool finding_same(const struct audit_finding *a, const struct audit_finding *b) {
    return view_equal(a->rule->id, b->rule->id) && a->severity == b->severity &&
           a->status == b->status && a->line_bits == b->line_bits &&
           view_equal(a->message, b->message);
}

static bool finding_among(const struct audit_finding *finding, const struct audit_result *result) {
    for (int i = 0; i < result->finding_count; i++) {
        if (finding_same(finding, &result->findings[i])) {
            return true;
        }
    }
    return false;
}

static bool gap_among(const struct audit_gap *gap, const struct audit_result *result) {
    for (int i = 0; i < result->gap_count; i++) {
        if (view_equal(gap->rule->id, result->gaps[i].rule->id)) {
            return true;
        }
    }
    return false;
}

/* Findings and open questions of one side that the other has not: their number. */
static int side_print(struct out *out, const char *mark, const struct audit_result *result,
                      const struct audit_result *other) {
    int count = 0;
    for (int i = 0; i < result->finding_count; i++) {
        const struct audit_finding *finding = &result->findings[i];
        if (finding_among(finding, other)) {
            continue;
        }
        count++;
        out_format(out, "  %s ", mark);
        out_view(out, finding->rule->id);
        OUT_TEXT(out, " ");
        out_view(out, rule_severity_name(finding->severity));
        if (finding->line_count > 0) {
            out_format(out, ", line %d", finding->lines[0]);
        }
        OUT_TEXT(out, ": ");
        out_wrap(out, finding->message, 4, 40, CLI_WIDTH);
    }
    for (int i = 0; i < result->gap_count; i++) {
        const struct audit_gap *gap = &result->gaps[i];
        if (!gap_among(gap, other)) {
            out_format(out, "  %s ", mark);
            out_view(out, gap->rule->id);
            OUT_TEXT(out, " not evaluated\n");
        }
    }
    return count;
}

static bool results_differ(const struct audit_result *before, const struct audit_result *after) {
    bool differ = before->finding_count != after->finding_count ||
                  before->gap_count != after->gap_count || before->verdict != after->verdict;
    for (int i = 0; i < before->finding_count && !differ; i++) {
        differ = !finding_among(&before->findings[i], after);
    }
    for (int i = 0; i < before->gap_count && !differ; i++) {
        differ = !gap_among(&before->gaps[i], after);
    }
    return differ;
}

static void money_change(struct out *out, int64_t before, int64_t after) {
    char text[24];
    OUT_TEXT(out, "charges at risk ");
    out_view(out, money_text((struct money){before}, text));
    OUT_TEXT(out, " -> ");
    out_view(out, money_text((struct money){after}, text));
    OUT_TEXT(out, "\n");
}

static void claim_compare(struct comparison *comparison, const struct claim *claim) {
    struct out *out = &comparison->cli->out;
    const struct audit_result *before = audit_claim(comparison->before, claim);
    const struct audit_result *after = audit_claim(comparison->after, claim);
    comparison->claims++;
    comparison->cents_before += before->charge.cents;
    comparison->cents_after += after->charge.cents;
    if (!results_differ(before, after)) {
        return;
    }
    comparison->changed++;
    out_view(out, claim->id);
    OUT_TEXT(out, ": ");
    out_view(out, audit_verdict_name(before->verdict));
    OUT_TEXT(out, " -> ");
    out_view(out, audit_verdict_name(after->verdict));
    OUT_TEXT(out, ", ");
    money_change(out, before->charge.cents, after->charge.cents);
    comparison->fewer += side_print(out, "-", before, after);
    comparison->more += side_print(out, "+", after, before);
}

static ptrdiff_t source_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    return os_read(context, to, size, diag);
}

/* What cannot be read is said, the rest is compared. */
static int file_compare(struct comparison *comparison, const char *path) {
    struct os_reader reader;
    struct claim_reader *claims = NULL;
    struct diag diag = DIAG_NONE;
    struct claim_options options = {.file = view_of(path),
                                    .first_ordinal = comparison->claims + 1};
    int status = os_reader_open(&reader, path, &diag);
    if (status != STATUS_OK) {
        cli_error(comparison->cli, path, &diag);
        return status;
    }
    status = claim_open(&claims, source_read, &reader, &options, &diag);
    if (status != STATUS_OK) {
        cli_error(comparison->cli, path, &diag);
    }
    while (status != STATUS_SYSTEM && claims) {
        enum claim_got got = claim_next(claims);
        if (got == CLAIM_END) {
            break;
        }
        if (got == CLAIM_READ) {
            claim_compare(comparison, claim_now(claims));
        } else if (got == CLAIM_FAULT) {
            diag = claim_fault(claims)->diag;
            cli_error(comparison->cli, path, &diag);
            status = strcmp(diag.code, "memory") == 0 ? STATUS_SYSTEM : STATUS_INPUT;
        }
    }
    claim_close(claims);
    os_reader_close(&reader);
    return status;
}

static int claims_compare(struct sides *sides, const struct cli_arguments *arguments) {
    struct cli *cli = sides->cli;
    struct comparison comparison = {.cli = cli};
    struct audit_options options = {.as_of = DATE_NONE};
    struct diag diag = DIAG_NONE;
    int status = audit_open(&comparison.before, cli->store, sides->before, &options, &cli->arena,
                            &diag);
    if (status == STATUS_OK) {
        status = audit_open(&comparison.after, cli->store, sides->after, &options, &cli->arena,
                            &diag);
    }
    if (status != STATUS_OK) {
        cli_error(cli, "rules", &diag);
    } else {
        status = file_compare(&comparison, arguments->value[OPTION_ON]);
        for (int i = 3; i < arguments->rest_count && status != STATUS_SYSTEM; i++) {
            int other = file_compare(&comparison, arguments->rest[i]);
            status = other != STATUS_OK ? other : status;
        }
        out_format(&cli->out, "%lld claims, %lld changed; %lld findings more, %lld fewer; ",
                   (long long)comparison.claims, (long long)comparison.changed,
                   (long long)comparison.more, (long long)comparison.fewer);
        money_change(&cli->out, comparison.cents_before, comparison.cents_after);
    }
    audit_close(comparison.before);
    audit_close(comparison.after);
    return status;
}

static int side_open(struct cli *cli, const char *path, bool alone, const struct rule_set **set) {
    bool standard = strcmp(path, "-") == 0;
    struct cli_paths paths = {&path, standard ? 0 : 1, alone && !standard, false};
    return cli_rules_open(cli, &paths, NULL, NULL, set);
}

int rules_diff(struct cli *cli, const struct cli_arguments *arguments) {
    struct sides sides = {.cli = cli};
    bool alone = arguments->given[OPTION_ALONE];
    if (arguments->rest_count < 3 || (arguments->rest_count > 3 && !arguments->given[OPTION_ON])) {
        return cli_usage(cli, "rules diff needs two folders of rules, - for the standard ones; "
                              "claims follow --on");
    }
    int status = side_open(cli, arguments->rest[1], alone, &sides.before);
    if (status == STATUS_OK) {
        status = side_open(cli, arguments->rest[2], alone, &sides.after);
    }
    if (status == STATUS_OK) {
        status = rules_compare(&sides);
    }
    return status == STATUS_OK && arguments->given[OPTION_ON] ? claims_compare(&sides, arguments)
                                                              : status;
}
