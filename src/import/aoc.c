/* Add-on codes and their primaries, as workbook or as text with the same header. Dates are Julian,
 * YYYYDDD. Row, add-on code and primary are deleted on days of their own, the last active ones; the
 * edit ends with the first of them. Text of fixed width has no header, and its positions are in a
 * document that was not there to be read: it is not known, the workbook beside it says the same. */
#include "import/edit_file.h"

#define AOC_COLUMNS 8
/* Rows of a whole file: 9,000 in V2026Q2. */
#define AOC_ROWS_LEAST 5000
#define AOC_ROWS_MOST 20000

enum {
    AOC_TYPE,
    AOC_ADDON,
    AOC_ADDON_DELETED,
    AOC_PRIMARY,
    AOC_PRIMARY_DELETED,
    AOC_EFFECTIVE,
    AOC_DELETED,
    AOC_NOTES
};

static const struct edit_name names[AOC_COLUMNS] = {
    {"AOC_Edit_Type", NULL},
    {"Add-On_Code", NULL},
    {"AOC_DelDT", "AOC_DelDT_julian"},
    {"Primary_Code", NULL},
    {"Primary_Code_DelDT", "Primary_Code_DelDT_julian"},
    {"AOC_Edit_EffDT", "AOC_Edit_EffDT_julian"},
    {"AOC_Edit_DelDT", "AOC_Edit_DelDT_julian"},
    {"Special_Instruction_Notes", NULL},
};

struct aoc_reader {
    struct import *import;
    const struct rows *rows;
    struct edit_columns columns;
    struct edit_keys keys;
    int64_t count;
    int64_t never; /* rows that were deleted before they took effect */
};

static struct view aoc_cell(const struct aoc_reader *reader, int column) {
    return rows_cell(reader->rows, reader->columns.at[column]);
}

static void aoc_wrong(const struct aoc_reader *reader, int column, const char *text, bool *ok) {
    (void)import_wrong(reader->import, reader->rows, "import_cell", names[column].name, "%s", text);
    *ok = false;
}

/* YYYYDDD; empty: DATE_NONE. */
static struct date aoc_day(const struct aoc_reader *reader, int column, bool *ok) {
    struct view cell = aoc_cell(reader, column);
    if (cell.size == 0) {
        return DATE_NONE;
    }
    ptrdiff_t at = 0;
    int number = cell.size == 7 ? name_number(cell, &at, 7, 7) : -1;
    int year = number / 1000, day = number % 1000;
    int32_t first = date_from_ymd(year, 1, 1).day;
    int days = date_from_ymd(year + 1, 1, 1).day - first;
    if (number < 0 || year < 1990 || year > 2099 || day < 1 || day > days) {
        aoc_wrong(reader, column, "is not a date YYYYDDD", ok);
        return DATE_NONE;
    }
    return (struct date){first + day - 1};
}

static struct code aoc_code(const struct aoc_reader *reader, int column, bool *ok) {
    struct view cell = aoc_cell(reader, column);
    struct code code = edit_code(cell);
    if (column == AOC_PRIMARY && view_equal(cell, VIEW("CCCCC"))) {
        return code_of("CCCCC");
    }
    if (!code_given(code)) {
        aoc_wrong(reader, column, "is not a code of five characters", ok);
    }
    return code;
}

/* Types 1 and 3 list primaries, of type 3 the contractor may define more; of type 2 all. */
static char aoc_type(const struct aoc_reader *reader, bool contractor, bool *ok) {
    struct view cell = aoc_cell(reader, AOC_TYPE);
    char type = cell.size == 1 ? cell.at[0] : '0';
    if (type < '1' || type > '3') {
        aoc_wrong(reader, AOC_TYPE, "is not 1, 2 or 3", ok);
    } else if ((type == '1' && contractor) || (type == '2' && !contractor)) {
        aoc_wrong(reader, AOC_TYPE, "type 1 lists its primaries, type 2 has CCCCC", ok);
    }
    return type;
}

static struct date date_earlier(struct date a, struct date b) {
    return !date_given(a) || (date_given(b) && b.day < a.day) ? b : a;
}

