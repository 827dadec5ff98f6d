/* SPDX-License-Identifier: GPL-3.0-or-later
 * What results tell of one actor: the rows that name it, so that it can see its own numbers before others see them.
 */
#ifndef SAMORDNING_EXCERPT_H
#define SAMORDNING_EXCERPT_H

#include "result.h"

/* The names of all actors stay in the network's. A result of the same card with the rows of `from` that name the actor, in the
 * tables that name actors; without notes, which may tell of others. NULL: out of memory. */
struct result *excerpt_of(const struct result *from, const char *actor);
/* Whether the column holds keys of actors, one each. */
bool excerpt_names_actors(const struct column *column);

#endif
