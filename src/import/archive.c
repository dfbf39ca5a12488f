/* Archives through libarchive, always over bytes in memory: a mapped file, or a workbook that came
 * out of an archive. What it hands out is bounded by size and by how much it has grown. */
#include "import/reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define RATIO_FREE (INT64_C(1) << 22) /* so much may come out of anything */

enum pack_kind pack_kind(struct view image) {
    static const struct {
        const char *bytes;
        ptrdiff_t size;
        enum pack_kind kind;
    } marks[] = {
        {"PK\3\4", 4, PACK_ZIP},   {"PK\5\6", 4, PACK_ZIP},         {"PK\7\10", 4, PACK_ZIP},
        {"\x1f\x8b", 2, PACK_GZIP}, {"7z\xbc\xaf\x27\x1c", 6, PACK_OTHER}, {"Rar!", 4, PACK_OTHER},
        {"\xd0\xcf\x11\xe0", 4, PACK_OTHER}, {"%PDF", 4, PACK_OTHER}, {"BZh", 3, PACK_OTHER},
        {"\xfd" "7zXZ", 5, PACK_OTHER}, {"\x28\xb5\x2f\xfd", 4, PACK_OTHER},
    };
    for (int i = 0; i < COUNT_OF(marks); i++) {
        if (view_starts(image, (struct view){marks[i].bytes, marks[i].size})) {
            return marks[i].kind;
        }
    }
    return PACK_NONE;
}

static int pack_fail(struct diag *diag, struct archive *archive, const char *what) {
    const char *why = archive ? archive_error_string(archive) : NULL;
    diag_set(diag, "import_archive", "%s%s%.90s", what, why ? ": " : "", why ? why : "");
    return STATUS_INPUT;
}

/* Only the reader that goes by the central directory: a zip that is cut off has none, and must not
 * pass for a whole one that holds less. */
static int pack_open(struct archive **archive, struct view image, struct diag *diag) {
    bool gzip = pack_kind(image) == PACK_GZIP;
    struct archive *a = archive_read_new();
    if (!a) {
        diag_set(diag, "memory", "out of memory for an archive");
        return STATUS_SYSTEM;
    }
    if (gzip) {
        archive_read_support_filter_gzip(a);
        archive_read_support_format_raw(a);
    } else {
        archive_read_support_format_zip_seekable(a);
    }
    if (archive_read_open_memory(a, image.at, (size_t)image.size) != ARCHIVE_OK) {
        archive_read_free(a);
        diag_set(diag, "import_archive",
                 gzip ? "is no whole gzip file" : "is no whole zip archive: it may be cut off");
        return STATUS_INPUT;
    }
    *archive = a;
    return STATUS_OK;
}

/* 1 a member that is no folder, 0 the end, -1 a failure. */
static int pack_step(struct archive *archive, struct archive_entry **entry, struct diag *diag) {
    for (;;) {
        int got = archive_read_next_header(archive, entry);
        if (got == ARCHIVE_EOF) {
            return 0;
        }
        if (got != ARCHIVE_OK && got != ARCHIVE_WARN) { /* it warns of names it cannot convert */
            pack_fail(diag, archive, "the archive is damaged");
            return -1;
        }
        const char *name = archive_entry_pathname(*entry);
        bool folder = archive_entry_filetype(*entry) == AE_IFDIR ||
                      (name && *name && name[strlen(name) - 1] == '/');
        if (!folder) {
            return 1;
        }
    }
}

static struct view entry_name(struct archive_entry *entry, struct arena *arena) {
    const char *name = archive_entry_pathname(entry);
    if (!name || !*name) {
        name = archive_entry_pathname_utf8(entry);
    }
    return encoding_shown(view_of(name && *name ? name : "?"), arena);
}

int pack_list(struct view image, struct pack_list *list, struct arena *arena, struct diag *diag) {
    struct archive *archive;
    struct archive_entry *entry;
    *list = (struct pack_list){.names = ARENA_NEW(arena, struct view, PACK_MEMBERS_MAX)};
    if (!list->names) {
        diag_set(diag, "memory", "out of memory for an archive");
        return STATUS_SYSTEM;
    }
    int status = pack_open(&archive, image, diag);
    if (status != STATUS_OK) {
        return status;
    }
    int got;
    while ((got = pack_step(archive, &entry, diag)) > 0) {
        if (list->count == PACK_MEMBERS_MAX) {
            diag_set(diag, "import_archive", "holds more than %d members", PACK_MEMBERS_MAX);
            got = -1;
            break;
        }
        list->names[list->count++] = entry_name(entry, arena);
    }
    archive_read_free(archive);
    return got < 0 ? STATUS_INPUT : STATUS_OK;
}

