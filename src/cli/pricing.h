/* The pricer of the commands, from --locality, --schedule and the other options they share. */
#ifndef CLAIMVET_PRICING_H
#define CLAIMVET_PRICING_H

#include "cli/cli.h"
#include "price/price.h"

struct cli_pricing {
    struct pricer *pricer;
    struct view schedule_image; /* --schedule, mapped */
};
/* The store of `cli` must be open. With `steps` each line keeps how its amount came about. Says on
 * `err` what is wrong. Ends with cli_pricing_close. */
int cli_pricing_open(struct cli *cli, const struct cli_arguments *arguments, struct date as_of,
                     bool steps, struct cli_pricing *pricing) MUST_USE;
void cli_pricing_close(struct cli_pricing *pricing);

#endif
