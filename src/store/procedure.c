/* Lookups by procedure code: ids, labels, fee schedule, limits, add-ons, drugs, families, sets. */
#include "store/room.h"

#include <string.h>

/* ---- codes ------------------------------------------------------------------------------- */

uint32_t store_code_id(const struct store *store, struct code code) {
    if (code.bits == 0 || (code.bits & 0xffffff) != 0) {
        return STORE_NO_CODE;
    }
    uint32_t mask = store->code_slots_count - 1;
    uint32_t at = (uint32_t)image_code_slot(code.bits, store->code_shift);
    for (uint32_t probes = 0; probes <= mask; probes++, at = (at + 1) & mask) {
        uint64_t slot = store->code_slots[at & mask];
        if (slot == 0) {
            return STORE_NO_CODE;
        }
        if ((slot ^ code.bits) >> 24 == 0) {
            uint32_t id = (uint32_t)slot & 0xffffff;
            return id < store->codes_count ? id : STORE_NO_CODE;
        }
    }
    return STORE_NO_CODE;
}

uint32_t store_code_count(const struct store *store) { return store->codes_count; }

struct code store_code(const struct store *store, uint32_t id) {
    struct code code = {id < store->codes_count ? store->codes[id] : 0};
    return code;
}

bool store_in_extract(const struct store *store, uint32_t id) {
    return id < store->code_flags_count && (store->code_flags[id] & CODE_IN_STARTER) != 0;
}

struct view store_label(const struct store *store, uint32_t id) {
    return id < store->labels_count ? text_out(store, store->labels[id]) : VIEW_NONE;
}

/* The day after `last`, or the first day of an edition that no longer has the code. */
static bool ended_holds(const struct store *store, const struct image_ended *row,
                        const struct image_proof *proof, struct store_when when) {
    if (proof->known_from > when.as_of.day || proof->known_to < when.as_of.day ||
        proof->release >= store->releases_count) {
        return false;
    }
    return row->last != IMAGE_NO_DAY ? when.on.day > row->last
                                     : when.on.day >= store->releases[proof->release].effective;
}

bool store_ended(const struct store *store, uint32_t id, struct store_when when,
                 struct store_ended *ended) {
    if (!date_given(when.on)) {
        return false;
    }
    when = when_normal(when);
    struct span rows = SPAN(store, ended_first, ended, id);
    for (uint32_t i = rows.at; i < rows.end; i++) {
        const struct image_ended *row = &store->ended[i];
        if (row->proof < store->proofs_count &&
            ended_holds(store, row, &store->proofs[row->proof], when)) {
            *ended = (struct store_ended){{row->last},
                                          {row->replacement},
                                          proof_out(store, &store->proofs[row->proof], when)};
            return true;
        }
    }
    return false;
}

/* ---- fee schedule ------------------------------------------------------------------------ */

static void mpfs_out(const struct image_mpfs *from, struct store_proof proof,
                     struct store_mpfs *row) {
    *row = (struct store_mpfs){
        .status = from->status,
        .pctc = from->pctc,
        .multiple = from->multiple,
        .bilateral = from->bilateral,
        .assistant = from->assistant,
        .cosurgeon = from->cosurgeon,
        .team = from->team,
        .na_nonfacility = from->na_nonfacility ? 'Y' : 0,
        .na_facility = from->na_facility ? 'Y' : 0,
        .work = from->work,
        .pe_nonfacility = from->pe_nonfacility,
        .pe_facility = from->pe_facility,
        .malpractice = from->malpractice,
        .total_nonfacility = from->total_nonfacility,
        .total_facility = from->total_facility,
        .conversion = from->conversion,
        .pre_percent = from->pre,
        .intra_percent = from->intra,
        .post_percent = from->post,
        .endo_base = {from->endo_base},
        .proof = proof,
    };
    memcpy(row->global, from->global, sizeof from->global);
}

bool store_mpfs(const struct store *store, uint32_t id, struct code modifier,
                struct store_when when, struct store_mpfs *row) {
    when = when_normal(when);
    int wanted = mpfs_modifier(modifier);
    struct span rows = SPAN(store, mpfs_first, mpfs, id);
    struct choice choice = {0};
    for (uint32_t i = rows.at; i < rows.end; i++) {
        if (store->mpfs[i].modifier == wanted) {
            choice_offer(&choice, store, store->mpfs[i].proof, i, when);
        }
    }
    if (choice.proof) {
        mpfs_out(&store->mpfs[choice.row], proof_out(store, choice.proof, when), row);
    }
    return choice.proof != NULL;
}

/* ---- limits and add-ons ------------------------------------------------------------------ */

bool store_mue(const struct store *store, uint32_t id, struct store_when when,
               struct store_mue *row) {
    when = when_normal(when);
    struct span rows = SPAN(store, mue_first, mue, id);
    struct choice choice = {0};
    for (uint32_t i = rows.at; i < rows.end; i++) {
        choice_offer(&choice, store, store->mue[i].proof, i, when);
    }
    if (choice.proof) {
        const struct image_mue *mue = &store->mue[choice.row];
        *row = (struct store_mue){mue->units, mue->mai, proof_out(store, choice.proof, when)};
    }
    return choice.proof != NULL;
}

