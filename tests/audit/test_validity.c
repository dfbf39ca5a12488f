/* Validity checks of the audit: a table of claims, each with a finding that must be there or a
 * rule that must be silent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit_case.h"

/* Claims are written with ' for " and put together from these parts. */
#define MEDICARE "'payer':{'profile':'medicare'},"
#define OFFICE "'place_of_service':'11',"
#define HOSPITAL "'place_of_service':'22',"
#define DAY "'service_date':'2026-08-10',"
#define DX "'diagnoses':{'A':'M17.11'},"
#define USUAL MEDICARE OFFICE DAY DX
#define LINE(number, code, more)                                                                   \
    "{'line':" #number ",'code':'" code "','units':1,'diagnosis_pointers':['A']" more "}"
#define MODIFIERS(list) ",'modifiers':[" list "]"
#define KNEE LINE(1, "20610", MODIFIERS("'RT'"))

#define SILENT NULL

struct row {
    const char *claim; /* all but id and lines */
    const char *lines;
    const char *rule;
    int line;
    const char *severity; /* SILENT: the rule must not be found on the line */
    const char *message;  /* NULL: any */
};

static struct view row_json(const struct row *row, char *json, size_t size) {
    int length = snprintf(json, size, "{'claim_id':'T1',%s'lines':[%s]}", row->claim, row->lines);
    assert_in_range(length, 1, size - 1);
    for (char *c = json; *c; c++) {
        *c = *c == '\'' ? '"' : *c;
    }
    return (struct view){json, length};
}

static void row_run(struct audit_case *c, const struct row *row) {
    char json[4096];
    audit_case_run(c, row_json(row, json, sizeof json));
    const struct audit_finding *finding = audit_case_find(c, row->rule, row->line);
    bool ok = row->severity
                  ? finding &&
                        view_equal(rule_severity_name(finding->severity), view_of(row->severity)) &&
                        finding->status == AUDIT_FAIL &&
                        (!row->message || view_equal(finding->message, view_of(row->message)))
                  : !finding;
    if (!ok) {
        print_error("%s on line %d, %s: %s\n", row->rule, row->line,
                    row->severity ? row->severity : "silent", json);
        audit_case_print(c);
    }
    assert_true(ok);
}

static void rows_run(const struct row *rows, ptrdiff_t count) {
    struct audit_case c;
    audit_case_open(&c, &(struct audit_options){.as_of = DATE_NONE, .alone = true});
    for (ptrdiff_t i = 0; i < count; i++) {
        row_run(&c, &rows[i]);
    }
    audit_case_close(&c);
}

#define ROWS_RUN(rows) rows_run(rows, COUNT_OF(rows))

/* ---- providers --------------------------------------------------------------------------- */

static void providers(void **state) {
    (void)state;
    static const struct row rows[] = {
        {USUAL "'billing_provider':{'npi':null},", KNEE, "npi_missing", AUDIT_CASE_CLAIM, "error",
         "the claim names no NPI of the billing provider"},
        {USUAL "'billing_provider':{'npi':''},", KNEE, "npi_missing", AUDIT_CASE_CLAIM, "error",
         NULL},
        {USUAL "'billing_provider':{'npi':'1234567893'},", KNEE, "npi_missing", AUDIT_CASE_ANY,
         SILENT, NULL},
        {USUAL, KNEE, "npi_missing", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL "'billing_provider':{'npi':'1234567890'},", KNEE, "npi_checksum", AUDIT_CASE_CLAIM,
         "error", "the NPI \"1234567890\" of the billing provider fails its check digit"},
        {USUAL "'billing_provider':{'npi':'1234567893'},", KNEE, "npi_checksum", AUDIT_CASE_ANY,
         SILENT, NULL},
        {USUAL "'billing_provider':{'npi':'3234567893'},", KNEE, "npi_checksum", AUDIT_CASE_CLAIM,
         "error",
         "the NPI \"3234567893\" of the billing provider is not ten digits that begin with 1 or 2"},
        {USUAL "'rendering_provider':{'npi':'123456789'},", KNEE, "npi_checksum", AUDIT_CASE_CLAIM,
         "error", NULL},
        {USUAL "'referring_provider':{'npi':'1558598798'},", KNEE, "npi_checksum", AUDIT_CASE_CLAIM,
         "error", NULL},
        {USUAL "'supervising_provider':{'npi':'1558598798'},", KNEE, "npi_checksum",
         AUDIT_CASE_CLAIM, "error", NULL},
        {USUAL "'service_facility':{'npi':'1558598798'},", KNEE, "npi_checksum", AUDIT_CASE_CLAIM,
         "error", NULL},
        {USUAL, LINE(1, "20610", ",'rendering_provider':{'npi':'1558598798'}"), "npi_checksum", 1,
         "error", NULL},
        {USUAL, LINE(1, "20610", ",'rendering_provider':{'npi':'1558598797'}"), "npi_checksum", 1,
         SILENT, NULL},
        {USUAL "'billing_provider':{'npi':'1234567893','taxonomy':'208VP0014'},", KNEE,
         "taxonomy_invalid", AUDIT_CASE_CLAIM, "error",
         "the taxonomy code \"208VP0014\" of the billing provider has not the form of one: nine "
         "digits or letters and X"},
        {USUAL "'rendering_provider':{'npi':'1558598797','taxonomy':'208VP00140'},", KNEE,
         "taxonomy_invalid", AUDIT_CASE_CLAIM, "error", NULL},
        {USUAL "'billing_provider':{'npi':'1234567893','taxonomy':'208VP0014X'},", KNEE,
         "taxonomy_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL "'billing_provider':{'npi':'1234567893'},", KNEE, "taxonomy_invalid", AUDIT_CASE_ANY,
         SILENT, NULL},
    };
    ROWS_RUN(rows);
}

