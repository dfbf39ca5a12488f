/* Mappings, lists and words of rule files. */
#include "rule/parse.h"

/* ---- mappings, lists, words -------------------------------------------------------------- */

static bool keys_check(struct reading *reading, const struct yaml_node *map, uint64_t seen,
                       const struct key *keys, int count) {
    for (int i = 0; i < count; i++) {
        if (keys[i].required && !(seen >> i & 1)) {
            return NODE_REFUSE(reading->file, map, "rule_missing_key", "key %s is missing",
                               keys[i].name);
        }
    }
    return true;
}

bool keys_read(struct reading *reading, const struct yaml_node *map, const struct key *keys,
               int count, void *to, key_other *other, void *other_to) {
    if (map->kind != YAML_MAP) {
        return NODE_REFUSE(reading->file, map, "rule_value", "must be keys with values");
    }
    uint64_t seen = 0;
    for (const struct yaml_node *entry = map->child; entry; entry = entry->next) {
        int i = 0;
        while (i < count && !view_equal(entry->key->text, view_of(keys[i].name))) {
            i++;
        }
        int known = i == count && other ? other(reading, entry, other_to) : 0;
        if (known < 0) {
            return false;
        }
        if (known > 0) {
            continue;
        }
        if (i == count) {
            return NODE_REFUSE(reading->file, entry->key, "rule_unknown_key",
                               "key %.*s is not known here", (int)entry->key->text.size,
                               entry->key->text.at);
        }
        seen |= UINT64_C(1) << i;
        if (!keys[i].read(reading, entry, to)) {
            return false;
        }
    }
    return keys_check(reading, map, seen, keys, count);
}

int children_count(const struct yaml_node *node) {
    int count = 0;
    for (const struct yaml_node *child = node->child; child; child = child->next) {
        count++;
    }
    return count;
}

bool list_check(struct reading *reading, const struct yaml_node *node, int max) {
    if (node->kind != YAML_LIST) {
        return NODE_REFUSE(reading->file, node, "rule_value", "must be a list");
    }
    if (max > 0 && children_count(node) > max) {
        return NODE_REFUSE(reading->file, node, "rule_value", "has more than %d entries", max);
    }
    return true;
}

bool words_read(struct reading *reading, const struct yaml_node *node, int max,
                struct view *words) {
    if (node->kind != YAML_SCALAR || view_trim(node->text).size == 0) {
        return NODE_REFUSE(reading->file, node, "rule_value", "must be words");
    }
    *words = view_trim(node->text);
    if (words->size > max) {
        return NODE_REFUSE(reading->file, node, "rule_value", "has %td bytes, at most %d are shown",
                           words->size, max);
    }
    for (ptrdiff_t i = 0; i < words->size; i++) {
        if ((unsigned char)words->at[i] < ' ') {
            return NODE_REFUSE(reading->file, node, "rule_value", "must be one paragraph");
        }
    }
    return true;
}

int word_choose(struct reading *reading, const struct yaml_node *node, const char *const *words,
                int count, const char *all) {
    for (int i = 0; node->kind == YAML_SCALAR && i < count; i++) {
        if (view_equal(node->text, view_of(words[i]))) {
            return i;
        }
    }
    NODE_REFUSE(reading->file, node, "rule_value", "must be one of %s", all);
    return -1;
}

bool count_read(struct reading *reading, const struct yaml_node *node, int32_t *count) {
    if (node->kind != YAML_SCALAR || !view_is_digits(node->text) || node->text.size > 5) {
        return NODE_REFUSE(reading->file, node, "rule_value", "must be a number from 0 to 99999");
    }
    *count = 0;
    for (ptrdiff_t i = 0; i < node->text.size; i++) {
        *count = *count * 10 + (node->text.at[i] - '0');
    }
    return true;
}

/* "open" says that the day is not known: on or before the source, or no end. */
bool date_read(struct reading *reading, const struct yaml_node *node, struct date *date) {
    if (node->kind == YAML_SCALAR && view_equal(node->text, VIEW("open"))) {
        *date = DATE_NONE;
        return true;
    }
    *date = node->kind == YAML_SCALAR ? date_from_iso(node->text) : DATE_NONE;
    return date_given(*date) ||
           NODE_REFUSE(reading->file, node, "rule_value", "must be a date, YYYY-MM-DD, or open");
}
