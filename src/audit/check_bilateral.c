/* Both sides: bilateral_not_allowed, bilateral_two_lines_mue, bilateral_addon_convention. The
 * fee schedule's bilateral indicator says whether a code has two sides [rvu26a]; how both are
 * written is Medicare's rule for the base codes [se1422] and the payer's for the add-on codes. */
#include "audit/anatomy.h"
#include "audit/codes.h"

static bool is_medicare_professional(const struct audit_pass *pass) {
    return pass->payer.medicare && pass->claim->type == CLAIM_PROFESSIONAL;
}

/* ---- bilateral_not_allowed --------------------------------------------------------------- */

static void finding_mue(struct audit_pass *pass, struct audit_finding *finding,
                        const struct audit_line *line, const struct store_mue *mue) {
    struct audit_evidence *evidence =
        finding_proof(pass, finding, STORE_MUE, text_row(pass, line->line->code), mue->proof);
    evidence->indicator = mue->mai;
    pass_used(pass, mue->proof, line->from);
}

static const char *indicator_words(char indicator) {
    return indicator == '0'   ? "has no bilateral payment (indicator 0): both sides are paid as one"
           : indicator == '2' ? "is priced for both sides already (indicator 2)"
                              : "has no sides (bilateral indicator 9)";
}

/* 50 on a code that is never paid for two sides, interlaminar epidurals among them [l39240]. */
static void fifty_refused(struct audit_pass *pass, const struct audit_line *line) {
    struct audit_finding *finding = finding_add(pass, RULE_BILATERAL_NOT_ALLOWED, line);
    struct text text;
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, " carries modifier 50, but the code ");
    text_add(&text, indicator_words(line->mpfs.bilateral));
    finding->message = text_close(&text);
    finding_mpfs(pass, finding, line, line->mpfs.bilateral);
    finding->fix = VIEW("remove modifier 50; the code is billed once for the session");
    int position = modifier_position(line, code_of("50"));
    if (position >= 0) {
        finding->patch = patch_remove_modifier(pass, line, position);
    }
}

static void text_both_sides(struct text *text, const struct audit_line *line,
                            const struct audit_line *other) {
    text_code(text, line->line->code);
    text_add(text, " is billed for the right and the left");
    if (other != line) {
        text_add(text, " on lines ");
        text_int(text, other->line->number);
        text_add(text, " and ");
        text_int(text, line->line->number);
    }
}

/* Right and left of one code. Indicator 0 reduces the payment and is no error unless the limit of
 * the day refuses both (`mue`); one side alone says where it was done and is always in order. */
static void sides_refused(struct audit_pass *pass, const struct audit_line *line,
                          const struct audit_line *other, const struct store_mue *mue) {
    struct audit_finding *finding = finding_add(pass, RULE_BILATERAL_NOT_ALLOWED, line);
    struct text text;
    finding_line(finding, other);
    text_open(&text, pass);
    text_both_sides(&text, line, other);
    text_add(&text, ", but the code ");
    text_add(&text, indicator_words(line->mpfs.bilateral));
    finding_mpfs(pass, finding, line, line->mpfs.bilateral);
    if (mue) {
        text_add(&text, "; the limit of the day is ");
        text_int(&text, mue->units);
        finding_mue(pass, finding, line, mue);
    }
    finding->message = text_close(&text);
    if (line->mpfs.bilateral == '0' && !mue) {
        finding->severity = RULE_WARN;
        finding->fix = VIEW("expect payment for one; bill the number of services that the record "
                            "shows, and a side only where the payer asks for it");
    } else {
        finding->fix = VIEW("bill the code once, without a side");
    }
}

/* Indicator 9 also marks drugs and supplies, which may well be billed for each side. */
static bool is_physician_service(const struct audit_line *line) {
    char status = line->mpfs.status;
    return status == 'A' || status == 'R' || status == 'T' || status == 'C';
}

/* ---- bilateral_two_lines_mue ------------------------------------------------------------- */

static struct audit_finding *one_line_finding(struct audit_pass *pass,
                                              const struct audit_line *line) {
    struct audit_finding *finding = finding_add(pass, RULE_BILATERAL_TWO_LINES_MUE, line);
    finding->fix = VIEW("if the record shows both sides: one line, modifier 50, 1 unit, with the "
                        "charge of both");
    return finding;
}

