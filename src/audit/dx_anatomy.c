/* Where a diagnosis says it hurts, against where the line says it was treated: dx_region_mismatch,
 * laterality_mismatch, laterality_missing [icd26]. */
#include "audit/anatomy.h"
#include "audit/codes.h"

enum store_region dx_region(struct audit_pass *pass, struct dx_facts *facts, int dx) {
    if (!(facts->region_known >> dx & 1)) {
        facts->region_known |= UINT32_C(1) << dx;
        facts->region_proof[dx].release = STORE_NO_RELEASE;
        facts->region[dx] = store_dx_region(pass->store, pass->claim->diagnoses[dx], facts->when,
                                            &facts->region_proof[dx]);
        pass_used(pass, facts->region_proof[dx], facts->when.on);
    }
    return facts->region[dx];
}

char dx_side(struct audit_pass *pass, struct dx_facts *facts, int dx) {
    if (!(facts->side_known >> dx & 1)) {
        facts->side_known |= UINT32_C(1) << dx;
        facts->side_proof[dx].release = STORE_NO_RELEASE;
        facts->side[dx] = store_dx_side(pass->store, pass->claim->diagnoses[dx], facts->when,
                                        &facts->side_proof[dx]);
        pass_used(pass, facts->side_proof[dx], facts->when.on);
    }
    return facts->side[dx];
}

static void dx_proof(struct audit_pass *pass, struct audit_finding *finding, enum store_table table,
                     int dx, struct store_proof proof) {
    finding_proof(pass, finding, table, text_row(pass, pass->claim->diagnoses[dx]), proof);
}

/* ---- dx_region_mismatch ------------------------------------------------------------------ */

static bool is_spinal(const struct audit_line *line) {
    return line->has_family && line->family.procedure &&
           (line->family.region == REGION_CT || line->family.region == REGION_LS);
}

static const char *region_words(enum store_region region) {
    return region == REGION_CT ? "the cervical and thoracic spine" : "the lumbar and sacral spine";
}

static void region_finding(struct audit_pass *pass, const struct dx_facts *facts,
                           const struct audit_line *line, int dx, bool neutral) {
    struct audit_finding *finding = finding_add(pass, RULE_DX_REGION_MISMATCH, line);
    struct text text;
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, " treats ");
    text_add(&text, region_words(line->family.region));
    text_add(&text, neutral ? "; every spinal diagnosis of the line names "
                            : "; every diagnosis of the line names ");
    text_add(&text, region_words(facts->region[dx]));
    text_add(&text, " (");
    text_dx(&text, pass->claim->diagnoses[dx]);
    text_add(&text, ")");
    finding->message = text_close(&text);
    if (line->line->pointers_at.segment > 0) {
        finding->at = line->line->pointers_at;
    }
    if (neutral) {
        finding->severity = RULE_REVIEW;
    }
    finding_family(pass, finding, line);
    dx_proof(pass, finding, STORE_DX_REGION, dx, facts->region_proof[dx]);
    finding->fix = VIEW("compare the procedure note: point to the diagnosis of the treated region, "
                        "or correct the procedure code to it");
}

/* An error when every diagnosis names the other region; with a diagnosis that names none (an
 * infection, a chronic pain code) a person must say which one the service was for. */
static void region_check(struct audit_pass *pass, struct dx_facts *facts,
                         const struct audit_line *line) {
    int other = -1;
    bool neutral = false;
    for (int n = 0; n < line->line->pointer_count; n++) {
        int dx = line_dx(pass, line, n);
        if (dx < 0) {
            continue;
        }
        enum store_region region = dx_region(pass, facts, dx);
        if (region == REGION_NONE) {
            neutral = true;
        } else if (region != REGION_CT && region != REGION_LS) {
            return; /* both regions, or not said which */
        } else if (region == line->family.region) {
            return;
        } else if (other < 0) {
            other = dx;
        }
    }
    if (other >= 0) {
        region_finding(pass, facts, line, other, neutral);
    }
}

void check_dx_region(struct audit_pass *pass, struct dx_facts *facts) {
    for (int i = 0; i < pass->line_count; i++) {
        if (is_spinal(&pass->lines[i]) && line_stands(&pass->lines[i])) {
            region_check(pass, facts, &pass->lines[i]);
        }
    }
}

/* ---- laterality_mismatch ----------------------------------------------------------------- */

