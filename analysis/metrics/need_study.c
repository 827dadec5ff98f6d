/* SPDX-License-Identifier: GPL-3.0-or-later
 * Owners, their pairs and their sectors; and one permutation after the other of who has whose contacts.
 */
#include "need_study.h"

#include "dyad.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double relative(const struct need_pair *pair)
{
    return pair->expected > 0 ? pair->weight / pair->expected : 0;
}

/* ------------------------------------------------------------------------------------------------------- preparing */
static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const struct network_actor *need_study_owner(const struct need_study *study, size_t place)
{
    return &study->network->actors[study->requirement.actors[place]];
}

/* False: more sectors than are told apart. */
static bool find_sectors(struct need_study *study)
{
    for (size_t i = 0; i < study->requirement.count; i++) {
        const char *sector = need_study_owner(study, i)->sector;
        if (!sector || !*sector ||
            (study->sector_count &&
             bsearch(&sector, study->sectors, study->sector_count, sizeof *study->sectors, compare_names)))
            continue;
        if (study->sector_count == NEED_SECTORS_MAX)
            return false;
        study->sectors[study->sector_count++] = sector;
        qsort(study->sectors, study->sector_count, sizeof *study->sectors, compare_names);
    }
    study->cell_count = study->sector_count * (study->sector_count + 1) / 2;
    return true;
}

static int32_t sector_of(const struct need_study *study, size_t place)
{
    const char *sector = need_study_owner(study, place)->sector;
    if (!sector || !*sector)
        return -1;
    const char *const *found = bsearch(&sector, study->sectors, study->sector_count, sizeof *study->sectors, compare_names);
    return (int32_t)(found - study->sectors);
}

int32_t need_study_cell(const struct need_study *study, int32_t a, int32_t b)
{
    int32_t low = a < b ? a : b, high = a < b ? b : a, n = (int32_t)study->sector_count;
    return low < 0 ? -1 : low * (2 * n - low + 1) / 2 + (high - low);
}

static enum need_contact contact_of(const struct need_study *study, const struct need_pair *pair, double enough)
{
    if (pair->weight > 0 && relative(pair) >= enough)
        return NEED_CONTACT_YES;
    size_t a = (size_t)study->requirement.actors[pair->a], b = (size_t)study->requirement.actors[pair->b];
    bool told = dyad_told(study->network, a, b) && dyad_told(study->network, b, a); /* contact counts in both directions */
    return told || pair->weight > 0 ? NEED_CONTACT_NO : NEED_CONTACT_UNKNOWN;
}

static enum need_list list_of(const struct need_pair *pair)
{
    if (pair->requirement > 0)
        return pair->contact == NEED_CONTACT_YES  ? NEEDED_DONE
               : pair->contact == NEED_CONTACT_NO ? NEEDED_MISSING
                                                  : NEEDED_UNKNOWN;
    return pair->contact == NEED_CONTACT_YES ? UNNEEDED_DONE : pair->contact == NEED_CONTACT_NO ? NEITHER : UNNEEDED_UNKNOWN;
}

bool need_study_pair_up(struct need_study *study, const struct topology *topology, double enough)
{
    const struct requirement *requirement = &study->requirement;
    const struct adjacency *both = &topology->both;
    study->pairs = malloc((requirement->pair_count + 1) * sizeof *study->pairs);
    study->needed = malloc((requirement->pair_count + 1) * sizeof *study->needed);
    if (!study->pairs || !study->needed)
        return false;
    double total = 0;
    for (size_t i = 0; i < both->count; i++)
        total += adjacency_strength(both, i);
    for (size_t a = 0; a < requirement->count; a++) {
        double strength = adjacency_strength(both, (size_t)requirement->actors[a]);
        for (size_t b = a + 1; b < requirement->count; b++) {
            size_t at = requirement_pair(requirement, a, b);
            size_t found = adjacency_find(both, (size_t)requirement->actors[a], requirement->actors[b]);
            struct need_pair pair = {.a = a,
                                     .b = b,
                                     .sectors = need_study_cell(study, sector_of(study, a), sector_of(study, b)),
                                     .requirement = requirement->weights[at],
                                     .weight = found == SIZE_MAX ? 0 : both->weight[found]};
            pair.expected = total > 0 ? strength * (adjacency_strength(both, (size_t)requirement->actors[b]) / total) : 0;
            pair.contact = contact_of(study, &pair, enough);
            pair.list = list_of(&pair);
            if (pair.requirement > 0)
                study->needed[study->needed_count++] = at;
            study->pairs[at] = pair;
        }
    }
    return true;
}

