/* NCCI pairs of procedures, practitioner and outpatient hospital: text with tabs as in the zips,
 * also csv and workbook. The header stands in several physical lines. The text does not say which
 * of the two tables it is, nor its version and slice: the name does (ccipra-v302r0-f1). These are
 * the largest files of all, so that a row goes from its views into the draft without detours. */
#include "import/ptp_windows.h"

#include <stdio.h>
#include <string.h>

#define PTP_COLUMNS 7
#define PTP_HEADER_CELLS 16
#define PTP_HEADER_TEXT 96
#define PTP_SLICES 4
#define PTP_REASONS_MAX 64     /* about ten are in use */
#define PTP_YEAR_ZERO 1994     /* v30.2: third quarter of 1994 + 30 */
#define PTP_DAY_LAST_AFTER 366 /* days a date may lie behind the quarter: more is a slip */

enum { PTP_ONE, PTP_TWO, PTP_OLD, PTP_EFFECTIVE, PTP_DELETION, PTP_MODIFIER, PTP_RATIONALE };

static const struct edit_name names[PTP_COLUMNS] = {
    {"Column 1", NULL},
    {"Column 2", NULL},
    {"*=in existence prior to 1996", NULL},
    {"Effective Date", NULL},
    {"Deletion Date *=no data", NULL},
    {"Modifier 0=not allowed 1=allowed 9=not applicable", NULL},
    {"PTP Edit Rationale", NULL},
};

/* What messages call them. */
static const char *const labels[PTP_COLUMNS] = {
    "Column 1",      "Column 2", "prior to 1996",     "Effective Date",
    "Deletion Date", "Modifier", "PTP Edit Rationale"};

struct ptp_table {
    enum store_table table;
    const char *stem; /* of the names of its files */
    /* Of one slice: 636,504 in v30.2, a sheet ends at 1,048,576. Half a file is too few. */
    int64_t rows_least, rows_most;
};
static const struct ptp_table practitioner = {STORE_NCCI_PTP, "ccipra", 400000, 1048576};
static const struct ptp_table hospital = {STORE_PTP_HOSPITAL, "ccioph", 250000, 1048576};

/* ---- the name ---------------------------------------------------------------------------- */

struct ptp_name {
    int major; /* 0: the name does not tell */
    int minor, revision, slice;
};

/* ccipra-v302r0-f1: version 30.2, not replaced yet, first slice. */
static struct ptp_name name_read(struct view name, const char *stem) {
    struct ptp_name none = {0}, read;
    ptrdiff_t at = name_find(name, stem);
    if (at < 0 || name_find(view_sub(name, at + 6, 2), "-v") != 0) {
        return none;
    }
    at += 8;
    int version = name_number(name, &at, 2, 3);
    at++;
    read.revision = name_number(name, &at, 1, 2);
    at += 2;
    read.slice = name_number(name, &at, 1, 1);
    read.major = version / 10;
    read.minor = version % 10;
    bool good = name_find(view_sub(name, at - 3, 2), "-f") == 0 && version >= 20 &&
                read.minor <= 3 && read.revision >= 0 && read.slice >= 1 &&
                read.slice <= PTP_SLICES;
    return good ? read : none;
}

static bool name_same(struct ptp_name a, struct ptp_name b) {
    return a.major == b.major && a.minor == b.minor && a.revision == b.revision &&
           a.slice == b.slice;
}

static bool ptp_name_of(struct import *import, const struct rows *rows,
                        const struct ptp_table *table, struct ptp_name *name) {
    if (!edit_of_medicare(import, rows)) {
        return false;
    }
    struct ptp_name file = name_read(rows->file, table->stem);
    *name = name_read(rows->member, table->stem);
    const char *wrong = NULL;
    if (name->major == 0 && file.major == 0) {
        wrong = "the name does not tell table, version and slice";
    } else if (name->major != 0 && file.major != 0 && !name_same(*name, file)) {
        wrong = "file and member have names of different editions";
    }
    *name = name->major ? *name : file;
    struct edit_quarter quarter = edit_name_quarter(rows->file);
    if (!wrong && quarter.year != 0 &&
        (quarter.year != PTP_YEAR_ZERO + name->major || quarter.quarter != name->minor + 1)) {
        wrong = "version and quarter in the name do not belong together";
    }
    if (wrong) {
        (void)import_wrong(import, rows, "import_release", NULL,
                           "%s: name it as published, like %s-v302r0-f1.txt", wrong, table->stem);
    }
    return !wrong;
}

