/* One YAML document -> one rule. Every mapping is read by a table of its keys. */
#include "rule/parse.h"

/* A rule while it is read. The rule comes first: key readers take either. */
struct rule_head {
    struct rule rule;
    const struct yaml_node *parameters;
};

/* ---- the head of a rule ------------------------------------------------------------------ */

static bool read_id(struct reading *reading, const struct yaml_node *node, void *to) {
    struct view text = node->kind == YAML_SCALAR ? node->text : VIEW("");
    bool good = text.size > 2 && text.size <= 48 && text.at[0] >= 'a' && text.at[0] <= 'z';
    for (ptrdiff_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
    }
    if (!good) {
        return NODE_REFUSE(reading->file, node, "rule_value",
                           "must be 3 to 48 lower-case letters, digits and underscores");
    }
    struct rule *rule = to;
    rule->id = text;
    return true;
}

static bool read_version(struct reading *reading, const struct yaml_node *node, void *to) {
    struct rule *rule = to;
    if (node->kind != YAML_SCALAR || !view_is_digits(node->text) || node->text.size > 4 ||
        node->text.at[0] == '0') {
        return NODE_REFUSE(reading->file, node, "rule_value", "must be a number from 1 to 9999");
    }
    for (ptrdiff_t i = 0; i < node->text.size; i++) {
        rule->version = rule->version * 10 + (node->text.at[i] - '0');
    }
    return true;
}

/* The version of the standard rule that this one was made from. */
static bool read_overrides(struct reading *reading, const struct yaml_node *node, void *to) {
    struct rule made_from = {0};
    bool read = read_version(reading, node, &made_from);
    ((struct rule *)to)->overrides = made_from.version;
    return read;
}

static bool read_title(struct reading *reading, const struct yaml_node *node, void *to) {
    return words_read(reading, node, TITLE_SIZE_MAX, &((struct rule *)to)->title);
}

static bool read_why(struct reading *reading, const struct yaml_node *node, void *to) {
    return words_read(reading, node, WORDS_SIZE_MAX, &((struct rule *)to)->why);
}

static bool read_fix(struct reading *reading, const struct yaml_node *node, void *to) {
    return words_read(reading, node, WORDS_SIZE_MAX, &((struct rule *)to)->fix);
}

bool severity_read(struct reading *reading, const struct yaml_node *node,
                   enum rule_severity *severity) {
    static const char *const words[] = {"error", "warn", "review", "info"};
    int chosen = word_choose(reading, node, words, COUNT_OF(words), "error, warn, review, info");
    *severity = (enum rule_severity)chosen;
    return chosen >= 0;
}

bool state_read(struct reading *reading, const struct yaml_node *node, enum rule_state *state) {
    static const char *const words[] = {"trial", "stable", "retired"};
    int chosen = word_choose(reading, node, words, COUNT_OF(words), "trial, stable, retired");
    *state = (enum rule_state)chosen;
    return chosen >= 0;
}

bool kind_read(struct reading *reading, const struct yaml_node *node, enum rule_kind *kind) {
    return (node->kind == YAML_SCALAR && rule_kind_find(node->text, kind)) ||
           NODE_REFUSE(reading->file, node, "rule_value",
                       "no such kind of check; see claimvet rules show --kinds");
}

static bool read_severity(struct reading *reading, const struct yaml_node *node, void *to) {
    return severity_read(reading, node, &((struct rule *)to)->severity);
}

static bool read_status(struct reading *reading, const struct yaml_node *node, void *to) {
    return state_read(reading, node, &((struct rule *)to)->state);
}

static bool read_kind(struct reading *reading, const struct yaml_node *node, void *to) {
    struct rule *rule = to;
    rule->kind = node->text;
    return kind_read(reading, node, &rule->kind_number);
}

static bool read_since(struct reading *reading, const struct yaml_node *node, void *to) {
    ((struct rule *)to)->window_given = true;
    return date_read(reading, node, &((struct rule *)to)->since);
}

static bool read_until(struct reading *reading, const struct yaml_node *node, void *to) {
    ((struct rule *)to)->window_given = true;
    return date_read(reading, node, &((struct rule *)to)->until);
}

/* Read at the end, when what the rule says for all of them is known. */
static bool read_parameters(struct reading *reading, const struct yaml_node *node, void *to) {
    (void)reading;
    ((struct rule_head *)to)->parameters = node;
    return true;
}

/* ---- citations --------------------------------------------------------------------------- */

static bool read_cite_key(struct reading *reading, const struct yaml_node *node, void *to) {
    struct rule_cite *cite = to;
    const struct source *source =
        node->kind == YAML_SCALAR ? sources_find(reading->sources, node->text) : NULL;
    if (!source) {
        return NODE_REFUSE(reading->file, node, "rule_unknown_source",
                           "no source of that key in sources.tsv");
    }
    cite->key = source->key;
    cite->url = source->url;
    return true;
}

