/* Fuzz target: bytes through the claim reader, 837P in the corpus. */
#include "claim_touch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 0) {
        claims_touch(data, size, VIEW_NONE);
    }
    return 0;
}
