/* The self-audit: patient after patient, each asked all queries. */
#include <stdlib.h>

#include "audit/audit_internal.h"
#include "audit/policy.h"
#include "audit/selfaudit_internal.h"

struct patient {
    uint64_t patient, payer;
};

static int patient_compare(const void *a, const void *b) {
    const struct patient *x = a, *y = b;
    if (x->patient != y->patient) {
        return x->patient < y->patient ? -1 : 1;
    }
    return (x->payer > y->payer) - (x->payer < y->payer);
}

/* All of them by key, so that it does not matter which claim was added first. */
static struct patient *patients_list(const struct history *history,
                                     const struct selfaudit_options *options, struct arena *arena,
                                     int *count) {
    struct patient one;
    uint64_t payer = options->payer.at ? claim_text_key(options->payer) : 0;
    int room = 0;
    for (int64_t cursor = 0; history_patient_next(history, &cursor, &one.payer, &one.patient);) {
        room++;
    }
    struct patient *list = ARENA_NEW(arena, struct patient, room > 0 ? room : 1);
    *count = 0;
    if (!list) {
        return NULL;
    }
    for (int64_t cursor = 0; history_patient_next(history, &cursor, &one.payer, &one.patient);) {
        if (!options->payer.at || one.payer == payer) {
            list[(*count)++] = one;
        }
    }
    qsort(list, (size_t)*count, sizeof *list, patient_compare);
    return list;
}

/* ---- services ---------------------------------------------------------------------------- */

/* A history keeps a hash of the payer. It is known to be Medicare when that is the hash of the name
 * of such a profile, or when the user named the payer by such a name or id. */
static bool payer_is_medicare(const struct selfaudit_state *state) {
    struct store_payer row;
    struct view asked = state->options->payer;
    struct view profile =
        asked.at ? store_payer_profile(state->store, asked, CODE_NONE) : VIEW_NONE;
    if (profile.at && store_payer(state->store, profile, &row) && row.medicare) {
        return true;
    }
    for (int i = 0; i < store_payer_count(state->store); i++) {
        row = store_payer_at(state->store, i);
        if (row.medicare && claim_text_key(row.profile) == state->payer) {
            return true;
        }
    }
    return false;
}

static void fact_make(const struct selfaudit_state *state, const struct claim_service *service,
                      struct selfaudit_fact *fact) {
    *fact = (struct selfaudit_fact){.service = service,
                                    .id = store_code_id(state->store, service->code),
                                    .side = service->side == 'N' ? 0 : service->side,
                                    .shown = day_inside(state->options->from,
                                                        state->options->to, service->on)};
    fact->has_family =
        fact->id != STORE_NO_CODE && store_family(state->store, fact->id, &fact->family);
    if (!fact->side) {
        fact->side = modifiers_side(service->modifiers, service->modifier_count);
    }
    fact->kind = service->kind;
}

static bool same_session(const struct selfaudit_fact *a, const struct selfaudit_fact *b) {
    return a->has_family && b->has_family && a->service->on.day == b->service->on.day &&
           a->family.region == b->family.region && view_equal(a->family.family, b->family.family);
}

/* What a line does not say of itself, another line of the session says; else KX, which on a facet
 * or epidural block says to every payer that it was diagnostic. */
static enum claim_kind kind_of(const struct selfaudit_state *state,
                               const struct selfaudit_fact *fact, int begin, int end) {
    bool kx = false;
    for (int i = begin; i < end; i++) {
        const struct claim_service *other = state->facts[i].service;
        if (same_session(fact, &state->facts[i])) {
            kx |= modifiers_carry(other->modifiers, other->modifier_count, "KX");
            if (other->kind != KIND_UNKNOWN) {
                return other->kind;
            }
        }
    }
    return family_intent(fact->family.family, state->medicare || kx, kx);
}

static void kinds_infer(struct selfaudit_state *state) {
    for (int begin = 0, end; begin < state->fact_count; begin = end) {
        end = day_end(state, begin);
        for (int i = begin; i < end; i++) {
            struct selfaudit_fact *fact = &state->facts[i];
            if (fact->kind == KIND_UNKNOWN && fact->has_family) {
                fact->kind = kind_of(state, fact, begin, end);
            }
        }
    }
}

