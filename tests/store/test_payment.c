/* Lookups for pricing: places, ZIP codes, factors, limits and rules of the starter store; amounts,
 * caps and participants' factors of a store that has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/store.h"

static struct arena arena;
static const struct store *store;

static int open_starter(void **state) {
    (void)state;
    struct diag diag = DIAG_NONE;
    return store_open(&store, store_starter(), &arena, &diag) || store_verify(store, &diag);
}

static int close_starter(void **state) {
    (void)state;
    arena_close(&arena);
    return 0;
}

static struct date day(const char *iso) { return iso ? date_from_iso(view_of(iso)) : DATE_NONE; }
static struct store_when on(const char *iso) { return (struct store_when){day(iso), DATE_NONE}; }

static void assert_view(struct view text, const char *expected) {
    assert_int_equal(text.size, view_of(expected).size);
    assert_memory_equal(text.at, expected, (size_t)text.size);
}

static void assert_release(const struct store *of, struct store_proof proof, const char *name) {
    assert_view(store_release(of, proof.release).name, name);
}

/* ---- places ------------------------------------------------------------------------------ */

static void a_place_has_the_indices_of_its_year(void **state) {
    (void)state;
    struct code carrier = code_of("07302"), locality = code_of("00");
    struct store_locality row;
    assert_true(store_locality(store, carrier, locality, on("2026-08-10"), &row));
    assert_int_equal(row.work, 1000);
    assert_int_equal(row.practice_expense, 861);
    assert_int_equal(row.malpractice, 739);
    assert_view(row.state, "MS");
    assert_view(row.name, "MISSISSIPPI");
    assert_true(code_equal(row.carrier, carrier) && code_equal(row.locality, locality));
    assert_release(store, row.proof, "GPCI2026");
    assert_int_equal(row.proof.from.day, day("2026-01-01").day);
    assert_int_equal(row.proof.to.day, day("2026-12-31").day);
    assert_true(store_locality(store, carrier, locality, on("2025-12-31"), &row));
    assert_release(store, row.proof, "GPCI2025");
    assert_true(store_locality(store, code_of("02102"), code_of("01"), on("2026-01-01"), &row));
    assert_view(row.name, "ALASKA");
    assert_int_equal(row.work, 1500);
}

static void no_place_without_a_row(void **state) {
    (void)state;
    struct store_locality row;
    struct store_when when = on("2026-08-10");
    assert_false(store_locality(store, code_of("07302"), code_of("01"), when, &row));
    assert_false(store_locality(store, code_of("07302"), CODE_NONE, when, &row));
    assert_false(store_locality(store, CODE_NONE, code_of("00"), when, &row));
    assert_false(store_locality(store, code_of("7302"), code_of("00"), when, &row));
    assert_false(
        store_locality(store, code_of("07302"), code_of("00"), on("2024-12-31"), &row));
    assert_false(
        store_locality(store, code_of("07302"), code_of("00"), on("2027-01-01"), &row));
    when.as_of = day("2025-12-31"); /* who did not know the indices of 2026 yet */
    assert_false(store_locality(store, code_of("07302"), code_of("00"), when, &row));
}

static void a_zip_has_a_place(void **state) {
    (void)state;
    static const struct {
        const char *zip, *carrier, *locality;
        bool plus_four;
    } cases[] = {
        {"39201", "07302", "00", false},
        {"392011234", "07302", "00", false},
        {"99501", "02102", "01", false},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct code carrier, locality;
        struct store_proof proof;
        bool plus_four;
        assert_true(store_zip(store, view_of(cases[i].zip), on("2026-08-10"), &carrier, &locality,
                              &plus_four, &proof));
        assert_true(code_equal(carrier, code_from(view_of(cases[i].carrier))));
        assert_true(code_equal(locality, code_from(view_of(cases[i].locality))));
        assert_int_equal(plus_four, cases[i].plus_four);
        assert_release(store, proof, "ZIP2025Q4");
        assert_true(store_stale(store, proof.release, day("2026-08-10")));
    }
}

