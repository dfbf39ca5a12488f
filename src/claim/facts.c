/* The names of chart facts, and facts of a claim. */
#include "claim/claim.h"

static const struct claim_fact_row rows[CLAIM_FACTS] = {
#define TEXT_VIEW(text) {text, (ptrdiff_t)sizeof text - 1}
#define FACT(name, type, values) {TEXT_VIEW(#name), TEXT_VIEW("chart:" #name), FACT_##type, values},
#include "claim/facts.def"
#undef FACT
};

const struct claim_fact_row *claim_fact_row(enum claim_fact_name fact) { return &rows[fact]; }

enum claim_fact_name claim_fact_find(struct view name) {
    for (int i = 0; i < CLAIM_FACTS; i++) {
        if (view_equal(rows[i].name, name)) {
            return (enum claim_fact_name)i;
        }
    }
    return CLAIM_FACTS;
}

int claim_fact_word(enum claim_fact_name fact, struct view word) {
    struct view rest = view_of(rows[fact].values);
    for (int i = 0; rest.at; i++) {
        if (view_equal(view_cut(&rest, ' '), word)) {
            return i;
        }
    }
    return -1;
}

const struct claim_fact *claim_fact(const struct claim *claim, enum claim_fact_name fact) {
    static const struct claim_fact unknown = {.state = FACT_UNKNOWN};
    return claim->facts ? &claim->facts[fact] : &unknown;
}

enum truth claim_truth(const struct claim *claim, enum claim_fact_name name) {
    const struct claim_fact *fact = claim_fact(claim, name);
    if (fact->state == FACT_UNKNOWN) {
        return TRUTH_UNKNOWN;
    }
    return fact->state == FACT_GIVEN && fact->number != 0 ? TRUTH_YES : TRUTH_NO;
}
