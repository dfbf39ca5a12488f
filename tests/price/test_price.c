/* Amounts by table: the golden vectors of [edits-5], each rule of payment, schedules, steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "price_bench.h"

static struct bench bench;

static int open_bench(void **state) {
    (void)state;
    bench_open(&bench);
    bench_fee(&bench, "A0001", 12500, '0', '0', NULL);
    bench_fee(&bench, "A0002", 12500, '0', '1', NULL);
    bench_fee(&bench, "A0003", 12500, '0', '2', NULL);
    bench_fee(&bench, "A0004", 12500, '0', '3', NULL);
    bench_fee(&bench, "A0005", 12500, '0', '9', NULL);
    bench_fee(&bench, "A0011", 104348, '2', '0', NULL);
    bench_fee(&bench, "A0012", 101060, '2', '0', NULL);
    bench_fee(&bench, "A0013", 92290, '2', '0', NULL);
    bench_fee(&bench, "A0021", 20000, '2', '1', NULL);
    bench_fee(&bench, "A0022", 25000, '2', '0', NULL);
    bench_fee(&bench, "A0031", 1303, '3', '0', "A0033");
    bench_fee(&bench, "A0032", 1058, '3', '0', "A0033");
    bench_fee(&bench, "A0033", 995, '3', '0', "A0033");
    bench_fee(&bench, "A0041", 37456, '3', '0', "A0043");
    bench_fee(&bench, "A0042", 28598, '3', '0', "A0043");
    bench_fee(&bench, "A0043", 25540, '3', '0', "A0043");
    bench_store(&bench);
    return 0;
}

static int close_bench(void **state) {
    (void)state;
    bench_close(&bench);
    return 0;
}

struct row {
    const char *services;
    const char *amounts; /* of the lines, blanks between; "-" unknown */
};

static void amounts_write(const struct price *price, char *to, size_t size) {
    size_t at = 0;
    char text[24];
    for (int i = 0; i < price->line_count; i++) {
        struct money money = price->lines[i].allowed;
        struct view view = money_given(money) ? money_text(money, text) : VIEW("-");
        at += (size_t)snprintf(to + at, size - at, "%s%.*s", i > 0 ? " " : "", (int)view.size,
                               view.at);
    }
}

static void table_check(const struct store *store, const struct price_options *options,
                        const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char amounts[400] = "";
        bench_claim(&bench, rows[i].services);
        amounts_write(bench_price(&bench, store, options), amounts, sizeof amounts);
        if (strcmp(amounts, rows[i].amounts) != 0) {
            fail_msg("%s: %s instead of %s", rows[i].services, amounts, rows[i].amounts);
        }
    }
}

#define CHECK(store, options, rows)                                                                \
    table_check((store), (options), (rows), sizeof(rows) / sizeof *(rows))

/* ---- golden vectors ---------------------------------------------------------------------- */

static void published_amounts_come_out(void **state) {
    (void)state;
    static const struct row office[] = {{"99213 99214", "95.19 135.61"},
                                        {"99492", "160.32"},
                                        {"64494", "95.86"},
                                        {"64495", "98.87"},
                                        {"64491", "101.87"},
                                        {"64484", "117.57"},
                                        {"77003 77003-26", "104.54 28.39"},
                                        {"20610", "68.81"}};
    CHECK(bench.starter, &bench_national, office);
    struct price_options qp = bench_national;
    qp.qp = true;
    static const struct row higher[] = {{"99213", "95.67"}};
    CHECK(bench.starter, &qp, higher);
}

static void a_facility_has_its_own_fee(void **state) {
    (void)state;
    static const struct {
        const char *services, *pos;
        int64_t cents;
    } rows[] = {{"99213", "22", 5745}, {"99214", "22", 8450}, {"64494", "24", 4376},
                {"99213", "11", 9519}, {"99213", "12", 9519}};
    for (int i = 0; i < COUNT_OF(rows); i++) {
        bench_claim(&bench, rows[i].services);
        bench.claim.place_of_service = code_of(rows[i].pos);
        assert_int_equal(bench_price(&bench, bench.starter, &bench_national)->allowed.cents,
                         rows[i].cents);
    }
}

