/* claimvet import: official files -> a reference store. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "import/import.h"
#include "os/os.h"

#define PROGRESS_FIRST_NS 300000000 /* short runs stay silent */
#define PROGRESS_NEXT_NS 100000000
#define FILE_WIDTH_MAX 60

struct import_run {
    struct cli *cli;
    const struct cli_arguments *arguments;
    const char *path; /* of the store */
    struct os_lock lock;
    struct view image; /* of the store that grows, mapped */
    const struct store *base;
    struct import *import;
    bool progress; /* standard error is a terminal */
    bool shown;
    int64_t progress_at; /* nanoseconds of the next line */
};

/* ---- progress ---------------------------------------------------------------------------- */

static void progress_clear(struct import_run *run) {
    if (run->shown) {
        OUT_TEXT(&run->cli->err, "\r\033[K");
        out_flush(&run->cli->err);
        run->shown = false;
    }
}

static void megabytes(struct out *out, int64_t bytes) {
    out_format(out, "%lld.%lld", (long long)(bytes / 1000000), (long long)(bytes / 100000 % 10));
}

/* "claimvet: 41 %  12.3 of 31.0 MB  file.zip (member.txt)", rewritten in place. */
static void progress_show(void *context, struct view file, int64_t done, int64_t all) {
    struct import_run *run = context;
    int64_t now = os_now_ns();
    if (!run->progress || now < run->progress_at) {
        return;
    }
    run->progress_at = now + PROGRESS_NEXT_NS;
    struct out *err = &run->cli->err;
    OUT_TEXT(err, "\r\033[Kclaimvet: ");
    if (all > 0) {
        out_format(err, "%3lld %%  ", (long long)((done < all ? done : all) * 100 / all));
    }
    megabytes(err, done);
    OUT_TEXT(err, " of ");
    megabytes(err, all);
    OUT_TEXT(err, " MB  ");
    out_view(err, view_sub(file, file.size > 48 ? file.size - 48 : 0, 48));
    out_flush(err);
    run->shown = true;
}

static void progress_packing(struct import_run *run) {
    if (run->shown) {
        OUT_TEXT(&run->cli->err, "\r\033[Kclaimvet: packing");
        out_flush(&run->cli->err);
    }
}

static int64_t bytes_of_all(const struct cli_arguments *arguments) {
    int64_t all = 0;
    for (int i = 0; i < arguments->rest_count; i++) {
        struct os_reader reader;
        struct diag diag;
        if (strcmp(arguments->rest[i], "-") != 0 &&
            os_reader_open(&reader, arguments->rest[i], &diag) == STATUS_OK) {
            int64_t size = os_reader_size(&reader);
            all += size > 0 ? size : 0;
            os_reader_close(&reader);
        }
    }
    return all;
}

/* ---- what became of the files ------------------------------------------------------------ */

/* "archive.zip (member.txt)", without folders. */
static void file_print(struct out *out, const struct import_result *result) {
    struct view name = result->file;
    while (view_find(name, '/') >= 0) {
        view_cut(&name, '/');
    }
    out_view(out, name);
    if (!view_equal(name, result->member)) {
        OUT_TEXT(out, " (");
        out_view(out, result->member);
        OUT_TEXT(out, ")");
    }
}

static const char *begin_note(const struct import_result *result) {
    switch (result->begin) {
    case STORE_BEGIN_KNOWN: return "already in the store";
    case STORE_BEGIN_REPLACED: return "a newer revision is in the store";
    case STORE_BEGIN_CONFLICT: return "refused";
    default: return result->partial ? "partial: files of its set are missing, or an extract" : "";
    }
}

static void note_print(struct out *out, const struct import_result *result) {
    const char *note = result->table == STORE_TABLES ? "" : begin_note(result);
    out_view(out, view_of(note));
    if (*note && result->note.size > 0) {
        OUT_TEXT(out, "; ");
    }
    out_view(out, result->note);
}

struct widths {
    int table, release, rows, file;
};

static void widen(int *width, ptrdiff_t size) { *width = size > *width ? (int)size : *width; }

static const char *table_of(const struct import_result *result) {
    return result->table == STORE_TABLES ? "-" : store_table_name(result->table).at;
}

/* One cell of the row: its text, and blanks up to the width of the column. */
static void cell_pad(struct out *out, ptrdiff_t begin, int width) {
    ptrdiff_t used = out->size - begin;
    out_pad(out, (used < width ? width - used : 0) + 2);
}

