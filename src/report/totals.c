/* What the run came to: counts, the rules that fired, the largest charges at risk. */
#include <string.h>

#include "report/report_internal.h"

static void money_add(struct money *sum, struct money more) {
    if (money_given(more) && more.cents > 0) {
        sum->cents = sum->cents > INT64_MAX - more.cents ? INT64_MAX : sum->cents + more.cents;
    }
}

/* Grows in the arena: a rule set has some hundred rules, so this happens a few times a run. */
static bool fired_reserve(struct report *report, int index) {
    if (index < report->fired_capacity) {
        return true;
    }
    int capacity = index < 64 ? 128 : index * 2;
    struct fired *fired = ARENA_NEW(report->arena, struct fired, capacity);
    if (!fired) {
        return false;
    }
    for (int i = 0; i < report->fired_capacity; i++) {
        fired[i] = report->fired[i];
    }
    report->fired = fired;
    report->fired_capacity = capacity;
    return true;
}

static void totals_finding(struct report *report, const struct audit_finding *finding) {
    struct report_totals *totals = &report->totals;
    if (finding->status != AUDIT_FAIL) {
        totals->bypassed += finding->status == AUDIT_BYPASSED;
        return;
    }
    totals->findings[finding->severity]++;
    if (fired_reserve(report, finding->rule->index)) {
        struct fired *fired = &report->fired[finding->rule->index];
        fired->rule = finding->rule;
        fired->count++;
    }
}

static void top_insert(struct report *report, const struct claim *claim, struct money charge) {
    int at = report->top_count;
    while (at > 0 && report->top[at - 1].charge.cents < charge.cents) {
        at--;
    }
    if (charge.cents <= 0 || at == TOP_CLAIMS_MAX) {
        return;
    }
    report->top_count += report->top_count < TOP_CLAIMS_MAX;
    for (int i = report->top_count - 1; i > at; i--) {
        report->top[i] = report->top[i - 1];
    }
    struct top_claim *top = &report->top[at];
    *top = (struct top_claim){.file = report->file, .ordinal = claim->ordinal, .charge = charge};
    top->id_size = claim->id.size < ID_SIZE_MAX ? (int)claim->id.size : ID_SIZE_MAX;
    if (top->id_size > 0) {
        memcpy(top->id, claim->id.at, (size_t)top->id_size);
    }
}

static void totals_money(struct report_totals *totals, const struct audit_result *result) {
    const struct price *price = result->price;
    bool priced = price->basis != PRICE_BASIS_NONE;
    totals->priced += priced;
    totals->unpriced += !priced;
    if (priced) {
        totals->bare_lines += price->unknown;
        totals->risk_unknown += !money_given(result->at_risk);
        money_add(&totals->allowed, price->allowed);
        money_add(&totals->at_risk, result->at_risk);
    }
}

void totals_claim(struct report *report, const struct claim *claim,
                  const struct audit_result *result) {
    struct report_totals *totals = &report->totals;
    totals->claims++;
    totals->clean += result->verdict == AUDIT_CLEAN;
    totals->incomplete += result->verdict == AUDIT_INCOMPLETE;
    totals->not_clean += result->verdict == AUDIT_NOT_CLEAN;
    for (ptrdiff_t i = 0; i < COUNT_OF(totals->stale_releases.word); i++) {
        totals->stale_releases.word[i] |= result->stale_releases.word[i];
    }
    for (int i = 0; i < claim->line_count; i++) {
        money_add(&totals->charges, claim->lines[i].charge); /* a total may be missing or wrong */
    }
    money_add(&totals->charges_at_risk, result->charge);
    if (result->price) {
        totals_money(totals, result);
    }
    for (int i = 0; i < result->finding_count; i++) {
        totals_finding(report, &result->findings[i]);
    }
    top_insert(report, claim, result->charge);
}

void totals_fault(struct report *report, const struct claim_fault *fault) {
    if (!fault->rule) {
        report->totals.faults++;
    } else if (strcmp(fault->severity, "error") == 0) {
        report->totals.file_errors++;
    }
}

int totals_rules(const struct report *report, struct fired *rules, int max) {
    int count = 0;
    for (int i = 0; i < report->fired_capacity; i++) {
        struct fired fired = report->fired[i];
        int at = count;
        while (at > 0 && rules[at - 1].count < fired.count) {
            at--;
        }
        if (fired.count == 0 || at == max) {
            continue;
        }
        count += count < max;
        for (int move = count - 1; move > at; move--) {
            rules[move] = rules[move - 1];
        }
        rules[at] = fired;
    }
    return count;
}

int report_status(const struct report_totals *totals) {
    if (totals->faults > 0) {
        return STATUS_INPUT;
    }
    return totals->findings[RULE_ERROR] > 0 || totals->file_errors > 0;
}
