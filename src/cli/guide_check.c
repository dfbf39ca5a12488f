/* Asks a store whether an assertion of the guide holds. A row that is there decides; a row that is
 * not there decides only where an edition of the day would have it. */
#include "cli/cli.h"
#include "cli/guide.h"

#define ASP_LIMIT 2 /* column of the sheet: dollars of one unit, three decimals */

struct asked {
    const struct store *store;
    const struct guide_assertion *what;
    struct store_when when;
    enum store_table table;
    uint32_t ids[GUIDE_CODES_MAX]; /* STORE_NO_CODE: a diagnosis, or not in the store */
    struct out *found;
    bool *stale;
};

static enum guide_result holds_if(bool holds) { return holds ? GUIDE_HOLDS : GUIDE_FAILS; }

static void hundredths(struct out *out, const char *name, int64_t value) {
    char text[24];
    out_view(out, view_of(name));
    out_view(out, money_text((struct money){value}, text));
}

static void release_name(const struct asked *asked, struct store_proof proof) {
    if (proof.release != STORE_NO_RELEASE) {
        OUT_TEXT(asked->found, " in ");
        out_view(asked->found, store_release(asked->store, proof.release).name);
    }
}

/* The release that an answer about the day rests on. */
static void release_used(const struct asked *asked, struct store_proof proof) {
    release_name(asked, proof);
    if (proof.release != STORE_NO_RELEASE) {
        *asked->stale |= store_stale(asked->store, proof.release, asked->when.on);
    }
}

static enum guide_result no_edition(const struct asked *asked) {
    char day[11];
    out_format(asked->found, "no edition of %s here speaks of that on %s",
               store_table_name(asked->table).at, date_text(asked->when.on, day).at);
    return GUIDE_NOT_EVALUATED;
}

/* No row: the answer is `absent` where the edition of the day would have it. */
static enum guide_result missing(const struct asked *asked, enum guide_result absent,
                                 const char *row) {
    if (cli_speaks(asked->store, asked->table, asked->when.on, asked->ids,
                   asked->what->code_count)) {
        out_format(asked->found, "no %s", row);
        return absent;
    }
    return no_edition(asked);
}

/* ---- fee schedule ------------------------------------------------------------------------ */

static bool fee_row(const struct asked *asked, int index, struct store_mpfs *row) {
    return store_mpfs(asked->store, asked->ids[index], asked->what->modifiers[index], asked->when,
                      row);
}

static enum guide_result rvu_ask(const struct asked *asked) {
    struct store_mpfs row;
    if (!fee_row(asked, 0, &row)) {
        return missing(asked, GUIDE_FAILS, "row of the fee schedule");
    }
    const int64_t *wanted = asked->what->numbers;
    hundredths(asked->found, "work ", row.work);
    hundredths(asked->found, " nonfacility ", row.total_nonfacility);
    hundredths(asked->found, " facility ", row.total_facility);
    out_format(asked->found, " global %s", row.global);
    release_used(asked, row.proof);
    return holds_if(row.work == wanted[0] && row.total_nonfacility == wanted[1] &&
                    row.total_facility == wanted[2] &&
                    view_equal(view_of(row.global), asked->what->name));
}

static enum guide_result indicator_ask(const struct asked *asked, bool bilateral) {
    struct store_mpfs row;
    if (!fee_row(asked, 0, &row)) {
        return missing(asked, GUIDE_FAILS, "row of the fee schedule");
    }
    char indicator = bilateral ? row.bilateral : row.pctc;
    out_format(asked->found, "indicator %c", indicator);
    release_used(asked, row.proof);
    return holds_if(indicator - '0' == asked->what->numbers[0]);
}

static enum guide_result bilateral_ask(const struct asked *asked) {
    return indicator_ask(asked, true);
}

static enum guide_result component_ask(const struct asked *asked) {
    return indicator_ask(asked, false);
}

static int64_t total_of(const struct store_mpfs *row, int64_t facility) {
    return facility ? row->total_facility : row->total_nonfacility;
}

