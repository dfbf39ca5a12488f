/* Provider taxonomy of NUCC, and Medicare's crosswalk from it to specialties. */
#include "import/list_file.h"

#include <stdio.h>
#include <string.h>

enum { NUCC_CODE, NUCC_CLASS, NUCC_GROUPING, NUCC_SPECIALIZATION, NUCC_SECTION, NUCC_COLUMNS };
static const char *const nucc_names[NUCC_COLUMNS] = {"Code", "Classification", "Grouping",
                                                     "Specialization", "Section"};
static const struct list_layout nucc_layout = {nucc_names, NUCC_COLUMNS, NUCC_COLUMNS};
enum { SPECIALTY_CODE, SPECIALTY_TAXONOMY, SPECIALTY_SUPPLIER, SPECIALTY_COLUMNS };
static const char *const specialty_names[SPECIALTY_COLUMNS] = {
    "MEDICARE SPECIALTY CODE", "PROVIDER TAXONOMY CODE",
    "MEDICARE PROVIDER/SUPPLIER TYPE DESCRIPTION"};
static const struct list_layout specialty_layout = {specialty_names, SPECIALTY_COLUMNS,
                                                    SPECIALTY_COLUMNS};

/* "nucc_taxonomy_251.csv": version 25.1, published in July and in force from October; 25.0 is
 * published in January and in force from April [edits-8.2]. */
static bool nucc_release(struct view name, struct store_edition *edition, char text[16]) {
    int version = -1;
    for (ptrdiff_t i = 0; i + 2 < name.size && version < 0; i++) {
        bool begins = i > 0 && name.at[i - 1] == '_';
        bool ends = i + 3 == name.size || name.at[i + 3] == '.';
        version = begins && ends ? digits_of(name, i, 3) : -1;
    }
    if (version < 0 || version % 10 > 1) {
        return false;
    }
    int year = 2000 + version / 10, month = version % 10 == 0 ? 4 : 10;
    int size = snprintf(text, 16, "NUCC%d.%d", version / 10, version % 10);
    edition->name = (struct view){text, size};
    edition->effective = date_from_ymd(year, month, 1);
    edition->through = month == 4 ? date_from_ymd(year, 9, 30) : date_from_ymd(year + 1, 3, 31);
    return true;
}

static int nucc_read(struct import *import, struct rows *rows) {
    struct store_edition edition = {.table = STORE_TAXONOMY, .from = DATE_NONE, .to = DATE_NONE};
    struct store_draft *draft = import_draft(import);
    struct list_columns columns;
    struct edit_keys keys = {0};
    char text[16];
    int64_t count = 0;
    if (!nucc_release(rows->member, &edition, text)) {
        (void)import_wrong(import, rows, "import_release", NULL,
                           "the name has no version, as nucc_taxonomy_251.csv has");
        return import_status(import);
    }
    if (!list_header(import, rows, &nucc_layout, &columns) ||
        !import_begin(import, rows, &edition, 1, 1)) {
        return import_status(import);
    }
    while (list_next(import, rows, &columns, &count)) {
        uint64_t cells[6] = {0};
        if (list_taxonomy(import, rows, list_cell(rows, &columns, NUCC_CODE), cells)) {
            static const int texts[] = {NUCC_SECTION, NUCC_GROUPING, NUCC_CLASS,
                                        NUCC_SPECIALIZATION};
            for (int i = 0; i < COUNT_OF(texts); i++) {
                cells[2 + i] = store_draft_text(draft, list_cell(rows, &columns, texts[i]));
            }
            store_draft_row(draft, DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
            (void)edit_keys_add(import, rows, &keys, cells[0], cells[1]);
        }
    }
    edit_keys_check(import, rows, &keys, "a taxonomy code");
    import_end(import, rows, count, 700, 2000);
    return import_status(import);
}

/* ---- specialties ------------------------------------------------------------------------- */

/* False: no taxonomy leads to the specialty. */
static bool specialty_row(struct import *import, const struct rows *rows,
                          const struct list_columns *columns, struct edit_keys *keys) {
    struct view taxonomy = list_cell(rows, columns, SPECIALTY_TAXONOMY);
    struct view supplier = list_cell(rows, columns, SPECIALTY_SUPPLIER);
    struct view name = list_unmarked(list_cell(rows, columns, SPECIALTY_CODE));
    uint64_t cells[4] = {0};
    bool ok = true;
    struct code code = cell_code(import, rows, name, "MEDICARE SPECIALTY CODE", 2, 2, &ok);
    if (taxonomy.size == 0) {
        return false;
    }
    if (list_taxonomy(import, rows, taxonomy, cells) && ok) {
        cells[2] = store_draft_text(import_draft(import), name);
        cells[3] = store_draft_text(import_draft(import), supplier);
        store_draft_row(import_draft(import), DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
        /* The rest of the taxonomy and the specialty take two bytes each, the supplier the rest. */
        (void)edit_keys_add(import, rows, keys, cells[0],
                            cells[1] | code.bits >> 16 | view_hash(supplier, 0) >> 32);
    }
    return true;
}

static int specialty_read(struct import *import, struct rows *rows) {
    struct edit_keys keys = {0};
    struct list_columns columns;
    char text[16];
    int year, month, day;
    int64_t count = 0, without = 0;
    struct date named = list_name_day(rows->member);
    if (!date_given(named)) {
        (void)import_wrong(import, rows, "import_release", NULL,
                           "the name has no month and year, as …_october_2025.csv has");
        return import_status(import);
    }
    date_to_ymd(named, &year, &month, &day);
    int size = snprintf(text, sizeof text, "%04d-%02d", year % 10000, month);
    struct store_edition edition = {.table = STORE_SPECIALTY,
                                    .name = {text, size},
                                    .effective = named,
                                    .through = {named.day + 365},
                                    .from = DATE_NONE,
                                    .to = DATE_NONE};
    if (!list_header(import, rows, &specialty_layout, &columns) ||
        !import_begin(import, rows, &edition, 1, 1)) {
        return import_status(import);
    }
    while (list_next(import, rows, &columns, &count)) {
        without += !specialty_row(import, rows, &columns, &keys);
    }
    edit_keys_check(import, rows, &keys, "a taxonomy code of a specialty");
    import_note(import, "%lld specialties have no taxonomy code", (long long)without);
    import_end(import, rows, count, 300, 3000);
    return import_status(import);
}

static bool nucc_knows(const struct rows_head *head) {
    return list_knows(head, &nucc_layout);
}
static bool specialty_knows(const struct rows_head *head) {
    return list_knows(head, &specialty_layout);
}

const struct importer import_nucc = {
    .table = "taxonomy",
    .what = "NUCC provider taxonomy",
    .proven = true,
    .knows = nucc_knows,
    .read = nucc_read,
};
const struct importer import_specialty = {
    .table = "specialty",
    .what = "Medicare specialty to taxonomy crosswalk",
    .proven = true,
    .knows = specialty_knows,
    .read = specialty_read,
};
