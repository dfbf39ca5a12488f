/* Inside of audit: the search for opportunities of one claim. A kind is a function that looks at
 * the pass and makes candidates; opportunity.c judges each by a second audit of the changed claim
 * and prices it. */
#ifndef CLAIMVET_AUDIT_OPPORTUNITY_INTERNAL_H
#define CLAIMVET_AUDIT_OPPORTUNITY_INTERNAL_H

#include "audit/audit_state.h"
#include "audit/policy.h"

/* What the judge found, to compare with. */
struct judged_finding {
    const struct rule *rule;
    const struct rule_check *check;
    int line; /* the first, 0: the claim */
};

struct judged {
    bool made;
    struct judged_finding findings[AUDIT_FINDINGS_MAX];
    int finding_count;
    struct audit_gap gaps[AUDIT_GAPS_MAX];
    int gap_count;
    uint64_t denied; /* lines of failed errors, as bits */
};

struct opportunity_search {
    const struct opportunity_table *table;
    struct audit_pass *pass; /* of the claim in hand */
    struct audit *judge;     /* opened for the first candidate; NULL: none so far */
    struct judged base;      /* the claim as billed */
    struct money base_allowed;
    uint32_t *levels; /* codes of additional levels by code, made once */
    int level_count;
    struct out words;
    struct audit_opportunity found[OPPORTUNITIES_MAX];
    int found_count;
    struct audit_opportunity blocked[OPPORTUNITIES_MAX];
    int blocked_count;
};

/* A claim with a change in it. */
struct candidate {
    struct opportunity_search *search;
    struct audit_opportunity opportunity;
    struct claim *claim;
    uint64_t concerned; /* lines that must stand: those built on, changed and added */
    uint64_t changed;   /* changed and added */
    bool both_sides;    /* changed lines carry the charge of both sides */
};

/* ---- what the record says (opportunity_record.c) ----------------------------------------- */

/* The one session of procedures of the claim: NULL when the lines are of several days, when there
 * is none or another, or a line that may be one. The chart speaks of one encounter. */
const struct audit_session *session_only(const struct audit_pass *pass);
bool row_has_family(const struct opportunity_row *row, struct view family);
/* First line of the session that is no additional level; NULL when there is none. */
const struct audit_line *session_base(const struct audit_pass *pass,
                                      const struct audit_session *session);
/* Levels by the facts of the row: 0 not known, -1 when they contradict each other or the region. */
int levels_documented(const struct opportunity_row *row, const struct claim *claim,
                      enum store_region region);
/* Adds a fact of the chart as proof. */
void proof_fact(struct candidate *candidate, enum claim_fact_name fact);
void proof_levels(struct candidate *candidate); /* those of the row that are given */
void proof_text(struct candidate *candidate, const char *fact, struct view value);
struct view joints_words(struct opportunity_search *search, uint32_t joints); /* "L4-5, L5-S1" */

/* ---- candidates (opportunity.c) ---------------------------------------------------------- */

/* False: no memory. */
bool candidate_open(struct candidate *candidate, struct opportunity_search *search,
                    const struct opportunity_row *row, uint64_t lines);
/* A new line like that one: its day, place, provider, pointers, side and KX; 1 unit. NULL when the
 * claim is full. */
struct claim_line *candidate_add(struct candidate *candidate, const struct claim_line *like,
                                 struct code code);
struct claim_line *candidate_change(struct candidate *candidate, int index);
/* Judges the candidate: to the opportunities, or to those that are blocked. True: the former. */
bool candidate_judge(struct candidate *candidate, struct view message);
void candidate_block(struct candidate *candidate, const struct rule *rule, struct view reason);
/* To those that are blocked, with what the claim as billed pays more than the candidate; nothing
 * when that is known and is nothing. */
void candidate_overpaid(struct candidate *candidate, struct view message);
/* The judge's answer to the claim; NULL without memory. */
const struct audit_result *search_judge(struct opportunity_search *search,
                                        const struct claim *claim);
/* RFC 6902 operations that make the candidate of the claim as billed (opportunity_patch.c). */
struct view candidate_patch(const struct candidate *candidate);

/* ---- modifiers of a claim line ----------------------------------------------------------- */

bool modifier_on(const struct claim_line *line, const char *modifier);
void modifier_off(struct claim_line *line, const char *modifier);
/* In front of the others; false when there is no room. */
bool modifier_first(struct claim_line *line, const char *modifier);
/* The payer writes both sides of the line with 50, doubled, or on two lines. */
enum sides_form { SIDES_FIFTY, SIDES_TWICE, SIDES_TWO_LINES };
enum sides_form sides_form(const struct audit_pass *pass, bool addon);

/* ---- kinds ------------------------------------------------------------------------------- */

typedef void opportunity_function(struct opportunity_search *search,
                                  const struct opportunity_row *row);
opportunity_function opportunity_missing_level, opportunity_second_side; /* opportunity_level.c */
opportunity_function opportunity_drug_not_billed, opportunity_imaging_separate,
    opportunity_em_25;                                /* opportunity_service.c */
opportunity_function opportunity_ablation_candidate; /* opportunity_series.c */
opportunity_function opportunity_site_of_service;    /* opportunity_site.c */
/* A service facility is named and something may tell what it is. */
bool opportunity_site_told(const struct audit_pass *pass);
opportunity_function opportunity_waste_not_billed;   /* opportunity_waste.c */
/* A line says of itself what waste is proven by, without a chart. */
bool claim_may_waste(const struct claim *claim);

/* Before the checks, the last of which adds the claim in hand to the earlier ones. */
void opportunities_begin(struct audit *audit);
/* Fills `result`, for a claim whose checks are done. */
void opportunities_find(struct audit *audit, struct audit_result *result);
void opportunities_close(struct audit *audit);

#endif
