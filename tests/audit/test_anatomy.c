/* Anatomy, diagnoses and drugs: tables of short claims and what a rule says about them.
 *
 * A line is CODE[-MODIFIER]…[*UNITS][@POINTERS][=DOSE_MG][/single|/multi][#DATE][!NPI], lines are
 * separated by blanks; without @ a line points to the first diagnosis. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audit_case.h"

struct row {
    const char *name;
    const char *rule;
    const char *lines;
    const char *expect; /* "error 2": severity and line; "gap NEED"; "" silent */
    const char *dx;     /* "M51.16 M54.16"; NULL: M51.16 */
    const char *on;     /* NULL: 2026-08-10 */
    const char *payer;  /* NULL: medicare; "": not known */
    const char *type;   /* NULL: professional */
    const char *pos;    /* NULL: 11 */
};

#define ASC "facility_asc"

static const struct row rows[] = {
    /* bilateral_not_allowed: indicator 0, 2, 9 */
    {"V025 50 on an interlaminar epidural", "bilateral_not_allowed", "62323-50",
     .expect = "error 1"},
    {"50 on a catheter epidural", "bilateral_not_allowed", "62325-50", .expect = "error 1",
     .dx = "M50.122"},
    {"50 on a trigger point, indicator 0", "bilateral_not_allowed", "20553-50", .expect = "error 1",
     .dx = "M79.18"},
    {"50 on a migraine code, indicator 2", "bilateral_not_allowed", "64615-50", .expect = "error 1",
     .dx = "G43.709"},
    {"50 on a drug, indicator 9", "bilateral_not_allowed", "20610-50 J3301-50*4",
     .expect = "error 2", .dx = "M17.0"},
    {"50 with indicator 1", "bilateral_not_allowed", "64483-50", .expect = ""},
    {"V043 knees", "bilateral_not_allowed", "20610-50", .expect = "", .dx = "M17.0"},
    {"right and left with indicator 0 reduce", "bilateral_not_allowed", "20551-RT 20551-LT",
     .expect = "warn 2", .dx = "M75.81 M75.82"},
    {"right and left with indicator 0, distinct", "bilateral_not_allowed", "20551-RT 20551-LT-59",
     .expect = "", .dx = "M75.81 M75.82"},
    {"right and left with indicator 0 and a limit of 1", "bilateral_not_allowed",
     "64628-RT 64628-LT", .expect = "error 2", .dx = "M47.816"},
    {"right and left with indicator 2", "bilateral_not_allowed", "64488-RT 64488-LT",
     .expect = "error 1"},
    {"right and left of an epidural, indicator 9", "bilateral_not_allowed", "62323-RT 62323-LT",
     .expect = "error 2"},
    {"right and left on one line, indicator 9", "bilateral_not_allowed", "62323-RT-LT",
     .expect = "error 1"},
    {"one side says where, indicator 0", "bilateral_not_allowed", "20551-RT", .expect = "",
     .dx = "M75.81"},
    {"one side says where, indicator 9", "bilateral_not_allowed", "62323-RT", .expect = ""},
    {"a drug for each side", "bilateral_not_allowed", "20610-50 J7325-RT*48 J7325-LT*48",
     .expect = "", .dx = "M17.0"},
    {"right and left on two days", "bilateral_not_allowed", "62323-RT 62323-LT#2026-08-11",
     .expect = ""},
    /* bilateral_two_lines_mue */
    {"two lines of a code with a limit of 1", "bilateral_two_lines_mue", "64493-KX-RT 64493-KX-LT",
     .expect = "error 2", .dx = "M47.816"},
    {"sacroiliac on two lines", "bilateral_two_lines_mue", "27096-LT 27096-RT", .expect = "error 1",
     .dx = "M46.1"},
    {"V013 a facility takes a line for each side", "bilateral_two_lines_mue",
     "64493-KX-RT 64493-KX-LT", .expect = "", .dx = "M47.816", .type = ASC, .pos = "24"},
    {"another payer", "bilateral_two_lines_mue", "64493-RT 64493-LT", .expect = "", .dx = "M47.816",
     .payer = "bcbs"},
    {"a limit of 2", "bilateral_two_lines_mue", "20610-RT 20610-LT", .expect = "", .dx = "M17.0"},
    {"two days", "bilateral_two_lines_mue", "64493-RT 64493-LT#2026-08-11", .expect = "",
     .dx = "M47.816"},
    {"same side twice", "bilateral_two_lines_mue", "64493-RT 64493-RT", .expect = "",
     .dx = "M47.816"},
    {"50 with 2 units", "bilateral_two_lines_mue", "20610-50*2", .expect = "error 1",
     .dx = "M17.0"},
    {"50 with 1 unit", "bilateral_two_lines_mue", "20610-50*1", .expect = "", .dx = "M17.0"},
    {"50 with 2 units, another payer", "bilateral_two_lines_mue", "20610-50*2", .expect = "",
     .dx = "M17.0", .payer = "bcbs"},
    /* bilateral_addon_convention */
    {"V011 50 on an add-on, payer takes it twice", "bilateral_addon_convention",
     "64493-50 64494-50", .expect = "warn 2", .dx = "M47.816", .payer = "bcbs"},
    {"two units for a payer that takes it twice", "bilateral_addon_convention", "64493-50 64494*2",
     .expect = "", .dx = "M47.816", .payer = "bcbs"},
    {"two lines for a payer that takes it twice", "bilateral_addon_convention",
     "64493-50 64494 64494", .expect = "", .dx = "M47.816", .payer = "bcbs"},
    {"a line for each side, payer takes it twice", "bilateral_addon_convention",
     "64493-50 64494-RT 64494-LT", .expect = "", .dx = "M47.816", .payer = "bcbs"},
    {"50 on an add-on, Medicare", "bilateral_addon_convention", "64493-KX-50 64494-KX-50",
     .expect = "", .dx = "M47.816"},
    {"two units, Medicare", "bilateral_addon_convention", "64483-50 64484*2", .expect = "warn 2"},
    {"two lines, Medicare", "bilateral_addon_convention", "64483-50 64484 64484",
     .expect = "warn 3"},
    {"a line for each side, Medicare", "bilateral_addon_convention", "64483-50 64484-RT 64484-LT",
     .expect = "warn 3"},
    {"a line for each side over the limit is told by the limit", "bilateral_addon_convention",
     "64493-50 64494-RT 64494-LT", .expect = "", .dx = "M47.816"},
    {"two units on one side", "bilateral_addon_convention", "64483-RT 64484-RT*2", .expect = ""},
    {"one side", "bilateral_addon_convention", "64493-RT 64494-RT", .expect = "", .dx = "M47.816",
     .payer = "bcbs"},
    {"convention not known", "bilateral_addon_convention", "64493-50 64494-50",
     .expect = "gap payer:bilateral_addon_convention", .dx = "M47.816", .payer = "aetna"},
    {"payer not known", "bilateral_addon_convention", "64493-50 64494-50",
     .expect = "gap payer:bilateral_addon_convention", .dx = "M47.816", .payer = ""},
    {"convention not asked for", "bilateral_addon_convention", "64493-50 64494-LT", .expect = "",
     .dx = "M47.816", .payer = "aetna"},
    /* single_code_family */
    {"V073 two kyphoplasty bases", "single_code_family", "22513 22514", .expect = "error 2",
     .dx = "M80.08XA"},
    {"the edit names the line, not the order", "single_code_family", "22514 22513",
     .expect = "error 1", .dx = "M80.08XA"},
    {"V075 migraine and neck", "single_code_family", "64615 64616-RT", .expect = "error 2",
     .dx = "G43.709", .payer = "cigna"},
    {"face and neck exclude only the migraine code", "single_code_family", "64612-RT 64616-RT",
     .expect = "", .dx = "G24.5"},
    {"drug tests", "single_code_family", "80305 80307", .expect = "error 1", .dx = "Z79.891"},
    {"definitive drug tests", "single_code_family", "G0480 G0483", .expect = "error 1",
     .dx = "Z79.891"},
    {"pump refill and reprogramming", "single_code_family", "62370 62369", .expect = "error 2",
     .dx = "G89.4"},
    {"epidural with and without imaging", "single_code_family", "62323 62322", .expect = "error 2"},
    {"vertebroplasty bases", "single_code_family", "22511 22510", .expect = "error 1",
     .dx = "M80.08XA"},
    {"base and add-on", "single_code_family", "22513 22515", .expect = "", .dx = "M80.08XA"},
    {"two days", "single_code_family", "80305 80307#2026-08-11", .expect = "", .dx = "Z79.891"},
    {"two practitioners", "single_code_family", "80305 80307!1558598797", .expect = "",
     .dx = "Z79.891"},
    {"same code twice", "single_code_family", "80305 80305", .expect = "", .dx = "Z79.891"},
    /* tpi_single_code, unit_once_per_day */
    {"V039 three units", "tpi_single_code", "20553*3 76942", .expect = "error 1", .dx = "M54.2"},
    {"both trigger point codes", "tpi_single_code", "20552 20553", .expect = "error 1",
     .dx = "M79.18"},
    {"one unit", "tpi_single_code", "20553", .expect = "", .dx = "M79.18"},
    {"two days of trigger points", "tpi_single_code", "20552 20553#2026-08-11", .expect = "",
     .dx = "M79.18"},
    {"dry needling is another code", "tpi_single_code", "20552 20561", .expect = "",
     .dx = "M79.18"},
    {"third level with two units", "unit_once_per_day", "64493-LT 64494-LT 64495-LT*2",
     .expect = "error 3", .dx = "M47.816", .payer = "aetna"},
    {"third level on two lines", "unit_once_per_day", "64490-LT 64491-LT 64492-LT 64492-LT",
     .expect = "error 3", .dx = "M47.812", .payer = "aetna"},
    {"trigger points on two lines", "unit_once_per_day", "20553 20553", .expect = "error 1",
     .dx = "M79.18"},
    {"third level once", "unit_once_per_day", "64493-LT 64494-LT 64495-LT", .expect = "",
     .dx = "M47.816", .payer = "aetna"},
    {"third level on both sides", "unit_once_per_day", "64493-50 64494 64494 64495-RT 64495-LT",
     .expect = "", .dx = "M47.816", .payer = "bcbs"},
    {"third level twice for a bilateral session", "unit_once_per_day", "64493-50 64494*2 64495*2",
     .expect = "", .dx = "M47.816", .payer = "bcbs"},
    {"third level twice for a bilateral session, Medicare", "unit_once_per_day",
     "64493-50 64494-50 64495*2", .expect = "error 3", .dx = "M47.816"},
    {"two days of the third level", "unit_once_per_day", "64495-LT 64495-LT#2026-08-11",
     .expect = "", .dx = "M47.816", .payer = "aetna"},
    {"levels that count themselves", "unit_once_per_day", "64483-RT 64484-RT*2", .expect = "",
     .payer = "aetna"},
    /* modifier_59_on_addon */
    {"59 on a level", "modifier_59_on_addon", "64493-KX-LT 64494-59-LT", .expect = "error 2",
     .dx = "M47.816"},
    {"XS on a level", "modifier_59_on_addon", "64635-LT 64636-XS-LT", .expect = "error 2",
     .dx = "M47.816"},
    {"59 on a base code", "modifier_59_on_addon", "20553 64493-59-LT", .expect = "",
     .dx = "M47.816"},
    {"V001 level without it", "modifier_59_on_addon", "64493-KX-LT 64494-KX-LT", .expect = "",
     .dx = "M47.816"},
    {"59 against a pair of another family", "modifier_59_on_addon", "20553 64493-59-LT 64494-59-LT",
     .expect = "review 3", .dx = "M79.18 M47.816"},
    /* imaging_included */
    {"V003 sacroiliac", "imaging_included", "27096-KX-RT 77003", .expect = "error 2",
     .dx = "M46.1"},
    {"V005 epidural without imaging", "imaging_included", "62322 77003", .expect = "error 2"},
    {"epidural with imaging", "imaging_included", "62323 77003", .expect = "error 2"},
    {"59 does not help", "imaging_included", "62323 77003-59", .expect = "error 2"},
    {"facet", "imaging_included", "77003 64493-LT", .expect = "error 1", .dx = "M47.816"},
    {"transforaminal, CT", "imaging_included", "64483-LT 77012", .expect = "error 2"},
    {"joint with ultrasound", "imaging_included", "20611-RT 76942", .expect = "error 2",
     .dx = "M17.11"},
    {"joint bundled with ultrasound", "imaging_included", "20610-RT 76942", .expect = "error 2",
     .dx = "M17.11"},
    {"plexus block includes ultrasound without a pair", "imaging_included", "64415-RT 76942",
     .expect = "error 2", .dx = "G56.41"},
    {"spine fluoroscopy for a knee", "imaging_included", "20610-RT 77003", .expect = "error 2",
     .dx = "M17.11"},
    {"V077 blood patch", "imaging_included", "62273 77003", .expect = "", .dx = "G97.1",
     .pos = "22"},
    {"blood patch beside an epidural", "imaging_included", "62273 62323 77003", .expect = "",
     .dx = "G97.1"},
    {"stellate", "imaging_included", "64510-RT 77003-26", .expect = "", .dx = "G90.511"},
    {"joint with fluoroscopy", "imaging_included", "20610-RT 77002", .expect = "", .dx = "M17.11"},
    {"peripheral nerve with ultrasound", "imaging_included", "64450-RT 76942", .expect = "",
     .dx = "G57.91"},
    {"V039 trigger point with ultrasound", "imaging_included", "20553*3 76942", .expect = "",
     .dx = "M54.2"},
    {"no procedure", "imaging_included", "77003", .expect = "", .dx = "M46.1"},
    {"a visit is no procedure", "imaging_included", "99213 77003", .expect = "", .dx = "M46.1"},
    {"another day", "imaging_included", "27096-RT 77003#2026-08-11", .expect = "", .dx = "M46.1"},
    {"another practitioner", "imaging_included", "27096-RT 77003!1558598797", .expect = "",
     .dx = "M46.1"},
    {"another practitioner for one of two", "imaging_included",
     "27096-RT!1558598797 77003!1558598797 62273", .expect = "error 2", .dx = "M46.1"},
    {"paid by a schedule of its own", "imaging_included", "27096-RT 77003",
     .expect = "", .dx = "M46.1", .payer = "workers_comp_ms"},
    {"and says so", "payer_override", "27096-RT 77003", .expect = "overridden 2", .dx = "M46.1",
     .payer = "workers_comp_ms"},
    {"an add-on twice for both sides", "mue_exceeded", "64493-50 64494*2", .expect = "",
     .dx = "M47.816", .payer = "bcbs"},
    {"three of it", "mue_exceeded", "64493-50 64494*3", .expect = "error 2", .dx = "M47.816",
     .payer = "bcbs"},
    {"twice for one side", "mue_exceeded", "64493-RT 64494*2", .expect = "error 2",
     .dx = "M47.816", .payer = "bcbs"},
    {"twice to Medicare", "mue_exceeded", "64493-50 64494*2", .expect = "error 2",
     .dx = "M47.816"},
    /* dx_nonbillable */
    {"V045 plantar fasciitis after the split", "dx_nonbillable", "20550-RT", .expect = "error 1",
     .dx = "M72.2", .on = "2026-10-15"},
    {"the day of the split", "dx_nonbillable", "20550-RT", .expect = "error 1", .dx = "M72.2",
     .on = "2026-10-01"},
    {"the day before the split", "dx_nonbillable", "20550-RT", .expect = "", .dx = "M72.2",
     .on = "2026-09-30"},
    {"disc heading since 2024-10-01", "dx_nonbillable", "62323", .expect = "error 1",
     .dx = "M51.36", .on = "2024-10-01"},
    {"disc, complete", "dx_nonbillable", "62323", .expect = "", .dx = "M51.360",
     .on = "2024-10-01"},
    {"low back pain heading", "dx_nonbillable", "99213", .expect = "error 1", .dx = "M54.5"},
    {"low back pain, complete", "dx_nonbillable", "99213", .expect = "", .dx = "M54.50"},
    {"before the first edition", "dx_nonbillable", "62323",
     .expect = "gap store:icd10cm:2024-09-30", .dx = "M51.36", .on = "2024-09-30"},
    {"no code of the edition", "dx_nonbillable", "99213", .expect = "error 1", .dx = "M54.57"},
    {"no code, edition out of date", "dx_nonbillable", "99213",
     .expect = "gap store:icd10cm:2026-10-15", .dx = "M54.57", .on = "2026-10-15"},
    {"new code too early", "dx_nonbillable", "20550-RT", .expect = "error 1", .dx = "M67.A01",
     .on = "2026-09-15"},
    {"new code", "dx_nonbillable", "20550-RT", .expect = "", .dx = "M67.A01", .on = "2026-10-15"},
    {"no form of a code", "dx_nonbillable", "99213", .expect = "error 1", .dx = "54.5",
     .on = "2026-10-15"},
    {"second diagnosis", "dx_nonbillable", "99213@A 20610-RT@B", .expect = "error 2",
     .dx = "M54.50 M17.1"},
    {"no line points to it", "dx_nonbillable", "99213@A", .expect = "error 0",
     .dx = "M54.50 M17.1"},
    {"each line by its day", "dx_nonbillable", "20550-RT 20550-RT#2026-10-01", .expect = "error 2",
     .dx = "M72.2", .on = "2026-09-30"},
    /* dx_excludes1 */
    {"V047 disc and radiculopathy", "dx_excludes1", "62323@AB", .expect = "review 1",
     .dx = "M51.16 M54.16"},
    {"the other way round", "dx_excludes1", "62323@BA", .expect = "review 1",
     .dx = "M54.16 M51.16"},
    {"on two lines", "dx_excludes1", "62323@A 99213@B", .expect = "review 1",
     .dx = "M51.16 M54.16"},
    {"back pain with sciatica and disc", "dx_excludes1", "62323@AB", .expect = "review 1",
     .dx = "M54.41 M51.17"},
    {"neck pain and cervical disc", "dx_excludes1", "62321@AB", .expect = "review 1",
     .dx = "M54.2 M50.122"},
    {"disc alone", "dx_excludes1", "62323@A", .expect = "", .dx = "M51.16"},
    {"unrelated", "dx_excludes1", "62323@A 20610-RT@B", .expect = "", .dx = "M51.16 M17.11"},
    {"same code twice", "dx_excludes1", "62323@AB", .expect = "", .dx = "M51.16 M51.16"},
    /* dx_region_mismatch */
    {"V049 cervical block, lumbar diagnosis", "dx_region_mismatch", "64490-KX-RT",
     .expect = "error 1", .dx = "M47.816"},
    {"lumbar epidural, cervical disc", "dx_region_mismatch", "62323", .expect = "error 1",
     .dx = "M50.122"},
    {"additional level", "dx_region_mismatch", "64493-LT@A 64494-LT@B", .expect = "error 2",
     .dx = "M47.816 M47.812"},
    {"every diagnosis", "dx_region_mismatch", "62321@AB", .expect = "error 1",
     .dx = "M51.16 M54.50"},
    {"one diagnosis fits", "dx_region_mismatch", "62323@AB", .expect = "", .dx = "M50.122 M51.16"},
    {"V031 between the regions", "dx_region_mismatch", "64483-RT", .expect = "", .dx = "M54.15"},
    {"region not said", "dx_region_mismatch", "64490-RT", .expect = "", .dx = "M47.819"},
    {"beside a diagnosis without region", "dx_region_mismatch", "62323@AB", .expect = "review 1",
     .dx = "M50.122 G89.4"},
    {"only diagnoses without region", "dx_region_mismatch", "62323", .expect = "", .dx = "M96.1"},
    {"V027 each line its own", "dx_region_mismatch", "62321@A 62323@B", .expect = "",
     .dx = "M50.122 M51.16"},
    {"no spinal procedure", "dx_region_mismatch", "20610-RT", .expect = "", .dx = "M50.122"},
    {"sacral", "dx_region_mismatch", "27096-RT", .expect = "", .dx = "M46.1"},
    /* laterality_mismatch */
    {"V041 right knee, left diagnosis", "laterality_mismatch", "20610-RT", .expect = "error 1",
     .dx = "M17.12"},
    {"left knee, right diagnosis", "laterality_mismatch", "20610-LT", .expect = "error 1",
     .dx = "M17.11"},
    {"beside one that fits", "laterality_mismatch", "20610-RT@AB", .expect = "",
     .dx = "M17.12 M25.561"},
    {"bilateral diagnosis", "laterality_mismatch", "20610-RT", .expect = "", .dx = "M17.0"},
    {"side not specified", "laterality_mismatch", "20610-RT", .expect = "", .dx = "M17.10"},
    {"beside one without a side", "laterality_mismatch", "20610-RT@AB", .expect = "error 1",
     .dx = "M17.12 E66.9"},
    {"V043 both knees", "laterality_mismatch", "20610-50", .expect = "", .dx = "M17.0"},
    {"both knees, one diagnosed", "laterality_mismatch", "20610-50", .expect = "warn 1",
     .dx = "M17.11"},
    {"both knees, each diagnosed", "laterality_mismatch", "20610-50@AB", .expect = "",
     .dx = "M17.11 M17.12"},
    {"spine without a side", "laterality_mismatch", "64493-LT", .expect = "", .dx = "M47.816"},
    {"spine beside sciatica of the other side", "laterality_mismatch", "64493-RT@AB",
     .expect = "review 1", .dx = "M47.816 M54.42"},
    {"sciatica of the other side alone", "laterality_mismatch", "64483-RT", .expect = "error 1",
     .dx = "M54.42"},
    {"finger of the other hand", "laterality_mismatch", "20600-F5", .expect = "error 1",
     .dx = "M65.342"},
    /* laterality_missing */
    {"V097 transforaminal", "laterality_missing", "64483", .expect = "warn 1"},
    {"knee", "laterality_missing", "20610", .expect = "warn 1", .dx = "M17.11"},
    {"additional level", "laterality_missing", "64493-LT 64494", .expect = "warn 2",
     .dx = "M47.816"},
    {"V001", "laterality_missing", "64493-KX-LT 64494-KX-LT", .expect = "", .dx = "M47.816"},
    {"both sides", "laterality_missing", "64483-50", .expect = ""},
    {"a finger says the side", "laterality_missing", "20600-FA", .expect = "", .dx = "M65.312"},
    {"no sides: epidural, trigger point, visit, drug", "laterality_missing",
     "62323 20553 99213 J1100*10", .expect = ""},
    {"V075 migraine has both sides", "laterality_missing", "64615", .expect = "", .dx = "G43.709"},
    {"add-on twice for both sides", "laterality_missing", "64493-50 64494*2", .expect = "",
     .dx = "M47.816", .payer = "bcbs"},
    /* drug_units_vs_dose */
    {"V007 1 unit for 40 mg", "drug_units_vs_dose", "20610-RT J1010-JZ*1=40/single",
     .expect = "error 2", .dx = "M17.11"},
    {"40 units for 40 mg", "drug_units_vs_dose", "20610-RT J1010-JZ*40=40/single", .expect = "",
     .dx = "M17.11"},
    {"rounded up", "drug_units_vs_dose", "J3301-JZ*2=12", .expect = "", .dx = "M17.11"},
    {"rounded down", "drug_units_vs_dose", "J3301-JZ*1=12", .expect = "error 1", .dx = "M17.11"},
    {"a tenth of a milligram a unit", "drug_units_vs_dose", "J3010*1=0.1", .expect = ""},
    {"half a milligram a unit", "drug_units_vs_dose", "J0665*5=5", .expect = "error 1"},
    {"micrograms", "drug_units_vs_dose", "J2278*500=0.5", .expect = ""},
    {"micrograms as milligrams", "drug_units_vs_dose", "J2278*1=0.5", .expect = "error 1"},
    {"combination", "drug_units_vs_dose", "J0702*1=6", .expect = ""},
    {"no dose", "drug_units_vs_dose", "J1010*1", .expect = ""},
    {"the discarded line has a dose of its own", "drug_units_vs_dose", "J1100*8=8 J1100-JW*2=2",
     .expect = ""},
    {"V079", "drug_units_vs_dose", "62323 J1100*10=10/single", .expect = ""},
    /* jz_jw_missing */
    {"V079 neither", "jz_jw_missing", "62323 J1100*10=10/single", .expect = "warn 2"},
    {"the first day it is asked for", "jz_jw_missing", "J1100*10/single", .expect = "warn 1",
     .on = "2023-07-01"},
    {"the day before", "jz_jw_missing", "J1100*10/single", .expect = "", .on = "2023-06-30"},
    {"JZ", "jz_jw_missing", "J1100-JZ*10/single", .expect = ""},
    {"given and discarded", "jz_jw_missing", "J1100*8/single J1100-JW*2/single", .expect = ""},
    {"discarded alone", "jz_jw_missing", "J1100-JW*2/single", .expect = "review 1"},
    {"both", "jz_jw_missing", "J1100-JZ-JW*2/single", .expect = "warn 1"},
    {"container not known", "jz_jw_missing", "J1100*10", .expect = "gap chart:container"},
    {"container not known, JZ", "jz_jw_missing", "J1100-JZ*10", .expect = ""},
    {"multi-dose", "jz_jw_missing", "J1100*10/multi", .expect = ""},
    {"multi-dose with JZ", "jz_jw_missing", "J1100-JZ*10/multi", .expect = "review 1"},
    {"another payer", "jz_jw_missing", "J1100*10/single", .expect = "", .payer = "bcbs"},
    {"the facility supplies it", "jz_jw_missing", "J1100*10/single", .expect = "", .pos = "24"},
    {"local anesthetic and contrast", "jz_jw_missing", "J0665*5/single Q9966*5/single",
     .expect = ""},
};

