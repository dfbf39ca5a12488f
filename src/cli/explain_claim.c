/* claimvet explain FINDING FILE...: vets the files again and shows what one rule tested on the
 * claim that the id names, with which values, and when it did not fire why not. */
#include "audit/audit.h"
#include "claim/claim.h"
#include "cli/cli.h"
#include "report/report.h"

/* "C7/ncci_ptp/2": claim, rule, and line with the number among several findings. */
struct asked {
    struct view text;
    struct view claim;
    struct view tail; /* behind the rule, "2" or "2.3"; empty: every line */
    const struct rule *rule;
};

struct explained {
    struct cli *cli;
    bool json;
    bool parsed;
    struct asked asked;
    int64_t claims;
};

static ptrdiff_t last_slash(struct view text) {
    ptrdiff_t at = text.size - 1;
    while (at >= 0 && text.at[at] != '/') {
        at--;
    }
    return at;
}

/* Ids of claims may hold slashes, those of rules do not. */
static void asked_parse(struct explained *explained) {
    struct asked *asked = &explained->asked;
    struct view rest = asked->text;
    for (int i = 0; i < 2 && !asked->rule; i++) {
        ptrdiff_t slash = last_slash(rest);
        if (slash < 0) {
            break;
        }
        struct view word = view_sub(rest, slash + 1, rest.size);
        rest = view_sub(rest, 0, slash);
        asked->rule = rule_find(explained->cli->rules, word);
        asked->tail = i == 0 && !asked->rule ? word : asked->tail;
    }
    asked->claim = rest;
    explained->parsed = true;
}

/* ---- the result of one rule -------------------------------------------------------------- */

static bool tail_is(const struct audit_finding *finding, struct view tail) {
    struct out words;
    out_open(&words, NULL, NULL);
    out_int(&words, finding->line_count > 0 ? finding->lines[0] : 0);
    if (finding->repeat > 1) {
        out_char(&words, '.');
        out_int(&words, finding->repeat);
    }
    bool same = tail.size == 0 || view_equal(out_bytes(&words), tail);
    out_close(&words);
    return same;
}

static void findings_pick(struct arena *arena, const struct asked *asked,
                          const struct audit_result *all, struct audit_result *own) {
    struct audit_finding *findings =
        ARENA_NEW(arena, struct audit_finding, all->finding_count + 1);
    own->finding_count = 0;
    for (int i = 0; findings && i < all->finding_count; i++) {
        if (all->findings[i].rule == asked->rule && tail_is(&all->findings[i], asked->tail)) {
            findings[own->finding_count++] = all->findings[i];
        }
    }
    own->findings = findings;
}

static void gaps_pick(struct arena *arena, const struct asked *asked,
                      const struct audit_result *all, struct audit_result *own) {
    struct audit_gap *gaps = ARENA_NEW(arena, struct audit_gap, all->gap_count + 1);
    own->gap_count = 0;
    for (int i = 0; gaps && i < all->gap_count; i++) {
        if (all->gaps[i].rule == asked->rule) {
            gaps[own->gap_count++] = all->gaps[i];
        }
    }
    own->gaps = gaps;
}

static void trace_pick(struct arena *arena, const struct asked *asked,
                       const struct audit_result *all, struct audit_result *own) {
    struct audit_trace *trace = ARENA_NEW(arena, struct audit_trace, all->trace_count + 1);
    own->trace_count = 0;
    for (int i = 0; trace && i < all->trace_count; i++) {
        if (all->trace[i].rule == asked->rule) {
            trace[own->trace_count++] = all->trace[i];
        }
    }
    own->trace = trace;
}

/* ---- words ------------------------------------------------------------------------------- */

static int outcome_count(const struct audit_result *own, enum audit_outcome outcome) {
    int count = 0;
    for (int i = 0; i < own->trace_count; i++) {
        count += own->trace[i].outcome == outcome;
    }
    return count;
}

static void outcomes_write(struct out *out, const struct audit_result *own) {
    static const char *const words[] = {" passed", " fired", " could not be evaluated",
                                        " not applicable"};
    bool first = true;
    for (int i = 0; i < COUNT_OF(words); i++) {
        int count = outcome_count(own, (enum audit_outcome)i);
        if (count > 0) {
            out_view(out, view_of(first ? ": " : ", "));
            out_int(out, count);
            out_view(out, view_of(first ? count == 1 ? " entry" : " entries" : ""));
            out_view(out, view_of(words[i]));
            first = false;
        }
    }
}

