/* The practice report as text of at most TEXT_WIDTH columns: what it came to, then each table with
 * its first rows. */
#include "report/practice_internal.h"

#define ROWS_SHOWN 15
#define LABEL_COLUMN 2
#define WORDS_COLUMN 18
#define NAME_MIN 12 /* columns that a name keeps when a table is too wide */
#define OTHER_MAX 24 /* columns of a text that is no name */
#define GAP 2       /* columns between columns, one less when a table is too wide */
#define AMOUNT_COLUMNS 12

/* A table on its way to the page. */
struct sheet {
    const struct report_practice *practice;
    enum practice_name name;
    enum practice_cell cells[PRACTICE_CELLS]; /* the name first */
    int widths[PRACTICE_CELLS];
    int cell_count;
    int gap;
    int shown;
};

static void put(struct out *out, const char *label, struct out *words) {
    if (words->size > 0) {
        out_pad(out, LABEL_COLUMN);
        out_view(out, view_of(label));
        out_pad(out, WORDS_COLUMN - LABEL_COLUMN - view_of(label).size);
        out_wrap(out, out_bytes(words), WORDS_COLUMN, WORDS_COLUMN, TEXT_WIDTH);
    }
    out->failed |= words->failed;
    out_clear(words);
}

static int columns_of(struct view text) {
    int columns = 0;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        columns += ((unsigned char)text.at[i] & 0xC0) != 0x80;
    }
    return columns;
}

/* ---- tables -------------------------------------------------------------------------------- */

static void cell_take(const struct sheet *sheet, const struct practice_row *row,
                      enum practice_cell cell, struct out *words, struct out *raw) {
    out_clear(words);
    out_clear(raw);
    if (cell == CELL_NAME &&
        practice_is_others(&sheet->practice->tables[sheet->name], row)) {
        OUT_TEXT(words, "(others)");
        return;
    }
    if (practice_cell_unknown(row, cell)) {
        out_char(words, '-');
        return;
    }
    if (practice_cell_is_money(cell)) {
        out_char(words, '$');
    }
    practice_cell_write(raw, sheet->name, row, cell);
    safe_write(words, out_bytes(raw));
}

/* Left out are numbers that are 0 in every row, the words of a rule, which are long, and the ids of
 * payers. */
static bool cell_wanted(const struct sheet *sheet, enum practice_cell cell) {
    const struct practice_table *table = &sheet->practice->tables[sheet->name];
    if (practice_cell_is_text(cell)) {
        return cell != CELL_ABOUT && cell != CELL_ID;
    }
    for (int i = 0; i < practice_row_count(table); i++) {
        if (practice_cell_value(practice_row(table, i), cell) != 0) {
            return true;
        }
    }
    return false;
}

static void cells_choose(struct sheet *sheet) {
    const struct practice_shape *shape = &practice_shapes[sheet->name];
    sheet->cells[sheet->cell_count++] = CELL_NAME;
    for (int i = 0; i < shape->cell_count; i++) {
        if (cell_wanted(sheet, shape->cells[i])) {
            sheet->cells[sheet->cell_count++] = shape->cells[i];
        }
    }
}

static void widths_take(struct sheet *sheet, struct out *words, struct out *raw) {
    const struct practice_table *table = &sheet->practice->tables[sheet->name];
    const struct practice_shape *shape = &practice_shapes[sheet->name];
    int whole = LABEL_COLUMN;
    for (int i = 0; i < sheet->cell_count; i++) {
        enum practice_cell cell = sheet->cells[i];
        int width = columns_of(view_of(practice_cell_brief(shape, cell)));
        for (int n = 0; n < sheet->shown; n++) {
            cell_take(sheet, practice_row(table, n), cell, words, raw);
            int columns = columns_of(out_bytes(words));
            width = columns > width ? columns : width;
        }
        width = practice_cell_is_text(cell) && i > 0 && width > OTHER_MAX ? OTHER_MAX : width;
        sheet->widths[i] = width;
        whole += width + (i > 0 ? GAP : 0);
    }
    sheet->gap = whole > TEXT_WIDTH ? GAP - 1 : GAP;
    whole -= (GAP - sheet->gap) * (sheet->cell_count - 1);
    if (whole > TEXT_WIDTH && sheet->widths[0] > NAME_MIN) {
        int width = sheet->widths[0] - (whole - TEXT_WIDTH);
        sheet->widths[0] = width < NAME_MIN ? NAME_MIN : width;
    }
}

