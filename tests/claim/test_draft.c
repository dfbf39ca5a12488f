/* claim: corrections of an 837P. What a patch or a repair writes is compared byte by byte; hostile
 * patches are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../memory_sweep.h"
#include "claim/claim.h"
#include "x12/x12.h"

#define HEAD                                                                                       \
    "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260101*1200*^*00501*"  \
    "000000001*0*P*:~\nGS*HC*A*B*20260101*1200*1*X*005010X222A1~\n"                               \
    "ST*837*0001*005010X222A1~\nBHT*0019*00*1*20260110*1200*CH~\nHL*1**20*1~\n"                   \
    "NM1*85*2*CLINIC*****XX*1234567893~\nHL*2*1*22*0~\nSBR*P*18*******MB~\n"
#define CLAIM                                                                                      \
    "CLM*C1*300***11:B:1*Y*A*Y*Y~\nHI*ABK:M5416*ABF:M4726~\n"                                     \
    "LX*1~\nSV1*HC:64483:RT::KX::NOTE*100*UN*1***1:2~\nDTP*472*D8*20260105~\n"                    \
    "LX*2~\nSV1*HC:64484*150.00*UN*2***1~\nDTP*472*D8*20260105~\nREF*6R*L2~\n"                    \
    "LX*3~\nSV1*HC:J1100:JZ*50*UN*4***1~\nDTP*472*D8*20260105~\nLIN**N4*12345678901~\n"           \
    "CTP****4*ML~\n"
#define TAIL "SE*25*0001~\nGE*1*1~\nIEA*1*000000001~\n"
#define LINE_2 "LX*2~\nSV1*HC:64484*150.00*UN*2***1~\nDTP*472*D8*20260105~\nREF*6R*L2~\n"
#define LINE_1 "LX*1~\nSV1*HC:64483:RT::KX::NOTE*100*UN*1***1:2~\nDTP*472*D8*20260105~\n"

struct bytes {
    struct view rest;
};

static ptrdiff_t bytes_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    struct bytes *bytes = context;
    struct view got = view_sub(bytes->rest, 0, size);
    (void)diag;
    memcpy(to, got.at, (size_t)got.size);
    bytes->rest = view_sub(bytes->rest, got.size, bytes->rest.size);
    return got.size;
}

static bool keep(void *context, struct view bytes) {
    out_view(context, bytes);
    return true;
}

/* The text with one piece replaced by another. */
static void put(struct out *out, const char *text, const char *piece, const char *by) {
    const char *at = strstr(text, piece);
    assert_non_null(at);
    out_view(out, (struct view){text, at - text});
    out_view(out, view_of(by));
    out_view(out, view_of(at + strlen(piece)));
}

/* A claim that is being corrected, and where it came from. */
struct bench {
    struct arena arena;
    struct claim_reader *reader;
    struct bytes bytes;
    struct claim_draft draft;
    struct view file;
};

static void bench_open(struct bench *bench, const char *text) {
    struct diag diag = DIAG_NONE;
    enum claim_got got;
    bench->file = view_of(text);
    bench->bytes.rest = bench->file;
    assert_int_equal(claim_open(&bench->reader, bytes_read, &bench->bytes, NULL, &diag),
                     STATUS_OK);
    while ((got = claim_next(bench->reader)) == CLAIM_NOTICE) {
    }
    assert_int_equal(got, CLAIM_READ);
    claim_draft_open(&bench->draft, claim_now(bench->reader), bench->file, &bench->arena);
}

static void bench_close(struct bench *bench) {
    claim_close(bench->reader);
    arena_close(&bench->arena);
}

/* The file with the changes of the draft. */
static void bench_write(struct bench *bench, struct out *out) {
    struct x12_edits edits = {0};
    struct diag diag = DIAG_NONE;
    struct bytes bytes = {bench->file};
    claim_draft_end(&bench->draft);
    for (const struct claim_change *c = bench->draft.changes; c; c = c->earlier) {
        if (claim_change_stands(&bench->draft, c)) {
            x12_edits_add(&edits, (struct x12_edit){c->byte, c->size, c->after, c->segments});
        }
    }
    x12_edits_sort(&edits);
    assert_int_equal(x12_patch(bytes_read, &bytes, &edits, keep, out, &diag), STATUS_OK);
    x12_edits_close(&edits);
}

