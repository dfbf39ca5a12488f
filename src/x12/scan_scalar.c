/* Separator scan, one byte at a time: the truth the vector twins are held to. */
#include "x12/scan.h"

uint32_t scan_scalar(const char *block, uint32_t from, uint32_t to, char element, char segment,
                     uint32_t *positions) {
    uint32_t count = 0;
    for (uint32_t i = from; i < to; i++) {
        positions[count] = i;
        count += block[i] == element || block[i] == segment;
    }
    return count;
}
