/* os: readers on everything a path can be, mapping, writing so that nothing is left behind. */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "os/os.h"

/* Every test works in an empty folder below the current one. */
static char folder[] = "os-test-XXXXXX";

static int folder_open(void **state) {
    (void)state;
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int folder_count(void) {
    DIR *open = opendir(".");
    assert_non_null(open);
    int count = 0;
    while (readdir(open)) {
        count++;
    }
    closedir(open);
    return count - 2; /* "." and ".." */
}

static int folder_close(void **state) {
    (void)state;
    static const char *const made[] = {"a", "folder/a", "folder", "pipe", "closed"};
    for (int i = 0; i < COUNT_OF(made); i++) {
        remove(made[i]);
    }
    return chdir("..") == 0 ? rmdir(folder) : -1;
}

static void write_file(const char *path, struct view bytes) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, (size_t)bytes.size, file), (size_t)bytes.size);
    assert_int_equal(fclose(file), 0);
}

static void assert_content(const char *path, struct view expected) {
    struct view bytes;
    struct diag diag = DIAG_NONE;
    assert_int_equal(os_map(path, &bytes, &diag), STATUS_OK);
    assert_true(view_equal(bytes, expected));
    os_unmap(bytes);
}

static void reader_says_what_is_wrong(void **state) {
    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    write_file("a", VIEW("x"));
    struct {
        const char *path, *code;
    } table[] = {{"none", "file_missing"},
                 {"none/a", "file_missing"},
                 {"a/a", "file_unreadable"},
                 {"folder", "file_is_directory"}};
    for (int i = 0; i < COUNT_OF(table); i++) {
        struct os_reader reader;
        struct diag diag = DIAG_NONE;
        assert_int_equal(os_reader_open(&reader, table[i].path, &diag), STATUS_INPUT);
        assert_string_equal(diag.code, table[i].code);
        assert_true(strlen(diag.text) > 0);
    }
}

static void reader_needs_permission(void **state) {
    (void)state;
    write_file("closed", VIEW("x"));
    assert_int_equal(chmod("closed", 0), 0);
    struct os_reader reader;
    struct diag diag = DIAG_NONE;
    uid_t user = geteuid();
    if (user == 0) { /* root reads everything */
        assert_int_equal(seteuid(65534), 0);
    }
    int status = os_reader_open(&reader, "closed", &diag);
    assert_int_equal(seteuid(user), 0);
    assert_int_equal(status, STATUS_INPUT);
    assert_string_equal(diag.code, "file_unreadable");
}

static void reader_reads_in_blocks(void **state) {
    (void)state;
    write_file("a", VIEW("0123456789"));
    struct os_reader reader;
    struct diag diag = DIAG_NONE;
    assert_int_equal(os_reader_open(&reader, "a", &diag), STATUS_OK);
    assert_int_equal(os_reader_size(&reader), 10);
    char text[16] = {0};
    ptrdiff_t size = 0;
    ptrdiff_t got;
    while ((got = os_read(&reader, text + size, 4, &diag)) > 0) {
        assert_true(got <= 4);
        size += got;
    }
    assert_int_equal(got, 0);
    assert_int_equal(os_read(&reader, text + size, 4, &diag), 0);
    assert_true(view_equal((struct view){text, size}, VIEW("0123456789")));
    os_reader_close(&reader);
    assert_int_equal(os_read(&reader, text, 4, &diag), -1);
    assert_string_equal(diag.code, "file_unreadable");
}

/* Standard input is read under both of its names, and stays open for the next reader. */
static void reader_reads_a_pipe(void **state) {
    (void)state;
    const char *const names[] = {"-", NULL};
    int kept = dup(STDIN_FILENO);
    for (int i = 0; i < COUNT_OF(names); i++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], "abc", 3), 3);
        close(ends[1]);
        assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
        close(ends[0]);
        struct os_reader reader;
        struct diag diag = DIAG_NONE;
        assert_int_equal(os_reader_open(&reader, names[i], &diag), STATUS_OK);
        assert_int_equal(os_reader_size(&reader), -1);
        char text[8];
        assert_int_equal(os_read(&reader, text, sizeof text, &diag), 3);
        assert_memory_equal(text, "abc", 3);
        assert_int_equal(os_read(&reader, text, sizeof text, &diag), 0);
        os_reader_close(&reader);
        assert_int_equal(read(STDIN_FILENO, text, 1), 0);
    }
    if (kept >= 0) {
        dup2(kept, STDIN_FILENO);
        close(kept);
    }
}

