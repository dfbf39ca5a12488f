/* What names of files and titles say: words, numbers, months, quarters. */
#include "import/importer.h"

/* ---- words and numbers ------------------------------------------------------------------- */

static char name_small(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

ptrdiff_t name_find(struct view name, const char *word) {
    ptrdiff_t size = view_of(word).size;
    for (ptrdiff_t at = 0; at + size <= name.size; at++) {
        ptrdiff_t same = 0;
        while (same < size && name_small(name.at[at + same]) == name_small(word[same])) {
            same++;
        }
        if (same == size) {
            return at;
        }
    }
    return -1;
}

static bool name_digit(struct view name, ptrdiff_t at) {
    return at >= 0 && at < name.size && name.at[at] >= '0' && name.at[at] <= '9';
}

int name_number(struct view name, ptrdiff_t *at, int least, int most) {
    int value = 0, digits = 0;
    while (digits < most && name_digit(name, *at + digits)) {
        value = value * 10 + (name.at[*at + digits] - '0');
        digits++;
    }
    if (digits < least || name_digit(name, *at + digits)) {
        return -1;
    }
    *at += digits;
    return value;
}

int digits_of(struct view text, ptrdiff_t from, ptrdiff_t size) {
    int value = 0;
    for (ptrdiff_t i = from; i < from + size; i++) {
        if (i >= text.size || text.at[i] < '0' || text.at[i] > '9') {
            return -1;
        }
        value = value * 10 + (text.at[i] - '0');
    }
    return value;
}

/* ---- months and quarters ----------------------------------------------------------------- */

static bool letters_equal(struct view word, const char *month, ptrdiff_t size) {
    for (ptrdiff_t i = 0; i < size; i++) {
        if (i >= word.size || (word.at[i] | 0x20) != month[i]) {
            return false;
        }
    }
    return word.size == size;
}

int month_of_word(struct view word) {
    static const char *const months[] = {"january", "february", "march",     "april",
                                         "may",     "june",     "july",      "august",
                                         "september", "october", "november", "december"};
    for (int i = 0; i < COUNT_OF(months); i++) {
        if (letters_equal(word, months[i], view_of(months[i]).size) ||
            letters_equal(word, months[i], 3) || (i == 8 && letters_equal(word, months[i], 4))) {
            return i + 1;
        }
    }
    return 0;
}

static bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

int month_of(struct view name) {
    for (ptrdiff_t i = 0; i < name.size; i++) {
        ptrdiff_t begin = i;
        while (i < name.size && is_letter(name.at[i])) {
            i++;
        }
        int month = month_of_word(view_sub(name, begin, i - begin));
        if (month > 0) {
            return month;
        }
    }
    return 0;
}

struct date quarter_first(int year, int quarter) {
    return date_from_ymd(year, quarter * 3 - 2, 1);
}

struct date quarter_last(int year, int quarter) {
    struct date next = quarter == 4 ? quarter_first(year + 1, 1) : quarter_first(year, quarter + 1);
    if (date_given(next)) {
        next.day--;
    }
    return next;
}
