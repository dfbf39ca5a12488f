/* Inside of x12: the ISA, which names the separators of its interchange. */
#ifndef CLAIMVET_X12_ISA_H
#define CLAIMVET_X12_ISA_H

#include "x12/x12.h"

#define ISA_PADDED_BYTES 106

struct isa {
    struct x12_delimiters delimiters;
    ptrdiff_t size;         /* with the terminator; ISA_PADDED_BYTES when padded as it should be */
    struct view version;    /* ISA12 */
    struct view repetition; /* ISA11 as it stands */
};

enum isa_got {
    ISA_READ,
    ISA_SHORT, /* the bytes end before its terminator */
    ISA_BROKEN /* `why` says what is wrong */
};

/* Reads the ISA at the start of `head`. */
enum isa_got isa_read(struct view head, struct isa *isa, const char **why) MUST_USE;
/* True when `head` begins with ISA and a byte that can be a separator. */
bool isa_starts(struct view head);
/* Bytes of a UTF-8 byte order mark at the start of `head`: 3 or 0. */
ptrdiff_t isa_bom(struct view head);

#endif