/* ---- claims as text ---------------------------------------------------------------------- */

static void json_diagnoses(struct out *out, const char *text) {
    char letter = 'A';
    out_char(out, '{');
    for (struct view rest = view_of(text); rest.size > 0; letter++) {
        struct view item = view_cut(&rest, ' ');
        out_format(out, "\"%c\":\"%.*s\"%s", letter, (int)item.size, item.at,
                   rest.size > 0 ? "," : "");
    }
    out_char(out, '}');
}

/* The part of a line behind one of the marks, up to the next mark. */
static struct view part(struct view line, char mark) {
    ptrdiff_t at = view_find(line, mark);
    if (at < 0) {
        return VIEW_NONE;
    }
    struct view rest = view_sub(line, at + 1, line.size);
    ptrdiff_t size = 0;
    bool date = mark == '#';
    while (size < rest.size && !strchr(date ? "*@=/#!" : "*@=/#!-", rest.at[size])) {
        size++;
    }
    return view_sub(rest, 0, size);
}

static void json_modifiers(struct out *out, struct view line) {
    ptrdiff_t end = 0;
    while (end < line.size && !strchr("*@=/#!", line.at[end])) {
        end++;
    }
    struct view rest = view_sub(line, 0, end);
    view_cut(&rest, '-');
    OUT_TEXT(out, ",\"modifiers\":[");
    while (rest.size > 0) {
        out_json(out, view_cut(&rest, '-'));
        out_char(out, rest.size > 0 ? ',' : ' ');
    }
    OUT_TEXT(out, "]");
}

