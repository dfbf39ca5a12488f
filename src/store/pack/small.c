/* Packs the small tables: modifiers, places of service, payers. */
#include "store/pack/build.h"

#include <string.h>

/* ---- modifiers and places ---------------------------------------------------------------- */

static uint16_t modifier_flags(struct tsv *tsv) {
    static const struct {
        const char *name;
        uint16_t flag;
    } known[] = {
        {"bypass", MODIFIER_BYPASS},     {"anatomic", MODIFIER_ANATOMIC},
        {"distinct", MODIFIER_DISTINCT}, {"em_only", MODIFIER_EM_ONLY},
        {"global", MODIFIER_GLOBAL},     {"lab_only", MODIFIER_LAB_ONLY},
        {"left", MODIFIER_SIDE_LEFT},    {"right", MODIFIER_SIDE_RIGHT},
    };
    uint16_t flags = MODIFIER_VALID;
    struct view rest = tsv_text(tsv, "flags");
    while (rest.size > 0) {
        struct view word = view_cut(&rest, ',');
        int i = 0;
        while (i < COUNT_OF(known) && !view_equal(word, view_of(known[i].name))) {
            i++;
        }
        if (i == COUNT_OF(known)) {
            tsv_fail(tsv, "flags", "not a flag of a modifier");
            return 0;
        }
        flags |= known[i].flag;
    }
    return flags;
}

/* Two characters as a number to the base given. */
static uint32_t two_digits(struct tsv *tsv, const char *column, int base) {
    struct code code = tsv_code(tsv, column);
    int a = image_digit((unsigned)(code.bits >> 56));
    int b = image_digit((unsigned)(code.bits >> 48 & 0xff));
    if (code_length(code) != 2 || a < 0 || b < 0 || a >= base || b >= base) {
        tsv_fail(tsv, column, "two characters are needed");
        return 0;
    }
    return (uint32_t)(a * base + b);
}

bool pack_modifiers(struct build *build, const char *folder) {
    struct tsv tsv;
    struct buffer keys = {0};
    tsv_open(&tsv, folder, "modifiers", build->diag);
    while (tsv_next(&tsv)) {
        uint32_t key = two_digits(&tsv, "modifier", 36);
        struct image_modifier row = {modifier_flags(&tsv), tsv_proof(&tsv, build, STORE_MODIFIER)};
        buffer_add(build, &keys, &key, sizeof key);
        BUILD_ADD(build, modifiers, row);
    }
    bool whole = tsv_close(&tsv) && !build->failed;
    if (whole) {
        build_group(build, IMAGE_modifiers, sizeof(struct image_modifier), IMAGE_modifier_first,
                    &keys, IMAGE_MODIFIER_BUCKETS);
    }
    buffer_close(&keys);
    return whole && !build->failed;
}

bool pack_places(struct build *build, const char *folder) {
    struct tsv tsv;
    struct buffer keys = {0};
    tsv_open(&tsv, folder, "pos", build->diag);
    while (tsv_next(&tsv)) {
        uint32_t key = two_digits(&tsv, "pos", 10);
        struct image_place row = {tsv_proof(&tsv, build, STORE_POS), tsv_yes(&tsv, "facility"),
                                  tsv_yes(&tsv, "hospital")};
        buffer_add(build, &keys, &key, sizeof key);
        BUILD_ADD(build, places, row);
    }
    bool whole = tsv_close(&tsv) && !build->failed;
    if (whole) {
        build_group(build, IMAGE_places, sizeof(struct image_place), IMAGE_pos_first, &keys,
                    IMAGE_PLACE_BUCKETS);
    }
    buffer_close(&keys);
    return whole && !build->failed;
}

/* ---- payers ------------------------------------------------------------------------------ */

static bool profiles_pack(struct build *build, const char *folder) {
    static const char *const conventions[] = {"unknown", "cms_50", "ama_twice", "rt_lt"};
    struct tsv tsv;
    tsv_open(&tsv, folder, "payers", build->diag);
    while (tsv_next(&tsv)) {
        struct image_payer row = {
            .profile = build_text(build, tsv_text(&tsv, "profile")),
            .timely_days = (int32_t)tsv_number(&tsv, "timely_days", 0, 4000),
            .proof = tsv_proof(&tsv, build, STORE_PAYER),
            .flags = (uint8_t)((tsv_yes(&tsv, "medicare") ? PAYER_MEDICARE : 0) |
                               (tsv_yes(&tsv, "ncci") ? PAYER_NCCI : 0) |
                               (tsv_yes(&tsv, "imaging_override") ? PAYER_IMAGING_OVERRIDE : 0) |
                               (tsv_yes(&tsv, "trial") ? PAYER_TRIAL : 0)),
            .bilateral = (uint8_t)tsv_choice(&tsv, "bilateral", conventions, COUNT_OF(conventions)),
        };
        BUILD_ADD(build, payers, row);
    }
    return tsv_close(&tsv) && !build->failed;
}

static struct view text_of(const struct build *build, struct image_text text) {
    return (struct view){build->sections[IMAGE_text].at + text.at, text.size};
}

static uint32_t payer_find(struct tsv *tsv, const struct build *build) {
    struct view profile = tsv_text(tsv, "profile");
    const struct image_payer *payers = BUILD_ROWS(build, payers, struct image_payer);
    uint32_t count = BUILD_COUNT(build, payers, struct image_payer);
    for (uint32_t i = 0; i < count; i++) {
        if (view_equal(text_of(build, payers[i].profile), profile)) {
            return i;
        }
    }
    tsv_fail(tsv, "profile", "payers.tsv has no such profile");
    return 0;
}

bool pack_payers(struct build *build, const char *folder) {
    static const char *const kinds[] = {"id", "filing"};
    struct tsv tsv;
    if (!profiles_pack(build, folder)) {
        return false;
    }
    tsv_open(&tsv, folder, "payer_ids", build->diag);
    while (tsv_next(&tsv)) {
        struct image_payer_id row = {
            .payer = payer_find(&tsv, build),
            .kind = (uint8_t)tsv_choice(&tsv, "kind", kinds, 2),
        };
        struct view key = tsv_text(&tsv, "key");
        uint32_t count = BUILD_COUNT(build, payer_ids, struct image_payer_id);
        if (count > 0 && !tsv.failed) {
            const struct image_payer_id *before =
                &BUILD_ROWS(build, payer_ids, struct image_payer_id)[count - 1];
            if (before->kind > row.kind ||
                (before->kind == row.kind && view_compare(text_of(build, before->key), key) >= 0)) {
                tsv_fail(&tsv, "key", "keys must be ascending: ids first, then filing indicators");
            }
        }
        row.key = build_text(build, key);
        BUILD_ADD(build, payer_ids, row);
    }
    return tsv_close(&tsv) && !build->failed;
}
