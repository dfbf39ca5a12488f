/* Claims from a CSV with a service line a row: consecutive rows of one claim id are one claim.
 * Facts of the claim may stand in any of its rows; the first that is given holds. */
#include <string.h>

#include "claim/csv_internal.h"

struct csv_claims {
    struct window window;
    struct csv_map map;
    struct csv_columns columns;
    char separator;
    int header_cells;
    struct csv_row row;
    bool held;   /* `row` is read and belongs to the next claim */
    bool open;   /* reader->claim has at least a row */
    bool broken; /* a row of the open claim could not be read: it is not delivered */
    bool ended;
    struct diag start;    /* what was wrong with header or map; code "" when nothing */
    struct arena scratch; /* texts of the row in hand */
    struct claim_line lines[CLAIM_LINES_MAX];
};

/* ---- fields of the row --------------------------------------------------------------------- */

/* Unknown without a column, empty with an empty cell. */
static struct view field_borrow(struct csv_claims *csv, enum csv_field field) {
    int column = csv->columns.of[field];
    return column < 0 ? VIEW_NONE : csv_cell_text(&csv->row, column, &csv->scratch);
}

static struct view field_text(struct claim_reader *reader, enum csv_field field) {
    return text_keep(&reader->arena, field_borrow(reader->csv, field));
}

static struct code field_code(struct csv_claims *csv, enum csv_field field) {
    return code_from(field_borrow(csv, field));
}

static struct claim_place field_place(const struct csv_claims *csv, int column) {
    struct claim_place at = {csv->row.line, csv->row.byte, 0};
    if (column >= 0 && column < csv->row.count) {
        at.element = column + 1;
        at.byte += csv->row.cells[column].offset;
    }
    return at;
}

static struct claim_place place_of(const struct csv_claims *csv, enum csv_field field) {
    return field_place(csv, csv->columns.of[field]);
}

static struct date field_date(struct csv_claims *csv, enum csv_field field, bool *bad) {
    struct view text = field_borrow(csv, field);
    struct date date = csv_date(text);
    *bad |= text.size > 0 && !date_given(date);
    return date;
}

static int field_int(struct csv_claims *csv, enum csv_field field, int missing) {
    struct quantity number = csv_quantity(field_borrow(csv, field));
    bool whole = quantity_given(number) && number.milli % 1000 == 0 && number.milli >= 0 &&
                 number.milli < INT64_C(1000000000);
    return whole ? (int)(number.milli / 1000) : missing;
}

/* The next piece of a cell that lists several things; false at the end. */
static bool list_next(struct view *rest, struct view *piece) {
    static const char marks[] = ",;|/: ";
    ptrdiff_t i = 0;
    while (i < rest->size && memchr(marks, rest->at[i], sizeof marks - 1)) {
        i++;
    }
    ptrdiff_t from = i;
    while (i < rest->size && !memchr(marks, rest->at[i], sizeof marks - 1)) {
        i++;
    }
    *piece = view_sub(*rest, from, i - from);
    *rest = view_sub(*rest, i, rest->size);
    return piece->size > 0;
}

/* ---- the claim ----------------------------------------------------------------------------- */

static void text_fill(struct claim_reader *reader, struct view *text, enum csv_field field) {
    if (text->size == 0) {
        *text = field_text(reader, field);
    }
}

static void texts_fill(struct claim_reader *reader) {
    struct claim *claim = &reader->claim;
    text_fill(reader, &claim->payer_profile, CSV_payer_profile);
    text_fill(reader, &claim->payer_name, CSV_payer_name);
    text_fill(reader, &claim->payer_id, CSV_payer_id);
    text_fill(reader, &claim->payer_state, CSV_payer_state);
    text_fill(reader, &claim->billing.npi, CSV_billing_npi);
    text_fill(reader, &claim->billing.taxonomy, CSV_billing_taxonomy);
    text_fill(reader, &claim->billing.tin, CSV_billing_tin);
    text_fill(reader, &claim->billing_zip, CSV_billing_zip);
    text_fill(reader, &claim->rendering.npi, CSV_rendering_npi);
    text_fill(reader, &claim->rendering.taxonomy, CSV_rendering_taxonomy);
    text_fill(reader, &claim->referring.npi, CSV_referring_npi);
    text_fill(reader, &claim->supervising.npi, CSV_supervising_npi);
    text_fill(reader, &claim->facility.npi, CSV_facility_npi);
    text_fill(reader, &claim->facility_zip, CSV_facility_zip);
    text_fill(reader, &claim->prior_authorization, CSV_prior_authorization);
    text_fill(reader, &claim->original_reference, CSV_original_reference);
}

