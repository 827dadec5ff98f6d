/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bit rows, the value of one set, all sets in order, and the exchange.
 */
#include "kpp.h"

#include "random_stream.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SAME_VALUE    1e-12   /* sums of the same fractions in another order differ in the last bits */
#define PROCEED_WORDS 4000000 /* about so many words of bits between two questions: some milliseconds */

struct kpp {
    size_t count, words; /* actors; 64-bit words a row */
    uint64_t *row;       /* neighbours of each actor */
    uint64_t *near[2];   /* actors within t and t + 1 steps of each */
    uint64_t *component; /* the component of each, of those left */
    uint64_t *left;      /* actors not in the set */
    size_t *start;       /* lists of neighbours, those with many neighbours first: they fill a row soonest */
    int32_t *peer;
    double *closeness; /* count x count: 1 / distance, 1 for oneself, 0 without a path */
    double *reach;     /* KPP_SET_MAX + 1 rows: the best closeness to the first members of a set */
    size_t work;       /* words since the last question */
};

static inline void row_copy(uint64_t *to, const uint64_t *from, size_t words)
{
    for (size_t w = 0; w < words; w++)
        to[w] = from[w];
}

static inline size_t row_size(const uint64_t *row, size_t words)
{
    size_t size = 0;
    for (size_t w = 0; w < words; w++)
        size += (size_t)__builtin_popcountll(row[w]);
    return size;
}

static inline bool row_equal(const uint64_t *one, const uint64_t *two, size_t words)
{
    uint64_t differ = 0;
    for (size_t w = 0; w < words; w++)
        differ |= one[w] ^ two[w];
    return differ == 0;
}

static inline bool row_has(const uint64_t *row, size_t actor)
{
    return row[actor / 64] >> actor % 64 & 1;
}

/* Fills component[] of everybody left; returns the sum of s (s - 1). `near` is scratch. */
static inline __attribute__((always_inline)) double components(struct kpp *kpp, size_t words)
{
    uint64_t *open = kpp->near[0], *seen = kpp->near[1];
    double pairs = 0;
    memset(seen, 0, words * sizeof *seen);
    for (size_t root = 0; root < kpp->count; root++) {
        if (!row_has(kpp->left, root) || row_has(seen, root))
            continue;
        uint64_t *own = &kpp->component[root * words];
        memset(own, 0, words * sizeof *own);
        memset(open, 0, words * sizeof *open);
        open[root / 64] = own[root / 64] = UINT64_C(1) << root % 64;
        for (size_t w = 0; w < words;) {
            if (open[w] == 0) {
                w++;
                continue;
            }
            size_t actor = w * 64 + (size_t)__builtin_ctzll(open[w]);
            open[w] &= open[w] - 1;
            size_t first = words;
            for (size_t x = 0; x < words; x++) {
                uint64_t fresh = kpp->row[actor * words + x] & kpp->left[x] & ~own[x];
                own[x] |= fresh;
                open[x] |= fresh;
                if (fresh && first == words)
                    first = x;
            }
            if (first < w)
                w = first;
        }
        double size = (double)row_size(own, words);
        pairs += size * (size - 1);
        for (size_t w = 0; w < words; w++)
            seen[w] |= own[w];
        for (size_t v = root + 1; v < kpp->count; v++)
            if (row_has(own, v))
                row_copy(&kpp->component[v * words], own, words);
    }
    kpp->work += 3 * kpp->count * words;
    return pairs;
}

/* Sum of 1/d over the ordered pairs left; component[] is filled. Everybody's searches go one step further at a time, until each
 * has its whole component. */
