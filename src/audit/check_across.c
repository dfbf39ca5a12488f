/* What needs other services of the patient: repeated claims and lines, and services inside the
 * global window of an operation, on this claim or an earlier one of the run. */
#include "audit/across.h"
#include "audit/audit_internal.h"
#include "audit/audit_state.h"
#include "audit/edits.h"

/* ---- duplicates -------------------------------------------------------------------------- */

/* Modifiers that say "again, on purpose" [cpm-ch1]; a side or a digit shows in the comparison
 * of the modifiers themselves. */
#define LINE_REPEATED (LINE_76 | LINE_77 | LINE_91 | LINE_DISTINCT)

static bool modifier_among(struct code modifier, const struct code *modifiers, int count) {
    for (int i = 0; i < count; i++) {
        if (code_equal(modifiers[i], modifier)) {
            return true;
        }
    }
    return false;
}

static bool modifiers_equal(const struct claim_line *line, const struct code *modifiers,
                            int count) {
    if (line->modifier_count != count) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        if (!modifier_among(line->modifiers[i], modifiers, count) ||
            !modifier_among(modifiers[i], line->modifiers, count)) {
            return false;
        }
    }
    return true;
}

static bool can_be_duplicate(const struct audit_line *line) {
    return code_given(line->line->code) && date_given(line->from) && !(line->flags & LINE_REPEATED);
}

/* Two packages of one drug are two lines. */
static bool packages_differ(const struct claim_line *a, const struct claim_line *b) {
    return a->ndc.code.size > 0 && b->ndc.code.size > 0 && !view_equal(a->ndc.code, b->ndc.code);
}

static bool line_repeats(const struct audit_line *line, const struct audit_line *first) {
    return code_equal(line->line->code, first->line->code) && line->from.day == first->from.day &&
           line_last(line).day == line_last(first).day && line->provider == first->provider &&
           modifiers_equal(line->line, first->line->modifiers, first->line->modifier_count) &&
           !packages_differ(line->line, first->line);
}

/* Other units, charge or place: suspect, not exact [cpm-ch1]. */
static bool line_differs(const struct audit_line *line, const struct audit_line *first) {
    return line->units != first->units || !code_equal(line->pos, first->pos) ||
           (money_given(line->line->charge) && money_given(first->line->charge) &&
            line->line->charge.cents != first->line->charge.cents);
}

static bool earlier_repeats(const struct audit_line *line, const struct earlier *earlier) {
    return code_equal(line->line->code, earlier->code) && earlier->on.day == line->from.day &&
           earlier_same_provider(earlier, line) &&
           modifiers_equal(line->line, earlier->modifiers, earlier->modifier_count);
}

static struct audit_finding *duplicate_finding(struct audit_pass *pass,
                                               const struct audit_line *line, bool exact,
                                               int64_t claim_ordinal, int other) {
    struct audit_finding *finding = finding_add(pass, RULE_DUPLICATE_LINE, line);
    struct text text;
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, exact ? " repeats line " : " looks like line ");
    text_int(&text, other);
    if (claim_ordinal) {
        text_add(&text, " of ");
        text_which_claim(&text, claim_ordinal);
    }
    text_add(&text, exact ? ": same modifiers, day and provider"
                          : " with other units, charge or place: same modifiers, day and provider");
    finding->message = text_close(&text);
    finding->fix =
        VIEW("Remove the line if the service was done once. If it was repeated, the"
             " modifier that says so (76, 77, 91, a side or digit, 59 or X) belongs on it.");
    finding->severity = exact ? finding->severity : RULE_REVIEW;
    struct audit_evidence *evidence =
        finding_proof(pass, finding, STORE_TABLES, VIEW_NONE,
                      (struct store_proof){STORE_NO_RELEASE, DATE_NONE, DATE_NONE});
    evidence->line = claim_ordinal ? 0 : other;
    evidence->claim_ordinal = claim_ordinal;
    evidence->claim_line = claim_ordinal ? other : 0;
    return finding;
}

