/* gen837: practices, patients and right claims. */
#include <string.h>

#include "gen.h"

#define DAYS 240        /* dates of service spread over so many days … */
#define DAYS_JITTER 7   /* … and a week around each */
#define VISITS 3        /* of a patient, DAYS / VISITS days apart: no global period is met */

static const char *const last_names[] = {
    "SMITH",  "JOHNSON", "WILLIAMS", "BROWN",  "JONES", "GARCIA",   "MILLER", "DAVIS",
    "MARTIN", "LOPEZ",   "WILSON",   "MOORE",  "LEE",   "THOMPSON", "WHITE",  "HARRIS",
    "CLARK",  "LEWIS",   "WALKER",   "YOUNG",  "KING",  "WRIGHT",   "TORRES", "NGUYEN",
    "HILL",   "GREEN",   "ADAMS",    "NELSON", "BAKER", "RIVERA",   "CARTER", "O'NEIL"};
static const char *const female_names[] = {"MARY",  "LINDA", "SUSAN", "KAREN",
                                           "NANCY", "BETTY", "DONNA", "SANDRA"};
static const char *const male_names[] = {"JAMES", "ROBERT", "JOHN",   "DAVID",
                                         "PAUL",  "MARK",   "DONALD", "DANIEL"};
static const struct gen_place places[] = {
    {"HOUSTON", "TX", "77030"},   {"PHOENIX", "AZ", "85004"},   {"TAMPA", "FL", "33602"},
    {"ATLANTA", "GA", "30303"},   {"NASHVILLE", "TN", "37203"}, {"DENVER", "CO", "80202"},
    {"CHARLOTTE", "NC", "28202"}, {"JACKSON", "MS", "39201"}};
/* Medicare twice: about half of the patients of a pain practice. */
static const struct gen_payer payers[] = {
    {"MEDICARE PART B", "04412", "MB"}, {"MEDICARE PART B", "04412", "MB"},
    {"MEDICARE PART B", "04412", "MB"}, {"MEDICARE PART B", "04412", "MB"},
    {"UNITEDHEALTHCARE", "87726", "CI"}, {"AETNA", "60054", "CI"},
    {"CIGNA", "62308", "CI"}, {"BLUE CROSS BLUE SHIELD", "84980", "BL"}};
static const char *const taxonomies[] = {"208VP0014X", "207LP2900X", "2081P2900X"};
static const char *const other_diagnoses[] = {"I10", "E119", "E785", "Z87891"};

#define PICK(chance, table) ((table)[chance_below((chance), (int)COUNT_OF(table))])

void text_set(char *to, size_t size, struct view from) {
    size_t count = from.size < 0 ? 0 : (size_t)from.size;
    if (count > size - 1) {
        count = size - 1;
    }
    memcpy(to, from.at ? from.at : "", count);
    to[count] = 0;
}

static void digits_make(struct chance *chance, char *to, int count) {
    for (int i = 0; i < count; i++) {
        to[i] = (char)('0' + chance_below(chance, 10));
    }
    to[count] = 0;
}

void practices_make(struct gen *gen) {
    for (int i = 0; i < GEN_PRACTICES; i++) {
        struct chance chance = chance_open(gen->seed, CHANCE_PRACTICE, i);
        struct gen_practice *practice = &gen->practices[i];
        practice->number = i + 1;
        chance_npi(&chance, practice->npi);
        chance_npi(&chance, practice->center_npi);
        digits_make(&chance, practice->tin, 9);
        practice->tin[0] = '9';
        practice->street = 100 + chance_below(&chance, 9000);
        practice->place = PICK(&chance, places);
        for (int d = 0; d < GEN_DOCTORS; d++) {
            struct gen_doctor *doctor = &practice->doctors[d];
            doctor->last = PICK(&chance, last_names);
            doctor->first = d % 2 ? PICK(&chance, male_names) : PICK(&chance, female_names);
            chance_npi(&chance, doctor->npi);
        }
    }
}

