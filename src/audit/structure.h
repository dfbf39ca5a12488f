/* Inside of audit: the parts of check_structure. */
#ifndef CLAIMVET_AUDIT_STRUCTURE_H
#define CLAIMVET_AUDIT_STRUCTURE_H

#include "audit/audit_internal.h"

/* The place when it is known, otherwise the next best. */
static inline struct claim_place place_or(struct claim_place place, struct claim_place other) {
    return place.segment > 0 ? place : other;
}

void check_dates(struct audit_pass *pass);     /* date_invalid age_sex */
void check_timely(struct audit_pass *pass);    /* timely_filing */
void check_charges(struct audit_pass *pass);   /* charge_balance */
void check_units(struct audit_pass *pass);     /* units_invalid */
void check_diagnoses(struct audit_pass *pass); /* dx_missing dx_duplicate dx_pointer */
void check_place(struct audit_pass *pass);     /* pos_invalid */
void check_frequency(struct audit_pass *pass); /* frequency_reference */
void check_ndc(struct audit_pass *pass);       /* ndc_invalid */

#endif
