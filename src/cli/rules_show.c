/* claimvet rules show: a rule as the program understands it, and the language of rules. */
#include <string.h>

#include "claim/claim.h"
#include "cli/cli.h"

#define INDENT 22

/* A name, and words behind it; a name that is too long has a line of its own. */
static void pair(struct out *out, struct view name, struct view words) {
    OUT_TEXT(out, "  ");
    out_view(out, name);
    if (name.size > INDENT - 4) {
        OUT_TEXT(out, "\n");
        out_pad(out, INDENT);
    } else {
        out_pad(out, INDENT - 2 - name.size);
    }
    out_wrap(out, words, INDENT, INDENT, CLI_WIDTH);
}

static void pair_text(struct out *out, const char *name, const char *words) {
    pair(out, view_of(name), view_of(words));
}

/* ---- one rule ---------------------------------------------------------------------------- */

static struct date later(struct date a, struct date b) {
    return !date_given(b) || (date_given(a) && a.day > b.day) ? a : b;
}

static struct date earlier(struct date a, struct date b) {
    return !date_given(b) || (date_given(a) && a.day < b.day) ? a : b;
}

static void window_print(struct out *out, struct date since, struct date until) {
    char from[11], to[11];
    struct out words;
    out_open(&words, NULL, NULL);
    out_format(&words, "%s%s, %s%s", date_given(since) ? "from " : "from the start (open)",
               date_given(since) ? date_text(since, from).at : "",
               date_given(until) ? "up to and with " : "with no end",
               date_given(until) ? date_text(until, to).at : "");
    pair(out, VIEW("holds"), out_bytes(&words));
    out_close(&words);
}

static void value_print(struct out *out, const struct rule_check *check,
                        const struct rule_key *key) {
    struct out words;
    out_open(&words, NULL, NULL);
    rule_value_words(&words, check, key);
    if (key->type == KEY_NUMBER) {
        out_format(&words, " (%s)", key->about);
    }
    pair(out, key->name, out_bytes(&words));
    out_close(&words);
}

static void cites_print(struct out *out, const struct rule_cite *cites, int count) {
    struct out words;
    out_open(&words, NULL, NULL);
    for (int i = 0; i < count; i++) {
        out_clear(&words);
        out_view(&words, cites[i].key);
        OUT_TEXT(&words, " ");
        out_view(&words, cites[i].section);
        pair(out, VIEW("written in"), out_bytes(&words));
    }
    out_close(&words);
}

static void entry_print(struct out *out, const struct rule *rule, int number) {
    const struct rule_check *check = &rule->checks[number];
    struct out kind;
    out_format(out, "\nentry %d of %d, ", number + 1, rule->check_count);
    out_view(out, rule->file);
    out_format(out, ":%d\n", check->line);
    out_open(&kind, NULL, NULL);
    out_view(&kind, rule_kind_name(check->kind));
    out_format(&kind, ": %s", rule_kind_about(check->kind));
    pair(out, VIEW("kind"), out_bytes(&kind));
    out_close(&kind);
    if (check->severity != rule->severity) {
        pair(out, VIEW("severity"), rule_severity_name(check->severity));
    }
    if (check->state != rule->state) {
        pair(out, VIEW("status"), rule_state_name(check->state));
    }
    if (check->names[RULE_payers].count == 0) {
        pair_text(out, "payers", "every payer");
    }
    for (int i = 0; i < rule_key_count(); i++) {
        if (rule_key_given(check, rule_key_at(i))) {
            value_print(out, check, rule_key_at(i));
        }
    }
    /* The rule's own window holds for all its entries. */
    window_print(out, later(check->since, rule->since), earlier(check->until, rule->until));
    if (check->message.size > 0) {
        pair(out, VIEW("message"), check->message);
    }
    if (check->fix.size > 0) {
        pair(out, VIEW("fix"), check->fix);
    }
    cites_print(out, check->cites, check->cite_count);
}

static void rule_show(struct out *out, const struct rule *rule) {
    cli_rule_print(out, rule);
    OUT_TEXT(out, "\n");
    if (rule->overrides > 0) {
        out_format(out, "made from version %d of the standard rule, in whose place it stands\n",
                   rule->overrides);
    }
    out_view(out, rule->file);
    out_format(out, ":%d, kind ", rule->line);
    out_view(out, rule->kind);
    out_format(out, ": %s\n", rule_kind_about(rule->kind_number));
    window_print(out, rule->since, rule->until);
    if (rule->check_count == 0) {
        OUT_TEXT(out, "  The check is part of the program; the rule gives it its words.\n");
    }
    for (int i = 0; i < rule->check_count; i++) {
        entry_print(out, rule, i);
    }
}

