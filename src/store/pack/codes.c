/* Packs what belongs to procedure codes. */
#include "store/pack/pack.h"

#include <string.h>

#define ROWS_OF_CODE_MAX 512 /* an add-on code has at most some hundred primaries */

/* A table read row by row, in the order of codes. */
struct by_code {
    struct tsv tsv;
    struct pack *pack;
    uint64_t code;                   /* of the row in hand */
    uint64_t seen[ROWS_OF_CODE_MAX]; /* what tells the rows of this code apart */
    int seen_count;
};

static void by_code_open(struct by_code *table, struct pack *pack, const char *name) {
    *table = (struct by_code){.pack = pack};
    tsv_open(&table->tsv, pack->folder, name, pack->diag);
}

static void by_code_key(struct by_code *table, const char *column) {
    uint64_t code = tsv_known_code(&table->tsv, table->pack, column);
    if (code < table->code) {
        tsv_fail(&table->tsv, column, "rows must be ordered by code");
    }
    if (code != table->code) {
        table->seen_count = 0;
    }
    table->code = code;
}

/* Two rows of a code with the same release and window would leave the choice to chance. */
static void by_code_unique(struct by_code *table, uint64_t other, int32_t from, int32_t to) {
    struct tsv *tsv = &table->tsv;
    uint64_t row = view_hash(tsv_text(tsv, "release"), other);
    int32_t window[2] = {from, to};
    row = view_hash((struct view){(const char *)window, sizeof window}, row);
    for (int i = 0; i < table->seen_count; i++) {
        if (table->seen[i] == row) {
            tsv_fail(tsv, "row", "the same row stands in the table before");
        }
    }
    if (table->seen_count >= ROWS_OF_CODE_MAX) {
        tsv_fail(tsv, "row", "more rows of one code than are expected");
        return;
    }
    table->seen[table->seen_count++] = row;
}

/* The row in hand, unless it stood before. */
static void by_code_row(struct by_code *table, enum draft_kind kind, uint64_t key2,
                        const void *payload) {
    by_code_unique(table, key2, tsv_date(&table->tsv, "from", IMAGE_OPEN_FROM),
                   tsv_date(&table->tsv, "to", IMAGE_OPEN_TO));
    tsv_row(&table->tsv, table->pack, kind, table->code, key2, payload);
}

bool pack_codes(struct pack *pack) {
    struct tsv tsv;
    tsv_open(&tsv, pack->folder, "codes", pack->diag);
    uint64_t before = 0;
    while (tsv_next(&tsv)) {
        struct code code = tsv_code(&tsv, "code");
        if (code.bits <= before || (code.bits & 0xffffff) != 0) {
            tsv_fail(&tsv, "code",
                     "codes of at most five characters in ascending order are needed");
        }
        before = code.bits;
        struct draft_row row = {.key = code.bits, .key2 = CODE_IN_STARTER};
        struct draft_text label = {build_text(&pack->draft->build, tsv_text(&tsv, "label"))};
        draft_add(pack->draft, DRAFT_CODE, &row, &label);
        if (pack->code_count < PACK_CODES_MAX) {
            pack->codes[pack->code_count++] = code.bits;
        } else {
            tsv_fail(&tsv, "code", "more codes than a starter store may have");
        }
    }
    return tsv_close(&tsv);
}

bool pack_pairs(struct pack *pack) {
    struct tsv tsv;
    uint64_t before[2] = {0};
    tsv_open(&tsv, pack->folder, "ptp", pack->diag);
    while (tsv_next(&tsv)) {
        uint64_t key[2] = {tsv_known_code(&tsv, pack, "column1"),
                           tsv_known_code(&tsv, pack, "column2")};
        char indicator = tsv_char(&tsv, "indicator", "019");
        if (key[0] < before[0] || (key[0] == before[0] && key[1] < before[1])) {
            tsv_fail(&tsv, "column1", "rows must be ordered by column 1 and column 2");
        }
        struct draft_fact fact = {.value = indicator == '9' ? 2 : (uint32_t)(indicator - '0')};
        tsv_row(&tsv, pack, DRAFT_PAIR, key[0], key[1], &fact);
        before[0] = key[0];
        before[1] = key[1];
    }
    return tsv_close(&tsv);
}

/* ---- tables by code ---------------------------------------------------------------------- */

