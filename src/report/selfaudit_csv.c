/* The self-audit as CSV: a row of what exceeds a line, RFC 4180 quoting, header first. */
#include "report/report_internal.h"

static const char header[] =
    "query,severity,patient_key,payer_key,provider_key,code,region,service_date,days,lines,exceeds,"
    "amount,not_estimated,lines_seen,lines_carrying,cite\n";

static void key_field(struct out *out, uint64_t key) {
    if (key != 0) {
        selfaudit_key_write(out, key);
    }
    out_char(out, ',');
}

static void session_fields(struct out *out, const struct selfaudit_row *row) {
    char day[11];
    int bare = 0;
    out_view(out, selfaudit_region(row->region));
    out_char(out, ',');
    out_view(out, date_given(row->on) ? date_text(row->on, day) : VIEW(""));
    out_char(out, ',');
    for (int i = 0; i < row->day_count; i++) {
        out_view(out, i > 0 ? VIEW(" ") : VIEW(""));
        out_view(out, date_text(row->days[i], day));
    }
    out_char(out, ',');
    for (int i = 0; i < row->line_count; i++) {
        out_view(out, i > 0 ? VIEW(" + ") : VIEW(""));
        selfaudit_line_write(out, &row->lines[i]);
        bare += !money_given(row->lines[i].amount);
    }
    out_char(out, ',');
    csv_write(out, row->words);
    out_char(out, ',');
    if (row->line_count > bare) {
        char text[24];
        out_view(out, money_text(row->amount, text));
    }
    out_char(out, ',');
    out_int(out, bare);
    out_char(out, ',');
}

static void row_write(struct out *out, const struct selfaudit_query *query,
                      const struct selfaudit_row *row) {
    char text[9];
    csv_write(out, query->id);
    out_char(out, ',');
    csv_write(out, rule_severity_name(query->severity));
    out_char(out, ',');
    key_field(out, row->patient);
    key_field(out, row->payer);
    key_field(out, row->provider);
    csv_write(out, code_text(row->code, text));
    out_char(out, ',');
    session_fields(out, row);
    if (query->kind == SELFAUDIT_MODIFIERS) {
        out_format(out, "%lld,%lld,", (long long)row->lines_seen, (long long)row->lines_carrying);
    } else {
        OUT_TEXT(out, ",,");
    }
    csv_write(out, query->cite);
    out_char(out, '\n');
}

void selfaudit_csv(struct out *out, const struct selfaudit *result) {
    out_view(out, view_of(header));
    for (int i = 0; i < result->count; i++) {
        const struct selfaudit_answer *answer = &result->answers[i];
        for (const struct selfaudit_row *row = answer->rows; row; row = row->next) {
            row_write(out, answer->query, row);
        }
    }
}
