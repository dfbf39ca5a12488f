/* Edits: the bypass modifiers one by one, units by indicator, add-ons and circles at the fixpoint,
 * what the findings say, and that the order of lines does not matter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edits_bench.h"

#define BEFORE "2019-06-30"
#define SINCE "2019-07-01"
#define DAY "2026-08-03"

static struct edits_bench bench;

static int open_bench(void **state) {
    (void)state;
    bench_open(&bench);
    return 0;
}

static int close_bench(void **state) {
    (void)state;
    bench_close(&bench);
    return 0;
}

/* ---- modifiers --------------------------------------------------------------------------- */

static bool bypassed_by(const char *code1, const char *on1, const char *code2, const char *on2,
                        const char *day, char indicator, const char *expected) {
    struct code modifier = CODE_NONE;
    int number = 0;
    bench_claim(&bench);
    bench_line(&bench, code1, on1, day, 1);
    bench_line(&bench, code2, on2, day, 1);
    bench_pass(&bench);
    const struct audit_line *lines = bench.pass->lines;
    bool bypassed = pair_bypass(bench.pass, &lines[0], &lines[1], indicator, &modifier, &number);
    if (bypassed && expected) {
        assert_true(code_equal(modifier, code_of(expected)));
        assert_int_equal(number, on2[0] ? 2 : 1);
    }
    return bypassed;
}

/* Where a modifier of the set counts: on column 1 and 2 of procedures, of an E/M, of a lab test. */
struct modifier_class {
    const char *modifiers;
    bool either_before; /* on column 1 before 2019-07-01 too */
    bool procedure, evaluation, laboratory;
};

static const struct modifier_class classes[] = {
    {"E1 E2 E3 E4 FA F1 F2 F3 F4 F5 F6 F7 F8 F9 TA T1 T2 T3 T4 T5 T6 T7 T8 T9 LT RT LC LD RC LM RI",
     true, true, true, true},
    {"58 78 79", true, true, false, true},
    {"24 25 27 57", true, false, true, false},
    {"59 XE XP XS XU", false, true, true, true},
    {"91", true, false, false, true},
};

static void check_modifier(const struct modifier_class *class, const char *modifier) {
    static const char *const codes[] = {"64450", "99213", "80307"};
    const bool counts[] = {class->procedure, class->evaluation, class->laboratory};
    for (int i = 0; i < COUNT_OF(codes); i++) {
        const char *code = codes[i];
        assert_int_equal(bypassed_by("20610", "", code, modifier, SINCE, '1', modifier), counts[i]);
        assert_int_equal(bypassed_by("20610", "", code, modifier, BEFORE, '1', modifier),
                         counts[i]);
        assert_int_equal(bypassed_by(code, modifier, "20610", "", SINCE, '1', modifier), counts[i]);
        assert_int_equal(bypassed_by(code, modifier, "20610", "", BEFORE, '1', modifier),
                         counts[i] && class->either_before);
        assert_false(bypassed_by("20610", "", code, modifier, SINCE, '0', NULL));
        assert_false(bypassed_by("20610", "", code, modifier, SINCE, '9', NULL));
    }
}

static void each_modifier_counts_where_it_may(void **state) {
    (void)state;
    int modifiers = 0;
    for (int i = 0; i < COUNT_OF(classes); i++) {
        struct view rest = view_of(classes[i].modifiers);
        while (rest.size > 0) {
            char text[9];
            code_text(code_from(view_cut(&rest, ' ')), text);
            check_modifier(&classes[i], text);
            modifiers++;
        }
    }
    assert_int_equal(modifiers, 44);
}

static void other_modifiers_do_not_count(void **state) {
    (void)state;
    const char *others[] = {"22", "76", "77", "50", "51", "52", "53", "26", "TC", "GA",
                            "GX", "GY", "GZ", "KX", "GC", "62", "80", "JW", "Q1", ""};
    for (int i = 0; i < COUNT_OF(others); i++) {
        assert_false(bypassed_by("20610", "", "64450", others[i], SINCE, '1', NULL));
        assert_false(bypassed_by("20610", others[i], "64450", "", SINCE, '1', NULL));
    }
}

