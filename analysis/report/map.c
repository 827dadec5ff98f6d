/* SPDX-License-Identifier: GPL-3.0-or-later
 * Draws the network map. Colour is never alone: each sector also has a shape and a letter, and everything drawn stands in a
 * table.
 */
#include "map.h"

#include "map_place.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLOURS   8
#define LABEL_CUT 22
#define FONT_SIZE 14.0
#define STRONGEST 3

/* Corners of the shapes, counted from the top; 0 = circle. Eight colours and seven shapes repeat together only after 56
 * sectors. */
static const struct shape {
    int corners;
    double turn; /* degrees */
    double grow; /* so that all shapes look equally large */
} shapes[] = {{0, 0, 1.0}, {4, 45, 1.22}, {3, 0, 1.34}, {4, 0, 1.26}, {6, 0, 1.08}, {5, 0, 1.14}, {3, 180, 1.34}};

struct map {
    const struct roster *roster;
    size_t *shown; /* actors, strongest first */
    size_t shown_count;
    size_t *place;           /* of each actor of the roster in `shown`; SIZE_MAX = not drawn */
    struct roster_tie *ties; /* among those shown, strongest first; a and b are places */
    size_t tie_count, tie_total;
    struct map_node *nodes;
    double height;
};

static int strength_order(const void *a, const void *b, void *actors)
{
    const struct roster_actor *all = actors;
    const struct roster_actor *x = &all[*(const size_t *)a], *y = &all[*(const size_t *)b];
    if (x->strength != y->strength)
        return x->strength > y->strength ? -1 : 1;
    return strcmp(x->key, y->key);
}

static void map_release(struct map *map)
{
    free(map->shown);
    free(map->place);
    free(map->ties);
    free(map->nodes);
}

static char *label_cut(const char *text)
{
    size_t letters = 0, at = 0;
    while (text[at]) {
        if (((unsigned char)text[at] & 0xc0) != 0x80 && letters++ == LABEL_CUT)
            break;
        at++;
    }
    char *cut = NULL;
    if (asprintf(&cut, "%.*s%s", (int)at, text, text[at] ? "\xe2\x80\xa6" : "") < 0)
        return NULL;
    return cut;
}

static bool map_select(struct map *map)
{
    const struct roster *roster = map->roster;
    size_t n = roster->actor_count;
    map->shown = calloc(n, sizeof *map->shown);
    map->place = calloc(n, sizeof *map->place);
    map->ties = calloc(roster->tie_count + 1, sizeof *map->ties);
    if (!map->shown || !map->place || !map->ties)
        return false;
    for (size_t i = 0; i < n; i++)
        map->shown[i] = i;
    qsort_r(map->shown, n, sizeof *map->shown, strength_order, roster->actors);
    map->shown_count = n < MAP_ACTORS_MAX ? n : MAP_ACTORS_MAX;
    for (size_t i = 0; i < n; i++)
        map->place[map->shown[i]] = i < map->shown_count ? i : SIZE_MAX;
    for (size_t i = 0; i < roster->tie_count; i++) {
        struct roster_tie tie = roster->ties[i];
        tie.a = map->place[tie.a];
        tie.b = map->place[tie.b];
        if (tie.a != SIZE_MAX && tie.b != SIZE_MAX)
            map->ties[map->tie_total++] = tie;
    }
    size_t most = MAP_TIES_PER_ACTOR * map->shown_count;
    if (most < MAP_TIES_ALWAYS)
        most = MAP_TIES_ALWAYS;
    map->tie_count = map->tie_total < most ? map->tie_total : most;
    return true;
}

