/* Policies: finds the entries that concern a claim and lets their kinds judge the lines. */
#include <string.h>

#include "audit/audit_state.h"
#include "audit/policy.h"
#include "audit/trace.h"

/* ---- scope ------------------------------------------------------------------------------- */

uint8_t class_bit(struct view class) {
    static const char *const names[] = {"drug",     "anesthetic", "contrast",
                                        "sedation", "guidance",   "evaluation"};
    for (int i = 0; i < COUNT_OF(names); i++) {
        if (view_equal(class, view_of(names[i]))) {
            return (uint8_t)(1u << i);
        }
    }
    return 0;
}

uint8_t line_classes(const struct audit_line *line) {
    unsigned drug = !line->has_drug ? 0
                                    : 1u | (unsigned)line->drug.anesthetic << 1 |
                                          (unsigned)line->drug.contrast << 2;
    unsigned family = !line->has_family ? 0
                                        : (unsigned)line->family.sedation << 3 |
                                              (unsigned)(line->family.imaging == IMAGING_IS) << 4 |
                                              (unsigned)line->family.evaluation << 5;
    return (uint8_t)(drug | family);
}

bool line_of_class(const struct audit_line *line, const struct rule_names *classes) {
    uint8_t mine = line_classes(line);
    for (int i = 0; i < classes->count; i++) {
        if (mine & class_bit(classes->at[i])) {
            return true;
        }
    }
    return false;
}

bool codes_have(const struct rule_codes *codes, struct code code) {
    for (int i = 0; i < codes->count; i++) {
        if (code_equal(codes->at[i], code)) {
            return true;
        }
    }
    return false;
}

bool names_have(const struct rule_names *names, struct view name) {
    for (int i = 0; i < names->count; i++) {
        if (view_equal(names->at[i], name)) {
            return true;
        }
    }
    return false;
}

bool line_carries(const struct audit_line *line, const struct rule_codes *modifiers) {
    for (int i = 0; i < line->line->modifier_count; i++) {
        if (codes_have(modifiers, line->line->modifiers[i])) {
            return true;
        }
    }
    return false;
}

bool day_inside(struct date first, struct date last, struct date on) {
    return (!date_given(first) || first.day <= on.day) && (!date_given(last) || on.day <= last.day);
}

/* Where the line falls out of the scope of the entry, all but its intent. */
ALWAYS_INLINE enum line_scope scope_find(const struct rule_check *check,
                                         const struct audit_line *line) {
    uint32_t region = line->has_family ? UINT32_C(1) << line->family.region : 0;
    if (!day_inside(check->since, check->until, line->from) ||
        !day_inside(check->rule->since, check->rule->until, line->from)) {
        return SCOPE_WINDOW;
    }
    if (check->regions && !(check->regions & region)) {
        return SCOPE_REGION;
    }
    if (check->names[RULE_classes].count > 0 &&
        !line_of_class(line, &check->names[RULE_classes])) {
        return SCOPE_CLASS;
    }
    if (codes_have(&check->codes[RULE_not_codes], line->line->code)) {
        return SCOPE_CODE;
    }
    if (check->codes[RULE_places].count > 0 &&
        !codes_have(&check->codes[RULE_places], line->pos)) {
        return SCOPE_PLACE;
    }
    if (check->codes[RULE_carrying].count > 0 &&
        !line_carries(line, &check->codes[RULE_carrying])) {
        return SCOPE_CARRYING;
    }
    return line->units < check->number[RULE_units_min] ? SCOPE_UNITS : SCOPE_IN;
}

static bool line_in_scope(const struct rule_check *check, const struct audit_line *line) {
    return scope_find(check, line) == SCOPE_IN;
}

enum line_scope line_scope(const struct rule_check *check, const struct audit_line *line) {
    return scope_find(check, line);
}

