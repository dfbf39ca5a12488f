/* gen837: claims that are wrong in one known way. A kind is the rule that has to fire and a
 * function that spoils a right claim; it answers false when the claim does not lend itself. */
#include <string.h>

#include "gen.h"

#define ATTEMPTS_MAX 24 /* other visits drawn for a kind before another kind is taken */

static bool is_one_of(const struct gen_line *line, const char *codes) {
    struct view rest = view_of(codes);
    while (rest.at) {
        if (view_equal(view_cut(&rest, ' '), view_of(line->code))) {
            return true;
        }
    }
    return false;
}

static struct gen_line *find_line(struct gen_claim *claim, const char *codes) {
    for (int i = 0; i < claim->line_count; i++) {
        if (is_one_of(&claim->lines[i], codes)) {
            return &claim->lines[i];
        }
    }
    return NULL;
}

static bool has_modifier(const struct gen_line *line, const char *modifier) {
    for (int i = 0; i < line->modifier_count; i++) {
        if (strcmp(line->modifiers[i], modifier) == 0) {
            return true;
        }
    }
    return false;
}

static bool drop_modifier(struct gen_line *line, const char *modifier) {
    for (int i = 0; i < line->modifier_count; i++) {
        if (strcmp(line->modifiers[i], modifier) == 0) {
            line->modifier_count--;
            memmove(line->modifiers[i], line->modifiers[i + 1],
                    (size_t)(line->modifier_count - i) * sizeof line->modifiers[0]);
            return true;
        }
    }
    return false;
}

static void remove_line(struct gen_claim *claim, struct gen_line *line) {
    claim->dollars -= line->dollars;
    struct gen_line *last = &claim->lines[--claim->line_count];
    memmove(line, line + 1, (size_t)(last - line) * sizeof *line);
}

static struct gen_line *copy_line(struct gen_claim *claim, const struct gen_line *line) {
    struct gen_line *copy = &claim->lines[claim->line_count++];
    *copy = *line;
    claim->dollars += copy->dollars;
    return copy;
}

#define INCLUDES_IMAGING "62321 62323 64479 64483 64490 64493 64633 64635 27096"
#define ADD_ONS "64480 64484 64491 64494 64634 64636 22515"
#define LUMBAR "62323 64483 64493 64635"

static bool spoil_evaluation(struct gen_claim *claim) {
    struct gen_line *line = find_line(claim, "99213 99214");
    if (!line || find_line(claim, "62370")) { /* the pump's analysis has no global period */
        return false;
    }
    return drop_modifier(line, "25");
}

static bool spoil_imaging(struct gen_claim *claim) {
    if (!find_line(claim, INCLUDES_IMAGING)) {
        return false;
    }
    struct gen_line *line = claim_add_line(claim, "77003", 1, 180);
    if (claim->facility) {
        line_add_modifier(line, "26");
    }
    return true;
}

static bool spoil_side(struct gen_claim *claim) {
    struct view right = claim->visit->right[claim->choice];
    struct view left = claim->visit->left[claim->choice];
    if (view_equal(right, left)) {
        return false;
    }
    text_set(claim->diagnoses[0], sizeof claim->diagnoses[0], claim->left ? right : left);
    return true;
}

static bool spoil_primary(struct gen_claim *claim) {
    if (claim->line_count < 2 || !is_one_of(&claim->lines[1], ADD_ONS)) {
        return false;
    }
    remove_line(claim, &claim->lines[0]);
    return true;
}

static bool spoil_deleted(struct gen_claim *claim) {
    struct gen_line *line = find_line(claim, "J1010");
    if (!line) {
        return false;
    }
    text_set(line->code, sizeof line->code, VIEW("J1030"));
    line->units = 1;
    return true;
}

static bool spoil_units(struct gen_claim *claim) {
    struct gen_line *line = find_line(claim, "62321 62323 64405 64454 J3301");
    if (!line || !claim->person.medicare) {
        return false;
    }
    line->units = line->code[0] == 'J' ? 40 : 2;
    return true;
}

static bool spoil_balance(struct gen_claim *claim) {
    claim->dollars_wrong = 100;
    return true;
}

