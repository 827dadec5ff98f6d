/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pairs of owners in the register of needs: what each requires, the contact there was, and both over permutations of the
 * actors.
 *
 * Congruence after Cataldo, Wagstrom, Herbsleb & Carley 2006 and Cataldo, Herbsleb & Carley 2008; its null permutes the actors
 * of the contact (QAP, Krackhardt 1988), which keeps both networks as they are and asks only whether they lie on each other.
 */
#ifndef SAMORDNING_NEED_STUDY_H
#define SAMORDNING_NEED_STUDY_H

#include "families.h"
#include "label_permutation.h"
#include "need.h"
#include "requirement.h"

#define NEED_SECTORS_MAX 200

/* What columns name as their source. */
#define NEED_CATALDO "Cataldo, Herbsleb & Carley 2008"
#define NEED_QAP     "Krackhardt 1988, QAP"

enum need_contact { NEED_CONTACT_NO, NEED_CONTACT_YES, NEED_CONTACT_UNKNOWN };
enum need_list { NEEDED_MISSING, NEEDED_UNKNOWN, NEEDED_DONE, UNNEEDED_DONE, UNNEEDED_UNKNOWN, NEITHER, NEED_LISTS };

struct need_pair {
    size_t a, b;     /* places among the owners, a < b */
    int32_t sectors; /* the cell of their sectors; -1 = one of them has none */
    enum need_contact contact;
    enum need_list list;
    double requirement, weight, expected; /* of TA.TD.TA'; of the contact; of the configuration model */
};
struct need_study {
    const struct network *network;
    const struct need *need;
    struct requirement requirement;
    struct need_pair *pairs; /* all pairs of owners, in the order of requirement_pair */
    size_t *needed;          /* indices of the pairs with a requirement */
    size_t needed_count;
    const char *sectors[NEED_SECTORS_MAX]; /* of the owners, sorted */
    size_t sector_count, cell_count;       /* cells: unordered pairs of sectors, a <= b */
    struct families_step step;
};

/* What is permuted: congruence, weighted congruence, and from NEED_CELLS on the contact of each pair of sectors (the mean of
 * observed / expected over its known needed pairs, by requirement). */
enum { NEED_CONGRUENCE, NEED_WEIGHTED, NEED_CELLS };

/* The owners, their sectors, their requirements; `step` is asked and told meanwhile. On anything but METRICS_OK ret_error says
 * why; it must be released all the same. */
enum metrics_status need_study_init(struct need_study *study, const struct metrics_input *input, const struct choices *choices,
                                    char error[400]);
/* The pairs, with at least `enough` of the expected weight as contact. False: out of memory. */
bool need_study_pair_up(struct need_study *study, const struct topology *topology, double enough);
size_t need_study_statistics(const struct need_study *study); /* how many nulls there are room for */
enum label_permutation_status need_study_permute(struct need_study *study, unsigned permutations, struct label_null *ret_nulls,
                                                 bool *ret_exact, unsigned *ret_count);
/* An owner's actor, by place. */
const struct network_actor *need_study_owner(const struct need_study *study, size_t place);
/* Sectors a <= b count row by row of the upper triangle; -1 = one of them is none. */
int32_t need_study_cell(const struct need_study *study, int32_t a, int32_t b);
void need_study_release(struct need_study *study);

#endif
