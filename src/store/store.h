/* store: the reference store, one read-only little-endian image: dated tables and their releases.
 *
 * Every lookup takes a `store_when` and answers with a row and its proof: the release it comes from
 * and the window it holds in. Selection, the same for every table: of the rows whose release was
 * known at `as_of` and whose start is open or not after `on`, the one with the earliest end on or
 * after `on` (an open end is last); of equal ends the row of the newest release. An open start
 * means "on or before the release". `on` DATE_NONE asks for the rows without an end.
 * Deletion dates are the last active day [ncci-ptp-dates]. */
#ifndef CLAIMVET_STORE_H
#define CLAIMVET_STORE_H

#include "base/base.h"

struct store; /* opaque; lives in the arena it was opened with, the image must outlive it */

#define STORE_NO_CODE UINT32_MAX
#define STORE_NO_RELEASE UINT16_MAX
#define STORE_RELEASES_MAX 256

enum store_table {
    STORE_NCCI_PTP,  /* "ncci_ptp": practitioner pairs, also for ASC facility claims */
    STORE_MUE,       /* "mue": practitioner */
    STORE_AOC,       /* "aoc": add-on codes and their primaries */
    STORE_MPFS,      /* "mpfs": relative values and indicators */
    STORE_ICD10,     /* "icd10cm" */
    STORE_HCPCS,     /* "code_ended": procedure codes that are no longer valid */
    STORE_POS,       /* "pos" */
    STORE_MODIFIER,  /* "modifier" */
    STORE_DRUG,      /* "drug_unit" */
    STORE_FAMILY,    /* "family": anatomy of a code */
    STORE_PAYER,     /* "payer" */
    STORE_DX_REGION, /* "dx_region" */
    STORE_DX_SIDE,   /* "dx_side" */
    STORE_EXCLUDES1, /* "excludes1" */
    STORE_CODE_SET,  /* "code_set": named sets of procedure codes */
    /* Only in imported stores. A pair table, then sheets (below). */
    STORE_PTP_HOSPITAL, /* "ncci_ptp_hospital": outpatient hospital pairs */
#define SHEET(table, name) table,
#include "store/sheets.def"
#undef SHEET
    STORE_TABLES
};
#define STORE_FIRST_SHEET (STORE_PTP_HOSPITAL + 1)

struct store_when {
    struct date on;    /* date of service */
    struct date as_of; /* knowledge; DATE_NONE: everything in the store */
};

struct store_proof {
    uint16_t release; /* index, STORE_NO_RELEASE when none */
    struct date from; /* DATE_NONE: open */
    struct date to;   /* DATE_NONE: open */
};

struct store_release {
    enum store_table table;
    struct view table_name;
    struct view name;      /* "v30.2", "RVU26C" */
    struct date effective; /* first day it was published for */
    struct date through;   /* last day it is the newest for; later days make it stale */
    bool partial;          /* holds an extract: absence of a row proves nothing */
    struct view source;    /* file names, separated by commas */
    struct view sha256;    /* of the source files, hex, separated by commas */
    struct view note;
    int revision;          /* of replacement files: the highest wins */
    bool extract;          /* drawn for the starter's codes: says nothing of others */
    bool dated;            /* rows carry their own windows: the newest edition speaks of any day */
    int64_t rows;
};

/* Opens an image. Checks magic, version, size and the bounds of every section, nothing more.
 * Errors: store_not_a_store, store_version, store_damaged. */
int store_open(const struct store **store, struct view image, struct arena *arena,
               struct diag *diag) MUST_USE;
struct view store_starter(void);                 /* the image embedded in the program */
struct view store_hash(const struct store *store); /* "xxh3:0123456789abcdef" */
/* Recomputes the checksum and checks every offset and row. */
int store_verify(const struct store *store, struct diag *diag) MUST_USE;

int store_release_count(const struct store *store);
struct store_release store_release(const struct store *store, int index);
bool store_stale(const struct store *store, uint16_t release, struct date on);
struct view store_table_name(enum store_table table);
bool store_has(const struct store *store, enum store_table table); /* any row at all */

/* ---- procedure codes --------------------------------------------------------------------- */

