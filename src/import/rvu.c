/* Rows of PPRRVU, the relative values of the physician fee schedule. The file for all who are not
 * qualifying participants fills the table mpfs; the one for participants, which differs in the
 * conversion factor only, fills the sheet mpfs_qpp. */
#include "import/rvu.h"

#include <stdio.h>
#include <string.h>

#define RVU_ROWS_LEAST 15000
#define RVU_ROWS_MOST 25000
#define RVU_QPP_ROWS_LEAST 5000    /* a subset of the codes of the other file [rvu26a] */
#define RVU_MOST INT64_C(99999999) /* 999,999.99 */

const char *const rvu_headers[RVU_COLUMNS] = {
#define RVU(id, header, first, last, words) header,
#include "import/rvu_columns.def"
#undef RVU
};

const struct rvu_position rvu_positions[RVU_COLUMNS] = {
#define RVU(id, header, first, last, words) {first, last},
#include "import/rvu_columns.def"
#undef RVU
};

static const char *const words_of[RVU_COLUMNS] = {
#define RVU(id, header, first, last, words) words,
#include "import/rvu_columns.def"
#undef RVU
};

static const char *rvu_name(enum rvu_column column) {
    return rvu_headers[column] + (rvu_headers[column][0] == '?');
}

/* ---- which edition ----------------------------------------------------------------------- */

/* Conversion factors that are known, x 10000 [rvu25d] [rvu26c]. From 2026 on there are two files.
 */
static const struct {
    int year;
    char qpp;
    int64_t conversion;
} factors[] = {{2025, 'N', 323465}, {2026, 'N', 334009}, {2026, 'Q', 335675}};

#define RVU_TWO_FILES 2026

/* Participation by name, else by factor; both must agree. */
static bool qpp_find(struct rvu_file *file, int64_t conversion) {
    struct fee_release *release = &file->release;
    int64_t expected = 0;
    if (release->qpp == 0 && release->year < RVU_TWO_FILES) {
        release->qpp = 'N';
    }
    for (int i = 0; i < COUNT_OF(factors); i++) {
        if (factors[i].year == release->year &&
            (release->qpp ? factors[i].qpp == release->qpp : factors[i].conversion == conversion)) {
            release->qpp = factors[i].qpp;
            expected = factors[i].conversion;
        }
    }
    if (release->qpp == 0 || (release->qpp == 'Q' && release->year < RVU_TWO_FILES)) {
        import_wrong(file->import, file->rows, "import_release", NULL,
                     "neither name nor factor says whether the file is for qualifying "
                     "participants: it should be named ..._QPP or ..._nonQPP");
        return false;
    }
    if (expected != 0 && conversion != expected) {
        import_wrong(file->import, file->rows, "import_cell", rvu_name(RVU_CONVERSION),
                     "the factor of %d %s is %d.%04d", release->year,
                     release->qpp == 'Q' ? "QPP" : "nonQPP", (int)(expected / 10000),
                     (int)(expected % 10000));
        return false;
    }
    file->qpp = release->qpp == 'Q';
    return true;
}

/* With the first row everything is known that names the edition. */
static bool rvu_begin(struct rvu_file *file, int64_t conversion) {
    if (!fee_release_find(file->import, file->rows, file->title, true, &file->release) ||
        !qpp_find(file, conversion)) {
        return false;
    }
    char name[16];
    int size = snprintf(name, sizeof name, "RVU%02d%c", file->release.year % 100,
                        'A' + file->release.quarter - 1);
    struct store_edition edition =
        fee_edition(file->qpp ? STORE_MPFS_QPP : STORE_MPFS, (struct view){name, size},
                    &file->release, file->form, true);
    file->conversion = conversion;
    file->begun = import_begin(file->import, file->rows, &edition, 1, 1);
    return file->begun;
}

/* ---- a row ------------------------------------------------------------------------------- */

static int64_t rvu_number(struct rvu_file *file, const struct view *cells, enum rvu_column column,
                          int decimals, int64_t most, bool *ok) {
    return cell_number(file->import, file->rows, cells[column], rvu_name(column), decimals, 0, most,
                       ok);
}

/* Totals are the sum of their parts, and the parts of a global package are all or none of it:
 * both hold in every row of every original read. A difference of rounding is let pass. */
static bool rvu_sums(struct rvu_file *file, const struct store_mpfs *m) {
    int nonfacility = m->total_nonfacility - m->work - m->pe_nonfacility - m->malpractice;
    int facility = m->total_facility - m->work - m->pe_facility - m->malpractice;
    int package = m->pre_percent + m->intra_percent + m->post_percent;
    bool whole = package == 0 || (package >= 98 && package <= 102);
    if (nonfacility < -2 || nonfacility > 2 || facility < -2 || facility > 2 || !whole) {
        import_wrong(file->import, file->rows, "import_cell", NULL,
                     "%s: the columns do not belong together",
                     whole ? "a total is not the sum of work, practice expense and malpractice"
                           : "PRE OP, INTRA OP and POST OP are no whole");
        return false;
    }
    return true;
}

