/* A place of service that the service facility is not: billed as a facility though it is an office,
 * or the other way around. What the facility is, its taxonomy says, from the claim or the provider
 * list; all that are given must agree, and a facility that is not named proves nothing. */
#include "audit/opportunity_internal.h"

enum nppes_column { NPPES_TAXONOMY = 2, NPPES_DEACTIVATED = 4, NPPES_REACTIVATED = 5 };

/* A service facility and what is known of it. */
struct site {
    const struct claim_provider *provider;
    bool own; /* the billing provider itself */
    enum site_kind kind;
    struct view taxonomy, what; /* the first that was given */
    struct view origin;         /* "the claim", "NPPES-2026-07-13" */
};

static const struct claim_provider *facility_of(const struct claim *claim, int index) {
    const struct claim_line *line = &claim->lines[index];
    return line->facility.npi.at ? &line->facility : &claim->facility;
}

bool opportunity_site_told(const struct audit_pass *pass) {
    bool listed = store_has(pass->store, STORE_NPPES);
    for (int i = 0; i < pass->line_count; i++) {
        const struct claim_provider *facility = facility_of(pass->claim, i);
        if (facility->npi.size > 0 && (listed || facility->taxonomy.size > 0 ||
                                       pass->claim->billing.taxonomy.size > 0)) {
            return true;
        }
    }
    return false;
}

/* ---- what it is -------------------------------------------------------------------------- */

static const struct opportunity_site *site_find(const struct opportunity_table *table,
                                                struct view taxonomy) {
    const struct opportunity_site *found = NULL;
    for (int i = 0; i < table->site_count; i++) {
        const struct opportunity_site *site = &table->sites[i];
        if (view_starts(taxonomy, site->prefix) &&
            (!found || site->prefix.size > found->prefix.size)) {
            found = site;
        }
    }
    return found;
}

/* Another kind than that of the first leaves none, as does a taxonomy that no row knows. */
static void site_add(struct site *site, const struct opportunity_table *table,
                     struct view taxonomy, struct view origin) {
    if (taxonomy.size <= 0) {
        return;
    }
    const struct opportunity_site *row = site_find(table, taxonomy);
    enum site_kind kind = row ? row->kind : SITE_ELSEWHERE;
    if (kind == SITE_CLINIC) {
        kind = site->own ? SITE_OFFICE : SITE_ELSEWHERE;
    }
    if (site->kind == SITE_UNKNOWN) {
        site->kind = kind;
        site->taxonomy = taxonomy;
        site->what = row ? row->what : VIEW("");
        site->origin = origin;
    } else if (site->kind != kind) {
        site->kind = SITE_ELSEWHERE;
    }
}

static uint64_t npi_number(struct view npi) {
    uint64_t number = 0;
    for (ptrdiff_t i = 0; i < npi.size; i++) {
        number = number * 10 + (uint64_t)(npi.at[i] - '0');
    }
    return number;
}

/* The row of the newest list that holds it; false when there is none. */
static bool listed_row(const struct audit_pass *pass, struct view npi, uint32_t *row) {
    struct store_when when = {DATE_NONE, pass->options->as_of};
    struct date newest = DATE_NONE;
    bool found = false;
    uint32_t count, first =
        store_sheet_find(pass->store, STORE_NPPES, npi_number(npi), 0, &count);
    for (uint32_t i = first; i < first + count; i++) {
        uint16_t release = store_sheet_proof(pass->store, STORE_NPPES, i).release;
        struct date day = store_release(pass->store, release).effective;
        if (store_sheet_holds(pass->store, STORE_NPPES, i, when) &&
            (!found || day.day > newest.day)) {
            found = true;
            newest = day;
            *row = i;
        }
    }
    return found;
}

/* A number that no longer is one on the day proves nothing. */
static void site_listed(struct site *site, const struct opportunity_search *search,
                        struct date on) {
    const struct audit_pass *pass = search->pass;
    uint32_t row;
    if (!store_has(pass->store, STORE_NPPES) || !listed_row(pass, site->provider->npi, &row)) {
        return;
    }
    struct date ended = store_sheet_cell(pass->store, STORE_NPPES, row, NPPES_DEACTIVATED).day;
    struct date back = store_sheet_cell(pass->store, STORE_NPPES, row, NPPES_REACTIVATED).day;
    if (date_given(ended) && ended.day <= on.day && !(date_given(back) && back.day <= on.day)) {
        site->kind = SITE_ELSEWHERE;
        return;
    }
    uint16_t release = store_sheet_proof(pass->store, STORE_NPPES, row).release;
    site_add(site, search->table,
             store_sheet_cell(pass->store, STORE_NPPES, row, NPPES_TAXONOMY).text,
             store_release(pass->store, release).name);
}

