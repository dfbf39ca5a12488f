/* claim: 837P loops, claim JSON and CSV -> one flat claim.
 *
 *     struct claim_reader *r;
 *     claim_open(&r, source, context, &(struct claim_options){.file = "a.837"}, &diag);
 *     while ((got = claim_next(r)) != CLAIM_END) {
 *         CLAIM_READ:   claim_now(r)   the claim, valid until the next claim_next
 *         CLAIM_NOTICE: claim_fault(r) a finding about the file (rule, severity)
 *         CLAIM_FAULT:  claim_fault(r) an error that made something unreadable; go on calling
 *     }
 *     claim_close(r);
 *
 * Absent and unknown differ: a JSON or CSV key that is missing is unknown (`view.at == NULL`,
 * TRUTH_UNKNOWN, *_NONE with `known` false), a JSON null, and whatever an 837P does not carry, is
 * known to be absent (`view.at != NULL`, size 0). Checks on unknown end in not_evaluated. */
#ifndef CLAIMVET_CLAIM_H
#define CLAIMVET_CLAIM_H

#include "base/base.h"

#define CLAIM_LINES_MAX 50     /* SV1 loops of an 837P claim (TR3 2400 repeat) */
#define CLAIM_DIAGNOSES_MAX 12 /* HI of an 837P claim, letters A to L */
#define CLAIM_MODIFIERS_MAX 4
#define CLAIM_POINTERS_MAX 4
#define CLAIM_OTHER_PAYERS_MAX 10 /* loop 2320 repeat */

enum truth { TRUTH_UNKNOWN, TRUTH_NO, TRUTH_YES };

/* Where in the input something stands. 0 / -1 mean "does not apply". */
struct claim_place {
    int64_t segment; /* X12: segment of the file, from 1; CSV and JSON lines: line of the file */
    int64_t byte;    /* offset in the file, from 0; -1 unknown */
    int32_t element; /* X12: element; CSV: column */
};

enum claim_format { CLAIM_FORMAT_NONE, CLAIM_FORMAT_X12, CLAIM_FORMAT_JSON, CLAIM_FORMAT_CSV };
enum claim_type { CLAIM_PROFESSIONAL, CLAIM_FACILITY_ASC, CLAIM_FACILITY_OPPS };
enum claim_container { CONTAINER_UNKNOWN, CONTAINER_SINGLE, CONTAINER_MULTI };
/* What a service was for: diagnostic, therapeutic, ablation, cyst rupture; the last two are drug
 * tests and occur in the history only. */
enum claim_kind { KIND_UNKNOWN, KIND_DX, KIND_TX, KIND_RFA, KIND_CYST, KIND_PRESUMPTIVE,
                  KIND_DEFINITIVE };
enum claim_region { SERVICE_REGION_UNKNOWN, SERVICE_CT, SERVICE_LS, SERVICE_SI, SERVICE_TP,
                    SERVICE_UDT };

struct claim_provider {
    struct view npi;
    struct view taxonomy;
    struct view tin;
    char entity; /* '1' person, '2' organization (NM102); 0 unknown */
    struct claim_place at;
};

struct claim_ndc {
    struct view code; /* as given: digits and hyphens */
    struct quantity quantity;
    struct code unit; /* UN, ML, GR, F2, ME */
    struct claim_place at;
};

