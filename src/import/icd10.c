/* ICD-10-CM order files, whole and addenda, in fixed columns [edits-8.4]. A whole file numbers its
 * rows and has every code of a fiscal year, billable or a header; the April file is another
 * edition of its year. Addenda name what an edition adds and deletes: an edition that speaks of
 * those codes alone. The codes files of the same archives have nothing beyond them. */
#include "import/edit_file.h"

#include <stdio.h>
#include <string.h>

#define ICD10_ROWS_LEAST 60000
#define ICD10_ROWS_MOST 150000
#define ICD10_CHANGES_MOST 30000

/* ---- forms ------------------------------------------------------------------------------- */

static bool blank_at(struct view line, ptrdiff_t at) {
    return line.size > at && line.at[at] == ' ';
}

static bool flag_at(struct view line, ptrdiff_t at) {
    return line.size > at && (line.at[at] == '0' || line.at[at] == '1');
}

/* "00002 A000    1 …" */
static bool order_line(struct view line) {
    return digits_of(line, 0, 5) >= 0 && blank_at(line, 5) && blank_at(line, 13) &&
           flag_at(line, 14);
}

/* "Add:         1 B8801   …"; a codes file has no flag. */
static bool addenda_line(struct view line) {
    static const char *const words[] = {
        "Add:", "Delete:", "Revise from:", "Revise to:", "No Change:"};
    for (int i = 0; i < COUNT_OF(words); i++) {
        if (view_starts(line, view_of(words[i]))) {
            return flag_at(line, 13) && blank_at(line, 14);
        }
    }
    return false;
}

static bool icd10_knows_order(const struct rows_head *head) {
    return head->count > 0 && head->row[0].text.size > 16 && order_line(head->row[0].text);
}

static bool icd10_knows_addenda(const struct rows_head *head) {
    return head->count > 0 && addenda_line(head->row[0].text);
}

/* ---- editions ---------------------------------------------------------------------------- */

struct icd10_name {
    int year; /* fiscal: the year of its September */
    bool april;
};

/* "icd10cm_order_2026.txt", "icd10cm-order-addenda-April-2025.txt" */
static bool icd10_name_read(struct import *import, const struct rows *rows,
                            struct icd10_name *name) {
    ptrdiff_t at = name_find(rows->member, "order");
    for (name->year = -1; at >= 0 && at < rows->member.size && name->year < 0; at++) {
        if (rows->member.at[at] >= '0' && rows->member.at[at] <= '9') {
            name->year = name_number(rows->member, &at, 4, 4);
        }
    }
    name->april = name_find(rows->member, "apr") >= 0;
    if (name->year < 2016 || name->year > 2099) {
        (void)import_wrong(import, rows, "import_release", NULL,
                           "the name has no fiscal year, as icd10cm_order_2026.txt has");
        return false;
    }
    return true;
}

static struct store_edition icd10_edition(struct icd10_name name, bool addenda, char text[32]) {
    int size = snprintf(text, 32, "FY%d%s%s", name.year, name.april ? "-04" : "",
                        addenda ? "-addenda" : "");
    struct date first =
        name.april ? date_from_ymd(name.year, 4, 1) : date_from_ymd(name.year - 1, 10, 1);
    return (struct store_edition){
        .table = STORE_ICD10,
        .name = {text, size},
        .effective = first,
        .through = date_from_ymd(name.year, 9, 30),
        .from = first,
        .to = DATE_NONE, /* an edition that is no longer the newest is used and named stale */
        .partial = addenda,
    };
}

/* A code of three to seven characters that can be a diagnosis. */
static struct code icd10_code(struct import *import, const struct rows *rows, int from, int to,
                              bool *ok) {
    struct code code = cell_code(import, rows, rows_field(rows, from, to), "code", 3, 7, ok);
    char first = (char)(code.bits >> 56);
    if (*ok && (first < 'A' || first > 'Z')) {
        (void)import_wrong(import, rows, "import_cell", "code", "begins with no letter");
        *ok = false;
    }
    return code;
}

/* ---- whole files ------------------------------------------------------------------------- */

static void order_row(struct import *import, const struct rows *rows, int64_t number,
                      struct edit_keys *keys) {
    struct view line = rows->text;
    bool ok = order_line(line) && blank_at(line, 15);
    if (!ok) {
        (void)import_wrong(import, rows, "import_cell", NULL,
                           "is not an order number, a code and a flag in their columns");
        return;
    }
    int told = digits_of(line, 0, 5);
    if (told != number % 100000) {
        (void)import_wrong(import, rows, "import_cell", "order number",
                           "is %05d where %05lld should follow: rows are missing", told,
                           (long long)(number % 100000));
        return;
    }
    struct code code = icd10_code(import, rows, 7, 13, &ok);
    if (ok) {
        store_draft_dx(import_draft(import), code, line.at[14] == '1');
        (void)edit_keys_add(import, rows, keys, code.bits, 0);
    }
}

