/* Adding to a store in the making: editions, sources, rows. */
#include "store/draft/draft.h"

#include <string.h>

static const struct {
    enum store_table table;
    ptrdiff_t payload;
} kinds[DRAFT_SHEETS] = {
    [DRAFT_CODE] = {STORE_TABLES, sizeof(struct draft_text)},
    [DRAFT_PAIR] = {STORE_NCCI_PTP, sizeof(struct draft_fact)},
    [DRAFT_HOSPITAL] = {STORE_PTP_HOSPITAL, sizeof(struct draft_fact)},
    [DRAFT_MPFS] = {STORE_MPFS, sizeof(struct image_mpfs)},
    [DRAFT_MUE] = {STORE_MUE, sizeof(struct image_mue)},
    [DRAFT_ADDON] = {STORE_AOC, sizeof(struct image_addon)},
    [DRAFT_ENDED] = {STORE_HCPCS, sizeof(struct image_ended)},
    [DRAFT_DRUG] = {STORE_DRUG, sizeof(struct image_drug)},
    [DRAFT_FAMILY] = {STORE_FAMILY, sizeof(struct image_family)},
    [DRAFT_SET] = {STORE_CODE_SET, sizeof(struct draft_text)},
    [DRAFT_DX] = {STORE_ICD10, sizeof(struct draft_fact)},
    [DRAFT_REGION] = {STORE_DX_REGION, sizeof(struct draft_fact)},
    [DRAFT_SIDE] = {STORE_DX_SIDE, sizeof(struct draft_fact)},
    [DRAFT_EXCLUDE] = {STORE_EXCLUDES1, sizeof(struct draft_text)},
    [DRAFT_MODIFIER] = {STORE_MODIFIER, sizeof(struct draft_fact)},
    [DRAFT_PLACE] = {STORE_POS, sizeof(struct draft_fact)},
    [DRAFT_PAYER] = {STORE_PAYER, sizeof(struct image_payer)},
    [DRAFT_PAYER_ID] = {STORE_TABLES, sizeof(struct draft_payer_id)},
};

enum store_table draft_table(enum draft_kind kind) {
    return kind < DRAFT_SHEETS ? kinds[kind].table
                               : (enum store_table)(STORE_FIRST_SHEET + (kind - DRAFT_SHEETS));
}

ptrdiff_t draft_payload_size(enum draft_kind kind) {
    if (kind < DRAFT_SHEETS) {
        return kinds[kind].payload;
    }
    int columns;
    const struct store_column *column = store_sheet_columns(draft_table(kind), &columns);
    ptrdiff_t size = 0;
    for (int i = 0; i < columns; i++) {
        size += column[i].type == CELL_WIDE ? 16 : 8;
    }
    return size;
}

struct view draft_view(const struct store_draft *draft, struct image_text text) {
    return (struct view){draft->build.sections[IMAGE_text].at + text.at, text.size};
}

struct store_draft *draft_new(void) {
    struct store_draft *draft = memory_grow(NULL, 0, sizeof *draft);
    if (!draft) {
        return NULL;
    }
    draft->diag = DIAG_NONE;
    draft->build.diag = &draft->diag;
    draft->current = -1;
    for (int i = 0; i < DRAFT_KINDS; i++) {
        draft->kinds[i].row_size =
            (ptrdiff_t)sizeof(struct draft_row) + draft_payload_size((enum draft_kind)i);
    }
    return draft;
}

void store_draft_close(struct store_draft *draft) {
    if (!draft) {
        return;
    }
    for (int i = 0; i < DRAFT_KINDS; i++) {
        buffer_close(&draft->kinds[i].rows);
    }
    buffer_close(&draft->releases);
    buffer_close(&draft->licenses);
    buffer_close(&draft->reasons);
    buffer_close(&draft->image);
    build_close(&draft->build);
    memory_free(draft);
}

bool store_draft_failed(const struct store_draft *draft) { return draft->build.failed; }

/* ---- editions ---------------------------------------------------------------------------- */

