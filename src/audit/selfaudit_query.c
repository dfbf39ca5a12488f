/* The kinds of query that speak of the sessions of one patient. */
#include "audit/policy.h"
#include "audit/selfaudit_internal.h"

static void words_code(struct out *out, const struct selfaudit_fact *fact) {
    char text[9];
    out_view(out, code_text(fact->service->code, text));
    if (fact->side) {
        out_view(out, fact->side == 'L'   ? VIEW("-LT")
                      : fact->side == 'R' ? VIEW("-RT")
                                          : VIEW(" on both sides"));
    }
}

/* ---- sessions ---------------------------------------------------------------------------- */

static bool session_counts(const struct selfaudit_query *query, const struct selfaudit_fact *fact,
                           enum store_region region) {
    return names_include(&query->families, fact) && fact->family.region == region &&
           (!query->intent_given || fact->kind == query->intent);
}

static void session_row(struct selfaudit_state *state, int index, enum store_region region,
                        int begin, int end, const struct date *days, int day_count) {
    const struct selfaudit_query *query = state->result->answers[index].query;
    struct selfaudit_row *row = NULL;
    for (int i = begin; i < end && !state->failed; i++) {
        const struct selfaudit_fact *fact = &state->facts[i];
        if (session_counts(query, fact, region)) {
            row = row ? row : row_add(state, index, fact, end - begin);
            if (row) {
                row_line(state, index, row, fact, fact_milli(fact));
            }
        }
    }
    struct date *kept = row ? ARENA_NEW(state->arena, struct date, day_count) : NULL;
    if (!kept) {
        state->failed = true;
        return;
    }
    for (int i = 0; i < day_count; i++) {
        kept[i] = days[i];
    }
    row->days = kept;
    row->day_count = day_count;
    char first[11];
    out_format(&state->words, "%d sessions from %s on, at most %d in %d months", day_count,
               date_text(kept[0], first).at, query->limit, query->months);
    row_words(state, row);
}

/* Lines of the day that count. */
static int session_lines(const struct selfaudit_state *state, const struct selfaudit_query *query,
                         enum store_region region, int begin, int end) {
    int lines = 0;
    for (int i = begin; i < end; i++) {
        lines += session_counts(query, &state->facts[i], region);
    }
    return lines;
}

/* A session is beyond the limit when it is one too many in the window that ends on its day; the
 * window is half open, as that of the rules. */
static void sessions_region(struct selfaudit_state *state, int index, enum store_region region) {
    const struct selfaudit_query *query = state->result->answers[index].query;
    struct date *days = ARENA_NEW(&state->scratch, struct date, state->fact_count);
    int count = 0, first = 0;
    if (!days) {
        state->failed = true;
        return;
    }
    for (int begin = 0, end; begin < state->fact_count && !state->failed; begin = end) {
        end = day_end(state, begin);
        int lines = session_lines(state, query, region, begin, end);
        if (lines == 0) {
            continue;
        }
        days[count++] = state->facts[begin].service->on;
        struct date open = months_before(days[count - 1], query->months);
        while (days[first].day <= open.day) {
            first++;
        }
        if (state->facts[begin].shown) {
            looked_add(state, index, 1, lines);
        }
        if (count - first > query->limit && state->facts[begin].shown) {
            session_row(state, index, region, begin, end, days + first, count - first);
        }
    }
}

static void sessions_ask(struct selfaudit_state *state, int index) {
    sessions_region(state, index, REGION_CT);
    sessions_region(state, index, REGION_LS);
}

/* ---- a day ------------------------------------------------------------------------------- */

/* Another code of the day was named already. */
static bool code_before(const struct selfaudit_state *state, int begin, int at) {
    for (int i = begin; i < at; i++) {
        if (code_equal(state->facts[i].service->code, state->facts[at].service->code)) {
            return true;
        }
    }
    return false;
}

/* "with 64493 64494; also that day: 63650": the sedation may belong to the other one. */
static void same_day_words(struct selfaudit_state *state, const struct selfaudit_query *query,
                           int begin, int end) {
    char text[9];
    for (int others = 0; others < 2; others++) {
        bool any = false;
        for (int i = begin; i < end; i++) {
            const struct selfaudit_fact *fact = &state->facts[i];
            bool with = names_include(&query->with, fact);
            bool other = !with && fact->has_family && fact->family.procedure;
            if (code_before(state, begin, i) || !(others ? other : with)) {
                continue;
            }
            out_view(&state->words, any      ? VIEW(" ")
                                    : others ? VIEW("; also that day: ")
                                             : VIEW("with "));
            out_view(&state->words, code_text(fact->service->code, text));
            any = true;
        }
    }
}

