/* The starter store, embedded by the assembler file that store_pack writes. */
#include "store/store.h"

extern const char store_starter_bytes[];
extern const uint64_t store_starter_size;

struct view store_starter(void) {
    return (struct view){store_starter_bytes, (ptrdiff_t)store_starter_size};
}
