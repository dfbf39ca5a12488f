/* The next day of a service: edges of windows and leap days by table, and random histories against
 * the audit itself, day by day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "audit_case.h"

#define SERVICES_MAX 14

static struct audit_case bench;

struct question {
    struct claim claim;
    struct claim_line line;
    struct claim_fact facts[CLAIM_FACTS];
    struct claim_service services[SERVICES_MAX];
    struct date on;
    struct audit_next next;
};

static struct date day_of(const char *text) {
    struct date day = date_from_iso(view_of(text));
    assert_true(date_given(day));
    return day;
}

static void service_blank(struct claim_service *service) {
    *service = (struct claim_service){.units = {1000},
                                      .relief_percent = QUANTITY_NONE,
                                      .relief_hours = QUANTITY_NONE,
                                      .relief_weeks = QUANTITY_NONE,
                                      .relief_months = QUANTITY_NONE,
                                      .steroid_mg = QUANTITY_NONE};
}

static void question_open(struct question *q, const char *code, const char *payer,
                          const char *state, enum claim_kind kind) {
    *q = (struct question){.on = DATE_NONE};
    q->line = (struct claim_line){.number = 1,
                                  .code = code_of(code),
                                  .kind = kind,
                                  .units = {1000},
                                  .units_known = true,
                                  .minutes = -1,
                                  .charge = MONEY_NONE,
                                  .dose_mg = QUANTITY_NONE};
    q->claim = (struct claim){.id = VIEW("Q"),
                              .age = -1,
                              .birth_date = DATE_NONE,
                              .received = DATE_NONE,
                              .total_charge = MONEY_NONE,
                              .payer_profile = view_of(payer),
                              .payer_state = view_of(state),
                              .lines = &q->line,
                              .line_count = 1,
                              .facts = q->facts,
                              .history_known = true,
                              .history = q->services};
}

static struct claim_service *service_add(struct question *q, const char *code, struct date on,
                                         enum claim_kind kind, char side) {
    assert_true(q->claim.history_count < SERVICES_MAX);
    struct claim_service *service = &q->services[q->claim.history_count++];
    service_blank(service);
    service->code = code_of(code);
    service->on = on;
    service->kind = kind;
    service->side = side;
    return service;
}

static void ask(struct question *q) {
    struct diag diag = DIAG_NONE;
    assert_int_equal(audit_next(bench.audit, &q->claim, q->on, &bench.claim_arena, &q->next, &diag),
                     STATUS_OK);
}

static const struct audit_limit *limit_of(const struct question *q, const char *rule) {
    for (int i = 0; i < q->next.limit_count; i++) {
        if (view_equal(q->next.limits[i].check->rule->id, view_of(rule))) {
            return &q->next.limits[i];
        }
    }
    fail_msg("no limit of %s", rule);
    return NULL;
}

/* ---- edges ------------------------------------------------------------------------------- */

static void edge(const char *code, const char *payer, enum claim_kind kind, const char *rule,
                 const char *const *days, const char *on, const char *wanted) {
    struct question q;
    char got[11] = "none";
    question_open(&q, code, payer, "CA", kind);
    for (int i = 0; days[i]; i++) {
        service_add(&q, code, day_of(days[i]), kind, 'L');
    }
    q.line.modifiers[0] = code_of("LT");
    q.line.modifier_count = 1;
    q.on = day_of(on);
    ask(&q);
    const struct audit_limit *limit = limit_of(&q, rule);
    if (date_given(limit->day)) {
        date_text(limit->day, got);
    }
    assert_int_equal(limit->state, AUDIT_LIMIT_DAY);
    assert_string_equal(got, wanted);
}

