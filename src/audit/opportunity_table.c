/* rules/opportunities.tsv, rules/opportunity_drugs.tsv and rules/facility_kinds.tsv. */
#include <stdarg.h>
#include <stdio.h>

#include "audit/opportunity.h"

static const char header[] = "opportunity\tkind\tstatus\tfamilies\tcodes\tfacts\tword\tminimum\t"
                             "days\ttitle\twhy\tdo\tcite";
static const char drug_header[] = "drug\tcode\tsince\tcite";
static const char site_header[] = "taxonomy\tkind\twhat\tcite";

#define TAXONOMY_SIZE 10

enum column { ID, KIND, STATUS, FAMILIES, CODES, FACTS, WORD, MINIMUM, DAYS, TITLE, WHY, FIX, CITE,
              COLUMNS };
enum drug_column { DRUG, DRUG_CODE, SINCE, DRUG_CITE, DRUG_COLUMNS };
enum site_column { PREFIX, SITE, WHAT, SITE_CITE, SITE_COLUMNS };

static const struct {
    const char *word;
    bool families, codes, facts, word_given, minimum, days, site; /* what it cannot do without */
} kinds[OPPORTUNITY_KINDS] = {
    [OPPORTUNITY_MISSING_LEVEL] = {.word = "missing_level", .families = true, .facts = true},
    [OPPORTUNITY_SECOND_SIDE] = {.word = "second_side", .families = true, .facts = true},
    [OPPORTUNITY_DRUG_NOT_BILLED] = {.word = "drug_not_billed", .families = true},
    [OPPORTUNITY_IMAGING_SEPARATE] = {.word = "imaging_separate",
                                      .families = true,
                                      .codes = true,
                                      .facts = true,
                                      .word_given = true,
                                      .minimum = true},
    [OPPORTUNITY_ABLATION_CANDIDATE] = {.word = "ablation_candidate",
                                        .families = true,
                                        .codes = true,
                                        .minimum = true,
                                        .days = true},
    [OPPORTUNITY_EM_25] = {.word = "em_25", .codes = true},
    [OPPORTUNITY_SITE_OF_SERVICE] = {.word = "site_of_service", .codes = true, .site = true},
    [OPPORTUNITY_WASTE_NOT_BILLED] = {.word = "waste_not_billed", .codes = true}};

static const char *const sites[SITE_KINDS] = {
    [SITE_UNKNOWN] = "", [SITE_OFFICE] = "office", [SITE_CLINIC] = "clinic",
    [SITE_SURGERY_CENTER] = "surgery_center", [SITE_HOSPITAL] = "hospital",
    [SITE_ELSEWHERE] = "elsewhere"};

static enum site_kind site_named(struct view word) {
    for (int i = 0; i < SITE_KINDS; i++) {
        if (view_equal(word, view_of(sites[i]))) {
            return (enum site_kind)i;
        }
    }
    return SITE_UNKNOWN;
}

struct view opportunity_kind_name(enum opportunity_kind kind) { return view_of(kinds[kind].word); }

/* Where a table is read. */
struct reader {
    const char *file;
    int64_t line;
    struct diag *diag;
};

__attribute__((format(printf, 2, 3))) static bool refuse(const struct reader *reader,
                                                         const char *format, ...) {
    char text[100];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    diag_set(reader->diag, "opportunity_syntax", "%s:%d: %s", reader->file, (int)reader->line,
             text);
    reader->diag->line = reader->line;
    return false;
}

static bool cells_read(const struct reader *reader, struct view line, struct view *cells,
                       int count) {
    for (int i = 0; i < count; i++) {
        cells[i] = view_cut(&line, '\t');
        if (cells[i].size <= 0) {
            return refuse(reader, "cell %d is empty or not there: %d are needed", i + 1, count);
        }
    }
    return !line.at || refuse(reader, "more than %d cells", count);
}

/* The words of a cell one after another; "-" has none. */
static bool word_next(struct view *cell, struct view *word) {
    if (view_equal(*cell, VIEW("-"))) {
        *cell = VIEW_NONE;
    }
    *word = cell->at ? view_cut(cell, ' ') : VIEW_NONE;
    return word->at != NULL;
}

