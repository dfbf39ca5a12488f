/* What two versions of a rule say differently: field by field, entry by entry. */
#include "rule/rule_internal.h"

#define FIELDS_MAX 96 /* of a rule's head or of an entry: all keys and what stands beside them */

struct field {
    struct view what;
    struct view value;
};
struct fields {
    struct field at[FIELDS_MAX];
    int count;
    struct arena *arena;
    struct out *scratch;
};
struct comparing {
    rule_change *tell;
    void *to;
    struct fields before;
    struct fields after;
};

/* ---- fields ------------------------------------------------------------------------------ */

/* Takes what was written to the scratch; empty values are no field. */
static void field_end(struct fields *fields, const char *what) {
    struct view text = out_bytes(fields->scratch);
    if (text.size > 0 && fields->count < FIELDS_MAX) {
        fields->at[fields->count++] =
            (struct field){view_of(what), arena_copy(fields->arena, text)};
    }
    out_clear(fields->scratch);
}

static void field_add(struct fields *fields, const char *what, struct view value) {
    out_view(fields->scratch, value);
    field_end(fields, what);
}

static void date_add(struct fields *fields, const char *what, struct date date) {
    char text[11];
    field_add(fields, what, date_given(date) ? date_text(date, text) : VIEW("open"));
}

static void cites_add(struct fields *fields, const struct rule_cite *cites, int count) {
    for (int i = 0; i < count; i++) {
        out_view(fields->scratch, i > 0 ? VIEW("; ") : VIEW(""));
        out_view(fields->scratch, cites[i].key);
        out_char(fields->scratch, ' ');
        out_view(fields->scratch, cites[i].section);
    }
    field_end(fields, "cite");
}

static void expect_add(struct fields *fields, const struct rule *rule) {
    if (rule->carc.size > 0) {
        out_view(fields->scratch, rule->group);
        out_char(fields->scratch, '-');
        out_view(fields->scratch, rule->carc);
        for (int i = 0; i < rule->rarc_count; i++) {
            out_char(fields->scratch, ' ');
            out_view(fields->scratch, rule->rarcs[i]);
        }
    }
    field_end(fields, "expect");
}

/* A hash stands for the claims: their text is no reading. */
static void examples_add(struct fields *fields, const struct rule *rule) {
    uint64_t hash = 0;
    for (int i = 0; i < rule->example_count; i++) {
        const struct rule_example *example = &rule->examples[i];
        uint64_t kind = example->fires ? 1 : example->not_evaluated ? 2 : 3;
        hash = view_hash(example->title, hash + kind);
        hash = view_hash(example->claim, hash);
        hash = view_hash(example->x12, hash);
        for (int e = 0; e < example->earlier_count; e++) {
            hash = view_hash(example->earlier[e], hash);
        }
    }
    out_format(fields->scratch, "%d, digest %08x", rule->example_count, (unsigned)(hash >> 32));
    field_end(fields, "examples");
}

static void head_fields(struct fields *fields, const struct rule *rule) {
    fields->count = 0;
    out_int(fields->scratch, rule->version);
    field_end(fields, "version");
    field_add(fields, "title", rule->title);
    field_add(fields, "severity", rule_severity_name(rule->severity));
    field_add(fields, "status", rule_state_name(rule->state));
    field_add(fields, "kind", rule->kind);
    date_add(fields, "since", rule->since);
    date_add(fields, "until", rule->until);
    cites_add(fields, rule->cites, rule->cite_count);
    expect_add(fields, rule);
    field_add(fields, "why", rule->why);
    field_add(fields, "fix", rule->fix);
    examples_add(fields, rule);
}

static void entry_fields(struct fields *fields, const struct rule_check *check) {
    fields->count = 0;
    field_add(fields, "kind", rule_kind_name(check->kind));
    field_add(fields, "severity", rule_severity_name(check->severity));
    field_add(fields, "status", rule_state_name(check->state));
    date_add(fields, "since", check->since);
    date_add(fields, "until", check->until);
    for (int i = 0; i < rule_key_count(); i++) {
        const struct rule_key *key = rule_key_at(i);
        if (rule_key_given(check, key)) {
            rule_value_words(fields->scratch, check, key);
            field_end(fields, key->name.at);
        }
    }
    field_add(fields, "message", check->message);
    field_add(fields, "fix", check->fix);
    cites_add(fields, check->cites, check->cite_count);
}

/* ---- comparing --------------------------------------------------------------------------- */

static struct view field_value(const struct fields *fields, struct view what) {
    for (int i = 0; i < fields->count; i++) {
        if (view_equal(fields->at[i].what, what)) {
            return fields->at[i].value;
        }
    }
    return VIEW("");
}

