/* Opportunities as text and JSON: what could be billed, with the proof, the reason and the gain;
 * with a trace also what was looked at and is not shown. */
#include "report/report_internal.h"

#define LABEL_COLUMN 4
#define WORDS_COLUMN 15

/* ---- pieces ------------------------------------------------------------------------------ */

/* "64494-LT-KX" */
static void change_code(struct out *out, const struct opportunity_change *change) {
    char text[9];
    out_view(out, code_text(change->code, text));
    for (int i = 0; i < change->modifier_count; i++) {
        OUT_TEXT(out, "-");
        out_view(out, code_text(change->modifiers[i], text));
    }
}

/* "new line 3: 64494-LT  1 unit" */
static void change_sentence(struct out *out, const struct opportunity_change *change) {
    char text[24];
    out_view(out, change->added ? VIEW("new line ") : VIEW("line "));
    out_int(out, change->line);
    OUT_TEXT(out, ": ");
    change_code(out, change);
    OUT_TEXT(out, ", ");
    out_view(out, quantity_text(change->units, text));
    out_view(out, change->units.milli == 1000 ? VIEW(" unit") : VIEW(" units"));
    if (code_given(change->place)) {
        OUT_TEXT(out, ", place of service ");
        out_view(out, code_text(change->place, text));
    }
}

static void gain_sentence(struct out *out, struct money gain) {
    if (money_given(gain)) {
        OUT_TEXT(out, "allows ");
        money_write(out, gain);
        OUT_TEXT(out, " more");
    } else {
        OUT_TEXT(out, "not known: no fee of this payer");
    }
}

/* "levels_count: 2; joints: L4-L5, L5-S1" */
static void proofs_write(struct out *out, const struct audit_opportunity *opportunity) {
    for (int i = 0; i < opportunity->proof_count; i++) {
        out_view(out, view_of(i > 0 ? "; " : ""));
        out_view(out, opportunity->proofs[i].fact);
        OUT_TEXT(out, ": ");
        out_view(out, opportunity->proofs[i].value);
    }
}

static void keys_write(struct out *out, struct view keys, const char *separator) {
    for (int i = 0; keys.at; i++) {
        out_view(out, view_of(i > 0 ? separator : ""));
        out_view(out, view_cut(&keys, ' '));
    }
}

/* ---- text -------------------------------------------------------------------------------- */

/* What `scratch` holds, safe and wrapped. */
static void words(struct report *report) {
    out_clear(&report->safe);
    safe_write(&report->safe, out_bytes(&report->scratch));
    out_wrap(report->out, out_bytes(&report->safe), WORDS_COLUMN, WORDS_COLUMN, TEXT_WIDTH);
    out_clear(&report->scratch);
}

/* The same behind a label. */
static void part(struct report *report, const char *label) {
    if (report->scratch.size > 0) {
        out_pad(report->out, LABEL_COLUMN);
        out_format(report->out, "%-*s", WORDS_COLUMN - LABEL_COLUMN, label);
        words(report);
    }
}

static void opportunity_text(struct report *report, const struct audit_opportunity *opportunity) {
    struct out *scratch = &report->scratch;
    bool bills = opportunity->change_count > 0;
    /* Where a service was done only the record says. */
    bool sure = bills && opportunity->row->kind != OPPORTUNITY_SITE_OF_SERVICE;
    out_view(report->out, sure ? VIEW("  could bill   ") : VIEW("  to consider  "));
    out_view(scratch, opportunity->row->id);
    OUT_TEXT(scratch, ": ");
    out_view(scratch, opportunity->message);
    if (opportunity->row->trial) {
        OUT_TEXT(scratch, " [trial: not verified on the source]");
    }
    words(report);
    for (int i = 0; i < opportunity->change_count; i++) {
        change_sentence(scratch, &opportunity->changes[i]);
        part(report, i == 0 ? "bill" : "");
    }
    proofs_write(scratch, opportunity);
    part(report, "record");
    out_view(scratch, opportunity->row->why);
    part(report, "why");
    out_view(scratch, opportunity->row->fix);
    part(report, "do");
    keys_write(scratch, opportunity->row->cite, "; ");
    part(report, "cited");
    if (bills) {
        gain_sentence(scratch, opportunity->gain);
        part(report, "gain");
    }
}

