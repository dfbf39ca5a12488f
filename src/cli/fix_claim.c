/* claimvet fix: the corrections of one claim. Each suggestion is tried on a copy, which is vetted
 * again and takes the claim's place only when it is better. Since every patch comes from the audit
 * of the claim as it stands then, indexes in it are right whatever was applied before. */
#include "cli/fix.h"
#include "report/report.h"

/* ---- words of --apply ---------------------------------------------------------------------- */

bool fix_word_add(struct fix *fix, struct view word) {
    if (fix->word_count == fix->word_room) {
        ptrdiff_t size = (ptrdiff_t)sizeof fix->words[0];
        int room = fix->word_room > 0 ? fix->word_room * 2 : 16;
        void *grown = memory_grow(fix->words, fix->word_room * size, room * size);
        if (!grown) {
            return false;
        }
        fix->words = grown;
        fix->word_room = room;
    }
    fix->words[fix->word_count++] = (struct fix_word){word, false};
    return true;
}

struct view fix_finding_id(struct fix *fix, const struct audit_finding *finding) {
    out_clear(&fix->id);
    report_finding_id(&fix->id, fix->now->claim.id, finding);
    return out_bytes(&fix->id);
}

static bool is_wanted(struct fix *fix, const struct audit_finding *finding) {
    for (int i = 0; i < fix->word_count; i++) {
        struct view word = fix->words[i].text;
        if (view_equal(word, finding->rule->id) ||
            (view_find(word, '/') >= 0 && view_equal(word, fix_finding_id(fix, finding)))) {
            fix->words[i].met = true;
            return true;
        }
    }
    return false;
}

/* ---- findings of a draft ------------------------------------------------------------------- */

/* Lines of a finding as indexes of the claim as it was read. */
static uint64_t source_lines(const struct claim_draft *draft, const struct audit_finding *finding) {
    uint64_t lines = 0;
    for (int i = 0; i < draft->claim.line_count; i++) {
        lines |= (finding->line_bits >> i & 1) << draft->origin[i];
    }
    return lines;
}

static bool is_patchable(const struct audit_finding *finding) {
    return finding->status == AUDIT_FAIL && finding->patch.size > 0;
}

static bool was_tried(const struct fix *fix, const struct audit_finding *finding) {
    uint64_t lines = source_lines(fix->now, finding);
    uint64_t message = view_hash(finding->message, 0);
    for (int i = 0; i < fix->tried_count; i++) {
        const struct fix_tried *tried = &fix->tried[i];
        if (tried->rule == finding->rule && tried->lines == lines && tried->message == message) {
            return true;
        }
    }
    return fix->tried_count == AUDIT_FINDINGS_MAX;
}

static void tried_add(struct fix *fix, const struct audit_finding *finding) {
    fix->tried[fix->tried_count++] = (struct fix_tried){
        finding->rule, source_lines(fix->now, finding), view_hash(finding->message, 0)};
}

/* ---- better or not ------------------------------------------------------------------------- */

/* Failed findings of the same rule on lines that these share, or on the claim as these are. */
static int alike_count(const struct claim_draft *draft, const struct audit_result *result,
                       const struct audit_finding *like, uint64_t lines) {
    int count = 0;
    for (int i = 0; i < result->finding_count; i++) {
        const struct audit_finding *finding = &result->findings[i];
        uint64_t own = source_lines(draft, finding);
        bool shared = lines == 0 ? own == 0 : (own & lines) != 0;
        count += finding->status == AUDIT_FAIL && finding->rule == like->rule &&
                 finding->check == like->check && shared;
    }
    return count;
}

static bool has_gap(const struct audit_result *result, const struct rule *rule) {
    for (int i = 0; i < result->gap_count; i++) {
        if (result->gaps[i].rule == rule) {
            return true;
        }
    }
    return false;
}

/* A failed finding as severe as `cured` that the claim did not have before, or NULL. */
static const struct audit_finding *finding_new(const struct fix *fix,
                                               const struct audit_result *before,
                                               const struct audit_result *after,
                                               const struct audit_finding *cured) {
    for (int i = 0; i < after->finding_count; i++) {
        const struct audit_finding *finding = &after->findings[i];
        if (finding->status != AUDIT_FAIL || finding->severity > cured->severity) {
            continue;
        }
        uint64_t lines = source_lines(fix->trial, finding);
        if (alike_count(fix->trial, after, finding, lines) >
            alike_count(fix->now, before, finding, lines)) {
            return finding;
        }
    }
    return NULL;
}

static struct view reason_join(struct fix *fix, const char *before, struct view rule,
                               const char *between, struct view message) {
    struct out out;
    out_open(&out, NULL, NULL);
    out_view(&out, view_of(before));
    out_view(&out, rule);
    out_view(&out, view_of(between));
    out_view(&out, message);
    struct view reason = arena_copy(&fix->arena, out_bytes(&out));
    out_close(&out);
    return reason;
}

/* Why the trial is no better; VIEW_NONE when it is. */
static struct view trial_fault(struct fix *fix, const struct audit_result *before,
                               const struct audit_result *after,
                               const struct audit_finding *finding) {
    uint64_t lines = source_lines(fix->now, finding);
    if (before->truncated || after->truncated) {
        return VIEW("the claim has more findings than can be compared");
    }
    if (alike_count(fix->trial, after, finding, lines) >=
        alike_count(fix->now, before, finding, lines)) {
        return VIEW("the finding stays");
    }
    if (has_gap(after, finding->rule) && !has_gap(before, finding->rule)) {
        return VIEW("whether the finding stays can no longer be judged");
    }
    const struct audit_finding *new = finding_new(fix, before, after, finding);
    return new ? reason_join(fix, "another finding would come: ", new->rule->id, ", ",
                             new->message)
               : VIEW_NONE;
}

