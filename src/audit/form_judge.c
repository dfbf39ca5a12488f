/* Which forms of both sides a payer takes, what each pays, and which is best; and the same services
 * had they been done elsewhere. A form is ranked only when the audit finds nothing against it, the
 * record does not contradict it, the payer's convention is known and so is its amount. */
#include "audit/anatomy.h"
#include "audit/audit_state.h"
#include "audit/form.h"
#include "audit/form_trial.h"

struct judge {
    struct audit *audit;
    struct arena *arena;
    struct audit_forms *forms;
    struct form_services services;
    int64_t levels[CLAIM_LINES_MAX];     /* of a group, as the claim says them */
    int64_t documented[CLAIM_LINES_MAX]; /* as the chart does; -1 unknown */
    bool limit_known[CLAIM_LINES_MAX];   /* the store has the unit limit of all its codes */
};

static void need_add(struct audit_variant *variant, struct view need) {
    for (int i = 0; i < variant->need_count; i++) {
        if (view_equal(variant->needs[i], need)) {
            return;
        }
    }
    if (variant->need_count < AUDIT_FORM_NEEDS_MAX) {
        variant->needs[variant->need_count++] = need;
    }
}

/* ---- the record --------------------------------------------------------------------------- */

/* Of the spine the chart counts levels: joints of facets, otherwise levels. */
static int64_t levels_documented(const struct audit_pass *pass, const struct audit_line *line) {
    if (!line->has_family || line->family.region == REGION_NONE) {
        return -1;
    }
    if (view_starts(line->family.family, VIEW("facet_"))) {
        return chart_joints(pass->claim);
    }
    const struct claim_fact *count = claim_fact(pass->claim, FACT_levels_count);
    return count->state == FACT_GIVEN ? count->number / 1000 : -1;
}

static void record_read(struct judge *judge) {
    const struct audit_pass *pass = &judge->audit->pass;
    for (int group = 0; group < judge->services.group_count; group++) {
        uint64_t lines = form_lines(&judge->services, group);
        judge->levels[group] = form_levels(pass, &judge->services, group);
        judge->documented[group] = levels_documented(pass, &pass->lines[__builtin_ctzll(lines)]);
        judge->limit_known[group] = true;
        for (int i = 0; i < pass->line_count; i++) {
            const struct audit_line *line = &pass->lines[i];
            struct store_mue mue;
            if (lines >> i & 1) {
                judge->limit_known[group] &= store_mue(pass->store, line->id, line->when, &mue);
            }
        }
    }
}

static struct view contradiction(const struct judge *judge, const struct claim *claim, int group) {
    if (claim_truth(claim, FACT_bilateral) == TRUTH_NO) {
        return VIEW("the chart says that it was not done on both sides");
    }
    if (judge->documented[group] >= 0 && judge->documented[group] < judge->levels[group]) {
        return VIEW("the chart has fewer levels than the claim");
    }
    return VIEW("");
}

/* Some service of the group says both sides by its modifiers. */
static bool group_says_sides(const struct form_services *services, int group) {
    for (int i = 0; i < services->count; i++) {
        const struct form_service *service = &services->at[i];
        bool bare = service->written == WRITTEN_UNITS || service->written == WRITTEN_LINES;
        if (service->group == group && !bare && !service->addon) {
            return true;
        }
    }
    return false;
}

/* Two without a side are both sides when the chart says so; of an additional level also when the
 * first level was done on both, unless the two could be two levels. */
static struct view sides_lack(const struct judge *judge, const struct claim *claim, int group) {
    bool based = group_says_sides(&judge->services, group);
    for (int i = 0; i < judge->services.count; i++) {
        const struct form_service *service = &judge->services.at[i];
        bool bare = service->written == WRITTEN_UNITS || service->written == WRITTEN_LINES;
        if (service->group != group || !bare) {
            continue;
        }
        bool counted = judge->documented[group] == judge->levels[group];
        if (service->addon && based && (!service->several || counted)) {
            continue;
        }
        if (claim_truth(claim, FACT_bilateral) != TRUTH_YES) {
            return VIEW("chart:bilateral");
        }
        if (service->several && service->addon && !counted) {
            return VIEW("chart:levels_count");
        }
    }
    return VIEW("");
}

/* ---- one variant -------------------------------------------------------------------------- */

/* Two lines without a side may be two services, and several units beside a side are: what the payer
 * pays for both sides written so is not sure. */
