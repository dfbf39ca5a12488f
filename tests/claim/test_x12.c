/* claim: what a table of small 837P files ends in; places; sets that are no professional claims. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "claim_dump.h"

#define ISA                                                                                        \
    "ISA*00*          *00*          *ZZ*S              *ZZ*R              "                        \
    "*260301*1253*^*00501*000000001*0*T*:~"
#define GS "GS*HC*S*R*20260301*1253*1*X*005010X222A1~"
#define ST "ST*837*0001*005010X222A1~BHT*0019*00*1*20260301*1253*CH~"
#define BILLING "HL*1**20*1~NM1*85*2*P*****XX*1718510203~"
#define SUBSCRIBER "HL*2*1*22*0~SBR*P*18*******MB~NM1*IL*1*A*B****MI*M1~DMG*D8*19600101*F~"
#define HEAD ISA GS ST BILLING SUBSCRIBER
#define CLM(id) "CLM*" id "*10***11:B:1*Y*A*Y*Y~HI*ABK:M5416~"
#define LINE(n, code) "LX*" n "~SV1*HC:" code "*5*UN*1***1~DTP*472*D8*20260219~"
#define TAIL "SE*0*0001~GE*1*1~IEA*1*000000001~"

struct x12_case {
    const char *name;
    const char *in;
    const char *contains; /* lines that must come out, in this order */
    const char *lacks;    /* NULL, or text that must not */
};

static void case_run(const struct x12_case *c, ptrdiff_t step) {
    dump_check(c->name, c->in, step, NULL, c->contains, c->lacks);
}

static void cases_run(const struct x12_case *cases, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        case_run(&cases[i], 0);
        case_run(&cases[i], 1);
    }
}

static void loops_survive(void **state) {
    (void)state;
    static const struct x12_case cases[] = {
        {"two claims of one subscriber", HEAD CLM("A") LINE("1", "1") CLM("B") LINE("1", "2") TAIL,
         "claim=A\nbilling=1718510203\ncode=1\nclaim=B\nbirth_date=1960-01-01\n"
         "billing=1718510203\ncode=2",
         "x12_structure"},
        {"claim without HL",
         ISA GS ST "NM1*85*2*P*****XX*1718510203~SBR*P*18*******MB~NM1*IL*1*A*B****MI*M1~" CLM("A")
             LINE("1", "1") "SBR*S*18*******CI~NM1*IL*1*C*D****MI*M2~NM1*PR*2*X*****PI*9~" CLM("B")
                 LINE("1", "2") "NM1*85*2*Q*****XX*1558598797~" CLM("C") LINE("1", "3") TAIL,
         "notice x12_structure error hl_missing segment 8\nclaim=A\nfiling=MB\n"
         "billing=1718510203\nclaim=B\npayer_id=9\nfiling=CI\nbilling=1718510203\nclaim=C\n"
         "billing=1558598797",
         "other_payer"},
        {"HL that counts from 5 and points nowhere",
         ISA GS ST "HL*5**20*1~NM1*85*2*P*****XX*1~HL*6*2*22*0~SBR*P~" CLM("A") LINE("1", "1") TAIL,
         "hl_number segment 5 element 1\nhl_parent segment 7 element 2\nclaim=A\nbilling=1", NULL},
        {"SV1 without LX", HEAD CLM("A") "SV1*HC:1*5*UN*1~SV1*HC:2*5*UN*1~" TAIL,
         "lx_missing segment 13\nline=1\ncode=1\nline=2\ncode=2", NULL},
        {"LX without SV1", HEAD CLM("A") "LX*1~" LINE("2", "2") "LX*3~" TAIL,
         "sv1_missing\nclaim=A\nline=2\ncode=2", "line=3"},
        {"lines outside of a claim", HEAD LINE("1", "1") CLM("A") LINE("1", "2") TAIL,
         "clm_missing segment 11\ncode=2", "code=1"},
        {"claim that nothing ends", HEAD CLM("A") LINE("1", "1"), "claim=A\ncode=1", "fault"},
        {"claim without lines", HEAD CLM("A") TAIL, "claim=A\ndx=M5416", "line="},
        {"dependent",
         ISA GS ST BILLING
         "HL*2*1*22*1~SBR*P~NM1*IL*1*A*B****MI*M1~"
         "DMG*D8*19600101*F~HL*3*2*23*0~PAT*19~NM1*QC*1*A*C~DMG*D8*20100203*M~" CLM("A") LINE(
             "1", "1") "HL*4*1*22*0~SBR*P*18~NM1*IL*1*E*F****MI*M2~" CLM("B") LINE("1", "1") TAIL,
         "claim=A\nbirth_date=2010-02-03\nage=16\nsex=77\nclaim=B", "x12_structure"},
        {"tax number in the place of the NPI",
         ISA GS ST "HL*1**20*1~NM1*85*2*P*****24*587654321~REF*SY*123~" SUBSCRIBER CLM("A") TAIL,
         "claim=A\n tin=123", "billing=5"},
        {"no sender", ISA GS "ST*837*0001~" BILLING SUBSCRIBER CLM("A") TAIL, "claim=A", "version"},
        {"fifty lines and two",
         HEAD CLM("A") LINE("1", "1") LINE("2", "1") LINE("3", "1") LINE("4", "1") LINE(
             "5", "1") LINE("6", "1") LINE("7", "1") LINE("8", "1") LINE("9", "1") LINE("10", "1")
             LINE("11", "1") LINE("12", "1") LINE("13", "1") LINE("14", "1") LINE("15", "1") LINE(
                 "16", "1") LINE("17", "1") LINE("18", "1") LINE("19", "1") LINE("20", "1")
                 LINE("21", "1") LINE("22", "1") LINE("23", "1") LINE("24", "1") LINE("25", "1")
                     LINE("26", "1") LINE("27", "1") LINE("28", "1") LINE("29", "1") LINE("30", "1")
                         LINE("31", "1") LINE("32", "1") LINE("33", "1") LINE("34", "1")
                             LINE("35", "1") LINE("36", "1") LINE("37", "1") LINE("38", "1") LINE(
                                 "39", "1") LINE("40", "1") LINE("41", "1") LINE("42", "1")
                                 LINE("43", "1") LINE("44", "1") LINE("45", "1") LINE("46", "1")
                                     LINE("47", "1") LINE("48", "1") LINE("49", "1") LINE("50", "1")
                                         LINE("51", "2") "NM1*82*1*A*B****XX*77~" LINE("52", "2")
                                             TAIL,
         "line=50\ncode=1\nlines_extra=2", "line=51"},
    };
    cases_run(cases, COUNT_OF(cases));
}

