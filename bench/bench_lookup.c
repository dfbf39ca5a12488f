/* bench_lookup FOLDER [--questions N] [--rounds N] [--pairs N] [FILE...]: the lookup of an edit
 * by the texts of two codes and a day, in a store, in LMDB and in SQLite that hold the same
 * rows: those of the official text files named, or N invented pairs. Half of the questions ask
 * for a pair of the table, half for two codes by chance, on any day. All give the same answers,
 * or it fails.
 *
 * The opponents keep the files that they need in FOLDER. Prints names and figures, a line each,
 * for run_store.py; times are processor time, a look-up's the median of the rounds, in which
 * all take turns; a ratio is the median of the ratios within a round. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lookup.h"
#include "os/os.h"
#include "store/store.h"

#define ROUNDS_MAX 101
#define OPENS 200 /* an open takes less than the clock shows, so many are timed together */

enum side { SIDE_STORE, SIDE_LMDB, SIDE_SQLITE, SIDES };
static const char *const side_names[SIDES] = {"store", "lmdb", "sqlite"};

struct bench {
    struct arena arena;
    struct edits edits;
    struct question *questions;
    struct answer *answers[SIDES];
    int question_count, rounds;
    const char *folder;
    char paths[SIDES][4096];
    const struct store *store;
    struct view image; /* mapped */
    struct lookup_lmdb *lmdb;
    struct lookup_sqlite *sqlite;
    int64_t times[SIDES][ROUNDS_MAX];
};

void require(bool good, const char *what, const char *why) {
    if (!good) {
        fprintf(stderr, "bench_lookup: %s: %s\n", what, why);
        exit(STATUS_SYSTEM);
    }
}

