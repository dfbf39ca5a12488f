/* Looks for opportunities and judges each: the claim with the change in it goes through a second
 * audit, which stands alone and has the same store, rules, history and day of knowledge. Shown is
 * what brings no new failed error or warning, leaves no new question open that could deny it, has
 * no error on the lines it builds on, and pays more where it can be priced.
 *
 * A claim without chart, earlier services, a service facility that is known and told containers
 * costs nothing. */
#include "audit/opportunity_internal.h"

/* ---- the judge --------------------------------------------------------------------------- */

static struct opportunity_search *search_of(struct audit *audit) {
    if (!audit->search) {
        struct opportunity_search *search =
            ARENA_NEW(audit->home, struct opportunity_search, 1);
        if (search) {
            search->table = audit->options.opportunities;
            search->pass = &audit->pass;
            out_open(&search->words, NULL, NULL);
        }
        audit->search = search;
    }
    return audit->search;
}

static bool judge_open(struct opportunity_search *search) {
    struct audit *audit = search->pass->audit;
    struct audit_options options = {.as_of = audit->options.as_of,
                                    .history = audit->options.history,
                                    .alone = true};
    struct diag diag;
    if (!search->judge && audit_open(&search->judge, audit->store, audit->policies.rules, &options,
                                     audit->home, &diag) != STATUS_OK) {
        audit_close(search->judge);
        search->judge = NULL;
    }
    return search->judge != NULL;
}

const struct audit_result *search_judge(struct opportunity_search *search,
                                        const struct claim *claim) {
    return judge_open(search) ? audit_claim(search->judge, claim) : NULL;
}

static bool counts(const struct audit_finding *finding) {
    return finding->status == AUDIT_FAIL && finding->severity <= RULE_WARN;
}

/* Lines of failed errors; an error about the claim as a whole concerns every amount alike. */
static uint64_t denied_of(const struct audit_result *result) {
    uint64_t denied = 0;
    for (int i = 0; i < result->finding_count; i++) {
        const struct audit_finding *finding = &result->findings[i];
        if (finding->status == AUDIT_FAIL && finding->severity == RULE_ERROR) {
            denied |= finding->line_bits;
        }
    }
    return denied;
}

static struct judged_finding key_of(const struct audit_finding *finding) {
    return (struct judged_finding){finding->rule, finding->check,
                                   finding->line_count > 0 ? finding->lines[0] : 0};
}

/* What the claim allows without the lines denied. */
static struct money allowed_of(struct opportunity_search *search, const struct claim *claim,
                               uint64_t denied, uint64_t wanted) {
    const struct audit_pass *pass = search->pass;
    struct pricer *pricer = pass->options->opportunity_pricer;
    if (!pricer) {
        return MONEY_NONE;
    }
    struct price_payer payer = {pass->payer_known ? pass->payer.profile : VIEW(""),
                                pass->payer_known && pass->payer.medicare};
    const struct price *price = price_claim(pricer, claim, &payer);
    for (int i = 0; i < price->line_count; i++) {
        if ((wanted >> i & 1) && price->lines[i].state == PRICE_UNKNOWN) {
            return MONEY_NONE;
        }
    }
    return price_without(pricer, denied);
}

/* The claim as billed, judged once. False: no memory. */
static bool base_make(struct opportunity_search *search) {
    struct judged *base = &search->base;
    if (base->made) {
        return true;
    }
    const struct audit_result *result = search_judge(search, search->pass->claim);
    if (!result) {
        return false;
    }
    base->made = true;
    base->finding_count = 0;
    for (int i = 0; i < result->finding_count; i++) {
        if (counts(&result->findings[i])) {
            base->findings[base->finding_count++] = key_of(&result->findings[i]);
        }
    }
    base->gap_count = result->gap_count;
    for (int i = 0; i < result->gap_count; i++) {
        base->gaps[i] = result->gaps[i];
        base->gaps[i].need = arena_copy(search->pass->arena, result->gaps[i].need);
    }
    base->denied = denied_of(result);
    return true;
}