static void mpfs_values(struct tsv *tsv, struct image_mpfs *row) {
    row->work = (int32_t)tsv_fixed(tsv, "work", 2);
    row->pe_nonfacility = (int32_t)tsv_fixed(tsv, "pe_nonfacility", 2);
    row->pe_facility = (int32_t)tsv_fixed(tsv, "pe_facility", 2);
    row->malpractice = (int32_t)tsv_fixed(tsv, "malpractice", 2);
    row->total_nonfacility = (int32_t)tsv_fixed(tsv, "total_nonfacility", 2);
    row->total_facility = (int32_t)tsv_fixed(tsv, "total_facility", 2);
    row->conversion = (int32_t)tsv_fixed(tsv, "conversion", 4);
    row->pre = (int16_t)tsv_fixed(tsv, "pre", 2);
    row->intra = (int16_t)tsv_fixed(tsv, "intra", 2);
    row->post = (int16_t)tsv_fixed(tsv, "post", 2);
}

static void mpfs_indicators(struct tsv *tsv, struct image_mpfs *row) {
    static const char *const modifiers[MPFS_MODIFIERS] = {"", "26", "TC", "53"};
    static const char *const unusual[] = {"", "NA"};
    row->modifier = (uint8_t)tsv_choice(tsv, "modifier", modifiers, MPFS_MODIFIERS);
    row->status = tsv_char(tsv, "status", "ABCEIJMNPRTX");
    row->pctc = tsv_char(tsv, "pctc", "0123456789");
    row->multiple = tsv_char(tsv, "multiple", "0123456789");
    row->bilateral = tsv_char(tsv, "bilateral", "01239");
    row->assistant = tsv_char(tsv, "assistant", "0129");
    row->cosurgeon = tsv_char(tsv, "cosurgeon", "0129");
    row->team = tsv_char(tsv, "team", "0129");
    row->na_nonfacility = (uint8_t)tsv_choice(tsv, "na_nonfacility", unusual, 2);
    row->na_facility = (uint8_t)tsv_choice(tsv, "na_facility", unusual, 2);
    struct view global = tsv_text(tsv, "global");
    if (global.size == 3) {
        memcpy(row->global, global.at, 3);
    } else {
        tsv_fail(tsv, "global", "three characters are needed");
    }
    row->endo_base = tsv_code_or_none(tsv, "endo_base").bits;
}

bool pack_mpfs(struct pack *pack) {
    struct by_code table;
    by_code_open(&table, pack, "mpfs");
    while (tsv_next(&table.tsv)) {
        struct image_mpfs row = {0};
        by_code_key(&table, "code");
        mpfs_indicators(&table.tsv, &row);
        mpfs_values(&table.tsv, &row);
        by_code_row(&table, DRAFT_MPFS, row.modifier, &row);
    }
    return tsv_close(&table.tsv);
}

bool pack_mue(struct pack *pack) {
    struct by_code table;
    by_code_open(&table, pack, "mue");
    while (tsv_next(&table.tsv)) {
        by_code_key(&table, "code");
        struct image_mue row = {
            .units = (int32_t)tsv_number(&table.tsv, "units", 0, INT32_MAX),
            .mai = tsv_char(&table.tsv, "mai", "123"),
        };
        by_code_row(&table, DRAFT_MUE, 0, &row);
    }
    return tsv_close(&table.tsv);
}

bool pack_addons(struct pack *pack) {
    struct by_code table;
    by_code_open(&table, pack, "addon");
    uint64_t before[2] = {0};
    while (tsv_next(&table.tsv)) {
        by_code_key(&table, "addon");
        struct code primary = tsv_code(&table.tsv, "primary");
        bool contractor = code_equal(primary, code_of("CCCCC"));
        uint64_t key2 =
            contractor ? DRAFT_CONTRACTOR : tsv_known_code(&table.tsv, pack, "primary");
        struct image_addon row = {.type = tsv_char(&table.tsv, "type", "123")};
        if (table.code == before[0] && key2 < before[1]) {
            tsv_fail(&table.tsv, "addon", "rows must be ordered by add-on and primary");
        }
        before[0] = table.code;
        before[1] = key2;
        by_code_row(&table, DRAFT_ADDON, key2, &row);
    }
    return tsv_close(&table.tsv);
}

