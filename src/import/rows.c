/* What is the same for rows of every form: opening, the head, fields and headers. */
#include <string.h>

#include "import/reader.h"

#define HEAD_BYTES (1 << 18)

struct rows_reader *rows_reader_of(const struct rows *rows) {
    return (struct rows_reader *)(uintptr_t)rows; /* its first member */
}

int rows_next(struct rows *rows, struct diag *diag) {
    struct rows_reader *reader = rows_reader_of(rows);
    return reader->workbook ? xlsx_next(reader->xlsx, rows, diag)
                            : rows_text_next(&reader->text, rows, diag);
}

int rows_rewind(struct rows_reader *reader, struct diag *diag) {
    if (reader->workbook) {
        return xlsx_rewind(reader->xlsx, diag);
    }
    rows_text_rewind(&reader->text);
    return STATUS_OK;
}

void rows_close(struct rows_reader *reader) {
    if (reader->workbook) {
        xlsx_close(reader->xlsx);
    } else {
        rows_text_close(&reader->text);
    }
}

static bool head_add(struct rows_head *head, const struct rows *rows, struct arena *arena) {
    struct view *cells = ARENA_NEW(arena, struct view, rows->count + 1);
    for (int i = 0; cells && i < rows->count; i++) {
        cells[i] = arena_copy(arena, rows->cells[i]);
    }
    head->row[head->count].text = arena_copy(arena, rows->text);
    head->row[head->count].cells = cells;
    head->row[head->count].count = cells ? rows->count : 0;
    head->count++;
    return cells && !arena->failed;
}

static bool head_full(const struct rows_reader *reader, const struct rows_head *head,
                      ptrdiff_t bytes) {
    return head->count == ROWS_HEAD_MAX || bytes >= HEAD_BYTES ||
           (!reader->workbook && !rows_text_rewindable(&reader->text));
}

int rows_look(struct rows_reader *reader, struct rows_head *head, struct arena *arena,
              struct diag *diag) {
    struct rows *rows = &reader->rows;
    *head = (struct rows_head){.file = rows->file, .member = rows->member, .form = rows->form};
    int got = 1;
    ptrdiff_t bytes = 0;
    while (!head_full(reader, head, bytes) && (got = rows_next(rows, diag)) > 0) {
        for (int i = 0; i < rows->count; i++) {
            bytes += rows->cells[i].size;
        }
        if (!head_add(head, rows, arena)) {
            diag_set(diag, "memory", "out of memory for the head of a file");
            return STATUS_SYSTEM;
        }
    }
    struct diag again;
    int status = rows_rewind(reader, got < 0 ? &again : diag);
    return got < 0 ? STATUS_INPUT : status;
}

/* ---- fields ------------------------------------------------------------------------------ */

/* Byte at which the column, counted from 0 in characters, begins. */
static ptrdiff_t column_at(struct view text, int column) {
    ptrdiff_t i = 0;
    for (; column > 0 && i < text.size; column--) {
        i++;
        while (i < text.size && ((unsigned char)text.at[i] & 0xC0) == 0x80) {
            i++;
        }
    }
    return i;
}

bool rows_blank(const struct rows *rows) {
    for (int i = 0; i < rows->count; i++) {
        if (rows->cells[i].size > 0) {
            return false;
        }
    }
    return true;
}

struct view rows_field(const struct rows *rows, int from, int to) {
    if (from < 1 || to < from) {
        return VIEW("");
    }
    ptrdiff_t begin = column_at(rows->text, from - 1);
    struct view rest = view_sub(rows->text, begin, rows->text.size);
    return view_trim(view_sub(rest, 0, column_at(rest, to - from + 1)));
}

/* ---- headers ----------------------------------------------------------------------------- */

/* Letters of a header one by one: small, runs of blanks as one, none at the ends. */
struct letters {
    const char *at, *end;
    bool begun;
};

static struct letters letters_of(struct view text) {
    const char *at = text.at ? text.at : ""; /* a cell past the end of its row */
    return (struct letters){at, at + text.size, false};
}

/* A blank, a control character (line breaks) or a no-break space: its bytes, else 0. */
static int blank_size(const struct letters *l) {
    unsigned char c = (unsigned char)*l->at;
    if (c <= ' ') {
        return 1;
    }
    return c == 0xC2 && l->end - l->at > 1 && (unsigned char)l->at[1] == 0xA0 ? 2 : 0;
}

static int letter_next(struct letters *l) {
    bool blank = false;
    int size;
    while (l->at < l->end && (size = blank_size(l)) > 0) {
        l->at += size;
        blank = l->begun;
    }
    if (l->at == l->end) {
        return -1;
    }
    l->begun = true;
    if (blank) {
        return ' ';
    }
    unsigned char c = (unsigned char)*l->at++;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* -1: they differ, 0: `text` goes on behind `name`, 1: they are the same. */
static int header_compare(struct view text, struct view name) {
    struct letters a = letters_of(text);
    struct letters b = letters_of(name);
    for (;;) {
        int wanted = letter_next(&b);
        int got = letter_next(&a);
        if (wanted < 0) {
            return got < 0;
        }
        if (wanted != got) {
            return -1;
        }
    }
}

bool header_is(struct view cell, const char *name) {
    return header_compare(cell, view_of(name)) == 1;
}

int header_find(const struct view *cells, int count, const char *name) {
    int begins = -1;
    for (int i = 0; i < count; i++) {
        int same = header_compare(cells[i], view_of(name));
        if (same == 1) {
            return i;
        }
        begins = begins < 0 && same == 0 ? i : begins;
    }
    return begins;
}

static bool text_has(struct view text, struct view words) {
    for (ptrdiff_t i = 0; i < text.size; i++) {
        if (header_compare(view_sub(text, i, text.size), words) >= 0) {
            return true;
        }
    }
    return false;
}

bool head_has(const struct rows_head *head, const char *words) {
    struct view wanted = view_of(words);
    for (int i = 0; i < head->count; i++) {
        if (text_has(head->row[i].text, wanted)) {
            return true;
        }
        for (int k = 0; head->form != ROWS_LINES && k < head->row[i].count; k++) {
            if (text_has(head->row[i].cells[k], wanted)) {
                return true;
            }
        }
    }
    return false;
}
