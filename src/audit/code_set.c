/* Which named sets of procedure codes a code is in. The sets hold a few dozen codes; a small table
 * by code id, made at the first claim, answers without a walk over the sets. */
#include "audit/anatomy.h"
#include "audit/audit_state.h"

#define SINGLE_PREFIX "single_"

static struct code_set_slot *slot_of(struct code_set_index *index, uint32_t id) {
    uint32_t at = id * 2654435761u % CODE_SET_SLOTS;
    while (index->slots[at].sets != 0 && index->slots[at].id != id) {
        at = (at + 1) % CODE_SET_SLOTS;
    }
    return &index->slots[at];
}

static void code_add(struct code_set_index *index, uint32_t id, uint32_t sets) {
    if (index->count >= CODE_SET_CODES_MAX) {
        index->cut = true;
        return;
    }
    struct code_set_slot *slot = slot_of(index, id);
    index->count += slot->sets == 0;
    slot->id = id;
    slot->sets |= sets;
}

/* The bits that a set stands for; a further set of single codes takes the next free bit. */
static uint32_t set_bits(struct code_set_index *index, struct view name) {
    uint32_t bits = view_equal(name, VIEW("once_per_day")) ? CODE_SET_ONCE : 0;
    if (view_starts(name, VIEW(SINGLE_PREFIX))) {
        if (index->single_count == CODE_SET_SINGLES_MAX) {
            index->cut = true;
            return bits;
        }
        bits |= CODE_SET_SINGLE << index->single_count;
        index->single_names[index->single_count++] = name;
    }
    if (view_equal(name, VIEW("tpi"))) {
        bits |= CODE_SET_TPI;
    }
    return bits;
}

static void index_open(struct code_set_index *index, const struct store *store) {
    for (int set = 0; set < store_code_set_count(store); set++) {
        uint32_t bits = set_bits(index, store_code_set_name(store, set));
        uint32_t id;
        for (int n = 0; bits != 0 && store_code_set_member(store, set, n, &id); n++) {
            code_add(index, id, bits);
        }
    }
    index->release = STORE_NO_RELEASE;
    for (int i = store_release_count(store) - 1; i >= 0; i--) {
        if (store_release(store, i).table == STORE_CODE_SET) {
            index->release = (uint16_t)i;
        }
    }
    index->ready = true;
}

uint32_t code_sets_of(struct audit_pass *pass, uint32_t id) {
    struct code_set_index *index = &pass->audit->code_sets;
    if (!index->ready) {
        index_open(index, pass->store);
    }
    return slot_of(index, id)->sets;
}

void finding_set(struct audit_pass *pass, struct audit_finding *finding, struct view set,
                 struct date on) {
    struct store_proof proof = {pass->audit->code_sets.release, DATE_NONE, DATE_NONE};
    finding_proof(pass, finding, STORE_CODE_SET, set, proof);
    pass_used(pass, proof, on);
}

bool code_sets_whole(const struct audit_pass *pass) { return !pass->audit->code_sets.cut; }

struct view code_set_single_name(struct audit_pass *pass, uint32_t bits) {
    const struct code_set_index *index = &pass->audit->code_sets;
    for (int i = 0; i < index->single_count; i++) {
        if (bits & (CODE_SET_SINGLE << i)) {
            return index->single_names[i];
        }
    }
    return VIEW_NONE;
}
