/* RFC 6902 operations, as findings carry them, applied to a draft: each is checked, changes the
 * claim, and becomes changes of elements or the removal of a service line. */
#include <json-c/json.h>
#include <string.h>

#include "claim/draft_internal.h"
#include "claim/json_internal.h"

#define PATCH_BYTES_MAX 65536   /* a patch of ours has less than 100 */
#define PATCH_OPERATIONS_MAX 64 /* as many as lines can have */
#define UNITS_MAX_MILLI (INT64_C(9999999) * 1000) /* seven digits is what payers' systems hold */

enum operation_kind { OPERATION_ADD, OPERATION_REMOVE, OPERATION_REPLACE };

/* "/lines/1/modifiers/0": N is an index, "-" the place behind the last. */
struct operation {
    enum operation_kind kind;
    int line;
    struct view field; /* "modifiers", "units", or empty: the line */
    struct view index; /* of a modifier */
    struct json_object *value;
};

static int refuse(struct diag *diag, const char *why) {
    diag_set(diag, "patch_refused", "%s", why);
    return STATUS_INPUT;
}

static int broken(struct diag *diag, const char *why) {
    diag_set(diag, "patch_syntax", "%s", why);
    return STATUS_INPUT;
}

/* ---- lines --------------------------------------------------------------------------------- */

/* Two decimals where the total had them. */
static struct view total_text(struct claim_draft *draft, struct view before, struct money total) {
    char text[24];
    struct view amount = money_text(total, text);
    bool plain = view_find(before, '.') < 0 && total.cents % 100 == 0;
    return arena_copy(draft->arena, plain ? view_sub(amount, 0, amount.size - 3) : amount);
}

/* The total follows when it was the sum of the lines. */
static int total_follow(struct claim_draft *draft, struct diag *diag) {
    struct claim *claim = &draft->claim;
    struct money before = draft_charges(draft->source);
    struct money after = draft_charges(claim);
    struct draft_element element;
    if (!money_given(before) || !money_given(after) || !money_given(claim->total_charge) ||
        before.cents != draft->source->total_charge.cents || before.cents == after.cents) {
        return STATUS_OK;
    }
    if (!draft_element(draft, &claim->charge_at, &element)) {
        return refuse(diag, "the claim has no CLM02 that could follow");
    }
    element.name = "CLM02";
    element.rule = "charge_balance";
    element.kind = CHANGE_FOLLOWS;
    claim->total_charge = after;
    draft_set(draft, &element, total_text(draft, element.now, after));
    return STATUS_OK;
}

static const char *removal_fault(const struct claim_draft *draft, const struct claim_line *line) {
    const struct claim *claim = &draft->claim;
    if (claim->line_count < 2) {
        return "it is the last line: a claim without services cannot be sent";
    }
    if (claim->lines_extra > 0) {
        return "the claim has more lines than were read";
    }
    if (claim->other_payer_count > 0) {
        return "another payer's amounts add up over the lines of the claim";
    }
    if (line->begins.byte < 0 || line->ends.byte <= line->begins.byte ||
        line->ends.byte > draft->file.size || line->ends.segment <= line->begins.segment) {
        return "the file ends within the line";
    }
    return NULL;
}

static int line_remove(struct claim_draft *draft, int index, struct diag *diag) {
    struct claim *claim = &draft->claim;
    const struct claim_line line = draft->lines[index];
    const char *fault = removal_fault(draft, &line);
    struct claim_change *change =
        fault ? NULL : ARENA_NEW(draft->arena, struct claim_change, 1);
    if (!change) {
        return fault ? refuse(diag, fault) : memory_fault(diag);
    }
    int64_t size = line.ends.byte - line.begins.byte;
    *change = (struct claim_change){
        .earlier = draft->changes,
        .kind = CHANGE_PATCH,
        .element = "2400",
        .line = line.number,
        .byte = line.begins.byte,
        .size = size,
        .segments = line.ends.segment - line.begins.segment,
        .before = view_sub(draft->file, (ptrdiff_t)line.begins.byte, (ptrdiff_t)size),
        .after = VIEW("")};
    draft->changes = change;
    claim->line_count--;
    size_t behind = (size_t)(claim->line_count - index);
    memmove(&draft->lines[index], &draft->lines[index + 1], behind * sizeof draft->lines[0]);
    memmove(&draft->origin[index], &draft->origin[index + 1], behind * sizeof draft->origin[0]);
    claim->age = -1; /* on the first day of service, which may be another now */
    claim_complete(claim);
    return total_follow(draft, diag);
}

/* ---- modifiers ----------------------------------------------------------------------------- */

