/* Packed record -> services; and the check that makes the unpacking safe. */
#include "history/record.h"

static const int8_t fact_size[RECORD_FACT_COUNT] = {9, 8, 8, 8, 8, 1, 8, 8, 8};

/* ---- the check --------------------------------------------------------------------------- */

/* A cursor that remembers its first failure. */
struct checker {
    const char *at;
    const char *end;
    bool wrong;
};

/* The next `size` bytes; NULL when there are not as many. */
static const char *take(struct checker *checker, ptrdiff_t size) {
    if (checker->wrong || size > checker->end - checker->at) {
        checker->wrong = true;
        return NULL;
    }
    const char *at = checker->at;
    checker->at += size;
    return at;
}

static void facts_check(struct checker *checker) {
    const char *at = take(checker, 2);
    unsigned mask = at ? record_u16(at) : 0;
    checker->wrong |= mask == 0 || mask >> RECORD_FACT_COUNT != 0;
    for (int i = 0; i < RECORD_FACT_COUNT; i++) {
        at = mask >> i & 1 ? take(checker, fact_size[i]) : NULL;
        if (at && i == RECORD_ADL) {
            checker->wrong |= *at != TRUTH_NO && *at != TRUTH_YES;
        }
        if (at && i == RECORD_LEVELS) {
            checker->wrong |= (unsigned char)at[8] > 1;
        }
    }
}

static void service_check(struct checker *checker, int providers, bool charted) {
    const unsigned char *at = (const unsigned char *)take(checker, SERVICE_SIZE);
    if (!at) {
        return;
    }
    unsigned kind = at[9] & 7, region = at[9] >> 3 & 7, modifiers = at[10] >> 3 & 7;
    checker->wrong |= at[9] >> 7 || kind > KIND_DEFINITIVE || region > SERVICE_UDT ||
                      (at[10] & 7) > 4 || modifiers > CLAIM_MODIFIERS_MAX || at[11] > providers ||
                      (at[10] & SERVICE_CHART && !charted) ||
                      (at[14] > SERVICE_UNITS_MAX && at[14] != SERVICE_UNITS_NONE);
    take(checker, 2 * (ptrdiff_t)modifiers);
    if (at[9] & SERVICE_ODD) {
        take(checker, SERVICE_ODD_SIZE);
    }
    if (at[10] & SERVICE_FACTS) {
        facts_check(checker);
    }
}

static void body_check(struct checker *checker) {
    const char *at = take(checker, RECORD_BODY_MIN);
    if (!at) {
        return;
    }
    unsigned kind = (unsigned char)at[0], flags = (unsigned char)at[1];
    int providers = (unsigned char)at[2];
    int services = record_u16(at + 4) + record_u16(at + 6);
    checker->wrong |= kind >= RECORD_KINDS || flags > (RECORD_REFERENCE | RECORD_FACTS) ||
                      at[3] != 0 || (kind == RECORD_VOID && services > 0);
    take(checker, (flags & RECORD_REFERENCE ? 8 : 0) + 8 * (ptrdiff_t)providers);
    if (flags & RECORD_FACTS) {
        facts_check(checker);
    }
    for (int i = 0; i < services && !checker->wrong; i++) {
        service_check(checker, providers, flags & RECORD_FACTS);
    }
}

ptrdiff_t record_check(struct view bytes) {
    if (bytes.size < RECORD_HEAD) {
        return 0;
    }
    int64_t size = record_u32(bytes.at);
    if (size > RECORD_BODY_MAX || size > bytes.size - RECORD_HEAD) {
        return 0;
    }
    struct checker checker = {bytes.at + RECORD_HEAD, bytes.at + RECORD_HEAD + size, false};
    body_check(&checker);
    return checker.wrong || checker.at != checker.end ? 0 : (ptrdiff_t)(RECORD_HEAD + size);
}

/* ---- unpacking what was checked ---------------------------------------------------------- */

static unsigned flags_of(const char *body) { return (unsigned char)body[1]; }

/* In front of the providers. */
static ptrdiff_t head_size(const char *body) {
    return RECORD_BODY_MIN + (flags_of(body) & RECORD_REFERENCE ? 8 : 0);
}

struct record_summary record_summary(struct view body) {
    const char *at = body.at;
    bool referring = flags_of(at) & RECORD_REFERENCE;
    return (struct record_summary){.kind = (enum record_kind)at[0],
                                   .lines = record_u16(at + 4),
                                   .rows = record_u16(at + 6),
                                   .id = record_u64(at + 8),
                                   .reference = referring ? record_u64(at + 16) : 0};
}

