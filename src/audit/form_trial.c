/* A claim, as billed or changed, through the audit and the pricer, and what is worth keeping of
 * both until the next one. */
#include "audit/audit_state.h"
#include "audit/form.h"
#include "audit/form_trial.h"

static bool is_failure(const struct audit_finding *finding) {
    return finding->status == AUDIT_FAIL && finding->severity <= RULE_WARN;
}

static struct audit_reason reason_of(const struct audit_finding *finding, struct arena *arena) {
    struct view message =
        finding->message.size > 0 ? finding->message : finding->rule->title;
    return (struct audit_reason){.rule = finding->rule,
                                 .severity = finding->severity,
                                 .message = arena_copy(arena, message),
                                 .lines = finding->line_count > 0 ? finding->line_bits : 0};
}

static void reasons_keep(struct audit_trial *trial, const struct audit_result *result,
                         struct arena *arena) {
    struct audit_reason *bypassed =
        ARENA_NEW(arena, struct audit_reason, result->finding_count + 1);
    trial->reasons = ARENA_NEW(arena, struct audit_reason, result->finding_count + 1);
    trial->bypassed = bypassed;
    for (int i = 0; trial->reasons && bypassed && i < result->finding_count; i++) {
        const struct audit_finding *finding = &result->findings[i];
        if (finding->status == AUDIT_BYPASSED) {
            bypassed[trial->bypassed_count++] = reason_of(finding, arena);
        }
        if (!is_failure(finding)) {
            continue;
        }
        struct audit_reason *reason = &trial->reasons[trial->reason_count++];
        *reason = reason_of(finding, arena);
        if (finding->severity == RULE_ERROR) {
            trial->denied |= reason->lines ? reason->lines : UINT64_MAX;
        }
    }
}

static void gaps_keep(struct audit_trial *trial, const struct audit_result *result,
                      struct arena *arena) {
    struct audit_gap *gaps = ARENA_NEW(arena, struct audit_gap, result->gap_count + 1);
    for (int i = 0; gaps && i < result->gap_count; i++) {
        gaps[i] = result->gaps[i];
        gaps[i].need = arena_copy(arena, gaps[i].need);
    }
    trial->gaps = gaps;
    trial->gap_count = gaps ? result->gap_count : 0;
}

static struct audit_amounts amounts_of(const struct price *price) {
    bool medicare = price->basis == PRICE_BASIS_MEDICARE;
    bool none = price->line_count > 0 && price->unknown == price->line_count;
    return (struct audit_amounts){none ? MONEY_NONE : price->allowed,
                                  medicare && !none ? price->patient : MONEY_NONE,
                                  medicare && !none ? price->paid : MONEY_NONE};
}

struct audit_amounts trial_without(struct audit *audit, const struct claim *claim, uint64_t lines,
                                   struct arena *arena) {
    const struct audit_amounts unknown = {MONEY_NONE, MONEY_NONE, MONEY_NONE};
    struct claim *rest = claim_copy(claim, arena);
    if (!rest || !audit->options.pricer) {
        return unknown;
    }
    rest->line_count = 0;
    for (int i = 0; i < claim->line_count; i++) {
        if (!(lines >> i & 1)) {
            rest->lines[rest->line_count++] = claim->lines[i];
        }
    }
    struct price_payer payer = pass_price_payer(&audit->pass);
    const struct price *price = price_claim(audit->options.pricer, rest, &payer);
    return price->basis == PRICE_BASIS_NONE ? unknown : amounts_of(price);
}

static void price_keep(struct audit_trial *trial, const struct price *price, struct arena *arena) {
    struct money *allowed = ARENA_NEW(arena, struct money, price->line_count + 1);
    for (int i = 0; allowed && i < price->line_count; i++) {
        allowed[i] = price->lines[i].allowed;
        if (price->lines[i].state == PRICE_UNKNOWN) {
            trial->price_need = trial->unpriced ? trial->price_need
                                                : arena_copy(arena, price->lines[i].need);
            trial->unpriced |= LINE_BIT(i);
        }
    }
    trial->line_allowed = allowed;
    trial->amounts = amounts_of(price);
}

void trial_run(struct audit *audit, const struct claim *claim, struct arena *arena,
               struct audit_trial *trial) {
    const struct audit_amounts unknown = {MONEY_NONE, MONEY_NONE, MONEY_NONE};
    const struct audit_result *result = audit_claim(audit, claim);
    *trial = (struct audit_trial){.claim = claim,
                                  .verdict = result->verdict,
                                  .price_need = VIEW(""),
                                  .amounts = unknown,
                                  .left = unknown};
    reasons_keep(trial, result, arena);
    gaps_keep(trial, result, arena);
    if (result->price) {
        price_keep(trial, result->price, arena);
        trial->left = trial->denied ? trial_without(audit, claim, trial->denied, arena)
                                    : trial->amounts;
    }
}

/* ---- what the claim as billed has too ------------------------------------------------------ */

static struct code first_code(const struct audit_trial *trial, uint64_t lines) {
    int index = lines ? __builtin_ctzll(lines) : CLAIM_LINES_MAX;
    return index < trial->claim->line_count ? trial->claim->lines[index].code : CODE_NONE;
}

static bool has_reason(const struct audit_trial *billed, uint64_t skip,
                       const struct audit_trial *trial, const struct audit_reason *reason) {
    for (int i = 0; i < billed->reason_count; i++) {
        const struct audit_reason *other = &billed->reasons[i];
        if (other->rule == reason->rule && !(other->lines & skip) &&
            code_equal(first_code(billed, other->lines), first_code(trial, reason->lines))) {
            return true;
        }
    }
    return false;
}

bool trial_decide(struct audit_trial *trial, uint64_t lines, const struct audit_trial *billed,
                  uint64_t billed_lines) {
    bool fails = false;
    for (int i = 0; i < trial->reason_count; i++) {
        struct audit_reason *reason = &trial->reasons[i];
        reason->decides = (reason->lines & lines) != 0 ||
                          !has_reason(billed, billed_lines, trial, reason);
        fails |= reason->decides;
    }
    return fails;
}

static struct code last_code(const struct audit_trial *trial, uint64_t lines) {
    return first_code(trial, lines ? UINT64_C(1) << (63 - __builtin_clzll(lines)) : 0);
}

static bool bypasses(const struct audit_trial *trial, const struct audit_reason *asked,
                     const struct audit_trial *other) {
    for (int i = 0; i < other->bypassed_count; i++) {
        const struct audit_reason *reason = &other->bypassed[i];
        if (reason->rule == asked->rule &&
            code_equal(first_code(trial, asked->lines), first_code(other, reason->lines)) &&
            code_equal(last_code(trial, asked->lines), last_code(other, reason->lines))) {
            return true;
        }
    }
    return false;
}

bool trial_bypasses_more(const struct audit_trial *trial, const struct audit_trial *billed) {
    for (int i = 0; i < trial->bypassed_count; i++) {
        if (!bypasses(trial, &trial->bypassed[i], billed)) {
            return true;
        }
    }
    return false;
}

bool trial_gap_new(const struct audit_trial *billed, const struct audit_gap *gap) {
    for (int i = 0; i < billed->gap_count; i++) {
        const struct audit_gap *other = &billed->gaps[i];
        if (other->rule == gap->rule &&
            (gap->needs ? (gap->needs & ~other->needs) == 0 : view_equal(other->need, gap->need))) {
            return false;
        }
    }
    return true;
}