static void same(struct out *got, struct out *expected) {
    out_char(got, 0);
    out_char(expected, 0);
    assert_string_equal(got->at, expected->at);
    out_close(got);
    out_close(expected);
}

/* What comes of the claim when it is read again is the claim of the draft. */
static void reread_check(struct bench *bench, const char *text) {
    static struct bench again;
    again = (struct bench){0};
    bench_open(&again, text);
    const struct claim *a = &bench->draft.claim;
    const struct claim *b = &again.draft.claim;
    assert_int_equal(a->line_count, b->line_count);
    assert_true(a->total_charge.cents == b->total_charge.cents);
    for (int i = 0; i < a->line_count; i++) {
        assert_true(code_equal(a->lines[i].code, b->lines[i].code));
        assert_int_equal(a->lines[i].modifier_count, b->lines[i].modifier_count);
        assert_memory_equal(a->lines[i].modifiers, b->lines[i].modifiers,
                            sizeof(struct code) * (size_t)a->lines[i].modifier_count);
        assert_true(a->lines[i].units.milli == b->lines[i].units.milli);
        assert_int_equal(a->lines[i].pointer_count, b->lines[i].pointer_count);
        assert_true(view_equal(a->lines[i].ndc.code, b->lines[i].ndc.code));
    }
    bench_close(&again);
}

/* The patch turns `piece` of the text into `by`, and CLM02 into `total` unless it is NULL. */
static void patched(const char *text, const char *patch, const char *piece, const char *by,
                    const char *total) {
    static struct bench bench;
    struct out got, first, expected;
    struct diag diag = DIAG_NONE;
    bench = (struct bench){0};
    out_open(&got, NULL, NULL);
    out_open(&first, NULL, NULL);
    out_open(&expected, NULL, NULL);
    bench_open(&bench, text);
    if (claim_draft_patch(&bench.draft, view_of(patch), &diag) != STATUS_OK) {
        fail_msg("%s: %s", patch, diag.text);
    }
    bench_write(&bench, &got);
    put(&first, text, piece, by);
    out_char(&first, 0);
    put(&expected, first.at, total ? "*300*" : "", total ? total : "");
    out_close(&first);
    out_char(&got, 0);
    reread_check(&bench, got.at);
    got.size--;
    same(&got, &expected);
    bench_close(&bench);
}

static void patches_change_their_elements(void **state) {
    (void)state;
    const char *file = HEAD CLAIM TAIL;
    patched(file, "[{\"op\":\"remove\",\"path\":\"/lines/0/modifiers/0\"}]",
            "HC:64483:RT::KX::NOTE", "HC:64483:KX::::NOTE", NULL);
    patched(file, "[{\"op\":\"remove\",\"path\":\"/lines/0/modifiers/1\"}]",
            "HC:64483:RT::KX::NOTE", "HC:64483:RT::::NOTE", NULL);
    patched(file, "[{\"op\":\"add\",\"path\":\"/lines/0/modifiers/-\",\"value\":\"59\"}]",
            "HC:64483:RT::KX::NOTE", "HC:64483:RT:KX:59::NOTE", NULL);
    patched(file, "[{\"op\":\"add\",\"path\":\"/lines/0/modifiers/0\",\"value\":\"xs\"}]",
            "HC:64483:RT::KX::NOTE", "HC:64483:XS:RT:KX::NOTE", NULL);
    patched(file, "[{\"op\":\"add\",\"path\":\"/lines/1/modifiers/-\",\"value\":\"26\"}]",
            "HC:64484*", "HC:64484:26*", NULL);
    patched(file, "[{\"op\":\"remove\",\"path\":\"/lines/2/modifiers/0\"}]", "HC:J1100:JZ*",
            "HC:J1100*", NULL);
    patched(file, "[{\"op\":\"replace\",\"path\":\"/lines/2/modifiers/0\",\"value\":\"JW\"}]",
            "HC:J1100:JZ*", "HC:J1100:JW*", NULL);
    patched(file, "[{\"op\":\"replace\",\"path\":\"/lines/2/units\",\"value\":8}]", "*50*UN*4*",
            "*50*UN*8*", NULL);
    patched(file, "[{\"op\":\"replace\",\"path\":\"/lines/2/units\",\"value\":0.5}]",
            "*50*UN*4*", "*50*UN*0.5*", NULL);
}