static void no_zip_without_five_or_nine_digits(void **state) {
    (void)state;
    static const char *const words[] = {"", "3920", "392012", "39201-1234", "3920A", "00000"};
    struct code carrier, locality;
    struct store_proof proof;
    bool plus_four;
    for (int i = 0; i < COUNT_OF(words); i++) {
        assert_false(store_zip(store, view_of(words[i]), on("2026-08-10"), &carrier, &locality,
                               &plus_four, &proof));
    }
    assert_false(
        store_zip(store, VIEW_NONE, on("2026-08-10"), &carrier, &locality, &plus_four, &proof));
    assert_false(store_zip(store, VIEW("39201"), on("2025-09-30"), &carrier, &locality, &plus_four,
                           &proof));
}

/* The two files write places alike: every ZIP leads to indices, of both years. */
static void every_zip_leads_to_indices(void **state) {
    (void)state;
    uint32_t rows = store_sheet_rows(store, STORE_ZIP), split = 0;
    assert_int_equal(rows, 42956);
    for (uint32_t i = 0; i < rows; i++) {
        char text[9];
        struct view zip = code_text(store_sheet_cell(store, STORE_ZIP, i, 0).code, text);
        struct code carrier, locality;
        struct store_locality row;
        struct store_proof proof;
        int64_t factor;
        bool plus_four;
        assert_true(store_zip(store, zip, on("2025-10-01"), &carrier, &locality, &plus_four,
                              &proof));
        assert_true(store_locality(store, carrier, locality, on("2025-10-01"), &row));
        assert_true(store_locality(store, carrier, locality, on("2026-01-01"), &row));
        assert_true(
            store_anesthesia(store, carrier, locality, on("2025-10-01"), &factor, &proof));
        split += plus_four;
    }
    assert_int_equal(split, 580);
}

/* ---- factors, limits, rules -------------------------------------------------------------- */

static void anesthesia_has_a_factor_by_place(void **state) {
    (void)state;
    struct store_proof proof;
    int64_t factor = 0;
    assert_true(store_anesthesia(store, code_of("10112"), code_of("00"), on("2025-06-01"), &factor,
                                 &proof));
    assert_int_equal(factor, 193100);
    assert_release(store, proof, "ANES2025");
    assert_false(store_anesthesia(store, code_of("10112"), code_of("00"), on("2026-01-01"),
                                  &factor, &proof));
    assert_false(
        store_anesthesia(store, code_of("10112"), CODE_NONE, on("2025-06-01"), &factor, &proof));
}

static void drugs_have_limits(void **state) {
    (void)state;
    struct store_proof proof;
    int64_t limit = 0, share = 0;
    assert_true(store_asp(store, code_of("J3301"), on("2026-02-01"), &limit, &share, &proof));
    assert_int_equal(limit, 741);
    assert_int_equal(share, 20000);
    assert_release(store, proof, "ASP26Q1");
    assert_true(store_asp(store, code_of("J3300"), on("2026-03-31"), &limit, &share, &proof));
    assert_int_equal(limit, 24491);
    assert_int_equal(share, 3920);
    assert_false(store_asp(store, code_of("J3301"), on("2025-12-31"), &limit, &share, &proof));
    assert_true(store_asp(store, code_of("J3301"), on("2026-04-01"), &limit, &share, &proof));
    assert_false(store_stale(store, proof.release, on("2026-03-31").on));
    assert_true(store_stale(store, proof.release, on("2026-04-01").on));
    assert_false(store_asp(store, code_of("64483"), on("2026-02-01"), &limit, &share, &proof));
    assert_false(store_asp(store, CODE_NONE, on("2026-02-01"), &limit, &share, &proof));
    assert_true(store_release(store, proof.release).extract);
}

