/* Forms of identifiers: NPI, taxonomy code, NDC. */
#include "claim/claim.h"

/* Luhn over the ten digits behind the card issuer prefix 80840, which adds 24 [npi-check]. */
bool claim_npi_valid(struct view npi) {
    static const unsigned char doubled[] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
    if (npi.size != 10 || (npi.at[0] != '1' && npi.at[0] != '2')) {
        return false;
    }
    unsigned sum = 24;
    for (int i = 0; i < 10; i += 2) {
        unsigned first = (unsigned char)npi.at[i] - (unsigned)'0';
        unsigned second = (unsigned char)npi.at[i + 1] - (unsigned)'0';
        if (first > 9 || second > 9) {
            return false;
        }
        sum += doubled[first] + second;
    }
    return sum % 10 == 0;
}

bool claim_taxonomy_valid(struct view taxonomy) {
    if (taxonomy.size != 10 || taxonomy.at[9] != 'X') {
        return false;
    }
    for (int i = 0; i < 9; i++) {
        char c = taxonomy.at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) {
            return false;
        }
    }
    return true;
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
