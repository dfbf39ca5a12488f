/* claimvet audit: files -> claims -> findings -> report. */
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "claim/claim.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "history/history.h"
#include "version.h"
#include "os/os.h"
#include "report/report.h"

/* One run over all files. */
struct run {
    struct cli *cli;
    const struct cli_arguments *arguments;
    const struct cli_watch *watch; /* of explain, NULL: the report gets every claim */
    struct audit *audit;
    struct history *history;
    struct report *report;
    struct out file_out; /* of --output */
    struct claim_options options;
    struct view map_image;
    struct claim_chart *chart;
    int64_t claims;
    bool system_failed;
    struct progress progress;
};


static bool colour_wanted(const struct cli_arguments *arguments) {
    const char *when = arguments->value[OPTION_COLOUR];
    if (when && strcmp(when, "always") == 0) {
        return true;
    }
    if ((when && strcmp(when, "never") == 0) || arguments->value[OPTION_OUTPUT]) {
        return false;
    }
    const char *no_colour = getenv("NO_COLOR");
    return os_is_terminal(1) && !(no_colour && *no_colour);
}

static ptrdiff_t source_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    return os_read(context, to, size, diag);
}

/* An error about a file goes into the report, which tells it to standard error as well. */
static void fault_tell(struct run *run, const char *name, const struct claim_fault *fault) {
    report_fault(run->report, fault);
    if (!fault->rule) {
        progress_clear(&run->progress);
        struct diag diag = fault->diag;
        run->system_failed |= strcmp(diag.code, "memory") == 0;
        cli_error(run->cli, name, &diag);
    }
}

static void claims_take(struct run *run, struct claim_reader *claims, int64_t size,
                        const char *name) {
    enum claim_got got;
    while ((got = claim_next(claims)) != CLAIM_END) {
        if (got != CLAIM_READ) {
            fault_tell(run, name, claim_fault(claims));
            continue;
        }
        const struct claim *claim = claim_now(claims);
        const struct audit_result *result = audit_claim(run->audit, claim);
        if (run->watch) {
            run->watch->take(run->watch->to, run->report, claim, result);
        } else {
            report_claim(run->report, claim, result);
        }
        run->claims++;
        progress_claims(&run->progress, claims, size, run->claims, name);
    }
}

static void file_take(struct run *run, const char *path) {
    struct os_reader reader;
    struct claim_reader *claims = NULL;
    struct claim_fault fault = {.diag = DIAG_NONE};
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    report_file(run->report, view_of(name));
    run->options.file = view_of(name);
    run->options.first_ordinal = run->claims + 1;
    int status = os_reader_open(&reader, path, &fault.diag);
    if (status == STATUS_OK) {
        status = claim_open(&claims, source_read, &reader, &run->options, &fault.diag);
        if (status == STATUS_OK) {
            claims_take(run, claims, os_reader_size(&reader), name);
        }
        claim_close(claims);
        os_reader_close(&reader);
    }
    if (status != STATUS_OK) {
        run->system_failed |= status == STATUS_SYSTEM;
        fault_tell(run, name, &fault);
    }
}

int cli_payer_check(struct cli *cli, const char *profile) {
    struct store_payer payer;
    if (!profile || store_payer(cli->store, view_of(profile), &payer)) {
        return STATUS_OK;
    }
    cli_usage(cli, "unknown payer profile %.40s; known are:", profile);
    for (int i = 0; i < store_payer_count(cli->store); i++) {
        OUT_TEXT(&cli->err, "  ");
        out_view(&cli->err, store_payer_at(cli->store, i).profile);
        OUT_TEXT(&cli->err, "\n");
    }
    return STATUS_USAGE;
}

static enum report_format format_of(const struct cli_arguments *arguments) {
    enum report_format format = REPORT_TEXT;
    const char *name = arguments->value[OPTION_FORMAT];
    if (name && !report_format_from(view_of(name), &format)) {
        format = REPORT_TEXT; /* not reached: the option table holds the words */
    }
    return format;
}

/* What stands beside the claims: columns of a CSV, the history, the chart. */
static int inputs_open(struct run *run) {
    const struct cli_arguments *arguments = run->arguments;
    const char *what = arguments->value[OPTION_MAP]; /* that an error is about */
    struct diag diag = DIAG_NONE;
    char name[HISTORY_NAME_MAX];
    int status = STATUS_OK;
    run->options.payer = view_of(arguments->value[OPTION_PAYER]);
    if (what) {
        status = os_map(what, &run->map_image, &diag);
        run->options.csv_map = run->map_image;
    }
    if (status == STATUS_OK && arguments->value[OPTION_HISTORY]) {
        what = history_name(arguments->value[OPTION_HISTORY], name);
        status = history_open(&run->history, arguments->value[OPTION_HISTORY],
                              &(struct history_options){0}, &diag);
    }
    if (status != STATUS_OK) {
        cli_error(run->cli, what, &diag);
    } else if (arguments->value[OPTION_CHART]) {
        status = cli_chart_open(run->cli, arguments->value[OPTION_CHART], &run->chart);
        run->options.chart = run->chart;
    }
    return status;
}

