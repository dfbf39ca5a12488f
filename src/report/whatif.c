/* The forms that a claim could take, what each pays and what stands against it: text and JSON. */
#include "report/report_internal.h"

#define INDENT 6
#define WORDS_COLUMNS 43 /* of a form or place, before the amounts */
#define AMOUNT_COLUMNS 12

static const char *const form_words[AUDIT_FORMS] = {
    "as billed",
    "a line with modifier 50",
    "a line with RT, a line with LT",
    "a line with both sides in its units",
    "first level 50, further levels in units",
    "first level 50, further levels on two lines",
    "once, without a side",
};

static const char *convention_words(enum store_bilateral_convention convention) {
    return convention == BILATERAL_CMS_50  ? "one line with modifier 50"
           : convention == BILATERAL_RT_LT ? "a line with RT and a line with LT"
                                           : "modifier 50 on the first level and further levels "
                                             "twice without it";
}

/* How the payer takes both sides of these codes. */
static void convention_write(struct out *out, const struct audit_forms *forms,
                             const struct audit_form_group *group) {
    bool known = false;
    bool once = false;
    for (int i = 0; i < group->variant_count; i++) {
        known |= group->variants[i].convention;
        once |= group->variants[i].convention && group->variants[i].form == AUDIT_FORM_ONCE;
    }
    if (forms->payer.size == 0) {
        OUT_TEXT(out, "; the payer is not known, and with it how it takes both sides: no form is "
                      "ranked");
    } else if (forms->convention == BILATERAL_UNKNOWN) {
        OUT_TEXT(out, "; how ");
        out_view(out, forms->payer);
        OUT_TEXT(out, " takes both sides is not known: no form is ranked");
    } else if (once || !known) {
        out_view(out, once ? VIEW("; the code stands for both sides")
                           : VIEW("; the fee schedule pays no second side"));
    } else {
        OUT_TEXT(out, "; ");
        out_view(out, forms->payer);
        OUT_TEXT(out, " takes ");
        out_view(out, view_of(convention_words(forms->convention)));
    }
}

static const char *convention_name(enum store_bilateral_convention convention) {
    return convention == BILATERAL_CMS_50      ? "cms_50"
           : convention == BILATERAL_AMA_TWICE ? "ama_twice"
           : convention == BILATERAL_RT_LT     ? "rt_lt"
                                               : "unknown";
}

/* The codes of the lines, each once: "64493, 64494". */
static void codes_write(struct out *out, const struct claim *claim, uint64_t lines) {
    char text[9];
    bool first = true;
    for (int i = 0; i < claim->line_count; i++) {
        bool told = !(lines >> i & 1);
        for (int j = 0; j < i && !told; j++) {
            told = (lines >> j & 1) && code_equal(claim->lines[j].code, claim->lines[i].code);
        }
        if (!told) {
            out_view(out, view_of(first ? "" : ", "));
            out_view(out, code_text(claim->lines[i].code, text));
            first = false;
        }
    }
}

/* ---- text -------------------------------------------------------------------------------- */

/* A paragraph, below a row or on its own; what comes from outside is made safe. */
static void note_text(struct out *out, struct out *words, int indent) {
    struct out safe;
    out_open(&safe, NULL, NULL);
    safe_write(&safe, out_bytes(words));
    out_pad(out, indent);
    out_wrap(out, out_bytes(&safe), indent + 2, indent, TEXT_WIDTH);
    out_clear(&safe);
    out_close(&safe);
    out_clear(words);
}

static void amounts_text(struct out *out, const struct audit_amounts *amounts) {
    report_money_pad(out, amounts->allowed, AMOUNT_COLUMNS);
    report_money_pad(out, amounts->patient, AMOUNT_COLUMNS);
    report_money_pad(out, amounts->paid, AMOUNT_COLUMNS);
}

static void row_text(struct out *out, int rank, struct view words,
                     const struct audit_amounts *amounts, struct view last) {
    if (rank > 0) {
        out_format(out, "%4d  ", rank);
    } else {
        out_pad(out, INDENT);
    }
    out_view(out, words);
    out_pad(out, WORDS_COLUMNS - words.size);
    amounts_text(out, amounts);
    OUT_TEXT(out, "  ");
    out_view(out, last);
    OUT_TEXT(out, "\n");
}

static void head_text(struct out *out, const char *first, const char *last) {
    struct view words = view_of(first);
    out_view(out, words);
    out_pad(out, INDENT + WORDS_COLUMNS - words.size);
    OUT_TEXT(out, "     allowed     patient    Medicare  ");
    out_view(out, view_of(last));
    OUT_TEXT(out, "\n");
}

