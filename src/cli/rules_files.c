/* Rule files of a user: a file, or a folder with all that is below it. */
#include <string.h>

#include "cli/cli.h"
#include "os/os.h"

struct gathered {
    struct cli *cli;
    struct rule_file *files;
    int count;
    int capacity;
};

static bool is_table(struct view name) {
    static const char *const names[] = {"sources.tsv", "lcd.tsv", "covered_dx.tsv", "retired.tsv"};
    for (ptrdiff_t i = 0; i < COUNT_OF(names); i++) {
        if (view_equal(name, view_of(names[i]))) {
            return true;
        }
    }
    return false;
}

static bool ends_with(struct view name, struct view tail) {
    return name.size > tail.size &&
           view_equal(view_sub(name, name.size - tail.size, tail.size), tail);
}

static bool is_rule_file(struct view name) {
    return is_table(name) || ends_with(name, VIEW(".yaml")) || ends_with(name, VIEW(".yml"));
}

static int no_memory(struct cli *cli) {
    struct diag diag = DIAG_NONE;
    diag_set(&diag, "memory", "out of memory");
    cli_error(cli, NULL, &diag);
    return STATUS_SYSTEM;
}

/* The bytes are copied: the file may change while the rules are in use. */
static int file_add(struct gathered *gathered, const char *path) {
    struct diag diag = DIAG_NONE;
    struct arena *arena = &gathered->cli->arena;
    struct view bytes;
    int status = os_map(path, &bytes, &diag);
    if (status != STATUS_OK) {
        cli_error(gathered->cli, path, &diag);
        return status;
    }
    if (gathered->count == gathered->capacity) {
        int capacity = gathered->capacity * 2 + 32;
        struct rule_file *files = ARENA_NEW(arena, struct rule_file, capacity);
        if (files && gathered->count > 0) {
            memcpy(files, gathered->files, (size_t)gathered->count * sizeof *files);
        }
        gathered->files = files;
        gathered->capacity = capacity;
    }
    struct view text = arena_copy(arena, bytes);
    os_unmap(bytes);
    if (!gathered->files || !text.at) {
        return no_memory(gathered->cli);
    }
    gathered->files[gathered->count++] = (struct rule_file){view_of(path), text};
    return STATUS_OK;
}

static int folder_add(struct gathered *gathered, const char *path) {
    struct diag diag = DIAG_NONE;
    const char *const *names = NULL;
    int count = 0;
    int status = os_folder(path, is_rule_file, &names, &count, &gathered->cli->arena, &diag);
    if (status == STATUS_OK && count == 0) {
        diag_set(&diag, "file_missing", "no rule file in it: they end in .yaml");
        status = STATUS_INPUT;
    }
    if (status != STATUS_OK) {
        cli_error(gathered->cli, path, &diag);
    }
    for (int i = 0; i < count && status == STATUS_OK; i++) {
        status = file_add(gathered, names[i]);
    }
    return status;
}

void cli_rule_error(struct out *out, const struct diag *diag) {
    out_view(out, view_of(diag->text));
    OUT_TEXT(out, "\n");
    if (diag->shown[0]) {
        out_view(out, view_of(diag->shown));
        OUT_TEXT(out, "\n");
    }
}

int cli_rules_open(struct cli *cli, const struct cli_paths *paths, rule_tell *tell, void *tell_to,
                   const struct rule_set **set) {
    struct gathered gathered = {.cli = cli};
    struct diag diag = DIAG_NONE;
    for (int i = 0; i < paths->count; i++) {
        bool folder = os_is_folder(paths->at[i]);
        int status = folder ? folder_add(&gathered, paths->at[i])
                            : file_add(&gathered, paths->at[i]);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct rule_options options = {.own = gathered.files,
                                   .own_count = gathered.count,
                                   .alone = paths->alone,
                                   .lean = paths->lean,
                                   .tell = tell,
                                   .tell_to = tell_to};
    int status = rule_set_make(set, &options, &cli->arena, &diag);
    if (status != STATUS_OK) {
        OUT_TEXT(&cli->err, "claimvet: ");
        cli_rule_error(&cli->err, &diag);
        return status;
    }
    for (int i = 0; i < rule_warning_count(*set) && !tell; i++) {
        OUT_TEXT(&cli->err, "claimvet: warning: ");
        cli_rule_error(&cli->err, rule_warning_at(*set, i));
    }
    return STATUS_OK;
}
