/* Fields of a claim, whatever the format: blank ones, texts kept, diagnoses, keys, age. */
#include <string.h>

#include "claim/claim_internal.h"

int memory_fault(struct diag *diag) {
    diag_set(diag, "memory", "memory was refused: close other programs or split the file");
    return STATUS_SYSTEM;
}

void claim_provider_blank(struct claim_provider *provider, struct view text) {
    *provider =
        (struct claim_provider){.npi = text, .taxonomy = text, .tin = text, .at = {.byte = -1}};
}

void claim_blank(struct claim *claim, struct view text) {
    *claim = (struct claim){.id = text,
                            .payer_profile = text,
                            .payer_name = text,
                            .payer_id = text,
                            .payer_state = text,
                            .payer_mac = text,
                            .facility_zip = text,
                            .billing_zip = text,
                            .prior_authorization = text,
                            .original_reference = text,
                            .total_charge = MONEY_NONE,
                            .birth_date = DATE_NONE,
                            .received = DATE_NONE,
                            .age = -1};
    struct claim_provider *providers[] = {&claim->billing, &claim->rendering, &claim->referring,
                                          &claim->supervising, &claim->facility};
    for (ptrdiff_t i = 0; i < COUNT_OF(providers); i++) {
        claim_provider_blank(providers[i], text);
    }
    struct claim_place *places[] = {&claim->at, &claim->pos_at, &claim->charge_at, &claim->date_at};
    for (ptrdiff_t i = 0; i < COUNT_OF(places); i++) {
        places[i]->byte = -1;
    }
    for (int i = 0; i < CLAIM_DIAGNOSES_MAX; i++) {
        claim->diagnoses_given[i] = text;
        claim->diagnoses_at[i].byte = -1;
    }
}

/* Providers of a line stay unknown: the claim's hold. */
void claim_line_blank(struct claim_line *line, struct view text) {
    *line = (struct claim_line){.code_given = text,
                                .units = QUANTITY_NONE,
                                .charge = MONEY_NONE,
                                .from = DATE_NONE,
                                .to = DATE_NONE,
                                .ndc = {.code = text, .quantity = QUANTITY_NONE, .at = {0, -1, 0}},
                                .dose_mg = QUANTITY_NONE,
                                .minutes = -1,
                                .prior_authorization = text,
                                .facility_zip = text,
                                .control_number = text};
    claim_provider_blank(&line->rendering, VIEW_NONE);
    claim_provider_blank(&line->supervising, VIEW_NONE);
    claim_provider_blank(&line->facility, VIEW_NONE);
    struct claim_place *places[] = {&line->begins,    &line->ends,     &line->at,
                                    &line->code_at,   &line->charge_at, &line->units_at,
                                    &line->pos_at,    &line->pointers_at, &line->date_at};
    for (ptrdiff_t i = 0; i < COUNT_OF(places); i++) {
        places[i]->byte = -1;
    }
}

struct view text_keep(struct arena *arena, struct view text) {
    return arena_copy(arena, text.at ? view_sub(text, 0, CLAIM_TEXT_MAX) : text);
}

struct code dx_code(struct view text) {
    struct code whole = code_from(text);
    if (code_given(whole)) {
        return whole; /* most are sent without the dot */
    }
    char plain[9];
    ptrdiff_t size = 0;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        if (c == '.' || c == ' ') {
            continue;
        }
        if (size == 8) {
            return CODE_NONE;
        }
        plain[size++] = c;
    }
    return code_from((struct view){plain, size});
}

void claim_dx_put(struct claim *claim, int index, struct view given, struct claim_place at) {
    if (index >= CLAIM_DIAGNOSES_MAX) {
        claim->diagnoses_extra++;
        return;
    }
    claim->diagnoses[index] = dx_code(given);
    claim->diagnoses_given[index] = given;
    claim->diagnoses_at[index] = at;
    if (claim->diagnosis_count <= index) {
        claim->diagnosis_count = index + 1;
    }
}

/* True for what stays as it is in a key. */
static inline bool key_keeps(char c) { return !(c >= 'a' && c <= 'z') && c != ' ' && c != '-'; }

/* Ids are typed with and without blanks, hyphens and capitals; most need no change. */
uint64_t text_key(struct view text) {
    char plain[CLAIM_TEXT_MAX];
    ptrdiff_t size = 0;
    while (size < text.size && key_keeps(text.at[size])) {
        size++;
    }
    if (size == text.size && size <= CLAIM_TEXT_MAX) {
        return size > 0 ? view_hash(text, 0) : 0;
    }
    size = 0;
    for (ptrdiff_t i = 0; i < text.size && size < CLAIM_TEXT_MAX; i++) {
        char c = text.at[i];
        if (c >= 'a' && c <= 'z') {
            c = (char)(c - 'a' + 'A');
        }
        if (key_keeps(c)) {
            plain[size++] = c;
        }
    }
    return size > 0 ? view_hash((struct view){plain, size}, 0) : 0;
}

uint64_t patient_key(uint64_t member, struct date birth, uint64_t names) {
    if (member == 0) {
        return 0;
    }
    uint64_t parts[3] = {member, names, (uint64_t)(int64_t)birth.day};
    uint64_t key = view_hash((struct view){(const char *)parts, (ptrdiff_t)sizeof parts}, 0);
    return key ? key : 1;
}

uint64_t claim_text_key(struct view text) { return text_key(text); }

uint64_t claim_npi_key(struct view npi) { return npi.size > 0 ? view_hash(npi, 0) | 1 : 0; }

uint64_t claim_patient_key(struct view member, struct date birth) {
    return patient_key(text_key(member), birth, 0);
}

uint64_t claim_payer_key(const struct claim *claim) {
    struct view payer = claim->payer_id.size > 0     ? claim->payer_id
                        : claim->payer_name.size > 0 ? claim->payer_name
                                                     : claim->payer_profile;
    return text_key(payer);
}

static int years_between(struct date birth, struct date on) {
    int from[3], to[3];
    date_to_ymd(birth, &from[0], &from[1], &from[2]);
    date_to_ymd(on, &to[0], &to[1], &to[2]);
    bool before_birthday = to[1] < from[1] || (to[1] == from[1] && to[2] < from[2]);
    return to[0] - from[0] - before_birthday;
}

void claim_complete(struct claim *claim) {
    struct date first = DATE_NONE;
    for (int i = 0; i < claim->line_count; i++) {
        struct date from = claim->lines[i].from;
        if (date_given(from) && (!date_given(first) || from.day < first.day)) {
            first = from;
        }
    }
    if (claim->age < 0 && date_given(first) && date_given(claim->birth_date) &&
        first.day >= claim->birth_date.day) {
        claim->age = years_between(claim->birth_date, first);
    }
}

struct claim *claim_copy(const struct claim *claim, struct arena *arena) {
    struct claim *copy = ARENA_NEW(arena, struct claim, 1);
    struct claim_line *lines = ARENA_NEW(arena, struct claim_line, CLAIM_LINES_MAX);
    if (!copy || !lines) {
        return NULL;
    }
    *copy = *claim;
    copy->lines = lines;
    for (int i = 0; i < claim->line_count; i++) {
        lines[i] = claim->lines[i];
    }
    return copy;
}
