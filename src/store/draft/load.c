/* The rows of an image back into a draft: what store_draft_image would make the same image of. */
#include "store/draft/draft.h"
#include "store/room.h"

#include <string.h>

struct loader {
    struct store_draft *draft;
    const struct store *store;
    int first; /* number in the draft of the image's first release */
};

static struct image_text text_load(struct loader *l, struct image_text text) {
    return build_text(&l->draft->build, text_out(l->store, text));
}

static void releases_load(struct loader *l) {
    for (uint32_t i = 0; i < l->store->releases_count; i++) {
        const struct image_release *from = &l->store->releases[i];
        struct image_release head = *from;
        head.name = text_load(l, from->name);
        head.note = text_load(l, from->note);
        int number = draft_release_add(l->draft, &head, text_out(l->store, from->source),
                                       text_out(l->store, from->sha256));
        if (number < 0) {
            return;
        }
        /* sources stand in the order of their slices */
        struct draft_release *release = &draft_releases(l->draft)[number];
        int at = 0;
        for (int slice = 1; slice <= DRAFT_SOURCES_MAX && at < release->source_count; slice++) {
            if ((head.slices >> (slice - 1) & 1) != 0) {
                release->sources[at++].slice = slice;
            }
        }
    }
    for (uint32_t i = 0; i < l->store->licenses_count; i++) {
        store_draft_license(l->draft, text_out(l->store, l->store->licenses[i]));
    }
}

/* The row as it was before editions cut it. The releases of a table are numbered alike here and
 * there, hence the editions of a proof only move by the first. Pieces of one row become equal rows,
 * which the image makes one again. */
static void row_load(struct loader *l, enum draft_kind kind, uint32_t proof, uint64_t key,
                     uint64_t key2, const void *payload) {
    if (proof >= l->store->proofs_count) {
        build_fail(&l->draft->build, "a row of the store names no window");
        return;
    }
    const struct image_proof *p = &l->store->proofs[proof];
    if (p->release >= (uint32_t)(draft_release_count(l->draft) - l->first)) {
        build_fail(&l->draft->build, "a row of the store names no release");
        return;
    }
    int bit = draft_releases(l->draft)[l->first + p->release].bit;
    struct draft_row row = {key, key2, p->raw_from, p->raw_to, p->editions << bit};
    draft_add(l->draft, kind, &row, payload);
}

static uint64_t code_bits(const struct loader *l, uint32_t id) {
    return store_code(l->store, id).bits;
}

static void codes_load(struct loader *l) {
    for (uint32_t id = 0; id < l->store->codes_count; id++) {
        struct draft_row row = {.key = l->store->codes[id], .key2 = l->store->code_flags[id]};
        struct draft_text label = {text_load(l, l->store->labels[id])};
        if (row.key2 != 0 || label.text.size > 0) {
            draft_add(l->draft, DRAFT_CODE, &row, &label);
        }
    }
}

/* ---- pairs ------------------------------------------------------------------------------- */

/* Rationales of the entries of a column-1 row, in their order. */
struct reasons {
    const uint8_t *at;
    uint32_t left;
};

static uint8_t reason_load(struct loader *l, struct reasons *reasons) {
    if (reasons->left == 0) {
        return 0;
    }
    reasons->left--;
    uint32_t number = *reasons->at++;
    return number > 0 && number <= l->store->reasons_count
               ? store_draft_reason(l->draft, text_out(l->store, l->store->reasons[number - 1]))
               : 0;
}

