/* claimvet guide: the practice guide judged statement by statement, and its check by a store. */
#include "cli/cli.h"
#include "cli/guide.h"

#define LABEL_COLUMN 5 /* behind the longest number */
#define TEXT_COLUMN 21 /* behind the longest verdict */

/* Made by tools/embed.py from rules/guide.tsv. */
extern const struct view guide_embedded_texts[];

/* ---- which statements -------------------------------------------------------------------- */

/* "51" asks for all parts of statement 51. */
static bool asks_for(const char *word, struct view number) {
    struct view asked = view_of(word);
    if (!view_starts(number, asked)) {
        return false;
    }
    return number.size == asked.size ||
           (number.size == asked.size + 1 && !view_is_digits(view_sub(number, asked.size, 1)));
}

static bool wanted(const struct cli_arguments *arguments, const struct guide_row *row) {
    for (int i = 0; i < arguments->rest_count; i++) {
        if (asks_for(arguments->rest[i], row->number)) {
            return true;
        }
    }
    return arguments->rest_count == 0;
}

static int numbers_check(struct cli *cli, const struct guide *guide,
                         const struct cli_arguments *arguments) {
    for (int i = 0; i < arguments->rest_count; i++) {
        bool known = false;
        for (int r = 0; r < guide->count && !known; r++) {
            known = asks_for(arguments->rest[i], guide->rows[r].number);
        }
        if (!known) {
            struct view last = guide->rows[guide->count - 1].number;
            return cli_usage(cli, "the guide has no statement %.20s; they are numbered 1 to %.*s",
                             arguments->rest[i], (int)last.size, last.at);
        }
    }
    return STATUS_OK;
}

/* ---- the table --------------------------------------------------------------------------- */

static void label(struct out *out, const char *name, struct view text) {
    out_pad(out, LABEL_COLUMN);
    out_format(out, "%-*s", TEXT_COLUMN - LABEL_COLUMN, name);
    out_wrap(out, text, TEXT_COLUMN, TEXT_COLUMN, CLI_WIDTH);
}

/* "64494 nonfacility: " before the figures. */
static void services_write(struct out *out, const struct guide_assertion *assertion) {
    struct view rest = assertion->text;
    struct view word = view_cut(&rest, ' ');
    bool sides = assertion->word == GUIDE_SIDES;
    int words = assertion->word == GUIDE_TIMES ? 3 : 2;
    out_view(out, sides ? VIEW("second side of ") : VIEW(""));
    for (int i = 0; i < words; i++) {
        word = view_cut(&rest, ' ');
        out_view(out, i == 0 ? VIEW("") : i == 1 && words == 3 ? VIEW(" to ") : VIEW(" "));
        out_view(out, word);
    }
    OUT_TEXT(out, ": ");
}

/* The guide's figures and ours side by side; --check recomputes ours. */
static void dollars_print(struct out *out, const struct guide_row *row) {
    struct out words;
    out_open(&words, NULL, NULL);
    for (int i = 0, said = 0; i < row->assertion_count; i++) {
        const struct guide_assertion *assertion = &row->assertions[i];
        if (guide_is_dollars(assertion)) {
            services_write(&words, assertion);
            guide_dollars_write(&words, assertion, (struct money){assertion->numbers[1]});
            label(out, said++ ? "" : "side by side", out_bytes(&words));
            out_clear(&words);
        }
    }
    out->failed |= words.failed;
    out_close(&words);
}

static void row_print(struct out *out, const struct guide_row *row, bool assertions) {
    out_view(out, row->number);
    out_pad(out, LABEL_COLUMN - row->number.size);
    out_view(out, row->verdict);
    out_pad(out, TEXT_COLUMN - LABEL_COLUMN - row->verdict.size);
    out_wrap(out, row->statement, TEXT_COLUMN, TEXT_COLUMN, CLI_WIDTH);
    label(out, "what holds", row->correct);
    if (!view_equal(row->decides, VIEW("-"))) {
        label(out, "decided by", row->decides);
    }
    label(out, "cited", row->cite);
    for (int i = 0; assertions && i < row->assertion_count; i++) {
        label(out, i == 0 ? "checked" : "", row->assertions[i].text);
    }
    if (assertions) {
        dollars_print(out, row);
    }
}

