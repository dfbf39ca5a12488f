/* x12: copies with and without edits, and the counts that must follow. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "os/os.h"
#include "read.h"

static bool keep(void *context, struct view bytes) {
    out_view(context, bytes);
    return true;
}

static bool refuse(void *context, struct view bytes) {
    (void)context;
    return bytes.size == 0;
}

static int patch(struct view bytes, ptrdiff_t step, const struct x12_edits *edits, struct out *out,
                 struct diag *diag) {
    struct bytes_source source = {.rest = bytes, .step = step};
    out_clear(out);
    return x12_patch(bytes_read, &source, edits, keep, out, diag);
}

static void patch_is(struct view bytes, const struct x12_edits *edits, const char *expected) {
    struct out out;
    struct diag diag = DIAG_NONE;
    out_open(&out, NULL, NULL);
    for (ptrdiff_t step = 0; step < 9; step++) {
        assert_int_equal(patch(bytes, step, edits, &out, &diag), STATUS_OK);
        assert_true(view_equal(out_bytes(&out), view_of(expected)));
    }
    out_close(&out);
}

static void edits_are_made(void **state) {
    (void)state;
    struct x12_edit list[] = {{0, 1, VIEW("<"), 0}, {3, 0, VIEW("+"), 0}, {4, 2, VIEW(""), 0},
                              {6, 1, VIEW("666"), 0}, {10, 0, VIEW(">"), 0}};
    patch_is(VIEW("0123456789"), &(struct x12_edits){list, 0, 0, false}, "0123456789");
    patch_is(VIEW("0123456789"), &(struct x12_edits){list, 1, 0, false}, "<123456789");
    patch_is(VIEW("0123456789"), &(struct x12_edits){list, 5, 0, false}, "<12+3666789>");
    patch_is(VIEW(""), &(struct x12_edits){0}, "");
}

static void edits_are_refused(void **state) {
    (void)state;
    struct x12_edit over[] = {{2, 3, VIEW("a"), 0}, {4, 1, VIEW("b"), 0}};
    struct x12_edit twice[] = {{2, 0, VIEW("a"), 0}, {2, 1, VIEW("b"), 0}};
    struct x12_edit beyond[] = {{9, 2, VIEW("a"), 0}};
    struct x12_edit behind[] = {{11, 0, VIEW("a"), 0}};
    struct x12_edit before[] = {{-1, 1, VIEW("a"), 0}};
    struct x12_edit negative[] = {{1, -1, VIEW("a"), 0}};
    struct x12_edits all[] = {{over, 2, 0, false},   {twice, 2, 0, false},
                              {beyond, 1, 0, false}, {behind, 1, 0, false},
                              {before, 1, 0, false}, {negative, 1, 0, false}};
    struct out out;
    struct diag diag = DIAG_NONE;
    out_open(&out, NULL, NULL);
    for (int i = 0; i < COUNT_OF(all); i++) {
        assert_int_equal(patch(VIEW("0123456789"), 0, &all[i], &out, &diag), STATUS_INPUT);
        assert_string_equal(diag.code, "x12_edit_bad");
    }
    struct bytes_source source = {.rest = VIEW("0123")};
    assert_int_equal(x12_patch(bytes_read, &source, &(struct x12_edits){0}, refuse, NULL, &diag),
                     STATUS_SYSTEM);
    assert_string_equal(diag.code, "x12_sink_failed");
    source = (struct bytes_source){.rest = VIEW("0123"), .fails = true};
    assert_int_equal(x12_patch(bytes_read, &source, &(struct x12_edits){0}, keep, &out, &diag),
                     STATUS_INPUT);
    assert_string_equal(diag.code, "test_source");
    out_close(&out);
}

static void edits_are_sorted(void **state) {
    (void)state;
    struct x12_edits edits = {0};
    for (int i = 0; i < 1000; i++) {
        x12_edits_add(&edits, (struct x12_edit){.byte = i * 7919 % 1000, .size = 1});
    }
    x12_edits_sort(&edits);
    assert_false(edits.failed);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(edits.at[i].byte, i);
    }
    x12_edits_close(&edits);
    memory_fail_after(0);
    x12_edits_add(&edits, (struct x12_edit){0});
    memory_fail_after(-1);
    assert_true(edits.failed);
}

/* ---- counts -------------------------------------------------------------------------------- */

