/* Headers, cells and keys of the fee schedule family. */
#include "import/fee.h"

/* ---- headers ----------------------------------------------------------------------------- */

/* "2026 PE GPCI" without its year, which goes to `year`. */
static struct view year_cut(struct view cell, int *year) {
    int found = digits_of(cell, 0, 4);
    *year = 0;
    if (cell.size > 5 && found >= 0 && cell.at[4] == ' ') {
        *year = found;
        return view_trim(view_sub(cell, 5, cell.size));
    }
    return cell;
}

static bool header_matches(struct view cell, const char *name) {
    ptrdiff_t size = view_of(name).size;
    if (name[size - 1] != '*') {
        return header_is(cell, name);
    }
    char start[96];
    for (ptrdiff_t i = 0; i < size; i++) {
        start[i] = i < size - 1 ? name[i] : 0;
    }
    return header_find(&cell, 1, start) == 0;
}

/* Which of the names a cell is, -1 when none. */
static int header_which(struct view cell, const char *const *names, int name_count) {
    for (int i = 0; i < name_count; i++) {
        if (header_matches(cell, names[i] + (names[i][0] == '?'))) {
            return i;
        }
    }
    return -1;
}

static bool header_years(struct import *import, const struct rows *rows, int *year, int found) {
    if (!year || found == 0) {
        return true;
    }
    bool same = *year == 0 || *year == found;
    *year = *year ? *year : found;
    if (!same) {
        import_wrong(import, rows, "import_header", NULL, "the header names the years %d and %d",
                     *year, found);
    }
    return same;
}

bool fee_header(struct import *import, const struct rows *rows, const struct view *cells, int count,
                const char *const *names, int name_count, int *at, int *year) {
    bool ok = true;
    for (int i = 0; i < name_count; i++) {
        at[i] = -1;
    }
    for (int i = 0; i < count; i++) {
        int cut = 0;
        struct view cell = year ? year_cut(cells[i], &cut) : cells[i];
        int which = cell.size > 0 ? header_which(cell, names, name_count) : -1;
        if (which < 0 ? cell.size > 0 : at[which] >= 0) {
            import_wrong(import, rows, "import_header", NULL,
                         which < 0 ? "column %d has a header that is not known: \"%.*s\""
                                   : "column %d has a header that came before: \"%.*s\"",
                         i + 1, (int)(cell.size < 48 ? cell.size : 48), cell.at);
            ok = false;
        } else if (which >= 0) {
            at[which] = i;
            ok &= header_years(import, rows, year, cut);
        }
    }
    for (int i = 0; i < name_count; i++) {
        if (at[i] < 0 && names[i][0] != '?') {
            import_wrong(import, rows, "import_header", names[i], "the column is missing");
            ok = false;
        }
    }
    return ok;
}

bool fee_table_header(struct import *import, struct rows *rows, const char *const *names,
                      int name_count, int (*title_year)(struct view title), int *at, int *year) {
    while (import_next(import, rows)) {
        if (title_year && *year == 0) {
            *year = title_year(rows_cell(rows, 0));
        }
        if (header_find(rows->cells, rows->count, "Medicare Admin") >= 0) {
            return fee_header(import, rows, rows->cells, rows->count, names, name_count, at,
                              title_year ? NULL : year);
        }
        if (!rows_blank(rows) && !fee_remark(rows)) {
            break;
        }
    }
    import_wrong(import, rows, "import_header", names[0], "no header before the data");
    return false;
}

/* ---- rows and cells ---------------------------------------------------------------------- */

bool fee_columns(const struct rows_head *head, const char *words, const char *more) {
    bool columns = false;
    for (int i = 0; i < head->count; i++) {
        const struct view *cells = head->row[i].cells;
        int count = head->row[i].count;
        columns |= count > 1 && (header_find(cells, count, words) >= 0 ||
                                 (more && header_find(cells, count, more) >= 0));
    }
    return columns && (head->form == ROWS_COMMA || head->form == ROWS_XLSX);
}

void fee_cells(const struct rows *rows, const int *at, int count, struct view *cells) {
    for (int i = 0; i < count; i++) {
        cells[i] = rows_cell(rows, at[i]);
    }
}

bool fee_remark(const struct rows *rows) {
    for (int i = 1; i < rows->count; i++) {
        if (rows->cells[i].size > 0) {
            return false;
        }
    }
    return rows->count > 0 && rows->cells[0].size > 0;
}

