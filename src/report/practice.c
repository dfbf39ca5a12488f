/* The practice report: counts claim by claim, in memory that does not grow with their number. */
#include <string.h>

#include "report/practice_internal.h"

struct line_sums {
    bool denied; /* an error names it */
    bool priced;
    int64_t charge, allowed, at_risk;
};

/* A claim while it is counted. */
struct work {
    const struct claim *claim;
    const struct audit_result *result;
    struct line_sums lines[CLAIM_LINES_MAX];
    int line_count;
    bool any_denied;
    bool known;          /* what is at risk */
    struct view profile; /* of the payer */
    struct date first, last;
    struct practice_sums sums;
};

static void add(int64_t *sum, int64_t more) {
    *sum = *sum > INT64_MAX - more ? INT64_MAX : *sum + more;
}

static int64_t positive(int64_t value) { return value > 0 ? value : 0; } /* *_NONE is below */

static bool failed(const struct audit_finding *finding) { return finding->status == AUDIT_FAIL; }

/* A failed one of that severity or worse, before which its rule has none. */
static bool first_of_rule(const struct audit_result *result, int index,
                          enum rule_severity severity) {
    const struct audit_finding *finding = &result->findings[index];
    for (int i = 0; i < index; i++) {
        const struct audit_finding *other = &result->findings[i];
        if (other->rule == finding->rule && failed(other) && other->severity <= severity) {
            return false;
        }
    }
    return failed(finding) && finding->severity <= severity;
}

static uint64_t claim_bits(const struct work *work) {
    return (UINT64_C(1) << work->line_count) - 1;
}

/* The lines that a finding is about; all of them when it is about the claim. */
static uint64_t bits_of(const struct work *work, const struct audit_finding *finding) {
    return finding->line_count == 0 ? claim_bits(work) : finding->line_bits & claim_bits(work);
}

/* ---- measuring a claim --------------------------------------------------------------------- */

/* What the claim would lose, dealt out to the denied lines in proportion to their amounts, so that
 * the parts add up to it. */
static void risk_deal(struct work *work, int64_t at_risk) {
    int64_t whole = 0, part = 0, dealt = 0;
    for (int i = 0; i < work->line_count; i++) {
        add(&whole, work->lines[i].denied ? work->lines[i].allowed : 0);
    }
    for (int i = 0; i < work->line_count; i++) {
        struct line_sums *line = &work->lines[i];
        if (line->denied) {
            add(&part, line->allowed);
            line->at_risk = practice_share(at_risk, part, whole) - dealt;
            dealt += line->at_risk;
        }
    }
}

static void line_measure(struct work *work, int index, uint64_t denied) {
    const struct claim_line *from = &work->claim->lines[index];
    const struct price *price = work->result->price;
    struct line_sums *line = &work->lines[index];
    struct practice_sums *sums = &work->sums;
    *line = (struct line_sums){.denied = denied >> index & 1,
                               .charge = positive(from->charge.cents)};
    if (price && index < price->line_count && money_given(price->lines[index].allowed)) {
        line->priced = true;
        line->allowed = positive(price->lines[index].allowed.cents);
    }
    bool minutes = code_equal(from->unit_basis, code_of("MJ"));
    add(minutes ? &sums->minutes : &sums->units, positive(from->units.milli));
    add(&sums->charge, line->charge);
    add(&sums->allowed, line->allowed);
    sums->no_amount += !line->priced;
    add(&sums->charge_at_risk, line->denied ? line->charge : 0);
    work->any_denied |= line->denied;
    if (date_given(from->from) && (!date_given(work->first) || from->from.day < work->first.day)) {
        work->first = from->from;
    }
    struct date last = date_given(from->to) ? from->to : from->from;
    if (date_given(last) && (!date_given(work->last) || last.day > work->last.day)) {
        work->last = last;
    }
}

