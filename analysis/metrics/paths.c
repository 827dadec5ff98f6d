/* SPDX-License-Identifier: GPL-3.0-or-later
 * Dijkstra's algorithm with a four-ary heap; who may come just before an actor on a shortest path is noted while searching and
 * sifted when the actor is settled, so that no list is walked twice.
 */
#include "paths.h"

#include "nearby.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAME_LENGTH 1e-10 /* relative */
#define ARC_NS      10.0  /* rough cost of an arc for one source */
#define LOOK_EVERY  512   /* settled actors between two looks at the watch */
#define HEAP_ARITY  4
#define SCAN_ARCS   4  /* arcs looked at, for each actor, before it is asked again how far anybody still is */
#define LONG_LISTS  32 /* arcs an actor on average: in shorter lists nearly all are of interest, and order does not pay */

enum { UNSEEN = -1, SETTLED = -2 };

struct actor {
    double distance;    /* INFINITY = not reached */
    int32_t slot;       /* position in the heap, or UNSEEN or SETTLED */
    int32_t candidates; /* latest of those that may come just before it; -1 = none */
};
struct candidate {
    double through;
    int32_t actor, earlier; /* who, and the candidate noted before */
};
struct waiting {
    double distance;
    int32_t actor;
};

struct search {
    struct actor *actors;
    double *within; /* a way to the actor as long as this is still of interest; of none, when it is settled */
    struct waiting *heap;
    struct candidate *candidates; /* each arc is noted once at most */
    int32_t *order;               /* actors in the order they were settled */
    int32_t *before;              /* those just before them, in runs */
    size_t *before_end;           /* of the run of the i-th settled actor */
    double *ways, *dependency;
    size_t heap_count, candidate_count, settled;
    struct paths_sum *sums;
};

struct searching {
    const struct adjacency *out, *in;
    struct nearby nearby; /* the lists of `out`; empty when they are short */
    const int32_t *peer;  /* of the lists that are walked, in their order */
    const double *distance;
    const int32_t *sources;
    size_t source_count;
    struct paths_wanted wanted;
    double square_scale; /* 1 / (n - 2)^2 */
    double *nearest;     /* shortest arc into each actor: the unit of in_inverse is its inverse */
    double unit;         /* of in_sum */
    struct paths_sum *sums;
};

static bool sooner(const struct waiting *a, const struct waiting *b)
{
    /* Equal distances are settled by index, so that the same network gives the same bits. */
    return a->distance != b->distance ? a->distance < b->distance : a->actor < b->actor;
}

static void place(struct search *search, size_t at, struct waiting waiting)
{
    search->heap[at] = waiting;
    search->actors[waiting.actor].slot = (int32_t)at;
}

static void heap_rise(struct search *search, size_t at, struct waiting waiting)
{
    while (at > 0) {
        size_t parent = (at - 1) / HEAP_ARITY;
        if (!sooner(&waiting, &search->heap[parent]))
            break;
        place(search, at, search->heap[parent]);
        at = parent;
    }
    place(search, at, waiting);
}

static int32_t heap_pop(struct search *search)
{
    int32_t top = search->heap[0].actor;
    struct waiting last = search->heap[--search->heap_count];
    size_t at = 0, count = search->heap_count;
    search->actors[top].slot = SETTLED;
    search->within[top] = -INFINITY;
    if (count == 0)
        return top;
    for (size_t child = 1; child < count; child = HEAP_ARITY * at + 1) {
        size_t end = child + HEAP_ARITY < count ? child + HEAP_ARITY : count, least = child;
        for (size_t c = child + 1; c < end; c++)
            if (sooner(&search->heap[c], &search->heap[least]))
                least = c;
        if (!sooner(&search->heap[least], &last))
            break;
        place(search, at, search->heap[least]);
        at = least;
    }
    place(search, at, last);
    return top;
}