static bool map_place(struct map *map, uint64_t seed)
{
    size_t n = map->shown_count;
    char error[400];
    struct layout_point *points = calloc(n, sizeof *points);
    struct network_tie *ties = calloc(map->tie_total + 1, sizeof *ties);
    struct map_line *lines = calloc(map->tie_count + 1, sizeof *lines);
    map->nodes = calloc(n, sizeof *map->nodes);
    bool done = points && ties && lines && map->nodes;
    if (done) {
        for (size_t i = 0; i < map->tie_total; i++)
            ties[i] = (struct network_tie){
                .from = (int32_t)map->ties[i].a, .to = (int32_t)map->ties[i].b, .weight = map->ties[i].weight};
        done = layout_compute(n, ties, map->tie_total, seed, points, error);
    }
    if (done) {
        double strongest = map->roster->actors[map->shown[0]].strength;
        double largest = fmin(24, 24 * sqrt(45 / (double)n)), smallest = fmin(11, largest * 0.5);
        for (size_t i = 0; i < n; i++) {
            double share = strongest > 0 ? map->roster->actors[map->shown[i]].strength / strongest : 0;
            map->nodes[i].radius = fmax(smallest + (largest - smallest) * sqrt(share), 3);
        }
        done = map_fit(map->nodes, points, n, &map->height);
        for (size_t i = 0; done && i < n; i++) {
            map->nodes[i].label = label_cut(map->roster->actors[map->shown[i]].abbreviation);
            done = map->nodes[i].label != NULL;
        }
        for (size_t i = 0; done && i < map->tie_count; i++)
            lines[i] = (struct map_line){map->ties[i].a, map->ties[i].b};
        if (done)
            map_place_labels(map->nodes, n, lines, map->tie_count, map->height, FONT_SIZE, n <= MAP_LABELLED_MAX);
    }
    free(points);
    free(ties);
    free(lines);
    return done;
}

static void draw_shape(struct page *page, size_t sector, double x, double y, double radius, const char *class_name)
{
    const struct shape *shape = sector == ROSTER_NO_SECTOR ? &shapes[0] : &shapes[sector % (sizeof shapes / sizeof shapes[0])];
    char a[400], b[32], c[32];
    if (shape->corners == 0) {
        snprintf(a, sizeof a, "%.1f", x);
        snprintf(b, sizeof b, "%.1f", y);
        snprintf(c, sizeof c, "%.1f", radius);
        page_empty(page, "circle", "class", class_name, "cx", a, "cy", b, "r", c, NULL);
        return;
    }
    size_t used = 0;
    for (int i = 0; i < shape->corners; i++) {
        double angle = 2 * M_PI * i / shape->corners + shape->turn * M_PI / 180;
        used += (size_t)snprintf(a + used, sizeof a - used, "%s%.1f,%.1f", i ? " " : "", x + radius * shape->grow * sin(angle),
                                 y - radius * shape->grow * cos(angle));
    }
    page_empty(page, "polygon", "class", class_name, "points", a, NULL);
}

static void sector_class(size_t sector, bool silent, char ret_class[48])
{
    if (sector == ROSTER_NO_SECTOR)
        snprintf(ret_class, 48, "node none%s", silent ? " silent" : "");
    else
        snprintf(ret_class, 48, "node s%zu%s", sector % COLOURS, silent ? " silent" : "");
}

static void draw_ties(struct page *page, const struct map *map)
{
    page_open(page, "g", "class", "ties", NULL);
    page_newline(page);
    double strongest = map->tie_count ? map->ties[0].weight : 1;
    double thin = fmin(1, sqrt((double)MAP_LABELLED_MAX / (double)map->shown_count)); /* many would lie on one another */
    for (size_t i = map->tie_count; i-- > 0;) {                                       /* the strongest on top */
        const struct roster_tie *tie = &map->ties[i];
        double share = tie->weight / strongest;
        char x1[32], y1[32], x2[32], y2[32], width[32], opacity[32];
        snprintf(x1, sizeof x1, "%.1f", map->nodes[tie->a].x);
        snprintf(y1, sizeof y1, "%.1f", map->nodes[tie->a].y);
        snprintf(x2, sizeof x2, "%.1f", map->nodes[tie->b].x);
        snprintf(y2, sizeof y2, "%.1f", map->nodes[tie->b].y);
        snprintf(width, sizeof width, "%.2f", thin * (0.7 + 6.3 * pow(share, 0.8)));
        snprintf(opacity, sizeof opacity, "%.2f", fmax(thin, 0.5) * (0.22 + 0.5 * sqrt(share)));
        page_empty(page, "line", "x1", x1, "y1", y1, "x2", x2, "y2", y2, "stroke-width", width, "stroke-opacity", opacity,
                   NULL);
        page_newline(page);
    }
    page_close(page);
    page_newline(page);
}

