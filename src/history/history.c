/* The handle: opens, adds, commits, answers. */
#include <stdio.h>

#include "history/answer.h"
#include "history/backend.h"
#include "history/history.h"
#include "history/index.h"
#include "os/os.h"

#define WAIT_MS 10000
#define SEGMENT_BYTES (1 << 20)       /* of a full segment; a longer record is one alone */
#define SEGMENT_MERGE_BYTES (1 << 18) /* the last one grows up to this instead of a new one */
/* A patient's claims lie together: all of them are asked for at once, not one after the other. */
#define FETCH_AHEAD 1024 /* bytes asked for when it is not known yet how many there are */
#define FETCH_MOST 4096

struct history {
    const struct backend_calls *calls;
    struct backend *backend;
    struct backend_state state; /* what `base` and `overlay` were made from */
    struct base base;
    struct overlay overlay;
    ptrdiff_t committed; /* bytes of the overlay's records that are kept */
    int64_t last_bytes;  /* of the last segment */
    bool write;
    bool begun; /* a transaction for writing is open */
    struct out packing;
    struct gathered gathered;
    struct answer answer;
};

static SELDOM int out_of_memory(struct diag *diag) {
    diag_set(diag, "memory", "memory was refused: close other programs");
    return STATUS_SYSTEM;
}

/* ---- reading ----------------------------------------------------------------------------- */

struct loading {
    struct out records;
    int64_t segments;
    int64_t last_bytes;
};

static int segment_take(void *context, int64_t number, uint64_t hash, struct view bytes,
                        struct diag *diag) {
    struct loading *loading = context;
    if (number != loading->segments + 1 || view_hash(bytes, 0) != hash) {
        diag_set(diag, "history_damaged", "is damaged: segment %lld is not as it was written",
                 (long long)loading->segments + 1);
        return STATUS_INPUT;
    }
    for (ptrdiff_t at = 0; at < bytes.size;) {
        ptrdiff_t size = record_check(view_sub(bytes, at, bytes.size));
        if (size == 0) {
            diag_set(diag, "history_damaged", "is damaged: segment %lld holds a claim that is none",
                     (long long)number);
            return STATUS_INPUT;
        }
        at += size;
    }
    out_view(&loading->records, bytes);
    loading->segments = number;
    loading->last_bytes = bytes.size;
    return loading->records.failed ? out_of_memory(diag) : STATUS_OK;
}

static int segments_read(struct history *history, struct loading *loading,
                         const struct backend_state *state, struct diag *diag) {
    int status = history->calls->read(history->backend, 1, segment_take, loading, diag);
    if (status != STATUS_OK) {
        return status;
    }
    if (loading->segments != state->segments || loading->records.size != state->bytes) {
        diag_set(diag, "history_damaged", "is damaged: %lld of %lld segments are there",
                 (long long)loading->segments, (long long)state->segments);
        return STATUS_INPUT;
    }
    return STATUS_OK;
}

/* Within a transaction. */
static int load(struct history *history, const struct backend_state *state, struct diag *diag) {
    struct loading loading = {0};
    struct base base;
    out_open(&loading.records, NULL, NULL);
    if (out_reserve(&loading.records, (ptrdiff_t)state->bytes)) {
        os_memory_whole(loading.records.at, loading.records.capacity);
    }
    loading.records.failed = false; /* the number may be damaged: the reading will tell */
    int status = segments_read(history, &loading, state, diag);
    if (status == STATUS_OK && !base_build(&base, out_bytes(&loading.records))) {
        status = out_of_memory(diag);
    }
    out_close(&loading.records);
    if (status != STATUS_OK) {
        return status;
    }
    base_close(&history->base);
    overlay_close(&history->overlay);
    overlay_open(&history->overlay);
    history->base = base;
    history->state = *state;
    history->committed = 0;
    history->last_bytes = loading.last_bytes;
    return STATUS_OK;
}

/* ---- open and close ---------------------------------------------------------------------- */

static bool is_url(struct view where) {
    return view_starts(where, VIEW("postgresql://")) || view_starts(where, VIEW("postgres://"));
}

