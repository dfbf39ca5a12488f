/* bench_index FILE: audits a file without a report and prints what the index for checks across
 * claims costs: service lines remembered, bytes in all. */
#include <stdio.h>

#include "audit/audit.h"
#include "claim/claim.h"
#include "os/os.h"

static ptrdiff_t source_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    return os_read(context, to, size, diag);
}

static int audit_start(struct audit **audit, struct arena *arena, struct diag *diag) {
    const struct store *store;
    const struct rule_set *rules;
    struct audit_options options = {.as_of = DATE_NONE, .whole = os_memory_whole};
    int status = store_open(&store, store_starter(), arena, diag);
    if (status == STATUS_OK) {
        status = rule_set_standard(&rules, arena, diag);
    }
    return status == STATUS_OK ? audit_open(audit, store, rules, &options, arena, diag) : status;
}

static int claims_audit(struct audit *audit, const char *path, struct diag *diag) {
    struct os_reader reader;
    struct claim_reader *claims = NULL;
    struct claim_options options = {
        .file = view_of(path), .coming = audit_fetch, .coming_context = audit};
    int status = os_reader_open(&reader, path, diag);
    if (status != STATUS_OK) {
        return status;
    }
    status = claim_open(&claims, source_read, &reader, &options, diag);
    enum claim_got got = CLAIM_END;
    long long findings = 0;
    while (status == STATUS_OK && (got = claim_next(claims)) != CLAIM_END) {
        if (got == CLAIM_READ) {
            findings += audit_claim(audit, claim_now(claims))->finding_count;
        }
    }
    claim_close(claims);
    os_reader_close(&reader);
    printf("index_lines %lld index_bytes %lld findings %lld\n",
           (long long)audit_index_lines(audit), (long long)audit_index_bytes(audit), findings);
    return status;
}

int main(int argc, char **argv) {
    struct diag diag = DIAG_NONE;
    struct arena arena = {0};
    struct audit *audit = NULL;
    int status = audit_start(&audit, &arena, &diag);
    if (status == STATUS_OK) {
        status = claims_audit(audit, argc > 1 ? argv[1] : NULL, &diag);
    }
    if (status != STATUS_OK) {
        fprintf(stderr, "bench_index: %s\n", diag.text);
    }
    audit_close(audit);
    arena_close(&arena);
    return status;
}
