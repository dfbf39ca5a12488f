/* bench_history FOLDER PATIENTS QUESTIONS ROUNDS: the last twelve months of a patient's services,
 * from the history and from SQLite with a row for each service, in turns on the same questions.
 *
 * The patients have two years of services. SQLite is asked as well as it can be: a table without
 * row ids, clustered by patient and day, all columns integers, an immutable mapped file, no mutex,
 * one read transaction, one prepared statement, nothing sorted. Both fill the same struct. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "history/history.h"
#include "os/os.h"

#define MONTHS 24
#define DAYS_BACK 365
#define ROUNDS_MAX 99
#define SERVICES_MAX 4096

static const struct date first_day = {20089}; /* 2025-01-01 */

static void require(bool fine, const char *what, const char *why) {
    if (!fine) {
        fprintf(stderr, "bench_history: %s: %s\n", what, why);
        exit(1);
    }
}

static uint64_t mix(uint64_t x) {
    x = (x ^ x >> 31) * UINT64_C(0x7FB5D329728EA185);
    x = (x ^ x >> 27) * UINT64_C(0x81DADEF4BC2DD44D);
    return x ^ x >> 33;
}

static int below(uint64_t *seed, int limit) {
    *seed = mix(*seed + UINT64_C(0x9E3779B97F4A7C15));
    return (int)(*seed >> 33) % limit;
}

/* ---- claims ------------------------------------------------------------------------------ */

/* One of twenty payers. */
static struct view payer_of(int64_t patient) {
    static const char ids[] = "ABCDEFGHIJKLMNOPQRST";
    return (struct view){ids + patient % 20, 1};
}
static uint64_t key_of(int64_t patient) { return mix((uint64_t)patient + 1000) | 1; }

static void line_make(struct claim_line *line, uint64_t *seed, struct date on) {
    static const char *const codes[] = {"64493", "64494", "62323", "64483",
                                        "20610", "99213", "J1030", "80307"};
    *line = (struct claim_line){.from = on,
                                .to = on,
                                .code = code_of(codes[below(seed, COUNT_OF(codes))]),
                                .units = {1000 * (1 + below(seed, 3))},
                                .unit_basis = code_of("UN"),
                                .kind = below(seed, 3) ? KIND_UNKNOWN : KIND_DX};
    if (below(seed, 2)) {
        line->modifiers[line->modifier_count++] = code_of(below(seed, 2) ? "LT" : "RT");
    }
}

/* The number-th claim of a patient: about every second month, two lines on average. */
static void claim_make(struct claim *claim, struct claim_line lines[3], int64_t patient, int number,
                       char id[24]) {
    static const char *const npis[] = {"1234567893", "1111111112", "1000000004"};
    uint64_t seed = mix((uint64_t)(patient * 1000 + number));
    int size = snprintf(id, 24, "C%lld-%d", (long long)patient, number);
    struct date on = {first_day.day + number * 61 + below(&seed, 50)};
    *claim = (struct claim){.id = {id, size},
                            .payer_id = payer_of(patient),
                            .patient_key = key_of(patient),
                            .place_of_service = code_of("11"),
                            .rendering = {.npi = view_of(npis[patient % 3])},
                            .received = on,
                            .lines = lines,
                            .line_count = 1 + below(&seed, 3)};
    for (int i = 0; i < claim->line_count; i++) {
        line_make(&lines[i], &seed, on);
    }
}

/* Claims come month by month, as they do. */
static void claims_each(int64_t patients, void (*take)(void *, const struct claim *),
                        void *context) {
    struct claim claim;
    struct claim_line lines[3];
    char id[24];
    for (int number = 0; number < MONTHS / 2; number++) {
        for (int64_t patient = 0; patient < patients; patient++) {
            claim_make(&claim, lines, patient, number, id);
            take(context, &claim);
        }
    }
}

/* ---- both sides -------------------------------------------------------------------------- */

static void history_take(void *context, const struct claim *claim) {
    static int64_t added_claims;
    struct history_added added;
    struct diag diag = DIAG_NONE;
    int status = history_add(context, claim, &added, &diag);
    if (status == STATUS_OK && ++added_claims % 20000 == 0) {
        status = history_commit(context, &diag);
    }
    require(status == STATUS_OK, "history_add", diag.text);
}

static struct history *history_make(const char *path, int64_t patients) {
    struct history *history;
    struct diag diag = DIAG_NONE;
    remove(path);
    int64_t began = os_now_ns();
    int status = history_open(&history, path, &(struct history_options){.write = true}, &diag);
    require(status == STATUS_OK, path, diag.text);
    claims_each(patients, history_take, history);
    require(history_commit(history, &diag) == STATUS_OK, path, diag.text);
    history_close(history);
    int64_t made = os_now_ns();
    require(history_open(&history, path, NULL, &diag) == STATUS_OK, path, diag.text);
    printf("add_us %lld load_us %lld ", (long long)(made - began) / 1000,
           (long long)(os_now_ns() - made) / 1000);
    return history;
}

struct rows {
    sqlite3 *db;
    sqlite3_stmt *insert;
    sqlite3_stmt *ask;
    int64_t number;
};