static void json_number(struct out *out, const char *key, struct view number) {
    if (number.size > 0) {
        out_format(out, ",\"%s\":%.*s", key, (int)number.size, number.at);
    }
}

static void json_text(struct out *out, const char *key, struct view text) {
    if (text.size > 0) {
        out_format(out, ",\"%s\":\"%.*s\"", key, (int)text.size, text.at);
    }
}

static void json_line(struct out *out, struct view line, int number) {
    struct view units = part(line, '*');
    struct view pointers = part(line, '@');
    struct view npi = part(line, '!');
    out_format(out, "{\"line\":%d,\"code\":\"%.5s\"", number, line.at);
    json_modifiers(out, line);
    json_number(out, "units", units.size > 0 ? units : VIEW("1"));
    pointers = pointers.size > 0 ? pointers : VIEW("A");
    OUT_TEXT(out, ",\"diagnosis_pointers\":[");
    for (ptrdiff_t i = 0; i < pointers.size; i++) {
        out_format(out, "%s\"%c\"", i > 0 ? "," : "", pointers.at[i]);
    }
    OUT_TEXT(out, "]");
    json_number(out, "dose_mg", part(line, '='));
    json_text(out, "container", part(line, '/'));
    json_text(out, "service_date", part(line, '#'));
    if (npi.size > 0) {
        out_format(out, ",\"rendering_provider\":{\"npi\":\"%.*s\"}", (int)npi.size, npi.at);
    }
    OUT_TEXT(out, "}");
}

