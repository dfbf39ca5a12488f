/* What: the claim of loop 2300 and its service lines of 2400 and 2410 [x222a1]. */
#include <stddef.h>
#include <string.h>

#include "claim/x12_internal.h"

/* The patient is the subscriber, or a dependent with a loop of his own. */
static void patient_inherit(struct claim *claim, const struct x12_context *context) {
    const struct x12_person *patient =
        context->dependent ? &context->patient : &context->subscriber;
    claim->patient_is_dependent = context->dependent;
    claim->birth_date = patient->birth;
    claim->sex = patient->sex;
    claim->date_bad = patient->date_bad;
    claim->date_at = patient->date_at;
    claim->patient_key = patient_key(context->member, patient->birth, patient->names);
}

static void context_inherit(struct claim *claim, const struct x12_context *context) {
    claim->billing = context->billing;
    claim->billing_zip = context->billing_zip;
    claim->payer_state = context->billing_state;
    claim->payer_name = context->payer_name;
    claim->payer_id = context->payer_id;
    claim->payer_order = context->payer_order;
    claim->filing = context->filing;
    patient_inherit(claim, context);
}

/* The bytes from one member to another. */
#define CLAIM_COPY(to, from, first, end)                                                           \
    memcpy((char *)(to) + offsetof(struct claim, first),                                           \
           (const char *)(from) + offsetof(struct claim, first),                                   \
           offsetof(struct claim, end) - offsetof(struct claim, first))

/* As `blank`, but of the long lists only what was used: they are most of a claim. Entries of other
 * payers are filled whole when they are taken. */
static void claim_reset(struct claim *claim, const struct claim *blank) {
    int used = claim->diagnosis_count;
    for (int i = 0; i < used; i++) {
        claim->diagnoses[i] = blank->diagnoses[i];
        claim->diagnoses_given[i] = blank->diagnoses_given[i];
        claim->diagnoses_at[i] = blank->diagnoses_at[i];
    }
    CLAIM_COPY(claim, blank, format, diagnoses);
    CLAIM_COPY(claim, blank, diagnosis_count, other_payers);
    claim->other_payer_count = 0;
    claim->history_known = blank->history_known;
    claim->history = NULL;
    claim->history_count = 0;
    claim->documentation_known = blank->documentation_known;
    claim->facts = NULL;
}

static void claim_begin(struct x12_claims *x) {
    arena_reset(&x->reader->arena);
    claim_reset(&x->reader->claim, &x->blank);
    x->open = true;
    x->told_claim = 0;
    x->line = NULL;
    x->other = NULL;
    x->party = PARTY_NONE;
    x->provider = NULL;
    x->paying = -1;
    x->kept = 0;
    x->text_at = x->texts;
    x->text_end = x->texts + X12_TEXT_CHUNK;
    x->claim_day = DATE_NONE;
    x->adjustments = NULL;
    x->adjustments_end = &x->adjustments;
}

void x12_clm(struct x12_claims *x) {
    const struct x12_segment *segment = &x->segment;
    struct claim *claim = &x->reader->claim;
    claim_begin(x);
    if (!x->hl_seen) {
        x12_tell(x, TOLD_NO_HL, 0);
    }
    context_inherit(claim, &x->context);
    claim->at = x12_place(segment, 0);
    claim->separators = (struct claim_separators){
        segment->delimiters.element, segment->delimiters.component, segment->delimiters.repetition,
        segment->delimiters.segment};
    claim->id = x12_keep(x, x12_trimmed(segment, 1));
    claim->total_charge = x12_money(x12_trimmed(segment, 2));
    claim->charge_at = x12_place(segment, 2);
    struct x12_composite place = x12_composite(x, 5);
    claim->place_of_service = code_from(x12_piece(&place));
    claim->pos_at = x12_place(segment, 5);
    (void)x12_piece(&place);
    claim->frequency = code_from(x12_piece(&place));
    claim->lines = x->lines;
    claim->received = x->created;
    if (x->reader->options.coming) {
        x->reader->options.coming(x->reader->options.coming_context, claim);
    }
}

/* Letters follow the order of the elements, over all HI segments; an element that is left out in
 * between keeps its letter, because pointers count elements. */
