/* NCCI procedure-to-procedure pairs: column 2 is not paid beside column 1 by the same provider on
 * the same day, unless the indicator is 1 and a modifier tells the two apart [ncci-ptp]. */
#include "audit/edits.h"

/* Since this day 59 and X{EPSU} count on either line, before it on column 2 only [cr11168]. */
#define EITHER_LINE_SINCE 18078 /* 2019-07-01 as a day number */

/* ---- modifiers --------------------------------------------------------------------------- */

static bool modifier_shared(const struct audit_line *line, struct code modifier) {
    for (int i = 0; i < line->line->modifier_count; i++) {
        if (code_equal(line->line->modifiers[i], modifier)) {
            return true;
        }
    }
    return false;
}

static uint32_t modifiers_joined(const struct audit_line *line) {
    uint32_t flags = 0;
    for (int i = 0; i < line->line->modifier_count; i++) {
        if (line->modifier_flags[i] & MODIFIER_BYPASS) {
            flags |= line->modifier_flags[i];
        }
    }
    return flags;
}

static bool has_other_than_distinct(const struct audit_line *line) {
    for (int i = 0; i < line->line->modifier_count; i++) {
        if ((line->modifier_flags[i] & (MODIFIER_BYPASS | MODIFIER_DISTINCT)) == MODIFIER_BYPASS) {
            return true;
        }
    }
    return false;
}

static bool anatomic_shared(const struct audit_line *a, const struct audit_line *b) {
    for (int i = 0; i < a->line->modifier_count; i++) {
        if (a->modifier_flags[i] & MODIFIER_ANATOMIC && modifier_shared(b, a->line->modifiers[i])) {
            return true;
        }
    }
    return false;
}

/* 24 25 27 57 speak only on an E/M line, 58 78 79 only on another, 91 only on a lab test. */
static bool modifier_counts(const struct audit_line *line, uint32_t flags) {
    bool evaluation = line->has_family && line->family.evaluation;
    if (!(flags & MODIFIER_BYPASS)) {
        return false;
    }
    if (flags & MODIFIER_EM_ONLY) {
        return evaluation;
    }
    if (flags & MODIFIER_GLOBAL) {
        return !evaluation;
    }
    return !(flags & MODIFIER_LAB_ONLY) || (line->has_family && line->family.laboratory);
}

/* The modifier of `line` that bypasses; one that both lines share only when `shared` allows. */
static bool modifier_find(const struct audit_line *line, const struct audit_line *other,
                          bool shared, struct code *modifier) {
    for (int i = 0; i < line->line->modifier_count; i++) {
        struct code candidate = line->line->modifiers[i];
        uint32_t flags = line->modifier_flags[i];
        if (modifier_counts(line, flags) &&
            (shared || !(flags & MODIFIER_ANATOMIC) || !modifier_shared(other, candidate))) {
            *modifier = candidate;
            return true;
        }
    }
    return false;
}

/* The line with the modifier that bypasses an active pair on the day, NULL when none does. A
 * modifier for which the sources disagree about the line counts on either; the pair is reviewed
 * anyway [ncci-manual]. */
static const struct audit_line *bypass_find(const struct audit_line *column1,
                                            const struct audit_line *column2, char indicator,
                                            struct date on, struct code *modifier) {
    uint32_t on1 = modifiers_joined(column1);
    uint32_t on2 = modifiers_joined(column2);
    if (indicator != '1' || !((on1 | on2) & MODIFIER_BYPASS)) {
        return NULL;
    }
    if (!((on1 | on2) & (MODIFIER_DISTINCT | MODIFIER_GLOBAL)) &&
        anatomic_shared(column1, column2)) {
        return NULL; /* the same side, finger or vessel [mcd-tgm] */
    }
    if (on.day < EITHER_LINE_SINCE && on2 == 0 && !has_other_than_distinct(column1)) {
        return NULL;
    }
    for (int shared = 0; shared < 2; shared++) {
        if (modifier_find(column2, column1, shared, modifier)) {
            return column2;
        }
        if (modifier_find(column1, column2, shared, modifier)) {
            return column1;
        }
    }
    return NULL;
}

bool pair_bypass(const struct audit_pass *pass, const struct audit_line *column1,
                 const struct audit_line *column2, char indicator, struct code *modifier,
                 int *line_number) {
    (void)pass;
    struct date on;
    lines_meet(column1, column2, &on);
    const struct audit_line *carrier = bypass_find(column1, column2, indicator, on, modifier);
    if (carrier) {
        *line_number = carrier->line->number;
    }
    return carrier != NULL;
}

/* ---- gathering --------------------------------------------------------------------------- */

