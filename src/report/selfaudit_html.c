/* The self-audit as one self-contained HTML document: what was found in a table, then query after
 * query. */
#include "report/report_internal.h"

/* Keys, days, codes and amounts stay on one line. */
static const char style[] =
    ".whole th,.whole td{white-space:nowrap}.whole td.words{white-space:normal;width:99%}\n"
    ".sums th,.sums td{overflow-wrap:normal}\n";

static void scratch_put(struct out *out, struct out *scratch) {
    html_write(out, out_bytes(scratch));
    out->failed |= scratch->failed;
    out_clear(scratch);
}

static void paragraph(struct out *out, const char *label, struct out *scratch) {
    if (scratch->size > 0) {
        OUT_TEXT(out, "<p>");
        out_view(out, view_of(label));
        scratch_put(out, scratch);
        OUT_TEXT(out, "</p>\n");
    }
}

static void number_cell(struct out *out, int64_t value) {
    OUT_TEXT(out, "<td class=\"number\">");
    out_int(out, value);
    OUT_TEXT(out, "</td>");
}

static void money_cell(struct out *out, struct money money, bool given) {
    OUT_TEXT(out, "<td class=\"number\">");
    if (given) {
        money_write(out, money);
    }
    OUT_TEXT(out, "</td>");
}

/* ---- summary ----------------------------------------------------------------------------- */

static void summary_row(struct out *out, const struct selfaudit_answer *answer) {
    const struct selfaudit_query *query = answer->query;
    bool rates = query->kind == SELFAUDIT_MODIFIERS;
    OUT_TEXT(out, "<tr><td><a href=\"#");
    html_write(out, query->id);
    OUT_TEXT(out, "\">");
    html_write(out, query->id);
    OUT_TEXT(out, "</a></td><td class=\"");
    out_view(out, rule_severity_name(query->severity));
    OUT_TEXT(out, "\">");
    out_view(out, rule_severity_name(query->severity));
    OUT_TEXT(out, "</td>");
    number_cell(out, answer->looked.sessions);
    number_cell(out, answer->found.patients);
    number_cell(out, answer->found.sessions);
    number_cell(out, answer->found.lines);
    money_cell(out, answer->amount, !rates && answer->found.lines > answer->lines_bare);
    number_cell(out, answer->lines_bare);
    OUT_TEXT(out, "</tr>\n");
}

static void summary(struct out *out, const struct selfaudit *result) {
    OUT_TEXT(out, "<h2>Summary</h2>\n<table class=\"sums\"><thead><tr><th scope=\"col\">Query</th>"
                  "<th scope=\"col\">Severity</th><th scope=\"col\">Sessions looked at</th>"
                  "<th scope=\"col\">Patients found</th><th scope=\"col\">Sessions</th>"
                  "<th scope=\"col\">Lines</th><th scope=\"col\">Estimate</th>"
                  "<th scope=\"col\">Lines without an amount</th></tr></thead><tbody>\n");
    for (int i = 0; i < result->count; i++) {
        summary_row(out, &result->answers[i]);
    }
    OUT_TEXT(out, "</tbody></table>\n");
}

/* ---- queries ----------------------------------------------------------------------------- */

static void session_row(struct out *out, const struct selfaudit_row *row, struct out *scratch) {
    char day[11];
    OUT_TEXT(out, "<tr><td><code>");
    selfaudit_key_write(out, row->patient);
    OUT_TEXT(out, "</code></td><td>");
    out_view(out, date_text(row->on, day));
    OUT_TEXT(out, "</td><td>");
    out_view(out, selfaudit_region(row->region));
    OUT_TEXT(out, "</td><td>");
    for (int i = 0; i < row->line_count; i++) {
        out_view(out, i > 0 ? VIEW("<br>") : VIEW(""));
        selfaudit_line_write(scratch, &row->lines[i]);
        scratch_put(out, scratch);
    }
    OUT_TEXT(out, "</td><td class=\"words\">");
    html_write(out, row->words);
    for (int i = 0; i < row->day_count; i++) {
        out_view(out, i > 0 ? VIEW(", ") : VIEW(": "));
        out_view(out, date_text(row->days[i], day));
    }
    OUT_TEXT(out, "</td>");
    money_cell(out, row->amount, row->amount.cents > 0);
    OUT_TEXT(out, "</tr>\n");
}

