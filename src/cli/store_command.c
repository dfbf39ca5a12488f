/* claimvet store: what a reference store holds, and whether it is whole. */
#include <string.h>

#include "cli/cli.h"
#include "import/import.h"
#include "os/os.h"

int cli_store_open(struct cli *cli, const char *path, struct view *bytes,
                   const struct store **store) {
    struct diag diag = DIAG_NONE;
    *bytes = VIEW_NONE;
    int status = path ? os_map(path, bytes, &diag) : STATUS_OK;
    if (status == STATUS_OK) {
        status = store_open(store, path ? *bytes : store_starter(), &cli->arena, &diag);
    }
    if (status != STATUS_OK) {
        cli_error(cli, path ? path : "starter store", &diag);
    }
    return status;
}

/* STORE as a word or as --store; NULL: the starter store. */
static const char *store_path(const struct cli_arguments *arguments) {
    return arguments->rest_count > 1 ? arguments->rest[1] : arguments->value[OPTION_STORE];
}

/* ---- info -------------------------------------------------------------------------------- */

static void day_print(struct out *out, struct date date) {
    char text[11];
    out_format(out, "%-10s  ", date_given(date) ? date_text(date, text).at : "open");
}

static const char *release_state(const struct store *store, int index, struct date today) {
    struct store_release release = store_release(store, index);
    bool stale = store_stale(store, (uint16_t)index, today);
    if (release.partial) {
        return stale ? "partial, stale" : "partial";
    }
    if (release.extract) {
        return stale ? "starter's codes, stale" : "starter's codes";
    }
    return stale ? "stale" : "current";
}

static void release_name(struct out *out, const struct store_release *release, int width) {
    ptrdiff_t start = out->size;
    out_view(out, release->name);
    if (release->revision > 0) {
        out_format(out, " r%d", release->revision);
    }
    ptrdiff_t written = out->size - start;
    out_pad(out, written < width ? width - written : 1);
}

/* Sources and hashes are lists; each pair gets a line. */
static void sources_print(struct out *out, const struct store_release *release) {
    struct view names = release->source, hashes = release->sha256;
    while (names.size > 0) {
        struct view name = view_cut(&names, ',');
        struct view hash = hashes.size > 0 ? view_cut(&hashes, ',') : VIEW("");
        OUT_TEXT(out, "    ");
        out_view(out, hash.size > 0 ? hash : VIEW("(no hash)"));
        OUT_TEXT(out, "  ");
        out_view(out, name);
        OUT_TEXT(out, "\n");
    }
    if (release->note.size > 0) {
        OUT_TEXT(out, "    ");
        out_view(out, release->note);
        OUT_TEXT(out, "\n");
    }
}

static void licenses_print(struct out *out, const struct store *store) {
    OUT_TEXT(out, "licences accepted   ");
    struct view license = store_license(store, 0);
    out_view(out, license.size > 0 ? license : VIEW("none recorded"));
    for (int i = 1; (license = store_license(store, i)).size > 0; i++) {
        OUT_TEXT(out, ", ");
        out_view(out, license);
    }
    OUT_TEXT(out, "\n");
}

static void info_text(struct cli *cli, const struct store *store, int64_t size,
                      struct date today) {
    struct out *out = &cli->out;
    char day[11];
    OUT_TEXT(out, "store               ");
    out_view(out, store_hash(store));
    out_format(out, "\nbytes               %lld\nprocedure codes     %u\n", (long long)size,
               store_code_count(store));
    licenses_print(out, store);
    out_format(out, "stale               as of %s\n\n", date_text(today, day).at);
    out_format(out, "%-18s  %-15s %-10s  %-10s  %10s  %s\n", "table", "release", "first day",
               "newest to", "rows", "state");
    for (int i = 0; i < store_release_count(store); i++) {
        struct store_release release = store_release(store, i);
        out_format(out, "%-18.*s  ", (int)release.table_name.size, release.table_name.at);
        release_name(out, &release, 16);
        day_print(out, release.effective);
        day_print(out, release.through);
        out_format(out, "%10lld  %s\n", (long long)release.rows, release_state(store, i, today));
        sources_print(out, &release);
    }
}

static void json_day(struct out *out, const char *name, struct date date) {
    char text[11];
    out_format(out, ",\"%s\":", name);
    date_given(date) ? out_json(out, date_text(date, text)) : OUT_TEXT(out, "null");
}

static void info_json(struct cli *cli, const struct store *store, int64_t size,
                      struct date today) {
    struct out *out = &cli->out;
    OUT_TEXT(out, "{\"store\":");
    out_json(out, store_hash(store));
    out_format(out, ",\"bytes\":%lld,\"codes\":%u,\"licenses\":[", (long long)size,
               store_code_count(store));
    for (int i = 0; store_license(store, i).size > 0; i++) {
        out_view(out, view_of(i ? "," : ""));
        out_json(out, store_license(store, i));
    }
    OUT_TEXT(out, "],\"releases\":[");
    for (int i = 0; i < store_release_count(store); i++) {
        struct store_release release = store_release(store, i);
        out_view(out, view_of(i ? ",{\"table\":" : "{\"table\":"));
        out_json(out, release.table_name);
        OUT_TEXT(out, ",\"release\":");
        out_json(out, release.name);
        out_format(out, ",\"revision\":%d", release.revision);
        json_day(out, "effective", release.effective);
        json_day(out, "through", release.through);
        out_format(out, ",\"rows\":%lld,\"partial\":%s,\"extract\":%s,\"stale\":%s,\"source\":",
                   (long long)release.rows, release.partial ? "true" : "false",
                   release.extract ? "true" : "false",
                   store_stale(store, (uint16_t)i, today) ? "true" : "false");
        out_json(out, release.source);
        OUT_TEXT(out, ",\"sha256\":");
        out_json(out, release.sha256);
        OUT_TEXT(out, ",\"note\":");
        out_json(out, release.note);
        OUT_TEXT(out, "}");
    }
    OUT_TEXT(out, "]}\n");
}

