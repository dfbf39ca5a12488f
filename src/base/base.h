/* base: text views, arenas, dates, money, codes, diagnostics, buffered output, JSON text.
 * Knows nothing of medicine. Every room may include this header, this header includes none.
 *
 * Conventions for the whole program
 *  - text is a view: never NUL-dependent, never owned; `at == NULL` means "not known",
 *    `at != NULL && size == 0` means "known to be empty or absent";
 *  - a function that can fail returns an enum-like int, 0 for success, and fills a diag;
 *  - nothing but `base` calls malloc; memory comes from an arena and ends with it. */
#ifndef CLAIMVET_BASE_H
#define CLAIMVET_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))
/* Called seldom: the way there is laid out of the way, and not inlined. */
#define SELDOM __attribute__((cold, noinline))
/* So small, and called so often, that a call costs more than it does. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define COUNT_OF(array) ((ptrdiff_t)(sizeof(array) / sizeof((array)[0])))

/* ---- views ------------------------------------------------------------------------------- */

struct view {
    const char *at;
    ptrdiff_t size;
};

#define VIEW(literal) ((struct view){"" literal, (ptrdiff_t)sizeof(literal) - 1})
#define VIEW_NONE ((struct view){NULL, 0})

/* From a NUL-terminated string; NULL gives VIEW_NONE. Costs nothing for a literal. */
static inline struct view view_of(const char *text) {
    return text ? (struct view){text, (ptrdiff_t)__builtin_strlen(text)} : VIEW_NONE;
}
bool view_equal(struct view a, struct view b);
bool view_starts(struct view text, struct view prefix);
int view_compare(struct view a, struct view b); /* byte order: <0, 0, >0 */
struct view view_trim(struct view text);        /* without ASCII blanks at both ends */
struct view view_sub(struct view text, ptrdiff_t from, ptrdiff_t size); /* clamped */
ptrdiff_t view_find(struct view text, char c);                          /* -1 when absent */
/* Cuts `*rest` at the first `separator`: returns the head, leaves the tail (VIEW_NONE at the end).
 */
struct view view_cut(struct view *rest, char separator);
bool view_is_digits(struct view text); /* at least one, all 0-9 */
/* Bytes of the UTF-8 sequence at the start of a text that is not empty; 0 when it is none. */
int view_utf8_length(struct view text);
uint64_t view_hash(struct view text, uint64_t seed);

/* ---- arenas ------------------------------------------------------------------------------ */

struct arena_block;

/* Growing bump allocator. Zero-initialised is empty and ready. Never frees single objects. */
struct arena {
    struct arena_block *block; /* newest */
    char *at;
    char *end;
    bool failed; /* sticky: an allocation was refused; every later one is refused too */
};

/* `count` zeroed objects of `size` bytes; NULL (and `failed`) when memory is refused. */
void *arena_take(struct arena *arena, ptrdiff_t size, ptrdiff_t align, ptrdiff_t count) MUST_USE;
#define ARENA_NEW(arena, type, count)                                                              \
    ((type *)arena_take((arena), (ptrdiff_t)sizeof(type), (ptrdiff_t) _Alignof(type), (count)))
struct view arena_copy(struct arena *arena, struct view text);
void arena_reset(struct arena *arena); /* forgets all objects, keeps one block for reuse */
void arena_close(struct arena *arena); /* gives everything back */

/* Growing array for the few places whose size is not known before; contents move when it grows.
 * Returns the block (old contents kept, the new part zeroed) or NULL; `memory_free` ends it. */
void *memory_grow(void *block, ptrdiff_t old_size, ptrdiff_t new_size) MUST_USE;
void memory_free(void *block);
/* Tests only: the n-th allocation from now and all after it are refused; n < 0 switches it off. */
void memory_fail_after(int64_t n);

/* ---- diagnostics ------------------------------------------------------------------------- */

enum status {
    STATUS_OK = 0,
    STATUS_USAGE = 2,
    STATUS_INPUT = 3,  /* the file cannot be read as what it should be */
    STATUS_SYSTEM = 4, /* memory, disk, permission */
};

/* What went wrong with a file or the machine, where. Counting from 1; 0 means "does not apply". */
struct diag {
    const char *code; /* static string such as "x12_cut_off" */
    int64_t segment;
    int64_t element;
    int64_t byte; /* offset from 0; -1 means "does not apply" */
    int64_t line;
    int64_t column;
    char text[160]; /* one line, lower case, says what to do */
    char shown[240]; /* rule files: the line and a caret below the place; otherwise empty */
};

#define DIAG_NONE ((struct diag){.code = "", .byte = -1})
SELDOM __attribute__((format(printf, 3, 4))) void diag_set(struct diag *diag, const char *code,
                                                    const char *format, ...);

/* ---- codes ------------------------------------------------------------------------------- */

/* A short code (procedure, modifier, diagnosis, place of service, CARC …): up to eight ASCII
 * letters and digits packed left-aligned into an integer, so that integer order is text order. */
