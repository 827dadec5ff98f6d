/* SPDX-License-Identifier: GPL-3.0-or-later
 * Places on a map, by igraph for the shape of each component and by us for the rest.
 */
#include "layout.h"

#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPREAD_ITERATIONS 500
#define GAP               1.2 /* between components and rows */

/* Undirected, merged ties by component: what igraph gets. */
struct layout_work {
    size_t actor_count;
    struct network_tie *ties; /* from < to, sorted, weights of both directions summed */
    size_t tie_count;
    int32_t *component; /* of each actor */
    int32_t *local;     /* index of each actor within its component */
    size_t component_count;
    struct component *components; /* largest first */
    double weight_max;
    uint64_t random;
};
struct component {
    size_t actor_count;
    int32_t first; /* its smallest actor: breaks ties in size, so that the order never depends on the library */
    int32_t old;   /* number in layout_work.component */
    double left, top, width, height;
};

static uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static double random_unit(uint64_t *state)
{
    return (double)(random_next(state) >> 11) * 0x1p-53;
}

static int tie_order(const void *a, const void *b)
{
    const struct network_tie *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

static int component_order(const void *a, const void *b)
{
    const struct component *x = a, *y = b;
    if (x->actor_count != y->actor_count)
        return x->actor_count > y->actor_count ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

static bool ties_merge(struct layout_work *work, const struct network_tie *ties, size_t tie_count, char *ret_error)
{
    work->ties = calloc(tie_count + 1, sizeof *work->ties);
    if (!work->ties) {
        snprintf(ret_error, 400, "layout: out of memory");
        return false;
    }
    size_t used = 0;
    for (size_t i = 0; i < tie_count; i++) {
        struct network_tie tie = ties[i];
        if (tie.from < 0 || tie.to < 0 || (size_t)tie.from >= work->actor_count || (size_t)tie.to >= work->actor_count) {
            snprintf(ret_error, 400, "layout: tie %zu names actor %d and actor %d of %zu", i, (int)tie.from, (int)tie.to,
                     work->actor_count);
            return false;
        }
        if (!isfinite(tie.weight) || tie.weight <= 0) {
            snprintf(ret_error, 400, "layout: tie %zu has a weight of %g; it must be finite and above 0", i, tie.weight);
            return false;
        }
        if (tie.from == tie.to)
            continue;
        if (tie.from > tie.to) {
            int32_t from = tie.from;
            tie.from = tie.to;
            tie.to = from;
        }
        work->ties[used++] = tie;
    }
    qsort(work->ties, used, sizeof *work->ties, tie_order);
    for (size_t i = 0; i < used; i++) {
        struct network_tie *last = work->tie_count ? &work->ties[work->tie_count - 1] : NULL;
        if (last && tie_order(last, &work->ties[i]) == 0)
            last->weight += work->ties[i].weight;
        else
            work->ties[work->tie_count++] = work->ties[i];
    }
    for (size_t i = 0; i < work->tie_count; i++)
        work->weight_max = fmax(work->weight_max, work->ties[i].weight);
    return true;
}

static int32_t root_of(int32_t *parent, int32_t actor)
{
    while (parent[actor] != actor) {
        parent[actor] = parent[parent[actor]];
        actor = parent[actor];
    }
    return actor;
}

/* Union-find; roots are the smallest actor of each component. */
static bool components_find(struct layout_work *work)
{
    size_t n = work->actor_count;
    work->component = malloc(n * sizeof *work->component);
    work->local = malloc(n * sizeof *work->local);
    work->components = calloc(n, sizeof *work->components);
    int32_t *parent = malloc(n * sizeof *parent);
    if (!work->component || !work->local || !work->components || !parent) {
        free(parent);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        parent[i] = (int32_t)i;
    for (size_t i = 0; i < work->tie_count; i++) {
        int32_t a = root_of(parent, work->ties[i].from), b = root_of(parent, work->ties[i].to);
        if (a < b)
            parent[b] = a;
        else
            parent[a] = b;
    }
    for (size_t i = 0; i < n; i++) {
        int32_t root = root_of(parent, (int32_t)i);
        if (root == (int32_t)i) {
            work->component[i] = (int32_t)work->component_count;
            work->components[work->component_count++] = (struct component){.first = root, .old = work->component[i]};
        } else {
            work->component[i] = work->component[root];
        }
        work->local[i] = (int32_t)work->components[work->component[i]].actor_count++;
    }
    free(parent);
    return true;
}

struct held {
    igraph_vector_int_t edges;
    igraph_vector_t values; /* lengths for Kamada-Kawai, weights for Fruchterman-Reingold */
    igraph_matrix_t places;
    igraph_t graph;
    bool has_edges, has_values, has_places, has_graph;
};

static void held_release(struct held *held)
{
    if (held->has_graph)
        igraph_destroy(&held->graph);
    if (held->has_places)
        igraph_matrix_destroy(&held->places);
    if (held->has_values)
        igraph_vector_destroy(&held->values);
    if (held->has_edges)
        igraph_vector_int_destroy(&held->edges);
}

static igraph_error_t component_solve(struct layout_work *work, const struct component *component, struct held *held)
{
    size_t n = component->actor_count;
    bool exact = n <= LAYOUT_EXACT_MAX;
    igraph_error_t error;
    if ((error = igraph_vector_int_init(&held->edges, 0)))
        return error;
    held->has_edges = true;
    if ((error = igraph_vector_init(&held->values, 0)))
        return error;
    held->has_values = true;
    for (size_t i = 0; i < work->tie_count; i++) {
        const struct network_tie *tie = &work->ties[i];
        if (work->component[tie->from] != component->old)
            continue;
        double share = tie->weight / work->weight_max;
        if ((error = igraph_vector_int_push_back(&held->edges, work->local[tie->from])) ||
            (error = igraph_vector_int_push_back(&held->edges, work->local[tie->to])) ||
            (error = igraph_vector_push_back(&held->values, exact ? fmin(pow(share, -0.4), 4.0) : sqrt(share) + 0.05)))
            return error;
    }
    if ((error = igraph_create(&held->graph, &held->edges, (igraph_integer_t)n, IGRAPH_UNDIRECTED)))
        return error;
    held->has_graph = true;
    if ((error = igraph_matrix_init(&held->places, (igraph_integer_t)n, 2)))
        return error;
    held->has_places = true;
    for (size_t i = 0; i < n; i++) { /* a circle, a little disturbed: exact symmetry is a saddle point */
        double angle = 2 * M_PI * (double)i / (double)n;
        MATRIX(held->places, (igraph_integer_t)i, 0) = sqrt((double)n) * cos(angle) + 0.1 * random_unit(&work->random);
        MATRIX(held->places, (igraph_integer_t)i, 1) = sqrt((double)n) * sin(angle) + 0.1 * random_unit(&work->random);
    }
    if (exact)
        return igraph_layout_kamada_kawai(&held->graph, &held->places, true, (igraph_integer_t)(50 * n), 0.0, (double)n,
                                          &held->values, NULL, NULL, NULL, NULL);
    return igraph_layout_fruchterman_reingold(&held->graph, &held->places, true, SPREAD_ITERATIONS, sqrt((double)n),
                                              IGRAPH_LAYOUT_AUTOGRID, &held->values, NULL, NULL, NULL, NULL);
}

/* Turns a component so that its widest direction lies along x: pages are wider than high where it counts. */
static void component_turn(const struct layout_work *work, const struct component *component, struct layout_point *points)
{
    double mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;
    for (size_t i = 0; i < work->actor_count; i++) {
        if (work->component[i] == component->old) {
            mean_x += points[i].x / (double)component->actor_count;
            mean_y += points[i].y / (double)component->actor_count;
        }
    }
    for (size_t i = 0; i < work->actor_count; i++) {
        if (work->component[i] == component->old) {
            double x = points[i].x - mean_x, y = points[i].y - mean_y;
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
    }
    double angle = -0.5 * atan2(2 * xy, xx - yy), c = cos(angle), s = sin(angle);
    for (size_t i = 0; i < work->actor_count; i++) {
        if (work->component[i] == component->old) {
            double x = points[i].x - mean_x, y = points[i].y - mean_y;
            points[i] = (struct layout_point){x * c - y * s, x * s + y * c};
        }
    }
}

static int double_order(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* The middle tie length becomes 1, so that components of different size have the same scale. */
static bool component_place(struct layout_work *work, struct component *component, struct layout_point *points)
{
    size_t n = component->actor_count;
    struct held held = {0};
    double *lengths = malloc((work->tie_count + 1) * sizeof *lengths);
    bool done = lengths && component_solve(work, component, &held) == IGRAPH_SUCCESS;
    if (done) {
        size_t used = 0;
        for (size_t i = 0; i < work->tie_count; i++) {
            const struct network_tie *tie = &work->ties[i];
            if (work->component[tie->from] != component->old)
                continue;
            igraph_integer_t a = work->local[tie->from], b = work->local[tie->to];
            lengths[used++] = hypot(MATRIX(held.places, a, 0) - MATRIX(held.places, b, 0),
                                    MATRIX(held.places, a, 1) - MATRIX(held.places, b, 1));
        }
        qsort(lengths, used, sizeof *lengths, double_order);
        double scale = used && lengths[used / 2] > 1e-9 ? 1 / lengths[used / 2] : 1;
        for (size_t i = 0; i < work->actor_count; i++) {
            if (work->component[i] != component->old)
                continue;
            points[i].x = MATRIX(held.places, work->local[i], 0) * scale;
            points[i].y = MATRIX(held.places, work->local[i], 1) * scale;
            done = done && isfinite(points[i].x) && isfinite(points[i].y);
        }
        component_turn(work, component, points);
        double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
        for (size_t i = 0; i < work->actor_count; i++) {
            if (work->component[i] != component->old)
                continue;
            left = fmin(left, points[i].x);
            right = fmax(right, points[i].x);
            top = fmin(top, points[i].y);
            bottom = fmax(bottom, points[i].y);
        }
        if (n == 2) { /* two actors have no shape of their own: side by side */
            top = bottom = 0;
            left = 0;
            right = 1;
            for (size_t i = 0; i < work->actor_count; i++)
                if (work->component[i] == component->old)
                    points[i] = (struct layout_point){work->local[i], 0};
        }
        component->left = left;
        component->top = top;
        component->width = right - left;
        component->height = bottom - top;
    }
    held_release(&held);
    free(lengths);
    return done;
}

/* Shelves from left to right, as wide as the largest component or as the square root of all area; then rows of actors without
 * ties. */
static void components_pack(struct layout_work *work, struct layout_point *points, struct layout_point *offsets)
{
    double area = 0, widest = 0;
    size_t tied = 0;
    for (; tied < work->component_count && work->components[tied].actor_count > 1; tied++) {
        const struct component *component = &work->components[tied];
        area += (component->width + GAP) * (component->height + GAP);
        widest = fmax(widest, component->width);
    }
    double shelf = fmax(widest, 1.4 * sqrt(area)), x = 0, y = 0, tallest = 0;
    for (size_t c = 0; c < tied; c++) {
        const struct component *component = &work->components[c];
        if (x > 0 && x + component->width > shelf + 1e-9) {
            x = 0;
            y += tallest + GAP;
            tallest = 0;
        }
        offsets[component->old] = (struct layout_point){x - component->left, y - component->top};
        x += component->width + GAP;
        tallest = fmax(tallest, component->height);
    }
    size_t loose = work->component_count - tied;
    if (loose > 0) {
        size_t per_row = (size_t)fmax(floor(fmax(shelf, sqrt((double)loose) * 1.4 * 0.7) / 0.7), 1);
        double row = tied ? y + tallest + GAP : 0;
        for (size_t i = 0; i < loose; i++) {
            size_t line = i / per_row, place = i % per_row;
            offsets[work->components[tied + i].old] = (struct layout_point){0.7 * (double)place, row + 0.7 * (double)line};
        }
    }
    for (size_t i = 0; i < work->actor_count; i++) {
        points[i].x += offsets[work->component[i]].x;
        points[i].y += offsets[work->component[i]].y;
    }
}

static bool layout_all(struct layout_work *work, struct layout_point *points)
{
    struct layout_point *offsets = calloc(work->actor_count, sizeof *offsets);
    bool done = offsets && components_find(work);
    if (done) {
        qsort(work->components, work->component_count, sizeof *work->components, component_order);
        for (size_t c = 0; done && c < work->component_count && work->components[c].actor_count > 1; c++)
            done = component_place(work, &work->components[c], points);
    }
    if (done)
        components_pack(work, points, offsets);
    free(offsets);
    return done;
}

bool layout_compute(size_t actor_count, const struct network_tie *ties, size_t tie_count, uint64_t seed,
                    struct layout_point *ret_points, char *ret_error)
{
    if (actor_count > LAYOUT_ACTORS_MAX) {
        snprintf(ret_error, 400, "layout: %zu actors; at most %d can be placed", actor_count, LAYOUT_ACTORS_MAX);
        return false;
    }
    if (actor_count == 0)
        return true;
    struct layout_work work = {.actor_count = actor_count, .random = seed ^ 0x6b61727461u};
    struct layout_point *points = calloc(actor_count, sizeof *points);
    bool done = points && ties_merge(&work, ties, tie_count, ret_error);
    if (!points)
        snprintf(ret_error, 400, "layout: out of memory");
    if (done) {
        /* igraph's handlers are process-wide: ours for the time of the call, so that nothing is printed and nothing aborts. Its
         * own generator only moves actors that stand on the same spot. */
        igraph_error_handler_t *old_error = igraph_set_error_handler(igraph_error_handler_ignore);
        igraph_warning_handler_t *old_warning = igraph_set_warning_handler(igraph_warning_handler_ignore);
        igraph_rng_seed(igraph_rng_default(), (igraph_uint_t)seed);
        done = layout_all(&work, points);
        igraph_set_warning_handler(old_warning);
        igraph_set_error_handler(old_error);
        if (done)
            memcpy(ret_points, points, actor_count * sizeof *points);
        else
            snprintf(ret_error, 400, "layout: out of memory, or the network has no finite layout");
    }
    free(points);
    free(work.ties);
    free(work.component);
    free(work.local);
    free(work.components);
    return done;
}
