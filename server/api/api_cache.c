/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two lists, the newest use first. They are short enough to walk: a comparison is of one number.
 */
#include "api/api_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void api_cache_init(struct api_cache *cache)
{
    *cache = (struct api_cache){0};
    TAILQ_INIT(&cache->questions);
    TAILQ_INIT(&cache->bodies);
}

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

void api_body_drop(struct api_body *body)
{
    if (body == NULL || --body->references > 0)
        return;
    free(body->plain);
    free(body->packed);
    free(body);
}

static void forget_body(struct api_cache *cache, struct api_body *body)
{
    TAILQ_REMOVE(&cache->bodies, body, entry);
    cache->body_count--;
    cache->bytes -= body->plain_size + body->packed_size;
    api_body_drop(body);
}

static void forget_question(struct api_cache *cache, struct api_question *question)
{
    TAILQ_REMOVE(&cache->questions, question, entry);
    cache->question_count--;
    free(question);
}

/* NOLINTBEGIN(clang-analyzer-unix.Malloc): clang-tidy 14 does not follow the way back in a TAILQ, so what was removed seems
 * still there */
void api_cache_release(struct api_cache *cache)
{
    struct api_body *body;
    struct api_question *question;
    while ((body = TAILQ_FIRST(&cache->bodies)) != NULL)
        forget_body(cache, body);
    while ((question = TAILQ_FIRST(&cache->questions)) != NULL)
        forget_question(cache, question);
}

static struct api_question *question_of(struct api_cache *cache, const char *key)
{
    uint64_t hash = hash_of(key);
    struct api_question *question;
    TAILQ_FOREACH(question, &cache->questions, entry)
    if (question->hash == hash && strcmp(question->key, key) == 0) {
        TAILQ_REMOVE(&cache->questions, question, entry);
        TAILQ_INSERT_HEAD(&cache->questions, question, entry);
        return question;
    }
    return NULL;
}

const char *api_cache_find(struct api_cache *cache, const char *key, uint64_t generation)
{
    const struct api_question *question = question_of(cache, key);
    return question != NULL && question->generation == generation ? question->id : NULL;
}

void api_cache_note(struct api_cache *cache, const char *key, uint64_t generation, const char *id)
{
    struct api_question *question = question_of(cache, key);
    if (question == NULL) {
        question = calloc(1, sizeof *question + strlen(key) + 1);
        if (question == NULL)
            return;
        question->hash = hash_of(key);
        memcpy(question->key, key, strlen(key) + 1);
        TAILQ_INSERT_HEAD(&cache->questions, question, entry);
        if (++cache->question_count > API_CACHE_QUESTIONS)
            forget_question(cache, TAILQ_LAST(&cache->questions, api_questions));
    }
    question->generation = generation;
    snprintf(question->id, sizeof question->id, "%s", id);
}

struct api_body *api_cache_body(struct api_cache *cache, const char *id, const char *format)
{
    struct api_body *body;
    TAILQ_FOREACH(body, &cache->bodies, entry)
    if (strcmp(body->id, id) == 0 && strcmp(body->format, format) == 0) {
        TAILQ_REMOVE(&cache->bodies, body, entry);
        TAILQ_INSERT_HEAD(&cache->bodies, body, entry);
        body->references++;
        return body;
    }
    return NULL;
}

struct api_body *api_cache_keep(struct api_cache *cache, const char *id, const char *format, const char *type, char *plain,
                                size_t plain_size, char *packed, size_t packed_size)
{
    struct api_body *body = calloc(1, sizeof *body);
    if (body == NULL) {
        free(plain);
        free(packed);
        return NULL;
    }
    *body = (struct api_body){.references = 1,
                              .plain = plain,
                              .plain_size = plain_size,
                              .packed = packed,
                              .packed_size = packed != NULL ? packed_size : 0};
    snprintf(body->id, sizeof body->id, "%s", id);
    snprintf(body->format, sizeof body->format, "%s", format);
    snprintf(body->type, sizeof body->type, "%s", type);
    struct api_body *other = api_cache_body(cache, id, format);
    size_t bytes = body->plain_size + body->packed_size;
    if (other == NULL && bytes <= API_BODY_MAX && id[0] != '\0') {
        body->references++;
        TAILQ_INSERT_HEAD(&cache->bodies, body, entry);
        cache->body_count++;
        cache->bytes += bytes;
        while (cache->body_count > API_CACHE_BODIES || cache->bytes > API_CACHE_BYTES)
            forget_body(cache, TAILQ_LAST(&cache->bodies, api_bodies));
    }
    api_body_drop(other);
    return body;
}
/* NOLINTEND(clang-analyzer-unix.Malloc) */