int draft_release_add(struct store_draft *draft, const struct image_release *head,
                      struct view source, struct view sha256) {
    struct draft_release release = {.head = *head};
    int same = 0;
    for (int i = 0; i < draft_release_count(draft); i++) {
        same += draft_releases(draft)[i].head.table == head->table;
    }
    if (draft_release_count(draft) >= STORE_RELEASES_MAX || same >= IMAGE_EDITIONS_MAX) {
        build_fail(&draft->build, "more editions than a store can hold: start a new one");
        return -1;
    }
    release.bit = same;
    for (int i = 0; source.size > 0 && i < DRAFT_SOURCES_MAX; i++) {
        release.sources[i] = (struct draft_source){
            build_text(&draft->build, view_cut(&source, ',')),
            build_text(&draft->build, sha256.at ? view_cut(&sha256, ',') : VIEW("")), 0};
        release.source_count = i + 1;
    }
    buffer_add(&draft->build, &draft->releases, &release, sizeof release);
    return draft->build.failed ? -1 : draft_release_count(draft) - 1;
}

static int release_find(const struct store_draft *draft, enum store_table table, struct view name) {
    for (int i = 0; i < draft_release_count(draft); i++) {
        const struct draft_release *release = &draft_releases(draft)[i];
        if (!release->dropped && release->head.table == table &&
            view_equal(draft_view(draft, release->head.name), name)) {
            return i;
        }
    }
    return -1;
}

/* Has the release this file already, or another one in its place? */
static enum store_begin source_compare(const struct store_draft *draft, int number,
                                       const struct store_source *source) {
    const struct draft_release *release = &draft_releases(draft)[number];
    for (int i = 0; i < release->source_count; i++) {
        if (view_equal(draft_view(draft, release->sources[i].sha256), source->sha256)) {
            return STORE_BEGIN_KNOWN;
        }
    }
    uint32_t bit = UINT32_C(1) << (source->slice - 1);
    bool free_slice = (release->head.slices & bit) == 0 &&
                      release->head.slices >> 16 == (UINT32_C(1) << source->slices) - 1 &&
                      release->source_count < DRAFT_SOURCES_MAX;
    return free_slice ? STORE_BEGIN_NEW : STORE_BEGIN_CONFLICT;
}

/* Compares with the release of the same name, if any: its number in `number`, -1 to make one. */
static enum store_begin edition_compare(struct store_draft *draft,
                                        const struct store_edition *edition,
                                        const struct store_source *source, int *number) {
    *number = release_find(draft, edition->table, edition->name);
    if (*number < 0) {
        return STORE_BEGIN_NEW;
    }
    struct draft_release *old = &draft_releases(draft)[*number];
    bool starter = (old->head.flags & RELEASE_STARTER) != 0;
    int newer = edition->revision - old->head.revision;
    newer = newer != 0 ? newer : edition->rank - (int)old->head.rank;
    if (!starter && newer < 0) {
        return STORE_BEGIN_REPLACED;
    }
    if (starter || newer > 0) {
        old->dropped = true; /* the whole file takes the place of the extract or older revision */
        *number = -1;
        return STORE_BEGIN_NEW;
    }
    return source_compare(draft, *number, source);
}

static struct view without_commas(struct view name, char *to, ptrdiff_t size) {
    ptrdiff_t count = name.size < size ? name.size : size;
    for (ptrdiff_t i = 0; i < count; i++) {
        to[i] = name.at[i] == ',' ? ' ' : name.at[i];
    }
    return (struct view){to, count};
}

static void source_add(struct store_draft *draft, const struct store_source *source) {
    char name[256];
    struct draft_source added = {
        build_text(&draft->build, without_commas(source->name, name, sizeof name)),
        build_text(&draft->build, source->sha256), source->slice};
    struct draft_release *release = &draft_releases(draft)[draft->current];
    release->sources[release->source_count++] = added;
    release->head.slices |= UINT32_C(1) << (source->slice - 1);
}

static int edition_add(struct store_draft *draft, const struct store_edition *edition,
                       const struct store_source *source) {
    struct image_release head = {
        .table = (uint8_t)edition->table,
        .flags = (uint8_t)((edition->partial ? RELEASE_PARTIAL : 0) |
                           (edition->dated ? RELEASE_DATED : 0)),
        .revision = (uint16_t)edition->revision,
        .rank = (uint32_t)edition->rank,
        .effective = edition->effective.day,
        .through = edition->through.day,
        .from = edition->from.day,
        .to = date_given(edition->to) ? edition->to.day : IMAGE_OPEN_TO,
        .slices = ((UINT32_C(1) << source->slices) - 1) << 16,
        .name = build_text(&draft->build, edition->name),
        .note = build_text(&draft->build, edition->note),
    };
    return draft_release_add(draft, &head, VIEW_NONE, VIEW_NONE);
}

