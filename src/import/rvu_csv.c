/* PPRRVU in columns: a title, and a header whose words stand in several rows one below the other,
 * the last of which begins with HCPCS. From 2026 on a column stands before ENDO BASE that moves the
 * rest by one, so that columns are found by all of their words. */
#include "import/rvu.h"

#define RVU_TITLE "National Physician Fee Schedule Relative Value File"
#define RVU_CELLS 40
#define RVU_WORDS 128
#define RVU_HEAD_ROWS 30

struct rvu_header {
    char text[RVU_CELLS][RVU_WORDS];
    struct view cells[RVU_CELLS];
    int at[RVU_COLUMNS];
    int count; /* of the last row */
};

static void words_add(struct rvu_header *header, int column, struct view word) {
    struct view *cell = &header->cells[column];
    char *to = header->text[column];
    cell->at = to;
    if (cell->size > 0 && cell->size < RVU_WORDS) {
        to[cell->size++] = ' ';
    }
    for (ptrdiff_t i = 0; i < word.size && cell->size < RVU_WORDS; i++) {
        to[cell->size++] = word.at[i];
    }
}

/* "2026 National … File July Release": year and month of the release. */
static void title_read(struct rvu_file *file, struct view title) {
    struct fee_release *said = &file->title;
    said->year = 0;
    for (int i = 0; i < 4 && i < title.size && title.at[i] >= '0' && title.at[i] <= '9'; i++) {
        said->year = 10 * said->year + (title.at[i] - '0');
    }
    while (title.at) {
        int month = month_of_word(view_trim(view_cut(&title, ' ')));
        said->quarter = month % 3 == 1 ? month / 3 + 1 : said->quarter;
    }
}

/* "RELEASED 06/30/2026" */
static void released_read(struct rvu_file *file, struct view cell) {
    bool ok = true;
    if (name_find(cell, "RELEASED ") == 0) {
        struct view day = view_trim(view_sub(cell, 9, cell.size));
        struct date date = cell_date(file->import, file->rows, day, "RELEASED", &ok);
        file->title.released = ok && date_given(date) ? date.day : 0;
    }
}

/* Titles have text in one cell of a row, headers in several. */
static void head_read(struct rvu_file *file, struct rvu_header *header) {
    const struct rows *rows = file->rows;
    int given = 0;
    for (int i = 0; i < rows->count; i++) {
        given += rows->cells[i].size > 0;
        if (name_find(rows->cells[i], RVU_TITLE) >= 0) {
            title_read(file, rows->cells[i]);
        }
        released_read(file, rows->cells[i]);
    }
    for (int i = 0; given > 1 && i < rows->count && i < RVU_CELLS; i++) {
        if (rows->cells[i].size > 0) {
            words_add(header, i, rows->cells[i]);
        }
    }
}

static bool header_read(struct rvu_file *file, struct rvu_header *header) {
    struct rows *rows = file->rows;
    for (int i = 0; i < RVU_HEAD_ROWS; i++) {
        if (!import_next(file->import, rows)) {
            break;
        }
        head_read(file, header);
        if (header_is(rows_cell(rows, 0), "HCPCS")) {
            header->count = rows->count < RVU_CELLS ? rows->count : RVU_CELLS;
            return fee_header(file->import, rows, header->cells, header->count, rvu_headers,
                              RVU_COLUMNS, header->at, NULL);
        }
    }
    import_wrong(file->import, rows, "import_header", NULL,
                 "no row of the header begins with HCPCS");
    return false;
}

/* A row is as long as the header: what is shorter is cut, what is longer has a comma too many. */
static bool length_right(struct rvu_file *file, const struct rvu_header *header) {
    const struct rows *rows = file->rows;
    int count = rows->count;
    while (count > header->count && rows->cells[count - 1].size == 0) {
        count--;
    }
    if (count != header->count) {
        import_wrong(file->import, rows, "import_cell", NULL, "the row has %d cells, the header %d",
                     count, header->count);
    }
    return count == header->count;
}

static int rvu_csv_read(struct import *import, struct rows *rows) {
    struct rvu_file file = {.import = import, .rows = rows, .form = fee_form_of(rows)};
    struct rvu_header header = {.count = 0};
    if (!header_read(&file, &header)) {
        return import_status(import);
    }
    bool more = true;
    while (more && import_next(import, rows)) {
        struct view cells[RVU_COLUMNS];
        if (rows_blank(rows) || !length_right(&file, &header)) {
            continue;
        }
        fee_cells(rows, header.at, RVU_COLUMNS, cells);
        more = rvu_row(&file, cells);
    }
    return rvu_end(&file);
}

static bool rvu_csv_head(const struct rows_head *head) {
    return fee_columns(head, "HCPCS", "DESCRIPTION") && head_has(head, RVU_TITLE);
}

static bool rvu_csv_knows(const struct rows_head *head) {
    return rvu_csv_head(head) && fee_named_qpp(head) != 'Q';
}

static bool rvu_qpp_knows(const struct rows_head *head) {
    return rvu_csv_head(head) && fee_named_qpp(head) == 'Q';
}

const struct importer import_rvu_csv = {
    .table = "mpfs",
    .what = "physician fee schedule relative values, PPRRVU in columns",
    .proven = true,
    .cpt = true,
    .knows = rvu_csv_knows,
    .read = rvu_csv_read,
};

const struct importer import_rvu_qpp = {
    .table = "mpfs_qpp",
    .what = "the same for qualifying participants, PPRRVU..._QPP",
    .proven = false,
    .cpt = true,
    .knows = rvu_qpp_knows,
    .read = rvu_csv_read,
};