#define SERVICE(segments) HEAD CLM("A") "LX*1~" segments TAIL

static void fields_are_read(void **state) {
    (void)state;
    static const struct x12_case cases[] = {
        {"another separator",
         HEAD "CLM*A*10***11>B>7~HI*BK>8901*BF>724.4~LX*1~SV1*HC>99213>25*10*UN*1"
              "***1>2~" TAIL,
         "component_separator segment 11 element "
         "5\nclaim=A\npos=11\nfrequency=7\ndx=8901\ndx=7244\n"
         "icd9=1\ncode=99213\nmodifier=25\npointer=1\npointer=2",
         NULL},
        {"several HI",
         HEAD "CLM*A*10***11:B:1~HI*ABK:M54.16**ABF:G894~HI*BP:00600~HI*ZZZ:X~HI*ABF:Z981~" TAIL,
         "dx=M5416\ndx=G894\ndx=Z981", "icd9"},
        {"more than twelve",
         HEAD "CLM*A*10***11:B:1~HI*ABK:A00*ABF:A01*ABF:A02*ABF:A03*ABF:A04*ABF:A05*"
              "ABF:A06*ABF:A07*ABF:A08*ABF:A09*ABF:A1*ABF:A11~HI*ABF:A12*ABF:A13~" TAIL,
         "dx=A11\ndx_extra=2", "dx=A12"},
        {"minutes", SERVICE("SV1*HC:00600:AA:QS*55*MJ*47***1~"),
         "code=00600\nmodifier=AA\nmodifier=QS\n"
         "basis=MJ\nunits=47\nminutes=47",
         NULL},
        {"empty modifier, description", SERVICE("SV1*HC:97140::GP:::STRETCH*5*UN*1.5*12**1~"),
         "code=97140\nmodifier=GP\npointer=1\npos=12\nbasis=UN\nunits=1.5", "STRETCH"},
        {"other qualifier and an odd code", SERVICE("SV1*ER:X-12*5*UN*1***0:13:A:2~"),
         "code_given=X-12\nqualifier=ER\npointer=0\npointer=0\npointer=0\npointer=2", NULL},
        {"amounts that are none", SERVICE("SV1*HC:1*5,00*UN*x~"), "code=1", "charge="},
        {"period", SERVICE("SV1*HC:1*5*UN*1~DTP*472*RD8*20260219-20260221~"),
         "from=2026-02-19\nto=2026-02-21", "date_bad"},
        {"dates that are none",
         SERVICE("SV1*HC:1*5*UN*1~DTP*472*D8*20260230~LX*2~SV1*HC:2*5*UN*1~"
                 "DTP*472*RD8*20260219-2026~"),
         "code=1\ndate_bad=1\ncode=2\nfrom=2026-02-19\ndate_bad=1", NULL},
        {"date of the claim",
         HEAD CLM("A") "DTP*472*D8*20260105~DTP*431*D8*20259999~LX*1~"
                       "SV1*HC:1*5*UN*1~" TAIL,
         "date_bad=1\nfrom=2026-01-05", " date_bad"},
        {"patient born on no day",
         ISA GS ST BILLING "HL*2*1*22*0~SBR*P~NM1*IL*1*A*B****MI*M1~"
                           "DMG*D8*19601301*F~" CLM("A") TAIL,
         "date_bad=1", "birth_date"},
        {"drug", SERVICE("SV1*HC:J1100*5*UN*10~LIN**N4*0069-3150-83~CTP****2.5*ML:1~"),
         "ndc=0069-3150-83\nndc_quantity=2.5\nndc_unit=ML", NULL},
        {"blanks around fields",
         HEAD "CLM* A *10 ***11:B:1~HI*ABK: M5416 ~LX*1~SV1*HC: 1 :25 *5 *UN* 1~" TAIL,
         "claim=A\ntotal=10.00\ndx=M5416\ncode=1\nmodifier=25\nunits=1\ncharge=5.00", NULL},
        {"referring: primary care stands in",
         HEAD CLM("A") "NM1*P3*1*A*B****XX*11~NM1*DN*1*A*B****XX*22~NM1*P3*1*A*B****XX*33~" TAIL,
         "referring=22", NULL},
        {"other payers' providers are not ours",
         HEAD CLM("A") "NM1*82*1*A*B****XX*11~SBR*S*18~NM1*PR*2*O*****PI*P2~NM1*82*1~REF*G1*X~"
                       "DTP*573*D8*20260230~AMT*D*x~" TAIL,
         "rendering=11\n", "authorization"},
    };
    cases_run(cases, COUNT_OF(cases));
}

