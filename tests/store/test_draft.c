/* A store in the making: editions side by side, replacements, slices, sheets; and that the bytes
 * depend on what was added, not on the order it came in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "store/store.h"

static struct arena arena;

/* ---- helpers ----------------------------------------------------------------------------- */

static struct date day(const char *iso) {
    return iso ? date_from_iso(view_of(iso)) : DATE_NONE;
}

static struct store_when when(const char *on, const char *as_of) {
    return (struct store_when){day(on), day(as_of)};
}

static const struct store *opened(struct store_draft *draft) {
    struct view image;
    struct diag diag = DIAG_NONE;
    const struct store *store = NULL;
    assert_int_equal(store_draft_image(draft, &image, &diag), STATUS_OK);
    assert_int_equal(store_open(&store, image, &arena, &diag), STATUS_OK);
    assert_int_equal(store_verify(store, &diag), STATUS_OK);
    return store;
}

static const struct store *starter(void) {
    struct diag diag = DIAG_NONE;
    const struct store *store = NULL;
    assert_int_equal(store_open(&store, store_starter(), &arena, &diag), STATUS_OK);
    return store;
}

static enum store_begin begin(struct store_draft *draft, enum store_table table, const char *name,
                              int revision, const char *effective, const char *sha, int slice,
                              int slices) {
    struct store_edition edition = {
        .table = table,
        .name = view_of(name),
        .revision = revision,
        .effective = day(effective),
        .through = {day(effective).day + 90},
        .from = DATE_NONE,
        .to = DATE_NONE,
        .dated = table == STORE_NCCI_PTP || table == STORE_AOC,
    };
    struct store_source source = {view_of(sha), view_of(sha), slice, slices};
    return store_draft_begin(draft, &edition, &source);
}

static void pair(struct store_draft *draft, const char *one, const char *two, const char *from,
                 const char *to, char indicator) {
    store_draft_pair(draft, code_of(one), code_of(two), day(from), day(to), indicator,
                     store_draft_reason(draft, view_of(two)));
}

/* The indicator that holds, '-' when none does. */
static char asked(const struct store *store, const char *one, const char *two, const char *on,
                  const char *as_of) {
    struct store_pair row;
    return store_pair(store, store_code_id(store, code_of(one)),
                      store_code_id(store, code_of(two)), when(on, as_of), &row)
               ? row.indicator
               : '-';
}

static int32_t units(const struct store *store, const char *code, const char *on,
                     const char *as_of) {
    struct store_mue row;
    return store_mue(store, store_code_id(store, code_of(code)), when(on, as_of), &row) ? row.units
                                                                                         : -1;
}

/* ---- tests ------------------------------------------------------------------------------- */

static void starter_comes_back(void **state) {
    (void)state;
    struct store_draft *draft = store_draft_open(starter());
    struct view image;
    struct diag diag = DIAG_NONE;
    assert_int_equal(store_draft_image(draft, &image, &diag), STATUS_OK);
    assert_true(view_equal(image, store_starter()));
    store_draft_close(draft);
}

/* Two quarters: Q3 drops A/B, changes A/C, adds A/D, keeps A/E. */
static void quarter(struct store_draft *draft, int which) {
    if (which == 2) {
        assert_int_equal(begin(draft, STORE_NCCI_PTP, "v90.1", 0, "2084-04-01", "q2", 1, 1),
                         STORE_BEGIN_NEW);
        pair(draft, "AAAA1", "BBBB1", "2084-01-01", NULL, '1');
        pair(draft, "AAAA1", "CCCC1", "2084-01-01", NULL, '0');
    } else {
        assert_int_equal(begin(draft, STORE_NCCI_PTP, "v90.2", 0, "2084-07-01", "q3", 1, 1),
                         STORE_BEGIN_NEW);
        pair(draft, "AAAA1", "BBBB1", "2084-01-01", "2084-06-30", '1');
        pair(draft, "AAAA1", "CCCC1", "2084-01-01", NULL, '1');
        pair(draft, "AAAA1", "DDDD1", "2084-07-01", NULL, '0');
    }
    pair(draft, "AAAA1", "EEEE1", "2084-01-01", NULL, '1');
    store_draft_end(draft);
}

