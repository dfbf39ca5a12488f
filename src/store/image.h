/* Inside of store: the layout of an image, as docs/FORMAT.md defines it. Everything is
 * little-endian and naturally aligned, so that a mapped image is used in place. Used by the reader,
 * by the packer and later by importers; no pointer, no padding that is not named. */
#ifndef CLAIMVET_STORE_IMAGE_H
#define CLAIMVET_STORE_IMAGE_H

#include <stdint.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "a store image is used in place and is little-endian"
#endif

#define IMAGE_MAGIC "CLVSTORE"
#define IMAGE_VERSION 2
#define IMAGE_ALIGN 64 /* of the image in memory and of every section in it */

#define IMAGE_OPEN_FROM INT32_MIN /* a start that is not known */
#define IMAGE_OPEN_TO INT32_MAX   /* no end */
#define IMAGE_NO_DAY INT32_MIN
#define IMAGE_NO_ROW UINT32_MAX

#define IMAGE_CODE_IDS_MAX (1u << 16) /* a column-2 id is a bucket of 256 and a byte in it */
#define IMAGE_PROOFS_MAX (1u << 16)
#define IMAGE_PAIR_PROOFS_MAX (1u << 14) /* a pair's proof shares 16 bits with its indicator */
#define IMAGE_REASONS_MAX 256            /* of pairs: 0 is none */
#define IMAGE_EDITIONS_MAX 64            /* of one table: a proof has a bit for each */
#define IMAGE_DX_BUCKETS (26 * 36 * 36)
#define IMAGE_MODIFIER_BUCKETS (36 * 36)
#define IMAGE_PLACE_BUCKETS 100

struct image_header {
    char magic[8];
    uint32_t version;
    uint32_t sections;
    uint64_t size;
    uint64_t checksum; /* XXH3-64 of everything after the header */
};

struct image_section {
    uint64_t offset;
    uint64_t count; /* of entries */
};

/* A piece of the section `text`. */
struct image_text {
    uint32_t at;
    uint32_t size;
};

enum image_release_flag {
    RELEASE_PARTIAL = 1, /* speaks only of the keys it has */
    RELEASE_EXTRACT = 2, /* the same, drawn for the starter's codes */
    RELEASE_DATED = 4,   /* rows carry their own windows */
    RELEASE_STARTER = 8  /* comes with the program: an import of the same edition replaces it */
};
/* Ordered by table, then first day, name and revision. */
struct image_release {
    uint8_t table; /* enum store_table */
    uint8_t flags;
    uint16_t revision;
    int32_t effective;
    int32_t through;
    int32_t from, to; /* window of rows that have none of their own */
    uint32_t rows;
    uint32_t slices; /* bit n: slice n + 1 is there; all of them in the high half */
    uint32_t rank;   /* of its revision */
    struct image_text name, source, sha256, note;
};

/* Editions and windows of a row, shared by all rows that have the same. */
struct image_proof {
    int32_t from;
    int32_t to;
    int32_t known_from; /* days of knowledge for which the row counts, both included */
    int32_t known_to;
    int32_t raw_from; /* the window before later editions cut it */
    int32_t raw_to;
    uint64_t editions; /* bit n: the edition `release` + n has the row */
    uint16_t release;  /* the first edition */
    uint16_t zero;
    uint32_t zero2;
};

struct image_mpfs {
    uint8_t modifier; /* enum image_mpfs_modifier */
    char status, pctc, global[3], multiple, bilateral, assistant, cosurgeon, team;
    uint8_t na_nonfacility, na_facility;
    uint8_t zero[3];
    int32_t work, pe_nonfacility, pe_facility, malpractice, total_nonfacility, total_facility;
    int32_t conversion;
    int16_t pre, intra, post; /* percent */
    uint16_t proof;
    uint8_t zero2[4];
    uint64_t endo_base;
};
enum image_mpfs_modifier { MPFS_GLOBAL, MPFS_26, MPFS_TC, MPFS_53, MPFS_MODIFIERS };

struct image_mue {
    int32_t units;
    uint16_t proof;
    char mai;
    uint8_t zero;
};

struct image_addon {
    uint32_t primary; /* code id or STORE_PRIMARY_CONTRACTOR */
    uint16_t proof;
    char type;
    uint8_t zero;
};

struct image_ended {
    int32_t last; /* IMAGE_NO_DAY: only the release without the code is known */
    uint16_t proof;
    uint16_t zero;
    uint64_t replacement;
};

enum image_drug_flag {
    DRUG_ANESTHETIC = 1,
    DRUG_CONTRAST = 2,
    DRUG_PAYABLE = 4,
    DRUG_COMBINATION = 8
};
struct image_drug {
    int32_t unit_thousandths;
    uint16_t proof;
    uint8_t flags;
    uint8_t zero;
    uint64_t unit;
};

