/* PPRRVU in fixed width: lines of HDR with the copyright, then one record a line. The positions are
 * those of the published record [rvu26a]; of the October 2025 release every field of every row is
 * the same as in the csv, which the tests check. From 2026 on position 121 is used. */
#include "import/rvu.h"

#include <string.h>

#define RVU_LINE_LEAST 171

static bool line_is_head(struct view line) { return view_starts(line, VIEW("HDR")); }

/* A record: code, status and factor where they should be. */
static bool line_is_record(struct view line) {
    char factor[8];
    if (line.size < RVU_LINE_LEAST || line_is_head(line)) {
        return false;
    }
    memcpy(factor, line.at + 132, sizeof factor);
    bool dot = memchr(factor, '.', sizeof factor) != NULL;
    return dot && line.at[57] >= 'A' && line.at[57] <= 'Z' && line.at[56] == ' ' &&
           code_length(code_from(view_sub(line, 0, 5))) == 5;
}

static bool rvu_fixed_head(const struct rows_head *head) {
    int heads = 0, records = 0;
    for (int i = 0; i < head->count; i++) {
        heads += line_is_head(head->row[i].text);
        records += line_is_record(head->row[i].text);
    }
    return head->form == ROWS_LINES && heads > 0 && records > 0;
}

/* Between the fields there is nothing; what stands there has moved. */
static bool gaps_empty(struct rvu_file *file) {
    struct view line = file->rows->text;
    ptrdiff_t at = 0;
    for (int i = 0; i <= RVU_COLUMNS; i++) {
        ptrdiff_t end = i < RVU_COLUMNS ? rvu_positions[i].first - 1 : line.size;
        for (; at < end; at++) {
            if (line.at[at] != ' ') {
                import_wrong(file->import, file->rows, "import_cell", NULL,
                             "position %d should be empty: the record has moved", (int)at + 1);
                return false;
            }
        }
        at = i < RVU_COLUMNS ? rvu_positions[i].last : at;
    }
    return true;
}

static int rvu_fixed_read(struct import *import, struct rows *rows) {
    struct rvu_file file = {.import = import, .rows = rows, .form = FEE_TEXT};
    bool more = true;
    while (more && import_next(import, rows)) {
        struct view cells[RVU_COLUMNS];
        if (view_trim(rows->text).size == 0 || (file.count == 0 && line_is_head(rows->text))) {
            continue;
        }
        if (rows->text.size < RVU_LINE_LEAST) {
            import_wrong(import, rows, "import_cell", NULL,
                         "the record ends at position %d, a whole one has %d", (int)rows->text.size,
                         RVU_LINE_LEAST);
            continue;
        }
        for (int i = 0; i < RVU_COLUMNS; i++) {
            cells[i] = rows_field(rows, rvu_positions[i].first, rvu_positions[i].last);
        }
        more = !gaps_empty(&file) || rvu_row(&file, cells);
    }
    return rvu_end(&file);
}

/* Position 121 was read from an original only while it was empty. */
static bool named_new(const struct rows_head *head) {
    struct fee_release release = {0};
    fee_name_read(head->member, &release);
    fee_name_read(head->file, &release);
    return release.year >= 2026;
}

static bool rvu_fixed_knows(const struct rows_head *head) {
    return rvu_fixed_head(head) && !named_new(head);
}

static bool rvu_fixed_new_knows(const struct rows_head *head) {
    return rvu_fixed_head(head) && named_new(head);
}

const struct importer import_rvu_fixed = {
    .table = "mpfs",
    .what = "physician fee schedule relative values, PPRRVU in fixed width until 2025",
    .proven = true,
    .cpt = true,
    .knows = rvu_fixed_knows,
    .read = rvu_fixed_read,
};

const struct importer import_rvu_fixed_2026 = {
    .table = "mpfs",
    .what = "the same from 2026 on, PPRRVU in fixed width",
    .proven = false,
    .cpt = true,
    .knows = rvu_fixed_new_knows,
    .read = rvu_fixed_read,
};