static void claim_date_fill(struct csv_claims *csv, struct claim *claim, struct date *date,
                            enum csv_field field) {
    bool bad = false;
    if (!date_given(*date)) {
        *date = field_date(csv, field, &bad);
    }
    if (bad && !claim->date_bad) {
        claim->date_bad = true;
        claim->date_at = place_of(csv, field);
    }
}

static void patient_fill(struct claim_reader *reader) {
    struct csv_claims *csv = reader->csv;
    struct claim *claim = &reader->claim;
    claim_date_fill(csv, claim, &claim->birth_date, CSV_birth_date);
    claim_date_fill(csv, claim, &claim->received, CSV_received_date);
    if (claim->age < 0) {
        claim->age = field_int(csv, CSV_age, -1);
    }
    struct view sex = field_borrow(csv, CSV_sex);
    char letter = (char)(sex.size > 0 ? sex.at[0] & ~0x20 : 0);
    if (claim->sex == 0 && (letter == 'F' || letter == 'M' || letter == 'U')) {
        claim->sex = letter;
    }
    if (claim->patient_key == 0) {
        struct view id = field_borrow(csv, CSV_patient_id);
        claim->patient_key = patient_key(text_key(id), claim->birth_date, 0);
    }
}

static void head_fill(struct claim_reader *reader) {
    struct csv_claims *csv = reader->csv;
    struct claim *claim = &reader->claim;
    if (!code_given(claim->place_of_service)) {
        claim->place_of_service = field_code(csv, CSV_place_of_service);
        claim->pos_at = place_of(csv, CSV_place_of_service);
    }
    if (!code_given(claim->frequency)) {
        claim->frequency = field_code(csv, CSV_frequency_code);
    }
    if (!code_given(claim->filing)) {
        claim->filing = field_code(csv, CSV_filing);
    }
    if (!money_given(claim->total_charge)) {
        claim->total_charge = csv_money(field_borrow(csv, CSV_total_charge));
        claim->charge_at = place_of(csv, CSV_total_charge);
    }
    struct view type = field_borrow(csv, CSV_claim_type);
    if (view_equal(type, VIEW("facility_asc"))) {
        claim->type = CLAIM_FACILITY_ASC;
    } else if (view_equal(type, VIEW("facility_opps"))) {
        claim->type = CLAIM_FACILITY_OPPS;
    }
}

static bool dx_present(const struct claim *claim, struct view given) {
    for (int i = 0; i < claim->diagnosis_count; i++) {
        if (view_equal(claim->diagnoses_given[i], given)) {
            return true;
        }
    }
    return false;
}

/* A numbered column holds its letter; other cells may list several and take the next letters. */
static void slot_fill(struct claim_reader *reader, struct csv_slot slot) {
    struct csv_claims *csv = reader->csv;
    struct claim *claim = &reader->claim;
    struct view rest = csv_cell_text(&csv->row, slot.column, &csv->scratch);
    struct view piece;
    while (list_next(&rest, &piece)) {
        if (dx_present(claim, piece)) {
            continue;
        }
        int index = slot.number - 1;
        if (index < 0 || claim->diagnoses_given[index].size > 0) {
            index = claim->diagnosis_count;
        }
        claim_dx_put(claim, index, text_keep(&reader->arena, piece), field_place(csv, slot.column));
    }
}

static void claim_fill(struct claim_reader *reader) {
    struct csv_claims *csv = reader->csv;
    texts_fill(reader);
    patient_fill(reader);
    head_fill(reader);
    for (int i = 0; i < csv->columns.diagnosis_count; i++) {
        slot_fill(reader, csv->columns.diagnoses[i]);
    }
}

static void claim_start(struct claim_reader *reader) {
    struct csv_claims *csv = reader->csv;
    struct claim *claim = &reader->claim;
    const int *of = csv->columns.of;
    arena_reset(&reader->arena);
    claim_blank(claim, VIEW_NONE);
    claim->at = (struct claim_place){csv->row.line, csv->row.byte, 0};
    claim->id = field_text(reader, CSV_claim_id);
    claim->lines = csv->lines;
    claim->pos_known = of[CSV_place_of_service] >= 0;
    claim->frequency_known = of[CSV_frequency_code] >= 0;
    claim->total_charge_known = of[CSV_total_charge] >= 0;
    claim->diagnoses_known = csv->columns.diagnosis_count > 0;
    csv->open = true;
    csv->broken = false;
}

/* ---- the service line ---------------------------------------------------------------------- */

