/* Fuzz target: a file for import, its name up to the first line end, then its bytes. */
#include <string.h>

#include "fuzz.h"
#include "import/run.h"

/* What was taken in makes a store that is whole. */
static void image_check(struct import *import) {
    struct arena arena = {0};
    struct view image;
    const struct store *store;
    struct diag diag = DIAG_NONE;
    if (store_draft_image(import_draft(import), &image, &diag) == STATUS_OK &&
        (store_open(&store, image, &arena, &diag) != STATUS_OK ||
         store_verify(store, &diag) != STATUS_OK)) {
        __builtin_trap();
    }
    arena_close(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char name[200];
    const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
    struct import *import;
    struct diag diag = DIAG_NONE;
    struct import_options options = {.keep_going = true, .accept_license = true};
    if (!end || (size_t)(end - data) >= sizeof name) {
        return 0;
    }
    memcpy(name, data, (size_t)(end - data));
    name[end - data] = 0;
    struct view bytes = {(const char *)end + 1, (ptrdiff_t)(size - (size_t)(end + 1 - data))};
    int status = import_open(&import, NULL, &options, &diag);
    if (status == STATUS_OK && bytes.size > 0) {
        status = import_bytes(import, name, bytes);
        if ((status == STATUS_OK) != (import_error_count(import) == 0)) {
            __builtin_trap();
        }
        if (status == STATUS_OK) {
            image_check(import);
        }
    }
    import_close(import);
    return 0;
}
