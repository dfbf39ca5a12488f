/* Validity of the providers: npi_missing, npi_checksum, taxonomy_invalid, provider_role. */
#include "audit/audit_internal.h"

static void taxonomy_finding(struct audit_pass *pass, const struct claim_provider *provider,
                             const char *role, const struct audit_line *line) {
    struct audit_finding *finding = finding_add(pass, RULE_TAXONOMY_INVALID, line);
    struct text text;
    finding->at = provider->at;
    text_open(&text, pass);
    text_add(&text, "the taxonomy code ");
    text_given(&text, provider->taxonomy);
    text_add(&text, " of the ");
    text_add(&text, role);
    text_add(&text, " provider has not the form of one: nine digits or letters and X");
    finding->message = text_close(&text);
    finding->fix = VIEW("copy the taxonomy code of ten characters from the provider's NPI record");
}

static void npi_finding(struct audit_pass *pass, const struct claim_provider *provider,
                        const char *role, const struct audit_line *line) {
    struct view npi = provider->npi;
    bool form = npi.size == 10 && view_is_digits(npi) && (npi.at[0] == '1' || npi.at[0] == '2');
    struct audit_finding *finding = finding_add(pass, RULE_NPI_CHECKSUM, line);
    struct text text;
    finding->at = provider->at;
    text_open(&text, pass);
    text_add(&text, "the NPI ");
    text_given(&text, npi);
    text_add(&text, " of the ");
    text_add(&text, role);
    text_add(&text, form ? " provider fails its check digit"
                         : " provider is not ten digits that begin with 1 or 2");
    finding->message = text_close(&text);
    finding->fix = VIEW("look the NPI up in the NPI registry and correct the digit that is wrong");
}

/* Rendering, referring and supervising are roles of a person [npi-check]. */
static void person_check(struct audit_pass *pass, const struct claim_provider *provider,
                         const char *role, const struct audit_line *line) {
    if (provider->entity != '2') {
        return;
    }
    struct audit_finding *finding = finding_add(pass, RULE_PROVIDER_ROLE, line);
    struct text text;
    finding->at = provider->at;
    text_open(&text, pass);
    text_add(&text, "the ");
    text_add(&text, role);
    text_add(&text, " provider is given as an organization; only a person can be one");
    finding->message = text_close(&text);
    finding->fix = VIEW("give the NPI of the person (type 1); an organization can only bill");
}

static void missing_finding(struct audit_pass *pass, const struct claim_provider *provider,
                            const struct audit_line *line, struct view message, struct view fix) {
    struct audit_finding *finding = finding_add(pass, RULE_NPI_MISSING, line);
    if (provider->at.segment > 0) {
        finding->at = provider->at;
    }
    finding->message = message;
    finding->fix = fix;
}

static void billing_npi_check(struct audit_pass *pass) {
    const struct claim_provider *billing = &pass->claim->billing;
    if (!billing->npi.at) {
        gap_add(pass, RULE_NPI_MISSING, VIEW("claim:billing_provider.npi"));
    } else if (billing->npi.size == 0) {
        missing_finding(pass, billing, NULL, VIEW("the claim names no NPI of the billing provider"),
                        VIEW("give the NPI of the practice that bills (loop 2010AA, NM109)"));
    }
}

/* A rendering provider may be left out, but not be named without a number [x222a1]. */
static void rendering_npi_check(struct audit_pass *pass, const struct claim_provider *rendering,
                                const struct audit_line *line) {
    if (rendering->entity && rendering->npi.at && rendering->npi.size == 0) {
        missing_finding(pass, rendering, line, VIEW("the rendering provider is named without NPI"),
                        VIEW("give the NPI of the person who did the service (NM109)"));
    }
}

/* A service with physician work is done by a person, whom the line or the claim must name when an
 * organization bills: the loop may only be left out when both are the same [x222a1]. */
static bool lacks_person(const struct audit_line *line) {
    return line->has_mpfs && line->mpfs.work > 0 && line->line->rendering.npi.size <= 0;
}

static void rendering_check(struct audit_pass *pass) {
    const struct claim *claim = pass->claim;
    if (claim->type != CLAIM_PROFESSIONAL || claim->billing.entity != '2' ||
        claim->rendering.npi.size > 0) {
        return;
    }
    struct audit_finding *finding = NULL;
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        if (!lacks_person(line)) {
            continue;
        }
        if (!claim->rendering.npi.at && !line->line->rendering.npi.at) {
            gap_add(pass, RULE_PROVIDER_ROLE, VIEW("claim:rendering_provider.npi"));
            return;
        }
        if (finding) {
            finding_line(finding, line);
            continue;
        }
        finding = finding_add(pass, RULE_PROVIDER_ROLE, line);
        finding->severity = RULE_REVIEW; /* some payers take an organization alone */
        finding->at = claim->billing.at;
        finding->message = VIEW("an organization bills and no rendering provider is named for "
                                "a service with physician work");
        finding->fix = VIEW("name the person who did the service (loop 2310B or 2420A)");
    }
}

/* Most roles are empty. A provider without a taxonomy code is no error. */
static void provider_check(struct audit_pass *pass, const struct claim_provider *provider,
                           const char *role, const struct audit_line *line) {
    if (provider->npi.size > 0 && !claim_npi_valid(provider->npi)) {
        npi_finding(pass, provider, role, line);
    }
    if (provider->taxonomy.size > 0 && !claim_taxonomy_valid(provider->taxonomy)) {
        taxonomy_finding(pass, provider, role, line);
    }
}

void check_provider(struct audit_pass *pass) {
    const struct claim *claim = pass->claim;
    billing_npi_check(pass);
    rendering_npi_check(pass, &claim->rendering, NULL);
    rendering_check(pass);
    provider_check(pass, &claim->billing, "billing", NULL);
    provider_check(pass, &claim->rendering, "rendering", NULL);
    provider_check(pass, &claim->referring, "referring", NULL);
    provider_check(pass, &claim->supervising, "supervising", NULL);
    provider_check(pass, &claim->facility, "service facility", NULL);
    person_check(pass, &claim->rendering, "rendering", NULL);
    person_check(pass, &claim->referring, "referring", NULL);
    person_check(pass, &claim->supervising, "supervising", NULL);
    for (int i = 0; i < pass->line_count; i++) {
        const struct audit_line *line = &pass->lines[i];
        rendering_npi_check(pass, &line->line->rendering, line);
        provider_check(pass, &line->line->rendering, "rendering", line);
        provider_check(pass, &line->line->supervising, "supervising", line);
        person_check(pass, &line->line->rendering, "rendering", line);
        person_check(pass, &line->line->supervising, "supervising", line);
    }
}