static void same_day(struct selfaudit_state *state, int index, int begin, int end) {
    const struct selfaudit_query *query = state->result->answers[index].query;
    struct selfaudit_row *row = NULL;
    int with = 0;
    for (int i = begin; i < end; i++) {
        with += names_include(&query->with, &state->facts[i]);
    }
    looked_add(state, index, 1, with);
    for (int i = begin; i < end && with > 0 && !state->failed; i++) {
        const struct selfaudit_fact *fact = &state->facts[i];
        if (names_include(&query->families, fact)) {
            row = row ? row : row_add(state, index, fact, end - begin);
            if (row) {
                row_line(state, index, row, fact, fact_milli(fact));
            }
        }
    }
    if (row) {
        same_day_words(state, query, begin, end);
        row_words(state, row);
    }
}

/* ---- levels of a session ------------------------------------------------------------------- */

struct sides {
    int left, right;
};

/* Levels that a line adds: a first level one, an additional one by its units. Without a side it may
 * stand for either. Returns those that are beyond the limit. */
static int sides_add(struct sides *sides, const struct selfaudit_fact *fact, int limit) {
    int units = fact->family.addon_level ? (int)((fact_milli(fact) + 999) / 1000) : 1;
    sides->left += fact->side != 'R' ? units : 0;
    sides->right += fact->side != 'L' ? units : 0;
    int side = fact->side == 'L' ? sides->left : sides->right;
    if (fact->side == 'B' || !fact->side) {
        side = sides->left > sides->right ? sides->left : sides->right;
    }
    int beyond = side - limit;
    return beyond < 0 ? 0 : beyond < units ? beyond : units;
}

struct session {
    int begin, end; /* facts of the day */
    const struct selfaudit_fact *head; /* first line of the session */
    int lines;
};

static bool session_has(const struct session *session, const struct selfaudit_fact *fact) {
    return fact->has_family && fact->family.region == session->head->family.region &&
           view_equal(fact->family.family, session->head->family.family);
}

/* First levels come first, whatever the order of the lines. `beyond`: units a fact. */
static int levels_of(const struct selfaudit_state *state, const struct session *session, int limit,
                     int *beyond, bool *side_unknown) {
    struct sides sides = {0, 0};
    for (int addon = 0; addon < 2; addon++) {
        for (int i = session->begin; i < session->end; i++) {
            const struct selfaudit_fact *fact = &state->facts[i];
            if (session_has(session, fact) && fact->family.addon_level == (addon == 1)) {
                beyond[i - session->begin] = sides_add(&sides, fact, limit);
                *side_unknown |= addon && !fact->side;
            }
        }
    }
    return sides.left > sides.right ? sides.left : sides.right;
}

static void levels_row(struct selfaudit_state *state, int index, const struct session *session,
                       const int *beyond, int levels, bool side_unknown) {
    const struct selfaudit_query *query = state->result->answers[index].query;
    struct selfaudit_row *row =
        row_add(state, index, session->head, session->end - session->begin);
    for (int i = session->begin; i < session->end && row; i++) {
        int units = session_has(session, &state->facts[i]) ? beyond[i - session->begin] : 0;
        if (units > 0) {
            row_line(state, index, row, &state->facts[i], INT64_C(1000) * units);
        }
    }
    if (row) {
        row->levels = levels;
        row->side_unknown = side_unknown;
        out_format(&state->words, "%d levels, at most %d%s", levels, query->limit,
                   side_unknown ? "; fewer if units without a side are the second side" : "");
        row_words(state, row);
    }
}

static void codes_row(struct selfaudit_state *state, int index, const struct session *session) {
    const struct selfaudit_query *query = state->result->answers[index].query;
    struct selfaudit_row *row = NULL;
    for (int i = session->begin; i < session->end && !state->failed; i++) {
        const struct selfaudit_fact *fact = &state->facts[i];
        if (session_has(session, fact) && codes_include(query, fact)) {
            row = row ? row : row_add(state, index, fact, session->end - session->begin);
            if (row) {
                row_line(state, index, row, fact, fact_milli(fact));
            }
        }
    }
    if (row) {
        OUT_TEXT(&state->words, "a third level");
        row_words(state, row);
    }
}