uint32_t store_code_id(const struct store *store, struct code code); /* STORE_NO_CODE */
uint32_t store_code_count(const struct store *store);
struct code store_code(const struct store *store, uint32_t id);
/* Is the code one of those that extracts speak of? Every code of a starter store is. */
bool store_in_extract(const struct store *store, uint32_t id);
struct view store_label(const struct store *store, uint32_t id); /* our own words; may be empty */

/* A code that stopped being valid: the last valid day and what is used instead. */
struct store_ended {
    struct date last;       /* proof.to */
    struct code replacement; /* CODE_NONE */
    struct store_proof proof;
};
/* True when the code is known to be no longer valid on the day. */
bool store_ended(const struct store *store, uint32_t id, struct store_when when,
                 struct store_ended *ended);

/* ---- MPFS -------------------------------------------------------------------------------- */

struct store_mpfs {
    char status;        /* A, B, C, E, I, J, M, N, P, R, T, X */
    char pctc;          /* '0'..'9' */
    char global[4];     /* "000", "010", "090", "XXX", "YYY", "ZZZ", "MMM" and NUL */
    char multiple;      /* '0'..'9' multiple-procedure indicator */
    char bilateral;     /* '0','1','2','3','9' */
    char assistant;
    char cosurgeon;
    char team;
    char na_nonfacility; /* 'Y' when rarely or never done there */
    char na_facility;
    int32_t work;          /* RVU x 100 */
    int32_t pe_nonfacility;
    int32_t pe_facility;
    int32_t malpractice;
    int32_t total_nonfacility;
    int32_t total_facility;
    int32_t conversion; /* dollars x 10000 */
    int16_t pre_percent, intra_percent, post_percent;
    struct code endo_base;
    struct store_proof proof;
};
/* `modifier` CODE_NONE for the global row, "26" or "TC". */
bool store_mpfs(const struct store *store, uint32_t id, struct code modifier,
                struct store_when when, struct store_mpfs *row);
/* National amount of one unit in millionths of a dollar, before locality and modifiers: hundredths
 * of an RVU times ten-thousandths of the factor. */
static inline int64_t store_mpfs_millionths(const struct store_mpfs *row, bool facility) {
    return (int64_t)(facility ? row->total_facility : row->total_nonfacility) * row->conversion;
}
/* `percent` of that as money, rounded half up once, which is why millionths are added before. */
static inline struct money store_millionths_money(int64_t millionths, int64_t percent) {
    return (struct money){(millionths * percent + 500000) / 1000000};
}

/* ---- NCCI -------------------------------------------------------------------------------- */

struct store_pair {
    char indicator; /* '0', '1' */
    struct view reason; /* its rationale in the words of the file; only from the _rows functions */
    struct store_proof proof;
};
/* The row active on the day; indicator 9 never is [ncci-ptp-59]. Direction matters. */
bool store_pair(const struct store *store, uint32_t column1, uint32_t column2,
                struct store_when when, struct store_pair *row);
/* Every row of the pair that is known at `as_of` (DATE_NONE: in the store), in window order,
 * indicator '9' included, for display: their number. */
int store_pair_rows(const struct store *store, uint32_t column1, uint32_t column2,
                    struct date as_of, struct store_pair *rows, int rows_max);
/* The next column-2 code of a column-1 code that has rows, ascending. A cursor begins at 0; false
 * past the last. */
bool store_pair_next(const struct store *store, uint32_t column1, uint64_t *cursor,
                     uint32_t *column2);
/* The same for the outpatient hospital table. */
bool store_pair_hospital(const struct store *store, uint32_t column1, uint32_t column2,
                         struct store_when when, struct store_pair *row);
int store_pair_hospital_rows(const struct store *store, uint32_t column1, uint32_t column2,
                             struct date as_of, struct store_pair *rows, int rows_max);

struct store_mue {
    int32_t units;
    char mai; /* '1', '2', '3' */
    struct store_proof proof;
};
bool store_mue(const struct store *store, uint32_t id, struct store_when when,
               struct store_mue *row);

