/* x12: every public sample ends in segments or in one clear error, with places that are true. */
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

static const char *samples; /* the folder */

struct counts {
    int files;
    int read;
    int refused;
    int64_t segments;
};

/* The bytes where the reader says a segment begins are its tag. */
static void place_check(struct view bytes, const struct x12_segment *s) {
    struct view tag = view_sub(bytes, (ptrdiff_t)s->byte, code_length(s->tag));
    assert_true(code_equal(code_from(tag), s->tag));
    for (int i = 1; i <= s->elements; i++) {
        struct view element = x12_element(s, i);
        struct view there = view_sub(bytes, (ptrdiff_t)x12_element_byte(s, i), element.size);
        assert_true(view_equal(element, there));
    }
}

/* Files that are no X12 or have a segment without a tag, and what they must end in. */
static const char *fault_expected(const char *path) {
    static const char *const table[][2] = {
        {"EXPECTED.tsv", "not_x12"},
        {"x12_bad_segment_identifier.txt", "x12_segment_bad"},
    };
    for (int i = 0; i < COUNT_OF(table); i++) {
        if (strstr(path, table[i][0])) {
            return table[i][1];
        }
    }
    return NULL;
}

static void sample_read(const char *path, struct counts *counts) {
    struct view bytes;
    struct diag diag;
    assert_int_equal(os_map(path, &bytes, &diag), STATUS_OK);
    struct bytes_source source = {.rest = bytes, .step = 61};
    struct x12_reader *reader;
    assert_int_equal(x12_open(&reader, bytes_read, &source, &diag), STATUS_OK);
    struct x12_segment s;
    enum x12_got got;
    int64_t segments = 0;
    while ((got = x12_next(reader, &s)) == X12_SEGMENT) {
        place_check(bytes, &s);
        assert_int_equal(s.number, ++segments);
    }
    const char *expected = fault_expected(path);
    const char *found = got == X12_FATAL ? x12_fault(reader)->code : NULL;
    if ((expected == NULL) != (found == NULL) || (found && strcmp(found, expected) != 0)) {
        fail_msg("%s: ended in %s, not in %s", path, found ? found : "segments",
                 expected ? expected : "segments");
    }
    if (!found && segments < 3) {
        fail_msg("%s: only %d segments", path, (int)segments);
    }
    counts->files++;
    counts->read += found == NULL;
    counts->refused += found != NULL;
    counts->segments += segments;
    x12_close(reader);
    os_unmap(bytes);
}

static void folder_read(const char *folder, int depth, struct counts *counts) {
    DIR *open = opendir(folder);
    assert_non_null(open);
    struct dirent *entry;
    while ((entry = readdir(open))) {
        char path[1024];
        if (entry->d_name[0] == '.') {
            continue;
        }
        int size = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        assert_in_range(size, 1, sizeof path - 1);
        if (depth == 2) {
            sample_read(path, counts);
        } else {
            folder_read(path, depth + 1, counts);
        }
    }
    closedir(open);
}

static void samples_are_read(void **state) {
    (void)state;
    struct counts counts = {0};
    folder_read(samples, 0, &counts);
    print_message("# %d files, %d read, %d refused, %lld segments\n", counts.files, counts.read,
                  counts.refused, (long long)counts.segments);
    assert_true(counts.files > 100);
    assert_int_equal(counts.refused, 2);
}

/* ---- LABELS.csv: what an independent reader says of the envelopes ---------------------------- */

/* Cuts the next field off a CSV line; quotes hold commas together. */
static struct view field_cut(struct view *rest) {
    if (rest->size == 0 || rest->at[0] != '"') {
        return view_cut(rest, ',');
    }
    struct view quoted = view_sub(*rest, 1, rest->size);
    ptrdiff_t end = view_find(quoted, '"');
    assert_true(end >= 0);
    *rest = view_sub(quoted, end + 2, quoted.size);
    return view_sub(quoted, 0, end);
}

static const char *const codes[] = {"se01_count",   "ge01_count",   "iea01_count",
                                    "se02_control", "ge02_control", "iea02_control"};

/* Codes, as bits, that a label such as "GE01=1 actual=2; SE02!=ST02" names. */
static unsigned label_codes(struct view label) {
    static const char *const starts[] = {"SE01=", "GE01=", "IEA01=", "SE02!", "GE02!", "IEA02!"};
    unsigned bits = 0;
    while (label.size > 0) {
        struct view part = view_trim(view_cut(&label, ';'));
        for (int i = 0; i < COUNT_OF(starts); i++) {
            bits |= view_starts(part, view_of(starts[i])) ? 1U << i : 0;
        }
    }
    return bits;
}

static unsigned notice_codes(const char *path) {
    struct view bytes;
    struct diag diag;
    assert_int_equal(os_map(path, &bytes, &diag), STATUS_OK);
    struct bytes_source source = {.rest = bytes};
    struct x12_reader *reader;
    assert_int_equal(x12_open(&reader, bytes_read, &source, &diag), STATUS_OK);
    unsigned bits = 0;
    enum x12_got got;
    do {
        struct x12_segment s;
        struct x12_notice notice;
        got = x12_next(reader, &s);
        while (x12_notice_take(reader, &notice)) {
            for (int i = 0; i < COUNT_OF(codes); i++) {
                bits |= strcmp(notice.diag.code, codes[i]) == 0 ? 1U << i : 0;
            }
        }
    } while (got == X12_SEGMENT);
    x12_close(reader);
    os_unmap(bytes);
    return bits;
}

/* Two labels are not ours: a padded SE02 is told as tolerable, and a file with a damaged tag is
 * not read to its SE. */
static bool label_is_not_ours(struct view file) {
    static const char *const names[] = {"src_v005010__837_test.rs.emb2.x12",
                                        "x12_bad_segment_identifier.txt"};
    bool other = false;
    for (int i = 0; i < COUNT_OF(names); i++) {
        struct view name = view_of(names[i]);
        struct view end = view_sub(file, file.size - name.size, name.size);
        other = other || view_equal(end, name);
    }
    return other;
}

static void envelopes_agree(void **state) {
    (void)state;
    char path[1024];
    snprintf(path, sizeof path, "%s/../LABELS.csv", samples);
    struct view csv;
    struct diag diag;
    assert_int_equal(os_map(path, &csv, &diag), STATUS_OK);
    struct view rest = csv;
    view_cut(&rest, '\n');
    int compared = 0;
    while (rest.size > 0) {
        struct view line = view_cut(&rest, '\n');
        struct view file = field_cut(&line);
        for (int skipped = 0; skipped < 3; skipped++) {
            field_cut(&line);
        }
        struct view label = field_cut(&line);
        snprintf(path, sizeof path, "%s/%.*s", samples, (int)file.size, file.at);
        if (!label_is_not_ours(file)) {
            if (notice_codes(path) != label_codes(label)) {
                fail_msg("%s: expected %.*s", path, (int)label.size, label.at);
            }
            compared++;
        }
    }
    assert_true(compared > 100);
    os_unmap(csv);
}

int main(void) {
    static char folder[512];
    const char *shared = getenv("SHARED");
    snprintf(folder, sizeof folder, "%s/x12/samples", shared ? shared : "");
    DIR *there = opendir(folder);
    if (!there) {
        printf("1..1\nok 1 - x12 samples # SKIP shared not present\n");
        return 0;
    }
    closedir(there);
    samples = folder;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_read),
        cmocka_unit_test(envelopes_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
