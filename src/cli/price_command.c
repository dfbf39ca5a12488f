/* claimvet price: what services pay, with every step; or a published amount file against the
 * formula. */
#include "cli/cli.h"
#include "cli/pricing.h"
#include "report/report.h"

#define DIFFERENCES_SHOWN 50

struct price_run {
    struct cli *cli;
    const struct cli_arguments *arguments;
    struct claim claim;
    struct claim_line lines[CLAIM_LINES_MAX];
};

/* ---- services ---------------------------------------------------------------------------- */

static int service_wrong(struct cli *cli, const char *word) {
    return cli_usage(cli,
                     "'%.40s' is no service: write CODE, with modifiers behind hyphens, units "
                     "behind x and the charge behind =, such as 64484-50, J3301x4 or 64483-RT=850",
                     word);
}

/* "64484-50-KXx2=850.00" */
static bool service_read(struct claim_line *line, struct view word) {
    struct view rest = word;
    struct view service = view_cut(&rest, '=');
    if (rest.at) {
        line->charge = money_from(rest);
        line->charge_known = money_given(line->charge);
        if (!line->charge_known || line->charge.cents <= 0) {
            return false;
        }
    }
    struct view units = service;
    service = view_cut(&units, 'x');
    if (units.at) {
        line->units = quantity_from(units);
        if (!quantity_given(line->units) || line->units.milli <= 0) {
            return false;
        }
    }
    struct view modifiers = service;
    line->code = code_from(view_cut(&modifiers, '-'));
    while (modifiers.at && line->modifier_count < CLAIM_MODIFIERS_MAX) {
        struct code modifier = code_from(view_cut(&modifiers, '-'));
        if (code_length(modifier) != 2) {
            return false;
        }
        line->modifiers[line->modifier_count++] = modifier;
    }
    return code_length(line->code) == 5 && !modifiers.at;
}

static int minutes_read(struct price_run *run, int *minutes) {
    const char *given = run->arguments->value[OPTION_MINUTES];
    struct quantity value = quantity_from(view_of(given));
    *minutes = -1;
    if (!given) {
        return STATUS_OK;
    }
    if (!quantity_given(value) || value.milli % 1000 != 0 || value.milli < 0 ||
        value.milli > 10000 * 1000) {
        return cli_usage(run->cli, "--minutes is a whole number of minutes");
    }
    *minutes = (int)(value.milli / 1000);
    return STATUS_OK;
}

static int services_read(struct price_run *run) {
    const struct cli_arguments *arguments = run->arguments;
    struct date on;
    int minutes;
    int status = cli_date(run->cli, arguments, OPTION_ON, &on);
    status = status ? status : minutes_read(run, &minutes);
    if (status != STATUS_OK) {
        return status;
    }
    if (!date_given(on)) {
        on = cli_newest(run->cli->store, STORE_MPFS, false);
    }
    if (arguments->rest_count > CLAIM_LINES_MAX) {
        return cli_usage(run->cli, "at most %d services make a claim", CLAIM_LINES_MAX);
    }
    for (int i = 0; i < arguments->rest_count; i++) {
        struct claim_line *line = &run->lines[i];
        *line = (struct claim_line){.number = i + 1,
                                    .units = {1000},
                                    .units_known = true,
                                    .charge = MONEY_NONE,
                                    .from = on,
                                    .to = on,
                                    .dose_mg = QUANTITY_NONE,
                                    .minutes = minutes};
        if (!service_read(line, view_of(arguments->rest[i]))) {
            return service_wrong(run->cli, arguments->rest[i]);
        }
    }
    run->claim.line_count = arguments->rest_count;
    return STATUS_OK;
}

/* ---- where ------------------------------------------------------------------------------- */

static int place_read(struct price_run *run) {
    const char *pos = run->arguments->value[OPTION_POS];
    const char *zip = run->arguments->value[OPTION_ZIP];
    struct store_pos row;
    struct store_when when = {run->lines[0].from, DATE_NONE};
    if (!pos) {
        return cli_usage(run->cli, "price needs --pos, the place of service: 11 office, 24 "
                                   "ambulatory surgical center, 22 hospital outpatient");
    }
    run->claim.place_of_service = code_from(view_of(pos));
    if (!store_pos(run->cli->store, run->claim.place_of_service, when, &row)) {
        return cli_usage(run->cli, "--pos %.10s is no place of service of the day", pos);
    }
    if (zip) {
        struct code carrier, locality;
        struct store_proof proof;
        bool split;
        run->claim.facility_zip = view_of(zip);
        if (!store_zip(run->cli->store, run->claim.facility_zip, when, &carrier, &locality, &split,
                       &proof)) {
            return cli_usage(run->cli, "the store does not know the ZIP code %.10s: give five or "
                                       "nine digits, or --locality or --national", zip);
        }
    }
    if (!zip && !run->arguments->given[OPTION_LOCALITY] &&
        !run->arguments->given[OPTION_NATIONAL]) {
        return cli_usage(run->cli, "price needs --zip, --locality CARRIER/LOCALITY or --national");
    }
    return STATUS_OK;
}

static struct price_payer payer_of(struct price_run *run) {
    const char *given = run->arguments->value[OPTION_PAYER];
    struct view profile = given ? view_of(given) : VIEW("medicare");
    struct store_payer row;
    bool known = store_payer(run->cli->store, profile, &row);
    return (struct price_payer){profile, known && row.medicare};
}

