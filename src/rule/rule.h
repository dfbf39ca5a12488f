/* rule: rule files (YAML) -> checked rule set. A rule carries its words and its proof; the check
 * behind it is a `kind` written in C (room audit). A kind of the policies takes parameters: one
 * rule has one check for each entry of them. */
#ifndef CLAIMVET_RULE_H
#define CLAIMVET_RULE_H

#include "base/base.h"
#include "claim/claim.h"
#include "store/store.h"

enum rule_severity { RULE_ERROR, RULE_WARN, RULE_REVIEW, RULE_INFO };
enum rule_state { RULE_TRIAL, RULE_STABLE, RULE_RETIRED };

#define RULE_CITES_MAX 6
#define RULE_RARCS_MAX 4

struct rule_cite {
    struct view key;     /* row of rules/sources.tsv */
    struct view section;
    struct view url;     /* from sources.tsv */
};

struct rule_example {
    struct view title;
    struct view claim; /* JSON text of the claim that is judged; empty when `x12` is given */
    struct view x12;   /* an interchange, for rules about files; empty when `claim` is given */
    const struct view *earlier; /* JSON texts of claims that are read before it */
    int earlier_count;
    bool fires;
    bool not_evaluated; /* does not fire, for want of a fact */
};

/* ---- checks of policies ------------------------------------------------------------------ */

enum rule_kind {
#define KIND(name, about) RULE_KIND_##name,
#define POLICY(name, about) RULE_KIND_##name,
#include "rule/kinds.def"
    RULE_KINDS
};
#define RULE_KIND_FIRST_POLICY RULE_KIND_session_limit

enum rule_number {
#define NUMBER(name, unit, about) RULE_##name,
#include "rule/policy.def"
    RULE_NUMBERS
};
enum rule_codes_name {
#define CODES(name, about) RULE_##name,
#include "rule/policy.def"
    RULE_CODE_LISTS
};
enum rule_names_name {
#define NAMES(name, about) RULE_##name,
#include "rule/policy.def"
    RULE_NAME_LISTS
};
enum rule_tests_name {
#define TESTS(name, about) RULE_##name,
#include "rule/policy.def"
    RULE_TEST_LISTS
};

struct rule_codes {
    const struct code *at;
    int count;
};
struct rule_names {
    const struct view *at;
    int count;
};

enum rule_subject { TEST_FACT, TEST_SERVICE, TEST_DIAGNOSIS, TEST_ANY };
enum rule_service_field {
#define SERVICE(NAME, name, truth, about) SERVICE_##NAME,
#include "rule/policy.def"
    SERVICE_FIELDS
};
/* Of a truth, `number` is 0 or 1; other numbers are in thousandths. */
enum rule_operator {
#define OPERATOR(NAME, name, about) TEST_##NAME,
#include "rule/policy.def"
    TEST_OPERATORS
};

/* One condition. Its answer is yes, no or unknown. */
struct rule_test {
    enum rule_subject subject;
    int field; /* enum claim_fact_name or rule_service_field */
    enum rule_operator operator;
    int64_t number;            /* IS of a truth: 0 or 1 */
    uint64_t words;            /* IS of a word: bits of its values */
    struct rule_names texts;   /* IS of a text, any of them, capitals or not */
    struct levels levels;      /* NAMES_LEVEL */
    struct rule_codes codes;   /* diagnoses: beginnings */
    const struct rule_test *any; /* alternatives */
    int any_count;
};
struct rule_tests {
    const struct rule_test *at;
    int count;
};

enum rule_same { RULE_SAME_REGION = 1, RULE_SAME_SIDE = 2, RULE_SAME_LEVEL = 4,
                 RULE_SAME_CODE = 8 };

