/* claimvet history show: what is kept, and the services of a patient. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "claim/claim.h"
#include "cli/cli.h"
#include "cli/history_patient.h"
#include "history/history.h"

static const char *const kinds[] = {"", "dx", "tx", "rfa", "cyst", "presumptive", "definitive"};
static const char *const regions[] = {"", "CT", "LS", "SI", "TP", "UDT"};

/* ---- words ------------------------------------------------------------------------------- */

static const char *side_word(char side) {
    return side == 'L' ? "L" : side == 'R' ? "R" : side == 'B' ? "B" : side == 'N' ? "NA" : "";
}

/* Name of a vertebra by its number in struct levels. */
static void vertebra(struct out *out, int number) {
    static const struct {
        int first;
        char region;
    } regions_of_spine[] = {{25, 'S'}, {20, 'L'}, {8, 'T'}, {1, 'C'}, {0, 'C'}};
    int i = 0;
    while (number < regions_of_spine[i].first) {
        i++;
    }
    bool base = number == 0; /* C0, the occiput */
    out_format(out, "%c%d", regions_of_spine[i].region,
               base ? 0 : number - regions_of_spine[i].first + 1);
}

static void level_next(struct out *out, const char *separator, bool *first) {
    if (!*first) {
        out_view(out, view_of(separator));
    }
    *first = false;
}

/* "L4-L5 L3", each within `quote` and apart by `separator`. */
static void levels_print(struct out *out, const struct levels *levels, const char *quote,
                         const char *separator) {
    bool first = true;
    for (int i = 0; i < 31; i++) {
        if (levels->joints >> i & 1) {
            level_next(out, separator, &first);
            out_view(out, view_of(quote));
            vertebra(out, i);
            OUT_TEXT(out, "-");
            vertebra(out, i + 1);
            out_view(out, view_of(quote));
        }
    }
    for (int i = 0; i < 31; i++) {
        if (levels->single >> i & 1) {
            level_next(out, separator, &first);
            out_view(out, view_of(quote));
            vertebra(out, i);
            out_view(out, view_of(quote));
        }
    }
    if (levels->other) {
        level_next(out, separator, &first);
        out_format(out, "%sother%s", quote, quote);
    }
}

/* ---- text -------------------------------------------------------------------------------- */

/* Pads the cell that began at `begin`, cut when it is too long, and two blanks. */
static void cell_end(struct out *out, ptrdiff_t begin, int width) {
    if (out->size - begin > width) {
        out->size = begin + width - 2;
        OUT_TEXT(out, "..");
    }
    out_pad(out, width - (out->size - begin) + 2);
}

static void cell(struct out *out, const char *text, int width) {
    ptrdiff_t begin = out->size;
    out_view(out, view_of(text));
    cell_end(out, begin, width);
}

static void amount(struct out *out, struct quantity value, const char *unit, bool *first) {
    char text[24];
    if (quantity_given(value)) {
        level_next(out, ", ", first);
        out_view(out, quantity_text(value, text));
        out_view(out, view_of(unit));
    }
}

static void relief(struct out *out, const struct claim_service *service) {
    bool first = true;
    amount(out, service->relief_percent, " %", &first);
    amount(out, service->relief_hours, " h", &first);
    amount(out, service->relief_weeks, " weeks", &first);
    amount(out, service->relief_months, " months", &first);
}

static void modifiers(struct out *out, const struct claim_service *service, const char *quote,
                      const char *separator) {
    char text[9];
    for (int i = 0; i < service->modifier_count; i++) {
        code_text(service->modifiers[i], text);
        out_format(out, "%s%s%s%s", i ? separator : "", quote, text, quote);
    }
}

static void line_end(struct out *out) {
    while (out->size > 0 && out->at[out->size - 1] == ' ') {
        out->size--;
    }
    OUT_TEXT(out, "\n");
}