static void map_takes_files_only(void **state) {
    (void)state;
    struct view bytes;
    struct diag diag = DIAG_NONE;
    write_file("a", VIEW(""));
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(os_map("a", &bytes, &diag), STATUS_INPUT);
    assert_string_equal(diag.text, "is empty");
    assert_int_equal(os_map("folder", &bytes, &diag), STATUS_INPUT);
    assert_string_equal(diag.code, "file_is_directory");
    assert_int_equal(os_map("none", &bytes, &diag), STATUS_INPUT);
    assert_string_equal(diag.code, "file_missing");
    os_unmap((struct view){"", 0});
}

static void writing_replaces_the_whole(void **state) {
    (void)state;
    struct diag diag = DIAG_NONE;
    assert_int_equal(os_write_atomic("a", VIEW("a long first text"), &diag), STATUS_OK);
    assert_content("a", VIEW("a long first text"));
    assert_int_equal(os_write_atomic("a", VIEW("short"), &diag), STATUS_OK);
    assert_content("a", VIEW("short"));
    assert_int_equal(folder_count(), 1);
}

/* Hands over two pieces, then ends with the status that the context says. */
static int pieces_write(void *context, out_sink *sink, void *sink_context, struct diag *diag) {
    const int *status = context;
    bool fine = sink(sink_context, VIEW("one, ")) && sink(sink_context, VIEW("two"));
    if (*status != STATUS_OK) {
        diag_set(diag, "test_writer", "the writer fails");
    }
    return fine ? *status : STATUS_SYSTEM;
}

static void pieces_replace_the_whole(void **state) {
    (void)state;
    struct diag diag = DIAG_NONE;
    int fine = STATUS_OK, bad = STATUS_INPUT, memory = STATUS_SYSTEM;
    write_file("a", VIEW("old"));
    assert_int_equal(os_write_pieces("a", pieces_write, &bad, &diag), STATUS_INPUT);
    assert_string_equal(diag.code, "test_writer");
    assert_int_equal(os_write_pieces("a", pieces_write, &memory, &diag), STATUS_SYSTEM);
    assert_string_equal(diag.code, "test_writer");
    assert_content("a", VIEW("old"));
    assert_int_equal(os_write_pieces("a", pieces_write, &fine, &diag), STATUS_OK);
    assert_content("a", VIEW("one, two"));
    assert_int_equal(os_write_pieces("none/a", pieces_write, &fine, &diag), STATUS_SYSTEM);
    assert_string_equal(diag.code, "file_unwritable");
    assert_int_equal(os_write_pieces("/dev/full", pieces_write, &fine, &diag), STATUS_SYSTEM);
    assert_non_null(strstr(diag.text, "No space"));
    assert_int_equal(folder_count(), 1);
}

static void one_file_has_many_names(void **state) {
    (void)state;
    write_file("a", VIEW("x"));
    assert_int_equal(symlink("a", "closed"), 0);
    assert_true(os_same_file("a", "./a"));
    assert_true(os_same_file("a", "closed"));
    assert_false(os_same_file("a", "."));
    assert_false(os_same_file("none", "none"));
}

static void failed_writing_leaves_nothing(void **state) {
    (void)state;
    struct diag diag = DIAG_NONE;
    static char long_path[5000];
    memset(long_path, 'a', sizeof long_path - 1);
    assert_int_equal(mkdir("folder", 0700), 0);
    write_file("folder/a", VIEW("x"));
    const char *const paths[] = {"none/a", "folder", long_path};
    for (int i = 0; i < COUNT_OF(paths); i++) {
        diag = DIAG_NONE;
        assert_int_equal(os_write_atomic(paths[i], VIEW("text"), &diag), STATUS_SYSTEM);
        assert_string_equal(diag.code, "file_unwritable");
        assert_int_equal(folder_count(), 1);
    }
    assert_content("folder/a", VIEW("x"));
}

