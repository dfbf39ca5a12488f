/* A set of rules: all files read, ids unique, JSON pieces rendered once. */
#include "rule/rule_internal.h"

struct rule_set {
    struct rule *rules;
    int count;
    int capacity;
    const struct rule_check **checks;
    int check_count;
    struct rule_tables tables;
};

/* ---- pieces of JSON ---------------------------------------------------------------------- */

bool memory_refuse(const struct rule_text *file) {
    diag_set(file->diag, "memory", "out of memory");
    return false;
}

bool scratch_take(const struct rule_text *file, struct view *text) {
    *text = arena_copy(file->arena, out_bytes(file->scratch));
    out_clear(file->scratch);
    return (text->at && !file->scratch->failed) || memory_refuse(file);
}

static void head_write(struct out *out, const struct rule *rule) {
    OUT_TEXT(out, "\"rule\":");
    out_json(out, rule->id);
    OUT_TEXT(out, ",\"rule_version\":");
    out_int(out, rule->version);
}

/* Those of a check, when it has some, stand before those of its rule. */
static void cites_write(struct out *out, const struct rule *rule, const struct rule_check *check) {
    int own = check ? check->cite_count : 0;
    OUT_TEXT(out, "\"cite\":[");
    for (int i = 0; i < own + rule->cite_count; i++) {
        const struct rule_cite *cite = i < own ? &check->cites[i] : &rule->cites[i - own];
        out_view(out, i > 0 ? VIEW(",{\"key\":") : VIEW("{\"key\":"));
        out_json(out, cite->key);
        OUT_TEXT(out, ",\"section\":");
        out_json(out, cite->section);
        OUT_TEXT(out, ",\"url\":");
        if (cite->url.size > 0) {
            out_json(out, cite->url);
        } else {
            OUT_TEXT(out, "null");
        }
        out_char(out, '}');
    }
    out_char(out, ']');
}

static void expect_write(struct out *out, const struct rule *rule) {
    OUT_TEXT(out, "\"expect\":{\"group\":");
    out_json(out, rule->group);
    OUT_TEXT(out, ",\"carc\":");
    out_json(out, rule->carc);
    OUT_TEXT(out, ",\"rarc\":[");
    for (int i = 0; i < rule->rarc_count; i++) {
        if (i > 0) {
            out_char(out, ',');
        }
        out_json(out, rule->rarcs[i]);
    }
    OUT_TEXT(out, "]}");
}

bool rule_render(const struct rule_text *file, struct rule *rule) {
    struct out *out = file->scratch;
    head_write(out, rule);
    if (!scratch_take(file, &rule->json)) {
        return false;
    }
    OUT_TEXT(out, "\"why\":");
    out_json(out, rule->why);
    if (!scratch_take(file, &rule->json_why)) {
        return false;
    }
    cites_write(out, rule, NULL);
    if (!scratch_take(file, &rule->json_cite)) {
        return false;
    }
    struct rule_check *checks = (struct rule_check *)rule->checks;
    for (int i = 0; i < rule->check_count; i++) {
        cites_write(out, rule, &checks[i]);
        if (!scratch_take(file, &checks[i].json_cite)) {
            return false;
        }
    }
    rule->json_expect = VIEW("");
    if (rule->carc.size == 0) {
        return true;
    }
    expect_write(out, rule);
    return scratch_take(file, &rule->json_expect);
}

/* ---- the set ----------------------------------------------------------------------------- */

/* Makes room in the arena; what was there before stays valid, so nothing points into the array
 * until the set is complete. */
static struct rule *rule_place(struct rule_set *set, struct arena *arena) {
    if (set->count == set->capacity) {
        int capacity = set->capacity > 0 ? set->capacity * 2 : 64;
        struct rule *rules = ARENA_NEW(arena, struct rule, capacity);
        if (!rules) {
            return NULL;
        }
        for (int i = 0; i < set->count; i++) {
            rules[i] = set->rules[i];
        }
        set->rules = rules;
        set->capacity = capacity;
    }
    return &set->rules[set->count];
}

static bool rule_add(struct rule_set *set, const struct rule_text *file,
                     const struct sources *sources, const struct yaml_node *root) {
    struct rule *rule = rule_place(set, file->arena);
    if (!rule) {
        return memory_refuse(file);
    }
    if (!rule_read(file, sources, root, rule)) {
        return false;
    }
    const struct rule *other = rule_find(set, rule->id);
    if (other) {
        return NODE_REFUSE(file, root, "rule_duplicate", "rule %.*s is already in %.*s:%d",
                           (int)rule->id.size, rule->id.at, (int)other->file.size, other->file.at,
                           other->line);
    }
    rule->index = set->count++;
    return rule_render(file, rule);
}

