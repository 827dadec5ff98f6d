/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fits a layout into the canvas and finds places for labels.
 */
#include "map_place.h"

#include <math.h>
#include <string.h>

#define MARGIN_X     64.0
#define MARGIN_Y     34.0
#define ROOM         9.0 /* free space wanted around a node */
#define PUSHES       200
#define LETTER_WIDTH 0.64 /* of the font size, on the wide side: the reader's font is not known */

static void nodes_push_apart(struct map_node *nodes, size_t count, double height)
{
    for (int round = 0; round < PUSHES; round++) {
        bool moved = false;
        for (size_t i = 0; i < count; i++) {
            for (size_t j = i + 1; j < count; j++) {
                double dx = nodes[j].x - nodes[i].x, dy = nodes[j].y - nodes[i].y;
                double wanted = nodes[i].radius + nodes[j].radius + ROOM, distance = hypot(dx, dy);
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

double map_fit(struct map_node *nodes, const struct layout_point *points, size_t count)
{
    double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        left = fmin(left, points[i].x);
        right = fmax(right, points[i].x);
        top = fmin(top, points[i].y);
        bottom = fmax(bottom, points[i].y);
    }
    if (count == 0)
        return MAP_HEIGHT_MIN;
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
    nodes_push_apart(nodes, count, height);
    return height;
}

struct box {
    double left, top, right, bottom;
};

static double overlap(struct box a, struct box b)
{
    double width = fmin(a.right, b.right) - fmax(a.left, b.left), tall = fmin(a.bottom, b.bottom) - fmax(a.top, b.top);
    return width > 0 && tall > 0 ? width * tall : 0;
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
    double width = text_width(node->label, font_size);
    double left = node->anchor == MAP_ANCHOR_START ? node->label_x
                  : node->anchor == MAP_ANCHOR_END ? node->label_x - width
                                                   : node->label_x - width / 2;
    return (struct box){left, node->label_y - font_size * 0.8, left + width, node->label_y + font_size * 0.25};
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

void map_place_labels(struct map_node *nodes, size_t count, const struct map_line *lines, size_t line_count, double height,
                      double font_size)
{
    static const int directions = 8;
    for (size_t i = 0; i < count; i++) {
        struct map_node *node = &nodes[i];
        if (!node->label)
            continue;
        double best = INFINITY;
        int chosen = 0;
        for (int direction = 0; direction < directions; direction++) {
            label_try(node, direction, font_size);
            struct box box = label_box(node, font_size);
            double cost = direction;
            cost += 20 * (fmax(2 - box.left, 0) + fmax(box.right - MAP_WIDTH + 2, 0) + fmax(2 - box.top, 0) +
                          fmax(box.bottom - height + 2, 0));
            for (size_t j = 0; j < count; j++) {
                cost += j == i ? 0 : 2 * overlap(box, node_box(&nodes[j]));
                cost += j < i && nodes[j].label ? 3 * overlap(box, label_box(&nodes[j], font_size)) : 0;
            }
            for (size_t l = 0; l < line_count; l++)
                cost += line_within(box, nodes[lines[l].a].x, nodes[lines[l].a].y, nodes[lines[l].b].x, nodes[lines[l].b].y);
            if (cost < best) {
                best = cost;
                chosen = direction;
            }
        }
        label_try(node, chosen, font_size);
    }
}
