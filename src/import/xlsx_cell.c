/* Numbers and dates as a workbook keeps them: binary fractions written out, days counted. */
#include <string.h>

#include "import/xlsx.h"

#define DIGITS_MAX 40
#define DIGITS_SHOWN 15 /* more than these are noise of the binary form */
#define EPOCH_1900 25569 /* 1970-01-01 in days of the workbook */
#define EPOCH_1904 24107
#define SERIAL_FIRST 61 /* 1900-03-01; days before count a 29 February that was none */

bool xlsx_format_is_date(struct view code) {
    bool quoted = false;
    bool bracket = false;
    for (ptrdiff_t i = 0; i < code.size; i++) {
        char c = code.at[i];
        if (c == '"') {
            quoted = !quoted;
        } else if (quoted) {
            continue;
        } else if (c == '\\') {
            i++;
        } else if (c == '[' || c == ']') {
            bracket = c == '[';
        } else if (!bracket && strchr("yYdD", c)) {
            return true;
        }
    }
    return false;
}

/* 0.d1d2d3… x 10^point */
struct decimal {
    bool negative;
    char digits[DIGITS_MAX + 1];
    int count;
    int point;
    bool exponent; /* was written with one */
};

static bool exponent_read(struct view rest, int *exponent) {
    bool negative = rest.size > 0 && rest.at[0] == '-';
    if (rest.size > 0 && (rest.at[0] == '-' || rest.at[0] == '+')) {
        rest = view_sub(rest, 1, rest.size);
    }
    if (!view_is_digits(rest) || rest.size > 2) {
        return false;
    }
    *exponent = 0;
    for (ptrdiff_t i = 0; i < rest.size; i++) {
        *exponent = *exponent * 10 + (rest.at[i] - '0');
    }
    *exponent = negative ? -*exponent : *exponent;
    return true;
}

static bool digit_add(struct decimal *d, char c, bool behind) {
    if (d->count == 0 && c == '0') {
        d->point -= behind;
        return true;
    }
    if (d->count == DIGITS_MAX) {
        return false;
    }
    d->digits[d->count++] = c;
    d->point += !behind;
    return true;
}

static bool decimal_read(struct view text, struct decimal *d) {
    bool behind = false;
    bool any = false;
    *d = (struct decimal){.negative = text.size > 0 && text.at[0] == '-'};
    for (ptrdiff_t i = d->negative; i < text.size; i++) {
        char c = text.at[i];
        if (c >= '0' && c <= '9') {
            any = true;
            if (!digit_add(d, c, behind)) {
                return false;
            }
        } else if (c == '.' && !behind) {
            behind = true;
        } else if ((c == 'e' || c == 'E') && any) {
            int exponent;
            d->exponent = true;
            if (!exponent_read(view_sub(text, i + 1, text.size), &exponent)) {
                return false;
            }
            d->point += exponent;
            return d->point > -30 && d->point <= 30;
        } else {
            return false;
        }
    }
    return any && d->point > -30 && d->point <= 30;
}

static void decimal_round(struct decimal *d) {
    if (d->count > DIGITS_SHOWN) {
        bool up = d->digits[DIGITS_SHOWN] >= '5';
        d->count = DIGITS_SHOWN;
        int i = DIGITS_SHOWN - 1;
        for (; up && i >= 0 && d->digits[i] == '9'; i--) {
            d->digits[i] = '0';
        }
        if (up && i >= 0) {
            d->digits[i]++;
        } else if (up) {
            d->digits[0] = '1'; /* all nines: the zeros behind stay */
            d->point++;
        }
    }
    while (d->count > 0 && d->digits[d->count - 1] == '0') {
        d->count--;
    }
}

struct view xlsx_number(struct view text, char *to) {
    struct decimal d;
    if (!decimal_read(text, &d) || (!d.exponent && d.count <= DIGITS_SHOWN)) {
        return text;
    }
    decimal_round(&d);
    char *at = to;
    if (d.negative && d.count > 0) {
        *at++ = '-';
    }
    if (d.point <= 0 || d.count == 0) {
        *at++ = '0';
    }
    for (int i = 0; i < d.point && d.count > 0; i++) {
        *at++ = i < d.count ? d.digits[i] : '0';
    }
    if (d.count > d.point && d.count > 0) {
        *at++ = '.';
        for (int i = d.point; i < d.count; i++) {
            *at++ = i < 0 ? '0' : d.digits[i];
        }
    }
    return (struct view){to, at - to};
}

struct view xlsx_date(struct view text, bool from_1904, char *to) {
    struct view days = text;
    days = view_cut(&days, '.');
    if (!view_is_digits(days) || days.size > 7) {
        return text;
    }
    int32_t serial = 0;
    for (ptrdiff_t i = 0; i < days.size; i++) {
        serial = serial * 10 + (days.at[i] - '0');
    }
    if (serial < SERIAL_FIRST || serial > 2958465) { /* 9999-12-31 */
        return text;
    }
    struct date date = {serial - (from_1904 ? EPOCH_1904 : EPOCH_1900)};
    return date_text(date, to);
}