const char *history_name(const char *where, char name[HISTORY_NAME_MAX]) {
    struct view text = view_of(where);
    if (is_url(text)) {
        struct view rest = view_sub(text, view_find(text, ':') + 3, text.size);
        rest = view_cut(&rest, '?');
        struct view host = rest;
        struct view user = view_cut(&host, '@');
        while (host.at && view_find(host, '@') >= 0) { /* of a password that was not encoded */
            (void)view_cut(&host, '@');
        }
        text = host.at ? host : user;
    }
    snprintf(name, HISTORY_NAME_MAX, "%s%.*s", is_url(view_of(where)) ? "postgresql://" : "",
             text.size < HISTORY_NAME_MAX - 20 ? (int)text.size : HISTORY_NAME_MAX - 20, text.at);
    return name;
}

static const struct backend_calls *calls_for(const char *where, struct diag *diag) {
    if (!is_url(view_of(where))) {
        return &backend_sqlite;
    }
#ifdef HISTORY_POSTGRES
    (void)diag;
    return &backend_postgres;
#else
    diag_set(diag, "history_without_postgres",
             "this program was built without libpq: name a file, or build it with libpq-dev");
    return NULL;
#endif
}

static int first_load(struct history *history, struct diag *diag) {
    struct backend_state state = {0};
    int status = history->calls->begin(history->backend, false, &state, diag);
    if (status == STATUS_OK && state.generation > 0) {
        status = load(history, &state, diag);
    }
    history->calls->rollback(history->backend);
    return status;
}

int history_open(struct history **history, const char *where, const struct history_options *options,
                 struct diag *diag) {
    *history = NULL;
    const struct backend_calls *calls = calls_for(where, diag);
    if (!calls) {
        return STATUS_INPUT;
    }
    struct history *opened = memory_grow(NULL, 0, (ptrdiff_t)sizeof *opened);
    if (!opened) {
        return out_of_memory(diag);
    }
    int wait_ms = options && options->wait_ms > 0 ? options->wait_ms : WAIT_MS;
    opened->calls = calls;
    opened->write = options && options->write;
    overlay_open(&opened->overlay);
    out_open(&opened->packing, NULL, NULL);
    int status = calls->open(&opened->backend, where, opened->write, wait_ms, diag);
    if (status == STATUS_OK) {
        status = first_load(opened, diag);
    }
    if (status != STATUS_OK) {
        history_close(opened);
        return status;
    }
    *history = opened;
    return STATUS_OK;
}

void history_close(struct history *history) {
    if (!history) {
        return;
    }
    if (history->backend) {
        history->calls->rollback(history->backend);
        history->calls->close(history->backend);
    }
    base_close(&history->base);
    overlay_close(&history->overlay);
    out_close(&history->packing);
    gathered_close(&history->gathered);
    answer_close(&history->answer);
    memory_free(history);
}

/* ---- adding ------------------------------------------------------------------------------ */

/* Another program may have added claims since we looked. */
static int begin(struct history *history, struct diag *diag) {
    struct backend_state state = {0};
    if (history->begun) {
        return STATUS_OK;
    }
    int status = history->calls->begin(history->backend, true, &state, diag);
    if (status == STATUS_OK && state.generation != history->state.generation) {
        status = load(history, &state, diag);
    }
    if (status != STATUS_OK) {
        history->calls->rollback(history->backend);
        return status;
    }
    history->begun = true;
    return STATUS_OK;
}

/* The claim is there as it is, and counts; or it was taken away again, and comes from the same day
 * as then, so that it is not a new one with an old id. */
static bool is_known(const struct gathered *gathered, const struct record *record) {
    for (int i = 0; i < gathered->count; i++) {
        const struct record *other = &gathered->records[i];
        if (view_equal(other->body, record->body) &&
            (!gathered->hidden[i] || other->received == record->received)) {
            return true;
        }
    }
    return false;
}

static enum history_outcome outcome_of(const struct gathered *gathered, const struct record *record,
                                       int *removed) {
    enum record_kind kind = record_summary(record->body).kind;
    bool superseded = false;
    for (int i = 0; i < gathered->count; i++) {
        superseded |= record_hides(&gathered->records[i], record, false);
        *removed += !gathered->hidden[i] && record_hides(record, &gathered->records[i], true);
    }
    return superseded                                   ? HISTORY_SUPERSEDED
           : kind == RECORD_VOID                        ? HISTORY_VOIDED
           : kind == RECORD_REPLACEMENT && *removed > 0 ? HISTORY_REPLACED
                                                        : HISTORY_ADDED;
}

static int append(struct history *history, struct diag *diag) {
    struct out *records = &history->overlay.records;
    ptrdiff_t at = records->size;
    out_view(records, out_bytes(&history->packing));
    bool fine = !records->failed && overlay_add(&history->overlay, at);
    records->failed = false; /* what it holds is whole */
    if (!fine) {
        records->size = at;
        return out_of_memory(diag);
    }
    return STATUS_OK;
}

