/* The ISA: separators are found by counting, because many senders do not pad its elements to the
 * 106 bytes that would put them at fixed places. */
#include "x12/isa.h"

#define ISA_ELEMENTS 16

static bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_line_end(char c) { return c == '\r' || c == '\n'; }

static bool is_blank(char c) { return c == ' ' || c == '\t' || is_line_end(c); }

ptrdiff_t isa_bom(struct view head) { return view_starts(head, VIEW("\xEF\xBB\xBF")) ? 3 : 0; }

bool isa_starts(struct view head) {
    return head.size >= 4 && view_starts(head, VIEW("ISA")) && !is_alphanumeric(head.at[3]) &&
           !is_line_end(head.at[3]);
}

/* Letters and digits cannot separate, and the three must be told apart. */
static const char *delimiters_wrong(const struct x12_delimiters *d) {
    if (is_alphanumeric(d->component) || is_alphanumeric(d->segment)) {
        return "an element, ISA16 or the segment terminator is missing";
    }
    if (d->element == d->component || d->element == d->segment || d->component == d->segment) {
        return "element, component and segment separators must differ";
    }
    return NULL;
}

/* Version 4010 has U or another letter in ISA11 and no repetition; a separator that is used for
 * something else already cannot repeat. */
static char repetition_of(struct view isa11, const struct x12_delimiters *d) {
    if (isa11.size != 1 || is_alphanumeric(isa11.at[0]) || isa11.at[0] == ' ' ||
        isa11.at[0] == d->component || isa11.at[0] == d->segment) {
        return 0;
    }
    return isa11.at[0];
}

enum isa_got isa_read(struct view head, struct isa *isa, const char **why) {
    if (head.size < 4) {
        return ISA_SHORT;
    }
    if (!isa_starts(head)) {
        *why = "no separator follows its tag";
        return ISA_BROKEN;
    }
    struct x12_delimiters delimiters = {.element = head.at[3]};
    struct view rest = view_sub(head, 4, head.size);
    struct view elements[ISA_ELEMENTS] = {{NULL, 0}}; /* [1] is ISA01; ISA16 is in `rest` */
    for (int i = 1; i < ISA_ELEMENTS; i++) {
        elements[i] = view_cut(&rest, delimiters.element);
        if (view_find(elements[i], '\n') >= 0 || view_find(elements[i], '\r') >= 0) {
            *why = "a line end stands inside it; unwrap the file";
            return ISA_BROKEN;
        }
        if (!rest.at) {
            return ISA_SHORT;
        }
    }
    if (rest.size < 2) {
        return ISA_SHORT;
    }
    delimiters.component = rest.at[0];
    delimiters.segment = rest.at[1];
    *why = delimiters_wrong(&delimiters);
    if (*why) {
        return ISA_BROKEN;
    }
    delimiters.repetition = repetition_of(elements[11], &delimiters);
    *isa = (struct isa){.delimiters = delimiters,
                        .size = rest.at + 2 - head.at,
                        .version = elements[12],
                        .repetition = elements[11]};
    return ISA_READ;
}

bool x12_detect(struct view head) {
    head = view_sub(head, isa_bom(head), head.size);
    while (head.size > 0 && is_blank(head.at[0])) {
        head = view_sub(head, 1, head.size);
    }
    return isa_starts(head);
}
