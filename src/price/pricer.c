/* Opens a pricer and takes a claim through the two stages; the patient's share comes last. */
#include <string.h>

#include "price/price_internal.h"

int64_t price_percent(int64_t cents, int64_t percent) {
    return (cents * percent + WHOLE / 2) / WHOLE;
}

/* Indices hold for a year: some edition must have the place. */
static bool locality_known(const struct store *store, const struct price_options *options,
                           struct store_locality *locality) {
    for (int i = 0; i < store_release_count(store); i++) {
        struct store_release release = store_release(store, i);
        struct store_when when = {release.effective, options->as_of};
        if (release.table == STORE_GPCI &&
            store_locality(store, options->carrier, options->locality, when, locality)) {
            return true;
        }
    }
    return false;
}

int price_open(struct pricer **pricer, const struct store *store,
               const struct price_options *options, struct arena *arena, struct diag *diag) {
    struct pricer *opened = ARENA_NEW(arena, struct pricer, 1);
    if (!opened) {
        diag_set(diag, "memory", "out of memory");
        return STATUS_SYSTEM;
    }
    opened->store = store;
    opened->options = *options;
    *pricer = opened;
    if (code_given(options->locality)) {
        /* Localities are looked up again on the day of a line; this is to refuse what is none. */
        opened->has_given = locality_known(store, options, &opened->given);
        if (!opened->has_given) {
            char carrier[9], locality[9];
            (void)code_text(options->carrier, carrier);
            (void)code_text(options->locality, locality);
            diag_set(diag, "price_locality",
                     "the store has no locality %s/%s; give CARRIER/LOCALITY as in its gpci table",
                     carrier, locality);
            return STATUS_USAGE;
        }
    }
    return STATUS_OK;
}

static const char *const rule_names[] = {
#define PAYMENT(name) #name,
#include "price/rules.def"
#undef PAYMENT
};

static struct date later(struct date a, struct date b) {
    return !date_given(a) || (date_given(b) && b.day > a.day) ? b : a;
}

static struct date earlier(struct date a, struct date b) {
    return !date_given(a) || (date_given(b) && b.day < a.day) ? b : a;
}

static bool day_within(struct date on, struct date from, struct date to) {
    return (!date_given(from) || from.day <= on.day) && (!date_given(to) || on.day <= to.day);
}

/* A rule that the store lacks on the day says nothing of other days. */
static void set_read(struct pricer *pricer, struct payment_set *set, struct date on) {
    *set = (struct payment_set){.read = true, .from = DATE_NONE, .to = DATE_NONE};
    struct store_when when = {on, pricer->options.as_of};
    for (int i = 0; i < PAYMENT_RULES; i++) {
        struct payment_value *value = &set->at[i];
        struct store_proof proof;
        struct view source;
        value->known = store_payment_rule(pricer->store, rule_names[i], when, &value->value,
                                          &source, &value->trial, &proof);
        set->from = later(set->from, value->known ? proof.from : on);
        set->to = earlier(set->to, value->known ? proof.to : on);
    }
}

const struct payment_set *payment_rules(struct pricer *pricer, struct date on) {
    for (int i = 0; i < COUNT_OF(pricer->sets); i++) {
        const struct payment_set *set = &pricer->sets[i];
        if (set->read && day_within(on, set->from, set->to)) {
            return set;
        }
    }
    struct payment_set *set = &pricer->sets[pricer->set_next];
    pricer->set_next = (pricer->set_next + 1) % (int)COUNT_OF(pricer->sets);
    set_read(pricer, set, on);
    return set;
}

int64_t payment_value(const struct work *work, struct price_line *line, enum payment_rule rule,
                      int64_t otherwise) {
    const struct payment_value *value = &work->rules->at[rule];
    if (line) {
        line->trial |= value->known && value->trial;
    }
    return value->known ? value->value : otherwise;
}

/* ---- where ------------------------------------------------------------------------------- */

static void locality_national(struct store_locality *locality) {
    *locality = (struct store_locality){.work = 1000,
                                        .practice_expense = 1000,
                                        .malpractice = 1000,
                                        .proof = {.release = STORE_NO_RELEASE}};
}

