/* The language of policy rules as one table, made from kinds.def and policy.def. */
#include "rule/rule.h"

#define NAME(name) {#name, (ptrdiff_t)sizeof #name - 1}

static const struct rule_key keys[] = {
#define NUMBER(name, unit, about) {NAME(name), KEY_NUMBER, RULE_##name, 0, unit, NULL, about},
#define CODES(name, about) {NAME(name), KEY_CODES, RULE_##name, 0, NULL, NULL, about},
#define NAMES(name, about) {NAME(name), KEY_NAMES, RULE_##name, 0, NULL, NULL, about},
#define TESTS(name, about) {NAME(name), KEY_TESTS, RULE_##name, 0, NULL, NULL, about},
#define WORDS(name, first, values, about)                                                          \
    {NAME(name), KEY_WORDS, first, offsetof(struct rule_check, name), NULL, values, about},
#define TEXT(name, member, about)                                                                  \
    {NAME(name), KEY_TEXT, 0, offsetof(struct rule_check, member), NULL, NULL, about},
#define CHOICE(name, member, values, about)                                                        \
    {NAME(name), KEY_CHOICE, 0, offsetof(struct rule_check, member), NULL, values, about},
#include "rule/policy.def"
};

int rule_key_count(void) { return (int)COUNT_OF(keys); }

const struct rule_key *rule_key_at(int index) { return &keys[index]; }

bool rule_key_scope(const struct rule_key *key) {
    static const struct view scope[] = {
#define SCOPE(name) NAME(name),
#include "rule/policy.def"
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(scope); i++) {
        if (view_equal(scope[i], key->name)) {
            return true;
        }
    }
    return false;
}

enum rule_taken rule_kind_takes(enum rule_kind kind, const struct rule_key *key) {
    static const struct {
        enum rule_kind kind;
        struct view name;
        bool required;
    } takes[] = {
#define TAKES(kind, name, required) {RULE_KIND_##kind, NAME(name), required},
#include "rule/policy.def"
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(takes); i++) {
        if (takes[i].kind == kind && view_equal(takes[i].name, key->name)) {
            return takes[i].required ? TAKEN_MUST : TAKEN_MAY;
        }
    }
    return rule_key_scope(key) ? TAKEN_MAY : TAKEN_NOT;
}

bool rule_key_given(const struct rule_check *check, const struct rule_key *key) {
    const char *member = (const char *)check + key->member;
    switch (key->type) {
    case KEY_NUMBER: return check->number[key->at] >= 0;
    case KEY_CODES: return check->codes[key->at].count > 0;
    case KEY_NAMES: return check->names[key->at].count > 0;
    case KEY_TESTS: return check->tests[key->at].count > 0;
    case KEY_WORDS: return *(const uint32_t *)(const void *)member != 0;
    case KEY_TEXT: return ((const struct view *)(const void *)member)->size > 0;
    default: return *(const bool *)(const void *)member;
    }
}

/* ---- kinds, operators, fields of a service ------------------------------------------------- */

static const struct {
    struct view name;
    const char *about;
} kinds[] = {
#define KIND(name, about) {NAME(name), about},
#include "rule/kinds.def"
};

struct view rule_kind_name(enum rule_kind kind) { return kinds[kind].name; }

const char *rule_kind_about(enum rule_kind kind) { return kinds[kind].about; }

bool rule_kind_find(struct view name, enum rule_kind *kind) {
    for (int i = 0; i < RULE_KINDS; i++) {
        if (view_equal(kinds[i].name, name)) {
            *kind = (enum rule_kind)i;
            return true;
        }
    }
    return false;
}

static const struct {
    struct view name;
    const char *about;
} operators[] = {
#define OPERATOR(NAME_, name, about) {NAME(name), about},
#include "rule/policy.def"
};

struct view rule_operator_name(enum rule_operator operator) { return operators[operator].name; }

const char *rule_operator_about(enum rule_operator operator) { return operators[operator].about; }

static const struct {
    struct view name;
    bool truth;
    const char *about;
} services[] = {
#define SERVICE(NAME_, name, truth, about) {NAME(name), truth, about},
#include "rule/policy.def"
};

struct view rule_service_name(enum rule_service_field field) { return services[field].name; }

const char *rule_service_about(enum rule_service_field field) { return services[field].about; }

bool rule_service_is_truth(enum rule_service_field field) { return services[field].truth; }
