/* os: the platform seam. The only room with platform calls: files, terminals, clock. */
#ifndef CLAIMVET_OS_H
#define CLAIMVET_OS_H

#include "base/base.h"

/* A file or standard input read in blocks. */
struct os_reader {
    int handle;
    bool owned;
};

/* `path` "-" or NULL is standard input. Errors: file_missing, file_unreadable, file_is_directory.
 */
int os_reader_open(struct os_reader *reader, const char *path, struct diag *diag) MUST_USE;
/* Reads up to `size` bytes into `to`: their number, 0 at the end, -1 on failure (diag filled). */
ptrdiff_t os_read(struct os_reader *reader, char *to, ptrdiff_t size, struct diag *diag) MUST_USE;
void os_reader_close(struct os_reader *reader);
/* Size of a regular file behind the reader, -1 when not known (pipe). */
int64_t os_reader_size(const struct os_reader *reader);

/* A whole file mapped read-only; ends with os_unmap. */
int os_map(const char *path, struct view *bytes, struct diag *diag) MUST_USE;
void os_unmap(struct view bytes);

/* A block that was just taken will be used from end to end: where it is large the system may give
 * it large pages, of which fewer have to be made. Changes nothing else; NULL is fine. */
void os_memory_whole(void *block, ptrdiff_t size);

/* Paths of the files below a folder whose name (without the path) is wanted, sorted by their bytes;
 * hidden ones are passed over. They live in the arena. Errors: file_missing, file_unreadable. */
typedef bool os_name_wanted(struct view name);
int os_folder(const char *path, os_name_wanted *wanted, const char *const **names, int *count,
              struct arena *arena, struct diag *diag) MUST_USE;
bool os_is_folder(const char *path);

/* out_sinks for standard output and standard error; context is ignored. */
bool os_stdout_sink(void *context, struct view bytes);
bool os_stderr_sink(void *context, struct view bytes);
bool os_is_terminal(int handle); /* 0, 1, 2 */
/* The next key on standard input, a terminal: not echoed, and no line end is waited for. False at
 * its end, for the keys of an interrupt, and when it cannot be read. */
bool os_key(char *key) MUST_USE;

/* Writes a file by a temporary name in the same folder, fsync and rename; what exists and is no
 * regular file (a device, a pipe) is written to directly. An interrupt waits until it is done, so
 * that it leaves the old file or the new one, and no temporary one. */
int os_write_atomic(const char *path, struct view bytes, struct diag *diag) MUST_USE;
/* The same for what `write` hands to the sink piece by piece. When it answers with an error, that
 * is the answer and the file stays as it was (a device or a pipe has got what came before). */
typedef int os_writer(void *context, out_sink *sink, void *sink_context, struct diag *diag);
int os_write_pieces(const char *path, os_writer *write, void *context, struct diag *diag) MUST_USE;
/* True when both are there and one file. */
bool os_same_file(const char *a, const char *b);

/* A shared library of the system, NULL when it is not there; it stays until the program ends. */
typedef void os_function(void);
void *os_library(const char *name);
os_function *os_library_function(void *library, const char *name); /* NULL */

/* Today in UTC; for what is stale today, never for verdicts. */
struct date os_today(void);
/* Makes others who ask for the folder of `path` wait until os_unlock or the end of the program.
 * With `wait` false it asks only: `*taken` says whether it is ours. A file system without locks
 * counts as taken. Errors: file_missing (no such folder). */
struct os_lock {
    int handle;
};
int os_lock_folder(struct os_lock *lock, const char *path, bool wait, bool *taken,
                   struct diag *diag) MUST_USE;
void os_unlock(struct os_lock *lock);

/* Monotonic seconds in nanoseconds; for progress and benchmarks, never for verdicts. */
int64_t os_now_ns(void);
/* Largest resident memory of this process so far, in KiB. */
int64_t os_peak_kib(void);

#endif
