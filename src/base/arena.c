/* Memory: the only file that calls malloc. Arenas are lists of blocks that only grow. */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

#define BLOCK_SIZE_MIN 65536 /* a claim and its findings fit one block */

struct arena_block {
    struct arena_block *older;
    ptrdiff_t size; /* of `bytes` */
    _Alignas(16) char bytes[];
};

static int64_t fail_after = -1;

static bool refused(void) {
    if (fail_after < 0) {
        return false;
    }
    if (fail_after == 0) {
        return true;
    }
    fail_after--;
    return false;
}

void memory_fail_after(int64_t n) { fail_after = n; }

static bool block_add(struct arena *arena, ptrdiff_t needed) {
    ptrdiff_t size = arena->block ? arena->block->size * 2 : BLOCK_SIZE_MIN;
    if (size > 1 << 24) {
        size = 1 << 24;
    }
    if (size < needed) {
        size = needed;
    }
    struct arena_block *block = refused() ? NULL : malloc(sizeof *block + (size_t)size);
    if (!block) {
        arena->failed = true;
        return false;
    }
    block->older = arena->block;
    block->size = size;
    arena->block = block;
    arena->at = block->bytes;
    arena->end = block->bytes + size;
    return true;
}

/* Room for the objects, not zeroed. */
static char *arena_reserve(struct arena *arena, ptrdiff_t size, ptrdiff_t align, ptrdiff_t count) {
    if (arena->failed || size <= 0 || count < 0 || count > (PTRDIFF_MAX / 2 - align) / size) {
        arena->failed = true;
        return NULL;
    }
    ptrdiff_t total = size * count;
    ptrdiff_t pad = (ptrdiff_t)(-(uintptr_t)arena->at & (uintptr_t)(align - 1));
    if (!arena->block || total > arena->end - arena->at - pad) {
        if (!block_add(arena, total + align)) {
            return NULL;
        }
        pad = (ptrdiff_t)(-(uintptr_t)arena->at & (uintptr_t)(align - 1));
    }
    char *at = arena->at + pad;
    arena->at = at + total;
    return at;
}

void *arena_take(struct arena *arena, ptrdiff_t size, ptrdiff_t align, ptrdiff_t count) {
    char *at = arena_reserve(arena, size, align, count);
    return at ? memset(at, 0, (size_t)(size * count)) : NULL;
}

struct view arena_copy(struct arena *arena, struct view text) {
    if (!text.at) {
        return VIEW_NONE;
    }
    if (text.size == 0) {
        return VIEW("");
    }
    char *copy = arena_reserve(arena, 1, 1, text.size);
    if (!copy) {
        return VIEW_NONE;
    }
    memcpy(copy, text.at, (size_t)text.size);
    return (struct view){copy, text.size};
}

/* Keeps the newest block, which is the largest. */
void arena_reset(struct arena *arena) {
    arena->failed = false;
    if (!arena->block) {
        return;
    }
    struct arena_block *older = arena->block->older;
    while (older) {
        struct arena_block *next = older->older;
        free(older);
        older = next;
    }
    arena->block->older = NULL;
    arena->at = arena->block->bytes;
}

void arena_close(struct arena *arena) {
    arena_reset(arena);
    free(arena->block);
    *arena = (struct arena){0};
}

void *memory_grow(void *block, ptrdiff_t old_size, ptrdiff_t new_size) {
    if (new_size <= 0 || refused()) {
        return NULL;
    }
    if (!block) {
        return calloc(1, (size_t)new_size); /* large ones are zero already and need no touch */
    }
    char *grown = realloc(block, (size_t)new_size);
    if (grown && new_size > old_size) {
        memset(grown + old_size, 0, (size_t)(new_size - old_size));
    }
    return grown;
}

void memory_free(void *block) { free(block); }
