/* Tables beside the rules: which contractor has which coverage policy (lcd.tsv), which diagnoses a
 * policy takes (covered_dx.tsv), and which ids are used up (retired.tsv). */
#include "rule/rule_internal.h"

#define LCD_COLUMNS 8
#define COVERED_COLUMNS 7
#define RETIRED_COLUMNS 3

static bool date_or_open(struct view text, struct date *date) {
    *date = view_equal(text, VIEW("-")) ? DATE_NONE : date_from_iso(text);
    return date_given(*date) || view_equal(text, VIEW("-"));
}

/* Cuts a line into its fields: false when there are more or fewer, or one is empty. */
static bool fields_cut(struct view line, struct view *fields, int count) {
    for (int i = 0; i < count; i++) {
        fields[i] = view_cut(&line, '\t');
        if (fields[i].size <= 0) {
            return false;
        }
    }
    return !line.at;
}

static bool lcd_row(const struct rule_text *file, struct view line, void *to) {
    (void)file;
    struct view fields[LCD_COLUMNS];
    struct rule_lcd *row = to;
    if (!fields_cut(line, fields, LCD_COLUMNS)) {
        return false;
    }
    *row = (struct rule_lcd){.family = fields[0],
                             .document = fields[1],
                             .article = fields[2],
                             .contractor = fields[3],
                             .states = fields[4]};
    return date_or_open(fields[5], &row->from) && date_or_open(fields[6], &row->to);
}

static bool covered_row(const struct rule_text *file, struct view line, void *to) {
    (void)file;
    struct view fields[COVERED_COLUMNS];
    struct rule_covered *row = to;
    if (!fields_cut(line, fields, COVERED_COLUMNS)) {
        return false;
    }
    static const char *const covers[] = {"reject", "review", "accept"};
    int cover = 0;
    while (cover < COUNT_OF(covers) && !view_equal(fields[2], view_of(covers[cover]))) {
        cover++;
    }
    bool others = view_equal(fields[1], VIEW("-"));
    *row = (struct rule_covered){.list = fields[0],
                                 .prefix = others ? CODE_NONE : code_from(fields[1]),
                                 .cover = (enum rule_cover)cover,
                                 .trial = view_equal(fields[5], VIEW("T")),
                                 .source = fields[6]};
    return (others || code_given(row->prefix)) && cover < COUNT_OF(covers) &&
           date_or_open(fields[3], &row->from) && date_or_open(fields[4], &row->to);
}

static bool retired_row(const struct rule_text *file, struct view line, void *to) {
    (void)file;
    struct view fields[RETIRED_COLUMNS];
    struct rule_gone *row = to;
    if (!fields_cut(line, fields, RETIRED_COLUMNS)) {
        return false;
    }
    *row = (struct rule_gone){fields[0], date_from_iso(fields[1]), fields[2]};
    return date_given(row->since);
}

typedef bool row_reader(const struct rule_text *file, struct view line, void *to);

struct table_form {
    const char *header;
    row_reader *read;
    ptrdiff_t size;
};

static int lines_count(struct view text) {
    int count = 1;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        count += text.at[i] == '\n';
    }
    return count;
}

/* Adds the rows of a file behind those that are there; lines that begin with # say what it is. */
static bool table_read(const struct rule_text *file, const struct table_form *form, char **rows,
                       int *count) {
    struct view rest = arena_copy(file->arena, file->text);
    int room = *count + lines_count(file->text);
    char *all = arena_take(file->arena, form->size, (ptrdiff_t) _Alignof(max_align_t), room);
    if (!rest.at || !all) {
        return memory_refuse(file);
    }
    for (ptrdiff_t i = 0; i < *count * form->size; i++) {
        all[i] = (*rows)[i];
    }
    bool header = false;
    for (int64_t line = 1; rest.at && rest.size > 0; line++) {
        struct view text = view_cut(&rest, '\n');
        if (view_starts(text, VIEW("#"))) {
            continue;
        }
        if (!header) {
            header = view_equal(text, view_of(form->header));
            if (!header) {
                return text_refuse(file, "rule_table", line, 1, "the header must be %s",
                                   form->header);
            }
            continue;
        }
        if (!form->read(file, text, all + *count * form->size)) {
            *rows = all;
            return text_refuse(file, "rule_table", line, 1,
                               "needs a value in each column, with tabs between, - for none");
        }
        (*count)++;
    }
    *rows = all;
    return true;
}

bool file_is(struct view path, struct view name) {
    ptrdiff_t before = path.size - name.size;
    return view_equal(view_sub(path, before, name.size), name) &&
           (before == 0 || path.at[before - 1] == '/');
}

bool tables_read(const struct rule_text *file, struct rule_tables *tables, bool *known) {
    static const struct table_form lcd = {
        "family\tdocument\tarticle\tcontractor\tstates\tfrom\tto\tcertainty", lcd_row,
        (ptrdiff_t)sizeof(struct rule_lcd)};
    static const struct table_form covered = {
        "list\tdiagnosis\tverdict\tfrom\tto\tcertainty\tsource", covered_row,
        (ptrdiff_t)sizeof(struct rule_covered)};
    static const struct table_form retired = {"id\tsince\twhy", retired_row,
                                              (ptrdiff_t)sizeof(struct rule_gone)};
    char *rows = NULL;
    bool read = true;
    *known = true;
    if (file_is(file->name, VIEW("lcd.tsv"))) {
        rows = (char *)tables->lcds;
        read = table_read(file, &lcd, &rows, &tables->lcd_count);
        tables->lcds = (struct rule_lcd *)(void *)rows;
    } else if (file_is(file->name, VIEW("covered_dx.tsv"))) {
        rows = (char *)tables->covered;
        read = table_read(file, &covered, &rows, &tables->covered_count);
        tables->covered = (struct rule_covered *)(void *)rows;
    } else if (file_is(file->name, VIEW("retired.tsv"))) {
        rows = (char *)tables->gone;
        read = table_read(file, &retired, &rows, &tables->gone_count);
        tables->gone = (struct rule_gone *)(void *)rows;
    } else {
        *known = false;
    }
    return read;
}
