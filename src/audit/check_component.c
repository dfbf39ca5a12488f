/* Component and multiple-procedure modifiers against the indicators of the fee schedule:
 * pc_tc_invalid, pc_tc_missing_26, multiple_procedure_modifier. */
#include "audit/codes.h"

void finding_mpfs(struct audit_pass *pass, struct audit_finding *finding,
                  const struct audit_line *line, char indicator) {
    struct audit_evidence *evidence = finding_proof(
        pass, finding, STORE_MPFS, text_row(pass, line->line->code), line->mpfs.proof);
    evidence->indicator = indicator;
    evidence->line = line->line->number;
}

/* ---- 26 and TC --------------------------------------------------------------------------- */

static struct audit_finding *component_finding(struct audit_pass *pass,
                                               const struct audit_line *line, const char *reason) {
    struct audit_finding *finding = finding_add(pass, RULE_PC_TC_INVALID, line);
    struct text text;
    finding_mpfs(pass, finding, line, line->mpfs.pctc);
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, reason);
    text_add(&text, " (PC/TC indicator ");
    text_view(&text, (struct view){&line->mpfs.pctc, 1});
    text_add(&text, ")");
    finding->message = text_close(&text);
    return finding;
}

/* Only a diagnostic service is split; of a laboratory reading 26 can be billed [rvu26a]. */
static void split_check(struct audit_pass *pass, const struct audit_line *line) {
    bool splits = line->mpfs.pctc == '1';
    bool reads = splits || line->mpfs.pctc == '6';
    uint32_t wrong = line->flags & ((reads ? 0u : LINE_26) | (splits ? 0u : LINE_TC));
    if (!wrong) {
        return;
    }
    struct code modifier = code_of(wrong & LINE_26 ? "26" : "TC");
    struct audit_finding *finding = component_finding(
        pass, line,
        wrong & LINE_26 ? " has no professional component: modifier 26 does not apply"
                        : " has no technical component: modifier TC does not apply");
    finding->fix = VIEW("remove the modifier");
    finding->patch = patch_remove_modifier(pass, line, modifier_position(line, modifier));
}

/* The hospital is paid for what its staff and equipment do: incident-to services, technical
 * components and technical-only codes are not the physician's there [rvu26a]. */
static void hospital_check(struct audit_pass *pass, const struct audit_line *line) {
    char pctc = line->mpfs.pctc;
    bool technical = pctc == '3' || (pctc == '1' && line->flags & LINE_TC);
    struct store_pos pos;
    if ((pctc != '5' && !technical) || !line->facility ||
        !store_pos(pass->store, line->pos, line->when, &pos) ||
        !pos.hospital_outpatient_or_inpatient) {
        return;
    }
    struct audit_finding *finding = component_finding(
        pass, line,
        technical ? " is a technical service, which the hospital bills and not the physician"
                  : " is done by staff, which the hospital bills and not the physician");
    struct text text;
    char buffer[9];
    text_open(&text, pass);
    text_view(&text, code_text(line->pos, buffer));
    finding_proof(pass, finding, STORE_POS, text_close(&text), pos.proof);
    finding->fix = VIEW("remove the line from the professional claim");
    if (pass->payer_known && !pass->payer.medicare) {
        finding->severity = RULE_REVIEW; /* contracts may differ from Medicare's rule */
    }
}

void check_component(struct audit_pass *pass, const struct audit_line *line) {
    if (line->has_mpfs && pass->claim->type == CLAIM_PROFESSIONAL) {
        split_check(pass, line);
        hospital_check(pass, line);
    }
}

/* Places where the equipment certainly is the facility's: on and off campus outpatient, inpatient,
 * ambulatory surgical center. */
static bool facility_owns(struct code pos) {
    return code_equal(pos, code_of("19")) || code_equal(pos, code_of("21")) ||
           code_equal(pos, code_of("22")) || code_equal(pos, code_of("24"));
}

/* A service with both components billed whole in a facility: for imaging guidance an error, for
 * other services a reason to look [rvu26c]. */
static void missing_check(struct audit_pass *pass, const struct audit_line *line) {
    if (!line->has_mpfs || line->mpfs.pctc != '1' || !line->facility || line->denied ||
        line->flags & (LINE_26 | LINE_TC)) {
        return;
    }
    bool guidance = line->has_family && line->family.imaging == IMAGING_IS;
    struct audit_finding *finding = finding_add(pass, RULE_PC_TC_MISSING_26, line);
    struct text text;
    if (!guidance || !facility_owns(line->pos)) {
        finding->severity = RULE_REVIEW;
    }
    finding_mpfs(pass, finding, line, line->mpfs.pctc);
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, " is billed whole in place of service ");
    text_code(&text, line->pos);
    text_add(&text, ", where the facility bills the technical part");
    finding->message = text_close(&text);
    finding->fix = VIEW("add modifier 26 for the professional part");
    if (line->line->modifier_count < CLAIM_MODIFIERS_MAX) {
        finding->patch = patch_add_modifier(pass, line, code_of("26"));
    }
}

void check_pos_component(struct audit_pass *pass) {
    if (pass->claim->type != CLAIM_PROFESSIONAL) {
        return;
    }
    for (int i = 0; i < pass->line_count; i++) {
        missing_check(pass, &pass->lines[i]);
    }
}

/* ---- 51 ---------------------------------------------------------------------------------- */

/* 51 has no meaning on an add-on code or where no multiple-procedure rule applies; Medicare's
 * contractors add it themselves and ignore ours [rvu26a]. */
void check_multiple(struct audit_pass *pass, const struct audit_line *line) {
    if (!(line->flags & LINE_51) || !line->has_mpfs) {
        return;
    }
    bool addon = has_global(line, "ZZZ");
    if (!addon && line->mpfs.multiple != '0' && line->mpfs.multiple != '9') {
        return;
    }
    struct audit_finding *finding = finding_add(pass, RULE_MULTIPLE_PROCEDURE_MODIFIER, line);
    struct text text;
    if (pass->payer.medicare) {
        finding->severity = RULE_INFO;
    }
    finding_mpfs(pass, finding, line, line->mpfs.multiple);
    text_open(&text, pass);
    text_add(&text, "modifier 51 on ");
    text_code(&text, line->line->code);
    text_add(&text, addon ? ", an add-on code that no reduction applies to"
                          : ", which no multiple-procedure reduction applies to");
    finding->message = text_close(&text);
    finding->fix = VIEW("remove modifier 51");
    finding->patch = patch_remove_modifier(pass, line, modifier_position(line, code_of("51")));
}
