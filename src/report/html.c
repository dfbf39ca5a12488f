/* One self-contained HTML document: summary first, then the findings of each claim. No script, no
 * request to anywhere; what came from outside is escaped. The findings wait in memory until the
 * summary is known, up to the limits in report.h. */
#include "report/report_internal.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" "
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"referrer\" content=\"no-referrer\">\n"
    "<title>";
static const char style[] =
    "</title>\n<style>\n"
    ":root{color-scheme:light dark;--edge:#c8ccd2;--soft:#f3f5f7;--text:#1b1f24;--back:#fff;"
    "--error:#b3261e;--warn:#8a5300;--review:#0b5f8a;--info:#57606a;--clean:#1a6b34}\n"
    "@media(prefers-color-scheme:dark){:root{--edge:#3d444d;--soft:#1c2128;--text:#e6e8eb;"
    "--back:#111418;--error:#ff8a80;--warn:#f0b45b;--review:#7cc4f0;--info:#a0a8b2;"
    "--clean:#7fd99a}}\n"
    "body{font:16px/1.45 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1rem;"
    "color:var(--text);background:var(--back)}\n"
    "h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1.05rem;margin:0}\n"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}\n"
    "caption{text-align:left;font-weight:600;padding:.3rem 0}\n"
    "th,td{border:1px solid var(--edge);padding:.35rem .5rem;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}\nth{background:var(--soft)}\n"
    "td p{margin:.2rem 0}td.number{text-align:right}section{margin:1.5rem 0}\n"
    ".meta{margin:.2rem 0;color:var(--info)}.mark{font-weight:700}\n"
    ".error{color:var(--error)}.warn{color:var(--warn)}.review{color:var(--review)}"
    ".info{color:var(--info)}.clean{color:var(--clean)}\n"
    "a{color:inherit}code{font-size:.95em}\n"
    "@media(min-width:44rem),print{.findings{table-layout:fixed}"
    ".findings th:nth-child(1){width:10%}.findings th:nth-child(2){width:6%}"
    ".findings th:nth-child(3){width:14%}.findings th:nth-child(5){width:24%}"
    ".findings th:nth-child(6){width:8%}}\n"
    "@media(max-width:44rem){.findings thead{display:none}.findings,.findings tbody,.findings tr,"
    ".findings td{display:block;width:auto}.findings td{border-top:0}"
    ".findings tr{border-top:2px solid var(--edge);margin-bottom:1rem}"
    ".findings td::before{content:attr(data-name);display:block;font-weight:600;"
    "color:var(--info)}}\n"
    "@media print{body{max-width:none;font-size:10pt;padding:0}section,tr{break-inside:avoid}"
    "thead{display:table-header-group}}\n";

void html_head(struct out *out, struct view title, struct view more_style) {
    out_view(out, view_of(head));
    html_write(out, title);
    out_view(out, view_of(style));
    out_view(out, more_style);
    OUT_TEXT(out, "</style></head>\n<body>\n<h1>");
    html_write(out, title);
    OUT_TEXT(out, "</h1>\n");
}

/* Escapes what `scratch` holds, writes it and empties it. */
static void scratch_put(struct report *report, struct out *out) {
    html_write(out, out_bytes(&report->scratch));
    out_clear(&report->scratch);
}

static void cell_open(struct out *out, const char *name) {
    OUT_TEXT(out, "<td data-name=\"");
    out_view(out, view_of(name));
    OUT_TEXT(out, "\">");
}

/* ---- findings of a claim --------------------------------------------------------------------- */

static void line_cell(struct report *report, const struct claim *claim,
                      const struct audit_finding *finding) {
    struct out *out = &report->detail;
    cell_open(out, "Line");
    if (finding->line_count == 0) {
        OUT_TEXT(out, "claim");
    } else {
        finding_lines_write(out, claim, finding, ", ");
        const struct claim_line *line = line_numbered(claim, finding->lines[0]);
        if (line) {
            OUT_TEXT(out, "<br><code>");
            line_sentence(&report->scratch, line, " · ");
            scratch_put(report, out);
            OUT_TEXT(out, "</code>");
        }
    }
    OUT_TEXT(out, "</td>");
}

static void severity_cell(struct out *out, const struct audit_finding *finding) {
    struct view severity = rule_severity_name(finding->severity);
    cell_open(out, "Severity");
    OUT_TEXT(out, "<span class=\"mark ");
    out_view(out, severity);
    OUT_TEXT(out, "\">");
    out_view(out, severity);
    OUT_TEXT(out, "</span>");
    if (finding->status != AUDIT_FAIL) {
        OUT_TEXT(out, "<br>");
        out_view(out, audit_status_name(finding->status));
    }
    OUT_TEXT(out, "</td>");
    cell_open(out, "Rule");
    html_write(out, finding->rule->id);
    OUT_TEXT(out, "</td>");
}

