/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers to JSON and back.
 */
#include "stored_answers.h"

#include "json.h"

#include <string.h>

static bool put(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) == 0; /* refuses NULL, and takes the value in any case */
}

/* NULL: out of memory, or the answer cannot be written. */
static json_t *answer_object(const Samordning__V1__Answer *answer)
{
    json_t *object = json_object();
    bool whole = object != NULL && put(object, "item", json_string(answer->item));
    if (whole && answer->target[0] != '\0')
        whole = put(object, "target", json_string(answer->target));
    if (whole && answer->state != 0)
        whole = put(object, "state", json_integer((json_int_t)answer->state));
    if (whole && answer->n_values > 0) {
        json_t *values = json_array();
        whole = put(object, "values", values);
        for (size_t i = 0; i < answer->n_values && whole; i++)
            whole = json_array_append_new(values, json_real(answer->values[i])) == 0;
    }
    if (whole && answer->text[0] != '\0')
        whole = put(object, "text", json_string(answer->text));
    if (whole)
        return object;
    json_decref(object);
    return NULL;
}

enum status stored_answers_write(size_t count, Samordning__V1__Answer *const *answers, char **ret_text)
{
    json_t *list = json_array();
    if (list == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        if (json_array_append_new(list, answer_object(answers[i])) != 0) {
            json_decref(list);
            return STATUS_INVALID;
        }
    }
    char *text = json_dumps(list, JSON_COMPACT);
    json_decref(list);
    if (text == NULL)
        return STATUS_NO_MEMORY;
    *ret_text = text;
    return STATUS_OK;
}

enum status stored_answers_read(const json_t *list, struct arena *arena, size_t *ret_count,
                                Samordning__V1__Answer ***ret_answers)
{
    size_t count = json_array_size(list); /* 0 for what is no list */
    Samordning__V1__Answer **answers = arena_alloc(arena, count * sizeof answers[0] + 1);
    if (answers == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        ProtobufCMessage *message;
        struct errmsg errmsg;
        enum status status =
            json_to_message(json_array_get(list, i), &samordning__v1__answer__descriptor, arena, &message, &errmsg);
        if (status != STATUS_OK)
            return status == STATUS_INVALID ? STATUS_INTERNAL : status;
        answers[i] = (Samordning__V1__Answer *)(void *)message;
    }
    *ret_count = count;
    *ret_answers = answers;
    return STATUS_OK;
}

enum status stored_answers_parse(const char *text, size_t size, struct arena *arena, size_t *ret_count,
                                 Samordning__V1__Answer ***ret_answers)
{
    json_t *list = json_loadb(text, size, 0, NULL);
    if (list == NULL)
        return STATUS_INTERNAL;
    enum status status = stored_answers_read(list, arena, ret_count, ret_answers);
    json_decref(list);
    return status;
}
