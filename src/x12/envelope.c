/* The envelope: ISA/IEA around GS/GE around ST/SE. What does not add up becomes a notice. */
#include <string.h>

#include "x12/envelope.h"

static struct notice_place place_of(const struct x12_segment *s, int element) {
    return (struct notice_place){s->number, element,
                                 element ? x12_element_byte(s, element) : s->byte};
}

/* ---- control numbers and counts ----------------------------------------------------------- */

static struct control control_of(struct view text) {
    struct control control = {.size = text.size};
    ptrdiff_t kept = text.size < X12_CONTROL_BYTES_MAX ? text.size : X12_CONTROL_BYTES_MAX;
    memcpy(control.at, text.at, (size_t)kept);
    return control;
}

static struct view control_view(const struct control *control) {
    bool all = control->size < X12_CONTROL_BYTES_MAX;
    return (struct view){control->at, all ? control->size : X12_CONTROL_BYTES_MAX};
}

/* Without the blanks and zeros that senders pad with. */
static struct view control_bare(struct view text) {
    text = view_trim(text);
    while (text.size > 1 && text.at[0] == '0') {
        text = view_sub(text, 1, text.size);
    }
    return text;
}

enum control_match { CONTROL_SAME, CONTROL_PADDED, CONTROL_DIFFERS };

static enum control_match control_match(const struct control *header, struct view trailer) {
    struct control cut = control_of(trailer);
    struct view a = control_view(header);
    struct view b = control_view(&cut);
    if (header->size == trailer.size && view_equal(a, b)) {
        return CONTROL_SAME;
    }
    return view_equal(control_bare(a), control_bare(b)) ? CONTROL_PADDED : CONTROL_DIFFERS;
}

bool envelope_iea_whole(const struct envelope *envelope, struct view iea02) {
    const struct control *isa13 = &envelope->interchange.control;
    return envelope->interchange.open &&
           (iea02.size >= isa13->size || control_match(isa13, iea02) != CONTROL_DIFFERS);
}

/* A count of at most 18 digits, -1 when it is none. */
static int64_t count_of(struct view text) {
    text = view_trim(text);
    if (!view_is_digits(text) || text.size > 18) {
        return -1;
    }
    int64_t count = 0;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        count = count * 10 + (text.at[i] - '0');
    }
    return count;
}

/* What a trailer repeats of its header. */
struct trailer_words {
    const char *count_code;
    const char *control_code;
    const char *count;    /* "SE01" */
    const char *control;  /* "SE02" */
    const char *counted;  /* what the count counts */
    const char *original; /* "ST02" */
};

static const struct trailer_words se_words = {"se01_count", "se02_control",           "SE01",
                                              "SE02",       "segments from ST to SE", "ST02"};
static const struct trailer_words ge_words = {
    "ge01_count", "ge02_control", "GE01", "GE02", "transaction sets in the group", "GS06"};
static const struct trailer_words iea_words = {
    "iea01_count", "iea02_control", "IEA01", "IEA02", "groups in the interchange", "ISA13"};

static void count_check(struct notices *notices, const struct x12_segment *s, int64_t counted,
                        const struct trailer_words *words) {
    int64_t given = count_of(x12_element(s, 1));
    if (given < 0) {
        notice_error(notices, words->count_code, place_of(s, 1),
                     "%s is no number; write %lld, the number of %s", words->count,
                     (long long)counted, words->counted);
    } else if (given != counted) {
        notice_error(notices, words->count_code, place_of(s, 1),
                     "%s says %lld, but there are %lld %s; correct it", words->count,
                     (long long)given, (long long)counted, words->counted);
    }
}

static void control_check(struct notices *notices, const struct x12_segment *s,
                          const struct envelope_part *header, const struct trailer_words *words) {
    enum control_match match = control_match(&header->control, x12_element(s, 2));
    if (match == CONTROL_PADDED) {
        notice_quirk(notices, QUIRK_CONTROL_PADDED, place_of(s, 2));
    } else if (match == CONTROL_DIFFERS) {
        notice_error(notices, words->control_code, place_of(s, 2),
                     "%s is not %s of segment %lld; repeat it", words->control, words->original,
                     (long long)header->segment);
    }
}

/* ---- headers without trailers, trailers without headers ------------------------------------ */

static void part_open(struct envelope_part *part, const struct x12_segment *s, int control) {
    *part = (struct envelope_part){.open = true,
                                   .segment = s->number,
                                   .byte = s->byte,
                                   .control = control_of(x12_element(s, control))};
}

static void part_lost(struct envelope_part *part, struct notices *notices, const char *code,
                      const char *what, const char *trailer) {
    if (part->open) {
        notice_error(notices, code, (struct notice_place){part->segment, 0, part->byte},
                     "the %s that begins in this segment has no %s; add it", what, trailer);
        part->open = false;
    }
}

static void set_end(struct envelope *e, struct notices *n) {
    part_lost(&e->set, n, "se_missing", "transaction set", "SE");
}

static void group_end(struct envelope *e, struct notices *n) {
    set_end(e, n);
    part_lost(&e->group, n, "ge_missing", "group", "GE");
}