#define SET(id) "ST*" id "*0001~BHT*1~SE*3*0001~"

static void strangers_are_named(void **state) {
    (void)state;
    static const struct x12_case cases[] = {
        {"835, twice", ISA "GS*HP*S*R*20260301*1253*1*X*005010X221A1~" SET("835") SET("835") TAIL,
         "fault not_837p segment 3 element 1 byte 150: not a professional claim file (837P): this "
         "is a remittance advice (835): give the claims that were sent",
         "segment 6"},
        {"others", ISA GS SET("277") SET("999") SET("270") SET("864") TAIL,
         "claim status answer\nacknowledgment (999)\neligibility question\nanother transaction set",
         NULL},
        {"a professional set behind",
         ISA GS SET("835") ST BILLING SUBSCRIBER CLM("A") LINE("1", "1") TAIL,
         "fault not_837p segment 3\nclaim=A", NULL},
        {"institutional by ST03",
         ISA GS "ST*837*0001*005010X223A2~" BILLING SUBSCRIBER CLM("A") TAIL,
         "fault not_837p segment 3 element 1\ninstitutional claim file (837I)", "claim=A"},
        {"institutional by GS08",
         ISA "GS*HC*S*R*20260301*1253*1*X*005010X223A2~ST*837*0001~" BILLING SUBSCRIBER CLM("A")
             TAIL,
         "institutional", "claim=A"},
        {"dental", ISA GS "ST*837*0001*005010X224A2~" BILLING SUBSCRIBER CLM("A") TAIL, "dental",
         "claim=A"},
        {"version not known, lines tell",
         ISA GS "ST*837*0001*005010X999~" BILLING SUBSCRIBER CLM(
             "A") "LX*1~SV2*0300*HC:1*5*UN*1~" CLM("B") TAIL,
         "version_unknown\nfault not_837p segment 13 element 1\ninstitutional or dental", "claim="},
        {"4010",
         ISA "GS*HC*S*R*20260301*1253*1*X*004010X098A1~ST*837*0001~" BILLING SUBSCRIBER CLM("A")
             TAIL,
         "claim=A", "version_unknown"},
        {"no claims", ISA GS ST TAIL, "fault no_claims: the input was read to its end", NULL},
        {"cut off in a claim", HEAD CLM("A") LINE("1", "1") CLM("B") "LX*1~SV1*HC:9",
         "claim=A\nfault x12", "claim=B"},
        {"cut off behind a claim",
         HEAD CLM("A") LINE("1", "1") CLM("B") LINE("1", "2") "SE*1*0001~GE*1",
         "claim=A\nclaim=B\nfault x12", NULL},
    };
    cases_run(cases, COUNT_OF(cases));
}

