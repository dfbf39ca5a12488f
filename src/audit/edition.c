/* Which edition of a table speaks for a day. A lookup that finds no row has no proof to name its
 * release, and an answer of "nothing found" from an old edition must say how old it is. */
#include "audit/audit_state.h"

static void editions_sort(struct edition *editions, int count) {
    for (int i = 1; i < count; i++) {
        struct edition moved = editions[i];
        int at = i;
        for (; at > 0 && editions[at - 1].effective.day > moved.effective.day; at--) {
            editions[at] = editions[at - 1];
        }
        editions[at] = moved;
    }
}

static void editions_open(struct edition_index *index, const struct store *store) {
    int releases = store_release_count(store);
    int count = 0;
    for (int table = 0; table < STORE_TABLES; table++) {
        index->first[table] = count;
        for (int i = 0; i < releases && i < STORE_RELEASES_MAX; i++) {
            struct store_release release = store_release(store, i);
            if (release.table == (enum store_table)table && count < STORE_RELEASES_MAX) {
                index->editions[count++] =
                    (struct edition){release.effective, (uint16_t)i, release.partial,
                                     release.extract, release.dated};
            }
        }
        editions_sort(index->editions + index->first[table], count - index->first[table]);
    }
    index->first[STORE_TABLES] = count;
    for (int table = 0; table < STORE_TABLES; table++) {
        for (int i = 0; i < EDITION_DAYS; i++) {
            index->last[table][i].on = DATE_NONE;
        }
    }
    index->ready = true;
}

/* Of the editions known at `as_of`, the newest that had begun on the day, else the oldest; where
 * rows carry their own windows, the newest, which speaks of earlier days as well. */
static const struct edition *edition_find(const struct edition_index *index, enum store_table table,
                                          struct store_when when, bool partial) {
    const struct edition *found = NULL;
    for (int i = index->first[table]; i < index->first[table + 1]; i++) {
        const struct edition *edition = &index->editions[i];
        if (edition->partial != partial ||
            (date_given(when.as_of) && edition->effective.day > when.as_of.day)) {
            continue;
        }
        if (!found || edition->dated || edition->effective.day <= when.on.day) {
            found = edition;
        }
    }
    return found;
}

/* Answers for one day; `as_of` is the same for all claims of an audit. */
static SELDOM struct edition_answer edition_ask(struct audit_pass *pass, enum store_table table,
                                                struct date on) {
    struct edition_index *index = &pass->audit->editions;
    if (!index->ready) {
        editions_open(index, pass->store);
    }
    struct store_when when = {on, pass->options->as_of};
    const struct edition *edition = edition_find(index, table, when, false);
    if (!edition) { /* an extract only when there is nothing else: what it lacks proves nothing */
        edition = edition_find(index, table, when, true);
    }
    if (!edition) {
        return (struct edition_answer){.on = on};
    }
    return (struct edition_answer){.on = on,
                                   .known = true,
                                   .extract = edition->extract,
                                   .partial = edition->partial,
                                   .release = edition->release,
                                   .stale = store_stale(pass->store, edition->release, on)};
}

/* The answer for a day that is given, marked as looked at. */
static inline const struct edition_answer *edition_look(struct audit_pass *pass,
                                                        enum store_table table, struct date on) {
    struct edition_index *index = &pass->audit->editions;
    struct edition_answer *answer = &index->last[table][(uint32_t)on.day % EDITION_DAYS];
    if (!index->ready || answer->on.day != on.day) {
        *answer = edition_ask(pass, table, on);
    }
    if (answer->known) {
        release_put(&pass->releases, answer->release);
    }
    if (answer->stale) {
        release_put(&pass->stale_releases, answer->release);
    }
    return answer;
}

bool pass_looked(struct audit_pass *pass, enum store_table table, struct date on) {
    return !date_given(on) || edition_look(pass, table, on)->known;
}

bool pass_covers(struct audit_pass *pass, enum store_table table, struct date on, uint32_t id) {
    if (!date_given(on)) {
        return store_in_extract(pass->store, id);
    }
    const struct edition_answer *answer = edition_look(pass, table, on);
    return answer->known && !answer->partial &&
           (!answer->extract || store_in_extract(pass->store, id));
}
