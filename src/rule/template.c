/* Texts to begin with: a rule of each kind, and the block of a rule that is there. */
#include "rule/rule_internal.h"

/* Made by tools/embed.py from the folder new/. */
extern const struct view templates_embedded_names[];
extern const struct view templates_embedded_texts[];
extern const int templates_embedded_count;

struct view rule_template(enum rule_kind kind) {
    struct view wanted = rule_kind_name(kind);
    for (int i = 0; i < templates_embedded_count; i++) {
        struct view name = templates_embedded_names[i];
        struct view tail = VIEW(".yaml");
        struct view base = view_sub(name, 0, name.size - tail.size);
        if (file_is(base, wanted)) {
            return templates_embedded_texts[i];
        }
    }
    return VIEW_NONE;
}

struct view rule_block(const struct rule_set *set, const struct rule *rule) {
    struct view rest = rule_file_text(set, rule->file);
    for (int line = 1; line < rule->line && rest.at; line++) {
        view_cut(&rest, '\n');
    }
    struct view from = rest;
    ptrdiff_t size = 0;
    while (rest.at && rest.size > 0) {
        struct view line = view_cut(&rest, '\n');
        if (view_equal(line, VIEW("---"))) {
            break;
        }
        size += line.size + 1;
    }
    return view_sub(from, 0, size);
}
