/* claimvet lookup, claimvet pair: what the store holds, for a person or as JSON. */
#include <string.h>

#include "cli/cli.h"

#define PAIR_ROWS_MAX 32

bool cli_wants_json(const struct cli_arguments *arguments) {
    const char *format = arguments->value[OPTION_FORMAT];
    return format && strcmp(format, "json") == 0;
}

/* csv and html make no sense for one code. */
int cli_format_check(struct cli *cli, const struct cli_arguments *arguments) {
    const char *format = arguments->value[OPTION_FORMAT];
    if (format && strcmp(format, "json") != 0 && strcmp(format, "text") != 0) {
        return cli_usage(cli, "this command prints text or json");
    }
    return STATUS_OK;
}

static void date_print(struct out *out, struct date date, const char *open) {
    char text[11];
    out_view(out, date_given(date) ? date_text(date, text) : view_of(open));
}

void cli_window(struct cli *cli, struct store_proof proof) {
    date_print(&cli->out, proof.from, "open");
    OUT_TEXT(&cli->out, " to ");
    date_print(&cli->out, proof.to, "open");
}

void cli_release(struct cli *cli, struct store_proof proof, struct date on) {
    if (proof.release == STORE_NO_RELEASE) {
        return;
    }
    struct store_release release = store_release(cli->store, proof.release);
    OUT_TEXT(&cli->out, "  [");
    out_view(&cli->out, release.table_name);
    OUT_TEXT(&cli->out, " ");
    out_view(&cli->out, release.name);
    if (date_given(on) && store_stale(cli->store, proof.release, on)) {
        OUT_TEXT(&cli->out, ", older than the day asked for");
    }
    OUT_TEXT(&cli->out, "]\n");
}

/* One line "name        value" of a table that lines up. */
static void label(struct out *out, const char *name) { out_format(out, "  %-22s", name); }

static void rvu_print(struct out *out, const char *name, int32_t hundredths) {
    out_format(out, "%s %d.%02d", name, hundredths / 100, hundredths % 100);
}

static void mpfs_print(struct cli *cli, uint32_t id, struct store_when when) {
    static const char *const rows[] = {"", "26", "TC"};
    struct out *out = &cli->out;
    for (int i = 0; i < COUNT_OF(rows); i++) {
        struct store_mpfs row;
        if (!store_mpfs(cli->store, id, code_of(rows[i]), when, &row)) {
            continue;
        }
        label(out, i == 0 ? "fee schedule" : i == 1 ? "fee schedule, 26" : "fee schedule, TC");
        out_format(out, "status %c, global %s, ", row.status, row.global);
        rvu_print(out, "RVU office", row.total_nonfacility);
        rvu_print(out, ", facility", row.total_facility);
        rvu_print(out, ", work", row.work);
        OUT_TEXT(out, "\n");
        if (i == 0) {
            label(out, "");
            out_format(out, "PC/TC %c, bilateral %c, multiple procedure %c, assistant %c", row.pctc,
                       row.bilateral, row.multiple, row.assistant);
            cli_release(cli, row.proof, when.on);
        }
    }
}

static void mue_print(struct cli *cli, uint32_t id, struct store_when when) {
    struct store_mue row;
    label(&cli->out, "unit limit (MUE)");
    if (!store_mue(cli->store, id, when, &row)) {
        OUT_TEXT(&cli->out, "none published (some limits are confidential)\n");
        return;
    }
    out_format(&cli->out, "%d a day, MAI %c", row.units, row.mai);
    cli_release(cli, row.proof, when.on);
}

static void addon_print(struct cli *cli, uint32_t id, struct store_when when) {
    struct store_addon row;
    if (!store_addon(cli->store, id, 0, when, &row)) {
        return;
    }
    label(&cli->out, "add-on code of");
    int column = 24;
    for (int n = 0; store_addon(cli->store, id, n, when, &row); n++) {
        if (column > CLI_WIDTH - 8) {
            OUT_TEXT(&cli->out, "\n");
            out_pad(&cli->out, 24);
            column = 24;
        }
        char text[9];
        out_view(&cli->out, row.primary == STORE_PRIMARY_CONTRACTOR
                                ? VIEW("(contractor's list)")
                                : code_text(store_code(cli->store, row.primary), text));
        OUT_TEXT(&cli->out, " ");
        column += 6;
    }
    cli_release(cli, row.proof, when.on);
}

