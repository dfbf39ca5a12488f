/* Inside of report: the state of a report and what the formats share. */
#ifndef CLAIMVET_REPORT_INTERNAL_H
#define CLAIMVET_REPORT_INTERNAL_H

#include "report/report.h"

#define TOP_CLAIMS_MAX 10
#define TOP_RULES_MAX 10
#define NOT_LOADED_MAX 16
#define TEXT_WIDTH 100
#define PATH_SIZE_MAX 60 /* fits a line beside what is said of the file */
#define ID_SIZE_MAX 48   /* of a claim id kept for the summary; CLM01 has at most 38 */

/* What is written again and again about a release, rendered once. */
struct release_text {
    struct view edition;  /* JSON object of `editions`, without the end of `"stale":` */
    struct view evidence; /* `"table":"ncci_ptp","release":"v30.2",` */
    struct view name;     /* v30.2 */
    struct view table;    /* ncci_ptp */
    struct date effective, through;
};

#define EDITION_SLOTS 256 /* power of two; claims of one run ask a few dozen sets of tables */

/* The JSON from the verdict to the findings for one set of releases: most claims share theirs. */
struct edition_text {
    struct release_set releases, stale;
    struct view text; /* in the arena; size 0: free */
};

struct fired { /* findings of a rule, status fail */
    const struct rule *rule;
    int64_t count;
};

struct top_claim { /* a claim with a large charge at risk */
    char id[ID_SIZE_MAX];
    int id_size;
    struct view file;
    int64_t ordinal;
    struct money charge;
};

#define NEEDS_RULES_MAX 512

/* What a rule lacks, as JSON. */
struct needs_text {
    uint64_t needs;
    struct view text;
};

struct report {
    enum report_format format;
    struct out *out;
    const struct store *store;
    struct report_options options;
    struct arena *arena;
    struct view file; /* of the input that is read now, in the arena */
    struct report_totals totals;

    struct release_text releases[STORE_RELEASES_MAX];
    int release_count;
    struct view not_loaded[NOT_LOADED_MAX];
    int not_loaded_count;

    struct fired *fired; /* by the index of the rule */
    int fired_capacity;
    struct top_claim top[TOP_CLAIMS_MAX]; /* largest first */
    int top_count;

    struct needs_text needs[NEEDS_RULES_MAX]; /* json: by the index of the rule */
    struct view json_head;     /* between the verdict and the editions */
    struct view json_coverage; /* between the editions and the findings */
    struct edition_text editions[EDITION_SLOTS];
    struct out scratch;        /* a piece of text that is put together */
    struct out safe;           /* the same, made safe before it is wrapped */

    struct out detail;     /* html: findings until the summary is known */
    int64_t detail_claims; /* claims in it */
    int64_t detail_last;   /* ordinal of the last of them */
    bool detail_full;

    int clean_column;   /* text: where the line about clean claims stands, 0: none is begun */
    int64_t clean_more; /* text: clean claims that no longer fit that line */
    bool begun;         /* csv: the header is written */
};

/* ---- shared looks at findings -------------------------------------------------------------- */

const struct claim_line *line_numbered(const struct claim *claim, int number);
/* Writes all line numbers of a finding with the separator between. */
void finding_lines_write(struct out *out, const struct claim *claim,
                         const struct audit_finding *finding, const char *separator);
/* Id of a finding behind the id of its claim: "/ncci_ptp/2". */
void finding_tail_write(struct out *out, const struct audit_finding *finding);
/* The finding's own suggestion, or the general one of its rule when it failed. */
struct view finding_fix(const struct audit_finding *finding);
bool evidence_stale(const struct audit_result *result, const struct audit_evidence *evidence);
/* Calls for the next rule that could not be evaluated, from index `*at` on, and writes its id and
 * what it lacks: false when there is none left. */
bool gap_write(struct out *out, const struct audit_result *result, int *at);
/* Calls for the next thing that a person could bring (chart, history, …), from `*at` 0 on, and
 * writes it with the rules that wait for it: false when there is none left. */
bool needs_write(struct out *out, const struct audit_result *result, int *at);
/* What one gap lacks. */
void gap_needs_write(struct out *out, const struct audit_gap *gap, const char *separator);
/* n-th citation of the finding, those of its policy entry first; NULL past the last. */
const struct rule_cite *finding_cite(const struct audit_finding *finding, int n);
/* The rule, or its entry, rests on knowledge that was not verified on the source. */
bool finding_trial(const struct audit_finding *finding);
/* "ncci_ptp v30.2, row 62323/64483, indicator 1, in force since …": as it came, not yet safe. */
void evidence_sentence(struct out *out, const struct report *report,
                       const struct audit_result *result, const struct audit_evidence *evidence);
/* "CO-236, remark N20"; nothing when the payer's answer is not known or no denial is expected. */
void answer_sentence(struct out *out, const struct audit_finding *finding);
/* "64483-LT  2 units  $850.00  2026-08-10" with the separator between. */
void line_sentence(struct out *out, const struct claim_line *line, const char *separator);
/* "segment 22, element 1, byte 912", rows and columns for other formats. */
void place_sentence(struct out *out, enum claim_format format, const struct claim_place *at);
void diag_sentence(struct out *out, const struct diag *diag);
struct view claim_payer(const struct report *report, const struct claim *claim);
struct view verdict_words(enum audit_verdict verdict);
void count_write(struct out *out, int64_t count, const char *one, const char *many);
void money_write(struct out *out, struct money money);
const struct release_text *evidence_release(const struct report *report,
                                            const struct audit_evidence *evidence);

