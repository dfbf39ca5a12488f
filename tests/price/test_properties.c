/* Properties over claims made by chance from the codes of the starter store: a denial never raises
 * what is paid, and the order of lines changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "price_bench.h"

#define CLAIMS 20000

static struct bench bench;
static uint64_t state = 59;

static uint64_t chance(uint64_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % below;
}

/* Codes whose rules meet: several procedures, both sides, imaging, therapy, drugs, visits. */
static struct code code_by_chance(void) {
    static const char *const often[] = {"64483", "64484", "64493", "64494", "20610", "20605",
                                        "62323", "64635", "64636", "27096", "77003", "72100",
                                        "72110", "97110", "97140", "J3301", "99213", "36592"};
    if (chance(4) > 0) {
        return code_of(often[chance(COUNT_OF(often))]);
    }
    return store_code(bench.starter, (uint32_t)chance(store_code_count(bench.starter)));
}

static void claim_by_chance(bool charged) {
    static const char *const modifiers[] = {"LT", "RT", "50", "26", "TC", "59", "62", "80",
                                            "AS", "78", "51", "XS"};
    bench_claim(&bench, "99213");
    bench.claim.line_count = 1 + (int)chance(9);
    for (int i = 0; i < bench.claim.line_count; i++) {
        struct claim_line *line = &bench.lines[i];
        struct date on = date_from_ymd(2026, 8, 10 + (int)(chance(8) == 0));
        *line = (struct claim_line){.number = i + 1,
                                    .code = code_by_chance(),
                                    .units = {1000 * (int64_t)(1 + (chance(4) == 0) * chance(7))},
                                    .units_known = true,
                                    .from = on,
                                    .to = on,
                                    .minutes = (int)chance(90),
                                    .dose_mg = QUANTITY_NONE};
        line->charge_known = charged && chance(3) > 0;
        line->charge.cents = line->charge_known ? (int64_t)chance(60000) + 1 : INT64_MIN;
        while (line->modifier_count < CLAIM_MODIFIERS_MAX && chance(2) == 0) {
            line->modifiers[line->modifier_count++] =
                code_of(modifiers[chance(COUNT_OF(modifiers))]);
        }
    }
    static const char *const places[] = {"11", "22", "24"};
    bench.claim.place_of_service = code_of(places[chance(COUNT_OF(places))]);
}

/* The claim as the command line writes it, for a failure. */
static const char *claim_words(void) {
    static char words[2000];
    size_t at = 0;
    for (int i = 0; i < bench.claim.line_count; i++) {
        const struct claim_line *line = &bench.lines[i];
        char text[24];
        at += (size_t)snprintf(words + at, sizeof words - at, " %s",
                               code_text(line->code, text).at);
        for (int j = 0; j < line->modifier_count; j++) {
            at += (size_t)snprintf(words + at, sizeof words - at, "-%s",
                                   code_text(line->modifiers[j], text).at);
        }
        at += (size_t)snprintf(words + at, sizeof words - at, "x%lld=%lld day %d",
                               (long long)(line->units.milli / 1000),
                               (long long)(line->charge_known ? line->charge.cents : 0),
                               line->from.day);
    }
    return words;
}

static int open_bench(void **unused) {
    (void)unused;
    bench_open(&bench);
    return 0;
}

static int close_bench(void **unused) {
    (void)unused;
    bench_close(&bench);
    return 0;
}

/* Charges below the fees may let the others of a claim rank higher: with charges, no denial is
 * compared with another, only with none. */
static void a_denial_never_raises_the_price(void **unused) {
    (void)unused;
    struct price_payer medicare = {VIEW("medicare"), true};
    int64_t priced = 0;
    bench_claim(&bench, "99213");
    (void)bench_price(&bench, bench.starter, &bench_national);
    for (int n = 0; n < CLAIMS; n++) {
        claim_by_chance(n % 2 == 0);
        const struct price *price = price_claim(bench.pricer, &bench.claim, &medicare);
        int64_t all = price->allowed.cents;
        assert_true(all >= 0);
        assert_int_equal(price_without(bench.pricer, 0).cents, all);
        uint64_t denied = 0;
        int64_t before = all;
        for (int i = 0; i < price->line_count; i++) { /* one after another */
            denied |= UINT64_C(1) << chance((uint64_t)price->line_count);
            int64_t now = price_without(bench.pricer, denied).cents;
            if (now < 0 || now > before) {
                fail_msg("%llx denied: %lld after %lld:%s", (unsigned long long)denied,
                         (long long)now, (long long)before, claim_words());
            }
            before = n % 2 == 0 ? all : now;
        }
        assert_int_equal(price_without(bench.pricer, UINT64_MAX).cents, 0);
        priced += all > 0;
    }
    assert_true(priced > CLAIMS * 8 / 10);
}

/* Amounts are compared as a sorted list: lines that are alike may change places. */
static void amounts_sorted(const struct price *price, int64_t *cents) {
    for (int i = 0; i < price->line_count; i++) {
        int at = i;
        int64_t amount = price->lines[i].allowed.cents;
        while (at > 0 && cents[at - 1] > amount) {
            cents[at] = cents[at - 1];
            at--;
        }
        cents[at] = amount;
    }
}

static void the_order_of_lines_changes_nothing(void **unused) {
    (void)unused;
    struct price_payer medicare = {VIEW("medicare"), true};
    int64_t before[CLAIM_LINES_MAX], after[CLAIM_LINES_MAX];
    bench_claim(&bench, "99213");
    (void)bench_price(&bench, bench.starter, &bench_national);
    for (int n = 0; n < CLAIMS; n++) {
        claim_by_chance(true);
        const struct price *price = price_claim(bench.pricer, &bench.claim, &medicare);
        int64_t all = price->allowed.cents;
        amounts_sorted(price, before);
        for (int i = bench.claim.line_count - 1; i > 0; i--) {
            int j = (int)chance((uint64_t)i + 1);
            struct claim_line line = bench.lines[i];
            bench.lines[i] = bench.lines[j];
            bench.lines[j] = line;
        }
        price = price_claim(bench.pricer, &bench.claim, &medicare);
        if (price->allowed.cents != all) {
            fail_msg("%lld instead of %lld:%s", (long long)price->allowed.cents, (long long)all,
                     claim_words());
        }
        amounts_sorted(price, after);
        assert_memory_equal(before, after, sizeof *before * (size_t)price->line_count);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_denial_never_raises_the_price),
        cmocka_unit_test(the_order_of_lines_changes_nothing),
    };
    return cmocka_run_group_tests(tests, open_bench, close_bench);
}
