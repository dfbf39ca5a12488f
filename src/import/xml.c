/* One part of a workbook through expat. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import/xlsx.h"

#define CHUNK (1 << 16)
#define DEPTH_MAX 64
#define TOKEN_MAX (1 << 21) /* expat reads an unfinished token again and again */

static const char *local_name(const char *name) {
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *xml_attribute(const char **attributes, const char *name) {
    for (; *attributes; attributes += 2) {
        if (strcmp(attributes[0], name) == 0) {
            return attributes[1];
        }
    }
    return NULL;
}

void xml_refuse(struct xml *xml, const char *format, ...) {
    if (xml->diag.code && *xml->diag.code) {
        return;
    }
    char text[120];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    diag_set(&xml->diag, "import_archive", "%s", text);
    XML_StopParser(xml->parser, XML_FALSE);
}

static void on_start(void *context, const XML_Char *name, const XML_Char **attributes) {
    struct xml *xml = context;
    if (++xml->depth > DEPTH_MAX) {
        xml_refuse(xml, "the workbook is nested deeper than %d levels", DEPTH_MAX);
        return;
    }
    xml->start(xml->context, local_name(name), attributes);
}

static void on_end(void *context, const XML_Char *name) {
    struct xml *xml = context;
    xml->depth--;
    xml->end(xml->context, local_name(name));
}

static void on_text(void *context, const XML_Char *text, int size) {
    struct xml *xml = context;
    if (xml->text) {
        xml->text(xml->context, (struct view){text, size});
    }
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public, int internal) {
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    xml_refuse(context, "the workbook declares a document type, which none does: refused");
}

int xml_open(struct xml *xml, struct view image, int member, struct diag *diag) {
    int status = stream_open_member(&xml->stream, image, member, diag);
    if (status != STATUS_OK) {
        return status;
    }
    xml->fed = 0;
    xml->depth = 0;
    xml->last = false;
    xml->suspended = false;
    xml->buffer = memory_grow(NULL, 0, CHUNK);
    xml->parser = XML_ParserCreate(NULL);
    if (!xml->buffer || !xml->parser) {
        diag_set(diag, "memory", "out of memory for a workbook");
        return STATUS_SYSTEM;
    }
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_start, on_end);
    XML_SetCharacterDataHandler(xml->parser, on_text);
    XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    return STATUS_OK;
}

void xml_pause(struct xml *xml) { XML_StopParser(xml->parser, XML_TRUE); }

static enum XML_Status feed(struct xml *xml, struct diag *diag) {
    if (xml->suspended) {
        xml->suspended = false;
        return XML_ResumeParser(xml->parser);
    }
    ptrdiff_t got = stream_read(&xml->stream, xml->buffer, CHUNK, diag);
    if (got < 0) {
        return XML_STATUS_ERROR;
    }
    xml->fed += got;
    xml->last = got == 0;
    return XML_Parse(xml->parser, xml->buffer, (int)got, xml->last);
}

int xml_run(struct xml *xml, struct diag *diag) {
    struct diag *why = &xml->diag;
    *why = DIAG_NONE;
    while (!xml->last || xml->suspended) {
        enum XML_Status status = feed(xml, why);
        int64_t pending = xml->fed - (int64_t)XML_GetCurrentByteIndex(xml->parser);
        if (status == XML_STATUS_OK && !xml->last && pending > TOKEN_MAX) {
            diag_set(why, "import_archive", "the workbook has a tag or comment that never ends");
        }
        if (status == XML_STATUS_ERROR && !*why->code) {
            diag_set(why, "import_archive", "the workbook is damaged: %.80s",
                     XML_ErrorString(XML_GetErrorCode(xml->parser)));
        }
        if (*why->code) {
            *diag = *why;
            return -1;
        }
        if (status == XML_STATUS_SUSPENDED) {
            xml->suspended = true;
            return 1;
        }
    }
    return 0;
}

void xml_close(struct xml *xml) {
    if (xml->parser) {
        XML_ParserFree(xml->parser);
    }
    memory_free(xml->buffer);
    stream_close(&xml->stream);
    xml->parser = NULL;
    xml->buffer = NULL;
}
