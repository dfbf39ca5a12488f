/* Inside of audit: what the checks share. A check is a function over one pass: it reads the claim
 * and the line facts, and adds findings or gaps. Checks never touch another check's findings. */
#ifndef CLAIMVET_AUDIT_INTERNAL_H
#define CLAIMVET_AUDIT_INTERNAL_H

#include "audit/audit.h"

/* Rules by number; the id is the name in lower case, the order that of findings of one line. */
#define RULE(name) RULE_##name,
enum audit_rule {
#include "audit/rules.def"
    AUDIT_RULES
};
#undef RULE

enum line_flag { /* modifiers that checks ask for, as bits */
    LINE_50 = 1 << 0,
    LINE_26 = 1 << 1,
    LINE_TC = 1 << 2,
    LINE_LEFT = 1 << 3,  /* LT */
    LINE_RIGHT = 1 << 4, /* RT */
    LINE_KX = 1 << 5,
    LINE_25 = 1 << 6,
    LINE_24 = 1 << 7,
    LINE_57 = 1 << 8,
    LINE_JW = 1 << 9,
    LINE_JZ = 1 << 10,
    LINE_76 = 1 << 11,
    LINE_77 = 1 << 12,
    LINE_51 = 1 << 13,
    LINE_DISTINCT = 1 << 14, /* 59 XE XP XS XU */
    LINE_58 = 1 << 15,
    LINE_78 = 1 << 16,
    LINE_79 = 1 << 17,
    LINE_91 = 1 << 18,
    LINE_ASSISTANT = 1 << 19, /* 80 81 82 AS */
    LINE_62 = 1 << 20,
    LINE_66 = 1 << 21,
    LINE_GZ = 1 << 22, /* GA GX GY GZ: liability told to the patient */
};

#define LINE_BIT(index) (UINT64_C(1) << (index))

/* What every check wants to know about a line, looked up once. */
struct audit_line {
    const struct claim_line *line;
    int index;         /* in claim->lines */
    uint32_t id;       /* code id, STORE_NO_CODE */
    struct date from;  /* DATE_NONE when not known */
    struct date to;
    struct store_when when; /* on = from */
    struct code pos;        /* the line's, else the claim's */
    bool facility;          /* place of service pays the facility rate */
    uint32_t flags;         /* line_flag */
    uint32_t modifier_flags[CLAIM_MODIFIERS_MAX]; /* store_modifier_flag */
    uint64_t provider;      /* hash of the rendering NPI, else the billing NPI; 0 unknown */
    bool has_mpfs;
    struct store_mpfs mpfs; /* global row */
    bool has_family;
    struct store_family family;
    bool has_drug;
    struct store_drug drug;
    int32_t units;          /* whole units, rounded; 1 when not known */
    bool denied;            /* by a rule of validity: plays no column 1, is no primary */
    enum claim_kind intent;
};

struct audit_pass {
    struct audit *audit;
    const struct store *store;
    const struct claim *claim;
    const struct audit_options *options;
    struct arena *arena; /* of this claim */
    bool payer_known;
    struct store_payer payer; /* Medicare conventions when not known, and `payer_known` false */
    struct audit_line lines[CLAIM_LINES_MAX];
    int line_count;
    struct audit_session sessions[CLAIM_LINES_MAX];
    int session_count;
    struct audit_finding findings[AUDIT_FINDINGS_MAX];
    int finding_count;
    bool truncated;
    struct audit_gap gaps[AUDIT_GAPS_MAX];
    int gap_count;
    struct release_set releases;
    struct release_set stale_releases;
    bool history_known; /* a history file was asked for the patient */
    const struct claim_service *history;
    int history_count;
    bool pasts_made; /* policy_past.c */
    bool pasts_cut;
    const struct past *pasts;
    int past_count;
    const struct rule_check *pays[8]; /* by which the payer pays what the edits deny */
    int pays_count;
    struct trace *trace; /* NULL: nobody asked (trace.h) */
};

const struct rule *audit_rule(const struct audit_pass *pass, enum audit_rule rule);

