/* Inside of import: how rows are opened. importer.h and rows.h are what readers of layouts see. */
#ifndef CLAIMVET_IMPORT_READER_H
#define CLAIMVET_IMPORT_READER_H

#include "import/rows.h"

/* ---- bytes of a member ------------------------------------------------------------------- */

struct archive;

/* A stream of unpacked bytes: a view, or one member of an archive in memory. */
struct stream {
    struct view rest;        /* of a view; unused for a member */
    struct archive *archive; /* NULL: a view */
    struct view image;       /* of the archive */
    int64_t begin;           /* packed bytes read before this member */
    int64_t unpacked;
};

enum pack_kind { PACK_NONE, PACK_ZIP, PACK_GZIP, PACK_OTHER };
/* By the first bytes. PACK_OTHER: a packed or binary form that is not read. */
enum pack_kind pack_kind(struct view image);

/* Names of the members of a zip in its order, folders left out; text good to be shown. */
#define PACK_MEMBERS_MAX 4096
struct pack_list {
    int count;
    struct view *names;
};
int pack_list(struct view image, struct pack_list *list, struct arena *arena,
              struct diag *diag) MUST_USE;
/* The n-th member of that list; n < 0 opens the only content of a gzip file. */
int stream_open_member(struct stream *stream, struct view image, int n, struct diag *diag) MUST_USE;
void stream_open_view(struct stream *stream, struct view bytes);
/* Up to `size` bytes: their number, less than `size` only at the end; -1 on failure. */
ptrdiff_t stream_read(struct stream *stream, char *to, ptrdiff_t size, struct diag *diag) MUST_USE;
/* Bytes of the image that have been read so far. */
int64_t stream_done(const struct stream *stream);
void stream_close(struct stream *stream);
/* The whole member, of at most `most` bytes. */
int stream_all(struct stream *stream, ptrdiff_t most, struct arena *arena, struct view *bytes,
               struct diag *diag) MUST_USE;

/* ---- rows of text ------------------------------------------------------------------------ */

struct text_reader {
    struct stream stream;
    char *buffer;
    ptrdiff_t capacity;
    ptrdiff_t begin, end; /* of what is buffered and not yet handed out */
    ptrdiff_t first;      /* begin of the first row, behind a byte order mark */
    ptrdiff_t scanned;    /* from begin: holds no line end */
    bool at_end;          /* the stream has no more */
    char line_end;
    int64_t line; /* of the row at `begin` */
    struct arena texts; /* cells that are no views on the buffer, of the row in hand */
};

/* Opens over the stream, which it then owns, and fills the buffer: the first rows can be read and
 * read again by rows_text_rewind. */
int rows_text_open(struct text_reader *text, struct stream stream, struct diag *diag) MUST_USE;
void rows_text_close(struct text_reader *text);
/* Bytes up to `end` may have been read since it was opened, no more: back to the first row. */
void rows_text_rewind(struct text_reader *text);
bool rows_text_rewindable(const struct text_reader *text);
/* The form that the first rows seem to have; `named_csv` breaks a tie. */
enum rows_form rows_text_form(struct text_reader *text, struct rows *scratch, bool named_csv);
int rows_text_next(struct text_reader *text, struct rows *rows, struct diag *diag) MUST_USE;

/* ---- encodings --------------------------------------------------------------------------- */

#define TEXT_HIGH 1 /* a byte of 0x80 and above */
#define TEXT_NUL 2
int encoding_flags(struct view text);
/* The text, or when it is no UTF-8 a copy of it from cp1252. */
struct view encoding_utf8(struct view text, struct arena *arena);
/* A name for messages: control characters and what is no UTF-8 become '?'. */
struct view encoding_shown(struct view text, struct arena *arena);

/* ---- rows of a workbook ------------------------------------------------------------------ */

struct xlsx;
/* The first visible sheet of the workbook in `image`, which outlives it. */
int xlsx_open(struct xlsx **xlsx, struct view image, struct arena *arena,
              struct diag *diag) MUST_USE;
int xlsx_next(struct xlsx *xlsx, struct rows *rows, struct diag *diag) MUST_USE;
/* Begins with the first row again. */
int xlsx_rewind(struct xlsx *xlsx, struct diag *diag) MUST_USE;
int xlsx_sheets(const struct xlsx *xlsx); /* in the workbook */
void xlsx_close(struct xlsx *xlsx);

/* ---- rows -------------------------------------------------------------------------------- */

/* What `struct rows` is the face of. */
struct rows_reader {
    struct rows rows;
    bool workbook;
    struct text_reader text;
    struct xlsx *xlsx;
};

struct rows_reader *rows_reader_of(const struct rows *rows);
int rows_rewind(struct rows_reader *reader, struct diag *diag) MUST_USE;
void rows_close(struct rows_reader *reader);
/* The first rows in the form of reader->rows.form; then begins again. A row that cannot be read
 * ends the head; why is left in `diag` and the status is then STATUS_INPUT with a head all the
 * same. */
int rows_look(struct rows_reader *reader, struct rows_head *head, struct arena *arena,
              struct diag *diag) MUST_USE;

#endif
