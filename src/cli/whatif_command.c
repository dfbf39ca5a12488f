/* claimvet whatif: the lawful ways to code the same record, each vetted and priced. */
#include "audit/audit.h"
#include "claim/claim.h"
#include "cli/cli.h"
#include "cli/pricing.h"
#include "report/report.h"

struct whatif_run {
    struct cli *cli;
    const struct cli_arguments *arguments;
    struct cli_pricing pricing;
    struct audit *audit; /* alone: a form must not meet the claim it was made from */
    struct arena arena;  /* of one claim */
    struct view zip;     /* --zip; empty: the claim's own */
    int64_t claims;
    bool failed;
};

static int zip_read(struct whatif_run *run, struct date as_of) {
    const char *zip = run->arguments->value[OPTION_ZIP];
    struct store_when when = {DATE_NONE, as_of};
    struct store_proof proof;
    struct code carrier, locality;
    bool split;
    run->zip = view_of(zip);
    if (zip && !store_zip(run->cli->store, run->zip, when, &carrier, &locality, &split, &proof)) {
        return cli_usage(run->cli, "the store does not know the ZIP code %.10s: give five or nine "
                                   "digits, or --locality or --national", zip);
    }
    return STATUS_OK;
}

static int ready(void *to, const struct audit_options *options) {
    struct whatif_run *run = to;
    struct cli *cli = run->cli;
    struct audit_options alone = *options;
    struct diag diag = DIAG_NONE;
    int status = zip_read(run, options->as_of);
    status = status ? status
                    : cli_pricing_open(cli, run->arguments, options->as_of, false, &run->pricing);
    if (status != STATUS_OK) {
        return status;
    }
    alone.alone = true;
    alone.trace = false;
    alone.pricer = run->pricing.pricer;
    status = audit_open(&run->audit, cli->store, cli->rules, &alone, &cli->arena, &diag);
    if (status != STATUS_OK) {
        cli_error(cli, NULL, &diag);
    }
    return status;
}

/* As if all of it had been done at the place of --zip. */
static const struct claim *claim_at(struct whatif_run *run, const struct claim *claim) {
    struct claim *moved = run->zip.size > 0 ? claim_copy(claim, &run->arena) : NULL;
    if (!moved) {
        return claim;
    }
    moved->facility_zip = run->zip;
    for (int i = 0; i < moved->line_count; i++) {
        moved->lines[i].facility_zip = VIEW_NONE;
    }
    return moved;
}

static void claim_take(void *to, struct report *report, const struct claim *claim,
                       const struct audit_result *result) {
    struct whatif_run *run = to;
    struct audit_forms forms;
    struct diag diag = DIAG_NONE;
    const char *only = run->arguments->value[OPTION_CLAIM];
    (void)report;
    (void)result;
    if (run->failed || (only && !view_equal(view_of(only), claim->id))) {
        return;
    }
    arena_reset(&run->arena);
    const struct claim *asked = claim_at(run, claim);
    if (audit_forms(run->audit, asked, &run->arena, &forms, &diag) != STATUS_OK) {
        cli_error(run->cli, NULL, &diag);
        run->failed = true;
        return;
    }
    (cli_wants_json(run->arguments) ? report_forms_json : report_forms_text)(&run->cli->out, asked,
                                                                             &forms);
    run->claims++;
}

int command_whatif(struct cli *cli, const struct cli_arguments *arguments) {
    struct whatif_run run = {.cli = cli, .arguments = arguments};
    struct cli_watch watch = {.ready = ready, .take = claim_take, .to = &run};
    int status = cli_format_check(cli, arguments);
    status = status ? status : cli_audit(cli, arguments, &watch);
    audit_close(run.audit);
    cli_pricing_close(&run.pricing);
    arena_close(&run.arena);
    if (status == STATUS_OK && !run.failed && run.claims == 0 && arguments->value[OPTION_CLAIM]) {
        return cli_usage(cli, "no claim %.60s in the files", arguments->value[OPTION_CLAIM]);
    }
    return run.failed ? STATUS_SYSTEM : status;
}
