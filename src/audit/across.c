/* Memory across the claims of one run. The words of a claim:
 *     [older claim of the patient] [ordinal, 0: replaced, or MEMORY_OF_HISTORY]
 *     [lines 6 | charges 10 | patient 16 bits]
 * and three words for each line:
 *     [code 26 | global window 2 | denied 1 | further days 3] [day 16 | modifier set 16]
 *     [provider 18 | units 14]
 * Position 0 is not used. Only what edits of later claims ask for is kept, nothing that names a
 * person. */
#include <string.h>

#include "audit/audit_state.h"

#define CLAIM_WORDS 3
#define DAY_FIRST 7305 /* 1990-01-01: 16 bits reach to 2169 */
#define SPAN_DAYS_MAX 7
#define UNITS_MAX 16383
#define PROVIDER_BITS 18
#define SETS_MAX 65535
#define HEADS_MIN 256
#define LINE_DENIED 8u

/* ---- packing ----------------------------------------------------------------------------- */

/* Five letters and digits as a number + 1; 0 for any other text. */
static uint32_t code_pack(struct code code) {
    if ((code.bits >> 24 & 0xff) == 0 || code.bits & 0xffffff) {
        return 0;
    }
    uint32_t value = 0;
    for (int shift = 56; shift >= 24; shift -= 8) {
        uint32_t c = (uint32_t)(code.bits >> shift & 0xff);
        value = value * 36 + c - (c <= '9' ? '0' : 'A' - 10);
    }
    return value + 1;
}

static struct code code_unpack(uint32_t value) {
    struct code code = CODE_NONE;
    if (value == 0) {
        return code;
    }
    value--;
    for (int shift = 24; shift <= 56; shift += 8, value /= 36) {
        uint32_t digit = value % 36;
        code.bits |= (uint64_t)(digit < 10 ? digit + '0' : digit - 10 + 'A') << shift;
    }
    return code;
}

static uint32_t provider_pack(uint64_t provider) {
    return provider ? (uint32_t)(provider >> (64 - PROVIDER_BITS)) | 1 : 0;
}

static uint32_t day_pack(struct date day) {
    int64_t offset = date_given(day) ? (int64_t)day.day - DAY_FIRST : 0;
    return offset > 0 && offset <= UINT16_MAX ? (uint32_t)offset : 0;
}

static uint32_t further_days(const struct audit_line *line) {
    int64_t days =
        date_given(line->to) && date_given(line->from) ? (int64_t)line->to.day - line->from.day : 0;
    return days < 0 ? 0 : days > SPAN_DAYS_MAX ? SPAN_DAYS_MAX : (uint32_t)days;
}

/* 1: ten days, 2: ninety. A return to surgery and an assistant open no window [mln907166]. */
static uint32_t global_pack(const struct audit_line *line) {
    if (!line->has_mpfs || line->flags & (LINE_78 | LINE_ASSISTANT)) {
        return 0;
    }
    return line->mpfs.global[1] == '1' ? 1 : line->mpfs.global[1] == '9' ? 2 : 0;
}

/* ---- modifier sets ----------------------------------------------------------------------- */

