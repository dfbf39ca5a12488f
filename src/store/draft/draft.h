/* Inside of store: a store in the making. Rows of every table stand in one growing array a kind,
 * each with its keys, its own window, the editions that have it, and what the table says (the
 * entry of image.h, or cells). draft_image.c orders them, resolve.c decides which edition counts
 * when, the encoders write sections. */
#ifndef CLAIMVET_STORE_DRAFT_H
#define CLAIMVET_STORE_DRAFT_H

#include "store/draft/build.h"
#include "store/image.h"
#include "store/store.h"

enum draft_kind {
    DRAFT_CODE, /* payload: label; key2 is CODE_IN_STARTER or 0; belongs to no edition */
    DRAFT_PAIR,
    DRAFT_HOSPITAL,
    DRAFT_MPFS,
    DRAFT_MUE,
    DRAFT_ADDON, /* key2: the primary, DRAFT_CONTRACTOR when CCCCC */
    DRAFT_ENDED,
    DRAFT_DRUG,
    DRAFT_FAMILY,
    DRAFT_SET,      /* key: number of the set */
    DRAFT_DX,
    DRAFT_REGION,
    DRAFT_SIDE,
    DRAFT_EXCLUDE,
    DRAFT_MODIFIER,
    DRAFT_PLACE,
    DRAFT_PAYER,    /* key: number of the payer */
    DRAFT_PAYER_ID, /* key: number of the row; belongs to no edition */
    DRAFT_SHEETS,   /* one kind a sheet from here */
    DRAFT_KINDS = DRAFT_SHEETS + (STORE_TABLES - STORE_FIRST_SHEET)
};
#define DRAFT_CONTRACTOR UINT64_MAX

struct draft_row {
    uint64_t key, key2;
    int32_t from, to; /* IMAGE_OPEN_FROM, IMAGE_OPEN_TO: open */
    uint64_t editions; /* bit n: the n-th release of the table in the order of the draft */
};
/* Payloads: the entry of image.h with proof 0 and texts of the draft, or these. */
struct draft_fact { /* pairs (indicator), diagnoses (billable), prefixes (value) */
    uint32_t value;
    uint32_t reason; /* of pairs: number in the draft, 0 none */
};
struct draft_text {
    struct image_text text;
};
struct draft_payer_id {
    struct image_text key;
    uint32_t payer;
    uint32_t kind;
};

struct draft_rows {
    struct buffer rows; /* draft_row and payload, `row_size` bytes each */
    ptrdiff_t row_size;
    ptrdiff_t mark; /* size when the edition in hand began */
};

struct draft_source {
    struct image_text name, sha256;
    int slice;
};
#define DRAFT_SOURCES_MAX 16

struct draft_release {
    struct image_release head; /* texts: of the draft; source and sha256 unused; rows unused */
    struct draft_source sources[DRAFT_SOURCES_MAX];
    int source_count;
    int bit;      /* number among the releases of its table */
    bool dropped; /* replaced: its rows do not count */
};

struct store_draft {
    struct build build; /* the text section is the draft's pool until the image is made */
    struct diag diag;
    struct draft_rows kinds[DRAFT_KINDS];
    struct buffer releases; /* struct draft_release */
    struct buffer licenses; /* struct image_text */
    struct buffer reasons;  /* struct image_text, number 1 first */
    int current;            /* release in hand, -1 none */
    bool current_new;       /* the release came with this begin */
    struct buffer image;
};

static inline struct draft_release *draft_releases(const struct store_draft *draft) {
    return (struct draft_release *)(void *)draft->releases.at;
}
static inline int draft_release_count(const struct store_draft *draft) {
    return (int)(draft->releases.size / (ptrdiff_t)sizeof(struct draft_release));
}
struct view draft_view(const struct store_draft *draft, struct image_text text);
enum store_table draft_table(enum draft_kind kind); /* STORE_TABLES: belongs to no edition */
ptrdiff_t draft_payload_size(enum draft_kind kind);
/* Has the sheet a second key, or one that takes the place of both? */
static inline bool draft_two_keys(const struct store_column *column, int columns) {
    return column[0].type == CELL_WIDE || (columns > 1 && column[1].key == 2);
}
struct store_draft *draft_new(void);
/* Adds a release as it is; its number in the draft, -1 when there are too many. */
int draft_release_add(struct store_draft *draft, const struct image_release *head,
                      struct view source, struct view sha256);
void draft_add(struct store_draft *draft, enum draft_kind kind, const struct draft_row *row,
               const void *payload);
/* The row belongs to the release `number` of the draft. */
void draft_add_of(struct store_draft *draft, enum draft_kind kind, int number, uint64_t key,
                  uint64_t key2, int32_t from, int32_t to, const void *payload);

/* ---- making the image -------------------------------------------------------------------- */

/* What the encoders share. `build` holds the sections of the image; texts are interned anew in the
 * order of writing, so that the bytes do not depend on the order of reading. */
struct image_maker {
    struct store_draft *draft;
    struct build build;
    int first[STORE_TABLES + 1];     /* first release of a table in the image */
    uint8_t bit[STORE_RELEASES_MAX]; /* of a release of the draft: its bit in the image */
    int count;                       /* releases in the image */
    const struct draft_release *release[STORE_RELEASES_MAX]; /* in the order of the image */
    uint32_t rows[STORE_RELEASES_MAX];
    uint8_t reason[IMAGE_REASONS_MAX]; /* number in the image of a rationale of the draft */
    void *context;                     /* of the resolved_write in hand */
};

/* A row as it stands in the image: what of it counts when. */
struct resolved {
    const struct draft_row *row;
    uint16_t proof;
};
typedef void resolved_write(struct image_maker *maker, const struct resolved *rows, int count);
void resolve_map(struct image_maker *maker, enum draft_kind kind);
void resolve_order(struct image_maker *maker, enum draft_kind kind);
/* Hands out the rows of a kind key by key (of both keys), those of a key by end, start and day of
 * knowledge. Equal rows of several editions are one. `context` is the maker's while it writes. */
void resolve_kind(struct image_maker *maker, enum draft_kind kind, resolved_write *write,
                  void *context);
/* Proofs of a row that every full edition of the table has, oldest first: their number. */
int resolve_full(struct image_maker *maker, enum store_table table, uint16_t *proofs, int max);

static inline const void *draft_payload(const struct draft_row *row) { return row + 1; }
struct image_text maker_text(struct image_maker *maker, struct image_text text);
uint32_t maker_code(struct image_maker *maker, uint64_t bits); /* id; fails when unknown */

void encode_codes(struct image_maker *maker);
void encode_pairs(struct image_maker *maker);
void encode_by_code(struct image_maker *maker);
void encode_diagnoses(struct image_maker *maker);
void encode_small(struct image_maker *maker);
void encode_sheets(struct image_maker *maker);

/* Rows of an image into a draft, behind the releases that it has. */
void draft_load(struct store_draft *draft, const struct store *store);

#endif