static void claim_measure(struct work *work) {
    const struct audit_result *result = work->result;
    uint64_t denied = 0;
    struct practice_sums *sums = &work->sums;
    work->line_count = work->claim->line_count;
    *sums = (struct practice_sums){.not_clean = result->verdict == AUDIT_NOT_CLEAN,
                                   .lines = work->line_count};
    for (int i = 0; i < result->finding_count; i++) {
        const struct audit_finding *finding = &result->findings[i];
        if (failed(finding)) {
            sums->findings++;
            sums->errors += finding->severity == RULE_ERROR;
            denied |= finding->severity == RULE_ERROR ? bits_of(work, finding) : 0;
        }
    }
    for (int i = 0; i < work->line_count; i++) {
        line_measure(work, i, denied);
    }
    work->known = money_given(result->at_risk) || !work->any_denied;
    sums->unknown = !work->known;
    if (work->known && work->any_denied) {
        sums->at_risk = positive(result->at_risk.cents);
        risk_deal(work, sums->at_risk);
    }
}

/* ---- rows ---------------------------------------------------------------------------------- */

static void sums_add(struct practice_sums *to, const struct practice_sums *more) {
    to->lines += more->lines;
    to->findings += more->findings;
    to->errors += more->errors;
    add(&to->units, more->units);
    add(&to->minutes, more->minutes);
    add(&to->charge, more->charge);
    add(&to->allowed, more->allowed);
    add(&to->at_risk, more->at_risk);
    add(&to->charge_at_risk, more->charge_at_risk);
    to->no_amount += more->no_amount;
    to->unknown += more->unknown;
}

/* Counts the claim once in a row, whatever of it the row counts. */
static void row_claim(const struct report_practice *practice, struct practice_row *row,
                      const struct work *work) {
    int64_t number = practice->total.sums.claims + 1;
    if (row->claim != number) {
        row->claim = number;
        row->sums.claims++;
        row->sums.not_clean += work->sums.not_clean;
    }
}

static struct practice_row *claim_count(struct report_practice *practice, const struct work *work,
                                        enum practice_name name, struct view key) {
    struct practice_row *row =
        practice_at(&practice->tables[name], practice_find(practice, name, key));
    row_claim(practice, row, work);
    sums_add(&row->sums, &work->sums);
    return row;
}

static void basis_count(struct report_practice *practice, const struct work *work) {
    const struct price *price = work->result->price;
    struct view key = VIEW("no basis: the payer has no schedule here");
    if (price && price->basis == PRICE_BASIS_SCHEDULE) {
        key = VIEW("schedule: the payer's contract");
    } else if (price && price->basis == PRICE_BASIS_MEDICARE) {
        key = price->has_locality ? VIEW("medicare_pfs: amounts of the locality")
                                  : VIEW("medicare_pfs: national amounts");
    }
    (void)claim_count(practice, work, PRACTICE_BASES, key);
}

static void month_count(struct report_practice *practice, const struct work *work) {
    char text[11];
    struct view month = VIEW("no date");
    if (date_given(work->first)) {
        month = view_sub(date_text(work->first, text), 0, 7);
    }
    (void)claim_count(practice, work, PRACTICE_MONTHS, month);
}

/* ---- payers -------------------------------------------------------------------------------- */

/* The name in the claim, else the id, else the profile. */
static struct view payer_label(const struct work *work) {
    const struct claim *claim = work->claim;
    return claim->payer_name.size > 0 ? claim->payer_name
           : claim->payer_id.size > 0 ? claim->payer_id
                                      : work->profile;
}

/* One payer has one id, and its name may be written in several ways: the row shows the first of
 * them in byte order, whichever came first. */
static void payer_count(struct report_practice *practice, const struct work *work) {
    const struct claim *claim = work->claim;
    struct view label = payer_label(work);
    struct view own = claim->payer_id.size > 0 ? claim->payer_id : claim->payer_name;
    char key[PRACTICE_KEY_MAX], shown[PRACTICE_LABEL_MAX];
    int size = practice_copy(key, 24, work->profile);
    key[size++] = '\n';
    size += practice_copy(key + size, PRACTICE_KEY_MAX - size, own);
    struct practice_row *row =
        claim_count(practice, work, PRACTICE_PAYERS, (struct view){key, size});
    struct view cut = {shown, practice_copy(shown, PRACTICE_LABEL_MAX, label)};
    struct view old = {row->label, row->label_size};
    if (row->sums.claims == 1 || view_compare(cut, old) < 0) {
        row->label_size = practice_copy(row->label, PRACTICE_LABEL_MAX, cut);
    }
}