static struct store_addon addon_out(const struct image_addon *row, struct store_proof proof) {
    return (struct store_addon){row->primary, row->type, proof};
}

/* One step over the rows of one primary: moves `at` behind them, offers the one that holds. */
static struct choice addon_step(const struct store *store, struct span rows, uint32_t *at,
                                struct store_when when) {
    uint32_t primary = store->addons[*at].primary;
    struct choice choice = {0};
    for (; *at < rows.end && store->addons[*at].primary == primary; ++*at) {
        choice_offer(&choice, store, store->addons[*at].proof, *at, when);
    }
    return choice;
}

bool store_is_addon(const struct store *store, uint32_t id, struct store_when when) {
    struct store_addon row;
    return store_addon(store, id, 0, when, &row);
}

bool store_addon(const struct store *store, uint32_t addon, int n, struct store_when when,
                 struct store_addon *row) {
    when = when_normal(when);
    struct span rows = SPAN(store, addon_first, addons, addon);
    for (uint32_t at = rows.at; at < rows.end;) {
        struct choice choice = addon_step(store, rows, &at, when);
        if (choice.proof && n-- == 0) {
            *row = addon_out(&store->addons[choice.row], proof_out(store, choice.proof, when));
            return true;
        }
    }
    return false;
}

bool store_addon_primary(const struct store *store, uint32_t addon, uint32_t primary,
                         struct store_when when, struct store_addon *row) {
    when = when_normal(when);
    struct span rows = SPAN(store, addon_first, addons, addon);
    uint32_t low = rows.at;
    for (uint32_t high = rows.end; low < high;) {
        uint32_t middle = low + (high - low) / 2;
        if (store->addons[middle].primary < primary) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low >= rows.end || store->addons[low].primary != primary) {
        return false;
    }
    struct choice choice = addon_step(store, rows, &low, when);
    if (choice.proof) {
        *row = addon_out(&store->addons[choice.row], proof_out(store, choice.proof, when));
    }
    return choice.proof != NULL;
}

/* ---- drugs, families, sets --------------------------------------------------------------- */

bool store_drug(const struct store *store, uint32_t id, struct store_when when,
                struct store_drug *row) {
    when = when_normal(when);
    struct span rows = SPAN(store, drug_first, drugs, id);
    struct choice choice = {0};
    for (uint32_t i = rows.at; i < rows.end; i++) {
        choice_offer(&choice, store, store->drugs[i].proof, i, when);
    }
    if (choice.proof) {
        const struct image_drug *drug = &store->drugs[choice.row];
        *row = (struct store_drug){
            .unit_thousandths = drug->unit_thousandths,
            .unit = {drug->unit},
            .anesthetic = (drug->flags & DRUG_ANESTHETIC) != 0,
            .contrast = (drug->flags & DRUG_CONTRAST) != 0,
            .payable = (drug->flags & DRUG_PAYABLE) != 0,
            .combination = (drug->flags & DRUG_COMBINATION) != 0,
            .proof = proof_out(store, choice.proof, when),
        };
    }
    return choice.proof != NULL;
}

bool store_family(const struct store *store, uint32_t id, struct store_family *row) {
    struct span rows = SPAN(store, family_first, families, id);
    if (rows.at == rows.end || store->families[rows.at].proof >= store->proofs_count) {
        return false;
    }
    const struct image_family *f = &store->families[rows.at];
    *row = (struct store_family){
        .family = text_out(store, f->family),
        .region = f->region <= REGION_ANY ? (enum store_region)f->region : REGION_NONE,
        .imaging = f->imaging <= IMAGING_IS ? (enum store_imaging)f->imaging : IMAGING_NONE,
        .procedure = (f->flags & FAMILY_PROCEDURE) != 0,
        .addon_level = (f->flags & FAMILY_ADDON_LEVEL) != 0,
        .paired = (f->flags & FAMILY_PAIRED) != 0,
        .evaluation = (f->flags & FAMILY_EVALUATION) != 0,
        .laboratory = (f->flags & FAMILY_LABORATORY) != 0,
        .sedation = (f->flags & FAMILY_SEDATION) != 0,
        .primary = {f->primary},
        .proof = proof_out(store, &store->proofs[f->proof], when_normal(STORE_ALWAYS)),
    };
    return true;
}

int store_code_set_count(const struct store *store) { return (int)store->sets_count; }

struct view store_code_set_name(const struct store *store, int set) {
    return set >= 0 && (uint32_t)set < store->sets_count ? text_out(store, store->sets[set].name)
                                                         : VIEW_NONE;
}

bool store_code_set_member(const struct store *store, int set, int n, uint32_t *id) {
    if (set < 0 || (uint32_t)set >= store->sets_count || n < 0) {
        return false;
    }
    const struct image_set *s = &store->sets[set];
    uint64_t at = (uint64_t)s->first + (uint32_t)n;
    if ((uint32_t)n >= s->count || at >= store->set_members_count ||
        store->set_members[at] >= store->codes_count) {
        return false;
    }
    *id = store->set_members[at];
    return true;
}