struct claim_line {
    int number; /* LX01 / "line", or the position from 1 when that is missing */
    struct code code;
    struct view code_given; /* the text as it stands when `code` could not hold it */
    struct code qualifier;  /* SV101-1: HC, ER, IV, WK; HC for JSON and CSV */
    struct code modifiers[CLAIM_MODIFIERS_MAX];
    int modifier_count;
    struct quantity units;  /* services, or minutes when unit_basis is MJ */
    struct code unit_basis; /* UN or MJ */
    bool units_known;       /* false: key missing (JSON, CSV) */
    struct money charge;
    bool charge_known;
    struct code place_of_service;         /* of the line; CODE_NONE: the claim's */
    uint8_t pointers[CLAIM_POINTERS_MAX]; /* 1..12; 0 for one that is no pointer */
    int pointer_count;
    bool pointers_known;
    struct date from;
    struct date to; /* equals `from` for a single day */
    bool date_bad;  /* a date was given that is no date */
    struct claim_ndc ndc;
    struct quantity dose_mg;
    enum claim_container container;
    enum claim_kind kind;
    int minutes; /* -1 unknown */
    struct view prior_authorization;
    struct claim_provider rendering; /* npi.at == NULL: the claim's */
    struct claim_provider supervising;
    struct claim_provider facility; /* NM1*77 of the line; npi.at == NULL: the claim's */
    struct view facility_zip;
    struct view control_number;     /* REF*6R, or empty */
    struct claim_place begins;      /* X12: LX, or the SV1 of a line without */
    struct claim_place ends;        /* X12: the segment behind loop 2400; byte -1 unknown */
    struct claim_place at;          /* SV1, CSV row, JSON claim */
    struct claim_place code_at;     /* SV101 */
    struct claim_place charge_at;   /* SV102 */
    struct claim_place units_at;    /* SV104 */
    struct claim_place pos_at;      /* SV105 */
    struct claim_place pointers_at; /* SV107 */
    struct claim_place date_at;     /* DTP*472 */
};

struct claim_adjustment {
    struct code group;
    struct code carc;
    struct money amount;
    int line; /* 0: claim level */
};

/* Levels of the spine. Joints count from 0 (C0-1) over 7 (C7-T1), 19 (T12-L1) and 24 (L5-S1); a
 * vertebra, or the nerve below it, has the number of the joint below it. */
struct levels {
    uint32_t joints;
    uint32_t single;
    bool other; /* an entry that names no spinal level */
};
#define LEVEL_T12_L1 19

/* An earlier service of the patient: a row of the claim's "history", or of a history file. What is
 * not given is unknown. */
struct claim_service {
    struct date on;
    struct code code;
    struct code modifiers[CLAIM_MODIFIERS_MAX];
    int modifier_count;
    struct quantity units;
    uint64_t provider; /* hash of the NPI, 0 unknown */
    enum claim_kind kind;
    enum claim_region region;
    char side; /* L, R, B, N (it has none), 0 unknown */
    bool levels_known;
    struct levels levels;
    struct quantity relief_percent; /* best relief of the index pain */
    struct quantity relief_hours;
    struct quantity relief_weeks;
    struct quantity relief_months;
    enum truth adl_improvement;
    enum truth same_approach; /* as the claim in hand, when the service itself does not say */
    enum truth same_level;
    enum truth same_steroid;
    /* What a history file knows more than a row of the claim's own list: */
    struct code place;          /* of service */
    uint64_t approach;          /* claim_text_key of the word in the chart, 0 unknown */
    uint64_t steroid;           /* claim_text_key of the drug, 0 unknown */
    struct quantity steroid_mg; /* of the session */
    uint64_t claim;             /* claim_text_key of the id of the claim it came with, 0 unknown */
};

struct claim_other_payer { /* loops 2320 to 2330 and 2430 */
    char order;            /* P, S, T, … (SBR01) */
    struct view id;
    struct money paid;
    const struct claim_adjustment *adjustments;
    int adjustment_count;
};

struct claim_separators { /* of the interchange; 0: it has none, or the format is another */
    char element, component, repetition, segment;
};

struct claim {
    enum claim_format format;
    struct view id;  /* CLM01 */
    int64_t ordinal; /* claims of this run, from 1 */
    enum claim_type type;
    struct claim_place at; /* CLM */
    struct claim_separators separators;

    struct view payer_profile; /* JSON payer.profile or --payer; empty when not given */
    struct view payer_name;
    struct view payer_id; /* NM109 of 2010BB */
    struct view payer_state; /* two letters; of an 837P the state of the service facility, else of
                                the billing provider: it decides the Medicare contractor */
    struct view payer_mac;
    struct code filing; /* SBR09 claim filing indicator: MB, CI, BL, WC … */
    char payer_order;   /* SBR01 P, S, T; 0 unknown */

