/* Inside of claim: the state of reading an 837P. Segments come one at a time; loops are told apart
 * by what is open (a claim, a line, another payer) and by the last NM1, so that a missing or wrong
 * HL segment breaks nothing. */
#ifndef CLAIMVET_CLAIM_X12_INTERNAL_H
#define CLAIMVET_CLAIM_X12_INTERNAL_H

#include "claim/claim_internal.h"
#include "x12/x12.h"

#define X12_CLAIM_BYTES_MAX (1 << 20) /* texts and adjustments kept of one claim */
#define X12_WAITING_MAX 16            /* notices waiting to be taken: each kind once */
#define X12_TEXT_CHUNK 4096 /* texts of a common claim; larger claims take more from the arena */

/* Tags and qualifiers of up to three bytes as integers for `switch`. */
#define TAG2(a, b) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16)
#define TAG3(a, b, c) (TAG2(a, b) | (uint32_t)(c) << 8)

static inline uint32_t tag_of(struct code code) { return (uint32_t)(code.bits >> 32); }

/* 0 for a text that is longer or empty. */
ALWAYS_INLINE uint32_t tag_from(struct view text) {
    const unsigned char *at = (const unsigned char *)text.at;
    switch (text.size) {
    case 1: return (uint32_t)at[0] << 24;
    case 2: return TAG2(at[0], at[1]);
    case 3: return TAG3(at[0], at[1], at[2]);
    default: return 0;
    }
}

enum x12_kind { /* what a segment is to us; from SV2 on not work for a loop, from SE on envelope */
                SEGMENT_OTHER,
                SEGMENT_LX,
                SEGMENT_SV1,
                SEGMENT_DTP,
                SEGMENT_REF,
                SEGMENT_HI,
                SEGMENT_CLM,
                SEGMENT_LIN,
                SEGMENT_CTP,
                SEGMENT_NM1,
                SEGMENT_N4,
                SEGMENT_HL,
                SEGMENT_SBR,
                SEGMENT_PRV,
                SEGMENT_DMG,
                SEGMENT_AMT,
                SEGMENT_CAS,
                SEGMENT_SVD,
                SEGMENT_BHT,
                SEGMENT_SV2,
                SEGMENT_SV3,
                SEGMENT_SE,
                SEGMENT_ST,
                SEGMENT_GE,
                SEGMENT_GS,
                SEGMENT_IEA,
                SEGMENT_ISA,
                SEGMENT_KINDS
};

#define X12_DAY_SLOTS 256  /* eight bits of a hash */
#define X12_KIND_SLOTS 256 /* eight bits of a hash, ten times the kinds */

enum x12_party { /* to whom N4, REF, PRV and DMG belong: the last NM1 */
                 PARTY_NONE,
                 PARTY_IGNORED,
                 PARTY_BILLING,
                 PARTY_SUBSCRIBER,
                 PARTY_PATIENT,
                 PARTY_PROVIDER,
                 PARTY_FACILITY
};

/* What the receiver of the file will stumble over. */
enum x12_told {
    TOLD_NO_HL = 1 << 0,
    TOLD_SEPARATOR = 1 << 1,
    TOLD_NO_LX = 1 << 2,
    TOLD_NO_SV1 = 1 << 3,
    TOLD_NO_CLAIM = 1 << 4,
    TOLD_VERSION = 1 << 5,
    TOLD_SERVICE = 1 << 6,
    TOLD_HL_NUMBER = 1 << 7,
    TOLD_HL_PARENT = 1 << 8
};

struct x12_person {
    uint64_t names;
    struct date birth;
    char sex;
    bool date_bad;
    struct claim_place date_at;
};

/* Inherited by the claims below: 2000A, 2000B, 2000C. */
struct x12_context {
    struct claim_provider billing;
    struct view billing_zip;
    struct view billing_state;
    struct view payer_name;
    struct view payer_id;
    struct code filing;
    char payer_order;
    uint64_t member;
    struct x12_person subscriber;
    struct x12_person patient;
    bool dependent;
    struct { /* what the views point to */
        char npi[CLAIM_TEXT_MAX], tin[CLAIM_TEXT_MAX], taxonomy[CLAIM_TEXT_MAX];
        char zip[CLAIM_TEXT_MAX], state[CLAIM_TEXT_MAX];
        char payer_name[CLAIM_TEXT_MAX], payer_id[CLAIM_TEXT_MAX];
    } texts;
};

struct adjustment_node {
    struct claim_adjustment adjustment;
    int payer;
    struct adjustment_node *next;
};

struct x12_claims {
    struct x12_reader *x12;
    struct x12_segment segment;
    enum x12_kind kind; /* of `segment` */
    struct claim_reader *reader;
    enum x12_got got; /* the last answer of x12_next */
    bool held;        /* `segment` ended a claim and is still to be worked on */
    bool look;        /* there may be notices to deliver */

    struct claim_fault notices[X12_WAITING_MAX];
    int notice_count;
    unsigned told_set;   /* of this transaction set */
    unsigned told_claim; /* of this claim */

    char group_version[16]; /* GS08 */
    int group_version_size;
    unsigned refused; /* kinds of transaction sets already reported, as bits */
    bool skip;        /* inside of a transaction set that is no professional claim */
    bool lenient;     /* version not known: service lines decide */
    bool hl_seen;
    int64_t hl_count;      /* HL segments of this transaction set */
    int64_t hl_billing;    /* HL01 of the last billing provider, 0 none */
    int64_t hl_subscriber; /* HL01 of the last subscriber, 0 none */
    struct date created;   /* BHT04 */

    struct x12_context context;
    enum x12_party party;
    struct claim_provider *provider;