/* Codes with an active edit in one direction, as many as there are, in columns. */
static void pairs_print(struct cli *cli, uint32_t id, struct store_when when, bool column1) {
    struct out *out = &cli->out;
    struct store_pair row;
    struct store_proof proof = {.release = STORE_NO_RELEASE};
    int count = 0;
    out_format(out, "  %-21s", column1 ? "column 1 over" : "column 2 under");
    for (uint32_t other = 0; other < store_code_count(cli->store); other++) {
        if (!(column1 ? store_pair(cli->store, id, other, when, &row)
                      : store_pair(cli->store, other, id, when, &row))) {
            continue;
        }
        if (count > 0 && count % 8 == 0) {
            OUT_TEXT(out, "\n");
            out_pad(out, 23);
        }
        char text[9];
        out_char(out, ' ');
        out_view(out, code_text(store_code(cli->store, other), text));
        out_char(out, row.indicator == '0' ? '*' : ' ');
        proof = row.proof;
        count++;
    }
    out_view(out, view_of(count ? "\n" : " none among the codes of this store\n"));
    if (count) {
        out_pad(out, 24);
        out_format(out, "%d edits, * no modifier passes", count);
        cli_release(cli, proof, when.on);
    }
}

static void procedure_print(struct cli *cli, uint32_t id, struct store_when when) {
    char text[9];
    struct out *out = &cli->out;
    struct store_ended ended;
    out_view(out, code_text(store_code(cli->store, id), text));
    OUT_TEXT(out, "  ");
    out_view(out, store_label(cli->store, id));
    OUT_TEXT(out, "  (on ");
    date_print(out, when.on, "an unknown day");
    OUT_TEXT(out, ")\n");
    if (store_ended(cli->store, id, when, &ended)) {
        label(out, "not valid on that day");
        OUT_TEXT(out, "last day ");
        date_print(out, ended.last, "not known");
        if (code_given(ended.replacement)) {
            OUT_TEXT(out, ", use ");
            out_view(out, code_text(ended.replacement, text));
        }
        cli_release(cli, ended.proof, when.on);
        return;
    }
    mpfs_print(cli, id, when);
    mue_print(cli, id, when);
    addon_print(cli, id, when);
    struct store_drug drug;
    if (store_drug(cli->store, id, when, &drug)) {
        label(out, "billing unit");
        struct quantity size = {drug.unit_thousandths};
        char number[24];
        out_view(out, quantity_text(size, number));
        OUT_TEXT(out, " ");
        out_view(out, code_text(drug.unit, text));
        cli_release(cli, drug.proof, when.on);
    }
    pairs_print(cli, id, when, true);
    pairs_print(cli, id, when, false);
}

static bool diagnosis_print(struct cli *cli, struct code code, struct store_when when) {
    struct store_dx row;
    char text[9];
    if (!store_dx(cli->store, code, when, &row)) {
        return false;
    }
    struct out *out = &cli->out;
    out_view(out, code_text(code, text));
    out_view(out, view_of(row.billable ? "  ICD-10-CM, billable"
                                       : "  ICD-10-CM, a header: not billable"));
    OUT_TEXT(out, "  (on ");
    date_print(out, when.on, "an unknown day");
    OUT_TEXT(out, ")\n");
    label(out, "window");
    cli_window(cli, row.proof);
    cli_release(cli, row.proof, when.on);
    struct code below[8];
    int count = row.billable ? 0 : store_dx_below(cli->store, code, when, below, COUNT_OF(below));
    if (count > 0) {
        label(out, "billable below it");
        for (int i = 0; i < count; i++) {
            out_view(out, code_text(below[i], text));
            out_view(out, view_of(i + 1 < count ? " " : "\n"));
        }
    }
    return true;
}

