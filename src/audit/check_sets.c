/* Codes that are one of a set, or once a day: single_code_family, tpi_single_code,
 * unit_once_per_day, modifier_59_on_addon. The sets are data of the store. */
#include "audit/anatomy.h"
#include "audit/codes.h"

/* ---- single_code_family, tpi_single_code ------------------------------------------------- */

/* Two lines of one set: `column1` is the one that is paid. */
struct family_pair {
    const struct audit_line *column1;
    const struct audit_line *column2;
    bool edit; /* a pair edit says so, otherwise the order of the lines */
    struct store_pair pair;
};

static struct family_pair family_pair_of(const struct audit_pass *pass, const struct audit_line *a,
                                         const struct audit_line *b) {
    struct family_pair family = {.column1 = a, .column2 = b, .edit = true};
    if (store_pair(pass->store, a->id, b->id, b->when, &family.pair)) {
        return family;
    }
    if (store_pair(pass->store, b->id, a->id, b->when, &family.pair)) {
        family.column1 = b;
        family.column2 = a;
        return family;
    }
    family.edit = false;
    return family;
}

static void family_proof(struct audit_pass *pass, struct audit_finding *finding,
                         const struct family_pair *family, struct view set) {
    if (family->edit) {
        finding_pair(pass, finding, family->column1, family->column2, &family->pair);
    }
    finding_set(pass, finding, set, family->column2->from);
}

static void family_finding(struct audit_pass *pass, const struct family_pair *family,
                           uint32_t sets) {
    const struct audit_line *column2 = family->column2;
    struct audit_finding *finding = finding_add(pass, RULE_SINGLE_CODE_FAMILY, column2);
    struct text text;
    text_open(&text, pass);
    text_code(&text, column2->line->code);
    text_add(&text, " stands beside ");
    text_line(&text, family->column1);
    text_add(&text, "; a session has one code of this family");
    finding->message = text_close(&text);
    family_proof(pass, finding, family, code_set_single_name(pass, sets));
    text_open(&text, pass);
    text_add(&text, "keep the one code that the record supports");
    if (family->edit) {
        text_add(&text, "; of the two ");
        text_code(&text, family->column1->line->code);
        text_add(&text, " is paid");
    }
    text_add(&text, ". What goes beyond it has an add-on code, or none");
    finding->fix = text_close(&text);
}

static void tpi_together(struct audit_pass *pass, const struct family_pair *family) {
    struct audit_finding *finding = finding_add(pass, RULE_TPI_SINGLE_CODE, family->column2);
    struct text text;
    finding_line(finding, family->column1);
    text_open(&text, pass);
    text_code(&text, family->column2->line->code);
    text_add(&text, " and ");
    text_line(&text, family->column1);
    text_add(&text, " count the muscles of one session twice");
    finding->message = text_close(&text);
    family_proof(pass, finding, family, VIEW("tpi"));
    finding->fix = VIEW("count the muscles in the note: one or two are one code, three and more "
                        "the other, 1 unit");
}

/* Once a line, however many of its set stand beside it. */
static void families_check(struct audit_pass *pass, const uint32_t *sets) {
    uint64_t told = 0;
    for (int i = 1; i < pass->line_count; i++) {
        for (int j = 0; j < i && sets[i] != 0; j++) {
            uint32_t shared = sets[i] & sets[j] & ~CODE_SET_ONCE;
            const struct audit_line *a = &pass->lines[j];
            const struct audit_line *b = &pass->lines[i];
            if (shared == 0 || a->id == b->id || !lines_together(a, b)) {
                continue;
            }
            struct family_pair family = family_pair_of(pass, a, b);
            uint64_t bit = UINT64_C(1) << family.column2->index;
            if (!(told & bit) && (shared & CODE_SET_TPI)) {
                tpi_together(pass, &family);
            }
            if (!(told & bit) && shared >= CODE_SET_SINGLE) {
                family_finding(pass, &family, shared);
            }
            told |= bit;
        }
    }
}

/* ---- units ------------------------------------------------------------------------------- */

static void proof_limit(struct audit_pass *pass, struct audit_finding *finding,
                        const struct audit_line *line) {
    struct store_mue mue;
    if (store_mue(pass->store, line->id, line->when, &mue)) {
        struct audit_evidence *evidence =
            finding_proof(pass, finding, STORE_MUE, text_row(pass, line->line->code), mue.proof);
        evidence->indicator = mue.mai;
        pass_used(pass, mue.proof, line->from);
    }
}

static struct claim_place units_place(const struct audit_line *line) {
    return line->line->units_at.segment > 0 ? line->line->units_at : line->line->code_at;
}

/* Muscles, not needles: never more than one unit [a57701]. */
static void tpi_units(struct audit_pass *pass, const struct audit_line *line) {
    struct audit_finding *finding = finding_add(pass, RULE_TPI_SINGLE_CODE, line);
    struct text text;
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, " has ");
    text_int(&text, line->units);
    text_add(&text, " units; it counts all muscles of the session once");
    finding->message = text_close(&text);
    finding->at = units_place(line);
    proof_limit(pass, finding, line);
    finding->fix = VIEW("bill 1 unit of the code for the number of muscles in the note");
    finding->patch = patch_units(pass, line, 1);
}

/* A third level on both sides is written as two lines or two units by payers that do not take 50:
 * each side counts for itself where the code has sides. Medicare's limit of the day counts both
 * together and says so itself (bilateral_two_lines_mue). */