#define DAYS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void windows_of_months(void **state) {
    (void)state;
    static const char rule[] = "freq_facet_dx";
    edge("64493", "medicare", KIND_DX, rule,
         DAYS("2025-09-01", "2025-12-01", "2026-03-02", "2026-06-01"), "2026-06-02", "2026-09-01");
    /* three only, or one that left before: nothing against it */
    edge("64493", "medicare", KIND_DX, rule, DAYS("2025-12-01", "2026-03-02", "2026-06-01"),
         "2026-06-02", "2026-06-02");
    edge("64493", "medicare", KIND_DX, rule,
         DAYS("2025-06-02", "2025-12-01", "2026-03-02", "2026-06-01"), "2026-06-02", "2026-06-02");
    /* two more than allowed: the second must leave too */
    edge("64493", "medicare", KIND_DX, rule,
         DAYS("2025-09-01", "2025-12-01", "2026-02-02", "2026-03-02", "2026-06-01"), "2026-06-02",
         "2026-12-01");
    /* a leap day a year ago, and a leap day to come */
    edge("64493", "medicare", KIND_DX, rule,
         DAYS("2024-02-29", "2024-05-01", "2024-08-01", "2024-11-01"), "2024-11-02", "2025-03-01");
    edge("64493", "medicare", KIND_DX, rule,
         DAYS("2027-02-28", "2027-05-03", "2027-08-02", "2027-11-01"), "2027-11-02", "2028-02-28");
    edge("64493", "medicare", KIND_DX, rule,
         DAYS("2027-03-01", "2027-05-03", "2027-08-02", "2027-11-01"), "2027-11-02", "2028-03-01");
    /* six months after the last of August there is no day of that number */
    edge("64483", "cigna", KIND_TX, "freq_esi", DAYS("2025-08-31", "2025-10-01", "2025-12-01"),
         "2025-12-02", "2026-03-01");
    edge("64483", "cigna", KIND_TX, "freq_esi", DAYS("2025-08-28", "2025-10-01", "2025-12-01"),
         "2025-12-02", "2026-02-28");
}

static void intervals(void **state) {
    (void)state;
    static const char rule[] = "dx_block_interval_14d";
    edge("64493", "medicare", KIND_DX, rule, DAYS("2024-02-20"), "2024-02-21", "2024-03-05");
    edge("64493", "medicare", KIND_DX, rule, DAYS("2025-02-20"), "2025-02-21", "2025-03-06");
    edge("64493", "medicare", KIND_DX, rule, DAYS("2025-02-20"), "2025-03-06", "2025-03-06");
    edge("64493", "medicare", KIND_DX, rule, DAYS("2025-02-20"), "2025-03-07", "2025-03-07");
}

/* A day of --on that lies before services of the history: those do not count yet. */
static void services_to_come(void **state) {
    (void)state;
    edge("64493", "medicare", KIND_DX, "dx_block_interval_14d",
         DAYS("2026-01-05", "2026-01-20", "2026-02-02"), "2026-01-06", "2026-01-19");
}

/* ---- what waiting does not cure ---------------------------------------------------------- */

static void waiting_does_not_help(void **state) {
    (void)state;
    struct question q;
    question_open(&q, "64635", "medicare", "CA", KIND_RFA);
    q.on = day_of("2026-06-02");
    ask(&q);
    assert_int_equal(q.next.state, AUDIT_LIMIT_NEVER);
    assert_false(date_given(q.next.day));
    const struct audit_limit *limit = limit_of(&q, "rfa_prior_mbb_2x80");
    assert_int_equal(limit->state, AUDIT_LIMIT_NEVER);
    assert_true(limit->message.size > 0);
    assert_int_equal(limit->counted_count, 0);
}

static void what_is_not_known(void **state) {
    (void)state;
    struct question q;
    question_open(&q, "64493", "medicare", "CA", KIND_DX);
    q.claim.history_known = false;
    q.on = day_of("2026-06-02");
    ask(&q);
    assert_int_equal(q.next.state, AUDIT_LIMIT_UNKNOWN);
    assert_string_equal(audit_need_name(__builtin_ctzll(q.next.needs)).at, "history");
    /* no KX, and no kind either: it is not taken for a therapeutic one */
    question_open(&q, "64493", "medicare", "CA", KIND_UNKNOWN);
    q.on = day_of("2026-06-02");
    ask(&q);
    assert_int_equal(limit_of(&q, "freq_facet_th")->state, AUDIT_LIMIT_UNKNOWN);
    assert_string_equal(audit_need_name(__builtin_ctzll(q.next.needs)).at, "claim:kind");
    /* one of two sessions may have been another kind: sure when it has left the window */
    question_open(&q, "27096", "cigna", "CA", KIND_DX);
    q.on = day_of("2026-06-02");
    service_add(&q, "27096", day_of("2025-09-01"), KIND_UNKNOWN, 'L');
    service_add(&q, "27096", day_of("2026-03-01"), KIND_DX, 'L');
    ask(&q);
    const struct audit_limit *limit = limit_of(&q, "freq_si_dx");
    assert_int_equal(limit->state, AUDIT_LIMIT_UNKNOWN);
    assert_int_equal(limit->counted_count, 2);
    assert_false(limit->counted[0].certain);
    assert_true(limit->counted[1].certain);
    assert_int_equal(limit->day.day, day_of("2026-09-01").day);
}

