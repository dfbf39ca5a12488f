/* Which edition counts when. The rows of a key are looked at together: an edition speaks of a key
 * when it is whole or has a row of it, and what a later one says takes the place of what the
 * earlier said. Rows with windows of their own (dated) count as long as no later edition that
 * speaks lacks them. Rows that hold while their edition does are cut where the next one begins -
 * for those who know the next one; for those who do not, they go on. */
#include "store/draft/draft.h"

#include <stdlib.h>
#include <string.h>

/* The releases of one table, in the order of the image. */
struct editions {
    struct image_maker *maker;
    int first, count;
    uint64_t whole;   /* speak of every key */
    uint64_t extract; /* never in each other's way */
};

static bool release_whole(const struct image_release *head) {
    uint32_t there = head->slices & 0xffff;
    return (head->flags & (RELEASE_PARTIAL | RELEASE_EXTRACT)) == 0 && there == head->slices >> 16;
}

static struct editions editions_of(struct image_maker *maker, enum store_table table) {
    struct editions e = {.maker = maker, .first = maker->first[table]};
    e.count = maker->first[table + 1] - e.first;
    for (int i = 0; i < e.count; i++) {
        const struct image_release *head = &maker->release[e.first + i]->head;
        e.whole |= (uint64_t)release_whole(head) << i;
        e.extract |= (uint64_t)((head->flags & RELEASE_EXTRACT) != 0) << i;
    }
    return e;
}

static const struct image_release *edition_at(const struct editions *e, int bit) {
    return &e->maker->release[e->first + bit]->head;
}

/* The next edition after `bit` that speaks, begins later and is in its way: -1 when none. */
static int speaker_after(const struct editions *e, uint64_t speakers, int bit) {
    for (int i = bit + 1; i < e->count; i++) {
        bool both = (e->extract >> bit & e->extract >> i & 1) != 0;
        if ((speakers >> i & 1) != 0 && !both &&
            edition_at(e, i)->effective > edition_at(e, bit)->effective) {
            return i;
        }
    }
    return -1;
}

static int speaker_before(const struct editions *e, uint64_t speakers, int bit) {
    for (int i = bit - 1; i >= 0; i--) {
        bool both = (e->extract >> bit & e->extract >> i & 1) != 0;
        if ((speakers >> i & 1) != 0 && !both &&
            edition_at(e, i)->effective < edition_at(e, bit)->effective) {
            return i;
        }
    }
    return -1;
}

/* ---- the rows of a key ------------------------------------------------------------------- */

struct pending {
    const struct draft_row *row;
    struct image_proof proof;
};
struct group {
    struct editions editions;
    struct buffer pending; /* struct pending */
    struct buffer out;     /* struct resolved */
    uint64_t speakers;
    uint32_t proofs_max;
    resolved_write *write;
};

static void group_offer(struct group *group, const struct draft_row *row,
                        struct image_proof proof) {
    if (proof.from <= proof.to && proof.known_from <= proof.known_to) {
        struct pending pending = {row, proof};
        pending.proof.raw_from = row->from;
        pending.proof.raw_to = row->to;
        buffer_add(&group->editions.maker->build, &group->pending, &pending, sizeof pending);
    }
}

/* A row with its own window: one piece for each run of editions that have it. */
static void dated_resolve(struct group *group, const struct draft_row *row, uint64_t left) {
    const struct editions *e = &group->editions;
    while (left != 0) {
        int bit = __builtin_ctzll(left);
        struct image_proof proof = {
            .from = row->from,
            .to = row->to,
            .known_from = edition_at(e, bit)->effective,
            .known_to = IMAGE_OPEN_TO,
            .editions = 1,
            .release = (uint16_t)(e->first + bit),
        };
        int last = bit;
        left &= ~(UINT64_C(1) << bit);
        for (int next; (next = speaker_after(e, group->speakers, last)) >= 0; last = next) {
            if ((left >> next & 1) == 0) {
                proof.known_to = edition_at(e, next)->effective - 1;
                break;
            }
            proof.editions |= UINT64_C(1) << (next - bit);
            left &= ~(UINT64_C(1) << next);
        }
        group_offer(group, row, proof);
    }
}