static void claim_json(struct out *out, const struct row *row) {
    const char *payer = row->payer ? row->payer : "medicare";
    int number = 0;
    out_format(out, "{\"claim_id\":\"T1\",\"claim_type\":\"%s\",\"place_of_service\":\"%s\"",
               row->type ? row->type : "professional", row->pos ? row->pos : "11");
    json_text(out, "service_date", view_of(row->on ? row->on : "2026-08-10"));
    if (*payer) {
        out_format(out, ",\"payer\":{\"profile\":\"%s\"}", payer);
    }
    OUT_TEXT(out, ",\"diagnoses\":");
    json_diagnoses(out, row->dx ? row->dx : "M51.16");
    OUT_TEXT(out, ",\"lines\":[");
    for (struct view rest = view_of(row->lines); rest.size > 0;) {
        json_line(out, view_cut(&rest, ' '), ++number);
        out_char(out, rest.size > 0 ? ',' : ' ');
    }
    OUT_TEXT(out, "]}");
}

/* ---- running ----------------------------------------------------------------------------- */

static struct audit_case shared_case;

static void run(const struct row *row) {
    struct out out;
    out_open(&out, NULL, NULL);
    claim_json(&out, row);
    audit_case_run(&shared_case, out_bytes(&out));
    out_close(&out);
}