static inline __attribute__((always_inline)) double nearness(struct kpp *kpp, size_t words)
{
    double sum = 0;
    size_t found = 0;
    bool growing = false;
    for (size_t v = 0; v < kpp->count; v++) {
        uint64_t *own = &kpp->near[0][v * words];
        if (!row_has(kpp->left, v)) { /* adds nothing to its neighbours' rows */
            memset(own, 0, words * sizeof *own);
            memset(&kpp->near[1][v * words], 0, words * sizeof *own);
            continue;
        }
        for (size_t w = 0; w < words; w++)
            own[w] = kpp->row[v * words + w] & kpp->left[w];
        own[v / 64] |= UINT64_C(1) << v % 64;
        row_copy(&kpp->near[1][v * words], own, words);
        found += row_size(own, words) - 1;
        growing = growing || !row_equal(own, &kpp->component[v * words], words);
    }
    sum += (double)found;
    kpp->work += 3 * kpp->count * words;
    for (size_t steps = 2; growing; steps++) {
        const uint64_t *before = kpp->near[steps % 2];
        uint64_t *after = kpp->near[(steps + 1) % 2];
        found = 0;
        growing = false;
        for (size_t v = 0; v < kpp->count; v++) {
            const uint64_t *own = &before[v * words], *whole = &kpp->component[v * words];
            if (!row_has(kpp->left, v) || row_equal(own, whole, words))
                continue;
            uint64_t *more = &after[v * words];
            row_copy(more, own, words);
            size_t a = kpp->start[v];
            for (; a < kpp->start[v + 1]; a++) {
                const uint64_t *peer = &before[(size_t)kpp->peer[a] * words];
                for (size_t w = 0; w < words; w++)
                    more[w] |= peer[w];
                if (row_equal(more, whole, words))
                    break;
            }
            kpp->work += (a - kpp->start[v]) * words;
            found += row_size(more, words) - row_size(own, words);
        }
        for (size_t v = 0; v < kpp->count; v++) { /* who has finished stands in both from now on */
            if (!row_has(kpp->left, v) || row_equal(&before[v * words], &kpp->component[v * words], words))
                continue;
            bool whole = row_equal(&after[v * words], &kpp->component[v * words], words);
            if (whole)
                row_copy(&kpp->near[steps % 2][v * words], &after[v * words], words);
            growing = growing || !whole;
        }
        sum += (double)found / (double)steps;
    }
    return sum;
}

/* The compiler unrolls rows whose length it knows: up to 320 actors, several times faster. */
#define BY_WORDS(function, kpp)                                                                                                \
    ((kpp)->words == 1   ? function(kpp, 1)                                                                                    \
     : (kpp)->words == 2 ? function(kpp, 2)                                                                                    \
     : (kpp)->words == 3 ? function(kpp, 3)                                                                                    \
     : (kpp)->words == 4 ? function(kpp, 4)                                                                                    \
     : (kpp)->words == 5 ? function(kpp, 5)                                                                                    \
                         : function(kpp, (kpp)->words))

/* F and, when asked for, D_F of what is left. */
static void break_up(struct kpp *kpp, size_t left_count, double *ret_fragmentation, double *ret_distance_fragmentation)
{
    double pairs = (double)left_count * ((double)left_count - 1);
    if (left_count < 2) {
        *ret_fragmentation = NAN;
        if (ret_distance_fragmentation)
            *ret_distance_fragmentation = NAN;
        return;
    }
    *ret_fragmentation = 1 - BY_WORDS(components, kpp) / pairs;
    if (ret_distance_fragmentation)
        *ret_distance_fragmentation = 1 - BY_WORDS(nearness, kpp) / pairs;
}

static double reach_of(const double *reach, size_t count)
{
    double sums[4] = {0};
    size_t v = 0;
    for (; v + 4 <= count; v += 4)
        for (size_t lane = 0; lane < 4; lane++)
            sums[lane] += reach[v + lane];
    for (; v < count; v++)
        sums[0] += reach[v];
    return (sums[0] + sums[1] + (sums[2] + sums[3])) / (double)count;
}

static void reach_add(const struct kpp *kpp, size_t depth, int32_t member)
{
    const double *before = &kpp->reach[depth * kpp->count], *own = &kpp->closeness[(size_t)member * kpp->count];
    double *after = &kpp->reach[(depth + 1) * kpp->count];
    for (size_t v = 0; v < kpp->count; v++)
        after[v] = before[v] > own[v] ? before[v] : own[v];
}

