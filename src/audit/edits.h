/* Inside of audit: the three edits that depend on each other (pairs, units, add-on codes) and what
 * their files share. `check_edits` gathers the facts once, settles them to a fixpoint on bit sets
 * of line indexes, and then writes the findings. */
#ifndef CLAIMVET_AUDIT_EDITS_H
#define CLAIMVET_AUDIT_EDITS_H

#include "audit/across.h"
#include "audit/audit_internal.h"

#define EDIT_ROUNDS_MAX 8      /* longer chains of denials do not occur; a circle never settles */
#define EDIT_SPAN_DAYS_MAX 366 /* days of one span that pairs are tested on */
#define EDIT_PRIMARIES_TOLD 3  /* primaries that a message names */

/* An active pair between two lines of the claim, or a line and one of an earlier claim. */
struct edit_pair {
    struct edit_pair *next;
    int column1; /* line index; -1: `earlier` holds that column */
    int column2;
    char indicator;
    bool bypassed;
    bool group;           /* two providers of one group and specialty: for review only */
    struct code modifier; /* that bypasses */
    int modifier_line;    /* line number that carries it, 0: the earlier line does */
    struct date on;
    struct store_proof proof;
    struct code code1, code2;
    int64_t claim_ordinal; /* of the earlier line */
    int claim_line;
};

/* What the add-on table says about one line. */
struct edit_addon {
    int line;
    char type;            /* '1', '2', '3'; 'Z': only the fee schedule calls it an add-on */
    uint64_t primaries;   /* lines that are accepted primaries */
    bool primary_earlier; /* so is a line of an earlier claim */
    bool unknown;         /* a line has a code that the store does not hold */
    bool elsewhere;       /* the primary may lie with another practitioner or on another day */
};

struct edits {
    struct audit_pass *pass;
    bool history; /* earlier claims of this patient are known */
    struct edit_pair *pairs;
    struct edit_addon addons[CLAIM_LINES_MAX];
    int addon_count;
    uint64_t invalid;  /* denied by a rule of validity */
    uint64_t over;     /* denied by units */
    uint64_t bundled;  /* denied by a pair */
    uint64_t stranded; /* denied as add-on without a payable primary */
    bool settled;      /* the rounds came to rest; otherwise the sets are unions of all rounds */
};

void pairs_gather(struct edits *edits); /* ptp.c */
void pairs_report(struct edits *edits);
/* Lines that pairs deny when the lines of `unpayable` play no column 1. */
uint64_t pairs_denied(const struct edits *edits, uint64_t unpayable);

void units_gather(struct edits *edits); /* mue.c */
void units_report(struct edits *edits);

void addons_gather(struct edits *edits); /* addon.c */
void addons_report(struct edits *edits);
uint64_t addons_denied(const struct edits *edits, uint64_t unpayable);

void edits_settle(struct edits *edits); /* check_edits.c */

/* ---- days and providers ------------------------------------------------------------------ */

/* The last day of a line whose first day is known. */
static inline struct date line_last(const struct audit_line *line) {
    return date_given(line->to) && line->to.day > line->from.day ? line->to : line->from;
}

/* True when the lines share a day: the first one is `on`. */
static inline bool lines_meet(const struct audit_line *a, const struct audit_line *b,
                              struct date *on) {
    *on = a->from.day > b->from.day ? a->from : b->from;
    return on->day <= line_last(a).day && on->day <= line_last(b).day;
}

/* The edits can be asked about this line. */
static inline bool line_judged(const struct audit_line *line) {
    return line->id != STORE_NO_CODE && date_given(line->from);
}

#endif