/* A disk that is full, played by the limit on the size of files. */
static void full_disk_keeps_the_old_file(void **state) {
    (void)state;
    struct diag diag = DIAG_NONE;
    write_file("a", VIEW("old"));
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    struct rlimit small = {.rlim_cur = 4, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int status = os_write_atomic("a", VIEW("longer than four bytes"), &diag);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, STATUS_SYSTEM);
    assert_string_equal(diag.code, "file_unwritable");
    assert_content("a", VIEW("old"));
    assert_int_equal(folder_count(), 1);
}

/* A second process waits for the folder, whatever the name of the file in it. */
static void one_holds_a_folder(void **state) {
    (void)state;
    struct diag diag = DIAG_NONE;
    struct os_lock first;
    struct os_lock second;
    bool taken;
    assert_int_equal(os_lock_folder(&first, "a", false, &taken, &diag), STATUS_OK);
    assert_true(taken);
    assert_int_equal(os_lock_folder(&second, "./b", false, &taken, &diag), STATUS_OK);
    assert_false(taken);
    os_unlock(&first);
    assert_int_equal(os_lock_folder(&second, "./b", true, &taken, &diag), STATUS_OK);
    assert_true(taken);
    os_unlock(&second);
    assert_int_equal(os_lock_folder(&second, "none/b", true, &taken, &diag), STATUS_SYSTEM);
    assert_string_equal(diag.code, "file_missing");
    assert_int_equal(folder_count(), 0);
}

static void clock_and_memory_are_known(void **state) {
    (void)state;
    int64_t first = os_now_ns();
    assert_true(os_now_ns() >= first);
    assert_true(os_peak_kib() > 0);
    assert_false(os_is_terminal(-1));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_open, folder_close)

static bool is_a(struct view name) {
    return view_equal(name, VIEW("a")) || view_equal(name, VIEW("closed"));
}

/* By the bytes of their paths, from all depths; hidden, unwanted and special files are left out. */
static void files_of_a_folder_are_sorted(void **state) {
    (void)state;
    struct arena arena = {0};
    struct diag diag = DIAG_NONE;
    const char *const *names;
    int count;
    assert_int_equal(mkdir("folder", 0755), 0);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    write_file("folder/a", VIEW("1"));
    write_file("closed", VIEW("2"));
    write_file("a", VIEW("3"));
    assert_int_equal(symlink(".", "folder/loop"), 0);
    assert_int_equal(os_folder(".", is_a, &names, &count, &arena, &diag), STATUS_OK);
    assert_true(count > 3); /* the loop ends */
    assert_string_equal(names[0], "./a");
    assert_string_equal(names[1], "./closed");
    assert_string_equal(names[2], "./folder/a");
    for (int i = 1; i < count; i++) {
        assert_true(strcmp(names[i - 1], names[i]) < 0);
    }
    assert_int_equal(unlink("folder/loop"), 0);
    assert_int_equal(os_folder("folder/", is_a, &names, &count, &arena, &diag), STATUS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(names[0], "folder/a");
    assert_true(os_is_folder("folder") && !os_is_folder("a") && !os_is_folder("nowhere"));
    assert_int_equal(os_folder("nowhere", is_a, &names, &count, &arena, &diag), STATUS_INPUT);
    assert_string_equal(diag.code, "file_missing");
    arena_close(&arena);
    struct arena refused = {0};
    memory_fail_after(0);
    assert_int_equal(os_folder(".", is_a, &names, &count, &refused, &diag), STATUS_SYSTEM);
    memory_fail_after(-1);
    arena_close(&refused);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_FOLDER(reader_says_what_is_wrong),
        IN_FOLDER(reader_needs_permission),
        IN_FOLDER(reader_reads_in_blocks),
        IN_FOLDER(reader_reads_a_pipe),
        IN_FOLDER(map_takes_files_only),
        IN_FOLDER(writing_replaces_the_whole),
        IN_FOLDER(pieces_replace_the_whole),
        IN_FOLDER(one_file_has_many_names),
        IN_FOLDER(failed_writing_leaves_nothing),
        IN_FOLDER(full_disk_keeps_the_old_file),
        IN_FOLDER(one_holds_a_folder),
        IN_FOLDER(files_of_a_folder_are_sorted),
        cmocka_unit_test(clock_and_memory_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
