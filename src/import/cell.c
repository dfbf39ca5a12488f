/* Cells with their checks. Messages say what shape was wanted, never what the cell holds. */
#include "import/run.h"

static void cell_wrong(struct import *import, const struct rows *rows, const char *column,
                       const char *what, bool *ok) {
    *ok = false;
    import_wrong(import, rows, "import_cell", column, "%s", what);
}

struct code cell_code(struct import *import, const struct rows *rows, struct view cell,
                      const char *column, int length_min, int length_max, bool *ok) {
    struct code code = code_from(cell);
    if ((cell.size == 0 && length_min == 0) ||
        (code_given(code) && cell.size >= length_min && cell.size <= length_max)) {
        return code;
    }
    *ok = false;
    if (length_min == length_max) {
        import_wrong(import, rows, "import_cell", column,
                     "wanted a code of %d letters and digits, the cell has %td bytes", length_min,
                     cell.size);
    } else {
        import_wrong(import, rows, "import_cell", column,
                     "wanted a code of %d to %d letters and digits, the cell has %td bytes",
                     length_min, length_max, cell.size);
    }
    return CODE_NONE;
}

/* ---- numbers ----------------------------------------------------------------------------- */

#define NUMBER_MOST (INT64_MAX / 100)

/* Digits before the point, with commas only where thousands are parted: their end. */
static const char *whole_read(struct view text, const char *at, int64_t *value, bool *fine) {
    const char *end = text.at + text.size;
    bool grouped = false;
    int run = 0;
    for (; at < end && *at != '.'; at++) {
        if (*at == ',' && run >= 1 && run <= 3 && (!grouped || run == 3)) {
            grouped = true;
            run = 0;
            continue;
        }
        if (*at < '0' || *at > '9' || *value > NUMBER_MOST / 10) {
            *fine = false;
            return at;
        }
        *value = *value * 10 + (*at - '0');
        run++;
    }
    *fine = !grouped || run == 3;
    return at;
}

/* The decimals, scaled; digits past them must be zeros. */
static bool decimals_read(struct view text, const char *at, int decimals, int64_t *value) {
    const char *end = text.at + text.size;
    for (int i = 0; i < decimals || at < end; i++) {
        int digit = at < end ? *at++ - '0' : 0;
        if (digit < 0 || digit > 9 || (i >= decimals && digit != 0) ||
            (i < decimals && *value > NUMBER_MOST / 10)) {
            return false;
        }
        *value = i < decimals ? *value * 10 + digit : *value;
    }
    return true;
}

static bool number_read(struct view text, int decimals, int64_t *number) {
    const char *at = text.at;
    const char *end = text.at + text.size;
    bool negative = at < end && *at == '-';
    at += negative;
    at += at < end && *at == '$';
    int64_t value = 0;
    bool fine;
    const char *begin = at;
    at = whole_read(text, at, &value, &fine);
    ptrdiff_t digits = at - begin;
    if (at < end) {
        at++;
        digits += end - at;
    }
    if (!fine || digits == 0 || !decimals_read(text, at, decimals, &value)) {
        return false;
    }
    *number = negative ? -value : value;
    return true;
}

int64_t cell_number(struct import *import, const struct rows *rows, struct view cell,
                    const char *column, int decimals, int64_t min, int64_t max, bool *ok) {
    int64_t number;
    if (cell.size == 0) {
        cell_wrong(import, rows, column, "wanted a number, the cell is empty", ok);
    } else if (!number_read(cell, decimals, &number)) {
        *ok = false;
        import_wrong(import, rows, "import_cell", column,
                     decimals ? "wanted a number of at most %d decimals" : "wanted a whole number",
                     decimals);
    } else if (number < min || number > max) {
        cell_wrong(import, rows, column, "the number is out of the range that is possible", ok);
    } else {
        return number;
    }
    return INT64_MIN;
}

/* ---- dates ------------------------------------------------------------------------------- */

/* YYYYDDD, the n-th day of a year. */
static struct date date_from_ordinal(struct view text) {
    int year = digits_of(text, 0, 4);
    int day = digits_of(text, 4, 3);
    struct date first = date_from_ymd(year, 1, 1);
    struct date next = date_from_ymd(year + 1, 1, 1);
    if (!date_given(first) || !date_given(next) || day < 1 || day > next.day - first.day) {
        return DATE_NONE;
    }
    return (struct date){first.day + day - 1};
}

/* MM/DD/CCYY, M/D/CCYY. */
static struct date date_from_slashes(struct view text) {
    struct view rest = text;
    struct view month = view_cut(&rest, '/');
    struct view day = view_cut(&rest, '/');
    if (month.size < 1 || month.size > 2 || day.size < 1 || day.size > 2 || rest.size != 4) {
        return DATE_NONE;
    }
    return date_from_ymd(digits_of(rest, 0, 4), digits_of(month, 0, month.size),
                         digits_of(day, 0, day.size));
}

struct date cell_date(struct import *import, const struct rows *rows, struct view cell,
                      const char *column, bool *ok) {
    struct date date = DATE_NONE;
    if (cell.size == 0) {
        return date;
    }
    if (view_is_digits(cell) && cell.size == 8) {
        date = date_from_ymd(digits_of(cell, 0, 4), digits_of(cell, 4, 2), digits_of(cell, 6, 2));
    } else if (view_is_digits(cell) && cell.size == 7) {
        date = date_from_ordinal(cell);
    } else {
        date = date_from_iso(cell);
        date = date_given(date) ? date : date_from_slashes(cell);
    }
    if (!date_given(date)) {
        cell_wrong(import, rows, column, "wanted a date", ok);
    }
    return date;
}
