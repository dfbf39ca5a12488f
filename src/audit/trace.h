/* Inside of audit: what became of each entry that could concern the claim, and with which values,
 * for a person who asks why a rule fired or did not. Only when asked for: otherwise
 * `audit_pass.trace` is NULL and nothing here is called.
 *
 *     trace_open(pass, check, lines);   an entry is taken in hand
 *     trace_value(…); trace_idle(…);    told by the checks while they judge it
 *     trace_close(pass);                its outcome follows from what was told */
#ifndef CLAIMVET_AUDIT_TRACE_H
#define CLAIMVET_AUDIT_TRACE_H

#include "audit/audit_state.h"
#include "audit/policy.h"

#define TRACE_VALUES_MAX 32   /* of an entry; what is past them is counted */
#define TRACE_SERVICES_MAX 8  /* earlier services named in one value */
#define TRACE_MECHANICAL_MAX AUDIT_RULES

struct trace {
    struct arena *arena;
    struct audit_trace *at; /* mechanical rules end at TRACE_MECHANICAL_MAX, entries begin there */
    int first, end;
    int room;
    uint64_t considered[POLICY_CHECKS_MAX]; /* lines of the codes or families of the entry */
    /* the entry in hand */
    const struct rule_check *check;
    uint64_t lines;
    struct view values[TRACE_VALUES_MAX];
    int value_count, value_more;
    struct view reason;  /* why it, or the last group of its lines, was not judged */
    int idle;            /* groups of lines that were not judged */
    uint64_t fired;      /* lines of findings */
    uint64_t needs;      /* that led to a gap */
    uint64_t quiet;      /* that leave no question open */
};

/* One kind of reason why an entry does not look at a line (policy.c). */
enum line_scope {
    SCOPE_IN,
    SCOPE_WINDOW,
    SCOPE_REGION,
    SCOPE_CLASS,
    SCOPE_CODE,
    SCOPE_PLACE,
    SCOPE_CARRYING,
    SCOPE_UNITS
};
SELDOM enum line_scope line_scope(const struct rule_check *check, const struct audit_line *line);

/* ---- the trace of a claim (trace.c) -------------------------------------------------------- */

void trace_begin(struct audit_pass *pass);
SELDOM void trace_open(struct audit_pass *pass, const struct rule_check *check, uint64_t lines);
SELDOM void trace_close(struct audit_pass *pass);
SELDOM void trace_fired(struct trace *trace, uint64_t lines);
SELDOM void trace_lacks(struct trace *trace, uint64_t needs, bool silent);
/* Ends the text: a value that was looked at. */
SELDOM void trace_value(struct trace *trace, struct text *text);
/* Ends the text: why a group of lines, or with `whole` the entry, was not judged. */
SELDOM void trace_idle(struct trace *trace, struct text *text, bool whole);
/* What the mechanical rules came to, and the pairs that were looked at. */
SELDOM void trace_mechanical(struct audit_pass *pass);

/* ---- why an entry does not apply (trace_scope.c) ------------------------------------------- */

/* Judges the entries in order, also those that concern no line. */
typedef void trace_judge(struct audit_pass *pass, int entry);
SELDOM void trace_policies(struct audit_pass *pass, trace_judge *judge);
SELDOM void trace_scope(struct policy *policy);      /* the claim is of another type or state */
/* Which exception is documented, of the entry or of the service before. */
SELDOM void trace_excused(struct policy *policy, const struct past *past);
SELDOM void trace_conditions(struct policy *policy, enum truth applies); /* `when` and `unless` */
SELDOM void text_parameter(struct text *text, const struct rule_check *check, const char *name);

/* ---- what the kinds looked at (trace_value.c) ---------------------------------------------- */

/* Each of the tests with the value found. */
SELDOM void trace_tests(struct policy *policy, const char *name, struct rule_tests tests,
                 const struct past *past);
/* The numbers that the entry gives, and what is known of the patient's history. */
SELDOM void trace_limits(struct policy *policy);
/* The earlier services from `first` on, and how many days count or may count. */
SELDOM void trace_counted(struct policy *policy, const struct audit_line *line, struct date first,
                   bool strict, int certain, int possible);
SELDOM void trace_levels(struct policy *policy, uint64_t group, int levels, int max,
                  struct view source);
SELDOM void trace_modifiers(struct policy *policy); /* that the lines carry */
/* "64493 (line 1)", then the words. */
SELDOM void trace_line(struct policy *policy, const struct audit_line *line, const char *words);
SELDOM void trace_idle_words(struct policy *policy, const char *words);
SELDOM void trace_cover(struct policy *policy, const struct audit_line *line, struct code dx,
                 enum rule_cover cover);

#endif
