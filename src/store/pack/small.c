/* Packs the small tables: modifiers, places of service, payers. */
#include "store/pack/pack.h"

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

/* Two characters, digits of the base given. */
static uint64_t two_digits(struct tsv *tsv, const char *column, int base) {
    struct code code = tsv_code(tsv, column);
    int a = image_digit((unsigned)(code.bits >> 56));
    int b = image_digit((unsigned)(code.bits >> 48 & 0xff));
    if (code_length(code) != 2 || a < 0 || b < 0 || a >= base || b >= base) {
        tsv_fail(tsv, column, "two characters are needed");
    }
    return code.bits;
}

bool pack_modifiers(struct pack *pack) {
    struct tsv tsv;
    tsv_open(&tsv, pack->folder, "modifiers", pack->diag);
    while (tsv_next(&tsv)) {
        struct draft_fact fact = {.value = modifier_flags(&tsv)};
        tsv_row(&tsv, pack, DRAFT_MODIFIER, two_digits(&tsv, "modifier", 36), 0, &fact);
    }
    return tsv_close(&tsv);
}

bool pack_places(struct pack *pack) {
    struct tsv tsv;
    tsv_open(&tsv, pack->folder, "pos", pack->diag);
    while (tsv_next(&tsv)) {
        struct draft_fact fact = {.value = (uint32_t)tsv_yes(&tsv, "facility") |
                                           (uint32_t)tsv_yes(&tsv, "hospital") << 1};
        tsv_row(&tsv, pack, DRAFT_PLACE, two_digits(&tsv, "pos", 10), 0, &fact);
    }
    return tsv_close(&tsv);
}

/* ---- payers ------------------------------------------------------------------------------ */

static bool profiles_pack(struct pack *pack) {
    static const char *const conventions[] = {"unknown", "cms_50", "ama_twice", "rt_lt"};
    struct tsv tsv;
    uint64_t number = 0;
    tsv_open(&tsv, pack->folder, "payers", pack->diag);
    while (tsv_next(&tsv)) {
        struct image_payer row = {
            .profile = build_text(&pack->draft->build, tsv_text(&tsv, "profile")),
            .timely_days = (int32_t)tsv_number(&tsv, "timely_days", 0, 4000),
            .flags = (uint8_t)((tsv_yes(&tsv, "medicare") ? PAYER_MEDICARE : 0) |
                               (tsv_yes(&tsv, "ncci") ? PAYER_NCCI : 0) |
                               (tsv_yes(&tsv, "trial") ? PAYER_TRIAL : 0)),
            .bilateral = (uint8_t)tsv_choice(&tsv, "bilateral", conventions, COUNT_OF(conventions)),
        };
        tsv_row(&tsv, pack, DRAFT_PAYER, number++, 0, &row);
    }
    return tsv_close(&tsv);
}

static uint32_t payer_find(struct tsv *tsv, const struct pack *pack) {
    struct view profile = tsv_text(tsv, "profile");
    const struct draft_rows *rows = &pack->draft->kinds[DRAFT_PAYER];
    for (ptrdiff_t i = 0; i < rows->rows.size / rows->row_size; i++) {
        const struct draft_row *row = (const void *)(rows->rows.at + i * rows->row_size);
        struct image_payer payer;
        memcpy(&payer, draft_payload(row), sizeof payer);
        if (view_equal(draft_view(pack->draft, payer.profile), profile)) {
            return (uint32_t)i;
        }
    }
    tsv_fail(tsv, "profile", "payers.tsv has no such profile");
    return 0;
}

static bool payer_ids_pack(struct pack *pack) {
    static const char *const kinds[] = {"id", "filing"};
    struct tsv tsv;
    struct view before = VIEW("");
    uint32_t kind_before = 0;
    uint64_t number = 0;
    tsv_open(&tsv, pack->folder, "payer_ids", pack->diag);
    while (tsv_next(&tsv)) {
        uint32_t payer = payer_find(&tsv, pack);
        uint32_t kind = (uint32_t)tsv_choice(&tsv, "kind", kinds, 2);
        struct view key = tsv_text(&tsv, "key");
        if (number > 0 &&
            (kind < kind_before || (kind == kind_before && view_compare(before, key) >= 0))) {
            tsv_fail(&tsv, "key", "keys must be ascending: ids first, then filing indicators");
        }
        struct draft_payer_id id = {build_text(&pack->draft->build, key), payer, kind};
        struct draft_row row = {.key = number++};
        draft_add(pack->draft, DRAFT_PAYER_ID, &row, &id);
        before = key;
        kind_before = kind;
    }
    return tsv_close(&tsv);
}

bool pack_payers(struct pack *pack) { return profiles_pack(pack) && payer_ids_pack(pack); }
