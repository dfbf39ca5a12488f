/* The rows of the practice report: found by their key in a table that grows up to a limit, and
 * sorted at the end. */
#include <stdlib.h>
#include <string.h>

#include "report/practice_internal.h"

#define ROWS_MIN 64
#define EXACT_MAX (INT64_C(1) << 31) /* two numbers below it have a product that fits */

int practice_copy(char *to, int size_max, struct view text) {
    ptrdiff_t size = text.size < size_max ? text.size : size_max;
    while (size > 0 && size < text.size && ((unsigned char)text.at[size] & 0xC0) == 0x80) {
        size--; /* the next byte goes on with a character */
    }
    if (size > 0) {
        memcpy(to, text.at, (size_t)size);
    }
    return (int)size;
}

int64_t practice_share(int64_t total, int64_t part, int64_t whole) {
    if (part >= whole) {
        return total;
    }
    while (whole >= EXACT_MAX) {
        whole /= 2;
        part /= 2;
    }
    return total / whole * part + total % whole * part / whole;
}

/* ---- finding ------------------------------------------------------------------------------- */

static struct view key_of(const struct practice_row *row) {
    return (struct view){row->key, row->key_size};
}

/* The slot that has the key, or the free one where it belongs. */
static int slot_find(const struct practice_table *table, struct view key) {
    uint64_t mask = (uint64_t)table->slot_count - 1;
    uint64_t slot = view_hash(key, 0) & mask;
    while (table->slots[slot] != 0 &&
           !view_equal(key_of(&table->rows[table->slots[slot] - 1]), key)) {
        slot = (slot + 1) & mask;
    }
    return (int)slot;
}

/* Twice the rows, and twice as many slots as rows. */
static bool table_grow(struct practice_table *table) {
    int capacity = table->capacity > 0 ? table->capacity * 2 : ROWS_MIN;
    ptrdiff_t row_size = (ptrdiff_t)sizeof *table->rows;
    struct practice_row *rows =
        memory_grow(table->rows, row_size * table->capacity, row_size * capacity);
    if (!rows) {
        return false;
    }
    table->rows = rows;
    table->capacity = capacity;
    int32_t *slots = memory_grow(NULL, 0, (ptrdiff_t)sizeof *slots * capacity * 2);
    if (!slots) {
        table->capacity = table->count; /* full: the old slots stay as they are */
        return false;
    }
    memory_free(table->slots);
    table->slots = slots;
    table->slot_count = capacity * 2;
    for (int i = 0; i < table->count; i++) {
        table->slots[slot_find(table, key_of(&table->rows[i]))] = i + 1;
    }
    return true;
}

int practice_find(struct report_practice *practice, enum practice_name name, struct view key) {
    struct practice_table *table = &practice->tables[name];
    char kept[PRACTICE_KEY_MAX];
    struct view cut = {kept, practice_copy(kept, PRACTICE_KEY_MAX, key)};
    if (table->slot_count > 0) {
        int found = table->slots[slot_find(table, cut)];
        if (found != 0) {
            return found - 1;
        }
    }
    if (table->count >= PRACTICE_ROWS_MAX || practice->failed) {
        return PRACTICE_OTHERS;
    }
    if (table->count == table->capacity && !table_grow(table)) {
        practice->failed = true;
        return PRACTICE_OTHERS;
    }
    struct practice_row *row = &table->rows[table->count++];
    row->key_size = practice_copy(row->key, PRACTICE_KEY_MAX, cut);
    row->severity = RULE_INFO;
    table->slots[slot_find(table, cut)] = table->count;
    return table->count - 1;
}

struct practice_row *practice_at(struct practice_table *table, int index) {
    return index == PRACTICE_OTHERS ? &table->others : &table->rows[index];
}

/* ---- sorting ------------------------------------------------------------------------------- */

static int by_name(const void *first, const void *second) {
    const struct practice_row *a = first, *b = second;
    int order = view_compare((struct view){a->label, a->label_size},
                             (struct view){b->label, b->label_size});
    return order != 0 ? order : view_compare(key_of(a), key_of(b));
}

static int by_risk(const void *first, const void *second) {
    const struct practice_row *a = first, *b = second;
    if (a->sums.at_risk != b->sums.at_risk) {
        return a->sums.at_risk < b->sums.at_risk ? 1 : -1;
    }
    if (a->sums.findings != b->sums.findings) {
        return a->sums.findings < b->sums.findings ? 1 : -1;
    }
    return by_name(first, second);
}

void practice_sort(struct report_practice *practice) {
    for (int i = 0; i < PRACTICE_TABLES; i++) {
        struct practice_table *table = &practice->tables[i];
        bool named = i == PRACTICE_BASES || i == PRACTICE_MONTHS;
        if (table->count > 0) {
            qsort(table->rows, (size_t)table->count, sizeof *table->rows,
                  named ? by_name : by_risk);
        }
    }
}
