/* Opens a report and hands claims and faults to the format and the totals. */
#include "report/report_internal.h"

static const char *const format_names[] = {"text", "json", "csv", "html"};

bool report_format_from(struct view name, enum report_format *format) {
    for (int i = 0; i < COUNT_OF(format_names); i++) {
        if (view_equal(name, view_of(format_names[i]))) {
            *format = (enum report_format)i;
            return true;
        }
    }
    return false;
}

static struct view piece_take(struct report *report) {
    struct view piece = arena_copy(report->arena, out_bytes(&report->scratch));
    out_clear(&report->scratch);
    return piece;
}

static void release_open(struct report *report, int index) {
    struct store_release release = store_release(report->store, index);
    struct release_text *text = &report->releases[index];
    struct out *out = &report->scratch;
    *text = (struct release_text){.name = release.name,
                                  .table = release.table_name,
                                  .effective = release.effective,
                                  .through = release.through};
    OUT_TEXT(out, "{\"table\":");
    out_json(out, release.table_name);
    OUT_TEXT(out, ",\"release\":");
    out_json(out, release.name);
    OUT_TEXT(out, ",\"effective\":");
    report_json_date(out, release.effective);
    OUT_TEXT(out, ",\"stale\":");
    text->edition = piece_take(report);
    OUT_TEXT(out, "\"table\":");
    out_json(out, release.table_name);
    OUT_TEXT(out, ",\"release\":");
    out_json(out, release.name);
    out_char(out, ',');
    text->evidence = piece_take(report);
}

int report_open(struct report **report, enum report_format format, struct out *out,
                const struct store *store, const struct audit *audit,
                const struct report_options *options, struct arena *arena) {
    struct report *opened = ARENA_NEW(arena, struct report, 1);
    if (!opened) {
        return STATUS_SYSTEM;
    }
    opened->format = format;
    opened->out = out;
    opened->store = store;
    opened->options = *options;
    opened->arena = arena;
    opened->file = VIEW("");
    out_open(&opened->scratch, NULL, NULL);
    out_open(&opened->safe, NULL, NULL);
    out_open(&opened->detail, NULL, NULL);
    int count = store_release_count(store);
    opened->release_count = count < STORE_RELEASES_MAX ? count : STORE_RELEASES_MAX;
    for (int i = 0; i < opened->release_count; i++) {
        release_open(opened, i);
    }
    opened->not_loaded_count = audit_not_loaded(audit, opened->not_loaded, NOT_LOADED_MAX);
    if (!json_open(opened) || arena->failed || opened->scratch.failed) {
        out_close(&opened->scratch);
        return STATUS_SYSTEM;
    }
    *report = opened;
    return STATUS_OK;
}

void report_file(struct report *report, struct view file) {
    if (report->format == REPORT_TEXT) {
        text_file(report);
    }
    report->file = arena_copy(report->arena, file);
}

void report_claim(struct report *report, const struct claim *claim,
                  const struct audit_result *result) {
    totals_claim(report, claim, result);
    switch (report->format) {
    case REPORT_TEXT: text_claim(report, claim, result); break;
    case REPORT_JSON: json_claim(report, claim, result); break;
    case REPORT_CSV: csv_claim(report, claim, result); break;
    case REPORT_HTML: html_claim(report, claim, result); break;
    }
}

void report_fault(struct report *report, const struct claim_fault *fault) {
    totals_fault(report, fault);
    switch (report->format) {
    case REPORT_TEXT: text_fault(report, fault); break;
    case REPORT_JSON: json_fault(report, fault); break;
    case REPORT_CSV: csv_fault(report, fault); break;
    case REPORT_HTML: html_fault(report, fault); break;
    }
}

void report_end(struct report *report) {
    switch (report->format) {
    case REPORT_TEXT: text_end(report); break;
    case REPORT_CSV: csv_end(report); break;
    case REPORT_HTML: html_end(report); break;
    case REPORT_JSON: break;
    }
    if (report->scratch.failed || report->safe.failed || report->detail.failed ||
        report->arena->failed) {
        report->out->failed = true;
    }
    out_close(&report->scratch);
    out_close(&report->safe);
    out_close(&report->detail);
}

const struct report_totals *report_totals(const struct report *report) { return &report->totals; }

/* ---- shared looks at findings -------------------------------------------------------------- */

const struct claim_line *line_numbered(const struct claim *claim, int number) {
    for (int i = 0; i < claim->line_count; i++) {
        if (claim->lines[i].number == number) {
            return &claim->lines[i];
        }
    }
    return NULL;
}

static int bits_count(uint64_t bits) {
    int count = 0;
    for (; bits; bits &= bits - 1) {
        count++;
    }
    return count;
}

void finding_lines_write(struct out *out, const struct claim *claim,
                         const struct audit_finding *finding, const char *separator) {
    bool more = bits_count(finding->line_bits) > finding->line_count;
    int count = more ? claim->line_count : finding->line_count;
    bool first = true;
    for (int i = 0; i < count; i++) {
        if (more && !(finding->line_bits >> i & 1)) {
            continue;
        }
        if (!first) {
            out_view(out, view_of(separator));
        }
        first = false;
        out_int(out, more ? claim->lines[i].number : finding->lines[i]);
    }
}

void finding_tail_write(struct out *out, const struct audit_finding *finding) {
    out_char(out, '/');
    out_view(out, finding->rule->id);
    out_char(out, '/');
    out_int(out, finding->line_count > 0 ? finding->lines[0] : 0);
    if (finding->repeat > 1) {
        out_char(out, '.');
        out_int(out, finding->repeat);
    }
}

void report_finding_id(struct out *out, struct view claim_id,
                       const struct audit_finding *finding) {
    out_view(out, claim_id);
    finding_tail_write(out, finding);
}

struct view finding_fix(const struct audit_finding *finding) {
    if (finding->fix.size > 0) {
        return finding->fix;
    }
    return finding->status == AUDIT_FAIL ? finding->rule->fix : VIEW("");
}

const struct release_text *evidence_release(const struct report *report,
                                            const struct audit_evidence *evidence) {
    return evidence->table != STORE_TABLES && evidence->proof.release < report->release_count
               ? &report->releases[evidence->proof.release]
               : NULL;
}

bool evidence_stale(const struct audit_result *result, const struct audit_evidence *evidence) {
    return evidence->table != STORE_TABLES &&
           release_in(&result->stale_releases, evidence->proof.release);
}
