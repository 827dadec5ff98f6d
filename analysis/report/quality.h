/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is missing from the data behind a report, and how the numbers may and may not be read.
 */
#ifndef SAMORDNING_QUALITY_H
#define SAMORDNING_QUALITY_H

#include "page.h"
#include "roster.h"

void quality_render(struct page *page, const struct roster *roster, const struct report_input *input);
void quality_guards(struct page *page);

#endif
