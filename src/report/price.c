/* What a claim pays, line by line and step by step: text and JSON. */
#include "report/report_internal.h"

#define AMOUNT_COLUMNS 12
#define PLACES 4 /* decimals of percentages */

/* What a step is called: in JSON, and for a person. */
static const struct {
    const char *word, *text;
    bool percent; /* the text is followed by the percentage */
} steps[] = {
    [PRICE_STEP_FEE] = {"fee", "", false},
    [PRICE_STEP_DRUG] = {"payment_limit", "", false},
    [PRICE_STEP_ANESTHESIA] = {"anesthesia", "", false},
    [PRICE_STEP_CONTRACT] = {"contract_amount", "amount of the contract", false},
    [PRICE_STEP_OF_MEDICARE] = {"percent_of_medicare", "of Medicare's fee: ", true},
    [PRICE_STEP_CAP] = {"opps_cap", "no more than the outpatient department's amount", false},
    [PRICE_STEP_NONPAR] = {"nonparticipating", "not participating: ", true},
    [PRICE_STEP_UNITS] = {"units", "", false},
    [PRICE_STEP_MODIFIER] = {"modifier", "", false},
    [PRICE_STEP_PROVIDER] = {"nonphysician",
                             "nurse practitioner, nurse specialist, physician assistant: ", true},
    [PRICE_STEP_BOTH_SIDES] = {"both_sides", "both sides: ", true},
    [PRICE_STEP_SECOND_SIDE] = {"second_side", "second side; both together: ", true},
    [PRICE_STEP_FAMILY] = {"endoscopy_family", "less the base endoscopy of its family", false},
    [PRICE_STEP_RANK] = {"multiple_procedures", "", false},
    [PRICE_STEP_COMPONENT] = {"component_reduction",
                              "several of the kind that day; the reduced part pays ", true},
    [PRICE_STEP_CHARGE] = {"charge", "limited by the charge", false},
    [PRICE_STEP_DEDUCTIBLE] = {"deductible", "the patient's deductible", false},
    [PRICE_STEP_COINSURANCE] = {"coinsurance", "of which the patient pays ", true},
    [PRICE_STEP_SEQUESTRATION] = {"sequestration", "of Medicare's payment is sequestered ", true},
};

/* A number with so many decimals, without zeros behind the last that counts. */
static void scaled_write(struct out *out, int64_t value, int decimals, bool all) {
    int64_t unit = 1;
    for (int i = 0; i < decimals; i++) {
        unit *= 10;
    }
    out_int(out, value / unit);
    int64_t rest = value % unit;
    for (bool first = true; unit > 1 && (all || rest > 0); first = false) {
        if (first) {
            out_char(out, '.');
        }
        unit /= 10;
        out_char(out, (char)('0' + rest / unit));
        rest %= unit;
    }
}

static void percent_write(struct out *out, int64_t value) {
    scaled_write(out, value, PLACES, false);
    OUT_TEXT(out, " %");
}

static void part_write(struct out *out, const char *name, int32_t rvu, int32_t gpci) {
    out_view(out, view_of(name));
    scaled_write(out, rvu, 2, true);
    OUT_TEXT(out, " x ");
    scaled_write(out, gpci, 3, true);
}

static void fee_sentence(struct out *out, const struct price_fee *fee) {
    part_write(out, "work ", fee->work, fee->work_gpci);
    part_write(out, fee->facility ? " + facility PE " : " + PE ",
               fee->expense, fee->expense_gpci);
    part_write(out, " + MP ", fee->malpractice, fee->malpractice_gpci);
    OUT_TEXT(out, ", times $");
    scaled_write(out, fee->conversion, 4, true);
}

static void rank_sentence(struct out *out, const struct price_step *step) {
    OUT_TEXT(out, "procedure ");
    out_int(out, step->rank);
    OUT_TEXT(out, " of the day by amount: ");
    percent_write(out, step->value);
}