/* "64493-50-KX x1 $640.00; …": the lines of the services in question. */
static void lines_text(struct out *out, struct out *words, const struct audit_variant *variant) {
    const struct claim *claim = variant->trial.claim;
    char text[24];
    for (int i = 0; i < claim->line_count; i++) {
        const struct claim_line *line = &claim->lines[i];
        if (!(variant->lines >> i & 1)) {
            continue;
        }
        out_view(words, view_of(words->size > 0 ? "; " : ""));
        out_view(words, code_text(line->code, text));
        for (int j = 0; j < line->modifier_count; j++) {
            out_char(words, '-');
            out_view(words, code_text(line->modifiers[j], text));
        }
        OUT_TEXT(words, " x");
        out_view(words, quantity_text(line->units, text));
        if (money_given(line->charge)) {
            out_char(words, ' ');
            money_write(words, line->charge);
        }
    }
    note_text(out, words, INDENT);
}

static void marks_text(struct out *out, struct out *words, const struct audit_variant *variant) {
    out_view(words, variant->as_billed ? VIEW("as billed") : VIEW(""));
    if (variant->convention) {
        out_view(words, view_of(words->size > 0 ? ", " : ""));
        OUT_TEXT(words, "the payer's form");
    }
    if (variant->pays_same) {
        out_view(words, view_of(words->size > 0 ? ", " : ""));
        OUT_TEXT(words, "pays the same");
    }
    if (words->size > 0) {
        note_text(out, words, INDENT);
    }
}

static void reasons_text(struct out *out, struct out *words, const struct audit_trial *trial,
                         uint64_t told) {
    for (int i = 0; i < trial->reason_count; i++) {
        const struct audit_reason *reason = &trial->reasons[i];
        if (reason->decides && (reason->lines == 0 || (reason->lines & ~told))) {
            out_view(words, reason->rule->id);
            OUT_TEXT(words, ": ");
            out_view(words, reason->message);
            note_text(out, words, INDENT);
        }
    }
}

/* What stops the claim as a whole: no form changes it. */
static void billed_text(struct out *out, const struct audit_trial *billed) {
    struct out words;
    out_open(&words, NULL, NULL);
    for (int i = 0; i < billed->reason_count; i++) {
        if (billed->reasons[i].lines == 0) {
            OUT_TEXT(&words, "whatever the form, ");
            out_view(&words, billed->reasons[i].rule->id);
            OUT_TEXT(&words, ": ");
            out_view(&words, billed->reasons[i].message);
            note_text(out, &words, 0);
        }
    }
    out_close(&words);
}

static void variant_text(struct out *out, const struct audit_variant *variant) {
    struct out words;
    out_open(&words, NULL, NULL);
    row_text(out, variant->rank, view_of(form_words[variant->form]), &variant->trial.left,
             audit_form_verdict_name(variant->verdict));
    marks_text(out, &words, variant);
    lines_text(out, &words, variant);
    if (variant->against.size > 0) {
        out_view(&words, variant->against);
        note_text(out, &words, INDENT);
    }
    reasons_text(out, &words, &variant->trial, 0);
    if (variant->need_count > 0 && (variant->verdict == AUDIT_FORM_ALLOWED ||
                                    variant->verdict == AUDIT_FORM_NOT_EVALUATED)) {
        out_view(&words, variant->verdict == AUDIT_FORM_ALLOWED ? VIEW("not ranked: needs ")
                                                                : VIEW("needs "));
        for (int i = 0; i < variant->need_count; i++) {
            out_view(&words, view_of(i > 0 ? ", " : ""));
            out_view(&words, variant->needs[i]);
        }
        note_text(out, &words, INDENT);
    }
    out_close(&words);
}

static void group_text(struct out *out, const struct claim *claim, const struct audit_forms *forms,
                       const struct audit_form_group *group) {
    struct out words;
    out_open(&words, NULL, NULL);
    OUT_TEXT(out, "\n");
    codes_write(&words, claim, group->lines);
    OUT_TEXT(&words, " on both sides");
    convention_write(&words, forms, group);
    note_text(out, &words, 0);
    head_text(out, "rank  form", "verdict");
    for (int i = 0; i < group->variant_count; i++) {
        variant_text(out, &group->variants[i]);
    }
    out_clear(&words);
    out_close(&words);
}

static void place_words(struct out *out, const struct audit_form_place *place) {
    char text[9];
    if (code_given(place->place)) {
        out_view(out, code_text(place->place, text));
    }
    out_view(out, code_equal(place->place, code_of("11"))   ? VIEW(" office")
                  : code_equal(place->place, code_of("24")) ? VIEW(" surgery center")
                  : code_equal(place->place, code_of("22")) ? VIEW(" hospital outpatient")
                  : code_given(place->place)                ? VIEW("")
                                                            : VIEW("places as billed"));
    out_view(out, place->as_billed && code_given(place->place) ? VIEW(", as billed") : VIEW(""));
}

