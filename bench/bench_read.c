/* bench_read FILE: reads the claims of a file and throws them away: the cost of reading alone.
 * Prints claims, service lines, faults, bytes and the peak memory in KiB. */
#include <stdio.h>

#include "claim/claim.h"
#include "os/os.h"

static ptrdiff_t source_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    return os_read(context, to, size, diag);
}

static void claims_count(struct claim_reader *claims) {
    long long count = 0, lines = 0, faults = 0;
    enum claim_got got;
    while ((got = claim_next(claims)) != CLAIM_END) {
        if (got == CLAIM_READ) {
            count++;
            lines += claim_now(claims)->line_count;
        } else {
            faults++;
        }
    }
    printf("claims %lld lines %lld faults %lld bytes %lld peak_kib %lld\n", count, lines, faults,
           (long long)claim_bytes_read(claims), (long long)os_peak_kib());
}

int main(int argc, char **argv) {
    struct diag diag = DIAG_NONE;
    struct os_reader reader;
    struct claim_reader *claims = NULL;
    struct claim_options options = {.file = view_of(argc > 1 ? argv[1] : "standard input")};
    int status = os_reader_open(&reader, argc > 1 ? argv[1] : NULL, &diag);
    if (status == STATUS_OK) {
        status = claim_open(&claims, source_read, &reader, &options, &diag);
        if (status == STATUS_OK) {
            claims_count(claims);
        }
        claim_close(claims);
        os_reader_close(&reader);
    }
    if (status != STATUS_OK) {
        fprintf(stderr, "bench_read: %s\n", diag.text);
    }
    return status;
}
