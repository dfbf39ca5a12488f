/* From the claims of a patient to the services that count. */
#include <stdlib.h>

#include "history/answer.h"

#define INSERTION_MAX 64 /* more than this are sorted by qsort */

struct told {
    int32_t day;
    uint64_t code;
    int service; /* place among the services */
    int claim;   /* which claim told of it */
    int equal;   /* rows of the same claim before it that say the same */
    bool row;    /* of a history list */
    bool dropped;
};

static bool services_reserve(struct answer *answer, int count) {
    if (count < answer->capacity) {
        return true;
    }
    int capacity = count * 2 + 16; /* there is always a place to begin at */
    struct claim_service *grown = memory_grow(answer->services, 0, /* made anew: kept is nothing */
                                              (ptrdiff_t)sizeof *grown * capacity);
    if (!grown) {
        return false;
    }
    answer->services = grown;
    answer->capacity = capacity;
    return true;
}

/* ---- order ------------------------------------------------------------------------------- */

struct place {
    int32_t day;
    int at;
};

static int place_compare(const void *a, const void *b) {
    const struct place *x = a, *y = b;
    return x->day != y->day ? (x->day < y->day ? -1 : 1) : (x->at > y->at) - (x->at < y->at);
}

static void insertion_sort(struct claim_service *services, int count) {
    for (int i = 1; i < count; i++) {
        struct claim_service moving = services[i];
        int to = i;
        for (; to > 0 && services[to - 1].on.day > moving.on.day; to--) {
            services[to] = services[to - 1];
        }
        services[to] = moving;
    }
}

/* The order comes first, then the services in it, in `spare`, which changes places. */
static bool long_sort(struct answer *answer) {
    int count = answer->count;
    ptrdiff_t size = (ptrdiff_t)sizeof(struct claim_service) * count;
    struct place *places = memory_grow(NULL, 0, (ptrdiff_t)sizeof *places * count);
    struct claim_service *spare = places ? memory_grow(answer->spare, 0, size) : NULL;
    if (!spare) {
        memory_free(places);
        return false;
    }
    for (int i = 0; i < count; i++) {
        places[i] = (struct place){answer->services[i].on.day, i};
    }
    qsort(places, (size_t)count, sizeof *places, place_compare);
    for (int i = 0; i < count; i++) {
        spare[i] = answer->services[places[i].at];
    }
    memory_free(places);
    answer->spare = answer->services;
    answer->services = spare;
    answer->capacity = count;
    return true;
}

/* By day; within a day the order stays. */
static bool sort_by_day(struct answer *answer) {
    const struct claim_service *services = answer->services;
    bool sorted = true;
    for (int i = 1; i < answer->count && sorted; i++) {
        sorted = services[i - 1].on.day <= services[i].on.day;
    }
    if (sorted) {
        return true;
    }
    if (answer->count > INSERTION_MAX) {
        return long_sort(answer);
    }
    insertion_sort(answer->services, answer->count);
    return true;
}

/* ---- the short way ----------------------------------------------------------------------- */

bool answer_plain(struct answer *answer, const char *group) {
    int count = (int)record_u32(group + 20);
    const char *at = group + GROUP_HEAD;
    const char *end = at + record_u32(group + 24);
    if (!services_reserve(answer, count)) {
        return false;
    }
    answer->count = 0;
    while (at < end) {
        struct view body = {at + GROUP_CLAIM, record_u32(at)};
        record_unpack(body, answer->services + answer->count);
        answer->count += record_u16(body.at + 4);
        at += GROUP_CLAIM + body.size;
    }
    return sort_by_day(answer);
}

/* ---- rows of history lists --------------------------------------------------------------- */

static int told_compare(const void *a, const void *b) {
    const struct told *x = a, *y = b;
    if (x->day != y->day) {
        return x->day < y->day ? -1 : 1;
    }
    if (x->code != y->code) {
        return x->code < y->code ? -1 : 1;
    }
    return x->row != y->row ? (int)x->row - (int)y->row
                            : (x->service > y->service) - (x->service < y->service);
}

/* The same place or time may be said of both. */
static bool tells_of(const struct claim_service *row, const struct claim_service *line) {
    bool side = row->side == line->side || row->side == 0 || line->side == 0 || row->side == 'B' ||
                line->side == 'B';
    bool provider = row->provider == line->provider || row->provider == 0 || line->provider == 0;
    return side && provider;
}

static void quantity_fill(struct quantity *to, struct quantity from) {
    *to = quantity_given(*to) ? *to : from;
}

static void service_fill(struct claim_service *to, const struct claim_service *from) {
    quantity_fill(&to->units, from->units);
    quantity_fill(&to->relief_percent, from->relief_percent);
    quantity_fill(&to->relief_hours, from->relief_hours);
    quantity_fill(&to->relief_weeks, from->relief_weeks);
    quantity_fill(&to->relief_months, from->relief_months);
    to->provider = to->provider ? to->provider : from->provider;
    to->kind = to->kind != KIND_UNKNOWN ? to->kind : from->kind;
    to->region = to->region != SERVICE_REGION_UNKNOWN ? to->region : from->region;
    to->side = to->side ? to->side : from->side;
    if (!to->levels_known) {
        to->levels_known = from->levels_known;
        to->levels = from->levels;
    }
    if (to->adl_improvement == TRUTH_UNKNOWN) {
        to->adl_improvement = from->adl_improvement;
    }
}

