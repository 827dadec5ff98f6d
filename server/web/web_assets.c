/* SPDX-License-Identifier: GPL-3.0-or-later
 * Serves what is embedded, compressed for whoever takes it.
 */
#include "web/web_assets.h"

#include "web/web_exchange.h"
#include "web_asset_data.h"

#include <string.h>

const char *web_asset_path(enum web_asset asset)
{
    return web_asset_data[asset].path;
}

static void answer(struct web_exchange *exchange, const struct web_asset_data *data, const char *cached)
{
    const char *known = web_header_in(exchange, "If-None-Match");
    web_header_out(exchange, "Cache-Control", cached);
    web_header_out(exchange, "ETag", data->etag);
    if (known != NULL && strstr(known, data->etag) != NULL)
        web_answer_nothing(exchange, 304);
    else if (web_accepts_gzip(web_header_in(exchange, "Accept-Encoding")))
        web_answer_bytes(exchange, data->type, data->packed, data->packed_size, "gzip");
    else
        web_answer_bytes(exchange, data->type, data->plain, data->plain_size, NULL);
}

void web_asset_answer(struct web_exchange *exchange)
{
    for (size_t i = 0; i < WEB_ASSET_COUNT; i++) {
        const struct web_asset_data *data = &web_asset_data[i];
        if (strcmp(strrchr(data->path, '/') + 1, exchange->parameters[0]) != 0)
            continue;
        answer(exchange, data, "public, max-age=31536000, immutable");
        return;
    }
    web_answer_nothing(exchange, 404);
}

void web_explore_answer(struct web_exchange *exchange)
{
    answer(exchange, &web_asset_data[WEB_ASSET_EXPLORE_PAGE], "no-cache");
}
