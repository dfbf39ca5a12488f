/* Claim -> packed record. */
#include "history/record.h"

/* ---- bytes ------------------------------------------------------------------------------- */

static void put(struct out *out, const void *value, ptrdiff_t size) {
    out_view(out, (struct view){value, size});
}

static void put_u8(struct out *out, unsigned value) { out_char(out, (char)value); }
static void put_u16(struct out *out, int value) { put(out, &(uint16_t){(uint16_t)value}, 2); }
static void put_u32(struct out *out, uint32_t value) { put(out, &value, 4); }
static void put_u64(struct out *out, uint64_t value) { put(out, &value, 8); }
static void put_i64(struct out *out, int64_t value) { put(out, &value, 8); }

/* The first `size` letters of a code. */
static void put_code(struct out *out, struct code code, int size) {
    for (int i = 0; i < size; i++) {
        put_u8(out, (unsigned)(code.bits >> (56 - 8 * i) & 0xFF));
    }
}

/* ---- facts ------------------------------------------------------------------------------- */

static unsigned bit_if(bool given, enum record_fact fact) { return given ? 1u << fact : 0; }

static unsigned facts_mask(const struct claim_service *service) {
    return bit_if(service->levels_known, RECORD_LEVELS) |
           bit_if(quantity_given(service->relief_percent), RECORD_PERCENT) |
           bit_if(quantity_given(service->relief_hours), RECORD_HOURS) |
           bit_if(quantity_given(service->relief_weeks), RECORD_WEEKS) |
           bit_if(quantity_given(service->relief_months), RECORD_MONTHS) |
           bit_if(service->adl_improvement != TRUTH_UNKNOWN, RECORD_ADL) |
           bit_if(service->approach != 0, RECORD_APPROACH) |
           bit_if(service->steroid != 0, RECORD_STEROID) |
           bit_if(quantity_given(service->steroid_mg), RECORD_STEROID_MG);
}

static void facts_put(struct out *out, const struct claim_service *service, unsigned mask) {
    const struct quantity amounts[] = {service->relief_percent, service->relief_hours,
                                       service->relief_weeks, service->relief_months};
    put_u16(out, (int)mask);
    if (mask & 1u << RECORD_LEVELS) {
        put_u32(out, service->levels.joints);
        put_u32(out, service->levels.single);
        put_u8(out, service->levels.other);
    }
    for (int i = 0; i < COUNT_OF(amounts); i++) {
        if (mask & 1u << (RECORD_PERCENT + i)) {
            put_i64(out, amounts[i].milli);
        }
    }
    if (mask & 1u << RECORD_ADL) {
        put_u8(out, (unsigned)service->adl_improvement);
    }
    if (mask & 1u << RECORD_APPROACH) {
        put_u64(out, service->approach);
    }
    if (mask & 1u << RECORD_STEROID) {
        put_u64(out, service->steroid);
    }
    if (mask & 1u << RECORD_STEROID_MG) {
        put_i64(out, service->steroid_mg.milli);
    }
}

static struct quantity fact_quantity(const struct claim *claim, enum claim_fact_name name) {
    const struct claim_fact *fact = claim_fact(claim, name);
    struct quantity value = QUANTITY_NONE;
    if (fact->state == FACT_GIVEN) {
        value.milli = fact->number;
    }
    return value;
}

static uint64_t fact_key(const struct claim *claim, enum claim_fact_name name) {
    return claim_text_key(claim_fact(claim, name)->text);
}

/* Blank, but for what the chart of the claim says of the procedure. */
static struct claim_service chart_service(const struct claim *claim) {
    static const enum claim_fact_name lists[] = {FACT_levels, FACT_level, FACT_joints, FACT_nerves};
    struct claim_service chart = {.on = DATE_NONE,
                                  .units = QUANTITY_NONE,
                                  .relief_percent = fact_quantity(claim, FACT_relief_percent),
                                  .relief_hours = QUANTITY_NONE,
                                  .relief_weeks = QUANTITY_NONE,
                                  .relief_months = QUANTITY_NONE,
                                  .approach = fact_key(claim, FACT_approach),
                                  .steroid = fact_key(claim, FACT_steroid),
                                  .steroid_mg = fact_quantity(claim, FACT_steroid_mg)};
    for (ptrdiff_t i = 0; i < COUNT_OF(lists); i++) {
        const struct claim_fact *list = claim_fact(claim, lists[i]);
        if (list->state == FACT_GIVEN) {
            chart.levels_known = true;
            chart.levels.joints |= list->levels.joints;
            chart.levels.single |= list->levels.single;
            chart.levels.other |= list->levels.other;
        }
    }
    return chart;
}

