/* x12: bytes -> segments with positions, and the checks of the envelope. Knows X12, not billing.
 *
 *     struct x12_reader *x;
 *     x12_open(&x, source, context, &diag);
 *     while ((got = x12_next(x, &segment)) == X12_SEGMENT) { … x12_element(&segment, 1) … }
 *     got == X12_END, or X12_FATAL with x12_fault(x) saying what, where, what to do
 *     x12_close(x);
 *
 * The reader works on reused 256 KiB blocks; a segment and all views on it live until the next
 * x12_next. Survives every quirk of real files (BOM, unpadded ISA, any delimiters and line ends,
 * indentation, missing GS/GE/IEA, wrong counts); what it survived is told as notices. */
#ifndef CLAIMVET_X12_H
#define CLAIMVET_X12_H

#include "base/base.h"

/* Bytes that may be read behind the first byte of any element, whatever its size. */
#define X12_SLACK 32

struct x12_reader;

/* Reads up to `size` bytes into `to`: their number, 0 at the end, -1 on failure (diag filled). */
typedef ptrdiff_t x12_source(void *context, char *to, ptrdiff_t size, struct diag *diag);

struct x12_delimiters {
    char element;
    char component;
    char repetition; /* 0 when the version has none (4010: ISA11 is 'U') */
    char segment;
};

struct x12_segment {
    struct code tag;      /* "CLM" */
    int elements;         /* elements after the tag; trailing empty ones count */
    const char *block;    /* the offsets in `ends` count from here */
    const uint32_t *ends; /* ends[0]: end of the tag; ends[n]: end of element n */
    uint32_t start;       /* first byte of the tag */
    int64_t number;       /* segments of the file, counting from 1 (ISA is 1) */
    int64_t byte;         /* offset of the tag in the file, from 0 */
    struct x12_delimiters delimiters; /* of this interchange */
};

/* Element n (from 1); an empty view (at != NULL) when the segment is shorter. */
ALWAYS_INLINE struct view x12_element(const struct x12_segment *s, int n) {
    if (n < 1 || n > s->elements) {
        return (struct view){s->block + s->ends[s->elements], 0};
    }
    const char *from = s->block + s->ends[n - 1] + 1;
    return (struct view){from, s->block + s->ends[n] - from};
}
/* Offset in the file of element n's first byte (of the segment's end when it is shorter). */
static inline int64_t x12_element_byte(const struct x12_segment *s, int n) {
    return s->byte + (x12_element(s, n).at - (s->block + s->start));
}
/* Cuts the next component off a composite: `while (rest.at) { c = x12_component(&rest, s); … }` */
static inline struct view x12_component(struct view *rest, const struct x12_segment *s) {
    return view_cut(rest, s->delimiters.component);
}

enum x12_got { X12_FATAL = -1, X12_END = 0, X12_SEGMENT = 1 };

/* Something the reader survived or an envelope that does not add up. */
struct x12_notice {
    bool error; /* a receiver will reject the file for it; otherwise only worth knowing */
    bool envelope; /* about ISA/GS/ST and their trailers; otherwise about the structure inside */
    struct diag diag; /* code such as "se01_count", segment, element, byte, text */
};

int x12_open(struct x12_reader **reader, x12_source *source, void *context,
             struct diag *diag) MUST_USE;
/* Envelope segments (ISA, GS, ST, SE, GE, IEA) are delivered like the others.
 * Fatal codes: x12_empty, not_x12, x12_isa_broken, x12_cut_off, x12_segment_bad,
 * x12_segment_too_long, and those of the source (x12_source_failed when it names none).
 * After X12_FATAL or X12_END the same answer comes again. */
enum x12_got x12_next(struct x12_reader *reader, struct x12_segment *segment) MUST_USE;
const struct diag *x12_fault(const struct x12_reader *reader);
/* Takes the oldest notice not yet taken; false when there is none. */
bool x12_notice_take(struct x12_reader *reader, struct x12_notice *notice);
void x12_close(struct x12_reader *reader); /* NULL is allowed */

/* True when the bytes look like the start of an interchange (BOM and blanks skipped). */
bool x12_detect(struct view head);

/* ---- edits (patch.c) ---------------------------------------------------------------------- */

struct x12_edit {
    int64_t byte;     /* of the file, from 0 */
    int64_t size;     /* bytes that go */
    struct view text; /* that comes in their place; must outlive the edits */
    int64_t segments; /* whole ones that go with them, which SE01 counted */
};

/* Zero-initialised is empty and ready; x12_edits_close gives its memory back. */
struct x12_edits {
    struct x12_edit *at;
    int64_t count;
    int64_t room;
    bool failed; /* memory was refused */
};
void x12_edits_add(struct x12_edits *edits, struct x12_edit edit);
void x12_edits_sort(struct x12_edits *edits); /* by byte; needed before they are used */
void x12_edits_close(struct x12_edits *edits);

/* Copies the source to the sink with the edits made; every other byte stays as it is.
 * Errors: those of the source, x12_edit_bad (edits that overlap or lie beyond the end),
 * x12_sink_failed. */
int x12_patch(x12_source *source, void *context, const struct x12_edits *edits, out_sink *sink,
              void *sink_context, struct diag *diag) MUST_USE;

/* A trailer (SE, GE, IEA) whose count is wrong as the file stands, or will be by the edits. */
struct x12_count {
    struct code tag;
    int64_t segment;
    int64_t byte;      /* of element 1 */
    struct view given; /* lives as long as the call that tells it */
    int64_t counted;   /* with the edits made */
    bool was_right;    /* before the edits */
};
/* May add edits: they are looked at in the order in which they stood before. */
typedef void x12_count_tell(void *to, const struct x12_count *count);
/* Counts segments, transaction sets and groups once more. Headers or trailers that are missing are
 * passed over. Errors: those of x12_next. */
int x12_counts(x12_source *source, void *context, const struct x12_edits *edits,
               x12_count_tell *tell, void *to, struct diag *diag) MUST_USE;

#endif
