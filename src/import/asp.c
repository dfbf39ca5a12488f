/* Payment limits of drugs and the crosswalk from NDC to HCPCS, both by quarter: a preamble that
 * says the days, a header, rows that end in many empty cells. */
#include "import/list_file.h"

#include <stdio.h>
#include <string.h>

#define ASP_PREAMBLE_MAX 30

enum { ASP_CODE, ASP_LIMIT, ASP_DOSAGE, ASP_NOTES, ASP_COINSURANCE, ASP_COLUMNS };
static const char *const asp_names[ASP_COLUMNS] = {"HCPCS Code", "Payment Limit",
                                                   "HCPCS Code Dosage", "Notes",
                                                   "Co-insurance Percentage"};
static const struct list_layout asp_layout = {asp_names, ASP_COLUMNS, ASP_COINSURANCE};
/* The code's own header has the year in it: "_2026_CODE". */
enum { NDC_NDC, NDC_BILLUNITS, NDC_LABEL, NDC_DOSAGE, NDC_SIZE, NDC_QUANTITY, NDC_CONTAINER,
       NDC_COLUMNS };
static const char *const ndc_names[NDC_COLUMNS] = {"NDC2",        "BILLUNITSPKG", "Drug Name",
                                                   "HCPCS dosage", "PKG SIZE",    "PKG QTY",
                                                   "BILLUNITS"};
static const struct list_layout ndc_layout = {ndc_names, NDC_COLUMNS, NDC_CONTAINER};

/* "January 1, 2026" at the start of a text; `rest` behind it. */
static struct date spelled_day(struct view text) {
    int numbers[2] = {0, 0}, at = 0;
    struct view month = view_sub(text, 0, view_find(text, ' '));
    for (ptrdiff_t i = month.size; i < text.size && at < 2; i++) {
        bool digit = text.at[i] >= '0' && text.at[i] <= '9';
        if (digit) {
            numbers[at] = numbers[at] * 10 + (text.at[i] - '0');
        } else if (i > 0 && text.at[i - 1] >= '0' && text.at[i - 1] <= '9') {
            at++;
        }
        if (numbers[at < 2 ? at : 1] > 9999) {
            return DATE_NONE;
        }
    }
    return date_from_ymd(numbers[1], month_of(month), numbers[0]);
}

/* "Effective January 1, 2026 through March 31, 2026" */
static bool effective_read(struct view cell, struct date *from, struct date *to) {
    static const char *const words[] = {"Effective ", " through "};
    struct date found[2] = {DATE_NONE, DATE_NONE};
    for (int w = 0; w < 2; w++) {
        struct view word = view_of(words[w]);
        for (ptrdiff_t i = 0; i + word.size < cell.size; i++) {
            if (memcmp(cell.at + i, word.at, (size_t)word.size) == 0) {
                found[w] = spelled_day(view_sub(cell, i + word.size, cell.size));
                break;
            }
        }
    }
    *from = found[0];
    *to = found[1];
    return date_given(*from) && date_given(*to) && from->day < to->day;
}

struct asp_file {
    struct import *import;
    struct rows *rows;
    struct list_columns columns;
    struct date from, to;
    char name[16];
    int64_t count;
    struct edit_keys keys;
};

/* CMS replaces the files of a quarter: "…121725.csv" is of December 17, 2025, a later day replaces
 * it. A workbook says the same as the csv of its day. */
static int asp_rank(const struct rows *rows) {
    int rank = 0;
    for (ptrdiff_t i = 0; i < rows->member.size; i++) {
        ptrdiff_t at = i;
        bool begins = i == 0 || !view_is_digits(view_sub(rows->member, i - 1, 1));
        int day = begins ? name_number(rows->member, &at, 6, 6) : -1;
        rank = day > 0 ? day % 100 * 10000 + day / 100 : rank;
    }
    return 2 * rank + (rows->form == ROWS_COMMA);
}

/* The preamble with the days, up to and with the header behind it. */
static bool asp_open(struct asp_file *file, enum store_table table,
                     const struct list_layout *layout) {
    struct import *import = file->import;
    struct rows *rows = file->rows;
    file->from = file->to = DATE_NONE;
    for (int i = 0; i < ASP_PREAMBLE_MAX && import_next(import, rows); i++) {
        struct date from, to;
        if (effective_read(rows_cell(rows, 0), &from, &to)) {
            file->from = from;
            file->to = to;
            break;
        }
    }
    if (!date_given(file->from)) {
        (void)import_wrong(import, rows, "import_release", NULL,
                           "no line says 'Effective … through …'");
        return false;
    }
    if (!list_header(import, rows, layout, &file->columns)) {
        return false;
    }
    int year, month, day;
    date_to_ymd(file->from, &year, &month, &day);
    int size = snprintf(file->name, sizeof file->name, "ASP%02dQ%d", year % 100, (month + 2) / 3);
    struct store_edition edition = {.table = table,
                                    .name = {file->name, size},
                                    .rank = asp_rank(rows),
                                    .effective = file->from,
                                    .through = file->to,
                                    .from = file->from,
                                    .to = DATE_NONE}; /* until another quarter is there */
    return import_begin(import, rows, &edition, 1, 1);
}

/* ---- payment limits ---------------------------------------------------------------------- */

