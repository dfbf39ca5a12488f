/* claimvet store diff: what changed from the newest editions of one store to those of another. */
#include <string.h>

#include "cli/cli.h"
#include "os/os.h"

#define DIFF_CODES_MAX 65536

enum diff_format { DIFF_TEXT, DIFF_JSON, DIFF_CSV };

struct side {
    const struct store *store;
    struct view bytes;
    struct date on; /* of the table in hand */
};

struct diff {
    struct cli *cli;
    struct side a, b;
    struct date on; /* --on, else the newest edition of each table */
    struct date as_of;
    enum diff_format format;
    uint64_t *codes; /* --codes, ascending; NULL: all */
    ptrdiff_t code_count;
    enum store_table table;
    int64_t changes;
};

/* ---- rows of the answer ------------------------------------------------------------------ */

static void cell_csv(struct out *out, struct view text) {
    bool quoted = view_find(text, ',') >= 0 || view_find(text, '"') >= 0;
    out_view(out, view_of(quoted ? "\"" : ""));
    for (ptrdiff_t i = 0; i < text.size; i++) {
        out_view(out, view_of(text.at[i] == '"' ? "\"" : ""));
        out_char(out, text.at[i]);
    }
    out_view(out, view_of(quoted ? "\"" : ""));
}

static void row_json(struct out *out, const struct view *cells) {
    static const char *const names[] = {"table", "change", "row", "field", "before", "after"};
    for (int i = 0; i < COUNT_OF(names); i++) {
        out_format(out, "%s\"%s\":", i ? "," : "{", names[i]);
        cells[i].size > 0 ? out_json(out, cells[i]) : OUT_TEXT(out, "null");
    }
    OUT_TEXT(out, "}\n");
}

static void row_write(struct diff *diff, const char *change, struct view row, const char *field,
                      struct view before, struct view after) {
    struct out *out = &diff->cli->out;
    const struct view cells[] = {store_table_name(diff->table), view_of(change), row,
                                 view_of(field), before, after};
    static const int widths[] = {10, 9, 13, 20};
    if (diff->format == DIFF_JSON) {
        row_json(out, cells);
    } else if (diff->format == DIFF_CSV) {
        for (int i = 0; i < COUNT_OF(cells); i++) {
            cell_csv(out, cells[i]);
            out_char(out, i + 1 < COUNT_OF(cells) ? ',' : '\n');
        }
    } else {
        for (int i = 0; i < COUNT_OF(widths); i++) {
            out_view(out, cells[i]);
            out_pad(out, cells[i].size < widths[i] ? widths[i] - cells[i].size + 1 : 1);
        }
        out_view(out, before.size > 0 ? before : VIEW("-"));
        OUT_TEXT(out, " -> ");
        out_view(out, after.size > 0 ? after : VIEW("-"));
        OUT_TEXT(out, "\n");
    }
    diff->changes++;
}

/* One fact of a row on both sides; an empty text is "no such row". */
static void fact_compare(struct diff *diff, struct view row, const char *field,
                         struct view before, struct view after) {
    if (!view_equal(before, after)) {
        const char *change = before.size == 0  ? "added"
                             : after.size == 0 ? "dropped"
                                               : "changed";
        row_write(diff, change, row, field, before, after);
    }
}

/* ---- which codes ------------------------------------------------------------------------- */