/* "25,59", "25 59" or "2559": a modifier has two characters. */
static void modifiers_read(struct csv_claims *csv, struct claim_line *line, int column) {
    struct view rest = csv_cell_text(&csv->row, column, &csv->scratch);
    struct view piece;
    while (list_next(&rest, &piece)) {
        bool pairs = piece.size == 4 || piece.size == 6 || piece.size == 8;
        for (ptrdiff_t i = 0; i < piece.size && line->modifier_count < CLAIM_MODIFIERS_MAX;
             i += pairs ? 2 : piece.size) {
            line->modifiers[line->modifier_count++] =
                code_from(view_sub(piece, i, pairs ? 2 : piece.size));
        }
    }
}

static void pointer_add(struct claim_line *line, int pointer) {
    if (line->pointer_count < CLAIM_POINTERS_MAX) {
        line->pointers[line->pointer_count++] =
            (uint8_t)(pointer >= 1 && pointer <= CLAIM_DIAGNOSES_MAX ? pointer : 0);
    }
}

/* "A,B", "AB", "1:2", "12": two digits are one pointer only when the claim has so many. */
static void pointers_read(struct csv_claims *csv, struct claim_line *line, int diagnoses) {
    struct view rest = field_borrow(csv, CSV_diagnosis_pointers);
    struct view piece;
    line->pointers_known = rest.at != NULL;
    while (list_next(&rest, &piece)) {
        bool two =
            piece.size == 2 && piece.at[0] == '1' && piece.at[1] >= '0' && piece.at[1] <= '2';
        if (two && piece.at[1] - '0' + 10 <= diagnoses) {
            pointer_add(line, piece.at[1] - '0' + 10);
            continue;
        }
        for (ptrdiff_t i = 0; i < piece.size; i++) {
            char c = piece.at[i];
            bool digit = c >= '0' && c <= '9';
            pointer_add(line, digit ? c - '0' : (c & ~0x20) - 'A' + 1);
        }
    }
}

static void line_places(const struct csv_claims *csv, struct claim_line *line) {
    line->at = (struct claim_place){csv->row.line, csv->row.byte, 0};
    line->code_at = place_of(csv, CSV_code);
    line->charge_at = place_of(csv, CSV_charge);
    line->units_at = place_of(csv, CSV_units);
    line->pos_at = place_of(csv, CSV_place_of_service);
    line->pointers_at = place_of(csv, CSV_diagnosis_pointers);
    line->date_at = place_of(csv, CSV_service_date);
    line->ndc.at = place_of(csv, CSV_ndc_code);
}

static void line_amounts(struct csv_claims *csv, struct claim_line *line) {
    line->units_known = csv->columns.of[CSV_units] >= 0;
    line->units = csv_quantity(field_borrow(csv, CSV_units));
    line->unit_basis = code_of("UN");
    line->minutes = field_int(csv, CSV_minutes, -1);
    line->charge_known = csv->columns.of[CSV_charge] >= 0;
    line->charge = csv_money(field_borrow(csv, CSV_charge));
    line->dose_mg = csv_quantity(field_borrow(csv, CSV_dose_mg));
    line->ndc.quantity = csv_quantity(field_borrow(csv, CSV_ndc_quantity));
    line->ndc.unit = field_code(csv, CSV_ndc_unit);
    line->from = field_date(csv, CSV_service_date, &line->date_bad);
    line->to = field_date(csv, CSV_service_date_end, &line->date_bad);
    if (!date_given(line->to)) {
        line->to = line->from;
    }
}

static void line_words(struct csv_claims *csv, struct claim_line *line) {
    static const char *const kinds[] = {"dx", "tx", "rfa", "cyst"};
    struct view container = field_borrow(csv, CSV_container);
    if (view_starts(container, VIEW("s")) || view_starts(container, VIEW("S"))) {
        line->container = CONTAINER_SINGLE;
    } else if (view_starts(container, VIEW("m")) || view_starts(container, VIEW("M"))) {
        line->container = CONTAINER_MULTI;
    }
    struct view kind = field_borrow(csv, CSV_kind);
    for (ptrdiff_t i = 0; i < COUNT_OF(kinds); i++) {
        if (view_equal(kind, view_of(kinds[i]))) {
            line->kind = (enum claim_kind)(i + 1);
        }
    }
}

/* What the row says differently from the claim's first rows is the line's own. */
static void line_overrides(struct claim_reader *reader, struct claim_line *line) {
    const struct claim *claim = &reader->claim;
    struct code pos = field_code(reader->csv, CSV_place_of_service);
    if (code_given(pos) && !code_equal(pos, claim->place_of_service)) {
        line->place_of_service = pos;
    }
    struct view npi = field_text(reader, CSV_rendering_npi);
    if (npi.size > 0 && !view_equal(npi, claim->rendering.npi)) {
        line->rendering.npi = npi;
        line->rendering.taxonomy = field_text(reader, CSV_rendering_taxonomy);
    }
    struct view authorization = field_text(reader, CSV_prior_authorization);
    if (!view_equal(authorization, claim->prior_authorization)) {
        line->prior_authorization = authorization;
    }
}

