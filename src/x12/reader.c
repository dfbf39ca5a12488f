/* The reader: blocks of the source, positions of separators in them, segments as views.
 *
 *     block   [ … given out … | at: next segment … | scanned … filled )
 *     index   [ … given out … | index_at: positions from `at` … index_count )
 *     stops   [ … given out … | stop_at: places of terminators in the index … stop_count )
 *
 * Separators are looked for a piece at a time. Each stop is a segment
 * whose terminator was found, so cutting it asks for no bounds. A segment that the end of the
 * block cuts is moved to its front, and its positions are found again. */
#include <string.h>

#include "x12/envelope.h"
#include "x12/isa.h"
#include "x12/scan.h"

#define BLOCK_CAPACITY (X12_SEGMENT_BYTES_MAX + X12_ISA_BYTES_MAX + X12_BLOCK_BYTES)
#define INDEX_CAPACITY (X12_SEGMENT_BYTES_MAX + 2 * X12_PIECE_BYTES + SCAN_SLACK)

#define STOPS_CAPACITY (X12_PIECE_BYTES + SCAN_SLACK)

#define PLAIN_SLOTS 256 /* eight bits of a hash; a file has some thirty tags */
#define PREFIX_BYTES 4 /* enough to tell an ISA or a byte order mark */

struct x12_reader {
    x12_source *source;
    void *context;
    scan_function *scan;
    enum x12_got got; /* X12_SEGMENT while there may be more */
    bool ended;       /* the source gave all it has */
    bool failed;      /* the source failed; what it gave before is read first */
    bool delimited;   /* an ISA was read, `delimiters` are set */
    bool isa_ready;   /* the ISA at `at` was read and can be given out */
    char lead;        /* last blank skipped before `at`, 0: none */
    uint32_t at;      /* offsets in `block` */
    uint32_t scanned;
    uint32_t filled;
    uint32_t index_at; /* offsets in `index` */
    uint32_t index_count;
    uint32_t stop_at; /* offsets in `stops` */
    uint32_t stop_count;
    int64_t block_byte; /* offset of `block` in the file */
    int64_t number;     /* segments given out */
    struct x12_delimiters delimiters;
    struct envelope envelope;
    struct diag fault;
    unsigned char letter[256]; /* upper-case letter or digit for those that make a tag, else 0 */
    uint32_t plain[PLAIN_SLOTS]; /* tags seen, see plain_key */
    bool newline_skips;          /* a line feed is no separator of this interchange */
    struct notices notices;
    uint32_t index[INDEX_CAPACITY];
    uint32_t stops[STOPS_CAPACITY];
    char block[BLOCK_CAPACITY + 1 + X12_SLACK]; /* 1: the terminator that a last IEA may lack */
};

/* ---- opening and closing --------------------------------------------------------------------- */

static void letters_fill(unsigned char letter[256]) {
    for (int c = '0'; c <= '9'; c++) {
        letter[c] = (unsigned char)c;
    }
    for (int c = 'A'; c <= 'Z'; c++) {
        letter[c] = (unsigned char)c;
        letter[c - 'A' + 'a'] = (unsigned char)c;
    }
}

int x12_open(struct x12_reader **reader, x12_source *source, void *context, struct diag *diag) {
    struct x12_reader *r = memory_grow(NULL, 0, (ptrdiff_t)sizeof *r);
    *reader = r;
    if (!r) {
        diag_set(diag, "memory", "no memory to read with; close other programs");
        return STATUS_SYSTEM;
    }
    r->source = source;
    r->context = context;
    r->scan = scan_choose();
    r->got = X12_SEGMENT;
    r->fault = DIAG_NONE;
    letters_fill(r->letter);
    return STATUS_OK;
}

void x12_close(struct x12_reader *reader) { memory_free(reader); }

const struct diag *x12_fault(const struct x12_reader *reader) { return &reader->fault; }

bool x12_notice_take(struct x12_reader *reader, struct x12_notice *notice) {
    return notices_take(&reader->notices, notice);
}

/* ---- ends ------------------------------------------------------------------------------------ */

/* The segment that begins at `start`, and is not counted yet, cannot be read. The text is
 * `about` and `why`. */
static void fault_set(struct x12_reader *r, uint32_t start, const char *code, const char *about,
                      const char *why) {
    diag_set(&r->fault, code, "%s%s", about, why);
    r->fault.segment = r->number + 1;
    r->fault.byte = r->block_byte + start;
    r->got = X12_FATAL;
}

static const char claims_read[] = "; claims before it were read";

