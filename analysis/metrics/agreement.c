/* SPDX-License-Identifier: GPL-3.0-or-later
 * Family agreement: what the two ends of a tie say of it, when both report.
 */
#include "accounts.h"
#include "bootstrap.h"
#include "families.h"
#include "kappa.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Two accounts of the pairs of some actors: as first end and second end. */
struct tally {
    double both, first, second, none;          /* pairs told of by both, by one end alone, by neither */
    double told_first, told_second, told_both; /* interactions */
};

enum actor_column {
    PAIRS,
    BOTH,
    OWN_ONLY,
    OTHER_ONLY,
    NEITHER,
    SHARE,
    SHARE_TOLD,
    KAPPA,
    OVER,
    UNDER,
    OWN_TOLD,
    OTHER_TOLD,
    BOTH_TOLD,
    ACTOR_COLUMNS
};
static const struct column_definition actor_numbers[ACTOR_COLUMNS] = {
    [PAIRS] = {"pairs", "", "pairs (directed: ordered pairs) of the actor with another when both have reported", ""},
    [BOTH] = {"pairs_both", "", "of these, pairs of which both ends told of contact", ""},
    [OWN_ONLY] = {"pairs_own_only", "", "of these, pairs of which this actor alone told", ""},
    [OTHER_ONLY] = {"pairs_other_only", "", "of these, pairs of which the other alone told", ""},
    [NEITHER] = {"pairs_neither", "", "of these, pairs of which neither told", ""},
    [SHARE] = {"agreement", "share", "share of the pairs of which both or neither told", "Marsden 1990"},
    [SHARE_TOLD] = {"agreement_told", "share",
                    "share of the pairs of which at least one told that both told of; agreement on absence left out",
                    "Marsden 1990"},
    [KAPPA] = {"kappa", "-1..1",
               "agreement beyond what chance would give: 1 = complete, 0 = as chance; missing when only one answer was given",
               "Cohen 1960"},
    [OVER] = {"over_reporting", "share", "of the pairs this actor told of, the share that the other did not", "Marsden 1990"},
    [UNDER] = {"under_reporting", "share", "of the pairs the others told of, the share that this actor did not",
               "Marsden 1990"},
    [OWN_TOLD] = {"told_own", "interactions", "interactions in these pairs that this actor told of", ""},
    [OTHER_TOLD] = {"told_other", "interactions", "interactions in these pairs that the other end told of", ""},
    [BOTH_TOLD] = {"told_both", "interactions", "interactions in these pairs that both ends told of", ""},
};

