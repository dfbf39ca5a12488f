/* Year, quarter, revision and participation in names such as rvu26d-updated-08-26-2026.zip,
 * PPRRVU2026_Jul_nonQPP.csv, PPRRVU25_JAN.txt, RVU24AR, 25LOCCO.txt, PFREV26B. */
#include "import/fee.h"

#include <stdio.h>

static int lower(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; }

static bool letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

static bool digit(char c) { return c >= '0' && c <= '9'; }

static bool same_start(struct view word, const char *text) {
    ptrdiff_t same = 0;
    while (same < word.size && lower(word.at[same]) == lower(text[same])) {
        same++;
    }
    return same == word.size;
}

static bool word_is(struct view word, const char *text) {
    return word.size == view_of(text).size && same_start(word, text);
}

/* ---- one name ---------------------------------------------------------------------------- */

struct scan {
    struct view name;
    ptrdiff_t at;
    struct fee_release *release;
    bool agreed;
};

static void say_year(struct scan *scan, int year) {
    scan->agreed &= scan->release->year == 0 || scan->release->year == year;
    scan->release->year = scan->release->year ? scan->release->year : year;
}

static void say_quarter(struct scan *scan, int quarter) {
    scan->agreed &= scan->release->quarter == 0 || scan->release->quarter == quarter;
    scan->release->quarter = scan->release->quarter ? scan->release->quarter : quarter;
}

static char char_at(const struct scan *scan, ptrdiff_t at) {
    return at >= 0 && at < scan->name.size ? scan->name.at[at] : 0;
}

/* A year of two or four digits at the place: 0 when it is none. */
static int year_at(const struct scan *scan, ptrdiff_t at, int *size) {
    int value = 0;
    *size = 0;
    while (digit(char_at(scan, at + *size)) && *size < 5) {
        value = 10 * value + (char_at(scan, at + *size) - '0');
        ++*size;
    }
    return *size == 2 ? 2000 + value : *size == 4 && value / 100 == 20 ? value : 0;
}

/* "26D", "2025_…", "24AR" behind a stem. */
static void year_read(struct scan *scan, ptrdiff_t at) {
    int size;
    int year = year_at(scan, at, &size);
    if (year == 0) {
        return;
    }
    say_year(scan, year);
    int quarter = lower(char_at(scan, at + size)) - 'a' + 1;
    bool revised = lower(char_at(scan, at + size + 1)) == 'r';
    if (quarter >= 1 && quarter <= 4 && !letter(char_at(scan, at + size + 1 + revised))) {
        say_quarter(scan, quarter);
        scan->release->revision |= revised;
    }
}

static void month_read(struct scan *scan, struct view word) {
    int month = month_of_word(word);
    if (month == 0 && word.size == 4 && lower(word.at[3]) == 'r') {
        month = month_of_word(view_sub(word, 0, 3));
        scan->release->revision |= month != 0;
    }
    if (month % 3 == 1) {
        say_quarter(scan, month / 3 + 1);
    }
}

static void word_read(struct scan *scan, struct view word) {
    static const char *const stems[] = {"pprrvu", "rvu",   "gpci",   "anes",
                                        "pfall",  "pfrev", "oppscap"};
    for (int i = 0; i < COUNT_OF(stems); i++) {
        if (word_is(word, stems[i])) {
            year_read(scan, scan->at + word.size);
        }
    }
    int size;
    if (word_is(word, "locco") && digit(char_at(scan, scan->at - 2)) &&
        !digit(char_at(scan, scan->at - 3))) {
        say_year(scan, year_at(scan, scan->at - 2, &size));
    }
    bool before = scan->at >= 4 && word_is(view_sub(scan->name, scan->at - 4, 3), "non");
    if (word_is(word, "nonqpp") || (word_is(word, "qpp") && before)) {
        scan->release->qpp = 'N';
    } else if (word_is(word, "qpp")) {
        scan->release->qpp = 'Q';
    }
    month_read(scan, word);
}

bool fee_name_read(struct view name, struct fee_release *release) {
    struct scan scan = {name, 0, release, true};
    while (scan.at < name.size) {
        ptrdiff_t end = scan.at;
        while (end < name.size && letter(name.at[end])) {
            end++;
        }
        if (end > scan.at) {
            word_read(&scan, view_sub(name, scan.at, end - scan.at));
        }
        scan.at = end + 1;
    }
    return scan.agreed;
}

/* ---- all names of a file ----------------------------------------------------------------- */

bool fee_release_find(struct import *import, const struct rows *rows, struct fee_release title,
                      bool quarter, struct fee_release *release) {
    *release = title;
    bool agreed = fee_name_read(rows->member, release);
    if (!view_equal(rows->member, rows->file)) {
        agreed &= fee_name_read(rows->file, release);
    }
    struct fee_release folder = {0};
    if (agreed && fee_name_read(rows->folder, &folder)) {
        /* A folder may be named for anything: it speaks only where nothing else does. */
        bool year = release->year == 0 || release->year == folder.year;
        bool same = release->quarter == 0 || release->quarter == folder.quarter;
        if (year && same && folder.year != 0) {
            release->year = folder.year;
            release->quarter = folder.quarter;
            release->revision |= folder.revision;
        }
    }
    if (!agreed) {
        import_wrong(import, rows, "import_release", NULL,
                     "title, file name and archive name say different years or quarters");
    } else if (release->year == 0 || (quarter && release->quarter == 0)) {
        import_wrong(import, rows, "import_release", NULL,
                     "neither the file nor its name says the %s: import the archive as "
                     "published, or name the folder as the release (rvu26c)",
                     release->year == 0 ? "year" : "quarter");
        agreed = false;
    }
    return agreed;
}

char fee_named_qpp(const struct rows_head *head) {
    struct fee_release release = {0};
    fee_name_read(head->file, &release);
    fee_name_read(head->member, &release);
    return release.qpp;
}

enum fee_form fee_form_of(const struct rows *rows) {
    return rows->form == ROWS_XLSX ? FEE_XLSX : FEE_CSV;
}

struct store_edition fee_edition(enum store_table table, struct view name,
                                 const struct fee_release *release, enum fee_form form,
                                 bool quarterly) {
    struct date first = date_from_ymd(release->year, 1, 1);
    struct date last = date_from_ymd(release->year, 12, 31);
    struct store_edition edition = {
        .table = table,
        .name = name,
        .revision = release->revision,
        .rank = release->released * FEE_FORMS + (int)form,
        .effective = first,
        .through = last,
        .from = first,
        .to = last,
    };
    if (quarterly) {
        edition.effective = quarter_first(release->year, release->quarter);
        edition.through = quarter_last(release->year, release->quarter);
    } else {
        /* The archive of each quarter holds the year's file again, at times corrected. */
        edition.revision = 0;
        edition.rank += FEE_FORMS * (2 * release->quarter + release->revision);
    }
    return edition;
}

bool fee_yearly_begin(struct import *import, const struct rows *rows, enum store_table table,
                      const char *prefix, const struct fee_release *release, enum fee_form form) {
    char name[16];
    int size = snprintf(name, sizeof name, "%s%04d", prefix, release->year);
    struct store_edition edition =
        fee_edition(table, (struct view){name, size}, release, form, false);
    return import_begin(import, rows, &edition, 1, 1);
}

bool fee_yearly_open(struct import *import, const struct rows *rows, enum store_table table,
                     const char *prefix, int title_year, enum fee_form form) {
    struct fee_release release;
    struct fee_release title = {.year = title_year};
    return fee_release_find(import, rows, title, false, &release) &&
           fee_yearly_begin(import, rows, table, prefix, &release, form);
}
