/* SPDX-License-Identifier: GPL-3.0-or-later
 * The programs that an export brings along: scripts/survey_read.* as they are.
 */
#ifndef SAMORDNING_CLI_SURVEY_SCRIPTS_H
#define SAMORDNING_CLI_SURVEY_SCRIPTS_H

#include <stddef.h>

extern const char survey_script_r[], survey_script_python[];
extern const size_t survey_script_r_size, survey_script_python_size;

#endif
