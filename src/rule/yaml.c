/* libyaml events -> a tree with places. Strict: what a rule file does not need is refused. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "rule/rule_internal.h"

#define SHOWN_COLUMNS 100 /* of the line in a message */

struct yaml_reader {
    yaml_parser_t parser;
    const struct rule_text *file;
};

/* ---- messages ---------------------------------------------------------------------------- */

static struct view line_of(struct view text, int64_t line) {
    struct view found = VIEW_NONE;
    for (int64_t i = 0; i < line && text.at; i++) {
        found = view_cut(&text, '\n');
    }
    return found;
}

/* The line and, below it, a caret; a long line is cut so that the place stays in sight. */
static void shown_set(struct diag *diag, struct view text, int64_t line, int64_t column) {
    struct view rest = line_of(text, line);
    int64_t first = column > SHOWN_COLUMNS - 10 ? column - SHOWN_COLUMNS / 2 : 1;
    char *at = diag->shown;
    char *end = diag->shown + sizeof diag->shown - SHOWN_COLUMNS - 8;
    int64_t caret = 0; /* columns before the caret */
    for (int64_t here = 1; rest.size > 0 && here < first + SHOWN_COLUMNS && at < end; here++) {
        int length = view_utf8_length(rest);
        if (here >= first && length > 1) {
            memcpy(at, rest.at, (size_t)length);
            at += length;
        } else if (here >= first) {
            *at++ = rest.at[0] >= ' ' && rest.at[0] != 0x7F && length == 1 ? rest.at[0] : ' ';
        }
        caret += here >= first && here < column;
        rest = view_sub(rest, length > 1 ? length : 1, rest.size);
    }
    *at++ = '\n';
    memset(at, ' ', (size_t)caret);
    memcpy(at + caret, "^", 2);
}

bool text_refuse(const struct rule_text *file, const char *code, int64_t line, int64_t column,
                 const char *format, ...) {
    char message[sizeof file->diag->text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    struct view name = file->name; /* the end of a long path says more than its beginning */
    if (name.size > 60) {
        name = view_sub(name, name.size - 60, 60);
    }
    if (!file->diag) {
        return false;
    }
    diag_set(file->diag, code, "%.*s:%lld:%lld: %s", (int)name.size, name.at ? name.at : "",
             (long long)line, (long long)column, message);
    file->diag->line = line;
    file->diag->column = column;
    shown_set(file->diag, file->text, line, column);
    return false;
}

static bool mark_refuse(const struct yaml_reader *reader, yaml_mark_t mark, const char *problem) {
    return text_refuse(reader->file, "rule_syntax", (int64_t)mark.line + 1,
                       (int64_t)mark.column + 1, "%s", problem);
}

/* ---- events ------------------------------------------------------------------------------ */

struct yaml_reader *yaml_open(const struct rule_text *file) {
    struct yaml_reader *reader = ARENA_NEW(file->arena, struct yaml_reader, 1);
    if (!reader || !yaml_parser_initialize(&reader->parser)) {
        memory_refuse(file);
        return NULL;
    }
    reader->file = file;
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser, (const unsigned char *)file->text.at,
                                 (size_t)file->text.size);
    return reader;
}

void yaml_close(struct yaml_reader *reader) {
    if (reader) {
        yaml_parser_delete(&reader->parser);
    }
}

