/* x12: segments and positions, block ends, notices of the envelope, fatal errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "read.h"

#define ISA_FOR(isa11, isa12, tail)                                                                \
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260301*1253*" isa11     \
    "*" isa12 "*000000905*0*T*" tail
#define ISA ISA_FOR("^", "00501", ":~")
#define GS "GS*HC*SENDER*RECEIVER*20260301*1253*7*X*005010X222A1~"
#define ST "ST*837*0001*005010X222A1~"
#define BHT "BHT*0019*00*1*20260301*1253*CH~"
#define SE "SE*3*0001~"
#define GE "GE*1*7~"
#define IEA "IEA*1*000000905~"
#define WHOLE ISA GS ST BHT SE GE IEA

/* Everything a reader says, as text: a line a segment, a notice, the end. */
static void transcript(struct out *out, struct bytes_source source) {
    struct x12_reader *reader;
    struct diag diag;
    assert_int_equal(x12_open(&reader, bytes_read, &source, &diag), STATUS_OK);
    enum x12_got got;
    do {
        struct x12_segment s;
        got = x12_next(reader, &s);
        struct x12_notice notice;
        while (x12_notice_take(reader, &notice)) {
            out_format(out, "%c%s:%lld:%lld:%lld\n", notice.error ? '!' : '.', notice.diag.code,
                       (long long)notice.diag.segment, (long long)notice.diag.element,
                       (long long)notice.diag.byte);
        }
        if (got == X12_SEGMENT) {
            out_format(out, "%lld@%lld", (long long)s.number, (long long)s.byte);
            char tag[9];
            out_format(out, " %s", code_text(s.tag, tag).at);
            for (int i = 1; i <= s.elements; i++) {
                out_format(out, "|%lld ", (long long)x12_element_byte(&s, i));
                out_view(out, x12_element(&s, i));
            }
            out_char(out, '\n');
        }
    } while (got == X12_SEGMENT);
    const struct diag *fault = x12_fault(reader);
    if (got == X12_FATAL) {
        out_format(out, "%s:%lld:%lld\n", fault->code, (long long)fault->segment,
                   (long long)fault->byte);
    }
    struct x12_segment again;
    assert_int_equal(x12_next(reader, &again), got);
    x12_close(reader);
}

/* The notices and the fault of a reading, on one line. */
static void told(struct view input, char *text, size_t size) {
    struct out out;
    out_open(&out, NULL, NULL);
    transcript(&out, (struct bytes_source){.rest = input});
    struct view rest = out_bytes(&out);
    size_t at = 0;
    text[0] = 0;
    while (rest.size > 0) {
        struct view line = view_cut(&rest, '\n');
        if (line.size > 0 && !(line.at[0] >= '0' && line.at[0] <= '9')) {
            at += (size_t)snprintf(text + at, size - at, "%s%.*s", at ? " " : "", (int)line.size,
                                   line.at);
            assert_true(at < size);
        }
    }
    out_close(&out);
}

static void segments_have_their_places(void **state) {
    (void)state;
    struct out out;
    out_open(&out, NULL, NULL);
    transcript(&out, (struct bytes_source){.rest = VIEW(ISA "\n  hl*1**20~\r\nSE~")});
    struct view rest = out_bytes(&out);
    static const char *const lines[] = {".indented:2:0:109",
                                        "!segment_outside:2:0:109",
                                        "2@109 HL|112 1|114 |115 20",
                                        "!st_missing:3:0:120",
                                        "3@120 SE",
                                        "!iea_missing:1:0:0"};
    struct view isa = view_cut(&rest, '\n');
    assert_true(view_starts(isa, VIEW("1@0 ISA|4 00|7 ")));
    assert_true(view_equal(view_sub(isa, isa.size - 6, 6), VIEW("|104 :")));
    for (int i = 0; i < COUNT_OF(lines); i++) {
        struct view line = view_cut(&rest, '\n');
        if (!view_equal(line, view_of(lines[i]))) {
            fail_msg("expected %s, got %.*s", lines[i], (int)line.size, line.at);
        }
    }
    out_close(&out);
}