/* Returns where the facts end. */
static const char *facts_unpack(const char *at, struct claim_service *to) {
    struct quantity *amounts[] = {&to->relief_percent, &to->relief_hours, &to->relief_weeks,
                                  &to->relief_months};
    unsigned mask = record_u16(at);
    const char *field[RECORD_FACT_COUNT];
    at += 2;
    for (int i = 0; i < RECORD_FACT_COUNT; i++) {
        field[i] = at;
        at += mask >> i & 1 ? fact_size[i] : 0;
    }
    if (mask & 1u << RECORD_LEVELS) {
        to->levels_known = true;
        to->levels =
            (struct levels){record_u32(field[RECORD_LEVELS]), record_u32(field[RECORD_LEVELS] + 4),
                            field[RECORD_LEVELS][8] != 0};
    }
    for (int i = 0; i < COUNT_OF(amounts); i++) {
        if (mask & 1u << (RECORD_PERCENT + i)) {
            amounts[i]->milli = record_i64(field[RECORD_PERCENT + i]);
        }
    }
    if (mask & 1u << RECORD_ADL) {
        to->adl_improvement = (enum truth) * field[RECORD_ADL];
    }
    if (mask & 1u << RECORD_APPROACH) {
        to->approach = record_u64(field[RECORD_APPROACH]);
    }
    if (mask & 1u << RECORD_STEROID) {
        to->steroid = record_u64(field[RECORD_STEROID]);
    }
    if (mask & 1u << RECORD_STEROID_MG) {
        to->steroid_mg.milli = record_i64(field[RECORD_STEROID_MG]);
    }
    return at;
}

static uint64_t big_endian(const char *at, int size) {
    uint64_t bits = record_u64(at); /* eight bytes are there: SERVICE_SIZE is longer */
    return __builtin_bswap64(bits) & ~(UINT64_MAX >> (8 * size));
}

static const char *odd_unpack(const char *at, struct claim_service *to) {
    to->code.bits = record_u64(at);
    to->place.bits = record_u64(at + 8);
    to->units.milli = record_i64(at + 16);
    to->provider = record_u64(at + 24);
    for (int i = 0; i < to->modifier_count; i++) {
        to->modifiers[i].bits = record_u64(at + 32 + 8 * i);
    }
    return at + SERVICE_ODD_SIZE;
}

static const struct claim_service blank = {.units = {INT64_MIN}, /* QUANTITY_NONE */
                                           .relief_percent = {INT64_MIN},
                                           .relief_hours = {INT64_MIN},
                                           .relief_weeks = {INT64_MIN},
                                           .relief_months = {INT64_MIN},
                                           .steroid_mg = {INT64_MIN}};

/* What is there or not by chance is chosen without a branch: one in two would be guessed wrong. */
static void fields_unpack(const unsigned char *at, const char *providers,
                          struct claim_service *to) {
    static const char sides[8] = {0, 'L', 'R', 'B', 'N'};
    static const char nothing[8] = {0};
    const char *provider = at[11] ? providers + 8 * (at[11] - 1) : nothing;
    int64_t units = at[14] * INT64_C(1000);
    to->on.day = record_i32((const char *)at);
    to->code.bits = big_endian((const char *)at + 4, 5);
    to->kind = (enum claim_kind)(at[9] & 7);
    to->region = (enum claim_region)(at[9] >> 3 & 7);
    to->side = sides[at[10] & 7];
    to->modifier_count = at[10] >> 3 & 7;
    to->provider = record_u64(provider);
    to->place.bits = (uint64_t)at[12] << 56 | (uint64_t)at[13] << 48;
    to->units.milli = at[14] == SERVICE_UNITS_NONE ? INT64_MIN : units;
    for (int i = 0; i < CLAIM_MODIFIERS_MAX; i++) {
        const char *text =
            i < to->modifier_count ? (const char *)at + SERVICE_SIZE + (ptrdiff_t)2 * i : nothing;
        to->modifiers[i].bits = (uint64_t)__builtin_bswap16(record_u16(text)) << 48;
    }
}

/* `chart` is blank but for what all services of the claim share. Returns where it ends. */
static const char *service_unpack(const char *at, const char *providers,
                                  const struct claim_service *chart, uint64_t claim,
                                  struct claim_service *to) {
    const unsigned char *byte = (const unsigned char *)at;
    *to = *(byte[10] & SERVICE_CHART ? chart : &blank);
    to->claim = claim;
    fields_unpack(byte, providers, to);
    at += SERVICE_SIZE + (ptrdiff_t)2 * to->modifier_count;
    if (byte[9] & SERVICE_ODD) {
        at = odd_unpack(at, to);
    }
    return byte[10] & SERVICE_FACTS ? facts_unpack(at, to) : at;
}

void record_unpack(struct view body, struct claim_service *to) {
    const char *at = body.at;
    unsigned flags = flags_of(at);
    int services = record_u16(at + 4) + record_u16(at + 6);
    const char *providers = at + head_size(at);
    uint64_t claim = record_u64(at + 8);
    struct claim_service chart;
    at = providers + (ptrdiff_t)8 * (unsigned char)at[2];
    if (flags & RECORD_FACTS) {
        chart = blank;
        at = facts_unpack(at, &chart);
    }
    for (int i = 0; i < services; i++) {
        at = service_unpack(at, providers, &chart, claim, &to[i]);
    }
}

int32_t record_day(struct view body) {
    const char *at = body.at;
    if (record_u16(at + 4) + record_u16(at + 6) == 0) {
        return INT32_MIN;
    }
    struct claim_service unused;
    const char *services = at + head_size(at) + (ptrdiff_t)8 * (unsigned char)at[2];
    return record_i32(flags_of(at) & RECORD_FACTS ? facts_unpack(services, &unused) : services);
}