static bool lists_read(const struct reader *reader, const struct view *cells,
                       struct opportunity_row *row) {
    struct view families = cells[FAMILIES], codes = cells[CODES], facts = cells[FACTS], word;
    while (word_next(&families, &word)) {
        if (row->families.count == OPPORTUNITY_NAMES_MAX) {
            return refuse(reader, "more than %d families", OPPORTUNITY_NAMES_MAX);
        }
        row->families.at[row->families.count++] = word;
    }
    while (word_next(&codes, &word)) {
        struct code code = code_from(word);
        if (row->code_count == OPPORTUNITY_CODES_MAX || !code_given(code)) {
            return refuse(reader, "more than %d codes, or no code", OPPORTUNITY_CODES_MAX);
        }
        row->codes[row->code_count++] = code;
    }
    while (word_next(&facts, &word)) {
        enum claim_fact_name fact = claim_fact_find(word);
        if (fact == CLAIM_FACTS) {
            return refuse(reader, "no chart fact is called %.*s",
                          word.size < 40 ? (int)word.size : 40, word.at);
        }
        row->facts |= UINT64_C(1) << fact;
    }
    return true;
}

/* "-" is 0; a number has one to four digits and is at least 1. */
static bool number_read(struct view cell, int *number) {
    if (view_equal(cell, VIEW("-"))) {
        return true;
    }
    for (ptrdiff_t i = 0; view_is_digits(cell) && cell.size <= 4 && i < cell.size; i++) {
        *number = *number * 10 + (cell.at[i] - '0');
    }
    return *number > 0;
}

static bool whole(const struct opportunity_row *row) {
    return (row->families.count > 0 || !kinds[row->kind].families) &&
           (row->code_count > 0 || !kinds[row->kind].codes) &&
           (row->facts || !kinds[row->kind].facts) &&
           (claim_fact_word(FACT_image_guidance, row->word) >= 0 ||
            !kinds[row->kind].word_given) &&
           (row->minimum > 0 || !kinds[row->kind].minimum) &&
           (row->days > 0 || !kinds[row->kind].days) &&
           ((row->site != SITE_UNKNOWN && row->code_count > 1) || !kinds[row->kind].site);
}

static bool row_read(const struct reader *reader, struct view line, struct opportunity_row *row) {
    struct view cells[COLUMNS];
    int kind = 0;
    if (!cells_read(reader, line, cells, COLUMNS)) {
        return false;
    }
    while (kind < OPPORTUNITY_KINDS && !view_equal(cells[KIND], view_of(kinds[kind].word))) {
        kind++;
    }
    row->trial = view_equal(cells[STATUS], VIEW("trial"));
    if (kind == OPPORTUNITY_KINDS || (!row->trial && !view_equal(cells[STATUS], VIEW("stable")))) {
        return refuse(reader, "no such kind, or a status that is not trial or stable");
    }
    row->id = cells[ID];
    row->kind = (enum opportunity_kind)kind;
    row->word = cells[WORD];
    row->site = site_named(cells[WORD]);
    row->title = cells[TITLE];
    row->why = cells[WHY];
    row->fix = cells[FIX];
    row->cite = cells[CITE];
    if (!lists_read(reader, cells, row)) {
        return false;
    }
    if (!number_read(cells[MINIMUM], &row->minimum) || !number_read(cells[DAYS], &row->days)) {
        return refuse(reader, "a number is 1 to 9999 or -");
    }
    return whole(row) || refuse(reader, "the kind needs more than is given");
}

static bool drug_read(const struct reader *reader, struct view line,
                      struct opportunity_drug *drug) {
    struct view cells[DRUG_COLUMNS];
    if (!cells_read(reader, line, cells, DRUG_COLUMNS)) {
        return false;
    }
    drug->name = cells[DRUG];
    drug->code = code_from(cells[DRUG_CODE]);
    drug->since = date_from_iso(cells[SINCE]);
    bool open = view_equal(cells[SINCE], VIEW("-"));
    return (code_given(drug->code) && open != date_given(drug->since)) ||
           refuse(reader, "a drug has a code, and a first day (YYYY-MM-DD) or -");
}