struct told_case {
    const char *name;
    struct view input;
    const char *told;
};

static void cases_check(const struct told_case *cases, int count) {
    for (int i = 0; i < count; i++) {
        char text[2048];
        told(cases[i].input, text, sizeof text);
        if (strcmp(text, cases[i].told) != 0) {
            fail_msg("%s: expected '%s', got '%s'", cases[i].name, cases[i].told, text);
        }
    }
}

/* Offsets: ISA at 0, GS at 106, ST at 159, BHT at 184, SE at 215, GE at 225, IEA at 232. */
static void envelopes_are_checked(void **state) {
    (void)state;
    const struct told_case cases[] = {
        {"whole", VIEW(WHOLE), ""},
        {"line ends", VIEW(ISA "\r\n" GS "\r\n" ST "\n" BHT SE GE IEA "\r\n \n"), ""},
        {"SE01", VIEW(ISA GS ST BHT "SE*25*0001~" GE IEA), "!se01_count:5:1:218"},
        {"SE01 no number", VIEW(ISA GS ST BHT "SE*x*0001~" GE IEA), "!se01_count:5:1:218"},
        {"SE02", VIEW(ISA GS ST BHT "SE*3*0002~" GE IEA), "!se02_control:5:2:220"},
        {"SE02 absent", VIEW(ISA GS ST BHT "SE*3~" GE IEA), "!se02_control:5:2:219"},
        {"SE02 padded", VIEW(ISA GS ST BHT "SE*3*1~" GE IEA), ".control_padded:5:2:220"},
        {"GE01", VIEW(ISA GS ST BHT SE "GE*2*7~" IEA), "!ge01_count:6:1:228"},
        {"GE02", VIEW(ISA GS ST BHT SE "GE*1*8~" IEA), "!ge02_control:6:2:230"},
        {"GE02 padded", VIEW(ISA GS ST BHT SE "GE*1*007~" IEA), ".control_padded:6:2:230"},
        {"IEA01", VIEW(ISA GS ST BHT SE GE "IEA*2*000000905~"), "!iea01_count:7:1:236"},
        {"IEA02", VIEW(ISA GS ST BHT SE GE "IEA*1*000000906~"), "!iea02_control:7:2:238"},
        {"IEA02 padded", VIEW(ISA GS ST BHT SE GE "IEA*1*905~"), ".control_padded:7:2:238"},
        {"no SE", VIEW(ISA GS ST BHT GE IEA), "!se_missing:3:0:159"},
        {"no SE, next ST", VIEW(ISA GS ST BHT ST BHT SE "GE*2*7~" IEA), "!se_missing:3:0:159"},
        {"no GE", VIEW(ISA GS ST BHT SE IEA), "!ge_missing:2:0:106"},
        {"no IEA", VIEW(ISA GS ST BHT SE GE), "!iea_missing:1:0:0"},
        {"no IEA, next ISA", VIEW(ISA GS ST BHT SE GE WHOLE), "!iea_missing:1:0:0"},
        {"no trailers", VIEW(ISA GS ST BHT),
         "!se_missing:3:0:159 !ge_missing:2:0:106 !iea_missing:1:0:0"},
        {"no GS, no GE", VIEW(ISA ST BHT SE ST BHT SE IEA), "!gs_missing:2:0:106"},
        {"no GS", VIEW(ISA ST BHT SE GE IEA), "!gs_missing:2:0:106"},
        {"no ST", VIEW(ISA GS BHT BHT SE "GE*0*7~" IEA),
         "!segment_outside:3:0:159 !st_missing:5:0:221"},
        {"two groups", VIEW(ISA GS ST BHT SE GE GS ST BHT SE GE "IEA*2*000000905~"), ""},
        {"two interchanges", VIEW(WHOLE "\n\n" WHOLE), ""},
        {"GS behind IEA", VIEW(WHOLE GS ST BHT SE GE), "!isa_missing:8:0:248"},
        {"IEA twice", VIEW(WHOLE IEA), "!isa_missing:8:0:248"},
        {"TA1 only", VIEW(ISA "TA1*000000905*260301*1253*A*000~IEA*0*000000905~"), ""},
        {"HP on an 837", VIEW(ISA "GS*HP*A*B*20260301*1253*7*X*005010X222A1~" ST BHT SE GE IEA),
         ".gs01_kind:3:1:150"},
        {"4010 in 5010", VIEW(ISA "GS*HC*A*B*20260301*1253*7*X*004010X098A1~" ST BHT SE GE IEA),
         ".gs08_version:2:8:134"},
    };
    cases_check(cases, COUNT_OF(cases));
}

