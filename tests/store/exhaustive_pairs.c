/* Every row of the texts of an edition against a store: on its first and last active day and the
 * days around them, in both directions, the store gives the verdict of a plain scan of the rows.
 * usage: exhaustive_pairs STORE TEXT... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/os.h"
#include "store/store.h"

#define OPEN_END 9999999
#define FAR_DAY 25000 /* 2038: a day of an open end */

struct row {
    char codes[11]; /* column 1 and column 2, NUL */
    char indicator;
    int32_t from, to;
};

static struct row *rows;
static size_t row_count, row_room;

/* Own reading of the layout: fields between tabs, those of rows have five characters. */
static int32_t day_of(const char *digits) {
    struct view text = {digits, 8};
    struct date date = date_from_compact(text);
    if (!date_given(date)) {
        fprintf(stderr, "not a date: %.8s\n", digits);
        exit(3);
    }
    return date.day;
}

static void line_read(const char *line, const char *end) {
    const char *field[8] = {line};
    int fields = 1;
    for (const char *c = line; c < end && fields < 8; c++) {
        if (*c == '\t') {
            field[fields++] = c + 1;
        }
    }
    if (fields < 7 || field[1] - field[0] != 6 || field[2] - field[1] != 6 ||
        field[4] - field[3] != 9 || field[3][0] < '0' || field[3][0] > '9') {
        return; /* the lines of the head */
    }
    if (row_count == row_room) {
        size_t room = row_room ? 2 * row_room : 1 << 20;
        struct row *grown = memory_grow(rows, (ptrdiff_t)(row_room * sizeof *rows),
                                        (ptrdiff_t)(room * sizeof *rows));
        if (!grown) {
            exit(4);
        }
        rows = grown;
        row_room = room;
    }
    struct row *row = &rows[row_count++];
    memcpy(row->codes, field[0], 5);
    memcpy(row->codes + 5, field[1], 5);
    row->codes[10] = 0;
    row->from = day_of(field[3]);
    row->to = field[4][0] == '*' ? OPEN_END : day_of(field[4]);
    row->indicator = field[5][0];
}

static void text_read(struct view text) {
    const char *at = text.at, *end = text.at + text.size;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        line_read(at, stop);
        at = stop + 1;
    }
}

static int row_compare(const void *a, const void *b) {
    return strcmp(((const struct row *)a)->codes, ((const struct row *)b)->codes);
}

/* The first row of a pair, row_count when it has none. */
static size_t rows_find(const char *codes) {
    size_t low = 0;
    for (size_t high = row_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(rows[middle].codes, codes) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < row_count && strcmp(rows[low].codes, codes) == 0 ? low : row_count;
}

/* The indicator in force by the rows themselves, '-' when none is. */
static char scanned(const char *codes, size_t first, int32_t day) {
    const struct row *best = NULL;
    for (size_t i = first; i < row_count && strcmp(rows[i].codes, codes) == 0; i++) {
        const struct row *row = &rows[i];
        if (row->indicator != '9' && row->from <= day && day <= row->to &&
            (!best || row->to < best->to)) {
            best = row;
        }
    }
    return best ? best->indicator : '-';
}

static int64_t asked, active, wrong;

static void ask(const struct store *store, const char *codes, size_t first, int32_t day) {
    struct store_pair row;
    uint32_t one = store_code_id(store, code_from((struct view){codes, 5}));
    uint32_t two = store_code_id(store, code_from((struct view){codes + 5, 5}));
    struct store_when when = {{day}, DATE_NONE};
    char said = store_pair(store, one, two, when, &row) ? row.indicator : '-';
    char right = scanned(codes, first, day);
    asked++;
    active += right != '-';
    if (said != right && wrong++ < 10) {
        printf("%.5s/%s on day %d: %c, not %c\n", codes, codes + 5, (int)day, said, right);
    }
}

static void row_ask(const struct store *store, size_t at, size_t first) {
    const struct row *row = &rows[at];
    int32_t last = row->to == OPEN_END ? FAR_DAY : row->to;
    const int32_t days[] = {row->from - 1, row->from, last, last + 1};
    char reverse[11];
    memcpy(reverse, row->codes + 5, 5);
    memcpy(reverse + 5, row->codes, 6);
    reverse[10] = 0;
    size_t back = rows_find(reverse);
    for (int i = 0; i < COUNT_OF(days); i++) {
        ask(store, row->codes, first, days[i]);
        ask(store, reverse, back, days[i]);
    }
}

int main(int count, char **arguments) {
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    const struct store *store = NULL;
    struct view image, text;
    if (count < 3 || os_map(arguments[1], &image, &diag) ||
        store_open(&store, image, &arena, &diag)) {
        fprintf(stderr, "exhaustive_pairs: %s\n", diag.text);
        return 3;
    }
    for (int i = 2; i < count; i++) {
        if (os_map(arguments[i], &text, &diag)) {
            fprintf(stderr, "exhaustive_pairs: %s\n", diag.text);
            return 3;
        }
        text_read(text);
        os_unmap(text);
    }
    if (row_count == 0) {
        fprintf(stderr, "exhaustive_pairs: the texts have no rows\n");
        return 3;
    }
    qsort(rows, row_count, sizeof *rows, row_compare);
    for (size_t i = 0, first = 0; i < row_count; i++) {
        first = strcmp(rows[i].codes, rows[first].codes) == 0 ? first : i;
        row_ask(store, i, first);
    }
    printf("%zu rows, %lld questions, %lld in force, %lld wrong\n", row_count, (long long)asked,
           (long long)active, (long long)wrong);
    memory_free(rows);
    arena_close(&arena);
    os_unmap(image);
    return wrong > 0;
}