static void leave(struct kpp *kpp, int32_t actor, bool left)
{
    uint64_t bit = UINT64_C(1) << (size_t)actor % 64;
    if (left)
        kpp->left[(size_t)actor / 64] |= bit;
    else
        kpp->left[(size_t)actor / 64] &= ~bit;
}

double kpp_value(struct kpp *kpp, enum kpp_measure measure, const int32_t *set, size_t size)
{
    if (measure == KPP_REACH) {
        for (size_t i = 0; i < size; i++)
            reach_add(kpp, i, set[i]);
        kpp->work += size * kpp->count;
        return kpp->count > 0 ? reach_of(&kpp->reach[size * kpp->count], kpp->count) : NAN;
    }
    double fragmentation, distance_fragmentation = NAN;
    for (size_t i = 0; i < size; i++)
        leave(kpp, set[i], false);
    break_up(kpp, kpp->count - size, &fragmentation, measure == KPP_DISTANCE_FRAGMENTATION ? &distance_fragmentation : NULL);
    for (size_t i = 0; i < size; i++)
        leave(kpp, set[i], true);
    return measure == KPP_FRAGMENTATION ? fragmentation : distance_fragmentation;
}

/* Breadth-first distances from everybody, and the lists with well-connected neighbours first. */
static bool prepare(struct kpp *kpp, const struct adjacency *both)
{
    size_t n = kpp->count;
    int32_t *queue = malloc((n + 1) * sizeof *queue);
    if (!queue)
        return false;
    for (size_t source = 0; source < n; source++) {
        double *own = &kpp->closeness[source * n];
        size_t head = 0, tail = 0;
        queue[tail++] = (int32_t)source;
        own[source] = 1;
        while (head < tail) {
            size_t u = (size_t)queue[head++];
            double steps = u == source ? 1 : round(1 / own[u]) + 1;
            for (size_t a = both->start[u]; a < both->start[u + 1]; a++) {
                size_t v = (size_t)both->peer[a];
                if (own[v] == 0) {
                    own[v] = 1 / steps;
                    queue[tail++] = (int32_t)v;
                }
            }
        }
    }
    free(queue);
    for (size_t v = 0; v < n; v++) {
        int32_t *peers = &kpp->peer[both->start[v]];
        size_t count = adjacency_degree(both, v);
        for (size_t i = 0; i < count; i++) { /* insertion: lists are short, and equal ones stay in order */
            int32_t peer = both->peer[both->start[v] + i];
            size_t at = i;
            for (; at > 0 && adjacency_degree(both, (size_t)peers[at - 1]) < adjacency_degree(both, (size_t)peer); at--)
                peers[at] = peers[at - 1];
            peers[at] = peer;
            kpp->row[v * kpp->words + (size_t)peer / 64] |= UINT64_C(1) << (size_t)peer % 64;
        }
        kpp->start[v + 1] = both->start[v + 1];
        leave(kpp, (int32_t)v, true);
    }
    return true;
}

struct kpp *kpp_create(const struct adjacency *both)
{
    size_t n = both->count, words = (n + 63) / 64;
    assert(n <= KPP_ACTORS_MAX);
    struct kpp *kpp = calloc(1, sizeof *kpp);
    if (!kpp)
        return NULL;
    kpp->count = n;
    kpp->words = words;
    kpp->row = calloc(n * words + 1, sizeof *kpp->row);
    kpp->near[0] = calloc(n * words + 1, sizeof *kpp->near[0]);
    kpp->near[1] = calloc(n * words + 1, sizeof *kpp->near[1]);
    kpp->component = calloc(n * words + 1, sizeof *kpp->component);
    kpp->left = calloc(words + 1, sizeof *kpp->left);
    kpp->start = calloc(n + 1, sizeof *kpp->start);
    kpp->peer = calloc(both->arc_count + 1, sizeof *kpp->peer);
    kpp->closeness = calloc(n * n + 1, sizeof *kpp->closeness);
    kpp->reach = calloc((KPP_SET_MAX + 1) * n + 1, sizeof *kpp->reach);
    if (!kpp->row || !kpp->near[0] || !kpp->near[1] || !kpp->component || !kpp->left || !kpp->start || !kpp->peer ||
        !kpp->closeness || !kpp->reach || !prepare(kpp, both)) {
        kpp_destroy(kpp);
        return NULL;
    }
    return kpp;
}

