/* The starter store: known facts, direction, windows, choice of rows by day and knowledge. */
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

static uint32_t id(const char *code) { return store_code_id(store, code_of(code)); }

static void assert_view(struct view text, const char *expected) {
    assert_int_equal(text.size, view_of(expected).size);
    assert_memory_equal(text.at, expected, (size_t)text.size);
}

static void assert_release(uint16_t release, const char *name) {
    assert_view(store_release(store, release).name, name);
}

/* ---- codes ------------------------------------------------------------------------------- */

static void codes_have_ids(void **state) {
    (void)state;
    assert_true(store_code_count(store) > 900);
    for (uint32_t i = 0; i < store_code_count(store); i++) {
        assert_int_equal(store_code_id(store, store_code(store, i)), i);
    }
    assert_int_equal(id("ZZZZZ"), STORE_NO_CODE);
    assert_int_equal(id("6449"), STORE_NO_CODE);
    assert_int_equal(id("644930"), STORE_NO_CODE);
    assert_int_equal(store_code_id(store, CODE_NONE), STORE_NO_CODE);
    assert_view(store_label(store, id("64493")), "facet/MBB L/S first");
    assert_int_equal(store_label(store, STORE_NO_CODE).size, 0);
}

static void codes_end(void **state) {
    (void)state;
    static const struct {
        const char *code, *on, *replacement;
        bool ended;
    } cases[] = {
        {"J1030", "2024-03-31", "", false},
        {"J1030", "2024-04-01", "J1010", true},
        {"J1030", NULL, "", false},
        {"J2001", "2024-09-30", "", false},
        {"J2001", "2024-10-01", "J2003", true},
        {"72275", "2021-12-31", "", false},
        {"72275", "2022-01-01", "", true},
        {"0275T", "2025-12-31", "", false},
        {"0275T", "2026-01-01", "62330", true},
        {"0228T", "2026-08-01", "", true},
        {"64493", "2026-08-01", "", false},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct store_ended ended = {0};
        assert_int_equal(store_ended(store, id(cases[i].code), on(cases[i].on), &ended),
                         cases[i].ended);
        assert_true(code_equal(ended.replacement, code_of(cases[i].replacement)));
    }
    struct store_when known = {day("2024-08-01"), day("2024-09-30")};
    struct store_ended ended;
    assert_false(store_ended(store, id("J1030"), known, &ended));
}

/* ---- fee schedule ------------------------------------------------------------------------ */

static void fee_schedule_rows(void **state) {
    (void)state;
    static const struct {
        const char *code, *modifier, *on;
        int work, nonfacility, facility;
        const char *global;
        char status, bilateral, pctc;
    } cases[] = {
        {"64493", "", "2026-08-10", 148, 570, 244, "000", 'A', '1', '0'},
        {"64493", "", "2025-11-03", 152, 532, 273, "000", 'A', '1', '0'},
        {"64635", "", "2026-08-10", 324, 1392, 518, "010", 'A', '1', '0'},
        {"62323", "", "2026-08-10", 176, 818, 267, "000", 'A', '9', '0'},
        {"64494", "", "2026-08-10", 98, 287, 131, "ZZZ", 'A', '1', '0'},
        {"77003", "", "2026-08-10", 59, 313, 313, "ZZZ", 'A', '0', '1'},
        {"77003", "26", "2026-08-10", 59, 85, 85, "ZZZ", 'A', '0', '1'},
        {"77003", "TC", "2026-08-10", 0, 228, 228, "ZZZ", 'A', '0', '1'},
        {"20552", "", "2026-08-10", 64, 155, 107, "000", 'A', '0', '0'},
        {"99213", "", "2026-08-10", 130, 285, 172, "XXX", 'A', '0', '0'},
        {"62330", "", "2026-08-10", 800, 1435, 1435, "090", 'A', '2', '0'},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct store_mpfs row;
        assert_true(store_mpfs(store, id(cases[i].code), code_of(cases[i].modifier),
                               on(cases[i].on), &row));
        assert_int_equal(row.work, cases[i].work);
        assert_int_equal(row.total_nonfacility, cases[i].nonfacility);
        assert_int_equal(row.total_facility, cases[i].facility);
        assert_string_equal(row.global, cases[i].global);
        assert_int_equal(row.status, cases[i].status);
        assert_int_equal(row.bilateral, cases[i].bilateral);
        assert_int_equal(row.pctc, cases[i].pctc);
    }
}

