/* The tables of opportunities and the pricer behind their gains. */
#include "cli/opportunity.h"

/* Made by tools/embed.py from rules/opportunities.tsv, rules/opportunity_drugs.tsv and
 * rules/facility_kinds.tsv. */
extern const struct view opportunity_embedded_texts[];

int cli_opportunities_open(struct cli *cli, const struct cli_arguments *arguments,
                           struct audit_options *options, struct cli_pricing *pricing) {
    struct diag diag = DIAG_NONE;
    struct opportunity_table *table = ARENA_NEW(&cli->arena, struct opportunity_table, 1);
    int status = STATUS_SYSTEM;
    diag_set(&diag, "memory", "out of memory");
    if (table) {
        struct opportunity_texts texts = {opportunity_embedded_texts[0],
                                          opportunity_embedded_texts[1],
                                          opportunity_embedded_texts[2]};
        status = opportunity_table_read(table, &texts, &cli->arena, &diag);
    }
    if (status != STATUS_OK) {
        cli_error(cli, NULL, &diag);
        return status;
    }
    status = cli_pricing_open(cli, arguments, options->as_of, false, pricing);
    options->opportunities = table;
    options->opportunity_pricer = pricing->pricer;
    return status;
}
