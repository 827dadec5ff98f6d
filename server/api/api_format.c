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

/* The media range of Accept that begins at *at, and its weight; moves behind it. */
static double next_range(const char **at, const char **ret_range, size_t *ret_size)
{
    *at += strspn(*at, " ,\t");
    size_t size = strcspn(*at, ",");
    double weight = 1;
    for (size_t i = 0; i < size; i++) {
        size_t blanks = (*at)[i] == ';' ? strspn(*at + i + 1, " \t") : 0;
        if ((*at)[i] == ';' && strncasecmp(*at + i + 1 + blanks, "q=", 2) == 0)
            weight = strtod(*at + i + 3 + blanks, NULL);
    }
    *ret_range = *at;
    *ret_size = strcspn(*at, ",; \t");
    *at += size;
    return weight;
}

/* Without parameters, of either. */
static bool range_is(const char *range, size_t size, const char *type)
{
    return strcspn(type, ";") == size && strncasecmp(range, type, size) == 0;
}

static bool choose_by_accept(const char *accept, const struct format **ret_format)
{
    const char *range;
    size_t size;
    double best = 0;
    for (const char *at = accept; *at != '\0';) {
        double weight = next_range(&at, &range, &size);
        if (size == 0 || weight <= best)
            continue;
        if (range_is(range, size, "*/*") || range_is(range, size, "text/html") || range_is(range, size, "application/*")) {
            *ret_format = NULL;
            best = weight;
        }
        for (size_t i = 0; i < format_count && weight > best; i++) {
            if (!range_is(range, size, formats[i].media_type))
                continue;
            *ret_format = &formats[i];
            best = weight;
        }
    }
    return best > 0;
}

bool api_format_negotiate(const char *name, const char *accept, const struct format **ret_format)
{
    *ret_format = name != NULL ? format_find(name) : NULL;
    if (name != NULL)
        return *ret_format != NULL;
    return accept == NULL || choose_by_accept(accept, ret_format);
}

bool api_format_choose(struct api_turn *turn, const struct format **ret_format)
{
    const char *name = api_parameter(turn, "format");
    if (api_format_negotiate(name, web_header_in(turn->exchange, "Accept"), ret_format))
        return true;
    api_problem_code(turn, name != NULL ? 400 : 406, STATUS_INVALID, name != NULL ? "format" : "Accept",
                     "results are to be had as json, csv, jsonstat, xlsx, and networks as graphml and gexf");
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
