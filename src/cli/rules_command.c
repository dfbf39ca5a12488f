/* claimvet rules: list, lint, dump, new; show, test and diff have files of their own. */
#include <string.h>

#include "cli/cli.h"

#define ID_COLUMNS 28
#define KIND_FIRST "session_limit"

/* ---- list -------------------------------------------------------------------------------- */

static bool payer_before(const struct rule *rule, int check, int name) {
    struct view wanted = rule->checks[check].names[RULE_payers].at[name];
    for (int i = 0; i <= check; i++) {
        const struct rule_names *names = &rule->checks[i].names[RULE_payers];
        for (int j = 0; j < (i == check ? name : names->count); j++) {
            if (view_equal(names->at[j], wanted)) {
                return true;
            }
        }
    }
    return false;
}

/* Each payer of the entries once; nothing when an entry holds for every payer. */
static void payers_write(struct out *out, const struct rule *rule, bool json) {
    bool first = true;
    for (int i = 0; i < rule->check_count; i++) {
        if (rule->checks[i].names[RULE_payers].count == 0) {
            return;
        }
    }
    for (int i = 0; i < rule->check_count; i++) {
        const struct rule_names *names = &rule->checks[i].names[RULE_payers];
        for (int j = 0; j < names->count; j++) {
            if (payer_before(rule, i, j)) {
                continue;
            }
            out_view(out, first ? VIEW("") : json ? VIEW(",") : VIEW(" "));
            if (json) {
                out_json(out, names->at[j]);
            } else {
                out_view(out, names->at[j]);
            }
            first = false;
        }
    }
}

static void list_json(struct out *out, const struct rule *rule) {
    OUT_TEXT(out, "{\"id\":");
    out_json(out, rule->id);
    out_format(out, ",\"version\":%d,\"severity\":", rule->version);
    out_json(out, rule_severity_name(rule->severity));
    OUT_TEXT(out, ",\"status\":");
    out_json(out, rule_state_name(rule->state));
    OUT_TEXT(out, ",\"kind\":");
    out_json(out, rule->kind);
    OUT_TEXT(out, ",\"payers\":[");
    payers_write(out, rule, true);
    OUT_TEXT(out, "],\"title\":");
    out_json(out, rule->title);
    OUT_TEXT(out, "}\n");
}

static void column(struct out *out, struct view text, ptrdiff_t width) {
    out_view(out, text);
    out_pad(out, text.size < width ? width - text.size : 1);
}

/* The payers stand behind the title where there is room for them. */
static void list_row(struct out *out, const struct rule *rule) {
    ptrdiff_t left = CLI_WIDTH - (rule->id.size < ID_COLUMNS ? ID_COLUMNS : rule->id.size + 1) - 15;
    struct view title = view_sub(rule->title, 0, left);
    struct out payers;
    out_open(&payers, NULL, NULL);
    payers_write(&payers, rule, false);
    column(out, rule->id, ID_COLUMNS);
    column(out, rule_severity_name(rule->severity), 8);
    column(out, rule_state_name(rule->state), 7);
    out_view(out, title);
    ptrdiff_t size = out_bytes(&payers).size;
    if (size > 0 && title.size + size + 4 <= left) {
        OUT_TEXT(out, "  (");
        out_view(out, out_bytes(&payers));
        OUT_TEXT(out, ")");
    }
    OUT_TEXT(out, "\n");
    out_close(&payers);
}

static int rules_list(struct cli *cli, const struct cli_arguments *arguments) {
    for (int i = 0; i < rule_count(cli->rules); i++) {
        if (cli_wants_json(arguments)) {
            list_json(&cli->out, rule_at(cli->rules, i));
        } else {
            list_row(&cli->out, rule_at(cli->rules, i));
        }
    }
    return STATUS_OK;
}

static int rules_dump(struct cli *cli) {
    for (int i = 0; i < rule_count(cli->rules); i++) {
        rule_dump(&cli->out, rule_at(cli->rules, i));
        OUT_TEXT(&cli->out, "\n");
    }
    return STATUS_OK;
}

/* ---- lint and test ----------------------------------------------------------------------- */

struct complaints {
    struct out *out;
    int count;
};

static void complaint_print(void *to, const struct diag *diag) {
    struct complaints *complaints = to;
    cli_rule_error(complaints->out, diag);
    complaints->count++;
}

/* The files behind the word; --rules, when it is given, is one of them. */
static bool paths_of(struct cli *cli, const struct cli_arguments *arguments,
                     struct cli_paths *paths) {
    const char **at = ARENA_NEW(&cli->arena, const char *, arguments->rest_count + 1);
    int count = 0;
    for (int i = 1; at && i < arguments->rest_count; i++) {
        at[count++] = arguments->rest[i];
    }
    if (at && arguments->value[OPTION_RULES]) {
        at[count++] = arguments->value[OPTION_RULES];
    }
    *paths = (struct cli_paths){at, count, arguments->given[OPTION_ALONE], false};
    return at != NULL;
}

static int own_count(const struct cli *cli, bool own) {
    int count = 0;
    for (int i = 0; i < rule_count(cli->rules); i++) {
        count += !own || rule_at(cli->rules, i)->own;
    }
    return count;
}

