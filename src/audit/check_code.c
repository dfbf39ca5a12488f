/* Procedure codes on the day of service: code_not_valid, hcpcs_deleted, code_not_payable. A line
 * found invalid here is denied: it plays no column 1 and is no primary [ncci-ptp]. */
#include "audit/audit_internal.h"
#include "audit/codes.h"

/* ---- form -------------------------------------------------------------------------------- */

static char code_char(struct code code, int index) {
    return (char)(code.bits >> (56 - 8 * index) & 0xFF);
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Five characters: a CPT code of digits, which may end in F, M, T or U, or a letter A to V and
 * four digits [hcpcs25]. */
static bool code_formed(struct code code) {
    char first = code_char(code, 0);
    char last = code_char(code, 4);
    if (code_length(code) != 5) {
        return false;
    }
    for (int i = 1; i < 4; i++) {
        if (!is_digit(code_char(code, i))) {
            return false;
        }
    }
    if (is_digit(first)) {
        return is_digit(last) || last == 'F' || last == 'M' || last == 'T' || last == 'U';
    }
    return first >= 'A' && first <= 'V' && is_digit(last);
}

static void form_finding(struct audit_pass *pass, struct audit_line *line) {
    struct audit_finding *finding = finding_add(pass, RULE_CODE_NOT_VALID, line);
    struct view given = line->line->code_given;
    struct text text;
    char buffer[9];
    if (code_given(line->line->code)) {
        given = code_text(line->line->code, buffer);
    }
    text_open(&text, pass);
    if (given.size > 0) {
        text_given(&text, given);
        text_add(&text, " has not the form of a procedure code");
    } else {
        text_add(&text, "the line has no procedure code");
    }
    finding->message = text_close(&text);
    finding->fix = VIEW("give the CPT or HCPCS code of five characters for the service done");
    line->denied = true;
}

/* The starter store is an extract: a code that it does not hold is not thereby wrong. */
static void unknown_gap(struct audit_pass *pass, const struct audit_line *line) {
    struct text text;
    text_open(&text, pass);
    text_add(&text, "store:code:");
    text_code(&text, line->line->code);
    gap_add(pass, RULE_CODE_NOT_VALID, text_close(&text));
}

/* False when nothing more can be said about the code. */
static bool form_check(struct audit_pass *pass, struct audit_line *line) {
    if (line->id != STORE_NO_CODE) {
        return true;
    }
    struct code qualifier = line->line->qualifier;
    if (code_given(qualifier) && !code_equal(qualifier, code_of("HC"))) {
        return false; /* jurisdiction's and other code lists are not ours to judge */
    }
    if (code_formed(line->line->code)) {
        unknown_gap(pass, line);
    } else {
        form_finding(pass, line);
    }
    return false;
}

/* ---- validity on the day ------------------------------------------------------------------ */

static bool ended_check(struct audit_pass *pass, struct audit_line *line) {
    struct store_ended ended;
    if (!date_given(line->from) || !store_ended(pass->store, line->id, line->when, &ended)) {
        return false;
    }
    struct audit_finding *finding = finding_add(pass, RULE_HCPCS_DELETED, line);
    struct code code = line->line->code;
    struct text text;
    finding_proof(pass, finding, STORE_HCPCS, text_row(pass, code), ended.proof);
    pass_used(pass, ended.proof, line->from);
    text_open(&text, pass);
    text_code(&text, code);
    text_add(&text, " is not valid on ");
    text_date(&text, line->from);
    if (date_given(ended.last)) {
        text_add(&text, ": its last day was ");
        text_date(&text, ended.last);
    } else {
        text_add(&text, ": it is no longer in the code set");
    }
    if (code_given(ended.replacement)) {
        text_add(&text, "; ");
        text_code(&text, ended.replacement);
        text_add(&text, " took its place");
    }
    finding->message = text_close(&text);
    text_open(&text, pass);
    if (code_given(ended.replacement)) {
        text_add(&text, "bill ");
        text_code(&text, ended.replacement);
        text_add(&text, " and count its units anew, because a unit may be another amount");
    } else {
        text_add(&text, "bill the code that was valid on the day and describes what was done");
    }
    finding->fix = text_close(&text);
    line->denied = true;
    return true;
}

/* ---- payable by Medicare ------------------------------------------------------------------ */

static struct audit_finding *status_finding(struct audit_pass *pass, const struct audit_line *line,
                                            const char *reason) {
    struct audit_finding *finding = finding_add(pass, RULE_CODE_NOT_PAYABLE, line);
    struct text text;
    finding_mpfs(pass, finding, line, line->mpfs.status);
    text_open(&text, pass);
    text_code(&text, line->line->code);
    text_add(&text, " has status ");
    text_view(&text, (struct view){&line->mpfs.status, 1});
    text_add(&text, reason);
    finding->message = text_close(&text);
    return finding;
}

/* A line that asks for nothing, such as a postoperative visit for the record, loses nothing. */
static bool asks_nothing(const struct audit_line *line) {
    return line->line->charge_known && line->line->charge.cents == 0;
}

static void bundled(struct audit_pass *pass, struct audit_line *line) {
    struct audit_finding *finding =
        status_finding(pass, line, ": its payment is bundled into other services");
    if (asks_nothing(line)) {
        finding->severity = RULE_INFO;
        finding->fix = VIEW("none: the line asks for no payment");
    } else {
        finding->fix = VIEW("remove the line; the payment for the main service includes it");
        finding->patch = patch_remove_line(pass, line);
    }
    line->denied = true;
}

static void noncovered(struct audit_pass *pass, struct audit_line *line) {
    struct audit_finding *finding = status_finding(pass, line, ": Medicare does not cover it");
    bool told = (line->flags & LINE_GZ) != 0;
    if (told) {
        finding->severity = RULE_INFO; /* the denial is expected, and the patient was told */
    }
    finding->fix = told ? VIEW("none: the modifier announces the denial")
                        : VIEW("add GY when the patient asked for a denial; the patient may owe "
                               "the charge");
    line->denied = true;
}

/* [rvu26a] What the status letter means for payment. */
static void status_check(struct audit_pass *pass, struct audit_line *line) {
    struct audit_finding *finding = NULL;
    switch (line->mpfs.status) {
    case 'B':
    case 'P': bundled(pass, line); break;
    case 'I':
        finding = status_finding(pass, line, ": Medicare takes another code for this service");
        finding->fix = VIEW("bill the code that Medicare has for the service");
        line->denied = true;
        break;
    case 'N': noncovered(pass, line); break;
    case 'R':
        finding = status_finding(pass, line, ": coverage is restricted");
        finding->severity = RULE_REVIEW;
        finding->fix = VIEW("check the contractor's coverage policy before the claim goes out");
        break;
    default: /* A, C, J, M, T, and E and X, which other schedules pay */ break;
    }
}

/* Another service that the fee schedule pays, of the same provider and day. */
static bool payable_beside(const struct audit_pass *pass, const struct audit_line *line) {
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *other = &pass->lines[i];
        if (other != line && other->has_mpfs && !other->denied &&
            (other->mpfs.status == 'A' || other->mpfs.status == 'R') &&
            other->from.day == line->from.day && other->provider == line->provider) {
            return true;
        }
    }
    return false;
}

