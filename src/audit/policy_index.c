/* The checks of policies by code and payer: made once, so that a claim meets only those that may
 * concern it. Names that the store does not know are refused: such a rule would never speak. */
#include <string.h>

#include "audit/audit_state.h"
#include "audit/policy.h"

struct builder {
    struct audit *audit;
    struct policy_index *index;
    struct arena *arena;
    struct diag *diag;
    struct view *families; /* names, each once */
    int family_count;
    struct {
        uint32_t id;
        int family;
    } * codes; /* that have a family */
    int code_count;
};

static bool refuse(const struct builder *builder, const struct rule_check *check, const char *what,
                   struct view name) {
    struct view file = check->rule->file;
    diag_set(builder->diag, "rule_unknown_name", "%.*s:%d:%d: the store knows no %s %.*s",
             (int)(file.size < 60 ? file.size : 60), file.at, check->line, check->column, what,
             (int)(name.size < 40 ? name.size : 40), name.at);
    builder->diag->line = check->line;
    builder->diag->column = check->column;
    return false;
}

static bool no_memory(const struct builder *builder) {
    diag_set(builder->diag, "memory", "out of memory");
    return false;
}

/* What does not fit must not be left out without a word. */
static bool too_many(const struct builder *builder, const char *code, int most, const char *what) {
    diag_set(builder->diag, code, "more than %d %s", most, what);
    return false;
}

/* ---- families ---------------------------------------------------------------------------- */

static int family_index(const struct builder *builder, struct view name) {
    for (int i = 0; i < builder->family_count; i++) {
        if (view_equal(builder->families[i], name)) {
            return i;
        }
    }
    return -1;
}

static bool families_gather(struct builder *builder) {
    const struct store *store = builder->audit->store;
    uint32_t count = store_code_count(store);
    builder->families = ARENA_NEW(builder->arena, struct view, POLICY_FAMILIES_MAX);
    builder->codes = arena_take(builder->arena, (ptrdiff_t)sizeof *builder->codes,
                                (ptrdiff_t) _Alignof(max_align_t), (ptrdiff_t)count + 1);
    builder->index->family_class = ARENA_NEW(builder->arena, uint8_t, (ptrdiff_t)count + 1);
    if (!builder->families || !builder->codes || !builder->index->family_class) {
        return no_memory(builder);
    }
    for (uint32_t id = 0; id < count; id++) {
        struct store_family family;
        if (!store_family(store, id, &family)) {
            continue;
        }
        int at = family_index(builder, family.family);
        builder->index->family_class[id] = (uint8_t)family_class_of(family.family);
        if (at < 0) {
            if (builder->family_count == POLICY_FAMILIES_MAX) {
                return too_many(builder, "store_too_many", POLICY_FAMILIES_MAX,
                                "families of codes in the store");
            }
            at = builder->family_count++;
            builder->families[at] = family.family;
        }
        builder->codes[builder->code_count].id = id;
        builder->codes[builder->code_count++].family = at;
    }
    return true;
}

static bool names_known(const struct builder *builder, const struct rule_check *check) {
    static const enum rule_names_name lists[] = {RULE_families, RULE_with_families,
                                                 RULE_history_families, RULE_after_families,
                                                 RULE_instead_families};
    struct store_payer payer;
    for (ptrdiff_t i = 0; i < COUNT_OF(lists); i++) {
        const struct rule_names *names = &check->names[lists[i]];
        for (int j = 0; j < names->count; j++) {
            if (family_index(builder, names->at[j]) < 0) {
                return refuse(builder, check, "family", names->at[j]);
            }
        }
    }
    for (int i = 0; i < check->names[RULE_payers].count; i++) {
        if (!store_payer(builder->audit->store, check->names[RULE_payers].at[i], &payer)) {
            return refuse(builder, check, "payer profile", check->names[RULE_payers].at[i]);
        }
    }
    return true;
}

/* ---- checks by code ---------------------------------------------------------------------- */

typedef void visitor(struct builder *builder, uint32_t id, int check);