static void line_read(struct claim_reader *reader) {
    struct csv_claims *csv = reader->csv;
    struct claim *claim = &reader->claim;
    if (claim->line_count == CLAIM_LINES_MAX) {
        claim->lines_extra++;
        return;
    }
    struct claim_line *line = &csv->lines[claim->line_count++];
    claim_line_blank(line, VIEW_NONE);
    line_places(csv, line);
    line->number = field_int(csv, CSV_line, claim->line_count);
    struct view code = field_borrow(csv, CSV_code);
    line->code = code_from(code);
    line->code_given = code_given(line->code) ? VIEW("") : text_keep(&reader->arena, code);
    line->qualifier = code_of("HC");
    for (int i = 0; i < csv->columns.modifier_count; i++) {
        modifiers_read(csv, line, csv->columns.modifiers[i].column);
    }
    pointers_read(csv, line, claim->diagnosis_count);
    line_amounts(csv, line);
    line_words(csv, line);
    line->ndc.code = field_text(reader, CSV_ndc_code);
    line->control_number = field_text(reader, CSV_control_number);
    line_overrides(reader, line);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static enum claim_got row_fault(struct claim_reader *reader, const char *code, const char *text) {
    const struct csv_row *row = &reader->csv->row;
    reader->fault = (struct claim_fault){0};
    diag_set(&reader->fault.diag, code, "%s", text);
    reader->fault.diag.line = row->line;
    reader->fault.diag.byte = row->byte;
    return CLAIM_FAULT;
}

enum row_got { ROW_READ, ROW_END, ROW_FAULT };

static enum row_got row_unclosed(struct claim_reader *reader, ptrdiff_t quote) {
    struct csv_claims *csv = reader->csv;
    csv->ended = true;
    csv->row.line = csv->window.line;
    csv->row.byte = csv->window.byte + (quote > 0 ? quote : 0);
    (void)row_fault(reader, quote >= 0 ? "csv_quote_open" : "csv_row_too_long",
                    quote >= 0 ? "a quoted field that begins here is not closed: double the quotes "
                                 "inside of fields"
                               : "a row of more than 1 MiB: this is no claims table");
    return ROW_FAULT;
}

/* Reads the next row that is not blank into `csv->row`. */
static enum row_got row_next(struct claim_reader *reader) {
    struct csv_claims *csv = reader->csv;
    struct window *window = &csv->window;
    for (;;) {
        struct view rest = window_rest(window);
        ptrdiff_t quote;
        ptrdiff_t size = csv_row_size(rest, csv->separator, window->ended, &quote);
        if (size < 0) {
            if (rest.size > CLAIM_ROW_BYTES_MAX || (window->ended && rest.size > 0)) {
                return row_unclosed(reader, quote);
            }
            if (!window_more(window) && window->failed) {
                reader->fault = (struct claim_fault){.diag = window->diag};
                csv->ended = true;
                return ROW_FAULT;
            }
            if (window->ended && window_rest(window).size == 0) {
                return ROW_END;
            }
            continue;
        }
        struct view row = view_sub(rest, 0, size);
        csv->row.line = window->line;
        csv->row.byte = window->byte;
        window_take(window, size);
        if (view_trim(row).size > 0) {
            csv_row_split(&csv->row, row, csv->separator);
            return ROW_READ;
        }
    }
}

/* Cells behind the last column of the header hold something: a separator inside of a field. */
static bool row_too_wide(const struct csv_claims *csv) {
    for (int i = csv->header_cells; i < csv->row.count; i++) {
        if (view_trim(csv->row.cells[i].raw).size > 0) {
            return true;
        }
    }
    return csv->row.crowded;
}

static bool row_empty(const struct csv_row *row) {
    for (int i = 0; i < row->count; i++) {
        if (view_trim(row->cells[i].raw).size > 0) {
            return false;
        }
    }
    return true;
}

/* Ends the open claim: true when it is to be delivered. */
static bool claim_close_open(struct csv_claims *csv) {
    bool deliver = csv->open && !csv->broken;
    csv->open = false;
    return deliver;
}

/* Takes one row into the claims: CLAIM_END means "read on". */
static enum claim_got row_take(struct claim_reader *reader) {
    struct csv_claims *csv = reader->csv;
    arena_reset(&csv->scratch);
    if (row_empty(&csv->row)) {
        return CLAIM_END;
    }
    struct view id = field_borrow(csv, CSV_claim_id);
    if (id.size == 0) {
        return row_fault(reader, "csv_claim_id_missing",
                         "a row without a claim id is not read: give every row its claim id");
    }
    if (csv->open && !view_equal(view_sub(id, 0, CLAIM_TEXT_MAX), reader->claim.id)) {
        csv->held = true;
        if (claim_close_open(csv)) {
            return CLAIM_READ;
        }
    }
    csv->held = false;
    if (!csv->open) {
        claim_start(reader);
    }
    if (row_too_wide(csv)) {
        csv->broken = true;
        return row_fault(reader, "csv_row_width",
                         "more fields than the header: its claim is not read; quote fields that "
                         "hold the separator");
    }
    claim_fill(reader);
    line_read(reader);
    return csv->scratch.failed ? fault_memory(reader) : CLAIM_END;
}

enum claim_got csv_claims_next(struct claim_reader *reader) {
    struct csv_claims *csv = reader->csv;
    if (csv->start.code[0]) {
        reader->fault = (struct claim_fault){.diag = csv->start};
        reader->ended = true;
        return CLAIM_FAULT;
    }
    if (csv->held) {
        enum claim_got got = row_take(reader);
        if (got != CLAIM_END) {
            return got;
        }
    }
    while (!csv->ended) {
        switch (row_next(reader)) {
        case ROW_FAULT: return CLAIM_FAULT;
        case ROW_END: csv->ended = true; break;
        case ROW_READ: {
            enum claim_got got = row_take(reader);
            if (got != CLAIM_END) {
                return got;
            }
        }
        }
    }
    return claim_close_open(csv) ? CLAIM_READ : CLAIM_END;
}

/* ---- start --------------------------------------------------------------------------------- */

static void columns_check(struct csv_claims *csv) {
    static const struct {
        enum csv_field field;
        const char *like;
    } needed[] = {{CSV_claim_id, "Claim ID"}, {CSV_code, "CPT"}, {CSV_service_date, "DOS"}};
    for (int i = 0; i < csv->map.count; i++) {
        if (!csv->map.lines[i].found) {
            struct view header = view_sub(csv->map.lines[i].header, 0, 60);
            diag_set(&csv->start, "csv_map", "the map names a column that the file has not: %.*s",
                     (int)header.size, header.at);
            return;
        }
    }
    for (ptrdiff_t i = 0; i < COUNT_OF(needed); i++) {
        if (csv->columns.of[needed[i].field] < 0) {
            const char *name = csv_field_name(needed[i].field);
            diag_set(&csv->start, "csv_column_missing",
                     "no column for %s (such as \"%s\"): name it with --map, %s = Your Header",
                     name, needed[i].like, name);
            csv->start.line = csv->row.line;
            csv->start.byte = csv->row.byte;
            return;
        }
    }
}

/* Finds the header in the first bytes and reads it as a row. */
static void header_read(struct claim_reader *reader) {
    struct csv_claims *csv = reader->csv;
    struct window *window = &csv->window;
    if (!window_more(window) && window->failed) {
        csv->start = window->diag;
        return;
    }
    if (view_starts(window_rest(window), VIEW("\xEF\xBB\xBF"))) {
        window_take(window, 3);
    }
    int known;
    ptrdiff_t offset = csv_header_find(window_rest(window), &csv->map, &csv->separator, &known);
    window_take(window, offset > 0 ? offset : 0);
    if (row_next(reader) == ROW_READ) {
        csv_columns_read(&csv->columns, &csv->row, &csv->map);
        csv->header_cells = csv->row.count;
        columns_check(csv);
    } else {
        csv->start = csv->ended ? reader->fault.diag : csv->start;
    }
}

int csv_claims_open(struct claim_reader *reader, struct diag *diag) {
    reader->csv = memory_grow(NULL, 0, (ptrdiff_t)sizeof *reader->csv);
    if (!reader->csv) {
        return memory_fault(diag);
    }
    struct csv_claims *csv = reader->csv;
    csv->start = DIAG_NONE;
    csv->separator = ',';
    window_open(&csv->window, &reader->input);
    if (csv_map_read(&csv->map, reader->options.csv_map, &csv->start) == STATUS_OK) {
        header_read(reader);
    }
    return STATUS_OK;
}

void csv_claims_close(struct claim_reader *reader) {
    if (!reader->csv) {
        return;
    }
    window_close(&reader->csv->window);
    arena_close(&reader->csv->scratch);
    memory_free(reader->csv);
    reader->csv = NULL;
}