static bool small_print(struct cli *cli, struct code code, struct store_when when) {
    struct store_pos pos;
    struct store_proof proof;
    char text[9];
    struct out *out = &cli->out;
    bool found = false;
    if (store_pos(cli->store, code, when, &pos)) {
        out_view(out, code_text(code, text));
        out_view(out, pos.facility ? VIEW("  place of service, facility rate")
                                   : VIEW("  place of service, office (non-facility) rate"));
        cli_release(cli, pos.proof, when.on);
        found = true;
    }
    uint32_t flags = store_modifier(cli->store, code, when, &proof);
    if (flags) {
        out_view(out, code_text(code, text));
        OUT_TEXT(out, "  modifier");
        out_view(out,
                 view_of(flags & MODIFIER_BYPASS ? ", passes NCCI edits with indicator 1" : ""));
        out_view(out, view_of(flags & MODIFIER_ANATOMIC ? ", anatomic" : ""));
        cli_release(cli, proof, when.on);
        found = true;
    }
    return found;
}

static void json_proof(struct out *out, const struct store *store, struct store_proof proof) {
    char text[11];
    OUT_TEXT(out, "\"release\":");
    out_json(out, proof.release == STORE_NO_RELEASE ? VIEW("")
                                                    : store_release(store, proof.release).name);
    OUT_TEXT(out, ",\"from\":");
    date_given(proof.from) ? out_json(out, date_text(proof.from, text)) : OUT_TEXT(out, "null");
    OUT_TEXT(out, ",\"to\":");
    date_given(proof.to) ? out_json(out, date_text(proof.to, text)) : OUT_TEXT(out, "null");
}

static void procedure_json(struct cli *cli, uint32_t id, struct store_when when) {
    struct out *out = &cli->out;
    struct store_mpfs mpfs;
    struct store_mue mue;
    struct store_ended ended;
    OUT_TEXT(out, ",\"kind\":\"procedure\",\"label\":");
    out_json(out, store_label(cli->store, id));
    out_format(out, ",\"ended\":%s", store_ended(cli->store, id, when, &ended) ? "true" : "false");
    if (store_mpfs(cli->store, id, CODE_NONE, when, &mpfs)) {
        out_format(out,
                   ",\"mpfs\":{\"status\":\"%c\",\"global\":\"%s\",\"pctc\":\"%c\","
                   "\"bilateral\":\"%c\",\"multiple\":\"%c\",\"work\":\"%d.%02d\","
                   "\"total_nonfacility\":\"%d.%02d\",\"total_facility\":\"%d.%02d\",",
                   mpfs.status, mpfs.global, mpfs.pctc, mpfs.bilateral, mpfs.multiple,
                   mpfs.work / 100, mpfs.work % 100, mpfs.total_nonfacility / 100,
                   mpfs.total_nonfacility % 100, mpfs.total_facility / 100,
                   mpfs.total_facility % 100);
        json_proof(out, cli->store, mpfs.proof);
        OUT_TEXT(out, "}");
    }
    if (store_mue(cli->store, id, when, &mue)) {
        out_format(out, ",\"mue\":{\"units\":%d,\"mai\":\"%c\",", mue.units, mue.mai);
        json_proof(out, cli->store, mue.proof);
        OUT_TEXT(out, "}");
    }
    struct store_addon addon;
    for (int n = 0; store_addon(cli->store, id, n, when, &addon); n++) {
        char text[9];
        out_view(out, view_of(n == 0 ? ",\"primaries\":[" : ","));
        out_json(out, addon.primary == STORE_PRIMARY_CONTRACTOR
                          ? VIEW("CCCCC")
                          : code_text(store_code(cli->store, addon.primary), text));
    }
    out_view(out, view_of(store_addon(cli->store, id, 0, when, &addon) ? "]" : ""));
}

static int lookup_json(struct cli *cli, struct code code, struct view given,
                       struct store_when when, struct date asked) {
    struct out *out = &cli->out;
    uint32_t id = store_code_id(cli->store, code);
    struct store_dx dx;
    char text[11];
    OUT_TEXT(out, "{\"code\":");
    out_json(out, given);
    OUT_TEXT(out, ",\"on\":");
    out_json(out, date_text(when.on, text));
    bool found = id != STORE_NO_CODE;
    if (found) {
        procedure_json(cli, id, when);
    } else if (store_dx(cli->store, code, when, &dx)) {
        out_format(out, ",\"kind\":\"diagnosis\",\"billable\":%s,", dx.billable ? "true" : "false");
        json_proof(out, cli->store, dx.proof);
        found = true;
    } else {
        OUT_TEXT(out, ",\"kind\":null");
    }
    OUT_TEXT(out, ",\"sheets\":[");
    found |= cli_sheets(cli, given, (struct store_when){asked, when.as_of}, true) > 0;
    OUT_TEXT(out, "]}\n");
    return found ? STATUS_OK : 1;
}

