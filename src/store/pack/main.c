/* store_pack FOLDER IMAGE [ASSEMBLER]: packs the TSV tables of a folder into a store image, and
 * writes an assembler file that embeds it as the starter store. Runs in the build. */
#include "os/os.h"
#include "store/pack/build.h"

#include <stdio.h>
#include <string.h>

typedef bool pack_table(struct build *build, const char *folder);

/* Releases and codes come first: the other tables refer to them. Pairs come next, so that their
 * windows get the small numbers that fit beside an indicator. */
static pack_table *const tables[] = {
    pack_releases, pack_codes,    pack_pairs,     pack_mpfs,   pack_mue,       pack_addons,
    pack_ended,    pack_drugs,    pack_families,  pack_sets,   pack_diagnoses, pack_regions,
    pack_sides,    pack_excludes, pack_modifiers, pack_places, pack_payers,
};

static bool assembler_write(const char *path, const char *image, uint64_t checksum,
                            struct diag *diag) {
    struct out out;
    out_open(&out, NULL, NULL);
    out_format(&out, "/* %016llx */\n", (unsigned long long)checksum);
    OUT_TEXT(&out, "    .section .rodata\n    .balign 64\n"
                   "    .globl store_starter_bytes\n    .hidden store_starter_bytes\n"
                   "store_starter_bytes:\n");
    out_format(&out, "    .incbin \"%s\"\n", image);
    OUT_TEXT(&out, "store_starter_end:\n    .balign 8\n"
                   "    .globl store_starter_size\n    .hidden store_starter_size\n"
                   "store_starter_size:\n    .quad store_starter_end - store_starter_bytes\n"
                   "    .section .note.GNU-stack,\"\",%progbits\n");
    bool good = !out.failed && os_write_atomic(path, out_bytes(&out), diag) == STATUS_OK;
    out_clear(&out);
    out_close(&out);
    return good;
}

int main(int count, char **arguments) {
    struct diag diag = DIAG_NONE;
    struct build build = {.diag = &diag};
    struct buffer image = {0};
    if (count != 3 && count != 4) {
        fprintf(stderr, "usage: store_pack FOLDER IMAGE [ASSEMBLER]\n");
        return STATUS_USAGE;
    }
    bool good = true;
    for (ptrdiff_t i = 0; i < COUNT_OF(tables) && good; i++) {
        good = tables[i](&build, arguments[1]);
    }
    if (good) {
        build_image(&build, &image);
        good = !build.failed && os_write_atomic(arguments[2], (struct view){image.at, image.size},
                                                &diag) == STATUS_OK;
    }
    if (good && count == 4) {
        struct image_header header;
        memcpy(&header, image.at, sizeof header);
        good = assembler_write(arguments[3], arguments[2], header.checksum, &diag);
    }
    if (!good) {
        fprintf(stderr, "store_pack: %s\n", diag.text);
    }
    buffer_close(&image);
    build_close(&build);
    return good ? STATUS_OK : STATUS_INPUT;
}