/* Modifiers stand close together; what comes behind the fourth keeps its place. */
static struct view procedure_text(struct claim_draft *draft, const struct draft_parts *old,
                                  const struct view *modifiers, int count) {
    struct draft_parts parts = {.count = 2 + CLAIM_MODIFIERS_MAX};
    for (int i = 0; i < parts.count; i++) {
        parts.at[i] = i < 2 ? old->at[i] : i - 2 < count ? modifiers[i - 2] : VIEW("");
    }
    while (parts.count < old->count) {
        parts.at[parts.count] = old->at[parts.count];
        parts.count++;
    }
    return draft_join(draft, &parts);
}

static int modifier_value(const struct claim_draft *draft, struct json_object *value,
                          struct code *code, struct diag *diag) {
    if (!json_object_is_type(value, json_type_string)) {
        return broken(diag, "a modifier must be a text in quotes");
    }
    struct view text = {json_object_get_string(value), json_object_get_string_len(value)};
    char given[9];
    *code = code_from(text);
    if (text.size != 2 || !code_given(*code)) {
        return refuse(diag, "a modifier has two letters or digits");
    }
    if (!draft_fits(draft, code_text(*code, given))) {
        return refuse(diag, "the value holds a separator of the interchange");
    }
    return STATUS_OK;
}

/* An index as RFC 6901 writes it: digits, no zero in front; -1 when it is none below `count`. */
static int index_of(struct view text, int count) {
    int index = 0;
    if (!view_is_digits(text) || text.size > 3 || (text.size > 1 && text.at[0] == '0')) {
        return -1;
    }
    for (ptrdiff_t i = 0; i < text.size; i++) {
        index = index * 10 + (text.at[i] - '0');
    }
    return index < count ? index : -1;
}

/* Room for a modifier at `index`, or one less. */
static void modifiers_shift(struct claim_line *line, struct view *texts, int index, bool add) {
    int behind = line->modifier_count - index - !add;
    int from = index + !add;
    int to = index + add;
    memmove(&line->modifiers[to], &line->modifiers[from],
            (size_t)behind * sizeof line->modifiers[0]);
    memmove(&texts[to], &texts[from], (size_t)behind * sizeof texts[0]);
    line->modifier_count += add ? 1 : -1;
}

static int modifier_apply(struct claim_draft *draft, const struct operation *operation,
                          struct diag *diag) {
    struct claim_line *line = &draft->lines[operation->line];
    struct draft_element element;
    struct draft_parts parts;
    struct view texts[CLAIM_MODIFIERS_MAX];
    struct code code = CODE_NONE;
    bool add = operation->kind == OPERATION_ADD;
    bool last = view_equal(operation->index, VIEW("-"));
    int index = add && last ? line->modifier_count
                            : index_of(operation->index, line->modifier_count + add);
    if (index < 0) {
        return refuse(diag, "the line has no modifier at that place");
    }
    if (add && line->modifier_count == CLAIM_MODIFIERS_MAX) {
        return refuse(diag, "the line has four modifiers, there is room for no more");
    }
    int status = operation->kind == OPERATION_REMOVE
                     ? STATUS_OK
                     : modifier_value(draft, operation->value, &code, diag);
    if (status != STATUS_OK) {
        return status;
    }
    if (!draft_procedure(draft, line, &element, &parts)) {
        return refuse(diag, "SV101 is built otherwise than its separators say");
    }
    int count = 0;
    for (int i = 2; i < parts.count && i < 2 + CLAIM_MODIFIERS_MAX; i++) {
        if (view_trim(parts.at[i]).size > 0) {
            texts[count++] = parts.at[i];
        }
    }
    if (operation->kind != OPERATION_REPLACE) {
        modifiers_shift(line, texts, index, add);
    }
    if (operation->kind != OPERATION_REMOVE) {
        char text[9];
        line->modifiers[index] = code;
        texts[index] = arena_copy(draft->arena, code_text(code, text));
    }
    element.kind = CHANGE_PATCH;
    draft_set(draft, &element, procedure_text(draft, &parts, texts, line->modifier_count));
    return STATUS_OK;
}

/* ---- units --------------------------------------------------------------------------------- */

static bool element_counted(const struct claim_draft *draft, const struct claim_place *segment,
                            const struct claim_place *at) {
    int count = 0;
    for (int64_t i = segment->byte; i >= 0 && i < at->byte && i < draft->file.size; i++) {
        count += draft->file.at[i] == draft->source->separators.element;
    }
    return count == at->element;
}

static int units_replace(struct claim_draft *draft, const struct operation *operation,
                         struct diag *diag) {
    struct claim_line *line = &draft->lines[operation->line];
    struct draft_element element;
    char text[24];
    bool number = json_object_is_type(operation->value, json_type_int) ||
                  json_object_is_type(operation->value, json_type_double);
    struct quantity units =
        number ? quantity_from(view_of(json_object_get_string(operation->value))) : QUANTITY_NONE;
    if (!number) {
        return broken(diag, "units must be a number");
    }
    if (!quantity_given(units) || units.milli <= 0 || units.milli > UNITS_MAX_MILLI) {
        return refuse(diag, "units must be above zero and have at most seven digits");
    }
    if (!draft_element(draft, &line->units_at, &element) ||
        !element_counted(draft, &line->at, &line->units_at)) {
        return refuse(diag, "the line has no SV104");
    }
    struct view value = quantity_text(units, text);
    if (!draft_fits(draft, value)) {
        return refuse(diag, "the value holds a separator of the interchange");
    }
    line->units = units;
    if (line->minutes >= 0) {
        line->minutes = (int)(units.milli / 1000);
    }
    element.name = "SV104";
    element.line = line->number;
    element.kind = CHANGE_PATCH;
    draft_set(draft, &element, arena_copy(draft->arena, value));
    return STATUS_OK;
}

