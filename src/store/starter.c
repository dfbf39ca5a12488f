/* The starter store, embedded by the assembler file that store_pack writes. */
#include "store/store.h"

extern const char store_starter_bytes[];
extern const char store_starter_end[];

struct view store_starter(void) {
    return (struct view){store_starter_bytes, store_starter_end - store_starter_bytes};
}
