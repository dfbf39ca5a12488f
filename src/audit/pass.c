/* A pass: one claim with the facts about its lines looked up once, and what the checks found. */
#include <string.h>

#include "audit/audit_state.h"
#include "audit/trace.h"
#include "history/history.h"

/* ---- facts about lines ------------------------------------------------------------------- */

static const struct {
    char text[3];
    uint32_t flag;
} modifier_flags[] = {
    {"50", LINE_50},        {"26", LINE_26},        {"TC", LINE_TC},        {"LT", LINE_LEFT},
    {"RT", LINE_RIGHT},     {"KX", LINE_KX},        {"25", LINE_25},        {"24", LINE_24},
    {"57", LINE_57},        {"JW", LINE_JW},        {"JZ", LINE_JZ},        {"76", LINE_76},
    {"77", LINE_77},        {"51", LINE_51},        {"59", LINE_DISTINCT},  {"XE", LINE_DISTINCT},
    {"XP", LINE_DISTINCT},  {"XS", LINE_DISTINCT},  {"XU", LINE_DISTINCT},  {"58", LINE_58},
    {"78", LINE_78},        {"79", LINE_79},        {"91", LINE_91},        {"80", LINE_ASSISTANT},
    {"81", LINE_ASSISTANT}, {"82", LINE_ASSISTANT}, {"AS", LINE_ASSISTANT}, {"62", LINE_62},
    {"66", LINE_66},        {"GA", LINE_GZ},        {"GX", LINE_GZ},        {"GY", LINE_GZ},
    {"GZ", LINE_GZ},
};

/* Place of two capitals or digits in the table of flags; MODIFIER_NUMBERS for anything else. */
static unsigned modifier_number(struct code modifier) {
    unsigned a = (unsigned)(modifier.bits >> 56) - '0';
    unsigned b = (unsigned)(modifier.bits >> 48 & 0xFF) - '0';
    bool two = modifier.bits << 16 == 0 && a < MODIFIER_DIGITS && b < MODIFIER_DIGITS;
    return two ? a * MODIFIER_DIGITS + b : MODIFIER_NUMBERS;
}

void modifier_flags_open(struct audit *audit) {
    for (int i = 0; i < COUNT_OF(modifier_flags); i++) {
        struct code modifier = code_of(modifier_flags[i].text);
        audit->modifier_flags[modifier_number(modifier)] = modifier_flags[i].flag;
    }
}

static uint32_t modifier_flag(const struct audit *audit, struct code modifier) {
    return audit->modifier_flags[modifier_number(modifier)];
}

static uint64_t claim_provider_key(const struct claim *claim) {
    bool rendering = claim->rendering.npi.size > 0;
    return claim_npi_key(rendering ? claim->rendering.npi : claim->billing.npi);
}

/* Units of one day: a line that spans days is divided and rounded to the nearest [ncci-26]. */
static int32_t units_of_day(const struct claim_line *line) {
    if (!quantity_given(line->units)) {
        return 1;
    }
    int64_t days = 1;
    if (date_given(line->from) && date_given(line->to) && line->to.day > line->from.day) {
        days = line->to.day - line->from.day + 1;
    }
    int64_t units = (line->units.milli + 500 * days) / (1000 * days);
    return units > INT32_MAX ? INT32_MAX : units < INT32_MIN ? INT32_MIN : (int32_t)units;
}

uint32_t pass_modifier_flags(const struct audit_pass *pass, const struct claim_line *line) {
    uint32_t flags = 0;
    for (int i = 0; i < line->modifier_count; i++) {
        flags |= modifier_flag(pass->audit, line->modifiers[i]);
    }
    return flags;
}

static void line_modifiers(struct audit_pass *pass, struct audit_line *facts) {
    for (int i = 0; i < facts->line->modifier_count; i++) {
        struct code modifier = facts->line->modifiers[i];
        struct store_proof proof;
        facts->flags |= modifier_flag(pass->audit, modifier);
        facts->modifier_flags[i] = store_modifier(pass->store, modifier, facts->when, &proof);
    }
}

bool pass_place(struct audit_pass *pass, const struct audit_line *line, struct store_pos *row) {
    uint64_t key = line->pos.bits >> 48 ^ (uint64_t)(uint32_t)line->from.day << 16;
    struct place_answer *answer = &pass->audit->places[key * UINT64_C(0x9E3779B97F4A7C15) >> 58];
    if (!code_given(line->pos)) {
        return false;
    }
    if (!code_equal(answer->pos, line->pos) || answer->on.day != line->from.day) {
        answer->pos = line->pos;
        answer->on = line->from;
        answer->known = store_pos(pass->store, line->pos, line->when, &answer->row);
    }
    if (answer->known) {
        *row = answer->row;
    }
    return answer->known;
}