static void sql(struct rows *rows, const char *text) {
    require(sqlite3_exec(rows->db, text, NULL, NULL, NULL) == SQLITE_OK, text,
            sqlite3_errmsg(rows->db));
}

static void prepare(struct rows *rows, const char *text, sqlite3_stmt **statement) {
    require(sqlite3_prepare_v3(rows->db, text, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) ==
                SQLITE_OK,
            text, sqlite3_errmsg(rows->db));
}

static void rows_take(void *context, const struct claim *claim) {
    struct rows *rows = context;
    for (int i = 0; i < claim->line_count; i++) {
        const struct claim_line *line = &claim->lines[i];
        int64_t values[] = {(int64_t)claim_payer_key(claim),
                            (int64_t)claim->patient_key,
                            line->from.day,
                            rows->number++,
                            (int64_t)line->code.bits,
                            (int64_t)line->modifiers[0].bits,
                            line->units.milli,
                            (int64_t)claim_npi_key(claim->rendering.npi),
                            (int64_t)claim->place_of_service.bits,
                            line->kind,
                            (int64_t)(line->modifiers[0].bits >> 56),
                            (int64_t)claim_text_key(claim->id)};
        for (int k = 0; k < COUNT_OF(values); k++) {
            sqlite3_bind_int64(rows->insert, k + 1, values[k]);
        }
        require(sqlite3_step(rows->insert) == SQLITE_DONE, "insert", sqlite3_errmsg(rows->db));
        sqlite3_reset(rows->insert);
    }
}

static void rows_make(struct rows *rows, const char *path, int64_t patients) {
    char uri[4096];
    *rows = (struct rows){0};
    remove(path);
    int64_t began = os_now_ns();
    require(sqlite3_open(path, &rows->db) == SQLITE_OK, path, sqlite3_errmsg(rows->db));
    sql(rows, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1048576;"
              "CREATE TABLE service (payer INT, patient INT, day INT, number INT, code INT,"
              " modifier INT, units INT, provider INT, place INT, kind INT, side INT, claim INT,"
              " PRIMARY KEY (payer, patient, day, number)) WITHOUT ROWID; BEGIN");
    prepare(rows, "INSERT INTO service VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
            &rows->insert);
    claims_each(patients, rows_take, rows);
    sqlite3_finalize(rows->insert);
    sql(rows, "COMMIT; ANALYZE");
    require(sqlite3_close(rows->db) == SQLITE_OK, path, "not closed");
    printf("rows_add_us %lld services %lld ", (long long)(os_now_ns() - began) / 1000,
           (long long)rows->number);
    snprintf(uri, sizeof uri, "file:%s?immutable=1", path);
    require(sqlite3_open_v2(uri, &rows->db,
                            SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                            NULL) == SQLITE_OK,
            path, sqlite3_errmsg(rows->db));
    sql(rows, "PRAGMA mmap_size = 4294967296; PRAGMA cache_size = -1048576; BEGIN");
    prepare(rows,
            "SELECT day, code, modifier, units, provider, place, kind, side, claim FROM service"
            " WHERE payer = ?1 AND patient = ?2 AND day BETWEEN ?3 AND ?4 ORDER BY day",
            &rows->ask);
}

/* ---- questions --------------------------------------------------------------------------- */

struct question {
    uint64_t payer, patient;
    struct date from, to;
};

struct asked {
    struct history *history;
    struct rows rows;
    struct question *questions;
    int64_t count;
    bool ahead;   /* the memory is asked for what comes next, as a ring of claims does it */
    uint64_t sum; /* of what was answered, so that both can be compared */
    int64_t answers;
};

static void sum_take(struct asked *asked, const struct claim_service *service) {
    asked->sum += (uint64_t)service->on.day * 31 + service->code.bits + (uint64_t)service->side +
                  (uint64_t)service->units.milli + service->provider;
    asked->answers++;
}

static void fetch_ahead(const struct asked *asked, int64_t i) {
    const struct question *patient = &asked->questions[i + 8 < asked->count ? i + 8 : i];
    const struct question *services = &asked->questions[i + 4 < asked->count ? i + 4 : i];
    history_fetch_patient(asked->history, patient->payer, patient->patient);
    history_fetch_services(asked->history, services->payer, services->patient);
}

static void ask_history(struct asked *asked) {
    for (int64_t i = 0; i < asked->count; i++) {
        const struct question *question = &asked->questions[i];
        if (asked->ahead) {
            fetch_ahead(asked, i);
        }
        struct history_found found;
        struct diag diag;
        require(history_services(asked->history, question->payer, question->patient, &found,
                                 &diag) == STATUS_OK,
                "history_services", "failed");
        int last = found.count;
        while (last > 0 && found.services[last - 1].on.day > question->to.day) {
            last--;
        }
        while (last > 0 && found.services[last - 1].on.day >= question->from.day) {
            sum_take(asked, &found.services[--last]);
        }
    }
}