#define ISA "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260101*1200*^*" \
            "00501*000000001*0*P*:~"
#define GS "GS*HC*A*B*20260101*1200*1*X*005010X222A1~"

static void count_note(void *to, const struct x12_count *count) {
    char tag[9];
    code_text(count->tag, tag);
    out_format(to, "%s %.*s>%d%s ", tag, (int)count->given.size, count->given.at,
               (int)count->counted, count->was_right ? "" : "!");
}

static void counts_are(const char *text, const struct x12_edits *edits, const char *expected) {
    struct out out;
    struct diag diag = DIAG_NONE;
    struct bytes_source source = {.rest = view_of(text)};
    out_open(&out, NULL, NULL);
    assert_int_equal(x12_counts(bytes_read, &source, edits, count_note, &out, &diag), STATUS_OK);
    out_char(&out, 0);
    assert_string_equal(out.at, expected);
    out_close(&out);
}

static void counts_follow(void **state) {
    (void)state;
    struct x12_edits none = {0};
    const char *good = ISA GS "ST*837*1~A1*1~B1*2~SE*4*1~GE*1*1~IEA*1*000000001~";
    struct view start = view_of(ISA GS "ST*837*1~");
    struct x12_edit gone[] = {{start.size, 5, VIEW(""), 1}};
    counts_are(good, &none, "");
    counts_are(good, &(struct x12_edits){gone, 1, 0, false}, "SE 4>3 ");
    const char *wrong = ISA GS "ST*837*1~A1*1~B1*2~SE*9*1~GE*x*1~IEA**000000001~";
    counts_are(wrong, &none, "SE 9>4! GE x>1! IEA >1! ");
    counts_are(wrong, &(struct x12_edits){gone, 1, 0, false}, "SE 9>3! GE x>1! IEA >1! ");
    counts_are(ISA "ST*837*1~A1*1~SE*3*1~IEA*1*000000001~", &none, ""); /* no group to count */
    counts_are(ISA GS "A1*1~SE*3*1~GE~IEA*0001*000000001~", &none, ""); /* no ST, no element */
    counts_are(ISA GS "ST*837*1~SE*2*1~ST*837*2~A1*1~SE*2*2~GE*3*1~GS*HC~GE*0*1~IEA*1*000000001~",
               &none, "SE 2>3! GE 3>2! IEA 1>2! ");
}

/* ---- samples ------------------------------------------------------------------------------- */

static int copied;

static void sample_copy(const char *path) {
    struct view bytes;
    struct diag diag = DIAG_NONE;
    struct out out;
    out_open(&out, NULL, NULL);
    assert_int_equal(os_map(path, &bytes, &diag), STATUS_OK);
    for (ptrdiff_t step = 0; step < 200; step += 61) {
        assert_int_equal(patch(bytes, step, &(struct x12_edits){0}, &out, &diag), STATUS_OK);
        if (!view_equal(out_bytes(&out), bytes)) {
            fail_msg("%s: the copy differs", path);
        }
    }
    copied++;
    out_close(&out);
    os_unmap(bytes);
}

static void folder_copy(const char *path) {
    DIR *folder = opendir(path);
    assert_non_null(folder);
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        char inner[1024];
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.' && os_is_folder(inner)) {
            folder_copy(inner);
        } else if (entry->d_name[0] != '.') {
            sample_copy(inner);
        }
    }
    closedir(folder);
}

static void samples_are_copied(void **state) {
    (void)state;
    char path[512];
    const char *shared = getenv("SHARED");
    snprintf(path, sizeof path, "%s/x12/samples", shared ? shared : "../shared");
    if (!os_is_folder(path)) {
        skip();
    }
    folder_copy(path);
    assert_true(copied > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_are_made),   cmocka_unit_test(edits_are_refused),
        cmocka_unit_test(edits_are_sorted), cmocka_unit_test(counts_follow),
        cmocka_unit_test(samples_are_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
