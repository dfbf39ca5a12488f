/* Sections of the small tables: sets, modifiers, places of service, payers; and the sheets. */
#include "store/draft/draft.h"

#include <string.h>

/* ---- sets, modifiers, places ------------------------------------------------------------- */

static void set_write(struct image_maker *maker, const struct resolved *rows, int count) {
    struct build *build = &maker->build;
    const struct draft_text *name = draft_payload(rows[0].row);
    uint32_t number = (uint32_t)rows[0].row->key;
    uint32_t members = BUILD_COUNT(build, set_members, uint32_t);
    if (BUILD_COUNT(build, sets, struct image_set) == number) {
        struct image_set set = {maker_text(maker, name->text), members, 0};
        BUILD_ADD(build, sets, set);
    }
    uint32_t id = maker_code(maker, rows[0].row->key2);
    if (BUILD_COUNT(build, sets, struct image_set) <= number) {
        build_fail(build, "a set of codes has no members");
    }
    if (!build->failed && count > 0) {
        BUILD_ROWS(build, sets, struct image_set)[number].count++;
        BUILD_ADD(build, set_members, id);
    }
}

static void modifier_write(struct image_maker *maker, const struct resolved *rows, int count) {
    struct build *build = &maker->build;
    uint64_t bits = rows[0].row->key;
    uint32_t key = (uint32_t)(image_digit((unsigned)(bits >> 56)) * 36 +
                              image_digit((unsigned)(bits >> 48 & 0xff)));
    build_first(build, IMAGE_modifier_first, key,
                BUILD_COUNT(build, modifiers, struct image_modifier));
    for (int i = 0; i < count; i++) {
        const struct draft_fact *fact = draft_payload(rows[i].row);
        struct image_modifier row = {(uint16_t)fact->value, rows[i].proof};
        BUILD_ADD(build, modifiers, row);
    }
}

static void place_write(struct image_maker *maker, const struct resolved *rows, int count) {
    struct build *build = &maker->build;
    uint64_t bits = rows[0].row->key;
    uint32_t key = (uint32_t)(image_digit((unsigned)(bits >> 56)) * 10 +
                              image_digit((unsigned)(bits >> 48 & 0xff)));
    build_first(build, IMAGE_pos_first, key, BUILD_COUNT(build, places, struct image_place));
    for (int i = 0; i < count; i++) {
        const struct draft_fact *fact = draft_payload(rows[i].row);
        struct image_place row = {rows[i].proof, fact->value & 1, fact->value >> 1 & 1};
        BUILD_ADD(build, places, row);
    }
}

/* ---- payers ------------------------------------------------------------------------------ */

static void payer_write(struct image_maker *maker, const struct resolved *rows, int count) {
    struct image_payer row;
    memcpy(&row, draft_payload(rows[0].row), sizeof row);
    row.profile = maker_text(maker, row.profile);
    row.proof = rows[0].proof;
    if (count > 1) {
        build_fail(&maker->build, "a payer profile has one row");
    }
    BUILD_ADD(&maker->build, payers, row);
}

static void payer_ids_write(struct image_maker *maker) {
    resolve_order(maker, DRAFT_PAYER_ID);
    const struct draft_rows *rows = &maker->draft->kinds[DRAFT_PAYER_ID];
    for (ptrdiff_t at = 0; at < rows->rows.size; at += rows->row_size) {
        const struct draft_payer_id *id = draft_payload((const void *)(rows->rows.at + at));
        struct image_payer_id row = {
            .key = maker_text(maker, id->key), .payer = id->payer, .kind = (uint8_t)id->kind};
        BUILD_ADD(&maker->build, payer_ids, row);
    }
}

void encode_small(struct image_maker *maker) {
    struct build *build = &maker->build;
    resolve_kind(maker, DRAFT_SET, set_write, NULL);
    resolve_kind(maker, DRAFT_MODIFIER, modifier_write, NULL);
    build_first(build, IMAGE_modifier_first, IMAGE_MODIFIER_BUCKETS,
                BUILD_COUNT(build, modifiers, struct image_modifier));
    resolve_kind(maker, DRAFT_PLACE, place_write, NULL);
    build_first(build, IMAGE_pos_first, IMAGE_PLACE_BUCKETS,
                BUILD_COUNT(build, places, struct image_place));
    resolve_kind(maker, DRAFT_PAYER, payer_write, NULL);
    payer_ids_write(maker);
}

