/* Packs diagnoses: editions, prefix tables, pairs that exclude each other. */
#include "store/pack/pack.h"

#include <string.h>

static void fact_add(struct pack *pack, struct code code, int release, int32_t from, int32_t to,
                     char flag) {
    struct draft_fact fact = {.value = flag == 'b'};
    draft_add_of(pack->draft, DRAFT_DX, release, code.bits, 0, from, to, &fact);
}

/* The full editions are the columns of icd10.tsv; each holds from the first day of its release. */
static void editions_read(struct pack *pack, struct tsv *tsv, int *release) {
    for (int i = 1; i < tsv->columns && !tsv->failed; i++) {
        release[i] = -1;
        for (int r = 0; r < draft_release_count(pack->draft); r++) {
            const struct image_release *head = &draft_releases(pack->draft)[r].head;
            if (head->table == STORE_ICD10 &&
                view_equal(draft_view(pack->draft, head->name), tsv->names[i])) {
                release[i] = r;
            }
        }
        if (release[i] < 0) {
            tsv_fail(tsv, "header", "releases.tsv has no such release of icd10cm");
        }
    }
}

static bool facts_read(struct pack *pack) {
    struct tsv tsv;
    int release[TSV_COLUMNS_MAX];
    tsv_open(&tsv, pack->folder, "icd10", pack->diag);
    editions_read(pack, &tsv, release);
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
        for (int i = 1; i < tsv.columns; i++) {
            struct view cell = tsv.cells[i];
            if (cell.size != 1 || !memchr("bh-", cell.at[0], 3)) {
                tsv_fail(&tsv, "row", "b, h or - is needed");
            } else if (cell.at[0] != '-') {
                int32_t from = draft_releases(pack->draft)[release[i]].head.from;
                fact_add(pack, code, release[i], from, IMAGE_OPEN_TO, cell.at[0]);
            }
        }
    }
    return tsv_close(&tsv);
}

bool pack_diagnoses(struct pack *pack) {
    struct tsv tsv;
    if (!facts_read(pack)) {
        return false;
    }
    tsv_open(&tsv, pack->folder, "icd10_changes", pack->diag);
    while (tsv_next(&tsv)) {
        struct draft_fact fact = {.value = tsv_char(&tsv, "flag", "bh") == 'b'};
        tsv_row(&tsv, pack, DRAFT_DX, tsv_code(&tsv, "code").bits, 0, &fact);
    }
    return tsv_close(&tsv);
}

/* ---- prefixes ---------------------------------------------------------------------------- */

static void prefix_row(struct pack *pack, struct tsv *tsv, enum draft_kind kind, uint32_t value,
                       uint64_t *before) {
    uint64_t prefix = tsv_code(tsv, "prefix").bits;
    struct draft_fact fact = {.value = value};
    if (prefix <= *before) {
        tsv_fail(tsv, "prefix", "prefixes must be ascending and differ");
    }
    *before = prefix;
    tsv_row(tsv, pack, kind, prefix, 0, &fact);
}

bool pack_regions(struct pack *pack) {
    static const char *const regions[] = {"none", "ct", "ls", "both", "unspecified", "any"};
    struct tsv tsv;
    uint64_t before = 0;
    tsv_open(&tsv, pack->folder, "dx_region", pack->diag);
    while (tsv_next(&tsv)) {
        uint32_t region = (uint32_t)tsv_choice(&tsv, "region", regions, COUNT_OF(regions));
        prefix_row(pack, &tsv, DRAFT_REGION, region, &before);
    }
    return tsv_close(&tsv);
}

bool pack_sides(struct pack *pack) {
    struct tsv tsv;
    uint64_t before = 0;
    tsv_open(&tsv, pack->folder, "dx_side", pack->diag);
    while (tsv_next(&tsv)) {
        uint32_t side = (unsigned char)tsv_char(&tsv, "side", "LRBU");
        prefix_row(pack, &tsv, DRAFT_SIDE, side, &before);
    }
    return tsv_close(&tsv);
}

/* ---- pairs that exclude each other ------------------------------------------------------- */

bool pack_excludes(struct pack *pack) {
    struct tsv tsv;
    tsv_open(&tsv, pack->folder, "excludes1", pack->diag);
    while (tsv_next(&tsv)) {
        struct code left = tsv_code(&tsv, "left"), right = tsv_code(&tsv, "right");
        char one[9], two[9], name[20];
        struct view a = code_text(left, one), b = code_text(right, two);
        memcpy(name, a.at, (size_t)a.size);
        name[a.size] = '/';
        memcpy(name + a.size + 1, b.at, (size_t)b.size);
        struct draft_text row = {
            build_text(&pack->draft->build, (struct view){name, a.size + 1 + b.size})};
        tsv_row(&tsv, pack, DRAFT_EXCLUDE, left.bits, right.bits, &row);
    }
    return tsv_close(&tsv);
}