static void place_text(struct out *out, const struct audit_form_place *place) {
    struct out words;
    out_open(&words, NULL, NULL);
    place_words(&words, place);
    row_text(out, 0, out_bytes(&words), &place->trial.left,
             place->facility ? VIEW("not evaluated") : VIEW("-"));
    out_clear(&words);
    if (place->need.size > 0) {
        OUT_TEXT(&words, "the facility's own amount needs ");
        out_view(&words, place->need);
        note_text(out, &words, INDENT);
    }
    if (place->drugs) {
        OUT_TEXT(&words, "drugs fall to the facility: line ");
        bit_lines_write(&words, place->trial.claim, place->drugs, ", ");
        note_text(out, &words, INDENT);
    }
    reasons_text(out, &words, &place->trial, place->drugs);
    out_close(&words);
}

static void places_text(struct out *out, const struct audit_forms *forms) {
    struct out words;
    out_open(&words, NULL, NULL);
    OUT_TEXT(out, "\n");
    OUT_TEXT(&words, "if it had been done elsewhere, for information, the professional's amounts "
                     "before any denial; what was done is billed where it was done");
    note_text(out, &words, 0);
    head_text(out, "      place", "facility");
    for (int i = 0; i < forms->place_count; i++) {
        place_text(out, &forms->places[i]);
    }
    if (forms->billed.unpriced) {
        OUT_TEXT(&words, "without an amount, and left out everywhere: line ");
        bit_lines_write(&words, forms->billed.claim, forms->billed.unpriced, ", ");
        OUT_TEXT(&words, " (");
        out_view(&words, forms->billed.price_need);
        OUT_TEXT(&words, ")");
        note_text(out, &words, INDENT);
    }
    out_close(&words);
}

void report_forms_text(struct out *out, const struct claim *claim,
                       const struct audit_forms *forms) {
    OUT_TEXT(out, "claim ");
    safe_write(out, view_sub(claim->id, 0, ID_SIZE_MAX));
    OUT_TEXT(out, ", payer ");
    safe_write(out, forms->payer.size > 0 ? forms->payer : VIEW("not known"));
    if (forms->price) {
        OUT_TEXT(out, ", ");
        report_price_place(out, forms->price);
    }
    OUT_TEXT(out, "\n");
    if (forms->facility_claim) {
        OUT_TEXT(out, "a facility's claim: its forms and amounts are not evaluated, they need "
                      "store:asc_fee\nor store:opps_addendum_b\n\n");
        return;
    }
    billed_text(out, &forms->billed);
    if (forms->group_count == 0) {
        OUT_TEXT(out, "nothing on it is billed for both sides\n");
    }
    for (int i = 0; i < forms->group_count; i++) {
        group_text(out, claim, forms, &forms->groups[i]);
    }
    places_text(out, forms);
    OUT_TEXT(out, "\n");
}

/* ---- JSON -------------------------------------------------------------------------------- */

static void text_json(struct out *out, const char *key, struct view text) {
    out_view(out, view_of(key));
    out_json(out, text);
}

static void truth_json(struct out *out, const char *key, bool value) {
    out_view(out, view_of(key));
    out_view(out, value ? VIEW("true") : VIEW("false"));
}

static void amounts_json(struct out *out, const struct audit_amounts *amounts) {
    OUT_TEXT(out, "\"allowed\":");
    report_money_json(out, amounts->allowed);
    OUT_TEXT(out, ",\"patient\":");
    report_money_json(out, amounts->patient);
    OUT_TEXT(out, ",\"paid\":");
    report_money_json(out, amounts->paid);
}

static void code_json(struct out *out, struct code code) {
    char text[9];
    out_json(out, code_text(code, text));
}

static void line_json(struct out *out, const struct audit_trial *trial, int index) {
    const struct claim_line *line = &trial->claim->lines[index];
    char text[24];
    OUT_TEXT(out, "{\"line\":");
    out_int(out, line->number);
    OUT_TEXT(out, ",\"code\":");
    out_json(out, code_given(line->code) ? code_text(line->code, text) : line->code_given);
    OUT_TEXT(out, ",\"modifiers\":[");
    for (int i = 0; i < line->modifier_count; i++) {
        out_view(out, view_of(i > 0 ? "," : ""));
        code_json(out, line->modifiers[i]);
    }
    OUT_TEXT(out, "],\"units\":");
    out_view(out, quantity_given(line->units) ? quantity_text(line->units, text) : VIEW("null"));
    OUT_TEXT(out, ",\"charge\":");
    report_money_json(out, line->charge);
    OUT_TEXT(out, ",\"allowed\":");
    report_money_json(out, trial->line_allowed ? trial->line_allowed[index] : MONEY_NONE);
    OUT_TEXT(out, "}");
}

