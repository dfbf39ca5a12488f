/* The first visible sheet of a workbook, row by row. The parser pauses at the end of each row. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import/xlsx.h"

#define STRINGS_MAX (1 << 22)
#define STRINGS_BYTES_MAX (INT64_C(256) << 20)

struct xlsx {
    struct view image;
    struct arena *arena;
    struct pack_list parts;
    struct xml xml; /* of the part in hand */

    char sheet_id[64]; /* relation of the sheet */
    char sheet[256], strings_part[256], styles_part[256];
    int sheets;
    struct xlsx_styles styles;
    uint8_t format_dates[XLSX_STYLES_MAX / 8]; /* bit per number format */
    bool in_cell_styles;

    struct view *strings;
    ptrdiff_t strings_count, strings_capacity;
    int64_t strings_bytes;

    struct out text; /* of the cell or string in hand */
    bool collects, phonetic;

    struct arena row_texts;
    struct rows *rows; /* being filled */
    int64_t row, row_bytes;
    int column, style;
    char type[12];
    bool has_row;
};

/* ---- parts ------------------------------------------------------------------------------- */

static int part_find(const struct xlsx *x, const char *name) {
    for (int i = 0; i < x->parts.count; i++) {
        if (view_equal(x->parts.names[i], view_of(name))) {
            return i;
        }
    }
    return -1;
}

static int part_open(struct xlsx *x, const char *name, struct diag *diag) {
    int number = part_find(x, name);
    if (number < 0) {
        diag_set(diag, "import_archive", "the workbook lacks its part %.80s", name);
        return STATUS_INPUT;
    }
    xml_close(&x->xml);
    x->xml.context = x;
    return xml_open(&x->xml, x->image, number, diag);
}

typedef void start_handler(void *context, const char *name, const char **attributes);
typedef void end_handler(void *context, const char *name);
typedef void text_handler(void *context, struct view text);

static int part_read(struct xlsx *x, const char *name, start_handler *start, end_handler *end,
                     text_handler *text, struct diag *diag) {
    x->xml.start = start;
    x->xml.end = end;
    x->xml.text = text;
    int status = part_open(x, name, diag);
    if (status == STATUS_OK && xml_run(&x->xml, diag) < 0) {
        status = STATUS_INPUT;
    }
    xml_close(&x->xml);
    return status;
}

static void end_nothing(void *context, const char *name) {
    (void)context;
    (void)name;
}

/* ---- workbook, relations, styles --------------------------------------------------------- */

static const char *relation_id(const char **attributes) {
    for (; *attributes; attributes += 2) {
        const char *colon = strrchr(attributes[0], ':');
        if (colon && strcmp(colon, ":id") == 0) {
            return attributes[1];
        }
    }
    return "";
}

static void workbook_start(void *context, const char *name, const char **attributes) {
    struct xlsx *x = context;
    if (strcmp(name, "workbookPr") == 0) {
        const char *from = xml_attribute(attributes, "date1904");
        x->styles.from_1904 = from && (strcmp(from, "1") == 0 || strcmp(from, "true") == 0);
    }
    if (strcmp(name, "sheet") != 0) {
        return;
    }
    const char *state = xml_attribute(attributes, "state");
    x->sheets++;
    if (!x->sheet_id[0] && (!state || strcmp(state, "visible") == 0)) {
        snprintf(x->sheet_id, sizeof x->sheet_id, "%s", relation_id(attributes));
    }
}

static bool ends_with(const char *text, const char *end) {
    size_t size = strlen(text);
    size_t tail = strlen(end);
    return size >= tail && strcmp(text + size - tail, end) == 0;
}

static void relation_start(void *context, const char *name, const char **attributes) {
    struct xlsx *x = context;
    const char *id = xml_attribute(attributes, "Id");
    const char *type = xml_attribute(attributes, "Type");
    const char *target = xml_attribute(attributes, "Target");
    if (strcmp(name, "Relationship") != 0 || !id || !type || !target) {
        return;
    }
    char *to = ends_with(type, "/sharedStrings") ? x->strings_part
               : ends_with(type, "/styles")      ? x->styles_part
               : strcmp(id, x->sheet_id) == 0    ? x->sheet
                                                 : NULL;
    if (to) {
        snprintf(to, sizeof x->sheet, "%s%s", target[0] == '/' ? "" : "xl/",
                 target[0] == '/' ? target + 1 : target);
    }
}

static int number_of(const char *text, int most) {
    struct view digits = view_of(text);
    int number = 0;
    if (!view_is_digits(digits) || digits.size > 9) {
        return -1;
    }
    for (ptrdiff_t i = 0; i < digits.size; i++) {
        number = number * 10 + (digits.at[i] - '0');
    }
    return number < most ? number : -1;
}

