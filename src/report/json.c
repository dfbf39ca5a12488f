/* JSON: one object a line, the contract of the command line. Written for speed: everything that
 * repeats was rendered when the report was opened or by the room rule. */
#include "report/report_internal.h"

bool json_open(struct report *report) {
    struct out *out = &report->scratch;
    char text[11];
    OUT_TEXT(out, "\",\"as_of\":");
    if (date_given(report->options.as_of)) {
        out_json(out, date_text(report->options.as_of, text));
    } else {
        OUT_TEXT(out, "null");
    }
    OUT_TEXT(out, ",\"store\":");
    out_json(out, store_hash(report->store));
    OUT_TEXT(out, ",\"editions\":[");
    report->json_head = arena_copy(report->arena, out_bytes(out));
    out_clear(out);
    OUT_TEXT(out, "],\"coverage\":{\"not_loaded\":[");
    for (int i = 0; i < report->not_loaded_count; i++) {
        if (i > 0) {
            out_char(out, ',');
        }
        out_json(out, report->not_loaded[i]);
    }
    OUT_TEXT(out, "]},\"findings\":[");
    report->json_coverage = arena_copy(report->arena, out_bytes(out));
    out_clear(out);
    return !out->failed;
}

static void editions_render(const struct report *report, const struct audit_result *result,
                            struct out *out) {
    bool first = true;
    out_view(out, report->json_head);
    for (int i = 0; i < report->release_count; i++) {
        if (!release_in(&result->releases, (uint32_t)i)) {
            continue;
        }
        if (!first) {
            out_char(out, ',');
        }
        first = false;
        out_view(out, report->releases[i].edition);
        out_view(out, release_in(&result->stale_releases, (uint32_t)i) ? VIEW("true}")
                                                                       : VIEW("false}"));
    }
    out_view(out, report->json_coverage);
}

static bool sets_equal(const struct release_set *a, const struct release_set *b) {
    uint64_t differ = 0;
    for (ptrdiff_t i = 0; i < COUNT_OF(a->word); i++) {
        differ |= a->word[i] ^ b->word[i];
    }
    return differ == 0;
}

static uint64_t sets_slot(const struct audit_result *result) {
    uint64_t mixed = 0;
    for (ptrdiff_t i = 0; i < COUNT_OF(result->releases.word); i++) {
        mixed = (mixed ^ result->releases.word[i]) * UINT64_C(0x9E3779B97F4A7C15);
        mixed = (mixed ^ result->stale_releases.word[i]) * UINT64_C(0x9E3779B97F4A7C15);
    }
    return mixed >> 56 & (EDITION_SLOTS - 1);
}

/* A slot that is taken stays so: memory does not grow with the input. */
static void editions_write(struct report *report, const struct audit_result *result) {
    struct edition_text *slot = &report->editions[sets_slot(result)];
    if (slot->text.size > 0 && sets_equal(&slot->releases, &result->releases) &&
        sets_equal(&slot->stale, &result->stale_releases)) {
        out_view(report->out, slot->text);
        return;
    }
    if (slot->text.size > 0) {
        editions_render(report, result, report->out);
        return;
    }
    struct out *out = &report->scratch;
    out_clear(out);
    editions_render(report, result, out);
    out_view(report->out, out_bytes(out));
    *slot = (struct edition_text){result->releases, result->stale_releases,
                                  arena_copy(report->arena, out_bytes(out))};
}

static void key_int(struct out *out, struct view key, int64_t value, bool *first) {
    out_view(out, *first ? view_sub(key, 1, key.size) : key);
    out_int(out, value);
    *first = false;
}

/* Keys that do not apply are left out; X12 speaks of segments, the other formats of rows. */
static void place_write(struct out *out, enum claim_format format, int line,
                        const struct claim_place *at) {
    bool x12 = format == CLAIM_FORMAT_X12;
    bool first = true;
    OUT_TEXT(out, "\"at\":{");
    if (line > 0) {
        key_int(out, VIEW(",\"line\":"), line, &first);
    }
    if (at->segment > 0) {
        key_int(out, x12 ? VIEW(",\"segment\":") : VIEW(",\"row\":"), at->segment, &first);
    }
    if (at->element > 0) {
        key_int(out, x12 ? VIEW(",\"element\":") : VIEW(",\"column\":"), at->element, &first);
    }
    if (at->byte >= 0) {
        key_int(out, VIEW(",\"byte\":"), at->byte, &first);
    }
    out_char(out, '}');
}

