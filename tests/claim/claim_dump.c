#include "claim_dump.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void label_out(struct out *out, const char *label) {
    out_view(out, view_of(label));
    out_char(out, '=');
}

static void text_dump(struct out *out, const char *label, struct view text) {
    if (text.size > 0) {
        label_out(out, label);
        out_view(out, text);
        out_char(out, '\n');
    }
}

static void code_dump(struct out *out, const char *label, struct code code) {
    char text[9];
    text_dump(out, label, code_text(code, text));
}

static void int_dump(struct out *out, const char *label, int64_t value, int64_t none) {
    if (value != none) {
        label_out(out, label);
        out_int(out, value);
        out_char(out, '\n');
    }
}

static void date_dump(struct out *out, const char *label, struct date date) {
    char text[11];
    if (date_given(date)) {
        text_dump(out, label, date_text(date, text));
    }
}

static void money_dump(struct out *out, const char *label, struct money money) {
    char text[24];
    if (money_given(money)) {
        text_dump(out, label, money_text(money, text));
    }
}

static void quantity_dump(struct out *out, const char *label, struct quantity quantity) {
    char text[24];
    if (quantity_given(quantity)) {
        text_dump(out, label, quantity_text(quantity, text));
    }
}

static void provider_dump(struct out *out, const char *label, struct claim_provider provider) {
    text_dump(out, label, provider.npi);
    text_dump(out, " taxonomy", provider.taxonomy);
    text_dump(out, " tin", provider.tin);
}

static void line_codes(struct out *out, const struct claim_line *line) {
    code_dump(out, " code", line->code);
    text_dump(out, " code_given", line->code_given);
    code_dump(out, " qualifier", line->qualifier);
    for (int i = 0; i < line->modifier_count; i++) {
        code_dump(out, " modifier", line->modifiers[i]);
    }
    for (int i = 0; i < line->pointer_count; i++) {
        int_dump(out, " pointer", line->pointers[i], -1);
    }
    code_dump(out, " pos", line->place_of_service);
    code_dump(out, " basis", line->unit_basis);
}

static void line_dump(struct out *out, const struct claim_line *line) {
    int_dump(out, "line", line->number, -1);
    line_codes(out, line);
    quantity_dump(out, " units", line->units);
    money_dump(out, " charge", line->charge);
    date_dump(out, " from", line->from);
    date_dump(out, " to", line->to);
    int_dump(out, " date_bad", line->date_bad, 0);
    text_dump(out, " ndc", line->ndc.code);
    quantity_dump(out, " ndc_quantity", line->ndc.quantity);
    code_dump(out, " ndc_unit", line->ndc.unit);
    quantity_dump(out, " dose_mg", line->dose_mg);
    int_dump(out, " container", line->container, 0);
    int_dump(out, " kind", line->kind, 0);
    int_dump(out, " minutes", line->minutes, -1);
    text_dump(out, " authorization", line->prior_authorization);
    text_dump(out, " control", line->control_number);
    provider_dump(out, " rendering", line->rendering);
    provider_dump(out, " supervising", line->supervising);
    provider_dump(out, " facility", line->facility);
    text_dump(out, " facility_zip", line->facility_zip);
}

static void payer_dump(struct out *out, const struct claim *claim) {
    text_dump(out, "payer_profile", claim->payer_profile);
    text_dump(out, "payer_name", claim->payer_name);
    text_dump(out, "payer_id", claim->payer_id);
    text_dump(out, "payer_state", claim->payer_state);
    code_dump(out, "filing", claim->filing);
    for (int i = 0; i < claim->other_payer_count; i++) {
        const struct claim_other_payer *payer = &claim->other_payers[i];
        int_dump(out, "other_payer", payer->order, 0);
        text_dump(out, " id", payer->id);
        money_dump(out, " paid", payer->paid);
        for (int k = 0; k < payer->adjustment_count; k++) {
            code_dump(out, " group", payer->adjustments[k].group);
            code_dump(out, "  carc", payer->adjustments[k].carc);
            money_dump(out, "  amount", payer->adjustments[k].amount);
            int_dump(out, "  line", payer->adjustments[k].line, 0);
        }
    }
}

