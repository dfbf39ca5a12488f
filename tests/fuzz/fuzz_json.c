/* Fuzz target: JSON claims as a file, and the same bytes as one claim. */
#include "claim_touch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    claims_touch(data, size, VIEW_NONE);
    struct arena arena = {0};
    struct claim claim;
    struct diag diag = DIAG_NONE;
    struct view json = {(const char *)data + 1, (ptrdiff_t)size - 1};
    if (claim_from_json(&claim, json, &arena, &diag) == STATUS_OK) {
        claim_touch(&claim, size);
    } else {
        assert(diag.code[0] && diag.text[0]);
    }
    arena_close(&arena);
    return 0;
}
