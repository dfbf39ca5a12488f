/* A claim that is being corrected: its elements in the file, and the list of their changes. */
#include <string.h>

#include "claim/draft_internal.h"

static void lines_copy(struct claim_draft *to, const struct claim_line *lines, int count) {
    for (int i = 0; i < count; i++) {
        to->lines[i] = lines[i];
        to->origin[i] = i;
    }
    to->claim.lines = to->lines;
}

void claim_draft_open(struct claim_draft *draft, const struct claim *source, struct view file,
                      struct arena *arena) {
    draft->source = source;
    draft->file = file;
    draft->arena = arena;
    draft->claim = *source;
    draft->changes = NULL;
    lines_copy(draft, source->lines, source->line_count);
}

void claim_draft_copy(struct claim_draft *to, const struct claim_draft *from) {
    claim_draft_open(to, from->source, from->file, from->arena);
    to->claim = from->claim;
    to->changes = from->changes;
    lines_copy(to, from->lines, from->claim.line_count);
    memcpy(to->origin, from->origin, sizeof to->origin);
}

/* ---- changes ------------------------------------------------------------------------------- */

static const struct claim_change *change_at(const struct claim_draft *draft, int64_t byte) {
    const struct claim_change *change = draft->changes;
    while (change && (change->byte != byte || change->segments > 0)) {
        change = change->earlier;
    }
    return change;
}

static bool within(const struct claim_change *inner, const struct claim_change *outer) {
    return outer->segments > 0 && inner->byte >= outer->byte &&
           inner->byte < outer->byte + outer->size;
}

bool claim_change_stands(const struct claim_draft *draft, const struct claim_change *change) {
    if (change->segments == 0 && change_at(draft, change->byte) != change) {
        return false;
    }
    for (const struct claim_change *c = draft->changes; c; c = c->earlier) {
        if (c != change && within(change, c)) {
            return false;
        }
    }
    return true;
}

void draft_set(struct claim_draft *draft, const struct draft_element *element, struct view text) {
    if (view_equal(element->now, text)) {
        return;
    }
    struct claim_change *change = ARENA_NEW(draft->arena, struct claim_change, 1);
    if (change) {
        *change = (struct claim_change){.earlier = draft->changes,
                                        .kind = element->kind,
                                        .element = element->name,
                                        .rule = element->rule,
                                        .line = element->line,
                                        .byte = element->byte,
                                        .size = element->size,
                                        .before = element->now,
                                        .after = text};
        draft->changes = change;
    }
}

/* ---- elements ------------------------------------------------------------------------------ */

/* Bytes up to the next separator, without the line end that a file may have there. */
static struct view raw_at(const struct claim_draft *draft, int64_t byte) {
    const struct claim_separators *by = &draft->source->separators;
    struct view raw = view_sub(draft->file, (ptrdiff_t)byte, draft->file.size);
    ptrdiff_t size = 0;
    while (size < raw.size && raw.at[size] != by->element && raw.at[size] != by->segment) {
        size++;
    }
    while (size > 0 && (raw.at[size - 1] == '\r' || raw.at[size - 1] == '\n')) {
        size--;
    }
    return view_sub(raw, 0, size);
}

bool draft_element(const struct claim_draft *draft, const struct claim_place *at,
                   struct draft_element *element) {
    if (at->segment <= 0 || at->element <= 0 || at->byte <= 0 || at->byte > draft->file.size ||
        draft->file.at[at->byte - 1] != draft->source->separators.element) {
        return false;
    }
    struct view raw = raw_at(draft, at->byte);
    const struct claim_change *change = change_at(draft, at->byte);
    *element = (struct draft_element){
        .byte = at->byte, .size = raw.size, .now = change ? change->after : raw};
    return true;
}

bool draft_fits(const struct claim_draft *draft, struct view value) {
    const struct claim_separators *by = &draft->source->separators;
    for (ptrdiff_t i = 0; i < value.size; i++) {
        char c = value.at[i];
        if (c < ' ' || c == by->element || c == by->segment || c == by->component ||
            (by->repetition && c == by->repetition)) {
            return false;
        }
    }
    return value.size > 0;
}

bool draft_cut(const struct claim_draft *draft, struct view text, struct draft_parts *parts) {
    parts->count = 0;
    while (text.at && text.size > 0 && parts->count < DRAFT_PARTS_MAX) {
        parts->at[parts->count++] = view_cut(&text, draft->source->separators.component);
    }
    return parts->count > 0 && text.size <= 0;
}

