/* Inside of audit: the parts of check_code, and evidence that they share. */
#ifndef CLAIMVET_AUDIT_CODES_H
#define CLAIMVET_AUDIT_CODES_H

#include <string.h>

#include "audit/audit_internal.h"

/* Evidence: the line's row of the fee schedule and the indicator that decides. */
void finding_mpfs(struct audit_pass *pass, struct audit_finding *finding,
                  const struct audit_line *line, char indicator);

void check_component(struct audit_pass *pass, const struct audit_line *line); /* pc_tc_invalid */
void check_multiple(struct audit_pass *pass, const struct audit_line *line);
void check_modifiers(struct audit_pass *pass, const struct audit_line *line);

/* Position of the modifier on the line, -1 when it is not there. */
int modifier_position(const struct audit_line *line, struct code modifier);

/* The global days of the fee schedule: "000", "010", "090", "ZZZ". */
static inline bool has_global(const struct audit_line *line, const char global[4]) {
    return line->has_mpfs && memcmp(line->mpfs.global, global, 4) == 0;
}

/* What is known to be a procedure and no visit: modifiers for visits do not belong on it. */
bool is_procedure(const struct audit_line *line);

#endif
