/* Earlier services and chart facts of a JSON claim. */
#include <stdio.h>

#include "claim/json_internal.h"

#define HISTORY_MAX 2000 /* services of one patient; more is a mistake of the sender */

/* ---- history ----------------------------------------------------------------------------- */

static void service_modifiers_read(struct claim_service *service, struct json_cursor *cursor) {
    struct json_object *list;
    int count = json_list(cursor, "modifiers", &list);
    for (int i = 0; i < count && i < CLAIM_MODIFIERS_MAX; i++) {
        struct json_object *value = json_object_array_get_idx(list, (size_t)i);
        if (!value || !json_object_is_type(value, json_type_string)) {
            json_wrong(cursor, "modifiers", "must be texts in quotes");
            return;
        }
        service->modifiers[service->modifier_count++] =
            code_from(view_of(json_object_get_string(value)));
    }
}

/* The entries of a list of texts: their number, -1 when the key is missing. */
static int levels_read(struct levels *levels, struct json_cursor *cursor, const char *key) {
    struct json_object *list;
    int count = json_list(cursor, key, &list);
    for (int i = 0; i < count && list; i++) {
        struct json_object *value = json_object_array_get_idx(list, (size_t)i);
        if (!value || !json_object_is_type(value, json_type_string)) {
            json_wrong(cursor, key, "must be texts in quotes");
            return count;
        }
        levels_add(levels, view_of(json_object_get_string(value)));
    }
    return count;
}

static void relief_read(struct claim_service *service, struct json_cursor *cursor) {
    service->relief_percent = json_quantity(cursor, "relief_percent", NULL);
    service->relief_hours = json_quantity(cursor, "hours", NULL);
    service->relief_weeks = json_quantity(cursor, "relief_weeks", NULL);
    service->relief_months = json_quantity(cursor, "relief_months", NULL);
    service->adl_improvement = json_truth(cursor, "adl_improvement");
    service->same_approach = json_truth(cursor, "same_approach");
    service->same_level = json_truth(cursor, "same_level");
    service->same_steroid = json_truth(cursor, "same_steroid");
}

static void service_read(struct claim_service *service, struct json_cursor *cursor) {
    static const char *const kinds[] = {"dx",          "tx",         "rfa", "cyst",
                                        "presumptive", "definitive", NULL};
    static const char *const regions[] = {"CT", "LS", "SI", "TP", "UDT", NULL};
    static const char *const sides[] = {"L", "R", "B", "NA", NULL};
    bool bad = false;
    service->on = json_date(cursor, "service_date", &bad);
    if (bad || !date_given(service->on)) {
        json_wrong(cursor, "service_date", "must be a date, YYYY-MM-DD");
    }
    service->code = json_code(cursor, "code");
    if (!code_given(service->code)) {
        json_wrong(cursor, "code", "must be a procedure code");
    }
    service_modifiers_read(service, cursor);
    service->units = json_quantity(cursor, "units", NULL);
    service->provider = claim_npi_key(json_text(cursor, "npi"));
    service->kind = (enum claim_kind)(json_choice(cursor, "kind", kinds) + 1);
    service->region = (enum claim_region)(json_choice(cursor, "region", regions) + 1);
    int side = json_choice(cursor, "side", sides);
    service->side = (char)(side < 0 ? 0 : sides[side][0]);
    service->levels_known = levels_read(&service->levels, cursor, "levels") >= 0;
    service->steroid_mg = QUANTITY_NONE;
    relief_read(service, cursor);
}

void json_history_read(struct claim *claim, struct json_cursor *cursor) {
    struct json_object *list;
    int count = json_list(cursor, "history", &list);
    claim->history_known = count >= 0;
    if (count > HISTORY_MAX) {
        json_wrong(cursor, "history", "more than 2000 services");
        return;
    }
    struct claim_service *services =
        count > 0 ? ARENA_NEW(cursor->arena, struct claim_service, count) : NULL;
    if (!services) {
        return;
    }
    for (int i = 0; i < count && !cursor->failed; i++) {
        struct json_cursor inner = json_element(cursor, "history", list, i);
        service_read(&services[i], &inner);
        json_leave(cursor, &inner);
    }
    claim->history = services;
    claim->history_count = count;
}

/* ---- facts ------------------------------------------------------------------------------- */

static void word_read(struct claim_fact *fact, const struct claim_fact_row *row,
                      enum claim_fact_name name, struct json_cursor *cursor) {
    struct view word = json_text(cursor, row->name.at);
    if (word.size <= 0) {
        fact->state = FACT_ABSENT;
        return;
    }
    fact->number = claim_fact_word(name, word);
    if (fact->number < 0) {
        char wanted[96];
        snprintf(wanted, sizeof wanted, "must be one of %s", row->values);
        json_wrong(cursor, row->name.at, wanted);
    }
}

static void list_read(struct claim_fact *fact, const struct claim_fact_row *row,
                      struct json_cursor *cursor, struct json_object *value) {
    if (value && json_object_is_type(value, json_type_string)) {
        levels_add(&fact->levels, json_text(cursor, row->name.at));
        fact->number = 1;
        return;
    }
    fact->number = levels_read(&fact->levels, cursor, row->name.at);
    fact->state = fact->number > 0 ? FACT_GIVEN : FACT_ABSENT;
}

static void date_fact_read(struct claim_fact *fact, const struct claim_fact_row *row,
                           struct json_cursor *cursor) {
    bool bad = false;
    struct date date = json_date(cursor, row->name.at, &bad);
    if (bad) {
        json_wrong(cursor, row->name.at, "must be a date, YYYY-MM-DD");
    }
    fact->state = date_given(date) ? FACT_GIVEN : FACT_ABSENT;
    fact->number = date.day;
}

static void fact_read(struct claim_fact *fact, enum claim_fact_name name,
                      struct json_cursor *cursor) {
    const struct claim_fact_row *row = claim_fact_row(name);
    struct json_object *value;
    if (!json_key(cursor, row->name.at, &value)) {
        return;
    }
    fact->state = value ? FACT_GIVEN : FACT_ABSENT;
    switch (row->type) {
    case FACT_NUMBER: fact->number = json_quantity(cursor, row->name.at, NULL).milli; break;
    case FACT_TRUTH: fact->number = json_truth(cursor, row->name.at) == TRUTH_YES; break;
    case FACT_WORD: word_read(fact, row, name, cursor); break;
    case FACT_DATE: date_fact_read(fact, row, cursor); break;
    case FACT_LIST: list_read(fact, row, cursor, value); break;
    case FACT_TEXT:
        fact->text = json_text(cursor, row->name.at);
        fact->state = fact->text.size > 0 ? FACT_GIVEN : FACT_ABSENT;
        break;
    }
}

void json_facts_read(struct claim_fact facts[CLAIM_FACTS], struct json_cursor *cursor) {
    for (int i = 0; i < CLAIM_FACTS && !cursor->failed; i++) {
        fact_read(&facts[i], (enum claim_fact_name)i, cursor);
    }
}

static void facts_read(struct claim *claim, struct json_cursor *cursor) {
    bool null;
    struct json_cursor chart = json_inner(cursor, "documentation", &null);
    claim->documentation_known = null || chart.object;
    struct claim_fact *facts =
        chart.object ? ARENA_NEW(cursor->arena, struct claim_fact, CLAIM_FACTS) : NULL;
    if (facts) {
        json_facts_read(facts, &chart);
    }
    claim->facts = facts;
    json_leave(cursor, &chart);
}

void json_chart_read(struct claim *claim, struct json_cursor *cursor) {
    json_history_read(claim, cursor);
    facts_read(claim, cursor);
}
