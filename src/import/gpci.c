/* Geographic practice cost indices of the localities (Addendum E), in columns or as a printed
 * table. Footnotes stand below the data, stars that point to them behind the names. */
#include "import/fee.h"

#define GPCI_ROWS_LEAST 85
#define GPCI_ROWS_MOST 130 /* 109 localities since 2024, 112 before */

enum {
    GPCI_CARRIER,
    GPCI_STATE,
    GPCI_LOCALITY,
    GPCI_NAME,
    GPCI_WORK,
    GPCI_PE,
    GPCI_MP,
    GPCI_COLUMNS
};
static const char *const gpci_headers[GPCI_COLUMNS] = {
    "Medicare Admin*", "State",    "Locality Number", "Locality Name",
    "PW GPCI*",        "PE GPCI*", "MP GPCI*"};

struct gpci_file {
    struct import *import;
    struct rows *rows;
    struct fee_keys keys;
    int64_t count;
    int padded;
    bool notes; /* the footnotes have begun */
};

static int64_t gpci_index(struct gpci_file *file, struct view cell, const char *column, bool *ok) {
    return cell_number(file->import, file->rows, cell, column, 3, 100, 9999, ok);
}

static void gpci_row(struct gpci_file *file, const struct view *cells) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    bool ok = !file->notes;
    if (!ok) {
        import_wrong(import, rows, "import_cell", NULL, "a row of data below the footnotes");
        return;
    }
    file->count++;
    struct code carrier = fee_carrier(import, rows, cells[GPCI_CARRIER], &file->padded, &ok);
    struct code locality = fee_locality(import, rows, cells[GPCI_LOCALITY], &file->padded, &ok);
    struct code state = cell_code(import, rows, cells[GPCI_STATE], "State", 2, 2, &ok);
    int64_t work = gpci_index(file, cells[GPCI_WORK], "PW GPCI", &ok);
    int64_t pe = gpci_index(file, cells[GPCI_PE], "PE GPCI", &ok);
    int64_t mp = gpci_index(file, cells[GPCI_MP], "MP GPCI", &ok);
    struct view name = fee_place_name(cells[GPCI_NAME]);
    if (ok && name.size == 0) {
        ok = false;
        import_wrong(import, rows, "import_cell", "Locality Name", "is empty");
    }
    if (ok && fee_key_new(import, rows, &file->keys, carrier.bits, locality.bits)) {
        struct store_draft *draft = import_draft(import);
        char text[9];
        uint64_t row[] = {carrier.bits,
                          locality.bits,
                          store_draft_text(draft, code_text(state, text)),
                          store_draft_text(draft, name),
                          (uint64_t)work,
                          (uint64_t)pe,
                          (uint64_t)mp};
        store_draft_row(draft, DATE_NONE, DATE_NONE, row, COUNT_OF(row));
    }
}

static int gpci_end(struct gpci_file *file) {
    import_end(file->import, file->rows, file->count, GPCI_ROWS_LEAST, GPCI_ROWS_MOST);
    fee_padded_note(file->import, file->padded);
    return import_status(file->import);
}

/* ---- in columns -------------------------------------------------------------------------- */

static int gpci_read(struct import *import, struct rows *rows) {
    struct gpci_file file = {.import = import, .rows = rows};
    int at[GPCI_COLUMNS];
    int year = 0;
    if (!fee_table_header(import, rows, gpci_headers, GPCI_COLUMNS, NULL, at, &year) ||
        !fee_yearly_open(import, rows, STORE_GPCI, "GPCI", year, fee_form_of(rows))) {
        return import_status(import);
    }
    while (import_next(import, rows)) {
        struct view cells[GPCI_COLUMNS];
        if (rows_blank(rows)) {
            continue;
        }
        if (fee_remark(rows) && !view_is_digits(rows->cells[0])) {
            file.notes = true;
            continue;
        }
        fee_cells(rows, at, GPCI_COLUMNS, cells);
        gpci_row(&file, cells);
    }
    return gpci_end(&file);
}

static bool gpci_named(const struct rows_head *head) {
    return head_has(head, "GEOGRAPHIC PRACTICE COST IND") ||
           (head_has(head, "PE GPCI") && head_has(head, "MP GPCI"));
}

