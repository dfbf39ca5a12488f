/* TSV files under data/: rows by column name, errors with file and line. */
#include "store/pack/tsv.h"
#include "os/os.h"

#include <stdio.h>
#include <string.h>

void tsv_fail(struct tsv *tsv, const char *column, const char *what) {
    if (tsv->failed) {
        return;
    }
    tsv->failed = true;
    diag_set(tsv->diag, "table_invalid", "%s.tsv:%lld: %s: %s", tsv->name, (long long)tsv->line,
             column, what);
    tsv->diag->line = tsv->line;
}

static int cells_cut(struct view line, struct view *cells) {
    int count = 0;
    while (line.at && count < TSV_COLUMNS_MAX) {
        cells[count++] = view_cut(&line, '\t');
    }
    return line.at ? TSV_COLUMNS_MAX + 1 : count;
}

/* Next line that is no comment. */
static bool line_next(struct tsv *tsv, struct view *line) {
    while (!tsv->failed && tsv->rest.size > 0) {
        *line = view_cut(&tsv->rest, '\n');
        tsv->line++;
        if (line->size > 0 && line->at[0] != '#') {
            return true;
        }
    }
    return false;
}

void tsv_open(struct tsv *tsv, const char *folder, const char *name, struct diag *diag) {
    char path[512];
    *tsv = (struct tsv){.name = name, .diag = diag};
    snprintf(path, sizeof path, "%s/%s.tsv", folder, name);
    if (os_map(path, &tsv->bytes, diag)) {
        tsv_fail(tsv, "file", "cannot be read");
        return;
    }
    tsv->rest = tsv->bytes;
    struct view line;
    if (!line_next(tsv, &line)) {
        tsv_fail(tsv, "header", "the file names no columns");
        return;
    }
    tsv->columns = cells_cut(line, tsv->names);
    if (tsv->columns > TSV_COLUMNS_MAX) {
        tsv_fail(tsv, "header", "too many columns");
    }
}

bool tsv_next(struct tsv *tsv) {
    struct view line;
    if (!line_next(tsv, &line)) {
        return false;
    }
    if (cells_cut(line, tsv->cells) != tsv->columns) {
        tsv_fail(tsv, "row", "has not as many cells as the header");
    }
    return !tsv->failed;
}

bool tsv_close(struct tsv *tsv) {
    if (tsv->bytes.at) {
        os_unmap(tsv->bytes);
    }
    return !tsv->failed;
}

bool tsv_has(const struct tsv *tsv, const char *column) {
    for (int i = 0; i < tsv->columns && i < TSV_COLUMNS_MAX; i++) {
        if (view_equal(tsv->names[i], view_of(column))) {
            return true;
        }
    }
    return false;
}

struct view tsv_text(struct tsv *tsv, const char *column) {
    struct view name = view_of(column);
    for (int i = 0; i < tsv->columns && !tsv->failed; i++) {
        if (view_equal(tsv->names[i], name)) {
            bool none = view_equal(tsv->cells[i], VIEW("-"));
            return none ? (struct view){tsv->cells[i].at, 0} : tsv->cells[i];
        }
    }
    tsv_fail(tsv, column, "no such column");
    return VIEW_NONE;
}

struct code tsv_code_or_none(struct tsv *tsv, const char *column) {
    struct view text = tsv_text(tsv, column);
    struct code code = code_from(text);
    if (text.size > 0 && !code_given(code)) {
        tsv_fail(tsv, column, "not a code");
    }
    return code;
}

struct code tsv_code(struct tsv *tsv, const char *column) {
    struct code code = tsv_code_or_none(tsv, column);
    if (!code_given(code)) {
        tsv_fail(tsv, column, "a code is needed");
    }
    return code;
}

int64_t tsv_number(struct tsv *tsv, const char *column, int64_t min, int64_t max) {
    int64_t value = tsv_fixed(tsv, column, 0);
    if (value < min || value > max) {
        tsv_fail(tsv, column, "out of range");
        return min;
    }
    return value;
}

int64_t tsv_fixed(struct tsv *tsv, const char *column, int decimals) {
    struct view text = tsv_text(tsv, column);
    int64_t value = 0;
    int after = -1; /* digits behind the point */
    for (ptrdiff_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        if (c == '.' && after < 0) {
            after = 0;
        } else if (c >= '0' && c <= '9' && value < INT64_MAX / 100 &&
                   (after < decimals || c == '0')) {
            value = after < decimals ? value * 10 + (c - '0') : value;
            after += after >= 0;
        } else {
            tsv_fail(tsv, column, "not a number of this precision");
            return 0;
        }
    }
    for (int i = after < 0 ? 0 : after; i < decimals; i++) {
        value *= 10;
    }
    if (text.size == 0) {
        tsv_fail(tsv, column, "a number is needed");
    }
    return value;
}

int32_t tsv_date(struct tsv *tsv, const char *column, int32_t none) {
    struct view text = tsv_text(tsv, column);
    if (text.size == 0) {
        return none;
    }
    struct date date = date_from_iso(text);
    if (!date_given(date)) {
        tsv_fail(tsv, column, "not a date YYYY-MM-DD");
        return none;
    }
    return date.day;
}

bool tsv_yes(struct tsv *tsv, const char *column) {
    static const char *const names[] = {"no", "yes"};
    return tsv_choice(tsv, column, names, 2) == 1;
}

char tsv_char(struct tsv *tsv, const char *column, const char *allowed) {
    struct view text = tsv_text(tsv, column);
    if (text.size != 1 || !strchr(allowed, text.at[0])) {
        tsv_fail(tsv, column, "not one of the letters allowed here");
        return allowed[0];
    }
    return text.at[0];
}

int tsv_choice(struct tsv *tsv, const char *column, const char *const *names, int count) {
    struct view text = tsv_text(tsv, column);
    for (int i = 0; i < count; i++) {
        if (view_equal(text, view_of(names[i]))) {
            return i;
        }
    }
    tsv_fail(tsv, column, "not one of the words allowed here");
    return 0;
}
