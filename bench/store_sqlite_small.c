/* The SQLite store: diagnoses, modifiers, places of service, payers. */
#include "store_sqlite_room.h"

/* ---- diagnoses --------------------------------------------------------------------------- */

bool store_dx(const struct store *store, struct code dx, struct store_when when,
              struct store_dx *row) {
    sqlite3_stmt *found = ask_when(store, ASK_DX, when, dx);
    if (!row_next(found)) {
        return false;
    }
    *row = (struct store_dx){sqlite3_column_int(found, 3) != 0, proof_out(found)};
    return true;
}

int store_dx_below(const struct store *store, struct code dx, struct store_when when,
                   struct code *codes, int codes_max) {
    struct code last = dx; /* filled up with the last letter */
    for (int i = code_length(dx); i < 8; i++) {
        last.bits |= (uint64_t)'Z' << (56 - 8 * i);
    }
    sqlite3_stmt *rows = ask_two(store, ASK_DX_BELOW, when, dx, last);
    int count = 0;
    struct code before = CODE_NONE;
    while (count < codes_max && row_next(rows)) {
        struct code code = code_out(rows, 0);
        if (!code_equal(code, before) && sqlite3_column_int(rows, 1)) {
            codes[count++] = code;
        }
        before = code; /* the first row of a code is the one chosen */
    }
    return count;
}

static int prefix_value(const struct store *store, enum question question, struct code dx,
                        struct store_when when, struct store_proof *proof) {
    sqlite3_stmt *row = ask_when(store, question, when, dx);
    if (!row_next(row)) {
        return 0;
    }
    *proof = proof_out(row);
    return sqlite3_column_int(row, 3);
}

enum store_region store_dx_region(const struct store *store, struct code dx, struct store_when when,
                                  struct store_proof *proof) {
    return (enum store_region)prefix_value(store, ASK_DX_REGION, dx, when, proof);
}

char store_dx_side(const struct store *store, struct code dx, struct store_when when,
                   struct store_proof *proof) {
    return (char)prefix_value(store, ASK_DX_SIDE, dx, when, proof);
}

/* What orders the rows of the few pairs that fit at once. */
struct exclude_rank {
    int until, effective, since;
};

static bool rank_better(struct exclude_rank a, struct exclude_rank b) {
    if (a.until != b.until) {
        return a.until < b.until;
    }
    return a.effective != b.effective ? a.effective > b.effective : a.since > b.since;
}

bool store_excludes1(const struct store *store, struct code a, struct code b,
                     struct store_when when, struct view *row, struct store_proof *proof) {
    sqlite3_stmt *found = ask_two(store, ASK_EXCLUDES, when, a, b);
    bool any = false;
    struct exclude_rank best = {0};
    while (row_next(found)) {
        struct exclude_rank rank = {sqlite3_column_int(found, 2), sqlite3_column_int(found, 3),
                                    sqlite3_column_int(found, 1)};
        if (!any || rank_better(rank, best)) {
            best = rank;
            *row = name_out(&store->excludes, found, 4);
            *proof = proof_out(found);
        }
        any = true;
    }
    return any;
}

/* ---- modifiers and places ---------------------------------------------------------------- */

uint32_t store_modifier(const struct store *store, struct code modifier, struct store_when when,
                        struct store_proof *proof) {
    sqlite3_stmt *row = ask_when(store, ASK_MODIFIER, when, modifier);
    if (!row_next(row)) {
        return 0;
    }
    *proof = proof_out(row);
    return (uint32_t)sqlite3_column_int(row, 3);
}

bool store_pos(const struct store *store, struct code pos, struct store_when when,
               struct store_pos *row) {
    sqlite3_stmt *found = ask_when(store, ASK_POS, when, pos);
    if (!row_next(found)) {
        return false;
    }
    *row = (struct store_pos){sqlite3_column_int(found, 3) != 0, sqlite3_column_int(found, 4) != 0,
                              proof_out(found)};
    return true;
}

/* ---- payers ------------------------------------------------------------------------------ */

int store_payer_count(const struct store *store) { return store->payer_count; }

struct store_payer store_payer_at(const struct store *store, int index) {
    return index >= 0 && index < store->payer_count
               ? store->payers[index]
               : (struct store_payer){.proof = {STORE_NO_RELEASE, DATE_NONE, DATE_NONE}};
}

bool store_payer(const struct store *store, struct view profile, struct store_payer *row) {
    sqlite3_stmt *found = store->ask[ASK_PAYER];
    sqlite3_reset(found);
    sqlite3_bind_text(found, 1, profile.at, (int)profile.size, SQLITE_STATIC);
    if (!row_next(found)) {
        return false;
    }
    *row = store_payer_at(store, sqlite3_column_int(found, 0));
    return true;
}

static struct view payer_by(const struct store *store, int filing, struct view key) {
    sqlite3_stmt *row = ask_numbers(store, ASK_PAYER_KEY, filing, 0);
    sqlite3_bind_text(row, 2, key.at, (int)key.size, SQLITE_STATIC);
    return row_next(row) ? store_payer_at(store, sqlite3_column_int(row, 0)).profile : VIEW_NONE;
}

struct view store_payer_profile(const struct store *store, struct view payer_id,
                                struct code filing) {
    struct view profile = payer_by(store, 0, payer_id);
    if (profile.size == 0 && code_given(filing)) {
        char text[9];
        profile = payer_by(store, 1, code_text(filing, text));
    }
    return profile;
}
