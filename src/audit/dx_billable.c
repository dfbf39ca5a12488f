/* dx_nonbillable: complete codes of the edition of the day. Editions begin on 1 October (and rarely
 * on 1 April); a code that is a heading, or that the edition does not hold, is returned [icd26]. */
#include "audit/anatomy.h"

#define BELOW_TOLD 4 /* longer codes that a fix names */

/* The newest full edition that had begun on the day; false when the store has none. */
static bool edition_of(const struct audit_pass *pass, struct store_when when, int *edition) {
    bool found = false;
    struct date newest = DATE_NONE;
    for (int i = 0; i < store_release_count(pass->store); i++) {
        struct store_release release = store_release(pass->store, i);
        bool known = !date_given(when.as_of) || release.effective.day <= when.as_of.day;
        if (release.table == STORE_ICD10 && !release.partial && known &&
            release.effective.day <= when.on.day && release.effective.day >= newest.day) {
            newest = release.effective;
            *edition = i;
            found = true;
        }
    }
    return found;
}

/* A letter, a digit, then letters and digits: three to seven characters. */
static bool dx_formed(struct code dx) {
    char buffer[9];
    struct view text = code_text(dx, buffer);
    return text.size >= 3 && text.size <= 7 && text.at[0] >= 'A' && text.at[0] <= 'Z' &&
           text.at[1] >= '0' && text.at[1] <= '9';
}

/* The day itself when the code is billable on it in some edition of the store, however far. */
static bool billable_elsewhen(const struct audit_pass *pass, struct code dx, struct store_when when,
                              bool later, struct date *day) {
    for (int i = 0; i < store_release_count(pass->store); i++) {
        struct store_release release = store_release(pass->store, i);
        struct store_when other = {release.effective, when.as_of};
        struct store_dx row;
        if (release.table == STORE_ICD10 && date_given(release.effective) &&
            (later ? release.effective.day > when.on.day : release.effective.day < when.on.day) &&
            store_dx(pass->store, dx, other, &row) && row.billable) {
            *day = release.effective;
            return true;
        }
    }
    return false;
}

static struct audit_finding *dx_finding(struct audit_pass *pass, int dx, uint64_t lines) {
    struct audit_finding *finding = finding_add(pass, RULE_DX_NONBILLABLE, NULL);
    for (int i = 0; i < pass->line_count; i++) {
        if (lines >> i & 1) {
            finding_line(finding, &pass->lines[i]);
        }
    }
    if (pass->claim->diagnoses_at[dx].segment > 0) {
        finding->at = pass->claim->diagnoses_at[dx];
    }
    return finding;
}

static void text_begin(struct text *text, struct audit_pass *pass, int dx) {
    char letter = (char)('A' + dx);
    text_open(text, pass);
    text_add(text, "diagnosis ");
    text_view(text, (struct view){&letter, 1});
    text_add(text, " ");
    if (code_given(pass->claim->diagnoses[dx])) {
        text_dx(text, pass->claim->diagnoses[dx]);
    } else {
        text_given(text, pass->claim->diagnoses_given[dx]);
    }
}

static void form_finding(struct audit_pass *pass, int dx, uint64_t lines) {
    struct audit_finding *finding = dx_finding(pass, dx, lines);
    struct text text;
    text_begin(&text, pass, dx);
    text_add(&text, " has not the form of an ICD-10-CM code");
    finding->message = text_close(&text);
    finding->fix = VIEW("correct the code to the diagnosis in the record");
}

/* A heading that was a complete code before may have lost a meaning to another category, as
 * plantar fasciitis went from M72.2 to M67.A- [icd27]. */
static struct view header_fix(struct audit_pass *pass, struct code dx, struct store_when when,
                              bool was_complete) {
    struct code below[BELOW_TOLD + 1];
    int count = store_dx_below(pass->store, dx, when, below, BELOW_TOLD + 1);
    struct text text;
    if (count == 0) {
        return VIEW("report a complete code that the record supports");
    }
    text_open(&text, pass);
    text_add(&text, "report the longer code that the record supports: ");
    for (int i = 0; i < count && i < BELOW_TOLD; i++) {
        text_add(&text, i > 0 ? ", " : "");
        text_dx(&text, below[i]);
    }
    text_add(&text, count > BELOW_TOLD ? " ..." : "");
    text_add(&text, was_complete ? "; the condition may also have moved to another category" : "");
    return text_close(&text);
}

