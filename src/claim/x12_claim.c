/* Claims from an 837P. */
#include "claim/claim_internal.h"
int x12_claims_open(struct claim_reader *reader, struct diag *diag) {
    (void)reader;
    (void)diag;
    return STATUS_INPUT;
}
enum claim_got x12_claims_next(struct claim_reader *reader) {
    (void)reader;
    return CLAIM_END;
}
void x12_claims_close(struct claim_reader *reader) { (void)reader; }
