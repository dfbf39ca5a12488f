/* Kinds that look back: how many sessions, how long ago, with what success. */
#include "audit/policy.h"
#include "audit/trace.h"

/* What the earlier services of a line come to: distinct days. */
struct tally {
    int certain;             /* days that count */
    int possible;            /* and days that may, for all that is known */
    const struct past *last; /* newest that counts */
    const struct past *first;
    uint64_t needs; /* of the possible ones */
};

/* Days from `first` on. `apart` 0: every day counts; otherwise those so far from the one before. */
static struct tally tally_of(struct policy *policy, const struct audit_line *line,
                             struct date first, bool strict, int apart) {
    struct tally tally = {0};
    int count;
    const struct past *pasts = pasts_of(policy->pass, &count);
    int32_t certain_day = INT32_MIN;
    int32_t possible_day = INT32_MIN;
    uint64_t before = policy->needs;
    for (int i = 0; i < count; i++) {
        policy->needs = before;
        if (pasts[i].on.day < first.day) {
            continue;
        }
        enum truth counts = past_counts(policy, &pasts[i], line, strict);
        int32_t day = pasts[i].on.day;
        if (counts == TRUTH_YES) {
            bool far = certain_day == INT32_MIN || day >= certain_day + (apart > 1 ? apart : 1);
            tally.certain += far;
            certain_day = far ? day : certain_day;
            tally.last = &pasts[i];
            tally.first = tally.first ? tally.first : &pasts[i];
        }
        if (counts != TRUTH_NO) {
            bool far = possible_day == INT32_MIN || day >= possible_day + (apart > 1 ? apart : 1);
            tally.possible += far;
            possible_day = far ? day : possible_day;
            tally.needs |= counts == TRUTH_UNKNOWN ? policy->needs : 0;
        }
    }
    policy->needs = before;
    if (policy->pass->trace) {
        trace_counted(policy, line, first, strict, tally.certain, tally.possible);
    }
    return tally;
}

/* ---- session_limit ----------------------------------------------------------------------- */

static void text_window(struct text *text, const struct rule_check *check, struct date on) {
    if (check->number[RULE_months] < 0 && check->number[RULE_days] < 0) {
        text_add(text, " before ");
        text_date(text, on);
        return;
    }
    text_add(text, " since ");
    text_date(text, (struct date){window_first(check, on).day - 1});
}

static void session_finding(struct policy *policy, uint64_t group, const struct tally *tally) {
    const struct rule_check *check = policy->check;
    const struct audit_line *line = lines_first(policy, group);
    struct text text;
    struct audit_finding *finding = policy_finding(policy, group, &text);
    text_int(&text, tally->certain);
    text_add(&text, tally->certain == 1 ? " session" : " sessions");
    text_window(&text, check, line->from);
    text_add(&text, ", the last on ");
    text_date(&text, tally->last->on);
    text_add(&text, "; at most ");
    text_int(&text, check->number[RULE_sessions_max]);
    text_add(&text, " with this one");
    finding->message = text_close(&text);
    finding_past(policy->pass, finding, tally->first);
    finding_past(policy->pass, finding, tally->last);
}

static void session_group(struct policy *policy, uint64_t group) {
    const struct rule_check *check = policy->check;
    const struct audit_line *line = lines_first(policy, group);
    struct tally tally = tally_of(policy, line, window_first(check, line->from), false, 0);
    int max = check->number[RULE_sessions_max];
    if (tally.certain >= max && tally.last) {
        session_finding(policy, group, &tally);
    } else if (tally.possible >= max) {
        policy_lacks(policy, tally.needs);
    } else if (!pasts_complete(policy->pass)) {
        policy_lacks(policy, NEED(NEED_HISTORY));
    }
}

void policy_session_limit(struct policy *policy) {
    groups_judge(policy, session_group);
}

/* ---- min_interval ------------------------------------------------------------------------ */

/* No earlier service counts for certain: what the rule lacks to be sure of it, which the trace
 * shows even when it is nothing. */