/* Like finding_add, for any rule. */
SELDOM struct audit_finding *finding_new(struct audit_pass *pass, const struct rule *rule,
                                         const struct audit_line *line);
/* Adds a finding with the severity of its rule and status fail, on one line (NULL: the claim).
 * Never NULL: past the maximum it returns a scratch finding and marks the pass truncated. */
SELDOM struct audit_finding *finding_add(struct audit_pass *pass, enum audit_rule rule,
                                  const struct audit_line *line);
void finding_line(struct audit_finding *finding, const struct audit_line *line); /* one more line */
/* Adds evidence from a table row and marks its release as used. */
struct audit_evidence *finding_proof(struct audit_pass *pass, struct audit_finding *finding,
                                     enum store_table table, struct view row,
                                     struct store_proof proof);
/* One more line that the finding speaks of; its charge is not at risk. */
void finding_mention(struct audit_finding *finding, const struct audit_line *line);
/* Evidence that is no table row: of the chart, the history, a list. */
void finding_source(struct audit_pass *pass, struct audit_finding *finding, struct view source,
                    struct view row);
/* store_pos on the day of the line; answers are kept for the lines that follow. */
bool pass_place(struct audit_pass *pass, const struct audit_line *line, struct store_pos *row);
/* The release was looked at for a service on that day. */
void pass_used(struct audit_pass *pass, struct store_proof proof, struct date on);
/* A check applies but lacks a fact; the same (rule, need) is kept once. */
SELDOM void gap_add(struct audit_pass *pass, enum audit_rule rule, struct view need);

/* Text put together from pieces and kept in the claim's arena:
 *     struct text text;
 *     text_open(&text, pass); text_code(&text, code); text_add(&text, " is …");
 *     finding->message = text_close(&text); */
struct text {
    struct arena *arena;
    char at[480];
    int size;
};
void text_open(struct text *text, struct audit_pass *pass);
void text_add(struct text *text, const char *literal);
void text_view(struct text *text, struct view view);
void text_code(struct text *text, struct code code);
void text_int(struct text *text, int64_t value);
void text_money(struct text *text, struct money money);
void text_date(struct text *text, struct date date);
void text_quantity(struct text *text, struct quantity quantity);
/* Text from the input in quotes: at most 24 bytes, and a '?' for what cannot be printed. */
void text_given(struct text *text, struct view given);
struct view text_close(struct text *text); /* copied to the arena */
struct view text_row(struct audit_pass *pass, struct code code); /* name of a row: "J1030" */
struct view text_row_pair(struct audit_pass *pass, struct code a, struct code b); /* "A/B" */

/* "claim 3 of this input", "an earlier claim of the history" */
void text_which_claim(struct text *text, int64_t claim_ordinal);
/* line_flag of all modifiers of a line. */
uint32_t pass_modifier_flags(const struct audit_pass *pass, const struct claim_line *line);

/* JSON patches for fixes. */
struct view patch_remove_line(struct audit_pass *pass, const struct audit_line *line);
struct view patch_add_modifier(struct audit_pass *pass, const struct audit_line *line,
                               struct code modifier);
struct view patch_remove_modifier(struct audit_pass *pass, const struct audit_line *line,
                                  int position);
struct view patch_units(struct audit_pass *pass, const struct audit_line *line, int64_t units);

void sessions_build(struct audit_pass *pass); /* session.c */
/* What the intent of a service follows from. */
enum family_class { FAMILY_OTHER, FAMILY_RFA, FAMILY_PRESUMPTIVE, FAMILY_DEFINITIVE,
                    FAMILY_BLOCK };
enum family_class family_class_of(struct view family);
/* What a service of a code of the store was for, by its family and modifier KX; see session.c. */
enum claim_kind intent_of_code(const struct audit_pass *pass, uint32_t id, bool kx);
enum claim_kind family_intent(struct view family, bool medicare, bool kx);

/* ---- policies (policy.c) ------------------------------------------------------------------ */

/* The payer pays one of the lines beside the other, whatever the edits say. */
bool payer_pays(const struct audit_pass *pass, const struct audit_line *a,
                const struct audit_line *b);