void claim_dump(struct out *out, const struct claim *claim) {
    text_dump(out, "claim", claim->id);
    int_dump(out, "type", claim->type, CLAIM_PROFESSIONAL);
    payer_dump(out, claim);
    date_dump(out, "birth_date", claim->birth_date);
    int_dump(out, "age", claim->age, -1);
    int_dump(out, "sex", claim->sex, 0);
    provider_dump(out, "billing", claim->billing);
    text_dump(out, " zip", claim->billing_zip);
    provider_dump(out, "rendering", claim->rendering);
    provider_dump(out, "referring", claim->referring);
    provider_dump(out, "supervising", claim->supervising);
    provider_dump(out, "facility", claim->facility);
    text_dump(out, " zip", claim->facility_zip);
    code_dump(out, "pos", claim->place_of_service);
    text_dump(out, "authorization", claim->prior_authorization);
    code_dump(out, "frequency", claim->frequency);
    text_dump(out, "original", claim->original_reference);
    money_dump(out, "total", claim->total_charge);
    date_dump(out, "received", claim->received);
    int_dump(out, "date_bad", claim->date_bad, 0);
    for (int i = 0; i < claim->diagnosis_count; i++) {
        code_dump(out, "dx", claim->diagnoses[i]);
    }
    int_dump(out, "dx_extra", claim->diagnoses_extra, 0);
    int_dump(out, "icd9", claim->diagnoses_icd9, 0);
    for (int i = 0; i < claim->line_count; i++) {
        line_dump(out, &claim->lines[i]);
    }
    int_dump(out, "lines_extra", claim->lines_extra, 0);
}

void place_dump(struct out *out, struct view label, struct claim_place at) {
    out_format(out, "%.*s segment %lld element %d byte %lld\n", (int)label.size, label.at,
               (long long)at.segment, (int)at.element, (long long)at.byte);
}

ptrdiff_t bytes_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    struct bytes_source *source = context;
    if (source->fail_at >= 0 && source->rest.size <= source->fail_at) {
        diag_set(diag, "file_unreadable", "the disk failed");
        return -1;
    }
    ptrdiff_t got = source->rest.size < size ? source->rest.size : size;
    got = source->step > 0 && got > source->step ? source->step : got;
    if (got > 0) {
        memcpy(to, source->rest.at, (size_t)got);
        source->rest = view_sub(source->rest, got, source->rest.size);
    }
    return got;
}

static void number_dump(struct out *out, const char *label, int64_t value, int64_t none) {
    if (value != none) {
        out_format(out, " %s %lld", label, (long long)value);
    }
}

void fault_dump(struct out *out, enum claim_got got, const struct claim_fault *fault) {
    const struct diag *diag = &fault->diag;
    if (got == CLAIM_NOTICE) {
        out_format(out, "notice %s %s ", fault->rule, fault->severity);
    } else {
        OUT_TEXT(out, "fault ");
    }
    out_view(out, view_of(diag->code));
    number_dump(out, "segment", diag->segment, 0);
    number_dump(out, "element", diag->element, 0);
    number_dump(out, "line", diag->line, 0);
    number_dump(out, "column", diag->column, 0);
    number_dump(out, "byte", diag->byte, -1);
    out_format(out, ": %s\n", diag->text);
}

void input_dump(struct out *out, struct view bytes, ptrdiff_t step,
                const struct claim_options *options) {
    struct bytes_source source = {bytes, step, -1};
    struct claim_reader *reader;
    struct claim_fault fault = {0};
    if (claim_open(&reader, bytes_read, &source, options, &fault.diag) != STATUS_OK) {
        fault_dump(out, CLAIM_FAULT, &fault);
        return;
    }
    for (enum claim_got got = claim_next(reader); got != CLAIM_END; got = claim_next(reader)) {
        if (got == CLAIM_READ) {
            claim_dump(out, claim_now(reader));
        } else {
            fault_dump(out, got, claim_fault(reader));
        }
    }
    claim_close(reader);
}

void dump_check(const char *name, const char *in, ptrdiff_t step,
                const struct claim_options *options, const char *contains, const char *lacks) {
    struct out out;
    out_open(&out, NULL, NULL);
    input_dump(&out, view_of(in), step, options);
    out_char(&out, 0);
    const char *at = out.at;
    struct view rest = view_of(contains);
    while (rest.at) {
        char wanted[300];
        struct view line = view_cut(&rest, '\n');
        memcpy(wanted, line.at, (size_t)line.size);
        wanted[line.size] = 0;
        const char *found = strstr(at, wanted);
        if (!found) {
            fail_msg("%s: no \"%s\" in\n%s", name, wanted, out.at);
        }
        at = found + line.size;
    }
    if (lacks && strstr(out.at, lacks)) {
        fail_msg("%s: \"%s\" in\n%s", name, lacks, out.at);
    }
    out_close(&out);
}
