/* Inside of claim: reading JSON values by key, with a sticky failure that names the key. */
#ifndef CLAIMVET_JSON_INTERNAL_H
#define CLAIMVET_JSON_INTERNAL_H

#include <json-c/json.h>

#include "claim/claim_internal.h"

/* A cursor over one object. After the first failure every read gives the unknown value; the diag
 * keeps the first failure. `scope` stands before the key in messages: "lines[2].". */
struct json_cursor {
    struct json_object *object;
    struct arena *arena;
    struct diag *diag;
    bool failed;
    char scope[48];
};

/* True when the key is there; `*value` is NULL for a JSON null. */
bool json_key(struct json_cursor *cursor, const char *key, struct json_object **value);
void json_wrong(struct json_cursor *cursor, const char *key, const char *wanted);
/* Missing: VIEW_NONE. null: VIEW(""). */
struct view json_text(struct json_cursor *cursor, const char *key);
struct code json_code(struct json_cursor *cursor, const char *key);
/* Missing, or no date (then `*bad`): DATE_NONE. */
struct date json_date(struct json_cursor *cursor, const char *key, bool *bad);
/* Amounts and quantities come as numbers or as text; both are read from their text. `*known` is
 * set when the key is there and may be NULL. */
struct money json_money(struct json_cursor *cursor, const char *key, bool *known);
struct quantity json_quantity(struct json_cursor *cursor, const char *key, bool *known);
int json_int(struct json_cursor *cursor, const char *key, int missing, int min, int max);
enum truth json_truth(struct json_cursor *cursor, const char *key);
/* Index of the text in `names` (NULL-terminated), -1 when the key is missing or null. */
int json_choice(struct json_cursor *cursor, const char *key, const char *const *names);
/* The array's length, -1 when missing, 0 for null. */
int json_list(struct json_cursor *cursor, const char *key, struct json_object **list);
/* A cursor over a nested object; its object is NULL when the key is missing. */
struct json_cursor json_inner(struct json_cursor *cursor, const char *key, bool *null);
/* A cursor over element `i` of a list of objects. */
struct json_cursor json_element(struct json_cursor *cursor, const char *key,
                                struct json_object *list, int i);
void json_leave(struct json_cursor *cursor, const struct json_cursor *inner);

/* One parsed claim; json_line.c reads its lines and other payers, json_chart.c its history and
 * facts of the chart. */
int json_claim_read(struct claim *claim, struct json_object *object, struct arena *arena,
                    struct diag *diag);
struct view json_claim_id(struct json_cursor *cursor);
void json_lines_read(struct claim *claim, struct json_cursor *cursor, struct date day, bool bad);
/* What a chart may say of a line as well: container, kind, minutes, dose, authorization. */
void json_line_chart_read(struct claim_line *line, struct json_cursor *cursor);
void json_chart_read(struct claim *claim, struct json_cursor *cursor);
void json_history_read(struct claim *claim, struct json_cursor *cursor);
/* From the object of "documentation"; those it does not name stay as they are. */
void json_facts_read(struct claim_fact facts[CLAIM_FACTS], struct json_cursor *cursor);
void json_other_payers_read(struct claim *claim, struct json_cursor *cursor);
void json_provider_read(struct json_cursor *cursor, const char *key,
                        struct claim_provider *provider);
void json_facility_read(struct json_cursor *cursor, struct claim_provider *facility,
                        struct view *zip);

/* An entry of a chart file; `at` is its line. */
int chart_entry_read(struct claim_chart *chart, struct json_object *object, int64_t at,
                     struct diag *diag);

/* Parses one complete record. Errors: json_syntax with `byte` counted from its start. */
struct json_object *json_record_parse(struct json_tokener *tokener, struct view record,
                                      struct diag *diag);
struct json_tokener *json_tokener_strict(void);

#endif
