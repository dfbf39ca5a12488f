/* Pairs, units and add-on codes: gathered once, settled together, then reported [edits-0]. */
#include "audit/edits.h"

/* A line denied by one edit is payable for no other, and an add-on falls with its primary: so
 * pairs and add-ons are asked again from scratch until nothing changes [edits-0]. A circle (an
 * add-on in column 1 of its own primary) never settles; then every denial of a round stands. */
void edits_settle(struct edits *edits) {
    uint64_t all_bundled = 0;
    uint64_t all_stranded = 0;
    uint64_t fixed = edits->invalid | edits->over;
    for (int round = 0; round < EDIT_ROUNDS_MAX; round++) {
        uint64_t bundled = pairs_denied(edits, fixed | edits->stranded);
        uint64_t stranded = addons_denied(edits, fixed | bundled | edits->stranded);
        edits->settled = round > 0 && bundled == edits->bundled && stranded == edits->stranded;
        edits->bundled = bundled;
        edits->stranded = stranded;
        if (edits->settled) {
            return;
        }
        all_bundled |= bundled;
        all_stranded |= stranded;
    }
    edits->bundled = all_bundled;
    edits->stranded = all_stranded;
}

/* Codes that the store does not hold cannot be judged, unless whole editions say that they have no
 * row of it; one of them is named. */
static void unknown_codes(struct audit_pass *pass) {
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (line->id != STORE_NO_CODE || line->denied || !code_given(line->line->code)) {
            continue;
        }
        struct text text;
        text_open(&text, pass);
        text_add(&text, "store:code:");
        text_code(&text, line->line->code);
        struct view need = text_close(&text);
        if (pass->line_count > 1 && !pass_covers(pass, STORE_NCCI_PTP, line->from, line->id)) {
            gap_add(pass, RULE_NCCI_PTP, need);
        }
        if (pass->claim->type == CLAIM_PROFESSIONAL &&
            !pass_covers(pass, STORE_MUE, line->from, line->id)) {
            gap_add(pass, RULE_MUE_EXCEEDED, need);
        }
        if (!pass_covers(pass, STORE_AOC, line->from, line->id)) {
            gap_add(pass, RULE_ADDON_WITHOUT_PRIMARY, need);
        }
        return;
    }
}

static void edits_open(struct edits *edits, struct audit_pass *pass, bool history) {
    edits->pass = pass;
    edits->history = history;
    edits->pairs = NULL;
    edits->addon_count = 0;
    edits->invalid = 0;
    edits->over = 0;
    edits->bundled = 0;
    edits->stranded = 0;
    edits->settled = true;
    for (int i = 0; i < pass->line_count; i++) {
        if (pass->lines[i].denied) {
            edits->invalid |= LINE_BIT(i);
        }
    }
}

void check_edits(struct audit_pass *pass) {
    bool history = across_near(pass);
    struct edits edits;
    edits_open(&edits, pass, history);
    if (!pass->payer.ncci) {
        across_denied(pass, edits.invalid);
        return;
    }
    if (pass->claim->type == CLAIM_FACILITY_OPPS) {
        gap_add(pass, RULE_NCCI_PTP, VIEW("store:ncci_ptp_hospital"));
        gap_add(pass, RULE_MUE_EXCEEDED, VIEW("store:mue_hospital"));
        across_denied(pass, edits.invalid);
        return;
    }
    unknown_codes(pass);
    pairs_gather(&edits);
    if (pass->claim->type == CLAIM_PROFESSIONAL) {
        units_gather(&edits);
    } else {
        gap_add(pass, RULE_MUE_EXCEEDED, VIEW("store:mue_hospital"));
    }
    addons_gather(&edits);
    if (edits.pairs || edits.addon_count > 0) {
        edits_settle(&edits);
    }
    across_denied(pass, edits.invalid | edits.over | edits.bundled | edits.stranded);
    pairs_report(&edits);
    units_report(&edits);
    addons_report(&edits);
}
