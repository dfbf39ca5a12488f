/* Entries of `parameters`: which lines a check of a policy looks at, and its numbers. */
#include "rule/parse.h"

void check_blank(struct rule_check *check) {
    *check = (struct rule_check){.since = DATE_NONE, .until = DATE_NONE, .lcd = VIEW("")};
    for (int i = 0; i < RULE_NUMBERS; i++) {
        check->number[i] = -1;
    }
}

/* ---- lists of words ---------------------------------------------------------------------- */

/* A single value reads as a list of one. */
static const struct yaml_node *first_of(const struct yaml_node *node) {
    return node->kind == YAML_LIST ? node->child : node;
}

static bool list_or_one(struct reading *reading, const struct yaml_node *node) {
    return node->kind != YAML_MAP && first_of(node)
               ? true
               : NODE_REFUSE(reading->file, node, "rule_value", "must be a value or a list");
}

static const struct yaml_node *next_of(const struct yaml_node *list, const struct yaml_node *node) {
    return list->kind == YAML_LIST ? node->next : NULL;
}

bool names_read(struct reading *reading, const struct yaml_node *node, struct rule_names *names) {
    if (!list_or_one(reading, node)) {
        return false;
    }
    int count = node->kind == YAML_LIST ? children_count(node) : 1;
    struct view *at = ARENA_NEW(reading->file->arena, struct view, count);
    if (!at) {
        return memory_refuse(reading->file);
    }
    *names = (struct rule_names){at, 0};
    for (const struct yaml_node *child = first_of(node); child; child = next_of(node, child)) {
        if (!words_read(reading, child, TITLE_SIZE_MAX, &at[names->count++])) {
            return false;
        }
    }
    return true;
}

bool codes_read(struct reading *reading, const struct yaml_node *node, struct rule_codes *codes) {
    if (!list_or_one(reading, node)) {
        return false;
    }
    int count = node->kind == YAML_LIST ? children_count(node) : 1;
    struct code *at = ARENA_NEW(reading->file->arena, struct code, count);
    if (!at) {
        return memory_refuse(reading->file);
    }
    *codes = (struct rule_codes){at, 0};
    for (const struct yaml_node *child = first_of(node); child; child = next_of(node, child)) {
        at[codes->count] = child->kind == YAML_SCALAR ? code_from(child->text) : CODE_NONE;
        if (!code_given(at[codes->count++])) {
            return NODE_REFUSE(reading->file, child, "rule_value",
                               "must be a code of letters and digits, in quotes, without a dot");
        }
    }
    return true;
}

/* Number of the word in a list such as "dx, tx, rfa": -1 and the diagnostic when it is none. */
static int value_choose(struct reading *reading, const struct yaml_node *node, const char *values) {
    struct view rest = view_of(values);
    for (int i = 0; node->kind == YAML_SCALAR && rest.at; i++) {
        if (view_equal(view_trim(view_cut(&rest, ',')), node->text)) {
            return i;
        }
    }
    NODE_REFUSE(reading->file, node, "rule_value", "must be one of %s", values);
    return -1;
}

/* Words of a fixed list as bits. */
static bool bits_read(struct reading *reading, const struct yaml_node *node,
                      const struct rule_key *key, uint32_t *bits) {
    if (!list_or_one(reading, node)) {
        return false;
    }
    *bits = 0;
    for (const struct yaml_node *child = first_of(node); child; child = next_of(node, child)) {
        int chosen = value_choose(reading, child, key->values);
        if (chosen < 0) {
            return false;
        }
        *bits |= UINT32_C(1) << (chosen + key->at);
    }
    return true;
}

/* ---- keys -------------------------------------------------------------------------------- */

static bool value_read(struct reading *reading, const struct yaml_node *node,
                       const struct rule_key *key, struct rule_check *check) {
    void *member = (char *)check + key->member;
    int chosen = 0;
    switch (key->type) {
    case KEY_NUMBER: return count_read(reading, node, &check->number[key->at]);
    case KEY_CODES: return codes_read(reading, node, &check->codes[key->at]);
    case KEY_NAMES: return names_read(reading, node, &check->names[key->at]);
    case KEY_TESTS: return tests_read(reading, node, &check->tests[key->at]);
    case KEY_WORDS: return bits_read(reading, node, key, member);
    case KEY_TEXT: return words_read(reading, node, TITLE_SIZE_MAX, member);
    default:
        chosen = value_choose(reading, node, key->values);
        *(bool *)member = chosen == 1;
        return chosen >= 0;
    }
}

int policy_key_read(struct reading *reading, const struct yaml_node *entry, void *to) {
    for (int i = 0; i < rule_key_count(); i++) {
        const struct rule_key *key = rule_key_at(i);
        if (view_equal(entry->key->text, key->name)) {
            return value_read(reading, entry, key, to) ? 1 : -1;
        }
    }
    return 0;
}

static bool read_kind(struct reading *reading, const struct yaml_node *node, void *to) {
    return kind_read(reading, node, &((struct rule_check *)to)->kind);
}

static bool read_severity(struct reading *reading, const struct yaml_node *node, void *to) {
    return severity_read(reading, node, &((struct rule_check *)to)->severity);
}

static bool read_status(struct reading *reading, const struct yaml_node *node, void *to) {
    return state_read(reading, node, &((struct rule_check *)to)->state);
}

static bool read_since(struct reading *reading, const struct yaml_node *node, void *to) {
    ((struct rule_check *)to)->window_given = true;
    return date_read(reading, node, &((struct rule_check *)to)->since);
}

static bool read_until(struct reading *reading, const struct yaml_node *node, void *to) {
    ((struct rule_check *)to)->window_given = true;
    return date_read(reading, node, &((struct rule_check *)to)->until);
}