static void modifiers_of_both_lines_are_read_together(void **state) {
    (void)state;
    static const struct {
        const char *code1, *on1, *code2, *on2, *day;
        const char *modifier; /* NULL: not bypassed */
        int line;
    } table[] = {
        {"20610", "LT", "64450", "LT", SINCE, NULL, 0}, /* the same side */
        {"20610", "LT", "64450", "RT", SINCE, "RT", 2},
        {"20610", "LT", "64450", "LT 59", SINCE, "59", 2},
        {"20610", "LT XS", "64450", "LT", SINCE, "XS", 1},
        {"20610", "LT 79", "64450", "LT", SINCE, "79", 1},
        {"20610", "LT 58", "64450", "LT", SINCE, "58", 1},
        {"20610", "LT", "64450", "LT 78", SINCE, "78", 2},
        {"20610", "LT RT", "64450", "LT", SINCE, NULL, 0},
        {"99213", "LT 25", "20610", "LT", SINCE, NULL, 0}, /* 25 does not override the side */
        {"20610", "LT", "64450", "LT 91", SINCE, NULL, 0},
        {"20610", "", "64450", "KX RT", SINCE, "RT", 2},
        {"20610", "", "64450", "KX GA Q1 59", SINCE, "59", 2}, /* the fourth position */
        {"20610", "59", "64450", "KX", BEFORE, NULL, 0},
        {"20610", "59", "64450", "59", BEFORE, "59", 2},
        {"20610", "59 LT", "64450", "", BEFORE, "59", 1},
        {"20610", "25", "64450", "", SINCE, NULL, 0},
        {"20610", "25", "99213", "", SINCE, NULL, 0}, /* on the wrong line */
        {"20610", "25", "99213", "25", SINCE, "25", 2},
        {"20610", "", "99213", "79", SINCE, NULL, 0},
    };
    for (int i = 0; i < COUNT_OF(table); i++) {
        struct code modifier = CODE_NONE;
        int number = 0;
        bench_claim(&bench);
        bench_line(&bench, table[i].code1, table[i].on1, table[i].day, 1);
        bench_line(&bench, table[i].code2, table[i].on2, table[i].day, 1);
        bench_pass(&bench);
        bool bypassed = pair_bypass(bench.pass, &bench.pass->lines[0], &bench.pass->lines[1], '1',
                                    &modifier, &number);
        if (bypassed != (table[i].modifier != NULL) || number != table[i].line ||
            !code_equal(modifier, table[i].modifier ? code_of(table[i].modifier) : CODE_NONE)) {
            fail_msg("row %d: %s %s with %s %s", i, table[i].code1, table[i].on1, table[i].code2,
                     table[i].on2);
        }
    }
}

/* ---- pairs on claims --------------------------------------------------------------------- */

static void column_2_is_denied_and_column_1_named(void **state) {
    (void)state;
    bench_claim(&bench);
    bench_line(&bench, "64493", "KX", DAY, 1);
    bench_line(&bench, "20553", "", DAY, 1);
    bench_run(&bench);
    const struct audit_finding *finding = bench_find(&bench, RULE_NCCI_PTP, 1);
    assert_non_null(finding);
    assert_null(bench_find(&bench, RULE_NCCI_PTP, 2));
    assert_int_equal(finding->status, AUDIT_FAIL);
    assert_int_equal(finding->severity, RULE_ERROR);
    assert_true(view_equal(finding->evidence[0].row, VIEW("20553/64493")));
    assert_int_equal(finding->evidence[0].indicator, '1');
    assert_int_equal(finding->evidence[0].line, 2);
    assert_true(view_starts(finding->fix, VIEW("Only column 1, 20553, is paid.")));
}

