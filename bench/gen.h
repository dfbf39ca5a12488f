/* gen837: deterministic 837P files of a pain practice; see gen837.c.
 *
 * Everything about claim number i is a function of the seed and i, so that the generator keeps
 * nothing and a duplicate is the same claim made once more. */
#ifndef CLAIMVET_BENCH_GEN_H
#define CLAIMVET_BENCH_GEN_H

#include "base/base.h"

#define GEN_DIAGNOSES_MAX 13 /* one more than a claim may have, for the claims that are wrong */
#define GEN_LINES_MAX 12
#define GEN_MODIFIERS_MAX 4
#define GEN_PRACTICES 12
#define GEN_DOCTORS 6
#define GEN_BLOCK 40  /* patients of one practice in a row */
#define GEN_VISITS_MAX 64
#define GEN_CHOICES_MAX 8

/* ---- chance (gen_chance.c) --------------------------------------------------------------- */

struct chance {
    uint64_t state;
};

enum chance_stream { CHANCE_PRACTICE = 1, CHANCE_PERSON, CHANCE_CLAIM, CHANCE_WRONG };

struct chance chance_open(uint64_t seed, enum chance_stream stream, int64_t number);
int chance_below(struct chance *chance, int limit); /* 0 … limit - 1 */
/* Ten digits whose first is 2, a range that is not handed out, with a right check digit. */
void chance_npi(struct chance *chance, char npi[11]);

/* ---- visits (gen_visit.c) ---------------------------------------------------------------- */

struct gen_visit_line {
    struct view code;
    struct view modifiers;
    int units;
    int dollars;
};

struct gen_visit {
    int weight;
    struct view places[3];
    int place_count;
    bool medicare_only;
    bool commercial_only;
    struct view right[GEN_CHOICES_MAX]; /* first diagnosis, right or without a side */
    int right_count;
    struct view left[GEN_CHOICES_MAX]; /* as many as `right` */
    struct view more[GEN_CHOICES_MAX];
    int more_count;
    struct gen_visit_line lines[GEN_LINES_MAX];
    int line_count;
};

struct gen_visits {
    struct gen_visit visit[GEN_VISITS_MAX];
    int count;
    int weight; /* of all */
};

/* Reads the table; 0, or the number of the line that is not understood. Views on `text`. */
int visits_read(struct gen_visits *visits, struct view text);
const struct gen_visit *visits_draw(const struct gen_visits *visits, struct chance *chance,
                                    bool medicare);

/* ---- claims (gen_claim.c) ---------------------------------------------------------------- */

struct gen_doctor {
    const char *last;
    const char *first;
    char npi[11];
};

struct gen_place {
    const char *city;
    const char *state;
    const char *zip;
};

struct gen_practice {
    int number;
    char npi[11];
    char tin[10];
    char center_npi[11]; /* the surgery center it works in */
    int street;
    struct gen_place place;
    struct gen_doctor doctors[GEN_DOCTORS];
};

struct gen_payer {
    const char *name;
    const char *id;
    const char *filing;
};

struct gen_person {
    const struct gen_payer *payer;
    bool medicare;
    bool dependent;
    const char *last;
    const char *first;
    const char *subscriber; /* first name of a dependent's subscriber */
    char sex;
    char member[12];
    struct date birth;
    int street;
    struct gen_place place;
};

struct gen_line {
    char code[6];
    char modifiers[GEN_MODIFIERS_MAX][3];
    int modifier_count;
    int units;
    int dollars;
    int pointers[4];
    int pointer_count;
    bool date_bad;
    char ndc[12]; /* empty: none */
};

struct gen_claim {
    int64_t ordinal; /* from 1; the claim's id */
    const struct gen_practice *practice;
    const struct gen_doctor *doctor;
    char rendering_npi[11];
    char taxonomy[11];
    struct gen_person person;
    const struct gen_visit *visit;
    bool left; /* the side treated */
    int choice; /* which first diagnosis */
    char place[3];
    bool facility;
    struct date on;
    int onset_days; /* before `on` the pain began */
    const struct gen_doctor *referring; /* NULL: none */
    bool authorized; /* carries a prior authorization */
    char diagnoses[GEN_DIAGNOSES_MAX][8];
    int diagnosis_count;
    struct gen_line lines[GEN_LINES_MAX];
    int line_count;
    int dollars; /* of all lines */
    int dollars_wrong; /* added to the claim's total */
    char frequency;
};

struct gen {
    uint64_t seed;
    int64_t claims;
    int wrong_percent;
    struct gen_visits visits;
    struct gen_practice practices[GEN_PRACTICES];
};

void practices_make(struct gen *gen);
struct date claim_day(const struct gen *gen, int64_t index); /* earliest day of service */
int claim_practice(const struct gen *gen, int64_t index);
/* Claim `index` (from 0), right in every way; `attempt` draws another visit. */
void claim_make(const struct gen *gen, int64_t index, int attempt, struct gen_claim *claim);
void claim_name(int64_t ordinal, char name[14]); /* CLM01 */
struct gen_line *claim_add_line(struct gen_claim *claim, const char *code, int units, int dollars);
void line_add_modifier(struct gen_line *line, const char *modifier);
const char *claim_side(const struct gen_claim *claim); /* "LT" or "RT" */
void text_set(char *to, size_t size, struct view from); /* cut to fit, with its NUL */

/* ---- claims that are wrong (gen_wrong.c) ------------------------------------------------- */

#define GEN_RIGHT (-1)
int wrong_count(void);
const char *wrong_rule(int kind); /* id of the rule that has to fire */
/* Makes claim `index` as it goes into the file; the kind of wrong, or GEN_RIGHT. */
int claim_draw(const struct gen *gen, int64_t index, struct gen_claim *claim);

/* ---- X12 (gen_write.c) ------------------------------------------------------------------- */

struct gen_file {
    struct out *out;
    int64_t segments; /* of the transaction in hand */
    int64_t transactions; /* so far */
    int64_t level;        /* last HL of the transaction */
    int64_t practice_level;
};

void file_begin(struct gen_file *file);
void file_end(struct gen_file *file);
void transaction_begin(struct gen_file *file, struct date sent);
void transaction_end(struct gen_file *file);
void practice_write(struct gen_file *file, const struct gen_practice *practice);
void claim_write(struct gen_file *file, const struct gen_claim *claim);

#endif
