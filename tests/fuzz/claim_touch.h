/* For the fuzz targets of the claim readers: reads an input to its end and touches every byte that
 * a claim shows, so that a sanitizer sees views that point astray; asserts what callers rely on. */
#ifndef CLAIMVET_TESTS_CLAIM_TOUCH_H
#define CLAIMVET_TESTS_CLAIM_TOUCH_H

#include <assert.h>
#include <string.h>

#include "claim/claim.h"
#include "fuzz.h"

struct fuzz_bytes {
    const uint8_t *at;
    size_t size;
    size_t done;
    size_t step;
};

static inline ptrdiff_t fuzz_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    (void)diag;
    struct fuzz_bytes *bytes = context;
    size_t got = bytes->size - bytes->done;
    got = got < bytes->step ? got : bytes->step;
    got = got < (size_t)size ? got : (size_t)size;
    if (got > 0) {
        memcpy(to, bytes->at + bytes->done, got);
    }
    bytes->done += got;
    return (ptrdiff_t)got;
}

static inline void view_touch(struct view text, bool known) {
    static volatile char sink;
    assert(text.size >= 0 && (text.at || text.size == 0) && (text.at || !known));
    for (ptrdiff_t i = 0; i < text.size; i++) {
        sink = text.at[i];
    }
    (void)sink;
}

static inline void provider_touch(const struct claim_provider *provider, bool known) {
    view_touch(provider->npi, known);
    view_touch(provider->taxonomy, known);
    view_touch(provider->tin, known);
}

static inline void line_touch(const struct claim_line *line, bool known, size_t size) {
    assert(line->modifier_count >= 0 && line->modifier_count <= CLAIM_MODIFIERS_MAX);
    assert(line->pointer_count >= 0 && line->pointer_count <= CLAIM_POINTERS_MAX);
    for (int i = 0; i < line->pointer_count; i++) {
        assert(line->pointers[i] <= CLAIM_DIAGNOSES_MAX);
    }
    assert(line->code_at.byte <= (int64_t)size && line->date_at.byte <= (int64_t)size);
    view_touch(line->code_given, known);
    view_touch(line->ndc.code, known);
    view_touch(line->prior_authorization, known);
    view_touch(line->control_number, known);
    provider_touch(&line->rendering, false);
    provider_touch(&line->supervising, false);
    provider_touch(&line->facility, false);
}

static inline void payers_touch(const struct claim *claim, bool known) {
    assert(claim->other_payer_count >= 0 && claim->other_payer_count <= CLAIM_OTHER_PAYERS_MAX);
    for (int i = 0; i < claim->other_payer_count; i++) {
        const struct claim_other_payer *payer = &claim->other_payers[i];
        view_touch(payer->id, known);
        assert(payer->adjustment_count == 0 || payer->adjustments);
        for (int k = 0; k < payer->adjustment_count; k++) {
            assert(payer->adjustments[k].line >= 0);
        }
    }
}

static inline void claim_touch(const struct claim *claim, size_t size) {
    bool known = claim->format == CLAIM_FORMAT_X12;
    const struct view texts[] = {
        claim->id,          claim->payer_profile,       claim->payer_name,
        claim->payer_id,    claim->payer_state,         claim->facility_zip,
        claim->billing_zip, claim->prior_authorization, claim->original_reference};
    for (ptrdiff_t i = 0; i < COUNT_OF(texts); i++) {
        view_touch(texts[i], known);
    }
    const struct claim_provider *providers[] = {&claim->billing, &claim->rendering,
                                                &claim->referring, &claim->supervising,
                                                &claim->facility};
    for (ptrdiff_t i = 0; i < COUNT_OF(providers); i++) {
        provider_touch(providers[i], known);
    }
    assert(claim->diagnosis_count >= 0 && claim->diagnosis_count <= CLAIM_DIAGNOSES_MAX);
    for (int i = 0; i < claim->diagnosis_count; i++) {
        view_touch(claim->diagnoses_given[i], known);
    }
    assert(claim->line_count >= 0 && claim->line_count <= CLAIM_LINES_MAX);
    assert(claim->lines_extra == 0 || claim->line_count == CLAIM_LINES_MAX);
    for (int i = 0; i < claim->line_count; i++) {
        line_touch(&claim->lines[i], known, size);
    }
    payers_touch(claim, known);
}

/* The first byte is the step in which the source hands out the rest. */
static inline void claims_touch(const uint8_t *data, size_t size, struct view map) {
    struct fuzz_bytes bytes = {data + 1, size - 1, 0, data[0] ? data[0] : 4096};
    struct claim_options options = {.csv_map = map};
    struct claim_reader *reader;
    struct diag diag = DIAG_NONE;
    int64_t ordinal = 0;
    if (claim_open(&reader, fuzz_read, &bytes, &options, &diag) != STATUS_OK) {
        assert(diag.code[0] && diag.text[0]);
        return;
    }
    enum claim_got got;
    bool told = false;
    while ((got = claim_next(reader)) != CLAIM_END) {
        if (got == CLAIM_READ) {
            ordinal++;
            assert(claim_now(reader)->ordinal == ordinal);
            claim_touch(claim_now(reader), size);
        } else {
            const struct claim_fault *fault = claim_fault(reader);
            assert(fault->diag.code[0] && fault->diag.text[0]);
            assert((got == CLAIM_NOTICE) == (fault->rule != NULL));
            assert(fault->diag.byte <= (int64_t)size);
        }
        told |= got != CLAIM_NOTICE;
    }
    assert(told); /* never silence */
    assert(claim_next(reader) == CLAIM_END);
    claim_close(reader);
}

#endif
