/* claimvet audit: files -> claims -> findings -> report. */
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "claim/claim.h"
#include "cli/cli.h"
#include "cli/opportunity.h"
#include "cli/pricing.h"
#include "cli/progress.h"
#include "version.h"
#include "os/os.h"
#include "report/report.h"

/* One run over all files. */
struct run {
    struct cli *cli;
    const struct cli_arguments *arguments;
    const struct cli_watch *watch; /* of explain and report, NULL: the report gets every claim */
    struct audit *audit;
    struct cli_inputs inputs;
    struct report *report;
    struct out file_out; /* of --output */
    struct claim_options options;
    struct cli_pricing pricing;
    struct cli_pricing opportunity_pricing; /* its pricer keeps what it priced last */
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

/* The watcher writes the output; the report only counts what is wrong with the files. */
static bool is_apart(const struct run *run) { return run->watch && run->watch->end; }

static enum report_format format_of(const struct run *run) {
    enum report_format format = REPORT_TEXT;
    const char *name = is_apart(run) ? NULL : run->arguments->value[OPTION_FORMAT];
    if (name && !report_format_from(view_of(name), &format)) {
        format = REPORT_TEXT; /* not reached: the option table holds the words */
    }
    return format;
}

/* Everything an audit takes, and the audit itself. */
static int audit_ready(struct run *run, struct date as_of, bool trace) {
    struct cli *cli = run->cli;
    const struct cli_arguments *arguments = run->arguments;
    struct diag diag = DIAG_NONE;
    bool steps = trace || format_of(run) == REPORT_TEXT || format_of(run) == REPORT_HTML;
    int status = cli_inputs_open(cli, arguments, &run->inputs, &run->options);
    status = status ? status
                    : cli_pricing_open(cli, arguments, as_of, steps && !is_apart(run),
                                       &run->pricing);
    struct audit_options audit = {.as_of = as_of,
                                  .history = run->inputs.history,
                                  .pricer = run->pricing.pricer,
                                  .trace = trace,
                                  .whole = os_memory_whole};
    if (status == STATUS_OK && !run->watch) {
        status = cli_opportunities_open(cli, arguments, &audit, &run->opportunity_pricing);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = audit_open(&run->audit, cli->store, cli->rules, &audit, &cli->arena, &diag);
    if (status != STATUS_OK) {
        cli_error(cli, NULL, &diag);
        return status;
    }
    run->options.coming = audit_fetch;
    run->options.coming_context = run->audit;
    return run->watch && run->watch->ready ? run->watch->ready(run->watch->to, &audit) : STATUS_OK;
}

static int run_open(struct run *run, struct out *out) {
    struct cli *cli = run->cli;
    const struct cli_arguments *arguments = run->arguments;
    struct date as_of;
    bool trace = run->watch ? run->watch->trace : arguments->given[OPTION_TRACE];
    int status = cli_date(cli, arguments, OPTION_AS_OF, &as_of);
    status = status ? status : cli_open(cli, arguments);
    status = status ? status : cli_payer_check(cli, arguments->value[OPTION_PAYER]);
    status = status ? status : audit_ready(run, as_of, trace);
    if (status != STATUS_OK) {
        return status;
    }
    struct report_options options = {.colour = colour_wanted(arguments),
                                     .trace = trace,
                                     .bare = run->watch != NULL,
                                     .as_of = as_of,
                                     .program = VIEW("claimvet " CLAIMVET_VERSION)};
    status = report_open(&run->report, format_of(run), out, cli->store, run->audit, &options,
                         &cli->arena);
    return status == STATUS_OK && is_apart(run) ? run->watch->begin(run->watch->to, run->audit)
                                                : status;
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
    if (run->watch && !is_apart(run)) {
        return totals->faults > 0 ? STATUS_INPUT : STATUS_OK;
    }
    int status = report_status(totals);
    bool unjudged = run->arguments->given[OPTION_STRICT] && totals->incomplete > 0;
    return status == STATUS_OK && unjudged ? 1 : status;
}

static int run_end(struct run *run) {
    progress_clear(&run->progress);
    report_end(run->report);
    int status = exit_status(run);
    if (is_apart(run)) {
        int ended = run->watch->end(run->watch->to, run->report);
        status = ended > status ? ended : status;
    } else if (run->arguments->value[OPTION_OUTPUT]) {
        int written = output_write(run);
        status = written != STATUS_OK ? written : status;
    }
    if (run->inputs.chart) {
        cli_chart_tell(run->cli, run->arguments->value[OPTION_CHART], run->inputs.chart);
    }
    bool told = run->watch || (format_of(run) == REPORT_TEXT &&
                               !run->arguments->value[OPTION_OUTPUT]);
    if (!told && !run->arguments->given[OPTION_QUIET]) {
        report_summary(run->report, &run->cli->err);
    }
    return status;
}

int command_audit(struct cli *cli, const struct cli_arguments *arguments) {
    return cli_audit(cli, arguments, NULL);
}

static bool nowhere_sink(void *context, struct view bytes) {
    (void)context;
    (void)bytes;
    return true;
}

int cli_audit(struct cli *cli, const struct cli_arguments *arguments,
              const struct cli_watch *watch) {
    struct run run = {.cli = cli, .arguments = arguments, .watch = watch};
    int first = watch ? watch->first : 0;
    bool to_file = is_apart(&run) || arguments->value[OPTION_OUTPUT];
    out_open(&run.file_out, is_apart(&run) ? nowhere_sink : NULL, NULL);
    int status = run_open(&run, to_file ? &run.file_out : &cli->out);
    if (status == STATUS_OK) {
        progress_open(&run.progress, &cli->err, arguments->given[OPTION_QUIET]);
        for (int i = first; i < arguments->rest_count; i++) {
            file_take(&run, arguments->rest[i]);
        }
        if (arguments->rest_count == 0) {
            file_take(&run, "-");
        }
        status = run_end(&run);
    }
    audit_close(run.audit);
    cli_inputs_close(&run.inputs);
    cli_pricing_close(&run.opportunity_pricing);
    out_close(&run.file_out);
    cli_pricing_close(&run.pricing);
    return status;
}
