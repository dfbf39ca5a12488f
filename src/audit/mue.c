/* Medically unlikely edits: units of one code, patient, provider and day. On excess every unit of
 * the line (indicator 1) or of the day (2 and 3) is denied, never only the excess [ncci-mue]. A
 * code without a row is not unlimited, some values are confidential: nothing is said about it. */
#include "audit/anatomy.h"
#include "audit/edits.h"

/* What one line reports for one of its days; minutes of anesthesia are one service. */
static int32_t line_units(const struct audit_line *line) {
    if (code_given(line->line->unit_basis) && line->line->unit_basis.bits == code_of("MJ").bits) {
        return 1;
    }
    return line->units > 0 ? line->units : 0;
}

static bool sums_with(const struct audit_line *line, const struct audit_line *other,
                      struct date day) {
    return other->id == line->id && other->provider == line->provider && date_given(other->from) &&
           other->from.day <= day.day && line_last(other).day >= day.day;
}

/* The newest earlier line that adds to the day goes to `evidence`, when one does. */
static int64_t units_earlier(const struct audit_pass *pass, const struct audit_line *line,
                             struct date day, struct earlier *evidence) {
    int64_t sum = 0;
    struct across_cursor cursor = {0};
    struct earlier earlier;
    while (across_next(pass, &cursor, &earlier)) {
        if (!earlier.denied && code_equal(earlier.code, line->line->code) &&
            earlier.on.day <= day.day && earlier.to.day >= day.day &&
            earlier_same_provider(&earlier, line)) {
            if (sum == 0) {
                *evidence = earlier;
            }
            sum += earlier.units;
        }
    }
    return sum;
}

struct day_units {
    struct date day;
    int64_t units; /* of all lines and earlier claims */
    uint64_t lines;
    struct earlier earlier; /* claim_ordinal 0: none */
};

static void units_of_day(const struct audit_pass *pass, bool history, const struct audit_line *line,
                         struct date day, struct day_units *sum) {
    sum->day = day;
    sum->units = 0;
    sum->lines = 0;
    sum->earlier.claim_ordinal = 0;
    for (int i = 0; i < pass->line_count; i++) {
        if (sums_with(line, &pass->lines[i], day)) {
            sum->units += line_units(&pass->lines[i]);
            sum->lines |= LINE_BIT(i);
        }
    }
    if (history) {
        sum->units += units_earlier(pass, line, day, &sum->earlier);
    }
}

/* True when a day of the line is over the limit. The sum can only grow on a day on which a line
 * begins, so those days are enough. */
static bool days_over(const struct edits *edits, const struct audit_line *line, int64_t limit,
                      struct day_units *sum) {
    const struct audit_pass *pass = edits->pass;
    for (int i = 0; i < pass->line_count; i++) {
        struct date day = pass->lines[i].from;
        if (pass->lines[i].id == line->id && date_given(day) && day.day >= line->from.day &&
            day.day <= line_last(line).day) {
            units_of_day(pass, edits->history, line, day, sum);
            if (sum->units > limit) {
                return true;
            }
        }
    }
    return false;
}

/* True when no other line, nor an earlier claim, can add to the units of this one: most often. */
static bool stands_alone(const struct edits *edits, const struct audit_line *line) {
    const struct audit_pass *pass = edits->pass;
    bool alone = !edits->history;
    for (int i = 0; i < pass->line_count && alone; i++) {
        alone = pass->lines[i].id != line->id || i == line->index;
    }
    return alone;
}

/* Medicare's limit counts both sides together. Payers that are known to take an additional level
 * twice, or a line for each side, count it for each side of a bilateral session [ama-addon-50]. */
static int64_t limit_of(const struct audit_pass *pass, const struct audit_line *line,
                        const struct store_mue *row) {
    enum store_bilateral_convention form = pass->payer.bilateral;
    bool twice = form == BILATERAL_AMA_TWICE || form == BILATERAL_RT_LT;
    bool sides = twice && line->has_mpfs && line->mpfs.bilateral == '1';
    return sides && session_bilateral(pass, line) ? 2 * (int64_t)row->units : row->units;
}

static bool line_over(const struct edits *edits, const struct audit_line *line,
                      const struct store_mue *row, struct day_units *sum) {
    int64_t limit = limit_of(edits->pass, line, row);
    if (row->mai == '1' || stands_alone(edits, line)) {
        *sum = (struct day_units){
            .day = line->from, .units = line_units(line), .lines = LINE_BIT(line->index)};
        return sum->units > limit;
    }
    return days_over(edits, line, limit, sum);
}

static bool line_limit(const struct audit_pass *pass, const struct audit_line *line,
                       struct store_mue *row) {
    return line_judged(line) && store_mue(pass->store, line->id, line->when, row);
}

void units_gather(struct edits *edits) {
    struct audit_pass *pass = edits->pass;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        struct store_mue row;
        struct day_units sum;
        if (!line_judged(line)) {
            continue;
        }
        bool covered = pass_covers(pass, STORE_MUE, line->from, line->id);
        if (!line_limit(pass, line, &row)) {
            if (!covered) {
                gap_add(pass, RULE_MUE_EXCEEDED, VIEW("store:mue"));
            }
        } else if (line_over(edits, line, &row, &sum)) {
            edits->over |= LINE_BIT(i);
        }
    }
}

