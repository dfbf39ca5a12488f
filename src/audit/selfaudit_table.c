/* rules/selfaudit.tsv: the queries. */
#include <stdarg.h>
#include <stdio.h>

#include "audit/selfaudit.h"

static const char header[] =
    "query\tkind\tseverity\tfamilies\twith\tcodes\tintent\tlimit\tmonths\tlines\tasks\twhy\tcite";

enum column { QUERY, KIND, SEVERITY, FAMILIES, WITH, CODES, INTENT, LIMIT, MONTHS, LINES, ASKS, WHY,
              CITE, COLUMNS };

/* What a kind cannot do without. */
static const struct {
    const char *word;
    bool families, with, codes, limit, months;
} kinds[SELFAUDIT_KINDS] = {
    [SELFAUDIT_SESSIONS] = {.word = "sessions", .families = true, .limit = true, .months = true},
    [SELFAUDIT_LEVELS] = {.word = "levels", .families = true, .limit = true},
    [SELFAUDIT_SAME_DAY] = {.word = "same_day", .families = true, .with = true},
    [SELFAUDIT_SECOND_SIDE] = {.word = "second_side", .families = true, .codes = true},
    [SELFAUDIT_CODES] = {.word = "codes", .families = true, .codes = true},
    [SELFAUDIT_MODIFIERS] = {.word = "modifiers", .limit = true}};

__attribute__((format(printf, 3, 4))) static bool refuse(struct diag *diag, int64_t line,
                                                         const char *format, ...) {
    char text[120];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    diag_set(diag, "selfaudit_syntax", "rules/selfaudit.tsv:%d: %s", (int)line, text);
    diag->line = line;
    return false;
}

static bool is_none(struct view cell) { return view_equal(cell, VIEW("-")); }

static bool names_read(struct view cell, struct selfaudit_names *names) {
    struct view rest = is_none(cell) ? VIEW_NONE : cell;
    while (rest.at) {
        if (names->count == SELFAUDIT_NAMES_MAX) {
            return false;
        }
        names->at[names->count++] = view_cut(&rest, ' ');
    }
    return true;
}

static bool codes_read(struct view cell, struct selfaudit_query *query) {
    struct view rest = is_none(cell) ? VIEW_NONE : cell;
    while (rest.at) {
        struct code code = code_from(view_cut(&rest, ' '));
        if (query->code_count == SELFAUDIT_CODES_MAX || !code_given(code)) {
            return false;
        }
        query->codes[query->code_count++] = code;
    }
    return true;
}

/* "-" is 0; a number has one to four digits and is at least 1. */
static bool number_read(struct view cell, int *number) {
    *number = 0;
    if (is_none(cell)) {
        return true;
    }
    if (!view_is_digits(cell) || cell.size > 4) {
        return false;
    }
    for (ptrdiff_t i = 0; i < cell.size; i++) {
        *number = *number * 10 + (cell.at[i] - '0');
    }
    return *number > 0;
}

static bool intent_read(struct view cell, struct selfaudit_query *query) {
    static const struct {
        const char *word;
        enum claim_kind kind;
    } intents[] = {{"dx", KIND_DX}, {"tx", KIND_TX}, {"unknown", KIND_UNKNOWN}};
    for (ptrdiff_t i = 0; i < COUNT_OF(intents); i++) {
        if (view_equal(cell, view_of(intents[i].word))) {
            query->intent_given = true;
            query->intent = intents[i].kind;
        }
    }
    return query->intent_given || is_none(cell);
}

static bool words_read(const struct view *cells, struct selfaudit_query *query) {
    int kind = 0, severity = RULE_ERROR;
    while (kind < SELFAUDIT_KINDS && !view_equal(cells[KIND], view_of(kinds[kind].word))) {
        kind++;
    }
    while (severity <= RULE_INFO &&
           !view_equal(cells[SEVERITY], rule_severity_name((enum rule_severity)severity))) {
        severity++;
    }
    query->id = cells[QUERY];
    query->kind = (enum selfaudit_kind)kind;
    query->severity = (enum rule_severity)severity;
    query->asks = cells[ASKS];
    query->why = cells[WHY];
    query->cite = cells[CITE];
    return kind < SELFAUDIT_KINDS && severity <= RULE_INFO;
}

static bool whole(const struct selfaudit_query *query) {
    return (query->families.count > 0 || !kinds[query->kind].families) &&
           (query->with.count > 0 || !kinds[query->kind].with) &&
           (query->code_count > 0 || !kinds[query->kind].codes) &&
           (query->limit > 0 || !kinds[query->kind].limit) &&
           (query->months > 0 || !kinds[query->kind].months);
}

static bool query_read(struct view line, int64_t number, struct selfaudit_query *query,
                       struct diag *diag) {
    struct view cells[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
        cells[i] = view_cut(&line, '\t');
        if (cells[i].size <= 0) {
            return refuse(diag, number, "cell %d is empty or not there: 13 are needed", i + 1);
        }
    }
    if (line.at) {
        return refuse(diag, number, "more than 13 cells");
    }
    if (!words_read(cells, query)) {
        return refuse(diag, number, "no such kind or severity");
    }
    if (!names_read(cells[FAMILIES], &query->families) || !names_read(cells[WITH], &query->with) ||
        !codes_read(cells[CODES], query)) {
        return refuse(diag, number, "too many families or codes, or what is no code");
    }
    if (!intent_read(cells[INTENT], query) || !number_read(cells[LIMIT], &query->limit) ||
        !number_read(cells[MONTHS], &query->months) ||
        !number_read(cells[LINES], &query->lines_min)) {
        return refuse(diag, number, "the intent is dx, tx, unknown or -, a number 1 to 9999 or -");
    }
    return whole(query) || refuse(diag, number, "the kind needs more than is given");
}

int selfaudit_table(struct selfaudit_table *table, struct view text, struct arena *arena,
                    struct diag *diag) {
    struct selfaudit_query *queries =
        ARENA_NEW(arena, struct selfaudit_query, SELFAUDIT_QUERIES_MAX);
    *table = (struct selfaudit_table){queries, 0};
    if (!queries) {
        diag_set(diag, "memory", "memory was refused: close other programs");
        return STATUS_SYSTEM;
    }
    if (!view_equal(view_cut(&text, '\n'), view_of(header))) {
        refuse(diag, 1, "the first line must name the columns");
        return STATUS_INPUT;
    }
    for (int64_t line = 2; text.at && text.size > 0; line++) {
        if (table->count == SELFAUDIT_QUERIES_MAX) {
            refuse(diag, line, "more than %d queries", SELFAUDIT_QUERIES_MAX);
            return STATUS_INPUT;
        }
        if (!query_read(view_cut(&text, '\n'), line, &queries[table->count], diag)) {
            return STATUS_INPUT;
        }
        table->count++;
    }
    return STATUS_OK;
}
