/* A line on its own: which schedule, the fee of one unit, its units [rvu26a] [edits-5]. */
#include "price/price_internal.h"

#define MILLIS INT64_C(1000)

/* RVU in hundredths, GPCI in thousandths, factor in ten-thousandths: the product is in 10^-9
 * dollars, and one rounding gives cents. */
int64_t price_fee_cents(const struct price_fee *fee) {
    int64_t parts = (int64_t)fee->work * fee->work_gpci +
                    (int64_t)fee->expense * fee->expense_gpci +
                    (int64_t)fee->malpractice * fee->malpractice_gpci;
    return (parts * fee->conversion + 5000000) / 10000000;
}

int64_t price_anesthesia_cents(int64_t unit_tenths, int64_t conversion) {
    return (unit_tenths * conversion + 500) / 1000;
}

static struct store_when when_of(const struct pricer *pricer, const struct work *work) {
    return (struct store_when){work->on, pricer->options.as_of};
}

/* The factor of the day: the row's, or for qualifying participants that of their file, else the
 * one all their rows have. */
static int32_t conversion_of(const struct pricer *pricer, const struct work *work,
                             struct price_line *line, const struct store_mpfs *row,
                             struct code modifier) {
    int32_t conversion = row->conversion;
    struct store_proof proof;
    if (pricer->options.qp &&
        !store_qpp_conversion(pricer->store, work->line->code, modifier, when_of(pricer, work),
                              &conversion, &proof)) {
        conversion = (int32_t)payment_value(work, line, PAYMENT_CONVERSIONQP, row->conversion);
    }
    return conversion;
}

static struct price_fee fee_parts(const struct pricer *pricer, const struct work *work,
                                  struct price_line *line, const struct store_mpfs *row,
                                  struct code modifier) {
    return (struct price_fee){
        .work = row->work,
        .expense = work->facility ? row->pe_facility : row->pe_nonfacility,
        .malpractice = row->malpractice,
        .work_gpci = work->locality.work,
        .expense_gpci = work->locality.practice_expense,
        .malpractice_gpci = work->locality.malpractice,
        .conversion = conversion_of(pricer, work, line, row, modifier),
        .facility = work->facility,
    };
}

/* Fee of another row of the same code, or of another code, in the same place: -1 without one. */
static int64_t fee_of_row(const struct pricer *pricer, const struct work *work, uint32_t id,
                          struct code modifier) {
    struct store_mpfs row;
    if (id == STORE_NO_CODE ||
        !store_mpfs(pricer->store, id, modifier, when_of(pricer, work), &row)) {
        return -1;
    }
    struct price_fee fee = fee_parts(pricer, work, NULL, &row, modifier);
    return price_fee_cents(&fee);
}

/* ---- where and when ---------------------------------------------------------------------- */

static void modifiers_read(struct work *work) {
    const struct claim_line *line = work->line;
    work->professional = line_has_modifier(line, code_of("26"));
    work->technical = line_has_modifier(line, code_of("TC"));
    work->left = line_has_modifier(line, code_of("LT"));
    work->right = line_has_modifier(line, code_of("RT"));
    work->both = line_has_modifier(line, code_of("50"));
    work->waived =
        line_has_modifier(line, code_of("33")) || line_has_modifier(line, code_of("PT"));
}

static bool basics(struct pricer *pricer, struct work *work, struct price_line *line) {
    const struct claim_line *given = work->line;
    work->on = given->from;
    work->provider = given->rendering.npi.size > 0 ? claim_npi_key(given->rendering.npi)
                                                   : pricer->provider;
    modifiers_read(work);
    if (!date_given(work->on)) {
        line_unknown(line, VIEW("claim:service_date"));
    } else if (!code_given(given->code)) {
        line_unknown(line, VIEW("claim:code"));
    } else if (!given->units_known || !quantity_given(given->units) || given->units.milli <= 0 ||
               given->units.milli > MILLI_MAX) {
        line_unknown(line, VIEW("claim:units"));
    } else {
        work->milli = given->units.milli;
        work->rules = payment_rules(pricer, work->on);
        work->id = store_code_id(pricer->store, given->code);
        work->local = locality_find(pricer, given, work->on, &work->locality);
        work->coinsurance = payment_value(work, NULL, PAYMENT_COINSURANCE, 20 * PERCENT);
        return true;
    }
    return false;
}

