/* dump_sheet IMAGE TABLE [DAY]: the rows of a sheet, or those of mpfs or code_ended that hold on
 * the day, as JSON, a line each: cells in the order of the columns, release, window. Numbers are
 * scaled. */
#include <stdio.h>

#include "os/os.h"
#include "store/store.h"

static void put_code(struct out *out, struct code code) {
    char text[9];
    out_json(out, code_given(code) ? code_text(code, text) : VIEW(""));
}

static void put_day(struct out *out, struct date day) {
    char text[11];
    date_given(day) ? out_json(out, date_text(day, text)) : OUT_TEXT(out, "null");
}

static void put_proof(struct out *out, const struct store *store, struct store_proof proof) {
    OUT_TEXT(out, ", ");
    out_json(out, store_release(store, proof.release).name);
    OUT_TEXT(out, ", ");
    put_day(out, proof.from);
    OUT_TEXT(out, ", ");
    put_day(out, proof.to);
    OUT_TEXT(out, "]\n");
}

static void put_cell(struct out *out, const struct store_cell *cell) {
    switch (cell->type) {
    case CELL_CODE: put_code(out, cell->code); break;
    case CELL_NUMBER:
        cell->number == INT64_MIN ? OUT_TEXT(out, "null") : out_int(out, cell->number);
        break;
    case CELL_DAY: put_day(out, cell->day); break;
    case CELL_CHAR:
        out_json(out, (struct view){&cell->character, cell->character != 0});
        break;
    case CELL_WIDE: out_json(out, view_of(cell->wide)); break;
    case CELL_TEXT: out_json(out, cell->text); break;
    }
}

static void dump_sheet(struct out *out, const struct store *store, enum store_table table,
                       struct store_when when) {
    int columns;
    store_sheet_columns(table, &columns);
    for (uint32_t row = 0; row < store_sheet_rows(store, table); row++) {
        if (date_given(when.on) && !store_sheet_holds(store, table, row, when)) {
            continue;
        }
        for (int i = 0; i < columns; i++) {
            struct store_cell cell = store_sheet_cell(store, table, row, i);
            out_view(out, i ? VIEW(", ") : VIEW("["));
            put_cell(out, &cell);
        }
        put_proof(out, store, store_sheet_proof(store, table, row));
    }
}

static void put_mpfs(struct out *out, const struct store_mpfs *m) {
    const char marks[] = {m->status,   m->pctc,      m->multiple,  m->bilateral,
                          m->assistant, m->cosurgeon, m->team};
    const int32_t numbers[] = {m->work,
                               m->pe_nonfacility,
                               m->pe_facility,
                               m->malpractice,
                               m->total_nonfacility,
                               m->total_facility,
                               m->conversion,
                               m->pre_percent,
                               m->intra_percent,
                               m->post_percent};
    out_format(out, ", \"%.*s\", \"%s\", \"%s\", \"%s\"", (int)sizeof marks, marks, m->global,
               m->na_nonfacility ? "NA" : "", m->na_facility ? "NA" : "");
    for (int i = 0; i < COUNT_OF(numbers); i++) {
        out_format(out, ", %d", (int)numbers[i]);
    }
    OUT_TEXT(out, ", ");
    put_code(out, m->endo_base);
}

static void dump_mpfs(struct out *out, const struct store *store, struct store_when when) {
    static const char *const modifiers[] = {"", "26", "TC", "53"};
    for (uint32_t id = 0; id < store_code_count(store); id++) {
        for (int i = 0; i < COUNT_OF(modifiers); i++) {
            struct store_mpfs row;
            if (store_mpfs(store, id, code_of(modifiers[i]), when, &row)) {
                OUT_TEXT(out, "[");
                put_code(out, store_code(store, id));
                out_format(out, ", \"%s\"", modifiers[i]);
                put_mpfs(out, &row);
                put_proof(out, store, row.proof);
            }
        }
    }
}

static void dump_ended(struct out *out, const struct store *store, struct store_when when) {
    for (uint32_t id = 0; id < store_code_count(store); id++) {
        struct store_ended row;
        if (store_ended(store, id, when, &row)) {
            OUT_TEXT(out, "[");
            put_code(out, store_code(store, id));
            OUT_TEXT(out, ", ");
            put_day(out, row.last);
            put_proof(out, store, row.proof);
        }
    }
}

int main(int count, char **arguments) {
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    struct view image;
    const struct store *store;
    if (count < 3 || os_map(arguments[1], &image, &diag) ||
        store_open(&store, image, &arena, &diag)) {
        fprintf(stderr, "dump_sheet IMAGE TABLE [DAY]: %s\n", diag.text);
        return STATUS_USAGE;
    }
    struct store_when when = {count > 3 ? date_from_iso(view_of(arguments[3])) : DATE_NONE,
                              DATE_NONE};
    struct out out;
    out_open(&out, os_stdout_sink, NULL);
    for (int table = 0; table < STORE_TABLES; table++) {
        if (view_equal(store_table_name((enum store_table)table), view_of(arguments[2]))) {
            table == STORE_MPFS    ? dump_mpfs(&out, store, when)
            : table == STORE_HCPCS ? dump_ended(&out, store, when)
                                   : dump_sheet(&out, store, (enum store_table)table, when);
        }
    }
    out_close(&out);
    arena_close(&arena);
    return out.failed ? STATUS_SYSTEM : STATUS_OK;
}