/* ------------------------------------------------------------------------------------------------------- the null */
static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

/* labels[i] is the owner whose contacts the i-th owner is given. */
static void statistics(void *arg, const int32_t *labels, double *ret_statistics)
{
    const struct need_study *study = arg;
    double known = 0, done = 0, required = 0, met = 0;
    double *contact = ret_statistics + NEED_CELLS, *weights = contact + study->cell_count; /* the last are for adding up only */
    memset(contact, 0, 2 * study->cell_count * sizeof *contact);
    for (size_t i = 0; i < study->needed_count; i++) {
        const struct need_pair *need = &study->pairs[study->needed[i]];
        size_t a = (size_t)labels[need->a], b = (size_t)labels[need->b];
        const struct need_pair *given = &study->pairs[requirement_pair(&study->requirement, a < b ? a : b, a < b ? b : a)];
        if (given->contact == NEED_CONTACT_UNKNOWN)
            continue;
        known++;
        required += need->requirement;
        if (given->contact == NEED_CONTACT_YES) {
            done++;
            met += need->requirement;
        }
        if (need->sectors >= 0) {
            contact[need->sectors] += need->requirement * relative(given);
            weights[need->sectors] += need->requirement;
        }
    }
    ret_statistics[NEED_CONGRUENCE] = share(done, known);
    ret_statistics[NEED_WEIGHTED] = share(met, required);
    for (size_t c = 0; c < study->cell_count; c++) {
        contact[c] = share(contact[c], weights[c]);
        weights[c] = 0;
    }
}

static bool proceed(void *arg, unsigned permille)
{
    return families_proceed(&((struct need_study *)arg)->step, permille);
}

size_t need_study_statistics(const struct need_study *study)
{
    return NEED_CELLS + 2 * study->cell_count;
}

enum label_permutation_status need_study_permute(struct need_study *study, unsigned permutations, struct label_null *ret_nulls,
                                                 bool *ret_exact, unsigned *ret_count)
{
    size_t owners = study->requirement.count;
    int32_t *labels = malloc((owners + 1) * sizeof *labels);
    if (!labels)
        return LABEL_PERMUTATION_NO_MEMORY;
    for (size_t i = 0; i < owners; i++)
        labels[i] = (int32_t)i;
    struct label_permutation permutation = {.labels = labels,
                                            .label_count = owners,
                                            .statistic_count = need_study_statistics(study),
                                            .permutations = permutations,
                                            .seed = study->network->spec.seed,
                                            .statistics = statistics,
                                            .proceed = proceed,
                                            .arg = study};
    enum label_permutation_status status = label_permutation_run(&permutation, ret_nulls, ret_exact, ret_count);
    free(labels);
    return status;
}

/* ------------------------------------------------------------------------------------------------------------- life */
enum metrics_status need_study_init(struct need_study *study, const struct metrics_input *input, const struct choices *choices,
                                    char error[400])
{
    static const struct need nothing = {.item_count = 0};
    *study = (struct need_study){.network = input->network,
                                 .need = input->need ? input->need : &nothing,
                                 .step = {.input = input, .from = 0, .to = 100}};
    switch (requirement_init(&study->requirement, study->need, choices->dependency == DEPENDENCY_SHARING, proceed, study)) {
    case REQUIREMENT_OK:
        break;
    case REQUIREMENT_STOPPED:
        return METRICS_CANCELLED;
    case REQUIREMENT_TOO_MANY:
        snprintf(error, 400, "more than %d actors own something in the register of needs; choose a level with fewer",
                 REQUIREMENT_OWNERS_MAX);
        return METRICS_FAILED;
    case REQUIREMENT_NO_MEMORY:
        return families_out_of_memory(error);
    }
    if (find_sectors(study))
        return METRICS_OK;
    snprintf(error, 400, "more than %d sectors own something in the register of needs", NEED_SECTORS_MAX);
    return METRICS_FAILED;
}

void need_study_release(struct need_study *study)
{
    requirement_release(&study->requirement);
    free(study->pairs);
    free(study->needed);
}
