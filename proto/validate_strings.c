/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every string of any message, at any depth, through protobuf-c's descriptors. */
#include "validate.h"

#include "field_path.h"
#include "text.h"

#include <string.h>

struct walk {
    size_t text_max;
    struct errmsg *errmsg;
};

/* Where a person writes sentences, lines and tabs are fine. */
static bool is_free_text(const char *name)
{
    static const char *const names[] = {"reason", "message", "notes", "definition", "value", "text", "nb", "nn", "en", "se"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
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
                    field_path_prepend(walk->errmsg, field->name, k);
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
            field_path_prepend(walk->errmsg, field->name, FIELD_PATH_SINGLE);
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
