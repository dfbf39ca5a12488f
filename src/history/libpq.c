/* Finds libpq and its functions in the running system. */
#include "history/libpq.h"

#include "os/os.h"

#define LIBRARY "libpq.so.5" /* the only version there has been since PostgreSQL 8.2 */

struct libpq libpq;

int libpq_load(struct diag *diag) {
    static const char *const names[] = {
#define PQ(name) #name,
#include "history/libpq.def"
#undef PQ
    };
    os_function **places[] = {
#define PQ(name) (os_function **)&libpq.name,
#include "history/libpq.def"
#undef PQ
    };
    if (libpq.library) {
        return STATUS_OK;
    }
    void *library = os_library(LIBRARY);
    for (ptrdiff_t i = 0; library && i < COUNT_OF(names); i++) {
        *places[i] = os_library_function(library, names[i]);
        library = *places[i] ? library : NULL;
    }
    libpq.library = library;
    if (!library) {
        diag_set(diag, "history_without_postgres",
                 "needs " LIBRARY " for a database: install the package libpq5");
        return STATUS_INPUT;
    }
    return STATUS_OK;
}