static void dated_editions(void **state) {
    (void)state;
    struct store_draft *draft = store_draft_open(starter());
    quarter(draft, 2);
    quarter(draft, 3);
    const struct store *store = opened(draft);
    /* what Q3 knows */
    assert_int_equal(asked(store, "AAAA1", "BBBB1", "2084-06-30", NULL), '1');
    assert_int_equal(asked(store, "AAAA1", "BBBB1", "2084-07-01", NULL), '-');
    assert_int_equal(asked(store, "AAAA1", "CCCC1", "2084-05-01", NULL), '1');
    assert_int_equal(asked(store, "AAAA1", "DDDD1", "2084-06-30", NULL), '-');
    assert_int_equal(asked(store, "AAAA1", "DDDD1", "2084-07-01", NULL), '0');
    assert_int_equal(asked(store, "BBBB1", "AAAA1", "2084-05-01", NULL), '-');
    /* what Q2 knew */
    assert_int_equal(asked(store, "AAAA1", "BBBB1", "2084-07-01", "2084-06-30"), '1');
    assert_int_equal(asked(store, "AAAA1", "CCCC1", "2084-05-01", "2084-06-30"), '0');
    assert_int_equal(asked(store, "AAAA1", "DDDD1", "2084-07-01", "2084-06-30"), '-');
    /* before Q2 nothing was known */
    assert_int_equal(asked(store, "AAAA1", "EEEE1", "2084-05-01", "2084-03-31"), '-');
    /* a row of both names the newest edition that was known */
    struct store_pair row;
    uint32_t a = store_code_id(store, code_of("AAAA1")), e = store_code_id(store, code_of("EEEE1"));
    assert_true(store_pair(store, a, e, when("2084-05-01", NULL), &row));
    assert_true(view_equal(store_release(store, row.proof.release).name, VIEW("v90.2")));
    assert_true(store_pair(store, a, e, when("2084-05-01", "2084-05-05"), &row));
    assert_true(view_equal(store_release(store, row.proof.release).name, VIEW("v90.1")));
    for (int i = 0; i < 4; i++) {
        static const char *const twos[] = {"BBBB1", "CCCC1", "DDDD1", "EEEE1"};
        uint32_t two = store_code_id(store, code_of(twos[i]));
        struct store_pair rows[4];
        assert_int_equal(store_pair_rows(store, a, two, DATE_NONE, rows, COUNT_OF(rows)), 1);
        assert_true(view_equal(rows[0].reason, view_of(twos[i])));
    }
    store_draft_close(draft);
}

static struct view copy_of_image(struct store_draft *draft) {
    struct view image;
    struct diag diag = DIAG_NONE;
    assert_int_equal(store_draft_image(draft, &image, &diag), STATUS_OK);
    struct view kept = arena_copy(&arena, image);
    store_draft_close(draft);
    return kept;
}

static void order_does_not_matter(void **state) {
    (void)state;
    struct store_draft *draft = store_draft_open(starter());
    quarter(draft, 2);
    quarter(draft, 3);
    struct view forward = copy_of_image(draft);
    draft = store_draft_open(starter());
    quarter(draft, 3);
    quarter(draft, 2);
    assert_true(view_equal(copy_of_image(draft), forward));
    /* one after the other, through an image between */
    draft = store_draft_open(starter());
    quarter(draft, 3);
    const struct store *half = opened(draft);
    struct store_draft *grown = store_draft_open(half);
    quarter(grown, 2);
    store_draft_close(draft);
    assert_true(view_equal(copy_of_image(grown), forward));
}

/* One row with two rationales; they are numbered as they come. */
static struct view two_rationales(const char *first, const char *second) {
    struct store_draft *draft = store_draft_open(starter());
    const char *const words[] = {first, second};
    begin(draft, STORE_NCCI_PTP, "v90.1", 0, "2084-01-01", "p1", 1, 1);
    for (int i = 0; i < COUNT_OF(words); i++) {
        store_draft_pair(draft, code_of("AAAA1"), code_of("BBBB1"), day("2084-01-01"), DATE_NONE,
                         '1', store_draft_reason(draft, view_of(words[i])));
    }
    store_draft_end(draft);
    return copy_of_image(draft);
}