/* The entries for a payer, as bits; kept for the claims that follow. */
static const uint64_t *payer_entries(struct audit_pass *pass) {
    struct policy_index *index = &pass->audit->policies;
    struct view profile = pass->payer_known ? pass->payer.profile : VIEW("");
    for (int i = 0; i < index->payer_count; i++) {
        if (view_equal(index->payers[i].profile, profile)) {
            return index->payers[i].entries;
        }
    }
    int at = index->payer_count < POLICY_PAYERS_MAX ? index->payer_count++ : POLICY_PAYERS_MAX - 1;
    struct policy_payer *payer = &index->payers[at];
    *payer = (struct policy_payer){.profile = profile};
    for (int i = 0; i < index->count; i++) {
        const struct rule_names *payers = &index->checks[i]->names[RULE_payers];
        if (payers->count == 0 || names_have(payers, profile)) {
            payer->entries[i / 64] |= UINT64_C(1) << i % 64;
        }
    }
    return payer->entries;
}

/* ---- the entries of a claim -------------------------------------------------------------- */

/* What the scopes of entries ask of a line. */
struct offer {
    const struct audit_line *line;
    int32_t day;
    uint32_t region;
    uint8_t classes;
};

/* The same answer as line_scope. */
static bool offer_fits(const struct policy_scope *scope, const struct offer *offer) {
    return scope->first <= offer->day && offer->day <= scope->last &&
           (!scope->regions || scope->regions & offer->region) &&
           (!scope->classes || scope->classes & offer->classes);
}

ALWAYS_INLINE void entry_offer(struct policy_index *index, int entry,
                               const struct offer *offer) {
    const struct rule_check *check = index->checks[entry];
    const struct audit_line *line = offer->line;
    if (!offer_fits(&index->scope[entry], offer) ||
        (index->scope[entry].odd && !line_in_scope(check, line))) {
        return;
    }
    uint64_t bit = UINT64_C(1) << entry % 64;
    if (!(index->touched[entry / 64] & bit)) {
        index->touched[entry / 64] |= bit;
        index->lines[entry] = 0;
        index->unsure[entry] = false;
    }
    if (!check->intents || (check->intents >> line->intent & 1)) {
        index->lines[entry] |= LINE_BIT(line->index);
    } else if (line->intent == KIND_UNKNOWN) {
        index->unsure[entry] = true;
    }
}

static void line_entries(struct audit_pass *pass, const struct audit_line *line,
                         const uint64_t *payer) {
    struct policy_index *index = &pass->audit->policies;
    struct offer offer = {.line = line,
                          .day = line->from.day,
                          .region = line->has_family ? UINT32_C(1) << line->family.region : 0,
                          .classes = line_classes(line)};
    for (uint32_t i = index->first[line->id]; i < index->first[line->id + 1]; i++) {
        int entry = index->list[i];
        if (payer[entry / 64] >> entry % 64 & 1) {
            entry_offer(index, entry, &offer);
        }
    }
    for (int i = 0; i < index->loose_count; i++) {
        int entry = index->loose[i];
        if (payer[entry / 64] >> entry % 64 & 1) {
            entry_offer(index, entry, &offer);
        }
    }
}

static void pays_begin(struct audit_pass *pass, const uint64_t *payer);

void policy_begin(struct audit_pass *pass) {
    struct policy_index *index = &pass->audit->policies;
    memset(index->touched, 0, sizeof index->touched);
    const uint64_t *payer = payer_entries(pass);
    pays_begin(pass, payer);
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (line->id != STORE_NO_CODE && date_given(line->from)) {
            line_entries(pass, line, payer);
        }
    }
}

/* ---- groups and findings ----------------------------------------------------------------- */

const struct audit_line *lines_first(const struct policy *policy, uint64_t lines) {
    return lines ? &policy->pass->lines[__builtin_ctzll(lines)] : NULL;
}

