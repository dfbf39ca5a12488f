/* Modifiers of a line, each and together: modifier_invalid, modifier_conflict. A modifier that is
 * never right with the code is invalid; one that is rarely right is a conflict, for review. */
#include "audit/codes.h"

int modifier_position(const struct audit_line *line, struct code modifier) {
    for (int i = 0; i < line->line->modifier_count; i++) {
        if (code_equal(line->line->modifiers[i], modifier)) {
            return i;
        }
    }
    return -1;
}

bool is_procedure(const struct audit_line *line) {
    if (line->has_family && line->family.evaluation) {
        return false;
    }
    return (line->has_family && line->family.procedure) || has_global(line, "000") ||
           has_global(line, "010") || has_global(line, "090") || has_global(line, "ZZZ");
}

/* ---- modifier_invalid -------------------------------------------------------------------- */

static struct audit_finding *invalid_finding(struct audit_pass *pass, const struct audit_line *line,
                                             struct code modifier, const char *reason) {
    struct audit_finding *finding = finding_add(pass, RULE_MODIFIER_INVALID, line);
    struct text text;
    text_open(&text, pass);
    text_add(&text, "modifier ");
    text_code(&text, modifier);
    text_add(&text, reason);
    finding->message = text_close(&text);
    return finding;
}

static void unknown_finding(struct audit_pass *pass, const struct audit_line *line,
                            struct code modifier) {
    if (!store_has(pass->store, STORE_MODIFIER)) {
        gap_add(pass, RULE_MODIFIER_INVALID, VIEW("store:modifier"));
        return;
    }
    struct audit_finding *finding =
        invalid_finding(pass, line, modifier, " is not valid on the day of service");
    if (!pass->payer.ncci) {
        finding->severity = RULE_REVIEW; /* workers' compensation has modifiers of its own */
    }
    finding->fix = VIEW("correct the modifier, or remove it when the record does not ask for one");
}

static void form_check(struct audit_pass *pass, const struct audit_line *line, int position) {
    struct code modifier = line->line->modifiers[position];
    if (code_length(modifier) != 2) {
        struct audit_finding *finding =
            invalid_finding(pass, line, modifier, " has not two characters");
        if (!code_given(modifier)) {
            finding->message = VIEW("a modifier of the line is not two letters or digits");
        }
        finding->fix = VIEW("correct the modifier");
    } else if (modifier_position(line, modifier) < position) {
        struct audit_finding *finding =
            invalid_finding(pass, line, modifier, " stands twice on the line");
        finding->fix = VIEW("remove the second one");
        finding->patch = patch_remove_modifier(pass, line, position);
    } else if (line->modifier_flags[position] == 0 && date_given(line->from)) {
        unknown_finding(pass, line, modifier);
    }
}

/* ---- surgeons: assistant, co-surgeon, team ------------------------------------------------- */

static void surgeon_finding(struct audit_pass *pass, const struct audit_line *line,
                            enum audit_rule rule, const char *role, char indicator) {
    struct audit_finding *finding = finding_add(pass, rule, line);
    struct text text;
    if (pass->payer_known && !pass->payer.medicare) {
        finding->severity = RULE_REVIEW; /* the indicators are Medicare's */
    }
    finding_mpfs(pass, finding, line, indicator);
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, rule == RULE_MODIFIER_INVALID ? " is never paid to " : " is rarely paid to ");
    text_add(&text, role);
    text_add(&text, " (indicator ");
    text_view(&text, (struct view){&indicator, 1});
    text_add(&text, ")");
    finding->message = text_close(&text);
    finding->fix = rule == RULE_MODIFIER_INVALID
                       ? VIEW("remove the line, or the modifier when it was set by mistake")
                       : VIEW("send the documentation that shows why a second surgeon was needed");
}

/* Indicators that say never (1 and 9 for an assistant, 0 and 9 for the others) deny; those that
 * ask for documentation are for review [rvu26a]. */
static void surgeons_check(struct audit_pass *pass, const struct audit_line *line) {
    const struct store_mpfs *mpfs = &line->mpfs;
    if (!line->has_mpfs) {
        return;
    }
    if (line->flags & LINE_ASSISTANT && mpfs->assistant != '2') {
        surgeon_finding(pass, line,
                        mpfs->assistant == '0' ? RULE_MODIFIER_CONFLICT : RULE_MODIFIER_INVALID,
                        "an assistant at surgery", mpfs->assistant);
    }
    if (line->flags & LINE_62 && mpfs->cosurgeon != '2') {
        surgeon_finding(pass, line,
                        mpfs->cosurgeon == '1' ? RULE_MODIFIER_CONFLICT : RULE_MODIFIER_INVALID,
                        "two surgeons", mpfs->cosurgeon);
    }
    if (line->flags & LINE_66 && mpfs->team != '1' && mpfs->team != '2') {
        surgeon_finding(pass, line, RULE_MODIFIER_INVALID, "a team of surgeons", mpfs->team);
    }
}

