/* Helpers of the x12 tests: bytes as a source of a chosen step, and what was read as text. */
#ifndef CLAIMVET_TESTS_X12_READ_H
#define CLAIMVET_TESTS_X12_READ_H

#include <string.h>

#include "x12/x12.h"

struct bytes_source {
    struct view rest;
    ptrdiff_t step; /* bytes given at once; 0: as many as asked */
    bool fails;     /* the source fails where the bytes end */
};

static inline ptrdiff_t bytes_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    struct bytes_source *source = context;
    ptrdiff_t got = source->rest.size;
    if (got > size) {
        got = size;
    }
    if (source->step > 0 && got > source->step) {
        got = source->step;
    }
    if (got == 0 && source->fails) {
        diag_set(diag, "test_source", "the source fails");
        return -1;
    }
    memcpy(to, source->rest.at, (size_t)got);
    source->rest = view_sub(source->rest, got, source->rest.size);
    return got;
}

#endif
