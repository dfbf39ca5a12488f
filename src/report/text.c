/* Text for a person at a terminal of 80 to 100 columns: what is wrong with each claim, why, what to
 * do, and at the end what the run came to. */
#include "report/report_internal.h"

#define FINDING_INDENT 11
#define PART_INDENT 19
#define TRACE_INDENT 20
#define ID_COLUMNS_MAX 40
#define CLEAN_COLUMNS_MAX 80 /* room for "and N more" */

static void colour(struct report *report, const char *number) {
    if (report->options.colour) {
        OUT_TEXT(report->out, "\033[");
        out_view(report->out, view_of(number));
        out_char(report->out, 'm');
    }
}

static void coloured(struct report *report, const char *number, struct view text) {
    colour(report, number);
    out_view(report->out, text);
    colour(report, "0");
}

static const char *severity_colour(enum rule_severity severity) {
    static const char *const colours[] = {"1;31", "33", "36", "2"};
    return colours[severity];
}

static struct view severity_word(enum rule_severity severity) {
    static const char *const words[] = {"ERROR ", "WARN  ", "REVIEW", "INFO  "};
    return view_of(words[severity]);
}

/* What `scratch` holds, safe and wrapped; the first line is already at `column`. */
static void scratch_wrap(struct report *report, int indent, int column) {
    out_clear(&report->safe);
    safe_write(&report->safe, out_bytes(&report->scratch));
    out_wrap(report->out, out_bytes(&report->safe), indent, column, TEXT_WIDTH);
    out_clear(&report->scratch);
}

/* ---- clean claims: one line for a run of them ----------------------------------------------- */

void text_file(struct report *report) {
    if (report->clean_column == 0) {
        return;
    }
    if (report->clean_more > 0) {
        OUT_TEXT(report->out, " and ");
        out_int(report->out, report->clean_more);
        OUT_TEXT(report->out, " more");
    }
    OUT_TEXT(report->out, "\n\n");
    report->clean_column = 0;
    report->clean_more = 0;
}

static void clean_add(struct report *report, const struct claim *claim) {
    struct view id = view_sub(claim->id, 0, ID_COLUMNS_MAX);
    int columns = (int)id.size + 2;
    if (report->clean_column == 0) {
        coloured(report, "32", VIEW("clean"));
        OUT_TEXT(report->out, "  ");
        safe_write(report->out, id);
        report->clean_column = 5 + columns;
    } else if (report->clean_more == 0 && report->clean_column + columns <= CLEAN_COLUMNS_MAX) {
        OUT_TEXT(report->out, ", ");
        safe_write(report->out, id);
        report->clean_column += columns;
    } else {
        report->clean_more++;
    }
}

/* ---- findings ------------------------------------------------------------------------------- */

static void part_write(struct report *report, struct view name) {
    if (report->scratch.size > 0) {
        out_pad(report->out, FINDING_INDENT);
        coloured(report, "2", name);
        scratch_wrap(report, PART_INDENT, PART_INDENT);
    }
}

static void cites_write(struct report *report, const struct audit_finding *finding) {
    const struct rule_cite *cite;
    for (int i = 0; (cite = finding_cite(finding, i)) != NULL; i++) {
        out_view(&report->scratch, view_of(i > 0 ? "; " : ""));
        out_view(&report->scratch, cite->key);
        OUT_TEXT(&report->scratch, ", ");
        out_view(&report->scratch, cite->section);
    }
}

static void finding_write(struct report *report, const struct claim *claim,
                          const struct audit_result *result, const struct audit_finding *finding) {
    struct out *scratch = &report->scratch;
    OUT_TEXT(report->out, "    ");
    coloured(report, severity_colour(finding->severity), severity_word(finding->severity));
    OUT_TEXT(report->out, " ");
    out_view(scratch, finding->rule->id);
    if (finding->status != AUDIT_FAIL) {
        OUT_TEXT(scratch, " (");
        out_view(scratch, audit_status_name(finding->status));
        OUT_TEXT(scratch, ")");
    }
    OUT_TEXT(scratch, ": ");
    out_view(scratch, finding->message);
    if (finding_trial(finding)) {
        OUT_TEXT(scratch, " [trial: not verified on the source]");
    }
    if (finding->line_count > 1) {
        OUT_TEXT(scratch, " (lines ");
        finding_lines_write(scratch, claim, finding, ", ");
        OUT_TEXT(scratch, ")");
    }
    scratch_wrap(report, FINDING_INDENT, FINDING_INDENT);
    out_view(scratch, finding->rule->why);
    part_write(report, VIEW("why     "));
    out_view(scratch, finding_fix(finding));
    part_write(report, VIEW("fix     "));
    for (int i = 0; i < finding->evidence_count; i++) {
        evidence_sentence(scratch, report, result, &finding->evidence[i]);
        part_write(report, VIEW("source  "));
    }
    cites_write(report, finding);
    part_write(report, VIEW("cited   "));
    answer_sentence(scratch, finding);
    part_write(report, VIEW("answer  "));
    if (result->price) {
        price_risk_sentence(scratch, result->price, finding->at_risk);
        part_write(report, VIEW("at risk "));
    }
}

