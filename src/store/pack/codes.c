/* Packs what belongs to procedure codes: releases and codes first, then the tables by code. */
#include "store/pack/build.h"

#include <string.h>

#define ROWS_OF_CODE_MAX 512 /* an add-on code has at most some hundred primaries */

/* A table read row by row into one section, keyed by procedure code, in the order of codes. */
struct by_code {
    struct tsv tsv;
    struct build *build;
    struct buffer keys;
    uint32_t id;                     /* of the row in hand */
    uint64_t seen[ROWS_OF_CODE_MAX]; /* what tells the rows of this code apart */
    int seen_count;
};

static void by_code_open(struct by_code *table, struct build *build, const char *folder,
                         const char *name) {
    *table = (struct by_code){.build = build};
    tsv_open(&table->tsv, folder, name, build->diag);
}

static void by_code_key(struct by_code *table, const char *column) {
    uint32_t id = tsv_code_id(&table->tsv, table->build, column);
    bool first = table->keys.size == 0;
    if (!first && id < table->id) {
        tsv_fail(&table->tsv, column, "rows must be ordered by code");
    }
    if (first || id != table->id) {
        table->seen_count = 0;
    }
    table->id = id;
    buffer_add(table->build, &table->keys, &id, sizeof id);
}

/* Two rows of a code with the same release and window would leave the choice to chance. */
static void by_code_unique(struct by_code *table, uint16_t proof, uint32_t other) {
    uint64_t row = (uint64_t)other << 16 | proof;
    for (int i = 0; i < table->seen_count; i++) {
        if (table->seen[i] == row) {
            tsv_fail(&table->tsv, "row", "the same row stands in the table before");
        }
    }
    if (table->seen_count >= ROWS_OF_CODE_MAX) {
        tsv_fail(&table->tsv, "row", "more rows of one code than are expected");
        return;
    }
    table->seen[table->seen_count++] = row;
}

