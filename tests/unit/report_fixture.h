/* SPDX-License-Identifier: GPL-3.0-or-later
 * A small, fixed set of results to render reports from: twelve ministries, one slow, one between two groups, one silent,
 * and two that need each other and do not meet.
 */
#ifndef SAMORDNING_REPORT_FIXTURE_H
#define SAMORDNING_REPORT_FIXTURE_H

#include "report.h"

#define REPORT_FIXTURE_RESULTS 14

struct report_fixture {
    struct report_input input;
    struct result *results[REPORT_FIXTURE_RESULTS];
    const struct result *shown[REPORT_FIXTURE_RESULTS]; /* what the input has; NULL = left out */
};

struct result *report_fixture_result(struct report_fixture *fixture, const char *family);
/* The numbers of a column, to be changed. */
double *report_fixture_numbers(struct report_fixture *fixture, const char *family, const char *table, const char *column);
void report_fixture_leave_out(struct report_fixture *fixture, const char *family);

void report_fixture_init(struct report_fixture *fixture);
void report_fixture_release(struct report_fixture *fixture);

/* To be freed. */
char *report_fixture_render(const struct report_input *input, const char *language);
/* The report has each of `said` and none of `not_said`; both end in NULL. */
void report_fixture_says(const char *html, const char *const *said, const char *const *not_said);

#endif
