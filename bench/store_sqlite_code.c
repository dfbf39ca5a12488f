/* The SQLite store: what is asked by procedure code. */
#include "store_sqlite_room.h"

uint32_t store_code_id(const struct store *store, struct code code) {
    sqlite3_stmt *row = ask_code(store, ASK_CODE, code);
    return row_next(row) ? (uint32_t)sqlite3_column_int(row, 0) : STORE_NO_CODE;
}

uint32_t store_code_count(const struct store *store) { return store->codes; }

struct code store_code(const struct store *store, uint32_t id) {
    return id < store->codes ? store->code[id] : CODE_NONE;
}

bool store_in_extract(const struct store *store, uint32_t id) { return id < store->codes; }

/* Of a code in an answer. */
static uint32_t id_out(const struct store *store, sqlite3_stmt *row, int column) {
    struct code code = code_out(row, column);
    uint32_t low = 0;
    for (uint32_t high = store->codes; low < high;) {
        uint32_t middle = (low + high) / 2;
        if (store->code[middle].bits < code.bits) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < store->codes && code_equal(store->code[low], code) ? low : STORE_NO_CODE;
}

bool store_ended(const struct store *store, uint32_t id, struct store_when when,
                 struct store_ended *ended) {
    sqlite3_stmt *row = ask_when(store, ASK_ENDED, when, store_code(store, id));
    if (!date_given(when.on) || !row_next(row)) {
        return false;
    }
    struct store_proof proof = proof_out(row);
    *ended = (struct store_ended){proof.to, code_out(row, 3), proof};
    return true;
}

bool store_mpfs(const struct store *store, uint32_t id, struct code modifier,
                struct store_when when, struct store_mpfs *row) {
    sqlite3_stmt *found = ask_two(store, ASK_MPFS, when, store_code(store, id), modifier);
    if (!row_next(found)) {
        return false;
    }
    *row = (struct store_mpfs){
        .proof = proof_out(found),
        .status = (char)sqlite3_column_int(found, 3),
        .pctc = (char)sqlite3_column_int(found, 4),
        .multiple = (char)sqlite3_column_int(found, 6),
        .bilateral = (char)sqlite3_column_int(found, 7),
        .assistant = (char)sqlite3_column_int(found, 8),
        .cosurgeon = (char)sqlite3_column_int(found, 9),
        .team = (char)sqlite3_column_int(found, 10),
        .work = sqlite3_column_int(found, 11),
        .pe_nonfacility = sqlite3_column_int(found, 12),
        .pe_facility = sqlite3_column_int(found, 13),
        .malpractice = sqlite3_column_int(found, 14),
        .conversion = sqlite3_column_int(found, 15),
        .pre_percent = (int16_t)sqlite3_column_int(found, 16),
        .intra_percent = (int16_t)sqlite3_column_int(found, 17),
        .post_percent = (int16_t)sqlite3_column_int(found, 18),
        .endo_base = code_out(found, 19),
    };
    const unsigned char *days = sqlite3_column_text(found, 5);
    for (int i = 0; i < 3 && days && days[i]; i++) {
        row->global[i] = (char)days[i];
    }
    return true;
}

bool store_pair(const struct store *store, uint32_t column1, uint32_t column2,
                struct store_when when, struct store_pair *row) {
    sqlite3_stmt *found =
        ask_two(store, ASK_PAIR, when, store_code(store, column1), store_code(store, column2));
    if (!row_next(found)) {
        return false;
    }
    *row = (struct store_pair){.indicator = (char)sqlite3_column_int(found, 3),
                               .proof = proof_out(found)};
    return true;
}

bool store_mue(const struct store *store, uint32_t id, struct store_when when,
               struct store_mue *row) {
    sqlite3_stmt *found = ask_when(store, ASK_MUE, when, store_code(store, id));
    if (!row_next(found)) {
        return false;
    }
    *row = (struct store_mue){sqlite3_column_int(found, 3), (char)sqlite3_column_int(found, 4),
                              proof_out(found)};
    return true;
}

/* ---- add-ons ----------------------------------------------------------------------------- */

/* The contractor's primaries have no id. */
static uint32_t primary_out(const struct store *store, sqlite3_stmt *row) {
    uint32_t id = id_out(store, row, 3);
    return id == STORE_NO_CODE ? STORE_PRIMARY_CONTRACTOR : id;
}

static void addon_out(const struct store *store, sqlite3_stmt *found, struct store_addon *row) {
    *row = (struct store_addon){primary_out(store, found), (char)sqlite3_column_int(found, 4),
                                proof_out(found)};
}

/* The next primary: the first row of each is the one chosen. */
static bool addon_step(sqlite3_stmt *rows, struct addon_cursor *cursor) {
    while (row_next(rows)) {
        struct code primary = code_out(rows, 3);
        if (!code_equal(primary, cursor->primary)) {
            cursor->primary = primary;
            cursor->next++;
            return true;
        }
    }
    cursor->next = -1;
    return false;
}

bool store_addon(const struct store *store, uint32_t addon, int n, struct store_when when,
                 struct store_addon *row) {
    struct addon_cursor *cursor = store->cursor;
    sqlite3_stmt *rows = store->ask[ASK_ADDON];
    bool goes_on = cursor->next >= 0 && n >= cursor->next && cursor->addon == addon &&
                   cursor->when.on.day == when.on.day && cursor->when.as_of.day == when.as_of.day;
    if (!goes_on) {
        rows = ask_when(store, ASK_ADDON, when, store_code(store, addon));
        *cursor = (struct addon_cursor){addon, when, 0, CODE_NONE};
    }
    while (cursor->next >= 0 && cursor->next <= n) {
        if (!addon_step(rows, cursor)) {
            return false;
        }
    }
    addon_out(store, rows, row);
    return true;
}

bool store_is_addon(const struct store *store, uint32_t id, struct store_when when) {
    struct store_addon row;
    return store_addon(store, id, 0, when, &row);
}

bool store_addon_primary(const struct store *store, uint32_t addon, uint32_t primary,
                         struct store_when when, struct store_addon *row) {
    struct code prime =
        primary == STORE_PRIMARY_CONTRACTOR ? code_of("CCCCC") : store_code(store, primary);
    sqlite3_stmt *found = ask_two(store, ASK_ADDON_PRIMARY, when, store_code(store, addon), prime);
    if (!row_next(found)) {
        return false;
    }
    addon_out(store, found, row);
    return true;
}

/* ---- drugs, families, sets --------------------------------------------------------------- */

bool store_drug(const struct store *store, uint32_t id, struct store_when when,
                struct store_drug *row) {
    sqlite3_stmt *found = ask_when(store, ASK_DRUG, when, store_code(store, id));
    if (!row_next(found)) {
        return false;
    }
    int flags = sqlite3_column_int(found, 5);
    *row = (struct store_drug){
        .unit_thousandths = sqlite3_column_int(found, 3),
        .unit = code_out(found, 4),
        .anesthetic = (flags & 1) != 0,
        .contrast = (flags & 2) != 0,
        .payable = (flags & 4) != 0,
        .combination = (flags & 8) != 0,
        .proof = proof_out(found),
    };
    return true;
}

bool store_family(const struct store *store, uint32_t id, struct store_family *row) {
    sqlite3_stmt *found = ask_code(store, ASK_FAMILY, store_code(store, id));
    if (!row_next(found)) {
        return false;
    }
    int flags = sqlite3_column_int(found, 6);
    *row = (struct store_family){
        .family = name_out(&store->families, found, 3),
        .region = (enum store_region)sqlite3_column_int(found, 4),
        .imaging = (enum store_imaging)sqlite3_column_int(found, 5),
        .procedure = (flags & 1) != 0,
        .addon_level = (flags & 2) != 0,
        .paired = (flags & 4) != 0,
        .evaluation = (flags & 8) != 0,
        .laboratory = (flags & 16) != 0,
        .sedation = (flags & 32) != 0,
        .primary = code_out(found, 7),
        .proof = proof_out(found),
    };
    return true;
}

int store_code_set_count(const struct store *store) { return store->sets.count; }

struct view store_code_set_name(const struct store *store, int set) {
    return set >= 0 && set < store->sets.count ? store->sets.name[set] : VIEW_NONE;
}

bool store_code_set_member(const struct store *store, int set, int n, uint32_t *id) {
    sqlite3_stmt *row = ask_numbers(store, ASK_SET_MEMBER, set, n);
    if (!row_next(row)) {
        return false;
    }
    *id = id_out(store, row, 0);
    return true;
}
