/* Inside of store: the bytes of an image in the making. Sections grow as byte buffers; texts and
 * proofs are interned. Failures are sticky. */
#ifndef CLAIMVET_STORE_BUILD_H
#define CLAIMVET_STORE_BUILD_H

#include "store/image.h"
#include "store/store.h"

struct buffer {
    char *at;
    ptrdiff_t size;
    ptrdiff_t capacity;
};

/* Numbers of interned entries, found by hash: a power of two of slots, 0 is free. */
struct slots {
    uint32_t *slot;
    uint32_t size;
    uint32_t used;
};

struct build {
    struct buffer sections[IMAGE_SECTIONS];
    struct slots text_slots; /* into `texts` */
    struct buffer texts;     /* struct image_text, in the order of interning */
    struct slots proof_slots;
    bool failed; /* memory was refused or a limit reached; `diag` says which */
    struct diag *diag;
};

void build_close(struct build *build);
void build_fail(struct build *build, const char *what);
void build_no_memory(struct build *build);

/* Appends bytes to a section. */
void build_add(struct build *build, enum image_section_index section, const void *bytes,
               ptrdiff_t size);
#define BUILD_ADD(build, name, row) build_add((build), IMAGE_##name, &(row), sizeof(row))
#define BUILD_ROWS(build, name, type) ((type *)(void *)(build)->sections[IMAGE_##name].at)
#define BUILD_COUNT(build, name, type)                                                             \
    ((uint32_t)((size_t)(build)->sections[IMAGE_##name].size / sizeof(type)))

/* Equal texts share their bytes. */
struct image_text build_text(struct build *build, struct view text);
/* The number of the proof, made when it is new; at most `max` of them. */
uint16_t build_proof(struct build *build, const struct image_proof *proof, uint32_t max);
uint32_t build_code_id(const struct build *build, uint64_t code); /* STORE_NO_CODE */
/* First-row numbers of all ids up to and with `id`: the rows of it begin at `row`. */
void build_first(struct build *build, enum image_section_index first, uint32_t id, uint32_t row);

void buffer_add(struct build *build, struct buffer *buffer, const void *bytes, ptrdiff_t size);
void buffer_close(struct buffer *buffer);

/* The finished image: header, section table, sections. */
void build_image(struct build *build, struct buffer *image);

#endif
