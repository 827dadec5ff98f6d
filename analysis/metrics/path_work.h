/* SPDX-License-Identifier: GPL-3.0-or-later
 * All the shortest paths of a network as one piece of work, which threads and other workers may divide between them: kernel and
 * lists, parts of its sources, their sums, and both as bytes.
 *
 * Sums are whole numbers and amounts, so whoever does which part, and in which order parts are added up, the bits are the same.
 * Other workers are known here as a struct path_share; where they live is the caller's business (analysis/worker/share.c).
 */
#ifndef SAMORDNING_PATH_WORK_H
#define SAMORDNING_PATH_WORK_H

#include "betweenness.h"
#include "paths.h"
#include "sweep.h"

#define PATH_PARTS_MAX   1000 /* of one piece of work */
#define PATH_PARTS_LEAST 10   /* so many in the least work that is shared */

enum path_kind { PATH_SWEEP = 1, PATH_BETWEENNESS, PATH_LENGTHS };
struct path_work {
    enum path_kind kind;
    struct paths_wanted wanted; /* PATH_LENGTHS: without squares */
    struct adjacency out, in;   /* as the kernels want them; weights are not read */
};

size_t path_work_blocks(const struct path_work *work);    /* of all sources */
size_t path_work_sum_bytes(const struct path_work *work); /* of all actors: struct sweep_sum, dependency or paths_sum each */
double path_work_ms(const struct path_work *work);        /* roughly, of one core */
/* Adds to the sums of all actors, zero at first. Unchanged unless CREW_OK. */
enum crew_status path_work_part(const struct path_work *work, size_t first, size_t last, const struct crew *crew, void *sums);
void path_work_add(const struct path_work *work, void *sums, const void *part);

/* What another worker of the same build needs, to be freed by the caller; sums travel as they lie in memory. False: no memory.
 */
bool path_work_pack(const struct path_work *work, uint8_t **ret_bytes, size_t *ret_size);
/* Into lists of its own, to be released. CREW_STOPPED: these bytes are not a packed work. */
enum crew_status path_work_unpack(const uint8_t *bytes, size_t size, struct path_work *ret_work);
void path_work_release(struct path_work *work);

enum path_turn {
    PATH_TURN_COMPUTE, /* this part is the owner's to compute; its end is told by `done` */
    PATH_TURN_ADD,     /* somebody else's sums */
    PATH_TURN_WAIT,    /* others compute what is left */
    PATH_TURN_ALONE    /* others can no longer be reached */
};
struct path_share {
    double above_ms; /* work that takes this machine longer is shared; a tenth of it is one part */
    /* Offers parts [0, parts): part p is blocks [path_part(blocks, parts, p), path_part(blocks, parts, p + 1)). False: alone.
     */
    bool (*begin)(void *arg, const uint8_t *bytes, size_t size, size_t blocks, size_t parts);
    /* ADD: the sums are valid until the next call. */
    enum path_turn (*turn)(void *arg, size_t *ret_part, const void **ret_sums, size_t *ret_size);
    void (*done)(void *arg, size_t part);
    void (*end)(void *arg);
    void *arg;
};
static inline size_t path_part(size_t blocks, size_t parts, size_t part)
{
    return blocks / parts * part + blocks % parts * part / parts;
}

/* All of it: alone with the threads of `crew`, or with `crew->share` when it is large. `sums` is zero at first, and of no use
 * unless CREW_OK. */
enum crew_status path_work_run(const struct path_work *work, const struct crew *crew, void *sums);

/* What the families ask for, from every source. `in` = the reversed lists of `out`. */
enum crew_status sweep_run(const struct adjacency *out, const struct adjacency *in, const struct crew *crew,
                           struct sweep *sweep);
/* Exact, raw; undirected: each unordered pair once. */
enum crew_status betweenness_run(const struct adjacency *out, const struct adjacency *in, bool directed,
                                 const struct crew *crew, double *ret_betweenness);
enum crew_status paths_run(const struct adjacency *out, const struct adjacency *in, bool directed, const struct crew *crew,
                           struct paths *paths);

#endif