static void quirks_are_told_once(void **state) {
    (void)state;
    const struct told_case cases[] = {
        {"byte order mark", VIEW("\xEF\xBB\xBF" WHOLE), ".bom:1:0:0"},
        {"leading blanks", VIEW("\n \n" WHOLE), ".leading_blanks:1:0:0"},
        {"byte order mark and blanks", VIEW("\xEF\xBB\xBF\n" WHOLE),
         ".bom:1:0:0 .leading_blanks:1:0:3"},
        {"unpadded ISA", VIEW("ISA*00**00**ZZ*S*ZZ*R*260301*1253*^*00501*1*0*T*:~IEA*0*1~"),
         ".isa_unpadded:1:0:0"},
        {"overlong ISA",
         VIEW("ISA*00*          *00*          *ZZ*SENDER                *ZZ*RECEIVER              *"
              "260301*1253*^*00501*000000905*0*T*:~IEA*0*000000905~"),
         ".isa_unpadded:1:0:0"},
        {"indented", VIEW(ISA "\n  " GS "\n  " ST BHT SE GE IEA), ".indented:2:0:109"},
        {"newline as terminator", VIEW(ISA_FOR("^", "00501", ":\n") "IEA*0*000000905\n\n\n"),
         ".terminator_blank:1:0:0"},
        {"CRLF as terminator", VIEW(ISA_FOR("^", "00501", ":\r\n") "IEA*0*000000905\r\n"),
         ".terminator_blank:1:0:0"},
        {"4010", VIEW(ISA_FOR("U", "00401", ":~") "IEA*0*000000905~"), ""},
        {"U in 5010", VIEW(ISA_FOR("U", "00501", ":~") "IEA*0*000000905~"), ".isa_version:1:0:0"},
        {"repetition is component", VIEW(ISA_FOR(":", "00501", ":~") "IEA*0*000000905~"),
         ".isa_repetition:1:0:0"},
        {"unusual component", VIEW(ISA_FOR("^", "00501", "\\~") "IEA*0*000000905~"),
         ".delimiters_unusual:1:0:0"},
        {"control characters",
         VIEW("ISA\x1D"
              "00\x1D\x1D"
              "00\x1D\x1DZZ\x1DS\x1DZZ\x1DR\x1D"
              "260301\x1D"
              "1253\x1D^\x1D"
              "00501\x1D"
              "1\x1D"
              "0\x1DT\x1D\x1F\x1CIEA\x1D"
              "0\x1D"
              "1\x1C"),
         ".isa_unpadded:1:0:0 .delimiters_unusual:1:0:0"},
        {"NUL as terminator", VIEW(ISA_FOR("^", "00501", ":\0") "IEA*0*000000905\0\0\0"),
         ".delimiters_unusual:1:0:0 .segment_empty:3:0:122"},
        {"blank as separator",
         VIEW("ISA 00  00  ZZ S ZZ R 260301 1253 ^ 00501 1 0 T :~\n\nIEA 0 1~"),
         ".isa_unpadded:1:0:0 .delimiters_unusual:1:0:0"},
        {"trailing separators", VIEW(ISA GS "ST*837*0001*005010X222A1**~BHT*1*~" SE GE IEA),
         ".trailing_separators:3:5:185"},
        {"empty segments", VIEW(ISA GS ST BHT SE "~\n~" GE IEA), ".segment_empty:6:0:225"},
        {"filling at the end", VIEW(WHOLE "\x1A\0\0\0"), ".padding_bytes:8:0:248"},
        {"appended byte order mark", VIEW(WHOLE "\n\xEF\xBB\xBF" WHOLE), ".padding_bytes:8:0:249"},
        {"last terminator lacks", VIEW(ISA GS ST BHT SE GE "IEA*1*000000905"),
         ".iea_no_terminator:7:0:232"},
        {"last terminator lacks, line end", VIEW(ISA GS ST BHT SE GE "\nIEA*1*000000905 \r\n"),
         ".iea_no_terminator:7:0:233"},
        {"last terminator lacks, padded", VIEW(ISA GS ST BHT SE GE "IEA*1*905"),
         ".iea_no_terminator:7:0:232 .control_padded:7:2:238"},
    };
    cases_check(cases, COUNT_OF(cases));
}

