/* rule: rule files (YAML) -> checked rule set. A rule carries its words and its proof; the check
 * behind it is a `kind` written in C (room audit). */
#ifndef CLAIMVET_RULE_H
#define CLAIMVET_RULE_H

#include "base/base.h"

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
};

struct rule {
    struct view id;
    int index; /* position in its set, from 0 */
    int version;
    struct view title;
    enum rule_severity severity;
    enum rule_state state;
    struct view kind;
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

struct rule_set;

/* Parses all rules of the texts; `sources` is the content of rules/sources.tsv. The set keeps
 * views on the arena only. Errors carry line and column, the text begins with file:line:column and
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
struct view rule_severity_name(enum rule_severity severity);
struct view rule_state_name(enum rule_state state);

#endif
