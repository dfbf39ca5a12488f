/* claim: tables of JSON and CSV inputs with all that comes out of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "claim_dump.h"

struct text_case {
    const char *name;
    const char *in;
    const char *map;      /* NULL: none */
    const char *contains; /* lines that must come out, in this order */
    const char *lacks;    /* NULL, or text that must not */
};

static void case_run(const struct text_case *c, ptrdiff_t step) {
    struct claim_options options = {.csv_map = view_of(c->map)};
    dump_check(c->name, c->in, step, &options, c->contains, c->lacks);
}

static void cases_run(const struct text_case *cases, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) {
        case_run(&cases[i], 0);
        case_run(&cases[i], 1);
        case_run(&cases[i], 13);
    }
}

#define CLAIM(id) "{\"claim_id\":\"" id "\",\"lines\":[{\"code\":\"99213\"}]}"

static const struct text_case json_files_cases[] = {
    {"object", CLAIM("A"), NULL, "claim=A\ncode=99213", "fault"},
    {"bom and blanks", "\xEF\xBB\xBF \r\n" CLAIM("A") "\n\n", NULL, "claim=A", "fault"},
    {"array", "[" CLAIM("A") ",\n" CLAIM("B") "]\n", NULL, "claim=A\nclaim=B", "fault"},
    {"lines", CLAIM("A") "\n" CLAIM("B") "\r\n\n" CLAIM("C"), NULL, "claim=A\nclaim=B\nclaim=C",
     "fault"},
    {"objects over many lines",
     "{\"claim_id\":\n\"A\",\"lines\":\n[\n{\"code\":\"1\"}\n]\n}\n"
     "{\n\"claim_id\":\"B\",\"lines\":[{\"code\":\"2\"}]}",
     NULL, "claim=A\nclaim=B", "fault"},
    {"braces in text", "{\"claim_id\":\"A}]\\\"{\",\"lines\":[{\"code\":\"1\"}]}\n" CLAIM("B"),
     NULL, "claim=A}]\"{\nclaim=B", "fault"},
    {"bad line costs itself", CLAIM("A") "\n{\"claim_id\":\"B\",\"lines\":[}\n" CLAIM("C"), NULL,
     "claim=A\nfault json_syntax line 2 column 26 byte 69:\nclaim=C", "fault claim"},
    {"first line cut off", "{\"claim_id\":\"A\",\"lines\":[\n" CLAIM("B"), NULL,
     "fault json_syntax line 1 column 26 byte 25\nclaim=B", NULL},
    {"first line cut off in a text", "{\"claim_id\":\"A\",\"lin\n" CLAIM("B"), NULL,
     "fault json_syntax line 1\nclaim=B", NULL},
    {"last line cut off", CLAIM("A") "\n{\"claim_id\":\"B\",", NULL,
     "claim=A\nfault json_syntax line 2 column 17 byte 60: no valid JSON: the claim is not "
     "closed",
     NULL},
    {"bad element of an array",
     "[" CLAIM("A") ",{\"claim_id\":7,"
                    "\"lines\":[]},17,\"a,]\"," CLAIM("B") "]",
     NULL,
     "claim=A\nfault claim_schema\nclaim_id: must be a text\nfault json_syntax\n"
     "no object\nfault json_syntax\nclaim=B",
     NULL},
    {"array not closed", "[" CLAIM("A"), NULL, "claim=A\nthe array of claims is not closed", NULL},
    {"text behind", CLAIM("A") " x\n" CLAIM("B"), NULL,
     "claim=A\nfault json_syntax line 1 column 45 byte 44: text that is no claim\nclaim=B", NULL},
    {"no claims", "[]\n", NULL, "fault no_claims", NULL},
    {"deep",
     "{\"claim_id\":\"A\",\"x\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]"
     "]]]]]]]]]]]]]]]]]]]]]]]],\"lines\":[]}\n" CLAIM("B"),
     NULL, "fault json_syntax\nclaim=B", NULL},
    {"not UTF-8", "{\"claim_id\":\"\xC3\x28\",\"lines\":[{\"code\":\"1\"}]}\n" CLAIM("B"), NULL,
     "fault json_syntax\nclaim=B", NULL},
};