static bool counts_with(const struct audit_line *line, const struct audit_line *other) {
    if (other->id != line->id || !lines_together(other, line)) {
        return false;
    }
    bool sides = line->has_mpfs && line->mpfs.bilateral == '1';
    return !sides || line_side(line) == line_side(other);
}

/* Units that the day may have: two when the add-on is written twice for a bilateral session. */
static int64_t units_allowed(const struct audit_pass *pass, const struct audit_line *line) {
    if (!line->has_family || !line->family.addon_level || line_side(line) != 0 ||
        pass->payer.bilateral == BILATERAL_CMS_50) {
        return 1;
    }
    return session_bilateral(pass, line) ? 2 : 1;
}

static void once_finding(struct audit_pass *pass, const struct audit_line *line, int64_t units,
                         uint64_t lines) {
    struct audit_finding *finding = finding_add(pass, RULE_UNIT_ONCE_PER_DAY, line);
    struct text text;
    for (int i = 0; i < pass->line_count; i++) {
        if (lines >> i & 1) {
            finding_line(finding, &pass->lines[i]);
        }
    }
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, " has ");
    text_int(&text, units);
    text_add(&text, " units on ");
    text_date(&text, line->from);
    text_add(&text, "; it is reported once a day");
    finding->message = text_close(&text);
    finding->at = units_place(line);
    proof_limit(pass, finding, line);
    finding->fix = VIEW("bill one line with 1 unit; it stands for all further levels, or all "
                        "muscles, of the session");
    if (finding->line_count == 1) {
        finding->patch = patch_units(pass, line, 1);
    }
}

/* Sums the lines that count with this one; the first of them reports. */
static void once_check(struct audit_pass *pass, const struct audit_line *line) {
    int64_t units = 0;
    uint64_t lines = 0;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *other = &pass->lines[i];
        if (!counts_with(line, other)) {
            continue;
        }
        if (i < line->index) {
            return;
        }
        units += other->units > 0 ? other->units : 0;
        lines |= UINT64_C(1) << i;
    }
    if (units > 1 && units > units_allowed(pass, line)) {
        once_finding(pass, line, units, lines);
    }
}

/* ---- modifier_59_on_addon ---------------------------------------------------------------- */

static int distinct_position(const struct audit_line *line) {
    for (int i = 0; i < line->line->modifier_count; i++) {
        if (line->modifier_flags[i] & MODIFIER_DISTINCT) {
            return i;
        }
    }
    return -1;
}

/* A service of another family that bundles this add-on, unless it is distinct: then 59 speaks of
 * that pair, and only the record can tell whether it is right. */
static const struct audit_line *bundling_line(const struct audit_pass *pass,
                                              const struct audit_line *addon,
                                              struct store_pair *pair) {
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *other = &pass->lines[i];
        bool kin = other->has_family && view_equal(other->family.family, addon->family.family);
        if (!kin && other->id != addon->id && lines_together(other, addon) &&
            store_pair(pass->store, other->id, addon->id, addon->when, pair) &&
            pair->indicator == '1') {
            return other;
        }
    }
    return NULL;
}

static void distinct_check(struct audit_pass *pass, const struct audit_line *addon) {
    struct audit_finding *finding = finding_add(pass, RULE_MODIFIER_59_ON_ADDON, addon);
    struct store_pair pair;
    const struct audit_line *other = bundling_line(pass, addon, &pair);
    int position = distinct_position(addon);
    struct text text;
    text_open(&text, pass);
    text_add(&text, "add-on level ");
    text_code(&text, addon->line->code);
    text_add(&text, " carries modifier ");
    text_code(&text, position >= 0 ? addon->line->modifiers[position] : code_of("59"));
    if (other) {
        text_add(&text, ", beside ");
        text_line(&text, other);
        text_add(&text, " that bundles it");
        finding->severity = RULE_REVIEW;
        finding_pair(pass, finding, other, addon, &pair);
        finding->fix = VIEW("keep the modifier only if the record shows another site or encounter "
                            "than that service; the levels of one session need none");
    } else {
        text_add(&text, "; an additional level of the same session is not distinct");
        finding->fix = VIEW("remove the modifier");
        if (position >= 0) {
            finding->patch = patch_remove_modifier(pass, addon, position);
        }
    }
    finding->message = text_close(&text);
    finding_family(pass, finding, addon);
}

/* ------------------------------------------------------------------------------------------ */

static void line_check(struct audit_pass *pass, const struct audit_line *line, uint32_t sets) {
    if ((sets & CODE_SET_TPI) && line->units > 1) {
        tpi_units(pass, line);
    }
    if (sets & CODE_SET_ONCE) {
        once_check(pass, line);
    }
    if ((line->flags & LINE_DISTINCT) && line->has_family && line->family.addon_level) {
        distinct_check(pass, line);
    }
}

void check_sets(struct audit_pass *pass) {
    uint32_t sets[CLAIM_LINES_MAX];
    uint32_t all = 0;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        sets[i] = line_stands(line) ? code_sets_of(pass, line->id) : 0;
        all |= sets[i];
        if (line_stands(line)) {
            line_check(pass, line, sets[i]);
        }
    }
    if (all & ~CODE_SET_ONCE) {
        families_check(pass, sets);
    }
    if (!code_sets_whole(pass)) {
        gap_add(pass, RULE_SINGLE_CODE_FAMILY, VIEW("store:code_set"));
    }
    check_imaging(pass);
}
