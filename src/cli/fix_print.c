/* claimvet fix: what was changed and what was not, one entry a change. */
#include "cli/fix.h"
#include "report/report.h"

/* What the list says of a change, or of a suggestion that was not applied. */
struct entry {
    const struct audit_finding *finding; /* NULL: none */
    struct view claim;                   /* id; VIEW_NONE: of the file */
    struct view rule;
    const char *kind;
    int line;              /* 0: none, or see the finding */
    const char *element;   /* NULL: nothing was changed */
    int64_t byte;
    int64_t size;
    int64_t segments;
    struct view before;
    struct view after;
    struct view reason;
};

static struct view finding_id(struct fix *fix, const struct entry *entry) {
    return entry->finding ? fix_finding_id(fix, entry->finding) : VIEW_NONE;
}

/* ---- json ---------------------------------------------------------------------------------- */

static void text_or_null(struct out *out, const char *key, struct view text) {
    out_format(out, ",\"%s\":", key);
    if (text.at) {
        out_json(out, text);
    } else {
        OUT_TEXT(out, "null");
    }
}

static void lines_json(struct out *out, const struct entry *entry) {
    OUT_TEXT(out, ",\"lines\":[");
    if (entry->finding) {
        for (int i = 0; i < entry->finding->line_count; i++) {
            out_view(out, i > 0 ? VIEW(",") : VIEW(""));
            out_int(out, entry->finding->lines[i]);
        }
    } else if (entry->line > 0) {
        out_int(out, entry->line);
    }
    OUT_TEXT(out, "]");
}

static void entry_json(struct fix *fix, const struct entry *entry) {
    struct out *out = &fix->list;
    bool changed = entry->element != NULL;
    OUT_TEXT(out, "{\"claim_id\":");
    if (entry->claim.at) {
        out_json(out, entry->claim);
    } else {
        OUT_TEXT(out, "null");
    }
    text_or_null(out, "finding", finding_id(fix, entry));
    text_or_null(out, "rule", entry->rule);
    text_or_null(out, "kind", view_of(entry->kind));
    lines_json(out, entry);
    OUT_TEXT(out, ",\"patch\":");
    out_view(out, entry->finding ? entry->finding->patch : VIEW("null"));
    text_or_null(out, "element", view_of(entry->element));
    if (changed) {
        out_format(out, ",\"byte\":%lld,\"size\":%lld", (long long)entry->byte,
                   (long long)entry->size);
    } else {
        OUT_TEXT(out, ",\"byte\":null,\"size\":null");
    }
    text_or_null(out, "before", changed ? entry->before : VIEW_NONE);
    text_or_null(out, "after", changed ? entry->after : VIEW_NONE);
    text_or_null(out, "result", changed ? VIEW("applied") : VIEW("not_applied"));
    text_or_null(out, "reason", entry->reason);
    OUT_TEXT(out, "}\n");
}

/* ---- text ---------------------------------------------------------------------------------- */

static void value_print(struct out *out, struct view value) {
    if (value.size > 0) {
        report_safe(out, value);
    } else {
        OUT_TEXT(out, "(nothing)");
    }
}

static void lines_print(struct out *out, const struct entry *entry) {
    if (entry->finding) {
        for (int i = 0; i < entry->finding->line_count; i++) {
            out_view(out, i > 0 ? VIEW(", ") : VIEW("  line "));
            out_int(out, entry->finding->lines[i]);
        }
    } else if (entry->line > 0) {
        out_format(out, "  line %d", entry->line);
    }
}

static void entry_text(struct fix *fix, const struct entry *entry) {
    struct out *out = &fix->list;
    if (entry->claim.at) {
        report_safe(out, entry->claim);
    } else {
        OUT_TEXT(out, "(file)");
    }
    lines_print(out, entry);
    out_format(out, "  %s %s  ", entry->kind, entry->element ? "applied" : "not applied");
    report_safe(out, entry->rule);
    OUT_TEXT(out, "\n    ");
    if (!entry->element) {
        report_safe(out, finding_id(fix, entry));
        OUT_TEXT(out, ": ");
        report_safe(out, entry->reason);
    } else if (entry->segments > 0) {
        out_format(out, "loop 2400 at byte %lld taken out, %lld segments", (long long)entry->byte,
                   (long long)entry->segments);
    } else {
        out_format(out, "%s at byte %lld: ", entry->element, (long long)entry->byte);
        value_print(out, entry->before);
        OUT_TEXT(out, " -> ");
        value_print(out, entry->after);
    }
    OUT_TEXT(out, "\n");
}

