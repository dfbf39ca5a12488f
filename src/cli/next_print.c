/* The next day of a service, limit by limit: a table for people, an object for programs. */
#include "cli/next_print.h"

#define COLUMN 16 /* of the day, and the words behind it */
#define WORDS 10  /* "counted", "cited" and the blanks behind them */

/* ---- words ------------------------------------------------------------------------------- */

static void value_add(struct out *out, const char *before, const struct rule_check *check,
                      const char *name) {
    for (int i = 0; i < rule_key_count(); i++) {
        const struct rule_key *key = rule_key_at(i);
        if (view_equal(key->name, view_of(name)) && rule_key_given(check, key)) {
            out_view(out, view_of(before));
            rule_value_words(out, check, key);
        }
    }
}

static void number_add(struct out *out, int32_t number, const char *one, const char *many) {
    out_format(out, "%d %s", (int)number, number == 1 ? one : many);
}

static void window_add(struct out *out, const struct rule_check *check) {
    if (check->number[RULE_months] >= 0) {
        OUT_TEXT(out, " in ");
        number_add(out, check->number[RULE_months], "month", "months");
    } else if (check->number[RULE_days] >= 0) {
        OUT_TEXT(out, " in ");
        number_add(out, check->number[RULE_days], "day", "days");
    }
}

/* "at most 4 sessions in 12 months; for: dx; the same: region" */
static void limit_words(struct out *out, const struct rule_check *check) {
    switch (check->kind) {
    case RULE_KIND_session_limit:
        OUT_TEXT(out, "at most ");
        number_add(out, check->number[RULE_sessions_max], "session", "sessions");
        window_add(out, check);
        break;
    case RULE_KIND_min_interval:
        OUT_TEXT(out, "at least ");
        number_add(out, check->number[RULE_days_min], "day", "days");
        OUT_TEXT(out, " apart");
        break;
    case RULE_KIND_requires_history:
        OUT_TEXT(out, "at least ");
        number_add(out, check->number[RULE_services_min], "earlier service", "earlier services");
        window_add(out, check);
        if (check->number[RULE_apart_days_min] > 0) {
            out_format(out, ", %d days apart", (int)check->number[RULE_apart_days_min]);
        }
        break;
    case RULE_KIND_forbids_history:
        OUT_TEXT(out, "no such service");
        window_add(out, check);
        break;
    case RULE_KIND_long_course:
        OUT_TEXT(out, "a course of ");
        number_add(out, check->number[RULE_months_max], "month", "months");
        value_add(out, ", or ", check, "require");
        break;
    default:
        OUT_TEXT(out, "the last service");
        window_add(out, check);
        value_add(out, ": ", check, "require");
        break;
    }
    value_add(out, "; counts: ", check, "history_families");
    value_add(out, "; for: ", check, "history_intents");
    value_add(out, "; the same: ", check, "same");
}

/* How to tell it to this command. */
static const char *need_hint(struct view need) {
    return view_equal(need, VIEW("history"))           ? " (--history and --patient)"
           : view_equal(need, VIEW("claim:kind"))      ? " (--kind)"
           : view_equal(need, VIEW("payer:state"))     ? " (--state)"
           : view_equal(need, VIEW("history:details")) ? " (intent, side or level of a service)"
                                                       : "";
}

static void needs_words(struct out *out, uint64_t needs) {
    for (uint64_t left = needs; left; left &= left - 1) {
        struct view need = audit_need_name(__builtin_ctzll(left));
        out_view(out, left == needs ? VIEW("") : VIEW(", "));
        out_view(out, need);
        out_view(out, view_of(need_hint(need)));
    }
}

static struct view day_words(enum audit_limit_state state, struct date day, char text[11]) {
    return state == AUDIT_LIMIT_DAY       ? date_text(day, text)
           : state == AUDIT_LIMIT_UNKNOWN ? VIEW("not known")
                                          : VIEW("not by waiting");
}

static struct view check_title(const struct rule_check *check) {
    return check->message.size > 0 ? check->message : check->rule->title;
}

/* n-th citation of the entry, its own first; NULL behind the last. */
static const struct rule_cite *cite_at(const struct rule_check *check, int n) {
    return n < check->cite_count ? &check->cites[n]
           : n - check->cite_count < check->rule->cite_count
               ? &check->rule->cites[n - check->cite_count]
               : NULL;
}

/* ---- text -------------------------------------------------------------------------------- */

static void words_print(struct out *out, const char *name, struct out *words) {
    if (words->size > 0) {
        struct view label = view_of(name);
        out_pad(out, COLUMN);
        out_view(out, label);
        out_pad(out, WORDS - label.size);
        out_wrap(out, out_bytes(words), COLUMN + WORDS, COLUMN + WORDS, CLI_WIDTH);
    }
    out_clear(words);
}

