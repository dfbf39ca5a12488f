/* The tables and sentences of the practice report, said once for all its formats. */
#include "report/practice_internal.h"

enum cell_kind { KIND_TEXT, KIND_COUNT, KIND_QUANTITY, KIND_MONEY };

static const struct {
    const char *title, *brief, *word; /* brief: for columns of text */
    enum cell_kind kind;
} cells[PRACTICE_CELLS] = {
    [CELL_NAME] = {"", "", "name", KIND_TEXT},
    [CELL_ABOUT] = {"What it says", "what it says", "about", KIND_TEXT},
    [CELL_ID] = {"Id", "id", "id", KIND_TEXT},
    [CELL_PROFILE] = {"Profile", "profile", "profile", KIND_TEXT},
    [CELL_SEVERITY] = {"Severity", "severity", "severity", KIND_TEXT},
    [CELL_CITE] = {"Cited", "cited", "cite", KIND_TEXT},
    [CELL_CLAIMS] = {"Claims", "claims", "claims", KIND_COUNT},
    [CELL_NOT_CLEAN] = {"Not clean", "not clean", "not_clean", KIND_COUNT},
    [CELL_LINES] = {"Lines", "lines", "lines", KIND_COUNT},
    [CELL_UNITS] = {"Units", "units", "units", KIND_QUANTITY},
    [CELL_MINUTES] = {"Minutes", "minutes", "minutes", KIND_QUANTITY},
    [CELL_FINDINGS] = {"Findings", "found", "findings", KIND_COUNT},
    [CELL_ERRORS] = {"Errors", "errors", "errors", KIND_COUNT},
    [CELL_CHARGE] = {"Charges", "charges", "charges", KIND_MONEY},
    [CELL_ALLOWED] = {"Allowed", "allowed", "allowed", KIND_MONEY},
    [CELL_NO_AMOUNT] = {"Lines without amount", "no amount", "lines_without_amount", KIND_COUNT},
    [CELL_AT_RISK] = {"Allowed at risk", "at risk", "allowed_at_risk", KIND_MONEY},
    [CELL_UNKNOWN] = {"Risk not known", "unknown", "risk_not_known", KIND_COUNT},
    [CELL_CHARGE_AT_RISK] = {"Charge at risk", "its charge", "charge_at_risk", KIND_MONEY},
};

const struct practice_shape practice_shapes[PRACTICE_TABLES] = {
    [PRACTICE_BASES] = {"basis",
                        "Basis of the amounts",
                        "Claims by where their amounts come from",
                        "Basis",
                        {CELL_CLAIMS, CELL_LINES, CELL_CHARGE, CELL_ALLOWED, CELL_NO_AMOUNT},
                        5},
    [PRACTICE_MONTHS] = {"month",
                         "By month of service",
                         "Months, by their date",
                         "Month",
                         {CELL_CLAIMS, CELL_NOT_CLEAN, CELL_ERRORS, CELL_ALLOWED, CELL_AT_RISK,
                          CELL_UNKNOWN, CELL_CHARGE_AT_RISK},
                         7},
    [PRACTICE_RULES] = {"rule",
                        "By rule",
                        "Rules, by what is at risk",
                        "Rule",
                        {CELL_ABOUT, CELL_SEVERITY, CELL_FINDINGS, CELL_CLAIMS, CELL_LINES,
                         CELL_AT_RISK, CELL_UNKNOWN, CELL_CHARGE_AT_RISK, CELL_CITE},
                        9},
    [PRACTICE_PAYERS] = {"payer",
                         "By payer",
                         "Payers, by what is at risk",
                         "Payer",
                         {CELL_ID, CELL_PROFILE, CELL_CLAIMS, CELL_NOT_CLEAN, CELL_ERRORS,
                          CELL_ALLOWED, CELL_NO_AMOUNT, CELL_AT_RISK, CELL_UNKNOWN,
                          CELL_CHARGE_AT_RISK},
                         10},
    [PRACTICE_PROVIDERS] = {"provider",
                            "By rendering provider",
                            "Rendering providers, by what is at risk",
                            "NPI",
                            {CELL_CLAIMS, CELL_LINES, CELL_FINDINGS, CELL_ERRORS, CELL_ALLOWED,
                             CELL_NO_AMOUNT, CELL_AT_RISK, CELL_UNKNOWN, CELL_CHARGE_AT_RISK},
                            9},
    [PRACTICE_CODES] = {"code",
                        "By procedure code",
                        "Procedure codes, by what is at risk",
                        "Code",
                        {CELL_CLAIMS, CELL_LINES, CELL_UNITS, CELL_MINUTES, CELL_FINDINGS,
                         CELL_ERRORS, CELL_ALLOWED, CELL_NO_AMOUNT, CELL_AT_RISK, CELL_UNKNOWN,
                         CELL_CHARGE_AT_RISK},
                        11},
};