/* A row that holds while its edition does. */
static void edition_resolve(struct group *group, const struct draft_row *row, int bit) {
    const struct editions *e = &group->editions;
    const struct image_release *head = edition_at(e, bit);
    int before = speaker_before(e, group->speakers, bit);
    int after = speaker_after(e, group->speakers, bit);
    struct image_proof proof = {
        .from = row->from,
        .to = row->to,
        .known_from = head->effective,
        .known_to = IMAGE_OPEN_TO,
        .editions = 1,
        .release = (uint16_t)(e->first + bit),
    };
    if (before >= 0 && (e->extract >> bit & 1) == 0) {
        int32_t end = edition_at(e, before)->to;
        end = end < head->effective - 1 ? end : head->effective - 1;
        proof.from = proof.from > end ? proof.from : end + 1;
    }
    if (after >= 0 && edition_at(e, after)->effective <= proof.to) {
        int32_t next = edition_at(e, after)->effective;
        struct image_proof cut = proof;
        cut.to = next - 1;
        cut.known_from = next;
        group_offer(group, row, cut);
        proof.known_to = next - 1;
    }
    group_offer(group, row, proof);
}

static int pending_compare(const struct pending *a, const struct pending *b) {
    const struct image_proof *p = &a->proof, *q = &b->proof;
    if (p->to != q->to) {
        return p->to < q->to ? -1 : 1;
    }
    if (p->from != q->from) {
        return p->from < q->from ? -1 : 1;
    }
    if (p->known_from != q->known_from) {
        return p->known_from < q->known_from ? -1 : 1;
    }
    return p->release < q->release ? -1 : p->release > q->release;
}

static void group_write(struct group *group) {
    struct image_maker *maker = group->editions.maker;
    struct pending *pending = (struct pending *)(void *)group->pending.at;
    int count = (int)(group->pending.size / (ptrdiff_t)sizeof *pending);
    for (int i = 1; i < count; i++) { /* stable, groups are small */
        struct pending moved = pending[i];
        int at = i;
        for (; at > 0 && pending_compare(&pending[at - 1], &moved) > 0; at--) {
            pending[at] = pending[at - 1];
        }
        pending[at] = moved;
    }
    group->out.size = 0;
    for (int i = 0; i < count; i++) {
        struct resolved out = {
            pending[i].row, build_proof(&maker->build, &pending[i].proof, group->proofs_max)};
        buffer_add(&maker->build, &group->out, &out, sizeof out);
    }
    if (count > 0 && !maker->build.failed) {
        group->write(maker, (const struct resolved *)(const void *)group->out.at, count);
    }
    group->pending.size = 0;
}

static void group_row(struct group *group, const struct draft_row *row) {
    const struct editions *e = &group->editions;
    uint64_t dated = 0;
    for (uint64_t left = row->editions; left != 0; left &= left - 1) {
        int bit = __builtin_ctzll(left);
        if ((edition_at(e, bit)->flags & RELEASE_DATED) != 0) {
            dated |= UINT64_C(1) << bit;
        } else {
            edition_resolve(group, row, bit);
        }
        e->maker->rows[e->first + bit]++;
    }
    dated_resolve(group, row, dated);
}

/* ---- order ------------------------------------------------------------------------------- */

/* What ordering needs beside the rows; qsort takes no context. */
static struct {
    const struct store_draft *draft;
    enum draft_kind kind;
    ptrdiff_t payload;
} ordering;

static int cells_compare(const struct draft_row *a, const struct draft_row *b) {
    const uint64_t *x = draft_payload(a), *y = draft_payload(b);
    int columns;
    const struct store_column *column =
        store_sheet_columns(draft_table(ordering.kind), &columns);
    for (int i = 0, at = 0; i < columns; i++, at++) {
        at += i > 0 && column[i - 1].type == CELL_WIDE;
        if (column[i].type == CELL_TEXT) {
            struct image_text p, q;
            memcpy(&p, x + at, sizeof p);
            memcpy(&q, y + at, sizeof q);
            int order =
                view_compare(draft_view(ordering.draft, p), draft_view(ordering.draft, q));
            if (order != 0) {
                return order;
            }
        } else if (x[at] != y[at]) {
            return x[at] < y[at] ? -1 : 1;
        }
    }
    return 0;
}

