/* What a fuzz target offers to libFuzzer or to replay.c. */
#ifndef CLAIMVET_TESTS_FUZZ_H
#define CLAIMVET_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
