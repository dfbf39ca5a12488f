/* One run: files to members, members to layouts, layouts to the draft, the draft to a store. */
#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "import/run.h"
#include "os/os.h"

#define WORKBOOK_PART "xl/workbook.xml"
#define WORKBOOK_MAX (64 << 20) /* a workbook inside an archive is unpacked to memory */

/* A file in hand, or a member of it. */
struct source {
    struct view image; /* the mapped file */
    struct view sha256;
    struct view file;   /* base name */
    struct view folder; /* base name of what it lies in */
    struct view member; /* inside the archive, else the base name */
    bool inside;
};

/* ---- names ------------------------------------------------------------------------------- */

static struct view base_name(struct view path) {
    while (view_find(path, '/') >= 0) {
        view_cut(&path, '/');
    }
    return path;
}

/* "rvu26c" of "data/rvu26c/GPCI2026.csv", "" when the path names no folder. */
static struct view folder_name(struct view path) {
    struct view folder = VIEW("");
    while (view_find(path, '/') >= 0) {
        folder = view_cut(&path, '/');
    }
    return folder;
}

static bool is_extension(struct view name, const char *extension) {
    struct view tail = view_of(extension);
    struct view end = view_sub(name, name.size - tail.size, tail.size);
    return name.size > tail.size && header_is(end, extension);
}

static struct view stem_of(struct view name) {
    ptrdiff_t at = name.size;
    while (at > 0 && name.at[at - 1] != '.') {
        at--;
    }
    return view_sub(name, 0, at > 0 ? at - 1 : name.size);
}

static bool is_document(struct view name) {
    static const char *const extensions[] = {".pdf", ".doc", ".docx", ".htm", ".html", ".rtf",
                                             ".ppt", ".pptx", ".png", ".jpg", ".gif"};
    struct view base = base_name(name);
    for (int i = 0; i < COUNT_OF(extensions); i++) {
        if (is_extension(base, extensions[i])) {
            return true;
        }
    }
    return name_find(base, "readme") >= 0 ||
           view_starts(name, VIEW("__MACOSX/")) || view_starts(base, VIEW("."));
}

/* CMS ships text and workbook of the same table together: the text of this workbook, -1 when there
 * is none. */
static int text_twin(const struct pack_list *list, struct view name) {
    if (!is_extension(name, ".xlsx")) {
        return -1;
    }
    for (int i = 0; i < list->count; i++) {
        struct view other = list->names[i];
        bool text = is_extension(other, ".txt") || is_extension(other, ".csv");
        struct view stem = stem_of(name);
        struct view other_stem = stem_of(other);
        ptrdiff_t same = 0;
        while (same < stem.size && same < other_stem.size &&
               header_is(view_sub(stem, same, 1), (char[2]){other_stem.at[same], 0})) {
            same++;
        }
        if (text && same == stem.size && same == other_stem.size) {
            return i;
        }
    }
    return -1;
}

/* ---- one member -------------------------------------------------------------------------- */

enum outcome { OUTCOME_READ, OUTCOME_UNKNOWN, OUTCOME_FAILED };

static enum outcome member_fail(struct import *import, const struct diag *diag) {
    import_keep(import, diag);
    return OUTCOME_FAILED;
}

static void member_begin(struct import *import, const struct source *source) {
    struct out name;
    out_open(&name, NULL, NULL);
    out_view(&name, import->path);
    if (source->inside) {
        OUT_TEXT(&name, " (");
        out_view(&name, source->member);
        OUT_TEXT(&name, ")");
    }
    import->name = arena_copy(&import->arena, out_bytes(&name));
    out_close(&name);
    arena_reset(&import->scratch);
    import->first_error = import->errors.count;
    import->first_result = import->results.count;
    import->broken = false;
    import->begun = false;
    import->importer = NULL;
}

static bool is_workbook(struct view image, struct arena *arena, struct diag *diag) {
    struct pack_list list;
    if (pack_kind(image) != PACK_ZIP || pack_list(image, &list, arena, diag) != STATUS_OK) {
        return false;
    }
    for (int i = 0; i < list.count; i++) {
        if (view_equal(list.names[i], VIEW(WORKBOOK_PART))) {
            return true;
        }
    }
    return false;
}

static int workbook_open(struct import *import, struct rows_reader *reader, struct view image,
                         struct diag *diag) {
    reader->workbook = true;
    reader->rows.form = ROWS_XLSX;
    return xlsx_open(&reader->xlsx, image, &import->scratch, diag);
}

