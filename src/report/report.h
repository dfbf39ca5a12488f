/* report: findings -> text, JSON, CSV, HTML. Formats only, no judgement.
 *
 *     struct report *r;
 *     report_open(&r, REPORT_JSON, &out, store, rules, &options, &arena);
 *     report_claim(r, claim, result); … report_fault(r, file, fault); … report_end(r);
 */
#ifndef CLAIMVET_REPORT_H
#define CLAIMVET_REPORT_H

#include "audit/audit.h"
#include "base/base.h"
#include "claim/claim.h"

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_CSV, REPORT_HTML };

/* Html keeps its details in memory until the summary is known: claims past these limits are only
 * counted, and the document says so. Json and csv have them all. */
#define REPORT_HTML_CLAIMS_MAX 2000
#define REPORT_HTML_BYTES_MAX (32 << 20)

struct report_options {
    bool colour;
    bool trace; /* text and json also show the sessions and the trace of each claim */
    bool bare;  /* text: no summary at the end */
    struct date as_of;
    struct view program; /* "claimvet 0.1.0" */
};

/* What the run came to; the exit status follows from it. */
struct report_totals {
    int64_t claims, clean, incomplete, not_clean;
    int64_t findings[4]; /* by rule_severity, status fail */
    int64_t bypassed;
    int64_t faults;       /* unreadable files or records */
    int64_t file_errors;  /* envelope errors of readable files */
    struct money charges; /* of all claims read */
    struct money charges_at_risk;
    int64_t priced;       /* claims with amounts */
    int64_t unpriced;     /* claims without */
    int64_t bare_lines;   /* lines of priced claims that have no amount */
    int64_t risk_unknown; /* claims with errors whose cost is not known */
    struct money allowed; /* of the priced */
    struct money at_risk; /* what errors cost of it */
    struct release_set stale_releases;
};

struct report;

int report_open(struct report **report, enum report_format format, struct out *out,
                const struct store *store, const struct audit *audit,
                const struct report_options *options, struct arena *arena) MUST_USE;
void report_file(struct report *report, struct view file); /* a new input begins */
void report_claim(struct report *report, const struct claim *claim,
                  const struct audit_result *result);
void report_fault(struct report *report, const struct claim_fault *fault);
/* Ends the document and gives back the memory outside the arena; only report_totals and
 * report_summary may follow. Text and html put their summary here, json and csv none. */
void report_end(struct report *report);
/* The summary as text, to standard error when the format has none of its own. */
void report_summary(struct report *report, struct out *out);
const struct report_totals *report_totals(const struct report *report);
/* What the run came to as an exit status: STATUS_INPUT weighs more than 1, findings of severity
 * error, and that more than STATUS_OK. */
int report_status(const struct report_totals *totals);
/* What a claim pays: a table with every step, or the members of a JSON object without its braces
 * (basis, locality, amounts, lines). Steps are shown where the pricer kept them. */
void report_price_text(struct out *out, const struct claim *claim, const struct price *price);
void report_price_json(struct out *out, const struct claim *claim, const struct price *price);
/* The forms that a claim could take and what each pays: tables, or a JSON object of a line. */
void report_forms_text(struct out *out, const struct claim *claim,
                       const struct audit_forms *forms);
void report_forms_json(struct out *out, const struct claim *claim,
                       const struct audit_forms *forms);
/* "MANHATTAN (13202/01)", or "national amounts". */
void report_price_place(struct out *out, const struct price *price);
struct view report_price_basis(enum price_basis basis); /* medicare_pfs, schedule, none */
void report_money_json(struct out *out, struct money money); /* quoted, or null */
/* "$12.50", or "-" when not known, at the right of so many columns. */
void report_money_pad(struct out *out, struct money money, int columns);
/* What a self-audit looked at. */
struct report_selfaudit {
    struct view history; /* its name for people */
    struct view program; /* "claimvet 0.1.0" */
    struct view store;   /* its hash */
    struct date from, to;
};
/* Html shows REPORT_HTML_CLAIMS_MAX rows of a query, and says so; the others show all. */
void report_selfaudit(struct out *out, enum report_format format, const struct selfaudit *result,
                      const struct report_selfaudit *about);
/* "C7/ncci_ptp/2", as it came: to be made safe before a person sees it. */
void report_finding_id(struct out *out, struct view claim_id, const struct audit_finding *finding);
/* Text from outside with nothing in it that steers a terminal or hides text. */
void report_safe(struct out *out, struct view text);

/* ---- the practice report: many claims in one summary (practice.c) -------------------------- */

/* Rows of a table; further names are counted in a row of the others, which says so. */
#define PRACTICE_ROWS_MAX 20000

struct report_practice;
struct practice_about {
    struct view program;       /* "claimvet 0.1.0" */
    struct date as_of, on;     /* `on`: the day that the report shows as its own, or none */
    int64_t files;             /* read */
    int64_t faults, file_errors; /* as in report_totals */
};
/* Lives in `arena`, with rows outside of it that report_practice_close gives back. STATUS_SYSTEM:
 * memory. */
int report_practice_open(struct report_practice **practice, const struct store *store,
                         const struct audit *audit, struct arena *arena) MUST_USE;
void report_practice_claim(struct report_practice *practice, const struct claim *claim,
                           const struct audit_result *result);
/* Text, csv or html; no claim may follow. `out->failed` also tells that memory was refused. The
 * same claims give the same bytes, in whatever order they come. */
void report_practice_write(struct out *out, enum report_format format,
                           struct report_practice *practice, const struct practice_about *about);
void report_practice_close(struct report_practice *practice); /* NULL is fine */

bool report_format_from(struct view name, enum report_format *format);

#endif