#define STORE_PRIMARY_CONTRACTOR UINT32_MAX /* CCCCC: the contractor defines the primaries */
struct store_addon {
    uint32_t primary; /* code id, or STORE_PRIMARY_CONTRACTOR */
    char type;        /* '1', '2', '3' */
    struct store_proof proof;
};
bool store_is_addon(const struct store *store, uint32_t id, struct store_when when);
/* The n-th active row of an add-on code, one a primary: false past the last. */
bool store_addon(const struct store *store, uint32_t addon, int n, struct store_when when,
                 struct store_addon *row);
/* The active row of that primary (or STORE_PRIMARY_CONTRACTOR); quicker than trying all. */
bool store_addon_primary(const struct store *store, uint32_t addon, uint32_t primary,
                         struct store_when when, struct store_addon *row);

/* ---- diagnoses --------------------------------------------------------------------------- */

struct store_dx {
    bool billable; /* false: a header, a longer code is needed */
    struct store_proof proof;
};
/* False when the code is not in the edition of the day. */
bool store_dx(const struct store *store, struct code dx, struct store_when when,
              struct store_dx *row);
/* The full edition of the day: false when the store has none, so that nothing can be said. */
bool store_dx_edition(const struct store *store, struct store_when when,
                      struct store_proof *proof);
/* The next diagnosis of any edition, ascending. A cursor begins at 0; false past the last. */
bool store_dx_next(const struct store *store, uint64_t *cursor, struct code *dx);
/* Codes that begin with `dx` and are billable on the day, for the fix: their number, up to max. */
int store_dx_below(const struct store *store, struct code dx, struct store_when when,
                   struct code *codes, int codes_max);

enum store_region { REGION_NONE, REGION_CT, REGION_LS, REGION_BOTH, REGION_UNSPECIFIED,
                    REGION_ANY };
/* The spinal region a diagnosis names (longest prefix wins); REGION_NONE: not a spine code. */
enum store_region store_dx_region(const struct store *store, struct code dx, struct store_when when,
                                  struct store_proof *proof);
/* 'L', 'R', 'B', 'U' (unspecified), 0: the code has no side. */
char store_dx_side(const struct store *store, struct code dx, struct store_when when,
                   struct store_proof *proof);
/* True when the two may not be reported together; `row` gets the two prefixes "M511/M5416". */
bool store_excludes1(const struct store *store, struct code a, struct code b,
                     struct store_when when, struct view *row, struct store_proof *proof);

/* ---- small tables ------------------------------------------------------------------------ */

enum store_modifier_flag {
    MODIFIER_VALID = 1,
    MODIFIER_BYPASS = 2,    /* one of the 44 NCCI modifiers */
    MODIFIER_ANATOMIC = 4,
    MODIFIER_DISTINCT = 8,  /* 59 XE XP XS XU */
    MODIFIER_EM_ONLY = 16,  /* 24 25 57 27 */
    MODIFIER_GLOBAL = 32,   /* 58 78 79 */
    MODIFIER_LAB_ONLY = 64, /* 91 */
    MODIFIER_SIDE_LEFT = 128,
    MODIFIER_SIDE_RIGHT = 256
};
/* Flags, 0 when the modifier is not known on the day. */
uint32_t store_modifier(const struct store *store, struct code modifier, struct store_when when,
                        struct store_proof *proof);

struct store_pos {
    bool facility;
    bool hospital_outpatient_or_inpatient; /* 19, 21, 22, 23 */
    struct store_proof proof;
};
bool store_pos(const struct store *store, struct code pos, struct store_when when,
               struct store_pos *row);

struct store_drug {
    int32_t unit_thousandths; /* size of one billing unit */
    struct code unit; /* MG, MCG, UNIT, ML */
    bool anesthetic;  /* local anesthetic */
    bool contrast;
    bool payable;     /* separately payable Part B drug (has a payment limit) */
    bool combination; /* dose_mg cannot be compared (betamethasone 3+3) */
    struct store_proof proof;
};
bool store_drug(const struct store *store, uint32_t id, struct store_when when,
                struct store_drug *row);