/* The member turned out to be packed itself: only a workbook is read. */
static int packed_open(struct import *import, struct rows_reader *reader, struct view image,
                       int number, enum pack_kind kind, struct diag *diag) {
    struct view bytes;
    int status = STATUS_INPUT;
    rows_text_close(&reader->text);
    if (kind == PACK_ZIP) {
        struct stream stream;
        status = stream_open_member(&stream, image, number, diag);
        if (status == STATUS_OK) {
            status = stream_all(&stream, WORKBOOK_MAX, &import->scratch, &bytes, diag);
            stream_close(&stream);
        }
        if (status != STATUS_OK) {
            return status;
        }
        if (is_workbook(bytes, &import->scratch, diag)) {
            return workbook_open(import, reader, bytes, diag);
        }
        status = STATUS_INPUT;
    }
    if (!*diag->code) {
        diag_set(diag, "import_archive",
                 kind == PACK_OTHER
                     ? "is in a packed or binary form that is not read"
                     : "is an archive inside an archive: unpack the outer one first");
    }
    return status;
}

/* Opens the member as text or workbook, whatever its name says. */
static int rows_open(struct import *import, struct rows_reader *reader, const struct source *source,
                     int number, struct diag *diag) {
    enum pack_kind outer = pack_kind(source->image);
    reader->rows.file = source->file;
    reader->rows.folder = source->folder;
    reader->rows.member = source->member;
    reader->rows.sha256 = source->sha256;
    if (outer == PACK_ZIP && number < 0) {
        return workbook_open(import, reader, source->image, diag);
    }
    struct stream stream;
    int status = STATUS_OK;
    if (outer == PACK_NONE) {
        stream_open_view(&stream, source->image);
    } else {
        status = stream_open_member(&stream, source->image, number, diag);
    }
    if (status == STATUS_OK) {
        status = rows_text_open(&reader->text, stream, diag);
    }
    if (status != STATUS_OK) {
        return status;
    }
    enum pack_kind inner = pack_kind((struct view){reader->text.buffer, reader->text.end});
    if (inner != PACK_NONE) {
        return packed_open(import, reader, source->image, number, inner, diag);
    }
    bool csv = is_extension(source->member, ".csv");
    reader->rows.form = rows_text_form(&reader->text, &reader->rows, csv);
    return STATUS_OK;
}

static enum outcome rows_read(struct import *import, struct rows_reader *reader) {
    bool known;
    const struct importer *importer = import_recognise(import, reader, &known);
    if (!importer) {
        return known ? OUTCOME_FAILED : OUTCOME_UNKNOWN;
    }
    import->reader = reader;
    import->importer = importer;
    int status = importer->read(import, &reader->rows);
    if (import->scratch.failed) {
        import->failed = true;
        status = STATUS_SYSTEM;
    }
    if (import->begun) { /* it gave up between begin and end */
        store_draft_abandon(import->draft);
        import->begun = false;
    }
    import->reader = NULL;
    bool told = import_result_last(import) || import_status(import) != STATUS_OK;
    assert(told && status == import_status(import));
    for (int i = import->first_result; i < import->results.count; i++) {
        ((struct import_result *)import->results.at)[i].cpt = importer->cpt;
    }
    if (reader->workbook && xlsx_sheets(reader->xlsx) > 1) {
        import_note(import, "first of %d sheets", xlsx_sheets(reader->xlsx));
    }
    return status == STATUS_OK ? OUTCOME_READ : OUTCOME_FAILED;
}

static enum outcome member_read(struct import *import, const struct source *source, int number) {
    struct diag diag = DIAG_NONE;
    member_begin(import, source);
    struct rows_reader *reader = ARENA_NEW(&import->scratch, struct rows_reader, 1);
    if (!reader) {
        diag_set(&diag, "memory", "out of memory for a file");
        return member_fail(import, &diag);
    }
    int status = rows_open(import, reader, source, number, &diag);
    enum outcome outcome =
        status == STATUS_OK ? rows_read(import, reader) : member_fail(import, &diag);
    rows_close(reader);
    return outcome;
}

/* ---- one file ---------------------------------------------------------------------------- */

static void member_skip(struct import *import, struct view member, const char *why) {
    struct import_result result = {.file = import->path, .member = member, .table = STORE_TABLES,
                                   .release = VIEW(""), .note = view_of(why)};
    import_result_add(import, &result);
}

static void member_unknown(struct import *import, const struct source *source) {
    struct diag diag;
    member_begin(import, source);
    diag_set(&diag, "import_unknown",
             "not recognised; 'claimvet import --layouts' lists what is known");
    import_keep(import, &diag);
}

