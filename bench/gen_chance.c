/* gen837: chance. One small generator (SplitMix64) for every stream and number, so that claims
 * do not depend on one another. */
#include "gen.h"

static uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

struct chance chance_open(uint64_t seed, enum chance_stream stream, int64_t number) {
    uint64_t state = mix(seed + 0x9E3779B97F4A7C15u) ^ mix((uint64_t)stream << 56);
    return (struct chance){mix(state + (uint64_t)number)};
}

int chance_below(struct chance *chance, int limit) {
    chance->state += 0x9E3779B97F4A7C15u;
    return (int)(((mix(chance->state) >> 32) * (uint64_t)limit) >> 32);
}

/* Luhn over 80840 and the number, which comes to 24 for the prefix [npi-check]. */
void chance_npi(struct chance *chance, char npi[11]) {
    int sum = 24;
    for (int i = 0; i < 9; i++) {
        int digit = i == 0 ? 2 : chance_below(chance, 10);
        npi[i] = (char)('0' + digit);
        int doubled = digit * 2;
        sum += i % 2 == 0 ? doubled / 10 + doubled % 10 : digit;
    }
    npi[9] = (char)('0' + (10 - sum % 10) % 10);
    npi[10] = 0;
}