static bool gpci_knows(const struct rows_head *head) {
    return fee_columns(head, "Medicare Admin", "ADDENDUM E") && gpci_named(head);
}

/* ---- as a table of text ------------------------------------------------------------------ */

/* Contractor, state, locality, name, three indices; the name alone has blanks. */
static bool gpci_line_cut(struct view line, struct view cells[GPCI_COLUMNS]) {
    static const int before[] = {GPCI_CARRIER, GPCI_STATE, GPCI_LOCALITY};
    static const int behind[] = {GPCI_MP, GPCI_PE, GPCI_WORK};
    for (int i = 0; i < 3; i++) {
        line = view_trim(line);
        cells[before[i]] = view_cut(&line, ' ');
    }
    for (int i = 0; i < 3 && line.at; i++) {
        line = view_trim(line);
        ptrdiff_t from = line.size;
        while (from > 0 && line.at[from - 1] != ' ') {
            from--;
        }
        cells[behind[i]] = view_sub(line, from, line.size);
        line = view_sub(line, 0, from);
    }
    cells[GPCI_NAME] = view_trim(line);
    return line.at && cells[GPCI_NAME].size > 0;
}

static bool five_digits(struct view line) {
    return line.size > 5 && view_is_digits(view_sub(line, 0, 5)) && line.at[5] == ' ';
}

/* The year stands before each index: "2025 PW GPCI2025 PE GPCI2025 MP GPCI". */
static int gpci_line_year(struct view line) {
    static const char *const words[] = {" PW GPCI", " PE GPCI", " MP GPCI"};
    int year = 0;
    for (int i = 0; i < COUNT_OF(words); i++) {
        ptrdiff_t at = name_find(line, words[i]);
        struct fee_release said = {0};
        char name[] = "GPCI2000";
        for (int k = 0; at >= 4 && k < 4; k++) {
            name[4 + k] = line.at[at - 4 + k];
        }
        if (at < 4 || !fee_name_read(view_of(name), &said) || (year && year != said.year)) {
            return 0;
        }
        year = said.year;
    }
    return year;
}

static bool gpci_text_header(struct gpci_file *file, int *year) {
    while (import_next(file->import, file->rows)) {
        struct view line = file->rows->text;
        if (name_find(line, "Medicare Admi") == 0) {
            *year = name_find(line, "State") > 0 && name_find(line, "Locality") > 0
                        ? gpci_line_year(line)
                        : 0;
            break;
        }
    }
    if (*year == 0) {
        import_wrong(file->import, file->rows, "import_header", NULL,
                     "no header with State, Locality and three indices of one year");
    }
    return *year != 0;
}

static int gpci_text_read(struct import *import, struct rows *rows) {
    struct gpci_file file = {.import = import, .rows = rows};
    int year = 0;
    if (!gpci_text_header(&file, &year) ||
        !fee_yearly_open(import, rows, STORE_GPCI, "GPCI", year, FEE_TEXT)) {
        return import_status(import);
    }
    while (import_next(import, rows)) {
        struct view cells[GPCI_COLUMNS];
        if (!five_digits(rows->text)) {
            file.notes |= view_trim(rows->text).size > 0;
        } else if (gpci_line_cut(rows->text, cells)) {
            gpci_row(&file, cells);
        } else {
            import_wrong(import, rows, "import_cell", NULL, "the row is cut");
        }
    }
    return gpci_end(&file);
}

static bool gpci_text_knows(const struct rows_head *head) {
    bool data = false;
    for (int i = 0; i < head->count; i++) {
        data |= five_digits(head->row[i].text);
    }
    return head->form == ROWS_LINES && gpci_named(head) && data;
}

const struct importer import_gpci = {
    .table = "gpci",
    .what = "geographic practice cost indices, GPCI in columns",
    .proven = true,
    .knows = gpci_knows,
    .read = gpci_read,
};

const struct importer import_gpci_text = {
    .table = "gpci",
    .what = "the same as a table of text, GPCI....txt",
    .proven = true,
    .knows = gpci_text_knows,
    .read = gpci_text_read,
};
