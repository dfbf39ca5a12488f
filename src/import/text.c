/* Rows of text files: comma, tab or fixed width. A row that is whole in the buffer is handed out as
 * views on it; only cells with doubled quotes or in cp1252 are copied. */
#include <string.h>

#include "import/reader.h"

#define BUFFER_SIZE (2 * ROWS_ROW_MAX)
#define HEAD_BYTES (1 << 18)
#define DOS_END '\x1A'

enum got { GOT_ROW, GOT_MORE, GOT_WRONG };

/* Reads on until the buffer is full or the stream ends. */
static int buffer_fill(struct text_reader *text, struct diag *diag) {
    if (text->begin > 0) {
        memmove(text->buffer, text->buffer + text->begin, (size_t)(text->end - text->begin));
        text->end -= text->begin;
        text->begin = 0;
        text->first = -1;
    }
    while (text->end < text->capacity && !text->at_end) {
        ptrdiff_t got =
            stream_read(&text->stream, text->buffer + text->end, text->capacity - text->end, diag);
        if (got < 0) {
            return STATUS_INPUT;
        }
        text->end += got;
        text->at_end = got == 0;
    }
    return STATUS_OK;
}

/* A file of an old Macintosh ends its lines with CR alone. */
static char line_end_of(struct view head) {
    return view_find(head, '\n') < 0 && view_find(head, '\r') >= 0 ? '\r' : '\n';
}

int rows_text_open(struct text_reader *text, struct stream stream, struct diag *diag) {
    *text = (struct text_reader){.stream = stream, .line = 1};
    bool small = !stream.archive && stream.rest.size < BUFFER_SIZE;
    text->capacity = small ? stream.rest.size + 1 : BUFFER_SIZE; /* one more finds the end */
    text->buffer = memory_grow(NULL, 0, text->capacity);
    if (!text->buffer) {
        diag_set(diag, "memory", "out of memory for reading");
        return STATUS_SYSTEM;
    }
    int status = buffer_fill(text, diag);
    if (status != STATUS_OK) {
        return status;
    }
    struct view head = {text->buffer, text->end};
    if (view_starts(head, VIEW("\xFF\xFE")) || view_starts(head, VIEW("\xFE\xFF"))) {
        diag_set(diag, "import_text", "is UTF-16: save it as UTF-8");
        return STATUS_INPUT;
    }
    text->first = view_starts(head, VIEW("\xEF\xBB\xBF")) ? 3 : 0;
    text->line_end = line_end_of(head);
    rows_text_rewind(text);
    return STATUS_OK;
}

void rows_text_close(struct text_reader *text) {
    stream_close(&text->stream);
    memory_free(text->buffer);
    arena_close(&text->texts);
    *text = (struct text_reader){0};
}

bool rows_text_rewindable(const struct text_reader *text) {
    return text->first >= 0 && text->begin < HEAD_BYTES;
}

void rows_text_rewind(struct text_reader *text) {
    text->begin = text->first;
    text->scanned = 0;
    text->line = 1;
}

/* ---- one row ----------------------------------------------------------------------------- */

static int64_t line_breaks(const struct text_reader *text, const char *from, const char *to) {
    int64_t count = 0;
    while ((from = memchr(from, text->line_end, (size_t)(to - from)))) {
        count++;
        from++;
    }
    return count;
}

static bool cell_add(struct rows *rows, struct view cell, struct diag *diag) {
    if (rows->count == ROWS_CELLS_MAX) {
        diag_set(diag, "import_text", "the row has more than %d cells", ROWS_CELLS_MAX);
        return false;
    }
    rows->cells[rows->count++] = view_trim(cell);
    return true;
}

static enum got plain_cells(struct rows *rows, struct view line, char delimiter,
                            struct diag *diag) {
    struct view rest = line;
    while (rest.at) {
        if (!cell_add(rows, view_cut(&rest, delimiter), diag)) {
            return GOT_WRONG;
        }
    }
    return GOT_ROW;
}

/* A cursor over a row with quotes, in the buffer. */
struct quoted {
    struct text_reader *text;
    struct diag *diag;
    const char *begin; /* of the row */
    const char *at;
    const char *end; /* of what is buffered */
    char delimiter;
};

