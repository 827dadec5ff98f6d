/* SPDX-License-Identifier: GPL-3.0-or-later
 * Contingency of two divisions, counted group by group.
 */
#include "partition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Items in the order of their group. */
struct sorted {
    size_t *start; /* count + 1: groups may be as many as items */
    int32_t *items;
};

static bool sort_items(struct sorted *ret_sorted, const int32_t *labels, size_t count)
{
    *ret_sorted = (struct sorted){calloc(count + 2, sizeof(size_t)), malloc((count + 1) * sizeof(int32_t))};
    if (!ret_sorted->start || !ret_sorted->items) {
        free(ret_sorted->start);
        free(ret_sorted->items);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        ret_sorted->start[labels[i] + 2]++;
    for (size_t g = 2; g <= count; g++)
        ret_sorted->start[g] += ret_sorted->start[g - 1];
    for (size_t i = 0; i < count; i++) /* moves each start to where its group ends, which is where the next one begins */
        ret_sorted->items[ret_sorted->start[labels[i] + 1]++] = (int32_t)i;
    return true;
}

static void release_sorted(struct sorted *sorted)
{
    free(sorted->start);
    free(sorted->items);
}

static double pairs(double size)
{
    return size * (size - 1) / 2;
}

/* p log p of a share, 0 at 0. */
static double information(double size, double count)
{
    return size > 0 ? size / count * log(size / count) : 0;
}

bool partition_agree(const int32_t *left, const int32_t *right, size_t count, struct partition_agreement *ret_agreement)
{
    *ret_agreement = (struct partition_agreement){NAN, NAN};
    if (count == 0)
        return true;
    struct sorted sorted;
    size_t *sizes = calloc(count, sizeof *sizes), *cell = calloc(count, sizeof *cell);
    if (!sizes || !cell || !sort_items(&sorted, left, count)) {
        free(sizes);
        free(cell);
        return false;
    }
    double n = (double)count, both = 0, first = 0, second = 0;       /* pairs together in both, in either */
    double joint = 0, first_information = 0, second_information = 0; /* sums of p log p */
    for (size_t g = 0; g < count; g++) {
        size_t begin = sorted.start[g], end = sorted.start[g + 1];
        for (size_t i = begin; i < end; i++)
            cell[right[sorted.items[i]]]++;
        for (size_t i = begin; i < end; i++) {
            size_t *shared = &cell[right[sorted.items[i]]];
            both += pairs((double)*shared);
            joint += information((double)*shared, n);
            *shared = 0;
        }
        first += pairs((double)(end - begin));
        first_information += information((double)(end - begin), n);
    }
    for (size_t i = 0; i < count; i++)
        sizes[right[i]]++;
    for (size_t g = 0; g < count; g++) {
        second += pairs((double)sizes[g]);
        second_information += information((double)sizes[g], n);
    }
    double all = pairs(n), expected = all > 0 ? first * second / all : 0, most = (first + second) / 2;
    ret_agreement->ari = most - expected != 0 ? (both - expected) / (most - expected) : 1;
    double entropies = -first_information - second_information;
    ret_agreement->nmi = entropies > 0 ? 2 * (joint - first_information - second_information) / entropies : 1;
    if (ret_agreement->nmi < 0) /* rounding */
        ret_agreement->nmi = 0;
    release_sorted(&sorted);
    free(sizes);
    free(cell);
    return true;
}

struct group {
    size_t size;
    int32_t first, label;
};

static int compare_groups(const void *left, const void *right)
{
    const struct group *a = left, *b = right;
    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

size_t partition_canonical(int32_t *labels, size_t count)
{
    struct group *groups = calloc(count + 1, sizeof *groups);
    int32_t *after = malloc((count + 1) * sizeof *after);
    size_t kept = 0;
    if (!groups || !after) {
        free(groups);
        free(after);
        return SIZE_MAX;
    }
    for (size_t i = count; i-- > 0;) {
        struct group *group = &groups[labels[i]];
        group->size++;
        group->first = (int32_t)i;
        group->label = labels[i];
    }
    for (size_t g = 0; g < count; g++)
        if (groups[g].size > 0)
            groups[kept++] = groups[g];
    if (kept > 1)
        qsort(groups, kept, sizeof *groups, compare_groups);
    for (size_t g = 0; g < kept; g++)
        after[groups[g].label] = (int32_t)g;
    for (size_t i = 0; i < count; i++)
        labels[i] = after[labels[i]];
    free(groups);
    free(after);
    return kept;
}

bool partition_stability(const int32_t *labels, const int32_t *divisions, size_t runs, size_t count, double *ret_together)
{
    struct sorted sorted;
    size_t *cell = calloc(count + 1, sizeof *cell);
    if (!cell || !sort_items(&sorted, labels, count)) {
        free(cell);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        ret_together[i] = 0;
    for (size_t r = 0; r < runs; r++) {
        const int32_t *division = divisions + r * count;
        for (size_t g = 0; g < count; g++) {
            for (size_t i = sorted.start[g]; i < sorted.start[g + 1]; i++)
                cell[division[sorted.items[i]]]++;
            for (size_t i = sorted.start[g]; i < sorted.start[g + 1]; i++)
                ret_together[sorted.items[i]] += (double)cell[division[sorted.items[i]]] - 1;
            for (size_t i = sorted.start[g]; i < sorted.start[g + 1]; i++)
                cell[division[sorted.items[i]]] = 0;
        }
    }
    for (size_t i = 0; i < count; i++) {
        double others = (double)(sorted.start[labels[i] + 1] - sorted.start[labels[i]]) - 1;
        ret_together[i] = others > 0 && runs > 0 ? ret_together[i] / (others * (double)runs) : NAN;
    }
    release_sorted(&sorted);
    free(cell);
    return true;
}