static bool lines_grouped(const struct rule_check *check, const struct audit_line *a,
                          const struct audit_line *b) {
    if (a->from.day != b->from.day || (check->same & RULE_SAME_CODE && a->id != b->id)) {
        return false;
    }
    bool regions = a->has_family && b->has_family && a->family.region != b->family.region;
    if (check->same & RULE_SAME_REGION && regions) {
        return false;
    }
    char side_a = line_side(a);
    char side_b = line_side(b);
    return !(check->same & RULE_SAME_SIDE) || !side_a || !side_b || side_a == side_b;
}

uint64_t lines_next_group(const struct policy *policy, uint64_t *left) {
    const struct audit_line *first = lines_first(policy, *left);
    uint64_t group = 0;
    for (int i = first ? first->index : CLAIM_LINES_MAX; i < policy->pass->line_count; i++) {
        if (*left >> i & 1 && lines_grouped(policy->check, first, &policy->pass->lines[i])) {
            group |= LINE_BIT(i);
        }
    }
    *left &= ~group;
    return group;
}

void groups_judge(struct policy *policy, group_function *judge) {
    uint64_t left = policy->lines;
    for (uint64_t group = lines_next_group(policy, &left); group;
         group = lines_next_group(policy, &left)) {
        judge(policy, group);
    }
}

struct audit_finding *policy_finding(struct policy *policy, uint64_t lines, struct text *text) {
    struct audit_pass *pass = policy->pass;
    const struct rule_check *check = policy->check;
    struct audit_finding *finding = finding_new(pass, check->rule, lines_first(policy, lines));
    finding->check = check;
    finding->severity = check->severity;
    for (int i = 0; i < pass->line_count; i++) {
        if (lines >> i & 1) {
            finding_line(finding, &pass->lines[i]);
        }
    }
    if (pass->trace) {
        trace_fired(pass->trace, lines);
    }
    text_open(text, pass);
    text_view(text, check->message.size > 0 ? check->message : check->rule->title);
    text_add(text, ": ");
    finding->fix = check->fix.size > 0 ? check->fix : check->rule->fix;
    if (policy->lcd) {
        struct text row;
        text_open(&row, pass);
        text_view(&row, policy->lcd->document);
        text_add(&row, "/");
        text_view(&row, policy->lcd->article);
        finding_source(pass, finding, VIEW("lcd"), text_close(&row));
    }
    return finding;
}

void policy_lacks(struct policy *policy, uint64_t needs) {
    struct audit_pass *pass = policy->pass;
    const struct rule *rule = policy->check->rule;
    if (pass->trace) {
        trace_lacks(pass->trace, needs, policy->silent);
    }
    if (needs == 0 || policy->silent) {
        return;
    }
    struct audit_gap *last = pass->gap_count > 0 ? &pass->gaps[pass->gap_count - 1] : NULL;
    if (last && last->rule == rule && last->needs) {
        last->needs |= needs; /* entries of one rule follow one another */
    } else if (pass->gap_count < AUDIT_GAPS_MAX) {
        pass->gaps[pass->gap_count++] = (struct audit_gap){.rule = rule, .needs = needs};
    }
}

const struct rule_tables *policy_tables(const struct audit_pass *pass) {
    return rule_tables_of(pass->audit->policies.rules);
}

/* ---- judging ----------------------------------------------------------------------------- */

static policy_function *const kinds[RULE_KINDS] = {
    [RULE_KIND_session_limit] = policy_session_limit,
    [RULE_KIND_min_interval] = policy_min_interval,
    [RULE_KIND_level_limit] = policy_level_limit,
    [RULE_KIND_level_documented] = policy_level_documented,
    [RULE_KIND_requires_modifier] = policy_requires_modifier,
    [RULE_KIND_forbids_modifier] = policy_forbids_modifier,
    [RULE_KIND_requires_history] = policy_requires_history,
    [RULE_KIND_forbids_history] = policy_forbids_history,
    [RULE_KIND_last_service] = policy_last_service,
    [RULE_KIND_requires_chart] = policy_requires_chart,
    [RULE_KIND_long_course] = policy_long_course,
    [RULE_KIND_requires_authorization] = policy_requires_authorization,
    [RULE_KIND_not_together] = policy_not_together,
    [RULE_KIND_one_region] = policy_one_region,
    [RULE_KIND_not_covered] = policy_not_covered,
    [RULE_KIND_dx_covered] = policy_dx_covered,
    [RULE_KIND_dx_requires] = policy_dx_requires,
    [RULE_KIND_same_day_repeat] = policy_same_day_repeat,
    [RULE_KIND_payer_pays] = policy_payer_pays,
};

