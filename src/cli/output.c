/* What a command kept in memory -> the file of --output. */
#include "cli/cli.h"
#include "os/os.h"

int cli_output_write(struct cli *cli, const char *path, const struct out *file) {
    struct diag diag = DIAG_NONE;
    int status = STATUS_SYSTEM;
    if (file->failed) {
        diag_set(&diag, "memory", "out of memory for the report");
    } else {
        status = os_write_atomic(path, out_bytes(file), &diag);
    }
    if (status != STATUS_OK) {
        cli_error(cli, path, &diag);
    }
    return status;
}
