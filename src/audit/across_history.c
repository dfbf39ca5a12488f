/* Claims of the history in the memory across claims: taken over when the run meets their patient
 * for the first time, so that edits and windows see them beside the claims of the run. */
#include <string.h>

#include "audit/audit_state.h"

uint32_t history_mark(uint64_t claim) { return MEMORY_OF_HISTORY | (uint32_t)claim >> 1; }

static void service_pack(const struct audit_pass *pass, struct memory *memory,
                         const struct claim_service *service, uint32_t *words) {
    struct claim_line line = {.code = service->code, .modifier_count = service->modifier_count};
    memcpy(line.modifiers, service->modifiers, sizeof line.modifiers);
    int64_t units = quantity_given(service->units) ? (service->units.milli + 500) / 1000 : 1;
    struct audit_line facts = {.line = &line,
                               .from = service->on,
                               .to = service->on,
                               .flags = pass_modifier_flags(pass, &line),
                               .provider = service->provider,
                               .units = units < 0           ? 0
                                        : units > INT32_MAX ? INT32_MAX
                                                            : (int32_t)units};
    uint32_t id = store_code_id(pass->store, service->code);
    struct store_when when = {service->on, pass->options->as_of};
    facts.has_mpfs = id != STORE_NO_CODE &&
                     store_mpfs(pass->store, id, CODE_NONE, when, &facts.mpfs);
    memory_line_pack(memory, &facts, words);
}

uint32_t history_seed(const struct audit_pass *pass, struct memory *memory) {
    uint32_t lines[CLAIM_LINES_MAX * MEMORY_LINE_WORDS];
    uint32_t newest = 0;
    int count = 0;
    for (int i = 0; i < pass->history_count; i++) {
        const struct claim_service *service = &pass->history[i];
        service_pack(pass, memory, service, lines + count++ * MEMORY_LINE_WORDS);
        bool last = i + 1 == pass->history_count || service[1].claim != service->claim;
        if (last || count == CLAIM_LINES_MAX) {
            uint32_t at = memory_keep(memory, pass->claim->patient_key,
                                      history_mark(service->claim), 0, lines, count);
            newest = at ? at : newest;
            count = 0;
        }
    }
    return newest;
}

void history_retire(struct memory *memory) {
    uint32_t own = memory->present.own;
    uint32_t at = own ? memory->present.newest : 0;
    while (at != 0) {
        uint32_t *words = memory_words(memory, at);
        words[1] = words[1] == own ? 0 : words[1];
        at = words[0];
    }
}