static struct view taxonomy_of(const struct audit_pass *pass, const struct audit_line *line) {
    return line->line->rendering.npi.size > 0 ? line->line->rendering.taxonomy
                                              : pass->claim->rendering.taxonomy;
}

/* Two practitioners who bill under one provider and name one specialty [cpm-ch12]. */
static bool same_group(const struct audit_pass *pass, const struct audit_line *a,
                       const struct audit_line *b) {
    struct view taxonomy = taxonomy_of(pass, a);
    return a->provider && b->provider && taxonomy.size > 0 &&
           view_equal(taxonomy, taxonomy_of(pass, b));
}

/* First day from `on` to the end of both spans on which the pair is active. */
static bool pair_active(const struct audit_pass *pass, const struct audit_line *column1,
                        const struct audit_line *column2, struct date *on, struct store_pair *row) {
    struct date last =
        line_last(column1).day < line_last(column2).day ? line_last(column1) : line_last(column2);
    for (int days = 0; on->day <= last.day && days < EDIT_SPAN_DAYS_MAX; days++, on->day++) {
        struct store_when when = {*on, pass->options->as_of};
        if (store_pair(pass->store, column1->id, column2->id, when, row)) {
            return true;
        }
    }
    return false;
}

/* `earlier` is the line behind the column that is no line of this claim. */
static void pair_offer(struct edits *edits, const struct audit_line *column1,
                       const struct audit_line *column2, struct date on, bool group,
                       const struct earlier *earlier) {
    struct audit_pass *pass = edits->pass;
    struct store_pair row;
    if (!pair_active(pass, column1, column2, &on, &row)) {
        return;
    }
    struct code modifier = CODE_NONE;
    const struct audit_line *carrier = bypass_find(column1, column2, row.indicator, on, &modifier);
    struct edit_pair *pair = carrier && group ? NULL : ARENA_NEW(pass->arena, struct edit_pair, 1);
    if (!pair) {
        return; /* a refused arena marks the result as cut off */
    }
    *pair = (struct edit_pair){
        .next = edits->pairs,
        .column1 = column1->index,
        .column2 = column2->index,
        .indicator = row.indicator,
        .bypassed = carrier != NULL,
        .group = group,
        .modifier = modifier,
        .modifier_line = carrier && carrier->index >= 0 ? carrier->line->number : 0,
        .on = on,
        .proof = row.proof,
        .code1 = column1->line->code,
        .code2 = column2->line->code,
        .claim_ordinal = earlier ? earlier->claim_ordinal : 0,
        .claim_line = earlier ? earlier->line : 0,
    };
    edits->pairs = pair;
}

static void pair_test(struct edits *edits, const struct audit_line *a, const struct audit_line *b) {
    struct audit_pass *pass = edits->pass;
    bool group = a->provider != b->provider;
    struct date on;
    if (a->id == b->id || !lines_meet(a, b, &on) || (group && !same_group(pass, a, b)) ||
        payer_pays(pass, a, b)) {
        return;
    }
    if (!pass_covers(pass, STORE_NCCI_PTP, on, a->id) ||
        !pass_covers(pass, STORE_NCCI_PTP, on, b->id)) {
        gap_add(pass, RULE_NCCI_PTP, VIEW("store:ncci_ptp")); /* a row that is there still counts */
    }
    pair_offer(edits, a, b, on, group, NULL);
    pair_offer(edits, b, a, on, group, NULL);
}

/* The line of an earlier claim in the shape of one in hand; index -1. */
static void earlier_as_line(const struct audit_pass *pass, const struct earlier *earlier,
                            struct claim_line *line, struct audit_line *facts) {
    *line = (struct claim_line){
        .number = earlier->line, .code = earlier->code, .modifier_count = earlier->modifier_count};
    *facts = (struct audit_line){
        .line = line, .index = -1, .from = earlier->on, .to = earlier->to, .flags = earlier->flags};
    facts->id = store_code_id(pass->store, earlier->code);
    facts->has_family = store_family(pass->store, facts->id, &facts->family);
    for (int i = 0; i < earlier->modifier_count; i++) {
        struct store_when when = {earlier->on, pass->options->as_of};
        struct store_proof proof;
        line->modifiers[i] = earlier->modifiers[i];
        facts->modifier_flags[i] = store_modifier(pass->store, line->modifiers[i], when, &proof);
    }
}

static void pair_test_earlier(struct edits *edits, const struct audit_line *line,
                              const struct earlier *earlier) {
    struct claim_line other_line;
    struct audit_line other;
    earlier_as_line(edits->pass, earlier, &other_line, &other);
    struct date on;
    if (!line_judged(&other) || other.id == line->id || !lines_meet(line, &other, &on) ||
        payer_pays(edits->pass, line, &other) ||
        !pass_looked(edits->pass, STORE_NCCI_PTP, on)) {
        return;
    }
    pair_offer(edits, &other, line, on, false, earlier);
    pair_offer(edits, line, &other, on, false, earlier);
}