void envelope_end(struct envelope *e, struct notices *n) {
    group_end(e, n);
    part_lost(&e->interchange, n, "iea_missing", "interchange", "IEA");
}

static void interchange_lost(struct notices *n, const struct x12_segment *s) {
    notice_error(n, "isa_missing", place_of(s, 0), "no ISA stands before this segment; add it");
}

/* A file without GS and GE has one such notice, not one a transaction set. */
static void group_lost(struct envelope *e, struct notices *n, const struct x12_segment *s) {
    if (!e->group_lost) {
        e->group_lost = true;
        notice_error(n, "gs_missing", place_of(s, 0), "no GS stands before this segment; add it");
    }
}

/* ---- the six segments ----------------------------------------------------------------------- */

static void see_isa(struct envelope *e, struct notices *n, const struct x12_segment *s) {
    envelope_end(e, n);
    part_open(&e->interchange, s, 13);
    e->isa12 = control_of(x12_element(s, 12));
    e->group_lost = false;
}

static void see_gs(struct envelope *e, struct notices *n, const struct x12_segment *s) {
    group_end(e, n);
    if (!e->interchange.open) {
        interchange_lost(n, s);
    }
    e->interchange.children++;
    part_open(&e->group, s, 6);
    e->gs01 = control_of(x12_element(s, 1));
    e->group_lost = false;
    struct view isa12 = view_sub(control_view(&e->isa12), 0, 5);
    struct view gs08 = view_sub(x12_element(s, 8), 0, 5);
    if (view_is_digits(isa12) && view_is_digits(gs08) && !view_equal(isa12, gs08)) {
        notice_quirk(n, QUIRK_GS08, place_of(s, 8));
    }
}

/* Functional codes of the transaction sets of health care. */
static const char set_kinds[][2][4] = {{"837", "HC"}, {"835", "HP"}, {"999", "FA"}, {"997", "FA"},
                                       {"277", "HN"}, {"276", "HR"}, {"270", "HS"}, {"271", "HB"},
                                       {"278", "HI"}, {"834", "BE"}, {"820", "RA"}};

static bool set_fits_group(struct view set, struct view group) {
    for (ptrdiff_t i = 0; i < COUNT_OF(set_kinds); i++) {
        if (view_equal(set, view_of(set_kinds[i][0]))) {
            return view_equal(group, view_of(set_kinds[i][1]));
        }
    }
    return true;
}

static void see_st(struct envelope *e, struct notices *n, const struct x12_segment *s) {
    set_end(e, n);
    if (!e->group.open) {
        group_lost(e, n, s);
    } else if (!set_fits_group(x12_element(s, 1), control_view(&e->gs01))) {
        notice_quirk(n, QUIRK_GS01, place_of(s, 1));
    }
    e->group.children++;
    part_open(&e->set, s, 2);
}

static void see_se(struct envelope *e, struct notices *n, const struct x12_segment *s) {
    if (!e->set.open) {
        notice_error(n, "st_missing", place_of(s, 0), "no ST stands before this SE; add it");
        return;
    }
    count_check(n, s, s->number - e->set.segment + 1, &se_words);
    control_check(n, s, &e->set, &se_words);
    e->set.open = false;
}

static void see_ge(struct envelope *e, struct notices *n, const struct x12_segment *s) {
    set_end(e, n);
    if (!e->group.open) {
        group_lost(e, n, s);
        return;
    }
    count_check(n, s, e->group.children, &ge_words);
    control_check(n, s, &e->group, &ge_words);
    e->group.open = false;
}

static void see_iea(struct envelope *e, struct notices *n, const struct x12_segment *s) {
    group_end(e, n);
    if (!e->interchange.open) {
        interchange_lost(n, s);
        return;
    }
    if (!e->group_lost) {
        count_check(n, s, e->interchange.children, &iea_words);
    }
    control_check(n, s, &e->interchange, &iea_words);
    e->interchange.open = false;
}

/* TA1 acknowledges an interchange between ISA and GS; nothing else stands outside of a set. */
static void see_other(struct envelope *e, struct notices *n, const struct x12_segment *s) {
    bool acknowledges = s->tag.bits == TAG_TA1 && e->interchange.open && !e->group.open;
    if (!e->set.open && !acknowledges && !e->outside_told) {
        e->outside_told = true;
        notice_error(n, "segment_outside", place_of(s, 0),
                     "stands outside of a transaction set; an ST is missing or it does not belong");
    }
}

void envelope_see(struct envelope *e, struct notices *n, const struct x12_segment *s) {
    switch (s->tag.bits) {
    case TAG_ISA: see_isa(e, n, s); break;
    case TAG_GS: see_gs(e, n, s); break;
    case TAG_ST: see_st(e, n, s); break;
    case TAG_SE: see_se(e, n, s); break;
    case TAG_GE: see_ge(e, n, s); break;
    case TAG_IEA: see_iea(e, n, s); break;
    default: see_other(e, n, s); return;
    }
    e->outside_told = false;
}