static void fee_schedule_choice(void **state) {
    (void)state;
    struct store_mpfs row;
    assert_true(store_mpfs(store, id("64493"), CODE_NONE, on("2026-08-10"), &row));
    assert_int_equal(row.conversion, 334009);
    assert_release(row.proof.release, "RVU26C");
    assert_false(date_given(row.proof.from));
    assert_false(date_given(row.proof.to));
    assert_true(store_mpfs(store, id("64493"), CODE_NONE, on("2025-12-31"), &row));
    assert_release(row.proof.release, "RVU25D");
    assert_int_equal(row.proof.to.day, day("2025-12-31").day);
    /* New in 2026, gone in 2026. */
    assert_false(store_mpfs(store, id("62330"), CODE_NONE, on("2025-12-31"), &row));
    assert_true(store_mpfs(store, id("0275T"), CODE_NONE, on("2025-12-31"), &row));
    assert_false(store_mpfs(store, id("0275T"), CODE_NONE, on("2026-01-01"), &row));
    assert_false(store_mpfs(store, id("64493"), code_of("TC"), on("2026-08-10"), &row));
    assert_false(store_mpfs(store, id("64493"), code_of("ZZ"), on("2026-08-10"), &row));
    /* Knowledge of June 2026 does not have the July edition. */
    struct store_when june = {day("2026-03-01"), day("2026-06-30")};
    assert_false(store_mpfs(store, id("64493"), CODE_NONE, june, &row));
    june.as_of = day("2026-07-01");
    assert_true(store_mpfs(store, id("64493"), CODE_NONE, june, &row));
}

static void staleness(void **state) {
    (void)state;
    struct store_mpfs row;
    assert_true(store_mpfs(store, id("64493"), CODE_NONE, on("2026-10-01"), &row));
    assert_true(store_stale(store, row.proof.release, day("2026-10-01")));
    assert_false(store_stale(store, row.proof.release, day("2026-09-30")));
    assert_false(store_stale(store, STORE_NO_RELEASE, day("2026-09-30")));
    assert_false(store_stale(store, row.proof.release, DATE_NONE));
}

/* ---- NCCI -------------------------------------------------------------------------------- */

static void pairs(void **state) {
    (void)state;
    static const struct {
        const char *one, *two, *on;
        char indicator; /* 0: no active row */
    } cases[] = {
        {"62323", "64483", "2026-08-10", '1'}, {"64483", "62323", "2026-08-10", 0},
        {"62322", "64484", "2026-08-10", '0'}, {"62326", "64484", "2026-08-10", '0'},
        {"62323", "77003", "2026-08-10", '1'}, {"27096", "77003", "2026-08-10", '1'},
        {"64635", "64493", "2026-08-10", '1'}, {"64493", "64635", "2026-08-10", 0},
        {"64490", "64493", "2026-08-10", 0},   {"64493", "64490", "2026-08-10", 0},
        {"62323", "64493", "2026-08-10", 0},   {"62321", "62323", "2026-08-10", 0},
        {"62323", "62321", "2026-08-10", 0},   {"27096", "64451", "2026-08-10", 0},
        {"64483", "64493", "2026-08-10", 0},   {"62323", "99152", "2026-08-10", 0},
        {"20552", "64493", "2026-08-10", '1'}, {"20553", "20552", "2026-08-10", '0'},
        {"64625", "64493", "2026-08-10", '0'}, {"64510", "77003", "2026-08-10", 0},
        {"64510", "77003", "2016-12-31", '1'}, {"64510", "77003", "2017-01-01", 0},
        {"22513", "22514", "2026-08-10", '0'}, {"64493", "64493", "2026-08-10", 0},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct store_pair row = {0};
        bool active = store_pair(store, id(cases[i].one), id(cases[i].two), on(cases[i].on), &row);
        if (active != (cases[i].indicator != 0) || row.indicator != cases[i].indicator) {
            fail_msg("%s/%s on %s", cases[i].one, cases[i].two, cases[i].on);
        }
    }
    struct store_pair row;
    assert_false(store_pair(store, STORE_NO_CODE, id("77003"), on("2026-08-10"), &row));
    assert_false(store_pair(store, id("62323"), STORE_NO_CODE, on("2026-08-10"), &row));
}