static void verdicts_print(struct out *out, const struct guide *guide) {
    struct out words;
    out_open(&words, NULL, NULL);
    out_format(&words, "%d statements:", guide->count);
    for (int v = 0, shown = 0; guide_verdicts[v]; v++) {
        int count = 0;
        for (int i = 0; i < guide->count; i++) {
            count += view_equal(guide->rows[i].verdict, view_of(guide_verdicts[v]));
        }
        if (count > 0) {
            out_format(&words, "%s %d %s", shown++ ? "," : "", count, guide_verdicts[v]);
        }
    }
    OUT_TEXT(out, "\n");
    out_wrap(out, out_bytes(&words), 0, 0, CLI_WIDTH);
    out_clear(&words);
    out_close(&words);
}

/* Words between blanks as a JSON array of strings; "-" is none. */
static void words_json(struct out *out, const char *name, struct view words) {
    out_format(out, ",\"%s\":[", name);
    if (view_equal(words, VIEW("-"))) {
        words = VIEW_NONE;
    }
    for (int i = 0; words.at; i++) {
        out_view(out, view_of(i ? "," : ""));
        out_json(out, view_cut(&words, ' '));
    }
    OUT_TEXT(out, "]");
}

static void row_json(struct out *out, const struct guide_row *row) {
    OUT_TEXT(out, "{\"number\":");
    out_json(out, row->number);
    OUT_TEXT(out, ",\"statement\":");
    out_json(out, row->statement);
    OUT_TEXT(out, ",\"verdict\":");
    out_json(out, row->verdict);
    OUT_TEXT(out, ",\"correct\":");
    out_json(out, row->correct);
    words_json(out, "decides", row->decides);
    words_json(out, "cite", row->cite);
    OUT_TEXT(out, ",\"assertions\":[");
    for (int i = 0; i < row->assertion_count; i++) {
        out_view(out, view_of(i ? "," : ""));
        out_json(out, row->assertions[i].text);
    }
    OUT_TEXT(out, "]}\n");
}

static int table_print(struct cli *cli, const struct guide *guide,
                       const struct cli_arguments *arguments) {
    bool json = cli_wants_json(arguments);
    for (int i = 0; i < guide->count; i++) {
        if (!wanted(arguments, &guide->rows[i])) {
            continue;
        }
        if (json) {
            row_json(&cli->out, &guide->rows[i]);
        } else {
            row_print(&cli->out, &guide->rows[i], arguments->rest_count > 0);
        }
    }
    if (!json && arguments->rest_count == 0) {
        verdicts_print(&cli->out, guide);
    }
    return STATUS_OK;
}

/* ---- the check --------------------------------------------------------------------------- */

struct tally {
    int results[GUIDE_NOT_EVALUATED + 1];
    int unchecked;             /* statements that no table decides */
    int stale;                 /* answers of editions older than the day asked for */
    bool tables[STORE_TABLES]; /* asked for their newest edition */
};

static const char *const results[] = {"holds", "fails", "not_evaluated"};

static void answer_json(struct out *out, const struct guide_row *row, struct view text,
                        const struct guide_answer *answer, struct view found) {
    char day[11];
    OUT_TEXT(out, "{\"number\":");
    out_json(out, row->number);
    OUT_TEXT(out, ",\"assertion\":");
    out_json(out, text);
    out_format(out, ",\"result\":\"%s\",\"on\":", results[answer->result]);
    date_given(answer->day) ? out_json(out, date_text(answer->day, day)) : OUT_TEXT(out, "null");
    out_format(out, ",\"stale\":%s,\"found\":", answer->stale ? "true" : "false");
    out_json(out, found);
    OUT_TEXT(out, "}\n");
}

/* Of what holds only the amounts are shown: the guide's figure beside ours. */
static void answer_print(struct out *out, const struct guide_row *row,
                         const struct guide_assertion *assertion,
                         const struct guide_answer *answer, struct view found) {
    static const char *const words[] = {"holds", "FAILS", "not evaluated"};
    static const char *const labels[] = {"side by side", "the store says", "because"};
    if (answer->result == GUIDE_HOLDS && !guide_is_dollars(assertion)) {
        return;
    }
    out_view(out, row->number);
    out_pad(out, LABEL_COLUMN - row->number.size);
    out_format(out, "%-*s", TEXT_COLUMN - LABEL_COLUMN, words[answer->result]);
    out_wrap(out, assertion->text, TEXT_COLUMN, TEXT_COLUMN, CLI_WIDTH);
    label(out, labels[answer->result], found);
}

