/* The national provider file: 330 columns, millions of rows, one at a time. What is kept says
 * whether a number may bill: its kind, when it ended or came back, its taxonomy, its state. */
#include "import/list_file.h"

#include <stdio.h>
#include <string.h>

#define TAXONOMIES 15

enum { NPPES_NPI, NPPES_ENTITY, NPPES_STATE, NPPES_DEACTIVATED, NPPES_REACTIVATED, NPPES_FIXED };
#define NPPES_COLUMNS (NPPES_FIXED + 2 * TAXONOMIES)
#define TAXONOMY_NAME "Healthcare Provider Taxonomy Code_"
#define SWITCH_NAME "Healthcare Provider Primary Taxonomy Switch_"
#define PAIR(n) TAXONOMY_NAME #n, SWITCH_NAME #n

static const char *const nppes_names[NPPES_COLUMNS] = {
    "NPI",
    "Entity Type Code",
    "Provider Business Practice Location Address State Name",
    "NPI Deactivation Date",
    "NPI Reactivation Date",
    PAIR(1),
    PAIR(2),
    PAIR(3),
    PAIR(4),
    PAIR(5),
    PAIR(6),
    PAIR(7),
    PAIR(8),
    PAIR(9),
    PAIR(10),
    PAIR(11),
    PAIR(12),
    PAIR(13),
    PAIR(14),
    PAIR(15),
};
_Static_assert(NPPES_COLUMNS <= LIST_COLUMNS_MAX, "columns");
static const struct list_layout nppes_layout = {nppes_names, NPPES_COLUMNS, NPPES_COLUMNS};

/* A bit for each number there can be: nine digits of which the first is 1 or 2; the last of the ten
 * follows from them. */
#define NPPES_FIRST 100000000
#define NPPES_NUMBERS 200000000

struct nppes_file {
    struct import *import;
    struct rows *rows;
    struct list_columns columns;
    uint64_t *seen;
};

/* Ten digits whose check digit is right: Luhn over 80840 and the number, which adds 24 [edits-8.1].
 * -1 otherwise. */
static int64_t npi_read(struct view text) {
    int64_t number = 0;
    int sum = 24;
    if (text.size != 10 || !view_is_digits(text) || (text.at[0] != '1' && text.at[0] != '2')) {
        return -1;
    }
    for (int i = 0; i < 10; i++) {
        int digit = text.at[i] - '0';
        int twice = 2 * digit;
        number = number * 10 + digit;
        sum += i % 2 == 0 ? twice / 10 + twice % 10 : digit;
    }
    return sum % 10 == 0 ? number : -1;
}

/* The taxonomy that is switched on as the primary one, else the first. */
static struct view taxonomy_of(const struct rows *rows, const struct list_columns *columns) {
    struct view first = VIEW("");
    for (int i = 0; i < TAXONOMIES; i++) {
        struct view code = list_cell(rows, columns, NPPES_FIXED + 2 * i);
        if (code.size > 0 && header_is(list_cell(rows, columns, NPPES_FIXED + 2 * i + 1), "Y")) {
            return code;
        }
        first = first.size == 0 ? code : first;
    }
    return first;
}

static bool npi_wrong(const struct nppes_file *file, int64_t npi) {
    if (npi < 0) {
        (void)import_wrong(file->import, file->rows, "import_cell", "NPI",
                           "is not a number with its check digit");
        return true;
    }
    uint64_t number = (uint64_t)npi / 10 - NPPES_FIRST;
    uint64_t bit = UINT64_C(1) << number % 64;
    bool twice = (file->seen[number / 64] & bit) != 0;
    file->seen[number / 64] |= bit;
    if (twice) {
        (void)import_wrong(file->import, file->rows, "import_cell", "NPI", "stands twice");
    }
    return twice;
}

static void nppes_row(const struct nppes_file *file) {
    struct import *import = file->import;
    const struct rows *rows = file->rows;
    const struct list_columns *columns = &file->columns;
    int64_t npi = npi_read(list_cell(rows, columns, NPPES_NPI));
    bool ok = !npi_wrong(file, npi);
    char entity = list_character(import, rows, list_cell(rows, columns, NPPES_ENTITY),
                                 "Entity Type Code", "12", &ok);
    struct view taxonomy = taxonomy_of(rows, columns);
    uint64_t keys[2];
    if (taxonomy.size > 0 && !list_taxonomy(import, rows, taxonomy, keys)) {
        ok = false;
    }
    struct date ended = cell_date(import, rows, list_cell(rows, columns, NPPES_DEACTIVATED),
                                  "NPI Deactivation Date", &ok);
    struct date back = cell_date(import, rows, list_cell(rows, columns, NPPES_REACTIVATED),
                                 "NPI Reactivation Date", &ok);
    if (!ok) {
        return;
    }
    struct store_draft *draft = import_draft(import);
    const uint64_t cells[] = {
        (uint64_t)npi,
        (uint64_t)(unsigned char)entity,
        store_draft_text(draft, taxonomy),
        store_draft_text(draft, list_cell(rows, columns, NPPES_STATE)),
        (uint64_t)(int64_t)ended.day,
        (uint64_t)(int64_t)back.day,
    };
    store_draft_row(draft, DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
}

/* "npidata_pfile_20050523-20240107.csv" is whole; a weekly one and one without a day are not, and a
 * week may end on the day of a whole one. */
static struct store_edition nppes_edition(const struct rows *rows, char text[24]) {
    struct date day = list_name_day(rows->member), through = DATE_NONE; /* a month later */
    char iso[11];
    bool whole = date_given(day) && name_find(rows->member, "_20050523-") >= 0;
    int size = snprintf(text, 24, "NPPES");
    if (date_given(day)) {
        size = snprintf(text, 24, "NPPES-%s%s", date_text(day, iso).at, whole ? "" : "-weekly");
        through.day = day.day + 31;
    }
    return (struct store_edition){
        .table = STORE_NPPES,
        .name = {text, size},
        .effective = day,
        .through = through,
        .from = DATE_NONE,
        .to = DATE_NONE,
        .partial = !whole,
    };
}

static int nppes_read(struct import *import, struct rows *rows) {
    struct nppes_file file = {.import = import, .rows = rows};
    char text[24];
    int64_t count = 0;
    struct store_edition edition = nppes_edition(rows, text);
    file.seen = ARENA_NEW(import_arena(import), uint64_t, NPPES_NUMBERS / 64);
    if (!file.seen) {
        (void)edit_no_memory(import, rows);
        return import_status(import);
    }
    if (!list_header(import, rows, &nppes_layout, &file.columns) ||
        !import_begin(import, rows, &edition, 1, 1)) {
        return import_status(import);
    }
    while (list_next(import, rows, &file.columns, &count)) {
        nppes_row(&file);
    }
    import_end(import, rows, count, 5000000, 30000000);
    return import_status(import);
}

/* The archive holds the header alone as well. */
static bool nppes_knows(const struct rows_head *head) {
    return head->count > 1 && list_knows(head, &nppes_layout);
}

const struct importer import_nppes = {
    .table = "nppes",
    .what = "NPPES national provider file",
    .proven = true,
    .knows = nppes_knows,
    .read = nppes_read,
};
