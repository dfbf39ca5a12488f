/* The next day on which a service is allowed. Nothing is computed a second way: the checks of the
 * audit are asked on candidate days, those on which an earlier service leaves a window, an interval
 * ends, or an entry begins or ends to hold. Between two of them the answer does not change from an
 * objection to none. */
#include <stdlib.h>

#include "audit/audit_state.h"
#include "audit/policy.h"

struct search {
    struct audit *audit;
    struct audit_pass *pass;
    struct claim claim; /* the question, with one line whose day moves */
    struct claim_line line;
    struct arena *arena;
    struct date *days; /* candidates, ascending */
    int day_count;
    int day_room;
};

enum answer { ANSWER_APART, ANSWER_FREE, ANSWER_OBJECTS, ANSWER_UNKNOWN };

static bool looks_back(enum rule_kind kind) {
    return kind == RULE_KIND_session_limit || kind == RULE_KIND_min_interval ||
           kind == RULE_KIND_requires_history || kind == RULE_KIND_forbids_history ||
           kind == RULE_KIND_last_service || kind == RULE_KIND_long_course;
}

/* ---- a day ------------------------------------------------------------------------------- */

/* A missing KX says nothing here: the question, unlike a claim, need not carry it. */
static void intent_forget(struct audit_pass *pass) {
    struct audit_line *line = &pass->lines[0];
    if (line->line->kind == KIND_UNKNOWN && line->has_family &&
        intent_of_code(pass, line->id, true) !=
            intent_of_code(pass, line->id, false)) {
        line->intent = KIND_UNKNOWN;
        policy_begin(pass);
    }
}

static void day_open(struct search *search, struct date on) {
    search->line.from = on;
    search->line.to = on;
    arena_reset(&search->audit->arena);
    pass_open(search->pass, &search->claim);
    intent_forget(search->pass);
}

static bool entry_touched(const struct search *search, int entry) {
    return search->audit->policies.touched[entry / 64] >> entry % 64 & 1;
}

/* What the entry says on the day that is open; `*needs` of an unknown answer. */
static enum answer entry_ask(struct search *search, int entry, uint64_t *needs) {
    struct audit_pass *pass = search->pass;
    *needs = 0;
    if (!entry_touched(search, entry)) {
        return ANSWER_APART;
    }
    pass->finding_count = 0;
    pass->gap_count = 0;
    bool speaks = policy_judge(pass, entry);
    for (int i = 0; i < pass->gap_count; i++) {
        *needs |= pass->gaps[i].needs;
    }
    return pass->finding_count > 0 ? ANSWER_OBJECTS
           : pass->gap_count > 0   ? ANSWER_UNKNOWN
           : speaks                ? ANSWER_FREE
                                   : ANSWER_APART;
}

/* ---- candidate days ---------------------------------------------------------------------- */

static void day_add(struct search *search, int64_t day) {
    if (day > INT32_MIN && day <= INT32_MAX && search->day_count < search->day_room) {
        search->days[search->day_count++] = (struct date){(int32_t)day};
    }
}

/* The first day on which `months` before lie at `day` or behind it: the day of the month may be one
 * that the later month has not. */
static struct date months_after(struct date day, int months) {
    int32_t high = day.day + 31 * months + 31;
    int32_t low = day.day;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (months_before((struct date){middle}, months).day >= day.day) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return (struct date){low};
}

/* Days from a service on that a condition compares: their number; `past` DATE_NONE only counts. */
static int days_of_tests(struct search *search, struct rule_tests tests, struct date past) {
    int count = 0;
    for (int i = 0; i < tests.count; i++) {
        const struct rule_test *test = &tests.at[i];
        bool several = test->subject == TEST_ANY;
        for (int j = 0; j < (several ? test->any_count : 1); j++) {
            const struct rule_test *one = several ? &test->any[j] : test;
            if (one->subject != TEST_SERVICE || one->field != SERVICE_DAYS_BEFORE) {
                continue;
            }
            count += 2;
            if (date_given(past)) {
                day_add(search, past.day + one->number / 1000);
                day_add(search, past.day + one->number / 1000 + 1);
            }
        }
    }
    return count;
}

static int days_of_conditions(struct search *search, const struct rule_check *check,
                              struct date past) {
    int count = 0;
    for (int i = 0; i < RULE_TEST_LISTS; i++) {
        count += days_of_tests(search, check->tests[i], past);
    }
    return count;
}

