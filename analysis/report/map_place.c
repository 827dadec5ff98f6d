/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fits a layout into the canvas and finds places for labels.
 */
#include "map_place.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MARGIN_X     64.0
#define MARGIN_Y     34.0
#define ROOM         9.0 /* free space wanted around a node */
#define PUSHES       200
#define CROWD_FROM   60.0  /* actors from which on room goes by order */
#define CROWD_FULL   250.0 /* and from which on as much as it ever does: */
#define CROWD_SHARE  0.7
#define LETTER_WIDTH 0.64 /* of the font size, on the wide side: the reader's font is not known */

static void nodes_push_apart(struct map_node *nodes, size_t count, double height)
{
    for (int round = 0; round < PUSHES; round++) {
        bool moved = false;
        for (size_t i = 0; i < count; i++) {
            for (size_t j = i + 1; j < count; j++) {
                double dx = nodes[j].x - nodes[i].x, dy = nodes[j].y - nodes[i].y;
                double wanted = nodes[i].radius + nodes[j].radius + ROOM;
                if (fabs(dx) >= wanted || fabs(dy) >= wanted)
                    continue;
                double distance = hypot(dx, dy);
                if (distance >= wanted)
                    continue;
                if (distance < 1e-6) { /* on one spot: apart along a direction that depends on nothing but their order */
                    dx = cos((double)(i + j));
                    dy = sin((double)(i + j));
                    distance = 1;
                }
                double push = (wanted - distance) / 2 / distance * 0.6;
                nodes[i].x -= dx * push;
                nodes[i].y -= dy * push;
                nodes[j].x += dx * push;
                nodes[j].y += dy * push;
                moved = true;
            }
        }
        for (size_t i = 0; i < count; i++) {
            nodes[i].x = fmin(fmax(nodes[i].x, nodes[i].radius + 4), MAP_WIDTH - nodes[i].radius - 4);
            nodes[i].y = fmin(fmax(nodes[i].y, nodes[i].radius + 18), height - nodes[i].radius - 18);
        }
        if (!moved)
            return;
    }
}

struct rank {
    double at;
    size_t node;
};

static int rank_order(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

/* Many actors who all know each other stand in one lump, and whoever hardly knows anybody far out: the more there are, the more
 * the room goes by their order, which is kept in either direction. False: out of memory. */
static bool coordinates_spread(struct map_node *nodes, size_t count, double low, double high, double *(*of)(struct map_node *))
{
    double share = fmin(fmax(((double)count - CROWD_FROM) / (CROWD_FULL - CROWD_FROM), 0), 1) * CROWD_SHARE;
    if (share <= 0)
        return true;
    struct rank *ranks = calloc(count, sizeof *ranks);
    if (!ranks)
        return false;
    for (size_t i = 0; i < count; i++)
        ranks[i] = (struct rank){*of(&nodes[i]), i};
    qsort(ranks, count, sizeof *ranks, rank_order);
    for (size_t r = 0; r < count; r++)
        *of(&nodes[ranks[r].node]) += share * (low + (high - low) * (double)r / (double)(count - 1) - ranks[r].at);
    free(ranks);
    return true;
}

static double *x_of(struct map_node *node)
{
    return &node->x;
}

static double *y_of(struct map_node *node)
{
    return &node->y;
}

bool map_fit(struct map_node *nodes, const struct layout_point *points, size_t count, double *ret_height)
{
    double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        left = fmin(left, points[i].x);
        right = fmax(right, points[i].x);
        top = fmin(top, points[i].y);
        bottom = fmax(bottom, points[i].y);
    }
    *ret_height = MAP_HEIGHT_MIN;
    if (count == 0)
        return true;
    double width = fmax(right - left, 1e-9), tall = fmax(bottom - top, 0);
    double scale_x = (MAP_WIDTH - 2 * MARGIN_X) / width;
    double height = fmin(fmax(tall * scale_x + 2 * MARGIN_Y, MAP_HEIGHT_MIN), MAP_HEIGHT_MAX);
    double scale_y = tall > 0 ? (height - 2 * MARGIN_Y) / tall : scale_x;
    double scale = fmin(fmin(scale_x, scale_y), 320);
    /* A map may be stretched a little to use the page; a layout has no scale of its own in either direction. */
    double stretch_x = fmin(scale_x, scale * 1.35);
    for (size_t i = 0; i < count; i++) {
        nodes[i].x = MAP_WIDTH / 2 + (points[i].x - (left + right) / 2) * stretch_x;
        nodes[i].y = height / 2 + (points[i].y - (top + bottom) / 2) * scale;
    }
    if (!coordinates_spread(nodes, count, MARGIN_X, MAP_WIDTH - MARGIN_X, x_of) ||
        !coordinates_spread(nodes, count, MARGIN_Y, height - MARGIN_Y, y_of))
        return false;
    nodes_push_apart(nodes, count, height);
    *ret_height = height;
    return true;
}

struct box {
    double left, top, right, bottom;
};

static double overlap(struct box a, struct box b)
{
    if (a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top)
        return 0; /* as most */
    return (fmin(a.right, b.right) - fmax(a.left, b.left)) * (fmin(a.bottom, b.bottom) - fmax(a.top, b.top));
}

