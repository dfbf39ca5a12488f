/* Lookups for pricing in the sheets: places, ZIP codes, drug limits, factors, payment rules. The
 * numbers of the columns are those of sheet_columns.c. */
#include "store/room.h"

#include <string.h>

enum { GPCI_STATE = 2, GPCI_NAME, GPCI_WORK, GPCI_PE, GPCI_MP };
enum { ZIP_CARRIER = 2, ZIP_LOCALITY, ZIP_PLUS_FOUR = 5 };
enum { ASP_LIMIT = 2, ASP_COINSURANCE };
enum { NDC_CODE = 1, NDC_SIZE = 4, NDC_CONTAINERS, NDC_PACKAGE_UNITS, NDC_CONTAINER_UNITS };
enum { ANESTHESIA_CONVERSION = 3 };
enum { RULE_NAME, RULE_VALUE, RULE_SOURCE = 3, RULE_STATUS };
enum { PAYMENT_CODE, PAYMENT_PLACE, PAYMENT_MODIFIER, PAYMENT_NONFACILITY, PAYMENT_FACILITY };
enum { CAP_MODIFIER = 2, CAP_FACILITY = 4, CAP_NONFACILITY };
enum { QPP_MODIFIER = 1, QPP_CONVERSION };

static int64_t number_at(const struct store *store, enum store_table table, uint32_t row,
                         int column) {
    return store_sheet_cell(store, table, row, column).number;
}

/* Both in one key, as the sheets of amounts have them: seven digits. */
static uint64_t place_key(struct code carrier, struct code locality) {
    return carrier.bits | locality.bits >> 40;
}

/* ---- places ------------------------------------------------------------------------------ */

bool store_locality(const struct store *store, struct code carrier, struct code locality,
                    struct store_when when, struct store_locality *row) {
    struct sheet_ask ask = {.table = STORE_GPCI, .key = carrier.bits, .key2 = locality.bits};
    struct store_proof proof;
    uint32_t at;
    if (!code_given(carrier) || !code_given(locality) ||
        !sheet_choose(store, &ask, when, &at, &proof)) {
        return false;
    }
    *row = (struct store_locality){
        .carrier = carrier,
        .locality = locality,
        .work = (int32_t)number_at(store, STORE_GPCI, at, GPCI_WORK),
        .practice_expense = (int32_t)number_at(store, STORE_GPCI, at, GPCI_PE),
        .malpractice = (int32_t)number_at(store, STORE_GPCI, at, GPCI_MP),
        .state = store_sheet_cell(store, STORE_GPCI, at, GPCI_STATE).text,
        .name = store_sheet_cell(store, STORE_GPCI, at, GPCI_NAME).text,
        .proof = proof,
    };
    return true;
}

bool store_zip(const struct store *store, struct view zip, struct store_when when,
               struct code *carrier, struct code *locality, bool *plus_four,
               struct store_proof *proof) {
    uint32_t at;
    if (!view_is_digits(zip) || (zip.size != 5 && zip.size != 9)) {
        return false;
    }
    struct sheet_ask ask = {.table = STORE_ZIP, .key = code_from(view_sub(zip, 0, 5)).bits};
    if (!sheet_choose(store, &ask, when, &at, proof)) {
        return false;
    }
    *carrier = store_sheet_cell(store, STORE_ZIP, at, ZIP_CARRIER).code;
    *locality = store_sheet_cell(store, STORE_ZIP, at, ZIP_LOCALITY).code;
    *plus_four = store_sheet_cell(store, STORE_ZIP, at, ZIP_PLUS_FOUR).character == '1';
    return true;
}

bool store_anesthesia(const struct store *store, struct code carrier, struct code locality,
                      struct store_when when, int64_t *conversion_ten_thousandths,
                      struct store_proof *proof) {
    struct sheet_ask ask = {.table = STORE_ANESTHESIA, .key = carrier.bits, .key2 = locality.bits};
    uint32_t at;
    if (!code_given(carrier) || !code_given(locality) ||
        !sheet_choose(store, &ask, when, &at, proof)) {
        return false;
    }
    *conversion_ten_thousandths =
        number_at(store, STORE_ANESTHESIA, at, ANESTHESIA_CONVERSION) * 100;
    return true;
}

/* ---- drugs and rules --------------------------------------------------------------------- */

bool store_asp(const struct store *store, struct code code, struct store_when when,
               int64_t *limit_mills, int64_t *coinsurance_milli_percent,
               struct store_proof *proof) {
    struct sheet_ask ask = {.table = STORE_ASP, .key = code.bits};
    uint32_t at;
    if (!code_given(code) || !sheet_choose(store, &ask, when, &at, proof)) {
        return false;
    }
    int64_t share = number_at(store, STORE_ASP, at, ASP_COINSURANCE);
    *limit_mills = number_at(store, STORE_ASP, at, ASP_LIMIT);
    *coinsurance_milli_percent = share == INT64_MIN ? -1 : share;
    return *limit_mills != INT64_MIN;
}

#define NDC_CONTAINERS_MAX 10000