/* Every code of the check, each once. */
static void codes_visit(struct builder *builder, int number, visitor *visit) {
    const struct rule_check *check = builder->index->checks[number];
    const struct rule_names *named = &check->names[RULE_families];
    bool families[POLICY_FAMILIES_MAX] = {false};
    for (int i = 0; i < builder->family_count; i++) {
        families[i] = names_have(named, builder->families[i]);
    }
    for (int i = 0; i < builder->code_count; i++) {
        if (families[builder->codes[i].family]) {
            visit(builder, builder->codes[i].id, number);
        }
    }
    for (int i = 0; i < check->codes[RULE_codes].count; i++) {
        uint32_t id = store_code_id(builder->audit->store, check->codes[RULE_codes].at[i]);
        struct store_family family;
        if (id != STORE_NO_CODE && !(store_family(builder->audit->store, id, &family) &&
                                     names_have(named, family.family))) {
            visit(builder, id, number);
        }
    }
}

static void count_visit(struct builder *builder, uint32_t id, int check) {
    (void)check;
    builder->index->first[id + 1]++;
}

static void list_visit(struct builder *builder, uint32_t id, int check) {
    struct policy_index *index = builder->index;
    index->list[index->first[id]++] = (uint16_t)check;
}

/* A row of positions and a list behind it, as for pairs. Filling moves each position to the next
 * one's start; it is moved back at the end. */
static bool codes_index(struct builder *builder) {
    struct policy_index *index = builder->index;
    uint32_t codes = store_code_count(builder->audit->store);
    index->first = ARENA_NEW(builder->arena, uint32_t, (ptrdiff_t)codes + 2);
    if (!index->first) {
        return no_memory(builder);
    }
    for (int i = 0; i < index->count; i++) {
        codes_visit(builder, i, count_visit);
    }
    for (uint32_t id = 0; id < codes; id++) {
        index->first[id + 1] += index->first[id];
    }
    index->list = ARENA_NEW(builder->arena, uint16_t, (ptrdiff_t)index->first[codes] + 1);
    if (!index->list) {
        return no_memory(builder);
    }
    for (int i = 0; i < index->count; i++) {
        codes_visit(builder, i, list_visit);
    }
    memmove(index->first + 1, index->first, codes * sizeof *index->first);
    index->first[0] = 0;
    return true;
}

/* Entries that name no code look at every line; those by which a payer pays are asked by the
 * edits as well. */
static bool loose_index(const struct builder *builder) {
    struct policy_index *index = builder->index;
    for (int i = 0; i < index->count; i++) {
        const struct rule_check *check = index->checks[i];
        bool loose = check->names[RULE_families].count == 0 && check->codes[RULE_codes].count == 0;
        bool pays = check->kind == RULE_KIND_payer_pays;
        if (loose && index->loose_count == POLICY_LOOSE_MAX) {
            return too_many(builder, "rule_too_many", POLICY_LOOSE_MAX,
                            "entries of policies that name no code");
        }
        if (pays && index->pays_count == POLICY_PAYS_MAX) {
            return too_many(builder, "rule_too_many", POLICY_PAYS_MAX, "entries of payer_pays");
        }
        if (loose) {
            index->loose[index->loose_count++] = (uint16_t)i;
        }
        if (pays) {
            index->pays[index->pays_count++] = (uint16_t)i;
        }
    }
    return true;
}

/* ---- coverage policies by state ---------------------------------------------------------- */

static int state_index(struct view state) {
    bool letters = state.size == 2 && state.at[0] >= 'A' && state.at[0] <= 'Z' &&
                   state.at[1] >= 'A' && state.at[1] <= 'Z';
    return letters ? (state.at[0] - 'A') * 26 + state.at[1] - 'A' : -1;
}

static struct policy_lcds *lcds_of(struct policy_index *index, struct view family) {
    for (int i = 0; i < index->lcd_count; i++) {
        if (view_equal(index->lcds[i].family, family)) {
            return &index->lcds[i];
        }
    }
    return NULL;
}

