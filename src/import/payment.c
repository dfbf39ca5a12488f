/* Published amounts by locality (PFALL, PFREV): sixteen quoted fields without a header, then a
 * trailer with the copyright, as the record layout says [pf26a]. The amounts are capped already. */
#include "import/fee.h"

#include <stdio.h>

#define PAYMENT_ROWS_LEAST 100000 /* the trailer tells a file that was cut */
#define PAYMENT_ROWS_MOST 2000000 /* 990,482 in 2024 */
#define PAYMENT_MOST INT64_C(999999999)

enum {
    PAYMENT_YEAR,
    PAYMENT_CARRIER,
    PAYMENT_LOCALITY,
    PAYMENT_CODE,
    PAYMENT_MODIFIER,
    PAYMENT_NONFACILITY,
    PAYMENT_FACILITY,
    PAYMENT_FILLER,
    PAYMENT_PCTC,
    PAYMENT_STATUS,
    PAYMENT_MULTIPLE,
    PAYMENT_THERAPY,
    PAYMENT_THERAPY_INSTITUTION,
    PAYMENT_OPPS,
    PAYMENT_OPPS_NONFACILITY,
    PAYMENT_OPPS_FACILITY,
    PAYMENT_COLUMNS
};

static const struct {
    int column;
    const char *name;
    const char *words;
} indicators[] = {
    {PAYMENT_MODIFIER, "Modifier", "- 26 TC 53"},
    {PAYMENT_FILLER, "Filler", "-"},
    {PAYMENT_PCTC, "PCTC Indicator", "0 1 2 3 4 5 6 7 8 9"},
    {PAYMENT_STATUS, "Status Code", "A B C E I J M N P Q R T X"},
    {PAYMENT_MULTIPLE, "Multiple Surgery Indicator", "0 1 2 3 4 5 6 7 9"},
    {PAYMENT_OPPS, "OPPS Indicator", "- 0 1 2 9"},
};

struct payment_file {
    struct import *import;
    struct rows *rows;
    struct fee_keys keys;
    int year;
    int64_t count;
    bool trailer;
};

static int payment_year(struct view cell) {
    int year = cell.size == 4 ? digits_of(cell, 0, 4) : 0;
    return year > 0 ? year : 0;
}

/* The layout names revisions A to D; without a letter the amounts are those of the year's rule. */
static bool payment_begin(struct payment_file *file) {
    struct fee_release release;
    struct fee_release title = {.year = file->year};
    if (!fee_release_find(file->import, file->rows, title, false, &release)) {
        return false;
    }
    char name[16];
    int size = release.quarter ? snprintf(name, sizeof name, "PF%02d%c", release.year % 100,
                                          'A' + release.quarter - 1)
                               : snprintf(name, sizeof name, "PF%02d", release.year % 100);
    bool revised = name_find(file->rows->file, "PFREV") >= 0;
    struct store_edition edition =
        fee_edition(STORE_PAYMENT, (struct view){name, size}, &release,
                    revised ? FEE_REVISED : FEE_CSV, release.quarter != 0);
    return import_begin(file->import, file->rows, &edition, 1, 1);
}

static int64_t payment_amount(struct payment_file *file, int column, const char *name, bool *ok) {
    return cell_number(file->import, file->rows, file->rows->cells[column], name, 2, 0,
                       PAYMENT_MOST, ok);
}

static void payment_row(struct payment_file *file) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    const struct view *cells = rows->cells;
    bool ok = true;
    int padded = 0;
    struct code carrier = fee_carrier(import, rows, cells[PAYMENT_CARRIER], &padded, &ok);
    struct code locality = fee_locality(import, rows, cells[PAYMENT_LOCALITY], &padded, &ok);
    struct code code = cell_code(import, rows, cells[PAYMENT_CODE], "HCPCS Code", 5, 5, &ok);
    for (int i = 0; i < COUNT_OF(indicators); i++) {
        ok &= fee_indicator(import, rows, cells[indicators[i].column], indicators[i].name,
                            indicators[i].words);
    }
    int64_t nonfacility =
        payment_amount(file, PAYMENT_NONFACILITY, "Non Facility Fee Schedule Amount", &ok);
    int64_t facility = payment_amount(file, PAYMENT_FACILITY, "Facility Fee Schedule Amount", &ok);
    payment_amount(file, PAYMENT_THERAPY, "50% Therapy Reduction Amount", &ok);
    payment_amount(file, PAYMENT_THERAPY_INSTITUTION, "50% Therapy Reduction Amount", &ok);
    payment_amount(file, PAYMENT_OPPS_NONFACILITY, "OPPS Non Facility Fee Amount", &ok);
    payment_amount(file, PAYMENT_OPPS_FACILITY, "OPPS Facility Fee Amount", &ok);
    if (payment_year(cells[PAYMENT_YEAR]) != file->year) {
        ok = false;
        import_wrong(import, rows, "import_cell", "Year", "differs from the rows before");
    }
    struct code modifier = code_from(cells[PAYMENT_MODIFIER]);
    struct code place = fee_place(carrier, locality);
    if (ok && fee_key_new(import, rows, &file->keys, code.bits | modifier.bits >> 40, place.bits)) {
        uint64_t row[] = {code.bits, place.bits, modifier.bits, (uint64_t)nonfacility,
                          (uint64_t)facility};
        store_draft_row(import_draft(import), DATE_NONE, DATE_NONE, row, COUNT_OF(row));
    }
}

static bool payment_shape(int count, const struct view *cells) {
    return count == PAYMENT_COLUMNS && payment_year(cells[PAYMENT_YEAR]) >= 2000 &&
           cells[PAYMENT_CARRIER].size == 5 && view_is_digits(cells[PAYMENT_CARRIER]) &&
           cells[PAYMENT_LOCALITY].size == 2 && view_is_digits(cells[PAYMENT_LOCALITY]) &&
           cells[PAYMENT_CODE].size == 5;
}

static bool payment_line(struct payment_file *file) {
    const struct rows *rows = file->rows;
    if (view_starts(rows_cell(rows, 0), VIEW("TRL"))) {
        file->trailer = true;
    } else if (file->trailer || rows->count != PAYMENT_COLUMNS) {
        import_wrong(file->import, rows, "import_cell", NULL,
                     file->trailer ? "a row below the trailer"
                                   : "the row has %d fields, the layout %d",
                     rows->count, (int)PAYMENT_COLUMNS);
    } else {
        if (file->count == 0) {
            file->year = payment_year(rows->cells[PAYMENT_YEAR]);
            if (!payment_begin(file)) {
                return false;
            }
        }
        file->count++;
        payment_row(file);
    }
    return true;
}

static int payment_read(struct import *import, struct rows *rows) {
    struct payment_file file = {.import = import, .rows = rows};
    while (import_next(import, rows)) {
        if (!rows_blank(rows) && !payment_line(&file)) {
            return import_status(import);
        }
    }
    if (!file.trailer) {
        import_wrong(import, rows, "import_row_count", NULL, "no trailer: the file is cut");
    }
    if (file.count > 0) {
        import_end(import, rows, file.count, PAYMENT_ROWS_LEAST, PAYMENT_ROWS_MOST);
    }
    return import_status(import);
}

static bool payment_knows(const struct rows_head *head) {
    return head->form == ROWS_COMMA && head->count > 0 &&
           payment_shape(head->row[0].count, head->row[0].cells);
}

const struct importer import_payment = {
    .table = "payment",
    .what = "published amounts by locality, PFALL and PFREV",
    .proven = false,
    .cpt = true,
    .knows = payment_knows,
    .read = payment_read,
};