static void line_head(struct report *report, const struct claim *claim, int number) {
    const struct claim_line *line = line_numbered(claim, number);
    if (number == 0) {
        OUT_TEXT(report->out, "  claim\n");
        return;
    }
    OUT_TEXT(report->out, "  ");
    OUT_TEXT(&report->scratch, "line ");
    out_int(&report->scratch, number);
    if (line) {
        OUT_TEXT(&report->scratch, "  ");
        line_sentence(&report->scratch, line, "  ");
    }
    scratch_wrap(report, 4, 2);
}

static void gaps_write(struct report *report, const struct audit_result *result) {
    struct out *scratch = &report->scratch;
    for (int at = 0; gap_write(scratch, result, &at);) {
        OUT_TEXT(scratch, "; ");
    }
    for (int at = 0; needs_write(scratch, result, &at);) {
        OUT_TEXT(scratch, "; ");
    }
    if (scratch->size > 0) {
        scratch->size -= 2; /* the last separator */
        OUT_TEXT(report->out, "  ");
        coloured(report, "2", VIEW("not evaluated  "));
        scratch_wrap(report, 17, 17);
    }
}

static void prices_write(struct report *report, const struct claim *claim,
                         const struct audit_result *result) {
    struct out *scratch = &report->scratch;
    OUT_TEXT(report->out, "  ");
    coloured(report, "2", VIEW("pays  "));
    price_claim_sentence(scratch, result);
    scratch_wrap(report, 8, 8);
    for (int i = 0; price_line_sentence(scratch, claim, result->price, i); i++) {
        out_pad(report->out, 8);
        scratch_wrap(report, 10, 8);
    }
}

/* "session  facet_injection LS on 2026-10-05, left, 2 levels, dx: lines 1, 2" */
static void sessions_write(struct report *report, const struct claim *claim,
                           const struct audit_result *result) {
    struct out *scratch = &report->scratch;
    char text[11];
    for (int i = 0; i < result->session_count; i++) {
        const struct audit_session *session = &result->sessions[i];
        out_view(scratch, session->family);
        OUT_TEXT(scratch, " ");
        out_view(scratch, region_name(session->region));
        OUT_TEXT(scratch, " on ");
        out_view(scratch, date_text(session->on, text));
        out_view(scratch, session->side == 'L'   ? VIEW(", left")
                          : session->side == 'R' ? VIEW(", right")
                          : session->side == 'B' ? VIEW(", both sides")
                                                 : VIEW(""));
        OUT_TEXT(scratch, ", ");
        out_int(scratch, session->levels);
        OUT_TEXT(scratch, " level");
        out_view(scratch, view_of(session->levels == 1 ? "" : "s"));
        OUT_TEXT(scratch, ", intent ");
        out_view(scratch, intent_name(session->intent));
        OUT_TEXT(scratch, ": lines ");
        bit_lines_write(scratch, claim, session->lines, ", ");
        OUT_TEXT(report->out, "  ");
        coloured(report, "2", VIEW("session  "));
        scratch_wrap(report, 11, 11);
    }
}

static struct view outcome_words(enum audit_outcome outcome) {
    return outcome == OUTCOME_PASSED          ? VIEW("passed          ")
           : outcome == OUTCOME_FIRED         ? VIEW("fired           ")
           : outcome == OUTCOME_NOT_EVALUATED ? VIEW("not evaluated   ")
                                              : VIEW("not applicable  ");
}

static void trace_needs(struct out *out, const struct audit_result *result,
                        const struct audit_trace *trace) {
    struct audit_gap own = {.rule = trace->rule, .needs = trace->needs};
    bool first = true;
    OUT_TEXT(out, ": needs ");
    if (trace->needs) {
        gap_needs_write(out, &own, ", ");
    }
    for (int i = 0; i < result->gap_count && !trace->needs; i++) {
        if (result->gaps[i].rule == trace->rule) {
            out_view(out, view_of(first ? "" : ", "));
            out_view(out, result->gaps[i].need);
            first = false;
        }
    }
}