enum store_imaging { IMAGING_NONE, IMAGING_INCLUDED, IMAGING_SEPARATE, IMAGING_IS };
struct store_family {
    struct view family; /* family names of the notes labels: facet_mbb, facet_rfa, epidural_… */
    enum store_region region;
    enum store_imaging imaging; /* IMAGING_IS: the code itself is guidance */
    bool procedure;   /* takes part in sessions */
    bool addon_level; /* an additional level, nerve or body of its family */
    bool paired;      /* has a left and a right: a side is expected */
    bool evaluation;  /* an E/M code */
    bool laboratory;
    bool sedation;
    struct code primary; /* base code of an additional-level code */
    struct store_proof proof;
};
bool store_family(const struct store *store, uint32_t id, struct store_family *row);

/* Membership in a named set, e.g. "single_tpi"; sets are listed by store_code_sets. */
int store_code_set_count(const struct store *store);
struct view store_code_set_name(const struct store *store, int set);
/* n-th code of the set: false past the last. */
bool store_code_set_member(const struct store *store, int set, int n, uint32_t *id);

enum store_bilateral_convention { BILATERAL_UNKNOWN, BILATERAL_CMS_50, BILATERAL_AMA_TWICE,
                                  BILATERAL_RT_LT };
struct store_payer {
    struct view profile;
    bool medicare;
    bool ncci;                  /* follows NCCI pairs, add-ons and MUE */
    enum store_bilateral_convention bilateral;
    int32_t timely_days;        /* 0: not known; 365 means one calendar year */
    bool trial;                 /* the row rests on recalled knowledge */
    struct store_proof proof;
};
bool store_payer(const struct store *store, struct view profile, struct store_payer *row);
int store_payer_count(const struct store *store);
struct store_payer store_payer_at(const struct store *store, int index);
/* Profile for a payer id or, failing that, a claim filing indicator; VIEW_NONE when unknown. */
struct view store_payer_profile(const struct store *store, struct view payer_id,
                                struct code filing);

/* ---- payment ----------------------------------------------------------------------------- */

/* A contractor ("carrier") is five digits, a locality two, as in the GPCI file: "07302", "00".
 * Localities repeat across contractors: only both together are a place. The ZIP file says them in
 * the same form. Each lookup answers false when no row holds then. */
struct store_locality {
    struct code carrier, locality;
    int32_t work, practice_expense, malpractice; /* GPCI x 1000 */
    struct view state, name;
    struct store_proof proof;
};
bool store_locality(const struct store *store, struct code carrier, struct code locality,
                    struct store_when when, struct store_locality *row);
/* The place of a ZIP of five or nine digits, the first five count; another text has none.
 * `plus_four`: the ZIP is split between places: this is the one of its five digits, the full nine
 * decide, which are in another file. */
bool store_zip(const struct store *store, struct view zip, struct store_when when,
               struct code *carrier, struct code *locality, bool *plus_four,
               struct store_proof *proof);
/* Payment limit of a billing unit of a drug in dollars x 1000, and the patient's share in percent
 * x 1000, -1 where the file does not say it. False for a drug that is listed without a limit. */
bool store_asp(const struct store *store, struct code code, struct store_when when,
               int64_t *limit_mills, int64_t *coinsurance_milli_percent,
               struct store_proof *proof);
/* A package of a drug in the crosswalk. Billing units x 1000, INT64_MIN where not known: a store
 * made before `container_units` was kept has none. */
struct store_ndc {
    int64_t package_units;   /* of the whole package, as published: rounded up */
    int64_t container_units; /* of one vial, syringe or bag in it */
    int32_t containers;      /* in a package, 0 when not known */
    struct quantity size;    /* of a container in its own unit, millilitres of a liquid */
    struct store_proof proof;
};
/* `ndc`: eleven digits as a number. */
bool store_ndc(const struct store *store, uint64_t ndc, struct code code, struct store_when when,
               struct store_ndc *row);
/* Anesthesia conversion factor of a place, dollars a unit x 10000. */
bool store_anesthesia(const struct store *store, struct code carrier, struct code locality,
                      struct store_when when, int64_t *conversion_ten_thousandths,
                      struct store_proof *proof);
/* A figure of data/payment_rules.tsv by its name, such as "BILATERAL", in the unit named there
 * (percent, dollars, minutes, units) x 10000. `source` is a key of rules/sources.tsv; `trial`: the
 * figure was not read in it again. */