/* JSON has no entity type: the claim is changed by hand, as an 837P would give it. */
static void provider_roles(void **state) {
    (void)state;
    static const struct {
        char billing, rendering, line_rendering;
        const char *severity;
    } rows[] = {
        {'2', '1', 0, SILENT},  {'2', '2', 0, "error"}, {'2', 0, '1', SILENT},
        {'2', 0, '2', "error"}, {'2', 0, 0, "review"},  {'1', 0, 0, SILENT},
    };
    struct audit_case c;
    audit_case_open(&c, &(struct audit_options){.as_of = DATE_NONE, .alone = true});
    for (int i = 0; i < COUNT_OF(rows); i++) {
        char json[1024];
        struct row row = {USUAL, KNEE, "provider_role", AUDIT_CASE_ANY, rows[i].severity, NULL};
        struct claim *claim = audit_case_read(&c, row_json(&row, json, sizeof json));
        struct view npi = VIEW("1558598797");
        claim->billing =
            (struct claim_provider){.npi = VIEW("1234567893"), .entity = rows[i].billing};
        claim->rendering = (struct claim_provider){.npi = rows[i].rendering ? npi : VIEW(""),
                                                   .entity = rows[i].rendering};
        claim->lines[0].rendering = (struct claim_provider){
            .npi = rows[i].line_rendering ? npi : VIEW(""), .entity = rows[i].line_rendering};
        audit_case_judge(&c);
        const struct audit_finding *finding = audit_case_find(&c, row.rule, row.line);
        assert_int_equal(finding != NULL, rows[i].severity != NULL);
        if (finding) {
            assert_true(
                view_equal(rule_severity_name(finding->severity), view_of(rows[i].severity)));
        }
    }
    audit_case_close(&c);
}

/* ---- structure --------------------------------------------------------------------------- */

static void dates(void **state) {
    (void)state;
    static const struct row rows[] = {
        {USUAL, LINE(1, "20610", ",'service_date':'2026-08-10','service_date_end':'2026-08-09'"),
         "date_invalid", 1, "error",
         "the service of 2026-08-10 ends before it begins, on 2026-08-09"},
        {USUAL, LINE(1, "20610", ",'service_date':'2026-08-10','service_date_end':'2026-08-10'"),
         "date_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL "'patient':{'birth_date':'2026-08-11'},", KNEE, "date_invalid", 1, "error",
         "the service of 2026-08-10 lies before the birth of the patient"},
        {USUAL "'patient':{'birth_date':'2026-08-10'},", KNEE, "date_invalid", AUDIT_CASE_ANY,
         SILENT, NULL},
        {USUAL "'received_date':'2026-08-09',", KNEE, "date_invalid", 1, "error",
         "the service of 2026-08-10 lies after the day the claim was received, 2026-08-09"},
        {USUAL "'received_date':'2026-08-10',", KNEE, "date_invalid", AUDIT_CASE_ANY, SILENT, NULL},
    };
    ROWS_RUN(rows);
}

#define FILED(day) MEDICARE OFFICE DX "'service_date':'" day "',"

static void timely_filing(void **state) {
    (void)state;
    static const struct row rows[] = {
        {FILED("2025-08-10") "'received_date':'2026-08-11',", KNEE, "timely_filing", 1, "error",
         "the claim was received on 2026-08-11, the filing limit for this service ended on "
         "2026-08-10"},
        {FILED("2025-08-10") "'received_date':'2026-08-10',", KNEE, "timely_filing", AUDIT_CASE_ANY,
         SILENT, NULL},
        {FILED("2024-02-29") "'received_date':'2025-03-01',", KNEE, "timely_filing", 1, "error",
         NULL},
        {FILED("2024-02-29") "'received_date':'2025-02-28',", KNEE, "timely_filing", AUDIT_CASE_ANY,
         SILENT, NULL},
        {FILED("2020-08-10"), KNEE, "timely_filing", AUDIT_CASE_ANY, SILENT, NULL},
        {"'payer':{'profile':'uhc'}," OFFICE DX "'service_date':'2026-05-01',"
         "'received_date':'2026-07-31',",
         KNEE, "timely_filing", 1, "review", NULL},
        {"'payer':{'profile':'uhc'}," OFFICE DX "'service_date':'2026-05-01',"
         "'received_date':'2026-07-30',",
         KNEE, "timely_filing", AUDIT_CASE_ANY, SILENT, NULL},
        {FILED("2025-01-10") "'received_date':'2026-08-10','frequency_code':'7',"
                             "'original_reference':'R1',",
         KNEE, "timely_filing", AUDIT_CASE_ANY, SILENT, NULL},
    };
    ROWS_RUN(rows);
}

#define CHARGED(charge) LINE(1, "20610", ",'charge':'" charge "'")
#define CHARGED_TWO(charge) LINE(2, "99214", ",'charge':'" charge "'" MODIFIERS("'25'"))