static void a_line_goes_with_its_loop(void **state) {
    (void)state;
    const char *file = HEAD CLAIM TAIL;
    patched(file, "[{\"op\":\"remove\",\"path\":\"/lines/1\"}]", LINE_2 "LX*3~", "LX*2~",
            "*150*");
    patched(file, "[{\"op\":\"remove\",\"path\":\"/lines/0\"},{\"op\":\"remove\",\"path\":"
                  "\"/lines/0\"}]",
            LINE_1 LINE_2 "LX*3~", "LX*1~", "*50*");
    patched(file, "[{\"op\":\"remove\",\"path\":\"/lines/2\"}]",
            "LX*3~\nSV1*HC:J1100:JZ*50*UN*4***1~\nDTP*472*D8*20260105~\nLIN**N4*12345678901~\n"
            "CTP****4*ML~\n",
            "", "*250*");
    /* An element of a line that goes later goes with it. */
    patched(file, "[{\"op\":\"replace\",\"path\":\"/lines/1/units\",\"value\":1},"
                  "{\"op\":\"remove\",\"path\":\"/lines/1\"}]",
            LINE_2 "LX*3~", "LX*2~", "*150*");
}

/* A total that was wrong, and numbers that were none, are not ours to make. */
static void what_was_wrong_stays(void **state) {
    (void)state;
    struct out text, more;
    out_open(&text, NULL, NULL);
    out_open(&more, NULL, NULL);
    put(&text, HEAD CLAIM TAIL, "CLM*C1*300*", "CLM*C1*301*");
    out_char(&text, 0);
    patched(text.at, "[{\"op\":\"remove\",\"path\":\"/lines/1\"}]", LINE_2 "LX*3~", "LX*2~", NULL);
    put(&more, HEAD CLAIM TAIL, "LX*3~", "LX*4~");
    out_char(&more, 0);
    patched(more.at, "[{\"op\":\"remove\",\"path\":\"/lines/1\"}]", LINE_2 "LX*4~", "LX*4~",
            "*150*");
    out_close(&text);
    out_close(&more);
}

static void refused(const char *text, const char *patch, const char *code) {
    static struct bench bench;
    struct diag diag = DIAG_NONE;
    bench = (struct bench){0};
    bench_open(&bench, text);
    if (claim_draft_patch(&bench.draft, view_of(patch), &diag) != STATUS_INPUT ||
        strcmp(diag.code, code) != 0) {
        fail_msg("%.200s: %s, not %s", patch, diag.code, code);
    }
    assert_true(diag.text[0] != 0);
    bench_close(&bench);
}

static void hostile_patches_are_refused(void **state) {
    (void)state;
    static const char *const broken[] = {
        "", " ", "[", "[]", "{}", "null", "1", "[1]", "[null]", "[{}]", "[[]]",
        "[{\"op\":\"add\"}]",
        "[{\"op\":\"remove\",\"path\":\"/lines/1\"}] x", "[{\"op\":\"remove\",\"path\":7}]",
        "[{\"op\":7,\"path\":\"/lines/1\"}]", "[{\"op\":\"remove\",\"path\":\"/lines/1\"},]",
        "[{\"op\":\"add\",\"path\":\"/lines/0/modifiers/-\"}]",
        "[{\"op\":\"add\",\"path\":\"/lines/0/modifiers/-\",\"value\":26}]",
        "[{\"op\":\"add\",\"path\":\"/lines/0/modifiers/-\",\"value\":null}]",
        "[{\"op\":\"replace\",\"path\":\"/lines/0/units\"}]",
        "[{\"op\":\"replace\",\"path\":\"/lines/0/units\",\"value\":\"4\"}]",
        "[{\"op\":\"replace\",\"path\":\"/lines/0/units\",\"value\":[4]}]",
    };
    for (int i = 0; i < COUNT_OF(broken); i++) {
        refused(HEAD CLAIM TAIL, broken[i], "patch_syntax");
    }
    static const char *const paths[] = {
        "", "/", "/lines", "/lines/", "/lines/-", "/lines/3", "/lines/01", "/lines/-1", "/lines/+1",
        "/lines/1 ", "/lines/4294967297", "/lines/1/", "lines/1", "/line/1", "/lines//1",
        "/lines/1/code", "/lines/0/modifiers", "/lines/0/modifiers/", "/lines/0/modifiers/2",
        "/lines/0/modifiers/-", "/lines/0/modifiers/00", "/lines/0/modifiers/0/0", "/lines/0/units",
        "/lines/0/units/0", "/claim_id", "/lines/0/modifiers~10", "/lines/1\\u0000",
    };
    for (int i = 0; i < COUNT_OF(paths); i++) {
        char patch[128];
        snprintf(patch, sizeof patch, "[{\"op\":\"remove\",\"path\":\"%s\"}]", paths[i]);
        refused(HEAD CLAIM TAIL, patch, "patch_refused");
    }
}

