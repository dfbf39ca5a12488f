/* Inside of audit: services that a claim bills for both sides, and the forms they can take. */
#ifndef CLAIMVET_AUDIT_FORM_H
#define CLAIMVET_AUDIT_FORM_H

#include "audit/audit_internal.h"

/* How one service says both sides. */
enum form_written {
    WRITTEN_FIFTY, /* modifier 50 */
    WRITTEN_SIDES, /* a line with RT, a line with LT */
    WRITTEN_UNITS, /* twice in the units, without a side */
    WRITTEN_LINES, /* two lines without a side */
    WRITTEN_BOTH,  /* RT and LT on one line, or 50 beside a side */
    WRITTEN_ONCE   /* one line without a side */
};

struct form_service {
    int first;  /* line index */
    int second; /* of the other line, -1: there is none */
    enum form_written written;
    int64_t each; /* units of a side */
    bool addon;   /* an additional level of its family */
    bool several; /* its limit lets a day have several levels: two units need not be two sides */
    char bilateral; /* indicator of the fee schedule */
    int group;
};

struct form_services {
    struct form_service at[CLAIM_LINES_MAX];
    int count;
    int group_count;
};

/* In the claim that the pass took last. */
void form_services_find(const struct audit_pass *pass, struct form_services *services);
/* Levels of the session of a group, as its lines say them. */
int64_t form_levels(const struct audit_pass *pass, const struct form_services *services,
                    int group);
/* The form that all services of a group have now. */
enum audit_form form_billed(const struct form_services *services, int group);
/* Can the services of the group be written so? */
bool form_applies(const struct form_services *services, int group, enum audit_form form);
enum form_written form_written(const struct form_service *service, enum audit_form form);
uint64_t form_lines(const struct form_services *services, int group);
/* A copy in which the services of a group have that form; `lines` gets the indexes of theirs. NULL:
 * no memory, or the form has no room for its lines or modifiers. */
struct claim *form_make(const struct claim *claim, const struct form_services *services, int group,
                        enum audit_form form, struct arena *arena, uint64_t *lines) MUST_USE;

#endif