/* ---- rules --------------------------------------------------------------------------------- */

/* The findings of a rule in a claim. */
struct rule_sums {
    uint64_t named, covered; /* lines named; lines whose amounts are counted */
    int64_t at_risk;
};

/* A finding whose lines were all counted adds nothing: they are lost once. */
static void rule_risk(struct practice_row *row, struct rule_sums *sums,
                      const struct audit_finding *finding, uint64_t bits) {
    if (finding->severity > RULE_WARN || (bits & ~sums->covered) == 0) {
        return;
    }
    sums->covered |= bits;
    if (money_given(finding->at_risk)) {
        add(&sums->at_risk, positive(finding->at_risk.cents));
    } else {
        row->sums.unknown++;
    }
}

static void rule_name(struct practice_row *row, const struct audit_finding *finding) {
    const struct rule_cite *cite = finding_cite(finding, 0);
    row->rule = finding->rule;
    row->severity = finding->severity < row->severity ? finding->severity : row->severity;
    if (cite && (!row->cite || view_compare(cite->key, row->cite->key) < 0)) {
        row->cite = cite;
    }
}

static void rule_findings(struct report_practice *practice, const struct work *work, int first) {
    const struct audit_result *result = work->result;
    const struct rule *rule = result->findings[first].rule;
    struct practice_row *row =
        practice_at(&practice->tables[PRACTICE_RULES],
                    practice_find(practice, PRACTICE_RULES, rule->id));
    struct rule_sums sums = {0};
    row_claim(practice, row, work);
    for (int i = first; i < result->finding_count; i++) {
        const struct audit_finding *finding = &result->findings[i];
        if (finding->rule != rule || !failed(finding)) {
            continue;
        }
        row->sums.findings++;
        row->sums.errors += finding->severity == RULE_ERROR;
        rule_name(row, finding);
        sums.named |= finding->line_count > 0 ? bits_of(work, finding) : 0;
        rule_risk(row, &sums, finding, bits_of(work, finding));
    }
    for (int i = 0; i < work->line_count; i++) {
        row->sums.lines += (sums.named >> i & 1) != 0;
        add(&row->sums.charge_at_risk, (sums.covered >> i & 1) != 0 ? work->lines[i].charge : 0);
    }
    /* Findings that share some of their lines may say more than there is. */
    add(&row->sums.at_risk,
        sums.at_risk < work->sums.allowed ? sums.at_risk : work->sums.allowed);
}

static void rules_count(struct report_practice *practice, const struct work *work) {
    for (int i = 0; i < work->result->finding_count; i++) {
        if (first_of_rule(work->result, i, RULE_INFO)) {
            rule_findings(practice, work, i);
        }
    }
}

/* ---- providers and codes ------------------------------------------------------------------- */

/* Who rendered a line: of a claim that names nobody, the billing provider. */
static struct view line_provider(const struct claim *claim, const struct claim_line *line) {
    struct view npi = line->rendering.npi.size > 0    ? line->rendering.npi
                      : claim->rendering.npi.size > 0 ? claim->rendering.npi
                                                      : claim->billing.npi;
    return npi.size > 0 ? npi : VIEW("no NPI");
}

static struct view line_code(const struct claim_line *line, char text[9]) {
    return code_given(line->code)      ? code_text(line->code, text)
           : line->code_given.size > 0 ? line->code_given
                                       : VIEW("no code");
}