#define DAYS_OF_PAST 6 /* candidates of one service, beside those of conditions */

/* What an earlier service may change, and when. */
static void days_of_past(struct search *search, const struct rule_check *check, struct date past) {
    static const enum rule_number spans[] = {RULE_days, RULE_days_min};
    static const enum rule_number months[] = {RULE_months, RULE_after_months_min};
    day_add(search, (int64_t)past.day + 1);
    for (ptrdiff_t i = 0; i < COUNT_OF(spans); i++) {
        if (check->number[spans[i]] >= 0) {
            day_add(search, (int64_t)past.day + check->number[spans[i]]);
        }
    }
    for (ptrdiff_t i = 0; i < COUNT_OF(months); i++) {
        if (check->number[months[i]] >= 0) {
            day_add(search, months_after(past, check->number[months[i]]).day);
        }
    }
    if (check->kind == RULE_KIND_long_course) {
        day_add(search, months_after((struct date){past.day + 1}, COURSE_GAP_MONTHS).day);
    }
    (void)days_of_conditions(search, check, past);
}

static int days_compare(const void *a, const void *b) {
    int32_t left = ((const struct date *)a)->day;
    int32_t right = ((const struct date *)b)->day;
    return (left > right) - (left < right);
}

static void window_days(struct search *search, struct date since, struct date until) {
    if (date_given(since)) {
        day_add(search, since.day);
    }
    if (date_given(until)) {
        day_add(search, (int64_t)until.day + 1);
    }
}

/* `from`, which is among them, and the candidates behind it, each once. */
static void days_sort(struct search *search, struct date from) {
    struct date *days = search->days;
    int kept = 0;
    qsort(days, (size_t)search->day_count, sizeof *days, days_compare);
    for (int i = 0; i < search->day_count; i++) {
        if (days[i].day >= from.day && (kept == 0 || days[i].day > days[kept - 1].day)) {
            days[kept++] = days[i];
        }
    }
    search->day_count = kept;
}

/* False: out of memory. */
static bool days_gather(struct search *search, const struct rule_check *check, struct date from) {
    const struct rule_tables *tables = policy_tables(search->pass);
    int count;
    day_open(search, from);
    const struct past *pasts = pasts_of(search->pass, &count);
    int each = DAYS_OF_PAST + days_of_conditions(search, check, DATE_NONE);
    int room = 8 + 2 * tables->lcd_count + each * count;
    if (room > search->day_room) {
        search->days = ARENA_NEW(search->arena, struct date, room);
        search->day_room = room;
    }
    if (!search->days) {
        return false;
    }
    search->day_count = 0;
    day_add(search, from.day);
    window_days(search, check->since, check->until);
    window_days(search, check->rule->since, check->rule->until);
    for (int i = 0; i < tables->lcd_count && check->lcd.size > 0; i++) {
        if (view_equal(tables->lcds[i].family, check->lcd)) {
            window_days(search, tables->lcds[i].from, tables->lcds[i].to);
        }
    }
    for (int i = 0; i < count; i++) {
        days_of_past(search, check, pasts[i].on);
    }
    days_sort(search, from);
    return true;
}

/* ---- one limit --------------------------------------------------------------------------- */

/* From `from` on: state, day and needs of the limit. */
static bool limit_search(struct search *search, int entry, struct date from,
                         struct audit_limit *limit) {
    limit->state = AUDIT_LIMIT_NEVER;
    limit->day = DATE_NONE;
    limit->not_before = DATE_NONE;
    limit->needs = 0;
    if (!days_gather(search, search->audit->policies.checks[entry], from)) {
        return false;
    }
    for (int i = 0; i < search->day_count; i++) {
        uint64_t needs;
        day_open(search, search->days[i]);
        enum answer answer = entry_ask(search, entry, &needs);
        if (answer != ANSWER_OBJECTS && !date_given(limit->not_before)) {
            limit->not_before = search->days[i];
        }
        if (answer == ANSWER_UNKNOWN && limit->state == AUDIT_LIMIT_NEVER) {
            limit->state = AUDIT_LIMIT_UNKNOWN;
            limit->needs = needs;
        }
        if (answer == ANSWER_FREE || answer == ANSWER_APART) {
            limit->day = search->days[i];
            break;
        }
    }
    if (limit->state == AUDIT_LIMIT_NEVER && date_given(limit->day)) {
        limit->state = AUDIT_LIMIT_DAY;
    }
    return true;
}

