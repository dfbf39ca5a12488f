/* Opens an audit and takes one claim after another through the checks in the order of
 * adjudication [edits-0]: structure, codes, edits to a fixpoint, anatomy, diagnoses, drugs, and
 * last what needs the earlier claims of the run. */
#include <string.h>

#include "audit/audit_internal.h"
#include "audit/audit_state.h"
#include "audit/opportunity_internal.h"
#include "audit/trace.h"
#include "history/history.h"

typedef void check_function(struct audit_pass *pass);

static check_function *const checks[] = {
    check_provider, check_structure,  check_code,      check_pos_component,
    check_edits,    check_evaluation, check_bilateral, check_sets,
    check_dx,       check_drug,       check_policy,
    check_across,
};

static const char *const rule_names[] = {
#define RULE(name) #name,
#include "audit/rules.def"
#undef RULE
};

/* Every rule of rules.def must have its block, or explain and the report would have no words. */
static int rules_bind(struct audit *audit, const struct rule_set *rules, struct diag *diag) {
    for (int i = 0; i < AUDIT_RULES; i++) {
        char id[64];
        ptrdiff_t size = 0;
        for (const char *c = rule_names[i]; *c && size < COUNT_OF(id); c++) {
            id[size++] = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
        }
        audit->rules[i] = rule_find(rules, (struct view){id, size});
        if (!audit->rules[i]) {
            diag_set(diag, "rule_missing", "the rules lack a block for %.*s", (int)size, id);
            return STATUS_INPUT;
        }
    }
    return STATUS_OK;
}

int audit_open(struct audit **audit, const struct store *store, const struct rule_set *rules,
               const struct audit_options *options, struct arena *arena, struct diag *diag) {
    struct audit *opened = ARENA_NEW(arena, struct audit, 1);
    if (!opened) {
        diag_set(diag, "memory", "out of memory");
        return STATUS_SYSTEM;
    }
    opened->home = arena;
    opened->store = store;
    opened->options = *options;
    opened->memory.whole = options->whole;
    opened->pass.audit = opened;
    opened->pass.store = store;
    opened->pass.options = &opened->options;
    opened->pass.arena = &opened->arena;
    modifier_flags_open(opened);
    *audit = opened;
    int status = rules_bind(opened, rules, diag);
    return status == STATUS_OK ? policy_open(opened, rules, arena, diag) : status;
}

void audit_close(struct audit *audit) {
    if (audit) {
        opportunities_close(audit);
        memory_close(&audit->memory);
        arena_close(&audit->arena);
    }
}

const struct rule *audit_rule(const struct audit_pass *pass, enum audit_rule rule) {
    return pass->audit->rules[rule];
}

/* By first line, then severity, then the order of adjudication; stable. */
static bool finding_before(const struct audit_pass *pass, const struct audit_finding *a,
                           const struct audit_finding *b) {
    int line_a = a->line_count > 0 ? a->lines[0] : 0;
    int line_b = b->line_count > 0 ? b->lines[0] : 0;
    if (line_a != line_b) {
        return line_a < line_b;
    }
    if (a->severity != b->severity) {
        return a->severity < b->severity;
    }
    return pass_rule_order(pass, a->rule) < pass_rule_order(pass, b->rule);
}

/* A finding is large: its place is looked for first, then it is moved once. */
static void findings_sort(struct audit_pass *pass) {
    struct audit_finding *all = pass->findings;
    for (int i = 1; i < pass->finding_count; i++) {
        int at = i;
        while (at > 0 && finding_before(pass, &all[i], &all[at - 1])) {
            at--;
        }
        if (at < i) {
            struct audit_finding moved = all[i];
            memmove(&all[at + 1], &all[at], (size_t)(i - at) * sizeof moved);
            all[at] = moved;
        }
    }
}

static int finding_first_line(const struct audit_finding *finding) {
    return finding->line_count > 0 ? finding->lines[0] : 0;
}

/* Two findings of one rule on one line need different ids. */
static void findings_number(struct audit_pass *pass) {
    for (int i = 0; i < pass->finding_count; i++) {
        struct audit_finding *finding = &pass->findings[i];
        finding->repeat = 1;
        for (int j = i - 1;
             j >= 0 && finding_first_line(&pass->findings[j]) == finding_first_line(finding); j--) {
            if (pass->findings[j].rule == finding->rule) {
                finding->repeat = pass->findings[j].repeat + 1;
                break;
            }
        }
    }
}

static bool is_failed_error(const struct audit_finding *finding) {
    return finding->status == AUDIT_FAIL && finding->severity == RULE_ERROR;
}

/* The lines that a finding is about; all of them when it is about the claim. */
static uint64_t finding_bits(const struct audit_finding *finding) {
    return finding->line_count == 0 ? UINT64_MAX : finding->line_bits;
}

/* The lines that an error finding names. */
static uint64_t bits_at_risk(const struct audit_pass *pass) {
    uint64_t at_risk = 0;
    for (int i = 0; i < pass->finding_count; i++) {
        const struct audit_finding *finding = &pass->findings[i];
        at_risk |= is_failed_error(finding) ? finding_bits(finding) : 0;
    }
    return at_risk;
}

static struct money charge_of(const struct audit_pass *pass, uint64_t at_risk) {
    int64_t cents = 0;
    for (int i = 0; i < pass->line_count; i++) {
        struct money charge = pass->lines[i].line->charge;
        if (at_risk >> i & 1 && money_given(charge) && charge.cents > 0 &&
            cents <= INT64_MAX - charge.cents) {
            cents += charge.cents;
        }
    }
    return (struct money){cents};
}

