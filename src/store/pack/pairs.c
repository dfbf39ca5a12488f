/* Packs edit pairs: a row per column-1 code, a block per bucket of 256 column-2 ids. */
#include "store/pack/build.h"

#include <string.h>

/* The row in hand: one column-1 code. */
struct pair_row {
    struct build *build;
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
    build_add(row->build, IMAGE_pairs, head, sizeof head);
    build_add(row->build, IMAGE_pairs, row->ends.at, row->ends.size);
    build_add(row->build, IMAGE_pairs, row->blocks.at, row->blocks.size);
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

/* What orders rows of one pair: ends ascending, open last, then starts, open first. */
struct pair_key {
    uint32_t column1, column2;
    int32_t to, from;
};

static int pair_compare(struct pair_key a, struct pair_key b) {
    if (a.column1 != b.column1) {
        return a.column1 < b.column1 ? -1 : 1;
    }
    if (a.column2 != b.column2) {
        return a.column2 < b.column2 ? -1 : 1;
    }
    if (a.to != b.to) {
        return a.to < b.to ? -1 : 1;
    }
    return a.from < b.from ? -1 : a.from > b.from;
}

/* First numbers of all ids up to `column1`. */
static void firsts_fill(struct build *build, uint32_t column1) {
    while (!build->failed && BUILD_COUNT(build, pair_first, uint32_t) <= column1) {
        uint32_t at = BUILD_COUNT(build, pairs, uint16_t);
        BUILD_ADD(build, pair_first, at);
    }
}

static void pair_read(struct tsv *tsv, struct pair_row *row, struct pair_key *before) {
    struct build *build = row->build;
    struct pair_key key = {
        .column1 = tsv_code_id(tsv, build, "column1"),
        .column2 = tsv_code_id(tsv, build, "column2"),
        .to = tsv_date(tsv, "to", IMAGE_OPEN_TO),
        .from = tsv_date(tsv, "from", IMAGE_OPEN_FROM),
    };
    char indicator = tsv_char(tsv, "indicator", "019");
    uint16_t proof = tsv_proof(tsv, build, STORE_NCCI_PTP);
    bool any = BUILD_COUNT(build, pair_first, uint32_t) > 0;
    if (any && pair_compare(*before, key) > 0) {
        tsv_fail(tsv, "column1", "rows must be ordered by column 1, column 2, to and from");
    }
    if (tsv->failed) {
        return;
    }
    if (!any || key.column1 != before->column1) {
        row_end(row);
        firsts_fill(build, key.column1);
    }
    row_add(row, key.column2, proof, indicator == '9' ? 2 : (unsigned)(indicator - '0'));
    *before = key;
}

bool pack_pairs(struct build *build, const char *folder) {
    struct tsv tsv;
    struct pair_row row = {.build = build};
    struct pair_key before = {0};
    tsv_open(&tsv, folder, "ptp", build->diag);
    while (tsv_next(&tsv)) {
        pair_read(&tsv, &row, &before);
    }
    row_end(&row);
    firsts_fill(build, BUILD_COUNT(build, codes, uint64_t));
    buffer_close(&row.low);
    buffer_close(&row.facts);
    buffer_close(&row.ends);
    buffer_close(&row.blocks);
    return tsv_close(&tsv) && !build->failed;
}
