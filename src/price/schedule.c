/* Contract schedules of payers: a csv of amounts or percentages of Medicare's fee. */
#include "price/price_internal.h"

struct price_schedule {
    struct schedule_row *rows;
    int count;
};

enum column { COLUMN_PAYER, COLUMN_CODE, COLUMN_MODIFIER, COLUMN_PERCENT, COLUMN_AMOUNT,
              COLUMN_FROM, COLUMN_TO, COLUMNS };
static const char *const column_names[COLUMNS] = {"payer",  "code", "modifier", "percent",
                                                  "amount", "from", "to"};

#define FIELDS_MAX 32
#define VALUE_MAX (1000 * PERCENT) /* ten times Medicare is the most that is believed */

struct csv_line {
    struct view field[FIELDS_MAX];
    int count;
    int64_t number; /* from 1 */
};

/* A field with or without quotes around it; no field of a schedule needs a quote or a line end
 * inside. */
static struct view field_cut(struct view *rest) {
    struct view field = view_trim(view_cut(rest, ','));
    if (field.size >= 2 && field.at[0] == '"' && field.at[field.size - 1] == '"') {
        field = view_trim(view_sub(field, 1, field.size - 2));
    }
    return field;
}

/* The next line that is not empty: false at the end. */
static bool line_cut(struct view *rest, struct csv_line *line) {
    while (rest->at) {
        struct view text = view_cut(rest, '\n');
        line->number++;
        if (text.size > 0 && text.at[text.size - 1] == '\r') {
            text.size--;
        }
        if (view_trim(text).size == 0) {
            continue;
        }
        line->count = 0;
        while (text.at && line->count < FIELDS_MAX) {
            line->field[line->count++] = field_cut(&text);
        }
        return true;
    }
    return false;
}

static bool name_equal(struct view text, const char *name) {
    struct view other = view_of(name);
    for (ptrdiff_t i = 0; i < text.size && text.size == other.size; i++) {
        char c = text.at[i];
        if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != other.at[i]) {
            return false;
        }
    }
    return text.size == other.size;
}

static int header_read(const struct csv_line *line, int at[COLUMNS], struct diag *diag) {
    for (int column = 0; column < COLUMNS; column++) {
        at[column] = -1;
        for (int i = 0; i < line->count; i++) {
            at[column] = name_equal(line->field[i], column_names[column]) ? i : at[column];
        }
    }
    if (at[COLUMN_PAYER] < 0 || at[COLUMN_CODE] < 0 ||
        (at[COLUMN_PERCENT] < 0 && at[COLUMN_AMOUNT] < 0)) {
        diag_set(diag, "schedule_header",
                 "a schedule begins with a line of names: payer, code, and percent or amount");
        diag->line = line->number;
        return STATUS_INPUT;
    }
    return STATUS_OK;
}

static struct view field_of(const struct csv_line *line, const int at[COLUMNS],
                            enum column column) {
    return at[column] >= 0 && at[column] < line->count ? line->field[at[column]] : VIEW("");
}

static bool code_read(struct view text, struct schedule_row *row) {
    bool open = text.size > 0 && text.at[text.size - 1] == '*';
    row->whole = !open;
    row->prefix = code_from(open ? view_sub(text, 0, text.size - 1) : text);
    return text.size == 1 ? open : code_given(row->prefix);
}

static bool day_read(struct view text, struct date *day) {
    *day = text.size > 0 ? date_from_iso(text) : DATE_NONE;
    return text.size == 0 || date_given(*day);
}

static bool value_read(struct view percent, struct view amount, struct schedule_row *row) {
    if ((percent.size > 0) == (amount.size > 0)) {
        return false;
    }
    row->is_amount = amount.size > 0;
    if (row->is_amount) {
        row->value = money_from(amount).cents;
        return row->value >= 0 && row->value <= CENTS_MAX;
    }
    struct quantity scaled = quantity_from(percent);
    row->value = quantity_given(scaled) ? scaled.milli * (PERCENT / 1000) : -1;
    return row->value >= 0 && row->value <= VALUE_MAX;
}

/* Which of the columns is wrong, or COLUMNS. */
static enum column row_read(const struct csv_line *line, const int at[COLUMNS],
                            struct schedule_row *row) {
    struct view modifier = field_of(line, at, COLUMN_MODIFIER);
    *row = (struct schedule_row){.payer = field_of(line, at, COLUMN_PAYER),
                                 .modifier = code_from(modifier)};
    return row->payer.size == 0                                      ? COLUMN_PAYER
           : !code_read(field_of(line, at, COLUMN_CODE), row)        ? COLUMN_CODE
           : modifier.size > 0 && !code_given(row->modifier)         ? COLUMN_MODIFIER
           : !value_read(field_of(line, at, COLUMN_PERCENT),
                         field_of(line, at, COLUMN_AMOUNT), row)     ? COLUMN_AMOUNT
           : !day_read(field_of(line, at, COLUMN_FROM), &row->from)  ? COLUMN_FROM
           : !day_read(field_of(line, at, COLUMN_TO), &row->to)      ? COLUMN_TO
                                                                     : COLUMNS;
}

