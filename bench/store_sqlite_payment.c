/* Payment: localities, ZIP codes, drug limits, payment rules. What data/ has no table of (published
 * amounts, caps, factors of qualifying participants) has no rows here either. */
#include <string.h>

#include "store_sqlite_room.h"

static struct view text_out(sqlite3_stmt *row, int column) {
    const char *text = (const char *)sqlite3_column_text(row, column);
    return (struct view){text ? text : "", text ? sqlite3_column_bytes(row, column) : 0};
}

bool store_locality(const struct store *store, struct code carrier, struct code locality,
                    struct store_when when, struct store_locality *row) {
    sqlite3_stmt *found = ask_two(store, ASK_GPCI, when, carrier, locality);
    if (!row_next(found)) {
        return false;
    }
    *row = (struct store_locality){.carrier = carrier,
                                   .locality = locality,
                                   .work = sqlite3_column_int(found, 3),
                                   .practice_expense = sqlite3_column_int(found, 4),
                                   .malpractice = sqlite3_column_int(found, 5),
                                   .state = text_out(found, 6),
                                   .name = text_out(found, 7),
                                   .proof = proof_out(found)};
    return true;
}

bool store_zip(const struct store *store, struct view zip, struct store_when when,
               struct code *carrier, struct code *locality, bool *plus_four,
               struct store_proof *proof) {
    sqlite3_stmt *found = ask_when(store, ASK_ZIP, when, code_from(view_sub(zip, 0, 5)));
    if (!row_next(found)) {
        return false;
    }
    *carrier = code_out(found, 3);
    *locality = code_out(found, 4);
    *plus_four = sqlite3_column_int(found, 5) != 0;
    *proof = proof_out(found);
    return true;
}

bool store_asp(const struct store *store, struct code code, struct store_when when,
               int64_t *limit_mills, int64_t *coinsurance_milli_percent,
               struct store_proof *proof) {
    sqlite3_stmt *found = ask_when(store, ASK_ASP, when, code);
    if (!row_next(found)) {
        return false;
    }
    *limit_mills = sqlite3_column_int64(found, 3);
    *coinsurance_milli_percent = sqlite3_column_int64(found, 4);
    *proof = proof_out(found);
    return true;
}

bool store_payment_rule(const struct store *store, const char *rule, struct store_when when,
                        int64_t *value_ten_thousandths, struct view *source, bool *trial,
                        struct store_proof *proof) {
    sqlite3_stmt *found = ask_when(store, ASK_PAYMENT_RULE, when, CODE_NONE);
    sqlite3_bind_text(found, 3, rule, (int)strlen(rule), SQLITE_STATIC);
    if (!row_next(found)) {
        return false;
    }
    *value_ten_thousandths = sqlite3_column_int64(found, 3);
    *source = text_out(found, 4);
    *trial = sqlite3_column_int(found, 5) != 0;
    *proof = proof_out(found);
    return true;
}

bool store_ndc(const struct store *store, uint64_t ndc, struct code code, struct store_when when,
               struct store_ndc *row) {
    (void)store, (void)ndc, (void)code, (void)when, (void)row;
    return false;
}

bool store_anesthesia(const struct store *store, struct code carrier, struct code locality,
                      struct store_when when, int64_t *conversion_ten_thousandths,
                      struct store_proof *proof) {
    (void)store, (void)carrier, (void)locality, (void)when, (void)conversion_ten_thousandths;
    (void)proof;
    return false;
}

bool store_qpp_conversion(const struct store *store, struct code code, struct code modifier,
                          struct store_when when, int32_t *conversion, struct store_proof *proof) {
    (void)store, (void)code, (void)modifier, (void)when, (void)conversion, (void)proof;
    return false;
}

bool store_opps_cap(const struct store *store, struct code code, struct code modifier,
                    struct code carrier, struct code locality, struct store_when when,
                    struct money *nonfacility, struct money *facility, struct store_proof *proof) {
    (void)store, (void)code, (void)modifier, (void)carrier, (void)locality, (void)when;
    (void)nonfacility, (void)facility, (void)proof;
    return false;
}