/* Indicator 9 stands in the rows for display and is never active. */
static void pairs_without_effect(void **state) {
    (void)state;
    struct store_pair rows[8];
    int nines = 0;
    for (uint32_t one = 0; one < store_code_count(store); one++) {
        for (uint32_t two = 0; two < store_code_count(store); two++) {
            int count = store_pair_rows(store, one, two, DATE_NONE, rows, COUNT_OF(rows));
            struct store_pair active;
            bool any = store_pair(store, one, two, on("2026-08-10"), &active);
            assert_true(count > 0 || !any);
            assert_true(!any || active.indicator != '9');
            if (count == 1 && rows[0].indicator == '9') {
                nines++;
                assert_false(any);
                struct store_when at = {rows[0].proof.to, DATE_NONE};
                assert_false(store_pair(store, one, two, at, &active));
            }
        }
    }
    assert_true(nines > 1000);
}

static void unit_limits(void **state) {
    (void)state;
    static const struct {
        const char *code;
        int units;
        char mai;
    } cases[] = {{"64635", 1, '2'}, {"64636", 4, '3'},   {"64493", 1, '2'},  {"62323", 1, '3'},
                 {"20610", 2, '3'}, {"J1010", 160, '3'}, {"J3301", 16, '3'}, {"64450", 10, '3'}};
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct store_mue row;
        assert_true(store_mue(store, id(cases[i].code), on("2026-05-10"), &row));
        assert_int_equal(row.units, cases[i].units);
        assert_int_equal(row.mai, cases[i].mai);
        assert_release(row.proof.release, "2026Q2");
    }
    struct store_mue row;
    assert_false(store_mue(store, id("00600"), on("2026-05-10"), &row));
    struct store_when before = {day("2026-05-10"), day("2026-03-31")};
    assert_false(store_mue(store, id("64635"), before, &row));
}

static void addons(void **state) {
    (void)state;
    static const char *const spine[] = {"61050", "61055", "62267", "62273", "62280",
                                        "62281", "62282", "62284", "64449", "64510",
                                        "64517", "64520", "64610", "96450"};
    struct store_addon row;
    int count = 0;
    while (store_addon(store, id("77003"), count, on("2026-08-10"), &row)) {
        assert_true(count < COUNT_OF(spine));
        assert_int_equal(row.primary, id(spine[count]));
        count++;
    }
    assert_int_equal(count, COUNT_OF(spine));
    assert_true(store_is_addon(store, id("64494"), on("2026-08-10")));
    assert_false(store_is_addon(store, id("64493"), on("2026-08-10")));
    assert_true(store_addon_primary(store, id("64494"), id("64493"), on("2026-08-10"), &row));
    assert_int_equal(row.type, '1');
    assert_true(store_addon_primary(store, id("64494"), id("64490"), on("2026-08-10"), &row));
    assert_false(store_addon_primary(store, id("64494"), id("64490"), on("2022-12-31"), &row));
    assert_false(store_addon_primary(store, id("77003"), id("62323"), on("2026-08-10"), &row));
    /* A lumbar puncture was a primary of 77003 until the end of 2019. */
    assert_true(store_addon_primary(store, id("77003"), id("62270"), on("2019-12-31"), &row));
    assert_false(store_addon_primary(store, id("77003"), id("62270"), on("2020-01-01"), &row));
}

/* ---- diagnoses --------------------------------------------------------------------------- */