static int add(struct history *history, const struct claim *claim, struct history_added *added,
               struct diag *diag) {
    struct out *packing = &history->packing;
    struct gathered *gathered = &history->gathered;
    out_clear(packing);
    record_pack(packing, claim, &added->services, &added->left_out);
    if (packing->failed || !gather(gathered, &history->base, &history->overlay,
                                   claim_payer_key(claim), claim->patient_key)) {
        packing->failed = false;
        return out_of_memory(diag);
    }
    struct view body = view_sub(out_bytes(packing), RECORD_HEAD, packing->size);
    struct record record = {record_i32(packing->at + 4), body};
    if (is_known(gathered, &record)) {
        *added = (struct history_added){.outcome = HISTORY_KNOWN, .left_out = added->left_out};
        return STATUS_OK;
    }
    added->outcome = outcome_of(gathered, &record, &added->removed);
    return append(history, diag);
}

int history_add(struct history *history, const struct claim *claim, struct history_added *added,
                struct diag *diag) {
    *added = (struct history_added){0};
    if (!history->write) {
        diag_set(diag, "history_read_only", "the history was opened to be read only");
        return STATUS_USAGE;
    }
    if (claim->patient_key == 0) {
        added->outcome = HISTORY_NO_PATIENT;
        return STATUS_OK;
    }
    int status = begin(history, diag);
    return status == STATUS_OK ? add(history, claim, added, diag) : status;
}

/* ---- committing -------------------------------------------------------------------------- */

/* Whole records from the front, as many as a segment takes. */
static struct view segment_cut(struct view records) {
    ptrdiff_t size = 0;
    while (size < records.size) {
        ptrdiff_t next = RECORD_HEAD + (ptrdiff_t)record_u32(records.at + size);
        if (size > 0 && size + next > SEGMENT_BYTES) {
            break;
        }
        size += next;
    }
    return view_sub(records, 0, size);
}

static int bytes_take(void *context, int64_t number, uint64_t hash, struct view bytes,
                      struct diag *diag) {
    (void)number;
    (void)hash;
    out_view(context, bytes);
    return ((struct out *)context)->failed ? out_of_memory(diag) : STATUS_OK;
}

static int segment_put(struct history *history, struct backend_state *state, struct view bytes,
                       struct diag *diag) {
    history->last_bytes = bytes.size;
    return history->calls->put(history->backend, state->segments, view_hash(bytes, 0), bytes, diag);
}

/* The last segment grows by what is new, so that many small commits do not make many segments. */
static int segment_merge(struct history *history, struct backend_state *state, struct view bytes,
                         struct diag *diag) {
    struct out merged;
    out_open(&merged, NULL, NULL);
    int status = history->calls->read(history->backend, state->segments, bytes_take, &merged, diag);
    out_view(&merged, bytes);
    if (status == STATUS_OK && merged.failed) {
        status = out_of_memory(diag);
    }
    if (status == STATUS_OK) {
        status = segment_put(history, state, out_bytes(&merged), diag);
    }
    out_close(&merged);
    return status;
}

static int segments_write(struct history *history, struct backend_state *state, struct diag *diag) {
    struct view all = out_bytes(&history->overlay.records);
    struct view rest = view_sub(all, history->committed, all.size);
    state->bytes += rest.size;
    int status = STATUS_OK;
    if (state->segments > 0 && history->last_bytes + rest.size <= SEGMENT_MERGE_BYTES) {
        return segment_merge(history, state, rest, diag);
    }
    while (rest.size > 0 && status == STATUS_OK) {
        struct view segment = segment_cut(rest);
        rest = view_sub(rest, segment.size, rest.size);
        state->segments++;
        status = segment_put(history, state, segment, diag);
    }
    return status;
}

int history_commit(struct history *history, struct diag *diag) {
    if (!history->begun) {
        return STATUS_OK;
    }
    struct backend_state state = history->state;
    bool fresh = history->overlay.records.size > history->committed;
    history->begun = false;
    if (!fresh) {
        history->calls->rollback(history->backend);
        return STATUS_OK;
    }
    state.generation++;
    int status = segments_write(history, &state, diag);
    if (status == STATUS_OK) {
        status = history->calls->commit(history->backend, &state, diag);
    }
    if (status != STATUS_OK) {
        history->calls->rollback(history->backend);
        history->state.generation = -1; /* read again before anything else is added */
        return status;
    }
    history->state = state;
    history->committed = history->overlay.records.size;
    return STATUS_OK;
}