/* Each interchange has its own separators; the element separator of one ends segments of another.
 */
static void interchanges_may_differ(void **state) {
    (void)state;
    const struct told_case cases[] = {
        {"other separators",
         VIEW(WHOLE "ISA~00~          ~00~          ~ZZ~SENDER         ~ZZ~RECEIVER       ~260301~"
                    "1253~^~00501~000000906~0~T~:|GS~HC~S~R~20260301~1253~8~X~005010X222A1|"
                    "GE~0~8|IEA~1~000000906|\n" WHOLE),
         ".delimiters_unusual:8:0:248"},
        {"other separators, IEA missing",
         VIEW(ISA "ISA|00|          |00|          |ZZ|SENDER         |ZZ|RECEIVER       |260301|"
                  "1253|^|00501|000000906|0|T|:\nIEA|0|000000906\n"),
         ".terminator_blank:2:0:106 !iea_missing:1:0:0"},
    };
    cases_check(cases, COUNT_OF(cases));
}

static void damage_is_fatal(void **state) {
    (void)state;
    const struct told_case cases[] = {
        {"nothing", VIEW(""), "x12_empty:1:0"},
        {"blanks only", VIEW("\xEF\xBB\xBF \r\n\t"),
         ".bom:1:0:0 .leading_blanks:1:0:3 x12_empty:1:7"},
        {"text", VIEW("claim_id,charge\n"), "not_x12:1:0"},
        {"zeros", VIEW("\0\0\0\0\0\0\0\0"), "not_x12:1:0"},
        {"a word", VIEW("ISAAC NEWTON"), "not_x12:1:0"},
        {"tag only", VIEW("ISA"), "not_x12:1:0"},
        {"cut ISA", VIEW("ISA*00*          *00*     "), "x12_cut_off:1:0"},
        {"cut before the terminator", VIEW("ISA*00**00**ZZ*S*ZZ*R*260301*1253*^*00501*1*0*T*:"),
         "x12_cut_off:1:0"},
        {"ISA15 missing", VIEW("ISA*00**00**ZZ*S*ZZ*R*260301*1253*^*00501*1*0*:~GS*HC*S*R~"),
         "x12_isa_broken:1:0"},
        {"terminator missing", VIEW("ISA*00**00**ZZ*S*ZZ*R*260301*1253*^*00501*1*0*T*:GS*HC*"),
         "x12_isa_broken:1:0"},
        {"separators equal", VIEW("ISA*00**00**ZZ*S*ZZ*R*260301*1253*^*00501*1*0*T*~~GS*HC*"),
         "x12_isa_broken:1:0"},
        {"wrapped", VIEW("ISA*00**00**ZZ*S*ZZ*R*260301*12\n53*^*00501*1*0*T*:~GS*HC*"),
         "x12_isa_broken:1:0"},
        {"second ISA broken", VIEW(WHOLE "ISA*00*\n"), "x12_isa_broken:8:248"},
        {"second ISA cut", VIEW(WHOLE "ISA*00*"), "x12_cut_off:8:248"},
        {"cut", VIEW(ISA GS ST "BHT*0019"), "x12_cut_off:4:184"},
        {"cut in a tag", VIEW(ISA GS ST "B"), "x12_cut_off:4:184"},
        {"cut IEA", VIEW(ISA GS ST BHT SE GE "IEA*1*00000"), "x12_cut_off:7:232"},
        {"cut GE", VIEW(ISA GS ST BHT SE "GE*1*7"), "x12_cut_off:6:225"},
        {"empty tag", VIEW(ISA GS ST "*IC*X~" SE GE IEA), "x12_segment_bad:4:184"},
        {"long tag", VIEW(ISA GS ST "BHTX*1~" SE GE IEA), "x12_segment_bad:4:184"},
        {"zeros inside", VIEW(ISA GS ST "\0\0\0\0~" SE GE IEA), "x12_segment_bad:4:184"},
        {"zeros at the end", VIEW(ISA GS ST "\0\0\0\0"), "x12_segment_bad:4:184"},
        {"text behind", VIEW(WHOLE "END OF FILE\n"), "x12_segment_bad:8:248"},
    };
    cases_check(cases, COUNT_OF(cases));
}