/* What the claim pays when nothing of it is denied; not known while a line has no amount. */
static struct money allowed_of(const struct audit_result *result) {
    const struct price *price = result->price;
    return price && price->basis != PRICE_BASIS_NONE && price->unknown == 0 ? price->allowed
                                                                            : MONEY_NONE;
}

/* ---- one suggestion ------------------------------------------------------------------------ */

static void trial_accept(struct fix *fix, const struct audit_finding *finding) {
    struct claim_draft *draft = fix->now;
    struct audit *audit = fix->now_audit;
    fix_list_changes(fix, fix->trial->changes, fix->now->changes, finding);
    fix->counts.applied++;
    fix->now = fix->trial;
    fix->trial = draft;
    fix->allowed = fix->trial_allowed;
    fix->now_audit = fix->trial_audit;
    fix->trial_audit = audit;
}

/* Makes and vets the trial; false, with an entry in the list, when it is refused. */
static bool trial_make(struct fix *fix, const struct audit_result *before,
                       const struct audit_finding *finding, const struct audit_result **after) {
    struct diag diag = DIAG_NONE;
    claim_draft_copy(fix->trial, fix->now);
    if (claim_draft_patch(fix->trial, finding->patch, &diag) != STATUS_OK) {
        fix_list_refused(fix, finding, view_of(diag.text));
        return false;
    }
    *after = audit_claim(fix->trial_audit, &fix->trial->claim);
    fix->trial_allowed = allowed_of(*after);
    struct view fault = trial_fault(fix, before, *after, finding);
    if (fault.at) {
        fix_list_refused(fix, finding, fault);
        return false;
    }
    return true;
}

/* The next one to look at: named ones from the last to the first, so that the number of one among
 * several on a line stays; those to ask for from the first. NULL: none is left. */
static const struct audit_finding *candidate(struct fix *fix, const struct audit_result *result,
                                             bool named) {
    for (int i = 0; i < result->finding_count; i++) {
        const struct audit_finding *finding =
            &result->findings[named ? result->finding_count - 1 - i : i];
        if (is_patchable(finding) && !was_tried(fix, finding) &&
            (!named || is_wanted(fix, finding))) {
            return finding;
        }
    }
    return NULL;
}

static bool answer_take(struct fix *fix, const struct audit_finding *finding, bool *more) {
    switch (fix_ask(fix, finding)) {
    case FIX_YES: return true;
    case FIX_ALL: fix->arena.failed |= !fix_word_add(fix, finding->rule->id); return true;
    case FIX_SKIP: *more = false; return false;
    case FIX_QUIT: *more = fix->asking = false; return false;
    case FIX_STOP: *more = fix->asking = false; fix->stopped = true; return false;
    default: return false;
    }
}

static const struct audit_result *suggestions_try(struct fix *fix,
                                                  const struct audit_result *result, bool named) {
    const struct audit_finding *finding;
    bool more = true;
    while (more && (finding = candidate(fix, result, named))) {
        const struct audit_result *after;
        tried_add(fix, finding);
        if (trial_make(fix, result, finding, &after) &&
            (named || is_wanted(fix, finding) || answer_take(fix, finding, &more))) {
            trial_accept(fix, finding);
            result = after;
        }
    }
    return result;
}

static void suggestions_take(struct fix *fix) {
    const struct audit_result *result = audit_claim(fix->now_audit, &fix->now->claim);
    fix->allowed = allowed_of(result);
    fix->tried_count = 0;
    for (int i = 0; i < result->finding_count; i++) {
        if (is_patchable(&result->findings[i])) {
            (void)is_wanted(fix, &result->findings[i]); /* another one may take it away */
        }
    }
    if (fix->word_count > 0) {
        result = suggestions_try(fix, result, true);
    }
    if (fix->asking) {
        suggestions_try(fix, result, false);
    }
}

/* ---- the claim ----------------------------------------------------------------------------- */

static void edits_take(struct fix *fix) {
    for (const struct claim_change *c = fix->now->changes; c; c = c->earlier) {
        if (claim_change_stands(fix->now, c)) {
            x12_edits_add(&fix->edits, (struct x12_edit){c->byte, c->size, c->after, c->segments});
        }
    }
}

/* What the audit says of the claim as it is written. */
static void rest_count(struct fix *fix) {
    const struct audit_result *result = audit_claim(fix->whole, &fix->now->claim);
    bool error = false;
    for (int i = 0; i < result->finding_count; i++) {
        const struct audit_finding *finding = &result->findings[i];
        error |= finding->status == AUDIT_FAIL && finding->severity == RULE_ERROR;
        fix->counts.left += is_patchable(finding) && !was_tried(fix, finding);
    }
    fix->counts.errors += error;
}

void fix_claim(struct fix *fix, const struct claim *claim) {
    claim_draft_open(fix->now, claim, fix->file, &fix->arena);
    claim_draft_repair(fix->now, fix->repaired_to);
    fix->repaired_to = claim->at.byte;
    fix->tried_count = 0;
    fix_list_changes(fix, fix->now->changes, NULL, NULL);
    if (fix->word_count > 0 || fix->asking) {
        suggestions_take(fix);
    }
    const struct claim_change *last = fix->now->changes;
    claim_draft_end(fix->now);
    fix_list_changes(fix, fix->now->changes, last, NULL);
    edits_take(fix);
    rest_count(fix);
    fix->counts.claims++;
}
