/* What the sheets of a store say of a word: any table that is found by it. */
#include <string.h>

#include "cli/cli.h"

#define SHEET_ROWS_SHOWN 6
#define NPI_SIZE 10

/* The word as keys of a sheet; false when it cannot be one. */
static bool sheet_keys(const struct store_column *column, struct view word, uint64_t key[2]) {
    key[0] = key[1] = 0;
    if (column->type == CELL_NUMBER) {
        if (word.size < NPI_SIZE || word.size > 18 || !view_is_digits(word)) {
            return false;
        }
        for (ptrdiff_t i = 0; i < word.size; i++) {
            key[0] = key[0] * 10 + (uint64_t)(word.at[i] - '0');
        }
        return true;
    }
    if (column->type == CELL_WIDE) {
        key[0] = code_from(view_sub(word, 0, 8)).bits;
        key[1] = code_from(view_sub(word, 8, 8)).bits;
        return key[0] != 0 && (key[1] != 0 || word.size <= 8) && word.size <= 16;
    }
    key[0] = code_from(word).bits;
    return key[0] != 0;
}

/* A key of eight characters and less is the beginning of longer ones. */
static bool wide_same(const struct store_cell *cell, const uint64_t key[2]) {
    char first[9], rest[9];
    struct view wide = view_of(cell->wide);
    return cell->type != CELL_WIDE ||
           (view_equal(view_sub(wide, 0, 8), code_text((struct code){key[0]}, first)) &&
            view_equal(view_sub(wide, 8, 8), code_text((struct code){key[1]}, rest)));
}

static void scaled_print(struct out *out, int64_t value, int decimals) {
    char digits[24];
    int64_t unit = 1;
    for (int i = 0; i < decimals; i++) {
        unit *= 10;
    }
    out_view(out, view_of(value < 0 ? "-" : ""));
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    out_int(out, (int64_t)(size / (uint64_t)unit));
    if (decimals > 0) {
        int at = decimals;
        uint64_t rest = size % (uint64_t)unit;
        digits[at] = 0;
        while (at > 0) {
            digits[--at] = (char)('0' + rest % 10);
            rest /= 10;
        }
        out_char(out, '.');
        out_view(out, (struct view){digits, decimals});
    }
}

static bool cell_given(const struct store_cell *cell) {
    return cell->type == CELL_CODE     ? code_given(cell->code)
           : cell->type == CELL_NUMBER ? cell->number != INT64_MIN
           : cell->type == CELL_DAY    ? date_given(cell->day)
           : cell->type == CELL_CHAR   ? cell->character != 0
           : cell->type == CELL_TEXT   ? cell->text.size > 0
                                       : cell->wide[0] != 0;
}

static struct view cell_view(const struct store_cell *cell, char text[11]) {
    return cell->type == CELL_CODE   ? code_text(cell->code, text)
           : cell->type == CELL_DAY  ? date_text(cell->day, text)
           : cell->type == CELL_CHAR ? (struct view){&cell->character, 1}
           : cell->type == CELL_TEXT ? cell->text
                                     : view_of(cell->wide);
}

static void row_text(struct cli *cli, enum store_table table, uint32_t row, bool first) {
    struct out words, *out = &words;
    int columns;
    const struct store_column *column = store_sheet_columns(table, &columns);
    out_open(out, NULL, NULL);
    for (int i = 0; i < columns; i++) {
        struct store_cell cell = store_sheet_cell(cli->store, table, row, i);
        char text[11];
        if (!cell_given(&cell)) {
            continue;
        }
        out_format(out, "%s%s ", out->size > 0 ? ", " : "", column[i].name);
        if (cell.type == CELL_NUMBER) {
            scaled_print(out, cell.number, cell.decimals);
        } else {
            out_view(out, cell_view(&cell, text));
        }
    }
    out_format(&cli->out, "  %-22s", first ? store_table_name(table).at : "");
    out_wrap(&cli->out, out_bytes(out), 24, 24, CLI_WIDTH);
    out_clear(out);
    out_close(out);
}

static void row_json(struct cli *cli, enum store_table table, uint32_t row, bool first) {
    struct out *out = &cli->out;
    int columns;
    const struct store_column *column = store_sheet_columns(table, &columns);
    out_format(out, "%s{\"table\":\"%s\"", first ? "" : ",", store_table_name(table).at);
    for (int i = 0; i < columns; i++) {
        struct store_cell cell = store_sheet_cell(cli->store, table, row, i);
        char text[11];
        out_format(out, ",\"%s\":", column[i].name);
        if (!cell_given(&cell)) {
            OUT_TEXT(out, "null");
        } else if (cell.type == CELL_NUMBER) {
            out_char(out, '"');
            scaled_print(out, cell.number, cell.decimals);
            out_char(out, '"');
        } else {
            out_json(out, cell_view(&cell, text));
        }
    }
    OUT_TEXT(out, "}");
}

/* One sheet: the rows that hold, as many as fit a screen. Their number. */
static int sheet_show(struct cli *cli, enum store_table table, struct view word,
                      struct store_when when, bool json, bool *first) {
    int columns, shown = 0;
    uint64_t key[2];
    uint32_t count = 0, at = 0;
    const struct store_column *column = store_sheet_columns(table, &columns);
    if (sheet_keys(column, word, key)) {
        at = store_sheet_find(cli->store, table, key[0], key[1], &count);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct store_cell found = store_sheet_cell(cli->store, table, at + i, 0);
        if (!wide_same(&found, key) || !store_sheet_holds(cli->store, table, at + i, when) ||
            shown++ >= SHEET_ROWS_SHOWN) {
            continue;
        }
        if (json) {
            row_json(cli, table, at + i, *first);
        } else {
            row_text(cli, table, at + i, shown == 1);
            out_pad(&cli->out, 22);
            cli_release(cli, store_sheet_proof(cli->store, table, at + i), when.on);
        }
        *first = false;
    }
    if (!json && shown > SHEET_ROWS_SHOWN) {
        out_format(&cli->out, "%24s and %d rows more\n", "", shown - SHEET_ROWS_SHOWN);
    }
    return shown;
}

int cli_sheets(struct cli *cli, struct view word, struct store_when when, bool json) {
    int found = 0;
    bool first = true;
    for (int table = STORE_FIRST_SHEET; table < STORE_TABLES; table++) {
        enum store_table of = (enum store_table)table;
        struct store_when day = when;
        if (store_sheet_rows(cli->store, of) == 0) {
            continue;
        }
        if (!date_given(day.on)) {
            day.on = cli_newest(cli->store, of, false);
        }
        if (!date_given(day.on)) { /* kept by hand: as of the newest fee schedule */
            day.on = cli_newest(cli->store, STORE_MPFS, false);
        }
        found += sheet_show(cli, of, word, day, json, &first);
    }
    return found;
}