static void counted_words(struct out *out, const struct audit_limit *limit) {
    for (int i = 0; i < limit->counted_count; i++) {
        const struct audit_counted *counted = &limit->counted[i];
        char day[11], code[9];
        out_view(out, i > 0 ? VIEW(", ") : VIEW(""));
        out_view(out, date_text(counted->on, day));
        OUT_TEXT(out, " ");
        out_view(out, code_text(counted->code, code));
        out_view(out, counted->certain ? VIEW("") : VIEW(" (perhaps)"));
    }
}

/* An entry may cite what its rule cites as well. */
static bool cite_repeats(const struct rule_check *check, int n) {
    const struct rule_cite *cite = cite_at(check, n);
    for (int i = 0; i < n; i++) {
        if (view_equal(cite_at(check, i)->key, cite->key) &&
            view_equal(cite_at(check, i)->section, cite->section)) {
            return true;
        }
    }
    return false;
}

static void cites_words(struct out *out, const struct rule_check *check) {
    const struct rule_cite *cite;
    for (int i = 0; (cite = cite_at(check, i)) != NULL; i++) {
        if (cite_repeats(check, i)) {
            continue;
        }
        out_view(out, i > 0 ? VIEW("; ") : VIEW(""));
        out_view(out, cite->key);
        OUT_TEXT(out, ", ");
        out_view(out, cite->section);
    }
}

/* When the entry does not hold all the time. */
static void holds_words(struct out *out, const struct rule_check *check, struct date on) {
    struct date since =
        check->since.day > check->rule->since.day ? check->since : check->rule->since;
    struct date until = check->until;
    char text[11];
    if (date_given(check->rule->until) &&
        (!date_given(until) || check->rule->until.day < until.day)) {
        until = check->rule->until;
    }
    if (since.day > on.day) {
        out_format(out, "from %s on", date_text(since, text).at);
    }
    if (date_given(until)) {
        out_format(out, "%suntil %s", out->size > 0 ? ", " : "", date_text(until, text).at);
    }
}

static void not_before_words(struct out *out, struct date not_before, struct date on) {
    char text[11];
    if (not_before.day > on.day) {
        out_format(out, "; not before %s", date_text(not_before, text).at);
    }
}

/* A message begins with the title that stands in the first line already. */
static struct view message_tail(const struct audit_limit *limit) {
    struct view title = check_title(limit->check);
    return view_starts(limit->message, title)
               ? view_sub(limit->message, title.size + 2, limit->message.size)
               : limit->message;
}

static void limit_print(struct out *out, struct out *words, const struct audit_limit *limit,
                        const struct next_question *question) {
    struct date on = question->on;
    const struct rule_check *check = limit->check;
    char text[11];
    struct view day = day_words(limit->state, limit->day, text);
    out_view(out, day);
    out_pad(out, COLUMN - day.size);
    out_view(words, check->rule->id);
    out_view(words, check->state == RULE_TRIAL ? VIEW(" (trial): ") : VIEW(": "));
    out_view(words, check_title(check));
    out_wrap(out, out_bytes(words), COLUMN, COLUMN, CLI_WIDTH);
    out_clear(words);
    limit_words(words, check);
    words_print(out, "limit", words);
    holds_words(words, check, on);
    words_print(out, "holds", words);
    counted_words(words, limit);
    if (words->size == 0 && question->history_known) {
        OUT_TEXT(words, "none");
    }
    words_print(out, "counted", words);
    needs_words(words, limit->needs);
    if (limit->state == AUDIT_LIMIT_UNKNOWN) {
        not_before_words(words, limit->not_before, on);
        if (date_given(limit->day)) {
            out_format(words, "; sure without it from %s on", date_text(limit->day, text).at);
        }
    }
    words_print(out, "needs", words);
    if (limit->state == AUDIT_LIMIT_NEVER) {
        out_view(words, message_tail(limit));
        words_print(out, "because", words);
    }
    cites_words(words, check);
    words_print(out, "cited", words);
}

static void question_print(struct out *out, const struct next_question *question) {
    const struct view parts[] = {question->kind, question->side, question->level};
    char text[11];
    out_view(out, code_text(question->code, text));
    for (int i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i].size > 0) {
            OUT_TEXT(out, " ");
            out_view(out, parts[i]);
        }
    }
    OUT_TEXT(out, ", ");
    out_view(out, question->payer);
    if (question->state.size > 0) {
        OUT_TEXT(out, " ");
        out_view(out, question->state);
    }
    out_format(out, ", on or after %s; ", date_text(question->on, text).at);
    if (question->history_known) {
        out_format(out, "%d earlier %s\n\n", question->services,
                   question->services == 1 ? "service" : "services");
    } else {
        OUT_TEXT(out, "earlier services not known\n\n");
    }
}

