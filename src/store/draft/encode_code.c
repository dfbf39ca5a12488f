/* Sections by procedure code: the dictionary first, then the tables whose rows belong to a code. */
#include "store/draft/draft.h"

#include <stdlib.h>
#include <string.h>

/* ---- the dictionary ---------------------------------------------------------------------- */

#define CODES_SLOTS (IMAGE_CODE_IDS_MAX * 4)

struct dictionary {
    struct image_maker *maker;
    uint64_t *slot; /* CODES_SLOTS of them, 0 free */
    uint32_t count;
};

static void dictionary_add(struct dictionary *dictionary, uint64_t bits) {
    uint32_t at = (uint32_t)(image_code_slot(bits, 64 - 18)) & (CODES_SLOTS - 1);
    for (; dictionary->slot[at] != 0; at = (at + 1) & (CODES_SLOTS - 1)) {
        if (dictionary->slot[at] == bits) {
            return;
        }
    }
    if (dictionary->count >= IMAGE_CODE_IDS_MAX) {
        build_fail(&dictionary->maker->build, "more procedure codes than a store can hold");
    } else if (bits == 0 || (bits & 0xffffff) != 0) {
        build_fail(&dictionary->maker->build, "a procedure code has at most five characters");
    } else {
        dictionary->slot[at] = bits;
        dictionary->count++;
    }
}

/* Which keys of a kind are procedure codes. */
static const struct {
    enum draft_kind kind;
    bool key, key2;
} coded[] = {
    {DRAFT_CODE, true, false},  {DRAFT_PAIR, true, true},  {DRAFT_HOSPITAL, true, true},
    {DRAFT_MPFS, true, false},  {DRAFT_MUE, true, false},  {DRAFT_ADDON, true, true},
    {DRAFT_ENDED, true, false}, {DRAFT_DRUG, true, false}, {DRAFT_FAMILY, true, false},
    {DRAFT_SET, false, true},
};

static void dictionary_fill(struct dictionary *dictionary) {
    for (ptrdiff_t k = 0; k < COUNT_OF(coded); k++) {
        const struct draft_rows *rows = &dictionary->maker->draft->kinds[coded[k].kind];
        uint64_t last = 0;
        for (ptrdiff_t at = 0; at < rows->rows.size && !dictionary->maker->build.failed;
             at += rows->row_size) {
            const struct draft_row *row = (const void *)(rows->rows.at + at);
            if (coded[k].key && row->key != last) {
                dictionary_add(dictionary, last = row->key);
            }
            if (coded[k].key2 && row->key2 != DRAFT_CONTRACTOR) {
                dictionary_add(dictionary, row->key2);
            }
        }
    }
}