static bool code_wanted(const struct diff *diff, struct code code) {
    ptrdiff_t low = 0;
    for (ptrdiff_t high = diff->code_count; low < high;) {
        ptrdiff_t middle = low + (high - low) / 2;
        if (diff->codes[middle] < code.bits) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return !diff->codes || (low < diff->code_count && diff->codes[low] == code.bits);
}

/* A code a line; what follows a blank, comma or tab is not read, '#' begins a comment. */
static int codes_read(struct diff *diff, const char *path) {
    struct diag diag = DIAG_NONE;
    struct view bytes;
    if (os_map(path, &bytes, &diag) != STATUS_OK) {
        cli_error(diff->cli, path, &diag);
        return STATUS_INPUT;
    }
    diff->codes = ARENA_NEW(&diff->cli->arena, uint64_t, DIFF_CODES_MAX);
    struct view rest = bytes;
    for (int64_t line = 1; diff->codes && rest.size > 0; line++) {
        struct view word = view_trim(view_cut(&rest, '\n'));
        ptrdiff_t end = 0;
        while (end < word.size && !strchr(" ,\t#", word.at[end])) {
            end++;
        }
        struct code code = code_from(view_sub(word, 0, end));
        if (end > 0 && (!code_given(code) || diff->code_count >= DIFF_CODES_MAX)) {
            os_unmap(bytes);
            return cli_usage(diff->cli, "%s:%lld: not a code", path, (long long)line);
        }
        ptrdiff_t at = diff->code_count;
        for (; end > 0 && at > 0 && diff->codes[at - 1] > code.bits; at--) {
            diff->codes[at] = diff->codes[at - 1];
        }
        if (end > 0) {
            diff->codes[at] = code.bits;
            diff->code_count++;
        }
    }
    os_unmap(bytes);
    return STATUS_OK;
}

/* Codes of both dictionaries in ascending order, one at a time. */
struct merge {
    uint32_t a, b;
};

static bool merge_next(const struct diff *diff, struct merge *merge, struct code *code) {
    struct code one = store_code(diff->a.store, merge->a);
    struct code two = store_code(diff->b.store, merge->b);
    bool from_a = code_given(one) && (!code_given(two) || one.bits <= two.bits);
    bool from_b = code_given(two) && (!code_given(one) || two.bits <= one.bits);
    *code = from_a ? one : two;
    merge->a += from_a;
    merge->b += from_b;
    return from_a || from_b;
}

static struct store_when side_when(const struct diff *diff, const struct side *side) {
    return (struct store_when){side->on, diff->as_of};
}

static void table_begin(struct diff *diff, enum store_table table) {
    diff->table = table;
    diff->a.on = date_given(diff->on) ? diff->on : cli_newest(diff->a.store, table, true);
    diff->b.on = date_given(diff->on) ? diff->on : cli_newest(diff->b.store, table, true);
}

/* ---- pairs ------------------------------------------------------------------------------- */

static struct view pair_fact(const struct diff *diff, const struct side *side, struct code one,
                             struct code two) {
    struct store_pair row;
    bool holds = store_pair(side->store, store_code_id(side->store, one),
                            store_code_id(side->store, two), side_when(diff, side), &row);
    return !holds ? VIEW("") : row.indicator == '0' ? VIEW("0") : VIEW("1");
}

/* Column-2 codes that one side lists under a column-1 code; with `only_new` those alone that the
 * other side does not list, so that nothing is said twice. */
static void pairs_of(struct diff *diff, struct code one, const struct side *side,
                     const struct side *other, bool only_new) {
    uint64_t cursor = 0;
    uint32_t id = store_code_id(side->store, one), column2;
    uint32_t other_id = store_code_id(other->store, one);
    bool all = code_wanted(diff, one);
    while (store_pair_next(side->store, id, &cursor, &column2)) {
        struct code two = store_code(side->store, column2);
        struct store_pair rows[1];
        if ((!all && !code_wanted(diff, two)) ||
            (only_new && store_pair_rows(other->store, other_id, store_code_id(other->store, two),
                                         diff->as_of, rows, 1) > 0)) {
            continue;
        }
        char a[9], b[9], row[20];
        struct view first = code_text(one, a), second = code_text(two, b);
        memcpy(row, first.at, (size_t)first.size);
        row[first.size] = '/';
        memcpy(row + first.size + 1, second.at, (size_t)second.size);
        fact_compare(diff, (struct view){row, first.size + 1 + second.size}, "indicator",
                     pair_fact(diff, &diff->a, one, two), pair_fact(diff, &diff->b, one, two));
    }
}

static void pairs_diff(struct diff *diff) {
    struct merge merge = {0};
    struct code code;
    table_begin(diff, STORE_NCCI_PTP);
    while (merge_next(diff, &merge, &code)) {
        pairs_of(diff, code, &diff->a, &diff->b, false);
        pairs_of(diff, code, &diff->b, &diff->a, true);
    }
}

/* ---- tables by code ---------------------------------------------------------------------- */

#define FACT_SIZE 32

static struct view hundredths(char text[FACT_SIZE], int32_t value) {
    struct money money = {value};
    return money_text(money, text);
}

static struct view number(char text[FACT_SIZE], int32_t value) {
    struct quantity quantity = {(int64_t)value * 1000};
    return quantity_text(quantity, text);
}

static void limit_diff(struct diff *diff, struct code code, struct view row) {
    struct side *sides[] = {&diff->a, &diff->b};
    struct view units[2] = {VIEW(""), VIEW("")}, mai[2] = {VIEW(""), VIEW("")};
    char text[2][FACT_SIZE], letter[2];
    for (int i = 0; i < 2; i++) {
        struct store_mue mue;
        if (store_mue(sides[i]->store, store_code_id(sides[i]->store, code),
                      side_when(diff, sides[i]), &mue)) {
            units[i] = number(text[i], mue.units);
            letter[i] = mue.mai;
            mai[i] = (struct view){&letter[i], 1};
        }
    }
    fact_compare(diff, row, "units", units[0], units[1]);
    if (units[0].size > 0 && units[1].size > 0) {
        fact_compare(diff, row, "MAI", mai[0], mai[1]);
    }
}

/* What of a fee-schedule row is compared, as texts. */
enum { SCHEDULE_FACTS = 8 };
static const char *const schedule_names[SCHEDULE_FACTS] = {
    "status", "RVU office", "RVU facility", "RVU work", "global", "bilateral", "multiple", "PC/TC"};

static bool schedule_facts(const struct diff *diff, const struct side *side, struct code code,
                           char text[SCHEDULE_FACTS][FACT_SIZE],
                           struct view facts[SCHEDULE_FACTS]) {
    struct store_mpfs row;
    if (!store_mpfs(side->store, store_code_id(side->store, code), CODE_NONE,
                    side_when(diff, side), &row)) {
        return false;
    }
    const char letters[] = {row.status, row.bilateral, row.multiple, row.pctc};
    static const int places[] = {0, 5, 6, 7};
    facts[1] = hundredths(text[1], row.total_nonfacility);
    facts[2] = hundredths(text[2], row.total_facility);
    facts[3] = hundredths(text[3], row.work);
    memcpy(text[4], row.global, sizeof row.global);
    facts[4] = view_of(text[4]);
    for (int i = 0; i < COUNT_OF(letters); i++) {
        text[places[i]][0] = letters[i];
        facts[places[i]] = (struct view){text[places[i]], 1};
    }
    return true;
}

static void schedule_diff(struct diff *diff, struct code code, struct view row) {
    char text[2][SCHEDULE_FACTS][FACT_SIZE];
    struct view facts[2][SCHEDULE_FACTS];
    bool a = schedule_facts(diff, &diff->a, code, text[0], facts[0]);
    bool b = schedule_facts(diff, &diff->b, code, text[1], facts[1]);
    if (a != b) {
        fact_compare(diff, row, "status", a ? facts[0][0] : VIEW(""), b ? facts[1][0] : VIEW(""));
    }
    for (int i = 0; a && b && i < SCHEDULE_FACTS; i++) {
        fact_compare(diff, row, schedule_names[i], facts[0][i], facts[1][i]);
    }
}

/* Primaries of an add-on code that only one side has. */
static void primaries_diff(struct diff *diff, struct code code, struct view row) {
    struct side *sides[] = {&diff->a, &diff->b};
    for (int i = 0; i < 2; i++) {
        const struct store *store = sides[i]->store, *other = sides[1 - i]->store;
        struct store_addon found, same;
        for (int n = 0; store_addon(store, store_code_id(store, code), n,
                                    side_when(diff, sides[i]), &found);
             n++) {
            bool contractor = found.primary == STORE_PRIMARY_CONTRACTOR;
            struct code primary =
                contractor ? code_of("CCCCC") : store_code(store, found.primary);
            uint32_t id = contractor ? STORE_PRIMARY_CONTRACTOR : store_code_id(other, primary);
            char text[9];
            if (!store_addon_primary(other, store_code_id(other, code), id,
                                     side_when(diff, sides[1 - i]), &same)) {
                struct view name = code_text(primary, text);
                fact_compare(diff, row, "primary", i == 0 ? name : VIEW(""),
                             i == 0 ? VIEW("") : name);
            }
        }
    }
}

typedef void code_diff(struct diff *diff, struct code code, struct view row);

static void by_code(struct diff *diff, enum store_table table, code_diff *compare) {
    struct merge merge = {0};
    struct code code;
    table_begin(diff, table);
    while (merge_next(diff, &merge, &code)) {
        char text[9];
        if (code_wanted(diff, code)) {
            compare(diff, code, code_text(code, text));
        }
    }
}

/* ---- diagnoses --------------------------------------------------------------------------- */

static struct view dx_fact(const struct diff *diff, const struct side *side, struct code dx) {
    struct store_dx row;
    return !store_dx(side->store, dx, side_when(diff, side), &row) ? VIEW("")
           : row.billable                                          ? VIEW("billable")
                                                                   : VIEW("header");
}

static void diagnoses_diff(struct diff *diff) {
    uint64_t cursor[2] = {0};
    struct code next[2] = {CODE_NONE, CODE_NONE};
    table_begin(diff, STORE_ICD10);
    bool more[2] = {store_dx_next(diff->a.store, &cursor[0], &next[0]),
                    store_dx_next(diff->b.store, &cursor[1], &next[1])};
    while (more[0] || more[1]) {
        bool from_a = more[0] && (!more[1] || next[0].bits <= next[1].bits);
        struct code dx = from_a ? next[0] : next[1];
        char text[9];
        if (code_wanted(diff, dx)) {
            fact_compare(diff, code_text(dx, text), "ICD-10-CM", dx_fact(diff, &diff->a, dx),
                         dx_fact(diff, &diff->b, dx));
        }
        for (int i = 0; i < 2; i++) {
            if (more[i] && next[i].bits == dx.bits) {
                more[i] = store_dx_next(i == 0 ? diff->a.store : diff->b.store, &cursor[i],
                                        &next[i]);
            }
        }
    }
}

/* ---- the command ------------------------------------------------------------------------- */

static int diff_open(struct diff *diff, const struct cli_arguments *arguments) {
    struct cli *cli = diff->cli;
    const char *format = arguments->value[OPTION_FORMAT];
    if (format && strcmp(format, "html") == 0) {
        return cli_usage(cli, "store diff prints text, json or csv");
    }
    diff->format = !format                        ? DIFF_TEXT
                   : strcmp(format, "json") == 0 ? DIFF_JSON
                   : strcmp(format, "csv") == 0  ? DIFF_CSV
                                                 : DIFF_TEXT;
    int status = cli_date(cli, arguments, OPTION_ON, &diff->on);
    diff->as_of = DATE_NONE;
    if (status == STATUS_OK) {
        status = cli_store_open(cli, arguments->rest[1], &diff->a.bytes, &diff->a.store);
    }
    if (status == STATUS_OK) {
        status = cli_store_open(cli, arguments->rest[2], &diff->b.bytes, &diff->b.store);
    }
    if (status == STATUS_OK && arguments->given[OPTION_CODES]) {
        status = codes_read(diff, arguments->value[OPTION_CODES]);
    }
    return status;
}

/* 0 when nothing changed, 1 when something did, as diff(1). */
int store_diff(struct cli *cli, const struct cli_arguments *arguments) {
    struct diff diff = {.cli = cli};
    int status = diff_open(&diff, arguments);
    if (status == STATUS_OK) {
        if (diff.format == DIFF_CSV) {
            OUT_TEXT(&cli->out, "table,change,row,field,before,after\n");
        }
        pairs_diff(&diff);
        by_code(&diff, STORE_MUE, limit_diff);
        by_code(&diff, STORE_MPFS, schedule_diff);
        by_code(&diff, STORE_AOC, primaries_diff);
        diagnoses_diff(&diff);
        if (diff.format == DIFF_TEXT) {
            out_format(&cli->out, "%lld changes\n", (long long)diff.changes);
        }
        status = diff.changes > 0 ? 1 : STATUS_OK;
    }
    out_flush(&cli->out);
    os_unmap(diff.a.bytes);
    os_unmap(diff.b.bytes);
    return status;
}