static enum got quote_wrong(const struct quoted *q, const char *at, const char *what) {
    diag_set(q->diag, "import_text", "%s", what);
    q->diag->line = q->text->line + line_breaks(q->text, q->begin, at);
    return GOT_WRONG;
}

static struct view doubled_out(struct text_reader *text, struct view cell) {
    char *copy = ARENA_NEW(&text->texts, char, cell.size);
    ptrdiff_t size = 0;
    for (ptrdiff_t i = 0; copy && i < cell.size; i++) {
        copy[size++] = cell.at[i];
        i += cell.at[i] == '"';
    }
    return (struct view){copy, size};
}

/* From behind the closing quote to the delimiter or line end: only blanks may stand there. */
static enum got quoted_tail(struct quoted *q) {
    while (q->at < q->end && (*q->at == ' ' || *q->at == '\r') && *q->at != q->text->line_end) {
        q->at++;
    }
    if (q->at == q->end) {
        return q->text->at_end ? GOT_ROW : GOT_MORE;
    }
    if (*q->at != q->delimiter && *q->at != q->text->line_end) {
        return quote_wrong(q, q->at, "text stands between a closing quote and the next cell");
    }
    return GOT_ROW;
}

static enum got quoted_cell(struct quoted *q, struct view *cell) {
    const char *open = q->at++;
    bool doubled = false;
    for (;;) {
        const char *quote = memchr(q->at, '"', (size_t)(q->end - q->at));
        if (!quote && q->text->at_end) {
            return quote_wrong(q, open, "a quote that opens here is never closed");
        }
        if (!quote || (quote + 1 == q->end && !q->text->at_end)) {
            return GOT_MORE;
        }
        q->at = quote + 1;
        if (q->at == q->end || *q->at != '"') {
            *cell = (struct view){open + 1, quote - open - 1};
            break;
        }
        doubled = true;
        q->at++;
    }
    enum got got = quoted_tail(q);
    if (got == GOT_ROW && doubled) {
        *cell = doubled_out(q->text, *cell);
    }
    return got;
}

static enum got bare_cell(struct quoted *q, struct view *cell) {
    const char *begin = q->at;
    while (q->at < q->end && *q->at != q->delimiter && *q->at != q->text->line_end) {
        q->at++;
    }
    *cell = (struct view){begin, q->at - begin};
    return q->at == q->end && !q->text->at_end ? GOT_MORE : GOT_ROW;
}

/* The row at `begin`, which has a quote somewhere: its cells, and where it ends. */
static enum got quoted_row(struct quoted *q, struct rows *rows) {
    for (;;) {
        struct view cell;
        enum got got = q->at < q->end && *q->at == '"' ? quoted_cell(q, &cell)
                                                       : bare_cell(q, &cell);
        if (got != GOT_ROW) {
            return got;
        }
        if (!cell_add(rows, cell, q->diag)) {
            return GOT_WRONG;
        }
        if (q->at == q->end || *q->at == q->text->line_end) {
            return GOT_ROW;
        }
        q->at++;
    }
}

static void cells_to_utf8(struct text_reader *text, struct rows *rows) {
    rows->text = encoding_utf8(rows->text, &text->texts);
    for (int i = 0; i < rows->count; i++) {
        rows->cells[i] = encoding_utf8(rows->cells[i], &text->texts);
    }
}

/* Bytes of the row at `begin` without its line end; -1 when more must be read. */
static ptrdiff_t line_size(struct text_reader *text) {
    const char *begin = text->buffer + text->begin;
    ptrdiff_t buffered = text->end - text->begin;
    const char *end =
        memchr(begin + text->scanned, text->line_end, (size_t)(buffered - text->scanned));
    if (end) {
        return end - begin;
    }
    text->scanned = buffered;
    return text->at_end ? buffered : -1;
}