static void words_cell(struct out *out, const struct audit_finding *finding) {
    struct view fix = finding_fix(finding);
    cell_open(out, "Finding");
    OUT_TEXT(out, "<p><strong>");
    html_write(out, finding->message);
    OUT_TEXT(out, "</strong></p><p>");
    html_write(out, finding->rule->why);
    OUT_TEXT(out, "</p>");
    if (fix.size > 0) {
        OUT_TEXT(out, "<p><em>What to do:</em> ");
        html_write(out, fix);
        OUT_TEXT(out, "</p>");
    }
    OUT_TEXT(out, "</td>");
}

static void source_cell(struct report *report, const struct audit_result *result,
                        const struct audit_finding *finding) {
    struct out *out = &report->detail;
    cell_open(out, "Source");
    for (int i = 0; i < finding->evidence_count; i++) {
        OUT_TEXT(out, "<p>");
        evidence_sentence(&report->scratch, report, result, &finding->evidence[i]);
        scratch_put(report, out);
        OUT_TEXT(out, "</p>");
    }
    const struct rule_cite *cite;
    for (int i = 0; (cite = finding_cite(finding, i)) != NULL; i++) {
        bool link = view_starts(cite->url, VIEW("https://"));
        OUT_TEXT(out, "<p>");
        if (link) {
            OUT_TEXT(out, "<a rel=\"noreferrer\" href=\"");
            html_write(out, cite->url);
            OUT_TEXT(out, "\">");
        }
        html_write(out, cite->key);
        out_view(out, link ? VIEW("</a>, ") : VIEW(", "));
        html_write(out, cite->section);
        OUT_TEXT(out, "</p>");
    }
    OUT_TEXT(out, "</td>");
}

static void finding_row(struct report *report, const struct claim *claim,
                        const struct audit_result *result, const struct audit_finding *finding) {
    struct out *out = &report->detail;
    OUT_TEXT(out, "<tr>");
    line_cell(report, claim, finding);
    severity_cell(out, finding);
    words_cell(out, finding);
    source_cell(report, result, finding);
    cell_open(out, "Expected answer");
    answer_sentence(&report->scratch, finding);
    scratch_put(report, out);
    if (result->price && money_given(finding->at_risk)) {
        OUT_TEXT(out, "<p><em>At risk:</em> ");
        price_risk_sentence(&report->scratch, result->price, finding->at_risk);
        scratch_put(report, out);
        OUT_TEXT(out, "</p>");
    }
    OUT_TEXT(out, "</td></tr>\n");
}

static void gaps_write(struct report *report, const struct audit_result *result) {
    struct out *out = &report->detail;
    if (result->gap_count == 0) {
        return;
    }
    OUT_TEXT(out, "<p>Not evaluated:</p><ul>");
    for (int at = 0; gap_write(&report->scratch, result, &at);) {
        OUT_TEXT(out, "<li>");
        scratch_put(report, out);
        OUT_TEXT(out, "</li>");
    }
    for (int at = 0; needs_write(&report->scratch, result, &at);) {
        OUT_TEXT(out, "<li>");
        scratch_put(report, out);
        OUT_TEXT(out, "</li>");
    }
    OUT_TEXT(out, "</ul>\n");
}

static void prices_write(struct report *report, const struct claim *claim,
                         const struct audit_result *result) {
    struct out *out = &report->detail;
    OUT_TEXT(out, "<details><summary>Pays ");
    price_claim_sentence(&report->scratch, result);
    scratch_put(report, out);
    OUT_TEXT(out, "</summary><ul>");
    for (int i = 0; price_line_sentence(&report->scratch, claim, result->price, i); i++) {
        OUT_TEXT(out, "<li>");
        scratch_put(report, out);
        OUT_TEXT(out, "</li>");
    }
    OUT_TEXT(out, "</ul></details>\n");
}

static void claim_head(struct report *report, const struct claim *claim,
                       const struct audit_result *result) {
    static const char *const classes[] = {"clean", "warn", "error"};
    struct out *out = &report->detail;
    OUT_TEXT(out, "<section id=\"claim-");
    out_int(out, claim->ordinal);
    OUT_TEXT(out, "\"><h3>");
    html_write(out, claim->id);
    OUT_TEXT(out, " <span class=\"mark ");
    out_view(out, view_of(classes[result->verdict]));
    OUT_TEXT(out, "\">");
    out_view(out, verdict_words(result->verdict));
    OUT_TEXT(out, "</span></h3>\n<p class=\"meta\">");
    html_write(out, claim_payer(report, claim));
    OUT_TEXT(out, " · ");
    html_write(out, report->file);
    OUT_TEXT(out, " · ");
    place_sentence(out, claim->format, &claim->at);
    OUT_TEXT(out, "</p>\n");
}

