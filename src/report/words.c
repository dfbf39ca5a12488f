/* Sentences that text and HTML share. They hold what came from outside as it came: the formats
 * make it safe when they write it. */
#include "report/report_internal.h"

void count_write(struct out *out, int64_t count, const char *one, const char *many) {
    out_int(out, count);
    out_char(out, ' ');
    out_view(out, view_of(count == 1 ? one : many));
}

void money_write(struct out *out, struct money money) {
    char text[24];
    out_char(out, '$');
    out_view(out, money_text(money, text));
}

static void date_write(struct out *out, struct date date) {
    char text[11];
    out_view(out, date_text(date, text));
}

struct view verdict_words(enum audit_verdict verdict) {
    return verdict == AUDIT_NOT_CLEAN    ? VIEW("NOT CLEAN")
           : verdict == AUDIT_INCOMPLETE ? VIEW("INCOMPLETE")
                                         : VIEW("CLEAN");
}

struct view claim_payer(const struct report *report, const struct claim *claim) {
    if (claim->payer_profile.size > 0) {
        return claim->payer_profile;
    }
    struct view profile = store_payer_profile(report->store, claim->payer_id, claim->filing);
    return profile.size > 0 ? profile : VIEW("payer not known");
}

void line_sentence(struct out *out, const struct claim_line *line, const char *separator) {
    char text[24];
    out_view(out, code_given(line->code) ? code_text(line->code, text) : line->code_given);
    for (int i = 0; i < line->modifier_count; i++) {
        out_char(out, '-');
        out_view(out, code_text(line->modifiers[i], text));
    }
    if (quantity_given(line->units)) {
        bool one = line->units.milli == 1000;
        out_view(out, view_of(separator));
        out_view(out, quantity_text(line->units, text));
        out_view(out, code_equal(line->unit_basis, code_of("MJ")) ? VIEW(" minutes")
                      : one                                       ? VIEW(" unit")
                                                                  : VIEW(" units"));
    }
    if (money_given(line->charge)) {
        out_view(out, view_of(separator));
        money_write(out, line->charge);
    }
    if (date_given(line->from)) {
        out_view(out, view_of(separator));
        date_write(out, line->from);
    }
}

static void part_write(struct out *out, const char *name, int64_t value, bool *first) {
    if (!*first) {
        OUT_TEXT(out, ", ");
    }
    out_view(out, view_of(name));
    out_int(out, value);
    *first = false;
}

void place_sentence(struct out *out, enum claim_format format, const struct claim_place *at) {
    bool first = true;
    bool x12 = format == CLAIM_FORMAT_X12;
    if (at->segment > 0) {
        part_write(out, x12 ? "segment " : "row ", at->segment, &first);
    }
    if (at->element > 0) {
        part_write(out, x12 ? "element " : "column ", at->element, &first);
    }
    if (at->byte >= 0) {
        part_write(out, "byte ", at->byte, &first);
    }
}

void diag_sentence(struct out *out, const struct diag *diag) {
    bool first = true;
    out_view(out, view_of(diag->text));
    if (diag->segment <= 0 && diag->line <= 0 && diag->byte < 0) {
        return;
    }
    OUT_TEXT(out, " (");
    if (diag->segment > 0) {
        part_write(out, "segment ", diag->segment, &first);
    }
    if (diag->element > 0) {
        part_write(out, "element ", diag->element, &first);
    }
    if (diag->line > 0) {
        part_write(out, "line ", diag->line, &first);
    }
    if (diag->column > 0) {
        part_write(out, "column ", diag->column, &first);
    }
    if (diag->byte >= 0) {
        part_write(out, "byte ", diag->byte, &first);
    }
    out_char(out, ')');
}

/* An open start is only "on or before the release"; of an ended row it is left out. */
static void window_write(struct out *out, const struct release_text *release,
                         struct store_proof proof) {
    if (date_given(proof.from)) {
        OUT_TEXT(out, ", in force since ");
        date_write(out, proof.from);
    } else if (!date_given(proof.to) && release && date_given(release->effective)) {
        OUT_TEXT(out, ", in force since ");
        date_write(out, release->effective);
        OUT_TEXT(out, " or before");
    }
    if (date_given(proof.to)) {
        OUT_TEXT(out, ", until ");
        date_write(out, proof.to);
    }
}

static void evidence_table(struct out *out, const struct report *report,
                           const struct audit_result *result,
                           const struct audit_evidence *evidence) {
    const struct release_text *release = evidence_release(report, evidence);
    out_view(out, store_table_name(evidence->table));
    if (release) {
        out_char(out, ' ');
        out_view(out, release->name);
    }
    if (evidence->row.size > 0) {
        OUT_TEXT(out, ", row ");
        out_view(out, evidence->row);
    }
    if (evidence->indicator) {
        out_view(out, evidence->table == STORE_MUE   ? VIEW(", MAI ")
                      : evidence->table == STORE_AOC ? VIEW(", type ")
                                                     : VIEW(", indicator "));
        out_char(out, evidence->indicator);
    }
    window_write(out, release, evidence->proof);
    if (evidence_stale(result, evidence)) {
        OUT_TEXT(out, ", stale: older than the service");
    }
}

