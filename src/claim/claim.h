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
enum claim_kind { KIND_UNKNOWN, KIND_DX, KIND_TX, KIND_RFA, KIND_CYST };

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

struct claim_other_payer { /* loops 2320 to 2330 and 2430 */
    char order;            /* P, S, T, … (SBR01) */
    struct view id;
    struct money paid;
    const struct claim_adjustment *adjustments;
    int adjustment_count;
};

struct claim {
    enum claim_format format;
    struct view id;  /* CLM01 */
    int64_t ordinal; /* claims of this run, from 1 */
    enum claim_type type;
    struct claim_place at; /* CLM */

    struct view payer_profile; /* JSON payer.profile or --payer; empty when not given */
    struct view payer_name;
    struct view payer_id; /* NM109 of 2010BB */
    struct view payer_state;
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

    bool history_known;       /* JSON "history" present, even when empty */
    bool documentation_known; /* JSON "documentation" present */
    enum truth em_separate_note;
};

enum claim_got { CLAIM_END, CLAIM_READ, CLAIM_NOTICE, CLAIM_FAULT };

struct claim_fault {
    const char *rule;     /* "x12_envelope" or "x12_structure" for a notice, NULL for a fault */
    const char *severity; /* "error" or "review" for a notice */
    struct diag diag;
};

/* The views live as long as the reader. */
struct claim_options {
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

/* Forms of identifiers. */
bool claim_npi_valid(struct view npi); /* ten digits, 1 or 2 first, check digit [npi-check] */
bool claim_taxonomy_valid(struct view taxonomy); /* nine of [0-9A-Z] and X */
bool claim_ndc_valid(struct view ndc);           /* 11 digits, or three hyphenated segments */

#endif
