/* Files and terminals over POSIX. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "os/os.h"

#define PATH_SIZE 4096

int os_reader_open(struct os_reader *reader, const char *path, struct diag *diag) {
    *reader = (struct os_reader){.handle = 0, .owned = false};
    if (!path || strcmp(path, "-") == 0) {
        return STATUS_OK;
    }
    int handle = open(path, O_RDONLY | O_CLOEXEC);
    if (handle < 0) {
        diag_set(diag, errno == ENOENT ? "file_missing" : "file_unreadable", "cannot open: %s",
                 strerror(errno));
        return STATUS_INPUT;
    }
    struct stat about;
    if (fstat(handle, &about) == 0 && S_ISDIR(about.st_mode)) {
        close(handle);
        diag_set(diag, "file_is_directory", "is a folder, name the files in it");
        return STATUS_INPUT;
    }
    *reader = (struct os_reader){.handle = handle, .owned = true};
    return STATUS_OK;
}

ptrdiff_t os_read(struct os_reader *reader, char *to, ptrdiff_t size, struct diag *diag) {
    for (;;) {
        ssize_t got = read(reader->handle, to, (size_t)size);
        if (got >= 0) {
            return got;
        }
        if (errno != EINTR) {
            diag_set(diag, "file_unreadable", "cannot read: %s", strerror(errno));
            return -1;
        }
    }
}

void os_reader_close(struct os_reader *reader) {
    if (reader->owned) {
        close(reader->handle);
    }
    *reader = (struct os_reader){.handle = -1};
}

int64_t os_reader_size(const struct os_reader *reader) {
    struct stat about;
    if (fstat(reader->handle, &about) != 0 || !S_ISREG(about.st_mode)) {
        return -1;
    }
    return about.st_size;
}

int os_map(const char *path, struct view *bytes, struct diag *diag) {
    struct os_reader reader;
    int status = os_reader_open(&reader, path, diag);
    if (status != STATUS_OK) {
        return status;
    }
    int64_t size = os_reader_size(&reader);
    void *at =
        size > 0 ? mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, reader.handle, 0) : MAP_FAILED;
    os_reader_close(&reader);
    if (at == MAP_FAILED) {
        diag_set(diag, "file_unreadable", size == 0 ? "is empty" : "cannot be mapped");
        return STATUS_INPUT;
    }
    *bytes = (struct view){at, (ptrdiff_t)size};
    return STATUS_OK;
}

void os_unmap(struct view bytes) {
    if (bytes.size > 0) {
        munmap((void *)(uintptr_t)bytes.at, (size_t)bytes.size);
    }
}

static bool write_all(int handle, struct view bytes) {
    while (bytes.size > 0) {
        ssize_t put = write(handle, bytes.at, (size_t)bytes.size);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        if (put > 0) {
            bytes = view_sub(bytes, put, bytes.size);
        }
    }
    return true;
}

bool os_stdout_sink(void *context, struct view bytes) {
    (void)context;
    return write_all(STDOUT_FILENO, bytes);
}

bool os_stderr_sink(void *context, struct view bytes) {
    (void)context;
    return write_all(STDERR_FILENO, bytes);
}

bool os_is_terminal(int handle) { return isatty(handle) == 1; }

static bool handle_sink(void *context, struct view bytes) {
    return write_all(*(const int *)context, bytes);
}

/* The system's word for a sink that failed; other errors speak for themselves. */
static int writer_run(os_writer *write, void *context, int handle, struct diag *diag) {
    errno = 0;
    int status = write(context, handle_sink, &handle, diag);
    if (status == STATUS_SYSTEM && errno != 0) {
        diag_set(diag, "file_unwritable", "cannot write: %s", strerror(errno));
    }
    return status;
}

/* A device or a pipe is written to as it is; renaming a file over it would take it away. */
static int write_in_place(const char *path, os_writer *write, void *context, struct diag *diag) {
    int handle = open(path, O_WRONLY | O_CLOEXEC);
    if (handle < 0) {
        diag_set(diag, "file_unwritable", "cannot write: %s", strerror(errno));
        return STATUS_SYSTEM;
    }
    int status = writer_run(write, context, handle, diag);
    close(handle);
    return status;
}

/* "FOLDER" of "FOLDER/NAME", "." when there is none; false when it is too long. */
static bool folder_of(const char *path, char *folder, size_t size) {
    const char *slash = strrchr(path, '/');
    if (!slash) {
        path = ".";
        slash = path + 1;
    } else if (slash == path) {
        slash++;
    }
    size_t length = (size_t)(slash - path);
    if (length >= size) {
        return false;
    }
    memcpy(folder, path, length);
    folder[length] = 0;
    return true;
}