static void fault_bad(struct x12_reader *r, uint32_t start) {
    fault_set(r, start, "x12_segment_bad",
              "no tag of 2 or 3 letters and digits begins here, the file is damaged", claims_read);
}

static void fault_long(struct x12_reader *r, uint32_t start) {
    fault_set(r, start, "x12_segment_too_long",
              "this segment is longer than 64 KiB, a terminator is missing", claims_read);
}

/* The input ends before the segment does: its source failed or the file is not whole. */
static void fault_cut(struct x12_reader *r, uint32_t start) {
    if (!r->failed) {
        fault_set(r, start, "x12_cut_off", "the file ends inside this segment, get it whole",
                  claims_read);
        return;
    }
    r->got = X12_FATAL;
    if (!r->fault.code[0]) {
        diag_set(&r->fault, "x12_source_failed", "the input cannot be read further");
    }
}

static struct notice_place place_at(const struct x12_reader *r, uint32_t at) {
    return (struct notice_place){r->number + 1, 0, r->block_byte + at};
}

/* ---- blocks and pieces ----------------------------------------------------------------------- */

/* Forgets the positions; they are looked for again from `at`. */
static void index_reset(struct x12_reader *r, uint32_t at) {
    r->index_at = r->index_count = 0;
    r->stop_at = r->stop_count = 0;
    r->scanned = at;
}

static void block_fill(struct x12_reader *r) {
    uint32_t goal = r->filled + X12_BLOCK_BYTES;
    while (r->filled < goal && !r->ended) {
        ptrdiff_t wanted = (ptrdiff_t)(goal - r->filled);
        ptrdiff_t got = r->source(r->context, r->block + r->filled, wanted, &r->fault);
        if (got > 0 && got <= wanted) {
            r->filled += (uint32_t)got;
        } else {
            r->ended = true;
            r->failed = got != 0;
        }
    }
}

/* Keeps the bytes from `from` and reads more behind them; false when there are none.
 * `from` becomes offset 0. */
static bool block_more(struct x12_reader *r, uint32_t from) {
    if (r->ended) {
        return false;
    }
    uint32_t kept = r->filled - from;
    memmove(r->block, r->block + from, kept);
    r->block_byte += from;
    r->filled = kept;
    r->at = 0;
    index_reset(r, 0);
    block_fill(r);
    return true;
}

/* Looks for the separators of the next piece; positions of the unfinished segment are kept. */
static void index_more(struct x12_reader *r) {
    uint32_t kept = r->index_count - r->index_at;
    memmove(r->index, r->index + r->index_at, kept * sizeof r->index[0]);
    uint32_t left = r->filled - r->scanned;
    uint32_t to = r->scanned + (left < X12_PIECE_BYTES ? left : X12_PIECE_BYTES);
    struct scan_found found = r->scan(r->block, r->scanned, to, r->delimiters.element,
                                      r->delimiters.segment, r->index + kept, r->stops);
    for (uint32_t i = 0; i < found.stops; i++) {
        r->stops[i] += kept;
    }
    r->scanned = to;
    r->index_at = 0;
    r->index_count = kept + found.separators;
    r->stop_at = 0;
    r->stop_count = found.stops;
}

/* ---- pieces of a segment --------------------------------------------------------------------- */

static inline bool is_blank(char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; }

/* Line ends and blanks, unless they separate. */
static inline bool blank_skips(const struct x12_reader *r, char c) {
    return c <= ' ' && is_blank(c) && c != r->delimiters.element && c != r->delimiters.segment;
}

/* Bits of the tag in [start, end), 0 when it is none: two or three letters and digits. */
ALWAYS_INLINE uint64_t tag_read(const struct x12_reader *r, uint32_t start, uint32_t end) {
    if (end - start - 2 > 1) { /* neither two nor three */
        return 0;
    }
    const unsigned char *at = (const unsigned char *)r->block + start;
    bool three = end - start == 3;
    uint32_t a = r->letter[at[0]];
    uint32_t b = r->letter[at[1]];
    uint32_t c = three ? r->letter[at[2]] : 0;
    uint32_t bits = a << 24 | b << 16 | c << 8;
    bool good = (a != 0) & (b != 0) & ((c != 0) | !three); /* one branch: it is never taken */
    return good ? (uint64_t)bits << 32 : 0;
}

static struct view rest_of(const struct x12_reader *r, uint32_t from) {
    return (struct view){r->block + from, (ptrdiff_t)(r->filled - from)};
}

/* Bytes of filling at `start`: between interchanges some systems leave zeros, the old end-of-file
 * mark, or the byte order mark of a file that was appended. */
