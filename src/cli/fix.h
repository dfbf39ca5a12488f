/* Inside of cli: the command fix. */
#ifndef CLAIMVET_CLI_FIX_H
#define CLAIMVET_CLI_FIX_H

#include "audit/audit.h"
#include "claim/claim.h"
#include "cli/cli.h"
#include "cli/pricing.h"
#include "x12/x12.h"

/* A finding that was looked at in the claim in hand. */
struct fix_tried {
    const struct rule *rule;
    uint64_t lines; /* indexes in the claim as it was read */
    uint64_t message;
};

/* A rule or a finding that is to be applied. */
struct fix_word {
    struct view text;
    bool met;
};

struct fix_counts {
    int64_t claims;
    int64_t repairs;
    int64_t applied;
    int64_t refused;
    int64_t left;   /* suggestions with a patch that nobody asked for */
    int64_t errors; /* claims that keep an error */
    int64_t file_errors;
};

struct fix {
    struct cli *cli;
    const struct cli_arguments *arguments;
    bool json;
    bool asking;
    bool stopped; /* by an interrupt at a question: nothing is written */
    struct view file;     /* all of the input */
    struct arena arena;   /* changes and words, until the file is written */
    struct cli_pricing pricing; /* of all three audits: amounts are those of the audit asked last */
    struct audit *whole;  /* over the claims as they are written */
    struct audit *now_audit;   /* a single claim: what holds of `now` … */
    struct audit *trial_audit; /* … and of `trial` */
    struct claim_draft *now;
    struct claim_draft *trial;
    int64_t repaired_to; /* byte: what begins before was repaired */
    struct money allowed;       /* by the payer for `now`; MONEY_NONE: not known */
    struct money trial_allowed; /* for `trial` */
    struct fix_tried tried[AUDIT_FINDINGS_MAX];
    int tried_count;
    struct fix_word *words;
    int word_count;
    int word_room;
    struct x12_edits edits;
    struct out list; /* changes, printed when the file is written */
    struct out id;   /* of the finding in hand */
    struct fix_counts counts;
};

/* ---- fix_claim.c: the corrections of one claim ---------------------------------------------- */

void fix_claim(struct fix *fix, const struct claim *claim);
bool fix_word_add(struct fix *fix, struct view word); /* false: no memory */
/* What the finding is called, until the next call. */
struct view fix_finding_id(struct fix *fix, const struct audit_finding *finding);

/* ---- fix_ask.c: questions on the terminal --------------------------------------------------- */

enum fix_answer { FIX_YES, FIX_NO, FIX_ALL, FIX_SKIP, FIX_QUIT, FIX_STOP };
/* Shows what the patch of a finding makes of `now`: `trial`. */
enum fix_answer fix_ask(struct fix *fix, const struct audit_finding *finding);
/* What the claim charges and what it is allowed, before and after. */
void fix_amounts(struct fix *fix);

/* ---- fix_print.c: the list of changes ------------------------------------------------------- */

/* Changes from the oldest behind `earlier` to `last`; `finding` NULL: repairs. */
void fix_list_changes(struct fix *fix, const struct claim_change *last,
                      const struct claim_change *earlier, const struct audit_finding *finding);
void fix_list_refused(struct fix *fix, const struct audit_finding *finding, struct view reason);
void fix_list_count(struct fix *fix, const struct x12_count *count, const char *element,
                    struct view text);
void fix_summary(struct fix *fix, const char *path);

#endif