static bool by_code_close(struct by_code *table, enum image_section_index section, ptrdiff_t size,
                          enum image_section_index first) {
    bool whole = tsv_close(&table->tsv) && !table->build->failed;
    if (whole) {
        build_group(table->build, section, size, first, &table->keys,
                    BUILD_COUNT(table->build, codes, uint64_t));
    }
    buffer_close(&table->keys);
    return whole && !table->build->failed;
}
#define BY_CODE_CLOSE(table, name, first)                                                          \
    by_code_close((table), IMAGE_##name, entry_of_##name, IMAGE_##first)
enum {
#define SECTION(name, type) entry_of_##name = sizeof(type),
#include "store/sections.def"
#undef SECTION
};

/* ---- releases and codes ------------------------------------------------------------------ */

bool pack_releases(struct build *build, const char *folder) {
    const char *names[STORE_TABLES];
    for (int i = 0; i < STORE_TABLES; i++) {
        names[i] = store_table_name((enum store_table)i).at;
    }
    struct tsv tsv;
    tsv_open(&tsv, folder, "releases", build->diag);
    while (tsv_next(&tsv)) {
        struct image_release row = {
            .table = (uint8_t)tsv_choice(&tsv, "table", names, STORE_TABLES),
            .partial = tsv_yes(&tsv, "partial"),
            .effective = tsv_date(&tsv, "effective", IMAGE_NO_DAY),
            .through = tsv_date(&tsv, "through", IMAGE_NO_DAY),
        };
        row.name = build_text(build, tsv_text(&tsv, "release"));
        row.source = build_text(build, tsv_text(&tsv, "source"));
        row.sha256 = build_text(build, tsv_text(&tsv, "sha256"));
        row.note = build_text(build, tsv_text(&tsv, "note"));
        if (BUILD_COUNT(build, releases, struct image_release) >= STORE_RELEASES_MAX) {
            tsv_fail(&tsv, "table", "more releases than a store can hold");
        }
        BUILD_ADD(build, releases, row);
    }
    return tsv_close(&tsv) && !build->failed;
}

static void code_slots(struct build *build) {
    const uint64_t *codes = BUILD_ROWS(build, codes, uint64_t);
    uint32_t count = BUILD_COUNT(build, codes, uint64_t);
    uint32_t slots = 2;
    while (slots < 2 * count + 2) {
        slots *= 2;
    }
    const uint64_t none = 0;
    for (uint32_t i = 0; i < slots; i++) {
        BUILD_ADD(build, code_slots, none);
    }
    if (build->failed) {
        return;
    }
    uint64_t *slot = BUILD_ROWS(build, code_slots, uint64_t);
    int shift = 64 - __builtin_ctz(slots);
    for (uint32_t id = 0; id < count; id++) {
        uint64_t at = image_code_slot(codes[id], shift);
        while (slot[at] != 0) {
            at = (at + 1) & (slots - 1);
        }
        slot[at] = codes[id] | id;
    }
}

bool pack_codes(struct build *build, const char *folder) {
    struct tsv tsv;
    tsv_open(&tsv, folder, "codes", build->diag);
    uint64_t before = 0;
    while (tsv_next(&tsv)) {
        struct code code = tsv_code(&tsv, "code");
        if (code.bits <= before || (code.bits & 0xffffff) != 0) {
            tsv_fail(&tsv, "code",
                     "codes of at most five characters in ascending order are needed");
        }
        if (BUILD_COUNT(build, codes, uint64_t) >= IMAGE_CODE_IDS_MAX) {
            tsv_fail(&tsv, "code", "more codes than a store can hold");
        }
        before = code.bits;
        BUILD_ADD(build, codes, code.bits);
        struct image_text label = build_text(build, tsv_text(&tsv, "label"));
        BUILD_ADD(build, labels, label);
    }
    bool whole = tsv_close(&tsv);
    if (whole) {
        code_slots(build);
    }
    return whole && !build->failed;
}

/* ---- tables by code ---------------------------------------------------------------------- */

static void mpfs_values(struct tsv *tsv, struct image_mpfs *row) {
    row->work = (int32_t)tsv_fixed(tsv, "work", 2);
    row->pe_nonfacility = (int32_t)tsv_fixed(tsv, "pe_nonfacility", 2);
    row->pe_facility = (int32_t)tsv_fixed(tsv, "pe_facility", 2);
    row->malpractice = (int32_t)tsv_fixed(tsv, "malpractice", 2);
    row->total_nonfacility = (int32_t)tsv_fixed(tsv, "total_nonfacility", 2);
    row->total_facility = (int32_t)tsv_fixed(tsv, "total_facility", 2);
    row->conversion = (int32_t)tsv_fixed(tsv, "conversion", 4);
    row->pre = (int16_t)tsv_fixed(tsv, "pre", 2);
    row->intra = (int16_t)tsv_fixed(tsv, "intra", 2);
    row->post = (int16_t)tsv_fixed(tsv, "post", 2);
}

static void mpfs_indicators(struct tsv *tsv, struct image_mpfs *row) {
    static const char *const modifiers[MPFS_MODIFIERS] = {"", "26", "TC", "53"};
    static const char *const unusual[] = {"", "NA"};
    row->modifier = (uint8_t)tsv_choice(tsv, "modifier", modifiers, MPFS_MODIFIERS);
    row->status = tsv_char(tsv, "status", "ABCEIJMNPRTX");
    row->pctc = tsv_char(tsv, "pctc", "0123456789");
    row->multiple = tsv_char(tsv, "multiple", "0123456789");
    row->bilateral = tsv_char(tsv, "bilateral", "01239");
    row->assistant = tsv_char(tsv, "assistant", "0129");
    row->cosurgeon = tsv_char(tsv, "cosurgeon", "0129");
    row->team = tsv_char(tsv, "team", "0129");
    row->na_nonfacility = (uint8_t)tsv_choice(tsv, "na_nonfacility", unusual, 2);
    row->na_facility = (uint8_t)tsv_choice(tsv, "na_facility", unusual, 2);
    struct view global = tsv_text(tsv, "global");
    if (global.size == 3) {
        memcpy(row->global, global.at, 3);
    } else {
        tsv_fail(tsv, "global", "three characters are needed");
    }
    row->endo_base = tsv_code_or_none(tsv, "endo_base").bits;
}

bool pack_mpfs(struct build *build, const char *folder) {
    struct by_code table;
    by_code_open(&table, build, folder, "mpfs");
    while (tsv_next(&table.tsv)) {
        struct image_mpfs row = {0};
        by_code_key(&table, "code");
        mpfs_indicators(&table.tsv, &row);
        mpfs_values(&table.tsv, &row);
        row.proof = tsv_proof(&table.tsv, build, STORE_MPFS);
        by_code_unique(&table, row.proof, row.modifier);
        BUILD_ADD(build, mpfs, row);
    }
    return BY_CODE_CLOSE(&table, mpfs, mpfs_first);
}

bool pack_mue(struct build *build, const char *folder) {
    struct by_code table;
    by_code_open(&table, build, folder, "mue");
    while (tsv_next(&table.tsv)) {
        by_code_key(&table, "code");
        struct image_mue row = {
            .units = (int32_t)tsv_number(&table.tsv, "units", 0, INT32_MAX),
            .proof = tsv_proof(&table.tsv, build, STORE_MUE),
            .mai = tsv_char(&table.tsv, "mai", "123"),
        };
        by_code_unique(&table, row.proof, 0);
        BUILD_ADD(build, mue, row);
    }
    return BY_CODE_CLOSE(&table, mue, mue_first);
}

bool pack_addons(struct build *build, const char *folder) {
    struct by_code table;
    by_code_open(&table, build, folder, "addon");
    uint64_t before = 0;
    while (tsv_next(&table.tsv)) {
        by_code_key(&table, "addon");
        struct code primary = tsv_code(&table.tsv, "primary");
        bool contractor = code_equal(primary, code_of("CCCCC"));
        struct image_addon row = {
            .primary =
                contractor ? STORE_PRIMARY_CONTRACTOR : tsv_code_id(&table.tsv, build, "primary"),
            .proof = tsv_proof(&table.tsv, build, STORE_AOC),
            .type = tsv_char(&table.tsv, "type", "123"),
        };
        uint64_t order = tsv_code(&table.tsv, "addon").bits | (contractor ? 0xffffff : row.primary);
        if (order < before) {
            tsv_fail(&table.tsv, "addon", "rows must be ordered by add-on and primary");
        }
        before = order;
        by_code_unique(&table, row.proof, row.primary);
        BUILD_ADD(build, addons, row);
    }
    return BY_CODE_CLOSE(&table, addons, addon_first);
}

bool pack_ended(struct build *build, const char *folder) {
    struct by_code table;
    by_code_open(&table, build, folder, "code_ended");
    while (tsv_next(&table.tsv)) {
        by_code_key(&table, "code");
        int32_t last = tsv_date(&table.tsv, "last", IMAGE_NO_DAY);
        uint32_t release =
            tsv_release(&table.tsv, build, STORE_HCPCS, tsv_text(&table.tsv, "release"));
        struct image_ended row = {
            .last = last,
            .proof = build_proof(build, release, IMAGE_OPEN_FROM,
                                 last == IMAGE_NO_DAY ? IMAGE_OPEN_TO : last),
            .replacement = tsv_code_or_none(&table.tsv, "replacement").bits,
        };
        by_code_unique(&table, row.proof, 0);
        BUILD_ADD(build, ended, row);
    }
    return BY_CODE_CLOSE(&table, ended, ended_first);
}

bool pack_drugs(struct build *build, const char *folder) {
    struct by_code table;
    by_code_open(&table, build, folder, "drug_unit");
    while (tsv_next(&table.tsv)) {
        struct tsv *tsv = &table.tsv;
        by_code_key(&table, "code");
        struct image_drug row = {
            .unit_thousandths = (int32_t)tsv_fixed(tsv, "size", 3),
            .proof = tsv_proof(tsv, build, STORE_DRUG),
            .flags = (uint8_t)((tsv_yes(tsv, "anesthetic") ? DRUG_ANESTHETIC : 0) |
                               (tsv_yes(tsv, "contrast") ? DRUG_CONTRAST : 0) |
                               (tsv_yes(tsv, "payable") ? DRUG_PAYABLE : 0) |
                               (tsv_yes(tsv, "combination") ? DRUG_COMBINATION : 0)),
            .unit = tsv_code(tsv, "unit").bits,
        };
        if (row.unit_thousandths <= 0) {
            tsv_fail(tsv, "size", "a unit has a size");
        }
        by_code_unique(&table, row.proof, 0);
        BUILD_ADD(build, drugs, row);
    }
    return BY_CODE_CLOSE(&table, drugs, drug_first);
}

static uint8_t family_flags(struct tsv *tsv) {
    return (uint8_t)((tsv_yes(tsv, "procedure") ? FAMILY_PROCEDURE : 0) |
                     (tsv_yes(tsv, "addon_level") ? FAMILY_ADDON_LEVEL : 0) |
                     (tsv_yes(tsv, "paired") ? FAMILY_PAIRED : 0) |
                     (tsv_yes(tsv, "evaluation") ? FAMILY_EVALUATION : 0) |
                     (tsv_yes(tsv, "laboratory") ? FAMILY_LABORATORY : 0) |
                     (tsv_yes(tsv, "sedation") ? FAMILY_SEDATION : 0));
}

bool pack_families(struct build *build, const char *folder) {
    static const char *const regions[] = {"none", "ct", "ls", "both", "unspecified", "any"};
    static const char *const imaging[] = {"none", "included", "separate", "is"};
    struct by_code table;
    by_code_open(&table, build, folder, "family");
    while (tsv_next(&table.tsv)) {
        struct tsv *tsv = &table.tsv;
        by_code_key(&table, "code");
        struct image_family row = {
            .primary = tsv_code_or_none(tsv, "primary").bits,
            .proof = tsv_proof(tsv, build, STORE_FAMILY),
            .region = (uint8_t)tsv_choice(tsv, "region", regions, COUNT_OF(regions)),
            .imaging = (uint8_t)tsv_choice(tsv, "imaging", imaging, COUNT_OF(imaging)),
            .flags = family_flags(tsv),
        };
        row.family = build_text(build, tsv_text(tsv, "family"));
        by_code_unique(&table, row.proof, 0);
        BUILD_ADD(build, families, row);
    }
    return BY_CODE_CLOSE(&table, families, family_first);
}

bool pack_sets(struct build *build, const char *folder) {
    struct tsv tsv;
    tsv_open(&tsv, folder, "code_set", build->diag);
    struct view before = VIEW_NONE;
    while (tsv_next(&tsv)) {
        struct view name = tsv_text(&tsv, "set");
        tsv_release(&tsv, build, STORE_CODE_SET, tsv_text(&tsv, "release"));
        uint32_t id = tsv_code_id(&tsv, build, "code");
        if (!before.at || !view_equal(name, before)) {
            struct image_set set = {build_text(build, name),
                                    BUILD_COUNT(build, set_members, uint32_t), 0};
            BUILD_ADD(build, sets, set);
            before = name;
        }
        BUILD_ADD(build, set_members, id);
        if (!build->failed) {
            BUILD_ROWS(build, sets, struct image_set)
            [BUILD_COUNT(build, sets, struct image_set) - 1].count++;
        }
    }
    return tsv_close(&tsv) && !build->failed;
}