/* Diagnoses are written with a dot as often as without. */
static struct code code_given_as(const char *word) {
    char plain[16];
    ptrdiff_t size = 0;
    for (const char *c = word; *c && size < COUNT_OF(plain); c++) {
        if (*c != '.') {
            plain[size++] = *c;
        }
    }
    return code_from((struct view){plain, size});
}

static int lookup_one(struct cli *cli, const struct cli_arguments *arguments, const char *word,
                      struct store_when when) {
    struct code code = code_given_as(word);
    uint32_t id = store_code_id(cli->store, code);
    struct date asked = when.on;
    if (!date_given(when.on)) {
        when.on = cli_newest(cli->store, id != STORE_NO_CODE ? STORE_MPFS : STORE_ICD10,
                             false);
    }
    if (cli_wants_json(arguments)) {
        return lookup_json(cli, code, view_of(word), when, asked);
    }
    bool found = id != STORE_NO_CODE;
    if (found) {
        procedure_print(cli, id, when);
    }
    found |= diagnosis_print(cli, code, when);
    found |= small_print(cli, code,
                         (struct store_when){date_given(asked) ? asked : when.on, when.as_of});
    found |= cli_sheets(cli, view_of(word), (struct store_when){asked, when.as_of}, false) > 0;
    if (!found) {
        out_format(&cli->out, "%.20s  not in this store: nothing can be said about it\n", word);
    }
    return found ? STATUS_OK : 1;
}

static int when_open(struct cli *cli, const struct cli_arguments *arguments,
                     struct store_when *when) {
    int status = cli_format_check(cli, arguments);
    if (status == STATUS_OK) {
        status = cli_date(cli, arguments, OPTION_ON, &when->on);
    }
    if (status == STATUS_OK) {
        status = cli_date(cli, arguments, OPTION_AS_OF, &when->as_of);
    }
    return status == STATUS_OK ? cli_open(cli, arguments) : status;
}

int command_lookup(struct cli *cli, const struct cli_arguments *arguments) {
    struct store_when when;
    if (arguments->rest_count == 0) {
        return cli_usage(cli, "lookup needs a code, such as: claimvet lookup 64483");
    }
    int status = when_open(cli, arguments, &when);
    for (int i = 0; status != STATUS_USAGE && status < STATUS_INPUT && i < arguments->rest_count;
         i++) {
        int found = lookup_one(cli, arguments, arguments->rest[i], when);
        status = status == STATUS_OK ? found : status;
    }
    return status;
}

/* ---- pair -------------------------------------------------------------------------------- */

static const char *indicator_words(char indicator) {
    return indicator == '0'   ? "no modifier passes"
           : indicator == '1' ? "a supported modifier passes"
                              : "never in force (indicator 9)";
}

/* The practitioner table and the one of outpatient hospitals are asked alike. */
struct pair_table {
    const char *name; /* in words, "" for practitioners */
    bool (*active)(const struct store *, uint32_t, uint32_t, struct store_when,
                   struct store_pair *);
    int (*rows)(const struct store *, uint32_t, uint32_t, struct date, struct store_pair *, int);
};
static const struct pair_table practitioner = {"", store_pair, store_pair_rows};
static const struct pair_table hospital = {"outpatient hospital, ", store_pair_hospital,
                                           store_pair_hospital_rows};