void evidence_sentence(struct out *out, const struct report *report,
                       const struct audit_result *result, const struct audit_evidence *evidence) {
    char text[9];
    if (evidence->table != STORE_TABLES) {
        evidence_table(out, report, result, evidence);
    } else if (evidence->claim_ordinal > 0) {
        OUT_TEXT(out, "claim number ");
        out_int(out, evidence->claim_ordinal);
        OUT_TEXT(out, " of this input");
        if (evidence->claim_line > 0) {
            OUT_TEXT(out, ", line ");
            out_int(out, evidence->claim_line);
        }
    } else {
        out_view(out, evidence->claim_ordinal == CLAIM_OF_HISTORY ? VIEW("the history")
                      : evidence->source.size > 0                 ? evidence->source
                                                                  : VIEW("the claim"));
    }
    if (evidence->table == STORE_TABLES && evidence->row.size > 0) {
        OUT_TEXT(out, ", ");
        out_view(out, evidence->row);
    }
    if (evidence->line > 0) {
        OUT_TEXT(out, ", line ");
        out_int(out, evidence->line);
    }
    if (code_given(evidence->modifier)) {
        OUT_TEXT(out, ", modifier ");
        out_view(out, code_text(evidence->modifier, text));
    }
}

const struct rule_cite *finding_cite(const struct audit_finding *finding, int n) {
    int own = finding->check ? finding->check->cite_count : 0;
    const struct rule *rule = finding->rule;
    return n < own                      ? &finding->check->cites[n]
           : n - own < rule->cite_count ? &rule->cites[n - own]
                                        : NULL;
}

bool finding_trial(const struct audit_finding *finding) {
    return finding->rule->state == RULE_TRIAL ||
           (finding->check && finding->check->state == RULE_TRIAL);
}

void answer_sentence(struct out *out, const struct audit_finding *finding) {
    const struct rule *rule = finding->rule;
    if (finding->status != AUDIT_FAIL || rule->carc.size == 0) {
        return;
    }
    out_view(out, rule->group);
    out_char(out, '-');
    out_view(out, rule->carc);
    for (int i = 0; i < rule->rarc_count; i++) {
        out_view(out, view_of(i > 0 ? " " : ", remark "));
        out_view(out, rule->rarcs[i]);
    }
}

/* ---- what could not be evaluated ---------------------------------------------------------- */

/* What a person can bring: the words for it, and the needs that it meets. */
static const struct {
    const char *words;
    uint64_t needs;
} bringings[] = {
    {"the chart: ", (UINT64_C(1) << CLAIM_FACTS) - 1},
    {"the history: ", AUDIT_NEEDS_HISTORY},
    {"the claim's authorization, intent or state: ",
     ~(AUDIT_NEEDS_HISTORY | ((UINT64_C(1) << CLAIM_FACTS) - 1))},
};

bool needs_write(struct out *out, const struct audit_result *result, int *at) {
    for (; *at < COUNT_OF(bringings); ++*at) {
        bool first = true;
        for (int i = 0; i < result->gap_count; i++) {
            if (result->gaps[i].needs & bringings[*at].needs) {
                out_view(out, view_of(first ? bringings[*at].words : ", "));
                out_view(out, result->gaps[i].rule->id);
                first = false;
            }
        }
        if (!first) {
            ++*at;
            return true;
        }
    }
    return false;
}

void gap_needs_write(struct out *out, const struct audit_gap *gap, const char *separator) {
    bool first = true;
    for (uint64_t needs = gap->needs; needs; needs &= needs - 1) {
        out_view(out, view_of(first ? "" : separator));
        out_view(out, audit_need_name(__builtin_ctzll(needs)));
        first = false;
    }
    out_view(out, gap->needs ? VIEW("") : gap->need);
}

static bool gap_is_first(const struct audit_result *result, int index) {
    for (int i = 0; i < index; i++) {
        if (result->gaps[i].rule == result->gaps[index].rule) {
            return false;
        }
    }
    return true;
}

bool gap_write(struct out *out, const struct audit_result *result, int *at) {
    while (*at < result->gap_count &&
           (result->gaps[*at].needs || !gap_is_first(result, *at))) {
        ++*at;
    }
    if (*at >= result->gap_count) {
        return false;
    }
    const struct rule *rule = result->gaps[*at].rule;
    out_view(out, rule->id);
    OUT_TEXT(out, " needs ");
    for (int i = *at; i < result->gap_count; i++) {
        if (result->gaps[i].rule == rule) {
            out_view(out, view_of(i > *at ? " and " : ""));
            out_view(out, result->gaps[i].need);
        }
    }
    ++*at;
    return true;
}

struct view region_name(enum store_region region) {
    static const char *const names[] = {"none", "CT", "LS", "CT or LS", "unspecified", "any"};
    return view_of(names[region]);
}

struct view intent_name(enum claim_kind kind) {
    static const char *const names[] = {"unknown", "dx", "tx", "rfa", "cyst", "presumptive",
                                        "definitive"};
    return view_of(names[kind]);
}

void bit_lines_write(struct out *out, const struct claim *claim, uint64_t lines,
                     const char *separator) {
    bool first = true;
    for (int i = 0; i < claim->line_count; i++) {
        if (lines >> i & 1) {
            out_view(out, view_of(first ? "" : separator));
            out_int(out, claim->lines[i].number);
            first = false;
        }
    }
}
