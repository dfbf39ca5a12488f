/* One claim from one JSON object, by the keys of the claim schema. Keys we do not know are let
 * pass; a known key of the wrong type is an error that names it. */
#include <stdio.h>
#include <string.h>

#include "claim/json_internal.h"

#define CLAIM_ID_MAX 38 /* CLM01 of X222 */

void json_provider_read(struct json_cursor *cursor, const char *key,
                        struct claim_provider *provider) {
    bool null;
    struct json_cursor inner = json_inner(cursor, key, &null);
    if (null) {
        claim_provider_blank(provider, VIEW(""));
        return;
    }
    provider->npi = json_text(&inner, "npi");
    provider->taxonomy = json_text(&inner, "taxonomy");
    provider->tin = json_text(&inner, "tin");
    json_leave(cursor, &inner);
}

void json_facility_read(struct json_cursor *cursor, struct claim_provider *facility,
                        struct view *zip) {
    bool null;
    json_provider_read(cursor, "service_facility", facility);
    struct json_cursor inner = json_inner(cursor, "service_facility", &null);
    *zip = null ? VIEW("") : json_text(&inner, "zip");
    json_leave(cursor, &inner);
}

static void payer_read(struct claim *claim, struct json_cursor *cursor) {
    bool null;
    struct json_cursor payer = json_inner(cursor, "payer", &null);
    struct view missing = null ? VIEW("") : VIEW_NONE;
    claim->payer_profile = payer.object ? json_text(&payer, "profile") : missing;
    claim->payer_name = payer.object ? json_text(&payer, "name") : missing;
    claim->payer_id = payer.object ? json_text(&payer, "id") : missing;
    claim->payer_state = payer.object ? json_text(&payer, "state") : missing;
    claim->payer_mac = payer.object ? json_text(&payer, "mac") : missing;
    claim->filing = json_code(&payer, "filing");
    json_leave(cursor, &payer);
}

static void patient_read(struct claim *claim, struct json_cursor *cursor) {
    bool null;
    struct json_cursor patient = json_inner(cursor, "patient", &null);
    static const char *const sexes[] = {"F", "M", "U", NULL};
    bool bad = false;
    claim->birth_date = json_date(&patient, "birth_date", &bad);
    claim->age = json_int(&patient, "age", -1, 0, 150);
    int sex = json_choice(&patient, "sex", sexes);
    claim->sex = (char)(sex < 0 ? 0 : sexes[sex][0]);
    claim->patient_key = patient_key(text_key(json_text(&patient, "id")), claim->birth_date, 0);
    claim->date_bad |= bad;
    json_leave(cursor, &patient);
}

static void providers_read(struct claim *claim, struct json_cursor *cursor) {
    json_provider_read(cursor, "billing_provider", &claim->billing);
    json_provider_read(cursor, "rendering_provider", &claim->rendering);
    json_provider_read(cursor, "referring_provider", &claim->referring);
    json_provider_read(cursor, "supervising_provider", &claim->supervising);
    json_facility_read(cursor, &claim->facility, &claim->facility_zip);
    bool null;
    struct json_cursor billing = json_inner(cursor, "billing_provider", &null);
    claim->billing_zip = null ? VIEW("") : json_text(&billing, "zip");
    json_leave(cursor, &billing);
}

/* Letter A is index 0; letters behind L are counted, other keys are refused. */
static void diagnoses_read(struct claim *claim, struct json_cursor *cursor) {
    bool null;
    struct json_cursor list = json_inner(cursor, "diagnoses", &null);
    claim->diagnoses_known = null || list.object;
    if (!list.object) {
        return;
    }
    json_object_object_foreach(list.object, key, value) {
        (void)value;
        if (key[0] < 'A' || key[0] > 'Z' || key[1] != 0) {
            json_wrong(&list, "", "keys must be letters A to L, as in box 21");
            break;
        }
        struct view given = json_text(&list, key);
        if (given.size > 0) {
            claim_dx_put(claim, key[0] - 'A', given, claim->at);
        }
    }
    json_leave(cursor, &list);
}

