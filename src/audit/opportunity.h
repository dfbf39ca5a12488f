/* Opportunities: what the record proves and the claim does not bill. They are no findings: no
 * verdict and no exit status depends on them. Kinds, codes, facts and words stand in
 * rules/opportunities.tsv, names of drugs in rules/opportunity_drugs.tsv, what a taxonomy says of a
 * place in rules/facility_kinds.tsv; docs/OPPORTUNITIES.md says what each kind needs.
 *
 *     opportunity_table_read(&table, &texts, &arena, &diag);
 *     audit_open(&a, store, rules, &(struct audit_options){.opportunities = &table, …}, …);
 *     audit_claim(a, claim)->opportunities … */
#ifndef CLAIMVET_AUDIT_OPPORTUNITY_H
#define CLAIMVET_AUDIT_OPPORTUNITY_H

#include "base/base.h"
#include "claim/claim.h"
#include "rule/rule.h"

#define OPPORTUNITY_ROWS_MAX 32
#define OPPORTUNITY_DRUGS_MAX 64
#define OPPORTUNITY_SITES_MAX 64
#define OPPORTUNITY_NAMES_MAX 20  /* families in one cell; the longest list has fifteen */
#define OPPORTUNITY_CODES_MAX 4   /* codes in one cell */
#define OPPORTUNITY_PROOFS_MAX 8  /* facts and earlier services behind one */
#define OPPORTUNITY_CHANGES_MAX 8 /* lines that one changes: both sides of four levels */
#define OPPORTUNITIES_MAX 16      /* of one claim; a row of the table gives few */

enum opportunity_kind {
    OPPORTUNITY_MISSING_LEVEL,      /* the add-on code of a documented level */
    OPPORTUNITY_SECOND_SIDE,        /* both sides documented, one billed */
    OPPORTUNITY_DRUG_NOT_BILLED,    /* the steroid of an injection */
    OPPORTUNITY_IMAGING_SEPARATE,   /* guidance that is paid beside the procedure */
    OPPORTUNITY_ABLATION_CANDIDATE, /* two diagnostic blocks that succeeded; nothing to bill */
    OPPORTUNITY_EM_25,              /* a visit documented as separate, without 25 */
    OPPORTUNITY_SITE_OF_SERVICE,    /* a place of service that the service facility is not */
    OPPORTUNITY_WASTE_NOT_BILLED,   /* what a single-dose container had beyond the dose */
    OPPORTUNITY_KINDS
};

/* What the taxonomy of a service facility says of the place. */
enum site_kind {
    SITE_UNKNOWN,
    SITE_OFFICE,
    SITE_CLINIC, /* an office when it bills itself; else it may be a hospital's department */
    SITE_SURGERY_CENTER,
    SITE_HOSPITAL,
    SITE_ELSEWHERE, /* works in places of others: says nothing */
    SITE_KINDS
};

struct opportunity_names {
    struct view at[OPPORTUNITY_NAMES_MAX];
    int count;
};

struct opportunity_row {
    struct view id;
    enum opportunity_kind kind;
    bool trial;                        /* rests on knowledge that was not verified on its source */
    struct opportunity_names families; /* of the procedure that it looks at */
    struct code codes[OPPORTUNITY_CODES_MAX]; /* that follow, where the store does not say them */
    int code_count;
    uint64_t facts;    /* bits of enum claim_fact_name that prove it */
    struct view word;  /* of image_guidance, or the kind of place */
    enum site_kind site;
    int minimum, days; /* 0: none */
    struct view title, why, fix;
    struct view cite; /* keys of rules/sources.tsv with blanks between */
};

struct opportunity_drug {
    struct view name; /* generic, small letters */
    struct code code;
    struct date since; /* DATE_NONE: open */
};

struct opportunity_site {
    struct view prefix; /* of a taxonomy code; the longest counts */
    enum site_kind kind;
    struct view what; /* "surgery center" */
};

struct opportunity_table {
    const struct opportunity_row *rows;
    int count;
    const struct opportunity_drug *drugs;
    int drug_count;
    const struct opportunity_site *sites;
    int site_count;
};

struct opportunity_texts {
    struct view rows, drugs, sites;
};

/* Reads the texts of the three tables, which must outlive it.
 * Errors: STATUS_INPUT, opportunity_syntax with the line; STATUS_SYSTEM, memory. */
int opportunity_table_read(struct opportunity_table *table, const struct opportunity_texts *texts,
                           struct arena *arena, struct diag *diag) MUST_USE;
struct view opportunity_kind_name(enum opportunity_kind kind);

/* What the record says. */
struct opportunity_proof {
    struct view fact; /* "levels_count", "history" */
    struct view value;
};

/* A line as it would be billed. */
struct opportunity_change {
    int line; /* its number */
    bool added;
    struct code code;
    struct code modifiers[CLAIM_MODIFIERS_MAX];
    int modifier_count;
    struct quantity units;
    struct code place; /* of service, where that is what changes */
};

struct audit_opportunity {
    const struct opportunity_row *row;
    uint64_t lines; /* indexes in claim->lines that it builds on, as bits */
    struct view message;
    struct opportunity_proof proofs[OPPORTUNITY_PROOFS_MAX];
    int proof_count;
    struct opportunity_change changes[OPPORTUNITY_CHANGES_MAX]; /* none: nothing to bill */
    int change_count;
    struct view patch; /* RFC 6902 operations on claim JSON, as an array; empty when none */
    struct money gain; /* allowed with the change less allowed as billed, lines that errors deny
                          left out of both; MONEY_NONE: not known */
    /* Of one that is not shown: */
    const struct rule *blocked_by; /* NULL: see `reason` alone */
    struct view reason;            /* of a rule its finding, or what it lacks */
};

#endif
