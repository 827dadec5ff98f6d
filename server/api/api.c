/* SPDX-License-Identifier: GPL-3.0-or-later
 * The API's life, and what it does now and then.
 */
#include "api/api.h"

#include "api/api_internal.h"
#include "clock.h"
#include "form/form.h"

#include <stdlib.h>

#define API_CHANGE_ARENA ((size_t)64 * 1024)

enum status api_create(const struct config *config, struct dispatch *dispatch, struct aside *aside, struct api **ret_api,
                       struct errmsg *ret_errmsg)
{
    struct api *api = calloc(1, sizeof *api);
    if (api == NULL)
        return STATUS_NO_MEMORY;
    api->config = config;
    api->dispatch = dispatch;
    api->aside = aside;
    api_cache_init(&api->cache);
    arena_init(&api->change_arena, API_CHANGE_ARENA);
    TAILQ_INIT(&api->looking);
    TAILQ_INIT(&api->streaming);
    enum status status = web_key_load(config->state_dir, api->key, ret_errmsg);
    if (status == STATUS_OK && !web_rate_init(&api->rate))
        status = STATUS_NO_MEMORY;
    if (status != STATUS_OK) {
        api_destroy(api);
        return status;
    }
    *ret_api = api;
    return STATUS_OK;
}

void api_set_store(struct api *api, struct store *store)
{
    if (api != NULL)
        api->store = store;
}

void api_destroy(struct api *api)
{
    if (api == NULL)
        return;
    api_cache_release(&api->cache);
    arena_release(&api->change_arena);
    web_rate_release(&api->rate);
    free(api);
}

void api_root(struct web_exchange *exchange)
{
    struct api_turn stranger = {0};
    if (exchange->api != NULL && api_identify(exchange->api, exchange, &stranger))
        web_answer_redirect(exchange, "/explore/");
    else
        form_root(exchange);
}
