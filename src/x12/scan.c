/* Choice of the separator scan by what the processor can do. */
#include "x12/scan.h"

int scan_twins(struct scan_twin twins[SCAN_TWINS_MAX]) {
    int count = 0;
    twins[count++] = (struct scan_twin){"scalar", scan_scalar};
#ifdef X12_SCAN_VECTORS
    __builtin_cpu_init();
    twins[count++] = (struct scan_twin){"sse2", scan_sse2}; /* part of every x86-64 */
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")) {
        twins[count++] = (struct scan_twin){"avx2", scan_avx2};
    }
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vbmi2")) {
        twins[count++] = (struct scan_twin){"avx512", scan_avx512};
    }
#endif
    return count;
}

scan_function *scan_choose(void) {
    struct scan_twin twins[SCAN_TWINS_MAX] = {{NULL, NULL}};
    return twins[scan_twins(twins) - 1].scan;
}
