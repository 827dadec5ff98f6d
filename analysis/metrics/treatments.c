/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pair by pair, the two rows of an undirected pair brought together; then a network of what is known.
 */
#include "treatments.h"

#include "dyad.h"
#include "dyads.h"
#include "families.h"
#include "imputation.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A pair as seen from the actor whose row it is in. */
struct seen {
    bool own_reported, other_reported;
    const struct account *own, *other;
};
static const struct account nothing;

/* The account that counts in this row; NULL = unknown. */
static const struct account *row_of(enum spec_missing missing, const struct seen *seen, const struct accounts_dyad *dyad)
{
    switch (missing) {
    case MISSING_AS_REPORTED:
        return seen->own_reported ? seen->own : NULL;
    case MISSING_RECONSTRUCTION:
        return seen->own_reported ? seen->own : seen->other_reported ? seen->other : NULL;
    case MISSING_UNION:
        return &dyad->any;
    case MISSING_INTERSECTION:
        if (dyad->by_both.count > 0 || (seen->own_reported && seen->other_reported))
            return &dyad->by_both;
        return (seen->own_reported && !(seen->own->count > 0)) || (seen->other_reported && !(seen->other->count > 0)) ? &nothing
                                                                                                                      : NULL;
    case MISSING_UNKNOWN:
    case MISSING_TIED:
    case MISSING_DRAWN:
        break;
    }
    return NULL;
}

/* The pair under the treatment: weight 0 = no tie, NaN = unknown. */
static struct network_tie pair_of(const struct network *network, const struct accounts_dyad *dyad, enum spec_missing missing)
{
    const struct spec *spec = &network->spec;
    struct network_tie tie = {dyad->from, dyad->to, NAN, 0};
    bool from = network->actors[dyad->from].reported, to = network->actors[dyad->to].reported;
    const struct account *row = row_of(missing, &(struct seen){from, to, &dyad->by_from, &dyad->by_to}, dyad);
    const struct account *turned =
        spec->directed ? row : row_of(missing, &(struct seen){to, from, &dyad->by_to, &dyad->by_from}, dyad);
    if (row && turned) {
        tie.weight = (account_weight(spec, row) + account_weight(spec, turned)) / 2;
        tie.count = (row->count + turned->count) / 2;
    }
    return tie;
}

struct network *treatment_network(const struct network *network, const struct accounts *accounts, enum spec_missing missing)
{
    assert(spec_missing_by_accounts(missing));
    struct network_tie *ties = malloc((accounts->count + 1) * sizeof *ties);
    struct network_pair *doubted = malloc((accounts->count + 1) * sizeof *doubted);
    size_t count = 0, doubted_count = 0;
    for (size_t d = 0; ties && doubted && d < accounts->count; d++) {
        struct network_tie tie = pair_of(network, &accounts->dyads[d], missing);
        if (isnan(tie.weight))
            doubted[doubted_count++] = (struct network_pair){tie.from, tie.to};
        else if (tie.weight > 0)
            ties[count++] = tie;
    }
    struct network *treated = doubted && ties ? network_retied(network, ties, count) : NULL;
    if (!treated) {
        if (!doubted)
            free(ties);
        free(doubted);
        return NULL;
    }
    treated->complete = network->complete && missing == MISSING_UNION; /* the others ask what the ends themselves told */
    treated->told_by = missing != MISSING_AS_REPORTED ? TOLD_BY_EITHER : network->spec.directed ? TOLD_BY_FROM : TOLD_BY_BOTH;
    network_doubt(treated, doubted, doubted_count);
    return treated;
}

/* ---------------------------------------------------------------------------------------------------------- answers */
static double answer_of(enum spec_missing missing, double own, double other)
{
    switch (missing) {
    case MISSING_AS_REPORTED:
        return own;
    case MISSING_RECONSTRUCTION:
        return isnan(own) ? other : own;
    case MISSING_UNION:
        return fmax(own, other); /* which passes NaN over */
    case MISSING_INTERSECTION:
        if (own <= 0 || other <= 0)
            return 0;
        return (own + other) / 2; /* unknown when one is */
    case MISSING_UNKNOWN:
    case MISSING_TIED:
    case MISSING_DRAWN:
        break;
    }
    return NAN;
}

void treatment_of_answers(const double *told, size_t actors, bool directed, enum spec_missing missing, double *ret_matrix)
{
    assert(spec_missing_by_accounts(missing));
    for (size_t i = 0; i < actors; i++)
        for (size_t j = 0; j < actors; j++) {
            double own = told[i * actors + j], other = told[j * actors + i];
            double row = answer_of(missing, own, other);
            ret_matrix[i * actors + j] = i == j ? 0 : directed ? row : (row + answer_of(missing, other, own)) / 2;
        }
}

