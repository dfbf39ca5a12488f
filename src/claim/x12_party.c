/* Who: billing provider, subscriber, patient and payer of loops 2000 and 2010, providers of 2310
 * and 2420 [x222a1]. */
#include <string.h>

#include "claim/x12_internal.h"

static void person_reset(struct x12_person *person) {
    *person = (struct x12_person){.birth = DATE_NONE, .date_at = {.byte = -1}};
}

static void patient_reset(struct x12_context *context) {
    person_reset(&context->patient);
    context->dependent = false;
}

static void subscriber_reset(struct x12_context *context) {
    context->payer_name = VIEW("");
    context->payer_id = VIEW("");
    context->filing = CODE_NONE;
    context->payer_order = 0;
    context->member = 0;
    person_reset(&context->subscriber);
    patient_reset(context);
}

void x12_context_reset(struct x12_context *context) {
    claim_provider_blank(&context->billing, VIEW(""));
    context->billing_zip = VIEW("");
    context->billing_state = VIEW("");
    subscriber_reset(context);
}

/* Text of an element, for as long as the context lasts. */
static struct view context_keep(char place[CLAIM_TEXT_MAX], struct view text) {
    text.size = text.size < CLAIM_TEXT_MAX ? text.size : CLAIM_TEXT_MAX;
    memcpy(place, text.at, (size_t)(text.size < X12_SLACK ? X12_SLACK : text.size));
    return (struct view){place, text.size};
}

/* HL01 and HL02 have up to 12 digits; 0 when it is no number. */
static int64_t level_number(struct view text) {
    int64_t number = x12_number(text, 12);
    return number > 0 ? number : 0;
}

static void parent_check(struct x12_claims *x, int64_t above) {
    if (above == 0 || level_number(x12_element(&x->segment, 2)) != above) {
        x12_tell(x, TOLD_HL_PARENT, 2);
    }
}

/* Levels that are neither provider, subscriber nor patient keep what was before. */
void x12_hl(struct x12_claims *x) {
    int64_t number = level_number(x12_element(&x->segment, 1));
    x->hl_seen = true;
    x->party = PARTY_NONE;
    if (number != ++x->hl_count) {
        x12_tell(x, TOLD_HL_NUMBER, 1);
    }
    switch (tag_from(x12_element(&x->segment, 3))) {
    case TAG2('2', '0'):
        x12_context_reset(&x->context);
        x->hl_billing = number;
        break;
    case TAG2('2', '2'):
        parent_check(x, x->hl_billing);
        subscriber_reset(&x->context);
        x->hl_subscriber = number;
        break;
    case TAG2('2', '3'):
        parent_check(x, x->hl_subscriber);
        patient_reset(&x->context);
        x->context.dependent = true;
        break;
    default: break;
    }
}

/* Without HL segments an SBR outside of a claim begins the next subscriber. */
void x12_sbr(struct x12_claims *x) {
    if (x->open) {
        x12_other_payer(x);
        return;
    }
    if (!x->hl_seen) {
        subscriber_reset(&x->context);
    }
    struct view order = x12_element(&x->segment, 1);
    x->context.payer_order = (char)(order.size > 0 ? order.at[0] : 0);
    x->context.filing = code_from(x12_element(&x->segment, 9));
}

/* NM108 XX is the NPI; 24 and 34 are the employer's and the social security number, which 4010
 * files carry in its place. The taxonomy may have come before (2000A PRV). */
static void provider_read(struct x12_claims *x, struct claim_provider *provider, struct view id) {
    const struct x12_segment *segment = &x->segment;
    struct view entity = x12_element(segment, 2);
    provider->entity = (char)(entity.size > 0 ? entity.at[0] : 0);
    provider->npi = provider->tin = VIEW("");
    switch (tag_from(x12_element(segment, 8))) {
    case TAG2('2', '4'):
    case TAG2('3', '4'):
    case TAG2('F', 'I'): provider->tin = id; break;
    default: provider->npi = id;
    }
    provider->at = x12_place(segment, 9);
    x->provider = provider;
}

static void claim_party(struct x12_claims *x, struct claim_provider *provider,
                        enum x12_party party) {
    claim_provider_blank(provider, VIEW(""));
    provider_read(x, provider, x12_keep(x, x12_trimmed(&x->segment, 9)));
    x->party = party;
}

static void nm1_context(struct x12_claims *x, uint32_t who) {
    struct x12_context *context = &x->context;
    const struct x12_segment *segment = &x->segment;
    switch (who) {
    case TAG2('8', '5'):
        if (!x->hl_seen && context->billing.npi.size > 0) {
            x12_context_reset(context); /* without HL levels the next one begins here */
        }
        provider_read(x, &context->billing,
                      context_keep(context->texts.npi, x12_trimmed(segment, 9)));
        x->party = PARTY_BILLING;
        break;
    case TAG2('I', 'L'):
        context->member = text_key(x12_element(segment, 9));
        x->party = PARTY_SUBSCRIBER;
        break;
    case TAG2('Q', 'C'):
        context->dependent = true;
        context->patient.names =
            text_key(x12_element(segment, 3)) * 31 + text_key(x12_element(segment, 4));
        x->party = PARTY_PATIENT;
        break;
    case TAG2('P', 'R'):
        context->payer_name = context_keep(context->texts.payer_name, x12_trimmed(segment, 3));
        context->payer_id = context_keep(context->texts.payer_id, x12_trimmed(segment, 9));
        break;
    default: break;
    }
}