static void a_bypass_is_told_with_its_modifier(void **state) {
    (void)state;
    bench_claim(&bench);
    bench_line(&bench, "20553", "", DAY, 1);
    bench_line(&bench, "64493", "KX RT", DAY, 1);
    bench_run(&bench);
    const struct audit_finding *finding = bench_find(&bench, RULE_NCCI_PTP, 2);
    assert_non_null(finding);
    assert_int_equal(finding->status, AUDIT_BYPASSED);
    assert_int_equal(finding->severity, RULE_REVIEW);
    assert_int_equal(finding->evidence[0].line, 2);
    assert_true(code_equal(finding->evidence[0].modifier, code_of("RT")));
}

static void other_days_and_providers_make_no_pair(void **state) {
    (void)state;
    bench_claim(&bench);
    bench_line(&bench, "20553", "", DAY, 1);
    bench_line(&bench, "64493", "", "2026-08-04", 1);
    bench_run(&bench);
    assert_null(bench_find(&bench, RULE_NCCI_PTP, 0));
    bench.claim.lines[0].to = date_from_iso(VIEW("2026-08-05"));
    bench_run(&bench); /* a span that reaches the other line's day */
    assert_non_null(bench_find(&bench, RULE_NCCI_PTP, 2));
    bench.claim.lines[0].to = bench.claim.lines[0].from;
    bench.claim.lines[1].from = bench.claim.lines[1].to = bench.claim.lines[0].from;
    bench.claim.lines[1].rendering.npi = VIEW("1003000126");
    bench_run(&bench);
    assert_null(bench_find(&bench, RULE_NCCI_PTP, 0));
    bench.claim.lines[1].rendering.taxonomy = VIEW("208VP0014X");
    bench.claim.rendering.taxonomy = VIEW("208VP0014X");
    bench_run(&bench); /* perhaps one group and specialty */
    const struct audit_finding *finding = bench_find(&bench, RULE_NCCI_PTP, 2);
    assert_non_null(finding);
    assert_int_equal(finding->severity, RULE_REVIEW);
    assert_int_equal(finding->status, AUDIT_FAIL);
}

static void a_line_that_is_not_payable_denies_nothing(void **state) {
    (void)state;
    bench_claim(&bench);
    bench_line(&bench, "20553", "", DAY, 2); /* MUE 1 */
    bench_line(&bench, "64493", "", DAY, 1);
    bench_run(&bench);
    assert_non_null(bench_find(&bench, RULE_MUE_EXCEEDED, 1));
    assert_null(bench_find(&bench, RULE_NCCI_PTP, 0));
    bench.lines[0].units.milli = 1000;
    bench_pass(&bench);
    bench.pass->lines[0].denied = true;
    check_edits(bench.pass);
    assert_null(bench_find(&bench, RULE_NCCI_PTP, 0));
}

static void facility_claims_lack_their_tables(void **state) {
    (void)state;
    bench_claim(&bench)->type = CLAIM_FACILITY_OPPS;
    bench_line(&bench, "20553", "", DAY, 9);
    bench_line(&bench, "64493", "", DAY, 9);
    bench_run(&bench);
    assert_int_equal(bench.pass->finding_count, 0);
    assert_true(bench_gap(&bench, RULE_NCCI_PTP, "store:ncci_ptp_hospital"));
    assert_true(bench_gap(&bench, RULE_MUE_EXCEEDED, "store:mue_hospital"));
    bench.claim.type = CLAIM_FACILITY_ASC;
    bench_run(&bench);
    assert_non_null(bench_find(&bench, RULE_NCCI_PTP, 2));
    assert_null(bench_find(&bench, RULE_MUE_EXCEEDED, 0));
}

static void a_code_the_store_lacks_is_a_gap(void **state) {
    (void)state;
    bench_claim(&bench);
    bench_line(&bench, "64494", "", DAY, 1);
    bench_line(&bench, "97XXX", "", DAY, 1);
    bench_run(&bench);
    assert_int_equal(bench.pass->finding_count, 0);
    assert_true(bench_gap(&bench, RULE_NCCI_PTP, "store:code:97XXX"));
    assert_true(bench_gap(&bench, RULE_MUE_EXCEEDED, "store:code:97XXX"));
    assert_true(bench_gap(&bench, RULE_ADDON_WITHOUT_PRIMARY, "store:code:97XXX"));
}

