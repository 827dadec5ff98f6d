/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every string of any message, at any depth, through protobuf-c's descriptors. */
#include "validate.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

#define PATH_SIZE 96

struct walk {
    size_t text_max;
    struct errmsg *errmsg;
};

/* Where a person writes sentences, lines and tabs are fine. */
static bool is_free_text(const char *name)
{
    static const char *const names[] = {"reason", "message", "notes", "definition", "value"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Puts one more step before the path found so far: errors are rare, so the way down costs nothing. */
static void prepend(struct errmsg *errmsg, const char *name, size_t index, bool is_repeated)
{
    if (errmsg == NULL)
        return;
    char path[PATH_SIZE];
    const char *dot = errmsg->field[0] != '\0' ? "." : "";
    int length = is_repeated ? snprintf(path, sizeof path, "%s[%zu]%s%s", name, index, dot, errmsg->field)
                             : snprintf(path, sizeof path, "%s%s%s", name, dot, errmsg->field);
    (void)length; /* names of the schema are ASCII and short; a path that long may be cut */
    char text[sizeof errmsg->text];
    memcpy(text, errmsg->text, sizeof text);
    errmsg_set(errmsg, path, "%s", text);
}

static enum status check_message(const struct walk *walk, const ProtobufCMessage *message);

static enum status check_one(const struct walk *walk, const ProtobufCFieldDescriptor *field, const void *value)
{
    if (value == NULL)
        return STATUS_OK;
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return check_message(walk, value);
    const char *text = value;
    struct text_finding finding;
    if (text[0] == '\0' || text_check(text, walk->text_max, is_free_text(field->name), &finding))
        return STATUS_OK;
    text_describe(&finding, walk->text_max, "", walk->errmsg);
    return STATUS_INVALID;
}

static enum status check_message(const struct walk *walk, const ProtobufCMessage *message)
{
    const char *base = (const char *)message;
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (field->type != PROTOBUF_C_TYPE_STRING && field->type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t count = *(const size_t *)(const void *)(base + field->quantifier_offset);
            const void *const *values = *(const void *const *const *)(const void *)(base + field->offset);
            for (size_t k = 0; k < count; k++) {
                enum status status = check_one(walk, field, values[k]);
                if (status != STATUS_OK) {
                    prepend(walk->errmsg, field->name, k, true);
                    return status;
                }
            }
            continue;
        }
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
            *(const uint32_t *)(const void *)(base + field->quantifier_offset) != field->id)
            continue;
        enum status status = check_one(walk, field, *(const void *const *)(const void *)(base + field->offset));
        if (status != STATUS_OK) {
            prepend(walk->errmsg, field->name, 0, false);
            return status;
        }
    }
    return STATUS_OK;
}

enum status validate_strings(const ProtobufCMessage *message, size_t text_max, struct errmsg *ret_errmsg)
{
    const struct walk walk = {.text_max = text_max, .errmsg = ret_errmsg};
    return check_message(&walk, message);
}