static void line_open(struct audit_pass *pass, int index, uint64_t claim_provider) {
    struct audit_line *facts = &pass->lines[index];
    const struct claim_line *line = &pass->claim->lines[index];
    *facts = (struct audit_line){.line = line, .index = index, .from = line->from, .to = line->to};
    facts->when = (struct store_when){line->from, pass->options->as_of};
    facts->pos =
        code_given(line->place_of_service) ? line->place_of_service : pass->claim->place_of_service;
    facts->id = store_code_id(pass->store, line->code);
    bool own = line->rendering.npi.size > 0;
    facts->provider = own ? claim_npi_key(line->rendering.npi) : claim_provider;
    facts->units = units_of_day(line);
    struct store_pos pos;
    facts->facility = pass_place(pass, facts, &pos) && pos.facility;
    line_modifiers(pass, facts);
    if (facts->id == STORE_NO_CODE) {
        return;
    }
    if (date_given(facts->from)) {
        facts->has_mpfs = store_mpfs(pass->store, facts->id, CODE_NONE, facts->when, &facts->mpfs);
        facts->has_drug = store_drug(pass->store, facts->id, facts->when, &facts->drug);
    }
    facts->has_family = store_family(pass->store, facts->id, &facts->family);
}

/* ---- payer ------------------------------------------------------------------------------- */

/* The answer for a payer id and filing indicator, asked anew only when another took its place. */
static const struct payer_answer *payer_ask(struct audit_pass *pass, struct view id,
                                            struct code filing, struct payer_answer *scratch) {
    bool keeps = id.size >= 0 && id.size <= PAYER_ID_MAX;
    uint64_t mixed = filing.bits + (id.size > 0 ? view_hash(id, 0) : 0);
    struct payer_answer *answer =
        keeps ? &pass->audit->payers[mixed * UINT64_C(0x9E3779B97F4A7C15) >> 58] : scratch;
    if (keeps && answer->made && code_equal(answer->filing, filing) &&
        view_equal((struct view){answer->id, answer->id_size}, id)) {
        return answer;
    }
    *answer = (struct payer_answer){.made = true, .filing = filing};
    if (keeps && id.size > 0) {
        memcpy(answer->id, id.at, (size_t)id.size);
        answer->id_size = (int)id.size;
    }
    answer->profile = store_payer_profile(pass->store, id, filing);
    answer->known =
        answer->profile.size > 0 && store_payer(pass->store, answer->profile, &answer->payer);
    return answer;
}

static void payer_open(struct audit_pass *pass) {
    const struct claim *claim = pass->claim;
    struct view profile = claim->payer_profile;
    struct payer_answer scratch;
    if (profile.size == 0) {
        const struct payer_answer *answer =
            payer_ask(pass, claim->payer_id, claim->filing, &scratch);
        pass->payer_known = answer->known;
        profile = answer->profile;
        pass->payer = answer->payer;
    } else {
        pass->payer_known = store_payer(pass->store, profile, &pass->payer);
    }
    if (!pass->payer_known) {
        /* An unknown payer is judged by the national edits, which most payers follow; checks of a
         * payer's own conventions end in a gap. */
        pass->payer =
            (struct store_payer){.profile = profile, .ncci = true, .bilateral = BILATERAL_UNKNOWN};
    }
}

/* A patient whom the history does not know has no earlier services. A failure leaves the history
 * unknown, so that nothing passes for want of it. */
static void history_ask(struct audit_pass *pass, uint64_t payer) {
    struct history *history = pass->options->history;
    struct history_found found = {0};
    struct diag diag;
    pass->history_known = history && pass->claim->patient_key != 0 &&
                          history_services(history, payer, pass->claim->patient_key, &found,
                                           &diag) == STATUS_OK;
    pass->history = found.services;
    pass->history_count = pass->history_known ? found.count : 0;
}

