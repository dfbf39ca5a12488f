/* Edit pairs. The row of a column-1 code is `low` (first bucket), `count`, `count` ends, then one
 * block for each bucket of 256 column-2 ids: their low bytes, then a fact of 16 bits for each. */
#include "store/low_vector.h"
#include "store/room.h"

#define FACT_PROOF(fact) ((uint32_t)(fact) >> 2)
#define FACT_INDICATOR(fact) ("019 "[(fact)&3])

/* One of the two tables: rows and rationales by column-1 id. */
struct pair_table {
    const uint32_t *first, *reason_first;
    const uint16_t *pairs;
    const uint8_t *reasons; /* a number for each entry */
    uint32_t first_count, pairs_count, reason_first_count, reasons_count;
};

static inline struct pair_table practitioner(const struct store *s) {
    return (struct pair_table){
        s->pair_first,       s->pair_reason_first, s->pairs,
        s->pair_reasons,     s->pair_first_count,  s->pairs_count,
        s->pair_reason_first_count, s->pair_reasons_count};
}

static inline struct pair_table hospital(const struct store *s) {
    return (struct pair_table){
        s->hospital_first,   s->hospital_reason_first, s->hospital_pairs,
        s->hospital_reasons, s->hospital_first_count,  s->hospital_pairs_count,
        s->hospital_reason_first_count, s->hospital_reasons_count};
}

/* The rows of one pair: facts of `count` entries in window order. */
struct pair_run {
    const uint16_t *facts;
    uint32_t count;
    uint32_t bucket; /* which block of the column-1 row, and which entry of it */
    uint32_t entry;
};

/* The head, the low bytes and the fact of a row would be waited for one after the other. Most rows
 * are short, so all of one is asked for at once; where it begins and ends is known before. */
#define ROW_LINES_AHEAD 16 /* of 64 bytes; 6 do less, 20 no more */

static void row_prefetch(const uint16_t *row, uint32_t units) {
    for (uint32_t at = 0; at < 32 * ROW_LINES_AHEAD && at < units; at += 32) {
        __builtin_prefetch(row + at);
    }
}

static struct pair_run pair_find(struct pair_table table, uint32_t column1, uint32_t column2) {
    struct span row = span_of(table.first, table.first_count, table.pairs_count, column1);
    const struct pair_run none = {0};
    if (row.end - row.at < 2 || column2 >= IMAGE_CODE_IDS_MAX) {
        return none;
    }
    const uint16_t *head = table.pairs + row.at;
    row_prefetch(head, row.end - row.at);
    uint32_t buckets = head[1];
    uint32_t bucket = (column2 >> 8) - head[0];
    if (bucket >= buckets || buckets + 2 > row.end - row.at) {
        return none;
    }
    const uint16_t *ends = head + 2;
    const uint16_t *blocks = ends + buckets;
    uint32_t from = bucket == 0 ? 0 : ends[bucket - 1];
    uint32_t to = ends[bucket];
    if (from >= to || to > row.end - row.at - 2 - buckets) {
        return none;
    }
    uint32_t entries = 2 * (to - from) / 3;
    const unsigned char *low = (const unsigned char *)(blocks + from);
    const uint16_t *facts = blocks + from + (entries + 1) / 2;
    uint32_t wanted = column2 & 0xff;
    __builtin_prefetch(facts + (entries * wanted >> 8)); /* likely there, if the row is long */
    uint64_t readable = 2 * (uint64_t)(table.pairs_count - (uint32_t)(blocks + from - table.pairs));
    struct low_run run = low_find(low, entries, readable, (unsigned char)wanted);
    return (struct pair_run){facts + run.first, run.count, bucket, run.first};
}

static bool pair_choose(const struct store *store, struct pair_run run, struct store_when when,
                        struct store_pair *row) {
    when = when_normal(when);
    struct choice choice = {0};
    for (uint32_t i = 0; i < run.count; i++) {
        if ((run.facts[i] & 3) < 2) {
            choice_offer(&choice, store, FACT_PROOF(run.facts[i]), i, when);
        }
    }
    if (choice.proof) {
        *row = (struct store_pair){.indicator = FACT_INDICATOR(run.facts[choice.row]),
                                   .proof = proof_out(store, choice.proof, when)};
    }
    return choice.proof != NULL;
}

