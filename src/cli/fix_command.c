/* claimvet fix: an 837P in, the same 837P out but for repairs and the suggestions asked for. */
#include <string.h>

#include "cli/fix.h"
#include "os/os.h"
#include "report/report.h"

/* ---- the file ------------------------------------------------------------------------------ */

struct bytes {
    struct view rest;
};

static ptrdiff_t bytes_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    struct bytes *bytes = context;
    struct view got = view_sub(bytes->rest, 0, size);
    (void)diag;
    if (got.size > 0) {
        memcpy(to, got.at, (size_t)got.size);
        bytes->rest = view_sub(bytes->rest, got.size, bytes->rest.size);
    }
    return got.size;
}

/* What is no regular file, such as a pipe, is read into memory. */
static int slurp(struct os_reader *reader, struct out *to, struct diag *diag) {
    ptrdiff_t got = 1;
    while (got > 0 && (to->capacity - to->size > 0 || out_reserve(to, 1))) {
        got = os_read(reader, to->at + to->size, to->capacity - to->size, diag);
        to->size += got > 0 ? got : 0;
    }
    if (to->failed) {
        diag_set(diag, "memory", "out of memory for the file");
        return STATUS_SYSTEM;
    }
    return got < 0 ? STATUS_INPUT : STATUS_OK;
}

static int file_open(struct fix *fix, const char *path, struct out *memory, struct diag *diag) {
    struct os_reader reader;
    int status = os_reader_open(&reader, path, diag);
    if (status != STATUS_OK) {
        return status;
    }
    if (os_reader_size(&reader) > 0 && reader.owned) {
        status = os_map(path, &fix->file, diag);
    } else {
        status = slurp(&reader, memory, diag);
        fix->file = out_bytes(memory);
    }
    os_reader_close(&reader);
    return status;
}

/* ---- claims -------------------------------------------------------------------------------- */

static bool fault_among(const struct claim_fault *fault, const char *const codes[], int count) {
    int i = 0;
    while (i < count && strcmp(fault->diag.code, codes[i]) != 0) {
        i++;
    }
    return i < count;
}

/* Counts of the trailers are repaired; other errors of the file stay. */
static bool is_repaired(const struct claim_fault *fault) {
    return fault_among(fault, (const char *const[]){"se01_count", "ge01_count", "iea01_count"}, 3);
}

static void notice_take(struct fix *fix, const struct claim_fault *fault) {
    bool error = strcmp(fault->severity, "error") == 0;
    fix->counts.file_errors += error && !is_repaired(fault);
}

/* What has a header and no trailer may be the beginning of a file that was cut between segments. */
static bool is_cut(const struct claim_fault *fault) {
    return fault_among(fault, (const char *const[]){"se_missing", "ge_missing", "iea_missing"}, 3);
}

static int claims_take(struct fix *fix, struct claim_reader *claims, struct diag *diag) {
    enum claim_got got;
    while ((got = claim_next(claims)) != CLAIM_END && !fix->stopped) {
        if (got == CLAIM_FAULT || (got == CLAIM_NOTICE && is_cut(claim_fault(claims)))) {
            *diag = claim_fault(claims)->diag;
            return strcmp(diag->code, "memory") == 0 ? STATUS_SYSTEM : STATUS_INPUT;
        }
        if (got == CLAIM_NOTICE) {
            notice_take(fix, claim_fault(claims));
        } else {
            fix_claim(fix, claim_now(claims));
        }
    }
    if (fix->stopped) {
        diag_set(diag, "stopped", "stopped at a question; nothing is written");
        return STATUS_SYSTEM;
    }
    return STATUS_OK;
}

static int format_check(const struct claim_reader *claims, struct diag *diag) {
    enum claim_format format = claim_format(claims);
    if (format == CLAIM_FORMAT_X12) {
        return STATUS_OK;
    }
    diag_set(diag, "fix_format",
             "this is %s; fix writes 837P files only: audit --format json lists the patches",
             format == CLAIM_FORMAT_JSON ? "claim JSON" : "CSV");
    return STATUS_INPUT;
}

static int claims_read(struct fix *fix, const struct claim_options *options, struct diag *diag) {
    struct claim_reader *claims;
    struct bytes bytes = {fix->file};
    int status = claim_open(&claims, bytes_read, &bytes, options, diag);
    if (status == STATUS_OK) {
        status = format_check(claims, diag);
    }
    if (status == STATUS_OK) {
        status = claims_take(fix, claims, diag);
    }
    claim_close(claims);
    return status;
}