/* "freq_esi did not fire on C7: 2 entries passed, 1 not applicable" */
static void verdict_print(struct out *out, const struct asked *asked,
                          const struct audit_result *own) {
    const struct rule *rule = asked->rule;
    struct out words;
    out_open(&words, NULL, NULL);
    bool fired = outcome_count(own, OUTCOME_FIRED) > 0;
    out_view(&words, rule->id);
    out_view(&words, own->finding_count > 0 ? VIEW(" fired")
                     : fired                ? VIEW(" fired, but not under this id")
                                            : VIEW(" did not fire"));
    if (rule->state == RULE_RETIRED) {
        OUT_TEXT(&words, ": it is retired");
    } else if (rule->check_count > 0 && own->trace_count > 0) {
        outcomes_write(&words, own);
    } else if (rule->check_count > 0) {
        OUT_TEXT(&words, ": no line has a code or family that it looks at");
    } else if (!fired && own->gap_count == 0) {
        OUT_TEXT(&words, ": the check that is built in found nothing to say");
    }
    cli_paragraph(out, "outcome", out_bytes(&words), 15);
    out_close(&words);
}

static void editions_print(struct explained *explained, const struct audit_result *own) {
    const struct store *store = explained->cli->store;
    char text[11];
    struct out words;
    out_open(&words, NULL, NULL);
    for (int i = 0; i < store_release_count(store); i++) {
        struct store_release release = store_release(store, i);
        if (!release_in(&own->releases, (uint32_t)i)) {
            continue;
        }
        out_view(&words, words.size > 0 ? VIEW("; ") : VIEW(""));
        out_view(&words, release.table_name);
        OUT_TEXT(&words, " ");
        out_view(&words, release.name);
        if (date_given(release.effective)) {
            OUT_TEXT(&words, " of ");
            out_view(&words, date_text(release.effective, text));
        }
        if (release_in(&own->stale_releases, (uint32_t)i)) {
            OUT_TEXT(&words, ", stale");
        }
    }
    cli_paragraph(&explained->cli->out, "editions used", out_bytes(&words), 15);
    out_close(&words);
}

/* Where the entries that were looked at are written, beside what the rule cites. */
static void entries_print(struct explained *explained, const struct audit_result *own) {
    struct out *out = &explained->cli->out;
    int last = 0;
    for (int i = 0; i < own->trace_count; i++) {
        const struct audit_trace *trace = &own->trace[i];
        const struct rule_check *check =
            trace->entry > 0 ? &trace->rule->checks[trace->entry - 1] : NULL;
        if (check && check->cite_count > 0 && trace->entry != last &&
            trace->outcome != OUTCOME_NOT_APPLICABLE) {
            out_format(out, "entry %d:\n", trace->entry);
            cli_cites_print(out, check->cites, check->cite_count);
        }
        last = trace->entry;
    }
}

/* ---- the run ----------------------------------------------------------------------------- */

static void claim_take(void *to, struct report *report, const struct claim *claim,
                       const struct audit_result *result) {
    struct explained *explained = to;
    const struct asked *asked = &explained->asked;
    struct arena *arena = &explained->cli->arena;
    if (!explained->parsed) {
        asked_parse(explained);
    }
    if (!asked->rule || !view_equal(asked->claim, claim->id)) {
        return;
    }
    struct audit_result own = *result;
    findings_pick(arena, asked, result, &own);
    gaps_pick(arena, asked, result, &own);
    trace_pick(arena, asked, result, &own);
    report_claim(report, claim, &own);
    explained->claims++;
    if (!explained->json) {
        verdict_print(&explained->cli->out, asked, &own);
        editions_print(explained, &own);
        entries_print(explained, &own);
        OUT_TEXT(&explained->cli->out, "\n");
    }
}

int explain_claim(struct cli *cli, const struct cli_arguments *arguments) {
    struct explained explained = {.cli = cli,
                                  .json = cli_wants_json(arguments),
                                  .asked = {.text = view_of(arguments->rest[0])}};
    struct cli_watch watch = {.trace = true, .take = claim_take, .to = &explained, .first = 1};
    int status = cli_audit(cli, arguments, &watch);
    if (status == STATUS_USAGE || status == STATUS_SYSTEM || !cli->rules) {
        return status;
    }
    if (!explained.parsed) {
        asked_parse(&explained);
    }
    const struct asked *asked = &explained.asked;
    if (!asked->rule && rule_find(cli->rules, asked->text)) {
        return cli_usage(cli, "which claim? Name it before the rule, such as: claimvet explain "
                              "C7/%.60s FILE", arguments->rest[0]);
    }
    if (!asked->rule) {
        return cli_usage(cli, "no rule in %.60s; see claimvet rules list", arguments->rest[0]);
    }
    if (explained.claims == 0 && status == STATUS_OK) {
        return cli_usage(cli, "no claim %.*s in the files",
                         (int)(asked->claim.size < 60 ? asked->claim.size : 60), asked->claim.at);
    }
    if (explained.claims > 0 && explained.json) {
        rule_dump(&cli->out, asked->rule);
        OUT_TEXT(&cli->out, "\n");
    } else if (explained.claims > 0) {
        cli_rule_print(&cli->out, asked->rule);
    }
    return status;
}
