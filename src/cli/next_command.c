/* claimvet next: the first day on which limits that look back allow a service. */
#include <string.h>

#include "audit/audit.h"
#include "claim/claim.h"
#include "cli/cli.h"
#include "cli/history_patient.h"
#include "cli/next_print.h"

struct next_run {
    struct cli *cli;
    const struct cli_arguments *arguments;
    struct next_question question;
    struct claim claim;
    struct claim_line line;
    struct claim_fact facts[CLAIM_FACTS];
    int payers;   /* of the patient, in the history */
    bool settled; /* one of them is the profile that was asked for */
};

/* ---- the question ------------------------------------------------------------------------ */

static int kind_read(struct next_run *run) {
    static const char *const words[] = {"", "dx", "tx", "rfa", "cyst"};
    const char *kind = run->arguments->value[OPTION_KIND];
    for (int i = 1; kind && i < COUNT_OF(words); i++) {
        if (strcmp(kind, words[i]) == 0) {
            run->line.kind = (enum claim_kind)i;
        }
    }
    if (kind && run->line.kind == KIND_UNKNOWN) {
        return cli_usage(run->cli, "--kind takes dx, tx, rfa or cyst");
    }
    run->question.kind = view_of(kind);
    return STATUS_OK;
}

static void side_read(struct next_run *run) {
    const char *side = run->arguments->value[OPTION_SIDE];
    if (side) {
        run->line.modifiers[0] = code_of(*side == 'L' ? "LT" : *side == 'R' ? "RT" : "50");
        run->line.modifier_count = 1;
    }
    run->question.side = view_of(side);
}

static int level_read(struct next_run *run) {
    struct view rest = view_of(run->arguments->value[OPTION_LEVEL]);
    struct claim_fact *fact = &run->facts[FACT_levels];
    run->question.level = rest;
    while (rest.at) {
        levels_add(&fact->levels, view_trim(view_cut(&rest, ',')));
        fact->state = FACT_GIVEN;
        fact->number++;
    }
    if (fact->levels.other) {
        return cli_usage(run->cli, "--level takes levels of the spine, such as L4-5 or L4-5,L5-S1");
    }
    return STATUS_OK;
}

static int state_read(struct next_run *run) {
    struct view state = view_of(run->arguments->value[OPTION_STATE]);
    for (ptrdiff_t i = 0; i < state.size; i++) {
        if (state.at[i] < 'A' || state.at[i] > 'Z') {
            state.size = 0;
        }
    }
    if (state.at && state.size != 2) {
        return cli_usage(run->cli, "--state takes two capital letters");
    }
    run->question.state = state;
    run->claim.payer_state = state;
    return STATUS_OK;
}

static int code_read(struct next_run *run) {
    const struct cli_arguments *arguments = run->arguments;
    if (arguments->rest_count != 1) {
        return cli_usage(run->cli, "next takes one procedure code");
    }
    run->line.code = code_from(view_of(arguments->rest[0]));
    if (store_code_id(run->cli->store, run->line.code) == STORE_NO_CODE) {
        return cli_usage(run->cli, "the store knows no procedure %.20s", arguments->rest[0]);
    }
    run->question.code = run->line.code;
    return STATUS_OK;
}

/* Which options make no sense without others. */
static int usage_check(struct next_run *run) {
    const struct cli_arguments *arguments = run->arguments;
    if (!arguments->value[OPTION_PAYER]) {
        return cli_usage(run->cli, "next needs --payer PROFILE");
    }
    if (arguments->given[OPTION_HISTORY] != arguments->given[OPTION_PATIENT]) {
        return cli_usage(run->cli, "next needs --history and --patient together");
    }
    if (!arguments->given[OPTION_HISTORY] &&
        (arguments->given[OPTION_BIRTH_DATE] || arguments->given[OPTION_PAYER_ID])) {
        return cli_usage(run->cli, "--birth-date and --payer-id belong to --history and --patient");
    }
    if (!arguments->given[OPTION_HISTORY] && !arguments->given[OPTION_ON]) {
        return cli_usage(run->cli, "next needs --on DATE when there is no --history");
    }
    return cli_format_check(run->cli, arguments);
}

static int question_read(struct next_run *run) {
    struct cli *cli = run->cli;
    const struct cli_arguments *arguments = run->arguments;
    int status = usage_check(run);
    status = status ? status : cli_date(cli, arguments, OPTION_ON, &run->question.on);
    status = status ? status : kind_read(run);
    status = status ? status : level_read(run);
    status = status ? status : state_read(run);
    status = status ? status : cli_open(cli, arguments);
    status = status ? status : cli_payer_check(cli, arguments->value[OPTION_PAYER]);
    status = status ? status : code_read(run);
    side_read(run);
    run->question.payer = view_of(arguments->value[OPTION_PAYER]);
    return status;
}

