/* Shared by the tests of all rooms: does a piece of work survive every refusal of memory?
 *
 *     static bool reads_claims(void *context) { … return false when memory was refused … }
 *     assert_true(memory_sweep(reads_claims, &input, 1000) > 0);
 *
 * `work` opens, works and closes; it is run with the first allocation refused, then with the second
 * and all later ones, and so on, until it succeeds. It has to return false, not crash, and to give
 * everything back (the sanitized run sees leaks) each time before. The answer is the number of
 * allocations that the work needs, -1 when `most` were not enough. */
#ifndef CLAIMVET_TESTS_MEMORY_SWEEP_H
#define CLAIMVET_TESTS_MEMORY_SWEEP_H

#include "base/base.h"

static inline int64_t memory_sweep(bool (*work)(void *context), void *context, int64_t most) {
    for (int64_t allocations = 0; allocations <= most; allocations++) {
        memory_fail_after(allocations);
        bool succeeded = work(context);
        memory_fail_after(-1);
        if (succeeded) {
            return allocations;
        }
    }
    return -1;
}

#endif