static void lcd_states(struct policy_lcds *lcds, const struct rule_lcd *row, int number) {
    struct view rest = row->states;
    while (rest.at) {
        int state = state_index(view_cut(&rest, ' '));
        if (state >= 0 && lcds->row[state] == 0) {
            lcds->row[state] = (uint8_t)(number + 1);
            lcds->states++;
        }
    }
}

static bool lcds_index(const struct builder *builder) {
    struct policy_index *index = builder->index;
    const struct rule_tables *tables = rule_tables_of(index->rules);
    if (tables->lcd_count > POLICY_LCD_ROWS_MAX) {
        return too_many(builder, "rule_too_many", POLICY_LCD_ROWS_MAX, "rows of coverage policies");
    }
    for (int i = 0; i < tables->lcd_count; i++) {
        const struct rule_lcd *row = &tables->lcds[i];
        struct policy_lcds *lcds = lcds_of(index, row->family);
        if (!lcds && index->lcd_count == POLICY_LCDS_MAX) {
            return too_many(builder, "rule_too_many", POLICY_LCDS_MAX,
                            "families of coverage policies");
        }
        if (!lcds) {
            lcds = &index->lcds[index->lcd_count++];
            lcds->family = row->family;
        }
        lcd_states(lcds, row, i);
    }
    return true;
}

#define STATES_ALL 51 /* with the District of Columbia */

static bool lcd_names(const struct rule_lcd *row, struct view state) {
    struct view rest = row->states;
    while (rest.at) {
        if (view_equal(view_cut(&rest, ' '), state)) {
            return true;
        }
    }
    return false;
}

bool policy_lcd_find(const struct audit_pass *pass, const struct rule_check *check, struct date on,
                     const struct rule_lcd **found, bool *everywhere) {
    const struct policy_index *index = &pass->audit->policies;
    const struct rule_tables *tables = rule_tables_of(index->rules);
    const struct policy_lcds *lcds = index->lcd_of[check->index];
    int state = state_index(pass->claim->payer_state);
    *found = NULL;
    *everywhere = lcds && lcds->states >= STATES_ALL;
    if (!lcds || state < 0 || lcds->row[state] == 0) {
        return lcds && state >= 0;
    }
    /* The first row of a state is almost always the one in force. */
    int i = lcds->row[state] - 1;
    while (i < tables->lcd_count && !*found) {
        const struct rule_lcd *row = &tables->lcds[i];
        bool first = i++ == lcds->row[state] - 1;
        if (day_inside(row->from, row->to, on) &&
            (first || (view_equal(row->family, check->lcd) &&
                       lcd_names(row, pass->claim->payer_state)))) {
            *found = row;
        }
    }
    return true;
}

/* ---- what is looked up once --------------------------------------------------------------- */

static int32_t day_or(struct date date, int32_t open) { return date_given(date) ? date.day : open; }

static struct policy_scope scope_make(const struct rule_check *check) {
    int32_t first[] = {day_or(check->since, INT32_MIN), day_or(check->rule->since, INT32_MIN)};
    int32_t last[] = {day_or(check->until, INT32_MAX), day_or(check->rule->until, INT32_MAX)};
    struct policy_scope scope = {
        .first = first[0] > first[1] ? first[0] : first[1],
        .last = last[0] < last[1] ? last[0] : last[1],
        .regions = check->regions,
        .odd = check->codes[RULE_not_codes].count > 0 || check->codes[RULE_places].count > 0 ||
               check->codes[RULE_carrying].count > 0 || check->number[RULE_units_min] > 0};
    for (int i = 0; i < check->names[RULE_classes].count; i++) {
        scope.classes |= class_bit(check->names[RULE_classes].at[i]);
    }
    return scope;
}

static uint64_t test_facts(const struct rule_test *test) {
    uint64_t facts = test->subject == TEST_FACT ? NEED(test->field) : 0;
    for (int i = 0; test->subject == TEST_ANY && i < test->any_count; i++) {
        facts |= test_facts(&test->any[i]);
    }
    return facts;
}

