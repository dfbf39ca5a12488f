/* Counties of the localities (LOCCO), in columns or as a printed table. The csv has lost leading
 * zeros and is padded; the text kept them and is preferred, but cuts long lists of counties. The
 * name of a state stands in the first row of its group only, at times (California in the text of
 * 2025) in none: then it stays empty. */
#include "import/fee.h"

#include <stdio.h>

#define LOCALITY_ROWS_LEAST 90
#define LOCALITY_ROWS_MOST 130
#define LOCALITY_TITLE "COUNTIES INCLUDED IN "

enum {
    LOCALITY_CARRIER,
    LOCALITY_NUMBER,
    LOCALITY_STATE,
    LOCALITY_AREA,
    LOCALITY_COUNTIES,
    LOCALITY_COLUMNS
};
static const char *const locality_headers[LOCALITY_COLUMNS] = {
    "Medicare Admin*", "Locality Number", "State", "Fee Schedule Area", "Counties"};

struct locality_file {
    struct import *import;
    struct rows *rows;
    struct fee_keys keys;
    int64_t count;
    int padded, repeated;
    bool notes;
    char state[64]; /* of the group in hand */
    int state_size;
};

/* A key may come twice when all of the row is the same (Missouri's rest, once for each of the two
 * contractors that there were). */
static bool locality_new(struct locality_file *file, const uint64_t *row) {
    struct arena *arena = import_arena(file->import);
    uint64_t all = row[2] ^ row[3] * 3 ^ row[4] * 5;
    int64_t same = fee_keys_add(&file->keys, arena, row[0] ^ all, row[1] ^ all, file->rows->line);
    if (same > 0) {
        file->repeated++;
        return false;
    }
    return fee_key_new(file->import, file->rows, &file->keys, row[0], row[1]);
}

static void locality_row(struct locality_file *file, const struct view *cells) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    bool ok = !file->notes;
    if (!ok) {
        import_wrong(import, rows, "import_cell", NULL, "a row of data below the footnotes");
        return;
    }
    file->count++;
    struct view state = view_trim(cells[LOCALITY_STATE]);
    if (state.size > 0) {
        file->state_size = snprintf(file->state, sizeof file->state, "%.*s",
                                    (int)(state.size < 60 ? state.size : 60), state.at);
    }
    struct code carrier = fee_carrier(import, rows, cells[LOCALITY_CARRIER], &file->padded, &ok);
    struct code number = fee_locality(import, rows, cells[LOCALITY_NUMBER], &file->padded, &ok);
    struct view area = fee_place_name(cells[LOCALITY_AREA]);
    struct view counties = view_trim(cells[LOCALITY_COUNTIES]);
    if (ok && (area.size == 0 || counties.size == 0)) {
        ok = false;
        import_wrong(import, rows, "import_cell", locality_headers[LOCALITY_AREA],
                     "area and counties must be given");
    }
    if (!ok) {
        return;
    }
    struct store_draft *draft = import_draft(import);
    uint64_t row[] = {carrier.bits, number.bits,
                      store_draft_text(draft, (struct view){file->state, file->state_size}),
                      store_draft_text(draft, area), store_draft_text(draft, counties)};
    if (locality_new(file, row)) {
        store_draft_row(draft, DATE_NONE, DATE_NONE, row, COUNT_OF(row));
    }
}

static int locality_end(struct locality_file *file) {
    import_end(file->import, file->rows, file->count, LOCALITY_ROWS_LEAST, LOCALITY_ROWS_MOST);
    fee_padded_note(file->import, file->padded);
    if (file->repeated > 0) {
        import_note(file->import, "rows that are given twice: %d", file->repeated);
    }
    return import_status(file->import);
}

/* "COUNTIES INCLUDED IN 2025 LOCALITIES." */
static int title_year(struct view title) {
    ptrdiff_t at = name_find(title, LOCALITY_TITLE);
    int year = at >= 0 ? digits_of(title, at + view_of(LOCALITY_TITLE).size, 4) : 0;
    return year > 0 ? year : 0;
}

/* ---- in columns -------------------------------------------------------------------------- */

