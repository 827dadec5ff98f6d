/* SPDX-License-Identifier: GPL-3.0-or-later
 * How much one address may ask: a bucket of requests that fills with time, and connections at once.
 *
 * The table has a fixed size; a new address takes the place of one that has no connection and a full bucket, else of the one
 * with no connection that was seen longest ago. IPv6 addresses count by their /64, because one host has a whole one.
 */
#ifndef SAMORDNING_WEB_RATE_H
#define SAMORDNING_WEB_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define WEB_RATE_ADDRESSES 8192 /* a power of two */
#define WEB_RATE_WAYS      8    /* places an address may be in */
#define WEB_RATE_BURST_S   4    /* seconds of unused rate that are kept */

struct web_rate_entry {
    uint64_t key; /* 0 = free */
    int64_t seen_us;
    double tokens;
    uint32_t connections;
};
struct web_rate {
    struct web_rate_entry *entries;
    uint8_t salt[16]; /* so that nobody can aim at one place of the table */
};

bool web_rate_init(struct web_rate *rate);
void web_rate_release(struct web_rate *rate);

/* Keys of addresses; 0 for what is none. */
uint64_t web_rate_key(const struct web_rate *rate, const struct sockaddr_storage *address);
uint64_t web_rate_key_text(const struct web_rate *rate, const char *address);

/* Takes `cost` requests from the bucket that `per_second` fills. False: it is empty. */
bool web_rate_take(struct web_rate *rate, uint64_t key, double cost, double per_second, int64_t now_us);
/* False: it has `max` already. */
bool web_rate_connect(struct web_rate *rate, uint64_t key, size_t max, int64_t now_us);
void web_rate_disconnect(struct web_rate *rate, uint64_t key);

#endif