static void header_finding(struct audit_pass *pass, int dx, struct store_when when, uint64_t lines,
                           struct store_proof proof) {
    struct code code = pass->claim->diagnoses[dx];
    struct audit_finding *finding = dx_finding(pass, dx, lines);
    struct date day;
    struct text text;
    text_begin(&text, pass, dx);
    text_add(&text, " is only a heading on ");
    text_date(&text, when.on);
    bool was_complete = billable_elsewhen(pass, code, when, false, &day);
    if (was_complete) {
        text_add(&text, "; it was a complete code in an earlier edition");
    }
    finding->message = text_close(&text);
    finding_proof(pass, finding, STORE_ICD10, text_row(pass, code), proof);
    finding->fix = header_fix(pass, code, when, was_complete);
}

static void absent_finding(struct audit_pass *pass, int dx, struct store_when when, uint64_t lines,
                           int edition) {
    struct code code = pass->claim->diagnoses[dx];
    struct audit_finding *finding = dx_finding(pass, dx, lines);
    struct store_proof proof = {(uint16_t)edition, DATE_NONE, DATE_NONE};
    struct date day;
    struct text text;
    text_begin(&text, pass, dx);
    if (billable_elsewhen(pass, code, when, true, &day)) {
        text_add(&text, " is valid only from ");
        text_date(&text, day);
        text_add(&text, ", not on ");
    } else if (billable_elsewhen(pass, code, when, false, &day)) {
        text_add(&text, " was valid in an earlier edition, not on ");
    } else {
        text_add(&text, " is no ICD-10-CM code on ");
    }
    text_date(&text, when.on);
    finding->message = text_close(&text);
    finding_proof(pass, finding, STORE_ICD10, text_row(pass, code), proof);
    pass_used(pass, proof, when.on);
    finding->fix = VIEW("report the code of the edition in force that the record supports");
}

static void edition_gap(struct audit_pass *pass, struct date on) {
    struct text text;
    text_open(&text, pass);
    text_add(&text, "store:icd10cm:");
    text_date(&text, on);
    gap_add(pass, RULE_DX_NONBILLABLE, text_close(&text));
}

/* The store's first edition says nothing about days before it, and what an edition out of date
 * lacks may be a new code: both are gaps, not findings. */
static void dx_check(struct audit_pass *pass, int dx, struct store_when when, uint64_t lines) {
    struct code code = pass->claim->diagnoses[dx];
    struct store_dx row;
    int edition;
    bool found = store_dx(pass->store, code, when, &row);
    if (found) {
        pass_used(pass, row.proof, when.on);
        if (row.billable) {
            return;
        }
    }
    if (!dx_formed(code)) {
        form_finding(pass, dx, lines);
    } else if (!edition_of(pass, when, &edition)) {
        edition_gap(pass, when.on);
    } else if (found) {
        header_finding(pass, dx, when, lines, row.proof);
    } else if (store_stale(pass->store, (uint16_t)edition, when.on)) {
        edition_gap(pass, when.on);
    } else {
        absent_finding(pass, dx, when, lines, edition);
    }
}

static void day_check(struct audit_pass *pass, const struct dx_facts *facts, struct date on,
                      uint64_t lines) {
    struct store_when when = {on, facts->when.as_of};
    bool first = on.day == facts->when.on.day;
    for (int dx = 0; dx < pass->claim->diagnosis_count; dx++) {
        uint64_t pointing = facts->lines[dx] & lines;
        bool unused = facts->lines[dx] == 0; /* no line points to it: judged on the first day */
        if (pointing == 0 && !(first && unused)) {
            continue;
        }
        if (code_given(pass->claim->diagnoses[dx])) {
            dx_check(pass, dx, when, pointing);
        } else if (pass->claim->diagnoses_given[dx].size > 0) {
            form_finding(pass, dx, pointing);
        }
    }
}

void check_dx_billable(struct audit_pass *pass, const struct dx_facts *facts) {
    uint64_t done = 0;
    for (int i = 0; i < pass->line_count; i++) {
        if (!date_given(pass->lines[i].from) || done >> i & 1) {
            continue;
        }
        uint64_t lines = 0;
        for (int j = i; j < pass->line_count; j++) {
            if (pass->lines[j].from.day == pass->lines[i].from.day) {
                lines |= UINT64_C(1) << j;
            }
        }
        done |= lines;
        day_check(pass, facts, pass->lines[i].from, lines);
    }
}
