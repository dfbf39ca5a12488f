/* Claims of examples: YAML -> JSON text. */
#include "rule/rule_internal.h"

static ptrdiff_t digits_skip(struct view text, ptrdiff_t from) {
    while (from < text.size && text.at[from] >= '0' && text.at[from] <= '9') {
        from++;
    }
    return from;
}

/* The number grammar of JSON without an exponent. */
static bool is_number(struct view text) {
    ptrdiff_t from = text.size > 0 && text.at[0] == '-';
    ptrdiff_t at = digits_skip(text, from);
    if (at == from || (text.at[from] == '0' && at > from + 1)) {
        return false;
    }
    if (at < text.size && text.at[at] == '.') {
        from = at + 1;
        at = digits_skip(text, from);
        return at > from && at == text.size;
    }
    return at == text.size;
}

static bool is_word(struct view text, const char *const *words, int count) {
    for (int i = 0; i < count; i++) {
        if (view_equal(text, view_of(words[i]))) {
            return true;
        }
    }
    return false;
}

/* Other YAML readers take these for numbers or truth values: they must be quoted. */
static bool is_ambiguous(struct view text) {
    static const char *const words[] = {"yes",  "no",    "on",   "off",   "Yes",  "No",   "On",
                                        "Off",  "YES",   "NO",   "ON",    "OFF",  "y",    "n",
                                        "True", "False", "TRUE", "FALSE", "Null", "NULL", "~"};
    return is_word(text, words, COUNT_OF(words)) || (view_is_digits(text) && !is_number(text));
}

static bool scalar_write(const struct rule_text *file, const struct yaml_node *node,
                         struct out *out) {
    static const char *const literals[] = {"true", "false", "null"};
    struct view text = node->text;
    if (!node->plain) {
        out_json(out, text);
        return true;
    }
    if (text.size == 0 || is_ambiguous(text)) {
        return NODE_REFUSE(file, node, "rule_value",
                           "quote this value, or write true, false or null");
    }
    if (is_number(text) || is_word(text, literals, COUNT_OF(literals))) {
        out_view(out, text);
    } else {
        out_json(out, text);
    }
    return true;
}

/* Depth is bounded: yaml.c refuses what is nested too deep. */
static bool node_write(const struct rule_text *file, const struct yaml_node *node,
                       struct out *out) {
    if (node->kind == YAML_SCALAR) {
        return scalar_write(file, node, out);
    }
    out_char(out, node->kind == YAML_MAP ? '{' : '[');
    for (const struct yaml_node *child = node->child; child; child = child->next) {
        if (child != node->child) {
            out_char(out, ',');
        }
        if (node->kind == YAML_MAP) {
            out_json(out, child->key->text);
            out_char(out, ':');
        }
        if (!node_write(file, child, out)) {
            return false;
        }
    }
    out_char(out, node->kind == YAML_MAP ? '}' : ']');
    return true;
}

bool yaml_to_json(const struct rule_text *file, const struct yaml_node *node, struct view *json) {
    return node_write(file, node, file->scratch) && scratch_take(file, json);
}
