/* Claims from an 837P: transaction sets told apart, segments handed to their loops, notices and
 * faults in the order of the file. A claim is complete when the segment behind it is seen. */
#include <string.h>

#include "claim/x12_internal.h"

struct view x12_keep(struct x12_claims *x, struct view text) {
    if (text.size <= 0) {
        return VIEW("");
    }
    text.size = text.size < CLAIM_TEXT_MAX ? text.size : CLAIM_TEXT_MAX;
    x->kept += text.size;
    if (text.size > x->text_end - x->text_at) {
        char *more = ARENA_NEW(&x->reader->arena, char, X12_TEXT_CHUNK);
        if (!more) {
            return VIEW("");
        }
        x->text_at = more;
        x->text_end = more + X12_TEXT_CHUNK;
    }
    struct view kept = {x->text_at, text.size};
    if (text.size <= X12_SLACK && x->text_end - x->text_at >= X12_SLACK) {
        memcpy(x->text_at, text.at, X12_SLACK); /* more than the text: no call, no branch on size */
    } else {
        memcpy(x->text_at, text.at, (size_t)text.size);
    }
    x->text_at += text.size;
    return kept;
}

/* ---- notices ------------------------------------------------------------------------------- */

static const struct {
    enum x12_told told;
    bool of_claim; /* told once per claim, otherwise once per transaction set */
    const char *severity;
    const char *code;
    const char *text;
} notices[] = {
    {TOLD_NO_HL, false, "error", "hl_missing",
     "claims without HL levels: receivers reject them; read with the names before them"},
    {TOLD_HL_NUMBER, false, "error", "hl_number",
     "HL01 does not count from 1 in steps of one: number the levels again"},
    {TOLD_HL_PARENT, false, "error", "hl_parent",
     "HL02 does not name the level above: read as belonging to the last one; correct it"},
    {TOLD_SEPARATOR, false, "error", "component_separator",
     "composites use another separator than ISA16 says: receivers reject them; rebuild the file"},
    {TOLD_NO_LX, true, "error", "lx_missing",
     "a service (SV1) without its line number (LX): read as a line of its own"},
    {TOLD_NO_SV1, true, "error", "sv1_missing",
     "a line number (LX) without a service (SV1): the line is left out"},
    {TOLD_NO_CLAIM, false, "error", "clm_missing",
     "a service line outside of any claim is not read: its CLM is missing"},
    {TOLD_VERSION, false, "review", "version_unknown",
     "GS08 and ST03 name no version we know: read as a professional claim, 005010X222A1"},
    {TOLD_SERVICE, true, "error", "service_not_professional",
     "a service line of an institutional or dental claim (SV2, SV3) is not read"},
};

static struct claim_fault *notice_add(struct x12_claims *x) {
    if (x->notice_count == X12_WAITING_MAX) {
        return &x->notices[X12_WAITING_MAX - 1];
    }
    return &x->notices[x->notice_count++];
}

void x12_tell(struct x12_claims *x, enum x12_told told, int element) {
    if ((x->told_set | x->told_claim) & (unsigned)told) {
        return;
    }
    for (ptrdiff_t i = 0; i < COUNT_OF(notices); i++) {
        if (notices[i].told != told) {
            continue;
        }
        *(notices[i].of_claim ? &x->told_claim : &x->told_set) |= (unsigned)told;
        x->look = true;
        struct claim_fault *notice = notice_add(x);
        *notice = (struct claim_fault){.rule = "x12_structure", .severity = notices[i].severity};
        diag_set(&notice->diag, notices[i].code, "%s", notices[i].text);
        struct claim_place at = x12_place(&x->segment, element);
        notice->diag.segment = at.segment;
        notice->diag.element = at.element;
        notice->diag.byte = at.byte;
    }
}