static bool fields_same(const struct comparing *comparing) {
    bool same = comparing->before.count == comparing->after.count;
    for (int i = 0; same && i < comparing->before.count; i++) {
        const struct field *field = &comparing->before.at[i];
        same = view_equal(field_value(&comparing->after, field->what), field->value);
    }
    return same;
}

/* `prefix` "entry 2 " stands before the names of the fields. */
static void change_tell(struct comparing *comparing, struct view prefix, struct view what,
                        struct view before, struct view after) {
    struct out *scratch = comparing->before.scratch;
    out_view(scratch, prefix);
    out_view(scratch, what);
    struct view name = arena_copy(comparing->before.arena, out_bytes(scratch));
    out_clear(scratch);
    comparing->tell(comparing->to, name, before, after);
}

static void fields_compare(struct comparing *comparing, struct view prefix) {
    const struct fields *before = &comparing->before;
    const struct fields *after = &comparing->after;
    for (int i = 0; i < before->count; i++) {
        struct view value = field_value(after, before->at[i].what);
        if (!view_equal(value, before->at[i].value)) {
            change_tell(comparing, prefix, before->at[i].what, before->at[i].value, value);
        }
    }
    for (int i = 0; i < after->count; i++) {
        if (field_value(before, after->at[i].what).size == 0) {
            change_tell(comparing, prefix, after->at[i].what, VIEW(""), after->at[i].value);
        }
    }
}

/* An entry as one line, when it stands on one side only. */
static struct view entry_words(const struct fields *fields) {
    struct out *scratch = fields->scratch;
    for (int i = 0; i < fields->count; i++) {
        out_view(scratch, i > 0 ? VIEW(" | ") : VIEW(""));
        out_view(scratch, fields->at[i].what);
        OUT_TEXT(scratch, ": ");
        out_view(scratch, fields->at[i].value);
    }
    struct view words = arena_copy(fields->arena, out_bytes(scratch));
    out_clear(scratch);
    return words;
}

static struct view entry_name(struct comparing *comparing, int number, const char *behind) {
    struct out *scratch = comparing->before.scratch;
    out_format(scratch, "entry %d%s", number, behind);
    struct view name = arena_copy(comparing->before.arena, out_bytes(scratch));
    out_clear(scratch);
    return name;
}

/* Numbers of the entries that the other side has not: what is the same on both is left out. */
static int entries_differ(struct comparing *comparing, const struct rule *rule,
                          const struct rule *other, int *numbers) {
    int count = 0;
    for (int i = 0; i < rule->check_count; i++) {
        bool same = false;
        entry_fields(&comparing->before, &rule->checks[i]);
        for (int j = 0; j < other->check_count && !same; j++) {
            entry_fields(&comparing->after, &other->checks[j]);
            same = fields_same(comparing);
        }
        if (!same) {
            numbers[count++] = i;
        }
    }
    return count;
}

/* The first entry that is not on the other side is compared with the first there, and so on. */
static bool entries_compare(struct comparing *comparing, const struct rule *before,
                            const struct rule *after) {
    struct arena *arena = comparing->before.arena;
    int *old = ARENA_NEW(arena, int, before->check_count + 1);
    int *new = ARENA_NEW(arena, int, after->check_count + 1);
    if (!old || !new) {
        return false;
    }
    int old_count = entries_differ(comparing, before, after, old);
    int new_count = entries_differ(comparing, after, before, new);
    for (int i = 0; i < old_count || i < new_count; i++) {
        if (i < old_count) {
            entry_fields(&comparing->before, &before->checks[old[i]]);
        }
        if (i < new_count) {
            entry_fields(&comparing->after, &after->checks[new[i]]);
        }
        if (i < old_count && i < new_count) {
            fields_compare(comparing, entry_name(comparing, old[i] + 1, " "));
        } else if (i < old_count) {
            comparing->tell(comparing->to, entry_name(comparing, old[i] + 1, ""),
                            entry_words(&comparing->before), VIEW(""));
        } else {
            comparing->tell(comparing->to, entry_name(comparing, new[i] + 1, ""), VIEW(""),
                            entry_words(&comparing->after));
        }
    }
    return true;
}

bool rule_compare(const struct rule *before, const struct rule *after, struct arena *arena,
                  rule_change *tell, void *to) {
    struct out scratch;
    struct comparing comparing = {
        tell, to, {.arena = arena, .scratch = &scratch}, {.arena = arena, .scratch = &scratch}};
    out_open(&scratch, NULL, NULL);
    head_fields(&comparing.before, before);
    head_fields(&comparing.after, after);
    fields_compare(&comparing, VIEW(""));
    bool good = entries_compare(&comparing, before, after) && !scratch.failed && !arena->failed;
    out_close(&scratch);
    return good;
}
