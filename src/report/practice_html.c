/* The practice report as one self-contained HTML document: what it came to, charts, tables. No
 * script and no request to anywhere; what came from outside is escaped. */
#include "report/practice_internal.h"

#define ROWS_SHOWN 100

static const char style[] =
    ":root{--bar:#2f6f9f}\n"
    "@media(prefers-color-scheme:dark){:root{--bar:#6fb1de}}\n"
    ".facts th{width:11rem}@media(max-width:44rem){.facts th{width:6rem}}.key{font-weight:700}\n"
    ".scroll{overflow-x:auto;margin:.5rem 0 1rem}.scroll table{margin:0}\n"
    ".scroll:focus-visible{outline:2px solid var(--bar);outline-offset:2px}\n"
    ".wide th,.wide td{overflow-wrap:normal}.wide thead th{vertical-align:bottom}\n"
    ".wide td.number,.wide thead th.number{text-align:right}\n"
    ".wide td.number,.wide td.name{white-space:nowrap;font-variant-numeric:tabular-nums}\n"
    ".wide tbody th{font-weight:600;min-width:8rem}\n"
    ".wide{font-size:.92rem}.wide td.words{min-width:9rem}\n"
    "figure{margin:1rem 0;overflow-x:auto}figcaption{font-weight:600;padding:.3rem 0}\n"
    "svg{display:block;width:100%;min-width:34rem;max-width:52rem;height:auto}\n"
    "svg text{font:12px system-ui,sans-serif;fill:var(--text)}.bar{fill:var(--bar)}"
    ".axis{stroke:var(--info);stroke-width:1}\n"
    "@media print{:root{color-scheme:light;--edge:#c8ccd2;--soft:#f3f5f7;--text:#1b1f24;"
    "--back:#fff;--error:#b3261e;--warn:#8a5300;--review:#0b5f8a;--info:#57606a;--clean:#1a6b34;"
    "--bar:#2f6f9f}@page{size:landscape;margin:12mm}body{font-size:9pt}section{break-inside:auto}"
    "h2,caption,figcaption{break-after:avoid}figure{break-inside:avoid}"
    ".scroll,figure{overflow:visible}svg{min-width:0;max-width:15cm}"
    ".wide{font-size:8pt}.wide th,.wide td{padding:.15rem .3rem}.wide td.words{min-width:10rem}}\n";

static void scratch_put(struct out *out, struct out *scratch) {
    html_write(out, out_bytes(scratch));
    out->failed |= scratch->failed;
    out_clear(scratch);
}

/* ---- what it came to ----------------------------------------------------------------------- */

static void facts_table(struct out *out, const struct report_practice *practice,
                        const struct practice_about *about, struct out *scratch) {
    OUT_TEXT(out, "<table class=\"facts\"><caption>What the claims came to</caption><tbody>\n");
    for (int i = 0; i < PRACTICE_SAYINGS; i++) {
        bool key = i == SAYS_AT_RISK;
        practice_saying_write(scratch, practice, about, (enum practice_saying)i);
        if (scratch->size == 0) {
            continue;
        }
        OUT_TEXT(out, "<tr><th scope=\"row\">");
        out_view(out, view_of(practice_saying_label((enum practice_saying)i)));
        out_view(out, key ? VIEW("</th><td class=\"key\">") : VIEW("</th><td>"));
        scratch_put(out, scratch);
        OUT_TEXT(out, "</td></tr>\n");
    }
    OUT_TEXT(out, "</tbody></table>\n");
}

/* ---- tables -------------------------------------------------------------------------------- */

/* Scrolls by itself where the window is narrow, also with the keys. */
static void wide_open(struct out *out, const char *id, const char *caption) {
    out_format(out,
               "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
               "aria-labelledby=\"%s-caption\">\n"
               "<table class=\"wide\"><caption id=\"%s-caption\">%s</caption><thead><tr>",
               id, id, caption);
}

static void wide_close(struct out *out) { OUT_TEXT(out, "</tbody></table></div>\n"); }

static void head_cell(struct out *out, const char *title, bool number) {
    out_view(out, number ? VIEW("<th scope=\"col\" class=\"number\">")
                         : VIEW("<th scope=\"col\">"));
    out_view(out, view_of(title));
    OUT_TEXT(out, "</th>");
}

static void severity_open(struct out *out, const struct practice_row *row) {
    OUT_TEXT(out, "<td class=\"mark ");
    out_view(out, row->rule ? rule_severity_name(row->severity) : VIEW("info"));
    OUT_TEXT(out, "\">");
}

static void cell_write(struct out *out, enum practice_name name, const struct practice_row *row,
                       enum practice_cell cell, struct out *scratch) {
    if (cell == CELL_SEVERITY) {
        severity_open(out, row);
    } else {
        out_view(out, cell == CELL_ABOUT             ? VIEW("<td class=\"words\">")
                      : practice_cell_is_text(cell)  ? VIEW("<td class=\"name\">")
                                                     : VIEW("<td class=\"number\">"));
    }
    if (practice_cell_unknown(row, cell)) {
        OUT_TEXT(out, "not known");
    } else {
        out_view(out, practice_cell_is_money(cell) ? VIEW("$") : VIEW(""));
        practice_cell_write(scratch, name, row, cell);
        scratch_put(out, scratch);
    }
    OUT_TEXT(out, "</td>");
}

