/* The opponent prices nothing: it has no tables of payment, and the audit it runs asks for no
 * amounts. What is left out makes it faster, not slower. */
#include "store/store.h"

bool store_locality(const struct store *store, struct code carrier, struct code locality,
                    struct store_when when, struct store_locality *row) {
    (void)store, (void)carrier, (void)locality, (void)when, (void)row;
    return false;
}

bool store_zip(const struct store *store, struct view zip, struct store_when when,
               struct code *carrier, struct code *locality, bool *plus_four,
               struct store_proof *proof) {
    (void)store, (void)zip, (void)when, (void)carrier, (void)locality, (void)plus_four, (void)proof;
    return false;
}

bool store_asp(const struct store *store, struct code code, struct store_when when,
               int64_t *limit_mills, int64_t *coinsurance_milli_percent,
               struct store_proof *proof) {
    (void)store, (void)code, (void)when, (void)limit_mills, (void)coinsurance_milli_percent;
    (void)proof;
    return false;
}

bool store_anesthesia(const struct store *store, struct code carrier, struct code locality,
                      struct store_when when, int64_t *conversion_ten_thousandths,
                      struct store_proof *proof) {
    (void)store, (void)carrier, (void)locality, (void)when, (void)conversion_ten_thousandths;
    (void)proof;
    return false;
}

bool store_payment_rule(const struct store *store, const char *rule, struct store_when when,
                        int64_t *value_ten_thousandths, struct view *source, bool *trial,
                        struct store_proof *proof) {
    (void)store, (void)rule, (void)when, (void)value_ten_thousandths, (void)source, (void)trial;
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
