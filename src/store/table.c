/* Names of the tables, for the reader and the packer. */
#include "store/image.h"
#include "store/store.h"

static const char *const table_names[STORE_TABLES] = {
    [STORE_NCCI_PTP] = "ncci_ptp", [STORE_MUE] = "mue",
    [STORE_AOC] = "aoc",           [STORE_MPFS] = "mpfs",
    [STORE_ICD10] = "icd10cm",     [STORE_HCPCS] = "code_ended",
    [STORE_POS] = "pos",           [STORE_MODIFIER] = "modifier",
    [STORE_DRUG] = "drug_unit",    [STORE_FAMILY] = "family",
    [STORE_PAYER] = "payer",       [STORE_DX_REGION] = "dx_region",
    [STORE_DX_SIDE] = "dx_side",   [STORE_EXCLUDES1] = "excludes1",
    [STORE_CODE_SET] = "code_set", [STORE_PTP_HOSPITAL] = "ncci_ptp_hospital",
#define SHEET(table, name) [table] = name,
#include "store/sheets.def"
#undef SHEET
};

struct view store_table_name(enum store_table table) {
    return (unsigned)table < STORE_TABLES ? view_of(table_names[table]) : VIEW_NONE;
}

int mpfs_modifier(struct code modifier) {
    if (!code_given(modifier)) {
        return MPFS_GLOBAL;
    }
    static const char *const names[MPFS_MODIFIERS] = {"", "26", "TC", "53"};
    for (int i = 1; i < MPFS_MODIFIERS; i++) {
        if (code_equal(modifier, code_of(names[i]))) {
            return i;
        }
    }
    return MPFS_MODIFIERS;
}