static void tally_lacks(struct policy *policy, const struct tally *tally) {
    uint64_t needs = tally->possible > 0            ? tally->needs
                     : pasts_complete(policy->pass) ? 0
                                                    : NEED(NEED_HISTORY);
    policy_lacks(policy, needs);
}

static struct date interval_first(const struct rule_check *check, const struct audit_line *line) {
    return (struct date){line->from.day - check->number[RULE_days_min] + 1};
}

static void interval_group(struct policy *policy, uint64_t group) {
    const struct audit_line *line = lines_first(policy, group);
    int32_t min = policy->check->number[RULE_days_min];
    struct tally tally = tally_of(policy, line, interval_first(policy->check, line), false, 0);
    if (!tally.last) {
        tally_lacks(policy, &tally);
        return;
    }
    struct text text;
    struct audit_finding *finding = policy_finding(policy, group, &text);
    text_int(&text, line->from.day - tally.last->on.day);
    text_add(&text, " days since ");
    text_past(&text, tally.last);
    text_add(&text, ", must be at least ");
    text_int(&text, min);
    finding->message = text_close(&text);
    finding_past(policy->pass, finding, tally.last);
}

void policy_min_interval(struct policy *policy) {
    groups_judge(policy, interval_group);
}

/* ---- requires_history -------------------------------------------------------------------- */

/* The newest earlier service of the families, whatever its success: NULL when there is none. */
static const struct past *last_of(struct policy *policy, const struct rule_names *families,
                                  const struct audit_line *line) {
    int count;
    const struct past *pasts = pasts_of(policy->pass, &count);
    const struct past *last = NULL;
    struct rule_check check = *policy->check;
    struct policy other = {.pass = policy->pass, .check = &check, .lines = policy->lines};
    check.names[RULE_history_families] = *families;
    check.history_intents = 0;
    check.intents = 0;
    check.tests[RULE_service] = (struct rule_tests){NULL, 0};
    for (int i = 0; i < count; i++) {
        if (past_counts(&other, &pasts[i], line, false) == TRUTH_YES) {
            last = &pasts[i];
        }
    }
    return last;
}

/* From when on services count; false when the entry does not apply to the line. */
static bool history_first(struct policy *policy, const struct audit_line *line,
                          struct date *first) {
    const struct rule_check *check = policy->check;
    *first = window_first(check, line->from);
    if (check->names[RULE_after_families].count == 0) {
        return true;
    }
    const struct past *last = last_of(policy, &check->names[RULE_after_families], line);
    if (!last) {
        policy_lacks(policy, pasts_complete(policy->pass) ? 0 : NEED(NEED_HISTORY));
        return false;
    }
    if (last->on.day + 1 > first->day) {
        first->day = last->on.day + 1;
    }
    int months = check->number[RULE_after_months_min];
    return months < 0 || last->on.day <= months_before(line->from, months).day;
}

static void history_finding(struct policy *policy, uint64_t group, const struct tally *tally) {
    const struct rule_check *check = policy->check;
    struct text text;
    struct audit_finding *finding = policy_finding(policy, group, &text);
    if (tally->certain == 0) {
        text_add(&text, "no earlier service that counts");
    } else {
        text_int(&text, tally->certain);
        text_add(&text, tally->certain == 1 ? " earlier service counts: "
                                            : " earlier services count, the last ");
        text_past(&text, tally->last);
        finding_past(policy->pass, finding, tally->last);
    }
    text_add(&text, "; needed ");
    text_int(&text, check->number[RULE_services_min]);
    if (check->number[RULE_apart_days_min] > 0) {
        text_add(&text, ", at least ");
        text_int(&text, check->number[RULE_apart_days_min]);
        text_add(&text, " days apart");
    }
    finding->message = text_close(&text);
}

/* An earlier service that stands for the ones asked for. */
static bool instead_known(struct policy *policy, const struct audit_line *line) {
    const struct rule_names *families = &policy->check->names[RULE_instead_families];
    return families->count > 0 && last_of(policy, families, line) != NULL;
}