static bool head_read(const struct reader *reader, struct view *text, const char *wanted) {
    return view_equal(view_cut(text, '\n'), view_of(wanted)) ||
           refuse(reader, "the first line must name the columns");
}

static bool rows_read(struct reader *reader, struct view text, struct opportunity_row *rows,
                      int *count) {
    if (!head_read(reader, &text, header)) {
        return false;
    }
    for (reader->line = 2; text.at && text.size > 0; reader->line++) {
        if (*count == OPPORTUNITY_ROWS_MAX) {
            return refuse(reader, "more than %d rows", OPPORTUNITY_ROWS_MAX);
        }
        if (!row_read(reader, view_cut(&text, '\n'), &rows[(*count)++])) {
            return false;
        }
    }
    return true;
}

static bool drugs_read(struct reader *reader, struct view text, struct opportunity_drug *drugs,
                       int *count) {
    if (!head_read(reader, &text, drug_header)) {
        return false;
    }
    for (reader->line = 2; text.at && text.size > 0; reader->line++) {
        if (*count == OPPORTUNITY_DRUGS_MAX) {
            return refuse(reader, "more than %d rows", OPPORTUNITY_DRUGS_MAX);
        }
        if (!drug_read(reader, view_cut(&text, '\n'), &drugs[(*count)++])) {
            return false;
        }
    }
    return true;
}

static bool site_read(const struct reader *reader, struct view line,
                      struct opportunity_site *site) {
    struct view cells[SITE_COLUMNS];
    if (!cells_read(reader, line, cells, SITE_COLUMNS)) {
        return false;
    }
    site->prefix = cells[PREFIX];
    site->kind = site_named(cells[SITE]);
    site->what = cells[WHAT];
    return (site->kind != SITE_UNKNOWN && site->prefix.size <= TAXONOMY_SIZE) ||
           refuse(reader, "no kind of place, or more than a taxonomy code");
}

static bool sites_read(struct reader *reader, struct view text, struct opportunity_site *all,
                       int *count) {
    if (!head_read(reader, &text, site_header)) {
        return false;
    }
    for (reader->line = 2; text.at && text.size > 0; reader->line++) {
        if (*count == OPPORTUNITY_SITES_MAX) {
            return refuse(reader, "more than %d rows", OPPORTUNITY_SITES_MAX);
        }
        if (!site_read(reader, view_cut(&text, '\n'), &all[(*count)++])) {
            return false;
        }
    }
    return true;
}

int opportunity_table_read(struct opportunity_table *table, const struct opportunity_texts *texts,
                           struct arena *arena, struct diag *diag) {
    struct opportunity_row *row = ARENA_NEW(arena, struct opportunity_row, OPPORTUNITY_ROWS_MAX);
    struct opportunity_drug *drug =
        ARENA_NEW(arena, struct opportunity_drug, OPPORTUNITY_DRUGS_MAX);
    struct opportunity_site *site =
        ARENA_NEW(arena, struct opportunity_site, OPPORTUNITY_SITES_MAX);
    *table = (struct opportunity_table){row, 0, drug, 0, site, 0};
    if (!row || !drug || !site) {
        diag_set(diag, "memory", "memory was refused: close other programs");
        return STATUS_SYSTEM;
    }
    struct reader reader = {"rules/opportunities.tsv", 1, diag};
    struct reader drug_reader = {"rules/opportunity_drugs.tsv", 1, diag};
    struct reader site_reader = {"rules/facility_kinds.tsv", 1, diag};
    return rows_read(&reader, texts->rows, row, &table->count) &&
                   drugs_read(&drug_reader, texts->drugs, drug, &table->drug_count) &&
                   sites_read(&site_reader, texts->sites, site, &table->site_count)
               ? STATUS_OK
               : STATUS_INPUT;
}