static void draw_nodes(struct page *page, const struct map *map)
{
    page_open(page, "g", "class", "nodes", NULL);
    page_newline(page);
    for (size_t i = 0; i < map->shown_count; i++) {
        const struct roster_actor *actor = &map->roster->actors[map->shown[i]];
        const struct map_node *node = &map->nodes[i];
        char class_name[48], x[32], y[32];
        sector_class(actor->sector, actor->reported == 0, class_name);
        page_open(page, "g", NULL);
        page_element(page, "title", NULL, actor->name);
        draw_shape(page, actor->sector, node->x, node->y, node->radius, class_name);
        if (actor->sector != ROSTER_NO_SECTOR && node->radius >= 7) {
            const char *letter = map->roster->sectors[actor->sector].letter;
            snprintf(class_name, sizeof class_name, "letter l%zu", actor->sector % COLOURS);
            snprintf(x, sizeof x, "%.1f", node->x);
            snprintf(y, sizeof y, "%.1f", node->y + 4);
            page_open(page, "text", "class", class_name, "x", x, "y", y, NULL);
            page_text(page, letter);
            page_close(page);
        }
        page_close(page);
        page_newline(page);
    }
    page_close(page);
    page_newline(page);
}

static void draw_labels(struct page *page, const struct map *map)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    page_open(page, "g", "class", "labels", NULL);
    page_newline(page);
    for (size_t i = 0; i < map->shown_count; i++) {
        const struct map_node *node = &map->nodes[i];
        if (!node->labelled)
            continue;
        char x[32], y[32];
        snprintf(x, sizeof x, "%.1f", node->label_x);
        snprintf(y, sizeof y, "%.1f", node->label_y);
        page_open(page, "text", "x", x, "y", y, "text-anchor", anchors[node->anchor], NULL);
        page_text(page, node->label);
        page_close(page);
        page_newline(page);
    }
    page_close(page);
    page_newline(page);
}

static void describe(struct page *page, const struct map *map)
{
    const struct language *language = page->language;
    const struct roster *roster = map->roster;
    char actors[LANGUAGE_NUMBER_SIZE], ties[LANGUAGE_NUMBER_SIZE];
    language_number(language, (double)map->shown_count, 0, actors);
    language_number(language, (double)map->tie_count, 0, ties);
    page_open(page, "desc", "id", "map-description", NULL);
    page_format(page, tr(language, "A network map with %s actors and %s ties."), actors, ties);
    for (size_t i = 0; i < STRONGEST && i < map->tie_count; i++) {
        const struct roster_tie *tie = &map->ties[i];
        page_text(page, " ");
        page_text(page, i == 0 ? tr(language, "The strongest ties:") : "");
        page_format(page, " %s \xe2\x80\x93 %s%s", roster->actors[map->shown[tie->a]].name,
                    roster->actors[map->shown[tie->b]].name, i + 1 < STRONGEST && i + 1 < map->tie_count ? ";" : ".");
    }
    page_text(page, " ");
    page_text(page, tr(language, "The same information stands in the tables below the map."));
    page_close(page);
    page_newline(page);
}