/* Oldest first; those of the x12 room before our own. */
static bool notice_take(struct x12_claims *x) {
    x->look = false;
    struct x12_notice notice;
    if (x12_notice_take(x->x12, &notice)) {
        x->reader->fault =
            (struct claim_fault){.rule = notice.envelope ? "x12_envelope" : "x12_structure",
                                 .severity = notice.error ? "error" : "review",
                                 .diag = notice.diag};
        return true;
    }
    if (x->notice_count == 0) {
        return false;
    }
    x->reader->fault = x->notices[0];
    x->notice_count--;
    memmove(x->notices, x->notices + 1, (size_t)x->notice_count * sizeof x->notices[0]);
    return true;
}

/* ---- composites ---------------------------------------------------------------------------- */

static bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The first byte that is neither letter nor digit ends the first component, because the
 * composites we read begin with a qualifier or a code. */
char x12_separator(struct x12_claims *x, int element, struct view text) {
    char separator = x->segment.delimiters.component;
    ptrdiff_t i = 0;
    while (i < text.size && is_alphanumeric(text.at[i])) {
        i++;
    }
    if (i < text.size && text.at[i] != separator && view_find(text, separator) < 0 &&
        !strchr(" .-/,&'()+_", text.at[i])) {
        x12_tell(x, TOLD_SEPARATOR, element);
        separator = text.at[i];
    }
    return separator;
}

/* ---- transaction sets ---------------------------------------------------------------------- */

static const struct {
    const char *set;
    const char *what;
} strangers[] = {
    {"835", "a remittance advice (835): give the claims that were sent"},
    {"277", "a claim status answer (277, 277CA): give the claims that were sent"},
    {"276", "a claim status question (276): give the claims themselves"},
    {"999", "an acknowledgment (999): give the claims that were sent"},
    {"997", "an acknowledgment (997): give the claims that were sent"},
    {"824", "an application advice (824): give the claims that were sent"},
    {"270", "an eligibility question (270): give the claims"},
    {"271", "an eligibility answer (271): give the claims"},
    {"278", "an authorization request (278): give the claims"},
    {"834", "an enrollment (834): give the claims"},
    {"820", "a premium payment (820): give the claims"},
    {"X223", "an institutional claim file (837I), which this program does not vet"},
    {"X224", "a dental claim file (837D), which this program does not vet"},
    {"SV2", "an institutional or dental claim file (837I, 837D), which this program does not vet"},
};

/* Leaves the transaction set out; told once per kind and file. */
static enum claim_got set_refuse(struct x12_claims *x, const char *kind) {
    ptrdiff_t i = 0;
    while (i < COUNT_OF(strangers) && !view_equal(view_of(kind), view_of(strangers[i].set))) {
        i++;
    }
    x->skip = true;
    x->open = false;
    if (x->refused >> i & 1) {
        return CLAIM_END;
    }
    x->refused |= 1u << i;
    struct claim_fault *fault = &x->reader->fault;
    *fault = (struct claim_fault){0};
    diag_set(&fault->diag, "not_837p", "not a professional claim file (837P): this is %s",
             i < COUNT_OF(strangers) ? strangers[i].what
                                     : "another transaction set: give the claims");
    fault->diag.segment = x->segment.number;
    fault->diag.element = 1;
    fault->diag.byte = x12_element_byte(&x->segment, 1);
    return CLAIM_FAULT;
}

static bool version_has(struct view version, const char *guide) {
    for (ptrdiff_t i = 0; i + 4 <= version.size; i++) {
        if (view_equal(view_sub(version, i, 4), view_of(guide))) {
            return true;
        }
    }
    return false;
}

static enum claim_got version_judge(struct x12_claims *x, struct view version) {
    if (version_has(version, "X223") || version_has(version, "X096")) {
        return set_refuse(x, "X223");
    }
    if (version_has(version, "X224") || version_has(version, "X097")) {
        return set_refuse(x, "X224");
    }
    x->lenient = !version_has(version, "X222") && !version_has(version, "X098");
    if (x->lenient) {
        x12_tell(x, TOLD_VERSION, 3);
    }
    return CLAIM_END;
}

