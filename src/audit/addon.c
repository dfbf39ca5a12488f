/* Add-on codes: paid only beside a primary that is itself payable, by the same practitioner on the
 * same day [ncci-aoc]. Type 1 has a closed list of primaries, type 2 none and type 3 an open one:
 * what the list does not settle is for a person to review. */
#include "audit/edits.h"

/* Critical care beyond the first hour: the first may be another practitioner's or another day's
 * [ncci-aoc]. */
#define CRITICAL_CARE_ADDON "99292"

static bool same_visit(const struct audit_line *a, const struct audit_line *b) {
    struct date on;
    return a->provider == b->provider && lines_meet(a, b, &on);
}

static bool addon_accepts(const struct audit_pass *pass, const struct edit_addon *addon,
                          uint32_t primary) {
    const struct audit_line *line = &pass->lines[addon->line];
    struct store_addon row;
    return store_addon_primary(pass->store, line->id, primary, line->when, &row);
}

static void primaries_here(const struct audit_pass *pass, struct edit_addon *addon) {
    const struct audit_line *line = &pass->lines[addon->line];
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *other = &pass->lines[i];
        if (other->id == STORE_NO_CODE) {
            addon->unknown |= code_given(other->line->code) && !other->denied;
        } else if (i != addon->line && date_given(other->from) &&
                   (addon->elsewhere || same_visit(line, other)) &&
                   addon_accepts(pass, addon, other->id)) {
            addon->primaries |= LINE_BIT(i);
        }
    }
}

static bool same_visit_earlier(const struct audit_line *line, const struct earlier *earlier) {
    return earlier->on.day <= line_last(line).day && earlier->to.day >= line->from.day &&
           earlier_same_provider(earlier, line);
}

static bool has_primary_earlier(const struct audit_pass *pass, const struct edit_addon *addon) {
    const struct audit_line *line = &pass->lines[addon->line];
    struct across_cursor cursor = {0};
    struct earlier earlier;
    while (across_next(pass, &cursor, &earlier)) {
        if (!earlier.denied && (addon->elsewhere || same_visit_earlier(line, &earlier)) &&
            addon_accepts(pass, addon, store_code_id(pass->store, earlier.code))) {
            return true;
        }
    }
    return false;
}

/* The type of an add-on: that of its rows, '2' when the contractor alone names primaries. */
static bool addon_open(const struct audit_pass *pass, int index, struct edit_addon *addon) {
    const struct audit_line *line = &pass->lines[index];
    struct store_addon row;
    *addon = (struct edit_addon){.line = index};
    if (store_addon(pass->store, line->id, 0, line->when, &row)) {
        addon->type = row.type;
    } else if (line->has_mpfs && line->mpfs.global[0] == 'Z') {
        addon->type = 'Z';
    } else {
        return false;
    }
    addon->elsewhere = code_equal(line->line->code, code_of(CRITICAL_CARE_ADDON));
    return true;
}

void addons_gather(struct edits *edits) {
    struct audit_pass *pass = edits->pass;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        struct edit_addon *addon = &edits->addons[edits->addon_count];
        if (!line_judged(line) || payer_pays_addon(pass, line)) {
            continue;
        }
        bool covered = pass_covers(pass, STORE_AOC, line->from, line->id);
        if (!covered) {
            gap_add(pass, RULE_ADDON_WITHOUT_PRIMARY, VIEW("store:aoc"));
        }
        if ((covered || pass_looked(pass, STORE_AOC, line->from)) && addon_open(pass, i, addon)) {
            primaries_here(pass, addon);
            addon->primary_earlier = (edits->history || addon->elsewhere) && across_begin(pass) &&
                                     has_primary_earlier(pass, addon);
            edits->addon_count++;
        }
    }
}

static bool has_primary(const struct edit_addon *addon, uint64_t unpayable) {
    return addon->primary_earlier || (addon->primaries & ~unpayable) != 0;
}

/* Only a closed list denies; a primary behind an unknown code cannot be ruled out. */
static bool addon_fails(const struct edit_addon *addon, uint64_t unpayable) {
    return addon->type == '1' && !addon->elsewhere && !has_primary(addon, unpayable) &&
           !(addon->unknown && addon->primaries == 0);
}

uint64_t addons_denied(const struct edits *edits, uint64_t unpayable) {
    uint64_t denied = 0;
    for (int i = 0; i < edits->addon_count; i++) {
        if (addon_fails(&edits->addons[i], unpayable)) {
            denied |= LINE_BIT(edits->addons[i].line);
        }
    }
    return denied;
}

/* ---- findings ---------------------------------------------------------------------------- */

/* Of several primaries, all denied, the one with the lowest line number; NULL: none. */
static const struct audit_line *first_primary(const struct edits *edits,
                                              const struct edit_addon *addon) {
    const struct audit_line *first = NULL;
    for (int i = 0; i < edits->pass->line_count; i++) {
        const struct audit_line *line = &edits->pass->lines[i];
        if (addon->primaries & LINE_BIT(i) &&
            (!first || line->line->number < first->line->number)) {
            first = line;
        }
    }
    return first;
}