void kpp_destroy(struct kpp *kpp)
{
    if (!kpp)
        return;
    free(kpp->row);
    free(kpp->near[0]);
    free(kpp->near[1]);
    free(kpp->component);
    free(kpp->left);
    free(kpp->start);
    free(kpp->peer);
    free(kpp->closeness);
    free(kpp->reach);
    free(kpp);
}

/* -------------------------------------------------------------------------------------------------------- searching */
struct hunt {
    struct kpp *kpp;
    size_t size;
    struct kpp_best *best; /* KPP_MEASURES */
    bool (*proceed)(void *arg, unsigned permille);
    void *arg;
    unsigned told;
    bool stopped;
};

/* Asks now and then whether to go on. */
static bool go_on(struct hunt *hunt, double part)
{
    if (hunt->kpp->work < PROCEED_WORDS)
        return true;
    hunt->kpp->work = 0;
    unsigned permille = (unsigned)(part * 1000);
    hunt->told = permille > hunt->told ? permille : hunt->told;
    hunt->stopped = hunt->stopped || (hunt->proceed && !hunt->proceed(hunt->arg, hunt->told));
    return !hunt->stopped;
}

static void consider(struct kpp_best *best, double value, const int32_t *set, size_t size)
{
    if (isnan(value) || value < best->value - SAME_VALUE)
        return;
    if (isnan(best->value) || value > best->value + SAME_VALUE) {
        best->value = value;
        best->found = 0;
        best->kept = 0;
    }
    best->found++;
    if (best->kept < KPP_KEPT)
        memcpy(best->sets[best->kept++], set, size * sizeof *set);
}

double kpp_set_count(size_t actors, size_t size)
{
    double count = 1;
    for (size_t i = 0; i < size; i++)
        count = count * (double)(actors - i) / (double)(i + 1);
    return size > actors ? 0 : round(count);
}

/* All sets in lexicographic order; what belongs to the first members is kept while only later ones change. */
static void all_sets(struct hunt *hunt)
{
    struct kpp *kpp = hunt->kpp;
    size_t n = kpp->count, size = hunt->size;
    double total = kpp_set_count(n, size), tried = 0;
    int32_t set[KPP_SET_MAX];
    for (size_t i = 0; i < size; i++) {
        set[i] = (int32_t)i;
        leave(kpp, set[i], false);
        reach_add(kpp, i, set[i]);
    }
    for (;;) {
        double fragmentation, distance_fragmentation;
        break_up(kpp, n - size, &fragmentation, &distance_fragmentation);
        consider(&hunt->best[KPP_FRAGMENTATION], fragmentation, set, size);
        consider(&hunt->best[KPP_DISTANCE_FRAGMENTATION], distance_fragmentation, set, size);
        consider(&hunt->best[KPP_REACH], reach_of(&kpp->reach[size * n], n), set, size);
        kpp->work += n;
        tried++;
        if (!go_on(hunt, tried / total))
            break;
        size_t at = size;
        while (at > 0 && (size_t)set[at - 1] == n - size + at - 1)
            at--;
        if (at == 0)
            break;
        for (size_t i = at - 1; i < size; i++)
            leave(kpp, set[i], true);
        set[at - 1]++;
        for (size_t i = at; i < size; i++)
            set[i] = set[i - 1] + 1;
        for (size_t i = at - 1; i < size; i++) {
            leave(kpp, set[i], false);
            reach_add(kpp, i, set[i]);
        }
    }
    for (size_t i = 0; i < size; i++)
        leave(kpp, set[i], true);
    for (size_t m = 0; m < KPP_MEASURES; m++) {
        hunt->best[m].exact = true;
        hunt->best[m].tried = tried;
    }
}

