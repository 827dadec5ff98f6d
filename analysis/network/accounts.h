/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who told of which tie: the ties of the chronicle, apart by the end that reported them.
 *
 * An end has told of an interaction when it, or the body that reports for it, is among its reporters; others may have told of
 * it too, or alone. Accounts are of whole interactions: whom each reporter named in them is not kept apart. Weights are those
 * of the network's specification. Two differences from the network's own ties, which are added up before names become actors:
 * a body divided among successors counts as the one with the largest share, and members of groups listed one after another
 * are taken for one group, whose members are not tied to each other.
 */
#ifndef SAMORDNING_ACCOUNTS_H
#define SAMORDNING_ACCOUNTS_H

#include "chronicle.h"
#include "network.h"

struct account {
    double count, sum, largest; /* interactions, the sum of their weights, and the largest of these */
};
struct accounts_dyad {
    int32_t from, to; /* of an undirected network from < to */
    struct account any, by_from, by_to, by_both;
};
struct accounts {
    struct accounts_dyad *dyads;
    size_t count;                 /* sorted by (from, to) */
    double interactions, by_none; /* that tie somebody; of these, told by nobody who is an actor here */
};
/* Interactions whose time is in [from_day, to_day). False: out of memory, nothing to release. */
bool accounts_init(struct accounts *ret_accounts, const struct network *network, const struct chronicle *chronicle,
                   double from_day, double to_day);
void accounts_release(struct accounts *accounts);
/* Weight of a tie told like this; 0 when it was not. */
double account_weight(const struct spec *spec, const struct account *account);

#endif
