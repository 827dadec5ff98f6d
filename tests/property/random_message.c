/* SPDX-License-Identifier: GPL-3.0-or-later
 * Seeded random messages of any type. */
#include "random_message.h"

#include "json_fields.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* splitmix64 */
uint64_t random_next(struct random_source *random)
{
    uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

uint64_t random_below(struct random_source *random, uint64_t bound)
{
    return random_next(random) % bound;
}

static void *must(void *pointer)
{
    if (pointer == NULL)
        abort(); /* the test's arena is as large as it needs */
    return pointer;
}

static char *random_text(struct random_source *random, struct arena *arena)
{
    static const char *const pieces[] = {"a", "Z", " ", "æ", "ø", "å",  "Æ",  "Š",
                                         "€", "𝄞", "9", "-", ".", "\"", "\\", "foreleggelse"};
    char text[512] = "";
    size_t count = random_below(random, 5) == 0 ? random_below(random, 40) : random_below(random, 6);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const char *piece = pieces[random_below(random, sizeof pieces / sizeof pieces[0])];
        used += (size_t)snprintf(text + used, sizeof text - used, "%s", piece);
    }
    return must(arena_strdup(arena, text));
}

static int64_t random_signed(struct random_source *random, const ProtobufCFieldDescriptor *field)
{
    if (json_field_is_time(field))
        return (int64_t)random_below(random, UINT64_C(4102444800000000));
    return (int64_t)random_next(random) >> random_below(random, 64);
}

#define DEPTH_MAX 8 /* items of questionnaires hold items: somewhere it must end */

static ProtobufCMessage *message_at(struct random_source *random, const ProtobufCMessageDescriptor *type, struct arena *arena,
                                    unsigned depth);

static void random_value(struct random_source *random, const ProtobufCFieldDescriptor *field, struct arena *arena,
                         unsigned depth, void *at)
{
    static const double reals[] = {0, -0.5, 1e-300, 1.7976931348623157e308, 0.1, 1234567.875};
    switch (field->type) {
    case PROTOBUF_C_TYPE_UINT32:
        *(uint32_t *)at = (uint32_t)(random_next(random) >> random_below(random, 64));
        return;
    case PROTOBUF_C_TYPE_INT64:
        *(int64_t *)at = random_signed(random, field);
        return;
    case PROTOBUF_C_TYPE_UINT64:
        *(uint64_t *)at = random_next(random) >> random_below(random, 64);
        return;
    case PROTOBUF_C_TYPE_DOUBLE:
        *(double *)at = reals[random_below(random, sizeof reals / sizeof reals[0])];
        if (field->label == PROTOBUF_C_LABEL_REPEATED && random_below(random, 4) == 0)
            *(double *)at = (double)NAN;
        return;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)at = (protobuf_c_boolean)random_below(random, 2);
        return;
    case PROTOBUF_C_TYPE_ENUM: {
        const ProtobufCEnumDescriptor *type = field->descriptor;
        *(int *)at = type->values[random_below(random, type->n_values)].value;
        return;
    }
    case PROTOBUF_C_TYPE_STRING:
        *(char **)at = random_text(random, arena);
        return;
    case PROTOBUF_C_TYPE_BYTES: {
        ProtobufCBinaryData *bytes = at;
        bytes->len = json_field_is_uuid(field) ? 16 : random_below(random, 50);
        bytes->data = must(arena_alloc(arena, bytes->len));
        for (size_t i = 0; i < bytes->len; i++)
            bytes->data[i] = (uint8_t)random_next(random);
        return;
    }
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)at = message_at(random, field->descriptor, arena, depth + 1);
        return;
    default:
        abort(); /* a type the schema did not have when this was written */
    }
}

static ProtobufCMessage *message_at(struct random_source *random, const ProtobufCMessageDescriptor *type, struct arena *arena,
                                    unsigned depth)
{
    ProtobufCMessage *message = must(arena_alloc(arena, type->sizeof_message));
    type->message_init(message);
    char *base = (char *)message;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (random_below(random, 3) == 0 || (field->type == PROTOBUF_C_TYPE_MESSAGE && depth == DEPTH_MAX))
            continue;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t count = random_below(random, 5);
            char *values = must(arena_alloc(arena, count * json_field_size(field)));
            for (size_t k = 0; k < count; k++)
                random_value(random, field, arena, depth, values + k * json_field_size(field));
            *(size_t *)(void *)(base + field->quantifier_offset) = count;
            *(void **)(void *)(base + field->offset) = values;
            continue;
        }
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0) {
            uint32_t *chosen = (void *)(base + field->quantifier_offset);
            if (*chosen != 0)
                continue;
            *chosen = field->id;
        }
        random_value(random, field, arena, depth, base + field->offset);
    }
    return message;
}

ProtobufCMessage *random_message(struct random_source *random, const ProtobufCMessageDescriptor *type, struct arena *arena)
{
    return message_at(random, type, arena, 1);
}
