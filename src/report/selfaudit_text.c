/* The self-audit as text of at most TEXT_WIDTH columns. */
#include "report/report_internal.h"

#define LABEL_COLUMN 2
#define WORDS_COLUMN 13
#define ROW_COLUMN 38 /* behind key, day and region */

static void put(struct out *out, const char *label, struct out *words) {
    if (words->size > 0) {
        ptrdiff_t size = view_of(label).size;
        out_pad(out, LABEL_COLUMN);
        out_view(out, view_of(label));
        out_pad(out, WORDS_COLUMN - LABEL_COLUMN - size);
        out_wrap(out, out_bytes(words), WORDS_COLUMN, WORDS_COLUMN, TEXT_WIDTH);
    }
    out->failed |= words->failed;
    out_clear(words);
}

static void counts_write(struct out *out, const struct selfaudit_counts *counts) {
    count_write(out, counts->patients, "patient", "patients");
    OUT_TEXT(out, ", ");
    count_write(out, counts->sessions, "session", "sessions");
    OUT_TEXT(out, ", ");
    count_write(out, counts->lines, "line", "lines");
}

static void session_put(struct out *out, const struct selfaudit_row *row, struct out *words) {
    char day[11];
    out_pad(out, LABEL_COLUMN);
    selfaudit_key_write(out, row->patient);
    OUT_TEXT(out, "  ");
    out_view(out, date_text(row->on, day));
    OUT_TEXT(out, "  ");
    struct view region = selfaudit_region(row->region);
    out_view(out, region);
    out_pad(out, ROW_COLUMN - LABEL_COLUMN - 16 - 2 - 10 - 2 - region.size);
    for (int i = 0; i < row->line_count; i++) {
        selfaudit_line_write(words, &row->lines[i]);
        OUT_TEXT(words, " ");
    }
    if (row->amount.cents > 0) {
        money_write(words, row->amount);
    } else {
        OUT_TEXT(words, "without an amount");
    }
    OUT_TEXT(words, ": ");
    safe_write(words, row->words);
    out_wrap(out, out_bytes(words), ROW_COLUMN, ROW_COLUMN, TEXT_WIDTH);
    out_clear(words);
}

static void rate_put(struct out *out, const struct selfaudit_row *row, struct out *words) {
    char text[9];
    out_pad(out, LABEL_COLUMN);
    if (row->provider) {
        OUT_TEXT(out, "provider ");
        selfaudit_key_write(out, row->provider);
        OUT_TEXT(out, "  ");
    } else {
        struct view code = code_text(row->code, text);
        OUT_TEXT(out, "code ");
        out_view(out, code);
        out_pad(out, 22 - code.size);
    }
    safe_write(words, row->words);
    out_wrap(out, out_bytes(words), LABEL_COLUMN + 27, LABEL_COLUMN + 27, TEXT_WIDTH);
    out_clear(words);
}

static void found_put(struct out *out, const struct selfaudit_answer *answer, struct out *words) {
    bool rates = answer->query->kind == SELFAUDIT_MODIFIERS;
    counts_write(words, &answer->found);
    if (!rates && answer->found.lines > 0) {
        OUT_TEXT(words, "; estimated ");
        money_write(words, answer->amount);
    }
    put(out, rates ? "carry one" : "found", words);
    selfaudit_bare_write(words, answer);
    put(out, "left out", words);
    if (answer->lines_other_year > 0) {
        count_write(words, answer->lines_other_year, "line", "lines");
        OUT_TEXT(words, " at the amount of another year's schedule: the store has none of the day");
        put(out, "stale", words);
    }
}

static void answer_put(struct out *out, const struct selfaudit_answer *answer, struct out *words) {
    const struct selfaudit_query *query = answer->query;
    OUT_TEXT(out, "\n");
    out_view(out, query->id);
    OUT_TEXT(out, " (");
    out_view(out, rule_severity_name(query->severity));
    OUT_TEXT(out, ")\n");
    out_view(words, query->asks);
    put(out, "asks", words);
    out_view(words, query->why);
    put(out, "why", words);
    out_view(words, query->cite);
    put(out, "cited", words);
    selfaudit_limit_write(words, query);
    put(out, "limit", words);
    counts_write(words, &answer->looked);
    put(out, "looked at", words);
    selfaudit_levels_write(words, answer);
    put(out, "levels", words);
    found_put(out, answer, words);
    for (const struct selfaudit_row *row = answer->rows; row; row = row->next) {
        (query->kind == SELFAUDIT_MODIFIERS ? rate_put : session_put)(out, row, words);
    }
}

void selfaudit_text(struct out *out, const struct selfaudit *result,
                    const struct report_selfaudit *about) {
    struct out words; /* apart from `out`, which may be flushed in between */
    char day[11];
    out_open(&words, NULL, NULL);
    OUT_TEXT(out, "Self-audit of ");
    path_write(out, about->history);
    OUT_TEXT(out, "\n");
    count_write(&words, result->patients, "patient", "patients");
    OUT_TEXT(&words, ", ");
    count_write(&words, result->services, "service", "services");
    if (date_given(result->first)) {
        OUT_TEXT(&words, " from ");
        out_view(&words, date_text(result->first, day));
        OUT_TEXT(&words, " to ");
        out_view(&words, date_text(result->last, day));
    }
    OUT_TEXT(&words, ". ");
    out_view(&words, view_of(selfaudit_basis));
    out_wrap(out, out_bytes(&words), 0, 0, TEXT_WIDTH);
    out_clear(&words);
    for (int i = 0; i < result->count; i++) {
        answer_put(out, &result->answers[i], &words);
    }
    out->failed |= words.failed;
    out_close(&words);
}
