/* Inside of history: the packed form of a claim, the same in a file, a database and in memory.
 *
 * Little-endian, nothing aligned. A record as it is kept:
 *     0  u32  size of the body
 *     4  i32  day the claim was received, INT32_MIN unknown
 *     8  u64  payer key
 *    16  u64  patient key
 *    24  body
 * The body:
 *     0  u8   enum record_kind
 *     1  u8   RECORD_REFERENCE, RECORD_FACTS
 *     2  u8   providers
 *     3  u8   0
 *     4  u16  services that are lines of the claim
 *     6  u16  services that are rows of its own history list
 *     8  u64  key of the claim's id
 *        u64  key of the original's reference number, with RECORD_REFERENCE
 *        u64  each provider
 *        facts of the chart, with RECORD_FACTS
 *        services: the lines, then the rows
 * A service:
 *     0  i32  day
 *     4  5    code, NUL behind a shorter one
 *     9  u8   kind, region << 3, SERVICE_ODD
 *    10  u8   side, modifiers << 3, SERVICE_FACTS, SERVICE_CHART
 *    11  u8   provider, from 1; 0 unknown
 *    12  2    place of service
 *    14  u8   whole units; SERVICE_UNITS_NONE unknown
 *        2    each modifier
 *        with SERVICE_ODD, for what does not fit above: u64 code, place, units, provider and four
 *        modifiers in full
 *        facts of its own, with SERVICE_FACTS
 * Facts: u16 with a bit for each that follows, in the order of enum record_fact. SERVICE_CHART
 * means that the facts of the body hold for the service. */
#ifndef CLAIMVET_HISTORY_RECORD_H
#define CLAIMVET_HISTORY_RECORD_H

#include <string.h>

#include "base/base.h"
#include "claim/claim.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "packed claims are little-endian and read as they are"
#endif

#define RECORD_HEAD 24
#define RECORD_BODY_MIN 16
#define RECORD_BODY_MAX (1 << 23) /* more than twice RECORD_SERVICES_MAX at their longest */
#define RECORD_SERVICES_MAX 16000 /* of each kind; far more than any patient has */
#define RECORD_PROVIDERS_MAX 200

enum record_kind { RECORD_ORIGINAL, RECORD_REPLACEMENT, RECORD_VOID, RECORD_KINDS };

#define RECORD_REFERENCE 1u
#define RECORD_FACTS 2u

#define SERVICE_SIZE 15
#define SERVICE_ODD_SIZE 64
#define SERVICE_ODD (1u << 6)
#define SERVICE_FACTS (1u << 6)
#define SERVICE_CHART (1u << 7)
#define SERVICE_UNITS_NONE 255
#define SERVICE_UNITS_MAX 250

enum record_fact {
    RECORD_LEVELS,  /* u32 joints, u32 single, u8 other */
    RECORD_PERCENT, /* these four i64, thousandths */
    RECORD_HOURS,
    RECORD_WEEKS,
    RECORD_MONTHS,
    RECORD_ADL,        /* u8, enum truth */
    RECORD_APPROACH,   /* u64 */
    RECORD_STEROID,    /* u64 */
    RECORD_STEROID_MG, /* i64 */
    RECORD_FACT_COUNT
};

/* A record in hand; views into somebody's bytes. */
struct record {
    int32_t received;
    struct view body;
};

/* What of a body is asked for again and again. */
struct record_summary {
    enum record_kind kind;
    int lines, rows;
    uint64_t id, reference;
};

#define RECORD_GET(type, name)                                                                     \
    static inline type record_##name(const char *at) {                                             \
        type value;                                                                                \
        memcpy(&value, at, sizeof value);                                                          \
        return value;                                                                              \
    }
RECORD_GET(uint16_t, u16)
RECORD_GET(uint32_t, u32)
RECORD_GET(int32_t, i32)
RECORD_GET(uint64_t, u64)
RECORD_GET(int64_t, i64)
#undef RECORD_GET

/* Appends the record of a claim, and says how many services it has and how many were left out. */
void record_pack(struct out *out, const struct claim *claim, int *services, int *left_out);

/* The first record of the bytes, checked to the last byte: its size, 0 when it is none. */
ptrdiff_t record_check(struct view bytes);

struct record_summary record_summary(struct view body);
/* Unpacks all services, lines first; there is room for as many as the summary says. The body has
 * passed record_check. */
void record_unpack(struct view body, struct claim_service *to);
/* Day of its first service, INT32_MIN without one. */
int32_t record_day(struct view body);

#endif