enum image_family_flag {
    FAMILY_PROCEDURE = 1,
    FAMILY_ADDON_LEVEL = 2,
    FAMILY_PAIRED = 4,
    FAMILY_EVALUATION = 8,
    FAMILY_LABORATORY = 16,
    FAMILY_SEDATION = 32
};
struct image_family {
    struct image_text family;
    uint64_t primary;
    uint16_t proof;
    uint8_t region;
    uint8_t imaging;
    uint8_t flags;
    uint8_t zero[3];
};

/* One edition's word on a class of diagnoses that all editions treat alike. */
enum image_dx { DX_HEADER, DX_BILLABLE, DX_DELETED };
struct image_class_row {
    uint16_t proof;
    uint8_t billable; /* enum image_dx */
    uint8_t zero;
};

/* Sorted; `parent` is the longest other prefix of this one and stands before it. */
struct image_prefix {
    uint64_t prefix;
    uint32_t parent;
    uint16_t proof;
    uint8_t value;
    uint8_t zero;
};

struct image_exclude {
    uint64_t left;
    uint64_t right;
    struct image_text row;
    uint16_t proof;
    uint8_t zero[6];
};

struct image_modifier {
    uint16_t flags;
    uint16_t proof;
};

struct image_place {
    uint16_t proof;
    uint8_t facility;
    uint8_t hospital;
};

struct image_set {
    struct image_text name;
    uint32_t first;
    uint32_t count;
};

enum image_payer_flag {
    PAYER_MEDICARE = 1,
    PAYER_NCCI = 2,
    PAYER_TRIAL = 8
};
struct image_payer {
    struct image_text profile;
    int32_t timely_days;
    uint16_t proof;
    uint8_t flags;
    uint8_t bilateral;
};

enum image_payer_key { PAYER_BY_ID, PAYER_BY_FILING };
struct image_payer_id {
    struct image_text key; /* sorted by kind, then bytes of the key */
    uint32_t payer;
    uint8_t kind;
    uint8_t zero[3];
};

enum image_code_flag { CODE_IN_STARTER = 1 }; /* extracts speak of it */

/* A sheet: its rows are `count` times `size` bytes from `at` in the section `sheet_bytes`, ordered
 * by their keys; the last four bytes of a row are its proof. */
struct image_sheet {
    uint32_t table;
    uint32_t column; /* first of its columns */
    uint32_t columns;
    uint32_t size;
    uint64_t at;
    uint32_t count;
    uint32_t zero;
};
struct image_column {
    struct image_text name;
    uint32_t at; /* of the cell in a row */
    uint8_t type; /* enum store_cell_type */
    uint8_t decimals;
    uint8_t key;
    uint8_t zero;
};

enum image_section_index {
#define SECTION(name, type) IMAGE_##name,
#include "store/sections.def"
#undef SECTION
    IMAGE_SECTIONS
};

#define IMAGE_START (sizeof(struct image_header) + IMAGE_SECTIONS * sizeof(struct image_section))

_Static_assert(sizeof(struct image_release) == 64, "layout");
_Static_assert(sizeof(struct image_proof) == 40, "layout");
_Static_assert(sizeof(struct image_sheet) == 32, "layout");
_Static_assert(sizeof(struct image_column) == 16, "layout");
_Static_assert(sizeof(struct image_mpfs) == 64, "layout");
_Static_assert(sizeof(struct image_ended) == 16, "layout");
_Static_assert(sizeof(struct image_family) == 24, "layout");
_Static_assert(sizeof(struct image_prefix) == 16, "layout");
_Static_assert(sizeof(struct image_exclude) == 32, "layout");
_Static_assert(sizeof(struct image_payer_id) == 16, "layout");

/* Number of a fee-schedule modifier, MPFS_MODIFIERS when it has no rows. (table.c) */
struct code; /* base.h */
int mpfs_modifier(struct code modifier);

/* Slot of a procedure code (at most five characters) in a table of 1 << (64 - shift) slots. */
static inline uint64_t image_code_slot(uint64_t bits, int shift) {
    return (bits >> 24) * 0x9e3779b97f4a7c15u >> shift;
}

/* 0-9 and A-Z as 0…35, -1 for anything else. */
static inline int image_digit(unsigned c) {
    if (c >= '0' && c <= '9') {
        return (int)(c - '0');
    }
    return c >= 'A' && c <= 'Z' ? (int)(c - 'A' + 10) : -1;
}

/* Bucket of a diagnosis by its first three characters, -1 when it cannot be one. */
static inline int image_dx_bucket(uint64_t bits) {
    int a = image_digit((unsigned)(bits >> 56)) - 10;
    int b = image_digit((unsigned)(bits >> 48 & 0xff));
    int c = image_digit((unsigned)(bits >> 40 & 0xff));
    return a < 0 || b < 0 || c < 0 ? -1 : (a * 36 + b) * 36 + c;
}

#endif
