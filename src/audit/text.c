/* Messages and patches, put together without printf: they are written for every finding. */
#include <string.h>

#include "audit/audit_internal.h"

void text_open(struct text *text, struct audit_pass *pass) {
    text->arena = pass->arena;
    text->size = 0;
}

void text_view(struct text *text, struct view view) {
    ptrdiff_t room = COUNT_OF(text->at) - text->size;
    ptrdiff_t size = view.size < room ? view.size : room;
    if (size > 0) {
        memcpy(text->at + text->size, view.at, (size_t)size);
        text->size += (int)size;
    }
}

void text_add(struct text *text, const char *literal) { text_view(text, view_of(literal)); }

void text_code(struct text *text, struct code code) {
    char buffer[9];
    text_view(text, code_text(code, buffer));
}

void text_int(struct text *text, int64_t value) {
    char buffer[24];
    struct quantity whole = {value * 1000};
    text_view(text, quantity_text(whole, buffer));
}

void text_which_claim(struct text *text, int64_t claim_ordinal) {
    if (claim_ordinal == CLAIM_OF_HISTORY) {
        text_add(text, "an earlier claim of the history");
        return;
    }
    text_add(text, "claim ");
    text_int(text, claim_ordinal);
    text_add(text, " of this input");
}

void text_money(struct text *text, struct money money) {
    char buffer[24];
    text_add(text, "$");
    text_view(text, money_text(money, buffer));
}

void text_date(struct text *text, struct date date) {
    char buffer[11];
    text_view(text, date_given(date) ? date_text(date, buffer) : VIEW("an unknown day"));
}

void text_quantity(struct text *text, struct quantity quantity) {
    char buffer[24];
    text_view(text, quantity_text(quantity, buffer));
}

void text_given(struct text *text, struct view given) {
    struct view shown = view_sub(given, 0, 24);
    text_add(text, "\"");
    for (ptrdiff_t i = 0; i < shown.size; i++) {
        char c = shown.at[i];
        text_view(text, c < ' ' || c > '~' ? VIEW("?") : view_sub(shown, i, 1));
    }
    text_add(text, given.size > shown.size ? "...\"" : "\"");
}

struct view text_close(struct text *text) {
    return arena_copy(text->arena, (struct view){text->at, text->size});
}

struct view text_row(struct audit_pass *pass, struct code code) {
    char buffer[9];
    return arena_copy(pass->arena, code_text(code, buffer));
}

struct view text_row_pair(struct audit_pass *pass, struct code a, struct code b) {
    struct text text;
    text_open(&text, pass);
    text_code(&text, a);
    text_add(&text, "/");
    text_code(&text, b);
    return text_close(&text);
}

static void patch_open(struct text *text, struct audit_pass *pass, const char *operation,
                       const struct audit_line *line, const char *path) {
    text_open(text, pass);
    text_add(text, "[{\"op\":\"");
    text_add(text, operation);
    text_add(text, "\",\"path\":\"/lines/");
    text_int(text, line->index);
    text_add(text, path);
    text_add(text, "\"");
}

struct view patch_remove_line(struct audit_pass *pass, const struct audit_line *line) {
    struct text text;
    patch_open(&text, pass, "remove", line, "");
    text_add(&text, "}]");
    return text_close(&text);
}

struct view patch_add_modifier(struct audit_pass *pass, const struct audit_line *line,
                               struct code modifier) {
    struct text text;
    patch_open(&text, pass, "add", line, "/modifiers/-");
    text_add(&text, ",\"value\":\"");
    text_code(&text, modifier);
    text_add(&text, "\"}]");
    return text_close(&text);
}

struct view patch_remove_modifier(struct audit_pass *pass, const struct audit_line *line,
                                  int position) {
    static const char *const paths[CLAIM_MODIFIERS_MAX] = {"/modifiers/0", "/modifiers/1",
                                                           "/modifiers/2", "/modifiers/3"};
    struct text text;
    patch_open(&text, pass, "remove", line, paths[position]);
    text_add(&text, "}]");
    return text_close(&text);
}

struct view patch_units(struct audit_pass *pass, const struct audit_line *line, int64_t units) {
    struct text text;
    patch_open(&text, pass, "replace", line, "/units");
    text_add(&text, ",\"value\":");
    text_int(&text, units);
    text_add(&text, "}]");
    return text_close(&text);
}