/* A member that no layout knows is an error, unless it came beside one that is known: an archive
 * of CMS holds change lists and notes as well. */
static void unknown_tell(struct import *import, struct source *source, const struct pack_list *list,
                         const bool *unknown, bool any_read) {
    for (int i = 0; i < list->count; i++) {
        source->member = list->names[i];
        if (unknown[i] && any_read) {
            member_skip(import, list->names[i], "skipped: no known layout");
        } else if (unknown[i]) {
            member_unknown(import, source);
        }
    }
}

/* A workbook comes after the texts: it is read when no layout knows the text of its name. */
static void archive_read(struct import *import, struct source *source,
                         const struct pack_list *list) {
    bool any_read = false;
    bool any_tried = false;
    bool *unknown = ARENA_NEW(&import->arena, bool, list->count + 1);
    if (!unknown) {
        import->failed = true;
        return;
    }
    source->inside = true;
    for (int n = 0; n < 2 * list->count && !import_stopped(import); n++) {
        int i = n % list->count, twin = text_twin(list, list->names[i]);
        source->member = list->names[i];
        if ((twin >= 0) != (n >= list->count)) {
            continue; /* its turn is in the other round */
        }
        if (is_document(source->member)) {
            member_skip(import, source->member, "skipped: a document");
        } else if (twin >= 0 && !unknown[twin]) {
            member_skip(import, source->member, "skipped: the text file holds the same");
        } else {
            enum outcome outcome = member_read(import, source, i);
            any_tried = true;
            any_read |= outcome != OUTCOME_UNKNOWN;
            unknown[i] = outcome == OUTCOME_UNKNOWN;
        }
    }
    unknown_tell(import, source, list, unknown, any_read);
    if (!any_tried && !import_stopped(import)) {
        struct diag diag;
        source->inside = false;
        member_begin(import, source);
        diag_set(&diag, "import_unknown", "the archive holds no table");
        import_keep(import, &diag);
    }
}

static struct view without_gz(struct view name) {
    return is_extension(name, ".gz") ? stem_of(name) : name;
}

static void image_read(struct import *import, struct source *source) {
    struct diag diag = DIAG_NONE;
    struct pack_list list = {0};
    enum pack_kind kind = pack_kind(source->image);
    member_begin(import, source);
    if (kind == PACK_OTHER) {
        diag_set(&diag, "import_archive", "is in a packed or binary form that is not read");
    } else if (kind == PACK_ZIP &&
               pack_list(source->image, &list, &import->arena, &diag) != STATUS_OK) {
        list.count = 0;
    } else if (kind == PACK_GZIP) {
        source->member = without_gz(source->file);
    }
    if (*diag.code) {
        import_keep(import, &diag);
    } else if (kind == PACK_ZIP && !is_workbook(source->image, &import->scratch, &diag)) {
        archive_read(import, source, &list);
    } else if (member_read(import, source, -1) == OUTCOME_UNKNOWN) {
        member_unknown(import, source);
    }
}

static struct view sha256_of(struct view bytes, struct arena *arena) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[2 * crypto_hash_sha256_BYTES + 1];
    crypto_hash_sha256(digest, (const unsigned char *)bytes.at, (unsigned long long)bytes.size);
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    return arena_copy(arena, view_of(hex));
}

static void file_begin(struct import *import, struct source *source, const char *path) {
    struct view all = view_of(path);
    *source = (struct source){.file = encoding_shown(base_name(all), &import->arena),
                              .folder = encoding_shown(folder_name(all), &import->arena)};
    source->member = source->file;
    import->path = encoding_shown(all, &import->arena);
    member_begin(import, source);
    import_tell(import, 0);
}

int import_bytes(struct import *import, const char *path, struct view bytes) {
    int errors = import->errors.count;
    struct source source;
    file_begin(import, &source, path);
    source.image = bytes;
    source.sha256 = sha256_of(bytes, &import->arena);
    image_read(import, &source);
    import_tell(import, bytes.size);
    import->bytes_before += bytes.size;
    import->first_error = errors;
    return import_status(import);
}

int import_file(struct import *import, const char *path) {
    struct diag diag = DIAG_NONE;
    struct view bytes;
    int status = STATUS_INPUT;
    if (strcmp(path, "-") == 0) {
        diag_set(&diag, "file_unreadable", "standard input cannot be imported, name a file");
    } else {
        status = os_map(path, &bytes, &diag);
    }
    if (status == STATUS_OK) {
        status = import_bytes(import, path, bytes);
        os_unmap(bytes);
        return status;
    }
    struct source source;
    file_begin(import, &source, path);
    import_keep(import, &diag);
    return import_status(import);
}