static int rules_lint(struct cli *cli, const struct cli_paths *paths) {
    struct complaints complaints = {&cli->out, 0};
    int status = cli_rules_open(cli, paths, complaint_print, &complaints, &cli->rules);
    if (status != STATUS_OK) {
        return status;
    }
    rule_lint(cli->rules, cli->store, &cli->arena, complaint_print, &complaints);
    out_format(&cli->out, "%d rules read, %d complaints\n",
               own_count(cli, paths->count > 0 && !paths->alone), complaints.count);
    return complaints.count > 0;
}

static int rules_of_paths(struct cli *cli, const struct cli_arguments *arguments, bool lint) {
    struct cli_paths paths;
    if (!paths_of(cli, arguments, &paths)) {
        return STATUS_SYSTEM;
    }
    if (paths.alone && paths.count == 0) {
        return cli_usage(cli, "--alone needs a file or folder of rules");
    }
    if (lint) {
        return rules_lint(cli, &paths);
    }
    int status = cli_rules_open(cli, &paths, NULL, NULL, &cli->rules);
    return status == STATUS_OK ? rules_test(cli, paths.count > 0 && !paths.alone) : status;
}

/* ---- new --------------------------------------------------------------------------------- */

static bool is_id(struct view id) {
    bool good = id.size > 2 && id.size <= 48 && id.at[0] >= 'a' && id.at[0] <= 'z';
    for (ptrdiff_t i = 0; i < id.size; i++) {
        char c = id.at[i];
        good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
    }
    return good;
}

/* The block of a standard rule, made one that overrides it. */
static void override_print(struct cli *cli, const struct rule *rule) {
    struct view rest = rule_block(cli->rules, rule);
    OUT_TEXT(&cli->out, "# The standard rule, to be changed; it takes the standard one's place.\n");
    while (rest.at && rest.size > 0) {
        struct view line = view_cut(&rest, '\n');
        out_view(&cli->out, line);
        OUT_TEXT(&cli->out, "\n");
        if (view_starts(line, VIEW("version:"))) {
            out_format(&cli->out, "overrides: %d\n", rule->version);
        }
    }
}

static void template_print(struct out *out, struct view text, const char *id) {
    while (text.at && text.size > 0) {
        struct view line = view_cut(&text, '\n');
        if (view_equal(line, VIEW("id: my_rule"))) {
            OUT_TEXT(out, "id: ");
            line = view_of(id);
        }
        out_view(out, line);
        OUT_TEXT(out, "\n");
    }
}

static int rules_new(struct cli *cli, const struct cli_arguments *arguments) {
    enum rule_kind kind = RULE_KINDS;
    const char *name = arguments->value[OPTION_KIND];
    if (arguments->rest_count != 2 || !is_id(view_of(arguments->rest[1]))) {
        return cli_usage(cli, "rules new needs an id of 3 to 48 lower-case letters, digits and "
                              "underscores");
    }
    const struct rule *standard = rule_find(cli->rules, view_of(arguments->rest[1]));
    if (standard && !name) {
        override_print(cli, standard);
        return STATUS_OK;
    }
    if (standard) {
        return cli_usage(cli, "%s is a rule already: take another id, or leave --kind out to "
                              "override it", arguments->rest[1]);
    }
    if (!rule_kind_find(view_of(name ? name : KIND_FIRST), &kind) ||
        kind < RULE_KIND_FIRST_POLICY) {
        return cli_usage(cli, "no kind %.40s that takes parameters; see claimvet rules show "
                              "--kinds", name);
    }
    template_print(&cli->out, rule_template(kind), arguments->rest[1]);
    return STATUS_OK;
}

/* ------------------------------------------------------------------------------------------ */

enum word { WORD_LIST, WORD_SHOW, WORD_TEST, WORD_LINT, WORD_DUMP, WORD_DIFF, WORD_NEW, WORDS };

static enum word word_of(const char *text) {
    static const char *const words[WORDS] = {"list", "show", "test", "lint",
                                             "dump", "diff", "new"};
    int word = 0;
    while (word < WORDS && strcmp(words[word], text) != 0) {
        word++;
    }
    return (enum word)word;
}

static int word_run(struct cli *cli, const struct cli_arguments *arguments, enum word word) {
    switch (word) {
    case WORD_LIST: return rules_list(cli, arguments);
    case WORD_SHOW: return rules_show(cli, arguments);
    case WORD_DUMP: return rules_dump(cli);
    case WORD_DIFF: return rules_diff(cli, arguments);
    case WORD_NEW: return rules_new(cli, arguments);
    default: return rules_of_paths(cli, arguments, word == WORD_LINT);
    }
}

int command_rules(struct cli *cli, const struct cli_arguments *arguments) {
    enum word word = word_of(arguments->rest_count > 0 ? arguments->rest[0] : "");
    bool alone = arguments->rest_count == 1;
    if (word == WORDS || ((word == WORD_LIST || word == WORD_DUMP) && !alone)) {
        return cli_usage(cli, "rules what? list, show, test, lint, dump, diff or new; see claimvet "
                              "help rules");
    }
    int status = cli_format_check(cli, arguments);
    if (status != STATUS_OK) {
        return status;
    }
    /* These open rules of their own. */
    bool own = word == WORD_TEST || word == WORD_LINT || word == WORD_DIFF;
    status = own ? cli_store(cli, arguments) : cli_open(cli, arguments);
    return status == STATUS_OK ? word_run(cli, arguments, word) : status;
}
