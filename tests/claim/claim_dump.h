/* A claim as canonical text, one field a line, so that tests can compare claims and read diffs. */
#ifndef CLAIMVET_CLAIM_DUMP_H
#define CLAIMVET_CLAIM_DUMP_H

#include "base/base.h"
#include "claim/claim.h"

/* Everything but places, format and what the formats cannot share (unknown against absent). */
void claim_dump(struct out *out, const struct claim *claim);
void place_dump(struct out *out, struct view label, struct claim_place at);

/* A source over bytes in memory that hands out at most `step` bytes at once (0: all). */
struct bytes_source {
    struct view rest;
    ptrdiff_t step;
    ptrdiff_t fail_at; /* bytes left at which reading fails; -1 never */
};
ptrdiff_t bytes_read(void *context, char *to, ptrdiff_t size, struct diag *diag);

/* Reads a whole input: claims as dumps, notices and faults as lines "code at …: text". */
void input_dump(struct out *out, struct view bytes, ptrdiff_t step,
                const struct claim_options *options);
/* Fails the test unless the lines of `contains` come out in this order and `lacks` (NULL: nothing)
 * does not. */
void dump_check(const char *name, const char *in, ptrdiff_t step,
                const struct claim_options *options, const char *contains, const char *lacks);
void fault_dump(struct out *out, enum claim_got got, const struct claim_fault *fault);

#endif