/* An entry of `parameters`. */
struct rule_check {
    const struct rule *rule;
    int index; /* among the checks of its set, from 0 */
    enum rule_kind kind;
    enum rule_severity severity;
    enum rule_state state;
    struct date since; /* DATE_NONE: open */
    struct date until;
    int32_t number[RULE_NUMBERS]; /* -1: not given */
    struct rule_codes codes[RULE_CODE_LISTS];
    struct rule_names names[RULE_NAME_LISTS];
    struct rule_tests tests[RULE_TEST_LISTS];
    uint32_t claim_types; /* bits of enum claim_type, 0: all */
    uint32_t regions;     /* bits of enum store_region, 0: all */
    uint32_t intents;     /* bits of enum claim_kind, 0: all */
    uint32_t history_intents;
    uint32_t same;        /* rule_same: what the lines, or earlier services, must share */
    struct view lcd;      /* family of rules/lcd.tsv; empty: no such policy is asked for */
    bool silent_when_missing; /* of `when`, or without that of `require`: leaves no question open */
    bool window_given;        /* since or until stand in the entry */
    struct view message;  /* in place of the rule's title */
    struct view fix;      /* in place of the rule's fix */
    struct rule_cite cites[RULE_CITES_MAX]; /* beside those of the rule */
    int cite_count;
    struct view json_cite; /* pre-rendered: `"cite":[…]`, its own and the rule's */
    int line, column;     /* of the entry in its file */
};

/* ---- rules ------------------------------------------------------------------------------- */

struct rule {
    struct view id;
    int index; /* position in its set, from 0 */
    int version;
    int overrides; /* version of the standard rule it was made from; 0: it stands in for none */
    bool own;      /* of the user's files, not of the program */
    struct view title;
    enum rule_severity severity;
    enum rule_state state;
    struct view kind;
    enum rule_kind kind_number;
    bool window_given; /* since or until stand there, if only as "open" */
    const struct rule_check *checks; /* of a policy kind */
    int check_count;
    struct view why;     /* one or two sentences for a person */
    struct view fix;     /* what to do, in general */
    struct date since;   /* DATE_NONE: open */
    struct date until;
    struct rule_cite cites[RULE_CITES_MAX];
    int cite_count;
    struct view group;   /* CO, PR, OA; empty when the payer's answer is not known */
    struct view carc;
    struct view rarcs[RULE_RARCS_MAX];
    int rarc_count;
    const struct rule_example *examples;
    int example_count;
    struct view file;    /* for messages */
    int line;
    struct view json; /* pre-rendered: `"rule":"…","rule_version":1` */
    struct view json_why; /* pre-rendered: `"why":"…"` */
    struct view json_cite; /* pre-rendered: `"cite":[…]` */
    struct view json_expect; /* pre-rendered: `"expect":{…}`; empty when the answer is not known */
};

/* A coverage policy of a contractor and its billing article. */
struct rule_lcd {
    struct view family; /* facet, esi, si, tpi … */
    struct view document;
    struct view article;
    struct view contractor;
    struct view states; /* "CA HI NV" */
    struct date from;   /* DATE_NONE: open */
    struct date to;
};
/* What a list says of a diagnosis, that is of every code that begins so; the longest beginning
 * decides. A list without a row for all the others rejects them. */
enum rule_cover { COVER_REJECT, COVER_REVIEW, COVER_ACCEPT };
struct rule_covered {
    struct view list;
    struct code prefix; /* CODE_NONE: all that the list does not name */
    enum rule_cover cover;
    bool trial;
    struct view source; /* key of sources.tsv */
    struct date from;
    struct date to;
};
/* An id that was used and is not used again. */
struct rule_gone {
    struct view id;
    struct date since;
    struct view why;
};
struct rule_tables {
    struct rule_lcd *lcds;
    int lcd_count;
    struct rule_covered *covered;
    int covered_count;
    struct rule_gone *gone;
    int gone_count;
};

struct rule_set;

/* A file by its name: rules (YAML), or a table: sources.tsv, lcd.tsv, covered_dx.tsv,
 * retired.tsv. */
struct rule_file {
    struct view name;
    struct view text;
};
/* Told what is wrong, one after another. */
typedef void rule_tell(void *to, const struct diag *diag);

struct rule_options {
    const struct rule_file *own; /* the user's files: they add to the embedded ones */
    int own_count;
    bool alone; /* without the embedded rules and tables */
    bool lean;  /* the embedded rules without their examples, which are most of their text */
    rule_tell *tell; /* what is wrong is told and left out; NULL: the first ends the reading */
    void *tell_to;
};

/* A set of the rules embedded in the program and those of the user. One of the user takes the place
 * of a standard rule when it says so by `overrides`. The texts must live as long as the set.
 * Errors carry line and column, the text begins with file:line:column and `diag.shown` holds the
 * line with a caret below the place: rule_syntax, rule_value (a value of the wrong form),
 * rule_unknown_key, rule_missing_key, rule_duplicate, rule_overrides, rule_unknown_source,
 * rule_sources (sources.tsv itself), rule_table, memory. */