/* Bytes that are no text: libyaml knows their offset only. */
static bool byte_refuse(const struct yaml_reader *reader, ptrdiff_t byte, const char *problem) {
    struct view before = view_sub(reader->file->text, 0, byte);
    int64_t line = 1;
    ptrdiff_t start = 0;
    for (ptrdiff_t i = 0; i < before.size; i++) {
        if (before.at[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    int64_t column = 1;
    for (struct view rest = view_sub(before, start, before.size); rest.size > 0; column++) {
        int length = view_utf8_length(rest);
        rest = view_sub(rest, length > 1 ? length : 1, rest.size);
    }
    return text_refuse(reader->file, "rule_syntax", line, column, "%s", problem);
}

static bool event_take(struct yaml_reader *reader, yaml_event_t *event) {
    if (yaml_parser_parse(&reader->parser, event)) {
        return true;
    }
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        memory_refuse(reader->file);
        return false;
    }
    const char *problem = parser->problem ? parser->problem : "is no YAML";
    if (parser->error == YAML_READER_ERROR) {
        return byte_refuse(reader, (ptrdiff_t)parser->problem_offset, problem);
    }
    return mark_refuse(reader, parser->problem_mark, problem);
}

static struct yaml_node *node_new(struct yaml_reader *reader, enum yaml_kind kind,
                                  const yaml_event_t *event) {
    struct yaml_node *node = ARENA_NEW(reader->file->arena, struct yaml_node, 1);
    if (!node) {
        memory_refuse(reader->file);
        return NULL;
    }
    node->kind = kind;
    node->line = (int64_t)event->start_mark.line + 1;
    node->column = (int64_t)event->start_mark.column + 1;
    return node;
}

static struct yaml_node *scalar_new(struct yaml_reader *reader, const yaml_event_t *event) {
    if (event->data.scalar.tag || event->data.scalar.anchor) {
        mark_refuse(reader, event->start_mark, "tags and anchors are not used in rule files");
        return NULL;
    }
    struct yaml_node *node = node_new(reader, YAML_SCALAR, event);
    if (!node) {
        return NULL;
    }
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->text =
        arena_copy(reader->file->arena, (struct view){(const char *)event->data.scalar.value,
                                                      (ptrdiff_t)event->data.scalar.length});
    if (!node->text.at) {
        memory_refuse(reader->file);
        return NULL;
    }
    return node;
}

static struct yaml_node *node_read(struct yaml_reader *reader, const yaml_event_t *event,
                                   int depth);

/* Takes the next event and the node that begins with it; *end at the end of the collection. */
static struct yaml_node *node_next(struct yaml_reader *reader, int depth, bool *end) {
    yaml_event_t event;
    if (!event_take(reader, &event)) {
        return NULL;
    }
    struct yaml_node *node = NULL;
    *end = event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
    if (!*end) {
        node = node_read(reader, &event, depth);
    }
    yaml_event_delete(&event);
    return node;
}

static bool list_read(struct yaml_reader *reader, struct yaml_node *list, int depth) {
    struct yaml_node **tail = &list->child;
    for (;;) {
        bool end;
        struct yaml_node *node = node_next(reader, depth, &end);
        if (!node) {
            return end;
        }
        *tail = node;
        tail = &node->next;
    }
}

static bool map_read(struct yaml_reader *reader, struct yaml_node *map, int depth) {
    struct yaml_node **tail = &map->child;
    for (;;) {
        bool end = false;
        struct yaml_node *key = node_next(reader, depth, &end);
        if (!key) {
            return end;
        }
        if (key->kind != YAML_SCALAR) {
            return NODE_REFUSE(reader->file, key, "rule_syntax", "a key must be a word");
        }
        for (const struct yaml_node *other = map->child; other; other = other->next) {
            if (view_equal(other->key->text, key->text)) {
                return NODE_REFUSE(reader->file, key, "rule_duplicate",
                                   "key %.*s stands here twice", (int)key->text.size, key->text.at);
            }
        }
        struct yaml_node *value = node_next(reader, depth, &end);
        if (!value) {
            return false;
        }
        value->key = key;
        *tail = value;
        tail = &value->next;
    }
}

static bool collection_allowed(struct yaml_reader *reader, const yaml_event_t *event, int depth) {
    bool list = event->type == YAML_SEQUENCE_START_EVENT;
    const void *tag = list ? event->data.sequence_start.tag : event->data.mapping_start.tag;
    const void *anchor =
        list ? event->data.sequence_start.anchor : event->data.mapping_start.anchor;
    if (tag || anchor) {
        return mark_refuse(reader, event->start_mark,
                           "tags and anchors are not used in rule files");
    }
    return depth < YAML_DEPTH_MAX || mark_refuse(reader, event->start_mark, "is nested too deep");
}

static struct yaml_node *node_read(struct yaml_reader *reader, const yaml_event_t *event,
                                   int depth) {
    if (event->type == YAML_SCALAR_EVENT) {
        return scalar_new(reader, event);
    }
    if (event->type == YAML_ALIAS_EVENT) {
        mark_refuse(reader, event->start_mark, "aliases are not used in rule files");
        return NULL;
    }
    if (!collection_allowed(reader, event, depth)) {
        return NULL;
    }
    bool list = event->type == YAML_SEQUENCE_START_EVENT;
    struct yaml_node *node = node_new(reader, list ? YAML_LIST : YAML_MAP, event);
    if (!node) {
        return NULL;
    }
    bool read = list ? list_read(reader, node, depth + 1) : map_read(reader, node, depth + 1);
    return read ? node : NULL;
}

bool yaml_next(struct yaml_reader *reader, const struct yaml_node **root) {
    *root = NULL;
    for (;;) {
        yaml_event_t event;
        if (!event_take(reader, &event)) {
            return false;
        }
        yaml_event_type_t type = event.type;
        bool node = type == YAML_SCALAR_EVENT || type == YAML_ALIAS_EVENT ||
                    type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT;
        if (node) {
            *root = node_read(reader, &event, 0);
        }
        yaml_event_delete(&event);
        if (node || type == YAML_STREAM_END_EVENT || type == YAML_NO_EVENT) {
            return !node || *root;
        }
    }
}