static uint32_t padding_at(const struct x12_reader *r, uint32_t start) {
    if (r->envelope.interchange.open) {
        return 0;
    }
    char c = r->block[start];
    return c == 0 || c == 0x1A ? 1 : (uint32_t)isa_bom(rest_of(r, start));
}

/* Stops in front of `index_at` are behind us. */
static void stops_follow(struct x12_reader *r) {
    while (r->stop_at < r->stop_count && r->stops[r->stop_at] < r->index_at) {
        r->stop_at++;
    }
}

static void padding_skip(struct x12_reader *r, uint32_t start, uint32_t size) {
    notice_quirk(&r->notices, QUIRK_PADDING, place_at(r, start));
    r->at = start + size;
    r->lead = 0;
    while (r->index_at < r->index_count && r->index[r->index_at] < r->at) {
        r->index_at++;
    }
    stops_follow(r);
}

/* ---- ISA ---------------------------------------------------------------------------------------
 */

static void isa_quirks(struct x12_reader *r, uint32_t start, const struct isa *isa) {
    struct notices *n = &r->notices;
    struct notice_place place = place_at(r, start);
    const struct x12_delimiters *d = &isa->delimiters;
    if (isa->size != ISA_PADDED_BYTES) {
        notice_quirk(n, QUIRK_ISA_UNPADDED, place);
    }
    if (is_blank(d->segment)) {
        notice_quirk(n, QUIRK_TERMINATOR, place);
    } else if (d->element != '*' || d->segment != '~' ||
               (d->component != ':' && d->component != '>') ||
               (d->repetition != '^' && d->repetition != 0)) {
        notice_quirk(n, QUIRK_DELIMITERS, place);
    }
    if (d->repetition == 0 && isa->repetition.size == 1) {
        char isa11 = isa->repetition.at[0];
        if (isa11 == d->component || isa11 == d->segment) {
            notice_quirk(n, QUIRK_ISA_REPETITION, place);
        } else if (view_compare(isa->version, VIEW("00402")) >= 0) {
            notice_quirk(n, QUIRK_ISA_VERSION, place);
        }
    }
}

/* Reads the ISA at `start` and takes over its separators. */
static void isa_take(struct x12_reader *r, uint32_t start) {
    if (r->filled - start < X12_ISA_BYTES_MAX && block_more(r, start)) {
        start = 0;
    }
    struct isa isa;
    const char *why = NULL;
    struct view head = view_sub(rest_of(r, start), 0, X12_ISA_BYTES_MAX);
    enum isa_got got = isa_read(head, &isa, &why);
    if (got == ISA_SHORT && head.size < X12_ISA_BYTES_MAX) {
        fault_cut(r, start);
        return;
    }
    if (got != ISA_READ) {
        fault_set(r, start, "x12_isa_broken",
                  "the ISA cannot be read: ", why ? why : "it has no 16 elements");
        return;
    }
    isa_quirks(r, start, &isa);
    bool same = r->delimited && r->delimiters.element == isa.delimiters.element &&
                r->delimiters.segment == isa.delimiters.segment;
    if (!same) {
        index_reset(r, start);
    }
    r->delimiters = isa.delimiters;
    r->newline_skips = isa.delimiters.element != '\n' && isa.delimiters.segment != '\n';
    r->delimited = true;
    r->isa_ready = true;
    r->at = start;
}

/* Finds the first ISA behind a byte order mark and blanks. */
static void isa_seek(struct x12_reader *r) {
    if (r->filled - r->at < X12_ISA_BYTES_MAX && block_more(r, r->at)) {
        return;
    }
    uint32_t at = r->at;
    if (r->block_byte + at == 0 && isa_bom(rest_of(r, 0))) {
        notice_quirk(&r->notices, QUIRK_BOM, place_at(r, 0));
        at = 3;
    }
    uint32_t lead = at;
    while (at < r->filled && blank_skips(r, r->block[at])) {
        at++;
    }
    if (at > lead) {
        notice_quirk(&r->notices, QUIRK_LEADING_BLANKS, place_at(r, lead));
    }
    r->at = at;
    if (at == r->filled && r->failed) {
        fault_cut(r, at);
    } else if (at == r->filled && r->ended) {
        fault_set(r, at, "x12_empty", "there is nothing in it", "; give an X12 interchange");
    } else if (r->filled - at < X12_ISA_BYTES_MAX && !r->ended) {
        return;
    } else if (isa_starts(rest_of(r, at))) {
        isa_take(r, at);
    } else {
        fault_set(r, at, "not_x12", "it does not begin with ISA", "; give an X12 interchange");
    }
}

