/* Which edition of a table speaks of a day. */
#include "cli/cli.h"

struct date cli_newest(const struct store *store, enum store_table table, bool partial) {
    struct date newest = DATE_NONE;
    for (int i = 0; i < store_release_count(store); i++) {
        struct store_release release = store_release(store, i);
        if (release.table == table && (partial || !release.partial) &&
            date_given(release.effective) &&
            (!date_given(newest) || release.effective.day > newest.day)) {
            newest = release.effective;
        }
    }
    return newest;
}

/* Rows with windows of their own speak of days before the edition as well. */
static bool release_begun(const struct store_release *release, struct date on) {
    return release->dated || !date_given(release->effective) || release->effective.day <= on.day;
}

bool cli_begun(const struct store *store, enum store_table table, struct date on) {
    for (int i = 0; i < store_release_count(store); i++) {
        struct store_release release = store_release(store, i);
        if (release.table == table && !release.partial && release_begun(&release, on)) {
            return true;
        }
    }
    return false;
}

bool cli_speaks(const struct store *store, enum store_table table, struct date on,
                const uint32_t *ids, int id_count) {
    bool in_extract = true;
    for (int i = 0; i < id_count; i++) {
        in_extract = in_extract && store_in_extract(store, ids[i]);
    }
    for (int i = 0; i < store_release_count(store); i++) {
        struct store_release release = store_release(store, i);
        bool stale = !release.dated && store_stale(store, (uint16_t)i, on);
        if (release.table == table && !release.partial && release_begun(&release, on) && !stale &&
            (!release.extract || in_extract)) {
            return true;
        }
    }
    return false;
}
