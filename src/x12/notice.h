/* Inside of x12: what the reader survived, kept until it is taken. */
#ifndef CLAIMVET_X12_NOTICE_H
#define CLAIMVET_X12_NOTICE_H

#include "x12/limits.h"
#include "x12/x12.h"

/* Tolerable oddities, each told once a file. */
enum quirk {
    QUIRK_BOM,
    QUIRK_LEADING_BLANKS,
    QUIRK_INDENTED,
    QUIRK_ISA_UNPADDED,
    QUIRK_ISA_REPETITION,
    QUIRK_ISA_VERSION,
    QUIRK_DELIMITERS,
    QUIRK_TERMINATOR,
    QUIRK_CONTROL_PADDED,
    QUIRK_GS01,
    QUIRK_GS08,
    QUIRK_TRAILING,
    QUIRK_EMPTY,
    QUIRK_PADDING,
    QUIRK_IEA_OPEN,
    QUIRKS
};

struct notices {
    uint32_t told; /* quirks, as bits */
    int first;
    int count;
    int64_t left_out;
    bool left_out_error;
    struct x12_notice at[X12_NOTICES_MAX];
};

/* Place of a notice; element 0: the whole segment. */
struct notice_place {
    int64_t segment;
    int64_t element;
    int64_t byte;
};

static inline bool notices_told(const struct notices *notices, enum quirk quirk) {
    return notices->told >> quirk & 1;
}
SELDOM void notice_quirk(struct notices *notices, enum quirk quirk, struct notice_place place);
/* An error of the envelope. */
__attribute__((format(printf, 4, 5))) void notice_error(struct notices *notices, const char *code,
                                                        struct notice_place place,
                                                        const char *format, ...);
bool notices_take(struct notices *notices, struct x12_notice *notice);

#endif
