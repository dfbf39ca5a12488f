/* A chart file: what the chart says of claims, as claim JSON in which all but the claim's id may be
 * missing. It is read whole, found by the id, and joined to the claims as they come. Of the facts
 * only those given are kept, because most charts hold a few of them. */
#include <string.h>

#include "claim/json_internal.h"

struct chart_fact {
    enum claim_fact_name name;
    struct claim_fact fact;
};

struct chart_line {
    int number;
    enum claim_kind kind;
    enum claim_container container;
    int minutes;
    struct quantity dose_mg;
    struct view prior_authorization;
    bool used;
};

struct chart_entry {
    struct view id;
    int64_t at; /* line of the file */
    bool used;
    bool history_known;
    bool documentation_known;
    const struct claim_service *history;
    int history_count;
    const struct chart_fact *facts;
    int fact_count;
    struct view prior_authorization;
    struct view payer_state;
    struct chart_line *lines;
    int line_count;
};

struct claim_chart {
    struct arena arena;
    struct chart_entry *entries; /* in the order of the file */
    int64_t count;
    int64_t room;
    uint32_t *slots;    /* by hash of the id: place among the entries + 1, 0 free */
    int64_t slot_count; /* power of two, at least twice the entries */
};

#define CHART_ROOM_FIRST 64
#define CHART_ENTRIES_MAX (INT64_C(1) << 30)

/* ---- entries by id ----------------------------------------------------------------------- */

/* The slot of the id, or the free one where it belongs. */
static uint32_t *slot_of(const struct claim_chart *chart, struct view id) {
    uint64_t mask = (uint64_t)chart->slot_count - 1;
    for (uint64_t at = view_hash(id, 0) & mask;; at = (at + 1) & mask) {
        uint32_t *slot = &chart->slots[at];
        if (*slot == 0 || view_equal(chart->entries[*slot - 1].id, id)) {
            return slot;
        }
    }
}

static struct chart_entry *entry_find(const struct claim_chart *chart, struct view id) {
    uint32_t slot = chart->slot_count > 0 ? *slot_of(chart, id) : 0;
    return slot > 0 ? &chart->entries[slot - 1] : NULL;
}

/* Twice the room; the slots are made anew. */
static bool chart_grow(struct claim_chart *chart) {
    int64_t room = chart->room > 0 ? chart->room * 2 : CHART_ROOM_FIRST;
    ptrdiff_t size = (ptrdiff_t)sizeof *chart->entries;
    struct chart_entry *entries =
        room <= CHART_ENTRIES_MAX
            ? memory_grow(chart->entries, (ptrdiff_t)chart->room * size, (ptrdiff_t)room * size)
            : NULL;
    if (!entries) {
        return false;
    }
    chart->entries = entries;
    chart->room = room;
    uint32_t *slots = memory_grow(NULL, 0, (ptrdiff_t)(room * 2) * (ptrdiff_t)sizeof *slots);
    if (!slots) {
        return false;
    }
    memory_free(chart->slots);
    chart->slots = slots;
    chart->slot_count = room * 2;
    for (int64_t i = 0; i < chart->count; i++) {
        *slot_of(chart, chart->entries[i].id) = (uint32_t)(i + 1);
    }
    return true;
}

/* ---- reading ----------------------------------------------------------------------------- */

static void documentation_read(struct chart_entry *entry, struct json_cursor *cursor) {
    struct claim_fact facts[CLAIM_FACTS];
    bool null;
    struct json_cursor inner = json_inner(cursor, "documentation", &null);
    entry->documentation_known = null || inner.object;
    memset(facts, 0, sizeof facts);
    json_facts_read(facts, &inner);
    json_leave(cursor, &inner);
    int count = 0;
    for (int i = 0; i < CLAIM_FACTS; i++) {
        count += facts[i].state != FACT_UNKNOWN;
    }
    struct chart_fact *kept = count > 0 ? ARENA_NEW(cursor->arena, struct chart_fact, count) : NULL;
    entry->facts = kept;
    for (int i = 0; i < CLAIM_FACTS && kept; i++) {
        if (facts[i].state != FACT_UNKNOWN) {
            kept[entry->fact_count++] = (struct chart_fact){(enum claim_fact_name)i, facts[i]};
        }
    }
}

