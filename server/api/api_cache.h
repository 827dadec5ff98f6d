/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the API keeps of answers: which result answers a question, as long as nothing has changed, and results in the formats
 * they were asked for. Results never change, so these are right for ever and leave only for want of room.
 */
#ifndef SAMORDNING_API_CACHE_H
#define SAMORDNING_API_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#define API_CACHE_QUESTIONS 4096
#define API_CACHE_BODIES    1024
#define API_CACHE_BYTES     ((size_t)64 << 20) /* of bodies, both encodings */
#define API_BODY_MAX        ((size_t)16 << 20) /* of one; larger ones are sent and not kept */
#define API_ID_SIZE         37

struct api_body {
    unsigned references;
    char id[API_ID_SIZE]; /* of the result */
    char format[120];     /* "json", "csv:nodes" */
    char type[100];       /* its media type */
    char *plain, *packed; /* malloc'ed; packed: gzip, NULL = not worth it */
    size_t plain_size, packed_size;
    TAILQ_ENTRY(api_body) entry;
};

struct api_question {
    uint64_t hash;
    uint64_t generation;
    char id[API_ID_SIZE];
    TAILQ_ENTRY(api_question) entry;
    char key[]; /* family, specification and language */
};

struct api_cache {
    TAILQ_HEAD(api_questions, api_question) questions; /* newest use first */
    TAILQ_HEAD(api_bodies, api_body) bodies;           /* likewise */
    size_t question_count, body_count, bytes;
};

void api_cache_init(struct api_cache *cache);
void api_cache_release(struct api_cache *cache);

/* The id of the result that answers it; NULL: unknown, or older than `generation`. */
const char *api_cache_find(struct api_cache *cache, const char *key, uint64_t generation);
void api_cache_note(struct api_cache *cache, const char *key, uint64_t generation, const char *id);

/* A body with one more reference; NULL: not kept. */
struct api_body *api_cache_body(struct api_cache *cache, const char *id, const char *format);
/* A body of one reference that takes over `plain` and `packed` (malloc'ed; also on failure), and keeps it where it fits. NULL:
 * out of memory. */
struct api_body *api_cache_keep(struct api_cache *cache, const char *id, const char *format, const char *type, char *plain,
                                size_t plain_size, char *packed, size_t packed_size);
void api_body_drop(struct api_body *body); /* one reference; NULL is fine */

#endif
