/* Encodes edit pairs: a row per column-1 code, a block per bucket of 256 column-2 ids. */
#include "store/draft/draft.h"

#include <string.h>

/* The row in hand: one column-1 code. */
struct pair_row {
    struct build *build;
    enum image_section_index section;
    struct buffer low;    /* column-2 low bytes of the bucket in hand */
    struct buffer facts;  /* uint16_t of the bucket in hand */
    struct buffer ends;   /* uint16_t, one per bucket */
    struct buffer blocks; /* uint16_t */
    uint32_t bucket;
    uint32_t bucket_first;
};

static void bucket_end(struct pair_row *row) {
    if (row->low.size % 2 != 0) {
        buffer_add(row->build, &row->low, "", 1);
    }
    if (row->low.size > 0) {
        buffer_add(row->build, &row->blocks, row->low.at, row->low.size);
        buffer_add(row->build, &row->blocks, row->facts.at, row->facts.size);
    }
    row->low.size = row->facts.size = 0;
    ptrdiff_t units = row->blocks.size / 2;
    if (units > UINT16_MAX) {
        build_fail(row->build, "more pairs of one column-1 code than a row can hold");
    }
    uint16_t end = (uint16_t)units;
    buffer_add(row->build, &row->ends, &end, sizeof end);
}

static void row_end(struct pair_row *row) {
    if (row->low.size == 0) {
        return;
    }
    bucket_end(row);
    uint16_t head[2] = {(uint16_t)row->bucket_first,
                        (uint16_t)(row->bucket - row->bucket_first + 1)};
    build_add(row->build, row->section, head, sizeof head);
    build_add(row->build, row->section, row->ends.at, row->ends.size);
    build_add(row->build, row->section, row->blocks.at, row->blocks.size);
    row->ends.size = row->blocks.size = 0;
}

static void row_add(struct pair_row *row, uint32_t column2, uint16_t proof, unsigned indicator) {
    uint32_t bucket = column2 >> 8;
    if (row->low.size == 0) {
        row->bucket = row->bucket_first = bucket;
    }
    while (row->bucket < bucket) {
        bucket_end(row);
        row->bucket++;
    }
    unsigned char low = (unsigned char)(column2 & 0xff);
    uint16_t fact = (uint16_t)((unsigned)proof << 2 | indicator);
    buffer_add(row->build, &row->low, &low, 1);
    buffer_add(row->build, &row->facts, &fact, sizeof fact);
}

/* The table being encoded. */
struct pair_table {
    struct pair_row row;
    enum image_section_index first, reason_first, reasons;
    uint64_t column1;
};

/* The number in the image of a rationale of the draft. */
static uint8_t reason_number(struct image_maker *maker, uint32_t of_draft) {
    const struct image_text *known = (const void *)maker->draft->reasons.at;
    if (of_draft == 0) {
        return 0;
    }
    if (maker->reason[of_draft] == 0) {
        struct image_text text = maker_text(maker, known[of_draft - 1]);
        BUILD_ADD(&maker->build, reasons, text);
        maker->reason[of_draft] = (uint8_t)BUILD_COUNT(&maker->build, reasons, struct image_text);
    }
    return maker->reason[of_draft];
}

static void pair_write(struct image_maker *maker, const struct resolved *rows, int count) {
    struct pair_table *table = maker->context;
    uint64_t column1 = rows[0].row->key;
    if (column1 != table->column1) {
        uint32_t id = maker_code(maker, column1);
        row_end(&table->row);
        build_first(&maker->build, table->first, id,
                    (uint32_t)(maker->build.sections[table->row.section].size / 2));
        build_first(&maker->build, table->reason_first, id,
                    (uint32_t)maker->build.sections[table->reasons].size);
        table->column1 = column1;
    }
    uint32_t column2 = maker_code(maker, rows[0].row->key2);
    for (int i = 0; i < count; i++) {
        const struct draft_fact *fact = draft_payload(rows[i].row);
        row_add(&table->row, column2, rows[i].proof, fact->value);
        uint8_t reason = reason_number(maker, fact->reason);
        build_add(&maker->build, table->reasons, &reason, 1);
    }
}

static void table_write(struct image_maker *maker, enum draft_kind kind, struct pair_table table) {
    uint32_t ids = BUILD_COUNT(&maker->build, codes, uint64_t);
    table.row.build = &maker->build;
    resolve_kind(maker, kind, pair_write, &table);
    row_end(&table.row);
    build_first(&maker->build, table.first, ids,
                (uint32_t)(maker->build.sections[table.row.section].size / 2));
    build_first(&maker->build, table.reason_first, ids,
                (uint32_t)maker->build.sections[table.reasons].size);
    buffer_close(&table.row.low);
    buffer_close(&table.row.facts);
    buffer_close(&table.row.ends);
    buffer_close(&table.row.blocks);
}

void encode_pairs(struct image_maker *maker) {
    table_write(maker, DRAFT_PAIR,
                (struct pair_table){.row = {.section = IMAGE_pairs},
                                    .first = IMAGE_pair_first,
                                    .reason_first = IMAGE_pair_reason_first,
                                    .reasons = IMAGE_pair_reasons});
    table_write(maker, DRAFT_HOSPITAL,
                (struct pair_table){.row = {.section = IMAGE_hospital_pairs},
                                    .first = IMAGE_hospital_first,
                                    .reason_first = IMAGE_hospital_reason_first,
                                    .reasons = IMAGE_hospital_reasons});
}
