/* How fast separators are found and segments read, against memchr of an absent byte in one run:
 *     bench_x12 FILE.837 [ROUNDS]
 * Each figure is the best of the rounds; ratios are per mille of memchr's speed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/os.h"
#include "x12/scan.h"
#include "x12/x12.h"

#define PIECE 16384 /* as the reader scans */

struct memory_source {
    struct view rest;
};

static ptrdiff_t memory_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    (void)diag;
    struct memory_source *source = context;
    ptrdiff_t got = source->rest.size < size ? source->rest.size : size;
    memcpy(to, source->rest.at, (size_t)got);
    source->rest = view_sub(source->rest, got, source->rest.size);
    return got;
}

static ptrdiff_t file_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    return os_read(context, to, size, diag);
}

static int64_t memchr_time(struct view bytes, uint64_t *sink) {
    int64_t start = os_now_ns();
    *sink += memchr(bytes.at, 0x01, (size_t)bytes.size) != NULL;
    return os_now_ns() - start;
}

static int64_t scan_time(scan_function *scan, struct view bytes, uint64_t *sink) {
    static uint32_t positions[PIECE + SCAN_SLACK];
    static uint32_t stops[PIECE + SCAN_SLACK];
    int64_t start = os_now_ns();
    for (ptrdiff_t from = 0; from < bytes.size; from += PIECE) {
        struct view piece = view_sub(bytes, from, PIECE);
        *sink += scan(piece.at, 0, (uint32_t)piece.size, '*', '~', positions, stops).separators;
    }
    return os_now_ns() - start;
}

struct reading {
    int64_t segments;
    int64_t elements;
    int64_t ns;
};

static bool reading_time(x12_source *source, void *context, struct reading *best) {
    struct x12_reader *reader;
    struct diag diag;
    int64_t start = os_now_ns();
    if (x12_open(&reader, source, context, &diag) != STATUS_OK) {
        return false;
    }
    struct reading now = {0};
    struct x12_segment s;
    enum x12_got got;
    while ((got = x12_next(reader, &s)) == X12_SEGMENT) {
        now.segments++;
        now.elements += s.elements;
    }
    x12_close(reader);
    now.ns = os_now_ns() - start;
    if (best->ns == 0 || now.ns < best->ns) {
        *best = now;
    }
    return got == X12_END;
}

static void line(const char *name, int64_t size, int64_t ns, int64_t reference_ns) {
    printf("%-18s %6lld MB/s  %5lld per mille of memchr\n", name,
           (long long)(size * 1000 / (ns ? ns : 1)),
           (long long)(reference_ns * 1000 / (ns ? ns : 1)));
}

static void reading_line(const char *name, int64_t size, const struct reading *reading,
                         int64_t reference_ns) {
    line(name, size, reading->ns, reference_ns);
    int64_t segments = reading->segments ? reading->segments : 1;
    printf("%-18s %lld segments, %lld elements, %lld ps a segment\n", "", (long long)segments,
           (long long)reading->elements, (long long)(reading->ns * 1000 / segments));
}

static int64_t least(int64_t best, int64_t now) { return best == 0 || now < best ? now : best; }

/* The bytes in memory of their own, as a program that has read them holds them. */
static bool bytes_load(const char *path, struct view *bytes) {
    struct view mapped;
    struct diag diag;
    if (os_map(path, &mapped, &diag) != STATUS_OK) {
        fprintf(stderr, "%s: %s\n", path, diag.text);
        return false;
    }
    char *copy = memory_grow(NULL, 0, mapped.size);
    if (copy) {
        memcpy(copy, mapped.at, (size_t)mapped.size);
        *bytes = (struct view){copy, mapped.size};
    }
    os_unmap(mapped);
    return copy != NULL;
}

static bool file_reading_time(const char *path, struct reading *best) {
    struct os_reader file;
    struct diag diag;
    if (os_reader_open(&file, path, &diag) != STATUS_OK) {
        return false;
    }
    bool read = reading_time(file_read, &file, best);
    os_reader_close(&file);
    return read;
}

int main(int count, char **arguments) {
    struct view bytes;
    if (count < 2 || !bytes_load(arguments[1], &bytes)) {
        fprintf(stderr, "usage: bench_x12 FILE.837 [ROUNDS]\n");
        return 2;
    }
    long rounds = count > 2 ? strtol(arguments[2], NULL, 10) : 20;
    struct scan_twin twins[SCAN_TWINS_MAX] = {{NULL, NULL}};
    int twin_count = scan_twins(twins);
    int64_t reference = 0;
    int64_t scans[SCAN_TWINS_MAX] = {0};
    struct reading in_memory = {0};
    struct reading in_file = {0};
    uint64_t sink = 0;
    for (long round = 0; round < rounds; round++) {
        reference = least(reference, memchr_time(bytes, &sink));
        for (int i = 0; i < twin_count; i++) {
            scans[i] = least(scans[i], scan_time(twins[i].scan, bytes, &sink));
        }
        struct memory_source source = {bytes};
        if (!reading_time(memory_read, &source, &in_memory) ||
            !file_reading_time(arguments[1], &in_file)) {
            fprintf(stderr, "%s cannot be read to its end\n", arguments[1]);
            return 3;
        }
    }
    line("memchr", bytes.size, reference, reference);
    for (int i = 0; i < twin_count; i++) {
        char name[32];
        snprintf(name, sizeof name, "index %s", twins[i].name);
        line(name, bytes.size, scans[i], reference);
    }
    reading_line("x12_next, memory", bytes.size, &in_memory, reference);
    reading_line("x12_next, file", bytes.size, &in_file, reference);
    printf("peak memory %lld KiB, positions seen %llu\n", (long long)os_peak_kib(),
           (unsigned long long)sink);
    memory_free((void *)(uintptr_t)bytes.at);
    return 0;
}