static void history_group(struct policy *policy, uint64_t group) {
    const struct rule_check *check = policy->check;
    const struct audit_line *line = lines_first(policy, group);
    struct date first;
    if (!history_first(policy, line, &first)) {
        if (policy->pass->trace && pasts_complete(policy->pass)) {
            trace_idle_words(policy, "the service that it follows is not known, or is too recent");
        }
        return;
    }
    int min = check->number[RULE_services_min];
    struct tally tally = tally_of(policy, line, first, true, check->number[RULE_apart_days_min]);
    if (tally.certain >= min || instead_known(policy, line)) {
        return;
    }
    if (tally.possible >= min) {
        policy_lacks(policy, tally.needs);
    } else if (!pasts_complete(policy->pass)) {
        policy_lacks(policy, NEED(NEED_HISTORY));
    } else {
        history_finding(policy, group, &tally);
    }
}

void policy_requires_history(struct policy *policy) {
    groups_judge(policy, history_group);
}

/* ---- forbids_history --------------------------------------------------------------------- */

static void forbidden_group(struct policy *policy, uint64_t group) {
    const struct audit_line *line = lines_first(policy, group);
    struct date first = window_first(policy->check, line->from);
    struct tally tally = tally_of(policy, line, first, false, 0);
    if (!tally.last) {
        tally_lacks(policy, &tally);
        return;
    }
    struct text text;
    struct audit_finding *finding = policy_finding(policy, group, &text);
    text_past(&text, tally.last);
    if (tally.last->service && quantity_given(tally.last->service->relief_percent)) {
        text_add(&text, " with ");
        text_quantity(&text, tally.last->service->relief_percent);
        text_add(&text, " % relief");
    }
    finding->message = text_close(&text);
    finding_past(policy->pass, finding, tally.last);
}

void policy_forbids_history(struct policy *policy) {
    groups_judge(policy, forbidden_group);
}

/* ---- last_service ------------------------------------------------------------------------ */

/* The entry speaks of this many earlier services, and of such a last one. */
static enum truth last_applies(struct policy *policy, const struct tally *tally) {
    const struct rule_check *check = policy->check;
    if (!tally->last || tally->certain < check->number[RULE_earlier_min] ||
        (check->number[RULE_earlier_max] >= 0 &&
         tally->certain > check->number[RULE_earlier_max])) {
        return TRUTH_NO;
    }
    return tests_answer(policy, check->tests[RULE_earlier], tally->last);
}

static void last_finding(struct policy *policy, uint64_t group, const struct past *last) {
    struct text text;
    struct audit_finding *finding = policy_finding(policy, group, &text);
    text_past(&text, last);
    text_add(&text, ": ");
    text_tests(&text, policy, policy->check->tests[RULE_require], last);
    finding->message = text_close(&text);
    finding_past(policy->pass, finding, last);
}

/* An exception may speak of the service; it counts when it is documented. */
static bool last_excused(struct policy *policy, const struct past *last) {
    struct rule_tests tests = policy->check->tests[RULE_unless];
    bool excused = false;
    uint64_t needs = policy->needs;
    for (int i = 0; i < tests.count; i++) {
        excused |= test_answer(policy, &tests.at[i], last) == TRUTH_YES;
    }
    policy->needs = needs;
    return excused;
}

SELDOM static void trace_last(struct policy *policy, const struct past *last, enum truth applies) {
    const struct rule_check *check = policy->check;
    if (!last) {
        trace_idle_words(policy, "there is no earlier service");
        return;
    }
    trace_tests(policy, "earlier", check->tests[RULE_earlier], last);
    if (applies == TRUTH_NO) {
        trace_idle_words(policy, "the earlier services are not those that the entry speaks of");
        return;
    }
    trace_tests(policy, "unless", check->tests[RULE_unless], last);
    trace_tests(policy, "require", check->tests[RULE_require], last);
    if (last_excused(policy, last)) {
        trace_excused(policy, last);
    }
}

