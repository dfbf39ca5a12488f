/* Times the lookups of the starter store: processor time a lookup, the best of ten repetitions,
 * keys in random order. Run by `meson test --benchmark`; only figures of one run can be compared.
 */
#include <stdio.h>
#include <time.h>

#include "store/store.h"

#define KEYS 4096
#define ROUNDS 50
#define REPEATS 10

static const struct store *store;
static struct code procedures[KEYS];
static struct code diagnoses[KEYS];
static uint32_t one[KEYS], two[KEYS]; /* ids of pain procedures: most have rows with each other */
static const struct store_when when = {{20675}, {INT32_MIN}}; /* 2026-08-10, all knowledge */

static int64_t time_code(int i) { return store_code_id(store, procedures[i]); }

static int64_t time_pair(int i) {
    struct store_pair row;
    return store_pair(store, one[i], two[i], when, &row);
}

static int64_t time_mpfs(int i) {
    struct store_mpfs row;
    return store_mpfs(store, one[i], CODE_NONE, when, &row);
}

static int64_t time_mue(int i) {
    struct store_mue row;
    return store_mue(store, one[i], when, &row);
}

static int64_t time_family(int i) {
    struct store_family row;
    return store_family(store, one[i], &row);
}

static int64_t time_addon(int i) {
    struct store_addon row;
    return store_addon_primary(store, one[i], two[i], when, &row);
}

static int64_t time_dx(int i) {
    struct store_dx row;
    return store_dx(store, diagnoses[i], when, &row);
}

static int64_t time_region(int i) {
    struct store_proof proof;
    return store_dx_region(store, diagnoses[i], when, &proof);
}

static int64_t time_excludes(int i) {
    struct view row;
    struct store_proof proof;
    return store_excludes1(store, diagnoses[i], diagnoses[(i * 7 + 1) % KEYS], when, &row, &proof);
}

static int64_t time_modifier(int i) {
    static const char *const names[] = {"59", "LT", "RT", "50", "KX", "25", "26", "GP"};
    struct store_proof proof;
    return store_modifier(
        store, (struct code){(uint64_t)names[i & 7][0] << 56 | (uint64_t)names[i & 7][1] << 48},
        when, &proof);
}

static int64_t time_payer(int i) {
    return store_payer_profile(store, i & 1 ? VIEW("60054") : VIEW("04412"), code_of("MB")).size;
}

static int64_t time_open(int i) {
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    const struct store *again;
    int status = store_open(&again, store_starter(), &arena, &diag);
    arena_close(&arena);
    return status + i;
}

static const struct {
    const char *name;
    int64_t (*lookup)(int i);
    int rounds;
} lookups[] = {
    {"code id", time_code, ROUNDS},      {"pair", time_pair, ROUNDS},
    {"fee schedule", time_mpfs, ROUNDS}, {"unit limit", time_mue, ROUNDS},
    {"family", time_family, ROUNDS},     {"add-on primary", time_addon, ROUNDS},
    {"diagnosis", time_dx, ROUNDS},      {"region", time_region, ROUNDS},
    {"excludes", time_excludes, ROUNDS}, {"modifier", time_modifier, ROUNDS},
    {"payer", time_payer, ROUNDS},       {"open", time_open, 2},
};

static void keys_fill(void) {
    uint64_t seed = 1;
    static const char *const prefixes[] = {"M47", "M48", "M5",  "G5", "G8",
                                           "M25", "M17", "S33", "Z79"};
    struct code all[2048];
    int many = 0;
    for (int i = 0; i < COUNT_OF(prefixes); i++) {
        many += store_dx_below(store, code_of(prefixes[i]), when, all + many,
                               (int)COUNT_OF(all) - many);
    }
    for (int i = 0; i < KEYS; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        uint32_t count = store_code_count(store);
        procedures[i] = store_code(store, (uint32_t)(seed >> 33) % count);
        one[i] = store_code_id(store, procedures[i]);
        two[i] = (uint32_t)(seed >> 17 & 0xffff) % count;
        diagnoses[i] = all[(seed >> 21 & 0xffffff) % (uint64_t)many];
    }
}

/* Nanoseconds of processor time. */
static int64_t now(void) { return (int64_t)clock() * (1000000000 / CLOCKS_PER_SEC); }

static int64_t best_tenths(int64_t (*lookup)(int i), int rounds, int64_t *sum) {
    int64_t best = INT64_MAX;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        int64_t start = now();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < KEYS; i++) {
                *sum += lookup(i);
            }
        }
        int64_t tenths = (now() - start) * 10 / (rounds * KEYS);
        best = tenths < best ? tenths : best;
    }
    return best;
}

int main(void) {
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    if (store_open(&store, store_starter(), &arena, &diag)) {
        return STATUS_INPUT;
    }
    keys_fill();
    for (int k = 0; k < COUNT_OF(lookups); k++) {
        int64_t sum = 0; /* printed, so that no lookup is left out */
        int64_t tenths = best_tenths(lookups[k].lookup, lookups[k].rounds, &sum);
        printf("%-16s %4lld.%lld ns   %lld\n", lookups[k].name, (long long)(tenths / 10),
               (long long)(tenths % 10), (long long)sum);
    }
    int64_t start = now();
    int status = store_verify(store, &diag);
    printf("%-16s %4lld us\n", "verify", (long long)((now() - start) / 1000));
    arena_close(&arena);
    return status;
}