static struct view line_zip(const struct pricer *pricer, const struct claim_line *line) {
    return line->facility_zip.size > 0            ? line->facility_zip
           : pricer->claim->facility_zip.size > 0 ? pricer->claim->facility_zip
                                                  : pricer->claim->billing_zip;
}

/* Most claims of a file come from a few places: the last answer is kept. */
static bool zip_find(struct pricer *pricer, struct view zip, struct date on) {
    if (zip.size <= 0 || zip.size >= COUNT_OF(pricer->zip)) {
        return false;
    }
    if (pricer->zip_size == zip.size && memcmp(pricer->zip, zip.at, (size_t)zip.size) == 0 &&
        day_within(on, pricer->zip_from, pricer->zip_to)) {
        return pricer->zip_found;
    }
    memcpy(pricer->zip, zip.at, (size_t)zip.size);
    pricer->zip_size = zip.size;
    struct store_when when = {on, pricer->options.as_of};
    struct code carrier, locality;
    struct store_proof proof, place = {.from = on, .to = on};
    pricer->zip_found =
        store_zip(pricer->store, zip, when, &carrier, &locality, &pricer->zip_split, &proof) &&
        store_locality(pricer->store, carrier, locality, when, &pricer->zip_locality);
    if (pricer->zip_found) {
        place = pricer->zip_locality.proof;
        place.from = later(place.from, proof.from);
        place.to = earlier(place.to, proof.to);
    }
    pricer->zip_from = place.from;
    pricer->zip_to = place.to;
    return pricer->zip_found;
}

bool locality_find(struct pricer *pricer, const struct claim_line *line, struct date on,
                   struct store_locality *locality) {
    const struct price_options *options = &pricer->options;
    locality_national(locality);
    if (options->national) {
        return false;
    }
    if (pricer->has_given) {
        return store_locality(pricer->store, options->carrier, options->locality,
                              (struct store_when){on, options->as_of}, locality);
    }
    if (!zip_find(pricer, line_zip(pricer, line), on)) {
        return false;
    }
    pricer->price.zip_split |= pricer->zip_split;
    *locality = pricer->zip_locality;
    return true;
}

/* ---- lines ------------------------------------------------------------------------------- */

void step_add(const struct pricer *pricer, struct price_line *line, enum price_step_kind kind,
              int64_t value, int64_t cents) {
    if (pricer->options.steps && line && line->step_count < PRICE_STEPS_MAX) {
        line->steps[line->step_count++] =
            (struct price_step){.kind = kind, .value = value, .amount = {cents}};
    }
}

struct price_step *step_last(struct price_line *line) {
    return line && line->step_count > 0 ? &line->steps[line->step_count - 1] : NULL;
}

void line_unknown(struct price_line *line, struct view need) {
    line->state = PRICE_UNKNOWN;
    line->need = need;
    line->step_count = 0;
}

void line_nothing(struct price_line *line, struct view reason) {
    line->state = PRICE_NOTHING;
    line->reason = reason;
    line->allowed = (struct money){0};
}

/* Deductible, coinsurance and sequestration of what Medicare allows [edits-5]. */
static void line_share(struct pricer *pricer, int index, int64_t *deductible) {
    struct price_line *line = &pricer->price.lines[index];
    const struct work *work = &pricer->work[index];
    int64_t allowed = line->allowed.cents;
    int64_t met = *deductible < allowed ? *deductible : allowed;
    int64_t share = work->waived ? 0 : price_percent(allowed - met, work->coinsurance);
    if (work->waived) {
        met = 0;
    }
    *deductible -= met;
    int64_t rate = payment_value(work, line, PAYMENT_SEQUESTRATION, 0);
    int64_t taken = price_percent(allowed - met - share, rate);
    if (met > 0) {
        step_add(pricer, line, PRICE_STEP_DEDUCTIBLE, 0, met);
    }
    step_add(pricer, line, PRICE_STEP_COINSURANCE, work->waived ? 0 : work->coinsurance, share);
    step_add(pricer, line, PRICE_STEP_SEQUESTRATION, rate, taken);
    line->patient = (struct money){met + share};
    line->paid = (struct money){allowed - met - share - taken};
}