static void rate_row(struct out *out, const struct selfaudit_row *row) {
    char text[9];
    OUT_TEXT(out, "<tr><td><code>");
    if (row->provider) {
        selfaudit_key_write(out, row->provider);
    } else {
        html_write(out, code_text(row->code, text));
    }
    OUT_TEXT(out, "</code></td>");
    number_cell(out, row->lines_seen);
    number_cell(out, row->lines_carrying);
    OUT_TEXT(out, "<td class=\"words\">");
    html_write(out, row->words);
    OUT_TEXT(out, "</td></tr>\n");
}

static void rows_table(struct out *out, const struct selfaudit_answer *answer,
                       struct out *scratch) {
    bool rates = answer->query->kind == SELFAUDIT_MODIFIERS;
    int64_t shown = 0;
    OUT_TEXT(out, "<table class=\"whole\"><thead><tr><th scope=\"col\">");
    out_view(out, rates ? VIEW("Provider or code</th><th scope=\"col\">Lines</th>"
                               "<th scope=\"col\">Carry one</th>"
                               "<th scope=\"col\">What exceeds</th></tr></thead><tbody>\n")
                        : VIEW("Patient</th><th scope=\"col\">Day</th>"
                               "<th scope=\"col\">Region</th><th scope=\"col\">Lines</th>"
                               "<th scope=\"col\">What exceeds</th>"
                               "<th scope=\"col\">Estimate</th></tr></thead><tbody>\n"));
    for (const struct selfaudit_row *row = answer->rows; row && shown < REPORT_HTML_CLAIMS_MAX;
         row = row->next, shown++) {
        if (rates) {
            rate_row(out, row);
        } else {
            session_row(out, row, scratch);
        }
    }
    OUT_TEXT(out, "</tbody></table>\n");
    if (shown < answer->row_count) {
        OUT_TEXT(out, "<p>These are the first ");
        out_int(out, shown);
        OUT_TEXT(out, " of ");
        out_int(out, answer->row_count);
        OUT_TEXT(out, ": the json and csv formats have all.</p>\n");
    }
}

static void answer_write(struct out *out, const struct selfaudit_answer *answer,
                         struct out *scratch) {
    const struct selfaudit_query *query = answer->query;
    OUT_TEXT(out, "<section id=\"");
    html_write(out, query->id);
    OUT_TEXT(out, "\"><h2>");
    html_write(out, query->id);
    OUT_TEXT(out, "</h2>\n<p><strong>");
    html_write(out, query->asks);
    OUT_TEXT(out, "</strong></p>\n<p>");
    html_write(out, query->why);
    OUT_TEXT(out, "</p>\n<p class=\"meta\">");
    html_write(out, query->cite);
    OUT_TEXT(out, "</p>\n");
    selfaudit_limit_write(scratch, query);
    paragraph(out, "Limit: ", scratch);
    selfaudit_levels_write(scratch, answer);
    paragraph(out, "Levels: ", scratch);
    selfaudit_bare_write(scratch, answer);
    paragraph(out, "Not estimated: ", scratch);
    if (answer->lines_other_year > 0) {
        count_write(scratch, answer->lines_other_year, "line", "lines");
        paragraph(out, "At the amount of another year's schedule: ", scratch);
    }
    if (answer->row_count > 0) {
        rows_table(out, answer, scratch);
    } else {
        OUT_TEXT(out, "<p>Nothing exceeds.</p>\n");
    }
    OUT_TEXT(out, "</section>\n");
}

void selfaudit_html(struct out *out, const struct selfaudit *result,
                    const struct report_selfaudit *about) {
    struct out scratch;
    char day[11];
    out_open(&scratch, NULL, NULL);
    html_head(out, VIEW("Self-audit"), view_of(style));
    OUT_TEXT(out, "<p class=\"meta\">");
    html_write(out, about->program);
    OUT_TEXT(out, " · store ");
    html_write(out, about->store);
    OUT_TEXT(out, " · ");
    html_write(out, about->history);
    OUT_TEXT(out, "</p>\n<p>");
    count_write(out, result->patients, "patient", "patients");
    OUT_TEXT(out, ", ");
    count_write(out, result->services, "service", "services");
    if (date_given(result->first)) {
        OUT_TEXT(out, " from ");
        out_view(out, date_text(result->first, day));
        OUT_TEXT(out, " to ");
        out_view(out, date_text(result->last, day));
    }
    OUT_TEXT(out, ". ");
    html_write(out, view_of(selfaudit_basis));
    OUT_TEXT(out, "</p>\n");
    summary(out, result);
    for (int i = 0; i < result->count; i++) {
        answer_write(out, &result->answers[i], &scratch);
    }
    OUT_TEXT(out, "</body></html>\n");
    out->failed |= scratch.failed;
    out_close(&scratch);
}
