/* SPDX-License-Identifier: GPL-3.0-or-later
 * Networks for tests, from a line of text or tie by tie.
 *
 * Text: blank-separated `a-b` or `a-b:2.5` (tie), `a!b` (objection arc), `a` (actor), `a@health` (actor with a sector). Ties
 * given twice add up, in an undirected network in either direction.
 */
#ifndef SAMORDNING_DRAWN_NETWORK_H
#define SAMORDNING_DRAWN_NETWORK_H

#include "network.h"

struct drawing;
struct drawing *drawing_create(bool directed);
void drawing_actor(struct drawing *drawing, const char *key, const char *sector); /* sector may be NULL */
void drawing_tie(struct drawing *drawing, const char *from, const char *to, double weight);
void drawing_negative(struct drawing *drawing, const char *from, const char *to);
struct network *drawing_finish(struct drawing *drawing); /* destroys the drawing */

struct network *network_drawn(const char *text, bool directed);
/* Actors v0000 .. and each possible tie with a chance of `density`; weights 1, 2 and 4, so that many paths are of the same
 * length, all exact. Distances are inverse weights. */
struct network *network_random(uint64_t seed, size_t n, double density, bool directed);
struct network *network_chain(size_t n);                             /* undirected: 00000 - 00001 - ..., weights 1 */
int32_t drawn_index(const struct network *network, const char *key); /* -1 = none */

#endif