/* ---- questions --------------------------------------------------------------------------- */

/* Lines of the cache; those behind the last group are not there, which does no harm. */
static void group_fetch(const char *group, uint32_t from, uint32_t to) {
    for (uint32_t at = from; at < to; at += 64) {
        __builtin_prefetch(group + at);
    }
}

static int found_put(const struct history *history, bool fine, struct history_found *found,
                     struct diag *diag) {
    if (!fine) {
        return out_of_memory(diag);
    }
    *found = (struct history_found){
        .known = true, .services = history->answer.services, .count = history->answer.count};
    return STATUS_OK;
}

static int gathered_services(struct history *history, uint64_t payer_key, uint64_t patient_key,
                             struct history_found *found, struct diag *diag) {
    struct gathered *gathered = &history->gathered;
    if (!gather(gathered, &history->base, &history->overlay, payer_key, patient_key)) {
        return out_of_memory(diag);
    }
    if (gathered->count == 0) {
        return STATUS_OK;
    }
    return found_put(history, answer_gathered(&history->answer, gathered), found, diag);
}

int history_services(struct history *history, uint64_t payer_key, uint64_t patient_key,
                     struct history_found *found, struct diag *diag) {
    *found = (struct history_found){0};
    bool added = history->overlay.count > 0;
    const char *group = base_group(&history->base, payer_key, patient_key);
    if (!group && !added) {
        return STATUS_OK;
    }
    if (group && !added && record_u32(group + 28) & GROUP_PLAIN) {
        uint32_t size = record_u32(group + 24);
        group_fetch(group, 64, size < FETCH_MOST ? size : FETCH_MOST);
        return found_put(history, answer_plain(&history->answer, group), found, diag);
    }
    return gathered_services(history, payer_key, patient_key, found, diag);
}

void history_fetch_patient(const struct history *history, uint64_t payer_key,
                           uint64_t patient_key) {
    if (history->base.groups.capacity > 0) {
        __builtin_prefetch(slots_start(&history->base.groups, patient_tag(payer_key, patient_key)));
    }
}

void history_fetch_services(const struct history *history, uint64_t payer_key,
                            uint64_t patient_key) {
    const char *group = base_group(&history->base, payer_key, patient_key);
    if (group) {
        group_fetch(group, 0, FETCH_AHEAD);
    }
}

bool history_patient_next(const struct history *history, int64_t *cursor, uint64_t *payer_key,
                          uint64_t *patient_key) {
    if (*cursor >= history->base.size) {
        return false;
    }
    const char *group = history->base.bytes + *cursor;
    *cursor += GROUP_HEAD + (int64_t)record_u32(group + 24);
    *payer_key = record_u64(group);
    *patient_key = record_u64(group + 8);
    return true;
}

bool history_payer_next(const struct history *history, uint64_t patient_key, int64_t *cursor,
                        uint64_t *payer_key) {
    uint64_t patient;
    while (history_patient_next(history, cursor, payer_key, &patient)) {
        if (patient == patient_key) {
            return true;
        }
    }
    return false;
}

static void totals_add(struct history_totals *totals, const struct history_found *found) {
    totals->services += found->count;
    if (found->count == 0) {
        return;
    }
    struct date first = found->services[0].on, last = found->services[found->count - 1].on;
    if (!date_given(totals->first) || first.day < totals->first.day) {
        totals->first = first;
    }
    if (!date_given(totals->last) || last.day > totals->last.day) {
        totals->last = last;
    }
}

int history_totals(struct history *history, struct history_totals *totals, struct diag *diag) {
    const struct base *base = &history->base;
    *totals = (struct history_totals){.patients = base->groups.used,
                                      .claims = base->claims,
                                      .first = DATE_NONE,
                                      .last = DATE_NONE,
                                      .bytes = base->size + base->groups.capacity *
                                                                (int64_t)sizeof(struct slot)};
    for (int64_t at = 0; at < base->size;) {
        const char *group = base->bytes + at;
        struct history_found found;
        int status =
            history_services(history, record_u64(group), record_u64(group + 8), &found, diag);
        if (status != STATUS_OK) {
            return status;
        }
        totals_add(totals, &found);
        at += GROUP_HEAD + (int64_t)record_u32(group + 24);
    }
    return STATUS_OK;
}
