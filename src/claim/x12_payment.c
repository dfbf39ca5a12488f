/* What other payers did: loops 2320, 2330 and 2430 [x222a1]. Claim and line adjustments of one
 * payer come apart in the file; they are collected in a list and laid out when the claim ends. */
#include "claim/x12_internal.h"

void x12_other_payer(struct x12_claims *x) {
    struct claim *claim = &x->reader->claim;
    if (x->line) {
        return; /* 2320 stands before the lines */
    }
    bool room = claim->other_payer_count < CLAIM_OTHER_PAYERS_MAX;
    x->other = room ? &claim->other_payers[claim->other_payer_count++] : &x->other_scratch;
    struct view order = x12_element(&x->segment, 1);
    *x->other = (struct claim_other_payer){
        .order = (char)(order.size > 0 ? order.at[0] : 0), .id = VIEW(""), .paid = MONEY_NONE};
    x->party = PARTY_NONE;
    x->provider = NULL;
}

void x12_amt(struct x12_claims *x) {
    if (x->open && x->other && !x->line && view_equal(x12_element(&x->segment, 1), VIEW("D"))) {
        x->other->paid = x12_money(x12_trimmed(&x->segment, 2));
    }
}

/* SVD01 names the payer as 2330B NM109 does. */
void x12_svd(struct x12_claims *x) {
    const struct claim *claim = &x->reader->claim;
    x->paying = -1;
    if (!x->open || !x->line) {
        return;
    }
    struct view id = x12_trimmed(&x->segment, 1);
    for (int i = 0; i < claim->other_payer_count; i++) {
        if (view_equal(claim->other_payers[i].id, id)) {
            x->paying = i;
        }
    }
    if (x->paying < 0 && claim->other_payer_count == 1) {
        x->paying = 0;
    }
}

static void adjustment_add(struct x12_claims *x, int payer, struct claim_adjustment adjustment) {
    struct adjustment_node *node = ARENA_NEW(&x->reader->arena, struct adjustment_node, 1);
    x->kept += (ptrdiff_t)sizeof *node;
    if (node) {
        *node = (struct adjustment_node){adjustment, payer, NULL};
        *x->adjustments_end = node;
        x->adjustments_end = &node->next;
    }
}

/* Group, then up to six times reason, amount, quantity. */
void x12_cas(struct x12_claims *x) {
    const struct claim *claim = &x->reader->claim;
    const struct x12_segment *segment = &x->segment;
    int payer = x->line ? x->paying : claim->other_payer_count - 1;
    if (!x->open || payer < 0 || (!x->line && x->other != &claim->other_payers[payer])) {
        return;
    }
    struct claim_adjustment adjustment = {.group = code_from(x12_element(segment, 1)),
                                          .line = x->line ? x->line->number : 0};
    for (int n = 2; n + 1 <= segment->elements && n <= 17; n += 3) {
        struct view carc = x12_element(segment, n);
        if (carc.size > 0) {
            adjustment.carc = code_from(carc);
            adjustment.amount = x12_money(x12_trimmed(segment, n + 1));
            adjustment_add(x, payer, adjustment);
        }
    }
}

void x12_adjustments_end(struct x12_claims *x) {
    struct claim *claim = &x->reader->claim;
    for (int i = 0; i < claim->other_payer_count && x->adjustments; i++) {
        struct claim_other_payer *payer = &claim->other_payers[i];
        int count = 0;
        for (struct adjustment_node *node = x->adjustments; node; node = node->next) {
            count += node->payer == i;
        }
        struct claim_adjustment *all =
            count > 0 ? ARENA_NEW(&x->reader->arena, struct claim_adjustment, count) : NULL;
        if (!all) {
            continue;
        }
        payer->adjustments = all;
        for (struct adjustment_node *node = x->adjustments; node; node = node->next) {
            if (node->payer == i) {
                all[payer->adjustment_count++] = node->adjustment;
            }
        }
    }
}