/* The Wisconsin amounts of care management codes: 1.000, 0.958, 0.308. */
static void indices_are_exact(void **state) {
    (void)state;
    static const struct {
        int32_t work, expense, malpractice;
        int64_t national, wisconsin;
    } rows[] = {{188, 278, 14, 16032, 15319}, {205, 215, 14, 14496, 13871},
                {82, 96, 6, 6146, 5872}};
    for (int i = 0; i < COUNT_OF(rows); i++) {
        struct price_fee fee = {rows[i].work, rows[i].expense, rows[i].malpractice,
                                1000,         1000,            1000,
                                334009,       false};
        assert_int_equal(price_fee_cents(&fee), rows[i].national);
        fee.expense_gpci = 958;
        fee.malpractice_gpci = 308;
        assert_int_equal(price_fee_cents(&fee), rows[i].wisconsin);
    }
}

static void both_sides_pay_by_indicator(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"A0001-LT=100 A0001-RT=100", "100.00 25.00"},
        {"A0003-LT=100 A0003-RT=100", "100.00 25.00"},
        {"A0002-LT=100 A0002-RT=100", "100.00 87.50"},
        {"A0004-LT=100 A0004-RT=100", "100.00 100.00"},
        {"A0002-50=200", "187.50"},
        {"A0002=200 A0002=200", "125.00 62.50"},
        {"A0002 A0002 A0002", "125.00 62.50 125.00"},
        {"A0002 A0002-59", "125.00 125.00"},
        {"A0002-KX A0002-KX", "125.00 62.50"},
        {"A0001 A0001", "125.00 125.00"},
        {"A0002-50=150", "150.00"},
        {"A0002x2=200", "187.50"},
        {"A0002-RTx2=300", "250.00"},
        {"A0001-50=300", "125.00"},
        {"A0003-50=300", "125.00"},
        {"A0004-50=300", "250.00"},
        {"A0002-RT=300 A0002-LT=300", "62.50 125.00"},
        {"A0002-RT=40 A0002-LT=40", "40.00 40.00"},
        {"A0002-LT=200 A0002-RT=40", "147.50 40.00"},
    };
    CHECK(bench.store, &bench_national, rows);
}

static void several_procedures_are_ranked(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"A0011=2000 A0012=1050 A0013=1000", "1043.48 505.30 461.45"},
        {"A0013=1000 A0012=1050 A0011=2000", "461.45 505.30 1043.48"},
        {"A0021-50 A0022", "300.00 125.00"},
        {"A0021-RT A0021-LT A0022", "100.00 200.00 125.00"},
        {"A0022 A0022-59 A0022-76", "250.00 125.00 125.00"},
        {"A0022x3", "500.00"},
        {"A0011 A0022x2", "1043.48 250.00"},
        {"A0001 A0011 A0012", "125.00 1043.48 505.30"},
        {"A0011", "1043.48"},
        {"A0022 A0022-59 A0022-XS A0022-XU A0022-XP A0022-XE",
         "250.00 125.00 125.00 125.00 125.00 125.00"},
    };
    CHECK(bench.store, &bench_national, rows);
    bench_claim(&bench, "A0022 A0022-59 A0022-XS A0022-XU A0022-XP A0022-XE");
    const struct price *price = bench_price(&bench, bench.store, &bench_national);
    int by_report = 0;
    for (int i = 0; i < price->line_count; i++) {
        by_report += price->lines[i].reason.size > 0;
    }
    assert_int_equal(by_report, 1);
}

static void endoscopies_of_a_family_are_one(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"A0031 A0032", "13.03 0.63"},
        {"A0041 A0042", "374.56 30.58"},
        {"A0042 A0041", "30.58 374.56"},
        {"A0041 A0043", "374.56 0.00"},
        {"A0043", "255.40"},
        {"A0041 A0042 A0022", "374.56 30.58 125.00"},
        {"A0011 A0041 A0042", "1043.48 187.28 15.29"},
    };
    CHECK(bench.store, &bench_national, rows);
}

static void other_days_and_providers_are_ranked_apart(void **state) {
    (void)state;
    bench_claim(&bench, "A0011 A0012");
    bench.lines[1].from.day++;
    assert_int_equal(bench_price(&bench, bench.store, &bench_national)->allowed.cents,
                     104348 + 101060);
    bench_claim(&bench, "A0011 A0012");
    bench.lines[1].rendering.npi = VIEW("1234567893");
    assert_int_equal(bench_price(&bench, bench.store, &bench_national)->allowed.cents,
                     104348 + 101060);
}