    uint64_t patient_key; /* hash of member id, birth date and, for a dependent, name; 0 unknown */
    struct date birth_date;
    int age;  /* on the first day of service; -1 unknown */
    char sex; /* F, M, U; 0 unknown */
    bool patient_is_dependent;

    struct claim_provider billing;
    struct claim_provider rendering;
    struct claim_provider referring;
    struct claim_provider supervising;
    struct claim_provider facility; /* service facility location */
    struct view facility_zip;
    struct view billing_zip;

    struct code place_of_service;
    bool pos_known; /* false: key missing (JSON, CSV) */
    struct claim_place pos_at;
    struct view prior_authorization;
    struct code frequency; /* CLM05-3 */
    bool frequency_known;
    struct view original_reference; /* REF*F8 */
    struct money total_charge;      /* CLM02 */
    bool total_charge_known;
    struct claim_place charge_at;
    struct date received;       /* 837P: DTP*050, else the day the file was made (BHT04) */
    bool date_bad;              /* a claim-level date that is no date */
    struct claim_place date_at; /* the first bad one */

    struct code diagnoses[CLAIM_DIAGNOSES_MAX];       /* without the dot; letter A is [0] */
    struct view diagnoses_given[CLAIM_DIAGNOSES_MAX]; /* as they stand */
    struct claim_place diagnoses_at[CLAIM_DIAGNOSES_MAX];
    int diagnosis_count; /* highest letter given */
    int diagnoses_extra; /* given beyond the twelve */
    bool diagnoses_known;
    bool diagnoses_icd9; /* qualifiers BK/BF: not ICD-10 */

    struct claim_line *lines;
    int line_count;
    int lines_extra; /* beyond CLAIM_LINES_MAX, not read */

    struct claim_other_payer other_payers[CLAIM_OTHER_PAYERS_MAX];
    int other_payer_count;

    bool history_known; /* "history" present, even when empty */
    const struct claim_service *history;
    int history_count;
    bool documentation_known;       /* "documentation" present */
    const struct claim_fact *facts; /* CLAIM_FACTS of them; NULL: not one is known */
};

/* ---- facts of the chart ------------------------------------------------------------------ */

enum fact_type { FACT_NUMBER, FACT_TRUTH, FACT_WORD, FACT_TEXT, FACT_DATE, FACT_LIST };

#define FACT(name, type, values) FACT_##name,
enum claim_fact_name {
#include "claim/facts.def"
    CLAIM_FACTS
};
#undef FACT

/* A missing key is unknown, a null (and an empty text or list) is known to be absent. */
enum fact_state { FACT_UNKNOWN, FACT_ABSENT, FACT_GIVEN };

struct claim_fact {
    enum fact_state state;
    int64_t number;       /* NUMBER: thousandths; TRUTH: 0 or 1; WORD: place among its values;
                             DATE: day number; LIST: entries */
    struct view text;     /* TEXT */
    struct levels levels; /* LIST: the spinal levels among its entries */
};

/* What is known of the names in facts.def. */
struct claim_fact_row {
    struct view name;
    struct view need; /* "chart:" and the name */
    enum fact_type type;
    const char *values; /* of a WORD, with blanks between */
};
const struct claim_fact_row *claim_fact_row(enum claim_fact_name fact);
enum claim_fact_name claim_fact_find(struct view name); /* CLAIM_FACTS when there is none */
int claim_fact_word(enum claim_fact_name fact, struct view word); /* -1 */
/* The fact of a claim; unknown when the claim came without a chart. */
const struct claim_fact *claim_fact(const struct claim *claim, enum claim_fact_name fact);
enum truth claim_truth(const struct claim *claim, enum claim_fact_name fact);