static bool spoil_npi(struct gen_claim *claim) {
    char *check = &claim->rendering_npi[9];
    *check = *check == '9' ? '0' : (char)(*check + 1);
    return true;
}

static bool spoil_pointer(struct gen_claim *claim) {
    struct gen_line *line = &claim->lines[claim->line_count - 1];
    line->pointers[0] = claim->diagnosis_count + 1;
    return true;
}

/* One character less than billable is a header for every code of visits.tsv, but for those with a
 * seventh character behind a placeholder. */
static bool spoil_header(struct gen_claim *claim) {
    size_t length = strlen(claim->diagnoses[0]);
    claim->diagnoses[0][length == 7 ? 5 : length - 1] = 0;
    return true;
}

static bool spoil_two_lines(struct gen_claim *claim) {
    struct gen_line *line = find_line(claim, "64479 64483 64490 64493 64633 64635 27096");
    if (!line || !claim->person.medicare || !drop_modifier(line, claim_side(claim))) {
        return false;
    }
    struct gen_line *other = copy_line(claim, line);
    line_add_modifier(line, "RT");
    line_add_modifier(other, "LT");
    return true;
}

static bool spoil_component(struct gen_claim *claim) {
    struct gen_line *line = find_line(claim, "77003");
    return line && drop_modifier(line, "26");
}

static bool spoil_trigger_points(struct gen_claim *claim) {
    if (!find_line(claim, "20553")) {
        return false;
    }
    claim_add_line(claim, "20552", 1, 160);
    return true;
}

static bool spoil_bilateral(struct gen_claim *claim) {
    struct gen_line *line = find_line(claim, "62321 62323 20552 20553");
    if (line) {
        line_add_modifier(line, "50");
    }
    return line;
}

static bool spoil_add_on_59(struct gen_claim *claim) {
    struct gen_line *line = find_line(claim, ADD_ONS);
    if (line) {
        line_add_modifier(line, "59");
    }
    return line;
}

static bool spoil_region(struct gen_claim *claim) {
    if (!find_line(claim, LUMBAR)) {
        return false;
    }
    text_set(claim->diagnoses[0], sizeof claim->diagnoses[0],
             find_line(claim, "64493 64635") ? VIEW("M47812") : VIEW("M5412"));
    return true;
}

static bool spoil_no_side(struct gen_claim *claim) {
    struct gen_line *line = find_line(claim, "20610 20611 27096 64483 64493 64635 64454");
    return line && drop_modifier(line, claim_side(claim));
}

static bool spoil_pair(struct gen_claim *claim) {
    struct gen_line *ablation = find_line(claim, "64635");
    if (ablation && has_modifier(ablation, claim_side(claim))) {
        line_add_modifier(claim_add_line(claim, "64493", 1, 640), claim_side(claim));
        return true;
    }
    if (find_line(claim, "63650")) {
        claim_add_line(claim, "95972", 1, 380);
        return true;
    }
    return false;
}

static bool spoil_frequency(struct gen_claim *claim) {
    claim->frequency = '7';
    return true;
}

static bool spoil_date(struct gen_claim *claim) {
    claim->lines[0].date_bad = true;
    return true;
}

static bool spoil_no_units(struct gen_claim *claim) {
    claim->lines[0].units = 0;
    return true;
}

static bool spoil_excludes(struct gen_claim *claim) {
    if (strcmp(claim->diagnoses[0], "M5416") != 0 || claim->diagnosis_count != 1) {
        return false;
    }
    text_set(claim->diagnoses[1], sizeof claim->diagnoses[1], VIEW("M5116"));
    claim->diagnosis_count = 2;
    claim->lines[0].pointers[1] = 2;
    claim->lines[0].pointer_count = 2;
    return true;
}

static bool spoil_place(struct gen_claim *claim) {
    text_set(claim->place, sizeof claim->place, VIEW("00"));
    return true;
}

static bool spoil_modifier(struct gen_claim *claim) {
    line_add_modifier(&claim->lines[0], "ZZ");
    return true;
}

static bool spoil_dx_twice(struct gen_claim *claim) {
    memcpy(claim->diagnoses[claim->diagnosis_count], claim->diagnoses[0],
           sizeof claim->diagnoses[0]);
    claim->diagnosis_count++;
    return true;
}