void report_json_date(struct out *out, struct date date) {
    char text[11];
    if (date_given(date)) {
        out_char(out, '"');
        out_view(out, date_text(date, text));
        out_char(out, '"');
    } else {
        OUT_TEXT(out, "null");
    }
}

static void evidence_write(const struct report *report, const struct audit_evidence *evidence) {
    struct out *out = report->out;
    const struct release_text *release = evidence_release(report, evidence);
    char text[9];
    out_char(out, '{');
    if (release) {
        out_view(out, release->evidence);
    } else if (evidence->table != STORE_TABLES) {
        OUT_TEXT(out, "\"table\":\"");
        out_view(out, store_table_name(evidence->table));
        OUT_TEXT(out, "\",");
    }
    if (evidence->source.size > 0 || evidence->claim_ordinal == CLAIM_OF_HISTORY) {
        OUT_TEXT(out, "\"table\":");
        out_json(out, evidence->source.size > 0 ? evidence->source : VIEW("history"));
        out_char(out, ',');
    }
    OUT_TEXT(out, "\"row\":");
    out_json(out, evidence->row);
    if (evidence->indicator) {
        OUT_TEXT(out, ",\"indicator\":");
        out_json(out, (struct view){&evidence->indicator, 1});
    }
    if (evidence->table != STORE_TABLES) {
        OUT_TEXT(out, ",\"from\":");
        report_json_date(out, evidence->proof.from);
        OUT_TEXT(out, ",\"to\":");
        report_json_date(out, evidence->proof.to);
    }
    bool first = false;
    if (evidence->line > 0) {
        key_int(out, VIEW(",\"line\":"), evidence->line, &first);
    }
    if (code_given(evidence->modifier)) {
        OUT_TEXT(out, ",\"modifier\":\"");
        out_view(out, code_text(evidence->modifier, text));
        out_char(out, '"');
    }
    if (evidence->claim_ordinal > 0) {
        key_int(out, VIEW(",\"claim\":"), evidence->claim_ordinal, &first);
        key_int(out, VIEW(",\"claim_line\":"), evidence->claim_line, &first);
    }
    out_char(out, '}');
}

static void fix_write(struct out *out, const struct audit_finding *finding) {
    struct view fix = finding_fix(finding);
    if (fix.size == 0) {
        return;
    }
    out_view(out, finding->repair ? VIEW(",\"fix\":{\"kind\":\"repair\",\"text\":")
                                  : VIEW(",\"fix\":{\"kind\":\"suggestion\",\"text\":"));
    out_json(out, fix);
    if (finding->patch.size > 0) {
        OUT_TEXT(out, ",\"patch\":");
        out_view(out, finding->patch);
    }
    out_char(out, '}');
}

static void finding_write(struct report *report, const struct claim *claim,
                          const struct audit_result *result, struct view id,
                          const struct audit_finding *finding) {
    struct out *out = report->out;
    const struct rule *rule = finding->rule;
    OUT_TEXT(out, "{\"id\":");
    out_view(out, id);
    finding_tail_write(out, finding);
    OUT_TEXT(out, "\",");
    out_view(out, rule->json);
    OUT_TEXT(out, ",\"severity\":\"");
    out_view(out, rule_severity_name(finding->severity));
    OUT_TEXT(out, "\",\"status\":\"");
    out_view(out, audit_status_name(finding->status));
    if (finding_trial(finding)) {
        OUT_TEXT(out, "\",\"rule_status\":\"trial");
    }
    OUT_TEXT(out, "\",\"lines\":[");
    finding_lines_write(out, claim, finding, ",");
    OUT_TEXT(out, "],");
    place_write(out, claim->format, finding->line_count > 0 ? finding->lines[0] : 0, &finding->at);
    OUT_TEXT(out, ",\"message\":");
    out_json(out, finding->message);
    out_char(out, ',');
    out_view(out, rule->json_why);
    OUT_TEXT(out, ",\"evidence\":[");
    for (int i = 0; i < finding->evidence_count; i++) {
        if (i > 0) {
            out_char(out, ',');
        }
        evidence_write(report, &finding->evidence[i]);
    }
    OUT_TEXT(out, "],");
    out_view(out, finding->check ? finding->check->json_cite : rule->json_cite);
    if (finding->status == AUDIT_FAIL && rule->json_expect.size > 0) {
        out_char(out, ',');
        out_view(out, rule->json_expect);
    }
    fix_write(out, finding);
    if (result->price) {
        price_finding_json(out, result->price, finding);
    }
    out_char(out, '}');
}