bool store_pair(const struct store *store, uint32_t column1, uint32_t column2,
                struct store_when when, struct store_pair *row) {
    struct pair_run run = pair_find(practitioner(store), column1, column2);
    return run.count > 0 && pair_choose(store, run, when, row);
}

bool store_pair_hospital(const struct store *store, uint32_t column1, uint32_t column2,
                         struct store_when when, struct store_pair *row) {
    struct pair_run run = pair_find(hospital(store), column1, column2);
    return run.count > 0 && pair_choose(store, run, when, row);
}

/* Entries of the column-1 row before the run: those of the blocks before, and of its own. */
static uint32_t entries_before(struct pair_table table, uint32_t column1, struct pair_run run) {
    struct span row = span_of(table.first, table.first_count, table.pairs_count, column1);
    const uint16_t *ends = table.pairs + row.at + 2;
    uint32_t count = run.entry;
    for (uint32_t b = 0; b < run.bucket; b++) {
        uint32_t from = b == 0 ? 0 : ends[b - 1];
        count += from <= ends[b] ? 2 * (ends[b] - from) / 3 : 0;
    }
    return count;
}

/* The rationale of an entry of a column-1 row. */
static struct view reason_of(const struct store *store, struct pair_table table, uint32_t column1,
                             uint32_t entry) {
    struct span span =
        span_of(table.reason_first, table.reason_first_count, table.reasons_count, column1);
    uint32_t number = entry < span.end - span.at ? table.reasons[span.at + entry] : 0;
    return number > 0 && number <= store->reasons_count
               ? text_out(store, store->reasons[number - 1])
               : VIEW("");
}

static int pair_list(const struct store *store, struct pair_table table, uint32_t column1,
                     uint32_t column2, struct date as_of, struct store_pair *rows, int rows_max) {
    struct pair_run run = pair_find(table, column1, column2);
    struct store_when when = when_normal((struct store_when){DATE_NONE, as_of});
    uint32_t entry = run.count > 0 ? entries_before(table, column1, run) : 0;
    int count = 0;
    for (uint32_t i = 0; i < run.count; i++) {
        uint32_t proof = FACT_PROOF(run.facts[i]);
        if (proof >= store->proofs_count || store->proofs[proof].known_from > when.as_of.day ||
            store->proofs[proof].known_to < when.as_of.day || count++ >= rows_max) {
            continue;
        }
        rows[count - 1] = (struct store_pair){FACT_INDICATOR(run.facts[i]),
                                              reason_of(store, table, column1, entry + i),
                                              proof_out(store, &store->proofs[proof], when)};
    }
    return count;
}

int store_pair_rows(const struct store *store, uint32_t column1, uint32_t column2,
                    struct date as_of, struct store_pair *rows, int rows_max) {
    return pair_list(store, practitioner(store), column1, column2, as_of, rows, rows_max);
}

int store_pair_hospital_rows(const struct store *store, uint32_t column1, uint32_t column2,
                             struct date as_of, struct store_pair *rows, int rows_max) {
    return pair_list(store, hospital(store), column1, column2, as_of, rows, rows_max);
}

/* The cursor is the block and the entry to look at next. */
bool store_pair_next(const struct store *store, uint32_t column1, uint64_t *cursor,
                     uint32_t *column2) {
    struct span row = SPAN(store, pair_first, pairs, column1);
    uint32_t units = row.end - row.at;
    const uint16_t *head = store->pairs + row.at;
    if (units < 2 || 2u + head[1] > units) {
        return false;
    }
    const uint16_t *ends = head + 2, *blocks = ends + head[1];
    for (uint32_t b = (uint32_t)(*cursor >> 32); b < head[1]; b++, *cursor = (uint64_t)b << 32) {
        uint32_t from = b == 0 ? 0 : ends[b - 1];
        uint32_t to = ends[b];
        if (to < from || to > units - 2 - head[1]) {
            return false;
        }
        uint32_t entries = 2 * (to - from) / 3;
        const unsigned char *low = (const unsigned char *)(blocks + from);
        uint32_t at = (uint32_t)*cursor;
        if (at < entries) {
            uint32_t next = at + 1;
            while (next < entries && low[next] == low[at]) {
                next++;
            }
            *column2 = (head[0] + b) << 8 | low[at];
            *cursor = (uint64_t)b << 32 | next;
            return true;
        }
    }
    return false;
}