int day_end(const struct selfaudit_state *state, int begin) {
    int end = begin;
    while (end < state->fact_count &&
           state->facts[end].service->on.day == state->facts[begin].service->on.day) {
        end++;
    }
    return end;
}

bool names_include(const struct selfaudit_names *names, const struct selfaudit_fact *fact) {
    for (int i = 0; i < names->count && fact->has_family; i++) {
        if (view_equal(names->at[i], fact->family.family)) {
            return true;
        }
    }
    return false;
}

bool codes_include(const struct selfaudit_query *query, const struct selfaudit_fact *fact) {
    for (int i = 0; i < query->code_count; i++) {
        if (code_equal(query->codes[i], fact->service->code)) {
            return true;
        }
    }
    return false;
}

/* ---- the run ----------------------------------------------------------------------------- */

static void totals_count(struct selfaudit_state *state, uint64_t *last) {
    struct selfaudit *result = state->result;
    for (int i = 0; i < state->fact_count; i++) {
        struct date on = state->facts[i].service->on;
        if (!state->facts[i].shown) {
            continue;
        }
        result->patients += *last != state->patient;
        *last = state->patient;
        result->services++;
        if (!date_given(result->first) || on.day < result->first.day) {
            result->first = on;
        }
        if (!date_given(result->last) || on.day > result->last.day) {
            result->last = on;
        }
    }
}

static bool facts_take(struct selfaudit_state *state, const struct history_found *found) {
    arena_reset(&state->scratch);
    state->facts =
        ARENA_NEW(&state->scratch, struct selfaudit_fact, found->count > 0 ? found->count : 1);
    state->fact_count = 0;
    if (!state->facts) {
        return false;
    }
    state->medicare = payer_is_medicare(state);
    for (int i = 0; i < found->count; i++) {
        fact_make(state, &found->services[i], &state->facts[state->fact_count++]);
    }
    kinds_infer(state);
    return true;
}

static int patients_ask(struct selfaudit_state *state, const struct selfaudit_table *table,
                        struct history *history, struct diag *diag) {
    int count;
    uint64_t last = 0; /* no patient has this key */
    const struct patient *list = patients_list(history, state->options, state->arena, &count);
    state->failed = !list;
    for (int i = 0; i < count && !state->failed; i++) {
        struct history_found found;
        state->patient = list[i].patient;
        state->payer = list[i].payer;
        int status = history_services(history, state->payer, state->patient, &found, diag);
        if (status != STATUS_OK) {
            return status;
        }
        if (!facts_take(state, &found)) {
            state->failed = true;
            break;
        }
        totals_count(state, &last);
        queries_ask(state, table);
    }
    return STATUS_OK;
}

int selfaudit_run(struct selfaudit *result, const struct selfaudit_table *table,
                  const struct store *store, struct history *history,
                  const struct selfaudit_options *options, struct arena *arena,
                  struct diag *diag) {
    struct selfaudit_state state = {
        .store = store, .options = options, .arena = arena, .result = result};
    *result = (struct selfaudit){.count = table->count, .first = DATE_NONE, .last = DATE_NONE};
    for (int i = 0; i < table->count; i++) {
        result->answers[i].query = &table->queries[i];
    }
    out_open(&state.words, NULL, NULL);
    int status = patients_ask(&state, table, history, diag);
    for (int i = 0; i < table->count && status == STATUS_OK && !state.failed; i++) {
        if (table->queries[i].kind == SELFAUDIT_MODIFIERS) {
            rates_ask(&state, i);
        }
    }
    if (status == STATUS_OK && state.failed) {
        diag_set(diag, "memory", "memory was refused: ask for fewer days with --from and --to");
        status = STATUS_SYSTEM;
    }
    out_close(&state.words);
    arena_close(&state.scratch);
    memory_free(state.providers.at);
    memory_free(state.codes.at);
    return status;
}

int selfaudit_status(const struct selfaudit *result) {
    for (int i = 0; i < result->count; i++) {
        if (result->answers[i].query->severity == RULE_ERROR && result->answers[i].row_count > 0) {
            return 1;
        }
    }
    return STATUS_OK;
}