static void json_files(void **state) {
    (void)state;
    cases_run(json_files_cases, COUNT_OF(json_files_cases));
}

#define FIELDS(text) "{\"claim_id\":\"A\"," text ",\"lines\":[{\"code\":\"1\"}]}"
#define LINE(text) "{\"claim_id\":\"A\",\"lines\":[{\"code\":\"1\"},{\"code\":\"1\"," text "}]}"

static const struct text_case json_fields_cases[] = {
    {"number from its text", LINE("\"units\":1.10,\"charge\":1e2"), NULL,
     "fault claim_schema line 1 column 1 byte 0: lines[1].charge: must be an amount", NULL},
    {"big number", LINE("\"units\":123456789012345678901234567890"), NULL,
     "lines[1].units: must be a number", NULL},
    {"not a number", LINE("\"units\":NaN"), NULL, "fault", "units="},
    {"exact", LINE("\"units\":0.125,\"charge\":\"0.10\",\"dose_mg\":40.000"), NULL,
     "units=0.125\ncharge=0.10\ndose_mg=40", "fault"},
    {"four decimals", LINE("\"units\":0.1255"), NULL, "lines[1].units", NULL},
    {"date that is none", FIELDS("\"service_date\":\"2026-02-30\""), NULL,
     "date_bad=1\n date_bad=1", "fault"},
    {"line's own date wins",
     "{\"claim_id\":\"A\",\"service_date\":\"2026-13-01\",\"lines\":["
     "{\"code\":\"1\",\"service_date\":\"2026-08-10\"}]}",
     NULL, "date_bad=1\nfrom=2026-08-10\nto=2026-08-10", " date_bad"},
    {"date of another type", FIELDS("\"service_date\":20260810"), NULL,
     "service_date: must be a text in quotes", NULL},
    {"no id", "{\"lines\":[{\"code\":\"1\"}]}", NULL, "claim_id: is missing", NULL},
    {"long id", "{\"claim_id\":\"123456789012345678901234567890123456789\",\"lines\":[]}", NULL,
     "claim_id: is longer than 38 bytes", NULL},
    {"no lines", "{\"claim_id\":\"A\"}", NULL, "lines: must hold at least one", NULL},
    {"lines of another type", "{\"claim_id\":\"A\",\"lines\":{}}", NULL, "lines: must be a list",
     NULL},
    {"line of another type", "{\"claim_id\":\"A\",\"lines\":[7]}", NULL,
     "lines[0]: must be an object", NULL},
    {"no code", "{\"claim_id\":\"A\",\"lines\":[{\"units\":1}]}", NULL, "lines[0].code: is missing",
     NULL},
    {"code that fits no code", "{\"claim_id\":\"A\",\"lines\":[{\"code\":\"99-213\"}]}", NULL,
     "code_given=99-213", "fault"},
    {"modifiers", LINE("\"modifiers\":[\"25\",\"lt\"]"), NULL, "modifier=25\nmodifier=LT", "fault"},
    {"five modifiers", LINE("\"modifiers\":[\"1\",\"2\",\"3\",\"4\",\"5\"]"), NULL,
     "lines[1].modifiers: more than four", NULL},
    {"modifier of another type", LINE("\"modifiers\":[25]"), NULL,
     "lines[1].modifiers: must be texts", NULL},
    {"pointers", LINE("\"diagnosis_pointers\":[\"A\",\"L\",\"M\"]"), NULL,
     "pointer=1\npointer=12\npointer=0", "fault"},
    {"kind", LINE("\"kind\":\"laser\""), NULL, "lines[1].kind: must be one of dx tx rfa cyst",
     NULL},
    {"container", LINE("\"container\":\"multi\",\"kind\":\"rfa\""), NULL, "container=2\nkind=3",
     "fault"},
    {"letters", FIELDS("\"diagnoses\":{\"A\":\"M54.16\",\"C\":\"z98.1\",\"M\":\"M54.5\"}"), NULL,
     "dx=M5416\ndx=Z981\ndx_extra=1", "fault"},
    {"diagnosis keys", FIELDS("\"diagnoses\":{\"1\":\"M54.16\"}"), NULL,
     "diagnoses.: keys must be letters", NULL},
    {"diagnoses of another type", FIELDS("\"diagnoses\":[\"M54.16\"]"), NULL,
     "diagnoses: must be an object", NULL},
    {"age", FIELDS("\"patient\":{\"age\":\"68\"}"), NULL,
     "patient.age: must be a whole number from 0 to 150", NULL},
    {"sex", FIELDS("\"patient\":{\"sex\":\"X\"}"), NULL, "patient.sex: must be one of F M U", NULL},
    {"age from birth",
     "{\"claim_id\":\"A\",\"service_date\":\"2026-08-10\",\"patient\":"
     "{\"birth_date\":\"1958-08-11\"},\"lines\":[{\"code\":\"1\"}]}",
     NULL, "age=67", "fault"},
    {"provider of another type", FIELDS("\"billing_provider\":\"123\""), NULL,
     "billing_provider: must be an object", NULL},
    {"note", FIELDS("\"documentation\":{\"em_separate_note\":\"yes\"}"), NULL,
     "documentation.em_separate_note: must be true, false or null", NULL},
    {"history of another type", FIELDS("\"history\":[1]"), NULL, "history[0]: must be an object",
     NULL},
    {"type", FIELDS("\"claim_type\":\"facility_asc\""), NULL, "type=1", "fault"},
    {"nested path", FIELDS("\"other_payers\":[{\"adjustments\":[{\"amount\":true}]}]"), NULL,
     "other_payers[0].adjustments[0].amount: must be a number", NULL},
};