/* ---- comparing --------------------------------------------------------------------------- */

static bool finding_new_to(const struct judged *base, const struct audit_finding *finding) {
    struct judged_finding key = key_of(finding);
    for (int i = 0; i < base->finding_count; i++) {
        const struct judged_finding *known = &base->findings[i];
        if (known->rule == key.rule && known->check == key.check && known->line == key.line) {
            return false;
        }
    }
    return true;
}

static bool gap_new_to(const struct judged *base, const struct audit_gap *gap) {
    for (int i = 0; i < base->gap_count; i++) {
        const struct audit_gap *known = &base->gaps[i];
        bool same = gap->needs ? (gap->needs & ~known->needs) == 0
                               : known->needs == 0 && view_equal(known->need, gap->need);
        if (known->rule == gap->rule && same) {
            return false;
        }
    }
    return true;
}

/* Nothing is built on a line that is denied as billed, but what takes the reason away. */
static bool built_on_denied(const struct candidate *candidate) {
    enum opportunity_kind kind = candidate->opportunity.row->kind;
    return kind != OPPORTUNITY_EM_25 && kind != OPPORTUNITY_SITE_OF_SERVICE &&
           (candidate->search->base.denied & candidate->opportunity.lines) != 0;
}

/* What only the audit in hand can know, from the earlier claims of the run. */
static const struct audit_finding *objection_of_run(const struct candidate *candidate) {
    const struct audit_pass *pass = candidate->search->pass;
    for (int i = 0; i < pass->finding_count; i++) {
        const struct audit_finding *finding = &pass->findings[i];
        if (finding->status == AUDIT_FAIL && finding->severity == RULE_ERROR &&
            (finding->line_count == 0 || (finding->line_bits & candidate->concerned)) &&
            finding_new_to(&candidate->search->base, finding)) {
            return finding;
        }
    }
    return NULL;
}

/* What the change brings, an error on a line that it builds on, a warning on one that it makes. */
static const struct audit_finding *objection(const struct candidate *candidate,
                                             const struct audit_result *result) {
    for (int i = 0; i < result->finding_count; i++) {
        const struct audit_finding *finding = &result->findings[i];
        uint64_t lines =
            finding->severity == RULE_ERROR ? candidate->concerned : candidate->changed;
        if (counts(finding) && (finding_new_to(&candidate->search->base, finding) ||
                                (finding->line_bits & lines))) {
            return finding;
        }
    }
    return objection_of_run(candidate);
}

/* A question that the change opens, of a rule that could deny it. */
static const struct audit_gap *question(const struct candidate *candidate,
                                        const struct audit_result *result) {
    for (int i = 0; i < result->gap_count; i++) {
        const struct audit_gap *gap = &result->gaps[i];
        if (gap->rule->severity <= RULE_WARN && gap_new_to(&candidate->search->base, gap)) {
            return gap;
        }
    }
    return NULL;
}

static struct view gap_words(struct audit_pass *pass, const struct audit_gap *gap) {
    struct text text;
    text_open(&text, pass);
    text_add(&text, "cannot be judged without ");
    text_view(&text, gap->need);
    for (int bit = 0, said = 0; bit < POLICY_NEEDS; bit++) {
        if (gap->needs >> bit & 1) {
            text_add(&text, said++ ? ", " : "");
            text_view(&text, audit_need_name(bit));
        }
    }
    return text_close(&text);
}

/* ---- candidates -------------------------------------------------------------------------- */

bool candidate_open(struct candidate *candidate, struct opportunity_search *search,
                    const struct opportunity_row *row, uint64_t lines) {
    *candidate = (struct candidate){
        .search = search,
        .opportunity = {.row = row, .lines = lines, .message = row->title, .gain = MONEY_NONE},
        .concerned = lines,
        .claim = claim_copy(search->pass->claim, search->pass->arena)};
    return candidate->claim != NULL;
}