/* True when a test can be answered without chart and history. */
static bool asks_diagnosis(struct rule_tests tests) {
    for (int i = 0; i < tests.count; i++) {
        if (tests.at[i].subject == TEST_DIAGNOSIS) {
            return true;
        }
    }
    return false;
}

bool kind_looks_back(enum rule_kind kind) {
    return kind == RULE_KIND_session_limit || kind == RULE_KIND_min_interval ||
           kind == RULE_KIND_requires_history || kind == RULE_KIND_forbids_history ||
           kind == RULE_KIND_last_service;
}

/* Most claims come as 837P, without chart and history: what an entry then lacks is known before
 * it is asked. 0 where the claim itself may answer, or nothing would be lacking. */
static uint64_t bare_needs(const struct rule_check *check) {
    struct rule_tests require = check->tests[RULE_require];
    if (check->silent_when_missing || check->tests[RULE_when].count > 0 ||
        asks_diagnosis(check->tests[RULE_unless]) || asks_diagnosis(require)) {
        return 0;
    }
    uint64_t facts = 0;
    for (int i = 0; check->kind == RULE_KIND_requires_chart && i < require.count; i++) {
        facts |= test_facts(&require.at[i]);
    }
    return kind_looks_back(check->kind) ? NEED(NEED_HISTORY) : facts;
}

/* Lists of diagnoses get numbers from 1, in the order of their first rows. */
static bool lists_index(struct builder *builder) {
    struct policy_index *index = builder->index;
    const struct rule_tables *tables = rule_tables_of(index->rules);
    int lists = 0;
    index->covered_list = ARENA_NEW(builder->arena, uint8_t, tables->covered_count + 1);
    if (!index->covered_list) {
        return no_memory(builder);
    }
    for (int i = 0; i < tables->covered_count; i++) {
        int same = 0;
        while (same < i && !view_equal(tables->covered[same].list, tables->covered[i].list)) {
            same++;
        }
        lists += same == i && lists < UINT8_MAX;
        index->covered_list[i] = same == i ? (uint8_t)lists : index->covered_list[same];
        for (int j = 0; j < index->count && same == i; j++) {
            const struct rule_names *names = &index->checks[j]->names[RULE_covered];
            if (names->count > 0 && view_equal(names->at[0], tables->covered[i].list)) {
                index->covered[j] = (uint8_t)lists;
            }
        }
    }
    return true;
}

bool policy_list_has(const struct policy *policy, int row) {
    const struct policy_index *index = &policy->pass->audit->policies;
    return index->covered_list[row] == index->covered[policy->check->index];
}

/* ------------------------------------------------------------------------------------------ */

int policy_open(struct audit *audit, const struct rule_set *rules, struct arena *arena,
                struct diag *diag) {
    struct policy_index *index = &audit->policies;
    struct builder builder = {.audit = audit, .index = index, .arena = arena, .diag = diag};
    index->rules = rules;
    index->count = rule_check_count(rules);
    if (index->count > POLICY_CHECKS_MAX) {
        diag_set(diag, "rule_too_many", "more than %d entries of policies", POLICY_CHECKS_MAX);
        return STATUS_INPUT;
    }
    index->checks = ARENA_NEW(arena, const struct rule_check *, index->count + 1);
    bool good = index->checks ? families_gather(&builder) : no_memory(&builder);
    for (int i = 0; i < index->count && good; i++) {
        index->checks[i] = rule_check_at(rules, i);
        good = names_known(&builder, index->checks[i]);
    }
    if (!good || !codes_index(&builder) || !loose_index(&builder) || !lcds_index(&builder)) {
        return view_equal(view_of(diag->code), VIEW("memory")) ? STATUS_SYSTEM : STATUS_INPUT;
    }
    for (int i = 0; i < index->count; i++) {
        index->scope[i] = scope_make(index->checks[i]);
        index->bare[i] = bare_needs(index->checks[i]);
        index->lcd_of[i] = lcds_of(index, index->checks[i]->lcd);
    }
    return lists_index(&builder) ? STATUS_OK : STATUS_SYSTEM;
}