static void asp_row(struct asp_file *file) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    struct view limit = list_given(list_cell(rows, &file->columns, ASP_LIMIT));
    struct view share = list_given(list_cell(rows, &file->columns, ASP_COINSURANCE));
    bool ok = true;
    uint64_t cells[] = {
        cell_code(import, rows, list_cell(rows, &file->columns, ASP_CODE), "HCPCS Code", 5, 5, &ok)
            .bits,
        store_draft_text(import_draft(import), list_cell(rows, &file->columns, ASP_DOSAGE)),
        (uint64_t)INT64_MIN,
        (uint64_t)INT64_MIN,
        store_draft_text(import_draft(import), list_cell(rows, &file->columns, ASP_NOTES))};
    if (limit.size > 0) {
        cells[2] = (uint64_t)cell_number(import, rows, limit, "Payment Limit", 3, 0, 99999999999,
                                         &ok);
    }
    if (share.size > 0) {
        cells[3] = (uint64_t)cell_number(import, rows, share, "Co-insurance Percentage", 3, 0,
                                         100000, &ok);
    }
    if (ok) {
        store_draft_row(import_draft(import), DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
        (void)edit_keys_add(import, rows, &file->keys, cells[0], 0);
    }
}

/* Co-insurance has differed by drug since April 2023; files before that have no column for it. */
static bool asp_share_missing(const struct asp_file *file) {
    if (file->columns.at[ASP_COINSURANCE] >= 0 || file->from.day < date_from_ymd(2023, 4, 1).day) {
        return false;
    }
    (void)import_wrong(file->import, file->rows, "import_header", asp_names[ASP_COINSURANCE],
                       "is missing in the header");
    return true;
}

static int asp_read(struct import *import, struct rows *rows) {
    struct asp_file file = {.import = import, .rows = rows};
    if (!asp_open(&file, STORE_ASP, &asp_layout) || asp_share_missing(&file)) {
        return import_status(import);
    }
    while (list_next(import, rows, &file.columns, &file.count)) {
        asp_row(&file);
    }
    edit_keys_check(import, rows, &file.keys, "a code");
    import_end(import, rows, file.count, 600, 2000);
    return import_status(import);
}

/* ---- crosswalk --------------------------------------------------------------------------- */

/* 5-4-2 with or without hyphens as eleven digits; devices among the drugs have a product number of
 * twelve. -1 otherwise: ten digits are ambiguous. */
static int64_t ndc_read(struct view text) {
    int64_t number = 0;
    int digits = 0;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        bool hyphen = text.at[i] == '-' && (i == 5 || i == 10) && text.size == 13;
        if (text.at[i] >= '0' && text.at[i] <= '9') {
            number = number * 10 + (text.at[i] - '0');
            digits++;
        } else if (!hyphen) {
            return -1;
        }
    }
    return digits == 11 || (digits == 12 && text.size == 12) ? number : -1;
}

static void ndc_row(struct asp_file *file, int code_column) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    struct store_draft *draft = import_draft(import);
    const struct list_columns *columns = &file->columns;
    int64_t ndc = ndc_read(list_cell(rows, columns, NDC_NDC));
    bool ok = ndc >= 0;
    if (!ok) {
        (void)import_wrong(import, rows, "import_cell", "NDC2",
                           "is not an NDC of eleven digits, nor a product number of twelve");
    }
    uint64_t cells[] = {
        (uint64_t)ndc,
        cell_code(import, rows, rows_cell(rows, code_column), "CODE", 5, 5, &ok).bits,
        store_draft_text(draft, list_cell(rows, columns, NDC_LABEL)),
        store_draft_text(draft, list_cell(rows, columns, NDC_DOSAGE)),
        store_draft_text(draft, list_cell(rows, columns, NDC_SIZE)),
        store_draft_text(draft, list_cell(rows, columns, NDC_QUANTITY)),
        (uint64_t)cell_number(import, rows, list_cell(rows, columns, NDC_BILLUNITS),
                              "BILLUNITSPKG", 3, 0, 999999999, &ok),
        (uint64_t)INT64_MIN};
    struct view container = list_given(list_cell(rows, columns, NDC_CONTAINER));
    if (container.size > 0) {
        cells[NDC_COLUMNS] = (uint64_t)cell_number(import, rows, container, "BILLUNITS", 3, 0,
                                                   999999999, &ok);
    }
    if (ok) {
        store_draft_row(draft, DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
        (void)edit_keys_add(import, rows, &file->keys, cells[0], cells[1]);
    }
}

/* "_2026_CODE" in the header in hand, -1 when none. */
static int code_column(const struct rows *rows) {
    for (int i = 0; i < rows->count; i++) {
        struct view cell = rows->cells[i];
        if (cell.size == 10 && cell.at[0] == '_' && header_is(view_sub(cell, 5, 5), "_CODE")) {
            return i;
        }
    }
    return -1;
}

static int ndc_read_file(struct import *import, struct rows *rows) {
    struct asp_file file = {.import = import, .rows = rows};
    if (!asp_open(&file, STORE_NDC, &ndc_layout)) {
        return import_status(import);
    }
    int code = code_column(rows);
    if (code < 0) {
        (void)import_wrong(import, rows, "import_header", "_CODE", "is missing in the header");
    }
    while (code >= 0 && list_next(import, rows, &file.columns, &file.count)) {
        ndc_row(&file, code);
    }
    edit_keys_check(import, rows, &file.keys, "a number and its code");
    import_end(import, rows, file.count, 3000, 20000);
    return import_status(import);
}

static bool asp_knows(const struct rows_head *head) { return list_knows(head, &asp_layout); }
static bool ndc_knows(const struct rows_head *head) { return list_knows(head, &ndc_layout); }

const struct importer import_asp = {
    .table = "asp",
    .what = "Part B payment limits (ASP)",
    .proven = true,
    .knows = asp_knows,
    .read = asp_read,
};
const struct importer import_ndc = {
    .table = "ndc_hcpcs",
    .what = "ASP crosswalk from NDC to HCPCS",
    .proven = true,
    .knows = ndc_knows,
    .read = ndc_read_file,
};
