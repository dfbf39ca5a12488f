/* What readers of layouts call: editions, errors, rows. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "import/run.h"

#define TELL_ROWS 4096 /* between two reports of progress */
#define SLICES_MAX 16

struct store_draft *import_draft(struct import *import) { return import->draft; }
struct arena *import_arena(struct import *import) { return &import->scratch; }
bool import_licensed(const struct import *import) { return import->licensed; }

/* ---- errors ------------------------------------------------------------------------------ */

static void *list_add(struct import *import, struct import_list *list, ptrdiff_t size) {
    if (list->count == list->capacity) {
        int capacity = list->capacity ? 2 * list->capacity : 64;
        void *grown = memory_grow(list->at, list->capacity * size, capacity * size);
        if (!grown) {
            import->failed = true;
            return NULL;
        }
        list->at = grown;
        list->capacity = capacity;
    }
    return (char *)list->at + size * list->count++;
}

void import_keep(struct import *import, const struct diag *diag) {
    if (import->errors.count > IMPORT_ERRORS_MAX) {
        return;
    }
    struct import_error error = {import->name, *diag};
    if (import->errors.count == IMPORT_ERRORS_MAX) {
        diag_set(&error.diag, diag->code, "more than %d errors: the rest is not listed",
                 IMPORT_ERRORS_MAX);
    }
    struct import_error *kept =
        list_add(import, &import->errors, (ptrdiff_t)sizeof(struct import_error));
    if (kept) {
        *kept = error;
    }
}

bool import_stopped(const struct import *import) {
    return import->failed || import->errors.count > IMPORT_ERRORS_MAX ||
           (import->errors.count > 0 && !import->options.keep_going);
}

bool import_wrong(struct import *import, const struct rows *rows, const char *code,
                  const char *column, const char *format, ...) {
    struct diag diag;
    char text[sizeof diag.text];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    diag_set(&diag, code, "%s%.60s%s%s", column ? "column " : "", column ? column : "",
             column ? ": " : "", text);
    diag.line = rows->line;
    import_keep(import, &diag);
    return !import_stopped(import);
}

static int status_of(const struct diag *diag) {
    return strcmp(diag->code, "memory") == 0 ? STATUS_SYSTEM : STATUS_INPUT;
}

int import_status(const struct import *import) {
    if (import->failed || import->arena.failed) {
        return STATUS_SYSTEM;
    }
    return import->errors.count > import->first_error
               ? status_of(&((struct import_error *)import->errors.at)[import->first_error].diag)
               : STATUS_OK;
}

/* ---- results ----------------------------------------------------------------------------- */

void import_result_add(struct import *import, const struct import_result *result) {
    struct import_result *added =
        list_add(import, &import->results, (ptrdiff_t)sizeof(struct import_result));
    if (added) {
        *added = *result;
        added->note = result->note.at ? result->note : VIEW("");
    }
}

struct import_result *import_result_last(struct import *import) {
    return import->results.count > import->first_result
               ? (struct import_result *)import->results.at + import->results.count - 1
               : NULL;
}

void import_note_to(struct import *import, struct import_result *result, struct view text) {
    struct out joined;
    out_open(&joined, NULL, NULL);
    out_view(&joined, result->note);
    out_view(&joined, view_of(result->note.size > 0 ? "; " : ""));
    out_view(&joined, text);
    result->note = arena_copy(&import->arena, out_bytes(&joined));
    result->note = result->note.at ? result->note : VIEW("");
    out_close(&joined);
}

void import_note(struct import *import, const char *format, ...) {
    char text[400];
    struct import_result *result = import_result_last(import);
    va_list list;
    va_start(list, format);
    int size = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (result && size >= 0) { /* else before an edition began: nothing it could be told of */
        import_note_to(import, result, view_of(text));
    }
}

/* ---- editions ---------------------------------------------------------------------------- */

static bool edition_conflict(struct import *import, const struct rows *rows,
                             const struct store_edition *edition) {
    import_wrong(import, rows, "import_conflict", NULL,
                 "the store has %.20s %.30s from a file with other contents",
                 store_table_name(edition->table).at, edition->name.at);
    return false;
}

bool import_begin(struct import *import, const struct rows *rows,
                  const struct store_edition *edition, int slice, int slices) {
    assert(!import->begun && slice >= 1 && slice <= slices && slices <= SLICES_MAX);
    struct store_source source = {rows->file, rows->sha256, slice, slices};
    char name[40];
    snprintf(name, sizeof name, "%.*s", (int)edition->name.size, edition->name.at);
    enum store_begin begin = store_draft_begin(import->draft, edition, &source);
    struct import_result result = {
        .file = import->path,
        .member = arena_copy(&import->arena, rows->member),
        .table = edition->table,
        .release = arena_copy(&import->arena, edition->name),
        .begin = begin,
    };
    import_result_add(import, &result);
    if (begin == STORE_BEGIN_KNOWN && import->license_late && import->importer->cpt) {
        import_note(import, "its descriptors were not kept: start a new store for them");
    }
    import->begun = begin == STORE_BEGIN_NEW;
    import->partial = edition->partial;
    if (begin == STORE_BEGIN_CONFLICT) {
        struct store_edition named = *edition;
        named.name = view_of(name);
        return edition_conflict(import, rows, &named);
    }
    return import->begun;
}

void import_end(struct import *import, const struct rows *rows, int64_t count, int64_t rows_least,
                int64_t rows_most) {
    assert(import->begun);
    bool few = count < rows_least && !import->partial;
    if (!import_stopped(import) && !import->broken && (few || count > rows_most)) {
        import_wrong(import, rows, "import_row_count", NULL,
                     "has %lld rows, a whole file has %lld to %lld", (long long)count,
                     (long long)rows_least, (long long)rows_most);
    }
    if (import_status(import) == STATUS_OK) {
        store_draft_end(import->draft);
    } else {
        store_draft_abandon(import->draft);
    }
    import->begun = false;
    struct import_result *result = import_result_last(import);
    if (result) {
        result->rows = count;
    }
}

/* ---- rows -------------------------------------------------------------------------------- */

void import_tell(struct import *import, int64_t done) {
    if (import->options.progress) {
        import->options.progress(import->options.context, import->name,
                                 import->bytes_before + done, import->options.bytes);
    }
}

bool import_next(struct import *import, struct rows *rows) {
    if (import->broken || import_stopped(import)) {
        return false;
    }
    if (++import->rows_read % TELL_ROWS == 0 && !import->reader->workbook) {
        import_tell(import, stream_done(&import->reader->text.stream));
    }
    struct diag diag = DIAG_NONE;
    int got = rows_next(rows, &diag);
    if (got < 0) {
        diag.line = diag.line ? diag.line : rows->line;
        import_keep(import, &diag);
        import->broken = true;
    }
    return got > 0;
}
