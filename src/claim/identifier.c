/* Forms of identifiers: NPI, taxonomy code, NDC. */
#include <string.h>

#include "claim/claim.h"

/* Eight bytes as a word, to look at them all at once. */
static inline uint64_t eight_at(const char *at) {
    uint64_t eight;
    memcpy(&eight, at, sizeof eight);
    return eight;
}

#define LANES UINT64_C(0x0101010101010101)
#define TOPS (LANES << 7)

/* Top bits of the lanes whose byte is not less (`least` at most 0x80, bytes below 0x80). */
static inline uint64_t lanes_from(uint64_t bytes, unsigned char least) {
    return ((bytes | TOPS) - LANES * least) & TOPS;
}

static inline uint64_t lanes_digits(uint64_t bytes) {
    return lanes_from(bytes, '0') & ~lanes_from(bytes, '9' + 1);
}

/* Luhn over the ten digits behind the card issuer prefix 80840, which adds 24 [npi-check]. */
bool claim_npi_valid(struct view npi) {
    static const unsigned char doubled[] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    if (npi.size != 10 || (npi.at[0] != '1' && npi.at[0] != '2')) {
        return false;
    }
    uint64_t first = eight_at(npi.at);
    uint64_t last = eight_at(npi.at + 2);
    if (((first | last) & TOPS) || (lanes_digits(first) & lanes_digits(last)) != TOPS) {
        return false;
    }
    unsigned sum = 24;
    for (int i = 0; i < 10; i += 2) {
        sum += doubled[npi.at[i] - '0'] + (unsigned)(npi.at[i + 1] - '0');
    }
    return sum % 10 == 0;
}

bool claim_taxonomy_valid(struct view taxonomy) {
    if (taxonomy.size != 10 || taxonomy.at[9] != 'X') {
        return false;
    }
    uint64_t first = eight_at(taxonomy.at);
    uint64_t last = eight_at(taxonomy.at + 1);
    uint64_t letters = lanes_from(first, 'A') & ~lanes_from(first, 'Z' + 1);
    uint64_t letters_last = lanes_from(last, 'A') & ~lanes_from(last, 'Z' + 1);
    return ((first | last) & TOPS) == 0 && (lanes_digits(first) | letters) == TOPS &&
           (lanes_digits(last) | letters_last) == TOPS;
}

/* 5-4-2 without hyphens; with them 4-4-2, 5-3-2, 5-4-1, 5-4-2, and 6-4-2, which becomes the only
 * form in 2033. Ten digits without hyphens are ambiguous and refused [ndc-fda]. */
bool claim_ndc_valid(struct view ndc) {
    if (view_find(ndc, '-') < 0) {
        return ndc.size == 11 && view_is_digits(ndc);
    }
    static const char forms[][3] = {{4, 4, 2}, {5, 3, 2}, {5, 4, 1}, {5, 4, 2}, {6, 4, 2}};
    struct view rest = ndc;
    ptrdiff_t sizes[3];
    for (int i = 0; i < 3; i++) {
        struct view part = rest.at ? view_cut(&rest, '-') : VIEW("");
        if (!view_is_digits(part)) {
            return false;
        }
        sizes[i] = part.size;
    }
    for (ptrdiff_t i = 0; i < COUNT_OF(forms) && !rest.at; i++) {
        if (sizes[0] == forms[i][0] && sizes[1] == forms[i][1] && sizes[2] == forms[i][2]) {
            return true;
        }
    }
    return false;
}