static struct view reason_of(const struct draft_fact *fact) {
    const struct image_text *known = (const void *)ordering.draft->reasons.at;
    return fact->reason == 0 ? VIEW("") : draft_view(ordering.draft, known[fact->reason - 1]);
}

/* Rationales have numbers in the order they came, hence their words decide. */
static int pairs_compare(const struct draft_row *a, const struct draft_row *b) {
    const struct draft_fact *x = draft_payload(a), *y = draft_payload(b);
    if (x->value != y->value) {
        return x->value < y->value ? -1 : 1;
    }
    return x->reason == y->reason ? 0 : view_compare(reason_of(x), reason_of(y));
}

static int payload_compare(const struct draft_row *a, const struct draft_row *b) {
    if (ordering.kind >= DRAFT_SHEETS) {
        return cells_compare(a, b);
    }
    if (ordering.kind == DRAFT_PAIR || ordering.kind == DRAFT_HOSPITAL) {
        return pairs_compare(a, b);
    }
    return memcmp(draft_payload(a), draft_payload(b), (size_t)ordering.payload);
}

static int row_compare(const void *p, const void *q) {
    const struct draft_row *a = p, *b = q;
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    if (a->key2 != b->key2) {
        return a->key2 < b->key2 ? -1 : 1;
    }
    if (a->from != b->from) {
        return a->from < b->from ? -1 : 1;
    }
    if (a->to != b->to) {
        return a->to < b->to ? -1 : 1;
    }
    return payload_compare(a, b);
}

static const struct draft_row *row_at(const struct draft_rows *rows, ptrdiff_t at) {
    return (const struct draft_row *)(const void *)(rows->rows.at + at);
}

/* Editions of the draft become editions of the image; rows that only replaced editions have fall
 * away. */
void resolve_map(struct image_maker *maker, enum draft_kind kind) {
    struct draft_rows *rows = &maker->draft->kinds[kind];
    enum store_table table = draft_table(kind);
    uint64_t bit_of[IMAGE_EDITIONS_MAX] = {0};
    for (int i = 0; i < draft_release_count(maker->draft); i++) {
        const struct draft_release *release = &draft_releases(maker->draft)[i];
        if (release->head.table == table && !release->dropped) {
            bit_of[release->bit] = UINT64_C(1) << maker->bit[i];
        }
    }
    ptrdiff_t end = 0;
    for (ptrdiff_t at = 0; at < rows->rows.size; at += rows->row_size) {
        struct draft_row *row = (struct draft_row *)(void *)(rows->rows.at + at);
        uint64_t mapped = 0;
        for (uint64_t left = row->editions; left != 0; left &= left - 1) {
            mapped |= bit_of[__builtin_ctzll(left)];
        }
        row->editions = mapped;
        if (mapped != 0) {
            memmove(rows->rows.at + end, row, (size_t)rows->row_size);
            end += rows->row_size;
        }
    }
    rows->rows.size = end;
}

/* Orders the rows and makes equal ones one. Reads like a file that is in order already cost one
 * pass. */
void resolve_order(struct image_maker *maker, enum draft_kind kind) {
    struct draft_rows *rows = &maker->draft->kinds[kind];
    ptrdiff_t size = rows->row_size;
    bool ordered = true;
    ordering.draft = maker->draft;
    ordering.kind = kind;
    ordering.payload = size - (ptrdiff_t)sizeof(struct draft_row);
    for (ptrdiff_t at = size; ordered && at < rows->rows.size; at += size) {
        ordered = row_compare(row_at(rows, at - size), row_at(rows, at)) <= 0;
    }
    if (!ordered) {
        qsort(rows->rows.at, (size_t)(rows->rows.size / size), (size_t)size, row_compare);
    }
    ptrdiff_t end = 0;
    for (ptrdiff_t at = 0; at < rows->rows.size; at += size) {
        char *last = rows->rows.at + end - size;
        if (end > 0 && row_compare(last, rows->rows.at + at) == 0) {
            ((struct draft_row *)(void *)last)->editions |= row_at(rows, at)->editions;
        } else {
            memmove(rows->rows.at + end, rows->rows.at + at, (size_t)size);
            end += size;
        }
    }
    rows->rows.size = end;
}

