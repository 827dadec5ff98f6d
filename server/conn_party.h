/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many connections each organisation has.
 */
#ifndef SAMORDNING_CONN_PARTY_H
#define SAMORDNING_CONN_PARTY_H

#include "conn.h"

/* Counts one more; false when that is above max_connections_per_organisation (counted all the same) or memory is out. */
bool conn_party_join(struct conn_set *set, const struct conn_identity *identity);
void conn_party_leave(struct conn_set *set, const struct conn_identity *identity);

#endif
