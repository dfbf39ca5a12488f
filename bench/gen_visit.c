/* gen837: the table of visits, bench/visits.tsv. */
#include "gen.h"

static int view_number(struct view text) {
    int value = 0;
    for (ptrdiff_t i = 0; i < text.size && value < 1000000; i++) {
        value = value * 10 + (text.at[i] - '0');
    }
    return value;
}

/* Cuts a list at commas; their number, -1 when there are more than `max`. */
static int list_read(struct view list, struct view *items, int max) {
    int count = 0;
    while (list.at) {
        struct view item = view_cut(&list, ',');
        if (count == max || item.size == 0) {
            return -1;
        }
        items[count++] = item;
    }
    return count;
}

static bool line_read(struct gen_visit_line *line, struct view text) {
    line->code = view_cut(&text, ':');
    line->modifiers = view_cut(&text, ':');
    struct view units = view_cut(&text, ':');
    line->units = view_number(units);
    line->dollars = view_number(text);
    return line->code.size == 5 && view_is_digits(units) && view_is_digits(text);
}

static bool lines_read(struct gen_visit *visit, struct view text) {
    while (text.at) {
        struct view line = view_cut(&text, ' ');
        if (visit->line_count == GEN_LINES_MAX - 2 ||
            !line_read(&visit->lines[visit->line_count++], line)) {
            return false;
        }
    }
    return visit->line_count > 0;
}

static bool diagnoses_read(struct gen_visit *visit, struct view right, struct view left,
                           struct view more) {
    visit->right_count = list_read(right, visit->right, GEN_CHOICES_MAX);
    struct view other = view_equal(left, VIEW("=")) ? right : left;
    int left_count = list_read(other, visit->left, GEN_CHOICES_MAX);
    visit->more_count =
        view_equal(more, VIEW("-")) ? 0 : list_read(more, visit->more, GEN_CHOICES_MAX);
    return visit->right_count > 0 && left_count == visit->right_count && visit->more_count >= 0;
}

static bool visit_read(struct gen_visit *visit, struct view row) {
    struct view weight = view_cut(&row, '\t');
    visit->weight = view_number(weight);
    visit->place_count = list_read(view_cut(&row, '\t'), visit->places, 3);
    struct view payers = view_cut(&row, '\t');
    visit->medicare_only = view_equal(payers, VIEW("medicare"));
    visit->commercial_only = view_equal(payers, VIEW("commercial"));
    struct view right = view_cut(&row, '\t');
    struct view left = view_cut(&row, '\t');
    struct view more = view_cut(&row, '\t');
    return view_is_digits(weight) && visit->place_count > 0 &&
           diagnoses_read(visit, right, left, more) && lines_read(visit, row);
}

int visits_read(struct gen_visits *visits, struct view text) {
    for (int number = 1; text.at; number++) {
        struct view row = view_cut(&text, '\n');
        if (row.size == 0 || row.at[0] == '#') {
            continue;
        }
        struct gen_visit *visit = &visits->visit[visits->count];
        if (visits->count == GEN_VISITS_MAX || !visit_read(visit, row)) {
            return number;
        }
        visits->count++;
        visits->weight += visit->weight;
    }
    return 0;
}

const struct gen_visit *visits_draw(const struct gen_visits *visits, struct chance *chance,
                                    bool medicare) {
    for (;;) {
        int left = chance_below(chance, visits->weight);
        const struct gen_visit *visit = visits->visit;
        while (left >= visit->weight) {
            left -= visit->weight;
            visit++;
        }
        if (!(medicare ? visit->commercial_only : visit->medicare_only)) {
            return visit;
        }
    }
}