static void overall_print(struct out *out, struct out *words, const struct audit_next *next,
                          struct date on) {
    char text[11];
    if (next->state == AUDIT_LIMIT_DAY) {
        out_view(words, date_text(next->day, text));
        out_view(words, next->limit_count > 0 ? VIEW(", as far as these limits go")
                                              : VIEW(": no limit of this payer looks back"));
    } else if (next->state == AUDIT_LIMIT_UNKNOWN) {
        OUT_TEXT(words, "not known: needs ");
        needs_words(words, next->needs);
        not_before_words(words, next->not_before, on);
    } else {
        OUT_TEXT(words, "not by waiting: see above what is missing");
    }
    OUT_TEXT(out, "next            ");
    out_wrap(out, out_bytes(words), COLUMN, COLUMN, CLI_WIDTH);
}

void next_text(struct out *out, const struct next_question *question,
               const struct audit_next *next) {
    struct out words;
    out_open(&words, NULL, NULL);
    question_print(out, question);
    for (int i = 0; i < next->limit_count; i++) {
        limit_print(out, &words, &next->limits[i], question);
        OUT_TEXT(out, "\n");
    }
    overall_print(out, &words, next, question->on);
    out->failed |= words.failed;
    out_close(&words);
}

/* ---- json -------------------------------------------------------------------------------- */

static void text_json(struct out *out, const char *name, struct view text) {
    if (text.size > 0) {
        out_format(out, ",\"%s\":", name);
        out_json(out, text);
    }
}

static void day_json(struct out *out, const char *name, struct date day) {
    char text[11];
    out_format(out, ",\"%s\":", name);
    if (date_given(day)) {
        out_json(out, date_text(day, text));
    } else {
        OUT_TEXT(out, "null");
    }
}

static struct view state_word(enum audit_limit_state state) {
    return state == AUDIT_LIMIT_DAY       ? VIEW("day")
           : state == AUDIT_LIMIT_UNKNOWN ? VIEW("not_known")
                                          : VIEW("not_by_waiting");
}

static void needs_json(struct out *out, uint64_t needs) {
    OUT_TEXT(out, ",\"needs\":[");
    for (uint64_t left = needs; left; left &= left - 1) {
        out_view(out, left == needs ? VIEW("") : VIEW(","));
        out_json(out, audit_need_name(__builtin_ctzll(left)));
    }
    OUT_TEXT(out, "]");
}

static void counted_json(struct out *out, const struct audit_limit *limit) {
    OUT_TEXT(out, ",\"counted\":[");
    for (int i = 0; i < limit->counted_count; i++) {
        const struct audit_counted *counted = &limit->counted[i];
        char day[11], code[9];
        out_format(out, "%s{\"service_date\":\"%s\",\"code\":\"%s\",\"certain\":%s}",
                   i > 0 ? "," : "", date_text(counted->on, day).at,
                   code_text(counted->code, code).at, counted->certain ? "true" : "false");
    }
    OUT_TEXT(out, "]");
}

static void limit_json(struct out *out, struct out *words, const struct audit_limit *limit) {
    const struct rule_check *check = limit->check;
    OUT_TEXT(out, "{");
    out_view(out, check->rule->json);
    text_json(out, "status", rule_state_name(check->state));
    text_json(out, "kind", rule_kind_name(check->kind));
    text_json(out, "title", check_title(check));
    limit_words(words, check);
    text_json(out, "limit", out_bytes(words));
    out_clear(words);
    text_json(out, "state", state_word(limit->state));
    day_json(out, limit->state == AUDIT_LIMIT_UNKNOWN ? "sure_from" : "allowed_from", limit->day);
    day_json(out, "not_before", limit->not_before);
    counted_json(out, limit);
    text_json(out, "message", limit->message);
    needs_json(out, limit->needs);
    OUT_TEXT(out, ",");
    out_view(out, check->json_cite);
    OUT_TEXT(out, "}");
}

void next_json(struct out *out, const struct next_question *question,
               const struct audit_next *next) {
    struct out words;
    char code[9];
    out_open(&words, NULL, NULL);
    out_format(out, "{\"code\":\"%s\"", code_text(question->code, code).at);
    text_json(out, "payer", question->payer);
    text_json(out, "payer_state", question->state);
    text_json(out, "kind", question->kind);
    text_json(out, "side", question->side);
    text_json(out, "level", question->level);
    day_json(out, "on", question->on);
    out_format(out, ",\"services\":");
    out_view(out, question->history_known ? VIEW("") : VIEW("null"));
    if (question->history_known) {
        out_int(out, question->services);
    }
    OUT_TEXT(out, ",\"limits\":[");
    for (int i = 0; i < next->limit_count; i++) {
        out_view(out, i > 0 ? VIEW(",") : VIEW(""));
        limit_json(out, &words, &next->limits[i]);
    }
    OUT_TEXT(out, "]");
    text_json(out, "state", state_word(next->state));
    day_json(out, "allowed_from", next->day);
    day_json(out, "not_before", next->state == AUDIT_LIMIT_NEVER ? DATE_NONE : next->not_before);
    needs_json(out, next->needs);
    OUT_TEXT(out, "}\n");
    out->failed |= words.failed;
    out_close(&words);
}