static enum claim_got set_begin(struct x12_claims *x) {
    struct view set = x12_element(&x->segment, 1);
    struct view version = x12_element(&x->segment, 3);
    x->told_set = x->told_claim = 0;
    x->skip = x->hl_seen = false;
    x->hl_count = x->hl_billing = x->hl_subscriber = 0;
    x->created = DATE_NONE;
    x->party = PARTY_NONE;
    x12_context_reset(&x->context);
    if (view_equal(set, VIEW("837"))) {
        struct view group = {x->group_version, x->group_version_size};
        return version_judge(x, version.size > 0 ? version : group);
    }
    char kind[4] = "";
    for (ptrdiff_t i = 0; i < set.size && set.size == 3; i++) {
        kind[i] = set.at[i];
    }
    return set_refuse(x, kind);
}

static void group_begin(struct x12_claims *x) {
    struct view version = view_sub(x12_element(&x->segment, 8), 0, sizeof x->group_version);
    x->group_version_size = (int)version.size;
    memcpy(x->group_version, version.at, (size_t)version.size);
}

/* SV2 and SV3 tell an institutional or dental claim when the version does not. */
static enum claim_got service_stranger(struct x12_claims *x) {
    if (!x->lenient) {
        x12_tell(x, TOLD_SERVICE, 0);
        return CLAIM_END;
    }
    return set_refuse(x, "SV2");
}

/* ---- segments ------------------------------------------------------------------------------ */

/* Without HL levels a new subscriber, patient or billing provider behind service lines belongs to
 * the next claim. */
static bool party_ends_claim(const struct x12_claims *x) {
    if (x->hl_seen || !x->line) {
        return false;
    }
    uint32_t who = tag_from(x12_element(&x->segment, 1));
    return x->kind == SEGMENT_SBR || who == TAG2('8', '5') || who == TAG2('Q', 'C');
}

#define KIND_BIT(kind) (UINT32_C(1) << (kind))
#define KINDS_ENVELOPE                                                                             \
    (KIND_BIT(SEGMENT_SE) | KIND_BIT(SEGMENT_ST) | KIND_BIT(SEGMENT_GE) | KIND_BIT(SEGMENT_GS) |   \
     KIND_BIT(SEGMENT_IEA) | KIND_BIT(SEGMENT_ISA))
#define KINDS_THAT_END (KINDS_ENVELOPE | KIND_BIT(SEGMENT_CLM) | KIND_BIT(SEGMENT_HL))
#define KINDS_THAT_MAY_END (KINDS_THAT_END | KIND_BIT(SEGMENT_SBR) | KIND_BIT(SEGMENT_NM1))

/* True when the segment closes the open claim. */
static inline bool segment_ends_claim(const struct x12_claims *x) {
    uint32_t kind = KIND_BIT(x->kind);
    return kind & KINDS_THAT_MAY_END && (kind & KINDS_THAT_END || party_ends_claim(x));
}

static enum claim_got envelope_take(struct x12_claims *x) {
    x->look = true;
    switch (x->kind) {
    case SEGMENT_ISA: x->group_version_size = 0; break;
    case SEGMENT_GS: group_begin(x); break;
    case SEGMENT_ST: return set_begin(x);
    default: break;
    }
    return CLAIM_END;
}

static void bht_take(struct x12_claims *x) {
    x->created = date_from_compact(x12_element(&x->segment, 4));
}

typedef void segment_taker(struct x12_claims *x);