static void row_check(struct cli *cli, const struct guide_row *row, struct date on, bool json,
                      struct tally *tally) {
    struct out found;
    out_open(&found, NULL, NULL);
    for (int i = 0; i < row->assertion_count; i++) {
        const struct guide_assertion *assertion = &row->assertions[i];
        struct guide_answer answer = guide_ask(cli->store, assertion, on, &found);
        if (json) {
            answer_json(&cli->out, row, assertion->text, &answer, out_bytes(&found));
        } else {
            answer_print(&cli->out, row, assertion, &answer, out_bytes(&found));
        }
        tally->results[answer.result]++;
        tally->stale += answer.stale;
        tally->tables[answer.table] |= !date_given(assertion->on) && !date_given(on);
        out_clear(&found);
    }
    tally->unchecked += row->assertion_count == 0;
    cli->out.failed |= found.failed;
    out_close(&found);
}

/* The days that were not named by assertion or --on. */
static void days_print(struct cli *cli, const struct tally *tally) {
    struct out words;
    out_open(&words, NULL, NULL);
    for (int table = 0; table < STORE_TABLES; table++) {
        struct date day = cli_newest(cli->store, (enum store_table)table, false);
        char text[11];
        if (tally->tables[table] && date_given(day)) {
            out_format(&words, "%s%s %s", words.size > 0 ? ", " : "newest editions asked: ",
                       store_table_name((enum store_table)table).at, date_text(day, text).at);
        }
    }
    if (words.size > 0) {
        out_wrap(&cli->out, out_bytes(&words), 0, 0, CLI_WIDTH);
    }
    out_clear(&words);
    out_close(&words);
}

static int check_print(struct cli *cli, const struct guide *guide,
                       const struct cli_arguments *arguments, struct date on) {
    struct tally tally = {0};
    bool json = cli_wants_json(arguments);
    for (int i = 0; i < guide->count; i++) {
        if (wanted(arguments, &guide->rows[i])) {
            row_check(cli, &guide->rows[i], on, json, &tally);
        }
    }
    if (!json) {
        days_print(cli, &tally);
        if (tally.stale > 0) {
            out_format(&cli->out, "%d answers are of editions older than the day asked for\n",
                       tally.stale);
        }
        if (tally.results[GUIDE_NOT_EVALUATED] > 0) {
            out_format(&cli->out, "%d assertions not evaluated: they neither hold nor fail\n",
                       tally.results[GUIDE_NOT_EVALUATED]);
        }
        out_format(&cli->out,
                   "%d assertions hold, %d fail, %d statements rest on policies and are not "
                   "checked here\n",
                   tally.results[GUIDE_HOLDS], tally.results[GUIDE_FAILS], tally.unchecked);
    }
    return tally.results[GUIDE_FAILS] > 0;
}

int command_guide(struct cli *cli, const struct cli_arguments *arguments) {
    struct guide guide;
    struct date on;
    struct diag diag = DIAG_NONE;
    bool check = arguments->given[OPTION_CHECK];
    int status = cli_format_check(cli, arguments);
    if (status == STATUS_OK && !check &&
        (arguments->given[OPTION_STORE] || arguments->given[OPTION_ON])) {
        return cli_usage(cli, "guide asks a store only with --check");
    }
    if (status == STATUS_OK) {
        status = cli_date(cli, arguments, OPTION_ON, &on);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = guide_read(&guide, guide_embedded_texts[0], &cli->arena, &diag);
    if (status != STATUS_OK) {
        cli_error(cli, "guide", &diag);
        return status;
    }
    status = numbers_check(cli, &guide, arguments);
    if (status != STATUS_OK || !check) {
        return status != STATUS_OK ? status : table_print(cli, &guide, arguments);
    }
    status = cli_open(cli, arguments);
    return status != STATUS_OK ? status : check_print(cli, &guide, arguments, on);
}