struct view json_claim_id(struct json_cursor *cursor) {
    struct view id = json_text(cursor, "claim_id");
    if (id.size <= 0) {
        json_wrong(cursor, "claim_id", "is missing: every claim needs its number");
    } else if (id.size > CLAIM_ID_MAX) {
        json_wrong(cursor, "claim_id", "is longer than 38 bytes");
    }
    return id;
}

static void head_read(struct claim *claim, struct json_cursor *cursor) {
    static const char *const types[] = {"professional", "facility_asc", "facility_opps", NULL};
    claim->id = json_claim_id(cursor);
    int type = json_choice(cursor, "claim_type", types);
    claim->type = type < 0 ? CLAIM_PROFESSIONAL : (enum claim_type)type;
    struct json_object *value;
    claim->pos_known = json_key(cursor, "place_of_service", &value);
    claim->place_of_service = json_code(cursor, "place_of_service");
    claim->frequency_known = json_key(cursor, "frequency_code", &value);
    claim->frequency = json_code(cursor, "frequency_code");
    claim->original_reference = json_text(cursor, "original_reference");
    claim->prior_authorization = json_text(cursor, "prior_authorization");
    claim->total_charge = json_money(cursor, "total_charge", &claim->total_charge_known);
    claim->received = json_date(cursor, "received_date", &claim->date_bad);
}

int json_claim_read(struct claim *claim, struct json_object *object, struct arena *arena,
                    struct diag *diag) {
    struct claim_place at = claim->at;
    claim_blank(claim, VIEW_NONE);
    claim->format = CLAIM_FORMAT_JSON;
    claim->at = at;
    struct json_cursor cursor = {.object = object, .arena = arena, .diag = diag};
    if (!json_object_is_type(object, json_type_object)) {
        diag_set(diag, "claim_schema", "a claim must be a JSON object");
        return STATUS_INPUT;
    }
    head_read(claim, &cursor);
    payer_read(claim, &cursor);
    patient_read(claim, &cursor);
    providers_read(claim, &cursor);
    diagnoses_read(claim, &cursor);
    bool bad = false;
    struct date day = json_date(&cursor, "service_date", &bad);
    claim->date_bad |= bad;
    json_lines_read(claim, &cursor, day, bad);
    json_other_payers_read(claim, &cursor);
    json_chart_read(claim, &cursor);
    if (arena->failed) {
        return memory_fault(diag);
    }
    return cursor.failed ? STATUS_INPUT : STATUS_OK;
}

struct json_tokener *json_tokener_strict(void) {
    struct json_tokener *tokener = json_tokener_new_ex(CLAIM_JSON_DEPTH_MAX);
    if (tokener) {
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    }
    return tokener;
}

struct json_object *json_record_parse(struct json_tokener *tokener, struct view record,
                                      struct diag *diag) {
    json_tokener_reset(tokener);
    struct json_object *object = json_tokener_parse_ex(tokener, record.at, (int)record.size);
    enum json_tokener_error error = json_tokener_get_error(tokener);
    int64_t end = (int64_t)json_tokener_get_parse_end(tokener);
    if (error == json_tokener_success && end == record.size) {
        return object;
    }
    json_object_put(object);
    const char *what = error == json_tokener_continue  ? "the claim is not closed"
                       : error == json_tokener_success ? "text behind the end of the claim"
                                                       : json_tokener_error_desc(error);
    diag_set(diag, "json_syntax", "no valid JSON: %s", what);
    diag->byte = end;
    return NULL;
}

int claim_from_json(struct claim *claim, struct view json, struct arena *arena, struct diag *diag) {
    *claim = (struct claim){.at = {.byte = -1}};
    struct view record = view_trim(json);
    if (record.size > CLAIM_JSON_BYTES_MAX) {
        diag_set(diag, "json_too_large", "a claim of more than 8 MiB: split it");
        return STATUS_INPUT;
    }
    struct json_tokener *tokener = json_tokener_strict();
    if (!tokener) {
        return memory_fault(diag);
    }
    struct json_object *object = json_record_parse(tokener, record, diag);
    int status = STATUS_INPUT;
    if (object) {
        status = json_claim_read(claim, object, arena, diag);
        json_object_put(object);
        claim_complete(claim);
    } else {
        diag->byte += record.at - json.at;
    }
    json_tokener_free(tokener);
    return status;
}
