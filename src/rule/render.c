/* Pieces of JSON that every finding of a rule carries, written once when the rules are read. */
#include "rule/rule_internal.h"

static void head_write(struct out *out, const struct rule *rule) {
    OUT_TEXT(out, "\"rule\":");
    out_json(out, rule->id);
    OUT_TEXT(out, ",\"rule_version\":");
    out_int(out, rule->version);
}

/* Those of a check, when it has some, stand before those of its rule. */
static void cites_write(struct out *out, const struct rule *rule, const struct rule_check *check) {
    int own = check ? check->cite_count : 0;
    OUT_TEXT(out, "\"cite\":[");
    for (int i = 0; i < own + rule->cite_count; i++) {
        const struct rule_cite *cite = i < own ? &check->cites[i] : &rule->cites[i - own];
        out_view(out, i > 0 ? VIEW(",{\"key\":") : VIEW("{\"key\":"));
        out_json(out, cite->key);
        OUT_TEXT(out, ",\"section\":");
        out_json(out, cite->section);
        OUT_TEXT(out, ",\"url\":");
        if (cite->url.size > 0) {
            out_json(out, cite->url);
        } else {
            OUT_TEXT(out, "null");
        }
        out_char(out, '}');
    }
    out_char(out, ']');
}

static void expect_write(struct out *out, const struct rule *rule) {
    OUT_TEXT(out, "\"expect\":{\"group\":");
    out_json(out, rule->group);
    OUT_TEXT(out, ",\"carc\":");
    out_json(out, rule->carc);
    OUT_TEXT(out, ",\"rarc\":[");
    for (int i = 0; i < rule->rarc_count; i++) {
        if (i > 0) {
            out_char(out, ',');
        }
        out_json(out, rule->rarcs[i]);
    }
    OUT_TEXT(out, "]}");
}

bool rule_render(const struct rule_text *file, struct rule *rule) {
    struct out *out = file->scratch;
    head_write(out, rule);
    if (!scratch_take(file, &rule->json)) {
        return false;
    }
    OUT_TEXT(out, "\"why\":");
    out_json(out, rule->why);
    if (!scratch_take(file, &rule->json_why)) {
        return false;
    }
    cites_write(out, rule, NULL);
    if (!scratch_take(file, &rule->json_cite)) {
        return false;
    }
    struct rule_check *checks = (struct rule_check *)rule->checks;
    for (int i = 0; i < rule->check_count; i++) {
        cites_write(out, rule, &checks[i]);
        if (!scratch_take(file, &checks[i].json_cite)) {
            return false;
        }
    }
    rule->json_expect = VIEW("");
    if (rule->carc.size == 0) {
        return true;
    }
    expect_write(out, rule);
    return scratch_take(file, &rule->json_expect);
}
