/* Anesthesia conversion factors of the localities. The header has the national factor, the name of
 * the file the year. */
#include "import/fee.h"

#define ANESTHESIA_ROWS_LEAST 90
#define ANESTHESIA_ROWS_MOST 130
#define ANESTHESIA_NATIONAL "National Anes CF of "

enum {
    ANESTHESIA_CARRIER,
    ANESTHESIA_LOCALITY,
    ANESTHESIA_NAME,
    ANESTHESIA_FACTOR,
    ANESTHESIA_COLUMNS
};
static const char *const anesthesia_headers[ANESTHESIA_COLUMNS] = {
    "Contractor", "Locality", "Locality Name", "National Anes CF of*"};

struct anesthesia_file {
    struct import *import;
    struct rows *rows;
    struct fee_keys keys;
    int64_t national;
    int64_t count;
    int padded;
};

/* National factors that are known, x 10000; of 2026 for all who are not qualifying participants. */
static const struct {
    int year;
    int64_t national;
} nationals[] = {{2025, 203178}, {2026, 204976}};

static bool national_right(struct anesthesia_file *file, const struct fee_release *release) {
    for (int i = 0; i < COUNT_OF(nationals); i++) {
        if (nationals[i].year == release->year && nationals[i].national != file->national) {
            import_wrong(file->import, file->rows, "import_header", ANESTHESIA_NATIONAL,
                         "the factor of %d is %d.%04d", release->year,
                         (int)(nationals[i].national / 10000),
                         (int)(nationals[i].national % 10000));
            return false;
        }
    }
    return true;
}

static bool anesthesia_begin(struct anesthesia_file *file, struct view header) {
    bool ok = true;
    struct view factor = view_sub(header, view_of(ANESTHESIA_NATIONAL).size, header.size);
    file->national = cell_number(file->import, file->rows, view_trim(factor), ANESTHESIA_NATIONAL,
                                 4, 100000, 999999, &ok);
    struct fee_release release;
    struct fee_release title = {0};
    if (!ok || !fee_release_find(file->import, file->rows, title, false, &release) ||
        !national_right(file, &release)) {
        return false;
    }
    return fee_yearly_begin(file->import, file->rows, STORE_ANESTHESIA, "ANES", &release,
                            fee_form_of(file->rows));
}

static void anesthesia_row(struct anesthesia_file *file, const struct view *cells) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    bool ok = true;
    file->count++;
    struct code carrier = fee_carrier(import, rows, cells[ANESTHESIA_CARRIER], &file->padded, &ok);
    struct code locality =
        fee_locality(import, rows, cells[ANESTHESIA_LOCALITY], &file->padded, &ok);
    int64_t factor = cell_number(import, rows, cells[ANESTHESIA_FACTOR], ANESTHESIA_NATIONAL, 2,
                                 1000, 9999, &ok);
    struct view name = fee_place_name(cells[ANESTHESIA_NAME]);
    if (ok && name.size == 0) {
        ok = false;
        import_wrong(import, rows, "import_cell", "Locality Name", "is empty");
    }
    if (ok && fee_key_new(import, rows, &file->keys, carrier.bits, locality.bits)) {
        struct store_draft *draft = import_draft(import);
        uint64_t row[] = {carrier.bits, locality.bits, store_draft_text(draft, name),
                          (uint64_t)factor, (uint64_t)file->national};
        store_draft_row(draft, DATE_NONE, DATE_NONE, row, COUNT_OF(row));
    }
}

static int anesthesia_read(struct import *import, struct rows *rows) {
    struct anesthesia_file file = {.import = import, .rows = rows};
    int at[ANESTHESIA_COLUMNS];
    if (!import_next(import, rows) ||
        !fee_header(import, rows, rows->cells, rows->count, anesthesia_headers, ANESTHESIA_COLUMNS,
                    at, NULL) ||
        !anesthesia_begin(&file, rows_cell(rows, at[ANESTHESIA_FACTOR]))) {
        return import_status(import);
    }
    while (import_next(import, rows)) {
        struct view cells[ANESTHESIA_COLUMNS];
        fee_cells(rows, at, ANESTHESIA_COLUMNS, cells);
        if (!rows_blank(rows) && (!fee_remark(rows) || view_is_digits(rows->cells[0]))) {
            anesthesia_row(&file, cells);
        }
    }
    import_end(import, rows, file.count, ANESTHESIA_ROWS_LEAST, ANESTHESIA_ROWS_MOST);
    fee_padded_note(import, file.padded);
    return import_status(import);
}

static bool anesthesia_knows(const struct rows_head *head) {
    /* Factors of qualifying participants have no table. */
    return fee_columns(head, ANESTHESIA_NATIONAL, NULL) && fee_named_qpp(head) != 'Q';
}

const struct importer import_anesthesia = {
    .table = "anesthesia",
    .what = "anesthesia conversion factors of the localities, ANES",
    .proven = true,
    .knows = anesthesia_knows,
    .read = anesthesia_read,
};