/* True when an earlier line of this claim explains the repetition. */
static bool duplicate_within(struct audit_pass *pass, const struct audit_line *line) {
    for (int i = 0; i < line->index; i++) {
        const struct audit_line *first = &pass->lines[i];
        if (line_repeats(line, first)) {
            bool exact = !line_differs(line, first);
            struct audit_finding *finding =
                duplicate_finding(pass, line, exact, 0, first->line->number);
            if (exact) {
                finding->patch = patch_remove_line(pass, line);
            }
            return true;
        }
    }
    return false;
}

static void duplicate_earlier(struct audit_pass *pass, const struct audit_line *line) {
    struct across_cursor cursor = {0};
    struct earlier earlier;
    while (across_next(pass, &cursor, &earlier)) {
        if (earlier_repeats(line, &earlier)) {
            duplicate_finding(pass, line, earlier.units == line->units, earlier.claim_ordinal,
                              earlier.line);
            return;
        }
    }
}

static void duplicate_lines(struct audit_pass *pass, bool history) {
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (can_be_duplicate(line) && !duplicate_within(pass, line) && history) {
            duplicate_earlier(pass, line);
        }
    }
}

static void duplicate_claim(struct audit_pass *pass, int64_t ordinal) {
    struct audit_finding *finding = finding_add(pass, RULE_DUPLICATE_CLAIM, NULL);
    struct text text;
    text_open(&text, pass);
    text_add(&text, "the claim repeats ");
    text_which_claim(&text, ordinal);
    text_add(&text, ": same patient, provider, days, codes, modifiers and units");
    finding->message = text_close(&text);
    finding->fix = VIEW("Send it once. A correction goes out as frequency 7 with the payer's number"
                        " of the first claim.");
    struct audit_evidence *evidence =
        finding_proof(pass, finding, STORE_TABLES, VIEW_NONE,
                      (struct store_proof){STORE_NO_RELEASE, DATE_NONE, DATE_NONE});
    evidence->claim_ordinal = ordinal;
}

/* ---- global windows ---------------------------------------------------------------------- */

struct operation {
    struct code code;
    struct date on;
    int days; /* 0, 10 or 90 */
    struct store_proof proof;
    int line;              /* line number in this claim */
    int64_t claim_ordinal; /* 0: this claim */
    int claim_line;
};

static bool is_evaluation(const struct audit_line *line) {
    return line->has_family && line->family.evaluation;
}

/* Subject to another operation's window: E/M, and what has a global period itself. */
static bool is_subject(const struct audit_line *line) {
    return date_given(line->from) && !line->denied &&
           (is_evaluation(line) || (line->has_mpfs && line->mpfs.global[0] == '0'));
}

/* Day 0 is judged against earlier claims only: within a claim em_without_25 speaks for it. */
static bool evaluation_clashes(const struct audit_line *line, const struct operation *operation,
                               int days) {
    if (days == 0) {
        uint32_t needed = operation->days == 90 ? LINE_57 : LINE_25;
        return operation->claim_ordinal != 0 && !(line->flags & needed);
    }
    if (days == -1) {
        return operation->days == 90 && !(line->flags & LINE_57);
    }
    return days > 0 && days <= operation->days && !(line->flags & LINE_24);
}

static bool window_clashes(const struct audit_line *line, const struct operation *operation) {
    int64_t days = (int64_t)line->from.day - operation->on.day;
    if (days < -1 || days > 90) {
        return false;
    }
    if (is_evaluation(line)) {
        return evaluation_clashes(line, operation, (int)days);
    }
    return days > 0 && days <= operation->days && !(line->flags & (LINE_58 | LINE_78 | LINE_79));
}

static const char *window_fix(const struct audit_line *line, const struct operation *operation) {
    if (!is_evaluation(line)) {
        return "Included, unless the record shows a staged or more extensive service (58), a return"
               " to the operating room (78) or an unrelated one (79).";
    }
    if (line->from.day > operation->on.day) {
        return "Post-operative care is included. 24 only if the record shows a visit for another"
               " problem.";
    }
    return operation->days == 90
               ? "Included, unless this visit was the decision for surgery: then 57."
               : "Included, unless the record shows a significant E/M service of its own: then 25.";
}

