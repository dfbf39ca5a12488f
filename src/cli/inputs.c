/* What stands beside the claims of an audit: columns of a CSV, the history, the chart. */
#include "claim/claim.h"
#include "cli/cli.h"
#include "history/history.h"
#include "os/os.h"

int cli_inputs_open(struct cli *cli, const struct cli_arguments *arguments,
                    struct cli_inputs *inputs, struct claim_options *options) {
    const char *what = arguments->value[OPTION_MAP]; /* that an error is about */
    struct diag diag = DIAG_NONE;
    char name[HISTORY_NAME_MAX];
    int status = STATUS_OK;
    options->payer = view_of(arguments->value[OPTION_PAYER]);
    if (what) {
        status = os_map(what, &inputs->map, &diag);
        options->csv_map = inputs->map;
    }
    if (status == STATUS_OK && arguments->value[OPTION_HISTORY]) {
        what = history_name(arguments->value[OPTION_HISTORY], name);
        status = history_open(&inputs->history, arguments->value[OPTION_HISTORY],
                              &(struct history_options){0}, &diag);
    }
    if (status != STATUS_OK) {
        cli_error(cli, what, &diag);
    } else if (arguments->value[OPTION_CHART]) {
        status = cli_chart_open(cli, arguments->value[OPTION_CHART], &inputs->chart);
        options->chart = inputs->chart;
    }
    return status;
}

void cli_inputs_close(struct cli_inputs *inputs) {
    history_close(inputs->history);
    claim_chart_close(inputs->chart);
    os_unmap(inputs->map);
    *inputs = (struct cli_inputs){0};
}
