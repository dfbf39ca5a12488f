/* The change of a candidate as RFC 6902 operations on claim JSON. */
#include "audit/opportunity_internal.h"

static void code_json(struct out *out, struct code code) {
    char text[9];
    out_json(out, code_text(code, text));
}

static void modifiers_json(struct out *out, const struct claim_line *line) {
    OUT_TEXT(out, "[");
    for (int i = 0; i < line->modifier_count; i++) {
        out_view(out, view_of(i > 0 ? "," : ""));
        code_json(out, line->modifiers[i]);
    }
    OUT_TEXT(out, "]");
}

static void quantity_json(struct out *out, const char *key, struct quantity quantity) {
    char text[24];
    if (quantity_given(quantity)) {
        out_format(out, ",\"%s\":", key);
        out_view(out, quantity_text(quantity, text));
    }
}

static void text_json(struct out *out, const char *key, struct view text) {
    if (text.size > 0) {
        out_format(out, ",\"%s\":", key);
        out_json(out, text);
    }
}

static void pointers_json(struct out *out, const struct claim_line *line) {
    if (!line->pointers_known) {
        return;
    }
    OUT_TEXT(out, ",\"diagnosis_pointers\":[");
    for (int i = 0, written = 0; i < line->pointer_count; i++) {
        if (line->pointers[i] > 0) {
            char letter = (char)('A' + line->pointers[i] - 1);
            out_view(out, view_of(written++ ? "," : ""));
            out_json(out, (struct view){&letter, 1});
        }
    }
    OUT_TEXT(out, "]");
}

static struct view kind_word(enum claim_kind kind) {
    return kind == KIND_DX     ? VIEW("dx")
           : kind == KIND_TX   ? VIEW("tx")
           : kind == KIND_RFA  ? VIEW("rfa")
           : kind == KIND_CYST ? VIEW("cyst")
                               : VIEW("");
}

static struct view container_word(enum claim_container container) {
    return container == CONTAINER_SINGLE  ? VIEW("single")
           : container == CONTAINER_MULTI ? VIEW("multi")
                                          : VIEW("");
}

static void ndc_json(struct out *out, const struct claim_ndc *ndc) {
    char unit[9];
    if (ndc->code.size > 0) {
        OUT_TEXT(out, ",\"ndc\":{\"code\":");
        out_json(out, ndc->code);
        quantity_json(out, "quantity", ndc->quantity);
        text_json(out, "unit", code_given(ndc->unit) ? code_text(ndc->unit, unit) : VIEW(""));
        OUT_TEXT(out, "}");
    }
}

static void line_json(struct out *out, const struct claim_line *line) {
    char day[11], place[9];
    out_format(out, "{\"line\":%d,\"code\":", line->number);
    code_json(out, line->code);
    OUT_TEXT(out, ",\"modifiers\":");
    modifiers_json(out, line);
    quantity_json(out, "units", line->units);
    pointers_json(out, line);
    text_json(out, "service_date", date_given(line->from) ? date_text(line->from, day) : VIEW(""));
    text_json(out, "place_of_service",
              code_given(line->place_of_service) ? code_text(line->place_of_service, place)
                                                 : VIEW(""));
    text_json(out, "kind", kind_word(line->kind));
    quantity_json(out, "dose_mg", line->dose_mg);
    text_json(out, "container", container_word(line->container));
    ndc_json(out, &line->ndc);
    if (line->rendering.npi.size > 0) {
        OUT_TEXT(out, ",\"rendering_provider\":{\"npi\":");
        out_json(out, line->rendering.npi);
        OUT_TEXT(out, "}");
    }
    OUT_TEXT(out, "}");
}

static bool modifiers_same(const struct claim_line *a, const struct claim_line *b) {
    bool same = a->modifier_count == b->modifier_count;
    for (int i = 0; same && i < a->modifier_count; i++) {
        same = code_equal(a->modifiers[i], b->modifiers[i]);
    }
    return same;
}

static void place_operation(struct out *out, struct code billed, struct code place, int index) {
    if (code_equal(billed, place)) {
        return;
    }
    out_view(out, view_of(out->size > 1 ? "," : ""));
    out_format(out, "{\"op\":\"%s\",\"path\":\"", code_given(billed) ? "replace" : "add");
    if (index >= 0) {
        out_format(out, "/lines/%d", index);
    }
    OUT_TEXT(out, "/place_of_service\",\"value\":");
    code_json(out, place);
    OUT_TEXT(out, "}");
}

static void operation_begin(struct out *out, const char *path, int index) {
    out_view(out, view_of(out->size > 1 ? "," : ""));
    out_format(out, "{\"op\":\"add\",\"path\":\"/lines/%d%s\",\"value\":", index, path);
}

/* An "add" of a member takes the place of one that is there. */
struct view candidate_patch(const struct candidate *candidate) {
    const struct claim *billed = candidate->search->pass->claim;
    struct out *out = &candidate->search->words;
    out_clear(out);
    OUT_TEXT(out, "[");
    place_operation(out, billed->place_of_service, candidate->claim->place_of_service, -1);
    for (int i = 0; i < candidate->claim->line_count; i++) {
        const struct claim_line *line = &candidate->claim->lines[i];
        if (i >= billed->line_count) {
            operation_begin(out, "", i);
            line_json(out, line);
            OUT_TEXT(out, "}");
            continue;
        }
        place_operation(out, billed->lines[i].place_of_service, line->place_of_service, i);
        if (!modifiers_same(line, &billed->lines[i])) {
            operation_begin(out, "/modifiers", i);
            modifiers_json(out, line);
            OUT_TEXT(out, "}");
        }
        if (line->units.milli != billed->lines[i].units.milli) {
            char text[24];
            operation_begin(out, "/units", i);
            out_view(out, quantity_text(line->units, text));
            OUT_TEXT(out, "}");
        }
    }
    OUT_TEXT(out, "]");
    return arena_copy(candidate->search->pass->arena, out_bytes(out));
}
