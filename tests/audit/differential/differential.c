/* The edits against an independent oracle: random claims over the codes of data/, judged by
 * check_edits and by the SQL beside this file, which knows data/ and the domain notes only. Every
 * line must come out the same: pair (denied, review, bypassed, beside which code), units, add-on.
 *
 *     differential [claims] */
#include <stdio.h>
#include <stdlib.h>

#include "random_claims.h"
#include "tsv_table.h"

#include "audit/audit_state.h"
#include "os/os.h"

#define CLAIMS 100000
#define SHOWN_MAX 10

struct verdict {
    int pair; /* 0 none, 1 denied, 2 review, 3 bypassed */
    struct code column1;
    bool over;
    int addon; /* 0 none, 1 denied, 2 review */
};

struct test {
    sqlite3 *db;
    struct arena arena;
    struct audit *audit;
    struct claim_random *random;
    int64_t claims;
    int case_number;
    int failed;
};

static void require(bool good, const char *what, const char *why) {
    if (!good) {
        fprintf(stderr, "%s: %s\n", what, why);
        exit(99); /* to meson: an error, not a failed case */
    }
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = NULL;
    require(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK, sql,
            sqlite3_errmsg(db));
    return statement;
}

/* ---- units judged by line ---------------------------------------------------------------- */

/* Data of pain practice has no code with indicator 1, so three get it, here and in the oracle. */
#define LINE_EDITS "'96372','J3301','J1100'"

bool __wrap_store_mue(const struct store *store, uint32_t id, struct store_when when,
                      struct store_mue *row);
bool __real_store_mue(const struct store *store, uint32_t id, struct store_when when,
                      struct store_mue *row);

bool __wrap_store_mue(const struct store *store, uint32_t id, struct store_when when,
                      struct store_mue *row) {
    bool found = __real_store_mue(store, id, when, row);
    struct code code = store_code(store, id);
    if (found && (code_equal(code, code_of("96372")) || code_equal(code, code_of("J3301")) ||
                  code_equal(code, code_of("J1100")))) {
        row->mai = '1';
    }
    return found;
}

/* ---- the oracle -------------------------------------------------------------------------- */

static void tables_load(sqlite3 *db, const char *root) {
    static const char *const tables[] = {"ptp",    "mue",      "addon", "mpfs",
                                         "family", "releases", "codes", "payers"};
    char folder[1024];
    snprintf(folder, sizeof folder, "%s/data", root);
    for (int i = 0; i < COUNT_OF(tables); i++) {
        tsv_table_load(db, folder, tables[i]);
    }
    sql_run(db, "UPDATE mue SET mai = '1' WHERE code IN (" LINE_EDITS ");"
                "CREATE TABLE claim(claim INTEGER PRIMARY KEY, payer TEXT);"
                "CREATE TABLE line(claim INTEGER, line INTEGER, code TEXT, day TEXT, last TEXT,"
                " days INTEGER, provider TEXT, taxonomy TEXT, units INTEGER, denied INTEGER,"
                " PRIMARY KEY(claim, line)) WITHOUT ROWID;"
                "CREATE TABLE line_mod(claim INTEGER, line INTEGER, modifier TEXT);");
}

static void bind_code(sqlite3_stmt *statement, int at, struct code code) {
    char text[9];
    struct view view = code_text(code, text);
    sqlite3_bind_text(statement, at, view.at, (int)view.size, SQLITE_TRANSIENT);
}

static void bind_date(sqlite3_stmt *statement, int at, struct date date) {
    char text[11];
    struct view view = date_text(date, text);
    sqlite3_bind_text(statement, at, view.at, (int)view.size, SQLITE_TRANSIENT);
}

static void step(sqlite3 *db, sqlite3_stmt *statement) {
    require(sqlite3_step(statement) == SQLITE_DONE, "insert", sqlite3_errmsg(db));
    sqlite3_reset(statement);
}

