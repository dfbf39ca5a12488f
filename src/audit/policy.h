/* Inside of audit: the checks of policies. An entry of a rule's `parameters` (struct rule_check)
 * says which lines it looks at and what they must satisfy; a kind is a function over one entry.
 *
 * Answers are yes, no or unknown. What is unknown becomes a need of the rule, never a pass. */
#ifndef CLAIMVET_AUDIT_POLICY_H
#define CLAIMVET_AUDIT_POLICY_H

#include "audit/anatomy.h"

/* What a rule lacks, as bits: the chart facts by their number, then these. */
enum policy_need {
    NEED_HISTORY = CLAIM_FACTS, /* earlier services of the patient */
    NEED_HISTORY_DETAILS,       /* intent, side or levels of one of them */
    NEED_HISTORY_RELIEF,        /* relief after one of them */
    NEED_AUTHORIZATION,
    NEED_INTENT, /* diagnostic or therapeutic */
    NEED_STATE,  /* of the payer, which decides the contractor */
    POLICY_NEEDS
};
_Static_assert(POLICY_NEEDS <= 64, "needs are bits of 64");
#define NEED(need) (UINT64_C(1) << (need))

/* An earlier service: of the claim's history, of the history file, of an earlier claim of the run,
 * or an earlier line of the claim in hand. */
struct past {
    struct date on;
    uint32_t id; /* code id, STORE_NO_CODE */
    struct code code;
    bool has_family;
    struct store_family family;
    enum claim_region region;
    char side; /* L, R, B, N, 0 unknown */
    enum claim_kind kind;
    struct levels levels;
    bool levels_known;
    bool same_code_known;
    const struct claim_service *service; /* NULL: nothing but the claim is known */
};

/* An entry and the lines it looks at. */
struct policy {
    struct audit_pass *pass;
    const struct rule_check *check;
    uint64_t lines;
    uint64_t needs; /* what the answers so far lacked */
    bool silent; /* what is missing leaves no question open */
    const struct rule_lcd *lcd; /* policy of the claim's contractor, NULL: none asked for */
};

/* ---- conditions (policy_test.c) ------------------------------------------------------------ */

/* `past` may be NULL for tests on the chart. */
enum truth test_answer(struct policy *policy, const struct rule_test *test,
                       const struct past *past);
/* All of them: no as soon as one is no. */
enum truth tests_answer(struct policy *policy, struct rule_tests tests, const struct past *past);
/* "probe temperature c is 42, must be at least 80" for every test that is not satisfied. */
void text_tests(struct text *text, struct policy *policy, struct rule_tests tests,
                const struct past *past);
/* "probe temperature c is 80, at least 80: holds", whatever the answer. */
void text_test_found(struct text *text, struct policy *policy, const struct rule_test *test,
                     const struct past *past);
void text_fact_name(struct text *text, struct view name); /* with blanks for underscores */

/* ---- history (policy_past.c) --------------------------------------------------------------- */

/* The earlier services of the patient, oldest first; made once a claim. */
const struct past *pasts_of(struct audit_pass *pass, int *count);
/* False: there may be more than those. */
bool pasts_complete(const struct audit_pass *pass);
/* True: there are more than are kept, and what is asked of them has no answer. */
bool pasts_cut(struct audit_pass *pass);
/* Does the earlier service count for this line? A side or level that is not known counts as the
 * same, or makes the answer unknown when `strict`. */
enum truth past_counts(struct policy *policy, const struct past *past,
                       const struct audit_line *line, bool strict);
/* First day that is still inside a window of months (or days) that ends on `on`. */
struct date window_first(const struct rule_check *check, struct date on);
struct date months_before(struct date on, int months);
/* The side that the modifiers of an earlier service name: 'L', 'R', 'B', 0. */
char modifiers_side(const struct code *modifiers, int count);
bool modifiers_carry(const struct code *modifiers, int count, const char *modifier);
void text_past(struct text *text, const struct past *past); /* "64493 on 2026-08-05" */
void finding_past(struct audit_pass *pass, struct audit_finding *finding, const struct past *past);

/* ---- the lines of an entry (policy.c) ------------------------------------------------------ */

/* Lowest line of the bits, NULL when there is none. */
const struct audit_line *lines_first(const struct policy *policy, uint64_t lines);
/* Takes the next lines that belong together out of `*left`: one day and, when the entry says so,
 * one region, side, code; 0 at the end. */
uint64_t lines_next_group(const struct policy *policy, uint64_t *left);
/* Every such group, one after another. */
typedef void group_function(struct policy *policy, uint64_t group);
void groups_judge(struct policy *policy, group_function *judge);
/* A finding on those lines; the message begins with the words of the entry and a colon. */
struct audit_finding *policy_finding(struct policy *policy, uint64_t lines, struct text *text);
/* The rule lacks this. */
void policy_lacks(struct policy *policy, uint64_t needs);
/* The joints of a session's chart: joints, levels or level; false when none is given. */
bool chart_levels(const struct audit_pass *pass, struct levels *levels);

bool codes_have(const struct rule_codes *codes, struct code code);
bool names_have(const struct rule_names *names, struct view name);
/* One of the modifiers. */
bool line_carries(const struct audit_line *line, const struct rule_codes *modifiers);
/* A window includes both its days; DATE_NONE: it is open. */
bool day_inside(struct date first, struct date last, struct date on);
/* The classes drug, anesthetic, contrast, sedation, guidance, evaluation as bits. */
uint8_t class_bit(struct view class); /* 0: there is no such class */
uint8_t line_classes(const struct audit_line *line);
/* The line is one of them. */
bool line_of_class(const struct audit_line *line, const struct rule_names *classes);
/* Judges one entry of those that policy_begin found. False when it has nothing to say of the claim,
 * whatever the earlier services are; a gap may tell that it is not known. */
bool policy_judge(struct audit_pass *pass, int entry);
const struct rule_tables *policy_tables(const struct audit_pass *pass);
/* The row of rules/covered_dx.tsv belongs to the list of the entry. */
bool policy_list_has(const struct policy *policy, int row);
/* The coverage policy that the entry asks for, in the claim's state: false when the state is not
 * known. `*found` NULL: the state's contractor has none; `*everywhere`: every one has. */
bool policy_lcd_find(const struct audit_pass *pass, const struct rule_check *check, struct date on,
                     const struct rule_lcd **found, bool *everywhere);

/* ---- looking back (policy_history.c) ------------------------------------------------------- */

/* The answer is made of earlier services alone. */
bool kind_looks_back(enum rule_kind kind);
/* The first day whose services an entry of a kind that looks back counts for the line. */
struct date policy_first(struct policy *policy, const struct audit_line *line);
/* A course of treatment goes on while each service is within so many months of the next. */
#define COURSE_GAP_MONTHS 12

typedef void policy_function(struct policy *policy);

policy_function policy_session_limit, policy_min_interval, policy_requires_history,
    policy_forbids_history, policy_last_service, policy_long_course; /* policy_history.c */
policy_function policy_requires_modifier, policy_forbids_modifier, policy_not_covered,
    policy_requires_authorization, policy_same_day_repeat, policy_not_together,
    policy_one_region; /* policy_line.c */
policy_function policy_level_limit, policy_level_documented; /* policy_level.c */
policy_function policy_payer_pays;                           /* policy.c */
policy_function policy_dx_covered, policy_dx_requires;       /* policy_dx.c */
policy_function policy_requires_chart;                       /* policy_test.c */

#endif