static bool member(const int32_t *set, size_t size, int32_t actor)
{
    for (size_t i = 0; i < size; i++)
        if (set[i] == actor)
            return true;
    return false;
}

/* Puts the actor at `place` of the set that makes it best; false when none is better than `value`, which is written on. */
static bool best_at(struct hunt *hunt, enum kpp_measure measure, int32_t *set, size_t size, size_t place, double *value,
                    double part)
{
    int32_t own = set[place], chosen = -1;
    for (size_t v = 0; v < hunt->kpp->count && go_on(hunt, part); v++) {
        set[place] = own;
        if (member(set, place, (int32_t)v) || (place < size && member(set + place, size - place, (int32_t)v)))
            continue;
        set[place] = (int32_t)v;
        double tried = kpp_value(hunt->kpp, measure, set, place < size ? size : place + 1);
        hunt->best[measure].tried++;
        if (isnan(*value) || tried > *value + SAME_VALUE) {
            *value = tried;
            chosen = (int32_t)v;
        }
    }
    set[place] = chosen < 0 ? own : chosen;
    return chosen >= 0;
}

static int compare_members(const void *left, const void *right)
{
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return (a > b) - (a < b);
}

static bool known(const struct kpp_best *best, const int32_t *set, size_t size)
{
    for (size_t i = 0; i < best->kept; i++)
        if (memcmp(best->sets[i], set, size * sizeof *set) == 0)
            return true;
    return false;
}

/* From a start to a set that no exchange of one member improves. */
static void exchange(struct hunt *hunt, enum kpp_measure measure, size_t start, uint64_t seed)
{
    size_t size = hunt->size, n = hunt->kpp->count;
    double part = ((double)measure * KPP_STARTS + (double)start) / (KPP_MEASURES * KPP_STARTS), value = NAN;
    int32_t set[KPP_SET_MAX];
    if (start == 0) {
        for (size_t i = 0; i < size; i++) {
            value = NAN;
            set[i] = -1;
            best_at(hunt, measure, set, i, i, &value, part);
        }
    } else {
        struct random_stream stream;
        random_stream_init(&stream, seed, start);
        for (size_t i = 0; i < size;) {
            set[i] = (int32_t)random_stream_below(&stream, n);
            i += !member(set, i, set[i]);
        }
        value = kpp_value(hunt->kpp, measure, set, size);
    }
    for (bool better = true; better && !hunt->stopped;) {
        better = false;
        for (size_t place = 0; place < size && !hunt->stopped; place++)
            better = best_at(hunt, measure, set, size, place, &value, part) || better;
    }
    if (hunt->stopped)
        return;
    qsort(set, size, sizeof *set, compare_members);
    value = kpp_value(hunt->kpp, measure, set, size); /* members in order: the same bits from every start */
    struct kpp_best *best = &hunt->best[measure];
    bool higher = isnan(best->value) || value > best->value + SAME_VALUE;
    if (higher || (best->kept < KPP_KEPT && !known(best, set, size)))
        consider(best, value, set, size);
}

enum kpp_status kpp_search(struct kpp *kpp, size_t size, uint64_t seed, struct kpp_best ret_best[KPP_MEASURES],
                           bool (*proceed)(void *arg, unsigned permille), void *arg)
{
    assert(size >= 1 && size <= KPP_SET_MAX && size <= kpp->count);
    struct hunt hunt = {.kpp = kpp, .size = size, .best = ret_best, .proceed = proceed, .arg = arg};
    for (size_t m = 0; m < KPP_MEASURES; m++)
        ret_best[m] = (struct kpp_best){.value = NAN};
    if (proceed && !proceed(arg, 0))
        return KPP_STOPPED;
    if (kpp_set_count(kpp->count, size) <= KPP_EXACT_MAX) {
        all_sets(&hunt);
    } else {
        for (size_t m = 0; m < KPP_MEASURES; m++)
            for (size_t start = 0; start < KPP_STARTS && !hunt.stopped; start++)
                exchange(&hunt, (enum kpp_measure)m, start, seed);
    }
    return hunt.stopped ? KPP_STOPPED : KPP_OK;
}