static void shares(struct pricer *pricer) {
    struct price *price = &pricer->price;
    int64_t deductible =
        money_given(pricer->options.deductible) ? pricer->options.deductible.cents : 0;
    bool medicare = price->basis == PRICE_BASIS_MEDICARE;
    for (int i = 0; i < price->line_count; i++) {
        struct price_line *line = &price->lines[i];
        if (line->state == PRICE_UNKNOWN) {
            price->unknown++;
            continue;
        }
        if (line->state == PRICE_AMOUNT && medicare) {
            line_share(pricer, i, &deductible);
        } else if (medicare) {
            line->patient = line->paid = (struct money){0};
        }
        price->allowed.cents += line->allowed.cents;
        price->patient.cents += medicare ? line->patient.cents : 0;
        price->paid.cents += medicare ? line->paid.cents : 0;
    }
}

/* Without payment rules no share of a fee is known: a store of an older program has none. */
static enum price_basis basis_of(struct pricer *pricer, const struct price_payer *payer) {
    if (!store_has(pricer->store, STORE_PAYMENT_RULE)) {
        pricer->price.need = VIEW("store:payment_rule");
        return PRICE_BASIS_NONE;
    }
    if (pricer->options.schedule && schedule_knows(pricer->options.schedule, payer->profile)) {
        return PRICE_BASIS_SCHEDULE;
    }
    pricer->price.need = payer->profile.size > 0 ? VIEW("schedule") : VIEW("claim:payer");
    return payer->medicare ? PRICE_BASIS_MEDICARE : PRICE_BASIS_NONE;
}

const struct price *price_claim(struct pricer *pricer, const struct claim *claim,
                                const struct price_payer *payer) {
    struct price *price = &pricer->price;
    int64_t cents[CLAIM_LINES_MAX];
    pricer->claim = claim;
    pricer->provider = claim_npi_key(claim->rendering.npi.size > 0 ? claim->rendering.npi
                                                                   : claim->billing.npi);
    pricer->payer = *payer;
    price->line_count = claim->line_count;
    price->has_locality = price->zip_split = false;
    price->unknown = 0;
    price->allowed = price->patient = price->paid = (struct money){0};
    price->basis = basis_of(pricer, payer);
    for (int i = 0; i < claim->line_count; i++) {
        struct price_line *line = &price->lines[i];
        *line = (struct price_line){.fee = MONEY_NONE, .allowed = MONEY_NONE,
                                    .patient = MONEY_NONE, .paid = MONEY_NONE,
                                    .limit = MONEY_NONE, .table = STORE_TABLES,
                                    .proof = {.release = STORE_NO_RELEASE},
                                    .steps = pricer->steps[i]};
        pricer->work[i] = (struct work){.line = &claim->lines[i], .base = -1};
        if (price->basis == PRICE_BASIS_NONE) {
            line_unknown(line, price->need);
        } else {
            line_alone(pricer, i);
        }
        if (pricer->work[i].local && !price->has_locality) {
            price->has_locality = true;
            price->locality = pricer->work[i].locality;
        }
    }
    amounts_together(pricer, 0, cents, price->lines);
    for (int i = 0; i < claim->line_count; i++) {
        if (price->lines[i].state == PRICE_AMOUNT) {
            price->lines[i].allowed = (struct money){cents[i]};
        }
    }
    shares(pricer);
    return price;
}

struct money price_without(struct pricer *pricer, uint64_t denied) {
    int64_t cents[CLAIM_LINES_MAX], sum = 0;
    amounts_together(pricer, denied, cents, NULL);
    for (int i = 0; i < pricer->price.line_count; i++) {
        sum += cents[i];
    }
    /* A line with a high fee and a low charge ranks before others: without it they rank higher, and
     * the rest may pay more. Its denial costs nothing then. */
    struct money all = pricer->price.allowed;
    return (struct money){sum < all.cents ? sum : all.cents};
}
