/* Inside of rule: reading mappings by a table of their keys. */
#ifndef CLAIMVET_RULE_PARSE_H
#define CLAIMVET_RULE_PARSE_H

#include "rule/rule_internal.h"

#define KEYS_MAX 64        /* seen keys are bits */
#define TITLE_SIZE_MAX 80  /* fits a line of the report */
#define WORDS_SIZE_MAX 480

struct reading {
    const struct rule_text *file;
    const struct sources *sources;
    const struct yaml_node *root; /* of the rule in hand */
};

/* `to` is the object that the mapping describes: a rule, a citation, an example. */
typedef bool key_reader(struct reading *reading, const struct yaml_node *node, void *to);

struct key {
    const char *name;
    bool required;
    key_reader *read;
};

/* Reads an entry whose key is none of the table: 0 when it does not know it either, -1 when the
 * value is wrong (the diagnostic is filled), 1 when it is read. */
typedef int key_other(struct reading *reading, const struct yaml_node *entry, void *to);

/* `other` may be NULL; it gets `other_to`. */
bool keys_read(struct reading *reading, const struct yaml_node *map, const struct key *keys,
               int count, void *to, key_other *other, void *other_to);
int children_count(const struct yaml_node *node);
/* `max` 0: any number of entries. */
bool list_check(struct reading *reading, const struct yaml_node *node, int max);
/* One paragraph of at most `max` bytes. */
bool words_read(struct reading *reading, const struct yaml_node *node, int max,
                struct view *words);
/* Index of the word in the list, -1 (and the diagnostic) when it is none of them. */
int word_choose(struct reading *reading, const struct yaml_node *node, const char *const *words,
                int count, const char *all);
/* A whole number of 0 to 99999. */
bool count_read(struct reading *reading, const struct yaml_node *node, int32_t *count);
bool date_read(struct reading *reading, const struct yaml_node *node, struct date *date);
bool severity_read(struct reading *reading, const struct yaml_node *node,
                   enum rule_severity *severity);
bool state_read(struct reading *reading, const struct yaml_node *node, enum rule_state *state);
bool kind_read(struct reading *reading, const struct yaml_node *node, enum rule_kind *kind);
bool cites_read(struct reading *reading, const struct yaml_node *node, struct rule_cite *cites,
                int *count);

/* ---- policies (parse_policy.c, parse_tests.c) ---------------------------------------------- */

/* A check that says nothing yet. */
void check_blank(struct rule_check *check);
/* Keys of an entry of `parameters`; a rule may hold them too, for all its entries. A key_other. */
int policy_key_read(struct reading *reading, const struct yaml_node *entry, void *to);
/* The entries of `parameters` (NULL: one entry that says nothing), each on top of `common`. */
bool checks_read(struct reading *reading, const struct yaml_node *root,
                 const struct yaml_node *parameters, const struct rule_check *common,
                 struct rule *rule);
/* A code as it stands, or each of a list. */
bool codes_read(struct reading *reading, const struct yaml_node *node, struct rule_codes *codes);
bool names_read(struct reading *reading, const struct yaml_node *node, struct rule_names *names);
bool tests_read(struct reading *reading, const struct yaml_node *node, struct rule_tests *tests);

#endif
