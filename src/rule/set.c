/* A set of rules: all files read, ids unique, those of the user in the place of standard ones. */
#include <string.h>

#include "rule/rule_internal.h"

struct warning {
    struct diag diag;
    struct warning *next;
};

struct rule_set {
    struct rule *rules;
    int count;
    int capacity;
    const struct rule_check **checks;
    int check_count;
    struct rule_tables tables;
    struct rule_file *files; /* of the rules, for messages about them later */
    int file_count;
    struct warning *warnings;
    struct warning **warnings_end;
    int warning_count;
    bool own_given;
};

/* A set while it is read. */
struct building {
    struct rule_set *set;
    struct rule_text file; /* the one in hand */
    struct sources sources;
    bool own; /* it is the user's, and standard rules are there */
    rule_tell *tell;
    void *tell_to;
};

bool memory_refuse(const struct rule_text *file) {
    diag_set(file->diag, "memory", "out of memory");
    return false;
}

bool scratch_take(const struct rule_text *file, struct view *text) {
    *text = arena_copy(file->arena, out_bytes(file->scratch));
    out_clear(file->scratch);
    return (text->at && !file->scratch->failed) || memory_refuse(file);
}

/* True when the reading goes on: what is wrong was told. Nothing helps against no memory. */
static bool told(struct building *building) {
    struct diag *diag = building->file.diag;
    if (!building->tell || view_equal(view_of(diag->code), VIEW("memory"))) {
        return false;
    }
    building->tell(building->tell_to, diag);
    *diag = DIAG_NONE;
    return true;
}

/* ---- one rule ---------------------------------------------------------------------------- */

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

static bool warning_add(struct building *building, const struct yaml_node *root,
                        const struct rule *rule, const struct rule *standard) {
    struct rule_set *set = building->set;
    struct warning *warning = ARENA_NEW(building->file.arena, struct warning, 1);
    if (!warning) {
        return memory_refuse(&building->file);
    }
    struct rule_text file = building->file;
    file.diag = &warning->diag;
    warning->diag = DIAG_NONE;
    NODE_REFUSE(&file, root, "rule_overrides",
                "made from version %d of the standard rule, which is %d now: compare, then say "
                "overrides: %d",
                rule->overrides, standard->version, standard->version);
    *set->warnings_end = warning;
    set->warnings_end = &warning->next;
    set->warning_count++;
    return true;
}

/* A check that is written in C for one rule can get other words, not another kind. */
static bool kind_allowed(struct building *building, const struct yaml_node *root,
                         const struct rule *rule, const struct rule *standard) {
    bool policy = rule->kind_number >= RULE_KIND_FIRST_POLICY;
    if (!standard && !policy) {
        return NODE_REFUSE(&building->file, root, "rule_overrides",
                           "kind %.*s is written for standard rules; take one that has parameters",
                           (int)rule->kind.size, rule->kind.at);
    }
    if (!standard || policy == (standard->kind_number >= RULE_KIND_FIRST_POLICY)) {
        return (policy || rule->state != RULE_RETIRED) ||
               NODE_REFUSE(&building->file, root, "rule_overrides",
                           "the check of this rule is part of the program and cannot be retired");
    }
    return NODE_REFUSE(&building->file, root, "rule_overrides",
                       "the standard rule is of kind %.*s, which cannot be changed",
                       (int)standard->kind.size, standard->kind.at);
}

/* A rule of the user beside the standard ones: `*standard` gets the one whose place it takes. */
static bool own_allowed(struct building *building, const struct yaml_node *root,
                        const struct rule *rule, struct rule **standard) {
    const struct rule_text *file = &building->file;
    struct rule *other = (struct rule *)rule_find(building->set, rule->id);
    *standard = NULL;
    if (other && other->own) {
        return true; /* refused as a duplicate */
    }
    if (other && rule->overrides == 0) {
        return NODE_REFUSE(file, root, "rule_overrides",
                           "is the id of a standard rule: take another, or say overrides: %d",
                           other->version);
    }
    if (!other && rule->overrides > 0) {
        return NODE_REFUSE(file, root, "rule_overrides",
                           "overrides a standard rule, and there is none of this id");
    }
    *standard = other;
    return kind_allowed(building, root, rule, other) &&
           (!other || rule->overrides == other->version ||
            warning_add(building, root, rule, other));
}

