/* A store image in the making: buffers, interning, ordering, and the final layout. */
#include "store/draft/build.h"

#include <string.h>
#include <xxhash.h>

void build_fail(struct build *build, const char *what) {
    if (!build->failed) {
        build->failed = true;
        diag_set(build->diag, "store_limit", "%s", what);
    }
}

void build_no_memory(struct build *build) {
    if (!build->failed) {
        build->failed = true;
        diag_set(build->diag, "memory", "not enough memory to build the store");
    }
}

void buffer_add(struct build *build, struct buffer *buffer, const void *bytes, ptrdiff_t size) {
    if (build->failed || size == 0) {
        return;
    }
    if (size > buffer->capacity - buffer->size) {
        ptrdiff_t wanted = 2 * (buffer->size + size) + 64;
        char *grown = memory_grow(buffer->at, buffer->capacity, wanted);
        if (!grown) {
            build_no_memory(build);
            return;
        }
        buffer->at = grown;
        buffer->capacity = wanted;
    }
    memcpy(buffer->at + buffer->size, bytes, (size_t)size);
    buffer->size += size;
}

void buffer_close(struct buffer *buffer) {
    memory_free(buffer->at);
    *buffer = (struct buffer){0};
}

void build_close(struct build *build) {
    for (int i = 0; i < IMAGE_SECTIONS; i++) {
        buffer_close(&build->sections[i]);
    }
    buffer_close(&build->texts);
    memory_free(build->text_slots.slot);
    memory_free(build->proof_slots.slot);
}

void build_add(struct build *build, enum image_section_index section, const void *bytes,
               ptrdiff_t size) {
    buffer_add(build, &build->sections[section], bytes, size);
}

/* ---- interning --------------------------------------------------------------------------- */

#define SLOTS_LEAST 1024

/* Doubles the table when it is half full; `hash_of` gives the hash of entry n (from 1). */
static void slots_grow(struct build *build, struct slots *slots,
                       uint64_t (*hash_of)(const struct build *, uint32_t)) {
    if (2 * (slots->used + 1) <= slots->size) {
        return;
    }
    uint32_t size = slots->size ? 2 * slots->size : SLOTS_LEAST;
    uint32_t *grown = memory_grow(NULL, 0, (ptrdiff_t)size * (ptrdiff_t)sizeof *grown);
    if (!grown) {
        build_no_memory(build);
        return;
    }
    for (uint32_t i = 0; i < slots->size; i++) {
        uint32_t entry = slots->slot[i];
        if (entry != 0) {
            uint32_t at = (uint32_t)hash_of(build, entry) & (size - 1);
            while (grown[at] != 0) {
                at = (at + 1) & (size - 1);
            }
            grown[at] = entry;
        }
    }
    memory_free(slots->slot);
    slots->slot = grown;
    slots->size = size;
}

static struct view text_entry(const struct build *build, uint32_t entry) {
    const struct image_text *texts = (const void *)build->texts.at;
    return (struct view){build->sections[IMAGE_text].at + texts[entry - 1].at,
                         texts[entry - 1].size};
}

static uint64_t text_hash(const struct build *build, uint32_t entry) {
    return view_hash(text_entry(build, entry), 0);
}

struct image_text build_text(struct build *build, struct view text) {
    struct image_text piece = {0, (uint32_t)text.size};
    slots_grow(build, &build->text_slots, text_hash);
    if (text.size == 0 || build->failed) {
        return (struct image_text){0, 0};
    }
    if (build->sections[IMAGE_text].size > UINT32_MAX - text.size) {
        build_fail(build, "more text than a store can hold");
        return piece;
    }
    struct slots *slots = &build->text_slots;
    uint32_t at = (uint32_t)view_hash(text, 0) & (slots->size - 1);
    for (; slots->slot[at] != 0; at = (at + 1) & (slots->size - 1)) {
        if (view_equal(text_entry(build, slots->slot[at]), text)) {
            return ((const struct image_text *)(const void *)build->texts.at)[slots->slot[at] - 1];
        }
    }
    piece.at = (uint32_t)build->sections[IMAGE_text].size;
    build_add(build, IMAGE_text, text.at, text.size);
    buffer_add(build, &build->texts, &piece, sizeof piece);
    slots->slot[at] = ++slots->used;
    return piece;
}

static uint64_t proof_hash(const struct build *build, uint32_t entry) {
    const struct image_proof *proof = &BUILD_ROWS(build, proofs, struct image_proof)[entry - 1];
    return XXH3_64bits(proof, sizeof *proof);
}

uint16_t build_proof(struct build *build, const struct image_proof *proof, uint32_t max) {
    slots_grow(build, &build->proof_slots, proof_hash);
    if (build->failed) {
        return 0;
    }
    struct slots *slots = &build->proof_slots;
    const struct image_proof *proofs = BUILD_ROWS(build, proofs, struct image_proof);
    uint32_t at = (uint32_t)XXH3_64bits(proof, sizeof *proof) & (slots->size - 1);
    for (; slots->slot[at] != 0; at = (at + 1) & (slots->size - 1)) {
        if (memcmp(&proofs[slots->slot[at] - 1], proof, sizeof *proof) == 0) {
            return (uint16_t)(slots->slot[at] - 1);
        }
    }
    if (slots->used >= max) {
        build_fail(build, "more different windows than a store can hold");
        return 0;
    }
    BUILD_ADD(build, proofs, *proof);
    slots->slot[at] = ++slots->used;
    return (uint16_t)(slots->used - 1);
}

uint32_t build_code_id(const struct build *build, uint64_t code) {
    const uint64_t *codes = BUILD_ROWS(build, codes, uint64_t);
    uint32_t count = BUILD_COUNT(build, codes, uint64_t);
    uint32_t low = 0;
    for (uint32_t high = count; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        if (codes[middle] < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && codes[low] == code ? low : STORE_NO_CODE;
}

void build_first(struct build *build, enum image_section_index first, uint32_t id, uint32_t row) {
    while (!build->failed && (uint32_t)build->sections[first].size / sizeof row <= id) {
        build_add(build, first, &row, sizeof row);
    }
}

/* ---- layout ------------------------------------------------------------------------------ */

static const uint32_t entry_size[IMAGE_SECTIONS] = {
#define SECTION(name, type) sizeof(type),
#include "store/sections.def"
#undef SECTION
};

static void image_pad(struct build *build, struct buffer *image) {
    while (image->size % IMAGE_ALIGN != 0 && !build->failed) {
        buffer_add(build, image, "", 1);
    }
}

void build_image(struct build *build, struct buffer *image) {
    struct image_header header = {.version = IMAGE_VERSION, .sections = IMAGE_SECTIONS};
    memcpy(header.magic, IMAGE_MAGIC, sizeof header.magic);
    struct image_section table[IMAGE_SECTIONS] = {{0}};
    buffer_add(build, image, &header, sizeof header);
    buffer_add(build, image, table, sizeof table);
    for (int i = 0; i < IMAGE_SECTIONS; i++) {
        image_pad(build, image);
        table[i].offset = (uint64_t)image->size;
        table[i].count = (uint64_t)build->sections[i].size / entry_size[i];
        if (build->sections[i].size > 0) {
            buffer_add(build, image, build->sections[i].at, build->sections[i].size);
        }
    }
    image_pad(build, image);
    if (build->failed) {
        return;
    }
    memcpy(image->at + sizeof header, table, sizeof table);
    header.size = (uint64_t)image->size;
    header.checksum = XXH3_64bits(image->at + sizeof header, (size_t)image->size - sizeof header);
    memcpy(image->at, &header, sizeof header);
}