static uint64_t modifiers_pack(const struct claim_line *line) {
    if (line->modifier_count <= 1) {
        return line->modifiers[0].bits >> 48; /* none is zeros */
    }
    uint16_t sorted[CLAIM_MODIFIERS_MAX] = {0};
    for (int i = 0; i < line->modifier_count; i++) {
        uint16_t modifier = (uint16_t)(line->modifiers[i].bits >> 48);
        int at = i;
        for (; at > 0 && sorted[at - 1] > modifier; at--) {
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = modifier;
    }
    uint64_t packed = 0;
    for (int i = 0; i < line->modifier_count; i++) {
        packed = packed << 16 | sorted[i];
    }
    return packed;
}

/* Number of the set, known or new; 0 with `failed` when there is no room. */
static uint32_t set_number(struct memory *memory, uint64_t modifiers, uint32_t flags) {
    uint16_t *bucket = &memory->buckets[(modifiers * UINT64_C(0x9E3779B97F4A7C15)) >> 56];
    for (uint32_t at = *bucket; at != 0; at = memory->sets[at - 1].next) {
        if (memory->sets[at - 1].modifiers == modifiers) {
            return at - 1;
        }
    }
    if (memory->set_count == memory->set_capacity) {
        int64_t capacity = memory->set_capacity * 2 + 32;
        ptrdiff_t size = (ptrdiff_t)sizeof *memory->sets;
        struct memory_set *grown =
            memory->set_count >= SETS_MAX
                ? NULL
                : memory_grow(memory->sets, memory->set_capacity * size, capacity * size);
        if (!grown) {
            memory->failed = true;
            return 0;
        }
        memory->sets = grown;
        memory->set_capacity = capacity;
    }
    int64_t number = memory->set_count++;
    memory->sets[number] = (struct memory_set){modifiers, flags, *bucket};
    *bucket = (uint16_t)(number + 1);
    return (uint32_t)number;
}

/* ---- patients ---------------------------------------------------------------------------- */

static uint32_t patient_tag(uint64_t key) { return (uint32_t)(key >> 32); }

static int64_t head_place(uint32_t tag, int64_t capacity) {
    return (int64_t)((uint64_t)tag * (uint64_t)capacity >> 32);
}

static bool head_is(const struct memory *memory, const struct memory_head *head, uint64_t key) {
    return head->tag == patient_tag(key) &&
           (memory_words(memory, head->newest)[2] & 0xffff) == (key & 0xffff);
}

/* The patient's head, or the free one where it belongs; NULL while there is no table. */
static struct memory_head *head_find(const struct memory *memory, uint64_t key) {
    if (memory->head_capacity == 0) {
        return NULL;
    }
    int64_t at = head_place(patient_tag(key), memory->head_capacity);
    while (memory->heads[at].newest != 0 && !head_is(memory, &memory->heads[at], key)) {
        at = at + 1 == memory->head_capacity ? 0 : at + 1;
    }
    return &memory->heads[at];
}

void memory_fetch_head(const struct memory *memory, uint64_t patient_key) {
    if (memory->head_capacity > 0) {
        int64_t at = head_place(patient_tag(patient_key), memory->head_capacity);
        __builtin_prefetch(&memory->heads[at]);
    }
}

void memory_fetch_newest(const struct memory *memory, uint64_t patient_key) {
    if (memory->head_capacity == 0) {
        return;
    }
    int64_t at = head_place(patient_tag(patient_key), memory->head_capacity);
    if (memory->heads[at].tag == patient_tag(patient_key)) {
        __builtin_prefetch(memory_words(memory, memory->heads[at].newest));
    }
}

static void head_move(struct memory_head *heads, int64_t capacity, struct memory_head head) {
    int64_t at = head_place(head.tag, capacity);
    while (heads[at].newest != 0) {
        at = at + 1 == capacity ? 0 : at + 1;
    }
    heads[at] = head;
}

/* Keeps a quarter of the heads free; grows by half: every growth touches all pages anew. */
static bool heads_reserve(struct memory *memory) {
    if ((memory->patient_count + 1) * 4 <= memory->head_capacity * 3) {
        return true;
    }
    int64_t capacity = memory->head_capacity + memory->head_capacity / 2 + HEADS_MIN;
    struct memory_head *heads =
        memory_grow(NULL, 0, capacity * (ptrdiff_t)sizeof(struct memory_head));
    if (!heads) {
        return false;
    }
    for (int64_t i = 0; i < memory->head_capacity; i++) {
        if (memory->heads[i].newest != 0) {
            head_move(heads, capacity, memory->heads[i]);
        }
    }
    memory_free(memory->heads);
    memory->heads = heads;
    memory->head_capacity = capacity;
    return true;
}

/* Room for so many words in one chunk, behind `word_count`. */
static bool words_reserve(struct memory *memory, int64_t count) {
    int64_t capacity = memory->chunk_count * (int64_t)MEMORY_CHUNK_WORDS;
    if (memory->word_count + count <= capacity) {
        return true;
    }
    if (memory->chunk_count == MEMORY_CHUNKS_MAX) {
        return false;
    }
    ptrdiff_t size = (ptrdiff_t)MEMORY_CHUNK_WORDS * (ptrdiff_t)sizeof(uint32_t);
    uint32_t *chunk = memory_grow(NULL, 0, size);
    if (!chunk) {
        return false;
    }
    if (memory->whole) {
        memory->whole(chunk, size);
    }
    memory->chunks[memory->chunk_count++] = chunk;
    memory->word_count = capacity > 0 ? capacity : 1; /* position 0 is not used */
    return true;
}

void memory_close(struct memory *memory) {
    for (int i = 0; i < memory->chunk_count; i++) {
        memory_free(memory->chunks[i]);
    }
    memory_free(memory->heads);
    memory_free(memory->sets);
    *memory = (struct memory){0};
}

/* ---- the claim in hand ------------------------------------------------------------------- */

static int claim_line_count(const struct memory *memory, uint32_t claim) {
    return (int)(memory_words(memory, claim)[2] >> 26);
}

static const uint32_t *claim_line_words(const struct memory *memory, uint32_t claim, int line) {
    return memory_words(memory, claim) + CLAIM_WORDS + line * MEMORY_LINE_WORDS;
}

void memory_line_pack(struct memory *memory, const struct audit_line *line, uint32_t *words) {
    uint32_t set = set_number(memory, modifiers_pack(line->line), line->flags);
    int32_t units = line->units < 0 ? 0 : line->units > UNITS_MAX ? UNITS_MAX : line->units;
    words[0] = code_pack(line->line->code) << 6 | global_pack(line) << 4 | further_days(line);
    words[1] = day_pack(line->from) << 16 | set;
    words[2] = provider_pack(line->provider) << 14 | (uint32_t)units;
}

static void lines_pack(const struct audit_pass *pass, struct memory *memory) {
    uint32_t *words = memory->present.lines;
    for (int i = 0; i < pass->line_count; i++, words += MEMORY_LINE_WORDS) {
        memory_line_pack(memory, &pass->lines[i], words);
    }
}

/* Hash of the charges in ten bits; 0 when one is not known, which equals any. */
static uint32_t charges_pack(const struct audit_pass *pass) {
    uint64_t sum = 0;
    for (int i = 0; i < pass->line_count; i++) {
        if (!money_given(pass->lines[i].line->charge)) {
            return 0;
        }
        sum += (uint64_t)pass->lines[i].line->charge.cents;
    }
    return (uint32_t)(sum * UINT64_C(0x9E3779B97F4A7C15) >> 54) | 1;
}

static bool lines_equal(const uint32_t *a, const uint32_t *b) {
    return ((a[0] ^ b[0]) & ~LINE_DENIED) == 0 && a[1] == b[1] && a[2] == b[2] && a[0] >> 6 != 0;
}

static bool line_is_among(const struct memory *memory, uint32_t claim, const uint32_t *line,
                          uint64_t *taken) {
    for (int i = 0; i < claim_line_count(memory, claim); i++) {
        if (!(*taken >> i & 1) && lines_equal(line, claim_line_words(memory, claim, i))) {
            *taken |= UINT64_C(1) << i;
            return true;
        }
    }
    return false;
}

static bool claim_repeats(const struct audit_pass *pass, const struct memory *memory,
                          uint32_t claim) {
    uint32_t charge = memory_words(memory, claim)[2] >> 16 & 0x3ff;
    if (claim_line_count(memory, claim) != pass->line_count ||
        (charge && memory->present.charge && charge != memory->present.charge)) {
        return false;
    }
    uint64_t taken = 0;
    for (int i = 0; i < pass->line_count; i++) {
        if (!line_is_among(memory, claim, memory->present.lines + i * MEMORY_LINE_WORDS, &taken)) {
            return false;
        }
    }
    return pass->line_count > 0;
}

/* A replacement names the payer's number of the old claim, which this input does not hold: the
 * newest claim of the patient with one of its services by the same provider is taken for it. */
static bool claim_shares_service(const struct audit_pass *pass, const struct memory *memory,
                                 uint32_t claim) {
    for (int i = 0; i < pass->line_count; i++) {
        const uint32_t *mine = memory->present.lines + i * MEMORY_LINE_WORDS;
        for (int j = 0; j < claim_line_count(memory, claim); j++) {
            const uint32_t *other = claim_line_words(memory, claim, j);
            if (mine[0] >> 6 == other[0] >> 6 && mine[1] >> 16 == other[1] >> 16 &&
                mine[2] >> 14 == other[2] >> 14) {
                return true;
            }
        }
    }
    return false;
}

static bool is_replacement(const struct claim *claim) {
    return code_equal(claim->frequency, code_of("7")) || code_equal(claim->frequency, code_of("8"));
}

static uint32_t claim_older(const struct memory *memory, uint32_t claim) {
    return *memory_words(memory, claim);
}

static bool claim_is_alive(const struct memory *memory, uint32_t claim) {
    return memory_words(memory, claim)[1] != 0;
}

/* First and last day of the claim in hand, packed. */
struct days {
    int32_t first, last;
};

static struct days days_in_hand(const struct audit_pass *pass, const struct memory *memory) {
    struct days days = {UINT16_MAX, 0};
    for (int i = 0; i < pass->line_count; i++) {
        const uint32_t *words = memory->present.lines + i * MEMORY_LINE_WORDS;
        int32_t day = (int32_t)(words[1] >> 16);
        int32_t last = day + (int32_t)(words[0] & 7);
        if (day != 0) {
            days.first = day < days.first ? day : days.first;
            days.last = last > days.last ? last : days.last;
        }
    }
    return days;
}

static void claim_distance(struct memory *memory, uint32_t claim, struct days days) {
    static const int32_t windows[] = {0, 10, 90, 0};
    for (int i = 0; i < claim_line_count(memory, claim); i++) {
        const uint32_t *words = claim_line_words(memory, claim, i);
        int32_t day = (int32_t)(words[1] >> 16);
        memory->present.near |= day <= days.last && day + (int32_t)(words[0] & 7) >= days.first;
        memory->present.reach |=
            day - 1 <= days.last && day + windows[words[0] >> 4 & 3] >= days.first;
    }
}

/* A claim that the history has as well does not count beside itself. */
static bool claim_counts(const struct memory *memory, uint32_t claim) {
    return claim_is_alive(memory, claim) && claim != memory->present.replaced &&
           claim != memory->present.duplicate &&
           (memory_words(memory, claim)[1] != memory->present.own || memory->present.own == 0);
}

static void claims_compare(const struct audit_pass *pass, struct memory *memory) {
    struct memory_present *present = &memory->present;
    struct days days = days_in_hand(pass, memory);
    for (uint32_t at = present->newest; at != 0; at = claim_older(memory, at)) {
        if (claim_counts(memory, at)) {
            claim_distance(memory, at, days);
        }
    }
    if (!present->near) {
        return; /* what repeats or replaces a claim has its days */
    }
    bool replaces = is_replacement(pass->claim);
    for (uint32_t at = present->newest; at != 0; at = claim_older(memory, at)) {
        if (!claim_counts(memory, at)) {
            continue;
        }
        if (replaces && claim_shares_service(pass, memory, at)) {
            present->replaced = at;
            return;
        }
        if (!replaces && claim_repeats(pass, memory, at)) {
            present->duplicate = at;
            return;
        }
    }
}

bool across_begin(const struct audit_pass *pass) {
    struct memory *memory = &pass->audit->memory;
    struct memory_present *present = &memory->present;
    if (present->ready) {
        return present->newest != 0;
    }
    present->ready = true;
    present->newest = 0;
    present->replaced = 0;
    present->duplicate = 0;
    present->near = false;
    present->reach = false;
    present->denied = 0;
    present->cursor_n = -1;
    bool nothing = pass->options->alone && !pass->history_known;
    if (nothing || pass->claim->patient_key == 0 || memory->failed) {
        return false;
    }
    const struct memory_head *head = head_find(memory, pass->claim->patient_key);
    present->newest = head ? head->newest : 0;
    if (present->newest == 0 && pass->history_count > 0) {
        present->newest = history_seed(pass, memory);
    }
    present->own = pass->history_known ? history_mark(claim_text_key(pass->claim->id)) : 0;
    present->charge = charges_pack(pass);
    lines_pack(pass, memory);
    if (memory->failed) {
        present->newest = 0;
    }
    if (present->newest != 0) {
        claims_compare(pass, memory);
    }
    return present->newest != 0;
}

bool across_near(const struct audit_pass *pass) {
    return across_begin(pass) && pass->audit->memory.present.near;
}

bool across_reach(const struct audit_pass *pass) {
    return across_begin(pass) && pass->audit->memory.present.reach;
}

/* ---- reading ----------------------------------------------------------------------------- */

static void modifiers_unpack(const struct memory *memory, uint32_t set, struct earlier *earlier) {
    if (set >= memory->set_count) {
        earlier->modifier_count = 0;
        earlier->flags = 0;
        return;
    }
    uint64_t packed = memory->sets[set].modifiers;
    int count = 0;
    for (int shift = 48; shift >= 0; shift -= 16) {
        uint64_t modifier = packed >> shift & 0xffff;
        if (modifier) {
            earlier->modifiers[count++] = (struct code){modifier << 48};
        }
    }
    earlier->modifier_count = count;
    earlier->flags = memory->sets[set].flags;
}

static void line_unpack(const struct memory *memory, uint32_t claim, int line,
                        struct earlier *earlier) {
    static const int windows[] = {0, 10, 90, 0};
    const uint32_t *words = claim_line_words(memory, claim, line);
    uint32_t day = words[1] >> 16;
    uint32_t ordinal = memory_words(memory, claim)[1];
    earlier->claim_ordinal = ordinal & MEMORY_OF_HISTORY ? CLAIM_OF_HISTORY : (int64_t)ordinal;
    earlier->line = line + 1;
    earlier->id = STORE_NO_CODE;
    earlier->code = code_unpack(words[0] >> 6);
    earlier->on = DATE_NONE;
    earlier->to = DATE_NONE;
    if (day) {
        earlier->on.day = DAY_FIRST + (int32_t)day;
        earlier->to.day = earlier->on.day + (int32_t)(words[0] & 7);
    }
    earlier->provider = words[2] >> 14;
    earlier->units = (int32_t)(words[2] & UNITS_MAX);
    earlier->global_days = windows[words[0] >> 4 & 3];
    earlier->denied = (words[0] & LINE_DENIED) != 0;
    modifiers_unpack(memory, words[1] & 0xffff, earlier);
}

int64_t across_line_count(const struct audit_pass *pass) {
    const struct memory *memory = &pass->audit->memory;
    int64_t count = 0;
    uint32_t at = across_begin(pass) ? memory->present.newest : 0;
    for (; at != 0; at = claim_older(memory, at)) {
        count += claim_counts(memory, at) ? claim_line_count(memory, at) : 0;
    }
    return count;
}

bool across_next(const struct audit_pass *pass, struct across_cursor *cursor,
                 struct earlier *earlier) {
    const struct memory *memory = &pass->audit->memory;
    if (cursor->claim == 0) {
        cursor->claim = memory->present.newest;
        cursor->line = 0;
    }
    while (cursor->claim != 0) {
        if (claim_counts(memory, cursor->claim) &&
            cursor->line < claim_line_count(memory, cursor->claim)) {
            line_unpack(memory, cursor->claim, cursor->line++, earlier);
            return true;
        }
        cursor->claim = claim_older(memory, cursor->claim);
        cursor->line = 0;
    }
    return false;
}

bool earlier_line(const struct audit_pass *pass, int n, struct earlier *earlier) {
    struct memory_present *present = &pass->audit->memory.present;
    if (!across_begin(pass) || n < 0) {
        return false;
    }
    if (n <= present->cursor_n || present->cursor_n < 0) {
        present->cursor = (struct across_cursor){0};
        present->cursor_n = -1;
    }
    bool found = true;
    while (found && present->cursor_n < n) {
        found = across_next(pass, &present->cursor, earlier);
        present->cursor_n++;
    }
    if (!found) {
        present->cursor_n = -1;
        return false;
    }
    earlier->id = store_code_id(pass->store, earlier->code);
    return true;
}

bool earlier_same_provider(const struct earlier *earlier, const struct audit_line *line) {
    return earlier->provider != 0 && earlier->provider == provider_pack(line->provider);
}

int64_t across_duplicate(const struct audit_pass *pass) {
    const struct memory *memory = &pass->audit->memory;
    uint32_t duplicate = across_begin(pass) ? memory->present.duplicate : 0;
    uint32_t ordinal = duplicate ? memory_words(memory, duplicate)[1] : 0;
    return ordinal & MEMORY_OF_HISTORY ? CLAIM_OF_HISTORY : (int64_t)ordinal;
}

void across_denied(struct audit_pass *pass, uint64_t lines) {
    pass->audit->memory.present.denied |= lines;
}

/* ---- keeping ----------------------------------------------------------------------------- */

uint32_t memory_keep(struct memory *memory, uint64_t key, uint32_t mark, uint32_t charge,
                     const uint32_t *lines, int count) {
    int64_t size = CLAIM_WORDS + (int64_t)count * MEMORY_LINE_WORDS;
    if (!heads_reserve(memory) || !words_reserve(memory, size)) {
        memory->failed = true;
        return 0;
    }
    uint32_t at = (uint32_t)memory->word_count;
    struct memory_head *head = head_find(memory, key);
    memory->patient_count += head->newest == 0;
    uint32_t *words = memory_words(memory, at);
    words[0] = head->newest;
    words[1] = mark;
    words[2] = (uint32_t)count << 26 | charge << 16 | (uint32_t)(key & 0xffff);
    memcpy(words + CLAIM_WORDS, lines, sizeof(uint32_t) * (size_t)(size - CLAIM_WORDS));
    *head = (struct memory_head){patient_tag(key), at};
    memory->word_count += size;
    memory->line_count += count;
    return at;
}

static void claim_write(const struct audit_pass *pass, struct memory *memory) {
    struct memory_present *present = &memory->present;
    uint32_t ordinal = pass->claim->ordinal > 0 ? (uint32_t)pass->claim->ordinal : 1;
    for (int i = 0; i < pass->line_count; i++) {
        if (present->denied >> i & 1) {
            present->lines[i * MEMORY_LINE_WORDS] |= LINE_DENIED;
        }
    }
    memory_keep(memory, pass->claim->patient_key, ordinal & ~MEMORY_OF_HISTORY, present->charge,
                present->lines, pass->line_count);
}

void across_remember(struct audit_pass *pass) {
    struct memory *memory = &pass->audit->memory;
    across_begin(pass);
    uint32_t replaced = memory->present.replaced;
    bool voids = code_equal(pass->claim->frequency, code_of("8"));
    bool keep = !pass->options->alone && pass->claim->patient_key != 0 &&
                memory->present.duplicate == 0 && !voids && !memory->failed;
    if (replaced && !pass->options->alone) {
        memory_words(memory, replaced)[1] = 0;
    }
    if (!pass->options->alone) {
        history_retire(memory);
    }
    if (keep) {
        claim_write(pass, memory);
    }
    memory->present.ready = false;
}

int64_t audit_index_bytes(const struct audit *audit) {
    const struct memory *memory = &audit->memory;
    return memory->word_count * (int64_t)sizeof(uint32_t) +
           memory->head_capacity * (int64_t)sizeof *memory->heads +
           memory->set_capacity * (int64_t)sizeof *memory->sets;
}

int64_t audit_index_lines(const struct audit *audit) { return audit->memory.line_count; }
