/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who answers faster than whom: the tables of log-rank tests in family time.
 */
#ifndef SAMORDNING_TIME_COMPARE_H
#define SAMORDNING_TIME_COMPARE_H

#include "families.h"

#define TIME_COMPARE_ACTORS_MAX 50 /* every pair of more is left out, and said so */

/* Columns of table `table`, one row per actor of the network: each against all others. Then tables logrank and pairs. `order`
 * has the replies by addressee, as response_groups gives them. */
enum metrics_status time_compare(const struct metrics_input *input, const size_t *start, const size_t *order, size_t table,
                                 struct result *result, char error[400]);

#endif