static void pair_row_load(struct loader *l, enum draft_kind kind, uint32_t id, const uint16_t *head,
                          uint32_t units, struct reasons reasons) {
    uint32_t buckets = units > 2 ? head[1] : 0;
    uint32_t from = 0;
    for (uint32_t b = 0; b < buckets && 2 + buckets <= units; b++) {
        uint32_t to = head[2 + b];
        if (to < from || to > units - 2 - buckets) {
            build_fail(&l->draft->build, "a row of pairs in the store is damaged");
            return;
        }
        const uint16_t *block = head + 2 + buckets + from;
        uint32_t entries = 2 * (to - from) / 3;
        const unsigned char *low = (const unsigned char *)block;
        const uint16_t *facts = block + (entries + 1) / 2;
        for (uint32_t i = 0; i < entries; i++) {
            struct draft_fact fact = {.value = facts[i] & 3, .reason = reason_load(l, &reasons)};
            uint64_t column2 = code_bits(l, (head[0] + b) << 8 | low[i]);
            row_load(l, kind, facts[i] >> 2, code_bits(l, id), column2, &fact);
        }
        from = to;
    }
}

static void pairs_load(struct loader *l) {
    const struct store *s = l->store;
    for (uint32_t id = 0; id < s->codes_count; id++) {
        struct span row = SPAN(s, pair_first, pairs, id);
        struct span reasons = SPAN(s, pair_reason_first, pair_reasons, id);
        if (row.end - row.at > 2) {
            pair_row_load(
                l, DRAFT_PAIR, id, s->pairs + row.at, row.end - row.at,
                (struct reasons){s->pair_reasons + reasons.at, reasons.end - reasons.at});
        }
        row = SPAN(s, hospital_first, hospital_pairs, id);
        reasons = SPAN(s, hospital_reason_first, hospital_reasons, id);
        if (row.end - row.at > 2) {
            pair_row_load(
                l, DRAFT_HOSPITAL, id, s->hospital_pairs + row.at, row.end - row.at,
                (struct reasons){s->hospital_reasons + reasons.at, reasons.end - reasons.at});
        }
    }
}

/* ---- tables by code ---------------------------------------------------------------------- */

/* A section whose entries are the payloads. */
#define ENTRIES_LOAD(l, kind, name, type, first, key2_of)                                          \
    for (uint32_t id = 0; id < (l)->store->codes_count; id++) {                                    \
        struct span rows = SPAN((l)->store, first, name, id);                                      \
        for (uint32_t i = rows.at; i < rows.end; i++) {                                            \
            type row = (l)->store->name[i];                                                        \
            uint16_t proof = row.proof;                                                            \
            row.proof = 0;                                                                         \
            row_load((l), (kind), proof, code_bits((l), id), (key2_of), &row);                     \
        }                                                                                          \
    }

static void by_code_load(struct loader *l) {
    ENTRIES_LOAD(l, DRAFT_MPFS, mpfs, struct image_mpfs, mpfs_first, row.modifier);
    ENTRIES_LOAD(l, DRAFT_MUE, mue, struct image_mue, mue_first, 0);
    ENTRIES_LOAD(l, DRAFT_ENDED, ended, struct image_ended, ended_first, 0);
    ENTRIES_LOAD(l, DRAFT_DRUG, drugs, struct image_drug, drug_first, 0);
}

static void addons_load(struct loader *l) {
    for (uint32_t id = 0; id < l->store->codes_count; id++) {
        struct span rows = SPAN(l->store, addon_first, addons, id);
        for (uint32_t i = rows.at; i < rows.end; i++) {
            const struct image_addon *from = &l->store->addons[i];
            struct image_addon row = {.type = from->type};
            uint64_t primary = from->primary == STORE_PRIMARY_CONTRACTOR
                                   ? DRAFT_CONTRACTOR
                                   : code_bits(l, from->primary);
            row_load(l, DRAFT_ADDON, from->proof, code_bits(l, id), primary, &row);
        }
    }
}

static void families_load(struct loader *l) {
    for (uint32_t id = 0; id < l->store->codes_count; id++) {
        struct span rows = SPAN(l->store, family_first, families, id);
        for (uint32_t i = rows.at; i < rows.end; i++) {
            struct image_family row = l->store->families[i];
            row.family = text_load(l, row.family);
            row.proof = 0;
            row_load(l, DRAFT_FAMILY, l->store->families[i].proof, code_bits(l, id), 0, &row);
        }
    }
}

