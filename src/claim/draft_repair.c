/* Repairs of the form: what every receiver would read as we do, written as the guide asks. Never
 * another code, unit, modifier or diagnosis. docs/FIX.md lists them. */
#include <string.h>

#include "claim/draft_internal.h"

/* Blanks only: a line end behind the last element is no matter of the element. */
static struct view blanks_trim(struct view text) {
    while (text.size > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
        text = view_sub(text, 1, text.size);
    }
    while (text.size > 0 && (text.at[text.size - 1] == ' ' || text.at[text.size - 1] == '\t')) {
        text.size--;
    }
    return text;
}

/* Writes a component as the code that it is; false when it stands so. */
static bool code_put(struct claim_draft *draft, struct view *part, struct code code) {
    char text[9];
    struct view plain = code_text(code, text);
    if (view_equal(*part, plain)) {
        return false;
    }
    *part = arena_copy(draft->arena, plain);
    return true;
}

/* An element that is there and begins behind byte `after`. */
static bool element_open(const struct claim_draft *draft, const struct claim_place *at,
                         int64_t after, struct draft_element *element) {
    if (at->byte <= after || !draft_element(draft, at, element) || element->now.size == 0) {
        return false;
    }
    element->kind = CHANGE_REPAIR;
    return true;
}

/* ---- providers ----------------------------------------------------------------------------- */

static void provider_repair(struct claim_draft *draft, const struct claim_provider *provider,
                            int line, int64_t after) {
    struct draft_element element;
    if (element_open(draft, &provider->at, after, &element)) {
        struct view bare = blanks_trim(element.now);
        element.name = "NM109";
        element.rule = "blanks";
        element.line = line;
        if (bare.size > 0) {
            draft_set(draft, &element, bare);
        }
    }
}

static void providers_repair(struct claim_draft *draft, int64_t after) {
    const struct claim *claim = &draft->claim;
    provider_repair(draft, &claim->billing, 0, after);
    provider_repair(draft, &claim->rendering, 0, after);
    provider_repair(draft, &claim->referring, 0, after);
    provider_repair(draft, &claim->supervising, 0, after);
    provider_repair(draft, &claim->facility, 0, after);
    for (int i = 0; i < claim->line_count; i++) {
        const struct claim_line *line = &draft->lines[i];
        provider_repair(draft, &line->rendering, line->number, after);
        provider_repair(draft, &line->supervising, line->number, after);
        provider_repair(draft, &line->facility, line->number, after);
    }
}

/* ---- diagnoses, procedures, modifiers ------------------------------------------------------ */

static const char *diagnosis_name(const struct claim_place *at) {
    static const char names[CLAIM_DIAGNOSES_MAX][5] = {"HI01", "HI02", "HI03", "HI04",
                                                       "HI05", "HI06", "HI07", "HI08",
                                                       "HI09", "HI10", "HI11", "HI12"};
    return at->element <= CLAIM_DIAGNOSES_MAX ? names[at->element - 1] : "HI";
}

static void diagnoses_repair(struct claim_draft *draft, int64_t after) {
    const struct claim *claim = &draft->claim;
    for (int i = 0; i < claim->diagnosis_count; i++) {
        struct draft_element element;
        struct draft_parts parts;
        struct code code = claim->diagnoses[i];
        if (!code_given(code) || !element_open(draft, &claim->diagnoses_at[i], after, &element) ||
            !draft_cut(draft, element.now, &parts) || parts.count < 2 ||
            !code_equal(dx_code(view_trim(parts.at[1])), code)) {
            continue;
        }
        element.name = diagnosis_name(&claim->diagnoses_at[i]);
        element.rule = "dx_form";
        if (code_put(draft, &parts.at[1], code)) {
            draft_set(draft, &element, draft_join(draft, &parts));
        }
    }
}

/* Capitals and no blanks; a modifier of another length than two is no matter of the form. */
static void procedure_repair(struct claim_draft *draft, const struct claim_line *line,
                             int64_t after) {
    struct draft_element element;
    struct draft_parts parts;
    if (line->code_at.byte <= after || !draft_procedure(draft, line, &element, &parts)) {
        return;
    }
    bool changed = false;
    for (int i = 1; i < parts.count && i < 2 + CLAIM_MODIFIERS_MAX; i++) {
        struct code code = code_from(view_trim(parts.at[i]));
        changed |= code_given(code) && code_put(draft, &parts.at[i], code);
    }
    element.kind = CHANGE_REPAIR;
    element.rule = "code_form";
    if (changed) {
        draft_set(draft, &element, draft_join(draft, &parts));
    }
}

/* ---- charges ------------------------------------------------------------------------------- */

