/* Inside of the packer: the tables under data/ into a draft of the starter store. */
#ifndef CLAIMVET_PACK_H
#define CLAIMVET_PACK_H

#include "store/draft/draft.h"
#include "store/pack/tsv.h"

#define PACK_CODES_MAX 4096

struct pack {
    struct store_draft *draft;
    const char *folder;
    struct diag *diag;
    int code_count; /* of codes.tsv, ascending */
    uint64_t codes[PACK_CODES_MAX];
};

/* The release named in the row, by table: its number in the draft; -1 after a failure. */
int tsv_release(struct tsv *tsv, struct pack *pack, enum store_table table);
/* A row of the table with the window in its columns `from` and `to`. */
void tsv_row(struct tsv *tsv, struct pack *pack, enum draft_kind kind, uint64_t key, uint64_t key2,
             const void *payload);
/* A code of codes.tsv; another one is an error. */
uint64_t tsv_known_code(struct tsv *tsv, const struct pack *pack, const char *column);

/* Tables; each returns false after the first failure, which is in pack->diag. */
bool pack_releases(struct pack *pack);
bool pack_codes(struct pack *pack);
bool pack_pairs(struct pack *pack);
bool pack_mpfs(struct pack *pack);
bool pack_mue(struct pack *pack);
bool pack_addons(struct pack *pack);
bool pack_ended(struct pack *pack);
bool pack_drugs(struct pack *pack);
bool pack_families(struct pack *pack);
bool pack_sets(struct pack *pack);
bool pack_diagnoses(struct pack *pack);
bool pack_regions(struct pack *pack);
bool pack_sides(struct pack *pack);
bool pack_excludes(struct pack *pack);
bool pack_modifiers(struct pack *pack);
bool pack_places(struct pack *pack);
bool pack_payers(struct pack *pack);
bool pack_sheets(struct pack *pack);

#endif