static void begin(struct store_draft *draft, enum store_table table, int slices) {
    struct store_edition edition = {.table = table,
                                    .name = VIEW("2026-07"),
                                    .effective = date_from_iso(VIEW("2026-07-01")),
                                    .through = date_from_iso(VIEW("2026-09-30")),
                                    .from = DATE_NONE,
                                    .to = DATE_NONE,
                                    .dated = table == STORE_NCCI_PTP};
    struct store_source source = {VIEW("file"), VIEW("hash"), 1, slices};
    assert_int_equal(store_draft_begin(draft, &edition, &source), STORE_BEGIN_NEW);
}

/* The starter store grown by one slice of pairs and a whole table of unit limits. */
static struct store_draft *grown(struct view *image) {
    struct diag diag = DIAG_NONE;
    struct store_draft *draft = store_draft_open(bench.store);
    assert_non_null(draft);
    begin(draft, STORE_NCCI_PTP, 2);
    store_draft_pair(draft, code_of("10001"), code_of("10002"), DATE_NONE, DATE_NONE, '0', 0);
    store_draft_end(draft);
    begin(draft, STORE_MUE, 1);
    store_draft_mue(draft, code_of("10001"), 1, '2');
    store_draft_end(draft);
    assert_int_equal(store_draft_image(draft, image, &diag), STATUS_OK);
    return draft;
}

/* Extracts were drawn for the starter's codes, and a slice is not a table: what they lack of other
 * codes proves nothing. What they have counts, and so does what a whole edition lacks. */
static void what_an_edition_cannot_say_is_a_gap(void **state) {
    (void)state;
    static struct edits_bench other;
    struct view image;
    struct store_draft *draft = grown(&image);
    bench_open_image(&other, image);
    bench_claim(&other);
    bench_line(&other, "10001", "", DAY, 1);
    bench_line(&other, "10002", "", DAY, 3);
    bench_run(&other);
    assert_non_null(bench_find(&other, RULE_NCCI_PTP, 2));
    assert_true(bench_gap(&other, RULE_NCCI_PTP, "store:ncci_ptp"));
    assert_false(bench_gap(&other, RULE_MUE_EXCEEDED, "store:mue")); /* 10002 has no limit */
    assert_true(bench_gap(&other, RULE_ADDON_WITHOUT_PRIMARY, "store:aoc"));
    bench_claim(&other);
    bench_line(&other, "64493", "", DAY, 1); /* of the starter */
    bench_line(&other, "20610", "", DAY, 1);
    bench_run(&other);
    assert_false(bench_gap(&other, RULE_NCCI_PTP, "store:ncci_ptp"));
    assert_false(bench_gap(&other, RULE_ADDON_WITHOUT_PRIMARY, "store:aoc"));
    bench_close(&other);
    store_draft_close(draft);
}

static void editions_older_than_the_day_are_stale(void **state) {
    (void)state;
    bench_claim(&bench);
    bench_line(&bench, "64450", "", "2026-12-01", 1);
    bench_line(&bench, "96372", "", "2026-12-01", 1);
    bench_run(&bench);
    int stale = 0;
    for (int i = 0; i < store_release_count(bench.store); i++) {
        struct store_release release = store_release(bench.store, i);
        bool edits = release.table == STORE_NCCI_PTP || release.table == STORE_MUE ||
                     release.table == STORE_AOC;
        stale += edits && release_in(&bench.pass->stale_releases, (uint32_t)i);
    }
    assert_int_equal(stale, 3);
}

/* ---- units ------------------------------------------------------------------------------- */

/* Rows of the table of units that the starter store has no example of. */
bool __wrap_store_mue(const struct store *store, uint32_t id, struct store_when when,
                      struct store_mue *row);
bool __real_store_mue(const struct store *store, uint32_t id, struct store_when when,
                      struct store_mue *row);