static bool is_price_open(const struct judge *judge, int group, enum audit_form form) {
    for (int i = 0; i < judge->services.count; i++) {
        const struct form_service *service = &judge->services.at[i];
        enum form_written written = form_written(service, form);
        if (service->group == group && service->bilateral == '1' &&
            (written == WRITTEN_LINES || written == WRITTEN_BOTH ||
             (written != WRITTEN_FIFTY && service->each > 1))) {
            return true;
        }
    }
    return false;
}

/* Both sides are paid for each code, so that a convention can say how they are written. */
static bool has_two_sides(const struct judge *judge, int group) {
    for (int i = 0; i < judge->services.count; i++) {
        const struct form_service *service = &judge->services.at[i];
        if (service->group == group && service->bilateral != '1' && service->bilateral != '3') {
            return false;
        }
    }
    return true;
}

static bool is_convention(const struct judge *judge, int group, enum audit_form form) {
    bool addon = form_applies(&judge->services, group, AUDIT_FORM_ADDON_UNITS);
    if (form_applies(&judge->services, group, AUDIT_FORM_ONCE)) {
        return form == AUDIT_FORM_ONCE;
    }
    if (!has_two_sides(judge, group)) {
        return false;
    }
    switch (judge->forms->convention) {
    case BILATERAL_CMS_50: return form == AUDIT_FORM_FIFTY;
    case BILATERAL_RT_LT: return form == AUDIT_FORM_SIDES;
    case BILATERAL_AMA_TWICE:
        return addon ? form == AUDIT_FORM_ADDON_UNITS || form == AUDIT_FORM_ADDON_LINES
                     : form == AUDIT_FORM_FIFTY;
    default: return false;
    }
}

static void gaps_judge(const struct judge *judge, struct audit_variant *variant) {
    for (int i = 0; i < variant->trial.gap_count; i++) {
        const struct audit_gap *gap = &variant->trial.gaps[i];
        if (!trial_gap_new(&judge->forms->billed, gap)) {
            continue;
        }
        if (!gap->needs) {
            need_add(variant, gap->need);
        }
        for (uint64_t needs = gap->needs; needs; needs &= needs - 1) {
            need_add(variant, audit_need_name(__builtin_ctzll(needs)));
        }
    }
}

/* What is missing for a verdict. */
static void needs_judge(const struct judge *judge, int group, struct audit_variant *variant) {
    const struct claim *claim = judge->forms->billed.claim;
    struct view lack = sides_lack(judge, claim, group);
    if (judge->forms->convention == BILATERAL_UNKNOWN) {
        need_add(variant, judge->forms->payer.size > 0 ? VIEW("payer:bilateral_convention")
                                                       : VIEW("claim:payer"));
    }
    if (lack.size > 0) {
        need_add(variant, lack);
    }
    if (!judge->limit_known[group]) {
        need_add(variant, VIEW("store:mue"));
    }
    gaps_judge(judge, variant);
}

static void variant_judge(const struct judge *judge, int group, struct audit_variant *variant) {
    const struct audit_form_group *own = &judge->forms->groups[group];
    bool fails = trial_decide(&variant->trial, variant->lines, &judge->forms->billed, own->lines);
    variant->against = contradiction(judge, judge->forms->billed.claim, group);
    if (variant->against.size == 0 && trial_bypasses_more(&variant->trial, &judge->forms->billed)) {
        /* A modifier is never added to pass an edit [ncci-ptp-59]. */
        variant->against = VIEW("in this form a side would pass an edit that stops the claim as "
                                "billed");
    }
    needs_judge(judge, group, variant);
    variant->verdict = variant->against.size > 0  ? AUDIT_FORM_UNSUPPORTED
                       : fails                    ? AUDIT_FORM_DENIES
                       : variant->need_count > 0  ? AUDIT_FORM_NOT_EVALUATED
                                                  : AUDIT_FORM_ALLOWED;
}

/* An allowed form whose amount is not known stays without a rank and says what it lacks. */
static bool is_ranked(const struct judge *judge, int group, struct audit_variant *variant) {
    struct audit_trial *trial = &variant->trial;
    if (variant->verdict != AUDIT_FORM_ALLOWED) {
        return false;
    }
    if (is_price_open(judge, group, variant->form)) {
        need_add(variant, VIEW("payer:amount_of_both_sides"));
    } else if (!money_given(trial->left.allowed) || (trial->unpriced & variant->lines)) {
        need_add(variant, trial->price_need.size > 0 ? trial->price_need : VIEW("price"));
    }
    return variant->need_count == 0;
}

/* ---- a group ------------------------------------------------------------------------------ */

