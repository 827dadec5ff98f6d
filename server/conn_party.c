/* SPDX-License-Identifier: GPL-3.0-or-later
 * A short list of organisations with open connections, by number or, where there is none, by certificate.
 */
#include "conn_party.h"

#include "dispatch.h"

#include <stdlib.h>
#include <string.h>

static const char *party_name(const struct conn_identity *identity)
{
    return identity->orgnr[0] != '\0' ? identity->orgnr : identity->fingerprint;
}

static struct conn_party *party_find(struct conn_set *set, const struct conn_identity *identity)
{
    for (size_t i = 0; i < set->party_count; i++)
        if (strncmp(set->parties[i].name, party_name(identity), sizeof set->parties[i].name - 1) == 0)
            return &set->parties[i];
    return NULL;
}

bool conn_party_join(struct conn_set *set, const struct conn_identity *identity)
{
    struct conn_party *party = party_find(set, identity);
    if (party == NULL) {
        if (set->party_count == set->party_capacity) {
            size_t capacity = set->party_capacity != 0 ? 2 * set->party_capacity : 16;
            struct conn_party *grown = realloc(set->parties, capacity * sizeof *grown);
            if (grown == NULL)
                return false;
            set->parties = grown;
            set->party_capacity = capacity;
        }
        party = &set->parties[set->party_count++];
        *party = (struct conn_party){0};
        const char *name = party_name(identity);
        memcpy(party->name, name, strnlen(name, sizeof party->name - 1)); /* a long subject is known by its beginning */
    }
    return ++party->count <= set->dispatch->config->max_connections_per_organisation;
}

void conn_party_leave(struct conn_set *set, const struct conn_identity *identity)
{
    struct conn_party *party = party_find(set, identity);
    if (party != NULL && --party->count == 0)
        *party = set->parties[--set->party_count];
}