bool __wrap_store_mue(const struct store *store, uint32_t id, struct store_when when,
                      struct store_mue *row) {
    bool found = __real_store_mue(store, id, when, row);
    struct code code = store_code(store, id);
    if (found && code_equal(code, code_of("96372"))) {
        row->mai = '1'; /* four a line */
    } else if (found && code_equal(code, code_of("99213"))) {
        row->units = 0;
    }
    return found;
}

static void units_by_indicator(void **state) {
    (void)state;
    static const struct {
        const char *code;
        const char *on1, *on2; /* NULL: no such line */
        int units1, units2;
        const char *day2;
        int over; /* bits of the lines in findings */
    } table[] = {
        {"96372", "", NULL, 4, 0, DAY, 0},   {"96372", "", NULL, 5, 0, DAY, 1},
        {"96372", "", "59", 4, 4, DAY, 0},   {"96372", "", "59", 4, 5, DAY, 2},
        {"62323", "", NULL, 1, 0, DAY, 0},   {"62323", "", NULL, 2, 0, DAY, 1},
        {"62323", "", "59", 1, 1, DAY, 3},   {"62323", "", "76", 1, 1, DAY, 3},
        {"62323", "", "", 1, 1, DAY, 3},     {"62323", "", "", 1, 1, "2026-08-04", 0},
        {"20610", "RT", "LT", 1, 1, DAY, 0}, {"20610", "RT", "LT", 2, 1, DAY, 3},
        {"20553", "", "XS", 1, 1, DAY, 3},   {"99213", "", NULL, 1, 0, DAY, 1},
        {"64493", "RT", "LT", 1, 1, DAY, 0}, /* bilateral_two_lines_mue tells it */
        {"64493", "RT", "RT", 1, 1, DAY, 3}, {"64493", "50", NULL, 1, 0, DAY, 0},
        {"64493", "50", "LT", 1, 1, DAY, 3}, {"64493", "RT", "LT", 1, 2, DAY, 3},
    };
    for (int i = 0; i < COUNT_OF(table); i++) {
        bench_claim(&bench);
        bench_line(&bench, table[i].code, table[i].on1, DAY, table[i].units1);
        if (table[i].on2) {
            bench_line(&bench, table[i].code, table[i].on2, table[i].day2, table[i].units2);
        }
        bench_run(&bench);
        const struct audit_finding *finding = bench_find(&bench, RULE_MUE_EXCEEDED, 0);
        if ((finding ? (int)finding->line_bits : 0) != table[i].over) {
            fail_msg("row %d: %s %d and %d", i, table[i].code, table[i].units1, table[i].units2);
        }
    }
}

static void a_span_is_divided_by_its_days(void **state) {
    (void)state;
    bench_claim(&bench);
    bench_line(&bench, "62323", "", "2026-08-01", 3)->to = date_from_iso(VIEW("2026-08-03"));
    bench_run(&bench);
    assert_null(bench_find(&bench, RULE_MUE_EXCEEDED, 0));
    bench_line(&bench, "62323", "59", "2026-08-03", 1);
    bench_run(&bench);
    assert_int_equal(bench_find(&bench, RULE_MUE_EXCEEDED, 0)->line_bits, 3);
}

static void the_side_trap_names_the_other_line(void **state) {
    (void)state;
    const struct audit_line *other = NULL;
    struct store_mue mue;
    bench_claim(&bench);
    bench_line(&bench, "64493", "RT", DAY, 1);
    bench_line(&bench, "64493", "LT", DAY, 1);
    bench_pass(&bench);
    assert_true(mue_is_side_trap(bench.pass, &bench.pass->lines[0], &other, &mue));
    assert_ptr_equal(other, &bench.pass->lines[1]);
    assert_int_equal(mue.units, 1);
    bench.claim.type = CLAIM_FACILITY_ASC;
    bench_pass(&bench);
    assert_false(mue_is_side_trap(bench.pass, &bench.pass->lines[0], &other, &mue));
}

/* ---- add-ons and the fixpoint ------------------------------------------------------------ */

