/* Service lines and other payers of a JSON claim. */
#include <string.h>

#include "claim/json_internal.h"

static void modifiers_read(struct claim_line *line, struct json_cursor *cursor) {
    struct json_object *list;
    int count = json_list(cursor, "modifiers", &list);
    if (count > CLAIM_MODIFIERS_MAX) {
        json_wrong(cursor, "modifiers", "more than four");
        return;
    }
    for (int i = 0; i < count; i++) {
        struct json_object *value = json_object_array_get_idx(list, (size_t)i);
        if (!value || !json_object_is_type(value, json_type_string)) {
            json_wrong(cursor, "modifiers", "must be texts in quotes");
            return;
        }
        line->modifiers[line->modifier_count++] = code_from(view_of(json_object_get_string(value)));
    }
}

static void pointers_read(struct claim_line *line, struct json_cursor *cursor) {
    struct json_object *list;
    int count = json_list(cursor, "diagnosis_pointers", &list);
    line->pointers_known = count >= 0;
    if (count > CLAIM_POINTERS_MAX) {
        json_wrong(cursor, "diagnosis_pointers", "more than four");
        return;
    }
    for (int i = 0; i < count; i++) {
        struct json_object *value = json_object_array_get_idx(list, (size_t)i);
        if (!value || !json_object_is_type(value, json_type_string)) {
            json_wrong(cursor, "diagnosis_pointers", "must be letters in quotes");
            return;
        }
        const char *letter = json_object_get_string(value);
        bool pointer = letter[0] >= 'A' && letter[0] <= 'L' && letter[1] == 0;
        line->pointers[line->pointer_count++] = (uint8_t)(pointer ? letter[0] - 'A' + 1 : 0);
    }
}

static void ndc_read(struct claim_line *line, struct json_cursor *cursor) {
    static const char *const units[] = {"UN", "ML", "GR", "F2", "ME", NULL};
    bool null;
    struct json_cursor ndc = json_inner(cursor, "ndc", &null);
    line->ndc.code = null ? VIEW("") : json_text(&ndc, "code");
    line->ndc.quantity = json_quantity(&ndc, "quantity", NULL);
    int unit = json_choice(&ndc, "unit", units);
    line->ndc.unit = unit < 0 ? CODE_NONE : code_of(units[unit]);
    json_leave(cursor, &ndc);
}

static void dates_read(struct claim_line *line, struct json_cursor *cursor, struct date day,
                       bool day_bad) {
    bool bad = false;
    line->from = json_date(cursor, "service_date", &bad);
    if (!date_given(line->from) && !bad) {
        line->from = day;
        bad = day_bad;
    }
    line->to = json_date(cursor, "service_date_end", &bad);
    if (!date_given(line->to)) {
        line->to = line->from;
    }
    line->date_bad = bad;
}

static void codes_read(struct claim_line *line, struct json_cursor *cursor) {
    struct view code = json_text(cursor, "code");
    if (!code.at) {
        json_wrong(cursor, "code", "is missing: every line needs its procedure code");
    }
    line->code = code_from(code);
    line->code_given = code_given(line->code) ? VIEW("") : code;
    line->qualifier = code_of("HC");
    line->place_of_service = json_code(cursor, "place_of_service");
}

void json_line_chart_read(struct claim_line *line, struct json_cursor *cursor) {
    static const char *const containers[] = {"single", "multi", NULL};
    static const char *const kinds[] = {"dx", "tx", "rfa", "cyst", NULL};
    int container = json_choice(cursor, "container", containers);
    line->container = (enum claim_container)(container + 1);
    line->kind = (enum claim_kind)(json_choice(cursor, "kind", kinds) + 1);
    line->minutes = json_int(cursor, "minutes", -1, 0, 100000);
    line->dose_mg = json_quantity(cursor, "dose_mg", NULL);
    line->prior_authorization = json_text(cursor, "prior_authorization");
}

static void line_read(struct claim_line *line, struct json_cursor *cursor) {
    codes_read(line, cursor);
    json_line_chart_read(line, cursor);
    modifiers_read(line, cursor);
    pointers_read(line, cursor);
    line->units = json_quantity(cursor, "units", &line->units_known);
    line->unit_basis = code_of("UN");
    line->charge = json_money(cursor, "charge", &line->charge_known);
    line->control_number = json_text(cursor, "control_number");
    ndc_read(line, cursor);
    json_provider_read(cursor, "rendering_provider", &line->rendering);
    json_provider_read(cursor, "supervising_provider", &line->supervising);
    json_facility_read(cursor, &line->facility, &line->facility_zip);
}

void json_lines_read(struct claim *claim, struct json_cursor *cursor, struct date day, bool bad) {
    struct json_object *list;
    int count = json_list(cursor, "lines", &list);
    if (count <= 0) {
        json_wrong(cursor, "lines", "must hold at least one service line");
        return;
    }
    claim->line_count = count < CLAIM_LINES_MAX ? count : CLAIM_LINES_MAX;
    claim->lines_extra = count - claim->line_count;
    claim->lines = ARENA_NEW(cursor->arena, struct claim_line, claim->line_count);
    if (!claim->lines) {
        claim->line_count = 0;
        return;
    }
    for (int i = 0; i < claim->line_count && !cursor->failed; i++) {
        struct claim_line *line = &claim->lines[i];
        struct json_cursor inner = json_element(cursor, "lines", list, i);
        claim_line_blank(line, VIEW_NONE);
        line->at = line->code_at = claim->at;
        line->charge_at = line->units_at = line->pos_at = claim->at;
        line->pointers_at = line->date_at = claim->at;
        line->number = json_int(&inner, "line", i + 1, 0, 999999);
        line_read(line, &inner);
        dates_read(line, &inner, day, bad);
        json_leave(cursor, &inner);
    }
}

static void adjustments_read(struct claim_other_payer *payer, struct json_cursor *cursor) {
    struct json_object *list;
    int count = json_list(cursor, "adjustments", &list);
    if (count <= 0) {
        return;
    }
    struct claim_adjustment *all = ARENA_NEW(cursor->arena, struct claim_adjustment, count);
    if (!all) {
        return;
    }
    for (int i = 0; i < count && !cursor->failed; i++) {
        struct json_cursor inner = json_element(cursor, "adjustments", list, i);
        all[i].group = json_code(&inner, "group");
        all[i].carc = json_code(&inner, "carc");
        all[i].amount = json_money(&inner, "amount", NULL);
        all[i].line = json_int(&inner, "line", 0, 0, 999999);
        json_leave(cursor, &inner);
    }
    payer->adjustments = all;
    payer->adjustment_count = count;
}

void json_other_payers_read(struct claim *claim, struct json_cursor *cursor) {
    struct json_object *list;
    int count = json_list(cursor, "other_payers", &list);
    if (count > CLAIM_OTHER_PAYERS_MAX) {
        json_wrong(cursor, "other_payers", "more than ten");
        return;
    }
    for (int i = 0; i < count && !cursor->failed; i++) {
        struct claim_other_payer *payer = &claim->other_payers[claim->other_payer_count++];
        struct json_cursor inner = json_element(cursor, "other_payers", list, i);
        struct view order = json_text(&inner, "order");
        payer->order = (char)(order.size > 0 ? order.at[0] : 0);
        payer->id = json_text(&inner, "id");
        payer->paid = json_money(&inner, "paid", NULL);
        adjustments_read(payer, &inner);
        json_leave(cursor, &inner);
    }
}
