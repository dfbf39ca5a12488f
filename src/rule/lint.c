/* What the reader of rule files lets pass and a person did not mean. */
#include "rule/rule_internal.h"

#define FAMILIES_MAX 256

struct linting {
    const struct rule_set *set;
    const struct store *store;
    struct arena *arena;
    rule_tell *tell;
    void *to;
    int count;
    struct view families[FAMILIES_MAX];
    int family_count;
};

/* ---- telling ----------------------------------------------------------------------------- */

/* A file to speak about; the diagnostic is told and gone. */
static struct rule_text text_of(const struct linting *linting, const struct rule *rule,
                                struct diag *diag) {
    *diag = DIAG_NONE;
    return (struct rule_text){.name = rule->file,
                              .text = rule_file_text(linting->set, rule->file),
                              .arena = linting->arena,
                              .diag = diag};
}

#define COMPLAIN(linting, rule_, line_, column_, code, ...)                                        \
    do {                                                                                           \
        struct diag diag_;                                                                         \
        struct rule_text text_ = text_of((linting), (rule_), &diag_);                              \
        text_refuse(&text_, (code), (line_), (column_), __VA_ARGS__);                              \
        (linting)->tell((linting)->to, &diag_);                                                    \
        (linting)->count++;                                                                        \
    } while (0)

/* Where a word stands: in the entry, or else in the head of its rule; an entry that is made of
 * the head has its place. */
struct place {
    int64_t line;
    int64_t column;
};

