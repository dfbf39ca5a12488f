/* Diagnostics: a code, a place, one line of text. */
#include <stdarg.h>
#include <stdio.h>

#include "base/base.h"

void diag_set(struct diag *diag, const char *code, const char *format, ...) {
    if (!diag) {
        return;
    }
    *diag = DIAG_NONE;
    diag->code = code;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(diag->text, sizeof diag->text, format, arguments);
    va_end(arguments);
}