/* The days that the entry counts, on the day that is open. */
static bool limit_count(struct search *search, const struct rule_check *check,
                        struct audit_limit *limit) {
    struct policy policy = {.pass = search->pass, .check = check, .lines = LINE_BIT(0)};
    const struct audit_line *line = &search->pass->lines[0];
    bool strict = check->kind == RULE_KIND_requires_history;
    struct date first = policy_first(&policy, line);
    int count;
    const struct past *pasts = pasts_of(search->pass, &count);
    struct audit_counted *counted = ARENA_NEW(search->arena, struct audit_counted, count + 1);
    if (!counted) {
        return false;
    }
    limit->counted = counted;
    int kept = 0;
    for (int i = 0; i < count; i++) {
        enum truth counts =
            pasts[i].on.day < first.day ? TRUTH_NO : past_counts(&policy, &pasts[i], line, strict);
        if (counts == TRUTH_NO) {
            continue;
        }
        bool same = kept > 0 && counted[kept - 1].on.day == pasts[i].on.day;
        if (!same) {
            counted[kept++] = (struct audit_counted){pasts[i].on, pasts[i].code, false};
        }
        counted[kept - 1].certain |= counts == TRUTH_YES;
    }
    limit->counted_count = kept;
    return true;
}

/* A limit that has something to say of the service on `on`, or begins to later. False: memory. */
static bool limit_find(struct search *search, int entry, struct date on, struct audit_next *next) {
    const struct rule_check *check = search->audit->policies.checks[entry];
    struct date since = check->since;
    if (date_given(check->rule->since) && check->rule->since.day > since.day) {
        since = check->rule->since;
    }
    struct date first = date_given(since) && since.day > on.day ? since : on;
    uint64_t needs;
    day_open(search, first);
    enum answer answer = entry_ask(search, entry, &needs);
    if (answer == ANSWER_APART) {
        return true;
    }
    struct audit_limit *limit = &next->limits[next->limit_count++];
    limit->check = check;
    if (answer == ANSWER_OBJECTS && first.day == on.day) {
        limit->message = arena_copy(search->arena, search->pass->findings[0].message);
    }
    return limit_count(search, check, limit) && limit_search(search, entry, on, limit);
}

/* ---- all of them ------------------------------------------------------------------------- */

/* The first day on which none objects. One that is free on a day may object on a later one, so the
 * days are asked again until all agree; each round is later than the one before it. */
static bool next_join(struct search *search, struct date on, struct audit_next *next) {
    next->state = AUDIT_LIMIT_DAY;
    next->day = on;
    next->not_before = on;
    for (int i = 0; i < next->limit_count; i++) {
        const struct audit_limit *limit = &next->limits[i];
        next->needs |= limit->needs;
        next->not_before =
            limit->not_before.day > next->not_before.day ? limit->not_before : next->not_before;
        next->state = limit->state > next->state ? limit->state : next->state;
    }
    for (int i = 0, agreed = 0; next->state == AUDIT_LIMIT_DAY && agreed < next->limit_count;
         i = (i + 1) % next->limit_count) {
        struct audit_limit later;
        if (!limit_search(search, next->limits[i].check->index, next->day, &later)) {
            return false;
        }
        next->state = later.state;
        next->needs |= later.needs;
        agreed = later.day.day == next->day.day ? agreed + 1 : 1;
        next->day = later.day;
    }
    if (next->state == AUDIT_LIMIT_DAY) {
        next->not_before = next->day;
    } else {
        next->day = DATE_NONE;
    }
    return true;
}

int audit_next(struct audit *audit, const struct claim *claim, struct date on, struct arena *arena,
               struct audit_next *next, struct diag *diag) {
    const struct policy_index *index = &audit->policies;
    struct search search = {.audit = audit, .pass = &audit->pass, .arena = arena};
    search.claim = *claim;
    search.line = claim->lines[0];
    search.claim.lines = &search.line;
    search.claim.line_count = 1;
    *next = (struct audit_next){.day = DATE_NONE};
    next->limits = ARENA_NEW(arena, struct audit_limit, index->count + 1);
    bool good = next->limits != NULL;
    for (int i = 0; i < index->count && good; i++) {
        good = !looks_back(index->checks[i]->kind) || limit_find(&search, i, on, next);
    }
    good = good && next_join(&search, on, next);
    if (!good || arena->failed || audit->arena.failed) {
        diag_set(diag, "memory", "out of memory");
        return STATUS_SYSTEM;
    }
    return STATUS_OK;
}