/* The chart speaks of procedures: not of visits (99202), drugs (J1030) or supplies. */
static bool is_procedure(struct code code) {
    char text[9];
    struct view view = code_text(code, text);
    if (view.size != 5) {
        return false;
    }
    bool category_3 = text[4] == 'T';
    return category_3 || text[0] == 'G' || (text[0] >= '0' && text[0] <= '6');
}

/* ---- services ---------------------------------------------------------------------------- */

static char side_of(const struct claim_line *line) {
    bool left = false, right = false;
    for (int i = 0; i < line->modifier_count; i++) {
        left |= code_equal(line->modifiers[i], code_of("LT"));
        right |= code_equal(line->modifiers[i], code_of("RT"));
        if (code_equal(line->modifiers[i], code_of("50"))) {
            left = right = true;
        }
    }
    return left && right ? 'B' : left ? 'L' : right ? 'R' : 0;
}

/* As the audit has it: the line's rendering provider, the claim's, the billing one. */
static uint64_t provider_of(const struct claim *claim, const struct claim_line *line) {
    struct view npi = line->rendering.npi.size > 0    ? line->rendering.npi
                      : claim->rendering.npi.size > 0 ? claim->rendering.npi
                                                      : claim->billing.npi;
    return claim_npi_key(npi);
}

static struct claim_service service_of(const struct claim *claim, const struct claim_line *line,
                                       const struct claim_service *chart) {
    struct claim_service service = *chart;
    bool counted = !code_equal(line->unit_basis, code_of("MJ")); /* minutes are no units */
    bool both = claim_truth(claim, FACT_bilateral) == TRUTH_YES && is_procedure(line->code);
    service.on = line->from;
    service.code = line->code;
    service.modifier_count = line->modifier_count;
    memcpy(service.modifiers, line->modifiers, sizeof service.modifiers);
    service.units = counted ? line->units : QUANTITY_NONE;
    service.provider = provider_of(claim, line);
    service.kind = line->kind;
    service.side = side_of(line);
    if (service.side == 0 && both) {
        service.side = 'B';
    }
    service.place =
        code_given(line->place_of_service) ? line->place_of_service : claim->place_of_service;
    return service;
}

struct packer {
    struct out *out;
    uint64_t providers[RECORD_PROVIDERS_MAX];
    int provider_count;
};

/* From 1; 0 when there is none, or no room for one more. */
static int provider_index(struct packer *packer, uint64_t provider) {
    int i = 0;
    while (i < packer->provider_count && packer->providers[i] != provider) {
        i++;
    }
    if (provider == 0 || i == RECORD_PROVIDERS_MAX) {
        return 0;
    }
    packer->provider_count += i == packer->provider_count;
    packer->providers[i] = provider;
    return i + 1;
}

static bool code_fits(struct code code, int size) {
    return (code.bits & (UINT64_MAX >> (8 * size))) == 0;
}

static bool is_odd(const struct claim_service *service, int provider) {
    int64_t units = service->units.milli;
    bool units_fit = !quantity_given(service->units) ||
                     (units % 1000 == 0 && units >= 0 && units <= SERVICE_UNITS_MAX * 1000);
    bool fits = code_fits(service->code, 5) && code_fits(service->place, 2) && units_fit &&
                (service->provider == 0 || provider > 0);
    for (int i = 0; i < service->modifier_count; i++) {
        fits = fits && code_fits(service->modifiers[i], 2);
    }
    return !fits;
}

static unsigned side_number(char side) {
    return side == 'L' ? 1 : side == 'R' ? 2 : side == 'B' ? 3 : side == 'N' ? 4 : 0;
}