static void line_insert(sqlite3 *db, sqlite3_stmt *insert, sqlite3_stmt *insert_modifier,
                        int64_t number, int index, const struct claim_random *made) {
    const struct claim_line *line = &made->claim.lines[index];
    sqlite3_bind_int64(insert, 1, number);
    sqlite3_bind_int(insert, 2, index);
    bind_code(insert, 3, line->code);
    bind_date(insert, 4, line->from);
    bind_date(insert, 5, line->to);
    sqlite3_bind_int(insert, 6, line->to.day - line->from.day + 1);
    sqlite3_bind_text(insert, 7, line->rendering.npi.at, (int)line->rendering.npi.size,
                      SQLITE_STATIC);
    sqlite3_bind_text(insert, 8, line->rendering.taxonomy.at, (int)line->rendering.taxonomy.size,
                      SQLITE_STATIC);
    sqlite3_bind_int64(insert, 9, line->units.milli / 1000);
    sqlite3_bind_int(insert, 10, made->denied >> index & 1);
    step(db, insert);
    for (int i = 0; i < line->modifier_count; i++) {
        sqlite3_bind_int64(insert_modifier, 1, number);
        sqlite3_bind_int(insert_modifier, 2, index);
        bind_code(insert_modifier, 3, line->modifiers[i]);
        step(db, insert_modifier);
    }
}

static void claims_insert(struct test *test) {
    sqlite3_stmt *claim = prepare(test->db, "INSERT INTO claim VALUES(?,?)");
    sqlite3_stmt *line = prepare(test->db, "INSERT INTO line VALUES(?,?,?,?,?,?,?,?,?,?)");
    sqlite3_stmt *modifier = prepare(test->db, "INSERT INTO line_mod VALUES(?,?,?)");
    sql_run(test->db, "BEGIN");
    for (int64_t i = 1; i <= test->claims; i++) {
        claim_random_make(test->random, i);
        struct view payer = test->random->claim.payer_profile;
        sqlite3_bind_int64(claim, 1, i);
        sqlite3_bind_text(claim, 2, payer.at, (int)payer.size, SQLITE_STATIC);
        step(test->db, claim);
        for (int j = 0; j < test->random->claim.line_count; j++) {
            line_insert(test->db, line, modifier, i, j, test->random);
        }
    }
    sql_run(test->db, "COMMIT; CREATE INDEX line_mod_line ON line_mod(claim, line)");
    sqlite3_finalize(claim);
    sqlite3_finalize(line);
    sqlite3_finalize(modifier);
}

static void oracle_run(struct test *test, const char *root) {
    char folder[1024];
    snprintf(folder, sizeof folder, "%s/tests/audit/differential", root);
    sql_run_file(test->db, folder, "prepare.sql");
    for (int round = 0; round < 8; round++) {
        sql_run_file(test->db, folder, "round.sql");
    }
    sql_run_file(test->db, folder, "verdict.sql");
}

/* ---- the audit --------------------------------------------------------------------------- */

static void audit_open_standard(struct test *test) {
    struct diag diag = DIAG_NONE;
    const struct store *store;
    const struct rule_set *rules;
    struct audit_options options = {.as_of = DATE_NONE, .alone = true};
    require(store_open(&store, store_starter(), &test->arena, &diag) == STATUS_OK &&
                rule_set_standard(&rules, &test->arena, &diag) == STATUS_OK &&
                audit_open(&test->audit, store, rules, &options, &test->arena, &diag) == STATUS_OK,
            "audit", diag.text);
}

static void verdict_take(const struct audit_pass *pass, const struct audit_finding *finding,
                         struct verdict *verdict) {
    if (finding->rule == audit_rule(pass, RULE_NCCI_PTP)) {
        verdict->pair = finding->status == AUDIT_BYPASSED  ? 3
                        : finding->severity == RULE_REVIEW ? 2
                                                           : 1;
        verdict->column1 = code_from(view_sub(finding->evidence[0].row, 0, 5));
    } else if (finding->rule == audit_rule(pass, RULE_MUE_EXCEEDED)) {
        verdict->over = true;
    } else if (finding->rule == audit_rule(pass, RULE_ADDON_WITHOUT_PRIMARY)) {
        verdict->addon = finding->severity == RULE_REVIEW ? 2 : 1;
    }
}