static void rationales_in_any_order(void **state) {
    (void)state;
    assert_true(view_equal(two_rationales("one", "two"), two_rationales("two", "one")));
}

static void limits(struct store_draft *draft, const char *name, int revision, const char *effective,
                   const char *sha, int32_t value) {
    assert_int_equal(begin(draft, STORE_MUE, name, revision, effective, sha, 1, 1),
                     STORE_BEGIN_NEW);
    store_draft_mue(draft, code_of("AAAA1"), value, '2');
    if (value < 5) {
        store_draft_mue(draft, code_of("BBBB1"), value, '3');
    }
    store_draft_end(draft);
}

static void editions_that_end(void **state) {
    (void)state;
    struct store_draft *draft = store_draft_open(starter());
    limits(draft, "2084Q1", 0, "2084-01-01", "m1", 1);
    limits(draft, "2084Q3", 0, "2084-07-01", "m3", 6);
    const struct store *store = opened(draft);
    assert_int_equal(units(store, "AAAA1", "2083-01-01", NULL), 1); /* an open start */
    assert_int_equal(units(store, "AAAA1", "2084-06-30", NULL), 1);
    assert_int_equal(units(store, "AAAA1", "2084-07-01", NULL), 6);
    assert_int_equal(units(store, "BBBB1", "2084-06-30", NULL), 1);
    assert_int_equal(units(store, "BBBB1", "2084-07-01", NULL), -1); /* no longer in the table */
    assert_int_equal(units(store, "AAAA1", "2084-08-01", "2084-06-30"), 1);
    assert_int_equal(units(store, "BBBB1", "2084-08-01", "2084-06-30"), 1);
    /* the starter's own rows go on until the first edition that is newer */
    assert_true(units(store, "64635", "2026-05-01", NULL) > 0);
    assert_int_equal(units(store, "64635", "2084-02-01", NULL), -1);
    store_draft_close(draft);
}

static void replacements(void **state) {
    (void)state;
    struct store_draft *draft = store_draft_open(starter());
    limits(draft, "2084Q1", 1, "2084-01-01", "r1", 3);
    struct view only = copy_of_image(draft);
    draft = store_draft_open(starter());
    limits(draft, "2084Q1", 0, "2084-01-01", "r0", 2);
    limits(draft, "2084Q1", 1, "2084-01-01", "r1", 3);
    assert_int_equal(begin(draft, STORE_MUE, "2084Q1", 0, "2084-01-01", "r0", 1, 1),
                     STORE_BEGIN_REPLACED);
    assert_int_equal(begin(draft, STORE_MUE, "2084Q1", 1, "2084-01-01", "r1", 1, 1),
                     STORE_BEGIN_KNOWN);
    assert_int_equal(begin(draft, STORE_MUE, "2084Q1", 1, "2084-01-01", "other", 1, 1),
                     STORE_BEGIN_CONFLICT);
    assert_true(view_equal(copy_of_image(draft), only));
}

static struct store_release release_named(const struct store *store, const char *name) {
    for (int i = 0; i < store_release_count(store); i++) {
        if (view_equal(store_release(store, i).name, view_of(name))) {
            return store_release(store, i);
        }
    }
    fail_msg("no release %s", name);
    return store_release(store, -1);
}

static void slices(void **state) {
    (void)state;
    struct store_draft *draft = store_draft_open(starter());
    assert_int_equal(begin(draft, STORE_NCCI_PTP, "v90.1", 0, "2084-04-01", "s2", 2, 2),
                     STORE_BEGIN_NEW);
    pair(draft, "BBBB1", "CCCC1", "2084-01-01", NULL, '1');
    store_draft_end(draft);
    const struct store *half = opened(draft);
    assert_true(release_named(half, "v90.1").partial);
    struct store_draft *grown = store_draft_open(half);
    assert_int_equal(begin(grown, STORE_NCCI_PTP, "v90.1", 0, "2084-04-01", "s2", 2, 2),
                     STORE_BEGIN_KNOWN);
    assert_int_equal(begin(grown, STORE_NCCI_PTP, "v90.1", 0, "2084-04-01", "s1", 1, 2),
                     STORE_BEGIN_NEW);
    pair(grown, "AAAA1", "CCCC1", "2084-01-01", NULL, '0');
    store_draft_end(grown);
    const struct store *whole = opened(grown);
    struct store_release release = release_named(whole, "v90.1");
    assert_false(release.partial);
    assert_int_equal(release.rows, 2);
    assert_true(view_equal(release.source, VIEW("s1,s2")));
    assert_int_equal(asked(whole, "BBBB1", "CCCC1", "2084-05-01", NULL), '1');
    assert_int_equal(asked(whole, "AAAA1", "CCCC1", "2084-05-01", NULL), '0');
    store_draft_close(draft);
    store_draft_close(grown);
}

