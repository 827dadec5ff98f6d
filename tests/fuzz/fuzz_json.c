/* SPDX-License-Identifier: GPL-3.0-or-later
 * A line of JSON as an interaction and as any request; what is read can be written and read again. */
#include "fuzz_target.h"

#include "json.h"
#include "samordning.pb-c.h"
#include "validate.h"

#include <string.h>

#define BUDGET (1U << 20)

static void read_as(const json_t *json, const ProtobufCMessageDescriptor *type)
{
    struct arena arena;
    arena_init(&arena, BUDGET);
    ProtobufCMessage *message = NULL;
    struct errmsg errmsg = {"", ""};
    enum status status = json_to_message(json, type, &arena, &message, &errmsg);
    FUZZ_CHECK(status == STATUS_OK || errmsg.text[0] != '\0');
    if (status == STATUS_OK) {
        json_t *written = json_from_message(message);
        FUZZ_CHECK(written != NULL);
        ProtobufCMessage *again = NULL;
        struct arena other;
        arena_init(&other, 16U << 20);
        FUZZ_CHECK(json_to_message(written, type, &other, &again, &errmsg) == STATUS_OK);
        json_t *rewritten = json_from_message(again);
        FUZZ_CHECK(json_equal(written, rewritten));
        json_decref(rewritten);
        json_decref(written);
        arena_release(&other);
    }
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_error_t error;
    json_t *json = json_loadb((const char *)data, size, JSON_ALLOW_NUL, &error);
    if (json == NULL)
        return 0;
    read_as(json, &samordning__v1__interaction__descriptor);
    read_as(json, &samordning__v1__request__descriptor);
    read_as(json, &samordning__v1__result__descriptor);
    json_decref(json);
    return 0;
}
