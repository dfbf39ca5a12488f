/* Packs the releases, and what every table does with them: a row's release and window. */
#include "store/pack/pack.h"

/* Extracts hold what concerns the starter's codes; diagnoses and what goes by place are there as a
 * whole. Rows of the payment files hold while their edition does, as those of diagnoses, fee
 * schedule and limits; all others carry their own windows. */
static uint8_t release_flags(enum store_table table, bool partial) {
    bool whole = table == STORE_ICD10 || table == STORE_GPCI || table == STORE_ZIP ||
                 table == STORE_ANESTHESIA || table == STORE_PAYMENT_RULE;
    bool undated = table != STORE_PAYMENT_RULE &&
                   (whole || table == STORE_MPFS || table == STORE_MUE || table == STORE_ASP);
    return (uint8_t)((partial ? RELEASE_PARTIAL : 0) | (whole ? 0 : RELEASE_EXTRACT) |
                     RELEASE_STARTER | (undated ? 0 : RELEASE_DATED));
}

/* The window of rows without one of their own. Factors by locality end with their year; ZIP codes
 * and drug limits stay what they are until another quarter is there, stale after their own. */
static void release_window(struct image_release *row) {
    bool begins = row->table == STORE_ICD10 || row->table >= STORE_FIRST_SHEET;
    bool ends = row->table == STORE_GPCI || row->table == STORE_ANESTHESIA;
    row->from = begins ? row->effective : IMAGE_OPEN_FROM;
    row->to = ends ? row->through : IMAGE_OPEN_TO;
}

bool pack_releases(struct pack *pack) {
    const char *names[STORE_TABLES];
    for (int i = 0; i < STORE_TABLES; i++) {
        names[i] = store_table_name((enum store_table)i).at;
    }
    struct tsv tsv;
    tsv_open(&tsv, pack->folder, "releases", pack->diag);
    while (tsv_next(&tsv)) {
        struct build *build = &pack->draft->build;
        enum store_table table =
            (enum store_table)tsv_choice(&tsv, "table", names, STORE_TABLES);
        struct image_release row = {
            .table = (uint8_t)table,
            .flags = release_flags(table, tsv_yes(&tsv, "partial")),
            .effective = tsv_date(&tsv, "effective", IMAGE_NO_DAY),
            .through = tsv_date(&tsv, "through", IMAGE_NO_DAY),
            .name = build_text(build, tsv_text(&tsv, "release")),
            .note = build_text(build, tsv_text(&tsv, "note")),
        };
        release_window(&row);
        if (!tsv.failed && draft_release_add(pack->draft, &row, tsv_text(&tsv, "source"),
                                             tsv_text(&tsv, "sha256")) < 0) {
            tsv_fail(&tsv, "table", "more releases than a store can hold");
        }
    }
    return tsv_close(&tsv);
}

int tsv_release(struct tsv *tsv, struct pack *pack, enum store_table table) {
    struct view name = tsv_text(tsv, "release");
    for (int i = 0; i < draft_release_count(pack->draft); i++) {
        const struct image_release *head = &draft_releases(pack->draft)[i].head;
        if (head->table == table && view_equal(draft_view(pack->draft, head->name), name)) {
            return i;
        }
    }
    tsv_fail(tsv, "release", "releases.tsv has no such release of this table");
    return -1;
}

void tsv_row(struct tsv *tsv, struct pack *pack, enum draft_kind kind, uint64_t key, uint64_t key2,
             const void *payload) {
    int release = tsv_release(tsv, pack, draft_table(kind));
    int32_t from = tsv_date(tsv, "from", IMAGE_OPEN_FROM);
    int32_t to = tsv_date(tsv, "to", IMAGE_OPEN_TO);
    if (!tsv->failed) {
        draft_add_of(pack->draft, kind, release, key, key2, from, to, payload);
    }
}

uint64_t tsv_known_code(struct tsv *tsv, const struct pack *pack, const char *column) {
    uint64_t code = tsv_code(tsv, column).bits;
    int low = 0;
    for (int high = pack->code_count; low < high;) {
        int middle = low + (high - low) / 2;
        if (pack->codes[middle] < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low >= pack->code_count || pack->codes[low] != code) {
        tsv_fail(tsv, column, "codes.tsv has no such code");
    }
    return code;
}