static int locality_read(struct import *import, struct rows *rows) {
    struct locality_file file = {.import = import, .rows = rows};
    int at[LOCALITY_COLUMNS];
    int year = 0;
    if (!fee_table_header(import, rows, locality_headers, LOCALITY_COLUMNS, title_year, at,
                          &year) ||
        !fee_yearly_open(import, rows, STORE_LOCALITY, "LOCCO", year,
                         rows->form == ROWS_XLSX ? FEE_XLSX : FEE_LOSSY)) {
        return import_status(import);
    }
    while (import_next(import, rows)) {
        struct view cells[LOCALITY_COLUMNS];
        if (rows_blank(rows)) {
            file.state_size = 0;
            continue;
        }
        if (fee_remark(rows) && !view_is_digits(rows->cells[0])) {
            file.notes = true;
            continue;
        }
        fee_cells(rows, at, LOCALITY_COLUMNS, cells);
        locality_row(&file, cells);
    }
    return locality_end(&file);
}

static bool locality_knows(const struct rows_head *head) {
    return fee_columns(head, "Medicare Admin", LOCALITY_TITLE) && head_has(head, LOCALITY_TITLE);
}

/* ---- as a table of text ------------------------------------------------------------------ */

/* Cuts at runs of two blanks or more: the columns of a printed table never touch. */
static int line_cut(struct view line, struct view *cells, int max) {
    int count = 0;
    line = view_trim(line);
    while (line.size > 0 && count < max) {
        ptrdiff_t end = 0;
        while (end < line.size && !view_starts(view_sub(line, end, 2), VIEW("  "))) {
            end++;
        }
        cells[count++] = view_sub(line, 0, end);
        line = view_trim(view_sub(line, end, line.size));
    }
    return line.size > 0 ? max + 1 : count;
}

static bool locality_line(struct locality_file *file) {
    struct view words[LOCALITY_COLUMNS];
    struct view cells[LOCALITY_COLUMNS];
    int count = line_cut(file->rows->text, words, LOCALITY_COLUMNS);
    if (count < 2 || !view_is_digits(words[0])) {
        return false;
    }
    if (count != LOCALITY_COLUMNS && count != LOCALITY_COLUMNS - 1) {
        import_wrong(file->import, file->rows, "import_cell", NULL,
                     "the row has %d columns, not contractor, locality, state, area, counties",
                     count);
        return true;
    }
    int missing = LOCALITY_COLUMNS - count;
    for (int i = 0; i < LOCALITY_COLUMNS; i++) {
        cells[i] = i < LOCALITY_STATE               ? words[i]
                   : i == LOCALITY_STATE && missing ? VIEW("")
                                                    : words[i - missing];
    }
    locality_row(file, cells);
    return true;
}

static bool locality_text_header(struct locality_file *file, int *year) {
    static const char *const words[] = {"Locality", "State", "Fee Schedule Area", "Counties"};
    while (import_next(file->import, file->rows)) {
        struct view line = file->rows->text;
        *year = *year ? *year : title_year(line);
        if (name_find(line, "Medicare Admi") == 0) {
            ptrdiff_t last = 0;
            for (int i = 0; i < COUNT_OF(words); i++) {
                ptrdiff_t at = name_find(line, words[i]);
                last = at > last ? at : PTRDIFF_MAX;
            }
            if (last < PTRDIFF_MAX) {
                return true;
            }
            break;
        }
    }
    import_wrong(file->import, file->rows, "import_header", NULL,
                 "no header with Locality, State, Fee Schedule Area and Counties");
    return false;
}

static int locality_text_read(struct import *import, struct rows *rows) {
    struct locality_file file = {.import = import, .rows = rows};
    int year = 0;
    if (!locality_text_header(&file, &year) ||
        !fee_yearly_open(import, rows, STORE_LOCALITY, "LOCCO", year, FEE_TEXT)) {
        return import_status(import);
    }
    while (import_next(import, rows)) {
        if (view_trim(rows->text).size == 0) {
            file.state_size = 0;
        } else if (!locality_line(&file)) {
            file.notes = true;
        }
    }
    return locality_end(&file);
}

static bool locality_text_knows(const struct rows_head *head) {
    bool data = false;
    for (int i = 0; i < head->count; i++) {
        struct view line = view_trim(head->row[i].text);
        data |=
            view_is_digits(view_sub(line, 0, 5)) && view_starts(view_sub(line, 5, 2), VIEW("  "));
    }
    return head->form == ROWS_LINES && data && head_has(head, LOCALITY_TITLE);
}

const struct importer import_locality = {
    .table = "locality",
    .what = "counties of the localities, LOCCO in columns",
    .proven = true,
    .knows = locality_knows,
    .read = locality_read,
};

const struct importer import_locality_text = {
    .table = "locality",
    .what = "the same as a table of text, ..LOCCO.txt",
    .proven = true,
    .knows = locality_text_knows,
    .read = locality_text_read,
};