static segment_taker *const takers[SEGMENT_SV2] = {
    [SEGMENT_LX] = x12_lx,   [SEGMENT_SV1] = x12_sv1, [SEGMENT_DTP] = x12_dtp,
    [SEGMENT_REF] = x12_ref, [SEGMENT_HI] = x12_hi,   [SEGMENT_CLM] = x12_clm,
    [SEGMENT_LIN] = x12_lin, [SEGMENT_CTP] = x12_ctp, [SEGMENT_NM1] = x12_nm1,
    [SEGMENT_N4] = x12_n4,   [SEGMENT_HL] = x12_hl,   [SEGMENT_SBR] = x12_sbr,
    [SEGMENT_PRV] = x12_prv, [SEGMENT_DMG] = x12_dmg, [SEGMENT_AMT] = x12_amt,
    [SEGMENT_CAS] = x12_cas, [SEGMENT_SVD] = x12_svd, [SEGMENT_BHT] = bht_take,
};

/* Tags by kind, for the table that tells one from the other. */
static const uint32_t tags[SEGMENT_KINDS] = {
    [SEGMENT_LX] = TAG2('L', 'X'),       [SEGMENT_SV1] = TAG3('S', 'V', '1'),
    [SEGMENT_DTP] = TAG3('D', 'T', 'P'), [SEGMENT_REF] = TAG3('R', 'E', 'F'),
    [SEGMENT_HI] = TAG2('H', 'I'),       [SEGMENT_CLM] = TAG3('C', 'L', 'M'),
    [SEGMENT_LIN] = TAG3('L', 'I', 'N'), [SEGMENT_CTP] = TAG3('C', 'T', 'P'),
    [SEGMENT_NM1] = TAG3('N', 'M', '1'), [SEGMENT_N4] = TAG2('N', '4'),
    [SEGMENT_HL] = TAG2('H', 'L'),       [SEGMENT_SBR] = TAG3('S', 'B', 'R'),
    [SEGMENT_PRV] = TAG3('P', 'R', 'V'), [SEGMENT_DMG] = TAG3('D', 'M', 'G'),
    [SEGMENT_AMT] = TAG3('A', 'M', 'T'), [SEGMENT_CAS] = TAG3('C', 'A', 'S'),
    [SEGMENT_SVD] = TAG3('S', 'V', 'D'), [SEGMENT_BHT] = TAG3('B', 'H', 'T'),
    [SEGMENT_SV2] = TAG3('S', 'V', '2'), [SEGMENT_SV3] = TAG3('S', 'V', '3'),
    [SEGMENT_SE] = TAG2('S', 'E'),       [SEGMENT_ST] = TAG2('S', 'T'),
    [SEGMENT_GE] = TAG2('G', 'E'),       [SEGMENT_GS] = TAG2('G', 'S'),
    [SEGMENT_IEA] = TAG3('I', 'E', 'A'), [SEGMENT_ISA] = TAG3('I', 'S', 'A'),
};

static inline uint32_t tag_slot(uint32_t tag) { return tag * UINT32_C(0x9E3779B1) >> 24; }

static void kinds_fill(struct x12_claims *x) {
    for (int kind = SEGMENT_OTHER + 1; kind < SEGMENT_KINDS; kind++) {
        uint32_t at = tag_slot(tags[kind]);
        while (x->kinds[at].tag != 0) {
            at = (at + 1) % X12_KIND_SLOTS;
        }
        x->kinds[at].tag = tags[kind];
        x->kinds[at].kind = (uint32_t)kind;
    }
}

/* A chain of comparisons would guess wrong once a segment: tags follow each other at will. */
static inline enum x12_kind kind_of(const struct x12_claims *x, uint32_t tag) {
    uint32_t at = tag_slot(tag);
    while (x->kinds[at].tag != tag && x->kinds[at].tag != 0) {
        at = (at + 1) % X12_KIND_SLOTS;
    }
    return (enum x12_kind)x->kinds[at].kind;
}

/* CLAIM_END means "read on". */
static enum claim_got segment_take(struct x12_claims *x) {
    if (x->kind >= SEGMENT_SE) {
        return envelope_take(x);
    }
    if (x->kind == SEGMENT_OTHER || x->skip) {
        return CLAIM_END;
    }
    if (x->kind >= SEGMENT_SV2) {
        return service_stranger(x);
    }
    takers[x->kind](x);
    return CLAIM_END;
}

