/* Earlier services of the patient: those the claim brings along, those of the history file, those
 * of earlier claims of the run, and earlier lines of the claim in hand. */
#include <string.h>

#include "audit/audit_state.h"
#include "audit/policy.h"

#define PASTS_MAX 4000 /* of one patient: some forty times what the busiest has in two years */

/* ---- gathering --------------------------------------------------------------------------- */

static enum claim_region region_of(const struct store_family *family) {
    if (view_equal(family->family, VIEW("trigger_point"))) {
        return SERVICE_TP;
    }
    if (view_starts(family->family, VIEW("si_"))) {
        return SERVICE_SI;
    }
    if (view_starts(family->family, VIEW("drug_test"))) {
        return SERVICE_UDT;
    }
    return family->region == REGION_CT   ? SERVICE_CT
           : family->region == REGION_LS ? SERVICE_LS
                                         : SERVICE_REGION_UNKNOWN;
}

static void past_family(struct audit_pass *pass, struct past *past) {
    past->id = store_code_id(pass->store, past->code);
    past->has_family =
        past->id != STORE_NO_CODE && store_family(pass->store, past->id, &past->family);
    if (past->has_family && past->region == SERVICE_REGION_UNKNOWN) {
        past->region = region_of(&past->family);
    }
}

bool modifiers_carry(const struct code *modifiers, int count, const char *modifier) {
    for (int i = 0; i < count; i++) {
        if (code_equal(modifiers[i], code_of(modifier))) {
            return true;
        }
    }
    return false;
}

char modifiers_side(const struct code *modifiers, int count) {
    bool left = modifiers_carry(modifiers, count, "LT");
    bool right = modifiers_carry(modifiers, count, "RT");
    return modifiers_carry(modifiers, count, "50") || (left && right) ? 'B'
           : left                                                     ? 'L'
           : right                                                    ? 'R'
                                                                      : 0;
}

static void past_from_service(struct audit_pass *pass, const struct claim_service *service,
                              struct past *past) {
    *past = (struct past){.on = service->on,
                          .code = service->code,
                          .region = service->region,
                          .side = service->side,
                          .kind = service->kind,
                          .levels = service->levels,
                          .levels_known = service->levels_known,
                          .service = service};
    past_family(pass, past);
    if (!past->side) {
        past->side = modifiers_side(service->modifiers, service->modifier_count);
    }
    if (past->kind == KIND_UNKNOWN && past->has_family) {
        bool kx = modifiers_carry(service->modifiers, service->modifier_count, "KX");
        past->kind = intent_of_code(pass, past->id, kx);
    }
}

static void past_from_earlier(struct audit_pass *pass, const struct earlier *earlier,
                              struct past *past) {
    *past = (struct past){.on = earlier->on,
                          .code = earlier->code,
                          .side = modifiers_side(earlier->modifiers, earlier->modifier_count)};
    past_family(pass, past);
    if (past->has_family) {
        past->kind = intent_of_code(pass, past->id, (earlier->flags & LINE_KX) != 0);
    }
}

static void past_from_line(struct audit_pass *pass, const struct audit_line *line,
                           struct past *past) {
    *past = (struct past){
        .on = line->from, .code = line->line->code, .side = line_side(line), .kind = line->intent};
    past_family(pass, past);
}

/* Lines of several days are each other's history. */
static bool several_days(const struct audit_pass *pass) {
    for (int i = 1; i < pass->line_count; i++) {
        if (pass->lines[i].from.day != pass->lines[0].from.day) {
            return true;
        }
    }
    return false;
}

/* Marks the pass when the run knows of more than are taken. */
static int pasts_count(struct audit_pass *pass) {
    int count = pass->claim->history_count + pass->history_count;
    int64_t earlier = across_line_count(pass);
    int64_t room = count < PASTS_MAX ? PASTS_MAX - count : 0;
    pass->pasts_cut = earlier > room;
    count += (int)(earlier < room ? earlier : room);
    return count + (several_days(pass) ? pass->line_count : 0);
}

static void pasts_sort(struct past *pasts, int count) {
    for (int i = 1; i < count; i++) {
        struct past past = pasts[i];
        int j = i;
        for (; j > 0 && pasts[j - 1].on.day > past.on.day; j--) {
            pasts[j] = pasts[j - 1];
        }
        pasts[j] = past;
    }
}

/* The history knows more of a service than the run, which has it from the claim alone. */
static bool service_known(const struct past *pasts, int count, const struct past *past) {
    for (int i = 0; i < count; i++) {
        if (pasts[i].on.day == past->on.day && pasts[i].id == past->id && pasts[i].service) {
            return true;
        }
    }
    return false;
}