/* ---- sheets ------------------------------------------------------------------------------ */

struct sheet_layout {
    int columns;
    const struct store_column *column;
    uint32_t at[STORE_COLUMNS_MAX];
    uint32_t proof_at, size;
};

static uint32_t cell_size(enum store_cell_type type) {
    return type == CELL_WIDE ? 16 : type == CELL_DAY || type == CELL_CHAR ? 4 : 8;
}

/* Cells of eight bytes and more first, so that all are aligned; the proof is last. */
static struct sheet_layout sheet_layout(enum store_table table) {
    struct sheet_layout layout = {0};
    layout.column = store_sheet_columns(table, &layout.columns);
    for (int narrow = 0; narrow < 2; narrow++) {
        for (int i = 0; i < layout.columns; i++) {
            uint32_t size = cell_size(layout.column[i].type);
            if ((size == 4) == (narrow == 1)) {
                layout.at[i] = layout.size;
                layout.size += size;
            }
        }
    }
    layout.size = (layout.size + 4 + 7) / 8 * 8;
    layout.proof_at = layout.size - 4;
    return layout;
}

static void sheet_write(struct image_maker *maker, const struct resolved *rows, int count) {
    const struct sheet_layout *layout = maker->context;
    for (int i = 0; i < count; i++) {
        const uint64_t *cells = draft_payload(rows[i].row);
        char row[16 * STORE_COLUMNS_MAX + 8] = {0};
        for (int c = 0, from = 0; c < layout->columns; c++, from++) {
            enum store_cell_type type = layout->column[c].type;
            struct image_text text;
            memcpy(&text, &cells[from], sizeof text);
            if (type == CELL_TEXT) {
                text = maker_text(maker, text);
                memcpy(row + layout->at[c], &text, sizeof text);
            } else {
                memcpy(row + layout->at[c], &cells[from], cell_size(type));
            }
            from += type == CELL_WIDE;
        }
        uint32_t proof = rows[i].proof;
        memcpy(row + layout->proof_at, &proof, sizeof proof);
        build_add(&maker->build, IMAGE_sheet_bytes, row, layout->size);
    }
}

static void sheet_encode(struct image_maker *maker, enum draft_kind kind) {
    struct build *build = &maker->build;
    struct sheet_layout layout = sheet_layout(draft_table(kind));
    struct image_sheet sheet = {.table = (uint32_t)draft_table(kind),
                                .column = BUILD_COUNT(build, sheet_columns, struct image_column),
                                .columns = (uint32_t)layout.columns,
                                .size = layout.size,
                                .at = (uint64_t)build->sections[IMAGE_sheet_bytes].size};
    for (int i = 0; i < layout.columns; i++) {
        const struct store_column *from = &layout.column[i];
        struct image_column column = {.name = build_text(build, view_of(from->name)),
                                      .at = layout.at[i],
                                      .type = (uint8_t)from->type,
                                      .decimals = from->decimals,
                                      .key = from->key};
        BUILD_ADD(build, sheet_columns, column);
    }
    resolve_kind(maker, kind, sheet_write, &layout);
    uint64_t rows = ((uint64_t)build->sections[IMAGE_sheet_bytes].size - sheet.at) / layout.size;
    if (rows >= UINT32_MAX || build->sections[IMAGE_sheet_bytes].size >= UINT32_MAX) {
        build_fail(build, "more rows of sheets than a store can hold");
    }
    sheet.count = (uint32_t)rows;
    BUILD_ADD(build, sheets, sheet);
}

void encode_sheets(struct image_maker *maker) {
    for (int kind = DRAFT_SHEETS; kind < DRAFT_KINDS; kind++) {
        if (maker->draft->kinds[kind].rows.size > 0) {
            sheet_encode(maker, (enum draft_kind)kind);
        }
    }
}