/* ---- the header -------------------------------------------------------------------------- */

struct ptp_header {
    int count;
    bool more; /* rows follow */
    ptrdiff_t size[PTP_HEADER_CELLS];
    char text[PTP_HEADER_CELLS][PTP_HEADER_TEXT];
};

/* Adds a physical line to the texts of the columns. What is too long is none of the names. */
static void header_add(struct ptp_header *header, const struct rows *rows) {
    for (int i = 0; i < rows->count && i < PTP_HEADER_CELLS; i++) {
        struct view cell = rows->cells[i];
        ptrdiff_t free = PTP_HEADER_TEXT - 1 - header->size[i];
        if (cell.size == 0 || cell.size > free) {
            header->size[i] += cell.size == 0 ? 0 : free;
            continue;
        }
        header->text[i][header->size[i]] = ' ';
        memcpy(header->text[i] + header->size[i] + 1, cell.at, (size_t)cell.size);
        header->size[i] += cell.size + 1;
    }
    header->count = rows->count > header->count ? rows->count : header->count;
}

/* Is this the first physical line, and where do its codes stand? */
static bool header_begins(const struct rows *rows, int *one, int *two) {
    *one = *two = -1;
    for (int i = 0; i < rows->count; i++) {
        *one = header_is(rows->cells[i], names[PTP_ONE].name) ? i : *one;
        *two = header_is(rows->cells[i], names[PTP_TWO].name) ? i : *two;
    }
    return *one >= 0 && *two >= 0;
}

/* Reads on to the first row of data, which is then in hand: the line of the header, 0 without one.
 * The lines of the header are those without codes. */
static int64_t header_lines(struct import *import, struct rows *rows, struct ptp_header *header) {
    int one = -1, two = -1;
    int64_t line = 0;
    for (int read = 0; import_next(import, rows); read++) {
        if (line == 0) {
            line = header_begins(rows, &one, &two) ? rows->line : 0;
            if (line == 0 && read == ROWS_HEAD_MAX) {
                return 0;
            }
        } else if (rows_cell(rows, one).size > 0 || rows_cell(rows, two).size > 0) {
            header->more = true;
            return line;
        }
        if (line > 0) {
            header_add(header, rows);
        }
    }
    return line;
}

static bool ptp_header_read(struct import *import, struct rows *rows,
                            struct edit_columns *columns) {
    struct ptp_header header = {.count = 0};
    int64_t line = header_lines(import, rows, &header);
    if (import_status(import) != STATUS_OK) {
        return false;
    }
    if (line == 0 || header.count > PTP_HEADER_CELLS || !header.more) {
        (void)import_wrong(import, rows, "import_header", names[PTP_ONE].name,
                           line == 0 ? "no header with column 1 and column 2 in the first rows"
                                     : "the header is too wide, or no row follows it");
        return false;
    }
    struct view texts[PTP_HEADER_CELLS];
    for (int i = 0; i < header.count; i++) {
        texts[i] = view_trim((struct view){header.text[i], header.size[i]});
    }
    int64_t first = rows->line;
    rows->line = line;
    bool ok = edit_columns_map(import, rows, texts, header.count, names, PTP_COLUMNS, columns);
    rows->line = first;
    return ok;
}

/* ---- rows -------------------------------------------------------------------------------- */

struct ptp_day {
    uint64_t text; /* the eight characters read last: dates come in long runs */
    struct date date;
};
struct ptp_reader {
    struct import *import;
    struct rows *rows;
    struct store_draft *draft;
    struct edit_columns columns;
    struct ptp_day effective, deletion;
    struct date first, last; /* a date outside of them is a slip */
    struct ptp_windows windows;
    struct view reason[PTP_REASONS_MAX];
    uint8_t reason_number[PTP_REASONS_MAX];
    int reasons, reason_last;
    int64_t reason_line; /* where the newest of them stands first */
    int64_t count;
};
struct ptp_row {
    struct code one, two;
    struct date from, to;
    char indicator;
    uint8_t reason;
};

static bool ptp_wrong(struct ptp_reader *reader, int column, const char *text) {
    (void)import_wrong(reader->import, reader->rows, "import_cell", labels[column], "%s", text);
    return false;
}

static struct view ptp_cell(const struct ptp_reader *reader, int column) {
    return rows_cell(reader->rows, reader->columns.at[column]);
}

