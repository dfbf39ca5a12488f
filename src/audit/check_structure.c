/* Structure of the claim: charge_balance, units_invalid, pos_invalid, frequency_reference; calls
 * the checks of dates, diagnoses and drugs. */
#include "audit/structure.h"

#define UNITS_MAX_MILLI (INT64_C(9999999) * 1000) /* seven digits is what payers' systems hold */

/* ---- more than a claim holds --------------------------------------------------------------- */

/* What stands beyond the limits of the claim was not read: that must be said. */
static void limit_finding(struct audit_pass *pass, int extra, const char *what) {
    if (extra <= 0) {
        return;
    }
    struct audit_finding *finding = finding_add(pass, RULE_X12_STRUCTURE, NULL);
    struct text text;
    text_open(&text, pass);
    text_int(&text, extra);
    text_add(&text, what);
    finding->message = text_close(&text);
    finding->fix = VIEW("split the claim");
}

static void check_limits(struct audit_pass *pass) {
    limit_finding(pass, pass->claim->lines_extra,
                  " service lines beyond the 50 of a claim were not vetted");
    limit_finding(pass, pass->claim->diagnoses_extra,
                  " diagnoses beyond the 12 of a claim were not vetted");
}

/* ---- charges ----------------------------------------------------------------------------- */

static void charge_finding(struct audit_pass *pass, const struct audit_line *line,
                           struct view message) {
    struct audit_finding *finding = finding_add(pass, RULE_CHARGE_BALANCE, line);
    finding->at = line ? place_or(line->line->charge_at, line->line->at)
                       : place_or(pass->claim->charge_at, pass->claim->at);
    finding->message = message;
    finding->fix = VIEW("correct the charge in the billing system and send the claim anew");
}

static void negative_charge(struct audit_pass *pass, const struct audit_line *line,
                            struct money charge) {
    struct text text;
    text_open(&text, pass);
    text_add(&text, line ? "the charge of the line is negative: "
                         : "the total charge of the claim is negative: ");
    text_money(&text, charge);
    charge_finding(pass, line, text_close(&text));
}

/* Sum of the line charges; MONEY_NONE when one is not known, missing or beyond counting. */
static struct money charges_sum(struct audit_pass *pass) {
    struct money sum = {0};
    if (pass->claim->lines_extra > 0) {
        gap_add(pass, RULE_CHARGE_BALANCE, VIEW("claim:lines"));
        sum = MONEY_NONE;
    }
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        struct money charge = line->line->charge;
        if (!line->line->charge_known) {
            gap_add(pass, RULE_CHARGE_BALANCE, VIEW("claim:lines.charge"));
            sum = MONEY_NONE;
        } else if (!money_given(charge)) {
            charge_finding(pass, line, VIEW("the line has no charge that is an amount"));
            sum = MONEY_NONE;
        } else if (charge.cents < 0) {
            negative_charge(pass, line, charge);
            sum = MONEY_NONE;
        } else if (money_given(sum)) {
            sum = charge.cents > INT64_MAX - sum.cents ? MONEY_NONE
                                                       : (struct money){sum.cents + charge.cents};
        }
    }
    return sum;
}

/* Out of balance is wrong by a cent too: the total must equal the sum exactly [x222a1]. */
void check_charges(struct audit_pass *pass) {
    const struct claim *claim = pass->claim;
    struct money total = claim->total_charge;
    struct money sum = charges_sum(pass);
    if (!claim->total_charge_known) {
        gap_add(pass, RULE_CHARGE_BALANCE, VIEW("claim:total_charge"));
        return;
    }
    if (!money_given(total)) {
        charge_finding(pass, NULL, VIEW("the claim has no total charge that is an amount"));
    } else if (total.cents < 0) {
        negative_charge(pass, NULL, total);
    } else if (money_given(sum) && sum.cents != total.cents) {
        struct text text;
        text_open(&text, pass);
        text_add(&text, "the total charge is ");
        text_money(&text, total);
        text_add(&text, ", but the lines add up to ");
        text_money(&text, sum);
        charge_finding(pass, NULL, text_close(&text));
    }
}

/* ---- units ------------------------------------------------------------------------------- */

/* CPT codes and G codes count whole services; drugs and supplies may be given in fractions. */
static bool counts_whole(const struct audit_line *line) {
    char first = (char)(line->line->code.bits >> 56);
    bool service = (first >= '0' && first <= '9') || first == 'G';
    return service && !line->has_drug && !code_equal(line->line->unit_basis, code_of("MJ"));
}

static const char *units_fault(const struct audit_line *line) {
    struct quantity units = line->line->units;
    if (!quantity_given(units)) {
        return "the line has no units";
    }
    if (units.milli <= 0) {
        return units.milli < 0 ? "the units of the line are negative" : "the line has 0 units";
    }
    if (units.milli > UNITS_MAX_MILLI) {
        return "the line has more units than seven digits hold";
    }
    return units.milli % 1000 != 0 && counts_whole(line)
               ? "the line has a fraction of a unit of a service that is counted whole"
               : NULL;
}