static void nothing_looks_back(void **state) {
    (void)state;
    struct question q;
    question_open(&q, "99214", "cigna", "CA", KIND_UNKNOWN);
    q.on = day_of("2026-06-02");
    ask(&q);
    assert_int_equal(q.next.limit_count, 0);
    assert_int_equal(q.next.state, AUDIT_LIMIT_DAY);
    assert_int_equal(q.next.day.day, q.on.day);
}

static void memory_refused(void **state) {
    (void)state;
    struct question q;
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    int64_t n = 0;
    int status = STATUS_SYSTEM;
    question_open(&q, "64493", "medicare", "CA", KIND_DX);
    service_add(&q, "64493", day_of("2025-09-01"), KIND_DX, 'L');
    q.on = day_of("2025-09-02");
    for (; status != STATUS_OK && n < 50; n++) {
        arena = (struct arena){0};
        memory_fail_after(n);
        status = audit_next(bench.audit, &q.claim, q.on, &arena, &q.next, &diag);
        memory_fail_after(-1);
        arena_close(&arena);
        if (status != STATUS_OK) {
            assert_int_equal(status, STATUS_SYSTEM);
            assert_string_equal(diag.code, "memory");
        }
    }
    assert_int_equal(status, STATUS_OK);
    assert_true(n > 1);
}

/* ---- random histories -------------------------------------------------------------------- */

static uint64_t seed;

static int pick(int below) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (int)(seed >> 33) % below;
}

static const char *const codes[] = {"64493", "64490", "64635", "64633", "62323",
                                    "64483", "27096", "64451", "20552", "64625"};
static const char *const payers[] = {"medicare", "medicare_advantage", "cigna", "uhc", "aetna"};
static const char *const states[] = {"CA", "NY", "TX", "IL", "FL"};

static void levels_random(struct levels *levels) {
    static const char *const names[] = {"L3-4", "L4-5", "L5-S1", "C4-5"};
    levels_add(levels, view_of(names[pick(COUNT_OF(names))]));
}

static void random_service(struct question *q, struct date first) {
    static const char sides[] = {'L', 'R', 'B', 'N', 0};
    static const enum claim_kind kinds[] = {KIND_DX, KIND_TX, KIND_RFA, KIND_UNKNOWN};
    const char *code = pick(3) ? NULL : codes[pick(COUNT_OF(codes))];
    struct claim_service *service = service_add(q, "64493", (struct date){first.day + pick(900)},
                                                kinds[pick(4)], sides[pick(5)]);
    service->code = code ? code_of(code) : q->line.code;
    if (pick(4)) {
        service->levels_known = true;
        levels_random(&service->levels);
    }
    if (pick(4)) {
        service->relief_percent.milli = 1000 * (40 + 10 * pick(6));
        service->relief_months.milli = 1000 * pick(8);
    }
    service->adl_improvement = (enum truth)pick(3);
}

static void random_question(struct question *q) {
    static const enum claim_kind kinds[] = {KIND_DX, KIND_TX, KIND_RFA};
    static const char *const sides[] = {"LT", "RT", "50"};
    struct date first = day_of("2023-11-20");
    question_open(q, codes[pick(COUNT_OF(codes))], payers[pick(COUNT_OF(payers))],
                  states[pick(COUNT_OF(states))], kinds[pick(3)]);
    q->on.day = first.day + 500 + pick(500);
    if (pick(4)) {
        q->line.modifiers[0] = code_of(sides[pick(3)]);
        q->line.modifier_count = 1;
    }
    if (pick(3)) {
        q->facts[FACT_levels].state = FACT_GIVEN;
        levels_random(&q->facts[FACT_levels].levels);
    }
    if (pick(2)) {
        q->facts[FACT_baseline_function_score].state = FACT_ABSENT;
        q->facts[FACT_pcp_notified].state = FACT_ABSENT;
    }
    for (int n = pick(SERVICES_MAX + 1); n > 0; n--) {
        random_service(q, first);
    }
}

