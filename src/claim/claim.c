/* The claim reader: tells the formats apart by their first bytes and hands on to the right one. */
#include <string.h>

#include "claim/claim_internal.h"
#include "x12/x12.h"

enum claim_got fault_memory(struct claim_reader *reader) {
    reader->fault = (struct claim_fault){0};
    (void)memory_fault(&reader->fault.diag);
    reader->ended = true;
    return CLAIM_FAULT;
}

/* Starts of files that people hand over by mistake, and what to do with them. */
static const char *stranger_advice(struct view head) {
    static const struct {
        const char *start;
        ptrdiff_t size;
        const char *advice;
    } strangers[] = {
        {"%PDF", 4, "this is a PDF: export the claims as 837P, JSON or CSV"},
        {"PK\x03\x04", 4, "this is a zip or xlsx file: unpack it, or save the sheet as CSV"},
        {"\x1F\x8B", 2, "this is a gzip file: unpack it first"},
        {"\xD0\xCF\x11\xE0", 4, "this is an old Office file: save the sheet as CSV"},
        {"\xFF\xFE", 2, "this text is UTF-16: save it as UTF-8"},
        {"\xFE\xFF", 2, "this text is UTF-16: save it as UTF-8"},
        {"<", 1, "this is XML or HTML: export the claims as 837P, JSON or CSV"},
        {"MSH|", 4, "this is an HL7 v2 message: export the claims as 837P, JSON or CSV"},
        {"GS*", 3, "an X12 functional group without its ISA segment: send the whole interchange"},
        {"ST*", 3, "an X12 transaction set without its ISA segment: send the whole interchange"},
    };
    for (ptrdiff_t i = 0; i < COUNT_OF(strangers); i++) {
        if (view_starts(head, (struct view){strangers[i].start, strangers[i].size})) {
            return strangers[i].advice;
        }
    }
    return "neither X12 (ISA), JSON nor CSV with a header we know: name the columns with --map";
}

/* Without a byte order mark and blanks. */
static struct view head_text(struct view head) {
    if (view_starts(head, VIEW("\xEF\xBB\xBF"))) {
        head = view_sub(head, 3, head.size);
    }
    return view_trim(head);
}

static int format_detect(struct claim_reader *reader, struct diag *diag) {
    struct view head = {reader->input.head, reader->input.head_size};
    struct view text = head_text(head);
    if (text.size == 0 && reader->input.ended) {
        diag_set(diag, "input_empty", "the input is empty: nothing to read");
        return STATUS_INPUT;
    }
    if (x12_detect(head)) {
        reader->format = CLAIM_FORMAT_X12;
    } else if (view_starts(text, VIEW("{")) || view_starts(text, VIEW("["))) {
        reader->format = CLAIM_FORMAT_JSON;
    } else if (reader->options.csv_map.size > 0 || csv_detect(head)) {
        reader->format = CLAIM_FORMAT_CSV;
    } else {
        diag_set(diag, "input_unknown", "%s", stranger_advice(text));
        diag->byte = text.at - head.at;
        return STATUS_INPUT;
    }
    return STATUS_OK;
}

static int reader_start(struct claim_reader *reader, claim_source *source, void *context,
                        struct diag *diag) {
    int status = input_open(&reader->input, source, context, diag);
    if (status == STATUS_OK) {
        status = format_detect(reader, diag);
    }
    if (status != STATUS_OK) {
        return status;
    }
    switch (reader->format) {
    case CLAIM_FORMAT_X12: return x12_claims_open(reader, diag);
    case CLAIM_FORMAT_JSON: return json_claims_open(reader, diag);
    default: return csv_claims_open(reader, diag);
    }
}

int claim_open(struct claim_reader **reader, claim_source *source, void *context,
               const struct claim_options *options, struct diag *diag) {
    *reader = NULL;
    struct claim_reader *opened = memory_grow(NULL, 0, (ptrdiff_t)sizeof *opened);
    if (!opened) {
        return memory_fault(diag);
    }
    opened->options = options ? *options : (struct claim_options){0};
    if (opened->options.first_ordinal == 0) {
        opened->options.first_ordinal = 1;
    }
    int status = reader_start(opened, source, context, diag);
    if (status != STATUS_OK) {
        claim_close(opened);
        return status;
    }
    *reader = opened;
    return STATUS_OK;
}

/* What the format readers leave to us. */
static enum claim_got claim_deliver(struct claim_reader *reader) {
    struct claim *claim = &reader->claim;
    if (reader->options.chart) {
        claim_chart_apply(reader->options.chart, claim, &reader->arena);
    }
    if (reader->arena.failed) {
        return fault_memory(reader);
    }
    claim->format = reader->format;
    claim->ordinal = reader->options.first_ordinal + reader->claims;
    reader->claims++;
    if (reader->options.payer.size > 0) {
        claim->payer_profile = reader->options.payer;
    }
    claim_complete(claim);
    return CLAIM_READ;
}

/* Never silence: an input without claims says so. */
static enum claim_got reader_end(struct claim_reader *reader) {
    reader->ended = true;
    if (reader->claims > 0 || reader->faults > 0) {
        return CLAIM_END;
    }
    reader->fault = (struct claim_fault){0};
    diag_set(&reader->fault.diag, "no_claims", "the input was read to its end and holds no claim");
    return CLAIM_FAULT;
}

enum claim_got claim_next(struct claim_reader *reader) {
    if (reader->ended) {
        return CLAIM_END;
    }
    enum claim_got got = CLAIM_END;
    switch (reader->format) {
    case CLAIM_FORMAT_X12: got = x12_claims_next(reader); break;
    case CLAIM_FORMAT_JSON: got = json_claims_next(reader); break;
    default: got = csv_claims_next(reader);
    }
    switch (got) {
    case CLAIM_READ: return claim_deliver(reader);
    case CLAIM_END: return reader_end(reader);
    case CLAIM_FAULT: reader->faults++; return got;
    default: return got;
    }
}

const struct claim *claim_now(const struct claim_reader *reader) { return &reader->claim; }

const struct claim_fault *claim_fault(const struct claim_reader *reader) { return &reader->fault; }

enum claim_format claim_format(const struct claim_reader *reader) { return reader->format; }

int64_t claim_bytes_read(const struct claim_reader *reader) { return reader->input.taken; }

void claim_close(struct claim_reader *reader) {
    if (!reader) {
        return;
    }
    x12_claims_close(reader);
    json_claims_close(reader);
    csv_claims_close(reader);
    input_close(&reader->input);
    arena_close(&reader->arena);
    memory_free(reader);
}