/* ---- the history ------------------------------------------------------------------------- */

/* Keeps the services with one payer: the profile's own key decides between several. */
static void services_keep(void *to, uint64_t payer, uint64_t patient,
                          const struct history_found *found) {
    struct next_run *run = to;
    struct claim *claim = &run->claim;
    bool own = payer == claim_text_key(run->question.payer);
    (void)patient;
    run->payers++;
    if (run->settled) {
        return;
    }
    run->settled = own;
    struct claim_service *kept =
        ARENA_NEW(&run->cli->arena, struct claim_service, found->count + 1);
    if (kept && found->count > 0) {
        memcpy(kept, found->services, (size_t)found->count * sizeof *kept);
    }
    claim->history = kept;
    claim->history_count = kept ? found->count : 0;
    claim->history_known = true;
}

static int history_ask(struct next_run *run, struct history *history, struct diag *diag) {
    const struct cli_arguments *arguments = run->arguments;
    struct cli_patient patient = {.id = view_of(arguments->value[OPTION_PATIENT]),
                                  .payer = view_of(arguments->value[OPTION_PAYER_ID])};
    int status = cli_date(run->cli, arguments, OPTION_BIRTH_DATE, &patient.birth);
    if (status != STATUS_OK) {
        return status;
    }
    status = cli_patient_each(history, &patient, services_keep, run, diag);
    if (status == STATUS_OK && run->cli->arena.failed) {
        diag_set(diag, "memory", "out of memory");
        status = STATUS_SYSTEM;
    }
    return status;
}

static int history_read(struct next_run *run) {
    const char *where = run->arguments->value[OPTION_HISTORY];
    struct diag diag = DIAG_NONE;
    struct history *history = NULL;
    char name[HISTORY_NAME_MAX];
    int status = history_open(&history, where, NULL, &diag);
    status = status ? status : history_ask(run, history, &diag);
    history_close(history);
    if (status != STATUS_OK && *diag.text) {
        cli_error(run->cli, history_name(where, name), &diag);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (run->payers == 0) {
        return cli_patient_missing(run->cli, "--payer-id");
    }
    if (run->payers > 1 && !run->settled) {
        return cli_usage(run->cli, "the patient has claims of %d payers: name one by --payer-id",
                         run->payers);
    }
    run->question.history_known = true;
    run->question.services = run->claim.history_count;
    return STATUS_OK;
}

/* The day after the newest service, when none was named. */
static int on_default(struct next_run *run) {
    const struct claim *claim = &run->claim;
    if (date_given(run->question.on)) {
        return STATUS_OK;
    }
    if (claim->history_count == 0) {
        return cli_usage(run->cli, "next needs --on DATE: the patient has no services");
    }
    run->question.on.day = claim->history[claim->history_count - 1].on.day + 1;
    return STATUS_OK;
}

/* ---- the command ------------------------------------------------------------------------- */

static int answer(struct next_run *run) {
    struct cli *cli = run->cli;
    struct diag diag = DIAG_NONE;
    struct audit *audit = NULL;
    struct audit_next next;
    struct audit_options options = {.as_of = DATE_NONE, .alone = true};
    int status = audit_open(&audit, cli->store, cli->rules, &options, &cli->arena, &diag);
    if (status == STATUS_OK) {
        status = audit_next(audit, &run->claim, run->question.on, &cli->arena, &next, &diag);
    }
    if (status == STATUS_OK) {
        (cli_wants_json(run->arguments) ? next_json : next_text)(&cli->out, &run->question, &next);
    } else {
        cli_error(cli, NULL, &diag);
    }
    audit_close(audit);
    return status;
}

int command_next(struct cli *cli, const struct cli_arguments *arguments) {
    struct next_run run = {.cli = cli,
                           .arguments = arguments,
                           .line = {.number = 1,
                                    .minutes = -1,
                                    .charge = MONEY_NONE,
                                    .units = {1000},
                                    .units_known = true,
                                    .dose_mg = QUANTITY_NONE},
                           .claim = {.id = VIEW("next"),
                                     .age = -1,
                                     .birth_date = DATE_NONE,
                                     .received = DATE_NONE,
                                     .total_charge = MONEY_NONE}};
    run.claim.lines = &run.line;
    run.claim.line_count = 1;
    run.claim.facts = run.facts;
    int status = question_read(&run);
    if (status == STATUS_OK && arguments->given[OPTION_HISTORY]) {
        status = history_read(&run);
    }
    status = status ? status : on_default(&run);
    if (status != STATUS_OK) {
        return status;
    }
    run.claim.payer_profile = run.question.payer;
    return answer(&run);
}