static bool objects(const struct audit_result *result, const struct rule_check *check) {
    for (int i = 0; i < result->finding_count; i++) {
        if (result->findings[i].check == check && result->findings[i].status == AUDIT_FAIL) {
            return true;
        }
    }
    return false;
}

static const struct audit_result *audit_on(struct question *q, int32_t day) {
    q->line.from.day = day;
    q->line.to.day = day;
    return audit_claim(bench.audit, &q->claim);
}

/* What a limit says of a day, against a finding of it on that day: none when it is said to be free,
 * one on each day before, unless something was missing. */
static bool limit_agrees(const struct audit_limit *limit, int32_t day, bool objects_now) {
    if (date_given(limit->not_before) && day < limit->not_before.day && !objects_now) {
        return false;
    }
    if (date_given(limit->day) && day >= limit->day.day) {
        return day > limit->day.day || !objects_now;
    }
    return objects_now || limit->state == AUDIT_LIMIT_UNKNOWN;
}

static void day_check(struct question *q, int32_t day, int number) {
    const struct audit_result *result = audit_on(q, day);
    bool any = false;
    for (int i = 0; i < q->next.limit_count; i++) {
        const struct audit_limit *limit = &q->next.limits[i];
        bool now = objects(result, limit->check);
        any |= now;
        if (!limit_agrees(limit, day, now)) {
            fail_msg("question %d, %.*s, day %d of %d: objects %d", number,
                     (int)limit->check->rule->id.size, limit->check->rule->id.at, day - q->on.day,
                     limit->day.day - q->on.day, now);
        }
    }
    bool free_day = q->next.state == AUDIT_LIMIT_DAY && day == q->next.day.day;
    if ((day < q->next.not_before.day && !any) || (free_day && any)) {
        fail_msg("question %d, day %d, next %d: objects %d", number, day - q->on.day,
                 q->next.day.day - q->on.day, any);
    }
}

static void agrees_with_the_audit(void **state) {
    (void)state;
    int later = 0, waits = 0, unknown = 0, never = 0;
    seed = UINT64_C(0x20260802);
    for (int number = 0; number < 4000; number++) {
        static struct question q;
        random_question(&q);
        ask(&q);
        int32_t last = q.on.day;
        for (int i = 0; i < q.next.limit_count; i++) {
            const struct audit_limit *limit = &q.next.limits[i];
            last = limit->day.day > last ? limit->day.day : last;
            last = limit->not_before.day > last ? limit->not_before.day : last;
            waits += limit->state == AUDIT_LIMIT_DAY && limit->day.day > q.on.day;
            unknown += limit->state == AUDIT_LIMIT_UNKNOWN;
            never += limit->state == AUDIT_LIMIT_NEVER;
        }
        later += q.next.state == AUDIT_LIMIT_DAY && q.next.day.day > q.on.day;
        last = q.next.day.day > last ? q.next.day.day : last;
        for (int32_t day = q.on.day; day <= last; day++) {
            day_check(&q, day, number);
        }
        for (int i = 0; i < 5; i++) { /* waiting does not help however long */
            int32_t day = last + 1 + pick(4000);
            const struct audit_result *result = audit_on(&q, day);
            for (int k = 0; k < q.next.limit_count; k++) {
                assert_true(q.next.limits[k].state != AUDIT_LIMIT_NEVER ||
                            objects(result, q.next.limits[k].check));
            }
        }
    }
    /* the random questions are worth asking */
    assert_true(later > 100 && waits > 300 && unknown > 300 && never > 300);
}

static int bench_open(void **state) {
    (void)state;
    audit_case_open(&bench, &(struct audit_options){.as_of = DATE_NONE, .alone = true});
    return 0;
}

static int bench_close(void **state) {
    (void)state;
    audit_case_close(&bench);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_of_months), cmocka_unit_test(intervals),
        cmocka_unit_test(services_to_come),  cmocka_unit_test(waiting_does_not_help),
        cmocka_unit_test(what_is_not_known), cmocka_unit_test(nothing_looks_back),
        cmocka_unit_test(memory_refused),    cmocka_unit_test(agrees_with_the_audit)};
    return cmocka_run_group_tests_name("next day", tests, bench_open, bench_close);
}