static bool spoil_screens(struct gen_claim *claim) {
    if (!find_line(claim, "80307")) {
        return false;
    }
    claim_add_line(claim, "80305", 1, 35);
    return true;
}

static bool spoil_taxonomy(struct gen_claim *claim) {
    claim->taxonomy[9] = 0;
    return true;
}

static bool spoil_ndc(struct gen_claim *claim) {
    for (int i = 0; i < claim->line_count; i++) {
        if (claim->lines[i].ndc[0]) {
            claim->lines[i].ndc[7] = 0;
            return true;
        }
    }
    return false;
}

static bool spoil_line_twice(struct gen_claim *claim) {
    copy_line(claim, &claim->lines[0]);
    return true;
}

static const struct wrong {
    const char *rule;
    bool (*spoil)(struct gen_claim *claim); /* NULL: the claim before it once more */
} wrongs[] = {
    {"em_without_25", spoil_evaluation},
    {"imaging_included", spoil_imaging},
    {"laterality_mismatch", spoil_side},
    {"addon_without_primary", spoil_primary},
    {"hcpcs_deleted", spoil_deleted},
    {"mue_exceeded", spoil_units},
    {"charge_balance", spoil_balance},
    {"npi_checksum", spoil_npi},
    {"dx_pointer", spoil_pointer},
    {"dx_nonbillable", spoil_header},
    {"bilateral_two_lines_mue", spoil_two_lines},
    {"duplicate_claim", NULL},
    {"pc_tc_missing_26", spoil_component},
    {"tpi_single_code", spoil_trigger_points},
    {"bilateral_not_allowed", spoil_bilateral},
    {"modifier_59_on_addon", spoil_add_on_59},
    {"dx_region_mismatch", spoil_region},
    {"laterality_missing", spoil_no_side},
    {"ncci_ptp", spoil_pair},
    {"frequency_reference", spoil_frequency},
    {"date_invalid", spoil_date},
    {"units_invalid", spoil_no_units},
    {"dx_excludes1", spoil_excludes},
    {"pos_invalid", spoil_place},
    {"modifier_invalid", spoil_modifier},
    {"dx_duplicate", spoil_dx_twice},
    {"single_code_family", spoil_screens},
    {"taxonomy_invalid", spoil_taxonomy},
    {"ndc_invalid", spoil_ndc},
    {"duplicate_line", spoil_line_twice},
};

int wrong_count(void) { return (int)COUNT_OF(wrongs); }

const char *wrong_rule(int kind) { return wrongs[kind].rule; }

/* Whether claim `index` is to be wrong, and the kind to try first. */
static bool wrong_wanted(const struct gen *gen, int64_t index, int *kind) {
    struct chance chance = chance_open(gen->seed, CHANCE_WRONG, index);
    bool wanted = chance_below(&chance, 100) < gen->wrong_percent;
    *kind = chance_below(&chance, wrong_count());
    return wanted;
}

/* The claim before, under a number of its own: the same patient, so it must be of the same block,
 * and right, so that being a duplicate is all that is wrong. */
static bool repeat_before(const struct gen *gen, int64_t index, struct gen_claim *claim) {
    int kind;
    if (index == 0 || claim_practice(gen, index) != claim_practice(gen, index - 1) ||
        wrong_wanted(gen, index - 1, &kind)) {
        return false;
    }
    claim_make(gen, index - 1, 0, claim);
    claim->ordinal = index + 1;
    return true;
}

static bool spoil(const struct gen *gen, int64_t index, int kind, struct gen_claim *claim) {
    if (!wrongs[kind].spoil) {
        return repeat_before(gen, index, claim);
    }
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        claim_make(gen, index, attempt, claim);
        if (wrongs[kind].spoil(claim)) {
            return true;
        }
    }
    return false;
}

int claim_draw(const struct gen *gen, int64_t index, struct gen_claim *claim) {
    int kind;
    if (!wrong_wanted(gen, index, &kind)) {
        claim_make(gen, index, 0, claim);
        return GEN_RIGHT;
    }
    while (!spoil(gen, index, kind, claim)) {
        kind = (kind + 1) % wrong_count();
    }
    return kind;
}