/* False, once and for all, when the document is full. */
static bool detail_room(struct report *report) {
    if (report->detail_claims >= REPORT_HTML_CLAIMS_MAX ||
        report->detail.size >= REPORT_HTML_BYTES_MAX) {
        report->detail_full = true;
    }
    return !report->detail_full;
}

void html_claim(struct report *report, const struct claim *claim,
                const struct audit_result *result) {
    struct out *out = &report->detail;
    if ((result->finding_count == 0 && result->gap_count == 0 &&
         result->opportunity_count == 0) ||
        !detail_room(report)) {
        return;
    }
    report->detail_claims++;
    report->detail_last = claim->ordinal;
    claim_head(report, claim, result);
    if (result->finding_count > 0) {
        OUT_TEXT(out, "<table class=\"findings\"><thead><tr><th scope=\"col\">Line</th>"
                      "<th scope=\"col\">Severity</th><th scope=\"col\">Rule</th>"
                      "<th scope=\"col\">Finding</th><th scope=\"col\">Source</th>"
                      "<th scope=\"col\">Expected answer</th></tr></thead><tbody>\n");
        for (int i = 0; i < result->finding_count; i++) {
            finding_row(report, claim, result, &result->findings[i]);
        }
        OUT_TEXT(out, "</tbody></table>\n");
    }
    gaps_write(report, result);
    if (result->price) {
        prices_write(report, claim, result);
    }
    opportunities_html(report, result);
    if (result->truncated) {
        OUT_TEXT(out, "<p>More findings than fit: the list is cut.</p>\n");
    }
    OUT_TEXT(out, "</section>\n");
}

void html_fault(struct report *report, const struct claim_fault *fault) {
    struct out *out = &report->detail;
    if (!detail_room(report)) {
        return;
    }
    bool error = !fault->rule || view_equal(view_of(fault->severity), VIEW("error"));
    OUT_TEXT(out, "<section><h3>");
    html_write(out, report->file);
    out_view(out,
             error ? VIEW(" <span class=\"mark error\">") : VIEW(" <span class=\"mark review\">"));
    out_view(out, !fault->rule ? VIEW("UNREADABLE") : error ? VIEW("ERROR") : VIEW("REVIEW"));
    OUT_TEXT(out, "</span></h3>\n<p>");
    html_write(out, view_of(fault->rule ? fault->rule : fault->diag.code));
    OUT_TEXT(out, ": ");
    diag_sentence(&report->scratch, &fault->diag);
    scratch_put(report, out);
    OUT_TEXT(out, "</p></section>\n");
}

/* ---- summary ----------------------------------------------------------------------------------
 */

static void row_open(struct out *out, const char *name, const char *class) {
    OUT_TEXT(out, "<tr><th scope=\"row\"");
    if (*class) {
        OUT_TEXT(out, " class=\"");
        out_view(out, view_of(class));
        out_char(out, '"');
    }
    out_char(out, '>');
    out_view(out, view_of(name));
    OUT_TEXT(out, "</th><td class=\"number\">");
}

static void row_count(struct out *out, const char *name, const char *class, int64_t count) {
    row_open(out, name, class);
    out_int(out, count);
    OUT_TEXT(out, "</td></tr>\n");
}

static void row_money(struct out *out, const char *name, struct money money) {
    row_open(out, name, "");
    money_write(out, money);
    OUT_TEXT(out, "</td></tr>\n");
}

static void counts_table(const struct report *report) {
    const struct report_totals *totals = &report->totals;
    struct out *out = report->out;
    OUT_TEXT(out, "<table><caption>Claims</caption><tbody>\n");
    row_count(out, "read", "", totals->claims);
    row_count(out, "not clean", "error", totals->not_clean);
    row_count(out, "incomplete", "warn", totals->incomplete);
    row_count(out, "clean", "clean", totals->clean);
    row_money(out, "charges read", totals->charges);
    row_money(out, "charges on lines with errors", totals->charges_at_risk);
    if (totals->priced > 0) {
        row_money(out, "allowed as billed", totals->allowed);
        row_money(out, "of it at risk by errors", totals->at_risk);
    }
    OUT_TEXT(out, "</tbody></table>\n<table><caption>Findings</caption><tbody>\n");
    row_count(out, "errors", "error", totals->findings[RULE_ERROR]);
    row_count(out, "warnings", "warn", totals->findings[RULE_WARN]);
    row_count(out, "to review", "review", totals->findings[RULE_REVIEW]);
    row_count(out, "for information", "info", totals->findings[RULE_INFO]);
    row_count(out, "edits passed by a modifier", "", totals->bypassed);
    row_count(out, "unreadable parts of the input", "", totals->faults);
    row_count(out, "errors about files", "", totals->file_errors);
    OUT_TEXT(out, "</tbody></table>\n");
}