static int number_free(const struct claim *claim) {
    int highest = 0;
    for (int i = 0; i < claim->line_count; i++) {
        highest = claim->lines[i].number > highest ? claim->lines[i].number : highest;
    }
    return highest + 1;
}

struct claim_line *candidate_add(struct candidate *candidate, const struct claim_line *like,
                                 struct code code) {
    static const char *const kept[] = {"RT", "LT", "50", "KX"};
    struct claim *claim = candidate->claim;
    if (claim->line_count >= CLAIM_LINES_MAX) {
        return NULL;
    }
    struct claim_line *line = &claim->lines[claim->line_count];
    *line = *like;
    line->number = number_free(claim);
    line->code = code;
    line->modifier_count = 0;
    for (ptrdiff_t i = 0; i < COUNT_OF(kept); i++) {
        if (modifier_on(like, kept[i])) {
            line->modifiers[line->modifier_count++] = code_of(kept[i]);
        }
    }
    line->units = (struct quantity){1000};
    line->units_known = true;
    line->charge = MONEY_NONE; /* the practice's own, so none when the claim has charges */
    if (like->charge_known) {
        line->charge.cents = 0;
    }
    line->ndc = (struct claim_ndc){0};
    line->ndc.quantity = QUANTITY_NONE;
    line->dose_mg = QUANTITY_NONE;
    line->container = CONTAINER_UNKNOWN;
    line->minutes = -1;
    line->prior_authorization = VIEW_NONE;
    line->control_number = VIEW("");
    candidate->changed |= LINE_BIT(claim->line_count);
    candidate->concerned |= LINE_BIT(claim->line_count);
    claim->line_count++;
    return line;
}

struct claim_line *candidate_change(struct candidate *candidate, int index) {
    candidate->changed |= LINE_BIT(index);
    candidate->concerned |= LINE_BIT(index);
    return &candidate->claim->lines[index];
}

static struct code place_on(const struct claim *claim, int index) {
    struct code own = claim->lines[index].place_of_service;
    return code_given(own) ? own : claim->place_of_service;
}

static struct code place_changed(const struct candidate *candidate, int index) {
    const struct audit_pass *pass = candidate->search->pass;
    struct code place = place_on(candidate->claim, index);
    return index >= pass->line_count || code_equal(place, place_on(pass->claim, index)) ? CODE_NONE
                                                                                        : place;
}

static void changes_fill(struct candidate *candidate) {
    struct audit_opportunity *opportunity = &candidate->opportunity;
    for (int i = 0; i < candidate->claim->line_count; i++) {
        const struct claim_line *line = &candidate->claim->lines[i];
        if (!(candidate->changed >> i & 1) ||
            opportunity->change_count == OPPORTUNITY_CHANGES_MAX) {
            continue;
        }
        struct opportunity_change *change = &opportunity->changes[opportunity->change_count++];
        *change = (struct opportunity_change){.line = line->number,
                                              .added = i >= candidate->search->pass->line_count,
                                              .code = line->code,
                                              .modifier_count = line->modifier_count,
                                              .units = line->units,
                                              .place = place_changed(candidate, i)};
        for (int m = 0; m < line->modifier_count; m++) {
            change->modifiers[m] = line->modifiers[m];
        }
    }
}

void candidate_block(struct candidate *candidate, const struct rule *rule, struct view reason) {
    struct opportunity_search *search = candidate->search;
    candidate->opportunity.change_count = 0;
    changes_fill(candidate);
    candidate->opportunity.blocked_by = rule;
    candidate->opportunity.reason = arena_copy(search->pass->arena, reason);
    if (search->blocked_count < OPPORTUNITIES_MAX) {
        search->blocked[search->blocked_count++] = candidate->opportunity;
    }
}