/* It pays the add-on beside some line of the claim. */
bool payer_pays_addon(const struct audit_pass *pass, const struct audit_line *addon);
void policy_begin(struct audit_pass *pass); /* which entries concern the claim */
/* Joints of the chart: as listed, or one less than the nerves, or as counted; -1 unknown. */
int64_t chart_joints(const struct claim *claim);

/* ---- the checks, in the order they run ---------------------------------------------------- */

/* npi_missing npi_checksum taxonomy_invalid provider_role */
void check_provider(struct audit_pass *pass);
/* date_invalid charge_balance units_invalid pos_invalid dx_missing dx_pointer dx_duplicate
 * frequency_reference timely_filing ndc_invalid age_sex */
void check_structure(struct audit_pass *pass);
/* hcpcs_deleted code_not_valid code_not_payable pc_tc_invalid modifier_invalid modifier_conflict
 * multiple_procedure_modifier; marks denied lines */
void check_code(struct audit_pass *pass);
/* pc_tc_missing_26 */
void check_pos_component(struct audit_pass *pass);
/* ncci_ptp mue_exceeded addon_without_primary to a fixpoint */
void check_edits(struct audit_pass *pass);
/* em_without_25 */
void check_evaluation(struct audit_pass *pass);
/* bilateral_not_allowed bilateral_addon_convention bilateral_two_lines_mue */
void check_bilateral(struct audit_pass *pass);
/* single_code_family tpi_single_code unit_once_per_day modifier_59_on_addon imaging_included */
void check_sets(struct audit_pass *pass);
/* dx_nonbillable dx_excludes1 dx_region_mismatch laterality_mismatch laterality_missing */
void check_dx(struct audit_pass *pass);
/* drug_units_vs_dose jz_jw_missing */
void check_drug(struct audit_pass *pass);
/* every rule with `parameters` */
void check_policy(struct audit_pass *pass);
/* duplicate_line duplicate_claim global_period; then remembers the claim */
void check_across(struct audit_pass *pass);

/* ---- memory across the claims of one run (across.c) ---------------------------------------- */

/* A service line of an earlier claim of the same input, or of the history. */
struct earlier {
    int64_t claim_ordinal; /* CLAIM_OF_HISTORY */
    int line;    /* position in its claim, from 1 */
    uint32_t id; /* code id, STORE_NO_CODE */
    struct code code;
    struct date on;
    struct date to;    /* equals `on` for a single day; spans beyond a week are cut */
    uint64_t provider; /* compare with earlier_same_provider, it is shortened; 0 unknown */
    int32_t units;
    uint32_t flags; /* all of line_flag */
    struct code modifiers[CLAIM_MODIFIERS_MAX]; /* in text order, the first two characters */
    int modifier_count;
    int global_days; /* 10 or 90 when the service opens such a window, else 0 */
    bool denied;     /* plays no column 1, is no primary */
};
/* n-th earlier line of this claim's patient: false past the last. Newest claim first. */
bool earlier_line(const struct audit_pass *pass, int n, struct earlier *earlier);
bool earlier_same_provider(const struct earlier *earlier, const struct audit_line *line);

/* True when a modifier bypasses the active pair; names it and the claim line that carries it. */
bool pair_bypass(const struct audit_pass *pass, const struct audit_line *column1,
                 const struct audit_line *column2, char indicator, struct code *modifier,
                 int *line_number);

/* True when the line is one of two, RT and LT with one unit each, of a code with an MUE of 1 a day
 * (Medicare, professional): bilateral_two_lines_mue explains that excess, mue_exceeded is silent.
 * Names the other line and the row. */
bool mue_is_side_trap(const struct audit_pass *pass, const struct audit_line *line,
                      const struct audit_line **other, struct store_mue *mue);

/* Marks the edition of a table that speaks for the day as looked at, also when it held no row.
 * False when no edition of the table was known: the check cannot be made. */
bool pass_looked(struct audit_pass *pass, enum store_table table, struct date on);
/* The same for a code: false as well when the edition was drawn for other codes, so that a row it
 * lacks proves nothing. */
bool pass_covers(struct audit_pass *pass, enum store_table table, struct date on, uint32_t id)
    MUST_USE;

#endif