static bool gap_first(const struct audit_result *result, int index) {
    for (int i = 0; i < index; i++) {
        if (result->gaps[i].rule == result->gaps[index].rule) {
            return false;
        }
    }
    return true;
}

/* The object of a rule that lacks facts: most claims of a kind lack the same, so the first text of
 * each rule is kept. */
static void needs_object(struct report *report, const struct audit_gap *gap) {
    struct needs_text *kept = gap->rule->index < NEEDS_RULES_MAX
                                  ? &report->needs[gap->rule->index]
                                  : NULL;
    if (kept && kept->needs == gap->needs) {
        out_view(report->out, kept->text);
        return;
    }
    struct out *out = &report->scratch;
    out_clear(out);
    OUT_TEXT(out, "{\"rule\":");
    out_json(out, gap->rule->id);
    OUT_TEXT(out, ",\"needs\":[\"");
    gap_needs_write(out, gap, "\",\"");
    OUT_TEXT(out, "\"]}");
    out_view(report->out, out_bytes(out));
    if (kept && kept->needs == 0) {
        *kept = (struct needs_text){gap->needs, arena_copy(report->arena, out_bytes(out))};
    }
    out_clear(out);
}

/* One object a rule, with everything it lacks. */
static void gaps_write(struct report *report, const struct audit_result *result) {
    struct out *out = report->out;
    for (int i = 0; i < result->gap_count; i++) {
        if (result->gaps[i].needs) {
            out_view(out, i > 0 ? VIEW(",") : VIEW(""));
            needs_object(report, &result->gaps[i]);
            continue;
        }
        if (!gap_first(result, i)) {
            continue;
        }
        out_view(out, i > 0 ? VIEW(",{\"rule\":") : VIEW("{\"rule\":"));
        out_json(out, result->gaps[i].rule->id);
        OUT_TEXT(out, ",\"needs\":[");
        for (int j = i; j < result->gap_count; j++) {
            if (result->gaps[j].rule == result->gaps[i].rule) {
                if (j > i) {
                    out_char(out, ',');
                }
                out_json(out, result->gaps[j].need);
            }
        }
        OUT_TEXT(out, "]}");
    }
}

static void sessions_write(struct report *report, const struct claim *claim,
                           const struct audit_result *result) {
    struct out *out = report->out;
    char text[11];
    OUT_TEXT(out, "],\"sessions\":[");
    for (int i = 0; i < result->session_count; i++) {
        const struct audit_session *session = &result->sessions[i];
        char side[] = {session->side, 0};
        OUT_TEXT(out, "{\"family\":");
        out_json(out, session->family);
        OUT_TEXT(out, ",\"region\":");
        out_json(out, region_name(session->region));
        OUT_TEXT(out, ",\"on\":");
        out_json(out, date_text(session->on, text));
        OUT_TEXT(out, ",\"side\":");
        out_json(out, view_of(side));
        OUT_TEXT(out, ",\"levels\":");
        out_int(out, session->levels);
        OUT_TEXT(out, ",\"intent\":");
        out_json(out, intent_name(session->intent));
        OUT_TEXT(out, ",\"lines\":[");
        bit_lines_write(out, claim, session->lines, ",");
        out_view(out, i + 1 < result->session_count ? VIEW("]},") : VIEW("]}"));
    }
}

/* What a rule lacked: the needs of the entry, or the gaps of a mechanical rule. */
static void trace_needs(struct out *out, const struct audit_result *result,
                        const struct audit_trace *trace) {
    struct audit_gap own = {.rule = trace->rule, .needs = trace->needs};
    bool first = true;
    OUT_TEXT(out, ",\"needs\":[");
    if (trace->needs) {
        OUT_TEXT(out, "\"");
        gap_needs_write(out, &own, "\",\"");
        OUT_TEXT(out, "\"");
    }
    for (int i = 0; i < result->gap_count && !trace->needs; i++) {
        if (result->gaps[i].rule == trace->rule) {
            out_view(out, view_of(first ? "" : ","));
            out_json(out, result->gaps[i].need);
            first = false;
        }
    }
    OUT_TEXT(out, "]");
}

