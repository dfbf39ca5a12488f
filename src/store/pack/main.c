/* store_pack FOLDER IMAGE [ASSEMBLER]: packs the TSV tables of a folder into a store image, and
 * writes an assembler file that embeds it as the starter store. Runs in the build. */
#include "os/os.h"
#include "store/pack/pack.h"

#include <stdio.h>
#include <string.h>

typedef bool pack_table(struct pack *pack);

/* Releases and codes come first: the other tables refer to them. */
static pack_table *const tables[] = {
    pack_releases, pack_codes,    pack_pairs,     pack_mpfs,   pack_mue,       pack_addons,
    pack_ended,    pack_drugs,    pack_families,  pack_sets,   pack_diagnoses, pack_regions,
    pack_sides,    pack_excludes, pack_modifiers, pack_places, pack_payers,    pack_sheets,
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

static struct pack pack; /* too large for a stack */

int main(int count, char **arguments) {
    struct diag diag = DIAG_NONE;
    if (count != 3 && count != 4) {
        fprintf(stderr, "usage: store_pack FOLDER IMAGE [ASSEMBLER]\n");
        return STATUS_USAGE;
    }
    pack = (struct pack){.draft = draft_new(), .folder = arguments[1], .diag = &diag};
    bool good = pack.draft != NULL;
    for (ptrdiff_t i = 0; i < COUNT_OF(tables) && good; i++) {
        good = tables[i](&pack);
    }
    struct view image = VIEW_NONE;
    good = good && store_draft_image(pack.draft, &image, &diag) == STATUS_OK &&
           os_write_atomic(arguments[2], image, &diag) == STATUS_OK;
    if (good && count == 4) {
        struct image_header header;
        memcpy(&header, image.at, sizeof header);
        good = assembler_write(arguments[3], arguments[2], header.checksum, &diag);
    }
    if (!good) {
        fprintf(stderr, "store_pack: %s\n", diag.text);
    }
    store_draft_close(pack.draft);
    return good ? STATUS_OK : STATUS_INPUT;
}
