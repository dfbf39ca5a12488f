/* Claims put together by hand for tests of the edits. */
#include "edits_bench.h"

#include <stdio.h>
#include <stdlib.h>

static void require(int status, const char *what, const struct diag *diag) {
    if (status != STATUS_OK) {
        fprintf(stderr, "%s: %s: %s\n", what, diag->code, diag->text);
        exit(99); /* to meson: an error, not a failed case */
    }
}

void bench_open(struct edits_bench *bench) { bench_open_image(bench, store_starter()); }

void bench_open_image(struct edits_bench *bench, struct view image) {
    struct diag diag = DIAG_NONE;
    const struct rule_set *rules;
    *bench = (struct edits_bench){.audit = NULL};
    require(store_open(&bench->store, image, &bench->arena, &diag), "store", &diag);
    require(rule_set_standard(&rules, &bench->arena, &diag), "rules", &diag);
    struct audit_options options = {.as_of = DATE_NONE};
    require(audit_open(&bench->audit, bench->store, rules, &options, &bench->arena, &diag), "audit",
            &diag);
    bench->pass = &bench->audit->pass;
}

void bench_close(struct edits_bench *bench) {
    audit_close(bench->audit);
    arena_close(&bench->arena);
}

struct claim *bench_claim(struct edits_bench *bench) {
    int64_t ordinal = bench->claim.ordinal + 1;
    bench->claim =
        (struct claim){.ordinal = ordinal, .lines = bench->lines, .type = CLAIM_PROFESSIONAL};
    bench->claim.payer_profile = VIEW("medicare");
    bench->claim.billing.npi = VIEW("1234567893");
    bench->claim.rendering.npi = VIEW("1558597798");
    return &bench->claim;
}

struct claim_line *bench_line(struct edits_bench *bench, const char *code, const char *modifiers,
                              const char *day, int units) {
    struct claim_line *line = &bench->lines[bench->claim.line_count++];
    struct date on = date_from_iso(view_of(day));
    *line = (struct claim_line){.number = bench->claim.line_count,
                                .code = code_of(code),
                                .from = on,
                                .to = on,
                                .units = {units * INT64_C(1000)},
                                .units_known = true,
                                .charge = MONEY_NONE,
                                .minutes = -1};
    struct view rest = view_of(modifiers);
    while (rest.size > 0) {
        line->modifiers[line->modifier_count++] = code_from(view_cut(&rest, ' '));
    }
    return line;
}

void bench_pass(struct edits_bench *bench) {
    arena_reset(&bench->audit->arena);
    bench->audit->memory.present.ready = false;
    pass_open(bench->pass, &bench->claim);
}

void bench_run(struct edits_bench *bench) {
    bench_pass(bench);
    check_edits(bench->pass);
}

void bench_run_all(struct edits_bench *bench) {
    bench_run(bench);
    check_across(bench->pass);
}

const struct audit_finding *bench_find(const struct edits_bench *bench, enum audit_rule rule,
                                       int line) {
    for (int i = 0; i < bench->pass->finding_count; i++) {
        const struct audit_finding *finding = &bench->pass->findings[i];
        if (finding->rule == audit_rule(bench->pass, rule) &&
            (line == 0 || finding->line_bits >> (line - 1) & 1)) {
            return finding;
        }
    }
    return NULL;
}

bool bench_gap(const struct edits_bench *bench, enum audit_rule rule, const char *need) {
    for (int i = 0; i < bench->pass->gap_count; i++) {
        const struct audit_gap *gap = &bench->pass->gaps[i];
        if (gap->rule == audit_rule(bench->pass, rule) && view_equal(gap->need, view_of(need))) {
            return true;
        }
    }
    return false;
}
