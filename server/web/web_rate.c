/* SPDX-License-Identifier: GPL-3.0-or-later
 * Buckets by address, in a table of fixed size.
 */
#include "web/web_rate.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

bool web_rate_init(struct web_rate *rate)
{
    randombytes_buf(rate->salt, sizeof rate->salt);
    rate->entries = calloc(WEB_RATE_ADDRESSES, sizeof *rate->entries);
    return rate->entries != NULL;
}

void web_rate_release(struct web_rate *rate)
{
    free(rate->entries);
    rate->entries = NULL;
}

static uint64_t rate_hash(const struct web_rate *rate, const void *data, size_t size)
{
    uint64_t key;
    _Static_assert(sizeof rate->salt == crypto_shorthash_KEYBYTES && sizeof key == crypto_shorthash_BYTES, "SipHash");
    crypto_shorthash((unsigned char *)&key, data, size, rate->salt);
    return key != 0 ? key : 1;
}

uint64_t web_rate_key(const struct web_rate *rate, const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
        return rate_hash(rate, &v4->sin_addr, sizeof v4->sin_addr);
    }
    if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
        if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
            return rate_hash(rate, &v6->sin6_addr.s6_addr[12], 4);
        return rate_hash(rate, &v6->sin6_addr, 8);
    }
    return 0;
}

uint64_t web_rate_key_text(const struct web_rate *rate, const char *address)
{
    struct sockaddr_storage parsed = {0};
    if (inet_pton(AF_INET, address, &((struct sockaddr_in *)&parsed)->sin_addr) == 1)
        parsed.ss_family = AF_INET;
    else if (inet_pton(AF_INET6, address, &((struct sockaddr_in6 *)&parsed)->sin6_addr) == 1)
        parsed.ss_family = AF_INET6;
    return web_rate_key(rate, &parsed);
}

/* The entry of a key, made when there is none. NULL: every place it may be in has connections. */
static struct web_rate_entry *rate_entry(struct web_rate *rate, uint64_t key, int64_t now_us)
{
    struct web_rate_entry *oldest = NULL;
    for (size_t i = 0; i < WEB_RATE_WAYS; i++) {
        struct web_rate_entry *entry = &rate->entries[(key + i) & (WEB_RATE_ADDRESSES - 1)];
        if (entry->key == key)
            return entry;
        if (entry->connections == 0 && (oldest == NULL || entry->seen_us < oldest->seen_us))
            oldest = entry;
    }
    if (oldest != NULL)
        *oldest = (struct web_rate_entry){.key = key, .seen_us = now_us, .tokens = -1};
    return oldest;
}

bool web_rate_take(struct web_rate *rate, uint64_t key, double cost, double per_second, int64_t now_us)
{
    struct web_rate_entry *entry = key != 0 ? rate_entry(rate, key, now_us) : NULL;
    if (entry == NULL)
        return key == 0;
    double full = per_second * WEB_RATE_BURST_S;
    if (entry->tokens < 0)
        entry->tokens = full;
    entry->tokens += (double)(now_us - entry->seen_us) / 1e6 * per_second;
    if (entry->tokens > full)
        entry->tokens = full;
    entry->seen_us = now_us;
    if (entry->tokens < cost) {
        if (cost > 1) /* a penalty takes what there is */
            entry->tokens = 0;
        return false;
    }
    entry->tokens -= cost;
    return true;
}

bool web_rate_connect(struct web_rate *rate, uint64_t key, size_t max, int64_t now_us)
{
    struct web_rate_entry *entry = key != 0 ? rate_entry(rate, key, now_us) : NULL;
    if (entry == NULL || entry->connections >= max)
        return false;
    entry->connections++;
    return true;
}

void web_rate_disconnect(struct web_rate *rate, uint64_t key)
{
    for (size_t i = 0; key != 0 && i < WEB_RATE_WAYS; i++) {
        struct web_rate_entry *entry = &rate->entries[(key + i) & (WEB_RATE_ADDRESSES - 1)];
        if (entry->key == key && entry->connections > 0)
            entry->connections--;
    }
}