void x12_hi(struct x12_claims *x) {
    struct claim *claim = &x->reader->claim;
    if (!x->open) {
        return;
    }
    int letter = claim->diagnosis_count;
    bool diagnoses = false;
    for (int n = 1; n <= x->segment.elements; n++) {
        struct x12_composite composite = x12_composite(x, n);
        switch (tag_from(x12_piece(&composite))) {
        case 0: letter += diagnoses; continue;
        case TAG2('B', 'K'):
        case TAG2('B', 'F'): claim->diagnoses_icd9 = true; break;
        case TAG3('A', 'B', 'K'):
        case TAG3('A', 'B', 'F'): break;
        default: continue; /* procedures, conditions, values */
        }
        diagnoses = true;
        struct view given = x12_trim(x12_piece(&composite));
        given = letter < CLAIM_DIAGNOSES_MAX ? x12_keep(x, given) : VIEW("");
        claim_dx_put(claim, letter++, given, x12_place(&x->segment, n));
    }
}

/* ---- lines --------------------------------------------------------------------------------- */

/* A line without its service segment is no line. */
static void line_end(struct x12_claims *x) {
    struct claim *claim = &x->reader->claim;
    if (x->line && x->got == X12_SEGMENT) {
        x->line->ends = x12_place(&x->segment, 0);
    }
    if (x->line && !x->line_serviced) {
        x12_tell(x, TOLD_NO_SV1, 0);
        if (x->line == &x->line_scratch) {
            claim->lines_extra--;
        } else {
            claim->line_count--;
        }
    }
    x->line = NULL;
}

static void line_begin(struct x12_claims *x) {
    struct claim *claim = &x->reader->claim;
    line_end(x);
    x->other = NULL;
    x->party = PARTY_NONE;
    x->provider = NULL;
    x->paying = -1;
    x->line_serviced = false;
    if (claim->line_count < CLAIM_LINES_MAX) {
        x->line = &x->lines[claim->line_count++];
    } else {
        x->line = &x->line_scratch;
        claim->lines_extra++;
    }
    *x->line = x->blank_line;
    x->line->number = claim->line_count + claim->lines_extra;
    x->line->begins = x->line->at = x12_place(&x->segment, 0);
}

void x12_lx(struct x12_claims *x) {
    if (!x->open) {
        x12_tell(x, TOLD_NO_CLAIM, 0);
        return;
    }
    line_begin(x);
    int64_t number = x12_number(x12_trimmed(&x->segment, 1), 6);
    if (number >= 0) {
        x->line->number = (int)number;
    }
}

/* SV101: qualifier, code, up to four modifiers, description. */
static void procedure_read(struct x12_claims *x, struct claim_line *line) {
    struct x12_composite procedure = x12_composite(x, 1);
    line->qualifier = code_from(x12_piece(&procedure));
    struct view code = x12_trim(x12_piece(&procedure));
    line->code = code_from(code);
    if (!code_given(line->code)) {
        line->code_given = x12_keep(x, code);
    }
    for (int i = 0; i < CLAIM_MODIFIERS_MAX && procedure.rest.at; i++) {
        struct view modifier = x12_trim(x12_piece(&procedure));
        if (modifier.size > 0) {
            line->modifiers[line->modifier_count++] = code_from(modifier);
        }
    }
}

static void pointers_read(struct x12_claims *x, struct claim_line *line) {
    struct x12_composite pointers = x12_composite(x, 7);
    while (pointers.rest.at && line->pointer_count < CLAIM_POINTERS_MAX) {
        struct view text = x12_trim(x12_piece(&pointers));
        if (text.size == 0) {
            continue;
        }
        int64_t pointer = x12_number(text, 2);
        bool letter = pointer >= 1 && pointer <= CLAIM_DIAGNOSES_MAX;
        line->pointers[line->pointer_count++] = (uint8_t)(letter ? pointer : 0);
    }
}