static void diagnoses(void **state) {
    (void)state;
    static const struct {
        const char *code, *on;
        char state; /* b billable, h header, 0 absent */
        const char *release;
    } cases[] = {
        {"M47816", "2026-08-10", 'b', "FY2026"},
        {"M5136", "2026-08-10", 'h', "FY2026"},
        {"M5136", "2024-10-01", 'h', "FY2025"},
        {"M5136", "2024-09-30", 0, NULL},
        {"M51360", "2025-09-30", 'b', "FY2025"},
        {"M722", "2026-09-30", 'b', "FY2026"},
        {"M722", "2026-10-01", 'h', "FY2027-changes"},
        {"M67A01", "2026-09-30", 0, NULL},
        {"M67A01", "2026-10-01", 'b', "FY2027-changes"},
        {"M7220", "2026-10-01", 'b', "FY2027-changes"},
        {"M533", "2026-10-02", 'b', "FY2026"},
        {"M545", "2026-08-10", 'h', "FY2026"},
        {"M5450", "2026-08-10", 'b', "FY2026"},
        {"M54", "2026-08-10", 'h', "FY2026"},
        {"R102", "2025-09-30", 'b', "FY2025"},
        {"R102", "2025-10-01", 'h', "FY2026"},
        {"M99999X", "2026-08-10", 0, NULL},
        {"Z79891", "2026-08-10", 'b', "FY2026"},
        {"1234", "2026-08-10", 0, NULL},
        {"M", "2026-08-10", 0, NULL},
        {"S39012A", "2026-08-10", 'b', "FY2026"},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct store_dx row;
        bool known = store_dx(store, code_of(cases[i].code), on(cases[i].on), &row);
        if (known != (cases[i].state != 0) || (known && row.billable != (cases[i].state == 'b'))) {
            fail_msg("%s on %s", cases[i].code, cases[i].on);
        }
        if (known) {
            assert_release(row.proof.release, cases[i].release);
        }
    }
    struct store_proof proof;
    assert_false(store_dx_edition(store, on("2024-09-30"), &proof));
    assert_true(store_dx_edition(store, on("2026-10-05"), &proof));
    assert_release(proof.release, "FY2026");
    assert_true(store_stale(store, proof.release, day("2026-10-05")));
    struct store_when known = {day("2026-10-05"), day("2026-09-30")};
    struct store_dx row;
    assert_true(store_dx(store, code_of("M722"), known, &row));
    assert_true(row.billable);
}

static void diagnoses_below(void **state) {
    (void)state;
    struct code codes[8];
    assert_int_equal(store_dx_below(store, code_of("M5136"), on("2026-08-10"), codes, 8), 4);
    assert_true(code_equal(codes[0], code_of("M51360")));
    assert_true(code_equal(codes[3], code_of("M51369")));
    assert_int_equal(store_dx_below(store, code_of("M722"), on("2026-10-01"), codes, 8), 3);
    assert_int_equal(store_dx_below(store, code_of("M5136"), on("2026-08-10"), codes, 2), 2);
    assert_int_equal(store_dx_below(store, code_of("M"), on("2026-08-10"), codes, 8), 8);
    assert_int_equal(store_dx_below(store, code_of("M5"), on("2026-08-10"), codes, 8), 8);
    assert_true(code_starts(codes[0], code_of("M5")));
    assert_int_equal(store_dx_below(store, code_of("999"), on("2026-08-10"), codes, 8), 0);
}

static void regions_and_sides(void **state) {
    (void)state;
    static const struct {
        const char *code;
        enum store_region region;
        char side;
    } cases[] = {
        {"M47816", REGION_LS, 0},     {"M47812", REGION_CT, 0},
        {"M47815", REGION_BOTH, 0},   {"M47819", REGION_UNSPECIFIED, 0},
        {"M47818", REGION_LS, 0},     {"M542", REGION_CT, 0},
        {"M5450", REGION_LS, 0},      {"M5441", REGION_LS, 'R'},
        {"M5432", REGION_LS, 'L'},    {"M5430", REGION_LS, 'U'},
        {"M50121", REGION_CT, 0},     {"M5116", REGION_LS, 0},
        {"M5114", REGION_CT, 0},      {"M48062", REGION_LS, 0},
        {"M533", REGION_LS, 0},       {"M546", REGION_CT, 0},
        {"M1711", REGION_NONE, 'R'},  {"M1712", REGION_NONE, 'L'},
        {"M170", REGION_NONE, 'B'},   {"M179", REGION_NONE, 'U'},
        {"M25561", REGION_NONE, 'R'}, {"G90513", REGION_NONE, 'B'},
        {"M7918", REGION_NONE, 0},    {"G894", REGION_NONE, 0},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct store_proof proof;
        struct code dx = code_of(cases[i].code);
        enum store_region region = store_dx_region(store, dx, on("2026-08-10"), &proof);
        char side = store_dx_side(store, dx, on("2026-08-10"), &proof);
        if (region != cases[i].region || side != cases[i].side) {
            fail_msg("%s: region %d side %d", cases[i].code, (int)region, side);
        }
    }
}

