/* SPDX-License-Identifier: GPL-3.0-or-later
 * The body of a report that is for one actor: the first numbers, then what the results have of it, family by family.
 */
#ifndef SAMORDNING_OWN_H
#define SAMORDNING_OWN_H

#include "page.h"
#include "roster.h"

/* The results are excerpts (excerpt.h). */
void own_render(struct page *page, const struct roster *roster, const struct report_input *input);
/* Links to the families, as items of a list. */
void own_contents(struct page *page, const struct report_input *input);

#endif