/* True when an ISA begins at `start` that was not read yet. */
static bool isa_waits(const struct x12_reader *r, uint32_t start, uint32_t tag_end) {
    bool isa = tag_read(r, start, tag_end) == TAG_ISA || isa_starts(rest_of(r, start));
    return isa && !r->isa_ready;
}

/* ---- segments ---------------------------------------------------------------------------------
 */

/* The segment at `start`, whose first separator is at `end`, is none to give out as it stands. */
static void segment_odd(struct x12_reader *r, uint32_t start, uint32_t end) {
    uint32_t padding = padding_at(r, start);
    if (r->block[start] == r->delimiters.segment) {
        if (!is_blank(r->delimiters.segment)) {
            notice_quirk(&r->notices, QUIRK_EMPTY, place_at(r, start));
        }
        r->at = start + 1;
        r->lead = 0;
        r->index_at++;
        stops_follow(r);
    } else if (isa_waits(r, start, end)) {
        isa_take(r, start);
    } else if (padding > 0) {
        padding_skip(r, start, padding);
    } else if (tag_read(r, start, end) == 0) {
        fault_bad(r, start);
    } else {
        fault_long(r, start);
    }
}

static void segment_give(struct x12_reader *r, struct x12_segment *s) {
    if (!notices_told(&r->notices, QUIRK_TRAILING) && s->elements > 0 &&
        s->ends[s->elements] - s->ends[s->elements - 1] == 1) {
        notice_quirk(
            &r->notices, QUIRK_TRAILING,
            (struct notice_place){s->number, s->elements, x12_element_byte(s, s->elements)});
    }
    if (r->lead == ' ' || r->lead == '\t') {
        notice_quirk(&r->notices, QUIRK_INDENTED, (struct notice_place){s->number, 0, s->byte});
    }
    if (!r->envelope.set.open || envelope_may_see(s->tag)) {
        envelope_see(&r->envelope, &r->notices, s);
    }
}

/* Hands out [start, ends[last]) and goes on behind it. */
ALWAYS_INLINE void segment_fill(struct x12_reader *r, struct x12_segment *s, uint32_t start,
                                const uint32_t *ends, int last, uint64_t tag) {
    r->index_at += (uint32_t)last + 1;
    r->stop_at++;
    r->at = ends[last] + 1;
    s->tag = (struct code){tag};
    s->elements = last;
    s->block = r->block;
    s->ends = ends;
    s->start = start;
    s->number = ++r->number;
    s->byte = r->block_byte + start;
    s->delimiters = r->delimiters;
}

/* The bytes of what may be a tag, and how many they are. */
static inline uint32_t plain_key(const struct x12_reader *r, uint32_t start, uint32_t size) {
    uint32_t four;
    memcpy(&four, r->block + start, sizeof four);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    four = __builtin_bswap32(four);
#endif
    return (four & (size == 3 ? 0xFFFFFF00 : 0xFFFF0000)) | size;
}

static inline uint32_t *plain_slot(struct x12_reader *r, uint32_t key) {
    return &r->plain[key * UINT32_C(0x9E3779B1) >> 24];
}

/* The short way for nearly all segments: inside of a transaction set, at most one line feed before
 * it, a tag that was seen before, nothing to tell. False when there is anything to look at; then
 * nothing was done. */
ALWAYS_INLINE bool segment_plain(struct x12_reader *r, struct x12_segment *s) {
    const uint32_t *ends = r->index + r->index_at;
    uint32_t start = r->at + (r->block[r->at] == '\n' && r->newline_skips);
    uint32_t size = ends[0] - start;
    uint32_t last = r->stops[r->stop_at] - r->index_at;
    uint32_t key = plain_key(r, start, size);
    if (size - 2 > 1 || *plain_slot(r, key) != key || last == 0 || !r->envelope.set.open ||
        ends[last] - start > X12_SEGMENT_BYTES_MAX || r->lead ||
        (ends[last] - ends[last - 1] == 1 && !notices_told(&r->notices, QUIRK_TRAILING))) {
        return false;
    }
    segment_fill(r, s, start, ends, (int)last, (uint64_t)(key & 0xFFFFFF00) << 32);
    return true;
}

/* Lets the next segment with this tag go the short way, if it is plain. */
static void plain_learn(struct x12_reader *r, uint32_t start, struct code tag) {
    uint32_t key = plain_key(r, start, (uint32_t)code_length(tag));
    bool capitals = (key & 0xFFFFFF00) == tag.bits >> 32;
    if (capitals && !envelope_may_see(tag)) {
        *plain_slot(r, key) = key;
    }
}