static void excluding_pairs(void **state) {
    (void)state;
    static const struct {
        const char *a, *b, *row;
    } cases[] = {
        {"M5116", "M5416", "M511/M5416"}, {"M5416", "M5116", "M511/M5416"},
        {"M5441", "M5116", "M544/M511"},  {"M542", "M50121", "M542/M50"},
        {"M5450", "M5126", "M545/M512"},  {"M47816", "M5416", NULL},
        {"M5416", "M5416", NULL},         {"G894", "G8929", "G892/G894"},
        {"M1711", "M25561", NULL},        {"M47816", "G549", "G54/M47"},
        {"M5450", "S335XXA", "M54/S33"},  {"M5450", "S8001XA", NULL},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct view row = VIEW_NONE;
        struct store_proof proof;
        bool excluded = store_excludes1(store, code_of(cases[i].a), code_of(cases[i].b),
                                        on("2026-08-10"), &row, &proof);
        if (excluded != (cases[i].row != NULL)) {
            fail_msg("%s and %s", cases[i].a, cases[i].b);
        }
        if (excluded) {
            assert_view(row, cases[i].row);
            assert_release(proof.release, "FY2027");
        }
    }
}

/* ---- small tables ------------------------------------------------------------------------ */

static void modifiers(void **state) {
    (void)state;
    struct store_proof proof;
    int bypass = 0, anatomic = 0;
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (int i = 0; i < 36 * 36; i++) {
        char text[3] = {digits[i / 36], digits[i % 36], 0};
        uint32_t flags = store_modifier(store, code_of(text), on("2026-08-10"), &proof);
        bypass += (flags & MODIFIER_BYPASS) != 0;
        anatomic += (flags & MODIFIER_ANATOMIC) != 0;
    }
    assert_int_equal(bypass, 44);
    assert_int_equal(anatomic, 31);
    static const struct {
        const char *modifier, *on;
        uint32_t flags;
    } cases[] = {
        {"59", "2026-08-10", MODIFIER_VALID | MODIFIER_BYPASS | MODIFIER_DISTINCT},
        {"LT", "2026-08-10",
         MODIFIER_VALID | MODIFIER_BYPASS | MODIFIER_ANATOMIC | MODIFIER_SIDE_LEFT},
        {"25", "2026-08-10", MODIFIER_VALID | MODIFIER_BYPASS | MODIFIER_EM_ONLY},
        {"79", "2026-08-10", MODIFIER_VALID | MODIFIER_BYPASS | MODIFIER_GLOBAL},
        {"91", "2026-08-10", MODIFIER_VALID | MODIFIER_BYPASS | MODIFIER_LAB_ONLY},
        {"76", "2026-08-10", MODIFIER_VALID},
        {"KX", "2026-08-10", MODIFIER_VALID},
        {"50", "2026-08-10", MODIFIER_VALID},
        {"QQ1", "2026-08-10", 0},
        {"CP", "2017-12-31", MODIFIER_VALID},
        {"CP", "2018-01-01", 0},
        {"AC", "2026-06-30", 0},
        {"AC", "2026-07-01", MODIFIER_VALID},
        {"0Z", "2026-08-10", 0},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        if (store_modifier(store, code_of(cases[i].modifier), on(cases[i].on), &proof) !=
            cases[i].flags) {
            fail_msg("%s on %s", cases[i].modifier, cases[i].on);
        }
    }
}