static const char *denial_reason(const struct edits *edits, int line) {
    uint64_t bit = LINE_BIT(line);
    return edits->invalid & bit   ? " is not valid"
           : edits->over & bit    ? " is denied for its units"
           : edits->bundled & bit ? " is denied by a pair edit"
                                  : " is an add-on without its own primary";
}

/* "64493 or 64490" of the listed primaries; their number. */
static int text_primaries(struct text *text, const struct audit_pass *pass,
                          const struct audit_line *line) {
    struct store_addon row;
    int told = 0;
    int n = 0;
    for (; store_addon(pass->store, line->id, n, line->when, &row); n++) {
        if (row.primary != STORE_PRIMARY_CONTRACTOR && told < EDIT_PRIMARIES_TOLD) {
            text_add(text, told++ ? " or " : "");
            text_code(text, store_code(pass->store, row.primary));
        }
    }
    if (n > told && told == EDIT_PRIMARIES_TOLD) {
        text_add(text, " or another of its list");
    }
    return told;
}

static struct view addon_message(const struct edits *edits, const struct edit_addon *addon) {
    const struct audit_line *line = &edits->pass->lines[addon->line];
    struct text text;
    text_open(&text, edits->pass);
    text_code(&text, line->line->code);
    const struct audit_line *primary = first_primary(edits, addon);
    if (primary) {
        text_add(&text, " falls with its primary: ");
        text_code(&text, primary->line->code);
        text_add(&text, " (line ");
        text_int(&text, primary->line->number);
        text_add(&text, ")");
        text_add(&text, denial_reason(edits, primary->index));
        return text_close(&text);
    }
    if (addon->type == 'Z') {
        text_add(&text, " belongs to another service (global ZZZ), and no table names which");
    } else if (addon->elsewhere) {
        text_add(&text, " has no first hour in this input; another practitioner of the group may"
                        " have reported it");
    } else if (addon->type == '1') {
        text_add(&text, " is an add-on code without a primary by the same provider on ");
        text_date(&text, line->from);
    } else {
        text_add(&text, " is an add-on code, and its primary is for the contractor to accept");
    }
    return text_close(&text);
}

static struct view addon_fix(struct edits *edits, const struct edit_addon *addon) {
    const struct audit_line *line = &edits->pass->lines[addon->line];
    struct text text;
    text_open(&text, edits->pass);
    if (addon->primaries) {
        text_add(&text, "Settle the primary first; the add-on is paid only with it.");
        return text_close(&text);
    }
    text_add(&text, "Its primary is ");
    ptrdiff_t before = text.size;
    if (text_primaries(&text, edits->pass, line) == 0) {
        text.size = (int)before;
        text_add(&text, "not listed: check that the service it adds to is on the claim");
    }
    text_add(&text, ". Bill the service that was done; an add-on code is never billed alone.");
    return text_close(&text);
}

/* The row that speaks: of the primary that is denied, else the first of the add-on. */
static struct audit_evidence *addon_proof(struct audit_pass *pass, struct audit_finding *finding,
                                          const struct audit_line *line,
                                          const struct audit_line *primary) {
    struct store_addon row;
    if (primary ? !store_addon_primary(pass->store, line->id, primary->id, line->when, &row)
                : !store_addon(pass->store, line->id, 0, line->when, &row)) {
        return finding_proof(pass, finding, STORE_MPFS, text_row(pass, line->line->code),
                             line->mpfs.proof); /* an add-on by its global days alone */
    }
    struct code code = row.primary == STORE_PRIMARY_CONTRACTOR
                           ? code_of("CCCCC")
                           : store_code(pass->store, row.primary);
    struct audit_evidence *evidence = finding_proof(
        pass, finding, STORE_AOC, text_row_pair(pass, line->line->code, code), row.proof);
    evidence->indicator = row.type;
    return evidence;
}

static void addon_finding(struct edits *edits, const struct edit_addon *addon, bool denied) {
    struct audit_pass *pass = edits->pass;
    const struct audit_line *line = &pass->lines[addon->line];
    const struct audit_line *primary = first_primary(edits, addon);
    struct audit_finding *finding = finding_add(pass, RULE_ADDON_WITHOUT_PRIMARY, line);
    struct audit_evidence *evidence = addon_proof(pass, finding, line, primary);
    evidence->line = primary ? primary->line->number : 0;
    finding->severity = denied ? finding->severity : RULE_REVIEW;
    finding->message = addon_message(edits, addon);
    finding->fix = addon_fix(edits, addon);
}

void addons_report(struct edits *edits) {
    uint64_t unpayable = edits->invalid | edits->over | edits->bundled | edits->stranded;
    for (int i = 0; i < edits->addon_count; i++) {
        const struct edit_addon *addon = &edits->addons[i];
        if (edits->stranded & LINE_BIT(addon->line)) {
            addon_finding(edits, addon, true);
        } else if (!has_primary(addon, unpayable) && (!addon->unknown || addon->primaries)) {
            addon_finding(edits, addon, false); /* an unknown code is a gap already */
        }
    }
}
