/* Inside of claim: what the three readers (837P, JSON, CSV) share. */
#ifndef CLAIMVET_CLAIM_INTERNAL_H
#define CLAIMVET_CLAIM_INTERNAL_H

#include "base/base.h"
#include "claim/claim.h"

#define CLAIM_HEAD_BYTES 65536 /* looked at to tell the formats apart and to find a CSV header */
#define CLAIM_TEXT_MAX 256     /* kept of a text field; the longest of the 837P is 80 */
#define CLAIM_JSON_BYTES_MAX (8 << 20) /* one claim with years of history stays far below */
#define CLAIM_JSON_DEPTH_MAX 32        /* the schema nests five deep */
#define CLAIM_ROW_BYTES_MAX (1 << 20)  /* one CSV row; more is a quote that never closes */
#define CLAIM_BLOCK_BYTES (1 << 18)    /* asked of the source at once */

/* ---- input.c: bytes of the source, the first of them looked at before a reader is chosen ----- */

struct input {
    claim_source *source;
    void *context;
    char *head; /* the first bytes, handed on before the source is asked again */
    ptrdiff_t head_size;
    ptrdiff_t head_at;
    int64_t taken; /* bytes handed on */
    bool ended;
};

int input_open(struct input *input, claim_source *source, void *context, struct diag *diag);
ptrdiff_t input_read(void *input, char *to, ptrdiff_t size, struct diag *diag);
void input_close(struct input *input);

/* The bytes a text reader works on. Offsets that readers keep count from `from`, because the bytes
 * move when more are read. */
struct window {
    struct input *input;
    char *at;
    ptrdiff_t capacity;
    ptrdiff_t from;    /* first byte not yet taken */
    ptrdiff_t to;      /* behind the last byte read */
    int64_t byte;      /* of the file, at `from` */
    int64_t line;      /* of the file, at `from`, from 1 */
    int64_t line_byte; /* where that line begins */
    bool ended;
    bool failed; /* diag says why */
    struct diag diag;
};

void window_open(struct window *window, struct input *input);
bool window_more(struct window *window); /* false at the end and on failure */
struct view window_rest(const struct window *window);
void window_take(struct window *window, ptrdiff_t size); /* counts lines */
void window_close(struct window *window);

/* ---- claim.c, fields.c ------------------------------------------------------------------- */

struct claim_reader {
    enum claim_format format;
    struct claim_options options;
    struct input input;
    struct arena arena; /* texts of the claim in hand */
    struct claim claim;
    struct claim_fault fault;
    int64_t claims;
    int64_t faults;
    bool ended;
    struct claim_chart *filled; /* not NULL: a chart is read into it, not claims (chart_file.c) */
    struct x12_claims *x12;
    struct json_claims *json;
    struct csv_claims *csv;
};

int memory_fault(struct diag *diag); /* fills it, returns STATUS_SYSTEM */
enum claim_got fault_memory(struct claim_reader *reader);

/* Blank claims and lines. `text` stands for what is not carried: VIEW_NONE where a missing key is
 * unknown (JSON, CSV), VIEW("") where it is known to be absent (837P). */
void claim_blank(struct claim *claim, struct view text);
void claim_line_blank(struct claim_line *line, struct view text);
void claim_provider_blank(struct claim_provider *provider, struct view text);
/* What follows from the other fields: age. */
void claim_complete(struct claim *claim);
/* Hash of an id or name without blanks, hyphens and case; 0 for an empty one. */
uint64_t text_key(struct view text);
/* Independent of the payer; `names` only of a dependent, else 0. 0 without a member key. */
uint64_t patient_key(uint64_t member, struct date birth, uint64_t names);
/* Text kept in the arena, cut at CLAIM_TEXT_MAX; known to be absent stays so. */
struct view text_keep(struct arena *arena, struct view text);
/* A diagnosis as a code, dots and blanks left out. */
struct code dx_code(struct view text);
/* Puts a diagnosis at its letter (index from 0); beyond the twelfth it only counts. */
void claim_dx_put(struct claim *claim, int index, struct view given, struct claim_place at);

/* ---- the readers ------------------------------------------------------------------------- */

int x12_claims_open(struct claim_reader *reader, struct diag *diag);
enum claim_got x12_claims_next(struct claim_reader *reader);
void x12_claims_close(struct claim_reader *reader);

int json_claims_open(struct claim_reader *reader, struct diag *diag);
enum claim_got json_claims_next(struct claim_reader *reader);
void json_claims_close(struct claim_reader *reader);

int csv_claims_open(struct claim_reader *reader, struct diag *diag);
enum claim_got csv_claims_next(struct claim_reader *reader);
void csv_claims_close(struct claim_reader *reader);
/* True when the bytes begin with a header that names at least two columns we know. */
bool csv_detect(struct view head);

#endif
