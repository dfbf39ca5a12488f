/* Inside of store: the open store, bounds-checked access to its rows, and the choice of a row. */
#ifndef CLAIMVET_STORE_ROOM_H
#define CLAIMVET_STORE_ROOM_H

#include "store/image.h"
#include "store/store.h"

struct store {
    struct view image;
    int code_shift;
    char hash[22]; /* "xxh3:" and 16 digits, NUL */
#define SECTION(name, type)                                                                        \
    const type *name;                                                                              \
    uint32_t name##_count;
#include "store/sections.def"
#undef SECTION
};

struct span {
    uint32_t at;
    uint32_t end;
};

/* Rows of entry `index` of a first-row table, cut to the rows there are. */
static inline struct span span_of(const uint32_t *first, uint32_t first_count, uint32_t rows,
                                  uint32_t index) {
    if (first_count == 0 || index >= first_count - 1) {
        return (struct span){0, 0};
    }
    struct span span = {first[index], first[index + 1]};
    if (span.end > rows) {
        span.end = rows;
    }
    if (span.at > span.end) {
        span.at = span.end;
    }
    return span;
}
#define SPAN(store, first, rows, index)                                                            \
    span_of((store)->first, (store)->first##_count, (store)->rows##_count, (index))

#define STORE_ALWAYS ((struct store_when){DATE_NONE, DATE_NONE})

/* A day that is not known asks for rows without an end. */
static inline struct store_when when_normal(struct store_when when) {
    if (!date_given(when.on)) {
        when.on.day = INT32_MAX;
    }
    if (!date_given(when.as_of)) {
        when.as_of.day = INT32_MAX;
    }
    return when;
}

struct choice {
    const struct image_proof *proof; /* NULL: nothing chosen yet */
    uint32_t row;
};

/* Takes the row if it holds and is nearer than the one chosen before: the earliest end wins, then
 * the newest release, then the latest start. `when` is normal. */
static inline void choice_offer(struct choice *choice, const struct store *store, uint32_t proof,
                                uint32_t row, struct store_when when) {
    if (proof >= store->proofs_count) {
        return;
    }
    const struct image_proof *p = &store->proofs[proof];
    /* One branch instead of four: which of them fails cannot be foreseen. */
    if ((p->from > when.on.day) | (p->to < when.on.day) | (p->known_from > when.as_of.day) |
        (p->known_to < when.as_of.day)) {
        return;
    }
    const struct image_proof *best = choice->proof;
    if (best && (p->to != best->to                   ? p->to > best->to
                 : p->known_from != best->known_from ? p->known_from < best->known_from
                                                     : p->from <= best->from)) {
        return;
    }
    *choice = (struct choice){p, row};
}

/* The newest edition known at `as_of` of several that have the row. */
uint16_t proof_release(const struct store *store, const struct image_proof *p,
                       struct store_when when);

static inline struct store_proof proof_out(const struct store *store, const struct image_proof *p,
                                           struct store_when when) {
    return (struct store_proof){p->editions == 1 ? p->release : proof_release(store, p, when),
                                {p->from},
                                {p->to == IMAGE_OPEN_TO ? DATE_NONE.day : p->to}};
}

static inline struct view text_out(const struct store *store, struct image_text text) {
    if (text.at > store->text_count || text.size > store->text_count - text.at) {
        return VIEW_NONE;
    }
    return (struct view){store->text + text.at, text.size};
}

/* Does the code begin with the prefix? Both are packed, the prefix is not empty. */
static inline bool prefix_of(uint64_t prefix, uint64_t bits) {
    return prefix != 0 && ((prefix ^ bits) >> (__builtin_ctzll(prefix) & ~7)) == 0;
}

/* Has the sheet a second key, or one that takes the place of both? */
static inline bool sheet_two_keys(const struct store *store, const struct image_sheet *sheet) {
    const struct image_column *column = store->sheet_columns + sheet->column;
    return column[0].type == CELL_WIDE || (sheet->columns > 1 && column[1].key == 2);
}

/* Rows of a sheet with these keys; `key2` 0: any. */
struct sheet_ask {
    enum store_table table;
    uint64_t key, key2;
    int column; /* 0, or another column of codes, in which `code` is asked for, perhaps none */
    struct code code;
};
/* The row that holds then, chosen as in every table. */
bool sheet_choose(const struct store *store, const struct sheet_ask *ask, struct store_when when,
                  uint32_t *row, struct store_proof *proof);

/* The longest prefix of `dx` in a prefix table, IMAGE_NO_ROW when none. */
uint32_t prefix_find(const struct image_prefix *rows, uint32_t count, struct code dx);
/* The next shorter one. */
static inline uint32_t prefix_parent(const struct image_prefix *rows, uint32_t row) {
    uint32_t parent = rows[row].parent;
    return parent < row ? parent : IMAGE_NO_ROW; /* a damaged chain ends here */
}

/* Everything that store_verify checks but the checksum: also for tests with hostile images. */
int image_check(const struct store *store, struct diag *diag) MUST_USE;

#endif
