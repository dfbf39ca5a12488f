/* A diagnostic series that is complete: the last two diagnostic blocks of a site gave enough relief
 * and lie far enough apart. Nothing to bill; what the rules that look back would say of an ablation
 * is asked first. */
#include <string.h>

#include "audit/anatomy.h"
#include "audit/opportunity_internal.h"

#define BLOCKS_MAX 16 /* days with a diagnostic block that are kept, the newest */

struct block {
    struct date on;
    enum store_region region;
    char side;
    uint32_t joints;
    int64_t relief; /* thousandths of a percent, -1 not known */
    bool own;       /* of the claim in hand */
    struct claim_service service;
};

struct series {
    struct block at[BLOCKS_MAX]; /* by day */
    int count;
};

static void block_add(struct series *series, const struct block *block) {
    for (int i = 0; i < series->count; i++) { /* several lines of one session */
        const struct block *known = &series->at[i];
        if (known->on.day == block->on.day && known->side == block->side &&
            known->region == block->region && known->joints == block->joints) {
            return;
        }
    }
    if (series->count == BLOCKS_MAX) {
        memmove(&series->at[0], &series->at[1], sizeof series->at[0] * (BLOCKS_MAX - 1));
        series->count--;
    }
    series->at[series->count++] = *block;
}

static void pasts_take(struct series *series, const struct opportunity_row *row,
                       struct audit_pass *pass) {
    int count;
    const struct past *pasts = pasts_of(pass, &count);
    for (int i = 0; i < count; i++) {
        const struct past *past = &pasts[i];
        if (past->kind != KIND_DX || !past->has_family || !past->service ||
            !row_has_family(row, past->family.family) || past->family.addon_level) {
            continue;
        }
        struct quantity relief = past->service->relief_percent;
        block_add(series, &(struct block){.on = past->on,
                                          .region = past->family.region,
                                          .side = past->side,
                                          .joints = past->levels_known ? past->levels.joints : 0,
                                          .relief = quantity_given(relief) ? relief.milli : -1});
    }
}

/* The session of the claim in hand as a service of the history. */
static void own_take(struct series *series, const struct opportunity_row *row,
                     struct audit_pass *pass) {
    const struct audit_session *session = session_only(pass);
    const struct claim_fact *relief = claim_fact(pass->claim, FACT_relief_percent);
    struct levels levels = {0};
    if (!session || session->intent != KIND_DX || !row_has_family(row, session->family) ||
        !chart_levels(pass, &levels)) {
        return;
    }
    const struct audit_line *base = session_base(pass, session);
    if (!base) {
        return;
    }
    struct block block = {.on = session->on,
                          .region = session->region,
                          .side = session->side,
                          .joints = levels.joints,
                          .relief = relief->state == FACT_GIVEN ? relief->number : -1,
                          .own = true};
    block.service = (struct claim_service){
        .on = session->on,
        .code = base->line->code,
        .units = {1000},
        .kind = KIND_DX,
        .region = session->region == REGION_CT ? SERVICE_CT : SERVICE_LS,
        .side = session->side,
        .levels_known = true,
        .levels = {.joints = levels.joints},
        .relief_percent = {block.relief < 0 ? INT64_MIN : block.relief},
        .relief_hours = QUANTITY_NONE,
        .relief_weeks = QUANTITY_NONE,
        .relief_months = QUANTITY_NONE,
        .steroid_mg = QUANTITY_NONE};
    block_add(series, &block);
}

static bool same_site(const struct block *a, const struct block *b) {
    return a->region == b->region && a->side && a->side == b->side && (a->joints & b->joints);
}

/* An ablation of the region on the day of the last block, or since. */
static bool ablated(struct audit_pass *pass, const struct block *last) {
    int count;
    const struct past *pasts = pasts_of(pass, &count);
    for (int i = 0; i < count; i++) {
        if (pasts[i].kind == KIND_RFA && pasts[i].on.day >= last->on.day &&
            (!pasts[i].has_family || pasts[i].family.region == last->region)) {
            return true;
        }
    }
    for (int i = 0; i < pass->line_count; i++) {
        if (pass->lines[i].intent == KIND_RFA) {
            return true;
        }
    }
    return false;
}

static struct code ablation_code(const struct opportunity_search *search,
                                 const struct opportunity_row *row, enum store_region region) {
    struct store_family family;
    for (int i = 0; i < row->code_count; i++) {
        uint32_t id = store_code_id(search->pass->store, row->codes[i]);
        if (id != STORE_NO_CODE && store_family(search->pass->store, id, &family) &&
            family.region == region) {
            return row->codes[i];
        }
    }
    return CODE_NONE;
}

/* The claim as it might be after the series: one ablation of the site, with the block in hand among
 * the earlier services. */
