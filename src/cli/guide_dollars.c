/* Amounts that the guide claims, recomputed as a claim is priced: by price_claim, national, each
 * line rounded for itself. */
#include "cli/guide.h"

#define WHOLE 100 /* of a ratio with two decimals */

static struct claim_line line_of(const struct guide_assertion *assertion, int index,
                                 struct date on, bool both_sides) {
    struct claim_line line = {.number = index + 1,
                              .code = assertion->codes[index],
                              .units = {assertion->units[index]},
                              .units_known = true,
                              .charge = MONEY_NONE,
                              .from = on,
                              .to = on,
                              .dose_mg = QUANTITY_NONE,
                              .minutes = -1};
    if (code_given(assertion->modifiers[index])) {
        line.modifiers[line.modifier_count++] = assertion->modifiers[index];
    }
    if (both_sides) {
        line.modifiers[line.modifier_count++] = code_of("50");
    }
    return line;
}

/* The services from `first` on, so many, as one claim; MONEY_NONE, and said, without an amount. */
static struct money price_of(struct pricer *pricer, const struct guide_assertion *assertion,
                             int first, int count, struct date on, bool both_sides,
                             struct out *found) {
    struct claim_line lines[GUIDE_CODES_MAX];
    struct claim claim = {.lines = lines,
                          .line_count = count,
                          .age = -1,
                          .birth_date = DATE_NONE,
                          .place_of_service = code_of(assertion->numbers[0] ? "24" : "11"),
                          .pos_known = true};
    for (int i = 0; i < count; i++) {
        lines[i] = line_of(assertion, first + i, on, both_sides);
    }
    const struct price *price =
        price_claim(pricer, &claim, &(struct price_payer){VIEW("medicare"), true});
    for (int i = 0; i < count; i++) {
        if (price->lines[i].state != PRICE_AMOUNT) {
            char code[9];
            out_format(found, "%s has no amount: needs ", code_text(lines[i].code, code).at);
            out_view(found, price->lines[i].need);
            return MONEY_NONE;
        }
    }
    return price->allowed;
}

static struct money dollars_of(struct pricer *pricer, const struct guide_assertion *assertion,
                               struct date on, struct out *found) {
    int count = assertion->code_count;
    if (assertion->word == GUIDE_PAYS) {
        return price_of(pricer, assertion, 0, count, on, false, found);
    }
    bool sides = assertion->word == GUIDE_SIDES;
    struct money one =
        sides ? price_of(pricer, assertion, 0, count, on, false, found)
              : price_of(pricer, assertion, 1, 1, on, false, found);
    struct money other =
        money_given(one) ? price_of(pricer, assertion, 0, sides ? count : 1, on, sides, found)
                         : MONEY_NONE;
    if (!money_given(other) || one.cents <= 0) {
        return MONEY_NONE;
    }
    return (struct money){sides ? other.cents - one.cents
                                : (2 * WHOLE * other.cents + one.cents) / (2 * one.cents)};
}

struct money guide_dollars(const struct store *store, const struct guide_assertion *assertion,
                           struct date on, struct out *found) {
    struct arena arena = {0};
    struct pricer *pricer;
    struct diag diag;
    struct money ours = MONEY_NONE;
    if (price_open(&pricer, store, &(struct price_options){.as_of = DATE_NONE,
                                                           .national = true,
                                                           .deductible = MONEY_NONE},
                   &arena, &diag) == STATUS_OK) {
        ours = dollars_of(pricer, assertion, on, found);
    } else {
        out_view(found, view_of(diag.text));
    }
    arena_close(&arena);
    return ours;
}

/* Hundredths of a dollar, or of how many times. */
static void figure(struct out *out, bool times, int64_t hundredths) {
    char text[24];
    out_view(out, times ? VIEW("") : VIEW("$"));
    out_view(out, money_text((struct money){hundredths}, text));
}

void guide_dollars_write(struct out *out, const struct guide_assertion *assertion,
                         struct money ours) {
    bool times = assertion->word == GUIDE_TIMES;
    int64_t low = assertion->numbers[2], high = assertion->numbers[3];
    OUT_TEXT(out, "the guide ");
    figure(out, times, low);
    OUT_TEXT(out, " to ");
    figure(out, times, high);
    OUT_TEXT(out, ", ours ");
    figure(out, times, ours.cents);
    out_view(out, times ? VIEW(" times") : VIEW(""));
    out_view(out, ours.cents < low    ? VIEW(" (below)")
                  : ours.cents > high ? VIEW(" (above)")
                                      : VIEW(" (within)"));
}
