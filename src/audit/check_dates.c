/* Dates and age: date_invalid, timely_filing, age_sex. Messages name days of service, never a
 * birth date or an age. */
#include "audit/audit_state.h"
#include "audit/structure.h"

#define AGE_MAX 120 /* beyond it a birth date is taken for a slip of the pen */

/* ---- dates ------------------------------------------------------------------------------- */

static void date_finding(struct audit_pass *pass, const struct audit_line *line,
                         struct view message, struct view fix) {
    struct audit_finding *finding = finding_add(pass, RULE_DATE_INVALID, line);
    finding->at = line ? place_or(line->line->date_at, line->line->at)
                       : place_or(pass->claim->date_at, pass->claim->at);
    finding->message = message;
    finding->fix = fix;
}

static void dates_crossed(struct audit_pass *pass, const struct audit_line *line,
                          struct date service, const char *relation, struct date other) {
    struct text text;
    text_open(&text, pass);
    text_add(&text, "the service of ");
    text_date(&text, service);
    text_add(&text, relation);
    if (date_given(other)) {
        text_date(&text, other);
    }
    date_finding(
        pass, line, text_close(&text),
        VIEW("take the days of service from the record and correct the one that is wrong"));
}

static void line_dates_check(struct audit_pass *pass, const struct audit_line *line) {
    const struct claim *claim = pass->claim;
    if (line->line->date_bad) {
        date_finding(pass, line, VIEW("the line has a date that the calendar does not know"),
                     VIEW("correct the date of service"));
    } else if (!date_given(line->from) && claim->format == CLAIM_FORMAT_X12) {
        date_finding(pass, line, VIEW("the line has no date of service (DTP*472)"),
                     VIEW("give the day of the service"));
    } else if (!date_given(line->from)) {
        gap_add(pass, RULE_DATE_INVALID, VIEW("claim:service_date"));
    }
    if (!date_given(line->from)) {
        return;
    }
    struct date last = date_given(line->to) ? line->to : line->from;
    if (last.day < line->from.day) {
        dates_crossed(pass, line, line->from, " ends before it begins, on ", last);
    }
    if (date_given(claim->birth_date) && line->from.day < claim->birth_date.day) {
        dates_crossed(pass, line, line->from, " lies before the birth of the patient", DATE_NONE);
    }
    if (date_given(claim->received) && last.day > claim->received.day) {
        dates_crossed(pass, line, last, " lies after the day the claim was received, ",
                      claim->received);
    }
}

/* ---- age --------------------------------------------------------------------------------- */

/* Moderate sedation: the codes for the first 15 minutes divide at five years [cpt]. */
static const struct {
    const char code[6];
    bool child;
} sedation_codes[] = {{"99151", true}, {"99152", false}, {"99155", true}, {"99156", false}};

static void sedation_age_check(struct audit_pass *pass, const struct audit_line *line) {
    for (int i = 0; i < COUNT_OF(sedation_codes); i++) {
        if (!code_equal(line->line->code, code_of(sedation_codes[i].code)) ||
            sedation_codes[i].child == (pass->claim->age < 5)) {
            continue;
        }
        struct audit_finding *finding = finding_add(pass, RULE_AGE_SEX, line);
        struct text text;
        text_open(&text, pass);
        text_code(&text, line->line->code);
        text_add(&text, sedation_codes[i].child
                            ? " is for a child under five years; the patient is older"
                            : " is for a patient of five years and more; the patient is younger");
        finding->message = text_close(&text);
        finding->fix = VIEW("compare the birth date with the record, then the sedation code");
    }
}

/* Codes of chapter O are for pregnant women; the maternity group is 9 to 64 years [mce]. Sex is
 * shown for information only: the national lists of sex conflicts were deactivated. */
static void pregnancy_check(struct audit_pass *pass) {
    const struct claim *claim = pass->claim;
    bool man = claim->sex == 'M';
    bool age = claim->age >= 0 && (claim->age < 9 || claim->age > 64);
    for (int i = 0; (man || age) && i < claim->diagnosis_count; i++) {
        if (!code_starts(claim->diagnoses[i], code_of("O"))) {
            continue;
        }
        struct audit_finding *finding = finding_add(pass, RULE_AGE_SEX, NULL);
        struct text text;
        finding->severity = age ? finding->severity : RULE_INFO;
        finding->at = place_or(claim->diagnoses_at[i], claim->at);
        text_open(&text, pass);
        text_code(&text, claim->diagnoses[i]);
        text_add(&text, man ? " is a diagnosis of pregnancy; by the claim the patient is a man"
                            : " is a diagnosis of pregnancy; the age lies outside 9 to 64 years");
        finding->message = text_close(&text);
        finding->fix = VIEW("compare sex, birth date and diagnosis with the record");
        return;
    }
}

