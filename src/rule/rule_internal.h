/* Inside of rule: YAML as a tree with places, and what reading a rule needs. */
#ifndef CLAIMVET_RULE_INTERNAL_H
#define CLAIMVET_RULE_INTERNAL_H

#include "rule/rule.h"

/* A rule is shallow; whoever nests deeper than this means something else. */
#define YAML_DEPTH_MAX 24

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

/* Nodes live in the arena. Aliases, tags and keys that are no scalars are refused. */
struct yaml_node {
    enum yaml_kind kind;
    bool plain;                  /* scalar without quotes and not a block */
    int64_t line, column;        /* from 1 */
    struct view text;            /* scalar */
    const struct yaml_node *key; /* of an entry of a map */
    struct yaml_node *child;     /* first element or entry */
    struct yaml_node *next;
};

/* The file that is read, for places in messages. */
struct rule_text {
    struct view name;
    struct view text;
    struct arena *arena;
    struct diag *diag;
    struct out *scratch; /* empty between uses */
    bool lean;           /* examples were left out */
};

/* Fills the diagnostic for a place of the file and returns false. */
__attribute__((format(printf, 5, 6))) bool text_refuse(const struct rule_text *file,
                                                       const char *code, int64_t line,
                                                       int64_t column, const char *format, ...);
#define NODE_REFUSE(file, node, code, ...)                                                         \
    text_refuse((file), (code), (node)->line, (node)->column, __VA_ARGS__)

struct yaml_reader;

/* Documents of a file one after another: *root is NULL after the last. */
struct yaml_reader *yaml_open(const struct rule_text *file);
bool yaml_next(struct yaml_reader *reader, const struct yaml_node **root);
void yaml_close(struct yaml_reader *reader);

/* A claim written as YAML, as JSON text. Plain scalars that look like JSON numbers, true, false and
 * null keep their type; all others are strings. */
bool yaml_to_json(const struct rule_text *file, const struct yaml_node *node, struct view *json);

struct source {
    struct view key, title, url, edition, certainty;
};
struct sources {
    const struct source *rows;
    int count;
};
/* Adds the rows of a file behind those that are there. */
bool sources_read(const struct rule_text *file, struct sources *sources);
const struct source *sources_find(const struct sources *sources, struct view key);

/* Is that the file's name, without its folders? */
bool file_is(struct view path, struct view name);
/* The text of a file of the set; empty when there is none. */
struct view rule_file_text(const struct rule_set *set, struct view name);
bool rule_set_has_own(const struct rule_set *set);
/* Reads a table when the file is one by its name (`*known`), otherwise does nothing. */
bool tables_read(const struct rule_text *file, struct rule_tables *tables, bool *known);

/* One document -> one rule. */
bool rule_read(const struct rule_text *file, const struct sources *sources,
               const struct yaml_node *root, struct rule *rule);
/* Pre-renders the JSON pieces of a rule. */
bool rule_render(const struct rule_text *file, struct rule *rule);
/* Copies what `scratch` holds into the arena and empties it: false when memory is refused. */
bool scratch_take(const struct rule_text *file, struct view *text);
bool memory_refuse(const struct rule_text *file); /* fills the diagnostic and returns false */

/* Made by tools/embed.py from the folder rules/. */
extern const struct view rules_embedded_names[];
extern const struct view rules_embedded_texts[];
extern const int rules_embedded_count;

#endif
