/* The layouts that import knows. */
#include "import/run.h"

const struct importer *const importers[] = {
#define IMPORTER(name) &import_##name,
#include "import/importers.def"
#undef IMPORTER
    NULL,
};

const struct import_layout *import_layout_at(int index) {
    static struct import_layout layout; /* refilled by each call: the table is the layouts' own */
    for (int i = 0; importers[i]; i++) {
        if (i == index) {
            layout = (struct import_layout){importers[i]->table, importers[i]->what,
                                            importers[i]->proven};
            return &layout;
        }
    }
    return NULL;
}
