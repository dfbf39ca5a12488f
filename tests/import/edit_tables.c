/* edit_tables IMAGE FILE...: imports the files on top of the starter store, every error listed, and
 * tells what became of them; then answers questions about the store written, a line each on
 * standard input. For check_edit_tables.py. Tab-separated; "-" means none. */
#include <stdio.h>
#include <string.h>

#include "import/import.h"
#include "os/os.h"

static void say(struct view text) { printf("\t%.*s", (int)text.size, text.size ? text.at : ""); }

static void say_day(struct date date) {
    char text[11];
    say(date_given(date) ? date_text(date, text) : VIEW("-"));
}

static void tell_results(const struct import *import) {
    for (int i = 0; i < import_result_count(import); i++) {
        struct import_result result = import_result_at(import, i);
        printf("result");
        say(store_table_name(result.table));
        say(result.release);
        printf("\t%lld\t%d", (long long)result.rows, (int)result.begin);
        say(result.note);
        printf("\n");
    }
    for (int i = 0; i < import_error_count(import); i++) {
        struct import_error error = import_error_at(import, i);
        printf("error");
        say(error.file);
        printf("\t%lld\t%s\t%s\n", (long long)error.diag.line, error.diag.code, error.diag.text);
    }
}

/* ---- questions --------------------------------------------------------------------------- */

static void answer_pairs(const struct store *store, struct view one, struct view two,
                         bool hospital) {
    struct store_pair rows[32];
    uint32_t id1 = store_code_id(store, code_from(one));
    uint32_t id2 = store_code_id(store, code_from(two));
    int count = hospital
                    ? store_pair_hospital_rows(store, id1, id2, DATE_NONE, rows, COUNT_OF(rows))
                    : store_pair_rows(store, id1, id2, DATE_NONE, rows, COUNT_OF(rows));
    printf("%d", count);
    for (int i = 0; i < count && i < COUNT_OF(rows); i++) {
        printf("\t%c", rows[i].indicator);
        say(store_release(store, rows[i].proof.release).name);
        say_day(rows[i].proof.from);
        say_day(rows[i].proof.to);
        say(rows[i].reason);
    }
}

static void answer_mue(const struct store *store, struct view code) {
    struct store_mue row;
    struct store_when when = {date_from_ymd(2026, 5, 1), DATE_NONE};
    if (store_mue(store, store_code_id(store, code_from(code)), when, &row)) {
        printf("%d\t%c", (int)row.units, row.mai);
        say(store_release(store, row.proof.release).name);
    }
}

static void answer_sheet(const struct store *store, enum store_table table, struct view code) {
    uint32_t count;
    uint32_t row = store_sheet_find(store, table, code_from(code).bits, 0, &count);
    printf("%u", (unsigned)count);
    for (uint32_t i = 0; i < count; i++) {
        printf("\t%lld\t%c", (long long)store_sheet_cell(store, table, row + i, 1).number,
               store_sheet_cell(store, table, row + i, 2).character);
        say(store_release(store, store_sheet_proof(store, table, row + i).release).name);
    }
}

static void answer_addon(const struct store *store, struct view code, struct view day) {
    struct store_addon row;
    struct store_when when = {date_from_iso(day), DATE_NONE};
    uint32_t id = store_code_id(store, code_from(code));
    for (int n = 0; store_addon(store, id, n, when, &row); n++) {
        char text[9];
        printf("%s", n ? "\t" : "");
        struct view primary = row.primary == STORE_PRIMARY_CONTRACTOR
                                  ? VIEW("CCCCC")
                                  : code_text(store_code(store, row.primary), text);
        printf("%.*s\t%c", (int)primary.size, primary.at, row.type);
        say_day(row.proof.from);
        say_day(row.proof.to);
    }
}

static void answer_release(const struct store *store, struct view table, struct view name) {
    for (int i = 0; i < store_release_count(store); i++) {
        struct store_release release = store_release(store, i);
        if (view_equal(release.table_name, table) && view_equal(release.name, name)) {
            printf("%s\t%d\t%lld", release.partial ? "partial" : "whole", release.revision,
                   (long long)release.rows);
            say_day(release.effective);
            say_day(release.through);
        }
    }
}

static void answer(const struct store *store, struct view line) {
    struct view verb = view_cut(&line, '\t'), first = view_cut(&line, '\t');
    if (view_equal(verb, VIEW("pair")) || view_equal(verb, VIEW("pair_hospital"))) {
        answer_pairs(store, first, line, verb.size > 4);
    } else if (view_equal(verb, VIEW("mue"))) {
        answer_mue(store, first);
    } else if (view_equal(verb, VIEW("mue_hospital"))) {
        answer_sheet(store, STORE_MUE_HOSPITAL, first);
    } else if (view_equal(verb, VIEW("mue_dme"))) {
        answer_sheet(store, STORE_MUE_DME, first);
    } else if (view_equal(verb, VIEW("addon"))) {
        answer_addon(store, first, line);
    } else {
        answer_release(store, first, line);
    }
    printf("\n");
}

static int answer_all(const char *path) {
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    struct view image;
    const struct store *store;
    if (os_map(path, &image, &diag) || store_open(&store, image, &arena, &diag) ||
        store_verify(store, &diag)) {
        printf("error\t-\t0\t%s\t%s\n", diag.code, diag.text);
        return STATUS_INPUT;
    }
    char line[512];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        answer(store, view_of(line));
    }
    arena_close(&arena);
    os_unmap(image);
    return STATUS_OK;
}

int main(int count, char **arguments) {
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    const struct store *starter;
    struct import *import;
    struct import_options options = {.keep_going = true, .accept_license = true};
    if (count < 3 || store_open(&starter, store_starter(), &arena, &diag) ||
        import_open(&import, starter, &options, &diag)) {
        return STATUS_USAGE;
    }
    int status = STATUS_OK;
    for (int i = 2; i < count; i++) {
        int got = import_file(import, arguments[i]);
        status = got > status ? got : status;
    }
    tell_results(import);
    if (status == STATUS_OK) {
        status = import_write(import, arguments[1], &diag);
        if (status != STATUS_OK) {
            printf("error\t-\t0\t%s\t%s\n", diag.code, diag.text);
        }
    }
    import_close(import);
    arena_close(&arena);
    printf("status\t%d\n", status);
    return status == STATUS_OK ? answer_all(arguments[1]) : status;
}
