/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family signed: ties and objections together. An objection is a statement in a process; only repeated ones make a pair
 * negative here.
 */
#include "families.h"
#include "label_permutation.h"
#include "prestige.h"
#include "signed_pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TRIANGLES_MAX 20000000
#define WORK_MAX      4e9 /* triangles times permutations */
#define CAMP_STARTS   200

enum signed_column {
    POSITIVE_IN,
    POSITIVE_OUT,
    OBJECTED_TO,
    OBJECTED_BY,
    OBJECTIONS_MADE,
    OBJECTIONS_MET,
    POSITIVE_PAIRS,
    NEGATIVE_PAIRS,
    PN,
    PN_OUT,
    PN_IN,
    CAMP,
    SIGNED_COLUMNS
};
static const struct column_definition definitions[SIGNED_COLUMNS] = {
    [POSITIVE_IN] = {"positive_in", "actors", "actors with a tie to this one; binary", "Everett & Borgatti 2014"},
    [POSITIVE_OUT] = {"positive_out", "actors", "actors this one has a tie to; binary", "Everett & Borgatti 2014"},
    [OBJECTED_TO] = {"negative_out", "actors", "actors this one has objected to", "Everett & Borgatti 2014"},
    [OBJECTED_BY] = {"negative_in", "actors", "actors that have objected to this one", "Everett & Borgatti 2014"},
    [OBJECTIONS_MADE] = {"objections_out", "", "objections made", ""},
    [OBJECTIONS_MET] = {"objections_in", "", "objections met with", ""},
    [POSITIVE_PAIRS] = {"positive_pairs", "actors", "others it has a positive pair with: tied, without repeated objection", ""},
    [NEGATIVE_PAIRS] = {"negative_pairs", "actors", "others it has a negative pair with: objections repeated", ""},
    [PN] = {"pn", "", "standing from ties and objections together: (I - A/(2n-2))^-1 1 with A = P - 2N, undirected and binary",
            "Everett & Borgatti 2014"},
    [PN_OUT] = {"pn_out", "", "the same along the direction: (I - AA'/(4(n-1)^2))^-1 (I + A/(2(n-1))) 1",
                "Everett & Borgatti 2014"},
    [PN_IN] = {"pn_in", "", "the same against the direction: (I - A'A/(4(n-1)^2))^-1 (I + A'/(2(n-1))) 1",
               "Everett & Borgatti 2014"},
    [CAMP] = {"camp", "0/1", "which of two camps the actor falls in when as few pairs as possible are out of place",
              "Harary 1959, line index of balance"},
};

enum balance_column {
    PAIRS_POSITIVE,
    PAIRS_NEGATIVE,
    TRIADS,
    TRIADS_PPP,
    TRIADS_PPN,
    TRIADS_PNN,
    TRIADS_NNN,
    BALANCED,
    BALANCED_EXPECTED,
    BALANCED_SD,
    BALANCED_Z,
    BALANCED_P,
    FRUSTRATION,
    FRUSTRATION_SHARE,
    FRUSTRATION_EXACT,
    BALANCE_COLUMNS
};
static const struct column_definition balance_definitions[BALANCE_COLUMNS] = {
    [PAIRS_POSITIVE] = {"positive_pairs", "", "pairs with a tie and without repeated objection", ""},
    [PAIRS_NEGATIVE] = {"negative_pairs", "", "pairs with repeated objection", ""},
    [TRIADS] = {"triads", "", "three actors whose three pairs all have a sign", "Cartwright & Harary 1956"},
    [TRIADS_PPP] = {"triads_ppp", "", "of them with three positive pairs: balanced", "Cartwright & Harary 1956"},
    [TRIADS_PPN] = {"triads_ppn", "", "with one negative pair: not balanced", "Cartwright & Harary 1956"},
    [TRIADS_PNN] = {"triads_pnn", "", "with two negative pairs: balanced", "Cartwright & Harary 1956"},
    [TRIADS_NNN] = {"triads_nnn", "", "with three negative pairs: not balanced", "Cartwright & Harary 1956"},
    [BALANCED] = {"balanced_share", "0..1", "balanced triads / triads", "Cartwright & Harary 1956"},
    [BALANCED_EXPECTED] = {"balanced_expected", "0..1", "mean when the same signs are dealt out to the pairs at random",
                           "Good 2005, permutation tests"},
    [BALANCED_SD] = {"balanced_sd", "", "standard deviation over these dealings", "Good 2005, permutation tests"},
    [BALANCED_Z] = {"balanced_z", "", "(balanced_share - balanced_expected) / balanced_sd", ""},
    [BALANCED_P] = {"balanced_p", "", "two-sided permutation p value: twice the smaller tail", "Phipson & Smyth 2010"},
    [FRUSTRATION] = {"frustration", "pairs",
                     "pairs out of place in the best division into two camps: negative within one, positive across",
                     "Harary 1959, line index of balance"},
    [FRUSTRATION_SHARE] = {"frustration_share", "0..1", "frustration / pairs with a sign: 0 = two camps explain every sign",
                           "Harary 1959, line index of balance"},
    [FRUSTRATION_EXACT] = {"frustration_exact", "0/1", "1 when no division has fewer; 0 = an upper bound", ""},
};

