/* Inside of history: claims in memory, found by patient.
 *
 * The base is made once from all segments: the claims of a patient stand one behind the other.
 *     group   u64 payer, u64 patient, u32 claims, u32 services, u32 bytes, u32 GROUP_PLAIN
 *     claims  u32 size of the body, i32 received, body (record.h)
 * The overlay holds what was added since, as a chain of records for each patient. */
#ifndef CLAIMVET_HISTORY_INDEX_H
#define CLAIMVET_HISTORY_INDEX_H

#include "base/base.h"
#include "history/record.h"

#define GROUP_HEAD 32
#define GROUP_CLAIM 8 /* in front of a body */
/* Nothing but original claims, no two the same, without rows of history lists, by day: their lines
 * are the answer as they stand. */
#define GROUP_PLAIN 1u

/* ---- tags -> numbers: open addressing, at most two thirds full ------------------------------- */

struct slot {
    uint64_t tag; /* 0: free */
    int64_t value;
};

struct slots {
    struct slot *at;
    int64_t capacity; /* a power of two */
    int64_t used;
};

/* What stands for a patient with a payer. The keys are hashes of 64 bits; their mixture is one
 * as well, and no more likely to be that of two patients. */
static inline uint64_t patient_tag(uint64_t payer, uint64_t patient) {
    uint64_t x = patient + payer * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 32) * UINT64_C(0xD6E8FEB86659FD93);
    x ^= x >> 29;
    return x ? x : 1;
}

static inline const struct slot *slots_start(const struct slots *slots, uint64_t tag) {
    return slots->at + (tag & (uint64_t)(slots->capacity - 1));
}

/* NULL when the tag is not there. */
const struct slot *slots_find(const struct slots *slots, uint64_t tag);
/* The slot of the tag, made with value 0 when it is not there; NULL without memory. */
struct slot *slots_put(struct slots *slots, uint64_t tag);
void slots_close(struct slots *slots);

/* ---- base -------------------------------------------------------------------------------- */

struct base {
    struct slots groups; /* values: where the group begins */
    char *bytes;
    int64_t size;
    int64_t claims;
};

/* From the records of all segments, which have passed record_check. false without memory. */
bool base_build(struct base *base, struct view records);
/* NULL when the patient is not there. */
const char *base_group(const struct base *base, uint64_t payer, uint64_t patient);
void base_close(struct base *base);

/* ---- overlay ----------------------------------------------------------------------------- */

struct overlay_record {
    int64_t at;     /* in `records` */
    int64_t before; /* number of the patient's record before it, -1 */
};

struct overlay {
    struct slots last; /* values: number of the patient's last record */
    struct overlay_record *list;
    int64_t count, capacity;
    struct out records; /* as they are kept */
};

void overlay_open(struct overlay *overlay);
/* Makes the bytes behind `at`, the last record of `records`, known. false without memory. */
bool overlay_add(struct overlay *overlay, int64_t at);
void overlay_close(struct overlay *overlay);

/* ---- the claims of a patient --------------------------------------------------------------- */

/* Reused from question to question. */
struct gathered {
    struct record *records; /* in the order in which they were added, but for a plain group */
    bool *hidden;           /* replaced or voided */
    int count, capacity;
};

/* All claims of the patient, what is hidden marked. false without memory. */
bool gather(struct gathered *gathered, const struct base *base, const struct overlay *overlay,
            uint64_t payer, uint64_t patient);
void gathered_close(struct gathered *gathered);

/* `a` takes the place of `b`; `later`: it was added later. */
bool record_hides(const struct record *a, const struct record *b, bool later);
/* By day of the first service, then by content: an order that does not depend on that of adding. */
int record_compare(const struct record *a, const struct record *b);

#endif
