/* Inside of the packer: a sticky reader of the TSV files under data/. Lines that begin with '#' are
 * comments, the first other line names the columns, "-" means none. The first failure is kept with
 * its file and line; every later read answers with nothing. */
#ifndef CLAIMVET_PACK_TSV_H
#define CLAIMVET_PACK_TSV_H

#include "base/base.h"

#define TSV_COLUMNS_MAX 32

struct tsv {
    const char *name; /* of the table */
    struct view bytes; /* mapped */
    struct view rest;
    int64_t line;
    int columns;
    struct view names[TSV_COLUMNS_MAX];
    struct view cells[TSV_COLUMNS_MAX];
    bool failed;
    struct diag *diag;
};

void tsv_open(struct tsv *tsv, const char *folder, const char *name, struct diag *diag);
bool tsv_next(struct tsv *tsv);  /* false at the end or after a failure */
bool tsv_close(struct tsv *tsv); /* true when nothing failed */
void tsv_fail(struct tsv *tsv, const char *column, const char *what);

bool tsv_has(const struct tsv *tsv, const char *column); /* does the header name it? */
struct view tsv_text(struct tsv *tsv, const char *column); /* empty for "-" */
struct code tsv_code(struct tsv *tsv, const char *column); /* must be one */
struct code tsv_code_or_none(struct tsv *tsv, const char *column);
int64_t tsv_number(struct tsv *tsv, const char *column, int64_t min, int64_t max);
/* A decimal as an integer scaled by 10^decimals; more decimals are an error unless zero. */
int64_t tsv_fixed(struct tsv *tsv, const char *column, int decimals);
int32_t tsv_date(struct tsv *tsv, const char *column, int32_t none);
bool tsv_yes(struct tsv *tsv, const char *column); /* "yes" or "no" */
char tsv_char(struct tsv *tsv, const char *column, const char *allowed);
int tsv_choice(struct tsv *tsv, const char *column, const char *const *names, int count);

#endif