/* A file whose fourth segment has `size` bytes of `filler` after NTE. */
static struct view long_input(struct out *out, ptrdiff_t size, char filler) {
    out_open(out, NULL, NULL);
    OUT_TEXT(out, ISA GS ST "NTE*");
    for (ptrdiff_t i = 4; i < size; i++) {
        out_char(out, filler);
    }
    OUT_TEXT(out, "~");
    return out_bytes(out);
}

static void long_segments_are_refused(void **state) {
    (void)state;
    static const char fine[] = "!se_missing:3:0:159 !ge_missing:2:0:106 !iea_missing:1:0:0";
    static const char trailing[] = ".trailing_separators:4:65533:65720 "
                                   "!se_missing:3:0:159 !ge_missing:2:0:106 !iea_missing:1:0:0";
    static const struct {
        ptrdiff_t size;
        char filler;
        const char *told;
    } table[] = {
        {65536, 'X', fine},
        {65537, 'X', "x12_segment_too_long:4:184"},
        {327680, 'X', "x12_segment_too_long:4:184"},
        {5000000, 'X', "x12_segment_too_long:4:184"},
        {65536, '*', trailing},
        {65537, '*', "x12_segment_too_long:4:184"},
        {5000000, '*', "x12_segment_too_long:4:184"},
    };
    for (int i = 0; i < COUNT_OF(table); i++) {
        struct out out;
        char text[2048];
        told(long_input(&out, table[i].size, table[i].filler), text, sizeof text);
        assert_string_equal(text, table[i].told);
        out_close(&out);
    }
}

/* Claims of all lengths with the line ends and indentation of the turn. */
static struct view many_segments(struct out *out, ptrdiff_t lead, const char *between) {
    out_open(out, NULL, NULL);
    out_pad(out, lead);
    OUT_TEXT(out, ISA);
    OUT_TEXT(out, GS ST);
    for (int i = 0; out->size < 700000; i++) {
        out_format(out, "%sNTE*%d*", between, i);
        for (int j = 0; j < i * i % 977; j++) {
            out_char(out, j % 7 ? 'X' : '*');
        }
        OUT_TEXT(out, "~");
        out_format(out, "%sSV1*HC:64483:RT*%d.00*UN*1***1:2~", between, i);
    }
    OUT_TEXT(out, "\n" SE GE IEA);
    return out_bytes(out);
}

/* Reads with the reader and, side by side, by hand. */
static void walk_check(struct view input, ptrdiff_t step) {
    struct bytes_source source = {.rest = input, .step = step};
    struct x12_reader *reader;
    struct diag diag;
    assert_int_equal(x12_open(&reader, bytes_read, &source, &diag), STATUS_OK);
    struct view rest = input;
    struct x12_segment s;
    int64_t number = 0;
    enum x12_got got;
    while ((got = x12_next(reader, &s)) == X12_SEGMENT) {
        struct view segment = view_cut(&rest, '~');
        while (view_find(VIEW(" \n"), segment.at[0]) >= 0) {
            segment = view_sub(segment, 1, segment.size);
        }
        assert_int_equal(s.byte, segment.at - input.at);
        assert_int_equal(s.number, ++number);
        struct view tag = view_cut(&segment, '*');
        assert_true(code_equal(s.tag, code_from(tag)));
        for (int i = 1; i <= s.elements; i++) {
            struct view element = view_cut(&segment, '*');
            assert_int_equal(x12_element_byte(&s, i), element.at - input.at);
            assert_true(view_equal(x12_element(&s, i), element));
        }
        assert_null(segment.at);
        assert_int_equal(x12_element(&s, s.elements + 1).size, 0);
        assert_non_null(x12_element(&s, s.elements + 1).at);
    }
    assert_int_equal(got, X12_END);
    assert_int_equal(rest.size, 0);
    x12_close(reader);
}

