/* Waste: what a single-dose container had beyond the dose. The lines themselves prove it:
 * container, dose and NDC stand on the line of the drug, what the container holds in the crosswalk
 * from NDC to HCPCS. Only whole units are billed, and only those the fewest containers leave. */
#include "audit/anatomy.h"
#include "audit/opportunity_internal.h"

#define CONTAINER_UNITS_MAX 100000 /* billing units; beyond them it is no container */
#define CONTAINER_SIZE_MAX (INT64_C(100000) * 1000) /* thousandths of a millilitre */
#define WASTE_UNITS_MAX 1000000

struct waste {
    uint64_t ndc;
    struct store_ndc package;
    int64_t given;      /* units */
    int64_t container;  /* units that one holds */
    int64_t containers; /* opened */
    int64_t discarded;  /* units */
};

/* Eleven digits, or 5-4-2 with hyphens; 0 for another text. */
static uint64_t ndc_number(struct view text) {
    uint64_t number = 0;
    bool hyphens = text.size == 13;
    if (!hyphens && text.size != 11) {
        return 0;
    }
    for (ptrdiff_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        if (hyphens && (i == 5 || i == 10)) {
            if (c != '-') {
                return 0;
            }
        } else if (c < '0' || c > '9') {
            return 0;
        } else {
            number = number * 10 + (uint64_t)(c - '0');
        }
    }
    return number;
}

bool claim_may_waste(const struct claim *claim) {
    for (int i = 0; i < claim->line_count; i++) {
        if (claim->lines[i].container == CONTAINER_SINGLE && claim->lines[i].ndc.code.size > 0) {
            return true;
        }
    }
    return false;
}

/* Another line of the code on that day, by whomever: whose waste it is cannot be told, or it is
 * billed. */
static bool has_other(const struct audit_pass *pass, const struct audit_line *line) {
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *other = &pass->lines[i];
        if (other != line && code_equal(other->line->code, line->line->code) &&
            (!date_given(other->from) || other->from.day == line->from.day)) {
            return true;
        }
    }
    return false;
}

/* A drug that is paid for itself, for Medicare, from the day on that JW is asked [jw-jz]. */
static bool may_be_asked(const struct audit_pass *pass, const struct audit_line *line) {
    return line->has_drug && line_stands(line) && line->line->container == CONTAINER_SINGLE &&
           pass->payer_known && pass->payer.medicare && line->drug.payable &&
           !line->drug.anesthetic && !line->drug.contrast &&
           !(line->flags & (LINE_JW | LINE_JZ)) &&
           line->from.day >= date_from_ymd(2017, 1, 1).day;
}

/* What one container holds in whole units; 0 when the crosswalk does not say it, rounds it or
 * contradicts itself. A package may have many containers: what counts is the one opened. */
static int64_t container_units(const struct store_ndc *package) {
    int64_t units = package->container_units;
    if (package->containers <= 0 || units <= 0 || units % 1000 != 0 ||
        units / 1000 > CONTAINER_UNITS_MAX ||
        units * package->containers != package->package_units) {
        return 0;
    }
    return units / 1000;
}

static bool waste_read(const struct audit_pass *pass, const struct audit_line *line,
                       struct waste *waste) {
    *waste = (struct waste){.ndc = ndc_number(line->line->ndc.code),
                            .given = line_dose_units(line)};
    if (waste->ndc == 0 || waste->given <= 0 || waste->given > WASTE_UNITS_MAX ||
        line->line->units.milli != waste->given * 1000 ||
        !store_ndc(pass->store, waste->ndc, line->line->code, line->when, &waste->package)) {
        return false;
    }
    waste->container = container_units(&waste->package);
    if (waste->container == 0) {
        return false;
    }
    waste->containers = (waste->given + waste->container - 1) / waste->container;
    waste->discarded = waste->containers * waste->container - waste->given;
    return waste->discarded > 0;
}

/* The millilitres discarded, when those of the line are the part of the containers that the dose
 * is; not given otherwise, and the rules ask for them. */
