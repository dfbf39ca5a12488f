/* claim: files that must be refused or complained about, with their exact messages: tests/bad/claim
 * holds NAME and, in NAME.expect, all that is said about it. With BLESS set the expectations are
 * written anew, to be read before they are committed. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "claim_dump.h"
#include "os/os.h"

/* Claims by their id only. */
static void input_tell(struct out *out, struct view bytes) {
    struct bytes_source source = {bytes, 0, -1};
    struct claim_reader *reader;
    struct claim_fault fault = {0};
    if (claim_open(&reader, bytes_read, &source, NULL, &fault.diag) != STATUS_OK) {
        fault_dump(out, CLAIM_FAULT, &fault);
        return;
    }
    for (enum claim_got got = claim_next(reader); got != CLAIM_END; got = claim_next(reader)) {
        if (got == CLAIM_READ) {
            OUT_TEXT(out, "claim ");
            out_view(out, claim_now(reader)->id);
            OUT_TEXT(out, "\n");
        } else {
            fault_dump(out, got, claim_fault(reader));
        }
    }
    claim_close(reader);
}

static void file_check(const char *path, int *count) {
    char expect[1200];
    struct view bytes;
    struct view wanted = VIEW_NONE;
    struct diag diag;
    struct out out;
    if (os_map(path, &bytes, &diag) != STATUS_OK) {
        fail_msg("%s: %s", path, diag.text);
    }
    out_open(&out, NULL, NULL);
    input_tell(&out, bytes);
    snprintf(expect, sizeof expect, "%s.expect", path);
    if (getenv("BLESS")) {
        assert_int_equal(os_write_atomic(expect, out_bytes(&out), &diag), STATUS_OK);
    }
    if (os_map(expect, &wanted, &diag) != STATUS_OK || !view_equal(wanted, out_bytes(&out))) {
        fail_msg("%s:\n%.*s", path, (int)out.size, out.at);
    }
    (*count)++;
    out_close(&out);
    os_unmap(wanted);
    os_unmap(bytes);
}

static void messages_are_exact(void **state) {
    (void)state;
    char folder[1024];
    int count = 0;
    snprintf(folder, sizeof folder, "%s/tests/bad/claim", getenv("SOURCE_ROOT"));
    DIR *open = opendir(folder);
    assert_non_null(open);
    for (struct dirent *entry = readdir(open); entry; entry = readdir(open)) {
        char path[1100];
        struct view name = view_of(entry->d_name);
        bool expectation = name.size > 7 && strcmp(name.at + name.size - 7, ".expect") == 0;
        if (name.at[0] != '.' && !expectation) {
            snprintf(path, sizeof path, "%s/%.60s", folder, name.at);
            file_check(path, &count);
        }
    }
    closedir(open);
    assert_int_equal(count, 18);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(messages_are_exact)};
    return cmocka_run_group_tests_name("claim bad input", tests, NULL, NULL);
}