static bool place(struct pricer *pricer, struct work *work, struct price_line *line) {
    struct code pos = code_given(work->line->place_of_service) ? work->line->place_of_service
                                                               : pricer->claim->place_of_service;
    struct store_pos row;
    if (!code_given(pos) || !store_pos(pricer->store, pos, when_of(pricer, work), &row)) {
        line_unknown(line, VIEW("claim:place_of_service"));
        return false;
    }
    work->facility = row.facility;
    work->hospital = row.hospital_outpatient_or_inpatient;
    return true;
}

/* ---- physician fee schedule -------------------------------------------------------------- */

/* The row of 26, TC or 53, where the code has one. */
static void row_find(struct pricer *pricer, struct work *work) {
    struct store_when when = when_of(pricer, work);
    const struct code parts[] = {code_of("26"), code_of("TC"), code_of("53")};
    for (int i = 0; i < COUNT_OF(parts) && work->id != STORE_NO_CODE; i++) {
        work->part = parts[i];
        if (line_has_modifier(work->line, work->part) &&
            store_mpfs(pricer->store, work->id, work->part, when, &work->row)) {
            work->in_store = true;
            return;
        }
    }
    work->part = CODE_NONE;
    work->in_store = work->id != STORE_NO_CODE &&
                     store_mpfs(pricer->store, work->id, CODE_NONE, when, &work->row);
}

/* Statuses that the schedule does not price [rvu26a]; false when it does. */
static bool status_ends(const struct work *work, struct price_line *line) {
    switch (work->row.status) {
    case 'A':
    case 'R':
    case 'T':
        return false;
    case 'B':
    case 'P':
        line_nothing(line, VIEW("bundled into other services"));
        return true;
    case 'C':
        line_unknown(line, VIEW("payer:contractor_price"));
        return true;
    case 'E':
    case 'X':
        line_unknown(line, VIEW("payer:other_schedule"));
        return true;
    case 'M':
        line_nothing(line, VIEW("reporting only"));
        return true;
    case 'N':
        line_nothing(line, VIEW("not covered by Medicare"));
        return true;
    default:
        line_nothing(line, VIEW("not valid for Medicare"));
        return true;
    }
}

/* Technical parts and incident-to services in a hospital are the hospital's [rvu26a]. */
static bool hospital_has_it(const struct work *work) {
    char pctc = work->row.pctc;
    return work->hospital && (pctc == '3' || pctc == '5' || (pctc == '1' && work->technical));
}

int64_t fee_capped(const struct store *store, struct code code, struct code part,
                   const struct store_locality *locality, bool in_facility,
                   struct store_when when, int64_t cents) {
    struct money nonfacility, facility;
    struct store_proof proof;
    if (!store_opps_cap(store, code, part, locality->carrier, locality->locality, when,
                        &nonfacility, &facility, &proof)) {
        return cents;
    }
    struct money cap = in_facility ? facility : nonfacility;
    return money_given(cap) && cap.cents > 0 && cap.cents < cents ? cap.cents : cents;
}

static void imaging_cap(struct pricer *pricer, struct work *work, struct price_line *line) {
    int64_t capped = work->local ? fee_capped(pricer->store, work->line->code, work->part,
                                              &work->locality, work->facility,
                                              when_of(pricer, work), work->unit)
                                 : work->unit;
    if (capped < work->unit) {
        work->unit = capped;
        step_add(pricer, line, PRICE_STEP_CAP, 0, work->unit);
    }
}

/* The parts of the unit that other rules reduce: of indicators 4, 6 and 7 the two components, of 5
 * the practice expense. */