static void json_fields(void **state) {
    (void)state;
    cases_run(json_fields_cases, COUNT_OF(json_fields_cases));
}

#define HEAD "Claim ID,CPT,DOS,Units,Charge,Dx 1,Dx 2,Modifiers,Pointers\n"

static const struct text_case csv_files_cases[] = {
    {"rows of one claim", HEAD "A,1,2026-08-10,1,5\nA,2,8/1/2026,2,6\nB,3,20260810,1,7\n", NULL,
     "claim=A\ncode=1\ncharge=5.00\ncode=2\nfrom=2026-08-01\nclaim=B\nfrom=2026-08-10", "fault"},
    {"consecutive only", HEAD "A,1,2026-08-10\nB,1,2026-08-10\nA,1,2026-08-10\n", NULL,
     "claim=A\nclaim=B\nclaim=A", "fault"},
    {"tabs", "claim_id\tcode\tservice_date\nA\t1\t2026-08-10", NULL, "code=1", "fault"},
    {"pipes and carriage returns", "claim_id|code|service_date\rA|1|2026-08-10\rB|2|2026-08-10",
     NULL, "code=1\nclaim=B", "fault"},
    {"title before the header", "Claims of August\n\n" HEAD "A,1,2026-08-10\n", NULL, "code=1",
     "fault"},
    {"quotes",
     "\"Claim ID\",\"CPT\",\"DOS\",Payer\n\"A \"\"x\"\"\",1,\"2026-08-10\",\"Big, \n"
     "Payer\"\nB,2,2026-08-10,\n",
     NULL, "claim=A \"x\"\npayer_name=Big, \nPayer\ncode=1\nclaim=B", "fault"},
    {"cp1252", "Claim ID,CPT,DOS,Payer\nA,1,2026-08-10,Caf\xE9 \x80\n", NULL,
     "payer_name=Caf\xC3\xA9 \xE2\x82\xAC", "fault"},
    {"utf-8",
     "\xEF\xBB\xBF"
     "Claim ID,CPT,DOS,Payer\nA,1,2026-08-10,Caf\xC3\xA9\n",
     NULL, "payer_name=Caf\xC3\xA9", "fault"},
    {"money",
     "Claim ID,CPT,DOS,Charge\nA,1,2026-08-10,\"$1,234.5\"\nA,2,2026-08-10,(12.00)\n"
     "A,3,2026-08-10,\"1,23\"\nA,4,2026-08-10,-$7\n",
     NULL, "charge=1234.50\ncharge=-12.00\ncode=3\nbasis=UN\n from=\ncode=4\ncharge=-7.00", NULL},
    {"dates",
     "Claim ID,CPT,DOS\nA,1,08/10/2026 00:00\nA,2,2026-08-10T12:00:00\nA,3,"
     "10-Aug-2026\nA,4,2026-02-30\nA,5,13/01/2026\nA,6,8/10/26\n",
     NULL,
     "code=1\nfrom=2026-08-10\ncode=2\nfrom=2026-08-10\ncode=3\nfrom=2026-08-10\n"
     "code=4\ndate_bad=1\ncode=5\ndate_bad=1\ncode=6\ndate_bad=1",
     "fault"},
    {"diagnoses and pointers",
     HEAD "A,1,2026-08-10,1,5,M54.16,M47.816,2559,\"A,B\"\n"
          "A,2,2026-08-10,1,5,M54.16,G89.4,25 LT,C1\n",
     NULL,
     "dx=M5416\ndx=M47816\ndx=G894\ncode=1\nmodifier=25\nmodifier=59\npointer=1\n"
     "pointer=2\ncode=2\nmodifier=25\nmodifier=LT\npointer=3\npointer=1",
     "fault"},
    {"list of diagnoses",
     "claim_id,code,service_date,diagnoses,dxptr\nA,1,2026-08-10,"
     "M54.16;M54.17 Z98.1,12\n",
     NULL, "dx=M5416\ndx=M5417\ndx=Z981\npointer=1\npointer=2", "fault"},
    {"line overrides",
     "claim_id,code,service_date,pos,rendering npi,auth\nA,1,2026-08-10,11,1,X\n"
     "A,2,2026-08-10,24,2,X\nA,3,2026-08-10,11,1,\n",
     NULL, "rendering=1\npos=11\nauthorization=X\ncode=1\ncode=2\npos=24\nrendering=2\ncode=3",
     "fault"},
    {"map", "K,P,D,N\nA,1,2026-08-10,3\n",
     "claim_id = K\ncode=P\n# note\n\nservice_date = D\r\n"
     "units = N\n",
     "claim=A\ncode=1\nunits=3", "fault"},
    {"map wins", "Claim ID,CPT,Other,DOS\nA,1,2,2026-08-10\n", "code = Other", "code=2", "fault"},
    {"map with numbers", "Claim ID,CPT,DOS,X,Y\nA,1,2026-08-10,M54.16,M54.17\n",
     "diagnosis_1 = Y\ndiagnosis_2 = X", "dx=M5417\ndx=M5416", "fault"},
    {"map of an unknown field", HEAD, "cod = CPT",
     "fault csv_map line 1: line 1 of the map: "
     "we have no field cod",
     NULL},
    {"map of an unknown header", HEAD "A,1,2026-08-10", "units = Anzahl",
     "fault csv_map: the map names a column that the file has not: Anzahl", NULL},
    {"missing column", "Claim ID,CPT,Units\nA,1,1\n", NULL,
     "fault csv_column_missing line 1 byte 0: no column for service_date (such as \"DOS\")",
     "claim="},
    {"row too wide", HEAD "A,1,2026-08-10,1,1,234.00,M54.16,M54.17,25,A,B\nB,1,2026-08-10\n", NULL,
     "fault csv_row_width line 2 byte 59\nclaim=B", "claim=A"},
    {"row without id", HEAD ",1,2026-08-10\nB,1,2026-08-10\n", NULL,
     "fault csv_claim_id_missing line 2 byte 59\nclaim=B", NULL},
    {"open quote", HEAD "A,1,2026-08-10\nB,\"1,2026-08-10\n", NULL,
     "fault csv_quote_open line 3 byte 76\nclaim=A", "claim=B"},
    {"blank rows", HEAD "\n,,,\n  \nA,1,2026-08-10\n\n", NULL, "claim=A", "fault"},
    {"header only", HEAD, NULL, "fault no_claims", NULL},
};