static bool ablation_make(struct candidate *candidate, const struct block *last, struct code code,
                          uint32_t joints) {
    struct arena *arena = candidate->search->pass->arena;
    struct claim *claim = candidate->claim;
    struct claim_line *line = &claim->lines[0];
    struct claim_fact *facts = ARENA_NEW(arena, struct claim_fact, CLAIM_FACTS);
    struct claim_service *services =
        ARENA_NEW(arena, struct claim_service, claim->history_count + 1);
    if (!facts || !services) {
        return false;
    }
    facts[FACT_joints] = (struct claim_fact){.state = FACT_GIVEN,
                                             .number = __builtin_popcount(joints),
                                             .levels = {.joints = joints}};
    claim->facts = facts;
    for (int i = 0; i < claim->history_count; i++) {
        services[i] = claim->history[i];
    }
    services[claim->history_count] = last->service;
    claim->history_count += last->own;
    claim->history = services;
    claim->line_count = 1;
    line->code = code;
    line->kind = KIND_RFA;
    line->units = (struct quantity){1000};
    line->from.day += last->own;
    line->to = line->from;
    line->modifier_count = 0;
    return last->side == 'B' ? modifier_first(line, "50")
                             : modifier_first(line, last->side == 'L' ? "LT" : "RT");
}

/* What the rules that look back have against it. */
static const struct audit_finding *history_objection(const struct audit_result *result) {
    for (int i = 0; i < result->finding_count; i++) {
        const struct audit_finding *finding = &result->findings[i];
        enum rule_kind kind = finding->check ? finding->check->kind : RULE_KINDS;
        if (finding->status == AUDIT_FAIL && finding->severity == RULE_ERROR &&
            (kind == RULE_KIND_session_limit || kind == RULE_KIND_min_interval ||
             kind == RULE_KIND_requires_history || kind == RULE_KIND_forbids_history ||
             kind == RULE_KIND_last_service)) {
            return finding;
        }
    }
    return NULL;
}

static void text_percent(struct text *text, int64_t milli) {
    text_quantity(text, (struct quantity){milli});
    text_add(text, " percent");
}

static struct view series_message(struct opportunity_search *search, const struct block *first,
                                  const struct block *last, struct view joints) {
    struct text text;
    text_open(&text, search->pass);
    text_add(&text, "two diagnostic blocks at ");
    text_view(&text, joints);
    text_add(&text, last->side == 'L'   ? ", left, "
                    : last->side == 'R' ? ", right, "
                                        : ", both sides, ");
    text_add(&text, "gave ");
    text_percent(&text, first->relief);
    text_add(&text, " and ");
    text_percent(&text, last->relief);
    text_add(&text, " relief, ");
    text_int(&text, last->on.day - first->on.day);
    text_add(&text, " days apart");
    return text_close(&text);
}

static void block_proof(struct candidate *candidate, const struct block *block) {
    struct text text;
    text_open(&text, candidate->search->pass);
    text_add(&text, "diagnostic block on ");
    text_date(&text, block->on);
    text_add(&text, ", relief ");
    text_percent(&text, block->relief);
    proof_text(candidate, block->own ? "relief_percent" : "history", text_close(&text));
}

static void series_show(struct opportunity_search *search, const struct opportunity_row *row,
                        const struct block *first, const struct block *last) {
    struct candidate candidate;
    uint32_t joints = first->joints & last->joints;
    struct code code = ablation_code(search, row, last->region);
    if (!code_given(code) || !candidate_open(&candidate, search, row, 0) ||
        !ablation_make(&candidate, last, code, joints)) {
        return;
    }
    block_proof(&candidate, first);
    block_proof(&candidate, last);
    candidate.opportunity.message =
        series_message(search, first, last, joints_words(search, joints));
    const struct audit_result *result = search_judge(search, candidate.claim);
    if (!result || result->truncated) {
        return;
    }
    const struct audit_finding *finding = history_objection(result);
    if (finding) {
        candidate_block(&candidate, finding->rule, finding->message);
    } else if (search->found_count < OPPORTUNITIES_MAX) {
        search->found[search->found_count++] = candidate.opportunity;
    }
}

/* Of the newest site: a block that failed since, or came too soon, ends the series. */
void opportunity_ablation_candidate(struct opportunity_search *search,
                                    const struct opportunity_row *row) {
    struct audit_pass *pass = search->pass;
    struct series series = {.count = 0};
    if (claim_truth(pass->claim, FACT_rfa_candidate) == TRUTH_NO ||
        claim_truth(pass->claim, FACT_intent_rfa) == TRUTH_NO) {
        return;
    }
    pasts_take(&series, row, pass);
    own_take(&series, row, pass);
    const struct block *last = series.count > 0 ? &series.at[series.count - 1] : NULL;
    const struct block *first = NULL;
    for (int i = 0; last && i < series.count - 1; i++) {
        first = same_site(&series.at[i], last) ? &series.at[i] : first;
    }
    int64_t enough = (int64_t)row->minimum * 1000;
    if (first && first->relief >= enough && last->relief >= enough &&
        last->on.day - first->on.day >= row->days &&
        last->on.day <= pass->lines[0].from.day && !ablated(pass, last)) {
        series_show(search, row, first, last);
    }
}
