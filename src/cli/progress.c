/* The line about reading claims, rewritten in place on a terminal: "claimvet: 41 %  1234 claims
 * batch.837". */
#include "cli/progress.h"
#include "os/os.h"

#define FIRST_NS 1000000000 /* short runs stay silent */
#define NEXT_NS 250000000
#define CLAIMS 256 /* claims between two looks at the clock */

void progress_open(struct progress *progress, struct out *err, bool quiet) {
    *progress = (struct progress){
        .err = err, .wanted = !quiet && os_is_terminal(2), .at = os_now_ns() + FIRST_NS};
}

void progress_clear(struct progress *progress) {
    if (progress->shown) {
        OUT_TEXT(progress->err, "\r\033[K");
        out_flush(progress->err);
        progress->shown = false;
    }
}

void progress_claims(struct progress *progress, const struct claim_reader *reader, int64_t size,
                     int64_t claims, const char *name) {
    if (!progress->wanted || claims % CLAIMS != 0 || os_now_ns() < progress->at) {
        return;
    }
    progress->at = os_now_ns() + NEXT_NS;
    OUT_TEXT(progress->err, "\r\033[Kclaimvet: ");
    if (size > 0) {
        out_int(progress->err, claim_bytes_read(reader) * 100 / size);
        OUT_TEXT(progress->err, " %  ");
    }
    out_int(progress->err, claims);
    OUT_TEXT(progress->err, " claims  ");
    out_view(progress->err, view_sub(view_of(name), 0, 50));
    out_flush(progress->err);
    progress->shown = true;
}
