/* Small lists: places of service, adjustment codes (the user's own file), the index of coverage
 * documents, and covered diagnoses of articles, a csv of our own (docs/IMPORT.md). */
#include "import/list_file.h"

#include <stdio.h>
#include <string.h>

struct list_file {
    struct import *import;
    struct rows *rows;
    struct list_columns columns;
    int64_t count;
    struct edit_keys keys;
};

static struct view cell(const struct list_file *file, int column) {
    return list_cell(file->rows, &file->columns, column);
}

static uint64_t text(const struct list_file *file, int column) {
    return store_draft_text(import_draft(file->import), cell(file, column));
}

static bool wrong(const struct list_file *file, int column, const char *what) {
    (void)import_wrong(file->import, file->rows, "import_cell", file->columns.names[column], "%s",
                       what);
    return false;
}

static void key(struct list_file *file, uint64_t one, uint64_t two) {
    (void)edit_keys_add(file->import, file->rows, &file->keys, one, two);
}

typedef void list_row(struct list_file *file);

/* A list whose release is the day in its name, or the stem of the name when it has none. */
static int list_read(struct list_file *file, struct store_edition edition,
                     const struct list_layout *layout, list_row *row, int64_t least,
                     int64_t most) {
    char stem[64], day[11];
    struct date named = list_name_day(file->rows->member);
    edition.name = date_given(named) ? date_text(named, day)
                                     : list_stem(file->rows->member, stem, sizeof stem);
    edition.effective = named;
    edition.through = DATE_NONE;
    edition.from = edition.to = DATE_NONE;
    if (!list_header(file->import, file->rows, layout, &file->columns) ||
        !import_begin(file->import, file->rows, &edition, 1, 1)) {
        return import_status(file->import);
    }
    while (list_next(file->import, file->rows, &file->columns, &file->count)) {
        row(file);
    }
    edit_keys_check(file->import, file->rows, &file->keys, "an entry");
    import_end(file->import, file->rows, file->count, least, most);
    return import_status(file->import);
}

/* ---- places of service ------------------------------------------------------------------- */

enum { POS_CODE, POS_TYPE, POS_NAME, POS_COLUMNS };
static const char *const pos_names[POS_COLUMNS] = {"pos_code", "pos_type", "pos_name"};
static const struct list_layout pos_layout = {pos_names, POS_COLUMNS, POS_COLUMNS};