static void components(struct pricer *pricer, struct work *work) {
    char multiple = work->row.multiple;
    if (multiple == '5') {
        struct price_fee expense = fee_parts(pricer, work, NULL, &work->row, CODE_NONE);
        expense.work = expense.malpractice = 0;
        work->part_expense = price_fee_cents(&expense);
        work->component = multiple;
    } else if (multiple == '4' || multiple == '6' || multiple == '7') {
        bool global = !work->professional && !work->technical;
        work->part_professional = work->professional ? work->unit : 0;
        work->part_technical = work->technical ? work->unit : 0;
        if (global) {
            work->part_professional = fee_of_row(pricer, work, work->id, code_of("26"));
            work->part_technical = fee_of_row(pricer, work, work->id, code_of("TC"));
        }
        work->component =
            work->part_professional >= 0 && work->part_technical >= 0 ? multiple : '0';
    }
}

static void fee_schedule(struct pricer *pricer, struct work *work, struct price_line *line) {
    if (!place(pricer, work, line)) {
        return;
    }
    if (!work->in_store) {
        line_unknown(line, VIEW("store:mpfs"));
        return;
    }
    line->table = STORE_MPFS;
    line->proof = work->row.proof;
    if (status_ends(work, line)) {
        return;
    }
    if (hospital_has_it(work)) {
        line_nothing(line, VIEW("the hospital's part, not the physician's"));
        return;
    }
    line->parts = fee_parts(pricer, work, line, &work->row, work->part);
    work->unit = price_fee_cents(&line->parts);
    if (work->unit <= 0 || work->unit > CENTS_MAX) {
        line_unknown(line, VIEW("payer:contractor_price"));
        return;
    }
    line->has_parts = true;
    line->state = PRICE_AMOUNT;
    line->fee = (struct money){work->unit};
    step_add(pricer, line, PRICE_STEP_FEE, 0, work->unit);
    imaging_cap(pricer, work, line);
    components(pricer, work);
    work->component = work->component ? work->component : '0';
    if (work->row.multiple == '3' && code_given(work->row.endo_base)) {
        work->base = fee_of_row(pricer, work, store_code_id(pricer->store, work->row.endo_base),
                                CODE_NONE);
    }
    if (pricer->options.nonparticipating) {
        line->limit = (struct money){price_percent(
            work->unit, payment_value(work, line, PAYMENT_LIMITINGCHARGE, WHOLE))};
        int64_t rate = payment_value(work, line, PAYMENT_NONPARTICIPANT, WHOLE);
        work->unit = price_percent(work->unit, rate);
        work->part_expense = price_percent(work->part_expense, rate);
        work->part_professional = price_percent(work->part_professional, rate);
        work->part_technical = price_percent(work->part_technical, rate);
        step_add(pricer, line, PRICE_STEP_NONPAR, rate, work->unit);
    }
}

/* ---- drugs, anesthesia ------------------------------------------------------------------- */

/* The limit has mills: all units are multiplied before the one rounding. */
static bool drug(struct pricer *pricer, struct work *work, struct price_line *line) {
    int64_t limit, share;
    if (!store_asp(pricer->store, work->line->code, when_of(pricer, work), &limit, &share,
                   &line->proof)) {
        return false;
    }
    line->table = STORE_ASP;
    if (limit <= 0 || limit > CENTS_MAX) {
        line_unknown(line, VIEW("payer:contractor_price"));
        return true;
    }
    line->state = PRICE_AMOUNT;
    line->fee = (struct money){(limit + 5) / 10};
    work->unit = line->fee.cents;
    work->full = (limit * work->milli + 5000) / 10000;
    work->component = '0';
    work->coinsurance = share >= 0 ? share * (PERCENT / MILLIS) : work->coinsurance;
    step_add(pricer, line, PRICE_STEP_DRUG, limit, work->full);
    return true;
}

/* Base units and tenths of a time unit at the locality's factor; direction by modifier
 * [edits-5]. */