/* Texts stand left, numbers right; a text that is too long loses its end. */
static void cell_put(const struct sheet *sheet, int column, struct view text, struct out *out) {
    int width = sheet->widths[column], columns = columns_of(text);
    bool left = practice_cell_is_text(sheet->cells[column]);
    out_pad(out, column > 0 ? sheet->gap : LABEL_COLUMN);
    if (columns > width) {
        while (columns_of(text) > width - 3) {
            text.size--;
        }
        out_view(out, text);
        OUT_TEXT(out, "...");
        return;
    }
    out_pad(out, left ? 0 : width - columns);
    out_view(out, text);
    out_pad(out, left && column < sheet->cell_count - 1 ? width - columns : 0);
}

static void sheet_put(struct out *out, struct sheet *sheet, struct out *words, struct out *raw) {
    const struct practice_table *table = &sheet->practice->tables[sheet->name];
    const struct practice_shape *shape = &practice_shapes[sheet->name];
    for (int i = 0; i < sheet->cell_count; i++) {
        cell_put(sheet, i, view_of(practice_cell_brief(shape, sheet->cells[i])), out);
    }
    out_char(out, '\n');
    for (int n = 0; n < sheet->shown; n++) {
        for (int i = 0; i < sheet->cell_count; i++) {
            cell_take(sheet, practice_row(table, n), sheet->cells[i], words, raw);
            cell_put(sheet, i, out_bytes(words), out);
        }
        out_char(out, '\n');
    }
}

static void table_put(struct out *out, const struct report_practice *practice,
                      enum practice_name name, struct out *words, struct out *raw) {
    struct sheet sheet = {.practice = practice, .name = name};
    int count = practice_row_count(&practice->tables[name]);
    sheet.shown = count < ROWS_SHOWN || name == PRACTICE_MONTHS ? count : ROWS_SHOWN;
    if (count == 0) {
        return;
    }
    out_char(out, '\n');
    out_view(out, view_of(practice_shapes[name].heading));
    out_char(out, '\n');
    cells_choose(&sheet);
    widths_take(&sheet, words, raw);
    sheet_put(out, &sheet, words, raw);
    if (sheet.shown < count) {
        out_pad(out, LABEL_COLUMN);
        OUT_TEXT(out, "... and ");
        out_int(out, count - sheet.shown);
        OUT_TEXT(out, " more: the csv format has all\n");
    }
    out_clear(words);
    out_clear(raw);
}

/* ---- claims -------------------------------------------------------------------------------- */

static void claim_put(struct out *out, const struct practice_claim *claim, struct out *words) {
    char text[11];
    if (money_given(claim->at_risk)) {
        report_money_pad(out, claim->at_risk, AMOUNT_COLUMNS);
    } else {
        out_pad(out, AMOUNT_COLUMNS - 9);
        OUT_TEXT(out, "not known");
    }
    out_pad(out, GAP);
    safe_write(words, (struct view){claim->id, claim->id_size});
    OUT_TEXT(words, ", ");
    out_view(words, date_given(claim->on) ? date_text(claim->on, text) : VIEW("no date"));
    OUT_TEXT(words, ", ");
    safe_write(words, (struct view){claim->payer, claim->payer_size});
    OUT_TEXT(words, ", charge ");
    money_write(words, claim->charge);
    OUT_TEXT(words, ": ");
    practice_claim_rules_write(words, claim);
    out_wrap(out, out_bytes(words), AMOUNT_COLUMNS + GAP, AMOUNT_COLUMNS + GAP, TEXT_WIDTH);
    out->failed |= words->failed;
    out_clear(words);
}

void practice_text(struct out *out, const struct report_practice *practice,
                   const struct practice_about *about) {
    struct out words, raw;
    out_open(&words, NULL, NULL);
    out_open(&raw, NULL, NULL);
    OUT_TEXT(out, "Practice report\n");
    practice_origin_write(&words, practice, about);
    put(out, "Made by", &words);
    for (int i = 0; i < PRACTICE_SAYINGS; i++) {
        practice_saying_write(&words, practice, about, (enum practice_saying)i);
        put(out, practice_saying_label((enum practice_saying)i), &words);
    }
    for (int i = 0; i < PRACTICE_TABLES; i++) {
        table_put(out, practice, (enum practice_name)i, &words, &raw);
    }
    if (practice->top_count > 0) {
        OUT_TEXT(out, "\nClaims with the most at risk\n");
    }
    for (int i = 0; i < practice->top_count; i++) {
        claim_put(out, &practice->top[i], &words);
    }
    OUT_TEXT(out, "\nHow to read this\n");
    for (int i = 0; i < PRACTICE_NOTES; i++) {
        out_pad(out, LABEL_COLUMN);
        out_wrap(out, view_of(practice_notes[i]), LABEL_COLUMN, LABEL_COLUMN, TEXT_WIDTH);
    }
    out_close(&words);
    out_close(&raw);
}