const char *practice_cell_title(const struct practice_shape *shape, enum practice_cell cell) {
    return cell == CELL_NAME ? shape->first : cells[cell].title;
}

const char *practice_cell_brief(const struct practice_shape *shape, enum practice_cell cell) {
    return cell == CELL_NAME ? shape->first : cells[cell].brief;
}

const char *practice_cell_word(enum practice_cell cell) { return cells[cell].word; }

bool practice_cell_is_text(enum practice_cell cell) { return cells[cell].kind == KIND_TEXT; }

bool practice_cell_is_money(enum practice_cell cell) { return cells[cell].kind == KIND_MONEY; }

int64_t practice_cell_value(const struct practice_row *row, enum practice_cell cell) {
    const struct practice_sums *sums = &row->sums;
    switch (cell) {
    case CELL_CLAIMS: return sums->claims;
    case CELL_NOT_CLEAN: return sums->not_clean;
    case CELL_LINES: return sums->lines;
    case CELL_UNITS: return sums->units;
    case CELL_MINUTES: return sums->minutes;
    case CELL_FINDINGS: return sums->findings;
    case CELL_ERRORS: return sums->errors;
    case CELL_CHARGE: return sums->charge;
    case CELL_ALLOWED: return sums->allowed;
    case CELL_NO_AMOUNT: return sums->no_amount;
    case CELL_AT_RISK: return sums->at_risk;
    case CELL_UNKNOWN: return sums->unknown;
    case CELL_CHARGE_AT_RISK: return sums->charge_at_risk;
    default: return 0;
    }
}

bool practice_cell_unknown(const struct practice_row *row, enum practice_cell cell) {
    const struct practice_sums *sums = &row->sums;
    return cell == CELL_ALLOWED   ? sums->no_amount > 0 && sums->no_amount == sums->lines
           : cell == CELL_AT_RISK ? sums->unknown > 0 && sums->at_risk == 0
                                  : false;
}

static struct view key_of(const struct practice_row *row) {
    return (struct view){row->key, row->key_size};
}

/* Profile and id of a payer. */
static struct view payer_profile(const struct practice_row *row, struct view *id) {
    *id = key_of(row);
    return view_cut(id, '\n');
}

static struct view payer_id(const struct practice_row *row) {
    struct view id;
    (void)payer_profile(row, &id);
    return view_equal(id, (struct view){row->label, row->label_size}) ? VIEW("") : id;
}

static struct view text_of(enum practice_name name, const struct practice_row *row,
                           enum practice_cell cell) {
    struct view rest;
    switch (cell) {
    case CELL_NAME:
        return name == PRACTICE_PAYERS ? (struct view){row->label, row->label_size} : key_of(row);
    case CELL_ABOUT: return row->rule ? row->rule->title : VIEW("");
    case CELL_ID: return payer_id(row);
    case CELL_PROFILE: return payer_profile(row, &rest);
    case CELL_SEVERITY: return row->rule ? rule_severity_name(row->severity) : VIEW("");
    case CELL_CITE: return row->cite ? row->cite->key : VIEW("");
    default: return VIEW("");
    }
}

void practice_cell_write(struct out *out, enum practice_name name, const struct practice_row *row,
                         enum practice_cell cell) {
    char text[24];
    int64_t value = practice_cell_value(row, cell);
    switch (cells[cell].kind) {
    case KIND_TEXT: out_view(out, text_of(name, row, cell)); break;
    case KIND_COUNT: out_int(out, value); break;
    case KIND_QUANTITY: out_view(out, quantity_text((struct quantity){value}, text)); break;
    case KIND_MONEY: out_view(out, money_text((struct money){value}, text)); break;
    }
}

