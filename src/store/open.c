/* Opening an image: header, section table and bounds. Costs microseconds and copies nothing. */
#include "store/room.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    uint32_t size;
} section_types[IMAGE_SECTIONS] = {
#define SECTION(name, type) {#name, sizeof(type)},
#include "store/sections.def"
#undef SECTION
};

static int damaged(struct diag *diag, int64_t byte, const char *what) {
    diag_set(diag, "store_damaged", "the store is damaged (%s): build or import it again", what);
    diag->byte = byte;
    return STATUS_INPUT;
}

static int header_check(struct view image, struct diag *diag) {
    struct image_header header;
    if (image.size < (ptrdiff_t)sizeof header || memcmp(image.at, IMAGE_MAGIC, 8) != 0) {
        diag_set(diag, "store_not_a_store", "not a claimvet store: give a file made by import");
        return STATUS_INPUT;
    }
    memcpy(&header, image.at, sizeof header);
    if (header.version != IMAGE_VERSION) {
        diag_set(diag, "store_version", "store of version %u, this program reads %d: import again",
                 header.version, IMAGE_VERSION);
        return STATUS_INPUT;
    }
    if (header.size != (uint64_t)image.size || (uint64_t)image.size < IMAGE_START) {
        return damaged(diag, 16, "size");
    }
    if (header.sections != IMAGE_SECTIONS) {
        return damaged(diag, 12, "section count");
    }
    if ((uintptr_t)image.at % 8 != 0) {
        return damaged(diag, 0, "image is not aligned to 8 bytes in memory");
    }
    return STATUS_OK;
}

/* Sections lie in file order, aligned, without overlap and inside the image. */
static int sections_check(struct view image, struct diag *diag) {
    const struct image_section *table =
        (const struct image_section *)(const void *)(image.at + sizeof(struct image_header));
    uint64_t end = IMAGE_START;
    for (int i = 0; i < IMAGE_SECTIONS; i++) {
        uint64_t offset = table[i].offset;
        if (offset % IMAGE_ALIGN != 0 || offset < end || offset > (uint64_t)image.size ||
            table[i].count >= UINT32_MAX ||
            table[i].count * section_types[i].size > (uint64_t)image.size - offset) {
            return damaged(diag, (const char *)&table[i] - image.at, section_types[i].name);
        }
        end = offset + table[i].count * section_types[i].size;
    }
    return STATUS_OK;
}

