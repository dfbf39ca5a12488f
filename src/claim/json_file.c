/* A file of JSON claims: one object, an array of objects, or one object a line. Records are cut
 * out one at a time, so memory holds a block and the claim in hand; a record that is broken costs
 * one fault, and reading goes on behind it. */
#include <string.h>

#include "claim/json_internal.h"

struct json_claims {
    struct window window;
    struct json_tokener *tokener;
    bool array; /* inside of a top-level array */
    bool lines; /* a claim stood whole on its line: a line end ends a record, whatever is open */
    ptrdiff_t broken_at; /* where the record in hand stops being JSON; -1: it is JSON */
};

/* Where a record ends, found without recursion. */
struct record_scan {
    ptrdiff_t at; /* bytes looked at */
    int64_t depth;
    bool string;
    bool escape;
    bool newline;         /* crossed a line end that may end a broken record */
    ptrdiff_t newline_at; /* behind it */
    char last;            /* not blank */
};

enum record_end { RECORD_MORE, RECORD_WHOLE, RECORD_BROKEN };

static enum record_end scan_string(struct record_scan *scan, char c) {
    if (scan->escape) {
        scan->escape = false;
    } else if (c == '\\') {
        scan->escape = true;
    } else if (c == '"') {
        scan->string = false;
    }
    return RECORD_MORE;
}

/* In valid JSON a line that begins with "{" follows one that ends in one of [ , : { only. */
static bool may_hold_object(char last) {
    return last == '[' || last == ',' || last == ':' || last == '{';
}

static enum record_end scan_char(struct record_scan *scan, char c, bool lines) {
    if (c == '\n') {
        scan->newline = !may_hold_object(scan->last);
        scan->newline_at = scan->at;
        return lines ? RECORD_BROKEN : RECORD_MORE;
    }
    if (c == ' ' || c == '\t' || c == '\r') {
        return RECORD_MORE;
    }
    if (scan->newline && c == '{') {
        scan->at = scan->newline_at;
        return RECORD_BROKEN;
    }
    scan->newline = false;
    scan->last = c;
    if (scan->string) {
        return scan_string(scan, c);
    }
    switch (c) {
    case '"': scan->string = true; break;
    case '{':
    case '[': scan->depth++; break;
    case '}':
    case ']': return --scan->depth == 0 ? RECORD_WHOLE : RECORD_MORE;
    default: break;
    }
    return RECORD_MORE;
}

static enum record_end scan_bytes(struct record_scan *scan, struct view rest, bool lines) {
    while (scan->at < rest.size) {
        enum record_end end = scan_char(scan, rest.at[scan->at++], lines);
        if (end != RECORD_MORE) {
            return end;
        }
    }
    return RECORD_MORE;
}

/* Reads on until the record that begins at the window's first byte has an end. */
static enum record_end record_find(struct json_claims *json, struct record_scan *scan) {
    bool lines = json->lines && !json->array;
    enum record_end end = scan_bytes(scan, window_rest(&json->window), lines);
    while (end == RECORD_MORE && scan->at <= CLAIM_JSON_BYTES_MAX && window_more(&json->window)) {
        end = scan_bytes(scan, window_rest(&json->window), lines);
    }
    return end;
}

static struct diag *fault_open(struct claim_reader *reader) {
    reader->fault = (struct claim_fault){0};
    reader->fault.diag = DIAG_NONE;
    return &reader->fault.diag;
}

/* Turns an offset within the record into offset, line and column of the file. */
static void fault_place(struct claim_reader *reader, struct view record, int64_t offset) {
    const struct window *window = &reader->json->window;
    struct diag *diag = &reader->fault.diag;
    diag->byte = window->byte + offset;
    diag->line = window->line;
    struct view before = view_sub(record, 0, (ptrdiff_t)offset);
    for (ptrdiff_t cut = view_find(before, '\n'); cut >= 0; cut = view_find(before, '\n')) {
        diag->line++;
        before = view_sub(before, cut + 1, before.size);
    }
    bool same_line = diag->line == window->line;
    diag->column = same_line ? diag->byte - window->line_byte + 1 : before.size + 1;
}

