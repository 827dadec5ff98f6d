/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who would be at which meeting by chance, when actors keep how often they meet and meetings keep how many come: the bipartite
 * configuration model (Squartini & Garlaschelli 2011; Saracco et al. 2015), and how often two would then meet. It is the null
 * of the stochastic degree sequence model (Neal 2014; Neal, Domagalski & Sagan 2021).
 */
#ifndef SAMORDNING_DEGREE_MODEL_H
#define SAMORDNING_DEGREE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Actors of equal degree and meetings of equal size are one class each: p depends on classes only. */
struct degree_model {
    size_t row_class_count, column_class_count;
    size_t *row_class;                /* of each actor */
    size_t *column_class;             /* of each meeting */
    double *row_degree, *column_size; /* of each class */
    double *row_members, *column_members;
    double *p;    /* row class x column class: chance that such an actor is at such a meeting */
    bool settled; /* expected degrees and sizes agree with the observed ones to 1e-8 */
};
enum degree_status { DEGREE_OK, DEGREE_NO_MEMORY, DEGREE_STOPPED };

/* degrees: meetings of each actor; sizes: actors at each meeting; those of one bipartite graph. Actors and meetings whose
 * numbers leave no choice have chances 0 and 1. `proceed` may be NULL. */
enum degree_status degree_model_init(struct degree_model *ret_model, const double *degrees, size_t row_count,
                                     const double *sizes, size_t column_count, bool (*proceed)(void *arg, unsigned permille),
                                     void *arg);
void degree_model_release(struct degree_model *model);

/* How often two meet: chances[i] of first + i times, exact but for terms under 1e-18. */
struct degree_together {
    double mean, first;
    size_t count;
    double *chances;
};
/* Of an actor of row class a and another of row class b. False: out of memory. */
bool degree_model_together(const struct degree_model *model, size_t a, size_t b, struct degree_together *ret_together);
void degree_together_release(struct degree_together *together);
double degree_together_at_least(const struct degree_together *together, double observed);

#endif