/* The new name is on the disk only when its folder is. */
static void folder_sync(const char *path) {
    char folder[PATH_SIZE];
    int handle = folder_of(path, folder, sizeof folder) ? open(folder, O_RDONLY | O_CLOEXEC) : -1;
    if (handle >= 0) {
        fsync(handle);
        close(handle);
    }
}

static int write_and_rename(const char *path, const char *name, os_writer *write, void *context,
                            struct diag *diag) {
    unlink(name); /* of a process that had our number and was killed */
    int handle = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    int status = handle >= 0 ? writer_run(write, context, handle, diag) : STATUS_SYSTEM;
    bool fine = handle >= 0 && (status != STATUS_OK || fsync(handle) == 0);
    int why = errno;
    if (handle >= 0) {
        fine = close(handle) == 0 && fine;
    }
    if (status == STATUS_OK && fine && rename(name, path) == 0) {
        folder_sync(path);
        return STATUS_OK;
    }
    if (handle < 0 || status == STATUS_OK) {
        diag_set(diag, "file_unwritable", "cannot write: %s", strerror(fine ? errno : why));
        status = STATUS_SYSTEM;
    }
    if (handle >= 0) {
        unlink(name);
    }
    return status;
}

/* Interrupts wait; a limit on the size of files is an error like a full disk, not the end. */
struct calm {
    sigset_t mask;
    struct sigaction size_action;
};

static void calm_begin(struct calm *calm) {
    static const int waiting[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < COUNT_OF(waiting); i++) {
        sigaddset(&set, waiting[i]);
    }
    pthread_sigmask(SIG_BLOCK, &set, &calm->mask);
    sigaction(SIGXFSZ, &ignore, &calm->size_action);
}

static void calm_end(const struct calm *calm) {
    sigaction(SIGXFSZ, &calm->size_action, NULL);
    pthread_sigmask(SIG_SETMASK, &calm->mask, NULL);
}

int os_write_pieces(const char *path, os_writer *write, void *context, struct diag *diag) {
    char name[PATH_SIZE];
    struct stat about;
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)) {
        return write_in_place(path, write, context, diag);
    }
    int size = snprintf(name, sizeof name, "%s.%ld.tmp", path, (long)getpid());
    if (size < 0 || size >= (int)sizeof name) {
        diag_set(diag, "file_unwritable", "path is too long");
        return STATUS_SYSTEM;
    }
    struct calm calm;
    calm_begin(&calm);
    int status = write_and_rename(path, name, write, context, diag);
    calm_end(&calm);
    return status;
}

static int view_write(void *context, out_sink *sink, void *sink_context, struct diag *diag) {
    const struct view *bytes = context;
    (void)diag; /* the system says why */
    return sink(sink_context, *bytes) ? STATUS_OK : STATUS_SYSTEM;
}

int os_write_atomic(const char *path, struct view bytes, struct diag *diag) {
    return os_write_pieces(path, view_write, &bytes, diag);
}

bool os_same_file(const char *a, const char *b) {
    struct stat about_a, about_b;
    return stat(a, &about_a) == 0 && stat(b, &about_b) == 0 && about_a.st_dev == about_b.st_dev &&
           about_a.st_ino == about_b.st_ino;
}

/* The folder itself is locked: a lock file would have to be left behind, and the file that is
 * replaced cannot carry the lock. */
int os_lock_folder(struct os_lock *lock, const char *path, bool wait, bool *taken,
                   struct diag *diag) {
    char folder[PATH_SIZE];
    *taken = true;
    *lock = (struct os_lock){-1};
    if (!folder_of(path, folder, sizeof folder)) {
        diag_set(diag, "file_unwritable", "path is too long");
        return STATUS_SYSTEM;
    }
    lock->handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock->handle < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        diag_set(diag, "file_missing", "the folder %.100s is not there", folder);
        return STATUS_SYSTEM;
    }
    int got;
    do {
        got = flock(lock->handle, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && errno == EWOULDBLOCK) {
        os_unlock(lock);
        *taken = false;
    }
    return STATUS_OK;
}

void os_unlock(struct os_lock *lock) {
    if (lock->handle >= 0) {
        close(lock->handle);
    }
    *lock = (struct os_lock){-1};
}

void *os_library(const char *name) { return dlopen(name, RTLD_NOW | RTLD_LOCAL); }

/* POSIX lets a function's address come as one of data; ISO C does not, hence the copy. */
os_function *os_library_function(void *library, const char *name) {
    void *address = dlsym(library, name);
    os_function *function;
    memcpy(&function, &address, sizeof function);
    return function;
}

struct date os_today(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct date){(int32_t)(now.tv_sec / 86400)};
}

int64_t os_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t os_peak_kib(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}
