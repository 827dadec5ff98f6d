/* SPDX-License-Identifier: GPL-3.0-or-later
 * Observed and expected answers with their covariance in one pass over the ordered times; then a quadratic form.
 */
#include "logrank.h"

#include "label_permutation.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define THREADS_FROM 1e7  /* relabelled members in all: for fewer, threads cost more than they give */
#define SINGULAR     1e-9 /* of the largest variance: less is a group that cannot be told from the others together */

static int compare_times(const void *left, const void *right)
{
    const struct logrank_time *a = left, *b = right;
    if (a->stratum != b->stratum)
        return a->stratum < b->stratum ? -1 : 1;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->answered != b->answered)
        return a->answered ? -1 : 1;
    return (a->group > b->group) - (a->group < b->group);
}

struct sums {
    struct logrank_group *groups;
    double *covariance; /* group_count squared; NULL beyond LOGRANK_GROUPS_MAX */
    double *at_risk;    /* of the stratum, by group */
    double *scores;     /* by time */
};

static size_t stratum_end(const struct logrank_time *times, size_t from, size_t count)
{
    size_t end = from;
    while (end < count && times[end].stratum == times[from].stratum)
        end++;
    return end;
}

/* One stratum, times[from..end). */
static void add_stratum(const struct logrank_plan *plan, size_t from, size_t end, struct sums *sums)
{
    const struct logrank_time *times = plan->times;
    size_t groups = plan->group_count;
    double hazard = 0;
    for (size_t g = 0; g < groups; g++)
        sums->at_risk[g] = 0;
    for (size_t i = from; i < end; i++)
        sums->at_risk[times[i].group]++;
    for (size_t i = from, next; i < end; i = next) {
        double n = (double)(end - i), answers = 0;
        for (next = i; next < end && times[next].time <= times[i].time; next++)
            answers += times[next].answered;
        if (answers > 0) {
            hazard += answers / n;
            double spread = n > 1 ? answers * (n - answers) / (n * n * (n - 1)) : 0;
            for (size_t g = 0; g < groups; g++) {
                double mine = sums->at_risk[g];
                if (mine <= 0)
                    continue;
                sums->groups[g].expected += answers * mine / n;
                sums->groups[g].variance += spread * mine * (n - mine);
                if (!sums->covariance)
                    continue;
                double *row = &sums->covariance[g * groups];
                row[g] += spread * mine * n;
                for (size_t h = 0; h < groups; h++)
                    row[h] -= spread * mine * sums->at_risk[h];
            }
        }
        for (size_t m = i; m < next; m++) {
            sums->scores[m] = (double)times[m].answered - hazard;
            sums->groups[times[m].group].observed += times[m].answered;
            sums->groups[times[m].group].count++;
            sums->at_risk[times[m].group]--;
        }
    }
}

/* d' V^- d by elimination with the largest remaining variance first; groups whose variance is used up are left out. */
static double quadratic(double *v, double *d, size_t n, double *ret_degrees)
{
    double largest = 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, v[i * n + i]);
    *ret_degrees = 0;
    for (;;) {
        size_t pivot = 0;
        for (size_t i = 1; i < n; i++)
            if (v[i * n + i] > v[pivot * n + pivot])
                pivot = i;
        double variance = v[pivot * n + pivot];
        if (!(variance > SINGULAR * largest))
            return sum;
        sum += d[pivot] * d[pivot] / variance;
        (*ret_degrees)++;
        for (size_t i = 0; i < n; i++) {
            double factor = v[i * n + pivot] / variance;
            if (i == pivot || factor == 0)
                continue;
            d[i] -= factor * d[pivot];
            for (size_t j = 0; j < n; j++)
                if (j != pivot)
                    v[i * n + j] -= factor * v[pivot * n + j];
        }
        v[pivot * n + pivot] = 0; /* done with */
        for (size_t j = 0; j < n; j++)
            v[pivot * n + j] = v[j * n + pivot] = 0;
    }
}

struct relabelled {
    const struct logrank_plan *plan;
    const double *scores;
    const struct logrank_group *groups;
    double *sums;
};

/* First the sum over groups of (observed - expected)^2 / members, the form of Kruskal & Wallis 1952 on the scores; then each
 * group's |observed - expected|. */
static void statistics(void *arg, const int32_t *labels, double *ret_statistics)
{
    const struct relabelled *relabelled = arg;
    const struct logrank_plan *plan = relabelled->plan;
    for (size_t g = 0; g < plan->group_count; g++)
        relabelled->sums[g] = 0;
    for (size_t i = 0; i < plan->count; i++)
        relabelled->sums[labels[i]] += relabelled->scores[i];
    ret_statistics[0] = 0;
    for (size_t g = 0; g < plan->group_count; g++) {
        ret_statistics[1 + g] = fabs(relabelled->sums[g]);
        if (relabelled->groups[g].count > 0)
            ret_statistics[0] += relabelled->sums[g] * relabelled->sums[g] / relabelled->groups[g].count;
    }
}