static struct site site_of(const struct opportunity_search *search, int index) {
    const struct claim *claim = search->pass->claim;
    struct site site = {.provider = facility_of(claim, index)};
    if (!claim_npi_valid(site.provider->npi)) {
        return site;
    }
    site.own = view_equal(site.provider->npi, claim->billing.npi);
    site_add(&site, search->table, site.provider->taxonomy, VIEW("the claim"));
    if (site.own) {
        site_add(&site, search->table, claim->billing.taxonomy, VIEW("the claim"));
    }
    site_listed(&site, search, claim->lines[index].from);
    return site;
}

/* ---- candidates -------------------------------------------------------------------------- */

/* The first code of the row is the place to bill, the others those that are billed. */
static bool place_billed(const struct opportunity_row *row, struct code place) {
    for (int i = 1; i < row->code_count; i++) {
        if (code_equal(row->codes[i], place)) {
            return true;
        }
    }
    return false;
}

/* Lines of the same facility that are billed so, as bits. */
static uint64_t lines_of(const struct opportunity_search *search,
                         const struct opportunity_row *row, const struct site *site) {
    const struct audit_pass *pass = search->pass;
    uint64_t lines = 0;
    for (int i = 0; i < pass->line_count; i++) {
        if (place_billed(row, pass->lines[i].pos) &&
            view_equal(facility_of(pass->claim, i)->npi, site->provider->npi) &&
            site_of(search, i).kind == row->site) {
            lines |= LINE_BIT(i);
        }
    }
    return lines;
}

/* On the claim where all lines without a place of their own change, else on the lines. */
static void places_put(struct candidate *candidate, uint64_t lines, struct code place) {
    struct claim *claim = candidate->claim;
    bool whole = code_given(claim->place_of_service), any = false;
    for (int i = 0; i < claim->line_count; i++) {
        if (!code_given(claim->lines[i].place_of_service)) {
            any = true;
            whole = whole && (lines >> i & 1);
        }
    }
    for (int i = 0; i < claim->line_count; i++) {
        if (lines >> i & 1) {
            struct claim_line *line = candidate_change(candidate, i);
            if (!whole || code_given(line->place_of_service)) {
                line->place_of_service = place;
            }
        }
    }
    if (whole && any) {
        claim->place_of_service = place;
    }
}

static struct view taxonomy_words(struct audit_pass *pass, const struct site *site) {
    struct text text;
    text_open(&text, pass);
    text_view(&text, site->taxonomy);
    text_add(&text, " (");
    text_view(&text, site->what);
    text_add(&text, ") by ");
    text_view(&text, site->origin);
    return text_close(&text);
}

static struct view site_message(struct audit_pass *pass, const struct opportunity_row *row,
                                const struct site *site, struct code billed) {
    struct text text;
    text_open(&text, pass);
    text_add(&text, "billed as place ");
    text_code(&text, billed);
    text_add(&text, ", and the service facility ");
    text_view(&text, site->provider->npi);
    text_add(&text, site->own ? ", the billing provider itself, is " : " is ");
    text_view(&text, taxonomy_words(pass, site));
    text_add(&text, ": look in the record where it was done; if it was the ");
    text_fact_name(&text, row->word);
    text_add(&text, ", bill ");
    text_code(&text, row->codes[0]);
    return text_close(&text);
}

static void site_candidate(struct opportunity_search *search, const struct opportunity_row *row,
                           const struct site *site, uint64_t lines, int first) {
    struct audit_pass *pass = search->pass;
    struct candidate candidate;
    struct store_pos target;
    if (!store_pos(pass->store, row->codes[0], pass->lines[first].when, &target) ||
        !candidate_open(&candidate, search, row, lines)) {
        return;
    }
    places_put(&candidate, lines, row->codes[0]);
    proof_text(&candidate, "service_facility", site->provider->npi);
    proof_text(&candidate, "taxonomy", taxonomy_words(pass, site));
    struct view message = site_message(pass, row, site, pass->lines[first].pos);
    if (target.facility) {
        candidate_overpaid(&candidate, message);
    } else {
        candidate_judge(&candidate, message);
    }
}

void opportunity_site_of_service(struct opportunity_search *search,
                                 const struct opportunity_row *row) {
    const struct audit_pass *pass = search->pass;
    uint64_t done = 0;
    for (int i = 0; i < pass->line_count; i++) {
        if ((done >> i & 1) || !place_billed(row, pass->lines[i].pos)) {
            continue;
        }
        struct site site = site_of(search, i);
        if (site.kind == row->site) {
            uint64_t lines = lines_of(search, row, &site);
            done |= lines;
            site_candidate(search, row, &site, lines, i);
        }
    }
}