/* ---- right and left on two lines --------------------------------------------------------- */

static bool is_one_side(const struct audit_line *line) {
    uint32_t sides = line->flags & (LINE_LEFT | LINE_RIGHT);
    return (sides == LINE_LEFT || sides == LINE_RIGHT) && !(line->flags & LINE_50) &&
           line_units(line) == 1 && line_last(line).day == line->from.day;
}

bool mue_is_side_trap(const struct audit_pass *pass, const struct audit_line *line,
                      const struct audit_line **other, struct store_mue *mue) {
    if (!pass->payer.medicare || pass->claim->type != CLAIM_PROFESSIONAL || !is_one_side(line) ||
        !line_limit(pass, line, mue) || mue->units != 1 || mue->mai == '1') {
        return false;
    }
    struct day_units sum;
    units_of_day(pass, across_near(pass), line, line->from, &sum);
    uint64_t rest = sum.lines & ~LINE_BIT(line->index);
    if (sum.units != 2 || rest == 0 || (rest & (rest - 1)) != 0) {
        return false;
    }
    const struct audit_line *second = &pass->lines[__builtin_ctzll(rest)];
    if (!is_one_side(second) || (second->flags & line->flags & (LINE_LEFT | LINE_RIGHT))) {
        return false;
    }
    *other = second;
    return true;
}

/* ---- findings ---------------------------------------------------------------------------- */

static struct view units_message(struct audit_pass *pass, const struct audit_line *line,
                                 const struct store_mue *row, const struct day_units *sum) {
    struct text text;
    text_open(&text, pass);
    text_int(&text, sum->units);
    text_add(&text, sum->units == 1 ? " unit of " : " units of ");
    text_code(&text, line->line->code);
    text_add(&text, " on ");
    text_date(&text, sum->day);
    if (sum->earlier.claim_ordinal) {
        text_add(&text, " together with ");
        text_which_claim(&text, sum->earlier.claim_ordinal);
    }
    if (row->units == 0) {
        text_add(&text, ", but its MUE is 0: not payable in this setting (not covered, bundled"
                        " or not separately paid)");
        return text_close(&text);
    }
    text_add(&text, ", the MUE is ");
    text_int(&text, row->units);
    text_add(&text, row->mai == '1' ? " a line: all units of the line are denied"
                                    : " a day: all units of the day are denied");
    return text_close(&text);
}

/* What the adjudication indicator allows; 76, 77, 59 and sides do not split a day [ncci-mue]. */
static struct view units_fix(struct audit_pass *pass, const struct store_mue *row) {
    struct text text;
    text_open(&text, pass);
    if (row->units == 0) {
        text_add(&text, "Check the code; it is not paid here whatever the units.");
    } else if (row->mai == '1') {
        text_add(&text, "Correct the units. What was truly done more often goes on lines of its"
                        " own with the modifier that says why.");
    } else if (row->mai == '2') {
        text_add(&text, "Correct the units. The limit follows from the code itself (MAI 2): no"
                        " modifier, records or appeal changes it.");
    } else {
        text_add(&text,
                 "Correct the units. If the record shows that all were done and needed,"
                 " the denial can be appealed (MAI 3); more lines or modifiers do not help.");
    }
    return text_close(&text);
}

static void units_finding(struct audit_pass *pass, const struct audit_line *line,
                          const struct store_mue *row, const struct day_units *sum) {
    struct audit_finding *finding = finding_add(pass, RULE_MUE_EXCEEDED, line);
    for (int i = 0; i < pass->line_count; i++) {
        if (sum->lines & LINE_BIT(i)) {
            finding_line(finding, &pass->lines[i]);
        }
    }
    struct audit_evidence *evidence =
        finding_proof(pass, finding, STORE_MUE, text_row(pass, line->line->code), row->proof);
    evidence->indicator = row->mai;
    evidence->claim_ordinal = sum->earlier.claim_ordinal;
    evidence->claim_line = sum->earlier.claim_ordinal ? sum->earlier.line : 0;
    finding->at = line->line->units_at;
    finding->message = units_message(pass, line, row, sum);
    finding->fix = units_fix(pass, row);
}

void units_report(struct edits *edits) {
    struct audit_pass *pass = edits->pass;
    uint64_t told = 0;
    for (int i = 0; i < pass->line_count && (edits->over & ~told) != 0; i++) {
        const struct audit_line *line = &pass->lines[i];
        const struct audit_line *other;
        struct store_mue row;
        struct day_units sum;
        if (!(edits->over & ~told & LINE_BIT(i)) || mue_is_side_trap(pass, line, &other, &row) ||
            !line_limit(pass, line, &row) || !line_over(edits, line, &row, &sum)) {
            continue;
        }
        told |= sum.lines;
        units_finding(pass, line, &row, &sum);
    }
}
