/* Packs the sheets: a table of data/ has the columns of its sheet by name, and `release` unless the
 * store has one release of it. Rows of dated editions have `from` and `to` as well. */
#include "store/pack/pack.h"

#include <string.h>

struct sheet {
    struct tsv tsv;
    struct pack *pack;
    enum store_table table;
    const struct store_column *column;
    int columns;
    struct draft_row before;
    int release_before;
    uint64_t cells[2 * STORE_COLUMNS_MAX]; /* of the row in hand, as store_draft_row has them */
    int count;
};

static int only_release(struct sheet *sheet) {
    int found = -1;
    for (int i = 0; i < draft_release_count(sheet->pack->draft); i++) {
        if (draft_releases(sheet->pack->draft)[i].head.table == sheet->table) {
            if (found >= 0) {
                tsv_fail(&sheet->tsv, "release", "the table has several: name one in each row");
            }
            found = i;
        }
    }
    if (found < 0) {
        tsv_fail(&sheet->tsv, "release", "releases.tsv has none of this table");
    }
    return found;
}

/* Up to sixteen characters as two codes. */
static void wide_read(struct sheet *sheet, const char *column, uint64_t cell[2]) {
    struct view text = tsv_text(&sheet->tsv, column);
    cell[0] = code_from(view_sub(text, 0, 8)).bits;
    cell[1] = code_from(view_sub(text, 8, text.size)).bits;
    if (cell[0] == 0 || (text.size > 8 && cell[1] == 0)) {
        tsv_fail(&sheet->tsv, column, "one to sixteen letters and digits are needed");
    }
}

static uint64_t cell_read(struct sheet *sheet, const struct store_column *column) {
    struct tsv *tsv = &sheet->tsv;
    struct view text = tsv_text(tsv, column->name);
    uint64_t bits;
    struct image_text piece;
    switch (column->type) {
    case CELL_CODE:
        return tsv_code_or_none(tsv, column->name).bits;
    case CELL_NUMBER:
        return text.size == 0 ? (uint64_t)INT64_MIN
                              : (uint64_t)tsv_fixed(tsv, column->name, column->decimals);
    case CELL_DAY:
        return (uint64_t)(int64_t)tsv_date(tsv, column->name, IMAGE_NO_DAY);
    case CELL_CHAR:
        if (text.size > 1) {
            tsv_fail(tsv, column->name, "one character is needed");
        }
        return text.size == 0 ? 0 : (unsigned char)text.at[0];
    case CELL_WIDE:
    case CELL_TEXT:
        break;
    }
    piece = build_text(&sheet->pack->draft->build, text);
    memcpy(&bits, &piece, sizeof bits);
    return bits;
}

static void cells_read(struct sheet *sheet) {
    sheet->count = 0;
    for (int i = 0; i < sheet->columns; i++) {
        const struct store_column *column = &sheet->column[i];
        uint64_t *cell = &sheet->cells[sheet->count];
        if (column->type == CELL_WIDE) {
            wide_read(sheet, column->name, cell);
            sheet->count += 2;
            continue;
        }
        *cell = cell_read(sheet, column);
        sheet->count++;
        if (column->key != 0 && *cell == 0) {
            tsv_fail(&sheet->tsv, column->name, "a key is needed");
        }
    }
}

/* Rows stand in the order of their keys, those of a key in the order of releases and windows. */
static void row_order(struct sheet *sheet, const struct draft_row *row, int release) {
    const struct draft_row *before = &sheet->before;
    bool same = row->key == before->key && row->key2 == before->key2;
    bool later = release != sheet->release_before
                     ? release > sheet->release_before
                     : row->from > before->from;
    bool rises = row->key != before->key ? row->key > before->key : row->key2 > before->key2;
    if (same ? !later : !rises) {
        tsv_fail(&sheet->tsv, sheet->column[0].name,
                 "rows must be ordered by key, release and start, and differ in them");
    }
    sheet->before = *row;
    sheet->release_before = release;
}

static void row_pack(struct sheet *sheet, int release) {
    struct tsv *tsv = &sheet->tsv;
    struct store_draft *draft = sheet->pack->draft;
    cells_read(sheet);
    if (tsv->failed) {
        return;
    }
    const struct image_release *head = &draft_releases(draft)[release].head;
    bool dated = (head->flags & RELEASE_DATED) != 0;
    bool two = draft_two_keys(sheet->column, sheet->columns);
    struct draft_row row = {
        .key = sheet->cells[0],
        .key2 = two ? sheet->cells[1] : 0,
        .from = dated ? tsv_date(tsv, "from", IMAGE_OPEN_FROM) : head->from,
        .to = dated ? tsv_date(tsv, "to", IMAGE_OPEN_TO) : head->to,
    };
    row_order(sheet, &row, release);
    if (row.from > row.to) {
        tsv_fail(tsv, "to", "the window ends before it begins");
    }
    if (!tsv->failed) {
        enum draft_kind kind = (enum draft_kind)(DRAFT_SHEETS + (sheet->table - STORE_FIRST_SHEET));
        draft_add_of(draft, kind, release, row.key, row.key2, row.from, row.to, sheet->cells);
    }
}

static bool sheet_pack(struct pack *pack, enum store_table table, const char *name) {
    struct sheet sheet = {.pack = pack, .table = table};
    sheet.column = store_sheet_columns(table, &sheet.columns);
    tsv_open(&sheet.tsv, pack->folder, name, pack->diag);
    bool named = tsv_has(&sheet.tsv, "release");
    int release = named || sheet.tsv.failed ? -1 : only_release(&sheet);
    while (tsv_next(&sheet.tsv)) {
        int of = named ? tsv_release(&sheet.tsv, pack, table) : release;
        if (of >= 0) {
            row_pack(&sheet, of);
        }
    }
    return tsv_close(&sheet.tsv);
}

bool pack_sheets(struct pack *pack) {
    return sheet_pack(pack, STORE_GPCI, "gpci") && sheet_pack(pack, STORE_ZIP, "zip_locality") &&
           sheet_pack(pack, STORE_ANESTHESIA, "anesthesia") && sheet_pack(pack, STORE_ASP, "asp") &&
           sheet_pack(pack, STORE_PAYMENT_RULE, "payment_rules");
}