static void add_ons_need_a_payable_primary(void **state) {
    (void)state;
    static const struct {
        const char *lines; /* "code modifiers units;" */
        int denied, review;
    } table[] = {
        {"64494", 1, 0},
        {"64493,64494", 0, 0},
        {"64494,64493", 0, 0},
        {"64493,64494,64495", 0, 0},
        {"64490,64494", 0, 0},
        {"64490,64495", 2, 0},
        {"64494,64495", 3, 0},         /* the second falls with the first */
        {"64493*2,64494,64495", 6, 0}, /* units deny the primary, and so both add-ons */
        {"20553,64493,64494", 4, 0},   /* a pair denies the primary */
        {"99100", 0, 1},               /* type 2 */
        {"96160", 0, 1},               /* type 3 */
        {"99292", 0, 1},               /* first hour may be elsewhere */
        {"22515", 1, 0},
        {"22514,22515", 0, 0},
    };
    for (int i = 0; i < COUNT_OF(table); i++) {
        bench_claim(&bench);
        struct view rest = view_of(table[i].lines);
        while (rest.size > 0) {
            struct view head = view_cut(&rest, ',');
            char code[9];
            code_text(code_from(view_cut(&head, '*')), code);
            bench_line(&bench, code, "", DAY, head.size > 0 ? head.at[0] - '0' : 1);
        }
        bench_run(&bench);
        int denied = 0;
        int review = 0;
        for (int j = 0; j < bench.pass->finding_count; j++) {
            const struct audit_finding *finding = &bench.pass->findings[j];
            if (finding->rule == audit_rule(bench.pass, RULE_ADDON_WITHOUT_PRIMARY)) {
                *(finding->severity == RULE_ERROR ? &denied : &review) |= (int)finding->line_bits;
            }
        }
        if (denied != table[i].denied || review != table[i].review) {
            fail_msg("row %d: %s gives %d and %d", i, table[i].lines, denied, review);
        }
    }
}

static void denials_name_their_cause(void **state) {
    (void)state;
    bench_claim(&bench);
    bench_line(&bench, "20553", "", DAY, 1);
    bench_line(&bench, "64493", "", DAY, 1);
    bench_line(&bench, "64494", "", DAY, 1);
    bench_run(&bench);
    const struct audit_finding *finding = bench_find(&bench, RULE_ADDON_WITHOUT_PRIMARY, 3);
    assert_non_null(finding);
    assert_true(
        view_equal(finding->message,
                   VIEW("64494 falls with its primary: 64493 (line 2) is denied by a pair edit")));
    assert_int_equal(finding->evidence[0].line, 2);
    assert_true(view_equal(finding->evidence[0].row, VIEW("64494/64493")));
    assert_int_equal(finding->evidence[0].proof.from.day, date_from_ymd(2013, 4, 1).day);
}

static void settle(struct edits *edits, struct edit_pair *pairs, int pair_count) {
    edits->pairs = NULL;
    for (int i = 0; i < pair_count; i++) {
        pairs[i].next = edits->pairs;
        edits->pairs = &pairs[i];
    }
    edits_settle(edits);
}

static void chains_settle_in_any_order(void **state) {
    (void)state;
    /* Line 0 is denied by units; 1 is an add-on to it and column 1 of 2; 3 is an add-on to 2. */
    struct edit_pair pairs[] = {{.column1 = 1, .column2 = 2, .indicator = '0'}};
    struct edits edits = {.over = 1, .addon_count = 2};
    edits.addons[0] = (struct edit_addon){.line = 3, .type = '1', .primaries = 1 << 2};
    edits.addons[1] = (struct edit_addon){.line = 1, .type = '1', .primaries = 1 << 0};
    settle(&edits, pairs, 1);
    assert_true(edits.settled);
    assert_int_equal(edits.bundled, 0);
    assert_int_equal(edits.stranded, 1 << 1);
    edits = (struct edits){.addon_count = 2};
    edits.addons[0] = (struct edit_addon){.line = 3, .type = '1', .primaries = 1 << 2};
    edits.addons[1] = (struct edit_addon){.line = 1, .type = '1', .primaries = 1 << 0};
    settle(&edits, pairs, 1);
    assert_true(edits.settled);
    assert_int_equal(edits.bundled, 1 << 2);
    assert_int_equal(edits.stranded, 1 << 3);
}