static void two_lines(struct audit_pass *pass, const struct audit_line *line,
                      const struct audit_line *other, const struct store_mue *mue) {
    struct audit_finding *finding = one_line_finding(pass, line);
    struct text text;
    finding_line(finding, other);
    text_open(&text, pass);
    text_both_sides(&text, line, other);
    text_add(&text, ": 2 units, and the limit of the day is ");
    text_int(&text, mue->units);
    finding->message = text_close(&text);
    finding_mue(pass, finding, line, mue);
    if (line->has_mpfs) {
        finding_mpfs(pass, finding, line, line->mpfs.bilateral);
    }
    if (!line->has_mpfs || line->mpfs.bilateral == '9') {
        finding->fix = VIEW("bill the units that the record shows on one line, within the limit");
    }
}

/* 50 already says two sides: with 2 units the day has four. Indicator 3 is paid for each side and
 * payers differ in its form. */
static void fifty_units(struct audit_pass *pass, const struct audit_line *line) {
    struct audit_finding *finding = one_line_finding(pass, line);
    struct text text;
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, " carries modifier 50 with ");
    text_quantity(&text, line->line->units);
    text_add(&text, " units; both sides are one line, modifier 50, 1 unit");
    finding->message = text_close(&text);
    finding->at = line->line->units_at.segment > 0 ? line->line->units_at : finding->at;
    finding_mpfs(pass, finding, line, line->mpfs.bilateral);
    finding->fix = VIEW("bill 1 unit if the record shows one level on both sides; further levels "
                        "have codes of their own");
}

static void fifty_check(struct audit_pass *pass, const struct audit_line *line) {
    char indicator = line->mpfs.bilateral;
    pass_used(pass, line->mpfs.proof, line->from);
    if (indicator == '0' || indicator == '2' || indicator == '9') {
        fifty_refused(pass, line);
    } else if (indicator == '1' && line->units > 1 && !line->family.addon_level &&
               is_medicare_professional(pass)) {
        fifty_units(pass, line);
    }
}

static bool is_refused(const struct audit_line *line, const struct audit_line *other) {
    switch (line->has_mpfs ? line->mpfs.bilateral : 0) {
    case '0': return !((line->flags | other->flags) & LINE_DISTINCT);
    case '2': return true;
    case '9': return is_physician_service(line);
    default: return false;
    }
}

/* What bilateral_two_lines_mue tells, mue_exceeded leaves out: both ask mue_is_side_trap. */
static void sides_check(struct audit_pass *pass, const struct audit_line *line) {
    const uint32_t sides = LINE_LEFT | LINE_RIGHT;
    bool both = (line->flags & sides) == sides;
    if (!(line->flags & sides) || (!both && !line_repeats(pass, line))) {
        return;
    }
    struct store_mue mue;
    const struct audit_line *twin;
    bool trap = mue_is_side_trap(pass, line, &twin, &mue) && twin->index < line->index;
    const struct audit_line *other = both ? line : trap ? twin : line_opposite(pass, line);
    if (other && line_stands(line) && is_refused(line, other)) {
        sides_refused(pass, line, other, trap ? &mue : NULL);
    } else if (trap) {
        two_lines(pass, line, twin, &mue);
    }
}

/* ---- bilateral_addon_convention ---------------------------------------------------------- */

enum addon_form { FORM_ONE_SIDE, FORM_FIFTY, FORM_SIDES, FORM_TWICE };

/* The side of the base codes of the add-on's session: both when they were done on both. */
static bool base_is_bilateral(const struct audit_pass *pass, const struct audit_line *addon) {
    bool left = false;
    bool right = false;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *base = &pass->lines[i];
        if (!base->has_family || base->family.addon_level || !lines_together(base, addon) ||
            !view_equal(base->family.family, addon->family.family)) {
            continue;
        }
        char side = line_side(base);
        left = left || side == 'L' || side == 'B';
        right = right || side == 'R' || side == 'B';
    }
    return left && right;
}

/* Two units, or an earlier line of the same code that names no side either. */
static bool is_twice(const struct audit_pass *pass, const struct audit_line *addon) {
    if (addon->units > 1) {
        return true;
    }
    for (int i = 0; i < addon->index; i++) {
        const struct audit_line *other = &pass->lines[i];
        if (other->id == addon->id && lines_together(other, addon) && line_side(other) == 0) {
            return true;
        }
    }
    return false;
}