static void audit_verdicts(struct test *test, struct verdict *verdicts) {
    struct audit_pass *pass = &test->audit->pass;
    arena_reset(&test->audit->arena);
    test->audit->memory.present.ready = false;
    pass_open(pass, &test->random->claim);
    for (int i = 0; i < pass->line_count; i++) {
        pass->lines[i].denied = test->random->denied >> i & 1;
        verdicts[i] = (struct verdict){.pair = 0};
    }
    check_edits(pass);
    for (int i = 0; i < pass->finding_count; i++) {
        for (int j = 0; j < pass->line_count; j++) {
            if (pass->findings[i].line_bits >> j & 1) {
                verdict_take(pass, &pass->findings[i], &verdicts[j]);
            }
        }
    }
}

/* ---- comparison -------------------------------------------------------------------------- */

static void difference_print(int64_t claim, const struct claim *made, int index,
                             const struct verdict *got, const struct verdict *wanted) {
    char a[9], b[9];
    printf("# claim %lld line %d: pair %d %s, over %d, add-on %d; the oracle says %d %s, %d, %d\n",
           (long long)claim, index, got->pair, code_text(got->column1, a).at, got->over, got->addon,
           wanted->pair, code_text(wanted->column1, b).at, wanted->over, wanted->addon);
    for (int i = 0; i < made->line_count; i++) {
        const struct claim_line *line = &made->lines[i];
        char code[9], day[11];
        printf("#   %d %s %s+%d x%lld %.*s", i, code_text(line->code, code).at,
               date_text(line->from, day).at, line->to.day - line->from.day,
               (long long)(line->units.milli / 1000), (int)line->rendering.npi.size,
               line->rendering.npi.at);
        for (int j = 0; j < line->modifier_count; j++) {
            printf(" %s", code_text(line->modifiers[j], code).at);
        }
        printf("\n");
    }
}

static int64_t verdicts_compare(struct test *test) {
    sqlite3_stmt *oracle =
        prepare(test->db, "SELECT l.claim, l.line, coalesce(p.class, 0), p.column1,"
                          " o.line IS NOT NULL AND t.line IS NULL, coalesce(a.class, 0) FROM line l"
                          " LEFT JOIN line_pair p ON p.claim = l.claim AND p.line = l.line"
                          " LEFT JOIN over o ON o.claim = l.claim AND o.line = l.line"
                          " LEFT JOIN side_trap t ON t.claim = l.claim AND t.line = l.line"
                          " LEFT JOIN line_addon a ON a.claim = l.claim AND a.line = l.line"
                          " ORDER BY l.claim, l.line");
    struct verdict verdicts[CLAIM_LINES_MAX];
    int64_t claim = 0;
    int64_t differences = 0;
    while (sqlite3_step(oracle) == SQLITE_ROW) {
        if (sqlite3_column_int64(oracle, 0) != claim) {
            claim = sqlite3_column_int64(oracle, 0);
            claim_random_make(test->random, claim);
            audit_verdicts(test, verdicts);
        }
        int index = sqlite3_column_int(oracle, 1);
        struct verdict wanted = {
            .pair = sqlite3_column_int(oracle, 2),
            .column1 = code_from(view_of((const char *)sqlite3_column_text(oracle, 3))),
            .over = sqlite3_column_int(oracle, 4),
            .addon = sqlite3_column_int(oracle, 5),
        };
        const struct verdict *got = &verdicts[index];
        if (got->pair != wanted.pair || !code_equal(got->column1, wanted.column1) ||
            got->over != wanted.over || got->addon != wanted.addon) {
            if (differences++ < SHOWN_MAX) {
                difference_print(claim, &test->random->claim, index, got, &wanted);
            }
        }
    }
    sqlite3_finalize(oracle);
    return claim == test->claims ? differences : -1;
}

