/* audit_sqlite FILE: the opponent of the benchmark. Reads the same 837P through the same reader and
 * asks its table questions (payer, code, diagnosis with side, region and exclusions, modifier,
 * place, fee schedule, family, drug, code sets, pairs, units, add-ons) of an SQLite database: in
 * process, tables clustered by what is asked, integer keys, prepared statements, one read
 * transaction, mapped, and one statement for all facts of a line. A JSON object a claim goes to
 * standard output; claims and claims a second go to standard error.
 *
 * It leaves out what needs no table (sums, pointers, check digits) and what claimvet knows beyond
 * tables, so that it is, if anything, favoured. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "claim/claim.h"
#include "os/os.h"

enum question {
    ASK_PAYER,
    ASK_DX,
    ASK_EXCLUDED,
    ASK_SETS,
    ASK_LINE,
    ASK_ENDED,
    ASK_MODIFIER,
    ASK_PLACE,
    ASK_PAIR,
    ASK_PRIMARY,
    QUESTIONS
};

static const char *const questions[QUESTIONS] = {
    [ASK_PAYER] = "SELECT medicare, ncci, days FROM payer WHERE key = ?1",
    [ASK_EXCLUDED] = "SELECT other FROM excluded WHERE one = ?1",
    [ASK_SETS] = "SELECT name FROM set_member WHERE code = ?1",
    [ASK_DX] = "SELECT fy2025, fy2026, side, region FROM dx WHERE code = ?1",
    [ASK_LINE] = ("SELECT f.status, f.pctc, f.days, f.bilateral, u.units, u.mai, k.evaluation,"
                  " (SELECT a.type FROM addon_primary a WHERE a.addon = c.code AND a.until >= ?2"
                  "  AND a.since <= ?2 LIMIT 1), k.imaging, k.region, k.paired, d.payable"
                  " FROM code_known c"
                  " LEFT JOIN fee f ON f.code = c.code AND f.modifier = 0 AND f.until >= ?2"
                  "  AND f.since <= ?2"
                  " LEFT JOIN unit_limit u ON u.code = c.code AND u.until >= ?2 AND u.since <= ?2"
                  " LEFT JOIN kind k ON k.code = c.code"
                  " LEFT JOIN drug d ON d.code = c.code"
                  " WHERE c.code = ?1 LIMIT 1"),
    [ASK_ENDED] = "SELECT last FROM code_last WHERE code = ?1 AND last < ?2 LIMIT 1",
    [ASK_MODIFIER] = "SELECT bypass, anatomic, em FROM modifier_flag WHERE modifier = ?1",
    [ASK_PLACE] = "SELECT facility FROM place WHERE pos = ?1",
    [ASK_PAIR] = ("SELECT 0, indicator FROM pair WHERE column1 = ?1 AND column2 = ?2"
                  " AND until >= ?3 AND since <= ?3"
                  " UNION ALL SELECT 1, indicator FROM pair WHERE column1 = ?2 AND column2 = ?1"
                  " AND until >= ?3 AND since <= ?3 LIMIT 1"),
    [ASK_PRIMARY] = ("SELECT type FROM addon_primary WHERE addon = ?1 AND prime = ?2"
                     " AND until >= ?3 AND since <= ?3 LIMIT 1"),
};

struct line_facts {
    bool known;
    char status, pctc, bilateral;
    int units, mai; /* -1: no limit */
    bool evaluation;
    int addon;    /* type, 0: no add-on */
    char imaging; /* first letter: included, separate, none, is */
    char region;  /* first letter: ct, ls, none … */
    bool paired, drug_payable;
    bool bypass, anatomic;
};

struct dx_facts {
    char side, region; /* first letters, 0: none */
};

struct opponent {
    sqlite3 *db;
    sqlite3_stmt *ask[QUESTIONS];
    struct out out;
    const struct claim *claim;
    struct line_facts lines[CLAIM_LINES_MAX];
    struct dx_facts dx[CLAIM_DIAGNOSES_MAX];
    bool medicare, ncci;
    int findings; /* of the claim */
    int64_t claims, findings_all;
};