static void ask_rows(struct asked *asked) {
    sqlite3_stmt *ask = asked->rows.ask;
    static struct claim_service services[SERVICES_MAX];
    for (int64_t i = 0; i < asked->count; i++) {
        int count = 0;
        sqlite3_bind_int64(ask, 1, (int64_t)asked->questions[i].payer);
        sqlite3_bind_int64(ask, 2, (int64_t)asked->questions[i].patient);
        sqlite3_bind_int64(ask, 3, asked->questions[i].from.day);
        sqlite3_bind_int64(ask, 4, asked->questions[i].to.day);
        while (sqlite3_step(ask) == SQLITE_ROW && count < SERVICES_MAX) {
            struct claim_service *service = &services[count++];
            *service =
                (struct claim_service){.on = {sqlite3_column_int(ask, 0)},
                                       .code = {(uint64_t)sqlite3_column_int64(ask, 1)},
                                       .modifiers = {{(uint64_t)sqlite3_column_int64(ask, 2)}},
                                       .units = {sqlite3_column_int64(ask, 3)},
                                       .provider = (uint64_t)sqlite3_column_int64(ask, 4),
                                       .place = {(uint64_t)sqlite3_column_int64(ask, 5)},
                                       .kind = (enum claim_kind)sqlite3_column_int(ask, 6),
                                       .side = (char)sqlite3_column_int(ask, 7),
                                       .claim = (uint64_t)sqlite3_column_int64(ask, 8)};
            service->modifier_count = code_given(service->modifiers[0]);
        }
        sqlite3_reset(ask);
        for (int k = 0; k < count; k++) {
            sum_take(asked, &services[k]);
        }
    }
}

/* Picoseconds a question. */
static int64_t timed(struct asked *asked, void (*ask)(struct asked *)) {
    asked->sum = 0;
    asked->answers = 0;
    int64_t began = os_now_ns();
    ask(asked);
    return (os_now_ns() - began) * 1000 / asked->count;
}

static int compare(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int64_t median(int64_t *values, int count) {
    qsort(values, (size_t)count, sizeof *values, compare);
    return values[count / 2];
}

static void questions_make(struct asked *asked, int64_t patients, bool known) {
    uint64_t seed = 7;
    for (int64_t i = 0; i < asked->count; i++) {
        seed = mix(seed + UINT64_C(0x9E3779B97F4A7C15));
        int64_t patient = (int64_t)(seed >> 20) % patients + (known ? 0 : patients);
        struct date to = {first_day.day + MONTHS * 30 - (int)(seed & 63)};
        asked->questions[i] =
            (struct question){claim_text_key(payer_of(patient)), key_of(patient),
                              {to.day - DAYS_BACK}, to};
    }
}

static void rounds_run(struct asked *asked, int rounds, const char *name) {
    int64_t ours[ROUNDS_MAX] = {0}, theirs[ROUNDS_MAX] = {0}, ratio[ROUNDS_MAX] = {0};
    for (int i = 0; i < rounds; i++) {
        ours[i] = timed(asked, ask_history);
        uint64_t sum = asked->sum;
        int64_t answers = asked->answers;
        theirs[i] = timed(asked, ask_rows);
        require(sum == asked->sum && answers == asked->answers, "answers", "are not the same");
        ratio[i] = theirs[i] * 1000 / ours[i];
    }
    printf("%s_answers %lld %s_history_ps %lld %s_rows_ps %lld %s_ratio_milli %lld ", name,
           (long long)asked->answers, name, (long long)median(ours, rounds), name,
           (long long)median(theirs, rounds), name, (long long)median(ratio, rounds));
}

int main(int argc, char **argv) {
    char ours[4000], theirs[4000];
    require(argc == 5, "usage", "bench_history FOLDER PATIENTS QUESTIONS ROUNDS");
    int64_t patients = strtoll(argv[2], NULL, 10);
    struct asked asked = {.count = strtoll(argv[3], NULL, 10)};
    int rounds = (int)strtol(argv[4], NULL, 10);
    require(patients > 0 && asked.count > 0 && rounds > 0 && rounds <= ROUNDS_MAX, "usage",
            "numbers");
    snprintf(ours, sizeof ours, "%s/bench.history", argv[1]);
    snprintf(theirs, sizeof theirs, "%s/bench.rows", argv[1]);
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    asked.history = history_make(ours, patients);
    rows_make(&asked.rows, theirs, patients);
    asked.questions = memory_grow(NULL, 0, (ptrdiff_t)sizeof(struct question) * asked.count);
    require(asked.questions != NULL, "questions", "out of memory");
    struct history_totals totals;
    struct diag diag;
    require(history_totals(asked.history, &totals, &diag) == STATUS_OK, ours, diag.text);
    printf("claims %lld bytes %lld ", (long long)totals.claims, (long long)totals.bytes);
    questions_make(&asked, patients, true);
    rounds_run(&asked, rounds, "known");
    asked.ahead = true;
    rounds_run(&asked, rounds, "ahead");
    asked.ahead = false;
    questions_make(&asked, patients, false);
    rounds_run(&asked, rounds, "unknown");
    printf("\n");
    memory_free(asked.questions);
    history_close(asked.history);
    sqlite3_finalize(asked.rows.ask);
    sqlite3_close(asked.rows.db);
    return 0;
}
