/* Small tables: modifiers, places of service, payers. */
#include "store/room.h"

uint32_t store_modifier(const struct store *store, struct code modifier, struct store_when when,
                        struct store_proof *proof) {
    int a = image_digit((unsigned)(modifier.bits >> 56));
    int b = image_digit((unsigned)(modifier.bits >> 48 & 0xff));
    if (a < 0 || b < 0 || modifier.bits << 16 != 0) {
        return 0;
    }
    when = when_normal(when);
    struct span rows = SPAN(store, modifier_first, modifiers, (uint32_t)(a * 36 + b));
    struct choice choice = {0};
    for (uint32_t i = rows.at; i < rows.end; i++) {
        choice_offer(&choice, store, store->modifiers[i].proof, i, when);
    }
    if (!choice.proof) {
        return 0;
    }
    *proof = proof_out(store, choice.proof, when);
    return store->modifiers[choice.row].flags;
}

bool store_pos(const struct store *store, struct code pos, struct store_when when,
               struct store_pos *row) {
    int a = image_digit((unsigned)(pos.bits >> 56));
    int b = image_digit((unsigned)(pos.bits >> 48 & 0xff));
    if (a < 0 || a > 9 || b < 0 || b > 9 || pos.bits << 16 != 0) {
        return false;
    }
    when = when_normal(when);
    struct span rows = SPAN(store, pos_first, places, (uint32_t)(a * 10 + b));
    struct choice choice = {0};
    for (uint32_t i = rows.at; i < rows.end; i++) {
        choice_offer(&choice, store, store->places[i].proof, i, when);
    }
    if (choice.proof) {
        const struct image_place *place = &store->places[choice.row];
        *row =
            (struct store_pos){place->facility != 0, place->hospital != 0,
                               proof_out(store, choice.proof, when)};
    }
    return choice.proof != NULL;
}

/* ---- payers ------------------------------------------------------------------------------ */

int store_payer_count(const struct store *store) { return (int)store->payers_count; }

struct store_payer store_payer_at(const struct store *store, int index) {
    if (index < 0 || (uint32_t)index >= store->payers_count ||
        store->payers[index].proof >= store->proofs_count) {
        return (struct store_payer){
            .proof = {.release = STORE_NO_RELEASE, .from = DATE_NONE, .to = DATE_NONE}};
    }
    const struct image_payer *p = &store->payers[index];
    return (struct store_payer){
        .profile = text_out(store, p->profile),
        .medicare = (p->flags & PAYER_MEDICARE) != 0,
        .ncci = (p->flags & PAYER_NCCI) != 0,
        .bilateral = p->bilateral <= BILATERAL_RT_LT ? (enum store_bilateral_convention)p->bilateral
                                                     : BILATERAL_UNKNOWN,
        .timely_days = p->timely_days,
        .trial = (p->flags & PAYER_TRIAL) != 0,
        .proof = proof_out(store, &store->proofs[p->proof], when_normal(STORE_ALWAYS)),
    };
}

bool store_payer(const struct store *store, struct view profile, struct store_payer *row) {
    for (uint32_t i = 0; i < store->payers_count; i++) {
        if (view_equal(text_out(store, store->payers[i].profile), profile)) {
            *row = store_payer_at(store, (int)i);
            return true;
        }
    }
    return false;
}

static struct view payer_by(const struct store *store, uint8_t kind, struct view key) {
    uint32_t low = 0;
    for (uint32_t high = store->payer_ids_count; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        const struct image_payer_id *row = &store->payer_ids[middle];
        int order =
            row->kind != kind ? row->kind - kind : view_compare(text_out(store, row->key), key);
        if (order == 0) {
            return store_payer_at(store, row->payer < INT32_MAX ? (int)row->payer : -1).profile;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return VIEW_NONE;
}

struct view store_payer_profile(const struct store *store, struct view payer_id,
                                struct code filing) {
    struct view profile = payer_by(store, PAYER_BY_ID, payer_id);
    if (profile.size == 0 && code_given(filing)) {
        char text[9];
        profile = payer_by(store, PAYER_BY_FILING, code_text(filing, text));
    }
    return profile;
}