static void inputs_are_recognised(void **state) {
    (void)state;
    static const struct x12_case cases[] = {
        {"empty", "", "fault input_empty: the input is empty", NULL},
        {"blanks", " \n\t", "fault input_empty", NULL},
        {"prose", "dear payer, please pay", "fault input_unknown byte 0: neither X12", NULL},
        {"pdf", "%PDF-1.7 x", "this is a PDF", NULL},
        {"zip", "PK\003\004abc", "zip or xlsx", NULL},
        {"xml", "\xEF\xBB\xBF <claims/>", "fault input_unknown byte 4: this is XML", NULL},
        {"utf-16", "\xFF\xFE{", "UTF-16", NULL},
        {"hl7", "MSH|^~\\&|A", "HL7", NULL},
        {"no envelope", "ST*837*0001~", "without its ISA", NULL},
    };
    cases_run(cases, COUNT_OF(cases));
}

static void places_are_exact(void **state) {
    (void)state;
    struct view bytes = VIEW(HEAD CLM("A") LINE("7", "99213") TAIL);
    struct bytes_source source = {bytes, 0, -1};
    struct claim_reader *reader;
    struct diag diag;
    assert_int_equal(claim_open(&reader, bytes_read, &source, NULL, &diag), STATUS_OK);
    assert_int_equal(claim_next(reader), CLAIM_READ);
    const struct claim *claim = claim_now(reader);
    const struct claim_line *line = &claim->lines[0];
    const struct {
        struct claim_place at;
        int64_t segment;
        int element;
        const char *text;
    } table[] = {
        {claim->at, 11, 0, "CLM*A"},        {claim->charge_at, 11, 2, "10*"},
        {claim->pos_at, 11, 5, "11:B"},     {claim->diagnoses_at[0], 12, 1, "ABK:M5416"},
        {claim->billing.at, 6, 9, "1718"},  {line->at, 14, 0, "SV1*"},
        {line->code_at, 14, 1, "HC:99213"}, {line->charge_at, 14, 2, "5*"},
        {line->units_at, 14, 4, "1*"},      {line->pos_at, 14, 5, "*"},
        {line->pointers_at, 14, 7, "1~"},   {line->date_at, 15, 3, "20260219"},
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(table); i++) {
        struct view text = view_of(table[i].text);
        struct view there = view_sub(bytes, (ptrdiff_t)table[i].at.byte, text.size);
        if (table[i].at.segment != table[i].segment || table[i].at.element != table[i].element ||
            !view_equal(text, there)) {
            fail_msg("place %d: segment %d element %d \"%.*s\"", (int)i, (int)table[i].at.segment,
                     (int)table[i].at.element, (int)there.size, there.at);
        }
    }
    claim_close(reader);
}

