/* cli: the command line. One option table (options.def) gives parsing, --help, the man page and the
 * completions. A command is a function over the parsed arguments; main() is a page. */
#ifndef CLAIMVET_CLI_H
#define CLAIMVET_CLI_H

#include "base/base.h"
#include "rule/rule.h"
#include "store/store.h"

#define CLI_WIDTH 100 /* columns that text output fits in */
#define CLI_APPLY_MAX 32 /* times that --apply can be given; each takes a list */

enum cli_command {
#define COMMAND(name, word, arguments, summary, about) COMMAND_##name,
#define OPTION(name, commands, word, letter, argument, values, about)
#include "cli/options.def"
    COMMANDS
};

enum cli_option {
#define COMMAND(name, word, arguments, summary, about)
#define OPTION(name, commands, word, letter, argument, values, about) OPTION_##name,
#include "cli/options.def"
    OPTIONS
};

struct cli_arguments {
    enum cli_command command;
    bool given[OPTIONS];
    const char *value[OPTIONS]; /* of options that take one; NULL otherwise */
    const char *apply[CLI_APPLY_MAX]; /* every --apply, as they came */
    int apply_count;
    char **rest;                /* what is no option */
    int rest_count;
};

/* What a row of options.def says. */
struct cli_command_row {
    const char *word, *arguments, *summary, *about;
};
struct cli_option_row {
    uint32_t commands; /* bit per cli_command */
    const char *word;
    char letter;          /* 0: none */
    const char *argument; /* NULL: a switch */
    const char *values;   /* words it may take, separated by blanks; NULL: anything */
    const char *about;
};
extern const struct cli_command_row cli_commands[COMMANDS];
extern const struct cli_option_row cli_options[OPTIONS];

/* What most commands need: the store, the rules, memory that lives as long as the program. */
struct cli {
    struct arena arena;
    struct out out; /* standard output */
    struct out err; /* standard error, flushed by cli_error and at the end */
    const struct store *store;
    const struct rule_set *rules;
    struct view store_image; /* mapped file, or VIEW_NONE for the starter store */
};

/* Parses; STATUS_USAGE with a message on `err` when it cannot. */
int cli_parse(struct cli_arguments *arguments, int count, char **words, struct out *err) MUST_USE;
void cli_error(struct cli *cli, const char *what, const struct diag *diag);
__attribute__((format(printf, 2, 3))) int cli_usage(struct cli *cli, const char *format, ...);
/* Opens the store (--store or the starter), and for cli_open the rules (with --rules); says why on
 * `err` when it cannot. */
int cli_store(struct cli *cli, const struct cli_arguments *arguments) MUST_USE;
int cli_open(struct cli *cli, const struct cli_arguments *arguments) MUST_USE;
/* --NAME DATE; DATE_NONE when not given; STATUS_USAGE for what is no date. */
int cli_date(struct cli *cli, const struct cli_arguments *arguments, enum cli_option option,
             struct date *date) MUST_USE;

int command_audit(struct cli *cli, const struct cli_arguments *arguments);
/* Audits the files as `audit` does, the arguments from `first` on, and hands each claim to `take`
 * instead of to the report. `ready`, if given, is told the options of the audit before the first
 * file; their history lives until cli_audit returns. 0, what `ready` says, STATUS_USAGE,
 * STATUS_INPUT or STATUS_SYSTEM. With `begin` and `end` the watcher writes the output itself when
 * the last claim was taken, faults go to standard error only, and the status is what the faults or
 * `end` say, the greater of the two. */
struct report;
struct audit;
struct audit_result;
struct audit_options;
struct cli_watch {
    bool trace; /* each result has its trace */
    int (*ready)(void *to, const struct audit_options *options);
    int (*begin)(void *to, const struct audit *audit); /* STATUS_OK, or an error that was told */
    int (*end)(void *to, const struct report *report);
    void (*take)(void *to, struct report *report, const struct claim *claim,
                 const struct audit_result *result);
    void *to;
    int first;
};
int cli_audit(struct cli *cli, const struct cli_arguments *arguments,
              const struct cli_watch *watch);