int rule_set_make(const struct rule_set **set, const struct rule_options *options,
                  struct arena *arena, struct diag *diag) MUST_USE;
/* The rules embedded in the program. */
int rule_set_standard(const struct rule_set **set, struct arena *arena,
                      struct diag *diag) MUST_USE;
/* Nothing but these texts, `sources` among them: for tests. */
int rule_set_open(const struct rule_set **set, const struct view *texts, const struct view *names,
                  int count, struct view sources, struct arena *arena, struct diag *diag) MUST_USE;
/* Rules that override another version of a standard rule than the one there is. */
int rule_warning_count(const struct rule_set *set);
const struct diag *rule_warning_at(const struct rule_set *set, int index);
/* Looks for what the reader lets pass, in the user's rules or, without those, in all: names that
 * the store does not know, ids that are retired, days for which a dated value is missing or there
 * twice. Returns how much was told. */
int rule_lint(const struct rule_set *set, const struct store *store, struct arena *arena,
              rule_tell *tell, void *to);
const struct rule *rule_find(const struct rule_set *set, struct view id); /* NULL */
int rule_count(const struct rule_set *set);
const struct rule *rule_at(const struct rule_set *set, int index);
/* All checks of all rules that are not retired, by their index. */
int rule_check_count(const struct rule_set *set);
const struct rule_check *rule_check_at(const struct rule_set *set, int index);
const struct rule_tables *rule_tables_of(const struct rule_set *set);
struct view rule_severity_name(enum rule_severity severity);
struct view rule_state_name(enum rule_state state);

/* ---- the language, for those who print it (language.c, words.c) ---------------------------- */

enum rule_key_type {
    KEY_NUMBER,
    KEY_CODES,
    KEY_NAMES,
    KEY_TESTS,
    KEY_WORDS,
    KEY_TEXT,
    KEY_CHOICE
};

/* What an entry of `parameters` may say. */
struct rule_key {
    struct view name;
    enum rule_key_type type;
    int at;             /* number, list, or first bit of the words */
    ptrdiff_t member;   /* offset in struct rule_check; of KEY_WORDS, KEY_TEXT, KEY_CHOICE */
    const char *unit;   /* of a number, else NULL */
    const char *values; /* of KEY_WORDS and KEY_CHOICE, with ", " between, else NULL */
    const char *about;
};
enum rule_taken { TAKEN_NOT, TAKEN_MAY, TAKEN_MUST };

int rule_key_count(void);
const struct rule_key *rule_key_at(int index);
/* Every kind has it: which lines it looks at. */
bool rule_key_scope(const struct rule_key *key);
enum rule_taken rule_kind_takes(enum rule_kind kind, const struct rule_key *key);
bool rule_key_given(const struct rule_check *check, const struct rule_key *key);
struct view rule_kind_name(enum rule_kind kind);
const char *rule_kind_about(enum rule_kind kind);
bool rule_kind_find(struct view name, enum rule_kind *kind);
struct view rule_operator_name(enum rule_operator operator);
const char *rule_operator_about(enum rule_operator operator);
struct view rule_service_name(enum rule_service_field field);
const char *rule_service_about(enum rule_service_field field);
bool rule_service_is_truth(enum rule_service_field field);

/* The value that an entry gives a key: as words, as JSON. */
void rule_value_words(struct out *out, const struct rule_check *check, const struct rule_key *key);
void rule_value_json(struct out *out, const struct rule_check *check, const struct rule_key *key);
void rule_joints_words(struct out *out, uint32_t joints); /* "T12-L1" */
/* One JSON object, without a line end. */
void rule_dump(struct out *out, const struct rule *rule);
/* What two versions of a rule say differently: `before` or `after` is empty when one has it not. */
typedef void rule_change(void *to, struct view what, struct view before, struct view after);
bool rule_compare(const struct rule *before, const struct rule *after, struct arena *arena,
                  rule_change *tell, void *to); /* false: out of memory */
/* Text of the document that the rule was read from, from its first key to the next rule. */
struct view rule_block(const struct rule_set *set, const struct rule *rule);
/* A rule of that kind to begin with, VIEW_NONE when the kind takes no parameters. */
struct view rule_template(enum rule_kind kind);

#endif
