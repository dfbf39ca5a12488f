/* From the rows of a draft to the bytes of an image. */
#include "store/draft/draft.h"

#include <stdlib.h>
#include <string.h>

struct image_text maker_text(struct image_maker *maker, struct image_text text) {
    return build_text(&maker->build, draft_view(maker->draft, text));
}

uint32_t maker_code(struct image_maker *maker, uint64_t bits) {
    uint32_t id = build_code_id(&maker->build, bits);
    if (id == STORE_NO_CODE) {
        build_fail(&maker->build, "a row names a code that is not in the store");
        return 0;
    }
    return id;
}

/* ---- releases ---------------------------------------------------------------------------- */

static const struct store_draft *ordering_draft; /* qsort takes no context */

static int release_compare(const void *p, const void *q) {
    const struct draft_release *a = *(const struct draft_release *const *)p;
    const struct draft_release *b = *(const struct draft_release *const *)q;
    if (a->head.table != b->head.table) {
        return a->head.table < b->head.table ? -1 : 1;
    }
    if (a->head.effective != b->head.effective) {
        return a->head.effective < b->head.effective ? -1 : 1;
    }
    int order = view_compare(draft_view(ordering_draft, a->head.name),
                             draft_view(ordering_draft, b->head.name));
    return order != 0 ? order : a->head.revision - b->head.revision;
}

static void releases_order(struct image_maker *maker) {
    struct store_draft *draft = maker->draft;
    struct draft_release *all = draft_releases(draft);
    for (int i = 0; i < draft_release_count(draft); i++) {
        if (!all[i].dropped) {
            maker->release[maker->count++] = &all[i];
        }
    }
    ordering_draft = draft;
    qsort(maker->release, (size_t)maker->count, sizeof maker->release[0], release_compare);
    for (int i = 0, table = 0; table <= STORE_TABLES; table++) {
        while (i < maker->count && maker->release[i]->head.table < table) {
            i++;
        }
        maker->first[table] = i;
    }
    for (int i = 0; i < maker->count; i++) {
        const struct draft_release *release = maker->release[i];
        maker->bit[release - all] = (uint8_t)(i - maker->first[release->head.table]);
    }
}

/* Names and hashes of the sources in the order of their slices, separated by commas. */
static struct image_text sources_join(struct image_maker *maker,
                                      const struct draft_release *release, bool hashes) {
    struct out out;
    out_open(&out, NULL, NULL);
    for (int slice = 0; slice <= DRAFT_SOURCES_MAX; slice++) {
        for (int i = 0; i < release->source_count; i++) {
            const struct draft_source *source = &release->sources[i];
            if (source->slice == slice) {
                out_view(&out, out.size > 0 ? VIEW(",") : VIEW(""));
                out_view(&out, draft_view(maker->draft, hashes ? source->sha256 : source->name));
            }
        }
    }
    struct image_text joined = build_text(&maker->build, out_bytes(&out));
    if (out.failed) {
        build_no_memory(&maker->build);
    }
    out_clear(&out);
    out_close(&out);
    return joined;
}

static void encode_releases(struct image_maker *maker) {
    for (int i = 0; i < maker->count; i++) {
        const struct draft_release *release = maker->release[i];
        struct image_release row = release->head;
        row.rows = maker->rows[i];
        row.name = maker_text(maker, row.name);
        row.note = maker_text(maker, row.note);
        row.source = sources_join(maker, release, false);
        row.sha256 = sources_join(maker, release, true);
        BUILD_ADD(&maker->build, releases, row);
    }
    struct buffer *licenses = &maker->draft->licenses;
    const struct image_text *license = (const void *)licenses->at;
    for (ptrdiff_t i = 0; i < licenses->size / (ptrdiff_t)sizeof *license; i++) {
        struct image_text text = maker_text(maker, license[i]);
        bool known = false;
        for (uint32_t k = 0; k < BUILD_COUNT(&maker->build, licenses, struct image_text); k++) {
            known |= BUILD_ROWS(&maker->build, licenses, struct image_text)[k].at == text.at;
        }
        if (!known) {
            BUILD_ADD(&maker->build, licenses, text);
        }
    }
}

/* Memory is the machine's fault, a limit lies in what was added. */
static int failure_of(const struct diag *diag) {
    return strcmp(diag->code, "memory") == 0 ? STATUS_SYSTEM : STATUS_INPUT;
}

int store_draft_image(struct store_draft *draft, struct view *image, struct diag *diag) {
    struct image_maker *maker = NULL;
    if (!draft->build.failed) {
        maker = memory_grow(NULL, 0, sizeof *maker);
    }
    if (!maker) {
        build_no_memory(&draft->build);
        *diag = draft->diag;
        return failure_of(diag);
    }
    maker->draft = draft;
    maker->build.diag = &draft->diag;
    releases_order(maker);
    for (int kind = 0; kind < DRAFT_KINDS; kind++) {
        if (draft_table((enum draft_kind)kind) != STORE_TABLES) {
            resolve_map(maker, (enum draft_kind)kind);
        }
    }
    encode_codes(maker);
    encode_pairs(maker); /* first, so that their windows get the small numbers */
    encode_by_code(maker);
    encode_diagnoses(maker);
    encode_small(maker);
    encode_sheets(maker);
    encode_releases(maker);
    draft->image.size = 0;
    build_image(&maker->build, &draft->image);
    bool failed = maker->build.failed;
    build_close(&maker->build);
    memory_free(maker);
    *diag = draft->diag;
    *image = (struct view){draft->image.at, draft->image.size};
    return failed ? failure_of(diag) : STATUS_OK;
}
