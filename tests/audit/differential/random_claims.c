/* Random claims: half of them around an edit pair, a third with an add-on, some with too many
 * units, spans, second practitioners, codes that no table knows and lines that are not valid. */
#include "random_claims.h"

static const char *const modifiers[] = {
    "E1", "E2", "E3", "E4", "FA", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "TA", "T1",
    "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "LT", "RT", "LC", "LD", "RC", "LM", "RI", "24",
    "25", "27", "57", "58", "78", "79", "59", "91", "XE", "XS", "XP", "XU", "22", "76", "77", "50",
    "51", "26", "KX", "GA", "LT", "RT", "LT", "RT", "25", "59", "59", "XS", "27", "27", "57", "24"};

static uint64_t next(struct claim_random *made) {
    uint64_t z = (made->state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static int64_t below(struct claim_random *made, int64_t limit) {
    return (int64_t)(next(made) % (uint64_t)limit);
}

static bool percent(struct claim_random *made, int chance) { return below(made, 100) < chance; }

/* ---- pools ------------------------------------------------------------------------------- */

static struct code code_column(sqlite3_stmt *rows, int column) {
    return code_from(view_of((const char *)sqlite3_column_text(rows, column)));
}

/* Columns: first code, second code or NULL, a day or NULL, a limit or NULL. */
static bool pool_fill(struct code_pool *pool, sqlite3 *db, const char *sql, struct arena *arena) {
    sqlite3_stmt *rows = NULL;
    int64_t capacity = 100000;
    pool->first = ARENA_NEW(arena, struct code, capacity);
    pool->second = ARENA_NEW(arena, struct code, capacity);
    pool->day = ARENA_NEW(arena, struct date, capacity);
    pool->limit = ARENA_NEW(arena, int32_t, capacity);
    if (arena->failed || sqlite3_prepare_v2(db, sql, -1, &rows, NULL) != SQLITE_OK) {
        return false;
    }
    while (sqlite3_step(rows) == SQLITE_ROW && pool->count < capacity) {
        pool->first[pool->count] = code_column(rows, 0);
        pool->second[pool->count] = code_column(rows, 1);
        pool->day[pool->count] = date_from_iso(view_of((const char *)sqlite3_column_text(rows, 2)));
        pool->limit[pool->count++] = sqlite3_column_int(rows, 3);
    }
    sqlite3_finalize(rows);
    return pool->count > 0;
}

struct claim_random *claim_random_open(sqlite3 *db, struct arena *arena) {
    struct claim_random *made = ARENA_NEW(arena, struct claim_random, 1);
    bool good =
        made && pool_fill(&made->codes, db, "SELECT code, NULL, NULL, NULL FROM codes", arena) &&
        pool_fill(&made->pairs, db,
                  "SELECT column1, column2, coalesce(\"to\", \"from\"), NULL FROM ptp"
                  " WHERE indicator <> '9'",
                  arena) &&
        pool_fill(&made->tests, db,
                  "SELECT column1, column2, coalesce(p.\"to\", p.\"from\"), NULL FROM ptp p"
                  " JOIN family ON code = column2 WHERE indicator = '1' AND laboratory = 'yes'",
                  arena) &&
        pool_fill(&made->addons, db,
                  "SELECT addon, \"primary\", coalesce(\"to\", \"from\"), NULL FROM addon",
                  arena) &&
        pool_fill(&made->limits, db, "SELECT code, NULL, NULL, units FROM mue", arena);
    return good ? made : NULL;
}

/* ---- claims ------------------------------------------------------------------------------ */

static void modifiers_make(struct claim_random *made, struct claim_line *line) {
    if (percent(made, 45)) {
        return;
    }
    do {
        line->modifiers[line->modifier_count++] =
            code_of(modifiers[below(made, COUNT_OF(modifiers))]);
    } while (line->modifier_count < CLAIM_MODIFIERS_MAX && percent(made, 30));
}

static struct claim_line *line_make(struct claim_random *made, struct code code, struct date day) {
    static const char *const practitioners[] = {"1558597798", "1003000126", "1184627182"};
    static const char *const taxonomies[] = {"", "208VP0014X", "207LP2900X"};
    struct claim *claim = &made->claim;
    if (claim->line_count == RANDOM_LINES_MAX) {
        return &made->lines[RANDOM_LINES_MAX - 1];
    }
    struct claim_line *line = &made->lines[claim->line_count++];
    *line = (struct claim_line){.number = claim->line_count,
                                .code = code,
                                .units = {1000},
                                .units_known = true,
                                .charge = MONEY_NONE,
                                .minutes = -1};
    line->from = (struct date){day.day + (percent(made, 8) ? (int32_t)below(made, 3) : 0)};
    line->to = (struct date){line->from.day + (percent(made, 5) ? (int32_t)below(made, 4) : 0)};
    line->units.milli *= percent(made, 15) ? 1 + below(made, 5) : 1;
    line->rendering.npi = view_of(practitioners[percent(made, 88) ? 0 : 1 + below(made, 2)]);
    line->rendering.taxonomy = view_of(taxonomies[percent(made, 70) ? 1 : below(made, 3)]);
    modifiers_make(made, line);
    return line;
}

static struct date day_make(struct claim_random *made, struct date bound) {
    int32_t first = date_from_ymd(2018, 1, 1).day;
    int32_t last = date_from_ymd(2026, 12, 31).day;
    if (date_given(bound) && bound.day > first && bound.day < last && percent(made, 70)) {
        return (struct date){bound.day + (int32_t)below(made, 5) - 2}; /* around a window's end */
    }
    return (struct date){first + (int32_t)below(made, last - first)};
}

static struct claim_line *pair_make(struct claim_random *made, const struct code_pool *pairs,
                                    struct date *day) {
    int64_t at = below(made, pairs->count);
    if (!date_given(*day)) {
        *day = day_make(made, pairs->day[at]);
    }
    line_make(made, pairs->first[at], *day);
    return line_make(made, pairs->second[at], *day);
}

/* Laboratory tests, where 91 counts. */
static void tests_make(struct claim_random *made, struct date *day) {
    struct claim_line *line = pair_make(made, &made->tests, day);
    if (percent(made, 60)) {
        line->modifiers[0] = code_of("91");
        line->modifier_count = 1;
    }
}

static void addon_make(struct claim_random *made, struct date *day) {
    int64_t at = below(made, made->addons.count);
    if (!date_given(*day)) {
        *day = day_make(made, made->addons.day[at]);
    }
    line_make(made, made->addons.first[at], *day);
    if (percent(made, 75) && !code_equal(made->addons.second[at], code_of("CCCCC"))) {
        line_make(made, made->addons.second[at], *day);
    }
}

static void units_make(struct claim_random *made, struct date *day) {
    static const char *const by_line[] = {"96372", "J3301", "J1100"};
    int64_t at = below(made, made->limits.count);
    if (!date_given(*day)) {
        *day = day_make(made, DATE_NONE);
    }
    if (percent(made, 10)) {
        struct code code = code_of(by_line[below(made, COUNT_OF(by_line))]);
        line_make(made, code, *day)->units.milli = below(made, 260) * 1000;
        return;
    }
    struct claim_line *line = line_make(made, made->limits.first[at], *day);
    line->units.milli = (made->limits.limit[at] + below(made, 3)) * INT64_C(1000);
    if (percent(made, 60)) {
        line_make(made, made->limits.first[at], *day);
    }
}

/* Two sides on two lines. */
static void sides_make(struct claim_random *made, struct date *day) {
    static const char *const codes[] = {"64493", "64635", "64483", "20610", "64450"};
    if (!date_given(*day)) {
        *day = day_make(made, DATE_NONE);
    }
    struct code code = code_of(codes[below(made, COUNT_OF(codes))]);
    for (int i = 0; i < 2; i++) {
        struct claim_line *line = line_make(made, code, *day);
        line->modifiers[0] = code_of(i ? "LT" : "RT");
        line->modifier_count = 1;
    }
}

static void lines_shuffle(struct claim_random *made) {
    for (int i = made->claim.line_count - 1; i > 0; i--) {
        int64_t j = below(made, i + 1);
        struct claim_line swap = made->lines[i];
        made->lines[i] = made->lines[j];
        made->lines[j] = swap;
    }
    for (int i = 0; i < made->claim.line_count; i++) {
        made->lines[i].number = i + 1;
    }
}

void claim_random_make(struct claim_random *made, int64_t number) {
    struct date day = DATE_NONE;
    made->state = (uint64_t)number * UINT64_C(0xD1342543DE82EF95);
    made->denied = 0;
    made->claim = (struct claim){.ordinal = number, .lines = made->lines};
    made->claim.payer_profile = percent(made, 80) ? VIEW("medicare") : VIEW("aetna");
    made->claim.billing.npi = VIEW("1234567893");
    if (percent(made, 65)) {
        pair_make(made, &made->pairs, &day);
    }
    if (percent(made, 3)) {
        tests_make(made, &day);
    }
    if (percent(made, 35)) {
        addon_make(made, &day);
    }
    if (percent(made, 20)) {
        units_make(made, &day);
    }
    if (percent(made, 5)) {
        sides_make(made, &day);
    }
    if (made->claim.line_count == 0 || percent(made, 20)) {
        day = date_given(day) ? day : day_make(made, DATE_NONE);
        line_make(made, made->codes.first[below(made, made->codes.count)], day);
    }
    if (percent(made, 2)) {
        line_make(made, code_of("97XXX"), day);
    }
    lines_shuffle(made);
    for (int i = 0; i < made->claim.line_count; i++) {
        made->denied |= (uint64_t)percent(made, 3) << i;
    }
}