static void places(void **state) {
    (void)state;
    static const struct {
        const char *pos, *on;
        bool known, facility, hospital;
    } cases[] = {
        {"11", "2026-08-10", true, false, false},  {"22", "2026-08-10", true, true, true},
        {"24", "2026-08-10", true, true, false},   {"19", "2026-08-10", true, true, true},
        {"10", "2022-01-01", true, false, false},  {"10", "2021-12-31", false, false, false},
        {"35", "2026-08-10", false, false, false}, {"2", "2026-08-10", false, false, false},
        {"1A", "2026-08-10", false, false, false}, {"99", "2026-08-10", true, false, false},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct store_pos row = {0};
        assert_int_equal(store_pos(store, code_of(cases[i].pos), on(cases[i].on), &row),
                         cases[i].known);
        assert_int_equal(row.facility, cases[i].facility);
        assert_int_equal(row.hospital_outpatient_or_inpatient, cases[i].hospital);
    }
}

static void drugs(void **state) {
    (void)state;
    static const struct {
        const char *code, *unit, *on;
        int thousandths;
        bool anesthetic, contrast, payable, combination;
    } cases[] = {
        {"J1010", "MG", "2026-02-01", 1000, false, false, true, false},
        {"J3301", "MG", "2026-02-01", 10000, false, false, true, false},
        {"J1885", "MG", "2026-02-01", 15000, false, false, true, false},
        {"J0665", "MG", "2026-02-01", 500, true, false, true, false},
        {"J2003", "MG", "2026-02-01", 1000, true, false, false, false},
        {"J2278", "MCG", "2026-02-01", 1000, false, false, true, false},
        {"Q9966", "ML", "2026-02-01", 1000, false, true, true, false},
        {"J0702", "UNIT", "2026-02-01", 1000, false, false, true, true},
        {"J1030", "MG", "2024-03-31", 40000, false, false, false, false},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct store_drug row;
        assert_true(store_drug(store, id(cases[i].code), on(cases[i].on), &row));
        assert_int_equal(row.unit_thousandths, cases[i].thousandths);
        assert_true(code_equal(row.unit, code_of(cases[i].unit)));
        assert_int_equal(row.anesthetic, cases[i].anesthetic);
        assert_int_equal(row.contrast, cases[i].contrast);
        assert_int_equal(row.payable, cases[i].payable);
        assert_int_equal(row.combination, cases[i].combination);
    }
    struct store_drug row;
    assert_false(store_drug(store, id("64493"), on("2026-02-01"), &row));
    assert_false(store_drug(store, id("J1030"), on("2024-04-01"), &row));
}

static void families(void **state) {
    (void)state;
    static const struct {
        const char *code, *family, *primary;
        enum store_region region;
        enum store_imaging imaging;
        bool procedure, addon_level, paired;
    } cases[] = {
        {"64493", "facet_injection", "", REGION_LS, IMAGING_INCLUDED, true, false, true},
        {"64494", "facet_injection", "64493", REGION_LS, IMAGING_INCLUDED, true, true, true},
        {"62323", "epidural_interlaminar", "", REGION_LS, IMAGING_INCLUDED, true, false, false},
        {"62321", "epidural_interlaminar", "", REGION_CT, IMAGING_INCLUDED, true, false, false},
        {"64480", "epidural_transforaminal", "64479", REGION_CT, IMAGING_INCLUDED, true, true,
         true},
        {"20552", "trigger_point", "", REGION_NONE, IMAGING_SEPARATE, true, false, false},
        {"77003", "guidance", "", REGION_NONE, IMAGING_IS, false, false, false},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct store_family row;
        assert_true(store_family(store, id(cases[i].code), &row));
        assert_view(row.family, cases[i].family);
        assert_true(code_equal(row.primary, code_of(cases[i].primary)));
        assert_int_equal(row.region, cases[i].region);
        assert_int_equal(row.imaging, cases[i].imaging);
        assert_int_equal(row.procedure, cases[i].procedure);
        assert_int_equal(row.addon_level, cases[i].addon_level);
        assert_int_equal(row.paired, cases[i].paired);
    }
    struct store_family row;
    assert_true(store_family(store, id("99214"), &row) && row.evaluation);
    assert_true(store_family(store, id("80307"), &row) && row.laboratory);
    assert_true(store_family(store, id("99152"), &row) && row.sedation);
    assert_false(store_family(store, id("J1010"), &row));
    assert_false(store_family(store, STORE_NO_CODE, &row));
}

