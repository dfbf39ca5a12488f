/* Damaged and hostile images: refused by store_open or store_verify, and never a crash. Run under
 * the sanitizers this proves that every access is bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <xxhash.h>

#include "store/room.h"

static char *image; /* the starter with some rows of every other section, of exactly its size */
static ptrdiff_t size;

static void begin(struct store_draft *draft, enum store_table table, const char *name) {
    struct store_edition edition = {.table = table,
                                    .name = view_of(name),
                                    .effective = {20700},
                                    .through = {20800},
                                    .from = DATE_NONE,
                                    .to = DATE_NONE,
                                    .dated = table == STORE_PTP_HOSPITAL};
    struct store_source source = {view_of(name), view_of(name), 1, 1};
    assert_int_equal(store_draft_begin(draft, &edition, &source), STORE_BEGIN_NEW);
}

static void rows_add(struct store_draft *draft) {
    begin(draft, STORE_PTP_HOSPITAL, "hospital");
    for (uint64_t i = 0; i < 200; i++) {
        struct code two = {code_of("64000").bits + (i << 24)};
        store_draft_pair(draft, code_of("62323"), two, DATE_NONE, DATE_NONE, '1',
                         store_draft_reason(draft, i % 2 ? VIEW("one") : VIEW("two")));
    }
    store_draft_end(draft);
    begin(draft, STORE_ZIP, "zips");
    for (uint64_t i = 0; i < 100; i++) {
        uint64_t cells[] = {code_of("10000").bits + (i << 24), store_draft_text(draft, VIEW("NY")),
                            code_of("13202").bits, code_of("01").bits, 'R', 0};
        store_draft_row(draft, DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
    }
    store_draft_end(draft);
    begin(draft, STORE_SPECIALTY, "specialties");
    uint64_t cells[] = {code_of("207LP290").bits, code_of("0X").bits,
                        store_draft_text(draft, VIEW("72")), 0};
    store_draft_row(draft, DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
    store_draft_end(draft);
    store_draft_license(draft, VIEW("ama_cpt"));
}

static int make_image(void **state) {
    (void)state;
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    const struct store *starter;
    struct view made = VIEW_NONE;
    assert_int_equal(store_open(&starter, store_starter(), &arena, &diag), STATUS_OK);
    struct store_draft *draft = store_draft_open(starter);
    assert_non_null(draft);
    rows_add(draft);
    assert_int_equal(store_draft_image(draft, &made, &diag), STATUS_OK);
    size = made.size;
    image = memory_grow(NULL, 0, size);
    if (image) {
        memcpy(image, made.at, (size_t)size);
    }
    store_draft_close(draft);
    arena_close(&arena);
    return image ? 0 : -1;
}

static int free_copy(void **state) {
    (void)state;
    memory_free(image);
    return 0;
}

/* Opens and verifies; the first complaint's code, or "" when there is none. */
static const char *complaint(struct view bytes) {
    struct arena arena = {0};
    const struct store *store = NULL;
    struct diag diag = DIAG_NONE;
    if (store_open(&store, bytes, &arena, &diag) == STATUS_OK) {
        (void)!store_verify(store, &diag);
    }
    arena_close(&arena);
    return diag.code;
}

static uint64_t next_random(uint64_t *seed) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 24;
}

static void whole_image_is_good(void **state) {
    (void)state;
    assert_string_equal(complaint((struct view){image, size}), "");
}

static void flipped_bytes_are_refused(void **state) {
    (void)state;
    uint64_t seed = 1;
    for (ptrdiff_t at = 0; at < size; at += at < (ptrdiff_t)IMAGE_START ? 1 : 709) {
        char flip = (char)(1 << next_random(&seed) % 8);
        image[at] ^= flip;
        if (complaint((struct view){image, size})[0] == 0) {
            fail_msg("byte %td flipped was not noticed", at);
        }
        image[at] ^= flip;
    }
}

static void named_damage(void **state) {
    (void)state;
    image[0] ^= 1;
    assert_string_equal(complaint((struct view){image, size}), "store_not_a_store");
    image[0] ^= 1;
    image[8] ^= 2;
    assert_string_equal(complaint((struct view){image, size}), "store_version");
    image[8] ^= 2;
    image[size / 2] ^= 4;
    assert_string_equal(complaint((struct view){image, size}), "store_damaged");
    image[size / 2] ^= 4;
    assert_string_equal(complaint(VIEW("<html>")), "store_not_a_store");
    assert_string_equal(complaint(VIEW_NONE), "store_not_a_store");
    assert_string_equal(complaint((struct view){image, size - 1}), "store_damaged");
}

/* Cut-off copies of exactly their size, so that a read past the end is seen. */
static void cut_images_are_refused(void **state) {
    (void)state;
    for (ptrdiff_t cut = 0; cut < size; cut += cut < (ptrdiff_t)IMAGE_START + 64 ? 1 : 40009) {
        char *copy = memory_grow(NULL, 0, cut + 1);
        assert_non_null(copy);
        memcpy(copy, image, (size_t)cut);
        assert_true(complaint((struct view){copy, cut})[0] != 0);
        if (cut >= (ptrdiff_t)sizeof(struct image_header)) {
            uint64_t told = (uint64_t)cut;
            memcpy(copy + offsetof(struct image_header, size), &told, sizeof told);
            assert_true(complaint((struct view){copy, cut})[0] != 0);
        }
        memory_free(copy);
    }
}

/* Every lookup, with keys spread over all tables. */
static void look_everywhere(const struct store *store, uint64_t *seed) {
    struct store_when when = {{20000 + (int32_t)(next_random(seed) % 1200)}, DATE_NONE};
    struct store_mpfs mpfs;
    struct store_pair pair[4];
    struct store_mue mue;
    struct store_addon addon;
    struct store_drug drug;
    struct store_family family;
    struct store_ended ended;
    struct store_dx dx;
    struct store_pos pos;
    struct store_payer payer;
    struct store_proof proof;
    struct code codes[4];
    struct view row;
    uint32_t member;
    uint32_t id = (uint32_t)(next_random(seed) % (store->codes_count + 2));
    uint32_t other = (uint32_t)(next_random(seed) % (store->codes_count + 2));
    store_code_id(store, store_code(store, id));
    store_label(store, id);
    store_ended(store, id, when, &ended);
    store_mpfs(store, id, CODE_NONE, when, &mpfs);
    store_pair(store, id, other, when, pair);
    store_pair_rows(store, id, other, DATE_NONE, pair, COUNT_OF(pair));
    store_mue(store, id, when, &mue);
    store_addon(store, id, 3, when, &addon);
    store_addon_primary(store, id, other, when, &addon);
    store_drug(store, id, when, &drug);
    store_family(store, id, &family);
    static const char *const diagnoses[] = {"M47816", "M5416", "M5116", "M722", "Z", "S39012A"};
    struct code a = code_of(diagnoses[next_random(seed) % 6]);
    struct code b = code_of(diagnoses[next_random(seed) % 6]);
    store_dx(store, a, when, &dx);
    store_dx_edition(store, when, &proof);
    store_dx_below(store, a, when, codes, COUNT_OF(codes));
    store_dx_region(store, a, when, &proof);
    store_dx_side(store, b, when, &proof);
    store_excludes1(store, a, b, when, &row, &proof);
    store_modifier(store, code_of(next_random(seed) % 2 ? "59" : "LT"), when, &proof);
    store_pos(store, code_of("11"), when, &pos);
    store_payer(store, VIEW("medicare"), &payer);
    store_payer_profile(store, VIEW("60054"), code_of("MB"));
    int set = (int)(next_random(seed) % (store->sets_count + 1));
    store_code_set_name(store, set);
    store_code_set_member(store, set, (int)(next_random(seed) % 9), &member);
}

/* The same for what only imported stores have. */
static void look_at_imports(const struct store *store, uint64_t *seed) {
    struct store_when when = {{20700 + (int32_t)(next_random(seed) % 200)}, DATE_NONE};
    uint32_t id = (uint32_t)(next_random(seed) % (store->codes_count + 2));
    uint32_t other = (uint32_t)(next_random(seed) % (store->codes_count + 2));
    struct store_pair pair[4];
    uint64_t cursor = 0;
    struct code dx;
    uint32_t found;
    store_pair_next(store, id, &cursor, &found);
    cursor = (uint64_t)(next_random(seed) % 40000) << 32;
    store_dx_next(store, &cursor, &dx);
    store_pair_hospital(store, id, other, when, pair);
    store_pair_hospital_rows(store, id, other, DATE_NONE, pair, COUNT_OF(pair));
    uint32_t at = store_sheet_find(store, STORE_ZIP, code_of("10050").bits, 0, &found);
    store_sheet_find(store, STORE_SPECIALTY, code_of("207LP290").bits, 1, &found);
    for (int column = 0; column < 7; column++) {
        store_sheet_cell(store, STORE_ZIP, at, column);
    }
    store_sheet_holds(store, STORE_ZIP, at, when);
    store_sheet_proof(store, STORE_SPECIALTY, 0);
    store_license(store, 0);
    store_in_extract(store, id);
    for (int i = 0; i < store_release_count(store); i++) {
        store_release(store, i);
        store_stale(store, (uint16_t)i, when.on);
    }
}

/* The same for pricing. */
static void look_at_payment(const struct store *store, uint64_t *seed) {
    struct store_when when = {{20400 + (int32_t)(next_random(seed) % 400)}, DATE_NONE};
    struct code carrier = code_of("07302"), locality = code_of("00");
    struct store_locality place;
    struct store_proof proof;
    struct view source;
    struct money money[2];
    int64_t number[2];
    int32_t factor;
    bool flag;
    store_locality(store, carrier, locality, when, &place);
    store_zip(store, VIEW("39201"), when, &carrier, &locality, &flag, &proof);
    store_anesthesia(store, carrier, locality, when, number, &proof);
    store_asp(store, code_of("J3301"), when, &number[0], &number[1], &proof);
    store_payment_rule(store, "SEQUESTRATION", when, number, &source, &flag, &proof);
    store_payment(store, code_of("72148"), CODE_NONE, carrier, locality, when, &money[0],
                  &money[1], &proof);
    store_opps_cap(store, code_of("72148"), CODE_NONE, carrier, locality, when, &money[0],
                   &money[1], &proof);
    store_qpp_conversion(store, code_of("72148"), CODE_NONE, when, &factor, &proof);
}

/* Bytes changed with malice: the checksum is right, the content is not. */
static void hostile_images_never_crash(void **state) {
    (void)state;
    uint64_t seed = 7;
    for (int round = 0; round < 3000; round++) {
        struct image_section section;
        size_t which = next_random(&seed) % IMAGE_SECTIONS;
        memcpy(&section, image + sizeof(struct image_header) + which * sizeof section,
               sizeof section);
        ptrdiff_t at = round % 4 == 0 ? (ptrdiff_t)(next_random(&seed) % IMAGE_START)
                                      : (ptrdiff_t)(section.offset + next_random(&seed) % 64);
        char old[8];
        at = at > size - 8 ? size - 8 : at;
        memcpy(old, image + at, 8);
        for (uint64_t i = 0; i < 1 + next_random(&seed) % 8; i++) {
            image[at + (ptrdiff_t)i] = (char)(round % 3 ? next_random(&seed) : 0xff);
        }
        struct arena arena = {0};
        struct diag diag = DIAG_NONE;
        const struct store *store;
        if (store_open(&store, (struct view){image, size}, &arena, &diag) == STATUS_OK) {
            (void)!image_check(store, &diag);
            if (round % 50 == 0) { /* growing a damaged store */
                struct store_draft *draft = store_draft_open(store);
                struct view grown;
                (void)!store_draft_image(draft, &grown, &diag);
                store_draft_close(draft);
            }
            for (int i = 0; i < 40; i++) {
                look_everywhere(store, &seed);
                look_at_imports(store, &seed);
                look_at_payment(store, &seed);
            }
        }
        arena_close(&arena);
        memcpy(image + at, old, 8);
    }
    assert_string_equal(complaint((struct view){image, size}), "");
}

/* What the checksum cannot see: rows that contradict the format are named. */
static void wrong_rows_are_found(void **state) {
    (void)state;
    static const struct {
        enum image_section_index section;
        int byte;
    } cases[] = {
        {IMAGE_codes, 3},        {IMAGE_code_slots, 5},
        {IMAGE_pair_first, 3},   {IMAGE_proofs, 33},
        {IMAGE_mpfs, 0},         {IMAGE_mue, 5},
        {IMAGE_addons, 2},       {IMAGE_dx_first, 3},
        {IMAGE_dx_class, 1},     {IMAGE_class_rows, 1},
        {IMAGE_dx_regions, 8},   {IMAGE_dx_sides, 13},
        {IMAGE_exclude_uses, 3}, {IMAGE_modifiers, 3},
        {IMAGE_places, 1},       {IMAGE_set_members, 3},
        {IMAGE_payer_ids, 9},    {IMAGE_labels, 3},
        {IMAGE_releases, 0},     {IMAGE_family_first, 3},
        {IMAGE_drugs, 5},        {IMAGE_exclude_prefixes, 9},
        {IMAGE_dx_editions, 1},  {IMAGE_excludes, 25},
        {IMAGE_code_flags, 0},   {IMAGE_hospital_first, 3},
        {IMAGE_sheets, 0},       {IMAGE_sheet_columns, 3},
        {IMAGE_sheet_bytes, 61}, {IMAGE_licenses, 3},
        {IMAGE_reasons, 3},      {IMAGE_hospital_reasons, 0},
        {IMAGE_proofs, 24},      {IMAGE_pair_reason_first, 3},
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct image_section section;
        memcpy(&section,
               image + sizeof(struct image_header) + (size_t)cases[i].section * sizeof section,
               sizeof section);
        char *byte = image + section.offset + cases[i].byte;
        char old = *byte;
        *byte = (char)(old ^ 0x7e);
        struct image_header header, right;
        memcpy(&right, image, sizeof right);
        header = right;
        header.checksum = XXH3_64bits(image + sizeof header, (size_t)size - sizeof header);
        memcpy(image, &header, sizeof header);
        if (strcmp(complaint((struct view){image, size}), "store_damaged") != 0) {
            fail_msg("case %d was not noticed", i);
        }
        *byte = old;
        memcpy(image, &right, sizeof right);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_image_is_good),        cmocka_unit_test(named_damage),
        cmocka_unit_test(flipped_bytes_are_refused),  cmocka_unit_test(cut_images_are_refused),
        cmocka_unit_test(hostile_images_never_crash), cmocka_unit_test(wrong_rows_are_found),
    };
    return cmocka_run_group_tests(tests, make_image, free_copy);
}