static void aoc_row(struct aoc_reader *reader) {
    bool ok = edit_row_whole(reader->import, reader->rows, &reader->columns);
    if (!ok) {
        return;
    }
    struct code addon = aoc_code(reader, AOC_ADDON, &ok);
    struct code primary = aoc_code(reader, AOC_PRIMARY, &ok);
    char type = aoc_type(reader, code_equal(primary, code_of("CCCCC")), &ok);
    struct date from = aoc_day(reader, AOC_EFFECTIVE, &ok);
    struct date to = aoc_day(reader, AOC_DELETED, &ok);
    struct date addon_to = aoc_day(reader, AOC_ADDON_DELETED, &ok);
    struct date primary_to = aoc_day(reader, AOC_PRIMARY_DELETED, &ok);
    if (ok && !date_given(from)) {
        aoc_wrong(reader, AOC_EFFECTIVE, "is empty", &ok);
    }
    if (ok && date_given(to) && to.day < from.day) {
        aoc_wrong(reader, AOC_DELETED, "is before the effective date", &ok);
    }
    if (ok && code_equal(addon, primary)) {
        aoc_wrong(reader, AOC_PRIMARY, "is the add-on code itself", &ok);
    }
    if (!ok) {
        return;
    }
    bool never = date_given(to) && to.day == from.day;
    to = date_earlier(to, date_earlier(addon_to, primary_to));
    if (never || (date_given(to) && to.day < from.day)) {
        reader->never++;
    } else {
        store_draft_addon(import_draft(reader->import), addon, primary, from, to, type);
    }
    /* a code leaves the lower bits free */
    (void)edit_keys_add(reader->import, reader->rows, &reader->keys,
                        addon.bits ^ (uint64_t)(uint32_t)from.day, primary.bits);
}

/* AOC_V2026Q2-MCR.xlsx; AOC_V2025Q4_01-MCR.txt is its first revision. */
static struct edit_quarter aoc_quarter(struct view name) {
    struct edit_quarter quarter = edit_name_quarter(name);
    ptrdiff_t at = name_find(name, "aoc_v");
    if (quarter.year && at >= 0) {
        at += 5 + 6;
        if (at < name.size && name.at[at] == '_') {
            at++;
            int revision = name_number(name, &at, 1, 2);
            quarter.revision = revision > 0 ? revision : 0;
        }
    }
    return quarter;
}

static int aoc_read(struct import *import, struct rows *rows) {
    struct aoc_reader reader = {.import = import, .rows = rows};
    struct edit_quarter quarter;
    if (!edit_quarter_of(import, rows, aoc_quarter, "AOC_V2026Q2-MCR.xlsx", &quarter) ||
        !edit_header_read(import, rows, names, AOC_COLUMNS, &reader.columns)) {
        return import_status(import);
    }
    char name[16];
    const struct store_edition edition = {
        .table = STORE_AOC,
        .name = edit_quarter_text(quarter, "V", name),
        .revision = quarter.revision,
        .effective = quarter_first(quarter.year, quarter.quarter),
        .through = quarter_last(quarter.year, quarter.quarter),
        .from = DATE_NONE,
        .to = DATE_NONE,
        .dated = true,
        .partial = edit_of_subset(rows),
        .note = VIEW("a deletion date is the last active day"),
    };
    if (!import_begin(import, rows, &edition, 1, 1)) {
        return import_status(import);
    }
    while (import_next(import, rows)) {
        if (!rows_blank(rows)) {
            reader.count++;
            aoc_row(&reader);
        }
    }
    edit_keys_check(import, rows, &reader.keys, "an add-on code with primary and effective date");
    if (reader.never > 0) {
        import_note(import, "%lld rows were deleted before they took effect",
                    (long long)reader.never);
    }
    import_end(import, rows, reader.count, AOC_ROWS_LEAST, AOC_ROWS_MOST);
    return import_status(import);
}

static bool aoc_knows_text(const struct rows_head *head) {
    return head->form != ROWS_XLSX &&
           (head_has(head, "AOC_Edit_Type") || head_has(head, "Add-On_Code"));
}
static bool aoc_knows_workbook(const struct rows_head *head) {
    return head->form == ROWS_XLSX &&
           (head_has(head, "AOC_Edit_Type") || head_has(head, "Add-On_Code"));
}

const struct importer import_aoc = {
    .table = "aoc",
    .what = "add-on codes, workbook",
    .proven = true,
    .cpt = true,
    .knows = aoc_knows_workbook,
    .read = aoc_read,
};
const struct importer import_aoc_text = {
    .table = "aoc",
    .what = "add-on codes, text with a header",
    .cpt = true,
    .knows = aoc_knows_text,
    .read = aoc_read,
};