static enum claim_got record_read(struct claim_reader *reader, struct view record) {
    struct json_claims *json = reader->json;
    struct diag *diag = fault_open(reader);
    struct json_object *object = json_record_parse(json->tokener, record, diag);
    json->broken_at = object ? -1 : (ptrdiff_t)diag->byte;
    if (!object) {
        fault_place(reader, record, diag->byte);
        return CLAIM_FAULT;
    }
    arena_reset(&reader->arena);
    reader->claim.at = (struct claim_place){json->window.line, json->window.byte, 0};
    int status = reader->filled
                     ? chart_entry_read(reader->filled, object, json->window.line, diag)
                     : json_claim_read(&reader->claim, object, &reader->arena, diag);
    json_object_put(object);
    if (status == STATUS_SYSTEM) {
        return fault_memory(reader);
    }
    if (status != STATUS_OK) {
        fault_place(reader, record, 0);
        return CLAIM_FAULT;
    }
    return CLAIM_READ;
}

static enum claim_got source_fault(struct claim_reader *reader) {
    reader->fault = (struct claim_fault){.diag = reader->json->window.diag};
    reader->ended = true;
    return CLAIM_FAULT;
}

/* Goes on behind a record of more than CLAIM_JSON_BYTES_MAX without keeping it. */
static enum claim_got record_too_large(struct claim_reader *reader, struct record_scan *scan,
                                       enum record_end end) {
    struct json_claims *json = reader->json;
    (void)fault_open(reader);
    diag_set(&reader->fault.diag, "json_too_large", "a claim of more than 8 MiB: split it");
    fault_place(reader, VIEW(""), 0);
    while (end == RECORD_MORE) {
        window_take(&json->window, scan->at);
        scan->newline_at -= scan->at;
        scan->at = 0;
        if (!window_more(&json->window)) {
            break;
        }
        end = scan_bytes(scan, window_rest(&json->window), json->lines && !json->array);
    }
    window_take(&json->window, scan->at > 0 ? scan->at : 0);
    return CLAIM_FAULT;
}

/* A broken record that ran into the next line: the start of that line when a claim begins there,
 * else 0. */
static ptrdiff_t broken_resume(struct view record, ptrdiff_t broken_at) {
    ptrdiff_t start = broken_at < record.size ? broken_at : record.size;
    while (start > 0 && record.at[start - 1] != '\n') {
        start--;
    }
    return start < record.size && record.at[start] == '{' ? start : 0;
}

/* Leaves the rest of the line unread. */
static void line_skip(struct window *window) {
    for (;;) {
        struct view rest = window_rest(window);
        ptrdiff_t end = view_find(rest, '\n');
        window_take(window, end < 0 ? rest.size : end);
        if (end >= 0 || !window_more(window)) {
            return;
        }
    }
}

static enum claim_got record_next(struct claim_reader *reader) {
    struct json_claims *json = reader->json;
    struct record_scan scan = {0};
    enum record_end end = record_find(json, &scan);
    if (json->window.failed) {
        return source_fault(reader);
    }
    if (scan.at > CLAIM_JSON_BYTES_MAX) {
        return record_too_large(reader, &scan, end);
    }
    struct view record = view_sub(window_rest(&json->window), 0, scan.at);
    if (end != RECORD_WHOLE) {
        record = view_trim(record);
        json->array &= end != RECORD_MORE; /* one damage, one fault */
    } else if (!json->array && view_find(record, '\n') < 0) {
        json->lines = true;
    }
    bool ends_line = record.at[scan.at - 1] == '\n';
    enum claim_got got = record_read(reader, record);
    if (json->broken_at < 0 || json->array) {
        window_take(&json->window, scan.at);
        return got;
    }
    ptrdiff_t resume = broken_resume(record, json->broken_at);
    if (resume > 0) {
        record = view_trim(view_sub(record, 0, resume));
        diag_set(&reader->fault.diag, "json_syntax", "no valid JSON: the claim is not closed");
        fault_place(reader, record, record.size);
    }
    window_take(&json->window, resume > 0 ? resume : scan.at);
    if (resume == 0 && !ends_line) {
        line_skip(&json->window);
    }
    return got;
}

