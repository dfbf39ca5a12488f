/* Medically unlikely edits: practitioner, outpatient hospital and supplier tables, as csv or xlsx.
 * A notice that is one quoted cell of many lines, a header, and rows without dates: the quarter is
 * in the name of the file. Which setting a table is for stands in the header of its values. */
#include "import/edit_file.h"

#define MUE_COLUMNS 4
#define MUE_UNITS_MAX 9999999 /* 90,000 is the highest of 2026Q2 */

enum { MUE_CODE, MUE_UNITS, MUE_INDICATOR, MUE_RATIONALE };

struct mue_setting {
    enum store_table table;
    const char *values; /* header of the values */
    int64_t rows_least, rows_most;
};

static const struct mue_setting practitioner = {STORE_MUE, "Practitioner Services MUE Values",
                                                13000, 18000};
static const struct mue_setting hospital = {
    STORE_MUE_HOSPITAL, "Outpatient Hospital Services MUE Values", 13000, 18000};
static const struct mue_setting supplier = {STORE_MUE_DME, "DME Supplier Services MUE Values", 2500,
                                            4000};

/* What the indicator begins with; the words are checked so that a shifted digit is noticed. */
static bool mue_indicator(struct view cell, char *mai) {
    static const char *const words[] = {"1 Line Edit", "2 Date of Service Edit: Policy",
                                        "3 Date of Service Edit: Clinical"};
    for (int i = 0; i < COUNT_OF(words); i++) {
        if (header_is(cell, words[i]) || (cell.size == 1 && cell.at[0] == words[i][0])) {
            *mai = words[i][0];
            return true;
        }
    }
    return false;
}

static void mue_row(struct import *import, const struct rows *rows,
                    const struct edit_columns *columns, const struct mue_setting *setting,
                    struct edit_keys *keys) {
    bool ok = edit_row_whole(import, rows, columns);
    char mai = 0;
    if (!ok) {
        return;
    }
    struct code code = edit_code(rows_cell(rows, columns->at[MUE_CODE]));
    if (!code_given(code)) {
        (void)import_wrong(import, rows, "import_cell", "HCPCS/CPT Code",
                           "is not a code of five characters");
        ok = false;
    }
    int64_t units = cell_number(import, rows, rows_cell(rows, columns->at[MUE_UNITS]),
                                setting->values, 0, 0, MUE_UNITS_MAX, &ok);
    if (!mue_indicator(rows_cell(rows, columns->at[MUE_INDICATOR]), &mai)) {
        (void)import_wrong(import, rows, "import_cell", "MUE Adjudication Indicator",
                           "is not 1, 2 or 3 with its words");
        ok = false;
    }
    if (rows_cell(rows, columns->at[MUE_RATIONALE]).size == 0) {
        (void)import_wrong(import, rows, "import_cell", "MUE Rationale", "is empty");
        ok = false;
    }
    if (!ok) {
        return;
    }
    if (setting->table == STORE_MUE) {
        store_draft_mue(import_draft(import), code, (int32_t)units, mai);
    } else {
        const uint64_t cells[] = {code.bits, (uint64_t)units, (uint64_t)(unsigned char)mai};
        store_draft_row(import_draft(import), DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
    }
    (void)edit_keys_add(import, rows, keys, code.bits, 0);
}

static int mue_read(struct import *import, struct rows *rows, const struct mue_setting *setting) {
    const struct edit_name names[MUE_COLUMNS] = {
        [MUE_CODE] = {"HCPCS/ CPT Code", "HCPCS/CPT Code"},
        [MUE_UNITS] = {setting->values, NULL},
        [MUE_INDICATOR] = {"MUE Adjudication Indicator", NULL},
        [MUE_RATIONALE] = {"MUE Rationale", NULL},
    };
    struct edit_columns columns;
    struct edit_quarter quarter;
    if (!edit_quarter_of(import, rows, edit_name_quarter,
                         "MCR_MUE_PractitionerServices_Eff_04-01-2026.csv", &quarter) ||
        !edit_header_read(import, rows, names, MUE_COLUMNS, &columns)) {
        return import_status(import);
    }
    char name[16];
    const struct store_edition edition = {
        .table = setting->table,
        .name = edit_quarter_text(quarter, "", name),
        .effective = quarter_first(quarter.year, quarter.quarter),
        .through = quarter_last(quarter.year, quarter.quarter),
        .from = DATE_NONE,
        .to = DATE_NONE,
        .partial = edit_of_subset(rows),
    };
    if (!import_begin(import, rows, &edition, 1, 1)) {
        return import_status(import);
    }
    struct edit_keys keys = {0};
    int64_t count = 0;
    while (import_next(import, rows)) {
        if (!rows_blank(rows)) {
            count++;
            mue_row(import, rows, &columns, setting, &keys);
        }
    }
    edit_keys_check(import, rows, &keys, "a code");
    import_end(import, rows, count, setting->rows_least, setting->rows_most);
    return import_status(import);
}

static int mue_read_practitioner(struct import *import, struct rows *rows) {
    return mue_read(import, rows, &practitioner);
}
static int mue_read_hospital(struct import *import, struct rows *rows) {
    return mue_read(import, rows, &hospital);
}
static int mue_read_supplier(struct import *import, struct rows *rows) {
    return mue_read(import, rows, &supplier);
}

static bool mue_knows_hospital(const struct rows_head *head) {
    return head_has(head, hospital.values);
}
static bool mue_knows_supplier(const struct rows_head *head) {
    return head_has(head, supplier.values);
}
/* Also tables of which no setting can be read, so that the error says what their header lacks. */
static bool mue_knows_practitioner(const struct rows_head *head) {
    bool others = mue_knows_hospital(head) || mue_knows_supplier(head);
    return !others &&
           (head_has(head, practitioner.values) || head_has(head, "MUE Adjudication Indicator"));
}

const struct importer import_mue = {
    .table = "mue",
    .what = "medically unlikely edits, practitioner",
    .proven = true,
    .cpt = true,
    .knows = mue_knows_practitioner,
    .read = mue_read_practitioner,
};
const struct importer import_mue_hospital = {
    .table = "mue_hospital",
    .what = "medically unlikely edits, outpatient hospital",
    .cpt = true,
    .knows = mue_knows_hospital,
    .read = mue_read_hospital,
};
const struct importer import_mue_dme = {
    .table = "mue_dme",
    .what = "medically unlikely edits, DME supplier",
    .cpt = true,
    .knows = mue_knows_supplier,
    .read = mue_read_supplier,
};