void pairs_gather(struct edits *edits) {
    struct audit_pass *pass = edits->pass;
    for (int i = 1; i < pass->line_count; i++) {
        for (int j = 0; j < i && line_judged(&pass->lines[i]); j++) {
            if (line_judged(&pass->lines[j])) {
                pair_test(edits, &pass->lines[j], &pass->lines[i]);
            }
        }
    }
    struct across_cursor cursor = {0};
    struct earlier earlier;
    while (edits->history && across_next(pass, &cursor, &earlier)) {
        for (int i = 0; i < pass->line_count && !earlier.denied; i++) {
            const struct audit_line *line = &pass->lines[i];
            if (line_judged(line) && line->from.day <= earlier.to.day &&
                line_last(line).day >= earlier.on.day && earlier_same_provider(&earlier, line)) {
                pair_test_earlier(edits, line, &earlier);
            }
        }
    }
}

static bool pair_holds(const struct edit_pair *pair, uint64_t unpayable) {
    return pair->column1 < 0 || !(unpayable & LINE_BIT(pair->column1));
}

uint64_t pairs_denied(const struct edits *edits, uint64_t unpayable) {
    uint64_t denied = 0;
    for (const struct edit_pair *pair = edits->pairs; pair; pair = pair->next) {
        if (pair->column2 >= 0 && !pair->bypassed && !pair->group && pair_holds(pair, unpayable)) {
            denied |= LINE_BIT(pair->column2);
        }
    }
    return denied;
}

/* ---- findings ---------------------------------------------------------------------------- */

static int pair_class(const struct edit_pair *pair) {
    return pair->bypassed ? 2 : pair->group ? 1 : 0;
}

static int pair_line(const struct edits *edits, const struct edit_pair *pair) {
    return pair->column1 < 0 ? pair->claim_line : edits->pass->lines[pair->column1].line->number;
}

/* The most severe first, then by code, this claim before earlier ones, by line [ncci-ptp]. */
static bool pair_before(const struct edits *edits, const struct edit_pair *a,
                        const struct edit_pair *b) {
    if (pair_class(a) != pair_class(b)) {
        return pair_class(a) < pair_class(b);
    }
    if (!code_equal(a->code1, b->code1)) {
        return a->code1.bits < b->code1.bits;
    }
    if (a->claim_ordinal != b->claim_ordinal) {
        return a->claim_ordinal < b->claim_ordinal;
    }
    return pair_line(edits, a) < pair_line(edits, b);
}

/* The first pair after `after` (NULL: of all) that holds against the line. */
static const struct edit_pair *pair_next(const struct edits *edits, int column2, uint64_t unpayable,
                                         const struct edit_pair *after) {
    const struct edit_pair *best = NULL;
    for (const struct edit_pair *pair = edits->pairs; pair; pair = pair->next) {
        if (pair->column2 == column2 && pair_holds(pair, unpayable) &&
            (!after || pair_before(edits, after, pair)) &&
            (!best || pair_before(edits, pair, best))) {
            best = pair;
        }
    }
    return best;
}

static void pair_proof(struct edits *edits, struct audit_finding *finding,
                       const struct edit_pair *pair) {
    struct audit_pass *pass = edits->pass;
    struct audit_evidence *evidence = finding_proof(
        pass, finding, STORE_NCCI_PTP, text_row_pair(pass, pair->code1, pair->code2), pair->proof);
    pass_used(pass, pair->proof, pair->on);
    evidence->indicator = pair->indicator;
    evidence->modifier = pair->modifier;
    evidence->claim_ordinal = pair->claim_ordinal;
    evidence->claim_line = pair->claim_line;
    evidence->line = pair->bypassed       ? pair->modifier_line
                     : pair->column1 >= 0 ? pass->lines[pair->column1].line->number
                                          : 0;
}

static void text_place(struct text *text, int64_t claim_ordinal, int line) {
    text_add(text, claim_ordinal ? " (" : " (line ");
    if (claim_ordinal) {
        text_which_claim(text, claim_ordinal);
        text_add(text, ", line ");
    }
    text_int(text, line);
    text_add(text, ")");
}

static struct view bypassed_message(struct edits *edits, const struct edit_pair *pair) {
    struct text text;
    text_open(&text, edits->pass);
    text_code(&text, pair->code2);
    text_add(&text, " is paid beside ");
    text_code(&text, pair->code1);
    text_place(&text, pair->claim_ordinal, pair_line(edits, pair));
    text_add(&text, " only because of modifier ");
    text_code(&text, pair->modifier);
    if (pair->modifier_line) {
        text_add(&text, " on line ");
        text_int(&text, pair->modifier_line);
    } else {
        text_add(&text, " on the earlier claim");
    }
    return text_close(&text);
}