int stream_open_member(struct stream *stream, struct view image, int n, struct diag *diag) {
    struct archive_entry *entry = NULL;
    *stream = (struct stream){.image = image};
    int status = pack_open(&stream->archive, image, diag);
    if (status != STATUS_OK) {
        return status;
    }
    int got = 1;
    for (int i = 0; i <= (n < 0 ? 0 : n) && got > 0; i++) {
        got = pack_step(stream->archive, &entry, diag);
    }
    if (got == 0) {
        diag_set(diag, "import_archive", "the archive is damaged: a member is not there");
    } else if (got > 0 && archive_entry_is_encrypted(entry)) {
        diag_set(diag, "import_archive", "is encrypted: unpack it first");
        got = 0;
    }
    if (got <= 0) {
        stream_close(stream);
        return STATUS_INPUT;
    }
    stream->begin = archive_filter_bytes(stream->archive, -1);
    return STATUS_OK;
}

void stream_open_view(struct stream *stream, struct view bytes) {
    *stream = (struct stream){.rest = bytes, .image = bytes};
}

static bool grown_too_far(const struct stream *stream) {
    int64_t packed = archive_filter_bytes(stream->archive, -1) - stream->begin;
    return stream->unpacked > RATIO_FREE &&
           stream->unpacked / ROWS_RATIO_MAX > (packed > 0 ? packed : 0);
}

ptrdiff_t stream_read(struct stream *stream, char *to, ptrdiff_t size, struct diag *diag) {
    if (!stream->archive) {
        struct view head = view_sub(stream->rest, 0, size);
        if (head.size > 0) {
            memcpy(to, head.at, (size_t)head.size);
        }
        stream->rest = view_sub(stream->rest, head.size, stream->rest.size);
        return head.size;
    }
    la_ssize_t got = archive_read_data(stream->archive, to, (size_t)size);
    if (got < 0) { /* a checksum that is wrong is a mere warning to it */
        pack_fail(diag, stream->archive, "the archive is damaged");
        return -1;
    }
    stream->unpacked += got;
    if (stream->unpacked > ROWS_BYTES_MAX) {
        diag_set(diag, "import_archive", "unpacks to more than %d GB",
                 (int)(ROWS_BYTES_MAX >> 30));
        return -1;
    }
    if (grown_too_far(stream)) {
        diag_set(diag, "import_archive", "unpacks to more than %d times its size: refused",
                 ROWS_RATIO_MAX);
        return -1;
    }
    return (ptrdiff_t)got;
}

int64_t stream_done(const struct stream *stream) {
    return stream->archive ? archive_filter_bytes(stream->archive, -1)
                           : stream->image.size - stream->rest.size;
}

void stream_close(struct stream *stream) {
    if (stream->archive) {
        archive_read_free(stream->archive);
    }
    *stream = (struct stream){0};
}

int stream_all(struct stream *stream, ptrdiff_t most, struct arena *arena, struct view *bytes,
               struct diag *diag) {
    ptrdiff_t size = 0;
    ptrdiff_t capacity = 1 << 16;
    char *at = memory_grow(NULL, 0, capacity);
    ptrdiff_t got = 0;
    while (at && size <= most &&
           (got = stream_read(stream, at + size, capacity - size, diag)) > 0) {
        size += got;
        if (size == capacity) {
            char *grown = memory_grow(at, capacity, 2 * capacity);
            if (!grown) {
                memory_free(at);
            }
            at = grown;
            capacity *= 2;
        }
    }
    *bytes = at && got >= 0 ? arena_copy(arena, (struct view){at, size}) : VIEW_NONE;
    bool whole = at != NULL;
    memory_free(at);
    if (whole && got < 0) {
        return STATUS_INPUT;
    }
    if (size > most) {
        diag_set(diag, "import_archive", "is larger than %d MB", (int)(most >> 20));
        return STATUS_INPUT;
    }
    if (!bytes->at) {
        diag_set(diag, "memory", "out of memory for an archive");
        return STATUS_SYSTEM;
    }
    return STATUS_OK;
}