static void row_holds(void **state) {
    const struct row *row = *state;
    run(row);
    struct view rest = view_of(row->expect);
    struct view word = view_cut(&rest, ' ');
    const struct audit_finding *finding = audit_case_find(&shared_case, row->rule, AUDIT_CASE_ANY);
    bool gap = audit_case_gap(&shared_case, row->rule, NULL);
    bool right;
    if (view_equal(word, VIEW("gap"))) {
        char need[64];
        snprintf(need, sizeof need, "%.*s", (int)rest.size, rest.at);
        right = !finding && audit_case_gap(&shared_case, row->rule, need);
    } else if (word.size == 0) {
        right = !finding && !gap;
    } else {
        finding = audit_case_find(&shared_case, row->rule, rest.at[0] - '0');
        right = finding && !gap && audit_case_count(&shared_case, row->rule) == 1 &&
                (view_equal(rule_severity_name(finding->severity), word) ||
                 view_equal(audit_status_name(finding->status), word));
    }
    if (!right) {
        audit_case_print(&shared_case);
    }
    assert_true(right);
}

/* ---- words, evidence and patches ----------------------------------------------------------- */

struct words {
    struct row row;
    const char *message;
    const char *patch;       /* "": none */
    const char *evidence[3]; /* "TABLE ROW INDICATOR", in order; NULL ends */
};