enum whole_column {
    ALL_PAIRS,
    ALL_BOTH,
    ALL_ONE,
    ALL_NEITHER,
    ALL_SHARE,
    ALL_EXPECTED,
    ALL_SHARE_TOLD,
    ALL_KAPPA,
    ALL_SE,
    ALL_LOW,
    ALL_HIGH,
    ALL_SE_ACTORS,
    ALL_TOLD,
    ALL_TOLD_BOTH,
    ALL_BY_NONE,
    WHOLE_COLUMNS
};
static const struct column_definition whole_numbers[WHOLE_COLUMNS] = {
    [ALL_PAIRS] = {"pairs", "", "pairs (directed: ordered pairs) both of whose ends have reported", ""},
    [ALL_BOTH] = {"pairs_both", "", "pairs of which both ends told of contact", ""},
    [ALL_ONE] = {"pairs_one", "", "pairs of which one end alone told", ""},
    [ALL_NEITHER] = {"pairs_neither", "", "pairs of which neither told", ""},
    [ALL_SHARE] = {"agreement", "share", "share of the pairs of which both or neither told", "Marsden 1990"},
    [ALL_EXPECTED] = {"agreement_expected", "share", "share that accounts with as many ties would have by chance",
                      "Cohen 1960"},
    [ALL_SHARE_TOLD] = {"agreement_told", "share",
                        "share of the pairs of which at least one told that both told of; agreement on absence left out",
                        "Marsden 1990"},
    [ALL_KAPPA] = {"kappa", "-1..1",
                   "agreement beyond chance; directed: of the sender's and the receiver's account, undirected: of two accounts "
                   "that cannot be told apart",
                   "Cohen 1960; Bloch & Kraemer 1989"},
    [ALL_SE] = {"kappa_se", "", "large-sample standard error, as if pairs were independent",
                "Fleiss, Cohen & Everitt 1969; Bloch & Kraemer 1989"},
    [ALL_LOW] = {"kappa_low", "-1..1", "lower end of its 95 % interval", "Fleiss, Cohen & Everitt 1969; Bloch & Kraemer 1989"},
    [ALL_HIGH] = {"kappa_high", "-1..1", "upper end of its 95 % interval",
                  "Fleiss, Cohen & Everitt 1969; Bloch & Kraemer 1989"},
    [ALL_SE_ACTORS] = {"kappa_se_actors", "",
                       "standard error from leaving out one actor at a time: pairs of one actor are not independent",
                       "Snijders & Borgatti 1999, jackknife"},
    [ALL_TOLD] = {"told_one_or_both", "interactions", "interactions in these pairs that at least one end told of", ""},
    [ALL_TOLD_BOTH] = {"told_both", "interactions", "of these, interactions that both ends told of", ""},
    [ALL_BY_NONE] =
        {"told_by_others", "interactions",
         "interactions of the network that only somebody told of who is no actor here; they are no account of an end", ""},
};

static const struct column_definition pair_texts[] = {
    {"actor_a", "", "key of one end; in a directed network the one the tie goes from", ""},
    {"actor_b", "", "key of the other end", ""},
    {"name_a", "", "name of the one end", ""},
    {"name_b", "", "name of the other end", ""},
};
static const struct column_definition pair_numbers[] = {
    {"told_a", "interactions", "interactions between them that actor_a told of", ""},
    {"told_b", "interactions", "interactions between them that actor_b told of", ""},
    {"told_both", "interactions", "interactions between them that both told of", ""},
    {"difference", "interactions", "told_a - told_b; rows are sorted by its size, the largest first", ""},
};

static bool both_reported(const struct network *network, const struct accounts_dyad *dyad)
{
    return network->actors[dyad->from].reported && network->actors[dyad->to].reported;
}

static void add_pair(struct tally *tally, double first, double second, double both)
{
    tally->both += first > 0 && second > 0;
    tally->first += first > 0 && !(second > 0);
    tally->second += second > 0 && !(first > 0);
    tally->told_first += first;
    tally->told_second += second;
    tally->told_both += both;
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static struct kappa kappa_of(const struct tally *tally, bool told_apart)
{
    double counts[] = {tally->both, tally->first, tally->second, tally->none};
    return told_apart ? kappa_cohen(counts, 2) : kappa_intraclass(tally->both, tally->first + tally->second, tally->none);
}

/* Kappa of the network without what belongs to one actor. */
static double kappa_without(const struct tally *all, const struct tally *own, bool directed)
{
    struct tally rest = {.both = all->both - own->both,
                         .first = all->first - own->first,
                         .second = all->second - own->second,
                         .none = all->none - own->none};
    return kappa_of(&rest, directed).kappa;
}

static void actor_table(const struct network *network, const struct tally *tallies, struct result *result)
{
    size_t table = families_actor_table(network, result, "agreement");
    for (size_t c = 0; c < ACTOR_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &actor_numbers[c]);
        for (size_t i = 0; numbers && i < network->actor_count; i++) {
            const struct tally *tally = &tallies[i];
            double told = tally->both + tally->first + tally->second, pairs = told + tally->none;
            double row[ACTOR_COLUMNS] = {
                [PAIRS] = pairs,
                [BOTH] = tally->both,
                [OWN_ONLY] = tally->first,
                [OTHER_ONLY] = tally->second,
                [NEITHER] = tally->none,
                [SHARE] = share(tally->both + tally->none, pairs),
                [SHARE_TOLD] = share(tally->both, told),
                [KAPPA] = kappa_of(tally, true).kappa,
                [OVER] = share(tally->first, tally->both + tally->first),
                [UNDER] = share(tally->second, tally->both + tally->second),
                [OWN_TOLD] = tally->told_first,
                [OTHER_TOLD] = tally->told_second,
                [BOTH_TOLD] = tally->told_both,
            };
            numbers[i] = row[c];
        }
    }
}