/* `charted`: what its facts are stands in the body. */
static void service_put(struct packer *packer, const struct claim_service *service, bool charted) {
    struct out *out = packer->out;
    int provider = provider_index(packer, service->provider);
    bool odd = is_odd(service, provider);
    unsigned facts = charted ? 0 : facts_mask(service);
    unsigned modifiers = (unsigned)service->modifier_count;
    put_u32(out, (uint32_t)service->on.day);
    put_code(out, service->code, 5);
    put_u8(out, (unsigned)service->kind | (unsigned)service->region << 3 | (odd ? SERVICE_ODD : 0));
    put_u8(out, side_number(service->side) | modifiers << 3 | (facts ? SERVICE_FACTS : 0) |
                    (charted ? SERVICE_CHART : 0));
    put_u8(out, (unsigned)provider);
    put_code(out, service->place, 2);
    put_u8(out, odd || !quantity_given(service->units) ? SERVICE_UNITS_NONE
                                                       : (unsigned)(service->units.milli / 1000));
    for (unsigned i = 0; i < modifiers; i++) {
        put_code(out, service->modifiers[i], 2);
    }
    if (odd) {
        put_u64(out, service->code.bits);
        put_u64(out, service->place.bits);
        put_i64(out, service->units.milli);
        put_u64(out, service->provider);
        for (unsigned i = 0; i < CLAIM_MODIFIERS_MAX; i++) {
            put_u64(out, i < modifiers ? service->modifiers[i].bits : 0);
        }
    }
    if (facts) {
        facts_put(out, service, facts);
    }
}

static bool is_kept(struct date on, struct code code, int kept) {
    return date_given(on) && code_given(code) && kept < RECORD_SERVICES_MAX;
}

static int lines_put(struct packer *packer, const struct claim *claim, bool charted,
                     const struct claim_service *chart) {
    int kept = 0;
    for (int i = 0; i < claim->line_count; i++) {
        const struct claim_line *line = &claim->lines[i];
        if (!is_kept(line->from, line->code, kept)) {
            continue;
        }
        bool speaks = charted && is_procedure(line->code);
        struct claim_service blank = chart_service(&(struct claim){0});
        struct claim_service service = service_of(claim, line, speaks ? chart : &blank);
        service_put(packer, &service, speaks);
        kept++;
    }
    return kept;
}

static int rows_put(struct packer *packer, const struct claim *claim) {
    int kept = 0;
    for (int i = 0; i < claim->history_count; i++) {
        if (is_kept(claim->history[i].on, claim->history[i].code, kept)) {
            service_put(packer, &claim->history[i], false);
            kept++;
        }
    }
    return kept;
}

/* ---- the record -------------------------------------------------------------------------- */

static enum record_kind kind_of(const struct claim *claim) {
    return code_equal(claim->frequency, code_of("7"))   ? RECORD_REPLACEMENT
           : code_equal(claim->frequency, code_of("8")) ? RECORD_VOID
                                                        : RECORD_ORIGINAL;
}

static void body_put(struct out *out, const struct claim *claim, const struct packer *packer,
                     int lines, int rows, unsigned facts, const struct claim_service *chart) {
    enum record_kind kind = kind_of(claim);
    uint64_t reference = kind == RECORD_ORIGINAL ? 0 : claim_text_key(claim->original_reference);
    put_u8(out, (unsigned)kind);
    put_u8(out, (reference ? RECORD_REFERENCE : 0) | (facts ? RECORD_FACTS : 0));
    put_u8(out, (unsigned)packer->provider_count);
    put_u8(out, 0);
    put_u16(out, lines);
    put_u16(out, rows);
    put_u64(out, claim_text_key(claim->id));
    if (reference) {
        put_u64(out, reference);
    }
    for (int i = 0; i < packer->provider_count; i++) {
        put_u64(out, packer->providers[i]);
    }
    if (facts) {
        facts_put(out, chart, facts);
    }
    out_view(out, out_bytes(packer->out));
    out->failed |= packer->out->failed;
}

/* A void says only which claim is no more. */
void record_pack(struct out *out, const struct claim *claim, int *services, int *left_out) {
    bool gone = kind_of(claim) == RECORD_VOID;
    struct claim_service chart = chart_service(claim);
    unsigned facts = gone ? 0 : facts_mask(&chart);
    struct out packed;
    out_open(&packed, NULL, NULL);
    struct packer packer = {.out = &packed};
    int lines = gone ? 0 : lines_put(&packer, claim, facts != 0, &chart);
    int rows = gone ? 0 : rows_put(&packer, claim);
    *services = lines + rows;
    *left_out = gone ? 0 : claim->line_count + claim->history_count - lines - rows;
    ptrdiff_t at = out->size;
    put_u32(out, 0);
    put_u32(out, (uint32_t)claim->received.day);
    put_u64(out, claim_payer_key(claim));
    put_u64(out, claim->patient_key);
    body_put(out, claim, &packer, lines, rows, facts, &chart);
    if (!out->failed) {
        uint32_t size = (uint32_t)(out->size - at - RECORD_HEAD);
        memcpy(out->at + at, &size, sizeof size);
    }
    out_close(&packed);
}
