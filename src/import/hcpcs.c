/* HCPCS Level II: codes and modifiers, as the fixed-width file of 320 columns and as csv. A record
 * 3 (code) or 7 (modifier) has all facts, records 4 and 8 go on with a long description. Modifiers
 * stand right-aligned in the five columns of a code. One file fills three tables: the codes, the
 * modifiers, and, among the codes that checks know, those that have ended. */
#include "import/list_file.h"

#include <stdio.h>
#include <string.h>

#define HCPCS_RECORDS_MAX 40000
#define HCPCS_ROWS_MOST 60000

struct hcpcs_record {
    struct code code;
    struct date added, ended, acted;
    char coverage, action;
    bool modifier;
    uint64_t label; /* the short description, which is CMS's own; a text of the draft */
};

struct hcpcs_file {
    struct import *import;
    struct rows *rows;
    struct hcpcs_record *records;
    int count;
    int64_t rows_read;
};

/* What a row says, in either form. */
struct hcpcs_cells {
    struct view code, record, label, coverage, added, acted, ended, action;
};

static char character_of(struct view cell) { return cell.size == 1 ? cell.at[0] : 0; }

static void record_add(struct hcpcs_file *file, const struct hcpcs_cells *cells) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    char kind = character_of(cells->record);
    bool modifier = kind == '7', ok = true;
    file->rows_read++;
    if (kind == '4' || kind == '8') {
        return;
    }
    if (kind != '3' && kind != '7') {
        (void)import_wrong(import, rows, "import_cell", "record id", "is not 3, 4, 7 or 8");
        return;
    }
    struct hcpcs_record record = {
        .code = cell_code(import, rows, cells->code, "HCPCS", modifier ? 2 : 5, modifier ? 2 : 5,
                          &ok),
        .added = cell_date(import, rows, cells->added, "add date", &ok),
        .ended = cell_date(import, rows, cells->ended, "termination date", &ok),
        .acted = cell_date(import, rows, cells->acted, "action effective date", &ok),
        .coverage = character_of(cells->coverage),
        .action = character_of(cells->action),
        .modifier = modifier,
    };
    if (ok && !date_given(record.added)) {
        (void)import_wrong(import, rows, "import_cell", "add date", "is empty");
        ok = false;
    }
    if (ok && file->count == HCPCS_RECORDS_MAX) {
        (void)import_wrong(import, rows, "import_row_count", NULL, "more codes than a file has");
        ok = false;
    }
    if (ok) {
        record.label = store_draft_text(import_draft(import), cells->label);
        file->records[file->count++] = record;
    }
}

/* ---- the three tables -------------------------------------------------------------------- */

static bool of_table(const struct hcpcs_record *record, enum store_table table) {
    return table == STORE_HCPCS_MODIFIER ? record->modifier
           : table == STORE_HCPCS_CODE   ? !record->modifier
                                         : !record->modifier && date_given(record->ended);
}