static void line_read(struct chart_entry *entry, struct json_cursor *cursor) {
    struct claim_line line;
    claim_line_blank(&line, VIEW_NONE);
    json_line_chart_read(&line, cursor);
    int number = json_int(cursor, "line", -1, 0, 999999);
    if (number < 0) {
        json_wrong(cursor, "line", "is missing: which line of the claim is it?");
    }
    for (int i = 0; i < entry->line_count; i++) {
        if (entry->lines[i].number == number) {
            json_wrong(cursor, "line", "is there twice");
        }
    }
    entry->lines[entry->line_count++] =
        (struct chart_line){.number = number,
                            .kind = line.kind,
                            .container = line.container,
                            .minutes = line.minutes,
                            .dose_mg = line.dose_mg,
                            .prior_authorization = line.prior_authorization};
}

static void lines_read(struct chart_entry *entry, struct json_cursor *cursor) {
    struct json_object *list;
    int count = json_list(cursor, "lines", &list);
    if (count > CLAIM_LINES_MAX) {
        json_wrong(cursor, "lines", "more than 50 service lines");
        return;
    }
    entry->lines = count > 0 ? ARENA_NEW(cursor->arena, struct chart_line, count) : NULL;
    for (int i = 0; i < count && entry->lines && !cursor->failed; i++) {
        struct json_cursor inner = json_element(cursor, "lines", list, i);
        if (!cursor->failed) {
            line_read(entry, &inner);
        }
        json_leave(cursor, &inner);
    }
}

static void history_read(struct chart_entry *entry, struct json_cursor *cursor) {
    struct claim claim = {0};
    json_history_read(&claim, cursor);
    entry->history_known = claim.history_known;
    entry->history = claim.history;
    entry->history_count = claim.history_count;
}

static void payer_read(struct chart_entry *entry, struct json_cursor *cursor) {
    bool null;
    struct json_cursor payer = json_inner(cursor, "payer", &null);
    entry->payer_state = json_text(&payer, "state");
    json_leave(cursor, &payer);
}

int chart_entry_read(struct claim_chart *chart, struct json_object *object, int64_t at,
                     struct diag *diag) {
    struct json_cursor cursor = {.object = object, .arena = &chart->arena, .diag = diag};
    struct chart_entry entry = {.at = at};
    entry.id = json_claim_id(&cursor);
    entry.prior_authorization = json_text(&cursor, "prior_authorization");
    payer_read(&entry, &cursor);
    lines_read(&entry, &cursor);
    history_read(&entry, &cursor);
    documentation_read(&entry, &cursor);
    if (chart->arena.failed || (chart->count == chart->room && !chart_grow(chart))) {
        return memory_fault(diag);
    }
    if (cursor.failed) {
        return STATUS_INPUT;
    }
    const struct chart_entry *first = entry_find(chart, entry.id);
    if (first) {
        diag_set(diag, "chart_duplicate",
                 "claim_id: the claim of line %lld once more: join the two entries",
                 (long long)first->at);
        return STATUS_INPUT;
    }
    chart->entries[chart->count++] = entry;
    *slot_of(chart, entry.id) = (uint32_t)chart->count;
    return STATUS_OK;
}

static int fault_status(const struct diag *diag) {
    return strcmp(diag->code, "memory") == 0 ? STATUS_SYSTEM : STATUS_INPUT;
}

static int format_check(const struct input *input, struct diag *diag) {
    struct view head = {input->head, input->head_size};
    if (view_starts(head, VIEW("\xEF\xBB\xBF"))) {
        head = view_sub(head, 3, head.size);
    }
    head = view_trim(head);
    if (head.size == 0 && input->ended) {
        diag_set(diag, "input_empty", "the chart is empty: nothing to read");
        return STATUS_INPUT;
    }
    if (!view_starts(head, VIEW("{")) && !view_starts(head, VIEW("["))) {
        diag_set(diag, "chart_format", "a chart is JSON: an object, an array or an object a line");
        return STATUS_INPUT;
    }
    return STATUS_OK;
}

/* The first thing wrong ends it: a fact that is left out silently could turn a verdict. */
static int chart_read(struct claim_reader *reader, claim_source *source, void *context,
                      struct diag *diag) {
    int status = input_open(&reader->input, source, context, diag);
    if (status == STATUS_OK) {
        status = format_check(&reader->input, diag);
    }
    if (status == STATUS_OK) {
        status = json_claims_open(reader, diag);
    }
    if (status != STATUS_OK) {
        return status;
    }
    enum claim_got got = json_claims_next(reader);
    while (got == CLAIM_READ) {
        got = json_claims_next(reader);
    }
    if (got == CLAIM_FAULT) {
        *diag = reader->fault.diag;
        return fault_status(diag);
    }
    if (reader->filled->count == 0) {
        diag_set(diag, "no_claims", "the chart was read to its end and speaks of no claim");
        return STATUS_INPUT;
    }
    return STATUS_OK;
}