/* CCYYMMDD within the bounds. */
static bool ptp_day(struct ptp_reader *reader, int column, struct ptp_day *day) {
    struct view cell = ptp_cell(reader, column);
    uint64_t text;
    if (cell.size != sizeof text) {
        return ptp_wrong(reader, column, "is not a date CCYYMMDD");
    }
    memcpy(&text, cell.at, sizeof text);
    if (text == day->text) {
        return true;
    }
    day->date = date_from_compact(cell);
    if (!date_given(day->date)) {
        day->text = 0;
        return ptp_wrong(reader, column, "is not a date CCYYMMDD");
    }
    if (day->date.day < reader->first.day || day->date.day > reader->last.day) {
        day->text = 0;
        return ptp_wrong(reader, column, "is before 1996, or a year after the release");
    }
    day->text = text;
    return true;
}

static bool ptp_reason_new(struct ptp_reader *reader, struct view words) {
    if (reader->reasons == PTP_REASONS_MAX) {
        return ptp_wrong(reader, PTP_RATIONALE, "differs too often to be a rationale");
    }
    struct view copy = arena_copy(import_arena(reader->import), words);
    if (!copy.at) {
        return edit_no_memory(reader->import, reader->rows);
    }
    reader->reason_last = reader->reasons;
    reader->reason_line = reader->rows->line;
    reader->reason_number[reader->reasons] = store_draft_reason(reader->draft, copy);
    reader->reason[reader->reasons++] = copy;
    return true;
}

static bool ptp_reason(struct ptp_reader *reader, struct ptp_row *row) {
    struct view words = ptp_cell(reader, PTP_RATIONALE);
    if (words.size == 0) {
        return ptp_wrong(reader, PTP_RATIONALE, "is empty");
    }
    if (reader->reasons == 0 || !view_equal(words, reader->reason[reader->reason_last])) {
        int at = 0;
        while (at < reader->reasons && !view_equal(words, reader->reason[at])) {
            at++;
        }
        reader->reason_last = at;
        if (at == reader->reasons && !ptp_reason_new(reader, words)) {
            reader->reason_last = 0;
            return false;
        }
    }
    row->reason = reader->reason_number[reader->reason_last];
    return true;
}

static bool ptp_codes(struct ptp_reader *reader, struct ptp_row *row) {
    row->one = edit_code(ptp_cell(reader, PTP_ONE));
    row->two = edit_code(ptp_cell(reader, PTP_TWO));
    if (!code_given(row->one) || !code_given(row->two)) {
        return ptp_wrong(reader, code_given(row->one) ? PTP_TWO : PTP_ONE,
                         "is not a code of five characters");
    }
    return !code_equal(row->one, row->two) ||
           ptp_wrong(reader, PTP_TWO, "is the same code as column 1");
}

static bool ptp_flags(struct ptp_reader *reader, struct ptp_row *row) {
    struct view old = ptp_cell(reader, PTP_OLD), modifier = ptp_cell(reader, PTP_MODIFIER);
    if (old.size > 1 || (old.size == 1 && old.at[0] != '*')) {
        return ptp_wrong(reader, PTP_OLD, "is neither empty nor *");
    }
    row->indicator = modifier.size == 1 ? modifier.at[0] : '?';
    return row->indicator == '0' || row->indicator == '1' || row->indicator == '9' ||
           ptp_wrong(reader, PTP_MODIFIER, "is not 0, 1 or 9");
}

static bool ptp_window_of(struct ptp_reader *reader, struct ptp_row *row) {
    if (!ptp_day(reader, PTP_EFFECTIVE, &reader->effective)) {
        return false;
    }
    row->from = reader->effective.date;
    row->to = DATE_NONE;
    struct view deletion = ptp_cell(reader, PTP_DELETION);
    if (deletion.size == 1 && deletion.at[0] == '*') {
        return true;
    }
    if (!ptp_day(reader, PTP_DELETION, &reader->deletion)) {
        return false;
    }
    row->to = reader->deletion.date;
    return row->to.day >= row->from.day || row->indicator == '9' ||
           ptp_wrong(reader, PTP_DELETION, "is before the effective date");
}

static bool ptp_row_read(struct ptp_reader *reader, struct ptp_row *row) {
    return ptp_codes(reader, row) && ptp_flags(reader, row) && ptp_window_of(reader, row) &&
           ptp_reason(reader, row);
}

/* A rationale that only the last row has, and that begins another one, was cut off with the file.
 */