static void payment_rules_have_windows(void **state) {
    (void)state;
    static const struct {
        const char *rule, *on;
        int64_t value; /* -1: no row */
        const char *source;
        bool trial;
    } cases[] = {
        {"MULTIPLE1", "2026-08-10", 1000000, "rvu26a", false},
        {"MULTIPLE5", NULL, 500000, "rvu26a", false},
        {"MULTIPLE6", "2026-08-10", -1, "", false},
        {"MULTIPLE", "2026-08-10", -1, "", false},
        {"BILATERAL", "2026-08-10", 1500000, "rvu26a", false},
        {"IMAGINGPC", "2011-12-31", -1, "", false},
        {"IMAGINGPC", "2016-12-31", 750000, "rvu26a", false},
        {"IMAGINGPC", "2017-01-01", 950000, "rvu26a", false},
        {"CARDIOTC", "2026-08-10", 750000, "rvu26a", false},
        {"COSURGEON", "2026-08-10", 625000, "noridian-surgeons", false},
        {"LIMITINGCHARGE", "2026-08-10", 1092500, "rvu26a", false},
        {"NONPHYSICIAN", "2026-08-10", 850000, "cpm-ch12", true},
        {"SEQUESTRATION", "2013-03-31", -1, "", false},
        {"SEQUESTRATION", "2020-04-30", 20000, "fcso-sequestration", false},
        {"SEQUESTRATION", "2020-05-01", 0, "fcso-sequestration", true},
        {"SEQUESTRATION", "2022-06-30", 10000, "fcso-sequestration", true},
        {"SEQUESTRATION", "2022-07-01", 20000, "fcso-sequestration", false},
        {"CONVERSION", "2025-12-31", 323465, "rvu25d", false},
        {"CONVERSION", "2026-01-01", 334009, "rvu26c", false},
        {"CONVERSION", "2027-01-01", -1, "", false},
        {"CONVERSIONQP", "2026-12-31", 335675, "factors26", false},
        {"ANESNATIONAL", "2026-01-01", 204976, "factors26", false},
        {"ANESMINUTES", "2026-01-01", 150000, "cpm-ch12", true},
        {"", "2026-01-01", -1, "", false},
        {"NO SUCH", "2026-01-01", -1, "", false},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct store_proof proof;
        struct view source = VIEW_NONE;
        int64_t value = -1;
        bool trial = false;
        bool found = store_payment_rule(store, cases[i].rule, on(cases[i].on), &value, &source,
                                        &trial, &proof);
        if (found != (cases[i].value >= 0) || value != cases[i].value ||
            trial != cases[i].trial || (found && !view_equal(source, view_of(cases[i].source)))) {
            fail_msg("%s on %s: %lld", cases[i].rule, cases[i].on ? cases[i].on : "-",
                     (long long)value);
        }
    }
}

/* The factors of the rules are those of the fee schedule's rows. */
static void factors_are_those_of_the_schedule(void **state) {
    (void)state;
    static const char *const days[] = {"2025-06-01", "2026-06-01"};
    for (int i = 0; i < COUNT_OF(days); i++) {
        struct store_mpfs row;
        struct store_proof proof;
        struct view source;
        int64_t value;
        bool trial;
        assert_true(store_mpfs(store, store_code_id(store, code_of("64483")), CODE_NONE,
                               on(days[i]), &row));
        assert_true(
            store_payment_rule(store, "CONVERSION", on(days[i]), &value, &source, &trial, &proof));
        assert_int_equal(value, row.conversion);
    }
}

/* ---- amounts ----------------------------------------------------------------------------- */

static void begin(struct store_draft *draft, enum store_table table, const char *name) {
    struct store_edition edition = {.table = table,
                                    .name = view_of(name),
                                    .effective = day("2026-01-01"),
                                    .through = day("2026-12-31"),
                                    .from = day("2026-01-01"),
                                    .to = day("2026-12-31")};
    struct store_source source = {view_of(name), view_of(name), 1, 1};
    assert_int_equal(store_draft_begin(draft, &edition, &source), STORE_BEGIN_NEW);
}

