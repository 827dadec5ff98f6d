/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of everything the public web port serves.
 */
#ifndef SAMORDNING_ROUTES_H
#define SAMORDNING_ROUTES_H

#include "web/web_route.h"

extern const struct web_route routes[];
extern const size_t route_count;

#endif