static void numbers_json(struct out *out, const struct claim *claim, uint64_t lines) {
    OUT_TEXT(out, "[");
    bit_lines_write(out, claim, lines, ",");
    OUT_TEXT(out, "]");
}

static void findings_json(struct out *out, const struct audit_trial *trial) {
    OUT_TEXT(out, ",\"findings\":[");
    for (int i = 0; i < trial->reason_count; i++) {
        const struct audit_reason *reason = &trial->reasons[i];
        out_view(out, view_of(i > 0 ? "," : ""));
        text_json(out, "{\"rule\":", reason->rule->id);
        text_json(out, ",\"severity\":", rule_severity_name(reason->severity));
        OUT_TEXT(out, ",\"lines\":");
        numbers_json(out, trial->claim, reason->lines);
        truth_json(out, ",\"decides\":", reason->decides);
        text_json(out, ",\"message\":", reason->message);
        OUT_TEXT(out, "}");
    }
    OUT_TEXT(out, "]");
}

/* Amounts as priced, what is left of them, the verdict of the audit, lines and findings. */
static void trial_json(struct out *out, const struct audit_trial *trial) {
    OUT_TEXT(out, ",");
    amounts_json(out, &trial->amounts);
    OUT_TEXT(out, ",\"left\":{");
    amounts_json(out, &trial->left);
    text_json(out, "},\"audit_verdict\":", audit_verdict_name(trial->verdict));
    OUT_TEXT(out, ",\"lines\":[");
    for (int i = 0; i < trial->claim->line_count; i++) {
        out_view(out, view_of(i > 0 ? "," : ""));
        line_json(out, trial, i);
    }
    OUT_TEXT(out, "]");
    findings_json(out, trial);
}

static void variant_json(struct out *out, const struct audit_variant *variant, int group) {
    text_json(out, "{\"form\":", variant->form == AUDIT_FORM_OTHER
                                     ? VIEW("as_billed")
                                     : audit_form_name(variant->form));
    OUT_TEXT(out, ",\"group\":");
    out_int(out, group + 1);
    OUT_TEXT(out, ",\"services\":");
    numbers_json(out, variant->trial.claim, variant->lines);
    truth_json(out, ",\"ranked\":", variant->rank > 0);
    OUT_TEXT(out, ",\"rank\":");
    if (variant->rank > 0) {
        out_int(out, variant->rank);
    } else {
        OUT_TEXT(out, "null");
    }
    truth_json(out, ",\"pays_same\":", variant->pays_same);
    truth_json(out, ",\"as_billed\":", variant->as_billed);
    truth_json(out, ",\"payer_convention\":", variant->convention);
    text_json(out, ",\"verdict\":", audit_form_verdict_name(variant->verdict));
    text_json(out, ",\"record\":", variant->against);
    trial_json(out, &variant->trial);
    OUT_TEXT(out, ",\"not_evaluated\":[");
    for (int i = 0; i < variant->need_count; i++) {
        text_json(out, i > 0 ? "," : "", variant->needs[i]);
    }
    OUT_TEXT(out, "]}");
}

static void place_json(struct out *out, const struct audit_form_place *place) {
    OUT_TEXT(out, "{\"place_of_service\":");
    code_json(out, place->place);
    truth_json(out, ",\"ranked\":", false);
    truth_json(out, ",\"as_billed\":", place->as_billed);
    truth_json(out, ",\"facility\":", place->facility);
    OUT_TEXT(out, ",\"falls_to_facility\":");
    numbers_json(out, place->trial.claim, place->drugs);
    trial_json(out, &place->trial);
    OUT_TEXT(out, ",\"facility_amount\":null,\"not_evaluated\":[");
    if (place->need.size > 0) {
        out_json(out, place->need);
    }
    OUT_TEXT(out, "]}");
}

void report_forms_json(struct out *out, const struct claim *claim,
                       const struct audit_forms *forms) {
    bool first = true;
    text_json(out, "{\"claim_id\":", claim->id);
    text_json(out, ",\"payer\":", forms->payer);
    text_json(out, ",\"convention\":", view_of(convention_name(forms->convention)));
    truth_json(out, ",\"facility_claim\":", forms->facility_claim);
    OUT_TEXT(out, ",\"variants\":[");
    for (int i = 0; i < forms->group_count; i++) {
        for (int j = 0; j < forms->groups[i].variant_count; j++) {
            out_view(out, view_of(first ? "" : ","));
            variant_json(out, &forms->groups[i].variants[j], i);
            first = false;
        }
    }
    OUT_TEXT(out, "],\"places\":[");
    for (int i = 0; i < forms->place_count; i++) {
        out_view(out, view_of(i > 0 ? "," : ""));
        place_json(out, &forms->places[i]);
    }
    OUT_TEXT(out, "]}\n");
}