/* The claim is of the type, and of a state with such a coverage policy. */
static bool claim_in_scope(struct policy *policy) {
    const struct claim *claim = policy->pass->claim;
    const struct rule_check *check = policy->check;
    if (check->claim_types && !(check->claim_types >> claim->type & 1)) {
        return false;
    }
    if (check->names[RULE_states].count > 0 &&
        !names_have(&check->names[RULE_states], claim->payer_state)) {
        if (!claim->payer_state.at) {
            policy_lacks(policy, NEED(NEED_STATE));
        }
        return false;
    }
    if (check->lcd.size == 0) {
        return true;
    }
    bool everywhere;
    struct date on = lines_first(policy, policy->lines)->from;
    if (policy_lcd_find(policy->pass, check, on, &policy->lcd, &everywhere)) {
        return policy->lcd != NULL;
    }
    if (!everywhere) {
        policy_lacks(policy, NEED(NEED_STATE));
    }
    return everywhere;
}

/* An exception that is documented; one that is not known is not shown. */
static bool is_excused(struct policy *policy) {
    struct rule_tests tests = policy->check->tests[RULE_unless];
    for (int i = 0; i < tests.count && policy->check->kind != RULE_KIND_last_service; i++) {
        if (test_answer(policy, &tests.at[i], NULL) == TRUTH_YES) {
            return true;
        }
    }
    policy->needs = 0;
    return false;
}

static bool outside_scope(struct policy *policy) {
    bool outside = !claim_in_scope(policy);
    if (outside && policy->pass->trace) {
        trace_scope(policy);
    }
    return outside;
}

static bool exception_holds(struct policy *policy) {
    bool excused = is_excused(policy);
    if (excused && policy->pass->trace) {
        trace_excused(policy, NULL);
    }
    return excused;
}

/* Nothing is known that the kind could ask. */
static bool claim_is_bare(struct audit_pass *pass, enum rule_kind kind) {
    int count = 0;
    if (kind == RULE_KIND_requires_chart) {
        return !pass->claim->facts;
    }
    return !pasts_complete(pass) && !pasts_of(pass, &count) && count == 0;
}

static bool asks_pasts(enum rule_kind kind) {
    return kind_looks_back(kind) || kind == RULE_KIND_long_course ||
           kind == RULE_KIND_same_day_repeat;
}

/* The conditions hold. */
static void kind_judge(struct policy *policy) {
    enum rule_kind kind = policy->check->kind;
    if (asks_pasts(kind) && pasts_cut(policy->pass)) {
        policy_lacks(policy, NEED(NEED_HISTORY));
        return;
    }
    policy->needs = 0;
    kinds[kind](policy);
}

bool policy_judge(struct audit_pass *pass, int entry) {
    struct policy_index *index = &pass->audit->policies;
    struct policy policy = {
        .pass = pass, .check = index->checks[entry], .lines = index->lines[entry]};
    if (!policy.lines && !index->unsure[entry]) {
        return false;
    }
    if (!policy.lines) {
        policy_lacks(&policy, NEED(NEED_INTENT));
        return true;
    }
    if (outside_scope(&policy)) {
        return false;
    }
    if (index->bare[entry] && !pass->trace && claim_is_bare(pass, policy.check->kind)) {
        policy_lacks(&policy, index->bare[entry]);
        return true;
    }
    if (exception_holds(&policy)) {
        return true;
    }
    struct rule_tests when = policy.check->tests[RULE_when];
    enum truth applies = tests_answer(&policy, when, NULL);
    if (pass->trace) {
        trace_conditions(&policy, applies);
    }
    policy.silent = policy.check->silent_when_missing && when.count == 0;
    if (applies == TRUTH_UNKNOWN && policy.check->silent_when_missing) {
        return false;
    }
    if (applies == TRUTH_UNKNOWN) {
        policy_lacks(&policy, policy.needs);
    } else if (applies == TRUTH_YES) {
        kind_judge(&policy);
    }
    return applies != TRUTH_NO;
}