static void pos_row(struct list_file *file) {
    bool ok = true;
    struct view type = cell(file, POS_TYPE);
    if (header_is(type, "Unassigned")) {
        return; /* numbers and spans of numbers that are no place */
    }
    struct code code = cell_code(file->import, file->rows, cell(file, POS_CODE), "pos_code", 2, 2,
                                 &ok);
    bool facility = header_is(type, "Facility");
    if (!facility && !header_is(type, "Non-Facility")) {
        ok = wrong(file, POS_TYPE, "is not Facility, Non-Facility or Unassigned");
    }
    if (ok) {
        const uint64_t cells[] = {code.bits, text(file, POS_NAME), facility ? 'Y' : 'N'};
        store_draft_row(import_draft(file->import), DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
        key(file, code.bits, 0);
    }
}

static int pos_read(struct import *import, struct rows *rows) {
    struct list_file file = {.import = import, .rows = rows};
    return list_read(&file, (struct store_edition){.table = STORE_POS_LIST}, &pos_layout, pos_row,
                     40, 200);
}

/* ---- adjustment codes -------------------------------------------------------------------- */

enum { ADJ_CODE, ADJ_TYPE, ADJ_TEXT, ADJ_START, ADJ_END, ADJ_COLUMNS };
static const char *const adjustment_names[ADJ_COLUMNS] = {
    "adj_code", "adj_type", "adj_description", "adj_start_date", "adj_end_date"};
static const struct list_layout adjustment_layout = {adjustment_names, ADJ_COLUMNS, ADJ_COLUMNS};

static void adjustment_row(struct list_file *file) {
    static const char *const kinds[] = {"Group", "CARC", "RARC"};
    static const char *const codes[] = {"GROUP", "CARC", "RARC"};
    struct view type = cell(file, ADJ_TYPE);
    bool ok = true;
    int kind = 0;
    while (kind < COUNT_OF(kinds) && !header_is(type, kinds[kind])) {
        kind++;
    }
    if (kind == COUNT_OF(kinds)) {
        (void)wrong(file, ADJ_TYPE, "is not Group, CARC or RARC");
        return;
    }
    struct code code =
        cell_code(file->import, file->rows, cell(file, ADJ_CODE), "adj_code", 1, 5, &ok);
    struct date start =
        cell_date(file->import, file->rows, cell(file, ADJ_START), "adj_start_date", &ok);
    struct date end = cell_date(file->import, file->rows, cell(file, ADJ_END), "adj_end_date", &ok);
    if (ok) {
        const uint64_t cells[] = {code_of(codes[kind]).bits, code.bits, text(file, ADJ_TEXT),
                                  (uint64_t)(int64_t)start.day, (uint64_t)(int64_t)end.day};
        store_draft_row(import_draft(file->import), DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
        key(file, cells[0], cells[1]);
    }
}

static int adjustment_read(struct import *import, struct rows *rows) {
    struct list_file file = {.import = import, .rows = rows};
    return list_read(&file, (struct store_edition){.table = STORE_ADJUSTMENT},
                     &adjustment_layout, adjustment_row, 1, 10000);
}

/* ---- coverage documents ------------------------------------------------------------------ */

enum { LCD_ID, LCD_TYPE, LCD_VERSION, LCD_EFFECTIVE, LCD_RETIRED, LCD_CONTRACTOR, LCD_URL,
       LCD_COLUMNS };
static const char *const lcd_names[LCD_COLUMNS] = {
    "display_id", "type", "version", "effective_date", "retirement_date", "mac", "url"};
static const struct list_layout lcd_layout = {lcd_names, LCD_COLUMNS, LCD_COLUMNS};

static void lcd_row(struct list_file *file) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    bool ok = true;
    struct code document = cell_code(import, rows, cell(file, LCD_ID), "display_id", 4, 8, &ok);
    int64_t version =
        cell_number(import, rows, cell(file, LCD_VERSION), "version", 0, 0, 100000, &ok);
    struct date effective =
        cell_date(import, rows, cell(file, LCD_EFFECTIVE), "effective_date", &ok);
    struct date retired = cell_date(import, rows, list_given(cell(file, LCD_RETIRED)),
                                    "retirement_date", &ok);
    if (ok && !header_is(cell(file, LCD_TYPE), "Article") &&
        !header_is(cell(file, LCD_TYPE), "LCD")) {
        ok = wrong(file, LCD_TYPE, "is not Article or LCD");
    }
    if (ok) {
        const uint64_t cells[] = {document.bits,
                                  text(file, LCD_TYPE),
                                  (uint64_t)version,
                                  text(file, LCD_CONTRACTOR),
                                  (uint64_t)(int64_t)effective.day,
                                  (uint64_t)(int64_t)retired.day,
                                  text(file, LCD_URL)};
        store_draft_row(import_draft(import), DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
        key(file, document.bits, (uint64_t)version);
    }
}

static int lcd_read(struct import *import, struct rows *rows) {
    struct list_file file = {.import = import, .rows = rows};
    return list_read(&file, (struct store_edition){.table = STORE_LCD, .partial = true},
                     &lcd_layout, lcd_row, 1, 100000);
}

/* ---- covered diagnoses ------------------------------------------------------------------- */

enum { DX_ARTICLE, DX_CODE, DX_GROUP, DX_FROM, DX_TO, DX_COLUMNS };
static const char *const covered_names[DX_COLUMNS] = {"article", "diagnosis", "group", "from",
                                                      "to"};
static const struct list_layout covered_layout = {covered_names, DX_COLUMNS, DX_FROM};

static void covered_row(struct list_file *file) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    bool ok = true;
    struct code article = cell_code(import, rows, cell(file, DX_ARTICLE), "article", 4, 6, &ok);
    struct code dx = cell_code(import, rows, cell(file, DX_CODE), "diagnosis", 3, 7, &ok);
    int64_t group = cell_number(import, rows, cell(file, DX_GROUP), "group", 0, 1, 255, &ok);
    struct date from = cell_date(import, rows, cell(file, DX_FROM), "from", &ok);
    struct date to = cell_date(import, rows, cell(file, DX_TO), "to", &ok);
    if (ok && date_given(from) && date_given(to) && to.day < from.day) {
        ok = wrong(file, DX_TO, "is before the first day");
    }
    if (ok) {
        const uint64_t cells[] = {article.bits, dx.bits, (uint64_t)group};
        store_draft_row(import_draft(import), from, to, cells, COUNT_OF(cells));
        /* An article leaves two bytes free for the first day, a diagnosis one for the group. */
        key(file, article.bits | (date_given(from) ? (uint16_t)from.day : 0),
            dx.bits | (uint64_t)group);
    }
}

static int covered_read(struct import *import, struct rows *rows) {
    struct list_file file = {.import = import, .rows = rows};
    return list_read(&file,
                     (struct store_edition){
                         .table = STORE_COVERED_DX, .partial = true, .dated = true},
                     &covered_layout, covered_row, 1, 2000000);
}

static bool pos_knows(const struct rows_head *head) { return list_knows(head, &pos_layout); }
static bool adjustment_knows(const struct rows_head *head) {
    return list_knows(head, &adjustment_layout);
}
static bool lcd_knows(const struct rows_head *head) { return list_knows(head, &lcd_layout); }
static bool covered_knows(const struct rows_head *head) {
    return list_knows(head, &covered_layout);
}

const struct importer import_pos = {
    .table = "pos_list",
    .what = "places of service, csv",
    .proven = true,
    .knows = pos_knows,
    .read = pos_read,
};
const struct importer import_adjustment = {
    .table = "adjustment",
    .what = "group, CARC and RARC codes, the user's csv",
    .proven = true,
    .knows = adjustment_knows,
    .read = adjustment_read,
};
const struct importer import_lcd = {
    .table = "lcd_index",
    .what = "index of coverage documents, csv",
    .proven = true,
    .knows = lcd_knows,
    .read = lcd_read,
};
const struct importer import_covered = {
    .table = "lcd_covered_dx",
    .what = "covered diagnoses of articles, csv of our own",
    .knows = covered_knows,
    .read = covered_read,
};