/* `percent` of the codes together, rounded once. */
static enum guide_result dollars_ask(const struct asked *asked, int64_t percent, int64_t facility,
                                     int64_t wanted) {
    int64_t millionths = 0;
    struct store_mpfs row = {.proof.release = STORE_NO_RELEASE};
    for (int i = 0; i < asked->what->code_count; i++) {
        if (!fee_row(asked, i, &row)) {
            return missing(asked, GUIDE_FAILS, "row of the fee schedule for each code");
        }
        millionths += store_mpfs_millionths(&row, facility != 0);
    }
    int64_t cents = store_millionths_money(millionths, percent).cents;
    hundredths(asked->found, "", cents);
    release_used(asked, row.proof);
    return holds_if(cents == wanted);
}

static enum guide_result amount_ask(const struct asked *asked) {
    return dollars_ask(asked, 100, asked->what->numbers[0], asked->what->numbers[1]);
}

static enum guide_result share_ask(const struct asked *asked) {
    const int64_t *numbers = asked->what->numbers;
    return dollars_ask(asked, numbers[0], numbers[1], numbers[2]);
}

static enum guide_result ratio_ask(const struct asked *asked) {
    struct store_mpfs row[2];
    if (!fee_row(asked, 0, &row[0]) || !fee_row(asked, 1, &row[1])) {
        return missing(asked, GUIDE_FAILS, "row of the fee schedule for each code");
    }
    int64_t above = total_of(&row[0], asked->what->numbers[0]);
    int64_t below = total_of(&row[1], asked->what->numbers[0]);
    if (below <= 0) {
        OUT_TEXT(asked->found, "the second code has no relative value");
        return GUIDE_FAILS;
    }
    int64_t ratio = (200 * above + below) / (2 * below);
    hundredths(asked->found, "", ratio);
    release_used(asked, row[0].proof);
    return holds_if(ratio == asked->what->numbers[1]);
}

static enum guide_result pays_ask(const struct asked *asked) {
    struct store_mpfs row;
    struct money ours = guide_dollars(asked->store, asked->what, asked->when.on, asked->found);
    if (!money_given(ours)) {
        return GUIDE_NOT_EVALUATED;
    }
    guide_dollars_write(asked->found, asked->what, ours);
    if (store_mpfs(asked->store, asked->ids[0], CODE_NONE, asked->when, &row)) {
        release_used(asked, row.proof);
    }
    return holds_if(ours.cents == asked->what->numbers[1]);
}

/* ---- edits ------------------------------------------------------------------------------- */

static bool pair_found(const struct asked *asked, int column1, struct store_pair *row) {
    const uint32_t *ids = asked->ids;
    if (!store_pair(asked->store, ids[column1], ids[1 - column1], asked->when, row)) {
        return false;
    }
    char code[9];
    out_format(asked->found, "column 1 %s, indicator %c",
               code_text(asked->what->codes[column1], code).at, row->indicator);
    release_used(asked, row->proof);
    return true;
}

static enum guide_result pair_ask(const struct asked *asked) {
    struct store_pair row;
    if (!pair_found(asked, 0, &row)) {
        return missing(asked, GUIDE_FAILS, "edit in force in that direction");
    }
    return holds_if(row.indicator - '0' == asked->what->numbers[0]);
}

static enum guide_result no_pair_ask(const struct asked *asked) {
    struct store_pair row;
    if (pair_found(asked, 0, &row) || pair_found(asked, 1, &row)) {
        return GUIDE_FAILS;
    }
    return missing(asked, GUIDE_HOLDS, "edit in force in either direction");
}

static enum guide_result addon_ask(const struct asked *asked) {
    struct store_addon row;
    bool wanted = asked->what->numbers[0] == 1;
    if (store_addon_primary(asked->store, asked->ids[0], asked->ids[1], asked->when, &row)) {
        OUT_TEXT(asked->found, "it is a primary");
        release_used(asked, row.proof);
        return holds_if(wanted);
    }
    if (store_addon_primary(asked->store, asked->ids[0], STORE_PRIMARY_CONTRACTOR, asked->when,
                            &row)) {
        OUT_TEXT(asked->found, "the contractor defines the primaries");
        return GUIDE_NOT_EVALUATED;
    }
    return missing(asked, holds_if(!wanted), "such primary");
}

