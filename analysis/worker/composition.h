/* SPDX-License-Identifier: GPL-3.0-or-later
 * The documents of a report from the results of its families: for whom it is, names in its language, the operator's name and
 * logo, comments; then every form it comes in.
 */
#ifndef SAMORDNING_COMPOSITION_H
#define SAMORDNING_COMPOSITION_H

#include "compute.h"

/* `results` in the order of report_family(), NULL = not computed; safe for everybody already where the report is for everybody.
 * The document and its forms are the computation's. */
MUST_CHECK enum status composition_write(struct computation *computation, struct snapshot *snapshot,
                                         struct result *const *results, size_t parts);

#endif