static void modifier_sentence(struct out *out, const struct price_step *step) {
    char text[9];
    OUT_TEXT(out, "modifier ");
    out_view(out, code_text(step->modifier, text));
    OUT_TEXT(out, ": ");
    percent_write(out, step->value);
}

/* What a step did, without its amount. */
static void step_sentence(struct out *out, const struct price_line *line,
                          const struct price_step *step) {
    switch (step->kind) {
    case PRICE_STEP_FEE:
        fee_sentence(out, &line->parts);
        break;
    case PRICE_STEP_DRUG:
        OUT_TEXT(out, "payment limit $");
        scaled_write(out, step->value, 3, true);
        OUT_TEXT(out, " a unit, times the units");
        break;
    case PRICE_STEP_ANESTHESIA:
        scaled_write(out, step->value, 1, true);
        OUT_TEXT(out, " base and time units at the anesthesia factor");
        break;
    case PRICE_STEP_UNITS:
        scaled_write(out, step->value, 3, false);
        OUT_TEXT(out, " units");
        break;
    case PRICE_STEP_MODIFIER:
        modifier_sentence(out, step);
        break;
    case PRICE_STEP_RANK:
        rank_sentence(out, step);
        break;
    default:
        out_view(out, view_of(steps[step->kind].text));
        if (steps[step->kind].percent) {
            percent_write(out, step->value);
        }
    }
}

void report_money_pad(struct out *out, struct money money, int columns) {
    struct out text;
    out_open(&text, NULL, NULL);
    if (money_given(money)) {
        money_write(&text, money);
    } else {
        OUT_TEXT(&text, "-");
    }
    out_pad(out, columns - out_bytes(&text).size);
    out_view(out, out_bytes(&text));
    out_clear(&text);
    out_close(&text);
}

/* ---- text -------------------------------------------------------------------------------- */

static void steps_text(struct out *out, const struct price_line *line) {
    struct out words;
    out_open(&words, NULL, NULL);
    for (int i = 0; i < line->step_count; i++) {
        out_clear(&words);
        step_sentence(&words, line, &line->steps[i]);
        out_pad(out, 8);
        out_view(out, out_bytes(&words));
        out_pad(out, TEXT_WIDTH - AMOUNT_COLUMNS - 8 - out_bytes(&words).size);
        report_money_pad(out, line->steps[i].amount, AMOUNT_COLUMNS);
        OUT_TEXT(out, "\n");
    }
    out_clear(&words);
    out_close(&words);
}

static void line_note(struct out *out, const struct price_line *line) {
    if (line->state == PRICE_UNKNOWN) {
        OUT_TEXT(out, "        no amount: needs ");
        out_view(out, line->need);
        OUT_TEXT(out, "\n");
    }
    if (line->reason.size > 0) {
        OUT_TEXT(out, "        ");
        out_view(out, line->reason);
        OUT_TEXT(out, "\n");
    }
    if (line->trial && line->state == PRICE_AMOUNT) {
        OUT_TEXT(out, "        trial: a rule of this amount was not verified on its source\n");
    }
    if (money_given(line->limit)) {
        OUT_TEXT(out, "        limiting charge of a unit ");
        money_write(out, line->limit);
        OUT_TEXT(out, "\n");
    }
}

static void amounts_text(struct out *out, struct money allowed, struct money patient,
                         struct money paid) {
    report_money_pad(out, allowed, AMOUNT_COLUMNS);
    report_money_pad(out, patient, AMOUNT_COLUMNS);
    report_money_pad(out, paid, AMOUNT_COLUMNS);
    OUT_TEXT(out, "\n");
}

static void line_text(struct out *out, const struct claim *claim, const struct price *price,
                      int index) {
    const struct price_line *line = &price->lines[index];
    struct out words;
    out_open(&words, NULL, NULL);
    line_sentence(&words, &claim->lines[index], "  ");
    out_format(out, "%6d  ", claim->lines[index].number);
    struct view text = view_sub(out_bytes(&words), 0, TEXT_WIDTH - 3 * AMOUNT_COLUMNS - 9);
    safe_write(out, text);
    out_pad(out, TEXT_WIDTH - 3 * AMOUNT_COLUMNS - 8 - text.size);
    amounts_text(out, line->allowed, line->patient, line->paid);
    out_clear(&words);
    out_close(&words);
    steps_text(out, line);
    line_note(out, line);
}

