/* Verification of an image: checksum, then every offset, order and row. What opening leaves to the
 * bounds of each access is proved here for the whole image. */
#include "store/room.h"

#include <string.h>
#include <xxhash.h>

struct check {
    const struct store *store;
    struct diag *diag;
    bool failed;
};

static void check_that(struct check *check, bool good, const char *section, uint32_t row) {
    if (!good && !check->failed) {
        check->failed = true;
        diag_set(check->diag, "store_damaged", "store section %s, row %u is wrong: import it again",
                 section, row);
    }
}

/* ---- what many sections share ------------------------------------------------------------ */

static bool proof_good(const struct store *s, uint32_t proof) { return proof < s->proofs_count; }

static bool text_good(const struct store *s, struct image_text text) {
    return text.at <= s->text_count && text.size <= s->text_count - text.at;
}

/* First-row numbers start at 0, never fall, and end with the number of rows. */
static void check_first(struct check *check, const uint32_t *first, uint32_t count, uint32_t ids,
                        uint32_t rows, const char *name) {
    bool good = count == ids + 1 && first[0] == 0 && first[count - 1] == rows;
    check_that(check, good, name, 0);
    for (uint32_t i = 0; good && i + 1 < count; i++) {
        good = first[i] <= first[i + 1];
        check_that(check, good, name, i);
    }
}
#define CHECK_FIRST(check, first, ids, rows)                                                       \
    check_first((check), (check)->store->first, (check)->store->first##_count, (ids),              \
                (check)->store->rows##_count, #first)

/* Every row of a section that has a proof names one there is. */
#define CHECK_PROOFS(check, name)                                                                  \
    for (uint32_t i = 0; i < (check)->store->name##_count; i++) {                                  \
        check_that((check), proof_good((check)->store, (check)->store->name[i].proof), #name, i);  \
    }

/* ---- releases, proofs, codes ------------------------------------------------------------- */

static void check_releases(struct check *check) {
    const struct store *s = check->store;
    for (uint32_t i = 0; i < s->releases_count; i++) {
        const struct image_release *r = &s->releases[i];
        check_that(check,
                   r->table < STORE_TABLES && r->flags <= 15 && text_good(s, r->name) &&
                       text_good(s, r->source) && text_good(s, r->sha256) && text_good(s, r->note),
                   "releases", i);
    }
    for (uint32_t i = 0; i < s->proofs_count; i++) {
        const struct image_proof *p = &s->proofs[i];
        bool good = p->release < s->releases_count && p->from <= p->to &&
                    p->known_from <= p->known_to && (p->editions & 1) != 0;
        int last = good ? 63 - __builtin_clzll(p->editions) : 0;
        check_that(check,
                   good && p->release + (uint32_t)last < s->releases_count &&
                       s->releases[p->release].table ==
                           s->releases[p->release + (uint32_t)last].table,
                   "proofs", i);
    }
}

static void check_codes(struct check *check) {
    const struct store *s = check->store;
    uint32_t used = 0;
    for (uint32_t i = 0; i < s->codes_count; i++) {
        bool good = s->codes[i] != 0 && (s->codes[i] & 0xffffff) == 0 &&
                    (i == 0 || s->codes[i - 1] < s->codes[i]);
        check_that(check, good, "codes", i);
        check_that(check, text_good(s, s->labels[i]), "labels", i);
        check_that(check, s->code_flags[i] <= CODE_IN_STARTER, "code_flags", i);
        check_that(check, store_code_id(s, (struct code){s->codes[i]}) == i, "code_slots", i);
    }
    for (uint32_t i = 0; i < s->code_slots_count; i++) {
        used += s->code_slots[i] != 0;
    }
    check_that(check, used == s->codes_count, "code_slots", used);
}

/* ---- tables by code ---------------------------------------------------------------------- */

static void check_schedule(struct check *check) {
    const struct store *s = check->store;
    CHECK_FIRST(check, mpfs_first, s->codes_count, mpfs);
    CHECK_FIRST(check, mue_first, s->codes_count, mue);
    CHECK_FIRST(check, ended_first, s->codes_count, ended);
    CHECK_FIRST(check, drug_first, s->codes_count, drugs);
    CHECK_FIRST(check, family_first, s->codes_count, families);
    CHECK_PROOFS(check, mpfs);
    CHECK_PROOFS(check, mue);
    CHECK_PROOFS(check, ended);
    CHECK_PROOFS(check, drugs);
    CHECK_PROOFS(check, families);
    for (uint32_t i = 0; i < s->mpfs_count; i++) {
        check_that(check, s->mpfs[i].modifier < MPFS_MODIFIERS, "mpfs", i);
    }
    for (uint32_t i = 0; i < s->families_count; i++) {
        const struct image_family *f = &s->families[i];
        check_that(check,
                   text_good(s, f->family) && f->region <= REGION_ANY && f->imaging <= IMAGING_IS,
                   "families", i);
    }
}

static void check_addons(struct check *check) {
    const struct store *s = check->store;
    CHECK_FIRST(check, addon_first, s->codes_count, addons);
    CHECK_PROOFS(check, addons);
    for (uint32_t id = 0; id < s->codes_count && !check->failed; id++) {
        struct span rows = SPAN(s, addon_first, addons, id);
        for (uint32_t i = rows.at; i < rows.end; i++) {
            uint32_t primary = s->addons[i].primary;
            check_that(check,
                       (primary < s->codes_count || primary == STORE_PRIMARY_CONTRACTOR) &&
                           (i == rows.at || s->addons[i - 1].primary <= primary),
                       "addons", i);
        }
    }
}

static void check_sets(struct check *check) {
    const struct store *s = check->store;
    for (uint32_t i = 0; i < s->sets_count; i++) {
        const struct image_set *set = &s->sets[i];
        check_that(check,
                   text_good(s, set->name) && set->first <= s->set_members_count &&
                       set->count <= s->set_members_count - set->first,
                   "sets", i);
    }
    for (uint32_t i = 0; i < s->set_members_count; i++) {
        check_that(check, s->set_members[i] < s->codes_count, "set_members", i);
    }
}

/* ---- pairs ------------------------------------------------------------------------------- */

/* A block of `units` 16-bit words: low bytes ascending, ids there are, proofs there are. */
static bool block_good(const struct store *s, const uint16_t *block, uint32_t units,
                       uint32_t bucket) {
    uint32_t entries = 2 * units / 3;
    const unsigned char *low = (const unsigned char *)block;
    const uint16_t *facts = block + (entries + 1) / 2;
    bool good = (entries + 1) / 2 + entries == units;
    for (uint32_t i = 0; good && i < entries; i++) {
        good = (i == 0 || low[i - 1] <= low[i]) && (bucket << 8 | low[i]) < s->codes_count &&
               (facts[i] & 3) != 3 && proof_good(s, facts[i] >> 2);
    }
    return good;
}

static void check_pair_row(struct check *check, const uint16_t *head, uint32_t units,
                           const char *name, uint32_t id) {
    bool good = units > 2 && head[1] > 0 && head[1] + 2u <= units;
    check_that(check, good, name, id);
    uint32_t before = 0;
    for (uint32_t bucket = 0; good && bucket < head[1]; bucket++) {
        uint32_t end = head[2 + bucket];
        good = end >= before && end <= units - 2 - head[1] &&
               block_good(check->store, head + 2 + head[1] + before, end - before,
                          head[0] + bucket);
        check_that(check, good, name, id);
        before = end;
    }
    check_that(check, !good || before == units - 2 - head[1], name, id);
}

static void check_pairs(struct check *check) {
    const struct store *s = check->store;
    CHECK_FIRST(check, pair_first, s->codes_count, pairs);
    CHECK_FIRST(check, hospital_first, s->codes_count, hospital_pairs);
    CHECK_FIRST(check, pair_reason_first, s->codes_count, pair_reasons);
    CHECK_FIRST(check, hospital_reason_first, s->codes_count, hospital_reasons);
    for (uint32_t i = 0; i < s->reasons_count; i++) {
        check_that(check, text_good(s, s->reasons[i]), "reasons", i);
    }
    for (uint32_t i = 0; i < s->pair_reasons_count; i++) {
        check_that(check, s->pair_reasons[i] <= s->reasons_count, "pair_reasons", i);
    }
    for (uint32_t i = 0; i < s->hospital_reasons_count; i++) {
        check_that(check, s->hospital_reasons[i] <= s->reasons_count, "hospital_reasons", i);
    }
    for (uint32_t id = 0; id < s->codes_count && !check->failed; id++) {
        struct span row = SPAN(s, pair_first, pairs, id);
        struct span hospital = SPAN(s, hospital_first, hospital_pairs, id);
        if (row.at < row.end) {
            check_pair_row(check, s->pairs + row.at, row.end - row.at, "pairs", id);
        }
        if (hospital.at < hospital.end) {
            check_pair_row(check, s->hospital_pairs + hospital.at, hospital.end - hospital.at,
                           "hospital_pairs", id);
        }
    }
}

/* ---- diagnoses --------------------------------------------------------------------------- */

static void check_diagnoses(struct check *check) {
    const struct store *s = check->store;
    uint32_t classes = s->class_first_count ? s->class_first_count - 1 : 0;
    CHECK_FIRST(check, dx_first, IMAGE_DX_BUCKETS, dx_rest);
    check_that(check, classes > 0 || s->dx_rest_count == 0, "class_first", 0);
    if (classes > 0) {
        CHECK_FIRST(check, class_first, classes, class_rows);
    }
    CHECK_PROOFS(check, class_rows);
    for (uint32_t i = 0; i < s->class_rows_count; i++) {
        check_that(check, s->class_rows[i].billable <= DX_DELETED, "class_rows", i);
    }
    for (uint32_t bucket = 0; bucket < IMAGE_DX_BUCKETS && !check->failed; bucket++) {
        struct span rows = SPAN(s, dx_first, dx_rest, bucket);
        for (uint32_t i = rows.at; i < rows.end; i++) {
            check_that(check,
                       s->dx_class[i] < classes &&
                           (i == rows.at || s->dx_rest[i - 1] < s->dx_rest[i]),
                       "dx_rest", i);
        }
    }
    for (uint32_t i = 0; i < s->dx_editions_count; i++) {
        check_that(check, proof_good(s, s->dx_editions[i]), "dx_editions", i);
    }
}

static void check_prefixes(struct check *check, const struct image_prefix *rows, uint32_t count,
                           const char *name) {
    for (uint32_t i = 0; i < count; i++) {
        struct code parent = {rows[i].parent < i ? rows[rows[i].parent].prefix : 0};
        check_that(check,
                   (i == 0 || rows[i - 1].prefix < rows[i].prefix) &&
                       (rows[i].parent == IMAGE_NO_ROW || rows[i].parent < i) &&
                       code_starts((struct code){rows[i].prefix}, parent) &&
                       proof_good(check->store, rows[i].proof),
                   name, i);
    }
}

static void check_excludes(struct check *check) {
    const struct store *s = check->store;
    CHECK_FIRST(check, exclude_first, s->exclude_prefixes_count, exclude_uses);
    CHECK_PROOFS(check, excludes);
    for (uint32_t i = 0; i < s->excludes_count; i++) {
        check_that(check, text_good(s, s->excludes[i].row), "excludes", i);
    }
    for (uint32_t i = 0; i < s->exclude_uses_count; i++) {
        check_that(check, s->exclude_uses[i] < s->excludes_count, "exclude_uses", i);
    }
}

/* ---- small tables ------------------------------------------------------------------------ */

static void check_small(struct check *check) {
    const struct store *s = check->store;
    CHECK_FIRST(check, modifier_first, IMAGE_MODIFIER_BUCKETS, modifiers);
    CHECK_FIRST(check, pos_first, IMAGE_PLACE_BUCKETS, places);
    CHECK_PROOFS(check, modifiers);
    CHECK_PROOFS(check, places);
    CHECK_PROOFS(check, payers);
    for (uint32_t i = 0; i < s->payers_count; i++) {
        check_that(check,
                   text_good(s, s->payers[i].profile) && s->payers[i].bilateral <= BILATERAL_RT_LT,
                   "payers", i);
    }
    for (uint32_t i = 0; i < s->payer_ids_count; i++) {
        check_that(check,
                   text_good(s, s->payer_ids[i].key) && s->payer_ids[i].payer < s->payers_count,
                   "payer_ids", i);
    }
}

/* ---- sheets ------------------------------------------------------------------------------ */

static int keys_compare(const char *a, const char *b, uint32_t keys) {
    for (uint32_t i = 0; i < keys; i++) {
        uint64_t x, y;
        memcpy(&x, a + 8 * i, 8);
        memcpy(&y, b + 8 * i, 8);
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return 0;
}

static void check_sheet(struct check *check, const struct image_sheet *sheet) {
    const struct store *s = check->store;
    const struct image_column *columns = s->sheet_columns + sheet->column;
    bool two = sheet_two_keys(s, sheet);
    const char *before = NULL;
    for (uint32_t i = 0; i < sheet->count && !check->failed; i++) {
        const char *row = s->sheet_bytes + sheet->at + (uint64_t)i * sheet->size;
        uint32_t proof;
        memcpy(&proof, row + sheet->size - 4, sizeof proof);
        bool good =
            proof_good(s, proof) && (!before || keys_compare(before, row, two ? 2 : 1) <= 0);
        for (uint32_t c = 0; good && c < sheet->columns; c++) {
            struct image_text text;
            memcpy(&text, row + columns[c].at, sizeof text);
            good = columns[c].type != CELL_TEXT || text_good(s, text);
        }
        check_that(check, good, "sheet_bytes", i);
        before = row;
    }
}

static void check_sheets(struct check *check) {
    const struct store *s = check->store;
    for (uint32_t i = 0; i < s->sheets_count; i++) {
        check_that(check, i == 0 || s->sheets[i - 1].table < s->sheets[i].table, "sheets", i);
        check_sheet(check, &s->sheets[i]);
    }
    for (uint32_t i = 0; i < s->sheet_columns_count; i++) {
        check_that(check, text_good(s, s->sheet_columns[i].name), "sheet_columns", i);
    }
    for (uint32_t i = 0; i < s->licenses_count; i++) {
        check_that(check, text_good(s, s->licenses[i]), "licenses", i);
    }
}

int store_verify(const struct store *store, struct diag *diag) {
    struct image_header header;
    memcpy(&header, store->image.at, sizeof header);
    if (XXH3_64bits(store->image.at + sizeof header, (size_t)store->image.size - sizeof header) !=
        header.checksum) {
        diag_set(diag, "store_damaged", "the checksum of the store is wrong: import it again");
        return STATUS_INPUT;
    }
    return image_check(store, diag);
}

int image_check(const struct store *store, struct diag *diag) {
    struct check check = {.store = store, .diag = diag};
    check_releases(&check);
    check_codes(&check);
    check_schedule(&check);
    check_addons(&check);
    check_sets(&check);
    check_pairs(&check);
    check_diagnoses(&check);
    check_prefixes(&check, store->dx_regions, store->dx_regions_count, "dx_regions");
    check_prefixes(&check, store->dx_sides, store->dx_sides_count, "dx_sides");
    check_prefixes(&check, store->exclude_prefixes, store->exclude_prefixes_count,
                   "exclude_prefixes");
    check_excludes(&check);
    check_small(&check);
    check_sheets(&check);
    return check.failed ? STATUS_INPUT : STATUS_OK;
}