/* Both sides are charged together: the charge of one must not hold their amount down. */
static void charges_double(struct candidate *candidate) {
    for (int i = 0; candidate->both_sides && i < candidate->search->pass->line_count; i++) {
        struct claim_line *line = &candidate->claim->lines[i];
        if (candidate->changed >> i & 1 && money_given(line->charge) &&
            line->charge.cents < INT64_MAX / 2) {
            line->charge.cents *= 2;
        }
    }
}

/* False when both are known and the change pays no more. For a change of place only the pay speaks:
 * it must be known. */
static bool gain_fill(struct candidate *candidate, uint64_t denied) {
    struct opportunity_search *search = candidate->search;
    uint64_t before = candidate->concerned & (LINE_BIT(search->pass->line_count) - 1);
    struct money base =
        allowed_of(search, search->pass->claim, search->base.denied, before);
    charges_double(candidate);
    struct money with = allowed_of(search, candidate->claim, denied, candidate->concerned);
    if (!money_given(base) || !money_given(with)) {
        return candidate->opportunity.row->kind != OPPORTUNITY_SITE_OF_SERVICE;
    }
    candidate->opportunity.gain = (struct money){with.cents - base.cents};
    return with.cents > base.cents;
}

/* Another claim of that day may have the service: an earlier one of the run, or of the history. */
static bool billed_elsewhere(const struct candidate *candidate) {
    struct audit_pass *pass = candidate->search->pass;
    int count;
    const struct past *pasts = pasts_of(pass, &count);
    for (int p = 0; p < count; p++) {
        for (int i = 0; i < candidate->claim->line_count; i++) {
            const struct claim_line *line = &candidate->claim->lines[i];
            struct store_family family;
            bool same = code_equal(line->code, pasts[p].code) ||
                        (pasts[p].has_family &&
                         store_family(pass->store, store_code_id(pass->store, line->code),
                                      &family) &&
                         view_equal(family.family, pasts[p].family.family));
            if (candidate->changed >> i & 1 && same && pasts[p].on.day == line->from.day) {
                return true;
            }
        }
    }
    return false;
}

bool candidate_judge(struct candidate *candidate, struct view message) {
    struct opportunity_search *search = candidate->search;
    candidate->opportunity.message = message;
    if (!search->pass->payer_known) {
        candidate_block(candidate, NULL, VIEW("the payer is not known, nor are its rules"));
        return false;
    }
    if (billed_elsewhere(candidate)) {
        candidate_block(candidate, NULL, VIEW("another claim has such a service on that day"));
        return false;
    }
    const struct audit_result *result =
        base_make(search) ? search_judge(search, candidate->claim) : NULL;
    if (!result || result->truncated) {
        return false;
    }
    const struct audit_finding *finding = objection(candidate, result);
    const struct audit_gap *gap = finding ? NULL : question(candidate, result);
    if (finding) {
        candidate_block(candidate, finding->rule, finding->message);
        return false;
    }
    if (built_on_denied(candidate)) {
        candidate_block(candidate, NULL, VIEW("the line it builds on has an error as billed"));
        return false;
    }
    if (gap) {
        candidate_block(candidate, gap->rule, gap_words(search->pass, gap));
        return false;
    }
    candidate->opportunity.patch = candidate_patch(candidate);
    if (!gain_fill(candidate, denied_of(result))) {
        candidate_block(candidate, NULL,
                        money_given(candidate->opportunity.gain)
                            ? VIEW("it pays no more")
                            : VIEW("no fee tells that it pays more"));
        return false;
    }
    changes_fill(candidate);
    if (search->found_count < OPPORTUNITIES_MAX) {
        search->found[search->found_count++] = candidate->opportunity;
    }
    return true;
}