#define REMOVE(line) "[{\"op\":\"remove\",\"path\":\"/lines/" line "\"}]"
#define UNITS(line, units)                                                                         \
    "[{\"op\":\"replace\",\"path\":\"/lines/" line "/units\",\"value\":" units "}]"

static const struct words words[] = {
    {{"50", "bilateral_not_allowed", "62323-KX-50", .expect = "1"},
     "62323 carries modifier 50, but the code has no sides (bilateral indicator 9)",
     REMOVE("0/modifiers/1"),
     {"mpfs 62323 9"}},
    {{"two lines", "bilateral_two_lines_mue", "64493-RT 99213 64493-LT", .expect = "1",
      .dx = "M47.816"},
     "64493 is billed for the right and the left on lines 1 and 3: 2 units, and the limit of the "
     "day is 1",
     "",
     {"mue 64493 2", "mpfs 64493 1"}},
    {{"add-on", "bilateral_addon_convention", "64493-50 64494-50", .expect = "2", .dx = "M47.816",
      .payer = "bcbs"},
     "add-on 64494 carries modifier 50; payer profile bcbs takes the add-on twice, without 50",
     "",
     {"payer bcbs -", "family 64494 -"}},
    {{"set", "single_code_family", "22514 22513", .expect = "1", .dx = "M80.08XA"},
     "22514 stands beside 22513 (line 2); a session has one code of this family",
     "",
     {"ncci_ptp 22513/22514 0", "code_set single_kyphoplasty -"}},
    {{"muscles", "tpi_single_code", "20553*3", .expect = "1", .dx = "M79.18"},
     "20553 has 3 units; it counts all muscles of the session once",
     UNITS("0", "1"),
     {"mue 20553 2"}},
    {{"once", "unit_once_per_day", "64495-LT 64495-LT", .expect = "2", .dx = "M47.816",
      .payer = "aetna"},
     "64495 has 2 units on 2026-08-10; it is reported once a day",
     "",
     {"mue 64495 2"}},
    {{"59", "modifier_59_on_addon", "64493-LT 64494-LT-XU", .expect = "2", .dx = "M47.816"},
     "add-on level 64494 carries modifier XU; an additional level of the same session is not "
     "distinct",
     REMOVE("1/modifiers/1"),
     {"family 64494 -"}},
    {{"guidance", "imaging_included", "27096-RT 77003-59", .expect = "2", .dx = "M46.1"},
     "guidance 77003 is not paid beside 27096 (line 1), which includes it; 27096 is none of the 14 "
     "primaries of 77003",
     REMOVE("1"),
     {"family 27096 -", "ncci_ptp 27096/77003 1", "aoc 77003 1"}},
    {{"paid elsewhere", "payer_override", "27096-RT 77003", .expect = "2", .dx = "M46.1",
      .payer = "workers_comp_ms"},
     "The payer's own schedule pays the line: 77003 beside 27096 (line 1), against ncci_ptp and "
     "imaging_included",
     "",
     {"ncci_ptp 27096/77003 1"}},
    {{"heading", "dx_nonbillable", "20550-RT", .expect = "1", .dx = "M72.2", .on = "2026-10-15"},
     "diagnosis A M72.2 is only a heading on 2026-10-15; it was a complete code in an earlier "
     "edition",
     "",
     {"icd10cm M722 -"}},
    {{"too early", "dx_nonbillable", "20550-RT", .expect = "1", .dx = "M67.A01",
      .on = "2026-09-30"},
     "diagnosis A M67.A01 is valid only from 2026-10-01, not on 2026-09-30",
     "",
     {"icd10cm M67A01 -"}},
    {{"excluded", "dx_excludes1", "62323@AB", .expect = "1", .dx = "M51.16 M54.16"},
     "M51.16 and M54.16 exclude each other and stand on one line",
     "",
     {"excludes1 M511/M5416 -"}},
    {{"region", "dx_region_mismatch", "64490-RT", .expect = "1", .dx = "M47.816"},
     "64490 treats the cervical and thoracic spine; every diagnosis of the line names the lumbar "
     "and sacral spine (M47.816)",
     "",
     {"family 64490 -", "dx_region M47816 -"}},
    {{"side", "laterality_mismatch", "20610-RT", .expect = "1", .dx = "M17.12"},
     "20610 was done on the right; every diagnosis with a side, as M17.12, is of the left",
     "",
     {"dx_side M1712 -"}},
    {{"no side", "laterality_missing", "64483", .expect = "1"},
     "64483 has a left and a right, and the line has none of RT, LT and 50",
     "",
     {"family 64483 -", "mpfs 64483 1"}},
    {{"dose", "drug_units_vs_dose", "J2278*1=0.026", .expect = "1"},
     "J2278 has 1 unit; 0.026 mg at 1 mcg a unit are 26",
     UNITS("0", "26"),
     {"drug_unit J2278 -"}},
    {{"waste", "jz_jw_missing", "J1100*10/single", .expect = "1"},
     "J1100 comes from a single-dose container, and the line has neither JZ nor JW",
     "",
     {"drug_unit J1100 -"}},
};