static const struct column_definition blocked_texts[] = {
    {"actor_a", "", "one actor", ""},
    {"name_a", "", "its name", ""},
    {"actor_b", "", "the other actor", ""},
    {"name_b", "", "its name", ""},
};
enum blocked_column { A_TO_B, B_TO_A, WEIGHT, NEGATIVE, BLOCKED_COLUMNS };
static const struct column_definition blocked_definitions[BLOCKED_COLUMNS] = {
    [A_TO_B] = {"objections_a_b", "", "objections of the one to the other", ""},
    [B_TO_A] = {"objections_b_a", "", "objections of the other to the one", ""},
    [WEIGHT] = {"weight", "weight", "weight of the tie between them, both directions summed; 0 = no tie", ""},
    [NEGATIVE] = {"negative", "0/1", "1 when the objections are repeated, so that the pair counts as negative", ""},
};

struct plan {
    const struct signed_pairs *pairs;
    const int32_t *places; /* of the pairs with a sign, among all */
    size_t count;
    int8_t *signs;
    struct families_step step;
};

static bool proceed(void *arg, unsigned permille)
{
    return families_proceed(&((struct plan *)arg)->step, permille);
}

/* Balanced triads when the signs are dealt out as `labels` (0 negative, 1 positive). */
static void balanced(void *arg, const int32_t *labels, double *ret_statistics)
{
    const struct plan *plan = arg;
    size_t by_negative[4];
    for (size_t i = 0; i < plan->count; i++)
        plan->signs[plan->places[i]] = labels[i] ? 1 : -1;
    signed_triads(plan->pairs, plan->signs, by_negative);
    *ret_statistics = (double)(by_negative[0] + by_negative[2]);
}

static void fill_actors(const struct network *network, const struct topology *topology, const struct signed_pairs *pairs,
                        const struct signed_camps *camps, double *const *columns)
{
    for (size_t i = 0; i < network->actor_count; i++) {
        columns[POSITIVE_IN][i] = (double)adjacency_degree(&topology->in, i);
        columns[POSITIVE_OUT][i] = (double)adjacency_degree(&topology->out, i);
        for (size_t c = OBJECTED_TO; c <= NEGATIVE_PAIRS; c++)
            columns[c][i] = 0;
        columns[CAMP][i] = camps->camp[i] < 0 ? NAN : camps->camp[i];
    }
    for (size_t t = 0; t < network->negative_count; t++) {
        const struct network_tie *tie = &network->negative[t];
        columns[OBJECTED_TO][tie->from]++;
        columns[OBJECTED_BY][tie->to]++;
        columns[OBJECTIONS_MADE][tie->from] += tie->count;
        columns[OBJECTIONS_MET][tie->to] += tie->count;
    }
    for (size_t p = 0; p < pairs->pair_count; p++) {
        const struct signed_pair *pair = &pairs->pairs[p];
        if (!pair->sign)
            continue;
        double *column = columns[pair->sign > 0 ? POSITIVE_PAIRS : NEGATIVE_PAIRS];
        column[pair->a]++;
        column[pair->b]++;
    }
}