static void line_count(struct practice_row *row, const struct work *work, int index) {
    const struct claim_line *from = &work->claim->lines[index];
    const struct line_sums *line = &work->lines[index];
    bool minutes = code_equal(from->unit_basis, code_of("MJ"));
    int64_t units = positive(from->units.milli);
    sums_add(&row->sums, &(struct practice_sums){
                             .lines = 1,
                             .units = minutes ? 0 : units,
                             .minutes = minutes ? units : 0,
                             .charge = line->charge,
                             .allowed = line->allowed,
                             .no_amount = !line->priced,
                             .at_risk = line->at_risk,
                             .unknown = line->denied && !work->known,
                             .charge_at_risk = line->denied ? line->charge : 0});
}

/* A finding counts once in each row of which it names a line. */
static void lines_findings(struct report_practice *practice, const struct work *work,
                           struct practice_table *table, const int *at) {
    for (int i = 0; i < work->result->finding_count; i++) {
        const struct audit_finding *finding = &work->result->findings[i];
        practice->findings_seen++;
        for (uint64_t bits = failed(finding) ? bits_of(work, finding) : 0; bits; bits &= bits - 1) {
            struct practice_row *row = practice_at(table, at[__builtin_ctzll(bits)]);
            if (row->finding != practice->findings_seen) {
                row->finding = practice->findings_seen;
                row->sums.findings++;
                row->sums.errors += finding->severity == RULE_ERROR;
            }
        }
    }
}

static void lines_count(struct report_practice *practice, const struct work *work,
                        enum practice_name name) {
    struct practice_table *table = &practice->tables[name];
    int at[CLAIM_LINES_MAX] = {0};
    char text[9];
    for (int i = 0; i < work->line_count; i++) {
        const struct claim_line *line = &work->claim->lines[i];
        struct view key = name == PRACTICE_CODES ? line_code(line, text)
                                                 : line_provider(work->claim, line);
        at[i] = practice_find(practice, name, key);
        struct practice_row *row = practice_at(table, at[i]);
        row_claim(practice, row, work);
        line_count(row, work, i);
    }
    lines_findings(practice, work, table, at);
}

/* ---- the claims with most at risk ---------------------------------------------------------- */

static int64_t rank_money(struct money money) { return money_given(money) ? money.cents : -1; }

/* Below 0: a goes first. What is not known goes last; ids and days decide between equals. */
static int claims_compare(const struct practice_claim *a, const struct practice_claim *b) {
    int64_t mine = rank_money(a->at_risk), other = rank_money(b->at_risk);
    if (mine == other) {
        mine = a->charge.cents;
        other = b->charge.cents;
    }
    if (mine != other) {
        return mine > other ? -1 : 1;
    }
    int order = view_compare((struct view){a->id, a->id_size}, (struct view){b->id, b->id_size});
    return order != 0 ? order : (a->on.day > b->on.day) - (a->on.day < b->on.day);
}

/* Puts a rule in the order of ids; those that no longer fit are counted. */
static void rule_insert(struct practice_claim *claim, const struct rule *rule) {
    int at = claim->rule_count;
    while (at > 0 && view_compare(claim->rules[at - 1]->id, rule->id) > 0) {
        at--;
    }
    if (claim->rule_count == PRACTICE_CLAIM_RULES_MAX) {
        claim->rules_more++;
        claim->rule_count -= at < PRACTICE_CLAIM_RULES_MAX;
    }
    if (at < PRACTICE_CLAIM_RULES_MAX) {
        memmove(&claim->rules[at + 1], &claim->rules[at],
                (size_t)(claim->rule_count - at) * sizeof(const struct rule *));
        claim->rules[at] = rule;
        claim->rule_count++;
    }
}