static void ptp_end_check(struct ptp_reader *reader, int64_t line_last) {
    struct view last = reader->reasons ? reader->reason[reader->reasons - 1] : VIEW_NONE;
    for (int i = 0; i + 1 < reader->reasons && reader->reason_line == line_last; i++) {
        if (view_starts(reader->reason[i], last)) {
            (void)ptp_wrong(reader, PTP_RATIONALE, "ends within: the file is cut off");
            return;
        }
    }
}

static void ptp_rows_read(struct ptp_reader *reader) {
    struct ptp_row row;
    int64_t line = 0;
    do {
        if (rows_blank(reader->rows)) {
            continue;
        }
        reader->count++;
        line = reader->rows->line;
        if (!edit_row_whole(reader->import, reader->rows, &reader->columns) ||
            !ptp_row_read(reader, &row)) {
            continue;
        }
        store_draft_pair(reader->draft, row.one, row.two, row.from, row.to, row.indicator,
                         row.reason);
        if (!ptp_windows_add(&reader->windows, row.one, row.two, row.from, row.to, row.indicator,
                             line)) {
            (void)edit_no_memory(reader->import, reader->rows);
            break;
        }
    } while (import_next(reader->import, reader->rows));
    if (import_status(reader->import) == STATUS_OK) {
        ptp_end_check(reader, line);
        ptp_windows_check(reader->import, reader->rows, &reader->windows);
    }
}

static int ptp_read(struct import *import, struct rows *rows, const struct ptp_table *table) {
    struct ptp_reader reader = {.import = import, .rows = rows, .draft = import_draft(import)};
    struct ptp_name name;
    if (!ptp_name_of(import, rows, table, &name) ||
        !ptp_header_read(import, rows, &reader.columns)) {
        return import_status(import);
    }
    char version[16];
    (void)snprintf(version, sizeof version, "v%d.%d", name.major, name.minor);
    const struct store_edition edition = {
        .table = table->table,
        .name = view_of(version),
        .revision = name.revision,
        .effective = quarter_first(PTP_YEAR_ZERO + name.major, name.minor + 1),
        .through = quarter_last(PTP_YEAR_ZERO + name.major, name.minor + 1),
        .from = DATE_NONE,
        .to = DATE_NONE,
        .dated = true,
        .partial = edit_of_subset(rows),
    };
    reader.windows.arena = import_arena(import);
    reader.first = date_from_ymd(1996, 1, 1);
    reader.last = (struct date){edition.through.day + PTP_DAY_LAST_AFTER};
    if (!import_begin(import, rows, &edition, name.slice, PTP_SLICES)) {
        return import_status(import);
    }
    ptp_rows_read(&reader);
    import_end(import, rows, reader.count, table->rows_least, table->rows_most);
    return import_status(import);
}

static int ptp_read_practitioner(struct import *import, struct rows *rows) {
    return ptp_read(import, rows, &practitioner);
}
static int ptp_read_hospital(struct import *import, struct rows *rows) {
    return ptp_read(import, rows, &hospital);
}

/* By more than the two columns, which the lists of a quarter's changes have too. */
static bool ptp_knows(const struct rows_head *head) {
    bool columns = head_has(head, names[PTP_ONE].name) && head_has(head, names[PTP_TWO].name);
    return head_has(head, "Column1/Column2 Edits") || head_has(head, names[PTP_RATIONALE].name) ||
           (columns && head_has(head, "Effective") && head_has(head, "Deletion"));
}
static bool ptp_knows_hospital(const struct rows_head *head) {
    bool named = name_find(head->member, hospital.stem) >= 0 ||
                 name_find(head->file, hospital.stem) >= 0;
    return named && ptp_knows(head);
}
/* Also files whose names do not tell, so that the error says how they should be named. */
static bool ptp_knows_practitioner(const struct rows_head *head) {
    return ptp_knows(head) && !ptp_knows_hospital(head);
}

const struct importer import_ptp = {
    .table = "ncci_ptp",
    .what = "NCCI procedure-to-procedure edits, practitioner",
    .proven = true,
    .cpt = true,
    .knows = ptp_knows_practitioner,
    .read = ptp_read_practitioner,
};
const struct importer import_ptp_hospital = {
    .table = "ncci_ptp_hospital",
    .what = "NCCI procedure-to-procedure edits, outpatient hospital",
    .cpt = true,
    .knows = ptp_knows_hospital,
    .read = ptp_read_hospital,
};