/* There is no national age edit for Part B: only what cannot be is shown, for review [mce]. */
static void age_check(struct audit_pass *pass) {
    if (pass->claim->age < 0) {
        return;
    }
    if (pass->claim->age > AGE_MAX) {
        struct audit_finding *finding = finding_add(pass, RULE_AGE_SEX, NULL);
        finding->message = VIEW("by birth date or age the patient is older than 120 years");
        finding->fix = VIEW("compare the birth date with the patient's card");
    }
    for (int i = 0; i < pass->line_count; i++) {
        if (pass->lines[i].has_family && pass->lines[i].family.sedation) {
            sedation_age_check(pass, &pass->lines[i]);
        }
    }
}

void check_dates(struct audit_pass *pass) {
    if (pass->claim->date_bad) {
        date_finding(pass, NULL, VIEW("the claim has a date that the calendar does not know"),
                     VIEW("correct the date at the level of the claim"));
    }
    for (int i = 0; i < pass->line_count; i++) {
        line_dates_check(pass, &pass->lines[i]);
    }
    age_check(pass);
    pregnancy_check(pass);
}

/* ---- timely filing ----------------------------------------------------------------------- */

/* The same day a year later; 29 February ends on 28 February [cfr-424-44]. */
static struct date year_after(struct date date) {
    int year = 0;
    int month = 0;
    int day = 0;
    date_to_ymd(date, &year, &month, &day);
    struct date after = date_from_ymd(year + 1, month, day);
    return date_given(after) ? after : date_from_ymd(year + 1, month, day - 1);
}

/* Payers that count 365 days mean one calendar year. */
static struct date filing_ends(const struct audit_pass *pass, struct date service) {
    int32_t days = pass->payer.timely_days;
    return days == 365 ? year_after(service) : (struct date){service.day + days};
}

static void late_finding(struct audit_pass *pass, const struct audit_line *line, struct date end) {
    struct audit_finding *finding = finding_add(pass, RULE_TIMELY_FILING, line);
    struct text text;
    finding->at = place_or(line->line->date_at, line->line->at);
    if (pass->payer.trial) {
        finding->severity = RULE_REVIEW; /* contracts differ and the number is not verified */
    }
    if (pass->payer_known) {
        finding_proof(pass, finding, STORE_PAYER, pass->payer.profile, pass->payer.proof);
    }
    text_open(&text, pass);
    text_add(&text, "the claim was received on ");
    text_date(&text, pass->claim->received);
    text_add(&text, ", the filing limit for this service ended on ");
    text_date(&text, end);
    finding->message = text_close(&text);
    finding->fix = VIEW("send proof of an earlier timely filing or of an exception; otherwise the "
                        "charge is the provider's loss and not the patient's");
}

/* The limit runs for a first claim. A secondary payer other than Medicare counts from the answer
 * of the first payer, which the claim does not date. */
static bool filing_clock_runs(const struct claim *claim, bool medicare) {
    bool follow_up =
        code_equal(claim->frequency, code_of("7")) || code_equal(claim->frequency, code_of("8"));
    bool secondary = claim->payer_order == 'S' || claim->payer_order == 'T';
    return date_given(claim->received) && !follow_up && (medicare || !secondary);
}

/* The shortest limit that any profile has, 0 when none has one; looked for once for all claims. */
static int32_t shortest_limit(const struct audit_pass *pass) {
    struct audit *audit = pass->audit;
    for (int i = 0; !audit->limit_known && i < store_payer_count(pass->store); i++) {
        int32_t days = store_payer_at(pass->store, i).timely_days;
        if (days > 0 && (audit->shortest_limit == 0 || days < audit->shortest_limit)) {
            audit->shortest_limit = days;
        }
    }
    audit->limit_known = true;
    return audit->shortest_limit;
}

/* A limit that is not known matters only for a service older than the shortest that is: without
 * this, every fresh claim to such a payer would stay unjudged. */
static bool limit_matters(const struct audit_pass *pass) {
    int32_t shortest = shortest_limit(pass);
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        struct date service = date_given(line->to) ? line->to : line->from;
        if (date_given(service) && pass->claim->received.day - service.day > shortest) {
            return true;
        }
    }
    return false;
}

void check_timely(struct audit_pass *pass) {
    int32_t days = pass->payer.timely_days;
    if (!filing_clock_runs(pass->claim, pass->payer.medicare)) {
        return;
    }
    if (days <= 0) {
        if (limit_matters(pass)) {
            gap_add(pass, RULE_TIMELY_FILING,
                    pass->payer_known ? VIEW("payer:timely_days") : VIEW("claim:payer.profile"));
        }
        return;
    }
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        struct date service = date_given(line->to) ? line->to : line->from;
        if (!date_given(service) || pass->claim->received.day - service.day <= days) {
            continue; /* a calendar year has 365 days at least */
        }
        struct date end = filing_ends(pass, service);
        if (pass->claim->received.day > end.day) {
            late_finding(pass, line, end);
        }
    }
}