static void entry_judge(struct audit_pass *pass, int entry) { (void)policy_judge(pass, entry); }

void check_policy(struct audit_pass *pass) {
    struct policy_index *index = &pass->audit->policies;
    if (pass->trace) {
        trace_policies(pass, entry_judge);
        return;
    }
    for (int word = 0; word * 64 < index->count; word++) {
        for (uint64_t bits = index->touched[word]; bits; bits &= bits - 1) {
            entry_judge(pass, word * 64 + __builtin_ctzll(bits));
        }
    }
}

/* ---- payer_pays -------------------------------------------------------------------------- */

/* The entries by which this payer pays what the edits deny; most payers have none. */
static void pays_begin(struct audit_pass *pass, const uint64_t *payer) {
    struct policy_index *index = &pass->audit->policies;
    pass->pays_count = 0;
    for (int i = 0; i < index->pays_count; i++) {
        int entry = index->pays[i];
        if (payer[entry / 64] >> entry % 64 & 1) {
            pass->pays[pass->pays_count++] = index->checks[entry];
        }
    }
}

static bool entry_pays(const struct rule_check *check, const struct audit_line *line,
                       const struct audit_line *beside) {
    return codes_have(&check->codes[RULE_codes], line->line->code) &&
           codes_have(&check->codes[RULE_with_codes], beside->line->code) &&
           line_in_scope(check, line);
}

bool payer_pays(const struct audit_pass *pass, const struct audit_line *a,
                const struct audit_line *b) {
    for (int i = 0; i < pass->pays_count; i++) {
        if (entry_pays(pass->pays[i], a, b) || entry_pays(pass->pays[i], b, a)) {
            return true;
        }
    }
    return false;
}

bool payer_pays_addon(const struct audit_pass *pass, const struct audit_line *addon) {
    for (int i = 0; i < pass->line_count && pass->pays_count > 0; i++) {
        if (i != addon->index && payer_pays(pass, addon, &pass->lines[i])) {
            return true;
        }
    }
    return false;
}

/* Says once a line that the payer's own rule decides, and against which. */
void policy_payer_pays(struct policy *policy) {
    struct audit_pass *pass = policy->pass;
    for (uint64_t lines = policy->lines; lines; lines &= lines - 1) {
        const struct audit_line *line = lines_first(policy, lines);
        const struct audit_line *beside = NULL;
        for (int i = 0; i < pass->line_count && !beside; i++) {
            const struct audit_line *other = &pass->lines[i];
            bool meets = other != line && other->from.day == line->from.day;
            beside = meets && entry_pays(policy->check, line, other) ? other : NULL;
        }
        struct store_pair pair;
        if (!beside || !store_pair(pass->store, beside->id, line->id, line->when, &pair)) {
            if (pass->trace) {
                trace_idle_words(policy, beside ? "no edit stands against the line"
                                                : "no line stands beside it that the entry names");
            }
            continue;
        }
        struct text text;
        struct audit_finding *finding = policy_finding(policy, LINE_BIT(line->index), &text);
        text_code(&text, line->line->code);
        text_add(&text, " beside ");
        text_line(&text, beside);
        text_add(&text, ", against ncci_ptp and imaging_included");
        finding->message = text_close(&text);
        finding->status = AUDIT_OVERRIDDEN;
        finding_pair(pass, finding, beside, line, &pair);
    }
}
