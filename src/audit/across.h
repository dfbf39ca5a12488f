/* Inside of audit: memory across the claims of one run. Claims are kept as words of 32 bits, three
 * for the claim and three for each line, and found by patient: about 21 bytes a line for claims of
 * three lines. Patients are known by a hash only. */
#ifndef CLAIMVET_AUDIT_ACROSS_H
#define CLAIMVET_AUDIT_ACROSS_H

#include "base/base.h"
#include "claim/claim.h"

#define MEMORY_LINE_WORDS 3
/* Words come in chunks of 16 MiB, which never move: what is not used of one is never touched, and
 * large pages need large blocks. 32 bits reach over all chunks. */
#define MEMORY_CHUNK_WORDS (UINT32_C(1) << 22)
#define MEMORY_CHUNKS_MAX 1023

/* A patient: the newest claim. 48 bits of the patient's hash tell patients apart, 32 of them here
 * and 16 in the claim. */
struct memory_head {
    uint32_t tag;
    uint32_t newest; /* position of its words, 0: free */
};

/* The modifiers of a line, in text order, and what they mean; lines hold the number of the set. */
struct memory_set {
    uint64_t modifiers; /* four of two characters */
    uint32_t flags;     /* line_flag */
    uint32_t next;      /* set of the same bucket + 1 */
};

/* A place among the earlier lines; zero at first. */
struct across_cursor {
    uint32_t claim;
    int line;
};

/* The claim in hand, packed once for comparing and keeping. */
struct memory_present {
    bool ready;
    uint32_t newest;    /* of the patient's claims, 0: none */
    uint32_t replaced;  /* claim that this one replaces or voids */
    uint32_t duplicate; /* claim that this one repeats */
    uint32_t own;       /* mark of its copy in the history, 0: no history was asked */
    bool near;          /* an earlier line shares a day with the span of days in hand */
    bool reach;         /* or opens a global window that touches it */
    uint64_t denied;    /* line indexes denied by validity or edits */
    uint32_t charge;    /* hash of the charges, 0: not known */
    uint32_t lines[CLAIM_LINES_MAX * MEMORY_LINE_WORDS];
    struct across_cursor cursor; /* where earlier_line stands: behind line `cursor_n` */
    int cursor_n;
};

struct memory {
    uint32_t *chunks[MEMORY_CHUNKS_MAX];
    int chunk_count;
    int64_t word_count; /* a claim lies in one chunk: some words behind the last of each are free */
    void (*whole)(void *block, ptrdiff_t size); /* of audit_options */
    struct memory_head *heads;
    int64_t patient_count, head_capacity;
    struct memory_set *sets;
    int64_t set_count, set_capacity;
    int64_t line_count;
    bool failed;           /* memory was refused: checks across claims are not complete */
    uint16_t buckets[256]; /* newest set + 1 */
    struct memory_present present;
};

static inline uint32_t *memory_words(const struct memory *memory, uint32_t at) {
    return memory->chunks[at / MEMORY_CHUNK_WORDS] + at % MEMORY_CHUNK_WORDS;
}

void memory_close(struct memory *memory);
/* The memory outgrows every cache; what a claim will ask of it is fetched ahead: the patient's head
 * while the claim is read, then, once that has come, the newest claim while other checks run. */
void memory_fetch_head(const struct memory *memory, uint64_t patient_key);
void memory_fetch_newest(const struct memory *memory, uint64_t patient_key);

struct audit_pass;
struct audit_line;
struct earlier;

/* A line as `words` hold it. */
void memory_line_pack(struct memory *memory, const struct audit_line *line, uint32_t *words);
/* Keeps lines of a patient as one claim: its place, 0 without memory. `mark` is the ordinal. */
uint32_t memory_keep(struct memory *memory, uint64_t key, uint32_t mark, uint32_t charge,
                     const uint32_t *lines, int count);

/* ---- claims of the history (across_history.c) ---------------------------------------------- */

/* In place of the ordinal: a claim of the history, and 31 bits of the hash of its id. */
#define MEMORY_OF_HISTORY (UINT32_C(1) << 31)
uint32_t history_mark(uint64_t claim);
/* Takes what the history file knows of the patient, claim by claim, when the run meets the patient
 * for the first time: the newest of them, 0 when there is none. */
uint32_t history_seed(const struct audit_pass *pass, struct memory *memory);
/* The history's copy of the claim in hand stands down: the run has it now. */
void history_retire(struct memory *memory);

/* ---- what checks ask (across.c) ------------------------------------------------------------ */

/* Looks the patient up; the first call for a claim does the work. True when earlier claims of the
 * patient are known. */
bool across_begin(const struct audit_pass *pass);
/* True when an earlier line may share a day with the claim in hand; most often there is none. */
bool across_near(const struct audit_pass *pass);
/* True when the global window of an earlier line may touch the claim in hand. */
bool across_reach(const struct audit_pass *pass);
/* How many earlier lines the patient has. */
int64_t across_line_count(const struct audit_pass *pass);
/* Like earlier_line, but the cursor keeps the place and `id` is not looked up. */
bool across_next(const struct audit_pass *pass, struct across_cursor *cursor,
                 struct earlier *earlier);
/* The claim that the one in hand repeats line by line: its ordinal, 0 when there is none. */
int64_t across_duplicate(const struct audit_pass *pass);
/* The edits denied these lines, whatever the findings. */
void across_denied(struct audit_pass *pass, uint64_t lines);
/* Keeps the claim in hand for the ones that follow; forgets the one it replaces. */
void across_remember(struct audit_pass *pass);

#endif
