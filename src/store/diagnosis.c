/* Diagnoses: editions, region and side by the longest prefix, pairs that exclude each other. */
#include "store/room.h"

#define REST(bits) ((uint32_t)((bits) >> 8))

/* ---- editions ---------------------------------------------------------------------------- */

/* First row of [span.at, span.end) whose rest is not less. Without branches on the keys, which no
 * processor can predict: a third of the time. */
static uint32_t rest_lower(const struct store *store, struct span span, uint32_t rest) {
    const uint32_t *keys = store->dx_rest;
    uint32_t at = span.at;
    uint32_t count = span.end - span.at;
    while (count > 1) {
        uint32_t half = count / 2;
        at += (keys[at + half - 1] < rest) * half;
        count -= half;
    }
    return at + (count == 1 && keys[at] < rest);
}

static struct choice class_choose(const struct store *store, uint32_t dx_row,
                                  struct store_when when) {
    struct span rows = SPAN(store, class_first, class_rows, store->dx_class[dx_row]);
    struct choice choice = {0};
    for (uint32_t i = rows.at; i < rows.end; i++) {
        choice_offer(&choice, store, store->class_rows[i].proof, i, when);
    }
    return choice;
}

bool store_dx(const struct store *store, struct code dx, struct store_when when,
              struct store_dx *row) {
    int bucket = image_dx_bucket(dx.bits);
    if (bucket < 0 || (dx.bits & 0xff) != 0) {
        return false;
    }
    struct span span = SPAN(store, dx_first, dx_rest, (uint32_t)bucket);
    uint32_t at = rest_lower(store, span, REST(dx.bits));
    if (at >= span.end || store->dx_rest[at] != REST(dx.bits)) {
        return false;
    }
    when = when_normal(when);
    struct choice choice = class_choose(store, at, when);
    if (!choice.proof || store->class_rows[choice.row].billable == DX_DELETED) {
        return false;
    }
    *row = (struct store_dx){store->class_rows[choice.row].billable == DX_BILLABLE,
                             proof_out(store, choice.proof, when)};
    return true;
}

bool store_dx_edition(const struct store *store, struct store_when when,
                      struct store_proof *proof) {
    when = when_normal(when);
    struct choice choice = {0};
    for (uint32_t i = 0; i < store->dx_editions_count; i++) {
        choice_offer(&choice, store, store->dx_editions[i], i, when);
    }
    if (choice.proof) {
        *proof = proof_out(store, choice.proof, when);
    }
    return choice.proof != NULL;
}

static uint64_t bucket_bits(int bucket) {
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    uint64_t a = (uint64_t)('A' + bucket / (36 * 36));
    uint64_t b = (uint64_t)digits[bucket / 36 % 36];
    uint64_t c = (uint64_t)digits[bucket % 36];
    return a << 56 | b << 48 | c << 40;
}

/* The cursor is the bucket and the row to look at next. */
bool store_dx_next(const struct store *store, uint64_t *cursor, struct code *dx) {
    for (uint64_t bucket = *cursor >> 32; bucket < IMAGE_DX_BUCKETS; bucket++) {
        struct span rows = SPAN(store, dx_first, dx_rest, (uint32_t)bucket);
        uint32_t at = (uint32_t)*cursor;
        at = at > rows.at ? at : rows.at;
        if (at < rows.end) {
            dx->bits = bucket_bits((int)bucket) | (uint64_t)store->dx_rest[at] << 8;
            *cursor = bucket << 32 | (at + 1);
            return true;
        }
    }
    *cursor = (uint64_t)IMAGE_DX_BUCKETS << 32;
    return false;
}