static void the_patient_pays_first(void **state) {
    (void)state;
    struct price_options options = bench_national;
    options.deductible = (struct money){5000};
    bench_claim(&bench, "A0001=100.00");
    const struct price *price = bench_price(&bench, bench.store, &options);
    assert_int_equal(price->allowed.cents, 10000);
    assert_int_equal(price->patient.cents, 5000 + 1000);
    assert_int_equal(price->paid.cents, 3920);
    bench_claim(&bench, "A0001=30.00 A0001-59=30.00 A0001-33=30.00");
    price = bench_price(&bench, bench.store, &options);
    assert_int_equal(price->lines[0].patient.cents, 3000);
    assert_int_equal(price->lines[1].patient.cents, 2000 + 200);
    assert_int_equal(price->lines[2].patient.cents, 0);
    assert_int_equal(price->lines[2].paid.cents, 2940);
}

static void sequestration_has_its_days(void **state) {
    (void)state;
    static const struct {
        int year, month, day;
        int64_t paid; /* of 100.00 without deductible */
    } rows[] = {{2026, 1, 1, 7840}, {2026, 12, 31, 7840}};
    for (int i = 0; i < COUNT_OF(rows); i++) {
        bench_claim(&bench, "A0001=100.00");
        bench.lines[0].from = date_from_ymd(rows[i].year, rows[i].month, rows[i].day);
        assert_int_equal(bench_price(&bench, bench.store, &bench_national)->paid.cents,
                         rows[i].paid);
    }
}

static void who_does_not_participate_has_a_limit(void **state) {
    (void)state;
    struct price_options options = bench_national;
    options.nonparticipating = true;
    bench_claim(&bench, "99213");
    const struct price *price = bench_price(&bench, bench.starter, &options);
    assert_int_equal(price->allowed.cents, 9043);
    assert_int_equal(price->lines[0].limit.cents, 10400);
}

/* ---- modifiers --------------------------------------------------------------------------- */

static void modifiers_pay_a_part(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"A0001-62", "78.13"}, {"A0001-80", "20.00"}, {"A0001-81", "20.00"}, {"A0001-82", "20.00"},
        {"A0001-AS", "17.00"}, {"A0001-52", "-"},     {"A0001-53", "-"},     {"A0001-55", "-"},
        {"A0001-56", "0.00"},  {"A0001-78", "87.50"}, {"A0001-66", "-"},
        {"A0001-GY", "0.00"},  {"A0001-GZ", "0.00"},  {"A0001-54", "100.00"},
        {"A0001-79", "125.00"}, {"A0001-58", "125.00"}, {"A0001-59", "125.00"},
    };
    CHECK(bench.store, &bench_national, rows);
    bench_claim(&bench, "A0001");
    bench.claim.rendering.npi = VIEW("1558598797");
    bench.claim.rendering.taxonomy = VIEW("363LF0000X");
    const struct price *price = bench_price(&bench, bench.store, &bench_national);
    assert_int_equal(price->allowed.cents, 10625);
    assert_true(price->lines[0].trial);
}

static void statuses_say_what_is_paid(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"36000 97010 A4556", "0.00 0.00 0.00"}, /* bundled */
        {"0202T 36415 99455", "- - -"},          /* by the contractor, or elsewhere */
        {"83992 98943 97014", "0.00 0.00 0.00"}, /* not valid, not covered */
        {"96523", "26.05"},                      /* pays when it is alone */
        {"96523 99213", "0.00 95.19"},
        {"00600", "-"},
        {"ZZZZZ", "-"},
    };
    CHECK(bench.starter, &bench_national, rows);
    bench_claim(&bench, "99213");
    bench.claim.place_of_service = CODE_NONE;
    const struct price *price = bench_price(&bench, bench.starter, &bench_national);
    assert_int_equal(price->unknown, 1);
    assert_memory_equal(price->lines[0].need.at, "claim:place_of_service", 22);
    assert_int_equal(price->allowed.cents, 0);
}

static void drugs_pay_their_limit(void **state) {
    (void)state;
    static const struct row rows[] = {{"J3301x4", "2.96"}, {"J3301", "0.74"}, {"J1010x40", "4.80"},
                                      {"J3301x4=2.00", "2.00"}, {"20610 J3301x4", "68.81 2.96"}};
    CHECK(bench.starter, &bench_national, rows);
}