/* The pasts of one claim while they are gathered. */
struct gathered {
    struct audit_pass *pass;
    struct past *at;
    int count, room;
};

/* A claim that the history has as well is not its own past. */
static void gather_services(struct gathered *gathered, const struct claim_service *services,
                            int count, uint64_t own) {
    for (int i = 0; i < count && gathered->count < gathered->room; i++) {
        if (own == 0 || services[i].claim != own) {
            past_from_service(gathered->pass, &services[i], &gathered->at[gathered->count++]);
        }
    }
}

static void gather_earlier(struct gathered *gathered) {
    struct earlier earlier;
    struct across_cursor cursor = {0};
    while (gathered->count < gathered->room && across_begin(gathered->pass) &&
           across_next(gathered->pass, &cursor, &earlier)) {
        struct past *past = &gathered->at[gathered->count];
        if (date_given(earlier.on) && earlier.claim_ordinal != CLAIM_OF_HISTORY) {
            past_from_earlier(gathered->pass, &earlier, past);
            gathered->count += !service_known(gathered->at, gathered->count, past);
        }
    }
}

static void gather_lines(struct gathered *gathered) {
    struct audit_pass *pass = gathered->pass;
    for (int i = 0; i < pass->line_count && gathered->count < gathered->room; i++) {
        if (date_given(pass->lines[i].from)) {
            past_from_line(pass, &pass->lines[i], &gathered->at[gathered->count++]);
        }
    }
}

static int pasts_fill(struct audit_pass *pass, struct past *pasts, int room) {
    struct gathered gathered = {pass, pasts, 0, room};
    uint64_t own = pass->history_count > 0 ? claim_text_key(pass->claim->id) : 0;
    gather_services(&gathered, pass->history, pass->history_count, own);
    gather_services(&gathered, pass->claim->history, pass->claim->history_count, 0);
    gather_earlier(&gathered);
    if (several_days(pass)) {
        gather_lines(&gathered);
    }
    return gathered.count;
}

const struct past *pasts_of(struct audit_pass *pass, int *count) {
    if (!pass->pasts_made) {
        pass->pasts_made = true;
        pass->past_count = 0;
        pass->pasts_cut = false;
        int room = pasts_count(pass);
        struct past *pasts = room > 0 ? ARENA_NEW(pass->arena, struct past, room) : NULL;
        if (pasts) {
            pass->past_count = pasts_fill(pass, pasts, room);
            pasts_sort(pasts, pass->past_count);
        }
        pass->pasts_cut |= room > 0 && !pasts;
        pass->pasts = pasts;
    }
    *count = pass->past_count;
    return pass->pasts;
}

bool pasts_complete(const struct audit_pass *pass) {
    return pass->claim->history_known || pass->history_known;
}

bool pasts_cut(struct audit_pass *pass) {
    int count;
    (void)pasts_of(pass, &count);
    return pass->pasts_cut;
}

/* ---- matching ---------------------------------------------------------------------------- */

/* The service is of the procedures that the entry counts. */
static bool procedure_counts(const struct rule_check *check, const struct past *past) {
    const struct rule_names *families = check->names[RULE_history_families].count > 0
                                            ? &check->names[RULE_history_families]
                                            : &check->names[RULE_families];
    if (past->has_family && names_have(families, past->family.family)) {
        return true;
    }
    return check->names[RULE_history_families].count == 0 &&
           codes_have(&check->codes[RULE_codes], past->code);
}

static enum truth intent_counts(const struct rule_check *check, const struct past *past) {
    uint32_t intents = check->history_intents ? check->history_intents : check->intents;
    if (intents == 0 || (intents >> past->kind & 1)) {
        return TRUTH_YES;
    }
    return past->kind == KIND_UNKNOWN ? TRUTH_UNKNOWN : TRUTH_NO;
}

static enum truth side_same(const struct past *past, const struct audit_line *line) {
    char side = line_side(line);
    if (!side || !past->side) {
        return TRUTH_UNKNOWN;
    }
    bool same = side == past->side || side == 'B' || past->side == 'B' || past->side == 'N';
    return same ? TRUTH_YES : TRUTH_NO;
}

bool chart_levels(const struct audit_pass *pass, struct levels *levels) {
    static const enum claim_fact_name lists[] = {FACT_joints, FACT_levels, FACT_level};
    for (ptrdiff_t i = 0; i < COUNT_OF(lists); i++) {
        const struct claim_fact *fact = claim_fact(pass->claim, lists[i]);
        if (fact->state == FACT_GIVEN) {
            *levels = fact->levels;
            return true;
        }
    }
    return false;
}

