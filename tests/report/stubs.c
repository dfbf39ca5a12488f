/* Stand-ins for store and audit: a report needs names and releases, and goldens that do not change
 * when the real tables do. */
#include "audit/audit.h"

static const char *const tables[] = {"ncci_ptp", "mue", "aoc", "mpfs"};

int store_release_count(const struct store *store) {
    (void)store;
    return 3;
}

struct store_release store_release(const struct store *store, int index) {
    (void)store;
    static const struct store_release none;
    struct store_release releases[] = {
        {.table = STORE_NCCI_PTP,
         .table_name = VIEW("ncci_ptp"),
         .name = VIEW("v30.2"),
         .effective = date_from_ymd(2024, 7, 1),
         .through = date_from_ymd(2024, 9, 30)},
        {.table = STORE_MUE,
         .table_name = VIEW("mue"),
         .name = VIEW("2026Q2"),
         .effective = date_from_ymd(2026, 4, 1),
         .through = date_from_ymd(2026, 6, 30)},
        {.table = STORE_MPFS,
         .table_name = VIEW("mpfs"),
         .name = VIEW("RVU26C"),
         .effective = DATE_NONE,
         .through = DATE_NONE},
    };
    return index >= 0 && index < COUNT_OF(releases) ? releases[index] : none;
}

struct view store_hash(const struct store *store) {
    (void)store;
    return VIEW("xxh3:0123456789abcdef");
}

struct view store_table_name(enum store_table table) {
    return table < COUNT_OF(tables) ? view_of(tables[table]) : VIEW("other");
}

struct view store_payer_profile(const struct store *store, struct view payer_id,
                                struct code filing) {
    (void)store;
    (void)payer_id;
    return code_equal(filing, code_of("MB")) ? VIEW("medicare") : VIEW_NONE;
}

int audit_not_loaded(const struct audit *audit, struct view *names, int names_max) {
    (void)audit;
    (void)names_max;
    names[0] = VIEW("lcd_covered_dx");
    names[1] = VIEW("nppes");
    return 2;
}

struct view audit_verdict_name(enum audit_verdict verdict) {
    return verdict == AUDIT_CLEAN        ? VIEW("clean")
           : verdict == AUDIT_INCOMPLETE ? VIEW("incomplete")
                                         : VIEW("not_clean");
}

struct view audit_need_name(int bit) {
    (void)bit;
    return VIEW("chart:relief_percent");
}

struct view audit_status_name(enum audit_status status) {
    return status == AUDIT_FAIL       ? VIEW("fail")
           : status == AUDIT_BYPASSED ? VIEW("bypassed")
                                      : VIEW("overridden");
}

struct view opportunity_kind_name(enum opportunity_kind kind) {
    return kind == OPPORTUNITY_EM_25 ? VIEW("em_25") : VIEW("missing_level");
}

struct view audit_outcome_name(enum audit_outcome outcome) {
    return outcome == OUTCOME_FIRED ? VIEW("fired") : VIEW("passed");
}