static void trace_write(struct out *out, const struct claim *claim,
                        const struct audit_result *result, const struct audit_trace *trace) {
    OUT_TEXT(out, "{\"rule\":");
    out_json(out, trace->rule->id);
    OUT_TEXT(out, ",\"entry\":");
    out_int(out, trace->entry);
    OUT_TEXT(out, ",\"outcome\":");
    out_json(out, audit_outcome_name(trace->outcome));
    OUT_TEXT(out, ",\"lines\":[");
    bit_lines_write(out, claim, trace->lines, ",");
    OUT_TEXT(out, "],\"reason\":");
    if (trace->reason.size > 0) {
        out_json(out, trace->reason);
    } else {
        OUT_TEXT(out, "null");
    }
    if (trace->outcome == OUTCOME_NOT_EVALUATED) {
        trace_needs(out, result, trace);
    }
    OUT_TEXT(out, ",\"values\":[");
    for (int i = 0; i < trace->value_count; i++) {
        out_view(out, view_of(i > 0 ? "," : ""));
        out_json(out, trace->values[i]);
    }
    OUT_TEXT(out, "]}");
}

static void traces_write(struct report *report, const struct claim *claim,
                         const struct audit_result *result) {
    OUT_TEXT(report->out, "],\"trace\":[");
    for (int i = 0; i < result->trace_count; i++) {
        out_view(report->out, view_of(i > 0 ? "," : ""));
        trace_write(report->out, claim, result, &result->trace[i]);
    }
}

static void findings_write(struct report *report, const struct claim *claim,
                           const struct audit_result *result) {
    out_clear(&report->scratch);
    out_json(&report->scratch, claim->id);
    struct view quoted = out_bytes(&report->scratch);
    struct view id = view_sub(quoted, 0, quoted.size - 1); /* open: the rest of an id follows */
    for (int i = 0; i < result->finding_count; i++) {
        if (i > 0) {
            out_char(report->out, ',');
        }
        finding_write(report, claim, result, id, &result->findings[i]);
    }
}

void json_claim(struct report *report, const struct claim *claim,
                const struct audit_result *result) {
    struct out *out = report->out;
    OUT_TEXT(out, "{\"claim_id\":");
    out_json(out, claim->id);
    OUT_TEXT(out, ",\"verdict\":\"");
    out_view(out, audit_verdict_name(result->verdict));
    editions_write(report, result);
    if (result->finding_count > 0) {
        findings_write(report, claim, result);
    }
    OUT_TEXT(out, "],\"not_evaluated\":[");
    gaps_write(report, result);
    opportunities_json(report, claim, result);
    if (report->options.trace) {
        sessions_write(report, claim, result);
        traces_write(report, claim, result);
        opportunities_blocked_json(report, claim, result);
    }
    out_char(out, ']');
    if (result->price) {
        OUT_TEXT(out, ",\"money\":{");
        report_price_json(out, claim, result->price);
        OUT_TEXT(out, ",\"at_risk\":");
        report_money_json(out, result->at_risk);
        out_char(out, '}');
    }
    out_view(out, result->truncated ? VIEW(",\"truncated\":true}\n") : VIEW("}\n"));
}

/* An envelope finding: it has the place of the file and no claim. */
static void notice_write(struct out *out, const struct claim_fault *fault) {
    const struct diag *diag = &fault->diag;
    struct claim_place at = {diag->segment, diag->byte, (int32_t)diag->element};
    OUT_TEXT(out, ",\"findings\":[{\"rule\":");
    out_json(out, view_of(fault->rule));
    OUT_TEXT(out, ",\"code\":");
    out_json(out, view_of(diag->code));
    OUT_TEXT(out, ",\"severity\":");
    out_json(out, view_of(fault->severity));
    OUT_TEXT(out, ",\"status\":\"fail\",");
    place_write(out, CLAIM_FORMAT_X12, 0, &at);
}

void json_fault(struct report *report, const struct claim_fault *fault) {
    struct out *out = report->out;
    const struct diag *diag = &fault->diag;
    bool first = false;
    OUT_TEXT(out, "{\"file\":");
    out_json(out, report->file);
    if (fault->rule) {
        notice_write(out, fault);
    } else {
        OUT_TEXT(out, ",\"errors\":[{\"code\":");
        out_json(out, view_of(diag->code));
        if (diag->segment > 0) {
            key_int(out, VIEW(",\"segment\":"), diag->segment, &first);
        }
        if (diag->element > 0) {
            key_int(out, VIEW(",\"element\":"), diag->element, &first);
        }
        if (diag->line > 0) {
            key_int(out, VIEW(",\"line\":"), diag->line, &first);
        }
        if (diag->column > 0) {
            key_int(out, VIEW(",\"column\":"), diag->column, &first);
        }
        if (diag->byte >= 0) {
            key_int(out, VIEW(",\"byte\":"), diag->byte, &first);
        }
    }
    OUT_TEXT(out, ",\"message\":");
    out_json(out, view_of(diag->text));
    OUT_TEXT(out, "}]}\n");
}
