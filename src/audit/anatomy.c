/* Sides, neighbours and words that the checks of anatomy share. */
#include "audit/anatomy.h"

static uint32_t modifier_union(const struct audit_line *line) {
    uint32_t flags = 0;
    for (int i = 0; i < line->line->modifier_count; i++) {
        flags |= line->modifier_flags[i];
    }
    return flags;
}

char line_side(const struct audit_line *line) {
    if (line->flags & LINE_50) {
        return 'B';
    }
    if (line->line->modifier_count == 0) {
        return 0;
    }
    uint32_t flags = modifier_union(line);
    bool left = (line->flags & LINE_LEFT) || (flags & MODIFIER_SIDE_LEFT);
    bool right = (line->flags & LINE_RIGHT) || (flags & MODIFIER_SIDE_RIGHT);
    return left && right ? 'B' : left ? 'L' : right ? 'R' : 0;
}

bool line_located(const struct audit_line *line) {
    return line_side(line) != 0 || (modifier_union(line) & MODIFIER_ANATOMIC) != 0;
}

bool line_stands(const struct audit_line *line) {
    return line->id != STORE_NO_CODE && date_given(line->from) && !line->denied;
}

bool line_repeats(const struct audit_pass *pass, const struct audit_line *line) {
    for (int i = 0; i < line->index; i++) {
        if (pass->lines[i].id == line->id) {
            return true;
        }
    }
    return false;
}

bool lines_together(const struct audit_line *a, const struct audit_line *b) {
    return line_stands(a) && line_stands(b) && a->from.day == b->from.day &&
           a->provider == b->provider;
}

const struct audit_line *line_opposite(const struct audit_pass *pass,
                                       const struct audit_line *line) {
    const uint32_t sides = LINE_LEFT | LINE_RIGHT;
    uint32_t side = line->flags & (sides | LINE_50);
    if (side != LINE_LEFT && side != LINE_RIGHT) {
        return NULL;
    }
    for (int i = 0; i < line->index; i++) {
        const struct audit_line *other = &pass->lines[i];
        if (other->id == line->id && lines_together(other, line) &&
            (other->flags & (sides | LINE_50)) == (sides ^ side)) {
            return other;
        }
    }
    return NULL;
}

bool session_bilateral(const struct audit_pass *pass, const struct audit_line *line) {
    bool left = false;
    bool right = false;
    for (int i = 0; i < pass->line_count && line->has_family; i++) {
        const struct audit_line *other = &pass->lines[i];
        if (other->has_family && lines_together(other, line) &&
            view_equal(other->family.family, line->family.family)) {
            char side = line_side(other);
            left |= side == 'L' || side == 'B';
            right |= side == 'R' || side == 'B';
        }
    }
    return left && right;
}

void text_line(struct text *text, const struct audit_line *line) {
    text_code(text, line->line->code);
    text_add(text, " (line ");
    text_int(text, line->line->number);
    text_add(text, ")");
}

void text_dx(struct text *text, struct code dx) {
    char buffer[9];
    struct view whole = code_text(dx, buffer);
    text_view(text, view_sub(whole, 0, 3));
    if (whole.size > 3) {
        text_add(text, ".");
        text_view(text, view_sub(whole, 3, whole.size - 3));
    }
}

void finding_family(struct audit_pass *pass, struct audit_finding *finding,
                    const struct audit_line *line) {
    struct audit_evidence *evidence = finding_proof(
        pass, finding, STORE_FAMILY, text_row(pass, line->line->code), line->family.proof);
    evidence->line = line->line->number;
    pass_used(pass, line->family.proof, line->from);
}

void finding_pair(struct audit_pass *pass, struct audit_finding *finding,
                  const struct audit_line *column1, const struct audit_line *column2,
                  const struct store_pair *pair) {
    struct view row = text_row_pair(pass, column1->line->code, column2->line->code);
    struct audit_evidence *evidence =
        finding_proof(pass, finding, STORE_NCCI_PTP, row, pair->proof);
    evidence->indicator = pair->indicator;
    evidence->line = column1->line->number;
    pass_used(pass, pair->proof, column2->from);
}
