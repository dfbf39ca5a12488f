/* Options of pricing -> a pricer. */
#include "cli/pricing.h"
#include "os/os.h"

#define UNITS_MAX 100 /* no anesthesia code has more base units */

/* CARRIER/LOCALITY, five digits and two. */
static int locality_read(struct cli *cli, const char *given, struct price_options *options) {
    struct view rest = view_of(given);
    struct view carrier = view_cut(&rest, '/');
    if (!given) {
        return STATUS_OK;
    }
    options->carrier = code_from(carrier);
    options->locality = code_from(rest);
    if (carrier.size == 5 && rest.size == 2 && code_given(options->carrier) &&
        code_given(options->locality)) {
        return STATUS_OK;
    }
    return cli_usage(cli, "--locality is CARRIER/LOCALITY, such as 13202/01, or leave it out for "
                          "the ZIP code of the service");
}

static int numbers_read(struct cli *cli, const struct cli_arguments *arguments,
                        struct price_options *options) {
    const char *deductible = arguments->value[OPTION_DEDUCTIBLE];
    struct quantity units = quantity_from(view_of(arguments->value[OPTION_BASE_UNITS]));
    if (deductible) {
        options->deductible = money_from(view_of(deductible));
        if (!money_given(options->deductible) || options->deductible.cents < 0) {
            return cli_usage(cli, "--deductible is an amount such as 257.00: what the patient has "
                                  "still to pay");
        }
    }
    if (arguments->value[OPTION_BASE_UNITS]) {
        if (!quantity_given(units) || units.milli % 1000 != 0 || units.milli <= 0 ||
            units.milli > UNITS_MAX * 1000) {
            return cli_usage(cli, "--base-units is a whole number from 1 to %d", UNITS_MAX);
        }
        options->base_units = (int)(units.milli / 1000);
    }
    return STATUS_OK;
}

static int schedule_read(struct cli *cli, const char *path, struct cli_pricing *pricing,
                         struct price_options *options) {
    struct diag diag = DIAG_NONE;
    if (!path) {
        return STATUS_OK;
    }
    int status = os_map(path, &pricing->schedule_image, &diag);
    if (status == STATUS_OK) {
        status = price_schedule_read(&options->schedule, pricing->schedule_image, &cli->arena,
                                     &diag);
    }
    if (status != STATUS_OK) {
        out_format(&cli->err, "claimvet: %s", path);
        if (diag.line > 0) {
            out_format(&cli->err, ":%lld", (long long)diag.line);
        }
        if (diag.column > 0) {
            out_format(&cli->err, ", column %lld", (long long)diag.column);
        }
        out_format(&cli->err, ": %s\n", diag.text);
    }
    return status;
}

int cli_pricing_open(struct cli *cli, const struct cli_arguments *arguments, struct date as_of,
                     bool steps, struct cli_pricing *pricing) {
    struct price_options options = {.as_of = as_of,
                                    .qp = arguments->given[OPTION_QP],
                                    .nonparticipating = arguments->given[OPTION_NONPAR],
                                    .national = arguments->given[OPTION_NATIONAL],
                                    .steps = steps,
                                    .deductible = MONEY_NONE};
    struct diag diag = DIAG_NONE;
    *pricing = (struct cli_pricing){0};
    int status = locality_read(cli, arguments->value[OPTION_LOCALITY], &options);
    status = status ? status : numbers_read(cli, arguments, &options);
    status = status ? status
                    : schedule_read(cli, arguments->value[OPTION_SCHEDULE], pricing, &options);
    if (status != STATUS_OK) {
        return status;
    }
    status = price_open(&pricing->pricer, cli->store, &options, &cli->arena, &diag);
    if (status != STATUS_OK) {
        cli_error(cli, NULL, &diag);
    }
    return status;
}

void cli_pricing_close(struct cli_pricing *pricing) {
    os_unmap(pricing->schedule_image);
    pricing->schedule_image = VIEW_NONE;
}