static enum guide_result mue_ask(const struct asked *asked) {
    struct store_mue row;
    if (!store_mue(asked->store, asked->ids[0], asked->when, &row)) {
        return missing(asked, GUIDE_FAILS, "limit published");
    }
    out_format(asked->found, "%d a day, MAI %c", row.units, row.mai);
    release_used(asked, row.proof);
    return holds_if(row.units == asked->what->numbers[0] &&
                    row.mai - '0' == asked->what->numbers[1]);
}

/* ---- codes and drugs --------------------------------------------------------------------- */

/* A row with an open start proves nothing for days before its edition, save its last day. */
static bool shows_valid(const struct asked *asked, struct store_proof proof) {
    struct date on = asked->when.on;
    return (date_given(proof.to) && proof.to.day == on.day) ||
           (proof.release != STORE_NO_RELEASE &&
            store_release(asked->store, proof.release).effective.day <= on.day);
}

/* A code is valid when nothing ended it and some table has a row for it on the day. An end is
 * final: the edition that names it grows no older. */
static enum guide_result code_ask(const struct asked *asked) {
    struct store_ended ended;
    struct store_mpfs mpfs;
    struct store_drug drug;
    bool wanted = asked->what->numbers[0] == 0;
    if (store_ended(asked->store, asked->ids[0], asked->when, &ended)) {
        char last[11];
        out_format(asked->found, "not valid, last day %s",
                   date_given(ended.last) ? date_text(ended.last, last).at : "not known");
        release_name(asked, ended.proof);
        return holds_if(!wanted);
    }
    if ((fee_row(asked, 0, &mpfs) && shows_valid(asked, mpfs.proof)) ||
        (store_drug(asked->store, asked->ids[0], asked->when, &drug) &&
         shows_valid(asked, drug.proof))) {
        OUT_TEXT(asked->found, "valid");
        return holds_if(wanted);
    }
    OUT_TEXT(asked->found, "no table here says whether it is valid on that day");
    return GUIDE_NOT_EVALUATED;
}

static enum guide_result replaced_ask(const struct asked *asked) {
    struct store_ended ended;
    if (!store_ended(asked->store, asked->ids[0], asked->when, &ended)) {
        return missing(asked, GUIDE_FAILS, "end of the code known");
    }
    char code[9];
    out_format(asked->found, "replaced by %s",
               code_given(ended.replacement) ? code_text(ended.replacement, code).at
                                             : "nothing named");
    release_name(asked, ended.proof);
    return holds_if(code_equal(ended.replacement, asked->what->codes[1]));
}

static enum guide_result drug_ask(const struct asked *asked) {
    struct store_drug row;
    if (!store_drug(asked->store, asked->ids[0], asked->when, &row)) {
        return missing(asked, GUIDE_FAILS, "billing unit");
    }
    char size[24], unit[9];
    OUT_TEXT(asked->found, "unit ");
    out_view(asked->found, quantity_text((struct quantity){row.unit_thousandths}, size));
    out_format(asked->found, " %s", code_text(row.unit, unit).at);
    release_used(asked, row.proof);
    return holds_if(row.unit_thousandths == asked->what->numbers[0] &&
                    view_equal(view_of(unit), asked->what->name));
}

/* Payment limits have three decimals; the units together are rounded once, half up. */
static enum guide_result limit_ask(const struct asked *asked) {
    uint32_t count;
    uint32_t first = store_sheet_find(asked->store, STORE_ASP, asked->what->codes[0].bits, 0,
                                      &count);
    for (uint32_t row = first; row < first + count; row++) {
        struct store_cell limit = store_sheet_cell(asked->store, STORE_ASP, row, ASP_LIMIT);
        if (!store_sheet_holds(asked->store, STORE_ASP, row, asked->when) ||
            limit.number == INT64_MIN) {
            continue;
        }
        int64_t cents = (limit.number * asked->what->numbers[0] + 5) / 10;
        hundredths(asked->found, "", cents);
        release_used(asked, store_sheet_proof(asked->store, STORE_ASP, row));
        return holds_if(cents == asked->what->numbers[1]);
    }
    return missing(asked, GUIDE_FAILS, "payment limit");
}