/* How this line, as the last of its code, writes both sides. */
static enum addon_form addon_form(const struct audit_pass *pass, const struct audit_line *addon) {
    char side = line_side(addon);
    if (addon->flags & LINE_50) {
        return FORM_FIFTY;
    }
    if (side == 'B' || line_opposite(pass, addon)) {
        return FORM_SIDES;
    }
    return side == 0 && is_twice(pass, addon) && base_is_bilateral(pass, addon) ? FORM_TWICE
                                                                                : FORM_ONE_SIDE;
}

static const char *convention_words(enum store_bilateral_convention convention) {
    return convention == BILATERAL_CMS_50      ? "one line with 50 and 1 unit"
           : convention == BILATERAL_AMA_TWICE ? "the add-on twice, without 50"
                                               : "a line with RT and a line with LT";
}

static void convention_finding(struct audit_pass *pass, const struct audit_line *addon,
                               enum addon_form form) {
    struct audit_finding *finding = finding_add(pass, RULE_BILATERAL_ADDON_CONVENTION, addon);
    const char *wanted = convention_words(pass->payer.bilateral);
    struct text text;
    const struct audit_line *other = line_opposite(pass, addon);
    if (other) {
        finding_line(finding, other);
    }
    text_open(&text, pass);
    text_add(&text, "add-on ");
    text_code(&text, addon->line->code);
    text_add(&text, form == FORM_FIFTY   ? " carries modifier 50"
                    : form == FORM_SIDES ? " is billed with RT and LT"
                                         : " is billed twice for both sides");
    text_add(&text, "; payer profile ");
    text_view(&text, pass->payer.profile);
    text_add(&text, " takes ");
    text_add(&text, wanted);
    finding->message = text_close(&text);
    text_open(&text, pass);
    text_add(&text, "write both sides as ");
    text_add(&text, wanted);
    text_add(&text, form == FORM_FIFTY && pass->payer.bilateral == BILATERAL_AMA_TWICE
                        ? " (2 units or two lines)"
                        : "");
    finding->fix = text_close(&text);
    finding_proof(pass, finding, STORE_PAYER, pass->payer.profile, pass->payer.proof);
    finding_family(pass, finding, addon);
}

/* Two lines of a code with a limit of one are refused whatever the convention: told already. */
static bool is_side_trap(const struct audit_pass *pass, const struct audit_line *addon) {
    struct store_mue mue;
    const struct audit_line *other;
    return mue_is_side_trap(pass, addon, &other, &mue);
}

/* Medicare keeps 50 on add-on codes [a57826]; the code's own rule since 2020 is the add-on twice
 * [ama-addon-50]; others want a line for each side. */
static void convention_check(struct audit_pass *pass, const struct audit_line *addon) {
    enum addon_form form = addon_form(pass, addon);
    enum store_bilateral_convention convention = pass->payer.bilateral;
    if (form == FORM_ONE_SIDE) {
        return;
    }
    if (!pass->payer_known || convention == BILATERAL_UNKNOWN) {
        gap_add(pass, RULE_BILATERAL_ADDON_CONVENTION, VIEW("payer:bilateral_addon_convention"));
        return;
    }
    pass_used(pass, pass->payer.proof, addon->from);
    if (form == FORM_FIFTY ? convention != BILATERAL_CMS_50
                           : convention == BILATERAL_CMS_50 && !is_side_trap(pass, addon)) {
        convention_finding(pass, addon, form);
    }
}

static bool is_paired_addon(const struct audit_line *line) {
    return line->has_family && line->family.addon_level && line->has_mpfs &&
           line->mpfs.bilateral == '1';
}

void check_bilateral(struct audit_pass *pass) {
    bool professional = pass->claim->type == CLAIM_PROFESSIONAL;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (!(line->flags & LINE_50)) {
            sides_check(pass, line);
        } else if (line->has_mpfs && line_stands(line)) {
            fifty_check(pass, line);
        }
        if (professional && is_paired_addon(line) && line_stands(line)) {
            convention_check(pass, line);
        }
    }
}