static bool read_cite_section(struct reading *reading, const struct yaml_node *node, void *to) {
    return words_read(reading, node, TITLE_SIZE_MAX, &((struct rule_cite *)to)->section);
}

bool cites_read(struct reading *reading, const struct yaml_node *node, struct rule_cite *cites,
                int *count) {
    static const struct key keys[] = {
        {"key", true, read_cite_key},
        {"section", true, read_cite_section},
    };
    if (!list_check(reading, node, RULE_CITES_MAX)) {
        return false;
    }
    for (const struct yaml_node *child = node->child; child; child = child->next) {
        if (!keys_read(reading, child, keys, COUNT_OF(keys), &cites[(*count)++], NULL, NULL)) {
            return false;
        }
    }
    return *count > 0 ||
           NODE_REFUSE(reading->file, node, "rule_missing_key", "a rule needs a citation");
}

static bool read_cite(struct reading *reading, const struct yaml_node *node, void *to) {
    struct rule *rule = to;
    return cites_read(reading, node, rule->cites, &rule->cite_count);
}

/* ---- the payer's answer ------------------------------------------------------------------ */

static bool read_group(struct reading *reading, const struct yaml_node *node, void *to) {
    static const char *const words[] = {"CO", "PR", "OA", "PI", "CR"};
    int chosen = word_choose(reading, node, words, COUNT_OF(words), "CO, PR, OA, PI, CR");
    ((struct rule *)to)->group = node->text;
    return chosen >= 0;
}

/* 16, 236, B15, N362, MA130: capitals, then digits. */
static bool answer_read(struct reading *reading, const struct yaml_node *node, int letters_min,
                        struct view *code) {
    struct view text = node->kind == YAML_SCALAR ? node->text : VIEW("");
    int letters = 0;
    while (letters < text.size && text.at[letters] >= 'A' && text.at[letters] <= 'Z') {
        letters++;
    }
    struct view digits = view_sub(text, letters, text.size);
    if (letters < letters_min || letters > letters_min + 1 || !view_is_digits(digits) ||
        digits.size > 3) {
        return NODE_REFUSE(reading->file, node, "rule_value",
                           letters_min > 0 ? "must be a remark code such as N362"
                                           : "must be a reason code such as 236 or B15");
    }
    *code = text;
    return true;
}

static bool read_carc(struct reading *reading, const struct yaml_node *node, void *to) {
    return answer_read(reading, node, 0, &((struct rule *)to)->carc);
}

static bool read_rarc(struct reading *reading, const struct yaml_node *node, void *to) {
    struct rule *rule = to;
    if (!list_check(reading, node, RULE_RARCS_MAX)) {
        return false;
    }
    for (const struct yaml_node *child = node->child; child; child = child->next) {
        if (!answer_read(reading, child, 1, &rule->rarcs[rule->rarc_count++])) {
            return false;
        }
    }
    return true;
}

static bool read_expect(struct reading *reading, const struct yaml_node *node, void *to) {
    static const struct key keys[] = {
        {"group", true, read_group},
        {"carc", true, read_carc},
        {"rarc", true, read_rarc},
    };
    return keys_read(reading, node, keys, COUNT_OF(keys), to, NULL, NULL);
}

/* ---- examples ---------------------------------------------------------------------------- */

static bool read_example_title(struct reading *reading, const struct yaml_node *node, void *to) {
    return words_read(reading, node, TITLE_SIZE_MAX, &((struct rule_example *)to)->title);
}

static bool claim_read(struct reading *reading, const struct yaml_node *node, struct view *json) {
    if (node->kind != YAML_MAP) {
        return NODE_REFUSE(reading->file, node, "rule_value", "must be a claim");
    }
    return yaml_to_json(reading->file, node, json);
}

static bool read_example_claim(struct reading *reading, const struct yaml_node *node, void *to) {
    return claim_read(reading, node, &((struct rule_example *)to)->claim);
}

static bool read_example_earlier(struct reading *reading, const struct yaml_node *node, void *to) {
    struct rule_example *example = to;
    if (!list_check(reading, node, 0)) {
        return false;
    }
    struct view *earlier = ARENA_NEW(reading->file->arena, struct view, children_count(node));
    if (!earlier) {
        return memory_refuse(reading->file);
    }
    example->earlier = earlier;
    for (const struct yaml_node *child = node->child; child; child = child->next) {
        if (!claim_read(reading, child, &earlier[example->earlier_count++])) {
            return false;
        }
    }
    return true;
}