void report_price_place(struct out *out, const struct price *price) {
    char carrier[9], locality[9];
    if (!price->has_locality) {
        OUT_TEXT(out, "national amounts");
        return;
    }
    safe_write(out, price->locality.name);
    OUT_TEXT(out, " (");
    out_view(out, code_text(price->locality.carrier, carrier));
    OUT_TEXT(out, "/");
    out_view(out, code_text(price->locality.locality, locality));
    out_view(out, price->zip_split ? VIEW("; the ZIP code lies in several localities)")
                                   : VIEW(")"));
}

static void head_text(struct out *out, const struct price *price) {
    out_view(out, price->basis == PRICE_BASIS_MEDICARE   ? VIEW("Medicare, ")
                  : price->basis == PRICE_BASIS_SCHEDULE ? VIEW("contract schedule, ")
                                                         : VIEW("not priced, "));
    report_price_place(out, price);
    OUT_TEXT(out, "\n");
    OUT_TEXT(out, "  line  service");
    out_pad(out, TEXT_WIDTH - 3 * AMOUNT_COLUMNS - 15);
    OUT_TEXT(out, "     allowed     patient    Medicare\n");
}

void report_price_text(struct out *out, const struct claim *claim, const struct price *price) {
    bool medicare = price->basis == PRICE_BASIS_MEDICARE;
    head_text(out, price);
    for (int i = 0; i < price->line_count; i++) {
        line_text(out, claim, price, i);
    }
    OUT_TEXT(out, " total");
    out_pad(out, TEXT_WIDTH - 3 * AMOUNT_COLUMNS - 6);
    bool known = price->unknown < price->line_count;
    amounts_text(out, known ? price->allowed : MONEY_NONE,
                 known && medicare ? price->patient : MONEY_NONE,
                 known && medicare ? price->paid : MONEY_NONE);
    if (price->unknown > 0) {
        OUT_TEXT(out, "        without ");
        count_write(out, price->unknown, "line that has", "lines that have");
        OUT_TEXT(out, " no amount\n");
    }
}

/* "$95.19: work 1.30 x 1.000 + … = $95.19; both sides: 150 % = $142.79" */
static void line_sentences(struct out *out, const struct price_line *line) {
    report_money_pad(out, line->allowed, 0);
    for (int i = 0; i < line->step_count; i++) {
        const struct price_step *step = &line->steps[i];
        if (step->kind >= PRICE_STEP_DEDUCTIBLE) {
            continue;
        }
        out_view(out, i > 0 ? VIEW("; ") : VIEW(": "));
        step_sentence(out, line, step);
        OUT_TEXT(out, " = ");
        money_write(out, step->amount);
    }
    if (line->state == PRICE_UNKNOWN) {
        OUT_TEXT(out, ": no amount, needs ");
        out_view(out, line->need);
    }
    if (line->reason.size > 0) {
        OUT_TEXT(out, ": ");
        out_view(out, line->reason);
    }
    out_view(out, line->trial && line->state == PRICE_AMOUNT
                      ? VIEW(" [trial: not verified on the source]")
                      : VIEW(""));
}

