/* Inside of x12: do headers and trailers pair, count and number as they should? */
#ifndef CLAIMVET_X12_ENVELOPE_H
#define CLAIMVET_X12_ENVELOPE_H

#include "x12/notice.h"

/* Tags as the bits of their codes, for switches. */
#define TAG_BITS(a, b, c) ((uint64_t)(a) << 56 | (uint64_t)(b) << 48 | (uint64_t)(c) << 40)
#define TAG_ISA TAG_BITS('I', 'S', 'A')
#define TAG_IEA TAG_BITS('I', 'E', 'A')
#define TAG_GS TAG_BITS('G', 'S', 0)
#define TAG_GE TAG_BITS('G', 'E', 0)
#define TAG_ST TAG_BITS('S', 'T', 0)
#define TAG_SE TAG_BITS('S', 'E', 0)
#define TAG_TA1 TAG_BITS('T', 'A', '1')

struct control {
    char at[X12_CONTROL_BYTES_MAX];
    ptrdiff_t size; /* of the number as it stands, may be more than is kept */
};

/* A header that waits for its trailer. */
struct envelope_part {
    bool open;
    int64_t segment; /* of the header */
    int64_t byte;
    int64_t children; /* groups of an interchange, sets of a group */
    struct control control;
};

struct envelope {
    struct envelope_part interchange;
    struct envelope_part group;
    struct envelope_part set;
    bool group_lost;      /* a set stands outside of a group, told once an interchange */
    bool outside_told;    /* this run of segments outside of a set was told */
    struct control isa12; /* version of the interchange */
    struct control gs01;  /* functional code of the group */
};

void envelope_see(struct envelope *envelope, struct notices *notices,
                  const struct x12_segment *segment);
/* False for most tags that are not of the envelope, without a branch to guess: a set has some S
 * and G tags of three letters, the envelope only of two. */
static inline bool envelope_may_see(struct code tag) {
    uint64_t first = tag.bits >> 56;
    bool two = (tag.bits >> 40 & 0xFF) == 0;
    return (two & ((first == 'S') | (first == 'G'))) | (first == 'I');
}
/* The input ended: what is open lacks its trailer. */
void envelope_end(struct envelope *envelope, struct notices *notices);
/* True when the text is a whole IEA02 for the open interchange, not the beginning of one. */
bool envelope_iea_whole(const struct envelope *envelope, struct view iea02);

#endif