static int64_t now_cpu(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void tell(const char *name, int64_t value) { printf("%s %lld\n", name, (long long)value); }

/* ---- the store --------------------------------------------------------------------------- */

static struct code code_at(const char text[CODE_SIZE]) {
    return code_from((struct view){text, CODE_SIZE});
}

static struct store_draft *draft_from(const struct edits *edits) {
    const struct store_edition edition = {.table = STORE_NCCI_PTP,
                                          .name = VIEW("v30.2"),
                                          .effective = date_from_ymd(2024, 7, 1),
                                          .through = date_from_ymd(2024, 9, 30),
                                          .from = DATE_NONE,
                                          .to = DATE_NONE,
                                          .dated = true};
    const struct store_source source = {VIEW("edits"), VIEW("0"), 1, 1};
    struct store_draft *draft = store_draft_open(NULL);
    require(draft != NULL, "draft", "out of memory");
    require(store_draft_begin(draft, &edition, &source) == STORE_BEGIN_NEW, "draft", "not begun");
    for (ptrdiff_t i = 0; i < edits->count; i++) {
        const struct edit *edit = &edits->rows[i];
        struct date to = edit->to == OPEN_END ? DATE_NONE : (struct date){edit->to};
        store_draft_pair(draft, code_at(edit->column1), code_at(edit->column2),
                         (struct date){edit->from}, to, edit->indicator, 0);
    }
    store_draft_end(draft);
    return draft;
}

static void store_make(struct bench *bench) {
    struct diag diag = DIAG_NONE;
    struct view image;
    int64_t start = now_cpu();
    struct store_draft *draft = draft_from(&bench->edits);
    require(store_draft_image(draft, &image, &diag) == STATUS_OK, "image", diag.text);
    tell("build_us", (now_cpu() - start) / 1000);
    tell("image_bytes", image.size);
    require(os_write_atomic(bench->paths[SIDE_STORE], image, &diag) == STATUS_OK, "store",
            diag.text);
    store_draft_close(draft);
}

/* Maps and opens the store, asks one question: what a process pays before its first answer. */
static void open_once(const char *path, struct view *image, struct arena *arena,
                      const struct store **store) {
    struct diag diag = DIAG_NONE;
    require(os_map(path, image, &diag) == STATUS_OK, path, diag.text);
    require(store_open(store, *image, arena, &diag) == STATUS_OK, path, diag.text);
    struct store_pair row;
    store_pair(*store, 0, 1, (struct store_when){DATE_NONE, DATE_NONE}, &row);
}

/* By the clock on the wall: a cold open waits for the disk. */
static void time_opens(struct bench *bench) {
    const char *path = bench->paths[SIDE_STORE];
    const struct store *store;
    struct view image;
    int handle = open(path, O_RDONLY);
    require(handle >= 0, path, "cannot be opened");
    fsync(handle);
    posix_fadvise(handle, 0, 0, POSIX_FADV_DONTNEED);
    close(handle);
    int64_t best = INT64_MAX;
    for (int i = 0; i < OPENS; i++) {
        struct arena arena = {0};
        int64_t start = os_now_ns();
        open_once(path, &image, &arena, &store);
        int64_t took = os_now_ns() - start;
        arena_close(&arena);
        os_unmap(image);
        if (i == 0) {
            tell("open_cold_ns", took);
        }
        best = i > 0 && took < best ? took : best;
    }
    tell("open_warm_ns", best);
}

static void store_ask(const struct store *store, const struct question *questions, int count,
                      struct answer *answers) {
    for (int i = 0; i < count; i++) {
        struct store_pair row;
        uint32_t column1 = store_code_id(store, code_at(questions[i].column1));
        uint32_t column2 = store_code_id(store, code_at(questions[i].column2));
        struct store_when when = {{questions[i].day}, DATE_NONE};
        answers[i] = (struct answer){0};
        if (store_pair(store, column1, column2, when, &row)) {
            int32_t to = date_given(row.proof.to) ? row.proof.to.day : OPEN_END;
            answers[i] = (struct answer){row.proof.from.day, to, row.indicator};
        }
    }
}

/* ---- questions --------------------------------------------------------------------------- */

/* Any code of the table, the rare ones as often as those that are paired with everything. */
static void question_code(const struct store *store, uint64_t *chance, char to[CODE_SIZE]) {
    char text[9];
    code_text(store_code(store, chance_next(chance) % store_code_count(store)), text);
    memcpy(to, text, CODE_SIZE);
}

static void questions_make(struct bench *bench) {
    const struct edits *edits = &bench->edits;
    uint64_t chance = 1;
    uint32_t rows = (uint32_t)edits->count;
    int32_t first = date_from_ymd(1996, 1, 1).day;
    uint32_t days = (uint32_t)(date_from_ymd(2024, 12, 31).day - first);
    for (int i = 0; i < bench->question_count; i++) {
        struct question *question = &bench->questions[i];
        const struct edit *edit = &edits->rows[chance_next(&chance) % rows];
        memcpy(question->column1, edit->column1, CODE_SIZE);
        memcpy(question->column2, edit->column2, CODE_SIZE);
        if (chance_next(&chance) % 2 == 0) {
            question_code(bench->store, &chance, question->column1);
            question_code(bench->store, &chance, question->column2);
        }
        question->day = first + (int32_t)(chance_next(&chance) % days);
    }
}

static void ask(struct bench *bench, int side) {
    const struct question *questions = bench->questions;
    struct answer *answers = bench->answers[side];
    if (side == SIDE_STORE) {
        store_ask(bench->store, questions, bench->question_count, answers);
    } else if (side == SIDE_SQLITE) {
        lookup_sqlite_ask(bench->sqlite, questions, bench->question_count, answers);
    } else {
#ifdef WITH_LMDB
        lookup_lmdb_ask(bench->lmdb, questions, bench->question_count, answers);
#endif
    }
}

static bool is_there(const struct bench *bench, int side) {
    return side != SIDE_LMDB || bench->lmdb != NULL;
}

static void compare(const struct bench *bench, int side) {
    const struct answer *ours = bench->answers[SIDE_STORE], *theirs = bench->answers[side];
    for (int i = 0; i < bench->question_count; i++) {
        if (memcmp(&ours[i], &theirs[i], sizeof *ours) != 0) {
            const struct question *question = &bench->questions[i];
            fprintf(stderr, "%.5s/%.5s on day %d: store %d (%d to %d), %s %d (%d to %d)\n",
                    question->column1, question->column2, (int)question->day,
                    (int)ours[i].indicator, (int)ours[i].from, (int)ours[i].to, side_names[side],
                    (int)theirs[i].indicator, (int)theirs[i].from, (int)theirs[i].to);
            require(false, side_names[side], "answers differ");
        }
    }
}

/* The first turn warms the caches and is the one whose answers are compared. */
static void take_turns(struct bench *bench) {
    for (int round = -1; round < bench->rounds; round++) {
        for (int side = 0; side < SIDES; side++) {
            if (is_there(bench, side)) {
                int64_t start = now_cpu();
                ask(bench, side);
                bench->times[side][round < 0 ? 0 : round] = now_cpu() - start;
                compare(bench, side);
            }
        }
    }
    int64_t hits = 0;
    for (int i = 0; i < bench->question_count; i++) {
        hits += bench->answers[SIDE_STORE][i].indicator != 0;
    }
    tell("answers", hits);
}

/* ---- figures ----------------------------------------------------------------------------- */

static int number_compare(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int64_t median(int64_t *values, int count) {
    qsort(values, (size_t)count, sizeof *values, number_compare);
    return values[count / 2];
}

static void tell_times(struct bench *bench) {
    char name[32];
    for (int side = SIDE_LMDB; side < SIDES; side++) {
        int64_t ratios[ROUNDS_MAX];
        for (int i = 0; i < bench->rounds; i++) {
            int64_t ours = bench->times[SIDE_STORE][i];
            ratios[i] = bench->times[side][i] * 1000 / (ours > 0 ? ours : 1);
        }
        if (is_there(bench, side)) {
            snprintf(name, sizeof name, "%s_ratio_milli", side_names[side]);
            tell(name, median(ratios, bench->rounds));
        }
    }
    for (int side = 0; side < SIDES; side++) {
        if (is_there(bench, side)) {
            snprintf(name, sizeof name, "%s_ps", side_names[side]);
            tell(name, median(bench->times[side], bench->rounds) * 1000 / bench->question_count);
        }
    }
}

/* ---- main -------------------------------------------------------------------------------- */

static void usage(void) {
    fprintf(stderr, "usage: bench_lookup FOLDER [--questions N] [--rounds N] [--pairs N]"
                    " [FILE...]\n");
    exit(STATUS_USAGE);
}

static long number_of(const char *text, long most) {
    char *end = NULL;
    long number = text ? strtol(text, &end, 10) : 0;
    if (number < 1 || number > most || *end != 0) {
        usage();
    }
    return number;
}

static void read_arguments(struct bench *bench, int count, char **arguments) {
    long pairs = 0;
    bench->folder = count > 1 ? arguments[1] : (usage(), NULL);
    bench->question_count = 500000;
    bench->rounds = 5;
    for (int i = 2; i < count; i++) {
        bool more = i + 1 < count;
        if (more && strcmp(arguments[i], "--questions") == 0) {
            bench->question_count = (int)number_of(arguments[++i], 100000000);
        } else if (more && strcmp(arguments[i], "--rounds") == 0) {
            bench->rounds = (int)number_of(arguments[++i], ROUNDS_MAX);
        } else if (more && strcmp(arguments[i], "--pairs") == 0) {
            pairs = number_of(arguments[++i], 20000000);
            edits_invent(&bench->edits, pairs);
        } else {
            edits_read(&bench->edits, arguments[i]);
        }
    }
    if (bench->edits.count == 0) {
        usage();
    }
}

static void open_sides(struct bench *bench) {
    for (int side = 0; side < SIDES; side++) {
        snprintf(bench->paths[side], sizeof bench->paths[side], "%s/pairs.%s", bench->folder,
                 side_names[side]);
        bench->answers[side] = ARENA_NEW(&bench->arena, struct answer, bench->question_count);
    }
    bench->questions = ARENA_NEW(&bench->arena, struct question, bench->question_count);
    require(!bench->arena.failed, "questions", "out of memory");
    store_make(bench);
    time_opens(bench);
    open_once(bench->paths[SIDE_STORE], &bench->image, &bench->arena, &bench->store);
    edits_sort(&bench->edits);
    bench->sqlite = lookup_sqlite_open(&bench->arena, &bench->edits, bench->paths[SIDE_SQLITE]);
#ifdef WITH_LMDB
    bench->lmdb = lookup_lmdb_open(&bench->arena, &bench->edits, bench->paths[SIDE_LMDB]);
#endif
}

int main(int count, char **arguments) {
    static struct bench bench;
    read_arguments(&bench, count, arguments);
    tell("rows", bench.edits.count);
    open_sides(&bench);
    questions_make(&bench);
    take_turns(&bench);
    tell_times(&bench);
    lookup_sqlite_close(bench.sqlite);
#ifdef WITH_LMDB
    lookup_lmdb_close(bench.lmdb);
#endif
    os_unmap(bench.image);
    edits_close(&bench.edits);
    arena_close(&bench.arena);
    return STATUS_OK;
}