int store_dx_below(const struct store *store, struct code dx, struct store_when when,
                   struct code *codes, int codes_max) {
    when = when_normal(when);
    int count = 0;
    int length = code_length(dx);
    int whole = length >= 3 ? image_dx_bucket(dx.bits) : -1;
    int bucket = whole >= 0 ? whole : 0;
    int end = whole >= 0 ? whole + 1 : length >= 3 ? 0 : IMAGE_DX_BUCKETS;
    for (; bucket < end; bucket++) {
        uint64_t head = bucket_bits(bucket);
        if (length < 3 && !code_starts((struct code){head}, dx)) {
            continue;
        }
        struct span span = SPAN(store, dx_first, dx_rest, (uint32_t)bucket);
        for (uint32_t i = rest_lower(store, span, REST(dx.bits)); i < span.end; i++) {
            struct code code = {head | (uint64_t)store->dx_rest[i] << 8};
            if (!code_starts(code, dx)) {
                break;
            }
            struct choice choice = class_choose(store, i, when);
            if (choice.proof && store->class_rows[choice.row].billable == DX_BILLABLE &&
                count++ < codes_max) {
                codes[count - 1] = code;
            }
        }
    }
    return count < codes_max ? count : codes_max;
}

/* ---- prefixes ---------------------------------------------------------------------------- */

uint32_t prefix_find(const struct image_prefix *rows, uint32_t count, struct code dx) {
    uint32_t row = 0; /* the last row that is not greater than dx */
    if (count == 0 || rows[0].prefix > dx.bits) {
        return IMAGE_NO_ROW;
    }
    for (uint32_t rest = count; rest > 1;) {
        uint32_t half = rest / 2;
        row += (rows[row + half].prefix <= dx.bits) * half;
        rest -= half;
    }
    /* Every prefix of dx in the table is a prefix of this row, too. */
    while (row != IMAGE_NO_ROW && !prefix_of(rows[row].prefix, dx.bits)) {
        row = prefix_parent(rows, row);
    }
    return row;
}

/* The value of the longest prefix with a row that holds; -1 when there is none. */
static int prefix_value(const struct store *store, const struct image_prefix *rows, uint32_t count,
                        struct code dx, struct store_when when, struct store_proof *proof) {
    when = when_normal(when);
    for (uint32_t row = prefix_find(rows, count, dx); row != IMAGE_NO_ROW;
         row = prefix_parent(rows, row)) {
        struct choice choice = {0};
        choice_offer(&choice, store, rows[row].proof, row, when);
        if (choice.proof) {
            *proof = proof_out(store, choice.proof, when);
            return rows[row].value;
        }
    }
    return -1;
}

enum store_region store_dx_region(const struct store *store, struct code dx, struct store_when when,
                                  struct store_proof *proof) {
    int value = prefix_value(store, store->dx_regions, store->dx_regions_count, dx, when, proof);
    return value >= 0 && value <= REGION_ANY ? (enum store_region)value : REGION_NONE;
}

char store_dx_side(const struct store *store, struct code dx, struct store_when when,
                   struct store_proof *proof) {
    int value = prefix_value(store, store->dx_sides, store->dx_sides_count, dx, when, proof);
    return value > 0 ? (char)value : 0;
}

/* ---- pairs that exclude each other ------------------------------------------------------- */

/* The rows that name a prefix of `a` on one side; the other side must be a prefix of `b`. */
static void excludes_offer(const struct store *store, uint32_t prefix_row, struct code b,
                           struct store_when when, struct choice *choice) {
    struct span uses = SPAN(store, exclude_first, exclude_uses, prefix_row);
    uint64_t prefix = store->exclude_prefixes[prefix_row].prefix;
    for (uint32_t i = uses.at; i < uses.end; i++) {
        uint32_t at = store->exclude_uses[i];
        if (at >= store->excludes_count) {
            continue;
        }
        const struct image_exclude *row = &store->excludes[at];
        uint64_t other = row->left == prefix ? row->right : row->left;
        if (prefix_of(other, b.bits)) {
            choice_offer(choice, store, row->proof, at, when);
        }
    }
}

bool store_excludes1(const struct store *store, struct code a, struct code b,
                     struct store_when when, struct view *row, struct store_proof *proof) {
    when = when_normal(when);
    const struct image_prefix *prefixes = store->exclude_prefixes;
    struct choice choice = {0};
    for (uint32_t at = prefix_find(prefixes, store->exclude_prefixes_count, a); at != IMAGE_NO_ROW;
         at = prefix_parent(prefixes, at)) {
        excludes_offer(store, at, b, when, &choice);
    }
    if (choice.proof) {
        *row = text_out(store, store->excludes[choice.row].row);
        *proof = proof_out(store, choice.proof, when);
    }
    return choice.proof != NULL;
}