/* ---- the copy ------------------------------------------------------------------------------ */

static void count_take(void *to, const struct x12_count *count) {
    struct fix *fix = to;
    char tag[9], text[24];
    struct view counted = quantity_text((struct quantity){count->counted * 1000}, text);
    struct view name = code_text(count->tag, tag);
    const char *element = view_equal(name, VIEW("SE"))   ? "SE01"
                          : view_equal(name, VIEW("GE")) ? "GE01"
                                                         : "IEA01";
    counted = arena_copy(&fix->arena, counted);
    x12_edits_add(&fix->edits, (struct x12_edit){count->byte, count->given.size, counted, 0});
    fix_list_count(fix, count, element, counted);
}

static int counts_take(struct fix *fix, struct diag *diag) {
    struct bytes bytes = {fix->file};
    x12_edits_sort(&fix->edits);
    int status = x12_counts(bytes_read, &bytes, &fix->edits, count_take, fix, diag);
    x12_edits_sort(&fix->edits);
    if (status == STATUS_OK &&
        (fix->arena.failed || fix->edits.failed || fix->list.failed || fix->id.failed)) {
        diag_set(diag, "memory", "out of memory for the changes; nothing is written");
        status = STATUS_SYSTEM;
    }
    return status;
}

static int copy_write(void *context, out_sink *sink, void *sink_context, struct diag *diag) {
    struct fix *fix = context;
    struct bytes bytes = {fix->file};
    return x12_patch(bytes_read, &bytes, &fix->edits, sink, sink_context, diag);
}

/* ---- the command --------------------------------------------------------------------------- */

/* A rule must be one; of a finding only the claims can tell. */
static int words_take(struct fix *fix) {
    for (int i = 0; i < fix->arguments->apply_count; i++) {
        struct view rest = view_of(fix->arguments->apply[i]);
        while (rest.at) {
            struct view word = view_trim(view_cut(&rest, ','));
            if (view_find(word, '/') < 0 && !rule_find(fix->cli->rules, word)) {
                return cli_usage(fix->cli, "--apply: no rule %.*s; see claimvet rules list",
                                 (int)(word.size < 60 ? word.size : 60), word.at);
            }
            fix->arena.failed |= !fix_word_add(fix, word);
        }
    }
    return STATUS_OK;
}

static int usage_check(struct cli *cli, const struct cli_arguments *arguments) {
    const char *output = arguments->value[OPTION_OUTPUT];
    if (arguments->rest_count != 1) {
        return cli_usage(cli, "fix takes one file: claimvet fix FILE -o OUT");
    }
    if (!output) {
        return cli_usage(cli, "fix needs --output OUT, the file to write");
    }
    if (os_same_file(arguments->rest[0], output) || strcmp(arguments->rest[0], output) == 0) {
        return cli_usage(cli, "the output is the input; name another file");
    }
    if (arguments->given[OPTION_ASK] && !os_is_terminal(0)) {
        return cli_usage(cli, "--ask needs a terminal on standard input; use --apply RULE");
    }
    return cli_format_check(cli, arguments);
}

static int audits_open(struct fix *fix, struct history *history) {
    struct cli *cli = fix->cli;
    struct diag diag = DIAG_NONE;
    struct date as_of;
    int status = cli_date(cli, fix->arguments, OPTION_AS_OF, &as_of);
    if (status != STATUS_OK) {
        return status;
    }
    status = cli_pricing_open(cli, fix->arguments, as_of, false, &fix->pricing);
    if (status != STATUS_OK) {
        return status;
    }
    struct pricer *pricer = fix->pricing.pricer;
    struct audit_options options = {.as_of = as_of, .history = history, .pricer = pricer};
    struct audit_options alone = options;
    alone.alone = true;
    fix->now = ARENA_NEW(&cli->arena, struct claim_draft, 1);
    fix->trial = ARENA_NEW(&cli->arena, struct claim_draft, 1);
    struct audit **audits[] = {&fix->whole, &fix->now_audit, &fix->trial_audit};
    int count = fix->word_count > 0 || fix->asking ? 3 : 1; /* without suggestions only the whole */
    for (int i = 0; i < count && status == STATUS_OK; i++) {
        status = audit_open(audits[i], cli->store, cli->rules, i == 0 ? &options : &alone,
                            &cli->arena, &diag);
    }
    if (status == STATUS_OK && (!fix->now || !fix->trial)) {
        diag_set(&diag, "memory", "out of memory");
        status = STATUS_SYSTEM;
    }
    if (status != STATUS_OK) {
        cli_error(cli, NULL, &diag);
    }
    return status;
}