static void require(bool good, const char *what, const char *why) {
    if (!good) {
        fprintf(stderr, "audit_sqlite: %s: %s\n", what, why);
        exit(4);
    }
}

/* Binds up to three integers and steps: true when there is a row. */
static bool ask(struct opponent *o, enum question question, uint64_t a, int64_t b, int64_t c) {
    sqlite3_stmt *statement = o->ask[question];
    int parameters = sqlite3_bind_parameter_count(statement);
    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, (int64_t)a);
    if (parameters > 1) {
        sqlite3_bind_int64(statement, 2, b);
    }
    if (parameters > 2) {
        sqlite3_bind_int64(statement, 3, c);
    }
    return sqlite3_step(statement) == SQLITE_ROW;
}

static int answer_int(struct opponent *o, enum question question, int column, int missing) {
    sqlite3_stmt *statement = o->ask[question];
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? missing
               : sqlite3_column_int(statement, column);
}

static char answer_char(struct opponent *o, enum question question, int column) {
    const unsigned char *text = sqlite3_column_text(o->ask[question], column);
    return text ? (char)text[0] : 0;
}

/* ---- findings ---------------------------------------------------------------------------- */

static void finding(struct opponent *o, const char *rule, const char *status, int line,
                    struct code code, struct code other, const char *message) {
    struct out *out = &o->out;
    char text[9];
    if (o->findings++) {
        out_char(out, ',');
    }
    OUT_TEXT(out, "{\"rule\":\"");
    out_view(out, view_of(rule));
    OUT_TEXT(out, "\",\"status\":\"");
    out_view(out, view_of(status));
    OUT_TEXT(out, "\",\"lines\":[");
    out_int(out, line);
    OUT_TEXT(out, "],\"row\":\"");
    out_view(out, code_text(code, text));
    if (code_given(other)) {
        out_char(out, '/');
        out_view(out, code_text(other, text));
    }
    OUT_TEXT(out, "\",\"message\":");
    out_json(out, view_of(message));
    out_char(out, '}');
}

static void fail(struct opponent *o, const char *rule, const struct claim_line *line,
                 const char *message) {
    finding(o, rule, "fail", line->number, line->code, CODE_NONE, message);
}

/* ---- checks ------------------------------------------------------------------------------ */

static void dx_excluded(struct opponent *o, struct code dx, int index) {
    bool row = ask(o, ASK_EXCLUDED, dx.bits, 0, 0);
    for (; row; row = sqlite3_step(o->ask[ASK_EXCLUDED]) == SQLITE_ROW) {
        struct code other = {(uint64_t)sqlite3_column_int64(o->ask[ASK_EXCLUDED], 0)};
        for (int i = 0; i < index; i++) {
            if (code_starts(o->claim->diagnoses[i], other)) {
                finding(o, "dx_excludes1", "fail", 0, o->claim->diagnoses[i], dx,
                        "are not reported together");
                return;
            }
        }
    }
}

static void check_diagnoses(struct opponent *o) {
    int32_t change = date_from_ymd(2025, 10, 1).day;
    struct date day = o->claim->line_count > 0 ? o->claim->lines[0].from : DATE_NONE;
    for (int i = 0; i < o->claim->diagnosis_count; i++) {
        struct code dx = o->claim->diagnoses[i];
        o->dx[i] = (struct dx_facts){0};
        if (!code_given(dx)) {
            continue;
        }
        char flag = 0;
        if (ask(o, ASK_DX, dx.bits, 0, 0)) {
            flag = answer_char(o, ASK_DX, day.day >= change);
            o->dx[i].side = answer_char(o, ASK_DX, 2);
            o->dx[i].region = answer_char(o, ASK_DX, 3);
        }
        if (flag != 'b') {
            finding(o, "dx_nonbillable", "fail", 0, dx, CODE_NONE,
                    flag == 'h' ? "is a header: a longer code is needed" : "is not in the edition");
        }
        dx_excluded(o, dx, i);
    }
}

