/* gen837: writes 837P files of a pain practice, the same bytes for the same options.
 *
 *     gen837 --claims N [--seed S] [--wrong PERCENT] [--key FILE] [-o FILE]
 *
 * Most claims are right for Medicare and commercial payers. Those that are wrong are so in one
 * known way each (gen_wrong.c); FILE of --key gets a line "claim id, tab, rule that has to fire"
 * for each, and the counts go to standard error. Names are drawn from small lists, NPIs from a
 * range that is not handed out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"
#include "os/os.h"

#define TRANSACTION_CLAIMS_MAX 5000 /* what the implementation guide recommends as the most */
#define TRANSACTION_DAYS_MAX 21     /* so that no claim is sent late */
#define SENT_DAYS_AFTER 12          /* later than any day of service of the transaction */

struct options {
    int64_t claims;
    uint64_t seed;
    int wrong_percent;
    const char *key;
    const char *output;
};

struct run {
    struct gen gen;
    struct gen_file file;
    struct out out;
    FILE *stream;
    FILE *key;
    int64_t kinds[64];
    int64_t first; /* claim of the transaction in hand */
    int practice;
};

static bool stream_sink(void *context, struct view bytes) {
    return fwrite(bytes.at, 1, (size_t)bytes.size, context) == (size_t)bytes.size;
}

/* True when a transaction that began with claim `first` ends before claim `index`. */
static bool transaction_full(const struct gen *gen, int64_t first, int64_t index) {
    return index == gen->claims || index - first >= TRANSACTION_CLAIMS_MAX ||
           claim_day(gen, index).day - claim_day(gen, first).day >= TRANSACTION_DAYS_MAX;
}

static struct date transaction_sent(const struct gen *gen, int64_t first) {
    int64_t last = first;
    while (!transaction_full(gen, first, last + 1)) {
        last++;
    }
    return (struct date){claim_day(gen, last).day + SENT_DAYS_AFTER};
}

static void transaction_open(struct run *run, int64_t index) {
    if (index > 0) {
        transaction_end(&run->file);
    }
    run->first = index;
    run->practice = -1;
    transaction_begin(&run->file, transaction_sent(&run->gen, index));
}

static void claim_put(struct run *run, int64_t index) {
    struct gen_claim claim;
    int kind = claim_draw(&run->gen, index, &claim);
    int practice = claim_practice(&run->gen, index);
    if (index == 0 || transaction_full(&run->gen, run->first, index)) {
        transaction_open(run, index);
    }
    if (practice != run->practice) {
        practice_write(&run->file, &run->gen.practices[practice]);
        run->practice = practice;
    }
    claim_write(&run->file, &claim);
    if (kind != GEN_RIGHT) {
        run->kinds[kind]++;
        if (run->key) {
            char name[14];
            claim_name(claim.ordinal, name);
            fprintf(run->key, "%s\t%s\n", name, wrong_rule(kind));
        }
    }
}

static void counts_print(const struct run *run) {
    int64_t wrong = 0;
    for (int kind = 0; kind < wrong_count(); kind++) {
        wrong += run->kinds[kind];
    }
    fprintf(stderr, "%lld claims, %lld of them wrong\n", (long long)run->gen.claims,
            (long long)wrong);
    for (int kind = 0; wrong > 0 && kind < wrong_count(); kind++) {
        fprintf(stderr, "%10lld  %s\n", (long long)run->kinds[kind], wrong_rule(kind));
    }
}

static bool number_read(const char *text, int64_t most, int64_t *value) {
    char *end;
    long long number = strtoll(text ? text : "", &end, 10);
    *value = number;
    return text && *text && !*end && number >= 0 && number <= most;
}

static bool option_read(struct options *options, const char *name, const char *value) {
    int64_t number = 0;
    if (strcmp(name, "--claims") == 0) {
        bool fine = number_read(value, 1000000000, &options->claims);
        return fine && options->claims > 0;
    }
    if (strcmp(name, "--seed") == 0) {
        bool fine = number_read(value, INT64_MAX, &number);
        options->seed = (uint64_t)number;
        return fine;
    }
    if (strcmp(name, "--wrong") == 0) {
        bool fine = number_read(value, 100, &number);
        options->wrong_percent = (int)number;
        return fine;
    }
    if (strcmp(name, "--key") == 0) {
        options->key = value;
        return value;
    }
    if (strcmp(name, "-o") == 0) {
        options->output = value;
        return value;
    }
    return false;
}

static bool run_open(struct run *run, const struct options *options, struct view table) {
    run->gen.seed = options->seed;
    run->gen.claims = options->claims;
    run->gen.wrong_percent = options->wrong_percent;
    int bad = visits_read(&run->gen.visits, table);
    if (bad) {
        fprintf(stderr, "gen837: %s:%d: not understood\n", VISITS_FILE, bad);
        return false;
    }
    practices_make(&run->gen);
    run->stream = options->output ? fopen(options->output, "wb") : stdout;
    run->key = options->key ? fopen(options->key, "wb") : NULL;
    if (!run->stream || (options->key && !run->key)) {
        perror("gen837");
        return false;
    }
    out_open(&run->out, stream_sink, run->stream);
    run->file.out = &run->out;
    return true;
}

static bool run_close(struct run *run) {
    transaction_end(&run->file);
    file_end(&run->file);
    out_close(&run->out);
    bool fine = !run->out.failed && fclose(run->stream) == 0;
    return (!run->key || fclose(run->key) == 0) && fine;
}

static int generate(const struct options *options, struct view table) {
    static struct run run; /* the table of visits makes it large */
    if (!run_open(&run, options, table)) {
        return STATUS_SYSTEM;
    }
    file_begin(&run.file);
    for (int64_t i = 0; i < run.gen.claims; i++) {
        claim_put(&run, i);
    }
    if (!run_close(&run)) {
        fprintf(stderr, "gen837: could not write everything\n");
        return STATUS_SYSTEM;
    }
    counts_print(&run);
    return STATUS_OK;
}

int main(int argc, char **argv) {
    struct options options = {.claims = 1000, .seed = 837, .wrong_percent = 10};
    for (int i = 1; i < argc; i += 2) {
        if (!option_read(&options, argv[i], argv[i + 1])) {
            fprintf(stderr, "usage: gen837 [--claims N] [--seed S] [--wrong PERCENT] [--key FILE] "
                            "[-o FILE]\n");
            return STATUS_USAGE;
        }
    }
    struct diag diag = DIAG_NONE;
    struct view table;
    if (os_map(VISITS_FILE, &table, &diag) != STATUS_OK) {
        fprintf(stderr, "gen837: %s: %s\n", VISITS_FILE, diag.text);
        return STATUS_SYSTEM;
    }
    int status = generate(&options, table);
    os_unmap(table);
    return status;
}