static void sections_bind(struct store *store) {
    const struct image_section *table =
        (const struct image_section *)(const void *)(store->image.at + sizeof(struct image_header));
#define SECTION(name, type)                                                                        \
    store->name = (const type *)(const void *)(store->image.at + table[IMAGE_##name].offset);      \
    store->name##_count = (uint32_t)table[IMAGE_##name].count;
#include "store/sections.def"
#undef SECTION
}

static bool column_good(const struct image_column *column, const struct image_sheet *sheet) {
    uint32_t size = column->type == CELL_WIDE                                ? 16
                    : column->type == CELL_DAY || column->type == CELL_CHAR ? 4
                                                                             : 8;
    uint32_t end = sheet->size - 4; /* where the proof is */
    return column->type <= CELL_TEXT && column->at < end && size <= end - column->at;
}

/* Sheets are few: their rows and columns lie where they say. */
static bool sheets_good(const struct store *store) {
    bool good = true;
    for (uint32_t i = 0; good && i < store->sheets_count; i++) {
        const struct image_sheet *sheet = &store->sheets[i];
        good = sheet->table >= STORE_FIRST_SHEET && sheet->table < STORE_TABLES &&
               sheet->columns > 0 && sheet->columns <= STORE_COLUMNS_MAX &&
               sheet->column <= store->sheet_columns_count &&
               sheet->columns <= store->sheet_columns_count - sheet->column &&
               sheet->size >= 16 && sheet->size <= 16 * STORE_COLUMNS_MAX + 8 &&
               sheet->at <= store->sheet_bytes_count &&
               (uint64_t)sheet->count * sheet->size <= store->sheet_bytes_count - sheet->at;
        for (uint32_t c = 0; good && c < sheet->columns; c++) {
            good = column_good(&store->sheet_columns[sheet->column + c], sheet);
        }
    }
    return good;
}

/* Relations between sections that lookups rely on without asking again. */
static int relations_check(struct store *store, struct diag *diag) {
    uint32_t slots = store->code_slots_count;
    if (slots < 2 || (slots & (slots - 1)) != 0 || store->codes_count >= slots ||
        store->codes_count > IMAGE_CODE_IDS_MAX || store->labels_count != store->codes_count ||
        store->code_flags_count != store->codes_count) {
        return damaged(diag, -1, "code_slots");
    }
    if (store->proofs_count > IMAGE_PROOFS_MAX || store->releases_count > STORE_RELEASES_MAX) {
        return damaged(diag, -1, "proofs");
    }
    if (store->dx_first_count != IMAGE_DX_BUCKETS + 1 ||
        store->dx_rest_count != store->dx_class_count ||
        store->modifier_first_count != IMAGE_MODIFIER_BUCKETS + 1 ||
        store->pos_first_count != IMAGE_PLACE_BUCKETS + 1 ||
        store->exclude_first_count != store->exclude_prefixes_count + 1) {
        return damaged(diag, -1, "indexes");
    }
    if (!sheets_good(store)) {
        return damaged(diag, -1, "sheets");
    }
    store->code_shift = 64 - __builtin_ctz(slots);
    return STATUS_OK;
}

int store_open(const struct store **store, struct view image, struct arena *arena,
               struct diag *diag) {
    int status = header_check(image, diag);
    if (!status) {
        status = sections_check(image, diag);
    }
    if (status) {
        return status;
    }
    struct store *s = ARENA_NEW(arena, struct store, 1);
    if (!s) {
        diag_set(diag, "memory", "not enough memory to open the store");
        return STATUS_SYSTEM;
    }
    s->image = image;
    sections_bind(s);
    status = relations_check(s, diag);
    if (status) {
        return status;
    }
    uint64_t checksum;
    memcpy(&checksum, image.at + offsetof(struct image_header, checksum), sizeof checksum);
    snprintf(s->hash, sizeof s->hash, "xxh3:%016llx", (unsigned long long)checksum);
    *store = s;
    return STATUS_OK;
}

struct view store_hash(const struct store *store) {
    return view_of(store->hash);
}

bool store_has(const struct store *store, enum store_table table) {
    const uint32_t rows[STORE_FIRST_SHEET] = {
        [STORE_NCCI_PTP] = store->pairs_count,       [STORE_MUE] = store->mue_count,
        [STORE_AOC] = store->addons_count,           [STORE_MPFS] = store->mpfs_count,
        [STORE_ICD10] = store->dx_rest_count,        [STORE_HCPCS] = store->ended_count,
        [STORE_POS] = store->places_count,           [STORE_MODIFIER] = store->modifiers_count,
        [STORE_DRUG] = store->drugs_count,           [STORE_FAMILY] = store->families_count,
        [STORE_PAYER] = store->payers_count,         [STORE_DX_REGION] = store->dx_regions_count,
        [STORE_DX_SIDE] = store->dx_sides_count,     [STORE_EXCLUDES1] = store->excludes_count,
        [STORE_CODE_SET] = store->set_members_count,
        [STORE_PTP_HOSPITAL] = store->hospital_pairs_count,
    };
    return (unsigned)table < STORE_FIRST_SHEET ? rows[table] > 0
                                               : store_sheet_rows(store, table) > 0;
}

int store_release_count(const struct store *store) { return (int)store->releases_count; }

struct store_release store_release(const struct store *store, int index) {
    if (index < 0 || (uint32_t)index >= store->releases_count) {
        return (struct store_release){
            .table = STORE_TABLES, .effective = DATE_NONE, .through = DATE_NONE};
    }
    const struct image_release *r = &store->releases[index];
    return (struct store_release){
        .table = r->table < STORE_TABLES ? (enum store_table)r->table : STORE_TABLES,
        .table_name =
            r->table < STORE_TABLES ? store_table_name((enum store_table)r->table) : VIEW_NONE,
        .name = text_out(store, r->name),
        .effective = {r->effective},
        .through = {r->through},
        .partial = (r->flags & RELEASE_PARTIAL) != 0 ||
                   (r->slices & 0xffff) != r->slices >> 16, /* a slice is missing */
        .extract = (r->flags & RELEASE_EXTRACT) != 0,
        .dated = (r->flags & RELEASE_DATED) != 0,
        .revision = r->revision,
        .source = text_out(store, r->source),
        .sha256 = text_out(store, r->sha256),
        .note = text_out(store, r->note),
        .rows = r->rows,
    };
}

bool store_stale(const struct store *store, uint16_t release, struct date on) {
    if (release >= store->releases_count || !date_given(on)) {
        return false;
    }
    int32_t through = store->releases[release].through;
    return through != IMAGE_NO_DAY && on.day > through;
}

struct view store_license(const struct store *store, int index) {
    return index >= 0 && (uint32_t)index < store->licenses_count
               ? text_out(store, store->licenses[index])
               : VIEW_NONE;
}

uint16_t proof_release(const struct store *store, const struct image_proof *p,
                       struct store_when when) {
    uint32_t found = p->release;
    for (uint64_t left = p->editions; left != 0; left &= left - 1) {
        uint32_t release = p->release + (uint32_t)__builtin_ctzll(left);
        if (release < store->releases_count &&
            store->releases[release].effective <= when.as_of.day) {
            found = release;
        }
    }
    return (uint16_t)found;
}