static void check_payer(struct opponent *o) {
    const struct claim *claim = o->claim;
    o->ncci = true;
    o->medicare = false;
    if (ask(o, ASK_PAYER, code_from(claim->payer_id).bits, 0, 0) ||
        ask(o, ASK_PAYER, claim->filing.bits, 0, 0)) {
        o->medicare = answer_int(o, ASK_PAYER, 0, 0) != 0;
        o->ncci = answer_int(o, ASK_PAYER, 1, 1) != 0;
    }
}

static void line_modifiers(struct opponent *o, const struct claim_line *line,
                           struct line_facts *facts) {
    for (int i = 0; i < line->modifier_count; i++) {
        if (!ask(o, ASK_MODIFIER, line->modifiers[i].bits, 0, 0)) {
            fail(o, "modifier_invalid", line, "carries a modifier that is not known");
            continue;
        }
        bool em = answer_int(o, ASK_MODIFIER, 2, 0) != 0;
        facts->bypass |= answer_int(o, ASK_MODIFIER, 0, 0) != 0 && em == facts->evaluation;
        facts->anatomic |= answer_int(o, ASK_MODIFIER, 1, 0) != 0;
    }
}

static bool has_modifier(const struct claim_line *line, const char *modifier) {
    for (int i = 0; i < line->modifier_count; i++) {
        if (code_equal(line->modifiers[i], code_of(modifier))) {
            return true;
        }
    }
    return false;
}

static void line_indicators(struct opponent *o, const struct claim_line *line,
                            const struct line_facts *facts) {
    if (facts->status == 'B' || facts->status == 'I' || facts->status == 'N') {
        fail(o, "code_not_payable", line, "has a status that is not paid");
    }
    if (facts->bilateral && facts->bilateral != '1' && facts->bilateral != '3' &&
        has_modifier(line, "50")) {
        fail(o, "bilateral_not_allowed", line, "does not take modifier 50");
    }
    if (facts->pctc && facts->pctc != '1' &&
        (has_modifier(line, "26") || has_modifier(line, "TC"))) {
        fail(o, "pc_tc_invalid", line, "has no professional and technical part");
    }
}

/* Side and region of the line beside those of a diagnosis it points to. */
static void line_diagnosis(struct opponent *o, const struct claim_line *line,
                           const struct line_facts *facts, const struct dx_facts *dx) {
    if ((dx->side == 'R' && has_modifier(line, "LT")) ||
        (dx->side == 'L' && has_modifier(line, "RT"))) {
        fail(o, "laterality_mismatch", line, "is done on the side that the diagnosis is not");
    }
    if ((facts->region == 'c' && dx->region == 'l') ||
        (facts->region == 'l' && dx->region == 'c')) {
        fail(o, "dx_region_mismatch", line, "is done in a region that the diagnosis is not");
    }
}

static void line_anatomy(struct opponent *o, const struct claim_line *line,
                         const struct line_facts *facts) {
    for (int i = 0; i < line->pointer_count; i++) {
        int at = line->pointers[i] - 1;
        if (at >= 0 && at < o->claim->diagnosis_count) {
            line_diagnosis(o, line, facts, &o->dx[at]);
        }
    }
    if (facts->paired && !has_modifier(line, "LT") && !has_modifier(line, "RT") &&
        !has_modifier(line, "50")) {
        fail(o, "laterality_missing", line, "has a left and a right and names none");
    }
}

static void line_drug(struct opponent *o, const struct claim_line *line,
                      const struct line_facts *facts) {
    if (facts->drug_payable && o->medicare && line->container == CONTAINER_SINGLE &&
        !has_modifier(line, "JW") && !has_modifier(line, "JZ")) {
        fail(o, "jz_jw_missing", line, "tells nothing about discarded drug");
    }
}