static void nm1_claim(struct x12_claims *x, uint32_t who) {
    struct claim *claim = &x->reader->claim;
    switch (who) {
    case TAG2('8', '2'): claim_party(x, &claim->rendering, PARTY_PROVIDER); break;
    case TAG2('D', 'Q'): claim_party(x, &claim->supervising, PARTY_PROVIDER); break;
    case TAG2('D', 'N'): claim_party(x, &claim->referring, PARTY_PROVIDER); break;
    case TAG2('P', '3'): /* primary care: stands in for a referring provider */
        if (claim->referring.npi.size == 0) {
            claim_party(x, &claim->referring, PARTY_PROVIDER);
        }
        break;
    case TAG2('7', '7'):
    case TAG2('F', 'A'): /* 4010 also says FA, LI and TL */
    case TAG2('L', 'I'):
    case TAG2('T', 'L'): claim_party(x, &claim->facility, PARTY_FACILITY); break;
    default: break;
    }
}

static void nm1_line(struct x12_claims *x, uint32_t who) {
    switch (who) {
    case TAG2('8', '2'): claim_party(x, &x->line->rendering, PARTY_PROVIDER); break;
    case TAG2('D', 'Q'): claim_party(x, &x->line->supervising, PARTY_PROVIDER); break;
    case TAG2('7', '7'): claim_party(x, &x->line->facility, PARTY_FACILITY); break;
    default: break;
    }
}

void x12_nm1(struct x12_claims *x) {
    uint32_t who = tag_from(x12_element(&x->segment, 1));
    x->party = PARTY_IGNORED;
    x->provider = NULL;
    if (!x->open) {
        nm1_context(x, who);
    } else if (x->line) {
        nm1_line(x, who);
    } else if (!x->other) {
        nm1_claim(x, who);
    } else if (who == TAG2('P', 'R')) {
        x->other->id = x12_keep(x, x12_trimmed(&x->segment, 9));
    }
}

void x12_n4(struct x12_claims *x) {
    struct view zip = x12_trimmed(&x->segment, 3);
    struct view state = x12_trimmed(&x->segment, 2);
    if (x->party == PARTY_BILLING) {
        x->context.billing_zip = context_keep(x->context.texts.zip, zip);
        x->context.billing_state = context_keep(x->context.texts.state, state);
    } else if (x->party == PARTY_FACILITY) {
        struct claim *claim = &x->reader->claim;
        claim->payer_state = state.size > 0 && !x->line ? x12_keep(x, state) : claim->payer_state;
        *(x->line ? &x->line->facility_zip : &claim->facility_zip) = x12_keep(x, zip);
    }
}

static void ref_tax(struct x12_claims *x) {
    if (!x->provider) {
        return;
    }
    struct view id = x12_trimmed(&x->segment, 2);
    bool context = x->provider == &x->context.billing;
    x->provider->tin = context ? context_keep(x->context.texts.tin, id) : x12_keep(x, id);
}

/* An authorization of another payer carries that payer in REF04 [x222a1]. */
static void ref_claim(struct x12_claims *x, uint32_t qualifier) {
    struct claim *claim = &x->reader->claim;
    struct view *to = NULL;
    switch (qualifier) {
    case TAG2('G', '1'):
        if (!x->line) {
            to = &claim->prior_authorization;
        } else if (x12_element(&x->segment, 4).size == 0) {
            to = &x->line->prior_authorization;
        }
        break;
    case TAG2('6', 'R'): to = x->line ? &x->line->control_number : NULL; break;
    case TAG2('F', '8'): to = x->line ? NULL : &claim->original_reference; break;
    default: break;
    }
    if (to) {
        *to = x12_keep(x, x12_trimmed(&x->segment, 2));
    }
}

void x12_ref(struct x12_claims *x) {
    uint32_t qualifier = tag_from(x12_element(&x->segment, 1));
    switch (qualifier) {
    case TAG2('E', 'I'):
    case TAG2('S', 'Y'):
    case TAG2('T', 'J'): ref_tax(x); break;
    default:
        if (x->open && (x->line || !x->other)) {
            ref_claim(x, qualifier);
        }
    }
}

/* The billing provider's comes before its name, the others' behind theirs. */
void x12_prv(struct x12_claims *x) {
    struct view taxonomy = x12_trimmed(&x->segment, 3);
    if (x->open) {
        if (x->provider) {
            x->provider->taxonomy = x12_keep(x, taxonomy);
        }
    } else if (tag_from(x12_element(&x->segment, 1)) == TAG2('B', 'I')) {
        x->context.billing.taxonomy = context_keep(x->context.texts.taxonomy, taxonomy);
    }
}

void x12_dmg(struct x12_claims *x) {
    struct x12_person *person = x->party == PARTY_SUBSCRIBER ? &x->context.subscriber
                                : x->party == PARTY_PATIENT  ? &x->context.patient
                                                             : NULL;
    if (!person || x->open) {
        return;
    }
    struct view birth = x12_element(&x->segment, 2);
    struct view sex = x12_element(&x->segment, 3);
    person->birth = date_from_compact(birth);
    person->date_bad = birth.size > 0 && (birth.size != 8 || !date_given(person->birth));
    person->date_at = x12_place(&x->segment, 2);
    char letter = (char)(sex.size > 0 ? sex.at[0] & ~0x20 : 0);
    person->sex = (char)(letter == 'F' || letter == 'M' || letter == 'U' ? letter : 0);
}
