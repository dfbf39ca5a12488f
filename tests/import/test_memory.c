/* import: memory refused at the n-th request, for every n: an error of the machine each time, never
 * a crash, never a file that is said to be read or refused for what it holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../memory_sweep.h"
#include "import/run.h"
#include "os/os.h"

/* A file of the fuzz corpus: its name in the first line. */
struct file {
    char name[200];
    struct view bytes;
    bool readable; /* a layout knows it */
};

static bool image_made(struct import *import, struct diag *diag) {
    struct view image;
    int status = store_draft_image(import_draft(import), &image, diag);
    if (status != STATUS_OK) {
        assert_int_equal(status, STATUS_SYSTEM);
        return false;
    }
    return true;
}

/* True when no memory was refused. */
static bool import_once(void *context) {
    struct file *file = context;
    struct import *import;
    struct diag diag = DIAG_NONE;
    struct import_options options = {.keep_going = true, .accept_license = true};
    int status = import_open(&import, NULL, &options, &diag);
    if (status == STATUS_OK) {
        status = import_bytes(import, file->name, file->bytes);
    }
    bool done = status != STATUS_SYSTEM;
    if (done) {
        assert_int_equal(status, file->readable ? STATUS_OK : STATUS_INPUT);
        done = image_made(import, &diag);
    }
    import_close(import);
    return done;
}

static void sweep(const char *name, bool readable) {
    char path[512];
    struct view bytes;
    struct diag diag;
    struct file file = {.readable = readable};
    snprintf(path, sizeof path, "%s/tests/fuzz/corpus/import/%s", getenv("SOURCE_ROOT"), name);
    assert_int_equal(os_map(path, &bytes, &diag), STATUS_OK);
    file.bytes = bytes;
    struct view first = view_cut(&file.bytes, '\n');
    snprintf(file.name, sizeof file.name, "%.*s", (int)first.size, first.at);
    int64_t needed = memory_sweep(import_once, &file, 2000);
    print_message("# %s needs %d allocations\n", name, (int)needed);
    assert_true(needed > 10);
    os_unmap(bytes);
}

static void text_in_gzip(void **state) {
    (void)state;
    sweep("gpci_gz", true);
}

static void workbook(void **state) {
    (void)state;
    sweep("strings_xlsx", false);
}

static void archive(void **state) {
    (void)state;
    sweep("stored_zip", false);
}

static void quotes(void **state) {
    (void)state;
    sweep("quotes", false);
}

static void fixed_width(void **state) {
    (void)state;
    sweep("hcpcs_fixed", true);
}

static void columns_by_name(void **state) {
    (void)state;
    sweep("hcpcs_csv", true);
}

static void providers(void **state) {
    (void)state;
    sweep("nppes", true);
}

static void short_list(void **state) {
    (void)state;
    sweep("nucc", false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_in_gzip),
        cmocka_unit_test(workbook),
        cmocka_unit_test(archive),
        cmocka_unit_test(quotes),
        cmocka_unit_test(fixed_width),
        cmocka_unit_test(columns_by_name),
        cmocka_unit_test(providers),
        cmocka_unit_test(short_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
