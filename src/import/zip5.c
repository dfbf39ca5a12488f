/* ZIP codes to contractors and localities, fixed width: the published layout (ZIP5lyout). Every
 * line says the quarter it is of. */
#include "import/fee.h"

#include <stdio.h>

#define ZIP_ROWS_LEAST 38000
#define ZIP_ROWS_MOST 48000
#define ZIP_LINE 80

struct zip_file {
    struct import *import;
    struct rows *rows;
    struct fee_keys keys;
    char quarter[5]; /* YYYYQ of the first line */
    int64_t count;
};

/* Positions that are filler in this layout, from 1. The file of nine digits uses 22 to 25. */
static bool filler_empty(struct view line) {
    for (ptrdiff_t i = 18; i < 75; i++) {
        if (i != 20 && i != 22 && line.at[i] != ' ') {
            return false;
        }
    }
    return true;
}

static bool zip_line(struct view line) {
    return line.size == ZIP_LINE && view_is_digits(view_sub(line, 2, 12)) && filler_empty(line) &&
           view_is_digits(view_sub(line, 75, 5));
}

static bool zip_knows(const struct rows_head *head) {
    int lines = 0;
    for (int i = 0; i < head->count; i++) {
        lines += zip_line(head->row[i].text);
    }
    return head->form == ROWS_LINES && lines > 0 && lines >= head->count - 1;
}

static bool zip_begin(struct zip_file *file) {
    struct view text = {file->quarter, sizeof file->quarter};
    int year = digits_of(text, 0, 4), quarter = digits_of(text, 4, 1);
    if (year < 2000 || year > 2099 || quarter < 1 || quarter > 4) {
        import_wrong(file->import, file->rows, "import_release", "Year/Quarter",
                     "is no quarter of a year");
        return false;
    }
    char name[16];
    int size = snprintf(name, sizeof name, "ZIP%04dQ%d", year, quarter);
    struct store_edition edition = {
        .table = STORE_ZIP,
        .name = {name, size},
        .effective = quarter_first(year, quarter),
        .through = quarter_last(year, quarter),
        .from = quarter_first(year, quarter),
        .to = DATE_NONE, /* until another quarter is there; stale after its own */
    };
    return import_begin(file->import, file->rows, &edition, 1, 1);
}

static bool zip_indicators(struct zip_file *file) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    bool ok = fee_indicator(import, rows, rows_field(rows, 15, 15), "Rural Indicator", "- R B");
    ok &=
        fee_indicator(import, rows, rows_field(rows, 16, 17), "Bene Lab CB Locality", "- Z1 Z2 Z9");
    ok &= fee_indicator(import, rows, rows_field(rows, 18, 18), "Rural Indicator2", "- R B");
    ok &= fee_indicator(import, rows, rows_field(rows, 21, 21), "Plus Four Flag", "0 1");
    return ok & fee_indicator(import, rows, rows_field(rows, 23, 23), "Part B Payment Indicator",
                              "- A B C D");
}

static bool zip_quarter_same(struct zip_file *file) {
    struct view quarter = rows_field(file->rows, 76, 80);
    if (view_equal(quarter, (struct view){file->quarter, sizeof file->quarter})) {
        return true;
    }
    import_wrong(file->import, file->rows, "import_cell", "Year/Quarter",
                 "differs from the lines before");
    return false;
}

static void zip_row(struct zip_file *file) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    bool ok = true;
    int padded = 0;
    if (!zip_line(rows->text)) {
        import_wrong(import, rows, "import_cell", NULL,
                     "is no record of 80 positions in the layout of the five-digit file");
        return;
    }
    struct view state = rows_field(rows, 1, 2);
    struct code zip = cell_code(import, rows, rows_field(rows, 3, 7), "Zip Code", 5, 5, &ok);
    struct code carrier = fee_carrier(import, rows, rows_field(rows, 8, 12), &padded, &ok);
    struct code locality = fee_locality(import, rows, rows_field(rows, 13, 14), &padded, &ok);
    cell_code(import, rows, state, "State", 2, 2, &ok);
    ok &= zip_indicators(file);
    if (!ok || !zip_quarter_same(file) || !fee_key_new(import, rows, &file->keys, zip.bits, 0)) {
        return;
    }
    struct store_draft *draft = import_draft(import);
    struct view rural = rows_field(rows, 15, 15);
    uint64_t row[] = {zip.bits,
                      store_draft_text(draft, state),
                      carrier.bits,
                      locality.bits,
                      rural.size > 0 ? (unsigned char)rural.at[0] : 0,
                      (unsigned char)rows->text.at[20]};
    store_draft_row(draft, DATE_NONE, DATE_NONE, row, COUNT_OF(row));
}

static int zip_read(struct import *import, struct rows *rows) {
    struct zip_file file = {.import = import, .rows = rows};
    while (import_next(import, rows)) {
        if (view_trim(rows->text).size == 0) {
            continue;
        }
        if (file.count == 0) {
            if (!zip_line(rows->text)) {
                zip_row(&file);
                return import_status(import);
            }
            for (int i = 0; i < (int)sizeof file.quarter; i++) {
                file.quarter[i] = rows->text.at[75 + i];
            }
            if (!zip_begin(&file)) {
                return import_status(import);
            }
        }
        file.count++;
        zip_row(&file);
    }
    if (file.count > 0) {
        import_end(import, rows, file.count, ZIP_ROWS_LEAST, ZIP_ROWS_MOST);
    }
    return import_status(import);
}

const struct importer import_zip5 = {
    .table = "zip_locality",
    .what = "ZIP codes to contractors and localities, ZIP5",
    .proven = true,
    .knows = zip_knows,
    .read = zip_read,
};
