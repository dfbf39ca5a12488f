/* Fuzz target: CSV claims; what stands before a NUL is the --map file. */
#include "claim_touch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct view map = VIEW_NONE;
    const uint8_t *nul = size > 1 ? memchr(data + 1, 0, size - 1) : NULL;
    if (nul) {
        map = (struct view){(const char *)data + 1, nul - data - 1};
        size -= (size_t)(nul - data);
        data = nul; /* its byte is the step: all at once */
    }
    if (size > 0) {
        claims_touch(data, size, map);
    }
    return 0;
}