/* "passed  rfa_parameters entry 1, lines 1, 2: require: probe temperature c is 80, at least 80" */
static void trace_write(struct report *report, const struct claim *claim,
                        const struct audit_result *result, const struct audit_trace *trace) {
    struct out *scratch = &report->scratch;
    OUT_TEXT(report->out, "  ");
    coloured(report, trace->outcome == OUTCOME_FIRED ? "33" : "2", outcome_words(trace->outcome));
    out_view(scratch, trace->rule->id);
    if (trace->entry > 0) {
        OUT_TEXT(scratch, " entry ");
        out_int(scratch, trace->entry);
    }
    if (trace->lines) {
        out_view(scratch, view_of(trace->lines & (trace->lines - 1) ? ", lines " : ", line "));
        bit_lines_write(scratch, claim, trace->lines, ", ");
    }
    if (trace->outcome == OUTCOME_NOT_EVALUATED) {
        trace_needs(scratch, result, trace);
    }
    if (trace->reason.size > 0) {
        OUT_TEXT(scratch, ": ");
        out_view(scratch, trace->reason);
    }
    scratch_wrap(report, TRACE_INDENT, TRACE_INDENT - 2);
    for (int i = 0; i < trace->value_count; i++) {
        out_pad(report->out, TRACE_INDENT);
        out_view(scratch, trace->values[i]);
        scratch_wrap(report, TRACE_INDENT + 2, TRACE_INDENT);
    }
}

static void claim_head(struct report *report, const struct claim *claim,
                       const struct audit_result *result) {
    struct out *scratch = &report->scratch;
    struct view id = view_sub(claim->id, 0, ID_COLUMNS_MAX);
    colour(report, "1");
    safe_write(report->out, id);
    colour(report, "0");
    OUT_TEXT(report->out, "  ");
    coloured(report,
             result->verdict == AUDIT_NOT_CLEAN ? "1;31"
             : result->verdict                  ? "33"
                                                : "32",
             verdict_words(result->verdict));
    OUT_TEXT(report->out, "  ");
    out_view(scratch, claim_payer(report, claim));
    OUT_TEXT(scratch, ", ");
    path_write(scratch, report->file);
    OUT_TEXT(scratch, ": ");
    place_sentence(scratch, claim->format, &claim->at);
    scratch_wrap(report, 4, (int)(id.size + 4 + verdict_words(result->verdict).size));
}

void text_claim(struct report *report, const struct claim *claim,
                const struct audit_result *result) {
    bool traced =
        report->options.trace && (result->session_count > 0 || result->trace_count > 0);
    if (result->finding_count == 0 && result->gap_count == 0 &&
        result->opportunity_count == 0 && !traced) {
        clean_add(report, claim);
        return;
    }
    text_file(report);
    claim_head(report, claim, result);
    int line = -1;
    for (int i = 0; i < result->finding_count; i++) {
        const struct audit_finding *finding = &result->findings[i];
        int first = finding->line_count > 0 ? finding->lines[0] : 0;
        if (first != line) {
            line_head(report, claim, first);
            line = first;
        }
        finding_write(report, claim, result, finding);
    }
    gaps_write(report, result);
    if (result->price) {
        prices_write(report, claim, result);
    }
    opportunities_text(report, result);
    if (traced) {
        sessions_write(report, claim, result);
        for (int i = 0; i < result->trace_count; i++) {
            trace_write(report, claim, result, &result->trace[i]);
        }
    }
    if (result->truncated) {
        OUT_TEXT(report->out, "  more findings than fit: the list is cut\n");
    }
    OUT_TEXT(report->out, "\n");
}

void text_fault(struct report *report, const struct claim_fault *fault) {
    struct out *scratch = &report->scratch;
    text_file(report);
    path_write(report->out, report->file);
    OUT_TEXT(report->out, "  ");
    bool error = !fault->rule || view_equal(view_of(fault->severity), VIEW("error"));
    coloured(report, error ? "1;31" : "36",
             !fault->rule ? VIEW("UNREADABLE")
             : error      ? VIEW("ERROR")
                          : VIEW("REVIEW"));
    OUT_TEXT(report->out, "\n    ");
    out_view(scratch, view_of(fault->rule ? fault->rule : fault->diag.code));
    OUT_TEXT(scratch, ": ");
    diag_sentence(scratch, &fault->diag);
    scratch_wrap(report, 6, 4);
    OUT_TEXT(report->out, "\n");
}

void text_end(struct report *report) {
    text_file(report);
    if (!report->options.bare) {
        report_summary(report, report->out);
    }
}