static void check_line(struct opponent *o, int index) {
    const struct claim_line *line = &o->claim->lines[index];
    struct line_facts *facts = &o->lines[index];
    *facts = (struct line_facts){.units = -1};
    if (ask(o, ASK_LINE, line->code.bits, line->from.day, 0)) {
        facts->known = true;
        facts->status = answer_char(o, ASK_LINE, 0);
        facts->pctc = answer_char(o, ASK_LINE, 1);
        facts->bilateral = answer_char(o, ASK_LINE, 3);
        facts->units = answer_int(o, ASK_LINE, 4, -1);
        facts->mai = answer_int(o, ASK_LINE, 5, 0);
        facts->evaluation = answer_int(o, ASK_LINE, 6, 0) != 0;
        facts->addon = answer_int(o, ASK_LINE, 7, 0);
        facts->imaging = answer_char(o, ASK_LINE, 8);
        facts->region = answer_char(o, ASK_LINE, 9);
        facts->paired = answer_int(o, ASK_LINE, 10, 0) != 0;
        facts->drug_payable = answer_int(o, ASK_LINE, 11, 0) != 0;
    }
    if (ask(o, ASK_ENDED, line->code.bits, line->from.day, 0)) {
        fail(o, "hcpcs_deleted", line, "is no longer valid on the day");
    }
    line_modifiers(o, line, facts);
    line_indicators(o, line, facts);
    line_anatomy(o, line, facts);
    line_drug(o, line, facts);
    struct code pos =
        code_given(line->place_of_service) ? line->place_of_service : o->claim->place_of_service;
    if (!ask(o, ASK_PLACE, pos.bits, 0, 0)) {
        fail(o, "pos_invalid", line, "has a place of service that is not known");
    }
}

static void check_pairs(struct opponent *o) {
    for (int i = 1; i < o->claim->line_count; i++) {
        const struct claim_line *b = &o->claim->lines[i];
        for (int j = 0; j < i; j++) {
            const struct claim_line *a = &o->claim->lines[j];
            if (a->from.day != b->from.day || code_equal(a->code, b->code) ||
                !ask(o, ASK_PAIR, a->code.bits, (int64_t)b->code.bits, b->from.day)) {
                continue;
            }
            bool swapped = answer_int(o, ASK_PAIR, 0, 0) != 0;
            bool bypassed =
                answer_int(o, ASK_PAIR, 1, 0) == 1 && (o->lines[i].bypass || o->lines[j].bypass);
            const struct claim_line *denied = swapped ? a : b;
            finding(o, "ncci_ptp", bypassed ? "bypassed" : "fail", denied->number,
                    (swapped ? b : a)->code, denied->code,
                    bypassed ? "is paid only because of a modifier"
                             : "is not paid beside column 1");
        }
    }
}

/* Two members of a set whose members exclude each other; guidance beside what includes it. */
static void check_sets(struct opponent *o) {
    uint64_t single = 0;
    bool included = false;
    for (int i = 0; i < o->claim->line_count; i++) {
        bool row = ask(o, ASK_SETS, o->claim->lines[i].code.bits, 0, 0);
        for (; row; row = sqlite3_step(o->ask[ASK_SETS]) == SQLITE_ROW) {
            const unsigned char *name = sqlite3_column_text(o->ask[ASK_SETS], 0);
            uint64_t bit = UINT64_C(1) << (view_hash(view_of((const char *)name), 0) & 63);
            if (single & bit && name[0] == 's') {
                fail(o, "single_code_family", &o->claim->lines[i], "excludes another line");
            }
            single |= bit;
        }
        included |=
            o->lines[i].imaging == 'i' && (o->lines[i].region == 'c' || o->lines[i].region == 'l');
    }
    for (int i = 0; i < o->claim->line_count && included; i++) {
        if (code_equal(o->claim->lines[i].code, code_of("77003")) ||
            code_equal(o->claim->lines[i].code, code_of("76942"))) {
            fail(o, "imaging_included", &o->claim->lines[i], "is part of another line");
        }
    }
}