static void styles_start(void *context, const char *name, const char **attributes) {
    struct xlsx *x = context;
    if (strcmp(name, "cellXfs") == 0) {
        x->in_cell_styles = true;
    }
    bool format = strcmp(name, "numFmt") == 0;
    if (!format && !(x->in_cell_styles && strcmp(name, "xf") == 0)) {
        return;
    }
    int number = number_of(xml_attribute(attributes, "numFmtId"), XLSX_STYLES_MAX);
    bool known = number >= 0;
    if (format && known && xlsx_format_is_date(view_of(xml_attribute(attributes, "formatCode")))) {
        x->format_dates[number / 8] |= (uint8_t)(1 << number % 8);
    }
    if (!format && x->styles.count < XLSX_STYLES_MAX) {
        bool built_in = (number >= 14 && number <= 17) || number == 22;
        x->styles.dates[x->styles.count++] =
            known && (built_in || (x->format_dates[number / 8] >> number % 8 & 1));
    }
}

static void styles_end(void *context, const char *name) {
    struct xlsx *x = context;
    if (strcmp(name, "cellXfs") == 0) {
        x->in_cell_styles = false;
    }
}

/* ---- texts ------------------------------------------------------------------------------- */

static void text_take(void *context, struct view text) {
    struct xlsx *x = context;
    if (!x->collects || x->phonetic) {
        return;
    }
    if (x->text.size + text.size > ROWS_ROW_MAX) {
        xml_refuse(&x->xml, "a cell is longer than %d bytes", ROWS_ROW_MAX);
        return;
    }
    out_view(&x->text, text);
}

/* Texts of strings and cells stand in <t>; <rPh> says how they are spoken. */
static void text_start(struct xlsx *x, const char *name) {
    if (strcmp(name, "rPh") == 0) {
        x->phonetic = true;
    } else if (strcmp(name, "t") == 0) {
        x->collects = true;
    }
}

static void text_end(struct xlsx *x, const char *name) {
    if (strcmp(name, "rPh") == 0) {
        x->phonetic = false;
    } else if (strcmp(name, "t") == 0) {
        x->collects = false;
    }
}

static void strings_start(void *context, const char *name, const char **attributes) {
    struct xlsx *x = context;
    (void)attributes;
    if (strcmp(name, "si") == 0) {
        out_clear(&x->text);
    }
    text_start(x, name);
}

static void strings_end(void *context, const char *name) {
    struct xlsx *x = context;
    text_end(x, name);
    if (strcmp(name, "si") != 0) {
        return;
    }
    if (x->strings_count == x->strings_capacity) {
        ptrdiff_t size = (ptrdiff_t)sizeof *x->strings;
        ptrdiff_t capacity = x->strings_capacity ? 2 * x->strings_capacity : 1024;
        void *grown = memory_grow(x->strings, x->strings_count * size, capacity * size);
        x->strings = grown ? grown : x->strings;
        x->strings_capacity = grown ? capacity : x->strings_capacity;
    }
    x->strings_bytes += x->text.size;
    if (x->strings_count >= STRINGS_MAX || x->strings_bytes > STRINGS_BYTES_MAX ||
        x->strings_count == x->strings_capacity || x->text.failed) {
        xml_refuse(&x->xml, "the workbook has more texts than can be held");
        return;
    }
    struct view text = arena_copy(x->arena, out_bytes(&x->text));
    x->strings[x->strings_count++] = text.at ? text : VIEW("");
}

/* ---- rows -------------------------------------------------------------------------------- */

/* "AB12" is column 27; -1 when there is no such. */
static int column_of(const char *reference) {
    int column = 0;
    for (; *reference >= 'A' && *reference <= 'Z' && column < 20000; reference++) {
        column = column * 26 + (*reference - 'A' + 1);
    }
    return column - 1;
}

static void cell_start(struct xlsx *x, const char **attributes) {
    const char *reference = xml_attribute(attributes, "r");
    const char *type = xml_attribute(attributes, "t");
    x->column = reference ? column_of(reference) : x->column + 1;
    x->style = number_of(xml_attribute(attributes, "s"), XLSX_STYLES_MAX);
    snprintf(x->type, sizeof x->type, "%s", type ? type : "n");
    out_clear(&x->text);
}

static void sheet_start(void *context, const char *name, const char **attributes) {
    struct xlsx *x = context;
    if (strcmp(name, "row") == 0) {
        int number = number_of(xml_attribute(attributes, "r"), INT32_MAX);
        x->row = number > 0 ? number : x->row + 1;
        x->column = -1;
        x->row_bytes = 0;
        x->rows->count = 0;
        arena_reset(&x->row_texts);
    } else if (strcmp(name, "c") == 0) {
        cell_start(x, attributes);
    } else if (strcmp(name, "v") == 0) {
        x->collects = true;
    } else {
        text_start(x, name);
    }
}

static struct view shared_string(struct xlsx *x, struct view digits) {
    char text[12];
    snprintf(text, sizeof text, "%.*s", (int)(digits.size < 11 ? digits.size : 11),
             digits.size > 0 ? digits.at : "");
    int number = number_of(text, INT32_MAX);
    if (number < 0 || number >= x->strings_count) {
        xml_refuse(&x->xml, "row %lld names a text that the workbook does not have",
                   (long long)x->row);
        return VIEW("");
    }
    return x->strings[number];
}