/* L4-5, L4-L5, L5/S1 (a joint), L3 (a vertebra or its nerve); other words set `other`. */
void levels_add(struct levels *levels, struct view text);

struct claim_chart;

enum claim_got { CLAIM_END, CLAIM_READ, CLAIM_NOTICE, CLAIM_FAULT };

struct claim_fault {
    const char *rule;     /* "x12_envelope" or "x12_structure" for a notice, NULL for a fault */
    const char *severity; /* "error" or "review" for a notice */
    struct diag diag;
};

/* Payer and patient of the claim are known; the rest of it may not be read yet. */
typedef void claim_coming(void *context, const struct claim *claim);

/* The views live as long as the reader. */
struct claim_options {
    claim_coming *coming; /* told in front of an 837P's service lines, while there is time to fetch
                             what is known of the patient; NULL: nobody */
    void *coming_context;
    struct claim_chart *chart; /* joined to every claim; NULL: none. Outlives the reader */
    struct view file;      /* name for messages */
    struct view payer;     /* --payer PROFILE: wins over the input's */
    struct view csv_map;   /* content of the --map file; VIEW_NONE when none */
    int64_t first_ordinal; /* ordinal of the first claim, 1 when 0 */
};

typedef ptrdiff_t claim_source(void *context, char *to, ptrdiff_t size, struct diag *diag);

struct claim_reader;

/* Recognises the format from the first bytes. Errors: input_empty, input_unknown, those of the
 * source, memory. */
int claim_open(struct claim_reader **reader, claim_source *source, void *context,
               const struct claim_options *options, struct diag *diag) MUST_USE;
enum claim_got claim_next(struct claim_reader *reader) MUST_USE;
const struct claim *claim_now(const struct claim_reader *reader);
const struct claim_fault *claim_fault(const struct claim_reader *reader);
enum claim_format claim_format(const struct claim_reader *reader);
int64_t claim_bytes_read(const struct claim_reader *reader); /* for progress */
void claim_close(struct claim_reader *reader);

/* One claim from one JSON object (acceptance claim schema). Views live in `arena`.
 * Errors: json_syntax, claim_schema (the text names the key). */
int claim_from_json(struct claim *claim, struct view json, struct arena *arena,
                    struct diag *diag) MUST_USE;

/* A copy with lines of its own, room for CLAIM_LINES_MAX, so that a change can be tried; everything
 * else is shared with the claim. NULL: no memory. */
struct claim *claim_copy(const struct claim *claim, struct arena *arena) MUST_USE;

/* ---- charts beside claims (chart_file.c) -------------------------------------------------- */

/* What the chart says of claims of any format, joined to them by their id: claim JSON in which all
 * but `claim_id` may be missing. Read are documentation, history, prior_authorization, payer.state
 * and, of lines[] by their `line`, kind, dose_mg, container, minutes and prior_authorization.
 * A handle belongs to one thread at a time.
 *
 * Reads all of it. Ends with claim_chart_close.
 * Errors with line, column and byte: chart_format (no JSON), chart_duplicate (two entries of one
 * claim), json_syntax, json_too_large, claim_schema, no_claims, input_empty, those of the source,
 * memory. */
int claim_chart_open(struct claim_chart **chart, claim_source *source, void *context,
                     struct diag *diag) MUST_USE;
/* Puts what the chart knows into a claim, whose new parts live in `arena` and in the chart. A fact
 * of the documentation is the chart's where the chart has it; everything else is filled in only
 * where the claim has nothing. `arena->failed` tells that memory was refused. */
void claim_chart_apply(struct claim_chart *chart, struct claim *claim, struct arena *arena);

#define CLAIM_CHART_NAMES 5
/* What was not asked for by any claim so far. */
struct claim_chart_rest {
    int64_t entries; /* whose claim did not come */
    struct view ids[CLAIM_CHART_NAMES];
    int64_t lines; /* whose claim came without that line */
    struct view line_ids[CLAIM_CHART_NAMES];
    int line_numbers[CLAIM_CHART_NAMES];
};
/* In the order of the chart; views live as long as it. */
void claim_chart_rest(const struct claim_chart *chart, struct claim_chart_rest *rest);
void claim_chart_close(struct claim_chart *chart); /* NULL is fine */

