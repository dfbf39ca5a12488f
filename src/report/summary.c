/* The summary as text: verdicts, findings, rules, charges at risk, editions, what is missing. */
#include "report/report_internal.h"

#define LABEL_COLUMNS 13

/* Writes what `line` holds behind its label, wrapped, and empties it. */
static void line_put(struct out *out, struct out *line, const char *label) {
    if (line->size == 0) {
        return;
    }
    struct view name = view_of(label);
    OUT_TEXT(out, "  ");
    out_view(out, name);
    out_pad(out, LABEL_COLUMNS - 2 - name.size);
    out_wrap(out, out_bytes(line), LABEL_COLUMNS, LABEL_COLUMNS, TEXT_WIDTH);
    out_clear(line);
}

static void counts_put(const struct report *report, struct out *out, struct out *line) {
    const struct report_totals *totals = &report->totals;
    count_write(line, totals->claims, "claim read: ", "claims read: ");
    out_int(line, totals->not_clean);
    OUT_TEXT(line, " not clean, ");
    out_int(line, totals->incomplete);
    OUT_TEXT(line, " incomplete, ");
    out_int(line, totals->clean);
    OUT_TEXT(line, " clean");
    line_put(out, line, "claims");
    count_write(line, totals->findings[RULE_ERROR], "error, ", "errors, ");
    count_write(line, totals->findings[RULE_WARN], "warning, ", "warnings, ");
    out_int(line, totals->findings[RULE_REVIEW]);
    OUT_TEXT(line, " to review, ");
    out_int(line, totals->findings[RULE_INFO]);
    OUT_TEXT(line, " for information; ");
    count_write(line, totals->bypassed, "edit passed by a modifier", "edits passed by a modifier");
    line_put(out, line, "findings");
    if (totals->faults > 0 || totals->file_errors > 0) {
        count_write(line, totals->faults, "part of the input is unreadable, ",
                    "parts of the input are unreadable, ");
        count_write(line, totals->file_errors, "error about a file", "errors about files");
        line_put(out, line, "files");
    }
    money_write(line, totals->charges);
    OUT_TEXT(line, " read, ");
    money_write(line, totals->charges_at_risk);
    OUT_TEXT(line, " on lines with errors");
    line_put(out, line, "charges");
}

/* By the fee schedule or the contract of the payer, where there is one. */
static void amounts_put(const struct report *report, struct out *out, struct out *line) {
    const struct report_totals *totals = &report->totals;
    if (totals->priced + totals->unpriced == 0) {
        return;
    }
    money_write(line, totals->allowed);
    OUT_TEXT(line, " allowed for ");
    count_write(line, totals->priced, "claim as billed, ", "claims as billed, ");
    money_write(line, totals->at_risk);
    OUT_TEXT(line, " of it at risk by errors");
    if (totals->risk_unknown > 0) {
        OUT_TEXT(line, "; what errors cost is not known of ");
        count_write(line, totals->risk_unknown, "claim", "claims");
    }
    if (totals->bare_lines > 0) {
        OUT_TEXT(line, "; ");
        count_write(line, totals->bare_lines, "line has no amount", "lines have no amount");
    }
    if (totals->unpriced > 0) {
        OUT_TEXT(line, "; ");
        count_write(line, totals->unpriced, "claim has no fee schedule",
                    "claims have no fee schedule");
    }
    line_put(out, line, "pays");
}

static void rules_put(const struct report *report, struct out *out, struct out *line) {
    struct fired rules[TOP_RULES_MAX];
    int count = totals_rules(report, rules, TOP_RULES_MAX);
    for (int i = 0; i < count; i++) {
        out_view(line, view_of(i > 0 ? ", " : ""));
        out_view(line, rules[i].rule->id);
        out_char(line, ' ');
        out_int(line, rules[i].count);
    }
    line_put(out, line, "rules");
}

/* The claims that should be corrected first. */
static void top_put(const struct report *report, struct out *out, struct out *line) {
    for (int i = 0; i < report->top_count; i++) {
        const struct top_claim *top = &report->top[i];
        char text[24];
        struct view money = money_text(top->charge, text);
        out_pad(line, 11 - money.size);
        out_char(line, '$');
        out_view(line, money);
        OUT_TEXT(line, "  ");
        safe_write(line, (struct view){top->id, top->id_size});
        OUT_TEXT(line, " (");
        path_write(line, top->file);
        OUT_TEXT(line, ")");
        line_put(out, line, i > 0 ? "" : "at risk");
    }
}

static void editions_put(const struct report *report, struct out *out, struct out *line) {
    char text[11];
    for (int i = 0; i < report->release_count; i++) {
        const struct release_text *release = &report->releases[i];
        if (!release_in(&report->totals.stale_releases, (uint32_t)i)) {
            continue;
        }
        out_view(line, view_of(line->size > 0 ? "; " : ""));
        out_view(line, release->table);
        out_char(line, ' ');
        out_view(line, release->name);
        if (date_given(release->through)) {
            OUT_TEXT(line, ", newest until ");
            out_view(line, date_text(release->through, text));
        }
    }
    if (line->size > 0) {
        OUT_TEXT(line, " (older than some services: import newer editions)");
    }
    line_put(out, line, "stale");
    for (int i = 0; i < report->not_loaded_count; i++) {
        out_view(line, view_of(i > 0 ? ", " : ""));
        out_view(line, report->not_loaded[i]);
    }
    line_put(out, line, "not loaded");
}

void report_summary(struct report *report, struct out *out) {
    struct out line;
    out_open(&line, NULL, NULL);
    OUT_TEXT(out, "summary\n");
    counts_put(report, out, &line);
    amounts_put(report, out, &line);
    rules_put(report, out, &line);
    top_put(report, out, &line);
    editions_put(report, out, &line);
    out->failed |= line.failed;
    out_close(&line);
}
