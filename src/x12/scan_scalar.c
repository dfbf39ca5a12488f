/* Separator scan, one byte at a time: the truth the vector twins are held to. */
#include "x12/scan.h"

struct scan_found scan_scalar(const char *block, uint32_t from, uint32_t to, char element,
                              char segment, uint32_t *positions, uint32_t *stops) {
    struct scan_found found = {0, 0};
    for (uint32_t i = from; i < to; i++) {
        bool stop = block[i] == segment;
        positions[found.separators] = i;
        stops[found.stops] = found.separators;
        found.stops += stop;
        found.separators += stop || block[i] == element;
    }
    return found;
}
