/* Fuzz target: a contract schedule. One that is taken prices a line, or says what is missing. */
#include "fuzz.h"
#include "price/price.h"

static const struct store *starter(void) {
    static struct arena arena;
    static const struct store *store;
    struct diag diag = DIAG_NONE;
    if (!store && store_open(&store, store_starter(), &arena, &diag) != STATUS_OK) {
        __builtin_trap();
    }
    return store;
}

static void line_price(const struct price_schedule *schedule, struct arena *arena) {
    struct pricer *pricer;
    struct diag diag = DIAG_NONE;
    struct price_options options = {.as_of = DATE_NONE, .national = true, .steps = true,
                                    .deductible = MONEY_NONE, .schedule = schedule};
    struct date on = date_from_ymd(2026, 8, 10);
    struct claim_line lines[] = {
        {.number = 1, .code = code_of("64483"), .modifiers = {code_of("50")}, .modifier_count = 1,
         .units = {2000}, .units_known = true, .charge = MONEY_NONE, .from = on, .to = on},
        {.number = 2, .code = code_of("J3301"), .units = {4000}, .units_known = true,
         .charge = {100}, .charge_known = true, .from = on, .to = on}};
    struct claim claim = {.lines = lines, .line_count = 2, .place_of_service = code_of("11")};
    if (price_open(&pricer, starter(), &options, arena, &diag) != STATUS_OK) {
        __builtin_trap();
    }
    const struct price *price =
        price_claim(pricer, &claim, &(struct price_payer){VIEW("uhc"), false});
    for (int i = 0; i < price->line_count; i++) {
        const struct price_line *line = &price->lines[i];
        if ((line->state == PRICE_AMOUNT) != (line->need.size == 0) ||
            (line->state == PRICE_AMOUNT && line->allowed.cents < 0)) {
            __builtin_trap();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    const struct price_schedule *schedule = NULL;
    int status = price_schedule_read(&schedule, (struct view){(const char *)data, (ptrdiff_t)size},
                                     &arena, &diag);
    if (status == STATUS_OK) {
        line_price(schedule, &arena);
    } else if (diag.code[0] == 0 || diag.text[0] == 0) {
        __builtin_trap();
    }
    arena_close(&arena);
    return 0;
}
