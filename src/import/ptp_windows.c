/* What the windows of a pair say about each other; see ptp_windows.h. */
#include "import/ptp_windows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WINDOWS_FIRST 700000  /* a slice; growing later costs as much again */
#define PLACEHOLDER_SHARE 100 /* fewer than one true start in so many: they are placeholders */

#define FIRST_DAY 9496 /* 1996-01-01: nothing of NCCI is older */

/* Six bits a character keep the order of capitals and digits. */
static uint64_t code_bits6(struct code code) {
    uint64_t bits = 0;
    for (int shift = 56; shift >= 24; shift -= 8) {
        bits = bits << 6 | ((code.bits >> shift & 0xff) - '0');
    }
    return bits;
}

static uint64_t window_pair(const struct ptp_window *window) { return window->pair >> 1; }
static bool window_active(const struct ptp_window *window) { return (window->pair & 1) != 0; }

static int window_compare(const void *left, const void *right) {
    const struct ptp_window *a = left, *b = right;
    if (window_pair(a) != window_pair(b)) {
        return window_pair(a) < window_pair(b) ? -1 : 1;
    }
    if (a->from != b->from) {
        return a->from < b->from ? -1 : 1;
    }
    if (a->to != b->to) {
        return a->to < b->to ? -1 : 1;
    }
    return a->line < b->line ? -1 : a->line > b->line;
}

bool ptp_windows_add(struct ptp_windows *windows, struct code one, struct code two,
                     struct date from, struct date to, char indicator, int64_t line) {
    if (windows->count == windows->capacity) {
        ptrdiff_t capacity = windows->capacity ? 2 * windows->capacity : WINDOWS_FIRST;
        struct ptp_window *grown = ARENA_NEW(windows->arena, struct ptp_window, capacity);
        if (!grown) {
            return false;
        }
        if (windows->count > 0) {
            memcpy(grown, windows->at, (size_t)windows->count * sizeof *grown);
        }
        windows->at = grown;
        windows->capacity = capacity;
    }
    struct ptp_window *window = &windows->at[windows->count++];
    uint64_t pair = code_bits6(one) << 30 | code_bits6(two);
    *window =
        (struct ptp_window){.pair = pair << 1 | (indicator != '9'),
                            .from = (uint16_t)(from.day - FIRST_DAY),
                            .to = date_given(to) ? (uint16_t)(to.day - FIRST_DAY) : PTP_WINDOW_OPEN,
                            .line = (uint32_t)line};
    if (windows->count > 1 && window_compare(window - 1, window) > 0) {
        windows->disordered = true;
    }
    return true;
}

struct window_tally {
    int64_t day_after, same_day, overlaps; /* windows that follow another of their pair */
    int64_t same_line;                     /* first of the same day */
    int64_t active, true_starts;
    int64_t repeats; /* rows without effect that stand twice */
};

/* The row of the same pair that this one cannot stand beside: an active one of the same start, or
 * one of the same window. Indicator 9 marks rows without effect; one may begin on the day on which
 * an active one does, and stand twice. */
static const struct ptp_window *window_against(const struct ptp_window *any,
                                               const struct ptp_window *active,
                                               const struct ptp_window *window) {
    bool active_too = window_active(window);
    if (active_too && active && active->from == window->from) {
        return active;
    }
    bool same = any && any->from == window->from && any->to == window->to;
    return same && (active_too || window_active(any)) ? any : NULL;
}

static void window_follow(struct window_tally *tally, const struct ptp_window *before,
                          const struct ptp_window *window) {
    if (before->to == PTP_WINDOW_OPEN || before->to > window->from) {
        tally->overlaps++;
    } else if (before->to == window->from) {
        tally->same_line = tally->same_day++ == 0 ? window->line : tally->same_line;
    } else {
        tally->day_after += before->to + 1 == window->from;
    }
}

/* A start is true when nothing but the edit can have set it: not the first day of NCCI, and not
 * the day after the deletion before. */
static bool window_start_true(const struct ptp_window *before, const struct ptp_window *window) {
    return window->from > 0 &&
           !(before && before->to != PTP_WINDOW_OPEN && before->to + 1 == window->from);
}

static void windows_tally(struct import *import, struct rows *rows, struct ptp_windows *windows,
                          struct window_tally *tally) {
    const struct ptp_window *any = NULL, *active = NULL; /* before this one, of its pair */
    int64_t line = rows->line;
    for (ptrdiff_t i = 0; i < windows->count; i++) {
        const struct ptp_window *window = &windows->at[i];
        any = any && window_pair(any) == window_pair(window) ? any : NULL;
        active = active && window_pair(active) == window_pair(window) ? active : NULL;
        const struct ptp_window *against = window_against(any, active, window);
        rows->line = window->line;
        if (against && !import_wrong(import, rows, "import_cell", "Effective Date",
                                     "the pair has another row from this day, in line %lld",
                                     (long long)against->line)) {
            break;
        }
        if (!window_active(window)) {
            tally->repeats += any && any->from == window->from && any->to == window->to;
        } else {
            tally->active++;
            tally->true_starts += window_start_true(any, window);
            if (active && !against) {
                window_follow(tally, active, window);
            }
            active = window;
        }
        any = window;
    }
    rows->line = line;
}

static void windows_note(struct import *import, const struct ptp_windows *windows,
                         const struct window_tally *tally) {
    char more[128];
    int size = 0;
    more[0] = '\0';
    if (tally->overlaps > 0) {
        size += snprintf(more + size, sizeof more - (size_t)size,
                         "; %lld windows overlap the one before", (long long)tally->overlaps);
    }
    if (tally->repeats > 0) {
        size += snprintf(more + size, sizeof more - (size_t)size,
                         "; %lld rows without effect stand twice", (long long)tally->repeats);
    }
    (void)snprintf(more + size, sizeof more - (size_t)size, "%s",
                   windows->disordered ? "; rows are not in order" : "");
    if (tally->true_starts * PLACEHOLDER_SHARE < tally->active) {
        import_note(
            import,
            "deletion dates read as last active day, which this file cannot test: its start "
            "dates are placeholders%s",
            more);
    } else if (tally->day_after + tally->same_day == 0) {
        import_note(import,
                    "deletion dates read as last active day: no window follows another, so that "
                    "nothing tests it%s",
                    more);
    } else {
        import_note(import,
                    "deletion dates: %lld windows follow on the day after, %lld on the same day: "
                    "read as last active day%s",
                    (long long)tally->day_after, (long long)tally->same_day, more);
    }
}

void ptp_windows_check(struct import *import, struct rows *rows, struct ptp_windows *windows) {
    struct window_tally tally = {0};
    if (windows->disordered && windows->count > 0) {
        qsort(windows->at, (size_t)windows->count, sizeof *windows->at, window_compare);
    }
    windows_tally(import, rows, windows, &tally);
    if (tally.same_day > tally.day_after) {
        int64_t line = rows->line;
        rows->line = tally.same_line;
        (void)import_wrong(import, rows, "import_cell", "Deletion Date",
                           "%lld windows begin on the day the one before is deleted, %lld on the "
                           "day after: it is not the last active day here",
                           (long long)tally.same_day, (long long)tally.day_after);
        rows->line = line;
        return;
    }
    windows_note(import, windows, &tally);
}
