/* Fuzz target: bytes through the X12 reader, in steps of the first byte, all elements touched.
 * Asserts what callers rely on: places inside the input, order, and an end that stays. */
#include <assert.h>
#include <string.h>

#include "fuzz.h"
#include "x12/x12.h"

struct bytes {
    const uint8_t *at;
    size_t size;
    size_t done;
    size_t step;
};

static ptrdiff_t bytes_read(void *context, char *to, ptrdiff_t size, struct diag *diag) {
    (void)diag;
    struct bytes *bytes = context;
    size_t got = bytes->size - bytes->done;
    got = got < bytes->step ? got : bytes->step;
    got = got < (size_t)size ? got : (size_t)size;
    if (got > 0) {
        memcpy(to, bytes->at + bytes->done, got);
    }
    bytes->done += got;
    return (ptrdiff_t)got;
}

/* Every byte of every element is that of the input at the place the reader names. */
static void segment_check(const struct bytes *bytes, const struct x12_segment *s) {
    char tag[9];
    struct view text = code_text(s->tag, tag);
    assert(text.size == 2 || text.size == 3);
    for (int i = 1; i <= s->elements + 1; i++) {
        struct view element = x12_element(s, i);
        int64_t byte = x12_element_byte(s, i);
        assert(element.at && element.size >= 0 && byte > s->byte);
        assert((size_t)(byte + element.size) <= bytes->done);
        assert(memcmp(element.at, bytes->at + byte, (size_t)element.size) == 0);
        assert(view_find(element, s->delimiters.element) < 0);
        struct view rest = element;
        ptrdiff_t size = 0;
        while (rest.at) {
            size += x12_component(&rest, s).size + 1;
        }
        assert(size == element.size + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    struct bytes bytes = {data + 1, size - 1, 0, data[0] ? data[0] : SIZE_MAX};
    struct diag diag;
    struct x12_reader *reader;
    if (x12_open(&reader, bytes_read, &bytes, &diag) != STATUS_OK) {
        return 0;
    }
    x12_detect((struct view){(const char *)bytes.at, (ptrdiff_t)bytes.size});
    struct x12_segment s;
    struct x12_notice notice;
    int64_t number = 0;
    int64_t end = 0;
    enum x12_got got;
    while ((got = x12_next(reader, &s)) == X12_SEGMENT) {
        number++;
        assert(s.number == number && s.byte >= end);
        segment_check(&bytes, &s);
        end = x12_element_byte(&s, s.elements + 1);
        while (x12_notice_take(reader, &notice)) {
            assert(notice.diag.code[0] && notice.diag.text[0] && notice.diag.segment <= number + 1);
        }
    }
    enum x12_got again = x12_next(reader, &s);
    assert(again == got);
    assert((got == X12_FATAL) == (x12_fault(reader)->code[0] != 0));
    while (x12_notice_take(reader, &notice)) {
        assert(notice.diag.code[0] && notice.diag.text[0]);
    }
    x12_close(reader);
    return 0;
}