/* v, which is not settled, through u is at least as short as what is known. */
static void relax(struct search *search, int32_t u, int32_t v, double through, bool noted)
{
    struct actor *actor = &search->actors[v];
    if (!(through < INFINITY)) /* further away than a double can say is not reached */
        return;
    if (noted) {
        if (through * (1 + SAME_LENGTH) < actor->distance)
            actor->candidates = -1; /* all of them are longer by more than the tolerance */
        search->candidates[search->candidate_count] = (struct candidate){through, u, actor->candidates};
        actor->candidates = (int32_t)search->candidate_count++;
    }
    if (through < actor->distance) {
        actor->distance = through;
        search->within[v] = through * (1 + SAME_LENGTH);
        size_t at = actor->slot == UNSEEN ? search->heap_count++ : (size_t)actor->slot;
        heap_rise(search, at, (struct waiting){through, v});
    }
}

/* Those just before v were settled earlier, and through them is as short as it gets. */
static void settle(struct search *search, int32_t v, bool noted)
{
    search->order[search->settled] = v;
    if (noted) {
        const struct actor *actor = &search->actors[v];
        size_t end = search->settled > 0 ? search->before_end[search->settled - 1] : 0;
        double longest = actor->distance * (1 + SAME_LENGTH), ways = search->settled == 0;
        for (int32_t c = actor->candidates; c >= 0; c = search->candidates[c].earlier) {
            if (search->candidates[c].through > longest)
                continue;
            search->before[end++] = search->candidates[c].actor;
            ways += search->ways[search->candidates[c].actor];
        }
        search->before_end[search->settled] = end;
        search->ways[v] = ways;
        search->dependency[v] = 0;
    }
    search->settled++;
}

/* How long a way of interest can be at most. It gets less while the search goes on, so an earlier answer is safe. */
static double farthest(const struct nearby *nearby, const struct search *search, int32_t source)
{
    double within = 0;
    for (size_t m = nearby->start[nearby->group[source]]; m < nearby->start[nearby->group[source] + 1]; m++)
        within = search->within[nearby->member[m]] > within ? search->within[nearby->member[m]] : within;
    return within;
}

/* False = stopped. */
static bool search_from(const struct searching *searching, struct search *search, int32_t source, struct crew_watch *watch)
{
    const struct adjacency *out = searching->out;
    const int32_t *peers = searching->peer;
    const double *arcs = searching->distance, *within = search->within;
    bool noted = searching->wanted.betweenness;
    double far = INFINITY;
    size_t looked = 0;
    search->settled = search->candidate_count = search->heap_count = 0;
    search->actors[source].distance = 0;
    heap_rise(search, search->heap_count++, (struct waiting){0, source});
    while (search->heap_count > 0) {
        int32_t u = heap_pop(search);
        settle(search, u, noted);
        if (search->settled % LOOK_EVERY == 0 && crew_stopping(watch))
            return false;
        double distance = search->actors[u].distance;
        double longest = (far * (1 + SAME_LENGTH) - distance) * NEARBY_ROUGH; /* an arc beyond it, and whatever stands after */
        size_t first = out->start[u], end = out->start[u + 1], a = first;
        for (; a < end && arcs[a] <= longest; a++) {
            double through = distance + arcs[a];
            if (through <= within[peers[a]])
                relax(search, u, peers[a], through, noted);
        }
        looked += a - first;
        if (searching->nearby.peer && looked >= SCAN_ARCS * out->count) {
            looked = 0;
            far = farthest(&searching->nearby, search, source);
        }
    }
    return true;
}

static void accumulate(const struct searching *searching, struct search *search)
{
    for (size_t i = search->settled; i-- > 1;) {
        int32_t v = search->order[i];
        double dependency = search->dependency[v], share = (1 + dependency) / search->ways[v];
        for (size_t b = search->before_end[i - 1]; b < search->before_end[i]; b++)
            search->dependency[search->before[b]] += search->ways[search->before[b]] * share;
        struct dependency *sum = &search->sums[v].dependency;
        sum->sum = amount_add(sum->sum, amount_from(dependency));
        if (searching->wanted.squares)
            sum->square = amount_add(sum->square, amount_from(dependency * dependency * searching->square_scale));
    }
}

