/* claimvet selfaudit: the queries of rules/selfaudit.tsv over a history. */
#include "audit/audit.h"
#include "cli/cli.h"
#include "history/history.h"
#include "report/report.h"
#include "version.h"

/* Made by tools/embed.py from rules/selfaudit.tsv. */
extern const struct view selfaudit_embedded_texts[];

static int answers_write(struct cli *cli, const struct cli_arguments *arguments,
                         const struct selfaudit *result, const struct report_selfaudit *about) {
    const char *path = arguments->value[OPTION_OUTPUT];
    const char *word = arguments->value[OPTION_FORMAT];
    enum report_format format = REPORT_TEXT;
    struct out file;
    if (word && !report_format_from(view_of(word), &format)) {
        format = REPORT_TEXT; /* not reached: the option table holds the words */
    }
    out_open(&file, NULL, NULL);
    report_selfaudit(path ? &file : &cli->out, format, result, about);
    int status = path ? cli_output_write(cli, path, &file) : STATUS_OK;
    out_clear(&file);
    out_close(&file);
    return status;
}

static int answers_make(struct cli *cli, const struct cli_arguments *arguments,
                        struct history *history, struct report_selfaudit *about) {
    struct diag diag = DIAG_NONE;
    struct selfaudit_table table;
    struct selfaudit *result = ARENA_NEW(&cli->arena, struct selfaudit, 1);
    struct selfaudit_options options = {.from = about->from,
                                        .to = about->to,
                                        .payer = view_of(arguments->value[OPTION_PAYER])};
    int status = selfaudit_table(&table, selfaudit_embedded_texts[0], &cli->arena, &diag);
    if (status == STATUS_OK && !result) {
        diag_set(&diag, "memory", "memory was refused: close other programs");
        status = STATUS_SYSTEM;
    }
    if (status == STATUS_OK) {
        status = selfaudit_run(result, &table, cli->store, history, &options, &cli->arena, &diag);
    }
    if (status != STATUS_OK) {
        cli_error(cli, "selfaudit", &diag);
        return status;
    }
    if (options.payer.at && result->services == 0) {
        OUT_TEXT(&cli->err, "claimvet: no services of that payer and time in the history: see that "
                            "--payer is as in the claims\n");
    }
    status = answers_write(cli, arguments, result, about);
    return status != STATUS_OK ? status : selfaudit_status(result);
}

static int usage_check(struct cli *cli, const struct cli_arguments *arguments,
                       struct report_selfaudit *about) {
    if (!arguments->value[OPTION_HISTORY]) {
        return cli_usage(cli, "selfaudit needs --history FILE");
    }
    if (arguments->rest_count > 0) {
        return cli_usage(cli, "selfaudit takes no files: add their claims with claimvet history "
                              "add, and name the history with --history");
    }
    int status = cli_date(cli, arguments, OPTION_FROM, &about->from);
    status = status ? status : cli_date(cli, arguments, OPTION_TO, &about->to);
    if (status == STATUS_OK && date_given(about->from) && date_given(about->to) &&
        about->from.day > about->to.day) {
        return cli_usage(cli, "--from is after --to");
    }
    return status;
}

int command_selfaudit(struct cli *cli, const struct cli_arguments *arguments) {
    struct report_selfaudit about = {.program = VIEW("claimvet " CLAIMVET_VERSION)};
    struct history *history = NULL;
    struct diag diag = DIAG_NONE;
    char name[HISTORY_NAME_MAX];
    int status = usage_check(cli, arguments, &about);
    status = status ? status : cli_store(cli, arguments);
    if (status != STATUS_OK) {
        return status;
    }
    const char *where = arguments->value[OPTION_HISTORY];
    about.history = view_of(history_name(where, name));
    about.store = store_hash(cli->store);
    status = history_open(&history, where, NULL, &diag);
    if (status != STATUS_OK) {
        cli_error(cli, about.history.at, &diag);
        return status;
    }
    status = answers_make(cli, arguments, history, &about);
    history_close(history);
    return status;
}