static void anesthesia_counts_units(void **state) {
    (void)state;
    struct price_options options = bench_national;
    options.base_units = 10;
    assert_int_equal(price_anesthesia_cents(131, 204976), 26852);
    bench_claim(&bench, "00600");
    bench.lines[0].minutes = 47;
    assert_int_equal(bench_price(&bench, bench.starter, &options)->allowed.cents, 26852);
    bench_claim(&bench, "00600-QK");
    bench.lines[0].minutes = 47;
    assert_int_equal(bench_price(&bench, bench.starter, &options)->allowed.cents, 13426);
    bench_claim(&bench, "00600-AD");
    assert_int_equal(bench_price(&bench, bench.starter, &options)->allowed.cents, 6149);
    bench_claim(&bench, "00600");
    assert_int_equal(bench_price(&bench, bench.starter, &options)->unknown, 1);
}

/* ---- schedules --------------------------------------------------------------------------- */

static const struct price *contract_price(const char *csv, const char *payer) {
    struct diag diag = DIAG_NONE;
    struct price_options options = bench_national;
    assert_int_equal(price_schedule_read(&options.schedule, view_of(csv), &bench.arena, &diag),
                     STATUS_OK);
    assert_int_equal(price_open(&bench.pricer, bench.store, &options, &bench.arena, &diag),
                     STATUS_OK);
    return price_claim(bench.pricer, &bench.claim,
                       &(struct price_payer){view_of(payer), false});
}

static void contracts_name_amounts_and_percentages(void **state) {
    (void)state;
    static const char csv[] = "Payer,Code,Modifier,Percent,Amount,From,To\r\n"
                              "uhc,*,,120,,,\r\n"
                              "\"uhc\",A001*,,150,,,\n"
                              "uhc,A0011,,,900.00,2026-01-01,2026-12-31\n"
                              "uhc,A0011,,,800.00,,2025-12-31\n"
                              "uhc,A0001,59,,10.00,,\n";
    static const struct {
        const char *services;
        int64_t cents;
    } rows[] = {{"A0001", 15000},          {"A0001-59", 1000},        {"A0012", 151590},
                {"A0011", 90000},          {"A0011 A0012", 151590 + 45000},
                {"A0002-50", 22500},       {"A0021-50 A0022", 36000 + 15000}};
    for (int i = 0; i < COUNT_OF(rows); i++) {
        bench_claim(&bench, rows[i].services);
        const struct price *price = contract_price(csv, "uhc");
        assert_int_equal(price->basis, PRICE_BASIS_SCHEDULE);
        assert_int_equal(price->allowed.cents, rows[i].cents);
        assert_false(money_given(price->lines[0].paid));
    }
    bench_claim(&bench, "A0001");
    assert_int_equal(contract_price(csv, "aetna")->basis, PRICE_BASIS_NONE);
}

static void schedules_are_refused_with_their_place(void **state) {
    (void)state;
    static const struct {
        const char *csv, *code;
        int line, column;
    } rows[] = {
        {"", "schedule_header", 0, 0},
        {"code,amount\n", "schedule_header", 1, 0},
        {"payer,code\n", "schedule_header", 1, 0},
        {"payer,code,amount\nuhc,64483,\n", "schedule_row", 2, 3},
        {"payer,code,amount\nuhc,64483,-1\n", "schedule_row", 2, 3},
        {"payer,code,amount,percent\nuhc,64483,5,5\n", "schedule_row", 2, 3},
        {"payer,code,percent\nuhc,64483,1000000\n", "schedule_row", 2, 0},
        {"payer,code,amount,from\n\nuhc,64483,5,2026-13-01\n", "schedule_row", 3, 4},
        {"payer,code,amount\nuhc,6*4,5\n", "schedule_row", 2, 2},
        {"payer,code,amount\n,64483,5\n", "schedule_row", 2, 1},
        {"payer,code,amount\nuhc,64483,5\nuhc,64483,6\n", "schedule_twice", 3, 0},
    };
    for (int i = 0; i < COUNT_OF(rows); i++) {
        struct diag diag = DIAG_NONE;
        const struct price_schedule *schedule = NULL;
        assert_int_equal(
            price_schedule_read(&schedule, view_of(rows[i].csv), &bench.arena, &diag),
            STATUS_INPUT);
        assert_string_equal(diag.code, rows[i].code);
        assert_int_equal(diag.line, rows[i].line);
        assert_int_equal(diag.column, rows[i].column);
    }
}

/* ---- steps, places ----------------------------------------------------------------------- */