/* What a thread has of its own: the sums. */
static void *open_relabelled(const void *arg)
{
    struct relabelled *own = malloc(sizeof *own);
    if (!own)
        return NULL;
    *own = *(const struct relabelled *)arg;
    own->sums = malloc((own->plan->group_count + 1) * sizeof *own->sums);
    if (own->sums)
        return own;
    free(own);
    return NULL;
}

static void close_relabelled(void *own)
{
    free(((struct relabelled *)own)->sums);
    free(own);
}

static bool proceed(void *arg, unsigned permille)
{
    const struct logrank_plan *plan = ((struct relabelled *)arg)->plan;
    return !plan->proceed || plan->proceed(plan->arg, permille);
}

static bool few_expected(const struct logrank_group *group, double all)
{
    return group->expected < LOGRANK_EXPECTED_MIN || all - group->expected < LOGRANK_EXPECTED_MIN;
}

static enum logrank_status relabel(const struct logrank_plan *plan, const struct sums *sums, double all,
                                   struct logrank_test *test)
{
    struct relabelled relabelled = {plan, sums->scores, sums->groups, sums->at_risk};
    struct label_permutation permutation = {.label_count = plan->count,
                                            .statistic_count = 1 + plan->group_count,
                                            .permutations = plan->permutations,
                                            .seed = plan->seed,
                                            .statistics = statistics,
                                            .proceed = proceed,
                                            .arg = &relabelled};
    if ((double)plan->count * plan->permutations > THREADS_FROM) {
        permutation.threads = plan->threads;
        permutation.open = open_relabelled;
        permutation.close = close_relabelled;
    }
    int32_t *labels = malloc((2 * plan->count + 1) * sizeof *labels);
    struct label_null *nulls = malloc(permutation.statistic_count * sizeof *nulls);
    enum logrank_status status = LOGRANK_NO_MEMORY;
    bool exact;
    unsigned count;
    if (!labels || !nulls)
        goto out;
    for (size_t i = 0; i < plan->count; i++) {
        labels[i] = plan->times[i].group;
        labels[plan->count + i] = plan->times[i].stratum;
    }
    permutation.labels = labels;
    permutation.strata = labels + plan->count;
    switch (label_permutation_run(&permutation, nulls, &exact, &count)) {
    case LABEL_PERMUTATION_OK:
        status = LOGRANK_OK;
        break;
    case LABEL_PERMUTATION_STOPPED:
        status = LOGRANK_STOPPED;
        goto out;
    case LABEL_PERMUTATION_NO_MEMORY:
        goto out;
    }
    enum logrank_method method = exact ? LOGRANK_EXACT : LOGRANK_PERMUTATION;
    test->p = nulls[0].p_high;
    test->method = method;
    for (size_t g = 0; g < plan->group_count; g++) {
        struct logrank_group *group = &sums->groups[g];
        if (group->method == LOGRANK_NONE || !few_expected(group, all))
            continue;
        group->p = nulls[1 + g].p_high;
        group->method = method;
    }
out:
    free(labels);
    free(nulls);
    return status;
}

enum logrank_status logrank_run(const struct logrank_plan *plan, struct logrank_group *ret_groups,
                                struct logrank_test *ret_test)
{
    size_t n = plan->group_count, square = n <= LOGRANK_GROUPS_MAX ? n * n : 0;
    double *room = calloc(square + 2 * n + plan->count + 1, sizeof *room), all = 0;
    *ret_test = (struct logrank_test){NAN, 0, NAN, NAN, LOGRANK_NONE};
    for (size_t g = 0; g < n; g++)
        ret_groups[g] = (struct logrank_group){.p = NAN};
    if (!room)
        return LOGRANK_NO_MEMORY;
    struct sums sums = {ret_groups, square ? room : NULL, room + square, room + square + 2 * n};
    double *differences = room + square + n;
    if (plan->count > 1)
        qsort(plan->times, plan->count, sizeof *plan->times, compare_times);
    for (size_t from = 0, end; from < plan->count; from = end) {
        end = stratum_end(plan->times, from, plan->count);
        add_stratum(plan, from, end, &sums);
    }
    for (size_t g = 0; g < n; g++)
        all += ret_groups[g].expected;
    bool few = false, any = false;
    for (size_t g = 0; g < n; g++) {
        struct logrank_group *group = &ret_groups[g];
        differences[g] = group->observed - group->expected;
        if (!(group->variance > SINGULAR))
            continue;
        any = true;
        few = few || few_expected(group, all);
        group->p = gsl_cdf_chisq_Q(differences[g] * differences[g] / group->variance, 1);
        group->method = LOGRANK_ASYMPTOTIC;
    }
    if (any && square) {
        ret_test->chi_squared = quadratic(sums.covariance, differences, n, &ret_test->degrees);
        ret_test->p = ret_test->p_asymptotic = gsl_cdf_chisq_Q(ret_test->chi_squared, ret_test->degrees);
        ret_test->method = LOGRANK_ASYMPTOTIC;
    }
    enum logrank_status status = few ? relabel(plan, &sums, all, ret_test) : LOGRANK_OK;
    free(room);
    return status;
}