static void full_takes_the_place_of_an_extract(void **state) {
    (void)state;
    struct store_draft *draft = store_draft_open(starter());
    assert_int_equal(begin(draft, STORE_NCCI_PTP, "v30.2", 0, "2024-07-01", "full", 1, 1),
                     STORE_BEGIN_NEW);
    pair(draft, "AAAA1", "CCCC1", NULL, NULL, '0');
    store_draft_end(draft);
    const struct store *store = opened(draft);
    assert_int_equal(asked(starter(), "62323", "64483", "2026-05-01", NULL), '1');
    assert_int_equal(asked(store, "62323", "64483", "2026-05-01", NULL), '-');
    assert_int_equal(asked(store, "AAAA1", "CCCC1", "2026-05-01", NULL), '0');
    assert_false(release_named(store, "v30.2").extract);
    store_draft_close(draft);
}

static void abandoned_rows_do_not_count(void **state) {
    (void)state;
    struct store_draft *draft = store_draft_open(starter());
    assert_int_equal(begin(draft, STORE_MUE, "2084Q1", 0, "2084-01-01", "m", 1, 1),
                     STORE_BEGIN_NEW);
    store_draft_mue(draft, code_of("AAAA1"), 7, '2');
    store_draft_abandon(draft);
    assert_true(view_equal(copy_of_image(draft), store_starter()));
}

static void two_things_of_one_key(void **state) {
    (void)state;
    struct store_draft *draft = store_draft_open(starter());
    struct view image;
    struct diag diag = DIAG_NONE;
    assert_int_equal(begin(draft, STORE_MUE, "2084Q1", 0, "2084-01-01", "m", 1, 1),
                     STORE_BEGIN_NEW);
    store_draft_mue(draft, code_of("AAAA1"), 7, '2');
    store_draft_mue(draft, code_of("AAAA1"), 8, '2');
    store_draft_end(draft);
    assert_int_equal(store_draft_image(draft, &image, &diag), STATUS_INPUT);
    assert_string_equal(diag.code, "import_duplicate");
    assert_non_null(strstr(diag.text, "AAAA1"));
    store_draft_close(draft);
}

