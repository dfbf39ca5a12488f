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
    SERVICE_RELIEF_PERCENT,
    SERVICE_RELIEF_HOURS,
    SERVICE_RELIEF_MONTHS, /* or weeks, as the history has them */
    SERVICE_DAYS_BEFORE,   /* days from it to the service in hand */
    SERVICE_ADL_IMPROVEMENT,
    SERVICE_SAME_APPROACH,
    SERVICE_SAME_LEVEL,
    SERVICE_SAME_STEROID,
    SERVICE_FIELDS
};
enum rule_operator {
    TEST_GIVEN,    /* number 1: stands in the chart, 0: does not */
    TEST_IS,       /* truth, word, text */
    TEST_IS_NOT,
    TEST_AT_LEAST, /* numbers in thousandths */
    TEST_AT_MOST,
    TEST_ABOVE,
    TEST_BELOW,
    TEST_NAMES_LEVEL, /* the list has that joint */
    TEST_NOT_LEVEL,   /* it has not */
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
struct rule_tables {
    struct rule_lcd *lcds;
    int lcd_count;
    struct rule_covered *covered;
    int covered_count;
};

struct rule_set;

/* Parses all rules of the texts, and the tables among them: files named lcd.tsv and covered_dx.tsv.
 * `sources` is the content of rules/sources.tsv. The set keeps views on the arena only. Errors carry line and column, the text begins with file:line:column and
 * `diag.shown` holds the line with a caret below the place: rule_syntax, rule_value (a value of the
 * wrong form), rule_unknown_key, rule_missing_key, rule_duplicate, rule_unknown_source,
 * rule_sources (sources.tsv itself), memory. */
int rule_set_open(const struct rule_set **set, const struct view *texts, const struct view *names,
                  int count, struct view sources, struct arena *arena, struct diag *diag) MUST_USE;
/* The rules embedded in the program. */
int rule_set_standard(const struct rule_set **set, struct arena *arena, struct diag *diag) MUST_USE;
const struct rule *rule_find(const struct rule_set *set, struct view id); /* NULL */
int rule_count(const struct rule_set *set);
const struct rule *rule_at(const struct rule_set *set, int index);
/* All checks of all rules that are not retired, by their index. */
int rule_check_count(const struct rule_set *set);
const struct rule_check *rule_check_at(const struct rule_set *set, int index);
const struct rule_tables *rule_tables_of(const struct rule_set *set);
/* Names of the tables of the language, for messages and `rules show`. */
struct view rule_kind_name(enum rule_kind kind);
struct view rule_number_name(enum rule_number number);
struct view rule_operator_name(enum rule_operator operator);
struct view rule_service_name(enum rule_service_field field);
struct view rule_severity_name(enum rule_severity severity);
struct view rule_state_name(enum rule_state state);

#endif