/* Cuts the segment at `at`, whose terminator is in the index; false when it was none. */
static bool segment_cut(struct x12_reader *r, struct x12_segment *s) {
    if (segment_plain(r, s)) {
        return true;
    }
    const uint32_t *ends = r->index + r->index_at;
    uint32_t start = r->at;
    while (blank_skips(r, r->block[start])) {
        r->lead = r->block[start++];
    }
    int last = (int)(r->stops[r->stop_at] - r->index_at);
    uint64_t tag = tag_read(r, start, ends[0]);
    if (tag == 0 || ends[last] - start > X12_SEGMENT_BYTES_MAX ||
        (tag == TAG_ISA && !r->isa_ready)) {
        segment_odd(r, start, ends[0]);
        return false;
    }
    r->isa_ready = false;
    segment_fill(r, s, start, ends, last, tag);
    segment_give(r, s);
    plain_learn(r, start, s->tag);
    r->lead = 0;
    return true;
}

/* End of the tag, or of what is there, of an unfinished segment. */
static uint32_t segment_tag_end(const struct x12_reader *r) {
    return r->index_at < r->index_count ? r->index[r->index_at] : r->filled;
}

/* True when what is there of an unfinished segment cannot become one. */
static bool segment_is_odd(const struct x12_reader *r, uint32_t start) {
    uint32_t end = segment_tag_end(r);
    if (isa_waits(r, start, end) || padding_at(r, start) > 0 ||
        r->filled - start > X12_SEGMENT_BYTES_MAX) {
        return true;
    }
    if (end < r->filled) {
        return tag_read(r, start, end) == 0;
    }
    bool letters = end - start <= 3;
    for (uint32_t i = start; i < end && letters; i++) {
        letters = r->letter[(unsigned char)r->block[i]] != 0;
    }
    return !letters;
}

/* The last segment of many files is an IEA without its terminator: it gets one if it is whole. */
static bool segment_is_last_iea(struct x12_reader *r, uint32_t start) {
    const uint32_t *ends = r->index + r->index_at;
    if (r->failed || r->index_count - r->index_at != 2 ||
        tag_read(r, start, ends[0]) != TAG_IEA) {
        return false;
    }
    struct view iea02 = view_trim(rest_of(r, ends[1] + 1));
    return iea02.size > 0 && envelope_iea_whole(&r->envelope, iea02);
}

static void iea_close(struct x12_reader *r, uint32_t start) {
    notice_quirk(&r->notices, QUIRK_IEA_OPEN, place_at(r, start));
    uint32_t end = r->filled;
    while (blank_skips(r, r->block[end - 1])) {
        end--;
    }
    r->block[end] = r->delimiters.segment;
    r->stops[r->stop_count++] = r->index_count;
    r->index[r->index_count++] = end;
    r->filled = end + 1;
    r->scanned = r->filled;
}

static void input_end(struct x12_reader *r) {
    if (r->failed) {
        fault_cut(r, r->filled);
        return;
    }
    envelope_end(&r->envelope, &r->notices);
    r->got = X12_END;
}

/* No terminator is left in the index: looks for more, reads more, or ends. */
static void segment_wait(struct x12_reader *r) {
    uint32_t start = r->at;
    while (start < r->filled && blank_skips(r, r->block[start])) {
        r->lead = r->block[start++];
    }
    r->at = start;
    if (start >= r->scanned) {
        index_reset(r, start);
    }
    if (r->scanned < r->filled && r->scanned - start <= X12_SEGMENT_BYTES_MAX) {
        index_more(r);
    } else if (r->filled - start < PREFIX_BYTES && block_more(r, start)) {
        return;
    } else if (start == r->filled) {
        input_end(r);
    } else if (segment_is_odd(r, start)) {
        segment_odd(r, start, segment_tag_end(r));
    } else if (block_more(r, start)) {
        return;
    } else if (segment_is_last_iea(r, start)) {
        iea_close(r, start);
    } else {
        fault_cut(r, start);
    }
}

enum x12_got x12_next(struct x12_reader *r, struct x12_segment *segment) {
    while (r->got == X12_SEGMENT) {
        if (r->stop_at < r->stop_count) {
            if (segment_cut(r, segment)) {
                return X12_SEGMENT;
            }
        } else if (r->delimited) {
            segment_wait(r);
        } else {
            isa_seek(r);
        }
    }
    return r->got;
}