static void block_ends_do_not_show(void **state) {
    (void)state;
    static const char *const between[] = {"", "\n", "\n  "};
    static const ptrdiff_t steps[] = {0, 1, 7, 255};
    for (int i = 0; i < COUNT_OF(between); i++) {
        for (ptrdiff_t lead = 0; lead < 40; lead++) {
            struct out out;
            struct view input = many_segments(&out, lead, between[i]);
            walk_check(input, steps[lead % COUNT_OF(steps)]);
            out_close(&out);
        }
    }
}

/* Blanks, filling and changes of separators around a block end. */
static void block_ends_do_not_show_in_notices(void **state) {
    (void)state;
    static const char tail[] = "\n   ~\xEF\xBB\xBF" WHOLE "\x1A" ISA_FOR(
        "|", "00501",
        ":;") "IEA*0*000000905;  ISA|00||00||ZZ|S|ZZ|R|260301|1253|^|00501|1|0|T|:~IEA|0|1  ";
    char expected[2048];
    for (ptrdiff_t blanks = 256 * 1024 - 530; blanks < 256 * 1024 + 20; blanks++) {
        struct out out;
        out_open(&out, NULL, NULL);
        OUT_TEXT(&out, ISA);
        OUT_TEXT(&out, "IEA*0*000000905~");
        out_pad(&out, blanks - 122);
        out_view(&out, view_of(tail));
        char text[2048];
        told(out_bytes(&out), text, sizeof text);
        out_close(&out);
        snprintf(expected, sizeof expected,
                 ".segment_empty:3:0:%td .padding_bytes:3:0:%td .delimiters_unusual:10:0:%td "
                 ".isa_unpadded:12:0:%td .indented:12:0:%td .iea_no_terminator:13:0:%td",
                 blanks + 4, blanks + 5, blanks + 257, blanks + 381, blanks + 381, blanks + 431);
        assert_string_equal(text, expected);
    }
}

static void source_failures_come_last(void **state) {
    (void)state;
    const struct view inputs[] = {VIEW(""), VIEW("ISA*00*"), VIEW(ISA GS "ST*8"), VIEW(ISA GS ST),
                                  VIEW(WHOLE)};
    static const int segments[] = {0, 0, 2, 3, 7};
    for (int i = 0; i < COUNT_OF(inputs); i++) {
        struct bytes_source source = {.rest = inputs[i], .fails = true};
        struct x12_reader *reader;
        struct diag diag;
        assert_int_equal(x12_open(&reader, bytes_read, &source, &diag), STATUS_OK);
        struct x12_segment s;
        for (int n = 0; n < segments[i]; n++) {
            assert_int_equal(x12_next(reader, &s), X12_SEGMENT);
        }
        assert_int_equal(x12_next(reader, &s), X12_FATAL);
        assert_string_equal(x12_fault(reader)->code, "test_source");
        x12_close(reader);
    }
}

static void notices_are_bounded(void **state) {
    (void)state;
    struct out out;
    out_open(&out, NULL, NULL);
    OUT_TEXT(&out, ISA GS);
    for (int i = 0; i < 1000; i++) {
        OUT_TEXT(&out, ST BHT "SE*9*0001~");
    }
    OUT_TEXT(&out, "GE*1000*7~" IEA);
    struct bytes_source source = {.rest = out_bytes(&out)};
    struct x12_reader *reader;
    struct diag diag;
    assert_int_equal(x12_open(&reader, bytes_read, &source, &diag), STATUS_OK);
    struct x12_segment s;
    enum x12_got got;
    while ((got = x12_next(reader, &s)) == X12_SEGMENT) {
    }
    assert_int_equal(got, X12_END);
    struct x12_notice notice;
    for (int i = 0; i < 200; i++) {
        assert_true(x12_notice_take(reader, &notice));
        assert_string_equal(notice.diag.code, "se01_count");
        assert_int_equal(notice.diag.segment, 5 + 3 * i);
    }
    assert_true(x12_notice_take(reader, &notice));
    assert_string_equal(notice.diag.code, "notices_left_out");
    assert_true(notice.error);
    assert_true(view_starts(view_of(notice.diag.text), VIEW("800 ")));
    assert_false(x12_notice_take(reader, &notice));
    x12_close(reader);
    out_close(&out);
}