static bool text_is(const char *what, struct view got, const char *wanted) {
    if (view_equal(got, view_of(wanted))) {
        return true;
    }
    printf("# %s: %.*s\n", what, (int)got.size, got.at);
    return false;
}

static bool evidence_is(const struct audit_finding *finding, const char *const *wanted) {
    bool right = true;
    int count = 0;
    for (; count < 3 && wanted[count]; count++) {
        const struct audit_evidence *evidence = &finding->evidence[count];
        struct view table = store_table_name(evidence->table);
        char text[80];
        snprintf(text, sizeof text, "%.*s %.*s %c", (int)table.size, table.at,
                 (int)evidence->row.size, evidence->row.at,
                 evidence->indicator ? evidence->indicator : '-');
        right = text_is("evidence", view_of(text), wanted[count]) &&
                evidence->proof.release != STORE_NO_RELEASE && right;
    }
    return right && finding->evidence_count == count;
}

static void words_hold(void **state) {
    const struct words *wanted = *state;
    run(&wanted->row);
    const struct audit_finding *finding =
        audit_case_find(&shared_case, wanted->row.rule, wanted->row.expect[0] - '0');
    assert_non_null(finding);
    bool right = text_is("message", finding->message, wanted->message);
    right = text_is("patch", finding->patch, wanted->patch) && right;
    right = evidence_is(finding, wanted->evidence) && right;
    assert_true(right);
    assert_true(finding->fix.size > 0 || finding->status == AUDIT_OVERRIDDEN);
}