struct code {
    uint64_t bits; /* 0: none */
};

#define CODE_NONE ((struct code){0})
/* Upper-cased; CODE_NONE when empty, longer than eight or holding anything but [0-9A-Za-z]. */
struct code code_from(struct view text);
/* For literals of capitals and digits, at most eight: nothing is checked. No loop, or compilers do
 * not fold it into a number. */
ALWAYS_INLINE struct code code_of(const char *literal) {
    size_t size = __builtin_strlen(literal);
#define CODE_BYTE(i)                                                                               \
    (size > (i) ? (uint64_t)(unsigned char)literal[(i)] << (56 - 8 * (i)) : UINT64_C(0))
    return (struct code){CODE_BYTE(0) | CODE_BYTE(1) | CODE_BYTE(2) | CODE_BYTE(3) | CODE_BYTE(4) |
                         CODE_BYTE(5) | CODE_BYTE(6) | CODE_BYTE(7)};
#undef CODE_BYTE
}
/* Writes the text and a NUL to `text`, returns the view on it. */
struct view code_text(struct code code, char text[9]);
int code_length(struct code code);
static inline bool code_equal(struct code a, struct code b) { return a.bits == b.bits; }
static inline bool code_given(struct code a) { return a.bits != 0; }
/* True when `code` begins with the text of `prefix` (CODE_NONE is a prefix of everything). */
bool code_starts(struct code code, struct code prefix);

/* ---- dates, money, quantities ------------------------------------------------------------ */

struct date {
    int32_t day; /* days since 1970-01-01 in the proleptic Gregorian calendar */
};

#define DATE_NONE ((struct date){INT32_MIN})
static inline bool date_given(struct date d) { return d.day != INT32_MIN; }
struct date date_from_ymd(int year, int month, int day); /* DATE_NONE when impossible */
void date_to_ymd(struct date date, int *year, int *month, int *day);
struct date date_from_iso(struct view text);     /* YYYY-MM-DD; DATE_NONE otherwise */
struct date date_from_compact(struct view text); /* CCYYMMDD or YYMMDD (19/20 by 50) */
struct view date_text(struct date date, char text[11]);

struct money {
    int64_t cents;
};

#define MONEY_NONE ((struct money){INT64_MIN})
static inline bool money_given(struct money m) { return m.cents != INT64_MIN; }
/* "12", "12.3", "12.34", "-5.00"; more than two decimals only when they are zeros. */
struct money money_from(struct view text);
struct view money_text(struct money money, char text[24]); /* "-1234.50" */

struct quantity {
    int64_t milli; /* thousandths of a unit, a milligram, a millilitre … */
};

#define QUANTITY_NONE ((struct quantity){INT64_MIN})
static inline bool quantity_given(struct quantity q) { return q.milli != INT64_MIN; }
struct quantity quantity_from(struct view text); /* at most three decimals that are not zero */
struct view quantity_text(struct quantity quantity, char text[24]); /* "4", "0.5" */

/* ---- output ------------------------------------------------------------------------------ */

/* Where finished bytes go; returns false when they could not be written. */
typedef bool out_sink(void *context, struct view bytes);

/* Buffered writer with a sticky failure: write freely, check `failed` once.
 * With `sink == NULL` it grows and keeps everything in memory (`out_view`). */
struct out {
    char *at;
    ptrdiff_t size;
    ptrdiff_t capacity;
    out_sink *sink;
    void *context;
    bool failed;
};

void out_open(struct out *out, out_sink *sink, void *context);
/* Room for `size` more bytes at out->at + out->size. */
SELDOM bool out_reserve(struct out *out, ptrdiff_t size);
static inline void out_view(struct out *out, struct view text) {
    if (text.size > 0 && (text.size <= out->capacity - out->size || out_reserve(out, text.size))) {
        __builtin_memcpy(out->at + out->size, text.at, (size_t)text.size);
        out->size += text.size;
    }
}
static inline void out_char(struct out *out, char c) {
    if (out->size < out->capacity || out_reserve(out, 1)) {
        out->at[out->size++] = c;
    }
}
void out_int(struct out *out, int64_t value);
void out_pad(struct out *out, ptrdiff_t count); /* blanks */
/* Words broken at blanks to stay below `width` columns; lines after the first begin behind `indent`
 * blanks, the first is already at `column`. Ends with a line end. */
void out_wrap(struct out *out, struct view text, int indent, int column, int width);
__attribute__((format(printf, 2, 3))) void out_format(struct out *out, const char *format, ...);
/* The text as a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD. */
void out_json(struct out *out, struct view text);
struct view out_bytes(const struct out *out); /* what is buffered now */
void out_clear(struct out *out);              /* forgets what is buffered */
void out_flush(struct out *out);              /* hands it to the sink */
void out_close(struct out *out);              /* flush, then give the buffer back */

#define OUT_TEXT(out, literal) out_view((out), VIEW(literal))

#endif