static void gather(const struct searching *searching, struct search *search)
{
    double sum = 0, inverse = 0;
    for (size_t i = 1; i < search->settled; i++) {
        int32_t v = search->order[i];
        double d = search->actors[v].distance;
        sum += d;
        inverse += 1 / d;
        if (searching->wanted.in) {
            struct paths_sum *into = &search->sums[v];
            into->in_reached++;
            into->in_sum = amount_add(into->in_sum, amount_from(d / searching->unit));
            into->in_inverse = amount_add(into->in_inverse, amount_from(searching->nearest[v] / d));
        }
    }
    struct paths_sum *own = &search->sums[search->order[0]];
    own->reached = (uint32_t)(search->settled - 1);
    own->sum = sum;
    own->inverse = inverse;
}

static void forget(struct search *search, size_t v)
{
    search->actors[v] = (struct actor){INFINITY, UNSEEN, -1};
    search->within[v] = INFINITY;
}

static void search_task(void *arg, void *worker, size_t task, struct crew_watch *watch)
{
    const struct searching *searching = arg;
    struct search *search = worker;
    for (size_t s = task * PATHS_BLOCK; s < searching->source_count && s < (task + 1) * PATHS_BLOCK; s++) {
        int32_t source = searching->sources ? searching->sources[s] : (int32_t)s;
        if (!search_from(searching, search, source, watch))
            return; /* stopped: the state is of no use any more */
        gather(searching, search);
        if (searching->wanted.betweenness)
            accumulate(searching, search);
        for (size_t i = 0; i < search->settled; i++)
            forget(search, (size_t)search->order[i]);
    }
}

/* Incoming sums are added up over sources, so in whole units: the sum of n distances of n arcs each stays below 2^63 of them,
 * and with 64 bits after the point the shortest arc is still told to 1e-12. False: the spread of the distances is too wide for
 * that. */
static bool unit_of(const struct adjacency *in, double *ret_unit)
{
    double longest = 0, shortest = INFINITY, n = (double)in->count;
    for (size_t a = 0; a < in->arc_count; a++) {
        longest = fmax(longest, in->distance[a]);
        shortest = fmin(shortest, in->distance[a]);
    }
    *ret_unit = in->arc_count == 0 ? 1 : longest * (n * n * 0x1p-62);
    return in->arc_count == 0 || (longest < 1e280 && shortest > 1e-280 && shortest / *ret_unit >= 0x1p-24);
}

static double nearest_of(const struct adjacency *in, size_t v)
{
    double nearest = INFINITY;
    for (size_t a = in->start[v]; a < in->start[v + 1]; a++)
        nearest = fmin(nearest, in->distance[a]);
    return nearest;
}

static void search_destroy(struct search *search)
{
    if (!search)
        return;
    free(search->actors);
    free(search->within);
    free(search->heap);
    free(search->candidates);
    free(search->order);
    free(search->before);
    free(search->before_end);
    free(search->ways);
    free(search->dependency);
    free(search->sums);
    free(search);
}

static void *begin(void *arg)
{
    const struct searching *searching = arg;
    size_t n = searching->out->count, noted = searching->wanted.betweenness ? searching->out->arc_count : 0;
    struct search *search = calloc(1, sizeof *search);
    if (!search)
        return NULL;
    search->actors = malloc((n + 1) * sizeof *search->actors);
    search->within = malloc((n + 1) * sizeof *search->within);
    search->heap = malloc((n + 1) * sizeof *search->heap);
    search->candidates = malloc((noted + 1) * sizeof *search->candidates);
    search->order = malloc((n + 1) * sizeof *search->order);
    search->before = malloc((noted + 1) * sizeof *search->before);
    search->before_end = malloc((n + 1) * sizeof *search->before_end);
    search->ways = malloc((n + 1) * sizeof *search->ways);
    search->dependency = malloc((n + 1) * sizeof *search->dependency);
    search->sums = calloc(n + 1, sizeof *search->sums);
    if (!search->actors || !search->within || !search->heap || !search->candidates || !search->order || !search->before ||
        !search->before_end || !search->ways || !search->dependency || !search->sums) {
        search_destroy(search);
        return NULL;
    }
    for (size_t v = 0; v < n; v++)
        forget(search, v);
    return search;
}