static void charges(void **state) {
    (void)state;
    static const struct row rows[] = {
        {USUAL "'total_charge':'200.01',", CHARGED("140.00") "," CHARGED_TWO("60.00"),
         "charge_balance", AUDIT_CASE_CLAIM, "error",
         "the total charge is $200.01, but the lines add up to $200.00"},
        {USUAL "'total_charge':'200.00',", CHARGED("140.00") "," CHARGED_TWO("60.00"),
         "charge_balance", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL "'total_charge':'-140.00',", CHARGED("-140.00"), "charge_balance", 1, "error",
         "the charge of the line is negative: $-140.00"},
        {USUAL "'total_charge':'-140.00',", CHARGED("140.00"), "charge_balance", AUDIT_CASE_CLAIM,
         "error", NULL},
        {USUAL "'total_charge':'0.00',", CHARGED("0.00"), "charge_balance", AUDIT_CASE_ANY, SILENT,
         NULL},
        {USUAL, CHARGED("140.00"), "charge_balance", AUDIT_CASE_ANY, SILENT, NULL},
    };
    ROWS_RUN(rows);
}

#define UNITS(code, units)                                                                         \
    "{'line':1,'code':'" code "','units':" units ",'diagnosis_pointers':['A']}"

static void units(void **state) {
    (void)state;
    static const struct row rows[] = {
        {USUAL, UNITS("20610", "0"), "units_invalid", 1, "error", "the line has 0 units"},
        {USUAL, UNITS("20610", "-1"), "units_invalid", 1, "error",
         "the units of the line are negative: -1"},
        {USUAL, UNITS("20610", "1.5"), "units_invalid", 1, "error",
         "the line has a fraction of a unit of a service that is counted whole: 1.5"},
        {USUAL, UNITS("20610", "1"), "units_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, UNITS("20610", "1.0"), "units_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, UNITS("J3301", "0.5"), "units_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, UNITS("J3301", "9999999"), "units_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, UNITS("J3301", "10000000"), "units_invalid", 1, "error", NULL},
    };
    ROWS_RUN(rows);
}

#define POINTERS(list) "{'line':1,'code':'20610','units':1,'diagnosis_pointers':[" list "]}"
#define TWO_DX MEDICARE OFFICE DAY "'diagnoses':{'A':'M17.11','B':'M25.561'},"

static void diagnoses(void **state) {
    (void)state;
    static const struct row rows[] = {
        {MEDICARE OFFICE DAY "'diagnoses':{},", POINTERS(""), "dx_missing", AUDIT_CASE_CLAIM,
         "error", "the claim has no diagnosis"},
        {MEDICARE OFFICE DAY "'diagnoses':{},", POINTERS(""), "dx_pointer", AUDIT_CASE_ANY, SILENT,
         NULL},
        {MEDICARE OFFICE DAY "'diagnoses':null,", KNEE, "dx_missing", AUDIT_CASE_CLAIM, "error",
         NULL},
        {USUAL, KNEE, "dx_missing", AUDIT_CASE_ANY, SILENT, NULL},
        {MEDICARE OFFICE DAY, KNEE, "dx_missing", AUDIT_CASE_ANY, SILENT, NULL},
        {TWO_DX, POINTERS("'C'"), "dx_pointer", 1, "error",
         "the line points to diagnosis C, which the claim does not list"},
        {TWO_DX, POINTERS("'A','A'"), "dx_pointer", 1, "error",
         "the line points twice to diagnosis A"},
        {TWO_DX, POINTERS(""), "dx_pointer", 1, "error", "the line points to no diagnosis"},
        {TWO_DX, POINTERS("'A','B'"), "dx_pointer", AUDIT_CASE_ANY, SILENT, NULL},
        {TWO_DX, POINTERS("'B'"), "dx_pointer", AUDIT_CASE_ANY, SILENT, NULL},
        {MEDICARE OFFICE DAY "'diagnoses':{'A':'M17.11','C':'M25.561'},", POINTERS("'B'"),
         "dx_pointer", 1, "error", NULL},
        {MEDICARE OFFICE DAY "'diagnoses':{'A':'M17.11','B':'M1711'},", KNEE, "dx_duplicate",
         AUDIT_CASE_CLAIM, "error", "diagnosis B repeats diagnosis A: M1711"},
        {MEDICARE OFFICE DAY "'diagnoses':{'A':'M17.11','B':'M25.561','C':'m25.561'},", KNEE,
         "dx_duplicate", AUDIT_CASE_CLAIM, "error", NULL},
        {TWO_DX, KNEE, "dx_duplicate", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, KNEE, "dx_duplicate", AUDIT_CASE_ANY, SILENT, NULL},
    };
    ROWS_RUN(rows);
}

#define PLACE(pos, day) MEDICARE DX "'place_of_service':'" pos "','service_date':'" day "',"

