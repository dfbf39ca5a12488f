/* Dates as day numbers, money as cents, quantities as thousandths: read from text, written back. */
#include <string.h>

#include "base/base.h"

/* Civil calendar arithmetic on years that begin in March, so that leap days come last. Days of
 * the year before the first of a month, from March on. */
static int32_t days_from_civil(int year, int month, int day) {
    static const int16_t before[] = {306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275};
    unsigned y = (unsigned)(year - (month <= 2));
    unsigned days = y * 365 + y / 4 - y / 100 + y / 400;
    return (int32_t)days + before[month - 1] + day - 1 - 719468;
}

/* Neri and Schneider, Euclidean affine functions (2021): a division is a multiplication here, and
 * the rest of one gives the month. For days from 1 March of the year 0 on. */
static void civil_from_days(uint32_t days, int *year, int *month, int *day) {
    uint32_t n1 = 4 * days + 3;
    uint32_t century = n1 / 146097;
    uint32_t n2 = n1 % 146097 | 3;
    uint64_t product = UINT64_C(2939745) * n2;
    uint32_t year_of_century = (uint32_t)(product >> 32);
    uint32_t day_of_year = (uint32_t)product / 2939745 / 4;
    uint32_t n3 = 2141 * day_of_year + 197913;
    bool next = day_of_year >= 306; /* January and February */
    *day = (int)(n3 % 65536 / 2141) + 1;
    *month = (int)(n3 / 65536) - (next ? 12 : 0);
    *year = (int)(100 * century + year_of_century + next);
}

void date_to_ymd(struct date date, int *year, int *month, int *day) {
    if (date.day >= -719468 && date.day < 1 << 24) {
        civil_from_days((uint32_t)(date.day + 719468), year, month, day);
        return;
    }
    int days = date.day + 719468;
    int era = (days >= 0 ? days : days - 146096) / 146097;
    int day_of_era = days - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted + (shifted < 10 ? 3 : -9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

struct date date_from_ymd(int year, int month, int day) {
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1800 || year > 2999 || month < 1 || month > 12 || day < 1) {
        return DATE_NONE;
    }
    if (day > days[month - 1]) {
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        if (month != 2 || day > 28 + leap) {
            return DATE_NONE;
        }
    }
    return (struct date){days_from_civil(year, month, day)};
}

static int digits_at(struct view text, ptrdiff_t from, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
        value = value * 10 + (text.at[from + i] - '0');
    }
    return value;
}

struct date date_from_iso(struct view text) {
    if (text.size != 10 || text.at[4] != '-' || text.at[7] != '-' ||
        !view_is_digits(view_sub(text, 0, 4)) || !view_is_digits(view_sub(text, 5, 2)) ||
        !view_is_digits(view_sub(text, 8, 2))) {
        return DATE_NONE;
    }
    return date_from_ymd(digits_at(text, 0, 4), digits_at(text, 5, 2), digits_at(text, 8, 2));
}

static int digit_of(uint64_t digits, int index) { return (int)(digits >> 8 * index & 15); }

/* Eight digits looked at as one word, lowest byte first: files are full of dates. */
static struct date date_from_eight(const char *at) {
    uint64_t digits;
    memcpy(&digits, at, sizeof digits);
    digits ^= UINT64_C(0x3030303030303030);
    if (((digits + UINT64_C(0x7676767676767676)) | digits) & UINT64_C(0x8080808080808080)) {
        return DATE_NONE;
    }
    return date_from_ymd(digit_of(digits, 0) * 1000 + digit_of(digits, 1) * 100 +
                             digit_of(digits, 2) * 10 + digit_of(digits, 3),
                         digit_of(digits, 4) * 10 + digit_of(digits, 5),
                         digit_of(digits, 6) * 10 + digit_of(digits, 7));
}

struct date date_from_compact(struct view text) {
    if (text.size == 8) {
        return date_from_eight(text.at);
    }
    if (text.size != 6 || !view_is_digits(text)) {
        return DATE_NONE;
    }
    int year = digits_at(text, 0, 2);
    return date_from_ymd(year + (year < 50 ? 2000 : 1900), digits_at(text, 2, 2),
                         digits_at(text, 4, 2));
}

static char *digits_put(char *at, int value, int count) {
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + count;
}

struct view date_text(struct date date, char text[11]) {
    int year, month, day;
    date_to_ymd(date, &year, &month, &day);
    char *at = digits_put(text, year, 4);
    *at++ = '-';
    at = digits_put(at, month, 2);
    *at++ = '-';
    at = digits_put(at, day, 2);
    *at = 0;
    return (struct view){text, 10};
}

/* A decimal number as an integer scaled by 10^scale; false when it is none or does not fit.
 * Decimals beyond the scale must be zeros: nothing is rounded in silence. */
static bool scaled_from(struct view text, int scale, int64_t *value) {
    bool negative = text.size > 0 && text.at[0] == '-';
    ptrdiff_t i = negative || (text.size > 0 && text.at[0] == '+');
    int decimals = -1;
    int digits = 0;
    int64_t sum = 0;
    for (; i < text.size; i++) {
        char c = text.at[i];
        if (c == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (c < '0' || c > '9') {
            return false;
        }
        digits++;
        if (decimals >= scale) {
            if (c != '0') {
                return false;
            }
            continue;
        }
        if (sum > INT64_MAX / 100000) {
            return false;
        }
        sum = sum * 10 + (c - '0');
        decimals += decimals >= 0;
    }
    for (int d = decimals < 0 ? 0 : decimals; d < scale; d++) {
        sum *= 10;
    }
    *value = negative ? -sum : sum;
    return digits > 0;
}

struct money money_from(struct view text) {
    struct money money = MONEY_NONE;
    return scaled_from(text, 2, &money.cents) ? money : MONEY_NONE;
}

struct quantity quantity_from(struct view text) {
    struct quantity quantity = QUANTITY_NONE;
    return scaled_from(text, 3, &quantity.milli) ? quantity : QUANTITY_NONE;
}

/* Writes `value` scaled by 10^scale backwards from `end`, returns its first character. */
static char *scaled_put(char *end, int64_t value, int scale, bool trim) {
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char *at = end;
    for (int i = 0; i < scale; i++) {
        char digit = (char)('0' + rest % 10);
        rest /= 10;
        if (trim && at == end && digit == '0') {
            continue;
        }
        *--at = digit;
    }
    if (at != end) {
        *--at = '.';
    }
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0) {
        *--at = '-';
    }
    return at;
}

static struct view scaled_text(int64_t value, int scale, bool trim, char text[24]) {
    char *end = text + 23;
    *end = 0;
    char *at = scaled_put(end, value, scale, trim);
    return (struct view){at, end - at};
}

struct view money_text(struct money money, char text[24]) {
    return scaled_text(money.cents, 2, false, text);
}

struct view quantity_text(struct quantity quantity, char text[24]) {
    return scaled_text(quantity.milli, 3, true, text);
}
