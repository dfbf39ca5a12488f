/* claimvet: vets medical claims before they go out. */
#include <stdarg.h>
#include <stdio.h>

#include "cli/cli.h"
#include "version.h"
#include "os/os.h"

typedef int command_function(struct cli *cli, const struct cli_arguments *arguments);

static command_function *const commands[COMMANDS] = {
    [COMMAND_AUDIT] = command_audit,       [COMMAND_LOOKUP] = command_lookup,
    [COMMAND_PAIR] = command_pair,         [COMMAND_EXPLAIN] = command_explain,
    [COMMAND_RULES] = command_rules,       [COMMAND_HELP] = command_help,
    [COMMAND_GENERATE] = command_generate, [COMMAND_STORE] = command_store,
    [COMMAND_IMPORT] = command_import,     [COMMAND_GUIDE] = command_guide,
    [COMMAND_HISTORY] = command_history,
    [COMMAND_SELFAUDIT] = command_selfaudit,
    [COMMAND_REPORT] = command_report,
    [COMMAND_NEXT] = command_next,         [COMMAND_PRICE] = command_price,
    [COMMAND_FIX] = command_fix,           [COMMAND_WHATIF] = command_whatif,
};

void cli_error(struct cli *cli, const char *what, const struct diag *diag) {
    OUT_TEXT(&cli->err, "claimvet: ");
    if (what && *what) {
        out_view(&cli->err, view_of(what));
        OUT_TEXT(&cli->err, ": ");
    }
    out_view(&cli->err, view_of(diag->text));
    OUT_TEXT(&cli->err, "\n");
    out_flush(&cli->err);
}

int cli_usage(struct cli *cli, const char *format, ...) {
    char text[400];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    OUT_TEXT(&cli->err, "claimvet: ");
    out_view(&cli->err, view_of(text));
    OUT_TEXT(&cli->err, "\n");
    return STATUS_USAGE;
}

int cli_store(struct cli *cli, const struct cli_arguments *arguments) {
    struct diag diag = DIAG_NONE;
    const char *path = arguments->value[OPTION_STORE];
    struct view image = store_starter();
    int status = STATUS_OK;
    if (path) {
        status = os_map(path, &cli->store_image, &diag);
        image = cli->store_image;
    }
    if (status == STATUS_OK) {
        status = store_open(&cli->store, image, &cli->arena, &diag);
    }
    if (status != STATUS_OK) {
        cli_error(cli, path ? path : "starter store", &diag);
    }
    return status;
}

int cli_open(struct cli *cli, const struct cli_arguments *arguments) {
    int status = cli_store(cli, arguments);
    if (status != STATUS_OK) {
        return status;
    }
    const char *own = arguments->value[OPTION_RULES];
    bool words = arguments->command == COMMAND_EXPLAIN || arguments->command == COMMAND_RULES;
    struct cli_paths paths = {&own, own ? 1 : 0, arguments->given[OPTION_ALONE], !words};
    return cli_rules_open(cli, &paths, NULL, NULL, &cli->rules);
}

int cli_date(struct cli *cli, const struct cli_arguments *arguments, enum cli_option option,
             struct date *date) {
    *date = DATE_NONE;
    if (!arguments->given[option]) {
        return STATUS_OK;
    }
    *date = date_from_iso(view_of(arguments->value[option]));
    if (!date_given(*date)) {
        return cli_usage(cli, "--%s takes a date as YYYY-MM-DD", cli_options[option].word);
    }
    return STATUS_OK;
}

static int version_print(struct cli *cli, const struct cli_arguments *arguments) {
    OUT_TEXT(&cli->out, "claimvet " CLAIMVET_VERSION "\n");
    int status = cli_open(cli, arguments);
    if (status == STATUS_OK) {
        OUT_TEXT(&cli->out, "store ");
        out_view(&cli->out, store_hash(cli->store));
        OUT_TEXT(&cli->out, "\n");
    }
    return status;
}

static int run(struct cli *cli, int count, char **words) {
    struct cli_arguments arguments;
    int status = cli_parse(&arguments, count, words, &cli->err);
    if (status != STATUS_OK) {
        return status;
    }
    if (arguments.given[OPTION_VERSION]) {
        return version_print(cli, &arguments);
    }
    if (arguments.given[OPTION_HELP]) {
        return command_help(cli, &arguments);
    }
    return commands[arguments.command](cli, &arguments);
}

int main(int count, char **words) {
    struct cli cli = {0};
    out_open(&cli.out, os_stdout_sink, NULL);
    out_open(&cli.err, os_stderr_sink, NULL);
    int status = run(&cli, count, words);
    out_close(&cli.out);
    if (cli.out.failed && status < STATUS_SYSTEM) {
        OUT_TEXT(&cli.err, "claimvet: cannot write to standard output\n");
        status = STATUS_SYSTEM;
    }
    out_close(&cli.err);
    os_unmap(cli.store_image);
    arena_close(&cli.arena);
    return status;
}