void x12_sv1(struct x12_claims *x) {
    const struct x12_segment *segment = &x->segment;
    if (!x->open) {
        x12_tell(x, TOLD_NO_CLAIM, 0);
        return;
    }
    if (!x->line || x->line_serviced) {
        x12_tell(x, TOLD_NO_LX, 0);
        line_begin(x);
    }
    struct claim_line *line = x->line;
    x->line_serviced = true;
    line->at = x12_place(segment, 0);
    procedure_read(x, line);
    line->code_at = x12_place(segment, 1);
    line->charge = x12_money(x12_trimmed(segment, 2));
    line->charge_at = x12_place(segment, 2);
    line->unit_basis = code_from(x12_element(segment, 3));
    line->units = x12_quantity(x12_trimmed(segment, 4));
    line->units_at = x12_place(segment, 4);
    if (tag_of(line->unit_basis) == TAG2('M', 'J') && line->units.milli >= 0 &&
        line->units.milli < INT64_C(100000000)) {
        line->minutes = (int)(line->units.milli / 1000);
    }
    line->place_of_service = code_from(x12_trimmed(segment, 5));
    line->pos_at = x12_place(segment, 5);
    pointers_read(x, line);
    line->pointers_at = x12_place(segment, 7);
}

/* ---- dates --------------------------------------------------------------------------------- */

struct date x12_date(struct x12_claims *x, struct view text) {
    if (text.size != 8) {
        return DATE_NONE;
    }
    uint64_t key;
    memcpy(&key, text.at, sizeof key);
    uint64_t slot = key * UINT64_C(0x9E3779B97F4A7C15) >> 56;
    if (x->days[slot].text != key) {
        x->days[slot].text = key;
        x->days[slot].day = date_from_compact(text);
    }
    return x->days[slot].day;
}

/* D8 CCYYMMDD or RD8 CCYYMMDD-CCYYMMDD in DTP03; false when it is no date. */
static bool period_read(struct x12_claims *x, struct date *from, struct date *to) {
    struct view rest = x12_trimmed(&x->segment, 3);
    if (rest.size == 8) {
        *from = *to = x12_date(x, rest);
    } else {
        bool period = rest.size == 17 && rest.at[8] == '-';
        *from = x12_date(x, view_sub(rest, 0, 8));
        *to = period ? x12_date(x, view_sub(rest, 9, 8)) : DATE_NONE;
    }
    return date_given(*from) && date_given(*to);
}

static void dtp_line(struct x12_claims *x) {
    struct claim_line *line = x->line;
    line->date_bad = !period_read(x, &line->from, &line->to);
    line->date_at = x12_place(&x->segment, 3);
}

static void dtp_claim(struct x12_claims *x, uint32_t qualifier) {
    struct claim *claim = &x->reader->claim;
    uint32_t form = tag_from(x12_element(&x->segment, 2));
    struct date from, to;
    bool good = period_read(x, &from, &to);
    if (!good && (form == TAG2('D', '8') || form == TAG3('R', 'D', '8')) && !claim->date_bad) {
        claim->date_bad = true;
        claim->date_at = x12_place(&x->segment, 3);
    }
    if (good && qualifier == TAG3('4', '7', '2')) {
        x->claim_day = from;
    } else if (good && qualifier == TAG3('0', '5', '0')) {
        claim->received = from;
    }
}

void x12_dtp(struct x12_claims *x) {
    uint32_t qualifier = tag_from(x12_element(&x->segment, 1));
    if (!x->open) {
        return;
    }
    if (!x->line && !x->other) {
        dtp_claim(x, qualifier);
    } else if (x->line && qualifier == TAG3('4', '7', '2')) {
        dtp_line(x);
    }
}

/* ---- drugs --------------------------------------------------------------------------------- */

void x12_lin(struct x12_claims *x) {
    if (x->open && x->line && tag_from(x12_element(&x->segment, 2)) == TAG2('N', '4')) {
        x->line->ndc.code = x12_keep(x, x12_trimmed(&x->segment, 3));
        x->line->ndc.at = x12_place(&x->segment, 3);
    }
}

void x12_ctp(struct x12_claims *x) {
    if (x->open && x->line) {
        x->line->ndc.quantity = x12_quantity(x12_trimmed(&x->segment, 4));
        struct x12_composite unit = x12_composite(x, 5);
        x->line->ndc.unit = code_from(x12_piece(&unit));
    }
}

void x12_claim_end(struct x12_claims *x) {
    struct claim *claim = &x->reader->claim;
    line_end(x);
    x12_adjustments_end(x);
    for (int i = 0; i < claim->line_count && date_given(x->claim_day); i++) {
        struct claim_line *line = &claim->lines[i];
        if (!date_given(line->from) && !line->date_bad) {
            line->from = line->to = x->claim_day;
        }
    }
    x->open = false;
}