/* Pairs may give two rationales for the same row; what else a row says must be one thing. */
static bool payload_same(enum draft_kind kind, const struct draft_row *a,
                         const struct draft_row *b) {
    const struct draft_fact *x = draft_payload(a), *y = draft_payload(b);
    return (kind == DRAFT_PAIR || kind == DRAFT_HOSPITAL) && x->value == y->value;
}

/* Two rows that say different things of one key, edition and window would leave it to chance. */
static void row_unique(struct image_maker *maker, enum draft_kind kind, const struct draft_row *a,
                       const struct draft_row *b) {
    bool same = a->key == b->key && a->key2 == b->key2 && a->from == b->from && a->to == b->to &&
                !payload_same(kind, a, b);
    if (same && (a->editions & b->editions) != 0 && kind < DRAFT_SHEETS && !maker->build.failed) {
        char one[9], two[9];
        code_text((struct code){a->key}, one);
        code_text((struct code){a->key2 == DRAFT_CONTRACTOR ? 0 : a->key2}, two);
        maker->build.failed = true;
        diag_set(maker->build.diag, "import_duplicate",
                 "%s: one edition says two things of %s %s in the same window",
                 store_table_name(draft_table(kind)).at, one, two);
    }
}

void resolve_kind(struct image_maker *maker, enum draft_kind kind, resolved_write *write,
                  void *context) {
    maker->context = context;
    struct draft_rows *rows = &maker->draft->kinds[kind];
    enum store_table table = draft_table(kind);
    bool pairs = kind == DRAFT_PAIR || kind == DRAFT_HOSPITAL;
    struct group group = {.editions = editions_of(maker, table), .write = write};
    group.proofs_max = pairs ? IMAGE_PAIR_PROOFS_MAX : IMAGE_PROOFS_MAX;
    resolve_order(maker, kind);
    const struct draft_row *before = NULL;
    for (ptrdiff_t at = 0, next; at < rows->rows.size && !maker->build.failed; at = next) {
        const struct draft_row *first = row_at(rows, at);
        group.speakers = group.editions.whole;
        for (next = at; next < rows->rows.size; next += rows->row_size) {
            const struct draft_row *row = row_at(rows, next);
            if (row->key != first->key || row->key2 != first->key2) {
                break;
            }
            group.speakers |= row->editions;
            if (before) {
                row_unique(maker, kind, before, row);
            }
            before = row;
        }
        for (ptrdiff_t of = at; of < next; of += rows->row_size) {
            group_row(&group, row_at(rows, of));
        }
        group_write(&group);
    }
    buffer_close(&group.pending);
    buffer_close(&group.out);
}

int resolve_full(struct image_maker *maker, enum store_table table, uint16_t *proofs, int max) {
    struct group group = {.editions = editions_of(maker, table)};
    int count = 0;
    group.speakers = group.editions.whole;
    for (int bit = 0; bit < group.editions.count; bit++) {
        if ((group.editions.whole >> bit & 1) != 0) {
            const struct image_release *head = edition_at(&group.editions, bit);
            struct draft_row row = {.from = head->from, .to = head->to};
            edition_resolve(&group, &row, bit);
        }
    }
    const struct pending *pending = (const void *)group.pending.at;
    for (ptrdiff_t i = 0; i < group.pending.size / (ptrdiff_t)sizeof *pending && count < max; i++) {
        proofs[count++] = build_proof(&maker->build, &pending[i].proof, IMAGE_PROOFS_MAX);
    }
    buffer_close(&group.pending);
    return count;
}