static void anesthesia(struct pricer *pricer, struct work *work, struct price_line *line) {
    int64_t conversion, base = pricer->options.base_units;
    int64_t per_unit = payment_value(work, line, PAYMENT_ANESMINUTES, 15 * PERCENT) / PERCENT;
    int64_t minutes = code_equal(work->line->unit_basis, code_of("MJ")) ? work->milli / MILLIS
                      : work->line->minutes >= 0                        ? work->line->minutes
                                                                        : -1;
    bool supervised = line_has_modifier(work->line, code_of("AD"));
    if (!work->local || !store_anesthesia(pricer->store, work->locality.carrier,
                                          work->locality.locality, when_of(pricer, work),
                                          &conversion, &line->proof)) {
        conversion = payment_value(work, line, PAYMENT_ANESNATIONAL, 0);
    }
    if (conversion <= 0 || (base <= 0 && !supervised)) {
        line_unknown(line, conversion <= 0 ? VIEW("store:anesthesia")
                                           : VIEW("price:base_units"));
        return;
    }
    if (minutes < 0 && !supervised) {
        line_unknown(line, VIEW("claim:minutes"));
        return;
    }
    int64_t tenths = base * 10 + (minutes * 10 + per_unit / 2) / per_unit;
    if (supervised) {
        tenths = payment_value(work, line, PAYMENT_ANESSUPERVISED, 3 * PERCENT) * 10 / PERCENT;
    }
    line->state = PRICE_AMOUNT;
    line->table = STORE_ANESTHESIA;
    work->unit = work->full = price_anesthesia_cents(tenths, conversion);
    line->fee = (struct money){work->unit};
    work->component = '0';
    work->milli = MILLIS;
    step_add(pricer, line, PRICE_STEP_ANESTHESIA, tenths, work->unit);
}

/* ---- which ------------------------------------------------------------------------------- */

/* Drugs have no amount in the fee schedule, whether they are listed there or not. */
static void medicare(struct pricer *pricer, struct work *work, struct price_line *line) {
    char status = work->in_store ? work->row.status : 0;
    bool scheduled = status == 'A' || status == 'R' || status == 'T';
    if (status == 'J') {
        anesthesia(pricer, work, line);
    } else if (scheduled || !drug(pricer, work, line)) {
        fee_schedule(pricer, work, line);
    }
}

/* A contract pays an amount, or a percentage of what Medicare would; which modifiers and
 * indicators count stays Medicare's. */
static void contract(struct pricer *pricer, struct work *work, struct price_line *line) {
    const struct schedule_row *row =
        schedule_find(pricer->options.schedule, pricer->payer.profile, work->line, work->on);
    if (!row) {
        line_unknown(line, VIEW("schedule"));
        return;
    }
    if (!row->is_amount) {
        medicare(pricer, work, line);
        if (line->state == PRICE_AMOUNT) {
            work->unit = price_percent(work->unit, row->value);
            work->full = price_percent(work->full, row->value);
            work->part_expense = price_percent(work->part_expense, row->value);
            work->part_professional = price_percent(work->part_professional, row->value);
            work->part_technical = price_percent(work->part_technical, row->value);
            work->base = work->base < 0 ? -1 : price_percent(work->base, row->value);
            step_add(pricer, line, PRICE_STEP_OF_MEDICARE, row->value,
                     work->full > 0 ? work->full : work->unit);
        }
        return;
    }
    line->state = PRICE_AMOUNT;
    line->fee = (struct money){row->value};
    work->unit = row->value;
    work->component = '0';
    step_add(pricer, line, PRICE_STEP_CONTRACT, 0, work->unit);
}

void line_alone(struct pricer *pricer, int index) {
    struct work *work = &pricer->work[index];
    struct price_line *line = &pricer->price.lines[index];
    if (!basics(pricer, work, line)) {
        return;
    }
    row_find(pricer, work);
    if (pricer->price.basis == PRICE_BASIS_SCHEDULE) {
        contract(pricer, work, line);
    } else {
        medicare(pricer, work, line);
    }
    if (line->state != PRICE_AMOUNT) {
        return;
    }
    unit_modifiers(pricer, work, line);
    if (line->state == PRICE_AMOUNT && work->full == 0) {
        work->full = (work->unit * work->milli + MILLIS / 2) / MILLIS;
        if (work->milli != MILLIS) {
            step_add(pricer, line, PRICE_STEP_UNITS, work->milli, work->full);
        }
    }
}
