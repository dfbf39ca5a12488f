/* What imaging costs at most, by locality: the fee in the physician's office is capped at the one
 * of the hospital outpatient system. The csv says its release in names only. */
#include "import/fee.h"

#include <stdio.h>

#define OPPSCAP_ROWS_LEAST 8000
#define OPPSCAP_ROWS_MOST 60000

enum {
    OPPSCAP_CODE,
    OPPSCAP_MODIFIER,
    OPPSCAP_STATUS,
    OPPSCAP_CARRIER,
    OPPSCAP_LOCALITY,
    OPPSCAP_FACILITY,
    OPPSCAP_NONFACILITY,
    OPPSCAP_COLUMNS
};
static const char *const oppscap_headers[OPPSCAP_COLUMNS] = {
    "HCPCS",          "MOD",       "PROCSTAT", "CARRIER", "LOCALITY",
    "FACILITY PRICE", "NON-FACIL*"}; /* NON-FACILTY in 2025 */

struct oppscap_file {
    struct import *import;
    struct rows *rows;
    struct fee_keys keys;
    int64_t count;
    int padded;
};

static bool oppscap_begin(struct oppscap_file *file) {
    struct fee_release release;
    struct fee_release title = {0};
    if (!fee_release_find(file->import, file->rows, title, true, &release)) {
        return false;
    }
    char name[16];
    int size =
        snprintf(name, sizeof name, "RVU%02d%c", release.year % 100, 'A' + release.quarter - 1);
    struct store_edition edition = fee_edition(STORE_OPPS_CAP, (struct view){name, size}, &release,
                                               fee_form_of(file->rows), true);
    return import_begin(file->import, file->rows, &edition, 1, 1);
}

static void oppscap_row(struct oppscap_file *file, const struct view *cells) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    bool ok = true;
    file->count++;
    struct code code = cell_code(import, rows, cells[OPPSCAP_CODE], "HCPCS", 5, 5, &ok);
    ok &= fee_indicator(import, rows, cells[OPPSCAP_MODIFIER], "MOD", "- 26 TC");
    ok &= fee_indicator(import, rows, cells[OPPSCAP_STATUS], "PROCSTAT", "A B C E I J M N P R T X");
    struct code carrier = fee_carrier(import, rows, cells[OPPSCAP_CARRIER], &file->padded, &ok);
    struct code locality = fee_locality(import, rows, cells[OPPSCAP_LOCALITY], &file->padded, &ok);
    int64_t facility =
        cell_number(import, rows, cells[OPPSCAP_FACILITY], "FACILITY PRICE", 2, 0, INT32_MAX, &ok);
    int64_t nonfacility = cell_number(import, rows, cells[OPPSCAP_NONFACILITY],
                                      "NON-FACILITY PRICE", 2, 0, INT32_MAX, &ok);
    struct code modifier = code_from(cells[OPPSCAP_MODIFIER]);
    struct code place = fee_place(carrier, locality);
    if (ok && fee_key_new(import, rows, &file->keys, code.bits | modifier.bits >> 40, place.bits)) {
        uint64_t row[] = {code.bits,          place.bits,
                          modifier.bits,      (unsigned char)cells[OPPSCAP_STATUS].at[0],
                          (uint64_t)facility, (uint64_t)nonfacility};
        store_draft_row(import_draft(import), DATE_NONE, DATE_NONE, row, COUNT_OF(row));
    }
}

static int oppscap_read(struct import *import, struct rows *rows) {
    struct oppscap_file file = {.import = import, .rows = rows};
    int at[OPPSCAP_COLUMNS];
    if (!import_next(import, rows) ||
        !fee_header(import, rows, rows->cells, rows->count, oppscap_headers, OPPSCAP_COLUMNS, at,
                    NULL) ||
        !oppscap_begin(&file)) {
        return import_status(import);
    }
    while (import_next(import, rows)) {
        struct view cells[OPPSCAP_COLUMNS];
        fee_cells(rows, at, OPPSCAP_COLUMNS, cells);
        if (!rows_blank(rows)) {
            oppscap_row(&file, cells);
        }
    }
    import_end(import, rows, file.count, OPPSCAP_ROWS_LEAST, OPPSCAP_ROWS_MOST);
    fee_padded_note(import, file.padded);
    return import_status(import);
}

static bool oppscap_knows(const struct rows_head *head) {
    /* Amounts of qualifying participants have no table. */
    return fee_columns(head, "PROCSTAT", NULL) && head_has(head, "LOCALITY") &&
           fee_named_qpp(head) != 'Q';
}

const struct importer import_oppscap = {
    .table = "opps_cap",
    .what = "caps of imaging by locality, OPPSCAP",
    .proven = true,
    .cpt = true,
    .knows = oppscap_knows,
    .read = oppscap_read,
};
