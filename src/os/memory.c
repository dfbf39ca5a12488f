/* Advice to the system about memory. */
#define _DEFAULT_SOURCE /* madvise */
#include <stdint.h>
#include <sys/mman.h>

#include "os/os.h"

#define PAGE 4096
#define LARGE_MIN (2 << 20) /* a large page of x86-64; elsewhere the advice does no harm */

void os_memory_whole(void *block, ptrdiff_t size) {
#ifdef MADV_HUGEPAGE
    /* Its ends as well: blocks beside each other share a large page. */
    uintptr_t from = ((uintptr_t)block + PAGE - 1) / PAGE * PAGE;
    uintptr_t to = ((uintptr_t)block + (uintptr_t)size) / PAGE * PAGE;
    if (block && size >= LARGE_MIN) {
        (void)madvise((char *)block + (from - (uintptr_t)block), to - from, MADV_HUGEPAGE);
    }
#else
    (void)block;
    (void)size;
#endif
}