/* ----------------------------------------------------------------------------------------------------- ties put in */
/* The ties there are, and those of unknown pairs with a weight in the matrix. */
static struct network *put_in(const struct network *network, const double *observed, const double *matrix)
{
    size_t n = network->actor_count, count = 0, old = 0;
    bool directed = network->spec.directed;
    for (size_t i = 0; i < n; i++)
        for (size_t j = dyads_first(i, directed); j < n; j++)
            count += matrix[i * n + j] > 0;
    struct network_tie *ties = malloc((count + 1) * sizeof *ties);
    if (!ties)
        return NULL;
    count = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = dyads_first(i, directed); j < n; j++) {
            if (!(matrix[i * n + j] > 0))
                continue;
            if (isnan(observed[i * n + j]))
                ties[count++] = (struct network_tie){(int32_t)i, (int32_t)j, matrix[i * n + j], 0};
            else
                ties[count++] = network->ties[old++];
        }
    assert(old == network->tie_count);
    struct network *treated = network_retied(network, ties, count);
    if (treated)
        treated->complete = true;
    return treated;
}

static enum metrics_status impute(const struct network *network, struct network **ret_network, char *ret_error)
{
    size_t n = network->actor_count;
    enum spec_missing missing = network->spec.missing;
    if (n > DYADS_ACTORS_MAX) {
        snprintf(ret_error, 400, "missing: %s looks at every pair, and %zu actors are more than %d; choose a higher level",
                 spec_missing_name(missing), n, DYADS_ACTORS_MAX);
        return METRICS_REFUSED;
    }
    double *observed = dyad_matrix(network, false), *matrix = malloc((n * n + 1) * sizeof *matrix);
    struct imputation imputation = {0};
    enum metrics_status status = METRICS_OK;
    if (!observed || !matrix || !imputation_init(&imputation, observed, n, network->spec.directed)) {
        status = families_out_of_memory(ret_error);
    } else if (missing == MISSING_DRAWN && imputation.pool_count == 0 && network_unknown_dyads(network) > 0) {
        snprintf(ret_error, 400, "missing: no pair is known, so there is nothing to draw from for the unknown ones");
        status = METRICS_REFUSED;
    } else {
        if (missing == MISSING_TIED)
            imputation_tie(&imputation, matrix);
        else
            imputation_draw(&imputation, network->spec.seed, 0, matrix);
        *ret_network = put_in(network, observed, matrix);
        if (!*ret_network)
            status = families_out_of_memory(ret_error);
    }
    imputation_release(&imputation);
    free(observed);
    free(matrix);
    return status;
}

/* ------------------------------------------------------------------------------------------------------------ all */
enum metrics_status treatments_apply_part(const struct network *network, const struct chronicle *chronicle, double from_day,
                                          double to_day, struct network **ret_network, char ret_error[400])
{
    enum spec_missing missing = network->spec.missing;
    struct accounts accounts;
    if (!accounts_init(&accounts, network, chronicle, from_day, to_day))
        return families_out_of_memory(ret_error);
    /* Ties told of by anybody are the part as the network itself would have it. */
    struct network *part = treatment_network(network, &accounts, spec_missing_by_accounts(missing) ? missing : MISSING_UNION);
    accounts_release(&accounts);
    if (!part)
        return families_out_of_memory(ret_error);
    if (missing != MISSING_TIED && missing != MISSING_DRAWN) {
        *ret_network = part;
        return METRICS_OK;
    }
    enum metrics_status status = impute(part, ret_network, ret_error);
    network_destroy(part);
    return status;
}

enum metrics_status treatments_apply(const struct network *network, const struct chronicle *chronicle,
                                     struct network **ret_network, char ret_error[400])
{
    enum spec_missing missing = network->spec.missing;
    enum metrics_status status;
    struct network *treated = NULL; /* stays so when the status is not OK */
    assert(missing != MISSING_UNKNOWN && !network->treated);
    if (spec_missing_by_accounts(missing))
        status = treatments_apply_part(network, chronicle, -INFINITY, INFINITY, &treated, ret_error);
    else
        status = impute(network, &treated, ret_error);
    if (!treated)
        return status;
    treated->treated = true;
    treated->unknown_untreated = network_unknown_dyads(network);
    *ret_network = treated;
    return METRICS_OK;
}
