/* rules/guide.tsv: rows, and the form of their assertions. */
#include "cli/guide.h"

#include <stdarg.h>
#include <stdio.h>

#define COLUMNS 7

static const char header[] = "number\tstatement\tverdict\tcorrect\tdecides\tcheck\tcite";

const char *const guide_verdicts[] = {"correct",     "incomplete", "outdated",
                                      "wrong",       "misleading", "payer-dependent",
                                      "unsupported", "risky",      NULL};

static const struct {
    const char *word, *form;
} words[GUIDE_WORDS] = {
#define WORD(kind, word, form, table, ask) [GUIDE_##kind] = {word, form},
#include "cli/guide_words.def"
#undef WORD
};

struct reader {
    struct arena *arena;
    struct diag *diag;
    int64_t line;
};

__attribute__((format(printf, 2, 3))) static bool refuse(const struct reader *reader,
                                                         const char *format, ...) {
    char text[160];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    diag_set(reader->diag, "guide_syntax", "rules/guide.tsv:%d: %s", (int)reader->line, text);
    reader->diag->line = reader->line;
    return false;
}

/* ---- assertions -------------------------------------------------------------------------- */

/* "64483", "77003-26", "M54.41": diagnoses are written with their dot. */
static bool code_add(struct guide_assertion *assertion, struct view given) {
    char plain[9];
    ptrdiff_t size = 0;
    struct view modifier = given;
    struct view code = view_cut(&modifier, '-');
    for (ptrdiff_t i = 0; i < code.size && size < COUNT_OF(plain); i++) {
        if (code.at[i] != '.') {
            plain[size++] = code.at[i];
        }
    }
    int at = assertion->code_count;
    if (at == GUIDE_CODES_MAX) {
        return false;
    }
    assertion->codes[at] = code_from((struct view){plain, size});
    assertion->modifiers[at] = code_from(modifier);
    assertion->units[at] = 1000;
    assertion->code_count++;
    return code_given(assertion->codes[at]) && (!modifier.at || modifier.size == 2);
}

/* "J3301x4": units are a whole number. */
static bool service_add(struct guide_assertion *assertion, struct view given) {
    struct view units = given;
    struct view code = view_cut(&units, 'x');
    struct quantity number = quantity_from(units);
    bool formed = code_add(assertion, code);
    if (formed && units.at) {
        assertion->units[assertion->code_count - 1] = number.milli;
    }
    return formed && (!units.at || (number.milli > 0 && number.milli % 1000 == 0));
}

static bool codes_add(struct guide_assertion *assertion, struct view given, bool services) {
    bool formed = true;
    while (given.at && formed) {
        struct view one = view_cut(&given, '+');
        formed = services ? service_add(assertion, one) : code_add(assertion, one);
    }
    return formed && assertion->code_count > 0;
}

static bool number_add(struct guide_assertion *assertion, int64_t number) {
    if (number < 0 || assertion->number_count == GUIDE_NUMBERS_MAX) {
        return false;
    }
    assertion->numbers[assertion->number_count++] = number;
    return true;
}

/* -1 for what is no number of at most nine digits. */
static int64_t whole_number(struct view given) {
    int64_t number = 0;
    if (!view_is_digits(given) || given.size > 9) {
        return -1;
    }
    for (ptrdiff_t i = 0; i < given.size; i++) {
        number = number * 10 + (given.at[i] - '0');
    }
    return number;
}

/* The place of `given` in "a|b|c", -1 when it is none of them. */
static int choice_of(struct view choices, struct view given) {
    for (int i = 0; choices.at; i++) {
        if (view_equal(view_cut(&choices, '|'), given)) {
            return i;
        }
    }
    return -1;
}

static bool token_read(struct guide_assertion *assertion, struct view token, struct view given) {
    if (given.size <= 0) {
        return false;
    }
    if (view_equal(token, VIEW("<code>"))) {
        return code_add(assertion, given);
    }
    if (view_equal(token, VIEW("<codes>"))) {
        return codes_add(assertion, given, false);
    }
    if (view_equal(token, VIEW("<services>"))) {
        return codes_add(assertion, given, true);
    }
    if (view_equal(token, VIEW("<amount>"))) {
        return number_add(assertion, money_from(given).cents);
    }
    if (view_equal(token, VIEW("<quantity>"))) {
        return number_add(assertion, quantity_from(given).milli);
    }
    if (view_equal(token, VIEW("<number>"))) {
        return number_add(assertion, whole_number(given));
    }
    if (view_equal(token, VIEW("<word>"))) {
        assertion->name = given;
        return true;
    }
    int choice = choice_of(token, given);
    return view_find(token, '|') < 0 ? choice == 0 : number_add(assertion, choice);
}