static int64_t person_count(const struct gen *gen) { return (gen->claims + VISITS - 1) / VISITS; }

static int64_t person_of(const struct gen *gen, int64_t index) {
    return index % person_count(gen);
}

int claim_practice(const struct gen *gen, int64_t index) {
    int64_t block = person_of(gen, index) / GEN_BLOCK;
    struct chance chance = chance_open(gen->seed, CHANCE_PRACTICE, GEN_PRACTICES + block);
    return chance_below(&chance, GEN_PRACTICES);
}

struct date claim_day(const struct gen *gen, int64_t index) {
    return (struct date){date_from_ymd(2026, 1, 5).day + (int32_t)(index * DAYS / gen->claims)};
}

/* Letter in the second place that no true Medicare number has there, as in CMS's test data. */
static void medicare_number(struct chance *chance, char member[12]) {
    digits_make(chance, member, 11);
    member[0] = (char)('1' + chance_below(chance, 9));
    member[1] = 'S';
    member[4] = (char)("ACDEFGHJ"[chance_below(chance, 8)]);
    member[7] = (char)("KMNPQRTU"[chance_below(chance, 8)]);
    member[8] = (char)("VWXYACDE"[chance_below(chance, 8)]);
}

static void person_make(const struct gen *gen, int64_t number, struct gen_person *person) {
    struct chance chance = chance_open(gen->seed, CHANCE_PERSON, number);
    person->payer = &payers[chance_below(&chance, (int)COUNT_OF(payers))];
    person->medicare = person->payer->filing[0] == 'M';
    person->dependent = !person->medicare && chance_below(&chance, 100) < 15;
    person->sex = chance_below(&chance, 2) ? 'F' : 'M';
    person->last = PICK(&chance, last_names);
    person->first = person->sex == 'F' ? PICK(&chance, female_names) : PICK(&chance, male_names);
    person->subscriber = PICK(&chance, male_names);
    if (person->medicare) {
        medicare_number(&chance, person->member);
    } else {
        digits_make(&chance, person->member, 10);
        person->member[0] = 'W';
    }
    /* One draw a statement: C leaves the order of arguments open, and compilers differ in it. */
    int year = (person->medicare ? 1936 : 1968) + chance_below(&chance, 24);
    int month = 1 + chance_below(&chance, 12);
    int day = 1 + chance_below(&chance, 28);
    person->birth = date_from_ymd(year, month, day);
    person->street = 1 + chance_below(&chance, 9999);
    person->place = PICK(&chance, places);
}

const char *claim_side(const struct gen_claim *claim) { return claim->left ? "LT" : "RT"; }

void line_add_modifier(struct gen_line *line, const char *modifier) {
    if (line->modifier_count < GEN_MODIFIERS_MAX) {
        text_set(line->modifiers[line->modifier_count++], 3, view_of(modifier));
    }
}

struct gen_line *claim_add_line(struct gen_claim *claim, const char *code, int units,
                                int dollars) {
    struct gen_line *line = &claim->lines[claim->line_count++];
    *line = (struct gen_line){.units = units, .dollars = dollars, .pointers = {1},
                              .pointer_count = 1};
    text_set(line->code, sizeof line->code, view_of(code));
    claim->dollars += dollars;
    return line;
}

static void modifier_make(const struct gen_claim *claim, struct gen_line *line, struct view word) {
    char text[3];
    text_set(text, sizeof text, word);
    if (word.size == 2) {
        line_add_modifier(line, text);
        return;
    }
    switch (text[0]) {
    case 'S': line_add_modifier(line, claim_side(claim)); break;
    case 'K':
        if (claim->person.medicare) {
            line_add_modifier(line, "KX");
        }
        break;
    case 'Z':
        if (claim->person.medicare) {
            line_add_modifier(line, "JZ");
        }
        break;
    case 'F':
        if (claim->facility) {
            line_add_modifier(line, "26");
        }
        break;
    default: break;
    }
}