static enum got row_cut(struct text_reader *text, struct rows *rows, ptrdiff_t *size,
                        struct diag *diag) {
    char delimiter = rows->form == ROWS_TAB ? '\t' : ',';
    struct view line = {text->buffer + text->begin, line_size(text)};
    if (line.size < 0) {
        return GOT_MORE;
    }
    *size = line.size;
    rows->count = 0;
    rows->text = line;
    if (rows->form == ROWS_LINES) {
        rows->cells[0] = view_trim(line);
        rows->count = 1;
        return GOT_ROW;
    }
    if (view_find(line, '"') < 0) {
        return plain_cells(rows, line, delimiter, diag);
    }
    struct quoted q = {text, diag, line.at, line.at, text->buffer + text->end, delimiter};
    enum got got = quoted_row(&q, rows);
    *size = q.at - line.at;
    rows->text.size = *size;
    return got;
}

/* What is true of every row that was cut. */
static int row_finish(struct text_reader *text, struct rows *rows, ptrdiff_t size,
                      struct diag *diag) {
    const char *begin = text->buffer + text->begin;
    if (size > ROWS_ROW_MAX) {
        diag_set(diag, "import_text", "the row is longer than %d bytes", ROWS_ROW_MAX);
        return -1;
    }
    if (size > 0 && begin[size - 1] == '\r') {
        rows->text.size--;
    }
    int flags = encoding_flags(rows->text);
    if (flags & TEXT_NUL) {
        diag_set(diag, "import_text", "the row holds a NUL byte: this is no text file");
        return -1;
    }
    if (flags & TEXT_HIGH) {
        cells_to_utf8(text, rows);
    }
    rows->line = text->line;
    text->line += line_breaks(text, begin, begin + size) + 1;
    text->begin += size + (text->begin + size < text->end);
    text->scanned = 0;
    if (text->texts.failed) {
        diag_set(diag, "memory", "out of memory for a row");
        return -1;
    }
    return 1;
}

static bool at_text_end(const struct text_reader *text) {
    ptrdiff_t left = text->end - text->begin;
    return text->at_end && (left == 0 || (left == 1 && text->buffer[text->begin] == DOS_END));
}

int rows_text_next(struct text_reader *text, struct rows *rows, struct diag *diag) {
    if (text->texts.block) {
        arena_reset(&text->texts);
    }
    for (;;) {
        if (at_text_end(text)) {
            return 0;
        }
        ptrdiff_t size = 0;
        rows->line = text->line;
        enum got got = row_cut(text, rows, &size, diag);
        if (got == GOT_ROW) {
            return row_finish(text, rows, size, diag);
        }
        if (got == GOT_WRONG) {
            return -1;
        }
        if (text->end - text->begin > ROWS_ROW_MAX) {
            diag_set(diag, "import_text", "the row is longer than %d bytes; is a quote left open?",
                     ROWS_ROW_MAX);
            return -1;
        }
        if (buffer_fill(text, diag) != STATUS_OK) {
            return -1;
        }
    }
}

/* ---- recognising the form ---------------------------------------------------------------- */

/* How many of the first rows share the most frequent number of cells (of at least `cells_min`). */
static int rows_alike(struct text_reader *text, struct rows *rows, int cells_min, int *cells,
                      int *all) {
    int counts[ROWS_CELLS_MAX + 1] = {0};
    struct diag diag;
    rows_text_rewind(text);
    *all = 0;
    *cells = cells_min;
    while (rows_text_rewindable(text) && rows_text_next(text, rows, &diag) > 0) {
        bool blank = rows->count == 1 && rows->cells[0].size == 0;
        *all += !blank;
        counts[rows->count] += !blank;
    }
    for (int i = cells_min; i <= ROWS_CELLS_MAX; i++) {
        *cells = counts[i] > counts[*cells] ? i : *cells;
    }
    rows_text_rewind(text);
    return counts[*cells];
}

enum rows_form rows_text_form(struct text_reader *text, struct rows *rows, bool named_csv) {
    int cells, all;
    rows->form = ROWS_TAB;
    int tab = rows_alike(text, rows, 2, &cells, &all);
    bool tabs = tab > 0 && (tab * 2 >= all || (tab > 1 && cells > 3));
    rows->form = ROWS_COMMA;
    int comma = rows_alike(text, rows, 3, &cells, &all);
    if (tabs && tab >= comma) {
        return ROWS_TAB;
    }
    /* Descriptions in fixed-width files hold commas as well, but never so regularly. */
    return named_csv || comma * 10 >= all * 6 ? ROWS_COMMA : ROWS_LINES;
}
