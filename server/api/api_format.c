/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chooses a format, and renders in the thread aside.
 */
#include "api/api_format.h"

#include "api/api_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ----------------------------------------------------------------------------------------------- negotiation */

#define DOCUMENT_TYPE "text/html"

/* One media range of Accept, without its parameters. */
struct range {
    const char *text;
    size_t size;
    double weight;
};

/* The one that begins at *at; moves behind it. */
static struct range next_range(const char **at)
{
    *at += strspn(*at, " ,\t");
    size_t size = strcspn(*at, ",");
    struct range range = {*at, strcspn(*at, ",; \t"), 1};
    for (size_t i = 0; i < size; i++) {
        size_t blanks = (*at)[i] == ';' ? strspn(*at + i + 1, " \t") : 0;
        if ((*at)[i] == ';' && strncasecmp(*at + i + 1 + blanks, "q=", 2) == 0)
            range.weight = strtod(*at + i + 3 + blanks, NULL);
    }
    *at += size;
    return range;
}

/* How closely a range names a type, both without parameters: 3 the type, 2 all of its kind, 1 all there are, 0 not. */
static int closeness(const struct range *range, const char *type)
{
    size_t size = strcspn(type, ";"), kind = strcspn(type, "/") + 1;
    if (range->size == size && strncasecmp(range->text, type, size) == 0)
        return 3;
    if (range->size == kind + 1 && range->text[kind] == '*' && strncasecmp(range->text, type, kind) == 0)
        return 2;
    return range->size == 3 && strncmp(range->text, "*/*", 3) == 0;
}

/* How much a type is wanted: the closest range that fits says it (RFC 9110 12.5.1). */
struct wanted {
    double weight; /* 0: not */
    int closeness;
    size_t place; /* of the range */
};

static struct wanted wanted_type(const char *accept, const char *type)
{
    struct wanted wanted = {0};
    for (const char *at = accept; *at != '\0';) {
        size_t place = (size_t)(at - accept);
        struct range range = next_range(&at);
        int close = closeness(&range, type);
        if (close > wanted.closeness)
            wanted = (struct wanted){range.weight, close, place};
    }
    return wanted;
}

/* Of equal weights the one that is named more closely, then the one named first, which the standard leaves open. */
static bool is_wanted_more(const struct wanted *a, const struct wanted *b)
{
    if (!(a->weight > 0) || a->weight < b->weight)
        return false;
    if (a->weight > b->weight)
        return true;
    return a->closeness != b->closeness ? a->closeness > b->closeness : a->place < b->place;
}

bool api_format_negotiate(const char *name, const char *accept, struct api_choice *ret_choice)
{
    *ret_choice = (struct api_choice){.document = name == NULL && accept == NULL};
    if (name != NULL || accept == NULL) {
        ret_choice->format = name != NULL ? format_find(name) : &formats[0];
        return ret_choice->format != NULL;
    }
    struct wanted best = {0};
    for (size_t i = 0; i < format_count; i++) {
        struct wanted wanted = wanted_type(accept, formats[i].media_type);
        if (is_wanted_more(&wanted, &best)) {
            best = wanted;
            ret_choice->format = &formats[i];
        }
    }
    struct wanted document = wanted_type(accept, DOCUMENT_TYPE);
    ret_choice->document = document.weight > 0 && !is_wanted_more(&best, &document);
    return ret_choice->document || ret_choice->format != NULL;
}

void api_format_refuse(struct api_turn *turn)
{
    bool named = api_parameter(turn, "format") != NULL;
    api_problem_code(turn, named ? 400 : 406, STATUS_INVALID, named ? "format" : "Accept",
                     "results are to be had as json, csv, jsonstat, xlsx, networks also as graphml and gexf, reports as html");
}

bool api_format_choose(struct api_turn *turn, struct api_choice *ret_choice)
{
    if (api_format_negotiate(api_parameter(turn, "format"), web_header_in(turn->exchange, "Accept"), ret_choice))
        return true;
    api_format_refuse(turn);
    return false;
}

/* ------------------------------------------------------------------------------------------------- rendering */

struct rendering {
    struct aside_work work; /* first */
    struct api_turn *turn;  /* NULL: the client is gone */
    const struct format *format;
    char *table, *key;
    char id[API_ID_SIZE];
    uint8_t *result;
    size_t result_size;
    char *text, *packed;
    size_t text_size, packed_size;
    enum status status;
    struct errmsg errmsg;
};

static void rendering_destroy(struct rendering *rendering)
{
    free(rendering->table);
    free(rendering->key);
    free(rendering->result);
    free(rendering->text);
    free(rendering->packed);
    free(rendering);
}

static void render(struct aside_work *work)
{
    struct rendering *rendering = (struct rendering *)(void *)work;
    Samordning__V1__Result *message = samordning__v1__result__unpack(NULL, rendering->result_size, rendering->result);
    FILE *file = message != NULL ? open_memstream(&rendering->text, &rendering->text_size) : NULL;
    rendering->status = STATUS_NO_MEMORY;
    if (file != NULL) {
        rendering->status = rendering->format->write(file, message, rendering->table, &rendering->errmsg);
        if (fclose(file) != 0 && rendering->status == STATUS_OK)
            rendering->status = STATUS_NO_MEMORY;
    }
    samordning__v1__result__free_unpacked(message, NULL);
    if (rendering->status == STATUS_OK)
        rendering->packed = web_pack(rendering->text, rendering->text_size, &rendering->packed_size);
}

static void rendered(struct aside_work *work)
{
    struct rendering *rendering = (struct rendering *)(void *)work;
    struct api_turn *turn = rendering->turn;
    if (turn != NULL) {
        turn->rendering = NULL;
        if (rendering->status != STATUS_OK) {
            api_problem(turn, rendering->status, rendering->errmsg.field, rendering->errmsg.text);
        } else {
            struct api_body *body =
                api_cache_keep(&turn->api->cache, rendering->id, rendering->key, rendering->format->media_type, rendering->text,
                               rendering->text_size, rendering->packed, rendering->packed_size);
            rendering->text = rendering->packed = NULL;
            if (body == NULL)
                api_problem(turn, STATUS_NO_MEMORY, NULL, NULL);
            else
                api_answer_cached(turn, body);
        }
    }
    rendering_destroy(rendering);
}

void api_format_leave(struct api_turn *turn)
{
    turn->rendering->turn = NULL;
    turn->rendering = NULL;
}

void api_format_answer(struct api_turn *turn, const struct format *format, const char *table, const char *id, const char *key,
                       const uint8_t *result, size_t size)
{
    struct rendering *rendering = calloc(1, sizeof *rendering);
    if (rendering == NULL) {
        api_problem(turn, STATUS_NO_MEMORY, NULL, NULL);
        return;
    }
    *rendering = (struct rendering){.work = {.work = render, .done = rendered},
                                    .turn = turn,
                                    .format = format,
                                    .table = strdup(table),
                                    .key = strdup(key),
                                    .result = malloc(size + 1),
                                    .result_size = size,
                                    .status = STATUS_UNAVAILABLE}; /* until it is rendered: the daemon may stop first */
    snprintf(rendering->id, sizeof rendering->id, "%s", id);
    bool whole = rendering->table != NULL && rendering->key != NULL && rendering->result != NULL;
    if (whole)
        memcpy(rendering->result, result, size);
    if (whole && aside_add(turn->api->aside, &rendering->work)) {
        turn->rendering = rendering;
        return;
    }
    rendering_destroy(rendering);
    api_problem(turn, whole ? STATUS_BUSY : STATUS_NO_MEMORY, NULL, NULL);
}
