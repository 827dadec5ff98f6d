/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning actors import: a register of actors from CSV.
 */
#ifndef SAMORDNING_ACTORS_IMPORT_H
#define SAMORDNING_ACTORS_IMPORT_H

#include "arguments.h"

int actors_import(const struct arguments *arguments);

#endif