bool store_payment_rule(const struct store *store, const char *rule, struct store_when when,
                        int64_t *value_ten_thousandths, struct view *source, bool *trial,
                        struct store_proof *proof);
/* The amounts of a place as published (PFALL), for `modifier` CODE_NONE, "26", "TC" or "53". */
bool store_payment(const struct store *store, struct code code, struct code modifier,
                   struct code carrier, struct code locality, struct store_when when,
                   struct money *nonfacility, struct money *facility, struct store_proof *proof);
/* Any row of that file, in the order of the store: false past the last. */
struct store_payment_row {
    struct code code, modifier, carrier, locality;
    struct money nonfacility, facility; /* MONEY_NONE: not published */
    struct store_proof proof;
};
bool store_payment_at(const struct store *store, uint32_t row, struct store_payment_row *found);
/* Conversion factor of qualifying participants for the row, dollars x 10000. */
bool store_qpp_conversion(const struct store *store, struct code code, struct code modifier,
                          struct store_when when, int32_t *conversion, struct store_proof *proof);
/* What imaging is capped at in a place by the outpatient hospital rate. */
bool store_opps_cap(const struct store *store, struct code code, struct code modifier,
                    struct code carrier, struct code locality, struct store_when when,
                    struct money *nonfacility, struct money *facility, struct store_proof *proof);

/* ---- sheets ------------------------------------------------------------------------------ */

/* A sheet is a table that no check reads line by line: rows of typed cells, found by their first
 * column (and by the second where that is a key as well). The image describes its own columns. */
enum store_cell_type {
    CELL_CODE,   /* up to eight letters and digits; a key may be one */
    CELL_WIDE,   /* the same up to sixteen: one column, takes both keys */
    CELL_NUMBER, /* an integer scaled by 10^decimals; a key may be one */
    CELL_DAY,
    CELL_CHAR,   /* one character, 0: none */
    CELL_TEXT
};
struct store_column {
    const char *name;
    enum store_cell_type type;
    uint8_t decimals;
    uint8_t key; /* 1 first, 2 second, 0 no key; keys stand first */
};
#define STORE_COLUMNS_MAX 40
/* The columns that this program writes; NULL for a table that is no sheet. */
const struct store_column *store_sheet_columns(enum store_table table, int *count);

struct store_cell {
    enum store_cell_type type;
    uint8_t decimals;
    char character;
    struct code code;
    int64_t number; /* INT64_MIN: none */
    struct date day;
    struct view text; /* CELL_TEXT */
    char wide[17];    /* CELL_WIDE, ends with a NUL */
};
uint32_t store_sheet_rows(const struct store *store, enum store_table table);
/* Rows whose first key (and second, unless 0) is this: the first of them, and their number. Code
 * keys are the bits of the code. Rows of all editions are counted; see store_sheet_holds. */
uint32_t store_sheet_find(const struct store *store, enum store_table table, uint64_t key,
                          uint64_t key2, uint32_t *count);
/* Does the row hold then? */
bool store_sheet_holds(const struct store *store, enum store_table table, uint32_t row,
                       struct store_when when);
struct store_cell store_sheet_cell(const struct store *store, enum store_table table, uint32_t row,
                                   int column);
struct store_proof store_sheet_proof(const struct store *store, enum store_table table,
                                     uint32_t row);

/* ---- building ---------------------------------------------------------------------------- */

/* A store in the making: rows of all tables in memory, each with the editions that have it.
 * Failures are sticky (memory, limits): add freely, store_draft_image says what went wrong. */
struct store_draft;

/* What one file, or the slices of one set of files, says. The newest edition that speaks of a key
 * decides; a full edition speaks of every key, a partial one of those it has. Dated rows carry
 * their own window. Rows without one hold in the window of the edition, cut where the next
 * edition that speaks of their key begins. */
