/* write_grown IMAGE: the starter store grown by invented editions: three quarters of pairs, a
 * hospital table with rationales, limits, add-ons, a sheet; for oracle.py. */
#include <stdio.h>

#include "os/os.h"
#include "store/store.h"

static struct code code_number(int number) {
    char text[6] = {'9', 'Z', (char)('A' + number / 676 % 26), (char)('A' + number / 26 % 26),
                    (char)('A' + number % 26), 0};
    return code_from(view_of(text));
}

static struct date quarter_day(int quarter) {
    return date_from_ymd(2084 + quarter / 4, 1 + quarter % 4 * 3, 1);
}

static bool begin(struct store_draft *draft, enum store_table table, int quarter) {
    char name[16];
    snprintf(name, sizeof name, "t%d.%d", (int)table, quarter);
    struct store_edition edition = {.table = table,
                                    .name = view_of(name),
                                    .effective = quarter_day(quarter),
                                    .through = {quarter_day(quarter + 1).day - 1},
                                    .from = DATE_NONE,
                                    .to = DATE_NONE,
                                    .dated = table == STORE_NCCI_PTP || table == STORE_AOC ||
                                             table == STORE_PTP_HOSPITAL};
    struct store_source source = {view_of(name), view_of(name), 1, 1};
    return store_draft_begin(draft, &edition, &source) == STORE_BEGIN_NEW;
}

/* Later quarters end some pairs, change the indicator of others and leave some out. */
static void pairs(struct store_draft *draft, int quarter) {
    uint8_t reason = store_draft_reason(draft, VIEW("invented"));
    for (int i = 0; i < 3000; i++) {
        struct code one = code_number(i % 31), two = code_number(40 + i / 31 * 7);
        bool ended = i % 5 == 0 && quarter > i % 3;
        if (i % 11 != quarter) {
            struct date to = DATE_NONE;
            to.day = ended ? quarter_day(quarter).day - 1 : to.day;
            store_draft_pair(draft, one, two, quarter_day(-i % 9), to,
                             "0119"[(i + (i % 7 == 0 ? quarter : 0)) % 4], i % 2 ? reason : 0);
        }
        if (ended && i % 2 == 0) {
            store_draft_pair(draft, one, two, quarter_day(quarter), DATE_NONE, '0', reason);
        }
    }
}

static void small(struct store_draft *draft, int quarter) {
    if (begin(draft, STORE_MUE, quarter)) {
        for (int i = quarter; i < 200; i++) {
            store_draft_mue(draft, code_number(i), 1 + (i + quarter * (i % 3 == 0)) % 5, '2');
        }
        store_draft_end(draft);
    }
    if (begin(draft, STORE_AOC, quarter)) {
        for (int i = 0; i < 100; i++) {
            struct code primary = i % 9 ? code_number(100 + i % 13) : code_of("CCCCC");
            store_draft_addon(draft, code_number(i / 4), primary, quarter_day(0),
                              i % 4 == quarter ? quarter_day(quarter) : DATE_NONE, '1');
        }
        store_draft_end(draft);
    }
}

static void sheet(struct store_draft *draft, int quarter) {
    if (begin(draft, STORE_GPCI, quarter)) {
        for (int i = 0; i < 50; i++) {
            uint64_t cells[] = {code_number(i * 7 % 50).bits, code_of("00").bits,
                                store_draft_text(draft, VIEW("ZZ")),
                                store_draft_text(draft, VIEW("somewhere")),
                                (uint64_t)(1000 + i + quarter * (i % 2)), 900,
                                (uint64_t)INT64_MIN};
            store_draft_row(draft, DATE_NONE, DATE_NONE, cells, COUNT_OF(cells));
        }
        store_draft_end(draft);
    }
}

int main(int count, char **arguments) {
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    const struct store *starter;
    if (count != 2 || store_open(&starter, store_starter(), &arena, &diag)) {
        fprintf(stderr, "usage: write_grown IMAGE %s\n", diag.text);
        return STATUS_USAGE;
    }
    struct store_draft *draft = store_draft_open(starter);
    for (int quarter = 0; draft && quarter < 3; quarter++) {
        for (int table = STORE_NCCI_PTP; table <= STORE_PTP_HOSPITAL;
             table += STORE_PTP_HOSPITAL - STORE_NCCI_PTP) {
            if (begin(draft, (enum store_table)table, quarter)) {
                pairs(draft, quarter);
                store_draft_end(draft);
            }
        }
        small(draft, quarter);
        sheet(draft, quarter);
    }
    struct view image;
    int status = draft ? store_draft_image(draft, &image, &diag) : STATUS_SYSTEM;
    status = status ? status : os_write_atomic(arguments[1], image, &diag);
    if (status) {
        fprintf(stderr, "write_grown: %s\n", diag.text);
    }
    store_draft_close(draft);
    arena_close(&arena);
    return status;
}