/* ---- corrections of an 837P (draft.c, draft_repair.c, draft_patch.c) ----------------------- */

enum claim_change_kind {
    CHANGE_REPAIR, /* of the form alone */
    CHANGE_PATCH,  /* asked for by a patch */
    CHANGE_FOLLOWS /* must follow another change: the total, the numbers of lines */
};

/* An element written anew, or a whole service line that goes. */
struct claim_change {
    const struct claim_change *earlier; /* NULL: the first */
    enum claim_change_kind kind;
    const char *element; /* "SV101"; "2400" for the line */
    const char *rule;    /* of a repair and of what follows: rule or name of docs/FIX.md; or NULL */
    int line;            /* its number, 0: of the claim */
    int64_t byte;        /* in the file, and bytes of the file that go */
    int64_t size;
    int64_t segments; /* whole ones that go; 0: an element */
    struct view before; /* as the change found it */
    struct view after;
};

/* A claim of an 837P that is being corrected: the claim as it would be read, and the changes of the
 * file that make it so. Line numbers stay those of the file, so that findings can be compared. */
struct claim_draft {
    const struct claim *source;
    struct view file; /* all of it */
    struct arena *arena;
    struct claim claim;
    struct claim_line lines[CLAIM_LINES_MAX]; /* of `claim` */
    int origin[CLAIM_LINES_MAX];              /* their indexes in source->lines */
    const struct claim_change *changes;       /* the last */
};

/* `source`, `file` and the arena must outlive the draft; changes live in the arena. */
void claim_draft_open(struct claim_draft *draft, const struct claim *source, struct view file,
                      struct arena *arena);
void claim_draft_copy(struct claim_draft *to, const struct claim_draft *from);
/* Repairs the form of what begins behind byte `after`; what stands before was repaired with an
 * earlier claim. What and why: docs/FIX.md. */
void claim_draft_repair(struct claim_draft *draft, int64_t after);
/* Applies RFC 6902 operations as findings carry them: remove /lines/N; add, remove and replace
 * /lines/N/modifiers/M; replace /lines/N/units. N and M are indexes in draft->claim. On an error
 * the draft is half changed: work on a copy.
 * Errors: patch_syntax, patch_refused (the text says why), memory. */
int claim_draft_patch(struct claim_draft *draft, struct view patch, struct diag *diag) MUST_USE;
/* After the last patch: numbers the lines again if they were numbered from 1 in steps of one. */
void claim_draft_end(struct claim_draft *draft);
/* False for a change that a later one of the same bytes, or the removal of its line, replaced. */
bool claim_change_stands(const struct claim_draft *draft, const struct claim_change *change);
/* The service segment of a line of the source as the draft has it; nothing when it goes. */
void claim_draft_segment(const struct claim_draft *draft, int source_line, struct out *out);

/* Keys: hashes without a secret, equal for the same text in every run. */
uint64_t claim_text_key(struct view text); /* without blanks, hyphens, case; 0 for an empty one */
uint64_t claim_npi_key(struct view npi);   /* as claim_service.provider; 0 for an empty one */
/* The payer: hash of its id, else of its name, else of the profile; 0 unknown. */
uint64_t claim_payer_key(const struct claim *claim);
/* claim.patient_key of a patient who is no dependent; `birth` DATE_NONE when claims carry none. */
uint64_t claim_patient_key(struct view member, struct date birth);

/* Forms of identifiers. */
bool claim_npi_valid(struct view npi); /* ten digits, 1 or 2 first, check digit [npi-check] */
bool claim_taxonomy_valid(struct view taxonomy); /* nine of [0-9A-Z] and X */
bool claim_ndc_valid(struct view ndc);           /* 11 digits, or three hyphenated segments */

#endif
