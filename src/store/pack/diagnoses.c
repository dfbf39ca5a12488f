/* Packs diagnoses: editions folded into classes, prefix tables, pairs that exclude each other. */
#include "store/pack/build.h"

#include <stdlib.h>
#include <string.h>

/* ---- editions ---------------------------------------------------------------------------- */

/* One edition's word on one code. */
struct dx_fact {
    uint64_t bits;
    uint32_t order; /* of reading, so that sorting keeps it */
    struct image_class_row row;
};

static int fact_compare(const void *a, const void *b) {
    const struct dx_fact *x = a;
    const struct dx_fact *y = b;
    if (x->bits != y->bits) {
        return x->bits < y->bits ? -1 : 1;
    }
    return x->order < y->order ? -1 : x->order > y->order;
}

static void fact_add(struct build *build, struct buffer *facts, struct code code, uint16_t proof,
                     char flag) {
    struct dx_fact fact = {
        code.bits, (uint32_t)(facts->size / (ptrdiff_t)sizeof fact), {proof, flag == 'b', 0}};
    buffer_add(build, facts, &fact, sizeof fact);
}

/* The full editions are the columns of icd10.tsv, oldest first; each holds from the first day of
 * its release to the day before the next one, the newest without an end. */
static int editions_read(struct build *build, struct tsv *tsv, uint16_t *proofs) {
    uint32_t release[TSV_COLUMNS_MAX];
    int editions = tsv->columns - 1;
    for (int i = 0; i < editions && !tsv->failed; i++) {
        release[i] = tsv_release(tsv, build, STORE_ICD10, tsv->names[i + 1]);
    }
    for (int i = 0; i < editions && !tsv->failed; i++) {
        const struct image_release *all = BUILD_ROWS(build, releases, struct image_release);
        int32_t to = i + 1 < editions ? all[release[i + 1]].effective - 1 : IMAGE_OPEN_TO;
        proofs[i] = build_proof(build, release[i], all[release[i]].effective, to);
        BUILD_ADD(build, dx_editions, proofs[i]);
    }
    return editions;
}

static bool facts_read(struct build *build, const char *folder, struct buffer *facts) {
    struct tsv tsv;
    uint16_t proofs[TSV_COLUMNS_MAX];
    tsv_open(&tsv, folder, "icd10", build->diag);
    int editions = tsv.failed ? 0 : editions_read(build, &tsv, proofs);
    uint32_t rows[TSV_COLUMNS_MAX] = {0};
    uint64_t before = 0;
    while (tsv_next(&tsv)) {
        struct code code = tsv_code(&tsv, "code");
        if (image_dx_bucket(code.bits) < 0 || (code.bits & 0xff) != 0) {
            tsv_fail(&tsv, "code", "not the form of a diagnosis");
        }
        if (code.bits <= before) {
            tsv_fail(&tsv, "code", "codes must be ascending and differ");
        }
        before = code.bits;
        for (int i = 0; i < editions; i++) {
            struct view cell = tsv.cells[i + 1];
            if (cell.size != 1 || !memchr("bh-", cell.at[0], 3)) {
                tsv_fail(&tsv, "row", "b, h or - is needed");
            } else if (cell.at[0] != '-') {
                fact_add(build, facts, code, proofs[i], cell.at[0]);
                rows[i]++;
            }
        }
    }
    struct image_release *releases = BUILD_ROWS(build, releases, struct image_release);
    for (int i = 0; i < editions && !tsv.failed && !build->failed; i++) {
        const struct image_proof *all = BUILD_ROWS(build, proofs, struct image_proof);
        releases[all[proofs[i]].release].rows = rows[i];
    }
    return tsv_close(&tsv) && !build->failed;
}

static bool changes_read(struct build *build, const char *folder, struct buffer *facts) {
    struct tsv tsv;
    tsv_open(&tsv, folder, "icd10_changes", build->diag);
    while (tsv_next(&tsv)) {
        uint16_t proof = tsv_proof(&tsv, build, STORE_ICD10);
        fact_add(build, facts, tsv_code(&tsv, "code"), proof, tsv_char(&tsv, "flag", "bh"));
    }
    return tsv_close(&tsv) && !build->failed;
}

/* The class whose rows are these; classes are few, so they are compared one by one. */
static uint16_t class_of(struct build *build, const struct dx_fact *facts, uint32_t count) {
    const uint32_t *first = BUILD_ROWS(build, class_first, uint32_t);
    const struct image_class_row *rows = BUILD_ROWS(build, class_rows, struct image_class_row);
    uint32_t classes = BUILD_COUNT(build, class_first, uint32_t) - 1;
    for (uint32_t c = 0; c < classes; c++) {
        uint32_t same = 0;
        while (first[c + 1] - first[c] == count && same < count &&
               memcmp(&rows[first[c] + same], &facts[same].row, sizeof *rows) == 0) {
            same++;
        }
        if (same == count) {
            return (uint16_t)c;
        }
    }
    if (classes >= UINT16_MAX) {
        build_fail(build, "too many classes of diagnoses");
    }
    for (uint32_t i = 0; i < count; i++) {
        BUILD_ADD(build, class_rows, facts[i].row);
    }
    uint32_t end = BUILD_COUNT(build, class_rows, struct image_class_row);
    BUILD_ADD(build, class_first, end);
    return (uint16_t)classes;
}