int claim_chart_open(struct claim_chart **chart, claim_source *source, void *context,
                     struct diag *diag) {
    *chart = NULL;
    struct claim_reader *reader = memory_grow(NULL, 0, (ptrdiff_t)sizeof *reader);
    struct claim_chart *opened = memory_grow(NULL, 0, (ptrdiff_t)sizeof *opened);
    int status = STATUS_SYSTEM;
    if (reader && opened) {
        reader->filled = opened;
        status = chart_read(reader, source, context, diag);
        json_claims_close(reader);
        input_close(&reader->input);
        arena_close(&reader->arena);
    } else {
        (void)memory_fault(diag);
    }
    memory_free(reader);
    if (status != STATUS_OK) {
        claim_chart_close(opened);
        return status;
    }
    *chart = opened;
    return STATUS_OK;
}

void claim_chart_close(struct claim_chart *chart) {
    if (!chart) {
        return;
    }
    memory_free(chart->entries);
    memory_free(chart->slots);
    arena_close(&chart->arena);
    memory_free(chart);
}

/* ---- joining ----------------------------------------------------------------------------- */

/* A number on the claim stands; without one the chart's is taken, or its word that there is none.
 */
static void text_fill(struct view *text, struct view chart) {
    if (text->size <= 0 && chart.at && (chart.size > 0 || !text->at)) {
        *text = chart;
    }
}

static void line_fill(struct claim_line *line, const struct chart_line *chart) {
    if (line->kind == KIND_UNKNOWN) {
        line->kind = chart->kind;
    }
    if (line->container == CONTAINER_UNKNOWN) {
        line->container = chart->container;
    }
    if (line->minutes < 0) {
        line->minutes = chart->minutes;
    }
    if (!quantity_given(line->dose_mg)) {
        line->dose_mg = chart->dose_mg;
    }
    text_fill(&line->prior_authorization, chart->prior_authorization);
}

static void lines_fill(struct claim *claim, struct chart_entry *entry) {
    for (int i = 0; i < entry->line_count; i++) {
        struct chart_line *chart = &entry->lines[i];
        for (int k = 0; k < claim->line_count; k++) {
            if (claim->lines[k].number == chart->number) {
                line_fill(&claim->lines[k], chart);
                chart->used = true;
            }
        }
    }
}

static void facts_fill(struct claim *claim, const struct chart_entry *entry, struct arena *arena) {
    claim->documentation_known |= entry->documentation_known;
    struct claim_fact *facts =
        entry->fact_count > 0 ? ARENA_NEW(arena, struct claim_fact, CLAIM_FACTS) : NULL;
    if (!facts) {
        return;
    }
    if (claim->facts) {
        memcpy(facts, claim->facts, CLAIM_FACTS * sizeof *facts);
    }
    for (int i = 0; i < entry->fact_count; i++) {
        facts[entry->facts[i].name] = entry->facts[i].fact;
    }
    claim->facts = facts;
}

void claim_chart_apply(struct claim_chart *chart, struct claim *claim, struct arena *arena) {
    struct chart_entry *entry = entry_find(chart, claim->id);
    if (!entry) {
        return;
    }
    entry->used = true;
    text_fill(&claim->prior_authorization, entry->prior_authorization);
    text_fill(&claim->payer_state, entry->payer_state);
    if (!claim->history_known && entry->history_known) {
        claim->history_known = true;
        claim->history = entry->history;
        claim->history_count = entry->history_count;
    }
    lines_fill(claim, entry);
    facts_fill(claim, entry, arena);
}

void claim_chart_rest(const struct claim_chart *chart, struct claim_chart_rest *rest) {
    *rest = (struct claim_chart_rest){0};
    for (int64_t i = 0; i < chart->count; i++) {
        const struct chart_entry *entry = &chart->entries[i];
        if (!entry->used && rest->entries++ < CLAIM_CHART_NAMES) {
            rest->ids[rest->entries - 1] = entry->id;
        }
        for (int k = 0; k < entry->line_count && entry->used; k++) {
            if (!entry->lines[k].used && rest->lines++ < CLAIM_CHART_NAMES) {
                rest->line_ids[rest->lines - 1] = entry->id;
                rest->line_numbers[rest->lines - 1] = entry->lines[k].number;
            }
        }
    }
}