static void balance_table(const struct signed_pairs *pairs, const struct signed_camps *camps, const struct label_null *null,
                          bool listed, int8_t *signs, struct result *result)
{
    double row[BALANCE_COLUMNS], positive = 0, negative = 0;
    for (size_t c = 0; c < BALANCE_COLUMNS; c++)
        row[c] = NAN;
    for (size_t p = 0; p < pairs->pair_count; p++) {
        signs[p] = pairs->pairs[p].sign;
        positive += signs[p] > 0;
        negative += signs[p] < 0;
    }
    row[PAIRS_POSITIVE] = positive;
    row[PAIRS_NEGATIVE] = negative;
    if (listed) {
        size_t by_negative[4];
        double triads = (double)pairs->triangle_count;
        signed_triads(pairs, signs, by_negative);
        row[TRIADS] = triads;
        for (size_t k = 0; k < 4; k++)
            row[TRIADS_PPP + k] = (double)by_negative[k];
        if (triads > 0) {
            row[BALANCED] = (double)(by_negative[0] + by_negative[2]) / triads;
            if (null) {
                row[BALANCED_EXPECTED] = null->mean / triads;
                row[BALANCED_SD] = null->sd / triads;
                row[BALANCED_Z] = null->z;
                row[BALANCED_P] = null->sd > 0 ? null->p : NAN;
            }
        }
    }
    row[FRUSTRATION] = camps->frustration;
    row[FRUSTRATION_SHARE] = positive + negative > 0 ? camps->frustration / (positive + negative) : NAN;
    row[FRUSTRATION_EXACT] = camps->exact;
    size_t table = result_add_table(result, "balance", 1);
    for (size_t c = 0; c < BALANCE_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &balance_definitions[c]);
        if (numbers)
            numbers[0] = row[c];
    }
}

/* Pairs with an objection, the most objections first. */
static int compare_blocked(const void *left, const void *right)
{
    const struct signed_pair *a = left, *b = right;
    double difference = b->forth + b->back - a->forth - a->back;
    if (difference != 0)
        return difference > 0 ? 1 : -1;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

static bool blocked_table(const struct network *network, const struct signed_pairs *pairs, struct result *result)
{
    size_t count = 0;
    struct signed_pair *blocked = malloc((pairs->pair_count + 1) * sizeof *blocked);
    for (size_t p = 0; blocked && p < pairs->pair_count; p++)
        if (pairs->pairs[p].forth + pairs->pairs[p].back > 0)
            blocked[count++] = pairs->pairs[p];
    if (count > 1)
        qsort(blocked, count, sizeof *blocked, compare_blocked);
    size_t table = blocked ? result_add_table(result, "blocked_pairs", count) : 0;
    for (size_t c = 0; blocked && c < 4; c++) {
        char **texts = result_add_texts(result, table, &blocked_texts[c]);
        for (size_t r = 0; texts && r < count; r++) {
            const struct network_actor *actor = &network->actors[c < 2 ? blocked[r].a : blocked[r].b];
            result_set_text(result, &texts[r], c % 2 ? actor->label : actor->key);
        }
    }
    for (size_t c = 0; blocked && c < BLOCKED_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &blocked_definitions[c]);
        for (size_t r = 0; numbers && r < count; r++) {
            const double row[] = {[A_TO_B] = blocked[r].forth,
                                  [B_TO_A] = blocked[r].back,
                                  [WEIGHT] = blocked[r].weight,
                                  [NEGATIVE] = blocked[r].sign < 0};
            numbers[r] = row[c];
        }
    }
    free(blocked);
    return blocked != NULL;
}

static void describe(const struct families_ground *ground, bool exact, unsigned dealings, const struct network *network,
                     struct result *result)
{
    result_set_card(result, "negative pairs",
                    "pairs with at least %llu objections, both directions counted (negative-from=%-llu)",
                    (unsigned long long)ground->choices->negative_from, (unsigned long long)ground->choices->negative_from);
    result_set_card(result, "pn", "P: ties, N: objections, both binary; a pair with both is 1 - 2 = -1");
    if (dealings > 0 && exact)
        result_set_card(result, "balance", "against all %u ways to deal out the signs, p exact", dealings);
    else if (dealings > 0)
        result_set_card(result, "balance", "against %u random ways to deal out the signs, p = (b+1)/(m+1)", dealings);
    result_set_card(result, "camps", "every division of a component tried up to %d actors; beyond that the best of %d starts",
                    SIGNED_EXACT_ACTORS_MAX, CAMP_STARTS);
    result->card.seed = network->spec.seed;
    if (network->negative_count == 0)
        result_note(result, "Nobody objected to anybody in this period and these layers.");
    result_note(result, "An objection is no failure of coordination: a good process can end in a no, and those who lost a fair "
                        "trade-off object too.");
}

