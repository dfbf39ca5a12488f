/* Prints the rows of a file as the driver reads them: a JSON array a row, its line first; behind a
 * TAB the bytes of the row. Errors go to standard error as CODE:LINE:TEXT, the status is the exit
 * status.
 * usage: import_dump FILE [--form | --count | --field FROM TO] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import/run.h"
#include "os/os.h"

static struct out out;
static const char *mode = "";
static int field_from, field_to;

static bool knows_all(const struct rows_head *head) {
    (void)head;
    return true;
}

static void row_print(const struct rows *rows) {
    out_int(&out, rows->line);
    OUT_TEXT(&out, "\t[");
    for (int i = 0; i < rows->count; i++) {
        if (i > 0) {
            out_char(&out, ',');
        }
        out_json(&out, rows->cells[i]);
    }
    OUT_TEXT(&out, "]\t");
    out_json(&out, rows->text);
    OUT_TEXT(&out, "\n");
}

static int read_all(struct import *import, struct rows *rows) {
    static const char *const forms[] = {"comma", "tab", "lines", "xlsx"};
    struct store_edition edition = {.table = STORE_MUE, .name = rows->member,
                                    .effective = quarter_first(2026, 1),
                                    .through = quarter_last(2026, 1),
                                    .from = quarter_first(2026, 1), .to = quarter_last(2026, 1)};
    int64_t count = 0;
    int64_t cells = 0;
    bool begun = import_begin(import, rows, &edition, 1, 1);
    if (*mode) {
        out_format(&out, "%s\n", forms[rows->form]);
    }
    while (begun && import_next(import, rows)) {
        count++;
        cells += rows->count;
        if (strcmp(mode, "--field") == 0) {
            out_json(&out, rows_field(rows, field_from, field_to));
            OUT_TEXT(&out, "\n");
        } else if (!*mode) {
            row_print(rows);
        }
    }
    if (strcmp(mode, "--count") == 0) {
        out_format(&out, "%lld rows, %lld cells\n", (long long)count, (long long)cells);
    }
    if (begun) {
        import_end(import, rows, count, 0, INT64_MAX);
    }
    return import_status(import);
}

static const struct importer everything = {"mue", "anything", true, false, knows_all, read_all};
const struct importer *const importers[] = {&everything, NULL};

static void errors_print(const struct import *import) {
    for (int i = 0; i < import_error_count(import); i++) {
        struct import_error error = import_error_at(import, i);
        fprintf(stderr, "%s:%lld:%.*s: %s\n", error.diag.code, (long long)error.diag.line,
                (int)error.file.size, error.file.at, error.diag.text);
    }
    for (int i = 0; i < import_result_count(import); i++) {
        struct import_result result = import_result_at(import, i);
        fprintf(stderr, "note:%.*s:%.*s\n", (int)result.member.size, result.member.at,
                (int)result.note.size, result.note.at);
    }
}

int main(int count, char **words) {
    struct import *import;
    struct import_options options = {.keep_going = true};
    struct diag diag = DIAG_NONE;
    if (count < 2) {
        return STATUS_USAGE;
    }
    mode = count > 2 ? words[2] : "";
    field_from = count > 4 ? (int)strtol(words[3], NULL, 10) : 0;
    field_to = count > 4 ? (int)strtol(words[4], NULL, 10) : 0;
    out_open(&out, os_stdout_sink, NULL);
    int status = import_open(&import, NULL, &options, &diag);
    if (status == STATUS_OK) {
        status = import_file(import, words[1]);
        errors_print(import);
    }
    import_close(import);
    out_close(&out);
    return status;
}