    bool open; /* a claim is being read */
    struct claim blank;
    struct claim_line blank_line;
    struct claim_line *line;         /* NULL: not within a line */
    bool line_serviced;              /* it has its SV1 */
    bool line_begun;                 /* by an LX */
    struct date claim_day;           /* DTP*472 of the claim */
    struct claim_other_payer *other; /* within loop 2320 */
    struct claim_other_payer other_scratch;
    int paying; /* index of the other payer of SVD, -1 */
    struct adjustment_node *adjustments;
    struct adjustment_node **adjustments_end;
    ptrdiff_t kept; /* bytes of this claim */
    struct {
        uint32_t tag; /* 0: free */
        uint32_t kind;
    } kinds[X12_KIND_SLOTS];
    char texts[X12_TEXT_CHUNK];
    char *text_at; /* room for texts of this claim, in `texts` or the arena */
    char *text_end;
    struct {
        uint64_t text;   /* CCYYMMDD as it stands, 0: free */
        struct date day; /* DATE_NONE: no date */
    } days[X12_DAY_SLOTS]; /* the dates read last: a file has those of some weeks */
    struct claim_line lines[CLAIM_LINES_MAX];
    struct claim_line line_scratch; /* takes the lines beyond */
};

static inline struct claim_place x12_place(const struct x12_segment *segment, int element) {
    int64_t byte = element > 0 ? x12_element_byte(segment, element) : segment->byte;
    return (struct claim_place){segment->number, byte, element};
}

/* A number of at most `digits_max` digits; -1 when it is none. */
static inline int64_t x12_number(struct view text, int digits_max) {
    int64_t number = 0;
    if (text.size < 1 || text.size > digits_max) {
        return -1;
    }
    for (ptrdiff_t i = 0; i < text.size; i++) {
        int digit = text.at[i] - '0';
        if (digit < 0 || digit > 9) {
            return -1;
        }
        number = number * 10 + digit;
    }
    return number;
}

/* Amounts and quantities are mostly whole. */
static inline struct money x12_money(struct view text) {
    int64_t dollars = x12_number(text, 9);
    if (dollars < 0) {
        return money_from(text);
    }
    return (struct money){dollars * 100};
}
static inline struct quantity x12_quantity(struct view text) {
    int64_t units = x12_number(text, 9);
    if (units < 0) {
        return quantity_from(text);
    }
    return (struct quantity){units * 1000};
}

/* Text without blanks around it, which are rare. */
ALWAYS_INLINE struct view x12_trim(struct view text) {
    bool plain = text.size > 0 && text.at[0] > ' ' && text.at[text.size - 1] > ' ';
    return plain || text.size == 0 ? text : view_trim(text);
}
ALWAYS_INLINE struct view x12_trimmed(const struct x12_segment *segment, int element) {
    return x12_trim(x12_element(segment, element));
}

/* Text of the claim in hand, from an element; counts against X12_CLAIM_BYTES_MAX. */
struct view x12_keep(struct x12_claims *x, struct view text);
/* Tells once per transaction set (or claim) what is wrong at an element of the segment. */
SELDOM void x12_tell(struct x12_claims *x, enum x12_told told, int element);
/* A composite with the separator that it really uses. */
struct x12_composite {
    struct view rest;
    char separator;
};
char x12_separator(struct x12_claims *x, int element, struct view text); /* of an unusual one */
static inline struct x12_composite x12_composite(struct x12_claims *x, int element) {
    struct view text = x12_element(&x->segment, element);
    char separator = x->segment.delimiters.component;
    bool usual = text.size < 2 || text.at[1] == separator ||
                 (text.size > 2 && text.at[2] == separator) ||
                 (text.size > 3 && text.at[3] == separator); /* "1", "1:2", "HC:", "ABK:" */
    if (!usual) {
        separator = x12_separator(x, element, text);
    }
    return (struct x12_composite){text, separator};
}
/* Components are short: a loop beats memchr. Empty past the last one. */
static inline struct view x12_piece(struct x12_composite *composite) {
    struct view rest = composite->rest;
    if (!rest.at) {
        return VIEW("");
    }
    for (ptrdiff_t i = 0; i < rest.size; i++) {
        if (rest.at[i] == composite->separator) {
            composite->rest = (struct view){rest.at + i + 1, rest.size - i - 1};
            return (struct view){rest.at, i};
        }
    }
    composite->rest = VIEW_NONE;
    return rest;
}

/* CCYYMMDD as a date. */
struct date x12_date(struct x12_claims *x, struct view text);

/* ---- x12_party.c: who ---------------------------------------------------------------------- */

void x12_context_reset(struct x12_context *context);
void x12_hl(struct x12_claims *x);
void x12_sbr(struct x12_claims *x);
void x12_nm1(struct x12_claims *x);
void x12_n4(struct x12_claims *x);
void x12_ref(struct x12_claims *x);
void x12_prv(struct x12_claims *x);
void x12_dmg(struct x12_claims *x);

/* ---- x12_service.c: what ------------------------------------------------------------------- */

void x12_clm(struct x12_claims *x);
void x12_hi(struct x12_claims *x);
void x12_lx(struct x12_claims *x);
void x12_sv1(struct x12_claims *x);
void x12_dtp(struct x12_claims *x);
void x12_lin(struct x12_claims *x);
void x12_ctp(struct x12_claims *x);
void x12_claim_end(struct x12_claims *x); /* closes the last line */

/* ---- x12_payment.c: what other payers did ---------------------------------------------------- */

void x12_other_payer(struct x12_claims *x); /* SBR of loop 2320 */
void x12_amt(struct x12_claims *x);
void x12_cas(struct x12_claims *x);
void x12_svd(struct x12_claims *x);
void x12_adjustments_end(struct x12_claims *x);

#endif
