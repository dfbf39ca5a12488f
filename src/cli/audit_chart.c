/* The chart beside the claims of an audit: opened before the first, and at the end the entries that
 * no claim asked for. */
#include <stdio.h>
#include <string.h>

#include "claim/claim.h"
#include "cli/cli.h"
#include "os/os.h"

static ptrdiff_t source_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    return os_read(context, to, size, diag);
}

/* "facts.json:7: documentation.consent_signed: must be true, false or null" */
static void complain(struct cli *cli, const char *path, const struct diag *diag) {
    char where[400];
    if (diag->line > 0) {
        snprintf(where, sizeof where, "%.360s:%lld", path, (long long)diag->line);
    } else {
        snprintf(where, sizeof where, "%.360s", path);
    }
    cli_error(cli, where, diag);
}

int cli_chart_open(struct cli *cli, const char *path, struct claim_chart **chart) {
    struct os_reader reader;
    struct diag diag = DIAG_NONE;
    *chart = NULL;
    int status = os_reader_open(&reader, path, &diag);
    if (status == STATUS_OK) {
        status = claim_chart_open(chart, source_read, &reader, &diag);
        os_reader_close(&reader);
    }
    if (status != STATUS_OK) {
        complain(cli, strcmp(path, "-") == 0 ? "standard input" : path, &diag);
    }
    return status;
}

/* Ids come from outside: what could move a cursor is not printed. */
static void id_print(struct out *err, struct view id) {
    for (ptrdiff_t i = 0; i < id.size; i++) {
        bool plain = id.at[i] >= ' ' && id.at[i] < 0x7F;
        out_char(err, plain ? id.at[i] : '?');
    }
}

static void head_print(struct out *err, const char *path, int64_t count, const char *one,
                       const char *many) {
    out_format(err, "claimvet: %s: %lld %s: ", path, (long long)count, count == 1 ? one : many);
}

static void tail_print(struct out *err, int64_t count) {
    out_view(err, count > CLAIM_CHART_NAMES ? VIEW(" ...\n") : VIEW("\n"));
}

void cli_chart_tell(struct cli *cli, const char *path, const struct claim_chart *chart) {
    struct claim_chart_rest rest;
    struct out *err = &cli->err;
    claim_chart_rest(chart, &rest);
    if (rest.entries > 0) {
        head_print(err, path, rest.entries, "entry of no claim", "entries of no claim");
        for (int i = 0; i < rest.entries && i < CLAIM_CHART_NAMES; i++) {
            out_view(err, i > 0 ? VIEW(" ") : VIEW(""));
            id_print(err, rest.ids[i]);
        }
        tail_print(err, rest.entries);
    }
    if (rest.lines > 0) {
        head_print(err, path, rest.lines, "line that its claim has not",
                   "lines that their claims have not");
        for (int i = 0; i < rest.lines && i < CLAIM_CHART_NAMES; i++) {
            out_view(err, i > 0 ? VIEW(", ") : VIEW(""));
            id_print(err, rest.line_ids[i]);
            out_format(err, " line %d", rest.line_numbers[i]);
        }
        tail_print(err, rest.lines);
    }
}