/* Without blanks, zeros in front, and zeros behind the cents. */
static struct view amount_bare(struct view text) {
    text = blanks_trim(text);
    while (text.size > 1 && text.at[0] == '0' && text.at[1] >= '0' && text.at[1] <= '9') {
        text = view_sub(text, 1, text.size);
    }
    ptrdiff_t point = view_find(text, '.');
    if (point >= 0 && text.size > point + 3) {
        text.size = point + 3;
    }
    return point > 0 && text.size == point + 1 ? view_sub(text, 0, point) : text;
}

static void charge_repair(struct claim_draft *draft, const struct claim_place *at, const char *name,
                          int line, struct money charge, int64_t after) {
    struct draft_element element;
    if (!element_open(draft, at, after, &element) || !money_given(charge)) {
        return;
    }
    struct view bare = amount_bare(element.now);
    element.name = name;
    element.rule = "charge_form";
    element.line = line;
    if (money_from(bare).cents == charge.cents) {
        draft_set(draft, &element, bare);
    }
}

/* ---- pointers ------------------------------------------------------------------------------ */

static int pointer_of(struct view text) {
    text = view_trim(text);
    int number = 0;
    for (ptrdiff_t i = 0; i < text.size && text.size <= 2; i++) {
        number = number * 10 + (text.at[i] - '0');
    }
    return view_is_digits(text) && text.size <= 2 ? number : 0;
}

/* False when the reader cut them otherwise, at another separator. */
static bool pointers_same(const struct claim_line *line, const struct draft_parts *parts) {
    for (int i = 0; i < parts->count && i < line->pointer_count; i++) {
        int pointer = pointer_of(parts->at[i]);
        bool letter = pointer >= 1 && pointer <= CLAIM_DIAGNOSES_MAX;
        if (line->pointers[i] != (letter ? pointer : 0)) {
            return false;
        }
    }
    return parts->count == line->pointer_count;
}

/* A pointer that was given before says nothing. */
static void pointers_repair(struct claim_draft *draft, struct claim_line *line, int64_t after) {
    struct draft_element element;
    struct draft_parts parts;
    uint32_t seen = 0;
    int kept = 0;
    if (!element_open(draft, &line->pointers_at, after, &element) ||
        !draft_cut(draft, element.now, &parts) || !pointers_same(line, &parts)) {
        return;
    }
    for (int i = 0; i < parts.count; i++) {
        int pointer = line->pointers[i];
        if (pointer == 0 || !(seen >> pointer & 1)) {
            parts.at[kept] = parts.at[i];
            line->pointers[kept++] = (uint8_t)pointer;
        }
        seen |= UINT32_C(1) << pointer;
    }
    if (kept < parts.count) {
        parts.count = line->pointer_count = kept;
        element.name = "SV107";
        element.rule = "dx_pointer";
        element.line = line->number;
        draft_set(draft, &element, draft_join(draft, &parts));
    }
}

/* ---- drug codes ---------------------------------------------------------------------------- */

/* 4-4-2, 5-3-2, 5-4-1 and 5-4-2 with hyphens have one form of eleven digits: each part filled with
 * a zero in front to 5-4-2. Without hyphens ten digits are ambiguous, and 6-4-2 has twelve
 * [ndc-fda]. */
static bool ndc_fill(struct view given, char text[11]) {
    static const ptrdiff_t wanted[3] = {5, 4, 2};
    ptrdiff_t size = 0;
    int filled = 0;
    for (int i = 0; i < 3; i++) {
        struct view part = given.at ? view_cut(&given, '-') : VIEW("");
        if (!view_is_digits(part) || part.size > wanted[i] || part.size < wanted[i] - 1) {
            return false;
        }
        if (part.size < wanted[i]) {
            text[size++] = '0';
            filled++;
        }
        memcpy(text + size, part.at, (size_t)part.size);
        size += part.size;
    }
    return filled <= 1 && !given.at;
}

static void ndc_repair(struct claim_draft *draft, struct claim_line *line, int64_t after) {
    struct draft_element element;
    char text[11];
    if (!element_open(draft, &line->ndc.at, after, &element)) {
        return;
    }
    struct view bare = blanks_trim(element.now);
    element.name = "LIN03";
    element.rule = "ndc_form";
    element.line = line->number;
    if (ndc_fill(bare, text)) {
        bare = arena_copy(draft->arena, (struct view){text, sizeof text});
        line->ndc.code = bare;
    }
    if (bare.size > 0) {
        draft_set(draft, &element, bare);
    }
}

void claim_draft_repair(struct claim_draft *draft, int64_t after) {
    const struct claim *claim = &draft->claim;
    providers_repair(draft, after);
    charge_repair(draft, &claim->charge_at, "CLM02", 0, claim->total_charge, after);
    diagnoses_repair(draft, after);
    for (int i = 0; i < claim->line_count; i++) {
        struct claim_line *line = &draft->lines[i];
        procedure_repair(draft, line, after);
        charge_repair(draft, &line->charge_at, "SV102", line->number, line->charge, after);
        pointers_repair(draft, line, after);
        ndc_repair(draft, line, after);
    }
}