static void row_wrong(struct diag *diag, const struct csv_line *line, const int at[COLUMNS],
                      enum column column) {
    static const char *const wants[COLUMNS] = {
        "a payer profile", "a code, the beginning of one and *, or *", "a modifier or nothing",
        "", "either a percentage (120) or an amount (310.00)",
        "a day as YYYY-MM-DD or nothing", "a day as YYYY-MM-DD or nothing"};
    diag_set(diag, "schedule_row", "%s must be %s",
             column == COLUMN_AMOUNT ? "percent or amount" : column_names[column], wants[column]);
    diag->line = line->number;
    diag->column = at[column] + 1;
}

static bool days_meet(const struct schedule_row *a, const struct schedule_row *b) {
    return (!date_given(a->to) || !date_given(b->from) || b->from.day <= a->to.day) &&
           (!date_given(b->to) || !date_given(a->from) || a->from.day <= b->to.day);
}

static bool rows_clash(const struct schedule_row *a, const struct schedule_row *b) {
    return view_equal(a->payer, b->payer) && code_equal(a->prefix, b->prefix) &&
           a->whole == b->whole && code_equal(a->modifier, b->modifier) && days_meet(a, b);
}

static int rows_read(struct price_schedule *schedule, struct view rest, struct diag *diag) {
    struct csv_line line = {.number = 0};
    int at[COLUMNS];
    if (!line_cut(&rest, &line)) {
        diag_set(diag, "schedule_header", "the schedule is empty");
        return STATUS_INPUT;
    }
    int status = header_read(&line, at, diag);
    while (status == STATUS_OK && line_cut(&rest, &line)) {
        struct schedule_row *row = &schedule->rows[schedule->count];
        enum column wrong = row_read(&line, at, row);
        if (wrong != COLUMNS) {
            row_wrong(diag, &line, at, wrong);
            return STATUS_INPUT;
        }
        for (int i = 0; i < schedule->count; i++) {
            if (rows_clash(&schedule->rows[i], row)) {
                diag_set(diag, "schedule_twice", "this payer, code and modifier stand twice for a "
                                                 "day; end the older row with a day in `to`");
                diag->line = line.number;
                return STATUS_INPUT;
            }
        }
        schedule->count++;
    }
    return status;
}

int price_schedule_read(const struct price_schedule **schedule, struct view csv,
                        struct arena *arena, struct diag *diag) {
    struct price_schedule *read = ARENA_NEW(arena, struct price_schedule, 1);
    ptrdiff_t lines = 1;
    if (view_starts(csv, VIEW("\xEF\xBB\xBF"))) {
        csv = view_sub(csv, 3, csv.size);
    }
    for (ptrdiff_t i = 0; i < csv.size; i++) {
        lines += csv.at[i] == '\n';
    }
    struct view copy = arena_copy(arena, csv);
    if (read) {
        read->rows = ARENA_NEW(arena, struct schedule_row, lines);
    }
    if (!read || !read->rows || !copy.at) {
        diag_set(diag, "memory", "out of memory for the schedule");
        return STATUS_SYSTEM;
    }
    *schedule = read;
    return rows_read(read, copy, diag);
}

bool schedule_knows(const struct price_schedule *schedule, struct view payer) {
    for (int i = 0; i < schedule->count; i++) {
        if (view_equal(schedule->rows[i].payer, payer)) {
            return true;
        }
    }
    return false;
}

static bool row_takes(const struct schedule_row *row, struct view payer,
                      const struct claim_line *line, struct date on) {
    return view_equal(row->payer, payer) &&
           (row->whole ? code_equal(row->prefix, line->code)
                       : code_starts(line->code, row->prefix)) &&
           (!code_given(row->modifier) || line_has_modifier(line, row->modifier)) &&
           (!date_given(row->from) || row->from.day <= on.day) &&
           (!date_given(row->to) || on.day <= row->to.day);
}

/* How closely a row names a service. */
static int row_weight(const struct schedule_row *row) {
    return 4 * code_length(row->prefix) + 2 * row->whole + code_given(row->modifier);
}

const struct schedule_row *schedule_find(const struct price_schedule *schedule, struct view payer,
                                         const struct claim_line *line, struct date on) {
    const struct schedule_row *found = NULL;
    for (int i = 0; i < schedule->count; i++) {
        const struct schedule_row *row = &schedule->rows[i];
        if (row_takes(row, payer, line, on) && (!found || row_weight(row) > row_weight(found))) {
            found = row;
        }
    }
    return found;
}