static void hostile_values_are_refused(void **state) {
    (void)state;
    static const char *const modifiers[] = {"", "2", "266", "2*", "2:", "~~", "2\\n", "^2", " 2",
                                            "\\u00e9", "\\u00002"};
    static const char *const units[] = {"0", "-1", "12345678", "1e3", "0.0001", "1e99", "-0.5",
                                        "99999999999999999999"};
    static const char *const operations[] = {"test", "move", "copy", "", "REMOVE"};
    char patch[160];
    for (int i = 0; i < COUNT_OF(modifiers); i++) {
        snprintf(patch, sizeof patch,
                 "[{\"op\":\"add\",\"path\":\"/lines/0/modifiers/-\",\"value\":\"%s\"}]",
                 modifiers[i]);
        refused(HEAD CLAIM TAIL, patch, "patch_refused");
    }
    for (int i = 0; i < COUNT_OF(units); i++) {
        snprintf(patch, sizeof patch,
                 "[{\"op\":\"replace\",\"path\":\"/lines/0/units\",\"value\":%s}]", units[i]);
        refused(HEAD CLAIM TAIL, patch, "patch_refused");
    }
    for (int i = 0; i < COUNT_OF(operations); i++) {
        snprintf(patch, sizeof patch, "[{\"op\":\"%s\",\"path\":\"/lines/1\"}]", operations[i]);
        refused(HEAD CLAIM TAIL, patch, "patch_refused");
    }
}

static void too_much_is_refused(void **state) {
    (void)state;
    struct out patch;
    out_open(&patch, NULL, NULL);
    OUT_TEXT(&patch, "[");
    for (int i = 0; i < 65; i++) {
        OUT_TEXT(&patch, "{\"op\":\"replace\",\"path\":\"/lines/0/units\",\"value\":1},");
    }
    patch.size--;
    OUT_TEXT(&patch, "]");
    out_char(&patch, 0);
    refused(HEAD CLAIM TAIL, patch.at, "patch_syntax");
    out_clear(&patch);
    for (int i = 0; i < 70000; i++) {
        out_char(&patch, '[');
    }
    out_char(&patch, 0);
    refused(HEAD CLAIM TAIL, patch.at, "patch_syntax");
    patch.at[1000] = 0; /* deeper than is read */
    refused(HEAD CLAIM TAIL, patch.at, "patch_syntax");
    out_close(&patch);
    refused(HEAD CLAIM TAIL,
            "[{\"op\":\"remove\",\"path\":\"/lines/0\"},{\"op\":\"remove\",\"path\":\"/lines/0\"},"
            "{\"op\":\"remove\",\"path\":\"/lines/0\"}]",
            "patch_refused");
    refused(HEAD CLAIM TAIL,
            "[{\"op\":\"add\",\"path\":\"/lines/0/modifiers/-\",\"value\":\"59\"},"
            "{\"op\":\"add\",\"path\":\"/lines/0/modifiers/-\",\"value\":\"76\"},"
            "{\"op\":\"add\",\"path\":\"/lines/0/modifiers/-\",\"value\":\"77\"}]",
            "patch_refused");
}