/* What balance would be if the signs were dealt out to the pairs at random. */
static enum metrics_status compare(struct plan *plan, const struct network *network, uint64_t permutations,
                                   struct label_null *ret_null, bool *ret_exact, unsigned *ret_dealings, char error[400])
{
    int32_t *labels = malloc((plan->count + 1) * sizeof *labels);
    if (!labels)
        return families_out_of_memory(error);
    for (size_t i = 0; i < plan->count; i++)
        labels[i] = plan->pairs->pairs[plan->places[i]].sign > 0;
    struct label_permutation permutation = {.labels = labels,
                                            .label_count = plan->count,
                                            .statistic_count = 1,
                                            .permutations = (unsigned)permutations,
                                            .seed = network->spec.seed,
                                            .statistics = balanced,
                                            .proceed = proceed,
                                            .arg = plan};
    enum label_permutation_status permuted = label_permutation_run(&permutation, ret_null, ret_exact, ret_dealings);
    free(labels);
    return permuted == LABEL_PERMUTATION_OK        ? METRICS_OK
           : permuted == LABEL_PERMUTATION_STOPPED ? METRICS_CANCELLED
                                                   : families_out_of_memory(error);
}

enum metrics_status signed_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    const struct network *network = input->network;
    enum metrics_status status = METRICS_FAILED;
    struct signed_pairs pairs;
    struct signed_camps camps = {0};
    struct plan plan = {.pairs = &pairs, .step = {input, 0, 400}};
    int32_t *places = NULL;
    enum signed_status listed =
        signed_pairs_init(&pairs, network, &ground.topology.both, (double)ground.choices->negative_from, TRIANGLES_MAX);
    if (listed == SIGNED_NO_MEMORY) {
        families_end(&ground);
        return families_out_of_memory(error);
    }
    enum signed_status divided = signed_camps(&pairs, network->spec.seed, CAMP_STARTS, proceed, &plan, &camps);
    plan.signs = calloc(pairs.pair_count + 1, 1);
    plan.places = places = malloc((pairs.pair_count + 1) * sizeof *places);
    if (divided == SIGNED_STOPPED) {
        status = METRICS_CANCELLED;
        goto out;
    }
    if (divided != SIGNED_OK || !plan.signs || !places)
        goto memory;
    size_t table = families_actor_table(network, result, "signed");
    double *columns[SIGNED_COLUMNS];
    for (size_t c = 0; c < SIGNED_COLUMNS; c++)
        result_add_numbers(result, table, &definitions[c]);
    if (result_failed(result))
        goto memory;
    for (size_t c = 0; c < SIGNED_COLUMNS; c++)
        columns[c] = result->tables[table].columns[result->tables[table].column_count - SIGNED_COLUMNS + c].numbers;
    fill_actors(network, &ground.topology, &pairs, &camps, columns);
    enum prestige_status settled = prestige_pn(&ground.topology.both, network->negative, network->negative_count, columns[PN]);
    if (settled == PRESTIGE_NO_MEMORY ||
        !signed_standing(&ground.topology.out, network->negative, network->negative_count, columns[PN_OUT], columns[PN_IN]))
        goto memory;

    struct label_null null;
    bool exact = false, compared = listed == SIGNED_OK && pairs.triangle_count > 0;
    unsigned dealings = 0;
    if (listed == SIGNED_TOO_MANY)
        result_note(result, "Triads were left out: more than %d of them.", TRIANGLES_MAX);
    for (size_t p = 0; p < pairs.pair_count; p++)
        if (pairs.pairs[p].sign)
            places[plan.count++] = (int32_t)p;
    if (compared && (double)pairs.triangle_count * (double)ground.choices->permutations > WORK_MAX) {
        compared = false;
        result_note(result,
                    "The comparison of balance with signs dealt out at random was left out: too much work. Ask for fewer "
                    "with permutations=.");
    }
    if (compared) {
        plan.step = (struct families_step){input, 400, 950};
        status = compare(&plan, network, ground.choices->permutations, &null, &exact, &dealings, error);
        if (status != METRICS_OK)
            goto out;
    }
    plan.step = (struct families_step){input, 950, 1000};
    if (!proceed(&plan, 0)) {
        status = METRICS_CANCELLED;
        goto out;
    }
    balance_table(&pairs, &camps, compared ? &null : NULL, listed == SIGNED_OK, plan.signs, result);
    if (!blocked_table(network, &pairs, result))
        goto memory;
    describe(&ground, exact, dealings, network, result);
    status = families_finish(result, error);
    goto out;
memory:
    status = families_out_of_memory(error);
out:
    free(camps.camp);
    free(plan.signs);
    free(places);
    signed_pairs_release(&pairs);
    families_end(&ground);
    return status;
}