static void draw(struct page *page, const struct map *map)
{
    char box[64], height[32];
    snprintf(box, sizeof box, "0 0 %.0f %.0f", MAP_WIDTH, map->height);
    snprintf(height, sizeof height, "%.0f", map->height);
    page_open(page, "svg", "xmlns", "http://www.w3.org/2000/svg", "class", "map", "viewBox", box, "role", "img",
              "aria-labelledby", "map-title map-description", "width", "960", "height", height, NULL);
    page_newline(page);
    page_open(page, "title", "id", "map-title", NULL);
    page_text(page, tr(page->language, "Map of the network"));
    page_close(page);
    page_newline(page);
    describe(page, map);
    draw_ties(page, map);
    draw_nodes(page, map);
    draw_labels(page, map);
    page_close(page);
    page_newline(page);
}

static void legend_item(struct page *page, size_t sector, bool silent, const char *letter, const char *text)
{
    char class_name[48];
    page_open(page, "li", NULL);
    page_open(page, "svg", "xmlns", "http://www.w3.org/2000/svg", "class", "key", "viewBox", "0 0 28 28", "width", "22",
              "height", "22", "aria-hidden", "true", NULL);
    sector_class(sector, silent, class_name);
    draw_shape(page, sector, 14, 14, 10, class_name);
    if (letter) {
        snprintf(class_name, sizeof class_name, "letter l%zu", sector % COLOURS);
        page_open(page, "text", "class", class_name, "x", "14", "y", "18", NULL);
        page_text(page, letter);
        page_close(page);
    }
    page_close(page);
    page_open(page, "span", NULL);
    page_text(page, text);
    page_close(page);
    page_close(page);
    page_newline(page);
}

static void legend(struct page *page, const struct map *map)
{
    const struct language *language = page->language;
    const struct roster *roster = map->roster;
    bool sectorless = false, silent = false;
    for (size_t i = 0; i < map->shown_count; i++) {
        sectorless = sectorless || roster->actors[map->shown[i]].sector == ROSTER_NO_SECTOR;
        silent = silent || roster->actors[map->shown[i]].reported == 0;
    }
    page_open(page, "ul", "class", "legend", "aria-label", tr(language, "Key to the map"), NULL);
    page_newline(page);
    for (size_t s = 0; s < roster->sector_count; s++) {
        char text[600], actors[LANGUAGE_NUMBER_SIZE];
        const struct roster_sector *sector = &roster->sectors[s];
        language_number(language, (double)sector->actor_count, 0, actors);
        int used = snprintf(text, sizeof text, "%s: %.400s (", sector->letter, sector->name);
        snprintf(text + used, sizeof text - (size_t)used,
                 tr_plural(language, "%s actor", "%s actors", (double)sector->actor_count), actors);
        strncat(text, ")", sizeof text - strlen(text) - 1);
        legend_item(page, s, false, sector->letter, text);
    }
    if (sectorless)
        legend_item(page, ROSTER_NO_SECTOR, false, NULL, tr(language, "No sector stated"));
    if (silent)
        legend_item(page, ROSTER_NO_SECTOR, true, NULL, tr(language, "Dashed outline: has not delivered for this period"));
    page_close(page);
    page_newline(page);
}

static void caption(struct page *page, const struct map *map)
{
    const struct language *language = page->language;
    char shown[LANGUAGE_NUMBER_SIZE], all[LANGUAGE_NUMBER_SIZE];
    page_open(page, "figcaption", NULL);
    page_text(page, tr(language, "The larger a node, the greater the sum of its ties; the wider a line, the stronger the tie. "
                                 "Ties in both directions are "
                                 "drawn as one line. Actors with strong ties stand close together; the axes have no meaning."));
    if (map->tie_count < map->tie_total) {
        language_number(language, (double)map->tie_count, 0, shown);
        language_number(language, (double)map->tie_total, 0, all);
        page_text(page, " ");
        page_format(page,
                    tr(language, "The %s strongest of %s ties are drawn; the actors' places take all of them into account."),
                    shown, all);
    }
    if (map->shown_count < map->roster->actor_count) {
        language_number(language, (double)map->shown_count, 0, shown);
        language_number(language, (double)map->roster->actor_count, 0, all);
        page_text(page, " ");
        page_format(page, tr(language, "The %s actors with the strongest ties are drawn, of %s in all."), shown, all);
    }
    size_t labelled = 0;
    for (size_t i = 0; i < map->shown_count; i++)
        labelled += map->nodes[i].labelled;
    if (labelled < map->shown_count) {
        language_number(language, (double)labelled, 0, shown);
        language_number(language, (double)map->shown_count, 0, all);
        page_text(page, " ");
        page_format(page, tr(language, "%s of %s actors are labelled: those with room for it, the strongest first."), shown,
                    all);
    }
    page_close(page);
    page_newline(page);
}