static void head_text(struct price_run *run, const struct price *price) {
    struct out *out = &run->cli->out;
    char day[11], pos[9];
    for (int i = 0; i < price->line_count; i++) {
        if (price->lines[i].proof.release != STORE_NO_RELEASE) {
            struct store_release release =
                store_release(run->cli->store, price->lines[i].proof.release);
            out_view(out, release.table_name);
            OUT_TEXT(out, " ");
            out_view(out, release.name);
            out_view(out, store_stale(run->cli->store, price->lines[i].proof.release,
                                      run->lines[0].from)
                              ? VIEW(" (older than the day), ")
                              : VIEW(", "));
            break;
        }
    }
    OUT_TEXT(out, "place of service ");
    out_view(out, code_text(run->claim.place_of_service, pos));
    OUT_TEXT(out, ", ");
    out_view(out, date_text(run->lines[0].from, day));
    out_view(out, run->arguments->given[OPTION_QP] ? VIEW(", qualifying participant\n")
                                                   : VIEW("\n"));
}

static int prices_print(struct price_run *run) {
    struct cli *cli = run->cli;
    struct cli_pricing pricing;
    struct price_payer payer = payer_of(run);
    char day[11];
    int status = cli_pricing_open(cli, run->arguments, DATE_NONE, true, &pricing);
    if (status != STATUS_OK) {
        return status;
    }
    const struct price *price = price_claim(pricing.pricer, &run->claim, &payer);
    if (cli_wants_json(run->arguments)) {
        OUT_TEXT(&cli->out, "{\"on\":\"");
        out_view(&cli->out, date_text(run->lines[0].from, day));
        OUT_TEXT(&cli->out, "\",");
        report_price_json(&cli->out, &run->claim, price);
        OUT_TEXT(&cli->out, "}\n");
    } else {
        head_text(run, price);
        report_price_text(&cli->out, &run->claim, price);
    }
    cli_pricing_close(&pricing);
    return price->unknown == price->line_count ? 1 : STATUS_OK;
}

/* ---- published amounts ------------------------------------------------------------------- */

struct check {
    struct out *out;
    bool json;
    int64_t differences, without;
};

static void amount_print(struct check *check, const struct price_published *row) {
    char code[9], modifier[9], carrier[9], locality[9];
    out_format(check->out, check->json ? "{\"code\":\"%s\",\"modifier\":\"%s\",\"locality\":"
                                         "\"%s/%s\",\"setting\":\"%s\",\"published\":"
                                       : "%s %s in %s/%s, %s: published ",
               code_text(row->code, code).at, code_text(row->modifier, modifier).at,
               code_text(row->carrier, carrier).at, code_text(row->locality, locality).at,
               row->facility ? "facility" : "nonfacility");
    if (check->json) {
        report_money_json(check->out, row->published);
        OUT_TEXT(check->out, ",\"ours\":");
        report_money_json(check->out, row->ours);
        OUT_TEXT(check->out, "}\n");
    } else {
        report_money_pad(check->out, row->published, 0);
        OUT_TEXT(check->out, ", ours ");
        report_money_pad(check->out, row->ours, 0);
        OUT_TEXT(check->out, "\n");
    }
}

static void differs(void *context, const struct price_published *row) {
    struct check *check = context;
    check->without += !money_given(row->ours);
    if (check->json || check->differences < DIFFERENCES_SHOWN) {
        amount_print(check, row);
    }
    check->differences++;
}

static int published_check(struct cli *cli, const struct cli_arguments *arguments) {
    struct check check = {.out = &cli->out, .json = cli_wants_json(arguments)};
    int64_t rows = price_check_published(cli->store, DATE_NONE, differs, &check);
    struct out *out = check.json ? &cli->err : &cli->out;
    if (rows == 0) {
        return cli_usage(cli, "the store has no published amounts: import PFALL or PFREV and name "
                              "the store with --store");
    }
    if (!check.json && check.differences > DIFFERENCES_SHOWN) {
        out_format(out, "... and %lld more\n", (long long)(check.differences - DIFFERENCES_SHOWN));
    }
    out_format(out,
               "%lld published amounts compared, %lld differ, %lld of them have no fee of ours\n",
               (long long)rows, (long long)check.differences, (long long)check.without);
    return check.differences > 0 ? 1 : STATUS_OK;
}

int command_price(struct cli *cli, const struct cli_arguments *arguments) {
    struct price_run run = {.cli = cli,
                            .arguments = arguments,
                            .claim = {.id = VIEW("price"),
                                      .age = -1,
                                      .birth_date = DATE_NONE,
                                      .received = DATE_NONE,
                                      .total_charge = MONEY_NONE}};
    int status = cli_format_check(cli, arguments);
    status = status ? status : cli_store(cli, arguments);
    status = status ? status : cli_payer_check(cli, arguments->value[OPTION_PAYER]);
    if (status != STATUS_OK) {
        return status;
    }
    if (arguments->given[OPTION_CHECK]) {
        return published_check(cli, arguments);
    }
    if (arguments->rest_count == 0) {
        return cli_usage(cli, "price needs a service, such as 64483 or 64484-50; see claimvet "
                              "price --help");
    }
    run.claim.lines = run.lines;
    status = services_read(&run);
    status = status ? status : place_read(&run);
    return status ? status : prices_print(&run);
}