static void window_finding(struct audit_pass *pass, const struct audit_line *line,
                           const struct operation *operation) {
    struct audit_finding *finding = finding_add(pass, RULE_GLOBAL_PERIOD, line);
    struct text text;
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, " on ");
    text_date(&text, line->from);
    text_add(&text, operation->days ? " falls in the " : " falls on the day of ");
    if (operation->days) {
        text_int(&text, operation->days);
        text_add(&text, "-day global period of ");
    }
    text_code(&text, operation->code);
    text_add(&text, operation->claim_ordinal ? " (" : " (line ");
    if (operation->claim_ordinal) {
        text_which_claim(&text, operation->claim_ordinal);
    } else {
        text_int(&text, operation->line);
    }
    text_add(&text, ", ");
    text_date(&text, operation->on);
    text_add(&text, ") by the same provider");
    finding->message = text_close(&text);
    finding->fix = view_of(window_fix(line, operation));
    struct audit_evidence *evidence =
        finding_proof(pass, finding, STORE_MPFS, text_row(pass, operation->code), operation->proof);
    evidence->line = operation->line;
    evidence->claim_ordinal = operation->claim_ordinal;
    evidence->claim_line = operation->claim_line;
}

static bool window_within(struct audit_pass *pass, const struct audit_line *line) {
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *other = &pass->lines[i];
        if (i == line->index || !other->has_mpfs || other->denied || !date_given(other->from) ||
            other->provider != line->provider || other->mpfs.global[0] != '0' ||
            other->flags & (LINE_78 | LINE_ASSISTANT)) {
            continue;
        }
        struct operation operation = {
            .code = other->line->code,
            .on = other->from,
            .days = other->mpfs.global[1] == '1'   ? 10
                    : other->mpfs.global[1] == '9' ? 90
                                                   : 0,
            .proof = other->mpfs.proof,
            .line = other->line->number,
        };
        if (operation.days && window_clashes(line, &operation)) {
            window_finding(pass, line, &operation);
            return true;
        }
    }
    return false;
}

/* The row that gives the earlier service its window, or a window of the day alone. */
static bool operation_of(const struct audit_pass *pass, const struct earlier *earlier,
                         struct operation *operation) {
    struct store_mpfs row;
    struct store_when when = {earlier->on, pass->options->as_of};
    uint32_t id = store_code_id(pass->store, earlier->code);
    if (id == STORE_NO_CODE || !store_mpfs(pass->store, id, CODE_NONE, when, &row) ||
        row.global[0] != '0' || earlier->flags & (LINE_78 | LINE_ASSISTANT)) {
        return false;
    }
    *operation = (struct operation){.code = earlier->code,
                                    .on = earlier->on,
                                    .days = earlier->global_days,
                                    .proof = row.proof,
                                    .claim_ordinal = earlier->claim_ordinal,
                                    .claim_line = earlier->line};
    return true;
}

/* Cheap refusals first: most earlier services open no window that reaches the line. */
static bool may_reach(const struct audit_line *line, const struct earlier *earlier) {
    if (earlier->denied || !date_given(earlier->on) || !earlier_same_provider(earlier, line)) {
        return false;
    }
    int64_t days = (int64_t)line->from.day - earlier->on.day;
    return days == 0 ? is_evaluation(line) : days >= -1 && days <= earlier->global_days;
}

static void window_earlier(struct audit_pass *pass, const struct audit_line *line) {
    struct across_cursor cursor = {0};
    struct earlier earlier;
    struct operation operation;
    while (across_next(pass, &cursor, &earlier)) {
        if (may_reach(line, &earlier) && operation_of(pass, &earlier, &operation) &&
            window_clashes(line, &operation)) {
            window_finding(pass, line, &operation);
            return;
        }
    }
}

static void global_windows(struct audit_pass *pass, bool history) {
    if (!pass->payer.ncci || pass->claim->type != CLAIM_PROFESSIONAL) {
        return;
    }
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (is_subject(line) && !window_within(pass, line) && history) {
            window_earlier(pass, line);
        }
    }
}

void check_across(struct audit_pass *pass) {
    int64_t repeated = across_duplicate(pass);
    if (repeated) {
        duplicate_claim(pass, repeated);
    }
    duplicate_lines(pass, across_near(pass));
    global_windows(pass, across_reach(pass));
    across_remember(pass);
    if (pass->audit->memory.failed) {
        gap_add(pass, RULE_DUPLICATE_CLAIM, VIEW("memory:earlier_claims"));
    }
}