bool pack_ended(struct pack *pack) {
    struct by_code table;
    by_code_open(&table, pack, "code_ended");
    while (tsv_next(&table.tsv)) {
        by_code_key(&table, "code");
        int32_t last = tsv_date(&table.tsv, "last", IMAGE_NO_DAY);
        int32_t to = last == IMAGE_NO_DAY ? IMAGE_OPEN_TO : last;
        struct image_ended row = {
            .last = last,
            .replacement = tsv_code_or_none(&table.tsv, "replacement").bits,
        };
        by_code_unique(&table, 0, IMAGE_OPEN_FROM, to);
        draft_add_of(pack->draft, DRAFT_ENDED, tsv_release(&table.tsv, pack, STORE_HCPCS),
                     table.code, 0, IMAGE_OPEN_FROM, to, &row);
    }
    return tsv_close(&table.tsv);
}

bool pack_drugs(struct pack *pack) {
    struct by_code table;
    by_code_open(&table, pack, "drug_unit");
    while (tsv_next(&table.tsv)) {
        struct tsv *tsv = &table.tsv;
        by_code_key(&table, "code");
        struct image_drug row = {
            .unit_thousandths = (int32_t)tsv_fixed(tsv, "size", 3),
            .flags = (uint8_t)((tsv_yes(tsv, "anesthetic") ? DRUG_ANESTHETIC : 0) |
                               (tsv_yes(tsv, "contrast") ? DRUG_CONTRAST : 0) |
                               (tsv_yes(tsv, "payable") ? DRUG_PAYABLE : 0) |
                               (tsv_yes(tsv, "combination") ? DRUG_COMBINATION : 0)),
            .unit = tsv_code(tsv, "unit").bits,
        };
        if (row.unit_thousandths <= 0) {
            tsv_fail(tsv, "size", "a unit has a size");
        }
        by_code_row(&table, DRAFT_DRUG, 0, &row);
    }
    return tsv_close(&table.tsv);
}

static uint8_t family_flags(struct tsv *tsv) {
    return (uint8_t)((tsv_yes(tsv, "procedure") ? FAMILY_PROCEDURE : 0) |
                     (tsv_yes(tsv, "addon_level") ? FAMILY_ADDON_LEVEL : 0) |
                     (tsv_yes(tsv, "paired") ? FAMILY_PAIRED : 0) |
                     (tsv_yes(tsv, "evaluation") ? FAMILY_EVALUATION : 0) |
                     (tsv_yes(tsv, "laboratory") ? FAMILY_LABORATORY : 0) |
                     (tsv_yes(tsv, "sedation") ? FAMILY_SEDATION : 0));
}

bool pack_families(struct pack *pack) {
    static const char *const regions[] = {"none", "ct", "ls", "both", "unspecified", "any"};
    static const char *const imaging[] = {"none", "included", "separate", "is"};
    struct by_code table;
    by_code_open(&table, pack, "family");
    while (tsv_next(&table.tsv)) {
        struct tsv *tsv = &table.tsv;
        by_code_key(&table, "code");
        struct image_family row = {
            .primary = tsv_code_or_none(tsv, "primary").bits,
            .region = (uint8_t)tsv_choice(tsv, "region", regions, COUNT_OF(regions)),
            .imaging = (uint8_t)tsv_choice(tsv, "imaging", imaging, COUNT_OF(imaging)),
            .flags = family_flags(tsv),
        };
        row.family = build_text(&pack->draft->build, tsv_text(tsv, "family"));
        by_code_row(&table, DRAFT_FAMILY, 0, &row);
    }
    return tsv_close(&table.tsv);
}

bool pack_sets(struct pack *pack) {
    struct tsv tsv;
    tsv_open(&tsv, pack->folder, "code_set", pack->diag);
    struct view before = VIEW_NONE;
    uint64_t set = 0;
    while (tsv_next(&tsv)) {
        struct view name = tsv_text(&tsv, "set");
        set += before.at && !view_equal(name, before);
        before = name;
        struct draft_text text = {build_text(&pack->draft->build, name)};
        draft_add_of(pack->draft, DRAFT_SET, tsv_release(&tsv, pack, STORE_CODE_SET), set,
                     tsv_known_code(&tsv, pack, "code"), IMAGE_OPEN_FROM, IMAGE_OPEN_TO, &text);
    }
    return tsv_close(&tsv);
}