bool store_ndc(const struct store *store, uint64_t ndc, struct code code, struct store_when when,
               struct store_ndc *row) {
    struct sheet_ask ask = {.table = STORE_NDC, .key = ndc, .column = NDC_CODE, .code = code};
    struct store_proof proof;
    uint32_t at;
    if (!code_given(code) || ndc == 0 || !sheet_choose(store, &ask, when, &at, &proof)) {
        return false;
    }
    struct quantity containers =
        quantity_from(store_sheet_cell(store, STORE_NDC, at, NDC_CONTAINERS).text);
    bool counted = quantity_given(containers) && containers.milli > 0 &&
                   containers.milli % 1000 == 0 && containers.milli / 1000 <= NDC_CONTAINERS_MAX;
    *row = (struct store_ndc){
        .package_units = number_at(store, STORE_NDC, at, NDC_PACKAGE_UNITS),
        .container_units = number_at(store, STORE_NDC, at, NDC_CONTAINER_UNITS),
        .containers = counted ? (int32_t)(containers.milli / 1000) : 0,
        .size = quantity_from(store_sheet_cell(store, STORE_NDC, at, NDC_SIZE).text),
        .proof = proof,
    };
    return true;
}

bool store_payment_rule(const struct store *store, const char *rule, struct store_when when,
                        int64_t *value_ten_thousandths, struct view *source, bool *trial,
                        struct store_proof *proof) {
    struct view name = view_of(rule);
    struct sheet_ask ask = {.table = STORE_PAYMENT_RULE,
                            .key = code_from(view_sub(name, 0, 8)).bits,
                            .key2 = code_from(view_sub(name, 8, name.size)).bits};
    uint32_t at;
    if (ask.key == 0 || !sheet_choose(store, &ask, when, &at, proof)) {
        return false;
    }
    /* A name of at most eight characters is the beginning of others. */
    struct store_cell found = store_sheet_cell(store, STORE_PAYMENT_RULE, at, RULE_NAME);
    if (!view_equal(view_of(found.wide), name)) {
        return false;
    }
    *value_ten_thousandths = number_at(store, STORE_PAYMENT_RULE, at, RULE_VALUE);
    *source = store_sheet_cell(store, STORE_PAYMENT_RULE, at, RULE_SOURCE).text;
    *trial = view_equal(store_sheet_cell(store, STORE_PAYMENT_RULE, at, RULE_STATUS).text,
                        VIEW("trial"));
    return true;
}

/* ---- amounts ----------------------------------------------------------------------------- */

/* Amounts in cents of a code in a place, from two columns. */
static bool amounts_choose(const struct store *store, const struct sheet_ask *ask,
                           struct store_when when, const int columns[2], struct money *nonfacility,
                           struct money *facility, struct store_proof *proof) {
    uint32_t at;
    if (ask->key == 0 || ask->key2 == 0 || !sheet_choose(store, ask, when, &at, proof)) {
        return false;
    }
    nonfacility->cents = number_at(store, ask->table, at, columns[0]);
    facility->cents = number_at(store, ask->table, at, columns[1]);
    return true;
}

bool store_payment(const struct store *store, struct code code, struct code modifier,
                   struct code carrier, struct code locality, struct store_when when,
                   struct money *nonfacility, struct money *facility, struct store_proof *proof) {
    static const int columns[2] = {PAYMENT_NONFACILITY, PAYMENT_FACILITY};
    struct sheet_ask ask = {STORE_PAYMENT, code.bits, place_key(carrier, locality),
                            PAYMENT_MODIFIER, modifier};
    return amounts_choose(store, &ask, when, columns, nonfacility, facility, proof);
}

bool store_payment_at(const struct store *store, uint32_t row, struct store_payment_row *found) {
    if (row >= store_sheet_rows(store, STORE_PAYMENT)) {
        return false;
    }
    char place[9];
    struct view text =
        code_text(store_sheet_cell(store, STORE_PAYMENT, row, PAYMENT_PLACE).code, place);
    *found = (struct store_payment_row){
        .code = store_sheet_cell(store, STORE_PAYMENT, row, PAYMENT_CODE).code,
        .modifier = store_sheet_cell(store, STORE_PAYMENT, row, PAYMENT_MODIFIER).code,
        .carrier = code_from(view_sub(text, 0, 5)),
        .locality = code_from(view_sub(text, 5, 2)),
        .nonfacility = {number_at(store, STORE_PAYMENT, row, PAYMENT_NONFACILITY)},
        .facility = {number_at(store, STORE_PAYMENT, row, PAYMENT_FACILITY)},
        .proof = store_sheet_proof(store, STORE_PAYMENT, row)};
    return true;
}

bool store_opps_cap(const struct store *store, struct code code, struct code modifier,
                    struct code carrier, struct code locality, struct store_when when,
                    struct money *nonfacility, struct money *facility, struct store_proof *proof) {
    static const int columns[2] = {CAP_NONFACILITY, CAP_FACILITY};
    struct sheet_ask ask = {STORE_OPPS_CAP, code.bits, place_key(carrier, locality), CAP_MODIFIER,
                            modifier};
    return amounts_choose(store, &ask, when, columns, nonfacility, facility, proof);
}

bool store_qpp_conversion(const struct store *store, struct code code, struct code modifier,
                          struct store_when when, int32_t *conversion, struct store_proof *proof) {
    struct sheet_ask ask = {.table = STORE_MPFS_QPP,
                            .key = code.bits,
                            .column = QPP_MODIFIER,
                            .code = modifier};
    uint32_t at;
    if (!code_given(code) || !sheet_choose(store, &ask, when, &at, proof)) {
        return false;
    }
    *conversion = (int32_t)number_at(store, STORE_MPFS_QPP, at, QPP_CONVERSION);
    return true;
}
