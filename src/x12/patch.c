/* A copy that differs only in its edits, and the counts of the trailers that must follow them. */
#include <stdlib.h>

#include "x12/envelope.h"

#define EDITS_FIRST 64
#define COPY_BYTES (64 * 1024)

/* ---- the list ------------------------------------------------------------------------------ */

void x12_edits_add(struct x12_edits *edits, struct x12_edit edit) {
    if (edits->count == edits->room) {
        ptrdiff_t size = (ptrdiff_t)sizeof edit;
        int64_t room = edits->room > 0 ? edits->room * 2 : EDITS_FIRST;
        void *grown = memory_grow(edits->at, edits->room * size, room * size);
        if (!grown) {
            edits->failed = true;
            return;
        }
        edits->at = grown;
        edits->room = room;
    }
    edits->at[edits->count++] = edit;
}

static int edit_compare(const void *a, const void *b) {
    int64_t byte_a = ((const struct x12_edit *)a)->byte;
    int64_t byte_b = ((const struct x12_edit *)b)->byte;
    return (byte_a > byte_b) - (byte_a < byte_b);
}

void x12_edits_sort(struct x12_edits *edits) {
    if (edits->count > 1) {
        qsort(edits->at, (size_t)edits->count, sizeof *edits->at, edit_compare);
    }
}

void x12_edits_close(struct x12_edits *edits) {
    memory_free(edits->at);
    *edits = (struct x12_edits){0};
}

/* ---- the copy ------------------------------------------------------------------------------ */

struct copy {
    const struct x12_edits *edits;
    int64_t next; /* edit that was not begun */
    int64_t byte; /* of the file, what was read before it is done */
    int64_t skip; /* up to here the bytes go */
    struct out out;
};

/* The bytes up to the next edit, or those that an edit takes away. */
static ptrdiff_t copy_step(struct copy *copy, struct view rest) {
    if (copy->byte < copy->skip) {
        int64_t gone = copy->skip - copy->byte;
        return gone < rest.size ? (ptrdiff_t)gone : rest.size;
    }
    int64_t left = copy->next < copy->edits->count
                       ? copy->edits->at[copy->next].byte - copy->byte
                       : rest.size;
    ptrdiff_t kept = left < rest.size ? (ptrdiff_t)left : rest.size;
    out_view(&copy->out, view_sub(rest, 0, kept));
    return kept;
}

static void edits_begin(struct copy *copy) {
    while (copy->byte >= copy->skip && copy->next < copy->edits->count &&
           copy->edits->at[copy->next].byte == copy->byte) {
        const struct x12_edit *edit = &copy->edits->at[copy->next++];
        out_view(&copy->out, edit->text);
        copy->skip = copy->byte + edit->size;
    }
}

static void copy_take(struct copy *copy, struct view bytes) {
    while (bytes.size > 0) {
        edits_begin(copy);
        ptrdiff_t size = copy_step(copy, bytes);
        bytes = view_sub(bytes, size, bytes.size);
        copy->byte += size;
    }
}

static bool edits_apart(const struct x12_edits *edits) {
    int64_t last = -1;
    int64_t end = 0; /* of the one before */
    for (int64_t i = 0; i < edits->count; i++) {
        const struct x12_edit *edit = &edits->at[i];
        if (edit->byte < end || edit->byte <= last || edit->size < 0 ||
            edit->byte > INT64_MAX - edit->size) {
            return false;
        }
        last = edit->byte;
        end = edit->byte + edit->size;
    }
    return !edits->failed;
}

static int copy_run(struct copy *copy, x12_source *source, void *context, struct diag *diag) {
    char *block = memory_grow(NULL, 0, COPY_BYTES);
    ptrdiff_t got = -1;
    if (!block) {
        diag_set(diag, "memory", "out of memory for the copy");
        return STATUS_SYSTEM;
    }
    while ((got = source(context, block, COPY_BYTES, diag)) > 0 && !copy->out.failed) {
        copy_take(copy, (struct view){block, got});
    }
    edits_begin(copy); /* what is put behind the last byte */
    memory_free(block);
    return got < 0 ? STATUS_INPUT : STATUS_OK;
}

