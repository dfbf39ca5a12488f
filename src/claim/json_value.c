/* Typed reads from a JSON object. Numbers are read from their own text, which json-c keeps. */
#include <stdio.h>
#include <string.h>

#include "claim/json_internal.h"

#define NAME_SIZE 96 /* scope and key */

static void failure(struct json_cursor *cursor, const char *key, const char *what) {
    if (cursor->failed) {
        return;
    }
    cursor->failed = true;
    diag_set(cursor->diag, "claim_schema", "%s%s: %s", cursor->scope, key, what);
}

void json_wrong(struct json_cursor *cursor, const char *key, const char *wanted) {
    failure(cursor, key, wanted);
}

bool json_key(struct json_cursor *cursor, const char *key, struct json_object **value) {
    *value = NULL;
    return cursor->object && !cursor->failed &&
           json_object_object_get_ex(cursor->object, key, value);
}

static struct view string_view(struct json_object *value) {
    return (struct view){json_object_get_string(value), json_object_get_string_len(value)};
}

/* The key's text, not copied. */
static struct view text_borrow(struct json_cursor *cursor, const char *key) {
    struct json_object *value;
    if (!json_key(cursor, key, &value)) {
        return VIEW_NONE;
    }
    if (!value) {
        return VIEW("");
    }
    if (!json_object_is_type(value, json_type_string)) {
        failure(cursor, key, "must be a text in quotes");
        return VIEW_NONE;
    }
    struct view text = view_trim(string_view(value));
    if (text.size > CLAIM_TEXT_MAX) {
        failure(cursor, key, "is longer than 256 bytes");
        return VIEW_NONE;
    }
    return text.size > 0 ? text : VIEW("");
}

struct view json_text(struct json_cursor *cursor, const char *key) {
    return text_keep(cursor->arena, text_borrow(cursor, key));
}

struct code json_code(struct json_cursor *cursor, const char *key) {
    return code_from(text_borrow(cursor, key));
}

struct date json_date(struct json_cursor *cursor, const char *key, bool *bad) {
    struct view text = text_borrow(cursor, key);
    struct date date = date_from_iso(text);
    *bad |= text.size > 0 && !date_given(date);
    return date;
}

/* Text of a number, or of a string that holds one; VIEW_NONE when the key is missing or null. */
static struct view number_borrow(struct json_cursor *cursor, const char *key, bool *known) {
    struct json_object *value;
    bool found = json_key(cursor, key, &value);
    if (known) {
        *known = found;
    }
    if (!found || !value) {
        return VIEW_NONE;
    }
    switch (json_object_get_type(value)) {
    case json_type_int:
    case json_type_double: return view_of(json_object_get_string(value));
    case json_type_string: return view_trim(string_view(value));
    default: failure(cursor, key, "must be a number"); return VIEW_NONE;
    }
}

struct money json_money(struct json_cursor *cursor, const char *key, bool *known) {
    struct view text = number_borrow(cursor, key, known);
    struct money money = money_from(text);
    if (text.size > 0 && !money_given(money)) {
        failure(cursor, key, "must be an amount in dollars with at most two decimals");
    }
    return money;
}

struct quantity json_quantity(struct json_cursor *cursor, const char *key, bool *known) {
    struct view text = number_borrow(cursor, key, known);
    struct quantity quantity = quantity_from(text);
    if (text.size > 0 && !quantity_given(quantity)) {
        failure(cursor, key, "must be a number with at most three decimals");
    }
    return quantity;
}

int json_int(struct json_cursor *cursor, const char *key, int missing, int min, int max) {
    struct json_object *value;
    if (!json_key(cursor, key, &value) || !value) {
        return missing;
    }
    int64_t number =
        json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : INT64_MIN;
    if (number < min || number > max) {
        char wanted[64];
        snprintf(wanted, sizeof wanted, "must be a whole number from %d to %d", min, max);
        failure(cursor, key, wanted);
        return missing;
    }
    return (int)number;
}

enum truth json_truth(struct json_cursor *cursor, const char *key) {
    struct json_object *value;
    if (!json_key(cursor, key, &value)) {
        return TRUTH_UNKNOWN;
    }
    if (value && !json_object_is_type(value, json_type_boolean)) {
        failure(cursor, key, "must be true, false or null");
        return TRUTH_UNKNOWN;
    }
    return value && json_object_get_boolean(value) ? TRUTH_YES : TRUTH_NO;
}

int json_choice(struct json_cursor *cursor, const char *key, const char *const *names) {
    struct view text = text_borrow(cursor, key);
    if (text.size <= 0) {
        return -1;
    }
    char wanted[NAME_SIZE];
    int size = snprintf(wanted, sizeof wanted, "must be one of");
    for (int i = 0; names[i]; i++) {
        if (view_equal(text, view_of(names[i]))) {
            return i;
        }
        if (size < NAME_SIZE) {
            size += snprintf(wanted + size, (size_t)(NAME_SIZE - size), " %s", names[i]);
        }
    }
    failure(cursor, key, wanted);
    return -1;
}

int json_list(struct json_cursor *cursor, const char *key, struct json_object **list) {
    if (!json_key(cursor, key, list)) {
        return -1;
    }
    if (!*list) {
        return 0;
    }
    if (!json_object_is_type(*list, json_type_array)) {
        failure(cursor, key, "must be a list");
        *list = NULL;
        return 0;
    }
    size_t length = json_object_array_length(*list);
    return length < INT32_MAX ? (int)length : INT32_MAX;
}

struct json_cursor json_inner(struct json_cursor *cursor, const char *key, bool *null) {
    struct json_cursor inner = *cursor;
    bool found = json_key(cursor, key, &inner.object);
    *null = found && !inner.object;
    if (inner.object && !json_object_is_type(inner.object, json_type_object)) {
        failure(cursor, key, "must be an object");
        inner.object = NULL;
    }
    inner.failed = cursor->failed;
    snprintf(inner.scope, sizeof inner.scope, "%.30s%.16s.", cursor->scope, key);
    return inner;
}

struct json_cursor json_element(struct json_cursor *cursor, const char *key,
                                struct json_object *list, int i) {
    struct json_cursor inner = *cursor;
    snprintf(inner.scope, sizeof inner.scope, "%.16s%.16s[%d].", cursor->scope, key, i);
    inner.object = json_object_array_get_idx(list, (size_t)i);
    if (!inner.object || !json_object_is_type(inner.object, json_type_object)) {
        inner.object = NULL;
        inner.scope[strlen(inner.scope) - 1] = 0;
        failure(&inner, "", "must be an object");
        cursor->failed = true;
    }
    return inner;
}

void json_leave(struct json_cursor *cursor, const struct json_cursor *inner) {
    cursor->failed |= inner->failed;
}