static void dx_first_fill(struct build *build, uint32_t bucket) {
    while (!build->failed && BUILD_COUNT(build, dx_first, uint32_t) <= bucket) {
        uint32_t row = BUILD_COUNT(build, dx_rest, uint32_t);
        BUILD_ADD(build, dx_first, row);
    }
}

static void facts_pack(struct build *build, struct buffer *buffer) {
    struct dx_fact *facts = (struct dx_fact *)(void *)buffer->at;
    size_t count = (size_t)buffer->size / sizeof *facts;
    const uint32_t zero = 0;
    BUILD_ADD(build, class_first, zero);
    if (count > 0) {
        qsort(facts, count, sizeof *facts, fact_compare);
    }
    for (size_t i = 0, next = 0; i < count && !build->failed; i = next) {
        while (next < count && facts[next].bits == facts[i].bits) {
            next++;
        }
        dx_first_fill(build, (uint32_t)image_dx_bucket(facts[i].bits));
        uint32_t rest = (uint32_t)(facts[i].bits >> 8);
        uint16_t class = class_of(build, facts + i, (uint32_t)(next - i));
        BUILD_ADD(build, dx_rest, rest);
        BUILD_ADD(build, dx_class, class);
    }
    dx_first_fill(build, IMAGE_DX_BUCKETS);
}

bool pack_diagnoses(struct build *build, const char *folder) {
    struct buffer facts = {0};
    bool whole = facts_read(build, folder, &facts) && changes_read(build, folder, &facts);
    if (whole) {
        facts_pack(build, &facts);
    }
    buffer_close(&facts);
    return whole && !build->failed;
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

static void prefix_add(struct build *build, enum image_section_index section, struct tsv *tsv,
                       struct image_prefix row) {
    const struct image_prefix *rows = (const void *)build->sections[section].at;
    uint32_t count = (uint32_t)((size_t)build->sections[section].size / sizeof row);
    if (count > 0 && rows[count - 1].prefix >= row.prefix) {
        tsv_fail(tsv, "prefix", "prefixes must be ascending and differ");
        return;
    }
    row.parent = parent_of(rows, count, row.prefix);
    build_add(build, section, &row, sizeof row);
}

bool pack_regions(struct build *build, const char *folder) {
    static const char *const regions[] = {"none", "ct", "ls", "both", "unspecified", "any"};
    struct tsv tsv;
    tsv_open(&tsv, folder, "dx_region", build->diag);
    while (tsv_next(&tsv)) {
        struct image_prefix row = {
            .prefix = tsv_code(&tsv, "prefix").bits,
            .proof = tsv_proof(&tsv, build, STORE_DX_REGION),
            .value = (uint8_t)tsv_choice(&tsv, "region", regions, COUNT_OF(regions)),
        };
        prefix_add(build, IMAGE_dx_regions, &tsv, row);
    }
    return tsv_close(&tsv) && !build->failed;
}

bool pack_sides(struct build *build, const char *folder) {
    struct tsv tsv;
    tsv_open(&tsv, folder, "dx_side", build->diag);
    while (tsv_next(&tsv)) {
        struct image_prefix row = {
            .prefix = tsv_code(&tsv, "prefix").bits,
            .proof = tsv_proof(&tsv, build, STORE_DX_SIDE),
            .value = (uint8_t)tsv_char(&tsv, "side", "LRBU"),
        };
        prefix_add(build, IMAGE_dx_sides, &tsv, row);
    }
    return tsv_close(&tsv) && !build->failed;
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

static void uses_pack(struct build *build, struct buffer *buffer) {
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

bool pack_excludes(struct build *build, const char *folder) {
    struct tsv tsv;
    struct buffer uses = {0};
    tsv_open(&tsv, folder, "excludes1", build->diag);
    while (tsv_next(&tsv)) {
        struct image_exclude row = {
            .left = tsv_code(&tsv, "left").bits,
            .right = tsv_code(&tsv, "right").bits,
            .proof = tsv_proof(&tsv, build, STORE_EXCLUDES1),
        };
        char left[9], right[9], name[20];
        struct view a = code_text((struct code){row.left}, left);
        struct view b = code_text((struct code){row.right}, right);
        memcpy(name, a.at, (size_t)a.size);
        name[a.size] = '/';
        memcpy(name + a.size + 1, b.at, (size_t)b.size);
        row.row = build_text(build, (struct view){name, a.size + 1 + b.size});
        struct exclude_use use[2] = {{row.left, BUILD_COUNT(build, excludes, struct image_exclude)},
                                     {row.right, 0}};
        use[1].row = use[0].row;
        buffer_add(build, &uses, use, sizeof use);
        BUILD_ADD(build, excludes, row);
    }
    bool whole = tsv_close(&tsv);
    if (whole) {
        uses_pack(build, &uses);
    }
    buffer_close(&uses);
    return whole && !build->failed;
}
