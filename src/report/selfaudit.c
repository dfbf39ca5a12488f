/* The self-audit: what its formats share. */
#include <inttypes.h>

#include "report/report_internal.h"

const char selfaudit_basis[] =
    "Amounts are estimates: the national fee schedule amount of the services beyond the limit, "
    "before locality and modifiers. The queries overlap: do not add their amounts.";

void selfaudit_key_write(struct out *out, uint64_t key) { out_format(out, "%016" PRIx64, key); }

struct view selfaudit_region(enum store_region region) {
    return region == REGION_CT ? VIEW("CT") : region == REGION_LS ? VIEW("LS") : VIEW("");
}

void selfaudit_line_write(struct out *out, const struct selfaudit_line *line) {
    char text[24];
    safe_write(out, code_text(line->code, text));
    for (int i = 0; i < line->modifier_count; i++) {
        out_char(out, '-');
        out_view(out, code_text(line->modifiers[i], text));
    }
    if (line->units.milli != 1000) {
        OUT_TEXT(out, " x");
        out_view(out, quantity_text(line->units, text));
    }
}

void selfaudit_bare_write(struct out *out, const struct selfaudit_answer *answer) {
    char text[9];
    if (answer->lines_bare == 0) {
        return;
    }
    OUT_TEXT(out, "no amount for ");
    for (int i = 0; i < answer->bare_count; i++) {
        out_view(out, i > 0 ? VIEW(" ") : VIEW(""));
        out_view(out, code_text(answer->bare[i], text));
    }
    OUT_TEXT(out, " (");
    count_write(out, answer->lines_bare, "line", "lines");
    OUT_TEXT(out, ")");
}

void selfaudit_limit_write(struct out *out, const struct selfaudit_query *query) {
    if (query->limit == 0) {
        return;
    }
    if (query->kind == SELFAUDIT_MODIFIERS) {
        out_format(out, "%d times the rate of all lines, from %d lines on", query->limit,
                   query->lines_min);
    } else if (query->months > 0) {
        out_format(out, "%d in %d months", query->limit, query->months);
    } else {
        out_format(out, "%d in a session", query->limit);
    }
}

bool selfaudit_has_levels(const struct selfaudit_answer *answer) {
    return answer->query->kind == SELFAUDIT_LEVELS || answer->query->kind == SELFAUDIT_CODES;
}

void selfaudit_levels_write(struct out *out, const struct selfaudit_answer *answer) {
    bool first = true;
    for (int i = 0; i < SELFAUDIT_LEVELS_MAX && selfaudit_has_levels(answer); i++) {
        if (answer->levels[i] == 0) {
            continue;
        }
        out_view(out, first ? VIEW("") : VIEW(", "));
        count_write(out, answer->levels[i], "session", "sessions");
        OUT_TEXT(out, " of ");
        count_write(out, i + 1, "level", "levels");
        out_view(out, i == SELFAUDIT_LEVELS_MAX - 1 ? VIEW(" and more") : VIEW(""));
        first = false;
    }
}

void report_selfaudit(struct out *out, enum report_format format, const struct selfaudit *result,
                      const struct report_selfaudit *about) {
    switch (format) {
    case REPORT_TEXT: selfaudit_text(out, result, about); break;
    case REPORT_JSON: selfaudit_json(out, result, about); break;
    case REPORT_CSV: selfaudit_csv(out, result); break;
    case REPORT_HTML: selfaudit_html(out, result, about); break;
    }
}
