/* Guidance that is part of the procedure: imaging_included. The anatomy of a code says that its
 * guidance is included; the pair edits bundle more; and the add-on table lists the primaries that
 * fluoroscopy accepts: no epidural, facet or sacroiliac code is one for 77003 [aoc26q2]. A modifier
 * does not help: the guidance of an injection is not distinct from it [ptp24q3]. */
#include "audit/anatomy.h"
#include "audit/codes.h"

/* How one procedure stands to the guidance beside it. */
struct guidance {
    const struct audit_line *procedure;
    bool included; /* by the anatomy of the code */
    bool paired;   /* by a pair edit */
    bool accepted; /* the guidance is separate for it */
    struct store_pair pair;
};

static bool is_imaging(const struct audit_line *line) {
    return line->has_family && line->family.imaging == IMAGING_IS;
}

/* True when the add-on table lists the procedure as primary of the guidance. */
static bool is_primary(const struct audit_pass *pass, const struct audit_line *imaging,
                       const struct audit_line *procedure) {
    struct store_addon row;
    for (int n = 0; store_addon(pass->store, imaging->id, n, imaging->when, &row); n++) {
        if (row.primary == procedure->id || row.primary == STORE_PRIMARY_CONTRACTOR) {
            return true;
        }
    }
    return false;
}

static struct guidance guidance_of(const struct audit_pass *pass, const struct audit_line *imaging,
                                   const struct audit_line *procedure, bool addon) {
    struct guidance guidance = {.procedure = procedure};
    guidance.included = procedure->has_family && procedure->family.imaging == IMAGING_INCLUDED;
    guidance.paired =
        store_pair(pass->store, procedure->id, imaging->id, imaging->when, &guidance.pair);
    guidance.accepted = !guidance.included && !guidance.paired &&
                        (addon ? is_primary(pass, imaging, procedure) : is_procedure(procedure));
    return guidance;
}

/* A code that the store does not know may be what the guidance was for. */
static bool is_unknown(const struct audit_line *imaging, const struct audit_line *line) {
    return line->id == STORE_NO_CODE && line->from.day == imaging->from.day &&
           line->provider == imaging->provider;
}

/* The procedure that speaks against the guidance: one that contains it before one that only does
 * not accept it. False when another accepts it, or when there is none. */
/* A better reason than the one found so far. */
static bool guidance_better(const struct guidance *guidance, const struct guidance *found,
                            bool addon) {
    if (guidance->included || guidance->paired) {
        return !found->included && !found->paired;
    }
    const struct audit_line *line = guidance->procedure;
    return addon && line->has_family && line->family.procedure && !found->procedure;
}

static bool imaging_find(const struct audit_pass *pass, const struct audit_line *imaging,
                         bool addon, struct guidance *found) {
    *found = (struct guidance){0};
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (!addon && is_unknown(imaging, line)) {
            return false;
        }
        if (line == imaging || is_imaging(line) || !lines_together(line, imaging)) {
            continue;
        }
        struct guidance guidance = guidance_of(pass, imaging, line, addon);
        if (guidance.accepted || payer_pays(pass, imaging, line)) {
            return false;
        }
        if (guidance_better(&guidance, found, addon)) {
            *found = guidance;
        }
    }
    return found->procedure != NULL;
}

/* "77003 accepts 14 primaries and 27096 is none of them" */
static void primaries_proof(struct audit_pass *pass, struct audit_finding *finding,
                            struct text *text, const struct audit_line *imaging,
                            const struct audit_line *procedure) {
    struct store_addon first;
    struct store_addon row;
    int count = 0;
    if (!store_addon(pass->store, imaging->id, 0, imaging->when, &first) ||
        is_primary(pass, imaging, procedure)) {
        return;
    }
    while (store_addon(pass->store, imaging->id, count, imaging->when, &row)) {
        count++;
    }
    text_add(text, "; ");
    text_code(text, procedure->line->code);
    text_add(text, " is none of the ");
    text_int(text, count);
    text_add(text, " primaries of ");
    text_code(text, imaging->line->code);
    struct audit_evidence *evidence =
        finding_proof(pass, finding, STORE_AOC, text_row(pass, imaging->line->code), first.proof);
    evidence->indicator = first.type;
    evidence->line = imaging->line->number;
    pass_used(pass, first.proof, imaging->from);
}

static struct view imaging_fix(struct audit_pass *pass, const struct audit_line *imaging,
                               const struct guidance *guidance) {
    struct text text;
    text_open(&text, pass);
    text_add(&text, "remove line ");
    text_int(&text, imaging->line->number);
    text_add(&text, "; modifier 59 does not apply to the guidance of the same injection");
    if (guidance->procedure->has_family && guidance->procedure->family.imaging == IMAGING_NONE &&
        view_starts(guidance->procedure->family.family, VIEW("epidural"))) {
        text_add(&text, ". If the record shows guidance, the epidural has a code that includes it");
    }
    return text_close(&text);
}

static void imaging_finding(struct audit_pass *pass, const struct audit_line *imaging,
                            const struct guidance *guidance) {
    const struct audit_line *procedure = guidance->procedure;
    struct audit_finding *finding = finding_add(pass, RULE_IMAGING_INCLUDED, imaging);
    struct text text;
    text_open(&text, pass);
    text_add(&text, "guidance ");
    text_code(&text, imaging->line->code);
    text_add(&text, " is not paid beside ");
    text_line(&text, procedure);
    if (guidance->included) {
        text_add(&text, ", which includes it");
        finding_family(pass, finding, procedure);
    }
    if (guidance->paired) {
        text_add(&text, guidance->included ? "" : ", which bundles it");
        finding_pair(pass, finding, procedure, imaging, &guidance->pair);
    }
    primaries_proof(pass, finding, &text, imaging, procedure);
    finding->message = text_close(&text);
    finding->fix = imaging_fix(pass, imaging, guidance);
    finding->patch = patch_remove_line(pass, imaging);
}

void check_imaging(struct audit_pass *pass) {
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *imaging = &pass->lines[i];
        struct guidance guidance;
        if (!is_imaging(imaging) || !line_stands(imaging)) {
            continue;
        }
        bool addon = store_is_addon(pass->store, imaging->id, imaging->when);
        if (imaging_find(pass, imaging, addon, &guidance)) {
            imaging_finding(pass, imaging, &guidance);
        }
    }
}