static void whole_table(const struct tally *all, double se_actors, double by_none, bool directed, struct result *result)
{
    struct kappa kappa = kappa_of(all, directed);
    double one = all->first + all->second, told = all->both + one;
    double row[WHOLE_COLUMNS] = {
        [ALL_PAIRS] = told + all->none,
        [ALL_BOTH] = all->both,
        [ALL_ONE] = one,
        [ALL_NEITHER] = all->none,
        [ALL_SHARE] = kappa.share,
        [ALL_EXPECTED] = kappa.expected,
        [ALL_SHARE_TOLD] = share(all->both, told),
        [ALL_KAPPA] = kappa.kappa,
        [ALL_SE] = kappa.se,
        [ALL_LOW] = kappa.low,
        [ALL_HIGH] = kappa.high,
        [ALL_SE_ACTORS] = isnan(kappa.kappa) ? NAN : se_actors,
        [ALL_TOLD] = all->told_first + all->told_second - all->told_both,
        [ALL_TOLD_BOTH] = all->told_both,
        [ALL_BY_NONE] = by_none,
    };
    size_t table = result_add_table(result, "agreement_network", 1);
    for (size_t c = 0; c < WHOLE_COLUMNS; c++) {
        double *numbers = result_add_numbers(result, table, &whole_numbers[c]);
        if (numbers)
            numbers[0] = row[c];
    }
}

struct ranked {
    const struct accounts_dyad *dyad;
    double difference;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (fabs(a->difference) != fabs(b->difference))
        return fabs(a->difference) > fabs(b->difference) ? -1 : 1;
    return (a->dyad > b->dyad) - (a->dyad < b->dyad);
}

/* The pairs whose ends do not tell of equally many interactions. False: out of memory. */
static bool pair_table(const struct network *network, const struct accounts *accounts, struct result *result)
{
    struct ranked *ranked = malloc((accounts->count + 1) * sizeof *ranked);
    size_t count = 0;
    if (!ranked)
        return false;
    for (size_t d = 0; d < accounts->count; d++) {
        const struct accounts_dyad *dyad = &accounts->dyads[d];
        double difference = dyad->by_from.count - dyad->by_to.count;
        if (both_reported(network, dyad) && difference != 0)
            ranked[count++] = (struct ranked){dyad, difference};
    }
    if (count > 1)
        qsort(ranked, count, sizeof *ranked, compare_ranked);
    size_t table = result_add_table(result, "disagreements", count);
    for (size_t c = 0; c < 4; c++) {
        char **texts = result_add_texts(result, table, &pair_texts[c]);
        for (size_t r = 0; texts && r < count; r++) {
            const struct network_actor *actor = &network->actors[c % 2 == 0 ? ranked[r].dyad->from : ranked[r].dyad->to];
            result_set_text(result, &texts[r], c < 2 ? actor->key : actor->label);
        }
    }
    for (size_t c = 0; c < 4; c++) {
        double *numbers = result_add_numbers(result, table, &pair_numbers[c]);
        for (size_t r = 0; numbers && r < count; r++) {
            const struct accounts_dyad *dyad = ranked[r].dyad;
            double row[] = {dyad->by_from.count, dyad->by_to.count, dyad->by_both.count, ranked[r].difference};
            numbers[r] = row[c];
        }
    }
    free(ranked);
    return true;
}