static void a_circle_ends_with_every_denial(void **state) {
    (void)state;
    /* Line 0 is an add-on of line 1 and column 1 against it. */
    struct edit_pair pairs[] = {{.column1 = 0, .column2 = 1, .indicator = '0'}};
    struct edits edits = {.addon_count = 1};
    edits.addons[0] = (struct edit_addon){.line = 0, .type = '1', .primaries = 1 << 1};
    settle(&edits, pairs, 1);
    assert_false(edits.settled);
    assert_int_equal(edits.bundled, 1 << 1);
    assert_int_equal(edits.stranded, 1 << 0);
}

/* ---- order ------------------------------------------------------------------------------- */

/* Findings as sums over (rule, code, status, severity), whatever the order of lines. */
static uint64_t findings_digest(void) {
    uint64_t digest = 0;
    for (int i = 0; i < bench.pass->finding_count; i++) {
        const struct audit_finding *finding = &bench.pass->findings[i];
        for (int j = 0; j < bench.pass->line_count; j++) {
            if (finding->line_bits >> j & 1) {
                uint64_t key = bench.lines[j].code.bits ^ (uint64_t)bench.lines[j].number << 3 ^
                               (uint64_t)finding->status << 1 ^ (uint64_t)finding->severity;
                digest +=
                    view_hash(finding->rule->id, key) ^ view_hash(finding->evidence[0].row, key);
            }
        }
    }
    return digest;
}

static void the_order_of_lines_does_not_matter(void **state) {
    (void)state;
    static const char *const codes[] = {"64494", "20553", "64493", "99213", "64495",
                                        "62323", "64483", "64493", "20610", "22515"};
    uint64_t random = 7;
    bench_claim(&bench);
    for (int i = 0; i < COUNT_OF(codes); i++) {
        bench_line(&bench, codes[i], i % 4 == 3 ? "59" : i % 3 == 1 ? "LT" : "", DAY, 1 + i % 2);
    }
    bench_run(&bench);
    uint64_t digest = findings_digest();
    assert_true(bench.pass->finding_count > 4);
    for (int round = 0; round < 200; round++) {
        for (int i = COUNT_OF(codes) - 1; i > 0; i--) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
            int j = (int)((random >> 33) % (uint64_t)(i + 1));
            struct claim_line swap = bench.lines[i];
            bench.lines[i] = bench.lines[j];
            bench.lines[j] = swap;
        }
        bench_run(&bench);
        assert_true(findings_digest() == digest);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_modifier_counts_where_it_may),
        cmocka_unit_test(other_modifiers_do_not_count),
        cmocka_unit_test(modifiers_of_both_lines_are_read_together),
        cmocka_unit_test(column_2_is_denied_and_column_1_named),
        cmocka_unit_test(a_bypass_is_told_with_its_modifier),
        cmocka_unit_test(other_days_and_providers_make_no_pair),
        cmocka_unit_test(a_line_that_is_not_payable_denies_nothing),
        cmocka_unit_test(facility_claims_lack_their_tables),
        cmocka_unit_test(a_code_the_store_lacks_is_a_gap),
        cmocka_unit_test(what_an_edition_cannot_say_is_a_gap),
        cmocka_unit_test(editions_older_than_the_day_are_stale),
        cmocka_unit_test(units_by_indicator),
        cmocka_unit_test(a_span_is_divided_by_its_days),
        cmocka_unit_test(the_side_trap_names_the_other_line),
        cmocka_unit_test(add_ons_need_a_payable_primary),
        cmocka_unit_test(denials_name_their_cause),
        cmocka_unit_test(chains_settle_in_any_order),
        cmocka_unit_test(a_circle_ends_with_every_denial),
        cmocka_unit_test(the_order_of_lines_does_not_matter),
    };
    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
