/* A store image in the making: buffers, interning, ordering, and the final layout. */
#include "store/pack/build.h"

#include <string.h>
#include <xxhash.h>

void build_fail(struct build *build, const char *what) {
    if (!build->failed) {
        build->failed = true;
        diag_set(build->diag, "store_limit", "%s", what);
    }
}

void buffer_add(struct build *build, struct buffer *buffer, const void *bytes, ptrdiff_t size) {
    if (build->failed) {
        return;
    }
    if (size > buffer->capacity - buffer->size) {
        ptrdiff_t wanted = 2 * (buffer->size + size) + 64;
        char *grown = memory_grow(buffer->at, buffer->capacity, wanted);
        if (!grown) {
            build_fail(build, "not enough memory to build the store");
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
}

void build_add(struct build *build, enum image_section_index section, const void *bytes,
               ptrdiff_t size) {
    buffer_add(build, &build->sections[section], bytes, size);
}

struct image_text build_text(struct build *build, struct view text) {
    const struct buffer *all = &build->sections[IMAGE_text];
    struct image_text piece = {0, (uint32_t)text.size};
    if (text.size == 0) {
        return piece;
    }
    /* Equal texts share their bytes; a text is also found inside a longer one. */
    for (ptrdiff_t at = 0; at + text.size <= all->size; at++) {
        const char *hit =
            memchr(all->at + at, text.at[0], (size_t)(all->size - text.size - at + 1));
        if (!hit) {
            break;
        }
        at = hit - all->at;
        if (memcmp(hit, text.at, (size_t)text.size) == 0) {
            piece.at = (uint32_t)at;
            return piece;
        }
    }
    piece.at = (uint32_t)all->size;
    build_add(build, IMAGE_text, text.at, text.size);
    return piece;
}

uint16_t build_proof(struct build *build, uint32_t release, int32_t from, int32_t to) {
    const struct image_proof *proofs = BUILD_ROWS(build, proofs, struct image_proof);
    uint32_t count = BUILD_COUNT(build, proofs, struct image_proof);
    for (uint32_t i = 0; i < count; i++) {
        if (proofs[i].release == release && proofs[i].from == from && proofs[i].to == to) {
            return (uint16_t)i;
        }
    }
    if (count >= IMAGE_PROOFS_MAX) {
        build_fail(build, "too many different windows");
        return 0;
    }
    struct image_proof proof = {
        from, to, BUILD_ROWS(build, releases, struct image_release)[release].effective,
        (uint16_t)release, 0};
    BUILD_ADD(build, proofs, proof);
    return (uint16_t)count;
}

uint32_t build_code_id(const struct build *build, struct code code) {
    const uint64_t *codes = BUILD_ROWS(build, codes, uint64_t);
    uint32_t count = BUILD_COUNT(build, codes, uint64_t);
    uint32_t low = 0;
    for (uint32_t high = count; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        if (codes[middle] < code.bits) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && codes[low] == code.bits ? low : STORE_NO_CODE;
}

void build_group(struct build *build, enum image_section_index section, ptrdiff_t size,
                 enum image_section_index first, const struct buffer *keys, uint32_t ids) {
    const uint32_t *key = (const uint32_t *)(const void *)keys->at;
    ptrdiff_t rows = keys->size / (ptrdiff_t)sizeof *key;
    char *from = build->sections[section].at;
    ptrdiff_t starts_size = ((ptrdiff_t)ids + 1) * (ptrdiff_t)sizeof(uint32_t);
    uint32_t *start = memory_grow(NULL, 0, starts_size);
    char *ordered = memory_grow(NULL, 0, rows * size + 1);
    if (!start || !ordered) {
        build_fail(build, "not enough memory to build the store");
    } else {
        for (ptrdiff_t i = 0; i < rows; i++) {
            start[key[i] + 1]++;
        }
        for (uint32_t id = 0; id < ids; id++) {
            start[id + 1] += start[id];
        }
        build_add(build, first, start, starts_size);
        for (ptrdiff_t i = 0; i < rows; i++) {
            memcpy(ordered + (ptrdiff_t)start[key[i]]++ * size, from + i * size, (size_t)size);
        }
        if (rows > 0) {
            memcpy(from, ordered, (size_t)(rows * size));
        }
    }
    memory_free(start);
    memory_free(ordered);
}

/* ---- rows -------------------------------------------------------------------------------- */

uint32_t tsv_release(struct tsv *tsv, struct build *build, enum store_table table,
                     struct view name) {
    struct image_release *releases = BUILD_ROWS(build, releases, struct image_release);
    uint32_t count = BUILD_COUNT(build, releases, struct image_release);
    const char *text = build->sections[IMAGE_text].at;
    for (uint32_t i = 0; i < count; i++) {
        struct view known = {text + releases[i].name.at, releases[i].name.size};
        if (releases[i].table == table && view_equal(known, name)) {
            releases[i].rows++;
            return i;
        }
    }
    tsv_fail(tsv, "release", "releases.tsv has no such release of this table");
    return 0;
}

uint16_t tsv_proof(struct tsv *tsv, struct build *build, enum store_table table) {
    uint32_t release = tsv_release(tsv, build, table, tsv_text(tsv, "release"));
    int32_t from = tsv_date(tsv, "from", IMAGE_OPEN_FROM);
    int32_t to = tsv_date(tsv, "to", IMAGE_OPEN_TO);
    return tsv->failed ? 0 : build_proof(build, release, from, to);
}

uint32_t tsv_code_id(struct tsv *tsv, const struct build *build, const char *column) {
    uint32_t id = build_code_id(build, tsv_code(tsv, column));
    if (id == STORE_NO_CODE) {
        tsv_fail(tsv, column, "codes.tsv has no such code");
        return 0;
    }
    return id;
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