/* Joints are compared with joints; what names no level of the spine compares with nothing. */
static enum truth level_same(const struct audit_pass *pass, const struct past *past) {
    struct levels levels;
    if (!past->levels_known || !chart_levels(pass, &levels)) {
        return past->service ? past->service->same_level : TRUTH_UNKNOWN;
    }
    if ((levels.joints & past->levels.joints) || (levels.single & past->levels.single)) {
        return TRUTH_YES;
    }
    bool comparable =
        (levels.joints && past->levels.joints) || (levels.single && past->levels.single);
    return comparable ? TRUTH_NO : TRUTH_UNKNOWN;
}

static enum truth region_same(const struct past *past, const struct audit_line *line) {
    enum claim_region region = line->has_family ? region_of(&line->family) : SERVICE_REGION_UNKNOWN;
    if (region == SERVICE_REGION_UNKNOWN || past->region == SERVICE_REGION_UNKNOWN) {
        return TRUTH_UNKNOWN;
    }
    return region == past->region ? TRUTH_YES : TRUTH_NO;
}

static enum truth same_counts(const struct policy *policy, const struct past *past,
                              const struct audit_line *line, bool strict) {
    uint32_t same = policy->check->same;
    enum truth answers[] = {
        same & RULE_SAME_REGION ? region_same(past, line) : TRUTH_YES,
        same & RULE_SAME_SIDE ? side_same(past, line) : TRUTH_YES,
        same & RULE_SAME_LEVEL ? level_same(policy->pass, past) : TRUTH_YES,
        same & RULE_SAME_CODE && past->id != line->id ? TRUTH_NO : TRUTH_YES,
    };
    enum truth all = TRUTH_YES;
    for (ptrdiff_t i = 0; i < COUNT_OF(answers); i++) {
        if (answers[i] == TRUTH_NO) {
            return TRUTH_NO;
        }
        all = answers[i] == TRUTH_UNKNOWN && strict ? TRUTH_UNKNOWN : all;
    }
    return all;
}

enum truth past_counts(struct policy *policy, const struct past *past,
                       const struct audit_line *line, bool strict) {
    const struct rule_check *check = policy->check;
    if (past->on.day >= line->from.day || !procedure_counts(check, past)) {
        return TRUTH_NO;
    }
    enum truth intent = intent_counts(check, past);
    enum truth same = intent == TRUTH_NO ? TRUTH_NO : same_counts(policy, past, line, strict);
    if (same == TRUTH_NO) {
        return TRUTH_NO;
    }
    enum truth tests = tests_answer(policy, check->tests[RULE_service], past);
    if (tests == TRUTH_NO || (intent == TRUTH_YES && same == TRUTH_YES && tests == TRUTH_YES)) {
        return tests;
    }
    if (intent == TRUTH_UNKNOWN || same == TRUTH_UNKNOWN) {
        policy->needs |= NEED(NEED_HISTORY_DETAILS);
    }
    return TRUTH_UNKNOWN;
}

/* ---- windows ----------------------------------------------------------------------------- */

/* The same day of an earlier month, or the last day of a month that is shorter. */
struct date months_before(struct date on, int months) {
    int year, month, day;
    date_to_ymd(on, &year, &month, &day);
    int from = year * 12 + month - 1 - months;
    for (;; day--) {
        struct date date = date_from_ymd(from / 12, from % 12 + 1, day);
        if (date_given(date)) {
            return date;
        }
    }
}

/* A window of months is half open: the same day a year ago does not count [own]. */
struct date window_first(const struct rule_check *check, struct date on) {
    if (check->number[RULE_months] >= 0) {
        return (struct date){months_before(on, check->number[RULE_months]).day + 1};
    }
    if (check->number[RULE_days] >= 0) {
        return (struct date){on.day - check->number[RULE_days] + 1};
    }
    return (struct date){INT32_MIN + 1};
}

/* ---- words ------------------------------------------------------------------------------- */

void text_past(struct text *text, const struct past *past) {
    text_code(text, past->code);
    text_add(text, " on ");
    text_date(text, past->on);
}

void finding_past(struct audit_pass *pass, struct audit_finding *finding, const struct past *past) {
    struct text row;
    text_open(&row, pass);
    text_date(&row, past->on);
    text_add(&row, " ");
    text_code(&row, past->code);
    finding_source(pass, finding, VIEW("history"), text_close(&row));
}