/* What is built otherwise than we would write it, or has more than a line in it. */
static void odd_claims_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *piece, *by, *patch;
    } rows[] = {
        {"HC:64484", "HC>64484", "[{\"op\":\"add\",\"path\":\"/lines/1/modifiers/-\","
                                 "\"value\":\"26\"}]"},
        {"*150.00*UN*2***1~", "*150.00~", "[{\"op\":\"replace\",\"path\":\"/lines/1/units\","
                                          "\"value\":1}]"},
        {"*150.00*UN*2***1~", "*150.00*~", "[{\"op\":\"replace\",\"path\":\"/lines/1/units\","
                                           "\"value\":1}]"},
        {"LX*1~", "SBR*S*18*******CI~\nLX*1~", "[{\"op\":\"remove\",\"path\":\"/lines/1\"}]"},
        {TAIL, "", "[{\"op\":\"remove\",\"path\":\"/lines/2\"}]"},
    };
    for (int i = 0; i < COUNT_OF(rows); i++) {
        struct out text;
        out_open(&text, NULL, NULL);
        put(&text, HEAD CLAIM TAIL, rows[i].piece, rows[i].by);
        out_char(&text, 0);
        refused(text.at, rows[i].patch, "patch_refused");
        out_close(&text);
    }
}

/* ---- repairs ------------------------------------------------------------------------------- */

/* The file with `piece` replaced by `given` is repaired to the one with `by` in its place. */
static void repaired(const char *piece, const char *given, const char *by) {
    static struct bench bench;
    struct out text, got, expected;
    bench = (struct bench){0};
    out_open(&text, NULL, NULL);
    out_open(&got, NULL, NULL);
    out_open(&expected, NULL, NULL);
    put(&text, HEAD CLAIM TAIL, piece, given);
    put(&expected, HEAD CLAIM TAIL, piece, by);
    out_char(&text, 0);
    bench_open(&bench, text.at);
    claim_draft_repair(&bench.draft, -1);
    bench_write(&bench, &got);
    out_char(&got, 0);
    reread_check(&bench, got.at);
    got.size--;
    same(&got, &expected);
    bench_close(&bench);
    out_close(&text);
}

static void forms_are_repaired(void **state) {
    (void)state;
    static const char *const rows[][3] = {
        {"ABK:M5416*ABF:M4726", "ABK:M54.16*ABF: m4726 ", "ABK:M5416*ABF:M4726"},
        {"ABK:M5416*ABF:M4726", "ABK:M54.16*BE:a.b", "ABK:M5416*BE:a.b"},
        {"HC:64483:RT::KX::NOTE", "HC:64483:rt:: kx::Note", "HC:64483:RT::KX::Note"},
        {"HC:J1100:JZ*50*", "HC: j1100 :JZ*050.000*", "HC:J1100:JZ*50.00*"},
        {"*300*", "*0300*", "*300*"},
        {"*300*", "* 300. *", "*300*"},
        {"***1:2~", "***1:1:2:1~", "***1:2~"},
        {"***1:2~", "***2: 1:2~", "***2: 1~"},
        {"XX*1234567893~", "XX* 1234567893 ~", "XX*1234567893~"},
        {"N4*12345678901", "N4*12345-6789-01", "N4*12345678901"},
        {"N4*12345678901", "N4*1234-5678-90", "N4*01234567890"},
        {"N4*12345678901", "N4*12345-678-90", "N4*12345067890"},
        {"N4*12345678901", "N4*12345-6789-0", "N4*12345678900"},
        {"N4*12345678901", "N4* 12345678901", "N4*12345678901"},
    };
    for (int i = 0; i < COUNT_OF(rows); i++) {
        repaired(rows[i][0], rows[i][1], rows[i][2]);
    }
}

/* What could mean another thing, or stands right, stays byte by byte. */
static void the_rest_stays(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"*300*", "*300*"},
        {"*300*", "*300.00*"},
        {"*300*", "*3e2*"},
        {"*300*", "*0*"},
        {"*300*", "**"},
        {"***1:2~", "***1:13:13~"},
        {"***1:2~", "***1::1~"},
        {"***1:2~", "***A:A~"},
        {"ABK:M5416*", "ABK:M5416:::::::Y*"},
        {"ABK:M5416*", "ABK:M5416/*"},
        {"HC:64484*", "HC:64484:*"},
        {"HC:64484*", "HC:6448$*"},
        {"HC:64484*", "HC>64484>rt*"},
        {"N4*12345678901", "N4*1234567890"},
        {"N4*12345678901", "N4*123456-7890-12"},
        {"N4*12345678901", "N4*1234-567-89"},
        {"N4*12345678901", "N4*12345-6789-01-"},
        {"XX*1234567893~", "XX*12345 67893~"},
        {"XX*1234567893~", "XX* ~"},
        {"UN*4*", "UN*04*"},
    };
    for (int i = 0; i < COUNT_OF(rows); i++) {
        repaired(rows[i][0], rows[i][1], rows[i][1]);
    }
}