static bool word_char(struct view text, ptrdiff_t at) {
    char c = at >= 0 && at < text.size ? text.at[at] : ' ';
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* First column of the whole word in the line, 0 when it is not there. */
static int64_t word_column(struct view line, struct view word) {
    for (ptrdiff_t i = 0; i + word.size <= line.size; i++) {
        if (view_equal(view_sub(line, i, word.size), word) && !word_char(line, i - 1) &&
            !word_char(line, i + word.size)) {
            return i + 1;
        }
    }
    return 0;
}

static bool word_find(struct view text, int64_t from, struct view word, struct place *place) {
    for (int64_t line = 1; text.at; line++) {
        struct view here = view_cut(&text, '\n');
        if (line < from) {
            continue;
        }
        if (view_starts(here, VIEW("examples:")) || view_equal(here, VIEW("---"))) {
            return false;
        }
        int64_t column = word_column(here, word);
        if (column > 0) {
            *place = (struct place){line, column};
            return true;
        }
    }
    return false;
}

static struct place place_of(const struct linting *linting, const struct rule_check *check,
                             struct view word) {
    struct view text = rule_file_text(linting->set, check->rule->file);
    struct place place = {check->line, check->column};
    if (!word_find(text, check->line, word, &place)) {
        word_find(text, check->rule->line, word, &place);
    }
    return place;
}

/* ---- names ------------------------------------------------------------------------------- */

static bool view_among(struct view name, const struct view *names, int count) {
    for (int i = 0; i < count; i++) {
        if (view_equal(names[i], name)) {
            return true;
        }
    }
    return false;
}

static void families_gather(struct linting *linting) {
    uint32_t count = store_code_count(linting->store);
    for (uint32_t id = 0; id < count && linting->family_count < FAMILIES_MAX; id++) {
        struct store_family family;
        if (store_family(linting->store, id, &family) &&
            !view_among(family.family, linting->families, linting->family_count)) {
            linting->families[linting->family_count++] = family.family;
        }
    }
}

static bool is_payer(const struct linting *linting, struct view name) {
    struct store_payer payer;
    return store_payer(linting->store, name, &payer);
}

static bool is_family(const struct linting *linting, struct view name) {
    return view_among(name, linting->families, linting->family_count);
}

static bool is_state(const struct linting *linting, struct view name) {
    (void)linting;
    return name.size == 2 && name.at[0] >= 'A' && name.at[0] <= 'Z' && name.at[1] >= 'A' &&
           name.at[1] <= 'Z';
}

static bool is_class(const struct linting *linting, struct view name) {
    (void)linting;
    static const struct view classes[] = {
        {"drug", 4},     {"anesthetic", 10}, {"contrast", 8},
        {"sedation", 8}, {"guidance", 8},    {"evaluation", 10}};
    return view_among(name, classes, COUNT_OF(classes));
}

static bool is_covered_list(const struct linting *linting, struct view name) {
    const struct rule_tables *tables = rule_tables_of(linting->set);
    for (int i = 0; i < tables->covered_count; i++) {
        if (view_equal(tables->covered[i].list, name)) {
            return true;
        }
    }
    return false;
}

static bool is_lcd(const struct linting *linting, struct view name) {
    const struct rule_tables *tables = rule_tables_of(linting->set);
    for (int i = 0; i < tables->lcd_count; i++) {
        if (view_equal(tables->lcds[i].family, name)) {
            return true;
        }
    }
    return false;
}

typedef bool name_known(const struct linting *linting, struct view name);

static void names_lint(struct linting *linting, const struct rule *rule,
                       const struct rule_check *check) {
    static const struct {
        enum rule_names_name list;
        name_known *known;
        const char *what;
    } lists[] = {
        {RULE_payers, is_payer, "no payer profile %.*s; see rules show payers"},
        {RULE_states, is_state, "%.*s is no state, write two capitals"},
        {RULE_families, is_family, "no family %.*s; see rules show families"},
        {RULE_with_families, is_family, "no family %.*s; see rules show families"},
        {RULE_history_families, is_family, "no family %.*s; see rules show families"},
        {RULE_after_families, is_family, "no family %.*s; see rules show families"},
        {RULE_instead_families, is_family, "no family %.*s; see rules show families"},
        {RULE_classes, is_class, "no class of lines %.*s; see rules show classes"},
        {RULE_with_classes, is_class, "no class of lines %.*s; see rules show classes"},
        {RULE_covered, is_covered_list, "no list %.*s in covered_dx.tsv"},
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(lists); i++) {
        const struct rule_names *names = &check->names[lists[i].list];
        for (int j = 0; j < names->count; j++) {
            struct view name = names->at[j];
            if (!lists[i].known(linting, name)) {
                struct place place = place_of(linting, check, name);
                COMPLAIN(linting, rule, place.line, place.column, "rule_unknown_name",
                         lists[i].what, (int)(name.size < 40 ? name.size : 40), name.at);
            }
        }
    }
    if (check->lcd.size > 0 && !is_lcd(linting, check->lcd)) {
        struct place place = place_of(linting, check, check->lcd);
        COMPLAIN(linting, rule, place.line, place.column, "rule_unknown_name",
                 "no policy of family %.*s in lcd.tsv", (int)check->lcd.size, check->lcd.at);
    }
}

/* A code that nobody knows is a slip; the store may be an excerpt, so it is said that way. */
static void codes_lint(struct linting *linting, const struct rule *rule,
                       const struct rule_check *check) {
    static const enum rule_codes_name lists[] = {RULE_codes, RULE_with_codes, RULE_use_instead};
    for (ptrdiff_t i = 0; i < COUNT_OF(lists); i++) {
        const struct rule_codes *codes = &check->codes[lists[i]];
        for (int j = 0; j < codes->count; j++) {
            char text[9];
            if (store_code_id(linting->store, codes->at[j]) == STORE_NO_CODE) {
                struct place place =
                    place_of(linting, check, code_text(codes->at[j], text));
                COMPLAIN(linting, rule, place.line, place.column, "rule_unknown_name",
                         "no procedure code %s in the store; is it right?", text);
            }
        }
    }
}

/* ---- ids --------------------------------------------------------------------------------- */

static void id_lint(struct linting *linting, const struct rule *rule) {
    const struct rule_tables *tables = rule_tables_of(linting->set);
    for (int i = 0; i < tables->gone_count; i++) {
        const struct rule_gone *gone = &tables->gone[i];
        char day[11];
        if (view_equal(gone->id, rule->id)) {
            date_text(gone->since, day);
            COMPLAIN(linting, rule, rule->line, 1, "rule_retired",
                     "id %.*s was retired on %s and is not used again: %.*s", (int)rule->id.size,
                     rule->id.at, day, (int)(gone->why.size < 60 ? gone->why.size : 60),
                     gone->why.at);
        }
    }
}

/* ---- windows of dated values ------------------------------------------------------------- */

/* The number that a kind is about. */
static int value_of(const struct rule_check *check) {
    static const struct {
        enum rule_kind kind;
        enum rule_number number;
    } values[] = {{RULE_KIND_session_limit, RULE_sessions_max},
                  {RULE_KIND_min_interval, RULE_days_min},
                  {RULE_KIND_level_limit, RULE_levels_max},
                  {RULE_KIND_requires_history, RULE_services_min},
                  {RULE_KIND_long_course, RULE_months_max}};
    for (ptrdiff_t i = 0; i < COUNT_OF(values); i++) {
        if (values[i].kind == check->kind) {
            return (int)values[i].number;
        }
    }
    return -1;
}

/* What the entry speaks of: all that it says but its value. */
static struct view scope_text(struct linting *linting, const struct rule_check *check) {
    struct out out;
    out_open(&out, NULL, NULL);
    out_view(&out, rule_kind_name(check->kind));
    for (int i = 0; i < rule_key_count(); i++) {
        const struct rule_key *key = rule_key_at(i);
        bool value = key->type == KEY_NUMBER && key->at == value_of(check);
        if (!value && rule_key_given(check, key)) {
            out_char(&out, '\n');
            out_view(&out, key->name);
            rule_value_words(&out, check, key);
        }
    }
    struct view text = arena_copy(linting->arena, out_bytes(&out));
    out_close(&out);
    return text;
}

static int64_t first_day(const struct rule_check *check) {
    return date_given(check->since) ? check->since.day : INT32_MIN;
}

static int64_t last_day(const struct rule_check *check) {
    return date_given(check->until) ? check->until.day : INT32_MAX;
}

static void overlap_lint(struct linting *linting, const struct rule_check *entry,
                         const struct rule_check *other) {
    int value = value_of(entry);
    bool meet = first_day(entry) <= last_day(other) && first_day(other) <= last_day(entry);
    if (meet && entry->number[value] != other->number[value]) {
        struct view name = VIEW("");
        for (int i = 0; i < rule_key_count(); i++) {
            const struct rule_key *key = rule_key_at(i);
            name = key->type == KEY_NUMBER && key->at == value ? key->name : name;
        }
        COMPLAIN(linting, entry->rule, entry->line, entry->column, "rule_overlap",
                 "%.*s is %d here and %d in line %d, for the same days", (int)name.size, name.at,
                 entry->number[value], other->number[value], other->line);
    }
}

/* The entry that follows in time among those of the same scope begins later than the day after
 * this one ends. */
static void gap_lint(struct linting *linting, const struct rule *rule, const struct view *scopes,
                     int at) {
    const struct rule_check *entry = &rule->checks[at];
    int64_t next = INT64_MAX;
    const struct rule_check *follower = NULL;
    for (int i = 0; i < rule->check_count; i++) {
        const struct rule_check *other = &rule->checks[i];
        if (i == at || !view_equal(scopes[i], scopes[at])) {
            continue;
        }
        if (last_day(other) > last_day(entry) && first_day(other) < next) {
            next = first_day(other);
            follower = other;
        }
    }
    if (follower && next > last_day(entry) + 1) {
        char from[11], to[11];
        date_text((struct date){entry->until.day + 1}, from);
        date_text((struct date){(int32_t)next - 1}, to);
        COMPLAIN(linting, rule, follower->line, follower->column, "rule_gap",
                 "from %s to %s no entry holds: line %d ends before this one begins", from, to,
                 entry->line);
    }
}

static void windows_lint(struct linting *linting, const struct rule *rule) {
    struct view *scopes = ARENA_NEW(linting->arena, struct view, rule->check_count + 1);
    for (int i = 0; scopes && i < rule->check_count; i++) {
        scopes[i] = scope_text(linting, &rule->checks[i]);
    }
    for (int i = 0; scopes && i < rule->check_count; i++) {
        if (rule->checks[i].state == RULE_RETIRED) {
            continue;
        }
        gap_lint(linting, rule, scopes, i);
        for (int j = 0; j < i; j++) {
            if (value_of(&rule->checks[i]) >= 0 && view_equal(scopes[i], scopes[j])) {
                overlap_lint(linting, &rule->checks[i], &rule->checks[j]);
            }
        }
    }
}

/* ------------------------------------------------------------------------------------------ */

int rule_lint(const struct rule_set *set, const struct store *store, struct arena *arena,
              rule_tell *tell, void *to) {
    struct linting *linting = ARENA_NEW(arena, struct linting, 1);
    if (!linting) {
        return 0;
    }
    *linting =
        (struct linting){.set = set, .store = store, .arena = arena, .tell = tell, .to = to};
    families_gather(linting);
    for (int i = 0; i < rule_warning_count(set); i++) {
        tell(to, rule_warning_at(set, i));
        linting->count++;
    }
    for (int i = 0; i < rule_count(set); i++) {
        const struct rule *rule = rule_at(set, i);
        if (rule_set_has_own(set) && !rule->own) {
            continue;
        }
        id_lint(linting, rule);
        for (int j = 0; j < rule->check_count; j++) {
            names_lint(linting, rule, &rule->checks[j]);
            codes_lint(linting, rule, &rule->checks[j]);
        }
        windows_lint(linting, rule);
    }
    return linting->count;
}