static void service_print(struct out *out, const struct claim_service *service) {
    char text[24];
    date_text(service->on, text);
    cell(out, text, 10);
    code_text(service->code, text);
    cell(out, text, 8);
    ptrdiff_t begin = out->size;
    modifiers(out, service, "", " ");
    cell_end(out, begin, 11);
    begin = out->size;
    if (quantity_given(service->units)) {
        out_view(out, quantity_text(service->units, text));
    }
    cell_end(out, begin, 6);
    code_text(service->place, text);
    cell(out, text, 5);
    cell(out, side_word(service->side), 4);
    cell(out, kinds[service->kind], 11);
    begin = out->size;
    levels_print(out, &service->levels, "", " ");
    cell_end(out, begin, 15);
    begin = out->size;
    relief(out, service);
    cell_end(out, begin, 14);
    line_end(out);
}

static void patient_print(struct out *out, uint64_t payer, uint64_t patient,
                          const struct history_found *found) {
    out_format(out, "patient %016" PRIx64 ", payer %016" PRIx64 ": %d %s\n", patient, payer,
               found->count, found->count == 1 ? "service" : "services");
    if (found->count > 0) {
        OUT_TEXT(out, "day         code      modifiers    units   place  side  kind         "
                      "levels           relief\n");
    }
    struct out row; /* apart from `out`, which may be flushed within a cell */
    out_open(&row, NULL, NULL);
    for (int i = 0; i < found->count; i++) {
        service_print(&row, &found->services[i]);
        out_view(out, out_bytes(&row));
        out_clear(&row);
    }
    out->failed |= row.failed;
    out_close(&row);
}

/* ---- json -------------------------------------------------------------------------------- */

static void json_word(struct out *out, const char *name, const char *word) {
    if (*word) {
        out_format(out, ",\"%s\":\"%s\"", name, word);
    }
}

static void json_amount(struct out *out, const char *name, struct quantity value) {
    char text[24];
    if (quantity_given(value)) {
        out_format(out, ",\"%s\":", name);
        out_view(out, quantity_text(value, text));
    }
}

static void json_key(struct out *out, const char *name, uint64_t key) {
    if (key != 0) {
        out_format(out, ",\"%s\":\"%016" PRIx64 "\"", name, key);
    }
}

/* The names are those of "history" in the claim schema; keys stand for what is kept as a hash. */
static void service_json(struct out *out, const struct claim_service *service) {
    char text[24];
    date_text(service->on, text);
    out_format(out, "{\"service_date\":\"%s\"", text);
    code_text(service->code, text);
    json_word(out, "code", text);
    if (service->modifier_count > 0) {
        OUT_TEXT(out, ",\"modifiers\":[");
        modifiers(out, service, "\"", ",");
        OUT_TEXT(out, "]");
    }
    json_amount(out, "units", service->units);
    code_text(service->place, text);
    json_word(out, "place_of_service", text);
    json_word(out, "kind", kinds[service->kind]);
    json_word(out, "region", regions[service->region]);
    json_word(out, "side", side_word(service->side));
    if (service->levels_known) {
        OUT_TEXT(out, ",\"levels\":[");
        levels_print(out, &service->levels, "\"", ",");
        OUT_TEXT(out, "]");
    }
    json_amount(out, "relief_percent", service->relief_percent);
    json_amount(out, "hours", service->relief_hours);
    json_amount(out, "relief_weeks", service->relief_weeks);
    json_amount(out, "relief_months", service->relief_months);
    if (service->adl_improvement != TRUTH_UNKNOWN) {
        out_format(out, ",\"adl_improvement\":%s",
                   service->adl_improvement == TRUTH_YES ? "true" : "false");
    }
    json_amount(out, "steroid_mg", service->steroid_mg);
    json_key(out, "provider_key", service->provider);
    json_key(out, "approach_key", service->approach);
    json_key(out, "steroid_key", service->steroid);
    json_key(out, "claim_key", service->claim);
    OUT_TEXT(out, "}");
}

static void patient_json(struct out *out, uint64_t payer, uint64_t patient,
                         const struct history_found *found) {
    out_format(out, "{\"patient_key\":\"%016" PRIx64 "\",\"payer_key\":\"%016" PRIx64 "\",",
               patient, payer);
    OUT_TEXT(out, "\"services\":[");
    for (int i = 0; i < found->count; i++) {
        out_view(out, i ? VIEW(",") : VIEW(""));
        service_json(out, &found->services[i]);
    }
    OUT_TEXT(out, "]}\n");
}

