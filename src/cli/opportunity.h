/* What audit needs to look for opportunities. */
#ifndef CLAIMVET_CLI_OPPORTUNITY_H
#define CLAIMVET_CLI_OPPORTUNITY_H

#include "audit/audit.h"
#include "cli/cli.h"
#include "cli/pricing.h"

/* Reads the tables in the program and opens a pricer of their own by the options of pricing, which
 * cli_pricing_close ends. */
int cli_opportunities_open(struct cli *cli, const struct cli_arguments *arguments,
                           struct audit_options *options, struct cli_pricing *pricing) MUST_USE;

#endif
