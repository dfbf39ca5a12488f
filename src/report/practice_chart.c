/* The charts of the practice report: inline SVG, drawn in whole numbers, coloured by the style
 * sheet of the document. Each has a title, its numbers as text, and the same in the table below. */
#include "report/practice_internal.h"

#define WIDTH 720
#define MONTHS_HEIGHT 200
#define BAR_TOP 24          /* room for the value above the highest bar */
#define BAR_BASE 172        /* where the bars stand */
#define BAR_WIDTH_MAX 56
#define ROW_HEIGHT 28
#define NAME_WIDTH 250 /* of the rules beside their bars */
#define VALUE_WIDTH 90 /* of the values behind them */

/* "$987", "$12.3k", "$1.2M": the table has the exact amount. */
static void value_write(struct out *out, int64_t value, bool money) {
    bool large = value >= INT64_C(99995000); /* would be $1000.0k */
    int64_t tenth = large ? 10000000 : 10000; /* of a million, of a thousand; in cents */
    int64_t tenths = value / tenth + (value % tenth >= tenth / 2);
    if (!money) {
        out_int(out, value);
    } else if (value < 999950) {
        out_format(out, "$%lld", (long long)(value / 100 + (value % 100 >= 50)));
    } else {
        out_format(out, "$%lld.%lld%c", (long long)(tenths / 10), (long long)(tenths % 10),
                   large ? 'M' : 'k');
    }
}

static void chart_open(struct out *out, const char *id, const char *title, int height) {
    OUT_TEXT(out, "<figure><figcaption>");
    out_view(out, view_of(title));
    OUT_TEXT(out, "</figcaption>\n");
    out_format(out,
               "<svg role=\"img\" aria-labelledby=\"%s-title %s-text\" viewBox=\"0 0 %d %d\">"
               "<title id=\"%s-title\">%s</title>\n<desc id=\"%s-text\">",
               id, id, WIDTH, height, id, title, id);
}

/* One of the numbers as words, for those who hear the chart. */
static void point_write(struct out *out, struct view name, const struct practice_row *row,
                        enum practice_cell cell, bool first) {
    out_view(out, first ? VIEW("") : VIEW("; "));
    html_write(out, name);
    OUT_TEXT(out, ": ");
    value_write(out, practice_cell_value(row, cell), practice_cell_is_money(cell));
}

static struct view name_of(const struct practice_row *row) {
    return (struct view){row->key, row->key_size};
}

static int64_t highest(const struct practice_table *table, int first, int count,
                       enum practice_cell cell) {
    int64_t most = 1;
    for (int i = first; i < first + count; i++) {
        int64_t value = practice_cell_value(practice_row(table, i), cell);
        most = value > most ? value : most;
    }
    return most;
}

static int bar_size(int64_t value, int64_t most, int size) {
    return (int)practice_share(size, value, most);
}

/* ---- months -------------------------------------------------------------------------------- */

static void month_bar(struct out *out, const struct practice_row *row, enum practice_cell cell,
                      int64_t most, int left, int width) {
    int64_t value = practice_cell_value(row, cell);
    int height = bar_size(value, most, BAR_BASE - BAR_TOP);
    int middle = left + width / 2;
    int bar = width * 3 / 4 < BAR_WIDTH_MAX ? width * 3 / 4 : BAR_WIDTH_MAX;
    out_format(out, "<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
               middle - bar / 2, BAR_BASE - height, bar, height);
    out_format(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", middle,
               BAR_BASE - height - 6);
    value_write(out, value, practice_cell_is_money(cell));
    out_format(out, "</text><text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", middle,
               BAR_BASE + 18);
    html_write(out, name_of(row));
    OUT_TEXT(out, "</text>\n");
}

void practice_chart_months(struct out *out, const struct report_practice *practice,
                           enum practice_cell cell, const char *id, const char *title) {
    const struct practice_table *table = &practice->tables[PRACTICE_MONTHS];
    int dated = table->count; /* "no date" is the last by name */
    while (dated > 0 && table->rows[dated - 1].key[0] > '9') {
        dated--;
    }
    int count = dated < CHART_MONTHS_MAX ? dated : CHART_MONTHS_MAX;
    int first = dated - count;
    if (count == 0) {
        return;
    }
    int64_t most = highest(table, first, count, cell);
    chart_open(out, id, title, MONTHS_HEIGHT);
    for (int i = first; i < dated; i++) {
        point_write(out, name_of(&table->rows[i]), &table->rows[i], cell, i == first);
    }
    OUT_TEXT(out, "</desc>\n");
    for (int i = 0; i < count; i++) {
        month_bar(out, &table->rows[first + i], cell, most, WIDTH * i / count, WIDTH / count);
    }
    out_format(out, "<line class=\"axis\" x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/></svg>", BAR_BASE,
               WIDTH, BAR_BASE);
    out_view(out, first > 0 ? VIEW("\n<p class=\"meta\">The newest months that have claims; the "
                                   "table has all.</p></figure>\n")
                            : VIEW("</figure>\n"));
}

/* ---- rules --------------------------------------------------------------------------------- */

static void rule_bar(struct out *out, const struct practice_row *row, enum practice_cell cell,
                     int64_t most, int top) {
    int64_t value = practice_cell_value(row, cell);
    int width = bar_size(value, most, WIDTH - NAME_WIDTH - VALUE_WIDTH);
    int baseline = top + ROW_HEIGHT * 2 / 3;
    char kept[40];
    int size = practice_copy(kept, (int)sizeof kept, row->rule->id);
    out_format(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", NAME_WIDTH - 8, baseline);
    html_write(out, (struct view){kept, size});
    out_format(out, "</text><rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
               NAME_WIDTH, top + 4, width, ROW_HEIGHT - 8);
    out_format(out, "<text x=\"%d\" y=\"%d\">", NAME_WIDTH + width + 6, baseline);
    value_write(out, value, practice_cell_is_money(cell));
    OUT_TEXT(out, "</text>\n");
}

void practice_chart_rules(struct out *out, const struct report_practice *practice) {
    const struct practice_table *table = &practice->tables[PRACTICE_RULES];
    int count = table->count < CHART_RULES_MAX ? table->count : CHART_RULES_MAX;
    if (count == 0) {
        return;
    }
    bool money = table->rows[0].sums.at_risk > 0;
    enum practice_cell cell = money ? CELL_AT_RISK : CELL_FINDINGS;
    int64_t most = highest(table, 0, count, cell);
    chart_open(out, "chart-rules",
               money ? "Allowed at risk by rule, the first ten" : "Findings by rule, the first ten",
               ROW_HEIGHT * count + 8);
    for (int i = 0; i < count; i++) {
        point_write(out, name_of(&table->rows[i]), &table->rows[i], cell, i == 0);
    }
    OUT_TEXT(out, "</desc>\n");
    for (int i = 0; i < count; i++) {
        rule_bar(out, &table->rows[i], cell, most, ROW_HEIGHT * i + 4);
    }
    out_format(out,
               "<line class=\"axis\" x1=\"%d\" y1=\"0\" x2=\"%d\" y2=\"%d\"/></svg></figure>\n",
               NAME_WIDTH, NAME_WIDTH, ROW_HEIGHT * count + 8);
}