/* ---- the language ------------------------------------------------------------------------ */

static void key_print(struct out *out, const struct rule_key *key, bool required) {
    static const char *const types[] = {"a number",   "codes",     "names", "conditions",
                                        "some words", "one's own word", "a word"};
    struct out words;
    out_open(&words, NULL, NULL);
    out_format(&words, "%s%s", required ? "needed; " : "", types[key->type]);
    if (key->unit) {
        out_format(&words, " of %s", key->unit);
    }
    if (key->values) {
        out_format(&words, " of %s", key->values);
    }
    out_format(&words, ": %s", key->about);
    pair(out, key->name, out_bytes(&words));
    out_close(&words);
}

static void kind_print(struct out *out, enum rule_kind kind) {
    out_view(out, rule_kind_name(kind));
    out_format(out, ": %s\n", rule_kind_about(kind));
    if (kind < RULE_KIND_FIRST_POLICY) {
        OUT_TEXT(out, "  a part of the program, for standard rules; takes no parameters\n");
        return;
    }
    for (int i = 0; i < rule_key_count(); i++) {
        const struct rule_key *key = rule_key_at(i);
        if (!rule_key_scope(key) && rule_kind_takes(kind, key) != TAKEN_NOT) {
            key_print(out, key, rule_kind_takes(kind, key) == TAKEN_MUST);
        }
    }
    OUT_TEXT(out, "  docs/RULES.md#");
    out_view(out, rule_kind_name(kind));
    OUT_TEXT(out, "\n");
}

static void scope_print(struct out *out) {
    OUT_TEXT(out, "Which lines of which claims: every kind takes these, and needs families, "
                  "classes, codes or\ncarrying.\n");
    for (int i = 0; i < rule_key_count(); i++) {
        if (rule_key_scope(rule_key_at(i))) {
            key_print(out, rule_key_at(i), false);
        }
    }
    OUT_TEXT(out, "Beside them: kind, severity, status, since, until, message, fix, cite.\n");
}

static void facts_print(struct out *out) {
    static const char *const types[] = {
        [FACT_NUMBER] = "number", [FACT_TRUTH] = "true or false", [FACT_WORD] = "one of ",
        [FACT_TEXT] = "text",     [FACT_DATE] = "date",           [FACT_LIST] = "list"};
    OUT_TEXT(out, "Facts of the chart, {fact: NAME, COMPARISON: VALUE}\n");
    for (int i = 0; i < CLAIM_FACTS; i++) {
        const struct claim_fact_row *row = claim_fact_row((enum claim_fact_name)i);
        struct out words;
        out_open(&words, NULL, NULL);
        out_format(&words, "%s%s", types[row->type], row->values);
        pair(out, row->name, out_bytes(&words));
        out_close(&words);
    }
}

static void conditions_print(struct out *out) {
    OUT_TEXT(out, "Comparisons of conditions\n");
    for (int i = 0; i < TEST_OPERATORS; i++) {
        pair(out, rule_operator_name((enum rule_operator)i),
             view_of(rule_operator_about((enum rule_operator)i)));
    }
    OUT_TEXT(out, "Beside facts and services, {diagnosis: [M54]} is a diagnosis that begins so, "
                  "and {any: [...]} holds\nwhen one of its conditions holds.\n\n");
    OUT_TEXT(out, "What is known of an earlier service, {service: NAME, COMPARISON: VALUE}\n");
    for (int i = 0; i < SERVICE_FIELDS; i++) {
        enum rule_service_field field = (enum rule_service_field)i;
        struct out words;
        out_open(&words, NULL, NULL);
        out_format(&words, "%s: %s", rule_service_is_truth(field) ? "true or false" : "number",
                   rule_service_about(field));
        pair(out, rule_service_name(field), out_bytes(&words));
        out_close(&words);
    }
    OUT_TEXT(out, "\n");
    facts_print(out);
}

