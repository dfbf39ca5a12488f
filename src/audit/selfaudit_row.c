/* Rows of the self-audit, their lines and amounts, and what is counted. */
#include "audit/selfaudit_internal.h"

#define MILLI_MAX 9999000                      /* units of a line that are believed, thousandths */
#define MILLIONTHS_MAX INT64_C(100000000000)   /* no unit has an amount of 100,000 dollars */

/* ---- counts ------------------------------------------------------------------------------ */

static void counts_add(struct selfaudit_counts *counts, uint64_t *last, uint64_t patient,
                       int64_t sessions, int64_t lines) {
    counts->patients += *last != patient;
    *last = patient;
    counts->sessions += sessions;
    counts->lines += lines;
}

void looked_add(struct selfaudit_state *state, int query, int64_t sessions, int64_t lines) {
    if (lines > 0) {
        counts_add(&state->result->answers[query].looked, &state->looked[query], state->patient,
                   sessions, lines);
    }
}

/* ---- rows -------------------------------------------------------------------------------- */

struct selfaudit_row *row_append(struct selfaudit_state *state, int query) {
    struct selfaudit_row *row = ARENA_NEW(state->arena, struct selfaudit_row, 1);
    if (!row) {
        state->failed = true;
        return NULL;
    }
    row->on = DATE_NONE;
    if (state->ends[query]) {
        *state->ends[query] = row;
    } else {
        state->result->answers[query].rows = row;
    }
    state->ends[query] = &row->next;
    state->result->answers[query].row_count++;
    return row;
}

struct selfaudit_row *row_add(struct selfaudit_state *state, int query,
                              const struct selfaudit_fact *fact, int lines_max) {
    struct selfaudit_line *lines = ARENA_NEW(state->arena, struct selfaudit_line, lines_max);
    struct selfaudit_row *row = lines ? row_append(state, query) : NULL;
    if (!row) {
        state->failed = true;
        return NULL;
    }
    row->patient = state->patient;
    row->payer = state->payer;
    row->on = fact->service->on;
    row->region = fact->has_family ? fact->family.region : REGION_NONE;
    row->lines = lines;
    counts_add(&state->result->answers[query].found, &state->found[query], state->patient, 1, 0);
    return row;
}

void row_words(struct selfaudit_state *state, struct selfaudit_row *row) {
    row->words = arena_copy(state->arena, out_bytes(&state->words));
    state->failed |= !row->words.at || state->words.failed;
    out_clear(&state->words);
}

/* ---- amounts ----------------------------------------------------------------------------- */

int64_t fact_milli(const struct selfaudit_fact *fact) {
    struct quantity units = fact->service->units;
    return !quantity_given(units) || units.milli <= 0 ? 1000
           : units.milli > MILLI_MAX                  ? MILLI_MAX
                                                      : units.milli;
}

static int year_of(struct date date) {
    int year, month, day;
    date_to_ymd(date, &year, &month, &day);
    return year;
}

static bool other_year(const struct store *store, struct store_proof proof, struct date on) {
    if (proof.release == STORE_NO_RELEASE) {
        return true;
    }
    struct date effective = store_release(store, proof.release).effective;
    return !date_given(effective) || year_of(effective) != year_of(on);
}

/* The row of the day; its facility amount where the place of service is a facility's. */
static struct money amount_of(struct selfaudit_state *state, struct selfaudit_answer *answer,
                              const struct selfaudit_fact *fact, int64_t milli) {
    struct store_when when = {fact->service->on, DATE_NONE};
    struct store_mpfs row;
    struct store_pos pos;
    if (fact->id == STORE_NO_CODE || !store_mpfs(state->store, fact->id, CODE_NONE, when, &row)) {
        return MONEY_NONE;
    }
    bool facility =
        store_pos(state->store, fact->service->place, when, &pos) && pos.facility;
    int64_t unit = store_mpfs_millionths(&row, facility);
    if (unit <= 0 || unit > MILLIONTHS_MAX) {
        return MONEY_NONE;
    }
    answer->lines_other_year += other_year(state->store, row.proof, when.on);
    return store_millionths_money(unit * milli / 1000, 100);
}

static void bare_note(struct selfaudit_answer *answer, struct code code) {
    int at = 0;
    answer->lines_bare++;
    while (at < answer->bare_count && answer->bare[at].bits < code.bits) {
        at++;
    }
    if ((at < answer->bare_count && code_equal(answer->bare[at], code)) ||
        answer->bare_count == SELFAUDIT_BARE_MAX) {
        return;
    }
    for (int i = answer->bare_count++; i > at; i--) {
        answer->bare[i] = answer->bare[i - 1];
    }
    answer->bare[at] = code;
}

void row_line(struct selfaudit_state *state, int query, struct selfaudit_row *row,
              const struct selfaudit_fact *fact, int64_t milli) {
    struct selfaudit_answer *answer = &state->result->answers[query];
    const struct claim_service *service = fact->service;
    struct selfaudit_line *line = &row->lines[row->line_count++];
    line->code = service->code;
    line->modifier_count = service->modifier_count;
    for (int i = 0; i < service->modifier_count; i++) {
        line->modifiers[i] = service->modifiers[i];
    }
    line->units = (struct quantity){milli};
    line->amount = amount_of(state, answer, fact, milli);
    answer->found.lines++;
    if (money_given(line->amount)) {
        row->amount.cents += line->amount.cents;
        answer->amount.cents += line->amount.cents;
    } else {
        bare_note(answer, service->code);
    }
}