static void row_write(struct out *out, const struct report_practice *practice,
                      enum practice_name name, const struct practice_row *row,
                      struct out *scratch) {
    const struct practice_shape *shape = &practice_shapes[name];
    OUT_TEXT(out, "<tr><th scope=\"row\" class=\"name\">");
    if (practice_is_others(&practice->tables[name], row)) {
        out_format(scratch, "others: names past the first %d", PRACTICE_ROWS_MAX);
    } else {
        practice_cell_write(scratch, name, row, CELL_NAME);
    }
    scratch_put(out, scratch);
    OUT_TEXT(out, "</th>");
    for (int i = 0; i < shape->cell_count; i++) {
        cell_write(out, name, row, shape->cells[i], scratch);
    }
    OUT_TEXT(out, "</tr>\n");
}

static void table_write(struct out *out, const struct report_practice *practice,
                        enum practice_name name, struct out *scratch) {
    const struct practice_table *table = &practice->tables[name];
    const struct practice_shape *shape = &practice_shapes[name];
    int count = practice_row_count(table), shown = count < ROWS_SHOWN ? count : ROWS_SHOWN;
    if (count == 0) {
        OUT_TEXT(out, "<p>None.</p>\n");
        return;
    }
    wide_open(out, shape->id, shape->caption);
    head_cell(out, shape->first, false);
    for (int i = 0; i < shape->cell_count; i++) {
        head_cell(out, practice_cell_title(shape, shape->cells[i]),
                  !practice_cell_is_text(shape->cells[i]));
    }
    OUT_TEXT(out, "</tr></thead><tbody>\n");
    for (int i = 0; i < shown; i++) {
        row_write(out, practice, name, practice_row(table, i), scratch);
    }
    wide_close(out);
    if (shown < count) {
        out_format(out, "<p>These are the first %d of %d: the csv format has all.</p>\n", shown,
                   count);
    }
}

/* ---- claims -------------------------------------------------------------------------------- */

static void claim_row(struct out *out, const struct practice_claim *claim, struct out *scratch) {
    char text[11];
    OUT_TEXT(out, "<tr><th scope=\"row\" class=\"name\">");
    html_write(out, (struct view){claim->id, claim->id_size});
    OUT_TEXT(out, "</th><td>");
    html_write(out, (struct view){claim->payer, claim->payer_size});
    OUT_TEXT(out, "</td><td class=\"name\">");
    out_view(out, date_given(claim->on) ? date_text(claim->on, text) : VIEW("no date"));
    OUT_TEXT(out, "</td><td class=\"words\">");
    practice_claim_rules_write(scratch, claim);
    scratch_put(out, scratch);
    OUT_TEXT(out, "</td><td class=\"number\">");
    practice_at_risk_write(out, claim->at_risk);
    OUT_TEXT(out, "</td><td class=\"number\">");
    money_write(out, claim->charge);
    OUT_TEXT(out, "</td></tr>\n");
}

static void claims_table(struct out *out, const struct report_practice *practice,
                         struct out *scratch) {
    static const char *const titles[] = {"Claim", "Payer", "First day", "Rules with errors"};
    OUT_TEXT(out, "<h2>Claims with the most at risk</h2>\n");
    if (practice->top_count == 0) {
        OUT_TEXT(out, "<p>None.</p>\n");
        return;
    }
    wide_open(out, "claim", "Claims with the most at risk, at most twenty");
    for (int i = 0; i < COUNT_OF(titles); i++) {
        head_cell(out, titles[i], false);
    }
    head_cell(out, "Allowed at risk", true);
    head_cell(out, "Charge at risk", true);
    OUT_TEXT(out, "</tr></thead><tbody>\n");
    for (int i = 0; i < practice->top_count; i++) {
        claim_row(out, &practice->top[i], scratch);
    }
    wide_close(out);
}

static void section_write(struct out *out, const struct report_practice *practice,
                          enum practice_name name, struct out *scratch) {
    out_format(out, "<h2>%s</h2>\n", practice_shapes[name].heading);
    if (name == PRACTICE_MONTHS) {
        practice_chart_months(out, practice, CELL_AT_RISK, "chart-risk",
                              "Allowed at risk by month of service");
        practice_chart_months(out, practice, CELL_ERRORS, "chart-errors",
                              "Error findings by month of service");
    } else if (name == PRACTICE_RULES) {
        practice_chart_rules(out, practice);
    }
    table_write(out, practice, name, scratch);
}

void practice_html(struct out *out, const struct report_practice *practice,
                   const struct practice_about *about) {
    struct out scratch;
    out_open(&scratch, NULL, NULL);
    html_head(out, VIEW("Practice report"), view_of(style));
    OUT_TEXT(out, "<p class=\"meta\">");
    practice_origin_write(&scratch, practice, about);
    scratch_put(out, &scratch);
    OUT_TEXT(out, "</p>\n<h2>Summary</h2>\n");
    facts_table(out, practice, about, &scratch);
    for (int i = 0; i < PRACTICE_TABLES; i++) {
        section_write(out, practice, (enum practice_name)i, &scratch);
    }
    claims_table(out, practice, &scratch);
    OUT_TEXT(out, "<h2>How to read this</h2>\n<ul>\n");
    for (int i = 0; i < PRACTICE_NOTES; i++) {
        OUT_TEXT(out, "<li>");
        html_write(out, view_of(practice_notes[i]));
        OUT_TEXT(out, "</li>\n");
    }
    OUT_TEXT(out, "</ul>\n</body></html>\n");
    out_close(&scratch);
}