void check_units(struct audit_pass *pass) {
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (!line->line->units_known) {
            gap_add(pass, RULE_UNITS_INVALID, VIEW("claim:lines.units"));
            continue;
        }
        const char *fault = units_fault(line);
        if (!fault) {
            continue;
        }
        struct audit_finding *finding = finding_add(pass, RULE_UNITS_INVALID, line);
        struct text text;
        finding->at = place_or(line->line->units_at, line->line->at);
        text_open(&text, pass);
        text_add(&text, fault);
        if (quantity_given(line->line->units) && line->line->units.milli != 0) {
            text_add(&text, ": ");
            text_quantity(&text, line->line->units);
        }
        finding->message = text_close(&text);
        finding->fix = VIEW("bill the number of services that the record shows");
    }
}

/* ---- place of service -------------------------------------------------------------------- */

static struct audit_finding *place_finding(struct audit_pass *pass, const struct audit_line *line) {
    struct audit_finding *finding = finding_add(pass, RULE_POS_INVALID, line);
    struct text text;
    finding->at = code_given(line->line->place_of_service)
                      ? place_or(line->line->pos_at, line->line->at)
                      : place_or(pass->claim->pos_at, pass->claim->at);
    text_open(&text, pass);
    if (code_given(line->pos)) {
        text_add(&text, "place of service ");
        text_code(&text, line->pos);
        text_add(&text, " is not in force on ");
        text_date(&text, line->from);
    } else {
        text_add(&text, "neither the claim nor the line has a place of service");
    }
    finding->message = text_close(&text);
    finding->fix = VIEW("give the two digits of the place where the patient was treated");
    return finding;
}

/* True when the place is wrong; what cannot be judged is a gap or another check's finding. */
static bool place_wrong(struct audit_pass *pass, const struct audit_line *line) {
    if (!code_given(line->pos)) {
        if (pass->claim->pos_known) {
            return true;
        }
        gap_add(pass, RULE_POS_INVALID, VIEW("claim:place_of_service"));
        return false;
    }
    if (line->facility || !date_given(line->from)) {
        return false; /* facility: it was found in the table when the pass was opened */
    }
    struct store_pos row;
    if (pass_place(pass, line, &row)) {
        pass_used(pass, row.proof, line->from);
        return false;
    }
    if (!store_has(pass->store, STORE_POS)) {
        gap_add(pass, RULE_POS_INVALID, VIEW("store:pos"));
        return false;
    }
    return true;
}

/* The claim's place of service is one fault, however many lines inherit it. */
void check_place(struct audit_pass *pass) {
    struct audit_finding *claim_finding = NULL;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        bool own = code_given(line->line->place_of_service);
        bool same = i > 0 && !own && !claim_finding && code_equal(line->pos, line[-1].pos) &&
                    line->from.day == line[-1].from.day &&
                    !code_given(line[-1].line->place_of_service);
        if (same || !place_wrong(pass, line)) {
            continue;
        }
        if (!own && claim_finding) {
            finding_line(claim_finding, line);
            continue;
        }
        struct audit_finding *finding = place_finding(pass, line);
        claim_finding = own ? claim_finding : finding;
    }
}

/* ---- claim frequency --------------------------------------------------------------------- */

static void frequency_finding(struct audit_pass *pass, const char *reason, struct view fix) {
    struct audit_finding *finding = finding_add(pass, RULE_FREQUENCY_REFERENCE, NULL);
    struct text text;
    text_open(&text, pass);
    text_add(&text, "claim frequency ");
    text_code(&text, pass->claim->frequency);
    text_add(&text, reason);
    finding->message = code_given(pass->claim->frequency)
                           ? text_close(&text)
                           : VIEW("the claim has no frequency code (CLM05-3)");
    finding->fix = fix;
}

/* 1 original, 7 replacement, 8 void; a replacement or void names the claim it is about by the
 * payer's own number [x222a1]. */
void check_frequency(struct audit_pass *pass) {
    const struct claim *claim = pass->claim;
    if (!claim->frequency_known) {
        gap_add(pass, RULE_FREQUENCY_REFERENCE, VIEW("claim:frequency_code"));
        return;
    }
    if (code_equal(claim->frequency, code_of("1"))) {
        return;
    }
    if (!code_equal(claim->frequency, code_of("7")) &&
        !code_equal(claim->frequency, code_of("8"))) {
        frequency_finding(pass, " is none of 1 (original), 7 (replacement) and 8 (void)",
                          VIEW("send 1 for a first claim, 7 to replace or 8 to void a claim"));
    } else if (!claim->original_reference.at) {
        gap_add(pass, RULE_FREQUENCY_REFERENCE, VIEW("claim:original_reference"));
    } else if (claim->original_reference.size == 0) {
        frequency_finding(pass, " lacks the payer's number of the claim it replaces or voids",
                          VIEW("add the payer's claim control number from the remittance "
                               "(REF*F8), or send the claim as an original"));
    }
}

void check_structure(struct audit_pass *pass) {
    check_limits(pass);
    check_dates(pass);
    check_timely(pass);
    check_charges(pass);
    check_units(pass);
    check_diagnoses(pass);
    check_place(pass);
    check_frequency(pass);
    check_ndc(pass);
}
