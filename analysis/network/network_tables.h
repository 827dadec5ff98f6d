/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network as the tables of a result: what family "network" answers.
 */
#ifndef SAMORDNING_NETWORK_TABLES_H
#define SAMORDNING_NETWORK_TABLES_H

#include "network.h"
#include "result.h"

/* Tables nodes, edges and objections, with relations=layers relations, with spells=day|month spells, and the card entries that
 * say how the network was made. result_failed: out of memory. */
void network_tables(const struct network *network, struct result *result);
/* The card entries and notes alone, for every family's card. */
void network_card(const struct network *network, struct result *result);

#endif
