/* HCPCS Level II: codes and modifiers, as the fixed-width file of 320 columns and as csv. A record
 * 3 (code) or 7 (modifier) has all facts, records 4 and 8 go on with a long description. Modifiers
 * stand right-aligned in the five columns of a code. One file fills three tables: the codes, the
 * modifiers, and the codes that have ended, whose termination date is their last valid day. */
#include "import/list_file.h"

#include <stdio.h>
#include <string.h>

#define HCPCS_RECORDS_MAX 40000
#define HCPCS_WIDTH 320
#define HCPCS_WIDTH_LONG 91   /* a long description ends here; CMS's own lines may end before 320 */
#define HCPCS_WIDTH_LEAST 293 /* the last column that is read */
#define COVERAGES "CDIMS"
#define ACTIONS "ABCDFNPRST"

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
    struct edit_keys keys;
    bool padded;      /* lines have all their columns; else blanks at their ends were cut away */
    struct code code; /* of the record in hand, with its sequence number */
    int sequence;
};

/* What a row says, in either form. */
struct hcpcs_cells {
    struct view code, record, label, coverage, added, acted, ended, action;
};

static bool record_wrong(const struct hcpcs_file *file, const char *column, const char *what) {
    (void)import_wrong(file->import, file->rows, "import_cell", column, "%s", what);
    return false;
}

static bool record_dated(const struct hcpcs_file *file, const struct hcpcs_record *record) {
    if (!date_given(record->added)) {
        return record_wrong(file, "add date", "is empty");
    }
    if (date_given(record->ended) && record->ended.day < record->added.day) {
        return record_wrong(file, "termination date", "is before the add date");
    }
    return true;
}

