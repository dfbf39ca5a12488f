/* Which layout a file has, by its first rows. */
#include "import/run.h"

/* Layouts that know the head; the first of them in `*first`. */
static int knowing(const struct rows_head *head, const struct importer **first,
                   const struct importer **second) {
    int count = 0;
    for (int i = 0; importers[i]; i++) {
        if (importers[i]->knows(head)) {
            *(count == 0 ? first : second) = importers[i];
            count++;
        }
    }
    return count;
}

/* The form a file seems to have, and those that are tried when no layout knows it so. */
static int forms_of(const struct rows_reader *reader, enum rows_form forms[3]) {
    static const enum rows_form text[3] = {ROWS_TAB, ROWS_COMMA, ROWS_LINES};
    int count = 1;
    forms[0] = reader->rows.form;
    for (int i = 0; i < COUNT_OF(text) && !reader->workbook; i++) {
        if (text[i] != forms[0]) {
            forms[count++] = text[i];
        }
    }
    return count;
}

const struct importer *import_recognise(struct import *import, struct rows_reader *reader,
                                        bool *known) {
    enum rows_form forms[3];
    int count = forms_of(reader, forms);
    struct diag broken = DIAG_NONE;
    *known = false;
    for (int i = 0; i < count; i++) {
        const struct importer *first = NULL;
        const struct importer *second = NULL;
        struct diag diag = DIAG_NONE;
        struct rows_head *head = ARENA_NEW(&import->scratch, struct rows_head, 1);
        reader->rows.form = forms[i];
        int status = head ? rows_look(reader, head, &import->scratch, &diag) : STATUS_SYSTEM;
        if (status == STATUS_INPUT && i == 0) {
            broken = diag;
            broken.line = broken.line ? broken.line : reader->rows.line;
        }
        int knows = status == STATUS_SYSTEM ? 0 : knowing(head, &first, &second);
        if (knows > 1) { /* layouts are told apart by what they ask for: a fault of this program */
            diag_set(&broken, "import_unknown", "two layouts know it, %.50s and %.50s", first->what,
                     second->what);
        }
        if (knows == 1) {
            *known = true;
            return first;
        }
    }
    if (*broken.code) {
        import_keep(import, &broken);
        *known = true;
    }
    return NULL;
}