/* "not shown  facet_level: 64494, 64495: third_level_noncovered: …" */
static void blocked_text(struct report *report, const struct audit_opportunity *blocked) {
    struct out *scratch = &report->scratch;
    OUT_TEXT(report->out, "  not shown    ");
    out_view(scratch, blocked->row->id);
    for (int i = 0; i < blocked->change_count; i++) {
        out_view(scratch, view_of(i > 0 ? ", " : ": "));
        change_code(scratch, &blocked->changes[i]);
    }
    OUT_TEXT(scratch, ": ");
    if (blocked->blocked_by) {
        out_view(scratch, blocked->blocked_by->id);
        OUT_TEXT(scratch, ": ");
    }
    out_view(scratch, blocked->reason);
    words(report);
}

void opportunities_text(struct report *report, const struct audit_result *result) {
    for (int i = 0; i < result->opportunity_count; i++) {
        opportunity_text(report, &result->opportunities[i]);
    }
    for (int i = 0; report->options.trace && i < result->blocked_count; i++) {
        blocked_text(report, &result->blocked[i]);
    }
}

/* ---- html -------------------------------------------------------------------------------- */

/* What `scratch` holds, escaped. */
static void scratch_html(struct report *report, const char *before) {
    out_view(&report->detail, view_of(before));
    html_write(&report->detail, out_bytes(&report->scratch));
    out_clear(&report->scratch);
}

static void opportunity_html(struct report *report, const struct audit_opportunity *opportunity) {
    struct out *scratch = &report->scratch;
    OUT_TEXT(&report->detail, "<li><strong>");
    html_write(&report->detail, opportunity->row->id);
    OUT_TEXT(&report->detail, "</strong>: ");
    html_write(&report->detail, opportunity->message);
    if (opportunity->row->trial) {
        OUT_TEXT(&report->detail, " [trial: not verified on the source]");
    }
    for (int i = 0; i < opportunity->change_count; i++) {
        change_sentence(scratch, &opportunity->changes[i]);
        scratch_html(report, "<br>");
    }
    proofs_write(scratch, opportunity);
    scratch_html(report, "<br>Record: ");
    out_view(scratch, opportunity->row->why);
    OUT_TEXT(scratch, " ");
    out_view(scratch, opportunity->row->fix);
    scratch_html(report, "<br>");
    keys_write(scratch, opportunity->row->cite, "; ");
    scratch_html(report, "<br>Cited: ");
    if (opportunity->change_count > 0) {
        gain_sentence(scratch, opportunity->gain);
        scratch_html(report, "<br>Gain: ");
    }
    OUT_TEXT(&report->detail, "</li>");
}

void opportunities_html(struct report *report, const struct audit_result *result) {
    if (result->opportunity_count == 0) {
        return;
    }
    OUT_TEXT(&report->detail, "<p>Could bill, or consider:</p><ul>");
    for (int i = 0; i < result->opportunity_count; i++) {
        opportunity_html(report, &result->opportunities[i]);
    }
    OUT_TEXT(&report->detail, "</ul>\n");
}

/* ---- json -------------------------------------------------------------------------------- */

