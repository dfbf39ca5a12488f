/* A store beside one made of official files. Both are loaded into one draft, where equal rows
 * become one with the editions of both: what has only one of them differs. */
#include "store/draft/draft.h"

#include <stdio.h>
#include <string.h>

struct comparison {
    struct image_maker *maker;
    int store_releases; /* the first ones of the draft are the store's, the others the files' */
    store_differs *differs;
    void *context;
    int64_t compared;
};

/* An edition of the files and the same one of the store. */
struct twins {
    int file, store; /* numbers in the draft */
    bool whole;      /* the files are all that the store's edition was made of */
};

static bool source_in(const struct store_draft *draft, const struct draft_release *release,
                      struct view sha256) {
    for (int i = 0; i < release->source_count; i++) {
        if (view_equal(draft_view(draft, release->sources[i].sha256), sha256)) {
            return true;
        }
    }
    return false;
}

static bool twins_find(const struct comparison *c, int file, struct twins *twins) {
    const struct store_draft *draft = c->maker->draft;
    const struct draft_release *of_file = &draft_releases(draft)[file];
    for (int i = 0; i < c->store_releases; i++) {
        const struct draft_release *release = &draft_releases(draft)[i];
        if (release->head.table == of_file->head.table &&
            release->head.revision == of_file->head.revision &&
            (release->head.flags & RELEASE_EXTRACT) == 0 &&
            view_equal(draft_view(draft, release->head.name),
                       draft_view(draft, of_file->head.name))) {
            *twins = (struct twins){file, i, true};
            for (int s = 0; s < release->source_count; s++) {
                twins->whole &= source_in(draft, of_file,
                                          draft_view(draft, release->sources[s].sha256));
            }
            return true;
        }
    }
    return false;
}

/* The keys as a person writes them: 62323/64483, 1234567893, 207LP2900X. */
static struct view row_text(enum store_table table, const struct draft_row *row, char text[48]) {
    char one[9], two[9];
    int columns;
    const struct store_column *column = store_sheet_columns(table, &columns);
    code_text((struct code){row->key}, one);
    code_text((struct code){row->key2 == DRAFT_CONTRACTOR ? code_of("CCCCC").bits : row->key2},
              two);
    bool wide = column && column[0].type == CELL_WIDE;
    int size = column && column[0].type == CELL_NUMBER
                   ? snprintf(text, 48, "%lld", (long long)row->key)
                   : snprintf(text, 48, "%s%s%s", one, row->key2 > 0xff && !wide ? "/" : "",
                              row->key2 > 0xff ? two : "");
    return (struct view){text, size};
}

static void rows_compare(struct comparison *c, enum draft_kind kind, const struct twins *twins) {
    const struct store_draft *draft = c->maker->draft;
    const struct draft_rows *rows = &draft->kinds[kind];
    const struct draft_release *all = draft_releases(draft);
    uint64_t file = UINT64_C(1) << all[twins->file].bit;
    uint64_t store = UINT64_C(1) << all[twins->store].bit;
    struct view name = draft_view(draft, all[twins->file].head.name);
    for (ptrdiff_t at = 0; at < rows->rows.size; at += rows->row_size) {
        const struct draft_row *row = (const void *)(rows->rows.at + at);
        bool of_file = (row->editions & file) != 0, of_store = (row->editions & store) != 0;
        char text[48];
        c->compared += of_file;
        if (of_file && !of_store) {
            c->differs(c->context, draft_table(kind), name, row_text(draft_table(kind), row, text),
                       "is in the file, not in the store");
        } else if (of_store && !of_file && twins->whole) {
            c->differs(c->context, draft_table(kind), name, row_text(draft_table(kind), row, text),
                       "is in the store, not in the file");
        }
    }
}

static void editions_compare(struct comparison *c) {
    const struct store_draft *draft = c->maker->draft;
    for (int kind = 0; kind < DRAFT_KINDS; kind++) {
        if (draft_table((enum draft_kind)kind) != STORE_TABLES) {
            resolve_order(c->maker, (enum draft_kind)kind);
        }
    }
    for (int file = c->store_releases; file < draft_release_count(draft); file++) {
        const struct image_release *head = &draft_releases(draft)[file].head;
        struct twins twins;
        if (!twins_find(c, file, &twins)) {
            c->differs(c->context, (enum store_table)head->table, draft_view(draft, head->name),
                       VIEW(""), "the store has no such edition");
            continue;
        }
        for (int kind = 0; kind < DRAFT_KINDS; kind++) {
            if (draft_table((enum draft_kind)kind) == (enum store_table)head->table) {
                rows_compare(c, (enum draft_kind)kind, &twins);
            }
        }
    }
}

int64_t store_compare(const struct store *store, const struct store *files, store_differs *differs,
                      void *context) {
    struct store_draft *draft = store_draft_open(store);
    struct image_maker *maker = memory_grow(NULL, 0, sizeof *maker);
    int64_t compared = -1;
    if (draft && maker) {
        struct comparison c = {.maker = maker,
                               .store_releases = draft_release_count(draft),
                               .differs = differs,
                               .context = context};
        draft_load(draft, files);
        maker->draft = draft;
        maker->build.diag = &draft->diag;
        if (!draft->build.failed) {
            editions_compare(&c);
            compared = c.compared;
        }
    }
    memory_free(maker);
    store_draft_close(draft);
    return compared;
}