/* What may stand behind the form: nothing, or the day. */
static bool day_read(struct guide_assertion *assertion, struct view rest) {
    assertion->on = DATE_NONE;
    if (!rest.at) {
        return true;
    }
    bool named = view_equal(view_cut(&rest, ' '), VIEW("on"));
    assertion->on = date_from_iso(view_cut(&rest, ' '));
    return named && date_given(assertion->on) && !rest.at;
}

static bool assertion_read(const struct reader *reader, struct view text,
                           struct guide_assertion *assertion) {
    struct view rest = text;
    struct view word = view_cut(&rest, ' ');
    int kind = 0;
    while (kind < GUIDE_WORDS && !view_equal(word, view_of(words[kind].word))) {
        kind++;
    }
    if (kind == GUIDE_WORDS) {
        return refuse(reader, "no assertion begins with \"%.*s\"",
                      word.size < 40 ? (int)word.size : 40, word.at ? word.at : "");
    }
    *assertion = (struct guide_assertion){.text = text, .word = (enum guide_word)kind};
    struct view form = view_of(words[kind].form);
    bool formed = true;
    while (form.at && formed) {
        struct view token = view_cut(&form, ' ');
        formed = token_read(assertion, token, view_cut(&rest, ' '));
    }
    return (formed && day_read(assertion, rest)) ||
           refuse(reader, "write %s %s [on YYYY-MM-DD]", words[kind].word, words[kind].form);
}

static int pieces(struct view text, char separator) {
    int count = 1;
    for (ptrdiff_t i = 0; i < text.size; i++) {
        count += text.at[i] == separator;
    }
    return count;
}

static bool assertions_read(const struct reader *reader, struct view text, struct guide_row *row) {
    if (view_equal(text, VIEW("-"))) {
        return true;
    }
    int count = pieces(text, ';');
    struct guide_assertion *assertions = ARENA_NEW(reader->arena, struct guide_assertion, count);
    if (!assertions) {
        diag_set(reader->diag, "memory", "out of memory");
        return false;
    }
    for (int i = 0; i < count; i++) {
        if (!assertion_read(reader, view_trim(view_cut(&text, ';')), &assertions[i])) {
            return false;
        }
    }
    row->assertions = assertions;
    row->assertion_count = count;
    return true;
}

/* ---- rows -------------------------------------------------------------------------------- */

/* Digits, and a letter where a statement has parts. */
static bool is_number(struct view text) {
    ptrdiff_t last = text.size - 1;
    bool part = last > 0 && text.at[last] >= 'a' && text.at[last] <= 'z';
    return view_is_digits(part ? view_sub(text, 0, last) : text);
}

static bool is_verdict(struct view text) {
    for (int i = 0; guide_verdicts[i]; i++) {
        if (view_equal(text, view_of(guide_verdicts[i]))) {
            return true;
        }
    }
    return false;
}

static bool row_read(const struct reader *reader, struct view line, struct guide_row *row) {
    struct view fields[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
        fields[i] = view_cut(&line, '\t');
        if (fields[i].size <= 0) {
            return refuse(reader, "column %d is empty; \"-\" stands for nothing", i + 1);
        }
    }
    *row = (struct guide_row){fields[0], fields[1], fields[2], fields[3],
                              fields[4], fields[6], NULL,      0};
    if (line.at) {
        return refuse(reader, "has more than %d columns", COLUMNS);
    }
    if (!is_number(row->number)) {
        return refuse(reader, "a number is digits, and a letter for a part");
    }
    if (!is_verdict(row->verdict)) {
        return refuse(reader, "no such verdict as \"%.*s\"",
                      row->verdict.size < 40 ? (int)row->verdict.size : 40, row->verdict.at);
    }
    return assertions_read(reader, fields[5], row);
}

static bool number_twice(const struct guide_row *rows, int count, struct view number) {
    for (int i = 0; i < count; i++) {
        if (view_equal(rows[i].number, number)) {
            return true;
        }
    }
    return false;
}

int guide_read(struct guide *guide, struct view text, struct arena *arena, struct diag *diag) {
    struct reader reader = {arena, diag, 1};
    struct guide_row *rows = ARENA_NEW(arena, struct guide_row, pieces(text, '\n'));
    if (!rows) {
        diag_set(diag, "memory", "out of memory");
        return STATUS_SYSTEM;
    }
    *guide = (struct guide){rows, 0};
    if (!view_equal(view_cut(&text, '\n'), view_of(header))) {
        refuse(&reader, "the first line must name the columns %s", header);
        return STATUS_INPUT;
    }
    while (text.size > 0) {
        reader.line++;
        struct guide_row *row = &rows[guide->count];
        if (!row_read(&reader, view_cut(&text, '\n'), row)) {
            return arena->failed ? STATUS_SYSTEM : STATUS_INPUT;
        }
        if (number_twice(rows, guide->count, row->number)) {
            refuse(&reader, "statement %.*s stands here twice", (int)row->number.size,
                   row->number.at);
            return STATUS_INPUT;
        }
        guide->count++;
    }
    return STATUS_OK;
}
