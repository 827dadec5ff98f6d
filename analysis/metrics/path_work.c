/* SPDX-License-Identifier: GPL-3.0-or-later
 * The three kernels behind one face, and the owner's side of sharing.
 */
#include "path_work.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WAIT_MS 20 /* between two looks whether others are done */

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && sizeof(size_t) == 8, "sums travel as they lie in memory");

size_t path_work_blocks(const struct path_work *work)
{
    switch (work->kind) {
    case PATH_SWEEP:
        return sweep_blocks(work->out.count);
    case PATH_BETWEENNESS:
        return betweenness_blocks(work->out.count);
    case PATH_LENGTHS:
        break;
    }
    return paths_blocks(work->out.count);
}

static size_t sum_bytes(const struct path_work *work)
{
    return work->kind == PATH_SWEEP         ? sizeof(struct sweep_sum)
           : work->kind == PATH_BETWEENNESS ? sizeof(struct dependency)
                                            : sizeof(struct paths_sum);
}

size_t path_work_sum_bytes(const struct path_work *work)
{
    return work->out.count * sum_bytes(work);
}

double path_work_ms(const struct path_work *work)
{
    double block_ns = work->kind == PATH_SWEEP         ? sweep_block_ns(&work->out)
                      : work->kind == PATH_BETWEENNESS ? betweenness_block_ns(&work->out)
                                                       : paths_block_ns(&work->out);
    return (double)path_work_blocks(work) * block_ns / 1e6;
}

enum crew_status path_work_part(const struct path_work *work, size_t first, size_t last, const struct crew *crew, void *sums)
{
    switch (work->kind) {
    case PATH_SWEEP:
        return sweep_part(&work->out, &work->in, first, last, crew, sums);
    case PATH_BETWEENNESS:
        return betweenness_part(&work->out, &work->in, NULL, 0, first, last, crew, sums);
    case PATH_LENGTHS:
        break;
    }
    return paths_part(&work->out, &work->in, NULL, 0, first, last, work->wanted, crew, sums);
}

void path_work_add(const struct path_work *work, void *sums, const void *part)
{
    if (work->kind == PATH_SWEEP)
        sweep_add(sums, part, work->out.count);
    else if (work->kind == PATH_BETWEENNESS)
        dependency_add(sums, part, work->out.count);
    else
        paths_add(sums, part, work->out.count);
}

/* --------------------------------------------------------------------------------------------------------- as bytes */
/* A head, then of `out`, and of `in` unless they are the same lists: starts, distances (PATH_LENGTHS), peers. */
#define MAGIC UINT32_C(0x31575053) /* SPW1 */
struct head {
    uint32_t magic;
    uint8_t kind, betweenness, into, same;
    uint64_t count, out_arcs, in_arcs;
};

static bool same_lists(const struct path_work *work)
{
    return work->out.start == work->in.start;
}

static size_t list_bytes(uint64_t count, uint64_t arcs, bool lengths)
{
    return (count + 1) * sizeof(size_t) + arcs * ((lengths ? sizeof(double) : 0) + sizeof(int32_t));
}

static uint8_t *put(uint8_t *at, const void *from, size_t size)
{
    if (size > 0)
        memcpy(at, from, size);
    return at + size;
}

static uint8_t *put_lists(uint8_t *at, const struct adjacency *lists, bool lengths)
{
    at = put(at, lists->start, (lists->count + 1) * sizeof *lists->start);
    if (lengths)
        at = put(at, lists->distance, lists->arc_count * sizeof *lists->distance);
    return put(at, lists->peer, lists->arc_count * sizeof *lists->peer);
}

bool path_work_pack(const struct path_work *work, uint8_t **ret_bytes, size_t *ret_size)
{
    bool lengths = work->kind == PATH_LENGTHS;
    struct head head = {.magic = MAGIC,
                        .kind = (uint8_t)work->kind,
                        .betweenness = work->wanted.betweenness,
                        .into = work->wanted.in,
                        .same = same_lists(work),
                        .count = work->out.count,
                        .out_arcs = work->out.arc_count,
                        .in_arcs = same_lists(work) ? 0 : work->in.arc_count};
    size_t size = sizeof head + list_bytes(head.count, head.out_arcs, lengths) +
                  (head.same ? 0 : list_bytes(head.count, head.in_arcs, lengths));
    uint8_t *bytes = malloc(size), *at = bytes;
    if (!bytes)
        return false;
    at = put(at, &head, sizeof head);
    at = put_lists(at, &work->out, lengths);
    if (!head.same)
        put_lists(at, &work->in, lengths);
    *ret_bytes = bytes;
    *ret_size = size;
    return true;
}

static void *get(const uint8_t **at, size_t size)
{
    void *copy = malloc(size + 1);
    if (copy)
        memcpy(copy, *at, size);
    *at += size;
    return copy;
}

