/* The files below a folder, in the order of their paths. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "os/os.h"

#define DEPTH_MAX 16 /* a folder that holds itself by a link ends here */
#define PATH_SIZE 4096

struct found {
    struct arena *arena;
    os_name_wanted *wanted;
    const char **names;
    int count;
    int capacity;
};

static bool found_add(struct found *found, const char *path) {
    if (found->count == found->capacity) {
        int capacity = found->capacity > 0 ? found->capacity * 2 : 32;
        const char **names = ARENA_NEW(found->arena, const char *, capacity);
        if (!names) {
            return false;
        }
        if (found->count > 0) {
            memcpy(names, found->names, (size_t)found->count * sizeof *names);
        }
        found->names = names;
        found->capacity = capacity;
    }
    ptrdiff_t size = (ptrdiff_t)strlen(path) + 1;
    char *name = ARENA_NEW(found->arena, char, size);
    if (!name) {
        return false;
    }
    memcpy(name, path, (size_t)size);
    found->names[found->count++] = name;
    return true;
}

static int no_memory(struct diag *diag) {
    diag_set(diag, "memory", "out of memory");
    return STATUS_SYSTEM;
}

static int folder_read(struct found *found, const char *path, int depth, struct diag *diag);

/* An entry that went away meanwhile, or is neither file nor folder, is passed over. */
static int entry_read(struct found *found, const char *folder, const char *name, int depth,
                      struct diag *diag) {
    char path[PATH_SIZE];
    struct stat about;
    size_t length = strlen(folder);
    const char *slash = length > 0 && folder[length - 1] == '/' ? "" : "/";
    int size = snprintf(path, sizeof path, "%s%s%s", folder, slash, name);
    if (size < 0 || size >= (int)sizeof path) {
        diag_set(diag, "file_unreadable", "path is too long");
        return STATUS_INPUT;
    }
    if (stat(path, &about) != 0) {
        return STATUS_OK;
    }
    if (S_ISDIR(about.st_mode)) {
        return depth < DEPTH_MAX ? folder_read(found, path, depth + 1, diag) : STATUS_OK;
    }
    bool taken = S_ISREG(about.st_mode) && found->wanted(view_of(name));
    return !taken || found_add(found, path) ? STATUS_OK : no_memory(diag);
}

static int folder_read(struct found *found, const char *path, int depth, struct diag *diag) {
    DIR *folder = opendir(path);
    if (!folder) {
        diag_set(diag, errno == ENOENT ? "file_missing" : "file_unreadable",
                 "cannot open the folder: %s", strerror(errno));
        return STATUS_INPUT;
    }
    int status = STATUS_OK;
    for (struct dirent *entry = readdir(folder); entry && status == STATUS_OK;
         entry = readdir(folder)) {
        if (entry->d_name[0] != '.') {
            status = entry_read(found, path, entry->d_name, depth, diag);
        }
    }
    closedir(folder);
    return status;
}

static int names_compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int os_folder(const char *path, os_name_wanted *wanted, const char *const **names, int *count,
              struct arena *arena, struct diag *diag) {
    struct found found = {.arena = arena, .wanted = wanted};
    int status = folder_read(&found, path, 0, diag);
    if (found.count > 0) {
        qsort(found.names, (size_t)found.count, sizeof *found.names, names_compare);
    }
    *names = found.names;
    *count = found.count;
    return status;
}

bool os_is_folder(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}
