#include "price_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct price_options bench_national = {
    .as_of = {INT32_MIN}, .national = true, .steps = true, .deductible = {INT64_MIN}};

static void failed(const char *what, const struct diag *diag) {
    fprintf(stderr, "%s: %s\n", what, diag->text);
    abort();
}

void bench_open(struct bench *bench) {
    struct diag diag = DIAG_NONE;
    *bench = (struct bench){0};
    if (store_open(&bench->starter, store_starter(), &bench->arena, &diag) != STATUS_OK) {
        failed("starter", &diag);
    }
    bench->draft = store_draft_open(bench->starter);
    struct store_edition edition = {.table = STORE_MPFS,
                                    .name = VIEW("TEST"),
                                    .effective = date_from_ymd(2026, 1, 1),
                                    .through = date_from_ymd(2026, 12, 31),
                                    .from = date_from_ymd(2026, 1, 1),
                                    .to = DATE_NONE,
                                    .partial = true};
    struct store_source source = {VIEW("test"), VIEW("00"), 1, 1};
    if (store_draft_begin(bench->draft, &edition, &source) != STORE_BEGIN_NEW) {
        failed("edition", &diag);
    }
}

void bench_fee(struct bench *bench, const char *code, int64_t cents, char multiple, char bilateral,
               const char *base) {
    struct store_mpfs row = {.status = 'A',
                             .pctc = '0',
                             .global = "000",
                             .multiple = multiple,
                             .bilateral = bilateral,
                             .assistant = '2',
                             .cosurgeon = '2',
                             .team = '0',
                             .work = (int32_t)cents,
                             .total_nonfacility = (int32_t)cents,
                             .total_facility = (int32_t)cents,
                             .conversion = 10000,
                             .pre_percent = 10,
                             .intra_percent = 70,
                             .post_percent = 20,
                             .endo_base = base ? code_of(base) : CODE_NONE};
    store_draft_mpfs(bench->draft, code_of(code), CODE_NONE, &row);
}

void bench_store(struct bench *bench) {
    struct diag diag = DIAG_NONE;
    struct view image;
    store_draft_end(bench->draft);
    if (store_draft_image(bench->draft, &image, &diag) != STATUS_OK ||
        store_open(&bench->store, image, &bench->arena, &diag) != STATUS_OK) {
        failed("store", &diag);
    }
}

void bench_close(struct bench *bench) {
    store_draft_close(bench->draft);
    arena_close(&bench->arena);
}

static void line_read(struct claim_line *line, struct view word) {
    struct view charge = word, units = view_cut(&charge, '='), modifiers = view_cut(&units, 'x');
    line->charge_known = charge.at != NULL;
    line->charge = charge.at ? money_from(charge) : MONEY_NONE;
    line->units = units.at ? quantity_from(units) : (struct quantity){1000};
    line->code = code_from(view_cut(&modifiers, '-'));
    while (modifiers.at) {
        line->modifiers[line->modifier_count++] = code_from(view_cut(&modifiers, '-'));
    }
}

void bench_claim(struct bench *bench, const char *services) {
    struct view rest = view_of(services);
    struct date on = date_from_ymd(2026, 8, 10);
    bench->claim = (struct claim){.id = VIEW("T"),
                                  .lines = bench->lines,
                                  .place_of_service = code_of("11"),
                                  .billing.npi = VIEW("1558598797"),
                                  .age = -1,
                                  .birth_date = DATE_NONE,
                                  .received = DATE_NONE,
                                  .total_charge = MONEY_NONE};
    while (rest.at && bench->claim.line_count < CLAIM_LINES_MAX) {
        int at = bench->claim.line_count++;
        bench->lines[at] = (struct claim_line){.number = at + 1,
                                               .units_known = true,
                                               .from = on,
                                               .to = on,
                                               .minutes = -1,
                                               .dose_mg = QUANTITY_NONE};
        line_read(&bench->lines[at], view_cut(&rest, ' '));
    }
}

const struct price *bench_price(struct bench *bench, const struct store *store,
                                const struct price_options *options) {
    struct diag diag = DIAG_NONE;
    if (price_open(&bench->pricer, store, options, &bench->arena, &diag) != STATUS_OK) {
        failed("pricer", &diag);
    }
    struct price_payer medicare = {VIEW("medicare"), true};
    return price_claim(bench->pricer, &bench->claim, &medicare);
}