int practice_row_count(const struct practice_table *table) {
    return table->count + (table->others.sums.claims > 0);
}

const struct practice_row *practice_row(const struct practice_table *table, int index) {
    return index < table->count ? &table->rows[index] : &table->others;
}

bool practice_is_others(const struct practice_table *table, const struct practice_row *row) {
    return row == &table->others;
}

/* ---- sentences ----------------------------------------------------------------------------- */

const char *const practice_notes[PRACTICE_NOTES] = {
    "Amounts are estimates. Allowed is what the schedule gives for the services as billed, before "
    "the patient's share; the payer decides what it pays.",
    "Allowed at risk is what a claim would be allowed less if every line that an error names, or "
    "all lines when the error is about the claim, were denied. Charge at risk is what is billed on "
    "those lines. Providers and codes have the part of their lines, so that these tables, payers "
    "and months add up to the same amount.",
    "A rule has what its errors and warnings alone would cost, a line counted once a claim. Rules "
    "overlap: do not add their amounts.",
    "Risk not known counts claims (rules: findings; providers and codes: lines) where a line with "
    "an error has no amount. They are in no amount at risk.",
    "Tables are sorted by what is at risk, then by findings, then by name. A claim belongs to the "
    "month of its first day of service. A line that names no rendering provider belongs to the "
    "claim's, and without one to the billing provider.",
};

const char *practice_saying_label(enum practice_saying saying) {
    static const char *const labels[] = {
        [SAYS_PERIOD] = "Services",     [SAYS_INPUT] = "Input",
        [SAYS_CLAIMS] = "Claims",       [SAYS_FINDINGS] = "Findings",
        [SAYS_CHARGES] = "Charges",     [SAYS_ALLOWED] = "Allowed",
        [SAYS_AT_RISK] = "At risk",     [SAYS_CHARGE_AT_RISK] = "Charge at risk",
        [SAYS_STALE] = "Stale",         [SAYS_NOT_LOADED] = "Not loaded"};
    return labels[saying];
}

static void cents_write(struct out *out, int64_t cents) {
    money_write(out, (struct money){cents});
}

static void period_write(struct out *out, const struct report_practice *practice) {
    char text[11];
    if (!date_given(practice->first)) {
        OUT_TEXT(out, "no day of service");
        return;
    }
    out_view(out, date_text(practice->first, text));
    OUT_TEXT(out, " to ");
    out_view(out, date_text(practice->last, text));
}

static void input_write(struct out *out, const struct practice_about *about) {
    count_write(out, about->files, "file", "files");
    if (about->faults > 0) {
        OUT_TEXT(out, "; ");
        count_write(out, about->faults, "part of the input is unreadable and not counted",
                    "parts of the input are unreadable and not counted");
    }
    if (about->file_errors > 0) {
        OUT_TEXT(out, "; ");
        count_write(out, about->file_errors, "error about a file", "errors about files");
    }
}

static void claims_write(struct out *out, const struct report_practice *practice) {
    count_write(out, practice->total.sums.claims, "claim: ", "claims: ");
    out_int(out, practice->verdicts[AUDIT_NOT_CLEAN]);
    OUT_TEXT(out, " not clean, ");
    out_int(out, practice->verdicts[AUDIT_INCOMPLETE]);
    OUT_TEXT(out, " incomplete, ");
    out_int(out, practice->verdicts[AUDIT_CLEAN]);
    OUT_TEXT(out, " clean; ");
    count_write(out, practice->total.sums.lines, "line", "lines");
}

static void findings_write(struct out *out, const struct report_practice *practice) {
    count_write(out, practice->severities[RULE_ERROR], "error, ", "errors, ");
    count_write(out, practice->severities[RULE_WARN], "warning, ", "warnings, ");
    out_int(out, practice->severities[RULE_REVIEW]);
    OUT_TEXT(out, " to review, ");
    out_int(out, practice->severities[RULE_INFO]);
    OUT_TEXT(out, " for information; ");
    count_write(out, practice->bypassed, "edit passed by a modifier", "edits passed by a modifier");
}