static bool rule_add(struct building *building, const struct yaml_node *root) {
    struct rule_set *set = building->set;
    const struct rule_text *file = &building->file;
    struct rule *rule = rule_place(set, file->arena);
    struct rule *standard = NULL;
    out_clear(file->scratch);
    if (!rule) {
        return memory_refuse(file);
    }
    if (!rule_read(file, &building->sources, root, rule) ||
        (building->own && !own_allowed(building, root, rule, &standard))) {
        return false;
    }
    rule->own = building->own;
    const struct rule *other = rule_find(set, rule->id);
    if (other && other != standard) {
        return NODE_REFUSE(file, root, "rule_duplicate", "rule %.*s is already in %.*s:%d",
                           (int)rule->id.size, rule->id.at, (int)other->file.size, other->file.at,
                           other->line);
    }
    if (!rule_render(file, rule)) {
        return false;
    }
    rule->index = standard ? standard->index : set->count++;
    if (standard) {
        *standard = *rule;
    }
    return true;
}

/* ---- files ------------------------------------------------------------------------------- */

static bool rules_read(struct building *building) {
    struct yaml_reader *reader = yaml_open(&building->file);
    const struct yaml_node *root = NULL;
    bool good = reader != NULL;
    while (good && yaml_next(reader, &root) && root) {
        good = rule_add(building, root) || told(building);
    }
    /* What is no YAML has no next document. */
    good = good && (!building->file.diag->code[0] || told(building));
    yaml_close(reader);
    return good;
}

static bool file_read(struct building *building, const struct rule_file *given) {
    struct rule_text *file = &building->file;
    struct rule_set *set = building->set;
    bool table = false;
    file->name = arena_copy(file->arena, given->name);
    file->text = given->text;
    if (!file->name.at) {
        return memory_refuse(file);
    }
    set->files[set->file_count++] = (struct rule_file){file->name, file->text};
    if (!tables_read(file, &set->tables, &table)) {
        return told(building);
    }
    return table || rules_read(building);
}

static bool sources_file_read(struct building *building, const struct rule_file *given) {
    building->file.name = given->name;
    building->file.text = given->text;
    return sources_read(&building->file, &building->sources) || told(building);
}

static bool is_sources(const struct rule_file *file) {
    return file_is(file->name, VIEW("sources.tsv"));
}

/* The citation keys first, wherever they stand. */
static bool files_read(struct building *building, const struct rule_file *files, int count) {
    bool good = true;
    for (int i = 0; i < count && good; i++) {
        good = !is_sources(&files[i]) || sources_file_read(building, &files[i]);
    }
    for (int i = 0; i < count && good; i++) {
        good = is_sources(&files[i]) || file_read(building, &files[i]);
    }
    return good;
}

/* The text without its examples; every line keeps its number. */
static struct view examples_cut(struct arena *arena, struct view text) {
    struct view copy = arena_copy(arena, text);
    char *to = (char *)copy.at;
    bool inside = false;
    for (struct view rest = text; to && rest.at && rest.size > 0;) {
        struct view line = view_cut(&rest, '\n');
        bool head = line.size > 0 && line.at[0] != ' ';
        inside = head ? view_starts(line, VIEW("examples:")) : inside;
        if (!inside && line.size > 0) {
            memcpy(to, line.at, (size_t)line.size);
            to += line.size;
        }
        if (rest.at) {
            *to++ = '\n';
        }
    }
    return (struct view){copy.at, to - copy.at};
}

static bool is_yaml(const struct rule_file *file) {
    return view_equal(view_sub(file->name, file->name.size - 5, 5), VIEW(".yaml"));
}

