/* Rows for bench_lookup: read from the official text files by a parser of its own, or invented. */
#include <stdlib.h>
#include <string.h>

#include "lookup.h"
#include "os/os.h"

static struct edit *edits_new(struct edits *edits) {
    if (edits->count == edits->capacity) {
        ptrdiff_t size = (ptrdiff_t)sizeof *edits->rows;
        ptrdiff_t capacity = edits->capacity > 0 ? 2 * edits->capacity : 1 << 16;
        edits->rows = memory_grow(edits->rows, edits->capacity * size, capacity * size);
        require(edits->rows != NULL, "rows", "out of memory");
        edits->capacity = capacity;
    }
    return &edits->rows[edits->count++];
}

void edits_close(struct edits *edits) { memory_free(edits->rows); }

/* Tab-separated: column 1, column 2, a mark, effective, deletion or *, indicator, rationale. */
static bool edit_read(struct view line, struct edit *edit) {
    struct view cells[6];
    for (int i = 0; i < COUNT_OF(cells); i++) {
        cells[i] = view_cut(&line, '\t');
    }
    if (cells[0].size != CODE_SIZE || cells[1].size != CODE_SIZE || !view_is_digits(cells[3]) ||
        cells[5].size != 1) {
        return false;
    }
    memcpy(edit->column1, cells[0].at, CODE_SIZE);
    memcpy(edit->column2, cells[1].at, CODE_SIZE);
    edit->indicator = cells[5].at[0];
    edit->from = date_from_compact(cells[3]).day;
    edit->to = view_is_digits(cells[4]) ? date_from_compact(cells[4]).day : OPEN_END;
    return true;
}

void edits_read(struct edits *edits, const char *path) {
    struct view bytes;
    struct diag diag = DIAG_NONE;
    require(os_map(path, &bytes, &diag) == STATUS_OK, path, diag.text);
    ptrdiff_t before = edits->count;
    for (struct view rest = bytes; rest.at;) {
        struct edit edit;
        if (edit_read(view_cut(&rest, '\n'), &edit)) {
            *edits_new(edits) = edit;
        }
    }
    require(edits->count > before, path, "has no rows");
    os_unmap(bytes);
}

/* ---- invented rows ----------------------------------------------------------------------- */

#define CODES 16000

static void code_number(int number, char code[CODE_SIZE]) {
    number = 5 * number + 100; /* spread over the numbers, as the real ones are */
    for (int i = CODE_SIZE - 1; i >= 0; i--, number /= 10) {
        code[i] = (char)('0' + number % 10);
    }
}

static int32_t quarter_day(uint32_t quarter) {
    return date_from_ymd(1996 + (int)(quarter / 4), 1 + (int)(quarter % 4) * 3, 1).day;
}

/* One pair in eight has an earlier window, one in twenty-five a row that never had effect. */
static void pair_invent(struct edits *edits, struct edit edit, uint64_t *chance) {
    uint32_t start = chance_next(chance) % 80;
    if (chance_next(chance) % 8 == 0) {
        edit.indicator = '1';
        edit.from = quarter_day(start);
        edit.to = quarter_day(start + 8) - 1;
        *edits_new(edits) = edit;
        start += 12;
    }
    edit.from = quarter_day(start);
    edit.to = chance_next(chance) % 4 == 0 ? quarter_day(start + 16) - 1 : OPEN_END;
    edit.indicator = chance_next(chance) % 10 < 7 ? '1' : '0';
    if (chance_next(chance) % 25 == 0) {
        edit.indicator = '9';
        edit.to = edit.from;
    }
    *edits_new(edits) = edit;
}

/* A third of the column-1 codes have nine tenths of the pairs, the last ones make up the number. */
void edits_invent(struct edits *edits, ptrdiff_t pairs) {
    uint64_t chance = 302;
    for (int one = 0; one < CODES && pairs > 0; one++) {
        struct edit edit = {0};
        code_number(one, edit.column1);
        ptrdiff_t mean = pairs / (CODES - one) + 1;
        ptrdiff_t wanted = chance_next(&chance) % 3 == 0 ? mean * 27 / 10 : mean * 3 / 20;
        wanted = one == CODES - 1 || wanted > pairs ? pairs : wanted;
        wanted = wanted < CODES / 2 ? wanted : CODES / 2;
        uint32_t step = (uint32_t)(CODES / (wanted + 1));
        for (int two = 0; two < CODES && wanted > 0; wanted--, pairs--) {
            two += 1 + (int)(chance_next(&chance) % step);
            code_number(two % CODES, edit.column2);
            pair_invent(edits, edit, &chance);
        }
    }
}

static int edit_compare(const void *left, const void *right) {
    const struct edit *a = left, *b = right;
    int order = memcmp(a->column1, b->column1, CODE_SIZE);
    order = order ? order : memcmp(a->column2, b->column2, CODE_SIZE);
    if (order != 0) {
        return order;
    }
    if (a->to != b->to) {
        return a->to < b->to ? -1 : 1;
    }
    return (a->from > b->from) - (a->from < b->from);
}

/* The official file says one row twice. */
void edits_sort(struct edits *edits) {
    struct edit *rows = edits->rows;
    ptrdiff_t kept = 0;
    qsort(rows, (size_t)edits->count, sizeof *rows, edit_compare);
    for (ptrdiff_t i = 0; i < edits->count; i++) {
        if (i == 0 || edit_compare(&rows[i], &rows[kept - 1]) != 0) {
            rows[kept++] = rows[i];
        }
    }
    edits->count = kept;
}
