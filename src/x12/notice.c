/* Notices: a bounded queue, and the words for tolerable oddities. */
#include <stdarg.h>
#include <stdio.h>

#include "x12/notice.h"

struct quirk_words {
    const char *code;
    bool envelope;
    const char *text;
};

static const struct quirk_words quirk_words[QUIRKS] = {
    [QUIRK_BOM] = {"bom", true, "a UTF-8 byte order mark stands before the ISA; write none"},
    [QUIRK_LEADING_BLANKS] = {"leading_blanks", true, "blanks stand before the ISA; write none"},
    [QUIRK_INDENTED] = {"indented", false, "segments are indented; write no blanks before a tag"},
    [QUIRK_ISA_UNPADDED] = {"isa_unpadded", true,
                            "the ISA has not 106 bytes; pad its elements to their fixed lengths"},
    [QUIRK_ISA_REPETITION] = {"isa_repetition", true,
                              "ISA11 repeats another separator; no repetition is read"},
    [QUIRK_ISA_VERSION] = {"isa_version", true,
                           "ISA11 is no repetition separator as version ISA12 asks; none is read"},
    [QUIRK_DELIMITERS] = {"delimiters_unusual", true,
                          "separators are other than * : ^ ~; some receivers refuse them"},
    [QUIRK_TERMINATOR] = {"terminator_blank", true,
                          "segments end with a line end or blank; some receivers refuse it"},
    [QUIRK_CONTROL_PADDED] = {"control_padded", true,
                              "a control number is padded otherwise than in its header"},
    [QUIRK_GS01] = {"gs01_kind", true, "GS01 is not the functional code of this transaction set"},
    [QUIRK_GS08] = {"gs08_version", true, "GS08 is of another version than ISA12"},
    [QUIRK_TRAILING] = {"trailing_separators", false,
                        "segments end with empty elements; cut the separators off"},
    [QUIRK_EMPTY] = {"segment_empty", false, "a terminator follows a terminator; write one"},
    [QUIRK_PADDING] = {"padding_bytes", true,
                       "filling bytes stand outside of the interchanges; write none"},
    [QUIRK_IEA_OPEN] = {"iea_no_terminator", true, "the last segment has no terminator; add it"},
};

static struct x12_notice *notice_add(struct notices *notices, bool error) {
    if (notices->left_out > 0 || notices->count == X12_NOTICES_MAX) {
        notices->left_out++;
        notices->left_out_error |= error;
        return NULL;
    }
    int at = (notices->first + notices->count) % X12_NOTICES_MAX;
    notices->count++;
    return &notices->at[at];
}

static void place_set(struct diag *diag, struct notice_place place) {
    diag->segment = place.segment;
    diag->element = place.element;
    diag->byte = place.byte;
}

void notice_quirk(struct notices *notices, enum quirk quirk, struct notice_place place) {
    if (notices_told(notices, quirk)) {
        return;
    }
    notices->told |= UINT32_C(1) << quirk;
    struct x12_notice *notice = notice_add(notices, false);
    if (notice) {
        const struct quirk_words *words = &quirk_words[quirk];
        notice->error = false;
        notice->envelope = words->envelope;
        diag_set(&notice->diag, words->code, "%s", words->text);
        place_set(&notice->diag, place);
    }
}

void notice_error(struct notices *notices, const char *code, struct notice_place place,
                  const char *format, ...) {
    struct x12_notice *notice = notice_add(notices, true);
    if (!notice) {
        return;
    }
    *notice = (struct x12_notice){.error = true, .envelope = true, .diag = DIAG_NONE};
    notice->diag.code = code;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(notice->diag.text, sizeof notice->diag.text, format, arguments);
    va_end(arguments);
    place_set(&notice->diag, place);
}

bool notices_take(struct notices *notices, struct x12_notice *notice) {
    if (notices->count > 0) {
        *notice = notices->at[notices->first];
        notices->first = (notices->first + 1) % X12_NOTICES_MAX;
        notices->count--;
        return true;
    }
    if (notices->left_out == 0) {
        return false;
    }
    *notice = (struct x12_notice){.error = notices->left_out_error, .envelope = true};
    diag_set(&notice->diag, "notices_left_out", "%lld more notices were left out here",
             (long long)notices->left_out);
    notices->left_out = 0;
    notices->left_out_error = false;
    return true;
}