static void rules_table(const struct report *report) {
    struct fired rules[TOP_RULES_MAX];
    int count = totals_rules(report, rules, TOP_RULES_MAX);
    struct out *out = report->out;
    if (count == 0) {
        return;
    }
    OUT_TEXT(out, "<table><caption>Rules that fired most</caption><thead><tr>"
                  "<th scope=\"col\">Rule</th><th scope=\"col\">What it says</th>"
                  "<th scope=\"col\">Findings</th></tr></thead><tbody>\n");
    for (int i = 0; i < count; i++) {
        OUT_TEXT(out, "<tr><td>");
        html_write(out, rules[i].rule->id);
        OUT_TEXT(out, "</td><td>");
        html_write(out, rules[i].rule->title);
        OUT_TEXT(out, "</td><td class=\"number\">");
        out_int(out, rules[i].count);
        OUT_TEXT(out, "</td></tr>\n");
    }
    OUT_TEXT(out, "</tbody></table>\n");
}

/* The name of a claim, a link when the document shows it. */
static void top_claim_write(const struct report *report, const struct top_claim *top) {
    struct out *out = report->out;
    bool link = top->ordinal <= report->detail_last;
    if (link) {
        OUT_TEXT(out, "<a href=\"#claim-");
        out_int(out, top->ordinal);
        OUT_TEXT(out, "\">");
    }
    html_write(out, (struct view){top->id, top->id_size});
    out_view(out, link ? VIEW("</a>") : VIEW(""));
}

static void top_table(const struct report *report) {
    struct out *out = report->out;
    if (report->top_count == 0) {
        return;
    }
    OUT_TEXT(out, "<table><caption>Largest charges on lines with errors</caption><thead><tr>"
                  "<th scope=\"col\">Claim</th><th scope=\"col\">File</th>"
                  "<th scope=\"col\">Charge</th></tr></thead><tbody>\n");
    for (int i = 0; i < report->top_count; i++) {
        const struct top_claim *top = &report->top[i];
        OUT_TEXT(out, "<tr><td>");
        top_claim_write(report, top);
        OUT_TEXT(out, "</td><td>");
        html_write(out, top->file);
        OUT_TEXT(out, "</td><td class=\"number\">");
        money_write(out, top->charge);
        OUT_TEXT(out, "</td></tr>\n");
    }
    OUT_TEXT(out, "</tbody></table>\n");
}

static void editions_write(const struct report *report) {
    struct out *out = report->out;
    bool first = true;
    for (int i = 0; i < report->release_count; i++) {
        if (!release_in(&report->totals.stale_releases, (uint32_t)i)) {
            continue;
        }
        out_view(out, first ? VIEW("<p>Editions older than some services: ") : VIEW(", "));
        html_write(out, report->releases[i].table);
        out_char(out, ' ');
        html_write(out, report->releases[i].name);
        first = false;
    }
    out_view(out, first ? VIEW("") : VIEW(".</p>\n"));
    for (int i = 0; i < report->not_loaded_count; i++) {
        out_view(out, i == 0 ? VIEW("<p>Not loaded: ") : VIEW(", "));
        html_write(out, report->not_loaded[i]);
    }
    out_view(out, report->not_loaded_count > 0 ? VIEW(".</p>\n") : VIEW(""));
}

void html_end(struct report *report) {
    struct out *out = report->out;
    char text[11];
    html_head(out, VIEW("Claim report"), VIEW(""));
    OUT_TEXT(out, "<p class=\"meta\">");
    html_write(out, report->options.program);
    OUT_TEXT(out, " · store ");
    html_write(out, store_hash(report->store));
    if (date_given(report->options.as_of)) {
        OUT_TEXT(out, " · as of ");
        out_view(out, date_text(report->options.as_of, text));
    }
    OUT_TEXT(out, "</p>\n<h2>Summary</h2>\n");
    counts_table(report);
    rules_table(report);
    top_table(report);
    editions_write(report);
    OUT_TEXT(out, "<h2>Claims and files with findings</h2>\n");
    if (report->detail_full) {
        OUT_TEXT(out, "<p>This document shows the first ");
        out_int(out, report->detail_claims);
        OUT_TEXT(out, " claims with findings; the summary counts all of them. Use the json or csv "
                      "format for the rest.</p>\n");
    }
    if (report->detail.size == 0) {
        OUT_TEXT(out, "<p>None.</p>\n");
    }
    out_view(out, out_bytes(&report->detail));
    OUT_TEXT(out, "</body></html>\n");
}
