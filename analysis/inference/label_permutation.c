/* SPDX-License-Identifier: GPL-3.0-or-later
 * Walks or draws labellings and gathers each statistic's null distribution.
 */
#include "label_permutation.h"

#include "random_stream.h"
#include "replicates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_labels(const void *left, const void *right)
{
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return (a > b) - (a < b);
}

static void sort_labels(int32_t *labels, size_t count)
{
    if (count > 1)
        qsort(labels, count, sizeof *labels, compare_labels);
}

/* The end of the stratum that begins at `from`. */
static size_t stratum_end(const int32_t *strata, size_t from, size_t count)
{
    size_t end = strata ? from + 1 : count;
    while (end < count && strata[end] == strata[from])
        end++;
    return end;
}

static void sort_strata(int32_t *labels, const int32_t *strata, size_t count)
{
    for (size_t from = 0, end; from < count; from = end) {
        end = stratum_end(strata, from, count);
        sort_labels(labels + from, end - from);
    }
}

double label_permutation_space(const int32_t *labels, const int32_t *strata, size_t count)
{
    int32_t *sorted = malloc((count + 1) * sizeof *sorted);
    if (!sorted)
        return INFINITY;
    if (count > 0)
        memcpy(sorted, labels, count * sizeof *sorted);
    sort_strata(sorted, strata, count);
    /* n! / (n1! n2! ...) of each stratum as a product of binomial steps, each exact while the product is small. */
    double space = 1;
    for (size_t from = 0, end; from < count && isfinite(space); from = end) {
        end = stratum_end(strata, from, count);
        size_t run = 0;
        for (size_t i = from; i < end && isfinite(space); i++) {
            run = i > from && sorted[i] == sorted[i - 1] ? run + 1 : 1;
            space = space * (double)(i - from + 1) / (double)run;
        }
    }
    free(sorted);
    return space;
}

/* The next labelling in lexicographic order; false after the last, which wraps around to the first. */
static bool next_in_stratum(int32_t *labels, size_t count)
{
    if (count < 2)
        return false;
    size_t pivot = count - 1;
    while (pivot > 0 && labels[pivot - 1] >= labels[pivot])
        pivot--;
    if (pivot > 0) {
        size_t other = count - 1;
        while (labels[other] <= labels[pivot - 1])
            other--;
        int32_t swap = labels[pivot - 1];
        labels[pivot - 1] = labels[other];
        labels[other] = swap;
    }
    for (size_t i = pivot, j = count - 1; i < j; i++, j--) {
        int32_t swap = labels[i];
        labels[i] = labels[j];
        labels[j] = swap;
    }
    return pivot > 0;
}

/* The strata turn like the wheels of a counter. */
static bool next_labelling(int32_t *labels, const int32_t *strata, size_t count)
{
    for (size_t from = 0, end; from < count; from = end) {
        end = stratum_end(strata, from, count);
        if (next_in_stratum(labels + from, end - from))
            return true;
    }
    return false;
}

static void draw(const struct label_permutation *plan, size_t number, int32_t *labels)
{
    struct random_stream stream;
    random_stream_init(&stream, plan->seed, number);
    memcpy(labels, plan->labels, plan->label_count * sizeof *labels);
    for (size_t from = 0, end; from < plan->label_count; from = end) {
        end = stratum_end(plan->strata, from, plan->label_count);
        random_stream_shuffle(&stream, labels + from, end - from);
    }
}

static void count_statistics(struct null_tally *tallies, const struct label_null *nulls, const double *values, size_t count)
{
    for (size_t s = 0; s < count; s++)
        null_tally_add(&tallies[s], values[s], nulls[s].observed);
}

/* ------------------------------------------------------------------------------------------------- several threads */
#define ROUND_VALUES ((size_t)1 << 20) /* of the labellings that are looked at before they are counted, in their order */
#define ROUND_MOST   256
#define ROUND_LEAST  16

struct round {
    const struct label_permutation *plan;
    unsigned first, total;
    size_t count;
    double *values; /* of each labelling in turn */
};
struct own {
    const struct label_permutation *plan;
    void *arg;
    int32_t *labels;
};

static void close_own(void *scratch)
{
    struct own *own = scratch;
    if (own->arg)
        own->plan->close(own->arg);
    free(own->labels);
    free(own);
}

static void *open_own(const void *arg)
{
    const struct round *round = arg;
    struct own *own = calloc(1, sizeof *own);
    if (!own)
        return NULL;
    own->plan = round->plan;
    own->labels = malloc((own->plan->label_count + 1) * sizeof *own->labels);
    own->arg = own->plan->open(own->plan->arg);
    if (own->labels && own->arg)
        return own;
    close_own(own);
    return NULL;
}

