/* How often the lines of a provider or code carry a modifier that says "distinct", beside how often
 * all lines of the history do. The modifiers are those that the store marks so. */
#include "audit/selfaudit_internal.h"

/* The place of the key, made when it is not there; NULL without memory. */
static struct selfaudit_rate *rate_of(struct selfaudit_rates *rates, uint64_t key) {
    int low = 0, high = rates->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (rates->at[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < rates->count && rates->at[low].key == key) {
        return &rates->at[low];
    }
    if (rates->count == rates->capacity) {
        int capacity = rates->capacity * 2 + 64;
        struct selfaudit_rate *grown =
            memory_grow(rates->at, (ptrdiff_t)sizeof *grown * rates->capacity,
                        (ptrdiff_t)sizeof *grown * capacity);
        if (!grown) {
            return NULL;
        }
        rates->at = grown;
        rates->capacity = capacity;
    }
    for (int i = rates->count++; i > low; i--) {
        rates->at[i] = rates->at[i - 1];
    }
    rates->at[low] = (struct selfaudit_rate){.key = key};
    return &rates->at[low];
}

static void rate_add(struct selfaudit_state *state, struct selfaudit_rates *rates, uint64_t key,
                     bool carries) {
    struct selfaudit_rate *rate = key != 0 ? rate_of(rates, key) : NULL;
    if (rate) {
        rate->lines++;
        rate->carrying += carries;
    } else {
        state->failed |= key != 0;
    }
}

static bool carries_one(const struct selfaudit_state *state, const struct claim_service *service) {
    struct store_proof proof;
    struct store_when when = {service->on, DATE_NONE};
    for (int i = 0; i < service->modifier_count; i++) {
        if (store_modifier(state->store, service->modifiers[i], when, &proof) &
            MODIFIER_DISTINCT) {
            return true;
        }
    }
    return false;
}

void rates_count(struct selfaudit_state *state, int query) {
    struct selfaudit_counts *found = &state->result->answers[query].found;
    for (int begin = 0, end; begin < state->fact_count && !state->failed; begin = end) {
        int64_t carrying = 0;
        end = day_end(state, begin);
        for (int i = begin; i < end && state->facts[begin].shown; i++) {
            const struct claim_service *service = state->facts[i].service;
            bool carries = carries_one(state, service);
            carrying += carries;
            rate_add(state, &state->providers, service->provider, carries);
            rate_add(state, &state->codes, service->code.bits, carries);
        }
        looked_add(state, query, 1, state->facts[begin].shown ? end - begin : 0);
        if (carrying > 0) {
            found->patients += state->found[query] != state->patient;
            state->found[query] = state->patient;
            found->sessions++;
            found->lines += carrying;
        }
    }
}

/* Tenths of a percent, rounded half up. */
static void words_share(struct out *out, int64_t part, int64_t whole) {
    int64_t tenths = whole > 0 ? (2000 * part + whole) / (2 * whole) : 0;
    out_format(out, "%lld.%lld %%", (long long)(tenths / 10), (long long)(tenths % 10));
}

static void rates_list(struct selfaudit_state *state, int query,
                       const struct selfaudit_rates *rates, bool providers) {
    const struct selfaudit_answer *answer = &state->result->answers[query];
    int64_t lines = answer->looked.lines, carrying = answer->found.lines;
    for (int i = 0; i < rates->count && !state->failed; i++) {
        const struct selfaudit_rate *rate = &rates->at[i];
        if (rate->lines < answer->query->lines_min ||
            rate->carrying * lines <= answer->query->limit * carrying * rate->lines) {
            continue;
        }
        struct selfaudit_row *row = row_append(state, query);
        if (!row) {
            return;
        }
        row->provider = providers ? rate->key : 0;
        row->code = providers ? CODE_NONE : (struct code){rate->key};
        row->lines_seen = rate->lines;
        row->lines_carrying = rate->carrying;
        words_share(&state->words, rate->carrying, rate->lines);
        out_format(&state->words, " of %lld lines, the practice ", (long long)rate->lines);
        words_share(&state->words, carrying, lines);
        row_words(state, row);
    }
}

void rates_ask(struct selfaudit_state *state, int query) {
    rates_list(state, query, &state->providers, true);
    rates_list(state, query, &state->codes, false);
}