static struct box node_box(const struct map_node *node)
{
    return (struct box){node->x - node->radius, node->y - node->radius, node->x + node->radius, node->y + node->radius};
}

static double text_width(const char *text, double font_size)
{
    size_t letters = 0;
    for (; *text; text++)
        letters += ((unsigned char)*text & 0xc0) != 0x80;
    return (double)letters * LETTER_WIDTH * font_size;
}

static struct box label_box(const struct map_node *node, double font_size)
{
    double left = node->anchor == MAP_ANCHOR_START ? node->label_x
                  : node->anchor == MAP_ANCHOR_END ? node->label_x - node->label_width
                                                   : node->label_x - node->label_width / 2;
    return (struct box){left, node->label_y - font_size * 0.8, left + node->label_width, node->label_y + font_size * 0.25};
}

static void label_try(struct map_node *node, int direction, double font_size)
{
    static const double step_x[] = {1, -1, 0, 0, 0.75, 0.75, -0.75, -0.75}, step_y[] = {0, 0, 1, -1, 0.75, -0.75, 0.75, -0.75};
    double reach = node->radius + 4;
    node->anchor = step_x[direction] > 0 ? MAP_ANCHOR_START : step_x[direction] < 0 ? MAP_ANCHOR_END : MAP_ANCHOR_MIDDLE;
    node->label_x = node->x + step_x[direction] * reach;
    node->label_y = node->y + step_y[direction] * reach +
                    font_size * (step_y[direction] > 0   ? 0.75
                                 : step_y[direction] < 0 ? -0.1
                                                         : 0.35);
}

/* How much of the line lies in the box, as a length (Liang and Barsky's clipping). */
static double line_within(struct box box, double x1, double y1, double x2, double y2)
{
    if ((x1 < box.left && x2 < box.left) || (x1 > box.right && x2 > box.right) || (y1 < box.top && y2 < box.top) ||
        (y1 > box.bottom && y2 > box.bottom))
        return 0; /* as most are */
    double enter = 0, leave = 1, dx = x2 - x1, dy = y2 - y1;
    const double p[] = {-dx, dx, -dy, dy}, q[] = {x1 - box.left, box.right - x1, y1 - box.top, box.bottom - y1};
    for (int side = 0; side < 4; side++) {
        if (p[side] == 0) {
            if (q[side] < 0)
                return 0;
        } else if (p[side] < 0) {
            enter = fmax(enter, q[side] / p[side]);
        } else {
            leave = fmin(leave, q[side] / p[side]);
        }
    }
    return leave > enter ? (leave - enter) * hypot(dx, dy) : 0;
}

/* A place for a label and what it would cover. */
struct cover {
    struct box box;
    double nodes, labels; /* areas */
    double outside;       /* of the canvas, as a length */
    double cost;
};

/* The label of node `i` as it is tried now; those before it stand already. Without the lines. */
static struct cover cover_of(const struct map_node *nodes, size_t count, size_t i, double height, double font_size)
{
    struct box box = label_box(&nodes[i], font_size);
    struct cover cover = {.box = box,
                          .outside = fmax(2 - box.left, 0) + fmax(box.right - MAP_WIDTH + 2, 0) + fmax(2 - box.top, 0) +
                                     fmax(box.bottom - height + 2, 0)};
    for (size_t j = 0; j < count; j++) {
        cover.nodes += j == i ? 0 : overlap(box, node_box(&nodes[j]));
        cover.labels += j < i && nodes[j].labelled ? overlap(box, label_box(&nodes[j], font_size)) : 0;
    }
    cover.cost = 20 * cover.outside + 2 * cover.nodes + 3 * cover.labels;
    return cover;
}

/* Lines are looked at only while the place may still be the best. */
static void cover_add_lines(struct cover *cover, const struct map_node *nodes, const struct map_line *lines, size_t count,
                            double best)
{
    for (size_t l = 0; l < count && cover->cost < best; l++) {
        const struct map_node *a = &nodes[lines[l].a], *b = &nodes[lines[l].b];
        cover->cost += line_within(cover->box, a->x, a->y, b->x, b->y);
    }
}

void map_place_labels(struct map_node *nodes, size_t count, const struct map_line *lines, size_t line_count, double height,
                      double font_size, bool all)
{
    static const int directions = 8;
    size_t over = 0; /* labels that lie over nodes */
    for (size_t i = 0; i < count; i++) {
        struct map_node *node = &nodes[i];
        node->labelled = false;
        if (!node->label)
            continue;
        node->label_width = text_width(node->label, font_size);
        double best = INFINITY;
        int chosen = -1;
        bool covers = false;
        for (int direction = 0; direction < directions; direction++) {
            label_try(node, direction, font_size);
            struct cover cover = cover_of(nodes, count, i, height, font_size);
            bool fits = all || (cover.labels == 0 && cover.outside == 0 && (cover.nodes == 0 || over < MAP_LABELS_OVER));
            if (!fits)
                continue;
            cover_add_lines(&cover, nodes, lines, line_count, best - direction);
            if (cover.cost + direction >= best)
                continue;
            best = cover.cost + direction;
            chosen = direction;
            covers = cover.nodes > 0;
        }
        node->labelled = chosen >= 0;
        over += covers;
        if (node->labelled)
            label_try(node, chosen, font_size);
    }
}