static void direction_print(struct cli *cli, const struct pair_table *table, uint32_t column1,
                            uint32_t column2, struct store_when when) {
    struct store_pair rows[PAIR_ROWS_MAX];
    struct store_pair active;
    char one[9], two[9];
    struct out *out = &cli->out;
    int count = table->rows(cli->store, column1, column2, when.as_of, rows, PAIR_ROWS_MAX);
    bool in_force = table->active(cli->store, column1, column2, when, &active);
    code_text(store_code(cli->store, column1), one);
    code_text(store_code(cli->store, column2), two);
    out_format(out, "%scolumn 1 %s, column 2 %s: ", table->name, one, two);
    if (in_force) {
        out_format(out, "%s is paid, %s is denied; %s\n", one, two,
                   indicator_words(active.indicator));
    } else {
        out_view(out, view_of(count ? "no edit on that day\n" : "no edit in this store\n"));
    }
    for (int i = 0; i < count && i < PAIR_ROWS_MAX; i++) {
        OUT_TEXT(out, "  ");
        cli_window(cli, rows[i].proof);
        out_format(out, "  indicator %c, %s", rows[i].indicator,
                   indicator_words(rows[i].indicator));
        cli_release(cli, rows[i].proof, when.on);
        if (rows[i].reason.size > 0) {
            OUT_TEXT(out, "    ");
            out_view(out, rows[i].reason);
            OUT_TEXT(out, "\n");
        }
    }
    if (count > PAIR_ROWS_MAX) {
        out_format(out, "  and %d rows more\n", count - PAIR_ROWS_MAX);
    }
}

static void direction_json(struct cli *cli, const struct pair_table *table, uint32_t column1,
                           uint32_t column2, struct store_when when) {
    struct store_pair rows[PAIR_ROWS_MAX];
    struct store_pair active;
    char one[9], two[9], day[11];
    struct out *out = &cli->out;
    int count = table->rows(cli->store, column1, column2, when.as_of, rows, PAIR_ROWS_MAX);
    code_text(store_code(cli->store, column1), one);
    code_text(store_code(cli->store, column2), two);
    date_text(when.on, day);
    bool in_force = table->active(cli->store, column1, column2, when, &active);
    out_format(out, "{\"table\":\"%s\",",
               store_table_name(table == &hospital ? STORE_PTP_HOSPITAL : STORE_NCCI_PTP).at);
    out_format(out, "\"column1\":\"%s\",\"column2\":\"%s\",\"on\":\"%s\",\"in_force\":%s,", one,
               two, day, in_force ? "true" : "false");
    OUT_TEXT(out, "\"rows\":[");
    for (int i = 0; i < count && i < PAIR_ROWS_MAX; i++) {
        out_format(out, "%s{\"indicator\":\"%c\",", i ? "," : "", rows[i].indicator);
        json_proof(out, cli->store, rows[i].proof);
        OUT_TEXT(out, ",\"reason\":");
        out_json(out, rows[i].reason);
        OUT_TEXT(out, "}");
    }
    OUT_TEXT(out, "]}\n");
}

static void both_directions(struct cli *cli, const struct pair_table *table, const uint32_t *id,
                            struct store_when when, bool json) {
    for (int i = 0; i < 2; i++) {
        if (json) {
            direction_json(cli, table, id[i], id[1 - i], when);
        } else {
            direction_print(cli, table, id[i], id[1 - i], when);
        }
    }
}

int command_pair(struct cli *cli, const struct cli_arguments *arguments) {
    struct store_when when;
    if (arguments->rest_count != 2) {
        return cli_usage(cli, "pair needs two codes, such as: claimvet pair 62323 64483");
    }
    int status = when_open(cli, arguments, &when);
    if (status != STATUS_OK) {
        return status;
    }
    uint32_t id[2];
    for (int i = 0; i < 2; i++) {
        id[i] = store_code_id(cli->store, code_given_as(arguments->rest[i]));
        if (id[i] == STORE_NO_CODE) {
            out_format(&cli->out, "%.20s  not in this store: nothing can be said about it\n",
                       arguments->rest[i]);
            return 1;
        }
    }
    if (!date_given(when.on)) {
        when.on = cli_newest(cli->store, STORE_NCCI_PTP, false);
    }
    bool json = cli_wants_json(arguments);
    char day[11];
    if (!json) {
        out_format(&cli->out, "NCCI edits on %s\n", date_text(when.on, day).at);
    }
    both_directions(cli, &practitioner, id, when, json);
    if (store_has(cli->store, STORE_PTP_HOSPITAL)) {
        both_directions(cli, &hospital, id, when, json);
    }
    return STATUS_OK;
}