static void record_add(struct hcpcs_file *file, const struct hcpcs_cells *cells) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    char kind = cells->record.size == 1 ? cells->record.at[0] : 0;
    bool modifier = kind == '7', ok = true;
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
        .coverage =
            list_character(import, rows, cells->coverage, "coverage code", COVERAGES, &ok),
        .action = list_character(import, rows, cells->action, "action code", ACTIONS, &ok),
        .modifier = modifier,
    };
    ok = ok && record_dated(file, &record);
    if (ok && file->count == HCPCS_RECORDS_MAX) {
        (void)import_wrong(import, rows, "import_row_count", NULL, "more codes than a file has");
        ok = false;
    }
    if (ok) {
        record.label = store_draft_text(import_draft(import), cells->label);
        file->records[file->count++] = record;
        (void)edit_keys_add(import, rows, &file->keys, record.code.bits, 0);
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
    for (int i = 0; i < file->count; i++) {
        count += of_table(&file->records[i], table);
    }
    if (edition->partial && count == 0) {
        return; /* an extract may have none */
    }
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

static int year_of(struct view name) {
    for (ptrdiff_t i = 0; i + 4 <= name.size; i++) {
        ptrdiff_t at = i;
        int year = name_number(name, &at, 4, 4);
        if (year >= 2000 && year <= 2099) {
            return year;
        }
    }
    return 0;
}

/* "HCPC2024_OCT_ANWEB", "HCPC2019_CONTR_ANWEB": a quarter, or a year where none is named. */
static bool hcpcs_edition(const struct hcpcs_file *file, struct store_edition *edition,
                          char text[24]) {
    struct view name = file->rows->member;
    int year = year_of(name), month = month_of(name), size;
    if (year == 0 || (month > 0 && month % 3 != 1)) {
        (void)import_wrong(file->import, file->rows, "import_release", NULL,
                           "the name has no year and quarter, as HCPC2026_OCT_ANWEB has");
        return false;
    }
    static const char *const quarters[] = {"JAN", "APR", "JUL", "OCT"};
    int quarter = (month + 2) / 3;
    size = snprintf(text, 24, "HCPC%d%s%s", year, month > 0 ? "_" : "",
                    month > 0 ? quarters[quarter - 1] : "");
    bool subset = edit_of_subset(file->rows);
    ptrdiff_t version = name_find(name, "_v"); /* "HCPC2026_JUL_ANWEB_v2.txt" */
    version += version >= 0 ? 2 : 0;
    int revision = version >= 0 ? name_number(name, &version, 1, 2) : 0;
    *edition = (struct store_edition){
        .name = {text, size},
        .revision = revision > 0 ? revision : 0,
        .rank = 2 * !subset + (file->rows->form == ROWS_LINES), /* text and csv say the same */
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
    edit_keys_check(file->import, file->rows, &file->keys, "a code");
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
    return line.size > 11 && view_is_digits(view_sub(line, 5, 5)) &&
           memchr("3478", line.at[10], 4) != NULL && line.at[4] != ' ';
}

static bool is_record(struct view line) { return fixed_line(line) && memchr("37", line.at[10], 2); }

static ptrdiff_t characters_of(struct view line) {
    ptrdiff_t count = 0;
    for (ptrdiff_t i = 0; i < line.size; i++) {
        count += ((unsigned char)line.at[i] & 0xC0) != 0x80;
    }
    return count;
}

/* Is the line whole, and the one that follows? Sequence numbers go up by 100. */
static bool fixed_follows(struct hcpcs_file *file) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    struct view line = rows->text;
    ptrdiff_t width = characters_of(line);
    struct code code = code_from(rows_field(rows, 1, 5));
    int sequence = digits_of(line, 5, 5);
    bool first = is_record(line), follows = sequence == file->sequence + 100;
    file->padded = code_given(file->code) ? file->padded : width == HCPCS_WIDTH;
    ptrdiff_t least = !file->padded ? HCPCS_WIDTH_LEAST : HCPCS_WIDTH;
    bool cut = first ? width < least : file->padded && width < HCPCS_WIDTH_LONG;
    cut |= width > HCPCS_WIDTH + 1;
    bool next = first ? sequence == 100 : follows && code_equal(code, file->code);
    file->code = code;
    file->sequence = sequence;
    if (cut) {
        (void)import_wrong(import, rows, "import_cell", NULL, "has %td columns instead of 320",
                           width);
    } else if (!next) {
        (void)import_wrong(import, rows, "import_cell", "sequence",
                           "does not follow the record before: rows are missing");
    }
    return !cut && next;
}

static int hcpcs_read_fixed(struct import *import, struct rows *rows) {
    struct hcpcs_file file = {.import = import, .rows = rows};
    file.records = ARENA_NEW(import_arena(import), struct hcpcs_record, HCPCS_RECORDS_MAX);
    if (!file.records) {
        (void)edit_no_memory(import, rows);
        return import_status(import);
    }
    while (import_next(import, rows)) {
        if (!fixed_line(rows->text)) {
            if (code_given(file.code) && rows->text.size > 0) {
                (void)record_wrong(&file, NULL, "is not a record of 320 columns");
            }
            continue; /* the notice before the first record */
        }
        if (!fixed_follows(&file)) {
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

static const struct list_layout hcpcs_csv = {hcpcs_names, H_COLUMNS, H_COLUMNS};

static int hcpcs_read_csv(struct import *import, struct rows *rows) {
    struct hcpcs_file file = {.import = import, .rows = rows};
    struct list_columns columns;
    file.records = ARENA_NEW(import_arena(import), struct hcpcs_record, HCPCS_RECORDS_MAX);
    if ((!file.records && !edit_no_memory(import, rows)) ||
        !list_header(import, rows, &hcpcs_csv, &columns)) {
        return import_status(import);
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

static bool hcpcs_knows_csv(const struct rows_head *head) { return list_knows(head, &hcpcs_csv); }

/* ---- a derived form that is refused ------------------------------------------------------ */

/* Made by somebody who guessed where the columns are: dates cut in two, none of termination. */
static const char *const derived_names[] = {"Code", "Description1", "Description2", "Unknown1",
                                            "Unknown2"};
static const struct list_layout hcpcs_derived = {derived_names, 5, 5};

static int hcpcs_read_derived(struct import *import, struct rows *rows) {
    (void)import_next(import, rows);
    (void)import_wrong(import, rows, "import_header", NULL,
                       "is cut from the HCPCS file at guessed columns, its dates are not whole: "
                       "import the original HCPC…_ANWEB.txt");
    return import_status(import);
}

static bool hcpcs_knows_derived(const struct rows_head *head) {
    return list_knows(head, &hcpcs_derived);
}

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
const struct importer import_hcpcs_derived = {
    .table = "hcpcs",
    .what = "HCPCS csv with guessed columns: refused",
    .knows = hcpcs_knows_derived,
    .read = hcpcs_read_derived,
};