/* ---- diagnoses --------------------------------------------------------------------------- */

static uint64_t bucket_bits(uint32_t bucket) {
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    uint64_t a = 'A' + bucket / (36 * 36);
    uint64_t b = (unsigned char)digits[bucket / 36 % 36];
    uint64_t c = (unsigned char)digits[bucket % 36];
    return a << 56 | b << 48 | c << 40;
}

static void diagnoses_load(struct loader *l) {
    const struct store *s = l->store;
    for (uint32_t bucket = 0; bucket < IMAGE_DX_BUCKETS; bucket++) {
        struct span rows = SPAN(s, dx_first, dx_rest, bucket);
        for (uint32_t i = rows.at; i < rows.end; i++) {
            uint64_t bits = bucket_bits(bucket) | (uint64_t)s->dx_rest[i] << 8;
            struct span class = SPAN(s, class_first, class_rows, s->dx_class[i]);
            for (uint32_t c = class.at; c < class.end; c++) {
                struct draft_fact fact = {.value = s->class_rows[c].billable};
                row_load(l, DRAFT_DX, s->class_rows[c].proof, bits, 0, &fact);
            }
        }
    }
}

static void prefixes_load(struct loader *l, enum draft_kind kind, const struct image_prefix *rows,
                          uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        struct draft_fact fact = {.value = rows[i].value};
        row_load(l, kind, rows[i].proof, rows[i].prefix, 0, &fact);
    }
}

static void excludes_load(struct loader *l) {
    for (uint32_t i = 0; i < l->store->excludes_count; i++) {
        const struct image_exclude *from = &l->store->excludes[i];
        struct draft_text text = {text_load(l, from->row)};
        row_load(l, DRAFT_EXCLUDE, from->proof, from->left, from->right, &text);
    }
}

/* ---- small tables ------------------------------------------------------------------------ */

/* The set itself has no release: its rows take that of the table's only one. */
static void sets_load(struct loader *l) {
    const struct store *s = l->store;
    int number = l->first;
    while (number < draft_release_count(l->draft) &&
           draft_releases(l->draft)[number].head.table != STORE_CODE_SET) {
        number++;
    }
    for (uint32_t set = 0; set < s->sets_count && number < draft_release_count(l->draft); set++) {
        struct draft_text name = {text_load(l, s->sets[set].name)};
        uint32_t id;
        for (int n = 0; store_code_set_member(s, (int)set, n, &id); n++) {
            draft_add_of(l->draft, DRAFT_SET, number, set, code_bits(l, id), IMAGE_OPEN_FROM,
                         IMAGE_OPEN_TO, &name);
        }
    }
}

static uint64_t two_characters(uint32_t a, uint32_t b) {
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return (uint64_t)(unsigned char)digits[a] << 56 | (uint64_t)(unsigned char)digits[b] << 48;
}

static void small_load(struct loader *l) {
    const struct store *s = l->store;
    for (uint32_t key = 0; key < IMAGE_MODIFIER_BUCKETS; key++) {
        struct span rows = SPAN(s, modifier_first, modifiers, key);
        for (uint32_t i = rows.at; i < rows.end; i++) {
            struct draft_fact fact = {.value = s->modifiers[i].flags};
            row_load(l, DRAFT_MODIFIER, s->modifiers[i].proof, two_characters(key / 36, key % 36),
                     0, &fact);
        }
    }
    for (uint32_t key = 0; key < IMAGE_PLACE_BUCKETS; key++) {
        struct span rows = SPAN(s, pos_first, places, key);
        for (uint32_t i = rows.at; i < rows.end; i++) {
            struct draft_fact fact = {.value = s->places[i].facility |
                                               (uint32_t)s->places[i].hospital << 1};
            row_load(l, DRAFT_PLACE, s->places[i].proof, two_characters(key / 10, key % 10), 0,
                     &fact);
        }
    }
}