static void top_insert(struct report_practice *practice, const struct work *work) {
    struct practice_claim claim = {.on = work->first,
                                   .at_risk = {work->sums.at_risk},
                                   .charge = {work->sums.charge_at_risk}};
    if (!work->known) {
        claim.at_risk = MONEY_NONE;
    }
    int at = practice->top_count;
    claim.id_size = practice_copy(claim.id, ID_SIZE_MAX, work->claim->id);
    while (at > 0 && claims_compare(&claim, &practice->top[at - 1]) < 0) {
        at--;
    }
    if (at == PRACTICE_CLAIMS_MAX || (claim.charge.cents <= 0 && work->sums.at_risk <= 0)) {
        return;
    }
    claim.payer_size = practice_copy(claim.payer, PRACTICE_LABEL_MAX, payer_label(work));
    for (int i = 0; i < work->result->finding_count; i++) {
        if (first_of_rule(work->result, i, RULE_ERROR)) {
            rule_insert(&claim, work->result->findings[i].rule);
        }
    }
    practice->top_count += practice->top_count < PRACTICE_CLAIMS_MAX;
    memmove(&practice->top[at + 1], &practice->top[at],
            (size_t)(practice->top_count - 1 - at) * sizeof claim);
    practice->top[at] = claim;
}

/* ---- the whole ----------------------------------------------------------------------------- */

static void total_count(struct report_practice *practice, const struct work *work) {
    const struct audit_result *result = work->result;
    practice->verdicts[result->verdict]++;
    for (int i = 0; i < result->finding_count; i++) {
        const struct audit_finding *finding = &result->findings[i];
        practice->severities[finding->severity] += failed(finding);
        practice->bypassed += finding->status == AUDIT_BYPASSED;
    }
    for (ptrdiff_t i = 0; i < COUNT_OF(practice->stale.word); i++) {
        practice->stale.word[i] |= result->stale_releases.word[i];
    }
    if (date_given(work->first) &&
        (!date_given(practice->first) || work->first.day < practice->first.day)) {
        practice->first = work->first;
    }
    if (date_given(work->last) &&
        (!date_given(practice->last) || work->last.day > practice->last.day)) {
        practice->last = work->last;
    }
    sums_add(&practice->total.sums, &work->sums);
    row_claim(practice, &practice->total, work);
}

static struct view profile_of(const struct report_practice *practice, const struct claim *claim) {
    if (claim->payer_profile.size > 0) {
        return claim->payer_profile;
    }
    struct view profile = store_payer_profile(practice->store, claim->payer_id, claim->filing);
    return profile.size > 0 ? profile : VIEW("not known");
}

void report_practice_claim(struct report_practice *practice, const struct claim *claim,
                           const struct audit_result *result) {
    struct work work = {.claim = claim,
                        .result = result,
                        .profile = profile_of(practice, claim),
                        .first = DATE_NONE,
                        .last = DATE_NONE};
    claim_measure(&work);
    basis_count(practice, &work);
    month_count(practice, &work);
    payer_count(practice, &work);
    rules_count(practice, &work);
    lines_count(practice, &work, PRACTICE_PROVIDERS);
    lines_count(practice, &work, PRACTICE_CODES);
    top_insert(practice, &work);
    total_count(practice, &work);
}

int report_practice_open(struct report_practice **practice, const struct store *store,
                         const struct audit *audit, struct arena *arena) {
    struct report_practice *opened = ARENA_NEW(arena, struct report_practice, 1);
    *practice = opened;
    if (!opened) {
        return STATUS_SYSTEM;
    }
    opened->store = store;
    opened->first = DATE_NONE;
    opened->last = DATE_NONE;
    opened->not_loaded_count = audit_not_loaded(audit, opened->not_loaded, NOT_LOADED_MAX);
    return STATUS_OK;
}

void report_practice_write(struct out *out, enum report_format format,
                           struct report_practice *practice, const struct practice_about *about) {
    practice_sort(practice);
    switch (format) {
    case REPORT_JSON:
    case REPORT_TEXT: practice_text(out, practice, about); break;
    case REPORT_CSV: practice_csv(out, practice); break;
    case REPORT_HTML: practice_html(out, practice, about); break;
    }
    out->failed |= practice->failed;
}

void report_practice_close(struct report_practice *practice) {
    for (int i = 0; practice && i < PRACTICE_TABLES; i++) {
        memory_free(practice->tables[i].rows);
        memory_free(practice->tables[i].slots);
    }
}