static struct view denied_message(struct edits *edits, const struct edit_pair *pair) {
    struct text text;
    text_open(&text, edits->pass);
    text_code(&text, pair->code2);
    text_add(&text, " is not paid beside ");
    text_code(&text, pair->code1);
    text_place(&text, pair->claim_ordinal, pair_line(edits, pair));
    text_add(&text, " on ");
    text_date(&text, pair->on);
    text_add(&text, pair->indicator == '0'
                        ? ": column 2 of a pair with indicator 0, which no modifier bypasses"
                        : ": column 2 of a pair with indicator 1, and no modifier that counts");
    if (pair->group) {
        text_add(&text, "; the two practitioners seem to be of one group and specialty");
    }
    return text_close(&text);
}

static struct view pair_fix(struct edits *edits, const struct edit_pair *pair) {
    const struct audit_line *line = &edits->pass->lines[pair->column2];
    struct text text;
    text_open(&text, edits->pass);
    text_add(&text, pair->bypassed ? "Keep both only if the record shows what modifier "
                                   : "Only column 1, ");
    text_code(&text, pair->bypassed ? pair->modifier : pair->code1);
    if (pair->bypassed) {
        text_add(&text, " says; otherwise only column 1, ");
        text_code(&text, pair->code1);
        text_add(&text, ", is paid. A modifier is never added merely to bypass an edit.");
        return text_close(&text);
    }
    text_add(&text, ", is paid. Remove line ");
    text_int(&text, line->line->number);
    if (pair->indicator == '0') {
        text_add(&text, ".");
    } else if (line->has_family && line->family.evaluation) {
        text_add(&text, ", unless the record shows a significant E/M service apart from ");
        text_code(&text, pair->code1);
        text_add(&text, ": then it carries 25.");
    } else {
        text_add(&text, ", unless the record shows another site, side or encounter: then the"
                        " modifier that says so belongs on it.");
    }
    return text_close(&text);
}

static void line_report(struct edits *edits, int column2, uint64_t unpayable) {
    const struct edit_pair *pair = pair_next(edits, column2, unpayable, NULL);
    if (!pair) {
        return;
    }
    struct audit_pass *pass = edits->pass;
    struct audit_finding *finding = finding_add(pass, RULE_NCCI_PTP, &pass->lines[column2]);
    finding->message = pair->bypassed ? bypassed_message(edits, pair) : denied_message(edits, pair);
    finding->fix = pair_fix(edits, pair);
    if (pair->bypassed) {
        finding->status = AUDIT_BYPASSED;
    } else {
        finding->patch = patch_remove_line(pass, &pass->lines[column2]);
    }
    if (pair->bypassed || pair->group) {
        finding->severity = RULE_REVIEW;
    }
    int class = pair_class(pair);
    while (pair && pair_class(pair) == class && finding->evidence_count < AUDIT_EVIDENCE_MAX) {
        pair_proof(edits, finding, pair);
        pair = pair_next(edits, column2, unpayable, pair);
    }
}

/* Column 2 went out on an earlier claim: it is denied or taken off what column 1 pays
 * [ncci-ptp]. */
static void report_late_column1(struct edits *edits, const struct edit_pair *pair) {
    struct audit_pass *pass = edits->pass;
    struct text text;
    text_open(&text, pass);
    text_code(&text, pair->code2);
    text_add(&text, " of an earlier claim");
    text_place(&text, pair->claim_ordinal, pair->claim_line);
    text_add(&text, " is column 2 of ");
    text_code(&text, pair->code1);
    text_add(&text, " on ");
    text_date(&text, pair->on);
    text_add(&text, ": it is denied, or its payment is taken off this line");
    struct audit_finding *finding = finding_add(pass, RULE_NCCI_PTP, &pass->lines[pair->column1]);
    finding->severity = RULE_WARN;
    finding->message = text_close(&text);
    finding->fix = VIEW("Only column 1 is paid. Take the earlier line back, unless the record"
                        " shows another site, side or encounter.");
    pair_proof(edits, finding, pair);
}

void pairs_report(struct edits *edits) {
    if (!edits->pairs) {
        return;
    }
    uint64_t unpayable = edits->invalid | edits->over | (edits->settled ? edits->stranded : 0);
    for (int i = 0; i < edits->pass->line_count; i++) {
        line_report(edits, i, unpayable);
    }
    for (const struct edit_pair *pair = edits->pairs; pair; pair = pair->next) {
        if (pair->column2 < 0 && !pair->bypassed && pair_holds(pair, unpayable)) {
            report_late_column1(edits, pair);
        }
    }
}