static void sheets(void **state) {
    (void)state;
    struct store_draft *draft = store_draft_open(starter());
    assert_int_equal(begin(draft, STORE_GPCI, "GPCI2084", 0, "2084-01-01", "g", 1, 1),
                     STORE_BEGIN_NEW);
    for (int i = 0; i < 3; i++) {
        const char *localities[] = {"02", "00", "01"};
        uint64_t cells[] = {code_of("01234").bits,
                            code_of(localities[i]).bits,
                            store_draft_text(draft, VIEW("ZZ")),
                            store_draft_text(draft, view_of(localities[i])),
                            (uint64_t)(1000 + i),
                            900,
                            (uint64_t)INT64_MIN};
        store_draft_row(draft, DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
    }
    store_draft_end(draft);
    assert_int_equal(begin(draft, STORE_TAXONOMY, "T84", 0, "2084-01-01", "t", 1, 1),
                     STORE_BEGIN_NEW);
    uint64_t taxonomy[] = {code_of("207LP290").bits, code_of("0X").bits, 0, 0, 0, 0};
    store_draft_row(draft, DATE_NONE, DATE_NONE, taxonomy, COUNT_OF(taxonomy));
    store_draft_end(draft);
    const struct store *store = opened(draft);
    uint32_t count;
    uint32_t at = store_sheet_find(store, STORE_GPCI, code_of("01234").bits, 0, &count);
    assert_int_equal(count, 3);
    assert_true(code_equal(store_sheet_cell(store, STORE_GPCI, at, 1).code, code_of("00")));
    at = store_sheet_find(store, STORE_GPCI, code_of("01234").bits, code_of("02").bits, &count);
    assert_int_equal(count, 1);
    assert_int_equal(store_sheet_cell(store, STORE_GPCI, at, 4).number, 1000);
    assert_int_equal(store_sheet_cell(store, STORE_GPCI, at, 6).number, INT64_MIN);
    assert_true(view_equal(store_sheet_cell(store, STORE_GPCI, at, 3).text, VIEW("02")));
    assert_true(store_sheet_holds(store, STORE_GPCI, at, when("2084-03-01", NULL)));
    assert_false(store_sheet_holds(store, STORE_GPCI, at, when("2084-03-01", "2083-12-31")));
    at = store_sheet_find(store, STORE_TAXONOMY, taxonomy[0], taxonomy[1], &count);
    assert_int_equal(count, 1);
    struct store_cell cell = store_sheet_cell(store, STORE_TAXONOMY, at, 0);
    assert_string_equal(cell.wide, "207LP2900X");
    struct store_draft *again = store_draft_open(store);
    struct view image;
    struct diag diag = DIAG_NONE;
    assert_int_equal(store_draft_image(again, &image, &diag), STATUS_OK);
    const struct store *same = NULL;
    assert_int_equal(store_open(&same, image, &arena, &diag), STATUS_OK);
    assert_true(view_equal(store_hash(same), store_hash(store)));
    store_draft_close(again);
    store_draft_close(draft);
}

/* What store verify says of a store and its files. */
struct said {
    int count;
    char last[200];
};

static void say(void *context, enum store_table table, struct view release, struct view row,
                const char *what) {
    struct said *said = context;
    said->count++;
    snprintf(said->last, sizeof said->last, "%s %.*s %.*s %s", store_table_name(table).at,
             (int)release.size, release.at, (int)row.size, row.at, what);
}

static const struct store *grown_from(const struct store *base, int32_t value,
                                      struct store_draft **draft) {
    *draft = store_draft_open(base);
    quarter(*draft, 2);
    limits(*draft, "2084Q1", 0, "2084-01-01", value == 1 ? "m1" : "m2", value);
    return opened(*draft);
}

static void a_store_beside_its_files(void **state) {
    (void)state;
    struct store_draft *one, *two, *three;
    struct said said = {0};
    const struct store *store = grown_from(starter(), 1, &one);
    const struct store *files = grown_from(NULL, 1, &two);
    assert_int_equal(store_compare(store, files, say, &said), 5);
    assert_int_equal(said.count, 0);
    const struct store *others = grown_from(NULL, 2, &three);
    assert_int_equal(store_compare(store, others, say, &said), 5);
    assert_int_equal(said.count, 2); /* both limits; the file is another one, so no more is said */
    assert_string_equal(said.last, "mue 2084Q1 BBBB1 is in the file, not in the store");
    struct said extra = {0};
    assert_int_equal(store_compare(files, starter(), say, &extra), 0);
    assert_true(extra.count > 20);
    store_draft_close(one);
    store_draft_close(two);
    store_draft_close(three);
}

static int teardown(void **state) {
    (void)state;
    arena_close(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(starter_comes_back, teardown),
        cmocka_unit_test_teardown(dated_editions, teardown),
        cmocka_unit_test_teardown(order_does_not_matter, teardown),
        cmocka_unit_test_teardown(rationales_in_any_order, teardown),
        cmocka_unit_test_teardown(editions_that_end, teardown),
        cmocka_unit_test_teardown(replacements, teardown),
        cmocka_unit_test_teardown(slices, teardown),
        cmocka_unit_test_teardown(full_takes_the_place_of_an_extract, teardown),
        cmocka_unit_test_teardown(abandoned_rows_do_not_count, teardown),
        cmocka_unit_test_teardown(two_things_of_one_key, teardown),
        cmocka_unit_test_teardown(sheets, teardown),
        cmocka_unit_test_teardown(a_store_beside_its_files, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
