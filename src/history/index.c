/* Claims in memory: the table of patients, the base, the overlay. */
#include <stdlib.h>

#include "history/index.h"
#include "os/os.h"

#define SLOTS_MIN 64

/* ---- slots ------------------------------------------------------------------------------- */

const struct slot *slots_find(const struct slots *slots, uint64_t tag) {
    if (slots->capacity == 0) {
        return NULL;
    }
    uint64_t mask = (uint64_t)slots->capacity - 1;
    for (uint64_t i = tag & mask;; i = (i + 1) & mask) {
        const struct slot *slot = &slots->at[i];
        if (slot->tag == tag) {
            return slot;
        }
        if (slot->tag == 0) {
            return NULL;
        }
    }
}

static struct slot *slots_free(const struct slots *slots, uint64_t tag) {
    uint64_t mask = (uint64_t)slots->capacity - 1;
    uint64_t i = tag & mask;
    while (slots->at[i].tag != 0) {
        i = (i + 1) & mask;
    }
    return &slots->at[i];
}

static bool slots_grow(struct slots *slots) {
    struct slots grown = {.capacity = slots->capacity ? slots->capacity * 2 : SLOTS_MIN,
                          .used = slots->used};
    ptrdiff_t size = (ptrdiff_t)sizeof(struct slot) * grown.capacity;
    grown.at = memory_grow(NULL, 0, size);
    if (!grown.at) {
        return false;
    }
    os_memory_whole(grown.at, size);
    for (int64_t i = 0; i < slots->capacity; i++) {
        if (slots->at[i].tag != 0) {
            *slots_free(&grown, slots->at[i].tag) = slots->at[i];
        }
    }
    memory_free(slots->at);
    *slots = grown;
    return true;
}

struct slot *slots_put(struct slots *slots, uint64_t tag) {
    const struct slot *there = slots_find(slots, tag);
    if (there) {
        return slots->at + (there - slots->at);
    }
    if (slots->used * 3 >= slots->capacity * 2 && !slots_grow(slots)) {
        return NULL;
    }
    struct slot *slot = slots_free(slots, tag);
    *slot = (struct slot){.tag = tag};
    slots->used++;
    return slot;
}

void slots_close(struct slots *slots) {
    memory_free(slots->at);
    *slots = (struct slots){0};
}

/* ---- base -------------------------------------------------------------------------------- */

static ptrdiff_t record_size(const char *record) {
    return RECORD_HEAD + (ptrdiff_t)record_u32(record);
}

static uint64_t record_tag(const char *record) {
    return patient_tag(record_u64(record + 8), record_u64(record + 16));
}

/* Values become the bytes that each patient's claims take. */
static bool base_measure(struct base *base, struct view records) {
    for (ptrdiff_t at = 0; at < records.size; at += record_size(records.at + at)) {
        struct slot *slot = slots_put(&base->groups, record_tag(records.at + at));
        if (!slot) {
            return false;
        }
        slot->value += GROUP_CLAIM + (int64_t)record_u32(records.at + at);
        base->claims++;
    }
    return true;
}

/* Values become places; the memory for all is taken. */
static bool base_place(struct base *base) {
    int64_t size = 0;
    for (int64_t i = 0; i < base->groups.capacity; i++) {
        struct slot *slot = &base->groups.at[i];
        if (slot->tag != 0) {
            int64_t bytes = slot->value;
            slot->value = size;
            size += GROUP_HEAD + bytes;
        }
    }
    base->size = size;
    base->bytes = size > 0 ? memory_grow(NULL, 0, (ptrdiff_t)size) : NULL;
    os_memory_whole(base->bytes, (ptrdiff_t)size);
    return base->bytes || size == 0;
}

static void group_count(char *group, uint32_t services, uint32_t bytes) {
    uint32_t counts[3];
    memcpy(counts, group + 16, sizeof counts);
    counts[0]++;
    counts[1] += services;
    counts[2] += bytes;
    memcpy(group + 16, counts, sizeof counts);
}

static void base_fill(struct base *base, struct view records) {
    for (ptrdiff_t at = 0; at < records.size; at += record_size(records.at + at)) {
        const char *record = records.at + at;
        char *group = base->bytes + slots_find(&base->groups, record_tag(record))->value;
        uint32_t size = record_u32(record);
        char *to = group + GROUP_HEAD + record_u32(group + 24);
        struct record_summary summary = record_summary((struct view){record + RECORD_HEAD, size});
        memcpy(group, record + 8, 16);
        memcpy(to, record, GROUP_CLAIM);
        memcpy(to + GROUP_CLAIM, record + RECORD_HEAD, size);
        group_count(group, (uint32_t)(summary.lines + summary.rows), GROUP_CLAIM + size);
    }
}