static void places(void **state) {
    (void)state;
    static const struct row rows[] = {
        {PLACE("90", "2026-08-10"), KNEE, "pos_invalid", 1, "error",
         "place of service 90 is not in force on 2026-08-10"},
        {PLACE("90", "2026-08-10"), KNEE "," LINE(2, "20610", MODIFIERS("'LT'")), "pos_invalid", 2,
         "error", NULL},
        {PLACE("11", "2026-08-10"), LINE(1, "20610", ",'place_of_service':'30'"), "pos_invalid", 1,
         "error", NULL},
        {PLACE("11", "2026-08-10"), KNEE, "pos_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {PLACE("24", "2026-08-10"), KNEE, "pos_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {PLACE("02", "2016-12-31"), KNEE, "pos_invalid", 1, "error", NULL},
        {PLACE("02", "2017-01-01"), KNEE, "pos_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {PLACE("10", "2021-12-31"), KNEE, "pos_invalid", 1, "error", NULL},
        {PLACE("10", "2022-01-01"), KNEE, "pos_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {PLACE("27", "2023-09-30"), KNEE, "pos_invalid", 1, "error", NULL},
        {PLACE("27", "2023-10-01"), KNEE, "pos_invalid", AUDIT_CASE_ANY, SILENT, NULL},
    };
    ROWS_RUN(rows);
}

/* One wrong place of the claim is one fault, whatever number of lines inherits it. */
static void place_of_claim_is_one_finding(void **state) {
    (void)state;
    char json[1024];
    struct audit_case c;
    struct row row = {PLACE("90", "2026-08-10"),
                      KNEE "," LINE(2, "20610", MODIFIERS("'LT'")),
                      "pos_invalid",
                      1,
                      "error",
                      NULL};
    audit_case_open(&c, &(struct audit_options){.as_of = DATE_NONE, .alone = true});
    audit_case_run(&c, row_json(&row, json, sizeof json));
    assert_int_equal(audit_case_count(&c, "pos_invalid"), 1);
    audit_case_close(&c);
}

static void frequencies(void **state) {
    (void)state;
    static const struct row rows[] = {
        {USUAL "'frequency_code':'7','original_reference':null,", KNEE, "frequency_reference",
         AUDIT_CASE_CLAIM, "error",
         "claim frequency 7 lacks the payer's number of the claim it replaces or voids"},
        {USUAL "'frequency_code':'8','original_reference':'',", KNEE, "frequency_reference",
         AUDIT_CASE_CLAIM, "error", NULL},
        {USUAL "'frequency_code':'7','original_reference':'2026222000001',", KNEE,
         "frequency_reference", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL "'frequency_code':'1',", KNEE, "frequency_reference", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL "'frequency_code':'1','original_reference':'2026222000001',", KNEE,
         "frequency_reference", AUDIT_CASE_ANY, SILENT, NULL},
    };
    ROWS_RUN(rows);
}

#define NDC(code, quantity, unit)                                                                  \
    LINE(1, "J3301", ",'ndc':{'code':'" code "','quantity':" quantity ",'unit':'" unit "'}")

static void drug_numbers(void **state) {
    (void)state;
    static const struct row rows[] = {
        {USUAL, NDC("0003029305", "1", "ML"), "ndc_invalid", 1, "error",
         "an NDC of ten digits is ambiguous without its hyphens: \"0003029305\""},
        {USUAL, NDC("0000302930X", "1", "ML"), "ndc_invalid", 1, "error", NULL},
        {USUAL, NDC("00003029305", "0", "ML"), "ndc_invalid", 1, "error",
         "the NDC has no amount above zero"},
        {USUAL, NDC("00003029305", "1", "ML"), "ndc_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, NDC("0003-0293-05", "1", "ML"), "ndc_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, LINE(1, "J3301", ""), "ndc_invalid", AUDIT_CASE_ANY, SILENT, NULL},
    };
    ROWS_RUN(rows);
}

static void ages(void **state) {
    (void)state;
    static const struct row rows[] = {
        {USUAL "'patient':{'age':121},", KNEE, "age_sex", AUDIT_CASE_CLAIM, "review", NULL},
        {USUAL "'patient':{'age':120},", KNEE, "age_sex", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL "'patient':{'age':4},", LINE(1, "99152", ""), "age_sex", 1, "review",
         "99152 is for a patient of five years and more; the patient is younger"},
        {USUAL "'patient':{'age':5},", LINE(1, "99152", ""), "age_sex", AUDIT_CASE_ANY, SILENT,
         NULL},
        {USUAL "'patient':{'age':5},", LINE(1, "99151", ""), "age_sex", 1, "review", NULL},
        {MEDICARE OFFICE DAY "'diagnoses':{'A':'O26.891'},'patient':{'age':41,'sex':'M'},", KNEE,
         "age_sex", AUDIT_CASE_CLAIM, "info", NULL},
        {MEDICARE OFFICE DAY "'diagnoses':{'A':'O26.891'},'patient':{'age':65,'sex':'F'},", KNEE,
         "age_sex", AUDIT_CASE_CLAIM, "review", NULL},
        {MEDICARE OFFICE DAY "'diagnoses':{'A':'O26.891'},'patient':{'age':64,'sex':'F'},", KNEE,
         "age_sex", AUDIT_CASE_ANY, SILENT, NULL},
    };
    ROWS_RUN(rows);
}

/* ---- codes ------------------------------------------------------------------------------- */

#define ON(day) MEDICARE OFFICE DX "'service_date':'" day "',"

static void codes(void **state) {
    (void)state;
    static const struct row rows[] = {
        {USUAL, LINE(1, "6232", ""), "code_not_valid", 1, "error",
         "\"6232\" has not the form of a procedure code"},
        {USUAL, LINE(1, "2061O", ""), "code_not_valid", 1, "error", NULL},
        {USUAL, LINE(1, "Z1234", ""), "code_not_valid", 1, "error", NULL},
        {USUAL, LINE(1, "20610", ""), "code_not_valid", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, LINE(1, "11042", ""), "code_not_valid", AUDIT_CASE_ANY, SILENT, NULL},
        {ON("2024-04-01"), LINE(1, "J1030", ""), "hcpcs_deleted", 1, "error",
         "J1030 is not valid on 2024-04-01: its last day was 2024-03-31; J1010 took its place"},
        {ON("2024-03-31"), LINE(1, "J1030", ""), "hcpcs_deleted", AUDIT_CASE_ANY, SILENT, NULL},
        {ON("2026-01-01"), LINE(1, "0275T", ""), "hcpcs_deleted", 1, "error", NULL},
        {ON("2025-12-31"), LINE(1, "0275T", ""), "hcpcs_deleted", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, LINE(1, "99070", ""), "code_not_payable", 1, "error",
         "99070 has status B: its payment is bundled into other services"},
        {USUAL, LINE(1, "99024", ",'charge':'0.00'"), "code_not_payable", 1, "info", NULL},
        {USUAL, LINE(1, "99024", ",'charge':'1.00'"), "code_not_payable", 1, "error", NULL},
        {USUAL, LINE(1, "99243", ""), "code_not_payable", 1, "error", NULL},
        {USUAL, LINE(1, "99397", ""), "code_not_payable", 1, "error", NULL},
        {USUAL, LINE(1, "99397", MODIFIERS("'GY'")), "code_not_payable", 1, "info", NULL},
        {USUAL, LINE(1, "A4556", ""), "code_not_payable", 1, "error", NULL},
        {USUAL, LINE(1, "97026", ""), "code_not_payable", 1, "review", NULL},
        {USUAL, LINE(1, "96523", "") "," LINE(2, "99213", ""), "code_not_payable", 1, "error",
         "96523 has status T: it is paid only when nothing else is on that day"},
        {USUAL, LINE(1, "96523", ""), "code_not_payable", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, LINE(1, "96523", "") "," LINE(2, "J3301", ""), "code_not_payable", AUDIT_CASE_ANY,
         SILENT, NULL},
        {USUAL, LINE(1, "80307", ""), "code_not_payable", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, LINE(1, "J3301", ""), "code_not_payable", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, KNEE, "code_not_payable", AUDIT_CASE_ANY, SILENT, NULL},
        {"'payer':{'profile':'aetna'}," OFFICE DAY DX, LINE(1, "99070", ""), "code_not_payable",
         AUDIT_CASE_ANY, SILENT, NULL},
    };
    ROWS_RUN(rows);
}

static void components(void **state) {
    (void)state;
    static const struct row rows[] = {
        {USUAL, LINE(1, "20610", MODIFIERS("'26'")), "pc_tc_invalid", 1, "error",
         "20610 has no professional component: modifier 26 does not apply (PC/TC indicator 0)"},
        {USUAL, LINE(1, "93010", MODIFIERS("'TC'")), "pc_tc_invalid", 1, "error", NULL},
        {USUAL, LINE(1, "93005", MODIFIERS("'TC'")), "pc_tc_invalid", 1, "error", NULL},
        {USUAL, LINE(1, "77003", MODIFIERS("'26'")), "pc_tc_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, LINE(1, "77003", MODIFIERS("'TC'")), "pc_tc_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {MEDICARE HOSPITAL DAY DX, LINE(1, "77003", MODIFIERS("'TC'")), "pc_tc_invalid", 1, "error",
         NULL},
        {MEDICARE HOSPITAL DAY DX, LINE(1, "96372", ""), "pc_tc_invalid", 1, "error", NULL},
        {MEDICARE HOSPITAL DAY DX, LINE(1, "93005", ""), "pc_tc_invalid", 1, "error", NULL},
        {USUAL, LINE(1, "96372", ""), "pc_tc_invalid", AUDIT_CASE_ANY, SILENT, NULL},
        {PLACE("24", "2026-08-10"), LINE(1, "96372", ""), "pc_tc_invalid", AUDIT_CASE_ANY, SILENT,
         NULL},
        {MEDICARE HOSPITAL DAY DX, LINE(1, "77003", ""), "pc_tc_missing_26", 1, "error",
         "77003 is billed whole in place of service 22, where the facility bills the technical "
         "part"},
        {PLACE("24", "2026-08-10"), LINE(1, "76942", ""), "pc_tc_missing_26", 1, "error", NULL},
        {PLACE("23", "2026-08-10"), LINE(1, "76942", ""), "pc_tc_missing_26", 1, "review", NULL},
        {MEDICARE HOSPITAL DAY DX, LINE(1, "72100", ""), "pc_tc_missing_26", 1, "review", NULL},
        {MEDICARE HOSPITAL DAY DX, LINE(1, "77003", MODIFIERS("'26'")), "pc_tc_missing_26",
         AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, LINE(1, "77003", ""), "pc_tc_missing_26", AUDIT_CASE_ANY, SILENT, NULL},
        {MEDICARE HOSPITAL DAY DX, KNEE, "pc_tc_missing_26", AUDIT_CASE_ANY, SILENT, NULL},
        {MEDICARE HOSPITAL DAY DX "'claim_type':'facility_opps',", LINE(1, "77003", ""),
         "pc_tc_missing_26", AUDIT_CASE_ANY, SILENT, NULL},
    };
    ROWS_RUN(rows);
}

static void modifiers(void **state) {
    (void)state;
    static const struct row rows[] = {
        {USUAL, LINE(1, "20610", MODIFIERS("'ZQ'")), "modifier_invalid", 1, "error",
         "modifier ZQ is not valid on the day of service"},
        {"'payer':{'profile':'workers_comp'}," OFFICE DAY DX, LINE(1, "20610", MODIFIERS("'ZQ'")),
         "modifier_invalid", 1, "review", NULL},
        {USUAL, LINE(1, "20610", MODIFIERS("'RTX'")), "modifier_invalid", 1, "error", NULL},
        {USUAL, LINE(1, "20610", MODIFIERS("'RT','RT'")), "modifier_invalid", 1, "error",
         "modifier RT stands twice on the line"},
        {USUAL, LINE(1, "20610", MODIFIERS("'RT','59'")), "modifier_invalid", AUDIT_CASE_ANY,
         SILENT, NULL},
        {ON("2019-12-31"), LINE(1, "20610", MODIFIERS("'GD'")), "modifier_invalid", AUDIT_CASE_ANY,
         SILENT, NULL},
        {ON("2020-01-01"), LINE(1, "20610", MODIFIERS("'GD'")), "modifier_invalid", 1, "error",
         NULL},
        {USUAL, LINE(1, "20610", MODIFIERS("'80'")), "modifier_invalid", 1, "error",
         "20610 is never paid to an assistant at surgery (indicator 1)"},
        {USUAL, LINE(1, "63685", MODIFIERS("'80'")), "modifier_invalid", AUDIT_CASE_ANY, SILENT,
         NULL},
        {USUAL, LINE(1, "64590", MODIFIERS("'62'")), "modifier_conflict", 1, "review", NULL},
        {USUAL, LINE(1, "20610", MODIFIERS("'62'")), "modifier_invalid", 1, "error", NULL},
        {USUAL, LINE(1, "62351", MODIFIERS("'62'")), "modifier_invalid", AUDIT_CASE_ANY, SILENT,
         NULL},
        {USUAL, LINE(1, "77003", MODIFIERS("'26','TC'")), "modifier_conflict", 1, "review", NULL},
        {USUAL, LINE(1, "20610", MODIFIERS("'50','RT'")), "modifier_conflict", 1, "review", NULL},
        {USUAL, LINE(1, "20610", MODIFIERS("'LT','RT'")), "modifier_conflict", 1, "review", NULL},
        {USUAL, LINE(1, "20610", MODIFIERS("'RT','59','XS'")), "modifier_conflict", 1, "review",
         NULL},
        {USUAL, LINE(1, "J3301", MODIFIERS("'JW','JZ'")), "modifier_conflict", 1, "review", NULL},
        {USUAL, LINE(1, "20610", MODIFIERS("'RT','25'")), "modifier_conflict", 1, "review",
         "modifier 25 belongs on a visit and stands on procedure 20610"},
        {USUAL, LINE(1, "99214", MODIFIERS("'59'")), "modifier_conflict", 1, "review", NULL},
        {USUAL, LINE(1, "20610", MODIFIERS("'91'")), "modifier_conflict", 1, "review", NULL},
        {USUAL, KNEE "," LINE(2, "99214", MODIFIERS("'57'")), "modifier_conflict", 2, "review",
         NULL},
        {USUAL, LINE(1, "20610", MODIFIERS("'50'")), "modifier_conflict", AUDIT_CASE_ANY, SILENT,
         NULL},
        {USUAL, KNEE "," LINE(2, "99214", MODIFIERS("'25'")), "modifier_conflict", AUDIT_CASE_ANY,
         SILENT, NULL},
        {USUAL, LINE(1, "80307", MODIFIERS("'91'")), "modifier_conflict", AUDIT_CASE_ANY, SILENT,
         NULL},
        {USUAL, LINE(1, "64494", MODIFIERS("'51'")), "multiple_procedure_modifier", 1, "info",
         "modifier 51 on 64494, an add-on code that no reduction applies to"},
        {"'payer':{'profile':'aetna'}," OFFICE DAY DX, LINE(1, "64494", MODIFIERS("'51'")),
         "multiple_procedure_modifier", 1, "review", NULL},
        {USUAL, LINE(1, "20610", MODIFIERS("'51'")), "multiple_procedure_modifier", AUDIT_CASE_ANY,
         SILENT, NULL},
        {USUAL, LINE(1, "64494", ""), "multiple_procedure_modifier", AUDIT_CASE_ANY, SILENT, NULL},
    };
    ROWS_RUN(rows);
}

static void visits(void **state) {
    (void)state;
    static const struct row rows[] = {
        {USUAL, LINE(1, "99214", "") "," LINE(2, "20610", ""), "em_without_25", 1, "error",
         "visit 99214 on the day of 20610 (line 2, global 000) has no modifier 25"},
        {USUAL, LINE(1, "99214", MODIFIERS("'25'")) "," LINE(2, "20610", ""), "em_without_25",
         AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL "'documentation':{'em_separate_note':false},",
         LINE(1, "99214", MODIFIERS("'25'")) "," LINE(2, "20610", ""), "em_without_25", 1, "error",
         "visit 99214 has modifier 25, but the record shows no visit separate from 20610 (line 2, "
         "global 000)"},
        {USUAL "'documentation':{'em_separate_note':true},",
         LINE(1, "99214", MODIFIERS("'25'")) "," LINE(2, "20610", ""), "em_without_25",
         AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, LINE(1, "99214", MODIFIERS("'57'")) "," LINE(2, "20610", ""), "em_without_25", 1,
         "error", NULL},
        {USUAL, LINE(1, "99214", ""), "em_without_25", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, LINE(1, "99214", "") "," LINE(2, "80307", ""), "em_without_25", AUDIT_CASE_ANY,
         SILENT, NULL},
        {USUAL, LINE(1, "99214", "") "," LINE(2, "20610", ",'service_date':'2026-08-11'"),
         "em_without_25", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL,
         LINE(1, "99214", ",'rendering_provider':{'npi':'1234567893'}") "," LINE(
             2, "20610", ",'rendering_provider':{'npi':'1558598797'}"),
         "em_without_25", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, LINE(1, "99214", "") "," LINE(2, "27279", ""), "em_without_25", 1, "error",
         "visit 99214 on the day of 27279 (line 2, global 090) has no modifier 57"},
        {USUAL, LINE(1, "99214", "") "," LINE(2, "27279", ",'service_date':'2026-08-11'"),
         "em_without_25", 1, "error",
         "visit 99214 on the day before 27279 (line 2, global 090) has no modifier 57"},
        {USUAL, LINE(1, "99214", "") "," LINE(2, "27279", ",'service_date':'2026-08-12'"),
         "em_without_25", AUDIT_CASE_ANY, SILENT, NULL},
        {USUAL, LINE(1, "99214", MODIFIERS("'57'")) "," LINE(2, "27279", ""), "em_without_25",
         AUDIT_CASE_ANY, SILENT, NULL},
    };
    ROWS_RUN(rows);
}

/* ---- what only an 837P can say ------------------------------------------------------------- */

static void without_date(struct claim *claim) {
    claim->format = CLAIM_FORMAT_X12;
    claim->lines[0].from = claim->lines[0].to = DATE_NONE;
}

static void bad_date(struct claim *claim) { claim->lines[0].date_bad = true; }

static void bad_claim_date(struct claim *claim) { claim->date_bad = true; }

static void without_place(struct claim *claim) {
    claim->pos_known = true;
    claim->place_of_service = CODE_NONE;
}

static void corrected_claim(struct claim *claim) {
    claim->frequency_known = true;
    claim->frequency = code_of("6");
}

static void without_frequency(struct claim *claim) {
    claim->frequency_known = true;
    claim->frequency = CODE_NONE;
}

static void icd9(struct claim *claim) { claim->diagnoses_icd9 = true; }

static void icd9_in_its_time(struct claim *claim) {
    claim->diagnoses_icd9 = true;
    claim->lines[0].from = claim->lines[0].to = date_from_ymd(2015, 9, 30);
}

static void three_lines_more(struct claim *claim) { claim->lines_extra = 3; }

static void pointer_zero(struct claim *claim) { claim->lines[0].pointers[0] = 0; }

static void total_is_no_amount(struct claim *claim) {
    claim->total_charge_known = true;
    claim->total_charge = MONEY_NONE;
}

static void ndc_unit(struct claim *claim) {
    claim->lines[0].ndc =
        (struct claim_ndc){.code = VIEW("00003029305"), .quantity = {1000}, .unit = code_of("EA")};
}

static void no_unit_of_service(struct claim *claim) { claim->lines[0].units = QUANTITY_NONE; }

static void rendering_without_npi(struct claim *claim) {
    claim->rendering = (struct claim_provider){.npi = VIEW(""), .entity = '1'};
}

static void another_code_list(struct claim *claim) {
    claim->lines[0].code = CODE_NONE;
    claim->lines[0].code_given = VIEW("A-17");
    claim->lines[0].qualifier = code_of("WK");
}

static void facts_beyond_json(void **state) {
    (void)state;
    static const struct {
        void (*change)(struct claim *claim);
        const char *rule;
        int line;
        bool found;
    } rows[] = {
        {without_date, "date_invalid", 1, true},
        {bad_date, "date_invalid", 1, true},
        {bad_claim_date, "date_invalid", AUDIT_CASE_CLAIM, true},
        {without_place, "pos_invalid", 1, true},
        {corrected_claim, "frequency_reference", AUDIT_CASE_CLAIM, true},
        {without_frequency, "frequency_reference", AUDIT_CASE_CLAIM, true},
        {icd9, "dx_missing", AUDIT_CASE_CLAIM, true},
        {icd9_in_its_time, "dx_missing", AUDIT_CASE_ANY, false},
        {three_lines_more, "x12_structure", AUDIT_CASE_CLAIM, true},
        {pointer_zero, "dx_pointer", 1, true},
        {total_is_no_amount, "charge_balance", AUDIT_CASE_CLAIM, true},
        {ndc_unit, "ndc_invalid", 1, true},
        {no_unit_of_service, "units_invalid", 1, true},
        {rendering_without_npi, "npi_missing", AUDIT_CASE_CLAIM, true},
        {another_code_list, "code_not_valid", AUDIT_CASE_ANY, false},
    };
    struct audit_case c;
    audit_case_open(&c, &(struct audit_options){.as_of = DATE_NONE, .alone = true});
    for (int i = 0; i < COUNT_OF(rows); i++) {
        char json[1024];
        struct row row = {USUAL, KNEE, rows[i].rule, rows[i].line, NULL, NULL};
        rows[i].change(audit_case_read(&c, row_json(&row, json, sizeof json)));
        audit_case_judge(&c);
        bool found = audit_case_find(&c, row.rule, row.line) != NULL;
        if (found != rows[i].found) {
            print_error("row %d, %s\n", i, row.rule);
            audit_case_print(&c);
        }
        assert_int_equal(found, rows[i].found);
    }
    audit_case_close(&c);
}

/* ---- what is not known ------------------------------------------------------------------- */

static void gaps(void **state) {
    (void)state;
    static const struct {
        const char *claim;
        const char *lines;
        const char *rule;
        const char *need; /* NULL: there must be no gap of the rule */
    } rows[] = {
        {USUAL, KNEE, "npi_missing", "claim:billing_provider.npi"},
        {USUAL "'billing_provider':{'npi':null},", KNEE, "npi_missing", NULL},
        {USUAL, KNEE, "charge_balance", "claim:total_charge"},
        {USUAL "'total_charge':'140.00',", KNEE, "charge_balance", "claim:lines.charge"},
        {USUAL "'total_charge':'140.00',", CHARGED("140.00"), "charge_balance", NULL},
        {USUAL, "{'line':1,'code':'20610','diagnosis_pointers':['A']}", "units_invalid",
         "claim:lines.units"},
        {MEDICARE OFFICE DAY, KNEE, "dx_missing", "claim:diagnoses"},
        {USUAL, "{'line':1,'code':'20610','units':1}", "dx_pointer",
         "claim:lines.diagnosis_pointers"},
        {MEDICARE DAY DX, KNEE, "pos_invalid", "claim:place_of_service"},
        {USUAL, KNEE, "frequency_reference", "claim:frequency_code"},
        {USUAL "'frequency_code':'7',", KNEE, "frequency_reference", "claim:original_reference"},
        {USUAL "'frequency_code':'1',", KNEE, "frequency_reference", NULL},
        {"'payer':{'profile':'bcbs'}," OFFICE DX DAY "'received_date':'2026-11-09',", KNEE,
         "timely_filing", "payer:timely_days"},
        {"'payer':{'profile':'bcbs'}," OFFICE DX DAY "'received_date':'2026-11-08',", KNEE,
         "timely_filing", NULL},
        {"'payer':{'profile':'bcbs'}," OFFICE DX DAY, KNEE, "timely_filing", NULL},
        {OFFICE DX DAY "'received_date':'2026-11-09',", KNEE, "timely_filing",
         "claim:payer.profile"},
        {USUAL, LINE(1, "11042", ""), "code_not_valid", "store:code:11042"},
        {OFFICE DAY DX, LINE(1, "99070", ""), "code_not_payable", "claim:payer.profile"},
        {USUAL "'documentation':{},", LINE(1, "99214", MODIFIERS("'25'")) "," LINE(2, "20610", ""),
         "em_without_25", "chart:em_separate_note"},
        {USUAL, LINE(1, "99214", MODIFIERS("'25'")) "," LINE(2, "20610", ""), "em_without_25",
         NULL},
    };
    struct audit_case c;
    audit_case_open(&c, &(struct audit_options){.as_of = DATE_NONE, .alone = true});
    for (int i = 0; i < COUNT_OF(rows); i++) {
        char json[2048];
        struct row row = {rows[i].claim, rows[i].lines, rows[i].rule, 0, NULL, NULL};
        audit_case_run(&c, row_json(&row, json, sizeof json));
        bool found = audit_case_gap(&c, rows[i].rule, rows[i].need);
        if (found != (rows[i].need != NULL)) {
            print_error("%s %s: %s\n", rows[i].rule, rows[i].need ? rows[i].need : "none", json);
            audit_case_print(&c);
        }
        assert_int_equal(found, rows[i].need != NULL);
    }
    audit_case_close(&c);
}

/* The row that decides and the fix stand with the finding. */
static void evidence_and_fix(void **state) {
    (void)state;
    struct audit_case c;
    char json[1024];
    struct row row = {
        MEDICARE HOSPITAL DAY DX, LINE(1, "77003", ""), "pc_tc_missing_26", 1, "error", NULL};
    audit_case_open(&c, &(struct audit_options){.as_of = DATE_NONE, .alone = true});
    audit_case_run(&c, row_json(&row, json, sizeof json));
    const struct audit_finding *finding = audit_case_find(&c, row.rule, row.line);
    assert_non_null(finding);
    assert_int_equal(finding->evidence_count, 1);
    assert_int_equal(finding->evidence[0].table, STORE_MPFS);
    assert_true(view_equal(finding->evidence[0].row, VIEW("77003")));
    assert_int_equal(finding->evidence[0].indicator, '1');
    assert_true(
        view_equal(finding->patch,
                   VIEW("[{\"op\":\"add\",\"path\":\"/lines/0/modifiers/-\",\"value\":\"26\"}]")));
    audit_case_close(&c);
}

/* Modifier and drug number of a line given by hand come from anywhere: nothing may break. */
static void input_text_is_quoted_and_cut(void **state) {
    (void)state;
    struct audit_case c;
    char json[1024];
    struct row row = {USUAL, KNEE, "npi_checksum", AUDIT_CASE_CLAIM, "error", NULL};
    audit_case_open(&c, &(struct audit_options){.as_of = DATE_NONE, .alone = true});
    struct claim *claim = audit_case_read(&c, row_json(&row, json, sizeof json));
    claim->billing.npi = VIEW("12\n3\x1b[31m4567890123456789012345678901234567890");
    audit_case_judge(&c);
    const struct audit_finding *finding = audit_case_find(&c, row.rule, row.line);
    assert_non_null(finding);
    assert_true(view_equal(finding->message,
                           VIEW("the NPI \"12?3?[31m456789012345678...\" of the billing provider "
                                "is not ten digits that begin with 1 or 2")));
    audit_case_close(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(providers),
        cmocka_unit_test(provider_roles),
        cmocka_unit_test(dates),
        cmocka_unit_test(timely_filing),
        cmocka_unit_test(charges),
        cmocka_unit_test(units),
        cmocka_unit_test(diagnoses),
        cmocka_unit_test(places),
        cmocka_unit_test(place_of_claim_is_one_finding),
        cmocka_unit_test(frequencies),
        cmocka_unit_test(drug_numbers),
        cmocka_unit_test(ages),
        cmocka_unit_test(codes),
        cmocka_unit_test(components),
        cmocka_unit_test(modifiers),
        cmocka_unit_test(visits),
        cmocka_unit_test(facts_beyond_json),
        cmocka_unit_test(gaps),
        cmocka_unit_test(evidence_and_fix),
        cmocka_unit_test(input_text_is_quoted_and_cut),
    };
    return cmocka_run_group_tests_name("validity", tests, NULL, NULL);
}