static void every_step_is_kept(void **state) {
    (void)state;
    bench_claim(&bench, "A0021-50=500.00 A0022-RT=100.00");
    const struct price *price = bench_price(&bench, bench.store, &bench_national);
    static const struct {
        int line;
        enum price_step_kind kind;
        int64_t cents;
    } steps[] = {{0, PRICE_STEP_FEE, 20000},        {0, PRICE_STEP_BOTH_SIDES, 30000},
                 {0, PRICE_STEP_RANK, 30000},       {0, PRICE_STEP_COINSURANCE, 6000},
                 {0, PRICE_STEP_SEQUESTRATION, 480}, {1, PRICE_STEP_FEE, 25000},
                 {1, PRICE_STEP_RANK, 12500},       {1, PRICE_STEP_CHARGE, 10000},
                 {1, PRICE_STEP_COINSURANCE, 2000}, {1, PRICE_STEP_SEQUESTRATION, 160}};
    int at[2] = {0, 0};
    for (int i = 0; i < COUNT_OF(steps); i++) {
        const struct price_line *line = &price->lines[steps[i].line];
        int step = at[steps[i].line]++;
        assert_true(step < line->step_count);
        assert_int_equal(line->steps[step].kind, steps[i].kind);
        assert_int_equal(line->steps[step].amount.cents, steps[i].cents);
    }
    assert_int_equal(at[0], price->lines[0].step_count);
    assert_int_equal(at[1], price->lines[1].step_count);
}

static void the_zip_code_gives_the_locality(void **state) {
    (void)state;
    struct price_options options = bench_national;
    options.national = false;
    bench_claim(&bench, "99213");
    bench.claim.billing_zip = VIEW("39201");
    const struct price *price = bench_price(&bench, bench.starter, &options);
    assert_true(price->has_locality);
    assert_true(code_equal(price->locality.carrier, code_of("07302")));
    /* 1.30 x 1.000 + 1.46 x 0.861 + 0.09 x 0.739, times 33.4009 */
    assert_int_equal(price->allowed.cents, 8763);
    bench.claim.facility_zip = VIEW("100010001");
    price = bench_price(&bench, bench.starter, &options);
    assert_true(code_equal(price->locality.carrier, code_of("13202")));
    bench.claim.facility_zip = VIEW("00000");
    price = bench_price(&bench, bench.starter, &options);
    assert_false(price->has_locality);
    assert_int_equal(price->allowed.cents, 9519);
    options.carrier = code_of("99999");
    options.locality = code_of("00");
    struct diag diag = DIAG_NONE;
    assert_int_equal(price_open(&bench.pricer, bench.starter, &options, &bench.arena, &diag),
                     STATUS_USAGE);
}

static void a_denial_costs_what_the_claim_pays_less(void **state) {
    (void)state;
    bench_claim(&bench, "A0011 A0012 A0013");
    const struct price *price = bench_price(&bench, bench.store, &bench_national);
    int64_t all = price->allowed.cents;
    assert_int_equal(price_without(bench.pricer, 0).cents, all);
    assert_int_equal(price_without(bench.pricer, 1).cents, 101060 + 46145);
    assert_int_equal(price_without(bench.pricer, 7).cents, 0);
    assert_int_equal(bench.claim.line_count, 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_amounts_come_out),
        cmocka_unit_test(a_facility_has_its_own_fee),
        cmocka_unit_test(indices_are_exact),
        cmocka_unit_test(both_sides_pay_by_indicator),
        cmocka_unit_test(several_procedures_are_ranked),
        cmocka_unit_test(endoscopies_of_a_family_are_one),
        cmocka_unit_test(other_days_and_providers_are_ranked_apart),
        cmocka_unit_test(the_patient_pays_first),
        cmocka_unit_test(sequestration_has_its_days),
        cmocka_unit_test(who_does_not_participate_has_a_limit),
        cmocka_unit_test(modifiers_pay_a_part),
        cmocka_unit_test(statuses_say_what_is_paid),
        cmocka_unit_test(drugs_pay_their_limit),
        cmocka_unit_test(anesthesia_counts_units),
        cmocka_unit_test(contracts_name_amounts_and_percentages),
        cmocka_unit_test(schedules_are_refused_with_their_place),
        cmocka_unit_test(every_step_is_kept),
        cmocka_unit_test(the_zip_code_gives_the_locality),
        cmocka_unit_test(a_denial_costs_what_the_claim_pays_less),
    };
    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
