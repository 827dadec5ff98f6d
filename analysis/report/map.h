/* SPDX-License-Identifier: GPL-3.0-or-later
 * The network map of a report: an SVG drawn by us, its legend, and the same ties as a table.
 */
#ifndef SAMORDNING_MAP_H
#define SAMORDNING_MAP_H

#include "page.h"
#include "roster.h"

#define MAP_ACTORS_MAX     600 /* the strongest are drawn */
#define MAP_LABELLED_MAX   60  /* up to here every drawn actor is labelled; above, those with room, the strongest first */
#define MAP_TIES_PER_ACTOR 6   /* the strongest ties are drawn */
#define MAP_TIES_ALWAYS    150 /* up to here all of them */
#define MAP_TABLE_ROWS     300

void map_render(struct page *page, const struct roster *roster, uint64_t seed);
/* What the map draws, as the table it links to; nothing where there are no ties. */
void map_ties_render(struct page *page, const struct roster *roster);

#endif