/* `explain FINDING FILE...` */
int explain_claim(struct cli *cli, const struct cli_arguments *arguments);
int command_lookup(struct cli *cli, const struct cli_arguments *arguments);
int command_pair(struct cli *cli, const struct cli_arguments *arguments);
int command_store(struct cli *cli, const struct cli_arguments *arguments);
int command_import(struct cli *cli, const struct cli_arguments *arguments);
int command_guide(struct cli *cli, const struct cli_arguments *arguments);
int command_history(struct cli *cli, const struct cli_arguments *arguments);
int command_report(struct cli *cli, const struct cli_arguments *arguments);
int command_selfaudit(struct cli *cli, const struct cli_arguments *arguments);
int command_next(struct cli *cli, const struct cli_arguments *arguments);
int command_whatif(struct cli *cli, const struct cli_arguments *arguments);
int command_price(struct cli *cli, const struct cli_arguments *arguments);
int command_fix(struct cli *cli, const struct cli_arguments *arguments);
int command_explain(struct cli *cli, const struct cli_arguments *arguments);
int command_rules(struct cli *cli, const struct cli_arguments *arguments);
int command_help(struct cli *cli, const struct cli_arguments *arguments);
int command_generate(struct cli *cli, const struct cli_arguments *arguments);

/* The rules of files and folders beside the standard ones (`alone`: in place of them). `tell` as in
 * struct rule_options. STATUS_INPUT with a message on `err` for what cannot be read. */
struct cli_paths {
    const char *const *at;
    int count;
    bool alone;
    bool lean; /* standard rules without their examples */
};
int cli_rules_open(struct cli *cli, const struct cli_paths *paths, rule_tell *tell, void *tell_to,
                   const struct rule_set **set) MUST_USE;
/* Why a rule file is refused: the message, the line and a caret. */
void cli_rule_error(struct out *out, const struct diag *diag);
int rules_show(struct cli *cli, const struct cli_arguments *arguments);
int rules_test(struct cli *cli, bool own);
int rules_diff(struct cli *cli, const struct cli_arguments *arguments);
/* --payer must name a profile (NULL: not given): a misspelt one would judge everything by the wrong
 * conventions. */
int cli_payer_check(struct cli *cli, const char *profile) MUST_USE;
/* --chart: the chart beside the claims, claim_chart_close ends it; says on `err` why it cannot be
 * read, and at the end which of its entries no claim asked for. */
struct claim_chart;
int cli_chart_open(struct cli *cli, const char *path, struct claim_chart **chart) MUST_USE;
void cli_chart_tell(struct cli *cli, const char *path, const struct claim_chart *chart);
/* What stands beside the claims: --map, --history, --chart; and --payer. Says on `err` what cannot
 * be read; cli_inputs_close ends it in any case. */
struct claim_options;
struct history;
struct cli_inputs {
    struct view map;
    struct history *history;
    struct claim_chart *chart;
};
int cli_inputs_open(struct cli *cli, const struct cli_arguments *arguments,
                    struct cli_inputs *inputs, struct claim_options *options) MUST_USE;
void cli_inputs_close(struct cli_inputs *inputs);
/* The words of one rule, as `explain` has them. */
void cli_rule_print(struct out *out, const struct rule *rule);
void cli_cites_print(struct out *out, const struct rule_cite *cites, int count);
void cli_paragraph(struct out *out, const char *name, struct view text, int indent);

/* Writes what `file` kept in memory to --output; says on `err` why it cannot. */
int cli_output_write(struct cli *cli, const char *path, const struct out *file) MUST_USE;
/* --format of commands that print text or JSON: csv and html are wrong usage. */
bool cli_wants_json(const struct cli_arguments *arguments);
int cli_format_check(struct cli *cli, const struct cli_arguments *arguments) MUST_USE;

/* Words shared by lookup, pair and explain. */
void cli_release(struct cli *cli, struct store_proof proof, struct date on);
void cli_window(struct cli *cli, struct store_proof proof);
/* First day of the newest edition of a table, partial ones only if asked for. */
struct date cli_newest(const struct store *store, enum store_table table, bool partial);
/* Has an edition that is no excerpt begun on the day? */
bool cli_begun(const struct store *store, enum store_table table, struct date on);
/* Does one that is not stale speak of these codes on the day, so that an absent row is an answer?
 * Where rows carry their own windows, a stale edition is the last word all the same. */
bool cli_speaks(const struct store *store, enum store_table table, struct date on,
                const uint32_t *ids, int id_count);

/* Prints the rows of all sheets that are found by the word and hold on the day, or on the first
 * day of the newest edition of each: their number. */
int cli_sheets(struct cli *cli, struct view word, struct store_when when, bool json);
/* Opens a store file; STATUS_INPUT with a message when it is none. Its bytes live until
 * os_unmap. */
int cli_store_open(struct cli *cli, const char *path, struct view *bytes,
                   const struct store **store) MUST_USE;
/* The errors of an import, each with its file and line, on `err`. */
struct import;
void cli_import_errors(struct cli *cli, const struct import *import);
int store_diff(struct cli *cli, const struct cli_arguments *arguments);
int history_show(struct cli *cli, const struct cli_arguments *arguments);

#endif
