/* CSV: a row a finding, a missing fact or a fault of a file, RFC 4180 quoting, header first. */
#include "report/report_internal.h"

static const char header[] =
    "file,claim_id,verdict,finding_id,rule,rule_version,severity,status,lines,code,modifiers,units,"
    "charge,message,why,fix,table,release,row,indicator,from,to,stale,group,carc,rarc,cite,url,"
    "segment_or_row,element_or_column,byte,at_risk,at_risk_basis\n";

static void header_write(struct report *report) {
    if (!report->begun) {
        out_view(report->out, view_of(header));
        report->begun = true;
    }
}

static void field(struct out *out, struct view text) {
    out_char(out, ',');
    csv_write(out, text);
}

static void field_int(struct out *out, int64_t value, bool given) {
    out_char(out, ',');
    if (given) {
        out_int(out, value);
    }
}

static void field_date(struct out *out, struct date date) {
    char text[11];
    field(out, date_given(date) ? date_text(date, text) : VIEW(""));
}

static void fields_empty(struct out *out, int count) {
    for (int i = 0; i < count; i++) {
        out_char(out, ',');
    }
}

static void claim_fields(const struct report *report, const struct claim *claim,
                         const struct audit_result *result) {
    csv_write(report->out, report->file);
    field(report->out, claim->id);
    field(report->out, audit_verdict_name(result->verdict));
}

static void modifiers_write(struct out *out, const struct claim_line *line) {
    char text[9];
    for (int i = 0; i < line->modifier_count; i++) {
        if (i > 0) {
            out_char(out, ' ');
        }
        out_view(out, code_text(line->modifiers[i], text));
    }
}

/* code,modifiers,units,charge of the first line of a finding. */
static void line_fields(struct out *out, const struct claim_line *line) {
    char text[24];
    if (!line) {
        fields_empty(out, 4);
        return;
    }
    field(out, code_given(line->code) ? code_text(line->code, text) : line->code_given);
    out_char(out, ',');
    modifiers_write(out, line);
    out_char(out, ',');
    if (quantity_given(line->units)) {
        out_view(out, quantity_text(line->units, text));
    }
    out_char(out, ',');
    if (money_given(line->charge)) {
        out_view(out, money_text(line->charge, text));
    }
}

/* table,release,row,indicator,from,to,stale of the row that decides. */
static void evidence_fields(const struct report *report, const struct audit_result *result,
                            const struct audit_finding *finding) {
    struct out *out = report->out;
    if (finding->evidence_count == 0) {
        fields_empty(out, 7);
        return;
    }
    const struct audit_evidence *evidence = &finding->evidence[0];
    const struct release_text *release = evidence_release(report, evidence);
    bool table = evidence->table != STORE_TABLES;
    field(out, table ? store_table_name(evidence->table) : evidence->source);
    field(out, release ? release->name : VIEW(""));
    field(out, evidence->row);
    field(out, (struct view){&evidence->indicator, evidence->indicator != 0});
    field_date(out, table ? evidence->proof.from : DATE_NONE);
    field_date(out, table ? evidence->proof.to : DATE_NONE);
    field(out, !table ? VIEW("") : evidence_stale(result, evidence) ? VIEW("yes") : VIEW("no"));
}

/* group,carc,rarc,cite,url of the rule; no answer where no denial is expected. */
static void rule_fields(struct out *out, const struct audit_finding *finding) {
    const struct rule *rule = finding->rule;
    bool denied = finding->status == AUDIT_FAIL;
    field(out, denied ? rule->group : VIEW(""));
    field(out, denied ? rule->carc : VIEW(""));
    out_char(out, ',');
    for (int i = 0; denied && i < rule->rarc_count; i++) {
        out_view(out, view_of(i > 0 ? " " : ""));
        out_view(out, rule->rarcs[i]);
    }
    out_char(out, ',');
    const struct rule_cite *cite;
    for (int i = 0; (cite = finding_cite(finding, i)) != NULL; i++) {
        out_view(out, view_of(i > 0 ? " " : ""));
        out_view(out, cite->key);
    }
    cite = finding_cite(finding, 0);
    field(out, cite ? cite->url : VIEW(""));
}

static void place_fields(struct out *out, int64_t segment, int64_t element, int64_t byte) {
    field_int(out, segment, segment > 0);
    field_int(out, element, element > 0);
    field_int(out, byte, byte >= 0);
}

static void row_end(struct out *out, const struct price *price, struct money at_risk) {
    char text[24];
    bool given = price && money_given(at_risk);
    field(out, given ? money_text(at_risk, text) : VIEW(""));
    field(out, given ? report_price_basis(price->basis) : VIEW(""));
    out_char(out, '\n');
}

static void finding_row(struct report *report, const struct claim *claim,
                        const struct audit_result *result, const struct audit_finding *finding) {
    struct out *out = report->out;
    struct out *id = &report->scratch;
    claim_fields(report, claim, result);
    out_clear(id);
    out_view(id, claim->id);
    finding_tail_write(id, finding);
    field(out, out_bytes(id));
    field(out, finding->rule->id);
    field_int(out, finding->rule->version, true);
    field(out, rule_severity_name(finding->severity));
    field(out, audit_status_name(finding->status));
    out_char(out, ',');
    finding_lines_write(out, claim, finding, " ");
    line_fields(out, finding->line_count > 0 ? line_numbered(claim, finding->lines[0]) : NULL);
    field(out, finding->message);
    field(out, finding->rule->why);
    field(out, finding_fix(finding));
    evidence_fields(report, result, finding);
    rule_fields(out, finding);
    place_fields(out, finding->at.segment, finding->at.element, finding->at.byte);
    row_end(out, result->price, finding->at_risk);
}

static void gap_row(struct report *report, const struct claim *claim,
                    const struct audit_result *result, const struct audit_gap *gap) {
    struct out *out = report->out;
    claim_fields(report, claim, result);
    fields_empty(out, 1);
    field(out, gap->rule->id);
    field_int(out, gap->rule->version, true);
    fields_empty(out, 1);
    field(out, VIEW("not_evaluated"));
    fields_empty(out, 5);
    out_clear(&report->scratch);
    OUT_TEXT(&report->scratch, "needs ");
    gap_needs_write(&report->scratch, gap, " ");
    field(out, out_bytes(&report->scratch));
    fields_empty(out, 14);
    place_fields(out, 0, 0, -1);
    row_end(out, NULL, MONEY_NONE);
}

void csv_claim(struct report *report, const struct claim *claim,
               const struct audit_result *result) {
    header_write(report);
    for (int i = 0; i < result->finding_count; i++) {
        finding_row(report, claim, result, &result->findings[i]);
    }
    for (int i = 0; i < result->gap_count; i++) {
        gap_row(report, claim, result, &result->gaps[i]);
    }
}

void csv_fault(struct report *report, const struct claim_fault *fault) {
    struct out *out = report->out;
    const struct diag *diag = &fault->diag;
    header_write(report);
    csv_write(out, report->file);
    fields_empty(out, 3);
    field(out, view_of(fault->rule ? fault->rule : diag->code));
    fields_empty(out, 1);
    field(out, view_of(fault->rule ? fault->severity : "error"));
    field(out, fault->rule ? VIEW("fail") : VIEW("unreadable"));
    fields_empty(out, 5);
    field(out, view_of(diag->text));
    fields_empty(out, 14);
    place_fields(out, diag->segment > 0 ? diag->segment : diag->line,
                 diag->element > 0 ? diag->element : diag->column, diag->byte);
    row_end(out, NULL, MONEY_NONE);
}

void csv_end(struct report *report) { header_write(report); }