int record_compare(const struct record *a, const struct record *b) {
    int32_t days[2] = {record_day(a->body), record_day(b->body)};
    return days[0] != days[1] ? (days[0] < days[1] ? -1 : 1) : view_compare(a->body, b->body);
}

static int records_compare(const void *a, const void *b) { return record_compare(a, b); }

/* Puts the claims of a group that can be plain into their order; `scratch` takes its bytes. */
static void group_sort(char *group, struct gathered *claims, char *scratch) {
    bool sorted = true, plain = true;
    for (int i = 0; i < claims->count && plain; i++) {
        struct record_summary summary = record_summary(claims->records[i].body);
        plain = summary.kind == RECORD_ORIGINAL && summary.rows == 0;
        sorted =
            sorted && (i == 0 || record_compare(&claims->records[i - 1], &claims->records[i]) < 0);
    }
    if (plain && !sorted) {
        qsort(claims->records, (size_t)claims->count, sizeof *claims->records, records_compare);
        char *to = scratch;
        for (int i = 0; i < claims->count; i++) {
            const struct record *record = &claims->records[i];
            memcpy(to, record->body.at - GROUP_CLAIM, GROUP_CLAIM + (size_t)record->body.size);
            to += GROUP_CLAIM + record->body.size;
            plain = plain && (i == 0 || record_compare(record - 1, record) < 0);
        }
        memcpy(group + GROUP_HEAD, scratch, record_u32(group + 24));
    }
    uint32_t flags = plain ? GROUP_PLAIN : 0;
    memcpy(group + 28, &flags, sizeof flags);
}

static bool gathered_grow(struct gathered *gathered) {
    int capacity = gathered->capacity ? gathered->capacity * 2 : 64;
    struct record *records =
        memory_grow(gathered->records, (ptrdiff_t)sizeof *records * gathered->capacity,
                    (ptrdiff_t)sizeof *records * capacity);
    gathered->records = records ? records : gathered->records;
    bool *hidden = records ? memory_grow(gathered->hidden, gathered->capacity, capacity) : NULL;
    if (!hidden) {
        return false;
    }
    gathered->hidden = hidden;
    gathered->capacity = capacity;
    return true;
}

static bool gathered_push(struct gathered *gathered, struct record record) {
    if (gathered->count == gathered->capacity && !gathered_grow(gathered)) {
        return false;
    }
    gathered->hidden[gathered->count] = false;
    gathered->records[gathered->count++] = record;
    return true;
}

static bool gather_group(struct gathered *gathered, const char *group) {
    const char *at = group + GROUP_HEAD;
    const char *end = at + record_u32(group + 24);
    while (at < end) {
        struct record record = {record_i32(at + 4), {at + GROUP_CLAIM, record_u32(at)}};
        if (!gathered_push(gathered, record)) {
            return false;
        }
        at += GROUP_CLAIM + record.body.size;
    }
    return true;
}

static bool base_sort(struct base *base) {
    struct gathered claims = {0};
    char *scratch = NULL;
    ptrdiff_t capacity = 0;
    bool fine = true;
    for (int64_t at = 0; at < base->size && fine;) {
        char *group = base->bytes + at;
        ptrdiff_t size = (ptrdiff_t)record_u32(group + 24);
        if (size > capacity) {
            char *grown = memory_grow(scratch, capacity, size * 2);
            fine = grown != NULL;
            scratch = grown ? grown : scratch;
            capacity = grown ? size * 2 : capacity;
        }
        claims.count = 0;
        fine = fine && gather_group(&claims, group);
        if (fine) {
            group_sort(group, &claims, scratch);
        }
        at += GROUP_HEAD + size;
    }
    memory_free(scratch);
    gathered_close(&claims);
    return fine;
}

bool base_build(struct base *base, struct view records) {
    *base = (struct base){0};
    if (!base_measure(base, records) || !base_place(base)) {
        base_close(base);
        return false;
    }
    base_fill(base, records);
    if (!base_sort(base)) {
        base_close(base);
        return false;
    }
    return true;
}

