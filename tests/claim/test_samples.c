/* claim: all public 837 samples end in claims or in one clear message, the acceptance claims are
 * read. Needs the shared folder; skipped by name without it. */
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

static const char *shared;

struct reading {
    int claims;
    int lines;
    int notices;
    int faults;
    char first_fault[40];
};

static struct reading file_read(const char *path, ptrdiff_t step) {
    struct view bytes;
    struct diag diag;
    struct reading reading = {0};
    if (os_map(path, &bytes, &diag) != STATUS_OK) {
        fail_msg("%s: %s", path, diag.text);
    }
    struct bytes_source source = {bytes, step, -1};
    struct claim_reader *reader;
    if (claim_open(&reader, bytes_read, &source, NULL, &diag) != STATUS_OK) {
        reading.faults = 1;
        snprintf(reading.first_fault, sizeof reading.first_fault, "%s", diag.code);
        os_unmap(bytes);
        return reading;
    }
    for (enum claim_got got = claim_next(reader); got != CLAIM_END; got = claim_next(reader)) {
        reading.claims += got == CLAIM_READ;
        reading.lines += got == CLAIM_READ ? claim_now(reader)->line_count : 0;
        reading.notices += got == CLAIM_NOTICE;
        if (got == CLAIM_FAULT && reading.faults++ == 0) {
            snprintf(reading.first_fault, sizeof reading.first_fault, "%s",
                     claim_fault(reader)->diag.code);
        }
    }
    claim_close(reader);
    os_unmap(bytes);
    return reading;
}

typedef void sample_check(const char *path, void *context);

static void folder_walk(const char *folder, sample_check *check, void *context) {
    DIR *open = opendir(folder);
    struct dirent *entry;
    if (!open) {
        fail_msg("cannot read %s", folder);
    }
    while ((entry = readdir(open)) != NULL) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        DIR *inner = entry->d_name[0] == '.' ? NULL : opendir(path);
        if (inner) {
            closedir(inner);
            folder_walk(path, check, context);
        } else if (entry->d_name[0] != '.') {
            check(path, context);
        }
    }
    closedir(open);
}

struct totals {
    int files;
    int professional; /* files under 837P and 837 */
    int with_claims;
    int claims;
};

/* Claims or one clear message; cut into single bytes it is the same. */
static void sample_ends(const char *path, void *context) {
    struct totals *totals = context;
    struct reading reading = file_read(path, 0);
    struct reading slow = file_read(path, 1);
    if (reading.claims == 0 && reading.faults == 0) {
        fail_msg("%s: silence", path);
    }
    if (reading.claims != slow.claims || reading.lines != slow.lines ||
        reading.notices != slow.notices || reading.faults != slow.faults) {
        fail_msg("%s: other answers in small steps", path);
    }
    bool professional = strstr(path, "/837P/") != NULL || strstr(path, "/837/") != NULL;
    if (!professional && strstr(path, "/datafiles/") == NULL && reading.claims > 0) {
        fail_msg("%s: claims in a file of another kind", path);
    }
    totals->files++;
    totals->professional += professional;
    totals->with_claims += professional && reading.claims > 0;
    totals->claims += professional ? reading.claims : 0;
}

static void samples_end(void **state) {
    (void)state;
    char folder[1024];
    struct totals totals = {0};
    snprintf(folder, sizeof folder, "%s/x12/samples", shared);
    folder_walk(folder, sample_ends, &totals);
    assert_true(totals.files > 150);
    assert_int_equal(totals.professional, 93);
    /* One file with two claims ends before them in a segment without a tag. */
    assert_int_equal(totals.with_claims, 76);
    assert_int_equal(totals.claims, 1552 - 2);
}

