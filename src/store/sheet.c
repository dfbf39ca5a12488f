/* Lookups in sheets: rows by key, cells by column, as the image describes them. */
#include "store/room.h"

#include <string.h>

static const struct image_sheet *sheet_of(const struct store *store, enum store_table table) {
    for (uint32_t i = 0; i < store->sheets_count; i++) {
        if (store->sheets[i].table == (uint32_t)table) {
            return &store->sheets[i];
        }
    }
    return NULL;
}

static const char *row_of(const struct store *store, const struct image_sheet *sheet,
                          uint32_t row) {
    return store->sheet_bytes + sheet->at + (uint64_t)row * sheet->size;
}

uint32_t store_sheet_rows(const struct store *store, enum store_table table) {
    const struct image_sheet *sheet = sheet_of(store, table);
    return sheet ? sheet->count : 0;
}

/* Keys stand first in a row, eight bytes each; the second part of a wide one is a key, too. */
static bool key_less(const char *row, uint64_t key, uint64_t key2, bool two) {
    uint64_t keys[2] = {0};
    memcpy(keys, row, two ? 16 : 8);
    return keys[0] != key ? keys[0] < key : keys[1] < key2;
}

static bool key_same(const char *row, uint64_t key, uint64_t key2) {
    uint64_t keys[2] = {0};
    memcpy(keys, row, key2 ? 16 : 8);
    return keys[0] == key && (key2 == 0 || keys[1] == key2);
}

uint32_t store_sheet_find(const struct store *store, enum store_table table, uint64_t key,
                          uint64_t key2, uint32_t *count) {
    const struct image_sheet *sheet = sheet_of(store, table);
    *count = 0;
    if (!sheet) {
        return 0;
    }
    bool two = sheet_two_keys(store, sheet);
    uint32_t low = 0;
    for (uint32_t high = sheet->count; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        if (key_less(row_of(store, sheet, middle), key, key2, two)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    uint32_t end = low;
    while (end < sheet->count && key_same(row_of(store, sheet, end), key, two ? key2 : 0)) {
        end++;
    }
    *count = end - low;
    return low;
}

static uint32_t proof_of(const struct store *store, const struct image_sheet *sheet, uint32_t row) {
    uint32_t proof;
    memcpy(&proof, row_of(store, sheet, row) + sheet->size - 4, sizeof proof);
    return proof;
}

bool store_sheet_holds(const struct store *store, enum store_table table, uint32_t row,
                       struct store_when when) {
    const struct image_sheet *sheet = sheet_of(store, table);
    struct choice choice = {0};
    if (sheet && row < sheet->count) {
        choice_offer(&choice, store, proof_of(store, sheet, row), row, when_normal(when));
    }
    return choice.proof != NULL;
}

bool sheet_choose(const struct store *store, const struct sheet_ask *ask, struct store_when when,
                  uint32_t *row, struct store_proof *proof) {
    const struct image_sheet *sheet = sheet_of(store, ask->table);
    struct choice choice = {0};
    uint32_t count;
    uint32_t first = store_sheet_find(store, ask->table, ask->key, ask->key2, &count);
    when = when_normal(when);
    for (uint32_t i = first; i < first + count; i++) {
        if (ask->column == 0 ||
            code_equal(store_sheet_cell(store, ask->table, i, ask->column).code, ask->code)) {
            choice_offer(&choice, store, proof_of(store, sheet, i), i, when);
        }
    }
    if (choice.proof) {
        *row = choice.row;
        *proof = proof_out(store, choice.proof, when);
    }
    return choice.proof != NULL;
}

struct store_proof store_sheet_proof(const struct store *store, enum store_table table,
                                     uint32_t row) {
    const struct image_sheet *sheet = sheet_of(store, table);
    uint32_t proof =
        sheet && row < sheet->count ? proof_of(store, sheet, row) : store->proofs_count;
    return proof < store->proofs_count
               ? proof_out(store, &store->proofs[proof], when_normal(STORE_ALWAYS))
               : (struct store_proof){STORE_NO_RELEASE, DATE_NONE, DATE_NONE};
}

static struct store_cell cell_read(const struct store *store, const struct image_column *column,
                                   const char *at) {
    struct store_cell cell = {.type = (enum store_cell_type)column->type,
                              .decimals = column->decimals,
                              .number = INT64_MIN,
                              .day = DATE_NONE};
    struct image_text text;
    uint64_t wide[2];
    switch (cell.type) {
    case CELL_CODE:
        memcpy(&cell.code.bits, at, 8);
        break;
    case CELL_WIDE:
        memcpy(wide, at, 16);
        code_text((struct code){wide[0]}, cell.wide);
        code_text((struct code){wide[1]}, cell.wide + strlen(cell.wide));
        break;
    case CELL_NUMBER:
        memcpy(&cell.number, at, 8);
        break;
    case CELL_DAY:
        memcpy(&cell.day.day, at, 4);
        break;
    case CELL_CHAR:
        cell.character = at[0];
        break;
    case CELL_TEXT:
        memcpy(&text, at, sizeof text);
        cell.text = text_out(store, text);
        break;
    }
    return cell;
}

struct store_cell store_sheet_cell(const struct store *store, enum store_table table, uint32_t row,
                                   int column) {
    const struct image_sheet *sheet = sheet_of(store, table);
    if (!sheet || row >= sheet->count || column < 0 || (uint32_t)column >= sheet->columns) {
        return (struct store_cell){.type = CELL_TEXT, .number = INT64_MIN, .day = DATE_NONE};
    }
    const struct image_column *of = &store->sheet_columns[sheet->column + (uint32_t)column];
    return cell_read(store, of, row_of(store, sheet, row) + of->at);
}