static bool better(const struct audit_variant *a, const struct audit_variant *b) {
    if (a->rank == 0 || b->rank == 0) {
        return a->rank != 0 && b->rank == 0;
    }
    if (a->trial.left.allowed.cents != b->trial.left.allowed.cents) {
        return a->trial.left.allowed.cents > b->trial.left.allowed.cents;
    }
    return a->convention && !b->convention;
}

/* Ranked ones first; the others, and equal ones, keep the order in which they were made. */
static void group_rank(const struct judge *judge, int group) {
    struct audit_form_group *own = &judge->forms->groups[group];
    for (int i = 0; i < own->variant_count; i++) {
        own->variants[i].rank = is_ranked(judge, group, &own->variants[i]);
    }
    for (int i = 1; i < own->variant_count; i++) {
        struct audit_variant moved = own->variants[i];
        int at = i;
        for (; at > 0 && better(&moved, &own->variants[at - 1]); at--) {
            own->variants[at] = own->variants[at - 1];
        }
        own->variants[at] = moved;
    }
    for (int i = 0; i < own->variant_count && own->variants[i].rank; i++) {
        struct audit_variant *variant = &own->variants[i];
        variant->rank = i + 1;
        variant->pays_same = i > 0 && variant->trial.left.allowed.cents ==
                                          own->variants[i - 1].trial.left.allowed.cents;
    }
}

static void amounts_forget(struct audit_trial *trial) {
    const struct audit_amounts unknown = {MONEY_NONE, MONEY_NONE, MONEY_NONE};
    trial->amounts = trial->left = unknown;
    for (int i = 0; trial->line_allowed && i < trial->claim->line_count; i++) {
        trial->line_allowed[i] = MONEY_NONE;
    }
}

static void variant_add(struct judge *judge, int group, enum audit_form form, bool billed) {
    struct audit_form_group *own = &judge->forms->groups[group];
    struct audit_variant *variant = &own->variants[own->variant_count];
    *variant = (struct audit_variant){.form = form,
                                      .as_billed = billed,
                                      .convention = is_convention(judge, group, form),
                                      .lines = own->lines,
                                      .against = VIEW("")};
    if (billed) {
        const struct audit_trial *trial = &judge->forms->billed;
        variant->trial = *trial;
        variant->trial.reasons =
            ARENA_NEW(judge->arena, struct audit_reason, trial->reason_count + 1);
        for (int i = 0; variant->trial.reasons && i < trial->reason_count; i++) {
            variant->trial.reasons[i] = trial->reasons[i];
        }
        variant->trial.reason_count = variant->trial.reasons ? trial->reason_count : 0;
    } else {
        struct claim *made = form_make(judge->forms->billed.claim, &judge->services, group, form,
                                       judge->arena, &variant->lines);
        if (!made) {
            return;
        }
        trial_run(judge->audit, made, judge->arena, &variant->trial);
        if (is_price_open(judge, group, form)) {
            amounts_forget(&variant->trial);
        }
    }
    own->variant_count++;
    variant_judge(judge, group, variant);
}

static void group_try(struct judge *judge, int group) {
    enum audit_form billed = form_billed(&judge->services, group);
    judge->forms->groups[group].lines = form_lines(&judge->services, group);
    if (billed == AUDIT_FORM_OTHER) {
        variant_add(judge, group, AUDIT_FORM_OTHER, true);
    }
    for (int form = AUDIT_FORM_FIFTY; form < AUDIT_FORMS; form++) {
        if (form_applies(&judge->services, group, (enum audit_form)form)) {
            variant_add(judge, group, (enum audit_form)form, billed == (enum audit_form)form);
        }
    }
    group_rank(judge, group);
}

/* ---- places ------------------------------------------------------------------------------- */

/* The one place of all lines; CODE_NONE when there is none, or several. */
static struct code place_of(const struct claim *claim) {
    struct code place = CODE_NONE;
    for (int i = 0; i < claim->line_count; i++) {
        struct code own = code_given(claim->lines[i].place_of_service)
                              ? claim->lines[i].place_of_service
                              : claim->place_of_service;
        if (i > 0 && !code_equal(own, place)) {
            return CODE_NONE;
        }
        place = own;
    }
    return place;
}

/* Drugs that the professional claim may not carry there [cpm-ch17]. */
static uint64_t drugs_denied(const struct audit_pass *pass, const struct audit_trial *trial) {
    uint64_t drugs = 0;
    for (int i = 0; i < pass->line_count; i++) {
        drugs |= pass->lines[i].has_drug && pass->lines[i].facility ? LINE_BIT(i) : 0;
    }
    return trial->denied == UINT64_MAX ? 0 : drugs & trial->denied;
}

