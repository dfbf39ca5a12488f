/* import_files IMAGE FILE...: imports the files into an empty store, every error listed, and tells
 * as JSON, a line each, what became of them; the image is written when there is no error. For the
 * tests of the readers of layouts. */
#include <stdio.h>

#include "import/import.h"
#include "os/os.h"

static void tell_result(struct out *out, const struct import_result *result) {
    static const char *const begins[] = {"new", "known", "replaced", "conflict"};
    OUT_TEXT(out, "{\"table\": ");
    out_json(out, result->table < STORE_TABLES ? store_table_name(result->table) : VIEW(""));
    OUT_TEXT(out, ", \"release\": ");
    out_json(out, result->release);
    out_format(out, ", \"rows\": %lld, \"begin\": \"%s\", \"member\": ", (long long)result->rows,
               begins[result->begin]);
    out_json(out, result->member);
    OUT_TEXT(out, ", \"note\": ");
    out_json(out, result->note);
    OUT_TEXT(out, "}\n");
}

static void tell_error(struct out *out, const struct import_error *error) {
    OUT_TEXT(out, "{\"file\": ");
    out_json(out, error->file);
    out_format(out, ", \"line\": %lld, \"code\": \"%s\", \"error\": ", (long long)error->diag.line,
               error->diag.code);
    out_json(out, view_of(error->diag.text));
    OUT_TEXT(out, "}\n");
}

static int import_all(struct import *import, int count, char **arguments, struct diag *diag) {
    for (int i = 2; i < count; i++) {
        if (import_file(import, arguments[i]) == STATUS_SYSTEM) {
            return STATUS_SYSTEM;
        }
    }
    return import_error_count(import) > 0 ? STATUS_INPUT
                                          : import_write(import, arguments[1], diag);
}

int main(int count, char **arguments) {
    struct diag diag = DIAG_NONE;
    struct import *import;
    struct import_options options = {.keep_going = true, .accept_license = false};
    if (count < 3 || import_open(&import, NULL, &options, &diag)) {
        fprintf(stderr, "usage: import_files IMAGE FILE... %s\n", diag.text);
        return STATUS_USAGE;
    }
    int status = import_all(import, count, arguments, &diag);
    struct out out;
    out_open(&out, os_stdout_sink, NULL);
    for (int i = 0; i < import_result_count(import); i++) {
        struct import_result result = import_result_at(import, i);
        tell_result(&out, &result);
    }
    for (int i = 0; i < import_error_count(import); i++) {
        struct import_error error = import_error_at(import, i);
        tell_error(&out, &error);
    }
    if (status != STATUS_OK && import_error_count(import) == 0) {
        tell_error(&out, &(struct import_error){VIEW(""), diag});
    }
    out_close(&out);
    import_close(import);
    return status;
}
