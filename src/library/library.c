/* The public interface over the rooms. */
#include <claimvet/claimvet.h>
#include <string.h>

#include "audit/audit.h"
#include "claim/claim.h"
#include "report/report.h"
#include "version.h"

struct claimvet {
    struct arena arena; /* the handle itself lives in it */
    const struct store *store;
    const struct rule_set *rules;
    struct pricer *pricer;
    struct audit *audit;
    struct view payer;
    struct date as_of;
    int64_t claims;
};

static void error_set(char *error, const struct diag *diag) {
    size_t size = strnlen(diag->text, CLAIMVET_ERROR_SIZE - 1);
    memcpy(error, diag->text, size);
    error[size] = 0;
}

static int options_take(struct claimvet *vet, const struct claimvet_options *options,
                        struct diag *diag) {
    struct store_payer payer;
    vet->as_of = options->as_of ? date_from_iso(view_of(options->as_of)) : DATE_NONE;
    if (options->as_of && !date_given(vet->as_of)) {
        diag_set(diag, "usage", "as_of is no date, write it as YYYY-MM-DD");
        return STATUS_USAGE;
    }
    vet->payer = arena_copy(&vet->arena, view_of(options->payer));
    if (options->payer && !store_payer(vet->store, vet->payer, &payer)) {
        diag_set(diag, "usage", "unknown payer profile %.40s", options->payer);
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

static int vet_open(struct claimvet *vet, const struct claimvet_options *options,
                    struct diag *diag) {
    struct view image = store_starter();
    if (options->store) {
        image = (struct view){options->store, (ptrdiff_t)options->store_size};
    }
    int status = store_open(&vet->store, image, &vet->arena, diag);
    if (status == STATUS_OK) {
        status = options_take(vet, options, diag);
    }
    if (status == STATUS_OK) {
        const struct rule_options rules = {.lean = true};
        status = rule_set_make(&vet->rules, &rules, &vet->arena, diag);
    }
    if (status == STATUS_OK) {
        struct price_options price = {.as_of = vet->as_of, .deductible = MONEY_NONE};
        status = price_open(&vet->pricer, vet->store, &price, &vet->arena, diag);
    }
    if (status == STATUS_OK) {
        struct audit_options audit = {.as_of = vet->as_of, .pricer = vet->pricer};
        status = audit_open(&vet->audit, vet->store, vet->rules, &audit, &vet->arena, diag);
    }
    return status;
}

struct claimvet *claimvet_open(const struct claimvet_options *options, char *error) {
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    struct claimvet *vet = ARENA_NEW(&arena, struct claimvet, 1);
    if (!vet) {
        diag_set(&diag, "memory", "out of memory");
        error_set(error, &diag);
        return NULL;
    }
    vet->arena = arena;
    if (vet_open(vet, options, &diag) != STATUS_OK) {
        error_set(error, &diag);
        claimvet_close(vet);
        return NULL;
    }
    return vet;
}

void claimvet_close(struct claimvet *vet) {
    if (vet) {
        audit_close(vet->audit);
        struct arena arena = vet->arena; /* holds `vet` itself */
        arena_close(&arena);
    }
}

const char *claimvet_version(void) { return CLAIMVET_VERSION; }

/* The caller's bytes as a source of blocks. */
struct memory_source {
    struct view rest;
};

static ptrdiff_t memory_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    (void)diag;
    struct memory_source *source = context;
    struct view head = view_sub(source->rest, 0, size);
    if (head.size > 0) {
        memcpy(to, head.at, (size_t)head.size);
    }
    source->rest = view_sub(source->rest, head.size, source->rest.size);
    return head.size;
}

struct writer {
    claimvet_write *write;
    void *context;
};

static bool writer_sink(void *context, struct view bytes) {
    struct writer *writer = context;
    return writer->write(writer->context, bytes.at, (size_t)bytes.size) == 0;
}

static int claims_report(struct claimvet *vet, struct report *report, struct memory_source *source,
                         struct diag *diag) {
    struct claim_reader *claims = NULL;
    struct claim_options options = {.file = VIEW("input"), .payer = vet->payer,
                                    .first_ordinal = vet->claims + 1};
    int status = claim_open(&claims, memory_read, source, &options, diag);
    if (status == STATUS_INPUT) {
        report_fault(report, &(struct claim_fault){.diag = *diag});
    }
    while (status == STATUS_OK) {
        enum claim_got got = claim_next(claims);
        if (got == CLAIM_END) {
            break;
        }
        if (got == CLAIM_READ) {
            vet->claims++;
            report_claim(report, claim_now(claims), audit_claim(vet->audit, claim_now(claims)));
        } else {
            report_fault(report, claim_fault(claims));
        }
    }
    claim_close(claims);
    return status;
}

int claimvet_audit(struct claimvet *vet, const void *bytes, size_t size, const char *format,
                   claimvet_write *write, void *context, char *error) {
    enum report_format wanted;
    struct diag diag = DIAG_NONE;
    if (!report_format_from(view_of(format), &wanted)) {
        diag_set(&diag, "usage", "unknown format, use text, json, csv or html");
        error_set(error, &diag);
        return CLAIMVET_USAGE;
    }
    struct arena arena = {0};
    struct writer writer = {write, context};
    struct memory_source source = {{bytes, (ptrdiff_t)size}};
    struct report_options options = {.as_of = vet->as_of,
                                     .program = VIEW("claimvet " CLAIMVET_VERSION)};
    struct out out;
    struct report *report;
    out_open(&out, writer_sink, &writer);
    int status = report_open(&report, wanted, &out, vet->store, vet->audit, &options, &arena);
    if (status == STATUS_OK) {
        report_file(report, VIEW("input"));
        status = claims_report(vet, report, &source, &diag);
        report_end(report);
    }
    int answer = status == STATUS_OK || status == STATUS_INPUT
                     ? report_status(report_totals(report))
                     : CLAIMVET_SYSTEM;
    out_close(&out);
    if (out.failed || answer == CLAIMVET_SYSTEM) {
        diag_set(&diag, "system", "out of memory, or the writer refused");
        error_set(error, &diag);
        answer = CLAIMVET_SYSTEM;
    }
    arena_close(&arena);
    return answer;
}
