/* audit: a claim, the store and the rules -> findings. The heart.
 *
 *     struct audit *a;
 *     audit_open(&a, store, rules, &(struct audit_options){…}, &arena, &diag);
 *     const struct audit_result *r = audit_claim(a, claim);   valid until the next audit_claim
 */
#ifndef CLAIMVET_AUDIT_H
#define CLAIMVET_AUDIT_H

#include "audit/opportunity.h"
#include "audit/selfaudit.h"
#include "base/base.h"
#include "claim/claim.h"
#include "price/price.h"
#include "rule/rule.h"
#include "store/store.h"

#define AUDIT_EVIDENCE_MAX 3
#define AUDIT_FINDING_LINES_MAX 8
#define AUDIT_FINDINGS_MAX 400 /* a claim of 50 lines with everything wrong stays below */
#define AUDIT_GAPS_MAX 128

enum audit_verdict { AUDIT_CLEAN, AUDIT_INCOMPLETE, AUDIT_NOT_CLEAN };
enum audit_status { AUDIT_FAIL, AUDIT_BYPASSED, AUDIT_OVERRIDDEN };

#define CLAIM_OF_HISTORY INT64_C(-1)

/* The table row, or the other claim, that decides. */
struct audit_evidence {
    enum store_table table; /* STORE_TABLES: no table row, see `claim_ordinal` or `source` */
    struct view source;     /* "chart", "history", "lcd", "covered_dx" when it is no table */
    struct view row;        /* "62323/64483", "20610", "M5116/M5416" */
    char indicator;         /* 0: none */
    struct store_proof proof;
    int line;               /* claim line that carries it, 0: none */
    struct code modifier;   /* modifier that bypasses, CODE_NONE */
    int64_t claim_ordinal;  /* other claim of the same input, 0: none, or CLAIM_OF_HISTORY */
    int claim_line;         /* its line */
};

struct audit_finding {
    const struct rule *rule;
    const struct rule_check *check; /* entry of the rule's parameters, NULL: the rule has none */
    enum rule_severity severity;
    enum audit_status status;
    int lines[AUDIT_FINDING_LINES_MAX]; /* line numbers as in the claim, ascending */
    int line_count;                     /* 0: the whole claim */
    uint64_t line_bits;                 /* indexes in claim->lines, all of them */
    int repeat; /* 1, or n for the n-th finding of the same rule on the same first line */
    struct claim_place at;
    struct view message;
    struct audit_evidence evidence[AUDIT_EVIDENCE_MAX];
    int evidence_count;
    struct view fix;   /* suggestion text, empty when none */
    struct view patch; /* RFC 6902 operations as JSON array text, empty when none */
    bool repair;       /* a format repair, otherwise a suggestion */
    struct money at_risk; /* of a failed error or warning, with a pricer: what the claim pays less
                             when its lines are denied; MONEY_NONE: not known */
};

/* A check that applies and could not be made. */
struct audit_gap {
    const struct rule *rule;
    struct view need; /* "store:mue:00600", "claim:total_charge"; or `needs` */
    uint64_t needs;   /* bits for audit_need_name; 0: see `need` */
};
#define AUDIT_NEEDS_HISTORY (UINT64_C(7) << CLAIM_FACTS)
/* "chart:relief_percent", "history" … for a bit of `needs`. */
struct view audit_need_name(int bit);

/* A session: services of one family and region by one provider on one day (idea 4 of DESIGN.md). */
struct audit_session {
    struct view family;
    enum store_region region;
    struct date on;
    uint64_t provider;
    uint64_t lines; /* bit set of line indexes (CLAIM_LINES_MAX < 64) */
    char side;      /* L, R, B, 0 */
    int levels;     /* base codes and additional levels, a side counted once */
    enum claim_kind intent;
};

/* A bit for each release of the store. */
struct release_set {
    uint64_t word[STORE_RELEASES_MAX / 64];
};
static inline bool release_in(const struct release_set *set, uint32_t release) {
    return release < STORE_RELEASES_MAX && (set->word[release / 64] >> release % 64 & 1) != 0;
}
static inline void release_put(struct release_set *set, uint32_t release) {
    set->word[release / 64] |= UINT64_C(1) << release % 64;
}

enum audit_outcome { OUTCOME_PASSED, OUTCOME_FIRED, OUTCOME_NOT_EVALUATED,
                     OUTCOME_NOT_APPLICABLE };

/* What became of an entry of a policy, or of a mechanical rule. Texts hold what came from outside
 * as it came. */
struct audit_trace {
    const struct rule *rule;
    int entry; /* of the rule's parameters, from 1; 0: a mechanical rule */
    enum audit_outcome outcome;
    uint64_t lines;            /* indexes in claim->lines, as bits */
    uint64_t needs;            /* bits for audit_need_name; of a mechanical rule see its gaps */
    struct view reason;        /* why it does not apply, "bypassed" of an edit, or empty */
    const struct view *values; /* what was looked at: "probe temperature c is 80, at least 80" */
    int value_count;
};

