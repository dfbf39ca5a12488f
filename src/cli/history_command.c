/* claimvet history add: claims -> the history of their patients. */
#include <string.h>

#include "claim/claim.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "history/history.h"
#include "os/os.h"

#define COMMIT_CLAIMS 20000 /* so much is lost at most when a long run is killed */

struct add_run {
    struct cli *cli;
    const struct cli_arguments *arguments;
    const char *where;
    char name[HISTORY_NAME_MAX]; /* of the history, for messages */
    struct history *history;
    struct claim_options options;
    struct view map_image;
    int64_t outcomes[HISTORY_OUTCOMES];
    int64_t services, left_out, claims;
    int status; /* the worst of all files */
    struct progress progress;
};

/* ---- messages ---------------------------------------------------------------------------- */

static void complain(struct add_run *run, const char *what, int status, const struct diag *diag) {
    progress_clear(&run->progress);
    cli_error(run->cli, what, diag);
    run->status = status > run->status ? status : run->status;
}

static void counted(struct out *out, int64_t count, const char *one, const char *many) {
    out_format(out, "%lld %s", (long long)count, count == 1 ? one : many);
}

static void summary_print(struct add_run *run) {
    static const struct {
        enum history_outcome outcome;
        const char *text;
    } rows[] = {{HISTORY_KNOWN, "known already"},
                {HISTORY_REPLACED, "replaced an earlier one"},
                {HISTORY_VOIDED, "voided an earlier one"},
                {HISTORY_SUPERSEDED, "replaced or voided before"},
                {HISTORY_NO_PATIENT, "refused for want of a patient"}};
    struct out *err = &run->cli->err;
    out_format(err, "claimvet: %s: ", run->name);
    counted(err, run->outcomes[HISTORY_ADDED], "claim added", "claims added");
    for (int i = 0; i < COUNT_OF(rows); i++) {
        if (run->outcomes[rows[i].outcome] > 0) {
            out_format(err, ", %lld %s", (long long)run->outcomes[rows[i].outcome], rows[i].text);
        }
    }
    OUT_TEXT(err, "; ");
    counted(err, run->services, "service", "services");
    if (run->left_out > 0) {
        OUT_TEXT(err, ", ");
        counted(err, run->left_out, "line", "lines");
        OUT_TEXT(err, " without a day or a code left out");
    }
    OUT_TEXT(err, "\n");
}

/* ---- files ------------------------------------------------------------------------------- */

static ptrdiff_t source_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    return os_read(context, to, size, diag);
}

/* false when the history fails: then nothing more can be added. */
static bool claim_take(struct add_run *run, const struct claim *claim) {
    struct diag diag = DIAG_NONE;
    struct history_added added;
    int status = history_add(run->history, claim, &added, &diag);
    if (status == STATUS_OK) {
        run->claims++;
        run->outcomes[added.outcome]++;
        run->services += added.outcome == HISTORY_SUPERSEDED ? 0 : added.services;
        run->left_out += added.left_out;
        if (run->claims % COMMIT_CLAIMS == 0) {
            status = history_commit(run->history, &diag);
        }
    }
    if (status != STATUS_OK) {
        complain(run, run->name, status, &diag);
    }
    return status == STATUS_OK;
}

static bool claims_take(struct add_run *run, struct claim_reader *claims, int64_t size,
                        const char *name) {
    enum claim_got got;
    while ((got = claim_next(claims)) != CLAIM_END) {
        if (got == CLAIM_FAULT) {
            const struct diag *diag = &claim_fault(claims)->diag;
            bool system = strcmp(diag->code, "memory") == 0;
            complain(run, name, system ? STATUS_SYSTEM : STATUS_INPUT, diag);
        } else if (got == CLAIM_READ && !claim_take(run, claim_now(claims))) {
            return false;
        }
        progress_claims(&run->progress, claims, size, run->claims, name);
    }
    return true;
}

/* false when the history fails. */
static bool file_take(struct add_run *run, const char *path) {
    struct os_reader reader;
    struct claim_reader *claims = NULL;
    struct diag diag = DIAG_NONE;
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    run->options.file = view_of(name);
    int status = os_reader_open(&reader, path, &diag);
    if (status != STATUS_OK) {
        complain(run, name, status, &diag);
        return true;
    }
    bool going = true;
    status = claim_open(&claims, source_read, &reader, &run->options, &diag);
    if (status == STATUS_OK) {
        going = claims_take(run, claims, os_reader_size(&reader), name);
    } else {
        complain(run, name, status, &diag);
    }
    claim_close(claims);
    os_reader_close(&reader);
    return going;
}

/* ---- the command ------------------------------------------------------------------------- */

static int run_open(struct add_run *run) {
    const char *map = run->arguments->value[OPTION_MAP];
    struct diag diag = DIAG_NONE;
    int status = map ? os_map(map, &run->map_image, &diag) : STATUS_OK;
    if (status != STATUS_OK) {
        cli_error(run->cli, map, &diag);
        return status;
    }
    run->options.csv_map = run->map_image;
    run->options.payer = view_of(run->arguments->value[OPTION_PAYER]);
    status =
        history_open(&run->history, run->where, &(struct history_options){.write = true}, &diag);
    if (status != STATUS_OK) {
        cli_error(run->cli, run->name, &diag);
    }
    return status;
}

static int add(struct add_run *run) {
    const struct cli_arguments *arguments = run->arguments;
    bool quiet = arguments->given[OPTION_QUIET];
    bool going = true;
    struct diag diag = DIAG_NONE;
    progress_open(&run->progress, &run->cli->err, quiet);
    for (int i = 1; i < arguments->rest_count && going; i++) {
        going = file_take(run, arguments->rest[i]);
    }
    int status = going ? history_commit(run->history, &diag) : STATUS_OK;
    if (status != STATUS_OK) {
        complain(run, run->name, status, &diag);
        going = false;
    }
    progress_clear(&run->progress);
    if (going && !quiet) {
        summary_print(run);
    }
    return run->status;
}

int command_history(struct cli *cli, const struct cli_arguments *arguments) {
    struct add_run run = {
        .cli = cli, .arguments = arguments, .where = arguments->value[OPTION_HISTORY]};
    const char *what = arguments->rest_count > 0 ? arguments->rest[0] : "";
    bool adds = strcmp(what, "add") == 0;
    if (!adds && strcmp(what, "show") != 0) {
        return cli_usage(cli, "history what? add or show");
    }
    if (!run.where) {
        return cli_usage(cli, "history %s needs --history FILE", what);
    }
    if (!adds) {
        return history_show(cli, arguments);
    }
    if (arguments->rest_count < 2) {
        return cli_usage(cli, "history add takes files with claims, or - for standard input");
    }
    history_name(run.where, run.name);
    int status = run_open(&run);
    if (status == STATUS_OK) {
        status = add(&run);
    }
    history_close(run.history);
    os_unmap(run.map_image);
    return status;
}