static bool rvu_numbers(struct rvu_file *file, const struct view *cells, struct store_mpfs *m) {
    bool ok = true;
    m->work = (int32_t)rvu_number(file, cells, RVU_WORK, 2, RVU_MOST, &ok);
    m->pe_nonfacility = (int32_t)rvu_number(file, cells, RVU_PE_NONFACILITY, 2, RVU_MOST, &ok);
    m->pe_facility = (int32_t)rvu_number(file, cells, RVU_PE_FACILITY, 2, RVU_MOST, &ok);
    m->malpractice = (int32_t)rvu_number(file, cells, RVU_MALPRACTICE, 2, RVU_MOST, &ok);
    m->total_nonfacility =
        (int32_t)rvu_number(file, cells, RVU_TOTAL_NONFACILITY, 2, RVU_MOST, &ok);
    m->total_facility = (int32_t)rvu_number(file, cells, RVU_TOTAL_FACILITY, 2, RVU_MOST, &ok);
    m->pre_percent = (int16_t)rvu_number(file, cells, RVU_PRE, 2, 100, &ok);
    m->intra_percent = (int16_t)rvu_number(file, cells, RVU_INTRA, 2, 100, &ok);
    m->post_percent = (int16_t)rvu_number(file, cells, RVU_POST, 2, 100, &ok);
    m->conversion = (int32_t)rvu_number(file, cells, RVU_CONVERSION, 4, 9999999, &ok);
    rvu_number(file, cells, RVU_OPPS_NONFACILITY, 2, RVU_MOST, &ok);
    rvu_number(file, cells, RVU_OPPS_FACILITY, 2, RVU_MOST, &ok);
    rvu_number(file, cells, RVU_OPPS_MALPRACTICE, 2, RVU_MOST, &ok);
    return ok && rvu_sums(file, m);
}

static bool rvu_indicators(struct rvu_file *file, const struct view *cells, struct store_mpfs *m) {
    bool ok = true;
    for (int i = 0; i < RVU_COLUMNS; i++) {
        if (words_of[i]) {
            ok &= fee_indicator(file->import, file->rows, cells[i], rvu_name((enum rvu_column)i),
                                words_of[i]);
        }
    }
    if (!ok) {
        return false;
    }
    m->status = cells[RVU_STATUS].at[0];
    m->pctc = cells[RVU_PCTC].at[0];
    memcpy(m->global, cells[RVU_GLOBAL].at, 3);
    m->multiple = cells[RVU_MULTIPLE].at[0];
    m->bilateral = cells[RVU_BILATERAL].at[0];
    m->assistant = cells[RVU_ASSISTANT].at[0];
    m->cosurgeon = cells[RVU_COSURGEON].at[0];
    m->team = cells[RVU_TEAM].at[0];
    m->na_nonfacility = cells[RVU_NA_NONFACILITY].size > 0 ? 'Y' : 0;
    m->na_facility = cells[RVU_NA_FACILITY].size > 0 ? 'Y' : 0;
    return true;
}

/* The pricing indicator came with the second file, in 2026; what has it earlier, or lacks it later,
 * is shifted. */
static bool rvu_pricing(struct rvu_file *file, const struct view *cells) {
    bool wanted = file->release.year >= RVU_TWO_FILES;
    if ((cells[RVU_PRICING].size > 0) == wanted) {
        return true;
    }
    import_wrong(file->import, file->rows, "import_cell", rvu_name(RVU_PRICING),
                 wanted ? "is empty, and files from 2026 on have it"
                        : "has a value, and files before 2026 do not have it");
    return false;
}

static void rvu_keep(struct rvu_file *file, const struct view *cells, struct code code,
                     struct code modifier, const struct store_mpfs *m) {
    struct store_draft *draft = import_draft(file->import);
    if (file->qpp) {
        uint64_t row[] = {code.bits, modifier.bits, (uint64_t)m->conversion};
        store_draft_row(draft, DATE_NONE, DATE_NONE, row, COUNT_OF(row));
        return;
    }
    store_draft_mpfs(draft, code, modifier, m);
    if (import_licensed(file->import) && !code_given(modifier)) {
        store_draft_label(draft, code, cells[RVU_DESCRIPTION]);
    }
}

bool rvu_row(struct rvu_file *file, const struct view *cells) {
    struct import *import = file->import;
    struct store_mpfs m = {.status = 0};
    bool ok = true;
    struct code code =
        cell_code(import, file->rows, cells[RVU_CODE], rvu_name(RVU_CODE), 5, 5, &ok);
    ok &= rvu_indicators(file, cells, &m);
    ok = ok && rvu_numbers(file, cells, &m);
    if (ok && cells[RVU_ENDO_BASE].size > 0) {
        m.endo_base =
            cell_code(import, file->rows, cells[RVU_ENDO_BASE], rvu_name(RVU_ENDO_BASE), 5, 5, &ok);
    }
    if (ok && !file->begun && !rvu_begin(file, m.conversion)) {
        file->refused = true;
        return false;
    }
    file->count++;
    if (!ok || !rvu_pricing(file, cells)) {
        return true;
    }
    struct code modifier = code_from(cells[RVU_MODIFIER]);
    if (m.conversion != file->conversion) {
        import_wrong(import, file->rows, "import_cell", rvu_name(RVU_CONVERSION),
                     "differs from the rows before: a file has one factor");
    } else if (fee_key_new(import, file->rows, &file->keys, code.bits, modifier.bits)) {
        rvu_keep(file, cells, code, modifier, &m);
    }
    return true;
}

int rvu_end(struct rvu_file *file) {
    if (file->begun) {
        import_end(file->import, file->rows, file->count,
                   file->qpp ? RVU_QPP_ROWS_LEAST : RVU_ROWS_LEAST, RVU_ROWS_MOST);
    } else if (!file->refused && import_status(file->import) == STATUS_OK) {
        import_wrong(file->import, file->rows, "import_row_count", NULL, "there is no row of data");
    }
    return import_status(file->import);
}