/* ---- text that came from outside (safe.c) -------------------------------------------------- */

/* Bytes that are no UTF-8, control characters and what turns the direction of writing become
 * U+FFFD: nothing may steer a terminal or hide text. */
void safe_write(struct out *out, struct view text);
/* The same for a file; of a path too long for a line its end, which tells more. */
void path_write(struct out *out, struct view path);
void html_write(struct out *out, struct view text); /* safe, and escaped for text and attributes */
void csv_write(struct out *out, struct view text);  /* safe, quoted, and no formula */

/* ---- totals -------------------------------------------------------------------------------- */

void totals_claim(struct report *report, const struct claim *claim,
                  const struct audit_result *result);
void totals_fault(struct report *report, const struct claim_fault *fault);
/* The rules that fired most, most first: their number. */
int totals_rules(const struct report *report, struct fired *rules, int max);

/* ---- formats ------------------------------------------------------------------------------- */

bool json_open(struct report *report);
void json_claim(struct report *report, const struct claim *claim,
                const struct audit_result *result);
void json_fault(struct report *report, const struct claim_fault *fault);

/* What could be billed, and of a trace what was looked at and is not shown (opportunity.c). The
 * JSON is a member behind an open array and ends in one; nothing when there are none. */
void opportunities_text(struct report *report, const struct audit_result *result);
void opportunities_html(struct report *report, const struct audit_result *result);
void opportunities_json(struct report *report, const struct claim *claim,
                        const struct audit_result *result);
void opportunities_blocked_json(struct report *report, const struct claim *claim,
                                const struct audit_result *result);

void csv_claim(struct report *report, const struct claim *claim, const struct audit_result *result);
void csv_fault(struct report *report, const struct claim_fault *fault);
void csv_end(struct report *report);

void text_claim(struct report *report, const struct claim *claim,
                const struct audit_result *result);
void text_fault(struct report *report, const struct claim_fault *fault);
void text_file(struct report *report); /* a new file: ends the line about clean claims */
void text_end(struct report *report);

void html_claim(struct report *report, const struct claim *claim,
                const struct audit_result *result);
void html_fault(struct report *report, const struct claim_fault *fault);
void html_end(struct report *report);
/* From the doctype to the heading; `more_style` is CSS of the document's own. */
void html_head(struct out *out, struct view title, struct view more_style);

/* ---- amounts (price.c) --------------------------------------------------------------------- */

/* "$598.80 allowed by Medicare, BAKERSFIELD (01112/54); the patient pays …; at risk $282.77" */
void price_claim_sentence(struct out *out, const struct audit_result *result);
/* "line 1  64483  $282.77: work 1.85 x 1.019 + …"; false when nothing can be said. */
bool price_line_sentence(struct out *out, const struct claim *claim, const struct price *price,
                         int index);
/* "$282.77 by Medicare's fees, national amounts"; nothing when it is not known. */
void price_risk_sentence(struct out *out, const struct price *price, struct money at_risk);
/* `,"money":{…}` of a failed error or warning. */
void price_finding_json(struct out *out, const struct price *price,
                        const struct audit_finding *finding);

/* ---- the self-audit ------------------------------------------------------------------------ */

void selfaudit_text(struct out *out, const struct selfaudit *result,
                    const struct report_selfaudit *about);
void selfaudit_json(struct out *out, const struct selfaudit *result,
                    const struct report_selfaudit *about);
void selfaudit_csv(struct out *out, const struct selfaudit *result);
void selfaudit_html(struct out *out, const struct selfaudit *result,
                    const struct report_selfaudit *about);
/* "64493-RT-KX", with " x2" behind it unless it is one unit. */
void selfaudit_line_write(struct out *out, const struct selfaudit_line *line);
void selfaudit_key_write(struct out *out, uint64_t key); /* 16 hexadecimal digits */
struct view selfaudit_region(enum store_region region);  /* CT, LS, or nothing */
/* "no amount for 00600 (2 lines)"; nothing when all have one. */
void selfaudit_bare_write(struct out *out, const struct selfaudit_answer *answer);
/* "4 in 12 months"; nothing without a limit. */
void selfaudit_limit_write(struct out *out, const struct selfaudit_query *query);
/* "12 sessions of 1 level, 3 of 2, 1 of 5 and more"; nothing for other kinds. */
void selfaudit_levels_write(struct out *out, const struct selfaudit_answer *answer);
bool selfaudit_has_levels(const struct selfaudit_answer *answer);
/* Of the estimates: what they are not. */
extern const char selfaudit_basis[];

void report_json_date(struct out *out, struct date date); /* quoted, or null for an open one */
struct view region_name(enum store_region region); /* CT: cervical/thoracic, LS: lumbar/sacral */
struct view intent_name(enum claim_kind kind);
/* Numbers of the lines whose indexes are set. */
void bit_lines_write(struct out *out, const struct claim *claim, uint64_t lines,
                     const char *separator);

#endif