void pass_open(struct audit_pass *pass, const struct claim *claim) {
    pass->claim = claim;
    pass->line_count = claim->line_count;
    pass->session_count = 0;
    pass->finding_count = 0;
    pass->gap_count = 0;
    pass->truncated = false;
    pass->releases = (struct release_set){{0}};
    pass->stale_releases = (struct release_set){{0}};
    memory_fetch_newest(&pass->audit->memory, claim->patient_key);
    uint64_t payer = pass->options->history ? claim_payer_key(claim) : 0;
    if (pass->options->history) {
        history_fetch_services(pass->options->history, payer, claim->patient_key);
    }
    payer_open(pass);
    uint64_t provider = claim_provider_key(claim);
    for (int i = 0; i < pass->line_count; i++) {
        line_open(pass, i, provider);
    }
    pass->pasts_made = false;
    sessions_build(pass);
    trace_begin(pass);
    policy_begin(pass);
    history_ask(pass, payer);
}

int pass_rule_order(const struct audit_pass *pass, const struct rule *rule) {
    for (int i = 0; i < AUDIT_RULES; i++) {
        if (pass->audit->rules[i] == rule) {
            return i;
        }
    }
    return AUDIT_RULES + rule->index;
}

/* ---- findings and gaps ------------------------------------------------------------------- */

struct audit_finding *finding_add(struct audit_pass *pass, enum audit_rule rule,
                                  const struct audit_line *line) {
    return finding_new(pass, audit_rule(pass, rule), line);
}

struct audit_finding *finding_new(struct audit_pass *pass, const struct rule *words,
                                  const struct audit_line *line) {
    int index = pass->finding_count;
    if (index < AUDIT_FINDINGS_MAX - 1) {
        pass->finding_count++;
    } else {
        pass->truncated = true; /* the last place is scratch, overwritten again and again */
    }
    struct audit_finding *finding = &pass->findings[index];
    *finding = (struct audit_finding){
        .rule = words, .severity = words->severity, .status = AUDIT_FAIL, .at = pass->claim->at,
        .at_risk = MONEY_NONE};
    if (line) {
        finding->at = line->line->code_at;
        finding_line(finding, line);
    }
    return finding;
}

void finding_line(struct audit_finding *finding, const struct audit_line *line) {
    if (finding->line_bits >> line->index & 1) {
        return;
    }
    finding->line_bits |= UINT64_C(1) << line->index;
    finding_mention(finding, line);
}

void finding_mention(struct audit_finding *finding, const struct audit_line *line) {
    if (finding->line_count >= AUDIT_FINDING_LINES_MAX) {
        return;
    }
    int at = finding->line_count++;
    for (; at > 0 && finding->lines[at - 1] > line->line->number; at--) {
        finding->lines[at] = finding->lines[at - 1];
    }
    finding->lines[at] = line->line->number;
}

void pass_used(struct audit_pass *pass, struct store_proof proof, struct date on) {
    if (proof.release >= STORE_RELEASES_MAX) {
        return;
    }
    release_put(&pass->releases, proof.release);
    if (!release_in(&pass->stale_releases, proof.release) &&
        store_stale(pass->store, proof.release, on)) {
        release_put(&pass->stale_releases, proof.release);
    }
}

struct audit_evidence *finding_proof(struct audit_pass *pass, struct audit_finding *finding,
                                     enum store_table table, struct view row,
                                     struct store_proof proof) {
    int index = finding->evidence_count < AUDIT_EVIDENCE_MAX ? finding->evidence_count++
                                                             : AUDIT_EVIDENCE_MAX - 1;
    struct audit_evidence *evidence = &finding->evidence[index];
    *evidence = (struct audit_evidence){.table = table, .row = row, .proof = proof};
    if (proof.release < STORE_RELEASES_MAX) {
        release_put(&pass->releases, proof.release);
    }
    return evidence;
}

void finding_source(struct audit_pass *pass, struct audit_finding *finding, struct view source,
                    struct view row) {
    struct store_proof none = {STORE_NO_RELEASE, DATE_NONE, DATE_NONE};
    finding_proof(pass, finding, STORE_TABLES, row, none)->source = source;
}

struct view audit_need_name(int bit) {
    static const char *const names[] = {"history",    "history:details", "history:relief",
                                        "claim:prior_authorization", "claim:kind",
                                        "payer:state"};
    return bit < CLAIM_FACTS ? claim_fact_row((enum claim_fact_name)bit)->need
                             : view_of(names[bit - CLAIM_FACTS]);
}

void gap_add(struct audit_pass *pass, enum audit_rule rule, struct view need) {
    const struct rule *words = audit_rule(pass, rule);
    for (int i = 0; i < pass->gap_count; i++) {
        if (pass->gaps[i].rule == words && view_equal(pass->gaps[i].need, need)) {
            return;
        }
    }
    if (pass->gap_count < AUDIT_GAPS_MAX) {
        pass->gaps[pass->gap_count++] = (struct audit_gap){.rule = words, .need = need};
    }
}
