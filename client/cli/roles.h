/* SPDX-License-Identifier: GPL-3.0-or-later
 * The option --role.
 */
#ifndef SAMORDNING_ROLES_H
#define SAMORDNING_ROLES_H

#include "arguments.h"
#include "samordning.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

#define ROLES_MAX 3

/* Roles by name, comma separated or several times; `fallback` without any. False: it has been said what is wrong. */
bool roles_read(const struct arguments *arguments, Samordning__V1__AccessRole fallback,
                Samordning__V1__AccessRole roles[ROLES_MAX], size_t *ret_count);

#endif