static void table_write(struct hcpcs_file *file, struct store_edition *edition,
                        enum store_table table, int64_t least) {
    struct import *import = file->import;
    struct store_draft *draft = import_draft(import);
    int64_t count = 0;
    bool ended = table == STORE_HCPCS;
    edition->table = table;
    struct store_edition of = *edition;
    of.dated = ended;
    of.partial = edition->partial || ended; /* a code that is not there has not ended */
    if (!import_begin(import, file->rows, &of, 1, 1)) {
        return;
    }
    for (int i = 0; i < file->count; i++) {
        const struct hcpcs_record *record = &file->records[i];
        if (!of_table(record, table)) {
            continue;
        }
        count++;
        if (ended) {
            store_draft_ended(draft, record->code, record->ended, CODE_NONE);
        } else {
            const uint64_t cells[] = {record->code.bits,
                                      (uint64_t)(int64_t)record->added.day,
                                      (uint64_t)(int64_t)record->ended.day,
                                      (uint64_t)(unsigned char)record->coverage,
                                      (uint64_t)(unsigned char)record->action,
                                      (uint64_t)(int64_t)record->acted.day,
                                      record->label};
            store_draft_row(draft, DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
        }
    }
    import_end(import, file->rows, count, ended ? 0 : least, HCPCS_RECORDS_MAX);
}

/* "HCPC2024_OCT_ANWEB", "HCPC2019_CONTR_ANWEB": a quarter, or a year where none is named. */
static bool hcpcs_edition(struct hcpcs_file *file, struct store_edition *edition, char text[24]) {
    struct view name = file->rows->member;
    int year = 0, month = month_of(name), size;
    for (ptrdiff_t i = 0; i + 4 <= name.size && year == 0; i++) {
        struct view digits = view_sub(name, i, 4);
        if (view_is_digits(digits)) {
            for (int d = 0; d < 4; d++) {
                year = year * 10 + (digits.at[d] - '0');
            }
        }
    }
    if (year < 2000 || year > 2099 || (month > 0 && month % 3 != 1)) {
        (void)import_wrong(file->import, file->rows, "import_release", NULL,
                           "the name has no year and quarter, as HCPC2026_OCT_ANWEB has");
        return false;
    }
    static const char *const quarters[] = {"JAN", "APR", "JUL", "OCT"};
    int quarter = (month + 2) / 3;
    size = snprintf(text, 24, "HCPC%d%s%s", year, month > 0 ? "_" : "",
                    month > 0 ? quarters[quarter - 1] : "");
    bool subset = false;
    for (ptrdiff_t i = 0; i + 6 <= name.size; i++) {
        subset |= header_is(view_sub(name, i, 6), "subset");
    }
    *edition = (struct store_edition){
        .name = {text, size},
        .effective = quarter_first(year, month > 0 ? quarter : 1),
        .through = quarter_last(year, month > 0 ? quarter : 4),
        .from = DATE_NONE,
        .to = DATE_NONE,
        .partial = subset,
    };
    return true;
}

static int hcpcs_write(struct hcpcs_file *file) {
    struct store_edition edition;
    char text[24];
    if (import_status(file->import) == STATUS_OK && hcpcs_edition(file, &edition, text)) {
        table_write(file, &edition, STORE_HCPCS_CODE, 5000);
        table_write(file, &edition, STORE_HCPCS_MODIFIER, 200);
        table_write(file, &edition, STORE_HCPCS, 0);
    }
    return import_status(file->import);
}

/* ---- fixed width ------------------------------------------------------------------------- */

/* Code, sequence of five digits, record id. */
static bool fixed_line(struct view line) {
    return line.size >= 90 && view_is_digits(view_sub(line, 5, 5)) &&
           memchr("3478", line.at[10], 4) != NULL && line.at[4] != ' ';
}

static bool is_record(struct view line) { return fixed_line(line) && memchr("37", line.at[10], 2); }

static int hcpcs_read_fixed(struct import *import, struct rows *rows) {
    struct hcpcs_file file = {.import = import, .rows = rows};
    bool begun = false;
    file.records = ARENA_NEW(import_arena(import), struct hcpcs_record, HCPCS_RECORDS_MAX);
    if (!file.records) {
        return STATUS_SYSTEM;
    }
    while (import_next(import, rows)) {
        if (!fixed_line(rows->text)) {
            if (begun && rows->text.size > 0 && !import_wrong(import, rows, "import_cell", NULL,
                                                              "is not a record of 320 columns")) {
                break;
            }
            continue; /* the notice before the first record */
        }
        begun = true;
        if (is_record(rows->text) && rows->text.size < 293) {
            (void)import_wrong(import, rows, "import_cell", NULL, "is cut before its dates");
            continue;
        }
        struct hcpcs_cells cells = {
            rows_field(rows, 1, 5),     rows_field(rows, 11, 11),   rows_field(rows, 92, 119),
            rows_field(rows, 230, 230), rows_field(rows, 269, 276), rows_field(rows, 277, 284),
            rows_field(rows, 285, 292), rows_field(rows, 293, 293)};
        record_add(&file, &cells);
    }
    return hcpcs_write(&file);
}

static bool hcpcs_knows_fixed(const struct rows_head *head) {
    int records = 0;
    for (int i = 0; i < head->count && head->form == ROWS_LINES; i++) {
        records += is_record(head->row[i].text) && head->row[i].text.size >= 293;
    }
    return records > 0 && records * 3 >= head->count;
}

/* ---- csv --------------------------------------------------------------------------------- */

enum { H_CODE, H_SEQUENCE, H_RECORD, H_LABEL, H_COVERAGE, H_ADDED, H_ACTED, H_ENDED, H_ACTION,
       H_COLUMNS };
static const char *const hcpcs_names[H_COLUMNS] = {"HCPC",   "SEQNUM",     "RECID",
                                                   "SHORT DESCRIPTION",    "COV", "ADD DT",
                                                   "ACT EFF DT", "TERM DT", "ACTION CD"};

static int hcpcs_read_csv(struct import *import, struct rows *rows) {
    struct hcpcs_file file = {.import = import, .rows = rows};
    struct list_columns columns;
    file.records = ARENA_NEW(import_arena(import), struct hcpcs_record, HCPCS_RECORDS_MAX);
    if (!file.records || !list_header(import, rows, hcpcs_names, H_COLUMNS, &columns)) {
        return file.records ? import_status(import) : STATUS_SYSTEM;
    }
    int64_t count = 0;
    while (list_next(import, rows, &columns, &count)) {
        struct hcpcs_cells cells = {
            list_cell(rows, &columns, H_CODE),     list_cell(rows, &columns, H_RECORD),
            list_cell(rows, &columns, H_LABEL),    list_cell(rows, &columns, H_COVERAGE),
            list_cell(rows, &columns, H_ADDED),    list_cell(rows, &columns, H_ACTED),
            list_cell(rows, &columns, H_ENDED),    list_cell(rows, &columns, H_ACTION)};
        record_add(&file, &cells);
    }
    return hcpcs_write(&file);
}

static bool hcpcs_knows_csv(const struct rows_head *head) { return list_knows(head, hcpcs_names); }

const struct importer import_hcpcs = {
    .table = "hcpcs",
    .what = "HCPCS Level II, fixed width",
    .proven = true,
    .knows = hcpcs_knows_fixed,
    .read = hcpcs_read_fixed,
};
const struct importer import_hcpcs_csv = {
    .table = "hcpcs",
    .what = "HCPCS Level II, csv",
    .proven = true,
    .knows = hcpcs_knows_csv,
    .read = hcpcs_read_csv,
};
