/* The self-audit as JSON: an object about the run, then one a query, each on a line. */
#include "report/report_internal.h"

static void name(struct out *out, const char *text) { out_format(out, ",\"%s\":", text); }

static void number(struct out *out, const char *text, int64_t value) {
    name(out, text);
    out_int(out, value);
}

static void number_or_null(struct out *out, const char *text, int value) {
    name(out, text);
    if (value > 0) {
        out_int(out, value);
    } else {
        OUT_TEXT(out, "null");
    }
}

static void amount(struct out *out, const char *text, struct money money) {
    char buffer[24];
    name(out, text);
    if (money_given(money)) {
        out_json(out, money_text(money, buffer));
    } else {
        OUT_TEXT(out, "null");
    }
}

static void key(struct out *out, const char *text, uint64_t value) {
    name(out, text);
    OUT_TEXT(out, "\"");
    selfaudit_key_write(out, value);
    OUT_TEXT(out, "\"");
}

static void date(struct out *out, const char *text, struct date value) {
    name(out, text);
    report_json_date(out, value);
}

static void words(struct out *out, const char *text, struct view value) {
    name(out, text);
    out_json(out, value);
}

static void counts(struct out *out, const char *text, const struct selfaudit_counts *value) {
    name(out, text);
    out_format(out, "{\"patients\":%lld,\"sessions\":%lld,\"lines\":%lld}",
               (long long)value->patients, (long long)value->sessions, (long long)value->lines);
}

static void line_write(struct out *out, const struct selfaudit_line *line) {
    char text[24];
    OUT_TEXT(out, "{\"code\":");
    out_json(out, code_text(line->code, text));
    OUT_TEXT(out, ",\"modifiers\":[");
    for (int i = 0; i < line->modifier_count; i++) {
        out_view(out, i > 0 ? VIEW(",") : VIEW(""));
        out_json(out, code_text(line->modifiers[i], text));
    }
    OUT_TEXT(out, "],\"units\":");
    out_view(out, quantity_text(line->units, text));
    amount(out, "amount", line->amount);
    OUT_TEXT(out, "}");
}

static void session_write(struct out *out, const struct selfaudit_row *row) {
    OUT_TEXT(out, "{\"exceeds\":");
    out_json(out, row->words);
    key(out, "patient_key", row->patient);
    key(out, "payer_key", row->payer);
    date(out, "service_date", row->on);
    name(out, "region");
    struct view region = selfaudit_region(row->region);
    region.size > 0 ? out_json(out, region) : OUT_TEXT(out, "null");
    if (row->day_count > 0) {
        name(out, "days");
        for (int i = 0; i < row->day_count; i++) {
            out_view(out, i > 0 ? VIEW(",") : VIEW("["));
            report_json_date(out, row->days[i]);
        }
        OUT_TEXT(out, "]");
    }
    if (row->levels > 0) {
        number(out, "levels", row->levels);
        name(out, "side_unknown");
        out_view(out, row->side_unknown ? VIEW("true") : VIEW("false"));
    }
    name(out, "lines");
    for (int i = 0; i < row->line_count; i++) {
        out_view(out, i > 0 ? VIEW(",") : VIEW("["));
        line_write(out, &row->lines[i]);
    }
    OUT_TEXT(out, "]");
    amount(out, "amount", row->amount);
    OUT_TEXT(out, "}");
}

static void rate_write(struct out *out, const struct selfaudit_row *row) {
    char text[9];
    OUT_TEXT(out, "{\"exceeds\":");
    out_json(out, row->words);
    if (row->provider) {
        key(out, "provider_key", row->provider);
    } else {
        words(out, "code", code_text(row->code, text));
    }
    number(out, "lines", row->lines_seen);
    number(out, "carrying", row->lines_carrying);
    OUT_TEXT(out, "}");
}

static void estimate_write(struct out *out, const struct selfaudit_answer *answer) {
    char text[9];
    OUT_TEXT(out, ",\"estimate\":{\"basis\":\"national amount before locality and modifiers\"");
    amount(out, "amount", answer->amount);
    number(out, "lines_not_estimated", answer->lines_bare);
    name(out, "not_estimated");
    OUT_TEXT(out, "[");
    for (int i = 0; i < answer->bare_count; i++) {
        out_view(out, i > 0 ? VIEW(",") : VIEW(""));
        out_json(out, code_text(answer->bare[i], text));
    }
    OUT_TEXT(out, "]");
    number(out, "lines_of_another_year", answer->lines_other_year);
    OUT_TEXT(out, "}");
}

static void levels_write(struct out *out, const struct selfaudit_answer *answer) {
    name(out, "sessions_by_levels");
    for (int i = 0; i < SELFAUDIT_LEVELS_MAX; i++) {
        out_view(out, i > 0 ? VIEW(",") : VIEW("["));
        out_int(out, answer->levels[i]);
    }
    OUT_TEXT(out, "]");
}

static void cites_write(struct out *out, struct view cite) {
    name(out, "cite");
    OUT_TEXT(out, "[");
    for (int i = 0; cite.at; i++) {
        out_view(out, i > 0 ? VIEW(",") : VIEW(""));
        out_json(out, view_cut(&cite, ' '));
    }
    OUT_TEXT(out, "]");
}

static void answer_write(struct out *out, const struct selfaudit_answer *answer) {
    const struct selfaudit_query *query = answer->query;
    bool rates = query->kind == SELFAUDIT_MODIFIERS;
    OUT_TEXT(out, "{\"query\":");
    out_json(out, query->id);
    words(out, "severity", rule_severity_name(query->severity));
    words(out, "asks", query->asks);
    words(out, "why", query->why);
    cites_write(out, query->cite);
    number_or_null(out, "limit", query->limit);
    number_or_null(out, "months", query->months);
    counts(out, "looked_at", &answer->looked);
    counts(out, rates ? "carrying" : "found", &answer->found);
    if (selfaudit_has_levels(answer)) {
        levels_write(out, answer);
    }
    if (!rates) {
        estimate_write(out, answer);
    }
    name(out, "rows");
    OUT_TEXT(out, "[");
    for (const struct selfaudit_row *row = answer->rows; row; row = row->next) {
        out_view(out, row != answer->rows ? VIEW(",") : VIEW(""));
        (rates ? rate_write : session_write)(out, row);
    }
    OUT_TEXT(out, "]}\n");
}

void selfaudit_json(struct out *out, const struct selfaudit *result,
                    const struct report_selfaudit *about) {
    OUT_TEXT(out, "{\"store\":");
    out_json(out, about->store);
    date(out, "from", about->from);
    date(out, "to", about->to);
    number(out, "patients", result->patients);
    number(out, "services", result->services);
    date(out, "first", result->first);
    date(out, "last", result->last);
    OUT_TEXT(out, "}\n");
    for (int i = 0; i < result->count; i++) {
        answer_write(out, &result->answers[i]);
    }
}
