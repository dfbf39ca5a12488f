/* The practice report as CSV: one table, in which the column `table` says what a row is about.
 * RFC 4180 quoting, header first; cells that do not apply are empty. */
#include "report/practice_internal.h"

/* Behind the cells: of the total, the first and the last day of service, of a claim its first; the
 * rules of a claim. */
static const char more[] = ",from,to,rules\n";

static bool has_cell(const struct practice_shape *shape, int cell) {
    bool has = cell == CELL_NAME;
    for (int i = 0; i < shape->cell_count; i++) {
        has |= (int)shape->cells[i] == cell;
    }
    return has;
}

static void header_write(struct out *out) {
    OUT_TEXT(out, "table");
    for (int i = 0; i < PRACTICE_CELLS; i++) {
        out_char(out, ',');
        out_view(out, view_of(practice_cell_word((enum practice_cell)i)));
    }
    out_view(out, view_of(more));
}

static void scratch_put(struct out *out, struct out *scratch) {
    csv_write(out, out_bytes(scratch));
    out->failed |= scratch->failed;
    out_clear(scratch);
}

static void table_write(struct out *out, const struct report_practice *practice,
                        enum practice_name name, struct out *scratch) {
    const struct practice_table *table = &practice->tables[name];
    const struct practice_shape *shape = &practice_shapes[name];
    for (int i = 0; i < practice_row_count(table); i++) {
        const struct practice_row *row = practice_row(table, i);
        out_view(out, view_of(shape->id));
        for (int cell = 0; cell < PRACTICE_CELLS; cell++) {
            out_char(out, ',');
            if (practice_is_others(table, row) && cell == CELL_NAME) {
                OUT_TEXT(scratch, "(others)");
            } else if (has_cell(shape, cell) &&
                       !practice_cell_unknown(row, (enum practice_cell)cell)) {
                practice_cell_write(scratch, name, row, (enum practice_cell)cell);
            }
            scratch_put(out, scratch);
        }
        OUT_TEXT(out, ",,,\n");
    }
}

static void total_write(struct out *out, const struct report_practice *practice,
                        struct out *scratch) {
    char text[11];
    OUT_TEXT(out, "total");
    for (int cell = 0; cell < PRACTICE_CELLS; cell++) {
        out_char(out, ',');
        if (!practice_cell_is_text((enum practice_cell)cell)) {
            practice_cell_write(scratch, PRACTICE_BASES, &practice->total,
                                (enum practice_cell)cell);
            scratch_put(out, scratch);
        }
    }
    out_char(out, ',');
    if (date_given(practice->first)) {
        out_view(out, date_text(practice->first, text));
        out_char(out, ',');
        out_view(out, date_text(practice->last, text));
    } else {
        out_char(out, ',');
    }
    OUT_TEXT(out, ",\n");
}

/* A row that only counts: a verdict its claims, a severity its findings. */
static void count_row(struct out *out, const char *table, struct view name,
                      enum practice_cell counted, int64_t count) {
    out_view(out, view_of(table));
    out_char(out, ',');
    out_view(out, name);
    for (int cell = CELL_NAME + 1; cell < PRACTICE_CELLS; cell++) {
        out_char(out, ',');
        if (cell == (int)counted) {
            out_int(out, count);
        }
    }
    OUT_TEXT(out, ",,,\n");
}

static void counts_write(struct out *out, const struct report_practice *practice) {
    for (int i = AUDIT_NOT_CLEAN; i >= AUDIT_CLEAN; i--) {
        count_row(out, "verdict", audit_verdict_name((enum audit_verdict)i), CELL_CLAIMS,
                  practice->verdicts[i]);
    }
    for (int i = RULE_ERROR; i <= RULE_INFO; i++) {
        count_row(out, "severity", rule_severity_name((enum rule_severity)i), CELL_FINDINGS,
                  practice->severities[i]);
    }
}

static void stale_write(struct out *out, const struct report_practice *practice,
                        struct out *scratch) {
    char text[11];
    for (int i = 0; i < store_release_count(practice->store) && i < STORE_RELEASES_MAX; i++) {
        struct store_release release = store_release(practice->store, i);
        if (!release_in(&practice->stale, (uint32_t)i)) {
            continue;
        }
        OUT_TEXT(out, "stale,");
        out_view(scratch, release.table_name);
        out_char(scratch, ' ');
        out_view(scratch, release.name);
        scratch_put(out, scratch);
        for (int cell = CELL_NAME + 1; cell < PRACTICE_CELLS; cell++) {
            out_char(out, ',');
        }
        OUT_TEXT(out, ",,");
        out_view(out, date_given(release.through) ? date_text(release.through, text) : VIEW(""));
        OUT_TEXT(out, ",\n");
    }
}

static void claim_write(struct out *out, const struct practice_claim *claim,
                        struct out *scratch) {
    char text[24];
    OUT_TEXT(out, "claim,");
    csv_write(out, (struct view){claim->id, claim->id_size});
    for (int cell = CELL_NAME + 1; cell < PRACTICE_CELLS; cell++) {
        out_char(out, ',');
        if (cell == CELL_ABOUT) {
            csv_write(out, (struct view){claim->payer, claim->payer_size});
        } else if (cell == CELL_AT_RISK && money_given(claim->at_risk)) {
            out_view(out, money_text(claim->at_risk, text));
        } else if (cell == CELL_UNKNOWN) {
            out_int(out, !money_given(claim->at_risk));
        } else if (cell == CELL_CHARGE_AT_RISK) {
            out_view(out, money_text(claim->charge, text));
        }
    }
    out_char(out, ',');
    out_view(out, date_given(claim->on) ? date_text(claim->on, text) : VIEW(""));
    OUT_TEXT(out, ",,");
    practice_claim_rules_write(scratch, claim);
    scratch_put(out, scratch);
    out_char(out, '\n');
}

void practice_csv(struct out *out, const struct report_practice *practice) {
    struct out scratch;
    out_open(&scratch, NULL, NULL);
    header_write(out);
    total_write(out, practice, &scratch);
    counts_write(out, practice);
    stale_write(out, practice, &scratch);
    for (int i = 0; i < PRACTICE_TABLES; i++) {
        table_write(out, practice, (enum practice_name)i, &scratch);
    }
    for (int i = 0; i < practice->top_count; i++) {
        claim_write(out, &practice->top[i], &scratch);
    }
    out_close(&scratch);
}