static enum claim_got claim_too_large(struct x12_claims *x) {
    x->open = false;
    x->told_set |= TOLD_NO_CLAIM; /* the rest of its lines is no news */
    struct claim_fault *fault = &x->reader->fault;
    *fault = (struct claim_fault){0};
    diag_set(&fault->diag, "claim_too_large",
             "a claim of more than 1 MiB of fields is not read: its end may be missing");
    fault->diag.segment = x->segment.number;
    fault->diag.byte = x->segment.byte;
    return CLAIM_FAULT;
}

/* The end of the bytes: a claim that nothing closed is complete only when they end in order. */
static enum claim_got input_end(struct x12_claims *x) {
    bool open = x->open;
    x->open = false;
    if (x->got == X12_FATAL) {
        x->reader->fault = (struct claim_fault){.diag = *x12_fault(x->x12)};
        x->got = X12_END;
        return CLAIM_FAULT;
    }
    if (!open) {
        return CLAIM_END;
    }
    x12_claim_end(x);
    return CLAIM_READ;
}

/* Segments up to the end of a claim, or to where there may be a notice: CLAIM_END. */
static enum claim_got segments_read(struct x12_claims *x) {
    enum claim_got got = CLAIM_END;
    do {
        if (!x->held) {
            x->got = x12_next(x->x12, &x->segment);
            if (x->got != X12_SEGMENT) {
                x->look = true;
                return CLAIM_END;
            }
            x->kind = kind_of(x, tag_of(x->segment.tag));
            if (x->open && segment_ends_claim(x)) {
                x->held = true;
                x12_claim_end(x);
                return CLAIM_READ;
            }
        }
        x->held = false;
        got = segment_take(x);
        if (x->kept > X12_CLAIM_BYTES_MAX && got == CLAIM_END && x->open) {
            return claim_too_large(x);
        }
    } while (got == CLAIM_END && !x->look);
    return got;
}

/* Notices are looked for between claims, behind envelope segments and when we have one to tell. */
enum claim_got x12_claims_next(struct claim_reader *reader) {
    struct x12_claims *x = reader->x12;
    x->look = true;
    for (;;) {
        if (x->look && notice_take(x)) {
            return CLAIM_NOTICE;
        }
        enum claim_got got = x->got == X12_SEGMENT ? segments_read(x) : input_end(x);
        if (got != CLAIM_END || (x->got != X12_SEGMENT && !x->look)) {
            return got;
        }
    }
}

/* ---- start and end ------------------------------------------------------------------------- */

/* Everything that an 837P does not carry is known to be absent. */
static void blanks_make(struct x12_claims *x) {
    claim_blank(&x->blank, VIEW(""));
    x->blank.format = CLAIM_FORMAT_X12;
    x->blank.pos_known = x->blank.frequency_known = true;
    x->blank.total_charge_known = x->blank.diagnoses_known = true;
    claim_line_blank(&x->blank_line, VIEW(""));
    x->blank_line.units_known = x->blank_line.charge_known = true;
    x->blank_line.pointers_known = true;
}

int x12_claims_open(struct claim_reader *reader, struct diag *diag) {
    struct x12_claims *x = memory_grow(NULL, 0, (ptrdiff_t)sizeof *x);
    if (!x) {
        return memory_fault(diag);
    }
    reader->x12 = x;
    x->reader = reader;
    x->got = X12_SEGMENT;
    x->days[0].day = DATE_NONE; /* eight zeros are no date */
    x->skip = true; /* until the first transaction set */
    blanks_make(x);
    reader->claim = x->blank;
    kinds_fill(x);
    x12_context_reset(&x->context);
    return x12_open(&x->x12, input_read, &reader->input, diag);
}

void x12_claims_close(struct claim_reader *reader) {
    struct x12_claims *x = reader->x12;
    if (!x) {
        return;
    }
    x12_close(x->x12);
    memory_free(x);
    reader->x12 = NULL;
}