const char *base_group(const struct base *base, uint64_t payer, uint64_t patient) {
    const struct slot *slot = slots_find(&base->groups, patient_tag(payer, patient));
    return slot ? base->bytes + slot->value : NULL;
}

void base_close(struct base *base) {
    slots_close(&base->groups);
    memory_free(base->bytes);
    *base = (struct base){0};
}

/* ---- overlay ----------------------------------------------------------------------------- */

void overlay_open(struct overlay *overlay) {
    *overlay = (struct overlay){0};
    out_open(&overlay->records, NULL, NULL);
}

bool overlay_add(struct overlay *overlay, int64_t at) {
    if (overlay->count == overlay->capacity) {
        int64_t capacity = overlay->capacity ? overlay->capacity * 2 : 256;
        struct overlay_record *list =
            memory_grow(overlay->list, (ptrdiff_t)sizeof *list * overlay->capacity,
                        (ptrdiff_t)sizeof *list * capacity);
        if (!list) {
            return false;
        }
        overlay->list = list;
        overlay->capacity = capacity;
    }
    uint64_t tag = record_tag(overlay->records.at + at);
    bool first = slots_find(&overlay->last, tag) == NULL;
    struct slot *slot = slots_put(&overlay->last, tag);
    if (!slot) {
        return false;
    }
    overlay->list[overlay->count] =
        (struct overlay_record){.at = at, .before = first ? -1 : slot->value};
    slot->value = overlay->count++;
    return true;
}

void overlay_close(struct overlay *overlay) {
    slots_close(&overlay->last);
    memory_free(overlay->list);
    out_close(&overlay->records);
    *overlay = (struct overlay){0};
}

/* ---- the claims of a patient --------------------------------------------------------------- */

/* A replacement or void names what it replaces by the claim's own id or by the payer's reference,
 * which a practice may fill with either. */
static bool record_names(const struct record_summary *a, const struct record_summary *b) {
    if (a->kind == RECORD_ORIGINAL) {
        return false;
    }
    return (a->id != 0 && a->id == b->id) ||
           (a->reference != 0 && (a->reference == b->id || a->reference == b->reference));
}

/* A claim that is received after the one that replaces or voids it is a new one with an old id. */
bool record_hides(const struct record *a, const struct record *b, bool later) {
    struct record_summary mine = record_summary(a->body), other = record_summary(b->body);
    if (!record_names(&mine, &other)) {
        return false;
    }
    bool dated = a->received != INT32_MIN && b->received != INT32_MIN;
    if (dated && a->received != b->received) {
        return a->received > b->received;
    }
    return other.kind == RECORD_ORIGINAL || later;
}

static void hide(struct gathered *gathered) {
    for (int i = 0; i < gathered->count; i++) {
        if (gathered->records[i].body.at[0] == RECORD_ORIGINAL) {
            continue;
        }
        for (int k = 0; k < gathered->count; k++) {
            gathered->hidden[k] |=
                k != i && record_hides(&gathered->records[i], &gathered->records[k], i > k);
        }
    }
}

/* The chain leads from the last to the first. */
static bool gather_overlay(struct gathered *gathered, const struct overlay *overlay, uint64_t tag) {
    const struct slot *slot = slots_find(&overlay->last, tag);
    int first = gathered->count;
    for (int64_t i = slot ? slot->value : -1; i >= 0; i = overlay->list[i].before) {
        const char *at = overlay->records.at + overlay->list[i].at;
        struct record record = {record_i32(at + 4), {at + RECORD_HEAD, record_u32(at)}};
        if (!gathered_push(gathered, record)) {
            return false;
        }
    }
    for (int i = first, k = gathered->count - 1; i < k; i++, k--) {
        struct record swapped = gathered->records[i];
        gathered->records[i] = gathered->records[k];
        gathered->records[k] = swapped;
    }
    return true;
}

bool gather(struct gathered *gathered, const struct base *base, const struct overlay *overlay,
            uint64_t payer, uint64_t patient) {
    const char *group = base_group(base, payer, patient);
    gathered->count = 0;
    if ((group && !gather_group(gathered, group)) ||
        !gather_overlay(gathered, overlay, patient_tag(payer, patient))) {
        return false;
    }
    hide(gathered);
    return true;
}

void gathered_close(struct gathered *gathered) {
    memory_free(gathered->records);
    memory_free(gathered->hidden);
    *gathered = (struct gathered){0};
}