static bool read_example_x12(struct reading *reading, const struct yaml_node *node, void *to) {
    struct rule_example *example = to;
    if (node->kind != YAML_SCALAR || !view_starts(node->text, VIEW("ISA"))) {
        return NODE_REFUSE(reading->file, node, "rule_value",
                           "must be an interchange, from ISA on");
    }
    example->x12 = node->text;
    return true;
}

static bool example_read(struct reading *reading, const struct yaml_node *node,
                         struct rule_example *example) {
    static const struct key keys[] = {
        {"title", true, read_example_title},
        {"claim", false, read_example_claim},
        {"earlier", false, read_example_earlier},
        {"x12", false, read_example_x12},
    };
    if (!keys_read(reading, node, keys, COUNT_OF(keys), example, NULL, NULL)) {
        return false;
    }
    if ((example->claim.at != NULL) == (example->x12.at != NULL)) {
        return NODE_REFUSE(reading->file, node, "rule_missing_key", "needs either claim or x12");
    }
    return !example->earlier || example->claim.at ||
           NODE_REFUSE(reading->file, node, "rule_value", "earlier claims need a claim to judge");
}

/* Appends the examples of one list; the array has room for those of both. */
static bool examples_read(struct reading *reading, const struct yaml_node *node, bool fires,
                          bool not_evaluated, struct rule *rule) {
    if (!list_check(reading, node, 0)) {
        return false;
    }
    if (!node->child) {
        return NODE_REFUSE(reading->file, node, "rule_missing_key", "needs at least one example");
    }
    struct rule_example *examples = (struct rule_example *)rule->examples;
    for (const struct yaml_node *child = node->child; child; child = child->next) {
        struct rule_example *example = &examples[rule->example_count++];
        example->fires = fires;
        example->not_evaluated = not_evaluated;
        if (!example_read(reading, child, example)) {
            return false;
        }
    }
    return true;
}

static bool read_fires(struct reading *reading, const struct yaml_node *node, void *to) {
    return examples_read(reading, node, true, false, to);
}

static bool read_silent(struct reading *reading, const struct yaml_node *node, void *to) {
    return examples_read(reading, node, false, false, to);
}

static bool read_not_evaluated(struct reading *reading, const struct yaml_node *node, void *to) {
    return examples_read(reading, node, false, true, to);
}

static bool read_examples(struct reading *reading, const struct yaml_node *node, void *to) {
    static const struct key keys[] = {
        {"fires", true, read_fires},
        {"silent", true, read_silent},
        {"not_evaluated", false, read_not_evaluated},
    };
    struct rule *rule = to;
    int count = 0;
    for (const struct yaml_node *child = node->child; child; child = child->next) {
        count += children_count(child);
    }
    rule->examples = ARENA_NEW(reading->file->arena, struct rule_example, count);
    if (!rule->examples) {
        return memory_refuse(reading->file);
    }
    return keys_read(reading, node, keys, COUNT_OF(keys), rule, NULL, NULL);
}

/* ---- the rule ---------------------------------------------------------------------------- */

static bool window_check(struct reading *reading, const struct yaml_node *root,
                         const struct rule *rule) {
    return !date_given(rule->since) || !date_given(rule->until) ||
           rule->since.day <= rule->until.day ||
           NODE_REFUSE(reading->file, root, "rule_value", "since must not be after until");
}

bool rule_read(const struct rule_text *file, const struct sources *sources,
               const struct yaml_node *root, struct rule *rule) {
    static const struct key keys[] = {
        {"id", true, read_id},
        {"version", true, read_version},
        {"overrides", false, read_overrides},
        {"title", true, read_title},
        {"severity", true, read_severity},
        {"status", true, read_status},
        {"kind", true, read_kind},
        {"since", false, read_since},
        {"until", false, read_until},
        {"cite", true, read_cite},
        {"expect", false, read_expect},
        {"why", true, read_why},
        {"fix", true, read_fix},
        {"parameters", false, read_parameters},
        {"examples", false, read_examples},
    };
    _Static_assert(COUNT_OF(keys) <= KEYS_MAX, "seen keys are bits of 64");
    struct reading reading = {file, sources, root};
    struct rule_check common;
    struct rule_head head = {
        .rule = {.since = DATE_NONE, .until = DATE_NONE, .line = (int)root->line}};
    head.rule.file = file->name;
    check_blank(&common);
    if (!keys_read(&reading, root, keys, COUNT_OF(keys), &head, policy_key_read, &common) ||
        !window_check(&reading, root, &head.rule)) {
        return false;
    }
    if (head.rule.example_count == 0 && !file->lean) {
        return NODE_REFUSE(file, root, "rule_missing_key", "key examples is missing");
    }
    *rule = head.rule;
    return checks_read(&reading, root, head.parameters, &common, rule);
}
