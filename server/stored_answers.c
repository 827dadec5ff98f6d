/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers to JSON and back.
 */
#include "stored_answers.h"

#include "json.h"
#include "validate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an answer takes at most: its members' names and marks, each byte of a text as \u00XX, each number. */
#define ANSWER_MAX 80
#define BYTE_MAX   6
#define NUMBER_MAX 32
#define WHOLE_MAX  1e15 /* whole numbers below it are written with all their digits */

static char *put_raw(char *at, const char *text)
{
    size_t size = strlen(text);
    memcpy(at, text, size); /* NOLINT(bugprone-not-null-terminated-result): the next bytes follow */
    return at + size;
}

/* In quotes. NULL: not UTF-8. */
static char *put_string(char *at, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    size_t size = strlen(text);
    if (validate_utf8_prefix(text, size) != size)
        return NULL;
    *at++ = '"';
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20) {
            at = put_raw(at, "\\u00");
            *at++ = hex[c >> 4];
            *at++ = hex[c & 15];
        } else {
            if (c == '"' || c == '\\')
                *at++ = '\\';
            *at++ = (char)c;
        }
    }
    *at++ = '"';
    return at;
}

/* With a point or an exponent, so that it is read back as a double. NULL: not finite. */
static char *put_number(char *at, double number)
{
    if (!isfinite(number))
        return NULL;
    if (fabs(number) < WHOLE_MAX && number == (double)(long long)number)
        return at + snprintf(at, NUMBER_MAX, "%s%lld.0", signbit(number) && number == 0 ? "-" : "", (long long)number);
    int size = snprintf(at, NUMBER_MAX, "%.17g", number);
    return strpbrk(at, ".e") != NULL ? at + size : put_raw(at + size, ".0");
}

/* NULL: the answer cannot be written. */
static char *put_answer(char *at, const Samordning__V1__Answer *answer)
{
    at = put_string(put_raw(at, "{\"item\":"), answer->item);
    if (at != NULL && answer->target[0] != '\0')
        at = put_string(put_raw(at, ",\"target\":"), answer->target);
    if (at != NULL && answer->state != 0)
        at += snprintf(at, ANSWER_MAX, ",\"state\":%d", (int)answer->state);
    if (at != NULL && answer->n_values > 0) {
        at = put_raw(at, ",\"values\":");
        for (size_t i = 0; i < answer->n_values && at != NULL; i++) {
            *at++ = i == 0 ? '[' : ',';
            at = put_number(at, answer->values[i]);
        }
        if (at != NULL)
            *at++ = ']';
    }
    if (at != NULL && answer->text[0] != '\0')
        at = put_string(put_raw(at, ",\"text\":"), answer->text);
    if (at != NULL)
        *at++ = '}';
    return at;
}

static size_t answer_size_max(const Samordning__V1__Answer *answer)
{
    return ANSWER_MAX + BYTE_MAX * (strlen(answer->item) + strlen(answer->target) + strlen(answer->text)) +
           NUMBER_MAX * answer->n_values;
}

/* By hand, not through a tree of JSON values: a page has a hundred answers, and is saved again and again while it is filled in.
 */
enum status stored_answers_write(size_t count, Samordning__V1__Answer *const *answers, char **ret_text)
{
    size_t room = sizeof "[]";
    for (size_t i = 0; i < count; i++)
        room += answer_size_max(answers[i]);
    char *text = malloc(room);
    if (text == NULL)
        return STATUS_NO_MEMORY;
    char *at = text;
    *at++ = '[';
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            *at++ = ',';
        at = put_answer(at, answers[i]);
        if (at == NULL) {
            free(text);
            return STATUS_INVALID;
        }
    }
    *at++ = ']';
    *at++ = '\0';
    char *kept = realloc(text, (size_t)(at - text)); /* it may wait for its turn */
    *ret_text = kept != NULL ? kept : text;
    return STATUS_OK;
}

enum status stored_answers_read(const json_t *list, struct arena *arena, size_t *ret_count,
                                Samordning__V1__Answer ***ret_answers)
{
    size_t count = json_array_size(list); /* 0 for what is no list */
    Samordning__V1__Answer **answers = arena_alloc(arena, count * sizeof(void *) + 1);
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