static bool read_message(struct reading *reading, const struct yaml_node *node, void *to) {
    return words_read(reading, node, TITLE_SIZE_MAX, &((struct rule_check *)to)->message);
}

static bool read_fix(struct reading *reading, const struct yaml_node *node, void *to) {
    return words_read(reading, node, WORDS_SIZE_MAX, &((struct rule_check *)to)->fix);
}

static bool read_cite(struct reading *reading, const struct yaml_node *node, void *to) {
    struct rule_check *check = to;
    return cites_read(reading, node, check->cites, &check->cite_count);
}

/* ---- what a kind takes ------------------------------------------------------------------- */

/* The key where it stands: in the entry, else in the head of the rule; else the entry. */
static const struct yaml_node *key_place(const struct reading *reading,
                                         const struct yaml_node *node, struct view name) {
    const struct yaml_node *maps[] = {node, reading->root};
    for (ptrdiff_t i = 0; i < COUNT_OF(maps); i++) {
        for (const struct yaml_node *entry = maps[i]->child; entry; entry = entry->next) {
            if (entry->key && view_equal(entry->key->text, name)) {
                return entry->key;
            }
        }
    }
    return node;
}

static bool parameters_check(struct reading *reading, const struct yaml_node *node,
                             const struct rule_check *check) {
    struct view kind = rule_kind_name(check->kind);
    for (int i = 0; i < rule_key_count(); i++) {
        const struct rule_key *key = rule_key_at(i);
        enum rule_taken taken = rule_kind_takes(check->kind, key);
        bool given = rule_key_given(check, key);
        if (given && taken == TAKEN_NOT) {
            return NODE_REFUSE(reading->file, key_place(reading, node, key->name),
                               "rule_unknown_key", "kind %.*s does not take %s", (int)kind.size,
                               kind.at, key->name.at);
        }
        if (!given && taken == TAKEN_MUST) {
            return NODE_REFUSE(reading->file, node, "rule_missing_key", "kind %.*s needs %s",
                               (int)kind.size, kind.at, key->name.at);
        }
    }
    return true;
}

/* A check that names no lines would look at every claim of everybody. */
static bool lines_named(struct reading *reading, const struct yaml_node *node,
                        const struct rule_check *check) {
    return check->names[RULE_families].count > 0 || check->names[RULE_classes].count > 0 ||
           check->codes[RULE_codes].count > 0 || check->codes[RULE_carrying].count > 0 ||
           NODE_REFUSE(reading->file, node, "rule_missing_key",
                       "needs families, classes, codes or carrying: which lines it looks at");
}

static bool check_complete(struct reading *reading, const struct yaml_node *node,
                           const struct rule_check *check) {
    if (check->kind < RULE_KIND_FIRST_POLICY) {
        return NODE_REFUSE(reading->file, key_place(reading, node, VIEW("kind")), "rule_value",
                           "this kind is written for one rule and takes no parameters");
    }
    if (date_given(check->since) && date_given(check->until) &&
        check->since.day > check->until.day) {
        return NODE_REFUSE(reading->file, node, "rule_value", "since must not be after until");
    }
    if (check->number[RULE_months] >= 0 && check->number[RULE_days] >= 0) {
        return NODE_REFUSE(reading->file, key_place(reading, node, VIEW("days")), "rule_value",
                           "either months or days, not both");
    }
    if (!check->window_given) {
        return NODE_REFUSE(reading->file, node, "rule_missing_key",
                           "needs since, a date or open: from when on it holds");
    }
    return lines_named(reading, node, check) && parameters_check(reading, node, check);
}

/* ---- entries ----------------------------------------------------------------------------- */

static bool check_read(struct reading *reading, const struct yaml_node *node,
                       struct rule_check *check) {
    static const struct key keys[] = {
        {"kind", false, read_kind},     {"severity", false, read_severity},
        {"status", false, read_status}, {"since", false, read_since},
        {"until", false, read_until},   {"message", false, read_message},
        {"fix", false, read_fix},       {"cite", false, read_cite},
    };
    return keys_read(reading, node, keys, COUNT_OF(keys), check, policy_key_read, check) &&
           check_complete(reading, node, check);
}

static bool common_given(const struct rule_check *common) {
    bool given = false;
    for (int i = 0; i < rule_key_count(); i++) {
        given |= rule_key_given(common, rule_key_at(i));
    }
    return given;
}

bool checks_read(struct reading *reading, const struct yaml_node *root,
                 const struct yaml_node *parameters, const struct rule_check *common,
                 struct rule *rule) {
    bool policy = rule->kind_number >= RULE_KIND_FIRST_POLICY;
    if (!policy && !parameters && !common_given(common)) {
        return true;
    }
    int count = parameters && parameters->kind == YAML_LIST ? children_count(parameters) : 1;
    struct rule_check *checks = ARENA_NEW(reading->file->arena, struct rule_check, count);
    if (!checks) {
        return memory_refuse(reading->file);
    }
    rule->checks = checks;
    const struct yaml_node *node =
        parameters && parameters->kind == YAML_LIST ? parameters->child : parameters;
    while (rule->check_count < count) {
        struct rule_check *check = &checks[rule->check_count++];
        const struct yaml_node *place = node ? node : root;
        *check = *common;
        check->kind = rule->kind_number;
        check->window_given = rule->window_given;
        check->severity = rule->severity;
        check->state = rule->state;
        check->line = (int)place->line;
        check->column = (int)place->column;
        if (node ? !check_read(reading, node, check) : !check_complete(reading, root, check)) {
            return false;
        }
        node = node ? node->next : NULL;
    }
    return true;
}