static void check_units(struct opponent *o) {
    for (int i = 0; i < o->claim->line_count; i++) {
        const struct claim_line *line = &o->claim->lines[i];
        int64_t sum = 0;
        for (int j = 0; j < o->claim->line_count && o->lines[i].units >= 0; j++) {
            const struct claim_line *other = &o->claim->lines[j];
            if (code_equal(other->code, line->code) && other->from.day == line->from.day &&
                (i == j || o->lines[i].mai != 1)) {
                sum += other->units.milli / 1000;
            }
        }
        if (o->lines[i].units >= 0 && sum > o->lines[i].units) {
            fail(o, "mue_exceeded", line, "has more units on the day than its limit");
        }
    }
}

static void check_addons(struct opponent *o) {
    for (int i = 0; i < o->claim->line_count; i++) {
        const struct claim_line *line = &o->claim->lines[i];
        bool found = o->lines[i].addon == 0;
        for (int j = 0; j < o->claim->line_count && !found; j++) {
            found = j != i && ask(o, ASK_PRIMARY, line->code.bits,
                                  (int64_t)o->claim->lines[j].code.bits, line->from.day);
        }
        if (!found) {
            fail(o, "addon_without_primary", line, "is an add-on code without a primary");
        }
    }
}

static void claim_check(struct opponent *o, const struct claim *claim) {
    o->claim = claim;
    o->findings = 0;
    OUT_TEXT(&o->out, "{\"claim_id\":");
    out_json(&o->out, claim->id);
    OUT_TEXT(&o->out, ",\"findings\":[");
    check_payer(o);
    check_diagnoses(o);
    for (int i = 0; i < claim->line_count; i++) {
        check_line(o, i);
    }
    check_sets(o);
    if (o->ncci) {
        check_pairs(o);
        check_units(o);
        check_addons(o);
    }
    OUT_TEXT(&o->out, "]}\n");
    o->claims++;
    o->findings_all += o->findings;
}

/* ---- running ----------------------------------------------------------------------------- */

static void opponent_open(struct opponent *o) {
    require(sqlite3_open_v2(DATABASE_FILE, &o->db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK,
            DATABASE_FILE, sqlite3_errmsg(o->db));
    require(sqlite3_exec(o->db,
                         "PRAGMA mmap_size = 268435456; PRAGMA cache_size = -65536;"
                         "PRAGMA locking_mode = EXCLUSIVE; BEGIN",
                         NULL, NULL, NULL) == SQLITE_OK,
            "settings", sqlite3_errmsg(o->db));
    for (int i = 0; i < QUESTIONS; i++) {
        require(sqlite3_prepare_v3(o->db, questions[i], -1, SQLITE_PREPARE_PERSISTENT, &o->ask[i],
                                   NULL) == SQLITE_OK,
                questions[i], sqlite3_errmsg(o->db));
    }
    out_open(&o->out, os_stdout_sink, NULL);
}

static void opponent_close(struct opponent *o) {
    out_close(&o->out);
    for (int i = 0; i < QUESTIONS; i++) {
        sqlite3_finalize(o->ask[i]);
    }
    sqlite3_close(o->db);
}

static ptrdiff_t source_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    return os_read(context, to, size, diag);
}

int main(int argc, char **argv) {
    static struct opponent o;
    struct diag diag = DIAG_NONE;
    struct os_reader reader;
    struct claim_reader *claims = NULL;
    struct claim_options options = {.file = view_of(argc > 1 ? argv[1] : "standard input")};
    int64_t begun = os_now_ns();
    opponent_open(&o);
    require(os_reader_open(&reader, argc > 1 ? argv[1] : NULL, &diag) == STATUS_OK &&
                claim_open(&claims, source_read, &reader, &options, &diag) == STATUS_OK,
            diag.code, diag.text);
    enum claim_got got;
    while ((got = claim_next(claims)) != CLAIM_END) {
        if (got == CLAIM_READ) {
            claim_check(&o, claim_now(claims));
        }
    }
    claim_close(claims);
    os_reader_close(&reader);
    opponent_close(&o);
    int64_t elapsed = os_now_ns() - begun;
    fprintf(stderr, "claims %lld findings %lld claims_a_second %lld\n", (long long)o.claims,
            (long long)o.findings_all, (long long)(o.claims * 1000000000 / (elapsed + 1)));
    return 0;
}