/* ---- questions --------------------------------------------------------------------------- */

struct show {
    struct cli *cli;
    const struct cli_arguments *arguments;
    const char *where;
    struct history *history;
    bool json;
    int shown; /* payers */
};

static int failed(struct show *show, int status, const struct diag *diag) {
    char name[HISTORY_NAME_MAX];
    cli_error(show->cli, history_name(show->where, name), diag);
    return status;
}

static int totals_show(struct show *show) {
    struct diag diag = DIAG_NONE;
    struct history_totals totals;
    char first[11] = "", last[11] = "";
    struct out *out = &show->cli->out;
    int status = history_totals(show->history, &totals, &diag);
    if (status != STATUS_OK) {
        return failed(show, status, &diag);
    }
    if (date_given(totals.first)) {
        date_text(totals.first, first);
        date_text(totals.last, last);
    }
    if (show->json) {
        out_format(out, "{\"patients\":%lld,\"claims\":%lld,\"services\":%lld",
                   (long long)totals.patients, (long long)totals.claims,
                   (long long)totals.services);
        json_word(out, "first", first);
        json_word(out, "last", last);
        OUT_TEXT(out, "}\n");
        return STATUS_OK;
    }
    out_format(out, "patients  %lld\nclaims    %lld\nservices  %lld\n", (long long)totals.patients,
               (long long)totals.claims, (long long)totals.services);
    if (*first) {
        out_format(out, "days      %s to %s\n", first, last);
    }
    return STATUS_OK;
}

static void patient_show(void *to, uint64_t payer, uint64_t patient,
                         const struct history_found *found) {
    struct show *show = to;
    show->shown++;
    (show->json ? patient_json : patient_print)(&show->cli->out, payer, patient, found);
}

static int patients_show(struct show *show, struct date birth) {
    struct diag diag = DIAG_NONE;
    const struct cli_arguments *arguments = show->arguments;
    struct cli_patient patient = {view_of(arguments->value[OPTION_PATIENT]), birth,
                                  view_of(arguments->value[OPTION_PAYER])};
    int status = cli_patient_each(show->history, &patient, patient_show, show, &diag);
    if (status != STATUS_OK) {
        return failed(show, status, &diag);
    }
    return show->shown > 0 ? STATUS_OK : cli_patient_missing(show->cli, "--payer");
}

static int usage_check(struct show *show) {
    const struct cli_arguments *arguments = show->arguments;
    const char *format = arguments->value[OPTION_FORMAT];
    show->json = format && strcmp(format, "json") == 0;
    if (arguments->rest_count > 1) {
        return cli_usage(show->cli, "history show takes no files: claimvet history show --history "
                                    "FILE --patient ID");
    }
    if (format && !show->json && strcmp(format, "text") != 0) {
        return cli_usage(show->cli, "history show writes text or json");
    }
    if (!arguments->value[OPTION_PATIENT] &&
        (arguments->given[OPTION_BIRTH_DATE] || arguments->given[OPTION_PAYER])) {
        return cli_usage(show->cli, "history show needs --patient with --birth-date and --payer");
    }
    return STATUS_OK;
}

int history_show(struct cli *cli, const struct cli_arguments *arguments) {
    struct show show = {
        .cli = cli, .arguments = arguments, .where = arguments->value[OPTION_HISTORY]};
    struct diag diag = DIAG_NONE;
    struct date birth;
    int status = usage_check(&show);
    status = status ? status : cli_date(cli, arguments, OPTION_BIRTH_DATE, &birth);
    if (status != STATUS_OK) {
        return status;
    }
    status = history_open(&show.history, show.where, NULL, &diag);
    if (status != STATUS_OK) {
        return failed(&show, status, &diag);
    }
    status = arguments->value[OPTION_PATIENT] ? patients_show(&show, birth) : totals_show(&show);
    history_close(show.history);
    return status;
}
