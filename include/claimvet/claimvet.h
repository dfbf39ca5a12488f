/* claimvet: vets professional medical claims before they go out. The public C interface.
 *
 *     char error[CLAIMVET_ERROR_SIZE];
 *     struct claimvet *vet = claimvet_open(&(struct claimvet_options){0}, error);
 *     int status = claimvet_audit(vet, bytes, size, "json", write_bytes, file, error);
 *     claimvet_close(vet);
 *
 * Threads: a handle belongs to one thread at a time; several handles may be used side by side.
 * Memory: everything a handle needs ends with claimvet_close; nothing returned must be freed. */
#ifndef CLAIMVET_H
#define CLAIMVET_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CLAIMVET_PUBLIC __attribute__((visibility("default")))
#define CLAIMVET_ERROR_SIZE 200

/* What the functions answer; the same numbers as the exit status of the program. */
enum claimvet_status {
    CLAIMVET_CLEAN = 0,    /* no finding of severity error */
    CLAIMVET_FINDINGS = 1, /* findings of severity error */
    CLAIMVET_USAGE = 2,    /* an argument is wrong */
    CLAIMVET_INPUT = 3,    /* something could not be read; the rest was reported */
    CLAIMVET_SYSTEM = 4    /* memory, or the writer refused */
};

struct claimvet; /* a store, its rules, and the memory across the claims of one run */

struct claimvet_options {
    const void *store;    /* image of a reference store, must outlive the handle; NULL: starter */
    size_t store_size;    /* bytes */
    const char *payer;    /* payer profile for every claim; NULL: as the claims say */
    const char *as_of;    /* "YYYY-MM-DD": only editions published by then; NULL: all */
};

/* Takes finished bytes of the report; 0 when they were taken, anything else stops the run. */
typedef int claimvet_write(void *context, const char *bytes, size_t size);

/* A handle, or NULL with the reason in `error` (CLAIMVET_ERROR_SIZE bytes, NUL-terminated). */
CLAIMVET_PUBLIC struct claimvet *claimvet_open(const struct claimvet_options *options, char *error);

/* Audits 837P, claim JSON or CSV in memory and writes the report (`format`: text, json, csv, html;
 * see the manual for its shape). Claims of earlier calls on the same handle count for duplicates
 * and day limits. Answers an enum claimvet_status; `error` says why for USAGE and SYSTEM, while
 * what could not be read is part of the report. */
CLAIMVET_PUBLIC int claimvet_audit(struct claimvet *vet, const void *bytes, size_t size,
                                   const char *format, claimvet_write *write, void *context,
                                   char *error);

CLAIMVET_PUBLIC void claimvet_close(struct claimvet *vet); /* NULL is allowed */
CLAIMVET_PUBLIC const char *claimvet_version(void);        /* "0.1.0", static */

#ifdef __cplusplus
}
#endif

#endif