static void samples_have_their_claims(void **state) {
    (void)state;
    static const struct {
        const char *file;
        int claims;
        int lines;
        int faults;
    } table[] = {
        {"imsweb+x12-parser/837P/src_test_resources_837_5010_x12_many_claims.txt", 820, 820, 0},
        {"imsweb+x12-parser/837P/src_test_resources_837_5010_x12_multiple_transactions.txt", 624,
         624, 0},
        {"imsweb+x12-parser/837P/src_test_resources_837_5010_x12_complex.txt", 6, 10, 0},
        {"cosyte+x12/837P/test_fixtures_claim_837p-edge-cases.edi", 2, 1, 0},
        {"cosyte+x12/837P/test_fixtures_claim_837p-comprehensive.edi", 1, 2, 0},
        {"azoner+pyx12/837P/pyx12_test_x12testdata.py.emb23.x12", 1, 50, 0},
        {"LinuxForHealth+x12/837P/demo-file_demo.837", 1, 4, 0},
        {"gunajii+EDI-parser-and-validator/837P/data_sample-files_invalid_837.edi", 0, 0, 1},
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(table); i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/x12/samples/%s", shared, table[i].file);
        struct reading reading = file_read(path, 0);
        if (reading.claims != table[i].claims || reading.lines != table[i].lines ||
            reading.faults != table[i].faults) {
            fail_msg("%s: %d claims, %d lines, %d faults", path, reading.claims, reading.lines,
                     reading.faults);
        }
    }
}

/* The claims stand in a list under "cases", each under "claim": cut out by their braces. */
static struct view claim_cut(struct view *rest) {
    static const char mark[] = "\"claim\": {";
    for (ptrdiff_t i = 0; i + (ptrdiff_t)sizeof mark < rest->size; i++) {
        if (memcmp(rest->at + i, mark, sizeof mark - 1) != 0) {
            continue;
        }
        ptrdiff_t from = i + (ptrdiff_t)sizeof mark - 2;
        int depth = 0;
        for (ptrdiff_t k = from; k < rest->size; k++) {
            depth += rest->at[k] == '{';
            depth -= rest->at[k] == '}';
            if (depth == 0) {
                struct view claim = view_sub(*rest, from, k + 1 - from);
                *rest = view_sub(*rest, k + 1, rest->size);
                return claim;
            }
        }
    }
    return VIEW_NONE;
}

static void acceptance_claims_read(void **state) {
    (void)state;
    char path[1024];
    struct view bytes;
    struct diag diag = DIAG_NONE;
    struct arena arena = {0};
    int count = 0;
    snprintf(path, sizeof path, "%s/acceptance/cases.json", shared);
    assert_int_equal(os_map(path, &bytes, &diag), STATUS_OK);
    struct view rest = bytes;
    for (struct view json = claim_cut(&rest); json.at; json = claim_cut(&rest)) {
        struct claim claim;
        if (claim_from_json(&claim, json, &arena, &diag) != STATUS_OK) {
            fail_msg("acceptance claim %d: %s", count, diag.text);
        }
        assert_true(claim.line_count > 0 && claim.id.size > 0 && claim.age > 0);
        assert_true(date_given(claim.lines[0].from) && claim.history_known);
        assert_true(claim.documentation_known && claim.diagnoses_known);
        count++;
    }
    assert_int_equal(count, 55);
    arena_close(&arena);
    os_unmap(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(samples_end),
                                       cmocka_unit_test(samples_have_their_claims),
                                       cmocka_unit_test(acceptance_claims_read)};
    char path[1024];
    shared = getenv("SHARED");
    snprintf(path, sizeof path, "%s/x12/samples", shared ? shared : "");
    DIR *folder = opendir(path);
    if (!folder) {
        printf("1..%d\n", (int)COUNT_OF(tests));
        for (ptrdiff_t i = 0; i < COUNT_OF(tests); i++) {
            printf("ok %d - %s # SKIP shared not present\n", (int)i + 1, tests[i].name);
        }
        return 0;
    }
    closedir(folder);
    return cmocka_run_group_tests_name("claim samples", tests, NULL, NULL);
}