static int run_open(struct run *run, struct out *out) {
    struct cli *cli = run->cli;
    const struct cli_arguments *arguments = run->arguments;
    struct diag diag = DIAG_NONE;
    struct date as_of;
    bool trace = run->watch || arguments->given[OPTION_TRACE];
    int status = cli_date(cli, arguments, OPTION_AS_OF, &as_of);
    if (status != STATUS_OK || (status = cli_open(cli, arguments)) != STATUS_OK ||
        (status = cli_payer_check(cli, arguments->value[OPTION_PAYER])) != STATUS_OK) {
        return status;
    }
    status = inputs_open(run);
    if (status != STATUS_OK) {
        return status;
    }
    struct audit_options audit = {
        .as_of = as_of, .history = run->history, .trace = trace, .whole = os_memory_whole};
    status = audit_open(&run->audit, cli->store, cli->rules, &audit, &cli->arena, &diag);
    if (status != STATUS_OK) {
        cli_error(cli, NULL, &diag);
        return status;
    }
    run->options.coming = audit_fetch;
    run->options.coming_context = run->audit;
    struct report_options options = {.colour = colour_wanted(arguments),
                                     .trace = trace,
                                     .bare = run->watch != NULL,
                                     .as_of = as_of,
                                     .program = VIEW("claimvet " CLAIMVET_VERSION)};
    return report_open(&run->report, format_of(arguments), out, cli->store, run->audit, &options,
                       &cli->arena);
}

static int output_write(struct run *run) {
    struct diag diag = DIAG_NONE;
    const char *path = run->arguments->value[OPTION_OUTPUT];
    if (run->file_out.failed) {
        diag_set(&diag, "memory", "out of memory for the report");
        cli_error(run->cli, path, &diag);
        return STATUS_SYSTEM;
    }
    int status = os_write_atomic(path, out_bytes(&run->file_out), &diag);
    if (status != STATUS_OK) {
        cli_error(run->cli, path, &diag);
    }
    return status;
}

/* The exit status of DESIGN.md: what could not be read weighs more than what was found. */
static int exit_status(const struct run *run) {
    const struct report_totals *totals = report_totals(run->report);
    if (run->system_failed) {
        return STATUS_SYSTEM;
    }
    if (run->watch) {
        return totals->faults > 0 ? STATUS_INPUT : STATUS_OK;
    }
    int status = report_status(totals);
    bool unjudged = run->arguments->given[OPTION_STRICT] && totals->incomplete > 0;
    return status == STATUS_OK && unjudged ? 1 : status;
}

static int run_end(struct run *run, enum report_format format) {
    progress_clear(&run->progress);
    report_end(run->report);
    int status = exit_status(run);
    if (run->arguments->value[OPTION_OUTPUT]) {
        int written = output_write(run);
        status = written != STATUS_OK ? written : status;
    }
    if (run->chart) {
        cli_chart_tell(run->cli, run->arguments->value[OPTION_CHART], run->chart);
    }
    bool told = run->watch || (format == REPORT_TEXT && !run->arguments->value[OPTION_OUTPUT]);
    if (!told && !run->arguments->given[OPTION_QUIET]) {
        report_summary(run->report, &run->cli->err);
    }
    return status;
}

int command_audit(struct cli *cli, const struct cli_arguments *arguments) {
    return cli_audit(cli, arguments, NULL);
}

int cli_audit(struct cli *cli, const struct cli_arguments *arguments,
              const struct cli_watch *watch) {
    struct run run = {.cli = cli, .arguments = arguments, .watch = watch};
    int first = watch ? watch->first : 0;
    bool to_file = arguments->value[OPTION_OUTPUT] != NULL;
    out_open(&run.file_out, NULL, NULL);
    int status = run_open(&run, to_file ? &run.file_out : &cli->out);
    if (status == STATUS_OK) {
        progress_open(&run.progress, &cli->err, arguments->given[OPTION_QUIET]);
        for (int i = first; i < arguments->rest_count; i++) {
            file_take(&run, arguments->rest[i]);
        }
        if (arguments->rest_count == 0) {
            file_take(&run, "-");
        }
        status = run_end(&run, format_of(arguments));
    }
    audit_close(run.audit);
    history_close(run.history);
    claim_chart_close(run.chart);
    out_close(&run.file_out);
    os_unmap(run.map_image);
    return status;
}
