/* Inside of import: the parts of a workbook. Only reader.h is seen by others. */
#ifndef CLAIMVET_IMPORT_XLSX_H
#define CLAIMVET_IMPORT_XLSX_H

#include "import/reader.h"

#include <expat.h>

/* ---- one part of XML --------------------------------------------------------------------- */

/* A parser over a member. Document type declarations are refused, and with them all entities;
 * depth and the size of a token are bounded. */
struct xml {
    XML_Parser parser;
    struct stream stream;
    char *buffer;
    int64_t fed;
    int depth;
    bool last; /* all was fed */
    bool suspended;
    struct diag diag; /* of the run in hand */
    void (*start)(void *context, const char *name, const char **attributes);
    void (*end)(void *context, const char *name);
    void (*text)(void *context, struct view text); /* may be NULL */
    void *context;
};

/* The handlers and the context are set by the caller; names come without their prefix. */
int xml_open(struct xml *xml, struct view image, int member, struct diag *diag) MUST_USE;
int xml_run(struct xml *xml, struct diag *diag) MUST_USE; /* 1 paused, 0 the end, -1 a failure */
void xml_pause(struct xml *xml);
/* Ends the parsing with a failure; the first one counts. */
__attribute__((format(printf, 2, 3))) void xml_refuse(struct xml *xml, const char *format, ...);
void xml_close(struct xml *xml);
const char *xml_attribute(const char **attributes, const char *name); /* NULL: none */

/* ---- cells ------------------------------------------------------------------------------- */

#define XLSX_STYLES_MAX 4096

/* Which cell styles show a date. */
struct xlsx_styles {
    bool dates[XLSX_STYLES_MAX];
    int count;
    bool from_1904;
};
bool xlsx_format_is_date(struct view code);
/* A number as a person would have typed it: without exponent, of at most 15 digits; days as
 * YYYY-MM-DD. What is no number is handed back. `to` is room for 80 characters. */
struct view xlsx_number(struct view text, char *to);
struct view xlsx_date(struct view text, bool from_1904, char *to);

#endif