static int icd10_read_order(struct import *import, struct rows *rows) {
    struct icd10_name name;
    char text[32];
    if (!icd10_name_read(import, rows, &name)) {
        return import_status(import);
    }
    struct store_edition edition = icd10_edition(name, false, text);
    if (!import_begin(import, rows, &edition, 1, 1)) {
        return import_status(import);
    }
    struct edit_keys keys = {0};
    int64_t count = 0;
    while (import_next(import, rows)) {
        if (!rows_blank(rows)) {
            order_row(import, rows, ++count, &keys);
        }
    }
    edit_keys_check(import, rows, &keys, "a code");
    import_end(import, rows, count, ICD10_ROWS_LEAST, ICD10_ROWS_MOST);
    return import_status(import);
}

/* ---- addenda ----------------------------------------------------------------------------- */

struct icd10_change {
    struct code code;
    char flag; /* '1' billable, '0' header, 'd' deleted */
};

/* The same code may be deleted as billable and added as a header: what is added stands. */
static int change_add(struct icd10_change *changes, int count, struct icd10_change change) {
    for (int i = 0; i < count; i++) {
        if (code_equal(changes[i].code, change.code)) {
            changes[i].flag = change.flag == 'd' ? changes[i].flag : change.flag;
            return count;
        }
    }
    changes[count] = change;
    return count + 1;
}

struct icd10_addenda {
    struct icd10_change *changes;
    int count;
    int64_t lines;
    int64_t added[2], deleted[2]; /* of headers, of codes */
    int section;                  /* of the trailer: -1 not there yet, 0 headers, 1 codes */
};

/* The trailer counts what the lines before it say: "     72 additions". */
static void trailer_line(struct import *import, const struct rows *rows,
                         struct icd10_addenda *addenda) {
    struct view line = view_trim(rows->text);
    struct view word = line;
    struct view number = view_cut(&word, ' ');
    int64_t told = 0;
    if (header_is(line, "Headers") || header_is(line, "Codes")) {
        addenda->section = header_is(line, "Codes");
        return;
    }
    if (addenda->section < 0 || (!view_is_digits(number) && !header_is(line, "of which"))) {
        (void)import_wrong(import, rows, "import_cell", NULL,
                           "is not a word, a flag and a code in their columns");
        return;
    }
    for (ptrdiff_t i = 0; i < number.size && i < 9; i++) {
        told = told * 10 + (number.at[i] - '0');
    }
    bool additions = header_is(word, "additions"), deletions = header_is(word, "deletions");
    int64_t counted =
        additions ? addenda->added[addenda->section] : addenda->deleted[addenda->section];
    if ((additions || deletions) && told != counted) {
        (void)import_wrong(import, rows, "import_row_count", NULL,
                           "counts %lld lines, but there are %lld", (long long)told,
                           (long long)counted);
    }
}

static void addenda_change(struct import *import, const struct rows *rows,
                           struct icd10_addenda *addenda) {
    bool ok = true, deleted = view_starts(rows->text, VIEW("Delete:"));
    if (!deleted && !view_starts(rows->text, VIEW("Add:"))) {
        return; /* other words for the same code */
    }
    struct code code = icd10_code(import, rows, 16, 22, &ok);
    int billable = rows->text.at[13] == '1';
    if (!ok || addenda->lines++ >= ICD10_CHANGES_MOST) {
        return;
    }
    *(deleted ? &addenda->deleted[billable] : &addenda->added[billable]) += 1;
    struct icd10_change change = {code, deleted ? 'd' : rows->text.at[13]};
    addenda->count = change_add(addenda->changes, addenda->count, change);
}

static void addenda_keep(struct import *import, const struct icd10_addenda *addenda) {
    for (int i = 0; i < addenda->count; i++) {
        const struct icd10_change *change = &addenda->changes[i];
        if (change->flag == 'd') {
            store_draft_dx_deleted(import_draft(import), change->code);
        } else {
            store_draft_dx(import_draft(import), change->code, change->flag == '1');
        }
    }
}

static int icd10_read_addenda(struct import *import, struct rows *rows) {
    struct icd10_name name;
    char text[32];
    struct icd10_addenda addenda = {.section = -1};
    addenda.changes = ARENA_NEW(import_arena(import), struct icd10_change, ICD10_CHANGES_MOST);
    if ((!addenda.changes && !edit_no_memory(import, rows)) ||
        !icd10_name_read(import, rows, &name)) {
        return import_status(import);
    }
    struct store_edition edition = icd10_edition(name, true, text);
    if (!import_begin(import, rows, &edition, 1, 1)) {
        return import_status(import);
    }
    while (import_next(import, rows)) {
        if (rows_blank(rows)) {
            continue;
        }
        if (addenda.section < 0 && addenda_line(rows->text)) {
            addenda_change(import, rows, &addenda);
        } else {
            trailer_line(import, rows, &addenda);
        }
    }
    addenda_keep(import, &addenda);
    import_end(import, rows, addenda.lines, 0, ICD10_CHANGES_MOST);
    return import_status(import);
}

const struct importer import_icd10 = {
    .table = "icd10cm",
    .what = "ICD-10-CM order file of a fiscal year, October or April",
    .proven = true,
    .knows = icd10_knows_order,
    .read = icd10_read_order,
};
const struct importer import_icd10_addenda = {
    .table = "icd10cm",
    .what = "ICD-10-CM order file addenda",
    .proven = true,
    .knows = icd10_knows_addenda,
    .read = icd10_read_addenda,
};
