/* Sections of diagnoses: editions folded into classes, prefix tables, pairs that exclude each
 * other. */
#include "store/draft/draft.h"

#include <stdlib.h>
#include <string.h>

/* ---- editions ---------------------------------------------------------------------------- */

/* The class whose rows are these; classes are few, so they are compared one by one. */
static uint16_t class_of(struct build *build, const struct image_class_row *wanted,
                         uint32_t count) {
    const uint32_t *first = BUILD_ROWS(build, class_first, uint32_t);
    const struct image_class_row *rows = BUILD_ROWS(build, class_rows, struct image_class_row);
    uint32_t classes = BUILD_COUNT(build, class_first, uint32_t) - 1;
    for (uint32_t c = 0; c < classes; c++) {
        if (first[c + 1] - first[c] == count &&
            memcmp(&rows[first[c]], wanted, count * sizeof *rows) == 0) {
            return (uint16_t)c;
        }
    }
    if (classes >= UINT16_MAX) {
        build_fail(build, "too many classes of diagnoses");
    }
    for (uint32_t i = 0; i < count; i++) {
        BUILD_ADD(build, class_rows, wanted[i]);
    }
    uint32_t end = BUILD_COUNT(build, class_rows, struct image_class_row);
    BUILD_ADD(build, class_first, end);
    return (uint16_t)classes;
}

#define CLASS_ROWS_MAX (2 * IMAGE_EDITIONS_MAX) /* an edition is cut at most once */

static void dx_write(struct image_maker *maker, const struct resolved *rows, int count) {
    struct build *build = &maker->build;
    struct image_class_row class[CLASS_ROWS_MAX];
    uint64_t bits = rows[0].row->key;
    int bucket = image_dx_bucket(bits);
    if (bucket < 0 || (bits & 0xff) != 0 || count > CLASS_ROWS_MAX) {
        build_fail(build, "a diagnosis has not the form of one");
        return;
    }
    for (int i = 0; i < count; i++) {
        const struct draft_fact *fact = draft_payload(rows[i].row);
        class[i] = (struct image_class_row){rows[i].proof, (uint8_t)fact->value, 0};
    }
    build_first(build, IMAGE_dx_first, (uint32_t)bucket, BUILD_COUNT(build, dx_rest, uint32_t));
    uint32_t rest = (uint32_t)(bits >> 8);
    uint16_t number = class_of(build, class, (uint32_t)count);
    BUILD_ADD(build, dx_rest, rest);
    BUILD_ADD(build, dx_class, number);
}

static void editions_write(struct image_maker *maker) {
    uint16_t proofs[CLASS_ROWS_MAX];
    int count = resolve_full(maker, STORE_ICD10, proofs, CLASS_ROWS_MAX);
    for (int i = 0; i < count; i++) {
        BUILD_ADD(&maker->build, dx_editions, proofs[i]);
    }
}

/* ---- prefixes ---------------------------------------------------------------------------- */

/* Rows are in ascending order: the parent is the nearest row before that is a shorter prefix. */
static uint32_t parent_of(const struct image_prefix *rows, uint32_t count, uint64_t prefix) {
    uint32_t row = count == 0 ? IMAGE_NO_ROW : count - 1;
    while (row != IMAGE_NO_ROW &&
           (rows[row].prefix == prefix ||
            !code_starts((struct code){prefix}, (struct code){rows[row].prefix}))) {
        row = rows[row].parent;
    }
    return row;
}

static void prefix_write(struct image_maker *maker, enum image_section_index section,
                         const struct resolved *rows, int count) {
    const struct buffer *all = &maker->build.sections[section];
    const struct draft_fact *fact = draft_payload(rows[0].row);
    struct image_prefix row = {
        .prefix = rows[0].row->key, .proof = rows[0].proof, .value = (uint8_t)fact->value};
    if (count > 1) {
        build_fail(&maker->build, "a prefix has one row");
    }
    row.parent =
        parent_of((const void *)all->at, (uint32_t)((size_t)all->size / sizeof row), row.prefix);
    build_add(&maker->build, section, &row, sizeof row);
}

static void region_write(struct image_maker *maker, const struct resolved *rows, int count) {
    prefix_write(maker, IMAGE_dx_regions, rows, count);
}

static void side_write(struct image_maker *maker, const struct resolved *rows, int count) {
    prefix_write(maker, IMAGE_dx_sides, rows, count);
}

/* ---- pairs that exclude each other ------------------------------------------------------- */

/* A prefix that stands on one side of a row. */
struct exclude_use {
    uint64_t prefix;
    uint32_t row;
};

static int use_compare(const void *a, const void *b) {
    const struct exclude_use *x = a;
    const struct exclude_use *y = b;
    if (x->prefix != y->prefix) {
        return x->prefix < y->prefix ? -1 : 1;
    }
    return x->row < y->row ? -1 : x->row > y->row;
}

static void exclude_write(struct image_maker *maker, const struct resolved *rows, int count) {
    struct buffer *uses = maker->context;
    for (int i = 0; i < count; i++) {
        const struct draft_text *text = draft_payload(rows[i].row);
        struct image_exclude row = {.left = rows[i].row->key,
                                    .right = rows[i].row->key2,
                                    .row = maker_text(maker, text->text),
                                    .proof = rows[i].proof};
        uint32_t at = BUILD_COUNT(&maker->build, excludes, struct image_exclude);
        struct exclude_use use[2] = {{row.left, at}, {row.right, at}};
        buffer_add(&maker->build, uses, use, sizeof use);
        BUILD_ADD(&maker->build, excludes, row);
    }
}

static void uses_write(struct build *build, struct buffer *buffer) {
    struct exclude_use *uses = (struct exclude_use *)(void *)buffer->at;
    size_t count = (size_t)buffer->size / sizeof *uses;
    if (count > 0) {
        qsort(uses, count, sizeof *uses, use_compare);
    }
    for (size_t i = 0; i < count && !build->failed; i++) {
        uint32_t at = (uint32_t)i;
        if (i == 0 || uses[i].prefix != uses[i - 1].prefix) {
            const struct image_prefix *rows =
                BUILD_ROWS(build, exclude_prefixes, struct image_prefix);
            uint32_t prefixes = BUILD_COUNT(build, exclude_prefixes, struct image_prefix);
            struct image_prefix row = {.prefix = uses[i].prefix,
                                       .parent = parent_of(rows, prefixes, uses[i].prefix)};
            BUILD_ADD(build, exclude_prefixes, row);
            BUILD_ADD(build, exclude_first, at);
        }
        BUILD_ADD(build, exclude_uses, uses[i].row);
    }
    uint32_t end = (uint32_t)count;
    BUILD_ADD(build, exclude_first, end);
}

void encode_diagnoses(struct image_maker *maker) {
    struct build *build = &maker->build;
    struct buffer uses = {0};
    const uint32_t zero = 0;
    BUILD_ADD(build, class_first, zero);
    resolve_kind(maker, DRAFT_DX, dx_write, NULL);
    build_first(build, IMAGE_dx_first, IMAGE_DX_BUCKETS, BUILD_COUNT(build, dx_rest, uint32_t));
    editions_write(maker);
    resolve_kind(maker, DRAFT_REGION, region_write, NULL);
    resolve_kind(maker, DRAFT_SIDE, side_write, NULL);
    resolve_kind(maker, DRAFT_EXCLUDE, exclude_write, &uses);
    uses_write(build, &uses);
    buffer_close(&uses);
}
