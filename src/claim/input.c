/* Bytes from the source: a look at the head before a reader is chosen, and the moving window that
 * the JSON and CSV readers work on. */
#include <string.h>

#include "claim/claim_internal.h"

int input_open(struct input *input, claim_source *source, void *context, struct diag *diag) {
    *input = (struct input){.source = source, .context = context};
    input->head = memory_grow(NULL, 0, CLAIM_HEAD_BYTES);
    if (!input->head) {
        return memory_fault(diag);
    }
    while (!input->ended && input->head_size < CLAIM_HEAD_BYTES) {
        ptrdiff_t got = source(context, input->head + input->head_size,
                               CLAIM_HEAD_BYTES - input->head_size, diag);
        if (got < 0) {
            return STATUS_INPUT;
        }
        input->ended = got == 0;
        input->head_size += got;
    }
    return STATUS_OK;
}

ptrdiff_t input_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    struct input *input = context;
    ptrdiff_t got = input->head_size - input->head_at;
    if (got > 0) {
        got = got < size ? got : size;
        memcpy(to, input->head + input->head_at, (size_t)got);
        input->head_at += got;
    } else if (!input->ended) {
        got = input->source(input->context, to, size, diag);
        input->ended = got <= 0;
    }
    input->taken += got > 0 ? got : 0;
    return got;
}

void input_close(struct input *input) {
    memory_free(input->head);
    input->head = NULL;
}

void window_open(struct window *window, struct input *input) {
    *window = (struct window){.input = input, .line = 1};
}

/* Makes room for a block behind the bytes that are still wanted. */
static bool window_room(struct window *window) {
    ptrdiff_t kept = window->to - window->from;
    if (kept > 0 && window->from > 0) {
        memmove(window->at, window->at + window->from, (size_t)kept);
    }
    window->from = 0;
    window->to = kept;
    if (window->capacity - kept >= CLAIM_BLOCK_BYTES) {
        return true;
    }
    ptrdiff_t capacity = kept * 2 + CLAIM_BLOCK_BYTES;
    char *grown = memory_grow(window->at, window->capacity, capacity);
    if (!grown) {
        (void)memory_fault(&window->diag);
        return false;
    }
    window->at = grown;
    window->capacity = capacity;
    return true;
}

bool window_more(struct window *window) {
    if (window->ended || window->failed) {
        return false;
    }
    if (!window_room(window)) {
        window->failed = true;
        return false;
    }
    ptrdiff_t got = input_read(window->input, window->at + window->to,
                               window->capacity - window->to, &window->diag);
    window->failed = got < 0;
    window->ended = got <= 0;
    window->to += got > 0 ? got : 0;
    return got > 0;
}

struct view window_rest(const struct window *window) {
    return window->at ? (struct view){window->at + window->from, window->to - window->from}
                      : VIEW("");
}

void window_take(struct window *window, ptrdiff_t size) {
    struct view taken = view_sub(window_rest(window), 0, size);
    window->from += taken.size;
    window->byte += taken.size;
    for (ptrdiff_t cut = view_find(taken, '\n'); cut >= 0; cut = view_find(taken, '\n')) {
        window->line++;
        taken = view_sub(taken, cut + 1, taken.size);
        window->line_byte = window->byte - taken.size;
    }
}

void window_close(struct window *window) { memory_free(window->at); }