static struct view cell_value(struct xlsx *x, char *scratch) {
    struct view text = out_bytes(&x->text);
    if (text.size == 0) {
        return VIEW("");
    }
    if (strcmp(x->type, "s") == 0) {
        return shared_string(x, text);
    }
    if (strcmp(x->type, "d") == 0) {
        return view_sub(text, 0, 10);
    }
    if (strcmp(x->type, "n") != 0) {
        return text;
    }
    bool date = x->style >= 0 && x->style < x->styles.count && x->styles.dates[x->style];
    return date ? xlsx_date(text, x->styles.from_1904, scratch) : xlsx_number(text, scratch);
}

/* A shared string stays where it is, other texts are copied: they change with the next cell. */
static void cell_end(struct xlsx *x) {
    char scratch[80];
    struct rows *rows = x->rows;
    struct view value = view_trim(cell_value(x, scratch));
    if (value.size == 0) {
        return; /* formatted to the right edge of the sheet, but empty */
    }
    if (x->column < 0 || x->column >= ROWS_CELLS_MAX) {
        xml_refuse(&x->xml, "row %lld has a cell outside of columns 1 to %d", (long long)x->row,
                   ROWS_CELLS_MAX);
        return;
    }
    x->row_bytes += value.size;
    if (x->row_bytes > ROWS_ROW_MAX) {
        xml_refuse(&x->xml, "row %lld is longer than %d bytes", (long long)x->row, ROWS_ROW_MAX);
        return;
    }
    while (rows->count <= x->column) {
        rows->cells[rows->count++] = VIEW("");
    }
    bool lasting = strcmp(x->type, "s") == 0;
    rows->cells[x->column] = lasting ? value : arena_copy(&x->row_texts, value);
}

static void sheet_end(void *context, const char *name) {
    struct xlsx *x = context;
    if (strcmp(name, "v") == 0) {
        x->collects = false;
    } else if (strcmp(name, "c") == 0) {
        cell_end(x);
    } else if (strcmp(name, "row") == 0 && x->rows->count > 0) {
        x->has_row = true;
        xml_pause(&x->xml);
    } else {
        text_end(x, name);
    }
}

int xlsx_rewind(struct xlsx *x, struct diag *diag) {
    x->xml.start = sheet_start;
    x->xml.end = sheet_end;
    x->xml.text = text_take;
    x->row = 0;
    x->collects = false;
    x->phonetic = false;
    return part_open(x, x->sheet, diag);
}

int xlsx_next(struct xlsx *x, struct rows *rows, struct diag *diag) {
    x->rows = rows;
    x->has_row = false;
    rows->text = VIEW("");
    rows->count = 0;
    int got = xml_run(&x->xml, diag);
    rows->line = x->row;
    if (got >= 0 && (x->row_texts.failed || x->text.failed)) {
        diag_set(diag, "memory", "out of memory for a row");
        return -1;
    }
    return got;
}

static int xlsx_read(struct xlsx *x, struct diag *diag) {
    int status = pack_list(x->image, &x->parts, x->arena, diag);
    if (status == STATUS_OK) {
        status = part_read(x, "xl/workbook.xml", workbook_start, end_nothing, NULL, diag);
    }
    if (status == STATUS_OK) {
        status = part_read(x, "xl/_rels/workbook.xml.rels", relation_start, end_nothing, NULL,
                           diag);
    }
    if (status == STATUS_OK && x->styles_part[0] && part_find(x, x->styles_part) >= 0) {
        status = part_read(x, x->styles_part, styles_start, styles_end, NULL, diag);
    }
    if (status == STATUS_OK && x->strings_part[0]) {
        status = part_read(x, x->strings_part, strings_start, strings_end, text_take, diag);
    }
    if (status == STATUS_OK && !x->sheet[0]) {
        diag_set(diag, "import_archive", "the workbook has no visible sheet");
        status = STATUS_INPUT;
    }
    return status == STATUS_OK ? xlsx_rewind(x, diag) : status;
}

int xlsx_open(struct xlsx **xlsx, struct view image, struct arena *arena, struct diag *diag) {
    struct xlsx *x = ARENA_NEW(arena, struct xlsx, 1);
    *xlsx = x;
    if (!x) {
        diag_set(diag, "memory", "out of memory for a workbook");
        return STATUS_SYSTEM;
    }
    x->image = image;
    x->arena = arena;
    out_open(&x->text, NULL, NULL);
    return xlsx_read(x, diag);
}

int xlsx_sheets(const struct xlsx *xlsx) { return xlsx->sheets; }

void xlsx_close(struct xlsx *x) {
    if (x) {
        xml_close(&x->xml);
        out_close(&x->text);
        arena_close(&x->row_texts);
        memory_free(x->strings);
    }
}
