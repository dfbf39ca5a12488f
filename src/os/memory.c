/* Advice to the system about memory. */
#define _DEFAULT_SOURCE /* madvise */
#include <stdint.h>
#include <sys/mman.h>

#include "os/os.h"

#define LARGE_PAGE (2 << 20) /* of x86-64; elsewhere the advice does no harm */

void os_memory_whole(void *block, ptrdiff_t size) {
#ifdef MADV_HUGEPAGE
    uintptr_t from = ((uintptr_t)block + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    uintptr_t to = ((uintptr_t)block + (uintptr_t)size) / LARGE_PAGE * LARGE_PAGE;
    if (block && from < to) {
        (void)madvise((char *)block + (from - (uintptr_t)block), to - from, MADV_HUGEPAGE);
    }
#else
    (void)block;
    (void)size;
#endif
}
