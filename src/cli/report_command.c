/* claimvet report: files -> claims -> findings -> one summary for the practice. */
#include "audit/audit.h"
#include "cli/cli.h"
#include "report/report.h"
#include "version.h"

struct summing {
    struct cli *cli;
    const struct cli_arguments *arguments;
    enum report_format format;
    struct practice_about about;
    struct report_practice *practice;
    int64_t errors;
};

static bool ends_with(const char *name, const char *end) {
    struct view text = view_of(name), tail = view_of(end);
    return text.size >= tail.size &&
           view_equal(view_sub(text, text.size - tail.size, tail.size), tail);
}

/* What --format says, else what the name of --output ends with. */
static int format_choose(struct summing *summing) {
    const char *word = summing->arguments->value[OPTION_FORMAT];
    const char *path = summing->arguments->value[OPTION_OUTPUT];
    summing->format = path && (ends_with(path, ".html") || ends_with(path, ".htm")) ? REPORT_HTML
                      : path && ends_with(path, ".csv")                             ? REPORT_CSV
                                                                                    : REPORT_TEXT;
    if (word && (!report_format_from(view_of(word), &summing->format) ||
                 summing->format == REPORT_JSON)) {
        return cli_usage(summing->cli, "report prints text, csv or html; claimvet audit --format "
                                       "json has every claim");
    }
    return STATUS_OK;
}

static int claims_begin(void *to, const struct audit *audit) {
    struct summing *summing = to;
    struct cli *cli = summing->cli;
    struct diag diag = DIAG_NONE;
    int status = report_practice_open(&summing->practice, cli->store, audit, &cli->arena);
    if (status != STATUS_OK) {
        diag_set(&diag, "memory", "memory was refused: close other programs");
        cli_error(cli, "report", &diag);
    }
    return status;
}

static void claim_take(void *to, struct report *report, const struct claim *claim,
                       const struct audit_result *result) {
    struct summing *summing = to;
    (void)report;
    report_practice_claim(summing->practice, claim, result);
    for (int i = 0; i < result->finding_count; i++) {
        const struct audit_finding *finding = &result->findings[i];
        summing->errors += finding->status == AUDIT_FAIL && finding->severity == RULE_ERROR;
    }
}

static int claims_end(void *to, const struct report *report) {
    struct summing *summing = to;
    struct cli *cli = summing->cli;
    const char *path = summing->arguments->value[OPTION_OUTPUT];
    struct out file;
    out_open(&file, NULL, NULL);
    summing->about.faults = report_totals(report)->faults;
    summing->about.file_errors = report_totals(report)->file_errors;
    report_practice_write(path ? &file : &cli->out, summing->format, summing->practice,
                          &summing->about);
    int status = path ? cli_output_write(cli, path, &file) : STATUS_OK;
    out_clear(&file);
    out_close(&file);
    return status == STATUS_OK ? summing->errors > 0 : status;
}

int command_report(struct cli *cli, const struct cli_arguments *arguments) {
    struct summing summing = {.cli = cli,
                              .arguments = arguments,
                              .about = {.program = VIEW("claimvet " CLAIMVET_VERSION),
                                        .files = arguments->rest_count > 0 ? arguments->rest_count
                                                                           : 1}};
    struct cli_watch watch = {
        .begin = claims_begin, .end = claims_end, .take = claim_take, .to = &summing};
    int status = format_choose(&summing);
    status = status ? status : cli_date(cli, arguments, OPTION_AS_OF, &summing.about.as_of);
    status = status ? status : cli_date(cli, arguments, OPTION_ON, &summing.about.on);
    if (status == STATUS_OK) {
        status = cli_audit(cli, arguments, &watch);
    }
    report_practice_close(summing.practice);
    return status;
}