bool fee_among(struct view cell, const char *list) {
    struct view rest = view_of(list);
    while (rest.at) {
        struct view word = view_cut(&rest, ' ');
        if (cell.size == 0 ? view_equal(word, VIEW("-")) : view_equal(word, cell)) {
            return true;
        }
    }
    return false;
}

bool fee_indicator(struct import *import, const struct rows *rows, struct view cell,
                   const char *column, const char *list) {
    if (fee_among(cell, list)) {
        return true;
    }
    import_wrong(import, rows, "import_cell", column, "\"%.*s\" is none of: %s",
                 (int)(cell.size < 12 ? cell.size : 12), cell.size > 0 ? cell.at : "", list);
    return false;
}

/* A number of `digits` digits, one of which may be missing in front. */
static struct code padded_code(struct import *import, const struct rows *rows, struct view cell,
                               const char *column, int digits, int *padded, bool *ok) {
    char text[8];
    int missing = digits - (int)cell.size;
    if (!view_is_digits(cell) || missing < 0 || missing > 1) {
        import_wrong(import, rows, "import_cell", column, "must be %d digits", digits);
        *ok = false;
        return CODE_NONE;
    }
    text[0] = '0';
    for (ptrdiff_t i = 0; i < cell.size; i++) {
        text[missing + i] = cell.at[i];
    }
    *padded += missing;
    return code_from((struct view){text, digits});
}

struct code fee_carrier(struct import *import, const struct rows *rows, struct view cell,
                        int *padded, bool *ok) {
    return padded_code(import, rows, cell, "contractor", 5, padded, ok);
}

struct code fee_locality(struct import *import, const struct rows *rows, struct view cell,
                         int *padded, bool *ok) {
    return padded_code(import, rows, cell, "locality", 2, padded, ok);
}

struct code fee_place(struct code carrier, struct code locality) {
    return (struct code){carrier.bits | locality.bits >> 40};
}

void fee_padded_note(struct import *import, int padded) {
    if (padded > 0) {
        import_note(import, "%d numbers of contractors and localities had lost their leading zero",
                    padded);
    }
}

struct view fee_place_name(struct view cell) {
    cell = view_trim(cell);
    while (cell.size > 0 && cell.at[cell.size - 1] == '*') {
        cell = view_trim(view_sub(cell, 0, cell.size - 1));
    }
    return cell;
}

/* ---- keys -------------------------------------------------------------------------------- */

struct fee_key {
    uint64_t key, key2;
    int64_t line; /* 0: free */
};

static struct fee_key *key_slot(struct fee_key *slot, uint32_t size, uint64_t key, uint64_t key2) {
    uint64_t hash = (key ^ key2 * 0x9e3779b97f4a7c15u) * 0xff51afd7ed558ccdu;
    uint32_t at = (uint32_t)(hash >> 32) & (size - 1);
    while (slot[at].line != 0 && (slot[at].key != key || slot[at].key2 != key2)) {
        at = (at + 1) & (size - 1);
    }
    return &slot[at];
}

static bool keys_grow(struct fee_keys *keys, struct arena *arena) {
    if (2 * (keys->used + 1) <= keys->size) {
        return true;
    }
    uint32_t size = keys->size ? 2 * keys->size : 1024;
    struct fee_key *slot = ARENA_NEW(arena, struct fee_key, size);
    if (!slot) {
        return false;
    }
    for (uint32_t i = 0; i < keys->size; i++) {
        if (keys->slot[i].line != 0) {
            *key_slot(slot, size, keys->slot[i].key, keys->slot[i].key2) = keys->slot[i];
        }
    }
    keys->slot = slot;
    keys->size = size;
    return true;
}

int64_t fee_keys_add(struct fee_keys *keys, struct arena *arena, uint64_t key, uint64_t key2,
                     int64_t line) {
    if (!keys_grow(keys, arena)) {
        return -1;
    }
    struct fee_key *slot = key_slot(keys->slot, keys->size, key, key2);
    int64_t before = slot->line;
    if (before == 0) {
        *slot = (struct fee_key){key, key2, line};
        keys->used++;
    }
    return before;
}

bool fee_key_new(struct import *import, const struct rows *rows, struct fee_keys *keys,
                 uint64_t key, uint64_t key2) {
    int64_t before = fee_keys_add(keys, import_arena(import), key, key2, rows->line);
    if (before > 0) {
        import_wrong(import, rows, "import_cell", NULL, "the same key stands in line %lld",
                     (long long)before);
    } else if (before < 0) {
        import_wrong(import, rows, "memory", NULL, "out of memory for the keys of the file");
    }
    return before == 0;
}
