/* SPDX-License-Identifier: GPL-3.0-or-later
 * The adjacency lists of a network drawn for a test.
 */
#ifndef SAMORDNING_DRAWN_TOPOLOGY_H
#define SAMORDNING_DRAWN_TOPOLOGY_H

#include "topology.h"

#include <check.h>

static inline struct topology topology_of(const struct network *network)
{
    struct topology topology;
    char error[400];
    ck_assert_msg(topology_init(&topology, network, error), "%s", error);
    return topology;
}

#endif