enum store_begin store_draft_begin(struct store_draft *draft, const struct store_edition *edition,
                                   const struct store_source *source) {
    int number;
    enum store_begin begin = edition_compare(draft, edition, source, &number);
    if (begin != STORE_BEGIN_NEW) {
        return begin;
    }
    draft->current_new = number < 0;
    draft->current = number >= 0 ? number : edition_add(draft, edition, source);
    if (draft->current >= 0) {
        source_add(draft, source);
    }
    for (int i = 0; i < DRAFT_KINDS; i++) {
        draft->kinds[i].mark = draft->kinds[i].rows.size;
    }
    return STORE_BEGIN_NEW;
}

void store_draft_end(struct store_draft *draft) { draft->current = -1; }

/* An abandoned import is never written (import_write refuses), so that what the begin dropped need
 * not come back: only later files of the same run read on. */
void store_draft_abandon(struct store_draft *draft) {
    if (draft->current >= 0) {
        struct draft_release *release = &draft_releases(draft)[draft->current];
        int slice = release->sources[--release->source_count].slice;
        release->head.slices &= ~(UINT32_C(1) << (slice - 1));
        release->dropped |= draft->current_new;
    }
    for (int i = 0; i < DRAFT_KINDS && draft->current >= 0; i++) {
        draft->kinds[i].rows.size = draft->kinds[i].mark;
    }
    draft->current = -1;
}

/* ---- rows -------------------------------------------------------------------------------- */

void draft_add(struct store_draft *draft, enum draft_kind kind, const struct draft_row *row,
               const void *payload) {
    struct draft_rows *rows = &draft->kinds[kind];
    buffer_add(&draft->build, &rows->rows, row, sizeof *row);
    buffer_add(&draft->build, &rows->rows, payload, rows->row_size - (ptrdiff_t)sizeof *row);
}

void draft_add_of(struct store_draft *draft, enum draft_kind kind, int number, uint64_t key,
                  uint64_t key2, int32_t from, int32_t to, const void *payload) {
    if (number >= 0) {
        struct draft_row row = {key, key2, from, to,
                                UINT64_C(1) << draft_releases(draft)[number].bit};
        draft_add(draft, kind, &row, payload);
    }
}

/* A row of the edition in hand, with the edition's window. */
static void undated_add(struct store_draft *draft, enum draft_kind kind, uint64_t key,
                        uint64_t key2, const void *payload) {
    if (draft->current >= 0) {
        const struct image_release *head = &draft_releases(draft)[draft->current].head;
        draft_add_of(draft, kind, draft->current, key, key2, head->from, head->to, payload);
    }
}

static int32_t day_to(struct date to) { return date_given(to) ? to.day : IMAGE_OPEN_TO; }

void store_draft_pair(struct store_draft *draft, struct code column1, struct code column2,
                      struct date from, struct date to, char indicator, uint8_t reason) {
    struct draft_fact fact = {.value = indicator == '9' ? 2 : (uint32_t)(indicator - '0'),
                              .reason = reason};
    bool hospital = draft->current >= 0 && draft_releases(draft)[draft->current].head.table ==
                                               STORE_PTP_HOSPITAL;
    draft_add_of(draft, hospital ? DRAFT_HOSPITAL : DRAFT_PAIR, draft->current, column1.bits,
                 column2.bits, from.day, day_to(to), &fact);
}

uint8_t store_draft_reason(struct store_draft *draft, struct view words) {
    struct image_text text = build_text(&draft->build, words);
    const struct image_text *known = (const void *)draft->reasons.at;
    ptrdiff_t count = draft->reasons.size / (ptrdiff_t)sizeof text;
    if (text.size == 0) {
        return 0;
    }
    for (ptrdiff_t i = 0; i < count; i++) {
        if (known[i].at == text.at && known[i].size == text.size) {
            return (uint8_t)(i + 1);
        }
    }
    if (count + 1 >= IMAGE_REASONS_MAX) {
        build_fail(&draft->build, "more different rationales of pairs than a store can hold");
        return 0;
    }
    buffer_add(&draft->build, &draft->reasons, &text, sizeof text);
    return (uint8_t)(count + 1);
}

void store_draft_mue(struct store_draft *draft, struct code code, int32_t units, char mai) {
    struct image_mue row = {.units = units, .mai = mai};
    undated_add(draft, DRAFT_MUE, code.bits, 0, &row);
}

void store_draft_addon(struct store_draft *draft, struct code addon, struct code primary,
                       struct date from, struct date to, char type) {
    struct image_addon row = {.type = type};
    bool contractor = code_equal(primary, code_of("CCCCC"));
    draft_add_of(draft, DRAFT_ADDON, draft->current, addon.bits,
                 contractor ? DRAFT_CONTRACTOR : primary.bits, from.day, day_to(to), &row);
}