/* ---- what a row cannot say ----------------------------------------------------------------- */

static void old_code_system_is_told(void **state) {
    (void)state;
    run(&(struct row){"", "", "62323", .expect = "", .dx = "M54.5"});
    shared_case.claim->diagnoses_icd9 = true;
    shared_case.result = audit_claim(shared_case.audit, shared_case.claim);
    assert_int_equal(audit_case_count(&shared_case, "dx_nonbillable"), 1);
    assert_non_null(audit_case_find(&shared_case, "dx_nonbillable", AUDIT_CASE_CLAIM));
    shared_case.claim->lines[0].from = date_from_ymd(2015, 9, 30);
    shared_case.claim->lines[0].to = shared_case.claim->lines[0].from;
    shared_case.result = audit_claim(shared_case.audit, shared_case.claim);
    assert_int_equal(audit_case_count(&shared_case, "dx_nonbillable"), 0);
}

static void knowledge_of_the_day_decides(void **state) {
    (void)state;
    static const struct {
        const char *as_of;
        bool fires;
        bool gap;
    } days[] = {
        {"2026-09-30", false, false}, {"2026-10-01", true, false}, {"2024-09-30", false, true}};
    const struct row row = {"", "", "20550-RT", .expect = "", .dx = "M72.2", .on = "2026-10-15"};
    const struct audit_case kept = shared_case;
    for (int i = 0; i < COUNT_OF(days); i++) {
        audit_case_open(
            &shared_case,
            &(struct audit_options){.as_of = date_from_iso(view_of(days[i].as_of)), .alone = true});
        run(&row);
        assert_int_equal(audit_case_count(&shared_case, "dx_nonbillable"), days[i].fires);
        assert_int_equal(audit_case_gap(&shared_case, "dx_nonbillable", NULL), days[i].gap);
        audit_case_close(&shared_case);
    }
    shared_case = kept;
}

/* A claim of fifty lines on which much is wrong ends within the maximum of findings. */
static void many_lines_end(void **state) {
    (void)state;
    char lines[CLAIM_LINES_MAX * 16] = "";
    for (int i = 0; i < CLAIM_LINES_MAX; i++) {
        size_t used = strlen(lines);
        snprintf(lines + used, sizeof lines - used, "%s20553-50*3@AB", i > 0 ? " " : "");
    }
    run(&(struct row){"", "", lines, .expect = "", .dx = "M51.16 M54.16"});
    assert_int_equal(audit_case_count(&shared_case, "bilateral_not_allowed"), CLAIM_LINES_MAX);
    assert_int_equal(audit_case_count(&shared_case, "tpi_single_code"), CLAIM_LINES_MAX);
    assert_int_equal(audit_case_count(&shared_case, "unit_once_per_day"), 1);
    assert_int_equal(audit_case_count(&shared_case, "dx_excludes1"), 1);
    assert_false(shared_case.result->truncated);
}

static int setup(void **state) {
    (void)state;
    audit_case_open(&shared_case, &(struct audit_options){.as_of = DATE_NONE, .alone = true});
    return 0;
}

static int teardown(void **state) {
    (void)state;
    audit_case_close(&shared_case);
    return 0;
}

#define ROWS COUNT_OF(rows)
#define WORDS COUNT_OF(words)

int main(void) {
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(old_code_system_is_told),
        cmocka_unit_test(knowledge_of_the_day_decides),
        cmocka_unit_test(many_lines_end),
    };
    static char names[ROWS + WORDS][120];
    struct CMUnitTest tests[ROWS + WORDS + COUNT_OF(others)];
    for (int i = 0; i < ROWS + WORDS; i++) {
        bool told = i >= ROWS;
        const struct row *row = told ? &words[i - ROWS].row : &rows[i];
        snprintf(names[i], sizeof names[i], "%s: %s%s", row->rule, told ? "words, " : "",
                 row->name);
        tests[i] = (struct CMUnitTest){
            .name = names[i],
            .test_func = told ? words_hold : row_holds,
            .initial_state = told ? (void *)&words[i - ROWS] : (void *)&rows[i],
        };
    }
    memcpy(tests + ROWS + WORDS, others, sizeof others);
    return cmocka_run_group_tests(tests, setup, teardown);
}