/* What the facility's own amount would take; no import reads it yet. */
static struct view facility_need(struct code place, bool facility) {
    bool outpatient = code_equal(place, code_of("22")) || code_equal(place, code_of("19"));
    return !facility                          ? VIEW("")
           : code_equal(place, code_of("24")) ? VIEW("store:asc_fee")
           : outpatient                       ? VIEW("store:opps_addendum_b")
                                              : VIEW("facility:schedule");
}

static void place_add(struct judge *judge, struct code place, bool billed) {
    struct audit_forms *forms = judge->forms;
    struct audit_form_place *added = &forms->places[forms->place_count];
    struct claim *claim = claim_copy(forms->billed.claim, judge->arena);
    *added = (struct audit_form_place){.place = place, .as_billed = billed, .need = VIEW("")};
    if (!claim) {
        return;
    }
    for (int i = 0; !billed && i < claim->line_count; i++) {
        claim->lines[i].place_of_service = CODE_NONE;
    }
    claim->place_of_service = billed ? claim->place_of_service : place;
    claim->pos_known = billed ? claim->pos_known : true;
    trial_run(judge->audit, claim, judge->arena, &added->trial);
    (void)trial_decide(&added->trial, 0, &forms->billed, 0);
    const struct audit_pass *pass = &judge->audit->pass;
    added->facility = pass->line_count > 0 && pass->lines[0].facility;
    added->drugs = drugs_denied(pass, &added->trial);
    added->need = facility_need(place, added->facility);
    added->trial.left = added->drugs
                            ? trial_without(judge->audit, claim, added->drugs, judge->arena)
                            : added->trial.amounts;
    forms->place_count++;
}

static void places_try(struct judge *judge) {
    static const char *const places[] = {"11", "24", "22"};
    struct code own = place_of(judge->forms->billed.claim);
    bool listed = false;
    for (int i = 0; i < COUNT_OF(places); i++) {
        listed |= code_equal(own, code_of(places[i]));
    }
    if (!listed) {
        place_add(judge, own, true);
    }
    for (int i = 0; i < COUNT_OF(places); i++) {
        place_add(judge, code_of(places[i]), code_equal(own, code_of(places[i])));
    }
}

/* ---- all of it ---------------------------------------------------------------------------- */

static void billed_try(struct judge *judge, const struct claim *claim) {
    struct audit_forms *forms = judge->forms;
    const struct audit_pass *pass = &judge->audit->pass;
    trial_run(judge->audit, claim, judge->arena, &forms->billed);
    forms->payer = pass->payer_known ? arena_copy(judge->arena, pass->payer.profile) : VIEW("");
    forms->convention = pass->payer_known ? pass->payer.bilateral : BILATERAL_UNKNOWN;
    forms->facility_claim = claim->type != CLAIM_PROFESSIONAL;
    if (judge->audit->options.pricer) {
        struct price *price = ARENA_NEW(judge->arena, struct price, 1);
        struct price_payer payer = pass_price_payer(pass);
        if (price) {
            *price = *price_claim(judge->audit->options.pricer, claim, &payer);
        }
        forms->price = price;
    }
    if (!forms->facility_claim) {
        form_services_find(pass, &judge->services);
        record_read(judge);
    }
}

int audit_forms(struct audit *audit, const struct claim *claim, struct arena *arena,
                struct audit_forms *forms, struct diag *diag) {
    struct judge *judge = ARENA_NEW(arena, struct judge, 1);
    *forms = (struct audit_forms){.payer = VIEW("")};
    if (judge) {
        judge->audit = audit;
        judge->arena = arena;
        judge->forms = forms;
        billed_try(judge, claim);
        forms->groups =
            ARENA_NEW(arena, struct audit_form_group, judge->services.group_count + 1);
        forms->group_count = forms->groups ? judge->services.group_count : 0;
        for (int i = 0; i < forms->group_count; i++) {
            group_try(judge, i);
        }
        places_try(judge);
    }
    if (!arena->failed) {
        return STATUS_OK;
    }
    diag_set(diag, "memory", "out of memory");
    return STATUS_SYSTEM;
}

struct view audit_form_name(enum audit_form form) {
    static const char *const names[AUDIT_FORMS] = {
        "other",           "modifier_50",     "two_lines", "two_units",
        "addon_two_units", "addon_two_lines", "once",
    };
    return view_of(names[form]);
}

struct view audit_form_verdict_name(enum audit_form_verdict verdict) {
    static const char *const names[] = {"allowed", "denies", "not_evaluated", "unsupported"};
    return view_of(names[verdict]);
}