struct audit_result {
    enum audit_verdict verdict;
    const struct audit_finding *findings; /* by first line, then severity, then rule id */
    int finding_count;
    const struct audit_gap *gaps;
    int gap_count;
    const struct audit_session *sessions; /* in the order of their first lines */
    int session_count;
    struct release_set releases;       /* those looked at */
    struct release_set stale_releases; /* of them those older than a date of service of the claim */
    struct money charge; /* of the lines in error findings; claim-level ones: of the claim */
    const struct price *price; /* what the claim pays as billed; NULL: without a pricer */
    struct money at_risk; /* what it pays less when the lines of all failed errors are denied;
                             MONEY_NONE: not known */
    bool truncated;          /* more findings than AUDIT_FINDINGS_MAX: says so in the output */
    const struct audit_trace *trace; /* rules in order, with audit_options.trace; otherwise none */
    int trace_count;
    /* What the record proves and the claim does not bill, with audit_options.opportunities, and
     * what was looked at and is not shown, with the reason. No verdict depends on them. */
    const struct audit_opportunity *opportunities;
    int opportunity_count;
    const struct audit_opportunity *blocked;
    int blocked_count;
};

struct history; /* room history */

struct audit_options {
    struct date as_of;
    struct history *history; /* earlier services, NULL: not known; must outlive the audit */
    struct pricer *pricer; /* what lines pay, NULL: no amounts; must outlive the audit */
    bool alone; /* no memory across claims (rule examples, single questions); a history counts */
    bool trace; /* say what became of every entry that could concern the claim */
    const struct opportunity_table *opportunities; /* NULL: do not look for them; must outlive it */
    struct pricer *opportunity_pricer; /* of its own, so that the price of a result stays valid;
                                          NULL: no gains; must outlive the audit */
    /* Told of large blocks that will be used from end to end (os_memory_whole); NULL: nobody. */
    void (*whole)(void *block, ptrdiff_t size);
};

struct audit;

int audit_open(struct audit **audit, const struct store *store, const struct rule_set *rules,
               const struct audit_options *options, struct arena *arena,
               struct diag *diag) MUST_USE;
const struct audit_result *audit_claim(struct audit *audit, const struct claim *claim);
/* The claim will come: asks the memory for what is known of its patient, without waiting for it. A
 * claim_coming whose context is the audit; it changes nothing but how long audit_claim takes. */
void audit_fetch(void *audit, const struct claim *claim);
/* Bytes a service line costs in the index for checks across claims, and its lines so far. */
int64_t audit_index_bytes(const struct audit *audit);
int64_t audit_index_lines(const struct audit *audit);
void audit_close(struct audit *audit); /* gives the index back; the rest goes with the arena */

/* ---- when a service is allowed (policy_next.c) -------------------------------------------- */

/* A day with a service that a limit counts. */
struct audit_counted {
    struct date on;
    struct code code; /* the first of the day */
    bool certain;     /* false: it may count, for all that is known */
};

enum audit_limit_state {
    AUDIT_LIMIT_DAY,     /* no objection on `day` */
    AUDIT_LIMIT_UNKNOWN, /* something is missing */
    AUDIT_LIMIT_NEVER,   /* time alone does not help */
};

/* An entry of a rule in which time plays a role, and what it says of the service. */
struct audit_limit {
    const struct rule_check *check;
    enum audit_limit_state state;
    struct date day; /* the first without an objection; AUDIT_LIMIT_UNKNOWN: the first on which that
                        is sure all the same; DATE_NONE: there is none */
    struct date not_before; /* it objects on each day up to this one; DATE_NONE: for good */
    uint64_t needs; /* bits for audit_need_name of what is missing, AUDIT_LIMIT_UNKNOWN */
    struct view message; /* what it objects to on the first day asked about; empty: nothing */
    const struct audit_counted *counted; /* on that day, oldest first */
    int counted_count;
};

struct audit_next {
    struct audit_limit *limits; /* in the order of the rules */
    int limit_count;
    enum audit_limit_state state;
    struct date day; /* the first on which no limit objects, DATE_NONE when not AUDIT_LIMIT_DAY */
    struct date not_before; /* some limit objects on each day up to this one */
    uint64_t needs;
};

/* When may a service be done again, as far as the earlier ones tell? `claim` has the service as its
 * one line (code, modifiers, kind), the payer, and what is known of history and chart; on its days
 * from `on` on, each limit is asked by the same checks that audit_claim runs. Without a `kind` of
 * the line the intent counts as not known, unless the code says it. `next` lives in `arena`, as
 * long as claim and rules. The audit must be one that is `alone`.
 * Errors, STATUS_SYSTEM: memory. */
int audit_next(struct audit *audit, const struct claim *claim, struct date on, struct arena *arena,
               struct audit_next *next, struct diag *diag) MUST_USE;

