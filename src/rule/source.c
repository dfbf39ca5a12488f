/* rules/sources.tsv: what a citation key stands for. */
#include "rule/rule_internal.h"

#define SOURCE_COLUMNS 5

static bool is_key(struct view text) {
    for (ptrdiff_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0))) {
            return false;
        }
    }
    return text.size > 1;
}

static bool is_certainty(struct view text) {
    static const char *const tags[] = {"V", "V2", "S", "T", "R", "own"};
    for (ptrdiff_t i = 0; i < COUNT_OF(tags); i++) {
        if (view_equal(text, view_of(tags[i]))) {
            return true;
        }
    }
    return false;
}

/* A url is https, or "-" when the document has none that stays. */
static bool is_url(struct view text) {
    return view_equal(text, VIEW("-")) || view_starts(text, VIEW("https://"));
}

static bool row_read(struct view line, struct source *source) {
    struct view fields[SOURCE_COLUMNS];
    for (int i = 0; i < SOURCE_COLUMNS; i++) {
        fields[i] = view_cut(&line, '\t');
        if (fields[i].size <= 0) {
            return false;
        }
    }
    *source = (struct source){fields[0], fields[1], fields[2], fields[3], fields[4]};
    if (line.at || !is_key(source->key) || !is_url(source->url) ||
        !is_certainty(source->certainty)) {
        return false;
    }
    if (view_equal(source->url, VIEW("-"))) {
        source->url = VIEW("");
    }
    return true;
}

static int lines_count(struct view text) {
    int count = 1;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        count += text.at[i] == '\n';
    }
    return count;
}

static bool key_is_new(const struct rule_text *file, const struct sources *sources, int before,
                       struct view key, int64_t line) {
    const struct source *other = sources_find(sources, key);
    return !other || text_refuse(file, "rule_duplicate", line, 1,
                                 other - sources->rows < before ? "key %.*s is a standard one"
                                                                : "key %.*s stands here twice",
                                 (int)key.size, key.at);
}

bool sources_read(const struct rule_text *file, struct sources *sources) {
    int before = sources->count;
    struct source *rows =
        ARENA_NEW(file->arena, struct source, before + lines_count(file->text));
    struct view rest = arena_copy(file->arena, file->text);
    if (!rows || !rest.at) {
        return memory_refuse(file);
    }
    for (int i = 0; i < before; i++) {
        rows[i] = sources->rows[i];
    }
    *sources = (struct sources){rows, before};
    struct view header = view_cut(&rest, '\n');
    if (!view_equal(header, VIEW("key\ttitle\turl\tedition\tcertainty"))) {
        return text_refuse(file, "rule_sources", 1, 1,
                           "the first line must name key, title, url, edition and certainty");
    }
    for (int64_t line = 2; rest.at && rest.size > 0; line++) {
        struct source *row = &rows[sources->count];
        if (!row_read(view_cut(&rest, '\n'), row)) {
            return text_refuse(file, "rule_sources", line, 1,
                               "needs a key, a title, an https address or -, an edition and one "
                               "of V V2 S T R own, with tabs between");
        }
        if (!key_is_new(file, sources, before, row->key, line)) {
            return false;
        }
        sources->count++;
    }
    return true;
}

const struct source *sources_find(const struct sources *sources, struct view key) {
    for (int i = 0; i < sources->count; i++) {
        if (view_equal(sources->rows[i].key, key)) {
            return &sources->rows[i];
        }
    }
    return NULL;
}
