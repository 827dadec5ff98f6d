/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning simulate --survey: the officials of the simulated year answer a wave.
 */
#ifndef SAMORDNING_CLI_SIMULATE_SURVEY_H
#define SAMORDNING_CLI_SIMULATE_SURVEY_H

#include "arguments.h"
#include "plan.h"

int simulate_survey(const struct arguments *arguments, const struct simulate_plan *plan);

#endif
