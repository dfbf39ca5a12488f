/* What the tests of history share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "history_bench.h"

const char *bench_prefix;
static int number;
static char where[512];

bool bench_is_file(void) { return !view_starts(view_of(bench_prefix), VIEW("postgres")); }

const char *bench_where(void) { return where; }

int bench_setup(void **state) {
    static struct bench bench;
    bench = (struct bench){0};
    out_open(&bench.said, NULL, NULL);
    snprintf(where, sizeof where, "%s%d", bench_prefix, ++number);
    *state = &bench;
    return 0;
}

int bench_teardown(void **state) {
    struct bench *bench = *state;
    memory_fail_after(-1);
    history_close(bench->history);
    arena_close(&bench->arena);
    out_close(&bench->said);
    return 0;
}

void bench_open(struct bench *bench, bool write) {
    struct diag diag = DIAG_NONE;
    history_close(bench->history);
    int status =
        history_open(&bench->history, where, &(struct history_options){.write = write}, &diag);
    assert_string_equal(diag.text, "");
    assert_int_equal(status, STATUS_OK);
}

void bench_reopen(struct bench *bench) {
    bench_commit(bench);
    bench_open(bench, false);
}

const struct claim *bench_claim(struct bench *bench, const char *json) {
    static struct claim claim;
    struct diag diag = DIAG_NONE;
    arena_reset(&bench->arena);
    int status = claim_from_json(&claim, view_of(json), &bench->arena, &diag);
    assert_string_equal(diag.text, "");
    assert_int_equal(status, STATUS_OK);
    return &claim;
}

struct history_added bench_add(struct bench *bench, const char *json) {
    struct history_added added;
    struct diag diag = DIAG_NONE;
    int status = history_add(bench->history, bench_claim(bench, json), &added, &diag);
    assert_string_equal(diag.text, "");
    assert_int_equal(status, STATUS_OK);
    return added;
}

void bench_commit(struct bench *bench) {
    struct diag diag = DIAG_NONE;
    int status = history_commit(bench->history, &diag);
    assert_string_equal(diag.text, "");
    assert_int_equal(status, STATUS_OK);
}

static void quantity_say(struct out *out, const char *name, struct quantity value) {
    char text[24];
    if (quantity_given(value)) {
        out_format(out, " %s ", name);
        out_view(out, quantity_text(value, text));
    }
}

static void service_say(struct out *out, const struct claim_service *service) {
    char text[24];
    date_text(service->on, text);
    out_view(out, view_of(text));
    code_text(service->code, text);
    out_format(out, " %s", text);
    for (int i = 0; i < service->modifier_count; i++) {
        code_text(service->modifiers[i], text);
        out_format(out, "-%s", text);
    }
    quantity_say(out, "units", service->units);
    code_text(service->place, text);
    out_format(out, " place %s provider %llx kind %d region %d side %c", text,
               (unsigned long long)service->provider, (int)service->kind, (int)service->region,
               service->side ? service->side : '-');
    if (service->levels_known) {
        out_format(out, " levels %x %x %d", (unsigned)service->levels.joints,
                   (unsigned)service->levels.single, service->levels.other);
    }
    quantity_say(out, "percent", service->relief_percent);
    quantity_say(out, "hours", service->relief_hours);
    quantity_say(out, "weeks", service->relief_weeks);
    quantity_say(out, "months", service->relief_months);
    out_format(out, " adl %d same %d%d%d approach %llx steroid %llx", (int)service->adl_improvement,
               (int)service->same_approach, (int)service->same_level, (int)service->same_steroid,
               (unsigned long long)service->approach, (unsigned long long)service->steroid);
    quantity_say(out, "mg", service->steroid_mg);
    out_format(out, " claim %llx\n", (unsigned long long)service->claim);
}

const char *bench_keys(struct bench *bench, uint64_t payer, uint64_t patient) {
    struct history_found found;
    struct diag diag = DIAG_NONE;
    int status = history_services(bench->history, payer, patient, &found, &diag);
    assert_string_equal(diag.text, "");
    assert_int_equal(status, STATUS_OK);
    out_clear(&bench->said);
    if (!found.known) {
        OUT_TEXT(&bench->said, "unknown\n");
        assert_int_equal(found.count, 0);
    }
    for (int i = 0; i < found.count; i++) {
        service_say(&bench->said, &found.services[i]);
    }
    out_char(&bench->said, 0);
    return bench->said.at;
}

uint64_t bench_patient(const char *member) {
    return claim_patient_key(view_of(member), date_from_iso(VIEW("1950-05-05")));
}

const char *bench_services(struct bench *bench, const char *member) {
    return bench_keys(bench, claim_text_key(VIEW(BENCH_PAYER)), bench_patient(member));
}

const char *claim_json(const char *id, const char *member, const char *day, const char *more) {
    static char text[4096];
    int size = snprintf(text, sizeof text,
                        "{\"claim_id\":\"%s\",\"payer\":{\"id\":\"" BENCH_PAYER "\"},\"patient\":"
                        "{\"id\":\"%s\",\"birth_date\":\"1950-05-05\"},\"lines\":[{\"code\":"
                        "\"64493\",\"service_date\":\"%s\"}]%s}",
                        id, member, day, more);
    assert_true(size > 0 && size < (int)sizeof text);
    return text;
}