void store_draft_mpfs(struct store_draft *draft, struct code code, struct code modifier,
                      const struct store_mpfs *from) {
    struct image_mpfs row = {
        .status = from->status,
        .pctc = from->pctc,
        .multiple = from->multiple,
        .bilateral = from->bilateral,
        .assistant = from->assistant,
        .cosurgeon = from->cosurgeon,
        .team = from->team,
        .na_nonfacility = from->na_nonfacility == 'Y',
        .na_facility = from->na_facility == 'Y',
        .work = from->work,
        .pe_nonfacility = from->pe_nonfacility,
        .pe_facility = from->pe_facility,
        .malpractice = from->malpractice,
        .total_nonfacility = from->total_nonfacility,
        .total_facility = from->total_facility,
        .conversion = from->conversion,
        .pre = from->pre_percent,
        .intra = from->intra_percent,
        .post = from->post_percent,
        .endo_base = from->endo_base.bits,
    };
    memcpy(row.global, from->global, sizeof row.global);
    int number = mpfs_modifier(modifier);
    if (number >= MPFS_MODIFIERS) {
        build_fail(&draft->build, "a fee schedule row has the modifier none, 26, TC or 53");
        return;
    }
    row.modifier = (uint8_t)number;
    undated_add(draft, DRAFT_MPFS, code.bits, row.modifier, &row);
}

void store_draft_dx(struct store_draft *draft, struct code dx, bool billable) {
    struct draft_fact fact = {.value = billable ? DX_BILLABLE : DX_HEADER};
    undated_add(draft, DRAFT_DX, dx.bits, 0, &fact);
}

void store_draft_dx_deleted(struct store_draft *draft, struct code dx) {
    struct draft_fact fact = {.value = DX_DELETED};
    undated_add(draft, DRAFT_DX, dx.bits, 0, &fact);
}

void store_draft_ended(struct store_draft *draft, struct code code, struct date last,
                       struct code replacement) {
    struct image_ended row = {.last = last.day, .replacement = replacement.bits};
    draft_add_of(draft, DRAFT_ENDED, draft->current, code.bits, 0, IMAGE_OPEN_FROM,
                 date_given(last) ? last.day : IMAGE_OPEN_TO, &row);
}

void store_draft_row(struct store_draft *draft, struct date from, struct date to,
                     const uint64_t *cells, int count) {
    if (draft->current < 0) {
        return;
    }
    const struct image_release *head = &draft_releases(draft)[draft->current].head;
    enum draft_kind kind = (enum draft_kind)(DRAFT_SHEETS + (head->table - STORE_FIRST_SHEET));
    int columns;
    const struct store_column *column =
        store_sheet_columns((enum store_table)head->table, &columns);
    if (!column || draft_payload_size(kind) != 8 * (ptrdiff_t)count) {
        build_fail(&draft->build, "a row of a sheet has another number of cells");
        return;
    }
    uint64_t same[2 * STORE_COLUMNS_MAX]; /* days and characters have one form each */
    for (int i = 0, at = 0; i < columns; i++, at++) {
        same[at] = column[i].type == CELL_DAY    ? (uint64_t)(int64_t)(int32_t)cells[at]
                   : column[i].type == CELL_CHAR ? cells[at] & 0xff
                                                 : cells[at];
        if (column[i].type == CELL_WIDE) {
            at++;
            same[at] = cells[at];
        }
    }
    bool two = draft_two_keys(column, columns);
    bool dated = (head->flags & RELEASE_DATED) != 0;
    draft_add_of(draft, kind, draft->current, cells[0], two ? cells[1] : 0,
                 dated ? from.day : head->from, dated ? day_to(to) : head->to, same);
}

uint64_t store_draft_text(struct store_draft *draft, struct view text) {
    struct image_text piece = build_text(&draft->build, text);
    return (uint64_t)piece.at | (uint64_t)piece.size << 32;
}

void store_draft_label(struct store_draft *draft, struct code code, struct view label) {
    struct draft_row row = {.key = code.bits};
    struct draft_text payload = {build_text(&draft->build, label)};
    draft_add(draft, DRAFT_CODE, &row, &payload);
}

void store_draft_license(struct store_draft *draft, struct view license) {
    struct image_text text = build_text(&draft->build, license);
    buffer_add(&draft->build, &draft->licenses, &text, sizeof text);
}
