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
        at[codes->count] =
            child->kind == YAML_SCALAR ? code_from(child->text) : CODE_NONE;
        if (!code_given(at[codes->count++])) {
            return NODE_REFUSE(reading->file, child, "rule_value",
                               "must be a code of letters and digits, in quotes, without a dot");
        }
    }
    return true;
}

/* Words of a fixed list as bits, the first of them bit `shift`. */
static bool bits_read(struct reading *reading, const struct yaml_node *node,
                      const char *const *words, int count, int shift, const char *all,
                      uint32_t *bits) {
    if (!list_or_one(reading, node)) {
        return false;
    }
    *bits = 0;
    for (const struct yaml_node *child = first_of(node); child; child = next_of(node, child)) {
        int chosen = word_choose(reading, child, words, count, all);
        if (chosen < 0) {
            return false;
        }
        *bits |= UINT32_C(1) << (chosen + shift);
    }
    return true;
}

static bool intents_read(struct reading *reading, const struct yaml_node *node, uint32_t *bits) {
    static const char *const words[] = {"dx", "tx", "rfa", "cyst", "presumptive", "definitive"};
    return bits_read(reading, node, words, COUNT_OF(words), KIND_DX,
                     "dx, tx, rfa, cyst, presumptive, definitive", bits);
}

/* ---- keys -------------------------------------------------------------------------------- */

static bool read_intents(struct reading *reading, const struct yaml_node *node, void *to) {
    return intents_read(reading, node, &((struct rule_check *)to)->intents);
}

static bool read_history_intents(struct reading *reading, const struct yaml_node *node, void *to) {
    return intents_read(reading, node, &((struct rule_check *)to)->history_intents);
}

static bool read_regions(struct reading *reading, const struct yaml_node *node, void *to) {
    static const char *const words[] = {"ct", "ls"};
    return bits_read(reading, node, words, COUNT_OF(words), REGION_CT, "ct, ls",
                     &((struct rule_check *)to)->regions);
}

static bool read_claim_types(struct reading *reading, const struct yaml_node *node, void *to) {
    static const char *const words[] = {"professional", "facility_asc", "facility_opps"};
    return bits_read(reading, node, words, COUNT_OF(words), CLAIM_PROFESSIONAL,
                     "professional, facility_asc, facility_opps",
                     &((struct rule_check *)to)->claim_types);
}

static bool read_same(struct reading *reading, const struct yaml_node *node, void *to) {
    static const char *const words[] = {"region", "side", "level", "code"};
    return bits_read(reading, node, words, COUNT_OF(words), 0, "region, side, level, code",
                     &((struct rule_check *)to)->same);
}

static bool read_lcd(struct reading *reading, const struct yaml_node *node, void *to) {
    return words_read(reading, node, TITLE_SIZE_MAX, &((struct rule_check *)to)->lcd);
}

static bool read_if_missing(struct reading *reading, const struct yaml_node *node, void *to) {
    static const char *const words[] = {"not_evaluated", "silent"};
    int chosen = word_choose(reading, node, words, COUNT_OF(words), "not_evaluated, silent");
    ((struct rule_check *)to)->silent_when_missing = chosen == 1;
    return chosen >= 0;
}

/* Keys that a rule, for all its entries, or an entry may hold. */
static const struct key scope_keys[] = {
    {"intents", false, read_intents},
    {"history_intents", false, read_history_intents},
    {"regions", false, read_regions},
    {"claim_types", false, read_claim_types},
    {"same", false, read_same},
    {"lcd", false, read_lcd},
    {"if_missing", false, read_if_missing},
};

static const char *const number_names[] = {
#define NUMBER(name, unit, about) #name,
#include "rule/policy.def"
};
static const char *const codes_names[] = {
#define CODES(name, about) #name,
#include "rule/policy.def"
};
static const char *const names_names[] = {
#define NAMES(name, about) #name,
#include "rule/policy.def"
};
static const char *const tests_names[] = {
#define TESTS(name, about) #name,
#include "rule/policy.def"
};

struct view rule_number_name(enum rule_number number) { return view_of(number_names[number]); }

static int name_among(struct view key, const char *const *names, ptrdiff_t count) {
    for (int i = 0; i < count; i++) {
        if (view_equal(key, view_of(names[i]))) {
            return i;
        }
    }
    return -1;
}

static int answer_of(bool read) { return read ? 1 : -1; }