static void levels_ask(struct selfaudit_state *state, int index, const struct session *session) {
    struct selfaudit_answer *answer = &state->result->answers[index];
    int *beyond = ARENA_NEW(&state->scratch, int, session->end - session->begin);
    if (!beyond) {
        state->failed = true;
        return;
    }
    bool side_unknown = false;
    int levels = levels_of(state, session, answer->query->limit, beyond, &side_unknown);
    answer->levels[levels < SELFAUDIT_LEVELS_MAX ? levels - 1 : SELFAUDIT_LEVELS_MAX - 1]++;
    if (answer->query->kind == SELFAUDIT_CODES) {
        codes_row(state, index, session);
    } else if (levels > answer->query->limit) {
        levels_row(state, index, session, beyond, levels, side_unknown);
    }
}

/* ---- the second side --------------------------------------------------------------------- */

static bool is_first_level(const struct selfaudit_state *state, const struct selfaudit_fact *addon,
                           const struct selfaudit_fact *fact) {
    struct store_addon row;
    struct store_when when = {addon->service->on, DATE_NONE};
    if (fact->id == STORE_NO_CODE || !fact->has_family || fact->family.addon_level) {
        return false;
    }
    return code_equal(addon->family.primary, fact->service->code) ||
           store_addon_primary(state->store, addon->id, fact->id, when, &row);
}

/* A first level of the day that is not on the side of the additional one, when none is; NULL. */
static const struct selfaudit_fact *first_level_beside(const struct selfaudit_state *state,
                                                       const struct session *session,
                                                       const struct selfaudit_fact *addon) {
    const struct selfaudit_fact *beside = NULL;
    for (int i = session->begin; i < session->end; i++) {
        const struct selfaudit_fact *fact = &state->facts[i];
        if (!is_first_level(state, addon, fact)) {
            continue;
        }
        if (fact->side == 'B' || fact->side == addon->side) {
            return NULL;
        }
        beside = beside ? beside : fact;
    }
    return beside;
}

static void second_side(struct selfaudit_state *state, int index, const struct session *session) {
    const struct selfaudit_query *query = state->result->answers[index].query;
    struct selfaudit_row *row = NULL;
    for (int i = session->begin; i < session->end && !state->failed; i++) {
        const struct selfaudit_fact *fact = &state->facts[i];
        bool asked = session_has(session, fact) && codes_include(query, fact) &&
                     (fact->side == 'L' || fact->side == 'R');
        const struct selfaudit_fact *first =
            asked ? first_level_beside(state, session, fact) : NULL;
        if (!first) {
            continue;
        }
        bool begun = row != NULL;
        row = row ? row : row_add(state, index, fact, session->end - session->begin);
        if (row) {
            row_line(state, index, row, fact, fact_milli(fact));
            out_view(&state->words, begun ? VIEW("; ") : VIEW(""));
            words_code(&state->words, fact);
            OUT_TEXT(&state->words, ", but ");
            words_code(&state->words, first);
            out_view(&state->words, first->side ? VIEW("") : VIEW(" without a side"));
        }
    }
    if (row) {
        row_words(state, row);
    }
}

/* ---- all --------------------------------------------------------------------------------- */

/* The first line of its family and region on the day. */
static bool is_head(const struct selfaudit_state *state, struct session *session, int at) {
    session->head = &state->facts[at];
    session->lines = 0;
    for (int i = session->begin; i < session->end; i++) {
        if (session_has(session, &state->facts[i])) {
            if (i < at) {
                return false;
            }
            session->lines++;
        }
    }
    return true;
}

static void session_walk(struct selfaudit_state *state, int index, int begin, int end) {
    const struct selfaudit_query *query = state->result->answers[index].query;
    struct session session = {.begin = begin, .end = end};
    for (int i = begin; i < end && !state->failed; i++) {
        if (!names_include(&query->families, &state->facts[i]) || !is_head(state, &session, i)) {
            continue;
        }
        looked_add(state, index, 1, session.lines);
        if (query->kind == SELFAUDIT_SECOND_SIDE) {
            second_side(state, index, &session);
        } else {
            levels_ask(state, index, &session);
        }
    }
}

static void days_ask(struct selfaudit_state *state, int index) {
    bool day = state->result->answers[index].query->kind == SELFAUDIT_SAME_DAY;
    for (int begin = 0, end; begin < state->fact_count && !state->failed; begin = end) {
        end = day_end(state, begin);
        if (state->facts[begin].shown) {
            (day ? same_day : session_walk)(state, index, begin, end);
        }
    }
}

void queries_ask(struct selfaudit_state *state, const struct selfaudit_table *table) {
    for (int i = 0; i < table->count && !state->failed && state->fact_count > 0; i++) {
        switch (table->queries[i].kind) {
        case SELFAUDIT_SESSIONS: sessions_ask(state, i); break;
        case SELFAUDIT_MODIFIERS: rates_count(state, i); break;
        default: days_ask(state, i); break;
        }
    }
}