static void csv_files(void **state) {
    (void)state;
    cases_run(csv_files_cases, COUNT_OF(csv_files_cases));
}

static void places_are_exact(void **state) {
    (void)state;
    struct view csv =
        VIEW("Claim ID,CPT,DOS,Units\nA,1,2026-08-10,2\n\"A\",\"22\", 2026-08-10,3\n");
    struct bytes_source source = {csv, 0, -1};
    struct claim_reader *reader;
    struct diag diag;
    assert_int_equal(claim_open(&reader, bytes_read, &source, NULL, &diag), STATUS_OK);
    assert_int_equal(claim_next(reader), CLAIM_READ);
    const struct claim_line *line = &claim_now(reader)->lines[1];
    assert_int_equal(line->at.segment, 3);
    assert_int_equal(line->at.byte, 40);
    assert_int_equal(line->code_at.element, 2);
    assert_int_equal(line->code_at.byte, 45);
    assert_memory_equal(csv.at + line->code_at.byte, "22", 2);
    assert_memory_equal(csv.at + line->units_at.byte, "3", 1);
    claim_close(reader);
}

static void many_lines_are_counted(void **state) {
    (void)state;
    struct out text;
    out_open(&text, NULL, NULL);
    OUT_TEXT(&text, HEAD);
    for (int i = 1; i <= 53; i++) {
        out_format(&text, "A,%d,2026-08-10\n", i);
    }
    struct out out;
    out_open(&out, NULL, NULL);
    input_dump(&out, out_bytes(&text), 0, NULL);
    out_char(&out, 0);
    assert_non_null(strstr(out.at, "code=50\n"));
    assert_null(strstr(out.at, "code=51\n"));
    assert_non_null(strstr(out.at, "lines_extra=3\n"));
    out_close(&out);
    out_close(&text);
}