static int bits_compare(const void *p, const void *q) {
    uint64_t a = *(const uint64_t *)p, b = *(const uint64_t *)q;
    return a < b ? -1 : a > b;
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

/* Our own words go before descriptors of a file; of several the first in order of text. */
static void labels_write(struct image_maker *maker) {
    struct build *build = &maker->build;
    const struct draft_rows *rows = &maker->draft->kinds[DRAFT_CODE];
    uint32_t count = BUILD_COUNT(build, codes, uint64_t);
    ptrdiff_t at = 0;
    for (uint32_t id = 0; id < count && !build->failed; id++) {
        uint64_t bits = BUILD_ROWS(build, codes, uint64_t)[id];
        struct view best = VIEW("");
        uint8_t flags = 0;
        for (; at < rows->rows.size; at += rows->row_size) {
            const struct draft_row *row = (const void *)(rows->rows.at + at);
            if (row->key != bits) {
                break;
            }
            const struct draft_text *label = draft_payload(row);
            struct view text = draft_view(maker->draft, label->text);
            bool own = (row->key2 & CODE_IN_STARTER) != 0;
            if (own ? text.size > 0
                    : best.size == 0 ||
                          ((flags & CODE_IN_STARTER) == 0 && view_compare(text, best) < 0)) {
                best = text;
            }
            flags |= (uint8_t)row->key2;
        }
        struct image_text label = build_text(build, best);
        BUILD_ADD(build, labels, label);
        BUILD_ADD(build, code_flags, flags);
    }
}

void encode_codes(struct image_maker *maker) {
    struct dictionary dictionary = {.maker = maker};
    dictionary.slot = memory_grow(NULL, 0, CODES_SLOTS * (ptrdiff_t)sizeof(uint64_t));
    if (!dictionary.slot) {
        build_no_memory(&maker->build);
        return;
    }
    resolve_order(maker, DRAFT_CODE);
    dictionary_fill(&dictionary);
    uint32_t count = 0;
    for (uint32_t i = 0; i < CODES_SLOTS; i++) {
        if (dictionary.slot[i] != 0) {
            dictionary.slot[count++] = dictionary.slot[i];
        }
    }
    qsort(dictionary.slot, count, sizeof *dictionary.slot, bits_compare);
    build_add(&maker->build, IMAGE_codes, dictionary.slot,
              (ptrdiff_t)count * (ptrdiff_t)sizeof *dictionary.slot);
    memory_free(dictionary.slot);
    code_slots(&maker->build);
    labels_write(maker);
}

/* ---- tables by code ---------------------------------------------------------------------- */

/* What every table by code does: the row of `id` is the next of its section. */
#define CODE_ROW(maker, resolved, name, type, first, row)                                          \
    do {                                                                                           \
        uint32_t id = maker_code((maker), (resolved)->row->key);                                   \
        build_first(&(maker)->build, IMAGE_##first, id,                                            \
                    BUILD_COUNT(&(maker)->build, name, type));                                     \
        BUILD_ADD(&(maker)->build, name, row);                                                     \
    } while (0)

static void mpfs_write(struct image_maker *maker, const struct resolved *rows, int count) {
    for (int i = 0; i < count; i++) {
        struct image_mpfs row = *(const struct image_mpfs *)draft_payload(rows[i].row);
        row.proof = rows[i].proof;
        CODE_ROW(maker, &rows[i], mpfs, struct image_mpfs, mpfs_first, row);
    }
}

static void mue_write(struct image_maker *maker, const struct resolved *rows, int count) {
    for (int i = 0; i < count; i++) {
        struct image_mue row = *(const struct image_mue *)draft_payload(rows[i].row);
        row.proof = rows[i].proof;
        CODE_ROW(maker, &rows[i], mue, struct image_mue, mue_first, row);
    }
}

static void addons_write(struct image_maker *maker, const struct resolved *rows, int count) {
    for (int i = 0; i < count; i++) {
        struct image_addon row = *(const struct image_addon *)draft_payload(rows[i].row);
        uint64_t primary = rows[i].row->key2;
        row.primary = primary == DRAFT_CONTRACTOR ? STORE_PRIMARY_CONTRACTOR
                                                  : maker_code(maker, primary);
        row.proof = rows[i].proof;
        CODE_ROW(maker, &rows[i], addons, struct image_addon, addon_first, row);
    }
}

static void ended_write(struct image_maker *maker, const struct resolved *rows, int count) {
    for (int i = 0; i < count; i++) {
        struct image_ended row = *(const struct image_ended *)draft_payload(rows[i].row);
        row.proof = rows[i].proof;
        CODE_ROW(maker, &rows[i], ended, struct image_ended, ended_first, row);
    }
}

static void drugs_write(struct image_maker *maker, const struct resolved *rows, int count) {
    for (int i = 0; i < count; i++) {
        struct image_drug row = *(const struct image_drug *)draft_payload(rows[i].row);
        row.proof = rows[i].proof;
        CODE_ROW(maker, &rows[i], drugs, struct image_drug, drug_first, row);
    }
}

static void families_write(struct image_maker *maker, const struct resolved *rows, int count) {
    for (int i = 0; i < count; i++) {
        struct image_family row = *(const struct image_family *)draft_payload(rows[i].row);
        row.family = maker_text(maker, row.family);
        row.proof = rows[i].proof;
        CODE_ROW(maker, &rows[i], families, struct image_family, family_first, row);
    }
}

#define CODE_TABLE(maker, kind, write, name, type, first)                                          \
    do {                                                                                           \
        resolve_kind((maker), (kind), (write), NULL);                                              \
        build_first(&(maker)->build, IMAGE_##first, BUILD_COUNT(&(maker)->build, codes, uint64_t), \
                    BUILD_COUNT(&(maker)->build, name, type));                                     \
    } while (0)

void encode_by_code(struct image_maker *maker) {
    CODE_TABLE(maker, DRAFT_MPFS, mpfs_write, mpfs, struct image_mpfs, mpfs_first);
    CODE_TABLE(maker, DRAFT_MUE, mue_write, mue, struct image_mue, mue_first);
    CODE_TABLE(maker, DRAFT_ADDON, addons_write, addons, struct image_addon, addon_first);
    CODE_TABLE(maker, DRAFT_ENDED, ended_write, ended, struct image_ended, ended_first);
    CODE_TABLE(maker, DRAFT_DRUG, drugs_write, drugs, struct image_drug, drug_first);
    CODE_TABLE(maker, DRAFT_FAMILY, families_write, families, struct image_family, family_first);
}