static bool in_set(const char *set, const char *code) {
    for (int s = 0; s < store_code_set_count(store); s++) {
        uint32_t member;
        for (int n = 0; view_equal(store_code_set_name(store, s), view_of(set)) &&
                        store_code_set_member(store, s, n, &member);
             n++) {
            if (member == id(code)) {
                return true;
            }
        }
    }
    return false;
}

static void code_sets(void **state) {
    (void)state;
    assert_true(in_set("tpi", "20552") && in_set("tpi", "20553"));
    assert_true(in_set("once_per_day", "64492") && in_set("once_per_day", "20553"));
    assert_true(in_set("single_drug_test_definitive", "G0480"));
    assert_true(in_set("single_drug_test_definitive", "G0483"));
    assert_false(in_set("single_migraine_face", "64616"));
    uint32_t member;
    assert_false(store_code_set_member(store, -1, 0, &member));
    assert_false(store_code_set_member(store, store_code_set_count(store), 0, &member));
}

static void payers(void **state) {
    (void)state;
    struct store_payer row;
    assert_true(store_payer(store, VIEW("medicare"), &row));
    assert_true(row.medicare && row.ncci && !row.trial);
    assert_int_equal(row.bilateral, BILATERAL_CMS_50);
    assert_int_equal(row.timely_days, 365);
    assert_true(store_payer(store, VIEW("bcbs"), &row));
    assert_int_equal(row.bilateral, BILATERAL_AMA_TWICE);
    assert_true(store_payer(store, VIEW("workers_comp_ms"), &row) && row.ncci);
    assert_false(store_payer(store, VIEW("nobody"), &row));
    assert_view(store_payer_profile(store, VIEW("60054"), code_of("CI")), "aetna");
    assert_view(store_payer_profile(store, VIEW("04412"), code_of("MB")), "medicare");
    assert_view(store_payer_profile(store, VIEW("87726"), CODE_NONE), "uhc");
    assert_view(store_payer_profile(store, VIEW("99999"), code_of("16")), "medicare_advantage");
    assert_int_equal(store_payer_profile(store, VIEW("99999"), code_of("ZZ")).size, 0);
    assert_int_equal(store_payer_profile(store, VIEW_NONE, CODE_NONE).size, 0);
    for (int i = 0; i < store_payer_count(store); i++) {
        assert_true(store_payer_at(store, i).profile.size > 0);
    }
    assert_int_equal(store_payer_at(store, store_payer_count(store)).profile.size, 0);
}

static void releases(void **state) {
    (void)state;
    for (int table = 0; table < STORE_PTP_HOSPITAL; table++) {
        int64_t rows = 0;
        for (int i = 0; i < store_release_count(store); i++) {
            struct store_release release = store_release(store, i);
            assert_true(release.name.size > 0 && release.table_name.size > 0);
            assert_true(release.rows > 0);
            rows += (int)release.table == table ? release.rows : 0;
        }
        assert_true(store_has(store, (enum store_table)table));
        assert_true(rows > 0);
    }
    assert_int_equal(store_release(store, -1).name.size, 0);
    assert_int_equal(store_hash(store).size, 21);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_have_ids),
        cmocka_unit_test(codes_end),
        cmocka_unit_test(fee_schedule_rows),
        cmocka_unit_test(fee_schedule_choice),
        cmocka_unit_test(staleness),
        cmocka_unit_test(pairs),
        cmocka_unit_test(pairs_without_effect),
        cmocka_unit_test(unit_limits),
        cmocka_unit_test(addons),
        cmocka_unit_test(diagnoses),
        cmocka_unit_test(diagnoses_below),
        cmocka_unit_test(regions_and_sides),
        cmocka_unit_test(excluding_pairs),
        cmocka_unit_test(modifiers),
        cmocka_unit_test(places),
        cmocka_unit_test(drugs),
        cmocka_unit_test(families),
        cmocka_unit_test(code_sets),
        cmocka_unit_test(payers),
        cmocka_unit_test(releases),
    };
    return cmocka_run_group_tests(tests, open_starter, close_starter);
}
