/* Inside of import: the windows of pairs of one file, for what can only be judged when all rows are
 * read: rows that stand twice, and whether a deletion date is the last active day [ncci-ptp-dates].
 */
#ifndef CLAIMVET_IMPORT_PTP_WINDOWS_H
#define CLAIMVET_IMPORT_PTP_WINDOWS_H

#include "import/edit_file.h"

/* Sixteen bytes, for there are 600,000 of them. */
struct ptp_window {
    uint64_t pair;     /* both codes, in the order of their texts; in the last bit: is active */
    uint16_t from, to; /* days from 1996-01-01 on */
    uint32_t line;
};
#define PTP_WINDOW_OPEN UINT16_MAX
struct ptp_windows {
    struct arena *arena;
    struct ptp_window *at;
    ptrdiff_t count, capacity;
    bool disordered; /* rows are not in the order of pairs and starts */
};

/* Codes are of the form that edit_code gives, dates of this and the next century. False when memory
 * is refused. */
bool ptp_windows_add(struct ptp_windows *windows, struct code one, struct code two,
                     struct date from, struct date to, char indicator, int64_t line);
/* Keeps the errors, and tells in a note what was found. */
void ptp_windows_check(struct import *import, struct rows *rows, struct ptp_windows *windows);

#endif