void candidate_overpaid(struct candidate *candidate, struct view message) {
    struct opportunity_search *search = candidate->search;
    struct text text;
    candidate->opportunity.message = message;
    if (!base_make(search)) {
        return;
    }
    uint64_t denied = search->base.denied;
    struct money billed =
        allowed_of(search, search->pass->claim, denied, candidate->concerned);
    struct money with = allowed_of(search, candidate->claim, denied, candidate->concerned);
    bool known = money_given(billed) && money_given(with);
    text_open(&text, search->pass);
    text_view(&text, message);
    if (known) {
        text_add(&text, "; as billed ");
        text_money(&text, (struct money){billed.cents - with.cents});
        text_add(&text, " more is allowed, which an audit takes back");
    }
    if (!known || billed.cents > with.cents) {
        candidate_block(candidate, NULL, text_close(&text));
    }
}

/* ---- all rows ---------------------------------------------------------------------------- */

static opportunity_function *const kinds[OPPORTUNITY_KINDS] = {
    [OPPORTUNITY_MISSING_LEVEL] = opportunity_missing_level,
    [OPPORTUNITY_SECOND_SIDE] = opportunity_second_side,
    [OPPORTUNITY_DRUG_NOT_BILLED] = opportunity_drug_not_billed,
    [OPPORTUNITY_IMAGING_SEPARATE] = opportunity_imaging_separate,
    [OPPORTUNITY_ABLATION_CANDIDATE] = opportunity_ablation_candidate,
    [OPPORTUNITY_EM_25] = opportunity_em_25,
    [OPPORTUNITY_SITE_OF_SERVICE] = opportunity_site_of_service,
    [OPPORTUNITY_WASTE_NOT_BILLED] = opportunity_waste_not_billed};

#define KIND_BIT(kind) (1U << (kind))
#define SERIES KIND_BIT(OPPORTUNITY_ABLATION_CANDIDATE)
#define SITES KIND_BIT(OPPORTUNITY_SITE_OF_SERVICE)
#define WASTES KIND_BIT(OPPORTUNITY_WASTE_NOT_BILLED)

/* Facility claims are paid by other rules than those that are priced here; a void bills nothing. */
static bool is_billed(const struct claim *claim) {
    return claim->type == CLAIM_PROFESSIONAL && !code_equal(claim->frequency, code_of("8"));
}

/* The series first: it reads the history, which the judge asks anew. */
static void rows_ask(struct opportunity_search *search, unsigned wanted) {
    for (int i = 0; i < search->table->count; i++) {
        const struct opportunity_row *row = &search->table->rows[i];
        if (wanted & KIND_BIT(row->kind)) {
            kinds[row->kind](search, row);
        }
    }
}

/* Kinds that the claim can prove: by chart, earlier services, the service facility, its lines. */
static unsigned kinds_open(const struct audit_pass *pass) {
    bool billed = is_billed(pass->claim), charted = pass->claim->facts != NULL;
    bool earlier = pass->claim->history_count + pass->history_count > 0;
    return (charted || earlier ? SERIES : 0) |
           (charted && billed ? ~(SERIES | SITES | WASTES) : 0) |
           (billed && opportunity_site_told(pass) ? SITES : 0) |
           (billed && claim_may_waste(pass->claim) ? WASTES : 0);
}

void opportunities_begin(struct audit *audit) {
    int count;
    if (kinds_open(&audit->pass)) {
        (void)pasts_of(&audit->pass, &count);
    }
}

void opportunities_find(struct audit *audit, struct audit_result *result) {
    const struct audit_pass *pass = &audit->pass;
    unsigned open = kinds_open(pass);
    if (!open || result->truncated || pass->line_count == 0) {
        return;
    }
    struct opportunity_search *search = search_of(audit);
    if (!search) {
        return;
    }
    search->base.made = false;
    search->found_count = search->blocked_count = 0;
    rows_ask(search, open & SERIES);
    rows_ask(search, open & ~SERIES);
    result->opportunities = search->found;
    result->opportunity_count = search->found_count;
    result->blocked = search->blocked;
    result->blocked_count = search->blocked_count;
}

void opportunities_close(struct audit *audit) {
    struct opportunity_search *search = audit->search;
    if (search) {
        audit_close(search->judge);
        out_clear(&search->words);
        out_close(&search->words);
    }
}
