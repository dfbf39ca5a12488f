/* Which column of a CSV means what: synonyms of headers, numbers behind them, and --map. */
#include <string.h>

#include "claim/csv_internal.h"

#define KEY_MAX 48 /* letters and digits of a header that are compared */

static const struct {
    enum csv_field field;
    ptrdiff_t size;
    const char *header;
} synonyms[] = {
#include "claim/csv_columns.inc"
};

#define CSV_FIELD(name) #name,
static const char *const field_names[] = {
#include "claim/csv_fields.def"
};
#undef CSV_FIELD

const char *csv_field_name(enum csv_field field) { return field_names[field]; }

/* Letters and digits of a header in lower case. */
static struct view header_key(struct view header, char key[KEY_MAX]) {
    ptrdiff_t size = 0;
    for (ptrdiff_t i = 0; i < header.size && size < KEY_MAX; i++) {
        char c = header.at[i];
        if (c >= 'A' && c <= 'Z') {
            c = (char)(c - 'A' + 'a');
        }
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) {
            key[size++] = c;
        }
    }
    return (struct view){key, size};
}

static enum csv_field synonym_find(struct view key) {
    for (ptrdiff_t i = 0; i < COUNT_OF(synonyms); i++) {
        if (view_equal(key, (struct view){synonyms[i].header, synonyms[i].size})) {
            return synonyms[i].field;
        }
    }
    return CSV_FIELDS;
}

/* Takes a number from 1 to 12 off the end; 0 when there is none. */
static int number_take(struct view *key) {
    ptrdiff_t digits = 0;
    while (digits < key->size && digits < 3 && key->at[key->size - 1 - digits] >= '0' &&
           key->at[key->size - 1 - digits] <= '9') {
        digits++;
    }
    int number = 0;
    for (ptrdiff_t i = key->size - digits; i < key->size; i++) {
        number = number * 10 + (key->at[i] - '0');
    }
    if (number < 1 || number > CLAIM_DIAGNOSES_MAX) {
        return 0;
    }
    key->size -= digits;
    return number;
}

/* Takes a letter from a to l off the end, as in box 21 of the paper form: its number, or 0. */
static int letter_take(struct view *key) {
    char last = key->size > 1 ? key->at[key->size - 1] : 0;
    if (last < 'a' || last >= 'a' + CLAIM_DIAGNOSES_MAX) {
        return 0;
    }
    key->size--;
    return last - 'a' + 1;
}

static enum csv_field key_field(struct view key, int *number) {
    *number = 0;
    enum csv_field field = synonym_find(key);
    if (field != CSV_FIELDS) {
        return field;
    }
    *number = number_take(&key);
    bool lettered = *number == 0;
    if (lettered) {
        *number = letter_take(&key);
    }
    field = *number > 0 ? synonym_find(key) : CSV_FIELDS;
    bool several = field == CSV_diagnosis || (field == CSV_modifier && !lettered);
    return several ? field : CSV_FIELDS;
}

static bool slot_add(struct csv_slot *slots, int *count, int max, struct csv_slot slot) {
    for (int i = 0; i < *count; i++) {
        if (slots[i].column == slot.column || (slot.number && slots[i].number == slot.number)) {
            return false;
        }
    }
    if (*count == max) {
        return false;
    }
    slots[(*count)++] = slot;
    return true;
}

/* The first column of a field wins. */
static void column_add(struct csv_columns *columns, enum csv_field field, struct csv_slot slot) {
    bool added = false;
    switch (field) {
    case CSV_FIELDS: return;
    case CSV_diagnosis:
    case CSV_diagnoses:
        added = slot_add(columns->diagnoses, &columns->diagnosis_count,
                         (int)COUNT_OF(columns->diagnoses), slot);
        break;
    case CSV_modifier:
    case CSV_modifiers:
        added = slot_add(columns->modifiers, &columns->modifier_count,
                         (int)COUNT_OF(columns->modifiers), slot);
        break;
    default:
        added = columns->of[field] < 0;
        columns->of[field] = added ? slot.column : columns->of[field];
    }
    columns->known += added;
}

static bool same_header(struct view a, struct view b) {
    char key_a[KEY_MAX], key_b[KEY_MAX];
    struct view short_a = header_key(a, key_a);
    struct view short_b = header_key(b, key_b);
    return short_a.size > 0 && view_equal(short_a, short_b);
}