/* ---- the run ----------------------------------------------------------------------------- */

bool import_license_recorded(const struct store *base) {
    struct view license;
    for (int i = 0; base && (license = store_license(base, i)).at; i++) {
        if (view_equal(license, VIEW(IMPORT_LICENSE))) {
            return true;
        }
    }
    return false;
}

int import_open(struct import **import, const struct store *base,
                const struct import_options *options, struct diag *diag) {
    struct import *i = memory_grow(NULL, 0, (ptrdiff_t)sizeof *i);
    *import = i;
    if (i) {
        i->options = *options;
        i->license_late = options->accept_license && !import_license_recorded(base);
        i->licensed = options->accept_license || import_license_recorded(base);
        i->draft = store_draft_open(base);
    }
    if (!i || !i->draft) {
        diag_set(diag, "memory", "out of memory for a store");
        return STATUS_SYSTEM;
    }
    if (sodium_init() < 0) {
        diag_set(diag, "system", "the cryptographic library cannot start");
        return STATUS_SYSTEM;
    }
    if (options->accept_license) {
        store_draft_license(i->draft, VIEW(IMPORT_LICENSE));
    }
    return STATUS_OK;
}

/* Which of the editions that were read are not whole. */
static void partial_note(struct import *import, const struct store *store) {
    struct import_result *results = import->results.at;
    for (int i = 0; i < import->results.count; i++) {
        struct import_result *result = &results[i];
        for (int k = 0; k < store_release_count(store); k++) {
            struct store_release release = store_release(store, k);
            if (release.table == result->table && view_equal(release.name, result->release)) {
                result->partial = release.partial;
            }
        }
    }
}

/* The last file of practitioner pairs that was read, NULL when there was none. */
static struct import_result *pairs_result(struct import *import) {
    struct import_result *results = import->results.at;
    for (int i = import->results.count - 1; i >= 0; i--) {
        if (results[i].table == STORE_NCCI_PTP && results[i].begin == STORE_BEGIN_NEW) {
            return &results[i];
        }
    }
    return NULL;
}

/* An edition of the pairs holds all that were ever in force [ncci-ptp]: a pair that only older
 * editions know says that the newest is not whole. */
static void lost_pairs_note(struct import *import, const struct store *store) {
    struct import_result *result = pairs_result(import);
    int64_t lost = 0;
    for (uint32_t one = 0; result && one < store_code_count(store); one++) {
        uint64_t cursor = 0;
        uint32_t two;
        while (store_pair_next(store, one, &cursor, &two)) {
            struct store_pair row;
            lost += store_pair_rows(store, one, two, DATE_NONE, &row, 1) == 0;
        }
    }
    if (lost > 0) {
        char text[80];
        int size = snprintf(text, sizeof text,
                            "%lld pairs of older editions are not in the newest", (long long)lost);
        import_note_to(import, result, (struct view){text, size});
    }
}

int import_build(struct import *import, struct view *image, const struct store **store,
                 struct diag *diag) {
    import->first_error = 0;
    int status = import_status(import);
    if (status != STATUS_OK) {
        diag_set(diag, status == STATUS_SYSTEM ? "memory" : "import_unknown",
                 "nothing is written, for %d errors", import->errors.count);
        return status;
    }
    status = store_draft_image(import->draft, image, diag);
    if (status == STATUS_OK) {
        status = store_open(store, *image, &import->arena, diag);
    }
    if (status == STATUS_OK) {
        partial_note(import, *store);
        lost_pairs_note(import, *store);
        status = store_verify(*store, diag); /* what a fault of this program would break */
    }
    return status;
}

int import_write(struct import *import, const char *path, struct diag *diag) {
    struct view image;
    const struct store *store;
    int status = import_build(import, &image, &store, diag);
    return status == STATUS_OK ? os_write_atomic(path, image, diag) : status;
}

int import_result_count(const struct import *import) { return import->results.count; }

struct import_result import_result_at(const struct import *import, int index) {
    return ((const struct import_result *)import->results.at)[index];
}

int import_error_count(const struct import *import) { return import->errors.count; }

struct import_error import_error_at(const struct import *import, int index) {
    return ((const struct import_error *)import->errors.at)[index];
}

void import_close(struct import *import) {
    if (!import) {
        return;
    }
    store_draft_close(import->draft);
    memory_free(import->results.at);
    memory_free(import->errors.at);
    arena_close(&import->arena);
    arena_close(&import->scratch);
    memory_free(import);
}