static void entry_put(struct fix *fix, const struct entry *entry) {
    if (fix->json) {
        entry_json(fix, entry);
    } else {
        entry_text(fix, entry);
    }
}

/* ---- entries ------------------------------------------------------------------------------- */

static void change_put(struct fix *fix, const struct claim_change *change,
                       const struct audit_finding *finding) {
    static const char *const kinds[] = {"repair", "suggestion", "follows"};
    struct entry entry = {.finding = change->kind == CHANGE_PATCH ? finding : NULL,
                          .claim = fix->now->claim.id,
                          .rule = finding && !change->rule ? finding->rule->id
                                                           : view_of(change->rule),
                          .kind = kinds[change->kind],
                          .line = change->line,
                          .element = change->element,
                          .byte = change->byte,
                          .size = change->size,
                          .segments = change->segments,
                          .before = change->before,
                          .after = change->after};
    entry_put(fix, &entry);
}

#define CHANGES_MAX 512 /* of one step: the elements of a claim of 50 lines stay below */

void fix_list_changes(struct fix *fix, const struct claim_change *last,
                      const struct claim_change *earlier, const struct audit_finding *finding) {
    const struct claim_change *changes[CHANGES_MAX];
    int count = 0;
    for (const struct claim_change *c = last; c != earlier && count < CHANGES_MAX; c = c->earlier) {
        changes[count++] = c;
        fix->counts.repairs += c->kind == CHANGE_REPAIR;
    }
    while (count > 0) {
        change_put(fix, changes[--count], finding);
    }
}

void fix_list_refused(struct fix *fix, const struct audit_finding *finding, struct view reason) {
    struct entry entry = {.finding = finding,
                          .claim = fix->now->claim.id,
                          .rule = finding->rule->id,
                          .kind = "suggestion",
                          .reason = reason};
    fix->counts.refused++;
    entry_put(fix, &entry);
}

void fix_list_count(struct fix *fix, const struct x12_count *count, const char *element,
                    struct view text) {
    struct entry entry = {.rule = VIEW("x12_envelope"),
                          .kind = count->was_right ? "follows" : "repair",
                          .element = element,
                          .byte = count->byte,
                          .size = count->given.size,
                          .before = count->given,
                          .after = text};
    fix->counts.repairs += !count->was_right;
    entry_put(fix, &entry);
}

static void count_print(struct out *out, const char *before, int64_t count, const char *one,
                        const char *many) {
    out_format(out, "%s%lld %s", before, (long long)count, count == 1 ? one : many);
}

void fix_summary(struct fix *fix, const char *path) {
    const struct fix_counts *counts = &fix->counts;
    struct out *err = &fix->cli->err;
    count_print(err, "", counts->claims, "claim read", "claims read");
    count_print(err, ", ", counts->repairs, "repair", "repairs");
    count_print(err, ", ", counts->applied, "suggestion applied", "suggestions applied");
    count_print(err, ", ", counts->refused, "not applied", "not applied");
    out_format(err, "; %s is written\n", path);
    if (counts->left > 0) {
        count_print(err, "", counts->left, "suggestion", "suggestions");
        OUT_TEXT(err, " can still be applied: --ask shows each, --apply RULE takes a rule's\n");
    }
    if (counts->errors > 0) {
        count_print(err, "", counts->errors, "claim keeps errors", "claims keep errors");
        OUT_TEXT(err, ": claimvet audit shows them\n");
    }
    if (counts->file_errors > 0) {
        count_print(err, "", counts->file_errors, "error of the file remains",
                    "errors of the file remain");
        OUT_TEXT(err, "\n");
    }
}