struct store_edition {
    enum store_table table;
    struct view name;      /* "v30.2", "RVU26C", "FY2026": one of its table */
    int revision;          /* the higher replaces the lower */
    int rank;              /* of files with one revision that say the same in another form, or
                              again in a later release: the higher replaces the lower */
    struct date effective; /* first day it is published for */
    struct date through;   /* last day it is the newest for by its schedule */
    struct date from;      /* window of rows without one of their own, DATE_NONE: open */
    struct date to;
    bool dated;            /* rows carry their own windows (PTP, add-on codes) */
    bool partial;
    struct view note;
};
struct store_source {
    struct view name;   /* file name without folder */
    struct view sha256; /* hex */
    int slice, slices;  /* f2 of 4: 2, 4; a whole file: 1, 1. Partial until all slices are there */
};
enum store_begin {
    STORE_BEGIN_NEW,      /* add its rows, then store_draft_end */
    STORE_BEGIN_KNOWN,    /* the same bytes are in the store already: skip the file */
    STORE_BEGIN_REPLACED, /* a higher revision is in the store: skip the file */
    STORE_BEGIN_CONFLICT  /* other bytes under the same name and revision: refuse */
};

/* Starts from the rows of `base` (the starter store, or the store that grows). NULL: no memory. */
struct store_draft *store_draft_open(const struct store *base) MUST_USE;
void store_draft_close(struct store_draft *draft);
/* Rows that follow belong to this edition and source until store_draft_end or _abandon. */
enum store_begin store_draft_begin(struct store_draft *draft, const struct store_edition *edition,
                                   const struct store_source *source);
void store_draft_end(struct store_draft *draft);
void store_draft_abandon(struct store_draft *draft); /* forgets the rows since the begin */
bool store_draft_failed(const struct store_draft *draft);

/* Rows of the edition begun. Dates: DATE_NONE is open. Codes must be given. */
void store_draft_pair(struct store_draft *draft, struct code column1, struct code column2,
                      struct date from, struct date to, char indicator, uint8_t reason);
/* A number for the rationale of pairs, 0 for none; the same words give the same number. */
uint8_t store_draft_reason(struct store_draft *draft, struct view words);
void store_draft_mue(struct store_draft *draft, struct code code, int32_t units, char mai);
/* `primary` CCCCC: defined by the contractor. */
void store_draft_addon(struct store_draft *draft, struct code addon, struct code primary,
                       struct date from, struct date to, char type);
/* proof is ignored; modifier CODE_NONE, 26, TC or 53 */
void store_draft_mpfs(struct store_draft *draft, struct code code, struct code modifier,
                      const struct store_mpfs *row);
void store_draft_dx(struct store_draft *draft, struct code dx, bool billable);
/* The edition says that the code is no longer one: a partial edition that lacks it says nothing. */
void store_draft_dx_deleted(struct store_draft *draft, struct code dx);
void store_draft_ended(struct store_draft *draft, struct code code, struct date last,
                       struct code replacement);
/* One cell a column, keys first, in the order of store_sheet_columns: code bits, numbers as
 * int64_t, days as their number, characters, texts as store_draft_text gives them; a CELL_WIDE
 * takes two. No value: 0 for codes, characters and texts, INT64_MIN for numbers, INT32_MIN for
 * days. A dated edition's rows take the window, others ignore it. */
void store_draft_row(struct store_draft *draft, struct date from, struct date to,
                     const uint64_t *cells, int count);
uint64_t store_draft_text(struct store_draft *draft, struct view text);
/* A short descriptor for a code (the user's own licence), replaces none of ours. */
void store_draft_label(struct store_draft *draft, struct code code, struct view label);
/* The user has accepted the licence of a code set ("ama_cpt"): recorded in the store. */
void store_draft_license(struct store_draft *draft, struct view license);

/* Orders, resolves editions, packs. The image lives as long as the draft. The same rows give the
 * same bytes, whatever the order they came in. */
int store_draft_image(struct store_draft *draft, struct view *image, struct diag *diag) MUST_USE;
/* Compares a store with one made of official files alone: every row of their editions must be in
 * the store and, where all sources of an edition are among them, no other. Calls `differs` for each
 * difference (`row` is its key), answers with the rows compared; -1 without memory. */
typedef void store_differs(void *context, enum store_table table, struct view release,
                           struct view row, const char *what);
int64_t store_compare(const struct store *store, const struct store *files, store_differs *differs,
                      void *context) MUST_USE;
/* Licences recorded in a store, by number: VIEW_NONE past the last. */
struct view store_license(const struct store *store, int index);

#endif