static int language_print(struct out *out) {
    OUT_TEXT(out, "Kinds of checks with parameters\n\n");
    for (int i = RULE_KIND_FIRST_POLICY; i < RULE_KINDS; i++) {
        kind_print(out, (enum rule_kind)i);
        OUT_TEXT(out, "\n");
    }
    scope_print(out);
    OUT_TEXT(out, "\n");
    conditions_print(out);
    OUT_TEXT(out, "\nKinds that are part of the program, for standard rules\n");
    for (int i = 0; i < RULE_KIND_FIRST_POLICY; i++) {
        pair(out, rule_kind_name((enum rule_kind)i), view_of(rule_kind_about((enum rule_kind)i)));
    }
    return STATUS_OK;
}

/* ---- one word of the language ------------------------------------------------------------ */

static void payers_print(struct cli *cli) {
    for (int i = 0; i < store_payer_count(cli->store); i++) {
        OUT_TEXT(&cli->out, "  ");
        out_view(&cli->out, store_payer_at(cli->store, i).profile);
        OUT_TEXT(&cli->out, "\n");
    }
}

/* A family and its codes; true when the code is the first of its family in the store. */
static bool family_first(const struct store *store, uint32_t id, struct view family) {
    for (uint32_t other = 0; other < id; other++) {
        struct store_family row;
        if (store_family(store, other, &row) && view_equal(row.family, family)) {
            return false;
        }
    }
    return true;
}

static void family_print(struct cli *cli, uint32_t from, struct view family) {
    struct out words;
    char code[9];
    out_open(&words, NULL, NULL);
    for (uint32_t id = from; id < store_code_count(cli->store); id++) {
        struct store_family row;
        if (store_family(cli->store, id, &row) && view_equal(row.family, family)) {
            out_view(&words, id == from ? VIEW("") : VIEW(" "));
            out_view(&words, code_text(store_code(cli->store, id), code));
        }
    }
    pair(&cli->out, family, out_bytes(&words));
    out_close(&words);
}

static void families_print(struct cli *cli) {
    for (uint32_t id = 0; id < store_code_count(cli->store); id++) {
        struct store_family row;
        if (store_family(cli->store, id, &row) && family_first(cli->store, id, row.family)) {
            family_print(cli, id, row.family);
        }
    }
}

static void key_kinds_print(struct out *out, const struct rule_key *key) {
    struct out words;
    out_open(&words, NULL, NULL);
    for (int i = RULE_KIND_FIRST_POLICY; i < RULE_KINDS && !rule_key_scope(key); i++) {
        if (rule_kind_takes((enum rule_kind)i, key) != TAKEN_NOT) {
            out_view(&words, out_bytes(&words).size > 0 ? VIEW(", ") : VIEW(""));
            out_view(&words, rule_kind_name((enum rule_kind)i));
        }
    }
    pair(out, VIEW("taken by"), rule_key_scope(key) ? VIEW("every kind") : out_bytes(&words));
    out_close(&words);
}

static bool key_show(struct cli *cli, struct view name) {
    for (int i = 0; i < rule_key_count(); i++) {
        const struct rule_key *key = rule_key_at(i);
        if (!view_equal(key->name, name)) {
            continue;
        }
        key_print(&cli->out, key, false);
        key_kinds_print(&cli->out, key);
        if (view_equal(name, VIEW("payers"))) {
            payers_print(cli);
        } else if (view_equal(name, VIEW("families"))) {
            families_print(cli);
        }
        return true;
    }
    return false;
}

int rules_show(struct cli *cli, const struct cli_arguments *arguments) {
    enum rule_kind kind;
    if (arguments->given[OPTION_KINDS] && arguments->rest_count == 1) {
        return language_print(&cli->out);
    }
    if (arguments->rest_count != 2 || arguments->given[OPTION_KINDS]) {
        return cli_usage(cli, "rules show needs a rule, a word of the rule language, or --kinds");
    }
    struct view name = view_of(arguments->rest[1]);
    const struct rule *rule = rule_find(cli->rules, name);
    if (rule) {
        rule_show(&cli->out, rule);
    } else if (rule_kind_find(name, &kind)) {
        kind_print(&cli->out, kind);
    } else if (!key_show(cli, name)) {
        return cli_usage(cli, "no rule, kind or parameter %.60s; see claimvet rules list",
                         arguments->rest[1]);
    }
    return STATUS_OK;
}