static void allowed_write(struct out *out, const struct practice_sums *sums) {
    cents_write(out, sums->allowed);
    OUT_TEXT(out, " for ");
    count_write(out, sums->lines - sums->no_amount, "line", "lines");
    OUT_TEXT(out, ", an estimate; ");
    count_write(out, sums->no_amount, "line has no amount", "lines have no amount");
}

static void at_risk_write(struct out *out, const struct practice_sums *sums) {
    cents_write(out, sums->at_risk);
    OUT_TEXT(out, " of the allowed amount");
    if (sums->unknown > 0) {
        OUT_TEXT(out, "; not known of ");
        count_write(out, sums->unknown, "claim", "claims");
        OUT_TEXT(out, " with errors on lines without an amount");
    }
}

static void stale_write(struct out *out, const struct report_practice *practice) {
    char text[11];
    ptrdiff_t from = out->size;
    for (int i = 0; i < store_release_count(practice->store) && i < STORE_RELEASES_MAX; i++) {
        struct store_release release = store_release(practice->store, i);
        if (!release_in(&practice->stale, (uint32_t)i)) {
            continue;
        }
        out_view(out, out->size > from ? VIEW("; ") : VIEW(""));
        out_view(out, release.table_name);
        out_char(out, ' ');
        out_view(out, release.name);
        if (date_given(release.through)) {
            OUT_TEXT(out, ", newest until ");
            out_view(out, date_text(release.through, text));
        }
    }
    out_view(out, out->size > from
                      ? VIEW(" (older than some services: import newer editions)")
                      : VIEW(""));
}

void practice_saying_write(struct out *out, const struct report_practice *practice,
                           const struct practice_about *about, enum practice_saying saying) {
    const struct practice_sums *sums = &practice->total.sums;
    switch (saying) {
    case SAYS_PERIOD: period_write(out, practice); break;
    case SAYS_INPUT: input_write(out, about); break;
    case SAYS_CLAIMS: claims_write(out, practice); break;
    case SAYS_FINDINGS: findings_write(out, practice); break;
    case SAYS_CHARGES: cents_write(out, sums->charge); break;
    case SAYS_ALLOWED: allowed_write(out, sums); break;
    case SAYS_AT_RISK: at_risk_write(out, sums); break;
    case SAYS_CHARGE_AT_RISK: cents_write(out, sums->charge_at_risk); break;
    case SAYS_STALE: stale_write(out, practice); break;
    case SAYS_NOT_LOADED:
        for (int i = 0; i < practice->not_loaded_count; i++) {
            out_view(out, i > 0 ? VIEW(", ") : VIEW(""));
            out_view(out, practice->not_loaded[i]);
        }
        break;
    case PRACTICE_SAYINGS: break;
    }
}

void practice_origin_write(struct out *out, const struct report_practice *practice,
                           const struct practice_about *about) {
    char text[11];
    out_view(out, about->program);
    OUT_TEXT(out, ", store ");
    out_view(out, store_hash(practice->store));
    if (date_given(about->as_of)) {
        OUT_TEXT(out, ", as of ");
        out_view(out, date_text(about->as_of, text));
    }
    if (date_given(about->on)) {
        OUT_TEXT(out, ", made on ");
        out_view(out, date_text(about->on, text));
    }
}

void practice_claim_rules_write(struct out *out, const struct practice_claim *claim) {
    for (int i = 0; i < claim->rule_count; i++) {
        out_view(out, i > 0 ? VIEW(", ") : VIEW(""));
        out_view(out, claim->rules[i]->id);
    }
    if (claim->rules_more > 0) {
        OUT_TEXT(out, " and ");
        out_int(out, claim->rules_more);
        OUT_TEXT(out, " more");
    }
}

void practice_at_risk_write(struct out *out, struct money at_risk) {
    if (money_given(at_risk)) {
        money_write(out, at_risk);
    } else {
        OUT_TEXT(out, "not known");
    }
}
