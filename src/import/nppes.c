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

static void nppes_row(struct import *import, const struct rows *rows,
                      const struct list_columns *columns) {
    int64_t npi = npi_read(list_cell(rows, columns, NPPES_NPI));
    struct view entity = list_cell(rows, columns, NPPES_ENTITY);
    bool ok = true;
    if (npi < 0) {
        (void)import_wrong(import, rows, "import_cell", "NPI",
                           "is not a number with its check digit");
        ok = false;
    }
    if (entity.size > 1 || (entity.size == 1 && entity.at[0] != '1' && entity.at[0] != '2')) {
        (void)import_wrong(import, rows, "import_cell", "Entity Type Code", "is not 1 or 2");
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
        entity.size == 1 ? (uint64_t)(unsigned char)entity.at[0] : 0,
        store_draft_text(draft, taxonomy_of(rows, columns)),
        store_draft_text(draft, list_cell(rows, columns, NPPES_STATE)),
        (uint64_t)(int64_t)ended.day,
        (uint64_t)(int64_t)back.day,
    };
    store_draft_row(draft, DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
}

/* "npidata_pfile_20050523-20240107.csv" is whole; a weekly one and one without a day are not. */
static struct store_edition nppes_edition(const struct rows *rows, char text[24]) {
    struct date day = list_name_day(rows->member), through = DATE_NONE;
    char iso[11];
    int size = snprintf(text, 24, "NPPES%s%s", date_given(day) ? "-" : "",
                        date_given(day) ? date_text(day, iso).at : "");
    ptrdiff_t dash = view_find(rows->member, '-');
    bool whole = date_given(day) && dash >= 8 &&
                 view_equal(view_sub(rows->member, dash - 8, 8), VIEW("20050523"));
    if (date_given(day)) {
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
    struct list_columns columns;
    char text[24];
    int64_t count = 0;
    struct store_edition edition = nppes_edition(rows, text);
    if (!list_header(import, rows, nppes_names, NPPES_COLUMNS, &columns) ||
        !import_begin(import, rows, &edition, 1, 1)) {
        return import_status(import);
    }
    while (list_next(import, rows, &columns, &count)) {
        nppes_row(import, rows, &columns);
    }
    import_end(import, rows, count, 5000000, 30000000);
    return import_status(import);
}

/* The archive also has a file of the header alone. */
static bool nppes_knows(const struct rows_head *head) {
    return head->count > 1 && list_knows(head, nppes_names);
}

const struct importer import_nppes = {
    .table = "nppes",
    .what = "NPPES national provider file",
    .proven = true,
    .knows = nppes_knows,
    .read = nppes_read,
};