static enum crew_status get_lists(const uint8_t **at, uint64_t count, uint64_t arcs, bool lengths, struct adjacency *lists)
{
    *lists = (struct adjacency){.count = count, .arc_count = arcs};
    lists->start = get(at, (count + 1) * sizeof *lists->start);
    lists->distance = lengths ? get(at, arcs * sizeof *lists->distance) : NULL;
    lists->peer = get(at, arcs * sizeof *lists->peer);
    if (!lists->start || (lengths && !lists->distance) || !lists->peer)
        return CREW_NO_MEMORY;
    bool sound = lists->start[0] == 0 && lists->start[count] == arcs;
    for (size_t v = 0; v < count && sound; v++)
        sound = lists->start[v] <= lists->start[v + 1];
    for (size_t a = 0; a < arcs && sound; a++)
        sound = lists->peer[a] >= 0 && (uint64_t)lists->peer[a] < count && (!lengths || lists->distance[a] > 0);
    return sound ? CREW_OK : CREW_STOPPED;
}

enum crew_status path_work_unpack(const uint8_t *bytes, size_t size, struct path_work *ret_work)
{
    struct head head;
    *ret_work = (struct path_work){0};
    if (size < sizeof head)
        return CREW_STOPPED;
    memcpy(&head, bytes, sizeof head);
    bool lengths = head.kind == PATH_LENGTHS;
    if (head.magic != MAGIC || head.kind < PATH_SWEEP || head.kind > PATH_LENGTHS || head.count > INT32_MAX ||
        head.out_arcs > size || head.in_arcs > size || head.same > 1 || (head.same && head.in_arcs > 0) ||
        size != sizeof head + list_bytes(head.count, head.out_arcs, lengths) +
                    (head.same ? 0 : list_bytes(head.count, head.in_arcs, lengths)))
        return CREW_STOPPED;
    struct path_work work = {.kind = (enum path_kind)head.kind, .wanted = {.betweenness = head.betweenness, .in = head.into}};
    const uint8_t *at = bytes + sizeof head;
    enum crew_status status = get_lists(&at, head.count, head.out_arcs, lengths, &work.out);
    if (head.same)
        work.in = work.out;
    else if (status == CREW_OK)
        status = get_lists(&at, head.count, head.in_arcs, lengths, &work.in);
    if (status != CREW_OK) {
        path_work_release(&work);
        return status;
    }
    *ret_work = work;
    return CREW_OK;
}

static void lists_release(struct adjacency *lists)
{
    free(lists->start);
    free(lists->peer);
    free(lists->distance);
}

void path_work_release(struct path_work *work)
{
    if (!same_lists(work))
        lists_release(&work->in);
    lists_release(&work->out);
    *work = (struct path_work){0};
}

/* ------------------------------------------------------------------------------------------------------- the owner */
struct owner {
    const struct path_work *work;
    const struct crew *crew;
    void *sums, *scratch;
    bool *added; /* parts */
    size_t blocks, parts, added_count;
};

static bool proceed(void *arg, unsigned permille)
{
    const struct owner *owner = arg;
    size_t all = owner->added_count * 1000 + (owner->added_count < owner->parts ? permille : 0);
    return !owner->crew->proceed || owner->crew->proceed(owner->crew->arg, (unsigned)(all / owner->parts));
}

static void add(struct owner *owner, size_t part, const void *sums)
{
    path_work_add(owner->work, owner->sums, sums);
    owner->added[part] = true;
    owner->added_count++;
}

static enum crew_status compute(struct owner *owner, size_t part)
{
    struct crew crew = {.threads = owner->crew->threads, .vectors = owner->crew->vectors, .proceed = proceed, .arg = owner};
    memset(owner->scratch, 0, path_work_sum_bytes(owner->work));
    enum crew_status status = path_work_part(owner->work, path_part(owner->blocks, owner->parts, part),
                                             path_part(owner->blocks, owner->parts, part + 1), &crew, owner->scratch);
    if (status == CREW_OK)
        add(owner, part, owner->scratch);
    return status;
}

static enum crew_status wait_for_others(struct owner *owner)
{
    struct timespec pause = {.tv_nsec = WAIT_MS * 1000000L};
    nanosleep(&pause, NULL);
    return proceed(owner, 0) ? CREW_OK : CREW_STOPPED;
}

static enum crew_status compute_rest(struct owner *owner)
{
    enum crew_status status = CREW_OK;
    for (size_t part = 0; part < owner->parts && status == CREW_OK; part++)
        if (!owner->added[part])
            status = compute(owner, part);
    return status;
}