int x12_patch(x12_source *source, void *context, const struct x12_edits *edits, out_sink *sink,
              void *sink_context, struct diag *diag) {
    struct copy copy = {.edits = edits};
    if (!edits_apart(edits)) {
        diag_set(diag, "x12_edit_bad", "the changes of the file overlap; nothing is written");
        return STATUS_INPUT;
    }
    out_open(&copy.out, sink, sink_context);
    int status = copy_run(&copy, source, context, diag);
    out_flush(&copy.out);
    bool failed = copy.out.failed;
    out_close(&copy.out);
    if (status == STATUS_OK && failed) {
        diag_set(diag, "x12_sink_failed", "the copy cannot be written");
        return STATUS_SYSTEM;
    }
    if (status == STATUS_OK && (copy.next < edits->count || copy.byte < copy.skip)) {
        diag_set(diag, "x12_edit_bad", "a change lies beyond the end of the file");
        return STATUS_INPUT;
    }
    return status;
}

/* ---- counts -------------------------------------------------------------------------------- */

struct counter {
    const struct x12_edits *edits;
    int64_t edit_count; /* those that stood before */
    int64_t next;       /* edit not yet passed */
    x12_count_tell *tell;
    void *to;
    bool set, group, interchange; /* open */
    bool group_lost;              /* a set stands outside of a group */
    int64_t set_segment;
    int64_t removed; /* segments of the set that go */
    int64_t sets;
    int64_t groups;
};

static int64_t count_given(struct view text) {
    text = view_trim(text);
    int64_t count = 0;
    if (!view_is_digits(text) || text.size > 18) {
        return -1;
    }
    for (ptrdiff_t i = 0; i < text.size; i++) {
        count = count * 10 + (text.at[i] - '0');
    }
    return count;
}

static bool is_line_end(char c) { return c == '\r' || c == '\n'; }

static void count_check(struct counter *c, const struct x12_segment *s, int64_t before,
                        int64_t after) {
    struct view given = x12_element(s, 1);
    int64_t count = count_given(given);
    while (given.size > 0 && is_line_end(given.at[given.size - 1])) {
        given.size--; /* before the terminator */
    }
    if (s->elements < 1 || count == after) {
        return;
    }
    struct x12_count told = {.tag = s->tag,
                             .segment = s->number,
                             .byte = x12_element_byte(s, 1),
                             .given = given,
                             .counted = after,
                             .was_right = count == before};
    c->tell(c->to, &told);
}

/* Segments that edits before `byte` take away. */
static int64_t removed_before(struct counter *c, int64_t byte) {
    int64_t removed = 0;
    for (; c->next < c->edit_count && c->edits->at[c->next].byte < byte; c->next++) {
        removed += c->edits->at[c->next].segments;
    }
    return removed;
}

static void interchange_begin(struct counter *c) {
    c->interchange = true;
    c->set = c->group = c->group_lost = false;
    c->groups = 0;
}

static void set_begin(struct counter *c, const struct x12_segment *s) {
    (void)removed_before(c, s->byte);
    c->set = true;
    c->group_lost |= !c->group;
    c->set_segment = s->number;
    c->sets++;
}

static void set_end(struct counter *c, const struct x12_segment *s) {
    if (c->set) {
        int64_t before = s->number - c->set_segment + 1;
        count_check(c, s, before, before - removed_before(c, s->byte));
    }
    c->set = false;
}

static void segment_count(struct counter *c, const struct x12_segment *s) {
    switch (s->tag.bits) {
    case TAG_ISA: interchange_begin(c); break;
    case TAG_GS:
        c->group = true;
        c->set = false;
        c->sets = 0;
        c->groups++;
        break;
    case TAG_ST: set_begin(c, s); break;
    case TAG_SE: set_end(c, s); break;
    case TAG_GE:
        if (c->group) {
            count_check(c, s, c->sets, c->sets);
        }
        c->group = c->set = false;
        break;
    case TAG_IEA:
        if (c->interchange && !c->group_lost) {
            count_check(c, s, c->groups, c->groups);
        }
        c->interchange = c->group = c->set = false;
        break;
    default: break;
    }
}

int x12_counts(x12_source *source, void *context, const struct x12_edits *edits,
               x12_count_tell *tell, void *to, struct diag *diag) {
    struct counter counter = {
        .edits = edits, .edit_count = edits->count, .tell = tell, .to = to};
    struct x12_reader *reader;
    struct x12_segment segment;
    int status = x12_open(&reader, source, context, diag);
    if (status != STATUS_OK) {
        return status;
    }
    enum x12_got got;
    while ((got = x12_next(reader, &segment)) == X12_SEGMENT) {
        segment_count(&counter, &segment);
    }
    if (got == X12_FATAL) {
        *diag = *x12_fault(reader);
        status = STATUS_INPUT;
    }
    x12_close(reader);
    return status;
}