static void payers_load(struct loader *l) {
    const struct store *s = l->store;
    for (uint32_t i = 0; i < s->payers_count; i++) {
        struct image_payer row = s->payers[i];
        row.profile = text_load(l, row.profile);
        row.proof = 0;
        row_load(l, DRAFT_PAYER, s->payers[i].proof, i, 0, &row);
    }
    for (uint32_t i = 0; i < s->payer_ids_count; i++) {
        const struct image_payer_id *from = &s->payer_ids[i];
        struct draft_payer_id id = {text_load(l, from->key), from->payer, from->kind};
        struct draft_row row = {.key = i};
        draft_add(l->draft, DRAFT_PAYER_ID, &row, &id);
    }
}

/* ---- sheets ------------------------------------------------------------------------------ */

/* Cells of a row in the form of a draft. The columns must be those of this program: an image with
 * others has another version. */
static bool sheet_row_load(struct loader *l, const struct image_sheet *sheet, const char *row,
                           uint64_t *cells) {
    int columns;
    const struct store_column *column =
        store_sheet_columns((enum store_table)sheet->table, &columns);
    int to = 0;
    for (int i = 0; column && i < columns; i++) {
        const struct image_column *from = &l->store->sheet_columns[sheet->column + (uint32_t)i];
        cells[to] = 0;
        if (from->type == CELL_TEXT) {
            struct image_text text;
            memcpy(&text, row + from->at, sizeof text);
            text = text_load(l, text);
            memcpy(&cells[to], &text, sizeof text);
        } else if (from->type == CELL_DAY) {
            int32_t day;
            memcpy(&day, row + from->at, sizeof day);
            cells[to] = (uint64_t)(int64_t)day;
        } else {
            memcpy(&cells[to], row + from->at,
                   from->type == CELL_WIDE ? 16 : from->type == CELL_CHAR ? 4 : 8);
        }
        to += from->type == CELL_WIDE ? 2 : 1;
    }
    return column != NULL;
}

static void sheet_load(struct loader *l, const struct image_sheet *sheet) {
    enum draft_kind kind = (enum draft_kind)(DRAFT_SHEETS + (sheet->table - STORE_FIRST_SHEET));
    int columns;
    const struct store_column *column =
        store_sheet_columns((enum store_table)sheet->table, &columns);
    if (!column || (uint32_t)columns != sheet->columns) {
        build_fail(&l->draft->build, "a sheet of the store has other columns");
        return;
    }
    bool two = draft_two_keys(column, columns);
    for (uint32_t i = 0; i < sheet->count; i++) {
        const char *row = l->store->sheet_bytes + sheet->at + (uint64_t)i * sheet->size;
        uint64_t cells[2 * STORE_COLUMNS_MAX];
        uint32_t proof;
        memcpy(&proof, row + sheet->size - 4, sizeof proof);
        if (sheet_row_load(l, sheet, row, cells)) {
            row_load(l, kind, proof, cells[0], two ? cells[1] : 0, cells);
        }
    }
}

void draft_load(struct store_draft *draft, const struct store *store) {
    struct loader l = {draft, store, draft_release_count(draft)};
    releases_load(&l);
    codes_load(&l);
    pairs_load(&l);
    by_code_load(&l);
    addons_load(&l);
    families_load(&l);
    diagnoses_load(&l);
    prefixes_load(&l, DRAFT_REGION, store->dx_regions, store->dx_regions_count);
    prefixes_load(&l, DRAFT_SIDE, store->dx_sides, store->dx_sides_count);
    excludes_load(&l);
    sets_load(&l);
    small_load(&l);
    payers_load(&l);
    for (uint32_t i = 0; i < store->sheets_count; i++) {
        sheet_load(&l, &store->sheets[i]);
    }
}

struct store_draft *store_draft_open(const struct store *base) {
    struct store_draft *draft = draft_new();
    if (draft && base) {
        draft_load(draft, base);
    }
    return draft;
}