static bool embedded_read(struct building *building, bool lean) {
    struct rule_file *files =
        ARENA_NEW(building->file.arena, struct rule_file, rules_embedded_count);
    if (!files) {
        return memory_refuse(&building->file);
    }
    for (int i = 0; i < rules_embedded_count; i++) {
        files[i] = (struct rule_file){rules_embedded_names[i], rules_embedded_texts[i]};
        if (lean && is_yaml(&files[i])) {
            files[i].text = examples_cut(building->file.arena, files[i].text);
        }
    }
    building->file.lean = lean;
    bool good = files_read(building, files, rules_embedded_count);
    building->file.lean = false;
    return good;
}

/* ---- the set ----------------------------------------------------------------------------- */

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

int rule_set_make(const struct rule_set **set, const struct rule_options *options,
                  struct arena *arena, struct diag *diag) {
    struct diag own = DIAG_NONE;
    struct out scratch;
    struct building building = {.file = {.name = VIEW("sources.tsv"),
                                         .text = VIEW(""),
                                         .arena = arena,
                                         .diag = diag ? diag : &own,
                                         .scratch = &scratch},
                                .tell = options->tell,
                                .tell_to = options->tell_to};
    int file_count = options->own_count + (options->alone ? 0 : rules_embedded_count);
    *building.file.diag = DIAG_NONE;
    out_open(&scratch, NULL, NULL);
    struct rule_set *opened = ARENA_NEW(arena, struct rule_set, 1);
    struct rule_file *files = ARENA_NEW(arena, struct rule_file, file_count + 1);
    bool read = opened && files ? true : memory_refuse(&building.file);
    if (read) {
        building.set = opened;
        opened->files = files;
        opened->warnings_end = &opened->warnings;
        opened->own_given = options->own_count > 0 && !options->alone;
        read = options->alone || embedded_read(&building, options->lean);
    }
    building.own = !options->alone;
    read = read && files_read(&building, options->own, options->own_count) &&
           checks_collect(opened, &building.file);
    out_close(&scratch);
    if (!read) {
        bool memory = view_equal(view_of(building.file.diag->code), VIEW("memory"));
        return memory ? STATUS_SYSTEM : STATUS_INPUT;
    }
    *set = opened;
    return STATUS_OK;
}

int rule_set_standard(const struct rule_set **set, struct arena *arena, struct diag *diag) {
    return rule_set_make(set, &(struct rule_options){.alone = false}, arena, diag);
}

int rule_set_open(const struct rule_set **set, const struct view *texts, const struct view *names,
                  int count, struct view sources, struct arena *arena, struct diag *diag) {
    struct rule_file *files = ARENA_NEW(arena, struct rule_file, count + 1);
    if (!files) {
        diag_set(diag, "memory", "out of memory");
        return STATUS_SYSTEM;
    }
    files[0] = (struct rule_file){VIEW("sources.tsv"), sources};
    for (int i = 0; i < count; i++) {
        files[i + 1] = (struct rule_file){names[i], texts[i]};
    }
    struct rule_options options = {.own = files, .own_count = count + 1, .alone = true};
    return rule_set_make(set, &options, arena, diag);
}

int rule_warning_count(const struct rule_set *set) { return set->warning_count; }

const struct diag *rule_warning_at(const struct rule_set *set, int index) {
    const struct warning *warning = set->warnings;
    for (int i = 0; i < index && warning; i++) {
        warning = warning->next;
    }
    return warning ? &warning->diag : NULL;
}

bool rule_set_has_own(const struct rule_set *set) { return set->own_given; }

struct view rule_file_text(const struct rule_set *set, struct view name) {
    for (int i = 0; i < set->file_count; i++) {
        if (view_equal(set->files[i].name, name)) {
            return set->files[i].text;
        }
    }
    return VIEW("");
}

int rule_check_count(const struct rule_set *set) { return set->check_count; }

const struct rule_check *rule_check_at(const struct rule_set *set, int index) {
    return index >= 0 && index < set->check_count ? set->checks[index] : NULL;
}

const struct rule_tables *rule_tables_of(const struct rule_set *set) { return &set->tables; }

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
