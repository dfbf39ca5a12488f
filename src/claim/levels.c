/* Spinal levels from the ways people write them. */
#include "claim/claim.h"

/* Number of a vertebra: C0 0, C1 1, T1 8, L1 20, S1 25; -1 when it is none. */
static int vertebra(char region, int number) {
    static const struct {
        char region;
        int first, count;
    } regions[] = {{'C', 1, 7}, {'T', 8, 12}, {'L', 20, 5}, {'S', 25, 5}};
    for (int i = 0; i < COUNT_OF(regions); i++) {
        if (region == regions[i].region && number >= 1 && number <= regions[i].count) {
            return regions[i].first + number - 1;
        }
    }
    return region == 'C' && number == 0 ? 0 : -1;
}

static bool digit_at(struct view text, ptrdiff_t i) {
    return i < text.size && text.at[i] >= '0' && text.at[i] <= '9';
}

/* Takes "L4" or, with a region from before, "4" from the front; -1 when neither is there. */
static int vertebra_take(struct view *text, char *region) {
    ptrdiff_t at = 0;
    if (text->size > 0 && !digit_at(*text, 0)) {
        *region = (char)(text->at[0] & ~0x20);
        at = 1;
    }
    if (!digit_at(*text, at)) {
        return -1;
    }
    int number = text->at[at++] - '0';
    if (*region == 'T' && digit_at(*text, at)) {
        number = number * 10 + text->at[at++] - '0';
    }
    *text = view_sub(*text, at, text->size);
    return vertebra(*region, number);
}

void levels_add(struct levels *levels, struct view text) {
    char region = 0;
    struct view rest = view_trim(text);
    int upper = vertebra_take(&rest, &region);
    if (upper < 0) {
        levels->other = true;
        return;
    }
    bool joined = rest.size > 0 && (rest.at[0] == '-' || rest.at[0] == '/');
    if (!joined) {
        levels->single |= UINT32_C(1) << upper;
        levels->other |= rest.size > 0 && rest.at[0] != ' '; /* "L5 dorsal ramus" is L5 */
        return;
    }
    rest = view_sub(rest, 1, rest.size);
    int lower = vertebra_take(&rest, &region);
    if (lower != upper + 1 || rest.size > 0) {
        levels->other = true;
        return;
    }
    levels->joints |= UINT32_C(1) << upper;
}