static struct quantity amount_discarded(const struct audit_line *line, const struct waste *waste) {
    int64_t amount = line->line->ndc.quantity.milli;
    int64_t size = waste->package.size.milli, dose = line->line->dose_mg.milli;
    int64_t unit = line->drug.unit_thousandths;
    if (!code_equal(line->line->ndc.unit, code_of("ML")) || amount <= 0 || size <= 0 ||
        size > CONTAINER_SIZE_MAX || amount > CONTAINER_SIZE_MAX ||
        !code_equal(line->drug.unit, code_of("MG"))) {
        return QUANTITY_NONE;
    }
    /* In parts of one container: amount / size and dose / (container x unit) are the same. */
    int64_t left, right, whole = waste->container * unit;
    bool same = !__builtin_mul_overflow(amount, whole, &left) &&
                !__builtin_mul_overflow(dose, size, &right) && left == right;
    int64_t all = waste->containers * size;
    if (!same || all <= amount) {
        return QUANTITY_NONE;
    }
    return (struct quantity){all - amount};
}

static struct view number_text(struct opportunity_search *search, int64_t number) {
    struct text text;
    text_open(&text, search->pass);
    text_int(&text, number);
    return text_close(&text);
}

static void waste_proofs(struct candidate *candidate, const struct audit_line *line,
                         const struct waste *waste) {
    struct text text;
    text_open(&text, candidate->search->pass);
    text_quantity(&text, line->line->dose_mg);
    proof_text(candidate, "dose_mg", text_close(&text));
    proof_text(candidate, "container", VIEW("single"));
    proof_text(candidate, "ndc", line->line->ndc.code);
    proof_text(candidate, "container_units", number_text(candidate->search, waste->container));
}

static struct view waste_message(struct opportunity_search *search, const struct audit_line *line,
                                 const struct waste *waste) {
    struct text text;
    text_open(&text, search->pass);
    text_line(&text, line);
    text_add(&text, ": ");
    text_int(&text, waste->containers);
    text_add(&text, waste->containers == 1 ? " single-dose container holds "
                                           : " single-dose containers hold ");
    text_int(&text, waste->containers * waste->container);
    text_add(&text, " units, the dose is ");
    text_int(&text, waste->given);
    text_add(&text, ": the rest, ");
    text_int(&text, waste->discarded);
    text_add(&text, waste->discarded == 1 ? " unit, is not billed" : " units, is not billed");
    return text_close(&text);
}

/* The modifiers of the line stay, as that of a drug bought at a discount, with JW in front. */
static bool waste_line(struct candidate *candidate, const struct audit_line *line, char *modifier,
                       const struct waste *waste) {
    struct claim_line *added = candidate_add(candidate, line->line, line->line->code);
    if (!added) {
        return false;
    }
    added->modifier_count = line->line->modifier_count;
    for (int i = 0; i < added->modifier_count; i++) {
        added->modifiers[i] = line->line->modifiers[i];
    }
    added->units = (struct quantity){waste->discarded * 1000};
    added->container = CONTAINER_SINGLE;
    added->ndc = line->line->ndc;
    added->ndc.quantity = amount_discarded(line, waste);
    return modifier_first(added, modifier);
}

void opportunity_waste_not_billed(struct opportunity_search *search,
                                  const struct opportunity_row *row) {
    const struct audit_pass *pass = search->pass;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        struct candidate candidate;
        struct waste waste;
        char modifier[9];
        if (!may_be_asked(pass, line) || has_other(pass, line) ||
            !waste_read(pass, line, &waste) ||
            !candidate_open(&candidate, search, row, LINE_BIT(line->index))) {
            continue;
        }
        (void)code_text(row->codes[0], modifier);
        if (waste_line(&candidate, line, modifier, &waste)) {
            waste_proofs(&candidate, line, &waste);
            candidate_judge(&candidate, waste_message(search, line, &waste));
        }
    }
}