/* Records beyond the limits cost one fault, and the next is read. */
static void sizes_are_bounded(void **state) {
    (void)state;
    struct out text;
    out_open(&text, NULL, NULL);
    OUT_TEXT(&text, "[{\"claim_id\":\"A\",\"x\":\"");
    for (int i = 0; i < 900000; i++) {
        OUT_TEXT(&text, "0123456789");
    }
    OUT_TEXT(&text, "\"}," CLAIM("B") "]");
    struct out out;
    out_open(&out, NULL, NULL);
    input_dump(&out, out_bytes(&text), 0, NULL);
    out_char(&out, 0);
    assert_string_equal(out.at, "fault json_too_large line 1 column 2 byte 1: a claim of more than "
                                "8 MiB: split it\n"
                                "claim=B\nline=1\n code=99213\n qualifier=HC\n basis=UN\n");
    out_close(&out);
    out_clear(&text);
    OUT_TEXT(&text, HEAD "A,1,2026-08-10\nB,\"");
    for (int i = 0; i < 110000; i++) {
        OUT_TEXT(&text, "0123456789");
    }
    out_open(&out, NULL, NULL);
    input_dump(&out, out_bytes(&text), 0, NULL);
    out_char(&out, 0);
    assert_non_null(strstr(out.at, "fault csv_quote_open line 3 byte 76"));
    out_close(&out);
    out_close(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_files),        cmocka_unit_test(json_fields),
        cmocka_unit_test(csv_files),         cmocka_unit_test(places_are_exact),
        cmocka_unit_test(sizes_are_bounded), cmocka_unit_test(many_lines_are_counted)};
    return cmocka_run_group_tests_name("claim text", tests, NULL, NULL);
}