/* ---- diagnoses --------------------------------------------------------------------------- */

static enum guide_result dx_ask(const struct asked *asked) {
    static const char *const states[] = {"billable", "header", "absent"};
    struct store_dx row;
    struct store_proof proof;
    if (!store_dx_edition(asked->store, asked->when, &proof)) {
        return no_edition(asked);
    }
    int state = 2;
    if (store_dx(asked->store, asked->what->codes[0], asked->when, &row)) {
        state = row.billable ? 0 : 1;
        proof = row.proof;
    }
    out_view(asked->found, view_of(states[state]));
    release_used(asked, proof);
    return holds_if(state == asked->what->numbers[0]);
}

static enum guide_result dx_count_ask(const struct asked *asked) {
    struct store_proof proof;
    struct store_dx row;
    struct code dx;
    uint64_t cursor = 0;
    int64_t count = 0;
    if (!store_dx_edition(asked->store, asked->when, &proof)) {
        return no_edition(asked);
    }
    bool billable_only = asked->what->numbers[0] == 1;
    while (store_dx_next(asked->store, &cursor, &dx)) {
        count += store_dx(asked->store, dx, asked->when, &row) && (row.billable || !billable_only);
    }
    out_int(asked->found, count);
    release_used(asked, proof);
    return holds_if(count == asked->what->numbers[1]);
}

static enum guide_result excludes_ask(const struct asked *asked) {
    struct view row;
    struct store_proof proof;
    if (!store_excludes1(asked->store, asked->what->codes[0], asked->what->codes[1], asked->when,
                         &row, &proof)) {
        return missing(asked, GUIDE_FAILS, "such exclusion");
    }
    OUT_TEXT(asked->found, "excluded by ");
    out_view(asked->found, row);
    release_used(asked, proof);
    return GUIDE_HOLDS;
}

/* ---- all words --------------------------------------------------------------------------- */

typedef enum guide_result ask_function(const struct asked *asked);

static const struct {
    ask_function *ask;
    enum store_table table;
} words[GUIDE_WORDS] = {
#define WORD(kind, word, form, table, ask) [GUIDE_##kind] = {ask, table},
#include "cli/guide_words.def"
#undef WORD
};

static struct date day_of(const struct store *store, const struct guide_assertion *assertion,
                          struct date on) {
    enum store_table table = words[assertion->word].table;
    if (date_given(assertion->on)) {
        return assertion->on;
    }
    if (date_given(on)) {
        return on;
    }
    struct date newest = cli_newest(store, table, false);
    return date_given(newest) ? newest : cli_newest(store, table, true);
}

/* The procedure codes as the store numbers them; false, and said, when it lacks one. */
static bool ids_find(struct asked *asked) {
    bool procedures = asked->table != STORE_ICD10 && asked->table != STORE_EXCLUDES1;
    for (int i = 0; i < asked->what->code_count; i++) {
        asked->ids[i] = store_code_id(asked->store, asked->what->codes[i]);
        if (procedures && asked->ids[i] == STORE_NO_CODE) {
            char code[9];
            out_format(asked->found, "the store does not hold %s",
                       code_text(asked->what->codes[i], code).at);
            return false;
        }
    }
    return true;
}

struct guide_answer guide_ask(const struct store *store, const struct guide_assertion *assertion,
                              struct date on, struct out *found) {
    enum store_table table = words[assertion->word].table;
    struct guide_answer answer = {GUIDE_NOT_EVALUATED, table, day_of(store, assertion, on), false};
    struct asked asked = {.store = store,
                          .what = assertion,
                          .when = {answer.day, DATE_NONE},
                          .table = table,
                          .found = found,
                          .stale = &answer.stale};
    if (!date_given(asked.when.on)) {
        out_format(found, "the table %s is not loaded", store_table_name(table).at);
    } else if (date_given(cli_newest(store, table, false)) &&
               !cli_begun(store, table, answer.day)) {
        /* rows with an open start would answer for any day before their edition */
        no_edition(&asked);
    } else if (ids_find(&asked)) {
        answer.result = words[assertion->word].ask(&asked);
    }
    return answer;
}