void price_claim_sentence(struct out *out, const struct audit_result *result) {
    const struct price *price = result->price;
    if (price->basis == PRICE_BASIS_NONE) {
        OUT_TEXT(out, "not priced, needs ");
        out_view(out, price->need);
        return;
    }
    if (price->unknown == price->line_count) {
        OUT_TEXT(out, "no amount is known");
        return;
    }
    money_write(out, price->allowed);
    out_view(out, price->basis == PRICE_BASIS_MEDICARE ? VIEW(" allowed by Medicare, ")
                                                       : VIEW(" allowed by contract, "));
    report_price_place(out, price);
    if (price->basis == PRICE_BASIS_MEDICARE) {
        OUT_TEXT(out, "; the patient pays ");
        money_write(out, price->patient);
        OUT_TEXT(out, ", Medicare ");
        money_write(out, price->paid);
    }
    if (price->unknown > 0) {
        OUT_TEXT(out, "; without ");
        count_write(out, price->unknown, "line that has no amount", "lines that have no amount");
    }
    if (result->at_risk.cents > 0) {
        OUT_TEXT(out, "; at risk ");
        money_write(out, result->at_risk);
    }
}

bool price_line_sentence(struct out *out, const struct claim *claim, const struct price *price,
                         int index) {
    char text[9];
    if (price->basis == PRICE_BASIS_NONE || index >= price->line_count) {
        return false;
    }
    OUT_TEXT(out, "line ");
    out_int(out, claim->lines[index].number);
    OUT_TEXT(out, "  ");
    out_view(out, code_text(claim->lines[index].code, text));
    OUT_TEXT(out, "  ");
    line_sentences(out, &price->lines[index]);
    return true;
}

void price_risk_sentence(struct out *out, const struct price *price, struct money at_risk) {
    if (!money_given(at_risk)) {
        return;
    }
    money_write(out, at_risk);
    out_view(out, price->basis == PRICE_BASIS_MEDICARE ? VIEW(" by Medicare's fees, ")
                                                       : VIEW(" by contract, "));
    report_price_place(out, price);
}

/* ---- JSON -------------------------------------------------------------------------------- */

void report_money_json(struct out *out, struct money money) {
    char text[24];
    if (!money_given(money)) {
        OUT_TEXT(out, "null");
        return;
    }
    out_char(out, '"');
    out_view(out, money_text(money, text));
    out_char(out, '"');
}

static void key_money(struct out *out, const char *key, struct money money) {
    out_view(out, view_of(key));
    report_money_json(out, money);
}

static void fee_json(struct out *out, const struct price_fee *fee) {
    static const char *const names[] = {"work", "practice_expense", "malpractice"};
    const int32_t rvu[] = {fee->work, fee->expense, fee->malpractice};
    const int32_t gpci[] = {fee->work_gpci, fee->expense_gpci, fee->malpractice_gpci};
    for (int i = 0; i < COUNT_OF(rvu); i++) {
        out_format(out, ",\"%s\":\"", names[i]);
        scaled_write(out, rvu[i], 2, true);
        out_format(out, "\",\"%s_gpci\":\"", names[i]);
        scaled_write(out, gpci[i], 3, true);
        out_char(out, '"');
    }
    OUT_TEXT(out, ",\"conversion\":\"");
    scaled_write(out, fee->conversion, 4, true);
    out_view(out, fee->facility ? VIEW("\",\"setting\":\"facility\"")
                                : VIEW("\",\"setting\":\"nonfacility\""));
}

static void step_json(struct out *out, const struct price_line *line,
                      const struct price_step *step) {
    char text[9];
    OUT_TEXT(out, "{\"step\":\"");
    out_view(out, view_of(steps[step->kind].word));
    out_char(out, '"');
    if (step->kind == PRICE_STEP_FEE) {
        fee_json(out, &line->parts);
    } else if (step->value != 0) {
        bool units = step->kind == PRICE_STEP_UNITS;
        bool limit = step->kind == PRICE_STEP_DRUG;
        bool tenths = step->kind == PRICE_STEP_ANESTHESIA;
        out_view(out, units || tenths ? VIEW(",\"units\":\"")
                      : limit         ? VIEW(",\"limit\":\"")
                                      : VIEW(",\"percent\":\""));
        scaled_write(out, step->value, units || limit ? 3 : tenths ? 1 : PLACES, limit);
        out_char(out, '"');
    }
    if (step->rank > 0) {
        OUT_TEXT(out, ",\"rank\":");
        out_int(out, step->rank);
    }
    if (code_given(step->modifier)) {
        OUT_TEXT(out, ",\"modifier\":");
        out_json(out, code_text(step->modifier, text));
    }
    key_money(out, ",\"amount\":", step->amount);
    out_char(out, '}');
}