static bool file_read(struct rule_set *set, const struct rule_text *file,
                      const struct sources *sources) {
    bool table = false;
    if (!tables_read(file, &set->tables, &table) || table) {
        return table && !file->diag->code[0];
    }
    struct yaml_reader *reader = yaml_open(file);
    const struct yaml_node *root = NULL;
    bool read = reader != NULL;
    while (read) {
        read = yaml_next(reader, &root);
        if (!read || !root) {
            break;
        }
        read = rule_add(set, file, sources, root);
    }
    yaml_close(reader);
    return read;
}

/* Now that the rules stay where they are. */
static bool checks_collect(struct rule_set *set, const struct rule_text *file) {
    int count = 0;
    for (int i = 0; i < set->count; i++) {
        count += set->rules[i].check_count;
    }
    set->checks = ARENA_NEW(file->arena, const struct rule_check *, count > 0 ? count : 1);
    if (!set->checks) {
        return memory_refuse(file);
    }
    for (int i = 0; i < set->count; i++) {
        const struct rule *rule = &set->rules[i];
        struct rule_check *checks = (struct rule_check *)rule->checks;
        for (int j = 0; j < rule->check_count; j++) {
            checks[j].rule = rule;
            if (rule->state != RULE_RETIRED && checks[j].state != RULE_RETIRED) {
                checks[j].index = set->check_count;
                set->checks[set->check_count++] = &checks[j];
            }
        }
    }
    return true;
}

int rule_check_count(const struct rule_set *set) { return set->check_count; }

const struct rule_check *rule_check_at(const struct rule_set *set, int index) {
    return index >= 0 && index < set->check_count ? set->checks[index] : NULL;
}

const struct rule_tables *rule_tables_of(const struct rule_set *set) { return &set->tables; }

int rule_set_open(const struct rule_set **set, const struct view *texts, const struct view *names,
                  int count, struct view sources_text, struct arena *arena, struct diag *diag) {
    struct diag own;
    struct out scratch;
    struct sources sources;
    struct rule_text file = {VIEW("sources.tsv"), sources_text, arena, diag ? diag : &own,
                             &scratch};
    *file.diag = DIAG_NONE;
    out_open(&scratch, NULL, NULL);
    struct rule_set *opened = ARENA_NEW(arena, struct rule_set, 1);
    bool read = opened ? sources_read(&file, &sources) : memory_refuse(&file);
    for (int i = 0; i < count && read; i++) {
        file.name = arena_copy(arena, names[i]);
        file.text = texts[i];
        read = file_read(opened, &file, &sources);
    }
    read = read && checks_collect(opened, &file);
    out_close(&scratch);
    if (!read) {
        return view_equal(view_of(file.diag->code), VIEW("memory")) ? STATUS_SYSTEM : STATUS_INPUT;
    }
    *set = opened;
    return STATUS_OK;
}

int rule_set_standard(const struct rule_set **set, struct arena *arena, struct diag *diag) {
    /* The first embedded text is sources.tsv, see meson.build. */
    return rule_set_open(set, rules_embedded_texts + 1, rules_embedded_names + 1,
                         rules_embedded_count - 1, rules_embedded_texts[0], arena, diag);
}

const struct rule *rule_find(const struct rule_set *set, struct view id) {
    for (int i = 0; i < set->count; i++) {
        if (view_equal(set->rules[i].id, id)) {
            return &set->rules[i];
        }
    }
    return NULL;
}

int rule_count(const struct rule_set *set) { return set->count; }

const struct rule *rule_at(const struct rule_set *set, int index) {
    return index >= 0 && index < set->count ? &set->rules[index] : NULL;
}

struct view rule_severity_name(enum rule_severity severity) {
    switch (severity) {
    case RULE_ERROR: return VIEW("error");
    case RULE_WARN: return VIEW("warn");
    case RULE_REVIEW: return VIEW("review");
    default: return VIEW("info");
    }
}

struct view rule_state_name(enum rule_state state) {
    switch (state) {
    case RULE_TRIAL: return VIEW("trial");
    case RULE_STABLE: return VIEW("stable");
    default: return VIEW("retired");
    }
}
