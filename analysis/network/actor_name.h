/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which actor of a network somebody means: by key, abbreviation or name, then by the same whatever the case of a-z.
 */
#ifndef SAMORDNING_ACTOR_NAME_H
#define SAMORDNING_ACTOR_NAME_H

#include "network.h"

/* The first of these ways that some actor answers to decides; several answering to it are refused. False: ret_error (400 bytes)
 * names the choice and, for a name nobody has, the actors nearest to it. */
bool actor_name_find(const struct network *network, const char *choice, const char *name, int32_t *ret_actor, char *ret_error);

#endif