static void separators_are_those_of_the_interchange(void **state) {
    (void)state;
    const struct {
        struct view input;
        struct x12_delimiters expected;
    } table[] = {
        {VIEW(ISA), {'*', ':', '^', '~'}},
        {VIEW(ISA_FOR("U", "00401", ">\n")), {'*', '>', 0, '\n'}},
        {VIEW(ISA_FOR(":", "00501", ":~")), {'*', ':', 0, '~'}},
        {VIEW(ISA_FOR("", "00501", ":~")), {'*', ':', 0, '~'}},
        {VIEW(ISA_FOR("!", "00501", "\x1F\x1C")), {'*', 0x1F, '!', 0x1C}},
        {VIEW("ISA\xFF"
              "00\xFF\xFF"
              "00\xFF\xFFZZ\xFFS\xFFZZ\xFFR\xFF"
              "260301\xFF"
              "1253\xFF^\xFF"
              "00501\xFF"
              "1\xFF"
              "0\xFFT\xFF\xFE\xFD"),
         {(char)0xFF, (char)0xFE, '^', (char)0xFD}},
    };
    for (int i = 0; i < COUNT_OF(table); i++) {
        struct bytes_source source = {.rest = table[i].input};
        struct x12_reader *reader;
        struct diag diag;
        assert_int_equal(x12_open(&reader, bytes_read, &source, &diag), STATUS_OK);
        struct x12_segment s;
        assert_int_equal(x12_next(reader, &s), X12_SEGMENT);
        assert_memory_equal(&s.delimiters, &table[i].expected, sizeof s.delimiters);
        assert_int_equal(s.elements, 16);
        struct view rest = x12_element(&s, 9);
        assert_true(view_equal(x12_component(&rest, &s), VIEW("260301")));
        assert_null(rest.at);
        x12_close(reader);
    }
}

static void interchanges_are_detected(void **state) {
    (void)state;
    assert_true(x12_detect(VIEW(ISA)));
    assert_true(x12_detect(VIEW("\xEF\xBB\xBF\r\n ISA|")));
    assert_false(x12_detect(VIEW("")));
    assert_false(x12_detect(VIEW("ISA")));
    assert_false(x12_detect(VIEW("ISAAC")));
    assert_false(x12_detect(VIEW("{\"claim\"")));
    assert_false(x12_detect(VIEW("ISA\n")));
}

static void refused_memory_is_said(void **state) {
    (void)state;
    struct x12_reader *reader;
    struct diag diag;
    memory_fail_after(0);
    int status = x12_open(&reader, bytes_read, NULL, &diag);
    memory_fail_after(-1);
    assert_int_equal(status, STATUS_SYSTEM);
    assert_string_equal(diag.code, "memory");
    x12_close(reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_have_their_places),
        cmocka_unit_test(envelopes_are_checked),
        cmocka_unit_test(quirks_are_told_once),
        cmocka_unit_test(interchanges_may_differ),
        cmocka_unit_test(damage_is_fatal),
        cmocka_unit_test(long_segments_are_refused),
        cmocka_unit_test(block_ends_do_not_show),
        cmocka_unit_test(block_ends_do_not_show_in_notices),
        cmocka_unit_test(source_failures_come_last),
        cmocka_unit_test(notices_are_bounded),
        cmocka_unit_test(separators_are_those_of_the_interchange),
        cmocka_unit_test(interchanges_are_detected),
        cmocka_unit_test(refused_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