/* Something that is no object where a claim should begin: one fault for the rest of its line (in
 * an array: up to the next comma). */
static enum claim_got stray_text(struct claim_reader *reader) {
    struct json_claims *json = reader->json;
    (void)fault_open(reader);
    diag_set(&reader->fault.diag, "json_syntax", "%s",
             json->array ? "an element of the array is no object: claims are objects in braces"
                         : "text that is no claim: each claim is an object in braces");
    fault_place(reader, window_rest(&json->window), 0);
    bool string = false;
    for (;;) {
        struct view rest = window_rest(&json->window);
        ptrdiff_t i = 0;
        for (; i < rest.size; i++) {
            char c = rest.at[i];
            string ^= c == '"';
            if (c == '\n' || (json->array && !string && (c == ',' || c == ']'))) {
                window_take(&json->window, i);
                return CLAIM_FAULT;
            }
        }
        window_take(&json->window, i);
        if (!window_more(&json->window)) {
            return CLAIM_FAULT;
        }
    }
}

/* Skips what may stand between claims; 0 at the end, else the byte at which something begins. */
static char between_skip(struct json_claims *json) {
    for (;;) {
        struct view rest = window_rest(&json->window);
        ptrdiff_t i = 0;
        while (i < rest.size && (rest.at[i] == ' ' || rest.at[i] == '\t' || rest.at[i] == '\r' ||
                                 rest.at[i] == '\n' || (json->array && rest.at[i] == ','))) {
            i++;
        }
        char found = i < rest.size ? rest.at[i] : 0;
        window_take(&json->window, i);
        if (i < rest.size) {
            return found ? found : '?';
        }
        if (!window_more(&json->window)) {
            return 0;
        }
    }
}

static enum claim_got file_end(struct claim_reader *reader) {
    if (reader->json->window.failed) {
        return source_fault(reader);
    }
    reader->ended = reader->json->array;
    if (!reader->json->array) {
        return CLAIM_END;
    }
    (void)fault_open(reader);
    diag_set(&reader->fault.diag, "json_syntax",
             "the array of claims is not closed: the file may be cut off");
    fault_place(reader, VIEW(""), 0);
    return CLAIM_FAULT;
}

enum claim_got json_claims_next(struct claim_reader *reader) {
    struct json_claims *json = reader->json;
    for (;;) {
        char c = between_skip(json);
        switch (c) {
        case 0: return file_end(reader);
        case '{': return record_next(reader);
        case '[':
        case ']':
            if (json->array == (c == '[')) {
                return stray_text(reader);
            }
            json->array = c == '[';
            window_take(&json->window, 1);
            break;
        default: return stray_text(reader);
        }
    }
}

int json_claims_open(struct claim_reader *reader, struct diag *diag) {
    struct json_tokener *tokener = json_tokener_strict();
    reader->json = memory_grow(NULL, 0, (ptrdiff_t)sizeof *reader->json);
    if (!reader->json || !tokener) {
        if (tokener) {
            json_tokener_free(tokener);
        }
        return memory_fault(diag);
    }
    reader->json->tokener = tokener;
    struct window *window = &reader->json->window;
    window_open(window, &reader->input);
    if (window_more(window) && view_starts(window_rest(window), VIEW("\xEF\xBB\xBF"))) {
        window_take(window, 3);
    }
    if (window->failed) {
        *diag = window->diag;
        return STATUS_SYSTEM; /* the head was read before: memory was refused */
    }
    return STATUS_OK;
}

void json_claims_close(struct claim_reader *reader) {
    if (!reader->json) {
        return;
    }
    window_close(&reader->json->window);
    json_tokener_free(reader->json->tokener);
    memory_free(reader->json);
    reader->json = NULL;
}