void paths_add(struct paths_sum *sums, const struct paths_sum *part, size_t count)
{
    for (size_t v = 0; v < count; v++) {
        dependency_add(&sums[v].dependency, &part[v].dependency, 1);
        sums[v].sum += part[v].sum; /* one of the two is 0 */
        sums[v].inverse += part[v].inverse;
        sums[v].reached += part[v].reached;
        sums[v].in_reached += part[v].in_reached;
        sums[v].in_sum = amount_add(sums[v].in_sum, part[v].in_sum);
        sums[v].in_inverse = amount_add(sums[v].in_inverse, part[v].in_inverse);
    }
}

static void end(void *arg, void *worker, bool done)
{
    struct searching *searching = arg;
    struct search *search = worker;
    if (done)
        paths_add(searching->sums, search->sums, searching->out->count);
    search_destroy(search);
}

double paths_block_ns(const struct adjacency *out)
{
    return PATHS_BLOCK * (double)(out->arc_count + out->count) * ARC_NS;
}

enum crew_status paths_part(const struct adjacency *out, const struct adjacency *in, const int32_t *sources,
                            size_t source_count, size_t first, size_t last, struct paths_wanted wanted, const struct crew *crew,
                            struct paths_sum *sums)
{
    size_t n = out->count;
    double others = (double)n - 2;
    struct searching searching = {.out = out,
                                  .sources = sources,
                                  .source_count = sources ? source_count : n,
                                  .wanted = wanted,
                                  .square_scale = others > 0 ? 1 / (others * others) : 0,
                                  .nearest = wanted.in ? malloc((n + 1) * sizeof(double)) : NULL,
                                  .sums = sums};
    bool ordered = out->arc_count >= LONG_LISTS * out->count;
    if ((wanted.in && !searching.nearest) || out->arc_count > INT32_MAX ||
        (ordered && !nearby_init(&searching.nearby, out, in))) {
        free(searching.nearest);
        return CREW_NO_MEMORY;
    }
    searching.peer = ordered ? searching.nearby.peer : out->peer;
    searching.distance = ordered ? searching.nearby.distance : out->distance;
    if (wanted.in)
        unit_of(in, &searching.unit);
    for (size_t v = 0; wanted.in && v < n; v++)
        searching.nearest[v] = nearest_of(in, v);
    size_t blocks = paths_blocks(searching.source_count);
    struct crew_job job = {.first = first,
                           .last = last < blocks ? last : blocks,
                           .task_ns = paths_block_ns(out),
                           .begin = begin,
                           .task = search_task,
                           .end = end,
                           .arg = &searching};
    enum crew_status status = crew_run(crew, &job);
    nearby_release(&searching.nearby);
    free(searching.nearest);
    return status;
}

bool paths_in_fits(const struct adjacency *in)
{
    double unit;
    return unit_of(in, &unit);
}

static void set(double *array, size_t at, double value)
{
    if (array)
        array[at] = value;
}

void paths_finish(const struct paths_sum *sums, const struct adjacency *in, bool directed, struct paths *paths)
{
    double unit = 1;
    bool into = paths->in_reached || paths->in_sum || paths->in_inverse;
    if (into && directed)
        unit_of(in, &unit);
    for (size_t v = 0; v < in->count; v++) {
        const struct paths_sum *sum = &sums[v];
        set(paths->betweenness, v, amount_to(sum->dependency.sum) / (directed ? 1 : 2));
        set(paths->reached, v, sum->reached);
        set(paths->sum, v, sum->sum);
        set(paths->inverse, v, sum->inverse);
        if (!into)
            continue;
        double nearest = directed ? nearest_of(in, v) : 0;
        set(paths->in_reached, v, directed ? sum->in_reached : sum->reached);
        set(paths->in_sum, v, directed ? amount_to(sum->in_sum) * unit : sum->sum);
        set(paths->in_inverse, v, !directed ? sum->inverse : sum->in_reached > 0 ? amount_to(sum->in_inverse) / nearest : 0);
    }
}