static void tie_table(struct page *page, const struct map *map)
{
    const struct language *language = page->language;
    size_t rows = map->tie_count < MAP_TABLE_ROWS ? map->tie_count : MAP_TABLE_ROWS;
    char shown[LANGUAGE_NUMBER_SIZE], all[LANGUAGE_NUMBER_SIZE], title[400];
    language_number(language, (double)rows, 0, shown);
    language_number(language, (double)map->roster->tie_count, 0, all);
    snprintf(title, sizeof title, tr(language, "The ties of the map, strongest first: %s of %s"), shown, all);
    page_section(page, "map-ties", tr(language, "The ties of the map"));
    page_table(page, "map-ties-table", title);
    page_open(page, "thead", NULL);
    page_open(page, "tr", NULL);
    page_header_cell(page, "col", NULL, tr(language, "Actor"));
    page_header_cell(page, "col", NULL, tr(language, "Actor at the other end"));
    page_header_cell(page, "col", "number", tr(language, "Weight of the tie"));
    page_header_cell(page, "col", "number", tr(language, "Interactions behind it"));
    page_close(page);
    page_close(page);
    page_newline(page);
    page_open(page, "tbody", NULL);
    page_newline(page);
    for (size_t i = 0; i < rows; i++) {
        char weight[LANGUAGE_NUMBER_SIZE], count[LANGUAGE_NUMBER_SIZE];
        language_number(language, map->ties[i].weight, 2, weight);
        language_number(language, map->ties[i].count, 0, count);
        page_open(page, "tr", NULL);
        page_header_cell(page, "row", NULL, map->roster->actors[map->shown[map->ties[i].a]].name);
        page_cell(page, NULL, map->roster->actors[map->shown[map->ties[i].b]].name);
        page_cell(page, "number", weight);
        page_cell(page, "number", count);
        page_close(page);
        page_newline(page);
    }
    page_close(page);
    page_table_end(page);
    page_section_end(page);
}

void map_ties_render(struct page *page, const struct roster *roster)
{
    struct map map = {.roster = roster};
    if (!map_select(&map))
        page->failed = true;
    else if (map.tie_count > 0)
        tie_table(page, &map);
    map_release(&map);
}

void map_render(struct page *page, const struct roster *roster, uint64_t seed)
{
    const struct language *language = page->language;
    if (roster->actor_count == 0) {
        page_paragraph(
            page, "%s",
            tr(language, "There is no map: the network result is missing, or no actor took part in anything in this period."));
        return;
    }
    struct map map = {.roster = roster};
    if (map_select(&map) && map_place(&map, seed)) {
        page_open(page, "figure", "aria-labelledby", "map-title", "tabindex", "0", NULL); /* wider than a phone: it scrolls */
        page_newline(page);
        draw(page, &map);
        legend(page, &map);
        caption(page, &map);
        page_close(page);
        page_newline(page);
        if (map.tie_count > 0) {
            page_open(page, "p", NULL);
            page_open(page, "a", "href", "#map-ties", NULL);
            page_text(page, tr(language, "The same as a table"));
            page_close(page);
            page_close(page);
            page_newline(page);
        } else {
            page_paragraph(page, "%s",
                           tr(language, "No ties: nobody met or wrote to anybody in this period and these layers."));
        }
    } else {
        page->failed = true;
    }
    for (size_t i = 0; map.nodes && i < map.shown_count; i++)
        free((char *)(uintptr_t)map.nodes[i].label);
    map_release(&map);
}