static void change_json(struct out *out, const struct opportunity_change *change) {
    char text[24], code[9];
    out_format(out, "{\"line\":%d,\"new\":%s,\"code\":", change->line,
               change->added ? "true" : "false");
    out_json(out, code_text(change->code, code));
    OUT_TEXT(out, ",\"modifiers\":[");
    for (int i = 0; i < change->modifier_count; i++) {
        out_view(out, view_of(i > 0 ? "," : ""));
        out_json(out, code_text(change->modifiers[i], code));
    }
    OUT_TEXT(out, "],\"units\":");
    out_view(out, quantity_text(change->units, text));
    if (code_given(change->place)) {
        OUT_TEXT(out, ",\"place_of_service\":");
        out_json(out, code_text(change->place, code));
    }
    OUT_TEXT(out, "}");
}

/* The members that one shown and one blocked share, from its id to its changes. */
static void opportunity_head(struct out *out, const struct claim *claim,
                             const struct audit_opportunity *opportunity) {
    OUT_TEXT(out, "{\"id\":");
    out_json(out, opportunity->row->id);
    OUT_TEXT(out, ",\"kind\":");
    out_json(out, opportunity_kind_name(opportunity->row->kind));
    out_view(out, opportunity->row->trial ? VIEW(",\"status\":\"trial\"") : VIEW(""));
    OUT_TEXT(out, ",\"lines\":[");
    bit_lines_write(out, claim, opportunity->lines, ",");
    OUT_TEXT(out, "],\"message\":");
    out_json(out, opportunity->message);
    OUT_TEXT(out, ",\"proof\":[");
    for (int i = 0; i < opportunity->proof_count; i++) {
        out_view(out, view_of(i > 0 ? ",{\"fact\":" : "{\"fact\":"));
        out_json(out, opportunity->proofs[i].fact);
        OUT_TEXT(out, ",\"value\":");
        out_json(out, opportunity->proofs[i].value);
        OUT_TEXT(out, "}");
    }
    OUT_TEXT(out, "],\"change\":[");
    for (int i = 0; i < opportunity->change_count; i++) {
        out_view(out, view_of(i > 0 ? "," : ""));
        change_json(out, &opportunity->changes[i]);
    }
    OUT_TEXT(out, "]");
}

static void opportunity_json(struct out *out, const struct claim *claim,
                             const struct audit_opportunity *opportunity) {
    const struct opportunity_row *row = opportunity->row;
    opportunity_head(out, claim, opportunity);
    OUT_TEXT(out, ",\"patch\":");
    out_view(out, opportunity->patch.size > 0 ? opportunity->patch : VIEW("[]"));
    OUT_TEXT(out, ",\"gain\":");
    report_money_json(out, opportunity->gain);
    OUT_TEXT(out, ",\"why\":");
    out_json(out, row->why);
    OUT_TEXT(out, ",\"do\":");
    out_json(out, row->fix);
    OUT_TEXT(out, ",\"cite\":[\"");
    keys_write(out, row->cite, "\",\"");
    OUT_TEXT(out, "\"]}");
}

static void blocked_json(struct out *out, const struct claim *claim,
                         const struct audit_opportunity *blocked) {
    opportunity_head(out, claim, blocked);
    OUT_TEXT(out, ",\"rule\":");
    if (blocked->blocked_by) {
        out_json(out, blocked->blocked_by->id);
    } else {
        OUT_TEXT(out, "null");
    }
    OUT_TEXT(out, ",\"reason\":");
    out_json(out, blocked->reason);
    OUT_TEXT(out, "}");
}

void opportunities_json(struct report *report, const struct claim *claim,
                        const struct audit_result *result) {
    struct out *out = report->out;
    for (int i = 0; i < result->opportunity_count; i++) {
        out_view(out, i > 0 ? VIEW(",") : VIEW("],\"opportunities\":["));
        opportunity_json(out, claim, &result->opportunities[i]);
    }
}

void opportunities_blocked_json(struct report *report, const struct claim *claim,
                                const struct audit_result *result) {
    struct out *out = report->out;
    for (int i = 0; i < result->blocked_count; i++) {
        out_view(out, i > 0 ? VIEW(",") : VIEW("],\"opportunities_blocked\":["));
        blocked_json(out, claim, &result->blocked[i]);
    }
}
