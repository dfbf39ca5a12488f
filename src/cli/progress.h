/* Inside of cli: progress of commands that read claims. */
#ifndef CLAIMVET_CLI_PROGRESS_H
#define CLAIMVET_CLI_PROGRESS_H

#include "base/base.h"
#include "claim/claim.h"

struct progress {
    struct out *err;
    bool wanted; /* standard error is a terminal */
    bool shown;
    int64_t at; /* nanoseconds of the next line */
};

void progress_open(struct progress *progress, struct out *err, bool quiet);
/* After each claim; most often does nothing. `size` of the file in bytes, -1 when not known. */
void progress_claims(struct progress *progress, const struct claim_reader *reader, int64_t size,
                     int64_t claims, const char *name);
void progress_clear(struct progress *progress); /* before anything else is said */

#endif