static void describe(const struct network *network, size_t reporting, struct result *result)
{
    result_set_card(result, "accounts",
                    "an end has told of an interaction when it, or the body that reports for it, is among its reporters");
    if (network->spec.directed)
        result_set_card(result, "kappa", "Cohen: account of the sender against account of the receiver");
    else
        result_set_card(result, "kappa",
                        "intraclass: the two ends of a pair cannot be told apart; per actor Cohen: its own accounts against "
                        "those of the others");
    result_set_card(result, "missing",
                    "shares of nothing; kappa when all accounts say the same; standard errors below three actors");
    if (network->spec.tie != TIE_UNION)
        result_note(result, "The rule tie=%s has left out accounts before they could be compared: ask with tie=union.",
                    network->spec.tie == TIE_INTERSECTION ? "intersection" : "reporter");
    if (reporting < 2)
        result_note(result, "Fewer than two actors have reported: there are no two accounts to compare.");
}

/* tallies: of each actor, itself first; ends: the same pairs as they stand in the network. Returns how many reported. */
static size_t tally_up(const struct network *network, const struct accounts *accounts, struct tally *tallies,
                       struct tally *ends, struct tally *all)
{
    size_t n = network->actor_count, reporting = 0;
    for (size_t i = 0; i < n; i++)
        reporting += network->actors[i].reported;
    double ways = network->spec.directed ? 2 : 1, others = reporting > 0 ? (double)(reporting - 1) : 0;
    for (size_t d = 0; d < accounts->count; d++) {
        const struct accounts_dyad *dyad = &accounts->dyads[d];
        if (!both_reported(network, dyad))
            continue;
        double from = dyad->by_from.count, to = dyad->by_to.count, both = dyad->by_both.count;
        add_pair(&tallies[dyad->from], from, to, both);
        add_pair(&tallies[dyad->to], to, from, both);
        add_pair(&ends[dyad->from], from, to, both);
        add_pair(&ends[dyad->to], from, to, both);
        add_pair(all, from, to, both);
    }
    for (size_t i = 0; i < n; i++)
        if (network->actors[i].reported)
            tallies[i].none = ends[i].none = ways * others - tallies[i].both - tallies[i].first - tallies[i].second;
    all->none = ways * (double)reporting * others / 2 - all->both - all->first - all->second;
    return reporting;
}

enum metrics_status agreement_compute(const struct metrics_input *input, struct result *result, char error[400])
{
    struct families_ground ground;
    if (!families_begin(input, result, &ground, error))
        return METRICS_FAILED;
    static const struct chronicle nothing;
    const struct network *network = input->network;
    size_t n = network->actor_count, reporting, left = 0;
    enum metrics_status status = METRICS_FAILED;
    struct families_step step = {input, 0, 1000};
    struct accounts accounts = {0};
    struct tally *tallies = calloc(2 * n + 1, sizeof *tallies), *ends = tallies ? tallies + n : NULL, all = {0};
    double *without = malloc((n + 1) * sizeof *without);
    if (!families_proceed(&step, 0)) {
        status = METRICS_CANCELLED;
        goto out;
    }
    if (!tallies || !without ||
        !accounts_init(&accounts, network, input->chronicle ? input->chronicle : &nothing, -INFINITY, INFINITY)) {
        status = families_out_of_memory(error);
        goto out;
    }
    reporting = tally_up(network, &accounts, tallies, ends, &all);
    for (size_t i = 0; i < n; i++) {
        if (!families_proceed(&step, 100 + (unsigned)(i * 800 / n))) {
            status = METRICS_CANCELLED;
            goto out;
        }
        if (!network->actors[i].reported)
            continue;
        without[left++] = kappa_without(&all, &ends[i], network->spec.directed);
    }
    actor_table(network, tallies, result);
    whole_table(&all, jackknife_se(without, left), accounts.by_none, network->spec.directed, result);
    if (!pair_table(network, &accounts, result)) {
        status = families_out_of_memory(error);
        goto out;
    }
    describe(network, reporting, result);
    status = families_finish(result, error);
out:
    accounts_release(&accounts);
    free(tallies);
    free(without);
    families_end(&ground);
    return status;
}