/* The note behind the file where it fits, else below it. */
static void result_print(struct out *out, const struct import_result *result,
                         const struct widths *widths) {
    struct out note;
    out_open(&note, NULL, NULL);
    note_print(&note, result);
    ptrdiff_t line = out->size;
    ptrdiff_t begin = out->size;
    out_view(out, view_of(table_of(result)));
    cell_pad(out, begin, widths->table);
    begin = out->size;
    out_view(out, result->release.size > 0 ? result->release : VIEW("-"));
    cell_pad(out, begin, widths->release);
    out_format(out, "%*lld  ", widths->rows, (long long)result->rows);
    begin = out->size;
    file_print(out, result);
    ptrdiff_t used = out->size - begin > widths->file ? out->size - begin : widths->file;
    if (note.size == 0) {
        OUT_TEXT(out, "\n");
    } else if (begin - line + used + 2 + note.size <= CLI_WIDTH) {
        cell_pad(out, begin, widths->file);
        out_view(out, out_bytes(&note));
        OUT_TEXT(out, "\n");
    } else {
        OUT_TEXT(out, "\n    ");
        out_wrap(out, out_bytes(&note), 4, 4, CLI_WIDTH);
    }
    out_close(&note);
}

/* A table that lines up; built apart from `err`, which may be flushed any time. */
static void results_print(struct import_run *run) {
    struct widths widths = {5, 7, 4, 4};
    struct out text;
    out_open(&text, NULL, NULL);
    for (int i = 0; i < import_result_count(run->import); i++) {
        struct import_result result = import_result_at(run->import, i);
        widen(&widths.table, view_of(table_of(&result)).size);
        widen(&widths.release, result.release.size);
        widen(&widths.rows, snprintf(NULL, 0, "%lld", (long long)result.rows));
        file_print(&text, &result);
        widen(&widths.file, text.size < FILE_WIDTH_MAX ? text.size : FILE_WIDTH_MAX);
        out_clear(&text);
    }
    if (import_result_count(run->import) > 0) {
        out_format(&text, "%-*s  %-*s  %*s  file\n", widths.table, "table", widths.release,
                   "release", widths.rows, "rows");
    }
    for (int i = 0; i < import_result_count(run->import); i++) {
        struct import_result result = import_result_at(run->import, i);
        result_print(&text, &result, &widths);
    }
    out_view(&run->cli->err, out_bytes(&text));
    out_close(&text);
}

void cli_import_errors(struct cli *cli, const struct import *import) {
    struct out *err = &cli->err;
    for (int i = 0; i < import_error_count(import); i++) {
        struct import_error error = import_error_at(import, i);
        OUT_TEXT(err, "claimvet: ");
        out_view(err, error.file);
        if (error.diag.line > 0) {
            OUT_TEXT(err, ":");
            out_int(err, error.diag.line);
        }
        OUT_TEXT(err, ": ");
        out_view(err, view_of(error.diag.text));
        OUT_TEXT(err, "\n");
    }
}

/* Once, when a file holds CPT codes and nobody has accepted their licence. */
static void license_notice(struct import_run *run) {
    bool cpt = false;
    for (int i = 0; i < import_result_count(run->import); i++) {
        cpt |= import_result_at(run->import, i).cpt;
    }
    if (cpt && !run->arguments->given[OPTION_LICENSE] && !import_license_recorded(run->base)) {
        OUT_TEXT(&run->cli->err,
                 "claimvet: these files hold CPT codes, copyright American Medical Association; "
                 "their licence\n  is yours to accept: --accept-ama-license records that in the "
                 "store and keeps short descriptors\n");
    }
}

static void summary_print(struct import_run *run, int status) {
    struct out *err = &run->cli->err;
    int64_t rows = 0;
    int read = 0, known = 0, skipped = 0;
    for (int i = 0; i < import_result_count(run->import); i++) {
        struct import_result result = import_result_at(run->import, i);
        bool fresh = result.table != STORE_TABLES && result.begin == STORE_BEGIN_NEW;
        skipped += result.table == STORE_TABLES;
        read += fresh;
        known += result.table != STORE_TABLES && !fresh;
        rows += fresh ? result.rows : 0;
    }
    out_format(err, "claimvet: %.400s %s: %d %s read, %lld rows, %d already there, %d skipped",
               run->path, status == STATUS_OK ? "is written" : "is not written", read,
               read == 1 ? "table" : "tables", (long long)rows, known, skipped);
    if (import_error_count(run->import) > 0) {
        out_format(err, ", %d %s", import_error_count(run->import),
                   import_error_count(run->import) == 1 ? "error" : "errors");
    }
    OUT_TEXT(err, "\n");
}

