/* A main() for fuzz targets without a fuzzer: feeds every file named on the command line, or in the
 * folders named, to LLVMFuzzerTestOneInput and prints one TAP line. A crash is the failure. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/base.h"
#include "fuzz.h"

static int replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        printf("# cannot open %s\n", path);
        return -1;
    }
    struct out bytes;
    out_open(&bytes, NULL, NULL);
    char block[65536];
    size_t got;
    while ((got = fread(block, 1, sizeof block, file)) > 0) {
        out_view(&bytes, (struct view){block, (ptrdiff_t)got});
    }
    fclose(file);
    uint8_t *exact = memory_grow(NULL, 0, bytes.size ? bytes.size : 1); /* shows reads past it */
    int fed = exact && !bytes.failed ? 1 : -1;
    if (fed > 0) {
        memcpy(exact, bytes.at ? bytes.at : "", (size_t)bytes.size);
        LLVMFuzzerTestOneInput(exact, (size_t)bytes.size);
    }
    memory_free(exact);
    out_close(&bytes);
    return fed;
}

/* Files fed, -1 when one could not be. */
static int replay(const char *path) {
    struct stat about;
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode)) {
        return replay_file(path);
    }
    DIR *folder = opendir(path);
    if (!folder) {
        return -1;
    }
    int count = 0;
    struct dirent *entry;
    while (count >= 0 && (entry = readdir(folder))) {
        char name[4096];
        if (entry->d_name[0] != '.') {
            snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
            int fed = replay(name);
            count = fed < 0 ? -1 : count + fed;
        }
    }
    closedir(folder);
    return count;
}

int main(int count, char **arguments) {
    int fed = 0;
    bool failed = false;
    for (int i = 1; i < count; i++) {
        int more = replay(arguments[i]);
        failed = failed || more < 0;
        fed += more > 0 ? more : 0;
    }
    printf("1..1\n%s 1 - replayed %d inputs\n", failed || fed == 0 ? "not ok" : "ok", fed);
    return failed || fed == 0;
}