static int run_open(struct fix *fix, struct cli_inputs *inputs, struct claim_options *options) {
    struct cli *cli = fix->cli;
    const struct cli_arguments *arguments = fix->arguments;
    int status = usage_check(cli, arguments);
    if (status == STATUS_OK) {
        status = cli_open(cli, arguments);
    }
    if (status == STATUS_OK) {
        status = cli_payer_check(cli, arguments->value[OPTION_PAYER]);
    }
    if (status == STATUS_OK) {
        status = words_take(fix);
    }
    if (status == STATUS_OK) {
        status = cli_inputs_open(cli, arguments, inputs, options);
    }
    return status == STATUS_OK ? audits_open(fix, inputs->history) : status;
}

/* Says which part of the file the error is about, and that there is no output. */
static void error_tell(struct fix *fix, const char *path, struct diag *diag) {
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    if (diag->segment > 0) {
        struct diag told = *diag;
        const char *more = strstr(told.text, "; claims before it were read");
        diag_set(diag, told.code, "segment %lld, byte %lld: %.*s; nothing is written",
                 (long long)told.segment, (long long)told.byte,
                 more ? (int)(more - told.text) : 90, told.text);
    }
    cli_error(fix->cli, name, diag);
}

static int run(struct fix *fix, const struct claim_options *options) {
    const char *path = fix->arguments->rest[0];
    const char *output = fix->arguments->value[OPTION_OUTPUT];
    struct diag diag = DIAG_NONE;
    struct out memory;
    out_open(&memory, NULL, NULL);
    int status = file_open(fix, path, &memory, &diag);
    if (status == STATUS_OK) {
        status = claims_read(fix, options, &diag);
    }
    if (status == STATUS_OK) {
        status = counts_take(fix, &diag);
    }
    if (status != STATUS_OK) {
        error_tell(fix, path, &diag);
    } else if ((status = os_write_pieces(output, copy_write, fix, &diag)) != STATUS_OK) {
        cli_error(fix->cli, output, &diag);
    }
    if (memory.size == 0) {
        os_unmap(fix->file);
    }
    out_close(&memory);
    return status;
}

/* A word that met nothing was misspelt, or its suggestion has nothing that a program can apply. */
static void words_tell(struct fix *fix) {
    struct out *err = &fix->cli->err;
    for (int i = 0; i < fix->word_count; i++) {
        if (!fix->words[i].met) {
            OUT_TEXT(err, "claimvet: --apply ");
            report_safe(err, fix->words[i].text);
            OUT_TEXT(err, ": no such suggestion in the file\n");
        }
    }
}

static int run_end(struct fix *fix) {
    words_tell(fix);
    out_view(&fix->cli->out, out_bytes(&fix->list));
    if (!fix->arguments->given[OPTION_QUIET]) {
        fix_summary(fix, fix->arguments->value[OPTION_OUTPUT]);
    }
    return fix->counts.errors > 0 || fix->counts.file_errors > 0 ? 1 : STATUS_OK;
}

int command_fix(struct cli *cli, const struct cli_arguments *arguments) {
    struct fix *fix = ARENA_NEW(&cli->arena, struct fix, 1);
    struct cli_inputs inputs = {0};
    if (!fix) {
        struct diag diag;
        diag_set(&diag, "memory", "out of memory");
        cli_error(cli, NULL, &diag);
        return STATUS_SYSTEM;
    }
    *fix = (struct fix){.cli = cli,
                        .arguments = arguments,
                        .json = cli_wants_json(arguments),
                        .asking = arguments->given[OPTION_ASK],
                        .repaired_to = -1};
    struct claim_options options = {.file = view_of(arguments->rest_count > 0 ? arguments->rest[0]
                                                                              : NULL)};
    out_open(&fix->list, NULL, NULL);
    out_open(&fix->id, NULL, NULL);
    int status = run_open(fix, &inputs, &options);
    if (status == STATUS_OK && (status = run(fix, &options)) == STATUS_OK) {
        status = run_end(fix);
    }
    audit_close(fix->whole);
    audit_close(fix->now_audit);
    audit_close(fix->trial_audit);
    cli_inputs_close(&inputs);
    cli_pricing_close(&fix->pricing);
    x12_edits_close(&fix->edits);
    memory_free(fix->words);
    out_close(&fix->list);
    out_close(&fix->id);
    arena_close(&fix->arena);
    return status;
}