/* The sides that the line's diagnoses name. */
struct dx_sides {
    int left; /* a diagnosis of that side, -1 when none */
    int right;
    bool both;    /* a bilateral diagnosis */
    bool unsided; /* a spinal diagnosis without a side: it supports any */
};

static struct dx_sides sides_of(struct audit_pass *pass, struct dx_facts *facts,
                                const struct audit_line *line) {
    struct dx_sides sides = {-1, -1, false, false};
    for (int n = 0; n < line->line->pointer_count; n++) {
        int dx = line_dx(pass, line, n);
        if (dx < 0) {
            continue;
        }
        switch (dx_side(pass, facts, dx)) {
        case 'L': sides.left = dx; break;
        case 'R': sides.right = dx; break;
        case 'B': sides.both = true; break;
        case 0:
            sides.unsided =
                sides.unsided || (is_spinal(line) && dx_region(pass, facts, dx) != REGION_NONE);
            break;
        default: break; /* side not specified: says nothing against it */
        }
    }
    return sides;
}

static void side_finding(struct audit_pass *pass, const struct dx_facts *facts,
                         const struct audit_line *line, int dx, enum rule_severity severity) {
    struct audit_finding *finding = finding_add(pass, RULE_LATERALITY_MISMATCH, line);
    char side = line_side(line);
    struct text text;
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, side == 'B'   ? " was done on both sides"
                    : side == 'L' ? " was done on the left"
                                  : " was done on the right");
    text_add(&text, severity == RULE_REVIEW ? "; the diagnosis that has a side, "
                                            : "; every diagnosis with a side, as ");
    text_dx(&text, pass->claim->diagnoses[dx]);
    text_add(&text, facts->side[dx] == 'L' ? ", is of the left" : ", is of the right");
    finding->message = text_close(&text);
    finding->severity = severity;
    dx_proof(pass, finding, STORE_DX_SIDE, dx, facts->side_proof[dx]);
    finding->fix = VIEW("look at the procedure note and correct the modifier or the diagnosis to "
                        "it");
}

static void mismatch_check(struct audit_pass *pass, struct dx_facts *facts,
                           const struct audit_line *line, char side) {
    struct dx_sides sides = sides_of(pass, facts, line);
    bool left = sides.left >= 0;
    bool right = sides.right >= 0;
    if (sides.both || left == right) {
        return; /* no side, or both of them */
    }
    int dx = left ? sides.left : sides.right;
    if (side == 'B') {
        if (!sides.unsided) {
            side_finding(pass, facts, line, dx, RULE_WARN);
        }
    } else if ((side == 'L') != left) {
        side_finding(pass, facts, line, dx, sides.unsided ? RULE_REVIEW : RULE_ERROR);
    }
}

/* ---- laterality_missing ------------------------------------------------------------------ */

static bool is_one_of_two(const struct audit_line *line) {
    return line->has_family && line->family.paired && line->family.procedure && line->has_mpfs &&
           line->mpfs.bilateral == '1' && line_stands(line);
}

/* An add-on written twice for a bilateral session needs no side where payers take that form. */
static bool is_addon_of_both(const struct audit_pass *pass, const struct audit_line *line) {
    if (!line->family.addon_level || pass->payer.bilateral == BILATERAL_CMS_50) {
        return false;
    }
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *base = &pass->lines[i];
        if (base->has_family && !base->family.addon_level && lines_together(base, line) &&
            view_equal(base->family.family, line->family.family) && line_side(base) == 'B') {
            return true;
        }
    }
    return false;
}

static void missing_finding(struct audit_pass *pass, const struct audit_line *line) {
    struct audit_finding *finding = finding_add(pass, RULE_LATERALITY_MISSING, line);
    struct text text;
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, " has a left and a right, and the line has none of RT, LT and 50");
    finding->message = text_close(&text);
    finding_family(pass, finding, line);
    finding_mpfs(pass, finding, line, line->mpfs.bilateral);
    finding->fix = VIEW("append RT or LT, or 50 for both sides, as the procedure note says");
}

void check_laterality(struct audit_pass *pass, struct dx_facts *facts) {
    bool coded = pass->claim->diagnosis_count > 0 && !pass->claim->diagnoses_icd9;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        char side = line_side(line);
        if (side != 0) {
            if (coded && date_given(line->from)) {
                mismatch_check(pass, facts, line, side);
            }
        } else if (is_one_of_two(line) && !line_located(line) && !is_addon_of_both(pass, line)) {
            missing_finding(pass, line);
        }
    }
}
