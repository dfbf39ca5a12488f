/* A set of rules: all files read, ids unique, JSON pieces rendered once. */
#include "rule/rule_internal.h"

struct rule_set {
    struct rule *rules;
    int count;
    int capacity;
};

/* ---- pieces of JSON ---------------------------------------------------------------------- */

static struct view piece_take(struct out *out, struct arena *arena) {
    struct view piece = arena_copy(arena, out_bytes(out));
    out_clear(out);
    return piece;
}

static void head_write(struct out *out, const struct rule *rule) {
    OUT_TEXT(out, "\"rule\":");
    out_json(out, rule->id);
    OUT_TEXT(out, ",\"rule_version\":");
    out_int(out, rule->version);
}

static void cites_write(struct out *out, const struct rule *rule) {
    OUT_TEXT(out, "\"cite\":[");
    for (int i = 0; i < rule->cite_count; i++) {
        const struct rule_cite *cite = &rule->cites[i];
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
    if (rule->carc.size == 0) {
        return;
    }
    OUT_TEXT(out, ",\"expect\":{\"group\":");
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

bool rule_render(struct rule *rule, struct arena *arena) {
    struct out out;
    out_open(&out, NULL, NULL);
    head_write(&out, rule);
    rule->json = piece_take(&out, arena);
    OUT_TEXT(&out, "\"why\":");
    out_json(&out, rule->why);
    rule->json_why = piece_take(&out, arena);
    cites_write(&out, rule);
    expect_write(&out, rule);
    rule->json_tail = piece_take(&out, arena);
    bool rendered = !out.failed && !arena->failed;
    out_close(&out);
    return rendered;
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

static int memory_refuse(struct diag *diag) {
    diag_set(diag, "memory", "out of memory");
    return STATUS_SYSTEM;
}

static bool rule_add(struct rule_set *set, const struct rule_text *file,
                     const struct sources *sources, const struct yaml_node *root) {
    struct rule *rule = rule_place(set, file->arena);
    if (!rule) {
        diag_set(file->diag, "memory", "out of memory");
        return false;
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
    if (!rule_render(rule, file->arena)) {
        diag_set(file->diag, "memory", "out of memory");
        return false;
    }
    return true;
}

static bool file_read(struct rule_set *set, const struct rule_text *file,
                      const struct sources *sources) {
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

int rule_set_open(const struct rule_set **set, const struct view *texts, const struct view *names,
                  int count, struct view sources_text, struct arena *arena, struct diag *diag) {
    struct diag own = DIAG_NONE;
    diag = diag ? diag : &own;
    *diag = DIAG_NONE;
    struct rule_set *opened = ARENA_NEW(arena, struct rule_set, 1);
    if (!opened) {
        return memory_refuse(diag);
    }
    struct sources sources;
    bool read = sources_read(sources_text, &sources, arena, diag);
    for (int i = 0; i < count && read; i++) {
        struct rule_text file = {arena_copy(arena, names[i]), texts[i], arena, diag};
        read = file_read(opened, &file, &sources);
    }
    if (!read) {
        return view_equal(view_of(diag->code), VIEW("memory")) ? STATUS_SYSTEM : STATUS_INPUT;
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