static int64_t count_of(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = prepare(db, sql);
    int64_t count = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    return count;
}

static void report(struct test *test, bool good, const char *name, int64_t figure) {
    test->failed += !good;
    printf("%sok %d - %s # %lld\n", good ? "" : "not ", ++test->case_number, name,
           (long long)figure);
}

/* That the random claims ask what they should ask. */
static void coverage_report(struct test *test) {
    sqlite3 *db = test->db;
    int64_t scale = test->claims / 1000; /* 100 of 100,000 */
    int64_t pairs = count_of(db, "SELECT count(DISTINCT claim) FROM pair");
    report(test, pairs * 10 >= test->claims * 3, "claims with an active pair", pairs);
    report(test,
           count_of(db, "SELECT count(DISTINCT modifier) FROM pair_modifier m"
                        " JOIN pair USING(claim, a, b) WHERE indicator = '1'") == 44,
           "bypass modifiers met", 44);
    int64_t least = count_of(db, "SELECT min(n) FROM (SELECT count(*) AS n FROM pair_modifier"
                                 " JOIN pair USING(claim, a, b) WHERE indicator = '1'"
                                 " GROUP BY modifier)");
    report(test, least >= scale, "pairs with the rarest bypass modifier", least);
    least = count_of(db, "SELECT min(n) FROM (SELECT count(*) AS n FROM pair_modifier"
                         " JOIN pair_verdict USING(claim, a, b) WHERE counts AND bypassed"
                         " GROUP BY modifier)");
    report(test, least >= scale, "pairs bypassed with the rarest modifier that counts", least);
    int64_t limits = count_of(db, "SELECT count(DISTINCT mai) FROM line_limit");
    report(test, limits == 3, "indicators of units met", limits);
    least = count_of(db, "SELECT min(n) FROM (SELECT count(*) AS n FROM over"
                         " JOIN line_limit USING(claim, line) GROUP BY mai)");
    report(test, least >= scale, "lines over the limit with the rarest indicator", least);
    int64_t fallen = count_of(db, "SELECT count(*) FROM final_stranded JOIN listed_primary"
                                  " USING(claim, line)");
    report(test, fallen >= scale, "add-ons that fall with their primary", fallen);
    int64_t freed = count_of(db, "SELECT count(*) FROM pair_verdict v JOIN final_stranded s"
                                 " ON s.claim = v.claim AND s.line = v.a WHERE NOT v.bypassed");
    report(test, freed > 0, "pairs whose column 1 is a denied add-on", freed);
}

int main(int argc, char **argv) {
    const char *root = getenv("SOURCE_ROOT");
    struct test test = {.claims = argc > 1 ? strtoll(argv[1], NULL, 10) : CLAIMS};
    int64_t begun = os_now_ns();
    require(root != NULL && test.claims > 0, "differential", "SOURCE_ROOT or claims missing");
    require(sqlite3_open(":memory:", &test.db) == SQLITE_OK, "sqlite", "cannot open");
    sql_run(test.db, "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -400000");
    tables_load(test.db, root);
    test.random = claim_random_open(test.db, &test.arena);
    require(test.random != NULL, "memory", "refused");
    claims_insert(&test);
    oracle_run(&test, root);
    audit_open_standard(&test);
    printf("1..9\n");
    int64_t differences = verdicts_compare(&test);
    report(&test, differences == 0, "lines that differ from the oracle", differences);
    coverage_report(&test);
    printf("# %lld claims in %lld ms\n", (long long)test.claims,
           (long long)((os_now_ns() - begun) / 1000000));
    audit_close(test.audit);
    arena_close(&test.arena);
    sqlite3_close(test.db);
    return test.failed != 0;
}