/* ---- ways to write the same record (form.c, form_judge.c) ---------------------------------- */

/* How services of both sides stand on a claim. */
enum audit_form {
    AUDIT_FORM_OTHER,       /* as billed, and none of the others */
    AUDIT_FORM_FIFTY,       /* a line with modifier 50, one unit a level */
    AUDIT_FORM_SIDES,       /* a line with RT and a line with LT */
    AUDIT_FORM_UNITS,       /* a line with both sides in its units */
    AUDIT_FORM_ADDON_UNITS, /* 50 on the first level, further levels in the units without 50 */
    AUDIT_FORM_ADDON_LINES, /* the same, further levels on two lines */
    AUDIT_FORM_ONCE,        /* once, without a side: the code stands for both (indicator 2) */
    AUDIT_FORMS
};
enum audit_form_verdict { AUDIT_FORM_ALLOWED, AUDIT_FORM_DENIES, AUDIT_FORM_NOT_EVALUATED,
                          AUDIT_FORM_UNSUPPORTED };

struct audit_amounts { /* MONEY_NONE: not known */
    struct money allowed, patient, paid;
};

/* A failed finding of severity error or warn. */
struct audit_reason {
    const struct rule *rule;
    enum rule_severity severity;
    struct view message;
    uint64_t lines; /* indexes in the lines of its claim; 0: the whole claim */
    bool decides;   /* it is on the lines in question, or the claim as billed has it not */
};

/* A claim, as billed or changed, audited and priced. */
struct audit_trial {
    const struct claim *claim;
    enum audit_verdict verdict;
    struct audit_reason *reasons;
    int reason_count;
    const struct audit_reason *bypassed; /* findings that a modifier bypasses */
    int bypassed_count;
    const struct audit_gap *gaps;
    int gap_count;
    uint64_t denied;              /* lines of failed errors */
    struct money *line_allowed;   /* as priced, by line; NULL: without a pricer */
    struct audit_amounts amounts; /* as priced, nothing denied */
    struct audit_amounts left;    /* without the lines that are denied */
    uint64_t unpriced;            /* lines without an amount */
    struct view price_need;       /* of the first of them: "store:mpfs", "schedule"; or empty */
};

#define AUDIT_FORM_NEEDS_MAX 8
struct audit_variant {
    enum audit_form form;
    bool as_billed;
    bool convention; /* the form that the payer takes */
    enum audit_form_verdict verdict;
    int rank;        /* from 1, of those allowed; 0: not ranked */
    bool pays_same;  /* as the one ranked before it */
    struct audit_trial trial;
    uint64_t lines;  /* of its claim: those of the services in question */
    struct view against; /* AUDIT_FORM_UNSUPPORTED: what the record says; else empty */
    struct view needs[AUDIT_FORM_NEEDS_MAX]; /* why it is not evaluated, or not ranked */
    int need_count;
};

/* Services of both sides that are written alike: a code, or the levels of one session. */
struct audit_form_group {
    uint64_t lines; /* of the claim as billed */
    struct audit_variant variants[AUDIT_FORMS + 1]; /* ranked ones first */
    int variant_count;
};

/* The same services, had they been done elsewhere: never a way to write what was done. */
struct audit_form_place {
    struct code place; /* CODE_NONE: the lines of the claim name several, or none */
    bool as_billed;
    bool facility;
    struct audit_trial trial;
    uint64_t drugs; /* lines that fall to the facility */
    struct view need; /* what its own amount would take: "store:asc_fee"; empty in an office */
};

#define AUDIT_FORM_PLACES 4
struct audit_forms {
    struct view payer; /* its profile; empty: not known */
    enum store_bilateral_convention convention;
    bool facility_claim; /* of a surgery center or hospital: no forms are made */
    struct audit_trial billed;
    const struct price *price; /* as billed; NULL: without a pricer */
    struct audit_form_group *groups;
    int group_count;
    struct audit_form_place places[AUDIT_FORM_PLACES];
    int place_count;
};

/* Makes every form of the services that the claim bills for both sides, audits and prices each,
 * and ranks those that are allowed by what is left of them. Services, sides, levels, units and the
 * total charge stay. `forms` lives in `arena`, as long as claim and rules. The audit must be one
 * that is `alone`. Errors, STATUS_SYSTEM: memory. */
int audit_forms(struct audit *audit, const struct claim *claim, struct arena *arena,
                struct audit_forms *forms, struct diag *diag) MUST_USE;
struct view audit_form_name(enum audit_form form); /* "modifier_50" */
struct view audit_form_verdict_name(enum audit_form_verdict verdict);

struct view audit_verdict_name(enum audit_verdict verdict);
struct view audit_status_name(enum audit_status status);
struct view audit_outcome_name(enum audit_outcome outcome);

/* Tables a complete audit would want and the store has not. */
int audit_not_loaded(const struct audit *audit, struct view *names, int names_max);

#endif