static enum crew_status take_turns(struct owner *owner, const struct path_share *share)
{
    enum crew_status status = CREW_OK;
    while (owner->added_count < owner->parts && status == CREW_OK) {
        size_t part = 0, size = 0;
        const void *sums = NULL;
        enum path_turn turn = share->turn(share->arg, &part, &sums, &size);
        bool known = part < owner->parts && !owner->added[part];
        if (turn == PATH_TURN_ALONE || (turn != PATH_TURN_WAIT && !known))
            return compute_rest(owner);
        if (turn == PATH_TURN_WAIT)
            status = wait_for_others(owner);
        else if (turn == PATH_TURN_ADD && size == path_work_sum_bytes(owner->work))
            add(owner, part, memcpy(owner->scratch, sums, size)); /* where it is aligned */
        else
            status = compute(owner, part); /* also what came back in a form that cannot be right */
        if (turn == PATH_TURN_COMPUTE && status == CREW_OK)
            share->done(share->arg, part);
    }
    return status;
}

/* 0: not worth it. */
static size_t parts_for(const struct path_work *work, const struct crew *crew, size_t blocks)
{
    if (!crew->share || !(crew->share->above_ms > 0))
        return 0;
    double here_ms = path_work_ms(work) / crew_threads(crew);
    if (here_ms <= crew->share->above_ms)
        return 0;
    double parts = here_ms / crew->share->above_ms * PATH_PARTS_LEAST;
    size_t most = blocks < PATH_PARTS_MAX ? blocks : PATH_PARTS_MAX;
    return parts < (double)most ? (size_t)parts : most;
}

static bool offer(const struct path_work *work, const struct path_share *share, size_t blocks, size_t parts)
{
    uint8_t *bytes;
    size_t size;
    if (!path_work_pack(work, &bytes, &size))
        return false;
    bool begun = share->begin(share->arg, bytes, size, blocks, parts);
    free(bytes);
    return begun;
}

enum crew_status path_work_run(const struct path_work *work, const struct crew *crew, void *sums)
{
    size_t blocks = path_work_blocks(work), parts = parts_for(work, crew, blocks);
    if (parts < 2)
        return path_work_part(work, 0, blocks, crew, sums);
    struct owner owner = {.work = work,
                          .crew = crew,
                          .sums = sums,
                          .scratch = malloc(path_work_sum_bytes(work) + 1),
                          .added = calloc(parts, sizeof *owner.added),
                          .blocks = blocks,
                          .parts = parts};
    enum crew_status status = CREW_NO_MEMORY;
    if (owner.scratch && owner.added && !offer(work, crew->share, blocks, parts)) {
        status = path_work_part(work, 0, blocks, crew, sums);
    } else if (owner.scratch && owner.added) {
        status = take_turns(&owner, crew->share);
        crew->share->end(crew->share->arg);
    }
    free(owner.scratch);
    free(owner.added);
    return status;
}

/* --------------------------------------------------------------------------------------------- what families ask for */
enum crew_status sweep_run(const struct adjacency *out, const struct adjacency *in, const struct crew *crew,
                           struct sweep *sweep)
{
    struct path_work work = {.kind = PATH_SWEEP, .out = *out, .in = *in};
    struct sweep_sum *sums = calloc(out->count + 1, sizeof *sums);
    if (!sums)
        return CREW_NO_MEMORY;
    enum crew_status status = path_work_run(&work, crew, sums);
    if (status == CREW_OK)
        sweep_finish(sums, out->count, sweep);
    free(sums);
    return status;
}

enum crew_status betweenness_run(const struct adjacency *out, const struct adjacency *in, bool directed,
                                 const struct crew *crew, double *ret_betweenness)
{
    struct path_work work = {.kind = PATH_BETWEENNESS, .out = *out, .in = *in};
    struct dependency *sums = calloc(out->count + 1, sizeof *sums);
    if (!sums)
        return CREW_NO_MEMORY;
    enum crew_status status = path_work_run(&work, crew, sums);
    if (status == CREW_OK)
        dependency_finish(sums, out->count, directed, ret_betweenness);
    free(sums);
    return status;
}

enum crew_status paths_run(const struct adjacency *out, const struct adjacency *in, bool directed, const struct crew *crew,
                           struct paths *paths)
{
    bool into = directed && (paths->in_reached || paths->in_sum || paths->in_inverse);
    bool together = !into || paths_in_fits(in);
    struct path_work work = {
        .kind = PATH_LENGTHS, .wanted = {.betweenness = paths->betweenness, .in = into && together}, .out = *out, .in = *in};
    struct paths_sum *sums = calloc(out->count + 1, sizeof *sums);
    if (!sums)
        return CREW_NO_MEMORY;
    enum crew_status status = path_work_run(&work, crew, sums);
    if (status == CREW_OK)
        paths_finish(sums, in, directed, paths);
    if (status == CREW_OK && !together) { /* searched against the direction, what is in becomes out */
        memset(sums, 0, out->count * sizeof *sums);
        work = (struct path_work){.kind = PATH_LENGTHS, .out = *in, .in = *out};
        status = path_work_run(&work, crew, sums);
        struct paths reversed = {.reached = paths->in_reached, .sum = paths->in_sum, .inverse = paths->in_inverse};
        if (status == CREW_OK)
            paths_finish(sums, in, directed, &reversed);
    }
    free(sums);
    return status;
}