/* ---- operations ---------------------------------------------------------------------------- */

static struct view key_text(struct json_object *object, const char *key) {
    struct json_object *value;
    bool text = json_object_object_get_ex(object, key, &value) &&
                json_object_is_type(value, json_type_string);
    return text ? (struct view){json_object_get_string(value), json_object_get_string_len(value)}
                : VIEW_NONE;
}

static bool kind_read(struct view text, enum operation_kind *kind) {
    static const char *const names[] = {"add", "remove", "replace"};
    for (int i = 0; i < COUNT_OF(names); i++) {
        if (view_equal(text, view_of(names[i]))) {
            *kind = (enum operation_kind)i;
            return true;
        }
    }
    return false;
}

static int operation_read(const struct claim_draft *draft, struct json_object *object,
                          struct operation *operation, struct diag *diag) {
    if (!json_object_is_type(object, json_type_object)) {
        return broken(diag, "an operation must be an object");
    }
    struct view path = key_text(object, "path");
    struct view kind = key_text(object, "op");
    if (!path.at || !kind.at) {
        return broken(diag, "an operation needs \"op\" and \"path\"");
    }
    if (!kind_read(kind, &operation->kind)) {
        return refuse(diag, "only add, remove and replace can be written into a claim file");
    }
    (void)json_object_object_get_ex(object, "value", &operation->value);
    struct view head = view_cut(&path, '/');
    struct view lines = path.at ? view_cut(&path, '/') : VIEW_NONE;
    struct view line = path.at ? view_cut(&path, '/') : VIEW_NONE;
    operation->field = path.at ? view_cut(&path, '/') : VIEW_NONE;
    operation->index = path.at ? view_cut(&path, '/') : VIEW_NONE;
    operation->line = index_of(line, draft->claim.line_count);
    if (head.size > 0 || !view_equal(lines, VIEW("lines")) || path.at) {
        return refuse(diag, "only service lines, their modifiers and units can be changed");
    }
    return operation->line >= 0 ? STATUS_OK : refuse(diag, "the claim has no such line");
}

static int operation_apply(struct claim_draft *draft, struct json_object *object,
                           struct diag *diag) {
    struct operation operation = {0};
    int status = operation_read(draft, object, &operation, diag);
    if (status != STATUS_OK) {
        return status;
    }
    if (!operation.field.at && operation.kind == OPERATION_REMOVE) {
        return line_remove(draft, operation.line, diag);
    }
    if (view_equal(operation.field, VIEW("modifiers")) && operation.index.at) {
        return modifier_apply(draft, &operation, diag);
    }
    if (view_equal(operation.field, VIEW("units")) && !operation.index.at &&
        operation.kind == OPERATION_REPLACE) {
        return units_replace(draft, &operation, diag);
    }
    return refuse(diag, "only service lines, their modifiers and units can be changed");
}

static int operations_apply(struct claim_draft *draft, struct json_object *list,
                            struct diag *diag) {
    size_t count = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;
    int status = STATUS_OK;
    if (count < 1 || count > PATCH_OPERATIONS_MAX) {
        return broken(diag, "a patch must be a list of 1 to 64 operations");
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = operation_apply(draft, json_object_array_get_idx(list, i), diag);
    }
    if (status == STATUS_OK && draft->arena->failed) {
        status = memory_fault(diag);
    }
    return status;
}

int claim_draft_patch(struct claim_draft *draft, struct view patch, struct diag *diag) {
    struct json_tokener *tokener =
        patch.size > 0 && patch.size <= PATCH_BYTES_MAX ? json_tokener_strict() : NULL;
    if (!tokener) {
        return patch.size > 0 && patch.size <= PATCH_BYTES_MAX
                   ? memory_fault(diag)
                   : broken(diag, "a patch must have 1 to 65536 bytes");
    }
    struct json_object *list = json_tokener_parse_ex(tokener, patch.at, (int)patch.size);
    bool whole = json_tokener_get_error(tokener) == json_tokener_success &&
                 (ptrdiff_t)json_tokener_get_parse_end(tokener) == patch.size;
    int status =
        whole ? operations_apply(draft, list, diag) : broken(diag, "the patch is no JSON text");
    json_object_put(list);
    json_tokener_free(tokener);
    return status;
}