static void injection_check(struct audit_pass *pass, struct audit_line *line) {
    if (line->mpfs.status != 'T' || line->denied || !payable_beside(pass, line)) {
        return;
    }
    struct audit_finding *finding =
        status_finding(pass, line, ": it is paid only when nothing else is on that day");
    finding->fix = VIEW("remove the line; the payment for the other service includes it");
    finding->patch = patch_remove_line(pass, line);
    line->denied = true;
}

static bool is_unpayable(char status) {
    return status == 'B' || status == 'P' || status == 'I' || status == 'N';
}

static void payable_check(struct audit_pass *pass, struct audit_line *line) {
    if (!line->has_mpfs || pass->claim->type != CLAIM_PROFESSIONAL) {
        return;
    }
    if (pass->payer.medicare) {
        status_check(pass, line);
    } else if (!pass->payer_known && is_unpayable(line->mpfs.status)) {
        gap_add(pass, RULE_CODE_NOT_PAYABLE, VIEW("claim:payer.profile"));
    }
}

/* The fee schedule knows the code, but no edition that was known at the asked-for day covers the
 * service; or its edition was drawn for other codes. Every check by its indicators is left unmade,
 * and must not look like a pass. */
static void unknown_edition(struct audit_pass *pass, const struct audit_line *line) {
    struct store_when later = {line->from, DATE_NONE};
    struct store_mpfs row;
    if (line->id == STORE_NO_CODE || !date_given(line->from)) {
        return;
    }
    bool later_known = date_given(pass->options->as_of) &&
                       store_mpfs(pass->store, line->id, CODE_NONE, later, &row);
    bool beyond = !store_in_extract(pass->store, line->id) &&
                  !pass_covers(pass, STORE_MPFS, line->from, line->id);
    if (later_known || beyond) {
        gap_add(pass, RULE_CODE_NOT_PAYABLE, VIEW("store:mpfs"));
    }
}

void check_code(struct audit_pass *pass) {
    for (int i = 0; i < pass->line_count; i++) {
        struct audit_line *line = &pass->lines[i];
        if (line->has_mpfs) {
            pass_used(pass, line->mpfs.proof, line->from);
        } else {
            unknown_edition(pass, line);
        }
        if (form_check(pass, line) && !ended_check(pass, line)) {
            payable_check(pass, line);
            check_component(pass, line);
            check_multiple(pass, line);
        }
        if (line->line->modifier_count > 0) {
            check_modifiers(pass, line);
        }
    }
    for (int i = 0; pass->payer.medicare && i < pass->line_count; i++) {
        if (pass->lines[i].has_mpfs && pass->claim->type == CLAIM_PROFESSIONAL) {
            injection_check(pass, &pass->lines[i]);
        }
    }
}