static int store_info(struct cli *cli, const struct cli_arguments *arguments) {
    const char *path = store_path(arguments);
    const char *format = arguments->value[OPTION_FORMAT];
    const struct store *store;
    struct view bytes;
    struct date today;
    int status = cli_date(cli, arguments, OPTION_ON, &today);
    if (status == STATUS_OK) {
        status = cli_store_open(cli, path, &bytes, &store);
    }
    if (status != STATUS_OK) {
        return status;
    }
    today = date_given(today) ? today : os_today();
    int64_t size = path ? bytes.size : store_starter().size;
    if (format && strcmp(format, "json") == 0) {
        info_json(cli, store, size, today);
    } else {
        info_text(cli, store, size, today);
    }
    out_flush(&cli->out);
    os_unmap(bytes);
    return STATUS_OK;
}

/* ---- verify ------------------------------------------------------------------------------ */

#define DIFFERENCES_SHOWN 20

struct differences {
    struct cli *cli;
    int64_t count;
};

static void difference_print(void *context, enum store_table table, struct view release,
                             struct view row, const char *what) {
    struct differences *differences = context;
    struct out *out = &differences->cli->out;
    if (differences->count++ >= DIFFERENCES_SHOWN) {
        return;
    }
    out_format(out, "%-18s %.*s  %.*s%s%s\n", store_table_name(table).at, (int)release.size,
               release.at, (int)row.size, row.at, row.size > 0 ? "  " : "", what);
}

/* Every row of the files against the store: reads them again into a store of their own. */
static int files_verify(struct cli *cli, const struct store *store,
                        const struct cli_arguments *arguments) {
    struct import_options options = {0};
    struct import *import;
    struct diag diag = DIAG_NONE;
    int status = import_open(&import, NULL, &options, &diag);
    for (int i = 2; status == STATUS_OK && i < arguments->rest_count; i++) {
        status = import_file(import, arguments->rest[i]);
    }
    struct view image;
    const struct store *files;
    if (status != STATUS_OK && import) {
        cli_import_errors(cli, import);
    } else if (status == STATUS_OK) {
        status = import_build(import, &image, &files, &diag);
    }
    if (status == STATUS_OK) {
        struct differences differences = {cli, 0};
        int64_t rows = store_compare(store, files, difference_print, &differences);
        if (differences.count > DIFFERENCES_SHOWN) {
            out_format(&cli->out, "and %lld more\n",
                       (long long)differences.count - DIFFERENCES_SHOWN);
        }
        out_format(&cli->out, "%lld rows of %d files compared: %lld differences\n",
                   (long long)rows, arguments->rest_count - 2, (long long)differences.count);
        status = rows < 0 ? STATUS_SYSTEM : differences.count > 0 ? STATUS_INPUT : STATUS_OK;
    } else if (diag.text[0]) {
        cli_error(cli, "the files", &diag);
    }
    import_close(import);
    return status;
}

static int store_verify_command(struct cli *cli, const struct cli_arguments *arguments) {
    const char *path = store_path(arguments);
    const struct store *store;
    struct view bytes;
    int status = cli_store_open(cli, path, &bytes, &store);
    if (status != STATUS_OK) {
        return status;
    }
    struct diag diag = DIAG_NONE;
    status = store_verify(store, &diag);
    if (status != STATUS_OK) {
        cli_error(cli, path ? path : "starter store", &diag);
    } else {
        int64_t rows = 0;
        for (int i = 0; i < store_release_count(store); i++) {
            rows += store_release(store, i).rows;
        }
        out_view(&cli->out, store_hash(store));
        out_format(&cli->out, "  checksum, offsets and rows are good: %d editions, %lld rows\n",
                   store_release_count(store), (long long)rows);
        status = arguments->rest_count > 2 ? files_verify(cli, store, arguments) : STATUS_OK;
    }
    out_flush(&cli->out);
    os_unmap(bytes);
    return status;
}

int command_store(struct cli *cli, const struct cli_arguments *arguments) {
    const char *what = arguments->rest_count > 0 ? arguments->rest[0] : "";
    if (strcmp(what, "info") == 0 && arguments->rest_count <= 2) {
        return store_info(cli, arguments);
    }
    if (strcmp(what, "verify") == 0) {
        return store_verify_command(cli, arguments);
    }
    if (strcmp(what, "diff") == 0 && arguments->rest_count == 3) {
        return store_diff(cli, arguments);
    }
    return cli_usage(cli, "store info [STORE], store verify [STORE [FILE...]] or store diff A B");
}
