/* The public interface, used as a program outside of the project would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <claimvet/claimvet.h>

static const char clean_claim[] =
    "{\"claim_id\":\"L1\",\"payer\":{\"profile\":\"medicare\"},\"place_of_service\":\"11\","
    "\"service_date\":\"2026-08-10\",\"diagnoses\":{\"A\":\"M51.16\"},"
    "\"lines\":[{\"code\":\"62323\",\"units\":1,\"diagnosis_pointers\":[\"A\"]}]}";
static const char wrong_claim[] =
    "{\"claim_id\":\"L2\",\"payer\":{\"profile\":\"medicare\"},\"place_of_service\":\"11\","
    "\"service_date\":\"2026-08-10\",\"diagnoses\":{\"A\":\"M51.16\"},"
    "\"lines\":[{\"code\":\"62323\",\"units\":3,\"diagnosis_pointers\":[\"A\"]}]}";

struct sink {
    char at[65536];
    size_t size;
};

static int take(void *context, const char *bytes, size_t size) {
    struct sink *sink = context;
    if (size > sizeof sink->at - 1 - sink->size) {
        return 1;
    }
    memcpy(sink->at + sink->size, bytes, size);
    sink->size += size;
    sink->at[sink->size] = 0;
    return 0;
}

static int refuse(void *context, const char *bytes, size_t size) {
    (void)context;
    (void)bytes;
    (void)size;
    return 1;
}

static int audit(const char *claim, const char *format, claimvet_write *write, struct sink *sink) {
    char error[CLAIMVET_ERROR_SIZE] = "";
    struct claimvet *vet = claimvet_open(&(struct claimvet_options){0}, error);
    assert_non_null(vet);
    sink->size = 0;
    int status = claimvet_audit(vet, claim, strlen(claim), format, write, sink, error);
    claimvet_close(vet);
    return status;
}

static void statuses_tell_what_was_found(void **state) {
    (void)state;
    struct sink sink;
    assert_int_equal(audit(clean_claim, "json", take, &sink), CLAIMVET_CLEAN);
    assert_non_null(strstr(sink.at, "\"claim_id\":\"L1\""));
    assert_int_equal(audit(wrong_claim, "json", take, &sink), CLAIMVET_FINDINGS);
    assert_non_null(strstr(sink.at, "\"rule\":\"mue_exceeded\""));
    assert_int_equal(audit("this is no claim", "json", take, &sink), CLAIMVET_INPUT);
    assert_non_null(strstr(sink.at, "\"errors\":[{"));
    assert_int_equal(audit("", "json", take, &sink), CLAIMVET_INPUT);
    assert_int_equal(audit(clean_claim, "xml", take, &sink), CLAIMVET_USAGE);
    assert_int_equal(audit(clean_claim, "json", refuse, &sink), CLAIMVET_SYSTEM);
}

static void options_are_checked(void **state) {
    (void)state;
    char error[CLAIMVET_ERROR_SIZE] = "";
    assert_null(claimvet_open(&(struct claimvet_options){.payer = "medicar"}, error));
    assert_string_equal(error, "unknown payer profile medicar");
    assert_null(claimvet_open(&(struct claimvet_options){.as_of = "2026-02-30"}, error));
    assert_string_equal(error, "as_of is no date, write it as YYYY-MM-DD");
    assert_null(claimvet_open(&(struct claimvet_options){.store = "no store", .store_size = 8},
                              error));
    assert_true(strlen(error) > 0);
    claimvet_close(NULL);
}

static void one_handle_remembers_its_claims(void **state) {
    (void)state;
    static const char repeated[] =
        "{\"claim_id\":\"L3\",\"payer\":{\"profile\":\"medicare\"},\"place_of_service\":\"11\","
        "\"service_date\":\"2026-08-10\",\"patient\":{\"id\":\"P1\",\"birth_date\":\"1950-01-01\"},"
        "\"rendering_provider\":{\"npi\":\"1234567893\"},\"diagnoses\":{\"A\":\"M51.16\"},"
        "\"lines\":[{\"code\":\"62323\",\"units\":1,\"diagnosis_pointers\":[\"A\"]}]}";
    char error[CLAIMVET_ERROR_SIZE];
    struct sink sink = {.size = 0};
    struct claimvet *vet = claimvet_open(&(struct claimvet_options){0}, error);
    assert_non_null(vet);
    for (int i = 0; i < 2; i++) {
        assert_null(sink.size ? strstr(sink.at, "duplicate_claim") : NULL);
        claimvet_audit(vet, repeated, strlen(repeated), "json", take, &sink, error);
    }
    assert_non_null(strstr(sink.at, "duplicate_claim"));
    claimvet_close(vet);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_tell_what_was_found),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(one_handle_remembers_its_claims),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