/* What stands before an earlier claim was repaired with it. */
static void earlier_bytes_are_left(void **state) {
    (void)state;
    static struct bench bench;
    struct out text;
    bench = (struct bench){0};
    out_open(&text, NULL, NULL);
    put(&text, HEAD CLAIM TAIL, "XX*1234567893~", "XX* 1234567893~");
    out_char(&text, 0);
    bench_open(&bench, text.at);
    claim_draft_repair(&bench.draft, strstr(text.at, "CLM*") - text.at - 1);
    assert_null(bench.draft.changes);
    claim_draft_repair(&bench.draft, -1);
    assert_non_null(bench.draft.changes);
    assert_string_equal(bench.draft.changes->element, "NM109");
    bench_close(&bench);
    out_close(&text);
}

static void segments_are_shown(void **state) {
    (void)state;
    static struct bench bench;
    struct diag diag;
    struct out out;
    bench = (struct bench){0};
    out_open(&out, NULL, NULL);
    bench_open(&bench, HEAD CLAIM TAIL);
    struct view patch = VIEW("[{\"op\":\"replace\",\"path\":\"/lines/2/units\",\"value\":8},"
                             "{\"op\":\"remove\",\"path\":\"/lines/1\"}]");
    assert_int_equal(claim_draft_patch(&bench.draft, patch, &diag), STATUS_OK);
    claim_draft_segment(&bench.draft, 1, &out);
    assert_int_equal(out.size, 0);
    claim_draft_segment(&bench.draft, 2, &out);
    out_char(&out, 0);
    assert_string_equal(out.at, "SV1*HC:J1100:JZ*50*UN*8***1");
    out_close(&out);
    bench_close(&bench);
}

/* Repairs and patches with every allocation refused once: an error, never half a text. */
static bool corrects(void *context) {
    static struct bench bench;
    struct diag diag = DIAG_NONE;
    bool fine = false;
    bench = (struct bench){.file = view_of(context)};
    bench.bytes.rest = bench.file;
    if (claim_open(&bench.reader, bytes_read, &bench.bytes, NULL, &diag) == STATUS_OK) {
        enum claim_got got;
        while ((got = claim_next(bench.reader)) == CLAIM_NOTICE) {
        }
        if (got == CLAIM_READ) {
            struct view patch = VIEW("[{\"op\":\"add\",\"path\":\"/lines/0/modifiers/-\","
                                     "\"value\":\"59\"},{\"op\":\"remove\","
                                     "\"path\":\"/lines/1\"}]");
            claim_draft_open(&bench.draft, claim_now(bench.reader), bench.file, &bench.arena);
            claim_draft_repair(&bench.draft, -1);
            fine = claim_draft_patch(&bench.draft, patch, &diag) == STATUS_OK;
            claim_draft_end(&bench.draft);
            fine = fine && !bench.arena.failed;
        }
    }
    bench_close(&bench);
    return fine;
}

static void refused_memory_is_an_error(void **state) {
    (void)state;
    struct out text;
    out_open(&text, NULL, NULL);
    put(&text, HEAD CLAIM TAIL, "HC:J1100:JZ*50", "HC:j1100:jz*050");
    out_char(&text, 0);
    assert_true(memory_sweep(corrects, text.at, 100) > 0);
    out_close(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patches_change_their_elements),
        cmocka_unit_test(a_line_goes_with_its_loop),
        cmocka_unit_test(what_was_wrong_stays),
        cmocka_unit_test(hostile_patches_are_refused),
        cmocka_unit_test(hostile_values_are_refused),
        cmocka_unit_test(too_much_is_refused),
        cmocka_unit_test(odd_claims_are_refused),
        cmocka_unit_test(forms_are_repaired),
        cmocka_unit_test(the_rest_stays),
        cmocka_unit_test(earlier_bytes_are_left),
        cmocka_unit_test(segments_are_shown),
        cmocka_unit_test(refused_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
