/* Inside of the packer: a store image in the making. Sections grow as byte buffers; texts and
 * proofs are interned; rows that belong to a procedure code are ordered by its id at the end. */
#ifndef CLAIMVET_PACK_BUILD_H
#define CLAIMVET_PACK_BUILD_H

#include "store/image.h"
#include "store/pack/tsv.h"
#include "store/store.h"

struct buffer {
    char *at;
    ptrdiff_t size;
    ptrdiff_t capacity;
};

struct build {
    struct buffer sections[IMAGE_SECTIONS];
    bool failed; /* memory was refused or a limit reached; `diag` says which */
    struct diag *diag;
};

void build_close(struct build *build);
void build_fail(struct build *build, const char *what);

/* Appends bytes to a section. */
void build_add(struct build *build, enum image_section_index section, const void *bytes,
               ptrdiff_t size);
#define BUILD_ADD(build, name, row) build_add((build), IMAGE_##name, &(row), sizeof(row))
#define BUILD_ROWS(build, name, type) ((type *)(void *)(build)->sections[IMAGE_##name].at)
#define BUILD_COUNT(build, name, type)                                                             \
    ((uint32_t)((size_t)(build)->sections[IMAGE_##name].size / sizeof(type)))

struct image_text build_text(struct build *build, struct view text);
uint16_t build_proof(struct build *build, uint32_t release, int32_t from, int32_t to);
uint32_t build_code_id(const struct build *build, struct code code); /* STORE_NO_CODE */

/* Orders `rows` entries of `size` bytes in `section` by the ids collected in `keys` (stable) and
 * writes first-row numbers for ids 0…ids to `first`. */
void build_group(struct build *build, enum image_section_index section, ptrdiff_t size,
                 enum image_section_index first, const struct buffer *keys, uint32_t ids);
void buffer_add(struct build *build, struct buffer *buffer, const void *bytes, ptrdiff_t size);
void buffer_close(struct buffer *buffer);

/* What most tables share: the row's release and window as a proof, counting the row. */
uint16_t tsv_proof(struct tsv *tsv, struct build *build, enum store_table table);
/* A release of the table by name, and counts a row of it; fails when it is not in releases.tsv. */
uint32_t tsv_release(struct tsv *tsv, struct build *build, enum store_table table,
                     struct view name);
/* The id of the code in a column; a code that codes.tsv does not list is an error. */
uint32_t tsv_code_id(struct tsv *tsv, const struct build *build, const char *column);

/* The finished image: header, section table, sections. */
void build_image(struct build *build, struct buffer *image);

/* Tables; each returns false after the first failure, which is in build->diag. */
bool pack_releases(struct build *build, const char *folder);
bool pack_codes(struct build *build, const char *folder);
bool pack_mpfs(struct build *build, const char *folder);
bool pack_mue(struct build *build, const char *folder);
bool pack_addons(struct build *build, const char *folder);
bool pack_ended(struct build *build, const char *folder);
bool pack_drugs(struct build *build, const char *folder);
bool pack_families(struct build *build, const char *folder);
bool pack_sets(struct build *build, const char *folder);
bool pack_pairs(struct build *build, const char *folder);
bool pack_diagnoses(struct build *build, const char *folder);
bool pack_regions(struct build *build, const char *folder);
bool pack_sides(struct build *build, const char *folder);
bool pack_excludes(struct build *build, const char *folder);
bool pack_modifiers(struct build *build, const char *folder);
bool pack_places(struct build *build, const char *folder);
bool pack_payers(struct build *build, const char *folder);

#endif
