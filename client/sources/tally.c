/* SPDX-License-Identifier: GPL-3.0-or-later
 * How often each of very many 64-bit hashes was seen. */
#include "tally.h"

#include <stdlib.h>

#define TALLY_SLOTS_FIRST 1024

void tally_release(struct tally *tally)
{
    free(tally->keys);
    free(tally->counts);
    *tally = (struct tally){0};
}

static size_t find(const struct tally *tally, uint64_t key)
{
    size_t at = (size_t)(key ^ (key >> 32)) & (tally->slots - 1);
    while (tally->keys[at] != 0 && tally->keys[at] != key)
        at = (at + 1) & (tally->slots - 1);
    return at;
}

static enum status grow(struct tally *tally)
{
    struct tally larger = {.slots = tally->slots ? tally->slots * 2 : TALLY_SLOTS_FIRST, .used = tally->used};
    larger.keys = calloc(larger.slots, sizeof *larger.keys);
    larger.counts = calloc(larger.slots, sizeof *larger.counts);
    if (!larger.keys || !larger.counts) {
        tally_release(&larger);
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < tally->slots; i++) {
        if (tally->keys[i] == 0)
            continue;
        size_t at = find(&larger, tally->keys[i]);
        larger.keys[at] = tally->keys[i];
        larger.counts[at] = tally->counts[i];
    }
    struct tally old = *tally;
    *tally = larger;
    tally_release(&old);
    return STATUS_OK;
}

enum status tally_add(struct tally *tally, uint64_t key, uint32_t *ret_before)
{
    key += key == 0;
    if (tally->used >= tally->slots / 3 * 2) {
        enum status status = grow(tally);
        if (status != STATUS_OK)
            return status;
    }
    size_t at = find(tally, key);
    tally->used += tally->keys[at] == 0;
    tally->keys[at] = key;
    *ret_before = tally->counts[at]++;
    return STATUS_OK;
}

uint32_t tally_count(const struct tally *tally, uint64_t key)
{
    key += key == 0;
    return tally->slots ? tally->counts[find(tally, key)] : 0;
}
