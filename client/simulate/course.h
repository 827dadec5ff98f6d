/* SPDX-License-Identifier: GPL-3.0-or-later
 * How things happen in the simulated government: the course of a case through its stages, and what happens outside cases.
 *
 * Everything is appended to a struct year; what falls outside the year is left out, so cases that began the year before are
 * seen from where the year begins.
 */
#ifndef SAMORDNING_SIMULATE_COURSE_H
#define SAMORDNING_SIMULATE_COURSE_H

#include "draw.h"
#include "year.h"

/* What every course needs to know: who exists, who is in which half and sector, as sets of bodies. */
struct government {
    uint64_t ministries, agencies;
    uint64_t half[2]; /* without the broker and its agencies */
    uint64_t gap[2];  /* bodies of the two sectors that do not meet; 0 = not planted */
    uint64_t broker, broker_agencies;
    uint64_t smk, fin, kdd, nfd, kld;
    double weights[PUBLIC_BODIES_MAX];
};
void government_init(struct government *government, const struct simulate_plan *plan);

/* One case from idea to council of state. Numbers count from 1. */
void course_of_case(struct year *year, const struct government *government, uint32_t case_number);
/* Something outside any case: steering dialogue, letter or meeting. */
void course_of_line(struct year *year, const struct government *government, uint32_t line_number);

#endif