/* What an 837P does not carry is known to be absent, never unknown. */
static void absent_is_known(void **state) {
    (void)state;
    struct bytes_source source = {VIEW(HEAD CLM("A") LINE("1", "1") TAIL), 0, -1};
    struct claim_reader *reader;
    struct diag diag;
    assert_int_equal(claim_open(&reader, bytes_read, &source, NULL, &diag), STATUS_OK);
    assert_int_equal(claim_next(reader), CLAIM_READ);
    const struct claim *claim = claim_now(reader);
    const struct claim_line *line = &claim->lines[0];
    const struct view absent[] = {
        claim->payer_profile,      claim->payer_state,      claim->prior_authorization,
        claim->original_reference, claim->rendering.npi,    claim->rendering.taxonomy,
        claim->referring.npi,      claim->facility.npi,     claim->facility_zip,
        claim->billing_zip,        claim->billing.taxonomy, claim->billing.tin,
        claim->payer_id,           line->code_given,        line->prior_authorization,
        line->control_number,      line->ndc.code};
    for (ptrdiff_t i = 0; i < COUNT_OF(absent); i++) {
        assert_true(absent[i].at && absent[i].size == 0);
    }
    assert_true(claim->frequency_known && claim->total_charge_known && claim->diagnoses_known &&
                claim->pos_known);
    assert_true(line->units_known && line->charge_known && line->pointers_known);
    assert_null(line->rendering.npi.at);
    assert_false(claim->history_known || claim->documentation_known);
    assert_int_equal(claim_truth(claim, FACT_em_separate_note), TRUTH_UNKNOWN);
    claim_close(reader);
}

/* A claim without end does not grow without end. */
static void claims_are_bounded(void **state) {
    (void)state;
    struct out text;
    out_open(&text, NULL, NULL);
    OUT_TEXT(&text, HEAD CLM("A") LINE("1", "1") CLM("B") "SBR*S*18~");
    for (int i = 0; i < 40000; i++) {
        OUT_TEXT(&text, "CAS*CO*45*1~REF*F8*ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789~");
    }
    OUT_TEXT(&text, LINE("1", "2") CLM("C") LINE("1", "3") TAIL);
    struct out out;
    out_open(&out, NULL, NULL);
    input_dump(&out, out_bytes(&text), 0, NULL);
    out_char(&out, 0);
    assert_non_null(strstr(out.at, "claim=A\n"));
    assert_non_null(strstr(out.at, "fault claim_too_large segment"));
    assert_null(strstr(out.at, "claim=B\n"));
    assert_non_null(strstr(out.at, "claim=C\n"));
    assert_null(strstr(out.at, "clm_missing"));
    out_close(&out);
    out_close(&text);
}

static void dependents_differ(void **state) {
    (void)state;
    struct bytes_source source = {
        VIEW(ISA GS ST BILLING
             "HL*2*1*22*1~SBR*P~NM1*IL*1*A*B****MI*M1~DMG*D8*20100203*"
             "F~" CLM("A") "HL*3*2*23*0~NM1*QC*1*A*C~DMG*D8*20100203*"
                           "M~" CLM("B") "HL*4*2*23*0~NM1*QC*1*A*D~DMG*"
                                         "D8*20100203*M~" CLM("C") "HL*5*2*23*0~NM1*QC*1*"
                                                                   "a*d~DMG*D8*20100203*"
                                                                   "M~" CLM("D") TAIL),
        0, -1};
    struct claim_reader *reader;
    struct diag diag;
    uint64_t keys[4];
    assert_int_equal(claim_open(&reader, bytes_read, &source, NULL, &diag), STATUS_OK);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(claim_next(reader), CLAIM_READ);
        keys[i] = claim_now(reader)->patient_key;
        assert_int_equal(claim_now(reader)->patient_is_dependent, i > 0);
    }
    assert_true(keys[0] != keys[1] && keys[1] != keys[2] && keys[2] == keys[3]);
    claim_close(reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loops_survive),       cmocka_unit_test(fields_are_read),
        cmocka_unit_test(strangers_are_named), cmocka_unit_test(inputs_are_recognised),
        cmocka_unit_test(places_are_exact),    cmocka_unit_test(absent_is_known),
        cmocka_unit_test(claims_are_bounded),  cmocka_unit_test(dependents_differ)};
    return cmocka_run_group_tests_name("claim x12", tests, NULL, NULL);
}
