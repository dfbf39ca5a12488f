/* bench_rules FILE HISTORY RULES ROUNDS: what policies and earlier services cost a claim.
 *
 * The file is audited without a report, in turns: with the rules of RULES that have no entries,
 * with all rules, with all rules and the history. Reading costs all three the same, so that their
 * differences within a round are what the entries and the history cost. Loading is timed apart.
 * Prints picoseconds of processor time a claim: medians of the rounds. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "audit/audit.h"
#include "claim/claim.h"
#include "history/history.h"
#include "os/os.h"

#define ROUNDS_MAX 99

/* An audit of the file, and what it is made of. */
struct run {
    const char *path;
    const struct store *store;
    const struct rule_set *rules;
    struct history *history;
    int64_t claims;
};

static void require(bool fine, const char *what, const char *why) {
    if (!fine) {
        fprintf(stderr, "bench_rules: %s: %s\n", what, why);
        exit(1);
    }
}

static int64_t used_us(void) { return (int64_t)clock() * 1000000 / CLOCKS_PER_SEC; }

/* ---- rules without entries --------------------------------------------------------------- */

static bool is_rules(struct view name) {
    return view_equal(view_sub(name, name.size - 5, 5), VIEW(".yaml")) ||
           view_equal(name, VIEW("sources.tsv"));
}

/* All entries are those of the folder policy. */
static bool is_policy(struct view path) {
    while (path.at) {
        if (view_equal(view_cut(&path, '/'), VIEW("policy"))) {
            return true;
        }
    }
    return false;
}

static const struct rule_set *rules_bare(const char *folder, struct arena *arena) {
    struct diag diag = DIAG_NONE;
    const struct rule_set *set;
    const char *const *names;
    int all, count = 0;
    require(os_folder(folder, is_rules, &names, &all, arena, &diag) == STATUS_OK, folder,
            diag.text);
    struct rule_file *files = ARENA_NEW(arena, struct rule_file, all + 1);
    require(files != NULL, folder, "memory");
    for (int i = 0; i < all; i++) {
        if (!is_policy(view_sub(view_of(names[i]), view_of(folder).size, PTRDIFF_MAX))) {
            files[count].name = view_of(names[i]);
            require(os_map(names[i], &files[count++].text, &diag) == STATUS_OK, names[i],
                    diag.text);
        }
    }
    struct rule_options options = {.own = files, .own_count = count, .alone = true};
    require(rule_set_make(&set, &options, arena, &diag) == STATUS_OK, folder, diag.text);
    require(rule_check_count(set) == 0, folder, "a rule outside of policy has entries");
    return set;
}

/* ---- one audit --------------------------------------------------------------------------- */

static ptrdiff_t source_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    return os_read(context, to, size, diag);
}

/* Each audit is a new one: it would take what it has seen for repetitions. */
static int64_t run_ps(struct run *run) {
    struct diag diag = DIAG_NONE;
    struct arena arena = {0};
    struct os_reader reader;
    struct audit *audit;
    struct claim_reader *claims = NULL;
    struct audit_options options = {
        .as_of = DATE_NONE, .history = run->history, .whole = os_memory_whole};
    require(audit_open(&audit, run->store, run->rules, &options, &arena, &diag) == STATUS_OK,
            "audit", diag.text);
    struct claim_options reads = {
        .file = view_of(run->path), .coming = audit_fetch, .coming_context = audit};
    require(os_reader_open(&reader, run->path, &diag) == STATUS_OK &&
                claim_open(&claims, source_read, &reader, &reads, &diag) == STATUS_OK,
            run->path, diag.text);
    int64_t began = used_us();
    enum claim_got got;
    run->claims = 0;
    while ((got = claim_next(claims)) != CLAIM_END) {
        if (got == CLAIM_READ) {
            (void)audit_claim(audit, claim_now(claims));
            run->claims++;
        }
    }
    int64_t took = used_us() - began;
    claim_close(claims);
    os_reader_close(&reader);
    audit_close(audit);
    arena_close(&arena);
    require(run->claims > 0, run->path, "holds no claim");
    return took * 1000000 / run->claims;
}

/* ---- rounds ------------------------------------------------------------------------------ */

static int compare(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void median_print(const char *name, int64_t *values, int count) {
    qsort(values, (size_t)count, sizeof *values, compare);
    printf("%s %lld ", name, (long long)values[count / 2]);
}

static void rounds_run(struct run runs[3], int rounds) {
    int64_t whole[ROUNDS_MAX] = {0}, rules[ROUNDS_MAX] = {0}, history[ROUNDS_MAX] = {0},
            both[ROUNDS_MAX] = {0};
    for (int i = -1; i < rounds; i++) { /* one more in front, for the caches */
        int64_t bare = run_ps(&runs[0]), all = run_ps(&runs[1]), beside = run_ps(&runs[2]);
        if (i >= 0) {
            whole[i] = beside;
            rules[i] = all - bare;
            history[i] = beside - all;
            both[i] = beside - bare;
        }
    }
    printf("claims %lld ", (long long)runs[0].claims);
    median_print("whole_ps", whole, rounds);
    median_print("rules_ps", rules, rounds);
    median_print("history_ps", history, rounds);
    median_print("both_ps", both, rounds);
}

int main(int argc, char **argv) {
    struct diag diag = DIAG_NONE;
    struct arena arena = {0};
    const struct store *store;
    const struct rule_set *rules;
    struct history *history;
    int rounds = argc == 5 ? (int)strtol(argv[4], NULL, 10) : 0;
    require(rounds > 0 && rounds <= ROUNDS_MAX, "usage", "FILE HISTORY RULES ROUNDS");
    require(store_open(&store, store_starter(), &arena, &diag) == STATUS_OK, "store", diag.text);
    require(rule_set_standard(&rules, &arena, &diag) == STATUS_OK, "rules", diag.text);
    const struct rule_set *bare = rules_bare(argv[3], &arena);
    int64_t began = used_us();
    require(history_open(&history, argv[2], &(struct history_options){0}, &diag) == STATUS_OK,
            argv[2], diag.text);
    int64_t load_us = used_us() - began;
    struct run runs[3] = {{argv[1], store, bare, NULL, 0},
                          {argv[1], store, rules, NULL, 0},
                          {argv[1], store, rules, history, 0}};
    rounds_run(runs, rounds);
    printf("load_us %lld\n", (long long)load_us);
    history_close(history);
    arena_close(&arena);
    return 0;
}