static void last_group(struct policy *policy, uint64_t group) {
    const struct rule_check *check = policy->check;
    const struct audit_line *line = lines_first(policy, group);
    struct tally tally = tally_of(policy, line, window_first(check, line->from), false, 0);
    if (!tally.last && tally.possible > 0) {
        policy_lacks(policy, tally.needs);
        return;
    }
    if (!tally.last && !pasts_complete(policy->pass)) {
        policy_lacks(policy, NEED(NEED_HISTORY));
        return;
    }
    struct policy one = {.pass = policy->pass, .check = check, .lines = group};
    enum truth applies = last_applies(&one, &tally);
    if (policy->pass->trace) {
        trace_last(&one, tally.last, applies);
    }
    if (applies == TRUTH_NO || last_excused(&one, tally.last)) {
        return;
    }
    enum truth good = tests_answer(&one, check->tests[RULE_require], tally.last);
    if (good == TRUTH_NO && applies == TRUTH_YES) {
        last_finding(policy, group, tally.last);
    } else if (good != TRUTH_YES) {
        policy_lacks(policy, one.needs);
    }
}

void policy_last_service(struct policy *policy) {
    groups_judge(policy, last_group);
}

/* ---- long_course ------------------------------------------------------------------------- */

/* First day of the course: the chart's, otherwise that of the services each within a year of the
 * next. */
static struct date course_first(struct policy *policy, const struct audit_line *line) {
    const struct claim_fact *start = claim_fact(policy->pass->claim, FACT_esi_start_date);
    if (start->state == FACT_GIVEN) {
        return (struct date){(int32_t)start->number};
    }
    int count;
    const struct past *pasts = pasts_of(policy->pass, &count);
    struct date first = line->from;
    for (int i = count - 1; i >= 0; i--) {
        if (pasts[i].on.day >= months_before(first, COURSE_GAP_MONTHS).day &&
            past_counts(policy, &pasts[i], line, false) == TRUTH_YES) {
            first = pasts[i].on;
        }
    }
    return first;
}

SELDOM static void trace_course(struct policy *policy, const struct audit_line *line,
                                struct date first) {
    struct text text;
    text_open(&text, policy->pass);
    text_line(&text, line);
    text_add(&text, first.day < line->from.day ? ": the course began on "
                                               : ": no earlier service, the course begins on ");
    text_date(&text, first);
    trace_value(policy->pass->trace, &text);
}

void policy_long_course(struct policy *policy) {
    const struct rule_check *check = policy->check;
    const struct audit_line *line = lines_first(policy, policy->lines);
    struct date first = course_first(policy, line);
    policy->needs = 0;
    if (policy->pass->trace) {
        trace_course(policy, line, first);
    }
    if (first.day >= months_before(line->from, check->number[RULE_months_max]).day) {
        bool open = first.day == line->from.day && !pasts_complete(policy->pass);
        policy_lacks(policy, open ? NEED(NEED_HISTORY) : 0);
        return;
    }
    int count;
    const struct past *pasts = pasts_of(policy->pass, &count);
    const struct past *last = NULL;
    for (int i = 0; i < count; i++) {
        last = past_counts(policy, &pasts[i], line, false) == TRUTH_YES ? &pasts[i] : last;
    }
    policy->needs = 0;
    enum truth good = tests_answer(policy, check->tests[RULE_require], last);
    if (policy->pass->trace) {
        trace_tests(policy, "require", check->tests[RULE_require], last);
    }
    if (good == TRUTH_UNKNOWN) {
        policy_lacks(policy, policy->needs);
    }
    if (good != TRUTH_NO) {
        return;
    }
    struct text text;
    struct audit_finding *finding = policy_finding(policy, policy->lines, &text);
    text_add(&text, "begun on ");
    text_date(&text, first);
    text_add(&text, "; ");
    text_tests(&text, policy, check->tests[RULE_require], last);
    finding->message = text_close(&text);
}

/* ------------------------------------------------------------------------------------------ */

struct date policy_first(struct policy *policy, const struct audit_line *line) {
    struct date first;
    switch (policy->check->kind) {
    case RULE_KIND_min_interval: return interval_first(policy->check, line);
    case RULE_KIND_long_course: return course_first(policy, line);
    case RULE_KIND_requires_history:
        return history_first(policy, line, &first) ? first : line->from;
    default: return window_first(policy->check, line->from);
    }
}