struct view draft_join(struct claim_draft *draft, const struct draft_parts *parts) {
    int count = parts->count;
    ptrdiff_t size = 0;
    while (count > 0 && parts->at[count - 1].size == 0) {
        count--;
    }
    for (int i = 0; i < count; i++) {
        size += parts->at[i].size + (i > 0);
    }
    char *to = ARENA_NEW(draft->arena, char, size + 1);
    if (!to) {
        return VIEW("");
    }
    struct view joined = {to, size};
    for (int i = 0; i < count; i++) {
        if (i > 0) {
            *to++ = draft->source->separators.component;
        }
        if (parts->at[i].size > 0) {
            memcpy(to, parts->at[i].at, (size_t)parts->at[i].size);
            to += parts->at[i].size;
        }
    }
    return joined;
}

/* As the reader took them: a composite with another separator than the interchange's is told apart
 * by that. */
static bool modifiers_same(const struct claim_line *line, const struct draft_parts *parts) {
    int count = 0;
    for (int i = 2; i < parts->count && i < 2 + CLAIM_MODIFIERS_MAX; i++) {
        struct view modifier = view_trim(parts->at[i]);
        if (modifier.size == 0) {
            continue;
        }
        if (count >= line->modifier_count ||
            !code_equal(line->modifiers[count++], code_from(modifier))) {
            return false;
        }
    }
    return count == line->modifier_count;
}

bool draft_procedure(const struct claim_draft *draft, const struct claim_line *line,
                     struct draft_element *element, struct draft_parts *parts) {
    if (!draft_element(draft, &line->code_at, element) ||
        !draft_cut(draft, element->now, parts) || parts->count < 2) {
        return false;
    }
    element->name = "SV101";
    element->line = line->number;
    return code_given(line->code) &&
           code_equal(line->code, code_from(view_trim(parts->at[1]))) &&
           modifiers_same(line, parts);
}

/* ---- the claim as a whole ------------------------------------------------------------------ */

struct money draft_charges(const struct claim *claim) {
    int64_t cents = 0;
    if (claim->lines_extra > 0) {
        return MONEY_NONE;
    }
    for (int i = 0; i < claim->line_count; i++) {
        struct money charge = claim->lines[i].charge;
        if (!money_given(charge) || charge.cents < 0 || charge.cents > INT64_MAX - cents) {
            return MONEY_NONE;
        }
        cents += charge.cents;
    }
    return (struct money){cents};
}

/* LX01 of a line that begins with its LX. */
static bool number_element(const struct claim_draft *draft, const struct claim_line *line,
                           struct draft_element *element) {
    struct view head = view_sub(draft->file, (ptrdiff_t)line->begins.byte, 2);
    struct claim_place at = {line->begins.segment, line->begins.byte + 3, 1};
    if (line->begins.byte < 0 || !view_equal(head, VIEW("LX")) ||
        !draft_element(draft, &at, element)) {
        return false;
    }
    element->name = "LX01";
    element->rule = "x12_structure";
    element->kind = CHANGE_FOLLOWS;
    element->line = line->number;
    return true;
}

static struct view number_text(struct claim_draft *draft, int number) {
    char text[24];
    return arena_copy(draft->arena, quantity_text((struct quantity){number * INT64_C(1000)}, text));
}

void claim_draft_end(struct claim_draft *draft) {
    const struct claim *source = draft->source;
    struct draft_element element;
    if (draft->claim.line_count == source->line_count) {
        return;
    }
    for (int i = 0; i < source->line_count; i++) {
        if (!number_element(draft, &source->lines[i], &element) ||
            !view_equal(element.now, number_text(draft, i + 1))) {
            return;
        }
    }
    for (int i = 0; i < draft->claim.line_count; i++) {
        if (number_element(draft, &draft->lines[i], &element)) {
            draft_set(draft, &element, number_text(draft, i + 1));
        }
    }
}

static bool line_left(const struct claim_draft *draft, int source_line) {
    for (int i = 0; i < draft->claim.line_count; i++) {
        if (draft->origin[i] == source_line) {
            return true;
        }
    }
    return false;
}

void claim_draft_segment(const struct claim_draft *draft, int source_line, struct out *out) {
    const struct claim_separators *by = &draft->source->separators;
    int64_t byte = draft->source->lines[source_line].at.byte;
    if (byte < 0 || !line_left(draft, source_line)) {
        return;
    }
    for (;;) {
        const struct claim_change *change = change_at(draft, byte);
        struct view raw = raw_at(draft, byte);
        out_view(out, change ? change->after : raw);
        byte += raw.size;
        if (byte >= draft->file.size || draft->file.at[byte] != by->element) {
            return;
        }
        out_char(out, by->element);
        byte++;
    }
}
