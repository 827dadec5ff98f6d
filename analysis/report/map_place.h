/* SPDX-License-Identifier: GPL-3.0-or-later
 * Places on the canvas of a map: from layout units to the picture's, nodes moved apart, labels where they cover least.
 */
#ifndef SAMORDNING_MAP_PLACE_H
#define SAMORDNING_MAP_PLACE_H

#include "layout.h"

#include <stdbool.h>
#include <stddef.h>

#define MAP_WIDTH      960.0
#define MAP_HEIGHT_MIN 260.0
#define MAP_HEIGHT_MAX 760.0

#define MAP_LABELS_OVER 30 /* labels that may lie over nodes when not all have room */

enum map_anchor { MAP_ANCHOR_START, MAP_ANCHOR_MIDDLE, MAP_ANCHOR_END };

struct map_node {
    double x, y, radius;
    const char *label;       /* NULL = none */
    double label_x, label_y; /* of the text's anchor, on its baseline */
    double label_width;
    enum map_anchor anchor;
    bool labelled; /* it has a label, and there is room for it */
};

/* Fits the points into the canvas: its height, and x and y of the nodes from their layout points. False: out of memory. */
bool map_fit(struct map_node *nodes, const struct layout_point *points, size_t count, double *ret_height);
struct map_line {
    size_t a, b; /* nodes */
};
/* Chooses a place for every label, nodes in the order given (so the most important first); off the lines where there is a
 * choice. Unless all of them have to be there, one that would cover another is left out, and beyond the first
 * MAP_LABELS_OVER also one that would cover a node. */
void map_place_labels(struct map_node *nodes, size_t count, const struct map_line *lines, size_t line_count, double height,
                      double font_size, bool all);

#endif