void csv_columns_read(struct csv_columns *columns, const struct csv_row *row, struct csv_map *map) {
    *columns = (struct csv_columns){0};
    for (int i = 0; i < CSV_FIELDS; i++) {
        columns->of[i] = -1;
    }
    bool mapped[CSV_COLUMNS_MAX] = {false};
    for (int i = 0; i < map->count; i++) {
        map->lines[i].found = false;
        for (int c = 0; c < row->count && !map->lines[i].found; c++) {
            if (same_header(row->cells[c].raw, map->lines[i].header)) {
                map->lines[i].found = mapped[c] = true;
                column_add(columns, map->lines[i].field,
                           (struct csv_slot){c, map->lines[i].number});
            }
        }
    }
    for (int c = 0; c < row->count; c++) {
        char key[KEY_MAX];
        int number = 0;
        enum csv_field field =
            mapped[c] ? CSV_FIELDS : key_field(header_key(row->cells[c].raw, key), &number);
        column_add(columns, field, (struct csv_slot){c, number});
    }
}

/* Enough to be sure that a row is the header and no title or data. */
static bool columns_enough(const struct csv_columns *columns) {
    return columns->of[CSV_claim_id] >= 0 && columns->of[CSV_code] >= 0;
}

ptrdiff_t csv_header_find(struct view head, struct csv_map *map, char *separator, int *known) {
    static const char separators[] = {',', ';', '\t', '|'};
    ptrdiff_t best = -1;
    *known = 0;
    struct csv_row row;
    struct csv_columns columns;
    for (ptrdiff_t s = 0; s < COUNT_OF(separators); s++) {
        ptrdiff_t from = 0;
        for (int i = 0; i < CSV_HEADER_ROWS_MAX; i++) {
            ptrdiff_t quote;
            struct view rest = view_sub(head, from, head.size);
            ptrdiff_t size = csv_row_size(rest, separators[s], true, &quote);
            if (size < 0) {
                break;
            }
            csv_row_split(&row, view_sub(rest, 0, size), separators[s]);
            csv_columns_read(&columns, &row, map);
            if (columns.known > *known) {
                *known = columns.known;
                *separator = separators[s];
                best = from;
            }
            if (columns_enough(&columns)) {
                break;
            }
            from += size;
        }
    }
    return best;
}

bool csv_detect(struct view head) {
    struct csv_map none = {.count = 0};
    char separator;
    int known;
    if (view_starts(head, VIEW("\xEF\xBB\xBF"))) {
        head = view_sub(head, 3, head.size);
    }
    return view_find(head, 0) < 0 && csv_header_find(head, &none, &separator, &known) >= 0 &&
           known >= 2;
}

/* "diagnosis_3", "modifier_1", or the name of a field. */
static bool map_field(struct view name, enum csv_field *field, int *number) {
    *number = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < CSV_FIELDS; i++) {
            if (view_equal(name, view_of(field_names[i]))) {
                *field = (enum csv_field)i;
                return pass == 0 || i == CSV_diagnosis || i == CSV_modifier;
            }
        }
        *number = number_take(&name);
        if (*number == 0 || name.size < 1 || name.at[name.size - 1] != '_') {
            return false;
        }
        name.size--;
    }
    return false;
}

static int map_wrong(struct diag *diag, int64_t line, const char *what, struct view name) {
    int shown = (int)(name.size < 60 ? name.size : 60);
    diag_set(diag, "csv_map", "line %lld of the map: %s%.*s", (long long)line, what, shown,
             shown > 0 ? name.at : "");
    diag->line = line;
    return STATUS_INPUT;
}

int csv_map_read(struct csv_map *map, struct view text, struct diag *diag) {
    map->count = 0;
    struct view rest = text.size > 0 ? text : VIEW_NONE;
    for (int64_t line = 1; rest.at; line++) {
        struct view header = view_trim(view_cut(&rest, '\n'));
        if (header.size == 0 || header.at[0] == '#') {
            continue;
        }
        if (map->count == CSV_MAP_MAX) {
            return map_wrong(diag, line, "more than 64 columns", VIEW(""));
        }
        struct view name = view_trim(view_cut(&header, '='));
        header = view_trim(header);
        if (header.size <= 0) {
            return map_wrong(diag, line, "write our_field = Their Header", VIEW(""));
        }
        if (!map_field(name, &map->lines[map->count].field, &map->lines[map->count].number)) {
            return map_wrong(diag, line, "we have no field ", name);
        }
        map->lines[map->count++].header = header;
    }
    return STATUS_OK;
}