static bool facts_same(const struct claim_service *a, const struct claim_service *b) {
    return a->levels_known == b->levels_known && a->levels.joints == b->levels.joints &&
           a->levels.single == b->levels.single && a->levels.other == b->levels.other &&
           a->relief_percent.milli == b->relief_percent.milli &&
           a->relief_hours.milli == b->relief_hours.milli &&
           a->relief_weeks.milli == b->relief_weeks.milli &&
           a->relief_months.milli == b->relief_months.milli &&
           a->adl_improvement == b->adl_improvement;
}

/* Of rows with one day and code. */
static bool rows_same(const struct claim_service *a, const struct claim_service *b) {
    bool same = a->modifier_count == b->modifier_count && a->units.milli == b->units.milli &&
                a->provider == b->provider && a->kind == b->kind && a->region == b->region &&
                a->side == b->side;
    for (int i = 0; i < a->modifier_count && same; i++) {
        same = code_equal(a->modifiers[i], b->modifiers[i]);
    }
    return same && facts_same(a, b);
}

static void row_place(struct claim_service *services, struct told *run, struct told *row) {
    for (struct told *other = run; other < row && !other->row; other++) {
        if (tells_of(&services[row->service], &services[other->service])) {
            service_fill(&services[other->service], &services[row->service]);
            row->dropped = true;
        }
    }
    if (row->dropped) {
        return;
    }
    for (const struct told *other = run; other < row; other++) {
        row->equal += other->row && other->claim == row->claim &&
                      rows_same(&services[other->service], &services[row->service]);
    }
    for (const struct told *other = run; other < row && !row->dropped; other++) {
        row->dropped = other->row && other->claim != row->claim && other->equal == row->equal &&
                       rows_same(&services[other->service], &services[row->service]);
    }
}

/* ---- the long way ------------------------------------------------------------------------ */

static int records_compare(const void *a, const void *b) { return record_compare(a, b); }

/* Leaves the claims that count, each once, in their order. Returns the number of services. */
static int gathered_reduce(struct gathered *gathered) {
    int kept = 0, services = 0;
    for (int i = 0; i < gathered->count; i++) {
        if (!gathered->hidden[i]) {
            gathered->records[kept++] = gathered->records[i];
        }
    }
    if (kept > 0) {
        qsort(gathered->records, (size_t)kept, sizeof *gathered->records, records_compare);
    }
    gathered->count = 0;
    for (int i = 0; i < kept; i++) {
        const struct record *record = &gathered->records[i];
        int last = gathered->count - 1;
        if (last >= 0 && view_equal(gathered->records[last].body, record->body)) {
            continue;
        }
        struct record_summary summary = record_summary(record->body);
        services += summary.lines + summary.rows;
        gathered->records[gathered->count++] = *record;
    }
    return services;
}

static bool told_reserve(struct answer *answer, int count) {
    if (count < answer->told_capacity) {
        return true;
    }
    int capacity = count * 2 + 16;
    struct told *grown = memory_grow(answer->told, 0, (ptrdiff_t)sizeof *grown * capacity);
    if (!grown) {
        return false;
    }
    answer->told = grown;
    answer->told_capacity = capacity;
    return true;
}

static void unpack_all(struct answer *answer, const struct gathered *gathered) {
    answer->count = 0;
    for (int i = 0; i < gathered->count; i++) {
        struct record_summary summary = record_summary(gathered->records[i].body);
        record_unpack(gathered->records[i].body, answer->services + answer->count);
        for (int k = 0; k < summary.lines + summary.rows; k++, answer->count++) {
            const struct claim_service *service = &answer->services[answer->count];
            answer->told[answer->count] = (struct told){.day = service->on.day,
                                                        .code = service->code.bits,
                                                        .service = answer->count,
                                                        .claim = i,
                                                        .row = k >= summary.lines};
        }
    }
}

/* Drops rows, by runs of one day and code. */
static void rows_place(struct answer *answer) {
    int run = 0;
    if (answer->count == 0) {
        return;
    }
    qsort(answer->told, (size_t)answer->count, sizeof *answer->told, told_compare);
    for (int i = 0; i < answer->count; i++) {
        struct told *told = &answer->told[i];
        if (told->day != answer->told[run].day || told->code != answer->told[run].code) {
            run = i;
        }
        if (told->row) {
            row_place(answer->services, &answer->told[run], told);
        }
    }
}

static void dropped_leave(struct answer *answer) {
    int kept = 0;
    for (int i = 0; i < answer->count; i++) {
        if (answer->told[i].dropped) {
            answer->services[answer->told[i].service].on = DATE_NONE;
        }
    }
    for (int i = 0; i < answer->count; i++) {
        if (date_given(answer->services[i].on)) {
            answer->services[kept++] = answer->services[i];
        }
    }
    answer->count = kept;
}

bool answer_gathered(struct answer *answer, struct gathered *gathered) {
    int services = gathered_reduce(gathered);
    if (!services_reserve(answer, services) || !told_reserve(answer, services)) {
        return false;
    }
    unpack_all(answer, gathered);
    rows_place(answer);
    dropped_leave(answer);
    return sort_by_day(answer);
}

void answer_close(struct answer *answer) {
    memory_free(answer->services);
    memory_free(answer->spare);
    memory_free(answer->told);
    *answer = (struct answer){0};
}
