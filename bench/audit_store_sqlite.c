/* audit_store_sqlite FILE: the whole audit of claimvet with every table lookup answered by SQLite;
 * the report as JSON to standard output. What differs from `claimvet audit --format json --quiet
 * FILE` is the store and nothing else, and test_same.py holds the two outputs against each other.
 */
#include <stdio.h>

#include "audit/audit.h"
#include "claim/claim.h"
#include "os/os.h"
#include "report/report.h"
#include "store_sqlite.h"
#include "version.h"

static ptrdiff_t source_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    return os_read(context, to, size, diag);
}

static void claims_report(struct claim_reader *claims, struct audit *audit, struct report *report) {
    enum claim_got got;
    while ((got = claim_next(claims)) != CLAIM_END) {
        if (got == CLAIM_READ) {
            report_claim(report, claim_now(claims), audit_claim(audit, claim_now(claims)));
        } else {
            report_fault(report, claim_fault(claims));
        }
    }
}

static int file_audit(const struct store *store, const char *path, struct out *out,
                      struct arena *arena, struct diag *diag) {
    struct os_reader reader;
    struct claim_reader *claims = NULL;
    struct audit *audit = NULL;
    struct report *report = NULL;
    const struct rule_set *rules;
    struct claim_options options = {
        .file = view_of(path), .first_ordinal = 1, .coming = audit_fetch};
    struct pricer *pricer = NULL;
    struct price_options price_options = {.as_of = DATE_NONE, .deductible = MONEY_NONE};
    struct audit_options audit_options = {.as_of = DATE_NONE, .whole = os_memory_whole};
    struct report_options report_options = {.as_of = DATE_NONE,
                                            .program = VIEW("claimvet " CLAIMVET_VERSION)};
    int status = os_reader_open(&reader, path, diag);
    if (status != STATUS_OK) {
        return status;
    }
    if ((status = rule_set_standard(&rules, arena, diag)) == STATUS_OK &&
        (status = price_open(&pricer, store, &price_options, arena, diag)) == STATUS_OK &&
        (audit_options.pricer = pricer) != NULL &&
        (status = audit_open(&audit, store, rules, &audit_options, arena, diag)) == STATUS_OK &&
        (options.coming_context = audit) &&
        (status = report_open(&report, REPORT_JSON, out, store, audit, &report_options, arena)) ==
            STATUS_OK &&
        (status = claim_open(&claims, source_read, &reader, &options, diag)) == STATUS_OK) {
        report_file(report, view_of(path));
        claims_report(claims, audit, report);
        report_end(report);
    }
    claim_close(claims);
    audit_close(audit);
    os_reader_close(&reader);
    return status;
}

int main(int argc, char **argv) {
    struct diag diag = DIAG_NONE;
    struct arena arena = {0};
    struct out out;
    const struct store *store = NULL;
    if (argc != 2) {
        fputs("usage: audit_store_sqlite FILE\n", stderr);
        return STATUS_USAGE;
    }
    out_open(&out, os_stdout_sink, NULL);
    int status = store_sqlite_open(&store, DATABASE_FILE, &arena, &diag);
    if (status == STATUS_OK) {
        status = file_audit(store, argv[1], &out, &arena, &diag);
    }
    out_close(&out);
    if (status == STATUS_OK && out.failed) {
        status = STATUS_SYSTEM;
    }
    if (status != STATUS_OK) {
        fprintf(stderr, "audit_store_sqlite: %s\n", diag.text);
    }
    store_sqlite_close(store);
    arena_close(&arena);
    return status;
}