static enum replicates_status look(const void *arg, void *scratch, size_t replicate, struct replicates_watch *watch)
{
    const struct round *round = arg;
    struct own *own = scratch;
    (void)watch; /* a labelling is a blink */
    draw(round->plan, round->first + replicate, own->labels);
    round->plan->statistics(own->arg, own->labels, round->values + replicate * round->plan->statistic_count);
    return REPLICATES_OK;
}

static bool round_proceeds(void *arg, unsigned permille)
{
    const struct round *round = arg;
    double done = round->first + (double)round->count * permille / 1000;
    return !round->plan->proceed || round->plan->proceed(round->plan->arg, (unsigned)(done * 1000 / round->total));
}

static enum label_permutation_status run_threads(const struct label_permutation *plan, const struct label_null *nulls,
                                                 struct null_tally *tallies)
{
    size_t most = ROUND_VALUES / (plan->statistic_count + 1);
    most = most > ROUND_MOST ? ROUND_MOST : most < ROUND_LEAST ? ROUND_LEAST : most;
    struct round round = {.plan = plan, .total = plan->permutations};
    round.values = malloc((most * plan->statistic_count + 1) * sizeof *round.values);
    enum replicates_status status = round.values ? REPLICATES_OK : REPLICATES_NO_MEMORY;
    for (; status == REPLICATES_OK && round.first < round.total; round.first += (unsigned)round.count) {
        round.count = round.total - round.first < most ? round.total - round.first : most;
        struct replicates replicates = {.count = round.count,
                                        .threads = plan->threads,
                                        .open = open_own,
                                        .close = close_own,
                                        .run = look,
                                        .arg = &round,
                                        .proceed = round_proceeds,
                                        .proceed_arg = &round};
        status = replicates_run(&replicates);
        for (size_t r = 0; r < round.count && status == REPLICATES_OK; r++)
            count_statistics(tallies, nulls, round.values + r * plan->statistic_count, plan->statistic_count);
    }
    free(round.values);
    return status == REPLICATES_OK        ? LABEL_PERMUTATION_OK
           : status == REPLICATES_STOPPED ? LABEL_PERMUTATION_STOPPED
                                          : LABEL_PERMUTATION_NO_MEMORY;
}

enum label_permutation_status label_permutation_run(const struct label_permutation *plan, struct label_null *ret_nulls,
                                                    bool *ret_exact, unsigned *ret_count)
{
    enum label_permutation_status status = LABEL_PERMUTATION_NO_MEMORY;
    double space = label_permutation_space(plan->labels, plan->strata, plan->label_count);
    bool exact = space <= LABEL_PERMUTATION_EXACT_MAX;
    unsigned total = exact ? (unsigned)llround(space) : plan->permutations, done = 0, asked_at = 0;
    int32_t *labels = malloc((plan->label_count + 1) * sizeof *labels);
    double *values = calloc(plan->statistic_count + 1, sizeof *values);
    struct null_tally *tallies = calloc(plan->statistic_count + 1, sizeof *tallies);
    if (!labels || !values || !tallies)
        goto out;

    plan->statistics(plan->arg, plan->labels, values);
    for (size_t s = 0; s < plan->statistic_count; s++)
        ret_nulls[s].observed = values[s];
    if (plan->label_count > 0)
        memcpy(labels, plan->labels, plan->label_count * sizeof *labels);
    if (exact)
        sort_strata(labels, plan->strata, plan->label_count);

    if (!exact && plan->open) {
        status = run_threads(plan, ret_nulls, tallies);
        if (status != LABEL_PERMUTATION_OK)
            goto out;
        done = total;
    }
    while (done < total) {
        unsigned permille = (unsigned)(done * 1000.0 / total);
        bool asked = done > 0 && permille == asked_at; /* a thousand questions are enough for a hundred thousand labellings */
        asked_at = permille;
        if (plan->proceed && !asked && !plan->proceed(plan->arg, permille)) {
            status = LABEL_PERMUTATION_STOPPED;
            goto out;
        }
        if (!exact)
            draw(plan, done, labels);
        plan->statistics(plan->arg, labels, values);
        count_statistics(tallies, ret_nulls, values, plan->statistic_count);
        done++;
        if (exact && !next_labelling(labels, plan->strata, plan->label_count))
            break;
    }
    for (size_t s = 0; s < plan->statistic_count; s++)
        ret_nulls[s] = null_tally_finish(&tallies[s], ret_nulls[s].observed, exact);
    *ret_exact = exact;
    *ret_count = done;
    status = LABEL_PERMUTATION_OK;
out:
    free(labels);
    free(values);
    free(tallies);
    return status;
}