static void amounts_add(struct store_draft *draft) {
    uint64_t code = code_of("72148").bits, place = code_of("0730200").bits;
    uint64_t other = code_of("0210201").bits, technical = code_of("TC").bits;
    uint64_t payment[][5] = {{code, place, 0, 20001, 19001},
                             {code, place, technical, 15001, 14001},
                             {code, other, technical, 16001, 16002}};
    begin(draft, STORE_PAYMENT, "PF2026");
    for (int i = 0; i < COUNT_OF(payment); i++) {
        store_draft_row(draft, DATE_NONE, DATE_NONE, payment[i], 5);
    }
    store_draft_end(draft);
    begin(draft, STORE_OPPS_CAP, "RVU26A");
    uint64_t cap[] = {code, place, technical, 'A', 11100, 22200};
    store_draft_row(draft, DATE_NONE, DATE_NONE, cap, COUNT_OF(cap));
    store_draft_end(draft);
    begin(draft, STORE_MPFS_QPP, "RVU26A");
    uint64_t qpp[][3] = {{code, 0, 335675}, {code, technical, 335676}};
    for (int i = 0; i < COUNT_OF(qpp); i++) {
        store_draft_row(draft, DATE_NONE, DATE_NONE, qpp[i], 3);
    }
    store_draft_end(draft);
}

static void assert_amounts(const struct store *of) {
    struct code code = code_of("72148"), technical = code_of("TC");
    struct code carrier = code_of("07302"), locality = code_of("00");
    struct store_when when = on("2026-05-01");
    struct money office = {0}, facility = {0};
    struct store_proof proof;
    assert_true(store_payment(of, code, CODE_NONE, carrier, locality, when, &office, &facility,
                              &proof));
    assert_int_equal(office.cents, 20001);
    assert_int_equal(facility.cents, 19001);
    assert_release(of, proof, "PF2026");
    assert_true(store_payment(of, code, technical, code_of("02102"), code_of("01"), when, &office,
                              &facility, &proof));
    assert_int_equal(office.cents, 16001);
    assert_int_equal(facility.cents, 16002);
    assert_false(store_payment(of, code, code_of("26"), carrier, locality, when, &office,
                               &facility, &proof));
    assert_false(store_payment(of, code, technical, carrier, locality, on("2027-01-01"), &office,
                               &facility, &proof));
    assert_false(store_payment(of, CODE_NONE, technical, carrier, locality, when, &office,
                               &facility, &proof));
    assert_true(store_opps_cap(of, code, technical, carrier, locality, when, &office, &facility,
                               &proof));
    assert_int_equal(office.cents, 22200);
    assert_int_equal(facility.cents, 11100);
    assert_false(store_opps_cap(of, code, CODE_NONE, carrier, locality, when, &office, &facility,
                                &proof));
    int32_t factor = 0;
    assert_true(store_qpp_conversion(of, code, technical, when, &factor, &proof));
    assert_int_equal(factor, 335676);
    assert_true(store_qpp_conversion(of, code, CODE_NONE, when, &factor, &proof));
    assert_int_equal(factor, 335675);
    assert_false(store_qpp_conversion(of, code, code_of("26"), when, &factor, &proof));
    assert_false(store_qpp_conversion(of, CODE_NONE, CODE_NONE, when, &factor, &proof));
}

static void amounts_of_an_imported_store(void **state) {
    (void)state;
    struct diag diag = DIAG_NONE;
    struct view image;
    const struct store *grown;
    struct money office, facility;
    struct store_proof proof;
    assert_false(store_payment(store, code_of("72148"), CODE_NONE, code_of("07302"), code_of("00"),
                               on("2026-05-01"), &office, &facility, &proof));
    struct store_draft *draft = store_draft_open(store);
    assert_non_null(draft);
    amounts_add(draft);
    assert_int_equal(store_draft_image(draft, &image, &diag), STATUS_OK);
    assert_int_equal(store_open(&grown, image, &arena, &diag), STATUS_OK);
    assert_int_equal(store_verify(grown, &diag), STATUS_OK);
    assert_amounts(grown);
    store_draft_close(draft);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_has_the_indices_of_its_year),
        cmocka_unit_test(no_place_without_a_row),
        cmocka_unit_test(a_zip_has_a_place),
        cmocka_unit_test(no_zip_without_five_or_nine_digits),
        cmocka_unit_test(every_zip_leads_to_indices),
        cmocka_unit_test(anesthesia_has_a_factor_by_place),
        cmocka_unit_test(drugs_have_limits),
        cmocka_unit_test(payment_rules_have_windows),
        cmocka_unit_test(factors_are_those_of_the_schedule),
        cmocka_unit_test(amounts_of_an_imported_store),
    };
    return cmocka_run_group_tests(tests, open_starter, close_starter);
}
