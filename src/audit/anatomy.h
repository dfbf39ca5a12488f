/* Inside of audit: what the checks of anatomy, diagnoses and drugs share. */
#ifndef CLAIMVET_AUDIT_ANATOMY_H
#define CLAIMVET_AUDIT_ANATOMY_H

#include "audit/audit_internal.h"

/* ---- lines ------------------------------------------------------------------------------- */

/* The side that the modifiers name: 'L', 'R', 'B' (50, or both), 0 when they name none. */
char line_side(const struct audit_line *line);
/* Some modifier says where: a side, 50, or a lid, finger, toe or vessel. */
bool line_located(const struct audit_line *line);
/* The check can speak of the line: its code is known, dated and not invalid. */
bool line_stands(const struct audit_line *line);
/* An earlier line of the claim has the same code. */
bool line_repeats(const struct audit_pass *pass, const struct audit_line *line);
/* Two lines that stand, on one day, by one provider. */
bool lines_together(const struct audit_line *a, const struct audit_line *b);
/* The session of the line, its family on one day by one provider, has both sides. */
bool session_bilateral(const struct audit_pass *pass, const struct audit_line *line);
/* An earlier line of the same code that stands beside this one: RT against LT. */
const struct audit_line *line_opposite(const struct audit_pass *pass,
                                       const struct audit_line *line);

/* Units of the line's drug that its dose makes, rounded up; 0 when the two cannot be compared. */
int64_t line_dose_units(const struct audit_line *line);

/* ---- code sets (code_set.c) -------------------------------------------------------------- */

/* Sets of which a session has one code: bits from CODE_SET_SINGLE up, one for each set. */
#define CODE_SET_TPI (UINT32_C(1) << 0)  /* trigger points */
#define CODE_SET_ONCE (UINT32_C(1) << 1) /* one unit a day */
#define CODE_SET_SINGLE (UINT32_C(1) << 2)

/* The sets that a code is in, as bits. */
uint32_t code_sets_of(struct audit_pass *pass, uint32_t id);
/* False when the store has more sets than the index holds. */
bool code_sets_whole(const struct audit_pass *pass);
/* Name of the lowest of the sets of `bits` that is one of CODE_SET_SINGLE and up. */
struct view code_set_single_name(struct audit_pass *pass, uint32_t bits);

/* Evidence: the set. */
void finding_set(struct audit_pass *pass, struct audit_finding *finding, struct view set,
                 struct date on);

/* ---- words ------------------------------------------------------------------------------- */

void text_line(struct text *text, const struct audit_line *line); /* "64493 (line 2)" */
void text_dx(struct text *text, struct code dx);                  /* "M54.50" */
/* Evidence: the anatomy of the line's code. */
void finding_family(struct audit_pass *pass, struct audit_finding *finding,
                    const struct audit_line *line);
/* Evidence: the pair, from one line to the other. */
void finding_pair(struct audit_pass *pass, struct audit_finding *finding,
                  const struct audit_line *column1, const struct audit_line *column2,
                  const struct store_pair *pair);

/* ---- parts of check_sets ----------------------------------------------------------------- */

void check_imaging(struct audit_pass *pass); /* imaging_included */

/* ---- parts of check_dx ------------------------------------------------------------------- */

/* The diagnoses of the claim, looked up once; the anatomy only when a line asks for it. */
struct dx_facts {
    struct store_when when;              /* first day of the claim's lines */
    uint64_t lines[CLAIM_DIAGNOSES_MAX]; /* line indexes that point to it */
    enum store_region region[CLAIM_DIAGNOSES_MAX];
    struct store_proof region_proof[CLAIM_DIAGNOSES_MAX];
    char side[CLAIM_DIAGNOSES_MAX];
    struct store_proof side_proof[CLAIM_DIAGNOSES_MAX];
    uint32_t region_known; /* bits of diagnoses */
    uint32_t side_known;
};

enum store_region dx_region(struct audit_pass *pass, struct dx_facts *facts, int dx);
char dx_side(struct audit_pass *pass, struct dx_facts *facts, int dx);
/* n-th diagnosis that the line points to, as index; -1 when the pointer leads nowhere. */
int line_dx(const struct audit_pass *pass, const struct audit_line *line, int n);

void check_dx_billable(struct audit_pass *pass, const struct dx_facts *facts); /* dx_nonbillable */
void check_dx_region(struct audit_pass *pass, struct dx_facts *facts); /* dx_region_mismatch */
/* laterality_mismatch laterality_missing */
void check_laterality(struct audit_pass *pass, struct dx_facts *facts);

#endif