/* What a denial of these lines costs; not known when one of them has no amount. */
static struct money cost_of_denial(struct pricer *pricer, const struct price *price,
                                   uint64_t denied) {
    for (int i = 0; i < price->line_count; i++) {
        if ((denied >> i & 1) && price->lines[i].state == PRICE_UNKNOWN) {
            return MONEY_NONE;
        }
    }
    return (struct money){price->allowed.cents - price_without(pricer, denied).cents};
}

struct price_payer pass_price_payer(const struct audit_pass *pass) {
    return (struct price_payer){pass->payer_known ? pass->payer.profile : VIEW(""),
                                pass->payer_known && pass->payer.medicare};
}

static void price_all(struct audit_pass *pass, struct audit_result *result, uint64_t at_risk) {
    struct pricer *pricer = pass->options->pricer;
    struct price_payer payer = pass_price_payer(pass);
    const struct price *price = price_claim(pricer, pass->claim, &payer);
    result->price = price;
    if (price->has_locality && pass->line_count > 0) {
        pass_used(pass, price->locality.proof, pass->lines[0].from);
    }
    result->at_risk = at_risk ? cost_of_denial(pricer, price, at_risk) : (struct money){0};
    for (int i = 0; i < price->line_count; i++) {
        if (price->lines[i].proof.release != STORE_NO_RELEASE) {
            pass_used(pass, price->lines[i].proof, pass->lines[i].from);
        }
    }
    for (int i = 0; i < pass->finding_count; i++) {
        struct audit_finding *finding = &pass->findings[i];
        bool counts = finding->status == AUDIT_FAIL && finding->severity <= RULE_WARN;
        finding->at_risk =
            counts ? cost_of_denial(pricer, price, finding_bits(finding)) : MONEY_NONE;
    }
}

static enum audit_verdict verdict_of(const struct audit_pass *pass) {
    for (int i = 0; i < pass->finding_count; i++) {
        const struct audit_finding *finding = &pass->findings[i];
        if (finding->status == AUDIT_FAIL && finding->severity <= RULE_WARN) {
            return AUDIT_NOT_CLEAN;
        }
    }
    return pass->gap_count > 0 ? AUDIT_INCOMPLETE : AUDIT_CLEAN;
}

const struct audit_result *audit_claim(struct audit *audit, const struct claim *claim) {
    struct audit_pass *pass = &audit->pass;
    arena_reset(&audit->arena);
    pass_open(pass, claim);
    if (pass->options->opportunities) {
        opportunities_begin(audit);
    }
    for (int i = 0; i < COUNT_OF(checks); i++) {
        checks[i](pass);
    }
    findings_sort(pass);
    findings_number(pass);
    if (pass->trace) {
        trace_mechanical(pass);
    }
    uint64_t at_risk = bits_at_risk(pass);
    audit->result = (struct audit_result){
        .verdict = verdict_of(pass),
        .findings = pass->findings,
        .finding_count = pass->finding_count,
        .gaps = pass->gaps,
        .gap_count = pass->gap_count,
        .sessions = pass->sessions,
        .session_count = pass->session_count,
        .charge = charge_of(pass, at_risk),
        .at_risk = MONEY_NONE,
        .truncated = pass->truncated || audit->arena.failed,
    };
    if (pass->options->pricer) {
        price_all(pass, &audit->result, at_risk);
    }
    audit->result.releases = pass->releases;
    audit->result.stale_releases = pass->stale_releases;
    if (pass->options->opportunities) {
        opportunities_find(audit, &audit->result);
    }
    if (pass->trace) {
        audit->result.trace = pass->trace->at + pass->trace->first;
        audit->result.trace_count = pass->trace->end - pass->trace->first;
    }
    return &audit->result;
}

void audit_fetch(void *audit, const struct claim *claim) {
    const struct audit *opened = audit;
    memory_fetch_head(&opened->memory, claim->patient_key);
    if (opened->options.history) {
        history_fetch_patient(opened->options.history, claim_payer_key(claim), claim->patient_key);
    }
}

int audit_not_loaded(const struct audit *audit, struct view *names, int names_max) {
    static const enum store_table optional[] = {STORE_PTP_HOSPITAL, STORE_MUE_HOSPITAL,
                                                STORE_COVERED_DX, STORE_NPPES, STORE_ASP};
    int count = 0;
    for (ptrdiff_t i = 0; i < COUNT_OF(optional) && count < names_max; i++) {
        if (!store_has(audit->store, optional[i])) {
            names[count++] = store_table_name(optional[i]);
        }
    }
    return count;
}

struct view audit_verdict_name(enum audit_verdict verdict) {
    return verdict == AUDIT_CLEAN        ? VIEW("clean")
           : verdict == AUDIT_INCOMPLETE ? VIEW("incomplete")
                                         : VIEW("not_clean");
}

struct view audit_status_name(enum audit_status status) {
    return status == AUDIT_FAIL       ? VIEW("fail")
           : status == AUDIT_BYPASSED ? VIEW("bypassed")
                                      : VIEW("overridden");
}

struct view audit_outcome_name(enum audit_outcome outcome) {
    return outcome == OUTCOME_PASSED          ? VIEW("passed")
           : outcome == OUTCOME_FIRED         ? VIEW("fired")
           : outcome == OUTCOME_NOT_EVALUATED ? VIEW("not_evaluated")
                                              : VIEW("not_applicable");
}