/* ---- modifier_conflict ------------------------------------------------------------------- */

static void conflict(struct audit_pass *pass, const struct audit_line *line, struct view message,
                     struct view fix) {
    struct audit_finding *finding = finding_add(pass, RULE_MODIFIER_CONFLICT, line);
    finding->message = message;
    finding->fix = fix;
}

static int count_flag(const struct audit_line *line, uint32_t flag) {
    int count = 0;
    for (int i = 0; i < line->line->modifier_count; i++) {
        count += (line->modifier_flags[i] & flag) != 0;
    }
    return count;
}

/* Pairs of modifiers that contradict each other on one line. */
static void pairs_check(struct audit_pass *pass, const struct audit_line *line) {
    static const struct {
        uint32_t one, other;
        const char *message;
        const char *fix;
    } pairs[] = {
        {LINE_26, LINE_TC, "26 and TC together are the whole service",
         "remove both when both parts were done, or bill each part by who did it"},
        {LINE_50, LINE_LEFT | LINE_RIGHT, "50 says both sides and LT or RT says one",
         "keep 50 when both sides were treated, the side otherwise"},
        {LINE_LEFT, LINE_RIGHT, "LT and RT stand on one line",
         "bill both sides in the way the payer wants, or keep the side that was treated"},
        {LINE_JW, LINE_JZ, "JW says that some of the drug was discarded and JZ that none was",
         "keep JZ on the only line when nothing was discarded; otherwise JW on its own line"},
        {LINE_ASSISTANT, LINE_62 | LINE_66, "an assistant is not paid beside two or more surgeons",
         "keep the modifier for what this surgeon did"},
    };
    for (int i = 0; i < COUNT_OF(pairs); i++) {
        if (line->flags & pairs[i].one && line->flags & pairs[i].other) {
            conflict(pass, line, view_of(pairs[i].message), view_of(pairs[i].fix));
        }
    }
    if (line->flags & LINE_DISTINCT && count_flag(line, MODIFIER_DISTINCT) > 1) {
        conflict(pass, line,
                 VIEW("59 and the X modifiers say the same; only one belongs on a line"),
                 VIEW("keep the one that fits best"));
    }
}

static void misplaced(struct audit_pass *pass, const struct audit_line *line, uint32_t flag,
                      const char *reason) {
    for (int i = 0; i < line->line->modifier_count; i++) {
        if (!(line->modifier_flags[i] & flag)) {
            continue;
        }
        struct text text;
        text_open(&text, pass);
        text_add(&text, "modifier ");
        text_code(&text, line->line->modifiers[i]);
        text_add(&text, reason);
        text_code(&text, line->line->code);
        conflict(pass, line, text_close(&text),
                 VIEW("put the modifier on the line that it is about, or remove it"));
    }
}

/* 24, 25, 27 and 57 are about visits; 58, 78, 79 and 59 about procedures; 91 about laboratory
 * tests [ncci-ptp-59]. What kind of service an unknown code is is not guessed. */
static void kinds_check(struct audit_pass *pass, const struct audit_line *line) {
    if (is_procedure(line)) {
        misplaced(pass, line, MODIFIER_EM_ONLY, " belongs on a visit and stands on procedure ");
    }
    if (!line->has_family) {
        return;
    }
    if (line->family.evaluation) {
        misplaced(pass, line, MODIFIER_GLOBAL | MODIFIER_DISTINCT,
                  " belongs on a procedure and stands on visit ");
    }
    if (!line->family.laboratory) {
        misplaced(pass, line, MODIFIER_LAB_ONLY, " belongs on a laboratory test and stands on ");
    }
}

/* A decision for surgery counts for a global of 90 days, not for minor procedures [mln907166]. */
static void decision_check(struct audit_pass *pass, const struct audit_line *line) {
    if (!(line->flags & LINE_57) || is_procedure(line)) {
        return;
    }
    bool minor = false;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *other = &pass->lines[i];
        if (other == line || other->provider != line->provider) {
            continue;
        }
        if (has_global(other, "090")) {
            return;
        }
        minor |= other->from.day == line->from.day &&
                 (has_global(other, "000") || has_global(other, "010"));
    }
    if (minor) {
        conflict(pass, line,
                 VIEW("57 is for the decision for surgery with 90 global days; the procedure of "
                      "this day has 0 or 10"),
                 VIEW("use 25 instead when the record shows a separate, significant visit"));
    }
}

void check_modifiers(struct audit_pass *pass, const struct audit_line *line) {
    for (int i = 0; i < line->line->modifier_count; i++) {
        form_check(pass, line, i);
    }
    pairs_check(pass, line);
    kinds_check(pass, line);
    surgeons_check(pass, line);
    decision_check(pass, line);
}