/* Commercial payers want the drug's NDC; the numbers are made up. */
static void drug_make(const struct gen_claim *claim, struct gen_line *line,
                      struct chance *chance) {
    if (!claim->person.medicare) {
        digits_make(chance, line->ndc, 11);
        line->ndc[0] = '9';
    }
}

static void lines_make(struct gen_claim *claim, struct chance *chance) {
    for (int i = 0; i < claim->visit->line_count; i++) {
        const struct gen_visit_line *from = &claim->visit->lines[i];
        bool drug = from->code.at[0] == 'J';
        if (drug && claim->facility) {
            continue;
        }
        char code[6];
        text_set(code, sizeof code, from->code);
        struct gen_line *line = claim_add_line(claim, code, from->units, from->dollars);
        struct view rest = from->modifiers;
        while (rest.at && rest.size > 0) {
            modifier_make(claim, line, view_cut(&rest, ','));
        }
        if (drug) {
            drug_make(claim, line, chance);
        }
        if (i == 0) {
            for (int d = 1; d < claim->diagnosis_count && d < 4; d++) {
                line->pointers[line->pointer_count++] = d + 1;
            }
        }
    }
}

static void diagnosis_add(struct gen_claim *claim, struct view code) {
    if (claim->diagnosis_count < GEN_DIAGNOSES_MAX) {
        char *to = claim->diagnoses[claim->diagnosis_count++];
        text_set(to, sizeof claim->diagnoses[0], code);
    }
}

static void diagnoses_make(struct gen_claim *claim, struct chance *chance) {
    const struct gen_visit *visit = claim->visit;
    claim->left = chance_below(chance, 2);
    claim->choice = chance_below(chance, visit->right_count);
    diagnosis_add(claim, claim->left ? visit->left[claim->choice] : visit->right[claim->choice]);
    for (int i = 0; i < visit->more_count; i++) {
        diagnosis_add(claim, visit->more[i]);
    }
    if (chance_below(chance, 100) < 35) {
        diagnosis_add(claim, view_of(PICK(chance, other_diagnoses)));
    }
}

static bool is_facility(struct view place) {
    return view_equal(place, VIEW("24")) || view_equal(place, VIEW("22"));
}

void claim_make(const struct gen *gen, int64_t index, int attempt, struct gen_claim *claim) {
    struct chance chance = chance_open(gen->seed, CHANCE_CLAIM, index + attempt * gen->claims);
    *claim = (struct gen_claim){.ordinal = index + 1, .frequency = '1'};
    claim->practice = &gen->practices[claim_practice(gen, index)];
    claim->doctor = &claim->practice->doctors[chance_below(&chance, GEN_DOCTORS)];
    memcpy(claim->rendering_npi, claim->doctor->npi, sizeof claim->rendering_npi);
    text_set(claim->taxonomy, sizeof claim->taxonomy, view_of(PICK(&chance, taxonomies)));
    person_make(gen, person_of(gen, index), &claim->person);
    claim->visit = visits_draw(&gen->visits, &chance, claim->person.medicare);
    struct view place = claim->visit->places[chance_below(&chance, claim->visit->place_count)];
    text_set(claim->place, sizeof claim->place, place);
    claim->facility = is_facility(place);
    claim->onset_days = 60 + chance_below(&chance, 600);
    const struct gen_practice *other = &PICK(&chance, gen->practices);
    const struct gen_doctor *referring = &PICK(&chance, other->doctors);
    claim->referring = chance_below(&chance, 2) ? referring : NULL;
    claim->authorized = !claim->person.medicare && chance_below(&chance, 2);
    claim->on = (struct date){claim_day(gen, index).day + chance_below(&chance, DAYS_JITTER)};
    diagnoses_make(claim, &chance);
    lines_make(claim, &chance);
}

/* "PC" and ten digits. */
void claim_name(int64_t ordinal, char name[14]) {
    memcpy(name, "PC0000000000", 13);
    for (int i = 11; i > 1; i--) {
        name[i] = (char)('0' + ordinal % 10);
        ordinal /= 10;
    }
}