/* ---- the command ------------------------------------------------------------------------- */

static int layouts_print(struct cli *cli) {
    const struct import_layout *layout;
    for (int i = 0; (layout = import_layout_at(i)); i++) {
        out_format(&cli->out, "%-18s %-9s %s\n", layout->table,
                   layout->proven ? "proven" : "unproven", layout->what);
    }
    return STATUS_OK;
}

static int lock_take(struct import_run *run) {
    struct diag diag = DIAG_NONE;
    bool taken;
    int status = os_lock_folder(&run->lock, run->path, false, &taken, &diag);
    if (status == STATUS_OK && !taken) {
        OUT_TEXT(&run->cli->err, "claimvet: waiting for another import into the same folder\n");
        out_flush(&run->cli->err);
        status = os_lock_folder(&run->lock, run->path, true, &taken, &diag);
    }
    if (status != STATUS_OK) {
        cli_error(run->cli, run->path, &diag);
    }
    return status;
}

/* The store that grows; the starter when there is none yet. What is there and is no store that is
 * whole is never written over. */
static int base_open(struct import_run *run) {
    struct diag diag = DIAG_NONE;
    int status = os_map(run->path, &run->image, &diag);
    bool fresh = status != STATUS_OK && strcmp(diag.code, "file_missing") == 0;
    if (fresh || status == STATUS_OK) {
        status = store_open(&run->base, fresh ? store_starter() : run->image, &run->cli->arena,
                            &diag);
    }
    if (status == STATUS_OK && !fresh) {
        status = store_verify(run->base, &diag);
    }
    if (status != STATUS_OK) {
        cli_error(run->cli, run->path, &diag);
    }
    return status;
}

static int files_read(struct import_run *run) {
    const struct cli_arguments *arguments = run->arguments;
    int worst = STATUS_OK;
    for (int i = 0; i < arguments->rest_count; i++) {
        int status = import_file(run->import, arguments->rest[i]);
        worst = status > worst ? status : worst;
        if (status != STATUS_OK && !arguments->given[OPTION_KEEP_GOING]) {
            break;
        }
    }
    return worst;
}

static int run_import(struct import_run *run) {
    const struct cli_arguments *arguments = run->arguments;
    bool quiet = arguments->given[OPTION_QUIET];
    struct diag diag = DIAG_NONE;
    run->progress = !quiet && os_is_terminal(2);
    run->progress_at = os_now_ns() + PROGRESS_FIRST_NS;
    struct import_options options = {.keep_going = arguments->given[OPTION_KEEP_GOING],
                                     .accept_license = arguments->given[OPTION_LICENSE],
                                     .progress = progress_show,
                                     .context = run,
                                     .bytes = run->progress ? bytes_of_all(arguments) : 0};
    int status = import_open(&run->import, run->base, &options, &diag);
    if (status != STATUS_OK) {
        cli_error(run->cli, NULL, &diag);
        return status;
    }
    status = files_read(run);
    if (status == STATUS_OK) {
        progress_packing(run);
        status = import_write(run->import, run->path, &diag);
    }
    progress_clear(run);
    cli_import_errors(run->cli, run->import);
    if (status != STATUS_OK && import_error_count(run->import) == 0) {
        if (!*diag.code) {
            diag_set(&diag, "memory", "out of memory");
        }
        cli_error(run->cli, run->path, &diag);
    }
    if (!quiet) {
        results_print(run);
        license_notice(run);
        summary_print(run, status);
    }
    return status;
}

int command_import(struct cli *cli, const struct cli_arguments *arguments) {
    struct import_run run = {.cli = cli, .arguments = arguments, .lock = {-1}};
    if (arguments->given[OPTION_LAYOUTS]) {
        return layouts_print(cli);
    }
    run.path = arguments->value[OPTION_OUTPUT];
    if (!run.path || arguments->rest_count == 0) {
        return cli_usage(cli, "import takes files and the store to write: "
                              "claimvet import FILE... -o STORE");
    }
    for (int i = 0; i < arguments->rest_count; i++) {
        if (strcmp(arguments->rest[i], "-") == 0) {
            return cli_usage(cli, "standard input cannot be imported: name a file");
        }
    }
    int status = lock_take(&run);
    status = status == STATUS_OK ? base_open(&run) : status;
    status = status == STATUS_OK ? run_import(&run) : status;
    import_close(run.import);
    os_unmap(run.image);
    os_unlock(&run.lock);
    return status;
}