static void line_json(struct out *out, const struct claim *claim, const struct price *price,
                      int index) {
    const struct price_line *line = &price->lines[index];
    OUT_TEXT(out, "{\"line\":");
    out_int(out, claim->lines[index].number);
    key_money(out, ",\"allowed\":", line->allowed);
    if (price->basis == PRICE_BASIS_MEDICARE && line->state != PRICE_UNKNOWN) {
        key_money(out, ",\"patient\":", line->patient);
        key_money(out, ",\"paid\":", line->paid);
    }
    if (line->state == PRICE_UNKNOWN) {
        OUT_TEXT(out, ",\"needs\":");
        out_json(out, line->need);
    }
    if (line->reason.size > 0) {
        OUT_TEXT(out, ",\"reason\":");
        out_json(out, line->reason);
    }
    if (money_given(line->limit)) {
        key_money(out, ",\"limiting_charge\":", line->limit);
    }
    out_view(out, line->trial ? VIEW(",\"trial\":true") : VIEW(""));
    if (line->step_count > 0) {
        OUT_TEXT(out, ",\"steps\":[");
        for (int i = 0; i < line->step_count; i++) {
            out_view(out, view_of(i > 0 ? "," : ""));
            step_json(out, line, &line->steps[i]);
        }
        OUT_TEXT(out, "]");
    }
    out_char(out, '}');
}

struct view report_price_basis(enum price_basis basis) {
    return basis == PRICE_BASIS_MEDICARE   ? VIEW("medicare_pfs")
           : basis == PRICE_BASIS_SCHEDULE ? VIEW("schedule")
                                           : VIEW("none");
}

void report_price_json(struct out *out, const struct claim *claim, const struct price *price) {
    char carrier[9], locality[9];
    OUT_TEXT(out, "\"basis\":\"");
    out_view(out, report_price_basis(price->basis));
    out_char(out, '"');
    if (price->basis == PRICE_BASIS_NONE) {
        OUT_TEXT(out, ",\"needs\":");
        out_json(out, price->need);
        return;
    }
    OUT_TEXT(out, ",\"locality\":");
    if (price->has_locality) {
        out_char(out, '"');
        out_view(out, code_text(price->locality.carrier, carrier));
        out_char(out, '/');
        out_view(out, code_text(price->locality.locality, locality));
        out_char(out, '"');
    } else {
        OUT_TEXT(out, "null");
    }
    bool known = price->unknown < price->line_count;
    key_money(out, ",\"allowed\":", known ? price->allowed : MONEY_NONE);
    if (price->basis == PRICE_BASIS_MEDICARE && known) {
        key_money(out, ",\"patient\":", price->patient);
        key_money(out, ",\"paid\":", price->paid);
    }
    if (price->unknown > 0) {
        OUT_TEXT(out, ",\"lines_without_amount\":");
        out_int(out, price->unknown);
    }
    OUT_TEXT(out, ",\"lines\":[");
    for (int i = 0; i < price->line_count; i++) {
        out_view(out, view_of(i > 0 ? "," : ""));
        line_json(out, claim, price, i);
    }
    OUT_TEXT(out, "]");
}

void price_finding_json(struct out *out, const struct price *price,
                        const struct audit_finding *finding) {
    if (finding->status == AUDIT_FAIL && finding->severity <= RULE_WARN) {
        OUT_TEXT(out, ",\"money\":{\"at_risk\":");
        report_money_json(out, finding->at_risk);
        OUT_TEXT(out, ",\"basis\":\"");
        out_view(out, report_price_basis(price->basis));
        OUT_TEXT(out, "\"}");
    }
}