int policy_key_read(struct reading *reading, const struct yaml_node *entry, void *to) {
    struct rule_check *check = to;
    struct view key = entry->key->text;
    for (ptrdiff_t i = 0; i < COUNT_OF(scope_keys); i++) {
        if (view_equal(key, view_of(scope_keys[i].name))) {
            return answer_of(scope_keys[i].read(reading, entry, check));
        }
    }
    int at = name_among(key, number_names, COUNT_OF(number_names));
    if (at >= 0) {
        return answer_of(count_read(reading, entry, &check->number[at]));
    }
    at = name_among(key, codes_names, COUNT_OF(codes_names));
    if (at >= 0) {
        return answer_of(codes_read(reading, entry, &check->codes[at]));
    }
    at = name_among(key, names_names, COUNT_OF(names_names));
    if (at >= 0) {
        return answer_of(names_read(reading, entry, &check->names[at]));
    }
    at = name_among(key, tests_names, COUNT_OF(tests_names));
    return at >= 0 ? answer_of(tests_read(reading, entry, &check->tests[at])) : 0;
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

enum taken { TAKEN_NOT, TAKEN_MAY, TAKEN_MUST };

#define NAME_SIZE_MAX 32

/* Every kind has the scope; of the rest it has what TAKES says. */
static enum taken taken_by(enum rule_kind kind, const char *name) {
    static const char scope[][NAME_SIZE_MAX] = {
        "payers", "states", "families", "classes", "codes", "not_codes", "places",
        "carrying", "units_min", "when", "unless"};
    static const struct {
        enum rule_kind kind;
        char name[NAME_SIZE_MAX];
        bool required;
    } takes[] = {
#define TAKES(kind, name, required) {RULE_KIND_##kind, #name, required},
#include "rule/policy.def"
    };
    struct view wanted = view_of(name);
    for (ptrdiff_t i = 0; i < COUNT_OF(scope); i++) {
        if (view_equal(view_of(scope[i]), wanted)) {
            return TAKEN_MAY;
        }
    }
    for (ptrdiff_t i = 0; i < COUNT_OF(takes); i++) {
        if (takes[i].kind == kind && view_equal(view_of(takes[i].name), wanted)) {
            return takes[i].required ? TAKEN_MUST : TAKEN_MAY;
        }
    }
    return TAKEN_NOT;
}

static bool parameter_check(struct reading *reading, const struct yaml_node *node,
                            const struct rule_check *check, const char *name, bool given) {
    enum taken taken = taken_by(check->kind, name);
    struct view kind = rule_kind_name(check->kind);
    if (given && taken == TAKEN_NOT) {
        return NODE_REFUSE(reading->file, node, "rule_unknown_key", "kind %.*s does not take %s",
                           (int)kind.size, kind.at, name);
    }
    return given || taken != TAKEN_MUST ||
           NODE_REFUSE(reading->file, node, "rule_missing_key", "kind %.*s needs %s",
                       (int)kind.size, kind.at, name);
}

static bool parameters_check(struct reading *reading, const struct yaml_node *node,
                             const struct rule_check *check) {
    bool good = true;
    for (int i = 0; i < RULE_NUMBERS && good; i++) {
        good = parameter_check(reading, node, check, number_names[i], check->number[i] >= 0);
    }
    for (int i = 0; i < RULE_CODE_LISTS && good; i++) {
        good = parameter_check(reading, node, check, codes_names[i], check->codes[i].count > 0);
    }
    for (int i = 0; i < RULE_NAME_LISTS && good; i++) {
        good = parameter_check(reading, node, check, names_names[i], check->names[i].count > 0);
    }
    for (int i = 0; i < RULE_TEST_LISTS && good; i++) {
        good = parameter_check(reading, node, check, tests_names[i], check->tests[i].count > 0);
    }
    return good;
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
        return NODE_REFUSE(reading->file, node, "rule_value",
                           "this kind of check is written for one rule and takes no parameters");
    }
    if (date_given(check->since) && date_given(check->until) &&
        check->since.day > check->until.day) {
        return NODE_REFUSE(reading->file, node, "rule_value", "since must not be after until");
    }
    if (check->number[RULE_months] >= 0 && check->number[RULE_days] >= 0) {
        return NODE_REFUSE(reading->file, node, "rule_value", "either months or days, not both");
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
        {"kind", false, read_kind},       {"severity", false, read_severity},
        {"status", false, read_status},   {"since", false, read_since},
        {"until", false, read_until},     {"message", false, read_message},
        {"fix", false, read_fix},         {"cite", false, read_cite},
    };
    return keys_read(reading, node, keys, COUNT_OF(keys), check, policy_key_read, check) &&
           check_complete(reading, node, check);
}

static bool common_given(const struct rule_check *common) {
    struct rule_check blank;
    check_blank(&blank);
    bool given = common->intents || common->regions || common->claim_types || common->same ||
                 common->history_intents || common->lcd.size > 0;
    for (int i = 0; i < RULE_NUMBERS; i++) {
        given |= common->number[i] != blank.number[i];
    }
    for (int i = 0; i < RULE_CODE_LISTS; i++) {
        given |= common->codes[i].count > 0;
    }
    for (int i = 0; i < RULE_NAME_LISTS; i++) {
        given |= common->names[i].count > 0;
    }
    for (int i = 0; i < RULE_TEST_LISTS; i++) {
        given |= common->tests[i].count > 0;
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
